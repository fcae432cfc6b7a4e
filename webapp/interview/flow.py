"""Walks the list of questions: which is next, which were asked, and whether the list is sound.

A question is asked while its fact could still change a finding (or is needed to fill a form), its ``when`` holds, and
it has no answer yet; everything else is skipped. So nobody is asked how many plants there were after a possession
charge, and a case that is out of reach by its date ends after a few questions.

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

import yaml

from rules import CountFindings, Findings, decide
from rules.expression import BadExpression, Expr, compiled, facts_in, parse
from rules.facts import derivations, dictionary, read_by, to_ask
from rules.judge import build
from rules.law import numbers, series, turning_points
from rules.record import Record, json_value, read_value, stated
from rules.remedies import REMEDIES
from rules.remedy import ELIGIBLE, Remedy
from rules.span import Span, Value

from . import document as doc
from .document import Document, Place

FLOW_FILE = Path(__file__).with_name("flow.yaml")
KINDS = ("yes_no", "choice", "bands", "date", "offense", "county")
PARTS = ("conviction", "person", "case")


class BadFlow(ValueError):
    """flow.yaml cannot be used: says every reason."""


@dataclass(frozen=True, slots=True)
class Answer:
    value: Any  # as JSON, what the document keeps
    label: str
    help: str = ""


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


@dataclass(frozen=True, slots=True)
class Asked:
    """A question at its place."""

    question: Question
    place: Place


@cache
def load(path: Path = FLOW_FILE) -> tuple[Question, ...]:
    """The questions, checked. Raises :class:`BadFlow`."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
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
    answers = tuple(Answer(_json(a["value"]), str(a["label"]), a.get("help", "")) for a in entry.get("answers", ()))
    for answer in answers:
        if entry["kind"] != "offense":
            read_value(fact, answer.value)
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
        states=tuple(entry.get("states", ())),
        scope=fact.scope,
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


@cache
def _derive(as_of: date) -> tuple[tuple[str, Any], ...]:
    values = numbers(as_of)
    return tuple((name, compiled(tree, values)) for name, tree in derivations())


@cache
def _condition(when: Expr, as_of: date) -> Any:
    return compiled(when, numbers(as_of))


def holds(question: Question, facts: Mapping[str, Value], as_of: date) -> bool:
    """Whether the question's condition holds for certain; an unknown condition does not."""
    return question.when is None or _condition(question.when, as_of)(facts) is True


def facts_of(record: Record, as_of: date) -> dict[tuple[str, str], dict[str, Value]]:
    """Stated and derived facts for each count, by case and count id."""
    result = {}
    for case in record.cases:
        for count in case.counts:
            facts = stated(record, case, count)
            facts["as_of"] = as_of
            for name, compute in _derive(as_of):
                v = compute(facts)
                if v is not None:
                    facts[name] = v
            result[case.id, count.id] = facts
    return result


def asked_in_order(questions: tuple[Question, ...], document: Document, as_of: date) -> list[Asked]:
    """Every question that applies to this document, answered or not, in the order of the pages."""
    facts = facts_of(doc.record(document), as_of)
    result: dict[Place, Asked] = {}

    def add(question: Question, case: str | None, count: str | None) -> None:
        place = Place(
            None if question.scope == "person" else case, count if question.scope == "count" else None, question.fact
        )
        if place not in result:
            result[place] = Asked(question, place)

    for q_part in PARTS:
        part = [q for q in questions if q.part == q_part]
        for case_id, count_id in facts:
            for q in part:
                if holds(q, facts[case_id, count_id], as_of):
                    add(q, case_id, count_id)
    return list(result.values())


def open_questions(questions: tuple[Question, ...], document: Document, as_of: date) -> list[Asked]:
    """The questions still to ask, in order: applying, not answered, and able to change a finding (or needed for a
    form)."""
    found = findings(document, as_of)
    wanted = found.would_settle()
    by_id = {(c.case.id, c.count.id): c for c in found.counts}
    still = [
        a
        for a in asked_in_order(questions, document, as_of)
        if not doc.is_unsure(document, a.place) and _matters(a, document, wanted, by_id)
    ]
    # A date known by its year alone is asked for more closely last, and only if the first and the last day it may be
    # lead to different answers.
    fresh = [a for a in still if doc.value(document, a.place) is None]
    return fresh or [a for a in still if ends_differ(document, a, as_of)]


def ends_differ(document: Document, asked: Asked, as_of: date) -> bool:
    """Whether the first and the last day that a roughly known date may be lead to different answers."""
    known = read_value(dictionary()[asked.place.fact], doc.value(document, asked.place))
    if not isinstance(known, Span) or known.low is None or known.high is None:
        return True
    verdicts = []
    for end in (known.low, known.high):
        tried = findings(doc.with_answer(document, asked.place, json_value(end)), as_of)
        verdicts.append([(c.best.outcome, c.best.relief, c.best.flags) for c in tried.counts])
    return verdicts[0] != verdicts[1]


def _matters(
    asked: Asked,
    document: Document,
    wanted: frozenset[tuple[str, str, str]],
    found: Mapping[tuple[str, str], CountFindings],
) -> bool:
    place = asked.place
    if any(
        fact == place.fact and place.case in (None, case) and place.count in (None, count)
        for case, count, fact in wanted
    ):
        return True
    if not asked.question.always or doc.value(document, place) is not None:
        return False
    for_note = asked.question.always == "note"
    return any(
        (for_note and c.best.outcome != "already_relieved")
        or c.best.outcome in ELIGIBLE
        or any(o in ELIGIBLE for o, _ in c.best.decision.possible)
        for (case, count), c in found.items()
        if place.case in (None, case) and place.count in (None, count)
    )


def answered_in_order(questions: tuple[Question, ...], document: Document, as_of: date) -> list[Asked]:
    return [a for a in asked_in_order(questions, document, as_of) if doc.answered(document, a.place)]


def at(questions: tuple[Question, ...], document: Document, path: str, as_of: date) -> Asked | None:
    """The question at this address, if it applies now."""
    return next((a for a in asked_in_order(questions, document, as_of) if a.place.path == path), None)


def answer(
    questions: tuple[Question, ...], document: Document, asked: Asked, new: Any, as_of: date, *, unsure: bool = False
) -> Document:
    """The document after an answer: the fact is stated, and answers that hung on the old one are forgotten."""
    before = doc.value(document, asked.place)
    # The same year once more, where a year is not enough: the person knows no more, so it is not asked a third time.
    unsure = unsure or (before is not None and before == new and roughly(document, asked))
    changed = doc.with_answer(document, asked.place, new, unsure=unsure)
    if before is not None and before != doc.value(changed, asked.place):
        bound = {q.fact for q in questions if q.forget_with == asked.place.fact}
        changed = doc.without(changed, [Place(asked.place.case, asked.place.count, f) for f in bound])
    return _forget_unasked(questions, changed, as_of)


def _forget_unasked(questions: tuple[Question, ...], document: Document, as_of: date) -> Document:
    """Drops answers to questions that no longer apply, until nothing changes (one may hang on another)."""
    while True:
        applying = {a.place for a in asked_in_order(questions, document, as_of)}
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


def label_of(question: Question, raw: Any) -> str | None:
    """The label of a stored value among the question's answers; None if it is none of them."""
    return next((a.label for a in question.answers if a.value == raw), None)


def roughly(document: Document, asked: Asked) -> bool:
    """A date is known, but not closely enough for this question to be settled."""
    raw = doc.value(document, asked.place)
    if raw is None:
        return False
    known = read_value(dictionary()[asked.place.fact], raw)
    return json_value(known) is not None and not isinstance(known, date)
