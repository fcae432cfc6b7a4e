"""What must hold whatever the facts: the laws of design.md section 3, tried for every remedy over generated records."""

from __future__ import annotations

import copy
import itertools
import os
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from math import prod
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings

from rules import Finding, decide, straight_line
from rules.expression import facts_in
from rules.facts import derivations, dictionary, read_by, to_ask
from rules.history import stated_by_count
from rules.judge import build, derive, judge, judged
from rules.law import numbers
from rules.record import Case, Count, Person, Record
from rules.remedies import REMEDIES
from rules.remedy import ELIGIBLE, Remedy
from rules.span import Span, Value
from tests.rules import strategies as records
from tests.rules.strategies import ALL_REGIONS, AS_OF, REGIONS, Dice, dice, knowledge, learned, life, record_of

PROP64 = REMEDIES[0]
FRESH = {r.name: build(r, AS_OF) for r in REMEDIES}  # apart from those that `decide` uses
# LIMPIO_EXAMPLES=5000 looks longer, before a release or after a change of judge.py.
EXAMPLES = int(os.environ.get("LIMPIO_EXAMPLES", "100"))
LAW = settings(
    max_examples=EXAMPLES,
    phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.large_base_example],
)

Facts = dict[str, Value]


def all_found(facts: Mapping[str, Value], as_of: date = AS_OF) -> list[Finding]:
    """What every remedy says of these facts, in the order of the remedies."""
    stated = {n: v for n, v in facts.items() if v is not None}
    derived = derive(stated, as_of)
    if as_of == AS_OF:
        return [judged(law, stated, as_of, derived) for law in FRESH.values()]
    return [judge(r, stated, as_of) for r in REMEDIES]


def found(facts: Mapping[str, Value], as_of: date = AS_OF) -> Finding:
    """What Proposition 64 says."""
    return judge(PROP64, {n: v for n, v in facts.items() if v is not None}, as_of)


def marijuana(d: Dice) -> Facts:
    return life(d, records.MARIJUANA, records.DAYS, ("conviction", "conviction", "conviction", "arrest"))


def answer(f: Finding) -> tuple[str, str]:
    return f.outcome, f.relief


def verdict(f: Finding) -> tuple[str, str, str]:
    """The answer, and from when on."""
    return f.outcome, f.relief, f.decision.row.on if f.decision.row else ""


def open_facts(facts: Mapping[str, Value]) -> list[str]:
    """What is not known exactly."""
    return [n for n in records.STATED if facts.get(n) is None or isinstance(facts[n], Span)]


# ---- learning


@LAW
@given(dice())
def test_learning_a_fact_never_unsettles_an_answer(d: Dice) -> None:
    world = life(d)
    less = knowledge(d, world, least=0.6)
    knowable = [n for n in open_facts(less) if world[n] is not None]
    assume(knowable)
    before = all_found(less)
    for name in d.some(knowable, 4):
        more = less | {name: world[name]}
        if not learned(less, more):
            continue
        for one, after in zip(before, all_found(more), strict=True):
            if one.settled:
                assert after.settled, f"{name} unsettled {one.remedy.name}: {one.outcome} -> {after.outcome}"
                assert answer(after) == answer(one), f"{name} changed a settled answer of {one.remedy.name}"


@cache
def lone_facts(remedy: str) -> dict[str, int]:
    """Facts that can be enumerated and that move the atoms of one group only, each with its group. (A day moves many;
    so does a sentence, from which it follows what is served and what was given. Of those the judge follows ways
    together that no life could take, and may call an answer open that is not: see rules/judge.py.)"""
    groups: dict[str, set[int]] = {}
    for g, group in enumerate(FRESH[remedy].groups):
        for fact in group.facts:
            for stated in read_by(fact):
                groups.setdefault(stated, set()).add(g)
    parts_of_the_section = {"offense", "subdivision", "paragraph", "attempt"}
    lone = {n: min(its) for n, its in groups.items() if len(its) == 1 and n in ALL_REGIONS}
    return {n: g for n, g in lone.items() if n not in parts_of_the_section and dictionary()[n].type != "date"}


def completions(facts: Facts, names: list[str], remedy: str) -> Iterator[Facts]:
    for values in itertools.product(*(ALL_REGIONS[n] for n in names)):
        whole = facts | dict(zip(names, values, strict=True))
        if learned(facts, whole, following(remedy)):
            yield whole


@cache
def following(remedy: str) -> frozenset[str]:
    """The derived facts that a remedy reads."""
    return frozenset[str]().union(*(_through(f) for group in FRESH[remedy].groups for f in group.facts))


