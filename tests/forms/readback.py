"""What stands in every box of a filled form, and whether the ink and the printed labels agree with `fields.toml`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
from drawn import ENGINES, blotted, changed, ink
from pikepdf import Name, Pdf
from PIL import Image

import forms
from forms.adopt import full_name
from forms.spec import FormSpec, Place, Rect

Answers = dict[str, str | bool]

NAME = "Maximiliana Guadalupe Hernández-Villanueva de la Peña y Ruiz"
"""Sixty characters."""
STORY = (
    "Desde la condena he trabajado sin interrupción; my daughter Ñusta and I moved to Peñasco. "
    "I finished every class, paid what I owed, and no one has been hurt since. "
)
COURT = "Los Angeles\n210 West Temple Street\nLos Angeles 90012"
CAPTION: Answers = {
    "filer_name": NAME,
    "filer_street": "1234½ Avenida de los Ángeles, Apto. 5",
    "filer_city": "Peñasco",
    "filer_state": "CA",
    "filer_zip": "90012",
    "filer_phone": "(213) 555-0123",
    "filer_email": "maria@example.org",
    "attorney_for": "Self-represented",
    "court_county": "LOS ANGELES",
    "court_street": "210 West Temple Street",
    "court_mailing": "P.O. Box 1",
    "court_city_zip": "Los Angeles 90012",
    "defendant": "ÑUÑO NGUYỄN (AKA ŁOŚ)",
    "case_number": "BA-123456",
}
ATTORNEY: Answers = {"filer_bar_number": "123456", "filer_firm": "Peña & Ñuñez", "filer_fax": "(213) 555-0199"}

READ_FROM_FILE = tuple(form for form, spec in forms.specs().items() if spec.basis == "file")
"""The forms whose official file was at hand when they were described. The others are prepared, or wording only."""

_NUMBERED = re.compile(r"^(?:\d+\. )?(?:[a-z]\. )?(?:\(\d\) )?")


def given(place: Place, values: Mapping[str, str | bool]) -> str | bool:
    """What was asked to go into a box, captions that repeat another box included."""
    return values.get(place.copies or place.key or "", "")


def expected(spec: FormSpec, values: Mapping[str, str | bool]) -> dict[str, str]:
    """Full field name -> what must stand there; empty for every box without a value."""
    told: dict[str, str] = {}
    for place in spec.places:
        if place.kind in ("text", "check"):
            value = given(place, values)
            shown = str(value) if place.kind == "text" else f"/{place.on}" if value else ""
            told[place.name] = told.get(place.name) or shown
    return told


def boxes(pdf: bytes) -> dict[str, str]:
    """Full field name -> what stands there, read with pikepdf from the widgets and from the fields' own values."""
    found: dict[str, str] = {}
    with Pdf.open(BytesIO(pdf)) as document:
        assert "/NeedAppearances" not in document.Root.AcroForm
        for page in document.pages:
            for box in page.obj.get("/Annots", []):
                name = full_name(box)
                if _inherited(box, "/FT") == Name.Btn:
                    state = str(box.get("/AS", Name.Off)).replace("/Off", "")
                    assert not state or _inherited(box, "/V") == Name(state), name
                else:
                    state = str(_inherited(box, "/V") or "")
                    assert ("/AP" in box) == bool(state), name
                found[name] = found.get(name) or state
    return found


def _inherited(node: pikepdf.Object, key: str) -> pikepdf.Object | None:
    parent: pikepdf.Object | None = node
    while parent is not None:
        if key in parent:
            return parent[key]
        parent = parent.get("/Parent")
    return None


def ink_is_where_it_belongs(form: str, values: Answers, engine: str, blanks: Path) -> None:
    """Ink in every filled box of every page, and nowhere else."""
    spec = forms.specs()[form]
    filled = forms.fill(form, values, blanks=blanks).pdf
    for page in range(1, spec.pages + 1):
        difference = changed(_empty(form, engine, page, blanks), ENGINES[engine](filled, page))
        inked = [
            (place, spot.rect)
            for place in spec.places
            for spot in place.spots
            if spot.page == page and given(place, values)
        ]
        for place, rect in inked:
            assert ink(difference, rect) > 8, f"nothing drawn in {place.key or place.copies} on page {page}"
        for _, rect in inked:
            blotted(difference, rect, 1.0)  # a pixel is 0.6 points, and engines hint outlines up by one
        assert ink(difference, (0, 0, 612, 792)) == 0, f"ink outside the filled boxes on page {page}"


@cache
def _empty(form: str, engine: str, page: int, blanks: Path) -> Image.Image:
    return ENGINES[engine](forms.fill(form, {}, blanks=blanks).pdf, page)


def overlapping(form: str) -> list[tuple[str, str]]:
    """Pairs of boxes that share paper, so that the ink of one would lie on the other's."""
    spec = forms.specs()[form]
    spots = [(place.name, spot) for place in spec.places if place.goes_in for spot in place.spots]
    return [
        (one, other)
        for number, (one, a) in enumerate(spots)
        for other, b in spots[number + 1 :]
        if a.page == b.page
        and min(a.rect[2], b.rect[2]) - max(a.rect[0], b.rect[0]) > 1
        and min(a.rect[3], b.rect[3]) - max(a.rect[1], b.rect[1]) > 1
    ]


def beside(pdf: bytes, place: Place, words: str, *, after: bool, reach: float = 45.0) -> bool:
    """Whether these printed words stand in the line of the box, just after it or just before it."""
    document = pypdfium2.PdfDocument(pdf)
    spot = place.spots[0]
    left, bottom, right, top = spot.rect
    for x0, y0, x1, y1 in _printed(document, spot.page, words):
        gap = x0 - right if after else left - x1
        if -3 <= gap <= reach and abs((y0 + y1) - (bottom + top)) < 18:
            return True
    return False


def under(pdf: bytes, place: Place, words: str) -> bool:
    """Whether these printed words stand above the box, within its width."""
    document = pypdfium2.PdfDocument(pdf)
    spot = place.spots[0]
    left, _, right, top = spot.rect
    return any(
        left - 6 <= x0 and x1 <= right + 6 and y0 >= top for x0, y0, x1, _ in _printed(document, spot.page, words)
    )


def first_words(text: str, count: int = 3) -> str:
    """The start of a label without its number, short enough to stand in one line."""
    return " ".join(_NUMBERED.sub("", text).split()[:count]).rstrip(":")


def _printed(document: pypdfium2.PdfDocument, page: int, words: str) -> Iterator[Rect]:
    text = document[page - 1].get_textpage()
    search = text.search(words, match_case=True, match_whole_word=True)
    while (hit := search.get_next()) is not None:
        start, count = hit
        letters = [box for box in (text.get_charbox(index) for index in range(start, start + count)) if box[2] > box[0]]
        yield (
            min(box[0] for box in letters),
            min(box[1] for box in letters),
            max(box[2] for box in letters),
            max(box[3] for box in letters),
        )
