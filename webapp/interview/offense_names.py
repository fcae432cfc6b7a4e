"""What an offense is called on a page: its title in plain words and its number as papers write it.

A number that the catalogue does not have has no title; it is shown as written and never guessed. What a person typed in
their own words is looked up here too (:func:`found`): the rows that fit, each as an answer to choose.

    >>> name_of({"offense": "PC 459", "paragraph": "second"}, date(2026, 11, 22), str)
    'Burglary of a store, car, or other place (second degree), PC 459 second'
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from rules import catalogue, offense
from rules.catalogue import Entry

from .flow import Answer, load
from .forms import written_offense

Say = Callable[[str], str]


def name_of(count: Mapping[str, Any], as_of: date, say: Say) -> str:
    """Title and number of a count's offense, its own words where neither is known yet; empty if nothing is."""
    if not count.get("offense"):
        return str(count.get("said", ""))
    of = (count["offense"], count.get("subdivision"), count.get("paragraph"), count.get("attempt"))
    entry = catalogue.on(as_of).entry(*of)
    title = entry.title if entry else _common().get(of[:3], "") if not count.get("attempt") else ""
    written = written_offense(count)
    return f"{say(title)}, {written}" if title else written


@cache
def _common() -> Mapping[tuple[str, str | None, str | None], str]:
    """What the interview calls the most common offenses, also where the catalogue has only their parts."""
    (question,) = (q for q in load() if q.kind == "offense")
    found = {}
    for answer in question.answers:
        sets = dict(answer.sets)
        found[answer.value, sets.get("subdivision"), sets.get("paragraph")] = answer.label
    return found


def found(said: str, language: str, say: Say, as_of: date) -> list[Answer]:
    """What fits the words or the number that a person typed, as answers: the value of `offense`, a title, the number,
    and the parts of it that the answer states too."""
    return [_answer(entry) for entry in catalogue.search(said, language, say, as_of)]


def _answer(entry: Entry) -> Answer:
    parts = {"subdivision": entry.subdivision, "paragraph": entry.paragraph, "attempt": entry.attempt}
    return Answer(entry.offense, entry.title, entry.id, tuple((n, v) for n, v in parts.items() if v is not None))


def settled(typed: str, as_of: date) -> bool:
    """Whether what was typed is one offense: a number that can be read, and of which the catalogue has one row, or
    none at all. Of a number with several rows the person has to say which one it is."""
    read = offense.read(typed)
    if read is None:
        return False
    table, of = catalogue.on(as_of), (read.offense, read.subdivision, read.paragraph, read.attempt)
    return table.entry(*of) is not None or not table.rows(*of)


def lines(typed: Sequence[str]) -> list[str]:
    """The lines that say something."""
    return [line.strip() for line in typed if line.strip()]
