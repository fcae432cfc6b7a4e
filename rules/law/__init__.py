"""Dated numbers of the law. A number holds from a day until a day; asking for a day outside is an error, never a guess.

Reading ``numbers.yaml`` gives for each name its dated values; :func:`numbers` gives those in force on one day, and
:func:`turning_points` the days on which any of them changes, so that compiled rules can be kept between two such days.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from rules import catalogue, plain_yaml
from rules.expression import OFFENSES, Law
from rules.remedy import Coverage
from rules.span import Value


@dataclass(frozen=True, slots=True)
class DatedValue:
    value: Value
    starts: date
    ends: date | None
    cite: str
    confirmed: str
    source: str


@dataclass(frozen=True, slots=True)
class Series:
    name: str
    meaning: str
    unit: str
    values: tuple[DatedValue, ...]


@cache
def series() -> Mapping[str, Series]:
    """Every number by name."""
    return MappingProxyType(read(files("rules.law").joinpath("numbers.yaml").read_text(encoding="utf-8")))


def read(text: str) -> dict[str, Series]:
    """The numbers written in ``text``. Raises ValueError where two values of one number overlap."""
    result = {}
    for name, entry in plain_yaml.load(text).items():
        unsorted = (
            DatedValue(v["value"], v["from"], v.get("until"), v["cite"], v["confirmed"], v["source"])
            for v in entry["values"]
        )
        values = tuple(sorted(unsorted, key=lambda v: v.starts))
        for earlier, later in pairwise(values):
            if earlier.ends is None or earlier.ends >= later.starts:
                raise ValueError(
                    f"numbers.yaml: {name} has two values on {later.starts}; end the earlier one with `until`"
                )
        result[name] = Series(name, entry["meaning"], entry.get("unit", ""), values)
    return result


def numbers(as_of: date) -> Law:
    """The value of each number on that day, unknown (None) where none was in force; and the offense catalogue of that
    day under `OFFENSES`."""
    return {
        name: next((v.value for v in s.values if v.starts <= as_of and (v.ends is None or as_of <= v.ends)), None)
        for name, s in series().items()
    } | {OFFENSES: catalogue.on(as_of)}


@cache
def coverage(remedy: str) -> Coverage:
    """When the remedy holds and who checked it. Raises KeyError for a remedy that ``coverage.yaml`` does not list."""
    entry = _coverage()[remedy]
    return Coverage(entry.get("since"), entry.get("until"), entry["verified_on"], entry["verified_by"])


def covered() -> tuple[str, ...]:
    """The names of the remedies that ``coverage.yaml`` lists."""
    return tuple(_coverage())


@cache
def _coverage() -> Mapping[str, dict[str, Any]]:
    raw: dict[str, dict[str, Any]] = plain_yaml.load(
        files("rules.law").joinpath("coverage.yaml").read_text(encoding="utf-8")
    )
    defaults = raw.pop("everywhere")
    return {name: defaults | (entry or {}) for name, entry in raw.items()}


@cache
def turning_points() -> tuple[date, ...]:
    """Days on which some number or some row of the offense catalogue starts, or has just ended, in order."""
    days = {v.starts for s in series().values() for v in s.values}
    days |= {date.fromordinal(v.ends.toordinal() + 1) for s in series().values() for v in s.values if v.ends}
    return tuple(sorted(days | set(catalogue.turning_points())))
