"""CR-180, the petition for dismissal: three pages, a table of five offenses, seven routes, four check-one groups."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pypdf
import pytest
from drawn import ENGINES, changed, ink, poppler, qpdf_says, words
from readback import (
    ATTORNEY,
    CAPTION,
    NAME,
    STORY,
    Answers,
    beside,
    boxes,
    expected,
    first_words,
    ink_is_where_it_belongs,
    under,
)

import forms

ROWS = (
    ("Penal", "459/460(b)", "felony", "yes", "no"),
    ("Vehicle", "23152(b)", "misdemeanor", "no", "no"),
    ("Health & Saf.", "11377(a)", "felony", "yes", "no"),
    ("Bus. & Prof.", "4140", "misdemeanor", "no", "yes"),
    ("Penal", "415(2)", "infraction", "no", "no"),
)
COLUMNS = ("code", "section", "level", "reduce_17b", "reduce_17d2")
TABLE: Answers = {
    f"count_{number}_{column}": value
    for number, row in enumerate(ROWS, start=1)
    for column, value in zip(COLUMNS, row, strict=True)
}
PETITION: Answers = {
    **CAPTION,
    **TABLE,
    "conviction_date": "September 14, 2011",
    "item_2": True,
    "item_2a": True,
    "item_2b": True,
    "item_2c": True,
    "item_2c_text": STORY * 4,
    "item_3": True,
    "item_3b": True,
    "item_3b_text": STORY * 4,
    "item_4": True,
    "item_4_text": STORY * 5,
    "item_5": True,
    "item_5c": True,
    "item_5_text": STORY * 3,
    "item_6": True,
    "item_6_text": STORY * 7,
    "item_7": True,
    "item_7_date": "September 30, 2014",
    "item_7b": True,
    "item_7b_has_not": True,
    "sign_name": NAME,
}
"""No real petition asks for everything at once: this one fills as many boxes as the check-one groups allow."""
ONE_OFFENSE: Answers = {
    **CAPTION,
    **ATTORNEY,
    "conviction_date": "03/14/2011",
    "count_1_code": "Penal",
    "count_1_section": "647(b)",
    "count_1_level": "misdemeanor",
    "count_1_reduce_17b": "no",
    "count_1_reduce_17d2": "no",
    "item_3": True,
    "item_3a": True,
    "item_5": True,
    "item_5a": True,
    "item_7": True,
    "item_7_date": "09/30/2014",
    "item_7a": True,
    "sign_name": "Ñ",
}
PROBATION: Answers = {
    **CAPTION,
    "conviction_date": "03/14/2011",
    "item_2": True,
    "item_2a": True,
    "item_5": True,
    "item_5b": True,
    "item_7": True,
    "item_7b": True,
    "item_7b_has": True,
}

CHECK_ONE = (
    ("item_3a", "item_3b"),
    ("item_5a", "item_5b", "item_5c"),
    ("item_7a", "item_7b"),
    ("item_7b_has", "item_7b_has_not"),
)
STAYS_EMPTY = {"hearing_date", "hearing_time", "hearing_department", "sign_date"}


@pytest.fixture(params=["everything", "one offense", "probation"])
def petition(request: pytest.FixtureRequest) -> Answers:
    return {"everything": PETITION, "one offense": ONE_OFFENSE, "probation": PROBATION}[request.param]


def test_the_contract_keys_are_there() -> None:
    spec = forms.specs()["CR-180"]
    wanted = set(CAPTION) | set(ATTORNEY) | set(TABLE) | STAYS_EMPTY | {"conviction_date", "sign_name"}
    wanted |= {"item_2", "item_2a", "item_2b", "item_2c", "item_2c_text"}
    wanted |= {"item_3", "item_3a", "item_3b", "item_3b_text", "item_4", "item_4_text"}
    wanted |= {"item_5", "item_5a", "item_5b", "item_5c", "item_5_text", "item_6", "item_6_text"}
    wanted |= {"item_7", "item_7_date", "item_7a", "item_7b", "item_7b_has", "item_7b_has_not"}
    assert set(spec.fields) == wanted
    assert {key for key, place in spec.fields.items() if place.empty} == STAYS_EMPTY
    assert [place.copies for place in spec.places if place.copies] == ["defendant", "case_number"] * 2
    assert {rule.keys for rule in spec.check_one} == set(CHECK_ONE)


def test_every_box_reads_back_and_all_others_are_blank(petition: Answers, blanks: Path) -> None:
    filled = forms.fill("CR-180", petition, blanks=blanks, flat=False)
    qpdf_says(filled.pdf)
    assert filled.overflow == ()
    spec = forms.specs()["CR-180"]
    told = {key: value.strip() if isinstance(value, str) else value for key, value in petition.items()}
    wanted = expected(spec, told)
    assert boxes(filled.pdf) == wanted
    fields = pypdf.PdfReader(BytesIO(filled.pdf)).get_fields()
    assert fields is not None
    for name, value in wanted.items():
        assert str(fields[name].get("/V", "")).replace("/Off", "") == value


def test_the_three_petitions_fill_every_box_that_may_be_filled() -> None:
    filled = set(PETITION) | set(ONE_OFFENSE) | set(PROBATION)
    assert filled == set(forms.specs()["CR-180"].fields) - STAYS_EMPTY


@pytest.mark.parametrize("engine", list(ENGINES))
def test_ink_is_in_the_filled_boxes_and_nowhere_else(engine: str, petition: Answers, blanks: Path) -> None:
    ink_is_where_it_belongs("CR-180", petition, engine, blanks)


def test_flat_and_fillable_show_the_same_ink(blanks: Path) -> None:
    flat = forms.fill("CR-180", PETITION, blanks=blanks).pdf
    fillable = forms.fill("CR-180", PETITION, blanks=blanks, flat=False).pdf
    for page in (1, 2, 3):
        difference = changed(poppler(flat, page), poppler(fillable, page))
        assert ink(difference, (0, 0, 612, 792)) < 60


def test_flat_text_is_text_on_every_page(blanks: Path) -> None:
    filled = forms.fill("CR-180", PETITION, blanks=blanks)
    text = " ".join(words(filled.pdf).split())
    for value in PETITION.values():
        assert value is True or " ".join(str(value).split()) in text
    pages = pypdf.PdfReader(BytesIO(filled.pdf)).pages
    assert len(pages) == 3
    for page in pages:
        assert "ÑUÑO NGUYỄN (AKA ŁOŚ)" in page.extract_text()
        assert "BA-123456" in page.extract_text()
    assert text.count(NAME) == 2


def test_the_printed_wording_is_all_there(blanks: Path) -> None:
    blank = words((blanks / "CR-180.pdf").read_bytes()).split()
    filled = words(forms.fill("CR-180", PETITION, blanks=blanks).pdf).split()
    for word in set(blank):
        assert filled.count(word) >= blank.count(word), word
    assert "www.courts.ca.gov" in blank
    assert "Clear" not in blank


def test_each_column_of_the_table_is_under_its_heading(blanks: Path) -> None:
    """The names of the file say Reduce and Offense for the two columns that ask yes or no."""
    blank = (blanks / "CR-180.pdf").read_bytes()
    fields = forms.specs()["CR-180"].fields
    headings = ("Vehicle, etc.", "Section", "misdemeanor, or infraction", "§ 17(b)", "§ 17(d)(2)")
    for number in range(1, 6):
        for column, heading in zip(COLUMNS, headings, strict=True):
            assert under(blank, fields[f"count_{number}_{column}"], heading), (number, column)
    tops = [fields[f"count_{number}_code"].spots[0].rect[3] for number in range(1, 6)]
    assert tops == sorted(tops, reverse=True)


def test_each_box_stands_before_its_printed_words(blanks: Path) -> None:
    blank = (blanks / "CR-180.pdf").read_bytes()
    printed = {"item_7b_has": "has", "item_7b_has_not": "has not"}
    for key, place in forms.specs()["CR-180"].fields.items():
        if place.kind == "check":
            # An item's own box stands before its heading; its sentence begins in the next line.
            tried = (first_words(place.label), first_words(place.item)) if key not in printed else (printed[key],)
            assert any(beside(blank, place, told, after=True) for told in tried), key


@pytest.mark.parametrize(
    ("first", "second"),
    [(one, other) for group in CHECK_ONE for n, one in enumerate(group) for other in group[n + 1 :]],
)
def test_only_one_of_a_group(first: str, second: str, blanks: Path) -> None:
    with pytest.raises(forms.BoxesConflict) as refused:
        forms.fill("CR-180", {first: True, second: True}, blanks=blanks)
    assert refused.value.reason == "check_one"
    fields = forms.specs()["CR-180"].fields
    assert fields[first].label in refused.value.sentence()
    assert fields[second].label in refused.value.sentence()
    assert "Choose one" in refused.value.sentence()
    for alone in (first, second):
        assert forms.fill("CR-180", {first: alone == first, second: alone == second}, blanks=blanks).pdf


@pytest.mark.parametrize("key", sorted(STAYS_EMPTY))
def test_court_use_and_signing_stay_empty(key: str, blanks: Path) -> None:
    with pytest.raises(forms.FieldStaysEmpty):
        forms.fill("CR-180", {key: "01/02/2027"}, blanks=blanks)


@pytest.mark.parametrize("key", ["item_2c_text", "item_3b_text", "item_4_text", "item_5_text", "item_6_text"])
def test_a_long_story_goes_to_the_attachment(key: str, blanks: Path) -> None:
    story = STORY * 25
    filled = forms.fill("CR-180", {**CAPTION, key: story}, blanks=blanks)
    assert [(item.key, item.text) for item in filled.overflow] == [(key, story.strip())]
    text = words(filled.pdf)
    assert "See Attachment MC-025" in text
    assert "Ñusta" not in text
    pages = forms.attachments("CR-180", filled.overflow, short_title="People v. X", case_number="1", blanks=blanks)
    attached = " ".join(" ".join(words(page) for page in pages).split())
    assert attached.count("my daughter Ñusta and I moved") == 25
    assert f"CR-180, {key.split('_')[1][0]}. " in attached


def test_an_offense_too_long_for_its_cell_goes_to_the_attachment(blanks: Path) -> None:
    filled = forms.fill("CR-180", {"count_2_code": "Welfare and Institutions"}, blanks=blanks)
    assert [item.key for item in filled.overflow] == ["count_2_code"]
    assert "MC-025" in words(filled.pdf)
    pages = forms.attachments("CR-180", filled.overflow, short_title="People v. X", case_number="1", blanks=blanks)
    attached = " ".join(words(pages[0]).split())
    assert "1. Following offenses, row 2: Code (Penal, Vehicle, etc.) Welfare and Institutions" in attached


def test_a_name_too_long_for_a_caption_is_attached_once(blanks: Path) -> None:
    name = "Ñ" * 90
    filled = forms.fill("CR-180", {"defendant": name}, blanks=blanks)
    assert [(item.key, item.text) for item in filled.overflow] == [("defendant", name)]
    assert words(filled.pdf).count("See Attachment MC-025") == 3
