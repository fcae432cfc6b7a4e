"""Pages in plain words that go on top of the papers: what is in the pile, what to do, in which order.

The caller brings blocks of text already in the reader's language; this module only sets them on letter paper, as real
text, with page breaks where they belong:

    cover(
        [Heading("Your papers"), Paragraph("..."), Steps(("Sign page 2.", "Make two copies.")),
         Rows((("Case number", "BA123456"),)), Note("Do not sign before you have read it.")],
        title="Your papers", lang="en", footer="This is legal information, not legal advice.",
    )

Steps are numbered and have an empty square to tick by hand. A heading stays with what follows it. Nothing is clickable.

Every page is tagged (forms/tags.py): headings, paragraphs, numbered lists, rows of a table with their row header, the
framed note. A square says whether it is ticked. The lines at the foot and the frames are marked as decoration, so that
reading software does not stop at each page for them. The letters are those of the forms (forms/fonts.py), so a name
that prints on a form prints here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pdfrw import PdfArray, PdfDict, PdfName, PdfObject, PdfWriter
from pdfrw.objects.pdfdict import IndirectPdfDict

from forms.appearance import number, shown, trimmed, wrapped
from forms.flatten import embedded_all, print_as_it_is, stream, text_string, written
from forms.fonts import Glyph, Letters, NoGlyph, Typeface, bold, character_name, normal, regular, visual, width
from forms.reasons import UnprintableText
from forms.tags import Mark, Tag, tag_file

PAGE_WIDTH, PAGE_HEIGHT = 612.0, 792.0
MARGIN, TOP, BOTTOM = 60.0, 732.0, 84.0
COLUMN = PAGE_WIDTH - 2 * MARGIN
BODY, LEAD = 11.0, 15.0
TICKED, EMPTY = "\u2612", "\u2610"
"""What a square says when it is read aloud: ☒ and ☐, which reading software knows by name in its own language."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: level 1 opens the page, level 2 a section, level 3 a group."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True, slots=True)
class Steps:
    """Numbered steps, each with an empty square to tick by hand."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """Label and value, side by side."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Boxes:
    """Check boxes as they must look on a form: ticked or empty, and the words beside them."""

    items: tuple[tuple[bool, str], ...]


@dataclass(frozen=True, slots=True)
class Note:
    """Something not to be missed, in a frame."""

    text: str


Block = Heading | Paragraph | Steps | Rows | Boxes | Note


Line = tuple[Glyph, ...]


@dataclass(slots=True)
class _Sheet:
    """One page while it is drawn: its operators, and how many of its stretches of ink have a number."""

    index: int
    letters: Letters
    operators: list[str] = field(default_factory=list)
    marks: int = 0

    def tagged(self, tag: Tag, operators: Iterable[str]) -> None:
        """Ink that belongs to an element."""
        tag.kids.append(Mark(self.index, self.marks))
        self.operators += [f"/{tag.kind} <</MCID {self.marks}>> BDC", *operators, "EMC"]
        self.marks += 1

    def decoration(self, operators: Iterable[str]) -> None:
        """Ink that says nothing."""
        self.operators += ["/Artifact BMC", *operators, "EMC"]

    def line(self, tag: Tag | None, x: float, y: float, line: Line, size: float) -> None:
        """One line of text; of no element when it stands at the foot of every page."""
        if not line:
            return
        drawn = visual(trimmed(line)) if any(glyph.level for glyph in line) else line
        text = ["BT", f"{number(x)} {number(y)} Td", *shown(drawn, self.letters, size), "ET"]
        if tag is None:
            self.decoration(text)
        else:
            self.tagged(tag, text)


@dataclass(frozen=True, slots=True)
class _Piece:
    """Something that is not broken across pages: its height, how to draw it below `y`, whether it holds the next."""

    height: float
    draw: Callable[[_Sheet, float], None]
    holds_next: bool = False


_HEADINGS = {1: (20.0, 26.0, 6.0), 2: (14.0, 19.0, 12.0), 3: (11.0, 15.0, 8.0)}


def cover(
    blocks: Sequence[Block],
    *,
    title: str,
    lang: str,
    footer: str = "",
    page_of: str = "Page %(page)s of %(pages)s",
) -> bytes:
    """The blocks as a tagged PDF on letter paper. Raises UnprintableText naming the first character that no face has.

    `footer` stands at the foot of every page, `page_of` is the page number's wording with `page` and `pages`.
    """
    story = Tag("Document")
    pieces = [piece for block in blocks for piece in _pieces(block, story)]
    drawn = _paginate(pieces)
    letters = Letters()
    sheets = []
    for index, page in enumerate(drawn):
        sheet = _Sheet(index, letters)
        y = TOP
        for piece in page:
            piece.draw(sheet, y)
            y -= piece.height
        _foot(sheet, footer, page_of % {"page": index + 1, "pages": len(drawn)})
        sheets.append(sheet)
    return _file(sheets, story, letters, title=title, lang=lang)


