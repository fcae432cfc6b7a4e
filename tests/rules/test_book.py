from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from rules import book
from rules.book import Chapter, chapters, markdown
from rules.cite import hs
from rules.explanation import DOORS, OUTCOME_WORDS
from rules.facts import dictionary
from rules.law import DatedValue, Series, series
from rules.record import json_value
from rules.remedies import REMEDIES
from rules.remedy import Coverage, Flag, Remedy, Requirement, Row

SNAPSHOT = Path(__file__).with_name("rule_book.md")


def chapter_of(remedy: str) -> Chapter:
    return next(c for c in chapters() if c.remedy == remedy)


def test_every_rule_of_every_remedy_is_in_it() -> None:
    for remedy, chapter in zip(REMEDIES, chapters(), strict=True):
        assert chapter.remedy == remedy.name
        assert [r.name for r in chapter.table] == [r.name for r in remedy.rows]
        assert [r.number for r in chapter.table] == list(range(1, len(remedy.rows) + 1))
        assert [bool(r.on) for r in chapter.table] == [bool(r.on) for r in remedy.rows]
        assert [(r.elsewhere, r.yields) for r in chapter.table] == [(r.elsewhere, r.yields) for r in remedy.rows]
        assert [len(r.asks) for r in chapter.table] == [len(r.asks) for r in remedy.rows]
        assert [r.name for r in chapter.fallbacks] == [r.name for r in remedy.fallbacks]
        assert [q.name for q in chapter.requirements] == [q.name for q in remedy.requirements]
        assert [p.fact for p in chapter.presumptions] == [p.fact for p in remedy.presumptions]
        assert [p.label for p in chapter.presumptions] == [dictionary()[p.fact].label for p in remedy.presumptions]
        assert [f.name for f in chapter.flags] == [f.name for f in remedy.flags]
        assert len(chapter.notes) == len(remedy.notes)
        assert [p.form for p in chapter.papers] == [p.form for p in remedy.papers]
        assert chapter.doubts == remedy.doubts
        assert (chapter.tier, chapter.beside) == (remedy.tier, remedy.beside)
        assert (chapter.since, chapter.until) == (remedy.since, remedy.until)
        assert {r.outcome_says for r in chapter.table} <= set(OUTCOME_WORDS.values())
        assert {d for r in chapter.table for d in r.doors} <= set(DOORS.values())


def anchors_of(chapter: Chapter) -> list[str]:
    return [
        chapter.anchor,
        *(r.anchor for r in (*chapter.table, *chapter.fallbacks, *chapter.requirements)),
        *(n.anchor for n in (*chapter.numbers, *chapter.derived)),
    ]


def test_anchors_are_stable_and_each_its_own() -> None:
    anchors = [a for chapter in chapters() for a in anchors_of(chapter)]
    assert len(anchors) == len(set(anchors))
    prop64 = chapter_of("hs_11361_8")
    assert prop64.anchor == "hs-11361-8"
    assert "hs-11361-8-row-already-done" in {r.anchor for r in prop64.table}
    assert "hs-11361-8-already_done" in {q.anchor for q in prop64.requirements}
    assert "pc-1203-4-open-section_not_in_our_list".replace("_", "-") in anchors
    text = markdown()
    assert [a for a in anchors if text.count(f'<a id="{a}"></a>') != 1] == []


def test_numbers_and_derived_facts_behind_the_rules_are_in_it() -> None:
    chapter = chapter_of("hs_11361_8")
    assert {"personal_flower_g", "old_flower_g", "prop64_in_force", "prior_limit"} <= {n.name for n in chapter.numbers}
    assert {"offense_day", "no_later_than_conviction", "kind", "age"} <= {d.name for d in chapter.derived}
    arrests = chapter_of("pc_851_91")
    assert {"dv_limit_from", "dv_limit_years"} <= {n.name for n in arrests.numbers}, "behind derived facts"
    assert "limit_felony" in {d.name for d in arrests.derived}
    assert {n.name for n in chapter_of("pc_851_87").numbers} == {"adult_age"}, "only what the chapter reads"


def test_each_value_of_a_number_is_printed_with_its_time() -> None:
    for chapter in chapters():
        for name in {n.name for n in chapter.numbers}:
            printed = [(n.value, n.starts, n.ends) for n in chapter.numbers if n.name == name]
            assert printed == [(str(json_value(v.value)), v.starts, v.ends) for v in series()[name].values]
    ended = DatedValue(1, date(1937, 1, 1), date(2027, 12, 31), "PC 1", "V", "law/toy.md")
    [entry] = book._values("pc-1", Series("wait", "A wait.", "years", (ended,)))
    assert (entry.value, entry.starts, entry.ends) == ("1", date(1937, 1, 1), date(2027, 12, 31)), (
        "none has ended today"
    )
    [wait] = [n for n in chapter_of("wic_781").numbers if n.name == "juvenile_wait_years"]
    assert (wait.value, wait.ends) == ("5", None)


def test_coverage_counts_every_mark() -> None:
    for chapter in chapters():
        marks = [c.cite.confirmed for c in (*chapter.table, *chapter.fallbacks, *chapter.requirements, *chapter.notes)]
        marks += [chapter.statute.confirmed, *(n.confirmed for n in chapter.numbers)]
        assert (chapter.coverage.confirmed, chapter.coverage.from_memory) == (marks.count("V"), marks.count("M"))
        assert set(marks) <= {"V", "M"}


def test_words_are_translated_and_rules_are_not() -> None:
    text = markdown(lambda words: f"<{words}>")
    assert "# <Rule book>" in text
    assert "<Marijuana convictions: Proposition 64>" in text
    assert "`plants <= law.personal_plants`" in text
    assert "<not about this kind of entry>" in text


# ---- a chapter as it is printed

