"""A person's record as the rules see it: a person, their cases, the counts of each case.

Every field is a fact of `facts.yaml`, of the same scope and name; ``None`` is "not known" and never "no". A value may
be exact or a span ("1998", "28.5 grams or less"). Names, addresses and other personal details are not part of it: no
rule reads them.

    >>> from datetime import date
    >>> record = Record(Person(), (Case(county="Los Angeles", counts=(Count(offense="HS 11359", level="felony"),)),))

The same record travels as JSON (:func:`from_json`, :func:`to_json`, :func:`schema`). There a date is "1998-07-21",
"1998-07" or "1998"; a number is 20 or {"at_most": 28.5}, {"over": 6}, {"at_least": 18, "under": 21}; an unknown is null
or left out. An offense may be written as a RAP sheet writes it, "11357(b) HS": it is split into code, section and
subdivision.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from operator import attrgetter
from typing import Any

from . import offense as offenses
from .facts import FactEntry, dictionary, names
from .remedy import N_
from .sentence import Sentence
from .span import Ordered, Span, Value, lt, month, year

Number = int | float | Span | None
Day = date | Span | None


@dataclass(frozen=True, slots=True)
class Count:
    """One conviction (or one charge): one numbered line of a case."""

    id: str = ""
    offense: str | None = None
    subdivision: str | None = None
    attempt: bool | None = None
    level: str | None = None
    offense_date: Day = None
    age_at_offense: Number = None
    already_relieved: bool | None = None
    substance: str | None = None
    flower_g: Number = None
    concentrate_g: Number = None
    plants: Number = None
    conduct: str | None = None
    recipient_under_21: bool | None = None
    knowingly_to_minor: bool | None = None
    crossed_state_line: str | None = None
    hired_under_21: bool | None = None
    school_grounds: bool | None = None
    environmental_crime: bool | None = None
    same_section_priors: Number = None
    paragraph: str | None = None
    value_usd: Number = None
    shoplifting: bool | None = None
    kept_vehicle: bool | None = None
    identity_theft_too: bool | None = None
    check_priors: bool | None = None
    vehicle_inspection: bool | None = None
    abuse_pattern: bool | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One case number in one court; or one arrest that led to no conviction, with its most serious charge."""

    id: str = ""
    county: str | None = None
    case_number: str | None = None
    juvenile: bool | None = None
    conviction_date: Day = None
    arrest_date: Day = None
    sentence_status: str | None = None
    bar_in_same_case: bool | None = None
    disposition: str | None = None
    sentence: str | None = None
    felony_term: str | None = None
    term_suspended: bool | None = None
    probation_outcome: str | None = None
    probation_end: Day = None
    sentence_completed: Day = None
    release_date: Day = None
    sentence_performed: str | None = None
    new_conviction_since: bool | None = None
    dismissed_before: bool | None = None
    life_term: bool | None = None
    juvenile_outcome: str | None = None
    evaded: bool | None = None
    counts: tuple[Count, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    birth_date: Day = None
    superstrike_or_290c: bool | None = None
    superstrike_or_290c_date: Day = None
    serving_now: str | None = None
    serving_until: Day = None
    pending_charge: bool | None = None
    must_register: bool | None = None
    fire_crew: bool | None = None
    trafficked: bool | None = None
    abused_into_it: bool | None = None
    adult_court_under_18: bool | None = None
    california_five_years: bool | None = None


@dataclass(frozen=True, slots=True)
class Record:
    person: Person = Person()
    cases: tuple[Case, ...] = ()


class BadRecord(ValueError):  # read as a sentence where it is raised
    """A record that cannot be read. ``problems`` has a sentence for every mistake: where, what, and what to do."""

    def __init__(self, problems: list[Sentence]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class BadValue(ValueError):
    """One value that cannot be read; ``sentence`` says what was expected."""

    def __init__(self, message: str, /, **parts: object) -> None:
        self.sentence = Sentence(message, **parts)
        super().__init__(self.sentence)


_PERSON = tuple(f.name for f in fields(Person))
_CASE = tuple(f.name for f in fields(Case) if f.name not in ("id", "counts"))
_COUNT = tuple(f.name for f in fields(Count) if f.name != "id")
_READERS = {
    Person: (attrgetter(*_PERSON), _PERSON),
    Case: (attrgetter(*_CASE), _CASE),
    Count: (attrgetter(*_COUNT), _COUNT),
}


def stated(record: Record, case: Case, count: Count) -> dict[str, Value]:
    """The facts stated for one count: its own, its case's and the person's; unknown ones are left out."""
    return {**known_of(record.person), **known_of(case), **known_of(count)}


def known_of(holder: Person | Case | Count) -> dict[str, Value]:
    """The facts stated in one part of a record; unknown ones are left out."""
    read, its = _READERS[type(holder)]
    return {name: value for name, value in zip(its, read(holder), strict=True) if value is not None}


# ---- JSON

_YEAR = re.compile(r"([0-9]{4})\Z")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})\Z")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_MOST = 1_000_000  # grams, plants: more is a slip of the finger
_LIMITS = {"at_least", "over", "at_most", "under"}


