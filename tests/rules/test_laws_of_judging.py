"""What must hold whatever the facts: the laws of design.md section 3, tried over generated records."""

from __future__ import annotations

import copy
import itertools
import os
import threading
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from rules import decide
from rules.facts import read_by, to_ask
from rules.judge import Finding, build, judge, judged
from rules.record import Case, Count, Person, Record
from rules.remedies import REMEDIES
from rules.remedy import ELIGIBLE
from rules.span import Span, Value
from tests.rules import strategies as records
from tests.rules.strategies import AS_OF, REGIONS, knowledge, learned, record_of, worlds

PROP64 = REMEDIES[0]
FRESH = build(PROP64, AS_OF)  # apart from the one that `decide` uses
# LIMPIO_EXAMPLES=5000 looks longer, before a release or after a change of judge.py.
EXAMPLES = int(os.environ.get("LIMPIO_EXAMPLES", "100"))
LAW = settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


def found(facts: dict[str, Value], as_of: date = AS_OF) -> Finding:
    return judge(PROP64, {n: v for n, v in facts.items() if v is not None}, as_of)


def answer(f: Finding) -> tuple[str, str]:
    return f.outcome, f.relief


def unknown(facts: dict[str, Value]) -> list[str]:
    return [n for n in REGIONS if facts.get(n) is None or isinstance(facts[n], Span)]


@LAW
@given(st.data())
def test_learning_a_fact_never_unsettles_an_answer(data: st.DataObject) -> None:
    world = data.draw(worlds())
    less = data.draw(knowledge(world, least=0.6))
    before = found(less)
    assume(before.settled)
    name = data.draw(st.sampled_from([n for n in records.STATED if isinstance(less.get(n), Span) or n not in less]))
    assume(world[name] is not None)
    more = less | {name: world[name]}
    assume(learned(less, more))
    after = found(more)
    assert after.settled, f"{name} unsettled it: {before.outcome} -> {after.outcome}"
    assert answer(after) == answer(before)


@LAW
@given(st.data())
def test_where_every_completion_agrees_the_partial_answer_is_settled_and_the_other_way_round(
    data: st.DataObject,
) -> None:
    world = data.draw(worlds())
    facts = {
        n: v for n, v in world.items() if v is not None and n not in ("birth_date", "arrest_date", "conviction_date")
    }
    open_names = data.draw(st.lists(st.sampled_from(sorted(REGIONS)), min_size=1, max_size=3, unique=True))
    for name in open_names:
        facts.pop(name, None)
    answers = set()
    for values in itertools.product(*(REGIONS[n] for n in open_names)):
        whole = facts | dict(zip(open_names, values, strict=True))
        if whole.get("superstrike_or_290c") is False and whole.get("superstrike_or_290c_date") is not None:
            continue  # refused where records are read
        if learned(facts, whole):
            one = found(whole)
            answers.add((answer(one), one.settled))
    assume(answers)
    partial = found(facts)
    if len(answers) == 1 and next(iter(answers))[1]:
        assert partial.settled
    if partial.settled:
        assert {a for a, _ in answers} == {answer(partial)}


@LAW
@given(st.data())
def test_what_would_settle_it_is_named(data: st.DataObject) -> None:
    facts = data.draw(knowledge(data.draw(worlds())))
    f = found(facts)
    assert f.settled == (not f.would_settle) == (not f.decision.open_facts)
    behind = {s for o in f.decision.open_facts for s in read_by(o)}
    assert set(f.would_settle) <= behind | {n for o in f.decision.open_facts for n in to_ask(o)}
    assert set(f.would_settle) <= set(unknown(facts))
    name = data.draw(st.sampled_from(sorted(unknown(facts))))
    if name in behind:
        return
    changed = facts | {name: data.draw(st.sampled_from(REGIONS[name]))}
    assume(learned(facts, changed))
    after = found(changed)
    assert answer(after) == answer(f), f"{name} was not named, and changed the answer"


@LAW
@given(st.data())
def test_with_all_that_would_settle_it_known_it_is_settled(data: st.DataObject) -> None:
    world = data.draw(worlds())
    facts = data.draw(knowledge(world))
    for _ in range(40):
        f = found(facts)
        if f.settled:
            return
        names = [n for n in f.would_settle if world[n] is not None]
        if not names:  # the world has no such date: there never was such a conviction
            assert set(f.would_settle) <= {"superstrike_or_290c_date"}
            return
        facts = facts | {names[0]: world[names[0]]}
    pytest.fail(f"still not settled: {f.would_settle}")


@LAW
@given(st.data())
def test_a_later_day_never_turns_an_open_door_into_a_closed_one(data: st.DataObject) -> None:
    facts = data.draw(knowledge(data.draw(worlds())))
    early = date(2016, 11, 9) + timedelta(days=data.draw(st.integers(0, 5000)))
    late = early + timedelta(days=data.draw(st.integers(0, 9000)))
    before, after = found(facts, early), found(facts, late)
    assert answer(before) == answer(after)
    if before.eligible_on is not None:
        assert after.eligible_on is None or after.eligible_on >= before.eligible_on


@LAW
@given(st.data())
def test_unknown_is_never_eligible_in_silence(data: st.DataObject) -> None:
    facts = data.draw(knowledge(data.draw(worlds())))
    f = found(facts)
    if f.outcome in ELIGIBLE and not f.settled:
        assert f.decision.or_better or f.decision.assumed or "presumption_only" in f.flags
        rests_on = set(f.decision.presumed) | set(f.decision.assumed)
        assert rests_on <= {p.fact for p in PROP64.presumptions}
        assert all(facts.get(n) is None or isinstance(facts[n], Span) for n in rests_on)
    if f.outcome in ELIGIBLE:
        assert facts.get("offense") in records.LISTED
        day = records.derived(facts)["offense_day"]
        last = day.high if isinstance(day, Span) else day
        assert last is not None
        assert last < date(2016, 11, 9)


