"""The small language in which every rule is written, and its trees.

One sentence of law becomes one line a lawyer can read::

    offense == "HS 11358" and plants <= law.personal_plants

Names are facts of the dictionary (`facts.yaml`), ``law.x`` is a dated number from `law/`, ``as_of`` the day asked
about. The text is parsed once, when the program starts, into a tree of the nodes below; a name that is not in the
dictionary is an error then, not in front of a person. One tree serves five uses: it is evaluated in three-valued logic
(:func:`compiled`, and faster in straight_line.py), read for its facts (:func:`facts_in`) and its yes/no parts
(:func:`atoms_in`), turned into column expressions, and printed.

Allowed: ``and or not``, ``== != < <= > >=``, ``in [..]``, ``not in [..]``, names, numbers, texts, and the functions of
``ARGUMENTS`` below. Anything else in the text is refused with the place.

    >>> tree = parse('not for_sale or plants > 6', {"for_sale", "plants"})
    >>> compiled(tree, {})({"for_sale": None, "plants": 9})
    True
    >>> compiled(tree, {})({"for_sale": None, "plants": 3}) is None
    True
"""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any as AnyType

from . import span, when
from .span import Value
from .truth import Truth

Facts = Mapping[str, Value]
Law = Mapping[str, AnyType]  # numbers by name; under OFFENSES the catalogue of that day
OFFENSES = "offenses of the day"


class BadExpression(ValueError):  # read as a sentence where it is raised
    """A rule, or a `when:` of the interview, that cannot be read: says which text and why."""


@dataclass(frozen=True, slots=True)
class Fact:
    name: str


@dataclass(frozen=True, slots=True)
class LawNumber:
    name: str


@dataclass(frozen=True, slots=True)
class Literal:
    value: Value


@dataclass(frozen=True, slots=True)
class Known:
    """Whether anything at all is known of a fact: always yes or no. Kept out of what the law decides (see judge.py)."""

    of: Expr


@dataclass(frozen=True, slots=True)
class Compare:
    op: str
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Among:
    of: Expr
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class LookUp:
    """What the offense catalogue says in one of its columns about the offense that the four arguments name."""

    column: str
    of: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Not:
    of: Expr


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Any:
    parts: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Call:
    function: str
    arguments: tuple[Expr, ...]


Expr = Fact | LawNumber | Literal | Known | Compare | Among | LookUp | Not | All | Any | Call
Atom = Fact | Known | Compare | Among


# How many arguments a function takes. ``given(condition, value)`` is the value where the condition holds, else unknown;
# ``first_known`` the first of its arguments that is known. These two read no more of their arguments than they need.
ARGUMENTS = {
    "add_years": (2, 2),
    "add_days": (2, 2),
    "years_between": (2, 2),
    "earliest": (1, 9),
    "latest_known": (1, 9),
    "number": (1, 1),
    "first_known": (1, 9),
    "given": (2, 2),
    "narrowed": (1, 9),
    "at_most": (1, 1),
    "over": (1, 1),
}
FUNCTIONS: dict[str, Callable[..., Value]] = {
    "add_years": when.add_years,
    "add_days": when.add_days,
    "years_between": when.years_between,
    "earliest": when.earliest,
    "latest_known": when.latest_known,
    "number": lambda v: int(v) if isinstance(v, str) and v.isdecimal() else None,
    "narrowed": span.narrowed,
    "at_most": lambda v: None if v is None else span.at_most(v),
    "over": lambda v: None if v is None else span.over(v),
}
_COMPARE: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
OPERATIONS: dict[str, Callable[[Value, Value], Truth]] = {
    "==": span.eq,
    "!=": span.ne,
    "<": span.lt,
    "<=": span.le,
    ">": span.gt,
    ">=": span.ge,
}


