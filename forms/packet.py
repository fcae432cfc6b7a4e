"""Several papers in one file, in the order they are printed: cover, form, attachment, form, ...

    merge([Part(cover_pdf, "Start here"), Part(filled.pdf, "CR-400")], title="Your papers", lang="es")

Only flat parts on letter paper are taken: they have no fields, so two copies of one form cannot share a name and
overwrite each other. Bookmarks lead to the first page of each part, and a viewer shows for each page the paper it
belongs to and its number there: "CR-180 p. 2". Viewers are told to print at the pages' own size and on one side, as
courts file them. Screen-only layers that were switched off in a part stay off.

The file is tagged when every part is, which all parts made here are: the parts' trees (forms/tags.py) become one,
each part in its own language. Reading software that finds tags reads *only* what is tagged. So when a part brings
none, the whole file has none, and the reader works the order out from the text: half a set of tags would hide answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from pdfrw import PdfArray, PdfDict, PdfName, PdfObject, PdfReader, PdfWriter
from pdfrw.errors import PdfError
from pdfrw.objects.pdfdict import IndirectPdfDict

from forms.flatten import print_as_it_is, text_string, written
from forms.reasons import PartUnfit
from forms.tags import Tag, moved, read, tag_file

LETTER = (0.0, 0.0, 612.0, 792.0)
"""Points. Every page of a packet has this size, so that one tray prints it."""


@dataclass(frozen=True, slots=True)
class Part:
    """One paper: a flat PDF, and the name of its bookmark (none when empty: it continues the part before)."""

    pdf: bytes
    bookmark: str


def merge(parts: Sequence[Part], *, title: str, lang: str) -> bytes:
    """One print-ready PDF of all parts in order.

    Raises PartUnfit for a part with fields, one with a page that is not of letter size, and one that is no PDF.
    """
    writer = PdfWriter(version="1.7")
    marks: list[tuple[str, int]] = []
    papers: list[Tag] = []
    tagged = True
    layers: list[Any] = []
    layers_off: list[Any] = []
    for part in parts:
        reader = _read(part)
        before = len(writer.pagearray)
        if part.bookmark or not before:
            marks.append((part.bookmark, before))
        tree = reader.Root.StructTreeRoot
        tagged = tagged and tree is not None
        if tagged:
            papers.append(_paper(part, moved(read(tree, reader.pages), before), reader.Root.Lang))
        for page in reader.pages:
            writer.addpage(_sheet(page, part))
        properties = reader.Root.OCProperties
        if properties is not None:
            layers += properties.OCGs or []
            layers_off += (properties.D.OFF if properties.D is not None else None) or []
    trailer = writer.trailer
    root = trailer.Root
    root.Lang = text_string(lang)
    root.ViewerPreferences = print_as_it_is()
    if tagged:
        tag_file(root, [Tag("Document", list(papers))], writer.pagearray)
    if layers:
        setting = PdfDict(BaseState=PdfName.ON, OFF=PdfArray(layers_off), Order=PdfArray([]))
        root.OCProperties = PdfDict(OCGs=PdfArray(layers), D=setting)
    if marks:
        root.PageLabels = _labels(marks)
    named = [(name, index) for name, index in marks if name]
    if named:
        root.Outlines = _outline(named, writer.pagearray)
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


def _paper(part: Part, told: Sequence[Any], lang: Any) -> Tag:
    """A part's own tree as one paper of the packet, named as its bookmark is."""
    inside = told[0].kids if len(told) == 1 and isinstance(told[0], Tag) and told[0].kind == "Document" else told
    entries = {"T": text_string(part.bookmark)} if part.bookmark else {}
    if lang is not None:
        entries["Lang"] = lang
    return Tag("Part", list(inside), entries)


def _sheet(page: Any, part: Part) -> Any:
    kept = page.inheritable
    edges = tuple(float(edge) for edge in kept.MediaBox)
    if any(abs(edge - wanted) > 1 for edge, wanted in zip(edges, LETTER, strict=True)) or int(kept.Rotate or 0) % 360:
        raise PartUnfit("part_not_letter", bookmark=part.bookmark)
    return IndirectPdfDict(
        Type=PdfName.Page,
        MediaBox=kept.MediaBox,
        CropBox=kept.CropBox,
        Resources=kept.Resources,
        Contents=page.Contents,
    )


def _labels(marks: Sequence[tuple[str, int]]) -> Any:
    """Page labels: each paper's name, and the page's number in that paper."""
    numbers = PdfArray()
    for name, index in marks:
        label = PdfDict(S=PdfName.D, P=text_string(f"{name} p. " if name else ""))
        numbers += [PdfObject(str(index)), label]
    return PdfDict(Nums=numbers)


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
