"""The days that follow from the day a person takes their papers to the court and sends the copy to the prosecutor.

A judge may not grant a dismissal before the prosecutor has had 15 days' notice; a copy that goes by mail gets five
days more (`filing_days.yaml`, with sources). These are calendar days; the first is not counted, and a last day on
which the courts are closed moves to the next on which they are open (CCP 12, 12a). Filed and handed over on Tuesday,
December 1, 2026:

    >>> from datetime import date
    >>> days = filing_dates(date(2026, 12, 1))
    >>> days.by_hand, days.by_mail
    (datetime.date(2026, 12, 16), datetime.date(2026, 12, 21))

They are the earliest days, counted from a service on the day of filing. They are no deadline, and no court has to
decide on them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from rules import plain_yaml
from rules.court_days import next_court_day


@dataclass(frozen=True, slots=True)
class Period:
    """So many calendar days, with the rule they come from."""

    days: int
    cite: str
    source: str


@dataclass(frozen=True, slots=True)
class FilingDates:
    """The day of filing; the day notice is complete when handed over, when mailed; the day to ask the clerk."""

    filed: date
    by_hand: date
    by_mail: date
    ask: date


@cache
def periods() -> Mapping[str, Period]:
    """ "notice", "mail" and "ask". Raises KeyError or TypeError for a file that lacks one."""
    raw = plain_yaml.load((Path(__file__).parent / "filing_days.yaml").read_text(encoding="utf-8"))
    return {name: Period(**raw[name]) for name in ("notice", "mail", "ask")}


def filing_dates(filed: date) -> FilingDates:
    """The days after filing and serving on `filed`."""
    notice, mail, ask = (timedelta(periods()[name].days) for name in ("notice", "mail", "ask"))
    return FilingDates(
        filed=filed,
        by_hand=next_court_day(filed + notice),
        by_mail=next_court_day(filed + notice + mail),
        ask=next_court_day(filed + ask),
    )


def filing_day_of(document: Mapping[str, Any]) -> date | None:
    """The day the person said they will file; None when they did not say."""
    said = document.get("filing_day")
    return date.fromisoformat(said) if isinstance(said, str) else None
