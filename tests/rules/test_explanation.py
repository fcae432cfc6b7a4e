from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings

from rules import CountFindings, Finding, decide, explanation
from rules.cite import pc
from rules.facts import dictionary
from rules.judge import Reason, judge
from rules.record import Case, Count, Person, Record
from rules.remedy import Note, Remedy, Requirement, Row
from rules.span import at_most, year
from tests.rules.strategies import AS_OF, Dice, dice, knowledge, life, record_of


def found(**facts: Any) -> CountFindings:
    facts = {"offense_date": date(2005, 5, 5), "age_at_offense": 30, "level": "felony", "attempt": False} | facts
    return decide(record_of(facts), AS_OF).counts[0]


def of(counted: CountFindings, name: str = "hs_11361_8") -> Finding:
    """What one remedy says of the count."""
    return next(f for f in counted.findings if f.remedy.name == name)


def data(remedy: str = "hs_11361_8", **facts: Any) -> dict[str, Any]:
    return explanation.finding_data(of(found(**facts), remedy))


def test_a_finding_in_words() -> None:
    told = data(offense="HS 11358", plants=at_most(6), sentence_status="completed")
    assert told["outcome"] == "eligible_mandatory"
    assert (
        told["says"] == "Growing six plants or fewer is legal now. The court must dismiss the conviction and seal it."
    )
    assert told["relief_says"] == "dismiss it and seal the record"
    assert told["form"] == "CR-400"
    assert told["boxes"] == ["title (f)", "1b", "2b"]
    assert told["cite"] == {"cite": "HSC 11361.8(e), (f)", "confirmed": "M", "source": "law/11361-8.md section 1"}
    assert told["settled"] is False, "that it is not yet cleared is assumed"
    assert [a["fact"] for a in told["assumed"]] == ["already_relieved"]
    assert [w["fact"] for w in told["would_settle"]] == ["already_relieved"]
    assert all(w["label"] for w in told["would_settle"])
    assert json.loads(json.dumps(told)) == told
    last = told["explanation"][-1]
    assert (last["row"], last["holds"]) == ("growing_legal_now", "yes")
    plants = next(r for r in last["requirements"] if r["requirement"] == "six_plants")
    assert plants == {
        "requirement": "six_plants",
        "truth": "yes",
        "presumed": False,
        "says": "There were 6 plants or fewer. That is today's limit.",
        "cite": {"cite": "HSC 11362.1(a)(3)", "confirmed": "V", "source": "law/11361-8.md section 3"},
        "facts": {"plants": {"at_most": 6}},
    }


def test_the_data_of_a_record_has_all_that_a_page_shows_of_it() -> None:
    count = Count(id="b", offense="HS 11359", subdivision="c", attempt=False, level="felony")
    case = Case(id="a", county="Fresno", conviction_date=date(2006, 2, 28), counts=(count,))
    findings = decide(Record(Person(), (case,)), AS_OF)
    (counted,) = findings.counts
    told = explanation.as_data(findings)
    assert (told["as_of"], told["notice"], len(told)) == (AS_OF.isoformat(), explanation.NOTICE, 3)
    (of_count,) = told["counts"]
    assert {n: v for n, v in of_count.items() if n != "findings"} == {
        "case": "a",
        "county": "Fresno",
        "count": "b",
        "offense": "HS 11359",
        "subdivision": "c",
        "order": [f.remedy.name for f in counted.sequence],
    }
    assert of_count["order"][:1] == ["hs_11361_8"]
    for finding, data_of_it in zip(counted.findings, of_count["findings"], strict=True):
        decision = finding.decision
        assert data_of_it["remedy"] == finding.remedy.name
        assert data_of_it["beside"] is finding.remedy.beside
        assert data_of_it["elsewhere"] is finding.elsewhere
        assert data_of_it["relief"] == finding.relief
        assert data_of_it["or_better"] is decision.or_better
        assert data_of_it["confidence"] == decision.confidence
        assert [(f["flag"], f["says"]) for f in data_of_it["flags"]] == explanation.flag_words(finding)
        assert all(f["says"] for f in data_of_it["flags"])
    assert len({(f["beside"], f["elsewhere"], f["or_better"]) for f in of_count["findings"]}) > 2, "both ways were seen"


