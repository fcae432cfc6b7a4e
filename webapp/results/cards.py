"""From findings to the cards of the results page: a plain sentence first, then why, what is missing, and what else is
open.

Nothing is decided here. Every reason carries its citation, the fact used, and the address of the question that can
change it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from rules import CountFindings, Finding, Findings
from rules.explanation import DOORS, OUTCOME_WORDS, flag_words, reason_words, relief_words, why
from rules.facts import dictionary
from rules.remedy import ELIGIBLE
from webapp.interview import flow
from webapp.interview.document import Document, Place
from webapp.language import N_

KINDS = {
    "eligible_mandatory": "open",
    "eligible_discretionary": "judge",
    "not_yet": "wait",
    "need_info": "unknown",
    "not_eligible": "closed",
    "needs_lawyer": "lawyer",
    "already_relieved": "done",
}
# What people call the four sections.
SECTIONS = {
    "HS 11357": N_("Possession of marijuana"),
    "HS 11358": N_("Growing marijuana"),
    "HS 11359": N_("Possession of marijuana for sale"),
    "HS 11360": N_("Selling, giving or carrying marijuana"),
}
# What a relief does and does not do (law/other-relief.md section 7). Only for the reliefs found.
EFFECTS: dict[str, tuple[tuple[str, str], ...]] = {
    "dismiss_and_seal": (
        (
            N_("Jobs"),
            N_(
                "Most private background checks will not show it. Once it is sealed, the law treats it as if it had "
                "not happened."
            ),
        ),
        (
            N_("Professional licenses"),
            N_("It should not count. Some forms ask in special ways. Get free help before you answer."),
        ),
        (
            N_("Guns"),
            N_("This conviction stops counting under state law. Other convictions and federal law still count."),
        ),
        (N_("Immigration"), N_("Immigration may still count it. Talk to an immigration lawyer first.")),
        (N_("A later case"), N_("It should not count as an earlier conviction.")),
    ),
    "redesignate": (
        (
            N_("Jobs"),
            N_(
                "A background check shows the lower level. It is not sealed. You may be able to ask for a dismissal "
                "next."
            ),
        ),
        (N_("Professional licenses"), N_("It still shows, at the lower level.")),
        (N_("Guns"), N_("State law looks at the new level. Federal law has its own rules.")),
        (N_("Immigration"), N_("Immigration may still count it. Talk to an immigration lawyer first.")),
        (N_("A later case"), N_("It counts at the lower level.")),
    ),
}

Say = Callable[[str], str]
Words = Callable[[Document, flow.Asked], str]


@dataclass(frozen=True, slots=True)
class Line:
    """One reason: how it stands, words, citation, the facts used as (label, value, address to change it)."""

    truth: str  # yes, no, unknown, presumed
    words: str
    cite: str
    anchor: str
    facts: tuple[tuple[str, str, str | None], ...]


@dataclass(frozen=True, slots=True)
class Card:
    id: str
    kind: str
    heading: str
    status: str
    says: str
    relief: str
    or_better: bool
    flags: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]
    missing: tuple[tuple[str, str], ...]  # (label, address of the question)
    if_answers: tuple[tuple[str, str, str, bool], ...]  # (answer, outcome words, relief words, whether it is open)
    if_question: str
    presumed: tuple[str, ...]
    assumed: tuple[str, ...]
    dates: tuple[tuple[str, date | None, str], ...]
    doors: tuple[str, ...]
    cite: str
    form: str
    boxes: tuple[str, ...]


def cards(
    findings: Findings, document: Document, as_of: date, say: Say, words: Words, address: Callable[[str], str]
) -> tuple[Card, ...]:
    """A card a conviction, in the order of the answers. ``say`` translates a message, ``words`` says a stored answer,
    ``address`` gives a question's URL."""
    asked = {a.place: a for a in flow.asked_in_order(flow.load(), document, as_of)}
    return tuple(_card(n, c, document, asked, as_of, say, words, address) for n, c in enumerate(findings.counts, 1))


def _card(
    number: int,
    c: CountFindings,
    document: Document,
    asked: dict[Place, flow.Asked],
    as_of: date,
    say: Say,
    words: Words,
    address: Callable[[str], str],
) -> Card:
    best = c.best
    d = best.decision
    # Where no answer is given, nothing rests on a presumption; what is not known is then the whole story.
    rests = best.outcome != "need_info"
    presumed = [p for p in best.remedy.presumptions if rests and p.fact in d.presumed]
    assumed = [p for p in best.remedy.presumptions if rests and p.fact in d.assumed]
    reasons = [r for r in why(best) if rests or not r.presumed]
    missing = [a for a in (_place(f, c, asked) for f in best.would_settle) if a is not None]
    missing = [a for a in missing if not flow.roughly(document, a) or flow.ends_differ(document, a, as_of)]
    if_question, if_answers = _ifs(best, missing, document, c, as_of, say)
    return Card(
        id=f"conviction-{number}",
        kind=KINDS[best.outcome],
        heading=heading(number, c, say),
        status=say(OUTCOME_WORDS[best.outcome]),
        says=say(d.row.says) if d.row else "",
        relief=say(relief_words(best)) if best.outcome in ELIGIBLE else "",
        or_better=d.or_better,
        flags=tuple((name, say(words)) for name, words in flag_words(best)),
        lines=tuple(_line(r, best, c, asked, document, say, words, address) for r in reasons),
        missing=tuple((say(a.question.question), address(a.place.path)) for a in missing),
        if_question=if_question,
        if_answers=if_answers,
        presumed=tuple(say(p.says) for p in presumed),
        assumed=tuple(say(p.says) for p in assumed),
        dates=tuple((say(n.says if on else DOORS["hs_11361_5"]), on, n.cite.short) for n, on in best.dates),
        doors=tuple(say(DOORS[n]) for n in (d.row.doors if d.row else ())),
        cite=best.cite.short,
        form=best.form,
        boxes=best.boxes,
    )