@LAW
@given(dice())
def test_where_every_completion_agrees_the_partial_answer_is_settled(d: Dice) -> None:
    world = {n: v for n, v in life(d).items() if v is not None}
    for name in d.some(sorted(FRESH), 8):
        law, lone = FRESH[name], lone_facts(name)
        at_hand = sorted(n for n in lone if n in world)
        if not at_hand:
            continue
        names = d.some(at_hand, min(3, len(at_hand)))
        if len({lone[n] for n in names}) < len(names):
            continue
        facts = {n: v for n, v in world.items() if n not in names}
        wholes = list(completions(facts, names, name))
        if len(wholes) < prod(len(ALL_REGIONS[n]) for n in names):
            continue  # other facts rule some of the values out
        partial = judged(law, facts, AS_OF)
        answers = {(verdict(f), f.settled) for f in (judged(law, whole, AS_OF) for whole in wholes)}
        if len(answers) == 1 and next(iter(answers))[1]:
            assert partial.settled, f"{name}: {names} open, and all their values agree"
        if partial.settled and answers:
            assert {a for a, _ in answers} == {verdict(partial)}, name


@LAW
@given(dice())
def test_of_proposition_64_every_three_facts_agree_or_are_open_and_the_other_way_round(d: Dice) -> None:
    facts = {n: v for n, v in marijuana(d).items() if v is not None and n in REGIONS}
    facts |= {"disposition": "convicted", "sentence_status": d.pick(REGIONS["sentence_status"])}
    open_names = d.some(sorted(REGIONS), 3)
    for name in open_names:
        facts.pop(name, None)
    answers = set()
    for whole in completions(facts, open_names, PROP64.name):
        if whole.get("superstrike_or_290c") is False and whole.get("superstrike_or_290c_date") is not None:
            continue  # refused where records are read
        one = found(whole)
        answers.add((answer(one), one.settled))
    assume(answers)
    partial = found(facts)
    if len(answers) == 1 and next(iter(answers))[1]:
        assert partial.settled, f"{open_names} open, and all their values agree"
    if partial.settled:
        assert {a for a, _ in answers} == {answer(partial)}


@LAW
@given(dice())
def test_what_would_settle_it_is_named(d: Dice) -> None:
    facts = knowledge(d, life(d))
    before = all_found(facts)
    changes = [(n, d.pick(ALL_REGIONS[n])) for n in d.some([n for n in open_facts(facts) if n in ALL_REGIONS], 3)]
    for f in before:
        row = f.decision.row
        asked = set(row.asks) if row else set()
        assert f.settled == (not f.decision.open_facts)
        assert f.settled <= (set(f.would_settle) <= asked), "of a settled answer only its row asks"
        behind = {s for o in f.decision.open_facts for s in read_by(o)}
        assert set(f.would_settle) <= behind | {n for o in f.decision.open_facts for n in to_ask(o)} | asked
        assert set(f.would_settle) - asked <= set(open_facts(facts))
    for name, value in changes:
        changed = facts | {name: value}
        if not learned(facts, changed):
            continue
        for f, after in zip(before, all_found(changed), strict=True):
            if name not in {s for o in f.decision.open_facts for s in read_by(o)}:
                assert answer(after) == answer(f), f"{name} was not named, and changed the answer of {f.remedy.name}"


@LAW
@given(dice())
def test_with_all_that_would_settle_it_known_it_is_settled(d: Dice) -> None:
    world = life(d)
    partly = knowledge(d, world)
    for law in FRESH.values():
        facts = dict(partly)
        for _ in range(40):
            f = judged(law, facts, AS_OF)
            named = [n for n in f.would_settle if world[n] is not None and facts.get(n) != world[n]]
            if f.settled or not named:
                break
            facts[named[0]] = world[named[0]]
        # What is left open hangs on what this life does not have, or on what the offense list does not say.
        lacking = [n for n in f.would_settle if world[n] is None]
        assert f.settled or lacking or _not_in_the_list(f, facts), f"{f.remedy.name} asks {f.would_settle} in vain"


def _not_in_the_list(f: Finding, facts: Mapping[str, Value]) -> bool:
    """Does the offense list leave the answer open?"""
    derived = derive(facts, AS_OF)
    looked_up = {n for n, _ in derivations() if "catalogue(" in dictionary()[n].expression}
    return any(
        derived[n] in (None, "cond", "lawyer") for o in f.decision.open_facts for n in {o, *_through(o)} & looked_up
    )


