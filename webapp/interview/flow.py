"""Walks the list of questions: which is next, which were asked, and whether the list is sound.

First every case is entered (how it ended, what it was for), then the questions on the person, then those on each case
and conviction. A question is asked while its fact could still change a finding or give it its day (or is needed to fill
a form), its ``when`` holds, and it has no answer yet; everything else is skipped. So nobody is asked how many plants
there were after a possession charge, and a case that is out of reach by its date ends after a few questions.

Worked example: 11358, before 2016, age 30, a felony. Still open: plants, the priors, harm to nature. The answer "six
or fewer" settles the count: growing six plants is legal whatever the record, so the questions about priors are never
asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from rules import CountFindings, Findings, decide, plain_yaml
from rules.expression import BadExpression, Expr, compiled, facts_in, parse
from rules.facts import dictionary, read_by, to_ask
from rules.history import stated_by_count
from rules.judge import build, derive
from rules.law import numbers, series, turning_points
from rules.record import Record, json_value, read_value
from rules.remedies import REMEDIES
from rules.remedy import ELIGIBLE, Remedy
from rules.span import Span, Value

from . import document as doc
from .document import Document, Place

FLOW_FILE = Path(__file__).with_name("flow.yaml")
KINDS = ("yes_no", "choice", "bands", "date", "offense", "county", "checks")
PARTS = ("entry", "person", "conviction", "person_later", "case_later")


class BadFlow(ValueError):
    """flow.yaml cannot be used: says every reason."""


@dataclass(frozen=True, slots=True)
class Answer:
    value: Any  # as JSON, what the document keeps
    label: str
    help: str = ""
    sets: tuple[tuple[str, Any], ...] = ()  # other facts that it states too


@dataclass(frozen=True, slots=True)
class Question:
    part: str
    fact: str
    kind: str
    question: str
    short: str
    why: str
    where: str
    answers: tuple[Answer, ...]
    another: str  # of an offense: the choice of a section that is not in the list, and the hint for its box
    another_hint: str
    when: Expr | None
    always: str
    forget_with: str
    states: tuple[str, ...]
    scope: str
    beside: str  # asked on the page of that fact
    certain: bool  # has its own answer for who is not sure
    future: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A question at its place."""

    question: Question
    place: Place


@cache
def load(path: Path = FLOW_FILE) -> tuple[Question, ...]:
    """The questions, checked. Raises :class:`BadFlow`."""
    raw = plain_yaml.load(path.read_text(encoding="utf-8"))
    return read_flow(raw)


def read_flow(raw: Mapping[str, Any], remedies: tuple[Remedy, ...] = REMEDIES) -> tuple[Question, ...]:
    problems: list[str] = []
    questions: list[Question] = []
    for part in PARTS:
        for entry in raw.get(part, ()):
            try:
                questions.append(_question(part, entry))
            except (BadExpression, ValueError, KeyError) as error:
                problems.append(f"{part}, {entry.get('fact', '?')}: {error}")
    problems += [f"there is no part called {p}" for p in raw if p not in PARTS]
    problems += _unsound(questions, remedies)
    if problems:
        raise BadFlow("\n".join(problems))
    return tuple(questions)


def _question(part: str, entry: Mapping[str, Any]) -> Question:
    fact = dictionary().get(entry["fact"])
    if fact is None or fact.scope == "derived":
        raise ValueError("no such fact can be stated (see rules/facts.yaml)")
    if entry.get("always", "") not in ("", "form", "note"):
        raise ValueError(f"a question is asked always for a form or a note, not for {entry['always']!r}")
    if entry["kind"] not in KINDS:
        raise ValueError(f"no question is of the kind {entry['kind']!r}")
    answers = tuple(
        Answer(
            _json(a["value"]),
            str(a["label"]),
            a.get("help", ""),
            tuple((name, _json(value)) for name, value in a.get("sets", {}).items()),
        )
        for a in entry.get("answers", ())
    )
    states = tuple(entry.get("states", ()))
    for answer in answers:
        if entry["kind"] == "checks":
            if answer.value not in (fact.name, *states):
                raise ValueError(f"the box {answer.value!r} is none of the facts that this question states")
        elif entry["kind"] != "offense":
            read_value(fact, answer.value)
        for name, value in answer.sets:
            if name not in states:
                raise ValueError(f"an answer sets {name}, which the question does not say it states")
            read_value(dictionary()[name], value)
    return Question(
        part=part,
        fact=fact.name,
        kind=entry["kind"],
        question=entry["question"],
        short=entry["short"],
        why=entry["why"],
        where=entry["where"],
        answers=answers,
        another=entry.get("other", {}).get("label", ""),
        another_hint=entry.get("other", {}).get("hint", ""),
        when=parse(entry["when"], dictionary(), series()) if "when" in entry else None,
        always=entry.get("always", ""),
        forget_with=entry.get("forget_with", ""),
        states=states,
        scope=fact.scope,
        beside=entry.get("beside", ""),
        certain=entry.get("certain", False),
        future=entry.get("future", False),
    )


