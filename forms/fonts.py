"""The letters: Arimo first, then the Noto face of the script a name is written in; measured, shaped and embedded.

Court forms are set in Arial, which may not be embedded here and has no Vietnamese. Arimo has Arial's widths, a free
licence, and Latin, Vietnamese, Greek, Cyrillic and Hebrew. A name in Chinese, Arabic, Korean, Armenian, Khmer or
Punjabi letters takes those letters from Noto Sans. All of them come as packages (`fontpkg-arimo`, `manimgx-fonts`,
`justmytype-intl-cjk`), never as files in this tree, and under the Open Font License, which allows embedding.

A `Typeface` (regular or bold) is these faces in order. Each stretch of text goes to the first face that has all of
it, and only such stretches cost anything: a face is mapped from disk when a letter first asks for it, and HarfBuzz
shapes it (joined Arabic, stacked Khmer, marks that stay separate in NFC, as in Navajo ą́). Right-to-left stretches
are found with the Unicode bidirectional algorithm (python-bidi). `shape` returns glyphs in the order the text is
read, since lines are broken in that order; `visual` puts one line into the order it is drawn.

    >>> face = regular()
    >>> [glyph.face.name for glyph in face.shape("Ana 王")]
    ['Arimo-Regular', 'Arimo-Regular', 'Arimo-Regular', 'Arimo-Regular', 'NotoSansSC-Regular']

A filled form embeds only the letters it shows. The few tables a PDF needs are simple enough to be cut out here in
under a millisecond; where a variable face does not open at the weight wanted, HarfBuzz cuts the letters first:

    >>> subset = Subset(face.faces[0])
    >>> [subset.code(glyph) for glyph in face.shape("Año")]
    [1, 2, 3]
    >>> len(subset.font_file()) < 3000
    True

What is refused, with the character's name: what no face has (emoji, rare scripts) and control or invisible
characters. All measures are in thousandths of the type size.
"""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import fontpkg_arimo
import justmytype_intl_cjk
import manimgx_fonts
import uharfbuzz

ARIMO = Path(fontpkg_arimo.ROOT) / "files" / "Arimo[wght].ttf"
_NOTO = Path(manimgx_fonts.__file__).parent
_CJK = Path(justmytype_intl_cjk.__file__).parent / "fonts" / "ofl"
_SCRIPTS = (
    *("", "Arabic", "Armenian", "Khmer", "Gurmukhi", "Devanagari", "Bengali", "Gujarati", "Tamil", "Telugu"),
    *("Kannada", "Malayalam", "Oriya", "Sinhala", "Thai", "Lao", "Myanmar", "Ethiopic", "Georgian", "Hebrew"),
)
FILES: tuple[tuple[str, Path], ...] = (
    ("Arimo", ARIMO),
    *((f"NotoSans{script}", _NOTO / f"NotoSans{script}[wght].ttf") for script in _SCRIPTS),
    *(
        (f"NotoSans{kind}", _CJK / f"notosans{kind.lower()}" / f"NotoSans{kind}[wght].ttf")
        for kind in ("SC", "TC", "KR")
    ),
)
"""Faces in the order they are asked. Han letters without a language are drawn as mainland China draws them."""

JOINERS = "\u200c\u200d"
"""Zero width non-joiner and joiner: invisible, but spelling in Persian and in Indian names."""

_NOT_EMBEDDED = {
    int.from_bytes(tag, "big")
    for tag in (b"GSUB", b"GPOS", b"GDEF", b"BASE", b"STAT", b"name", b"post", b"vhea", b"vmtx")
}


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
    """One drawn letter: its face and number there, advance and offset, the text it stands for, and its bidi level.

    Of several glyphs for one letter the first stands for its text and the others for "".
    """

    face: Face
    gid: int
    advance: float
    dx: float
    dy: float
    text: str
    level: int = 0


