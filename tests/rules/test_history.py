"""What the rest of a record says about one count: only what it shows, and never that there is nothing else."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import decide
from rules.facts import dictionary, names
from rules.history import stated_by_count
from rules.record import Case, Count, Person, Record, known_of
from rules.span import Span, Value, at_least, at_most, year
from tests.rules.strategies import AS_OF

TODAY, TOMORROW, YESTERDAY = AS_OF, AS_OF + timedelta(days=1), AS_OF - timedelta(days=1)


def case(number: int, offense: str = "PC 484", **facts: Any) -> Case:
    its = {n: facts.pop(n) for n in list(facts) if n in names("count")}
    return Case(id=str(number), counts=(Count(id="1", offense=offense, attempt=False, **its),), **facts)


def facts_of(*cases: Case, **person: Any) -> list[dict[str, Value]]:
    """What is known of the first count of each case."""
    return [facts for _, _, facts in stated_by_count(Record(Person(**person), cases), AS_OF)]


# ---- what is being served


@pytest.mark.parametrize("kind", ["probation", "county_supervision", "parole", "custody"])
def test_a_sentence_that_goes_on_in_one_case_is_known_in_every_other(kind: str) -> None:
    done, running = facts_of(case(1, sentence_status="completed"), case(2, sentence_status=kind))
    assert done["serving_now"] == running["serving_now"] == kind


def test_of_several_sentences_the_hardest_counts() -> None:
    lightest_first = ("probation", "county_supervision", "parole", "custody")
    for one, other in itertools.product(lightest_first, repeat=2):
        hardest = max(one, other, key=lightest_first.index)
        for facts in facts_of(case(1, sentence_status=one), case(2, sentence_status=other)):
            assert facts["serving_now"] == hardest


def test_sentences_that_are_over_or_of_which_nothing_is_said_show_nothing() -> None:
    for facts in facts_of(case(1, sentence_status="completed"), case(2), case(3, sentence_status="completed")):
        assert "serving_now" not in facts
        assert "serving_until" not in facts


def test_all_is_over_on_the_last_day_of_all_if_each_is_known() -> None:
    probation = case(1, sentence_status="probation", probation_end=date(2027, 6, 30))
    parole = case(2, sentence_status="parole", sentence_completed=date(2027, 3, 1))
    assert {f["serving_until"] for f in facts_of(probation, parole)} == {date(2027, 6, 30)}
    endless = case(3, sentence_status="custody")
    assert all("serving_until" not in f for f in facts_of(probation, parole, endless))
    rough = case(4, sentence_status="probation", probation_end=year(2028))
    assert {f["serving_until"] for f in facts_of(probation, rough)} == {date(2028, 12, 31)}


def test_the_end_of_probation_is_not_the_end_of_a_sentence_to_prison_and_the_other_way_round() -> None:
    (facts,) = facts_of(case(1, sentence_status="parole", probation_end=date(2027, 6, 30)))
    assert "serving_until" not in facts
    (facts,) = facts_of(case(1, sentence_status="probation", sentence_completed=date(2027, 6, 30)))
    assert "serving_until" not in facts


def test_a_probation_whose_last_day_lies_ahead_is_being_served() -> None:
    for last, shown in ((TOMORROW, "probation"), (TODAY, "probation"), (YESTERDAY, None), (year(2026), None)):
        other, _ = facts_of(case(1), case(2, probation_end=last))
        assert other.get("serving_now") == shown
    for outcome in ("completed", "violation"):  # neither of them ends it before its last day
        other, _ = facts_of(case(1), case(2, probation_end=TOMORROW, probation_outcome=outcome))
        assert other["serving_now"] == "probation"
    for outcome in ("early", "revoked_jail", "revoked_felony_term"):
        other, _ = facts_of(case(1), case(2, probation_end=TOMORROW, probation_outcome=outcome))
        assert "serving_now" not in other
    other, _ = facts_of(case(1), case(2, probation_end=TOMORROW, sentence_status="completed"))
    assert "serving_now" not in other


def test_what_the_person_says_is_being_served_stands() -> None:
    for facts in facts_of(case(1, sentence_status="custody"), case(2), serving_now="nothing"):
        assert facts["serving_now"] == "nothing"
    until = date(2029, 1, 1)
    probation = case(1, sentence_status="probation", probation_end=date(2027, 6, 30))
    assert facts_of(probation, serving_until=until)[0]["serving_until"] == until


def test_a_dismissal_waits_for_the_probation_of_another_case() -> None:
    finished = {"sentence": "probation", "probation_outcome": "completed", "probation_end": date(2022, 2, 3)}
    old = case(1, conviction_date=date(2020, 2, 3), level="misdemeanor", **finished)
    new = case(2, conviction_date=date(2025, 2, 3), sentence_status="probation", probation_end=date(2027, 6, 30))
    findings = decide(Record(Person(), (old, new)), AS_OF).counts[0].findings
    dismissal = next(f for f in findings if f.remedy.name == "pc_1203_4")
    assert (dismissal.outcome, dismissal.eligible_on) == ("not_yet", date(2027, 7, 1))


# ---- a conviction that came after


def test_a_later_conviction_in_the_record_is_trouble_since() -> None:
    old, new = facts_of(case(1, conviction_date=date(2010, 5, 1)), case(2, conviction_date=date(2020, 5, 1)))
    assert old["new_conviction_since"] is True
    assert "new_conviction_since" not in new, "that none is in the record proves nothing"
    said = case(2, conviction_date=date(2020, 5, 1), disposition="convicted")
    assert facts_of(case(1, conviction_date=date(2010, 5, 1)), said)[0]["new_conviction_since"] is True


@pytest.mark.parametrize(
    "ending", ["dismissed", "acquitted", "vacated", "dej_completed", "convicted", "not_known", None]
)
def test_a_later_arrest_in_the_record_is_trouble_since(ending: str | None) -> None:
    """The fact asks for "a conviction or arrest after this one", however the arrest ended."""
    arrest = case(2, arrest_date=date(2010, 5, 2), disposition=ending)
    old, new = facts_of(case(1, conviction_date=date(2010, 5, 1)), arrest)
    assert old["new_conviction_since"] is True
    assert "new_conviction_since" not in new
    before = facts_of(case(1, conviction_date=date(2010, 5, 2)), arrest)[0]
    assert "new_conviction_since" not in before, "on the same day: it may be the arrest that led to this conviction"


@pytest.mark.parametrize(
    ("offense", "level", "counts"),
    [
        ("VC 22349", None, False),  # speeding: the list says infraction
        ("VC 23152", "infraction", False),
        ("VC 22349", "misdemeanor", True),  # as it was charged
        ("VC 23152", None, True),
        ("PC 415", "infraction", True),  # an infraction, but no traffic ticket
    ],
)
def test_a_traffic_ticket_is_no_trouble_since(offense: str, level: str | None, counts: bool) -> None:
    """The question says so: "Traffic tickets do not count". A ticket would make the judge's duty a choice."""
    later = Case(id="c2", conviction_date=date(2020, 5, 1), counts=(Count(id="k1", offense=offense, level=level),))
    old = facts_of(case(1, conviction_date=date(2010, 5, 1)), later)[0]
    assert ("new_conviction_since" in old) is counts


