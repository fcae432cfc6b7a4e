"""The answers of one visit: a JSON document, and what may be done to it.

Every change is a pure function from a document to a new one, so that the store can apply it in one transaction and
two open tabs never lose each other's answers. A fact's place is its path: "person/superstrike_or_290c", "c1/county",
"c1/k1/plants". "I'm not sure" is an answer: the path is kept in ``unsure``, and the fact stays unknown to the rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, fields
from typing import Any

from rules.facts import dictionary
from rules.record import Case, Count, Person, Record, read_value

Document = dict[str, Any]
MOST_CONVICTIONS = 40


class TooMany(ValueError):
    """More convictions than one visit holds."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer stands. ``case`` and ``count`` are None for facts of the person."""

    case: str | None
    count: str | None
    fact: str

    @property
    def path(self) -> str:
        return "/".join(p for p in (self.case or "person", self.count, self.fact) if p)


def empty() -> Document:
    return {"v": 1, "person": {}, "cases": [], "unsure": [], "done": False, "seen": [], "contact": {}, "papers": {}}


def whole(document: Mapping[str, Any]) -> Document:
    """The document with every part there: a new visit's is empty, an older one's may lack what came later."""
    return {**empty(), **document}


def record(document: Mapping[str, Any]) -> Record:
    """The record the rules judge. Facts that an older version of the site stored, and nobody asks any more, are left
    out."""

    def read(cls: type, raw: Mapping[str, Any], skip: tuple[str, ...]) -> dict[str, Any]:
        entries = dictionary()
        return {
            f.name: read_value(entries[f.name], raw[f.name])
            for f in fields(cls)
            if f.name not in skip and f.name in raw
        }

    cases = []
    for raw in document.get("cases", ()):
        counts = tuple(Count(id=k["id"], **read(Count, k, ("id",))) for k in raw.get("counts", ()))
        cases.append(Case(id=raw["id"], counts=counts, **read(Case, raw, ("id", "counts"))))
    return Record(Person(**read(Person, document.get("person", {}), ())), tuple(cases))


def case_of(document: Mapping[str, Any], case_id: str | None) -> dict[str, Any] | None:
    return next((c for c in document.get("cases", ()) if c["id"] == case_id), None)


def count_of(document: Mapping[str, Any], case_id: str | None, count_id: str | None) -> dict[str, Any] | None:
    case = case_of(document, case_id)
    return next((k for k in case["counts"] if k["id"] == count_id), None) if case else None


def holder(document: Mapping[str, Any], place: Place) -> dict[str, Any] | None:
    """The part of the document where the fact is kept; None if there is no such case or count."""
    if place.case is None:
        person: dict[str, Any] = document["person"]
        return person
    return count_of(document, place.case, place.count) if place.count else case_of(document, place.case)


def value(document: Mapping[str, Any], place: Place) -> Any:
    held = holder(document, place)
    return None if held is None else held.get(place.fact)


def is_unsure(document: Mapping[str, Any], place: Place) -> bool:
    return place.path in document["unsure"]


def answered(document: Mapping[str, Any], place: Place) -> bool:
    return value(document, place) is not None or is_unsure(document, place)


def with_answer(document: Document, place: Place, new: Any, *, unsure: bool = False) -> Document:
    """The document with this fact stated (or, with ``unsure``, known to be unknown; a rough value is kept then)."""
    changed = deepcopy(document)
    held = holder(changed, place)
    if held is None:
        return changed
    if new is None and not unsure:
        held.pop(place.fact, None)
    elif new is not None:
        held[place.fact] = new
    elif not isinstance(held.get(place.fact), (str, dict)) or dictionary()[place.fact].type != "date":
        held.pop(place.fact, None)
    marks = set(changed["unsure"])
    marks = marks | {place.path} if unsure else marks - {place.path}
    changed["unsure"] = sorted(marks)
    return changed


def without(document: Document, places: list[Place]) -> Document:
    """The document with these answers forgotten, as if never asked."""
    changed = deepcopy(document)
    for place in places:
        held = holder(changed, place)
        if held is not None:
            held.pop(place.fact, None)
    gone = {p.path for p in places}
    changed["unsure"] = [u for u in changed["unsure"] if u not in gone]
    return changed


def with_conviction(document: Document, case_id: str | None = None) -> Document:
    """The document with one more line, in this case or in a new one. Raises :class:`TooMany`."""
    changed = deepcopy(document)
    if sum(len(c["counts"]) for c in changed["cases"]) >= MOST_CONVICTIONS:
        raise TooMany(MOST_CONVICTIONS)
    case = case_of(changed, case_id)
    if case is None:
        case = {"id": _free("c", [c["id"] for c in changed["cases"]]), "counts": []}
        changed["cases"].append(case)
    case["counts"].append({"id": _free("k", [k["id"] for k in case["counts"]])})
    changed["done"] = changed["done"] and case_id is not None
    return changed


def without_conviction(document: Document, case_id: str, count_id: str) -> Document:
    """The document without this conviction, and without its case and papers if it was the last of it."""
    changed = deepcopy(document)
    case = case_of(changed, case_id)
    if case is None:
        return changed
    case["counts"] = [k for k in case["counts"] if k["id"] != count_id]
    prefixes = [f"{case_id}/{count_id}/"]
    if not case["counts"]:
        changed["cases"] = [c for c in changed["cases"] if c["id"] != case_id]
        changed["papers"].pop(case_id, None)
        changed.get("petitions", {}).pop(case_id, None)
        prefixes.append(f"{case_id}/")
    changed["unsure"] = [u for u in changed["unsure"] if not u.startswith(tuple(prefixes))]
    return changed


def with_case(document: Document) -> Document:
    """The document with one more case, nothing known of it yet; a case that was begun and left empty is that case.
    Raises :class:`TooMany`."""
    changed = deepcopy(document)
    if changed["cases"] and set(changed["cases"][-1]) <= {"id", "counts"} and not changed["cases"][-1]["counts"]:
        return {**changed, "done": False}
    if sum(max(1, len(c["counts"])) for c in changed["cases"]) >= MOST_CONVICTIONS:
        raise TooMany(MOST_CONVICTIONS)
    changed["cases"].append({"id": _free("c", [c["id"] for c in changed["cases"]]), "counts": []})
    changed["done"] = False
    return changed


def with_said(document: Document, case_id: str, count_id: str, words: str) -> Document:
    """The document keeping the words in which a person named an offense, for the page that asks which one it is."""
    changed = deepcopy(document)
    count = count_of(changed, case_id, count_id)
    if count is not None:
        count["said"] = words
    return changed


def with_seen(document: Document, page: str) -> Document:
    """The document remembering that a page of information was shown; nothing of what the person said there."""
    changed = deepcopy(document)
    changed["seen"] = sorted({*changed["seen"], page})
    return changed


def with_done(document: Document) -> Document:
    """The document with all cases entered. A case begun by mistake, of which no offense was named, is left out."""
    changed = deepcopy(document)
    empty_ones = {case["id"] for case in changed["cases"] if not case["counts"]}
    changed["cases"] = [case for case in changed["cases"] if case["id"] not in empty_ones]
    changed["unsure"] = [mark for mark in changed["unsure"] if mark.split("/")[0] not in empty_ones]
    return {**changed, "done": bool(changed["cases"])}


def _free(letter: str, taken: list[str]) -> str:
    n = 1
    while f"{letter}{n}" in taken:
        n += 1
    return f"{letter}{n}"
