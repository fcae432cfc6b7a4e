from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import span
from rules.span import Span, Value, at_least, at_most, could_be, month, narrowed, over, under, year

QUARTERS = range(-4, 25)  # quarters from -1 to 6: several points in every region between the whole ends below
numbers = st.integers(0, 5)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    low, high = draw(st.none() | numbers), draw(st.none() | numbers)
    if low is not None and high is not None and low > high:
        low, high = high, low
    open_ends = low is None or high is None or low < high
    above = open_ends and low is not None and draw(st.booleans())
    below = open_ends and high is not None and draw(st.booleans())
    return Span(low, high, above, below)


values = spans() | numbers


def points(v: Value) -> set[float]:
    """The points of the grid that the value may be."""
    if not isinstance(v, Span):
        return {float(v)}
    found = set()
    for i in QUARTERS:
        x = i / 4
        if v.low is not None and (x < v.low or (v.above and x == v.low)):
            continue
        if v.high is not None and (x > v.high or (v.below and x == v.high)):
            continue
        found.add(x)
    return found


def by_points(op: Callable[[float, float], bool], a: Value, b: Value) -> bool | None:
    answers = {op(x, y) for x in points(a) for y in points(b)}
    return answers.pop() if len(answers) == 1 else None


@pytest.mark.parametrize("name", ["lt", "le", "gt", "ge", "eq", "ne"])
@settings(max_examples=200, deadline=None)
@given(a=values, b=values)
def test_comparing_says_what_all_points_agree_on(name: str, a: Value, b: Value) -> None:
    assert getattr(span, name)(a, b) is by_points(getattr(operator, name), a, b)


@settings(max_examples=300, deadline=None)
@given(a=values, b=values)
def test_narrowed_is_the_overlap(a: Value, b: Value) -> None:
    both = points(a) & points(b)
    assert points(narrowed(a, b)) == (both or points(a))
    assert points(narrowed(None, a, None, b)) == (both or points(a))


def test_narrowed_gives_an_exact_value_where_one_point_is_left() -> None:
    assert narrowed(at_most(5), at_least(5)) == 5
    assert narrowed(over(5), at_most(5)) == over(5)
    assert narrowed(under(5), at_least(5)) == under(5)
    assert narrowed(over(1), under(5)) == Span(1, 5, above=True, below=True)
    assert narrowed(at_least(3), over(3)) == narrowed(over(3), at_least(3)) == over(3)
    assert narrowed(at_most(3), under(3)) == narrowed(under(3), at_most(3)) == under(3)
    assert narrowed() is None
    assert narrowed(None, None) is None
    assert narrowed(at_most(28.5), over(28.5), at_most(3)) == at_most(3)


@pytest.mark.parametrize("name", ["lt", "le", "gt", "ge", "eq", "ne"])
def test_nothing_known_compares_as_unknown(name: str) -> None:
    compare = getattr(span, name)
    for other in (None, 3, at_most(3), "text"):
        assert compare(None, other) is None
        assert compare(other, None) is None


def test_open_ends() -> None:
    assert span.lt(at_most(6), 7) is True
    assert span.le(at_most(6), 6) is True
    assert span.lt(at_most(6), 6) is None
    assert span.lt(under(6), 6) is True
    assert span.gt(over(28.5), 28.5) is True
    assert span.ge(at_least(21), 21) is True
    assert span.gt(at_least(21), 21) is None
    assert span.lt(Span(), 6) is None
    assert span.eq(Span(5, 5), 5) is True
    assert span.eq(Span(), Span()) is None
    assert span.eq("flower", "flower") is True
    assert span.ne("flower", "both") is True


def test_years_and_months_hold_their_first_and_last_day() -> None:
    assert year(2016) == Span(date(2016, 1, 1), date(2016, 12, 31))
    assert month(2016, 2) == Span(date(2016, 2, 1), date(2016, 2, 29))
    assert month(2015, 2).high == date(2015, 2, 28)
    assert month(2016, 12) == Span(date(2016, 12, 1), date(2016, 12, 31))
    assert month(2016, 11).low == date(2016, 11, 1)


def test_of_a_span_the_ends_move_along() -> None:
    assert at_most(Span(1, 5, below=True)) == Span(None, 5, below=True)
    assert over(Span(1, 5)) == Span(1, None, above=True)
    assert at_most(4) == Span(None, 4)
    assert over(4) == Span(4, None, above=True)
    assert span.ends(Span(1, 5)) == (1, 5)
    assert span.ends(3) == (3, 3)


def test_could_be() -> None:
    assert could_be(None, 0)
    assert could_be(at_most(3), 0)
    assert not could_be(over(0), 0)
    assert could_be(0, 0)
    assert not could_be(True, False)


@pytest.mark.parametrize("ends", [(6, 5, False, False), (5, 5, True, False), (5, 5, False, True)])
def test_a_span_of_nothing_is_refused(ends: tuple[int, int, bool, bool]) -> None:
    with pytest.raises(ValueError, match="span"):
        Span(*ends)


def test_a_span_of_one_point_is_allowed() -> None:
    assert Span(5, 5).low == 5
