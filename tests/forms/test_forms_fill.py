"""Filling: read back every box with two libraries, look at the flat page with two engines, refuse what is wrong."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdf
import pytest
from drawn import ENGINES, blotted, changed, ink, qpdf_says, words
from pikepdf import Array, Dictionary, Name, Pdf
from readback import READ_FROM_FILE

import forms
from forms.adopt import adopt, full_name, widgets
from forms.compare import differences
from forms.fill import fill_spec
from forms.spec import FormSpec, SpecError, Spot, read_spec

Answers = dict[str, str | bool]

ATTACHED: Answers = {
    "short_title": "People v. Nguyễn",
    "case_number": "BA-123456",
    "attachment_number": "2c",
    "body": "First line.\n\nMaría wrote this." + " It goes on and on." * 40,
    "page": "1",
    "of": "2",
}


def expected(spec: FormSpec, answers: Answers) -> dict[str, str]:
    """Full field name -> value as a PDF reader shows it; every box of the form, empty ones too."""
    told = {}
    for place in spec.places:
        if place.kind in ("text", "check"):
            value = answers.get(place.key or "", "")
            told[place.name] = (f"/{place.on}" if value else "/Off") if place.kind == "check" else str(value)
    return told


@pytest.fixture(params=["CR-400", "MC-025"])
def case(request: pytest.FixtureRequest, answers: Answers) -> tuple[str, Answers]:
    return request.param, answers if request.param == "CR-400" else ATTACHED


# The fillable copy ---------------------------------------------------------------------------------------------------


def test_pikepdf_reads_back_every_box(case: tuple[str, Answers], blanks: Path) -> None:
    form, values = case
    filled = forms.fill(form, values, blanks=blanks, flat=False)
    qpdf_says(filled.pdf)
    assert filled.overflow == ()
    spec = forms.specs()[form]
    with Pdf.open(BytesIO(filled.pdf)) as pdf:
        found = {}
        for box in pdf.pages[0].obj.Annots:
            check = Name.Btn == box.FT
            found[full_name(box)] = str(box.get("/AS", Name.Off)) if check else str(box.get("/V", ""))
            assert str(box.get("/V", Name.Off)) == found[full_name(box)] or not check
            if not check:
                assert ("/AP" in box) == bool(found[full_name(box)])
        assert "/NeedAppearances" not in pdf.Root.AcroForm
    assert found == expected(spec, values)


def test_pypdf_reads_back_every_box(case: tuple[str, Answers], blanks: Path) -> None:
    form, values = case
    filled = forms.fill(form, values, blanks=blanks, flat=False)
    fields = pypdf.PdfReader(BytesIO(filled.pdf)).get_fields()
    assert fields is not None
    spec = forms.specs()[form]
    for name, value in expected(spec, values).items():
        read = fields[name].get("/V", "")
        assert read == value or (value == "/Off" and not read)


def test_flat_and_fillable_show_the_same_ink(case: tuple[str, Answers], blanks: Path) -> None:
    form, values = case
    poppler = ENGINES["poppler"]
    flat = poppler(forms.fill(form, values, blanks=blanks).pdf)
    fillable = poppler(forms.fill(form, values, blanks=blanks, flat=False).pdf)
    assert ink(changed(flat, fillable), (0, 0, 612, 792)) < 60


# The flat copy -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", list(ENGINES))
def test_ink_is_in_the_filled_boxes_and_nowhere_else(engine: str, case: tuple[str, Answers], blanks: Path) -> None:
    form, values = case
    render = ENGINES[engine]
    empty, filled = (forms.fill(form, given, blanks=blanks).pdf for given in ({}, values))
    difference = changed(render(empty), render(filled))
    spec = forms.specs()[form]
    boxes = {key: place.spots[0].rect for key, place in spec.fields.items()}
    for key, rect in boxes.items():
        if values.get(key):
            assert ink(difference, rect) > 8, f"nothing drawn in {key}"
    for key, rect in boxes.items():
        if values.get(key):
            blotted(difference, rect, 0.7)
    assert ink(difference, (0, 0, 612, 792)) == 0, "ink outside the filled boxes"


def test_flat_text_is_text(answers: Answers, blanks: Path) -> None:
    filled = forms.fill("CR-400", answers, blanks=blanks)
    text = words(filled.pdf, layout=True)
    for value in answers.values():
        assert value is True or str(value) in text
    for letter in "ñŁễȘ½":
        assert letter in text or letter.upper() in text
    through_pypdf = pypdf.PdfReader(BytesIO(filled.pdf)).pages[0].extract_text()
    assert "María-José Nguyễn Żółkiewska" in through_pypdf


def test_flat_pages_have_no_boxes_and_nothing_active(case: tuple[str, Answers], blanks: Path) -> None:
    form, values = case
    filled = forms.fill(form, values, blanks=blanks)
    qpdf_says(filled.pdf)
    with Pdf.open(BytesIO(filled.pdf)) as pdf:
        assert "/AcroForm" not in pdf.Root
        assert all("/Annots" not in page.obj for page in pdf.pages)
        assert str(pdf.docinfo.Title).startswith(form)
        out = BytesIO()
        pdf.save(out, qdf=True)
    for word in (b"/XFA", b"/JS", b"/OpenAction", b"/URI", b"/Perms", b"/AA", b"/Widget"):
        assert word not in out.getvalue()


def test_the_printed_wording_is_all_there(answers: Answers, blanks: Path) -> None:
    blank = words((blanks / "CR-400.pdf").read_bytes()).split()
    filled = words(forms.fill("CR-400", answers, blanks=blanks).pdf).split()
    for word in set(blank):
        assert filled.count(word) >= blank.count(word), word


def test_the_file_stays_small_and_the_same(answers: Answers, blanks: Path) -> None:
    one, two = (forms.fill("CR-400", answers, blanks=blanks).pdf for _ in range(2))
    assert one == two
    assert len(one) < len(forms.fill("CR-400", {}, blanks=blanks).pdf) + 40_000


def test_embedded_letters_have_a_font_and_a_way_back(answers: Answers, blanks: Path) -> None:
    with Pdf.open(BytesIO(forms.fill("CR-400", answers, blanks=blanks).pdf)) as pdf:
        font = pdf.pages[0].obj.Resources.Font.LimpioF0
        assert font.Subtype == Name.Type0
        assert font.Encoding == Name("/Identity-H")
        assert "/FontFile2" in font.DescendantFonts[0].FontDescriptor
        assert b"beginbfchar" in font.ToUnicode.read_bytes()


def test_an_empty_filling_is_the_blank(blanks: Path) -> None:
    for form in READ_FROM_FILE:
        filled = forms.fill(form, dict.fromkeys(forms.specs()[form].fields, ""), blanks=blanks)
        assert sorted(words(filled.pdf).split()) == sorted(words((blanks / f"{form}.pdf").read_bytes()).split())


def test_threads_do_not_disturb_each_other(answers: Answers, blanks: Path) -> None:
    alone = {n: forms.fill("CR-400", {**answers, "case_number": f"N{n}"}, blanks=blanks).pdf for n in range(6)}
    together: dict[int, list[bytes]] = {n: [] for n in alone}

    def work(n: int) -> None:
        for flat in (True, False, True):
            made = forms.fill("CR-400", {**answers, "case_number": f"N{n}"}, blanks=blanks, flat=flat).pdf
            if flat:
                together[n].append(made)

    workers = [threading.Thread(target=work, args=(n,)) for n in alone]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert together == {n: [pdf, pdf] for n, pdf in alone.items()}


# What does not fit ---------------------------------------------------------------------------------------------------


def test_sixty_character_names_fit(answers: Answers, blanks: Path) -> None:
    name = "Maximiliana Guadalupe Hernández-Villanueva de la Peña y Ruiz"
    assert len(name) == 60
    values = {**answers, "filer_name": name, "defendant": name, "sign_name": name}
    filled = forms.fill("CR-400", values, blanks=blanks)
    assert filled.overflow == ()
    assert words(filled.pdf).count(name) == 3


def test_what_does_not_fit_goes_to_the_attachment(answers: Answers, blanks: Path) -> None:
    long = "Avenida de los Ángeles " * 12
    filled = forms.fill("CR-400", {**answers, "filer_street": long}, blanks=blanks)
    assert [(item.key, item.label, item.text) for item in filled.overflow] == [
        ("filer_street", "STREET ADDRESS:", long.strip())
    ]
    assert "See Attachment MC-025" in words(filled.pdf)
    assert "Avenida" not in words(filled.pdf)
    pages = forms.attachments("CR-400", filled.overflow, short_title="People v. X", case_number="1", blanks=blanks)
    assert len(pages) == 1
    assert " ".join(words(pages[0]).split()).count("Avenida de los Ángeles") == 12
    assert "STREET ADDRESS:" in words(pages[0])
    assert forms.attachments("CR-400", (), short_title="", case_number="", blanks=blanks) == ()


def test_more_letters_than_the_box_allows_overflow(answers: Answers, blanks: Path) -> None:
    filled = forms.fill("CR-400", {**answers, "filer_state": "California"}, blanks=blanks, flat=False)
    assert [item.text for item in filled.overflow] == ["California"]
    assert forms.fill("CR-400", {**answers, "filer_state": "CA"}, blanks=blanks).overflow == ()


def test_a_long_text_fills_several_attachment_pages(blanks: Path) -> None:
    text = "\n".join(f"{n}. La persona terminó la sentencia. " * 5 for n in range(60))
    pieces = forms.pages_of("MC-025", "body", text, blanks=blanks)
    assert len(pieces) > 1
    assert "".join("".join(pieces).split()) == "".join(text.split())
    for piece in pieces:
        assert forms.fill("MC-025", {"body": piece}, blanks=blanks).overflow == ()
    assert forms.pages_of("MC-025", "body", "Short.", blanks=blanks) == ("Short.",)


# What is refused -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "problem", "told"),
    [
        ({"filer_nam": "x"}, forms.UnknownField, "filer_nam"),
        ({"hearing_date": "1/1/2027"}, forms.FieldStaysEmpty, "clerk"),
        ({"sign_date": "1/1/2027"}, forms.FieldStaysEmpty, "by hand"),
        ({"item_2a": "yes"}, forms.WrongKind, "a tick"),
        ({"defendant": True}, forms.WrongKind, "text"),
        ({"item_2b": True}, forms.BoxesConflict, "go together"),
        ({"title_petition": True, "item_2b": True}, forms.BoxesConflict, "go together"),
        ({"defendant": "Ana 😀"}, forms.UnprintableText, "U+1F600 GRINNING FACE"),
        ({"defendant": "王小明\u200b"}, forms.UnprintableText, "DEFENDANT:"),
        ({"defendant": "محمد\u202e"}, forms.UnprintableText, "RIGHT-TO-LEFT OVERRIDE"),
        ({"defendant": "Ana\x07"}, forms.UnprintableText, "U+0007"),
        ({"defendant": "Ana\nRuiz"}, forms.UnprintableText, "U+000A"),
    ],
)
def test_wrong_values_are_named(values: Answers, problem: type[forms.FormProblem], told: str, blanks: Path) -> None:
    with pytest.raises(problem) as refused:
        forms.fill("CR-400", values, blanks=blanks)
    assert told in refused.value.sentence()
    assert refused.value.details["form"] == "CR-400"
    assert "\x07" not in refused.value.sentence()


def test_a_missing_blank_is_its_own_problem(tmp_path: Path) -> None:
    with pytest.raises(forms.BlankMissing, match="limpio forms install"):
        forms.fill("CR-400", {}, blanks=tmp_path)


# Machinery for other forms -------------------------------------------------------------------------------------------


def _two_pages() -> bytes:
    """A form with what the older court forms have: several pages, several widgets with odd on-states, captions."""
    pdf = Pdf.new()
    style = pikepdf.String("/Helv 9 Tf 0 g")

    def face() -> pikepdf.Stream:
        return pdf.make_stream(b"", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 10, 10]))

    def box(rect: list[float], **entries: object) -> pikepdf.Object:
        made = Dictionary(Type=Name.Annot, Subtype=Name.Widget, Rect=Array(rect), F=4)
        for key, value in entries.items():
            made[f"/{key}"] = value
        return pdf.make_indirect(made)

    for _ in range(2):
        page = pdf.add_blank_page(page_size=(612, 792))
        page.obj.Contents = pdf.make_stream(b"0 0 m 100 100 l S")
    party = pdf.make_indirect(Dictionary(FT=Name.Btn, T=pikepdf.String("CheckBx 2"), Kids=Array([])))
    for index, state in enumerate(("1", "2", "/off")):
        normal = Dictionary()
        normal[Name("/" + state)] = face()
        child = box([50 + 40 * index, 600, 60 + 40 * index, 610], Parent=party, AS=Name.Off, AP=Dictionary(N=normal))
        party.Kids.append(child)
    number = pdf.make_indirect(Dictionary(FT=Name.Tx, T=pikepdf.String("Case"), DA=style, Kids=Array([])))
    for _ in range(2):
        number.Kids.append(box([400, 700, 500, 712], Parent=number, Q=2))
    body = box([50, 300, 300, 400], FT=Name.Tx, T=pikepdf.String("Body"), Ff=1 << 12, DA=style)
    copy = box([50, 740, 300, 752], FT=Name.Tx, T=pikepdf.String("Copy"), Ff=1, DA=style)
    pdf.pages[0].obj.Annots = Array([*party.Kids, number.Kids[0], body])
    pdf.pages[1].obj.Annots = Array([number.Kids[1], copy])
    pdf.Root.AcroForm = Dictionary(Fields=Array([party, number, body, copy]), DA=style)
    out = BytesIO()
    pdf.save(out)
    return out.getvalue()


TOML_FORM = """
form = "TT-001"
title = "Test form"
revision = 2026-01-01
revision_printed = "New January 1, 2026"
use = "optional"
pages = 2
[official]
sha256 = "{sha}"
bytes = {size}
addresses = ["https://example.org/tt001.pdf"]
source = "made by this test"
[blank]
sha256 = ""
bytes = 0
"""

TOML_FIELDS = """
[[check_one]]
keys = ["defendant_box", "other_box"]
why = "Printed: check one."
[[field]]
name = "CheckBx 2"
key = "plaintiff_box"
kind = "check"
label = "Plaintiff"
page = 1
rect = [50, 600, 60, 610]
on = "1"
goes_in = "when the filer is the plaintiff"
[[field]]
name = "CheckBx 2"
key = "defendant_box"
kind = "check"
label = "Defendant"
page = 1
rect = [90, 600, 100, 610]
on = "2"
goes_in = "when the filer is the defendant"
[[field]]
name = "CheckBx 2"
key = "other_box"
kind = "check"
label = "Other"
page = 1
rect = [130, 600, 140, 610]
on = "/off"
goes_in = "otherwise"
[[field]]
name = "Case"
key = "case_number"
kind = "text"
label = "CASE NUMBER:"
page = 1
rect = [400, 700, 500, 712]
also = [{page = 2, rect = [400, 700, 500, 712]}]
goes_in = "number of the case"
[[field]]
name = "Body"
key = "body"
kind = "text"
label = "Reasons"
page = 1
rect = [50, 300, 300, 400]
goes_in = "reasons"
floor = 8.0
[[field]]
name = "Copy"
kind = "text"
label = "Case number again"
page = 2
rect = [50, 740, 300, 752]
copies = "case_number"
goes_in = "the same number"
"""


@pytest.fixture
def odd(tmp_path: Path) -> tuple[FormSpec, Path]:
    data = _two_pages()
    folder = tmp_path / "TT-001"
    folder.mkdir()
    head = TOML_FORM.format(sha=hashlib.sha256(data).hexdigest(), size=len(data))
    (folder / "form.toml").write_text(head)
    (folder / "fields.toml").write_text(TOML_FIELDS)
    spec = read_spec(folder)
    blank, _ = adopt(spec, data)
    dest = tmp_path / "blanks"
    dest.mkdir()
    (dest / "TT-001.pdf").write_bytes(blank)
    with Pdf.open(BytesIO(blank)) as pdf:
        assert differences(spec, widgets(pdf), len(pdf.pages)) == ()
    return replace(spec, blank_sha256=hashlib.sha256(blank).hexdigest(), blank_bytes=len(blank)), dest


@pytest.mark.parametrize(("key", "on"), [("plaintiff_box", "1"), ("defendant_box", "2"), ("other_box", "/off")])
def test_one_field_with_several_widgets(key: str, on: str, odd: tuple[FormSpec, Path]) -> None:
    spec, dest = odd
    filled = fill_spec(spec, {key: True}, blanks=dest, flatten=False)
    qpdf_says(filled.pdf)
    with Pdf.open(BytesIO(filled.pdf)) as pdf:
        field = pdf.Root.AcroForm.Fields[0]
        assert Name("/" + on) == field.V
        states = [str(kid.AS) for kid in field.Kids]
    assert sorted(states) == sorted(["/Off", "/Off", "/" + on])
    render = ENGINES["poppler"]
    empty, ticked = (fill_spec(spec, given, blanks=dest).pdf for given in ({}, {key: True}))
    difference = changed(render(empty), render(ticked))
    for place in spec.places:
        if place.kind == "check":
            assert (ink(difference, place.spots[0].rect) > 20) == (place.key == key)


def test_only_one_of_a_group(odd: tuple[FormSpec, Path]) -> None:
    spec, dest = odd
    with pytest.raises(forms.BoxesConflict, match=r"Defendant; Other"):
        fill_spec(spec, {"defendant_box": True, "other_box": True}, blanks=dest)
    # Not declared, but two widgets of one field cannot both be on.
    with pytest.raises(forms.BoxesConflict, match=r"Plaintiff; Other"):
        fill_spec(spec, {"plaintiff_box": True, "other_box": True}, blanks=dest)


def test_several_pages_copies_and_several_lines(odd: tuple[FormSpec, Path]) -> None:
    spec, dest = odd
    filled = fill_spec(spec, {"case_number": "C-77", "body": "one two three " * 20 + "\nend"}, blanks=dest)
    assert filled.overflow == ()
    text = words(filled.pdf)
    assert text.count("C-77") == 3
    assert "end" in text
    with Pdf.open(BytesIO(fill_spec(spec, {"case_number": "C-77"}, blanks=dest, flatten=False).pdf)) as pdf:
        assert str(pdf.Root.AcroForm.Fields[1].V) == "C-77"
        assert str(pdf.Root.AcroForm.Fields[3].V) == "C-77"
    long = fill_spec(spec, {"body": "word " * 2000}, blanks=dest)
    assert [item.key for item in long.overflow] == ["body"]


@pytest.mark.parametrize("name", ["cr180", "fw001", "mc030", "pos040"])
def test_every_box_of_other_official_forms_can_be_filled(name: str, official: Path, tmp_path: Path) -> None:
    """The forms of later releases, described from their own inventory: nothing in the code knows them."""
    path = next((p for p in official.glob("*.pdf") if p.stem.replace("-", "").replace("_", "").startswith(name)), None)
    if path is None:
        pytest.skip(f"no {name} in {official}")
    base = forms.specs()["MC-025"]
    blank, inventory = adopt(base, path.read_bytes())
    (tmp_path / f"{name}.pdf").write_bytes(blank)
    spots: dict[tuple[str, str | None, str], list[Spot]] = {}
    for box in inventory["boxes"]:
        spots.setdefault((box["name"], box["on"], box["kind"]), []).append(Spot(box["page"], tuple(box["rect"])))
    plain = replace(base.places[0], size=None, floor=7.0)
    places = [
        replace(plain, name=field, key=f"k{n}", kind=kind, on=on, spots=tuple(where))  # type: ignore[arg-type]
        for n, ((field, on, kind), where) in enumerate(spots.items())
        if kind in ("text", "check")
    ]
    pages = max(spot.page for place in places for spot in place.spots)
    sha = hashlib.sha256(blank).hexdigest()
    spec = replace(base, form=name, pages=pages, places=tuple(places), blank_sha256=sha)
    values: Answers = {}
    ticked: set[str] = set()
    for place in places:
        if place.kind == "text":
            values[place.key or ""] = "Ẫg"
        elif place.name not in ticked:
            ticked.add(place.name)
            values[place.key or ""] = True
    filled, empty = (fill_spec(spec, given, blanks=tmp_path) for given in (values, {}))
    assert filled.overflow == ()
    qpdf_says(fill_spec(spec, values, blanks=tmp_path, flatten=False).pdf)
    for page in range(1, pages + 1):
        difference = changed(ENGINES["poppler"](empty.pdf, page), ENGINES["poppler"](filled.pdf, page))
        for place in places:
            for spot in place.spots:
                if spot.page == page:
                    assert (ink(difference, spot.rect) > 4) == bool(values.get(place.key or "")), place.name


def test_a_copy_of_nothing_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "TT-001"
    folder.mkdir()
    (folder / "form.toml").write_text(TOML_FORM.format(sha="0", size=1))
    (folder / "fields.toml").write_text(TOML_FIELDS.replace('copies = "case_number"', 'copies = "nobody"'))
    with pytest.raises(SpecError, match="nobody"):
        read_spec(folder)