@pytest.mark.parametrize("ending", ["never_charged", "prosecutor_diversion"])
def test_a_release_without_charges_was_no_arrest(ending: str) -> None:
    """Penal Code 849.5: it shall be deemed a detention only."""
    old, _ = facts_of(
        case(1, conviction_date=date(2010, 5, 1)), case(2, arrest_date=date(2020, 5, 1), disposition=ending)
    )
    assert "new_conviction_since" not in old


def test_an_arrest_of_a_minor_is_no_trouble_since() -> None:
    old, _ = facts_of(case(1, conviction_date=date(2010, 5, 1)), case(2, arrest_date=date(2020, 5, 1), juvenile=True))
    assert "new_conviction_since" not in old


def test_on_the_same_day_or_on_days_that_may_be_the_same_none_came_after() -> None:
    for one, other in (
        (date(2010, 5, 1), date(2010, 5, 1)),
        (year(2010), date(2010, 5, 1)),
        (None, date(2010, 5, 1)),
        (date(2010, 5, 1), None),
    ):
        for facts in facts_of(case(1, conviction_date=one), case(2, conviction_date=other)):
            assert "new_conviction_since" not in facts
    earlier, _ = facts_of(case(1, conviction_date=year(2010)), case(2, conviction_date=date(2011, 1, 1)))
    assert earlier["new_conviction_since"] is True


