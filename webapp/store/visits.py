"""The store: one SQLite file that forgets.

**Visit and device.** A visit is one person's answers, one sealed JSON document. A device is one cookie that opens it.
The cookie holds a random id of 256 bits; the database holds only a keyed hash of that id, so that a stolen database
opens nothing and the ids in it fit no cookie. The resume code adds a second device to the same visit.

**Saved means saved.** WAL with synchronous=FULL: when `save` or `update` returns, the answer survives `kill -9` and a
power cut. `update` reads, changes and writes in one transaction, so two tabs that answer two questions at the same
moment both keep their answer.

**Expired means gone.** A visit ends `keep_days` after its last use. Reading checks that itself and erases what is over;
the regular purge only collects what nobody reads. Time here never runs backwards: the store remembers the latest moment
it has seen, and counts on from there when the machine's clock is behind, so a wrong clock neither revives a visit nor
stops its expiry.

**Deleted means erased.** secure_delete overwrites freed pages with zeros, and a truncating checkpoint empties the
write-ahead log that still holds older pages. That the erasing is due is written in the same transaction as the
deletion, so it is finished after a crash too. Copies on backups end when the backups do; they are sealed.

>>> store = open_store(settings)
>>> visit = store.new_visit("es")
>>> store.update(visit.id, lambda answers: {**answers, "county": "Fresno"}).document
{'county': 'Fresno'}
>>> code = store.make_resume_code(visit.id, "es")
>>> store.visit_by_code(code.upper()).document
{'county': 'Fresno'}
"""

from __future__ import annotations

import contextlib
import fcntl
import hmac
import json
import logging
import os
import secrets
import sqlite3
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from webapp import clock
from webapp.settings import Settings
from webapp.store import resume_code
from webapp.store.migrations import migrations
from webapp.store.texts import Texts
from webapp.store.vault import KeyRingError, SealBroken, Vault, alone

__all__ = [
    "DOCUMENT_LIMIT",
    "DocumentTooLarge",
    "Health",
    "Store",
    "StoreError",
    "Visit",
    "VisitGone",
    "open_store",
]

DOCUMENT_LIMIT = 256 * 1024  # bytes of one person's answers as JSON; forty convictions take about 40 KB
DEVICES_LIMIT = 20  # cookies that open one visit; the oldest go
PURGE_EVERY = 300  # seconds
TOUCH_EVERY = 6 * 3600  # seconds: a read counts as use, but is written down at most so often
CLOCK_SLACK = 3600  # seconds the machine's clock may be behind before /healthz says so
SPACE_NEEDED = 16 * 1024 * 1024  # bytes free on the disk
SEALED = ("visit", "texting", "reminder", "heard", "outbox")  # tables with sealed values
TEXTS_WAIT = 4 * 86400  # seconds: courts are closed for three days in a row at most
BUSY = 5.0  # seconds to wait for another writer

_DAY = 86400
_log = logging.getLogger(__name__)

Document = dict[str, Any]


class StoreError(Exception):
    """The store cannot do it; the text says why and what to do."""


class VisitGone(StoreError):
    """There is no such visit: never was, deleted, or expired."""


class DocumentTooLarge(StoreError):
    """The answers are larger than DOCUMENT_LIMIT. What was saved before stays as it was."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One person's answers, as one device sees them. `id` goes into that device's cookie and nowhere else."""

    id: str
    document: Document
    lang: str
    created: datetime
    expires: datetime
    code_made: datetime | None = None

    def __repr__(self) -> str:  # neither id nor answers may reach a log through a traceback
        return f"<Visit until {self.expires:%Y-%m-%d}>"


@dataclass(frozen=True, slots=True)
class Health:
    """`reasons` is empty when all is well; `since_purge` is in seconds."""

    reasons: tuple[str, ...]
    since_purge: int | None

    @property
    def ok(self) -> bool:
        return not self.reasons


def open_store(settings: Settings) -> Store:
    """The store of `settings.instance`; makes folder (0700), keys (0600) and database (0600) at the first run.

    Raises KeyRingError when the keys are lost, damaged or of another database, StoreError when the database cannot be
    used. Neither changes anything on the disk.
    """
    folder, path = settings.instance, settings.database
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _close_to_others(folder, 0o700)
    with alone(folder):
        known = path.exists() and path.stat().st_size > 0
        vault = Vault.at(settings.keys_file, may_create=not known)
        if not known:
            os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))
        for file in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
            if file.exists():
                _close_to_others(file, 0o600)
        store = Store(path, vault, keep=timedelta(days=settings.keep_days))
        try:
            store.prepare()
        except sqlite3.DatabaseError as error:
            store.close()
            raise StoreError(
                f"The database {path} cannot be used: {error}. Put back a copy, or move it away."
            ) from error
        except (KeyRingError, StoreError):
            store.close()
            raise
    store.purge()
    return store


