"""Judging one count by one remedy.

A remedy is a table of rows over requirements; a requirement is a tree over facts. Whatever the trees say, they read a
count only through its *atoms*, the smallest yes/no parts ("plants <= 6"). So the judge works in two steps:

1. read the atoms of this count: a tuple of yes, no and unknown;
2. decide from that tuple alone. The decision is kept, because a county's hundred thousand counts share a few hundred
tuples.

With unknown atoms step 2 follows every way they could turn out (consistently: "plants <= 6" and "plants > 6" never
agree) and sees which rows could be reached. If all ways lead to one answer, that is the answer, however much is
unknown. If not, the facts at which the ways part are exactly the facts worth asking for. Only then the presumptions of
the statute are applied, and the answer says that it rests on them; if several answers are still left, a fallback of the
tables, else `need_info`.

Atoms about different things are followed as if they had nothing to do with each other. Where they have (an age
counted from a birth date, and a day of the offense known only as "2016"), a way may be followed that no life could
take: then a settled answer is called open, and one question too many is asked; never the other way round.

Worked example: possession for sale (11359) from 2006, nothing known of earlier convictions. Rows: serious prior -> no;
two priors -> lawyer; else -> misdemeanor. Unknown priors leave three answers open. The statute presumes that the person
qualifies unless the prosecution proves otherwise, so: `eligible_mandatory`, flag `presumption_only`, not settled, and
the facts that would settle it are the priors.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import reduce
from itertools import pairwise, product
from operator import itemgetter
from threading import Lock
from typing import Any as AnyType
from typing import NamedTuple

from . import expression as ex
from . import straight_line
from .cite import Cite
from .facts import derivations, dictionary, read_by, to_ask
from .law import numbers, series, turning_points
from .remedy import ELIGIBLE, OUTCOMES, Note, Presumption, Remedy, Requirement, Row, in_force
from .span import Span, Value
from .straight_line import Taken, Vector, masks
from .truth import Truth

Verdict = tuple[str, str, str]  # outcome, relief, the date expression: what a person would call "the answer"
KEPT = 5_000  # decisions kept for one section of one remedy; more distinct tuples than this and the store is emptied
FOLLOWED = 200_000  # the same for the ways followed


@dataclass(frozen=True, slots=True)
class Reason:
    """One requirement, and how it stands. ``presumed``: unknown, and taken as the statute presumes."""

    requirement: Requirement
    truth: Truth
    presumed: bool
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the table as it was passed or taken."""

    row: Row
    truth: Truth
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """Everything that follows from the atoms alone."""

    outcome: str
    relief: str
    or_better: bool
    row: Row | None
    row_holds: bool  # what the row asks for is known to hold; else its words may speak of what nobody has said
    also: tuple[Row, ...]  # other rows that could be the one, and give the same answer
    days: tuple[str, ...]  # of a "not yet": the day that each answer still possible gives; the last of them is told
    settled: bool
    presumed: tuple[str, ...]
    assumed: tuple[str, ...]
    flags: tuple[str, ...]
    form: str
    boxes: tuple[str, ...]
    notes: tuple[int, ...]
    steps: tuple[Step, ...]
    open_facts: tuple[str, ...]
    possible: tuple[tuple[str, str], ...]
    confidence: str
    ask: tuple[str, ...]  # of each open fact, what to ask a person
    told: dict[AnyType, AnyType] = field(
        default_factory=dict, compare=False, repr=False
    )  # explanation.py keeps words here


@dataclass(frozen=True, slots=True)
class Finding:
    """What one remedy gives one count. ``would_settle`` names the facts that could still change the outcome or the
    relief: what to ask a person, where a derived fact can be known in several ways (an age, or a date of birth)."""

    remedy: Remedy
    decision: Decision
    eligible_on: date | None
    dates: tuple[tuple[Note, date | None], ...]
    would_settle: tuple[str, ...]
    would_date: tuple[str, ...]  # of a "not yet" without its day: the unknown facts that would give it
    facts: Mapping[str, Value]

    @property
    def outcome(self) -> str:
        return self.decision.outcome

    @property
    def relief(self) -> str:
        return self.decision.relief

    @property
    def settled(self) -> bool:
        return self.decision.settled

    @property
    def flags(self) -> tuple[str, ...]:
        return self.decision.flags

    @property
    def elsewhere(self) -> bool:
        """The remedy is not about this kind of entry at all."""
        row = self.decision.row
        return row is not None and row.elsewhere

    @property
    def form(self) -> str:
        return self.decision.form

    @property
    def boxes(self) -> tuple[str, ...]:
        return self.decision.boxes

    @property
    def cite(self) -> Cite:
        row = self.decision.row
        return row.cite if row else self.remedy.statute


