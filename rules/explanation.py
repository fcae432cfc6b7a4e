"""Findings as data with words: what `limpio decide` prints and what a page is made of.

Words are English message ids; ``say`` turns an id into the reader's language, and is the identity for English. Facts
are given as stated, in the JSON forms of record.py. Nothing here decides anything.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from . import CountFindings, Finding, Findings
from .cite import Cite
from .facts import dictionary
from .judge import Reason, Step
from .record import json_value
from .remedy import N_
from .truth import word

Say = Callable[[str], str]

OUTCOME_WORDS = {
    "eligible_mandatory": N_("You can ask for it. If you meet the rules, the judge has to say yes."),
    "eligible_discretionary": N_("You can ask for it. The judge decides."),
    "not_yet": N_("Not yet."),
    "not_eligible": N_("Not by this route."),
    "needs_lawyer": N_("A lawyer needs to look at this one."),
    "need_info": N_("It depends on facts we do not have yet."),
    "already_relieved": N_("It is already cleared."),
}
OPEN_WORDS = {
    "eligible_mandatory": N_("We do not know everything yet. But whatever is true, the court must do at least this."),
    "eligible_discretionary": N_(
        "We do not know everything yet. But whatever is true, you can ask. At the least, the judge decides."
    ),
    "not_yet": N_("We do not know everything yet. But whatever is true, it is too early today."),
    "needs_lawyer": N_("We do not know everything yet. But whatever is true, a lawyer needs to look at this one."),
    "already_relieved": N_("We do not know everything yet. But whatever is true, this was done already."),
}
"""What is told where every row that may be the one gives the same answer, or a better one, and it is not known which
it is: the words of a row would state as a fact what nobody has said ("there was a violation")."""
ONE_OF = N_("We do not know which, but one of these is true, and each closes this door: %(reasons)s")
NOTICE = N_("This is legal information, not legal advice. We are not your lawyers. The judge decides.")
# What else there is where a door is closed and no other remedy of the book is the answer.
DOORS = {
    "hs_11361_5_old": N_(
        "Destruction of records from before 1976, by asking the Department of Justice (Health and Safety Code 11361.5)."
    ),
    "that_place": N_("Ask a lawyer who works in that state or in that court."),
}


def relief_words(finding: Finding) -> str:
    """The message for the relief found, or an empty text."""
    return dict(finding.remedy.reliefs).get(finding.relief, "")


def as_data(findings: Findings, say: Say = str, language: str | None = None) -> dict[str, Any]:
    """All findings as JSON data, words included. Where ``language`` is named, the words that ``say`` gives are kept
    with each decision for the next count it fits, and shared between the results: read them, do not change them."""
    return {
        "as_of": findings.as_of.isoformat(),
        "counts": [count_data(c, say, language) for c in findings.counts],
        "notice": say(NOTICE),
    }


def count_data(c: CountFindings, say: Say = str, language: str | None = None) -> dict[str, Any]:
    return {
        "case": c.case.id,
        "county": c.case.county,
        "count": c.count.id,
        "offense": c.count.offense,
        "subdivision": c.count.subdivision,
        "order": [f.remedy.name for f in c.sequence],
        "findings": [finding_data(f, say, language) for f in c.findings],
    }


def finding_data(f: Finding, say: Say = str, language: str | None = None) -> dict[str, Any]:
    told = _told(f, say, language)
    stated = {n: v if type(v) in _PLAIN else json_value(v) for n, v in f.facts.items()}
    return {
        **told.fixed,
        "eligible_on": f.eligible_on.isoformat() if f.eligible_on else None,
        "would_settle": [told.labels[n] for n in f.would_settle],
        "dates": [
            {**note, "on": on.isoformat() if on else None} for note, (_, on) in zip(told.notes, f.dates, strict=True)
        ],
        "explanation": [
            {
                **step,
                "requirements": [
                    {**reason, "facts": {n: stated[n] for n in names if n in stated}} for reason, names in reasons
                ],
            }
            for step, reasons in told.steps
        ],
    }


def said(f: Finding, say: Say) -> str:
    """What the law says about the count, in one or two sentences: the words of the row that decided, where what it asks
    for is known; else what holds in any case. ``say`` translates."""
    d = f.decision
    if d.row is None:
        return say(OUTCOME_WORDS[d.outcome])
    if d.row_holds:
        return say(d.row.says)
    if d.outcome == "not_eligible":
        return say(ONE_OF) % {"reasons": " ".join(dict.fromkeys(say(r.says) for r in (d.row, *d.also)))}
    return say(OPEN_WORDS[d.outcome])


def or_more(f: Finding) -> bool:
    """Whether more may be open than the relief that is told: another one, and not only a better right to the same."""
    return f.decision.or_better and len({relief for _, relief in f.decision.possible}) > 1


@dataclass(frozen=True, slots=True)
class _Told:
    """What a decision says in one language, whichever count it is about; facts and days are still to be filled in."""

    fixed: dict[str, Any]
    steps: tuple[tuple[dict[str, Any], tuple[tuple[dict[str, Any], tuple[str, ...]], ...]], ...]
    labels: dict[str, dict[str, str]]
    notes: tuple[dict[str, Any], ...]


_PLAIN = (str, bool, int, float)


def _told(f: Finding, say: Say, language: str | None) -> _Told:
    key = "" if say is str else language
    told: _Told | None = None if key is None else f.decision.told.get(key)
    if told is None:
        told = _tell(f, say)
        if key is not None:
            f.decision.told[key] = told
    return told


def _tell(f: Finding, say: Say) -> _Told:
    d = f.decision
    fixed = {
        "remedy": f.remedy.name,
        "beside": f.remedy.beside,
        "elsewhere": f.elsewhere,
        "outcome": d.outcome,
        "says": said(f, say),
        "relief": d.relief,
        "relief_says": say(relief_words(f)) if d.relief else "",
        "or_better": d.or_better,
        "flags": [{"flag": n, "says": say(w)} for n, w in flag_words(f)],
        "form": d.form,
        "boxes": list(d.boxes),
        "cite": cite_data(f.cite),
        "confidence": d.confidence,
        "settled": d.settled,
        "presumed": [{"fact": p.fact, "says": say(p.says)} for p in f.remedy.presumptions if p.fact in d.presumed],
        "assumed": [{"fact": p.fact, "says": say(p.says)} for p in f.remedy.presumptions if p.fact in d.assumed],
        "possible": [{"outcome": o, "relief": r} for o, r in d.possible],
        "doors": [{"door": n, "says": say(DOORS[n])} for n in (d.row.doors if d.row else ())],
    }
    return _Told(
        fixed=fixed,
        steps=tuple((_step_data(s), tuple((_reason_data(r, say), r.facts) for r in s.reasons)) for s in d.steps),
        labels={n: {"fact": n, "label": say(dictionary()[n].label)} for n in d.ask},
        notes=tuple({"date": n.name, "says": say(n.says), "cite": cite_data(n.cite)} for n, _ in f.dates),
    )


def flag_words(f: Finding) -> list[tuple[str, str]]:
    words = {flag.name: flag.says for flag in f.remedy.flags}
    return [(n, words[n]) for n in f.flags]


def _step_data(step: Step) -> dict[str, Any]:
    return {
        "row": step.row.name,
        "holds": word(step.truth),
        "outcome": step.row.outcome,
        "cite": cite_data(step.row.cite),
    }


def _reason_data(reason: Reason, say: Say) -> dict[str, Any]:
    return {
        "requirement": reason.requirement.name,
        "truth": word(reason.truth),
        "presumed": reason.presumed,
        "says": say(reason_words(reason)),
        "cite": cite_data(reason.requirement.cite),
    }


def reason_words(reason: Reason) -> str:
    r = reason.requirement
    return r.unknown if reason.truth is None else r.met if reason.truth else r.unmet


def cite_data(cite: Cite) -> dict[str, str]:
    return {"cite": cite.short, "confirmed": cite.confirmed, "source": cite.source}


# Gates worth saying when they are passed: they are why this remedy and no other.
_TOLD_GATES = frozenset(
    {"before_the_act", "already_done", "listed", "probation", "felony_sentence", "deferred", "finished_well", "program"}
)


def why(f: Finding) -> list[Reason]:
    """The reasons a person needs, in order: the gates passed, what decided, and the bars that do not stand in the way.
    Each requirement once; what the table asked only about other sections is left out. Where the last row decided, which
    asks nothing, what was asked before it is the reason; if that was only whether the law is about this entry at all,
    the last of it."""
    d = f.decision
    rows = d.steps
    by_default = d.row is not None and d.row.when == "True"
    chosen: dict[str, Reason] = {}
    for step in rows:
        last = d.row is not None and step.row is d.row
        for reason in step.reasons:
            r = reason.requirement
            if r.name in chosen:
                continue
            asked = by_default and r.kind == "fact" and not step.row.elsewhere and _in_reach(step)
            if last or asked or (r.kind == "bar" and _in_reach(step)) or r.name in _TOLD_GATES:
                chosen[r.name] = reason
    return list(chosen.values()) or list(next((s.reasons for s in reversed(rows) if s.reasons), ()))


def _in_reach(step: Step) -> bool:
    """A row that could have closed the door: everything in it but its bars held."""
    return all(r.truth is not False for r in step.reasons if r.requirement.kind != "bar")
