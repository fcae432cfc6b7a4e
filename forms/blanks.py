"""Where adopted blanks live, and whether they are still the ones that were adopted.

A blank is two files in one folder: `CR-400.pdf`, and `CR-400.json`, an inventory of its boxes with the fingerprints
of the official file and of the blank. The fingerprint of every tested blank is also written in `form.toml`, so a
changed blank is noticed even when the inventory was changed with it. Only a blank of a newer revision, adopted with
`accept_new`, is checked against its inventory alone; `check` says so (`ready_new`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from forms.reasons import REASONS, BlankMissing
from forms.spec import FormSpec, spec_of, specs

State = Literal["adopted", "already", "missing", "refused"]


@dataclass(frozen=True, slots=True)
class Adoption:
    """What became of one form: `reason` is a code of `REASONS`, `details` the facts its sentence needs."""

    form: str
    state: State
    reason: str
    details: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

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


def genuine(spec: FormSpec, data: bytes, dest: Path) -> str | None:
    """Why this blank may be used: "ready" (the tested one), "ready_new" (accepted by hand), or None."""
    found = fingerprint(data)
    if found == spec.blank_sha256:
        return "ready"
    inventory = _inventory(spec.form, dest)
    accepted = inventory.get("accepted_new") is True and inventory.get("revision_known") == spec.sha256
    return "ready_new" if accepted and inventory.get("blank_sha256") == found else None


def read_blank(spec: FormSpec, dest: Path) -> bytes:
    """The bytes of a genuine blank. Raises BlankMissing when it is not there or was changed."""
    try:
        data = blank_path(spec.form, dest).read_bytes()
    except OSError:
        raise BlankMissing("blank_missing", form=spec.form) from None
    if genuine(spec, data, dest) is None:
        raise BlankMissing("blank_changed", form=spec.form, folder=str(dest))
    return data


def available(form: str, dest: Path) -> bool:
    """Whether this form can be filled from the blanks in `dest`. Raises UnknownForm."""
    return check_one(spec_of(form), dest).state == "already"


def check(dest: Path) -> tuple[Adoption, ...]:
    """Every form's blank compared with its fingerprint: state `already`, `missing` or `refused`."""
    return tuple(check_one(spec, dest) for spec in specs().values())


def check_one(spec: FormSpec, dest: Path) -> Adoption:
    """One form's blank compared with its fingerprint."""
    details = MappingProxyType({"form": spec.form, "folder": str(dest)})
    try:
        data = blank_path(spec.form, dest).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
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


def _inventory(form: str, dest: Path) -> Mapping[str, Any]:
    try:
        found = json.loads(inventory_path(form, dest).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
