"""What `limpio reminders` does: send, show a plan, and the operator's view of stops and failures.

Each function returns lines to print. None of them holds a number or an answer: what an operator may see of a person is
the plan of a record that they were given, and whether one number, which they type, ever said yes or stop.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from webapp import clock
from webapp.interview.document import whole
from webapp.language import translate
from webapp.reminders import messages
from webapp.reminders.opening import opening_days
from webapp.reminders.petitions import petitions
from webapp.reminders.plan import TOPICS, plan, schedule
from webapp.reminders.send import line_of, utc
from webapp.reminders.worker import Worker, body_of, content_of
from webapp.settings import Settings
from webapp.store import Store

__all__ = ["dry_run", "failures", "moment_of", "preview", "proofs", "send", "suppressed"]


def moment_of(text: str | None) -> datetime:
    """The moment of `--now`, in UTC; a time without a zone is one of California. Raises ValueError."""
    if text is None:
        return clock.now()
    found = datetime.fromisoformat(text)
    return (found if found.tzinfo else found.replace(tzinfo=clock.CALIFORNIA)).astimezone(UTC)


def send(store: Store, settings: Settings, now: datetime | None, lang: str) -> Iterator[str]:
    """Sends what is due. `now` None takes the clock anew for each text."""
    worker = _worker(store, settings)
    tally = worker.run(clock.now if now is None else lambda: now)
    worker.rest()
    if tally is None:
        yield translate(lang, "Another process is sending at this moment. It does the work.")
        return
    yield translate(
        lang,
        "Sent: %(sent)s. Planned anew: %(planned)s people. Not fitting any more: %(dropped)s. To be tried again: "
        "%(again)s. Failed: %(failed)s. Not known: %(unknown)s.",
        sent=tally.sent,
        planned=tally.planned,
        dropped=tally.dropped,
        again=tally.again,
        failed=tally.failed,
        unknown=tally.unknown,
    )


def dry_run(store: Store, settings: Settings, now: datetime, lang: str) -> Iterator[str]:
    """What would be sent; queues are brought up to date, nothing goes out."""
    worker = _worker(store, settings)
    worker.replan(lambda: now)
    found = worker.would_send(now)
    for due, kind, spoken in found:
        yield f"{_when(due)}  {kind}  {spoken}"
    yield translate(lang, "Would be sent: %(count)s. Nothing was sent.", count=len(found))


def preview(data: Mapping[str, Any], now: datetime, lang: str) -> Iterator[str]:
    """The whole plan of one answers document, as if its person had asked for every topic before anything happened."""
    held = schedule()
    document = whole(data)
    known = petitions(document)
    days = opening_days(document, known, now.astimezone(held.zone).date())
    found = plan(known, days, TOPICS, datetime.min.replace(tzinfo=UTC), held)
    for each in found:
        mark = translate(lang, "(over)") if each.last < now else ""
        words = body_of(content_of(each), lang, translate(lang, "(a link)"))
        yield f"{_when(each.due)}  {each.kind} {each.days:+d}  [{messages.segments(words)}]  {words} {mark}".rstrip()
    if not found:
        yield translate(lang, "No text is planned: this record has no petition with a date, and no day to wait for.")


def suppressed(store: Store, lang: str) -> Iterator[str]:
    """Every number that gets nothing any more, as the start of its hash, with the reason."""
    found = store.texts.suppressed()
    for digest, why, since in found:
        yield f"{_when(utc(since))}  {digest}  {why}"
    yield translate(lang, "Numbers that get no texts: %(count)s.", count=len(found))


def failures(store: Store, lang: str) -> Iterator[str]:
    """Every text that did not arrive, with Twilio's number for the error; then how many are in each state."""
    for each in store.texts.failures():
        what = f"{each.kind}  {each.state}  {each.error or '-'}  x{each.tries}"
        yield f"{_when(utc(each.changed))}  {each.key[:12]}  {what}"
    counts = store.texts.counts()
    yield translate(
        lang,
        "Failed: %(failed)s. Sent: %(sent)s. Planned: %(planned)s. Being sent: %(sending)s.",
        **{name: counts.get(name, 0) for name in ("failed", "sent", "planned", "sending")},
    )


def proofs(store: Store, number: str, lang: str) -> Iterator[str]:
    """What was agreed to and taken back from one number, with the exact words: for somebody who asks for proof."""
    found = store.texts.proofs(number)
    for event, method, wording, spoken, at in found:
        yield f"{_when(utc(at))}  {event}  {method}  {spoken}  {wording}".rstrip()
    if not found:
        yield translate(lang, "Nothing is known of this number.")


def _worker(store: Store, settings: Settings) -> Worker:
    site = settings.public_url or f"http://{settings.host}:{settings.port}"
    return Worker(store, line_of(settings, store), site=site)


def _when(moment: datetime) -> str:
    there = moment.astimezone(clock.CALIFORNIA) if moment.date() > date.min else moment
    return there.strftime("%a %Y-%m-%d %H:%M %Z")
