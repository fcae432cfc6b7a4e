"""Many copies of one form in one file: a thousand petitions that are not a thousand copies of the paper.

    made = batch("CR-400", [Copy({"defendant": "Ana Ruiz", ...}, "BA123456 Ana Ruiz"), ...], blanks=..., title=...)
    made.pdf         # one print-ready file, a bookmark for each copy
    made.overflow    # (place of the copy, what did not fit a box)
    made.left_out    # (place of the copy, why it could not be filled)

Every page of a file points at the same streams of the court's own printing, the same fonts and images and one embedded
font of ours; of its own it has only a short stream with its ink. The file is not tagged: it is printed by an
office, and a thousand copies of the court's tags would be larger than the paper. The boxes obey the same declarations
as in `fill.py`, and a line stands exactly where `fill` puts it.

Worked example: CR-400 filled is 75 kB, of which the paper is 72. Two hundred separate files are 15 MB; in one batch
they are 72 kB, a font of 12 kB and two hundred inks of about half a kB each."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pdfrw import PdfArray, PdfDict, PdfName, PdfObject, PdfWriter
from pdfrw.objects.pdfdict import IndirectPdfDict

from forms.appearance import check_stream, number
from forms.fill import Overflow, _blank, _boxes, _room, _write, checked
from forms.flatten import Blank, Drawing, embedded_all, text_string, written
from forms.fonts import Letters
from forms.packet import _outline
from forms.reasons import FormProblem
from forms.spec import FormSpec, Place, spec_of


@dataclass(frozen=True, slots=True)
class Copy:
    """What goes into one copy (logical key -> text or tick), and the name of its bookmark."""

    values: Mapping[str, str | bool]
    bookmark: str


@dataclass(frozen=True, slots=True)
class Batch:
    """The file, and what needs a hand: texts that did not fit, copies that could not be filled. Places count from 0;
    ``pages`` has the page (from 1) on which each copy starts, 0 for one left out."""

    pdf: bytes
    pages: tuple[int, ...]
    overflow: tuple[tuple[int, Overflow], ...]
    left_out: tuple[tuple[int, FormProblem], ...]


def batch(form: str, copies: Sequence[Copy], *, blanks: Path, title: str) -> Batch:
    """All copies in order. Raises UnknownForm and BlankMissing; what is wrong with one copy alone leaves it out."""
    spec = spec_of(form)
    blank = _blank(spec, blanks)
    pen = _Pen(spec, blank)
    sheets = [_Sheet(page) for page in blank.pages]
    writer = PdfWriter(version="1.7")
    pages, marks = [], []
    overflow: list[tuple[int, Overflow]] = []
    left_out: list[tuple[int, FormProblem]] = []
    for place, copy in enumerate(copies):
        try:
            drawings, too_long = pen.ink(copy.values)
        except FormProblem as problem:
            left_out.append((place, problem))
            pages.append(0)
            continue
        overflow += [(place, text) for text in too_long]
        pages.append(len(writer.pagearray) + 1)
        marks.append((copy.bookmark, len(writer.pagearray)))
        for index, sheet in enumerate(sheets):
            writer.addpage(sheet.inked([d for d in drawings if d.widget.page == index]))
    for name, font in (embedded_all(pen.letters) or {}).items():
        for sheet in sheets:
            sheet.resources.Font[name] = font
    if not marks:
        return Batch(b"", tuple(pages), tuple(overflow), tuple(left_out))
    trailer = writer.trailer
    root = trailer.Root
    root.OCProperties = blank.catalog.OCProperties
    root.Lang = blank.catalog.Lang
    root.ViewerPreferences = PdfDict(DisplayDocTitle=PdfObject("true"))
    root.Outlines = _outline(marks, writer.pagearray)
    trailer.Info = IndirectPdfDict(Title=text_string(title))
    return Batch(written(writer), tuple(pages), tuple(overflow), tuple(left_out))


class _Pen:
    """Writes into the boxes of a form, with one set of letters for the whole file. A text that comes again in the
    same box (the county, the court) is laid out once."""

    def __init__(self, spec: FormSpec, blank: Blank) -> None:
        self.spec, self.blank = spec, blank
        self.letters = Letters()
        self._laid: dict[tuple[str, str | bool], tuple[tuple[Drawing, ...], bool]] = {}
        self._used = [p for p in spec.places if p.copies or p.key]

    def ink(self, values: Mapping[str, str | bool]) -> tuple[list[Drawing], list[Overflow]]:
        wanted = checked(self.spec, values)
        drawings: list[Drawing] = []
        overflow: list[Overflow] = []
        for place in self._used:
            key = place.copies or place.key or ""
            value = wanted.get(key)
            if value:
                drawn, fits = self._drawn(place, value)
                drawings += drawn
                if not fits and all(o.key != key for o in overflow):
                    overflow.append(Overflow(key, self.spec.fields[key].label, str(value)))
        return drawings, overflow

    def _drawn(self, place: Place, value: str | bool) -> tuple[tuple[Drawing, ...], bool]:
        laid = (f"{place.name} {place.on}", value)
        found = self._laid.get(laid)
        if found is None:
            boxes = _boxes(self.spec, place, self.blank)
            if place.kind == "check":
                found = tuple(Drawing(box, check_stream(_room(box)), place.label) for box in boxes), True
            else:
                entry, fits = _write(self.spec, place, str(value), boxes, self.letters)
                found = entry.drawings, fits
            self._laid[laid] = found
        return found


class _Sheet:
    """One page of the blank, and what all its copies share."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.resources = PdfDict(page.Resources or {})
        self.resources.indirect = True
        fonts = PdfDict(self.resources.Font or {})
        fonts.indirect = False
        self.resources.Font = fonts
        own = page.Contents
        self.own = list(own) if isinstance(own, PdfArray) else [own] if own is not None else []
        self.before = _plain("q\n")
        self.bare = _plain("\nQ\n")

    def inked(self, drawings: Sequence[Drawing]) -> Any:
        """A page of its own with this ink over the shared paper."""
        after = self.bare
        if drawings:
            painted = [b"\nQ\n"]
            for drawing in drawings:
                left, bottom = drawing.widget.rect[:2]
                painted.append(f"q 1 0 0 1 {number(left)} {number(bottom)} cm\n".encode())
                painted += (drawing.operators, b"\nQ\n")
            after = IndirectPdfDict(Filter=PdfName.FlateDecode)
            after.stream = zlib.compress(b"".join(painted), 1).decode("latin-1")
        return IndirectPdfDict(
            Type=PdfName.Page,
            MediaBox=self.page.MediaBox,
            CropBox=self.page.CropBox,
            Rotate=self.page.Rotate,
            Resources=self.resources,
            Contents=PdfArray([self.before, *self.own, after]),
        )


def _plain(operators: str) -> Any:
    made = IndirectPdfDict()
    made.stream = operators
    return made
