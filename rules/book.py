"""The public rule book, made from the declarations: what is decided by is what is printed.

:func:`chapters` gives the book as data, for a page of the website: every text is a message id; every table row,
requirement and number has a stable anchor, its citation, and the mark of how sure we are of it (V checked against a
stored public source, M from memory). :func:`markdown` prints the same for `limpio rules book`, and for the snapshot in
the tests, in which every change of a rule shows as a difference to be read by a lawyer.

    >>> chapters()[0].anchor
    'hs-11361-8'
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from . import expression as ex
from .cite import Cite
from .explanation import DOORS, OUTCOME_WORDS
from .facts import dictionary
from .law import Series, series
from .record import json_value
from .remedies import REMEDIES
from .remedy import N_, Remedy, Requirement, Row

Say = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class RequirementEntry:
    anchor: str
    name: str
    kind: str
    test: str  # the rule as text
    met: str
    unmet: str
    unknown: str
    cite: Cite
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class RowEntry:
    anchor: str
    number: int
    name: str
    when: str  # the requirements, as text
    outcome: str
    outcome_says: str
    relief: str
    relief_says: str
    says: str
    cite: Cite
    confidence: str
    flags: tuple[str, ...]
    doors: tuple[str, ...]  # message ids
    on: str  # of a "not yet": the day the door opens, as text
    asks: tuple[str, ...]  # the labels of the facts to find out
    elsewhere: bool  # the remedy is not about this kind of entry at all
    yields: bool  # cleared already, and another open door still comes first
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class PresumptionEntry:
    fact: str
    label: str
    says: str
    burden: bool  # the law presumes it; else only we assume it
    when: str


@dataclass(frozen=True, slots=True)
class FlagEntry:
    name: str
    says: str
    when: str
    asks: str  # the label of the fact that could still make the answer better


@dataclass(frozen=True, slots=True)
class NoteEntry:
    name: str
    says: str
    when: str
    on: str
    cite: Cite


@dataclass(frozen=True, slots=True)
class PaperEntry:
    form: str
    when: str
    boxes: tuple[tuple[str, str], ...]  # label, when


@dataclass(frozen=True, slots=True)
class NumberEntry:
    """One value of one number, for the time it holds."""

    anchor: str
    name: str
    meaning: str
    unit: str
    value: str
    starts: date
    ends: date | None
    cite: str
    confirmed: str
    source: str


@dataclass(frozen=True, slots=True)
class DerivedEntry:
    """A fact that follows from others, and how."""

    anchor: str
    name: str
    label: str
    meaning: str
    test: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a chapter a stored public source confirmed."""

    confirmed: int
    from_memory: int


@dataclass(frozen=True, slots=True)
class Chapter:
    anchor: str
    remedy: str
    title: str
    summary: str
    statute: Cite
    tier: str  # what kind of relief it gives (remedy.TIERS)
    beside: bool  # shown beside the answer, never claims the conviction
    since: date | None
    until: date | None
    verified_on: date | None
    verified_by: str
    table: tuple[RowEntry, ...]
    fallbacks: tuple[RowEntry, ...]
    requirements: tuple[RequirementEntry, ...]
    presumptions: tuple[PresumptionEntry, ...]
    flags: tuple[FlagEntry, ...]
    notes: tuple[NoteEntry, ...]
    papers: tuple[PaperEntry, ...]
    derived: tuple[DerivedEntry, ...]
    numbers: tuple[NumberEntry, ...]
    doubts: tuple[str, ...]
    coverage: Coverage


def chapters(remedies: Iterable[Remedy] = REMEDIES) -> tuple[Chapter, ...]:
    """A chapter for each remedy, in the order in which the law prefers them."""
    return tuple(_chapter(r) for r in remedies)


