"""Texts at rest: who gets them, the queue, and the memory of every stop.

**Numbers.** A number stands in the database sealed, like every answer, and as a keyed hash beside it: the hash is how
an answer by text finds its person. Without the key file neither says anything.

**The queue** holds one row a reminder, from the plan to its end:

    planned ──claim──► sending ──► sent
       ▲                 │ ╰─────► failed
       ╰── not taken ────╯
    planned ──► dropped           the person's state no longer asks for it, or it came too late

`claim` writes "sending", with the words and a lease, before anybody is called: after a crash the row says that a call
may have been made, and what to look for (`webapp.reminders.worker` has the rest of that story). `UNIQUE (texting,
ident)` makes it impossible to queue the same reminder of a person twice, whatever the plan says.

**Going.** A texting belongs to a visit and ends with it, in the same transaction, with its queue and links. What stays
is what must: that a number said stop, and the proof of consent, both as keyed hashes.

Times are seconds since 1970, and arguments: nothing here asks a clock.
"""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlite_utils import Database

from webapp.store.vault import SealBroken

if TYPE_CHECKING:
    from webapp.store.visits import Store

__all__ = ["Claim", "Failure", "Queued", "Texting", "Texts"]

_log = logging.getLogger(__name__)

# What one person's answers may be wrong with: damaged, or in a shape that nobody reads.
UNUSABLE = (SealBroken, ValueError, TypeError, KeyError, AttributeError)
_DAY = 86400
UNCONFIRMED = 7 * _DAY  # a number nobody said yes from is forgotten then
PROOF = 5 * 366 * _DAY  # consent is provable so long (the law's limitation is four years)
HEARD = 2 * _DAY
OUTBOX = 14 * _DAY
ACTIVE = ("asked", "on")

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Texting:
    """One person's texts. `state` is asked, on or stopped."""

    key: bytes
    visit: bytes
    state: str
    number: str
    lang: str
    topics: tuple[str, ...]
    pin: str | None  # a keyed hash
    asked: int
    confirmed: int

    def __repr__(self) -> str:  # no number in a log through a traceback
        return f"<Texting {self.state}>"


@dataclass(frozen=True, slots=True)
class Queued:
    """One row of the queue. `content` is what was sealed: ref, kind, anchor, days; once sending, body and since."""

    key: bytes
    texting: bytes
    state: str
    due: int
    tries: int
    content: dict[str, Any]
    status: str
    error: int | None
    changed: int


@dataclass(frozen=True, slots=True)
class Claim:
    """What `decide` of `claim` said: the words to send, or why not; `link` is the code in the words, if any."""

    body: str | None
    link: str | None = None
    later: int | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """A text that did not arrive, for the operator: nothing of the person."""

    key: str
    kind: str
    state: str
    error: int | None
    tries: int
    changed: int


Planned = tuple[str, int, dict[str, Any]]  # ref, due, content


