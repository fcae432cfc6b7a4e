"""Worked cases for every remedy (remedy_cases.csv; for Proposition 64 also prop64_cases.csv), written from the law
documents, not from what the program says.

Together they hold the tables in place: every row of every table decides one of them, and every date, amount, age and
period of the law has a case on both sides, so that no limit can move by a day or a cent without one of them failing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

from rules import judge, law
from rules.expression import Expr, facts_in, law_in, parse
from rules.facts import derivations, dictionary
from rules.history import stated_by_count
from rules.judge import Finding, Law
from rules.law import DatedValue, series
from rules.remedies import REMEDIES
from rules.remedy import ELIGIBLE, Remedy
from rules.sources.worked_cases import ROUTES, check_row, read_rows, record_of
from rules.span import Value
from rules.straight_line import Derive, deriver
from tests.rules.strategies import AS_OF

HERE = Path(__file__)
OWN = read_rows(str(HERE.with_name("remedy_cases.csv")))
ALL = OWN + read_rows(str(HERE.with_name("prop64_cases.csv")))
BY_NAME = {r.name: r for r in REMEDIES}

# Nothing is unknown to these: an entry of a record is a conviction unless it says otherwise, and all that they ask is
# how it ended.
NEVER_UNKNOWN = {"pc_851_87", "pc_851_8", "pc_849_5"}


# ---- what a case comes to


def cases_of(remedy: Remedy) -> list[dict[str, str]]:
    return [r for r in ALL if ROUTES[r["route"]] == remedy.name]


@cache
def facts_of(route: str, id_: str) -> tuple[Mapping[str, Value], date]:
    row = next(r for r in ALL if r["route"] == route and r["id"] == id_)
    as_of = date.fromisoformat(row["as_of"])
    record, _ = record_of(row, as_of)
    ((_, _, facts),) = stated_by_count(record, as_of)
    return facts, as_of


@cache
def _found(route: str, id_: str) -> Finding:
    facts, as_of = facts_of(route, id_)
    return judge.judge(BY_NAME[ROUTES[route]], facts, as_of)


def found(row: Mapping[str, str]) -> Finding:
    """What the remedy of the case says of it."""
    return _found(row["route"], row["id"])


class LawOfTheMoment:
    """The law as `rules.law` has it now, read anew and not kept for anybody else."""

    def __init__(self) -> None:
        self.laws: dict[tuple[str, date], tuple[Law, Derive]] = {}

    def found(self, row: Mapping[str, str]) -> Finding:
        facts, as_of = facts_of(row["route"], row["id"])
        name = ROUTES[row["route"]]
        if (name, as_of) not in self.laws:
            derive = deriver(derivations(), law.numbers(as_of))
            self.laws[name, as_of] = judge.build(BY_NAME[name], as_of), derive
        made, derive = self.laws[name, as_of]
        return judge.judged(made, facts, as_of, derive(facts, as_of))


def answer(f: Finding) -> tuple[object, ...]:
    row = f.decision.row.name if f.decision.row else ""
    return row, f.outcome, f.relief, f.eligible_on, f.boxes, f.flags, tuple(day for _, day in f.dates)


# ---- the numbers behind a remedy


@cache
def remedies_reading(number: str) -> tuple[Remedy, ...]:
    return tuple(r for r in REMEDIES if number in numbers_of(r))


@cache
def numbers_of(remedy: Remedy) -> frozenset[str]:
    """The numbers that change its answers, in its own tests and in those of the derived facts behind them."""
    names = {*dictionary(), *(q.name for q in remedy.requirements)}
    texts = [
        *(q.test for q in remedy.requirements),
        *(r.on for r in remedy.rows if r.on),
        *(n.on for n in remedy.notes),
    ]
    trees = [parse(text, names, series()) for text in texts]
    behind = {f for tree in trees for f in _derived_behind(tree)}
    trees += [tree for f, tree in derivations() if f in behind]
    return frozenset(n for tree in trees for n in law_in(tree))


def _derived_behind(tree: Expr) -> set[str]:
    """The derived facts that it reads, and those behind them."""
    derived = dict(derivations())
    direct = {f for f in facts_in(tree) if f in derived}
    return direct.union(*(_derived_behind(derived[f]) for f in direct))


# ---- the cases


@pytest.mark.parametrize("row", OWN, ids=[f"{r['id']}: {r['note']}" for r in OWN])
def test_the_case_comes_out_as_the_law_says(row: dict[str, str]) -> None:
    checked = check_row(row)
    assert checked.problems == ()
    assert checked.state == "passed"
    assert checked.not_read == (), "every word of our own cases is read"


def test_every_case_says_in_words_why_and_on_what_statute() -> None:
    assert len({r["id"] for r in OWN}) == len(OWN)
    assert [r["id"] for r in OWN if len(r["note"]) < 7 or not r["statute"]] == []
    assert [r["id"] for r in OWN if not r["id"].startswith(r["route"])] == []


# ---- what every remedy has a case for


@pytest.mark.parametrize("remedy", REMEDIES, ids=lambda r: r.name)
def test_every_remedy_has_its_yes_its_no_its_not_yet_and_its_unknown(remedy: Remedy) -> None:
    declared = {r.outcome for r in (*remedy.rows, *remedy.fallbacks)}
    shown = {r["outcome"] for r in cases_of(remedy)}
    yes = declared & ELIGIBLE or {"needs_lawyer"}  # of a door that only a lawyer opens, that is the yes
    assert yes <= declared
    assert (declared - {"need_info"}) | {"not_eligible"} <= shown
    assert ("need_info" in shown) == (remedy.name not in NEVER_UNKNOWN)


@pytest.mark.parametrize("name", sorted(NEVER_UNKNOWN))
def test_what_is_never_unknown_is_answered_from_nothing(name: str) -> None:
    assert judge.judge(BY_NAME[name], {}, AS_OF).outcome == "not_eligible"


def test_all_others_ask_if_nothing_is_known_but_how_it_ended() -> None:
    for remedy in REMEDIES:
        entries: list[dict[str, Value]] = [{}, {"disposition": "never_charged"}, {"disposition": "dej_completed"}]
        asks = any(judge.judge(remedy, facts, AS_OF).outcome == "need_info" for facts in entries)
        assert asks == (remedy.name not in NEVER_UNKNOWN), remedy.name


def test_a_probation_that_the_law_allows_is_not_called_too_long() -> None:
    told = {r["note"]: "longer_than_allowed" in found(r).flags for r in cases_of(BY_NAME["pc_1203_3"])}
    assert {note for note, too_long in told.items() if too_long} == {n for n in told if "longer_than_allowed" in n}


@pytest.mark.parametrize("remedy", REMEDIES, ids=lambda r: r.name)
def test_every_row_of_every_table_decides_a_case(remedy: Remedy) -> None:
    decided: set[str] = set()
    for row in cases_of(remedy):
        decision = found(row).decision
        decided |= {r.name for r in (decision.row, *decision.also) if r is not None}
    assert {r.name for r in (*remedy.rows, *remedy.fallbacks)} - decided == set()


@pytest.mark.parametrize("remedy", REMEDIES, ids=lambda r: r.name)
def test_every_relief_form_and_flag_is_given_in_a_case(remedy: Remedy) -> None:
    findings = [found(row) for row in cases_of(remedy)]
    assert {name for name, _ in remedy.reliefs if name in {r.relief for r in remedy.rows}} <= {
        f.relief for f in findings
    }
    assert {p.form for p in remedy.papers} <= {f.form for f in findings}
    assert {f.name for f in remedy.flags} - {n for f in findings for n in f.flags} == set()
    boxes = {(p.form, b.label) for p in remedy.papers for b in p.boxes}
    assert boxes - {(f.form, b) for f in findings for b in f.boxes} == set()


# ---- every limit on both sides

STEPS = {"grams": 0.1, "dollars": 0.01}  # else a whole one: a day, a year, a plant


def limits() -> Iterator[tuple[str, int]]:
    for name in series():
        for direction in (1, -1):
            if remedies_reading(name):
                yield name, direction


@pytest.mark.parametrize(("name", "direction"), list(limits()), ids=lambda v: {1: "later", -1: "earlier"}.get(v, v))
def test_no_limit_of_the_law_can_move_without_a_case_failing(
    name: str, direction: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The date, amount, age or period moves by the smallest step; some case notices."""
    readers = remedies_reading(name)
    rows = [r for r in ALL if ROUTES[r["route"]] in {r.name for r in readers}]
    before = [answer(found(r)) for r in rows]
    entry = series()[name]
    changed = {**series(), name: replace(entry, values=tuple(moved(v, entry.unit, direction) for v in entry.values))}
    monkeypatch.setattr(law, "series", lambda: changed)
    anew = LawOfTheMoment()
    after = [answer(anew.found(r)) for r in rows]
    assert after != before, f"no case holds {name} {'up' if direction < 0 else 'down'}"


def moved(dated: DatedValue, unit: str, direction: int) -> DatedValue:
    value = dated.value
    if isinstance(value, date):
        return replace(dated, value=value + timedelta(days=direction))
    assert isinstance(value, (int, float))
    return replace(dated, value=value + direction * STEPS.get(unit, 1))
