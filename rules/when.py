"""Dates as the law counts them, with the rounding stated.

Every wait in the tables is "after the lapse of N years". The rule of `law/1203-4-family.md` section 0, used everywhere:
the day a door opens is ``add_years(anchor, N)`` plus one day. 29 February plus a year is 28 February, then one day on:
the result is at most a day late, never a day early.

    >>> from datetime import date
    >>> add_years(date(2024, 2, 29), 1)
    datetime.date(2025, 2, 28)

All functions accept an exact date, a :class:`~rules.span.Span` (both ends move) or ``None`` (stays unknown).
"""

from collections.abc import Callable
from datetime import date, timedelta

from .span import Ordered, Span, Value


def add_years(when: Value, years: Value) -> Value:
    """The same day ``years`` later; 29 February becomes 28 February in a common year."""
    return _move(when, years, _years_later)


def add_days(when: Value, days: Value) -> Value:
    """``days`` calendar days later (earlier if negative)."""
    return _move(when, days, lambda d, n: d + timedelta(days=n))


def years_between(start: Value, end: Value) -> Value:
    """Completed years from ``start`` to ``end``: an age. A person born on 29 February turns a year older on 1 March in
    a common year. Unknown if either is; a span if either is one; never below nought (a birth after the offense is
    refused where records are read)."""
    if start is None or end is None:
        return None
    if isinstance(start, date) and isinstance(end, date):
        return _age(start, end)
    s, e = _ends(start), _ends(end)
    low = _age(s[1], e[0]) if s[1] and e[0] else 0
    high = _age(s[0], e[1]) if s[0] and e[1] else None
    return low if low == high else Span(low=low, high=high)


def earliest(*dates: Value) -> Value:
    """The earliest of the dates. One that is unknown could be earlier still: then only the latest day is known."""
    lows, highs = zip(*(_ends(d) for d in dates), strict=True)
    low = None if None in lows else min(lows)
    high = min((h for h in highs if h is not None), default=None)
    if low is None and high is None:
        return None
    return high if low == high else Span(low=low, high=high)


def latest_known(*dates: Value) -> Value:
    """The latest of the dates that are known; of rough ones their last day. What is not known could be later still, so
    this is the earliest day a person may count on, never an exact one. Of "that day or later" there is no last day, and
    none that anybody may count on."""
    known = [_ends(d)[1] for d in dates if d is not None]
    ends = [high for high in known if high is not None]
    return max(ends) if ends and len(ends) == len(known) else None


def _years_later(d: date, n: int) -> date:
    if d.month == 2 and d.day == 29 and not _leap(d.year + n):
        return date(d.year + n, 2, 28)
    return d.replace(year=d.year + n)


def _leap(y: int) -> bool:
    return y % 4 == 0 and (y % 100 != 0 or y % 400 == 0)


def _age(born: date, on: date) -> int:
    return max(0, on.year - born.year - ((on.month, on.day) < (born.month, born.day)))


def _ends(v: Value) -> tuple[date | None, date | None]:
    if isinstance(v, Span):
        return (_date(v.low), _date(v.high))
    return (_date(v), _date(v))


def _date(v: Value | Ordered) -> date | None:
    return v if isinstance(v, date) else None


def _move(when: Value, by: Value, step: Callable[[date, int], date]) -> Value:
    if when is None or by is None:
        return None
    n = int(by)  # type: ignore[arg-type]  # a whole number of years or days, from a law file
    if isinstance(when, date):
        return step(when, n)
    low, high = _ends(when)
    return Span(low=step(low, n) if low else None, high=step(high, n) if high else None)
