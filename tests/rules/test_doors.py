"""The order of the doors (law/1203-4-family.md section 7): which one claims a conviction, which ones are taken one
after the other, and what stands beside."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings

from rules import CountFindings, decide
from rules.record import Case, Count, Person, Record
from rules.remedies import REMEDIES
from rules.remedy import ELIGIBLE, TIERS, Remedy, Row
from tests.rules.strategies import AS_OF, Dice, dice, knowledge, life, record_of

FREE = {"serving_now": "nothing", "pending_charge": False, "superstrike_or_290c": False}
ON_PROBATION = {"sentence": "probation", "sentence_status": "probation", "probation_end": date(2027, 6, 30)}
FINISHED = {
    "sentence": "probation",
    "probation_outcome": "completed",
    "probation_end": date(2013, 3, 1),
    "sentence_status": "completed",
}


def counted(offense: str, **facts: Any) -> CountFindings:
    """One felony of 2011, unless said otherwise."""
    facts = {"conviction_date": date(2011, 3, 1), "level": "felony", "attempt": False, "juvenile": False} | facts
    return decide(record_of({"offense": offense} | facts), AS_OF).counts[0]


def steps(found: CountFindings) -> list[tuple[str, str]]:
    return [(f.remedy.name, f.relief) for f in found.sequence]


# ---- what is taken one after the other


def test_first_the_level_for_all_purposes_then_the_dismissal_of_what_remains() -> None:
    found = counted("PC 496", subdivision="a", value_usd=500, **FINISHED, **FREE)
    assert steps(found) == [("pc_1170_18", "designate_misdemeanor"), ("pc_1203_4", "dismiss")]
    assert found.best.remedy.name == "pc_1170_18"


def test_a_conviction_that_is_lowered_already_is_not_reduced_once_more() -> None:
    found = counted("PC 496", subdivision="a", value_usd=500, **FINISHED, **FREE)
    assert any(f.remedy.name == "pc_17b" and f.outcome in ELIGIBLE for f in found.alternatives)
    assert "pc_17b" not in {name for name, _ in steps(found)}


def test_where_nothing_better_is_open_a_reduction_comes_before_the_dismissal() -> None:
    found = counted("PC 496", subdivision="a", value_usd=5000, **FINISHED, **FREE)
    assert steps(found) == [("pc_17b", "reduce_to_misdemeanor"), ("pc_1203_4", "dismiss")]


def test_of_two_doors_alike_the_dismissal_claims_the_conviction() -> None:
    judge_decides = FINISHED | {"probation_outcome": "violation"}
    found = counted("PC 496", subdivision="a", value_usd=5000, **judge_decides, **FREE)
    assert [f.outcome for f in found.sequence] == ["eligible_discretionary", "eligible_discretionary"]
    assert found.best.remedy.name == "pc_1203_4"
    assert found.sequence[0].remedy.name == "pc_17b", "the reduction is asked for first all the same"


def test_during_probation_a_reduction_then_the_end_of_the_probation() -> None:
    found = counted("PC 594", subdivision="a", conviction_date=date(2025, 3, 1), **ON_PROBATION)
    assert steps(found) == [("pc_17b", "reduce_to_misdemeanor"), ("pc_1203_3", "end_probation")]
    waiting = next(f for f in found.findings if f.remedy.name == "pc_1203_4")
    assert (waiting.outcome, waiting.eligible_on) == ("not_yet", date(2027, 7, 1))


def test_what_is_sealed_needs_no_other_step() -> None:
    found = counted("HS 11358", plants=4, age_at_offense=30, offense_date=date(2010, 1, 1), **FINISHED, **FREE)
    assert steps(found) == [("hs_11361_8", "dismiss_and_seal")]
    assert any(f.remedy.name == "pc_1203_4" and f.outcome in ELIGIBLE for f in found.alternatives)


def test_what_is_lowered_and_not_sealed_is_dismissed_after_it() -> None:
    found = counted("HS 11358", plants=20, age_at_offense=30, offense_date=date(2010, 1, 1), **FINISHED, **FREE)
    assert steps(found) == [("hs_11361_8", "redesignate_misdemeanor"), ("pc_1203_4", "dismiss")]


def test_a_plea_that_is_taken_back_leaves_nothing_to_seal() -> None:
    found = counted("HS 11377", subdivision="a", disposition="dej_completed", evaded=False)
    assert steps(found) == [("pc_1203_43", "withdraw_plea")]


def test_one_door_of_a_kind() -> None:
    prison = {
        "sentence": "felony_term",
        "felony_term": "prison",
        "sentence_completed": date(2014, 1, 1),
        "conviction_date": date(2010, 1, 1),
    }
    found = counted("PC 487", subdivision="a", value_usd=5000, **prison, **FREE)
    assert steps(found) == [("pc_1203_41", "dismiss")]
    assert any(f.remedy.name == "pc_1203_42" and f.outcome in ELIGIBLE for f in found.alternatives)


def test_a_juvenile_marijuana_case_is_lowered_and_then_sealed() -> None:
    found = counted(
        "HS 11359",
        juvenile=True,
        birth_date=date(1994, 5, 5),
        offense_date=date(2010, 1, 1),
        new_conviction_since=False,
    )
    assert steps(found) == [("hs_11361_8", "redesignate_infraction"), ("wic_781", "seal")]


def test_after_a_program_of_the_prosecutor_its_own_law_is_open_before_the_time_to_file_is_over() -> None:
    arrest = {"disposition": "prosecutor_diversion", "conviction_date": None, "evaded": False}
    early = counted("PC 496", subdivision="a", offense_date=date(2025, 1, 1), **arrest)
    assert steps(early) == [("pc_851_87", "seal_arrest")]
    late = counted("PC 496", subdivision="a", offense_date=date(2020, 1, 1), **arrest)
    assert steps(late) == [("pc_851_91", "seal_arrest")], "then it is a right"


@pytest.mark.parametrize(
    "closed",
    [
        {"offense": "PC 211", "sentence": "felony_term", "felony_term": "prison", "sentence_status": "parole"},
        {"offense": "federal"},
        {"offense": "PC 9999", **FINISHED},
        {"offense": "PC 187", "disposition": "never_charged"},
    ],
)
def test_where_no_door_is_open_there_are_no_steps_and_still_a_best_answer(closed: dict[str, Any]) -> None:
    found = counted(**closed)
    assert steps(found) == []
    assert found.best.outcome not in ELIGIBLE


def test_where_all_is_done_there_are_no_steps() -> None:
    growing = {"plants": 20, "age_at_offense": 30, "offense_date": date(2010, 1, 1), **ON_PROBATION}
    sealed = counted("HS 11358", already_relieved=True, dismissed_before=True, **growing)
    assert (sealed.best.remedy.name, sealed.best.outcome) == ("hs_11361_8", "already_relieved")
    assert any(f.remedy.name == "pc_1203_3" and f.outcome in ELIGIBLE for f in sealed.findings)
    assert steps(sealed) == []


def test_what_may_only_have_been_lowered_can_still_be_dismissed() -> None:
    growing = {"plants": 20, "age_at_offense": 30, "offense_date": date(2010, 1, 1), **FINISHED, **FREE}
    cleared = counted("HS 11358", already_relieved=True, **growing)
    assert cleared.best.outcome == "already_relieved"
    assert steps(cleared) == [("pc_1203_4", "dismiss")], "if it was dismissed is not known"


def test_what_was_only_lowered_can_still_be_dismissed() -> None:
    growing = {"plants": 20, "age_at_offense": 30, "offense_date": date(2010, 1, 1), **FINISHED, **FREE}
    lowered = counted("HS 11358", level="misdemeanor", already_relieved=True, dismissed_before=False, **growing)
    assert lowered.best.remedy.name == "pc_1203_4"
    assert steps(lowered) == [("pc_1203_4", "dismiss")]
    told = next(f for f in lowered.alternatives if f.remedy.name == "hs_11361_8")
    assert told.outcome == "already_relieved"


def test_a_dismissed_felony_can_still_be_reduced() -> None:
    found = counted("PC 594", subdivision="a", dismissed_before=True, **FINISHED, **FREE)
    assert (found.best.remedy.name, found.best.outcome) == ("pc_1203_4", "already_relieved")
    assert steps(found) == [("pc_17b", "reduce_to_misdemeanor")]


# ---- what stands beside, and what else there is


def test_beside_are_the_state_that_clears_by_itself_and_doors_for_some_people() -> None:
    found = counted("PC 594", subdivision="a", **FINISHED, **FREE, trafficked=True, abused_into_it=False)
    beside = {f.remedy.name for f in found.beside}
    assert {"pc_1203_425", "pc_236_14", "pc_1473_7", "pc_1016_5"} <= beside
    assert "pc_236_15" not in beside, "only for people whom it concerns"
    assert all(f.remedy.beside for f in found.beside)


def test_what_stands_beside_never_claims_the_conviction_and_is_no_step() -> None:
    automatic = counted("PC 211", **FINISHED, **FREE, dismissed_before=False)
    assert automatic.best.remedy.name == "pc_1203_4"
    cleared = next(f for f in automatic.beside if f.remedy.name == "pc_1203_425")
    assert cleared.outcome == "eligible_mandatory"
    assert "pc_1203_425" not in {name for name, _ in steps(automatic)}


def test_alternatives_are_the_other_remedies_about_this_entry() -> None:
    found = counted("PC 594", subdivision="a", **FINISHED, **FREE, fire_crew=False)
    assert found.best.remedy.name == "pc_1203_4"
    assert [f.remedy.name for f in found.alternatives] == ["pc_17b"]


def test_an_arrest_is_no_matter_for_the_laws_about_convictions_and_the_other_way_round() -> None:
    arrest = counted("PC 594", subdivision="a", disposition="never_charged", offense_date=date(2020, 1, 1))
    about_it = {f.remedy.name for f in (arrest.best, *arrest.alternatives, *arrest.beside)}
    assert about_it == {"pc_851_91", "pc_851_8", "pc_851_93", "pc_849_5"} | SURVIVORS
    conviction = counted("PC 594", subdivision="a", **FINISHED, **FREE, disposition="convicted")
    assert not about_it - SURVIVORS & {f.remedy.name for f in (conviction.best, *conviction.alternatives)}


# Whether somebody was made to do it is open for every entry until it is said.
SURVIVORS = {"pc_236_14", "pc_236_15"}


# ---- for any record


@settings(max_examples=150, deadline=None)
@given(dice())
def test_steps_are_open_doors_one_of_a_kind_in_the_order_of_the_law(d: Dice) -> None:
    (found,) = decide(record_of(knowledge(d, life(d))), AS_OF).counts
    tiers = [TIERS.index(f.remedy.tier) for f in found.sequence]
    assert tiers == sorted(set(tiers))
    for f in found.sequence:
        assert f.outcome in ELIGIBLE
        assert not f.remedy.beside
        assert not f.elsewhere
        first_of_its_kind = next(
            o
            for o in found.findings
            if o.remedy.tier == f.remedy.tier and o.outcome in ELIGIBLE and not o.remedy.beside
        )
        assert f is first_of_its_kind
    if found.sequence and found.sequence[0].remedy.tier == "better":
        assert "reduction" not in {f.remedy.tier for f in found.sequence}
    if found.best.outcome in ELIGIBLE and found.best.remedy.tier == "better":
        assert found.sequence[0] is found.best


@settings(max_examples=150, deadline=None)
@given(dice())
def test_every_finding_has_one_place(d: Dice) -> None:
    (found,) = decide(record_of(knowledge(d, life(d))), AS_OF).counts
    elsewhere = tuple(f for f in found.findings if f.elsewhere and f is not found.best)
    placed = [f.remedy.name for f in (found.best, *found.alternatives, *found.beside, *elsewhere)]
    assert sorted(placed) == sorted(r.name for r in REMEDIES)


@settings(max_examples=150, deadline=None)
@given(dice())
def test_only_what_can_still_matter_is_worth_a_question(d: Dice) -> None:
    (found,) = decide(record_of(knowledge(d, life(d))), AS_OF).counts
    worth = found.worth_asking
    assert found.best in worth
    if not found.best.settled:
        assert worth == found.findings
    if worth != found.findings:
        assert found.best.settled
        left_out = [f for f in found.findings if f not in worth]
        assert worth == (found.best,) or {f.remedy.tier for f in left_out} == {"reduction"}


def test_after_a_certain_seal_nothing_else_is_asked() -> None:
    certain = {"already_relieved": False, "disposition": "convicted", "age_at_offense": 30, **FREE}
    sealed = counted("HS 11358", plants=4, offense_date=date(2010, 1, 1), **certain)
    assert sealed.best.settled
    assert sealed.worth_asking == (sealed.best,)


CERTAIN = {
    "already_relieved": False,
    "dismissed_before": False,
    "disposition": "convicted",
    "age_at_offense": 30,
    "same_section_priors": 0,
    "knowingly_to_minor": False,
    "hired_under_21": False,
    **FREE,
}


def test_after_a_certain_lowering_all_but_the_reductions_is_asked() -> None:
    """What Proposition 64 makes a misdemeanor needs no 17(b); the dismissal of what remains is another door."""
    lowered = counted("HS 11359", offense_date=date(2010, 1, 1), sentence="probation", **CERTAIN)
    assert (lowered.best.relief, lowered.best.settled) == ("redesignate_misdemeanor", True)
    assert lowered.worth_asking == tuple(f for f in lowered.findings if f.remedy.tier != "reduction")
    assert {f.remedy.name for f in lowered.findings} - {f.remedy.name for f in lowered.worth_asking} == {
        "pc_17b",
        "pc_17d2",
    }


def test_after_a_certain_dismissal_a_reduction_is_still_asked() -> None:
    dismissed = counted("PC 594", subdivision="a", **CERTAIN, **FINISHED)
    assert (dismissed.best.remedy.name, dismissed.best.settled) == ("pc_1203_4", True)
    assert dismissed.worth_asking == dismissed.findings


def always(remedy: Remedy, outcome: str) -> Remedy:
    """The remedy with one answer for everybody."""
    only = Row("always", "True", outcome, "So it is.", remedy.statute)
    return replace(remedy, requirements=(), rows=(only,), presumptions=(), fallbacks=(), flags=(), papers=(), notes=())


def test_where_a_better_law_only_waits_or_is_closed_the_reductions_are_still_asked() -> None:
    """Nobody is lowered by a door that is not open."""
    better, reduction = (next(r for r in REMEDIES if r.name == name) for name in ("pc_1170_18", "pc_17b"))

    for outcome in ("not_yet", "needs_lawyer", "not_eligible"):
        remedies = (always(better, outcome), always(reduction, "not_eligible"))
        (found,) = decide(record_of({"offense": "PC 484"}), AS_OF, remedies).counts
        assert (found.best.outcome, found.best.settled) == (outcome, True)
        assert found.worth_asking == found.findings


def test_a_better_law_comes_first_though_the_judge_decides_it() -> None:
    """What lowers a conviction for all purposes gives more than a dismissal that the judge cannot refuse."""
    better, dismissal = (next(r for r in REMEDIES if r.name == name) for name in ("pc_1170_18", "pc_1203_4"))

    remedies = (always(dismissal, "eligible_mandatory"), always(better, "eligible_discretionary"))
    (found,) = decide(record_of({"offense": "PC 484"}), AS_OF, remedies).counts
    assert [f.remedy.name for f in found.findings] == ["pc_1170_18", "pc_1203_4"]


def test_where_all_is_done_nothing_else_is_asked() -> None:
    growing = {"plants": 20, "offense_date": date(2010, 1, 1), **FINISHED}
    done = counted("HS 11358", **CERTAIN | growing | {"already_relieved": True, "dismissed_before": True})
    assert (done.best.outcome, done.best.settled) == ("already_relieved", True)
    assert done.worth_asking == (done.best,)


def test_what_the_findings_are_about_stays_with_them() -> None:
    case = Case(id="a", counts=(Count(id="b", offense="PC 484"), Count(id="c", offense="PC 242")))
    record = Record(Person(), (case,))
    found = decide(record, AS_OF)
    assert (found.as_of, found.record) == (AS_OF, record)
    assert [(c.case, c.count) for c in found.counts] == [(case, count) for count in case.counts]
    assert {(case, count) for case, count, _ in found.would_settle()} == {("a", "b"), ("a", "c")}
    assert ("a", "b", "conviction_date") in found.would_settle()


def test_an_empty_record_has_no_counts_and_an_empty_count_an_answer() -> None:
    assert decide(Record(), AS_OF).counts == ()
    (nothing_known,) = decide(Record(Person(), (Case(counts=(Count(),)),)), AS_OF).counts
    assert nothing_known.best.outcome == "need_info"
    assert steps(nothing_known) == []
