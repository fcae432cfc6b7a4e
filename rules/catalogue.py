"""The offense catalogue: what each remedy has to know of a code section, as dated rows of `law/offenses.csv`.

A row is one section, or one part of it, and what the law says of it in a column each: its level, its place in
Propositions 47 and 64 and in the dismissal laws, the duty to register, the lists of the most serious felonies, whether
it can be reduced, and how long charges may be filed. A change of law ends a row with `until` and adds one with `from`.

Papers write more parts of a section than the catalogue lists, or fewer. Three rules find the rows:

1. What is written lies in a row: the row with the most parts has the word. PC 484(a) is the row PC 484.
2. Rows lie in what is written: what they all say is known, the rest is unknown. PC 288 is left out of 1203.4 whichever
   of its rows it was, and whether it is a wobbler is unknown. A single row stands for the section only if it is its
   first part, as in HS 11350, listed as (a): papers leave that part out. PC 287, listed as (c) alone, is unknown.
3. Neither: a part that is not listed is unknown. What holds of VC 23152(a) is no reason to say it of 23152(f).

An attempt is looked up as the crime itself, except where the catalogue has a row for the attempt (PC 664/187). What an
attempt does to the answer is for the remedy to say.

    >>> table = on(date(2026, 11, 22))
    >>> table.value("pc1203_4", "PC 288", None, None, False)
    'excluded'
    >>> table.value("level", "PC 288", None, None, False) is None
    True
    >>> table.entry("PC 459", None, "second", False).title
    'Burglary of a store, car, or other place (second degree)'

The columns, and where they come from:

- `id`, `offense`, `subdivision`, `paragraph`, `attempt`: which section; `paragraph` of a burglary is its degree.
- `title`: plain words for residents, a message id.
- `level` to `realigned_1170h`, `confidence` and `note`: `law/offense-table.csv`, cell for cell.
- `pc1203_4a` (ok, excluded: PC 288(c) as a misdemeanor, excluded_cond: only within VC 42002.1, excluded_traffic),
  `pc1203_4b` (ok, excluded, cond), `limit_felony` and `limit_misdemeanor` (years in which charges may be filed; none:
  no limit; lawyer: from discovery, or it turns on the facts; empty: never charged at this level) and `abuse` (dv,
  child, elder, none: the patterns of 851.91(c)(2)): made for this file from memory, no source seen. The limit of a row
  is the longest that the facts could give, for a crime of any day; PC 273.5 is 3 here, its longer one since 2020 is
  kept elsewhere.
- `from`, `until`: the days between which the row holds; empty: always. A repealed section keeps its row, for people
  convicted under it.
- `confirmed`: V if a source was seen for the columns that `source` names after "checked"; else M, from memory. What
  `source` does not name is from memory in every row.

People look for their offense (:func:`search`) by its number or in words, English or Spanish, whatever the language of
the page: besides the titles, `law/offense_words.yaml` has what they call it.
"""

from __future__ import annotations

import csv
import io
import math
import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from itertools import combinations
from types import MappingProxyType

from rapidfuzz import process
from rapidfuzz.distance import OSA

from . import offense as offenses
from . import plain_yaml