def heading(number: int, c: CountFindings, say: Say) -> str:
    """A card's heading, such as `Conviction 1: Growing marijuana, 11358, Kern County`."""
    parts = []
    offense = c.count.offense
    if offense in SECTIONS:
        parts.append(say(SECTIONS[offense]))
    if offense:
        sub = f"({c.count.subdivision})" if c.count.subdivision else ""
        parts.append(f"{offense.removeprefix('HS ')}{sub}")
    if c.case.county:
        parts.append(say(N_("%(county)s County")) % {"county": c.case.county})
    name = say(N_("Conviction %(n)s")) % {"n": number}
    return f"{name}: {', '.join(parts)}" if parts else name


def _place(fact: str, c: CountFindings, asked: dict[Place, flow.Asked]) -> flow.Asked | None:
    for place in (Place(c.case.id, c.count.id, fact), Place(c.case.id, None, fact), Place(None, None, fact)):
        if place in asked:
            return asked[place]
    return None


def _line(
    reason: Any,
    best: Finding,
    c: CountFindings,
    asked: dict[Place, flow.Asked],
    document: Document,
    say: Say,
    words: Words,
    address: Callable[[str], str],
) -> Line:
    facts = []
    for name in reason.facts:
        at = _place(name, c, asked)
        if best.facts.get(name) is None or at is None:
            continue
        facts.append((say(at.question.short), words(document, at), address(at.place.path)))
    truth = "presumed" if reason.presumed else {True: "yes", False: "no", None: "unknown"}[reason.truth]
    cite = reason.requirement.cite
    return Line(truth, say(reason_words(reason)), cite.short, _anchor(best, reason.requirement.name), tuple(facts))


def _anchor(best: Finding, requirement: str) -> str:
    """Where the rule book has this requirement (`rules.book`)."""
    return f"{best.remedy.name.replace('_', '-')}-{requirement}"


def _ifs(
    best: Finding,
    missing: list[flow.Asked],
    document: Document,
    c: CountFindings,
    as_of: date,
    say: Say,
) -> tuple[str, tuple[tuple[str, str, str, bool], ...]]:
    """For an answer that is still open: what each possible answer to the first missing question would give."""
    if best.outcome != "need_info":
        return "", ()
    # The section says most; "already cleared" says nothing about the law.
    worth = [at for at in missing if len(at.question.answers) > 1 and at.place.fact != "already_relieved"]
    for at in sorted(worth, key=lambda at: at.place.fact != "offense"):
        results = [_if(a, at, document, c, as_of, say) for a in at.question.answers]
        if len({r[1:] for r in results}) > 1:
            return say(at.question.question), tuple(results)
    return "", ()


def _if(
    a: flow.Answer, at: flow.Asked, document: Document, c: CountFindings, as_of: date, say: Say
) -> tuple[str, str, str, bool]:
    tried = flow.answer(flow.load(), document, at, a.value, as_of)
    here = (c.case.id, c.count.id)
    found = next(x.best for x in flow.findings(tried, as_of).counts if (x.case.id, x.count.id) == here)
    relief = relief_words(found) or _best_possible(found)
    return say(a.label), say(OUTCOME_WORDS[found.outcome]), say(relief) if relief else "", found.relief != ""


def _best_possible(finding: Finding) -> str:
    """The words of the best relief that is still possible; empty if none is."""
    possible = {relief for _, relief in finding.decision.possible}
    return next((words for name, words in reversed(finding.remedy.reliefs) if name in possible), "")


def effects(findings: Findings) -> tuple[str, ...]:
    """The keys of EFFECTS that apply to what was found."""
    reliefs = [c.best.relief for c in findings.counts if c.best.outcome in ELIGIBLE]
    keys = [
        "dismiss_and_seal" if r in ("dismiss_and_seal", "redesignate_or_dismiss") else "redesignate" for r in reliefs
    ]
    return tuple(dict.fromkeys(keys))


def fact_label(name: str, say: Say) -> str:
    return say(dictionary()[name].label)
