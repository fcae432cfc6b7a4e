"""What we answer to a text, and what it changes.

    answer(store, "+19164452841", "FILED 3/2", now=clock.now(), site="https://limpio.example.org")
    # -> "Limpio: noted for March 2, 2027. Not right? Reply UNDO. ..."

Stop comes first, whoever it is and whatever else is true; then help and yes; then the person's state. Every answer says
what was understood, with the month in words, and how to take it back. After a stop there is one last answer, then
silence, but for HELP and START. What is not understood gets one short answer, a few times a day at most: two machines
that answer each other must come to an end.

A phone that several people share can stop for all of them. It changes nothing for one of them, because nobody can tell
who is writing: the answer leads to the page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast

from rules.court_days import is_court_day
from webapp import clock
from webapp.reminders import consent, messages, words
from webapp.reminders.petitions import (
    Outcome,
    Petition,
    Step,
    petitions,
    undone,
    with_decision,
    with_step,
    with_undo,
)
from webapp.reminders.plan import schedule
from webapp.reminders.words import Heard
from webapp.reminders.worker import CODE_HOURS, link_to, new_code, planned_for
from webapp.store import Store
from webapp.store.texts import Document, Texting

__all__ = ["answer"]

MOST_ANSWERS = 40  # to one number a day
MOST_PUZZLED = 3
FURTHEST = timedelta(days=3 * 365)
_A_DAY = 86400


@dataclass(frozen=True, slots=True)
class _Said:
    """The name of a text, and what goes into it; `change` is the new document, if something changes."""

    name: str
    day: date | None = None
    count: int | None = None
    change: Document | None = None


def answer(store: Store, number: str, said: str, *, now: datetime, site: str) -> str | None:
    """Does what this text from `number` asks for. Returns the answer, or None for silence. `number` is E.164."""
    today = now.astimezone(clock.CALIFORNIA).date()
    seconds = int(now.timestamp())
    heard = words.read(said, today)
    known = store.texts.of_number(number)
    lang = known[0].lang if known else words.lang_of(said)
    only_asked = any(each.state == "asked" for each in known) and not any(each.state == "on" for each in known)
    if heard.kind in ("stop", "wrong") or (heard.kind == "no" and only_asked):
        silent = store.texts.is_suppressed(number)
        store.texts.stop(number, "text", seconds, forget=heard.kind == "wrong")
        return None if silent else messages.text("stopped", lang)
    if heard.kind not in ("help", "yes") and store.texts.is_suppressed(number):
        return None
    if store.tally("texts answered", number, per=_A_DAY)[0] > MOST_ANSWERS:
        return None
    if heard.kind == "help":
        return messages.text("help", lang, site=site, month=consent.A_MONTH)
    if heard.kind == "yes":
        return _yes(store, number, lang, seconds, site)
    on = [each for each in known if each.state == "on"]
    puzzled = heard.kind == "unknown" or not on
    if puzzled and store.tally("texts not understood", number, per=_A_DAY)[0] > MOST_PUZZLED:
        return None
    if not on:
        return messages.text("nothing here", lang, site=site)
    if len(on) > 1:
        return messages.text("say it there", lang, link=f"{site}/{messages.text_lang(lang)}/resume")
    return _changed(store, on[0], heard, now, site)


def _yes(store: Store, number: str, lang: str, seconds: int, site: str) -> str:
    confirmed = store.texts.confirm(number, consent.version(messages.text_lang(lang)), seconds)
    if confirmed:
        return messages.text("welcome", confirmed[0].lang, month=consent.A_MONTH)
    on = any(each.state == "on" for each in store.texts.of_number(number))
    return messages.text("already", lang) if on else messages.text("nothing here", lang, site=site)


def _changed(store: Store, texting: Texting, heard: Heard, now: datetime, site: str) -> str:
    seconds = int(now.timestamp())
    last = store.texts.last_sent(texting.key) if heard.kind == "done" else None
    told: list[_Said] = []

    def change(document: Document) -> Document:
        told.append(understood(document, texting, heard, now, last.content["kind"] if last else None))
        return document if told[0].change is None else told[0].change

    if store.texts.change(texting.key, change, seconds) is None:
        return messages.text("nothing here", texting.lang, site=site)
    (said,) = told
    values: dict[str, object] = {}
    if "%(link)s" in messages.TEXTS[said.name]:
        code = new_code()
        store.texts.add_link(texting.key, code, seconds + CODE_HOURS * 3600)
        values["link"] = link_to(site, texting.lang, code)
    if said.day is not None:
        values["date"] = messages.day_words(said.day, texting.lang)
    if said.count is not None:
        values["count"] = said.count
    return messages.text(said.name, texting.lang, **values)


def understood(document: Document, texting: Texting, heard: Heard, now: datetime, asked: str | None) -> _Said:
    """What a message does to the answers, and which text answers it. Pure. `asked` is the kind of the last reminder."""
    today = now.astimezone(clock.CALIFORNIA).date()
    known = petitions(document)
    match heard.kind:
        case "undo":
            before = undone(document)
            return _Said("nothing to undo") if before is None else _Said("undone", change=before)
        case "status":
            return _next(document, texting, now)
        case "no":
            return _Said("okay")
        case "done":
            # Only the question "have you done it?" makes "done" mean that it was filed.
            if asked == "file":
                return _step(document, known, Heard("filed"), today, now)
            return _next(document, texting, now)
        case "filed" | "served":
            return _step(document, known, heard, today, now)
        case "hearing":
            return _hearing(document, known, heard, today, now)
        case "granted" | "denied":
            return _decision(document, known, heard, today, now)
    return _Said("not understood")


def _next(document: Document, texting: Texting, now: datetime) -> _Said:
    coming = next((each for each in planned_for(document, texting, now, schedule()) if each.due > now), None)
    return _Said("no next") if coming is None else _Said("next", coming.due.astimezone(clock.CALIFORNIA).date())


def _chosen(known: tuple[Petition, ...], number: int | None, open_ones: Callable[[Petition], bool]) -> list[Petition]:
    """Which petitions a message is about: the one it numbers, else those still open, else the only one."""
    if number is not None:
        return [each for each in known if each.number == number]
    found = [each for each in known if open_ones(each)]
    return found or (list(known) if len(known) == 1 else [])


def _past(heard: Heard, today: date) -> _Said | date:
    """The day on which something happened; today when none was written."""
    if heard.dated and heard.day is None:
        return _Said("what date")
    day = heard.day or today
    return _Said("to come", day) if day > today else day


def _step(document: Document, known: tuple[Petition, ...], heard: Heard, today: date, now: datetime) -> _Said:
    if not known:
        return _Said("say it there")
    step = cast(Step, heard.kind)
    day = _past(heard, today)
    if isinstance(day, _Said):
        return day
    chosen = _chosen(known, heard.number, lambda each: each[step] is None and each["decided"] is None)
    if not chosen:
        return _Said("which", count=len(known))
    after = document
    for each in chosen:
        after = with_step(after, each.case, each.form, step, day, now)
    name = "noted" if len(chosen) == 1 else "noted all"
    return _Said(name, day, len(chosen) if len(chosen) > 1 else None, with_undo(document, after))


def _hearing(document: Document, known: tuple[Petition, ...], heard: Heard, today: date, now: datetime) -> _Said:
    if not known:
        return _Said("say it there")
    day = heard.day
    if day is None or day > today + FURTHEST:
        return _Said("what date")
    if day < today:
        return _Said("past", day)
    if not is_court_day(day):
        return _Said("closed", day)
    chosen = _chosen(known, heard.number, lambda each: each["decided"] is None)
    if len(chosen) != 1:
        return _Said("which", count=len(known))
    after = with_step(document, chosen[0].case, chosen[0].form, "hearing", day, now)
    return _Said("date noted", day, change=with_undo(document, after))


def _decision(document: Document, known: tuple[Petition, ...], heard: Heard, today: date, now: datetime) -> _Said:
    if not known:
        return _Said("say it there")
    day = _past(heard, today)
    if isinstance(day, _Said):
        return day
    chosen = _chosen(known, heard.number, lambda each: each["decided"] is None)
    if len(chosen) != 1:
        return _Said("which", count=len(known))
    after = with_decision(document, chosen[0].case, chosen[0].form, cast(Outcome, heard.kind), day, now)
    name = "good news" if heard.kind == "granted" else "bad news"
    return _Said(name, day, change=with_undo(document, after))