class Face:
    """One TrueType file at one weight. What it remembers never changes, so threads may share it."""

    def __init__(self, name: str, path: Path, weight: int) -> None:
        self.name = name
        self.path = path
        self._face = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path)))
        self._font = uharfbuzz.Font(self._face)
        self._font.set_variations({"wght": float(weight)})
        # At the weight that the file opens with, the outlines in it are the outlines wanted.
        opens = next((axis.default_value for axis in self._face.axis_infos if axis.tag == "wght"), weight)
        self._pinned = weight if opens != weight else None
        self._scale = 1000 / self._face.upem
        head, os2, hhea = (self._face.reference_table(tag).data for tag in ("head", "OS/2", "hhea"))
        self.box: tuple[float, ...] = tuple(edge * self._scale for edge in struct.unpack_from(">4h", head, 36))
        ascent, descent = struct.unpack_from(">2h", hhea, 4)
        self.ascent: float = ascent * self._scale
        self.descent: float = descent * self._scale
        self.cap_height: float = struct.unpack_from(">h", os2, 88)[0] * self._scale
        self._glyphs: dict[str, int | None] = {}
        self._advances: dict[int, float] = {}
        self._heights: dict[int, tuple[float, float]] = {}

    def gid(self, character: str) -> int | None:
        """The number of the character's glyph; None when the face does not have it."""
        try:
            return self._glyphs[character]
        except KeyError:
            return self._glyphs.setdefault(character, self._font.get_nominal_glyph(ord(character)) or None)

    def has(self, text: str) -> bool:
        """Whether the face has every character of the text; joiners need no glyph."""
        return all(character in JOINERS or self.gid(character) for character in text)

    def advance(self, gid: int) -> float:
        """How far the pen moves after a glyph."""
        if gid not in self._advances:
            self._advances[gid] = float(self._font.get_glyph_h_advance(gid) * self._scale)
        return self._advances[gid]

    def heights(self, gid: int) -> tuple[float, float]:
        """Lowest and highest point of the glyph's ink; (0, 0) for a space."""
        if gid not in self._heights:
            extents = self._font.get_glyph_extents(gid)
            top = extents.y_bearing if extents is not None else 0
            low = top + extents.height if extents is not None else 0
            self._heights[gid] = (low * self._scale, top * self._scale)
        return self._heights[gid]

    def shape(self, text: str, level: int, *, plain: bool) -> tuple[Glyph, ...]:
        """The glyphs of one stretch of text in the order it is read. `plain` leaves spacing to the type designer's
        widths alone, as the forms' own software does. Raises NoGlyph."""
        buffer = uharfbuzz.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        buffer.direction = "rtl" if level % 2 else "ltr"
        buffer.language = "en"
        off = {"kern": False, "liga": False, "clig": False, "calt": False} if plain else {}
        uharfbuzz.shape(self._font, buffer, off)
        placed = list(zip(buffer.glyph_infos, buffer.glyph_positions, strict=True))
        if level % 2:
            placed.reverse()
        starts = sorted({info.cluster for info, _ in placed})
        ends = dict(zip(starts, [*starts[1:], len(text)], strict=True))
        glyphs: list[Glyph] = []
        told: set[int] = set()
        for info, place in placed:
            if info.codepoint == 0:
                raise NoGlyph(text[info.cluster])
            stands_for = "" if info.cluster in told else text[info.cluster : ends[info.cluster]]
            told.add(info.cluster)
            advance, dx, dy = (size * self._scale for size in (place.x_advance, place.x_offset, place.y_offset))
            glyphs.append(Glyph(self, info.codepoint, advance, dx, dy, stands_for, level))
        return tuple(glyphs)

    def tables(self, gids: Iterable[int]) -> Tables:
        """The outlines and metrics of these glyphs, numbered as in the face, at the face's weight."""
        if self._pinned is None:
            return self._own_tables
        wanted = uharfbuzz.SubsetInput()
        wanted.glyph_set.update(gids)
        wanted.pin_axis_location(self._face, "wght", float(self._pinned))
        flags = uharfbuzz.SubsetFlags
        wanted.flags = flags.RETAIN_GIDS | flags.NO_HINTING | flags.NO_LAYOUT_CLOSURE
        wanted.drop_table_tag_set.update(_NOT_EMBEDDED)
        return Tables.of(uharfbuzz.subset(self._face, wanted))

    @cached_property
    def _own_tables(self) -> Tables:
        return Tables.of(self._face)


@dataclass(frozen=True, slots=True)
class Tables:
    """What an embedded font file is cut from."""

    glyf: bytes
    loca: Sequence[int]
    head: bytes
    hhea: bytes
    hmtx: bytes
    maxp: bytes

    @classmethod
    def of(cls, face: Any) -> Tables:
        """Read from a HarfBuzz face."""
        glyf, loca, head, hhea, hmtx, maxp = (
            face.reference_table(tag).data for tag in ("glyf", "loca", "head", "hhea", "hmtx", "maxp")
        )
        long = struct.unpack_from(">h", head, 50)[0]
        count = len(loca) // (4 if long else 2)
        offsets = struct.unpack(f">{count}{'I' if long else 'H'}", loca[: count * (4 if long else 2)])
        return cls(glyf, offsets if long else tuple(2 * offset for offset in offsets), head, hhea, hmtx, maxp)

    def outline(self, gid: int) -> bytes:
        """The glyph's own record in the `glyf` table; empty for a space."""
        return self.glyf[self.loca[gid] : self.loca[gid + 1]] if gid + 1 < len(self.loca) else b""

    def metrics(self, gid: int) -> bytes:
        """The glyph's advance and left bearing, as `hmtx` writes them; the last advance holds for all that follow."""
        full = struct.unpack_from(">H", self.hhea, 34)[0]
        if gid < full:
            return self.hmtx[4 * gid : 4 * gid + 4]
        bearing = self.hmtx[4 * full + 2 * (gid - full) :][:2] or b"\0\0"
        return self.hmtx[4 * full - 4 : 4 * full - 2] + bearing