@cache
def _through(fact: str) -> frozenset[str]:
    """The derived facts behind a fact."""
    tree = dict(derivations()).get(fact)
    names = facts_in(tree) if tree is not None else ()
    return frozenset({fact}).union(*(_through(n) for n in names))


# ---- time

# What a person asks to be ended ends by itself one day: then there is nothing left to ask for.
ENDS_BY_ITSELF = {"pc_1203_3"}

# Two years after the release but not yet after parole the law can be read two ways: before the told day a lawyer may
# look at it. The door is not open, and the wait is not shorter for anybody without one.
LAWYER_BEFORE_THE_DAY = {"prison_release_or_parole"}


@LAW
@given(dice())
def test_a_later_day_never_shortens_a_wait_and_never_closes_an_open_door(d: Dice) -> None:
    facts = knowledge(d, life(d))
    early = AS_OF + timedelta(days=d.number(2000))
    late = early + timedelta(days=d.pick((0, 1, 2, 30, 365, 366, 730, 1500, 4000)))
    for before, after in zip(all_found(facts, early), all_found(facts, late), strict=True):
        name = before.remedy.name
        if before.outcome in ELIGIBLE and name not in ENDS_BY_ITSELF:
            assert after.outcome in ELIGIBLE, f"{name}: open on {early}, {after.outcome} on {late}"
            assert answer(after) == answer(before) or before.decision.or_better
        if before.outcome == "not_yet" and before.eligible_on is not None:
            if late < before.eligible_on:  # of what is known roughly, the last day is told
                row = after.decision.row
                with_a_lawyer = row is not None and row.name in LAWYER_BEFORE_THE_DAY
                waits = after.outcome in ("not_yet", "need_info") or with_a_lawyer
                assert waits, f"{name}: {before.eligible_on}, and {after.outcome} on {late}"
            if after.outcome == "not_yet" and after.eligible_on is not None:
                assert after.eligible_on >= before.eligible_on, f"{name}: {before.eligible_on} came nearer"
        if before.outcome in ("not_eligible", "already_relieved", "needs_lawyer"):
            assert after.outcome == before.outcome or name in TIME_HELPS, f"{name}: {before.outcome} to {after.outcome}"


# A lawyer is asked while it is not clear from which day a wait counts; years later it no longer matters.
TIME_HELPS = {"pc_1203_41", "pc_1203_4a", "wic_781", "wic_786", "pc_851_91", "pc_1203_3"}


@LAW
@given(dice())
def test_a_wait_ends_after_today(d: Dice) -> None:
    """A day from which a person may ask is told only while it lies ahead."""
    facts = knowledge(d, life(d))
    day = AS_OF + timedelta(days=d.number(3000))
    for f in all_found(facts, day):
        assert f.eligible_on is None or (f.outcome == "not_yet" and f.eligible_on > day), f.remedy.name


@LAW
@given(dice())
def test_of_proposition_64_no_day_changes_anything_but_that_it_is_in_force(d: Dice) -> None:
    facts = knowledge(d, marijuana(d))
    for over in ("probation_end", "sentence_completed", "serving_until"):
        facts.pop(over, None)
    early = date(2016, 11, 9) + timedelta(days=d.number(5000))
    late = early + timedelta(days=d.number(9000))
    before, after = found(facts, early), found(facts, late)
    assert answer(before) == answer(after)


# ---- what is not known


@LAW
@given(dice())
def test_unknown_is_never_eligible_in_silence(d: Dice) -> None:
    facts = knowledge(d, life(d))
    for f in all_found(facts):
        if f.outcome in ELIGIBLE and not f.settled:
            assert f.decision.or_better or f.decision.assumed or "presumption_only" in f.flags, f.remedy.name
            rests_on = set(f.decision.presumed) | set(f.decision.assumed)
            assert rests_on <= {p.fact for p in f.remedy.presumptions}
            assert all(facts.get(n) is None or isinstance(facts[n], Span) for n in rests_on)
            assert bool(f.decision.presumed) == any(p.burden for p in f.remedy.presumptions if p.fact in rests_on)


@LAW
@given(dice())
def test_proposition_64_is_open_only_for_its_four_sections_and_only_before_the_act(d: Dice) -> None:
    facts = knowledge(d, marijuana(d))
    if found(facts).outcome in ELIGIBLE:
        assert facts.get("offense") in records.LISTED
        day = records.derived(facts)["offense_day"]
        last = day.high if isinstance(day, Span) else day
        assert isinstance(last, date)
        assert last < date(2016, 11, 9)


