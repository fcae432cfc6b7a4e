"""From findings to the cards of the results page: a plain sentence first, then the order of the steps, why, what is
missing, and what else is open, later or closed.

Nothing is decided here. Every reason carries its citation, the fact used, and the address of the question that can
change it; every "no" says what else there is or when it changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from rules import CountFindings, Finding, Findings
from rules.court_days import is_court_day, next_court_day
from rules.explanation import DOORS, OUTCOME_WORDS, flag_words, or_more, reason_words, relief_words, said, why
from rules.facts import dictionary
from rules.remedy import ELIGIBLE
from webapp.interview import flow, offense_names
from webapp.interview.document import Document, Place, count_of
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
_LICENSE_DISCLOSE = N_("You must still tell it to a state or local license agency that asks, and to the Lottery.")
_GUNS_NO_CHANGE = N_("It does not give back gun rights.")
_IMMIGRATION = N_("Immigration may still count it. Talk to an immigration lawyer first.")
_COUNTS_LATER = N_("In a later case it still counts as an earlier conviction.")
# What a relief does and does not do (law/other-relief.md section 7, law/1203-4-family.md section 1.4), by kind.
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
        (N_("Immigration"), _IMMIGRATION),
        (N_("A later case"), N_("It should not count as an earlier conviction.")),
    ),
    "lower": (
        (
            N_("Jobs"),
            N_(
                "A background check shows the lower level. It is not sealed. You may be able to ask for a dismissal "
                "next."
            ),
        ),
        (N_("Professional licenses"), N_("It still shows, at the lower level.")),
        (
            N_("Guns"),
            N_(
                "State law looks at the new level. A change under Proposition 47 does not give back gun rights. "
                "Federal law has its own rules."
            ),
        ),
        (N_("Immigration"), _IMMIGRATION),
        (N_("A later case"), N_("It counts at the lower level. A strike can stay a strike.")),
    ),
    "dismiss": (
        (
            N_("Jobs"),
            N_(
                "Private employers may not ask about it or use it. The court may not tell others about it, but the "
                "police and some agencies still see it."
            ),
        ),
        (N_("Professional licenses"), _LICENSE_DISCLOSE),
        (N_("Guns"), _GUNS_NO_CHANGE),
        (N_("Immigration"), _IMMIGRATION),
        (N_("A later case"), _COUNTS_LATER),
    ),
    "seal_arrest": (
        (N_("Jobs"), N_("Once it is sealed, you may say that the arrest did not happen.")),
        (N_("Professional licenses"), N_("For police jobs, public office and licenses you must still tell it.")),
        (N_("Guns"), N_("It changes nothing about guns.")),
        (N_("Immigration"), _IMMIGRATION),
        (N_("A later case"), N_("The police and prosecutors still see it.")),
    ),
}
_EFFECT_OF = {
    "dismiss_and_seal": "dismiss_and_seal",
    "redesignate_or_dismiss": "dismiss_and_seal",
    "redesignate_misdemeanor": "lower",
    "redesignate_infraction": "lower",
    "designate_misdemeanor": "lower",
    "reduce_to_misdemeanor": "lower",
    "reduce_to_infraction": "lower",
    "dismiss": "dismiss",
    "withdraw_plea": "dismiss",
    "seal_arrest": "seal_arrest",
}
EFFECT_HEADINGS = {
    "dismiss_and_seal": N_("What a dismissal with sealing does, and what it does not"),
    "lower": N_("What a lower level does, and what it does not"),
    "dismiss": N_("What a dismissal does, and what it does not"),
    "seal_arrest": N_("What sealing an arrest does, and what it does not"),
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
class Door:
    """One of the other remedies: its name, how it stands, since or until when, words, citation."""

    kind: str
    name: str
    status: str
    says: str
    on: date | None
    cite: str
    anchor: str
    form: str


@dataclass(frozen=True, slots=True)
class Step:
    """One of several things to ask for, in their order."""

    name: str
    relief: str
    cite: str


@dataclass(frozen=True, slots=True)
class Card:
    id: str
    kind: str
    heading: str
    remedy: str
    status: str
    says: str
    relief: str
    or_better: bool
    at_least: bool  # the words are about the least of several answers
    opens_on: date | None
    flags: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]
    missing: tuple[tuple[str, str], ...]  # (label, address of the question)
    if_answers: tuple[tuple[str, str, str, bool], ...]  # (answer, outcome words, relief words, whether it is open)
    if_question: str
    presumed: tuple[str, ...]
    assumed: tuple[str, ...]
    dates: tuple[tuple[str, date, str], ...]
    doors: tuple[str, ...]
    steps: tuple[Step, ...]
    others: tuple[Door, ...]  # other remedies that may help, now or later
    depends: tuple[str, ...]  # those of which that hangs on facts not known
    closed: tuple[Door, ...]  # other remedies that do not help, and why
    beside: tuple[Door, ...]  # what happens by itself, comes years later, or is for some people only
    automatic: bool
    cite: str
    anchor: str
    form: str
    boxes: tuple[str, ...]


def cards(
    findings: Findings, document: Document, as_of: date, say: Say, words: Words, address: Callable[[str], str]
) -> tuple[Card, ...]:
    """A card a conviction or arrest, in the order of the answers. ``say`` translates a message, ``words`` says a stored
    answer, ``address`` gives a question's URL."""
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
    missing = [a for a in (_place(f, c, asked) for f in (*best.would_settle, *best.would_date)) if a is not None]
    missing = [a for a in missing if not flow.roughly(document, a) or flow.ends_differ(document, a, as_of)]
    if_question, if_answers = _ifs(best, missing, document, c, as_of, say)
    steps = c.sequence if len(c.sequence) > 1 else ()
    dates = tuple((say(n.says), on, n.cite.short) for f in c.findings for n, on in f.dates if on)
    # What the days beside the answer say already is not said twice.
    beside = [
        f
        for f in c.beside
        if f.outcome not in ("not_eligible", "need_info") and not (dates and f.remedy.tier == "records")
    ]
    return Card(
        id=f"conviction-{number}",
        kind=KINDS[best.outcome],
        heading=heading(number, c, document, as_of, say),
        remedy=say(best.remedy.short),
        status=say(OUTCOME_WORDS[best.outcome]),
        says=said(best, say) if d.row else "",
        relief=say(relief_words(best)) if best.outcome in ELIGIBLE else "",
        or_better=or_more(best),
        at_least=or_more(best) and d.row_holds,
        opens_on=best.eligible_on,
        flags=tuple((name, say(words)) for name, words in flag_words(best)),
        lines=tuple(_line(r, best, c, asked, document, say, words, address) for r in reasons),
        missing=tuple(dict.fromkeys((say(a.question.question), address(a.place.path)) for a in missing)),
        if_question=if_question,
        if_answers=if_answers,
        presumed=tuple(say(p.says) for p in presumed),
        assumed=tuple(say(p.says) for p in assumed),
        dates=dates,
        doors=tuple(say(DOORS[n]) for n in (d.row.doors if d.row else ())),
        steps=tuple(Step(say(f.remedy.short), say(relief_words(f)), f.cite.short) for f in steps),
        others=_doors((f for f in c.alternatives if f.outcome not in ("not_eligible", "need_info")), say),
        depends=tuple(say(f.remedy.short) for f in c.alternatives if f.outcome == "need_info"),
        closed=_doors((f for f in c.alternatives if f.outcome == "not_eligible"), say),
        beside=_doors(beside, say),
        automatic=any("auto_relief_likely" in f.flags for f in c.findings),
        cite=best.cite.short,
        anchor=best.remedy.name.replace("_", "-"),
        form=best.form,
        boxes=best.boxes,
    )


