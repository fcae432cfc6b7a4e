"""FW-001, the request to waive court fees: what the person gives is written, no amount comes from anywhere else."""

from __future__ import annotations

import re
from io import BytesIO
from itertools import combinations
from pathlib import Path

import pypdf
import pytest
from drawn import ENGINES, qpdf_says, words
from readback import COURT, NAME, Answers, beside, boxes, expected, first_words, ink_is_where_it_belongs

import forms

FORM = "FW-001"
BENEFITS = ["food_stamps", "ssi", "ssp", "medi_cal", "county_relief", "ihss", "calworks", "capi", "wic", "unemployment"]
CAPTION: Answers = {
    "filer_name": NAME,
    "filer_street": "1234½ Avenida de los Ángeles, Apto. 5",
    "filer_city": "Peñasco",
    "filer_state": "CA",
    "filer_zip": "90012",
    "filer_phone": "(213) 555-0123",
    "court": COURT,
    "case_number": "BA-123456",
    "case_name": "People v. Ñuño Nguyễn",
    "sign_name": NAME,
}
ON_BENEFITS: Answers = {**CAPTION, "item_4_superior": True, "item_5a": True, "item_5a_medi_cal": True}
CHECK_ONE = (("item_3a_yes", "item_3a_no"), ("item_5c_all", "item_5c_some", "item_5c_payments"))
AMOUNT = re.compile(
    r"item_(8a_\d_amount|8b|9a_\d_income|9b|9_total|10a|10b_\d_amount|10[cde]_\d_(value|owed)"
    r"|11a_\d_amount|11[b-km]|11[ln]_\d_amount|11_total)"
)
ROW = re.compile(r"item_(10a|8b|9b|11[b-km])")
"""Amounts with their own words in the same line."""


def everything() -> Answers:
    """A value in every box that may be filled, but for the other members of the check-one groups."""
    values: Answers = dict(CAPTION)
    for key, place in forms.specs()[FORM].fields.items():
        if place.empty or key in values or any(key in group[1:] for group in CHECK_ONE):
            continue
        if place.kind == "check":
            values[key] = True
        elif key == "lawyer":
            values[key] = "Ana Ñuñez, Peña Legal Aid, 1 Main Street, Fresno, CA 93701\n(559) 555-0100, Bar No. 123456"
        elif key.endswith("_age"):
            values[key] = "41"
        else:
            values[key] = "1,234.56" if AMOUNT.fullmatch(key) else "Ñandú gj"
    return values


@pytest.fixture(params=["on benefits", "everything"])
def request_values(request: pytest.FixtureRequest) -> Answers:
    return ON_BENEFITS if request.param == "on benefits" else everything()


def test_the_boxes_and_what_stays_empty() -> None:
    spec = forms.specs()[FORM]
    assert {key for key, place in spec.fields.items() if place.empty} == {"lawyer_signature", "sign_date"}
    assert {rule.keys for rule in spec.check_one} == set(CHECK_ONE)
    assert {f"item_5a_{benefit}" for benefit in BENEFITS} < set(spec.fields)
    in_dollars = {key for key, place in spec.fields.items() if place.label.endswith("$")}
    assert in_dollars == {key for key in spec.fields if AMOUNT.fullmatch(key)}
    assert [place.copies for place in spec.places if place.copies] == ["filer_name", "case_number"]


def test_no_amount_is_kept_in_the_program() -> None:
    """The income limits change every year: they stand on the printed form only."""
    folder = Path(forms.__file__).parent
    for path in (*folder.glob("*.py"), folder / FORM / "form.toml", folder / FORM / "fields.toml"):
        assert not re.search(r"\$ ?\d|2[,.]?660|946\.67|7[,.]?393", path.read_text(encoding="utf-8")), path


def test_every_box_reads_back_and_all_others_are_blank(request_values: Answers, blanks: Path) -> None:
    filled = forms.fill(FORM, request_values, blanks=blanks, flat=False)
    qpdf_says(filled.pdf)
    assert filled.overflow == ()
    wanted = expected(forms.specs()[FORM], request_values)
    assert boxes(filled.pdf) == wanted
    fields = pypdf.PdfReader(BytesIO(filled.pdf)).get_fields()
    assert fields is not None
    for name, value in wanted.items():
        assert str(fields[name].get("/V", "")).replace("/Off", "") == value


def test_the_second_page_stays_empty_without_values(blanks: Path) -> None:
    filled = forms.fill(FORM, ON_BENEFITS, blanks=blanks, flat=False)
    told = {name: value for name, value in boxes(filled.pdf).items() if ".Page2[0]." in name and value}
    assert sorted(told.values()) == ["BA-123456", NAME]


@pytest.mark.parametrize("engine", list(ENGINES))
def test_ink_is_in_the_filled_boxes_and_nowhere_else(engine: str, request_values: Answers, blanks: Path) -> None:
    ink_is_where_it_belongs(FORM, request_values, engine, blanks)


def test_flat_text_is_text_and_the_wording_stays(blanks: Path) -> None:
    values = everything()
    filled = words(forms.fill(FORM, values, blanks=blanks).pdf)
    text = " ".join(filled.split())
    for value in values.values():
        assert value is True or all(line in text for line in str(value).split("\n"))
    blank = words((blanks / f"{FORM}.pdf").read_bytes()).split()
    for word in set(blank):
        assert filled.split().count(word) >= blank.count(word), word
    assert "Print" in blank  # "Print your name here"
    assert "Clear" not in blank


def test_each_box_stands_beside_its_printed_words(blanks: Path) -> None:
    blank = (blanks / f"{FORM}.pdf").read_bytes()
    before = {
        "item_3a_yes": "Yes",
        "item_3a_no": "No",
        "item_6_attached": "attach it to this form and check here",
        "another_page": "Check here if you attach another page.",
    }
    for key, place in forms.specs()[FORM].fields.items():
        if key in before:
            assert beside(blank, place, before[key], after=False, reach=20), key
        elif place.kind == "check":
            assert beside(blank, place, first_words(place.label), after=True, reach=20), key
        elif ROW.fullmatch(key):
            printed = place.label.split(". ", 1)[1].removesuffix(" $")
            assert beside(blank, place, printed.removesuffix(":"), after=False, reach=170), key


@pytest.mark.parametrize("pair", [pair for group in CHECK_ONE for pair in combinations(group, 2)])
def test_only_one_of_a_group(pair: tuple[str, str], blanks: Path) -> None:
    with pytest.raises(forms.BoxesConflict, match="Only one of these boxes"):
        forms.fill(FORM, dict.fromkeys(pair, True), blanks=blanks)


@pytest.mark.parametrize("key", ["sign_date", "lawyer_signature"])
def test_signing_is_done_by_hand(key: str, blanks: Path) -> None:
    with pytest.raises(forms.FieldStaysEmpty, match="by hand"):
        forms.fill(FORM, {key: "x"}, blanks=blanks)
