"""The Department of Justice's criminal-history extract (95 columns), read as the rules see a person.

One line of the file is one count of one step (an arrest, a court action, a registration, ...) of one cycle of one
person. This module says what a single cell means, and puts a person's lines together:

- :func:`day`, :func:`charge`, :func:`level`, :func:`relief`, :func:`sentence_part`: cells;
- :func:`subject_of`: the lines of one person, in the order of the file, as a :class:`Subject`;
- :func:`facts_of` and :func:`record_of`: what the rules may rely on.

Nothing is guessed: a date that cannot be read, a level in other words, an offense without a code are ``None``. The
extract is the state's own record, so that what it would show and does not (a later dismissal, an earlier conviction of
the section) is a "no"; what it cannot show (weights, plants, a sale to a minor) stays unknown.

Worked example, one person, one cycle::

    CNT_ORDER     STP_TYPE_DESCR  DISP_DATE  OFFENSE_DESCR     DISP_DESCR                  SENT_LENGTH SENT_TIME_CODE
    001001001000  ARREST          (blank)    11358 HS-...
    001002001000  COURT ACTION    19980303   11358 HS-...      CONVICTED-PROB/JAIL         3           Y
    001002001000  COURT ACTION    19980303   11358 HS-...      CONVICTED-PROB/JAIL         90          D
    001002001000  COURT ACTION    20040511   11358 HS-...      REDUCED TO MISDEMEANOR

is one conviction of HS 11358, now a misdemeanor, whose sentence ended on 1 June 2001 (three years, then ninety days).

The format is `doj/format.md` of the law pack; there is no public description by the Department.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from rules import catalogue, offense
from rules.offense import Offense
from rules.record import Case, Count, Person, Record
from rules.span import Span, at_most
from rules.when import earliest

_NAMES = """
RECORD_ID SUBJECT_STATUS SUBJECT_ID REQ_SEG_SEP REQ_CII_NUMBER REQ_NAME REQ_GENDER REQ_DOB REQ_CDL REQ_SSN
PII_SEG_SEP CII_NUMBER PRI_NAME GENDER PRI_DOB PRI_SSN PRI_CDL PRI_IDN PRI_INN FBI_NUMBER PDR_SEG_SEP RACE_CODE
RACE_DESCR EYE_COLOR_CODE EYE_COLOR_DESCR HAIR_COLOR_CODE HAIR_COLOR_DESCR HEIGHT WEIGHT SINGLE_SOURCE MULTI_SOURCE
POB_CODE POB_NAME POB_TYPE CITIZENSHIP_LIST CYC_SEG_SEP CYC_ORDER CYC_DATE STP_SEG_SEP STP_ORDER STP_EVENT_DATE
STP_TYPE_CODE STP_TYPE_DESCR STP_ORI_TYPE STP_ORI_TYPE_DESCR STP_ORI_CODE STP_ORI_DESCR STP_ORI_CNTY_CODE
STP_ORI_CNTY_NAME CNT_SEG_SEP CNT_ORDER DISP_DATE OFN OFFENSE_CODE OFFENSE_DESCR OFFENSE_TOC OFFENSE_QUAL_LST
DISP_OFFENSE_CODE DISP_OFFENSE_DESCR DISP_OFFENSE_TOC DISP_OFFENSE_QUAL_LST CONV_OFFENSE_ORDER CONV_OFFENSE_CODE
CONV_OFFENSE_DESCR CONV_OFFENSE_TOC CONV_OFFENSE_QUAL_LST FE_NUM_ORDER FE_NUM_ARR_AGY FE_NUM_BNCH_WARR FE_NUM_CITE
FE_NUM_DOCKET FE_NUM_INCIDENT FE_NUM_BOOKING FE_NUM_NUMBER FE_NUM_REMAND FE_NUM_OOS_INN FE_NUM_CRT_CASE
FE_NUM_WARRANT DISP_ORDER DISP_CODE DISP_DESCR CONV_STAT_CODE CONV_STAT_DESCR SENT_SEG_SEP SENT_ORDER SENT_LOC_CODE
SENT_LOC_DESCR SENT_LENGTH SENT_TIME_CODE SENT_TIME_DESCR CYC_AGE CII_TYPE CII_TYPE_ALPHA COMMENT_TEXT END_OF_REC
"""
COLUMNS = tuple(_NAMES.split())
PLACES = {name: place for place, name in enumerate(COLUMNS)}
READ = (
    "RECORD_ID",
    "SUBJECT_ID",
    "PRI_NAME",
    "GENDER",
    "PRI_DOB",
    "RACE_DESCR",
    "STP_EVENT_DATE",
    "STP_TYPE_DESCR",
    "STP_ORI_DESCR",
    "STP_ORI_CNTY_NAME",
    "CNT_ORDER",
    "DISP_DATE",
    "OFN",
    "OFFENSE_DESCR",
    "OFFENSE_TOC",
    "DISP_DESCR",
    "CONV_STAT_DESCR",
    "SENT_LOC_DESCR",
    "SENT_LENGTH",
    "SENT_TIME_CODE",
    "COMMENT_TEXT",
)
"""The columns from which something is decided. All others pass through."""
SECTIONS = ("11357", "11358", "11359", "11360")
"""The sections that Proposition 64 names (HSC 11361.8(a))."""


class Line(NamedTuple):
    """The cells of a record that are read, in the order of :data:`READ`, after its number (from 0, over all files)."""

    number: int
    record_id: str
    subject_id: str
    name: str
    gender: str
    birth: str
    race: str
    event_date: str
    step: str
    court: str
    county: str
    order: str
    disposition_date: str
    file_number: str
    offense: str
    kind: str
    disposition: str
    status: str
    place: str
    length: str
    unit: str
    comment: str


@dataclass(frozen=True, slots=True)
class Charge:
    """What the offense text says. ``offense`` is ``None`` if it cannot be read; ``names_marijuana``: it mentions one of
    the four sections all the same. ``life``: a gang enhancement for life (PC 186.22(b)(4)) stands before it."""

    offense: Offense | None
    section: str  # one of SECTIONS, or nothing
    names_marijuana: bool
    life: bool
    superstrike: str | None  # "Y", "N", "cond", or unknown
    registrable: str | None  # the same, of PC 290(c)
    written: str


@dataclass(frozen=True, slots=True)
class Relief:
    """What a later record says happened to a conviction. ``level``: the lower level it has now."""

    dismissed: bool = False
    prop64: bool = False
    level: str = ""
    text: str = ""


@dataclass(slots=True)
class Conviction:
    """One count that ended in a conviction."""

    number: int
    record_id: str
    order: str
    court: str
    county: str
    on: date | None
    day_text: str
    charge: Charge
    level: str  # felony, misdemeanor, infraction, or nothing: not known
    status_text: str
    comment: str
    parts: list[tuple[int, int] | None] = field(default_factory=list)
    reliefs: list[Relief] = field(default_factory=list)
    places: list[str] = field(default_factory=list)

    @property
    def sentence_end(self) -> date | None:
        """The last day of the sentence; unknown where a part of it, or the conviction's day, is."""
        return ending(self.on, self.parts)

    @property
    def now(self) -> str:
        """Its level now, the reductions since counted."""
        lowered = [r.level for r in self.reliefs if r.level]
        return lowered[-1] if lowered and self.level != "infraction" else self.level

    @property
    def dismissed(self) -> bool:
        return any(r.dismissed for r in self.reliefs)

    @property
    def prop64_done(self) -> bool:
        return any(r.prop64 for r in self.reliefs)

    @property
    def relief_text(self) -> str:
        """The words of the first record that dismissed it."""
        return next((r.text for r in self.reliefs if r.dismissed), "")


