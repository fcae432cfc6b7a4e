"""Whatever a person is called and writes: every value stands in its box, in two engines, and every other box is blank.

Values are drawn for every form that is filled. What must hold for all of them: each expected field reads back and all
others are empty; ink inside each filled box and nowhere else; nothing clipped, no line over another; what does not fit
comes back whole. The court's own page is the blank's, byte for byte.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pikepdf
import pypdf
import pytest
from drawn import ENGINES, changed, pdfium, qpdf_says, words
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pikepdf import Array, Pdf
from PIL import ImageChops
from readback import CAPTION, STORY, Answers, boxes, expected, ink_is_where_it_belongs, overlapping
from tagged import elements, told

import forms
from forms import Overflow, Part
from forms.adopt import _active
from forms.appearance import Box, Layout, lay_out
from forms.blanks import read_blank
from forms.fill import SEE_ATTACHMENT
from forms.flatten import Widget, read_blank_bytes
from forms.fonts import normal, regular

FORMS = ["CR-180", "CR-181", "CR-400", "CR-410", "MC-025", "MC-030", "MC-031", "FW-001", "FW-003"]
SIXTY = "Maximiliana Guadalupe Hernández-Villanueva de la Peña y Ruiz"
NAMES = (
    *(SIXTY, "Ñ", "Iñaki Łoś-Żółkiewska", "Nguyễn Thị Ơn", "Ẫ Ỷ Ộ Ặ", "Dezbą\u0301 Yazzie", "Ọ\u0301lá Adé"),
    *(
        "王小明",
        "劉德華 (Andy Lau)",
        "محمد علي",
        "Ana (كريم) Ruiz",
        "علی\u200cرضا",
        "김민준",
        "Олена",
        "Արամ",
        "שרה כהן",
    ),
)
"""Sixty characters, Spanish, Polish, Vietnamese, marks that stay separate, Chinese, Arabic, Persian, Korean, ..."""
LETTERS = "aeÑñŁłễơẪ gjpqy王明محعلي김Ж'-."
SETTINGS = settings(
    max_examples=2,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
"""Two examples a form, each of many values: rendering is what costs. None is made smaller for the same reason."""


@pytest.fixture(params=FORMS)
def form(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@cache
def widgets(form: str, blanks: Path) -> dict[str, Widget]:
    """The first widget of every text field."""
    found = read_blank_bytes(read_blank(forms.specs()[form], blanks)).widgets
    return {name: boxes[0] for name, boxes in found.items()}


def written(limit: int | None, several: bool) -> st.SearchStrategy[str]:
    """What a person may write in a box: names, any letters, and in a tall box up to thirty lines."""
    line = st.one_of(st.sampled_from(NAMES), st.text(st.sampled_from(LETTERS), max_size=59).map("Ñ{}".format))
    if limit is not None:
        return st.text(st.sampled_from("CANÑ9"), min_size=1, max_size=limit)
    if several:
        return st.one_of(line, st.lists(line, min_size=1, max_size=30).map("\n".join))
    return line


@st.composite
def answers_for(draw: st.DrawFn, form: str, blanks: Path) -> Answers:
    """Values for some of the boxes that may be filled, as the form's rules between boxes allow them."""
    spec = forms.specs()[form]
    values: Answers = {}
    for key, place in spec.fields.items():
        if place.empty or not draw(st.booleans()):
            continue
        if place.kind == "check":
            values[key] = True
            continue
        widget = widgets(form, blanks)[place.name]
        small = widget.rect[2] - widget.rect[0] < 40
        text = draw(written(min(widget.max_len or 2, 2) if small else widget.max_len, widget.multiline))
        if normal(text).strip():
            values[key] = normal(text).strip()
    one_field: dict[str, list[str]] = {}
    for place in spec.places:
        if place.kind == "check" and place.key:
            one_field.setdefault(place.name, []).append(place.key)
    for group in [*(rule.keys for rule in spec.check_one), *one_field.values()]:
        for key in [key for key in group if key in values][1:]:
            del values[key]
    for rule in spec.agree:
        if any(key in values for key in rule.keys):
            values |= dict.fromkeys(rule.keys, True)
    return values