def _doors(findings: Iterable[Finding], say: Say) -> tuple[Door, ...]:
    return tuple(
        Door(
            kind=KINDS[f.outcome],
            name=say(f.remedy.short),
            status=say(OUTCOME_WORDS[f.outcome]),
            says=said(f, say) if f.decision.row else "",
            on=f.eligible_on,
            cite=f.cite.short,
            anchor=f.remedy.name.replace("_", "-"),
            form=f.form,
        )
        for f in findings
    )


def heading(number: int, c: CountFindings, document: Document, as_of: date, say: Say) -> str:
    """A card's heading, such as `Conviction 1: Growing marijuana, HS 11358, Kern County`."""
    name = say(N_("Conviction %(n)s")) if _is_conviction(c) else say(N_("Arrest %(n)s"))
    offense = offense_names.name_of(count_of(document, c.case.id, c.count.id) or {}, as_of, say)
    county = say(N_("%(county)s County")) % {"county": c.case.county} if c.case.county else ""
    parts = ", ".join(part for part in (offense, county) if part)
    return f"{name % {'n': number}}: {parts}" if parts else name % {"n": number}


def _is_conviction(c: CountFindings) -> bool:
    return c.case.disposition in (None, "convicted", "dej_completed", "vacated")


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
    worth = [
        at
        for at in missing
        if len(at.question.answers) > 1 and at.place.fact != "already_relieved" and at.question.kind != "checks"
    ]
    for at in sorted(worth, key=lambda at: at.place.fact != "offense"):
        results = [_if(a, at, document, c, as_of, say) for a in at.question.answers]
        if len({r[1:] for r in results}) > 1:
            return say(at.question.question), tuple(results)
    return "", ()