@pytest.mark.parametrize("ending", ["never_charged", "dismissed", "acquitted", "vacated", "dej_completed", "not_known"])
def test_what_did_not_end_in_a_conviction_is_no_conviction_since(ending: str) -> None:
    old, _ = facts_of(
        case(1, conviction_date=date(2010, 5, 1)), case(2, conviction_date=date(2020, 5, 1), disposition=ending)
    )
    assert "new_conviction_since" not in old


def test_a_juvenile_case_is_no_conviction_since() -> None:
    old, _ = facts_of(
        case(1, conviction_date=date(2010, 5, 1)), case(2, conviction_date=date(2020, 5, 1), juvenile=True)
    )
    assert "new_conviction_since" not in old


def test_who_was_not_convicted_again_after_one_case_was_not_after_a_later_one_either() -> None:
    """The one "no" that a record gives: said of an earlier case, or of one of the same day."""
    for earlier in (date(2010, 5, 1), date(2015, 5, 1)):
        said = case(1, conviction_date=earlier, new_conviction_since=False)
        _, later = facts_of(said, case(2, conviction_date=date(2015, 5, 1)))
        assert later["new_conviction_since"] is False
    said = case(1, conviction_date=date(2010, 5, 1), new_conviction_since=False)
    _, before = facts_of(said, case(2, conviction_date=date(2009, 5, 1)))
    assert before["new_conviction_since"] is True, "the one that said so came after it"
    unsure = case(1, conviction_date=year(2015), new_conviction_since=False)
    _, same_year = facts_of(unsure, case(2, conviction_date=date(2015, 5, 1)))
    assert "new_conviction_since" not in same_year


def test_a_conviction_that_the_record_shows_outweighs_a_no_said_of_another_case() -> None:
    said = case(1, conviction_date=date(2010, 5, 1), new_conviction_since=False)
    _, middle, _ = facts_of(said, case(2, conviction_date=date(2015, 5, 1)), case(3, conviction_date=date(2018, 5, 1)))
    assert middle["new_conviction_since"] is True


def test_a_yes_said_of_one_case_says_nothing_about_a_later_one() -> None:
    said = case(1, conviction_date=date(2010, 5, 1), new_conviction_since=True)
    _, later = facts_of(said, case(2, conviction_date=date(2015, 5, 1)))
    assert "new_conviction_since" not in later


def test_what_is_said_of_the_case_itself_stands() -> None:
    old, _ = facts_of(
        case(1, conviction_date=date(2010, 5, 1), new_conviction_since=False),
        case(2, conviction_date=date(2020, 5, 1)),
    )
    assert old["new_conviction_since"] is False


def test_a_later_arrest_leaves_the_dismissal_to_the_judge() -> None:
    fine = {"level": "misdemeanor", "sentence": "no_probation"}
    old = case(1, "PC 148.9", conviction_date=date(2010, 5, 1), **fine)
    arrest = case(2, "PC 242", arrest_date=date(2020, 5, 1), disposition="dismissed")
    found = decide(Record(Person(serving_now="nothing"), (old, arrest)), AS_OF).counts[0].findings
    dismissal = next(f for f in found if f.remedy.name == "pc_1203_4a")
    assert (dismissal.outcome, dismissal.boxes) == ("eligible_discretionary", ("3", "3b"))


