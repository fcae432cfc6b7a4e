"""Values into boxes. The one place where what Limpio knows meets the court's own form.

    filled = fill("CR-400", {"defendant": "Ana Ruiz", "section_11357": True, ...}, blanks=instance / "forms")
    filled.pdf         # bytes, ready to print
    filled.overflow    # what did not fit, for an attachment page

Only the boxes named are touched; every other box stays exactly as the court printed it. A box that belongs to the
clerk, the date and the signature refuse any value. Check boxes that exclude one another, or go together, are
declared in `fields.toml` and enforced here, because the PDF enforces nothing.

A line too long for its box at seven points is not clipped: the box says "See Attachment MC-025" (in English, the
language court papers are filed in) and the whole text comes back in `overflow`; `attachments` prints it on MC-025.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from forms.appearance import Box, Layout, check_stream, lay_out, split, text_stream
from forms.blanks import ACTIVE, blank_path, pinned, read_blank
from forms.compare import Found, differences
from forms.flatten import Blank, Drawing, Entry, Widget, fillable, flat, read_blank_bytes
from forms.fonts import Letters, NoGlyph, character_name, normal, regular
from forms.reasons import BlankMissing, BoxesConflict, FieldStaysEmpty, UnknownField, UnprintableText, WrongKind
from forms.spec import FormSpec, Place, spec_of

SEE_ATTACHMENT = ("See Attachment MC-025", "See MC-025", "MC-025", "")
"""What a box says when its text is on an attachment page; the first that fits is printed."""

ATTACHMENT = "MC-025"


@dataclass(frozen=True, slots=True)
class Overflow:
    """A text that did not fit its box: the logical key, the printed label, and the whole text."""

    key: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Filled:
    """A filled form, and what must go on an attachment page."""

    pdf: bytes
    overflow: tuple[Overflow, ...]


def fill(form: str, values: Mapping[str, str | bool], *, blanks: Path, flat: bool = True) -> Filled:
    """The form filled with `values` (logical key -> text or tick); `flat` for filing, otherwise still fillable.

    Empty text and False leave a box empty. Raises UnknownForm, BlankMissing, UnknownField, FieldStaysEmpty,
    WrongKind, BoxesConflict and UnprintableText; each carries a reason and facts for a sentence.
    """
    return fill_spec(spec_of(form), values, blanks=blanks, flatten=flat)


def fill_spec(spec: FormSpec, values: Mapping[str, str | bool], *, blanks: Path, flatten: bool = True) -> Filled:
    """`fill` for a form description that does not ship with Limpio."""
    wanted = checked(spec, values)
    blank = _blank(spec, blanks)
    letters = Letters()
    entries: list[Entry] = []
    overflow: list[Overflow] = []
    for place in spec.places:
        value = wanted.get(place.copies or place.key or "")
        if not value:
            continue
        boxes = _boxes(spec, place, blank)
        if place.kind == "check":
            drawings = tuple(Drawing(box, check_stream(_room(box)), place.label) for box in boxes)
            entries.append(Entry(place.name, None, place.on, drawings))
            continue
        entry, fits = _write(spec, place, str(value), boxes, letters)
        entries.append(entry)
        key = place.key or place.copies
        if not fits and key is not None and all(item.key != key for item in overflow):
            overflow.append(Overflow(key, spec.fields[key].label, str(value)))
    if flatten:
        pdf = flat(blank, [drawing for entry in entries for drawing in entry.drawings], letters, _title(spec))
    else:
        pdf = fillable(blank, entries, letters)
    return Filled(pdf, tuple(overflow))


def attachments(
    form: str, overflow: Sequence[Overflow], *, short_title: str, case_number: str, blanks: Path
) -> tuple[bytes, ...]:
    """MC-025 pages, flat, that carry everything in `overflow` of one form; none when nothing overflowed."""
    if not overflow:
        return ()
    spec = spec_of(ATTACHMENT)
    told = "\n\n".join(f"{form}, {spec_of(form).label(item.key)}\n{item.text}" for item in overflow)
    pieces = pages_of(ATTACHMENT, "body", told, blanks=blanks)
    made = []
    for index, body in enumerate(pieces, start=1):
        values: dict[str, str | bool] = {
            "short_title": short_title,
            "case_number": case_number,
            "attachment_number": form,
            "body": body,
            "page": str(index),
            "of": str(len(pieces)),
        }
        filled = fill_spec(spec, values, blanks=blanks)
        made.append(filled.pdf)
    return tuple(made)


def pages_of(form: str, key: str, text: str, *, blanks: Path) -> tuple[str, ...]:
    """A long text cut into pieces that each fit the multi-line box `key`.

    One piece if it fits at the smallest size allowed there; otherwise pieces at the box's own size, so that every
    page looks alike. Raises UnprintableText.
    """
    spec = spec_of(form)
    place = spec.fields[key]
    box = _boxes(spec, place, _blank(spec, blanks))[0]
    try:
        if _layouts(place, text, (box,)) is not None:
            return (text,)
        return split(text, _room(box), regular(), size=_size(place, box))
    except NoGlyph as bad:
        raise _unprintable(spec, place, bad) from None


def fits(form: str, key: str, text: str, *, blanks: Path) -> bool:
    """Whether `fill` would print the whole text in its own box. Raises BlankMissing and UnprintableText."""
    spec = spec_of(form)
    place = spec.fields[key]
    try:
        return _layouts(place, normal(text).strip(), _boxes(spec, place, _blank(spec, blanks))) is not None
    except NoGlyph as bad:
        raise _unprintable(spec, place, bad) from None


def checked(spec: FormSpec, values: Mapping[str, str | bool]) -> Mapping[str, str | bool]:
    fields = spec.fields
    wanted: dict[str, str | bool] = {}
    for key, value in values.items():
        place = fields.get(key)
        if place is None:
            raise UnknownField("unknown_field", form=spec.form, key=key)
        if isinstance(value, str):
            value = normal(value).strip()
        if isinstance(value, bool) != (place.kind == "check") and value != "":
            expected = "a tick" if place.kind == "check" else "text"
            raise WrongKind("wrong_kind", form=spec.form, label=place.label, expected=expected)
        if not value:
            continue
        if place.empty is not None:
            raise FieldStaysEmpty("field_stays_empty", form=spec.form, label=place.label, why=place.why)
        wanted[key] = value
    _obey_rules(spec, wanted)
    return wanted


def _obey_rules(spec: FormSpec, wanted: Mapping[str, str | bool]) -> None:
    one_field: dict[str, list[str]] = {}
    for place in spec.places:
        if place.kind == "check" and place.key is not None:
            one_field.setdefault(place.name, []).append(place.key)
    # Widgets of one field share one value, so a second tick would undo the first.
    alternatives = [rule.keys for rule in spec.check_one]
    alternatives += [tuple(keys) for keys in one_field.values() if len(keys) > 1]
    for keys in alternatives:
        ticked = [key for key in keys if wanted.get(key)]
        if len(ticked) > 1:
            raise BoxesConflict("check_one", form=spec.form, labels=_labels(spec, ticked))
    for rule in spec.agree:
        if len({bool(wanted.get(key)) for key in rule.keys}) > 1:
            raise BoxesConflict("must_agree", form=spec.form, labels=_labels(spec, rule.keys))


def _labels(spec: FormSpec, keys: Sequence[str]) -> str:
    return "; ".join(spec.fields[key].label for key in keys)


def _write(spec: FormSpec, place: Place, text: str, boxes: Sequence[Widget], letters: Letters) -> tuple[Entry, bool]:
    """The entry for a text box, and whether the text itself fits in every place it is printed."""
    try:
        layouts = _layouts(place, text, boxes)
    except NoGlyph as bad:
        raise _unprintable(spec, place, bad) from None
    fits, shown = layouts is not None, text
    for instead in SEE_ATTACHMENT:
        if layouts is not None:
            break
        layouts, shown = _layouts(place, instead, boxes, limited=False), instead
    # The last of SEE_ATTACHMENT is empty and fits anywhere.
    drawings = tuple(
        Drawing(box, text_stream(layout, letters), place.label, shown if layout.reordered else "")
        for box, layout in zip(boxes, layouts or (), strict=True)
    )
    return Entry(place.name, shown, None, drawings), fits


def _layouts(place: Place, text: str, boxes: Sequence[Widget], *, limited: bool = True) -> tuple[Layout, ...] | None:
    made = []
    for box in boxes:
        if limited and box.max_len is not None and len(text) > box.max_len:
            return None
        layout = lay_out(
            text,
            _room(box),
            regular(),
            size=_size(place, box),
            floor=place.floor,
            leading=place.leading,
            multiline=box.multiline,
            align=box.align if place.align is None else place.align,
        )
        if layout is None:
            return None
        made.append(layout)
    return tuple(made)


def _unprintable(spec: FormSpec, place: Place, bad: NoGlyph) -> UnprintableText:
    # A control character is named, never put into a sentence.
    shown = bad.character if bad.character.isprintable() else "?"
    return UnprintableText(
        "unprintable",
        form=spec.form,
        key=place.key or place.copies or "",
        label=place.label,
        character=shown,
        name=character_name(bad.character),
    )


def _size(place: Place, box: Widget) -> float:
    """The size to start from: what fields.toml says, else the form's own, else what the height suggests."""
    if place.size is not None:
        return place.size
    if box.size:
        return box.size
    return 10.0 if box.multiline else min(12.0, max(place.floor, (box.rect[3] - box.rect[1]) * 0.7))