# Doors that never open for a section which the offense list does not have: what it would say decides them.
BY_THE_LIST = {
    "pc_1170_18",
    "pc_17b",
    "pc_17d2",
    "pc_1203_4",
    "pc_1203_4a",
    "pc_1203_42",
    "wic_781",
    "wic_786",
}
# These do not read the list, or not for all: a misdemeanor is cleared by the state whatever its section, a county-jail
# sentence can be dismissed whatever it was for, an arrest that ended for good can be sealed.
NOT_BY_THE_LIST = {
    "hs_11361_8",
    "hs_11361_5",
    "pc_1203_43",
    "pc_1203_3",
    "pc_1203_41",
    "pc_851_91",
    "pc_851_93",
    "pc_851_87",
    "pc_849_5",
    "pc_1203_425",
    "pc_4852_01",
}


def test_every_remedy_that_opens_a_door_says_if_the_offense_list_decides_it() -> None:
    open_doors = {r.name for r in REMEDIES if any(row.outcome in ELIGIBLE for row in r.rows)}
    assert open_doors == BY_THE_LIST | NOT_BY_THE_LIST
    assert not BY_THE_LIST & NOT_BY_THE_LIST


@LAW
@given(dice())
def test_a_section_that_is_not_in_the_list_or_not_known_is_never_open_where_the_list_decides(d: Dice) -> None:
    facts = knowledge(d, life(d, (records.UNLISTED,)))
    if d.pick((True, False)):
        facts = {n: v for n, v in facts.items() if n not in ("offense", "subdivision", "paragraph")}
    for f in all_found(facts):
        assert f.outcome not in ELIGIBLE or f.remedy.name in NOT_BY_THE_LIST, f.remedy.name
        if f.remedy.name == "pc_851_91" and f.outcome in ELIGIBLE:
            ended = facts["disposition"] in ("acquitted", "dismissed_for_good", "vacated")
            assert ended or facts["disposition"] in PROGRAMS or facts.get("level") in ("misdemeanor", "infraction")


PROGRAMS = ("diverted", "prosecutor_diversion", "dej_completed")


@LAW
@given(dice())
def test_presumed_is_only_what_the_statute_presumes(d: Dice) -> None:
    """Stating every fact that an answer rests on, as presumed, gives that answer."""
    facts = knowledge(d, life(d))
    for f in all_found(facts):
        values = {p.fact: p.value for p in f.remedy.presumptions}
        stated = {n: values[n] for n in (*f.decision.presumed, *f.decision.assumed)}
        if stated and learned(facts, facts | stated):
            again = judged(FRESH[f.remedy.name], facts | stated, AS_OF)
            assert answer(again) == answer(f), f.remedy.name
            assert not set(again.decision.presumed) & set(stated)
            assert not set(again.decision.assumed) & set(stated)


# ---- any record


@LAW
@given(dice())
def test_every_remedy_judges_any_record_though_its_facts_fit_nothing(d: Dice) -> None:
    world = life(d)
    chaos = world | {n: d.pick((None, *ALL_REGIONS[n])) for n in d.some(sorted(ALL_REGIONS), 20)}
    chaos |= {n: d.pick((None, date(1950, 1, 1), AS_OF)) for n in d.some(DATES, 4)}
    facts = {n: v for n, v in chaos.items() if v is not None}
    (counted,) = decide(record_of(facts), AS_OF).counts
    assert {f.remedy.name for f in counted.findings} == {r.name for r in REMEDIES}
    for f in counted.findings:
        assert (f.outcome in ELIGIBLE) >= bool(f.form or f.boxes)
        assert bool(f.relief) == (f.outcome in ELIGIBLE)


DATES = sorted(n for n, e in dictionary().items() if e.type == "date" and e.scope != "derived")


def some_record(d: Dice) -> Record:
    """Several cases of one person, with several counts each."""
    world = life(d)
    cases = []
    for i in range(1 + d.number(2)):
        its: dict[str, Any] = {n: v for n, v in knowledge(d, life(d)).items() if n in records.CASE}
        counts = []
        for j in range(1 + d.number(1)):
            facts: dict[str, Any] = {n: v for n, v in knowledge(d, life(d)).items() if n in records.COUNT}
            counts.append(Count(id=f"{i}.{j}", **facts))
        cases.append(Case(id=str(i), counts=tuple(counts), **its))
    person: dict[str, Any] = {n: v for n, v in knowledge(d, world).items() if n in records.PERSON}
    return Record(Person(**person), tuple(cases))


