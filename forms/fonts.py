"""The letters: Arimo, measured, checked and embedded.

Court forms are set in Arial, which may not be embedded here and has no Vietnamese. Arimo has Arial's widths, a free
licence, and Latin, Vietnamese, Greek and Cyrillic; it comes as a package (`fontpkg-arimo`), never as a file in this
tree. Its variable file opens at weight 400, so the outlines in it *are* Arimo Regular: nothing has to be instantiated
for text on forms. The bold face for headings is instantiated once per process, and only when somebody prints a cover.

A filled form embeds only the letters it shows. fontTools would need a tenth of a second for that; the few tables a
PDF needs are simple enough to be cut out here in under a millisecond, so every document gets its own small subset
and no document can be short of a letter:

    >>> face = regular()
    >>> subset = Subset(face)
    >>> [subset.code(glyph) for glyph in face.shape("Año")]
    [1, 2, 3]
    >>> len(subset.font_file()) < 3000
    True

What is refused, with the character's name: anything Arimo lacks (Han, Arabic, emoji), control and invisible
characters, and right-to-left letters, which Arimo partly has but which would print in the wrong order. Text is put
in NFC first. Marks that stay separate after that (Navajo ą́, Yoruba ọ́) are placed by HarfBuzz.
"""

from __future__ import annotations

import io
import struct
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import Any

import fontpkg_arimo
from fontTools.ttLib import TTFont

_FILE = Path(fontpkg_arimo.ROOT) / "files" / "Arimo[wght].ttf"

BOLD_RANGES = ((0x20, 0x250), (0x2B0, 0x370), (0x370, 0x530), (0x1E00, 0x1F00), (0x2010, 0x2070), (0x20A0, 0x20C0))


class NoGlyph(ValueError):
    """A character that cannot be printed; `character` is it."""

    def __init__(self, character: str) -> None:
        super().__init__(character_name(character))
        self.character = character


def character_name(character: str) -> str:
    """Code point and Unicode name, as a person may look it up: "U+1F600 GRINNING FACE"."""
    name = unicodedata.name(character, "")
    return f"U+{ord(character):04X} {name}".rstrip()


@dataclass(frozen=True, slots=True)
class Glyph:
    """One drawn letter: glyph number, advance and offset in font units, and the text it stands for."""

    gid: int
    advance: int
    dx: int
    dy: int
    text: str


class Face:
    """A TrueType face, read once. Never changes after it is made, so threads may share it."""

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        self.data = data
        font = TTFont(io.BytesIO(data), lazy=True)
        self.units: int = font["head"].unitsPerEm
        self.ascent: int = font["hhea"].ascent
        self.descent: int = font["hhea"].descent
        self.cap_height: int = font["OS/2"].sCapHeight
        self.characters: Mapping[int, int] = MappingProxyType(
            {code: font.getGlyphID(glyph) for code, glyph in font.getBestCmap().items()}
        )
        order = font.getGlyphOrder()
        metrics = font["hmtx"].metrics
        self.advances: tuple[int, ...] = tuple(metrics[glyph][0] for glyph in order)
        self.bearings: tuple[int, ...] = tuple(metrics[glyph][1] for glyph in order)
        self._loca: tuple[int, ...] = tuple(font["loca"].locations)
        self._glyf: bytes = font.reader["glyf"]
        self._head: bytes = font.reader["head"]
        self._hhea: bytes = font.reader["hhea"]
        self._maxp: bytes = font.reader["maxp"]
        self.box: tuple[int, int, int, int] = struct.unpack_from(">4h", self._head, 36)
        font.close()
        self._shaping: Any = None
        self._shaping_lock = Lock()

    def outline(self, gid: int) -> bytes:
        """The glyph's own record in the `glyf` table; empty for a space."""
        return self._glyf[self._loca[gid] : self._loca[gid + 1]]

    def heights(self, gid: int) -> tuple[int, int]:
        """Lowest and highest point of the glyph's ink in font units; (0, 0) for a space."""
        record = self.outline(gid)
        if not record:
            return (0, 0)
        low, high = struct.unpack_from(">h", record, 4)[0], struct.unpack_from(">h", record, 8)[0]
        return (low, high)

    def shape(self, text: str) -> tuple[Glyph, ...]:
        """The glyphs of one line of NFC text. Raises NoGlyph for the first character that cannot be printed."""
        separate_marks = False
        for character in text:
            refuse_unprintable(character)
            if ord(character) not in self.characters:
                raise NoGlyph(character)
            separate_marks = separate_marks or unicodedata.combining(character) != 0
        if separate_marks:
            return self._shape_marks(text)
        return tuple(
            Glyph(gid, self.advances[gid], 0, 0, character)
            for character in text
            for gid in (self.characters[ord(character)],)
        )

    def _shape_marks(self, text: str) -> tuple[Glyph, ...]:
        import uharfbuzz  # only the few texts with separate marks pay for loading it

        with self._shaping_lock:
            if self._shaping is None:
                self._shaping = uharfbuzz.Font(uharfbuzz.Face(self.data))
            buffer = uharfbuzz.Buffer()
            buffer.add_str(text)
            buffer.guess_segment_properties()
            uharfbuzz.shape(self._shaping, buffer, {"kern": False, "liga": False, "clig": False, "calt": False})
            infos, positions = buffer.glyph_infos, buffer.glyph_positions
        starts = sorted({info.cluster for info in infos})
        ends = dict(zip(starts, [*starts[1:], len(text)], strict=True))
        glyphs, told = [], set()
        for info, place in zip(infos, positions, strict=True):
            if info.codepoint == 0:
                raise NoGlyph(text[info.cluster])
            # The first glyph of a cluster stands for all its characters, the others for none.
            stands_for = "" if info.cluster in told else text[info.cluster : ends[info.cluster]]
            told.add(info.cluster)
            glyphs.append(Glyph(info.codepoint, place.x_advance, place.x_offset, place.y_offset, stands_for))
        return tuple(glyphs)


