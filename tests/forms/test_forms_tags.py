"""What reading software is told about each paper: everything that is printed, once, in the order of the form."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from pikepdf import Array, Dictionary, Name, Pdf
from readback import Answers
from tagged import elements, told, untagged
from test_forms_cr180 import PETITION
from test_forms_declarations import ATTACHED, ON_ITS_OWN
from test_forms_fw001 import everything
from test_forms_orders import FILLED as ORDERS
from test_forms_packet import BLOCKS, make_cover, sheet_words

import forms
from forms import Boxes, Heading, Note, Paragraph, Part, Rows, Steps
from forms.tags import Mark, Slot, Tag, answered

MC_025: Answers = {"short_title": "People v. Nguyễn", "case_number": "BA-1", "body": "Más texto.\n\nFin.", "page": "1"}


@pytest.fixture(params=["CR-180", "CR-181", "CR-400", "CR-410", "MC-025", "MC-030", "MC-031", "FW-001", "FW-003"])
def form(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def values(form: str, answers: Answers) -> Answers:
    known = {**ORDERS, "CR-180": PETITION, "CR-400": answers, "MC-025": MC_025, "MC-030": ON_ITS_OWN}
    return {**known, "MC-031": ATTACHED, "FW-001": everything()}[form]


def test_every_word_of_a_form_has_one_place_in_its_tree(form: str, values: Answers, blanks: Path) -> None:
    assert untagged(forms.fill(form, values, blanks=blanks).pdf) == []
    assert untagged(forms.fill(form, {}, blanks=blanks).pdf) == []


def test_every_answer_is_told(form: str, values: Answers, blanks: Path) -> None:
    """Words as words, with the printed label of the box; a tick by its label, since it is drawn with lines."""
    pdf = forms.fill(form, values, blanks=blanks).pdf
    heard = " ".join(told(pdf).split())
    spec = forms.specs()[form]
    with Pdf.open(BytesIO(pdf)) as document:
        answers = [element for element in elements(document) if element.kind == "Form"]
        assert str(document.Root.Lang) == "en-US"
        for element in answers:
            assert Name.PrintField == element.node.A.O
            assert str(element.node.A.Desc) == element.title
    for key, value in values.items():
        label = spec.fields[key].label
        same = [element for element in answers if element.title == label]
        if value is True:
            assert any(element.alt == f"Checked: {label}" for element in same), key
            assert any(element.node.A.Role == Name.cb for element in same), key
        elif value:
            assert " ".join(str(value).split()) in heard, key
            assert any(element.node.A.Role == Name.tv for element in same), key
    boxes = sum(len(place.spots) for place in spec.places if values.get(place.copies or place.key or ""))
    assert len(answers) == boxes


def test_all_that_is_printed_is_told_too(form: str, blanks: Path) -> None:
    """The form's number, its title and a sentence from its middle, each once, in this order or the form's own."""
    heard = " ".join(told(forms.fill(form, {}, blanks=blanks).pdf).split())
    expected = {
        "CR-180": ("PETITION FOR DISMISSAL", "has been discharged from probation prior to the termination"),
        "CR-181": ("ORDER FOR DISMISSAL", "The court GRANTS the petition for reduction"),
        "CR-400": ("Health and Safety Code", "PEOPLE OF THE STATE OF CALIFORNIA"),
        "CR-410": ("Order to Seal Arrest", "arrest"),
        "MC-025": ("ATTACHMENT", "may be used with any Judicial Council form"),
        "MC-030": ("DECLARATION", "I declare under penalty of perjury"),
        "MC-031": ("ATTACHED DECLARATION", "I declare under penalty of perjury"),
        "FW-001": ("Request to Waive Court Fees", "I declare under penalty of perjury"),
        "FW-003": ("Order on Court Fee Waiver", "The court grants your request"),
    }[form]
    for words in (form, *expected):
        assert words.lower() in heard.lower()


@pytest.mark.parametrize("name", ["María Nguyễn", "王小明", "김민준", "Արամ Ruiz"])
def test_an_answer_comes_right_after_its_label(name: str, blanks: Path) -> None:
    filled = forms.fill("CR-180", {"filer_name": name, "defendant": name, "filer_city": "Peñasco"}, blanks=blanks).pdf
    lines = told(filled).splitlines()
    assert lines[lines.index("NAME:") + 1] == name
    assert lines[lines.index("CITY:") + 1] == "Peñasco"
    assert lines[lines.index("STATE:") + 1] == "ZIP CODE:"
    assert sum(line == name for line in lines) == 4


@pytest.mark.parametrize("name", ["محمد علي", "Ana (محمد علي) Ruiz", "שרה כהן"])
def test_letters_drawn_from_the_right_are_told_in_the_order_of_reading(name: str, blanks: Path) -> None:
    with Pdf.open(BytesIO(forms.fill("CR-400", {"defendant": name}, blanks=blanks).pdf)) as document:
        assert [element.actual for element in elements(document) if element.title == "DEFENDANT:"] == [name]
    with Pdf.open(BytesIO(make_cover(Heading(name), Rows(((name, name),)), Paragraph(name), Note(name)))) as document:
        spoken = [element.kind for element in elements(document) if element.actual == name]
        assert spoken == ["H1", "TH", "TD", "P", "P"]


def test_an_answer_of_several_lines_does_not_run_its_words_together(blanks: Path) -> None:
    text = "Terminé la condena y trabajo todos los días. " * 12
    heard = " ".join(told(forms.fill("MC-025", {"body": text}, blanks=blanks).pdf).split())
    assert text.strip() in heard


# Our own pages -------------------------------------------------------------------------------------------------------


def test_a_cover_is_headings_lists_and_a_table() -> None:
    made = make_cover(*BLOCKS)
    assert untagged(made) == []
    with Pdf.open(BytesIO(made)) as document:
        found = list(elements(document))
        kinds = [element.kind for element in found if element.kind != "Span"]
        steps = ["L", *["LI", "Lbl", "LBody"] * 3]
        assert kinds == [
            *("Document", "H1", "P", "H2", *steps),
            *("Table", "TR", "TH", "TD", "TR", "TH", "TD"),
            *("L", "LI", "Lbl", "LBody", "LI", "Lbl", "LBody", "Note", "P"),
        ]
        assert [element.actual for element in found if element.kind == "Span"] == [*"☐☐☐☒☐"]
        assert {str(element.node.A.Scope) for element in found if element.kind == "TH"} == {"/Row"}
        assert [str(element.node.A.ListNumbering) for element in found if element.kind == "L"] == ["/Decimal", "/None"]
        names = list(document.Root.StructTreeRoot.IDTree.Names)
        note = next(element for element in found if element.kind == "Note")
        assert names[0] == note.node.ID
        assert names[1].objgen == note.node.objgen


def test_a_cover_is_told_without_its_foot() -> None:
    heard = told(make_cover(*BLOCKS))
    assert heard.splitlines()[:2] == ["Sus papeles", "Léalos antes de firmar. " * 4]
    assert heard.index("Revise su nombre.") < heard.index("Número de caso") < heard.index("BA-123456")
    assert "Limpio da información" not in heard
    assert "Page 1 of 1" not in heard


def test_what_breaks_across_pages_is_still_one_thing() -> None:
    steps = tuple(f"Paso {number} " + "palabra " * 20 for number in range(40))
    made = make_cover(Steps(steps), Paragraph("nota " * 2400), Rows((("Todo", "dato " * 1200),)), Boxes(((True, "a"),)))
    assert untagged(made) == []
    with Pdf.open(BytesIO(made)) as document:
        found = list(elements(document))
        assert [element.kind for element in found].count("L") == 2
        for kind in ("P", "TD"):
            (long,) = [element for element in found if element.kind == kind]
            assert len({page for page, _ in long.marks}) > 1
    heard = " ".join(told(made).split())
    assert ("dato " * 1200).strip() in heard
    assert ("nota " * 2400).strip() in heard


def test_an_answer_sheet_is_tagged(answers: Answers) -> None:
    made = forms.answer_sheet("CR-400", {**answers, "filer_name": "محمد 王小明"}, words=sheet_words())
    assert untagged(made) == []
    with Pdf.open(BytesIO(made)) as document:
        assert "محمد 王小明" in [element.actual for element in elements(document)]


# The packet ----------------------------------------------------------------------------------------------------------


def test_a_packet_tells_its_papers_one_after_the_other(form: str, values: Answers, blanks: Path) -> None:
    cover = make_cover(*BLOCKS)
    paper = forms.fill(form, values, blanks=blanks).pdf
    more = forms.fill("MC-025", MC_025, blanks=blanks).pdf
    made = forms.merge(
        [Part(cover, "Empiece"), Part(paper, form), Part(more, ""), Part(paper, form)], title="t", lang="es"
    )
    assert untagged(made) == []
    assert told(made) == "\n".join([told(cover), told(paper), told(more), told(paper)])
    with Pdf.open(BytesIO(made)) as document:
        papers = [element for element in elements(document) if element.depth == 1]
        assert [(paper.kind, paper.title, paper.lang) for paper in papers] == [
            ("Part", "Empiece", "es"),
            ("Part", form, "en-US"),
            ("Part", "", "en-US"),
            ("Part", form, "en-US"),
        ]


def test_a_part_without_tags_makes_a_packet_without_tags(blanks: Path) -> None:
    """Answers are never hidden behind half a set of tags."""
    strange = Pdf.new()
    strange.add_blank_page(page_size=(612, 792))
    out = BytesIO()
    strange.save(out)
    paper = forms.fill("CR-400", {"defendant": "Ana Ruiz"}, blanks=blanks).pdf
    for parts in ((paper, out.getvalue()), (out.getvalue(), paper)):
        with Pdf.open(BytesIO(forms.merge([Part(pdf, "x") for pdf in parts], title="t", lang="en"))) as document:
            assert "/StructTreeRoot" not in document.Root
            assert "/MarkInfo" not in document.Root


# The tree itself -----------------------------------------------------------------------------------------------------


def test_words_that_the_court_forgot_to_tag_are_told_where_they_stand(blanks: Path) -> None:
    lines = told(forms.fill("CR-180", {}, blanks=blanks).pdf).splitlines()
    at = next(index for index, line in enumerate(lines) if line.startswith("On  "))
    assert lines[at - 1] == "1."
    heard = told(forms.fill("FW-001", {}, blanks=blanks).pdf)
    assert "Total monthly expenses" in heard


def test_an_answer_takes_the_place_of_its_box() -> None:
    answer = Tag("Form", [Mark(0, 98)])
    tree = [Tag("P", [Mark(0, 18), Tag("Form", [Slot(0, 1)])]), Tag("P", [Tag("Form", [Slot(0, 2)])])]
    (paragraph,) = answered(tree, {Slot(0, 1): answer})
    assert isinstance(paragraph, Tag)
    assert paragraph.kids == [Mark(0, 18), answer]
    assert answered(tree, {})[0].kids == [Mark(0, 18)]  # type: ignore[union-attr]


def test_the_audit_sees_what_is_wrong(blanks: Path) -> None:
    """The other tests here stand on it."""

    def spoilt(**change: object) -> list[str]:
        with Pdf.open(BytesIO(forms.fill("CR-400", {"defendant": "Ana"}, blanks=blanks).pdf)) as document:
            page = document.pages[0].obj
            if "words" in change:
                page.Contents = Array([*page.Contents, document.make_stream(b"BT (loose) Tj ET")])
            if "parent" in change:
                page.StructParents = 0
                listed = document.Root.StructTreeRoot.ParentTree.Nums[1]
                document.Root.StructTreeRoot.ParentTree.Nums[1] = Array([listed[-1]] * len(listed))
            if "twice" in change:
                page.Contents = Array([*page.Contents, document.make_stream(b"/P <</MCID 13>> BDC EMC")])
            if "orphan" in change:
                page.Contents = Array([*page.Contents, document.make_stream(b"/P <</MCID 9999>> BDC BT (a) Tj ET EMC")])
            if "mark" in change:
                document.Root.MarkInfo = Dictionary(Marked=False)
            out = BytesIO()
            document.save(out)
        return untagged(out.getvalue())

    assert spoilt() == []
    for change in ("words", "parent", "twice", "orphan", "mark"):
        assert spoilt(**{change: True}), change
