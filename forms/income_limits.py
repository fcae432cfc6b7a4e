"""The monthly income below which item 5b of FW-001 may be checked (Gov. Code, 68632(b)(1)).

The limits belong to a revision of the form, so they live in that form's folder (`forms/FW-001/limits.toml`), and are
refused when the folder describes another revision than they were read from.

    >>> monthly_limit(8) - monthly_limit(7) == income_limits().each_more
    True
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from forms.spec import SpecError, spec_of

FORM = "FW-001"


@dataclass(frozen=True, slots=True)
class IncomeLimits:
    """Dollars a month before taxes: `monthly[0]` for one person at home, and so on; `each_more` for each beyond."""

    revision: date
    source: str
    checked_on: date
    monthly: tuple[Decimal, ...]
    each_more: Decimal


@cache
def income_limits() -> IncomeLimits:
    """The limits of the revision of FW-001 that is in use. Raises SpecError when they are another revision's."""
    path = Path(__file__).parent / FORM / "limits.toml"
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    if raw["revision"] != spec_of(FORM).revision:
        raise SpecError(f"{path}: these are the limits of another revision than form.toml describes")
    return IncomeLimits(
        revision=raw["revision"],
        source=raw["source"],
        checked_on=raw["checked_on"],
        monthly=tuple(Decimal(amount) for amount in raw["monthly"]),
        each_more=Decimal(raw["each_more"]),
    )


def monthly_limit(people: int) -> Decimal:
    """The limit in dollars a month for a home of `people`. Raises ValueError for fewer than one."""
    if people < 1:
        raise ValueError("a home has at least one person")
    limits = income_limits()
    listed = limits.monthly[min(people, len(limits.monthly)) - 1]
    return listed + limits.each_more * max(0, people - len(limits.monthly))
