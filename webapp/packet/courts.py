"""The superior court of each county: an address to ask the clerk about, never one to print unasked.

California has one superior court a county and many courthouses; which of them takes an old criminal case is the
clerk's to say. What we hold (`courts.yaml`) are small-claims addresses. They are shown with that warning, and go on
a form only when the person confirms them.

    >>> court_of("Napa").street
    '825 Brown Street'
    >>> court_of("napa county") is court_of("Napa")
    True
    >>> court_of("Orange County, Florida") is None
    True
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType

from rules import plain_yaml
from webapp.counties import COUNTIES


@dataclass(frozen=True, slots=True)
class Court:
    """One superior court: `county` as printed on forms, `note` a message id or empty, `source` where it was read."""

    county: str
    street: str
    city: str
    zip: str
    phone: str
    note: str
    source: str
    checked_on: date

    @property
    def name(self) -> str:
        return f"Superior Court of California, County of {self.county}"

    @property
    def city_zip(self) -> str:
        """The line "CITY AND ZIP CODE" of a form."""
        return f"{self.city}, CA {self.zip}"


@cache
def courts() -> Mapping[str, Court]:
    """The 58 courts by county, in the alphabet's order. Raises ValueError when the file does not list each once."""
    data = plain_yaml.load((Path(__file__).parent / "courts.yaml").read_text(encoding="utf-8"))
    found = [
        Court(
            county=entry["county"],
            street=entry["street"],
            city=entry["city"],
            zip=entry["zip"],
            phone=entry["phone"],
            note=entry.get("note", ""),
            source=entry["source"],
            checked_on=data["checked_on"],
        )
        for entry in data["courts"]
    ]
    by_county = {court.county: court for court in found}
    if tuple(court.county for court in found) != COUNTIES:
        raise ValueError(
            f"courts.yaml must list the {len(COUNTIES)} counties once each, in the order of webapp/counties.py"
        )
    return MappingProxyType(by_county)


@cache
def _by_plain_name() -> Mapping[str, Court]:
    return {_plain(county): court for county, court in courts().items()}


def _plain(county: str) -> str:
    return county.casefold().removesuffix("county").removeprefix("county of").strip()


def court_of(county: str | None) -> Court | None:
    """The court of a county, however it is written; None when that is no county of California."""
    return _by_plain_name().get(_plain(county)) if county else None
