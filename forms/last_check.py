"""What the last `limpio forms check` found the court to serve, kept beside the blanks in `drift.json`.

The command writes it, the site shows it. It holds the form, the day and what was found; not where the file lay, nothing
of any person. Reading it needs no PDF library, so the site may.

    remember(served, blanks, on=date(2026, 11, 28))
    remembered(blanks)["CR-400"].drifted        # -> False
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from forms.blanks import write_whole
from forms.compare import Difference
from forms.reasons import DIFFERENCES, REASONS

DRIFT_FILE = "drift.json"
DRIFTED = ("served_new", "served_adopted", "served_unmapped")
"""The reasons that mean: the court serves another form than the one Limpio was made for."""


@dataclass(frozen=True, slots=True)
class Served:
    """One file that the court serves for a form, compared with what Limpio knows; `reason` is a code of `REASONS`."""

    form: str
    reason: str
    revision: str
    sha256: str
    details: Mapping[str, str]
    differences: tuple[Difference, ...] = ()

    @property
    def drifted(self) -> bool:
        """Whether it is another form than the one Limpio was made for."""
        return self.reason in DRIFTED

    @property
    def unread(self) -> bool:
        """Whether nothing can be said, because it could not be read or reached."""
        return not self.drifted and self.reason != "served_same"

    def sentence(self) -> str:
        """The English sentence, without the differences; a translated one is `gettext(REASONS[reason]) % details`."""
        return REASONS[self.reason] % self.details


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the last check found the court to serve for a form, and the day it looked."""

    checked_on: date
    reason: str
    revision: str
    differences: tuple[Difference, ...]

    @property
    def drifted(self) -> bool:
        """Whether it was another form than the one Limpio was made for."""
        return self.reason in DRIFTED


def remember(served: Iterable[Served], blanks: Path, on: date) -> None:
    """Keep these findings; those of forms that were not looked at this time stay. Raises OSError."""
    kept = dict(_stored(blanks))
    for each in served:
        if not each.unread:
            kept[each.form] = {
                "checked_on": on.isoformat(),
                "reason": each.reason,
                "revision": each.revision,
                "differences": [
                    {"reason": told.reason, "name": told.name, "details": dict(told.details)}
                    for told in each.differences
                ],
            }
    blanks.mkdir(parents=True, exist_ok=True, mode=0o700)
    text = json.dumps(kept, ensure_ascii=False, indent=1, sort_keys=True)
    write_whole({blanks / DRIFT_FILE: text.encode("utf-8")})


def remembered(blanks: Path) -> Mapping[str, Remembered]:
    """The last findings by form; a file that is damaged counts as none."""
    told = {}
    for form, entry in _stored(blanks).items():
        try:
            read = Remembered(
                date.fromisoformat(entry["checked_on"]),
                str(entry["reason"]),
                str(entry["revision"]),
                tuple(_difference(each) for each in entry["differences"]),
            )
        except (KeyError, TypeError, ValueError):
            continue
        if read.drifted or read.reason == "served_same":
            told[form] = read
    return MappingProxyType(told)


def _difference(entry: Mapping[str, Any]) -> Difference:
    details = {str(name): str(value) for name, value in entry["details"].items()}
    made = Difference(
        str(entry["reason"]), str(entry["name"]), entry["reason"] != "box_added", MappingProxyType(details)
    )
    if made.reason not in DIFFERENCES:
        raise ValueError(made.reason)
    made.sentence()  # a fact that is missing is found here, not on a page
    return made


def _stored(blanks: Path) -> Mapping[str, Any]:
    try:
        found = json.loads((blanks / DRIFT_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
