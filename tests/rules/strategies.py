"""Generated records: a world in which every fact is exact and fits the others, and what a person knows of it.

:func:`life` tells the story of one entry of a record (a conviction with probation, with a sentence to prison, an
arrest, a juvenile case, and so on); :func:`knowledge` hides some of it: a fact is known exactly, roughly (a span that
holds it) or not at all. Values lie at and around every limit of the tables.

Both take their choices from :class:`Dice`, a single row of bytes that Hypothesis draws. (Asked for many small things,
it repeats the first of them in most examples, and the worlds were few.)
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, TypeVar

from hypothesis import note
from hypothesis import strategies as st

from rules import catalogue, offense
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
    "VC 23222(b)",
    "PC 4573.6",
    "HS 11530",
    "PC 484",
    "federal",
    "other state",
)
UNLISTED = "PC 9999"  # a section that the offense list does not have
# A section from every place that the offense list can give it.
SECTIONS = (
    "PC 148.9",
    "PC 182(a)(1)",
    "PC 187",
    "PC 207(a)",
    "PC 209",
    "PC 211",
    "PC 243(e)(1)",
    "PC 243.4(a)",
    "PC 245(a)(1)",
    "PC 261.5(d)",
    "PC 273.5(a)",
    "PC 288",
    "PC 311.11",
    "PC 368(b)(1)",
    "PC 368(d)",
    "PC 415",
    "PC 459 first",
    "PC 459 second",
    "PC 470",
    "PC 476a",
    "PC 484",
    "PC 487(a)",
    "PC 496(a)",
    "PC 530.5(a)",
    "PC 594(a)",
    "PC 602",
    "PC 647(b)",
    "PC 647.6(a)",
    "PC 664/187",
    "PC 664/288(a)",
    "PC 664/487(a)",
    "PC 666",
    "HS 11350(a)",
    "HS 11351",
    "HS 11377(a)",
    "HS 11378",
    "VC 2800",
    "VC 10851(a)",
    "VC 12500(a)",
    "VC 22349",
    "VC 23152(b)",
    UNLISTED,
)
MARIJUANA = (*LISTED, *LISTED, *LISTED, *OTHER)
ANY_SECTION = (*LISTED, *OTHER, *SECTIONS, *SECTIONS)


def ago(days: int) -> date:
    return AS_OF - timedelta(days=days)


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
# Days of lately too: in them most waits are not over yet.
LATE_DAYS = (*DAYS, date(2014, 11, 4), date(2014, 11, 5), date(2021, 1, 1), ago(1500), ago(800), ago(366), ago(60))
# For each stated fact a value from every region that the rules tell apart: enumerated where laws are tried by brute
# force.
YES_NO = (True, False)
REGIONS: dict[str, tuple[Any, ...]] = {
    "superstrike_or_290c": YES_NO,
    "superstrike_or_290c_date": (date(1971, 1, 1), date(2020, 1, 1)),
    "juvenile": YES_NO,
    "sentence_status": ("completed", "custody", "probation", "parole", "county_supervision"),
    "bar_in_same_case": YES_NO,
    "offense": (
        *LISTED,
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
    ),
    "subdivision": ("a", "b", "c", "d", "e", "f"),
    "attempt": YES_NO,
    "level": ("felony", "misdemeanor", "infraction"),
    "offense_date": (date(1950, 1, 1), date(2016, 11, 8), date(2016, 11, 9)),
    "age_at_offense": (17, 18, 20, 21),
    "already_relieved": YES_NO,
    "substance": ("flower", "concentrate", "both"),
    "flower_g": (4, 28.5, 28.6),
    "concentrate_g": (4, 4.1, 8, 8.1),
    "plants": (6, 7),
    "conduct": ("carried", "gave", "sold"),
    "recipient_under_21": YES_NO,
    "knowingly_to_minor": YES_NO,
    "crossed_state_line": ("not_crossed", "into_state", "out_of_state"),
    "hired_under_21": YES_NO,
    "school_grounds": YES_NO,
    "environmental_crime": YES_NO,
    "same_section_priors": (0, 1, 2),
}
# The same for the facts that Proposition 64 does not read, as far as they can be enumerated (days cannot).
MORE_REGIONS: dict[str, tuple[Any, ...]] = {
    "serving_now": ("nothing", "probation", "county_supervision", "parole", "custody"),
    "pending_charge": YES_NO,
    "must_register": YES_NO,
    "fire_crew": YES_NO,
    "trafficked": YES_NO,
    "abused_into_it": YES_NO,
    "adult_court_under_18": YES_NO,
    "california_five_years": YES_NO,
    "disposition": (
        "convicted",
        "never_charged",
        "dismissed",
        "dismissed_for_good",
        "acquitted",
        "vacated",
        "diverted",
        "prosecutor_diversion",
        "dej_completed",
        "convicted_of_other",
        "not_known",
    ),
    "sentence": ("probation", "no_probation", "felony_term"),
    "felony_term": ("county_jail", "county_jail_split", "prison"),
    "term_suspended": YES_NO,
    "probation_outcome": ("completed", "early", "violation", "revoked_jail", "revoked_felony_term"),
    "sentence_performed": ("all", "fine_owed", "not_all"),
    "new_conviction_since": YES_NO,
    "dismissed_before": YES_NO,
    "life_term": YES_NO,
    "juvenile_outcome": ("completed", "not_completed"),
    "evaded": YES_NO,
    "value_usd": (950, 950.01),
    "shoplifting": YES_NO,
    "kept_vehicle": YES_NO,
    "identity_theft_too": YES_NO,
    "check_priors": YES_NO,
    "vehicle_inspection": YES_NO,
    "abuse_pattern": YES_NO,
}
ALL_REGIONS = REGIONS | MORE_REGIONS
PERSON, CASE, COUNT = (names(scope) for scope in ("person", "case", "count"))
STATED = (*PERSON, *CASE, *COUNT)
T = TypeVar("T")


class Dice:
    """Choices, one after the other; a failing example is made simpler by turning them into the first value."""

    def __init__(self, row: bytes) -> None:
        self.row = iter(row)

    def pick(self, values: Sequence[T]) -> T:
        return values[next(self.row) % len(values)]

    def number(self, most: int) -> int:
        return (next(self.row) << 8 | next(self.row)) % (most + 1)

    def some(self, values: Sequence[T], most: int) -> list[T]:
        """One of the values, or several, up to so many."""
        left, found = list(values), []
        for _ in range(min(len(left), 1 + self.number(most - 1))):
            found.append(left.pop(next(self.row) % len(left)))
        return found

    def mixed(self, values: Sequence[T]) -> list[T]:
        """All of the values in another order."""
        return sorted(values, key=lambda _: next(self.row))


def dice(entries: int = 1) -> st.SearchStrategy[Dice]:
    """Enough for so many entries of a record, and some choices besides."""
    size = 400 * entries
    return st.binary(min_size=size, max_size=size).map(Dice)


# What would close a door for most lives, if it were as common as not.
RARE = (
    "superstrike_or_290c",
    "pending_charge",
    "already_relieved",
    "dismissed_before",
    "evaded",
    "identity_theft_too",
    "check_priors",
)
# "conviction" is one with the sentences that fit its level; a person under 18 may be in juvenile court instead.
STORIES = ("conviction", "conviction", "conviction", "arrest", "arrest", "deferred")


def life(
    dice: Dice,
    offenses: tuple[str, ...] = ANY_SECTION,
    days: tuple[date, ...] = LATE_DAYS,
    stories: tuple[str, ...] = STORIES,
) -> World:
    """Every fact known exactly, and none against another. What no such life has (the end of a probation that was never
    given) is None."""
    world: World = dict.fromkeys(STATED)
    world |= {n: dice.pick(values) for n, values in ALL_REGIONS.items()}
    world |= {"county": "Los Angeles", "case_number": "A1"}
    _set_offense(dice, world, dice.pick(offenses))
    day = dice.pick(days)
    age = dice.pick((30, 21, 20, 19, 18, 17, 15))
    born = date(day.year - age, day.month, min(day.day, 28))
    world |= {"offense_date": day, "birth_date": born, "age_at_offense": age, "arrest_date": day}
    world |= {n: dice.pick((False, False, False, True)) for n in RARE}
    _tell(dice, world, dice.pick(stories), day, age)
    _make_bar_fit(dice, world)
    world["must_register"] = bool(world["superstrike_or_290c"]) and dice.pick(YES_NO)
    world["adult_court_under_18"] = True if age < 18 and not world["juvenile"] else dice.pick(YES_NO)
    note(f"the life: { {n: v for n, v in world.items() if v is not None} }")
    return world


def _set_offense(dice: Dice, world: World, text: str) -> None:
    read = offense.read(text)
    assert read is not None
    world |= {"offense": read.offense, "subdivision": read.subdivision, "paragraph": read.paragraph}
    world["attempt"] = read.attempt or dice.pick((False, False, False, False, True))
    if read.offense in LISTED:
        letters = {"HS 11357": "abcde", "HS 11360": "ab"}.get(read.offense, "f")
        world["subdivision"] = letter = dice.pick(letters)
        if read.offense == "HS 11357":
            if world["level"] == "infraction":
                world["subdivision"] = letter = "b"
            world["substance"] = "concentrate" if letter == "a" else "flower"
            world["school_grounds"] = letter in "de"
            world["flower_g"] = 28.6 if letter == "c" else dice.pick((3, 28.5))
        if read.offense == "HS 11360" and letter == "b":
            world["substance"] = "flower"
            world["flower_g"] = dice.pick((3, 28.5))
        return
    entry = catalogue.on(AS_OF).entry(read.offense, read.subdivision, read.paragraph, read.attempt)
    levels = {"F": ("felony",), "M": ("misdemeanor",), "I": ("infraction",), "W": ("felony", "misdemeanor")}
    world["level"] = dice.pick(levels[entry.level] if entry else ("felony", "misdemeanor"))
    if entry and entry.prop47 == "Y":
        world["level"] = dice.pick(("felony", "misdemeanor"))


def _tell(dice: Dice, world: World, story: str, day: date, age: int) -> None:
    """The story: how the entry came about, and how it went on until today."""
    world |= dict.fromkeys(("sentence", "felony_term", "probation_outcome", "sentence_performed", "juvenile_outcome"))
    world |= {"sentence_status": None, "juvenile": False, "term_suspended": False, "life_term": False}
    its_end: date | None = None
    kinds = {"felony": ("probation", "felony_term"), "misdemeanor": ("probation", "no_probation")}
    if story == "conviction":
        story = dice.pick(kinds.get(str(world["level"]), ("no_probation",)))
    if age < 18 and dice.pick((False, True)):
        story = "juvenile"
    convicted = min(day + timedelta(days=dice.pick((0, 30, 400))), ago(20))
    world |= {"disposition": "convicted", "conviction_date": convicted}
    match story:
        case "arrest":
            endings = MORE_REGIONS["disposition"][1:]
            world |= {"disposition": dice.pick(endings), "conviction_date": None, "bar_in_same_case": False}
        case "deferred":
            world["disposition"] = "dej_completed"
        case "juvenile":
            its_end = dice.pick((convicted + timedelta(days=200), ago(1), AS_OF, ago(-300)))
            world |= {
                "juvenile": True,
                "sentence_completed": its_end,
                "juvenile_outcome": dice.pick(("completed", "not_completed")),
            }
        case "probation":
            its_end = _probation(dice, world, convicted)
        case "no_probation":
            its_end = max(convicted, dice.pick((convicted, convicted + timedelta(days=90), ago(1), AS_OF)))
            world |= {"sentence": "no_probation", "sentence_completed": its_end}
            world["sentence_performed"] = dice.pick(("all", "all", "fine_owed", "not_all"))
        case "felony_term":
            world["sentence"] = "felony_term"
            its_end = _term(dice, world, convicted)
    _serve(dice, world, its_end)


def _probation(dice: Dice, world: World, convicted: date) -> date:
    outcomes = MORE_REGIONS["probation_outcome"]
    outcome = dice.pick(outcomes if world["level"] == "felony" else outcomes[:4])
    last = dice.pick((convicted + timedelta(days=365), convicted + timedelta(days=1100), ago(1), AS_OF, ago(-200)))
    world |= {"sentence": "probation", "probation_outcome": outcome, "term_suspended": dice.pick((False, False, True))}
    if outcome in ("early", "revoked_jail", "revoked_felony_term"):
        last = min(last, ago(1))
    world["probation_end"] = last
    if outcome == "revoked_felony_term":
        return _term(dice, world, last)
    if outcome == "revoked_jail":
        world["sentence_completed"] = last = max(last, dice.pick((last, ago(1), ago(-30))))
    return last


def _term(dice: Dice, world: World, begun: date) -> date:
    """A felony sentence: where it was served, the release, the end."""
    term = dice.pick(MORE_REGIONS["felony_term"])
    released = dice.pick((begun + timedelta(days=300), ago(2557), ago(731), ago(366), AS_OF + timedelta(days=90)))
    released = max(begun, released)
    over_on = released if term == "county_jail" else released + timedelta(days=dice.pick((0, 365, 1100)))
    world |= {"felony_term": term, "sentence_completed": over_on, "life_term": dice.pick((False, False, False, True))}
    world["release_date"] = released if released < AS_OF else None
    return over_on


def _serve(dice: Dice, world: World, its_end: date | None) -> None:
    """What is being served today, for this and for other cases."""
    serving: list[tuple[str, date]] = []
    if its_end is not None:
        if its_end < AS_OF:
            world["sentence_status"] = "completed"
        else:
            world["sentence_status"] = kind = _kind_of_service(world)
            serving.append((kind, its_end))
    elsewhere = dice.pick((*[None] * 8, "probation", "county_supervision", "parole", "custody"))
    if elsewhere:
        serving.append((elsewhere, AS_OF + timedelta(days=dice.pick((0, 30, 400)))))
    hardness = MORE_REGIONS["serving_now"]
    world["serving_now"] = max((kind for kind, _ in serving), key=hardness.index, default="nothing")
    world["serving_until"] = max((end for _, end in serving), default=None)


def _kind_of_service(world: World) -> str:
    if world["felony_term"] and (
        world["sentence"] == "felony_term" or world["probation_outcome"] == "revoked_felony_term"
    ):
        if world["release_date"] is None:
            return "custody"
        return "parole" if world["felony_term"] == "prison" else "county_supervision"
    if world["probation_outcome"] == "revoked_jail" or world["sentence"] == "no_probation":
        return "custody"
    return "probation"


def _make_bar_fit(dice: Dice, world: World) -> None:
    """A serious conviction in the same case is not before the offense; without one there is no date. A conviction that
    is itself on the list is one."""
    of = (world["offense"], world["subdivision"], world["paragraph"], world["attempt"])
    table = catalogue.on(AS_OF)
    itself = world["disposition"] == "convicted" and not world["juvenile"]
    if itself and "Y" in (table.value("reg_290c", *of), table.value("superstrike", *of)):  # type: ignore[arg-type]
        world |= {"superstrike_or_290c": True, "bar_in_same_case": True}
    if not world["superstrike_or_290c"]:
        world |= {"superstrike_or_290c_date": None, "bar_in_same_case": False}
    elif world["bar_in_same_case"]:
        world["superstrike_or_290c_date"] = world["conviction_date"]
    else:
        day = world["offense_date"]
        assert isinstance(day, date)
        world["superstrike_or_290c_date"] = min(day + timedelta(days=dice.pick((-900, -1, 0, 1, 900))), AS_OF)


def rough(dice: Dice, value: Value) -> Value:
    """A span that holds the value; nothing, for what is no date and no number."""
    if isinstance(value, date):
        return dice.pick((year(value.year), month(value.year, value.month), at_most(value), at_least(value)))
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    choices = [at_most(value), at_least(value), Span(value, value + 5), at_most(value + 3), under(value + 1)]
    return dice.pick(choices + ([over(value - 1)] if value >= 1 else []))


def knowledge(dice: Dice, world: World, least: float = 0.0) -> World:
    """What somebody knows of the world: each fact exactly, roughly or not at all."""
    share = dice.pick([s for s in (1.0, 0.9, 0.8, 0.6, 0.3) if s >= least])
    known: World = {}
    for name in STATED:
        value, level = world.get(name), next(dice.row)
        if value is not None and level < 256 * share:
            known[name] = rough(dice, value) if level >= 256 * share * 0.85 else value
    known = {n: v for n, v in known.items() if v is not None}
    note(f"known of it: {known}")
    return known


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


def learned(before: Mapping[str, Value], after: Mapping[str, Value], following: Collection[str] | None = None) -> bool:
    """Is ``after`` all of ``before`` and more, nothing in it overruling what followed before? (A stated weight
    overrules what the old subdivision says, a stated day the arrest that stood in for it: that is a correction, not
    learning.) ``following``: the derived facts that count, where one remedy reads but some of them."""
    then, now = derived(before), derived(after)
    return all(within(after.get(n), v) for n, v in before.items()) and all(
        within(now[n], v) for n, v in then.items() if following is None or n in following
    )
