"""A filled form, read: beside its own English words, what they say in plain ones. Pure: values in, rows out.

Courts take forms in English. Whoever signs one has a right to know what it says, box by box, and what it means that a
box is empty: the clerk's, the judge's, to be signed by hand, or a right that is kept. The English comes from
`forms/<FORM>/fields.toml` (labels as printed) and from the values that go onto the paper; the plain words come from
`reading.yaml`. Nothing here knows a language: words are message ids.

    >>> read = reading("CR-400", {"item_2b": True, "title_application": True})
    >>> [row.lines[0].label for section in read.sections for row in section.rows if row.state == "filled"][-1][:14]
    'b. APPLICATION'

A row is a box, or several that say one thing together. What stays empty is told once for all boxes of an item that
are empty for one reason, and once for all items that follow one another and are: an order that only the judge fills in
is one row, not forty.

Every key of every form has words here; `tests/web/test_reading.py` proves it, and `form_words` refuses words about a
key that no form has.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fnmatch import fnmatchcase
from functools import cache
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import forms
from forms import FormSpec, Place
from forms.fill import checked
from forms.spec import spec_of
from rules import plain_yaml
from webapp.language import N_, message_id

WORDS = Path(__file__).with_name("reading.yaml")

State = Literal["filled", "empty", "court", "server", "hand", "printed"]
"""Filled; empty; empty because it is the court's, or of whoever serves the papers; to be written by hand; printed on
the form and without a box."""

STATES: Mapping[State, str] = MappingProxyType(
    {
        "empty": N_("Empty"),
        "court": N_("Empty: this is for the court"),
        "server": N_("Empty: this is for the person who hands over or mails the copy"),
        "hand": N_("By hand"),
        "printed": N_("Printed on the form"),
    }
)
"""What stands above the words of a row that is not filled."""

ON_ATTACHMENT = N_("This does not fit in its box. The box points to form MC-025. There you find all of it.")
LEFT_EMPTY = N_("What stays empty")
MANY = 8
"""An item with more boxes than this, all empty for one reason, is named and not listed box by box."""


@dataclass(frozen=True, slots=True)
class BoxWords:
    """What some boxes say: `text` when filled (`values`: when filled with just that), `why` when empty (with `after`:
    only where that other box is filled). Or `printed`, words without a box; `hand` when it is a line to sign on."""

    keys: tuple[str, ...]
    text: str
    why: str
    after: str
    values: Mapping[str, str]
    printed: str
    hand: bool


@dataclass(frozen=True, slots=True)
class PartWords:
    """One item of a form. `heading` is printed English, `title` ours; one of them is empty."""

    heading: str
    title: str
    why: str
    note: str
    boxes: tuple[BoxWords, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(key for box in self.boxes for key in box.keys)


@dataclass(frozen=True, slots=True)
class FormWords:
    """Everything `reading.yaml` says of one form."""

    form: str
    intro: tuple[str, ...]
    parts: tuple[PartWords, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One box as it stands on the paper. `ticked` is None for a text box; a line of print alone has no value."""

    label: str
    value: str = ""
    ticked: bool | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """Left, `lines` in the form's own English; right, `words` (message ids); `days` are the dates in the lines."""

    lines: tuple[Line, ...]
    words: tuple[str, ...]
    state: State
    days: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under one heading: printed English (`heading`), or a message id (`title`)."""

    heading: str
    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """One form, read: `title` and `revision` as printed, `intro` message ids."""

    form: str
    title: str
    revision: str
    intro: tuple[str, ...]
    sections: tuple[Section, ...]


def reading(form: str, values: Mapping[str, str | bool], *, overflow: Collection[str] = ()) -> Reading:
    """The form with these values, in the order of the paper. `overflow` are keys whose text went onto MC-025.

    Raises UnknownForm, and refuses the same values as `forms.fill`: a key the form does not have, a value for a box
    that stays empty, boxes that exclude one another.
    """
    spec = spec_of(form)
    told = form_words()[form]
    wanted = checked(spec, values)
    sections = []
    for empty, parts in groupby(told.parts, key=lambda part: _all_empty(part, wanted)):
        if not empty:
            sections += [
                Section(part.heading, part.title, tuple(_rows(spec, part, wanted, overflow))) for part in parts
            ]
            continue
        for why, alike in groupby(parts, key=lambda part: part.why):
            sections.append(_left_empty(spec, tuple(alike), why))
    return Reading(form, spec.title, spec.revision_printed, told.intro, tuple(sections))


def _all_empty(part: PartWords, values: Mapping[str, str | bool]) -> bool:
    """Whether a part is told in one row: none of its boxes is filled, has a reason of its own, or is print."""
    alike = not any(box.printed or (box.why and not box.after) for box in part.boxes)
    return bool(part.why) and alike and not any(values.get(key) for key in part.keys)


def _left_empty(spec: FormSpec, parts: Sequence[PartWords], why: str) -> Section:
    places = [spec.fields[key] for part in parts for key in part.keys]
    state = _empty_state(places)
    if len(parts) > 1:
        items = dict.fromkeys(part.heading or spec.fields[part.keys[0]].label for part in parts)
        return Section("", LEFT_EMPTY, (Row(tuple(Line(item) for item in items), (why,), state),))
    (part,) = parts
    if part.heading and len(part.keys) > MANY:
        return Section(part.heading, "", (Row((Line(part.heading),), (why,), state),))
    return Section(part.heading, part.title, (Row(_lines(spec, part.keys, {}), (why,), state),))


def _rows(
    spec: FormSpec, part: PartWords, values: Mapping[str, str | bool], overflow: Collection[str]
) -> Iterator[Row]:
    rest: list[str] = []
    for box in part.boxes:
        if box.printed:
            yield Row((Line(box.printed),), (box.text,), "hand" if box.hand else "printed")
            continue
        filled = tuple(key for key in box.keys if values.get(key))
        empty = tuple(key for key in box.keys if not values.get(key))
        if filled:
            lines = _lines(spec, filled, values)
            yield Row(lines, _words(box, filled, values, overflow), "filled", _days(lines))
        if empty and box.why and (not box.after or values.get(box.after)):
            yield Row(_lines(spec, empty, values), (box.why,), _empty_state(_places(spec, empty)))
        else:
            rest += empty
    if rest:
        others = part.note if part.note and any(values.get(key) for key in part.keys) else part.why
        yield Row(_lines(spec, rest, values), (others,), _empty_state(_places(spec, rest)))


def _words(
    box: BoxWords, filled: Sequence[str], values: Mapping[str, str | bool], overflow: Collection[str]
) -> tuple[str, ...]:
    said = dict.fromkeys(box.values.get(str(values[key]), box.text) for key in filled)
    return (*said, ON_ATTACHMENT) if any(key in overflow for key in filled) else tuple(said)


def _places(spec: FormSpec, keys: Sequence[str]) -> list[Place]:
    return [spec.fields[key] for key in keys]


def _empty_state(places: Sequence[Place]) -> State:
    reasons = {place.empty for place in places}
    whose: Mapping[Any, State] = {"clerk": "court", "server": "server", "hand": "hand"}
    return whose.get(reasons.pop(), "empty") if len(reasons) == 1 else "empty"


def _lines(spec: FormSpec, keys: Sequence[str], values: Mapping[str, str | bool]) -> tuple[Line, ...]:
    made = []
    for key in keys:
        place, value = spec.fields[key], values.get(key)
        if place.kind == "check":
            made.append(Line(place.label, ticked=bool(value)))
        else:
            made.append(Line(place.label, str(value or "")))
    return tuple(dict.fromkeys(made))


def _days(lines: Sequence[Line]) -> tuple[date, ...]:
    """The dates among the lines, which forms want as 03/14/2007: a reader may know them the other way round."""
    written = [line.value for line in lines if re.fullmatch(r"\d{2}/\d{2}/\d{4}", line.value)]
    try:
        return tuple(datetime.strptime(each, "%m/%d/%Y").date() for each in written)  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return ()


# ------------------------------------------------------------------------------------------------------------ the words


@cache
def form_words() -> Mapping[str, FormWords]:
    """What `reading.yaml` says, by form. Raises ValueError, naming form and key, for words on what is not there."""
    data = plain_yaml.load(WORDS.read_text(encoding="utf-8"))["forms"]
    return MappingProxyType({form: _form(form, entry) for form, entry in data.items()})


def _form(form: str, entry: Mapping[str, Any]) -> FormWords:
    spec = forms.specs().get(form)
    if spec is None:
        raise ValueError(f"reading.yaml has words for {form}, which has no folder in forms/")
    parts = [_part(spec, part, n) for part in entry["parts"] for n in range(1, part.get("each", 1) + 1)]
    keys = [key for part in parts for key in part.keys]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        raise ValueError(f"reading.yaml speaks twice of {form} {', '.join(twice)}")
    return FormWords(form, tuple(map(message_id, entry["intro"])), tuple(parts))


def _part(spec: FormSpec, entry: Mapping[str, Any], n: int) -> PartWords:
    boxes = tuple(_box(spec, box, n) for box in entry["boxes"])
    keys = [key for box in boxes for key in box.keys]
    headings = {spec.fields[key].item for key in keys}
    title = message_id(entry.get("title", ""))
    if not title and (len(headings) != 1 or "" in headings):
        raise ValueError(f"reading.yaml: the part of {spec.form} with {keys} needs a title, or keys of one item")
    heading = "" if title else headings.pop()
    return PartWords(heading, title, message_id(entry.get("why", "")), message_id(entry.get("note", "")), boxes)


def _box(spec: FormSpec, entry: Mapping[str, Any], n: int) -> BoxWords:
    patterns = entry.get("keys", [])
    named = [patterns] if isinstance(patterns, str) else patterns
    return BoxWords(
        keys=tuple(key for each in named for key in _matching(spec, each.replace("{n}", str(n)))),
        text=message_id(entry.get("text", "")),
        why=message_id(entry.get("why", "")),
        after=entry.get("after", "").replace("{n}", str(n)),
        values={each["value"]: message_id(each["text"]) for each in entry.get("values", [])},
        printed=message_id(entry.get("printed", "")),
        hand=entry.get("hand", False),
    )


def _matching(spec: FormSpec, pattern: str) -> list[str]:
    found = [key for key in spec.fields if fnmatchcase(key, pattern)]
    if not found:
        raise ValueError(f"reading.yaml speaks of {spec.form} {pattern}, which is no key of it")
    return found
