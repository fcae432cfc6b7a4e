"""Where adopted blanks live, and whether they are still the ones that were adopted.

A blank is two files in one folder: `CR-400.pdf`, and `CR-400.json`, an inventory of its boxes with the fingerprints
of the official file and of the blank. The fingerprint of every tested blank is also written in `form.toml`, so a
changed blank is noticed even when the inventory was changed with it.

Two kinds of blanks have no fingerprint in `form.toml`, because nobody could know it in advance: those of a form that
was prepared from a second-hand list (`ready_compared`), and those of a newer revision (`ready_new`). They are checked
against their inventory, whose boxes must still agree with `fields.toml`; and `fill` compares the boxes of the very
file it read. So neither a changed blank nor a changed map is ever used unnoticed.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from forms.compare import Difference, Found, differences
from forms.reasons import REASONS, BlankMissing
from forms.spec import FormSpec, rect_of, spec_of, specs

ACTIVE = frozenset(
    (
        *("/JS", "/JavaScript", "/XFA", "/OpenAction", "/AA", "/URI", "/Perms", "/Launch", "/EmbeddedFile"),
        *("/EmbeddedFiles", "/RichMedia", "/SubmitForm", "/ImportData", "/GoToR", "/Encrypt", "/SigFlags"),
    )
)
"""Names of anything in a PDF that acts, hides or leads away. A blank has none of them, as a key or as a value."""

State = Literal["adopted", "already", "prepared", "answers", "missing", "refused"]
"""`prepared`: the map is ready, the official file is not here. `answers`: the form has no map, only an answer sheet."""


@dataclass(frozen=True, slots=True)
class Adoption:
    """What became of one form: `reason` is a code of `REASONS`, `details` the facts its sentence needs.

    `differences` are the boxes that keep a file from being used; `details["differences"]` has them in English.
    """

    form: str
    state: State
    reason: str
    details: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    differences: tuple[Difference, ...] = ()

    def sentence(self) -> str:
        """The English sentence; a translated one is `gettext(REASONS[reason]) % details`."""
        return REASONS[self.reason] % self.details


def blank_path(form: str, dest: Path) -> Path:
    """The adopted PDF of a form in the folder of blanks."""
    return dest / f"{form}.pdf"


def inventory_path(form: str, dest: Path) -> Path:
    """The inventory that belongs to the adopted PDF."""
    return dest / f"{form}.json"


def fingerprint(data: bytes) -> str:
    """SHA-256 as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def pinned(spec: FormSpec, data: bytes) -> bool:
    """Whether this is, byte for byte, the blank that Limpio was tested with."""
    return spec.blank_sha256 is not None and fingerprint(data) == spec.blank_sha256


def genuine(spec: FormSpec, data: bytes, dest: Path) -> str | None:
    """Why this blank may be used, or None: "ready" (the tested one), "ready_compared" (of a form known from a list, and
    every box was compared) or "ready_new" (of a newer revision, accepted by hand)."""
    found = fingerprint(data)
    if spec.basis == "wording":
        return None
    if pinned(spec, data):
        return "ready"
    inventory = _inventory(spec.form, dest)
    if inventory.get("blank_sha256") != found or not _agrees(spec, inventory):
        return None
    if inventory.get("accepted_new") is True:
        return "ready_new" if inventory.get("revision_known") == spec.sha256 else None
    is_known = inventory.get("official_sha256") == spec.sha256
    return "ready_compared" if spec.basis == "census" and is_known else None


def _agrees(spec: FormSpec, inventory: Mapping[str, Any]) -> bool:
    """Whether the boxes of a blank, as its inventory lists them, are where `fields.toml` says now."""
    try:
        boxes = [
            Found(box["name"], box["kind"], box["page"], rect_of(box["rect"]), box["on"]) for box in inventory["boxes"]
        ]
        return not any(difference.blocks for difference in differences(spec, boxes, inventory.get("pages", spec.pages)))
    except (KeyError, TypeError, ValueError):
        return False


