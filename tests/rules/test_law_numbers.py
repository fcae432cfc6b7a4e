from __future__ import annotations

from datetime import date

import pytest

from rules import law
from rules.law import DatedValue, Series, coverage, covered, numbers, read, series, turning_points
from rules.remedies import REMEDIES
from rules.remedy import Coverage

TWO = """
limit:
  meaning: a limit
  unit: grams
  values:
    - {value: 8, from: 2017-06-27, cite: "HSC 11357", confirmed: V, source: law}
    - {value: 4, from: 2016-11-09, until: 2017-06-26, cite: "HSC 11357", confirmed: M, source: law}
"""


def test_a_number_is_read_with_all_that_is_said_of_it() -> None:
    assert read(TWO)["limit"] == Series(
        "limit",
        "a limit",
        "grams",
        (
            DatedValue(4, date(2016, 11, 9), date(2017, 6, 26), "HSC 11357", "M", "law"),
            DatedValue(8, date(2017, 6, 27), None, "HSC 11357", "V", "law"),
        ),
    )
    assert read(TWO.replace("  unit: grams\n", ""))["limit"].unit == ""


def test_two_values_that_overlap_are_refused() -> None:
    assert [v.value for v in read(TWO)["limit"].values] == [4, 8]
    with pytest.raises(ValueError, match="limit has two values on 2017-06-27; end the earlier one"):
        read(TWO.replace("until: 2017-06-26", "until: 2017-06-27"))
    with pytest.raises(ValueError, match="limit has two values on 2017-06-27"):
        read(TWO.replace(", until: 2017-06-26", ""))


def test_a_number_holds_in_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rules.law.series", lambda: read(TWO))
    monkeypatch.setattr("rules.catalogue.turning_points", lambda: (date(2019, 1, 1),))
    assert numbers(date(2016, 11, 8))["limit"] is None
    assert numbers(date(2016, 11, 9))["limit"] == 4
    assert numbers(date(2017, 6, 26))["limit"] == 4
    assert numbers(date(2017, 6, 27))["limit"] == 8
    turning_points.cache_clear()
    assert turning_points() == (date(2016, 11, 9), date(2017, 6, 27), date(2019, 1, 1))
    turning_points.cache_clear()


def test_every_number_has_a_source_and_a_mark() -> None:
    for s in series().values():
        assert s.meaning
        for v in s.values:
            assert v.cite
            assert v.source
            assert v.confirmed in ("V", "M")
    assert all(v is not None for v in numbers(date(2026, 11, 22)).values())


def test_the_limits_are_those_of_the_tables() -> None:
    n = numbers(date(2026, 11, 22))
    assert n["prop64_in_force"] == date(2016, 11, 9)
    assert (n["personal_flower_g"], n["old_flower_g"], n["import_flower_g"]) == (28.5, 28.5, 28.5)
    assert (n["personal_concentrate_g"], n["import_concentrate_g"], n["personal_plants"]) == (8, 4, 6)
    assert (n["adult_age"], n["legal_age"], n["prior_limit"], n["destruction_years"]) == (18, 21, 2, 2)


def test_when_each_remedy_holds_and_who_checked_it() -> None:
    assert covered()[0] == "hs_11361_8"
    assert {name: coverage(name) for name in covered()} == {r.name: r.coverage for r in REMEDIES}
    assert coverage("pc_1170_18").since == date(2014, 11, 5), "the day after Proposition 47 was voted on"
    assert coverage("pc_849_5").since is None
    for name in covered():
        assert coverage(name).until is None, "none has ended"
        assert coverage(name).verified_on == date(2026, 11, 22)
        assert coverage(name).verified_by.startswith("engineering team")
    with pytest.raises(KeyError):
        coverage("pc_1")


def test_a_remedy_that_has_ended_says_its_last_day(monkeypatch: pytest.MonkeyPatch) -> None:
    ended = {
        "since": date(2020, 1, 1),
        "until": date(2027, 12, 31),
        "verified_on": date(2026, 1, 2),
        "verified_by": "us",
    }
    monkeypatch.setattr(law, "_coverage", lambda: {"pc_ended": ended})
    assert coverage("pc_ended") == Coverage(date(2020, 1, 1), date(2027, 12, 31), date(2026, 1, 2), "us")
    assert covered() == ("pc_ended",)
