from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.offense import Offense, paragraph, read, renumbered, subdivision, written


@pytest.mark.parametrize(
    "text",
    [
        "11357(b) HS",
        "HS 11357(b)",
        "HS11357(B)",
        "hs 11357(b)",
        "H&S 11357 (b)",
        "H&S11357(b)",
        "11357(b) H&S",
        "11357(B)HS",
        "HSC 11357(b)",
        "H.S. 11357(b)",
        "H. & S. Code § 11357(b)",
        "Health and Safety Code section 11357(b)",
        "Health & Safety 11357, subdivision (b)",
        "Cal. Health & Safety Code § 11357(b)",
        "11357B HS",
        "HS 11357b",
        "HS 11357 B",
        "  11357 ( b )  HS  ",
        "HS-11357(b)",
        "11357(b)(1) HS",
        "11357(B) HS-POSSESS MARIJUANA 28.5 GRAMS",
        "HS 11357(b) - possession, misdemeanor",
        "H&S Code 11357(b).",
    ],
)
def test_one_offense_written_many_ways(text: str) -> None:
    found = read(text)
    assert found is not None
    assert (found.offense, found.subdivision, found.attempt) == ("HS 11357", "b", False)
    assert found.paragraph == ("1" if "(1)" in text else None)


@pytest.mark.parametrize(
    "text",
    [
        "664/11358 HS",
        "664-11358 HS",
        "664-11358 HS-ATT CULTIVATE",
        "PC 664/11358",
        "PC 664/HS 11358",
        "664 PC/11358 HS",
        "664/HS 11358",
        "HS 664/11358",
        "664(a)/11358 HS",
        "HS 11358-ATTEMPTED",
        "11358 HS ATTEMPT",
        "HS 11358 (attempted)",
    ],
)
def test_attempts(text: str) -> None:
    assert read(text) == Offense("HS 11358", None, True)


@pytest.mark.parametrize(
    ("text", "offense", "letter"),
    [
        ("PC 476a", "PC 476A", None),
        ("476A PC", "PC 476A", None),
        ("288a(b)(1) PC", "PC 288A", "b"),
        ("PC 182(a)(1)", "PC 182", "a"),
        ("PC 4573.6", "PC 4573.6", None),
        ("HS 11357.5(a)", "HS 11357.5", "a"),
        ("HS 11366.5A", "HS 11366.5", "a"),
        ("11379.6(A) H&S", "HS 11379.6", "a"),
        ("VC 23222(b)", "VC 23222", "b"),
        ("Vehicle Code 23222(b)", "VC 23222", "b"),
        ("Penal Code section 32", "PC 32", None),
        ("CVC 23152(a)", "VC 23152", "a"),
        ("WIC 602", "WI 602", None),
        ("B&P 25658(b)", "BP 25658", "b"),
        ("HS 11359 F", "HS 11359", None),
        ("HS 11359 M", "HS 11359", None),
        ("HS 11358 BUD", "HS 11358", None),
        ("PC 1170(1)", "PC 1170", None),
        ("PC 664", "PC 664", None),
        ("664/459 PC", "PC 459", None),
        ("HS 11530.1", "HS 11530.1", None),
        ("21 U.S.C. 844", "federal", None),
        ("USC 841", "federal", None),
        ("Federal court", "federal", None),
        ("UCMJ 112a", "military", None),
        ("military", "military", None),
        ("other state", "other state", None),
        ("out of state", "other state", None),
    ],
)
def test_other_offenses(text: str, offense: str, letter: str | None) -> None:
    found = read(text)
    assert found is not None
    assert (found.offense, found.subdivision) == (offense, letter)
    assert found.attempt == text.startswith("664/")


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "weed",
        "HS",
        "11358",
        "HS 1",
        "HS 113578",
        "11357 HS/11358 HS",
        "11357/11358 HS",
        "459/460 PC",
        "HS11357HS1",
        "possession of marijuana",
        "(b)",
        "🌿",
        "HS one one three five seven",
        "XX 11357",
        "HS\x00",
        "٣٤٥",
        "HS 11357" + " " * 200,
        "H" * 10_000,
        "HS 11357(b) " * 1000,
        "((((((((((",
        "§§§",
        "664/",
        "HS 664/",
        "federalist papers of 11357",
    ],
)
def test_what_cannot_be_read_is_unknown(text: str) -> None:
    found = read(text)
    assert found is None or (text.startswith("federal") and found.offense == "federal")