_YES_NO = frozenset({"Y", "N", "cond"})
# What the rules may ask of an offense, and what may stand there. An empty cell is unknown to the rules.
COLUMNS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "level": frozenset("FMIW"),
        "prop47": _YES_NO,
        "prop64": _YES_NO,
        "pc1203_4": frozenset(
            {"ok", "excluded", "felony_excluded", "excluded_cond", "discretionary", "excluded_traffic"}
        ),
        "pc1203_4a": frozenset({"ok", "excluded", "excluded_cond", "excluded_traffic"}),
        "pc1203_4b": frozenset({"ok", "excluded", "cond"}),
        "reg_290c": _YES_NO,
        "superstrike": _YES_NO,
        "serious": _YES_NO,
        "violent": _YES_NO,
        "red_17b": _YES_NO,
        "red_17d2": _YES_NO,
        "realigned_1170h": _YES_NO,
        "limit_felony": frozenset({"", "3", "5", "6", "10", "none", "lawyer"}),
        "limit_misdemeanor": frozenset({"", "1", "3", "lawyer"}),
        "abuse": frozenset({"dv", "child", "elder", "none"}),
    }
)
_OTHER_COLUMNS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "attempt": frozenset({"", "Y"}),
        "confirmed": frozenset({"V", "M"}),
        "confidence": frozenset({"high", "medium", "low"}),
    }
)
_FILLED = ("id", "offense", "title", "source")
_FREE = ("subdivision", "paragraph", "from", "until", "note")
_ALL = frozenset({*COLUMNS, *_OTHER_COLUMNS, *_FILLED, *_FREE})