@LAW
@given(dice(12))
def test_the_order_of_cases_and_counts_changes_nothing(d: Dice) -> None:
    record = some_record(d)
    mixed = tuple(replace(c, counts=tuple(d.mixed(c.counts))) for c in d.mixed(record.cases))
    whole, other = decide(record, AS_OF), decide(replace(record, cases=mixed), AS_OF)
    assert {c.count.id: c.findings for c in whole.counts} == {c.count.id: c.findings for c in other.counts}
    assert [c.count.id for c in other.counts] == [count.id for case in mixed for count in case.counts]


@LAW
@given(dice(12))
def test_a_record_says_no_more_of_a_count_than_history_tells(d: Dice) -> None:
    """Whatever else is in a record reaches a count as facts, so that it can be shown and asked."""
    record = some_record(d)
    for counted, (_, count, facts) in zip(decide(record, AS_OF).counts, stated_by_count(record, AS_OF), strict=True):
        assert counted.count is count
        alone = {f.remedy.name: f for f in all_found(facts)}
        assert {f.remedy.name: f for f in counted.findings} == alone


@LAW
@given(dice())
def test_deciding_twice_gives_the_same_and_changes_nothing(d: Dice) -> None:
    record = record_of(knowledge(d, life(d)))
    kept = copy.deepcopy(record)
    first = decide(record, AS_OF)
    assert decide(record, AS_OF) == first
    assert record == kept
    for f in first.counts[0].findings:
        law = FRESH[f.remedy.name]
        law.sections.clear()
        law.ways.clear()
        assert judged(law, f.facts, AS_OF) == f


# From the first that claims a count to the last, in words of rules/__init__.py: an open door to the better relief, then
# that all is done, then the other open doors, then what comes later; then what is not about this entry, or beside it.
def documented_place(f: Finding) -> int:
    row, better = f.decision.row, f.remedy.tier == "better"
    order = (
        f.remedy.beside,
        row is not None and row.elsewhere,
        f.outcome == "not_eligible",
        f.outcome == "needs_lawyer",
        f.outcome == "need_info",
        f.outcome == "not_yet",
        f.outcome == "already_relieved" and row is not None and row.yields,
        f.outcome == "eligible_discretionary" and not better,
        f.outcome == "eligible_mandatory" and not better,
        f.outcome == "already_relieved",
        f.outcome in ELIGIBLE,
    )
    return len(order) - order.index(True)


# Of two alike, what gives more comes first.
TIERS_BY_STRENGTH = (
    "better",
    "dismissal",
    "arrest",
    "juvenile",
    "reduction",
    "ending",
    "lawyer",
    "automatic",
    "later",
    "records",
)


@LAW
@given(dice())
def test_the_best_answer_is_the_best_by_the_order_of_the_law(d: Dice) -> None:
    (counted,) = decide(record_of(knowledge(d, life(d))), AS_OF).counts
    declared = [r.name for r in REMEDIES]
    keys = [
        (documented_place(f), TIERS_BY_STRENGTH.index(f.remedy.tier), declared.index(f.remedy.name))
        for f in counted.findings
    ]
    assert keys == sorted(keys)
    assert counted.best is counted.findings[0]


# ---- Proposition 64 and the machinery


@LAW
@given(dice())
def test_boxes_of_cr_400_fit_each_other(d: Dice) -> None:
    facts = knowledge(d, life(d, records.LISTED, records.DAYS, ("conviction",)), least=0.8)
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
    over = records.derived(facts)["sentence_over"]
    assert (over is None) == (not boxes & {"2a", "2b"}) == ("ask_serving" in f.flags)
    assert ("public_safety_exception" in f.flags) == ("2a" in boxes) == (over is False)


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


@pytest.mark.parametrize("remedy", REMEDIES, ids=lambda r: r.name)
def test_what_is_kept_is_bounded(remedy: Remedy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rules.judge.KEPT", 3)
    monkeypatch.setattr("rules.judge.FOLLOWED", 5)
    law, fresh = build(remedy, AS_OF), build(remedy, AS_OF)
    derive_all = straight_line.deriver(derivations(), numbers(AS_OF))
    some = itertools.product(("HS 11358", "PC 484"), (6, 7), (17, 20, 21, None), ("probation", None), ("felony", None))
    for offense, plants, age, sentence, level in some:
        facts = {"offense": offense, "plants": plants, "age_at_offense": age, "sentence": sentence, "level": level}
        stated: Facts = {n: v for n, v in facts.items() if v is not None}
        derived = derive_all(stated, AS_OF)
        assert judged(law, stated, AS_OF, derived) == judged(fresh, stated, AS_OF, derived)
        assert all(len(s.kept) <= 4 for s in law.sections.values())
