"""Values known only roughly: "around 1998", "an ounce or less", "between 18 and 20".

A fact is an exact value (``date(1998, 7, 21)``, ``5``), a :class:`Span` that holds the true value somewhere between two
ends, or ``None``, not known at all. Comparing spans gives three-valued truth, so a year alone settles whatever a year
can settle:

    >>> from datetime import date
    >>> lt(year(1998), date(2016, 11, 9)), lt(year(2016), date(2016, 11, 9)), le(over(6), 6)
    (True, None, False)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from .truth import Truth

# Two ends, or two values, are of one kind: both numbers or both dates. The reader of records (record.py) sees to that,
# and the type checker cannot know it: hence the marks `type: ignore` on the comparisons below.
Ordered = int | float | date


@dataclass(frozen=True, slots=True)
class Span:
    """Somewhere from ``low`` to ``high``; ``None`` is an open end; ``above``/``below`` leave the end itself out."""

    low: Ordered | None = None
    high: Ordered | None = None
    above: bool = False
    below: bool = False

    def __post_init__(self) -> None:
        if self.low is not None and self.high is not None:
            if self.low > self.high:  # type: ignore[operator]  # record.py checks that both ends are of one kind
                raise ValueError(f"a span cannot end ({self.high}) before it starts ({self.low})")
            if self.low == self.high and (self.above or self.below):
                raise ValueError(f"a span of nothing: {self.low} itself is left out")


Value = bool | str | Ordered | Span | None


def at_most(n: Ordered | Span) -> Span:
    return Span(high=n.high, below=n.below) if type(n) is Span else Span(high=n)  # type: ignore[arg-type]


def at_least(n: Ordered) -> Span:
    return Span(low=n)


def over(n: Ordered | Span) -> Span:
    return Span(low=n.low, above=True) if type(n) is Span else Span(low=n, above=True)  # type: ignore[arg-type]


def under(n: Ordered) -> Span:
    return Span(high=n, below=True)


def year(y: int) -> Span:
    return Span(date(y, 1, 1), date(y, 12, 31))


def month(y: int, m: int) -> Span:
    first = date(y, m, 1)
    following = date(y + m // 12, m % 12 + 1, 1)
    return Span(first, date.fromordinal(following.toordinal() - 1))


def could_be(v: Value, exact: bool | str | Ordered) -> bool:
    """Could the true value be ``exact``, for all that is known?"""
    return v is None or eq(v, exact) is not False


def narrowed(*said: Value) -> Value:
    """What several sources say together: the part on which they agree. One that contradicts those before it is left
    out, so what a person states weighs more than what follows from something else.

    >>> narrowed(None, at_most(28.5), Span(20, 40))
    Span(low=20, high=28.5, above=False, below=False)
    >>> narrowed(40, at_most(28.5))
    40
    """
    known: Value = None
    for value in said:
        if known is None:
            known = value
        elif value is not None:
            both = _overlap(_span(known), _span(value))
            known = known if both is None else both
    return known


def _overlap(a: Span, b: Span) -> Value:
    """Where two spans agree; ``None`` where they do not. A single point is an exact value."""
    low, above = _tighter((a.low, a.above), (b.low, b.above), lambda x, y: x > y)
    high, below = _tighter((a.high, a.below), (b.high, b.below), lambda x, y: x < y)
    if low is None or high is None or low < high:  # type: ignore[operator]
        return Span(low, high, above, below)
    return low if low == high and not above and not below else None


End = tuple[Ordered | None, bool]  # an end, and whether it is itself left out


def _tighter(a: End, b: End, further_in: Callable[[Any, Any], bool]) -> End:
    if a[0] is None or b[0] is None:
        return b if a[0] is None else a
    if a[0] == b[0]:
        return a[0], a[1] or b[1]
    return a if further_in(a[0], b[0]) else b


def ends(v: Ordered | Span) -> tuple[Ordered | None, Ordered | None]:
    """The lowest and highest value it may have; ``None`` for no limit."""
    return (v.low, v.high) if type(v) is Span else (v, v)  # type: ignore[return-value]


def lt(a: Value, b: Value) -> Truth:
    """Is a below b? Unknown where the spans overlap."""
    if a is None or b is None:
        return None
    if type(a) is not Span and type(b) is not Span:
        return bool(a < b)  # type: ignore[operator]
    x, y = _span(a), _span(b)
    if _before(x.high, y.low) or (x.high is not None and x.high == y.low and (x.below or y.above)):
        return True
    if _before(y.high, x.low) or (x.low is not None and x.low == y.high):
        return False
    return None


def le(a: Value, b: Value) -> Truth:
    """Is a at most b? Unknown where the spans overlap."""
    if a is None or b is None:
        return None
    if type(a) is not Span and type(b) is not Span:
        return bool(a <= b)  # type: ignore[operator]
    x, y = _span(a), _span(b)
    if _before(x.high, y.low) or (x.high is not None and x.high == y.low):
        return True
    if _before(y.high, x.low) or (x.low is not None and x.low == y.high and (x.above or y.below)):
        return False
    return None


def gt(a: Value, b: Value) -> Truth:
    return lt(b, a)


def ge(a: Value, b: Value) -> Truth:
    return le(b, a)


def eq(a: Value, b: Value) -> Truth:
    if a is None or b is None:
        return None
    if type(a) is not Span and type(b) is not Span:
        return a == b
    if lt(a, b) or lt(b, a):
        return False
    (low, high), (other_low, other_high) = ends(a), ends(b)  # type: ignore[arg-type]
    return True if low is not None and low == high == other_low == other_high else None


def ne(a: Value, b: Value) -> Truth:
    same = eq(a, b)
    return None if same is None else not same


def _before(a: Ordered | None, b: Ordered | None) -> bool:
    return a is not None and b is not None and a < b  # type: ignore[operator]


def _span(v: Value) -> Span:
    return v if type(v) is Span else Span(v, v)  # type: ignore[arg-type]