def _if(
    a: flow.Answer, at: flow.Asked, document: Document, c: CountFindings, as_of: date, say: Say
) -> tuple[str, str, str, bool]:
    tried = flow.answer(flow.load(), document, at, a.value, as_of, also=dict(a.sets))
    here = (c.case.id, c.count.id)
    found = next(x.best for x in flow.findings(tried, as_of).counts if (x.case.id, x.count.id) == here)
    relief = relief_words(found) or _best_possible(found)
    return say(a.label), say(OUTCOME_WORDS[found.outcome]), say(relief) if relief else "", found.relief != ""


def _best_possible(finding: Finding) -> str:
    """The words of the best relief that is still possible; empty if none is."""
    possible = {relief for _, relief in finding.decision.possible}
    return next((words for name, words in reversed(finding.remedy.reliefs) if name in possible), "")


def effects(findings: Findings) -> tuple[str, ...]:
    """The keys of EFFECTS that apply to what was found, best and next steps alike."""
    reliefs = [f.relief for c in findings.counts for f in (c.best, *c.sequence) if f.outcome in ELIGIBLE]
    return tuple(dict.fromkeys(_EFFECT_OF[r] for r in reliefs if r in _EFFECT_OF))


@dataclass(frozen=True, slots=True)
class Opening:
    """A day on which a door opens for one conviction."""

    on: date
    heading: str
    name: str
    card: str
    court_opens: date | None  # the next day on which the court is open, where it is closed on that day


def timeline(findings: Findings, document: Document, as_of: date, say: Say) -> tuple[Opening, ...]:
    """Every door that is not open yet and has its day, the earliest first."""
    found = [
        Opening(
            f.eligible_on,
            heading(n, c, document, as_of, say),
            say(f.remedy.short),
            f"conviction-{n}",
            None if is_court_day(f.eligible_on) else next_court_day(f.eligible_on),
        )
        for n, c in enumerate(findings.counts, 1)
        for f in c.findings
        if f.outcome == "not_yet" and f.eligible_on is not None
    ]
    return tuple(sorted(found, key=lambda o: (o.on, o.card)))


def fact_label(name: str, say: Say) -> str:
    return say(dictionary()[name].label)
