"""The vault: nothing opens but what was sealed, where it was sealed; the key file is never lost silently."""

from __future__ import annotations

import json
import multiprocessing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.settings import Settings
from webapp.store import KeyRingError, SealBroken, Store, StoreError, Vault, open_store
from webapp.store.vault import Ring, alone

PLACE = ("visit", "sealed", b"row 1")


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Vault:
    return Vault.at(tmp_path_factory.mktemp("vault") / "keys.json")


@given(plain=st.binary(max_size=300))
def test_what_is_sealed_opens_in_its_place(vault: Vault, plain: bytes) -> None:
    sealed = vault.seal(plain, PLACE)
    assert vault.open(sealed, PLACE) == plain
    assert vault.seal(plain, PLACE) != sealed


@given(data=st.data(), plain=st.binary(max_size=60))
def test_any_changed_byte_is_noticed(vault: Vault, data: st.DataObject, plain: bytes) -> None:
    sealed = vault.seal(plain, PLACE)
    at = data.draw(st.integers(0, len(sealed) - 1))
    flipped = data.draw(st.integers(1, 255))
    changed = sealed[:at] + bytes([sealed[at] ^ flipped]) + sealed[at + 1 :]
    with pytest.raises(SealBroken):
        vault.open(changed, PLACE)


@given(data=st.data(), plain=st.binary(max_size=60))
def test_a_cut_or_longer_value_is_noticed(vault: Vault, data: st.DataObject, plain: bytes) -> None:
    sealed = vault.seal(plain, PLACE)
    cut = data.draw(st.integers(0, len(sealed) - 1))
    more = data.draw(st.binary(min_size=1, max_size=20))
    for changed in (sealed[:cut], sealed + more):
        with pytest.raises(SealBroken):
            vault.open(changed, PLACE)


@given(
    here=st.tuples(st.text(max_size=8), st.text(max_size=8), st.binary(max_size=8)),
    there=st.tuples(st.text(max_size=8), st.text(max_size=8), st.binary(max_size=8)),
)
def test_a_value_moved_to_another_place_does_not_open(
    vault: Vault, here: tuple[str, str, bytes], there: tuple[str, str, bytes]
) -> None:
    sealed = vault.seal(b"secret", here)
    if here == there:
        assert vault.open(sealed, there) == b"secret"
    else:
        with pytest.raises(SealBroken):
            vault.open(sealed, there)


def test_places_that_only_read_alike_are_different(vault: Vault) -> None:
    sealed = vault.seal(b"secret", ("ab", "c", b"d"))
    for place in (("a", "bc", b"d"), ("abc", "", b"d"), ("ab", "cd", b"")):
        with pytest.raises(SealBroken):
            vault.open(sealed, place)


def test_rows_swapped_in_the_database_do_not_open(store: Store) -> None:
    one, two = store.new_visit("en"), store.new_visit("en")
    store.save(one.id, {"name": "one"})
    store.save(two.id, {"name": "two"})
    db = store._db()
    (first, a), (second, b) = db.execute("SELECT key, sealed FROM visit").fetchall()
    with store._write():
        db.execute("UPDATE visit SET sealed = ? WHERE key = ?", (b, first))
        db.execute("UPDATE visit SET sealed = ? WHERE key = ?", (a, second))
    for visit in (one, two):
        with pytest.raises(SealBroken):
            store.visit(visit.id)


def test_keyed_hashes_differ_by_use_and_by_ring(vault: Vault, tmp_path: Path) -> None:
    other = Vault.at(tmp_path / "keys.json")
    assert vault.lookup("code", b"x") == vault.lookup("code", b"x")
    assert len({vault.lookup("code", b"x"), vault.lookup("device", b"x"), other.lookup("code", b"x")}) == 3


def test_the_file_is_for_its_owner_only(tmp_path: Path) -> None:
    Vault.at(tmp_path / "keys.json")
    assert (tmp_path / "keys.json").stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["keys.json"]


def test_rotation_keeps_old_values_readable_and_reaches_other_processes(tmp_path: Path) -> None:
    here, elsewhere = Vault.at(tmp_path / "keys.json"), Vault.at(tmp_path / "keys.json")
    old = here.seal(b"old", PLACE)
    here.rotate()
    fresh = here.seal(b"fresh", PLACE)
    assert Vault.key_of(old) != Vault.key_of(fresh)
    assert here.open(old, PLACE) == b"old"
    assert elsewhere.open(fresh, PLACE) == b"fresh"
    assert Vault.key_of(elsewhere.seal(b"more", PLACE)) == Vault.key_of(fresh)
    assert elsewhere.lookup("code", b"x") == here.lookup("code", b"x")
    assert (tmp_path / "keys.json").stat().st_mode & 0o777 == 0o600


