"""Ink on paper: drawings painted into the pages of a blank, or put into its boxes, with pdfrw.

The flat copy is what a clerk gets. Every value is page content, written after the form's own untouched streams.
Boxes and field tree are gone, so no viewer can draw anything differently, and pages of several forms can be merged
without names colliding. The text stays text.

The flat copy is tagged, in the order of the form. Most official forms bring tags of their own, and an answer is told
where its box was: "NAME:", then "Ana Ruiz". The oldest forms (MC-025, MC-030, MC-031) bring none. Their printed page
is one paragraph, its bytes unchanged, and the answers follow it in the order of the form; each, like all the others,
carries the box's printed label as its title and as the description of a printed form field (ISO 32000, PrintField).

The fillable copy keeps the boxes; each gets its value and, as its appearance, the very same drawing.

pdfrw is small and unmaintained, and prints to stderr; only this module, `tags`, `cover` and `packet` know it. A blank
is parsed once per process (`Blank`); flat copies share the parsed objects, which pdfrw's writer only reads. Its lazy
references are therefore resolved at once, in `read_blank_bytes`, and never later by two threads.
"""

from __future__ import annotations

import hashlib
import io
import logging
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pdfrw import PdfArray, PdfDict, PdfName, PdfObject, PdfParseError, PdfReader, PdfString, PdfWriter
from pdfrw.objects.pdfdict import IndirectPdfDict

from forms.appearance import Box, check_stream, number
from forms.fonts import Letters, Subset
from forms.spec import Rect
from forms.tags import Mark, Slot, Stretch, Tag, answered, mended, read, slots, tag_file

# pdfrw installs its own handler that prints to stderr, and its messages quote file content.
_log = logging.getLogger("pdfrw")
_log.handlers.clear()
_log.addHandler(logging.NullHandler())
_log.propagate = False

_MULTILINE, _PUSH_BUTTON = 1 << 12, 1 << 16
_HEXADECIMAL = re.compile(r"#([0-9A-Fa-f]{2})")
_SIZE = re.compile(r"([\d.]+)\s+Tf")
_SPECIAL = re.compile(r"[()\\]")
_STRETCH = re.compile(rb"/(\w+)\s*<<[^>]*?/MCID\s+(\d+)[^>]*?>>\s*BDC(.*?)EMC", re.DOTALL)
_WORDS = re.compile(rb"\b(?:Tj|TJ|Do)\b")
ENGLISH = "en-US"
"""The language of court forms."""


@dataclass(frozen=True, slots=True)
class Widget:
    """One box of a blank: page from 0, its index among the page's annotations, and what the PDF says about it."""

    page: int
    index: int
    rect: Rect
    check: bool
    on: str | None
    size: float
    align: int
    multiline: bool
    max_len: int | None


@dataclass(frozen=True, slots=True)
class Blank:
    """A parsed blank. `pages`, `tags` and `catalog` are or hold pdfrw objects and must not be changed; `names` are all
    its PDF names.

    `tags` are the form's own, none where it has none; `marks` says for each page the first number free for ink.
    """

    data: bytes
    pages: tuple[Any, ...]
    tags: tuple[Tag | Mark | Slot, ...]
    marks: tuple[int, ...]
    widgets: Mapping[str, tuple[Widget, ...]]
    catalog: Any
    info: Any
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Drawing:
    """One box's drawing: operators for a box whose lower left corner is the origin, and the box's printed label.

    `spoken` is the text in the order it is read, where it is drawn in another (Arabic, Hebrew).
    """

    widget: Widget
    operators: bytes
    label: str
    spoken: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A field's value for the fillable copy: text, or the on-state of a ticked box."""

    name: str
    text: str | None
    on: str | None
    drawings: tuple[Drawing, ...]


def read_blank_bytes(data: bytes) -> Blank:
    """Parse an adopted blank completely. The result may be shared between threads. Raises ValueError if no PDF."""
    try:
        reader = PdfReader(fdata=data, disable_gc=False)
    except PdfParseError as cause:
        raise ValueError("not a PDF") from cause
    names = _resolve(reader)
    pages = tuple(_lasting_page(page) for page in reader.pages)
    boxes: dict[str, list[Widget]] = {}
    for page_index, page in enumerate(reader.pages):
        for index, annotation in enumerate(page.Annots or []):
            if annotation.Subtype == PdfName.Widget:
                boxes.setdefault(_full_name(annotation), []).append(_widget(annotation, page_index, index))
    named = {name: tuple(widgets) for name, widgets in boxes.items()}
    tree = reader.Root.StructTreeRoot
    stretches = [list(_stretches(page, index)) for index, page in enumerate(pages)]
    told: tuple[Tag | Mark | Slot, ...] = ()
    if tree is not None:
        told = tuple(mended(read(tree, reader.pages), [each for page_ones in stretches for each in page_ones]))
    # On a page without tags the whole of it is number 0.
    marks = tuple(max((each.mark.mcid for each in page_ones), default=0) + 1 for page_ones in stretches)
    catalog = PdfDict(OCProperties=reader.Root.OCProperties, Lang=reader.Root.Lang)
    return Blank(data, pages, told, marks, named, catalog, reader.Info, names)


