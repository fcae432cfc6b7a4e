"""Dates as people write them in a text: "3/14", "Mar 14th at 8:30am", "el 14 de marzo", "manana".

    >>> read("el lunes 14 de diciembre a las 8:30", date(2026, 12, 1), ahead=True)
    datetime.date(2026, 12, 14)

Numbers are read in the American order, month first, because court papers here are written so; "14/3" can only be the
14th of March. A year that is left out is the one that makes the day the next one (`ahead`), or the last one. Two
different days, a day of the week that does not fit, a day that does not exist: then nothing is read (None), because a
reminder for a wrong day is worse than a question. What was read is always said back with the month in words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta

__all__ = ["plain", "read"]

_MONTHS = {
    "january enero": 1, "february febrero": 2, "march marzo": 3, "april abril": 4, "may mayo": 5, "june junio": 6,
    "july julio": 7, "august agosto": 8, "september septiembre setiembre": 9, "october octubre": 10,
    "november noviembre": 11, "december diciembre": 12,
}  # fmt: skip
_WEEKDAYS = (
    ("monday", "lunes"), ("tuesday", "martes"), ("wednesday", "miercoles"), ("thursday", "jueves"),
    ("friday", "viernes"), ("saturday", "sabado"), ("sunday", "domingo"),
)  # fmt: skip
_NEAR = {"today": 0, "hoy": 0, "tomorrow": 1, "manana": 1, "yesterday": -1, "ayer": -1}

# An hour and a room are part of a court date and no part of the day.
_HOUR = re.compile(
    r"\b(?:at|a las?|@)?\s*\d{1,2}(?::\d{2}\s*(?:[ap]\.?\s?m\b\.?)?|\s*[ap]\.?\s?m\b\.?)|\b(?:at|a las?|@)\s*\d{1,2}\b"
    r"(?![/.-]\d)"
)
_ROOM = re.compile(r"\b(?:dept|department|depto|dpto|departamento|room|rm|sala|division|div|courtroom)\b\.?\s*\w+")
_ISO = re.compile(r"\b(20\d{2})[-/.](\d{1,2})[-/.](\d{1,2})\b")
_NUMBERS = re.compile(r"\b(\d{1,2})\s*([/.-])\s*(\d{1,2})(?:\s*\2\s*(\d{4}|\d{2}))?\b(?!\s*[/.-]\s*\d)")
_SPACED = re.compile(r"^\s*(\d{1,2})\s+(\d{1,2})(?:\s+(\d{4}))?\s*$")
_DAY = r"(\d{1,2})(?:st|nd|rd|th|ro|er|o|º|°)?"
_YEAR = r"(?:\s*,?\s*(?:de[l]?\s+|of\s+)?(\d{4}))?"
_WORD = r"([a-z]{3,10})\.?"
_MONTH_FIRST = re.compile(rf"\b{_WORD}\s*,?\s*(?:the\s+|el\s+)?{_DAY}\b{_YEAR}")
_DAY_FIRST = re.compile(rf"\b{_DAY}\s*[-/ ]?\s*(?:de[l]?\s+|of\s+)?{_WORD}(?![a-z]){_YEAR}")
_FILLER = frozenset(
    [
        *(
            "on",
            "the",
            "of",
            "for",
            "at",
            "a",
            "in",
            "is",
            "my",
            "date",
            "day",
            "this",
            "it",
            "was",
            "will",
            "be",
            "next",
        ),
        *("court", "and", "am", "pm"),
        *(
            "el",
            "la",
            "las",
            "los",
            "de",
            "del",
            "para",
            "en",
            "es",
            "mi",
            "fecha",
            "dia",
            "este",
            "fue",
            "sera",
            "proximo",
        ),
        *("que", "viene", "corte", "y"),
    ]
)


def plain(text: str) -> str:
    """Small letters without accents, typographic signs made plain."""
    apart = unicodedata.normalize("NFKD", text.replace("’", "'").replace("–", "-").casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def read(text: str, today: date, *, ahead: bool) -> date | None:
    """The one day that `text` names; None when it names none, several, or one that cannot be."""
    rest = _ROOM.sub(" ", _HOUR.sub(" ", plain(text)))
    found: list[date | None] = []
    for pattern, reading in ((_ISO, _iso), (_NUMBERS, _numbers), (_MONTH_FIRST, _month), (_DAY_FIRST, _day)):
        for hit in pattern.finditer(rest):
            parts = reading(hit)
            if parts is None:
                continue
            found.append(_date(*parts, today, ahead))
            rest = rest[: hit.start()] + " " * (hit.end() - hit.start()) + rest[hit.end() :]
    words = re.findall(r"[a-z]+", rest)
    found += [today + timedelta(days=_NEAR[word]) for word in words if word in _NEAR]
    if not found and (spaced := _SPACED.match(rest)):
        found.append(_date(spaced[3], spaced[1], spaced[2], today, ahead))
        words, rest = [], ""
    days = set(found)
    if len(days) != 1 or None in days or re.search(r"\d", rest):
        return None
    (day,) = days
    named = {n for word in words for n in _weekdays(word)}
    left = [word for word in words if word not in _FILLER and word not in _NEAR and not set(_weekdays(word))]
    if day is None or left or (named and day.weekday() not in named):
        return None
    return day


def _iso(hit: re.Match[str]) -> tuple[str | None, str, str]:
    return hit[1], hit[2], hit[3]


def _numbers(hit: re.Match[str]) -> tuple[str | None, str, str]:
    first, second = hit[1], hit[3]
    return (hit[4], second, first) if int(first) > 12 else (hit[4], first, second)


def _month(hit: re.Match[str]) -> tuple[str | None, str, str] | None:
    month = _month_of(hit[1])
    return (hit[3], str(month), hit[2]) if month else None


def _day(hit: re.Match[str]) -> tuple[str | None, str, str] | None:
    month = _month_of(hit[2])
    return (hit[3], str(month), hit[1]) if month else None


def _month_of(word: str) -> int | None:
    return next((n for names, n in _MONTHS.items() if any(name.startswith(word) for name in names.split())), None)


def _weekdays(word: str) -> Iterator[int]:
    if len(word) >= 3:
        yield from (n for n, names in enumerate(_WEEKDAYS) if any(name.startswith(word) for name in names))


def _date(year: str | None, month: str, day: str, today: date, ahead: bool) -> date | None:
    if year is not None:
        return _made(int(year) + (2000 if len(year) == 2 else 0), month, day)
    around = range(today.year, today.year + 5) if ahead else range(today.year, today.year - 5, -1)
    days = (_made(each, month, day) for each in around)  # 29 February may be years away
    return next((d for d in days if d is not None and (d >= today if ahead else d <= today)), None)


def _made(year: int, month: str, day: str) -> date | None:
    try:
        return date(year, int(month), int(day))
    except ValueError:
        return None