# ---- a remedy made ready

Pick = Callable[[Vector], Vector]  # some atoms of all


class _Line(NamedTuple):
    """A row of the table, and where its truth and its requirements stand in the row of truths."""

    row: Row
    place: int
    requirements: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """What is known once it is known which section of the law it is: the rows that are not about others, the atoms that
    can still matter (nobody's plants change a possession for sale), and the decisions made for them."""

    rows: tuple[_Line, ...]
    matter: frozenset[int]
    pick: Pick
    kept: dict[tuple[Vector, Vector], Decision] = field(default_factory=dict)


class Group(NamedTuple):
    """Atoms about one thing, and every way they can stand together (bit i of a way: atom i is yes)."""

    atoms: tuple[int, ...]
    mask: int
    ways: tuple[int, ...]
    facts: tuple[str, ...]


class _Branch(NamedTuple):
    """A group whose turning out matters, and where each way leads: to other branches, or to a verdict."""

    group: int
    ways: tuple[int, ...]
    verdicts: int  # bit k: verdict k can be reached


@dataclass(slots=True)
class Ways:
    """What could still happen, for every tuple of atoms met so far. Equal diagrams are one: a place in ``nodes``, the
    first of which are the verdicts themselves."""

    verdicts: tuple[Verdict, ...]
    nodes: list[_Branch] = field(default_factory=list)
    places: dict[_Branch, int] = field(default_factory=dict)
    followed: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)  # atoms: (node, rows reached)

    def __post_init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self.nodes[:] = [_Branch(-1, (), 1 << k) for k in range(len(self.verdicts))]
        self.places.clear()
        self.followed.clear()

    def branch(self, group: int, ways: tuple[int, ...]) -> int:
        """The place of a branch; a branch whose ways all lead to one place is that place."""
        if all(w == ways[0] for w in ways):
            return ways[0]
        node = _Branch(group, ways, reduce(int.__or__, (self.nodes[w].verdicts for w in ways)))
        place = self.places.get(node)
        if place is None:
            place = self.places[node] = len(self.nodes)
            self.nodes.append(node)
        return place

    def reached(self, place: int) -> list[Verdict]:
        """The answers that can still be reached."""
        return [v for k, v in enumerate(self.verdicts) if self.nodes[place].verdicts >> k & 1]

    def parting(self, place: int) -> tuple[int, ...]:
        """The groups at which the ways part, nearest first."""
        found: dict[int, None] = {}
        queue = [place]
        seen = {place}
        for at in queue:  # grows while it is read
            node = self.nodes[at]
            if node.group >= 0:
                found[node.group] = None
                fresh = [w for w in dict.fromkeys(node.ways) if w not in seen]
                seen.update(fresh)
                queue += fresh
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Places:
    """Where in the row of truths that ``Law.table`` gives the different tests stand."""

    requirements: Mapping[str, int]
    rows: range
    fallbacks: range
    flags: tuple[tuple[str, int, bool], ...]  # name, place, only with an eligible answer
    papers: tuple[tuple[str, int, tuple[tuple[str, int], ...]], ...]
    notes: range


class Gate(NamedTuple):
    """The rows at the head of a table, down to the last that says "not about this entry at all". Most remedies end
    there for most counts, so these few atoms are read first: where such a row holds for certain, nothing else can
    matter."""

    atoms: tuple[ex.Atom, ...]
    places: tuple[int, ...]  # of its atoms among all
    read: Callable[[Mapping[str, Value], date], Vector]
    kept: dict[Vector, Decision | None]  # None: the gate is open, read on


@dataclass(frozen=True, slots=True)
class Law:
    """A remedy made ready for a time in which no number and no row changes."""

    remedy: Remedy
    rows: tuple[Row, ...]
    atoms: tuple[ex.Atom, ...]
    groups: tuple[Group, ...]
    group_of: tuple[int, ...]
    row_atoms: tuple[tuple[int, ...], ...]
    lines: tuple[_Line, ...]
    section_tests: frozenset[int]  # places of the requirements that say which section it is
    taken: tuple[Taken, ...]  # what is presumed, for columns.py
    read: straight_line.Read
    table: straight_line.Table
    first: straight_line.First
    places: Places
    note_days: tuple[Callable[[ex.Facts], Value], ...]
    row_days: Mapping[str, Callable[[ex.Facts], Value]]
    day_facts: Mapping[str, tuple[str, ...]]  # of each day of a row: the stated facts it is counted from
    ways: Ways
    row_verdicts: tuple[int, ...]
    test_atoms: tuple[tuple[int, ...], ...]  # of each place of the table
    reasons: tuple[
        Mapping[tuple[Truth, bool], Reason], ...
    ]  # of each requirement: by truth, and whether it was presumed
    section_places: tuple[int, ...]  # the atoms about the offense alone
    section_of: Pick
    gate: Gate | None
    sections: dict[Vector, Section] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)  # held while a tuple is decided that nobody met before


