"""Letters: what prints, what is refused, and layout that never loses or clips a word."""

from __future__ import annotations

import doctest
import io
import subprocess
import sys
import unicodedata
from collections.abc import Callable

import pytest
from bidi import get_display
from fontTools.pens.areaPen import AreaPen
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

import forms.appearance as appearance
import forms.fonts as fonts
import forms.reasons as reasons
from forms.appearance import PAD, Box, lay_out, split
from forms.fonts import NoGlyph, Subset, Typeface, bold, normal, regular, visual, width

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
        *(("Ana 😀", "😀"), ("王😀", "😀"), ("𐐀", "𐐀")),
        *(("a\tb", "\t"), ("a\x00", "\x00"), ("王\x00", "\x00"), ("a\u200bb", "\u200b")),
        *(("a\u200c", "\u200c"), ("\u200dع", "\u200d"), ("علي\u200f", "\u200f")),
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


@pytest.mark.parametrize("typeface", [regular, bold])
@pytest.mark.parametrize("text", ["Año Nguyễn ½", "محمد", "ខ្មែរ", "王小明劉"])
def test_a_subset_is_a_font_with_the_same_outlines(text: str, typeface: Callable[[], Typeface]) -> None:
    """The outlines that are embedded, against fontTools' own instance of the face at its weight."""
    glyphs = typeface().shape(text)
    face = glyphs[0].face
    subset = Subset(face)
    codes = [subset.code(glyph) for glyph in glyphs]
    cut = TTFont(io.BytesIO(subset.font_file()))
    whole = TTFont(face.path)
    outlines = whole.getGlyphSet(location={"wght": 400 if typeface is regular else 700})
    for glyph, code in zip(glyphs, codes, strict=True):
        mine, theirs = AreaPen(cut.getGlyphSet()), AreaPen(outlines)
        cut.getGlyphSet()[cut.getGlyphName(code)].draw(mine)
        outlines[whole.getGlyphName(glyph.gid)].draw(theirs)
        assert mine.value == pytest.approx(theirs.value, rel=0.01)
        assert cut["hmtx"].metrics[cut.getGlyphName(code)][0] * 1000 / cut["head"].unitsPerEm == pytest.approx(
            face.advance(glyph.gid), abs=0.6
        )
    cut.close()
    whole.close()
    assert f"<{ord(glyphs[0].text[0]):04X}" in subset.to_unicode().decode()


@pytest.mark.parametrize(
    ("text", "face"),
    [
        *(("王小明", "NotoSansSC"), ("劉德華", "NotoSansSC"), ("김민준", "NotoSansKR"), ("さくら", "NotoSansSC")),
        *(("محمد علي", "NotoSansArabic"), ("علی\u200cرضا", "NotoSansArabic"), ("Արամ", "NotoSansArmenian")),
        *(("ខ្មែរ", "NotoSansKhmer"), ("ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ", "NotoSansGurmukhi"), ("שרה כהן", "Arimo"), ("Олена", "Arimo")),
        *(("Tsab Xyooj", "Arimo"), ("Mag-asawa ng̃", "Arimo"), ("ሰላም", "NotoSansEthiopic")),
    ],
)
def test_names_of_other_scripts_print_in_their_face(text: str, face: str) -> None:
    """California's larger language communities: every letter is there, in the order it was typed."""
    glyphs = regular().shape(normal(text))
    assert "".join(glyph.text for glyph in glyphs) == normal(text)
    assert {glyph.face.name for glyph in glyphs if glyph.text != " "} == {f"{face}-Regular"}
    assert all(glyph.gid for glyph in glyphs)


def test_arabic_letters_join_and_are_drawn_from_the_right() -> None:
    """The letter meem has one shape alone and another at the start of a name."""
    alone, name = regular().shape("م"), regular().shape("محمد")
    assert alone[0].gid != name[0].gid
    assert [glyph.text for glyph in visual(name)] == ["د", "م", "ح", "م"]


def test_latin_and_digits_keep_their_order_among_letters_written_to_the_left() -> None:
    drawn = "".join(glyph.text for glyph in visual(regular().shape("שרה (Ana) 12")))
    assert drawn == "12 )Ana( הרש"  # the closing parenthesis comes first here, and is drawn as "("
    drawn = "".join(glyph.text for glyph in visual(regular().shape("שרה (Ana) Ruiz")))
    assert drawn == "Ruiz )Ana( הרש"
    drawn = "".join(glyph.text for glyph in visual(regular().shape("Ana (שרה) כהן Ruiz")))
    assert drawn == "Ana (הרש) ןהכ Ruiz"
    drawn = "".join(glyph.text for glyph in visual(regular().shape("Ana שרה כהן Ruiz")))
    assert drawn == "Ana ןהכ הרש Ruiz"
    assert visual(regular().shape("Ana")) == regular().shape("Ana")


@given(
    st.lists(st.sampled_from(["שרה", "كريم", "Ana", "Ruiz", "12", *"()[] -.,"]), min_size=1, max_size=9).map("".join)
)
def test_the_order_is_that_of_the_whole_bidirectional_algorithm(text: str) -> None:
    """python-bidi holds two of it: the old one in Python, which gives levels but no rule N0 and is used here, and the
    crate unicode-bidi, which gives only the result."""
    text = text.strip()
    assert "".join(glyph.text for glyph in visual(regular().shape(text))) == get_display(text)


def test_nobody_pays_for_the_faces_of_others() -> None:
    """In a process of its own: Latin names map Arimo alone; a Chinese name adds a few megabytes, not the file's 17."""
    program = (
        "from forms.fonts import Letters, regular, visual\n"
        "def resident(): return int(open('/proc/self/statm').read().split()[1]) * 4096\n"
        "regular().shape('Ana Nguyễn'); print(len(regular().faces)); before = resident()\n"
        "letters = Letters()\n"
        "for glyph in regular().shape('王小明'): letters.of(glyph.face)[1].code(glyph)\n"
        "print(sum(len(subset.font_file()) for subset in letters.fonts().values())); print(resident() - before)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    opened, embedded, grown = (int(line) for line in done.stdout.split())
    assert opened == 1
    assert embedded < 2000
    assert grown < 12_000_000


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
        low, high = glyph.face.heights(glyph.gid)
        assert line.y + low / 1000 * layout.size >= -0.01
        assert line.y + high / 1000 * layout.size <= box.height + 0.01


def test_too_long_is_an_answer_not_a_clipped_line() -> None:
    assert lay_out("W" * 80, Box(300, 9), regular(), size=9) is None
    assert lay_out("word " * 500, Box(100, 40), regular(), size=9, multiline=True) is None


@pytest.mark.parametrize(("align", "left"), [(0, PAD), (1, None), (2, None)])
def test_quadding(align: int, left: float | None) -> None:
    box = Box(100, 12)
    layout = lay_out("Ruiz", box, regular(), size=9, align=align)
    assert layout is not None
    wide = width(layout.lines[0].glyphs) / 1000 * 9
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
        assert line.x + width(line.glyphs) / 1000 * layout.size <= box.width - PAD + 0.01
        assert line.y >= 0


@given(SPEAKABLE)
def test_splitting_loses_nothing_and_every_piece_fits(text: str) -> None:
    box = Box(120, 40)
    pieces = split(text, box, regular(), size=10)
    assert "".join("".join(pieces).split()) == "".join(unicodedata.normalize("NFC", text).split())
    for piece in pieces:
        assert lay_out(piece, box, regular(), size=10, floor=10, multiline=True) is not None
