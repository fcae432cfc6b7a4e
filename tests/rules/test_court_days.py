"""Court days against a calendar written by hand."""

from __future__ import annotations

import doctest
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import court_days
from rules.court_days import add_court_days, holidays, is_court_day, known, next_court_day, observed, read

# Every day on which the courts are closed from Monday to Friday, looked up on a printed calendar. The words say why a
# day is not where its name would put it.
BY_HAND = {
    2024: {
        "Mon 2024-01-01": "New Year's Day",
        "Mon 2024-01-15": "Martin Luther King Jr. Day",
        "Mon 2024-02-12": "Lincoln's Birthday",
        "Mon 2024-02-19": "Presidents' Day",
        "Mon 2024-04-01": "Farmworkers Day (Cesar Chavez Day)",  # March 31 is a Sunday
        "Mon 2024-05-27": "Memorial Day",
        "Wed 2024-06-19": "Juneteenth",
        "Thu 2024-07-04": "Independence Day",
        "Mon 2024-09-02": "Labor Day",
        "Fri 2024-09-27": "Native American Day",
        "Mon 2024-11-11": "Veterans Day",
        "Thu 2024-11-28": "Thanksgiving Day",
        "Fri 2024-11-29": "Day after Thanksgiving",
        "Wed 2024-12-25": "Christmas Day",
    },
    2025: {
        "Wed 2025-01-01": "New Year's Day",
        "Mon 2025-01-20": "Martin Luther King Jr. Day",
        "Wed 2025-02-12": "Lincoln's Birthday",
        "Mon 2025-02-17": "Presidents' Day",
        "Mon 2025-03-31": "Farmworkers Day (Cesar Chavez Day)",
        "Mon 2025-05-26": "Memorial Day",
        "Thu 2025-06-19": "Juneteenth",
        "Fri 2025-07-04": "Independence Day",
        "Mon 2025-09-01": "Labor Day",  # the month begins with its first Monday
        "Fri 2025-09-26": "Native American Day",
        "Tue 2025-11-11": "Veterans Day",
        "Thu 2025-11-27": "Thanksgiving Day",
        "Fri 2025-11-28": "Day after Thanksgiving",
        "Thu 2025-12-25": "Christmas Day",
    },
    2026: {
        "Thu 2026-01-01": "New Year's Day",
        "Mon 2026-01-19": "Martin Luther King Jr. Day",
        "Thu 2026-02-12": "Lincoln's Birthday",
        "Mon 2026-02-16": "Presidents' Day",
        "Tue 2026-03-31": "Farmworkers Day (Cesar Chavez Day)",
        "Mon 2026-05-25": "Memorial Day",
        "Fri 2026-06-19": "Juneteenth",
        "Fri 2026-07-03": "Independence Day",  # July 4 is a Saturday
        "Mon 2026-09-07": "Labor Day",
        "Fri 2026-09-25": "Native American Day",
        "Wed 2026-11-11": "Veterans Day",
        "Thu 2026-11-26": "Thanksgiving Day",
        "Fri 2026-11-27": "Day after Thanksgiving",
        "Fri 2026-12-25": "Christmas Day",
    },
    2027: {
        "Fri 2027-01-01": "New Year's Day",
        "Mon 2027-01-18": "Martin Luther King Jr. Day",
        "Fri 2027-02-12": "Lincoln's Birthday",
        "Mon 2027-02-15": "Presidents' Day",
        "Wed 2027-03-31": "Farmworkers Day (Cesar Chavez Day)",
        "Mon 2027-05-31": "Memorial Day",  # the month ends with its last Monday
        "Fri 2027-06-18": "Juneteenth",  # June 19 is a Saturday
        "Mon 2027-07-05": "Independence Day",  # July 4 is a Sunday
        "Mon 2027-09-06": "Labor Day",
        "Fri 2027-09-24": "Native American Day",
        "Thu 2027-11-11": "Veterans Day",
        "Thu 2027-11-25": "Thanksgiving Day",
        "Fri 2027-11-26": "Day after Thanksgiving",
        "Fri 2027-12-24": "Christmas Day",  # December 25 is a Saturday
        "Fri 2027-12-31": "New Year's Day",  # that of 2028, which is a Saturday
    },
    2028: {
        "Mon 2028-01-17": "Martin Luther King Jr. Day",  # New Year's Day was kept on December 31
        "Fri 2028-02-11": "Lincoln's Birthday",  # February 12 is a Saturday
        "Mon 2028-02-21": "Presidents' Day",
        "Fri 2028-03-31": "Farmworkers Day (Cesar Chavez Day)",
        "Mon 2028-05-29": "Memorial Day",
        "Mon 2028-06-19": "Juneteenth",
        "Tue 2028-07-04": "Independence Day",
        "Mon 2028-09-04": "Labor Day",
        "Fri 2028-09-22": "Native American Day",  # the month begins with its first Friday
        "Fri 2028-11-10": "Veterans Day",  # November 11 is a Saturday
        "Thu 2028-11-23": "Thanksgiving Day",
        "Fri 2028-11-24": "Day after Thanksgiving",
        "Mon 2028-12-25": "Christmas Day",
    },
}