def from_json(data: object, as_of: date) -> Record:
    """The record in ``data`` (parsed JSON). Raises :class:`BadRecord` naming every mistake: unknown names, wrong kinds,
    impossible or future dates (after ``as_of``), a conviction or offense before birth."""
    problems: list[Sentence] = []
    if not isinstance(data, Mapping):
        not_one = N_("The record must be a JSON object with person and cases, not %(found)s.")
        raise BadRecord([Sentence(not_one, found=_kind(data))])
    _unknown_keys(data, {"person", "cases"}, Sentence(N_("record")), problems)
    person = Person(**_read(data.get("person"), "person", Sentence(N_("person")), as_of, problems))
    cases: list[Case] = []
    for i, raw in enumerate(_list(data.get("cases"), Sentence(N_("cases")), problems), 1):
        where = _case_words(i)
        counts: list[Count] = []
        raw_counts = raw.get("counts") if isinstance(raw, Mapping) else None
        for j, raw_count in enumerate(_list(raw_counts, Sentence(N_("%(case)s, counts"), case=where), problems), 1):
            at = _count_words(where, j)
            values = _read(raw_count, "count", at, as_of, problems)
            values |= _offense_of(values, at, problems)
            counts.append(Count(id=_id(raw_count, j, at, [c.id for c in counts], problems), **values))
        values = _read(raw, "case", where, as_of, problems)
        name = _id(raw, i, where, [c.id for c in cases], problems)
        cases.append(Case(id=name, counts=tuple(counts), **values))
    record = Record(person, tuple(cases))
    problems += contradictions(record)
    if problems:
        raise BadRecord(problems)
    return record


def _case_words(number: int) -> Sentence:
    return Sentence(N_("case %(number)s"), number=number)


def _count_words(case: Sentence, number: int) -> Sentence:
    return Sentence(N_("%(case)s, count %(number)s"), case=case, number=number)


def contradictions(record: Record) -> list[Sentence]:
    """Sentences for facts that cannot all be true: an arrest, offense or conviction before birth, a conviction before
    its offense, a serious conviction that has a date and never was."""
    found = []
    person = record.person
    if person.superstrike_or_290c is False and person.superstrike_or_290c_date is not None:
        both = N_("person: superstrike_or_290c is false, but superstrike_or_290c_date is given. Leave one of them out.")
        found.append(Sentence(both))
    born = Sentence(N_("the birth (%(day)s)"), day=_shown(person.birth_date))

    def before(where: Sentence, first: Sentence, second: Sentence) -> None:
        words = N_("%(where)s: %(first)s is before %(second)s. Correct one of the dates.")
        found.append(Sentence(words, where=where, first=first, second=second))

    for i, case in enumerate(record.cases, 1):
        where = _case_words(i)
        convicted = Sentence(N_("the conviction (%(day)s)"), day=_shown(case.conviction_date))
        arrested = Sentence(N_("the arrest (%(day)s)"), day=_shown(case.arrest_date))
        if _surely_before(case.conviction_date, person.birth_date):
            before(where, convicted, born)
        if _surely_before(case.arrest_date, person.birth_date):
            before(where, arrested, born)
        for j, count in enumerate(case.counts, 1):
            at = _count_words(where, j)
            offended = Sentence(N_("the offense (%(day)s)"), day=_shown(count.offense_date))
            if _surely_before(count.offense_date, person.birth_date):
                before(at, offended, born)
            if _surely_before(case.conviction_date, count.offense_date):
                before(at, convicted, offended)
    return found


def _surely_before(a: Day, b: Day) -> bool:
    return lt(a, b) is True


def _shown(day: Day) -> str:
    value = json_value(day)
    return value if isinstance(value, str) else " to ".join(str(v) for v in value.values()) if value else "unknown"


def to_json(record: Record) -> dict[str, Any]:
    """The record as JSON data, unknown facts left out; ``from_json`` reads it back."""

    def held(holder: Person | Case | Count) -> dict[str, Any]:
        return {name: json_value(value) for name, value in known_of(holder).items()}

    return {
        "person": held(record.person),
        "cases": [{"id": c.id, **held(c), "counts": [{"id": k.id, **held(k)} for k in c.counts]} for c in record.cases],
    }