def flat(blank: Blank, drawings: Sequence[Drawing], letters: Letters, title: str) -> bytes:
    """The blank's pages with the drawings as page content and all of it tagged: no boxes, no form left."""
    fonts = embedded_all(letters)
    writer = PdfWriter(version="1.7")
    answers: dict[Slot, Tag] = {}
    pages = []
    for index, page in enumerate(blank.pages):
        ink = [drawing for drawing in drawings if drawing.widget.page == index]
        for mcid, drawing in enumerate(ink, start=blank.marks[index]):
            answers[Slot(index, drawing.widget.index)] = _answer(drawing, Mark(index, mcid))
        pages.append(_inked(page, ink, fonts, blank.marks[index], tagged=bool(blank.tags)))
    for page in pages:
        writer.addpage(page)
    root = writer.trailer.Root
    tag_file(root, [Tag("Document", _told(blank, answers))], writer.pagearray)
    root.OCProperties = blank.catalog.OCProperties
    root.Lang = text_string(ENGLISH)
    root.ViewerPreferences = print_as_it_is()
    writer.trailer.Info = IndirectPdfDict(Title=text_string(title))
    return written(writer)


def print_as_it_is() -> Any:
    """Viewer preferences: forms are printed at their own size, and on one side, as courts file them."""
    shown = PdfObject("true")
    return PdfDict(DisplayDocTitle=shown, PrintScaling=PdfName("None"), Duplex=PdfName.Simplex)


def _told(blank: Blank, answers: Mapping[Slot, Tag]) -> list[Tag | Mark | Slot]:
    """The form's tags with its answers; for a form without tags, each page as it is printed and then its answers."""
    if not blank.tags:
        pages = [Tag("Part", [Tag("P", [Mark(index, 0)])]) for index in range(len(blank.pages))]
        for slot, answer in answers.items():
            pages[slot.page].kids.append(answer)
        return list(pages)
    told = answered(blank.tags, answers)
    if len(told) == 1 and isinstance(told[0], Tag) and told[0].kind == "Document":
        told = told[0].kids
    placed = set(slots(blank.tags))
    return [*told, *(answer for slot, answer in answers.items() if slot not in placed)]


def _answer(drawing: Drawing, mark: Mark) -> Tag:
    label = text_string(drawing.label)
    field = PdfDict(O=PdfName.PrintField, Role=PdfName.cb if drawing.widget.check else PdfName.tv, Desc=label)
    entries = {"T": label, "A": field}
    if drawing.widget.check:
        field[PdfName("checked")] = PdfName("on")
        entries["Alt"] = text_string(f"Checked: {drawing.label}")
    if drawing.spoken:
        entries["ActualText"] = text_string(drawing.spoken)
    return Tag("Form", [mark], entries)


def fillable(blank: Blank, entries: Sequence[Entry], letters: Letters) -> bytes:
    """The blank with the values in its boxes, drawn the same way, and still open for changes by hand."""
    reader = PdfReader(fdata=blank.data, disable_gc=False)
    fonts = embedded_all(letters)
    for page in reader.pages:
        for annotation in page.Annots or []:
            _same_tick_everywhere(annotation)
    for entry in entries:
        for drawing in entry.drawings:
            annotation = reader.pages[drawing.widget.page].Annots[drawing.widget.index]
            field = _field(annotation)
            if entry.on is not None:
                state = PdfName(entry.on)
                field.V = state
                annotation.AS = state
            else:
                field.V = text_string(entry.text or "")
                if field.MaxLen is not None and len(entry.text or "") > int(field.MaxLen):
                    field.MaxLen = None
                annotation.AP = PdfDict(N=_form(drawing.operators, drawing.widget.rect, fonts))
    writer = PdfWriter(version="1.7")
    writer.trailer = reader
    return written(writer)


def written(writer: Any) -> bytes:
    """The bytes of a pdfrw document."""
    out = io.BytesIO()
    writer.write(out, disable_gc=False)
    return out.getvalue()


def text_string(text: str) -> Any:
    """A PDF text string: plain ASCII, or UTF-16 with its mark."""
    if all(" " <= character <= "~" for character in text):
        return PdfString("(" + _SPECIAL.sub(r"\\\g<0>", text) + ")")
    return PdfString("<FEFF" + text.encode("utf-16-be").hex().upper() + ">")


