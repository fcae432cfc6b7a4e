"""Several papers in one file, in the order they are printed: cover, form, attachment, form, ...

    merge([Part(cover_pdf, "Start here"), Part(filled.pdf, "CR-400")], title="Your papers", lang="es")

Only flat parts are taken: they have no fields, so two copies of one form cannot share a name and overwrite each other.
Bookmarks lead to the first page of each part. Screen-only layers that were switched off in a part stay off.

The file is deliberately not marked as tagged. Reading software that finds tags reads *only* what is tagged, and the
court's own page content, drawn over with answers, is not: half a set of tags would hide the answers. Without tags the
reader works the order out from the text, which is real text throughout.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from pdfrw import PdfArray, PdfDict, PdfName, PdfObject, PdfReader, PdfWriter
from pdfrw.errors import PdfError
from pdfrw.objects.pdfdict import IndirectPdfDict

from forms.flatten import text_string, written
from forms.reasons import PartUnfit


@dataclass(frozen=True, slots=True)
class Part:
    """One paper: a flat PDF, and the name of its bookmark (none when empty: it continues the part before)."""

    pdf: bytes
    bookmark: str


def merge(parts: Sequence[Part], *, title: str, lang: str) -> bytes:
    """One print-ready PDF of all parts in order. Raises PartUnfit for a part with fields or one that is no PDF."""
    writer = PdfWriter(version="1.7")
    marks: list[tuple[str, int]] = []
    layers: list[Any] = []
    layers_off: list[Any] = []
    for part in parts:
        reader = _read(part)
        if part.bookmark:
            marks.append((part.bookmark, len(writer.pagearray)))
        for page in reader.pages:
            writer.addpage(_sheet(page))
        properties = reader.Root.OCProperties
        if properties is not None:
            layers += properties.OCGs or []
            layers_off += (properties.D.OFF if properties.D is not None else None) or []
    trailer = writer.trailer
    root = trailer.Root
    root.Lang = text_string(lang)
    root.ViewerPreferences = PdfDict(DisplayDocTitle=PdfObject("true"))
    if layers:
        setting = PdfDict(BaseState=PdfName.ON, OFF=PdfArray(layers_off), Order=PdfArray([]))
        root.OCProperties = PdfDict(OCGs=PdfArray(layers), D=setting)
    if marks:
        root.Outlines = _outline(marks, writer.pagearray)
        root.PageMode = PdfName.UseOutlines
    trailer.Info = IndirectPdfDict(Title=text_string(title))
    return written(writer)


def _read(part: Part) -> Any:
    try:
        reader = PdfReader(fdata=part.pdf, disable_gc=False)
        fields = reader.Root.AcroForm is not None and reader.Root.AcroForm.Fields
        fields = fields or any(page.Annots for page in reader.pages)
        count = len(reader.pages)
    except (PdfError, ValueError, LookupError, AttributeError, TypeError, AssertionError, StopIteration):
        count, fields = 0, False
    if fields:
        raise PartUnfit("part_not_flat", bookmark=part.bookmark)
    if not count:
        raise PartUnfit("part_unreadable", bookmark=part.bookmark)
    return reader


def _sheet(page: Any) -> Any:
    kept = page.inheritable
    return IndirectPdfDict(
        Type=PdfName.Page,
        MediaBox=kept.MediaBox,
        CropBox=kept.CropBox,
        Rotate=kept.Rotate,
        Resources=kept.Resources,
        Contents=page.Contents,
    )


def _outline(marks: Sequence[tuple[str, int]], pages: Sequence[Any]) -> Any:
    outline = IndirectPdfDict(Type=PdfName.Outlines, Count=PdfObject(str(len(marks))))
    items = [
        IndirectPdfDict(Title=text_string(name), Parent=outline, Dest=PdfArray([pages[index], PdfName.Fit]))
        for name, index in marks
    ]
    for before, after in pairwise(items):
        before.Next, after.Prev = after, before
    outline.First, outline.Last = items[0], items[-1]
    return outline