class Texts:
    """The part of the store that texts need. `Store.texts` is the one there is."""

    def __init__(self, store: Store) -> None:
        self._store = store

    # -- signing up, and stopping

    def ask(
        self, visit_id: str, number: str, *, lang: str, topics: Iterable[str], pin: str | None,
        wording: tuple[str, str], page: str, confirm: Planned, now: int,
    ) -> Texting:  # fmt: skip
        """This visit wants texts at this number: nothing goes out before a yes from there but the question itself,
        `confirm`. An earlier number of the visit is forgotten. `wording` is (version, words). Raises VisitGone."""
        store, hashed = self._store, self.number_key(number)
        with store._write() as db:
            row = store._living(db, visit_id, now)
            old = self._one(db, "visit", row["key"])
            key = old.key if old else secrets.token_bytes(16)
            kept = pin if pin is not None else (old.pin if old else None)
            content = {"number": number, "lang": lang, "topics": list(topics), "pin": kept}
            sealed, seal_key = self._seal("texting", key, content)
            db.execute(
                "INSERT INTO texting (key, visit, number, state, sealed, seal_key, asked) "
                "VALUES (?, ?, ?, 'asked', ?, ?, ?) ON CONFLICT (key) DO UPDATE SET number = excluded.number, "
                "state = 'asked', sealed = excluded.sealed, seal_key = excluded.seal_key, asked = excluded.asked, "
                "confirmed = 0, planned = -1",
                (key, row["key"], hashed, sealed, seal_key, now),
            )
            db.execute("DELETE FROM text_link WHERE texting = ?", (key,))
            db.execute("UPDATE visit SET held = 0 WHERE key = ?", (row["key"],))
            db.execute("DELETE FROM reminder WHERE texting = ? AND state = 'planned'", (key,))
            self._queue(db, key, [confirm], now)
            db.execute("INSERT INTO consent_wording (version, wording) VALUES (?, ?) ON CONFLICT DO NOTHING", wording)
            self._prove(db, hashed, "asked", page, wording[0], lang, now)
            return self._must(db, key)

    def choose(self, visit_id: str, topics: Iterable[str], *, pin: str | None, now: int) -> bool:
        """Other topics (and another PIN, unless None) for the texts of this visit; the number, its consent and its yes
        stay. False: it has none."""
        store = self._store
        with store._write() as db:
            row = store._living(db, visit_id, now)
            old = self._one(db, "visit", row["key"])
            if old is None:
                return False
            content = {"number": old.number, "lang": old.lang, "topics": list(topics), "pin": pin or old.pin}
            sealed, seal_key = self._seal("texting", old.key, content)
            db.execute(
                "UPDATE texting SET sealed = ?, seal_key = ?, planned = -1 WHERE key = ?", (sealed, seal_key, old.key)
            )
        return True

    def of_visit(self, visit_id: str) -> Texting | None:
        """The texts of this visit; None when it has none."""
        db = self._store._db()
        row = self._store._row(db, visit_id)
        return None if row is None else self._one(db, "visit", row["key"])

    def made(self, key: bytes) -> int:
        """When the visit of this texting began: what its PIN is bound to."""
        query = "SELECT made FROM visit JOIN texting ON texting.visit = visit.key WHERE texting.key = ?"
        row = self._store._db().execute(query, (key,)).fetchone()
        return 0 if row is None else int(row[0])

    def of_number(self, number: str) -> tuple[Texting, ...]:
        """Everybody whose texts go to this number, the newest first. Their answers may be over: `change` says so."""
        return self._of(self._store._db(), self.number_key(number))

    def is_suppressed(self, number: str) -> bool:
        """Whether nothing may be sent to this number."""
        return self._silent(self._store._db(), self.number_key(number))

    def confirm(self, number: str, wording: str, now: int) -> tuple[Texting, ...]:
        """A yes from this number: every texting that waited for it is on, and a stop is taken back. Returns those."""
        hashed = self.number_key(number)
        with self._store._write() as db:
            db.execute("DELETE FROM suppressed WHERE number = ?", (hashed,))
            found = [
                each
                for each in self._of(db, hashed)
                if each.state != "on" and (each.state == "asked" or each.confirmed)
            ]
            for each in found:
                db.execute(
                    "UPDATE texting SET state = 'on', confirmed = ?, planned = -1 WHERE key = ?", (now, each.key)
                )
                db.execute("DELETE FROM reminder WHERE texting = ? AND state = 'planned'", (each.key,))
                self._prove(db, hashed, "confirmed", "text", wording, each.lang, now)
            return tuple(self._must(db, each.key) for each in found)

    def stop(self, number: str, why: str, now: int, *, forget: bool = False) -> tuple[Texting, ...]:
        """Nothing more to this number, from this moment. `forget`: the number itself is erased too (a wrong number).

        Returns whose texts ended. Queue and links go in the same transaction; answers are kept no longer for texts.
        """
        hashed = self.number_key(number)
        with self._store._write() as db:
            found = self._of(db, hashed)
            self._silence(db, hashed, why, now)
            if forget:
                db.execute("DELETE FROM texting WHERE number = ?", (hashed,))
                self._store._remember(db, "wipe", now)
        if forget:
            self._store._wipe()
        return found

    # -- answers that come by text

    def change(self, key: bytes, change: Callable[[Document], Document], now: int) -> tuple[Document, Document] | None:
        """Applies `change` to the answers behind a texting, in one transaction: (before, after). None: they are over.

        A text counts as use of the answers, as a page does.
        """
        store = self._store
        with store._write() as db:
            row = self._visit_of(db, key, now)
            if row is None:
                return None
            visit = store._visit("", row)
            after = change(visit.document)
            sealed, seal_key = store._sealed(row["key"], after, visit.lang)
            db.execute(
                "UPDATE visit SET sealed = ?, seal_key = ?, seen = ?, expires = ?, edits = edits + 1 WHERE key = ?",
                (sealed, seal_key, now, now + store.keep, row["key"]),
            )
        return visit.document, after

    def document(self, key: bytes, now: int) -> Document | None:
        """The answers behind a texting; None when they are over."""
        row = self._visit_of(self._store._db(), key, now)
        return None if row is None else self._store._visit("", row).document

    def heard(self, message: str) -> str | None:
        """What was answered to this message when it came before; None when it has not come before."""
        key = self._hash("heard", message)
        row = self._store._db().execute("SELECT sealed FROM heard WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(self._open("heard", key, row[0])["answer"])

    def answered(self, message: str, answer: str, now: int) -> None:
        """Remembers the answer for two days: a message that is delivered again is not acted on again."""
        key = self._hash("heard", message)
        sealed, seal_key = self._seal("heard", key, {"answer": answer})
        with self._store._write() as db:
            db.execute(
                "INSERT INTO heard (key, sealed, seal_key, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                (key, sealed, seal_key, now),
            )

    def last_sent(self, key: bytes) -> Queued | None:
        """The last reminder that went out to this person."""
        query = "SELECT * FROM reminder WHERE texting = ? AND state = 'sent' ORDER BY changed DESC, due DESC LIMIT 1"
        row = next(iter(list(self._store._db().query(query, (key,)))), None)
        return None if row is None else self._queued(row)

    # -- the queue

    def stale(self, limit: int) -> list[bytes]:
        """Whose queue is older than their answers: they changed something, or just said yes."""
        query = "SELECT key FROM texting WHERE planned = -1 AND state = 'on' LIMIT ?"
        return [row[0] for row in self._store._db().execute(query, (limit,)).fetchall()]

    def replan(
        self,
        keys: Iterable[bytes],
        plan: Callable[[Document, Texting], Iterable[Planned]],
        *,
        until: int,
        after: int,
        now: int,
    ) -> int:
        """Brings these people's queues up to date, in one transaction: `plan` says what should be in each.

        What is planned no longer goes; what is new comes; what was sent, or is being sent, stays. Nothing due after
        `until` is queued. The answers are kept until `after` seconds past the last text. Returns how many people.
        """
        done = 0
        with self._store._write() as db:
            for key in keys:
                try:
                    done += self._replan(db, key, plan, until, after, now)
                except UNUSABLE as error:
                    # One person's answers that cannot be read must not keep everybody else's texts back.
                    _log.error("The texts of one person could not be planned: %s", type(error).__name__)
        return done

    def _replan(
        self,
        db: Database,
        key: bytes,
        plan: Callable[[Document, Texting], Iterable[Planned]],
        until: int,
        after: int,
        now: int,
    ) -> bool:
        # First of all: somebody who cannot be planned for is not asked about again before they change something.
        db.execute("UPDATE texting SET planned = 0 WHERE key = ?", (key,))
        texting, row = self._one(db, "key", key), self._visit_of(db, key, now)
        if texting is None or row is None or texting.state != "on":
            return False
        wanted = [each for each in plan(self._store._visit("", row).document, texting) if each[1] <= until]
        idents = {self._ident(key, ref) for ref, _due, _content in wanted}
        query = "SELECT key, ident FROM reminder WHERE texting = ? AND state = 'planned'"
        for old in list(db.query(query, (key,))):
            if old["ident"] not in idents:
                db.execute("DELETE FROM reminder WHERE key = ?", (old["key"],))
        self._queue(db, key, wanted, now)
        query = "SELECT max(due) FROM reminder WHERE texting = ? AND state = 'planned'"
        (last,) = db.execute(query, (key,)).fetchone()
        db.execute("UPDATE visit SET held = ? WHERE key = ?", (last + after if last else 0, row["key"]))
        return True

    def due(self, now: int, limit: int) -> list[bytes]:
        """The reminders whose time has come, the oldest first."""
        query = "SELECT key FROM reminder WHERE state = 'planned' AND due <= ? ORDER BY due LIMIT ?"
        return [row[0] for row in self._store._db().execute(query, (now, limit)).fetchall()]

    def waits_since(self, moment: int) -> bool:
        """Whether a text that was due before then still waits: nobody sends."""
        query = "SELECT 1 FROM reminder WHERE state = 'planned' AND due < ? LIMIT 1"
        return self._store._db().execute(query, (moment,)).fetchone() is not None

    def look(self, key: bytes, now: int) -> tuple[Queued, Texting, Document] | None:
        """A queued reminder with its person and their answers, for a look without touching; None when it is over."""
        db = self._store._db()
        queued = self._reminder(db, key)
        texting = None if queued is None else self._one(db, "key", queued.texting)
        row = None if texting is None else self._visit_of(db, texting.key, now)
        if queued is None or texting is None or row is None:
            return None
        return queued, texting, self._store._visit("", row).document

    def claim(
        self,
        keys: Iterable[bytes],
        decide: Callable[[Queued, Texting, Document], Claim],
        *,
        lease: int,
        link_until: int,
        now: int,
    ) -> list[tuple[Queued, Texting]]:
        """Takes due reminders for sending, those that are still to be sent, in one transaction.

        Everything is looked at again here, under the write lock: the row, the person's yes, a stop, their answers
        (`decide`). A row that is returned says "sending" on the disk, with its words, before this returns. One person
        whose answers cannot be read fails alone.
        """
        taken = []
        with self._store._write() as db:
            for key in keys:
                try:
                    found = self._claim(db, key, decide, lease, link_until, now)
                except UNUSABLE as error:
                    _log.error("One text could not be made: %s", type(error).__name__)
                    self._end(db, key, "failed", None, now)
                    continue
                if found is not None:
                    taken.append(found)
        return taken

    def _claim(
        self,
        db: Database,
        key: bytes,
        decide: Callable[[Queued, Texting, Document], Claim],
        lease: int,
        link_until: int,
        now: int,
    ) -> tuple[Queued, Texting] | None:
        queued = self._reminder(db, key)
        if queued is None or queued.state != "planned" or queued.due > now:
            return None
        texting = self._must(db, queued.texting)
        row = self._visit_of(db, texting.key, now)
        wanted = "asked" if queued.content["kind"] == "confirm" else "on"
        if row is None or texting.state != wanted or self._silent(db, self.number_key(texting.number)):
            self._end(db, key, "dropped", None, now)
            return None
        claim = decide(queued, texting, self._store._visit("", row).document)
        if claim.later is not None:
            db.execute("UPDATE reminder SET due = ? WHERE key = ?", (claim.later, key))
            return None
        if claim.body is None:
            self._end(db, key, "dropped", None, now)
            return None
        content = {**queued.content, "body": claim.body, "since": now}
        sealed, seal_key = self._seal("reminder", key, content)
        db.execute(
            "UPDATE reminder SET state = 'sending', lease = ?, tries = tries + 1, sealed = ?, seal_key = ?, "
            "changed = ? WHERE key = ?",
            (lease, sealed, seal_key, now, key),
        )
        if claim.link is not None:
            self._link(db, texting.key, claim.link, link_until)
        taken = self._reminder(db, key)
        return None if taken is None else (taken, texting)

    def still_wanted(self, key: bytes, texting: Texting) -> bool:
        """A last look in the instant before the call, for a batch that was claimed a moment ago: no stop has come, and
        nobody has deleted or changed their number."""
        db = self._store._db()
        row = db.execute("SELECT texting FROM reminder WHERE key = ? AND state = 'sending'", (key,)).fetchone()
        now = None if row is None else self._one(db, "key", row[0])
        return (
            now is not None
            and (now.state, now.number) == (texting.state, texting.number)
            and not self._silent(db, self.number_key(now.number))
        )

    def drop(self, key: bytes, now: int) -> None:
        """It is not wanted any more."""
        with self._store._write() as db:
            self._end(db, key, "dropped", None, now)

    def lapsed(self, now: int, limit: int) -> list[tuple[Queued, Texting]]:
        """Reminders being sent whose lease is over: a worker died, or the answer to a call was lost."""
        db = self._store._db()
        query = "SELECT * FROM reminder WHERE state = 'sending' AND lease <= ? ORDER BY lease LIMIT ?"
        rows = [self._queued(row) for row in list(db.query(query, (now, limit)))]
        return [(each, self._must(db, each.texting)) for each in rows]

    def take_over(self, key: bytes, *, lease: int, now: int) -> bool:
        """One worker takes a lapsed reminder to find out about it; False when another was first."""
        with self._store._write() as db:
            query = "UPDATE reminder SET lease = ? WHERE key = ? AND state = 'sending' AND lease <= ?"
            return bool(db.execute(query, (lease, key, now)).rowcount)

    def sent(self, taken: Iterable[tuple[bytes, str]], now: int) -> None:
        """The provider has taken these, under these ids."""
        with self._store._write() as db:
            for key, message in taken:
                self._sent(db, key, message, now)

    def wait(self, key: bytes, lease: int) -> None:
        """Nobody knows whether it went out: looked at again when the lease is over."""
        with self._store._write() as db:
            db.execute("UPDATE reminder SET lease = ? WHERE key = ? AND state = 'sending'", (lease, key))

    def again(self, key: bytes, due: int, error: int | None, now: int) -> None:
        """It surely did not go out: planned once more."""
        with self._store._write() as db:
            db.execute(
                "UPDATE reminder SET state = 'planned', due = ?, error = ?, changed = ? "
                "WHERE key = ? AND state = 'sending'",
                (due, error, now, key),
            )

    def fail(self, key: bytes, error: int | None, now: int) -> None:
        """It will not go out any more."""
        with self._store._write() as db:
            self._end(db, key, "failed", error, now)

    def reported(self, key: bytes, message: str, status: str, error: int | None, now: int) -> str | None:
        """What the provider says of a message, perhaps before its answer to the call reached us, perhaps twice, perhaps
        late. A status never goes back. Returns the person's number when it is one we still know, else None."""
        with self._store._write() as db:
            queued = self._reminder(db, key)
            if queued is None:
                return None
            if queued.state in ("sending", "planned"):
                # It was taken, whatever our own record of the call says.
                self._sent(db, key, message, now)
            if _RANK.get(status, 0) >= _RANK.get(queued.status, 0):
                lost, arrived = status in ("undelivered", "failed"), status in ("delivered", "read")
                db.execute(
                    "UPDATE reminder SET status = ?, error = ?, state = CASE WHEN ? THEN 'failed' WHEN ? THEN 'sent' "
                    "ELSE state END, changed = ? WHERE key = ?",
                    (status, error, lost, arrived, now, key),
                )
            return self._must(db, queued.texting).number

    def history(self, key: bytes) -> list[Queued]:
        """Everything queued for one person, in order of time."""
        rows = self._store._db().query("SELECT * FROM reminder WHERE texting = ? ORDER BY due", (key,))
        return [self._queued(row) for row in list(rows)]

    # -- links in texts

    def add_link(self, key: bytes, code: str, until: int) -> None:
        """A code that leads to this person's page once, until then."""
        with self._store._write() as db:
            self._link(db, key, code, until)

    def link(self, code: str, now: int) -> Texting | None:
        """Whom this code leads to; None when it is unknown, used, too old, or was tried too often."""
        row = self._link_row(self._store._db(), code, now)
        return None if row is None else self._one(self._store._db(), "key", row[0])

    def wrong_pin(self, code: str, most: int) -> int:
        """Counts a wrong PIN; the code dies with the last. Returns how many tries are left."""
        hashed = self._hash("text link", code)
        with self._store._write() as db:
            db.execute("UPDATE text_link SET tries = tries + 1 WHERE key = ?", (hashed,))
            db.execute("DELETE FROM text_link WHERE key = ? AND tries >= ?", (hashed, most))
            row = db.execute("SELECT tries FROM text_link WHERE key = ?", (hashed,)).fetchone()
        return most - int(row[0]) if row else 0

    def use_link(self, code: str, device: str, now: int) -> bool:
        """Opens the answers behind this code for a device, once. False when somebody was faster, or they are over."""
        store = self._store
        with store._write() as db:
            row = self._link_row(db, code, now)
            visit = None if row is None else self._visit_of(db, row[0], now)
            if visit is None:
                return False
            db.execute("DELETE FROM text_link WHERE key = ?", (self._hash("text link", code),))
            store._add_device(db, device, visit["key"], now)
            store._touch(db, visit["key"], now)
        return True

    # -- the operator's view, the outbox, the worker's turn

    def suppressed(self) -> list[tuple[str, str, int]]:
        """(first letters of the number's hash, why, since), the newest first."""
        query = "SELECT number, why, since FROM suppressed ORDER BY since DESC"
        return [(row[0].hex()[:12], row[1], row[2]) for row in self._store._db().execute(query).fetchall()]

    def failures(self, limit: int = 200) -> list[Failure]:
        """Texts that did not arrive, the newest first."""
        query = "SELECT * FROM reminder WHERE state = 'failed' ORDER BY changed DESC LIMIT ?"
        found = [self._queued(row) for row in list(self._store._db().query(query, (limit,)))]
        return [
            Failure(
                each.key.hex(), each.content["kind"], each.status or each.state, each.error, each.tries, each.changed
            )
            for each in found
        ]

    def counts(self) -> dict[str, int]:
        """How many reminders are in each state."""
        query = "SELECT state, count(*) FROM reminder GROUP BY state ORDER BY state"
        return {str(state): int(number) for state, number in self._store._db().execute(query).fetchall()}

    def put_out(self, key: bytes, number: str, body: str, now: int) -> bool:
        """Into the outbox; False when it is there already."""
        sealed, seal_key = self._seal("outbox", key, {"number": number, "body": body})
        with self._store._write() as db:
            query = "INSERT INTO outbox (key, sealed, seal_key, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
            return bool(db.execute(query, (key, sealed, seal_key, now)).rowcount)

    def is_out(self, key: bytes) -> bool:
        return self._store._db().execute("SELECT 1 FROM outbox WHERE key = ?", (key,)).fetchone() is not None

    def outbox(self, limit: int = 100) -> list[tuple[str, str, int]]:
        """(number, words, when), the newest first."""
        rows = self._store._db().query("SELECT * FROM outbox ORDER BY rowid DESC LIMIT ?", (limit,))
        opened = [(self._open("outbox", row["key"], row["sealed"]), row["at"]) for row in list(rows)]
        return [(content["number"], content["body"], at) for content, at in opened]

    def take_turn(self, holder: bytes, until: int, now: int) -> bool:
        """Whether this worker is the one that sends until then. The lease of one that died ends by itself."""
        with self._store._write() as db:
            row = db.execute("SELECT holder, until FROM lease WHERE name = 'reminders'").fetchone()
            if row is not None and row[0] != holder and row[1] > now:
                return False
            db.execute(
                "INSERT INTO lease (name, holder, until) VALUES ('reminders', ?, ?) "
                "ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until",
                (holder, until),
            )
        return True

    def give_turn(self, holder: bytes) -> None:
        """Ends this worker's turn before its time."""
        with self._store._write() as db:
            db.execute("DELETE FROM lease WHERE name = 'reminders' AND holder = ?", (holder,))

    def proofs(self, number: str) -> list[tuple[str, str, str, str, int]]:
        """What was agreed to and taken back from this number: (event, method, wording, language, when)."""
        query = (
            "SELECT event, method, coalesce(wording, consent.version), lang, at FROM consent "
            "LEFT JOIN consent_wording ON consent_wording.version = consent.version "
            "WHERE number = ? ORDER BY at, consent.rowid"
        )
        return [tuple(row) for row in self._store._db().execute(query, (self.number_key(number),)).fetchall()]

    def purge(self, db: Database, now: int) -> int:
        """What is over, within the store's own purge. Returns how many numbers were forgotten."""
        gone = db.execute("DELETE FROM texting WHERE state = 'asked' AND asked <= ?", (now - UNCONFIRMED,)).rowcount
        db.execute("DELETE FROM text_link WHERE expires <= ?", (now,))
        db.execute("DELETE FROM heard WHERE at <= ?", (now - HEARD,))
        db.execute("DELETE FROM outbox WHERE at <= ?", (now - OUTBOX,))
        db.execute("DELETE FROM consent WHERE at <= ?", (now - PROOF,))
        return int(gone)

    def number_key(self, number: str) -> bytes:
        """How a number is found again without standing anywhere."""
        return self._hash("number", number)

    # -- inside

    def _hash(self, kind: str, value: str) -> bytes:
        return self._store.vault.lookup(kind, value.encode("utf-8", "surrogatepass"))

    def _ident(self, key: bytes, ref: str) -> bytes:
        return self._store.vault.lookup("reminder", key + ref.encode())

    def _seal(self, table: str, key: bytes, content: dict[str, Any]) -> tuple[bytes, str]:
        plain = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
        sealed = self._store.vault.seal(plain, (table, "sealed", key))
        return sealed, self._store.vault.key_of(sealed)

    def _open(self, table: str, key: bytes, sealed: bytes) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self._store.vault.open(sealed, (table, "sealed", key)))
        return content

    def _one(self, db: Database, column: str, value: bytes) -> Texting | None:
        row = next(iter(list(db.query(f"SELECT * FROM texting WHERE {column} = ?", (value,)))), None)  # noqa: S608 - two names of ours
        return None if row is None else self._texting(row)

    def _must(self, db: Database, key: bytes) -> Texting:
        found = self._one(db, "key", key)
        if found is None:
            raise LookupError("A reminder has nobody: the foreign key forbids that.")
        return found

    def _of(self, db: Database, hashed: bytes) -> tuple[Texting, ...]:
        rows = list(db.query("SELECT * FROM texting WHERE number = ? ORDER BY asked DESC, rowid DESC", (hashed,)))
        return tuple(self._texting(row) for row in rows)

    def _texting(self, row: dict[str, Any]) -> Texting:
        content = self._open("texting", row["key"], row["sealed"])
        return Texting(
            row["key"], row["visit"], row["state"], content["number"], content["lang"], tuple(content["topics"]),
            content["pin"], row["asked"], row["confirmed"],
        )  # fmt: skip

    def _reminder(self, db: Database, key: bytes) -> Queued | None:
        row = next(iter(list(db.query("SELECT * FROM reminder WHERE key = ?", (key,)))), None)
        return None if row is None else self._queued(row)

    def _queued(self, row: dict[str, Any]) -> Queued:
        content = self._open("reminder", row["key"], row["sealed"])
        return Queued(
            row["key"], row["texting"], row["state"], row["due"], row["tries"], content, row["status"], row["error"],
            row["changed"],
        )  # fmt: skip

    def _queue(self, db: Database, key: bytes, wanted: Iterable[Planned], now: int) -> None:
        query = "SELECT ident, key, state, due, tries FROM reminder WHERE texting = ?"
        known = {row["ident"]: row for row in list(db.query(query, (key,)))}
        for ref, due, content in wanted:
            ident = self._ident(key, ref)
            old = known.get(ident)
            if old is not None and old["state"] != "dropped":
                if old["state"] == "planned" and not old["tries"] and old["due"] != due:
                    db.execute("UPDATE reminder SET due = ? WHERE key = ?", (due, old["key"]))
                continue
            if old is not None:  # dropped, and asked for again: a step was taken back
                db.execute("DELETE FROM reminder WHERE key = ?", (old["key"],))
            made = secrets.token_bytes(16)
            sealed, seal_key = self._seal("reminder", made, content)
            db.execute(
                "INSERT INTO reminder (key, texting, ident, state, due, sealed, seal_key, changed) "
                "VALUES (?, ?, ?, 'planned', ?, ?, ?, ?)",
                (made, key, ident, due, sealed, seal_key, now),
            )

    def _end(self, db: Database, key: bytes, state: str, error: int | None, now: int) -> None:
        db.execute(
            "UPDATE reminder SET state = ?, error = ?, changed = ? WHERE key = ? AND state IN ('planned', 'sending')",
            (state, error, now, key),
        )

    def _sent(self, db: Database, key: bytes, message: str, now: int) -> None:
        db.execute(
            "UPDATE reminder SET state = 'sent', message = ?, error = NULL, changed = ? "
            "WHERE key = ? AND state IN ('sending', 'planned')",
            (self._hash("message", message), now, key),
        )

    def _silent(self, db: Database, hashed: bytes) -> bool:
        return db.execute("SELECT 1 FROM suppressed WHERE number = ?", (hashed,)).fetchone() is not None

    def _silence(self, db: Database, hashed: bytes, why: str, now: int) -> None:
        db.execute(
            "INSERT INTO suppressed (number, why, since) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", (hashed, why, now)
        )
        mine = "(SELECT key FROM texting WHERE number = ?)"
        db.execute(f"DELETE FROM reminder WHERE state = 'planned' AND texting IN {mine}", (hashed,))  # noqa: S608
        db.execute(f"DELETE FROM text_link WHERE texting IN {mine}", (hashed,))  # noqa: S608
        db.execute("UPDATE visit SET held = 0 WHERE key IN (SELECT visit FROM texting WHERE number = ?)", (hashed,))
        db.execute("UPDATE texting SET state = 'stopped' WHERE number = ?", (hashed,))
        self._prove(db, hashed, "stopped", why, "", "", now)

    def _prove(self, db: Database, hashed: bytes, event: str, method: str, version: str, lang: str, now: int) -> None:
        db.execute(
            "INSERT INTO consent (number, event, method, version, lang, at) VALUES (?, ?, ?, ?, ?, ?)",
            (hashed, event, method, version, lang, now),
        )

    def _visit_of(self, db: Database, key: bytes, now: int) -> dict[str, Any] | None:
        query = "SELECT visit.* FROM texting JOIN visit ON visit.key = texting.visit WHERE texting.key = ?"
        row = next(iter(list(db.query(query, (key,)))), None)
        return None if row is None or self._store._over(row, now) else row

    def _link(self, db: Database, key: bytes, code: str, until: int) -> None:
        db.execute(
            "INSERT INTO text_link (key, texting, expires) VALUES (?, ?, ?)",
            (self._hash("text link", code), key, until),
        )

    def _link_row(self, db: Database, code: str, now: int) -> Any:
        query = "SELECT texting FROM text_link WHERE key = ? AND expires > ?"
        return db.execute(query, (self._hash("text link", code), now)).fetchone()


_RANK = {
    "": 0, "accepted": 1, "scheduled": 1, "queued": 1, "sending": 2, "sent": 3, "undelivered": 4, "failed": 4,
    "delivered": 5, "read": 6,
}  # fmt: skip