Path = tuple[str, ...]
Answers = Mapping[str, str | None]
# Papers leave these out when they write a section of which only the first part matters.
_FIRST_PARTS: frozenset[Path] = frozenset({("a",), ("1",), ("a", "1")})
_NOTHING: Answers = MappingProxyType(dict.fromkeys(COLUMNS))
_KEPT_AT_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One row. Empty cells are None, except in the columns of the law, where they stay as they are written."""

    id: str
    offense: str
    subdivision: str | None
    paragraph: str | None
    attempt: bool
    title: str
    level: str
    prop47: str
    prop64: str
    pc1203_4: str
    pc1203_4a: str
    pc1203_4b: str
    reg_290c: str
    superstrike: str
    serious: str
    violent: str
    red_17b: str
    red_17d2: str
    realigned_1170h: str
    limit_felony: str
    limit_misdemeanor: str
    abuse: str
    starts: date | None
    ends: date | None
    confirmed: str
    confidence: str
    source: str
    note: str

    @property
    def path(self) -> Path:
        """The parts after the section, from the outermost inwards."""
        return _path(self.subdivision, self.paragraph)

    def holds(self, day: date) -> bool:
        return (self.starts is None or self.starts <= day) and (self.ends is None or day <= self.ends)


def _path(subdivision: str | None, paragraph: str | None) -> Path:
    return tuple(part for part in (subdivision, paragraph) if part)


def read(text: str) -> tuple[Entry, ...]:
    """The rows written in ``text``. Raises ValueError with a sentence about the first thing that is wrong."""
    table = csv.DictReader(io.StringIO(text))
    columns = table.fieldnames or ()
    if missing := sorted(_ALL - set(columns)):
        raise ValueError(f"offenses.csv has no column {', '.join(missing)}")
    if unknown := sorted(set(columns) - _ALL):
        raise ValueError(f"offenses.csv has a column nobody reads: {', '.join(unknown)}")
    entries = tuple(_entry(row, table.line_num) for row in table)
    _refuse_overlaps(entries)
    return entries


def _entry(row: dict[str, str], line: int) -> Entry:
    where = f"offenses.csv, line {line}"
    if None in row or None in row.values():
        raise ValueError(f"{where}: has more or fewer cells than columns")
    where = f"{where} ({row['id']})"
    for name in _FILLED:
        if not row[name]:
            raise ValueError(f"{where}: the column {name} is empty")
    for name, allowed in (*COLUMNS.items(), *_OTHER_COLUMNS.items()):
        if row[name] not in allowed:
            known = ", ".join(sorted(value or "empty" for value in allowed))
            raise ValueError(f"{where}: {row[name]!r} in the column {name}; known: {known}")
    starts, ends = (_day(row[name], where, name) for name in ("from", "until"))
    if starts and ends and ends < starts:
        raise ValueError(f"{where}: until is before from")
    entry = Entry(
        id=row["id"],
        offense=row["offense"],
        subdivision=row["subdivision"] or None,
        paragraph=row["paragraph"] or None,
        attempt=row["attempt"] == "Y",
        title=row["title"],
        **{name: row[name] for name in COLUMNS},
        starts=starts,
        ends=ends,
        confirmed=row["confirmed"],
        confidence=row["confidence"],
        source=row["source"],
        note=row["note"],
    )
    if offenses.read(entry.id) != offenses.Offense(entry.offense, entry.subdivision, entry.attempt, entry.paragraph):
        raise ValueError(f"{where}: the id names another offense than the columns beside it")
    return entry


def _day(cell: str, where: str, column: str) -> date | None:
    try:
        return date.fromisoformat(cell) if cell else None
    except ValueError:
        raise ValueError(f"{where}: {cell!r} in the column {column} is not a date like 2027-01-31") from None


def _refuse_overlaps(entries: Iterable[Entry]) -> None:
    # The id was checked against the columns, so two rows of one offense have one id however that is capitalized.
    by_offense: dict[tuple[str, Path, bool], list[Entry]] = {}
    for entry in entries:
        by_offense.setdefault((entry.offense, entry.path, entry.attempt), []).append(entry)
    for rows in by_offense.values():
        for one, other in combinations(rows, 2):
            day = max(one.starts or date.min, other.starts or date.min)
            if one.holds(day) and other.holds(day):
                since = f"on {day}" if day > date.min else "from the beginning"
                raise ValueError(f"offenses.csv: {one.id} has two rows {since}; end the earlier one with `until`")


@cache
def entries() -> tuple[Entry, ...]:
    """Every row, of any time."""
    return read(files("rules").joinpath("law", "offenses.csv").read_text(encoding="utf-8"))


@cache
def turning_points() -> tuple[date, ...]:
    """Days on which some row starts to hold, or has just ended, in order."""
    days = {e.starts for e in entries() if e.starts}
    days |= {e.ends + timedelta(days=1) for e in entries() if e.ends and e.ends < date.max}
    return tuple(sorted(days))


def on(as_of: date) -> Table:
    """The catalogue of that day."""
    return _stretch(bisect_right(turning_points(), as_of))


@cache
def _stretch(number: int) -> Table:
    first_day = (date.min, *turning_points())[number]
    return Table(tuple(e for e in entries() if e.holds(first_day)))


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """The rows that hold at one time. There is one for each time, so two are the same only if they are one."""

    entries: tuple[Entry, ...]
    _sections: dict[str, tuple[Entry, ...]] = field(init=False, repr=False)
    # The rules ask the same few offenses hundreds of thousands of times. An offense is whatever a person types, so what
    # is kept is thrown away when it grows.
    _kept: dict[tuple[str | None, str | None, str | None, bool | None], Answers] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        sections: dict[str, tuple[Entry, ...]] = {}
        for entry in self.entries:
            sections[entry.offense] = (*sections.get(entry.offense, ()), entry)
        object.__setattr__(self, "_sections", sections)
        object.__setattr__(self, "_kept", {})

    def value(
        self, column: str, offense: str | None, subdivision: str | None, paragraph: str | None, attempt: bool | None
    ) -> str | None:
        """What the catalogue says of the offense in a column of :data:`COLUMNS`; ``None`` where it does not say, or
        where rows that it may be say different things. Raises KeyError for a column there is not."""
        return self.answers(offense, subdivision, paragraph, attempt)[column]

    def answers(
        self, offense: str | None, subdivision: str | None, paragraph: str | None, attempt: bool | None
    ) -> Answers:
        """What :meth:`value` gives in every column."""
        key = (offense, subdivision, paragraph, attempt)
        answers = self._kept.get(key)
        if answers is None:
            answers = self._answers(self.rows(offense, subdivision, paragraph, attempt))
            if len(self._kept) >= _KEPT_AT_MOST:
                self._kept.clear()
            self._kept[key] = answers
        return answers

    def _answers(self, rows: tuple[Entry, ...]) -> Answers:
        if not rows:
            return _NOTHING
        said = {name: {getattr(row, name) for row in rows} for name in COLUMNS}
        return {name: (values.pop() or None) if len(values) == 1 else None for name, values in said.items()}

    def entry(
        self, offense: str | None, subdivision: str | None, paragraph: str | None, attempt: bool | None
    ) -> Entry | None:
        """The one row that it is; ``None`` if it is none, or may be several."""
        rows = self.rows(offense, subdivision, paragraph, attempt)
        return rows[0] if len(rows) == 1 else None

    def rows(
        self, offense: str | None, subdivision: str | None, paragraph: str | None, attempt: bool | None
    ) -> tuple[Entry, ...]:
        """The rows that the offense may be, by the three rules above."""
        section, given = self._section(offense), _path(subdivision, paragraph)
        crimes = _matching([row for row in section if not row.attempt], given)
        if attempt is False:
            return crimes
        attempts = _matching([row for row in section if row.attempt], given)
        # Not knowing whether it was an attempt leaves both.
        return (attempts or crimes) if attempt else (*crimes, *attempts)

    def _section(self, offense: str | None) -> tuple[Entry, ...]:
        if offense is None:
            return ()
        if own := self._sections.get(offense):
            return own
        if together := offenses.listed_under().get(offense):
            return self._sections.get(together, ())
        moved = offenses.renumbered().get(offense)
        return self._sections.get(moved.new, ()) if moved and moved.same else ()


def _matching(rows: list[Entry], given: Path) -> tuple[Entry, ...]:
    around = [row for row in rows if given[: len(row.path)] == row.path]
    if around:
        most = max(len(row.path) for row in around)
        return tuple(row for row in around if len(row.path) == most)
    within = tuple(row for row in rows if row.path[: len(given)] == given)
    if len(within) == 1 and within[0].path[len(given) :] not in _FIRST_PARTS:
        return ()
    return within


# ----------------------------------------------------------------------------------------------------------- the search

Say = Callable[[str], str]

_WORD = re.compile(r"[^\W_]+(?:\.\d+)?")
# Words that say nothing about the offense.
_IDLE = frozenset(
    _WORD.findall(
        "a an the of in on at to for from with or and by my me i was is it not no than as your someone something "
        "be go charge california felony misdemeanor infraction crime old law "
        "el la los las lo un una unos unas de del en con por para al a o y mi mis me se su sus yo que mas ir "
        "cargo delito mayor menor infraccion ley vieja alguien"
    )
)
_NUMBER = re.compile(r"(?<![\d.])(\d{2,5}(?:\.\d+)?)([a-z]?)(?![a-z])")
_FOR_AN_ATTEMPT = re.compile(r"664(?:\([a-z]\))?\s*[/-]\s*")
# People leave the name of the code out.
_CODES = ("", "PC ", "HS ", "VC ", "BP ", "WI ", "UI ")
_LONGEST = 200
_MOST_WORDS = 12
_ENOUGH = 0.5  # the part of what was typed, by weight, that a row has to answer to
_UNKNOWN = 1.0  # the weight of a word that is none of ours; ours weigh one to six. People write whole sentences.
_CLOSE = 0.6  # how good a row has to be beside the best one


@cache
def search_words() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """What people call each offense, by the id of its row: language and words. Raises ValueError for an id that no row
    has."""
    content = plain_yaml.load(files("rules").joinpath("law", "offense_words.yaml").read_text(encoding="utf-8"))
    if unknown := sorted(set(content) - {e.id for e in entries()}):
        raise ValueError(f"offense_words.yaml: no row of offenses.csv has the id {', '.join(unknown)}")
    return MappingProxyType(
        {
            id: tuple((lang, words) for lang, many in by_lang.items() for words in many)
            for id, by_lang in content.items()
        }
    )


def search(words: str, language: str, say: Say, as_of: date, limit: int = 8) -> tuple[Entry, ...]:
    """The rows that fit what a person typed, a number or words, the best first; none if nothing fits. ``say`` puts a
    title into the ``language`` of the page; both languages are searched whatever it is."""
    words = words[:_LONGEST]
    typed = _tokens(words)
    table = on(as_of)
    found = dict.fromkeys(_by_number(table, words))
    # A letter alone is no word: in our titles it is what an apostrophe cut off, a measure, or the part of a section.
    wordless = all(len(word) == 1 for word in typed)
    if not wordless and (not found or any(len(word) > 3 and word.isalpha() for word in typed)):
        index = _index(table, language, tuple(say(e.title) for e in table.entries))
        found |= dict.fromkeys(table.entries[place] for place in index.places(typed))
    return tuple(found)[:limit]


def plain(text: str) -> str:
    """``text`` in small letters without accents: "Posesión" and "POSESION" are one."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


