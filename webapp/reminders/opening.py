"""The days on which something opens for a person: the `not_yet` dates of their findings.

A text may come two weeks after such a day, when the findings of today no longer call it "not yet". So the rules are
asked twice, for today and for the day two weeks ago, and what was to come then is looked at too. Nothing opens any more
where papers were made on that day or later.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from webapp.interview import flow
from webapp.interview.document import whole
from webapp.reminders.petitions import Petition

__all__ = ["opening_days"]

_LOOKING_BACK = timedelta(days=31)


def opening_days(document: Mapping[str, Any], known: Iterable[Petition], today: date) -> tuple[date, ...]:
    """Every day from a month ago on on which the best way for one of the convictions opens, in order."""
    answers = whole(document)
    if not any(case["counts"] for case in answers["cases"]):
        return ()
    made: dict[str, list[date]] = {}
    for petition in known:
        if (day := petition["made"]) is not None:
            made.setdefault(petition.case, []).append(day)
    found = set()
    for as_of in (today - _LOOKING_BACK, today):
        for count in flow.findings(answers, as_of).counts:
            day = count.best.eligible_on
            if count.best.outcome != "not_yet" or day is None or day <= as_of:
                continue
            if not any(on >= day for on in made.get(count.case.id, ())):
                found.add((day, as_of))
    # What was seen only from a month ago, and was to open after today, has changed since: it opens no more on that day.
    return tuple(sorted({day for day, as_of in found if as_of == today or day <= today}))
