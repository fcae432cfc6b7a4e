"""The store: saved is saved, expired is gone, deleted is erased, codes are forgiving and nothing else is."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
import unicodedata
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from webapp.settings import Settings
from webapp.store import (
    DOCUMENT_LIMIT,
    DocumentTooLarge,
    Store,
    StoreError,
    Visit,
    VisitGone,
    open_store,
    resume_code,
)
from webapp.store import visits as visits_module

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
REPOSITORY = Path(__file__).parents[2]


def answers(store: Store, visit: Visit) -> dict[str, Any] | None:
    found = store.visit(visit.id)
    return None if found is None else found.document


def on_disk(settings: Settings) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(settings.instance.glob("limpio.db*")))


# ------------------------------------------------------------------------------------------------------------- saving


def test_a_visit_keeps_answers_and_language(store: Store) -> None:
    visit = store.new_visit("es")
    assert (visit.document, visit.lang) == ({}, "es")
    document = {"name": "Ñusta Peña 🦎", "cases": [{"county": "Kern", "plants": 6, "known": None}]}
    store.save(visit.id, document)
    found = store.visit(visit.id)
    assert found is not None
    assert (found.document, found.lang, found.id) == (document, "es", visit.id)
    store.save(visit.id, document, lang="en")
    again = store.visit(visit.id)
    assert again is not None
    assert again.lang == "en"
    assert again.expires - again.created >= timedelta(days=30)


@given(
    document=st.dictionaries(
        st.text(max_size=10),
        st.recursive(
            st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
            max_leaves=8,
        ),
        max_size=6,
    )
)
def test_any_document_comes_back_as_it_was(
    document: dict[str, Any], tmp_path_factory: pytest.TempPathFactory, shared: dict[str, Store]
) -> None:
    if "store" not in shared:
        shared["store"] = open_store(Settings(instance=tmp_path_factory.mktemp("any") / "instance", env="test"))
    store = shared["store"]
    visit = store.new_visit("en")
    store.save(visit.id, document)
    assert answers(store, visit) == document


@pytest.fixture(scope="module")
def shared() -> dict[str, Store]:
    return {}


def test_lone_surrogates_do_not_break_saving(store: Store) -> None:
    visit = store.new_visit("en")
    store.save(visit.id, {"name": "\ud800"})
    assert answers(store, visit) == {"name": "\ud800"}


def test_update_gets_its_own_copy_and_keeps_nothing_of_a_failed_change(store: Store) -> None:
    visit = store.new_visit("en")
    store.save(visit.id, {"cases": [1]})

    def fail(document: dict[str, Any]) -> dict[str, Any]:
        document["cases"].append(2)
        raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError, match="in the middle"):
        store.update(visit.id, fail)
    assert answers(store, visit) == {"cases": [1]}
    saved = store.update(visit.id, lambda document: {**document, "name": "Ana"})
    assert saved.document == {"cases": [1], "name": "Ana"}
    assert answers(store, visit) == saved.document


def test_two_tabs_that_answer_at_once_lose_nothing(settings: Settings) -> None:
    stores = [open_store(settings) for _ in range(2)]
    visit = stores[0].new_visit("en")
    start = threading.Barrier(4)
    failed: list[Exception] = []

    def tab(number: int) -> None:
        start.wait()
        try:
            for turn in range(15):
                stores[number % 2].update(visit.id, lambda d, key=f"{number}-{turn}": {**d, key: True})
        except sqlite3.Error as error:
            failed.append(error)

    tabs = [threading.Thread(target=tab, args=(number,)) for number in range(4)]
    for each in tabs:
        each.start()
    for each in tabs:
        each.join()
    assert not failed
    assert len(answers(stores[0], visit) or {}) == 60
    for store in stores:
        store.close()


def test_too_large_a_document_is_refused_and_the_old_one_stays(store: Store) -> None:
    visit = store.new_visit("en")
    store.save(visit.id, {"name": "Ana"})
    with pytest.raises(DocumentTooLarge, match="What was saved before is still there"):
        store.save(visit.id, {"name": "x" * DOCUMENT_LIMIT})
    with pytest.raises(DocumentTooLarge):
        store.update(visit.id, lambda _: {"name": "ñ" * (DOCUMENT_LIMIT // 2)})
    assert answers(store, visit) == {"name": "Ana"}
    store.save(visit.id, {"name": "x" * (DOCUMENT_LIMIT - 100)})


@pytest.mark.parametrize("unknown", ["", "x", "a" * 43, "ñ", "\ud800", "' OR 1=1 --"])
def test_unknown_visits(store: Store, unknown: str) -> None:
    assert store.visit(unknown) is None
    assert not store.delete_visit(unknown)
    assert not store.forget_device(unknown)
    with pytest.raises(VisitGone):
        store.save(unknown, {})
    with pytest.raises(VisitGone):
        store.update(unknown, lambda document: document)
    with pytest.raises(VisitGone):
        store.make_resume_code(unknown, "en")


def test_ids_are_long_random_and_not_in_the_database(store: Store, settings: Settings) -> None:
    visits = [store.new_visit("en") for _ in range(20)]
    assert len({visit.id for visit in visits}) == 20
    assert all(len(visit.id) == 43 for visit in visits)  # 256 bits in base64
    store.save(visits[0].id, {"name": "Secretpersonname"})
    code = store.make_resume_code(visits[0].id, "en")
    content = on_disk(settings)
    for told in (visits[0].id, "Secretpersonname", code, code.split()[0] + " "):
        assert told.encode() not in content
    assert "Secret" not in repr(store.visit(visits[0].id))
    assert visits[0].id not in repr(visits[0])


def test_files_and_folder_are_for_their_owner_only(settings: Settings) -> None:
    settings.instance.mkdir(mode=0o755)
    before = os.umask(0)
    try:
        store = open_store(settings)
    finally:
        os.umask(before)
    store.new_visit("en")
    assert stat.S_IMODE(settings.instance.stat().st_mode) == 0o700
    files = [path for path in settings.instance.iterdir() if path.is_file()]
    assert {path.name for path in files} >= {"keys.json", "limpio.db", "limpio.db-wal"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    store.close()


def test_every_connection_is_durable_strict_and_erases(store: Store) -> None:
    asked: list[dict[str, Any]] = []

    def ask() -> None:
        db = store._db()
        names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
        asked.append({name: db.execute(f"PRAGMA {name}").fetchone()[0] for name in names})

    ask()
    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "busy_timeout": 5000}
    assert asked == [wanted, wanted]
    for table in ("visit", "device", "tally", "salt", "household"):
        assert store._db()[table].strict, table
    with pytest.raises(sqlite3.IntegrityError):
        store._db().execute("INSERT INTO device (key, visit, made) VALUES (x'00', x'01', 1)")


def test_threads_have_connections_of_their_own(store: Store) -> None:
    seen = [store._db()]
    thread = threading.Thread(target=lambda: seen.append(store._db()))
    thread.start()
    thread.join()
    assert seen[0] is store._db()
    assert seen[0] is not seen[1]


def test_a_file_that_is_no_database_says_so(settings: Settings) -> None:
    open_store(settings).close()
    settings.database.write_bytes(b"this is not a database at all" * 50)
    with pytest.raises(StoreError, match="cannot be used"):
        open_store(settings)


WRITER = """
import sys
from pathlib import Path
from webapp.settings import Settings
from webapp.store import open_store
store = open_store(Settings(instance=Path(sys.argv[1]), env="test"))
visit = store.new_visit("en")
number = 0
while True:
    number += 1
    store.save(visit.id, {"number": number, "text": "x" * 3000})
    print(visit.id, number, flush=True)