def aloud(words: str) -> str:
    """Stands for another language."""
    return f"<{words}>"


def test_all_words_of_a_finding_are_said_in_the_language_of_the_reader() -> None:
    counted = found(offense="HS 11359", subdivision="c", conviction_date=date(2006, 2, 28), sentence="felony_term")
    for finding in counted.findings:
        told, decision = explanation.finding_data(finding, aloud), finding.decision
        says = {p.fact: aloud(p.says) for p in finding.remedy.presumptions}
        for name, facts in (("presumed", decision.presumed), ("assumed", decision.assumed)):
            assert told[name] == [{"fact": n, "says": says[n]} for n in says if n in facts]
        assert told["possible"] == [{"outcome": o, "relief": r} for o, r in decision.possible]
        assert told["would_settle"] == [
            {"fact": n, "label": aloud(dictionary()[n].label)} for n in finding.would_settle
        ]
        assert [(s["row"], s["outcome"], s["cite"]["cite"]) for s in told["explanation"]] == [
            (s.row.name, s.row.outcome, s.row.cite.short) for s in decision.steps
        ]
    every = [explanation.finding_data(f, aloud) for f in counted.findings]
    for name in ("presumed", "assumed", "possible", "would_settle", "explanation"):
        assert any(told[name] for told in every), f"{name} was seen"


def test_dates_and_other_doors_in_the_language_of_the_reader() -> None:
    destroyed = {"offense": "HS 11357", "subdivision": "b", "conviction_date": date(2006, 2, 28)}
    finding = of(found(**destroyed))
    [(note, day)] = finding.dates
    assert explanation.finding_data(finding, aloud)["dates"] == [
        {
            "date": "records_should_be_destroyed_on",
            "says": aloud(note.says),
            "cite": explanation.cite_data(note.cite),
            "on": str(day),
        }
    ]
    elsewhere = explanation.finding_data(of(found(offense="other state")), aloud)
    assert elsewhere["doors"] == [{"door": "that_place", "says": aloud(explanation.DOORS["that_place"])}]


def test_the_day_a_door_opens_is_told_where_it_is_known() -> None:
    fine = {"offense": "PC 484", "level": "misdemeanor", "sentence": "no_probation", "serving_now": "nothing"}
    soon = found(**fine, offense_date=date(2026, 1, 2), conviction_date=date(2026, 3, 4))
    told = explanation.finding_data(of(soon, "pc_1203_4a"))
    assert (told["outcome"], told["eligible_on"]) == ("not_yet", "2027-03-05")
    assert explanation.finding_data(of(soon))["eligible_on"] is None


def test_each_requirement_has_its_own_words_for_yes_no_and_unknown() -> None:
    q = Requirement("paid", "fine_paid", pc("1"), "It is paid.", "It is not paid.", "We do not know if it is paid.")
    words = [explanation.reason_words(Reason(q, truth, False, ())) for truth in (True, False, None)]
    assert words == [q.met, q.unmet, q.unknown]


def test_a_note_whose_day_is_not_known_has_none() -> None:
    always = Row("always", "True", "needs_lawyer", "Ask a lawyer.", pc("1"))
    note = Note("that_day", "True", "conviction_date", "From that day on.", pc("2"))
    remedy = Remedy("pc_1", "A remedy", "A remedy", "A remedy.", pc("1"), (), (always,), notes=(note,))
    for facts, day in (({}, None), ({"conviction_date": date(2006, 2, 28)}, "2006-02-28")):
        [told] = explanation.finding_data(judge(remedy, facts, AS_OF))["dates"]
        assert (told["says"], told["on"]) == ("From that day on.", day)