def test_a_text_may_have_200_characters() -> None:
    assert read("HS 11357" + " " * 192) == Offense("HS 11357", None, False)
    assert read("HS 11357" + " " * 193) is None


@settings(max_examples=300, deadline=1000)
@given(st.text(max_size=300))
def test_no_text_makes_it_fall(text: str) -> None:
    found = read(text)
    if found is not None:
        assert found == read(written(found)) or found.attempt


@settings(max_examples=200, deadline=1000)
@given(st.text(alphabet="HSPCV&.()- /0123456789abAB§,:", max_size=200))
def test_no_text_of_likely_letters_takes_long_or_falls(text: str) -> None:
    read(text)


@pytest.mark.parametrize(
    ("text", "letter"),
    [
        ("b", "b"),
        ("B", "b"),
        ("(b)", "b"),
        (" (B)(1) ", "b"),
        ("( b )", "b"),
        ("b1", "b"),
        ("1", None),
        ("", None),
        ("two", None),
    ],
)
def test_subdivisions(text: str, letter: str | None) -> None:
    assert subdivision(text) == letter


@pytest.mark.parametrize(
    "text",
    ["HS 11357, PC 459", "HS 11357 and 11359", "HS 11357 or 11358", "11357 HS 459 PC", "HS 11357; drop table"],
)
def test_two_offenses_in_one_text_are_not_read_as_the_first(text: str) -> None:
    assert read(text) is None


def test_an_amount_after_the_section_is_no_second_offense() -> None:
    assert read("11357(B) HS-POSSESS MARIJUANA 28.5-") == Offense("HS 11357", "b", False)


@pytest.mark.parametrize(
    ("text", "offense", "letter", "number"),
    [
        ("243(e)(1) PC", "PC 243", "e", "1"),
        ("PC 243(E)(1)", "PC 243", "e", "1"),
        ("PC 243 (e) (1)", "PC 243", "e", "1"),
        ("288(c)(1) PC", "PC 288", "c", "1"),
        ("487(D)(2) PC-GRAND THEFT FIREARM", "PC 487", "d", "2"),
        ("PC 29800(a)(1)", "PC 29800", "a", "1"),
        ("PC 653f(b)", "PC 653F", "b", None),
        ("484e(d) PC", "PC 484E", "d", None),
        ("PC 186.22(b)(1)(C)", "PC 186.22", "b", "1"),
        ("PC 186.22(b)(i)", "PC 186.22", "b", None),
        ("PC 1170(1)", "PC 1170", None, "1"),
        ("WI 10980(c)(2)", "WI 10980", "c", "2"),
        ("11360(A)HS", "HS 11360", "a", None),
        ("H&S 11359", "HS 11359", None, None),
        ("496DPC", "PC 496D", None, None),
        ("496CPC", "PC 496", None, None),  # CPC is a way to write the code
        ("11359 H&S", "HS 11359", None, None),
        ("UI 2101", "UI 2101", None, None),
    ],
)
def test_the_paragraph_is_what_follows_the_letter(text: str, offense: str, letter: str | None, number: str) -> None:
    assert read(text) == Offense(offense, letter, False, number)


@pytest.mark.parametrize(
    ("text", "degree"),
    [
        ("PC 459 first", "first"),
        ("459 first degree", "first"),
        ("459 1st", "first"),
        ("459 PC 1ST DEGREE", "first"),
        ("459/460(a)", "first"),
        ("459/460(a) PC", "first"),
        ("459-460(A)", "first"),
        ("PC 459/460(a)(1)", "first"),
        ("459 PC/460(A) PC", "first"),
        ("459 PC-BURGLARY:FIRST DEGREE", "first"),
        ("PC 459, first degree", "first"),
        ("PC 459 (first degree)", "first"),
        ("Penal Code section 459, 1st degree", "first"),
        ("459 PC-BURG DEG 1", "first"),
        ("460(A) PC", "first"),
        ("PC 460.1", "first"),
        ("PC 459 second", "second"),
        ("459 PC-2ND", "second"),
        ("459 2nd degree", "second"),
        ("459/460(b)", "second"),
        ("PC 459/460(b)", "second"),
        ("459-460.2 PC", "second"),
        ("459 PC-BURGLARY 2ND DEGREE", "second"),
        ("PC 460(b)", "second"),
    ],
)
def test_a_burglary_has_its_degree_in_words_or_from_460(text: str, degree: str) -> None:
    assert read(text) == Offense("PC 459", None, False, degree)


