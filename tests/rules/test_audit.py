"""The audit finds what is wrong with a remedy, says it in a sentence, and has nothing to say about the real book."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from rules import audit as audits
from rules.audit import TRIED, Audited, audit, case_problems, decided_by, numbers_read, proved, report
from rules.cite import Cite, hs
from rules.judge import Law, build, judged
from rules.lives import NOT_LISTED, Search, impossible, record_of
from rules.record import contradictions
from rules.remedies import REMEDIES
from rules.remedy import Box, Coverage, Flag, Note, Paper, Presumption, Remedy, Requirement, Row
from rules.sources.worked_cases import read_rows
from webapp.cli import limpio

AS_OF = date(2026, 11, 22)
HERE = Path(__file__).parent
CASES = [HERE / "prop64_cases.csv", HERE / "remedy_cases.csv"]
SEEN = hs("1", confirmed="V", source="law/toy.md")


def asks(name: str, test: str, **changes: Any) -> Requirement:
    return replace(Requirement(name, test, SEEN, "It is so.", "It is not so.", "We do not know."), **changes)


def row(name: str, when: str = "True", outcome: str = "not_eligible", **changes: Any) -> Row:
    return replace(Row(name, when, outcome, "So it is.", SEEN), **changes)


SMALL = row("small", "small", "eligible_mandatory", relief="less")
ELSE = row("else")


def toy(*rows: Row, **changes: Any) -> Remedy:
    """A sound remedy: six plants or fewer, unless it was at a school. Given rows come before the last."""
    whole = Remedy(
        name="toy",
        title="A toy",
        short="A toy",
        summary="A toy.",
        statute=SEEN,
        requirements=(asks("small", "plants <= 6"), asks("school", "at_school")),
        rows=(*(rows or (row("school", "school"), SMALL)), ELSE),
        reliefs=(("less", "less of it"),),
        coverage=Coverage(date(2017, 1, 1), None, AS_OF, "the tests"),
    )
    return replace(whole, **changes)


def problems(remedy: Remedy, as_of: date = AS_OF) -> list[str]:
    """What the audit says of it; that a toy has no worked cases is not meant."""
    [audited] = audit([], as_of, (remedy,), coverage=("toy",))
    return [p for p in audited.problems if not p.startswith("no worked case")]


def test_a_sound_remedy_has_no_problems() -> None:
    assert problems(toy()) == []
    [audited] = audit([], AS_OF, (toy(),), coverage=("toy",))
    assert (audited.rows, audited.requirements) == (3, 2)
    assert audited.combinations == 2 * 2  # six plants or not, a school or not
    assert (audited.tried, audited.partial) == (9, 9)


# ---- what is proved on the diagram


def test_a_row_that_another_always_beats() -> None:
    three = asks("three", "plants == 3")
    remedy = toy(SMALL, row("three_plants", "three"), requirements=(asks("small", "plants <= 6"), three))
    assert "row three_plants can never be reached: whatever the facts, a row above it decides." in problems(remedy)


def test_two_problems_are_two_sentences() -> None:
    found = problems(toy(SMALL, row("again", "small"), row("never", "school and not school")))
    assert found == [
        "row again can never be reached: whatever the facts, a row above it decides.",
        "row never can never be reached: whatever the facts, a row above it decides.",
        "requirement school decides nothing: be it yes or no, the same row holds.",
    ]


@pytest.mark.parametrize("when", ["small and (school or not school)", "small or (small and school)"])
def test_a_requirement_that_decides_nothing(when: str) -> None:
    found = problems(toy(row("small", when, "eligible_mandatory", relief="less")))
    assert found == ["requirement school decides nothing: be it yes or no, the same row holds."]


def test_a_requirement_that_nothing_speaks_of() -> None:
    assert "requirement school is used nowhere." in problems(toy(SMALL))


def test_a_requirement_may_be_there_for_a_flag_alone() -> None:
    assert problems(toy(SMALL, flags=(Flag("school", "It was at a school.", when="school"),))) == []


def test_combinations_are_counted_without_listing_them() -> None:
    """Forty yes/no questions have a million millions of combinations."""
    names = [n for n, e in audits.dictionary().items() if e.type == "yes_no" and e.scope != "derived"]
    names += [f"conduct == {c!r}" for c in ("carried", "gave", "sold")]
    requirements = tuple(asks(f"r{i}", test) for i, test in enumerate(names))
    rows = tuple(row(f"row_{r.name}", r.name) for r in requirements)
    law = build(toy(*rows, requirements=requirements), AS_OF)
    assert proved(law, {}).combinations == 2 ** (len(names) - 3) * 3


# ---- a judge that is wrong


@pytest.fixture
def law() -> Law:
    return build(toy(), AS_OF)


def test_a_row_taken_where_it_does_not_hold(law: Law) -> None:
    broken = replace(law, first=lambda _t, _m: 1)
    found = proved(broken, decided_by(law)).problems
    assert "row small is taken where, by its own words, it does not decide." in found


def test_an_answer_settled_too_early(law: Law) -> None:
    """Nothing known: open. The plants known: row 2, whatever the school. The school known: row 1."""
    honest = law.first

    def hasty(t: int, m: int) -> int:
        return 1 if (t, m) == masks_of(law, small=True) else honest(t, m)

    found = proved(replace(law, first=hasty), decided_by(law)).problems
    assert "learning at_school can unsettle an answer." in found


def test_a_reach_that_is_not_what_the_rows_say(law: Law, monkeypatch: pytest.MonkeyPatch) -> None:
    reach = audits.within_reach
    monkeypatch.setattr(audits, "within_reach", lambda *of: (reach(*of)[0][:1], 0))
    found = proved(law, decided_by(law)).problems
    monkeypatch.undo()
    assert "what the judge calls possible is not what its rows can still say." in found


def everything(law: Law) -> tuple[int, int]:
    return 0, (1 << len(law.atoms)) - 1


def masks_of(law: Law, **known: bool) -> tuple[int, int]:
    t, m = everything(law)
    for name, truth in known.items():
        [atom] = law.test_atoms[law.places.requirements[name]]
        t, m = (t | 1 << atom, m) if truth else (t, m & ~(1 << atom))
    return t, m


# ---- what must be able to happen


def test_a_row_that_no_life_reaches() -> None:
    """On the diagram murder may be on the list of Proposition 47; in the catalogue it is not."""
    odd = asks("odd", NEVER)
    found = problems(toy(row("odd", "odd"), row("school", "school"), SMALL, requirements=(*toy().requirements, odd)))
    assert found[0].startswith("row odd is reached by nobody (")
    assert found[1].startswith("requirement odd is never yes (")
    assert all("as the law was on 2024-12-17" in p for p in found[2:])  # the catalogue changed on the day after


def test_a_requirement_that_decides_for_nobody() -> None:
    """The row that hangs on it asks for what never comes together."""
    more = (asks("murder", 'offense == "PC 187"'), asks("listed", 'class_prop47 == "Y"'), asks("many", "plants > 9"))
    odd = row("odd", "murder and listed and many")
    found = problems(toy(row("school", "school"), SMALL, odd, requirements=(*toy().requirements, *more)))
    assert found[0].startswith("row odd is reached by nobody (")
    assert found[1].startswith("requirement many decides for nobody (")


NEVER = 'offense == "PC 187" and class_prop47 == "Y"'


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"flags": (Flag("never", "Never.", when=NEVER),)}, "flag never is never raised ("),
        ({"flags": (Flag("no_row", "No row raises it."),)}, "flag no_row is never raised ("),
        ({"flags": (Flag("ask", "More.", asks="conduct"),)}, "flag ask is never raised ("),
        ({"flags": (Flag("shut", "Shut.", when="school", only_eligible=True),)}, "flag shut is never raised ("),
        ({"papers": (Paper("CR-1", "school"),)}, "form CR-1 never goes with an answer ("),
        ({"papers": (Paper("CR-1", "True"), Paper("CR-2", "small"))}, "form CR-2 never goes with an answer ("),
        ({"papers": (Paper("CR-1", "True", (Box("2a", "not small"),)),)}, "box 2a of form CR-1 is never ticked ("),
        (
            {
                "notes": (
                    Note("n", "plants > 6", "birth_date", "A note.", SEEN),
                    Note("n", NEVER, "birth_date", "-", SEEN),
                )
            },
            "note n (2 of 2) is never shown (",
        ),
        ({"fallbacks": (row("late", "small and not school", "needs_lawyer"),)}, "fallback late is never the answer ("),
        (
            {"presumptions": (Presumption("conduct", "gave", "it was a gift"),)},
            "what is presumed of conduct never carries",
        ),
    ],
)
def test_what_never_happens_is_named(changes: dict[str, Any], says: str) -> None:
    found = problems(toy(**changes))
    assert found[0].startswith(says)
    assert all("(as the law was on " in p for p in found[1:])


@pytest.mark.parametrize(
    "changes",
    [
        {"flags": (Flag("at_school", "At a school.", when="school"), Flag("big", "Big.", when="plants > 6"))},
        {"papers": (Paper("CR-1", 'conduct == "gave"'), Paper("CR-2", "True", (Box("2a", 'conduct == "sold"'),)))},
        {"notes": (Note("n", "not known(birth_date) and small", "birth_date", "A note.", SEEN),)},
        {"fallbacks": (row("late", "not known(school)", "needs_lawyer"),)},
        {"presumptions": (Presumption("plants", 0, "there were few"),)},
    ],
)
def test_what_can_happen_is_no_problem(changes: dict[str, Any]) -> None:
    assert problems(toy(**changes)) == []


def test_a_flag_of_what_could_be_better() -> None:
    many = asks("many", "plants <= 6")
    better = row("better", "gift and small", "eligible_mandatory", relief="less")
    changed = toy(
        better,
        row("small", "small", "eligible_discretionary", relief="less"),
        requirements=(many, asks("gift", 'conduct == "gave"'), asks("small", "plants <= 9")),
        flags=(Flag("ask", "More.", asks="conduct"),),
    )
    assert "flag ask is never raised" not in " ".join(problems(changed))


# ---- an unknown taken for a yes


def test_a_presumption_makes_an_unknown_a_yes_and_says_so() -> None:
    assert (
        problems(
            toy(presumptions=(Presumption("school_grounds", False, "not at a school", when="offense != 'HS 11357'"),))
        )
        == []
    )


def test_a_presumption_that_overrides_what_is_known() -> None:
    """11357(d) was about school grounds. A presumption of `school_grounds` must not take that back."""
    assert problems(toy(presumptions=(Presumption("school_grounds", False, "it was not at a school"),))) == [
        "what is presumed of school_grounds overrides what other facts say of at_school."
    ]


def test_a_fallback_that_says_yes_in_silence() -> None:
    open_door = row("ask_anyway", "not known(small)", "eligible_mandatory", relief="less")
    found = problems(toy(fallbacks=(open_door,)))
    assert found == [
        "an unknown is taken for a yes in silence: knowing nothing, the answer is eligible_mandatory; not_eligible is "
        "possible, and nothing is said to be presumed that rules it out."
    ]
    said = replace(open_door, flags=("presumption_only",))
    assert problems(toy(fallbacks=(said,), flags=(Flag("presumption_only", "It is presumed."),))) == []


# ---- words, citations, coverage


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"unknown": ""}, "requirement small has no words for unknown."),
        ({"met": " "}, "requirement small has no words for yes."),
        ({"unmet": "It is so."}, "requirement small says the same for two of yes, no and unknown."),
        ({"cite": hs("1", confirmed="V")}, "requirement small: HSC 1 does not say where it was found."),
        (
            {"cite": hs("1", confirmed="?", source="x")},
            "requirement small: HSC 1 is marked '?', which is neither V (a source was seen) nor M (from memory).",
        ),
        (
            {"cite": Cite("XX", "1", confirmed="M", source="x")},
            "requirement small: the citation 'XX 1' names no section of a code.",
        ),
    ],
)
def test_a_requirement_without_words_or_source(changes: dict[str, Any], says: str) -> None:
    assert problems(toy(requirements=(asks("small", "plants <= 6", **changes), asks("school", "at_school")))) == [says]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"rows": (row("school", "school", says=""), SMALL, ELSE)}, "row school has no words."),
        ({"presumptions": (Presumption("plants", 0, ""),)}, "presumption plants has no words."),
        ({"flags": (Flag("at_school", "", when="school"),)}, "flag at_school has no words."),
        ({"coverage": Coverage(date(2017, 1, 1))}, "nobody is named who checked it, or no day."),
        ({"statute": hs("1", confirmed="M")}, "the statute: HSC 1 does not say where it was found."),
    ],
)
def test_whatever_else_is_said_needs_words_and_somebody_who_checked(changes: dict[str, Any], says: str) -> None:
    assert problems(toy(**changes)) == [says]


def test_coverage_and_remedies_go_together() -> None:
    first, stray = audit([], AS_OF, (toy(),), coverage=("gone",))
    assert "law/coverage.yaml does not list it." in first.problems
    assert (stray.remedy, stray.problems) == ("gone", ("law/coverage.yaml lists it, but there is no such remedy.",))


def test_every_mark_is_counted_in_the_rule_book(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = audits.chapters
    monkeypatch.setattr(
        audits, "chapters", lambda r: [replace(c, coverage=replace(c.coverage, from_memory=2)) for c in whole(r)]
    )
    assert problems(toy()) == ["the rule book counts 2 sources marked M, but there are 0."]


def test_a_number_that_is_read_for_a_day_alone_is_counted() -> None:
    waiting = row("school", "school", "not_yet", on="add_years(birth_date, law.adult_age)")
    assert numbers_read(toy(waiting, SMALL)) == ("adult_age", "old_flower_g")[:1]
    assert problems(toy(waiting, SMALL)) == []


# ---- times


def test_a_law_of_another_time_is_looked_at_too() -> None:
    then = row("then", "small", until=date(2019, 12, 31))
    again = row("again", "small", until=date(2019, 12, 31))
    assert problems(toy(row("school", "school"), then, replace(SMALL, since=date(2020, 1, 1)))) == []
    assert problems(toy(row("school", "school"), then, again, replace(SMALL, since=date(2020, 1, 1)))) == [
        "row again can never be reached: whatever the facts, a row above it decides (as the law was on 2019-12-31)."
    ]


def test_a_remedy_that_starts_later_is_looked_at_on_its_first_days() -> None:
    later = Coverage(date(2031, 1, 1), None, AS_OF, "the tests")
    found = problems(toy(SMALL, row("again", "small"), row("school", "school"), coverage=later))
    assert found[0].startswith("row again can never be reached: whatever the facts, a row above it decides (as the law")


def test_a_remedy_that_is_never_in_force() -> None:
    never = Coverage(date(2020, 1, 1), date(2019, 1, 1), AS_OF, "the tests")
    assert problems(toy(coverage=never)) == [
        "it is not in force at any time for which all numbers that it reads are known."
    ]


# ---- worked cases


def test_a_missing_case_is_a_problem() -> None:
    names = ("pc_236_14", "pc_851_87", "pc_1473_7")
    remedies = [next(r for r in REMEDIES if r.name == n) for n in names]
    survivors, program, warned = (a.problems for a in audit([], AS_OF, remedies, names))
    assert survivors == (
        "no worked case says yes (needs_lawyer).",  # a lawyer's business: there that is the yes
        "no worked case says no (not_eligible).",
        "no worked case says unknown (need_info).",
    )
    assert program == (
        "no worked case says yes (eligible_discretionary).",
        "no worked case says no (not_eligible).",  # it reads nothing that stays unknown
    )
    assert "no worked case says not yet (not_yet)." in warned


def test_a_missing_yes_names_all_that_would_be_one() -> None:
    can_say = frozenset({"eligible_mandatory", "eligible_discretionary", "not_yet"})
    assert list(case_problems(can_say, frozenset({"not_eligible", "not_yet"}), ())) == [
        "no worked case says yes (eligible_discretionary or eligible_mandatory)."
    ]
    assert list(case_problems(can_say, frozenset({"eligible_mandatory", "not_eligible"}), ["A1", "A2"])) == [
        "no worked case says not yet (not_yet).",
        "worked cases fail: A1, A2. `limpio rules check` says how.",
    ]


def test_only_a_case_that_passes_counts() -> None:
    rows = [r for r in read_rows(str(CASES[1])) if r["route"] == "PC236.14" and r["outcome"] == "needs_lawyer"][:1]
    remedies = tuple(r for r in REMEDIES if r.name == "pc_236_14")
    [good] = audit(rows, AS_OF, remedies, ("pc_236_14",))
    assert good.problems == (
        "no worked case says no (not_eligible).",
        "no worked case says unknown (need_info).",
    )
    wrong = [{**rows[0], "id": "X1", "outcome": "not_eligible"}]
    [bad] = audit(wrong, AS_OF, remedies, ("pc_236_14",))
    assert bad.problems[0] == "no worked case says yes (needs_lawyer)."
    assert bad.problems[-1] == "worked cases fail: X1. `limpio rules check` says how."


# ---- the search for lives


def prop64() -> Law:
    return build(REMEDIES[0], AS_OF)


def test_a_life_is_one_that_the_reader_of_records_accepts() -> None:
    law = prop64()
    search = Search(law, AS_OF, 20_000)
    for i, r in enumerate(law.rows):
        life = search.find(audits.reaching(law, i))
        assert life is not None, r.name
        assert contradictions(record_of(life)) == []
        assert judged(law, life, AS_OF).decision.row is not None
        assert law.first(*search.see(life).known) == i


def test_the_worked_example() -> None:
    law = prop64()
    number = next(i for i, r in enumerate(law.rows) if r.name == "growing_legal_now")
    life = Search(law, AS_OF, 20_000).find(audits.reaching(law, number))
    assert life is not None
    assert life["offense"] == "HS 11358"
    plants = life["plants"]
    assert isinstance(plants, int)
    assert plants <= 6
    assert judged(law, life, AS_OF).relief == "dismiss_and_seal"


def test_a_search_ends_where_it_is_told_to() -> None:
    law = prop64()
    search = Search(law, AS_OF, 5)
    assert search.find(audits.reaching(law, len(law.rows) - 1)) is None
    assert search.tried == 5


def test_impossible_lives() -> None:
    born_late = {"birth_date": date(2000, 1, 1), "conviction_date": date(1999, 1, 1)}
    assert impossible(born_late, ["birth_date"])
    assert not impossible(born_late, ["plants"])  # nothing was added that could contradict
    never = {"superstrike_or_290c": False, "superstrike_or_290c_date": date(1999, 1, 1)}
    assert impossible(never, ["superstrike_or_290c"])
    born = {"birth_date": date(1990, 3, 4), "offense_date": date(2010, 3, 3)}
    assert not impossible({**born, "age_at_offense": 19}, ["age_at_offense"]), "the day before the birthday"
    assert impossible({**born, "age_at_offense": 20}, ["age_at_offense"])
    assert not impossible({"age_at_offense": 20}, ["age_at_offense"]), "nothing says another age"


def test_sections_to_try_are_one_of_each_kind() -> None:
    search = Search(build(toy(), AS_OF), AS_OF, 1)
    written = {(s.get("offense"), s.get("subdivision")) for s in search.sections}
    assert ("HS 11357", "d") in written  # on school grounds
    assert len(written) < 20
    every = Search(prop64(), AS_OF, 1).sections
    assert {"HS 11358", "VC 23222", "federal"} <= {s["offense"] for s in every}
    listed = build(next(r for r in REMEDIES if r.name == "pc_17b"), AS_OF)
    assert NOT_LISTED in {s["offense"] for s in Search(listed, AS_OF, 1).sections}


# ---- printed


def test_the_report() -> None:
    lines = list(report(audit([], AS_OF, (toy(SMALL, row("again", "small"), row("school", "school")),), ("toy",))))
    assert lines[0] == "toy          4 rows, 2 requirements, 4 combinations proved, 4 problems"
    assert lines[1] == "  row again can never be reached: whatever the facts, a row above it decides."
    assert lines[-1] == "1 remedies audited, 4 problems"
    assert any(
        line.startswith("Tried, not proved") and "(9 partial knowledges of 9; all of them for 1 of 1" in line
        for line in lines
    )


def test_the_report_counts_problems_and_says_what_is_proof_and_what_is_not() -> None:
    def audited(remedy: str, *problems: str, partial: int = 2_000) -> Audited:
        return Audited(remedy, 3, 2, 1, 4_000, 500, partial, 10, problems)

    lines = list(report((audited("one"), audited("two", "This."), audited("three", "That.", "Those.", partial=500))))
    counted = "3 rows, 2 requirements, 4,000 combinations proved"
    assert lines[:6] == [
        f"one          {counted}, ok",
        f"two          {counted}, 1 problem",
        "  This.",
        f"three        {counted}, 2 problems",
        "  That.",
        "  Those.",
    ]
    looked_at, proof, tried, shown, unless, last = lines[6:]
    assert looked_at.startswith("3 laws were looked at: ")
    assert proof.startswith("Proved for every combination: exactly one row decides; ")
    assert "(1,500 partial knowledges of 4,500; all of them for 1 of 3 remedies)" in tried
    assert shown.startswith("Shown by records found in a search: every row, ")
    assert shown.endswith("none of 30 partial records takes an unknown for a yes in silence.")
    assert unless == "What is listed as a problem above is not so."
    assert last == "3 remedies audited, 3 problems"
    clean = list(report((audited("one"),)))
    assert unless not in clean
    assert clean[-1].endswith("0 problems")
    assert list(report((audited("one", "This."),)))[-1].endswith("1 problem")


def test_the_command_fails_where_cases_are_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    few = tuple(r for r in REMEDIES if r.name == "pc_236_14")
    monkeypatch.setattr("webapp.cli.audit", lambda rows, day: audit(rows, day, few, ("pc_236_14",)))
    result = CliRunner().invoke(limpio, ["rules", "audit", "--as-of", "2026-11-22", *map(str, CASES)])
    assert result.exit_code == 0, result.output
    assert result.output.splitlines()[-1] == "1 remedies audited, 0 problems"
    empty = tmp_path / "cases.csv"
    empty.write_text("id,as_of,code,section,route,outcome\n", encoding="utf-8")
    result = CliRunner().invoke(limpio, ["rules", "audit", "--as-of", "2026-11-22", str(empty)])
    assert result.exit_code == 1
    assert "  no worked case says no (not_eligible)." in result.output.splitlines()


@pytest.mark.parametrize(
    ("content", "says"), [(b"a,b\n", "it has no column"), (b"\xff\xfe", "is not UTF-8"), (None, "no file")]
)
def test_the_command_refuses_what_is_no_file_of_cases(content: bytes | None, says: str, tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    if content is not None:
        path.write_bytes(content)
    result = CliRunner().invoke(limpio, ["rules", "audit", str(path)])
    assert result.exit_code == 2
    assert says in result.stderr
    assert "Traceback" not in result.output


# ---- the real book


def test_the_real_book_is_clean() -> None:
    """If this fails, run `limpio rules audit`: it says the same, remedy by remedy."""
    audited = audit([r for file in CASES for r in read_rows(str(file))], AS_OF)
    assert {a.remedy: a.problems for a in audited if a.problems} == {}
    assert len(audited) == len(REMEDIES)
    assert all(a.combinations > 1 and a.tried == min(a.partial, TRIED) for a in audited)
