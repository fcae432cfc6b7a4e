from __future__ import annotations

from rules.cite import Cite, decision, hs, pc


def test_citations_of_codes_and_of_decisions() -> None:
    assert hs("11361.8", "(e)", confirmed="V", source="law") == Cite("HSC", "11361.8", "(e)", "V", "law")
    assert pc("1203.4", "(a)", confirmed="V", source="law") == Cite("PC", "1203.4", "(a)", "V", "law")
    name = "People v. Smit (2018) 24 Cal.App.5th 596"
    assert decision(name, confirmed="V", source="law") == Cite("", name, "", "V", "law")


def test_what_is_not_said_is_from_memory_and_without_a_source() -> None:
    assert hs("1") == Cite("HSC", "1", "", "M", "")
    assert pc("1") == Cite("PC", "1", "", "M", "")
    assert decision("x") == Cite("", "x", "", "M", "")
    assert Cite("VC", "1") == Cite("VC", "1", "", "M", "")


def test_how_a_citation_is_printed_and_linked() -> None:
    assert hs("11361.8", "(e)").short == "HSC 11361.8(e)"
    assert hs("11361.8", "(e), (f)").anchor == "hsc-11361-8-e----f"
    assert hs("11361.8", "(e)").anchor == "hsc-11361-8-e"
    assert decision("People v. Smit (2018)").short == "People v. Smit (2018)"
    assert decision("People v. Smit (2018)").anchor == "people-v--smit--2018"
