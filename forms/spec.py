"""What Limpio knows about an official form: two TOML files in a folder named after it.

`form.toml` names the form, its revision, the SHA-256 of the official file and of the blank made from it; and, as
`basis`, how Limpio knows its fields:

* `"file"` (or nothing): read from the official file itself. Its blank is made here, tested and pinned.
* `"census"`: taken from somebody else's list of that very file (same SHA-256). The blank made from it cannot be known
  in advance, so there is no `[blank]`: when the official file turns up, every field's name, kind, page, place and
  on-state is compared with `fields.toml` before the blank is used, and the blank's fingerprint is recorded beside it.
* `"wording"`: only the printed words are known, nothing of places. Such a form has an answer sheet and no blank; its
  fields have a `key`, and neither `name` nor `rect` nor `on`. `wording_of` says which revision the words were read from
  when it is an older one.

`fields.toml` accounts for **every** field of the official PDF. Each `[[field]]` says where it is and then either what
goes in (`goes_in`) or that it stays empty, for whom and why:

    [[field]]
    name = "CR-400[0].Page1[0].P1Caption[0].AttyPartyInfo[0].Name[0]"   # the full AcroForm name
    key = "filer_name"                                                  # what the rest of the program calls it
    kind = "text"                                                       # text, check, button or notice
    item = "ATTORNEY OR PARTY WITHOUT ATTORNEY"                         # the part of the paper it belongs to
    label = "NAME:"                                                     # the label as printed
    page = 1
    rect = [57.55, 722.05, 393.99, 731.05]                              # points, origin bottom-left
    goes_in = "the filer's own name"

    [[field]]
    name = "CR-400[0].Page1[0].SigBlock[0].SigDate[0]"
    key = "sign_date"
    ...
    empty = "hand"                                                      # clerk, server, hand, unused, removed, printed
    why = "The date is written by hand with the signature."

Adding a form is adding a folder. What the older forms need is here already: `on` is a check box's own on-state
(`"Yes"`, `"3"`, `"/off"`); several `[[field]]` entries with one `name` and different `on` are one field with several
widgets, of which one can be on (the PDF's radio buttons too); `also = [{page = 2, rect = [...]}]` is a field printed
in several places; `copies = "defendant"` is a read-only caption that repeats another key; `size`, `floor` (points) and
`align` override what the PDF says, and `leading` (points) sets lines on printed rules. `unanswered` says what an answer
sheet tells the person about a box that Limpio has no answer for ("choice": it is theirs to make). `[[check_one]]` and
`[[agree]]` state rules between boxes that the PDF cannot enforce.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, cast

from forms.reasons import UnknownForm

Kind = Literal["text", "check", "button", "notice"]
Empty = Literal["clerk", "server", "hand", "unused", "removed", "printed"]
Basis = Literal["file", "census", "wording"]
Unanswered = Literal["choice", "court_papers", "decision_date", "birth_date"]
Rect = tuple[float, float, float, float]

LEGIBLE = 7.0
"""The smallest type size, in points, that Limpio prints on a form."""

_KINDS = ("text", "check", "button", "notice")
_EMPTIES = ("clerk", "server", "hand", "unused", "removed", "printed")
_BASES = ("file", "census", "wording")
_UNANSWERED = ("choice", "court_papers", "decision_date", "birth_date")
_PLACED = ("name", "page", "rect", "also", "on", "size", "floor", "leading", "align")
_FIELD_KEYS = frozenset(
    (
        *("name", "key", "kind", "item", "label", "page", "rect", "also", "on"),
        *("goes_in", "empty", "why", "copies", "size", "floor", "leading", "align", "unanswered"),
    )
)
_FORM_KEYS = frozenset(
    (
        *("form", "title", "revision", "revision_printed", "use", "pages", "official", "blank"),
        *("basis", "wording_of"),
    )
)


def rect_of(edges: Iterable[Any]) -> Rect:
    """Four numbers of any kind as a rectangle. Raises ValueError for fewer or more, or for no numbers."""
    left, bottom, right, top = (float(edge) for edge in edges)
    return left, bottom, right, top


class SpecError(ValueError):
    """A form.toml or fields.toml that contradicts itself: names the file and the field."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where one widget is: page from 1, rectangle in points from the bottom left."""

    page: int
    rect: Rect


