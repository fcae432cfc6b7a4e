"""What a filled box looks like: text laid out in a rectangle, and a tick, as PDF drawing operators.

No viewer is trusted to draw a value: left to themselves they leave boxes empty, cut accents or choose other fonts.
So the drawing is made here and is the same in the flat copy and in the fillable one.

A line starts at the form's own type size. It shrinks in tenths of a point when the text is too wide, or when its
tallest letter and its deepest tail do not both fit in the box (the two stacked marks of Vietnamese ễ in a nine-point
box), down to a floor of seven points. Smaller is not legible on a photocopy: then the text *does not fit*, which is an
answer (`None`), never a clipped line:

    >>> from forms.fonts import regular
    >>> face = regular()
    >>> room = Box(200, 9)
    >>> lay_out("María Nguyễn", room, face, size=9).size
    8.3
    >>> lay_out("M" * 60, room, face, size=9) is None
    True
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from forms.fonts import Glyph, Letters, Subset, Typeface, normal, visual, width
from forms.spec import LEGIBLE

PAD = 2.0
"""Points left free at the sides of a box, as the forms' own software does."""
LEADING = 1.16
"""Line distance in multi-line boxes, in type sizes: Arimo's own ascent plus descent, so that no marks collide."""
STEP = 0.1
OVERHANG = 0.05
"""Points by which the tallest letters may pass the edge of a low box. A name that needs more goes on an attachment."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in points with its lower left corner at the origin."""

    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its glyphs from left to right, and where its baseline starts, in points inside the box."""

    glyphs: tuple[Glyph, ...]
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Layout:
    """Lines at one type size (points). `space` is put at the end of every line but the last, so that the words on
    both sides of a line's end are read as two."""

    size: float
    lines: tuple[Line, ...]
    space: Glyph | None = None

    @property
    def reordered(self) -> bool:
        """Whether something in it is read to the left, so that it is not drawn in the order it is read."""
        return any(glyph.level for line in self.lines for glyph in line.glyphs)


def lay_out(
    text: str,
    box: Box,
    face: Typeface,
    *,
    size: float,
    floor: float = LEGIBLE,
    leading: float | None = None,
    multiline: bool = False,
    align: int = 0,
) -> Layout | None:
    """The text laid out in the box, or None when it does not fit at `floor` points.

    `leading` is a line distance in points for a box with printed rules, else lines are as close as the type allows.
    `align` is the PDF's quadding: 0 left, 1 centre, 2 right. Raises NoGlyph for what cannot be printed.
    """
    text = normal(text)
    if multiline and _capacity(box, floor, LEADING, leading) >= 2:
        return _several_lines(text, box, face, size, floor, leading, align)
    if multiline:  # declared so, but with room for one line only
        text = " ".join(text.split("\n"))
    return _one_line(text, box, face, size, floor, align)


def split(text: str, box: Box, face: Typeface, *, size: float) -> tuple[str, ...]:
    """The text cut, at line ends, into pieces that each fill one multi-line box at `size` points; at least one."""
    rows: list[str] = []
    paragraphs = [face.shape(paragraph) for paragraph in normal(text).split("\n")]
    for paragraph in paragraphs:
        rows += [_text(row) for row in wrapped(paragraph, _room(box, size))]
        rows[-1] += "\n"  # only where the text itself has one: a piece set in another size wraps anew
    count = max(1, _capacity(box, size, _pitch(paragraphs)))
    return tuple("".join(rows[start : start + count]).rstrip() for start in range(0, len(rows), count))


def _one_line(text: str, box: Box, face: Typeface, size: float, floor: float, align: int) -> Layout | None:
    glyphs = face.shape(text)
    low, high = _extent(glyphs)
    wide, tall = width(glyphs) / 1000, (high - low) / 1000
    room = box.width - 2 * PAD
    fitting = min(size, _step_down(room / wide) if wide else size)
    if fitting < min(floor, size):
        return None
    if tall:
        # A low box may cost size but never the text: below the floor the tails may touch the rule under the box.
        fitting = min(fitting, max(min(floor, fitting), _step_down(box.height / tall)))
        if tall * fitting > box.height + OVERHANG:
            return None
    middle = (box.height - face.cap_height / 1000 * fitting) / 2
    tail = min(-face.descent, 212.0) / 1000 * fitting
    baseline = max(middle, tail)
    baseline = min(baseline, box.height - high / 1000 * fitting)
    baseline = max(baseline, -low / 1000 * fitting)
    return Layout(fitting, (Line(visual(glyphs), _start(wide * fitting, box, align), baseline),))


def _several_lines(
    text: str, box: Box, face: Typeface, size: float, floor: float, leading: float | None, align: int
) -> Layout | None:
    paragraphs = [face.shape(paragraph) for paragraph in text.split("\n")]
    pitch = _pitch(paragraphs)
    trial = size
    while True:
        rows = [trimmed(row) for paragraph in paragraphs for row in wrapped(paragraph, _room(box, trial))]
        if len(rows) <= _capacity(box, trial, pitch, leading):
            break
        if trial <= floor:
            return None
        trial = max(floor, round(trial - 0.5, 1))
    top = box.height - PAD - max(face.ascent, _extent(rows[0])[1] if rows else 0.0) / 1000 * trial
    lines = []
    for number, row in enumerate(rows):
        start = _start(width(row) / 1000 * trial, box, align)
        lines.append(Line(visual(row), start, top - number * (leading or pitch * trial)))
    return Layout(trial, tuple(lines), face.shape(" ")[0])


