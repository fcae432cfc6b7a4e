"""What a review knows of one conviction and its person, whichever way it was computed, and what follows from that.

There are two ways: record by record (`normalise.py`, always works) and by columns (`by_columns.py`, with the extra
`[bulk]`). Both end in :class:`Reviewed`; from there on there is one way, so that the same cells, counts and papers come
out of both.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import NamedTuple

from rules.bulk.decide import (
    Circumstances,
    Determination,
    Policy,
    decide_by_policy,
    decide_by_statute,
)
from rules.judge import Finding
from rules.law import numbers
from rules.sources.doj_extract import SECTIONS, Charge, years_later
from rules.truth import Truth

ADDED = (
    "Case Number",
    "# of convictions on record",
    "Possible Other P64 Charges",
    "Occurred after 11/9/2016",
    "Superstrike Code Section(s)",
    "PC290 Code Section(s)",
    "PC290 Registration",
    "Date of Conviction",
    "Years Since This Conviction",
    "Years Since Any Conviction",
    "# of Prop 64 convictions",
    *(f"# of HS {s} convictions" for s in SECTIONS),
    "Deceased",
    "Eligibility Determination",
    "Eligibility Reason",
)
"""The columns that the results add to the 95."""
OTHER_CHARGES = ADDED.index("Possible Other P64 Charges")
NONE = "-"
_BLANKS = re.compile(r"[ \t\r\n]+")
RECENT_YEARS = 7


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What the whole record says of a person. Counts of convictions are of all counties; ``felonies``, ``unclear`` (of
    no known level), ``live`` and ``recent`` leave out those that were dismissed already."""

    key: int
    subject_id: str
    name: str
    gender: str
    race: str
    birth: date | None
    convictions: int
    by_section: tuple[int, int, int, int]
    superstrikes: str
    registrables: str
    registered: bool
    deceased: bool
    latest: date | None
    all_dated: bool
    felonies: int
    unclear: int
    live: int
    recent: int


class Reviewed(NamedTuple):
    """One Prop 64 conviction in the county."""

    number: int  # of its record, from 0, over all files
    record_id: str
    order: str
    court: str
    case_number: str
    charge: Charge
    convicted: date | None
    level: str  # its level now, or nothing
    dismissed: bool
    sentence_end: date | None
    other: str
    occurred: (
        date | None
    )  # the day it happened, where the arrest tells; else the conviction's, no later than which it was
    exactly: bool  # the day is the arrest's
    person: PersonFacts
    of: Circumstances
    finding: Finding


class Decided(NamedTuple):
    """A reviewed conviction with its answers. ``answer`` is the one the county asked for: its policy's, or the
    statute's where it gave none."""

    reviewed: Reviewed
    answer: Determination
    statute: Determination


def decided(reviewed: Iterable[Reviewed], policy: Policy | None, as_of: date) -> Iterable[Decided]:
    """The convictions with both answers."""
    found: dict[tuple[int, tuple[str, ...]], Determination] = {}
    for one in reviewed:
        # The judge keeps its decisions, so that many convictions share one.
        key = id(one.finding.decision), one.finding.would_settle
        statute = found.get(key)
        if statute is None:
            statute = found[key] = decide_by_statute(one.finding)
        yield Decided(one, statute if policy is None else decide_by_policy(policy, one.of, as_of), statute)


def occurred_after(one: Reviewed, as_of: date) -> Truth:
    """Whether it happened on or after the day on which Proposition 64 took effect. A conviction from before that day is
    about something from before it; a later one may be, unless the arrest is known."""
    in_force = _in_force(as_of)
    if one.occurred is None or in_force is None:
        return None
    if one.occurred < in_force:
        return False
    return True if one.exactly else None


@cache
def _in_force(as_of: date) -> date | None:
    day: date | None = numbers(as_of)["prop64_in_force"]
    return day


def cells(one: Decided, as_of: date) -> list[str]:
    """The 18 cells that its record gets (:data:`ADDED`)."""
    r, person = one.reviewed, one.reviewed.person
    after = occurred_after(r, as_of)
    return [
        r.case_number or NONE,
        str(person.convictions),
        one_line(r.other) or NONE,
        "" if after is None else "Yes" if after else NONE,
        person.superstrikes or NONE,
        person.registrables or NONE,
        "Yes" if person.registered else NONE,
        "" if r.convicted is None else r.convicted.strftime("%m/%d/%Y"),
        years_since(r.convicted, as_of),
        years_since(person.latest if person.all_dated else None, as_of),
        str(sum(person.by_section)),
        *map(str, person.by_section),
        "Yes" if person.deceased else NONE,
        one.answer.what,
        one.answer.reason,
    ]


def years_since(day: date | None, as_of: date) -> str:
    """Years from a day to another, days divided by 365.25, with one decimal; blank if the day is not known."""
    if day is None:
        return ""
    # In whole numbers: a tenth of a year is 36.525 days. Halves do not occur.
    tenths = ((as_of - day).days * 80 + 1461) // 2922
    return f"{tenths // 10}.{tenths % 10}"


def tail(row: Iterable[str]) -> bytes:
    """Cells as they are added to a line: a comma, then CSV. Characters beyond Latin-1 do not occur in them."""
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(row)
    return b"," + out.getvalue().encode("latin-1", "replace")


PLAIN_TAIL = b"," * len(ADDED)
"""What a record without a determination gets."""


def comment_tail(comment: str) -> bytes:
    """What a record without a determination gets, whose comment names another charge of Proposition 64."""
    row = [""] * len(ADDED)
    row[OTHER_CHARGES] = one_line(comment)
    return tail(row)


def one_line(text: str) -> str:
    """A text without line ends and doubled blanks. Only what ASCII calls a blank: other bytes may be letters."""
    return _BLANKS.sub(" ", text).strip(" ")


def recent_since(as_of: date) -> date:
    """The first day of the seven years before ``as_of``."""
    return years_later(as_of, -RECENT_YEARS)