def test_a_later_conviction_leaves_the_dismissal_to_the_judge() -> None:
    fine = {"level": "misdemeanor", "sentence": "no_probation"}
    old = case(1, "PC 148.9", conviction_date=date(2010, 5, 1), **fine)
    new = case(2, "PC 242", conviction_date=date(2020, 5, 1), **fine)
    both = decide(Record(Person(serving_now="nothing"), (old, new)), AS_OF)
    answers = [next(f for f in c.findings if f.remedy.name == "pc_1203_4a") for c in both.counts]
    assert [f.outcome for f in answers] == ["eligible_discretionary", "eligible_mandatory"]
    assert "new_conviction_since" in answers[1].decision.assumed


# ---- a conviction from the list of most serious crimes, or with a duty to register


@pytest.mark.parametrize(
    ("offense", "subdivision", "shown"),
    [
        ("PC 187", None, True),  # super-strike
        ("PC 205", None, True),  # life term
        ("PC 243.4", "a", True),  # 290(c)
        ("PC 647.6", "a", True),  # 290(c), a misdemeanor
        ("PC 211", None, False),  # violent, and neither
        ("PC 207", "a", False),  # depends on the facts
        ("PC 484", None, False),
        ("PC 9999", None, False),
    ],
)
def test_a_conviction_on_the_list_is_known_in_every_case(offense: str, subdivision: str | None, shown: bool) -> None:
    listed = case(1, offense, subdivision=subdivision, conviction_date=date(2003, 5, 5))
    for facts in facts_of(listed, case(2)):
        assert facts.get("superstrike_or_290c") is (True if shown else None)
        assert facts.get("superstrike_or_290c_date") == (date(2003, 5, 5) if shown else None)


def test_an_attempted_murder_is_on_the_list() -> None:
    attempted = Case(id="1", conviction_date=date(2003, 5, 5), counts=(Count(offense="PC 187", attempt=True),))
    _, other = facts_of(attempted, case(2))
    assert other["superstrike_or_290c"] is True


def test_it_counts_even_if_the_person_said_that_there_is_none() -> None:
    for facts in facts_of(case(1, "PC 187", conviction_date=date(2003, 5, 5)), superstrike_or_290c=False):
        assert facts["superstrike_or_290c"] is True


def test_the_earliest_of_several_counts() -> None:
    two = (case(1, "PC 187", conviction_date=date(2010, 5, 5)), case(2, "PC 269", conviction_date=date(2003, 5, 5)))
    assert facts_of(*two)[0]["superstrike_or_290c_date"] == date(2003, 5, 5)
    stated = {"superstrike_or_290c": True, "superstrike_or_290c_date": date(1999, 1, 1)}
    assert facts_of(*two, **stated)[0]["superstrike_or_290c_date"] == date(1999, 1, 1)
    later = stated | {"superstrike_or_290c_date": date(2020, 1, 1)}
    assert facts_of(*two, **later)[0]["superstrike_or_290c_date"] == date(2003, 5, 5)


def test_who_said_that_there_is_one_may_mean_an_earlier_one() -> None:
    (facts,) = facts_of(case(1, "PC 187", conviction_date=date(2010, 5, 5)), superstrike_or_290c=True)
    assert facts["superstrike_or_290c_date"] == at_most(date(2010, 5, 5))


def test_a_day_known_roughly_stays_rough() -> None:
    (facts,) = facts_of(case(1, "PC 187", conviction_date=year(2005)))
    assert facts["superstrike_or_290c_date"] == year(2005)
    marijuana = {"level": "felony", "plants": 20, "age_at_offense": 30, "offense_date": date(2005, 6, 1)}
    cases = (case(1, "HS 11358", **marijuana), case(2, "PC 187", conviction_date=year(2005)))
    prop64 = decide(Record(Person(), cases), AS_OF).counts[0].findings
    assert next(f for f in prop64 if f.remedy.name == "hs_11361_8").outcome == "need_info", "before or after, in 2005?"


