"""Style sheet, script and icon: an address that changes with the content, so that a phone loads each once.

All of them hang under `/static/<version>/`, where the version is a hash over every file: relative links among them
hold, and any change is a new address. They are kept for ever; compressed once at the start, into `instance/static/`, so
that nothing is written into the source tree. The plain address `/static/<name>` works too and is kept for a minute.
"""

from __future__ import annotations

import gzip
import hashlib
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any
from wsgiref.headers import Headers

from flask import Flask
from whitenoise import WhiteNoise
from whitenoise.responders import StaticFile

from webapp.guard import security_headers
from webapp.settings import Settings

__all__ = ["StaticFiles"]

TEXT = frozenset({".css", ".js", ".svg", ".txt", ".webmanifest"})
PLAIN_AGE = 60  # seconds


class StaticFiles:
    """The files of an application's static folder, as they are when it starts."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self._root = Path(app.static_folder or "")
        self._prefix = (app.static_url_path or "/static").rstrip("/")
        self._packed = settings.instance / "static"
        self._headers = security_headers(https=settings.https)
        self._names = sorted(
            path.relative_to(self._root).as_posix() for path in self._root.rglob("*") if path.is_file()
        )
        self.version = self._hash()

    def versioned(self, endpoint: str, values: dict[str, Any]) -> None:
        """A `url_defaults` hook: `url_for("static", filename="limpio.css")` gets the address with the version."""
        if endpoint == "static" and values.get("filename") in self._names:
            values["filename"] = f"{self.version}/{values['filename']}"

    def around(self, application: Callable[..., Any]) -> WhiteNoise:
        """`application`, with the files served before it is asked."""
        served = WhiteNoise(application, max_age=None, allow_all_origins=False)
        for name in self._names:
            path = self._root / name
            packed = {"gzip": str(packed_path)} if (packed_path := self._pack(path)) else {}
            for url, rule in (
                (f"{self._prefix}/{self.version}/{name}", f"public, max-age={WhiteNoise.FOREVER}, immutable"),
                (f"{self._prefix}/{name}", f"public, max-age={PLAIN_AGE}"),
            ):
                headers = Headers([])
                served.add_mime_headers(headers, str(path), url)
                for header, value in {**self._headers, "Cache-Control": rule}.items():
                    headers[header] = value
                served.files[url] = StaticFile(str(path), headers.items(), encodings=packed)
        return served

    def _hash(self) -> str:
        digest = hashlib.blake2b(digest_size=8)
        for name in self._names:
            content = (self._root / name).read_bytes()
            digest.update(f"{name}\0{len(content)}\0".encode() + content)
        return digest.hexdigest()

    def _pack(self, path: Path) -> Path | None:
        """The gzip twin of a text file; None where there is nothing to gain."""
        if path.suffix not in TEXT:
            return None
        content = path.read_bytes()
        small = gzip.compress(content, compresslevel=9, mtime=0)
        if len(small) >= len(content):
            return None
        self._packed.mkdir(mode=0o700, exist_ok=True)
        name = hashlib.blake2b(content, digest_size=12).hexdigest()
        packed = self._packed / f"{name}.gz"
        if not packed.exists():
            partial = self._packed / f".{name}.{secrets.token_hex(4)}"
            partial.write_bytes(small)
            partial.replace(packed)
        return packed