ONE = """
flag_day:
  title: Flag Day
  falls: {month: 6, day: 14}
  from: 2020-01-01
  cite: none
  confirmed: M
  source: this test
"""

# Days that no holiday of today falls on; a change of the law may put one there.
OTHERS = """
last_day:
  title: Last Day of the Year
  falls: {month: 12, day: 31}
  from: 2020-01-01
  cite: none
  confirmed: M
  source: this test
one_day:
  title: One Day
  falls: {month: 2, day: 28}
  from: 2024-02-28
  until: 2024-02-28
  cite: none
  confirmed: M
  source: this test
harvest:
  title: Harvest
  falls: {month: 10, weekday: friday, nth: last}
  from: 2020-01-01
  cite: none
  confirmed: M
  source: this test
"""

days = st.dates(date(2021, 1, 1), date(2090, 12, 31))
counts = st.integers(-40, 40).filter(bool)


@pytest.mark.parametrize("year", BY_HAND)
def test_the_holidays_of_a_year_are_those_of_the_calendar(year: int) -> None:
    assert {f"{day:%a %Y-%m-%d}": name for day, name in holidays(year).items()} == BY_HAND[year]
    assert list(holidays(year)) == sorted(holidays(year))


def test_a_holiday_of_a_law_that_changed_is_kept_only_in_its_time() -> None:
    assert holidays(2021)[date(2021, 10, 11)] == "Columbus Day"
    assert "Native American Day" not in holidays(2021).values()
    assert holidays(2022)[date(2022, 9, 23)] == "Native American Day"
    assert "Columbus Day" not in holidays(2022).values()
    assert is_court_day(date(2022, 6, 20))  # June 19 of 2022 was a Sunday: the Monday was no holiday of the courts yet
    assert holidays(2023)[date(2023, 6, 19)] == "Juneteenth"


