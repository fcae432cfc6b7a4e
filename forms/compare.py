"""Is this file still the form that `fields.toml` describes? Box by box, without opening a PDF.

Whatever reads a file (pikepdf at adoption, pdfrw when filling, an inventory from the disk) gives a list of `Found`;
what is known of the form is in its `FormSpec`. The answer is a list of differences, each a fact with a code, so that
the command and the site can say it in the reader's language:

    >>> moved = differences(spec, found, pages=1)[0]
    >>> moved.reason, moved.sentence()
    ('box_moved', '"NAME:" (filer_name) moved on page 1, from 57.55, 722.05, 393.99, 731.05 to ...')

A box that lost its name but has a twin of another name at its place was *renamed*: the person who brings `fields.toml`
in line then edits one line, and does not look for a box that is still there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from forms.reasons import DIFFERENCES, EDITS
from forms.spec import FormSpec, Place, Rect

TOLERANCE = 1.0
"""Points a box may differ from `fields.toml` and still count as unmoved."""


@dataclass(frozen=True, slots=True)
class Found:
    """One widget of a PDF: full field name, kind, page from 1, place in points, on-state."""

    name: str
    kind: str
    page: int
    rect: Rect
    on: str | None


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: `reason` is a code of `DIFFERENCES`; `name` the field (empty for the number of pages).

    `blocks` is False for a box that Limpio does not know at all: nothing it fills is in a wrong place because of it.
    """

    reason: str
    name: str = ""
    blocks: bool = True
    details: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def sentence(self) -> str:
        """In English; a translated one is `gettext(DIFFERENCES[reason]) % details`."""
        return DIFFERENCES[self.reason] % self.details

    def edit(self) -> str:
        """What to edit in the form's folder to bring it in line with the file; from `EDITS`, like `sentence`."""
        return EDITS[self.reason] % self.details


def differences(spec: FormSpec, found: Iterable[Found], pages: int, *, buttons: bool = False) -> tuple[Difference, ...]:
    """How a file differs from `fields.toml`, in the order of the form; `buttons` compares screen buttons too.

    Empty when every box described is there with its name, kind, page, place (within a point) and on-state, and no other
    box is.
    """
    by_name: dict[str, list[Found]] = {}
    for widget in found:
        if widget.name and (buttons or widget.kind != "button" or widget.name in _described(spec)):
            by_name.setdefault(widget.name, []).append(widget)
    strangers = {name: there for name, there in by_name.items() if name not in {place.name for place in spec.places}}
    told: list[Difference] = []
    if pages != spec.pages:
        told.append(_difference("other_pages", "", now=str(pages), before=str(spec.pages)))
    for place in spec.places:
        if place.kind in ("text", "check") or buttons:
            told += _changes(place, by_name.get(place.name, []), strangers)
    renamed = {difference.details["now"] for difference in told if difference.reason == "box_renamed"}
    for name, there in strangers.items():
        if name not in renamed:
            at = {"kind": there[0].kind, "page": str(there[0].page), "rect": _numbers(there[0].rect)}
            told.append(_difference("box_added", name, **at))
    return tuple(told)


def _described(spec: FormSpec) -> frozenset[str]:
    return frozenset(place.name for place in spec.places if place.kind in ("text", "check"))


def _changes(place: Place, there: Sequence[Found], strangers: Mapping[str, Sequence[Found]]) -> list[Difference]:
    what = f'"{place.label}"' + (f" ({place.key})" if place.key else "")
    if not there:
        twin = _twin(place, strangers)
        if twin is not None:
            return [_difference("box_renamed", place.name, what=what, before=place.name, now=twin)]
        return [_difference("box_gone", place.name, what=what)]
    if place.kind != "notice" and any(widget.kind != place.kind for widget in there):
        return [_difference("box_kind", place.name, what=what, before=place.kind, now=there[0].kind)]
    candidates = [widget for widget in there if place.on is None or widget.on == place.on]
    if not candidates:
        now = ", ".join(sorted({str(widget.on) for widget in there}))
        return [_difference("box_on", place.name, what=what, before=str(place.on), now=now)]
    told = []
    for spot in place.spots:
        here = [widget for widget in candidates if widget.page == spot.page]
        if not here:
            now = ", ".join(sorted({str(widget.page) for widget in candidates}))
            told.append(_difference("box_page", place.name, what=what, before=str(spot.page), now=now))
        elif not any(near(widget.rect, spot.rect) for widget in here):
            rects = {"before": _numbers(spot.rect), "now": _numbers(here[0].rect)}
            told.append(_difference("box_moved", place.name, what=what, page=str(spot.page), **rects))
    if place.on is None and len(candidates) != len(place.spots):
        counts = {"before": str(len(place.spots)), "now": str(len(candidates))}
        told.append(_difference("box_places", place.name, what=what, **counts))
    return told


def _twin(place: Place, strangers: Mapping[str, Sequence[Found]]) -> str | None:
    """The name of an unknown box of the same kind at the same place."""
    for name, there in strangers.items():
        for widget in there:
            same = widget.kind == place.kind and (place.on is None or widget.on == place.on)
            if same and any(widget.page == spot.page and near(widget.rect, spot.rect) for spot in place.spots):
                return name
    return None


def near(one: Rect, other: Rect) -> bool:
    """Whether two rectangles are the same within `TOLERANCE`."""
    return all(abs(a - b) <= TOLERANCE for a, b in zip(one, other, strict=True))


def _difference(reason: str, about: str, **details: str) -> Difference:
    return Difference(reason, about, reason != "box_added", MappingProxyType({"name": about, **details}))


def _numbers(rect: Rect) -> str:
    return ", ".join(f"{edge:g}" for edge in rect)