class Typeface:
    """Faces of one weight, asked in order; the first one's measures are those of a line."""

    def __init__(self, weight: int, style: str) -> None:
        self._weight = weight
        self._style = style
        first = self._open(0)
        self._opened = [first]
        self.ascent, self.descent, self.cap_height = first.ascent, first.descent, first.cap_height
        self._plain: dict[str, Glyph] = {}

    def _open(self, number: int) -> Face:
        name, path = FILES[number]
        return Face(f"{name}-{self._style}", path, self._weight)

    @property
    def faces(self) -> tuple[Face, ...]:
        """The faces opened so far."""
        return tuple(self._opened)

    def shape(self, text: str) -> tuple[Glyph, ...]:
        """The glyphs of one line of NFC text, as it is read. Raises NoGlyph for the first that cannot be printed."""
        try:
            return tuple([self._plain[character] for character in text])
        except KeyError:
            pass
        if all(self._is_plain(character) for character in text):
            return tuple([self._plain[character] for character in text])
        return tuple(self._shaped(text))

    def _is_plain(self, character: str) -> bool:
        """Whether Arimo has the character and it is drawn alone, left to right; remembers its glyph."""
        if character in self._plain:
            return True
        if character in JOINERS or unicodedata.combining(character) or _to_the_left(character):
            return False
        refuse_unprintable(character)
        face = self._opened[0]
        gid = face.gid(character)
        if not gid:
            return False
        self._plain[character] = Glyph(face, gid, face.advance(gid), 0.0, 0.0, character)
        return True

    def _shaped(self, text: str) -> Iterator[Glyph]:
        faces = list(self._faces_for(text))
        levels = _levels(text)
        start = 0
        for end in range(1, len(text) + 1):
            if end == len(text) or (faces[end], levels[end]) != (faces[start], levels[start]):
                first = faces[start] is self._opened[0]
                yield from faces[start].shape(text[start:end], levels[start], plain=first)
                start = end

    def _faces_for(self, text: str) -> Iterator[Face]:
        """The face of each character; marks and joiners stay with their letter."""
        at = 0
        while at < len(text):
            end = at + 1
            while end < len(text) and (unicodedata.category(text[end])[0] == "M" or text[end] in JOINERS):
                end += 1
            yield from [self._face_for(text[at:end])] * (end - at)
            at = end

    def _face_for(self, letter: str) -> Face:
        refuse_unprintable(letter[0])
        found = next((face for face in self._all() if face.has(letter)), None)
        if found is self._opened[0] and set(JOINERS) & set(letter):
            # Latin letters join nothing: there it would only be an invisible character.
            raise NoGlyph(next(character for character in letter if character in JOINERS))
        if found is not None:
            return found
        best = next((face for face in self._all() if face.has(letter[0])), None)
        raise NoGlyph(next(each for each in letter if best is None or not best.has(each)))

    def _all(self) -> Iterator[Face]:
        for number in range(len(FILES)):
            if number == len(self._opened):
                # Two threads may both open a face: either is as good, and one of them is kept.
                face = self._open(number)
                if number == len(self._opened):
                    self._opened.append(face)
            yield self._opened[number]


def refuse_unprintable(character: str) -> None:
    """Raises NoGlyph for controls, invisible and private characters."""
    if unicodedata.category(character) in ("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"):
        raise NoGlyph(character)


def _to_the_left(character: str) -> bool:
    return unicodedata.bidirectional(character) in ("R", "AL", "AN")


def _levels(text: str) -> Sequence[int]:
    """The bidirectional level of each character: even is read to the right, odd to the left."""
    if not any(map(_to_the_left, text)):
        return [0] * len(text)
    from bidi import algorithm  # only names written to the left pay for loading it
    from bidi.mirror import MIRRORED

    base = algorithm.get_base_level(text)
    storage = algorithm.get_empty_storage()
    storage["base_level"], storage["base_dir"] = base, ("L", "R")[base]
    algorithm.get_embedding_levels(text, storage)
    algorithm.explicit_embed_and_overrides(storage)
    algorithm.resolve_weak_types(storage)
    _keep_brackets_together(storage["chars"], storage["base_dir"], MIRRORED)
    algorithm.resolve_neutral_types(storage, False)
    algorithm.resolve_implicit_levels(storage, False)
    found = iter(storage["chars"])
    levels: list[int] = []
    for character in text:
        # The algorithm sets joiners aside; they belong to the letter before them.
        levels.append(levels[-1] if character in JOINERS and levels else next(found)["level"])
    return levels


