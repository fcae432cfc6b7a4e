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

from .history import stated_by_count
from .judge import Finding, all_ready, judge_all
from .record import Case, Count, Record
from .remedies import REMEDIES
from .remedy import ELIGIBLE, TIERS, Remedy

# Which answer claims the count: an open door to the better relief (it undoes or lowers the conviction for all
# purposes), then that all is done, then the other open doors, then what comes later. A door that is not about this
# entry is last.
_PLACES = {
    "eligible_mandatory": 2,
    "eligible_discretionary": 3,
    "not_yet": 5,
    "need_info": 6,
    "needs_lawyer": 7,
    "not_eligible": 8,
}
_ALL_DONE = 1
_ELSEWHERE = 9
_BESIDE = 10


@dataclass(frozen=True, slots=True)
class CountFindings:
    """All remedies for one count, the best first. ``best`` is always there: a record without an open door says so."""

    case: Case
    count: Count
    findings: tuple[Finding, ...]

    @property
    def best(self) -> Finding:
        return self.findings[0]

    @property
    def alternatives(self) -> tuple[Finding, ...]:
        """The other remedies that are about this entry, whatever they answer."""
        return tuple(f for f in self.findings[1:] if not f.remedy.beside and not f.elsewhere)

    @property
    def beside(self) -> tuple[Finding, ...]:
        """What happens by itself, what comes years later, and what only some people need."""
        return tuple(f for f in self.findings if f.remedy.beside and not f.elsewhere)

    @property
    def sequence(self) -> tuple[Finding, ...]:
        """The doors that are open now, in the order in which to take them: first what lowers the conviction for all
        purposes, then a reduction, then the end of what still runs, then the dismissal of what remains (`law/1203-4-
        family.md` section 7). One of a kind; nothing after what seals the record, or where all is done."""
        best = self.best
        only_lowered = any(row.yields for row in best.decision.also)  # for all that is known
        if best.remedy.tier == "better" and _place(best) == _ALL_DONE and not only_lowered:
            return ()
        steps: dict[str, Finding] = {}
        for finding in self.findings:
            if finding.outcome in ELIGIBLE and not finding.remedy.beside:
                steps.setdefault(finding.remedy.tier, finding)
        found = sorted(steps.values(), key=lambda f: TIERS.index(f.remedy.tier))
        if found and found[0].relief in _ENDS_IT:
            return tuple(found[:1])
        if found and found[0].remedy.tier == "better":
            found = [f for f in found if f.remedy.tier != "reduction"]  # it is lowered already
        return tuple(found)

    @property
    def worth_asking(self) -> tuple[Finding, ...]:
        """The findings whose open facts are worth a question. Where the best answer is certain and ends the matter (it
        is sealed, or cleared already), nothing else is; where the conviction is surely lowered, no reduction is."""
        best = self.best
        ends = best.relief in _ENDS_IT or _place(best) == _ALL_DONE
        if best.settled and ends:
            return (best,)
        if best.settled and best.remedy.tier == "better" and best.outcome in ELIGIBLE:
            return tuple(f for f in self.findings if f.remedy.tier != "reduction")
        return self.findings


_ENDS_IT = ("dismiss_and_seal", "withdraw_plea", "seal_arrest")


@dataclass(frozen=True, slots=True)
class Findings:
    as_of: date
    record: Record
    counts: tuple[CountFindings, ...]

    def would_settle(self) -> frozenset[tuple[str, str, str]]:
        """(case id, count id, fact) for every unknown fact that could still change a finding that matters, or give it
        its day."""
        return frozenset(
            (c.case.id, c.count.id, fact)
            for c in self.counts
            for f in c.worth_asking
            for fact in (*f.would_settle, *f.would_date)
        )


def decide(record: Record, as_of: date, remedies: tuple[Remedy, ...] = REMEDIES) -> Findings:
    """What the law of that day opens for every count of the record, each remedy judged, the best first."""
    day = all_ready(remedies, as_of)
    counts = []
    for case, count, facts in stated_by_count(record, as_of):
        found = judge_all(day, facts)
        found.sort(key=_order)
        counts.append(CountFindings(case, count, tuple(found)))
    return Findings(as_of, record, tuple(counts))


def _order(finding: Finding) -> tuple[int, int]:
    """Its place among the answers for one count; of two alike, a dismissal before a reduction."""
    return _place(finding), _STRONGER.index(finding.remedy.tier)


# Of two answers alike, the one that gives more comes first; the order of the steps is another thing (`sequence`).
_STRONGER = (
    "better",
    "dismissal",
    "arrest",
    "juvenile",
    "reduction",
    "ending",
    "lawyer",
    "automatic",
    "later",
    "records",
)


def _place(finding: Finding) -> int:
    if finding.remedy.beside:
        return _BESIDE
    row = finding.decision.row
    if row is not None and row.elsewhere:
        return _ELSEWHERE
    outcome = finding.decision.outcome
    if outcome == "already_relieved":
        return 4 if row is not None and row.yields else _ALL_DONE
    if finding.remedy.tier == "better" and outcome in ELIGIBLE:
        return 0
    return _PLACES[outcome]


__all__ = ["CountFindings", "Finding", "Findings", "decide"]