class Day(NamedTuple):
    """All remedies in force on a day, each with the place of its gate's atoms among those of all gates."""

    laws: tuple[tuple[Law, Pick | None], ...]
    read_gates: Callable[[Mapping[str, Value], date], Vector]
    as_of: date


class _Times(NamedTuple):
    """The law of a remedy between the days on which it changes."""

    remedy: Remedy
    days: tuple[date, ...]
    laws: dict[int, Law]


_READY: dict[int, _Times] = {}
_DERIVERS: dict[int, straight_line.Derive] = {}
# By identity, since comparing whole declarations would cost more than deciding.
_OF_A_DAY: dict[tuple[int, date], tuple[tuple[Remedy, ...], Day]] = {}
_DAYS_KEPT = 500


def ready(remedy: Remedy, as_of: date) -> Law:
    """The remedy with the numbers of that day, made once for each time between two changes of law."""
    times = _READY.get(id(remedy))
    if times is None or times.remedy is not remedy:
        days = sorted({*turning_points(), *_own_days(remedy)})
        times = _READY[id(remedy)] = _Times(remedy, tuple(days), {})
    epoch = bisect_right(times.days, as_of)
    law = times.laws.get(epoch)
    if law is None:
        law = times.laws[epoch] = build(remedy, as_of)
    return law


def all_ready(remedies: tuple[Remedy, ...], as_of: date) -> Day:
    """Those of the remedies that are in force on that day, made ready."""
    kept = _OF_A_DAY.get((id(remedies), as_of))
    if kept is None or kept[0] is not remedies:
        if len(_OF_A_DAY) >= _DAYS_KEPT:
            _OF_A_DAY.clear()
        kept = remedies, _day([ready(r, as_of) for r in remedies if in_force(r, as_of)], as_of)
        _OF_A_DAY[id(remedies), as_of] = kept
    return kept[1]


def _day(laws: Sequence[Law], as_of: date) -> Day:
    gates = [law.gate for law in laws]
    atoms = {a: i for i, a in enumerate(dict.fromkeys(a for gate in gates if gate for a in gate.atoms))}
    picks = [_pick([atoms[a] for a in gate.atoms]) if gate else None for gate in gates]
    return Day(tuple(zip(laws, picks, strict=True)), straight_line.atoms_only(tuple(atoms), numbers(as_of)), as_of)


def judge_all(day: Day, stated: Mapping[str, Value]) -> list[Finding]:
    """What each remedy of the day gives a count, in their order."""
    known = derive(stated, day.as_of)
    heads = day.read_gates(known, day.as_of)
    return [judged(law, stated, day.as_of, known, pick(heads) if pick else None) for law, pick in day.laws]


def derive(stated: Mapping[str, Value], as_of: date) -> dict[str, Value]:
    """All facts of a count: the stated ones, and those that follow from them on that day."""
    epoch = bisect_right(turning_points(), as_of)
    made = _DERIVERS.get(epoch)
    if made is None:
        made = _DERIVERS[epoch] = straight_line.deriver(derivations(), numbers(as_of))
    return made(stated, as_of)


def forget() -> None:
    """Empties all that is kept: every remedy is made ready anew when next it is asked for."""
    _READY.clear()
    _DERIVERS.clear()
    _OF_A_DAY.clear()


def _own_days(remedy: Remedy) -> set[date]:
    items: list[Remedy | Requirement | Row] = [remedy, *remedy.requirements, *remedy.rows]
    return {i.since for i in items if i.since} | {i.until + timedelta(days=1) for i in items if i.until}