@dataclass(slots=True)
class Subject:
    """One person, as the extract has them."""

    key: str
    first: int
    first_id: str
    name: str
    gender: str
    race: str
    birth: date | None
    birth_text: str
    births_differ: bool
    convictions: list[Conviction]
    registered: bool
    registered_on: date | None
    deceased: bool
    arrests: dict[str, date]
    file_numbers: dict[str, list[str]]

    def case_number(self, conviction: Conviction) -> str:
        """The court's numbers of that case, as filed; empty where the extract has none."""
        return "; ".join(self.file_numbers.get(part_of(conviction.order, 6), ()))


# ---- cells

BLANKS = " \t\r\n\v\f"
"""What is taken off the ends of a cell. Nothing beyond ASCII: in a name in UTF-8, the byte that looks like a blank of
Latin-1 is half a letter (the à of Giosuà)."""
_DIGITS = re.compile(r"[0-9]{8}\Z")
_UNREADABLE_COMMENT = "SEE COMMENT FOR CHARGE"
_LIFE = re.compile(r"\s*186\.22\(B\)\(4\)(?:\([A-Z]\))?\s*(?:PC)?\s*[-/]\s*", re.IGNORECASE)
_LEAD = re.compile(r"\A\s*(?:COM|CMT|COMMENT|CHG|CHARGE)S?\b[\s:.#-]*", re.IGNORECASE)
_NAMED = re.compile(r"(?<![\d.])(1135[789]|11360)(?!\d|\.\d)\s*(?:\(\s*([A-E])\s*\)|([A-E])\b)?", re.IGNORECASE)
_OTHER_CODE = re.compile(r"\s*(?:\([A-Z0-9]+\)\s*)*(?:PC|VC|CVC|BP|WI|UI|GC|FG)\b", re.IGNORECASE)
_PROP64 = re.compile(r"11361\.[89]")
_DENIED = re.compile(r"\bDENI|\bREVOKED\b|\bREINSTAT")
_DISMISSED = re.compile(r"SET ASIDE|\bDISM|(?<!SENT )(?<!SENTENCE )VACATED?\b(?! SENT)|EXPUNG|\bSEALED|1203\.4")
_REDUCED = re.compile(r"REDUC|REDESIG|RESENTENC|\bLOWERED|17\(B\)|17\(D\)|1170\.18")
# A sentence that was reduced or given anew leaves the conviction what it was, unless a level or the law says otherwise.
_OF_SENTENCE = re.compile(r"RESENTENC|\b(?:SENT|FINE|BAIL|TERM|PROB|JAIL|PRISON|RESTITUTION)")
_LEVEL_OR_LAW = re.compile(r"\bMISD|\bINF(?:RACTION)?\b|17\(B\)|17\(D\)|1170\.18|11361\.[89]")
_INFRACTION = re.compile(r"\bINF(?:RACTION)?\b|17\(D\)")
_LEVELS = {"FELONY": "felony", "MISDEMEANOR": "misdemeanor", "INFRACTION": "infraction"}
_KINDS = {"F": "felony", "M": "misdemeanor", "I": "infraction"}
_UNITS = {"Y": 12, "M": 1, "D": 0}
_NUMBER = re.compile(r"[0-9]{1,5}\Z")
_EARLIEST = date(1850, 9, 9)  # California's first day as a state: nothing in its records is older