def stream(data: bytes, **entries: Any) -> Any:
    """A compressed stream object."""
    packed = zlib.compress(data)
    made = IndirectPdfDict(Filter=PdfName.FlateDecode, **entries)
    made.stream = packed.decode("latin-1")
    return made


def embedded_all(letters: Letters) -> Any:
    """The document's fonts by resource name; None when nothing is written."""
    fonts = {PdfName(name): embedded(subset) for name, subset in letters.fonts().items()}
    return PdfDict(fonts) if fonts else None


def embedded(subset: Subset) -> Any:
    """The font object that draws with this document's letters."""
    face = subset.face
    program = subset.font_file()
    tag = "".join(chr(65 + byte % 26) for byte in hashlib.sha256(program).digest()[:6])
    name = PdfName(f"{tag}+{face.name}")
    descriptor = IndirectPdfDict(
        Type=PdfName.FontDescriptor,
        FontName=name,
        Flags=PdfObject("4"),
        FontBBox=PdfArray([PdfObject(str(round(edge))) for edge in face.box]),
        ItalicAngle=PdfObject("0"),
        Ascent=PdfObject(str(round(face.ascent))),
        Descent=PdfObject(str(round(face.descent))),
        CapHeight=PdfObject(str(round(face.cap_height))),
        StemV=PdfObject("80"),
        FontFile2=stream(program, Length1=PdfObject(str(len(program)))),
    )
    widths = " ".join(number(advance) for advance in subset.advances())
    descendant = IndirectPdfDict(
        Type=PdfName.Font,
        Subtype=PdfName.CIDFontType2,
        BaseFont=name,
        CIDSystemInfo=PdfDict(
            Registry=PdfString("(Adobe)"), Ordering=PdfString("(Identity)"), Supplement=PdfObject("0")
        ),
        FontDescriptor=descriptor,
        DW=PdfObject("1000"),
        W=PdfObject(f"[1 [{widths}]]"),
        CIDToGIDMap=PdfName.Identity,
    )
    return IndirectPdfDict(
        Type=PdfName.Font,
        Subtype=PdfName.Type0,
        BaseFont=name,
        Encoding=PdfName("Identity-H"),
        DescendantFonts=PdfArray([descendant]),
        ToUnicode=stream(subset.to_unicode()),
    )


def _form(operators: bytes, rect: Rect, fonts: Any) -> Any:
    box = [0.0, 0.0, rect[2] - rect[0], rect[3] - rect[1]]
    return stream(
        b"/Tx BMC\nq\n" + operators + b"\nQ\nEMC\n",
        Type=PdfName.XObject,
        Subtype=PdfName.Form,
        BBox=PdfArray([PdfObject(number(edge)) for edge in box]),
        Resources=PdfDict(Font=fonts),
    )


def _inked(page: Any, ink: Sequence[Drawing], fonts: Any, first: int, *, tagged: bool) -> Any:
    """The page with ink after its own content, each drawing a numbered stretch from `first` on."""
    painted = []
    for mcid, drawing in enumerate(ink, start=first):
        left, bottom = drawing.widget.rect[:2]
        opened = f"/Form <</MCID {mcid}>> BDC\nq 1 0 0 1 {number(left)} {number(bottom)} cm\n"
        painted.append(opened.encode() + drawing.operators + b"\nQ\nEMC\n")
    inked = PdfDict(page)
    inked.indirect = True
    if ink and fonts is not None:
        resources = PdfDict(page.Resources or {})
        resources.indirect = False
        known = PdfDict(resources.Font or {})
        known.indirect = False
        for name, font in fonts.items():
            known[name] = font
        resources.Font = known
        inked.Resources = resources
    contents = page.Contents
    own = list(contents) if isinstance(contents, PdfArray) else [contents] if contents is not None else []
    before, after = ("q\n", "\nQ\n") if tagged else ("/P <</MCID 0>> BDC\nq\n", "\nQ\nEMC\n")
    added = [stream(b"".join(painted))] if painted else []
    inked.Contents = PdfArray([_plain_stream(before), *own, _plain_stream(after), *added])
    return inked


def _plain_stream(operators: str) -> Any:
    made = IndirectPdfDict()
    made.stream = operators
    return made


def _lasting_page(page: Any) -> Any:
    """The page as paper: no boxes; shared with every copy made from it.

    The face of a printed button, which adoption draws last, is a footer, and not read aloud on every page.
    """
    kept = page.inheritable
    contents = page.Contents
    if isinstance(contents, PdfArray) and "/LimpioFace" in (contents[-1].stream or ""):
        footer = [_plain_stream("/Artifact BMC\n"), contents[-1], _plain_stream("\nEMC\n")]
        contents = PdfArray([*contents[:-1], *footer])
    return IndirectPdfDict(
        Type=PdfName.Page,
        MediaBox=kept.MediaBox,
        CropBox=kept.CropBox,
        Rotate=kept.Rotate,
        Resources=_preformatted(kept.Resources),
        Contents=contents,
    )