def build(remedy: Remedy, as_of: date) -> Law:
    """Parses and checks a remedy. Raises :class:`~rules.expression.BadExpression` for a rule that cannot be read, and
    ValueError for a table that is not sound (see :func:`_check`)."""
    values, names, law_names = numbers(as_of), dictionary(), series()
    _check(remedy)
    requirements = {r.name: r for r in remedy.requirements if in_force(r, as_of)}
    trees = {n: _parsed(f"{remedy.name}, {n}", r.test, names, law_names) for n, r in requirements.items()}
    rows = tuple(r for r in remedy.rows if in_force(r, as_of))
    row_trees = [_parsed(f"{remedy.name}, row {r.name}", r.when, (), (), trees) for r in rows]
    for row, tree in zip(rows, row_trees, strict=True):
        if any(isinstance(n, ex.Known) for n in ex.walk(tree)):
            raise ValueError(f"{remedy.name}, row {row.name}: what is known may decide only in a fallback")
    if not rows or row_trees[-1] != ex.Literal(True):
        raise ValueError(f"{remedy.name}: the last row must always hold")

    def other(what: str, text: str) -> ex.Expr:
        return _parsed(f"{remedy.name}, {what}", text, names, law_names, trees)

    def day_of(what: str, text: str) -> Callable[[ex.Facts], Value]:
        return ex.compiled(_stated_only(other(what, text)), values)

    tests = [*trees.values(), *row_trees]

    def add(what: str, text: str) -> int:
        tests.append(other(what, text))
        return len(tests) - 1

    places = Places(
        requirements={n: i for i, n in enumerate(trees)},
        rows=range(len(trees), len(tests)),
        fallbacks=_span_of([add(f"fallback {r.name}", r.when) for r in remedy.fallbacks]),
        flags=tuple((f.name, add(f"flag {f.name}", f.when), f.only_eligible) for f in remedy.flags if f.when),
        papers=tuple(
            (p.form, add(p.form, p.when), tuple((b.label, add(f"{p.form} {b.label}", b.when)) for b in p.boxes))
            for p in remedy.papers
        ),
        notes=_span_of([add(f"note {n.name}", n.when) for n in remedy.notes]),
    )
    atoms = {a: i for i, a in enumerate(dict.fromkeys(a for t in tests for a in _atoms_in(t)))}
    groups = _groups(tuple(atoms), values)
    verdicts = tuple(dict.fromkeys(verdict_of(r) for r in rows))
    section_places = tuple(i for a, i in atoms.items() if ex.facts_in(a) == ("offense",))
    taken = [Taken(p.fact, p.value, other(f"presumption {p.fact}", p.when)) for p in remedy.presumptions]
    return Law(
        remedy=remedy,
        rows=rows,
        atoms=tuple(atoms),
        groups=groups,
        group_of=tuple(next(g for g, group in enumerate(groups) if a in group.atoms) for a in range(len(atoms))),
        row_atoms=tuple(tuple(dict.fromkeys(atoms[a] for a in _atoms_in(t))) for t in row_trees),
        lines=tuple(
            _Line(r, place, tuple(places.requirements[n] for n in ex.names_in(r.when) if n in trees))
            for r, place in zip(rows, places.rows, strict=True)
        ),
        section_tests=frozenset(places.requirements[n] for n, r in requirements.items() if r.kind == "section"),
        taken=tuple(taken),
        read=straight_line.reader(tuple(atoms), derivations(), taken, values),
        table=straight_line.table(tests, atoms),
        first=straight_line.first(row_trees, atoms),
        places=places,
        note_days=tuple(day_of(f"note {n.name}", n.on) for n in remedy.notes),
        row_days={r.on: day_of(f"row {r.name}", r.on) for r in (*rows, *remedy.fallbacks) if r.on},
        day_facts={
            r.on: ex.facts_in(_stated_only(other(f"row {r.name}", r.on))) for r in (*rows, *remedy.fallbacks) if r.on
        },
        ways=Ways(verdicts),
        row_verdicts=tuple(verdicts.index(verdict_of(r)) for r in rows),
        test_atoms=tuple(tuple(dict.fromkeys(atoms[a] for a in _atoms_in(t))) for t in tests),
        reasons=tuple(_reasons(requirements[n], _stated_behind(t)) for n, t in trees.items()),
        section_places=section_places,
        section_of=_pick(section_places),
        gate=_gate(rows, row_trees, atoms, values),
    )


def _gate(rows: Sequence[Row], trees: Sequence[ex.Expr], atoms: Mapping[ex.Atom, int], values: ex.Law) -> Gate | None:
    last = max((i for i, row in enumerate(rows) if row.elsewhere), default=-1)
    head = tuple(dict.fromkeys(a for tree in trees[: last + 1] for a in _atoms_in(tree)))
    if not head:
        return None
    return Gate(head, tuple(atoms[a] for a in head), straight_line.atoms_only(head, values), {})