@lru_cache(maxsize=100_000)
def day(text: str) -> date | None:
    """The day written YYYYMMDD; ``None`` for a blank, for any other form, and for a day that never was."""
    text = text.strip(BLANKS)
    if not _DIGITS.match(text):
        return None
    try:
        found = date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None
    return found if found >= _EARLIEST else None


def offense_text(offense_cell: str, comment: str) -> str:
    """The words that name the offense: those of its own cell, or of the comment where that refers to it."""
    words = offense_cell.strip(BLANKS)
    return comment.strip(BLANKS) if not words or words.upper().startswith(_UNREADABLE_COMMENT) else words


@lru_cache(maxsize=100_000)
def charge(text: str, as_of: date) -> Charge:
    """What an offense text says, by the same reading and the same catalogue as the questionnaire."""
    life = _LIFE.match(text)
    rest = text[life.end() :] if life else text
    found = offense.read(rest[:200]) or offense.read(_LEAD.sub("", rest)[:200])
    if found is None:
        named = any(True for _ in named_sections(text))
        return Charge(None, "", named, bool(life), "Y" if life else None, None, "")
    of = (found.offense, found.subdivision, found.paragraph, found.attempt)
    offenses = catalogue.on(as_of)
    number = found.offense.removeprefix("HS ")
    return Charge(
        found,
        number if number in SECTIONS and found.offense != number else "",
        number in SECTIONS and found.offense != number,
        bool(life),
        "Y" if life else offenses.value("superstrike", *of),
        offenses.value("reg_290c", *of),
        offense.written(found),
    )