SMALL = Remedy(
    name="pc_1",
    title="A small remedy",
    short="Small",
    summary="For tests.",
    statute=hs("1", confirmed="V", source="law"),
    requirements=(Requirement("small", "plants <= 6", hs("1"), "Yes.", "No.", "Unknown."),),
    rows=(Row("small", "small", "not_eligible", "No.", hs("1")), Row("else", "True", "not_eligible", "No.", hs("1"))),
    coverage=Coverage(verified_on=date(2026, 11, 22), verified_by="us"),
    tier="arrest",
)


def printed(remedy: Remedy, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(book, "chapters", lambda: chapters((remedy,)))
    return markdown()


def headings(text: str) -> list[str]:
    return [line.removeprefix("### ") for line in text.splitlines() if line.startswith("### ")]


def test_a_section_that_would_be_empty_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    assert headings(printed(SMALL, monkeypatch)) == [
        "The table: the first row that holds decides",
        "What each word in the table means",
    ]
    lines = [line for line in markdown().splitlines() if line]
    assert not [a for a, b in pairwise(lines) if a.startswith("### ") and b.startswith(("#", "<a"))]


@pytest.mark.parametrize(
    ("since", "until", "says"),
    [
        (None, None, "HSC 1 [V: law].\n"),
        (date(2020, 1, 1), None, "HSC 1 [V: law]. In force from 2020-01-01.\n"),
        (None, date(2027, 12, 31), "HSC 1 [V: law]. In force until 2027-12-31.\n"),
        (date(2020, 1, 1), date(2027, 12, 31), "HSC 1 [V: law]. In force from 2020-01-01 until 2027-12-31.\n"),
    ],
)
def test_a_chapter_says_from_when_to_when_it_holds(
    since: date | None, until: date | None, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    covered = replace(SMALL.coverage, since=since, until=until)
    assert says in printed(replace(SMALL, coverage=covered), monkeypatch)


def test_a_row_says_from_when_to_when_it_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    def first_row(**changes: date) -> str:
        changed = replace(SMALL, rows=(replace(SMALL.rows[0], **changes), SMALL.rows[1]))  # type: ignore[arg-type]
        return next(line for line in printed(changed, monkeypatch).splitlines() if line.startswith("1. "))

    assert first_row().endswith("**not_eligible**")
    assert first_row(since=date(2020, 1, 1)).endswith("**not_eligible** (In force from 2020-01-01)")
    assert first_row(until=date(2027, 12, 31)).endswith("**not_eligible** (In force until 2027-12-31)")


def test_a_requirement_says_from_when_to_when_it_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    in_its_time = replace(SMALL.requirements[0], since=date(2020, 1, 1), until=date(2027, 12, 31))
    text = printed(replace(SMALL, requirements=(in_its_time,)), monkeypatch)
    assert "**small** (fact): `plants <= 6`. HSC 1 [M: ] (In force from 2020-01-01 until 2027-12-31)\n" in text


def test_a_row_that_gives_nothing_has_no_words_for_it() -> None:
    [chapter] = chapters(
        [replace(SMALL, rows=(replace(SMALL.rows[0], relief="less"), SMALL.rows[1]), reliefs=(("less", "less of it"),))]
    )
    assert [(r.relief, r.relief_says) for r in chapter.table] == [("less", "less of it"), ("", "")]
    for entry in chapter_of("hs_11361_8").derived:
        assert (entry.label, entry.meaning) == (dictionary()[entry.name].label, dictionary()[entry.name].meaning)


def test_a_chapter_says_what_kind_of_door_it_is_and_if_it_stands_beside(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Kind of door: arrest.\n" in printed(SMALL, monkeypatch)
    beside = printed(replace(SMALL, beside=True), monkeypatch)
    assert "Kind of door: arrest, shown beside the answer, never instead of it.\n" in beside


def test_a_row_says_all_that_goes_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = (
        replace(SMALL.rows[0], name="one", elsewhere=True),
        replace(SMALL.rows[0], name="two", outcome="already_relieved", yields=True),
        replace(SMALL.rows[0], name="three", outcome="not_yet", on="add_days(conviction_date,   1)"),
        replace(SMALL.rows[0], name="four", outcome="need_info", asks=("disposition",)),
        replace(SMALL.rows[0], name="five", doors=("that_place",)),
        SMALL.rows[1],
    )
    text = printed(replace(SMALL, rows=rows), monkeypatch)
    assert "**not_eligible** (not about this kind of entry)\n" in text
    assert "**already_relieved** (another open door comes first)\n" in text
    assert "   - The day it opens: `add_days(conviction_date, 1)`\n" in text
    assert f"   - What to find out: {dictionary()['disposition'].label}\n" in text
    assert f"   - What else is open: {DOORS['that_place']}\n" in text


def test_a_flag_says_when_it_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    flags = (Flag("plain", "Plain."), Flag("sometimes", "Some.", when="small"), Flag("more", "More.", asks="plants"))
    text = printed(replace(SMALL, flags=flags), monkeypatch)
    assert "- **plain**: Plain.\n" in text
    assert "- **sometimes** (`small`): Some.\n" in text
    better = f"said while this could make the answer better: {dictionary()['plants'].label}"
    assert f"- **more** ({better}): More.\n" in text


# ---- the whole


def test_the_rule_book_is_as_it_was() -> None:
    """A change of law shows here as a difference. Read it; if it is meant: LIMPIO_SNAPSHOT=write pytest ..."""
    book = markdown()
    if os.environ.get("LIMPIO_SNAPSHOT") == "write":
        SNAPSHOT.write_text(book, encoding="utf-8")
    assert book == SNAPSHOT.read_text(encoding="utf-8"), "the rules changed; see LIMPIO_SNAPSHOT in this test"
