"""Pages in plain words that go on top of the papers: what is in the pile, what to do, in which order.

The caller brings blocks of text already in the reader's language; this module only sets them on letter paper with
reportlab, in Arimo, as real text, with page breaks where they belong:

    cover(
        [Heading("Your papers"), Paragraph("..."), Steps(("Sign page 2.", "Make two copies.")),
         Rows((("Case number", "BA123456"),)), Note("Do not sign before you have read it.")],
        title="Your papers", lang="en", footer="This is legal information, not legal advice.",
    )

Steps are numbered and have an empty square to tick by hand. A heading stays with what follows it. Nothing is clickable.
reportlab offers no tagged PDF; see `packet` for why the merged file is not tagged either.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import Any

from reportlab.lib.pagesizes import letter
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from forms.fonts import Face, NoGlyph, bold, character_name, normal, regular
from forms.reasons import UnprintableText

REGULAR, BOLD = "Limpio-Regular", "Limpio-Bold"
PAGE_WIDTH, PAGE_HEIGHT = letter
MARGIN, TOP, BOTTOM = 60.0, 732.0, 84.0
COLUMN = PAGE_WIDTH - 2 * MARGIN
BODY, LEAD = 11.0, 15.0


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


@dataclass(frozen=True, slots=True)
class _Piece:
    """Something that is not broken across pages: its height, how to draw it below `y`, whether it holds the next."""

    height: float
    draw: Callable[[Any, float], None]
    holds_next: bool = False


_HEADINGS = {1: (20.0, 26.0, 6.0), 2: (14.0, 19.0, 12.0), 3: (11.0, 15.0, 8.0)}

# reportlab keeps fonts in one registry and their letters per document: one cover is set at a time.
_setting = Lock()


def cover(
    blocks: Sequence[Block],
    *,
    title: str,
    lang: str,
    footer: str = "",
    page_of: str = "Page %(page)s of %(pages)s",
) -> bytes:
    """The blocks as a PDF on letter paper. Raises UnprintableText naming the first character Arimo cannot print.

    `footer` stands at the foot of every page, `page_of` is the page number's wording with `page` and `pages`.
    """
    out = io.BytesIO()
    with _setting:
        _fonts()
        pieces = [piece for block in blocks for piece in _pieces(block)]
        pages = _paginate(pieces)
        canvas = Canvas(out, pagesize=letter, pageCompression=1, invariant=1, lang=lang, initialFontName=REGULAR)
        canvas.setTitle(title)
        canvas.setAuthor("Limpio")
        canvas.setCreator("Limpio")
        for number, page in enumerate(pages, start=1):
            y = TOP
            for piece in page:
                piece.draw(canvas, y)
                y -= piece.height
            _foot(canvas, footer, page_of % {"page": number, "pages": len(pages)})
            canvas.showPage()
        canvas.save()
    return out.getvalue()


@cache
def _fonts() -> None:
    pdfmetrics.registerFont(TTFont(REGULAR, io.BytesIO(regular().data)))
    pdfmetrics.registerFont(TTFont(BOLD, io.BytesIO(bold().data)))


def _face(font: str) -> Face:
    return bold() if font == BOLD else regular()


def _wide(text: str, font: str, size: float) -> float:
    return float(pdfmetrics.stringWidth(text, font, size))


def _lines(text: str, font: str, size: float, room: float) -> list[str]:
    """The text in lines that fit, broken at spaces, or inside a word that is too long for a line."""
    made: list[str] = []
    for paragraph in normal(text).split("\n"):
        try:
            _face(font).shape(paragraph)
        except NoGlyph as bad:
            shown = bad.character if bad.character.isprintable() else "?"
            raise UnprintableText("unprintable_page", character=shown, name=character_name(bad.character)) from None
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}" if line else word
            if _wide(longer, font, size) <= room:
                line = longer
                continue
            if line:
                made.append(line)
            while _wide(word, font, size) > room:
                cut = next(n for n in range(len(word), 0, -1) if n == 1 or _wide(word[:n], font, size) <= room)
                made.append(word[:cut])
                word = word[cut:]
            line = word
        made.append(line)
    return made


def _pieces(block: Block) -> list[_Piece]:
    match block:
        case Heading(text, level):
            return _heading(text, level)
        case Paragraph(text):
            return [*_running(text, 0.0), _gap(7.0)]
        case Steps(items):
            return [piece for number, text in enumerate(items, start=1) for piece in _step(number, text)] + [_gap(5.0)]
        case Rows(rows):
            return [piece for label, value in rows for piece in _row(label, value)] + [_gap(5.0)]
        case Boxes(items):
            return [piece for ticked, text in items for piece in _ticked(ticked, text)] + [_gap(5.0)]
        case Note(text):
            return _note(text)


def _gap(height: float) -> _Piece:
    return _Piece(height, lambda _canvas, _y: None)


def _heading(text: str, level: int) -> list[_Piece]:
    size, lead, before = _HEADINGS[level]
    lines = _lines(text, BOLD, size, COLUMN)

    def draw(canvas: Any, y: float) -> None:
        for index, line in enumerate(lines):
            _put(canvas, MARGIN, y - before - size - index * lead, line, BOLD, size)

    return [_Piece(before + lead * len(lines) + 3, draw, holds_next=True)]


def _put(canvas: Any, x: float, y: float, text: str, font: str, size: float) -> None:
    canvas.setFont(font, size)
    canvas.drawString(x, y, text)


def _running(text: str, indent: float) -> list[_Piece]:
    """Lines of text, two at the least together, so that no line stands alone on a page."""
    lines = _lines(text, REGULAR, BODY, COLUMN - indent)
    return [_line(MARGIN + indent, line, holds_next=index in (0, len(lines) - 2)) for index, line in enumerate(lines)]


def _line(x: float, text: str, *, holds_next: bool) -> _Piece:
    return _Piece(LEAD, lambda canvas, y: _put(canvas, x, y - BODY, text, REGULAR, BODY), holds_next)


def _step(number: int, text: str) -> list[_Piece]:
    lines = _lines(text, REGULAR, BODY, COLUMN - 44)

    def draw(canvas: Any, y: float) -> None:
        _square(canvas, MARGIN, y - BODY - 1.0, ticked=False)
        _put(canvas, MARGIN + 20, y - BODY, f"{number}.", BOLD, BODY)
        for index, line in enumerate(lines):
            _put(canvas, MARGIN + 44, y - BODY - index * LEAD, line, REGULAR, BODY)

    return [_Piece(LEAD * len(lines) + 5, draw)]


def _square(canvas: Any, x: float, y: float, *, ticked: bool) -> None:
    canvas.setLineWidth(0.9)
    canvas.rect(x, y, 10.5, 10.5)
    if ticked:
        canvas.setLineWidth(1.4)
        canvas.line(x + 2, y + 2, x + 8.5, y + 8.5)
        canvas.line(x + 2, y + 8.5, x + 8.5, y + 2)


def _row(label: str, value: str) -> list[_Piece]:
    column = 170.0
    labels = _lines(label, BOLD, BODY, column - 12)
    values = _lines(value, REGULAR, BODY, COLUMN - column)

    def draw(canvas: Any, y: float) -> None:
        for index, line in enumerate(labels):
            _put(canvas, MARGIN, y - BODY - index * LEAD, line, BOLD, BODY)
        for index, line in enumerate(values):
            _put(canvas, MARGIN + column, y - BODY - index * LEAD, line, REGULAR, BODY)

    height = LEAD * max(len(labels), len(values)) + 3
    if height <= (TOP - BOTTOM) / 2:
        return [_Piece(height, draw)]
    # A very long value may break across pages: the label as its own line, the value below it.
    return [_line(MARGIN, line, holds_next=True) for line in labels] + _running(value, 24.0) + [_gap(3.0)]


def _ticked(ticked: bool, text: str) -> list[_Piece]:
    lines = _lines(text, REGULAR, BODY, COLUMN - 20)

    def draw(canvas: Any, y: float) -> None:
        _square(canvas, MARGIN, y - BODY - 1.0, ticked=ticked)
        for index, line in enumerate(lines):
            _put(canvas, MARGIN + 20, y - BODY - index * LEAD, line, REGULAR, BODY)

    return [_Piece(LEAD * len(lines) + 4, draw)]


def _note(text: str) -> list[_Piece]:
    lines = _lines(text, REGULAR, BODY, COLUMN - 28)
    height = LEAD * len(lines) + 16
    if height > TOP - BOTTOM:
        return [*_running(text, 14.0), _gap(7.0)]

    def draw(canvas: Any, y: float) -> None:
        canvas.setLineWidth(1.2)
        canvas.setFillGray(0.95)
        canvas.rect(MARGIN, y - height, COLUMN, height, fill=1)
        canvas.setFillGray(0)
        for index, line in enumerate(lines):
            _put(canvas, MARGIN + 14, y - 9 - BODY - index * LEAD, line, REGULAR, BODY)

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


def _foot(canvas: Any, footer: str, page: str) -> None:
    canvas.setLineWidth(0.5)
    canvas.line(MARGIN, 66, PAGE_WIDTH - MARGIN, 66)
    wide = _wide(page, REGULAR, 9)
    for index, line in enumerate(_lines(footer, REGULAR, 9, COLUMN - wide - 24)[:3] if footer else []):
        _put(canvas, MARGIN, 54 - index * 11.5, line, REGULAR, 9)
    _put(canvas, PAGE_WIDTH - MARGIN - wide, 54, page, REGULAR, 9)