def _keep_brackets_together(characters: Sequence[dict[str, Any]], base: str, mirrored: Mapping[str, str]) -> None:
    """Rule N0, which python-bidi leaves out: both brackets of a pair go the same way, as in "محمد (Ali) Ruiz"."""
    strong = [{"EN": "R", "AN": "R"}.get(each["type"], each["type"]) for each in characters]
    opened: list[tuple[str, int]] = []
    pairs: list[tuple[int, int]] = []
    for index, each in enumerate(characters):
        mark, kind = each["ch"], unicodedata.category(each["ch"])
        if kind == "Ps" and each["type"] == "ON":
            opened.append((mark, index))
        elif kind == "Pe" and each["type"] == "ON":
            match = next((at for at in range(len(opened) - 1, -1, -1) if opened[at][0] == mirrored.get(mark)), None)
            if match is not None:
                pairs.append((opened[match][1], index))
                del opened[match:]
    for start, end in sorted(pairs):
        within = {kind for kind in strong[start + 1 : end] if kind in ("L", "R")}
        before = next((kind for kind in reversed(strong[:start]) if kind in ("L", "R")), base)
        if within:
            way = base if base in within or before == base else before
            for at in (start, end):
                characters[at]["type"] = strong[at] = way


def visual(glyphs: Sequence[Glyph]) -> tuple[Glyph, ...]:
    """One line of glyphs in the order it is drawn from left to right (rule L2 of the bidirectional algorithm)."""
    highest = max((glyph.level for glyph in glyphs), default=0)
    if not highest:
        return tuple(glyphs)
    drawn = list(glyphs)
    for level in range(highest, 0, -1):
        start = 0
        while start < len(drawn):
            end = start
            while end < len(drawn) and drawn[end].level >= level:
                end += 1
            drawn[start:end] = reversed(drawn[start:end])
            start = end + 1
    return tuple(drawn)


def normal(text: str) -> str:
    """The text in NFC, every kind of space a plain one, line ends as newline."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(" " if unicodedata.category(character) == "Zs" else character for character in composed)


def width(glyphs: Iterable[Glyph]) -> float:
    """The advance of a run."""
    return sum(glyph.advance for glyph in glyphs)


@cache
def regular() -> Typeface:
    """The typeface of text on forms and covers; made once per process."""
    return Typeface(400, "Regular")


@cache
def bold() -> Typeface:
    """The typeface of headings; made once per process."""
    return Typeface(700, "Bold")


class Subset:
    """One face's letters in one document. Built by one filling, then embedded; not shared between threads.

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
        return tuple(self.face.advance(gid) for gid, _ in self._codes)

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
        order = [0, *(gid for gid, _ in self._codes)]
        tables = self.face.tables(order)
        numbers = {gid: number for number, gid in reversed(list(enumerate(order)))}
        outlines: list[bytes] = []
        while len(outlines) < len(order):
            # Parts of composite letters (the ~ of ñ) are added to `order` as they turn up.
            outlines.append(_renumber(tables.outline(order[len(outlines)]), order, numbers))
        padded = [record + b"\0" * (-len(record) % 4) for record in outlines]
        offsets = [0]
        for record in padded:
            offsets.append(offsets[-1] + len(record))
        count = len(order)
        head = bytearray(tables.head)
        struct.pack_into(">I", head, 8, 0)
        struct.pack_into(">h", head, 50, 1)  # long loca
        hhea = bytearray(tables.hhea)
        struct.pack_into(">H", hhea, 34, count)
        maxp = bytearray(tables.maxp)
        struct.pack_into(">H", maxp, 4, count)
        return _sfnt(
            {
                b"glyf": b"".join(padded),
                b"head": bytes(head),
                b"hhea": bytes(hhea),
                b"hmtx": b"".join(tables.metrics(gid) for gid in order),
                b"loca": struct.pack(f">{len(offsets)}I", *offsets),
                b"maxp": bytes(maxp),
            }
        )


class Letters:
    """All the letters of one document, face by face, and what each face is called in it."""

    def __init__(self) -> None:
        self._subsets: dict[Face, tuple[str, Subset]] = {}

    def of(self, face: Face) -> tuple[str, Subset]:
        """The resource name of a face in this document, and its letters."""
        if face not in self._subsets:
            self._subsets[face] = (f"LimpioF{len(self._subsets)}", Subset(face))
        return self._subsets[face]

    def fonts(self) -> Mapping[str, Subset]:
        """Resource name -> subset to embed."""
        return dict(self._subsets.values())


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