def _chapter(r: Remedy) -> Chapter:
    anchor = r.name.replace("_", "-")
    requirements = tuple(_requirement(anchor, q) for q in r.requirements)
    table = tuple(_row(f"{anchor}-row-{row.name}", i, r, row) for i, row in enumerate(r.rows, 1))
    fallbacks = tuple(_row(f"{anchor}-open-{row.name}", i, r, row) for i, row in enumerate(r.fallbacks, 1))
    notes = tuple(NoteEntry(n.name, n.says, _text(n.when), _text(n.on), n.cite) for n in r.notes)
    papers = tuple(
        PaperEntry(p.form, _text(p.when), tuple((b.label, _text(b.when)) for b in p.boxes)) for p in r.papers
    )
    derived = tuple(_derived(anchor, rules_of(r)))
    numbers = tuple(_numbers(anchor, [*rules_of(r), *(d.test for d in derived)]))
    cites = [
        r.statute,
        *(q.cite for q in requirements),
        *(w.cite for w in (*table, *fallbacks)),
        *(n.cite for n in notes),
    ]
    marks = [c.confirmed for c in cites] + [n.confirmed for n in numbers]
    return Chapter(
        anchor=anchor,
        remedy=r.name,
        title=r.title,
        summary=r.summary,
        statute=r.statute,
        tier=r.tier,
        beside=r.beside,
        since=r.since,
        until=r.until,
        verified_on=r.verified_on,
        verified_by=r.verified_by,
        table=table,
        fallbacks=fallbacks,
        requirements=requirements,
        presumptions=tuple(
            PresumptionEntry(p.fact, dictionary()[p.fact].label, p.says, p.burden, _text(p.when))
            for p in r.presumptions
        ),
        flags=tuple(
            FlagEntry(f.name, f.says, _text(f.when) if f.when else "", dictionary()[f.asks].label if f.asks else "")
            for f in r.flags
        ),
        notes=notes,
        papers=papers,
        derived=derived,
        numbers=numbers,
        doubts=r.doubts,
        coverage=Coverage(marks.count("V"), marks.count("M")),
    )


def _requirement(chapter: str, q: Requirement) -> RequirementEntry:
    return RequirementEntry(
        f"{chapter}-{q.name}", q.name, q.kind, _text(q.test), q.met, q.unmet, q.unknown, q.cite, q.since, q.until
    )


def _row(anchor: str, number: int, remedy: Remedy, row: Row) -> RowEntry:
    return RowEntry(
        anchor=anchor.replace("_", "-"),
        number=number,
        name=row.name,
        when=_text(row.when),
        outcome=row.outcome,
        outcome_says=OUTCOME_WORDS[row.outcome],
        relief=row.relief,
        relief_says=dict(remedy.reliefs).get(row.relief, ""),
        says=row.says,
        cite=row.cite,
        confidence=row.confidence,
        flags=row.flags,
        doors=tuple(DOORS[d] for d in row.doors),
        on=_text(row.on) if row.on else "",
        asks=tuple(dictionary()[n].label for n in row.asks),
        elsewhere=row.elsewhere,
        yields=row.yields,
        since=row.since,
        until=row.until,
    )


class _AnyName:
    """Accepts every name: the declarations were checked when the remedy was made ready."""

    def __contains__(self, name: object) -> bool:
        return True

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def _text(rule: str) -> str:
    """The rule as the program reads it, parsed and printed again."""
    return ex.printed(ex.parse(rule, _AnyName(), series()))


def rules_of(r: Remedy) -> list[str]:
    """Every rule of the remedy, as it is written: its tests first, then what is built on them."""
    return [
        *(q.test for q in r.requirements),
        *(row.when for row in (*r.rows, *r.fallbacks)),
        *(row.on for row in (*r.rows, *r.fallbacks) if row.on),
        *(p.when for p in r.presumptions),
        *(f.when for f in r.flags if f.when),
        *(text for n in r.notes for text in (n.when, n.on)),
        *(text for p in r.papers for text in (p.when, *(b.when for b in p.boxes))),
    ]