def _tokens(text: str) -> tuple[str, ...]:
    """The words of a text that say something, each once. A text of idle words alone keeps them."""
    every = tuple(dict.fromkeys(_WORD.findall(plain(text))))
    return tuple(word for word in every if word not in _IDLE) or every


def _by_number(table: Table, words: str) -> tuple[Entry, ...]:
    """The rows of the section that was typed: the part itself first, then the rest of the section, then sections that
    begin alike ("484" finds 484, then 484e and 484g)."""
    typed = plain(words).strip()
    m = _NUMBER.search(_FOR_AN_ATTEMPT.sub("", typed))
    whole = offenses.read(words)
    if not m or (len(m[1]) < 3 and not whole and m[0] != typed):
        return ()  # no number, or one of a sentence: "21", "10 years"
    # "288a" may be the section 288a or the subdivision 288(a).
    spelled = (typed, typed.replace(m[0], f"{m[1]}({m[2]})", 1)) if m[2] else (typed,)
    codes = ("",) if whole else _CODES
    read = [found for way in spelled for code in codes if (found := offenses.read(code + way))]
    exact = [row for o in read for row in table.rows(o.offense, o.subdivision, o.paragraph, o.attempt)]
    names = {o.offense for o in read} if whole else {f"{code}{m[1]}{m[2]}".upper() for code in _CODES}
    names |= {moved.new for old, moved in offenses.renumbered().items() if old in names}
    section = [row for row in table.entries if row.offense in names]
    alike = [row for row in table.entries if any(_begins(row.offense, name) for name in names)]
    if not (exact or section or alike) and typed.isdecimal():  # somebody is still typing
        alike = [row for row in table.entries if row.offense.split()[1].startswith(typed)]
    return tuple(dict.fromkeys((*exact, *section, *alike)))


