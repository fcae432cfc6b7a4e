"""Reading an offense as people and RAP sheets write it.

"11357(b) HS", "HS11357(B)", "H&S 11357 (b)", "664/11358 HS", "664-11358 HS-ATT CULTIVATE": one form comes out, the
code's two letters and the section, the first letter of the subdivision, and whether it is an attempt. What is not of
California is only named: "federal", "military", "other state". What cannot be read is ``None``: unknown, never a guess.

    >>> read("664/11358 HS")
    Offense(offense='HS 11358', subdivision=None, attempt=True)
    >>> read("H&S 11360(a)").subdivision
    'a'
    >>> read("weed") is None
    True
"""

from __future__ import annotations

import re
from dataclasses import dataclass

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
# Sections of five digits have no letter of their own: "11357B" is subdivision (b); but "11357 F" may say felony.
_SECTION = (
    r"(?P<section>\d{5}(?:\.\d+)?|\d{2,4}(?:\.\d+)?(?:[A-Z](?![A-Z]))?)"
    r"(?P<parts>(?:(?<=\d{5})|(?<=\d{5}\.\d))\s?[A-E](?![A-Z&])|(?:\s*\(\s*[A-Z0-9]{1,3}\s*\))*)"
)
_REST = r"(?P<rest>(?:[ .(\-–].*)?)\Z"  # a "/" would join a second section, which is not to be lost
_FORMS = (
    re.compile(rf"(?P<code>{_CODE})\s*-?\s*{_ATTEMPT}(?P<again>(?:{_CODE})\s*)?{_SECTION}{_REST}"),
    re.compile(rf"{_ATTEMPT}{_SECTION}\s*(?P<code>{_CODE})(?P<again>){_REST}"),
    re.compile(rf"{_ATTEMPT}(?P<code>{_CODE})(?P<again>)\s*{_SECTION}{_REST}"),
)
# "HS 11357, PC 459" or "HS 11357 and 11359": two offenses in one text are not one, and neither may be dropped in
# silence.
_SECOND = re.compile(
    rf"(?:{_CODE})\s*\d{{3,5}}|\b\d{{3,5}}(?:\.\d+)?(?:\([A-Z0-9]+\))*\s*(?:{_CODE})\b|\b(?:AND|OR)\s+\d{{3,5}}\b"
)
_SAID_ATTEMPT = re.compile(r"\bATT(?:EMPT\w*)?\b")
# "PC 664/11358": the code printed belongs to the attempt; the drug sections are in the Health and Safety Code.
_DRUG_SECTION = re.compile(r"11[35]\d\d")


@dataclass(frozen=True, slots=True)
class Offense:
    offense: str
    subdivision: str | None
    attempt: bool


def read(text: str) -> Offense | None:
    """The offense in ``text``; ``None`` if no code and section can be made out."""
    if len(text) > 200:
        return None
    written = text.upper()
    for words, code in _WORDS:
        written = words.sub(code, written)
    written = written.strip()
    for words, where in _ELSEWHERE:
        if words.search(written):
            return Offense(where, None, False)
    for form in _FORMS:
        if (m := form.match(written)) and not _SECOND.search(m["rest"]):
            code = _CODES[(m["again"] or m["code"]).strip()]
            if m["attempt"] and code == "PC" and _DRUG_SECTION.match(m["section"]):
                code = "HS"
            attempt = bool(m["attempt"]) or bool(_SAID_ATTEMPT.search(m["rest"]))
            return Offense(f"{code} {m['section']}", subdivision(m["parts"]), attempt)
    return None


def subdivision(text: str) -> str | None:
    """The first letter of a subdivision, "b" in "(B)(1)"; ``None`` if it does not start with a single letter."""
    m = re.match(r"\s*\(?\s*([a-z])(?![a-z])", text.lower())
    return m[1] if m else None
