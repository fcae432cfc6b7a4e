"""The list of questions: sound, short, and asking only what can still change an answer."""

from datetime import date
from typing import Any

import pytest
import yaml

from rules.remedies import REMEDIES
from webapp.interview import document as doc
from webapp.interview import flow
from webapp.interview.document import Place

AS_OF = date(2026, 11, 22)
QUESTIONS = flow.load()


def walk(answers: dict[str, Any], document: dict[str, Any] | None = None) -> tuple[dict[str, Any], list[str]]:
    """Answers every open question: with the given value, else "I'm not sure". Gives the document and what was asked."""
    document = document or doc.with_conviction(doc.empty())
    asked: list[str] = []
    while open_ := flow.open_questions(QUESTIONS, document, AS_OF):
        at = open_[0]
        asked.append(at.place.path)
        assert len(asked) < 60, f"the interview does not end: {asked[-5:]}"
        value = answers.get(at.question.fact)
        document = flow.answer(QUESTIONS, document, at, value, AS_OF, unsure=value is None)
        if at.question.fact == "offense" and value is not None:
            document = doc.with_answer(document, Place(at.place.case, at.place.count, "attempt"), False)
    return document, asked


def best(document: dict[str, Any]) -> Any:
    return flow.findings(document, AS_OF).counts[0].best


COMMON = {
    "already_relieved": False,
    "county": "Kern",
    "offense_date": "1998",
    "sentence_status": "completed",
    "conviction_date": "1999",
}


def test_subdivision_b_of_1998_is_settled_in_eight_pages() -> None:
    document, asked = walk({**COMMON, "offense": "HS 11357", "subdivision": "b", "age_at_offense": {"at_least": 21}})
    assert (best(document).outcome, best(document).relief, best(document).settled) == (
        "eligible_mandatory",
        "dismiss_and_seal",
        True,
    )
    assert len(asked) == 8
    assert not any("plants" in a or "superstrike" in a for a in asked)


def test_six_plants_end_the_questions_about_priors() -> None:
    growing = {**COMMON, "offense": "HS 11358", "age_at_offense": {"at_least": 21}, "level": "felony"}
    few, asked_few = walk({**growing, "plants": {"at_most": 6}})
    _, asked_many = walk({**growing, "plants": {"over": 6}})
    assert best(few).settled
    assert "person/superstrike_or_290c" not in asked_few
    assert "person/superstrike_or_290c" in asked_many


def test_already_cleared_is_one_question() -> None:
    document, asked = walk({"already_relieved": True})
    assert asked == ["c1/k1/already_relieved"]
    assert best(document).outcome == "already_relieved"


def test_after_the_act_ends_soon() -> None:
    document, asked = walk({"already_relieved": False, "offense": "HS 11359", "offense_date": "2018"})
    assert best(document).outcome == "not_eligible"
    assert "c1/k1/level" not in asked


def test_a_case_around_1998_and_nothing_else_known_ends_with_what_would_settle_it() -> None:
    document, asked = walk({"county": "Los Angeles", "offense_date": "1998"})
    finding = best(document)
    assert finding.outcome == "need_info"
    assert "offense" in finding.would_settle
    assert len(asked) <= 10


def test_all_unsure_ends_and_is_never_eligible_without_saying_so() -> None:
    document, _ = walk({})
    assert best(document).outcome == "need_info"


def test_a_year_on_both_sides_of_the_act_is_asked_once_more_and_then_left() -> None:
    answers = {**COMMON, "offense": "HS 11358", "offense_date": "2016", "age_at_offense": {"at_least": 21}}
    document, asked = walk({**answers, "level": "felony", "plants": {"at_most": 6}})
    assert asked.count("c1/k1/offense_date") == 2
    assert best(document).outcome == "need_info"
    assert doc.value(document, Place("c1", "k1", "offense_date")) == "2016", "what was entered is kept"