def named_sections(text: str) -> Iterable[tuple[str, str]]:
    """The sections of Proposition 64 that a text names, each with the letter after it (or nothing)."""
    for m in _NAMED.finditer(text):
        if not _OTHER_CODE.match(text, m.end()):
            yield m[1], (m[2] or m[3] or "").lower()


def other_charges(comment: str, of: Charge) -> str:
    """The comment, if it names a section of Proposition 64 that the offense does not: another one, or 11357(a) or (b)
    where the offense is 11357(c) or (d), and the other way round."""
    own = of.offense.subdivision if of.offense is not None else None
    for section, letter in named_sections(comment):
        if section != of.section:
            return comment
        if section == "11357" and own and letter and _half(own) and _half(letter) and _half(own) != _half(letter):
            return comment
    return ""


def _half(letter: str) -> str:
    return "ab" if letter in "ab" else "cd" if letter in "cd" else ""


def level(status: str, kind: str) -> str:
    """Felony, misdemeanor or infraction, as the conviction's status says; where that is blank, as the offense's type
    says. Any other words are unknown: nothing."""
    words = status.strip(BLANKS).upper()
    return _LEVELS.get(words, "") if words else _KINDS.get(kind.strip(BLANKS).upper(), "")


@lru_cache(maxsize=10_000)
def relief(disposition: str) -> Relief | None:
    """What a disposition after a conviction did to it; ``None`` if nothing of the kind."""
    words = disposition.strip(BLANKS).upper()
    if words.startswith("CONVICTED") or _DENIED.search(words):
        return None
    prop64 = bool(_PROP64.search(words))
    reduced = bool(_REDUCED.search(words)) and (not _OF_SENTENCE.search(words) or bool(_LEVEL_OR_LAW.search(words)))
    dismissed = bool(_DISMISSED.search(words)) and not (reduced and "DISM" not in words)
    if not prop64 and not reduced and not dismissed:
        return None
    lower = ("infraction" if _INFRACTION.search(words) else "misdemeanor") if reduced and not dismissed else ""
    return Relief(dismissed or (prop64 and not reduced), prop64, lower, disposition.strip(BLANKS))


@lru_cache(maxsize=10_000)
def sentence_part(length: str, unit: str) -> tuple[int, int] | None:
    """One part of a sentence as (months, days); ``None`` if it cannot be read (a word, a life term)."""
    number, letter = length.strip(BLANKS), unit.strip(BLANKS).upper()[:1]
    if not _NUMBER.match(number) or letter not in _UNITS:
        return None
    return (0, int(number)) if letter == "D" else (int(number) * _UNITS[letter], 0)


def ending(start: date | None, parts: Sequence[tuple[int, int] | None]) -> date | None:
    """The day on which a sentence that began on ``start`` ends: all months first, then all days. Unknown where there is
    no part at all, or one that cannot be read."""
    if start is None or not parts or None in parts:
        return None
    months = sum(p[0] for p in parts if p)
    days = sum(p[1] for p in parts if p)
    return later(start, months, days)