def test_what_is_not_said_is_not_translated_either() -> None:
    """An empty message is the head of a catalog of translations: nobody may see that."""
    closed = of(found(offense="HS 11359", knowingly_to_minor=True))
    assert closed.relief == explanation.relief_words(closed) == ""
    assert explanation.finding_data(closed, aloud)["relief_says"] == ""


def test_rows_about_other_sections_are_left_out() -> None:
    rows = [s["row"] for s in data(offense="HS 11358", plants=7, juvenile=False)["explanation"]]
    assert rows == [
        "no_conviction",
        "not_about_marijuana",
        "already_done",
        "already_lowered",
        "after_the_act",
        "attempt",
        "not_listed",
        "juvenile",
        "under_18_infraction",
        "under_18",
        "growing_legal_now",
        "growing_still_infraction",
        "growing_infraction_now",
        "growing_serious_prior",
        "growing_two_priors",
        "growing_harmed_nature",
        "growing_still_misdemeanor",
        "growing_misdemeanor_now",
    ]
    other = [s["row"] for s in data(offense="PC 182")["explanation"]]
    assert other == [
        "no_conviction",
        "not_about_marijuana",
        "already_done",
        "already_lowered",
        "after_the_act",
        "attempt",
        "conspiracy",
    ]
    assert [s["row"] for s in data(offense="PC 484")["explanation"]] == ["no_conviction", "not_about_marijuana"]


def test_where_nothing_decided_all_that_could_hold_is_told() -> None:
    told = data(offense="HS 11358", superstrike_or_290c=True, superstrike_or_290c_date=date(2000, 1, 1))
    assert told["outcome"] == "need_info"
    assert told["says"] == explanation.OUTCOME_WORDS["need_info"]
    rows = {s["row"]: s["holds"] for s in told["explanation"]}
    assert rows["growing_legal_now"] == "unknown"
    assert rows["growing_serious_prior"] == "yes"
    assert {p["outcome"] for p in told["possible"]} == {"eligible_mandatory", "not_eligible"}


def test_what_was_presumed_is_marked() -> None:
    told = data(offense="HS 11359", juvenile=False, already_relieved=False)
    assert [f["flag"] for f in told["flags"]] == ["ask_serving", "auto_relief_likely", "presumption_only"]
    assert {p["fact"] for p in told["presumed"]} == {
        "superstrike_or_290c",
        "same_section_priors",
        "knowingly_to_minor",
        "hired_under_21",
    }
    marked = {r["requirement"] for s in told["explanation"] for r in s["requirements"] if r["presumed"]}
    assert marked == {"serious_prior", "sold_to_minor", "hired_young", "two_priors"}


def test_records_that_should_be_destroyed() -> None:
    def days(**facts: Any) -> list[tuple[str, str | None]]:
        return [(d["date"], d["on"]) for d in data(**facts)["dates"]]

    destroyed = "records_should_be_destroyed_on"
    assert days(offense="HS 11357", subdivision="b", conviction_date=date(2006, 2, 28)) == [(destroyed, "2008-02-28")]
    assert days(offense="HS 11357", subdivision="b", arrest_date=date(2006, 2, 28)) == [(destroyed, "2008-02-28")]
    assert days(offense="HS 11357", subdivision="b", conviction_date=year(2006)) == [(destroyed, "2008-12-31")]
    assert days(offense="HS 11360", subdivision="b", conviction_date=date(2006, 2, 28)) == [(destroyed, "2008-02-28")]
    assert days(offense="HS 11360", subdivision="a", conviction_date=date(2006, 2, 28)) == []
    assert days(offense="HS 11359", conviction_date=date(2006, 2, 28)) == []
    assert days(offense="HS 11359", conviction_date=date(2006, 2, 28), age_at_offense=17) == [(destroyed, "2008-02-28")]
    assert days(offense="HS 11359", conviction_date=date(2006, 2, 28), juvenile=True) == [(destroyed, "2008-02-28")]
    assert days(offense="HS 11357", subdivision="b") == []
    school = {"offense": "HS 11357", "subdivision": "e", "conviction_date": date(2006, 2, 28), "juvenile": True}
    assert days(**school, birth_date=date(1990, 3, 4)) == [(destroyed, "2008-03-04")]
    assert days(**school) == []
    adult = {"offense": "HS 11357", "subdivision": "d", "conviction_date": date(2006, 2, 28)}
    assert days(**adult) == [(destroyed, "2008-02-28")]
    old = {"offense": "HS 11357", "subdivision": "b", "offense_date": date(1975, 1, 1)}
    assert days(**old, conviction_date=date(1975, 12, 31)) == [("destruction_needs_application", "1975-12-31")]
    assert days(**old, conviction_date=date(1976, 1, 1)) == [(destroyed, "1978-01-01")]


