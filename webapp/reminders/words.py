"""What an answer by text means.

Opt-out comes first, before anything else: the words of the Federal Communications Commission, of the carriers, and
ours in Spanish, which no carrier knows. They stop when they are the whole message, in any case, with or without
accents, signs and a word of courtesy ("STOP!!", "Alto, por favor", "no más"); a sentence that reads as refusal stops
too ("please quit texting me", "ya no me manden mensajes"). A word inside another sentence does not: "when does it
end?", "how do I cancel my hearing?".

    >>> read("¡ALTO!", today).kind, read("When does it end?", today).kind, read("no más mensajes", today).kind
    ('stop', 'unknown', 'stop')
    >>> read("Hearing 2 3/14", date(2027, 1, 5))
    Heard(kind='hearing', number=2, day=datetime.date(2027, 3, 14), dated=True)

In doubt about stopping we stop: a text too few does less harm than one too many. In doubt about a step we ask.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from rules import plain_yaml
from webapp.reminders import written_date
from webapp.reminders.written_date import plain

__all__ = ["Heard", "Kind", "lang_of", "opt_out_words", "read"]

Kind = Literal[
    "stop", "wrong", "help", "yes", "no", "filed", "served", "hearing", "status", "granted", "denied", "done", "undo",
    "unknown",
]  # fmt: skip
_AHEAD = frozenset({"hearing"})
_MOST_WORDS = 12  # of a message that is a phrase with courtesies
_LONGEST = 400  # characters looked at


@dataclass(frozen=True, slots=True)
class Heard:
    """What was understood. `number`: which petition, if one was named; `day`: the date, if one could be read; `dated`:
    something was written where a date stands."""

    kind: Kind
    number: int | None = None
    day: date | None = None
    dated: bool = False


@cache
def _lists() -> Mapping[str, Any]:
    data = plain_yaml.load(files("webapp.reminders").joinpath("words.yaml").read_text(encoding="utf-8"))
    return {
        "wrong": frozenset(map(_bare, data["opt_out"]["wrong"])),
        "stop": frozenset(_bare(word) for words in data["opt_out"].values() for word in words),
        "refusal": tuple(re.compile(pattern) for pattern in data["refusal"]),
        **{name: frozenset(map(_bare, data[name])) for name in ("filler", "help", "opt_in", "decline")},
        **{name: frozenset(map(_bare, data[name])) for name in ("before", "after", "not_yet", "spanish")},
        "commands": {_bare(word): kind for kind, words in data["commands"].items() for word in words},
    }


def opt_out_words() -> frozenset[str]:
    """Every word that stops when it is the whole message, as it is compared."""
    return _lists()["stop"]


def _bare(text: str) -> str:
    """Small letters and digits, without accents, apostrophes and signs; spaces single."""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", plain(text).replace("'", "")).split())


def read(text: str, today: date) -> Heard:
    """What this message means on `today`, a day in California."""
    lists, said = _lists(), _bare(text[:_LONGEST])
    if _stops(said):
        return Heard("wrong" if _wrong(said) else "stop")
    for kind, name in (("help", "help"), ("yes", "opt_in"), ("no", "decline")):
        if _is_one(said, lists[name]):
            return Heard(kind)  # type: ignore[arg-type] # the kinds of this loop
    return _command(text[:_LONGEST], said, today)


def lang_of(text: str) -> str:
    """The language of a message from somebody we do not know: "es", or "en"."""
    return "es" if set(_bare(text[:_LONGEST]).split()) & _lists()["spanish"] else "en"


def _stops(said: str) -> bool:
    lists = _lists()
    once = " ".join(dict.fromkeys(said.split()))  # "stop stop stop"
    if _is_one(said, lists["stop"]) or _is_one(once, lists["stop"]):
        return True
    return any(pattern.search(said) for pattern in lists["refusal"])


def _wrong(said: str) -> bool:
    return said in _lists()["wrong"] or re.search(r"wrong (number|person)|(numero|persona) equivocad", said) is not None


def _is_one(said: str, phrases: frozenset[str]) -> bool:
    """Whether the message is one of these phrases, with nothing around it but words of courtesy."""
    words, filler = said.split(), _lists()["filler"]
    if len(words) > _MOST_WORDS:
        return False
    return any(
        " ".join(words[start:end]) in phrases and filler.issuperset(words[:start] + words[end:])
        for start in range(len(words))
        for end in range(start + 1, len(words) + 1)
    )


def _command(text: str, said: str, today: date) -> Heard:
    lists = _lists()
    words = said.split()
    if not words or lists["not_yet"] & set(words):
        return Heard("unknown")
    while words and words[0] in lists["before"] and " ".join(words) not in lists["commands"]:
        words = words[1:]
    kind, length = _named(words)
    if kind is None:
        # A date alone is the date somebody was given.
        day = written_date.read(text, today, ahead=True)
        return Heard("unknown") if day is None else Heard("hearing", day=day, dated=True)
    rest = words[length:]
    more = [word for word in rest if word not in lists["after"]]
    if kind in ("status", "undo", "done") or not more:
        return Heard("unknown" if more else kind)
    return _dated(kind, _tail(text, words[length - 1]), today)


def _named(words: list[str]) -> tuple[Kind | None, int]:
    for length in (3, 2, 1):
        if len(words) >= length and (kind := _lists()["commands"].get(" ".join(words[:length]))):
            return kind, length
    return None, 0


def _tail(text: str, word: str) -> str:
    """What follows the command, signs and all: a date needs its slashes."""
    folded = plain(text)
    return folded[folded.index(word) + len(word) :].lstrip(" :,.;-=#")


def _dated(kind: Kind, tail: str, today: date) -> Heard:
    ahead = kind in _AHEAD
    day = written_date.read(tail, today, ahead=ahead)
    if day is not None:
        return Heard(kind, day=day, dated=True)
    numbered = re.match(r"(?:no\.?|num\.?|number|numero|#)?\s*(\d)\b(?![/.:-]\d)[\s,:]*(.*)", tail, re.DOTALL)
    if numbered is None:
        return Heard(kind, dated=True)
    number, more = int(numbered[1]), numbered[2].strip(" .,!")
    if not more:
        return Heard(kind, number)
    return Heard(kind, number, written_date.read(more, today, ahead=ahead), dated=True)