def later(start: date, months: int, days: int = 0) -> date | None:
    """So many months and days later, by the calendar. A day that its month does not have counts on into the next one:
    29 February plus a year is 1 March. ``None`` past the year 9999."""
    count = start.year * 12 + start.month - 1 + months
    try:
        return date(count // 12, count % 12 + 1, 1) + timedelta(days=start.day - 1 + days)
    except (ValueError, OverflowError):
        return None


def years_later(start: date, years: int) -> date:
    """The same day ``years`` later (earlier if negative); 29 February is 1 March in a common year (`doj/format.md`
    section 3; the county's tests count so, the statute's waits do not)."""
    found = later(start, 12 * years)
    if found is None:
        raise OverflowError(f"{years} years from {start}")
    return found


# ---- a person


def subject_of(lines: Sequence[Line], as_of: date) -> Subject:
    """One person from all their lines, in the order of the files."""
    first = lines[0]
    births = dict.fromkeys(b for line in lines if (b := line.birth.strip(BLANKS)))
    found: dict[str, Conviction] = {}
    arrests: dict[str, date] = {}
    numbers: dict[str, dict[str, None]] = {}
    registered: list[date | None] = []
    deceased = False
    for line in lines:
        step = line.step.strip(BLANKS).upper()
        order = key_of(line)
        if step.startswith("ARREST") and (on := day(line.event_date)):
            arrests.setdefault(part_of(order, 3), on)
        if step == "COURT ACTION" and (number := line.file_number.strip(BLANKS)) and number.upper() != "NULL":
            numbers.setdefault(part_of(order, 6), {})[number] = None
        if step == "REGISTRATION" and _REGISTERED.match(line.offense):
            registered.append(day(line.event_date))
        deceased = deceased or step == "DECEASED"
        is_conviction = line.disposition.strip(BLANKS).upper().startswith("CONVICTED")
        conviction = found.get(order)
        if conviction is None and is_conviction:
            conviction = found[order] = _conviction(line, order, as_of)
        elif conviction is not None and not is_conviction and (what := relief(line.disposition)):
            conviction.reliefs.append(what)
    for line in lines:
        if (conviction := found.get(key_of(line))) is not None and line.length.strip(BLANKS):
            conviction.parts.append(sentence_part(line.length, line.unit))
            conviction.places.append(line.place.strip(BLANKS).upper())
    convictions = list(found.values())
    birth = day(first_of(births)) if len(births) == 1 else None
    if birth and (birth > as_of or any(c.on and c.on < birth for c in convictions)):
        birth = None
    known = [on for on in registered if on]
    return Subject(
        key=first.subject_id.strip(BLANKS),
        first=first.number,
        first_id=first.record_id.strip(BLANKS),
        name=first_of(line.name.strip(BLANKS) for line in lines),
        gender=first_of(line.gender.strip(BLANKS).upper() for line in lines),
        race=first_of(line.race.strip(BLANKS).upper() for line in lines),
        birth=birth,
        birth_text=first_of(births),
        births_differ=len(births) > 1,
        convictions=convictions,
        registered=bool(registered),
        registered_on=min(known) if known else None,
        deceased=deceased,
        arrests=arrests,
        file_numbers={step: list(found) for step, found in numbers.items()},
    )


_REGISTERED = re.compile(r"\s*290(?!\d)")


def first_of(texts: Iterable[str]) -> str:
    """The first that is not empty; else nothing."""
    return next((t for t in texts if t), "")


def key_of(line: Line) -> str:
    """What names the count among those of its person: its twelve digits. A count without them is one by itself."""
    order = line.order.strip(BLANKS)
    return order if _ORDER.match(order) else f"-{line.number}"


def part_of(order: str, digits: int) -> str:
    """The cycle (3 digits) or the step (6) of a count; a count without its digits is a cycle and a step by itself."""
    return order if order.startswith("-") else order[:digits]


_ORDER = re.compile(r"[0-9]{12}\Z")


def _conviction(line: Line, order: str, as_of: date) -> Conviction:
    on = day(line.disposition_date)
    return Conviction(
        number=line.number,
        record_id=line.record_id.strip(BLANKS),
        order=order,
        court=line.court.strip(BLANKS),
        county=line.county.strip(BLANKS).upper(),
        on=on if on is None or on <= as_of else None,
        day_text=line.disposition_date.strip(BLANKS),
        charge=charge(offense_text(line.offense, line.comment), as_of),
        level=level(line.status, line.kind),
        status_text=line.status.strip(BLANKS),
        comment=line.comment,
    )


# ---- what the rules may rely on


def serious_on(subject: Subject) -> tuple[bool | None, date | Span | None]:
    """Whether the record shows a super-strike or a duty to register under PC 290(c), and since when. No only where
    every conviction is known not to be one."""
    days: list[date | Span | None] = [
        c.on for c in subject.convictions if "Y" in (c.charge.superstrike, c.charge.registrable)
    ]
    if subject.registered:
        # Registration comes after the conviction that brought it.
        days.append(None if subject.registered_on is None else at_most(subject.registered_on))
    if days:
        since = earliest(*days)
        return True, since if isinstance(since, (date, Span)) else None
    clear = all(c.charge.superstrike == c.charge.registrable == "N" for c in subject.convictions)
    return (False, None) if clear else (None, None)


def priors(subject: Subject, conviction: Conviction) -> int | Span | None:
    """How many convictions of the same section came before this one; roughly, where a day is not known."""
    same = [
        c
        for c in subject.convictions
        if c is not conviction
        and c.charge.offense is not None
        and conviction.charge.offense is not None
        and c.charge.offense.offense == conviction.charge.offense.offense
    ]
    if conviction.charge.offense is None:
        return None
    earlier = sum(1 for c in same if c.on and conviction.on and c.on < conviction.on)
    unsure = sum(1 for c in same if not c.on or not conviction.on)
    return Span(earlier, earlier + unsure) if unsure else earlier


def record_of(subject: Subject, as_of: date) -> Record:
    """The person as a record for :func:`rules.decide`: every count a case of its own, because the extract gives every
    count its own day and sentence. ``as_of`` is the day decided for; dates after it are not known."""
    serious, since = serious_on(subject)
    person = Person(birth_date=subject.birth, superstrike_or_290c=serious, superstrike_or_290c_date=since)
    serious_steps = {
        part_of(c.order, 6) for c in subject.convictions if "Y" in (c.charge.superstrike, c.charge.registrable)
    }
    cases = []
    for conviction in subject.convictions:
        of = conviction.charge.offense
        count = Count(
            id=conviction.record_id or str(conviction.number),
            offense=of.offense if of else None,
            subdivision=of.subdivision if of else None,
            paragraph=of.paragraph if of else None,
            attempt=of.attempt if of else None,
            level=conviction.now or None,
            already_relieved=conviction.prop64_done,
            same_section_priors=priors(subject, conviction),
        )
        sentence, term = _sentence(conviction)
        arrest = subject.arrests.get(part_of(conviction.order, 3))
        cases.append(
            Case(
                id=conviction.order,
                county=conviction.county.title() or None,
                case_number=subject.case_number(conviction) or None,
                conviction_date=conviction.on,
                arrest_date=arrest if arrest is None or arrest <= as_of else None,
                disposition="convicted",
                sentence=sentence,
                felony_term=term,
                sentence_completed=conviction.sentence_end,
                dismissed_before=conviction.dismissed,
                bar_in_same_case=True if part_of(conviction.order, 6) in serious_steps else None,
                counts=(count,),
            )
        )
    return Record(person, tuple(cases))


def _sentence(conviction: Conviction) -> tuple[str | None, str | None]:
    """The kind of sentence and where a felony term was served, as far as the places of its parts say."""
    places = conviction.places
    if any("PROB" in p for p in places):
        return "probation", None
    if any("PRISON" in p for p in places):
        return ("felony_term", "prison") if conviction.level == "felony" else (None, None)
    if places and conviction.level in ("misdemeanor", "infraction") and all("JAIL" in p or "FINE" in p for p in places):
        return "no_probation", None
    return None, None
