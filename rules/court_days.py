"""Days on which the courts are open, for whatever the law counts in court days.

A court day is a day that is not a Saturday, not a Sunday and not a judicial holiday. The holidays are in
``law/holidays.yaml``, each with its rule, the time it holds and its source; here they become days of the calendar.

A period leaves out its first day and counts its last (CCP 12). A last day on which the court is closed moves to the
next day on which it is open (CCP 12a). Two court days after the Tuesday before Thanksgiving of 2026: Wednesday is the
first, Thursday and Friday are holidays, so Monday is the second.

    >>> from datetime import date
    >>> add_court_days(date(2026, 11, 24), 2)
    datetime.date(2026, 11, 30)
    >>> next_court_day(date(2026, 11, 26))
    datetime.date(2026, 11, 30)
    >>> holidays(2026)[date(2026, 7, 3)]
    'Independence Day'

Periods in calendar days, such as the 15 days of notice, are counted by :mod:`rules.when`; only their last day may need
:func:`next_court_day`. A court may close on other days too, and no list says so: these are the days the law gives.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from rules import plain_yaml

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SATURDAY, SUNDAY = 5, 6
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Fixed:
    """The same day each year."""

    month: int
    day: int


@dataclass(frozen=True, slots=True)
class Nth:
    """A weekday of a month counted from its start, or its last one (``nth`` None)."""

    month: int
    weekday: int
    nth: int | None


@dataclass(frozen=True, slots=True)
class After:
    """So many days after another holiday."""

    holiday: str
    days: int


@dataclass(frozen=True, slots=True)
class Holiday:
    """One entry of the file. ``title`` is a message id."""

    title: str
    falls: Fixed | Nth | After
    starts: date
    ends: date | None
    cite: str
    confirmed: str
    source: str


def read(text: str) -> dict[str, Holiday]:
    """The holidays written in ``text``, by name. Raises ValueError for an entry that lacks something or says
    its day in a way that is not known."""
    found = {}
    for name, entry in plain_yaml.load(text).items():
        missing = [key for key in ("title", "falls", "from", "cite", "confirmed", "source") if not entry.get(key)]
        if missing:
            raise ValueError(f"holidays.yaml: {name} lacks {', '.join(missing)}")
        found[name] = Holiday(
            title=entry["title"],
            falls=_falls(name, entry["falls"]),
            starts=entry["from"],
            ends=entry.get("until"),
            cite=entry["cite"],
            confirmed=entry["confirmed"],
            source=entry["source"],
        )
    for name, holiday in found.items():
        match holiday.falls:
            # It must hang on a day that stands by itself: otherwise two could hang on each other.
            case After(other, _) if other not in found or isinstance(found[other].falls, After):
                raise ValueError(f"holidays.yaml: {name} must follow a holiday of this file that has a day of its own")
    return found


@cache
def known() -> Mapping[str, Holiday]:
    """Every judicial holiday by name, in the order of the file."""
    return MappingProxyType(read(files("rules.law").joinpath("holidays.yaml").read_text(encoding="utf-8")))


@cache
def holidays(year: int) -> Mapping[date, str]:
    """The weekdays of ``year`` on which the courts are closed, in order, each with the name of the holiday (a message
    id). New Year's Day of 2028 is a Saturday, so it is kept on 31 December 2027 and belongs to 2027. Raises ValueError
    for a year before the file begins."""
    first = min(holiday.starts for holiday in known().values())
    if year < first.year:
        raise ValueError(f"holidays.yaml begins in {first.year}: the court days of {year} are not known")
    kept = {}
    for around in (year - 1, year, year + 1):  # a day near a year's end may be kept in the next or the last one
        for holiday in known().values():
            day = _day(holiday.falls, around)
            if holiday.starts <= day and (holiday.ends is None or day <= holiday.ends):
                kept[observed(day)] = holiday.title
    return MappingProxyType({day: kept[day] for day in sorted(kept) if day.year == year})


def observed(day: date) -> date:
    """The day on which a holiday is kept: the Friday before a Saturday, the Monday after a Sunday (rule 1.11)."""
    if day.weekday() == SATURDAY:
        return day - DAY
    return day + DAY if day.weekday() == SUNDAY else day


def is_court_day(day: date) -> bool:
    """Whether the courts are open on that day."""
    return day.weekday() < SATURDAY and day not in holidays(day.year)


def next_court_day(day: date) -> date:
    """The day itself if the courts are open on it, otherwise the next one on which they are (CCP 12a)."""
    return _open(day, DAY)


def add_court_days(start: date, n: int) -> date:
    """``n`` court days after ``start``, or before it if ``n`` is negative. ``start`` is not counted, whether it is a
    court day or not; the last day is (CCP 12; backward from a hearing CCP 12c). Nought counts nothing: ``start``."""
    step = DAY if n > 0 else -DAY
    day = start
    for _ in range(abs(n)):
        day = _open(day + step, step)
    return day


def _open(day: date, step: timedelta) -> date:
    while not is_court_day(day):
        day += step
    return day


def _falls(name: str, rule: Mapping[str, Any]) -> Fixed | Nth | After:
    match rule:
        case {"month": int(month), "day": int(day), **rest} if not rest:
            return Fixed(month, day)
        case {"month": int(month), "weekday": weekday, "nth": "last", **rest} if weekday in WEEKDAYS and not rest:
            return Nth(month, WEEKDAYS.index(weekday), None)
        case {"month": int(month), "weekday": weekday, "nth": 1 | 2 | 3 | 4 as nth, **rest} if (
            weekday in WEEKDAYS and not rest
        ):
            return Nth(month, WEEKDAYS.index(weekday), nth)
        case {"after": str(holiday), "days": int(days), **rest} if not rest:
            return After(holiday, days)
    raise ValueError(f"holidays.yaml: {name} falls on {dict(rule)}, which is none of the four ways to say a day")


def _day(falls: Fixed | Nth | After, year: int) -> date:
    match falls:
        case Fixed(month, day):
            return date(year, month, day)
        case After(holiday, days):
            return _day(known()[holiday].falls, year) + timedelta(days=days)
        case Nth(month, weekday, nth):
            if nth is None:
                last = date(year, month, calendar.monthrange(year, month)[1])
                return last - timedelta(days=(last.weekday() - weekday) % 7)
            first = date(year, month, 1)
            return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
