"""A remedy is refused when it is made ready, not in front of a person; and every declaration is complete."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

import pytest
import yaml

from rules import decide
from rules.cite import CODES, hs
from rules.explanation import DOORS, OUTCOME_WORDS
from rules.expression import BadExpression, facts_in, law_in, names_in, parse
from rules.facts import derivations, dictionary, read_by
from rules.judge import all_ready, build, derive, judge, judged, ready
from rules.law import series, turning_points
from rules.record import Case, Count, Person, Record
from rules.remedies import REMEDIES
from rules.remedy import (
    OUTCOMES,
    TIERS,
    Box,
    Coverage,
    Flag,
    Note,
    Paper,
    Presumption,
    Remedy,
    Requirement,
    Row,
    in_force,
)
from rules.span import at_least, at_most, year
from tests.rules.strategies import AS_OF

PROP64 = REMEDIES[0]
LAST = Row("else", "True", "not_eligible", "No.", hs("1"))


def remedy(**changes: Any) -> Remedy:
    whole = Remedy(
        name="pc_1",
        title="A remedy",
        short="A remedy",
        summary="A remedy.",
        statute=hs("1"),
        requirements=(Requirement("small", "plants <= 6", hs("1"), "Yes.", "No.", "Unknown."),),
        rows=(Row("small", "small", "eligible_mandatory", "Yes.", hs("1"), relief="less"), LAST),
        reliefs=(("less", "less"), ("more", "more")),
        flags=(Flag("beside", "Beside it."),),
    )
    return replace(whole, **changes)


def row(when: str = "small", **changes: Any) -> Row:
    return replace(Row("one", when, "eligible_mandatory", "Yes.", hs("1")), **changes)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        (
            {"rows": (row("smal"), LAST)},
            "pc_1, row one: in the rule 'smal': neither a fact of facts.yaml nor a requirement",
        ),
        (
            {"rows": (row("plants <= 6"), LAST)},
            "pc_1, row one: .* neither a fact .* nor a requirement of this remedy \\('plants'\\)",
        ),
        (
            {"rows": (row("small and not known(small)"), LAST)},
            "pc_1, row one: what is known may decide only in a fallback",
        ),
        ({"rows": (row("small"),)}, "pc_1: the last row must always hold"),
        ({"rows": ()}, "pc_1: the last row must always hold"),
        ({"rows": (row(outcome="maybe"), LAST)}, "pc_1: row one: no outcome is called 'maybe'"),
        ({"rows": (row(relief="most"), LAST)}, "pc_1: row one: no relief is called 'most'"),
        ({"rows": (row(flags=("besides",)), LAST)}, "pc_1: row one: no flag is called 'besides'"),
        ({"rows": (row(on="add_days(plants"), LAST)}, "pc_1, row one: cannot read the rule"),
        ({"rows": (row(on="add_days(birthday, 1)"), LAST)}, "pc_1, row one: .*'birthday'"),
        ({"fallbacks": (row("known(plant)"),)}, "pc_1, fallback one: .*'plant'"),
        ({"fallbacks": (row(outcome="maybe"),)}, "pc_1: row one: no outcome is called 'maybe'"),
        ({"requirements": (Requirement("small", "plant <= 6", hs("1"), "", "", ""),)}, "pc_1, small: .*'plant'"),
        (
            {"requirements": (Requirement("small", "plants <= law.six", hs("1"), "", "", ""),)},
            "pc_1, small: .* no number of that name",
        ),
        (
            {"requirements": (Requirement("plants", "plants <= 6", hs("1"), "", "", ""),)},
            "pc_1: the name 'plants' is taken",
        ),
        (
            {"requirements": (Requirement("small", "plants <= 6", hs("1"), "", "", ""),) * 2},
            "pc_1: the name 'small' is taken",
        ),
        (
            {
                "requirements": (
                    Requirement("small", "plants", hs("1"), "", "", ""),
                    Requirement("late", "add_days(as_of, 1)", hs("1"), "", "", ""),
                )
            },
            "neither yes nor no",
        ),
        ({"presumptions": (Presumption("plant", 0, ""),)}, "pc_1: presumption: no fact is called 'plant'"),
        ({"presumptions": (Presumption("age", 0, ""),)}, "pc_1: presumption: no fact is called 'age'"),
        (
            {"presumptions": (Presumption("plants", 0, "", when="known(levels)"),)},
            "pc_1, presumption plants: .*'levels'",
        ),
        ({"flags": (Flag("beside", "", asks="plant"),)}, "pc_1: flag beside: no fact is called 'plant'"),
        ({"flags": (Flag("beside", "", when="big"),)}, "pc_1, flag beside: .*'big'"),
        ({"papers": (Paper("CR-1", "big"),)}, "pc_1, CR-1: .*'big'"),
        ({"notes": (Note("when", "big", "birth_date", "", hs("1")),)}, "pc_1, note when: .*'big'"),
        ({"notes": (Note("when", "small", "birthday", "", hs("1")),)}, "pc_1, note when: .*'birthday'"),
    ],
)
def test_a_table_with_a_word_that_means_nothing_is_refused(changes: dict[str, Any], says: str) -> None:
    build(remedy(), AS_OF)
    with pytest.raises((BadExpression, ValueError), match=says):
        build(remedy(**changes), AS_OF)


@pytest.mark.parametrize("changed", REMEDIES, ids=lambda r: r.name)
def test_every_declaration_is_complete(changed: Remedy) -> None:
    cites = [
        changed.statute,
        *(i.cite for i in (*changed.requirements, *changed.rows, *changed.fallbacks, *changed.notes)),
    ]
    for cite in cites:
        assert cite.section
        assert cite.code in CODES or (cite.code == "" and cite.section.startswith("People v. "))
        assert cite.confirmed in ("V", "M")
        assert cite.source, cite.short
    for q in changed.requirements:
        assert len({q.met, q.unmet, q.unknown}) == 3, f"{q.name} needs three wordings"
        assert all(words.endswith(".") and len(words) > 10 for words in (q.met, q.unmet, q.unknown))
        assert q.kind in ("gate", "section", "fact", "bar")
    for r in (*changed.rows, *changed.fallbacks):
        assert r.says.endswith(".")
        assert r.outcome in OUTCOMES
        assert r.confidence in ("high", "medium", "low")
        assert set(r.doors) <= set(DOORS)
        assert bool(r.relief) == r.outcome.startswith("eligible")
    assert {p.says for p in changed.presumptions if not p.says} == set()
    assert len({r.name for r in changed.rows}) == len(changed.rows)
    assert {q.name for q in changed.requirements} - names_read(changed) == set(), "a requirement that nothing reads"
    assert changed.verified_on is not None
    assert changed.verified_by
    assert changed.tier in TIERS
    assert set(OUTCOME_WORDS) == set(OUTCOMES)


def names_read(of: Remedy) -> set[str]:
    """All names that the tables, flags, boxes and dates of a remedy speak of."""
    texts = [
        *(r.when for r in (*of.rows, *of.fallbacks)),
        *(f.when for f in of.flags if f.when),
        *(text for p in of.papers for text in (p.when, *(b.when for b in p.boxes))),
        *(text for n in of.notes for text in (n.when, n.on)),
        *(p.when for p in of.presumptions),
    ]
    return {name for text in texts for name in names_in(text)}


def test_a_row_about_another_kind_of_entry_closes_the_door_and_opens_nothing() -> None:
    """`elsewhere` says that the remedy is not about this entry at all: nothing to wait for, nothing to ask."""
    for one in REMEDIES:
        for r in one.rows:
            if r.elsewhere:
                assert (r.outcome, r.relief, r.on, r.doors) == ("not_eligible", "", "", ()), f"{one.name}, {r.name}"
            assert not r.yields or r.outcome == "already_relieved", f"{one.name}, {r.name}"
            assert not r.asks or r.outcome == "need_info", f"{one.name}, {r.name}"
            assert not r.on or r.outcome == "not_yet", f"{one.name}, {r.name}"


def test_every_door_in_words_is_somewhere_in_the_tables() -> None:
    assert {d for one in REMEDIES for r in (*one.rows, *one.fallbacks) for d in r.doors} == set(DOORS)


def test_the_remedies_are_those_of_the_coverage_and_in_the_order_of_their_tiers() -> None:
    listed = yaml.safe_load(files("rules.law").joinpath("coverage.yaml").read_text(encoding="utf-8"))
    assert {r.name for r in REMEDIES} == set(listed) - {"everywhere"}
    assert len({r.name for r in REMEDIES}) == len(REMEDIES)
    places = [TIERS.index(r.tier) for r in REMEDIES]
    assert places == sorted(places)


def test_facts_that_no_rule_reads_are_few() -> None:
    """A fact in the dictionary that nothing reads would be asked for nothing."""
    laws = [ready(r, AS_OF) for r in REMEDIES]
    read = {f for law in laws for atom in law.atoms for name in facts_in(atom) for f in read_by(name)}
    read |= {f for law in laws for facts in law.day_facts.values() for f in facts}
    stated = {n for n, e in dictionary().items() if e.scope != "derived"}
    assert stated - read == {"county", "case_number"}


def test_numbers_that_no_rule_reads_are_few() -> None:
    trees = [tree for _, tree in derivations()]
    for one in REMEDIES:
        texts = [*(q.test for q in one.requirements), *(r.on for r in one.rows if r.on), *(n.on for n in one.notes)]
        texts += [n.when for n in one.notes]
        trees += [parse(text, names_of(one), series()) for text in texts]
    # rehabilitation_life_years: such cases go to a lawyer, who is told the nine years.
    assert set(series()) - {n for tree in trees for n in law_in(tree)} == {"rehabilitation_life_years"}


def names_of(one: Remedy) -> set[str]:
    return {*dictionary(), *(q.name for q in one.requirements)}


# ---- time


def test_rows_and_requirements_hold_in_their_time() -> None:
    changed = remedy(
        rows=(
            row("small", until=date(2019, 12, 31), relief="less"),
            row("small", name="two", since=date(2020, 1, 1), relief="more"),
            LAST,
        )
    )
    facts = {"plants": 3}
    assert judge(changed, facts, date(2019, 12, 31)).relief == "less"
    assert judge(changed, facts, date(2020, 1, 1)).relief == "more"
    assert judge(changed, facts, date(2019, 12, 31)).relief == "less"
    assert judge(changed, facts, date(2017, 1, 1)).relief == "less"


def test_a_remedy_is_judged_only_in_its_time() -> None:
    record = Record(Person(), (Case(counts=(Count(offense="HS 11359"),)),))

    def judged_on(day: date) -> set[str]:
        return {f.remedy.name for f in decide(record, day).counts[0].findings}

    began = {r.name: r.since for r in REMEDIES if r.since is not None}
    assert began["hs_11361_8"] == date(2016, 11, 9)
    assert began["pc_1170_18"] == date(2014, 11, 5)
    assert judged_on(AS_OF) == {r.name for r in REMEDIES}
    assert judged_on(date(2016, 11, 9)) - judged_on(date(2016, 11, 8)) == {"hs_11361_8"}
    assert judged_on(date(2014, 11, 4)) == {n for n in judged_on(AS_OF) if n not in began or began[n].year < 2014}
    for one in REMEDIES:
        assert in_force(one, AS_OF)
        if one.since is not None:
            assert in_force(one, one.since)
            assert not in_force(one, one.since - timedelta(days=1))
    closed = remedy(coverage=Coverage(until=date(2020, 1, 1)))
    assert in_force(closed, date(2020, 1, 1))
    assert not in_force(closed, date(2020, 1, 2))
    starting = remedy(coverage=Coverage(since=date(2020, 1, 1)))
    assert in_force(starting, date(2020, 1, 1))
    assert not in_force(starting, date(2019, 12, 31))


def test_two_remedies_of_one_name_are_not_confused() -> None:
    one, two = remedy(), remedy(rows=(row("not small", relief="more"), LAST))
    for _ in range(2):
        assert judge(one, {"plants": 3}, AS_OF).relief == "less"
        assert judge(two, {"plants": 9}, AS_OF).relief == "more"
    assert ready(one, AS_OF) is ready(one, AS_OF)


def test_the_best_answer_comes_first() -> None:
    closed = remedy(name="pc_2", rows=(LAST,))
    record = Record(Person(), (Case(counts=(Count(plants=3),)),))
    found = decide(record, AS_OF, (closed, remedy())).counts[0]
    assert [f.remedy.name for f in found.findings] == ["pc_1", "pc_2"]
    assert found.best.outcome == "eligible_mandatory"


# ---- days, presumptions and answers of a small table


def test_the_day_a_door_opens() -> None:
    waiting = row("small", outcome="not_yet", on="add_years(conviction_date, 1)")
    changed = remedy(rows=(waiting, LAST))
    found = judge(changed, {"plants": 3, "conviction_date": date(2026, 2, 28)}, AS_OF)
    assert found.eligible_on == date(2027, 2, 28)
    assert judge(changed, {"plants": 3}, AS_OF).eligible_on is None
    assert judge(changed, {"plants": 9}, AS_OF).eligible_on is None
    on_derived = remedy(rows=(replace(waiting, on="add_years(recorded_on, 1)"), LAST))
    assert judge(on_derived, {"plants": 3, "arrest_date": date(2026, 2, 28)}, AS_OF).eligible_on == date(2027, 2, 28)


def test_of_several_days_still_possible_the_last_is_told() -> None:
    """A day that is told is one to rely on: never the earlier of two, while it may be the later one."""
    early = row("small", outcome="not_yet", on="add_years(conviction_date, 1)")
    late = row("True", name="two", outcome="not_yet", on="add_years(conviction_date, 2)")
    convicted = {"conviction_date": date(2026, 2, 28)}
    for rows in ((early, late), (replace(early, on=late.on), replace(late, on=early.on))):
        found = judge(remedy(rows=rows), convicted, AS_OF)
        assert (found.outcome, found.settled, found.eligible_on) == ("not_yet", False, date(2028, 2, 28))
    assert judge(remedy(rows=(early, late)), convicted | {"plants": 3}, AS_OF).eligible_on == date(2027, 2, 28)
    by_an_event = judge(remedy(rows=(early, replace(late, on=""))), convicted, AS_OF)
    assert by_an_event.eligible_on is None, "one of them has no day at all"


def test_the_facts_that_would_give_a_day_are_named() -> None:
    early = row("small", outcome="not_yet", on="add_years(conviction_date, 1)")
    late = row("True", name="two", outcome="not_yet", on="add_years(release_date, 2)")
    one = remedy(rows=(early, late))
    assert judge(one, {}, AS_OF).would_date == ("conviction_date", "release_date")
    assert judge(one, {"plants": 3}, AS_OF).would_date == ("conviction_date",)
    assert judge(one, {"plants": 3, "conviction_date": date(2026, 2, 28)}, AS_OF).would_date == ()
    assert judge(remedy(), {"plants": 9}, AS_OF).would_date == ()


def test_several_answers_left() -> None:
    rows = (row("small", relief="more"), row("True", name="two", relief="less"))
    found = judge(remedy(rows=rows), {}, AS_OF)
    assert (found.outcome, found.relief, found.decision.or_better, found.settled) == (
        "eligible_mandatory",
        "less",
        True,
        False,
    )
    assert found.decision.possible == (("eligible_mandatory", "more"), ("eligible_mandatory", "less"))
    assert found.would_settle == ("plants",)
    assert not judge(remedy(rows=rows), {"plants": 3}, AS_OF).decision.or_better
    open_ = judge(remedy(), {}, AS_OF)
    assert not open_.decision.or_better
    assert (open_.outcome, open_.relief, open_.decision.row, open_.decision.confidence) == (
        "need_info",
        "",
        None,
        "low",
    )
    assert open_.cite == remedy().statute
    assert (
        judge(remedy(fallbacks=(row("not known(plants)", outcome="needs_lawyer"),)), {}, AS_OF).outcome
        == "needs_lawyer"
    )


def test_of_several_open_doors_the_one_that_gives_least_is_sure() -> None:
    """What the judge may refuse is less than what the judge may not; of two reliefs, the declaration says which."""
    may_refuse = row("True", name="two", outcome="eligible_discretionary", relief="less")
    for rows in (
        (row("small", relief="less"), may_refuse),
        (replace(may_refuse, when="small"), row("True", name="two")),
    ):
        found = judge(remedy(rows=rows), {}, AS_OF)
        assert (found.outcome, found.decision.or_better) == ("eligible_discretionary", True)
    reduced_or_sealed = remedy(
        rows=(row("small", relief="zero_it"), row("True", name="two", relief="all_of_it")),
        reliefs=(("zero_it", "less"), ("all_of_it", "more")),
    )
    assert judge(reduced_or_sealed, {}, AS_OF).relief == "zero_it"
    turned = replace(reduced_or_sealed, reliefs=reduced_or_sealed.reliefs[::-1])
    assert judge(turned, {}, AS_OF).relief == "all_of_it"
    assert set(judge(turned, {}, AS_OF).decision.open_facts) == {"plants"}


def test_a_flag_is_raised_where_it_holds_and_one_for_open_doors_only_there() -> None:
    always = Flag("always", "Beside it.", when="small")
    open_only = Flag("open_only", "Beside it.", when="small", only_eligible=True)
    for outcome, raised in (("eligible_mandatory", ("always", "open_only")), ("not_eligible", ("always",))):
        flagged = remedy(rows=(row("True", outcome=outcome),), flags=(always, open_only))
        assert judge(flagged, {"plants": 3}, AS_OF).flags == raised
        assert judge(flagged, {"plants": 9}, AS_OF).flags == ()
        assert judge(flagged, {}, AS_OF).flags == (), "what is not known raises nothing"


def test_an_open_door_has_its_form_and_a_closed_one_has_none() -> None:
    paper = Paper("CR-1", "True", (Box("1a", "small"), Box("1b", "not small")))
    for outcome in ("eligible_mandatory", "eligible_discretionary", "not_eligible", "needs_lawyer"):
        found = judge(remedy(rows=(row("True", outcome=outcome),), papers=(paper,)), {"plants": 3}, AS_OF)
        assert (found.form, found.boxes) == (("CR-1", ("1a",)) if outcome.startswith("eligible") else ("", ()))


def test_an_open_answer_has_no_day_though_one_of_its_ways_has() -> None:
    waiting = row("small", outcome="not_yet", on="add_years(conviction_date, 1)")
    found = judge(remedy(rows=(waiting, LAST)), {"conviction_date": date(2026, 2, 28)}, AS_OF)
    assert (found.outcome, found.eligible_on) == ("need_info", None)


def test_what_is_known_is_not_asked_again() -> None:
    """An age is known by the date of birth and the day of the offense, or as stated: who gave the one is asked for the
    other, whether the answer is open or only may be better."""
    grown_up = needs(grown="age >= 21")
    least = row("True", name="two", relief="less")
    for rows in ((row("grown"), LAST), (row("grown", relief="more"), least)):
        asking = remedy(requirements=grown_up, rows=rows)
        assert judge(asking, {}, AS_OF).would_settle == ("birth_date", "age_at_offense")
        born = {"birth_date": date(1980, 1, 1)}
        assert judge(asking, born, AS_OF).would_settle == ("age_at_offense",)
        assert judge(asking, {"birth_date": year(1980)}, AS_OF).would_settle == ("birth_date", "age_at_offense")


def test_where_the_day_is_known_nothing_more_is_asked_for_it() -> None:
    waiting = row("small", outcome="not_yet", on="first_known(sentence_completed, probation_end)")
    asking = remedy(rows=(waiting, LAST))
    known = judge(asking, {"plants": 3, "sentence_completed": date(2027, 1, 2)}, AS_OF)
    assert (known.eligible_on, known.would_date) == (date(2027, 1, 2), ())
    unknown = judge(asking, {"plants": 3}, AS_OF)
    assert (unknown.eligible_on, unknown.would_date) == (None, ("sentence_completed", "probation_end"))
    assert unknown.facts == {"plants": 3}


def test_a_row_that_says_what_to_find_out_asks_for_it() -> None:
    """The answer is settled, and is that more has to be known: the row names what."""
    asking = remedy(rows=(row("small", outcome="need_info", asks=("arrest_date", "level")), LAST))
    found = judge(asking, {"plants": 3}, AS_OF)
    assert (found.outcome, found.settled, found.would_settle) == ("need_info", True, ("arrest_date", "level"))
    assert judge(asking, {"plants": 9}, AS_OF).would_settle == ()


def test_rows_that_give_the_same_answer_are_one_answer() -> None:
    rows = (row("small", relief="more"), row("True", name="two", relief="more"))
    found = judge(remedy(rows=rows), {}, AS_OF)
    assert found.settled
    assert found.would_settle == ()
    assert found.decision.row == rows[0]
    assert found.decision.also == (rows[1],)


def test_a_presumption_is_named_only_where_the_answer_rests_on_it() -> None:
    presumed = remedy(
        presumptions=(Presumption("plants", 0, "no plants"), Presumption("level", "felony", "a felony", burden=False))
    )
    found = judge(presumed, {}, AS_OF)
    assert (found.outcome, found.decision.presumed, found.decision.assumed) == ("eligible_mandatory", ("plants",), ())
    assert found.flags == ("presumption_only",)
    assert found.decision.confidence == "low"
    assert found.decision.steps[0].reasons[0].presumed
    assert judge(presumed, {"plants": 3}, AS_OF).decision.presumed == ()
    assumed = remedy(presumptions=(Presumption("plants", 0, "no plants", burden=False),))
    found = judge(assumed, {}, AS_OF)
    assert (found.decision.presumed, found.decision.assumed, found.flags) == ((), ("plants",), ())
    assert found.decision.confidence == "high"


def test_a_row_ends_after_its_last_day() -> None:
    """On a day of its own, on which no number and no offense changes: the row alone makes it another law."""
    last, next_day = date(2018, 5, 14), date(2018, 5, 15)
    assert not {last, next_day} & set(turning_points())
    for days in ((last, next_day), (next_day, last)):  # whichever is asked first is kept for the days around it
        ending = remedy(rows=(row("small", until=last), LAST))
        starting = remedy(rows=(row("small", since=next_day), LAST))
        both = remedy(rows=(row("small", since=last, until=last), LAST))
        for day in days:
            is_open = {True: "eligible_mandatory", False: "not_eligible"}
            assert judge(ending, {"plants": 3}, day).outcome == is_open[day == last]
            assert judge(starting, {"plants": 3}, day).outcome == is_open[day == next_day]
            assert judge(both, {"plants": 3}, day).outcome == is_open[day == last]
        assert judge(ending, {"plants": 3}, last - timedelta(days=1)).outcome == "eligible_mandatory"
        assert judge(both, {"plants": 3}, last - timedelta(days=1)).outcome == "not_eligible"


def test_the_law_cited_is_that_of_the_row_else_of_the_remedy() -> None:
    here = remedy(rows=(replace(row("small"), cite=hs("2")), replace(LAST, cite=hs("3"), elsewhere=True)))
    for plants, section, elsewhere in ((3, "2", False), (9, "3", True), (None, "1", False)):
        found = judge(here, {"plants": plants} if plants else {}, AS_OF)
        assert (found.cite, found.elsewhere) == (hs(section), elsewhere)


def test_the_day_of_a_fallback_is_told() -> None:
    """Where the answer is open, and the table has a line for that which says when to come back."""
    later = row("not known(plants)", outcome="not_yet", on="add_years(conviction_date, 1)")
    found = judge(remedy(fallbacks=(later,)), {"conviction_date": date(2026, 2, 28)}, AS_OF)
    assert (found.outcome, found.eligible_on) == ("not_yet", date(2027, 2, 28))


def test_what_is_not_about_this_entry_asks_for_nothing_and_promises_nothing() -> None:
    """A remedy for convictions is closed to an arrest, whatever else is unknown: no question, no day, no date."""
    gated = remedy(
        requirements=needs(arrest='disposition == "dismissed"', small="plants <= 6"),
        rows=(row("arrest", outcome="not_eligible", elsewhere=True), row("small", name="two", relief="less"), LAST),
        notes=(Note("when", "True", "conviction_date", "From that day on.", hs("1")),),
        presumptions=(Presumption("plants", 0, "no plants"),),
    )
    stated = {"disposition": "dismissed", "conviction_date": date(2010, 1, 1)}
    for _ in range(2):  # once decided, once remembered
        closed = judge(gated, stated, AS_OF)
        assert (closed.outcome, closed.elsewhere, closed.settled) == ("not_eligible", True, True)
        assert (closed.would_settle, closed.would_date, closed.dates, closed.eligible_on) == ((), (), (), None)
        assert closed.facts == stated
        passed = judge(gated, stated | {"disposition": "convicted"}, AS_OF)
        assert (passed.outcome, passed.relief, passed.would_settle) == ("eligible_mandatory", "less", ("plants",))
        assert [day for _, day in passed.dates] == [date(2010, 1, 1)]


def test_an_answer_that_is_settled_early_still_says_all_that_goes_with_it() -> None:
    """The first row, about other entries, is passed, and all that is left gives one answer; its flag hangs on more."""
    gated = remedy(
        requirements=needs(arrest='disposition == "dismissed"', small="plants <= 6"),
        rows=(row("arrest", outcome="not_eligible", elsewhere=True), row("True", name="two", relief="less")),
        flags=(Flag("beside", "Beside it.", when="small"),),
    )
    found = judge(gated, {"disposition": "convicted", "plants": 3}, AS_OF)
    assert (found.outcome, found.settled, found.flags) == ("eligible_mandatory", True, ("beside",))
    assert judge(gated, {"disposition": "convicted", "plants": 9}, AS_OF).flags == ()


def test_what_follows_from_the_facts_follows_on_that_day() -> None:
    """An offense that a proposition made is in the catalogue of its first day, and not of the day before."""
    stolen_again = {"offense": "PC 666.1", "attempt": False, "birth_date": date(2000, 1, 1)}
    for first, second in ((date(2024, 12, 17), date(2024, 12, 18)), (date(2024, 12, 18), date(2024, 12, 17))):
        known = {day: derive(stolen_again, day) for day in (first, second)}
        assert known[date(2024, 12, 17)]["class_17b"] is None
        assert known[date(2024, 12, 18)]["class_17b"] == "cond"
    ages = [derive(stolen_again, day)["age_now"] for day in (date(2025, 12, 31), date(2026, 1, 1))]
    assert ages == [25, 26]


def test_the_remedies_of_a_day_are_made_ready_once_and_never_mixed_up() -> None:
    one, two = (remedy(),), (remedy(name="pc_2"),)
    assert all_ready(one, AS_OF) is all_ready(one, AS_OF)
    for _ in range(2):
        assert [law.remedy.name for law, _ in all_ready(one, AS_OF).laws] == ["pc_1"]
        assert [law.remedy.name for law, _ in all_ready(two, AS_OF).laws] == ["pc_2"]
    assert all_ready(one, AS_OF).as_of == AS_OF
    assert all_ready(one, AS_OF - timedelta(days=1)).as_of == AS_OF - timedelta(days=1)


def test_a_row_may_not_speak_of_a_requirement_out_of_its_time() -> None:
    small = Requirement("small", "plants <= 6", hs("1"), "Yes.", "No.", "Unknown.", until=date(2019, 12, 31))
    old = remedy(requirements=(small,), rows=(row("small", until=date(2019, 12, 31)), LAST))
    assert judge(old, {"plants": 3}, date(2019, 12, 31)).outcome == "eligible_mandatory"
    assert judge(old, {"plants": 3}, date(2020, 1, 1)).outcome == "not_eligible"
    with pytest.raises(BadExpression, match="row one"):
        build(replace(old, rows=(row("small"), LAST)), date(2020, 1, 1))


def needs(**tests: str) -> tuple[Requirement, ...]:
    return tuple(Requirement(name, test, hs("1"), "Yes.", "No.", "Unknown.") for name, test in tests.items())


def test_the_day_asked_about_decides_a_wait() -> None:
    changed = remedy(
        requirements=needs(over="add_years(conviction_date, 1) < as_of"),
        rows=(row("over"), replace(LAST, outcome="not_yet", on="add_days(as_of, 1)")),
    )
    convicted = {"conviction_date": date(2025, 6, 1)}
    assert judge(changed, convicted, date(2026, 6, 2)).outcome == "eligible_mandatory"
    waiting = judge(changed, convicted, date(2026, 6, 1))
    assert (waiting.outcome, waiting.eligible_on) == ("not_yet", date(2026, 6, 2))
    unknown = judge(changed, {}, date(2026, 6, 1))
    assert (unknown.outcome, unknown.would_settle) == ("need_info", ("conviction_date",))
    assert {o for o, _ in unknown.decision.possible} == {"eligible_mandatory", "not_yet"}


@pytest.mark.parametrize(
    ("below", "above", "fact"),
    [
        ("plants < 6", "plants > 6", "plants"),
        ("plants < 6", "plants >= 7", "plants"),
        ("offense_date < law.prop64_in_force", "offense_date > law.prop64_in_force", "offense_date"),
        ('level == "felony"', 'level in ["infraction"]', "level"),
        ('offense == "HS 1"', 'offense in ["HS 2", "HS 3"]', "offense"),
        ("attempt", "already_relieved", "attempt"),
        ("offense_date < arrest_date", "offense_date > arrest_date", "offense_date"),
    ],
)
def test_every_way_is_followed_and_no_other(below: str, above: str, fact: str) -> None:
    rows = (
        row("low and high", name="both", outcome="already_relieved"),
        row("low", relief="less"),
        row("high", name="two", relief="more"),
        LAST,
    )
    found = judge(remedy(requirements=needs(low=below, high=above), rows=rows), {}, AS_OF)
    outcomes = {o for o, _ in found.decision.possible}
    apart = below in ("attempt", "offense_date < arrest_date")  # two different things; even these may not contradict
    assert outcomes == {"eligible_mandatory", "not_eligible"} | ({"already_relieved"} if apart else set())
    assert {r for _, r in found.decision.possible} == {"less", "more", ""}
    assert fact in found.would_settle


def test_an_amount_between_two_limits_is_a_way_of_its_own() -> None:
    rows = (row("small", relief="less"), row("large", name="two", relief="less"), LAST)
    one = remedy(requirements=needs(small="flower_g <= 4", large="flower_g >= 5"), rows=rows)
    assert judge(one, {}, AS_OF).decision.possible == (("eligible_mandatory", "less"), ("not_eligible", ""))
    none_between = remedy(requirements=needs(small="flower_g <= 4", large="flower_g > 4"), rows=rows)
    assert judge(none_between, {}, AS_OF).settled
    day = remedy(
        requirements=needs(small="offense_date <= law.prop64_in_force", large="offense_date > law.prop64_in_force"),
        rows=rows,
    )
    assert judge(day, {}, AS_OF).settled
    the_day_itself = remedy(
        requirements=needs(small="offense_date < law.prop64_in_force", large="offense_date > law.prop64_in_force"),
        rows=rows,
    )
    assert not judge(the_day_itself, {}, AS_OF).settled
    all_choices = remedy(
        requirements=needs(small='level in ["felony", "infraction"]', large='level == "misdemeanor"'), rows=rows
    )
    assert judge(all_choices, {}, AS_OF).settled


def test_the_day_of_a_note_may_hang_on_derived_facts_of_every_shape() -> None:
    on = """first_known(
        given(not (kind in ["flower"]) and (known(age) or at_school), recorded_on),
        given(age < 18, add_days(recorded_on, 1)),
        add_years(recorded_on, law.destruction_years))"""
    noted = remedy(notes=(Note("day", "small", on, "Then.", hs("1")),))

    def day(**facts: Any) -> date | None:
        ((_, found),) = judge(noted, {"plants": 3, "arrest_date": date(2010, 2, 3)} | facts, AS_OF).dates
        return found

    assert day(substance="concentrate", age_at_offense=30) == date(2010, 2, 3)
    assert day(substance="concentrate", school_grounds=True) == date(2010, 2, 3)
    assert day(substance="flower", age_at_offense=17) == date(2010, 2, 4)
    assert day(substance="flower", age_at_offense=18) == date(2012, 2, 3)
    assert day(substance="concentrate") == date(2012, 2, 3)
    assert judge(noted, {"plants": 9}, AS_OF).dates == ()


def test_rough_facts_rule_out_what_they_can() -> None:
    """Of the ways a rough fact could turn out only those are followed that fit it."""
    known = {
        "offense": "HS 11359",
        "offense_date": date(2005, 5, 5),
        "attempt": False,
        "level": "felony",
        "juvenile": False,
        "already_relieved": False,
        "superstrike_or_290c": False,
        "same_section_priors": 0,
        "knowingly_to_minor": False,
        "hired_under_21": False,
    }
    assert judge(PROP64, known | {"age_at_offense": at_least(18)}, AS_OF).settled
    open_ = judge(PROP64, known | {"age_at_offense": at_least(17)}, AS_OF)
    assert open_.would_settle == ("birth_date", "age_at_offense")
    assert set(open_.decision.possible) == {
        ("eligible_mandatory", "redesignate_infraction"),
        ("eligible_mandatory", "redesignate_misdemeanor"),
    }
    day = judge(PROP64, known | {"age_at_offense": 30, "offense_date": year(2016)}, AS_OF)
    assert (day.outcome, day.would_settle) == ("need_info", ("offense_date",))
    one_prior = judge(PROP64, known | {"age_at_offense": 30, "same_section_priors": at_most(1)}, AS_OF)
    assert one_prior.settled
    some = judge(PROP64, known | {"age_at_offense": 30, "same_section_priors": at_most(3)}, AS_OF)
    assert (some.outcome, some.decision.presumed) == ("eligible_mandatory", ("same_section_priors",))
    more = judge(PROP64, known | {"age_at_offense": 30, "same_section_priors": at_least(1)}, AS_OF)
    assert (more.outcome, more.would_settle) == ("need_info", ("same_section_priors",))


def test_only_rows_that_were_reached_are_named() -> None:
    rows = (
        row("small", relief="more"),
        row("sold", name="two", relief="more"),
        row("True", name="three", relief="more"),
    )
    one = remedy(requirements=needs(small="plants <= 6", sold='conduct == "sold"'), rows=rows)
    found = judge(one, {"plants": 9}, AS_OF).decision
    assert (found.row, found.also) == (rows[1], (rows[2],))


def test_a_number_that_is_not_in_force_is_unknown() -> None:
    rows = (row("small and few", relief="less"), LAST)
    one = remedy(requirements=needs(small="plants <= law.personal_plants", few="plants <= 3"), rows=rows)
    assert judge(one, {"plants": 3}, date(2010, 1, 1)).outcome == "need_info"
    assert judge(one, {}, date(2010, 1, 1)).outcome == "need_info"
    assert judge(one, {"plants": 4}, date(2010, 1, 1)).outcome == "not_eligible"
    assert judge(one, {"plants": 3}, date(2016, 11, 9)).outcome == "eligible_mandatory"


def test_a_row_about_another_section_is_left_out_of_the_steps() -> None:
    mine, other, last = row("mine and small"), row("other and small", name="two"), LAST
    kinds = {"mine": 'offense == "HS 1"', "other": 'offense == "HS 2"', "small": "plants <= 6"}
    section = [replace(q, kind="fact" if q.name == "small" else "section") for q in needs(**kinds)]
    found = judge(
        remedy(requirements=tuple(section), rows=(mine, other, last)), {"offense": "HS 1", "plants": 9}, AS_OF
    )
    assert [s.row.name for s in found.decision.steps] == ["one", "else"]
    plain = judge(
        remedy(requirements=needs(**kinds), rows=(mine, other, last)), {"offense": "HS 1", "plants": 9}, AS_OF
    )
    assert [s.row.name for s in plain.decision.steps] == ["one", "two", "else"]


def test_a_presumption_that_changes_no_answer_is_not_named() -> None:
    rows = (
        row("sold and small", relief="less"),
        row("sold", name="two", relief="more"),
        row("small", name="three", relief="more"),
        row("True", name="four", relief="less"),
    )
    presumed = remedy(
        requirements=needs(small="plants <= 6", sold='conduct == "sold"'),
        rows=rows,
        presumptions=(Presumption("plants", 0, "no plants"),),
    )
    found = judge(presumed, {}, AS_OF).decision
    assert (found.relief, found.or_better, found.presumed, found.flags) == ("less", True, (), ())


def test_an_answer_without_any_relief_is_the_least() -> None:
    rows = (row("small", relief="less"), row("True", name="two", relief=""))
    assert judge(remedy(rows=rows), {}, AS_OF).relief == ""


def test_steps_end_with_the_row_that_gave_the_answer() -> None:
    rows = (row("small", relief="less"), row("True", name="two", relief="more"))
    found = judge(remedy(rows=rows), {}, AS_OF).decision
    assert found.row == rows[0]
    assert [(s.row.name, s.truth) for s in found.steps] == [("one", None)]


def test_an_answer_that_rests_on_a_presumption_is_of_low_confidence() -> None:
    flags = (Flag("presumption_only", "It rests on a presumption."),)
    open_ = row("not known(plants)", name="open", flags=("presumption_only",), confidence="high")
    found = judge(remedy(flags=flags, fallbacks=(open_,)), {}, AS_OF).decision
    assert (found.row, found.flags, found.confidence) == (open_, ("presumption_only",), "low")


def test_without_a_form_of_its_own_an_answer_has_none() -> None:
    found = judge(remedy(papers=(Paper("CR-1", "not small"),)), {"plants": 3}, AS_OF)
    assert (found.outcome, found.form, found.boxes) == ("eligible_mandatory", "", ())


def test_what_cannot_matter_in_a_section_makes_no_new_decision() -> None:
    """Nobody's plants change a possession for sale: a county's counts share few decisions."""
    law = build(PROP64, AS_OF)
    known = {"offense": "HS 11359", "offense_date": date(2005, 5, 5), "age_at_offense": 30, "level": "felony"}
    shared = judged(law, known, AS_OF).decision
    for other in (
        {"plants": 9},
        {"flower_g": 3},
        {"conduct": "sold"},
        {"environmental_crime": True},
    ):
        assert judged(law, known | other, AS_OF).decision is shared, other
    for own in (
        {"same_section_priors": 2},
        {"hired_under_21": True},
        {"sentence_status": "parole"},
        {"already_relieved": False},
    ):
        assert judged(law, known | own, AS_OF).decision is not shared, own
    assert len(law.sections) == 1


def test_a_fact_that_changes_nothing_is_not_asked_for() -> None:
    rows = (row("small and sold", relief="less"), row("not small and sold", name="two", relief="less"), LAST)
    found = judge(remedy(requirements=needs(small="plants <= 6", sold='conduct == "sold"'), rows=rows), {}, AS_OF)
    assert found.would_settle == ("conduct",)
