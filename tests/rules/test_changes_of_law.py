"""What CONTRIBUTING.md promises: a change of law is a change of one line of data, and answers change from its day on
and only then.

Each test copies the package, edits the text as a contributor would, and lets the copy decide, in a Python of its own,
many worked cases on the days around the change. Nothing of the program is replaced or patched.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import rules
from rules.record import from_json, to_json
from rules.sources.worked_cases import ROUTES, read_rows, record_of
from tests.rules.strategies import AS_OF

HERE = Path(__file__)
LAST_OLD_DAY, FIRST_NEW_DAY = date(2027, 12, 31), date(2028, 1, 1)
DECIDE = """
import json, sys
from datetime import date
import rules
from rules.book import markdown
from rules.record import from_json
asked = json.load(sys.stdin)
answers = []
for day, record in asked:
    as_of = date.fromisoformat(day)
    found = rules.decide(from_json(record, as_of), as_of).counts[0].findings
    on = lambda f: f.eligible_on and f.eligible_on.isoformat()
    answers.append({f.remedy.name: [f.outcome, f.relief, on(f)] for f in found})
json.dump({"from": rules.__file__, "answers": answers, "book": markdown()}, sys.stdout)
"""
Answers = list[dict[str, list[str | None]]]
Asked = tuple[date, dict[str, Any]]


class Copy:
    """The package with one file of the law changed."""

    def __init__(self, folder: Path, file: str, change: Callable[[str], str]) -> None:
        self.folder = folder
        shutil.copytree(Path(rules.__file__).parent, folder / "rules", ignore=shutil.ignore_patterns("__pycache__"))
        path = folder / "rules" / "law" / file
        before = path.read_text(encoding="utf-8")
        after = change(before)
        assert after != before
        path.write_text(after, encoding="utf-8")
        self.book = ""

    def decide(self, asked: Iterable[Asked]) -> Answers:
        done = subprocess.run(
            [sys.executable, "-c", DECIDE],
            input=json.dumps([(day.isoformat(), record) for day, record in asked]),
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        assert Path(told["from"]).is_relative_to(self.folder)
        self.book = told["book"]
        answers: Answers = told["answers"]
        return answers


def as_it_is(asked: Iterable[Asked]) -> Answers:
    """What the unchanged law says."""
    return [_as_it_is(day, json.dumps(record)) for day, record in asked]


@cache
def _as_it_is(day: date, record: str) -> dict[str, list[str | None]]:
    found = rules.decide(from_json(json.loads(record), day), day).counts[0].findings
    on = {f.remedy.name: f.eligible_on.isoformat() if f.eligible_on else None for f in found}
    return {f.remedy.name: [f.outcome, f.relief, on[f.remedy.name]] for f in found}


def replaced(old: str, new: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the file"
        return text.replace(old, new)

    return change


@pytest.fixture(scope="module")
def cases() -> list[dict[str, Any]]:
    """Records of worked cases, some of every remedy."""
    every = read_rows(str(HERE.with_name("remedy_cases.csv")))
    rows = [row for route in ROUTES for row in [r for r in every if r["route"] == route][:3]]
    return [to_json(record_of(row, date.fromisoformat(row["as_of"]))[0]) for row in rows]


def of_one_count(offense: str, count: dict[str, Any], **case: Any) -> dict[str, Any]:
    return {"cases": [{**case, "counts": [{"offense": offense, **count}]}]}


def differing(one: Answers, other: Answers) -> set[str]:
    """The remedies that say something else."""
    pairs = zip(one, other, strict=True)
    return {name for a, b in pairs for name in a.keys() | b.keys() if a.get(name) != b.get(name)}


def check_that_only(remedies: set[str], changed: Copy, cases: list[dict[str, Any]]) -> None:
    """On the old days all answers are as they were; from the new day on only those of these remedies differ."""
    old = [(day, record) for day in (AS_OF, LAST_OLD_DAY) for record in cases]
    new = [(FIRST_NEW_DAY, record) for record in cases]
    answers = changed.decide([*old, *new])
    assert differing(answers[: len(old)], as_it_is(old)) == set()
    assert differing(answers[len(old) :], as_it_is(new)) == remedies


# ---- a number


def test_a_longer_wait_holds_from_its_day_on(tmp_path: Path, cases: list[dict[str, Any]]) -> None:
    old_line = '    - {value: 1, from: 1937-01-01, cite: "PC 1203.4a(a)", confirmed: V, '
    old_line += "source: law/1203-4-family.md section 2}\n"
    ended = old_line.replace("from: 1937-01-01,", "from: 1937-01-01, until: 2027-12-31,")
    two_years = ended.replace("value: 1, from: 1937-01-01, until: 2027-12-31,", "value: 2, from: 2028-01-01,")
    changed = Copy(tmp_path, "numbers.yaml", replaced(old_line, ended + two_years))
    fined = of_one_count("PC 148.9", {"level": "misdemeanor"}, conviction_date="2026-06-01", sentence="no_probation")
    days = (AS_OF, date(2027, 6, 1), date(2027, 6, 2), LAST_OLD_DAY, FIRST_NEW_DAY, date(2028, 6, 1), date(2028, 6, 2))
    answers = [a["pc_1203_4a"] for a in changed.decide([(day, fined) for day in days])]
    assert answers == [
        ["not_yet", "", "2027-06-02"],
        ["not_yet", "", "2027-06-02"],
        ["eligible_mandatory", "dismiss", None],
        ["eligible_mandatory", "dismiss", None],
        ["not_yet", "", "2028-06-02"],
        ["not_yet", "", "2028-06-02"],
        ["eligible_mandatory", "dismiss", None],
    ]
    check_that_only({"pc_1203_4a"}, changed, [*cases, fined])
    assert "**wait_no_probation_years** = 2 years" in changed.book


def test_a_higher_limit_holds_from_its_day_on(tmp_path: Path, cases: list[dict[str, Any]]) -> None:
    """The example of CONTRIBUTING.md: ten grams of concentrate from 2028 on."""
    start = '    - {value: 8, from: 2016-11-09, cite: "HSC 11362.1(a)(2)", confirmed: V, '
    source = "source: law/11361-8.md sections 2 and 3}\n"
    ended = start.replace("from: 2016-11-09,", "from: 2016-11-09, until: 2027-12-31,") + source
    ten = '    - {value: 10, from: 2028-01-01, cite: "HSC 11362.1(a)(2)", confirmed: V, source: "Stats. 2027"}\n'
    changed = Copy(tmp_path, "numbers.yaml", replaced(start + source, ended + ten))
    nine_grams = of_one_count(
        "HS 11357(a)", {"level": "felony", "offense_date": "2007-12-12", "concentrate_g": 9, "age_at_offense": 30}
    )
    answers = changed.decide([(LAST_OLD_DAY, nine_grams), (FIRST_NEW_DAY, nine_grams)])
    reliefs = [a["hs_11361_8"][1] for a in answers]
    assert reliefs == ["redesignate_misdemeanor", "dismiss_and_seal"]
    check_that_only({"hs_11361_8"}, changed, [*cases, nine_grams])


# ---- an offense


def one_more_left_out(text: str) -> str:
    """PC 484 with its time ended, and a line more in which 1203.4 leaves it out."""
    table = csv.DictReader(io.StringIO(text))
    out = io.StringIO()
    writer = csv.DictWriter(out, table.fieldnames or (), lineterminator="\n")
    writer.writeheader()
    for row in table:
        if row["id"] == "PC 484":
            writer.writerow(row | {"until": LAST_OLD_DAY.isoformat()})
            row |= {"from": FIRST_NEW_DAY.isoformat(), "pc1203_4": "excluded"}
        writer.writerow(row)
    return out.getvalue()


def test_an_offense_that_is_left_out_from_a_day_on_is_left_out_from_that_day_on(
    tmp_path: Path, cases: list[dict[str, Any]]
) -> None:
    changed = Copy(tmp_path, "offenses.csv", one_more_left_out)
    finished = {"sentence": "probation", "probation_outcome": "completed", "probation_end": "2022-02-03"}
    theft = of_one_count("PC 484", {"level": "misdemeanor"}, conviction_date="2020-02-03", **finished)
    answers = changed.decide([(AS_OF, theft), (LAST_OLD_DAY, theft), (FIRST_NEW_DAY, theft)])
    assert [a["pc_1203_4"][0] for a in answers] == ["eligible_mandatory", "eligible_mandatory", "not_eligible"]
    check_that_only({"pc_1203_4"}, changed, cases)


# ---- a remedy


def test_a_remedy_that_ends_is_not_judged_after_its_last_day(tmp_path: Path, cases: list[dict[str, Any]]) -> None:
    changed = Copy(tmp_path, "coverage.yaml", replaced("\npc_17b:\n", "\npc_17b: {until: 2027-12-31}\n"))
    damage = of_one_count("PC 594(a)", {"level": "felony"}, sentence="probation", probation_outcome="completed")
    answers = changed.decide([(AS_OF, damage), (LAST_OLD_DAY, damage), (FIRST_NEW_DAY, damage)])
    assert [a.get("pc_17b", ["gone"])[0] for a in answers] == ["eligible_discretionary"] * 2 + ["gone"]
    check_that_only({"pc_17b"}, changed, cases)
    assert "2027-12-31" in changed.book


def test_a_remedy_that_begins_is_not_judged_before_its_first_day(tmp_path: Path, cases: list[dict[str, Any]]) -> None:
    line = "pc_1203_3:\n"
    changed = Copy(tmp_path, "coverage.yaml", replaced(line, "pc_1203_3: {since: 2028-01-01}\n"))
    running = of_one_count("PC 242", {"level": "misdemeanor"}, sentence="probation", sentence_status="probation")
    answers = changed.decide([(AS_OF, running), (LAST_OLD_DAY, running), (FIRST_NEW_DAY, running)])
    assert [a.get("pc_1203_3", ["not yet"])[0] for a in answers] == ["not yet", "not yet", "eligible_discretionary"]
    new = [(FIRST_NEW_DAY, record) for record in cases]
    assert differing(changed.decide(new), as_it_is(new)) == set(), "from its first day on all is as in a law that was"
    assert "2028-01-01" in changed.book


# ---- and what is no change of law is refused


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        (
            "numbers.yaml",
            "    - {value: 6, from: 2016-11-09,",
            "    - {value: 5, from: 2028-01-01, cite: x, confirmed: M, source: x}\n    - {value: 6, from: 2016-11-09,",
            "personal_plants has two values on 2028-01-01; end the earlier one with `until`",
        ),
        ("coverage.yaml", "\npc_17b:\n", "\n", "pc_17b"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(tmp_path: Path, file: str, old: str, new: str, says: str) -> None:
    changed = Copy(tmp_path, file, replaced(old, new))
    with pytest.raises(AssertionError, match=says):
        changed.decide([])