def refuse_unprintable(character: str) -> None:
    """Raises NoGlyph for controls, invisible and private characters, and right-to-left letters."""
    if unicodedata.category(character) in ("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"):
        raise NoGlyph(character)
    if unicodedata.bidirectional(character) in ("R", "AL", "AN"):
        raise NoGlyph(character)


def normal(text: str) -> str:
    """The text in NFC, every kind of space a plain one, line ends as newline."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(" " if unicodedata.category(character) == "Zs" else character for character in composed)


def width(glyphs: Iterable[Glyph]) -> int:
    """The advance of a run in font units."""
    return sum(glyph.advance for glyph in glyphs)


@cache
def regular() -> Face:
    """Arimo Regular, read once per process."""
    return Face(_FILE.read_bytes(), "Arimo-Regular")


_bold_lock = Lock()


def bold() -> Face:
    """Arimo Bold for headings: Latin, Vietnamese, Greek, Cyrillic. Made once per process, in about half a second."""
    with _bold_lock:
        return _bold()


@cache
def _bold() -> Face:
    from fontTools import subset as fonttools_subset  # a tenth of a second to load, needed only here
    from fontTools.varLib import instancer

    font = TTFont(_FILE)
    options = fonttools_subset.Options()
    options.hinting = False
    options.layout_features = []
    options.notdef_outline = True
    cutter = fonttools_subset.Subsetter(options)
    cutter.populate(unicodes=[code for start, end in BOLD_RANGES for code in range(start, end)])
    cutter.subset(font)
    instancer.instantiateVariableFont(font, {"wght": 700}, inplace=True)
    # reportlab tells fonts apart by their PostScript name, which instantiating leaves as it was.
    for record, text in ((1, "Arimo Bold"), (4, "Arimo Bold"), (6, "Arimo-Bold")):
        font["name"].setName(text, record, 3, 1, 0x409)
    written = io.BytesIO()
    font.save(written)
    return Face(written.getvalue(), "Arimo-Bold")


class Subset:
    """The letters of one document. Built by one filling, then embedded; not shared between threads.

    A code stands for a glyph *and* the text it shows, so that copying and searching give back exactly what was typed.
    """

    def __init__(self, face: Face) -> None:
        self.face = face
        self._codes: dict[tuple[int, str], int] = {}

    def code(self, glyph: Glyph) -> int:
        """The two-byte code that draws this glyph in this document."""
        return self._codes.setdefault((glyph.gid, glyph.text), len(self._codes) + 1)

    def __len__(self) -> int:
        return len(self._codes)

    def advances(self) -> tuple[float, ...]:
        """Widths of codes 1, 2, ... in thousandths of the type size."""
        return tuple(self.face.advances[gid] * 1000 / self.face.units for gid, _ in self._codes)

    def to_unicode(self) -> bytes:
        """The CMap that turns codes back into text for search, copy and screen readers."""
        pairs = [
            f"<{code:04X}> <{text.encode('utf-16-be').hex().upper()}>"
            for (_, text), code in self._codes.items()
            if text
        ]
        blocks = [pairs[start : start + 100] for start in range(0, len(pairs), 100)]
        lines = [
            "/CIDInit /ProcSet findresource begin",
            "12 dict begin",
            "begincmap",
            "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def",
            "/CMapName /Adobe-Identity-UCS def",
            "/CMapType 2 def",
            "1 begincodespacerange",
            "<0000> <FFFF>",
            "endcodespacerange",
        ]
        for block in blocks:
            lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
        lines += ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
        return "\n".join(lines).encode("ascii")

    def font_file(self) -> bytes:
        """A TrueType file with just these glyphs, numbered by their codes."""
        face = self.face
        order = [0, *(gid for gid, _ in self._codes)]
        numbers = {gid: number for number, gid in reversed(list(enumerate(order)))}
        outlines: list[bytes] = []
        while len(outlines) < len(order):
            # Parts of composite letters (the ~ of ñ) are added to `order` as they turn up.
            record = face.outline(order[len(outlines)])
            outlines.append(_renumber(record, order, numbers))
        padded = [record + b"\0" * (-len(record) % 4) for record in outlines]
        offsets = [0]
        for record in padded:
            offsets.append(offsets[-1] + len(record))
        count = len(order)
        head = bytearray(face._head)
        struct.pack_into(">I", head, 8, 0)
        struct.pack_into(">h", head, 50, 1)  # long loca
        hhea = bytearray(face._hhea)
        struct.pack_into(">H", hhea, 34, count)
        maxp = bytearray(face._maxp)
        struct.pack_into(">H", maxp, 4, count)
        tables = {
            b"glyf": b"".join(padded),
            b"head": bytes(head),
            b"hhea": bytes(hhea),
            b"hmtx": b"".join(struct.pack(">Hh", face.advances[gid], face.bearings[gid]) for gid in order),
            b"loca": struct.pack(f">{len(offsets)}I", *offsets),
            b"maxp": bytes(maxp),
        }
        return _sfnt(tables)


def _renumber(record: bytes, order: list[int], numbers: dict[int, int]) -> bytes:
    """A glyph record with the parts it refers to renumbered; parts not yet listed are added to `order`."""
    if not record or struct.unpack_from(">h", record)[0] >= 0:
        return record
    changed = bytearray(record)
    at, more = 10, True
    while more:
        flags, gid = struct.unpack_from(">HH", record, at)
        if gid not in numbers:
            numbers[gid] = len(order)
            order.append(gid)
        struct.pack_into(">H", changed, at + 2, numbers[gid])
        at += 8 if flags & 0x0001 else 6  # arguments are words or bytes
        if flags & 0x0008:
            at += 2  # one scale
        elif flags & 0x0040:
            at += 4  # x and y scale
        elif flags & 0x0080:
            at += 8  # two by two
        more = bool(flags & 0x0020)
    return bytes(changed)


def _sfnt(tables: Mapping[bytes, bytes]) -> bytes:
    """The tables bound into one TrueType file."""
    count = len(tables)
    power = 1 << (count.bit_length() - 1)
    header = struct.pack(">IHHHH", 0x00010000, count, power * 16, power.bit_length() - 1, (count - power) * 16)
    directory, body = b"", b""
    start = 12 + 16 * count
    for tag in sorted(tables):
        data = tables[tag]
        padded = data + b"\0" * (-len(data) % 4)
        directory += struct.pack(">4sIII", tag, _checksum(padded), start + len(body), len(data))
        body += padded
    whole = bytearray(header + directory + body)
    at = start + _offset(tables, b"head") + 8
    struct.pack_into(">I", whole, at, (0xB1B0AFBA - _checksum(bytes(whole))) & 0xFFFFFFFF)
    return bytes(whole)


def _offset(tables: Mapping[bytes, bytes], wanted: bytes) -> int:
    before = [tables[tag] for tag in sorted(tables) if tag < wanted]
    return sum(len(data) + (-len(data) % 4) for data in before)


def _checksum(padded: bytes) -> int:
    words: Sequence[int] = struct.unpack(f">{len(padded) // 4}I", padded)
    return sum(words) & 0xFFFFFFFF