def _begins(offense: str, code: str) -> bool:
    """Whether one section goes on where the other ends: 148.5 after 148, not 1485."""
    return offense.startswith(code) and not offense[len(code) :][:1].isdigit()


def _part(asked: Mapping[str, float], hits: Mapping[str, float]) -> float:
    """The part, by weight, of the typed words that was hit."""
    return sum(asked[word] * likeness for word, likeness in hits.items()) / sum(asked.values())


@dataclass(frozen=True, slots=True)
class _Phrase:
    place: int  # of the row, in the table
    tokens: tuple[str, ...]
    weight: float  # of all its tokens
    lead: float  # how much better a hit here is than elsewhere


@dataclass(frozen=True, slots=True)
class _Index:
    """Every phrase that names a row, and which phrases have a word."""

    phrases: tuple[_Phrase, ...]
    having: Mapping[str, tuple[int, ...]]
    weights: Mapping[str, float]  # of a word; one that names few offenses says more than one that names many

    def places(self, typed: tuple[str, ...]) -> list[int]:
        """The rows that answer to the typed words, as places in the table, the best first."""
        typed = typed[:_MOST_WORDS]
        alike = {word: self._alike(word) for word in typed}
        asked = {word: max((self.weights[token] for token in alike[word]), default=_UNKNOWN) for word in typed}
        by_row: dict[int, dict[str, float]] = {}
        by_phrase: dict[int, dict[str, tuple[float, str]]] = {}
        for word, tokens in alike.items():
            for token, likeness in sorted(tokens.items(), key=lambda item: -item[1]):
                for number in self.having[token]:
                    by_phrase.setdefault(number, {}).setdefault(word, (likeness, token))
                    by_row.setdefault(self.phrases[number].place, {}).setdefault(word, likeness)
        # The typed words may be spread over several phrases of a row: worth something, but one phrase is worth more.
        best = {place: 0.6 * part for place, hits in by_row.items() if (part := _part(asked, hits)) >= _ENOUGH}
        for number, found in by_phrase.items():
            phrase = self.phrases[number]
            if phrase.place in best:
                best[phrase.place] = max(best[phrase.place], self._score(phrase, asked, found))
        floor = _CLOSE * max(best.values(), default=0.0)
        return sorted((place for place in best if best[place] >= floor), key=lambda place: (-best[place], place))

    def _score(self, phrase: _Phrase, asked: Mapping[str, float], found: Mapping[str, tuple[float, str]]) -> float:
        """How well a phrase fits: how much of what was typed it answers to, and how much of it was typed."""
        used = sum(self.weights[token] for token in {token for _, token in found.values()}) / phrase.weight
        part = _part(asked, {word: likeness for word, (likeness, _) in found.items()})
        return part * (0.7 + 0.3 * used) + phrase.lead

    def _alike(self, word: str) -> dict[str, float]:
        """The words of the index that ``word`` may be, and how surely, from 0 to 1: itself, another ending of it, and
        if it is none of ours, one with a letter or two wrong."""
        alike = {token: 0.9 for token in self.having if _same_stem(word, token)}
        if word in self.having:
            return alike | {word: 1.0}
        wrong = 0 if len(word) < 5 or word.isdigit() else 1 if len(word) < 8 else 2
        near = process.extract(word, self.having.keys(), scorer=OSA.distance, score_cutoff=wrong, limit=20)
        typos = {token: 0.9 - 0.1 * distance for token, distance, _ in near}
        return typos | alike


