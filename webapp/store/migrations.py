"""The tables, and every change to them since the first.

A change is a new function, named at the end of this file; one that has run somewhere is never edited. sqlite-utils
keeps the list of what has run in the database itself and wraps each in a transaction.

What is not sealed is what the program must compare without a key at hand: hashes, times, counts. A name of a table or
column is part of what seals a value (see `vault`): renaming `visit.sealed` needs a migration that opens and seals it
again.
"""

from __future__ import annotations

from sqlite_utils import Database, Migrations

__all__ = ["migrations"]


def visits(db: Database) -> None:
    """A visit is one person's answers; a device is one cookie that opens them, kept as a hash."""
    db.execute("""
        CREATE TABLE visit (
            key BLOB PRIMARY KEY,       -- random, never leaves the database
            sealed BLOB NOT NULL,       -- language and answers
            seal_key TEXT NOT NULL,     -- which key of the ring sealed it
            code BLOB UNIQUE,           -- keyed hash of the resume code
            code_made INTEGER,
            made INTEGER NOT NULL,      -- seconds since 1970, UTC, as all times here
            seen INTEGER NOT NULL,
            expires INTEGER NOT NULL
        ) STRICT
    """)
    db.execute("CREATE INDEX visit_by_expiry ON visit (expires)")
    db.execute("""
        CREATE TABLE device (
            key BLOB PRIMARY KEY,       -- keyed hash of the id in the cookie
            visit BLOB NOT NULL REFERENCES visit (key) ON DELETE CASCADE,
            made INTEGER NOT NULL
        ) STRICT
    """)
    db.execute("CREATE INDEX device_by_visit ON device (visit, made)")


def limits(db: Database) -> None:
    """Counters of tries. `who` is a keyed hash of the address with the salt of the day; salts go after two days."""
    db.execute("""
        CREATE TABLE tally (
            what TEXT NOT NULL,
            who BLOB NOT NULL,
            opens INTEGER NOT NULL,
            closes INTEGER NOT NULL,
            count INTEGER NOT NULL,
            PRIMARY KEY (what, who, opens)
        ) STRICT, WITHOUT ROWID
    """)
    db.execute("CREATE TABLE salt (day INTEGER PRIMARY KEY, salt BLOB NOT NULL) STRICT")


def household(db: Database) -> None:
    """What the store remembers about itself: latest time seen, last purge, the proof that the keys fit."""
    db.execute("CREATE TABLE household (name TEXT PRIMARY KEY, number INTEGER, proof BLOB) STRICT")


def texts(db: Database) -> None:
    """Who gets texts, what is queued for them, who said stop, and the proof of both. Numbers stand here sealed, or as
    keyed hashes; `number` is always the hash."""
    db.execute("ALTER TABLE visit ADD COLUMN held INTEGER NOT NULL DEFAULT 0")  # kept until then, for a planned text
    db.execute("ALTER TABLE visit ADD COLUMN edits INTEGER NOT NULL DEFAULT 0")  # how often the answers were changed
    db.execute("""
        CREATE TABLE texting (
            key BLOB PRIMARY KEY,
            visit BLOB NOT NULL UNIQUE REFERENCES visit (key) ON DELETE CASCADE,
            number BLOB NOT NULL,
            state TEXT NOT NULL,        -- asked, on, stopped
            sealed BLOB NOT NULL,       -- number, language, topics, PIN
            seal_key TEXT NOT NULL,
            asked INTEGER NOT NULL,
            confirmed INTEGER NOT NULL DEFAULT 0,
            planned INTEGER NOT NULL DEFAULT -1  -- -1: the queue is older than the answers
        ) STRICT
    """)
    db.execute("CREATE INDEX texting_by_number ON texting (number)")
    db.execute("CREATE INDEX texting_stale ON texting (planned) WHERE planned = -1")
    db.execute("""
        CREATE TRIGGER answers_changed AFTER UPDATE OF edits ON visit BEGIN
            UPDATE texting SET planned = -1 WHERE visit = new.key;
        END
    """)
    db.execute("""
        CREATE TABLE reminder (
            key BLOB PRIMARY KEY,       -- random; also names the message to the provider
            texting BLOB NOT NULL REFERENCES texting (key) ON DELETE CASCADE,
            ident BLOB NOT NULL,        -- keyed hash of what makes it this reminder and no other
            state TEXT NOT NULL,        -- planned, sending, sent, failed, dropped
            due INTEGER NOT NULL,
            lease INTEGER NOT NULL DEFAULT 0,    -- while sending: until when its worker may still be at it
            tries INTEGER NOT NULL DEFAULT 0,
            sealed BLOB NOT NULL,       -- kind and dates; once sending, the words too
            seal_key TEXT NOT NULL,
            message BLOB,               -- keyed hash of the provider's id
            status TEXT NOT NULL DEFAULT '',
            error INTEGER,
            changed INTEGER NOT NULL,
            UNIQUE (texting, ident)
        ) STRICT
    """)
    db.execute("CREATE INDEX reminder_planned ON reminder (due) WHERE state = 'planned'")
    db.execute("CREATE INDEX reminder_sending ON reminder (lease) WHERE state = 'sending'")
    db.execute("CREATE INDEX reminder_failed ON reminder (changed) WHERE state = 'failed'")
    db.execute("""
        CREATE TABLE text_link (
            key BLOB PRIMARY KEY,       -- keyed hash of the code in the address
            texting BLOB NOT NULL REFERENCES texting (key) ON DELETE CASCADE,
            expires INTEGER NOT NULL,
            tries INTEGER NOT NULL DEFAULT 0
        ) STRICT
    """)
    db.execute("CREATE INDEX text_link_by_texting ON text_link (texting)")
    # What follows outlives the visit on purpose: STOP is for ever, and consent must be provable.
    db.execute("CREATE TABLE suppressed (number BLOB PRIMARY KEY, why TEXT NOT NULL, since INTEGER NOT NULL) STRICT")
    db.execute("""
        CREATE TABLE consent (
            number BLOB NOT NULL,
            event TEXT NOT NULL,        -- asked, confirmed, stopped, started
            method TEXT NOT NULL,       -- the page, or text, or the carrier
            version TEXT NOT NULL,
            lang TEXT NOT NULL,
            at INTEGER NOT NULL
        ) STRICT
    """)
    db.execute("CREATE INDEX consent_by_number ON consent (number, at)")
    db.execute("CREATE TABLE consent_wording (version TEXT PRIMARY KEY, wording TEXT NOT NULL) STRICT")
    db.execute("""
        CREATE TABLE heard (
            key BLOB PRIMARY KEY,       -- keyed hash of the provider's id of a message that came in
            sealed BLOB NOT NULL,       -- what was answered
            seal_key TEXT NOT NULL,
            at INTEGER NOT NULL
        ) STRICT
    """)
    db.execute("""
        CREATE TABLE outbox (
            key BLOB PRIMARY KEY,
            sealed BLOB NOT NULL,       -- number and words
            seal_key TEXT NOT NULL,
            at INTEGER NOT NULL
        ) STRICT
    """)
    db.execute("CREATE TABLE lease (name TEXT PRIMARY KEY, holder BLOB NOT NULL, until INTEGER NOT NULL) STRICT")


migrations = Migrations("limpio")
for change in (visits, limits, household, texts):  # in the order they were made; new ones go to the end
    migrations()(change)