def _file(sheets: Sequence[_Sheet], story: Tag, letters: Letters, *, title: str, lang: str) -> bytes:
    resources = PdfDict(Font=embedded_all(letters))
    writer = PdfWriter(version="1.7")
    pages: list[Any] = [
        IndirectPdfDict(
            Type=PdfName.Page,
            MediaBox=PdfArray([PdfObject(number(edge)) for edge in (0, 0, PAGE_WIDTH, PAGE_HEIGHT)]),
            Resources=resources,
            Contents=stream("\n".join(sheet.operators).encode("ascii")),
        )
        for sheet in sheets
    ]
    for page in pages:
        writer.addpage(page)
    root = writer.trailer.Root
    tag_file(root, [story], writer.pagearray)
    root.Lang = text_string(lang)
    root.ViewerPreferences = print_as_it_is()
    limpio = text_string("Limpio")
    writer.trailer.Info = IndirectPdfDict(Title=text_string(title), Author=limpio, Creator=limpio)
    return written(writer)


def _lines(text: str, typeface: Typeface, size: float, room: float) -> list[Line]:
    """The text in lines that fit, broken at spaces, or inside a word that is too long for a line."""
    made: list[Line] = []
    for paragraph in normal(text).split("\n"):
        if made:
            made[-1] += typeface.shape(" ")  # read as two words, not as one
        try:
            made += wrapped(typeface.shape(paragraph), room / size * 1000)
        except NoGlyph as bad:
            said = bad.character if bad.character.isprintable() else "?"
            raise UnprintableText("unprintable_page", character=said, name=character_name(bad.character)) from None
    return made


def _tag(parent: Tag, kind: str, text: str = "", lines: Sequence[Line] = ()) -> Tag:
    """A new element of `parent`. Text that is drawn in another order than it is read says how it is read."""
    made = Tag(kind)
    if any(glyph.level for line in lines for glyph in line):
        made.entries["ActualText"] = text_string(text)
    parent.kids.append(made)
    return made


def _list(parent: Tag, numbering: str) -> Tag:
    made = _tag(parent, "L")
    made.entries["A"] = PdfDict(O=PdfName.List, ListNumbering=PdfName(numbering))
    return made


def _pieces(block: Block, story: Tag) -> list[_Piece]:
    match block:
        case Heading(text, level):
            return _heading(text, level, story)
        case Paragraph(text):
            return [*_running(text, 0.0, story, "P"), _gap(7.0)]
        case Steps(items):
            tag = _list(story, "Decimal")
            return [p for count, text in enumerate(items, start=1) for p in _step(count, text, tag)] + [_gap(5.0)]
        case Rows(rows):
            tag = _tag(story, "Table")
            return [piece for label, value in rows for piece in _row(label, value, tag)] + [_gap(5.0)]
        case Boxes(items):
            tag = _list(story, "None")
            return [piece for ticked, text in items for piece in _ticked(ticked, text, tag)] + [_gap(5.0)]
        case Note(text):
            return _note(text, story)


def _gap(height: float) -> _Piece:
    return _Piece(height, lambda _sheet, _y: None)


def _heading(text: str, level: int, story: Tag) -> list[_Piece]:
    size, lead, before = _HEADINGS[level]
    lines = _lines(text, bold(), size, COLUMN)
    tag = _tag(story, f"H{level}", text, lines)

    def draw(sheet: _Sheet, y: float) -> None:
        for index, line in enumerate(lines):
            sheet.line(tag, MARGIN, y - before - size - index * lead, line, size)

    return [_Piece(before + lead * len(lines) + 3, draw, holds_next=True)]


def _running(text: str, indent: float, parent: Tag, kind: str) -> list[_Piece]:
    """Lines of text, two at the least together, so that no line stands alone on a page."""
    lines = _lines(text, regular(), BODY, COLUMN - indent)
    tag = _tag(parent, kind, text, lines)
    return [
        _line(tag, MARGIN + indent, line, holds_next=index in (0, len(lines) - 2)) for index, line in enumerate(lines)
    ]


def _line(tag: Tag, x: float, line: Line, *, holds_next: bool) -> _Piece:
    return _Piece(LEAD, lambda sheet, y: sheet.line(tag, x, y - BODY, line, BODY), holds_next)


def _column(sheet: _Sheet, tag: Tag, x: float, y: float, lines: Sequence[Line]) -> None:
    for index, line in enumerate(lines):
        sheet.line(tag, x, y - BODY - index * LEAD, line, BODY)


