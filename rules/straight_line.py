"""The same trees as straight lines of Python, for speed.

A county has hundreds of thousands of counts, and walking a tree of small functions for each of them costs more than the
comparisons in it. So when a remedy is made ready, functions are written out and compiled, once:

- :func:`deriver`: from the stated facts of a count to those that follow from them, once for all remedies;
- :func:`reader`: from all these facts to the atoms of a remedy, first as they are known and then as presumed;
- :func:`table`: from atoms to the truth of every requirement, row, flag and box.

Only trees that `expression.parse` accepted come here: names are names of the fact dictionary, texts and numbers are
written by ``repr`` or handed over by name, so that nothing else can get into the lines. A test compares the functions
with `expression.compiled` over generated records.

A tuple of atoms is held in two whole numbers, ``t`` (bit i: atom i is yes) and ``m`` (bit i: atom i may be yes). For
``gave and not to_a_minor`` with atoms 3 and 5 the lines read::

    must = t & 8 and not m & 32
    may = m & 8 and not t & 32
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from . import expression as ex
from .span import Span, Value, could_be
from .truth import Truth, all_of, any_of, negate

Vector = tuple[Truth, ...]
Read = Callable[[Mapping[str, Value], date], tuple[Vector, Vector]]
Derive = Callable[[Mapping[str, Value], date], dict[str, Value]]
Table = Callable[[int, int], tuple[Truth, ...]]
First = Callable[[int, int], int]


@dataclass(frozen=True, slots=True)
class Taken:
    """A fact for which ``value`` is taken while it is not known, where the tree ``when`` holds."""

    fact: str
    value: bool | int | str
    when: ex.Expr


def masks(v: Iterable[Truth]) -> tuple[int, int]:
    """``t`` and ``m`` of a tuple of atoms."""
    t = m = 0
    bit = 1
    for truth in v:
        if truth is not False:
            m |= bit
            if truth:
                t |= bit
        bit <<= 1
    return t, m


def table(trees: Sequence[ex.Expr], atoms: Mapping[ex.Atom, int]) -> Table:
    """A function from ``t`` and ``m`` to the truth of each tree."""
    lines = [f"True if {_must(tree, atoms)} else None if {_may(tree, atoms)} else False" for tree in trees]
    made: Table = _made("truths", ["def truths(t, m):", f"    return ({''.join(f'{line}, ' for line in lines)})"], {})
    return made


def first(rows: Sequence[ex.Expr], atoms: Mapping[ex.Atom, int]) -> First:
    """A function from ``t`` and ``m`` to the first row that is not ruled out: its number if it holds, and if it only
    may hold that number turned into a negative one (``~n``)."""
    lines = ["def first(t, m):"]
    for i, tree in enumerate(rows):
        lines += [f"    if {_may(tree, atoms)}:", f"        return {i} if {_must(tree, atoms)} else {~i}"]
    lines.append("    raise ValueError('no row holds')")
    made: First = _made("first", lines, {})
    return made


def deriver(derived: Sequence[tuple[str, ex.Expr]], law: ex.Law) -> Derive:
    """A function from stated facts and the day asked about to all facts, the derived ones that are known included."""
    python = _Python(law)
    trees = dict(derived)
    lines = ["def derive(facts, as_of):", "    get = facts.get", "    all_facts = dict(facts)"]
    lines += [f"    {_local(n)} = get({n!r})" for n in sorted(_behind(trees.values(), trees)) if n not in trees]
    # Many columns of the catalogue are read for one offense: it is looked up once.
    looked_up = dict.fromkeys(n.of for t in trees.values() for n in ex.walk(t) if isinstance(n, ex.LookUp))
    for keys in looked_up:
        if not any(f in trees for k in keys for f in ex.facts_in(k)):
            lines.append(f"    {python.looked_up(keys)}")
    for name, tree in derived:
        lines.append(f"    {_local(name)} = all_facts[{name!r}] = {python.of(tree)}")
    lines.append("    return all_facts")
    made: Derive = _made("derive", lines, python.constants)
    return made


def atoms_only(atoms: Sequence[ex.Atom], law: ex.Law) -> Callable[[Mapping[str, Value], date], Vector]:
    """A function from all facts and the day asked about to the atoms as they are known."""
    python = _Python(law)
    read = sorted({f for a in atoms for f in ex.facts_in(a)})
    lines = ["def read(facts, as_of):", "    get = facts.get", *(f"    {_local(n)} = get({n!r})" for n in read)]
    lines.append(f"    return ({''.join(f'{python.of(a)}, ' for a in atoms)})")
    made: Callable[[Mapping[str, Value], date], Vector] = _made("read", lines, python.constants)
    return made


def reader(
    atoms: Sequence[ex.Atom], derived: Sequence[tuple[str, ex.Expr]], taken: Sequence[Taken], law: ex.Law
) -> Read:
    """A function from all facts, as :func:`deriver` gives them, and the day asked about: the atoms as known, as
    presumed."""
    spoken_of = [*atoms, *(p.when for p in taken)]
    reached = _behind(spoken_of, dict(derived))
    changed = {p.fact for p in taken} & reached
    again = []
    for name, tree in derived:
        if name in reached and changed & set(ex.facts_in(tree)):
            changed.add(name)
            again.append((name, tree))
    read = {f for tree in (*spoken_of, *(t for _, t in again)) for f in ex.facts_in(tree)} | changed
    python = _Python(law)
    lines = ["def read(facts, as_of):", "    get = facts.get"]
    lines += [f"    {_local(n)} = get({n!r})" for n in sorted(read)]
    known = [python.of(a) for a in atoms]
    for p in taken:
        if p.fact in changed:
            fact, value = _local(p.fact), repr(p.value)
            unknown = f"{fact} is None or type({fact}) is Span and could_be({fact}, {value})"
            lines.append(f"    p_{p.fact} = {value} if ({unknown}) and ({python.of(p.when)}) is True else {fact}")
    presumed = _Python(law, python.constants, frozenset(changed))
    lines += [f"    a{i} = {text}" for i, text in enumerate(known)]
    # Where nothing is presumed, nothing is read again.
    same = " and ".join(f"p_{p.fact} is {_local(p.fact)}" for p in taken if p.fact in changed)
    if same:
        lines += [
            f"    if {same}:",
            f"        v = ({''.join(f'a{i}, ' for i in range(len(atoms)))})",
            "        return v, v",
        ]
    lines += [f"    p_{n} = {presumed.of(t)}" for n, t in again]
    moved = {i: presumed.of(a) for i, a in enumerate(atoms) if changed & set(ex.facts_in(a))}
    lines.append(f"    return ({''.join(f'a{i}, ' for i in range(len(atoms)))}), (")
    lines += [f"        {moved.get(i, f'a{i}')}," for i in range(len(atoms))]
    lines.append("    )")
    made: Read = _made("read", lines, python.constants)
    return made


def _behind(trees: Iterable[ex.Expr], derived: Mapping[str, ex.Expr]) -> set[str]:
    """All facts that the trees read, derived ones and those behind them."""
    found: set[str] = set()
    waiting = [n for tree in trees for n in ex.facts_in(tree)]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += ex.facts_in(derived[name]) if name in derived else ()
    return found


def _made(name: str, lines: Sequence[str], names: Mapping[str, Any]) -> Any:
    scope: dict[str, Any] = dict(names)
    exec(compile("\n".join(lines), f"<rules: {name}>", "exec"), scope)  # noqa: S102  # lines written above
    return scope[name]


def _local(name: str) -> str:
    return name if name == "as_of" else f"f_{name}"


# ---- truths over atoms


def _must(tree: ex.Expr, atoms: Mapping[ex.Atom, int]) -> str:
    """Text that is true where the tree is yes."""
    return _over(tree, atoms, "t", "m")


def _may(tree: ex.Expr, atoms: Mapping[ex.Atom, int]) -> str:
    """Text that is true where the tree is yes or unknown."""
    return _over(tree, atoms, "m", "t")


def _over(tree: ex.Expr, atoms: Mapping[ex.Atom, int], yes: str, no: str) -> str:
    match tree:
        case ex.Literal(bool() as value):
            return str(value)
        case ex.Not(of):
            return f"not ({_over(of, atoms, no, yes)})"
        case ex.All(parts):
            return f"({' and '.join(_over(p, atoms, yes, no) for p in parts)})"
        case ex.Any(parts):
            return f"({' or '.join(_over(p, atoms, yes, no) for p in parts)})"
        case ex.Fact() | ex.Known() | ex.Compare() | ex.Among():
            return f"{yes} & {1 << atoms[tree]}"
    raise ex.BadExpression(f"neither yes nor no: {ex.printed(tree)}")


# ---- values of trees


class _Python:
    """Trees as Python text. A value that has no text of its own gets a name, under which ``constants`` has it."""

    def __init__(
        self, law: ex.Law, constants: dict[str, Any] | None = None, presumed: frozenset[str] = frozenset()
    ) -> None:
        self.law = law
        self.presumed = presumed
        self.constants: dict[str, Any] = {} if constants is None else constants
        self.constants |= {"Span": Span, "could_be": could_be, "all_of": all_of, "any_of": any_of, "negate": negate}
        self._temporaries = 0
        self._rows: dict[tuple[ex.Expr, ...], str] = {}

    def looked_up(self, keys: tuple[ex.Expr, ...]) -> str:
        """A line that looks an offense up in the catalogue; from then on its columns are read from what was found."""
        answers, name = self._constant(self.law[ex.OFFENSES].answers), f"row{len(self._rows)}"
        line = f"{name} = {answers}({', '.join(self.of(k) for k in keys)})"
        self._rows[keys] = name
        return line

    def of(self, tree: ex.Expr) -> str:
        match tree:
            case ex.Literal() | ex.LawNumber():
                return self._constant(ex.constant(tree, self.law))
            case ex.Fact(name):
                return f"p_{name}" if name in self.presumed else _local(name)
            case ex.Known(of):
                return f"(({self.of(of)}) is not None)"
            case ex.Compare(op, left, right):
                return self._compare(op, left, right)
            case ex.Among(of, values):
                value = self._temporary()
                allowed = self._constant(frozenset(values))
                return f"(None if ({value} := {self.of(of)}) is None else {value} in {allowed})"
            case ex.LookUp(column, of_) if of_ in self._rows:
                return f"{self._rows[of_]}[{column!r}]"
            case ex.LookUp(column, of_):
                look_up = self._constant(self.law[ex.OFFENSES].value)
                return f"{look_up}({column!r}, {', '.join(self.of(k) for k in of_)})"
            case ex.Not(of):
                return f"negate({self.of(of)})"
            case ex.All(parts):
                return f"all_of(({''.join(f'{self.of(p)}, ' for p in parts)}))"
            case ex.Any(parts):
                return f"any_of(({''.join(f'{self.of(p)}, ' for p in parts)}))"
            case ex.Call("first_known", arguments):
                *earlier, last = [self.of(a) for a in arguments]
                tried = [(self._temporary(), text) for text in earlier]
                return "(" + "".join(f"{n} if ({n} := {text}) is not None else " for n, text in tried) + f"{last})"
            case ex.Call("given", (condition, value_)):
                return f"({self.of(value_)} if ({self.of(condition)}) is True else None)"
            case ex.Call(name, arguments):
                function = self._constant(ex.FUNCTIONS[name])
                return f"{function}({', '.join(self.of(a) for a in arguments)})"
        raise ex.BadExpression(f"cannot write {tree!r}")

    def _compare(self, op: str, left: ex.Expr, right: ex.Expr) -> str:
        """An exact value is compared on the spot; only a span needs the long way round."""
        operation = self._constant(ex.OPERATIONS[op])
        fixed = ex.constant(right, self.law)
        if fixed is None or isinstance(fixed, Span):
            return f"{operation}({self.of(left)}, {self.of(right)})"
        value, limit = self._temporary(), self._constant(fixed)
        return (
            f"(None if ({value} := {self.of(left)}) is None else {value} {op} {limit} if type({value}) is not Span"
            f" else {operation}({value}, {limit}))"
        )

    def _constant(self, value: Any) -> str:
        if value is None or isinstance(value, (bool, int, float, str)):
            return repr(value)
        name = f"c{len(self.constants)}"
        self.constants[name] = value
        return name

    def _temporary(self) -> str:
        self._temporaries += 1
        return f"v{self._temporaries}"