def test_changing_the_offense_forgets_what_hung_on_it() -> None:
    document, _ = walk({**COMMON, "offense": "HS 11358", "age_at_offense": {"at_least": 21}, "plants": {"over": 6}})
    assert doc.value(document, Place("c1", "k1", "plants"))
    at = flow.at(QUESTIONS, document, "c1/k1/offense", AS_OF)
    assert at is not None
    changed = flow.answer(QUESTIONS, document, at, "HS 11357", AS_OF)
    assert doc.value(changed, Place("c1", "k1", "plants")) is None
    assert doc.value(changed, Place("c1", "k1", "age_at_offense")) == {"at_least": 21}
    assert not any("plants" in u or "environmental" in u for u in changed["unsure"])


def test_changing_between_sections_forgets_the_letter() -> None:
    document, _ = walk({**COMMON, "offense": "HS 11357", "subdivision": "b", "age_at_offense": {"at_least": 21}})
    at = flow.at(QUESTIONS, document, "c1/k1/offense", AS_OF)
    assert at is not None
    changed = flow.answer(QUESTIONS, document, at, "HS 11360", AS_OF)
    assert doc.value(changed, Place("c1", "k1", "subdivision")) is None


def test_facts_of_a_case_are_asked_once_for_two_counts() -> None:
    document, _ = walk({**COMMON, "offense": "HS 11357", "subdivision": "b", "age_at_offense": {"at_least": 21}})
    document = doc.with_conviction(document, "c1")
    _, asked = walk({**COMMON, "offense": "HS 11359"}, document)
    assert "c1/county" not in asked
    assert "c1/sentence_status" not in asked
    assert "c1/k2/offense" in asked


def test_removing_a_conviction_removes_its_answers_and_empty_case() -> None:
    document, _ = walk({"county": "Los Angeles"})
    document = {**document, "papers": {"c1": {"case_number": "1"}}}
    changed = doc.without_conviction(document, "c1", "k1")
    assert changed["cases"] == []
    assert changed["papers"] == {}
    assert not any(u.startswith("c1/") for u in changed["unsure"])


def test_no_more_convictions_than_one_visit_holds() -> None:
    document = doc.empty()
    for _ in range(doc.MOST_CONVICTIONS):
        document = doc.with_conviction(document)
    with pytest.raises(doc.TooMany):
        doc.with_conviction(document)


def test_citizenship_leaves_the_same_mark_whatever_was_said() -> None:
    assert doc.with_seen(doc.empty(), "citizenship")["seen"] == ["citizenship"]


# ---- a flow that is not sound is refused


def raw() -> dict[str, Any]:
    return yaml.safe_load(flow.FLOW_FILE.read_text(encoding="utf-8"))


def refused(change: Any, words: str) -> None:
    broken = raw()
    change(broken)
    with pytest.raises(flow.BadFlow, match=words):
        flow.read_flow(broken)


def test_the_real_flow_is_accepted() -> None:
    assert flow.read_flow(raw(), REMEDIES)


def test_an_unknown_fact_is_refused() -> None:
    refused(lambda f: f["person"][0].update(fact="shoe_size"), "no such fact")


def test_a_derived_fact_cannot_be_asked() -> None:
    refused(lambda f: f["person"][0].update(fact="offense_day"), "no such fact")


def test_a_condition_that_cannot_be_read_is_refused() -> None:
    refused(lambda f: f["conviction"][5].update(when="offense =="), "cannot read")


def test_a_condition_on_a_later_answer_is_refused() -> None:
    refused(lambda f: f["conviction"][0].update(when="superstrike_or_290c"), "asked later or never")


def test_a_deciding_fact_without_a_question_is_refused() -> None:
    def drop(f: dict[str, Any]) -> None:
        f["conviction"] = [q for q in f["conviction"] if q["fact"] != "plants"]

    refused(drop, "no question settles plants")


def test_an_answer_the_fact_cannot_hold_is_refused() -> None:
    refused(lambda f: f["conviction"][6]["answers"][0].update(value="young"), "age_at_offense")


def test_an_unknown_part_or_kind_is_refused() -> None:
    refused(lambda f: f.update(pet=[]), "no part called pet")
    refused(lambda f: f["person"][0].update(kind="riddle"), "no question is of the kind")
