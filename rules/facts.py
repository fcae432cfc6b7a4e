"""The fact dictionary, read from `facts.yaml` and checked: every name a rule, record or question may use.

A fact has one scope (whose it is), one type, a meaning, and who can know it. Derived facts are computed from others by
an expression in the same language as the rules, so that they too run over columns and can be explained.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from . import plain_yaml
from .expression import Expr, facts_in, parse

SCOPES = ("person", "case", "count", "derived")
TYPES = ("yes_no", "date", "number", "choice", "text")


@dataclass(frozen=True, slots=True)
class FactEntry:
    name: str
    scope: str
    type: str
    label: str
    meaning: str
    known_by: tuple[str, ...]
    choices: Mapping[str, str]
    expression: str
    asks: tuple[str, ...]
    examples: tuple[str, ...]
    future: bool


@cache
def dictionary() -> Mapping[str, FactEntry]:
    """All facts by name. Raises ValueError for an entry with an unknown scope or type."""
    raw = plain_yaml.load(files("rules").joinpath("facts.yaml").read_text(encoding="utf-8"))
    entries = {}
    for name, e in raw.items():
        if e["scope"] not in SCOPES or e["type"] not in TYPES:
            raise ValueError(f"facts.yaml: {name} has an unknown scope or type")
        entries[name] = FactEntry(
            name=name,
            scope=e["scope"],
            type=e["type"],
            label=e["label"],
            meaning=e["meaning"],
            known_by=tuple(e.get("known_by", ())),
            choices=MappingProxyType(dict(e.get("choices", {}))),
            expression=e.get("expression", ""),
            asks=tuple(e.get("asks", ())),
            examples=tuple(e.get("examples", ())),
            future=e.get("future", False),
        )
    return MappingProxyType(entries)


def names(scope: str) -> tuple[str, ...]:
    return tuple(n for n, e in dictionary().items() if e.scope == scope)


@cache
def derivations() -> tuple[tuple[str, Expr], ...]:
    """Derived facts with their trees, each after those it reads."""
    from .law import series

    trees = {n: parse(e.expression, dictionary(), series()) for n, e in dictionary().items() if e.scope == "derived"}
    done: dict[str, Expr] = {}
    waiting = dict(trees)
    while waiting:
        ready = [n for n, t in waiting.items() if all(f in done or f not in trees for f in facts_in(t))]
        if not ready:
            raise ValueError(f"facts.yaml: these derived facts read each other: {', '.join(sorted(waiting))}")
        for n in ready:
            done[n] = waiting.pop(n)
    return tuple(done.items())


@cache
def to_ask(name: str) -> tuple[str, ...]:
    """The facts to ask a person in order to know ``name``: itself, or what a derived fact names."""
    entry = dictionary()[name]
    return entry.asks if entry.scope == "derived" else (name,)


@cache
def read_by(name: str) -> tuple[str, ...]:
    """The stated facts behind ``name``: itself, or all that a derived fact is computed from."""
    trees = dict(derivations())
    if name not in trees:
        return (name,)
    return tuple(dict.fromkeys(f for part in facts_in(trees[name]) for f in read_by(part)))