def test_a_closed_door_has_no_form_and_leaves_the_other_doors_open() -> None:
    closed = {"offense": "HS 11359", "knowingly_to_minor": True, "sentence": "probation", "probation_outcome": "early"}
    counted = found(**closed, sentence_status="completed", serving_now="nothing", pending_charge=False)
    told = explanation.finding_data(of(counted))
    assert told["outcome"] == "not_eligible"
    assert (told["form"], told["boxes"], told["relief_says"], told["doors"]) == ("", [], "", [])
    assert counted.best.remedy.name == "pc_1203_4"
    assert explanation.finding_data(counted.best)["boxes"] == ["2", "2b"]


def test_a_door_that_no_remedy_of_the_book_opens_is_named_in_words() -> None:
    def doors(**facts: Any) -> list[str]:
        return [d["says"] for d in data(**facts)["doors"]]

    assert doors(offense="other state") == ["Ask a lawyer who works in that state or in that court."]
    assert doors(offense="HS 11530", offense_date=date(1971, 5, 5)) == [explanation.DOORS["hs_11361_5_old"]]
    assert doors(offense="HS 11359") == []


def test_flags_of_eligible_answers_stay_off_closed_doors() -> None:
    closed = data(offense="HS 11359", knowingly_to_minor=True, sentence_status="parole")
    assert [f["flag"] for f in closed["flags"]] == ["auto_relief_likely"]
    open_ = data(offense="HS 11359", sentence_status="parole")
    assert "public_safety_exception" in [f["flag"] for f in open_["flags"]]


def says_of(told: dict[str, Any]) -> str:
    says: str = told["counts"][0]["findings"][0]["says"]
    return says


def test_words_are_asked_for_once_a_language_and_never_mixed() -> None:
    asked: list[str] = []

    def in_language(tag: str) -> Any:
        def say(words: str) -> str:
            asked.append(words)
            return f"{tag} {words}"

        return say

    findings = decide(record_of({"offense": "HS 11358", "plants": 4, "level": "felony"}), AS_OF)
    english = explanation.as_data(findings)
    spanish = explanation.as_data(findings, in_language("es"), "es")
    first = len(asked)
    assert explanation.as_data(findings, in_language("es"), "es") == spanish
    assert len(asked) == first + 1, "only the notice is said again"
    assert says_of(explanation.as_data(findings, in_language("fr"), "fr")).startswith("fr ")
    assert explanation.as_data(findings) == english
    unnamed = explanation.as_data(findings, in_language("de"))
    assert says_of(unnamed).startswith("de ")
    assert unnamed["notice"].startswith("de ")
    assert says_of(explanation.as_data(findings, in_language("nl"))).startswith("nl ")


