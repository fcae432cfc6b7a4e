"""JSON in which nothing is lost without a word.

Python's reader lets a name stand twice in an object and keeps the last, so half a record could vanish; and it takes NaN
and Infinity, which are no JSON. Here both are refused.

    >>> loads('{"a": 1, "a": 2}')
    Traceback (most recent call last):
    ValueError: the name 'a' stands twice in one object
"""

from __future__ import annotations

import json
from typing import Any, NoReturn


def loads(text: str | bytes) -> Any:
    """The data. Raises json.JSONDecodeError for what is no JSON, ValueError for a name that stands twice and for NaN
    and Infinity, RecursionError for lists inside lists without end."""
    return json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, value in pairs:
        if key in made:
            raise ValueError(f"the name {key!r} stands twice in one object")
        made[key] = value
    return made


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")