def _json(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _json(v) for k, v in value.items()}
    return value.isoformat() if isinstance(value, date) else value


def _unsound(questions: list[Question], remedies: tuple[Remedy, ...]) -> list[str]:
    """Why the list could not work: a condition on a fact asked only later (it could never end), a fact that decides
    and has no question."""
    problems = []
    asked: set[str] = set()
    for q in questions:
        if q.when is not None:
            for name in facts_in(q.when):
                if not any(f in asked for f in read_by(name)):
                    problems.append(f"{q.fact}: its condition reads {name}, which is asked later or never")
        asked |= {q.fact, *q.states}
    for remedy in remedies:
        law = build(remedy, turning_points()[-1])
        deciding = dict.fromkeys(law.group_of[a] for atoms in law.row_atoms for a in atoms)
        for group in (law.groups[g] for g in deciding):
            for name in group.facts:
                if not any(f in asked for f in to_ask(name)):
                    problems.append(f"{remedy.name}: no question settles {name}")
    return list(dict.fromkeys(problems))


# ---- walking


def findings(document: Mapping[str, Any], as_of: date) -> Findings:
    return decide(doc.record(document), as_of)


# By identity: hashing a tree of conditions for a look-up cost more than deciding it. The tree is kept beside what was
# made of it, so that its identity stays its own.
_compiled: dict[tuple[int, date], tuple[Expr, Any]] = {}
_MOST_COMPILED = 4096


def _condition(when: Expr, as_of: date) -> Any:
    kept = _compiled.get((id(when), as_of))
    if kept is None:
        if len(_compiled) >= _MOST_COMPILED:  # a process that runs for weeks: yesterday's are not asked for again
            _compiled.clear()
        kept = _compiled[id(when), as_of] = (when, compiled(when, numbers(as_of)))
    return kept[1]


def holds(question: Question, facts: Mapping[str, Value], as_of: date) -> bool:
    """Whether the question's condition holds for certain; an unknown condition does not."""
    return question.when is None or _condition(question.when, as_of)(facts) is True


def facts_of(record: Record, as_of: date) -> dict[tuple[str, str], dict[str, Value]]:
    """Stated and derived facts for each count, by case and count id."""
    return {
        (case.id, count.id): {**derive(facts, as_of), "as_of": as_of}
        for case, count, facts in stated_by_count(record, as_of)
    }


def asked_in_order(questions: tuple[Question, ...], document: Document, as_of: date) -> list[Asked]:
    """Every question that applies to this document, answered or not, in the order of the pages."""
    facts = facts_of(doc.record(document), as_of)
    result: dict[Place, Asked] = {}

    def add(question: Question, case: str | None, count: str | None) -> None:
        place = place_of(question.fact, case, count)
        if place not in result:
            result[place] = Asked(question, place)

    entry = [q for q in questions if q.part == "entry"]
    for case in document["cases"]:
        for q in entry:
            if q.scope == "case":
                add(q, case["id"], None)
            for count in case["counts"] if q.scope == "count" else ():
                add(q, case["id"], count["id"])
    for q_part in PARTS[1:]:
        part = [q for q in questions if q.part == q_part]
        for case_id, count_id in facts:
            for q in part:
                if holds(q, facts[case_id, count_id], as_of):
                    add(q, case_id, count_id)
    return list(result.values())


def place_of(fact: str, case: str | None, count: str | None) -> Place:
    """Where an answer about this fact stands, by whose fact it is."""
    scope = dictionary()[fact].scope
    return Place(None if scope == "person" else case, count if scope == "count" else None, fact)


def open_questions(questions: tuple[Question, ...], document: Document, as_of: date) -> list[Asked]:
    """The questions still to ask, in order: applying, not answered, and able to change a finding or give it its day
    (or needed for a form)."""
    found = findings(document, as_of)
    wanted = found.would_settle()
    by_id = {(c.case.id, c.count.id): c for c in found.counts}
    still = [
        a
        for a in asked_in_order(questions, document, as_of)
        if not doc.is_unsure(document, a.place) and _matters(a, document, wanted, by_id)
    ]
    # A date known by its year alone is asked for more closely last, and only if the first and the last day it may be
    # lead to different answers. Any other answer is not asked for twice.
    fresh = [a for a in still if doc.value(document, a.place) is None]
    return fresh or [a for a in still if a.question.kind == "date" and ends_differ(document, a, as_of)]


def entry_open(questions: tuple[Question, ...], document: Document, as_of: date) -> list[Asked]:
    """What is still to say of the cases entered so far, before any other question."""
    return [
        a
        for a in asked_in_order(questions, document, as_of)
        if a.question.part == "entry" and not a.question.beside and not doc.answered(document, a.place)
    ]