@SETTINGS
@given(data=st.data())
def test_every_field_reads_back_and_every_other_is_blank(form: str, blanks: Path, data: st.DataObject) -> None:
    values = data.draw(answers_for(form, blanks))
    filled = forms.fill(form, values, blanks=blanks, flat=False)
    attached = {item.key for item in filled.overflow}
    spec = forms.specs()[form]
    found = boxes(filled.pdf)
    for name, wanted in expected(spec, values).items():
        (place, *_) = [place for place in spec.places if place.name == name]
        if (place.copies or place.key) in attached:
            assert found[name] in SEE_ATTACHMENT
        else:
            assert found[name] == wanted, place.label
    assert {item.key: item.text for item in filled.overflow} == {key: values[key] for key in attached}


@pytest.mark.parametrize("engine", list(ENGINES))
@SETTINGS
@given(data=st.data())
def test_ink_is_in_every_filled_box_and_nowhere_else(form: str, engine: str, blanks: Path, data: st.DataObject) -> None:
    ink_is_where_it_belongs(form, data.draw(answers_for(form, blanks)), engine, blanks)


@SETTINGS
@given(data=st.data())
def test_every_value_can_be_found_and_is_told(form: str, blanks: Path, data: st.DataObject) -> None:
    """As text in the order it is read: by search, by copying, by reading software."""
    values = data.draw(answers_for(form, blanks))
    filled = forms.fill(form, values, blanks=blanks)
    heard = " ".join(told(filled.pdf).split())
    with Pdf.open(BytesIO(filled.pdf)) as document:
        spoken = {" ".join(element.actual.split()) for element in elements(document)}
    for key, value in values.items():
        if value is not True and all(item.key != key for item in filled.overflow):
            text = " ".join(str(value).split())
            assert text in heard or text in spoken, key


def test_ink_of_two_boxes_never_meets(form: str, blanks: Path) -> None:
    """Some lines of the oldest forms are closer than their boxes are high: the tallest and deepest letters, alone and
    together, must still make the same picture."""
    spec = forms.specs()[form]
    keys = {place.name: place.key for place in spec.places if place.key and place.kind == "text"}
    for one, other in overlapping(form):
        first, second = keys[one], keys[other]
        assert first is not None
        assert second is not None
        page = spec.fields[first].spots[0].page
        empty = pdfium(forms.fill(form, {}, blanks=blanks).pdf, page)
        alone = [
            changed(empty, pdfium(forms.fill(form, {key: "ẪỘŁÑgjqy"}, blanks=blanks).pdf, page))
            for key in (first, second)
        ]
        assert ImageChops.multiply(*alone).getbbox() is None, (first, second)


# Names ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", list(ENGINES))
@pytest.mark.parametrize("name", NAMES)
def test_a_name_prints_on_the_petition(name: str, engine: str, blanks: Path) -> None:
    values: Answers = {**CAPTION, "filer_name": name, "defendant": name, "sign_name": name}
    assert forms.fill("CR-180", values, blanks=blanks).overflow == ()
    ink_is_where_it_belongs("CR-180", values, engine, blanks)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_found_on_every_page_and_on_the_cover(name: str, blanks: Path) -> None:
    form = forms.fill("CR-180", {"defendant": name}, blanks=blanks).pdf
    cover = forms.cover(
        [forms.Heading(name), forms.Rows(((name, name),)), forms.Note(name)], title=name, lang="es", footer=name
    )
    for pdf, times in ((form, 3), (cover, 5)):
        assert _plain(words(pdf)).count(_plain(name)) == times


def _plain(text: str) -> str:
    """Without spaces, and without what Poppler moves about when it guesses at letters written to the left: invisible
    marks and brackets."""
    return "".join(each for each in text if unicodedata.category(each) not in ("Cf", "Zs", "Cc", "Ps", "Pe"))


