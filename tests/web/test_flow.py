"""The list of questions: sound, short, and asking only what can still change an answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import yaml

from rules.facts import dictionary
from rules.record import read_value
from rules.remedies import REMEDIES
from tests.web.teller import Teller, one_case, told
from webapp import clock
from webapp.demo import people
from webapp.interview import document as doc
from webapp.interview import flow
from webapp.interview.document import Document, Place

AS_OF = date(2026, 11, 22)
QUESTIONS = flow.load()
PERSON = {"serving_now": "nothing", "pending_charge": False}
CHECKS = {"fire_crew": False, "trafficked": False, "abused_into_it": False, "adult_court_under_18": False}
OVER = {"conviction_date": "1999-02-03", "sentence": "probation", "probation_outcome": "completed", "county": "Kern"}
ADULT = {"already_relieved": False, "offense_date": "1998-05-06", "age_at_offense": {"at_least": 21}}


@pytest.fixture(autouse=True)
def a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: AS_OF)


def walk(*cases: dict[str, Any], **person: Any) -> tuple[Document, list[str]]:
    """Answers every open question with what these cases hold, else "I'm not sure". Gives the document and what was
    asked."""
    return Teller(told(*cases, **{**PERSON, **CHECKS, **person})).interview()


def possession(**facts: Any) -> dict[str, Any]:
    return one_case(**{**OVER, **ADULT, "offense": "HS 11357", "subdivision": "b", **facts})


def growing(**facts: Any) -> dict[str, Any]:
    return one_case(**{**OVER, **ADULT, "offense": "HS 11358", "level": "felony", **facts})


def theft(**facts: Any) -> dict[str, Any]:
    return one_case(**{**OVER, "offense": "PC 484", **facts})


def best(document: Document, number: int = 0) -> Any:
    return flow.findings(document, AS_OF).counts[number].best


def place(path: str) -> Place:
    case, _, rest = path.partition("/")
    count, _, fact = rest.rpartition("/")
    return Place(None if case == "person" else case, count or None, fact)


def held(document: Document, path: str) -> Any:
    return doc.value(document, place(path))


def change(document: Document, path: str, value: Any, **also: Any) -> Document:
    """The document after the answer to one question is changed."""
    at = flow.at(QUESTIONS, document, path, AS_OF)
    assert at is not None, f"{path} is not asked"
    return flow.answer(QUESTIONS, document, at, value, AS_OF, also=also)


# ---- short


def test_a_simple_possession_is_settled_in_a_few_questions() -> None:
    document, asked = walk(possession(level="misdemeanor"))
    assert (best(document).outcome, best(document).relief, best(document).settled) == (
        "eligible_mandatory",
        "dismiss_and_seal",
        True,
    )
    assert len(asked) <= 10
    assert not any("plants" in a or "superstrike" in a for a in asked)


def test_a_petty_theft_is_settled_without_its_day_its_level_or_its_value() -> None:
    document, asked = walk(theft())
    assert (best(document).outcome, best(document).relief) == ("eligible_mandatory", "dismiss")
    assert not {"c1/k1/level", "c1/k1/offense_date", "c1/k1/value_usd"} & set(asked)


def test_six_plants_end_the_questions_about_priors() -> None:
    few, asked_few = walk(growing(plants={"at_most": 6}))
    _, asked_many = walk(growing(plants={"over": 6}))
    assert best(few).settled
    assert "c1/k1/same_section_priors" not in asked_few
    assert "c1/k1/same_section_priors" in asked_many


@pytest.mark.parametrize(("answer", "dismissed"), [(0, True), (1, False)])
def test_already_cleared_is_kept_and_ends_the_questions_about_marijuana(answer: int, dismissed: bool) -> None:
    """The answer also says whether it was dismissed; that must not void the question it was given to."""
    question = next(q for q in QUESTIONS if q.fact == "already_relieved")
    assert dict(question.answers[answer].sets) == {"dismissed_before": dismissed}
    document, asked = walk(possession(already_relieved=True, dismissed_before=dismissed))
    assert asked.count("c1/k1/already_relieved") == 1
    assert held(document, "c1/k1/already_relieved") is True
    assert best(document).outcome == "already_relieved" or not dismissed
    assert not any(a.endswith(("/substance", "/flower_g", "/school_grounds")) for a in asked)


def test_after_the_act_proposition_64_asks_no_more() -> None:
    document, asked = walk(one_case(**{**OVER, **ADULT, "offense": "HS 11359", "offense_date": "2018"}))
    (closed,) = [f for f in flow.findings(document, AS_OF).counts[0].findings if f.remedy.name == "hs_11361_8"]
    assert closed.outcome == "not_eligible"
    assert not any(a.endswith(("/knowingly_to_minor", "/hired_under_21", "/same_section_priors")) for a in asked)


def test_a_case_around_1998_and_nothing_else_known_ends_with_what_would_settle_it() -> None:
    document, asked = Teller(told({**one_case(offense_date="1998"), "county": "Los Angeles"})).interview()
    assert best(document).outcome == "need_info"
    assert "offense" in best(document).would_settle
    assert len(asked) <= 14


def test_all_unsure_ends_and_is_never_eligible_without_saying_so() -> None:
    document, _ = Teller(told(one_case()), unsure=True).interview()
    assert best(document).outcome == "need_info"


def test_a_year_on_both_sides_of_the_act_is_asked_once_more_and_then_left() -> None:
    document, asked = walk(growing(offense_date="2016", conviction_date="2017", plants={"at_most": 6}))
    assert asked.count("c1/k1/offense_date") == 2
    (open_,) = [f for f in flow.findings(document, AS_OF).counts[0].findings if f.remedy.name == "hs_11361_8"]
    assert open_.outcome == "need_info"
    assert held(document, "c1/k1/offense_date") == "2016", "what was entered is kept"


def test_the_day_of_a_theft_matters_only_while_it_is_a_felony() -> None:
    burglary = {"offense": "PC 459", "paragraph": "second", "conviction_date": "2015-09-09"}
    _, felony = walk(theft(**burglary, level="felony", offense_date="2014-03-04"))
    _, misdemeanor = walk(theft(**burglary, level="misdemeanor"))
    assert "c1/k1/offense_date" in felony
    assert "c1/k1/offense_date" not in misdemeanor


# ---- the order of the parts


def test_every_case_is_entered_before_any_other_question() -> None:
    _, asked = walk(possession(), theft(), growing(plants={"over": 6}))
    entry = [f"c{n}/{rest}" for n in (1, 2, 3) for rest in ("disposition", "k1/offense")]
    assert asked[: len(entry)] == entry
    assert asked[len(entry)] == "person/serving_now"


def test_the_parts_come_in_the_order_of_the_file() -> None:
    part = {q.fact: q.part for q in QUESTIONS if q.part.startswith("person")}
    _, asked = walk(growing(plants={"over": 6}), theft(sentence="felony_term"), superstrike_or_290c=True)
    facts = [a.rsplit("/", 1)[1] for a in asked if a.startswith("person/")]
    assert [part[f] for f in facts] == sorted((part[f] for f in facts), key=flow.PARTS.index)
    late = asked.index("person/superstrike_or_290c")
    assert not any(part.get(a.rsplit("/", 1)[1]) == "person" for a in asked[late:])
    assert asked[late - 1].startswith("c2/"), "asked after all cases"


def test_nothing_is_open_before_the_first_case_is_entered() -> None:
    document = doc.with_case(doc.empty())
    assert [a.place.path for a in flow.entry_open(QUESTIONS, document, AS_OF)] == ["c1/disposition"]
    ended = change(document, "c1/disposition", "convicted", juvenile=False, dismissed_before=False)
    assert flow.entry_open(QUESTIONS, ended, AS_OF) == []


def test_facts_of_a_case_are_asked_once_for_two_counts() -> None:
    case = theft()
    case["counts"].append({"id": "k2", "offense": "PC 242", "attempt": False})
    _, asked = walk(case)
    assert max(Counter(asked).values()) == 1
    assert {"c1/k1/offense", "c1/k2/offense", "c1/sentence"} <= set(asked)


def test_an_arrest_is_asked_nothing_about_a_sentence() -> None:
    arrest = one_case(offense="PC 503", disposition="never_charged", offense_date="2020-01-02", county="Kern")
    del arrest["dismissed_before"]
    _, asked = walk(arrest)
    assert not {"c1/sentence", "c1/sentence_status", "c1/conviction_date", "person/serving_now"} & set(asked)
    assert "c1/evaded" in asked


# ---- many


@pytest.mark.parametrize("person", people())
def test_what_a_demo_person_holds_can_be_said_in_the_interview(person: str) -> None:
    """Answered from nothing, question by question, the same result comes out as from the finished document."""
    document, _ = Teller(people()[person].document).interview()
    found = [c.best for c in flow.findings(document, AS_OF).counts]
    assert tuple(" ".join(filter(None, (b.outcome, b.relief, b.form))) for b in found) == people()[person].expects


@pytest.mark.parametrize("person", people())
def test_sure_of_nothing_but_what_it_was_for_it_still_ends(person: str) -> None:
    document, asked = Teller(people()[person].document, unsure=True).interview()
    assert max(Counter(asked).values()) == 1, "what a person is not sure of is not asked twice"
    assert flow.open_questions(QUESTIONS, document, AS_OF) == []


# ---- changes


def test_changing_the_offense_forgets_what_hung_on_it() -> None:
    document, _ = walk(growing(plants={"over": 6}))
    assert held(document, "c1/k1/plants")
    changed = change(document, "c1/k1/offense", "HS 11357")
    assert held(changed, "c1/k1/plants") is None
    assert held(changed, "c1/k1/age_at_offense") == {"at_least": 21}
    assert not any("plants" in u or "environmental" in u for u in changed["unsure"])


def test_changing_between_sections_forgets_the_letter() -> None:
    document, _ = walk(possession())
    changed = change(document, "c1/k1/offense", "HS 11360")
    assert held(changed, "c1/k1/subdivision") is None


def test_an_offense_named_with_its_parts_replaces_those_of_the_old_one() -> None:
    document, _ = walk(theft(offense="PC 459", paragraph="second", level="felony", value_usd={"at_most": 950}))
    changed = change(document, "c1/k1/offense", "HS 11350", subdivision="a", attempt=False)
    assert held(changed, "c1/k1/paragraph") is None
    assert held(changed, "c1/k1/subdivision") == "a"
    assert held(changed, "c1/k1/value_usd") is None


def test_changing_how_a_case_ended_forgets_what_hung_on_it() -> None:
    document, _ = walk(theft(offense="HS 11351", sentence="felony_term", felony_term="prison", release_date="2001"))
    assert held(document, "c1/felony_term") == "prison"
    arrested = change(document, "c1/disposition", "never_charged", juvenile=False)
    gone = ("sentence", "felony_term", "release_date", "sentence_completed", "conviction_date", "dismissed_before")
    assert [held(arrested, f"c1/{fact}") for fact in gone] == [None] * len(gone)
    assert not any(u.startswith("c1/sentence") for u in arrested["unsure"])
    assert held(arrested, "c1/county") == "Kern", "the county holds for an arrest too"
    assert held(arrested, "c1/k1/offense") == "HS 11351"
    assert best(arrested).remedy.tier == "arrest"


def test_changing_the_sentence_forgets_the_outcome_of_the_probation() -> None:
    document, _ = walk(theft())
    changed = change(document, "c1/sentence", "no_probation")
    assert held(changed, "c1/probation_outcome") is None
    assert "c1/sentence_performed" in [a.place.path for a in flow.open_questions(QUESTIONS, changed, AS_OF)]


def test_a_sentence_that_states_where_it_was_served_is_not_asked_where() -> None:
    sentence = next(q for q in QUESTIONS if q.fact == "sentence")
    prison = next(a for a in sentence.answers if dict(a.sets).get("felony_term") == "prison")
    document, asked = walk(theft(offense="HS 11351", sentence="felony_term", felony_term="prison"))
    assert "c1/felony_term" not in asked
    assert flow.answer_of(sentence, document, place("c1/sentence")) == prison
    vague = change(document, "c1/sentence", "felony_term")
    assert held(vague, "c1/felony_term") is None
    assert "c1/felony_term" in [a.place.path for a in flow.open_questions(QUESTIONS, vague, AS_OF)]


@pytest.mark.parametrize("answer", range(len(QUESTIONS[0].answers)))
def test_every_end_of_a_case_is_known_again(answer: int) -> None:
    """Two answers may state the same disposition; the summary shows the one that was given."""
    asked = QUESTIONS[0]
    assert asked.fact == "disposition"
    said = asked.answers[answer]
    document = change(doc.with_case(doc.empty()), "c1/disposition", said.value, **dict(said.sets))
    assert flow.answer_of(asked, document, place("c1/disposition")) == said
    for other in asked.answers:
        turned = change(document, "c1/disposition", other.value, **dict(other.sets))
        assert flow.answer_of(asked, turned, place("c1/disposition")) == other


def test_the_same_answer_once_more_changes_nothing() -> None:
    """Only of a date that is known roughly does the same answer mean: I do not know it more closely."""
    document, asked = walk(possession(), growing(plants={"over": 6}), theft())
    for path in asked:
        at = flow.at(QUESTIONS, document, path, AS_OF)
        if at is not None and (value := doc.value(document, at.place)) is not None:
            answer = flow.answer_of(at.question, document, at.place)
            also = dict(answer.sets) if answer else {s: held(document, f"person/{s}") for s in at.question.states}
            assert at.question.kind == "offense" or change(document, path, value, **also) == document, path


def test_removing_a_conviction_removes_its_answers_and_empty_case() -> None:
    document, _ = Teller(told({**one_case(), "county": "Los Angeles"})).interview()
    assert document["unsure"]
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
    with pytest.raises(doc.TooMany):
        doc.with_case(document)


def test_a_case_begun_and_left_empty_is_begun_once_and_gone_when_all_is_told() -> None:
    document, _ = walk(theft())
    begun = doc.with_case(document)
    assert [case["id"] for case in begun["cases"]] == ["c1", "c2"]
    assert not begun["done"]
    assert doc.with_case(begun) == begun, "sent twice, it is one case"
    ended = change(begun, "c2/disposition", "convicted", juvenile=False, dismissed_before=False)
    assert [case["id"] for case in doc.with_case(ended)["cases"]] == ["c1", "c2", "c3"]
    for unfinished in (begun, ended):
        assert doc.with_done(unfinished) == document
    assert not doc.with_done(doc.with_case(doc.empty()))["done"], "nothing was told at all"


def test_citizenship_leaves_the_same_mark_whatever_was_said() -> None:
    assert doc.with_seen(doc.empty(), "citizenship")["seen"] == ["citizenship"]


# ---- a flow that is not sound is refused

Raw = dict[str, Any]


def raw() -> Raw:
    read: Raw = yaml.safe_load(flow.FLOW_FILE.read_text(encoding="utf-8"))
    return read


def entry(flow_: Raw, fact: str) -> Raw:
    return next(q for part in flow_.values() for q in part if q["fact"] == fact)


def refused(change_: Callable[[Raw], Any], words: str) -> None:
    broken = raw()
    change_(broken)
    with pytest.raises(flow.BadFlow, match=words):
        flow.read_flow(broken)


def test_the_real_flow_is_accepted() -> None:
    assert flow.read_flow(raw(), REMEDIES)


def test_an_unknown_fact_is_refused() -> None:
    refused(lambda f: entry(f, "birth_date").update(fact="shoe_size"), "no such fact")


def test_a_derived_fact_cannot_be_asked() -> None:
    refused(lambda f: entry(f, "birth_date").update(fact="offense_day"), "no such fact")


def test_a_condition_that_cannot_be_read_is_refused() -> None:
    refused(lambda f: entry(f, "plants").update(when="offense =="), "cannot read")


def test_a_condition_on_a_later_answer_is_refused() -> None:
    refused(lambda f: entry(f, "already_relieved").update(when="superstrike_or_290c"), "asked later or never")


@pytest.mark.parametrize("fact", ["plants", "evaded", "sentence_performed", "california_five_years"])
def test_a_deciding_fact_without_a_question_is_refused(fact: str) -> None:
    def drop(f: Raw) -> None:
        for part in f:
            f[part] = [q for q in f[part] if q["fact"] != fact]

    refused(drop, f"no question settles {fact}")


def test_an_answer_the_fact_cannot_hold_is_refused() -> None:
    refused(lambda f: entry(f, "age_at_offense")["answers"][0].update(value="young"), "age_at_offense")


def test_an_answer_that_sets_what_the_question_does_not_state_is_refused() -> None:
    refused(lambda f: entry(f, "sentence")["answers"][0].update(sets={"life_term": True}), "does not say it states")
    refused(lambda f: entry(f, "disposition")["answers"][0].update(sets={"juvenile": "perhaps"}), "juvenile")


def test_a_box_that_is_no_fact_of_its_page_is_refused() -> None:
    refused(lambda f: entry(f, "fire_crew")["answers"][1].update(value="juvenile"), "none of the facts")


def test_an_unknown_part_or_kind_is_refused() -> None:
    refused(lambda f: f.update(pet=[]), "no part called pet")
    refused(lambda f: entry(f, "birth_date").update(kind="riddle"), "no question is of the kind")
    refused(lambda f: entry(f, "county").update(always="often"), "not for 'often'")


def test_every_value_an_answer_sets_can_be_read() -> None:
    for question in QUESTIONS:
        for answer in question.answers:
            for name, value in answer.sets:
                assert name in question.states
                read_value(dictionary()[name], value)