@dataclass(frozen=True, slots=True)
class Place:
    """One box of the form, or one widget of a field that has several with different on-states.

    Where only a form's wording is known, `spots` is empty and `name` is the key.
    """

    name: str
    key: str | None
    kind: Kind
    item: str
    label: str
    spots: tuple[Spot, ...]
    on: str | None
    goes_in: str
    empty: Empty | None
    why: str
    copies: str | None
    size: float | None
    floor: float
    leading: float | None
    align: int | None
    unanswered: Unanswered | None = None


@dataclass(frozen=True, slots=True)
class BoxRule:
    """Keys of check boxes that exclude one another (`check_one`) or must be equal (`agree`)."""

    keys: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class FormSpec:
    """One official form at one revision.

    `sha256` and `bytes` are None where nobody has published them, `blank_sha256` and `blank_bytes` where the basis is
    not the official file itself.
    """

    form: str
    title: str
    revision: date
    revision_printed: str
    use: str
    pages: int
    sha256: str | None
    bytes: int | None
    addresses: tuple[str, ...]
    source: str
    blank_sha256: str | None
    blank_bytes: int | None
    places: tuple[Place, ...]
    check_one: tuple[BoxRule, ...]
    agree: tuple[BoxRule, ...]
    basis: Basis = "file"
    wording_of: str = ""

    @property
    def fields(self) -> Mapping[str, Place]:
        """Boxes by logical key, in the order of the form."""
        return MappingProxyType({place.key: place for place in self.places if place.key is not None})

    def label(self, key: str) -> str:
        """The printed label of a key, with the part of the paper where the label alone would not say."""
        place = self.fields[key]
        return place.label if place.label == place.item or not place.item else f"{place.item}: {place.label}"


def read_specs(root: Path) -> Mapping[str, FormSpec]:
    """Every form described under `root`, by name. Raises SpecError naming file and field."""
    found = [read_spec(folder) for folder in sorted(root.iterdir()) if (folder / "form.toml").is_file()]
    return MappingProxyType({spec.form: spec for spec in found})


@cache
def specs() -> Mapping[str, FormSpec]:
    """The forms that ship with Limpio, by name: "CR-400", "MC-025". Read once per process."""
    return read_specs(Path(__file__).parent)


def spec_of(form: str) -> FormSpec:
    """The form's description. Raises UnknownForm."""
    try:
        return specs()[form]
    except KeyError:
        raise UnknownForm("unknown_form", form=form) from None


def read_spec(folder: Path) -> FormSpec:
    """One form's folder. Raises SpecError when the two files contradict themselves."""
    head = _toml(folder / "form.toml")
    body = _toml(folder / "fields.toml")
    where = str(folder / "form.toml")
    _only(head, _FORM_KEYS, where)
    basis = head.get("basis", "file")
    if basis not in _BASES:
        raise SpecError(f"{where}: basis {basis!r} is none of {', '.join(_BASES)}")
    if basis != "file" and "blank" in head:
        raise SpecError(f"{where}: a blank is pinned only where the fields were read from the official file")
    try:
        official = head["official"]
        blank = head["blank"] if basis == "file" else {"sha256": None, "bytes": None}
        spec = FormSpec(
            form=head["form"],
            title=head["title"],
            revision=head["revision"],
            revision_printed=head["revision_printed"],
            use=head["use"],
            pages=head["pages"],
            sha256=official["sha256"] if basis != "wording" else official.get("sha256"),
            bytes=official["bytes"] if basis == "file" else official.get("bytes"),
            addresses=tuple(official["addresses"]),
            source=official["source"],
            blank_sha256=blank["sha256"],
            blank_bytes=blank["bytes"],
            places=tuple(
                _place(entry, folder / "fields.toml", cast("Basis", basis)) for entry in body.get("field", [])
            ),
            check_one=_rules(body.get("check_one", [])),
            agree=_rules(body.get("agree", [])),
            basis=cast("Basis", basis),
            wording_of=head.get("wording_of", ""),
        )
    except KeyError as absent:
        raise SpecError(f"{where}: {absent} is missing") from None
    _coherent(spec, str(folder / "fields.toml"))
    return spec


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as cause:
        raise SpecError(f"{path}: {cause}") from cause


def _only(table: Mapping[str, Any], known: frozenset[str], where: str) -> None:
    unknown = sorted(set(table) - known)
    if unknown:
        raise SpecError(f"{where}: unknown entry {', '.join(unknown)}")


def _rect(value: Sequence[float], where: str) -> Rect:
    if len(value) != 4 or value[2] <= value[0] or value[3] <= value[1]:
        raise SpecError(f"{where}: rect must be left, bottom, right, top")
    return rect_of(value)