@pytest.fixture
def other_holidays(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(court_days, "known", lambda: read(OTHERS))
    holidays.cache_clear()
    yield
    holidays.cache_clear()


@pytest.mark.usefixtures("other_holidays")
def test_a_law_may_put_a_holiday_on_any_day() -> None:
    assert date(2023, 12, 31).weekday() == court_days.SUNDAY
    assert holidays(2024) == {
        date(2024, 1, 1): "Last Day of the Year",  # of 2023, a Sunday: kept on the Monday after, in the next year
        date(2024, 2, 28): "One Day",  # the first and the last day on which this law held
        date(2024, 10, 25): "Harvest",  # the last Friday
        date(2024, 12, 31): "Last Day of the Year",
    }
    assert list(holidays(2025)) == [date(2025, 10, 31), date(2025, 12, 31)], "the month ends with its last Friday"


def test_a_year_before_the_file_begins_is_an_error_and_not_a_guess() -> None:
    assert len(holidays(2020)) == 13
    with pytest.raises(ValueError, match="begins in 2020: the court days of 2019 are not known"):
        holidays(2019)
    with pytest.raises(ValueError, match="court days of 2019"):
        add_court_days(date(2020, 1, 2), -1)


@pytest.mark.parametrize(
    ("day", "kept"),
    [
        (date(2026, 7, 4), date(2026, 7, 3)),
        (date(2027, 7, 4), date(2027, 7, 5)),
        (date(2028, 7, 4), date(2028, 7, 4)),
        (date(2022, 1, 1), date(2021, 12, 31)),
        (date(2023, 1, 1), date(2023, 1, 2)),
    ],
)
def test_a_holiday_on_a_weekend_is_kept_on_the_nearest_weekday(day: date, kept: date) -> None:
    assert observed(day) == kept


@pytest.mark.parametrize(
    ("day", "is_open", "why"),
    [
        (date(2026, 11, 25), True, "the Wednesday before Thanksgiving"),
        (date(2026, 11, 26), False, "Thanksgiving"),
        (date(2026, 11, 27), False, "the Friday after it"),
        (date(2026, 11, 28), False, "a Saturday"),
        (date(2026, 11, 29), False, "a Sunday"),
        (date(2026, 11, 30), True, "a Monday"),
        (date(2027, 12, 31), False, "New Year's Day of 2028, a Saturday, kept on the Friday"),
        (date(2028, 1, 3), True, "it was kept already"),
        (date(2023, 1, 2), False, "New Year's Day of 2023, a Sunday, kept on the Monday"),
        (date(2026, 9, 9), True, "Admission Day closes no court"),
        (date(2026, 10, 12), True, "nor does Columbus Day any more"),
    ],
)
def test_court_days(day: date, is_open: bool, why: str) -> None:
    assert is_court_day(day) is is_open, why


@pytest.mark.parametrize(
    ("day", "moved", "why"),
    [
        (date(2026, 12, 1), date(2026, 12, 1), "a Tuesday stays"),
        (date(2026, 12, 5), date(2026, 12, 7), "Saturday to Monday"),
        (date(2026, 12, 6), date(2026, 12, 7), "Sunday to Monday"),
        (date(2026, 11, 26), date(2026, 11, 30), "Thanksgiving, the day after it, a weekend"),
        (date(2026, 7, 3), date(2026, 7, 6), "Independence Day kept on a Friday, then a weekend"),
        (date(2027, 12, 31), date(2028, 1, 3), "over the end of a year"),
        (date(2027, 7, 4), date(2027, 7, 6), "a Sunday whose Monday is the holiday"),
    ],
)
def test_a_last_day_on_which_the_court_is_closed_moves_to_the_next_open_one(day: date, moved: date, why: str) -> None:
    assert next_court_day(day) == moved, why


@pytest.mark.parametrize(
    ("start", "n", "end", "why"),
    [
        (date(2026, 12, 1), 1, date(2026, 12, 2), "the first day is left out, the last is counted"),
        (date(2026, 12, 4), 1, date(2026, 12, 7), "Friday to Monday"),
        (date(2026, 11, 24), 2, date(2026, 11, 30), "over Thanksgiving"),
        (date(2026, 12, 5), 1, date(2026, 12, 7), "from a Saturday: Monday is the first"),
        (date(2027, 12, 23), 2, date(2027, 12, 28), "Christmas kept on Friday the 24th"),
        (date(2027, 12, 30), 1, date(2028, 1, 3), "over the end of a year"),
        (date(2026, 12, 1), 0, date(2026, 12, 1), "nothing to count"),
        (date(2026, 12, 5), 0, date(2026, 12, 5), "nothing to count, not even from a Saturday"),
        (date(2026, 12, 7), -1, date(2026, 12, 4), "Monday back to Friday"),
        (date(2026, 11, 30), -2, date(2026, 11, 24), "back over Thanksgiving"),
        (date(2026, 12, 6), -1, date(2026, 12, 4), "from a Sunday back to Friday"),
        (date(2028, 1, 3), -1, date(2027, 12, 30), "back over the end of a year"),
    ],
)
def test_counting_court_days(start: date, n: int, end: date, why: str) -> None:
    assert add_court_days(start, n) == end, why


@settings(max_examples=200, deadline=None)
@given(start=days, n=counts)
def test_counting_never_ends_on_a_closed_day_and_counts_every_open_one(start: date, n: int) -> None:
    end = add_court_days(start, n)
    assert is_court_day(end)
    between = range(min(start.toordinal() + 1, end.toordinal()), max(start.toordinal(), end.toordinal() + 1))
    assert sum(is_court_day(date.fromordinal(each)) for each in between) == abs(n)


@settings(max_examples=200, deadline=None)
@given(start=days, n=counts)
def test_counting_there_and_back_from_a_court_day_comes_home(start: date, n: int) -> None:
    start = next_court_day(start)
    assert add_court_days(add_court_days(start, n), -n) == start


@settings(max_examples=200, deadline=None)
@given(day=days)
def test_the_next_court_day_is_open_near_and_leaves_none_out(day: date) -> None:
    moved = next_court_day(day)
    assert is_court_day(moved)
    assert day <= moved <= day + timedelta(days=4)
    assert not any(is_court_day(day + timedelta(days=n)) for n in range((moved - day).days))


@settings(max_examples=70, deadline=None)
@given(year=st.integers(2023, 2090))
def test_fourteen_holidays_a_year_and_each_on_a_weekday(year: int) -> None:
    kept = holidays(year)
    lost = date(year, 1, 1).weekday() == 5  # kept in the year before
    won = date(year + 1, 1, 1).weekday() == 5
    assert len(kept) == 14 - lost + won
    assert all(day.year == year and day.weekday() < 5 for day in kept)


def test_every_holiday_has_a_source_and_a_mark() -> None:
    assert len(known()) == 15
    assert {holiday.confirmed for holiday in known().values()} <= {"V", "M"}
    assert all("law/courts.md section 5" in holiday.source and "135" in holiday.cite for holiday in known().values())


@pytest.mark.parametrize("key", ["title", "falls", "from", "cite", "confirmed", "source"])
def test_an_entry_that_lacks_something_is_refused(key: str) -> None:
    assert read(ONE)["flag_day"].falls == court_days.Fixed(6, 14)
    lines = [line for line in ONE.splitlines() if not line.startswith(f"  {key}:")]
    with pytest.raises(ValueError, match=f"flag_day lacks {key}"):
        read("\n".join(lines))
    with pytest.raises(ValueError, match="flag_day lacks title, source"):
        read("\n".join(line for line in ONE.splitlines() if line[2:].split(":")[0] not in ("title", "source")))


@pytest.mark.parametrize(
    "falls",
    [
        "{month: 6}",
        "{month: june, day: 14}",
        "{month: 6, day: 14, nth: 2}",
        "{month: 6, weekday: mon, nth: 2}",
        "{month: 6, weekday: monday, nth: 5}",
        "{month: 6, weekday: monday, nth: 0}",
        "{month: 6, weekday: monday, nth: last, day: 1}",
        "{after: easter}",
    ],
)
def test_a_day_said_in_another_way_is_refused(falls: str) -> None:
    with pytest.raises(ValueError, match=r"flag_day falls on .* none of the four ways"):
        read(ONE.replace("{month: 6, day: 14}", falls))


@pytest.mark.parametrize("other", ["easter", "flag_day"])
def test_a_holiday_that_follows_nothing_fixed_is_refused(other: str) -> None:
    with pytest.raises(ValueError, match="flag_day must follow a holiday of this file"):
        read(ONE.replace("{month: 6, day: 14}", f"{{after: {other}, days: 1}}"))


def test_the_examples_in_the_essay_are_true() -> None:
    found = doctest.testmod(court_days)
    assert (found.failed, found.attempted) == (0, 4)