def _reasons(requirement: Requirement, facts: tuple[str, ...]) -> dict[tuple[Truth, bool], Reason]:
    ways: tuple[tuple[Truth, bool], ...] = ((True, False), (False, False), (None, False), (None, True))
    return {way: Reason(requirement, *way, facts) for way in ways}


def _pick(places: Sequence[int]) -> Pick:
    if len(places) > 1:
        return itemgetter(*places)
    return lambda v: tuple([v[i] for i in places])


def _check(remedy: Remedy) -> None:
    """Refuses a table with a word that means nothing: raises ValueError naming the remedy, the place and the word."""

    def known(what: str, word: str, words: Iterable[str]) -> None:
        if word not in words:
            raise ValueError(f"{remedy.name}: {what} is called {word!r}")

    stated = {n for n, e in dictionary().items() if e.scope != "derived"}
    seen: set[str] = set()
    for r in remedy.requirements:
        if r.name in seen or r.name in dictionary():
            raise ValueError(f"{remedy.name}: the name {r.name!r} is taken; a requirement needs one of its own")
        seen.add(r.name)
    for row in (*remedy.rows, *remedy.fallbacks):
        known(f"row {row.name}: no outcome", row.outcome, OUTCOMES)
        known(f"row {row.name}: no relief", row.relief, ("", *(name for name, _ in remedy.reliefs)))
        for flag in row.flags:
            known(f"row {row.name}: no flag", flag, {f.name for f in remedy.flags})
    for p in remedy.presumptions:
        known("presumption: no fact", p.fact, stated)
    for f in remedy.flags:
        known(f"flag {f.name}: no fact", f.asks or next(iter(stated)), stated)


def _parsed(
    where: str,
    text: str,
    names: Iterable[str],
    law_names: Iterable[str],
    trees: Mapping[str, ex.Expr] | None = None,
) -> ex.Expr:
    """Rows of the table speak of requirements only; all else may name facts too."""
    try:
        return ex.parse(text, tuple(names), tuple(law_names), trees)
    except ex.BadExpression as error:
        raise ex.BadExpression(f"{where}: {error}") from error


def _span_of(places: list[int]) -> range:
    return range(places[0], places[-1] + 1) if places else range(0)


def _atoms_in(tree: ex.Expr) -> Iterable[ex.Atom]:
    return () if isinstance(tree, ex.Literal) else ex.atoms_in(tree)


def verdict_of(row: Row) -> Verdict:
    """What a person would call the answer of a row."""
    return row.outcome, row.relief, row.on


def _stated_behind(tree: ex.Expr) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f for name in ex.facts_in(tree) for f in read_by(name)))


def _stated_only(tree: ex.Expr) -> ex.Expr:
    """The tree with derived facts written out, so that the stated facts alone give its value."""
    derived = dict(derivations())
    match tree:
        case ex.Fact(name) if name in derived:
            return _stated_only(derived[name])
        case ex.Call(name, arguments):
            return ex.Call(name, tuple(_stated_only(a) for a in arguments))
        case ex.LookUp(column, of_):
            return ex.LookUp(column, tuple(_stated_only(a) for a in of_))
        case ex.Compare(op, left, right):
            return ex.Compare(op, _stated_only(left), _stated_only(right))
        case ex.Among(of, among):
            return ex.Among(_stated_only(of), among)
        case ex.Not(of):
            return ex.Not(_stated_only(of))
        case ex.Known(of):
            return ex.Known(_stated_only(of))
        case ex.All(parts):
            return ex.All(tuple(_stated_only(p) for p in parts))
        case ex.Any(parts):
            return ex.Any(tuple(_stated_only(p) for p in parts))
    return tree


def _groups(atoms: tuple[ex.Atom, ...], values: Mapping[str, Value]) -> tuple[Group, ...]:
    """Atoms about the same thing, with the ways they can stand together, found by trying a value from every region."""
    by_subject: dict[ex.Expr, list[int]] = {}
    for i, atom in enumerate(atoms):
        by_subject.setdefault(_subject(atom), []).append(i)
    groups = []
    for subject, members in by_subject.items():
        facts = tuple(dict.fromkeys(f for i in members for f in ex.facts_in(atoms[i])))
        samples = _samples(subject, [atoms[i] for i in members], values)
        if samples is None:
            patterns = set(product((True, False), repeat=len(members)))
        else:
            readers = [_with_subject(atoms[i], values) for i in members]
            patterns = {tuple(r(s) is True for r in readers) for s in samples}
        ways = tuple(
            sum(1 << i for i, yes in zip(members, p, strict=True) if yes) for p in sorted(patterns, reverse=True)
        )
        groups.append(Group(tuple(members), sum(1 << i for i in members), ways, facts))
    return tuple(groups)