def _same_stem(word: str, ours: str) -> bool:
    """Whether a typed word is the beginning of one of ours ("shop", "shoplifting"), or has a longer ending ("drugs",
    "drug")."""
    if len(word) < len(ours):
        return len(word) >= 4 and ours.startswith(word)
    return len(ours) >= 4 and len(word) - len(ours) <= 3 and word.startswith(ours)


@lru_cache(maxsize=8)
def _index(table: Table, language: str, titles: tuple[str, ...]) -> _Index:
    """The index of a table whose titles are said in a language."""
    known = search_words()
    texts = []
    for place, (entry, title) in enumerate(zip(table.entries, titles, strict=True)):
        # Between equals, the language of the page comes first, and a number that is no longer used comes last.
        behind = -0.03 if entry.offense in offenses.renumbered() else 0.0
        for lang, text in (("en", entry.title), (language, title), *known.get(entry.id, ())):
            texts.append((place, text, behind + (0.02 if lang == language else 0.0)))
    split = [(place, _tokens(text), lead) for place, text, lead in texts]
    rows_having = Counter(token for _, token in {(place, token) for place, tokens, _ in split for token in tokens})
    weights = {token: 1 + math.log(len(titles) / count) for token, count in rows_having.items()}
    phrases = tuple(
        _Phrase(place, tokens, sum(weights[token] for token in tokens), lead) for place, tokens, lead in split if tokens
    )
    having: dict[str, list[int]] = {}
    for number, phrase in enumerate(phrases):
        for token in phrase.tokens:
            having.setdefault(token, []).append(number)
    return _Index(phrases, {token: tuple(numbers) for token, numbers in having.items()}, weights)