@pytest.mark.parametrize("form", ["CR-180", "CR-400", "FW-001", "MC-030"])
def test_no_name_makes_a_file_much_larger(form: str, blanks: Path) -> None:
    plain = len(forms.fill(form, {"sign_name": "Ana"}, blanks=blanks).pdf)
    for name in NAMES:
        assert len(forms.fill(form, {"sign_name": name}, blanks=blanks).pdf) < plain + 12_000, name


# Lines ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", list(ENGINES))
@pytest.mark.parametrize("count", [5, 6, 30])
@pytest.mark.parametrize(("form", "key"), [("CR-180", "item_6_text"), ("MC-025", "body"), ("MC-031", "body")])
def test_five_six_and_thirty_lines(form: str, key: str, count: int, engine: str, blanks: Path) -> None:
    text = "\n".join(f"{number}. Ñandú gÿ" for number in range(1, count + 1))
    filled = forms.fill(form, {key: text}, blanks=blanks)
    ink_is_where_it_belongs(form, {key: text}, engine, blanks)
    if not filled.overflow:
        assert _plain(text) in _plain(words(filled.pdf))
    else:
        assert (form, count) == ("CR-180", 30)
        pages = forms.attachments(form, filled.overflow, short_title="People v. X", case_number="1", blanks=blanks)
        assert _plain(text) in _plain("".join(words(page) for page in pages))


@pytest.mark.parametrize("extra", [0, 1, 25])
def test_five_six_and_thirty_offenses(extra: int, blanks: Path) -> None:
    """Five stand in the rows of item 1, all others on MC-025, as the form says."""
    rows: Answers = {f"count_{number}_section": f"1148{number}(a)" for number in range(1, 6)}
    filled = forms.fill("CR-180", {**CAPTION, **rows}, blanks=blanks)
    text = words(filled.pdf)
    assert all(str(value) in text for value in rows.values())
    more = "\n".join(f"{number}. Penal Code, section {400 + number}, misdemeanor" for number in range(6, 6 + extra))
    pages = forms.attachments(
        "CR-180",
        (Overflow("conviction_date", "1", more),) if extra else (),
        short_title="People v. 王小明",
        case_number="BA-1",
        blanks=blanks,
    )
    attached = "".join(words(page) for page in pages)
    assert attached.count("misdemeanor") == extra
    assert _plain(more) in _plain(attached)


@pytest.mark.parametrize("engine", list(ENGINES))
@pytest.mark.parametrize(("form", "length"), [("MC-025", 4000), ("MC-025", 8000), ("MC-031", 4000)])
def test_a_long_declaration(form: str, length: int, engine: str, blanks: Path) -> None:
    """4,000 characters fit on one MC-025 and run over pages of MC-031; nothing is lost, repeated or clipped."""
    story = (STORY * 60)[: length - 10].rstrip() + " 王小明 محمد"
    text = "\n".join(story[start : start + 400] for start in range(0, len(story), 400))
    pieces = forms.pages_of(form, "body", text, blanks=blanks)
    assert (len(pieces) > 1) == ((form, length) != ("MC-025", 4000))
    assert _plain("".join(pieces)) == _plain(text)
    for piece in pieces:
        ink_is_where_it_belongs(form, {"body": piece}, engine, blanks)
        assert _plain(piece.split("محمد")[0]) in _plain(words(forms.fill(form, {"body": piece}, blanks=blanks).pdf))
    assert forms.fill(form, {"body": pieces[0] + "\n" + "\n".join(["x"] * 60)}, blanks=blanks).overflow


@given(
    st.lists(st.one_of(st.sampled_from(NAMES), st.text(st.sampled_from(LETTERS), max_size=80)), max_size=12),
    st.floats(60, 500),
    st.floats(9, 200),
)
def test_lines_neither_overlap_nor_leave_their_box(lines: list[str], wide: float, tall: float) -> None:
    """The ink of each letter, by its outline: within the box, and above the ink of the line that follows."""
    box = Box(wide, tall)
    made = lay_out("\n".join(lines), box, regular(), size=10, multiline=True) if tall > 24 else None
    single = lay_out(" ".join(lines), box, regular(), size=10)
    for layout in (made, single):
        if layout is None:
            continue
        spans = [_span(layout, number) for number in range(len(layout.lines))]
        assert all(low >= -0.8 and high <= tall + 0.8 for low, high in spans)
        for (low, _), (_, high) in pairwise(spans):
            assert low >= high - 0.01
        for line in layout.lines:
            right = line.x + sum(glyph.advance for glyph in line.glyphs) * layout.size / 1000
            assert line.x >= 0
            assert right <= wide + 0.01


