"""Generated records: a world in which every fact is exact and fits the others, and what a person knows of it.

``worlds()`` gives whole worlds, ``knowledge(world)`` hides some of it: a fact is known exactly, roughly (a span that
holds it) or not at all. Values lie at and around every limit of the tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from rules.expression import compiled
from rules.facts import derivations, names
from rules.law import numbers
from rules.record import Case, Count, Person, Record
from rules.span import Span, Value, at_least, at_most, lt, month, over, under, year

AS_OF = date(2026, 11, 22)
World = dict[str, Value]

LISTED = ("HS 11357", "HS 11358", "HS 11359", "HS 11360")
OTHER = (
    "PC 32",
    "PC 182",
    "HS 11361",
    "HS 11364",
    "VC 23222",
    "PC 4573.6",
    "HS 11530",
    "PC 484",
    "federal",
    "other state",
)
DAYS = (
    date(1972, 3, 1),
    date(1984, 2, 29),
    date(1998, 7, 21),
    date(2010, 12, 31),
    date(2011, 1, 1),
    date(2016, 2, 29),
    date(2016, 11, 8),
    date(2016, 11, 9),
    date(2018, 5, 5),
)
# For each stated fact a value from every region that the rules tell apart: enumerated where laws are tried by brute
# force.
REGIONS: dict[str, tuple[Any, ...]] = {
    "superstrike_or_290c": (True, False),
    "superstrike_or_290c_date": (date(1971, 1, 1), date(2020, 1, 1)),
    "juvenile": (True, False),
    "sentence_status": ("completed", "custody", "probation", "parole", "county_supervision"),
    "bar_in_same_case": (True, False),
    "offense": (*LISTED, *OTHER),
    "subdivision": ("a", "b", "c", "d", "e", "f"),
    "attempt": (True, False),
    "level": ("felony", "misdemeanor", "infraction"),
    "offense_date": (date(1950, 1, 1), date(2016, 11, 8), date(2016, 11, 9)),
    "age_at_offense": (17, 18, 20, 21),
    "already_relieved": (True, False),
    "substance": ("flower", "concentrate", "both"),
    "flower_g": (4, 28.5, 28.6),
    "concentrate_g": (4, 4.1, 8, 8.1),
    "plants": (6, 7),
    "conduct": ("carried", "gave", "sold"),
    "recipient_under_21": (True, False),
    "knowingly_to_minor": (True, False),
    "crossed_state_line": ("not_crossed", "into_state", "out_of_state"),
    "hired_under_21": (True, False),
    "school_grounds": (True, False),
    "environmental_crime": (True, False),
    "same_section_priors": (0, 1, 2),
}
PERSON, CASE, COUNT = (names(scope) for scope in ("person", "case", "count"))
STATED = (*PERSON, *CASE, *COUNT)


@st.composite
def worlds(draw: st.DrawFn, offenses: tuple[str, ...] = (*LISTED, *LISTED, *LISTED, *OTHER)) -> World:
    """Every fact known exactly, and none against another."""
    world: World = {n: draw(st.sampled_from(values)) for n, values in REGIONS.items()}
    world["offense"] = offense = draw(st.sampled_from(offenses))
    world["attempt"] = draw(st.sampled_from((False, False, False, True)))
    world["already_relieved"] = draw(st.sampled_from((False, False, False, True)))
    world["juvenile"] = draw(st.sampled_from((False, False, False, True)))
    day = draw(st.sampled_from(DAYS))
    age = draw(st.sampled_from((15, 17, 18, 19, 20, 21, 30)))
    born = date(day.year - age, day.month, min(day.day, 28))
    world |= {"offense_date": day, "birth_date": born, "age_at_offense": age}
    world["arrest_date"] = day
    world["conviction_date"] = day + timedelta(days=draw(st.sampled_from((0, 30, 400))))
    world |= {"county": "Los Angeles", "case_number": "A1"}
    letters = {"HS 11357": "abcde", "HS 11360": "ab", "VC 23222": "ab"}.get(offense, "f")
    world["subdivision"] = letter = draw(st.sampled_from(letters))
    if offense == "HS 11357":
        if world["level"] == "infraction":
            world["subdivision"] = letter = "b"
        world["substance"] = "concentrate" if letter == "a" else "flower"
        world["school_grounds"] = letter in "de"
        world["flower_g"] = 28.6 if letter == "c" else draw(st.sampled_from((3, 28.5)))
    if offense == "HS 11360" and letter == "b":
        world["substance"] = "flower"
        world["flower_g"] = draw(st.sampled_from((3, 28.5)))
    _make_bar_fit(draw, world)
    return world


def _make_bar_fit(draw: st.DrawFn, world: World) -> None:
    """A serious conviction in the same case is not before the offense; without one there is no date."""
    if not world["superstrike_or_290c"]:
        world |= {"superstrike_or_290c_date": None, "bar_in_same_case": False}
    elif world["bar_in_same_case"]:
        world["superstrike_or_290c_date"] = world["conviction_date"]
    else:
        day = world["offense_date"]
        assert isinstance(day, date)
        world["superstrike_or_290c_date"] = day + timedelta(days=draw(st.sampled_from((-900, -1, 0, 1, 900))))


def rough(value: Value) -> st.SearchStrategy[Value]:
    """Spans that hold the value."""
    if isinstance(value, date):
        return st.sampled_from((year(value.year), month(value.year, value.month), at_most(value), at_least(value)))
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return st.none()
    choices = [at_most(value), at_least(value), Span(value, value + 5), at_most(value + 3), under(value + 1)]
    return st.sampled_from(choices + ([over(value - 1)] if value >= 1 else []))


@st.composite
def knowledge(draw: st.DrawFn, world: World, least: float = 0.0) -> World:
    """What somebody knows of the world: each fact exactly, roughly or not at all."""
    share = draw(st.sampled_from((0.3, 0.6, 0.8, 0.9, 1.0)).filter(lambda s: s >= least))
    known: World = {}
    for name in STATED:
        value = world.get(name)
        how = draw(st.floats(0, 1, exclude_max=True))
        if value is not None and how < share:
            known[name] = draw(rough(value)) if how < share * 0.15 else value
    return {n: v for n, v in known.items() if v is not None}


def record_of(facts: Mapping[str, Value]) -> Record:
    """A record of one count."""

    def of(its: tuple[str, ...]) -> dict[str, Any]:
        return {n: facts[n] for n in its if facts.get(n) is not None}

    return Record(Person(**of(PERSON)), (Case(id="1", counts=(Count(id="1", **of(COUNT)),), **of(CASE)),))


def derived(facts: Mapping[str, Value]) -> dict[str, Value]:
    """The facts that follow, as the dictionary computes them."""
    values: dict[str, Value] = {n: v for n, v in facts.items() if v is not None}
    values["as_of"] = AS_OF
    for name, compute in _derivations():
        values[name] = compute(values)
    return {name: values[name] for name, _ in _derivations()}


_COMPILED: list[Any] = []


def _derivations() -> list[Any]:
    if not _COMPILED:
        _COMPILED.extend((name, compiled(tree, numbers(AS_OF))) for name, tree in derivations())
    return _COMPILED


def within(new: Value, old: Value) -> bool:
    """Does ``new`` say all that ``old`` says, and nothing against it?"""
    if old is None:
        return True
    if not isinstance(old, Span):
        return new == old or (isinstance(new, Span) and new.low == new.high == old)
    if new is None:
        return False
    low, high, above, below = (
        (new.low, new.high, new.above, new.below) if isinstance(new, Span) else (new, new, False, False)
    )
    starts = old.low is None or (
        low is not None and (lt(old.low, low) is True or (low == old.low and above >= old.above))
    )
    stops = old.high is None or (
        high is not None and (lt(high, old.high) is True or (high == old.high and below >= old.below))
    )
    return starts and stops


def learned(before: Mapping[str, Value], after: Mapping[str, Value]) -> bool:
    """Is ``after`` all of ``before`` and more, nothing in it overruling what followed before? (A stated weight
    overrules what the old subdivision says, a stated day the arrest that stood in for it: that is a correction, not
    learning.)"""
    then, now = derived(before), derived(after)
    return all(within(after.get(n), v) for n, v in before.items()) and all(within(now[n], v) for n, v in then.items())