def _derived(chapter: str, texts: Iterable[str]) -> Iterator[DerivedEntry]:
    """The derived facts that the rules read, and those behind them."""
    waiting = [n for text in texts for n in ex.facts_in(ex.parse(text, _AnyName(), series()))]
    found = set()
    while waiting:
        entry = dictionary().get(waiting.pop())
        if entry is not None and entry.expression and entry.name not in found:
            found.add(entry.name)
            waiting += ex.facts_in(ex.parse(entry.expression, dictionary(), series()))
    for name, entry in dictionary().items():
        if name in found:
            yield DerivedEntry(f"{chapter}-fact-{name}", name, entry.label, entry.meaning, _text(entry.expression))


def _numbers(chapter: str, texts: Iterable[str]) -> Iterator[NumberEntry]:
    used = {n for text in texts for n in ex.law_in(ex.parse(text, _AnyName(), series()))}
    for name, s in series().items():
        if name in used:
            yield from _values(chapter, s)


def _values(chapter: str, s: Series) -> Iterator[NumberEntry]:
    for v in s.values:
        yield NumberEntry(
            anchor=f"{chapter}-number-{s.name}-{v.starts.isoformat()}",
            name=s.name,
            meaning=s.meaning,
            unit=s.unit,
            value=str(json_value(v.value)),
            starts=v.starts,
            ends=v.ends,
            cite=v.cite,
            confirmed=v.confirmed,
            source=v.source,
        )


# ---- printed

_HEADINGS = {
    "title": N_("Rule book"),
    "intro": N_("The rules that this program decides by, printed from the rules themselves."),
    "marks": N_("V: checked against a stored public source. M: from memory, not yet checked."),
    "kind": N_("Kind of door"),
    "beside": N_("shown beside the answer, never instead of it"),
    "force": N_("In force from"),
    "until": N_("until"),
    "in_force_until": N_("In force until"),
    "verified": N_("Checked on"),
    "sources": N_("Sources"),
    "table": N_("The table: the first row that holds decides"),
    "open": N_("What to say when unknown facts leave several answers open"),
    "requirements": N_("What each word in the table means"),
    "presumptions": N_("What is taken while a fact is not known"),
    "law_presumes": N_("the law presumes it"),
    "we_assume": N_("we assume it, and say so"),
    "flags": N_("What is said beside an answer"),
    "dates": N_("Dates worth knowing"),
    "forms": N_("Forms and boxes"),
    "derived": N_("Facts that follow from others"),
    "numbers": N_("Numbers and days of the law"),
    "doubts": N_("What is not settled"),
    "met": N_("Yes"),
    "unmet": N_("No"),
    "unknown": N_("Not known"),
    "also": N_("What else is open"),
    "on": N_("The day it opens"),
    "asks": N_("What to find out"),
    "elsewhere": N_("not about this kind of entry"),
    "yields": N_("another open door comes first"),
    "better": N_("said while this could make the answer better"),
}


def markdown(say: Say = str) -> str:
    """The whole book as Markdown, words in the reader's language; citations, names and rules as they are."""
    h = {name: say(words) for name, words in _HEADINGS.items()}
    lines = [f"# {h['title']}", "", h["intro"], h["marks"], ""]
    for c in chapters():
        lines += _printed_chapter(c, h, say)
    return "\n".join(lines).rstrip() + "\n"


def _printed_chapter(c: Chapter, h: dict[str, str], say: Say) -> Iterator[str]:
    yield from (f'<a id="{c.anchor}"></a>', f"## {say(c.title)}", "", say(c.summary), "")
    yield " ".join([f"{_cited(c.statute)}.", *_in_force(c.since, c.until, h)])
    yield f"{h['kind']}: {', '.join([c.tier, *([h['beside']] if c.beside else [])])}."
    yield f"{h['verified']} {c.verified_on}: {c.verified_by}."
    yield from (f"{h['sources']}: V {c.coverage.confirmed}, M {c.coverage.from_memory}.", "")
    sections = {
        "table": [line for row in c.table for line in _printed_row(row, h, say)],
        "open": [line for row in c.fallbacks for line in _printed_row(row, h, say)],
        "requirements": [line for q in c.requirements for line in _printed_requirement(q, h, say)],
        "presumptions": [_printed_presumption(p, h, say) for p in c.presumptions],
        "flags": [_printed_flag(f, h, say) for f in c.flags],
        "dates": [f"- **{n.name}** (`{n.when}`): `{n.on}`. {say(n.says)} {_cited(n.cite)}" for n in c.notes],
        "forms": [line for paper in c.papers for line in _printed_paper(paper)],
        "derived": [f'- <a id="{d.anchor}"></a>**{d.name}**: `{d.test}`. {say(d.meaning)}' for d in c.derived],
        "numbers": [line for v in c.numbers for line in _printed_number(v, h, say)],
        "doubts": [f"- {say(doubt)}" for doubt in c.doubts],
    }
    for name, lines in sections.items():
        if lines:
            yield from (f"### {h[name]}", "", *lines, "")


