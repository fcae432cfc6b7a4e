"""Sealing answers, and the key ring that does it.

**Why.** A person's convictions must be worth nothing to whoever gets hold of the database file: a stolen backup, a
reused disk, a curious colleague. So a value is sealed (AES-256-GCM) before it reaches SQLite, with a key that never
lies in the database. The place of the value, table + column + row, is bound to it as associated data: a sealed value
that was moved to another row, or changed in one bit, does not open.

**The ring** is `instance/keys.json`, mode 0600, made at the first run:

* `seal`: the sealing keys, oldest first. The newest writes, all of them open. `rotate()` adds one;
  `Store.reseal()` rewrites what the old ones wrote; then `Store.drop_old_keys()` removes them.
* `lookup`: one key for hashes of things we must find again without keeping them: the id in the cookie, the resume
  code. It never rotates. A keyed hash cannot be recomputed without the thing itself, and only the person has that:
  a new lookup key would lock every person out of their answers. A lost sealing key opens one set of rows; the lookup
  key opens none, it only lets the holder of a code find a row that still needs the sealing key.
* `cookie`: secrets that sign the cookie. `rotate()` adds one too; the last two are accepted, so nobody is signed out.

The file carries a digest of itself. A ring that is lost or damaged stops the start: new keys over an existing
database would look like it works and would have thrown every answer away.

AES-GCM with random nonces is sound for about 2^32 values a key. Rotate once a year and it is never near.

>>> vault = Vault.at(Path("instance/keys.json"))
>>> sealed = vault.seal(b"1998, Los Angeles", ("visit", "sealed", b"row 1"))
>>> vault.open(sealed, ("visit", "sealed", b"row 2"))
Traceback (most recent call last):
webapp.store.vault.SealBroken: ...
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import fcntl
import hashlib
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from webapp import clock

__all__ = ["KeyRingError", "Place", "Ring", "SealBroken", "SealKey", "Vault", "alone"]

Place = tuple[str, str, bytes]  # table, column, row key

_FORMAT = b"\x01"
_ID = 8
_NONCE = 12
_KEY = 32
_COOKIES_KEPT = 2


class KeyRingError(Exception):
    """The key file is lost, damaged, or not the one of this database. The text says what to do."""


class SealBroken(Exception):
    """A sealed value was changed, moved to another place, or written with a key that is not in the ring."""


@dataclass(frozen=True, slots=True)
class SealKey:
    id: bytes
    made: str
    key: bytes


@dataclass(frozen=True, slots=True)
class Ring:
    seal: tuple[SealKey, ...]  # oldest first
    lookup: bytes
    cookie: tuple[bytes, ...]  # oldest first

    @property
    def newest(self) -> SealKey:
        return self.seal[-1]

    @classmethod
    def new(cls) -> Ring:
        return cls(seal=(_seal_key(),), lookup=secrets.token_bytes(_KEY), cookie=(secrets.token_bytes(_KEY),))

    def rotated(self) -> Ring:
        cookies = (*self.cookie, secrets.token_bytes(_KEY))[-_COOKIES_KEPT:]
        return replace(self, seal=(*self.seal, _seal_key()), cookie=cookies)

    def to_json(self) -> str:
        body = {
            "about": "Keys of this Limpio site. Keep a copy apart from the database. Without it no answer opens.",
            "version": 1,
            "seal": [{"id": key.id.hex(), "made": key.made, "key": _text(key.key)} for key in self.seal],
            "lookup": _text(self.lookup),
            "cookie": [_text(secret) for secret in self.cookie],
        }
        return json.dumps({**body, "digest": _digest(body)}, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Ring:
        """The ring in `text`. Raises ValueError when it is not one, or when a character of it was changed."""
        try:
            body = json.loads(text)
            digest = body.pop("digest")
            if body["version"] != 1 or digest != _digest(body):
                raise ValueError("the digest does not fit")
            ring = cls(
                seal=tuple(
                    SealKey(id=bytes.fromhex(key["id"]), made=str(key["made"]), key=_bytes(key["key"]))
                    for key in body["seal"]
                ),
                lookup=_bytes(body["lookup"]),
                cookie=tuple(_bytes(secret) for secret in body["cookie"]),
            )
        except (KeyError, TypeError, AttributeError, binascii.Error, RecursionError) as error:
            raise ValueError("a part is missing or has the wrong shape") from error
        lengths = {len(key.key) for key in ring.seal} | {len(ring.lookup)} | {len(secret) for secret in ring.cookie}
        ids = [key.id for key in ring.seal]
        if not ring.seal or not ring.cookie or lengths != {_KEY}:
            raise ValueError("a key is missing or has the wrong length")
        if len(set(ids)) != len(ids) or {len(each) for each in ids} != {_ID}:
            raise ValueError("the key names do not fit")
        return ring


@dataclass(frozen=True, slots=True)
class _Held:
    ring: Ring
    signature: tuple[int, ...]  # of the file it was read from
    ciphers: Mapping[bytes, AESGCM]


class Vault:
    """Seals and opens values with the ring in one file; notices when another process has changed that file."""

    def __init__(self, path: Path, ring: Ring, signature: tuple[int, ...]) -> None:
        self.path = path
        self._use(ring, signature)

    @classmethod
    def at(cls, path: Path, *, may_create: bool = True) -> Vault:
        """The vault of the key file at `path`; a missing file is made when `may_create`.

        Two processes that start at once end with the same ring: the second finds the first one's file.
        Raises KeyRingError when the file is missing and must not be made, or cannot be read.
        """
        if may_create and not path.exists():
            _write_first(path, Ring.new())
        ring, signature = _read(path)
        return cls(path, ring, signature)

    @property
    def ring(self) -> Ring:
        return self._held.ring

    @property
    def cookie_secrets(self) -> tuple[bytes, ...]:
        """Newest first: the first signs, all are accepted."""
        return tuple(reversed(self.ring.cookie))

    def seal(self, plain: bytes, place: Place) -> bytes:
        """`plain`, sealed with the newest key for `place`. Raises KeyRingError when the key file has gone:
        a value sealed with keys that exist only in memory would be lost at the next start."""
        self.refresh()
        held = self._held
        key = held.ring.newest
        header = _FORMAT + key.id
        nonce = secrets.token_bytes(_NONCE)
        return header + nonce + held.ciphers[key.id].encrypt(nonce, plain, _associated(header, place))

    def open(self, sealed: bytes, place: Place) -> bytes:
        """What was sealed for `place`. Raises SealBroken when `sealed` is not exactly that."""
        header, nonce, body = sealed[: 1 + _ID], sealed[1 + _ID : 1 + _ID + _NONCE], sealed[1 + _ID + _NONCE :]
        if header[:1] != _FORMAT or len(nonce) != _NONCE:
            raise SealBroken(f"A value in {place[0]}.{place[1]} is not a sealed value.")
        cipher = self._held.ciphers.get(header[1:])
        if cipher is None:
            self.refresh()  # another process may have added the key
            cipher = self._held.ciphers.get(header[1:])
        if cipher is None:
            raise SealBroken(f"A value in {place[0]}.{place[1]} was sealed with a key that is not in {self.path}.")
        try:
            return cipher.decrypt(nonce, body, _associated(header, place))
        except InvalidTag as error:
            raise SealBroken(f"A value in {place[0]}.{place[1]} was changed or moved.") from error

    @staticmethod
    def key_of(sealed: bytes) -> str:
        """The name of the key that sealed it, as hex."""
        return sealed[1 : 1 + _ID].hex()

    def lookup(self, kind: str, value: bytes) -> bytes:
        """A keyed hash to find `value` again without keeping it; `kind` keeps the uses apart."""
        return hashlib.blake2b(value, key=self.ring.lookup, digest_size=32, person=kind.encode()[:16]).digest()

    def rotate(self) -> SealKey:
        """Adds a sealing key and a cookie secret to the file and uses them from now on; old values still open."""
        with alone(self.path.parent):
            ring, _ = _read(self.path)
            self._replace(ring.rotated())
        return self.ring.newest

    def keep_only(self, ids: frozenset[str]) -> int:
        """Drops sealing keys whose name is not in `ids`, never the newest, never the lookup key. Returns how many.

        Only `Store.drop_old_keys` may call it: it alone knows that nothing is sealed with them any more, and it
        holds `alone`.
        """
        ring, _ = _read(self.path)
        kept = tuple(key for key in ring.seal if key.id.hex() in ids or key is ring.newest)
        if len(kept) < len(ring.seal):
            self._replace(replace(ring, seal=kept))
        return len(ring.seal) - len(kept)

    def refresh(self) -> None:
        """Reads the file again when it has changed. Raises KeyRingError when it is gone or damaged."""
        try:
            signature = _signature(self.path.stat())
        except OSError as error:
            raise KeyRingError(_lost(self.path)) from error
        if signature != self._held.signature:
            self._use(*_read(self.path))

    def _replace(self, ring: Ring) -> None:
        # the caller holds `alone`
        partial = _partial(self.path, ring)
        partial.replace(self.path)
        _sync_folder(self.path.parent)
        self._use(*_read(self.path))

    def _use(self, ring: Ring, signature: tuple[int, ...]) -> None:
        # one assignment: another thread sees the old ring with its ciphers or the new one with its own, never a mix
        self._held = _Held(ring, signature, {key.id: AESGCM(key.key) for key in ring.seal})


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Only one process at a time is inside, for everything that is done once: first keys, migrations, rotation."""
    descriptor = os.open(folder / "start.lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _seal_key() -> SealKey:
    return SealKey(id=secrets.token_bytes(_ID), made=clock.now().date().isoformat(), key=secrets.token_bytes(_KEY))


def _associated(header: bytes, place: Place) -> bytes:
    # lengths in front, so that ("a", "bc") and ("ab", "c") differ
    parts = (header, place[0].encode(), place[1].encode(), place[2])
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def _read(path: Path) -> tuple[Ring, tuple[int, ...]]:
    try:
        # the signature is taken first: a change in between shows as a change, at worst once too often
        signature = _signature(path.stat())
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise KeyRingError(_lost(path)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise KeyRingError(f"The key file {path} cannot be read ({error}). Nothing was changed.") from error
    try:
        return Ring.from_json(text), signature
    except ValueError as error:
        raise KeyRingError(
            f"The key file {path} is damaged: {error}. Nothing was changed. Put back the copy you keep apart from "
            "the database. Without it no saved answer can be opened."
        ) from error


def _lost(path: Path) -> str:
    return (
        f"The key file {path} is missing, but this site already has a database. Nothing was changed. "
        "Put back the copy you keep apart from the database. If there is none, the saved answers cannot be opened by "
        "anyone: move the database away and start again with an empty one."
    )


def _signature(stat: os.stat_result) -> tuple[int, ...]:
    return (stat.st_ino, stat.st_mtime_ns, stat.st_size)


def _partial(path: Path, ring: Ring) -> Path:
    partial = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(ring.to_json())
        file.flush()
        os.fsync(file.fileno())
    return partial


def _write_first(path: Path, ring: Ring) -> None:
    partial = _partial(path, ring)
    # link, not rename: it fails when another process was first, and then that one's ring is the ring
    with contextlib.suppress(FileExistsError):
        os.link(partial, path)
    partial.unlink()
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _digest(body: Mapping[str, Any]) -> str:
    plain = json.dumps(body, sort_keys=True, separators=(",", ":")).encode()
    return hashlib.blake2b(plain, digest_size=16, person=b"limpio key ring").hexdigest()


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def _bytes(value: str) -> bytes:
    return base64.b64decode(value, validate=True)