def ends_differ(document: Document, asked: Asked, as_of: date) -> bool:
    """Whether the first and the last day that a roughly known date may be lead to different answers."""
    known = read_value(dictionary()[asked.place.fact], doc.value(document, asked.place))
    if not isinstance(known, Span) or known.low is None or known.high is None:
        return True
    verdicts = []
    for end in (known.low, known.high):
        tried = findings(doc.with_answer(document, asked.place, json_value(end)), as_of)
        verdicts.append([[(f.remedy.name, f.outcome, f.relief) for f in c.findings] for c in tried.counts])
    return verdicts[0] != verdicts[1]


def _matters(
    asked: Asked,
    document: Document,
    wanted: frozenset[tuple[str, str, str]],
    found: Mapping[tuple[str, str], CountFindings],
) -> bool:
    place = asked.place
    if asked.question.part == "entry":
        return not asked.question.beside and not doc.answered(document, place)
    facts = {place.fact, *asked.question.states} if asked.question.kind == "checks" else {place.fact}
    if any(
        fact in facts and place.case in (None, case) and place.count in (None, count) for case, count, fact in wanted
    ):
        return True
    if not asked.question.always or doc.value(document, place) is not None:
        return False
    for_note = asked.question.always == "note"
    return any(
        (for_note and any(f.dates or f.would_date for f in c.findings))
        or any(f.outcome in ELIGIBLE and f.form for f in c.findings)
        for (case, count), c in found.items()
        if place.case in (None, case) and place.count in (None, count)
    )


def answered_in_order(questions: tuple[Question, ...], document: Document, as_of: date) -> list[Asked]:
    return [a for a in asked_in_order(questions, document, as_of) if doc.answered(document, a.place)]


def at(questions: tuple[Question, ...], document: Document, path: str, as_of: date) -> Asked | None:
    """The question at this address, if it applies now."""
    return next((a for a in asked_in_order(questions, document, as_of) if a.place.path == path), None)


def answer(
    questions: tuple[Question, ...],
    document: Document,
    asked: Asked,
    new: Any,
    as_of: date,
    *,
    unsure: bool = False,
    also: Mapping[str, Any] | None = None,
) -> Document:
    """The document after an answer: the fact is stated, with what else the answer states (``also``), and answers that
    hung on the old one are forgotten."""
    place = asked.place
    before = doc.value(document, place)
    # The same year once more, where a year is not enough: the person knows no more, so it is not asked a third time.
    same = before is not None and before == new
    unsure = unsure or (asked.question.kind == "date" and same and roughly(document, asked))
    changed = document
    old = answer_of(asked.question, document, place)
    stated = asked.question.states if asked.question.kind == "offense" else [n for n, _ in old.sets] if old else ()
    changed = doc.without(changed, [place_of(name, place.case, place.count) for name in stated])
    changed = doc.with_answer(changed, place, new, unsure=unsure)
    for name, value in (also or {}).items():
        changed = doc.with_answer(changed, place_of(name, place.case, place.count), value)
    if before is not None and before != doc.value(changed, place):
        bound = {q.fact for q in questions if q.forget_with == place.fact and q.fact not in (also or {})}
        changed = doc.without(changed, [place_of(f, place.case, place.count) for f in bound])
    return _forget_unasked(questions, changed, as_of)


def answer_of(question: Question, document: Mapping[str, Any], place: Place) -> Answer | None:
    """The answer of the question that the document holds; None if it holds none of them. Two answers may state the same
    of this fact and differ in what else they state: the one that fits best."""
    raw = doc.value(document, place)
    if raw is None or question.kind in ("checks", "county"):
        return None
    fitting = [a for a in question.answers if a.value == raw]

    def fits(answer: Answer) -> int:
        held = [doc.value(document, place_of(name, place.case, place.count)) for name, _ in answer.sets]
        return sum(1 if h == v else -1 for h, (_, v) in zip(held, answer.sets, strict=True))

    return max(fitting, key=fits) if fitting else None


def _forget_unasked(questions: tuple[Question, ...], document: Document, as_of: date) -> Document:
    """Drops answers to questions that no longer apply, until nothing changes (one may hang on another)."""
    while True:
        asked = asked_in_order(questions, document, as_of)
        applying = {a.place for a in asked}
        applying |= {place_of(n, a.place.case, a.place.count) for a in asked for n in a.question.states}
        stale = [p for p in _places(questions, document) if p not in applying and doc.answered(document, p)]
        if not stale:
            return document
        document = doc.without(document, stale)


def _places(questions: tuple[Question, ...], document: Document) -> Iterator[Place]:
    for q in questions:
        if q.scope == "person":
            yield Place(None, None, q.fact)
            continue
        for case in document["cases"]:
            if q.scope == "case":
                yield Place(case["id"], None, q.fact)
            else:
                for count in case["counts"]:
                    yield Place(case["id"], count["id"], q.fact)


def roughly(document: Document, asked: Asked) -> bool:
    """A date is known, but not closely enough for this question to be settled."""
    raw = doc.value(document, asked.place)
    if raw is None:
        return False
    known = read_value(dictionary()[asked.place.fact], raw)
    return json_value(known) is not None and not isinstance(known, date)