"""


def test_kill_9_right_after_saving_loses_nothing(settings: Settings) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(settings.instance)], stdout=subprocess.PIPE, text=True, cwd=REPOSITORY
    )
    assert writer.stdout is not None
    try:
        for _ in range(25):
            visit_id, number = writer.stdout.readline().split()
    finally:
        os.kill(writer.pid, signal.SIGKILL)
    told = [line.split() for line in writer.stdout.read().splitlines() if line.count(" ") == 1]
    writer.stdout.close()
    assert writer.wait(timeout=30) == -signal.SIGKILL
    acknowledged = int(told[-1][1]) if told and told[-1][1].isdigit() else int(number)
    store = open_store(settings)
    found = store.visit(visit_id)
    assert found is not None
    # at most one save was on its way and not yet told
    assert found.document["number"] in (acknowledged, acknowledged + 1)
    assert found.document["text"] == "x" * 3000
    store.close()


# ------------------------------------------------------------------------------------------------------------- expiry


def test_a_visit_ends_after_thirty_days_without_use(store: Store) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        store = fresh(store)
        visit = store.new_visit("en")
        store.save(visit.id, {"name": "Ana"})
        clock.shift(timedelta(days=29, hours=23))
        assert answers(store, visit) == {"name": "Ana"}  # a read is a use: thirty more days
        clock.shift(timedelta(days=29, hours=23))
        store.save(visit.id, {"name": "Bea"})
        clock.shift(timedelta(days=30, seconds=-1))
        with store._write() as db:  # nobody looked meanwhile
            assert db.execute("SELECT count(*) FROM visit").fetchone() == (1,)
        clock.shift(timedelta(seconds=1))
        assert answers(store, visit) is None
        assert store._db().execute("SELECT count(*) FROM visit").fetchone() == (0,)
        assert store._db().execute("SELECT count(*) FROM device").fetchone() == (0,)


def fresh(store: Store) -> Store:
    """The same store as after a restart, so that it counts from the time the test has set."""
    with store._write() as db:
        db.execute("DELETE FROM household WHERE name IN ('latest', 'purged')")
    store.prepare()
    return store


def test_an_expired_visit_cannot_be_saved_coded_or_resumed(store: Store) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        store = fresh(store)
        visit = store.new_visit("en")
        code = store.make_resume_code(visit.id, "en")
        clock.shift(timedelta(days=30))
        with pytest.raises(VisitGone):
            store.save(visit.id, {"name": "late"})
        with pytest.raises(VisitGone):
            store.make_resume_code(visit.id, "en")
        assert store.visit_by_code(code) is None
        assert store._db().execute("SELECT count(*) FROM visit").fetchone() == (0,)


def test_the_purge_erases_what_nobody_reads(store: Store) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        store = fresh(store)
        old = store.new_visit("en")
        store.tally("resume", "10.0.0.1", per=60)
        clock.shift(timedelta(days=20))
        young = store.new_visit("en")
        clock.shift(timedelta(days=10))
        assert store.purge() == 1
        assert store._db().execute("SELECT count(*) FROM visit").fetchone() == (1,)
        assert store._db().execute("SELECT count(*) FROM tally").fetchone() == (0,)
        assert store._db().execute("SELECT count(*) FROM salt").fetchone() == (0,)
        assert store.visit(old.id) is None
        assert store.visit(young.id) is not None
        assert store.purge(NOW + timedelta(days=400)) == 1
        assert store.purge(NOW - timedelta(days=400)) == 0


def test_a_start_purges(settings: Settings) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        store = open_store(settings)
        store.new_visit("en")
        store.close()
        clock.shift(timedelta(days=31))
        store = open_store(settings)
        assert store._db().execute("SELECT count(*) FROM visit").fetchone() == (0,)
        store.close()


def test_the_regular_purge_runs_every_few_minutes_and_once_for_all_processes(settings: Settings) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        one, two = open_store(settings), open_store(settings)
        visit = one.new_visit("en")
        clock.shift(timedelta(days=30))
        one._purge_due = two._purge_due = 0.0
        one.purge_if_due()
        assert one._db().execute("SELECT count(*) FROM visit").fetchone() == (0,)
        before = one._remembered(one._db(), "purged")
        clock.shift(timedelta(seconds=100))
        two.purge_if_due()  # `one` has just done it
        assert two._remembered(two._db(), "purged") == before
        clock.shift(timedelta(seconds=400))
        two._purge_due = 0.0
        two.purge_if_due()
        assert two._remembered(two._db(), "purged") == before + 500
        assert one.visit(visit.id) is None
        one.close()
        two.close()


def test_a_purge_that_cannot_run_does_not_stop_a_page(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(_now: datetime | None = None) -> int:
        raise sqlite3.OperationalError("database is locked")

    monkeypatch.setattr(store, "purge", locked)
    with store._write() as db:
        db.execute("DELETE FROM household WHERE name = 'purged'")
    store._purge_due = 0.0
    store.purge_if_due()
    assert store._purge_due > 0


def test_fewer_days_to_keep_count_for_old_visits_too(settings: Settings) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        store = open_store(settings)
        visit = store.new_visit("en")
        store.close()
        clock.shift(timedelta(days=8))
        shorter = open_store(Settings(instance=settings.instance, env="test", keep_days=7))
        assert shorter.visit(visit.id) is None
        shorter.close()


def test_a_clock_set_back_revives_nothing(settings: Settings) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        store = open_store(settings)
        visit = store.new_visit("en")
        store.save(visit.id, {"name": "Ana"})
        clock.shift(timedelta(days=30))
        store.now()
        store._remember(store._db(), "latest", store.now())
        store.close()
        clock.shift(timedelta(days=-29))
        store = open_store(settings)
        assert store.visit(visit.id) is None
        store.close()


def test_a_clock_set_back_does_not_stop_expiry(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = [1000.0]
    monkeypatch.setattr(visits_module.time, "monotonic", lambda: ticks[0])
    with time_machine.travel(NOW, tick=False) as clock:
        store = open_store(settings)
        store.new_visit("en")
        clock.shift(timedelta(days=-3650))
        visit = store.new_visit("en")
        assert store.visit(visit.id) is not None
        assert visit.created >= NOW
        assert "clock" in " ".join(store.health().reasons)
        ticks[0] += 30 * 86400  # the machine's clock is wrong, but time passes
        assert store.visit(visit.id) is None
        store.close()


def test_the_operator_can_trust_a_repaired_clock(settings: Settings) -> None:
    with time_machine.travel(NOW + timedelta(days=365 * 50), tick=False) as clock:
        store = open_store(settings)
        visit = store.new_visit("en")
        clock.move_to(NOW)
        assert not store.health().ok
        store.trust_clock()
        assert store.health().ok
        found = store.visit(visit.id)
        assert found is not None
        assert found.expires == NOW + timedelta(days=30)
        clock.shift(timedelta(days=30))
        assert store.visit(visit.id) is None
        store.close()


# ----------------------------------------------------------------------------------------------------------- deletion


@pytest.mark.parametrize("size", [100, 50_000])
def test_deleted_bytes_are_gone_from_the_files(store: Store, settings: Settings, size: int) -> None:
    others = [store.new_visit("en") for _ in range(5)]
    visit = store.new_visit("en")
    forms = []
    for turn in range(4):
        store.save(visit.id, {"name": "x" * (size + turn)})
        forms += [row[0] for row in store._db().execute("SELECT sealed FROM visit").fetchall() if len(row[0]) > size]
    keys = [row[0] for row in store._db().execute("SELECT key FROM device").fetchall()]
    gone = store._device_key(visit.id)
    assert len(forms) == 4
    content = on_disk(settings)
    assert forms[-1][:64] in content
    assert store.delete_visit(visit.id)
    content = on_disk(settings)
    for sealed in forms:
        for start in range(0, len(sealed) - 32, 500):
            assert sealed[start : start + 32] not in content
    assert gone not in content
    assert all(key in content for key in keys if key != gone)
    assert all(store.visit(other.id) is not None for other in others)


def test_erasing_is_finished_after_a_crash(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_store(settings)
    visit = store.new_visit("en")
    store.save(visit.id, {"name": "x" * 500})
    (sealed,) = store._db().execute("SELECT sealed FROM visit").fetchone()
    monkeypatch.setattr(store, "_wipe", lambda: None)  # killed between the deletion and the checkpoint
    store.delete_visit(visit.id)
    assert sealed[:64] in on_disk(settings)
    other = open_store(settings)
    assert sealed[:64] not in on_disk(settings)
    other.close()
    store.close()


def test_a_reader_in_the_way_only_delays_the_erasing(store: Store, settings: Settings) -> None:
    visit = store.new_visit("en")
    store.save(visit.id, {"name": "x" * 500})
    (sealed,) = store._db().execute("SELECT sealed FROM visit").fetchone()
    store._db().execute("PRAGMA busy_timeout = 10")
    reader = sqlite3.connect(settings.database, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM visit").fetchone()
    store.delete_visit(visit.id)
    assert store.visit(visit.id) is None
    assert sealed[:64] in on_disk(settings)
    reader.execute("COMMIT")
    reader.close()
    store.purge()
    assert sealed[:64] not in on_disk(settings)


# -------------------------------------------------------------------------------------------------------- resume code


def test_a_code_opens_the_same_visit_on_another_device(store: Store) -> None:
    phone = store.new_visit("es")
    store.save(phone.id, {"county": "Fresno"})
    code = store.make_resume_code(phone.id, "es")
    library = store.visit_by_code(code)
    assert library is not None
    assert library.id != phone.id
    assert library.document == {"county": "Fresno"}
    store.update(library.id, lambda document: {**document, "name": "Ana"})
    store.update(phone.id, lambda document: {**document, "plants": 3})
    assert answers(store, library) == answers(store, phone) == {"county": "Fresno", "name": "Ana", "plants": 3}
    store.delete_visit(library.id)
    assert store.visit(phone.id) is None
    assert store.visit_by_code(code) is None


def test_a_new_code_replaces_the_old(store: Store) -> None:
    visit = store.new_visit("en")
    old = store.make_resume_code(visit.id, "en")
    new = store.make_resume_code(visit.id, "es")
    assert store.visit_by_code(old) is None
    assert store.visit_by_code(new) is not None
    found = store.visit(visit.id)
    assert found is not None
    assert found.code_made is not None


def test_the_id_of_this_device_is_replaced_and_others_stay(store: Store) -> None:
    phone = store.new_visit("en")
    code = store.make_resume_code(phone.id, "en")
    tablet = store.visit_by_code(code)
    assert tablet is not None
    again = store.visit_by_code(code, replaces=tablet.id)
    assert again is not None
    assert store.visit(tablet.id) is None
    assert store.visit(phone.id) is not None
    stranger = store.new_visit("en")
    assert store.visit_by_code(code, replaces=stranger.id) is not None
    assert store.visit(stranger.id) is not None


def test_the_oldest_of_too_many_devices_goes(store: Store) -> None:
    first = store.new_visit("en")
    code = store.make_resume_code(first.id, "en")
    devices = [store.visit_by_code(code) for _ in range(visits_module.DEVICES_LIMIT)]
    assert store.visit(first.id) is None
    assert all(device is not None and store.visit(device.id) is not None for device in devices)


def test_leaving_keeps_the_answers_where_somebody_can_still_open_them(store: Store) -> None:
    coded = store.new_visit("en")
    code = store.make_resume_code(coded.id, "en")
    assert store.forget_device(coded.id)
    assert store.visit(coded.id) is None
    assert store.visit_by_code(code) is not None
    lone = store.new_visit("en")
    before = store._db().execute("SELECT count(*) FROM visit").fetchone()[0]
    assert not store.forget_device(lone.id)
    assert store._db().execute("SELECT count(*) FROM visit").fetchone()[0] == before - 1


def test_codes_are_five_kind_words_of_the_language(store: Store) -> None:
    visit = store.new_visit("en")
    for lang, name in (("en", "english"), ("es", "spanish"), ("vi", "english")):
        words = store.make_resume_code(visit.id, lang).split()
        assert len(set(words)) == 5
        assert set(words) <= set(resume_code._list(name))
    for name in ("english", "spanish"):
        plain = {resume_code._plain(word) for word in resume_code._list(name)}
        assert not {resume_code._plain(word) for word in resume_code._drawable(name)} & resume_code.UNKIND
        assert len(resume_code._drawable(name)) > 1900
        assert len({word[:4] for word in plain}) == 2048  # four letters are enough
    both = {resume_code._plain(word) for name in ("english", "spanish") for word in resume_code._list(name)}
    assert both >= resume_code.UNKIND  # no misspelled entry


@st.composite
def mistyped(draw: st.DrawFn) -> tuple[str, str, str]:
    """A code, its language, and one of the ways people write it."""
    lang = draw(st.sampled_from(["en", "es"]))
    words = draw(
        st.lists(
            st.sampled_from(resume_code._drawable(resume_code.LANGUAGES[lang])), min_size=5, max_size=5, unique=True
        )
    )
    written = []
    for word in words:
        form = draw(st.sampled_from(["NFC", "NFD", "plain"]))
        one = resume_code._plain(word) if form == "plain" else unicodedata.normalize(form, word)
        one = draw(st.sampled_from([one, one.upper(), one.capitalize()]))
        if len(resume_code._plain(word)) > 4 and draw(st.booleans()):
            one = resume_code._plain(word)[:4] + draw(st.sampled_from(["", "x", word[4:] + "s", "zzz"]))
        written.append(one)
    gap = draw(st.sampled_from([" ", "  ", "-", " - ", ", ", "\n", "\t", " · ", "/"]))
    around = draw(st.sampled_from(["", " ", "\n", '"', "1. "]))
    return " ".join(words), lang, around + gap.join(written) + around.replace("1", "")


@given(case=mistyped())
def test_reading_a_code_forgives_how_it_is_written(case: tuple[str, str, str]) -> None:
    code, lang, written = case
    assert resume_code.canonical(code, lang) in resume_code.read(written)


@given(text=st.text(max_size=60))
def test_reading_any_text_gives_codes_or_nothing(text: str) -> None:
    for reading in resume_code.read(text):
        name, *words = reading.split()
        assert name in {"english", "spanish"}
        assert len(words) == 5


@given(case=mistyped(), data=st.data())
def test_reading_never_forgives_a_word(case: tuple[str, str, str], data: st.DataObject) -> None:
    code, lang, _ = case
    words = code.split()
    at = data.draw(st.integers(0, 4))
    name = resume_code.LANGUAGES[lang]
    other = data.draw(st.sampled_from(resume_code._list(name)).filter(lambda word: word != words[at]))
    right = resume_code.canonical(code, lang)
    for wrong in ([*words[:at], other, *words[at + 1 :]], words[:4], [*words, other], list(reversed(words))):
        assert right not in resume_code.read(" ".join(wrong))


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("abandon ability able about above", "english abandon ability able about above"),
        ("ABANDON-Ability  able,about\nabove", "english abandon ability able about above"),
        ("aban abil able abou abov", "english abandon ability able about above"),
        ("a´baco abdomen abeja abierto abogado", "spanish abaco abdomen abeja abierto abogado"),
        ("ano bano cana sena suen", "spanish ano bano cana senal sueno"),
    ],
)
def test_examples_of_reading(written: str, wanted: str) -> None:
    assert wanted in resume_code.read(written)


def test_a_code_made_in_spanish_is_read_whatever_the_page_speaks(store: Store) -> None:
    visit = store.new_visit("es")
    code = store.make_resume_code(visit.id, "es")
    plain = unicodedata.normalize("NFD", code).encode("ascii", "ignore").decode()
    assert store.visit_by_code(plain.upper()) is not None


@pytest.mark.parametrize(
    "wrong", ["", "hello", "abandon ability able about absent", "x" * 100_000, "\ud800 a b c d", "😀"]
)
def test_wrong_codes_open_nothing(store: Store, wrong: str) -> None:
    store.make_resume_code(store.new_visit("en").id, "en")
    assert store.visit_by_code(wrong) is None


# ------------------------------------------------------------------------------------------------------ limits, health


def test_tries_are_counted_per_client_and_window(store: Store) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        store = fresh(store)
        assert [store.tally("resume", "10.0.0.1", per=600)[0] for _ in range(3)] == [1, 2, 3]
        assert store.tally("resume", "10.0.0.2", per=600)[0] == 1
        assert store.tally("start", "10.0.0.1", per=600)[0] == 1
        assert store.tally("resume", "10.0.0.1", per=600, add=-1)[0] == 2
        count, left = store.tally("resume", "10.0.0.1", per=600, add=0)
        assert (count, left) == (2, 600)
        clock.shift(timedelta(seconds=599))
        assert store.tally("resume", "10.0.0.1", per=600, add=0) == (2, 1)
        clock.shift(timedelta(seconds=1))
        assert store.tally("resume", "10.0.0.1", per=600)[0] == 1


def test_addresses_are_not_kept_and_change_their_hash_each_day(store: Store, settings: Settings) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        store = fresh(store)
        store.tally("resume", "203.0.113.77", per=86400 * 7)
        clock.shift(timedelta(days=1))
        store.tally("resume", "203.0.113.77", per=86400 * 7)
        rows = store._db().execute("SELECT who FROM tally").fetchall()
    assert len({who for (who,) in rows}) == 2
    assert b"203.0.113.77" not in on_disk(settings)


def test_health_says_what_is_wrong(store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    well = store.health()
    assert well.ok
    assert well.since_purge is not None
    assert well.since_purge < 60
    with store._write() as db:
        store._remember(db, "purged", store.now() - 7200)
    assert store.health().reasons == ("the purge has not run for an hour",)
    store.purge()
    monkeypatch.setattr(visits_module, "SPACE_NEEDED", 2**62)
    assert store.health().reasons == ("the disk is almost full",)
    monkeypatch.undo()
    moved = settings.keys_file.rename(settings.instance / "elsewhere")
    assert store.health().reasons == ("the key file cannot be read",)
    moved.rename(settings.keys_file)
    assert store.health().ok


def test_health_notices_a_database_that_cannot_be_written(store: Store, settings: Settings) -> None:
    store._db().execute("PRAGMA busy_timeout = 10")
    other = sqlite3.connect(settings.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert store.health().reasons == ("the database cannot be written",)
    other.execute("ROLLBACK")
    other.close()
    assert store.health().ok


def test_checking_health_writes_nothing(store: Store) -> None:
    store.health()
    assert store._remembered(store._db(), "checked") is None
