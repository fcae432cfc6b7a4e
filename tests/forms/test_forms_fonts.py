"""Letters: what prints, what is refused, and layout that never loses or clips a word."""

from __future__ import annotations

import doctest
import io
import unicodedata

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

import forms.appearance as appearance
import forms.fonts as fonts
import forms.reasons as reasons
from forms.appearance import PAD, Box, lay_out, split
from forms.fonts import NoGlyph, Subset, normal, regular, width

VIETNAMESE = "ẠẶẰẲẴẮẬẦẨẪẤẢÃÁÀĂÂĐẸỆỀỂỄẾẺẼÉÈÊỊỈĨÍÌỌỘỒỔỖỐỎÕÓÒÔƠỢỜỞỠỚỤỦŨÚÙƯỰỪỬỮỨỴỲỶỸÝ"

SPEAKABLE = st.text(alphabet=st.sampled_from("abc éñŁễȘ½'-.MWil \n"), max_size=400)


@pytest.mark.parametrize("module", [fonts, appearance, reasons])
def test_examples_in_the_essays_are_true(module: object) -> None:
    result = doctest.testmod(module)  # type: ignore[arg-type]
    assert result.attempted
    assert not result.failed


@pytest.mark.parametrize(
    "text", [VIETNAMESE, VIETNAMESE.lower(), "ñÑ ŁłŻż Șș Őő Čč Įį", "Ђорђе Олена", "Αθηνά", "ʻOkina §½—“”"]
)
def test_these_names_print(text: str) -> None:
    assert "".join(glyph.text for glyph in regular().shape(normal(text))) == normal(text)


@pytest.mark.parametrize(
    ("text", "character"),
    [
        *(("Ana 😀", "😀"), ("王", "王"), ("علي", "ع"), ("שרה", "ש")),
        *(("a\tb", "\t"), ("a\x00", "\x00"), ("a\u200bb", "\u200b")),
    ],
)
def test_these_do_not(text: str, character: str) -> None:
    with pytest.raises(NoGlyph) as refused:
        regular().shape(normal(text))
    assert refused.value.character == character


def test_separate_marks_are_placed_over_their_letter() -> None:
    text = normal("ą\u0301")
    assert len(text) == 2
    base, mark = regular().shape(text)
    assert (base.text, mark.text) == (text, "")
    assert mark.advance == 0
    assert mark.dx < 0 < base.advance


def test_line_ends_and_spaces_are_made_plain() -> None:
    assert normal("a\r\nb\rc\u00a0d\u202fe") == "a\nb\nc d e"
    assert normal("n\u0303") == "ñ"


def test_a_subset_is_a_font_with_the_same_outlines() -> None:
    face = regular()
    subset = Subset(face)
    glyphs = face.shape("Año Nguyễn ½")
    codes = [subset.code(glyph) for glyph in glyphs]
    cut = TTFont(io.BytesIO(subset.font_file()))
    whole = TTFont(io.BytesIO(face.data))
    for glyph, code in zip(glyphs, codes, strict=True):
        mine = cut["glyf"][cut.getGlyphName(code)]
        theirs = whole["glyf"][whole.getGlyphName(glyph.gid)]
        assert mine.getCoordinates(cut["glyf"]) == theirs.getCoordinates(whole["glyf"])
        assert cut["hmtx"].metrics[cut.getGlyphName(code)][0] == glyph.advance
    cut.close()
    whole.close()
    assert "<00F1>" in subset.to_unicode().decode()


def test_bold_is_bold() -> None:
    letter = fonts.bold().shape("n")[0]
    assert letter.advance > regular().shape("n")[0].advance


def test_sixty_letters_shrink_but_stay_legible() -> None:
    name = "Maximiliana Guadalupe Hernández-Villanueva de la Peña y Ruiz"
    assert len(name) == 60
    layout = lay_out(name, Box(336, 9), regular(), size=9)
    assert layout is not None
    assert 7 <= layout.size <= 9


@pytest.mark.parametrize("text", ["Nguyễn", "ẪNG", "Ṩẫ", "Agjpqy|"])
def test_tall_and_deep_letters_stay_inside_a_low_box(text: str) -> None:
    box = Box(200, 9)
    layout = lay_out(text, box, regular(), size=9)
    assert layout is not None
    line = layout.lines[0]
    for glyph in line.glyphs:
        low, high = regular().heights(glyph.gid)
        assert line.y + low / regular().units * layout.size >= -0.01
        assert line.y + high / regular().units * layout.size <= box.height + 0.01


def test_too_long_is_an_answer_not_a_clipped_line() -> None:
    assert lay_out("W" * 80, Box(300, 9), regular(), size=9) is None
    assert lay_out("word " * 500, Box(100, 40), regular(), size=9, multiline=True) is None


@pytest.mark.parametrize(("align", "left"), [(0, PAD), (1, None), (2, None)])
def test_quadding(align: int, left: float | None) -> None:
    box = Box(100, 12)
    layout = lay_out("Ruiz", box, regular(), size=9, align=align)
    assert layout is not None
    wide = width(layout.lines[0].glyphs) / regular().units * 9
    starts = {0: PAD, 1: (100 - wide) / 2, 2: 100 - PAD - wide}
    assert layout.lines[0].x == pytest.approx(starts[align])
    assert left is None or layout.lines[0].x == left


@given(SPEAKABLE)
def test_wrapping_loses_nothing_and_stays_inside(text: str) -> None:
    box = Box(120, 60)
    layout = lay_out(text, box, regular(), size=11, multiline=True)
    if layout is None:
        return
    shown = "".join(glyph.text for line in layout.lines for glyph in line.glyphs)
    assert shown.replace(" ", "") == "".join(normal(text).split())
    for line in layout.lines:
        assert line.x + width(line.glyphs) / regular().units * layout.size <= box.width - PAD + 0.01
        assert line.y >= 0


@given(SPEAKABLE)
def test_splitting_loses_nothing_and_every_piece_fits(text: str) -> None:
    box = Box(120, 40)
    pieces = split(text, box, regular(), size=10)
    assert "".join("".join(pieces).split()) == "".join(unicodedata.normalize("NFC", text).split())
    for piece in pieces:
        assert lay_out(piece, box, regular(), size=10, floor=10, multiline=True) is not None
