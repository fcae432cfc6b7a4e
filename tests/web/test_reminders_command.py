"""`limpio reminders`, the worker of the server, the settings of texts, and what is on the disk."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.web.texting import CASE, MORNING, NUMBER, OTHER_NUMBER, SITE, answers, asks, seconds, signed_up
from webapp import create_app, server
from webapp.cli import limpio
from webapp.reminders.plan import Schedule
from webapp.reminders.send import Outbox
from webapp.reminders.worker import Worker, run_for_ever
from webapp.settings import Settings, UnsafeSettings
from webapp.store import Store, StoreError, open_store

TWILIO = {
    "LIMPIO_TWILIO_SID": "AC" + "0123456789abcdef" * 2,
    "LIMPIO_TWILIO_TOKEN": "hidden-token",
    "LIMPIO_TWILIO_SERVICE": "MG" + "0123456789abcdef" * 2,
    "LIMPIO_PUBLIC_URL": "https://limpio.example.org",
}


@pytest.fixture(autouse=True)
def instance(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    for name in [name for name in os.environ if name.startswith("LIMPIO_") and name != "LIMPIO_FORMS"]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("LIMPIO_INSTANCE", str(tmp_path / "instance"))
    return tmp_path / "instance"


@pytest.fixture
def held(instance: Path) -> Iterator[Store]:
    """The database that the command will open."""
    made = open_store(Settings(instance=instance))
    yield made
    made.close()


def call(*arguments: str | Path, stdin: str | None = None) -> Result:
    result = CliRunner().invoke(limpio, ["reminders", *map(str, arguments)], input=stdin)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_preview_prints_a_whole_plan(tmp_path: Path) -> None:
    record = tmp_path / "record.json"
    record.write_text(json.dumps({"cases": [CASE], "petitions": {"c1": {"CR-180": {"made": "2026-12-01"}}}}))
    result = call("preview", record, "--now", "2026-12-04T12:00")
    lines = result.output.splitlines()
    assert [line.split("  ")[0] for line in lines] == [
        "Thu 2026-12-03 10:00 PST", "Tue 2026-12-08 10:00 PST", "Tue 2026-12-22 10:00 PST"
    ]  # fmt: skip
    assert all("[1]" in line and "have you done the step" in line for line in lines)
    spanish = call("preview", record, "--lang", "es", "--now", "2026-12-04T12:00")
    assert "¿ya hiciste el paso" in spanish.output
    assert "No text is planned" in call("preview", "-", stdin=json.dumps({"cases": [CASE]})).output


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("[]", "must be a JSON object"),
        ('{"cases": 1}', "cases"),
        ("{", "not JSON"),
        (json.dumps({"cases": [CASE], "petitions": {"c1": {"CR-180": {"made": "in spring"}}}}), "petitions: expected"),
        (json.dumps({"cases": [CASE], "petitions": {"c1": 3}}), "petitions: expected"),
    ],
)
def test_a_record_that_cannot_be_read_gets_a_sentence(content: str, told: str) -> None:
    result = call("preview", "-", stdin=content)
    assert result.exit_code == 2
    assert told in result.output


def test_send_and_dry_run(held: Store) -> None:
    signed_up(held, answers("CR-180"))
    asks(held, held.new_visit("en").id, number=OTHER_NUMBER)
    dry = call("send", "--dry-run", "--now", "2026-12-03T10:00")
    assert dry.exit_code == 0
    assert sorted(line.split("  ")[1] for line in dry.output.splitlines()[:-1]) == ["confirm", "file"]
    assert "Would be sent: 2. Nothing was sent." in dry.output
    assert held.texts.outbox() == []
    sent = call("send", "--now", "2026-12-03T10:00")
    assert "Sent: 2." in sent.output
    assert sorted(number for number, _words, _at in held.texts.outbox()) == sorted([NUMBER, OTHER_NUMBER])
    assert "Sent: 0." in call("send", "--now", "2026-12-03T10:01").output
    assert NUMBER not in dry.output + sent.output


def test_send_beside_a_working_site(held: Store) -> None:
    assert held.texts.take_turn(b"another", seconds(MORNING) + 60, seconds(MORNING))
    assert "Another process is sending" in call("send", "--now", "2026-12-01T10:00").output


def test_a_time_that_is_none(held: Store) -> None:
    result = call("send", "--now", "tomorrow")
    assert result.exit_code == 2
    assert "--now is 'tomorrow'" in result.output


def test_a_production_site_without_an_account_says_so(held: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIMPIO_ENV", "production")
    monkeypatch.setenv("LIMPIO_PUBLIC_URL", SITE)
    monkeypatch.setenv("LIMPIO_PROXIES", "1")
    result = call("send")
    assert result.exit_code == 2
    assert "LIMPIO_TWILIO_" in result.output


def test_what_the_operator_sees(held: Store) -> None:
    _visit, key = signed_up(held, answers("CR-180"))
    call("send", "--now", "2026-12-03T10:00")
    assert call("failures").exit_code == 0
    ref = next(each.key for each in held.texts.history(key) if each.state == "sent")
    held.texts.reported(ref, "SM1", "undelivered", 30003, seconds(MORNING))
    failures = call("failures")
    assert failures.exit_code == 1
    assert "file  undelivered  30003" in failures.output
    held.texts.stop(NUMBER, "text", seconds(MORNING))
    suppressed = call("suppressed")
    assert "Numbers that get no texts: 1." in suppressed.output
    assert "text" in suppressed.output
    proof = call("proof", "(916) 445-2841")
    assert [line.split("  ")[1] for line in proof.output.splitlines()] == ["asked", "confirmed", "stopped"]
    assert "I want Limpio to text me" in proof.output
    assert "Nothing is known" in call("proof", "415-555-2671").output
    assert call("proof", "12").exit_code == 2
    for result in (failures, suppressed, proof):
        told = result.output.replace("(916) 445-2841", "")
        assert not [part for part in (NUMBER, NUMBER[2:], "445-2841", "4452841") if part in told]


# ----------------------------------------------------------------------------------------------------------- the server


def test_a_server_process_sends_by_itself(instance: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(instance=instance, env="test")
    app = create_app(settings)
    store: Store = app.extensions["limpio_store"]
    asks(store, store.new_visit("en").id, now=MORNING - timedelta(days=400))  # due long ago, whatever the day is
    monkeypatch.setattr(server, "run_for_ever", partial(run_for_ever, pause=0.01))
    monkeypatch.setattr(Schedule, "is_open", lambda *_args, **_more: True)
    made = server._Server(app, settings, None)
    made._send_texts(None)
    _wait_for(lambda: bool(store.texts.outbox()))
    made._end_texts(None, None)
    _wait_for(lambda: not any(thread.name == "texts" for thread in threading.enumerate()))
    store.close()


def test_a_server_can_leave_it_to_cron(instance: Path) -> None:
    settings = Settings(instance=instance, env="test", texts_worker=False)
    app = create_app(settings)
    server._Server(app, settings, None)._send_texts(None)
    assert not any(thread.name == "texts" for thread in threading.enumerate())
    app.extensions["limpio_store"].close()


def _wait_for(true: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not true():
        assert time.monotonic() < until
        time.sleep(0.01)


# ------------------------------------------------------------------------------------------------------------- settings


def test_credentials_make_a_line() -> None:
    settings = Settings.from_environ(TWILIO, instance=Path("x"))
    assert (settings.twilio_sid, settings.texts_worker) == (TWILIO["LIMPIO_TWILIO_SID"], True)
    assert "hidden-token" not in repr(settings)
    assert not Settings.from_environ({"LIMPIO_TEXTS": "no"}, instance=Path("x")).texts_worker


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"LIMPIO_TWILIO_SID": ""}, "LIMPIO_TWILIO_SID"),
        ({"LIMPIO_TWILIO_SID": "AC12"}, "LIMPIO_TWILIO_SID"),
        ({"LIMPIO_TWILIO_TOKEN": ""}, "LIMPIO_TWILIO_TOKEN"),
        ({"LIMPIO_TWILIO_SERVICE": ""}, "LIMPIO_TWILIO_SERVICE or LIMPIO_TWILIO_NUMBER"),
        ({"LIMPIO_TWILIO_SERVICE": "AC12"}, "LIMPIO_TWILIO_SERVICE"),
        ({"LIMPIO_TWILIO_NUMBER": "9165550100"}, "LIMPIO_TWILIO_NUMBER"),
        ({"LIMPIO_PUBLIC_URL": ""}, "LIMPIO_PUBLIC_URL"),
        (
            {"LIMPIO_ENV": "production", "LIMPIO_PROXIES": "1", "LIMPIO_TWILIO_API": "https://x.test"},
            "LIMPIO_TWILIO_API",
        ),
    ],
)
def test_half_a_line_is_refused(change: dict[str, str], told: str) -> None:
    with pytest.raises(UnsafeSettings) as refused:
        Settings.from_environ({**TWILIO, **change}, instance=Path("x"))
    assert [sentence.startswith(told) for sentence in refused.value.sentences] == [True]


# ------------------------------------------------------------------------------------------------------------- the disk


def test_no_number_and_no_answer_lies_on_the_disk_in_the_clear(held: Store, instance: Path) -> None:
    signed_up(held, answers("CR-180"))
    Worker(held, Outbox(held), site=SITE).run(lambda: MORNING + timedelta(days=2))
    held.texts.answered("SM1", "Limpio: noted", seconds(MORNING))
    held.close()
    for file in instance.iterdir():
        data = file.read_bytes()
        for part in (NUMBER, NUMBER[2:], "9164452841", "CR-180", "BF123456A", "have you done", "Limpio: noted"):
            assert part.encode() not in data, (file.name, part)


def test_deleting_takes_everything_but_the_stop(held: Store) -> None:
    visit, key = signed_up(held, answers("CR-180"))
    Worker(held, Outbox(held), site=SITE).run(lambda: MORNING)
    held.texts.add_link(key, "abcdefghjk", seconds(MORNING) + 999)
    held.texts.stop(NUMBER, "text", seconds(MORNING))
    held.delete_visit(visit)
    db = held._db()
    for table in ("visit", "texting", "reminder", "text_link"):
        (left,) = db.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 - names of ours
        assert left == 0, table
    assert held.texts.is_suppressed(NUMBER)


def test_keys_can_be_changed_with_texts_queued(held: Store) -> None:
    _visit, key = signed_up(held, answers("CR-180"))
    worker = Worker(held, Outbox(held), site=SITE)
    worker.run(lambda: MORNING + timedelta(days=2))
    held.texts.answered("SM1", "Limpio: noted", seconds(MORNING))
    held.vault.rotate()
    with pytest.raises(StoreError, match="still sealed"):
        held.drop_old_keys()
    assert held.reseal() == 1
    assert held.drop_old_keys() == 1
    assert held.texts.of_number(NUMBER)[0].key == key
    assert held.texts.heard("SM1") == "Limpio: noted"
    assert len(held.texts.outbox()) == 1
    held.texts.give_turn(worker._holder)
    again = Worker(held, Outbox(held), site=SITE)
    assert again.run(lambda: MORNING + timedelta(days=7)) is not None
    assert len(held.texts.outbox()) == 2


def test_a_number_nobody_said_yes_from_is_forgotten_after_a_week(held: Store) -> None:
    visit = held.new_visit("en")
    now = MORNING.replace(year=2020)
    asks(held, visit.id, now=now)
    held.purge()
    assert held.texts.of_number(NUMBER) == ()
    assert held.visit(visit.id) is not None


def test_a_worker_that_does_not_run_is_told(held: Store) -> None:
    assert held.health().ok
    asks(held, held.new_visit("en").id, now=MORNING.replace(year=2020))
    assert held.health().reasons == ("texts that were due days ago have not been sent",)


def test_an_older_database_gets_the_tables(instance: Path) -> None:
    store = open_store(Settings(instance=instance))
    visit = store.new_visit("en")
    store.save(visit.id, answers("CR-180", made=date(2026, 12, 1)))
    db = store._db()
    tables = (
        "text_link",
        "reminder",
        "texting",
        "suppressed",
        "consent",
        "consent_wording",
        "heard",
        "outbox",
        "lease",
    )
    db.execute("DROP TRIGGER answers_changed")
    for table in tables:
        db.execute(f"DROP TABLE {table}")
    for column in ("held", "edits"):
        db.execute(f"ALTER TABLE visit DROP COLUMN {column}")
    db.execute("DELETE FROM _sqlite_migrations WHERE name = 'texts'")
    store.close()
    again = open_store(Settings(instance=instance))
    assert again.visit(visit.id) is not None
    signed_up(again, answers("CR-180"))
    again.close()
