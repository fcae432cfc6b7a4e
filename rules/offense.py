"""Reading an offense as people and RAP sheets write it.

"11357(b) HS", "HS11357(B)", "H&S 11357 (b)", "664/11358 HS", "664-11358 HS-ATT CULTIVATE": one form comes out, the
code's two letters and the section, the first letter of the subdivision, whether it is an attempt, and the paragraph
after the letter ("1" in 243(e)(1)), which for a burglary is its degree. What is not of California is only named:
"federal", "military", "other state". What cannot be read is ``None``: unknown, never a guess.

    >>> read("664/11358 HS")
    Offense(offense='HS 11358', subdivision=None, attempt=True, paragraph=None)
    >>> read("H&S 11360(a)").subdivision
    'a'
    >>> written(read("459/460(B) PC-BURGLARY"))
    'PC 459 second'
    >>> read("weed") is None
    True

A "/" joins a section to the one that it is read with: 664 (an attempt) and 460 (the degree of a burglary). Any other
two sections in one text are alternatives, and which of them it was is unknown.

Numbers change. `law/renumbered.yaml` lists old numbers (:func:`renumbered`) and sections that papers write in two ways.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from rules import plain_yaml

_CODES = {
    "HS": "HS",
    "H&S": "HS",
    "HSC": "HS",
    "H&SC": "HS",
    "PC": "PC",
    "CPC": "PC",
    "VC": "VC",
    "CVC": "VC",
    "BP": "BP",
    "B&P": "BP",
    "BPC": "BP",
    "WI": "WI",
    "W&I": "WI",
    "WIC": "WI",
    "UI": "UI",
    "UIC": "UI",
    "GC": "GC",
    "FG": "FG",
    "F&G": "FG",
}
_CODE = "|".join(sorted((re.escape(c) for c in _CODES), key=len, reverse=True))
# Read one after the other over the text in capitals.
_WORDS = (
    (re.compile(r"(?<=[A-Z])\."), ""),  # H.S., SEC.
    (re.compile(r"\bCAL(?:IFORNIA)?\b"), " "),
    (re.compile(r"HEALTH\s*(?:&|AND)\s*SAFETY(?:\s+CODE)?"), "HS"),
    (re.compile(r"PENAL\s+CODE"), "PC"),
    (re.compile(r"VEHICLE\s+CODE"), "VC"),
    (re.compile(r"\bH\s*(?:&|AND)\s*S\s*(?:C\b|CODE\b)?"), "HS "),
    (re.compile(r"[§,:]|\b(?:SECTIONS?|SECS?|SUBDIVISION|SUBD)\b"), " "),
    (re.compile(r"\b(484(?:\s*\(A\))?)\s*[/-]\s*488\b"), r"\1"),  # 488 only says that this theft is a petty one
    (re.compile(r"\s+"), " "),
)
# Not of California. The words of a federal or military code, or the plain words in which the rules name them.
_ELSEWHERE = (
    (re.compile(r"\bUSC\b|\bU S C\b|^FEDERAL\b"), "federal"),
    (re.compile(r"\bUCMJ\b|^MILITARY\b|^COURT.MARTIAL\b"), "military"),
    (re.compile(r"^(?:OTHER|ANOTHER|OUT.OF) STATE\b"), "other state"),
)
_ATTEMPT = r"(?P<attempt>664(?:\([A-Z]\))?(?:\s*PC)?\s*[/-]\s*)?"
# A section: digits, perhaps decimals and a letter of its own ("11357.5", "459", "476A"), then the parts in brackets.
# Sections of five digits have no letter of their own: "11357B" is subdivision (b); but "11357 F" may say felony. In
# "496DPC" the letter is the section's, in "459CPC" it may be the code's.
_SECTION = (
    rf"(?P<section>\d{{5}}(?:\.\d+)?|\d{{2,4}}(?:\.\d+)?(?:[A-Z](?![A-Z])|(?!CPC|CVC|BPC)[A-Z](?=(?:{_CODE})\b))?)"
    r"(?P<parts>(?:(?<=\d{5})|(?<=\d{5}\.\d))\s?[A-E](?![A-Z&])|(?:\s*\(\s*[A-Z0-9]{1,3}\s*\))*)"
)
_REST = r"(?P<rest>(?:[ .(\-–].*)?)\Z"  # a "/" would join a second section, which is not to be lost
_FORMS = (
    re.compile(rf"(?P<code>{_CODE})\s*-?\s*{_ATTEMPT}(?P<again>(?:{_CODE})\s*)?{_SECTION}{_REST}"),
    re.compile(rf"{_ATTEMPT}{_SECTION}\s*(?P<code>{_CODE})(?P<again>){_REST}"),
    re.compile(rf"{_ATTEMPT}(?P<code>{_CODE})(?P<again>)\s*{_SECTION}{_REST}"),
)
# A burglary: 459, then 460 with the part that gives the degree, or the degree in words.
_BURGLARY = re.compile(
    rf"(?P<code>(?:CPC|PC)\s*-?\s*)?{_ATTEMPT}(?:PC\s*)?459(?P<after>\s*(?:CPC|PC)\b)?"
    r"(?:\s*[/-]\s*(?:PC\s*)?460\s*(?:\(\s*(?P<part>[AB])\s*\)|\.(?P<point>[12])\b)(?:\s*\([12]\))?(?:\s*C?PC\b)?)?"
    rf"{_REST}"
)
_OF_460 = {"A": "first", "1": "first", "B": "second", "2": "second"}
# "Second offense" and "first count" are no degrees.
_NOT_A_DEGREE = r"(?!\s+(?:OFFENSE|STRIKE|COUNT|TIME|PRIOR|CONVICTION)S?\b)"
_DEGREES = {
    "first": re.compile(rf"\b(?:FIRST|1ST)\b{_NOT_A_DEGREE}|\bDEG(?:REE)?\s*1\b"),
    "second": re.compile(rf"\b(?:SECOND|2ND)\b{_NOT_A_DEGREE}|\bDEG(?:REE)?\s*2\b"),
}
_DEGREE_ALONE = re.compile(r"\s*[(\-–]?\s*(?:FIRST|1ST|SECOND|2ND)\b")
# "HS 11357, PC 459" or "HS 11357 and 11359": two offenses in one text are not one, and neither may be dropped in
# silence.
_SECOND = re.compile(
    rf"(?:{_CODE})\s*\d{{3,5}}|\b\d{{3,5}}(?:\.\d+)?(?:\([A-Z0-9]+\))*\s*(?:{_CODE})\b|\b(?:AND|OR)\s+\d{{3,5}}\b"
)
_SAID_ATTEMPT = re.compile(r"\bATT(?:EMPT\w*)?\b")
# "PC 664/11358": the code printed belongs to the attempt; the drug sections are in the Health and Safety Code.
_DRUG_SECTION = re.compile(r"11[35]\d\d")


_Printed = tuple[str, str | None, str | None]  # section, subdivision, paragraph


@dataclass(frozen=True, slots=True)
class Offense:
    offense: str
    subdivision: str | None
    attempt: bool
    paragraph: str | None = None


@dataclass(frozen=True, slots=True)
class Renumbered:
    """A section that had another number until a day. ``same``: only the number changed, not the law."""

    old: str
    new: str
    since: date
    same: bool
    confirmed: str
    source: str


def read(text: str) -> Offense | None:
    """The offense in ``text``; ``None`` if no code and section can be made out."""
    if len(text) > 200:
        return None
    capitals = text.upper()
    for words, code in _WORDS:
        capitals = words.sub(code, capitals)
    capitals = capitals.strip()
    for words, where in _ELSEWHERE:
        if words.search(capitals):
            return Offense(where, None, False)
    return _burglary(capitals) or _section(capitals)


def _section(capitals: str) -> Offense | None:
    for form in _FORMS:
        if (m := form.match(capitals)) and not _SECOND.search(m["rest"]):
            code = _CODES[(m["again"] or m["code"]).strip()]
            if m["attempt"] and code == "PC" and _DRUG_SECTION.match(m["section"]):
                code = "HS"
            letter, number = _parts(m["parts"])
            as_printed = (f"{code} {m['section']}", letter, number)
            section, letter, number = _spellings().get(as_printed, as_printed)
            return Offense(section, letter, _attempted(m), number)
    return None


def _burglary(capitals: str) -> Offense | None:
    """A burglary whose degree is told; of any other ``None``."""
    m = _BURGLARY.match(capitals)
    if not m or _SECOND.search(m["rest"]):
        return None
    told = {degree for degree, words in _DEGREES.items() if words.search(m["rest"])}
    if of_460 := m["part"] or m["point"]:
        told.add(_OF_460[of_460])
    # Without the name of the code, only 460 or a degree right after the number makes it a burglary.
    named = m["code"] or m["after"] or of_460 or _DEGREE_ALONE.match(m["rest"])
    return Offense("PC 459", None, _attempted(m), told.pop()) if named and len(told) == 1 else None


def _attempted(m: re.Match[str]) -> bool:
    return bool(m["attempt"]) or bool(_SAID_ATTEMPT.search(m["rest"]))


def _parts(text: str) -> tuple[str | None, str | None]:
    """The letter and the number that follow a section: "e" and "1" of "(E)(1)", none and "1" of "(1)"."""
    letter, parts = subdivision(text), re.findall(r"[a-z0-9]+", text.lower())
    after = parts[1:] if letter else parts
    return letter, after[0] if after and after[0].isdecimal() else None


def subdivision(text: str) -> str | None:
    """The first letter of a subdivision, "b" in "(B)(1)"; ``None`` if it does not start with a single letter."""
    m = re.match(r"\s*\(?\s*([a-z])(?![a-z])", text.lower())
    return m[1] if m else None


def paragraph(text: str) -> str | None:
    """A paragraph, or the degree of a burglary, written apart: "1" of "(1)", "second" of "2nd degree"."""
    capitals = text.upper()
    told = [degree for degree, words in _DEGREES.items() if words.search(capitals)]
    number = re.fullmatch(r"\s*\(?\s*([0-9]{1,3})\s*\)?\s*", text)
    return told[0] if len(told) == 1 else number[1] if number else None


def written(found: Offense) -> str:
    """The one way in which we write it: "HS 11357(b)(1)", "PC 459 second", "PC 664/187". :func:`read` reads it back."""
    number = found.offense.replace(" ", " 664/") if found.attempt else found.offense
    letter = f"({found.subdivision})" if found.subdivision else ""
    if found.paragraph in _DEGREES:
        return f"{number}{letter} {found.paragraph}"
    return number + letter + (f"({found.paragraph})" if found.paragraph else "")


@cache
def renumbered() -> Mapping[str, Renumbered]:
    """The sections with a newer number, by the old one."""
    return MappingProxyType({r["old"]: Renumbered(**r) for r in _file()["numbers"]})


@cache
def listed_under() -> Mapping[str, str]:
    """The sections that the catalogue lists together with another one: "VC 23103.5" (wet reckless) with "VC 23103"."""
    return MappingProxyType({r["offense"]: r["listed"] for r in _file()["under"]})


@cache
def _spellings() -> Mapping[_Printed, _Printed]:
    """What a section is to be read as, by what is printed."""
    return MappingProxyType({_printed(s): _printed(s["means"]) for s in _file()["spellings"]})


def _printed(entry: Mapping[str, str]) -> _Printed:
    return entry["offense"], entry.get("subdivision"), entry.get("paragraph")


def _file() -> dict[str, list[dict[str, Any]]]:
    # The folder is named as data, not as a package: importing rules.law would come back here.
    text = files("rules").joinpath("law", "renumbered.yaml").read_text(encoding="utf-8")
    content: dict[str, list[dict[str, Any]]] = plain_yaml.load(text)
    return content
