"""Covers, answer sheets and the merged file: what a person prints."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pypdf
import pypdfium2
import pytest
from drawn import ENGINES, qpdf_says, words
from pikepdf import Name, OutlineItem, Pdf

import forms
from forms import Boxes, Heading, Note, Paragraph, Part, Rows, Steps

FOOTER = "Limpio da información legal, no consejo legal."
BLOCKS = (
    Heading("Sus papeles"),
    Paragraph("Léalos antes de firmar. " * 8),
    Heading("Qué hacer", 2),
    Steps(("Revise su nombre.", "Firme y ponga la fecha. " * 6, "Haga dos copias.")),
    Rows((("Número de caso", "BA-123456"), ("Nombre", "María José Nguyễn Łoś"))),
    Boxes(((True, "Marque esta"), (False, "Esta no"))),
    Note("No firme antes de leer."),
)


def sheet_words(lang: str = "es") -> forms.AnswerSheetWords:
    return forms.AnswerSheetWords(
        title="Respuestas para CR-400",
        intro=("Copie estas respuestas.",),
        get_form="Consiga el formulario en la corte.",
        tick="marque",
        no_tick="deje vacía",
        empty="(vacío)",
        clerk="(la corte lo llena)",
        server="(quien entrega la copia lo llena)",
        by_hand="(a mano)",
        unanswered={
            "choice": "(usted elige)",
            "court_papers": "(está en sus papeles)",
            "decision_date": "(el día de la decisión)",
            "birth_date": "(a mano, su nacimiento)",
        },
        older="Las palabras son de una versión anterior.",
        footer=FOOTER,
        page_of="Página %(page)s de %(pages)s",
        lang=lang,
    )


def make_cover(*blocks: forms.Block, **more: str) -> bytes:
    return forms.cover(blocks, title="Sus papeles", lang="es", footer=FOOTER, **more)


def test_a_cover_is_text_on_letter_paper() -> None:
    made = make_cover(*BLOCKS, page_of="Página %(page)s de %(pages)s")
    qpdf_says(made)
    text = words(made)
    for piece in ("Sus papeles", "Qué hacer", "María José Nguyễn Łoś", "No firme antes", FOOTER, "Página 1 de 1"):
        assert piece in text
    with Pdf.open(BytesIO(made)) as pdf:
        assert [float(edge) for edge in pdf.pages[0].mediabox] == [0, 0, 612, 792]
        assert str(pdf.Root.Lang) == "es"
        assert str(pdf.docinfo.Title) == "Sus papeles"
        assert "/Annots" not in pdf.pages[0].obj
        fonts = pdf.pages[0].obj.Resources.Font
        assert len(fonts) == 2
        for name in fonts:
            assert "/FontFile2" in fonts[name].DescendantFonts[0].FontDescriptor
    assert made == make_cover(*BLOCKS, page_of="Página %(page)s de %(pages)s")


def test_headings_are_bold() -> None:
    with Pdf.open(BytesIO(make_cover(Heading("Uno"), Paragraph("dos")))) as pdf:
        assert {str(font.BaseFont)[-4:] for font in pdf.pages[0].obj.Resources.Font.values()} == {"Bold", "ular"}
        bold = [font for font in pdf.pages[0].obj.Resources.Font.values() if str(font.BaseFont).endswith("Bold")]
    assert len(bold) == 1


@pytest.mark.parametrize("engine", list(ENGINES))
def test_long_covers_break_between_pages_and_keep_to_the_margins(engine: str) -> None:
    blocks = [block for n in range(12) for block in (Heading(f"Parte {n}", 2), *BLOCKS[1:])]
    made = make_cover(*blocks, Rows((("Todo", "palabra " * 1200),)), Note("nota " * 900))
    with Pdf.open(BytesIO(made)) as pdf:
        count = len(pdf.pages)
    assert count > 4
    text = words(made)
    assert text.count("palabra") == 1200
    assert text.count("nota ") + text.count("nota\n") == 900
    assert f"Page {count} of {count}" in text
    for page in range(1, count + 1):
        picture = ENGINES[engine](made, page).point(lambda value: 255 if value < 128 else 0)
        left, top, right, bottom = (edge * 72 / 120 for edge in picture.getbbox() or (0, 0, 0, 0))
        assert left >= 57
        assert right <= 612 - 57
        assert top >= 36
        assert bottom <= 792 - 20


def test_a_heading_is_never_the_last_thing_on_a_page() -> None:
    for lines in range(36, 46):
        before = [*[Paragraph("x")] * (lines // 2), *[Rows((("a", "b"),))] * (lines % 7)]
        made = make_cover(*before, Heading("KEEP", 2), Paragraph("WITH"))
        for page in pypdf.PdfReader(BytesIO(made)).pages:
            text = page.extract_text()
            assert ("KEEP" in text) == ("WITH" in text)


def test_what_a_cover_cannot_print_is_named() -> None:
    with pytest.raises(forms.UnprintableText, match="GRINNING FACE"):
        make_cover(Paragraph("Hola 😀"))


def test_an_answer_sheet_follows_the_form(answers: dict[str, str | bool]) -> None:
    made = forms.answer_sheet("CR-400", answers, words=sheet_words())
    qpdf_says(made)
    text = " ".join(words(made).split())
    for value in answers.values():
        assert value is True or str(value) in text
    for place in forms.specs()["CR-400"].fields.values():
        assert place.label in text or place.key == "hearing_time", "between the first and the last of the clerk's boxes"
    assert text.index("STREET ADDRESS:") < text.index("DEFENDANT:") < text.index("2. REQUEST") < text.index("4. WAIVER")
    assert text.count("(la corte lo llena)") == 1, "three boxes in a row that are the clerk's are one line"
    assert text.count("(a mano)") == 1
    ticks = sum(value is True for value in answers.values())
    assert text.count("— marque") == ticks
    assert text.count("— deje vacía") == 11 - ticks
    assert "Rev. January 1, 2024" in text


def test_an_answer_sheet_refuses_what_the_form_refuses(answers: dict[str, str | bool]) -> None:
    with pytest.raises(forms.BoxesConflict):
        forms.answer_sheet("CR-400", {**answers, "item_2b": False}, words=sheet_words())
    with pytest.raises(forms.UnknownField):
        forms.answer_sheet("CR-400", {"nobody": "x"}, words=sheet_words())


def test_a_packet_has_every_page_in_order_with_bookmarks(answers: dict[str, str | bool], blanks: Path) -> None:
    one = forms.fill("CR-400", answers, blanks=blanks).pdf
    two = forms.fill("CR-400", {**answers, "case_number": "SECOND-2"}, blanks=blanks).pdf
    extra = forms.fill("MC-025", {"body": "Más texto."}, blanks=blanks).pdf
    cover = make_cover(*BLOCKS)
    parts = [Part(cover, "Empiece aquí"), Part(one, "CR-400 (1)"), Part(extra, ""), Part(two, "CR-400 (2)")]
    made = forms.merge(parts, title="Papeles de José", lang="es")
    qpdf_says(made)
    with Pdf.open(BytesIO(made)) as pdf:
        assert len(pdf.pages) == 4
        assert str(pdf.Root.Lang) == "es"
        assert str(pdf.docinfo.Title) == "Papeles de José"
        assert "/AcroForm" not in pdf.Root
        with pdf.open_outline() as outline:
            items: list[OutlineItem] = list(outline.root)
            assert [item.title for item in items] == ["Empiece aquí", "CR-400 (1)", "CR-400 (2)"]
            pages = [pdf.pages.index(item.destination[0]) for item in items]  # type: ignore[index]
        assert pages == [0, 1, 3]
        assert all([float(edge) for edge in page.mediabox] == [0, 0, 612, 792] for page in pdf.pages)
        layers = pdf.Root.OCProperties
        assert len(layers.OCGs) == 4
        assert len(layers.D.OFF) == 2
    reader = pypdf.PdfReader(BytesIO(made))
    assert "BA-123456" in reader.pages[1].extract_text()
    assert "SECOND-2" in reader.pages[3].extract_text()
    assert "SECOND-2" not in reader.pages[1].extract_text()


def test_a_viewer_shows_the_paper_and_its_page(answers: dict[str, str | bool], blanks: Path) -> None:
    petition, order = (forms.fill(form, {}, blanks=blanks).pdf for form in ("CR-180", "CR-181"))
    more = forms.fill("MC-025", {"body": "Más."}, blanks=blanks).pdf
    parts = [
        *(Part(make_cover(*BLOCKS), "Sus papeles, condado de Ñ (1)"), Part(petition, "CR-180"), Part(more, "MC-025")),
        *(Part(more, ""), Part(order, "CR-181"), Part(petition, "CR-180")),
    ]
    made = forms.merge(parts, title="t", lang="es")
    wanted = ["Sus papeles, condado de Ñ (1) p. 1", *(f"CR-180 p. {number}" for number in (1, 2, 3))]
    wanted += ["MC-025 p. 1", "MC-025 p. 2", "CR-181 p. 1", "CR-181 p. 2", *(f"CR-180 p. {n}" for n in (1, 2, 3))]
    with Pdf.open(BytesIO(made)) as pdf:
        assert [page.label for page in pdf.pages] == wanted
    document = pypdfium2.PdfDocument(made)
    assert [document.get_page_label(index) for index in range(len(document))] == wanted
    assert pypdf.PdfReader(BytesIO(made)).page_labels == wanted
    with Pdf.open(BytesIO(forms.merge([Part(petition, "")], title="t", lang="es"))) as pdf:
        assert [page.label for page in pdf.pages] == ["1", "2", "3"]


def test_papers_print_on_one_side_and_at_their_own_size(blanks: Path) -> None:
    form = forms.fill("CR-400", {}, blanks=blanks).pdf
    cover = make_cover(*BLOCKS)
    for pdf in (form, cover, forms.merge([Part(cover, "a"), Part(form, "b")], title="t", lang="en")):
        with Pdf.open(BytesIO(pdf)) as document:
            wishes = document.Root.ViewerPreferences
            assert (wishes.Duplex, wishes.PrintScaling) == (Name.Simplex, Name("/None"))
            assert bool(wishes.DisplayDocTitle)


@pytest.mark.parametrize(("size", "turn"), [((595, 842), 0), ((612, 1008), 0), ((792, 612), 0), ((612, 792), 90)])
def test_other_paper_is_refused(size: tuple[int, int], turn: int) -> None:
    """A4 and legal pages would come out of the printer shrunk or cut."""
    strange = Pdf.new()
    strange.add_blank_page(page_size=(612, 792))
    strange.add_blank_page(page_size=size).rotate(turn, relative=False)
    out = BytesIO()
    strange.save(out)
    with pytest.raises(forms.PartUnfit, match="A page of the part Letter is not of US letter size"):
        forms.merge([Part(out.getvalue(), "Letter")], title="t", lang="en")


@pytest.mark.parametrize("engine", list(ENGINES))
def test_merged_pages_look_like_their_parts(engine: str, answers: dict[str, str | bool], blanks: Path) -> None:
    cover, form = make_cover(*BLOCKS), forms.fill("CR-400", answers, blanks=blanks).pdf
    made = forms.merge([Part(cover, "a"), Part(form, "b")], title="t", lang="en")
    render = ENGINES[engine]
    assert render(made, 1).tobytes() == render(cover).tobytes()
    assert render(made, 2).tobytes() == render(form).tobytes()


def test_the_screen_layer_stays_off(blanks: Path) -> None:
    """The grey patch behind the screen notice is page content of the official file, on a layer for screens."""
    form = forms.fill("CR-400", {}, blanks=blanks).pdf
    made = forms.merge([Part(form, "b")], title="t", lang="en")
    for pdf in (form, made):
        for render in ENGINES.values():
            corner = render(pdf).crop((60, 1263, 410, 1300))
            assert corner.getextrema() == (255, 255)


def test_only_flat_readable_parts_are_joined(answers: dict[str, str | bool], blanks: Path) -> None:
    open_copy = forms.fill("CR-400", answers, blanks=blanks, flat=False).pdf
    with pytest.raises(forms.PartUnfit, match="still has boxes"):
        forms.merge([Part(open_copy, "CR-400")], title="t", lang="en")
    for junk in (b"", b"not a pdf", b"%PDF-1.7\nstartxref\n9\n%%EOF"):
        with pytest.raises(forms.PartUnfit, match="not a PDF"):
            forms.merge([Part(junk, "x")], title="t", lang="en")


def test_a_fillable_copy_keeps_its_tags_and_tips(answers: dict[str, str | bool], blanks: Path) -> None:
    with Pdf.open(BytesIO(forms.fill("CR-400", answers, blanks=blanks, flat=False).pdf)) as pdf:
        assert "/StructTreeRoot" in pdf.Root
        assert any(str(box.get("/TU", "")) == "DEFENDANT:" for box in pdf.pages[0].obj.Annots)
        assert pdf.Root.AcroForm.Fields[0].T == "CR-400[0]"
        assert all(box.Subtype == Name.Widget for box in pdf.pages[0].obj.Annots)
