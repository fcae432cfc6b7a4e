from __future__ import annotations

import calendar
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.span import Span, at_least, at_most, year
from rules.when import add_days, add_years, earliest, latest_known, years_between

days = st.dates(date(1900, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    ("start", "years", "end"),
    [
        (date(2024, 2, 29), 1, date(2025, 2, 28)),
        (date(2024, 2, 29), 4, date(2028, 2, 29)),
        (date(1896, 2, 29), 4, date(1900, 2, 28)),
        (date(1996, 2, 29), 4, date(2000, 2, 29)),
        (date(2023, 2, 28), 1, date(2024, 2, 28)),
        (date(2016, 11, 9), 2, date(2018, 11, 9)),
        (date(2016, 11, 9), 0, date(2016, 11, 9)),
        (date(2016, 12, 31), 1, date(2017, 12, 31)),
    ],
)
def test_adding_years(start: date, years: int, end: date) -> None:
    assert add_years(start, years) == end


@settings(max_examples=200, deadline=None)
@given(start=days, years=st.integers(0, 9))
def test_a_year_later_is_the_same_day_or_the_last_of_february(start: date, years: int) -> None:
    end = add_years(start, years)
    assert isinstance(end, date)
    assert end.year == start.year + years
    leap_day_lost = (start.month, start.day) == (2, 29) and not calendar.isleap(end.year)
    assert (end.month, end.day) == ((2, 28) if leap_day_lost else (start.month, start.day))


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        (date(1984, 5, 5), date(2005, 5, 5), 21),
        (date(1984, 5, 6), date(2005, 5, 5), 20),
        (date(1984, 6, 1), date(2005, 5, 5), 20),
        (date(1984, 4, 30), date(2005, 5, 5), 21),
        (date(1984, 2, 29), date(2005, 2, 28), 20),
        (date(1984, 2, 29), date(2005, 3, 1), 21),
        (date(1984, 2, 29), date(2004, 2, 29), 20),
        (date(2005, 5, 5), date(2005, 5, 5), 0),
        (date(2005, 5, 6), date(2005, 5, 5), 0),
    ],
)
def test_ages(born: date, on: date, age: int) -> None:
    assert years_between(born, on) == age


@settings(max_examples=200, deadline=None)
@given(born=days, lived=st.integers(0, 30_000), more=st.integers(0, 800))
def test_an_age_of_a_span_holds_every_age_in_it(born: date, lived: int, more: int) -> None:
    first = born + timedelta(days=lived)
    last = first + timedelta(days=more)
    ages = years_between(born, Span(first, last))
    low, high = (ages.low, ages.high) if isinstance(ages, Span) else (ages, ages)
    assert low == years_between(born, first)
    assert high == years_between(born, last)
    assert not (isinstance(ages, Span) and low == high)


def test_ages_with_open_ends() -> None:
    born = date(1984, 5, 5)
    assert years_between(born, at_most(date(2005, 5, 5))) == Span(0, 21)
    assert years_between(born, at_least(date(2005, 5, 5))) == Span(21, None)
    assert years_between(year(1984), date(2005, 5, 5)) == Span(20, 21)
    assert years_between(at_most(born), date(2005, 5, 5)) == Span(21, None)
    assert years_between(at_least(date(2005, 5, 5)), date(2005, 6, 1)) == 0  # no older than a month: exactly nought
    assert years_between(None, date(2005, 5, 5)) is None
    assert years_between(born, None) is None


def test_adding_to_spans_and_to_nothing() -> None:
    assert add_years(None, 1) is None
    assert add_years(date(2000, 1, 1), None) is None
    assert add_years(year(2000), 2) == year(2002)
    assert add_years(at_most(date(2000, 1, 1)), 2) == at_most(date(2002, 1, 1))
    assert add_years(at_least(date(2000, 1, 1)), 2) == at_least(date(2002, 1, 1))
    assert add_days(date(2024, 2, 28), 1) == date(2024, 2, 29)
    assert add_days(date(2024, 3, 1), -1) == date(2024, 2, 29)
    assert add_days(Span(date(2024, 2, 28), date(2024, 3, 1)), 1) == Span(date(2024, 2, 29), date(2024, 3, 2))


def test_the_earliest() -> None:
    one, two = date(2001, 1, 1), date(2002, 2, 2)
    assert earliest(two, one) == one
    assert earliest(two) == two
    assert earliest(None, None) is None
    assert earliest(two, None) == at_most(two), "what is not known could be earlier"
    assert earliest(year(2001), two) == year(2001)
    assert earliest(at_least(one), two) == Span(one, two)
    assert earliest(at_most(one), two) == at_most(one)
    assert earliest(at_least(one), None) is None
    assert earliest(at_least(one), at_least(two)) == at_least(one)


def test_the_latest_that_is_known() -> None:
    one, two = date(2001, 1, 1), date(2002, 2, 2)
    assert latest_known(one, two) == latest_known(two, one) == two
    assert latest_known(one) == one
    assert latest_known(one, None) == latest_known(None, one) == one, "what is not known is left out"
    assert latest_known(None, None) is None
    assert latest_known(year(2001), one) == date(2001, 12, 31)
    assert latest_known(at_most(two), one) == two
    assert latest_known(at_least(one), two) is None, "two is no day to count on, if the other may come after it"
    assert latest_known(at_least(one)) is None