def _step(count: int, text: str, steps: Tag) -> list[_Piece]:
    lines = _lines(text, regular(), BODY, COLUMN - 44)
    item = _tag(steps, "LI")
    label = _tag(item, "Lbl")
    square, words = _square_tag(label, ticked=False), _tag(item, "LBody", text, lines)

    def draw(sheet: _Sheet, y: float) -> None:
        sheet.tagged(square, _square(MARGIN, y - BODY - 1.0, ticked=False))
        sheet.line(label, MARGIN + 20, y - BODY, bold().shape(f"{count}."), BODY)
        _column(sheet, words, MARGIN + 44, y, lines)

    return [_Piece(LEAD * len(lines) + 5, draw)]


def _square_tag(parent: Tag, *, ticked: bool) -> Tag:
    made = _tag(parent, "Span")
    made.entries["ActualText"] = text_string(TICKED if ticked else EMPTY)
    return made


def _square(x: float, y: float, *, ticked: bool) -> list[str]:
    drawn = ["0.9 w", f"{number(x)} {number(y)} 10.5 10.5 re S"]
    if ticked:
        low, high, left, right = (number(edge) for edge in (y + 2, y + 8.5, x + 2, x + 8.5))
        drawn.append(f"1.4 w {left} {low} m {right} {high} l {left} {high} m {right} {low} l S")
    return drawn


def _row(label: str, value: str, table: Tag) -> list[_Piece]:
    column = 170.0
    labels = _lines(label, bold(), BODY, column - 12)
    values = _lines(value, regular(), BODY, COLUMN - column)
    row = _tag(table, "TR")
    header = _tag(row, "TH", label, labels)
    header.entries["A"] = PdfDict(O=PdfName.Table, Scope=PdfName.Row)
    height = LEAD * max(len(labels), len(values)) + 3
    if height > (TOP - BOTTOM) / 2:
        # A very long value may break across pages: the label as its own line, the value below it.
        told = [_line(header, MARGIN, line, holds_next=True) for line in labels]
        return told + _running(value, 24.0, row, "TD") + [_gap(3.0)]
    cell = _tag(row, "TD", value, values)

    def draw(sheet: _Sheet, y: float) -> None:
        _column(sheet, header, MARGIN, y, labels)
        _column(sheet, cell, MARGIN + column, y, values)

    return [_Piece(height, draw)]


def _ticked(ticked: bool, text: str, boxes: Tag) -> list[_Piece]:
    lines = _lines(text, regular(), BODY, COLUMN - 20)
    item = _tag(boxes, "LI")
    square, words = _square_tag(_tag(item, "Lbl"), ticked=ticked), _tag(item, "LBody", text, lines)

    def draw(sheet: _Sheet, y: float) -> None:
        sheet.tagged(square, _square(MARGIN, y - BODY - 1.0, ticked=ticked))
        _column(sheet, words, MARGIN + 20, y, lines)

    return [_Piece(LEAD * len(lines) + 4, draw)]


def _note(text: str, story: Tag) -> list[_Piece]:
    lines = _lines(text, regular(), BODY, COLUMN - 28)
    height = LEAD * len(lines) + 16
    note = _tag(story, "Note")
    if height > TOP - BOTTOM:
        return [*_running(text, 14.0, note, "P"), _gap(7.0)]
    words = _tag(note, "P", text, lines)

    def draw(sheet: _Sheet, y: float) -> None:
        edges = f"{number(MARGIN)} {number(y - height)} {number(COLUMN)} {number(height)}"
        sheet.decoration(["1.2 w 0.95 g", f"{edges} re B", "0 g"])
        _column(sheet, words, MARGIN + 14, y - 9, lines)

    return [_Piece(height + 11, draw)]


def _paginate(pieces: Sequence[_Piece]) -> list[list[_Piece]]:
    """Pieces on pages; runs of pieces that hold each other start on a new page together."""
    pages: list[list[_Piece]] = [[]]
    y = TOP
    index = 0
    while index < len(pieces):
        end = index
        while pieces[end].holds_next and end + 1 < len(pieces):
            end += 1
        run = pieces[index : end + 1]
        if y - sum(piece.height for piece in run) < BOTTOM and pages[-1]:
            pages.append([])
            y = TOP
        for piece in run:
            if y - piece.height < BOTTOM and pages[-1]:
                pages.append([])
                y = TOP
            pages[-1].append(piece)
            y -= piece.height
        index = end + 1
    return pages


def _foot(sheet: _Sheet, footer: str, page: str) -> None:
    sheet.decoration([f"0.5 w {number(MARGIN)} 66 m {number(PAGE_WIDTH - MARGIN)} 66 l S"])
    right = regular().shape(normal(page))
    wide = width(right) * 9 / 1000
    for index, line in enumerate(_lines(footer, regular(), 9, COLUMN - wide - 24)[:3] if footer else []):
        sheet.line(None, MARGIN, 54 - index * 11.5, line, 9)
    sheet.line(None, PAGE_WIDTH - MARGIN - wide, 54, right, 9)
