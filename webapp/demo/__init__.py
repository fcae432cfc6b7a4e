"""Invented people with finished answers, so that the whole site can be seen without inventing a past of one's own.

    people()["several"].document     # answers as the interview keeps them
    people()["several"].expects      # what the rules find, conviction by conviction, as the tests hold it

They are data in `people.yaml`. `views.py` shows them at `/<lang>/demo`, only where settings say `demo`; production
refuses to start with that setting.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from rules import plain_yaml
from webapp.interview.document import Document, whole
from webapp.language import message_id


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """One invented person: `text` is a message id that says what they show."""

    id: str
    name: str
    text: str
    expects: tuple[str, ...]
    _document: Mapping[str, Any]

    @property
    def document(self) -> Document:
        """A copy of the answers, finished and read through."""
        return deepcopy(whole({"done": True, "seen": ["citizenship"], **self._document}))


@cache
def people() -> Mapping[str, DemoPerson]:
    """Every demo person by id, in the order of the file. Raises ValueError for an id used twice."""
    entries = plain_yaml.load((Path(__file__).parent / "people.yaml").read_text(encoding="utf-8"))
    found = {
        entry["id"]: DemoPerson(
            entry["id"], entry["name"], message_id(entry["text"]), tuple(entry["expects"]), entry["document"]
        )
        for entry in entries
    }
    if len(found) != len(entries):
        raise ValueError("people.yaml uses an id twice")
    return MappingProxyType(found)