def test_two_counts_of_one_decision_keep_their_own_facts() -> None:
    counts = tuple(Count(id=str(n), offense="HS 11358", attempt=False, level="felony", plants=n) for n in (3, 5))
    record = Record(Person(birth_date=date(1970, 1, 1)), (Case(id="1", arrest_date=date(2001, 1, 1), counts=counts),))
    findings = decide(record, AS_OF)
    assert findings.counts[0].best.decision is findings.counts[1].best.decision
    told = explanation.as_data(findings)["counts"]
    plants = [
        [
            r["facts"]["plants"]
            for f in c["findings"]
            for s in f["explanation"]
            for r in s["requirements"]
            if "plants" in r["facts"]
        ]
        for c in told
    ]
    assert set(plants[0]) == {3}
    assert set(plants[1]) == {5}
    assert [c["count"] for c in told] == ["3", "5"]


@settings(max_examples=100, deadline=None)
@given(dice())
def test_any_finding_can_be_told(d: Dice) -> None:
    findings = decide(record_of(knowledge(d, life(d))), AS_OF)
    told = explanation.as_data(findings)
    assert json.loads(json.dumps(told)) == told
    for finding in findings.counts[0].findings:
        for reason in explanation.why(finding):
            assert explanation.reason_words(reason)
        names = [r.requirement.name for r in explanation.why(finding)]
        assert len(set(names)) == len(names)


@settings(max_examples=100, deadline=None)
@given(dice())
def test_what_would_settle_a_record_is_what_would_settle_the_findings_that_matter(d: Dice) -> None:
    findings = decide(record_of(knowledge(d, life(d))), AS_OF)
    (counted,) = findings.counts
    asked = {fact for f in counted.worth_asking for fact in (*f.would_settle, *f.would_date)}
    assert findings.would_settle() == {("1", "1", fact) for fact in asked}


def test_why_gives_each_reason_once_and_those_that_count() -> None:
    one = of(found(offense="HS 11359", juvenile=False, already_relieved=False, same_section_priors=0))
    names = [r.requirement.name for r in explanation.why(one)]
    assert names == [
        "already_done",
        "before_the_act",
        "listed",
        "serious_prior",
        "sold_to_minor",
        "hired_young",
        "two_priors",
        "is_11359",
    ]


def names_of(finding: Finding) -> list[str]:
    return [r.requirement.name for r in explanation.why(finding)]


CONVICTED = {"disposition": "convicted", "conviction_date": date(2010, 5, 1), "offense_date": date(2010, 1, 1)}


def test_why_where_the_last_row_decided_tells_what_was_asked_before_it() -> None:
    """The last row of 1203.4a asks nothing: that a year has passed, asked before it, is the reason."""
    fine = {"level": "misdemeanor", "sentence": "no_probation", "sentence_performed": "all"}
    clean = {"new_conviction_since": False, "serving_now": "nothing", "pending_charge": False}
    one = of(found(offense="PC 484", **CONVICTED, **fine, **clean), "pc_1203_4a")
    assert one.decision.row is not None
    assert one.decision.row.name == "honest_life"
    assert names_of(one) == [
        "probation",
        "traffic_ticket",
        "something_not_done",
        "on_probation_now",
        "serving",
        "charged",
        "year_passed",
    ]


def test_why_tells_all_that_the_row_that_decided_asks_though_some_of_it_was_told_before() -> None:
    """The state clears a misdemeanor when probation was kept: that, and that there was probation, is why."""
    kept = {"level": "misdemeanor", "sentence": "probation", "probation_outcome": "completed"}
    one = of(found(offense="PC 484", **CONVICTED, **kept, probation_end=date(2013, 5, 1)), "pc_1203_425")
    assert one.decision.row is not None
    assert one.decision.row.name == "probation_finished"
    assert names_of(one) == ["probation", "has_to_register", "serving", "charged", "probation_kept"]


def test_a_remedy_that_asks_nothing_has_no_reasons() -> None:
    always = Row("always", "True", "needs_lawyer", "Ask a lawyer.", pc("1"))
    open_to_all = Remedy("pc_1", "A remedy", "A remedy", "A remedy.", pc("1"), (), (always,))
    assert explanation.why(judge(open_to_all, {"offense": "PC 484"}, AS_OF)) == []


# ---- what is told where it is not known which row decides