def _subject(atom: ex.Atom) -> ex.Expr:
    """What an atom is about: the left side, where the right side is a fixed value; else the atom itself."""
    match atom:
        case ex.Among(of, _):
            return of
        case ex.Compare(_, left, ex.Literal() | ex.LawNumber()):
            return left
    return atom


def _with_subject(atom: ex.Atom, values: Mapping[str, Value]) -> Callable[[Value], Value]:
    """The atom as a function of its subject's value."""
    stand_in = ex.Fact("subject")
    match atom:
        case ex.Among(_, allowed):
            read = ex.compiled(ex.Among(stand_in, allowed), values)
        case ex.Compare(op, _, right):
            read = ex.compiled(ex.Compare(op, stand_in, right), values)
        case _:
            read = ex.compiled(stand_in, values)
    return lambda s: read({"subject": s})


def _samples(subject: ex.Expr, atoms: list[ex.Atom], values: Mapping[str, Value]) -> list[Value] | None:
    """A value from every region the atoms tell apart; ``None`` if it cannot be sampled (then all ways are tried)."""
    if isinstance(subject, (ex.Compare, ex.Known)):
        return None
    entry = dictionary().get(subject.name) if isinstance(subject, ex.Fact) else None
    if entry is not None and entry.type == "yes_no":
        return [True, False]
    points: list[AnyType] = []
    for atom in atoms:
        match atom:
            case ex.Among(_, allowed):
                points += allowed
            case ex.Compare(_, _, ex.Literal(value)):
                points.append(value)
            case ex.Compare(_, _, ex.LawNumber(name)):
                points.append(values[name])
    if any(p is None for p in points):
        return None
    if entry is not None and entry.choices:
        return list(entry.choices)
    if any(isinstance(p, str) for p in points):
        return [*points, "\0 something else"]
    if any(isinstance(p, date) for p in points):
        near = {p + timedelta(days=d) for p in points for d in (-1, 0, 1)}
        return sorted(near)
    ordered = sorted(set(points))
    between = [(a + b) / 2 for a, b in pairwise(ordered)]
    return [ordered[0] - 1, *ordered, *between, ordered[-1] + 1]


# ---- deciding


def _follow(law: Law, t: int, m: int) -> tuple[int, int]:
    """Follows every way the unknown atoms could turn out: the place of the diagram in ``law.ways``, and the rows
    reached (bit i: row i)."""
    done = law.ways.followed.get((t, m))
    if done is not None:
        return done
    row = law.first(t, m)
    if row >= 0:
        done = law.row_verdicts[row], 1 << row
    else:
        group, onward = ways_on(law, ~row, t, m)
        places, rows = [], 0
        for way in onward:
            place, reached = _follow(law, *way)
            places.append(place)
            rows |= reached
        done = law.ways.branch(group, tuple(places)), rows
    law.ways.followed[t, m] = done
    return done


def ways_on(law: Law, row: int, t: int, m: int) -> tuple[int, list[tuple[int, int]]]:
    """The first group of atoms that a row still waits for, and all atoms after each way in which it can turn out."""
    unknown = m & ~t
    g = law.group_of[next(a for a in law.row_atoms[row] if unknown >> a & 1)]
    group = law.groups[g]
    known, t_else, m_else = group.mask & ~unknown, t & ~group.mask, m & ~group.mask
    return g, [(t_else | way, m_else | way) for way in group.ways if not (way ^ t) & known]


def within_reach(law: Law, t: int, m: int) -> tuple[list[Verdict], int]:
    """The answers that the unknown atoms still leave open, and the rows (bit i: row i). For `audit.py`; nothing is
    locked and nothing is forgotten, so give it a law of its own (:func:`build`)."""
    place, rows = _follow(law, t, m)
    return law.ways.reached(place), rows


def judge(remedy: Remedy, stated: Mapping[str, Value], as_of: date) -> Finding:
    """What the remedy gives a count with these stated facts on that day."""
    return judged(ready(remedy, as_of), stated, as_of)


