"""Worked cases, one a row (`law/cases.csv`): facts on the left, the answer a lawyer may check on the right.

A blank cell is "not given". Some columns, such as ``conduct`` and ``extra``, hold a few plain words;
`worked_cases.yaml` lists which words state which facts, so that a reader can see what was read from them. Words it does
not know are reported with the row, never dropped in silence.

Facts without a column of their own stand in the column ``facts``, by their names in `facts.yaml`::

    case.sentence=felony_term; person.fire_crew=yes; count.value_usd=950

They win over what is read from words, and over what follows from a date (a sentence that ended is over). Stated both
there and in a column of its own, a fact is refused, so that no cell is read and then forgotten.
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

from rules import Findings, decide, plain_yaml
from rules.facts import FactEntry, dictionary
from rules.record import BadRecord, Record, from_json
from rules.remedies import REMEDIES
from rules.remedy import ELIGIBLE

# How a row names the remedy in its column `route`, where the remedy is built.
ROUTES = {
    "HS11361.8": "hs_11361_8",
    "HS11361.8(m)": "hs_11361_8",
    "HS11361.5": "hs_11361_5",
    "PC1170.18": "pc_1170_18",
    "PC17b": "pc_17b",
    "PC17d2": "pc_17d2",
    "PC1203.3": "pc_1203_3",
    "PC1203.4": "pc_1203_4",
    "PC1203.4a": "pc_1203_4a",
    "PC1203.4b": "pc_1203_4b",
    "PC1203.41": "pc_1203_41",
    "PC1203.42": "pc_1203_42",
    "PC1203.43": "pc_1203_43",
    "PC1203.45": "pc_1203_45",
    "PC1203.49": "pc_1203_49",
    "PC1203.425": "pc_1203_425",
    "PC851.91": "pc_851_91",
    "PC851.93": "pc_851_93",
    "PC851.87": "pc_851_87",
    "PC851.8": "pc_851_8",
    "PC849.5": "pc_849_5",
    "WIC781": "wic_781",
    "WIC786": "wic_786",
    "PC236.14": "pc_236_14",
    "PC236.15": "pc_236_15",
    "PC1473.7": "pc_1473_7",
    "PC1016.5": "pc_1016_5",
    "PC4852.01": "pc_4852_01",
}
_LEVELS = {"F": "felony", "M": "misdemeanor", "I": "infraction"}
_YES_NO = {"yes": True, "no": False}
_ENDS = re.compile(r"\bends (\d{4}-\d{2}-\d{2})")
# A flag that a row names in its note has to be raised. Names of one word ("lawyer") are left to plain speech.
_FLAG_WORDS = re.compile(rf"\b({'|'.join(sorted({f.name for r in REMEDIES for f in r.flags if '_' in f.name}))})\b")


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
    data: Mapping[str, Any] = plain_yaml.load(
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
    # form, boxes and relief are compared where the row gives them (a dismissal has but one relief, and no name for it)
    if not row.get("relief") and finding.outcome in ELIGIBLE:
        del found["relief"]
    wanted_of = {**row, "relief": _words()["relief"].get(row.get("relief", ""), row.get("relief", ""))}
    problems = [
        f"{column}: expected {row.get(column, '') or 'nothing'}, found {value or 'nothing'}"
        for column, value in found.items()
        if wanted_of.get(column, "") != value and (row.get(column) or column in ("outcome", "relief", "eligible_on"))
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
    put(count, "value_usd", "value_usd", _number)
    put(case, "conviction_date", "conviction_date")
    put(case, "arrest_date", "arrest_date")
    put(case, "release_date", "release_date")
    put(case, "probation_end", "probation_end")
    put(case, "new_conviction_since", "new_conviction_since", _yes)
    put(person, "pending_charge", "pending_charge", _yes)
    put(person, "must_register", "registrable_290", _yes)
    if row.get("sentence_completed"):
        case["sentence_completed"] = row["sentence_completed"]
    if row.get("other_sentence"):
        # "probation until 2027-06-30": the kind of sentence being served in another case, and its last day
        kind, _, until = row["other_sentence"].partition(" until ")
        person |= {"serving_now": kind, "serving_until": until or None}
    ends = _ENDS.search(row.get("supervision_now", ""))
    if ends:
        case["sentence_completed"] = ends[1]
    put(case, "juvenile", "juvenile", _yes)
    put(person, "birth_date", "birth_date")
    if row.get("superstrike_or_290c_prior_date"):
        person["superstrike_or_290c"] = True
        person["superstrike_or_290c_date"] = row["superstrike_or_290c_prior_date"]
    elif row.get("registrable_290") == "Y":
        person["superstrike_or_290c"] = True
    _read_facts(row.get("facts", ""), {"person": person, "case": case, "count": count})
    ended = row.get("sentence_completed") or row.get("probation_end")
    if ended and not row.get("sentence_completed") and date.fromisoformat(ended) >= as_of:
        ended = ""
    if ended and not row.get("supervision_now") and date.fromisoformat(ended) < as_of:
        case.setdefault("sentence_status", "completed")
    not_read: list[str] = []
    columns = ("sentence_type", "probation_outcome", "supervision_now", "conduct", "disposition", "dv_pattern", "extra")
    for column in columns:
        if row.get(column):
            not_read += _read_words(column, row[column], {"count": count, "case": case, "person": person})
    return from_json({"person": person, "cases": [case]}, as_of), not_read


def _read_facts(text: str, holders: Mapping[str, dict[str, Any]]) -> None:
    """Sets the facts that ``text`` names. Raises ValueError for a part that names none, for a value that its fact
    cannot have, and for a fact that another cell has stated already."""
    for part in filter(None, (p.strip() for p in text.split(";"))):
        place, equals, value = (p.strip() for p in part.partition("="))
        scope, _, name = place.partition(".")
        entry = dictionary().get(name)
        if not equals or entry is None or entry.scope != scope or scope not in holders:
            raise ValueError(f"facts: cannot read {part!r}; write scope.fact=value, such as case.sentence=felony_term")
        if name in holders[scope]:
            raise ValueError(f"facts: {place} is already stated in another cell of the row")
        holders[scope][name] = _value(entry, place, value)


def _value(entry: FactEntry, place: str, text: str) -> Any:
    """The value as JSON has it, for the reader of records to check."""
    match entry.type:
        case "yes_no" if text not in _YES_NO:
            raise ValueError(f"facts: {place} is yes or no, found {text!r}")
        case "choice" if text not in entry.choices:
            raise ValueError(f"facts: {place} is one of {', '.join(entry.choices)}; found {text!r}")
        case "yes_no":
            return _YES_NO[text]
        case "number":
            try:
                return _number(text)
            except ValueError:
                raise ValueError(f"facts: {place} is a number, found {text!r}") from None
    return text


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
