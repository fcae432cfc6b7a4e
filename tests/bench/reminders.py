"""Texts: what is due out of 100,000 queued, and how many go out a second through a stub of Twilio's API on loopback.

One worker plans and sends for 500 people: it brings their queues up to date, and for each text reads the state again,
writes that it is sending, calls the stub over HTTP with Twilio's own client, and writes that it is sent, each on the
disk. As a reference the same client makes the same calls with no database around them, and a bare write that waits for
the disk is timed, because two of them are in every text.

    $ .venv/bin/python -m tests.bench.reminders
"""

from __future__ import annotations

import secrets
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from tests.bench.web import to_disk
from tests.web.texting import MORNING, SITE, answers, seconds, signed_up
from tests.web.twilio_stub import Stub
from webapp.reminders.worker import Worker
from webapp.settings import Settings
from webapp.store import Store, open_store

PEOPLE = 500
QUEUED = 100_000
AT_ONCE = 200
FIRST = MORNING + timedelta(days=2)  # when the first reminder of papers made that morning is due


def queue(store: Store, count: int) -> None:
    """Fills the queue with reminders of one person, one in a hundred of them due: they are only looked for."""
    _visit, key = signed_up(store, answers(), number="+19165550100")
    due = seconds(MORNING)
    rows = [
        (secrets.token_bytes(16), key, secrets.token_bytes(32), "planned", due + (n % 100) * 86400, b"x" * 120, "", due)
        for n in range(count)
    ]
    with store._write() as db:
        db.conn.executemany(
            "INSERT INTO reminder (key, texting, ident, state, due, sealed, seal_key, changed) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            rows,
        )


def selecting(folder: Path) -> float:
    """Milliseconds to find what is due, the middle of twenty times."""
    store = open_store(Settings(instance=folder, env="test"))
    queue(store, QUEUED)
    took = []
    for _ in range(20):
        began = time.perf_counter()
        found = store.texts.due(seconds(MORNING), AT_ONCE)
        took.append((time.perf_counter() - began) * 1000)
        assert len(found) == AT_ONCE
    store.close()
    return sorted(took)[len(took) // 2]


def sending(folder: Path) -> tuple[float, float]:
    """(texts a second, planning included; the same calls without a database)."""
    store = open_store(Settings(instance=folder, env="test"))
    for n in range(PEOPLE):
        signed_up(store, answers("CR-180"), number=f"+1916{2_000_000 + n}", topics=("steps", "hearing"))
    with Stub() as stub:
        line = stub.line(timeout=(5.0, 10.0), callback=f"{SITE}/sms/status")
        worker = Worker(store, line, site=SITE)
        began = time.perf_counter()
        tally = worker.run(lambda: FIRST)
        took = time.perf_counter() - began
        assert tally is not None
        assert (tally.planned, tally.sent) == (PEOPLE, PEOPLE)
        assert len(stub.taken) == PEOPLE
        body = stub.taken[0].body
        began = time.perf_counter()
        for n in range(PEOPLE):
            line.send(f"+1916{2_000_000 + n}", body, bytes(16), FIRST)
        bare = time.perf_counter() - began
    store.close()
    return PEOPLE / took, PEOPLE / bare


def run() -> list[tuple[str, str]]:
    """(name of the figure, value with its unit)."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found = selecting(folder / "queue")
        own, bare = sending(folder / "send")
        disk = sorted(to_disk(folder / "disk") for _ in range(100))[50]
    return [
        (f"finding {AT_ONCE} texts that are due among {QUEUED:,}", f"{found:.1f} ms"),
        ("texts planned and sent a second, one worker", f"{own:,.0f}"),
        ("reference: the same calls without planning and database, a second", f"{bare:,.0f}"),
        ("reference: a write that waits for the disk, beside it", f"{disk:.1f} ms"),
    ]


if __name__ == "__main__":
    for name, value in run():
        print(f"{value:>10}  {name}")