def _room(box: Widget) -> Box:
    return Box(box.rect[2] - box.rect[0], box.rect[3] - box.rect[1])


def _boxes(spec: FormSpec, place: Place, blank: Blank) -> tuple[Widget, ...]:
    found = blank.widgets.get(place.name, ())
    if place.on is not None:
        found = tuple(box for box in found if box.on == place.on)
    if not found:
        raise BlankMissing("blank_missing", form=spec.form)
    return found


def _title(spec: FormSpec) -> str:
    return f"{spec.form} {spec.title}"


# Blanks are parsed once per process: path -> ((time of change, size), parsed). Guarded by the lock.
_parsed: dict[Path, tuple[tuple[int, int], Blank]] = {}
_parsing = Lock()


def _blank(spec: FormSpec, dest: Path) -> Blank:
    if spec.basis == "wording":
        raise BlankMissing("answers_only", form=spec.form)
    path = blank_path(spec.form, dest)
    try:
        status = path.stat()
    except OSError:
        raise BlankMissing("blank_missing", form=spec.form) from None
    stamp = (status.st_mtime_ns, status.st_size)
    with _parsing:
        kept = _parsed.get(path)
        if kept is None or kept[0] != stamp:
            kept = (stamp, _read(spec, read_blank(spec, dest), dest))
            _parsed[path] = kept
        return kept[1]


def _read(spec: FormSpec, data: bytes, dest: Path) -> Blank:
    """A blank, parsed. One that is not pinned byte for byte proves itself: its boxes are those of `fields.toml`, and
    nothing in it acts. Raises BlankMissing."""
    if pinned(spec, data):
        return read_blank_bytes(data)
    changed = BlankMissing("blank_changed", form=spec.form, folder=str(dest))
    try:
        blank = read_blank_bytes(data)
        unfit = _differs(spec, blank) or bool(blank.names & ACTIVE)
    except (ValueError, LookupError, AttributeError, TypeError, ArithmeticError, RuntimeError):
        raise changed from None
    if unfit:
        raise changed
    return blank


def _differs(spec: FormSpec, blank: Blank) -> bool:
    """Whether the boxes of the very file that was read are not those of `fields.toml`."""
    found = [
        Found(name, "check" if box.check else "text", box.page + 1, box.rect, box.on)
        for name, boxes in blank.widgets.items()
        for box in boxes
    ]
    return any(difference.blocks for difference in differences(spec, found, len(blank.pages)))
