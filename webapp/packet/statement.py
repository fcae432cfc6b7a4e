"""What a person tells the judge in their own words, written once and offered for every case in which a judge decides.

Six questions help to begin; each may stay empty. What stands on paper is what the person wrote and nothing else: no
sentence is added, none is improved. A court reads English, so a statement written in another language keeps both
texts: the person's own, and the English one that they or somebody they trust writes beside it. Only the English goes
on paper, and as long as there is none, nothing does.

    >>> written = {"in_english": False, "texts": {"work": "Trabajo."}, "english": {"work": "I work."}}
    >>> for_court({"statement": written})
    'I work.'
    >>> for_court({"statement": {"in_english": False, "texts": {"work": "Trabajo."}}})
    ''

On the petition itself these words are unsworn. On form MC-031, where they go when the petition has no room, they are
a declaration under penalty of perjury (the form says so above the signature): `build` chooses the place, the page says
what it means.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from rules.remedy import N_

PROMPTS: Mapping[str, str] = MappingProxyType(
    {
        "change": N_("What has changed in your life since then?"),
        "work": N_("Your work, school or training"),
        "family": N_("Your family, and who counts on you"),
        "treatment": N_("Help you got: classes, treatment, people who support you"),
        "service": N_("What you do for other people"),
        "blocks": N_("What this conviction keeps you from: a job, a home, a license"),
    }
)
"""The questions that help to begin, in the order in which the answers stand on paper."""

LONGEST_ANSWER = 2000
"""Characters of one answer: the six together fill about four pages of MC-031."""


def statement_of(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the person wrote; empty when they have not been asked."""
    return document.get("statement") or {}


def texts_of(document: Mapping[str, Any]) -> dict[str, str]:
    """The answers in the language in which they were written, by question; empty ones left out."""
    return _texts(statement_of(document).get("texts"))


def english_of(document: Mapping[str, Any]) -> dict[str, str]:
    """The answers in English, by question: the person's own, or what was written beside them."""
    said = statement_of(document)
    return texts_of(document) if said.get("in_english", True) else _texts(said.get("english"))


def needs_english(document: Mapping[str, Any]) -> bool:
    """Whether an answer stands there in another language with no English beside it."""
    return bool(set(texts_of(document)) - set(english_of(document)))


def for_court(document: Mapping[str, Any]) -> str:
    """The statement as it goes on paper: the English answers, in the order of the questions, an empty line between."""
    english = english_of(document)
    return "\n\n".join(english[name] for name in PROMPTS if name in english)


def _texts(raw: object) -> dict[str, str]:
    told = raw if isinstance(raw, Mapping) else {}
    return {name: str(told[name]).strip() for name in PROMPTS if str(told.get(name) or "").strip()}