def _printed_row(row: RowEntry, h: dict[str, str], say: Say) -> Iterator[str]:
    relief = f", {row.relief} ({say(row.relief_says)})" if row.relief else ""
    marks = [h[name] for name, holds in (("elsewhere", row.elsewhere), ("yields", row.yields)) if holds]
    said = "".join(f" ({mark})" for mark in marks)
    time = _time(row.since, row.until, h)
    yield f'{row.number}. <a id="{row.anchor}"></a>`{row.when}`: **{row.outcome}**{relief}{said}{time}'
    flags = f" [{', '.join(row.flags)}]" if row.flags else ""
    yield f"   - {say(row.says)} ({row.confidence}){flags} {_cited(row.cite)}"
    if row.on:
        yield f"   - {h['on']}: `{row.on}`"
    if row.asks:
        yield f"   - {h['asks']}: {', '.join(say(a) for a in row.asks)}"
    if row.doors:
        yield f"   - {h['also']}: {' '.join(say(d) for d in row.doors)}"


def _printed_requirement(q: RequirementEntry, h: dict[str, str], say: Say) -> Iterator[str]:
    time = _time(q.since, q.until, h)
    yield f'- <a id="{q.anchor}"></a>**{q.name}** ({q.kind}): `{q.test}`. {_cited(q.cite)}{time}'
    yield f"  - {h['met']}: {say(q.met)}"
    yield f"  - {h['unmet']}: {say(q.unmet)}"
    yield f"  - {h['unknown']}: {say(q.unknown)}"


def _printed_presumption(p: PresumptionEntry, h: dict[str, str], say: Say) -> str:
    where = "" if p.when == "True" else f" (`{p.when}`)"
    return f"- **{p.fact}**: {say(p.says)}; {h['law_presumes'] if p.burden else h['we_assume']}{where}."


def _printed_flag(f: FlagEntry, h: dict[str, str], say: Say) -> str:
    when = f" (`{f.when}`)" if f.when else f" ({h['better']}: {say(f.asks)})" if f.asks else ""
    return f"- **{f.name}**{when}: {say(f.says)}"


def _printed_paper(paper: PaperEntry) -> Iterator[str]:
    yield f"- **{paper.form}** (`{paper.when}`)"
    yield from (f"  - {label}: `{when}`" for label, when in paper.boxes)


def _printed_number(v: NumberEntry, h: dict[str, str], say: Say) -> Iterator[str]:
    time = _time(v.starts, v.ends, h)
    yield f'- <a id="{v.anchor}"></a>**{v.name}** = {v.value} {say(v.unit) if v.unit else ""}'.rstrip() + f"{time}."
    yield f"  {say(v.meaning)} {v.cite} [{v.confirmed}: {v.source}]"


def _cited(cite: Cite) -> str:
    return f"{cite.short} [{cite.confirmed}: {cite.source}]"


def _time(since: date | None, until: date | None, h: dict[str, str]) -> str:
    said = "".join(_in_force(since, until, h)).removesuffix(".")
    return f" ({said})" if said else ""


def _in_force(since: date | None, until: date | None, h: dict[str, str]) -> list[str]:
    """When something holds, as a sentence; none where it always does."""
    if since is None:
        return [] if until is None else [f"{h['in_force_until']} {until}."]
    return [f"{h['force']} {since} {h['until']} {until}." if until else f"{h['force']} {since}."]