def _pitch(paragraphs: Sequence[Sequence[Glyph]]) -> float:
    """Line distance in type sizes: Arimo's, or more where letters of another script are taller."""
    low, high = _extent([glyph for paragraph in paragraphs for glyph in paragraph])
    return max(LEADING, (high - low) / 1000)


def _capacity(box: Box, size: float, pitch: float, leading: float | None = None) -> int:
    if leading is not None:  # the rules are there: only the first line needs its own height
        return int((box.height - PAD - LEADING * size + 0.01) / leading) + 1
    return int((box.height - 2 * PAD + 0.01) / (pitch * size))


def _room(box: Box, size: float) -> float:
    return (box.width - 2 * PAD) / size * 1000


def wrapped(glyphs: tuple[Glyph, ...], room: float) -> list[tuple[Glyph, ...]]:
    """The paragraph in lines that fit the room (thousandths of the type size): broken at spaces, or inside a word
    that alone is too wide, there between letters of their own."""
    rows: list[tuple[Glyph, ...]] = []
    start, used, space = 0, 0.0, -1
    for index, glyph in enumerate(glyphs):
        if glyph.text == " ":
            space = index
        used += glyph.advance
        if used <= room or glyph.text == " ":
            continue
        end = space + 1 if space >= start else max(index, start + 1)
        while not glyphs[end].text and end > start + 1:
            end -= 1
        rows.append(glyphs[start:end])
        start, space = end, -1
        used = width(glyphs[start : index + 1])
    rows.append(glyphs[start:])
    return rows


def trimmed(glyphs: tuple[Glyph, ...]) -> tuple[Glyph, ...]:
    """The row without spaces at its end."""
    end = len(glyphs)
    while end and glyphs[end - 1].text == " ":
        end -= 1
    return glyphs[:end]


def _text(glyphs: tuple[Glyph, ...]) -> str:
    return "".join(glyph.text for glyph in glyphs)


def _extent(glyphs: Iterable[Glyph]) -> tuple[float, float]:
    """Lowest and highest ink of the glyphs about their baseline, which is always within."""
    low = high = 0.0
    for face, gid, dy in {(glyph.face, glyph.gid, glyph.dy) for glyph in glyphs}:
        bottom, top = face.heights(gid)
        low, high = min(low, bottom + dy), max(high, top + dy)
    return low, high


def _step_down(size: float) -> float:
    return round(math.floor(size / STEP + 1e-9) * STEP, 1)


def _start(wide: float, box: Box, align: int) -> float:
    if align == 1:
        return (box.width - wide) / 2
    if align == 2:
        return box.width - PAD - wide
    return PAD


def number(value: float) -> str:
    """A number as PDF writes it: at most three decimals, no exponent."""
    return f"{value:.3f}".rstrip("0").rstrip(".") or "0"


def text_stream(layout: Layout, letters: Letters) -> bytes:
    """Drawing operators for a layout; adds its letters to the document's."""
    parts = ["BT", "0 g"]
    x = y = 0.0
    for line in layout.lines:
        if not line.glyphs:
            continue
        parts.append(f"{number(line.x - x)} {number(line.y - y)} Td")
        x, y = line.x, line.y
        more = layout.space if line is not layout.lines[-1] else None
        parts += shown(line.glyphs if more is None else (*line.glyphs, more), letters, layout.size)
    parts.append("ET")
    return "\n".join(parts).encode("ascii")


def shown(glyphs: Sequence[Glyph], letters: Letters, size: float) -> list[str]:
    """Operators that show one line's glyphs, given from left to right, at the current place in a text object."""
    parts: list[str] = []
    for face, run in groupby(glyphs, key=lambda glyph: glyph.face):
        name, subset = letters.of(face)
        parts += [f"/{name} {number(size)} Tf", _show(tuple(run), subset, size)]
    return parts


def _show(glyphs: Sequence[Glyph], subset: Subset, size: float) -> str:
    own = subset.face.advance
    if all(not glyph.dx and not glyph.dy and glyph.advance == own(glyph.gid) for glyph in glyphs):
        return "<" + "".join([f"{subset.code(glyph):04X}" for glyph in glyphs]) + "> Tj"
    parts = []
    for glyph in glyphs:
        after = glyph.advance - glyph.dx - own(glyph.gid)
        parts.append(f"{number(glyph.dy / 1000 * size)} Ts")
        parts.append(f"[{number(-glyph.dx)} <{subset.code(glyph):04X}> {number(-after)}] TJ")
    return "\n".join([*parts, "0 Ts"])


def check_stream(box: Box) -> bytes:
    """A cross from corner to corner of the square in the middle of the box, drawn with lines: no font involved."""
    side = min(box.width, box.height)
    inset = max(1.0, side * 0.14)
    left, bottom = (box.width - side) / 2 + inset, (box.height - side) / 2 + inset
    right, top = left + side - 2 * inset, bottom + side - 2 * inset
    first = f"{number(left)} {number(bottom)} m {number(right)} {number(top)} l"
    second = f"{number(left)} {number(top)} m {number(right)} {number(bottom)} l"
    return f"0 G {number(max(0.9, side * 0.13))} w 1 J\n{first}\n{second}\nS".encode("ascii")