def parse(
    text: str, names: Collection[str], law: Collection[str] = (), defined: Mapping[str, Expr] | None = None
) -> Expr:
    """The tree of ``text``. ``names`` are the facts it may speak of, ``law`` the numbers, ``defined`` whole trees that
    may be used by name (a remedy's requirements). Raises :class:`BadExpression`."""
    body = _body(text)
    defined = defined or {}

    def bad(node: ast.AST, why: str) -> BadExpression:
        return BadExpression(f"in the rule {text!r}: {why} ({ast.unparse(node)!r})")

    def constant(node: ast.expr) -> Value:
        if isinstance(node, ast.Constant) and isinstance(node.value, (bool, int, float, str)):
            return node.value
        raise bad(node, "only plain texts and numbers may stand in a list")

    def tree(node: ast.expr) -> Expr:
        match node:
            case ast.BoolOp(op=ast.And(), values=values):
                return All(tuple(tree(v) for v in values))
            case ast.BoolOp(values=values):
                return Any(tuple(tree(v) for v in values))
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return Not(tree(operand))
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
                return Literal(-number)
            case ast.Compare(left=left, ops=[ast.In() | ast.NotIn() as op], comparators=[ast.List(elts=items)]):
                among = Among(tree(left), tuple(constant(i) for i in items))
                return Not(among) if isinstance(op, ast.NotIn) else among
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARE:
                return Compare(_COMPARE[type(op)], tree(left), tree(right))
            case ast.Constant(value=bool() | int() | float() | str() as value):
                return Literal(value)
            case ast.Attribute(value=ast.Name(id="law"), attr=name):
                if name not in law:
                    raise bad(node, f"no number of that name in rules/law; known: {', '.join(sorted(law))}")
                return LawNumber(name)
            case ast.Call(func=ast.Name(id="known"), args=[argument], keywords=[]):
                return Known(tree(argument))
            case ast.Call(func=ast.Name(id="catalogue"), args=[ast.Constant(value=str() as column), *of], keywords=[]):
                if len(of) != 4:
                    raise bad(node, "catalogue takes a column, then offense, subdivision, paragraph, attempt")
                return LookUp(column, tuple(tree(a) for a in of))
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in ARGUMENTS:
                fewest, most = ARGUMENTS[name]
                if not fewest <= len(arguments) <= most:
                    raise bad(node, f"{name} takes {fewest} to {most} arguments")
                return Call(name, tuple(tree(a) for a in arguments))
            case ast.Name(id=name):
                if name in defined:
                    return defined[name]
                if name in names or name == "as_of":
                    return Fact(name)
                raise bad(node, "neither a fact of facts.yaml nor a requirement of this remedy")
        raise bad(node, "not part of the rule language")

    return tree(body)


def _body(text: str) -> ast.expr:
    try:
        return ast.parse(" ".join(text.split()), mode="eval").body
    except SyntaxError as error:
        raise BadExpression(f"cannot read the rule {text!r}: {error.msg} at column {error.offset}") from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise BadExpression(f"cannot read the rule {text[:200]!r}: {error}") from error


def names_in(text: str) -> tuple[str, ...]:
    """The plain names a rule mentions, in order: of a row of a table, its requirements."""
    mentioned = [n for n in ast.walk(_body(text)) if isinstance(n, ast.Name)]
    return tuple(dict.fromkeys(n.id for n in sorted(mentioned, key=lambda n: n.col_offset)))


def compiled(tree: Expr, law: Law) -> Callable[[Facts], Value]:
    """A fast function from facts to the tree's value, the law's numbers filled in."""
    match tree:
        case Literal(value):
            return lambda _: value
        case Fact(name):
            return lambda facts: facts.get(name)
        case LawNumber(name):
            number = law[name]
            return lambda _: number
        case Known(of):
            inner = compiled(of, law)
            return lambda facts: inner(facts) is not None
        case Compare(op, Fact(name), right) if (fixed := constant(right, law)) is not None:
            operation = OPERATIONS[op]
            return lambda facts: operation(facts.get(name), fixed)
        case Compare(op, left, right):
            operation, a, b = OPERATIONS[op], compiled(left, law), compiled(right, law)
            return lambda facts: operation(a(facts), b(facts))
        case Among(of, values):
            inner, allowed = compiled(of, law), frozenset(values)
            return lambda facts: None if (v := inner(facts)) is None else v in allowed
        case LookUp(column, of):
            look_up: Callable[..., Value] = law[OFFENSES].value
            keys = [compiled(k, law) for k in of]
            return lambda facts: look_up(column, *[k(facts) for k in keys])
        case Not(of):
            inner = compiled(of, law)
            return lambda facts: None if (v := inner(facts)) is None else not v
        case All(parts):
            return _all([compiled(p, law) for p in parts])
        case Any(parts):
            return _any([compiled(p, law) for p in parts])
        case Call("first_known", arguments):
            return _first([compiled(a, law) for a in arguments])
        case Call("given", (condition, then)):
            holds, value_of = compiled(condition, law), compiled(then, law)
            return lambda facts: value_of(facts) if holds(facts) is True else None
        case Call(name, arguments):
            function, parts_ = FUNCTIONS[name], [compiled(a, law) for a in arguments]
            return lambda facts: function(*[p(facts) for p in parts_])
    raise BadExpression(f"cannot compile {tree!r}")


