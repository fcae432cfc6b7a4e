"""Sending what is due, each reminder once.

**The problem.** A call to Twilio and a row in our database cannot be one transaction, and Twilio takes no key that
would make a repeated request harmless. A process may die between the call and the record; a connection may break when
Twilio has already taken the text. Who then sends again may send twice; who does not may lose it.

**How each goes out at most once, and is not lost.**

1. *Write ahead.* Before the call the row says "sending", with the exact words and a lease, on the disk (`Texts.claim`).
   The claim happens under the database's write lock, so of two workers one gets the row. In the same transaction all
   is looked at again: the yes, a stop, the answers, and whether the plan made from them now still has this reminder.
2. *The call*, once, without repeats by any library underneath; sixteen rows are claimed in one transaction and called
   at the same time, and just before its call each is asked once more whether a stop has come.
3. *The record*: sent with Twilio's id; or planned again, if Twilio said that it did not take it.
4. *Neither*, because the process died or the answer was lost: when the lease is over, no worker sends. One asks Twilio
   for the messages to that number and looks for these words, which hold a link that no other text has. Found: sent.
   Not found, ten minutes after the call at the earliest: it was not taken, and is planned again. Twilio cannot be
   asked: later; for a day, then it counts as failed and is never sent.
5. Twilio's own report (`/sms/status`) names the row, and settles it whenever it comes, also before the answer.

**What remains possible.** Twice: only if Twilio took a text and, ten minutes later, does not list it and has not
reported it (or the account's messages are redacted, so that words cannot be compared). Lost: only if Twilio can be
neither reached nor asked for a day. After a stop: only what had been handed over in the instant before the stop was
written.

**Who works.** Every server process runs this in a thread; a lease in the database lets one of them work, and passes
to another when its holder dies. `limpio reminders send` is the same for cron. The lease is only for calm: without
it the claims alone would keep two workers apart.

    Worker(store, line, site="https://limpio.example.org").run(clock.now)     # -> Tally(sent=3, ...)
"""

from __future__ import annotations

import logging
import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import partial
from typing import Any

from webapp import clock
from webapp.reminders import consent, messages
from webapp.reminders.opening import opening_days
from webapp.reminders.petitions import petitions
from webapp.reminders.plan import Reminder, Schedule, next_open, plan, schedule
from webapp.reminders.send import OPTED_OUT, UNREACHABLE, Line, LineDown, Outcome, Refused, Taken, utc
from webapp.store import KeyRingError, Store, StoreError
from webapp.store.texts import Claim, Document, Planned, Queued, Texting

__all__ = ["CODE_HOURS", "Tally", "Worker", "confirmation", "link_to", "new_code", "planned_for", "run_for_ever"]

LEASE = 120  # seconds a call may take, with everything around it
SETTLES = 600  # seconds after which Twilio's list of messages is believed
GIVE_UP = 86400  # seconds after which a text that nobody can say anything about is not sent any more
MOST_TRIES = 6
BACKOFF = (60, 300, 900, 3600, 10800)  # seconds before the next try
MOST_STRANGE = 5
TURN = 90  # seconds of the worker's lease
PARALLEL = 16  # calls at once
PLANNED_AT_ONCE = 20  # people in one transaction: others wait for its end
BATCH = 200
PAUSE = 20.0  # seconds between two looks at the queue
CODE_HOURS = 72  # how long the link in a text works
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that is mistaken for another
_CODE = 10  # letters: 49 bits, and a PIN or the five words behind it

_log = logging.getLogger(__name__)
Tick = Callable[[], datetime]


@dataclass(slots=True)
class Tally:
    """What one run did."""

    planned: int = 0
    sent: int = 0
    dropped: int = 0
    again: int = 0
    failed: int = 0
    unknown: int = 0

    def __str__(self) -> str:
        return ", ".join(f"{each.name} {getattr(self, each.name)}" for each in fields(self))