@LAW
@given(st.data())
def test_presumed_is_only_what_the_statute_presumes(data: st.DataObject) -> None:
    """Stating every fact that an answer rests on, as presumed, gives that answer."""
    facts = data.draw(knowledge(data.draw(worlds())))
    f = found(facts)
    values = {p.fact: p.value for p in PROP64.presumptions}
    stated = {n: values[n] for n in (*f.decision.presumed, *f.decision.assumed)}
    again = found(facts | stated)
    if learned(facts, facts | stated) and stated:
        assert answer(again) == answer(f)
        assert not set(again.decision.presumed) & set(stated)


@LAW
@given(st.data())
def test_other_cases_and_their_order_do_not_change_a_finding(data: st.DataObject) -> None:
    world = data.draw(worlds())
    person = {n: world[n] for n in records.PERSON if world[n] is not None}
    cases = []
    for i in range(data.draw(st.integers(1, 3))):
        counts = []
        for j in range(data.draw(st.integers(1, 3))):
            facts = data.draw(knowledge(data.draw(worlds())))
            counts.append(Count(id=f"{i}.{j}", **{n: v for n, v in facts.items() if n in records.COUNT}))
        its: dict[str, Any] = {n: v for n, v in data.draw(knowledge(world)).items() if n in records.CASE}
        cases.append(Case(id=str(i), counts=tuple(counts), **its))
    whole = decide(Record(Person(**person), tuple(cases)), AS_OF)
    mixed = [
        Case(
            **{f: getattr(c, f) for f in Case.__slots__ if f != "counts"},
            counts=tuple(data.draw(st.permutations(c.counts))),
        )
        for c in data.draw(st.permutations(cases))
    ]
    other = decide(Record(Person(**person), tuple(mixed)), AS_OF)
    by_id = {c.count.id: c.findings for c in other.counts}
    assert {c.count.id: c.findings for c in whole.counts} == by_id
    for case in cases:
        for count in case.counts:
            alone = decide(
                Record(
                    Person(**person),
                    (Case(**{f: getattr(case, f) for f in Case.__slots__ if f != "counts"}, counts=(count,)),),
                ),
                AS_OF,
            )
            assert alone.counts[0].findings == by_id[count.id]


@LAW
@given(st.data())
def test_deciding_twice_gives_the_same_and_changes_nothing(data: st.DataObject) -> None:
    record = record_of(data.draw(knowledge(data.draw(worlds()))))
    kept = copy.deepcopy(record)
    first = decide(record, AS_OF)
    assert decide(record, AS_OF) == first
    assert record == kept
    FRESH.sections.clear()
    FRESH.ways.clear()
    assert judged(FRESH, first.counts[0].findings[0].facts, AS_OF) == first.counts[0].findings[0]


@LAW
@given(st.data())
def test_boxes_of_cr_400_fit_each_other(data: st.DataObject) -> None:
    facts = data.draw(knowledge(data.draw(worlds(offenses=records.LISTED)), least=0.8))
    f = found(facts)
    if f.form != "CR-400":
        assert f.boxes == ()
        assert f.form == ("JV-744" if f.outcome in ELIGIBLE and facts.get("juvenile") else "")
        return
    boxes = set(f.boxes)
    assert ("title (b)" in boxes) == ("2a" in boxes)
    assert ("title (f)" in boxes) == ("2b" in boxes)
    assert not {"2a", "2b"} <= boxes
    assert len(boxes & {"1a", "1b", "1c", "1d"}) == 1
    assert boxes <= {"title (b)", "title (f)", "1a", "1b", "1c", "1d", "2a", "2b"}
    assert (facts.get("sentence_status") is None) == (not boxes & {"2a", "2b"}) == ("ask_serving" in f.flags)
    assert ("public_safety_exception" in f.flags) == ("2a" in boxes)


def test_several_threads_may_ask_at_once() -> None:
    """A web server asks from many threads: what is kept between counts never mixes."""
    some = [
        {"offense": o, "level": level, "offense_date": date(2010, 1, 1), "age_at_offense": age, "plants": plants}
        for o, level, age, plants in itertools.product(
            records.LISTED, ("felony", "misdemeanor", None), (17, 20, 21, None), (6, 7, None)
        )
    ]
    facts = [{n: v for n, v in one.items() if v is not None} for one in some]
    alone = build(PROP64, AS_OF)
    expected = [judged(alone, one, AS_OF) for one in facts]
    shared = build(PROP64, AS_OF)
    wrong: list[object] = []

    def ask(start: int) -> None:
        for k in range(len(facts)):
            i = (k * 7 + start) % len(facts)
            if judged(shared, facts[i], AS_OF) != expected[i]:
                wrong.append(facts[i])

    threads = [threading.Thread(target=ask, args=(n * 11,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    kept = [{which: len(s.kept) for which, s in law.sections.items()} for law in (shared, alone)]
    assert kept[0] == kept[1]
    assert len(kept[0]) == len(records.LISTED)


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rules.judge.KEPT", 3)
    monkeypatch.setattr("rules.judge.FOLLOWED", 5)
    law = build(PROP64, AS_OF)
    fresh = build(PROP64, AS_OF)
    for plants, age in itertools.product((6, 7, None), (17, 20, 21, None)):
        facts = {"offense": "HS 11358", "plants": plants, "age_at_offense": age, "offense_date": date(2010, 1, 1)}
        stated = {n: v for n, v in facts.items() if v is not None}
        assert judged(law, stated, AS_OF) == judged(fresh, stated, AS_OF)
        assert all(len(s.kept) <= 4 for s in law.sections.values())