@pytest.mark.parametrize(
    "text",
    [
        "664/459 second PC",
        "PC 664/459 2nd",
        "664/459/460(b) PC",
        "PC 664/459/460(b)",
        "459 PC-2ND ATT",
        "664-459/460(B)",
    ],
)
def test_an_attempted_burglary_keeps_its_degree(text: str) -> None:
    assert read(text) == Offense("PC 459", None, True, "second")


@pytest.mark.parametrize(
    "text",
    [
        "PC 459",
        "459 PC-SECOND OFFENSE",  # a second offense is no degree
        "459 PC first count",
        "PC 459 first or second degree",
        "459 PC-BURGLARY",
    ],
)
def test_a_burglary_of_unknown_degree_stays_one(text: str) -> None:
    assert read(text) == Offense("PC 459", None, False, None)


@pytest.mark.parametrize(
    "text",
    [
        "459/460 PC",  # which part of 460?
        "459/211 PC",
        "11350/11377 HS",
        "23152(a)/(b) VC",
        "459/460(b), 211 PC",
        "459",
        "459 burglary",
        "459/460(c)",
    ],
)
def test_of_two_alternatives_neither_is_read(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize("text", ["314(1) PC", "PC 314(1)", "PC 314.1", "314.1 PC", "PC 314 (1)"])
def test_indecent_exposure_is_written_in_two_ways(text: str) -> None:
    assert read(text) == Offense("PC 314.1", None, False, None)


@pytest.mark.parametrize("text", ["484/488 PC", "484-488 PC", "PC 484(a)/488", "484(A)-488 PC-PETTY THEFT"])
def test_petty_theft_is_written_with_the_section_that_calls_it_petty(text: str) -> None:
    found = read(text)
    assert found is not None
    assert (found.offense, found.subdivision) == ("PC 484", "a" if "(" in text else None)


@pytest.mark.parametrize("text", ["PC 664/187(a)", "664/187(a) PC", "664-187(A) PC", "187(a) PC-ATTEMPTED"])
def test_attempted_murder(text: str) -> None:
    assert read(text) == Offense("PC 187", "a", True)


def test_old_marijuana_numbers_are_kept_and_known_as_the_older_ones_of_today() -> None:
    pairs = {"HS 11530": "HS 11357", "HS 11530.1": "HS 11358", "HS 11530.5": "HS 11359", "HS 11531": "HS 11360"}
    for old, new in pairs.items():
        assert read(old) == Offense(old, None, False)
        assert renumbered()[old].new == new
        assert not renumbered()[old].same, "the punishments were others, so no rule of today may be taken over"


def test_renumbered_sections_have_a_day_a_source_and_a_mark() -> None:
    moved = renumbered()["PC 288A"]
    assert (moved.new, moved.since.isoformat(), moved.same) == ("PC 287", "2019-01-01", True)
    assert {renumbered()[f"PC {n}"].new for n in ("12021", "12025", "12031")} == {"PC 29800", "PC 25400", "PC 25850"}
    assert all(renumbered()[f"PC {n}"].since.isoformat() == "2012-01-01" for n in (12020, 12021, 12025, 12031))
    assert renumbered()["PC 262"].new == "PC 261"
    for r in renumbered().values():
        assert r.confirmed in ("V", "M")
        assert r.source


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (Offense("HS 11357", "b", False, "1"), "HS 11357(b)(1)"),
        (Offense("PC 459", None, False, "second"), "PC 459 second"),
        (Offense("PC 459", None, True, "first"), "PC 664/459 first"),
        (Offense("PC 187", None, True), "PC 664/187"),
        (Offense("PC 1170", None, False, "1"), "PC 1170(1)"),
        (Offense("PC 484E", "d", False), "PC 484E(d)"),
        (Offense("federal", None, False), "federal"),
    ],
)
def test_an_offense_is_written_in_one_way_and_read_back(found: Offense, text: str) -> None:
    assert written(found) == text
    assert read(text) == found


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1", "1"),
        ("(1)", "1"),
        (" 2 ", "2"),
        ("first", "first"),
        ("1st", "first"),
        ("2nd degree", "second"),
        ("Second", "second"),
        ("first or second", None),
        ("a", None),
        ("", None),
        ("1000", None),
    ],
)
def test_paragraphs_written_apart(text: str, meant: str | None) -> None:
    assert paragraph(text) == meant
