"""What a remedy declares. A remedy module has no ``if``: it lists requirements and an ordered table of outcomes.

The table is read from the top; the first row that holds decides, as in the printed tables of `law/`. A row speaks only
of requirements by name, so that every yes and no has a citation and words a person can read. Five more lists say what
surrounds the decision:

- presumptions: what holds while a fact is unknown. Either the statute puts the burden on the prosecution (11361.8(b):
  the court *shall presume* that the person qualifies) and the answer says so, or it is a plain assumption, and it is
  shown.
- fallbacks: what to say when the unknown facts leave several outcomes open and a table has its own line for that.
- flags: things that go with an answer, each with words. boxes: what to tick on which form. notes: dates worth knowing.

Every row, requirement and number has a time in which it holds; a row out of its time is not read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from .cite import Cite

OUTCOMES = (
    "eligible_mandatory",
    "eligible_discretionary",
    "not_yet",
    "not_eligible",
    "needs_lawyer",
    "need_info",
    "already_relieved",
)
ELIGIBLE = frozenset({"eligible_mandatory", "eligible_discretionary"})


def N_(message: str) -> str:  # noqa: N802  # the name that message extractors look for
    """Marks an English sentence as a message to translate; the translation happens where it is shown."""
    return message


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing the law asks. ``kind``: "gate" (the remedy applies at all), "section" (which section it was; rows about
    other sections are left out of the explanation), "fact" (what happened), "bar" (closes the door)."""

    name: str
    test: str
    cite: Cite
    met: str
    unmet: str
    unknown: str
    kind: str = "fact"
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    when: str
    outcome: str
    says: str
    cite: Cite
    relief: str = ""
    flags: tuple[str, ...] = ()
    doors: tuple[str, ...] = ()
    on: str = ""  # a date expression: the day the door opens, for not_yet
    confidence: str = "high"
    elsewhere: bool = False  # the remedy is not about this kind of entry at all (an arrest, a juvenile case)
    yields: bool = False  # already relieved, and another open door still adds something
    asks: tuple[str, ...] = ()  # of a row that says `need_info`: the facts to find out
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Presumption:
    """While ``fact`` is unknown, ``value`` is taken, where ``when`` holds. ``burden``: the law says so, not we."""

    fact: str
    value: bool | int | str
    says: str
    burden: bool = True
    when: str = "True"


@dataclass(frozen=True, slots=True)
class Flag:
    name: str
    says: str
    when: str = ""  # empty: only rows raise it
    asks: str = ""  # raised on an eligible answer while this fact could still make it better
    only_eligible: bool = False  # raised only on an eligible answer


@dataclass(frozen=True, slots=True)
class Box:
    label: str
    when: str


@dataclass(frozen=True, slots=True)
class Paper:
    form: str
    when: str
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """Words with a date, beside the answer."""

    name: str
    when: str
    on: str
    says: str
    cite: Cite


@dataclass(frozen=True, slots=True)
class Coverage:
    """The time in which a remedy holds, and who checked it when (`law/coverage.yaml`)."""

    since: date | None = None
    until: date | None = None
    verified_on: date | None = None
    verified_by: str = ""


# In the order in which the law prefers them (law/1203-4-family.md section 7): what undoes or lowers the conviction for
# all purposes, then reductions, then ending what still runs, then dismissals, then what a lawyer opens, then what the
# state does by itself, then what comes years later.
TIERS = ("better", "reduction", "ending", "dismissal", "arrest", "juvenile", "lawyer", "automatic", "later", "records")


@dataclass(frozen=True, slots=True)
class Remedy:
    name: str
    title: str
    short: str
    summary: str
    statute: Cite
    requirements: tuple[Requirement, ...]
    rows: tuple[Row, ...]
    presumptions: tuple[Presumption, ...] = ()
    fallbacks: tuple[Row, ...] = ()
    flags: tuple[Flag, ...] = ()
    papers: tuple[Paper, ...] = ()
    notes: tuple[Note, ...] = ()
    reliefs: tuple[tuple[str, str], ...] = ()  # (name, words), least first
    coverage: Coverage = field(default_factory=lambda: Coverage())  # when it holds, and who checked it
    tier: str = "dismissal"  # TIERS: what kind of relief it gives, for the order in which doors are taken
    beside: bool = False  # shown beside the answer, never claims the conviction
    doubts: tuple[str, ...] = ()  # open questions of law, for the coverage data

    @property
    def since(self) -> date | None:
        return self.coverage.since

    @property
    def until(self) -> date | None:
        return self.coverage.until

    @property
    def verified_on(self) -> date | None:
        return self.coverage.verified_on

    @property
    def verified_by(self) -> str:
        return self.coverage.verified_by


def in_force(item: Requirement | Row | Remedy, as_of: date) -> bool:
    return (item.since is None or item.since <= as_of) and (item.until is None or as_of <= item.until)