def _place(entry: Mapping[str, Any], path: Path, basis: Basis) -> Place:
    where = f"{path}: field {entry.get('name') or entry.get('key', '?')}"
    _only(entry, _FIELD_KEYS, where)
    placed = basis != "wording"
    if not placed:
        _no_places(entry, where)
    try:
        spots = [Spot(entry["page"], _rect(entry["rect"], where))] if placed else []
        spots += [Spot(other["page"], _rect(other["rect"], where)) for other in entry.get("also", [])]
        place = Place(
            name=entry["name"] if placed else entry.get("key") or f"copy of {entry['copies']}",
            key=entry.get("key"),
            kind=cast("Kind", entry["kind"]),
            item=entry.get("item", ""),
            label=entry["label"],
            spots=tuple(spots),
            on=entry.get("on"),
            goes_in=entry.get("goes_in", ""),
            empty=cast("Empty | None", entry.get("empty")),
            why=entry.get("why", ""),
            copies=entry.get("copies"),
            size=entry.get("size"),
            floor=max(LEGIBLE, float(entry.get("floor", LEGIBLE))),
            leading=entry.get("leading"),
            align=entry.get("align"),
            unanswered=cast("Unanswered | None", entry.get("unanswered")),
        )
    except KeyError as absent:
        raise SpecError(f"{where}: {absent} is missing") from None
    if place.kind not in _KINDS:
        raise SpecError(f"{where}: kind {place.kind!r} is none of {', '.join(_KINDS)}")
    if place.empty is not None and place.empty not in _EMPTIES:
        raise SpecError(f"{where}: empty {place.empty!r} is none of {', '.join(_EMPTIES)}")
    if bool(place.goes_in) == bool(place.empty):
        raise SpecError(f"{where}: say either what goes_in or why it stays empty")
    if place.empty and not place.why:
        raise SpecError(f"{where}: a box that stays empty says why")
    if place.unanswered is not None and (place.unanswered not in _UNANSWERED or place.empty):
        raise SpecError(f"{where}: unanswered {place.unanswered!r} is none of {', '.join(_UNANSWERED)}, or stays empty")
    if placed and (place.kind == "check") != (place.on is not None):
        raise SpecError(f"{where}: a check box, and only a check box, has an on-state")
    if place.kind in ("button", "notice") and place.empty not in ("removed", "printed"):
        raise SpecError(f"{where}: a {place.kind} is removed or its face is printed")
    if place.kind in ("text", "check") and place.empty in ("removed", "printed"):
        raise SpecError(f"{where}: only a button or a notice is removed")
    if place.goes_in and place.key is None and place.copies is None:
        raise SpecError(f"{where}: a box that is filled needs a key, or copies one")
    return place


def _no_places(entry: Mapping[str, Any], where: str) -> None:
    stated = [key for key in _PLACED if key in entry]
    if stated:
        raise SpecError(f"{where}: only its wording is known, so {', '.join(stated)} cannot be")
    if entry.get("kind") not in ("text", "check"):
        raise SpecError(f"{where}: only its wording is known, so it is a text or a check box")


def _rules(entries: Sequence[Mapping[str, Any]]) -> tuple[BoxRule, ...]:
    return tuple(BoxRule(tuple(entry["keys"]), entry["why"]) for entry in entries)


def _coherent(spec: FormSpec, where: str) -> None:
    keys = [place.key for place in spec.places if place.key is not None]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise SpecError(f"{where}: key {', '.join(twice)} is used twice")
    seen: set[tuple[str, str | None]] = set()
    for place in spec.places:
        if (place.name, place.on) in seen:
            raise SpecError(f"{where}: field {place.name} is listed twice")
        seen.add((place.name, place.on))
        if place.copies is not None and place.copies not in keys:
            raise SpecError(f"{where}: field {place.name} copies {place.copies}, which is no key")
        if any(not 1 <= spot.page <= spec.pages for spot in place.spots):
            raise SpecError(f"{where}: field {place.name} is on a page the form does not have")
    checks = {place.key for place in spec.places if place.kind == "check"}
    for rule in (*spec.check_one, *spec.agree):
        strangers = [key for key in rule.keys if key not in checks]
        if strangers or len(rule.keys) < 2:
            raise SpecError(f"{where}: a rule between boxes names {', '.join(strangers) or 'fewer than two'}")