def test_without_a_day_it_is_known_without_a_day() -> None:
    (facts,) = facts_of(case(1, "PC 187"))
    assert facts["superstrike_or_290c"] is True
    assert "superstrike_or_290c_date" not in facts
    second = case(2, "PC 269", conviction_date=date(2003, 5, 5))
    assert facts_of(case(1, "PC 187"), second)[0]["superstrike_or_290c_date"] == at_most(date(2003, 5, 5))


@pytest.mark.parametrize("other", [{"disposition": "acquitted"}, {"juvenile": True}])
def test_what_is_no_conviction_of_an_adult_shows_no_serious_crime(other: dict[str, Any]) -> None:
    for facts in facts_of(case(1, "PC 187", conviction_date=date(2003, 5, 5), **other)):
        assert "superstrike_or_290c" not in facts


def test_a_serious_crime_of_any_time_closes_proposition_47_and_only_an_earlier_one_proposition_64() -> None:
    def answers(serious: date) -> list[str]:
        drugs = case(1, "HS 11377", subdivision="a", level="felony", conviction_date=date(2011, 3, 1))
        grown = {"level": "felony", "offense_date": date(2010, 1, 1), "plants": 20, "age_at_offense": 30}
        growing = case(2, "HS 11358", conviction_date=date(2010, 3, 1), **grown)
        record = Record(Person(), (drugs, growing, case(3, "PC 187", conviction_date=serious)))
        wanted = ("pc_1170_18", "hs_11361_8")
        counts = decide(record, AS_OF).counts
        return [next(f.outcome for f in c.findings if f.remedy.name == n) for c, n in zip(counts, wanted, strict=False)]

    assert answers(date(2003, 5, 5)) == ["not_eligible", "not_eligible"]
    assert answers(date(2018, 5, 5)) == ["not_eligible", "eligible_mandatory"]


# ---- earlier convictions of the same section


def test_earlier_convictions_of_the_same_section_are_a_least_number() -> None:
    days = [date(2001, 1, 1), date(2003, 1, 1), date(2005, 1, 1)]
    found = facts_of(*(case(i, "HS 11359", conviction_date=day) for i, day in enumerate(days)))
    assert [f.get("same_section_priors") for f in found] == [None, at_least(1), at_least(2)]


def test_of_another_section_in_the_same_case_or_on_a_day_not_surely_earlier_there_are_none() -> None:
    later = case(2, "HS 11359", conviction_date=date(2005, 1, 1))
    for other in (
        case(1, "HS 11358", conviction_date=date(2001, 1, 1)),
        case(1, "HS 11359", conviction_date=date(2005, 1, 1)),
        case(1, "HS 11359", conviction_date=year(2005)),
        case(1, "HS 11359"),
        case(1, "HS 11359", conviction_date=date(2001, 1, 1), disposition="acquitted"),
        case(1, "HS 11359", conviction_date=date(2001, 1, 1), juvenile=True),
    ):
        _, facts = facts_of(other, later)
        assert "same_section_priors" not in facts
    twice = Case(id="1", conviction_date=date(2001, 1, 1), counts=(Count("1", "HS 11359"), Count("2", "HS 11359")))
    one, two, third = facts_of(twice, later)
    assert [f.get("same_section_priors") for f in (one, two, third)] == [None, None, at_least(2)]


def test_an_arrest_or_a_section_that_is_not_known_has_no_earlier_ones() -> None:
    old = case(1, "HS 11359", conviction_date=date(2001, 1, 1))
    _, arrest = facts_of(old, case(2, "HS 11359", conviction_date=date(2005, 1, 1), disposition="dismissed"))
    assert "same_section_priors" not in arrest
    nameless = (
        Case(id="1", conviction_date=date(2001, 1, 1), counts=(Count(),)),
        Case(id="2", conviction_date=date(2005, 1, 1), counts=(Count(),)),
    )
    assert all("same_section_priors" not in f for f in facts_of(*nameless))


