"""The law of clearing a California record, as declarations that decide, explain, ask, run over columns, print
themselves.

The whole public surface is :func:`decide`::

    findings = decide(record, as_of=date(2026, 11, 22))
    findings.counts[0].best.outcome        # 'eligible_mandatory'

No clock, no environment, no I/O: the day and the record come in as arguments, so that the same question has the same
answer on the website, in the bulk review and in a test ten years from now.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .judge import Finding, judged, ready
from .record import Case, Count, Record, stated_by_count
from .remedies import REMEDIES
from .remedy import Remedy, in_force

# How good an answer is for the person, best first: the best remedy claims the count, the others stay listed.
_ORDER = {
    name: i
    for i, name in enumerate(
        (
            "already_relieved",
            "eligible_mandatory",
            "eligible_discretionary",
            "not_yet",
            "need_info",
            "needs_lawyer",
            "not_eligible",
        )
    )
}


@dataclass(frozen=True, slots=True)
class CountFindings:
    """All remedies for one count, the best first. ``best`` is always there: a record without an open door says so."""

    case: Case
    count: Count
    findings: tuple[Finding, ...]

    @property
    def best(self) -> Finding:
        return self.findings[0]


@dataclass(frozen=True, slots=True)
class Findings:
    as_of: date
    record: Record
    counts: tuple[CountFindings, ...]

    def would_settle(self) -> frozenset[tuple[str, str, str]]:
        """(case id, count id, fact) for every unknown fact that could still change a finding."""
        return frozenset(
            (c.case.id, c.count.id, fact) for c in self.counts for f in c.findings for fact in f.would_settle
        )


def decide(record: Record, as_of: date, remedies: tuple[Remedy, ...] = REMEDIES) -> Findings:
    """What the law of that day opens for every count of the record, each remedy judged, the best first."""
    laws = [ready(r, as_of) for r in remedies if in_force(r, as_of)]
    counts = []
    for case, count, facts in stated_by_count(record):
        found = [judged(law, facts, as_of) for law in laws]
        found.sort(key=_place)
        counts.append(CountFindings(case, count, tuple(found)))
    return Findings(as_of, record, tuple(counts))


def _place(finding: Finding) -> int:
    return _ORDER[finding.decision.outcome]


__all__ = ["CountFindings", "Finding", "Findings", "decide"]
