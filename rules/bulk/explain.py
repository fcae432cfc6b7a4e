"""One person of an extract, with the whole decision, as the website would tell it.

The records of the person are gathered from all files, read record by record, and judged by every remedy; beside what
the law opens stands, for the convictions of Proposition 64, what the county's policy gives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rules import Findings, decide
from rules.bulk.decide import Determination, Policy, decide_by_policy
from rules.bulk.normalise import line_of, reviewed_of
from rules.bulk.scan import Kept, blocks, records
from rules.explanation import Say, flag_words, reason_words, relief_words, said, why
from rules.facts import dictionary
from rules.judge import Finding
from rules.remedy import ELIGIBLE, N_
from rules.sources.doj_extract import BLANKS, PLACES, Line, Subject, record_of, subject_of

_OPEN, _RELIEF, _SETTLED_BY = N_("Also open"), N_("Relief"), N_("Would be settled by")
_SUBJECT = PLACES["SUBJECT_ID"]


@dataclass(frozen=True, slots=True)
class Explained:
    """A person, all findings, and by record id the policy's determination of each conviction under review."""

    subject: Subject
    findings: Findings
    policy: dict[str, Determination]


def explain(files: Sequence[Path], person: str, as_of: date, policy: Policy | None = None) -> Explained | None:
    """The person with this SUBJECT_ID; ``None`` if no record has it. Raises `scan.Unreadable`."""
    lines = list(_lines_of(files, person.strip()))
    if not lines:
        return None
    subject = subject_of(lines, as_of)
    answers: dict[str, Determination] = {}
    if policy is not None:
        for county in dict.fromkeys(c.county for c in subject.convictions):
            for one in reviewed_of(subject, county, as_of):
                answers[one.record_id or str(one.number)] = decide_by_policy(policy, one.of, as_of)
    return Explained(subject, decide(record_of(subject, as_of), as_of), answers)


def _lines_of(files: Sequence[Path], person: str) -> Iterator[Line]:
    sought = person.encode("latin-1", "replace")
    start = 0
    for block in blocks(files):
        if sought in block.data:
            for place, record in enumerate(r for r in records(block) if isinstance(r, Kept)):
                if record.cells[_SUBJECT].strip(BLANKS) == person:
                    yield line_of(start + place, record.cells)
        start += block.data.count(b"\n")  # more than there are records, or as many: each has a number of its own


def told(explained: Explained, say: Say) -> Iterator[str]:
    """The decision as lines of text."""
    subject, findings = explained.subject, explained.findings
    born = subject.birth.isoformat() if subject.birth else say(N_("unknown"))
    yield say(N_("Person %(id)s, born %(born)s. Convictions in the extract: %(num)s.")) % {
        "id": subject.key,
        "born": born,
        "num": len(subject.convictions),
    }
    for conviction, found in zip(subject.convictions, findings.counts, strict=True):
        yield ""
        day = conviction.on.isoformat() if conviction.on else say(N_("unknown"))
        yield say(N_("Record %(id)s: %(offense)s, %(level)s, convicted %(day)s, county %(county)s, case %(case)s")) % {
            "id": conviction.record_id,
            "offense": conviction.charge.written or "?",
            "level": say(dictionary()["level"].choices[conviction.now]) if conviction.now else say(N_("unknown")),
            "day": day,
            "county": conviction.county.title() or "-",
            "case": subject.case_number(conviction) or "-",
        }
        yield from _finding(found.best, say)
        for other in found.alternatives:
            if other.outcome in ELIGIBLE:
                yield f"  {say(_OPEN)}: {say(other.remedy.title)}. {said(other, say)}"
        answer = explained.policy.get(conviction.record_id or str(conviction.number))
        if answer is not None:
            words = say(N_("Under the county's policy"))
            yield f"  {words}: {answer.what}. {answer.reason}"


def _finding(finding: Finding, say: Say) -> Iterator[str]:
    yield f"  {say(finding.remedy.title)} ({finding.cite.short}): {said(finding, say)}"
    if finding.relief and (words := relief_words(finding)):
        yield f"    {say(_RELIEF)}: {say(words)}"
    for reason in why(finding):
        yield f"    - {say(reason_words(reason))} ({reason.requirement.cite.short})"
    for _, words in flag_words(finding):
        yield f"    ! {say(words)}"
    if finding.would_settle:
        labels = "; ".join(say(dictionary()[name].label) for name in finding.would_settle)
        yield f"    {say(_SETTLED_BY)}: {labels}"