def test_rotation_accepts_the_last_cookie_secret_and_no_older(tmp_path: Path) -> None:
    vault = Vault.at(tmp_path / "keys.json")
    (first,) = vault.cookie_secrets
    vault.rotate()
    assert vault.cookie_secrets[1] == first
    vault.rotate()
    assert len(vault.cookie_secrets) == 2
    assert first not in vault.cookie_secrets


def test_a_dropped_key_opens_nothing(tmp_path: Path) -> None:
    vault = Vault.at(tmp_path / "keys.json")
    old = vault.seal(b"old", PLACE)
    newest = vault.rotate()
    with alone(tmp_path):
        assert vault.keep_only(frozenset()) == 1
    assert vault.ring.seal == (newest,)
    with pytest.raises(SealBroken, match="not in"):
        vault.open(old, PLACE)


def test_sealing_stops_when_the_file_is_gone(tmp_path: Path) -> None:
    vault = Vault.at(tmp_path / "keys.json")
    (tmp_path / "keys.json").unlink()
    with pytest.raises(KeyRingError, match="missing"):
        vault.seal(b"would be lost at the next start", PLACE)


@given(at=st.floats(0, 1, exclude_max=True), replacement=st.characters(codec="ascii", categories=("L", "N", "P")))
def test_a_changed_character_in_the_file_is_noticed(at: float, replacement: str) -> None:
    text = Ring.new().to_json()
    index = int(at * len(text))
    changed = text[:index] + replacement + text[index + 1 :]
    if json_of(changed) == json_of(text):
        return
    with pytest.raises(ValueError, match=r".+"):
        Ring.from_json(changed)


def json_of(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return None


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", "not json", '{"version": 1}', "[" * 100_000])
def test_a_file_that_is_no_ring_stops_the_start(settings: Settings, text: str) -> None:
    open_store(settings).close()
    settings.keys_file.write_text(text)
    with pytest.raises(KeyRingError, match="damaged") as refused:
        open_store(settings)
    assert "Put back the copy" in str(refused.value)
    assert settings.keys_file.read_text() == text


def test_a_lost_file_never_becomes_new_keys(settings: Settings) -> None:
    open_store(settings).close()
    settings.keys_file.unlink()
    with pytest.raises(KeyRingError, match="missing, but this site already has a database"):
        open_store(settings)
    assert not settings.keys_file.exists()


def test_keys_of_another_site_are_refused(settings: Settings, tmp_path: Path) -> None:
    open_store(settings).close()
    other = Settings(instance=tmp_path / "other", env="test")
    open_store(other).close()
    settings.keys_file.write_bytes(other.keys_file.read_bytes())
    with pytest.raises(KeyRingError, match="not those of"):
        open_store(settings)


def test_reseal_moves_everything_and_then_old_keys_go(store: Store, settings: Settings) -> None:
    visits = [store.new_visit("es") for _ in range(7)]
    for number, visit in enumerate(visits):
        store.save(visit.id, {"n": number})
    code = store.make_resume_code(visits[3].id, "es")
    store.vault.rotate()
    store.save(visits[0].id, {"n": 0})
    with pytest.raises(StoreError, match="Run reseal first"):
        store.drop_old_keys()
    assert store.reseal() == 6
    assert store.reseal() == 0
    assert store.drop_old_keys() == 1
    assert store.drop_old_keys() == 0
    store.close()
    again = open_store(settings)
    found = [again.visit(visit.id) for visit in visits]
    assert [visit.document["n"] for visit in found if visit] == list(range(7))
    by_code = again.visit_by_code(code)
    assert by_code is not None
    assert by_code.document == {"n": 3}
    again.close()


def _start(instance: Path, gate: object, found: object) -> None:
    gate.wait()  # type: ignore[attr-defined]
    store = open_store(Settings(instance=instance, env="test"))
    visit = store.new_visit("en")
    store.save(visit.id, {"here": True})
    found.put((store.vault.lookup("proof", b"x"), visit.id))  # type: ignore[attr-defined]
    store.close()


def test_processes_that_start_at_once_share_one_ring(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    gate, found = context.Barrier(3), context.Queue()
    instance = tmp_path / "instance"
    processes = [context.Process(target=_start, args=(instance, gate, found)) for _ in range(3)]
    for process in processes:
        process.start()
    results = [found.get(timeout=60) for _ in processes]
    for process in processes:
        process.join(timeout=60)
        assert process.exitcode == 0
    assert len({proof for proof, _ in results}) == 1
    store = open_store(Settings(instance=instance, env="test"))
    for _, visit_id in results:
        visit = store.visit(visit_id)
        assert visit is not None
        assert visit.document == {"here": True}
    store.close()