def constant(tree: Expr, law: Law) -> Value:
    """Its value if that is the same for every record; ``None`` if not (or if the law has no such number that day)."""
    match tree:
        case Literal(value):
            return value
        case LawNumber(name):
            number: Value = law[name]
            return number
    return None


def _first(parts: list[Callable[[Facts], Value]]) -> Callable[[Facts], Value]:
    def run(facts: Facts) -> Value:
        for part in parts:
            value = part(facts)
            if value is not None:
                return value
        return None

    return run


def _all(parts: list[Callable[[Facts], Value]]) -> Callable[[Facts], Value]:
    def run(facts: Facts) -> Value:
        result: Value = True
        for part in parts:
            value = part(facts)
            if value is False:
                return False
            if value is None:
                result = None
        return result

    return run


def _any(parts: list[Callable[[Facts], Value]]) -> Callable[[Facts], Value]:
    def run(facts: Facts) -> Value:
        result: Value = False
        for part in parts:
            value = part(facts)
            if value is True:
                return True
            if value is None:
                result = None
        return result

    return run


def walk(tree: Expr) -> Iterator[Expr]:
    """The node and all below it."""
    yield tree
    match tree:
        case Known(of) | Not(of) | Among(of, _):
            yield from walk(of)
        case Compare(_, left, right):
            yield from walk(left)
            yield from walk(right)
        case All(parts) | Any(parts) | Call(_, parts) | LookUp(_, parts):
            for part in parts:
                yield from walk(part)


def facts_in(tree: Expr) -> tuple[str, ...]:
    """Names of the facts it reads, in order of first mention, ``as_of`` left out."""
    return tuple(dict.fromkeys(n.name for n in walk(tree) if isinstance(n, Fact) and n.name != "as_of"))


def law_in(tree: Expr) -> tuple[str, ...]:
    return tuple(dict.fromkeys(n.name for n in walk(tree) if isinstance(n, LawNumber)))


def atoms_in(tree: Expr) -> Iterator[Atom]:
    """Its smallest yes/no parts, left to right: comparisons, memberships, ``known`` and facts used as yes or no."""
    match tree:
        case Not(of):
            yield from atoms_in(of)
        case All(parts) | Any(parts):
            for part in parts:
                yield from atoms_in(part)
        case Fact() | Known() | Compare() | Among():
            yield tree
        case _:
            raise BadExpression(f"neither yes nor no: {printed(tree)}")


def printed(tree: Expr) -> str:
    """The rule as text again, for the rule book."""
    match tree:
        case Literal(value):
            return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value)
        case Fact(name):
            return name
        case LawNumber(name):
            return f"law.{name}"
        case Known(of):
            return f"known({printed(of)})"
        case Compare(op, left, right):
            return f"{printed(left)} {op} {printed(right)}"
        case Among(of, values):
            return f"{printed(of)} in [{', '.join(printed(Literal(v)) for v in values)}]"
        case LookUp(column, of_):
            return f"catalogue({json.dumps(column)}, {', '.join(printed(k) for k in of_)})"
        case Not(Among(of, values)):
            return f"{printed(of)} not in [{', '.join(printed(Literal(v)) for v in values)}]"
        case Not(of):
            return f"not {_wrapped(of)}"
        case All(parts):
            return " and ".join(_wrapped(p) for p in parts)
        case Any(parts):
            return " or ".join(_wrapped(p) for p in parts)
        case Call(name, arguments):
            return f"{name}({', '.join(printed(a) for a in arguments)})"
    raise BadExpression(f"cannot print {tree!r}")


def _wrapped(tree: Expr) -> str:
    return f"({printed(tree)})" if isinstance(tree, (All, Any)) else printed(tree)