def _stretches(page: Any, index: int) -> Iterator[Stretch]:
    """The numbered stretches of a page's own content, in order."""
    contents = page.Contents if isinstance(page.Contents, PdfArray) else [page.Contents]
    whole = b"\n".join(_decoded(part) for part in contents if part is not None)
    for kind, mcid, inside in _STRETCH.findall(whole):
        yield Stretch(Mark(index, int(mcid)), kind == b"Artifact", bool(_WORDS.search(inside)))


def _decoded(part: Any) -> bytes:
    raw = (part.stream or "").encode("latin-1")
    return zlib.decompress(raw) if part.Filter == PdfName.FlateDecode else raw


def _preformatted(node: Any, seen: dict[int, Any] | None = None) -> Any:
    """The same objects with long plain arrays (character widths) already written out: they never change."""
    seen = {} if seen is None else seen
    if not isinstance(node, (PdfDict, PdfArray)) or id(node) in seen:
        return node
    seen[id(node)] = node
    for key, value in list(node.items()) if isinstance(node, PdfDict) else list(enumerate(node)):
        if isinstance(value, PdfArray) and len(value) > 20 and all(type(item) is PdfObject for item in value):
            ready = PdfObject("[" + " ".join(value) + "]")
            ready.indirect = value.indirect
            node[key] = ready
        else:
            _preformatted(value, seen)
    return node


def _resolve(root: Any) -> frozenset[str]:
    """Follow every reference once, so that later readers find plain objects. Returns every name met, key or value."""
    pending, seen, names = [root], set(), set()
    while pending:
        node = pending.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, PdfDict):
            names.update(node.keys())
            pending += node.values()
        elif isinstance(node, PdfArray):
            pending += list(node)
        elif isinstance(node, str) and node.startswith("/"):
            names.add(node)
    return frozenset(_HEXADECIMAL.sub(lambda found: chr(int(found[1], 16)), name) for name in names)


def _field(annotation: Any) -> Any:
    """The field a widget belongs to: itself, or the nearest ancestor with a name."""
    node = annotation
    while node.T is None and node.Parent is not None:
        node = node.Parent
    return node


def _full_name(annotation: Any) -> str:
    parts: list[str] = []
    node = annotation
    while node is not None:
        if node.T is not None:
            parts.insert(0, node.T.to_unicode())
        node = node.Parent
    return ".".join(parts)


def _own_or_inherited(annotation: Any, key: str) -> Any:
    node = annotation
    while node is not None:
        value = node[PdfName(key)]
        if value is not None:
            return value
        node = node.Parent
    return None


def _widget(annotation: Any, page: int, index: int) -> Widget:
    left, bottom, right, top = (float(edge) for edge in annotation.Rect)
    flags = int(_own_or_inherited(annotation, "Ff") or 0)
    check = _own_or_inherited(annotation, "FT") == PdfName.Btn and not flags & _PUSH_BUTTON
    style = _own_or_inherited(annotation, "DA")
    size = _SIZE.search(style.to_unicode()) if style is not None else None
    longest = _own_or_inherited(annotation, "MaxLen")
    return Widget(
        page=page,
        index=index,
        rect=(min(left, right), min(bottom, top), max(left, right), max(bottom, top)),
        check=check,
        on=_on_state(annotation) if check else None,
        size=float(size.group(1)) if size else 0.0,
        align=int(_own_or_inherited(annotation, "Q") or 0),
        multiline=bool(flags & _MULTILINE) and not check,
        max_len=int(longest) if longest is not None else None,
    )


def _on_state(annotation: Any) -> str | None:
    faces = annotation.AP.N if annotation.AP is not None else None
    if not isinstance(faces, PdfDict) or faces.stream is not None:
        return None
    return next((key[1:] for key in faces if key != "/Off"), None)


def _same_tick_everywhere(annotation: Any) -> None:
    """Ticks made later by hand look like ours: the on-face of every check box is our own cross."""
    if annotation.Subtype != PdfName.Widget or _own_or_inherited(annotation, "FT") != PdfName.Btn:
        return
    state = _on_state(annotation)
    if state is None:
        return
    left, bottom, right, top = (float(edge) for edge in annotation.Rect)
    cross = stream(
        b"q\n" + check_stream(Box(right - left, top - bottom)) + b"\nQ\n",
        Type=PdfName.XObject,
        Subtype=PdfName.Form,
        BBox=PdfArray([PdfObject(number(edge)) for edge in (0.0, 0.0, right - left, top - bottom)]),
        Resources=PdfDict(),
    )
    annotation.AP = PdfDict(N=PdfDict())
    annotation.AP.N[PdfName(state)] = cross
