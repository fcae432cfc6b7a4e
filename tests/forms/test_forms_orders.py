"""Orders handed in with a request: CR-181, CR-410 and FW-003. The caption is filled, what the court decides is not."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pypdf
import pytest
from drawn import ENGINES, qpdf_says, words
from readback import ATTORNEY, CAPTION, COURT, NAME, Answers, beside, boxes, expected, first_words, given
from readback import ink_is_where_it_belongs as ink_belongs

import forms

FILLED: dict[str, Answers] = {
    "CR-181": {**CAPTION, **ATTORNEY},
    "CR-410": {
        "filer_last": "Hernández-Villanueva de la Peña",
        "filer_first": "Maximiliana Guadalupe",
        "filer_middle": "Ñ.",
        "filer_street": "1234½ Avenida de los Ángeles, Apto. 5",
        "filer_city": "Peñasco",
        "filer_state": "CA",
        "filer_zip": "90012",
        "court": COURT,
        "case_number": "BA-123456",
        "defendant": "ÑUÑO NGUYỄN (AKA ŁOŚ)",
        "agency_report_number": "PD 11-22-33",
        "prosecutor_report_number": "DA-9876",
        "court_case_number": "BA-123456-01",
        "arrest_other": "Arrest of March 14, 2011",
    },
    "FW-003": {
        "filer_name": NAME,
        "filer_street": "1234½ Avenida de los Ángeles, Apto. 5",
        "filer_city": "Peñasco",
        "filer_state": "CA",
        "filer_zip": "90012",
        "lawyer": "Ana Ñuñez\nPeña Legal Aid\n1 Main Street\nFresno, CA 93701\n(559) 555-0100\nState Bar No. 123456",
        "court": COURT,
        "case_number": "BA-123456",
        "case_name": "People v. Ñuño Nguyễn",
    },
}


@pytest.fixture(params=sorted(FILLED))
def order(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_only_the_caption_can_be_filled(order: str) -> None:
    spec = forms.specs()[order]
    assert {key for key, place in spec.fields.items() if not place.empty} == set(FILLED[order])
    for place in spec.places:
        assert not (place.kind == "check" and place.goes_in), "a box of an order is the court's to check"
        assert place.empty in (None, "clerk", "removed")


def test_a_finding_is_refused(order: str, blanks: Path) -> None:
    for key, place in forms.specs()[order].fields.items():
        if place.empty:
            with pytest.raises(forms.FieldStaysEmpty, match="must stay empty"):
                forms.fill(order, {key: True if place.kind == "check" else "x"}, blanks=blanks)


def test_every_box_reads_back_and_all_others_are_blank(order: str, blanks: Path) -> None:
    filled = forms.fill(order, FILLED[order], blanks=blanks, flat=False)
    qpdf_says(filled.pdf)
    assert filled.overflow == ()
    wanted = expected(forms.specs()[order], FILLED[order])
    assert boxes(filled.pdf) == wanted
    fields = pypdf.PdfReader(BytesIO(filled.pdf)).get_fields()
    assert fields is not None
    for name, value in wanted.items():
        assert str(fields[name].get("/V", "")).replace("/Off", "") == value


@pytest.mark.parametrize("engine", list(ENGINES))
def test_ink_is_in_the_filled_boxes_and_nowhere_else(engine: str, order: str, blanks: Path) -> None:
    ink_belongs(order, FILLED[order], engine, blanks)


def test_flat_text_is_text_on_every_page(order: str, blanks: Path) -> None:
    filled = forms.fill(order, FILLED[order], blanks=blanks)
    text = " ".join(words(filled.pdf).split())
    for value in FILLED[order].values():
        assert " ".join(str(value).split()) in text
    spec = forms.specs()[order]
    pages = [page.extract_text() for page in pypdf.PdfReader(BytesIO(filled.pdf)).pages]
    assert len(pages) == spec.pages
    for place in spec.places:
        if place.copies:
            assert str(given(place, FILLED[order])) in pages[place.spots[0].page - 1]


def test_the_printed_wording_is_all_there(order: str, blanks: Path) -> None:
    blank = words((blanks / f"{order}.pdf").read_bytes()).split()
    filled = words(forms.fill(order, FILLED[order], blanks=blanks).pdf).split()
    for word in set(blank):
        assert filled.count(word) >= blank.count(word), word
    assert "Clear" not in blank


def test_each_box_stands_before_its_printed_words(order: str, blanks: Path) -> None:
    """The names in these files mislead: three boxes of CR-181 say 3, the denials of CR-410 are out of order."""
    blank = (blanks / f"{order}.pdf").read_bytes()
    for key, place in forms.specs()[order].fields.items():
        if place.kind != "check":
            continue
        tail = place.label.rsplit(": ", 1)[-1]
        tried = {first_words(place.label), first_words(place.item), tail}
        after = (order, key) != ("FW-003", "item_4b_1")  # this one is printed at the end of its line
        said = "see date of service"
        assert any(beside(blank, place, told, after=after) for told in (tried if after else {said})), key


def test_the_numbers_of_an_arrest_follow_their_words(blanks: Path) -> None:
    blank = (blanks / "CR-410.pdf").read_bytes()
    fields = forms.specs()["CR-410"].fields
    for key in ("agency_report_number", "prosecutor_report_number", "court_case_number", "arrest_other"):
        assert beside(blank, fields[key], fields[key].label, after=False, reach=8), key


def test_six_fields_of_the_fee_order_are_radio_buttons() -> None:
    spec = forms.specs()["FW-003"]
    names = [place.name for place in spec.places if place.kind == "check"]
    assert sorted(names.count(name) for name in set(names) if names.count(name) > 1) == [2] * 6


def test_the_lawyer_lines_stand_on_the_printed_rules(blanks: Path) -> None:
    """Seven lines are one more than the form has rules for."""
    lines = [f"line {number}" for number in range(1, 8)]
    assert forms.fill("FW-003", {"lawyer": "\n".join(lines[:6])}, blanks=blanks).overflow == ()
    assert [item.key for item in forms.fill("FW-003", {"lawyer": "\n".join(lines)}, blanks=blanks).overflow] == [
        "lawyer"
    ]
