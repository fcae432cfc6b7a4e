"""Worked cases, one a row (`law/cases.csv`): facts on the left, the answer a lawyer may check on the right.

A blank cell is "not given". Two columns, ``conduct`` and ``extra``, hold a few plain words; `worked_cases.yaml` lists
which words state which facts, so that a reader can see what was read from them. Words it does not know are reported
with the row, never dropped in silence.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from rules import Findings, decide
from rules.record import BadRecord, Record, from_json
from rules.remedies import REMEDIES

# How a row names the remedy in its column `route`, where the remedy is built.
ROUTES = {"HS11361.8": "hs_11361_8", "HS11361.8(m)": "hs_11361_8"}
_LEVELS = {"F": "felony", "M": "misdemeanor", "I": "infraction"}
_FLAG_WORDS = re.compile(r"\b(presumption_only|smit_timing|public_safety_exception|ask_plants|ask_sale|offer_17b)\b")


@dataclass(frozen=True, slots=True)
class Checked:
    """One row after the check. ``state``: passed, failed or skipped; ``problems`` says why. ``not_read``: words
    of the row from which no fact was read; the answer was compared without them."""

    id: str
    state: str
    problems: tuple[str, ...]
    not_read: tuple[str, ...] = ()


@cache
def _words() -> Mapping[str, Any]:
    data: Mapping[str, Any] = yaml.safe_load(
        files("rules.sources").joinpath("worked_cases.yaml").read_text(encoding="utf-8")
    )
    return data


def check(rows: Iterable[Mapping[str, str]]) -> list[Checked]:
    """Every row decided and compared with what it expects."""
    return [check_row(row) for row in rows]


def read_rows(path: str) -> list[dict[str, str]]:
    """The rows of a CSV file. Raises OSError, UnicodeDecodeError, or ValueError where needed columns are missing."""
    with Path(path).open(newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file)
        missing = {"id", "as_of", "code", "section", "route", "outcome"} - set(reader.fieldnames or ())
        if missing:
            raise ValueError(f"this is not a file of worked cases: it has no column {', '.join(sorted(missing))}")
        return [{k: (v or "").strip() for k, v in row.items() if k is not None} for row in reader]


def check_row(row: Mapping[str, str]) -> Checked:
    built = {r.name for r in REMEDIES}
    remedy = ROUTES.get(row["route"])
    if remedy not in built:
        return Checked(row["id"], "skipped", (f"the remedy {row['route'] or row.get('topic', '')} is not built yet",))
    try:
        as_of = date.fromisoformat(row["as_of"])
        record, not_read = record_of(row, as_of)
    except BadRecord as error:
        return Checked(row["id"], "failed", error.problems)
    except ValueError as error:
        return Checked(row["id"], "failed", (str(error),))
    problems = differences(row, decide(record, as_of), remedy)
    return Checked(row["id"], "failed" if problems else "passed", tuple(problems), tuple(not_read))


def differences(row: Mapping[str, str], findings: Findings, remedy: str) -> list[str]:
    """What the finding says otherwise than the row, a sentence each."""
    finding = next(f for f in findings.counts[0].findings if f.remedy.name == remedy)
    found = {
        "outcome": finding.outcome,
        "relief": finding.relief,
        "eligible_on": finding.eligible_on.isoformat() if finding.eligible_on else "",
        "form": finding.form,
        "boxes": "; ".join(finding.boxes),
    }
    # relief, date, form and boxes are part of the answer only where the row gives an answer of that kind
    problems = [
        f"{column}: expected {row.get(column, '') or 'nothing'}, found {value or 'nothing'}"
        for column, value in found.items()
        if row.get(column, "") != value and (row.get(column) or column in ("outcome", "relief", "eligible_on"))
    ]
    wanted = set(_FLAG_WORDS.findall(row.get("note", "")))
    problems += [
        f"flag {f} expected, found {', '.join(finding.flags) or 'none'}" for f in sorted(wanted - set(finding.flags))
    ]
    return problems


def record_of(row: Mapping[str, str], as_of: date) -> tuple[Record, list[str]]:
    """The record a row describes, and the words that state no fact we know. Raises BadRecord or ValueError."""
    count: dict[str, Any] = {"offense": f"{row['code']} {row['section']}"}
    case: dict[str, Any] = {"counts": [count]}
    person: dict[str, Any] = {}

    def put(holder: dict[str, Any], fact: str, column: str, read: Any = str) -> None:
        if row.get(column):
            holder[fact] = read(row[column])

    put(count, "level", "level", _level)
    for column in ("offense_date", "age_at_offense", "substance", "flower_g", "concentrate_g", "plants"):
        put(count, column, column, str if column in ("offense_date", "substance") else _number)
    put(count, "same_section_priors", "prior_same_section", _number)
    put(count, "knowingly_to_minor", "to_minor", _yes)
    put(case, "conviction_date", "conviction_date")
    put(case, "arrest_date", "arrest_date")
    put(case, "juvenile", "juvenile", _yes)
    put(person, "birth_date", "birth_date")
    if row.get("superstrike_or_290c_prior_date"):
        person["superstrike_or_290c"] = True
        person["superstrike_or_290c_date"] = row["superstrike_or_290c_prior_date"]
    elif row.get("registrable_290") == "Y":
        person["superstrike_or_290c"] = True
    ended = row.get("sentence_completed") or row.get("probation_end")
    if ended and not row.get("supervision_now") and date.fromisoformat(ended) < as_of:
        case["sentence_status"] = "completed"
    not_read: list[str] = []
    for column in ("sentence_type", "supervision_now", "conduct", "disposition", "extra"):
        if row.get(column):
            not_read += _read_words(column, row[column], {"count": count, "case": case, "person": person})
    return from_json({"person": person, "cases": [case]}, as_of), not_read


def _read_words(column: str, text: str, holders: Mapping[str, dict[str, Any]]) -> list[str]:
    """Sets the facts that the words state; gives back the text if none of them is known."""
    understood = False
    for entry in _words()[column]:
        if re.search(entry["words"], text, re.IGNORECASE):
            understood = True
            for place, value in (entry.get("facts") or {}).items():
                scope, fact = place.split(".")
                holders[scope].setdefault(fact, value)
    return [] if understood else [text]


def _level(text: str) -> str:
    try:
        return _LEVELS[text]
    except KeyError:
        raise ValueError(f"expected F, M or I, found {text!r}") from None


def _yes(text: str) -> bool:
    try:
        return {"Y": True, "N": False}[text.upper()]
    except KeyError:
        raise ValueError(f"expected Y or N, found {text!r}") from None


def _number(text: str) -> int | float:
    value = float(text)
    return int(value) if value.is_integer() else value
