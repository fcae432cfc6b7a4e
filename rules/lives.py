"""People the law could meet, found by search: the proof that something in a remedy can happen at all.

The judge's diagram follows ways that no life could take: it does not know that a section on the list of Proposition 47
is never an infraction, or that who was born in 2010 was no adult in 2020. So it can prove what must always hold, but
that a row is reached or a box is ticked is shown here only by a person to whom it happens: a set of stated facts that
the reader of records would accept, and from which the judge itself finds it.

The search states one fact after the other: always one behind the first test that is still open, each with every value
that any rule tells apart (a day before and after each limit, every choice, every kind of section in the offense
catalogue), and turns back as soon as a test has gone the other way.

Worked example: who gets row "growing_legal_now" of Proposition 64? The row asks for 11358, so the offense is stated;
then for six plants, then for the age of 21; then what the rows above it ask, each so that they do not hold. The life
found: HS 11358, 5 plants, 21 years old, offense of 2008, convicted, not cleared yet, and so on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from itertools import product
from typing import Any

from . import catalogue
from . import expression as ex
from .facts import derivations, dictionary, read_by, to_ask
from .judge import Finding, Law, derive, judged
from .law import numbers
from .record import Case, Count, Person, Record, contradictions
from .span import Value, eq
from .straight_line import masks
from .when import add_years, years_between

Life = Mapping[str, Value]
Limit = int | float | date
SECTION = ("offense", "subdivision", "paragraph", "attempt")  # stated together: what the catalogue is asked by
NOT_LISTED = "PC 99999"  # stands for every section that the catalogue does not have
PAST = (1, 3, 8, 16, 30, 60, 90)  # so many years ago are days to try for every date, besides those that a rule names


@dataclass(frozen=True, slots=True)
class Sight:
    """A life as far as it is stated, as the judge sees it: the atoms as known and as presumed. In ``later`` whatever is
    not known yet may still become known."""

    life: Life
    known: tuple[int, int]
    presumed: tuple[int, int]
    later: tuple[int, int]
    finding: Callable[[], Finding]


Open = Sequence[int]  # atoms worth knowing next
Goal = Callable[[Sight], bool | Open]  # reached, out of reach, or what to find out next


@dataclass(slots=True)
class Search:
    """The lives that a law could meet on one day. Made once for a law, asked for many goals."""

    law: Law
    as_of: date
    most: int  # lives looked at for one goal
    values: Mapping[str, tuple[Value, ...]] = field(init=False)
    sections: tuple[Life, ...] = field(init=False)
    granted: tuple[str, ...] = field(init=False)
    asked_known: int = field(init=False)  # the atoms that ask whether something is known
    tried: int = field(init=False, default=0)  # lives looked at, for all goals
    limit: int = field(init=False, default=0)
    leaving: frozenset[str] = field(init=False, default=frozenset())  # facts that the present search does not state

    def __post_init__(self) -> None:
        trees = relevant(self.law)
        self.values = {n: tuple(_values(n, trees, self.as_of)) for n in stated_in(self.law.atoms)}
        self.sections = tuple(_sections(trees, self.as_of))
        # What is taken for granted while nothing is said (an entry is a conviction unless it says otherwise) is stated
        # first: else a test on it would never be open, and only one way would be tried.
        taken = [n for n, v in derive({}, self.as_of).items() if v is not None]
        self.granted = tuple(s for n in taken for s in read_by(n) if s in self.values)
        self.asked_known = sum(1 << i for i, a in enumerate(self.law.atoms) if isinstance(a, ex.Known))

    def find(self, goal: Goal, most: int | None = None, leaving: frozenset[str] = frozenset()) -> Life | None:
        """A life that reaches the goal, and in which the facts ``leaving`` are not stated; ``None`` if there is none
        among those tried (at most ``most``)."""
        self.limit = self.tried + (most or self.most)
        self.leaving = leaving
        return self._from({}, goal)

    def see(self, life: Life) -> Sight:
        facts = derive(life, self.as_of)
        v, v2 = self.law.read(facts, self.as_of)
        t, m = masks(v)
        return Sight(
            life,
            (t, m),
            masks(v2),
            (t, m | self.asked_known),
            lambda: judged(self.law, life, self.as_of, facts),
        )

    def _from(self, life: Life, goal: Goal) -> Life | None:
        if self.tried == self.limit:
            return None
        self.tried += 1
        answer = goal(self.see(life))
        if answer is True:
            return life
        for more in self._next(life, answer or ()):
            whole = {**life, **more}
            if not impossible(whole, more) and (found := self._from(whole, goal)) is not None:
                return found
        return None

    def _next(self, life: Life, atoms: Open) -> Iterable[Life]:
        """What to state next to learn about the first of the atoms of which anything can still be learned."""
        for name in self.granted:
            if name not in life and name not in self.leaving:
                return [{name: v} for v in self.values[name]]
        for atom in atoms:
            for derived in ex.facts_in(self.law.atoms[atom]):
                for name in (*to_ask(derived), *read_by(derived)):
                    if name in self.leaving:
                        continue
                    if name in SECTION:
                        if not any(part in life for part in SECTION):
                            return self.sections
                    elif name not in life and name in self.values:
                        return [{name: v} for v in self.values[name]]
        return ()


def unknown_in(sight: tuple[int, int], atoms: Iterable[int]) -> tuple[int, ...]:
    t, m = sight
    return tuple(a for a in atoms if (m & ~t) >> a & 1)


def relevant(law: Law) -> tuple[ex.Expr, ...]:
    """The atoms of the law and the trees of all derived facts behind them."""
    trees = dict(derivations())
    found: dict[str, ex.Expr] = {}
    waiting = [n for a in law.atoms for n in ex.facts_in(a)]
    while waiting:
        name = waiting.pop()
        if name in trees and name not in found:
            found[name] = trees[name]
            waiting += ex.facts_in(trees[name])
    return (*law.atoms, *found.values())


def stated_in(atoms: Iterable[ex.Expr]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(s for a in atoms for n in ex.facts_in(a) for s in read_by(n)))


def impossible(life: Life, stated: Iterable[str]) -> bool:
    """Would the reader of records refuse it, or is the age another one than the dates give?"""
    if not any(n in ("superstrike_or_290c", "age_at_offense") or dictionary()[n].type == "date" for n in stated):
        return False
    counted = years_between(life.get("birth_date"), life.get("offense_date"))
    return eq(life.get("age_at_offense"), counted) is False or bool(contradictions(record_of(life)))


def record_of(life: Life) -> Record:
    """The life as a record of one case with one count."""

    def of(names: frozenset[str]) -> dict[str, Any]:
        return {n: v for n, v in life.items() if n in names}

    person, case, count = map(of, _FACTS)
    return Record(Person(**person), (Case(**case, counts=(Count(**count),)),))


_FACTS = tuple(frozenset(f.name for f in fields(part)) for part in (Person, Case, Count))


# ---- values to try


def _values(name: str, trees: Sequence[ex.Expr], as_of: date) -> Iterator[Value]:
    """A value of a stated fact from every region that a rule tells apart."""
    entry = dictionary()[name]
    match entry.type:
        case "yes_no":
            yield from (False, True)
        case "choice":
            yield from entry.choices
        case "number":
            at = [n for n in _limits(name, trees, as_of) if not isinstance(n, date)]
            yield from sorted({max(0, n + d) for n in at or [1] for d in (-1, 0, 1)})
        case "date":
            named = [n for n in _fixed(trees, as_of) if isinstance(n, date)]
            yield from _days(_limits(name, trees, as_of), [as_of, *named], entry.future, as_of)


def _days(limits: Sequence[Limit], named: Sequence[date], future: bool, as_of: date) -> Iterator[date]:
    """The days around each limit; a limit of years is counted back from today, and from every day that a rule names."""
    years = [n for n in limits if isinstance(n, int) and 0 < n < 100]
    back = [add_years(day, -n) for n in years for day in named] + [add_years(as_of, -n) for n in PAST]
    near = {day + timedelta(days=d) for day in limits if isinstance(day, date) for d in (-1, 0)}
    near |= {day + timedelta(days=d) for day in back if isinstance(day, date) for d in (-2, 2)}
    near |= {as_of - timedelta(days=1), *([as_of, as_of + timedelta(days=30)] if future else [])}
    yield from sorted((d for d in near if future or d <= as_of), reverse=True)


def _limits(name: str, trees: Sequence[ex.Expr], as_of: date) -> list[Limit]:
    """The numbers and days with which the rules compare this fact, or something counted from it."""
    compared = [n for tree in trees for n in ex.walk(tree) if isinstance(n, ex.Compare) and name in stated_in([n])]
    return _fixed(compared, as_of)


def _fixed(trees: Iterable[ex.Expr], as_of: date) -> list[Limit]:
    """The numbers and days that stand in the trees."""
    values = numbers(as_of)
    fixed = [ex.constant(n, values) for t in trees for n in ex.walk(t) if isinstance(n, (ex.Literal, ex.LawNumber))]
    return list(dict.fromkeys(n for n in fixed if isinstance(n, (int, float, date)) and not isinstance(n, bool)))


def _sections(trees: Sequence[ex.Expr], as_of: date) -> Iterator[Life]:
    """One section of each kind: of those that no rule tells apart, the first."""
    law = numbers(as_of)
    about = [n for tree in trees for n in ex.walk(tree) if _of_the_section(n)]
    tests = [ex.compiled(n, law) for n in dict.fromkeys(about)]
    seen = set()
    for section in _written(about, as_of):
        kind = tuple(test(section) for test in tests)
        if kind not in seen:
            seen.add(kind)
            yield section


def _of_the_section(node: ex.Expr) -> bool:
    """Does its value hang on the section alone?"""
    facts = ex.facts_in(node) if isinstance(node, (ex.Compare, ex.Among, ex.LookUp)) else ()
    return node == ex.Fact("attempt") or (facts != () and set(facts) <= {*SECTION})


def _written(about: Iterable[ex.Expr], as_of: date) -> Iterator[Life]:
    """Sections as a record may state them: those of the catalogue, those that the rules name, and one that nobody has
    heard of; as the crime itself and as an attempt."""
    rows = [(e.offense, e.subdivision, e.paragraph) for e in catalogue.on(as_of).entries]
    named: dict[str, list[str]] = {"offense": [NOT_LISTED], "subdivision": [], "paragraph": []}
    for node in about:
        if isinstance(node, (ex.Among, ex.Compare)) and len(facts := ex.facts_in(node)) == 1 and facts[0] in named:
            values = node.values if isinstance(node, ex.Among) else [getattr(node.right, "value", None)]
            named[facts[0]] += [v for v in values if isinstance(v, str)]
    rows += product(named["offense"], (None, *named["subdivision"]), (None, *named["paragraph"]))
    for attempt in (False, True):
        for parts in dict.fromkeys(rows):
            whole = dict(zip(SECTION, (*parts, attempt), strict=True))
            yield {n: v for n, v in whole.items() if v is not None}
