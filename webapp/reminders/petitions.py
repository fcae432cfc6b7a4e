"""How far each petition has come: dates in the answers document, and what may be done to them.

    document["petitions"]["c1"]["CR-180"] == {
        "made": "2026-12-01", "filed": "2026-12-04",
        "noted": {"made": "2026-12-01T18:30:00+00:00", "filed": "2026-12-04T21:02:11+00:00"},
    }

A date is the day on which it happened in California (a hearing: on which it will); `noted` is the moment at which the
person told us. Nothing that should have been texted before that moment is texted after it: whoever tells us today that
they filed last month is not asked about last month.

The state lies in the answers and nowhere else, so it is sealed with them and goes when they go. Every change is a
function from a document to a new one (`webapp.interview.document`). The last change made by text can be taken back
once: what was there before it is kept beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, get_args

from webapp.interview.document import Document, case_of

__all__ = [
    "STEPS",
    "Outcome",
    "Petition",
    "Step",
    "petitions",
    "undone",
    "with_decision",
    "with_made",
    "with_step",
    "with_undo",
]

Step = Literal["made", "filed", "served", "hearing", "decided"]
Outcome = Literal["granted", "denied"]
STEPS: tuple[Step, ...] = get_args(Step)

_STATE = "petitions"
_BEFORE = "petitions_before"


@dataclass(frozen=True, slots=True)
class Petition:
    """One petition as the person has told it. `number` counts this person's petitions from 1: it is how a text names
    one without naming anything."""

    case: str
    form: str
    number: int
    county: str
    felony: bool
    dates: Mapping[str, date]
    noted: Mapping[str, datetime]
    outcome: Outcome | None

    def __getitem__(self, step: str) -> date | None:
        """The date of a step; of "granted" the day of the decision if it was yes."""
        if step == "granted":
            return self.dates.get("decided") if self.outcome == "granted" else None
        return self.dates.get(step)

    def told(self, step: str) -> datetime | None:
        """When the person told us of it."""
        return self.noted.get("decided" if step == "granted" else step)


def petitions(document: Mapping[str, Any]) -> tuple[Petition, ...]:
    """Every petition there is a state of, in the order of the cases. One whose case was taken out of the answers is
    left out."""
    found: list[Petition] = []
    kept = document.get(_STATE) or {}
    for case in document.get("cases", ()):
        for form, state in (kept.get(case["id"]) or {}).items():
            levels = {count.get("level") for count in case["counts"]}
            found.append(
                Petition(
                    case["id"],
                    form,
                    len(found) + 1,
                    str(case.get("county") or ""),
                    "felony" in levels,
                    {step: date.fromisoformat(state[step]) for step in STEPS if step in state},
                    {step: datetime.fromisoformat(at) for step, at in (state.get("noted") or {}).items()},
                    state.get("outcome"),
                )
            )
    return tuple(found)


def with_made(document: Document, papers: Iterable[tuple[str, str]], day: date, now: datetime) -> Document:
    """The document remembering that papers were made for these (case, form); the first day stays the day."""
    changed = document
    for case_id, form in papers:
        if "made" not in _state(changed, case_id, form) and case_of(changed, case_id):
            changed = with_step(changed, case_id, form, "made", day, now)
    return changed


def with_step(document: Document, case_id: str, form: str, step: Step, day: date | None, now: datetime) -> Document:
    """The document with this step on `day`, or (None) not taken."""
    changed = deepcopy(document)
    state = changed.setdefault(_STATE, {}).setdefault(case_id, {}).setdefault(form, {})
    noted = state.setdefault("noted", {})
    if day is None:
        state.pop(step, None)
        noted.pop(step, None)
        if step == "decided":
            state.pop("outcome", None)
    elif state.get(step) != day.isoformat():
        state[step] = day.isoformat()
        noted[step] = now.isoformat()
    return changed


def with_decision(document: Document, case_id: str, form: str, outcome: Outcome, day: date, now: datetime) -> Document:
    """The document with the judge's answer to this petition."""
    changed = with_step(document, case_id, form, "decided", day, now)
    changed[_STATE][case_id][form]["outcome"] = outcome
    return changed


def with_undo(before: Mapping[str, Any], after: Document) -> Document:
    """`after`, from which `undone` leads back to the petitions of `before`."""
    return {**after, _BEFORE: deepcopy(before.get(_STATE) or {})}


def undone(document: Document) -> Document | None:
    """The document with the petitions as they were before the last text; None when there is nothing to take back."""
    if _BEFORE not in document:
        return None
    changed = deepcopy(document)
    changed[_STATE] = changed.pop(_BEFORE)
    return changed


def _state(document: Mapping[str, Any], case_id: str, form: str) -> Mapping[str, Any]:
    return ((document.get(_STATE) or {}).get(case_id) or {}).get(form) or {}