def new_code() -> str:
    """A code for the link in one text."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_CODE))


def link_to(site: str, lang: str, code: str) -> str:
    return f"{site}/{messages.text_lang(lang)}/t/{code}"


def planned_for(
    document: Document, texting: Texting, now: datetime, held: Schedule, *, kind: str | None = None
) -> tuple[Reminder, ...]:
    """Every reminder of this person that is not too late at `now`, in order; with `kind` only those of its topic, which
    spares asking the rules for who is only asked whether they filed."""
    topics = frozenset(texting.topics)
    if kind is not None:
        topics &= {row.topic for row in held.rows if row.name == kind}
    known = petitions(document)
    days = opening_days(document, known, now.astimezone(held.zone).date()) if "open" in topics else ()
    since = utc(texting.confirmed)
    return tuple(each for each in plan(known, days, topics, since, held) if each.last >= now)


def content_of(reminder: Reminder) -> dict[str, Any]:
    """What the queue keeps of a reminder."""
    return {
        "ref": reminder.ref,
        "kind": reminder.kind,
        "anchor": reminder.anchor.isoformat(),
        "days": reminder.days,
    }


def confirmation(now: datetime) -> Planned:
    """The question that goes to a new number, as a row of the queue. Sundays and holidays are open to it, because the
    person has just asked for it; nights are not."""
    due = next_open(now, schedule(), any_day=True)
    return f"confirm {now.isoformat()}", int(due.timestamp()), {"kind": "confirm"}


def body_of(content: dict[str, Any], lang: str, link: str) -> str:
    """The words of a queued reminder."""
    kind = content["kind"]
    if kind == "confirm":
        return messages.text("confirm", lang, month=consent.A_MONTH)
    name = f"open {content['days']:+d}" if kind == "open" else kind
    return messages.text(name, lang, link=link, date=messages.day_words(date.fromisoformat(content["anchor"]), lang))


class Worker:
    """Sends for one store over one line. `site` is the address of the site, for links. `parallel` calls are made at
    once: a call takes Twilio a tenth of a second or two, and its own limits should be what binds. Without
    `turns` it works beside others, kept apart from them by the claims alone: for somebody who presses a button."""

    def __init__(
        self,
        store: Store,
        line: Line,
        *,
        site: str,
        held: Schedule | None = None,
        parallel: int = PARALLEL,
        turns: bool = True,
    ) -> None:
        self._texts = store.texts
        self._line = line
        self._site = site
        self._held = held or schedule()
        self._holder = secrets.token_bytes(16)
        self._parallel = parallel
        self._pool = ThreadPoolExecutor(parallel, "texts") if parallel > 1 else None
        self._turns = turns
        self._turn = 0
        self._strange = 0  # calls in a row without a clear answer

    def run(self, tick: Tick) -> Tally | None:
        """Settles what is unsettled, brings queues up to date, sends what is due. None: another worker has the turn."""
        tally = Tally()
        if not self._my_turn(tick):
            return None
        try:
            self._settle(tick, tally)
            tally.planned = self.replan(tick)
            self._send_due(tick, tally)
        except LineDown as down:
            _log.warning("Texts wait: %s", down)
        return tally

    def rest(self) -> None:
        """Gives the turn to another worker."""
        self._texts.give_turn(self._holder)
        self._turn = 0

    def replan(self, tick: Tick) -> int:
        """Brings the queue of everybody who changed something up to date. Returns of how many."""
        done = 0
        while stale := self._texts.stale(PLANNED_AT_ONCE):
            now = tick()
            until = int((now + self._held.ahead).timestamp())
            after = int(self._held.kept_after.total_seconds())
            done += self._texts.replan(stale, self._planner(now), until=until, after=after, now=int(now.timestamp()))
        return done

    def _planner(self, now: datetime) -> Callable[[Document, Texting], Iterable[Planned]]:
        def rows(document: Document, texting: Texting) -> Iterable[Planned]:
            for each in planned_for(document, texting, now, self._held):
                yield each.ref, int(each.due.timestamp()), content_of(each)

        return rows

    def would_send(self, now: datetime) -> list[tuple[datetime, str, str]]:
        """(due, kind, language) of what a run at `now` would send, without sending: for --dry-run."""
        found = []
        for key in self._texts.due(int(now.timestamp()), 1_000_000):
            looked = self._texts.look(key, int(now.timestamp()))
            if looked is None:
                continue
            queued, texting, document = looked
            wanted = "asked" if queued.content["kind"] == "confirm" else "on"
            fits = texting.state == wanted and not self._texts.is_suppressed(texting.number)
            if fits and self._decide(queued, texting, document, now, "").body is not None:
                found.append((utc(queued.due), queued.content["kind"], texting.lang))
        return found

    # -- inside

    def _my_turn(self, tick: Tick) -> bool:
        now = int(tick().timestamp())
        if not self._turns:
            return True
        if self._turn - now > TURN // 2:
            return True
        if not self._texts.take_turn(self._holder, now + TURN, now):
            self._turn = 0
            return False
        self._turn = now + TURN
        return True

    def _send_due(self, tick: Tick, tally: Tally) -> None:
        while keys := self._texts.due(int(tick().timestamp()), self._parallel):
            if not self._my_turn(tick):
                return
            self._send(keys, tick, tally)

    def _send(self, keys: list[bytes], tick: Tick, tally: Tally) -> None:
        """One batch: claimed together, called at the same time, recorded together."""
        now = tick()
        seconds = int(now.timestamp())
        claimed = self._texts.claim(
            keys,
            lambda queued, texting, document: self._decide(queued, texting, document, now, new_code()),
            lease=seconds + LEASE,
            link_until=seconds + CODE_HOURS * 3600,
            now=seconds,
        )
        tally.dropped += len(keys) - len(claimed)
        called: list[tuple[Queued, Texting, Callable[[], Outcome]]] = []
        for queued, texting in claimed:
            if self._texts.still_wanted(queued.key, texting):
                called.append((queued, texting, self._call(queued, texting, now)))
            else:
                self._texts.drop(queued.key, seconds)
                tally.dropped += 1
        self._record([(queued, texting, outcome()) for queued, texting, outcome in called], tick(), tally)

    def _call(self, queued: Queued, texting: Texting, now: datetime) -> Callable[[], Outcome]:
        """Begins one call; what it returns waits for the end."""
        call = partial(self._line.send, texting.number, queued.content["body"], queued.key, now)
        return call if self._pool is None else self._pool.submit(call).result

    def _decide(self, queued: Queued, texting: Texting, document: Document, now: datetime, code: str) -> Claim:
        asked = queued.content["kind"] == "confirm"
        if not asked:
            kind = queued.content["kind"]
            fitting = {each.ref for each in planned_for(document, texting, now, self._held, kind=kind)}
            if queued.content["ref"] not in fitting:
                return Claim(None)
        if not self._held.is_open(now, any_day=asked):
            return Claim(None, later=int(next_open(now, self._held, any_day=asked).timestamp()))
        body = body_of(queued.content, texting.lang, link_to(self._site, texting.lang, code))
        return Claim(body, None if asked else code)

    def _record(self, ended: list[tuple[Queued, Texting, Outcome]], now: datetime, tally: Tally) -> None:
        seconds = int(now.timestamp())
        taken = [(queued.key, outcome.message) for queued, _texting, outcome in ended if isinstance(outcome, Taken)]
        if taken:
            self._texts.sent(taken, seconds)
            tally.sent += len(taken)
            self._strange = 0
        down = ""
        for queued, texting, outcome in ended:
            if isinstance(outcome, Refused):
                self._refused(queued, texting, outcome, seconds, tally)
                self._strange = 0
                if outcome.down:
                    down = f"the provider takes nothing now ({outcome.code})"
            elif not isinstance(outcome, Taken):
                self._texts.wait(queued.key, seconds + SETTLES)
                tally.unknown += 1
                self._strange += 1
        if self._strange >= MOST_STRANGE:
            self._strange = 0
            down = "several calls in a row had no clear answer"
        if down:
            raise LineDown(down)

    def _refused(self, queued: Queued, texting: Texting, outcome: Refused, seconds: int, tally: Tally) -> None:
        # When nothing is taken at all, that is not this text's fault: it waits, and does not use up its tries.
        if outcome.down or (outcome.again and queued.tries < MOST_TRIES):
            wait = BACKOFF[min(queued.tries, len(BACKOFF)) - 1]
            self._texts.again(queued.key, seconds + wait, outcome.code, seconds)
            tally.again += 1
            return
        self._texts.fail(queued.key, outcome.code, seconds)
        tally.failed += 1
        if outcome.code == OPTED_OUT:
            self._texts.stop(texting.number, "carrier", seconds)
        elif outcome.code in UNREACHABLE:
            self._texts.stop(texting.number, "unreachable", seconds)

    def _settle(self, tick: Tick, tally: Tally) -> None:
        for queued, texting in self._texts.lapsed(int(tick().timestamp()), BATCH):
            seconds = int(tick().timestamp())
            if not self._texts.take_over(queued.key, lease=seconds + LEASE, now=seconds):
                continue
            since = int(queued.content["since"])
            if seconds < since + SETTLES:
                self._texts.wait(queued.key, since + SETTLES)
                continue
            try:
                message = self._line.find(texting.number, queued.content["body"], queued.key, utc(since))
            except LineDown:
                if seconds - since >= GIVE_UP:
                    self._texts.fail(queued.key, None, seconds)
                    tally.failed += 1
                else:
                    self._texts.wait(queued.key, seconds + SETTLES)
                raise
            if message is not None:
                self._texts.sent([(queued.key, message)], seconds)
                tally.sent += 1
            elif queued.tries >= MOST_TRIES:
                self._texts.fail(queued.key, None, seconds)
                tally.failed += 1
            else:
                self._texts.again(queued.key, seconds, None, seconds)
                tally.again += 1


def run_for_ever(worker: Worker, stopped: threading.Event, *, pause: float = PAUSE) -> None:
    """A server's own worker: looks at the queue every `pause` seconds until `stopped`. What goes wrong is logged by its
    type and tried again; it must not end the thread."""
    while not stopped.wait(pause):
        try:
            worker.run(clock.now)
        except (sqlite3.Error, StoreError, KeyRingError, OSError) as error:
            _log.warning("The texts were not sent: %s", type(error).__name__)