def read_blank(spec: FormSpec, dest: Path) -> bytes:
    """The bytes of a genuine blank. Raises BlankMissing when it is not there, was changed, or cannot be."""
    if spec.basis == "wording":
        raise BlankMissing("answers_only", form=spec.form)
    # Twice: a newer revision may take its place between the reading of blank and inventory.
    for _attempt in range(2):
        try:
            data = blank_path(spec.form, dest).read_bytes()
        except OSError:
            raise BlankMissing("blank_missing", form=spec.form) from None
        if genuine(spec, data, dest) is not None:
            return data
    raise BlankMissing("blank_changed", form=spec.form, folder=str(dest))


def available(form: str, dest: Path) -> bool:
    """Whether this form can be filled from the blanks in `dest`. Raises UnknownForm."""
    return check_one(spec_of(form), dest).state == "already"


def check(dest: Path) -> tuple[Adoption, ...]:
    """Every form's blank compared with its fingerprint: `already`, `prepared`, `answers`, `missing` or `refused`."""
    return tuple(check_one(spec, dest) for spec in specs().values())


def check_one(spec: FormSpec, dest: Path) -> Adoption:
    """One form's blank compared with its fingerprint."""
    where = {"form": spec.form, "folder": str(dest), "folders": str(dest)}
    details = MappingProxyType({**where, "address": spec.addresses[0], "revision": spec.revision_printed})
    if spec.basis == "wording":
        return Adoption(spec.form, "answers", "answers_only", details)
    try:
        data = blank_path(spec.form, dest).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        if spec.basis == "census":
            return Adoption(spec.form, "prepared", "prepared", details)
        return Adoption(spec.form, "missing", "not_installed", details)
    except OSError as cause:
        unreadable = {
            "form": spec.form,
            "file": str(blank_path(spec.form, dest)),
            "cause": cause.strerror or type(cause).__name__,
        }
        return Adoption(spec.form, "refused", "file_unreadable", MappingProxyType(unreadable))
    reason = genuine(spec, data, dest)
    if reason is None:
        return Adoption(spec.form, "refused", "blank_changed", details)
    return Adoption(spec.form, "already", reason, details)


def adopted_on(form: str, dest: Path) -> date | None:
    """The day on which the blank was adopted; None where nobody wrote it down."""
    try:
        return date.fromisoformat(_inventory(form, dest).get("adopted_on") or "")
    except (TypeError, ValueError):
        return None


def official_in_use(form: str, dest: Path) -> str | None:
    """SHA-256 of the official file that the adopted blank was made from; None without an inventory."""
    found = _inventory(form, dest).get("official_sha256")
    return found if isinstance(found, str) and blank_path(form, dest).exists() else None


def write_whole(files: Mapping[Path, bytes]) -> None:
    """Each file appears with all its bytes, or the old one stays; readable by the owner only. Raises OSError.

    All are written before the first takes its place, so a full disk changes none of them. The files share a folder, in
    which one process writes at a time; what a process that was killed left half-written there is swept away.
    """
    ready: list[tuple[Path, Path]] = []
    with _alone(next(iter(files)).parent) as folder:
        try:
            for path, data in files.items():
                for left_over in folder.glob(f".{path.name}.*"):
                    left_over.unlink()
                handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=folder)  # mkstemp makes it 0600
                ready.append((Path(temporary), path))
                with os.fdopen(handle, "wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
            for written, path in ready:
                written.replace(path)
        finally:
            for written, _path in ready:
                with suppress(OSError):
                    written.unlink(missing_ok=True)


@contextmanager
def _alone(folder: Path) -> Iterator[Path]:
    """One process at a time: a lock on the folder itself, which leaves no file behind and dies with its holder."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield folder
    finally:
        os.close(handle)


def _inventory(form: str, dest: Path) -> Mapping[str, Any]:
    try:
        found = json.loads(inventory_path(form, dest).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