ARRESTED = {"offense": "PC 273.5", "subdivision": "a", "disposition": "dismissed", "arrest_date": date(2005, 5, 5)}
TO_PRISON_OR_JAIL = {
    "offense": "PC 459", "disposition": "convicted", "sentence": "felony_term", "conviction_date": date(2012, 1, 1),
    "sentence_completed": date(2015, 1, 1), "serving_now": "nothing", "pending_charge": False,
    "dismissed_before": False,
}  # fmt: skip
ON_PROBATION = TO_PRISON_OR_JAIL | {"offense": "PC 484", "level": "misdemeanor", "sentence": "probation"}


@pytest.mark.parametrize(
    ("remedy", "facts", "words", "reason"),
    [
        ("pc_851_91", ARRESTED, explanation.OPEN_WORDS["eligible_discretionary"], "nobody said there is a pattern"),
        ("pc_851_91", ARRESTED | {"abuse_pattern": True}, "Because of the pattern the judge decides.", "it is known"),
        (
            "pc_1203_41",
            TO_PRISON_OR_JAIL,
            explanation.OPEN_WORDS["eligible_discretionary"],
            "prison, jail, or jail and supervision: all are over for long, which it was nobody said",
        ),
        (
            "pc_1203_41",
            TO_PRISON_OR_JAIL | {"felony_term": "jail"},
            "Two years have passed since the sentence ended.",
            "it is known",
        ),
        (
            "hs_11361_8",
            {"offense": "HS 11360", "subdivision": "a", "already_relieved": True},
            explanation.OPEN_WORDS["already_relieved"],
            "cleared, or lowered only: done in any case",
        ),
        ("pc_1203_4", ON_PROBATION, "If there was a violation, the judge decides.", "how it went nobody said"),
        ("pc_1203_4", ON_PROBATION | {"probation_outcome": "completed"}, "You finished your probation.", "it is known"),
    ],
)
def test_nothing_is_stated_of_a_person_that_nobody_has_said(
    remedy: str, facts: dict[str, Any], words: str, reason: str
) -> None:
    assert explanation.said(of(found(**facts), remedy), str).startswith(words), reason


def test_a_better_right_to_the_same_is_not_more() -> None:
    unsure = of(found(**ON_PROBATION), "pc_1203_4")
    assert unsure.decision.or_better, "the judge may have to say yes"
    assert not explanation.or_more(unsure), "to the same dismissal"
    growing = of(found(offense="HS 11358", plants=None, sentence_status="completed"), "hs_11361_8")
    assert explanation.or_more(growing), "lowered, or with six plants dismissed and sealed"


def test_a_door_that_is_closed_in_any_case_names_all_that_may_close_it() -> None:
    told = data("pc_17b", offense="HS 11357", level=None, disposition="convicted")
    assert told["outcome"] != "not_eligible", "a felony could be lowered"
    closed = of(found(offense="PC 484", level="misdemeanor", other_place=None, disposition="convicted"), "pc_17b")
    assert closed.decision.row_holds
    rows = {r.name: r for r in closed.remedy.rows}
    unsure = replace(
        closed,
        decision=replace(closed.decision, row=rows["other_place"], row_holds=False, also=(rows["not_a_felony"],)),
    )
    told_unsure = explanation.said(unsure, str)
    assert told_unsure.startswith("We do not know which, but one of these is true")
    assert rows["other_place"].says in told_unsure
    assert rows["not_a_felony"].says in told_unsure


@settings(deadline=None)
@given(dice())
def test_the_words_of_a_row_are_told_only_where_what_it_asks_for_holds(d: Dice) -> None:
    counted = decide(record_of(knowledge(d, life(d))), AS_OF).counts[0]
    for f in counted.findings:
        row = f.decision.row
        if row is None or row in f.remedy.fallbacks:
            continue
        truths = [step.truth for step in f.decision.steps if step.row is row]
        if truths and truths != [True]:
            assert row.says != explanation.said(f, str), (f.remedy.name, row.name)