def judged(
    law: Law,
    stated: Mapping[str, Value],
    as_of: date,
    derived: Mapping[str, Value] | None = None,
    head: Vector | None = None,
) -> Finding:
    """The same, of a remedy made ready: no decision is made twice. Several threads may ask at once. ``derived``: what
    :func:`derive` gave, and ``head`` the atoms of its gate, where several remedies judge one count."""
    known = derive(stated, as_of) if derived is None else derived
    if law.gate is not None:
        closed = _at_gate(law, law.gate, law.gate.read(known, as_of) if head is None else head)
        if closed is not None:
            return Finding(law.remedy, closed, None, (), (), (), stated)
    v, v2 = law.read(known, as_of)
    which = law.section_of(v)
    section = law.sections.get(which)
    if section is None:
        section = law.sections.setdefault(which, _section(law, which))
    matter = section.pick(v), section.pick(v2)
    decision = section.kept.get(matter)
    if decision is None:
        with law.lock:
            if len(section.kept) > KEPT:
                section.kept.clear()
            if len(law.ways.followed) > FOLLOWED:
                law.ways.clear()
            decision = section.kept[matter] = decide_atoms(law, section, _only(section, v), _only(section, v2))
    facts = {**stated, "as_of": as_of} if decision.notes or decision.days else stated
    days = [_latest(law.row_days[on](facts)) if on else None for on in decision.days]
    opens = max((d for d in days if d is not None), default=None) if None not in days else None
    return Finding(
        remedy=law.remedy,
        decision=decision,
        eligible_on=opens,
        dates=tuple([(law.remedy.notes[i], _latest(law.note_days[i](facts))) for i in decision.notes]),
        would_settle=tuple(
            [
                n
                for n in decision.ask
                if (x := stated.get(n)) is None or type(x) is Span or (decision.row and n in decision.row.asks)
            ]
        ),
        would_date=tuple(dict.fromkeys(n for on in decision.days if on for n in law.day_facts[on] if n not in stated))
        if opens is None
        else (),
        facts=stated,
    )


def _at_gate(law: Law, gate: Gate, head: Vector) -> Decision | None:
    """The decision, if the remedy is for certain not about this entry."""
    if head in gate.kept:
        return gate.kept[head]
    all_atoms: list[Truth] = [None] * len(law.atoms)
    for place, truth in zip(gate.places, head, strict=True):
        all_atoms[place] = truth
    v = tuple(all_atoms)
    which = law.section_of(v)
    with law.lock:
        decision = decide_atoms(law, _section(law, which), v, v)
        closed = decision.settled and decision.row is not None and decision.row.elsewhere
        if len(gate.kept) > KEPT:
            gate.kept.clear()
        found = gate.kept[head] = decision if closed else None
    return found


def _latest(v: Value) -> date | None:
    """A date a person may rely on: of a span, its last day."""
    end = v.high if isinstance(v, Span) else v
    return end if isinstance(end, date) else None


def _section(law: Law, which: Vector) -> Section:
    """The section that these atoms say. What the atoms that do not matter could move is ruled out by the section, or
    comes after a row that then always holds."""
    known: list[Truth] = [None] * len(law.atoms)
    for place, truth in zip(law.section_places, which, strict=True):
        known[place] = truth
    truths = law.table(*masks(known))
    lines = [line for line in law.lines if not _elsewhere(law, line, truths)]
    last = next(n for n, line in enumerate(lines) if truths[line.place])
    lines = lines[: last + 1]
    read = {place for line in lines for place in line.requirements}
    read.update(i for i in range(law.places.rows.stop, len(truths)) if truths[i] is not False)
    matter = {a for place in read for a in law.test_atoms[place]} | set(law.section_places)
    return Section(tuple(lines), frozenset(matter), _pick(sorted(matter)))


def _only(section: Section, v: Vector) -> Vector:
    """The atoms with those that do not matter made unknown, so that no decision can hang on them."""
    return tuple([truth if i in section.matter else None for i, truth in enumerate(v)])


def _elsewhere(law: Law, line: _Line, truths: Sequence[Truth]) -> bool:
    """Is it a row about another section of the law?"""
    return truths[line.place] is False and any(truths[i] is False for i in line.requirements if i in law.section_tests)


