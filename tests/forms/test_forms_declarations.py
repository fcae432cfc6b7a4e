"""MC-030 and MC-031: what a person declares under penalty of perjury. Never dated or signed by a program."""

from __future__ import annotations

from io import BytesIO
from itertools import combinations
from pathlib import Path

import pypdf
import pytest
from drawn import ENGINES, qpdf_says, words
from readback import NAME, STORY, Answers, beside, boxes, expected, first_words, ink_is_where_it_belongs

import forms

PARTS = ("plaintiff", "petitioner", "defendant", "respondent", "other")
CASE: Answers = {
    "plaintiff": "People of the State of California",
    "defendant": "ÑUÑO NGUYỄN (AKA ŁOŚ)",
    "case_number": "BA-123456",
    "sign_name": NAME,
}
ATTACHED: Answers = {**CASE, "body": (STORY * 3 + "\n\n") * 4, "signer_defendant": True}
ON_ITS_OWN: Answers = {
    **CASE,
    "filer_line_1": NAME,
    "filer_line_2": "1234½ Avenida de los Ángeles, Apto. 5",
    "filer_line_3": "Peñasco, CA 90012",
    "filer_line_4": "Ñg",
    "filer_phone": "(213) 555-0123",
    "filer_fax": "(213) 555-0199",
    "filer_email": "maria@example.org",
    "attorney_for": "Self-represented",
    "court_county": "LOS ANGELES",
    "court_street": "210 West Temple Street",
    "court_mailing": "P.O. Box 1",
    "court_city_zip": "Los Angeles 90012",
    "court_branch": "Clara Shortridge Foltz",
    "body": STORY * 8,
    "signer_attorney": True,
    "signer_other": True,
    "signer_other_text": "witness, ñ",
}
FILLED = {"MC-030": ON_ITS_OWN, "MC-031": ATTACHED}


@pytest.fixture(params=sorted(FILLED))
def form(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def told(values: Answers) -> Answers:
    return {key: value.strip() if isinstance(value, str) else value for key, value in values.items()}


def test_the_contract_keys_are_there(form: str) -> None:
    wanted = (
        set(FILLED[form]) | {f"signer_{part}" for part in (*PARTS, "attorney")} | {"signer_other_text", "sign_date"}
    )
    fields = forms.specs()[form].fields
    assert set(fields) == wanted
    assert {key for key, place in fields.items() if place.empty} == {"sign_date"}


def test_every_box_reads_back_and_all_others_are_blank(form: str, blanks: Path) -> None:
    filled = forms.fill(form, FILLED[form], blanks=blanks, flat=False)
    qpdf_says(filled.pdf)
    assert filled.overflow == ()
    wanted = expected(forms.specs()[form], told(FILLED[form]))
    assert boxes(filled.pdf) == wanted
    fields = pypdf.PdfReader(BytesIO(filled.pdf)).get_fields()
    assert fields is not None
    for name, value in wanted.items():
        assert str(fields[name].get("/V", "")).replace("/Off", "") == value


@pytest.mark.parametrize("engine", list(ENGINES))
def test_ink_is_in_the_filled_boxes_and_nowhere_else(engine: str, form: str, blanks: Path) -> None:
    ink_is_where_it_belongs(form, FILLED[form], engine, blanks)


@pytest.mark.parametrize("part", PARTS)
def test_each_part_has_its_own_box(part: str, form: str, blanks: Path) -> None:
    values: Answers = {f"signer_{part}": True}
    filled = forms.fill(form, values, blanks=blanks, flat=False)
    assert boxes(filled.pdf) == expected(forms.specs()[form], values)
    ink_is_where_it_belongs(form, values, "poppler", blanks)


def test_each_box_stands_before_its_printed_words(form: str, blanks: Path) -> None:
    """The names in these files differ by a letter or two."""
    blank = (blanks / f"{form}.pdf").read_bytes()
    for key, place in forms.specs()[form].fields.items():
        if place.kind == "check":
            assert beside(blank, place, first_words(place.label, 1), after=True, reach=12), key
        elif place.label.endswith(":") and key not in ("case_number", "signer_other_text"):
            assert beside(blank, place, first_words(place.label, 1), after=False, reach=95), key


@pytest.mark.parametrize(("one", "other"), list(combinations(PARTS, 2)))
def test_whoever_signs_has_one_part(one: str, other: str, form: str, blanks: Path) -> None:
    with pytest.raises(forms.BoxesConflict, match="Only one of these boxes"):
        forms.fill(form, {f"signer_{one}": True, f"signer_{other}": True}, blanks=blanks)
    # An attorney checks a second box: the client's part.
    assert forms.fill(form, {"signer_attorney": True, f"signer_{other}": True}, blanks=blanks).pdf


def test_a_program_dates_nothing(form: str, blanks: Path) -> None:
    with pytest.raises(forms.FieldStaysEmpty, match="by hand"):
        forms.fill(form, {"sign_date": "01/02/2027"}, blanks=blanks)


def test_flat_text_is_text_and_the_wording_stays(form: str, blanks: Path) -> None:
    filled = words(forms.fill(form, FILLED[form], blanks=blanks).pdf)
    text = " ".join(filled.split())
    for value in FILLED[form].values():
        assert value is True or " ".join(str(value).split()) in text
    assert "I declare under penalty of perjury under the laws of the State of California" in text
    blank = words((blanks / f"{form}.pdf").read_bytes()).split()
    for word in set(blank):
        assert filled.split().count(word) >= blank.count(word), word
    assert "Clear" not in blank


def test_a_long_declaration_fills_several_pages(form: str, blanks: Path) -> None:
    text = "\n".join(f"{number}. {STORY}" for number in range(40))
    pieces = forms.pages_of(form, "body", text, blanks=blanks)
    assert len(pieces) > 1
    assert "".join("".join(pieces).split()) == "".join(text.split())
    for piece in pieces:
        assert forms.fill(form, {"body": piece}, blanks=blanks).overflow == ()
    assert forms.pages_of(form, "body", "Short.", blanks=blanks) == ("Short.",)


def test_a_declaration_that_does_not_fit_is_never_cut(form: str, blanks: Path) -> None:
    filled = forms.fill(form, {"body": STORY * 40}, blanks=blanks)
    assert [(item.key, item.text) for item in filled.overflow] == [("body", (STORY * 40).strip())]
    assert "See Attachment MC-025" in words(filled.pdf)
    assert "Ñusta" not in words(filled.pdf)
