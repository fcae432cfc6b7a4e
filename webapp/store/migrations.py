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


migrations = Migrations("limpio")
for change in (visits, limits, household):  # in the order they were made; new ones go to the end
    migrations()(change)
