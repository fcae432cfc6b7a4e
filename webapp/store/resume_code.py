"""The resume code: five easy words that open the same answers on another device.

**Why words.** They are read aloud over a phone, written on a hand, typed with the wrong accent on a library computer.
The words are the BIP39 lists (package `mnemonic`), 2048 words a language, made so that the first four letters of a
word are enough. Five of them are 54 bits: with the limits on tries, guessing one is hopeless, and the code lasts only
as long as the answers.

**Reading** forgives capitals, accents, hyphens, numbering, extra spaces, and anything after the fourth letter.
It never forgives a word: a code with four right words opens nothing.

Words that nobody who has been in court wants to be handed are left out when a code is drawn (they are still read).

>>> read("  1. Abandon 2. ABILITY-able / about; abov ")
('english abandon ability able about above',)
>>> read("ábaco abdo abej abie abog")
('spanish abaco abdomen abeja abierto abogado',)
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Mapping
from functools import cache

from mnemonic import Mnemonic

__all__ = ["LANGUAGES", "WORDS", "canonical", "draw", "read"]

WORDS = 5
LANGUAGES: Mapping[str, str] = {"en": "english", "es": "spanish"}
ENOUGH = 4  # letters
LONGEST = 400  # characters looked at; a code is never longer than 60

_UNKIND = """
abuse alcohol alien anger angry army arrest attack battle blame bomb bullet cage casino chase crime cruel danger
defense deny deputy detect enemy enforce escape evidence evil execute exile expire fat fatal fault grief guilt gun
hunt hurt illegal immune injury judge knife law lawsuit legal mad obey panic penalty pistol police prison punch rifle
risk rude sad scare secret sentence shoot sick spy suffer suspect tragic trap trial ugly vicious victory warrior
weapon witness wrong
abuso acido alerta arpon ataque bomba burla carcel celda cerdo chivo crimen culpa delito derrota droga duelo enemigo
fallo feo feroz fobia fracaso fuga fusil golpe gordo guerra huir ilegal ira juez juicio ladron lucha mafia maldad
matar miedo morir muerte multa negro odio panico pecado pelea peligro pena perder policia preso prision punal
queja rabia rapto rehen reja reves riesgo sangre secta sexo temor tenso terror toxico trafico triste tumba vejez
veneno vicio victima viudo vulgar
"""
UNKIND = frozenset(_UNKIND.split())

_NOT_LETTERS = re.compile(r"[^a-z]+")
_LOOSE_ACCENTS = str.maketrans("", "", "´`'’¨^~")


def draw(language: str) -> str:
    """A new code as it is shown: five different words of the visitor's `language` (English where there is no list)."""
    words = _drawable(LANGUAGES.get(language, "english"))
    return " ".join(secrets.SystemRandom().sample(words, WORDS))


def canonical(code: str, language: str) -> str:
    """The one spelling of a code that is hashed; `code` comes from `draw(language)`."""
    name = LANGUAGES.get(language, "english")
    (found,) = (reading for reading in read(code) if reading.startswith(name))
    return found


def read(text: str) -> tuple[str, ...]:
    """Every code that `text` can mean, canonically spelled: at most one a word list, none when it is not a code."""
    words = [word for word in _NOT_LETTERS.split(_plain(text[:LONGEST])) if word]
    readings = []
    for name in LANGUAGES.values():
        found = [_by_start(name).get(word[:ENOUGH]) for word in words] if len(words) == WORDS else []
        known = [word for word in found if word is not None]
        if len(known) == WORDS:
            readings.append(" ".join((name, *known)))
    return tuple(readings)


def _plain(word: str) -> str:
    apart = unicodedata.normalize("NFKD", word.translate(_LOOSE_ACCENTS).casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


@cache
def _list(name: str) -> tuple[str, ...]:
    return tuple(unicodedata.normalize("NFC", word) for word in Mnemonic(name).wordlist)


@cache
def _drawable(name: str) -> tuple[str, ...]:
    return tuple(word for word in _list(name) if _plain(word) not in UNKIND)


@cache
def _by_start(name: str) -> dict[str, str]:
    return {_plain(word)[:ENOUGH]: _plain(word) for word in _list(name)}
