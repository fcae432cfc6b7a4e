from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.offense import Offense, read, subdivision


@pytest.mark.parametrize(
    "written",
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
def test_one_offense_written_many_ways(written: str) -> None:
    assert read(written) == Offense("HS 11357", "b", False)


@pytest.mark.parametrize(
    "written",
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
def test_attempts(written: str) -> None:
    assert read(written) == Offense("HS 11358", None, True)


@pytest.mark.parametrize(
    ("written", "offense", "letter"),
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
def test_other_offenses(written: str, offense: str, letter: str | None) -> None:
    found = read(written)
    assert found is not None
    assert (found.offense, found.subdivision) == (offense, letter)
    assert found.attempt == written.startswith("664/")


@pytest.mark.parametrize(
    "written",
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
def test_what_cannot_be_read_is_unknown(written: str) -> None:
    found = read(written)
    assert found is None or (written.startswith("federal") and found.offense == "federal")


def test_a_text_may_have_200_characters() -> None:
    assert read("HS 11357" + " " * 192) == Offense("HS 11357", None, False)
    assert read("HS 11357" + " " * 193) is None


@settings(max_examples=300, deadline=1000)
@given(st.text(max_size=300))
def test_no_text_makes_it_fall(text: str) -> None:
    found = read(text)
    if found is not None:
        assert found == read(found.offense + (f"({found.subdivision})" if found.subdivision else "")) or found.attempt


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
    "written",
    ["HS 11357, PC 459", "HS 11357 and 11359", "HS 11357 or 11358", "11357 HS 459 PC", "HS 11357; drop table"],
)
def test_two_offenses_in_one_text_are_not_read_as_the_first(written: str) -> None:
    assert read(written) is None


def test_an_amount_after_the_section_is_no_second_offense() -> None:
    assert read("11357(B) HS-POSSESS MARIJUANA 28.5-") == Offense("HS 11357", "b", False)