def _close_to_others(path: Path, mode: int) -> None:
    if path.stat().st_mode & 0o077:
        path.chmod(mode)


class _Line:
    """A thread's own opening of the file on which writers queue; closed when the thread ends."""

    def __init__(self, path: Path) -> None:
        self.file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)

    def __del__(self) -> None:
        os.close(self.file)


class Store:
    """One connection a thread (and a process: a forked worker opens its own). Made by `open_store`."""

    def __init__(self, path: Path, vault: Vault, *, keep: timedelta) -> None:
        self.path = path
        self.vault = vault
        self.keep = int(keep.total_seconds())
        self._local = threading.local()
        self._open: weakref.WeakSet[Database] = weakref.WeakSet()
        self._latest = (0, time.monotonic())  # the latest second known, and when it was
        self._purge_due = 0.0
        self.texts = Texts(self)

    # -- visits

    def new_visit(self, lang: str) -> Visit:
        """A new visit without answers, and the id for its cookie."""
        key, device, now = secrets.token_bytes(16), _new_id(), self.now()
        with self._write() as db:
            db.execute(
                "INSERT INTO visit (key, sealed, seal_key, made, seen, expires) VALUES (?, ?, ?, ?, ?, ?)",
                (key, *self._sealed(key, {}, lang), now, now, now + self.keep),
            )
            self._add_device(db, device, key, now)
        return Visit(device, {}, lang, _moment(now), _moment(now + self.keep))

    def visit(self, visit_id: str) -> Visit | None:
        """The visit this id opens; None when it is unknown, expired or deleted."""
        row = self._row(self._db(), visit_id)
        if row is None:
            return None
        now = self.now()
        if self._over(row, now):
            self._erase(row["key"])
            return None
        if now - row["seen"] >= TOUCH_EVERY:
            with self._write() as db:
                self._touch(db, row["key"], now)
            row = {**row, "expires": now + self.keep}
        return self._visit(visit_id, row)

    def save(self, visit_id: str, document: Document, lang: str | None = None) -> None:
        """Replaces the answers; `lang` None keeps the language. On the disk when it returns.

        Where two tabs may answer at once, `update` is the one that loses nothing.
        Raises VisitGone, DocumentTooLarge.
        """
        self._change(visit_id, lambda _: document, lang)

    def update(self, visit_id: str, change: Callable[[Document], Document], lang: str | None = None) -> Visit:
        """Reads the answers, applies `change` and writes the result, in one transaction; on the disk when it returns.

        `change` gets a dict of its own and returns the new answers. When it raises, nothing is changed.
        Raises VisitGone, DocumentTooLarge.
        """
        return self._change(visit_id, change, lang)

    def delete_visit(self, visit_id: str) -> bool:
        """Erases the visit with its code and for all its devices. False when there was none."""
        row = self._row(self._db(), visit_id)
        if row is None:
            return False
        self._erase(row["key"])
        return True

    def forget_device(self, visit_id: str) -> bool:
        """This id opens nothing any more. The answers stay for the resume code and for other devices;
        where there is neither, nobody could ever open them again, so they are erased. True when they stay."""
        with self._write() as db:
            row = self._row(db, visit_id)
            if row is None:
                return False
            db.execute("DELETE FROM device WHERE key = ?", (self._device_key(visit_id),))
            (others,) = db.execute("SELECT count(*) FROM device WHERE visit = ?", (row["key"],)).fetchone()
        if row["code"] is None and not others:
            self._erase(row["key"])
            return False
        return True

    # -- resume code

    def make_resume_code(self, visit_id: str, lang: str) -> str:
        """A new code in the words of `lang`, replacing an older one. It is told once: only a keyed hash is kept.

        Raises VisitGone.
        """
        while True:
            code = resume_code.draw(lang)
            hashed = self._code_key(resume_code.canonical(code, lang))
            now = self.now()
            with self._write() as db:
                row = self._living(db, visit_id, now)
                if db.execute("SELECT 1 FROM visit WHERE code = ?", (hashed,)).fetchone():
                    continue  # one in 10^16: draw again
                db.execute("UPDATE visit SET code = ?, code_made = ? WHERE key = ?", (hashed, now, row["key"]))
                self._touch(db, row["key"], now)
            return code

    def visit_by_code(self, code: str, *, replaces: str | None = None) -> Visit | None:
        """The visit this code opens, with a new id for this device; None when it opens nothing.

        `replaces` is the id this device had: it stops working when it opened the same visit.
        """
        # always two look-ups, so that a readable wrong code and an unreadable one take the same way
        readings = [self._code_key(reading) for reading in resume_code.read(code)]
        readings += [secrets.token_bytes(32)] * (len(resume_code.LANGUAGES) - len(readings))
        marks = ", ".join("?" * len(readings))
        query = f"SELECT * FROM visit WHERE code IN ({marks})"  # noqa: S608 - question marks only
        row = next(iter(list(self._db().query(query, readings))), None)
        if row is None:
            return None
        now, device = self.now(), _new_id()
        if self._over(row, now):
            self._erase(row["key"])
            return None
        with self._write() as db:
            if not db.execute("SELECT 1 FROM visit WHERE key = ? AND code = ?", (row["key"], row["code"])).fetchone():
                return None  # deleted, or the code replaced, since it was read
            if replaces is not None:
                db.execute("DELETE FROM device WHERE key = ? AND visit = ?", (self._device_key(replaces), row["key"]))
            self._add_device(db, device, row["key"], now)
            self._touch(db, row["key"], now)
        return self.visit(device)

    # -- limits

    def tally(self, what: str, who: str, *, per: int, add: int = 1) -> tuple[int, int]:
        """Counts `add` tries of `who` at `what` in the present window of `per` seconds.

        Returns the count so far in this window and the seconds until it closes. `who` (a client's address, or "" for
        everybody together) is kept only as a keyed hash with a salt that is thrown away after the day.
        """
        now = self.now()
        opens = now - now % per
        with self._write() as db:
            hashed = self._who(db, who, now)
            db.execute(
                "INSERT INTO tally (what, who, opens, closes, count) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT (what, who, opens) DO UPDATE SET count = count + excluded.count",
                (what, hashed, opens, opens + per, add),
            )
            (count,) = db.execute(
                "SELECT count FROM tally WHERE what = ? AND who = ? AND opens = ?", (what, hashed, opens)
            ).fetchone()
        return int(count), opens + per - now

    # -- upkeep

    def now(self) -> int:
        """Seconds since 1970 by a clock that never runs backwards and never stands still."""
        latest, noted = self._latest
        counted = latest + max(0, int(time.monotonic() - noted))
        wall = _wall()
        if wall < counted:
            return counted
        self._latest = (wall, time.monotonic())
        return wall

    def purge(self, now: datetime | None = None) -> int:
        """Erases every visit that is over, numbers nobody said yes from, and counters and salts of the past. Returns
        how many visits and numbers.

        `now` may only move the judgement forward.
        """
        at = max(self.now(), int(now.timestamp()) if now else 0)
        with self._write() as db:
            over = db.execute(
                "DELETE FROM visit WHERE held <= ? AND (expires <= ? OR seen + ? <= ?)", (at, at, self.keep, at)
            ).rowcount
            over += self.texts.purge(db, at)
            db.execute("DELETE FROM tally WHERE closes <= ?", (at,))
            db.execute("DELETE FROM salt WHERE day < ?", (at // _DAY - 1,))
            self._remember(db, "purged", self.now())
            self._remember(db, "latest", self.now())
            if over:
                self._remember(db, "wipe", self.now())
            wipe = self._remembered(db, "wipe") is not None
        if wipe:
            self._wipe()
        self._purge_due = time.monotonic() + PURGE_EVERY
        return int(over)

    def purge_if_due(self) -> None:
        """Purges when the last purge by any process is PURGE_EVERY seconds ago; otherwise costs nothing.

        A purge that cannot get at the database is tried again half a minute later: reading checks expiry anyway.
        """
        if time.monotonic() < self._purge_due:
            return
        self._purge_due = time.monotonic() + 30
        try:
            last = self._remembered(self._db(), "purged")
            if last is not None and 0 <= self.now() - last < PURGE_EVERY:
                self._purge_due = time.monotonic() + PURGE_EVERY - (self.now() - last)
                return
            self.purge()
        except sqlite3.OperationalError as error:
            _log.warning("The purge did not run: %s", type(error).__name__)

    def health(self) -> Health:
        """Can it be written, can the keys be read, is the disk full, is the clock right, did the purge run."""
        reasons = []
        since = None
        try:
            self.vault.refresh()
        except KeyRingError:
            reasons.append("the key file cannot be read")
        try:
            db = self._db()
            db.execute("BEGIN IMMEDIATE")
            try:
                self._remember(db, "checked", self.now())
                purged = self._remembered(db, "purged")
            finally:
                db.rollback()
            since = None if purged is None else max(0, self.now() - purged)
            if self.texts.waits_since(self.now() - TEXTS_WAIT):
                reasons.append("texts that were due days ago have not been sent")
            space = os.statvfs(self.path.parent)
            if space.f_bavail * space.f_frsize < SPACE_NEEDED:
                reasons.append("the disk is almost full")
        except (sqlite3.Error, OSError):
            reasons.append("the database cannot be written")
        if since is not None and since > 12 * PURGE_EVERY:
            reasons.append("the purge has not run for an hour")
        if self.now() - _wall() > CLOCK_SLACK:
            reasons.append("the clock of this machine is behind the latest time seen")
        return Health(tuple(reasons), since)

    def trust_clock(self) -> None:
        """For the operator, after a machine's clock had run ahead and was put right: take its time as it is now.

        Visits stamped in the future are stamped with the present, so that they live `keep_days` from now, no longer.
        """
        wall = _wall()
        with self._write() as db:
            db.execute(
                "UPDATE visit SET made = min(made, ?), seen = min(seen, ?), expires = min(expires, ?)",
                (wall, wall, wall + self.keep),
            )
            self._remember(db, "latest", wall)
            self._remember(db, "purged", wall)
        self._latest = (wall, time.monotonic())

    def reseal(self) -> int:
        """Rewrites every value that an older key sealed with the newest one. Returns how many visits.

        Runs beside a serving site, a hundred rows a transaction. Afterwards `drop_old_keys` may run.
        """
        self.vault.refresh()
        done = 0
        for table in SEALED:
            done += self._reseal(table) * (table == "visit")
        with self._write() as db:
            self._set_proof(db)
            self._remember(db, "wipe", self.now())
        self._wipe()
        return done

    def _reseal(self, table: str) -> int:
        done = 0
        while True:
            newest = self.vault.ring.newest.id.hex()
            with self._write() as db:
                stale = f"SELECT key, sealed FROM {table} WHERE seal_key <> ? LIMIT 100"  # noqa: S608 - a name of SEALED
                rows = list(db.query(stale, (newest,)))
                for row in rows:
                    place = (table, "sealed", row["key"])
                    fresh = self.vault.seal(self.vault.open(row["sealed"], place), place)
                    db.execute(
                        f"UPDATE {table} SET sealed = ?, seal_key = ? WHERE key = ?",  # noqa: S608 - a name of SEALED
                        (fresh, self.vault.key_of(fresh), row["key"]),
                    )
            if not rows:
                return done
            done += len(rows)

    def drop_old_keys(self) -> int:
        """Removes sealing keys that no value needs any more. Returns how many were removed.

        Raises StoreError when a value still needs an older key: run `reseal` first. Backups made before need the old
        keys: keep that copy of the key file as long as those backups.
        """
        with alone(self.path.parent), self._write() as db:
            # Sealing happens under this write lock and looks at the key file first, so nobody can use an old key now.
            self.vault.refresh()
            newest = self.vault.ring.newest.id.hex()
            left = sum(
                db.execute(f"SELECT count(*) FROM {table} WHERE seal_key <> ?", (newest,)).fetchone()[0]  # noqa: S608
                for table in SEALED
            )
            if left or self.vault.key_of(self._proof(db) or b"") != newest:
                raise StoreError(
                    f"{left} values are still sealed with an older key. Run reseal first, then drop the keys."
                )
            return self.vault.keep_only(frozenset({newest}))

    def prepare(self) -> None:
        """Brings the tables up to date and checks that the keys are this database's. `open_store` calls it."""
        db = self._db()
        db.execute("PRAGMA journal_mode = WAL")
        if migrations.pending(db):
            with self._write():
                migrations.apply(db)
        with self._write():
            if self._proof(db) is None:
                (visits,) = db.execute("SELECT count(*) FROM visit").fetchone()
                if visits:
                    raise StoreError(f"The database {self.path} has lost the proof of its keys. Put back a copy of it.")
                self._set_proof(db)
            self._check_proof(db)
            latest = self._remembered(db, "latest") or 0
            (seen,) = db.execute("SELECT max(seen) FROM visit").fetchone()
            self._latest = (max(latest, seen or 0), time.monotonic())
            wipe = self._remembered(db, "wipe") is not None
        if wipe:
            self._wipe()

    def close(self) -> None:
        """Closes all connections, of other threads too; the next use opens a new one. Call it before a fork."""
        for db in list(self._open):
            db.close()
        self._open = weakref.WeakSet()
        self._local = threading.local()

    # -- inside

    def _db(self) -> Database:
        held = getattr(self._local, "held", None)
        if held is None or held[0] != os.getpid():
            held = (os.getpid(), self._connect())
            self._local.held = held
        db: Database = held[1]
        return db

    def _connect(self) -> Database:
        # isolation_level None: the driver opens no transaction behind our back; check_same_thread: for close() only
        connection = sqlite3.connect(self.path, timeout=BUSY, isolation_level=None, check_same_thread=False)
        db = Database(connection, recursive_triggers=False, execute_plugins=False)
        for pragma in (
            "synchronous = FULL",
            "foreign_keys = ON",
            "secure_delete = ON",
            "trusted_schema = OFF",
            "temp_store = MEMORY",
            f"busy_timeout = {int(BUSY * 1000)}",
        ):
            db.execute(f"PRAGMA {pragma}")
        self._open.add(db)
        return db

    @contextlib.contextmanager
    def _write(self) -> Iterator[Database]:
        """One transaction that holds the write lock from its first statement, so that what it read stays true."""
        db = self._db()
        with self._turn():
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            finally:
                db.rollback()  # nothing to do after a commit

    @contextlib.contextmanager
    def _turn(self) -> Iterator[None]:
        """Writers wait in line here. SQLite's own lock keeps them apart, but it lets them sleep longer and longer and
        serves whoever wakes first: with twenty people answering at once some waited a second. The system's file locks
        are served in the order of asking. Nothing but fairness hangs on it."""
        held = getattr(self._local, "line", None)
        if held is None or held[0] != os.getpid():
            held = self._local.line = (os.getpid(), _Line(self.path.with_suffix(".queue")))
        fcntl.flock(held[1].file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(held[1].file, fcntl.LOCK_UN)

    def _row(self, db: Database, visit_id: str) -> dict[str, Any] | None:
        query = "SELECT visit.* FROM device JOIN visit ON visit.key = device.visit WHERE device.key = ?"
        return next(iter(list(db.query(query, (self._device_key(visit_id),)))), None)

    def _living(self, db: Database, visit_id: str, now: int) -> dict[str, Any]:
        row = self._row(db, visit_id)
        if row is None or self._over(row, now):
            raise VisitGone("These answers are not here any more.")
        return row

    def _over(self, row: dict[str, Any], now: int) -> bool:
        # both: `expires` as promised to the person, and today's keep_days should the operator have shortened it;
        # `held` is longer where the person asked for a text that is still to come
        return bool(now >= row["held"] and (now >= row["expires"] or now >= row["seen"] + self.keep))

    def _change(self, visit_id: str, change: Callable[[Document], Document], lang: str | None) -> Visit:
        with self._write() as db:
            now = self.now()
            row = self._living(db, visit_id, now)
            before = self._visit(visit_id, row)
            document, spoken = change(before.document), lang or before.lang
            sealed, seal_key = self._sealed(row["key"], document, spoken)
            db.execute(
                "UPDATE visit SET sealed = ?, seal_key = ?, seen = ?, expires = ?, edits = edits + 1 WHERE key = ?",
                (sealed, seal_key, now, now + self.keep, row["key"]),
            )
        return Visit(visit_id, document, spoken, before.created, _moment(now + self.keep), before.code_made)

    def _visit(self, visit_id: str, row: dict[str, Any]) -> Visit:
        plain = self.vault.open(row["sealed"], ("visit", "sealed", row["key"]))
        content = json.loads(plain.decode("utf-8", "surrogatepass"))
        made = None if row["code_made"] is None else _moment(row["code_made"])
        return Visit(
            visit_id, content["document"], content["lang"], _moment(row["made"]), _moment(row["expires"]), made
        )

    def _sealed(self, key: bytes, document: Document, lang: str) -> tuple[bytes, str]:
        text = json.dumps(
            {"lang": lang, "document": document}, ensure_ascii=False, separators=(",", ":"), allow_nan=False
        )
        plain = text.encode("utf-8", "surrogatepass")
        if len(plain) > DOCUMENT_LIMIT:
            raise DocumentTooLarge(
                f"The answers are too long to save: {len(plain)} bytes, and {DOCUMENT_LIMIT} is the most. "
                "What was saved before is still there. Shorten the longest answer and save again."
            )
        sealed = self.vault.seal(plain, ("visit", "sealed", key))
        return sealed, self.vault.key_of(sealed)

    def _touch(self, db: Database, key: bytes, now: int) -> None:
        db.execute("UPDATE visit SET seen = ?, expires = ? WHERE key = ?", (now, now + self.keep, key))

    def _add_device(self, db: Database, device: str, key: bytes, now: int) -> None:
        db.execute("INSERT INTO device (key, visit, made) VALUES (?, ?, ?)", (self._device_key(device), key, now))
        db.execute(
            "DELETE FROM device WHERE visit = ? AND key NOT IN "
            "(SELECT key FROM device WHERE visit = ? ORDER BY made DESC, rowid DESC LIMIT ?)",
            (key, key, DEVICES_LIMIT),
        )

    def _device_key(self, visit_id: str) -> bytes:
        return self.vault.lookup("device", visit_id.encode("utf-8", "surrogatepass"))

    def _code_key(self, reading: str) -> bytes:
        return self.vault.lookup("code", reading.encode())

    def _who(self, db: Database, who: str, now: int) -> bytes:
        if not who:
            return b""
        day = now // _DAY
        db.execute("INSERT INTO salt (day, salt) VALUES (?, ?) ON CONFLICT DO NOTHING", (day, secrets.token_bytes(16)))
        (salt,) = db.execute("SELECT salt FROM salt WHERE day = ?", (day,)).fetchone()
        return self.vault.lookup("client", salt + who.encode("utf-8", "surrogatepass"))

    def _erase(self, key: bytes) -> None:
        with self._write() as db:
            db.execute("DELETE FROM visit WHERE key = ?", (key,))
            self._remember(db, "wipe", self.now())
        self._wipe()

    def _wipe(self) -> None:
        """Empties the write-ahead log, which still holds older pages. When a reader is in the way, the next purge
        tries again, because `wipe` stays remembered."""
        db = self._db()
        for _ in range(3):
            busy, _pages, _moved = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if not busy:
                db.execute("DELETE FROM household WHERE name = 'wipe'")
                return
            time.sleep(0.01)

    def _remember(self, db: Database, name: str, number: int) -> None:
        db.execute(
            "INSERT INTO household (name, number) VALUES (?, ?) "
            "ON CONFLICT (name) DO UPDATE SET number = excluded.number",
            (name, number),
        )

    def _remembered(self, db: Database, name: str) -> int | None:
        row = db.execute("SELECT number FROM household WHERE name = ?", (name,)).fetchone()
        return None if row is None else int(row[0])

    def _proof(self, db: Database) -> bytes | None:
        row = db.execute("SELECT proof FROM household WHERE name = 'keys'").fetchone()
        return None if row is None else bytes(row[0])

    def _set_proof(self, db: Database) -> None:
        proof = self.vault.seal(self.vault.lookup("proof", b"limpio"), ("household", "proof", b"keys"))
        db.execute(
            "INSERT INTO household (name, proof) VALUES ('keys', ?) "
            "ON CONFLICT (name) DO UPDATE SET proof = excluded.proof",
            (proof,),
        )

    def _check_proof(self, db: Database) -> None:
        try:
            proof = self.vault.open(self._proof(db) or b"", ("household", "proof", b"keys"))
        except SealBroken:
            proof = b""
        if not hmac.compare_digest(proof, self.vault.lookup("proof", b"limpio")):
            raise KeyRingError(
                f"The keys in {self.vault.path} are not those of {self.path}. Nothing was changed. "
                "Put the key file back that belongs to this database."
            )


def _new_id() -> str:
    return secrets.token_urlsafe(32)


def _wall() -> int:
    return int(clock.now().timestamp())


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