def _span(layout: Layout, number: int) -> tuple[float, float]:
    line = layout.lines[number]
    heights = [(glyph.face.heights(glyph.gid), glyph.dy) for glyph in line.glyphs]
    low = min((low + dy for (low, _), dy in heights), default=0.0)
    high = max((high + dy for (_, high), dy in heights), default=0.0)
    return line.y + low * layout.size / 1000, line.y + high * layout.size / 1000


# The court's own page ------------------------------------------------------------------------------------------------


def _streams(page: pikepdf.Page) -> list[bytes]:
    contents = page.obj.Contents
    return [stream.read_bytes() for stream in (contents if isinstance(contents, Array) else [contents])]


@SETTINGS
@given(data=st.data())
def test_the_wording_is_the_courts_byte_for_byte(form: str, blanks: Path, data: st.DataObject) -> None:
    """The blank's streams are all there, in order, around and after them only numbered stretches with our ink; the
    resources they draw with are the blank's."""
    values = data.draw(answers_for(form, blanks))
    paper = forms.fill(form, values, blanks=blanks).pdf
    packet = forms.merge([Part(paper, form)], title="t", lang="en")
    for pdf in (paper, packet):
        with Pdf.open(blanks / f"{form}.pdf") as blank, Pdf.open(BytesIO(pdf)) as filled:
            assert len(blank.pages) == len(filled.pages)
            for before, after in zip(blank.pages, filled.pages, strict=True):
                own, whole = _streams(before), _streams(after)
                at = [whole.index(stream) for stream in own]
                assert at == sorted(at)
                for number, stream in enumerate(whole):
                    if number > max(at):
                        continue
                    assert number in at or not {b"Tj", b"TJ", b"Do", b"re", b"m"} & set(stream.split())
                for kind in ("/Font", "/XObject", "/ExtGState", "/Properties", "/ColorSpace"):
                    mine, theirs = after.obj.Resources.get(kind, {}), before.obj.Resources.get(kind, {})
                    assert {str(name) for name in theirs} <= {str(name) for name in mine}
                    for name in theirs:
                        if isinstance(theirs[name], pikepdf.Stream):
                            assert theirs[name].read_raw_bytes() == mine[name].read_raw_bytes()
                    assert all(str(name).startswith("/LimpioF") for name in set(mine) - set(theirs))


def test_an_empty_filling_looks_like_the_blank(form: str, blanks: Path) -> None:
    """PDFium draws pages without their boxes: what is left of the blank is the paper."""
    blank, empty = (blanks / f"{form}.pdf").read_bytes(), forms.fill(form, {}, blanks=blanks).pdf
    for page in range(1, forms.specs()[form].pages + 1):
        assert pdfium(blank, page).tobytes() == pdfium(empty, page).tobytes()


@SETTINGS
@given(data=st.data())
def test_every_reader_opens_it_without_complaint(
    form: str, blanks: Path, caplog: pytest.LogCaptureFixture, data: st.DataObject
) -> None:
    values = data.draw(answers_for(form, blanks))
    paper, open_copy = (forms.fill(form, values, blanks=blanks, flat=flat).pdf for flat in (True, False))
    packet = forms.merge([Part(paper, form)], title="t", lang="en")
    for pdf in (paper, open_copy, packet):
        qpdf_says(pdf)
        with Pdf.open(BytesIO(pdf)) as document:
            assert document.check_pdf_syntax() == []
            assert _active(document) == set()
            assert all(
                box.Subtype == pikepdf.Name.Widget for page in document.pages for box in page.obj.get("/Annots", [])
            )
        caplog.clear()
        for page in pypdf.PdfReader(BytesIO(pdf), strict=True).pages:
            page.extract_text()
        assert [record.getMessage() for record in caplog.records] == []