def test_a_stated_number_stands() -> None:
    old = case(1, "HS 11359", conviction_date=date(2001, 1, 1))
    _, facts = facts_of(old, case(2, "HS 11359", conviction_date=date(2005, 1, 1), same_section_priors=0))
    assert facts["same_section_priors"] == 0


# ---- and nothing else

DAYS = st.sampled_from([None, date(2003, 5, 5), date(2010, 5, 5), year(2010), date(2020, 5, 5)])
CASES = st.builds(
    lambda offense, **facts: case(0, offense, **{n: v for n, v in facts.items() if v is not None}),
    st.sampled_from(["PC 484", "HS 11359", "PC 187", "PC 9999"]),
    conviction_date=DAYS,
    sentence_status=st.sampled_from([None, "completed", "probation", "custody"]),
    probation_end=st.sampled_from([None, YESTERDAY, TODAY, date(2027, 6, 30)]),
    disposition=st.sampled_from([None, "convicted", "dismissed"]),
    juvenile=st.sampled_from([None, True, False]),
    new_conviction_since=st.sampled_from([None, None, True, False]),
)
PEOPLE = st.builds(
    Person,
    serving_now=st.sampled_from([None, "nothing", "parole"]),
    superstrike_or_290c=st.sampled_from([None, True, False]),
)


@given(PEOPLE, st.lists(CASES, max_size=4))
def test_a_record_adds_what_it_shows_and_never_a_no_but_the_one(person: Person, cases: list[Case]) -> None:
    record = Record(person, tuple(cases))
    said_no = [c for c in cases if c.new_conviction_since is False]
    for its_case, count, facts in stated_by_count(record, AS_OF):
        stated = known_of(person) | known_of(its_case) | known_of(count)
        added = {n: v for n, v in facts.items() if stated.get(n) != v}
        assert set(stated) <= set(facts), "nothing is forgotten"
        assert set(added) <= {
            "serving_now",
            "serving_until",
            "superstrike_or_290c",
            "superstrike_or_290c_date",
            "new_conviction_since",
            "same_section_priors",
        }
        assert added.get("serving_now") != "nothing"
        assert added.get("superstrike_or_290c") is not False
        assert added.get("same_section_priors") != 0
        if added.get("new_conviction_since") is False:
            assert any(c is not its_case for c in said_no)
        corrected = set(added) & set(stated)
        assert corrected <= {"superstrike_or_290c"}, "what was said is corrected in one thing only"


@given(CASES)
def test_a_case_alone_says_nothing_about_itself_but_what_it_says(one: Case) -> None:
    (facts,) = facts_of(one)
    stated = known_of(one) | known_of(one.counts[0])
    added = {n for n in facts if n not in stated}
    assert added <= {"serving_now", "serving_until", "superstrike_or_290c", "superstrike_or_290c_date"}


@given(PEOPLE, st.lists(CASES, min_size=2, max_size=4), st.data())
def test_the_order_of_the_cases_does_not_matter(person: Person, cases: list[Case], data: st.DataObject) -> None:
    numbered = [Case(**{**{s: getattr(c, s) for s in Case.__slots__}, "id": str(i)}) for i, c in enumerate(cases)]
    mixed = data.draw(st.permutations(numbered))

    def by_case(order: list[Case]) -> dict[str, dict[str, Value]]:
        return {c.id: facts for c, _, facts in stated_by_count(Record(person, tuple(order)), AS_OF)}

    assert by_case(numbered) == by_case(mixed)


def test_every_fact_that_a_record_adds_is_one_of_the_dictionary() -> None:
    for facts in facts_of(case(1, "PC 187", conviction_date=date(2001, 1, 1)), case(2, sentence_status="parole")):
        assert set(facts) <= set(dictionary())
        assert not any(isinstance(v, Span) and v == Span() for v in facts.values())