def json_value(value: Value) -> Any:
    if isinstance(value, Span):
        if isinstance(value.low, date) and isinstance(value.high, date):
            if value == year(value.low.year):
                return f"{value.low.year:04d}"
            if value == month(value.low.year, value.low.month):
                return value.low.isoformat()[:7]
        low, high = json_value(value.low), json_value(value.high)
        result = {} if low is None else {"over" if value.above else "at_least": low}
        return result | ({} if high is None else {"under" if value.below else "at_most": high})
    return value.isoformat() if isinstance(value, date) else value


def read_value(entry: FactEntry, raw: object) -> Value:
    """One fact from its JSON form. Raises ValueError with a sentence that says what was expected."""
    if raw is None:
        return None
    if entry.type == "yes_no":
        if isinstance(raw, bool):
            return raw
        raise BadValue(N_("expected true or false, found %(found)s"), found=_short(raw))
    if entry.type == "choice":
        if isinstance(raw, str) and raw in entry.choices:
            return raw
        one_of = N_("expected one of %(choices)s; found %(found)s")
        raise BadValue(one_of, choices=", ".join(entry.choices), found=_short(raw))
    if entry.type == "text":
        if isinstance(raw, str) and len(raw) <= 200:
            return raw.strip() or None
        raise BadValue(N_("expected a text of 200 characters at most, found %(found)s"), found=_short(raw))
    if isinstance(raw, Mapping):
        return _read_span(entry, raw)
    return _read_date(raw) if entry.type == "date" else _read_number(raw)


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a record, made from the fact dictionary."""
    between = {
        "additionalProperties": False,
        "minProperties": 1,
        "allOf": [{"not": {"required": pair}} for pair in (["at_least", "over"], ["at_most", "under"])],
    }
    number: dict[str, Any] = {
        "oneOf": [
            {"type": "number", "minimum": 0, "maximum": _MOST},
            {
                "type": "object",
                "properties": {k: {"type": "number", "minimum": 0, "maximum": _MOST} for k in sorted(_LIMITS)},
                **between,
            },
            {"type": "null"},
        ]
    }
    day: dict[str, Any] = {
        "oneOf": [
            {"type": "string", "pattern": "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"},
            {
                "type": "object",
                "properties": {k: {"type": "string", "format": "date"} for k in sorted(_LIMITS)},
                **between,
            },
            {"type": "null"},
        ]
    }

    def of(scope: str) -> dict[str, Any]:
        kinds: dict[str, dict[str, Any]] = {
            "yes_no": {"type": ["boolean", "null"]},
            "text": {"type": ["string", "null"], "maxLength": 200},
            "number": number,
            "date": day,
        }
        entries = (dictionary()[n] for n in names(scope))
        return {
            e.name: {"description": e.meaning, **(kinds.get(e.type) or {"enum": [*e.choices, None]})} for e in entries
        }

    name = {"type": ["string", "null"], "maxLength": 200}
    count = {"type": "object", "additionalProperties": False, "properties": {"id": name, **of("count")}}
    case = {
        "type": "object",
        "additionalProperties": False,
        "properties": {"id": name, **of("case"), "counts": {"type": ["array", "null"], "items": count}},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A record for `limpio decide`",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "person": {"type": ["object", "null"], "additionalProperties": False, "properties": of("person")},
            "cases": {"type": ["array", "null"], "items": case},
        },
    }


def _read(raw: object, scope: str, where: Sentence, as_of: date, problems: list[Sentence]) -> dict[str, Any]:
    if not isinstance(raw, Mapping):
        if raw is not None or scope != "person":
            words = N_("%(where)s: expected an object, found %(found)s.")
            problems.append(Sentence(words, where=where, found=_kind(raw)))
        return {}
    extra = {"case": {"id", "counts"}, "count": {"id"}}.get(scope, set())
    _unknown_keys(raw, set(names(scope)) | extra, where, problems)
    values: dict[str, Any] = {}
    for name in names(scope):
        try:
            value = read_value(dictionary()[name], raw.get(name))
        except BadValue as bad:
            words = N_("%(where)s, %(fact)s: %(problem)s.")
            problems.append(Sentence(words, where=where, fact=name, problem=bad.sentence))
            continue
        first = _first(value)
        if first and first > as_of and not dictionary()[name].future:
            words = N_("%(where)s, %(fact)s: %(day)s is in the future (after %(today)s).")
            problems.append(Sentence(words, where=where, fact=name, day=first, today=as_of))
        values[name] = value
    return values


def _offense_of(values: Mapping[str, Any], where: Sentence, problems: list[Sentence]) -> dict[str, Any]:
    """Splits an offense written any way into code and section, subdivision and attempt; what is stated apart wins."""
    written, apart = values.get("offense"), values.get("subdivision")
    letter = None if apart is None else offenses.subdivision(apart)
    if apart is not None and letter is None:
        words = N_("%(where)s, subdivision: cannot read %(found)s as a letter. Write it like b, or leave it out.")
        problems.append(Sentence(words, where=where, found=repr(apart)))
    if written is None:
        return {"subdivision": letter}
    read = offenses.read(written)
    if read is None:
        words = N_(
            "%(where)s, offense: cannot read %(found)s as a code section. Write it like HS 11357(b) or PC 484, or "
            "leave it out."
        )
        problems.append(Sentence(words, where=where, found=repr(written)))
        return {"offense": None}
    return {
        "offense": read.offense,
        "subdivision": letter or read.subdivision,
        "paragraph": values.get("paragraph") or read.paragraph,
        "attempt": read.attempt if values.get("attempt") is None else values["attempt"],
    }


def _read_span(entry: FactEntry, raw: Mapping[str, object]) -> Span:
    if not raw or set(raw) - _LIMITS:
        found = _short(", ".join(map(str, raw))) if raw else Sentence(N_("nothing"))
        raise BadValue(N_("expected at_least, over, at_most or under; found %(found)s"), found=found)
    read = _exact_date if entry.type == "date" else _read_number
    if {"at_least", "over"} <= set(raw) or {"at_most", "under"} <= set(raw):
        raise BadValue(N_("give one lower and one upper end at most"))
    low = read(raw["over"] if "over" in raw else raw["at_least"]) if {"at_least", "over"} & set(raw) else None
    high = read(raw["under"] if "under" in raw else raw["at_most"]) if {"at_most", "under"} & set(raw) else None
    try:
        return Span(low, high, above="over" in raw, below="under" in raw)
    except ValueError:
        raise BadValue(N_("nothing lies between these two ends: %(found)s"), found=_short(dict(raw))) from None


def _read_number(raw: object) -> int | float:
    if isinstance(raw, bool) or not isinstance(raw, (int, float)):
        raise BadValue(N_("expected a number, found %(found)s"), found=_short(raw))
    if not 0 <= raw <= _MOST:
        raise BadValue(
            N_("expected a number from 0 to %(most)s, found %(found)s"), most=f"{_MOST:,}", found=_short(raw)
        )
    return raw


def _exact_date(raw: object) -> date:
    value = _read_date(raw)
    if not isinstance(value, date):
        raise BadValue(N_("expected a whole date such as 1998-07-21, found %(found)s"), found=_short(raw))
    return value


def _read_date(raw: object) -> date | Span:
    text = raw if isinstance(raw, str) else ""
    try:
        if m := _YEAR.match(text):
            return year(int(m[1]))
        if m := _MONTH.match(text):
            return month(int(m[1]), int(m[2]))
        if _DAY.match(text):
            return date.fromisoformat(text)
    except ValueError:
        no_day = N_("%(found)s is not a date that exists; write 1998-07-21, 1998-07 or 1998")
        raise BadValue(no_day, found=repr(raw)) from None
    raise BadValue(N_("cannot read %(found)s as a date; write 1998-07-21, 1998-07 or 1998"), found=_short(raw))


def _first(v: Value | Ordered) -> date | None:
    end = v.low if isinstance(v, Span) else v
    return end if isinstance(end, date) else None


def _unknown_keys(raw: Mapping[str, object], allowed: set[str], where: Sentence, problems: list[Sentence]) -> None:
    for key in raw:
        if key not in allowed:
            words = N_("%(where)s: there is no fact named %(found)s; `limpio decide --schema` lists them.")
            problems.append(Sentence(words, where=where, found=_short(key)))


def _id(raw: object, place: int, where: Sentence, taken: list[str], problems: list[Sentence]) -> str:
    """Its id as given, or its place; findings name counts by it, so no two may have the same."""
    given = raw.get("id") if isinstance(raw, Mapping) else None
    if given is not None and not (isinstance(given, str) and len(given) <= 200):
        words = N_("%(where)s, id: expected a text of 200 characters at most, found %(found)s.")
        problems.append(Sentence(words, where=where, found=_short(given)))
        given = None
    name = given or str(place)
    if name in taken:
        words = N_("%(where)s, id: %(name)s is used twice. Give each its own id, or leave all ids out.")
        problems.append(Sentence(words, where=where, name=_short(name)))
    return name


def _list(raw: object, where: Sentence, problems: list[Sentence]) -> list[object]:
    if raw is not None and not isinstance(raw, list):
        words = N_("%(where)s: expected a list, found %(found)s.")
        problems.append(Sentence(words, where=where, found=_kind(raw)))
    return raw if isinstance(raw, list) else []


def _kind(v: object) -> str:
    match v:
        case dict():
            return Sentence(N_("an object"))
        case list():
            return Sentence(N_("a list"))
        case str():
            return Sentence(N_("a text"))
        case None:
            return Sentence(N_("nothing"))
    return _short(v)


def _short(v: object) -> str:
    """A value as written, cut so that a message stays a message."""
    text = repr(v)
    return text if len(text) <= 60 else f"{text[:57]}..."