def decide_atoms(law: Law, section: Section, v: Vector, v2: Vector) -> Decision:
    """The decision for atoms ``v`` as known and ``v2`` as presumed."""
    remedy, ways, places = law.remedy, law.ways, law.places
    known, presumed = masks(v), masks(v2)
    now, _ = _follow(law, *known)
    then, rows_left = _follow(law, *presumed)
    as_known, as_presumed = law.table(*known), law.table(*presumed)
    possible, left = ways.reached(now), ways.reached(then)
    settled = len(possible) == 1
    open_facts = _facts_of(law, now)

    row: Row | None = None
    row_holds = True
    also: Sequence[Row] = ()
    outcome, relief, or_better = "need_info", "", False
    if len({verdict[0] for verdict in left}) == 1 or {verdict[0] for verdict in left} <= ELIGIBLE:
        # Several answers, all of them open doors: the least of them is sure.
        least = min(left, key=lambda verdict: (-OUTCOMES.index(verdict[0]), _rank(remedy, verdict)))
        outcome, relief, _ = least
        or_better = len(left) > 1
        places_left = [i for i, r in enumerate(law.rows) if rows_left >> i & 1 and verdict_of(r) == least]
        row, *also = [law.rows[i] for i in places_left]
        row_holds = as_presumed[places.rows[places_left[0]]] is True
    else:
        held = (r for r, i in zip(remedy.fallbacks, places.fallbacks, strict=True) if as_presumed[i])
        row = next(held, None)
        if row:
            outcome, relief = row.outcome, row.relief

    taken = _taken(law, v, v2, open_facts) if possible != left else ()
    burden = tuple(p.fact for p in taken if p.burden)
    eligible = outcome in ELIGIBLE
    flags = list(row.flags) if row else []
    flags += [name for name, i, only_eligible in places.flags if as_presumed[i] and (eligible or not only_eligible)]
    if eligible:
        better = {n for f in _facts_of(law, then) for n in to_ask(f)}
        flags += [f.name for f in remedy.flags if f.asks in better]
        flags += ["presumption_only"] if burden else []
    flags = list(dict.fromkeys(flags))
    form, boxes = _paper(places, as_presumed) if eligible else ("", ())
    confidence = row.confidence if row and not burden and "presumption_only" not in flags else "low"
    return Decision(
        outcome=outcome,
        relief=relief,
        or_better=or_better,
        row=row,
        row_holds=row_holds,
        also=tuple(also),
        days=_days(row, left) if outcome == "not_yet" else (),
        settled=settled,
        presumed=burden,
        assumed=tuple(p.fact for p in taken if not p.burden),
        flags=tuple(flags),
        form=form,
        boxes=boxes,
        notes=tuple(n for n, i in enumerate(places.notes) if as_presumed[i]),
        steps=_steps(law, section, as_known, as_presumed, row),
        open_facts=open_facts,
        possible=tuple(dict.fromkeys(verdict[:2] for verdict in left)),
        confidence=confidence,
        ask=tuple(dict.fromkeys([*(n for f in open_facts for n in to_ask(f)), *(row.asks if row else ())])),
    )


def _days(row: Row | None, left: Sequence[Verdict]) -> tuple[str, ...]:
    """The day of the row that says "not yet", and of all others that may still be the one."""
    own = [row.on] if row else []
    return tuple(dict.fromkeys([*own, *(day for outcome, _, day in left if outcome == "not_yet")]))


def _facts_of(law: Law, place: int) -> tuple[str, ...]:
    """The facts at which the ways part, nearest first."""
    return tuple(dict.fromkeys(f for g in law.ways.parting(place) for f in law.groups[g].facts))


def _rank(remedy: Remedy, verdict: Verdict) -> int:
    """How much a relief gives, least first; none at all is less."""
    return next((i for i, (name, _) in enumerate(remedy.reliefs) if name == verdict[1]), -1)


def _taken(law: Law, v: Vector, v2: Vector, open_facts: Sequence[str]) -> tuple[Presumption, ...]:
    """The presumptions on which the answer rests: of the open facts, those that they moved."""
    behind = {s for f in open_facts for s in read_by(f)}
    changed = [atom for atom, x, y in zip(law.atoms, v, v2, strict=True) if x is not y]
    moved = {s for atom in changed for s in _stated_behind(atom)} & behind
    return tuple(p for p in law.remedy.presumptions if p.fact in moved)


def _paper(places: Places, truths: Sequence[Truth]) -> tuple[str, tuple[str, ...]]:
    """The form that goes with the answer, and its boxes."""
    for form, i, boxes in places.papers:
        if truths[i]:
            return form, tuple(label for label, box in boxes if truths[box])
    return "", ()


def _steps(
    law: Law, section: Section, known: Sequence[Truth], presumed: Sequence[Truth], decided: Row | None
) -> tuple[Step, ...]:
    """The rows as they were read, down to the one that decided (all that could still hold, where none did). A row about
    another section of the law is left out."""
    steps = []
    for line in section.rows:
        truth = presumed[line.place]
        if not _elsewhere(law, line, presumed):
            reasons = [
                law.reasons[i][known[i], known[i] is None and presumed[i] is not None] for i in line.requirements
            ]
            steps.append(Step(line.row, truth, tuple(reasons)))
        if line.row is decided or truth:
            break
    return tuple(steps)
