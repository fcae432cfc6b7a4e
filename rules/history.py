"""What the rest of a record says about one count.

A person answers a question once. What one case says about another is read here, so that nobody is asked what their
record already shows: that they are on probation now, that a conviction or an arrest came after this one, that an
earlier conviction is on the list of most serious crimes, that there were two convictions of the same section before.

Only what the record *shows* is added. That nothing is in it proves nothing: people leave out cases, other states,
old tickets. So a case never says "no later conviction" about another one, but for one thing that follows by itself:
who was not convicted again after 2010 was not convicted again after 2015 either.

    >>> from datetime import date
    >>> old = Case(id="1", conviction_date=date(2010, 5, 1), counts=(Count(id="1", offense="PC 484"),))
    >>> new = Case(id="2", conviction_date=date(2020, 5, 1), counts=(Count(id="1", offense="PC 242"),))
    >>> facts = [facts for _, _, facts in stated_by_count(Record(Person(), (old, new)), date(2026, 11, 22))]
    >>> facts[0]["new_conviction_since"], facts[1].get("new_conviction_since")
    (True, None)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from . import catalogue
from .record import Case, Count, Day, Person, Record, known_of
from .span import Span, Value, le, lt
from .when import earliest

# From the lightest to the hardest: of several sentences being served, the hardest counts.
_HARDNESS = ("probation", "county_supervision", "parole", "custody")


def stated_by_count(record: Record, as_of: date) -> Iterator[tuple[Case, Count, dict[str, Value]]]:
    """Every count of the record, in order, with its case and the facts stated for it or shown by the rest of the
    record."""
    person = known_of(with_serious_crimes(record, with_serving(record, as_of), as_of))
    for case in record.cases:
        shared = person | known_of(case)
        if "new_conviction_since" not in shared and (since := trouble_since(record, case, as_of)) is not None:
            shared["new_conviction_since"] = since
        for count in case.counts:
            facts = shared | known_of(count)
            if "same_section_priors" not in facts and (priors := earlier_of_section(record, case, count)):
                facts["same_section_priors"] = Span(low=priors)
            yield case, count, facts


def with_serving(record: Record, as_of: date) -> Person:
    """The person, with what they serve now read from their cases where they did not say: the hardest sentence, and the
    last day of all, if the last day of each is known."""
    person = record.person
    serving = [(kind, case) for case in record.cases if (kind := _served(case, as_of))]
    if person.serving_now is not None or not serving:
        return person
    hardest = max((kind for kind, _ in serving), key=_HARDNESS.index)
    ends = [_last(c.probation_end if kind == "probation" else c.sentence_completed) for kind, c in serving]
    last = max((e for e in ends if e is not None), default=None)
    return replace(
        person, serving_now=hardest, serving_until=person.serving_until or (last if None not in ends else None)
    )


def _served(case: Case, as_of: date) -> str | None:
    """What is being served for the case: as it says, or a probation whose last day has not passed."""
    if case.sentence_status is not None:
        return case.sentence_status if case.sentence_status in _HARDNESS else None
    lasted = case.probation_outcome in (None, "completed", "violation")
    return "probation" if lasted and le(as_of, case.probation_end) else None


def _last(day: Day) -> date | None:
    high = day.high if isinstance(day, Span) else day
    return high if isinstance(high, date) else None


def with_serious_crimes(record: Record, person: Person, as_of: date) -> Person:
    """The person, with a conviction from the list of most serious crimes, or with a duty to register, that the record
    itself shows. It counts even if the person said that there is none; the earliest day counts. Whoever said that there
    is one, and not when, may mean an earlier one: then it is known to be no later."""
    days = [
        case.conviction_date
        for case in record.cases
        if _convicted(case) and any(_most_serious(count, as_of) for count in case.counts)
    ]
    if not days:
        return person
    if person.superstrike_or_290c or person.superstrike_or_290c_date is not None:
        days.append(person.superstrike_or_290c_date)
    first = earliest(*days)
    return replace(
        person,
        superstrike_or_290c=True,
        superstrike_or_290c_date=first if isinstance(first, (date, Span)) else None,
    )


def _most_serious(count: Count, as_of: date) -> bool:
    of = (count.offense, count.subdivision, count.paragraph, count.attempt)
    offenses = catalogue.on(as_of)
    return offenses.value("superstrike", *of) == "Y" or offenses.value("reg_290c", *of) == "Y"


def trouble_since(record: Record, case: Case, as_of: date) -> bool | None:
    """Whether the record shows a conviction or an arrest after this one; no, where a case from before it says there was
    none since; else unknown. Traffic tickets do not count, as the question to the person says."""
    others = [other for other in record.cases if other is not case and not _ticket(other, as_of)]
    for other in others:
        convicted = _convicted(other) and lt(case.conviction_date, other.conviction_date)
        if convicted or (_arrested(other) and lt(case.conviction_date, other.arrest_date)):
            return True
    for other in (other for other in record.cases if other is not case):
        if le(other.conviction_date, case.conviction_date) and other.new_conviction_since is False:
            return False
    return None


def earlier_of_section(record: Record, case: Case, count: Count) -> int:
    """How many convictions of the same section the record shows before this one. There may be more."""
    if count.offense is None or not _convicted(case):
        return 0
    return sum(
        other.offense == count.offense
        for c in record.cases
        if c is not case and _convicted(c) and lt(c.conviction_date, case.conviction_date)
        for other in c.counts
    )


def _convicted(case: Case) -> bool:
    return case.disposition in (None, "convicted") and case.juvenile is not True


def _ticket(case: Case, as_of: date) -> bool:
    """Whether the case is a traffic ticket and nothing else: infractions under the Vehicle Code."""
    offenses = catalogue.on(as_of)

    def infraction(count: Count) -> bool:
        of = (count.offense, count.subdivision, count.paragraph, count.attempt)
        level = count.level or ("infraction" if offenses.value("level", *of) == "I" else None)
        return level == "infraction" and (count.offense or "").startswith("VC ")

    return bool(case.counts) and all(infraction(count) for count in case.counts)


def _arrested(case: Case) -> bool:
    """Whether the case tells of an arrest of an adult. A release without charges was a detention only (PC 849.5)."""
    return case.disposition not in ("never_charged", "prosecutor_diversion") and case.juvenile is not True
