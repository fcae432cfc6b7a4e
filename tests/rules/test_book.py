from __future__ import annotations

import os
from pathlib import Path

from rules.book import chapters, markdown
from rules.explanation import DOORS, OUTCOME_WORDS
from rules.remedies import REMEDIES

SNAPSHOT = Path(__file__).with_name("rule_book.md")


def test_the_rule_book_is_as_it_was() -> None:
    """A change of law shows here as a difference. Read it; if it is meant: LIMPIO_SNAPSHOT=write pytest ..."""
    book = markdown()
    if os.environ.get("LIMPIO_SNAPSHOT") == "write":
        SNAPSHOT.write_text(book, encoding="utf-8")
    assert book == SNAPSHOT.read_text(encoding="utf-8"), "the rules changed; see LIMPIO_SNAPSHOT in this test"


def test_every_rule_of_every_remedy_is_in_it() -> None:
    for remedy, chapter in zip(REMEDIES, chapters(), strict=True):
        assert [r.name for r in chapter.table] == [r.name for r in remedy.rows]
        assert [r.number for r in chapter.table] == list(range(1, len(remedy.rows) + 1))
        assert [q.name for q in chapter.requirements] == [q.name for q in remedy.requirements]
        assert [p.fact for p in chapter.presumptions] == [p.fact for p in remedy.presumptions]
        assert len(chapter.flags) == len(remedy.flags)
        assert len(chapter.notes) == len(remedy.notes)
        assert chapter.doubts == remedy.doubts
        assert {r.outcome_says for r in chapter.table} <= set(OUTCOME_WORDS.values())
        assert {d for r in chapter.table for d in r.doors} <= set(DOORS.values())


def test_anchors_are_stable_and_each_its_own() -> None:
    chapter = chapters()[0]
    anchors = [
        chapter.anchor,
        *(r.anchor for r in (*chapter.table, *chapter.fallbacks, *chapter.requirements)),
        *(n.anchor for n in (*chapter.numbers, *chapter.derived)),
    ]
    assert len(anchors) == len(set(anchors))
    assert chapter.anchor == "hs-11361-8"
    assert chapter.table[0].anchor == "hs-11361-8-row-already-done"
    assert chapter.requirements[0].anchor == "hs-11361-8-already_done"
    book = markdown()
    assert all(f'<a id="{a}"></a>' in book for a in anchors)


def test_numbers_and_derived_facts_behind_the_rules_are_in_it() -> None:
    chapter = chapters()[0]
    assert {"personal_flower_g", "old_flower_g", "prop64_in_force", "prior_limit"} <= {n.name for n in chapter.numbers}
    assert {"offense_day", "no_later_than_conviction", "kind", "age"} <= {d.name for d in chapter.derived}


def test_coverage_counts_every_mark() -> None:
    chapter = chapters()[0]
    marks = [c.cite.confirmed for c in (*chapter.table, *chapter.fallbacks, *chapter.requirements, *chapter.notes)]
    marks += [chapter.statute.confirmed, *(n.confirmed for n in chapter.numbers)]
    assert (chapter.coverage.confirmed, chapter.coverage.from_memory) == (marks.count("V"), marks.count("M"))
    assert set(marks) == {"V", "M"}


def test_words_are_translated_and_rules_are_not() -> None:
    book = markdown(lambda words: f"<{words}>")
    assert "# <Rule book>" in book
    assert "<Marijuana convictions: Proposition 64>" in book
    assert "`plants <= law.personal_plants`" in book
