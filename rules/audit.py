"""The audit of the rules: what a remedy promises, proved or tried out, not read and believed.

A table of rows looks right long after it has stopped being right: a row that an earlier row always beats, a requirement
that no longer decides anything, a box that nobody gets. :func:`audit` looks for all of that, for every remedy and for
every time between two changes of law, and says each problem in one sentence.

Three kinds of evidence, from the strongest to the weakest:

1. *Proved.* The judge's diagram covers every way in which the atoms of the table can stand, without listing the
   billions of them. Walking it shows that each way reaches exactly one row; the ways are counted row by row, and the
   sum has to be their number. The diagram knows less than life does, so it also has ways that no life takes: what
   holds on all of them holds for everybody.
2. *Shown by a life.* That something can happen (a row, a box, a presumption) is shown by stated facts to which it does
   happen (lives.py). None found is reported as a problem, though a search that gives up is no proof.
3. *Tried.* That learning something never unsettles an answer, that an answer is settled as soon as all completions
   agree, and that an unknown is never taken for a yes in silence, has to hold for every partial knowledge. The first
   two are proved where knowledge comes in the order in which the table asks; in other orders all are tried where they
   are few, else five hundred, evenly spread. The third is tried on the lives found, with some of their facts forgotten.

Left out on purpose: what follows from facts by default. "An entry is a conviction unless it says otherwise" settles an
answer that a later word about the ending of the case opens again; that is meant, and no law of the diagram.

Worked example: row 1 says "six plants or fewer", row 2 "exactly three plants", row 3 "else". Both questions are about
one number, which can stand in three ways: three, another number up to six, more. Two of them end in row 1, one in row
3, none in row 2; so the audit says: "row three_plants can never be reached: whatever the facts, a row above it
decides."
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import chain, combinations, islice
from math import prod
from typing import NamedTuple

from . import expression as ex
from . import straight_line
from .book import chapters, rules_of
from .cite import CODES, Cite
from .facts import derivations, dictionary
from .judge import Finding, Group, Law, build, verdict_of, ways_on, within_reach
from .law import covered, numbers, series, turning_points
from .lives import Goal, Life, Search, Sight, stated_in, unknown_in
from .remedies import REMEDIES
from .remedy import ELIGIBLE, Remedy, Requirement, Row, in_force
from .sources import worked_cases
from .span import Value

SEARCHED = 20_000  # lives looked at for one thing that should be able to happen
TRIED = 500  # partial knowledges of the atoms tried for one law; where there are no more, all
GLANCED = 100  # lives looked at for one thing that should never happen
FORGOTTEN = 64  # partial records made of one life


@dataclass(frozen=True, slots=True)
class Audited:
    """One remedy after the audit."""

    remedy: str
    rows: int
    requirements: int
    laws: int  # times between two changes of law that differ for this remedy
    combinations: int  # ways in which all that its table reads can stand, each proved to reach exactly one row
    tried: int  # partial knowledges tried,
    partial: int  # of so many
    lives: int  # partial records judged
    problems: tuple[str, ...]


def audit(
    cases: Iterable[Mapping[str, str]],
    as_of: date,
    remedies: Sequence[Remedy] = REMEDIES,
    coverage: Iterable[str] | None = None,
) -> tuple[Audited, ...]:
    """Every remedy, with its problems. ``cases``: rows of worked cases. ``coverage``: the names that the coverage data
    lists; those of `law/coverage.yaml`, if not given. A name there that no remedy has is a line of its own."""
    listed = tuple(covered() if coverage is None else coverage)
    expected, failed = outcomes_of(cases)
    audited = [_audited(r, as_of, listed, expected.get(r.name, frozenset()), failed.get(r.name, ())) for r in remedies]
    stray = [n for n in listed if n not in {r.name for r in remedies}]
    no_such = ("law/coverage.yaml lists it, but there is no such remedy.",)
    return (*audited, *(Audited(name, 0, 0, 0, 0, 0, 0, 0, no_such) for name in stray))


def _audited(
    remedy: Remedy, as_of: date, listed: Sequence[str], expected: frozenset[str], failed: Sequence[str]
) -> Audited:
    problems = [*words_problems(remedy), *coverage_problems(remedy, listed)]
    proofs: dict[object, tuple[Deciding, Proof]] = {}
    times, lives, outcomes = 0, 0, frozenset[str]()
    for day, law in laws(remedy, as_of):
        diagram = law.rows, law.atoms, law.groups  # a change of the catalogue, or of most numbers, leaves it as it is
        if diagram not in proofs:
            proofs[diagram] = (deciding := decided_by(law)), proved(law, deciding)
        deciding, proof = proofs[diagram]
        life = shown(law, day, deciding)
        found = (*proof.problems, *life.problems)
        problems += found if day == as_of else [f"{p[:-1]} (as the law was on {day})." for p in found]
        times, lives, outcomes = times + 1, lives + life.lives, outcomes | life.outcomes
    problems += case_problems(outcomes, expected, failed)
    if not times:
        problems.append("it is not in force at any time for which all numbers that it reads are known.")
    return Audited(
        remedy=remedy.name,
        rows=len(remedy.rows),
        requirements=len(remedy.requirements),
        laws=times,
        combinations=sum(p.combinations for _, p in proofs.values()),
        tried=sum(p.tried for _, p in proofs.values()),
        partial=sum(p.partial for _, p in proofs.values()),
        lives=lives,
        problems=tuple(dict.fromkeys(problems)),
    )


# ---- times


def laws(remedy: Remedy, as_of: date) -> Iterator[tuple[date, Law]]:
    """The remedy made ready for that day, and for a day of every other law: of other rows, other numbers, another
    offense catalogue. It is the last day of that law, when most can have happened under it. A time in which a number is
    read that is not known is left out: nobody can be judged then."""
    read = numbers_read(remedy)
    items: list[Requirement | Row] = [*remedy.requirements, *remedy.rows]
    starts = sorted({*turning_points(), *_bounds(remedy), *(d for item in items for d in _bounds(item))})
    days = [d - timedelta(days=1) for d in starts] + [max(as_of, starts[-1])]
    of_day: dict[tuple[object, ...], date] = {}
    for day in (*days, as_of):
        values = numbers(day)
        law = (*(values[n] for n in read), *(i.name for i in items if in_force(i, day)))
        if in_force(remedy, day) and (day == as_of or None not in law):
            of_day[law] = day
    for day in sorted(of_day.values(), key=lambda day: (day != as_of, day)):
        yield day, build(remedy, day)


def _bounds(item: Remedy | Requirement | Row) -> list[date]:
    return [d for d in (item.since, item.until and item.until + timedelta(days=1)) if d]


def numbers_read(remedy: Remedy) -> tuple[str, ...]:
    """The names of the numbers that its rules read, or the derived facts behind them; also the offense catalogue."""
    requirements = dict.fromkeys((q.name for q in remedy.requirements), ex.Literal(True))
    trees = [ex.parse(text, dictionary(), series(), requirements) for text in rules_of(remedy)]
    derived = dict(derivations())
    waiting = [n for tree in trees for n in ex.facts_in(tree)]
    found: dict[str, ex.Expr] = {}
    while waiting:
        name = waiting.pop()
        if name in derived and name not in found:
            found[name] = derived[name]
            waiting += ex.facts_in(derived[name])
    trees += found.values()
    looked_up = [ex.OFFENSES] if any(isinstance(n, ex.LookUp) for tree in trees for n in ex.walk(tree)) else []
    return tuple(dict.fromkeys([*(n for tree in trees for n in ex.law_in(tree)), *looked_up]))


# ---- proved on the diagram


@dataclass(frozen=True, slots=True)
class Proof:
    """What was shown of one law without any record: on the ways in which its atoms can stand."""

    combinations: int
    tried: int
    partial: int
    problems: tuple[str, ...]


def proved(law: Law, deciding: Deciding) -> Proof:
    """That each way in which the atoms can stand reaches exactly one row, and each row has such a way; that each
    requirement decides something; and the laws of partial knowledge, for as many as are tried."""
    read = groups_read(law)
    possible = prod(len(g.ways) for g in read)
    counted, problems = _walked(law, read)
    if not problems and sum(counted.values()) != possible:
        problems.append(f"only {sum(counted.values()):,} of {possible:,} combinations of its facts reach a row.")
    problems += [
        f"row {row.name} can never be reached: whatever the facts, a row above it decides."
        for i, row in enumerate(law.rows)
        if i not in counted
    ]
    problems += [
        f"requirement {name} decides nothing: be it yes or no, the same row holds."
        for name, places in deciding.items()
        if not places
    ]
    tried, partial, unsound = _partly_known(law, read)
    return Proof(possible, tried, partial, (*problems, *unsound))


def groups_read(law: Law) -> tuple[Group, ...]:
    """The things that the table reads; flags and boxes may read more."""
    read = {law.group_of[a] for atoms in law.row_atoms for a in atoms}
    return tuple(g for i, g in enumerate(law.groups) if i in read)


def _everything_open(law: Law) -> tuple[int, int]:
    return 0, (1 << len(law.atoms)) - 1


def _walked(law: Law, read: Sequence[Group]) -> tuple[Mapping[int, int], list[str]]:
    """How many ways of the atoms reach each row, counted on the diagram. At its ends the rows are read once more, by
    other code than the judge's: those above must not hold, and this one must. On the way down, what the judge calls
    possible has to be what the rows below say."""
    rows = [ex.compiled(ex.parse(r.when, [q.name for q in law.remedy.requirements]), {}) for r in law.rows]
    counted: dict[tuple[int, int], Counter[int]] = {}
    problems: dict[str, None] = {}

    def truths_of(t: int, m: int) -> list[Value]:
        truths = law.table(t, m)
        facts = {name: truths[place] for name, place in law.places.requirements.items()}
        return [row(facts) for row in rows]

    def walk(t: int, m: int) -> Counter[int]:
        if (t, m) in counted:
            return counted[t, m]
        row = law.first(t, m)
        if row >= 0:
            found = Counter({row: prod(len(g.ways) for g in read if g.mask & m & ~t)})
            if truths_of(t, m)[: row + 1] != [False] * row + [True]:
                problems[f"row {law.rows[row].name} is taken where, by its own words, it does not decide."] = None
        else:
            found = sum((walk(*way) for way in ways_on(law, ~row, t, m)[1]), Counter[int]())
        if {verdict_of(law.rows[i]) for i in found} != set(within_reach(law, t, m)[0]):
            problems["what the judge calls possible is not what its rows can still say."] = None
        counted[t, m] = found
        return found

    return walk(*_everything_open(law)), list(problems)


class Decides(NamedTuple):
    """A row that names a requirement, and all rows with the requirement held to yes or to no, whatever its facts."""

    row: int
    first: straight_line.First
    so: straight_line.Table
    otherwise: straight_line.Table  # held to the opposite

    def next_row(self, t: int, m: int, sure: bool) -> int | None:
        """The row that is to be asked about next; a negative number once it is known that this row is the one that
        holds, and that with the opposite it would not (or, unless that has to be sure, might not); ``None`` where that
        cannot come out any more."""
        so, otherwise = self.so(t, m), self.otherwise(t, m)[self.row]
        if so[self.row] is False or otherwise is True or any(so[: self.row]):
            return None
        return self.row if so[self.row] is None or (sure and otherwise is None) else ~self.first(t, m)


Deciding = Mapping[str, tuple[Decides, ...]]  # by requirement


def decided_by(law: Law) -> Deciding:
    """For every requirement of which the table speaks, the rows that hang on it in some way of the atoms."""
    trees = {q.name: ex.parse(q.test, dictionary(), series()) for q in law.remedy.requirements}
    trees = {name: trees[name] for name in law.places.requirements}
    atoms = {a: i for i, a in enumerate(law.atoms)}
    named = [ex.names_in(r.when) for r in law.rows]
    as_is = [ex.parse(r.when, (), (), trees) for r in law.rows]

    def rows_with(name: str, held: bool) -> list[ex.Expr]:
        defined = trees | {name: ex.Literal(held)}
        return [
            ex.parse(row.when, (), (), defined) if name in names else tree
            for row, names, tree in zip(law.rows, named, as_is, strict=True)
        ]

    def places(name: str) -> tuple[Decides, ...]:
        rows = [rows_with(name, held) for held in (False, True)]
        firsts = [straight_line.first(row, atoms) for row in rows]
        tables = [straight_line.table(row, atoms) for row in rows]
        naming = (i for i, names in enumerate(named) if name in names)
        could = (Decides(i, firsts[h], tables[h], tables[not h]) for i in naming for h in (True, False))
        return tuple(d for d in could if _can_hang(law, d))

    return {name: places(name) for name in dict.fromkeys(n for names in named for n in names)}


def _can_hang(law: Law, decides: Decides) -> bool:
    """Is there a way of the atoms in which this row holds, and hangs on the requirement?"""
    seen = set()

    def hangs(t: int, m: int) -> bool:
        if (t, m) in seen:
            return False
        seen.add((t, m))
        row = decides.next_row(t, m, sure=True)
        if row is None or row < 0:
            return row is not None
        return any(hangs(*way) for way in ways_on(law, row, t, m)[1])

    return hangs(*_everything_open(law))


def _partly_known(law: Law, read: Sequence[Group]) -> tuple[int, int, list[str]]:
    """How many partial knowledges were tried, of how many, and what is wrong. A group is open, or in one of its ways.
    What is possible must be all that is possible once one thing more is known: then no settled answer comes open again,
    and none stays open on which all completions agree."""
    possible = prod(len(g.ways) + 1 for g in read)
    tried = min(possible, TRIED)
    problems: dict[str, None] = {}
    for n in range(tried):
        t, m = _knowledge(law, read, n * possible // tried)
        here = set(within_reach(law, t, m)[0])
        for group in (g for g in read if g.mask & m & ~t):
            t_else, m_else = t & ~group.mask, m & ~group.mask
            after = {v for way in group.ways for v in within_reach(law, t_else | way, m_else | way)[0]}
            about = ", ".join(group.facts)
            if after - here:
                problems[f"learning {about} can unsettle an answer."] = None
            elif here - after:
                problems[f"an answer stays open although every value of {about} leads to the same."] = None
    return tried, possible, list(problems)


def _knowledge(law: Law, read: Sequence[Group], number: int) -> tuple[int, int]:
    """The partial knowledge of that number: its digits say how each group stands."""
    t, m = _everything_open(law)
    for group in read:
        number, digit = divmod(number, len(group.ways) + 1)
        if digit:
            way = group.ways[digit - 1]
            t, m = t & ~group.mask | way, m & ~group.mask | way
    return t, m


# ---- shown by a life


@dataclass(frozen=True, slots=True)
class Shown:
    """What was shown with records: how many were judged, and what is wrong."""

    lives: int
    outcomes: frozenset[str]  # all that it can say
    problems: tuple[str, ...]


Label = tuple[str, ...]  # what a finding shows of the remedy: ("flag", "lawyer"), ("box", "CR-180", "2a")


_OPEN: Label = ("outcome", "need_info")


class Effect(NamedTuple):
    """Something that may happen: its label, what is wrong if it never does, which places of the table of truths have to
    be yes or no for it, and whether it needs an open door."""

    label: Label
    otherwise: str
    tests: tuple[tuple[int, bool], ...] = ()
    eligible: bool = False


class Silent(NamedTuple):
    """An open door that something unknown could still close, and nothing is said to be presumed that rules it out."""

    outcome: str
    closed: tuple[str, ...]
    knowing: tuple[str, ...]


def shown(law: Law, day: date, deciding: Deciding) -> Shown:
    """That all which the remedy declares can happen to somebody; and of everybody met on the way, also with some facts
    forgotten, that no unknown is taken for a yes in silence."""
    search = Search(law, day, SEARCHED)
    lives, problems = _lives(search, deciding)
    seen: set[Label] = set()
    silent: dict[tuple[str, ...], Silent] = {}
    parts = {frozenset(part.items()): part for life in lives for part in parts_of(life)}
    for part in parts.values():
        finding = search.see(part).finding()
        seen |= labels(finding)
        if (yes := silent_yes(search, finding)) is not None:
            silent.setdefault((yes.outcome, *yes.closed), yes)
    for effect in effects(law):
        before = search.tried
        if effect.label in seen:
            continue
        if search.find(happening(law, effect)) is not None:
            seen.add(effect.label)
        elif effect.otherwise:
            problems.append(f"{effect.otherwise} ({search.tried - before:,} lives tried).")
    problems += [
        f"an unknown is taken for a yes in silence: knowing {', '.join(yes.knowing) or 'nothing'}, the answer is "
        f"{yes.outcome}; {' or '.join(yes.closed)} is possible, and nothing is said to be presumed that rules it out."
        for yes in silent.values()
    ]
    problems += overridden(search)
    outcomes = frozenset(label[1] for label in seen if label[0] == "outcome")
    return Shown(len(parts), outcomes, tuple(problems))


def _lives(search: Search, deciding: Deciding) -> tuple[list[Life], list[str]]:
    """Lives that among them reach every row, and for every requirement say yes, say no, and hang on it."""
    law = search.law
    found: list[Sight] = []
    problems = []

    def find(goals: Sequence[Goal], otherwise: str) -> None:
        if any(goal(sight) is True for sight in found for goal in goals):
            return
        before = search.tried
        life = next((life for goal in goals if (life := search.find(goal)) is not None), None)
        if life is None:
            problems.append(f"{otherwise} ({search.tried - before:,} lives tried).")
        else:
            found.append(search.see(life))

    _, reached = within_reach(law, *_everything_open(law))
    for i, row in enumerate(law.rows):
        if reached >> i & 1:  # else it is proved already that nobody reaches it
            find([reaching(law, i)], f"row {row.name} is reached by nobody")
    for name, place in law.places.requirements.items():
        find([standing(law, place, True)], f"requirement {name} is never yes")
        find([standing(law, place, False)], f"requirement {name} is never no")
        if deciding.get(name):
            find([hanging(law, place, d) for d in deciding[name]], f"requirement {name} decides for nobody")
    return [sight.life for sight in found], problems


def reaching(law: Law, row: int) -> Goal:
    """That this row is the one that decides."""
    place, above = law.places.rows[row], law.places.rows[:row]

    def goal(sight: Sight) -> bool | Sequence[int]:
        first = law.first(*sight.known)
        if first >= 0 or ~first > row:
            return first == row
        truths = law.table(*sight.known)
        if truths[place] is False or any(truths[p] for p in above):
            return False
        return unknown_in(sight.known, law.row_atoms[row if truths[place] is None else ~first])

    return goal


def hanging(law: Law, place: int, decides: Decides) -> Goal:
    """That a requirement is known, and makes this row the one that holds, or keeps it from being that."""

    def goal(sight: Sight) -> bool | Sequence[int]:
        row = decides.next_row(*sight.known, sure=False)
        if row is not None and law.table(*sight.known)[place] is None:
            return unknown_in(sight.known, law.test_atoms[place])
        return row is not None and (row < 0 or unknown_in(sight.known, law.row_atoms[row]))

    return goal


def standing(law: Law, place: int, held: bool) -> Goal:
    """That a test is yes (or no)."""

    def goal(sight: Sight) -> bool | Sequence[int]:
        truth = law.table(*sight.known)[place]
        return unknown_in(sight.known, law.test_atoms[place]) if truth is None else truth is held

    return goal


def happening(law: Law, effect: Effect) -> Goal:
    """That the effect shows in what the judge finds."""

    def goal(sight: Sight) -> bool | Sequence[int]:
        if effect.label in labels(sight.finding()):
            return True
        if effect.eligible and not any(v[0] in ELIGIBLE for v in within_reach(law, *sight.presumed)[0]):
            return False
        now, later = law.table(*sight.presumed), law.table(*sight.later)
        for place, wanted in effect.tests:
            if later[place] is (not wanted):
                return False
            if now[place] is not wanted:
                return unknown_in(sight.later, law.test_atoms[place])
        row = law.first(*sight.known)
        return row < 0 and unknown_in(sight.known, law.row_atoms[~row])

    return goal


def effects(law: Law) -> Iterator[Effect]:
    """What the remedy declares besides rows and requirements."""
    remedy, places = law.remedy, law.places
    when = {name: (place, eligible) for name, place, eligible in places.flags}
    for n, (fallback, place) in enumerate(zip(remedy.fallbacks, places.fallbacks, strict=True)):
        here = ((place, True), *((p, False) for p in places.fallbacks[:n]))
        yield Effect(("fallback", fallback.name), f"fallback {fallback.name} is never the answer", here)
    for flag in remedy.flags:
        tests = ((when[flag.name][0], True),) if flag.name in when else ()
        eligible = flag.only_eligible or bool(flag.asks)
        yield Effect(("flag", flag.name), f"flag {flag.name} is never raised", tests, eligible)
    for n, (form, place, boxes) in enumerate(places.papers):
        here = ((place, True), *((p, False) for _, p, _ in places.papers[:n]))
        yield Effect(("form", form), f"form {form} never goes with an answer", here, True)
        for label, box in boxes:
            ticked = (*here, (box, True))
            yield Effect(("box", form, label), f"box {label} of form {form} is never ticked", ticked, True)
    for n, (note, place) in enumerate(zip(remedy.notes, places.notes, strict=True)):
        which = f"note {note.name} ({n + 1} of {len(remedy.notes)})"
        yield Effect(("note", str(n)), f"{which} is never shown", ((place, True),))
    yield Effect(_OPEN, "")  # nothing is wrong if it cannot: some remedies read little, and presume the rest
    for p in remedy.presumptions:
        yield Effect(("presumption", p.fact), f"what is presumed of {p.fact} never carries an answer")


def labels(finding: Finding) -> set[Label]:
    """What a finding shows of its remedy."""
    decision = finding.decision
    found: set[Label] = {("outcome", decision.outcome), *(("flag", n) for n in decision.flags)}
    found |= {("presumption", n) for n in (*decision.presumed, *decision.assumed)}
    found |= {("note", str(n)) for n in decision.notes}
    found |= {("form", decision.form), *(("box", decision.form, label) for label in decision.boxes)}
    if decision.row is not None and any(decision.row is fallback for fallback in finding.remedy.fallbacks):
        found.add(("fallback", decision.row.name))
    return found


def parts_of(life: Life) -> Iterator[Life]:
    """The life with some of its facts forgotten: every way of forgetting where there are few, else as much as was known
    at each step of the search, all but one or two facts, and one fact alone."""
    names = tuple(life)
    if 1 << len(names) <= FORGOTTEN:
        kept: Iterable[tuple[str, ...]] = (c for n in range(len(names) + 1) for c in combinations(names, n))
    else:
        kept = islice(
            chain(
                (names[:n] for n in range(len(names) + 1)),
                combinations(names, len(names) - 1),
                combinations(names, 1),
                combinations(names, len(names) - 2),
            ),
            FORGOTTEN,
        )
    return ({n: life[n] for n in names} for names in kept)


def silent_yes(search: Search, finding: Finding) -> Silent | None:
    """The open door that rests on an unknown which the answer does not name, if it is one. What the answer says it
    presumes is stated for it; then no answer but an open door may be left."""
    decision = finding.decision
    if decision.outcome not in ELIGIBLE or decision.settled or "presumption_only" in decision.flags:
        return None
    said = (*decision.presumed, *decision.assumed)
    taken = {p.fact: p.value for p in finding.remedy.presumptions if p.fact in said}
    left, _ = within_reach(search.law, *search.see({**finding.facts, **taken}).known)
    closed = {verdict[0] for verdict in left} - ELIGIBLE
    return Silent(decision.outcome, tuple(sorted(closed)), tuple(finding.facts)) if closed else None


def overridden(search: Search) -> Iterator[str]:
    """Presumptions that do not only fill in what is unknown: an atom is known by other facts, and they change it."""
    law = search.law
    for p in law.remedy.presumptions:
        for i, atom in enumerate(law.atoms):
            if isinstance(atom, ex.Known) or p.fact not in stated_in([atom]):
                continue
            if search.find(changing(i), GLANCED, leaving=frozenset({p.fact})) is not None:
                yield f"what is presumed of {p.fact} overrides what other facts say of {', '.join(ex.facts_in(atom))}."


def changing(atom: int) -> Goal:
    """That the atom is known, and stands otherwise under the presumptions."""

    def goal(sight: Sight) -> bool | Sequence[int]:
        known = unknown_in(sight.known, [atom])
        return known or [bits >> atom & 1 for bits in sight.known] != [bits >> atom & 1 for bits in sight.presumed]

    return goal


# ---- words, citations, coverage, cases


def words_problems(remedy: Remedy) -> Iterator[str]:
    """Everything that a person may read has words, and everything that the law says has its place and its mark."""
    for q in remedy.requirements:
        said = {"yes": q.met, "no": q.unmet, "unknown": q.unknown}
        yield from (f"requirement {q.name} has no words for {word}." for word, text in said.items() if not text.strip())
        if len(set(said.values())) < len(said) and all(said.values()):
            yield f"requirement {q.name} says the same for two of yes, no and unknown."
    spoken = [
        *(("row", r.name, r.says) for r in (*remedy.rows, *remedy.fallbacks)),
        *(("presumption", p.fact, p.says) for p in remedy.presumptions),
        *(("flag", f.name, f.says) for f in remedy.flags),
        *(("note", n.name, n.says) for n in remedy.notes),
    ]
    yield from (f"{what} {name} has no words." for what, name, text in spoken if not text.strip())
    for what, cite in cites(remedy):
        yield from (f"{what}: {problem}" for problem in _cite_problems(cite))
    used = {n for text in rules_of(replace(remedy, requirements=())) for n in ex.names_in(text)}
    yield from (f"requirement {q.name} is used nowhere." for q in remedy.requirements if q.name not in used)


def cites(remedy: Remedy) -> Iterator[tuple[str, Cite]]:
    """Every citation, and where it stands."""
    yield "the statute", remedy.statute
    yield from ((f"requirement {q.name}", q.cite) for q in remedy.requirements)
    yield from ((f"row {r.name}", r.cite) for r in (*remedy.rows, *remedy.fallbacks))
    yield from ((f"note {n.name}", n.cite) for n in remedy.notes)


def _cite_problems(cite: Cite) -> Iterator[str]:
    if not cite.section or (cite.code and cite.code not in CODES):
        yield f"the citation {cite.short!r} names no section of a code."
    if cite.confirmed not in ("V", "M"):
        yield f"{cite.short} is marked {cite.confirmed!r}, which is neither V (a source was seen) nor M (from memory)."
    if not cite.source:
        yield f"{cite.short} does not say where it was found."


def coverage_problems(remedy: Remedy, listed: Sequence[str]) -> Iterator[str]:
    """The coverage data has the remedy, and the rule book counts all its marks."""
    if remedy.name not in listed:
        yield "law/coverage.yaml does not list it."
    if remedy.verified_on is None or not remedy.verified_by:
        yield "nobody is named who checked it, or no day."
    values = [v for n in numbers_read(remedy) if n != ex.OFFENSES for v in series()[n].values]
    marks = Counter([*(cite.confirmed for _, cite in cites(remedy)), *(v.confirmed for v in values)])
    [chapter] = chapters([remedy])
    counted = {"V": chapter.coverage.confirmed, "M": chapter.coverage.from_memory}
    for mark, n in counted.items():
        if marks[mark] != n:
            yield f"the rule book counts {n} sources marked {mark}, but there are {marks[mark]}."


def outcomes_of(cases: Iterable[Mapping[str, str]]) -> tuple[dict[str, frozenset[str]], dict[str, list[str]]]:
    """Of each remedy: the outcomes for which a worked case passes, and the cases that do not pass."""
    passed: dict[str, frozenset[str]] = {}
    failed: dict[str, list[str]] = {}
    for row in cases:
        name = worked_cases.ROUTES.get(row["route"], "")
        checked = worked_cases.check_row(row)
        if checked.state == "passed":
            passed[name] = passed.get(name, frozenset()) | {row["outcome"]}
        elif checked.state == "failed":
            failed.setdefault(name, []).append(checked.id)
    return passed, failed


def case_problems(can_say: frozenset[str], passed: frozenset[str], failed: Sequence[str]) -> Iterator[str]:
    """There is a worked case for yes and for no; and for unknown and "not yet", where the remedy can say that."""
    yes = can_say & ELIGIBLE or {"needs_lawyer"}  # some remedies are a lawyer's business: there that is the yes
    wanted = {"yes": yes, "no": {"not_eligible"}, "unknown": can_say & {"need_info"}, "not yet": can_say & {"not_yet"}}
    for word, outcomes in wanted.items():
        if outcomes and not passed & outcomes:
            yield f"no worked case says {word} ({' or '.join(sorted(outcomes))})."
    if failed:
        yield f"worked cases fail: {', '.join(failed)}. `limpio rules check` says how."


# ---- printed


def report(audited: Sequence[Audited]) -> Iterator[str]:
    """A line for each remedy, one for each of its problems, and at the end how much of it is proof."""
    for a in audited:
        verdict = f"{len(a.problems)} problem{'s' if len(a.problems) > 1 else ''}" if a.problems else "ok"
        counted = f"{a.rows} rows, {a.requirements} requirements, {a.combinations:,} combinations proved"
        yield f"{a.remedy:<12} {counted}, {verdict}"
        yield from (f"  {problem}" for problem in a.problems)
    yield (
        f"{sum(a.laws for a in audited)} laws were looked at: a remedy has another one wherever its rows, the numbers "
        "it reads or the list of offenses change, as far back as all these numbers are known."
    )
    tried, partial = sum(a.tried for a in audited), sum(a.partial for a in audited)
    whole = sum(a.tried == a.partial for a in audited)
    yield (
        "Proved for every combination: exactly one row decides; asked in the order of the table, an answer is settled "
        "as soon as all that can follow agrees, and not before."
    )
    yield (
        f"Tried, not proved: the same for knowledge in any other order ({tried:,} partial knowledges of {partial:,}; "
        f"all of them for {whole} of {len(audited)} remedies)."
    )
    yield (
        "Shown by records found in a search: every row, requirement, flag, box, note, fallback and presumption happens "
        f"to somebody; none of {sum(a.lives for a in audited):,} partial records takes an unknown for a yes in silence."
    )
    problems = sum(len(a.problems) for a in audited)
    if problems:
        yield "What is listed as a problem above is not so."
    yield f"{len(audited)} remedies audited, {problems} problem{'' if problems == 1 else 's'}"
