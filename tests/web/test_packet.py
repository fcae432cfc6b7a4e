"""The packet: what goes into which box, the page on top, the pages that ask for it, and the PDF as it comes out."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import pytest
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pypdf import PdfReader

import forms
from rules import Findings, decide
from rules.explanation import flag_words, relief_words
from rules.remedies import REMEDIES
from tests.web.audited_client import AuditedClient, audited, untranslated
from webapp import create_app, guard
from webapp.counties import COUNTIES
from webapp.demo import people
from webapp.interview.document import Document, record, whole
from webapp.language import LOCALES, PSEUDO, translate
from webapp.packet import NoPapers, build_packet, cover_page, packet_filename, papers
from webapp.packet.companions import ORDERS, PROOFS
from webapp.packet.courts import court_of, courts
from webapp.packet.details import LONGEST, tidy_phone, tidy_state, tidy_zip, unprintable
from webapp.packet.papers import CR_400_BOXES, Paper
from webapp.settings import Settings
from webapp.store import Store

TODAY = date(2026, 11, 22)
OPEN = [
    person.id for person in people().values() if any("CR-400" in each or "JV-744" in each for each in person.expects)
]


def judged(document: Document) -> Findings:
    return decide(record(document), TODAY)


def of(person: str) -> Document:
    return people()[person].document


def papers_of(person: str) -> tuple[Paper, ...]:
    return papers(judged(of(person)), of(person))


def beside(paper: Paper, *, here: bool = True) -> cover_page.Beside:
    """What follows the cover page when every blank is here, or none."""
    beside_it = [form for form in (paper.form, ORDERS.get(paper.form), PROOFS.get(paper.form)) if form]
    return cover_page.Beside(tuple(beside_it), frozenset(beside_it if here else ()))


def packet(document: Document, blanks: Path, lang: str = "en") -> PdfReader:
    return PdfReader(BytesIO(build_packet(judged(document), document, lang=lang, blanks=blanks)))


def text_of(reader: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in reader.pages)


def bookmarks(reader: PdfReader) -> list[str]:
    return [str(item.title) for item in reader.outline if not isinstance(item, list)]


# ---------------------------------------------------------------------------------------------------------------- demo


@pytest.mark.parametrize("person", list(people()))
def test_the_rules_find_for_each_demo_person_what_the_file_says(person: str) -> None:
    found = [
        " ".join(word for word in (c.best.outcome, c.best.relief, c.best.form) if word)
        for c in judged(of(person)).counts
    ]
    assert tuple(found) == people()[person].expects


def test_the_demo_people_cover_every_kind_of_answer() -> None:
    found = [finding for person in people() for finding in judged(of(person)).counts]
    assert {c.best.outcome for c in found} == {
        "eligible_mandatory", "eligible_discretionary", "not_yet", "not_eligible", "needs_lawyer", "need_info",
        "already_relieved",
    }  # fmt: skip
    assert {"dismiss_and_seal", "redesignate_misdemeanor", "redesignate_infraction"} <= {c.best.relief for c in found}
    assert any("public_safety_exception" in c.best.flags for c in found)
    assert any(len(c.sequence) > 1 for c in found), "somebody has steps in an order"
    assert len(people()) >= 9
    assert any(not person.name.isascii() for person in people().values())


def test_a_demo_document_is_a_copy() -> None:
    of("several")["cases"].clear()
    assert of("several")["cases"]


# -------------------------------------------------------------------------------------------------------------- values


def test_one_form_a_case_with_all_its_sections_and_nothing_else() -> None:
    first, second = papers_of("several")
    assert first.form == second.form == "CR-400"
    assert dict(first.values) == {
        "filer_name": "Íñigo Núñez Muestra",
        "filer_street": "108½ Calle Inventada, Apto. 8",
        "filer_city": "Los Ángeles",
        "filer_state": "CA",
        "filer_zip": "90012",
        "filer_phone": "(213) 555-0108",
        "filer_email": "inigo@example.org",
        "attorney_for": "Self-represented",
        "court_county": "Los Angeles",
        "defendant": "Inigo Nunez",
        "case_number": "DEMO-08-108",
        "title_application": True,
        "section_11357": True,
        "section_11359": True,
        "item_2b": True,
        "sign_name": "Íñigo Núñez Muestra",
    }
    assert second.county == "Fresno"
    assert [key for key in second.values if key.startswith("section_")] == ["section_11358"]
    assert second.values["waive_judge"] is True
    assert second.values["waive_appearance"] is True
    assert "case_number" not in second.values


@pytest.mark.parametrize(
    ("person", "boxes"),
    [
        ("dismissed", {"title_application", "item_2b", "section_11357"}),
        ("lowered", {"title_application", "item_2b", "section_11359", "waive_judge"}),
        ("serving", {"title_petition", "item_2a", "section_11359"}),
        ("over-or-not", {"section_11360"}),
        ("juvenile", {"section_11360", "item_4"}),
    ],
)
def test_the_boxes_of_each_kind_of_case(person: str, boxes: set[str]) -> None:
    (paper,) = papers_of(person)
    assert {key for key, value in paper.values.items() if value is True} == boxes


@pytest.mark.parametrize("person", ["waiting", "lawyer", "cleared", "unknown", "ticket"])
def test_nothing_open_makes_no_papers(person: str, tmp_path: Path) -> None:
    assert papers_of(person) == ()
    with pytest.raises(NoPapers):
        build_packet(judged(of(person)), of(person), lang="en", blanks=tmp_path)


def test_a_count_that_is_not_open_stays_off_the_form_and_is_named_on_the_cover() -> None:
    document = of("dismissed")
    document["cases"][0]["counts"].append({"id": "k2", "offense": "VC 22349", "attempt": False})
    (paper,) = papers(judged(document), document)
    assert [count.count.id for count in paper.asked] == ["k1"]
    assert [count.count.id for count in paper.left_out] == ["k2"]
    cover = told(cover_page.cover_blocks(paper, beside(paper), lang="en", as_of=TODAY))
    assert "not asked for on this form" in cover
    assert "VC 22349" in cover


def test_a_court_address_is_printed_only_when_confirmed() -> None:
    document = of("dismissed")
    assert papers(judged(document), document)[0].values["court_street"] == "1225 Fallon Street"
    document["papers"]["c1"]["court_confirmed"] = False
    assert not {"court_street", "court_city_zip"} & set(papers(judged(document), document)[0].values)


def test_an_emptied_case_number_stays_empty_and_an_untouched_one_comes_from_the_answers() -> None:
    document = of("dismissed")
    document["cases"][0]["case_number"] = "A1"
    document["papers"]["c1"]["case_number"] = ""
    assert papers(judged(document), document)[0].case_number == ""
    del document["papers"]["c1"]["case_number"]
    assert papers(judged(document), document)[0].case_number == "A1"


def test_every_box_the_rules_name_is_a_box_of_the_form() -> None:
    named = {box.label for r in REMEDIES for paper in r.papers if paper.form == "CR-400" for box in paper.boxes}
    assert named
    assert named <= set(CR_400_BOXES)
    assert set(CR_400_BOXES.values()) <= set(forms.specs()["CR-400"].fields)


CHOSEN = st.sampled_from([True, False, None, "y", 1])
WORDS = st.text(st.sampled_from("aeñŁ .-'ừ1"), max_size=30)


@given(
    status=st.sampled_from([None, "completed", "custody", "probation", "parole", "county_supervision"]),
    offenses=st.lists(st.sampled_from(["HS 11357", "HS 11358", "HS 11359", "HS 11360"]), min_size=1, max_size=4),
    judge=CHOSEN,
    appearance=CHOSEN,
    confirmed=CHOSEN,
    name=WORDS,
    street=WORDS,
)
@hypothesis_settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_box_invariants(
    blanks: Path, status: str | None, offenses: list[str], judge: Any, appearance: Any, confirmed: Any, name: str,
    street: str,
) -> None:  # fmt: skip
    counts = [
        {
            "id": f"k{n}",
            "offense": each,
            "attempt": False,
            "offense_date": "2005",
            "age_at_offense": 30,
            "level": "felony",
        }
        for n, each in enumerate(offenses)
    ]
    entry = {"waive_judge": judge, "waive_appearance": appearance, "court_confirmed": confirmed, "court_street": street}
    case = {"id": "c1", "county": "Kern", "counts": counts, **({"sentence_status": status} if status else {})}
    document = whole({"cases": [case], "contact": {"name": name, "street": street}, "papers": {"c1": entry}})
    found = judged(document)
    for paper in papers(found, document):
        v = paper.values
        assert v.get("title_petition") == v.get("item_2a")
        assert v.get("title_application") == v.get("item_2b")
        assert [bool(v.get("item_2a")), bool(v.get("item_2b"))].count(True) == (0 if status is None else 1)
        assert bool(v.get("item_2b")) == (status == "completed")
        sections = {f"section_{c.count.offense[3:]}" for c in paper.asked if c.count.offense}
        assert {key for key in v if key.startswith("section_")} == sections
        assert ("waive_judge" in v) == (judge is True)
        assert ("waive_appearance" in v) == (appearance is True)
        assert confirmed is True or "court_street" not in v
        assert not {"sign_date", "hearing_date", "hearing_time", "hearing_department"} & set(v)
        forms.fill(paper.form, v, blanks=blanks)


# ----------------------------------------------------------------------------------------------------------------- PDF


@pytest.mark.parametrize("person", [each for each in OPEN if each != "juvenile"])
def test_every_field_reads_back_and_all_others_are_blank(person: str, blanks: Path) -> None:
    for paper in papers_of(person):
        filled = forms.fill(paper.form, paper.values, blanks=blanks, flat=False)
        assert not filled.overflow
        read = PdfReader(BytesIO(filled.pdf)).get_fields()
        assert read is not None
        keys = {place.name: place.key for place in forms.specs()[paper.form].places if place.key}
        found: dict[str, str | bool] = {}
        for name, field in read.items():
            value = field.get("/V")
            if value in (None, "", "/Off"):
                continue
            if name in keys:
                found[str(keys[name])] = True if str(value).startswith("/") else str(value)
            else:  # the caption of the next pages, copied
                assert value in (paper.values["defendant"], paper.values.get("case_number"))
        assert found == dict(paper.values)


@pytest.mark.parametrize("lang", [code for code, locale in LOCALES.items() if locale.public])
@pytest.mark.parametrize("person", OPEN)
def test_each_demo_packet_opens_and_is_ready_to_print(person: str, lang: str, blanks: Path, tmp_path: Path) -> None:
    file = tmp_path / "packet.pdf"
    file.write_bytes(build_packet(judged(of(person)), of(person), lang=lang, blanks=blanks))
    if qpdf := shutil.which("qpdf"):
        done = subprocess.run([qpdf, "--check", file], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    reader = PdfReader(file)
    assert not reader.is_encrypted
    assert "/AcroForm" not in reader.trailer["/Root"]
    assert reader.trailer["/Root"]["/Lang"] == lang
    assert {(float(page.mediabox.width), float(page.mediabox.height)) for page in reader.pages} == {(612.0, 792.0)}
    shown = text_of(reader)
    for paper in papers_of(person):
        assert paper.name in shown
        assert cover_page.case_title(paper, lang) in bookmarks(reader)
        assert cover_page.revision(paper.form) in shown
    assert cover_page.immigration(lang) in " ".join(shown.split())
    if person != "juvenile":
        assert "Form Approved for Optional Use" in shown
        assert "CR-400" in bookmarks(reader)


ONE_CASE = ("Letter to the clerk", "CR-400", "Answers to copy onto form CR-401")
"""What follows the cover page of a marijuana case, in filing order; of CR-401 no blank is held."""


def test_the_packet_for_two_counties_has_two_forms_in_order(blanks: Path) -> None:
    reader = packet(of("several"), blanks)
    assert bookmarks(reader) == [
        "Your papers, part 1 of 2: Los Angeles County", *ONE_CASE,
        "Your papers, part 2 of 2: Fresno County", *ONE_CASE,
    ]  # fmt: skip
    shown = text_of(reader)
    assert shown.count("Form Approved for Optional Use") == 2
    assert "District Attorney of Fresno County" in " ".join(shown.split())


@pytest.mark.parametrize("damage", ["missing", "changed"])
def test_without_the_blank_there_is_an_answer_sheet(damage: str, blanks: Path, tmp_path: Path) -> None:
    if damage == "changed":
        for file in blanks.iterdir():
            shutil.copy(file, tmp_path)
        (tmp_path / "CR-400.pdf").write_bytes(b"%PDF-1.7 not the form")
    reader = packet(of("dismissed"), tmp_path)
    shown = " ".join(text_of(reader).split())
    assert bookmarks(reader)[2] == "Answers to copy onto form CR-400"
    assert "The official form CR-400 [Rev. January 1, 2024] is not in these papers" in shown
    assert "Form Approved for Optional Use" not in shown
    for answer in ("Ana Ejemplo", "DEMO-98-101", "Alameda", "Self-represented"):
        assert answer in shown


def test_a_juvenile_case_has_a_sheet_with_the_right_items(blanks: Path) -> None:
    shown = " ".join(text_of(packet(of("juvenile"), blanks)).split())
    assert "JV-744 [Rev. July 1, 2017]" in shown
    assert "4. REQUEST FOR REDESIGNATION — check this box" in shown
    assert "3. REQUEST FOR A NEW DISPOSITIONAL ORDER (RESENTENCING) — leave this box empty" in shown
    assert "11360—Transportation, Distribution, or Importation of Marijuana — check this box" in shown
    assert "juvenile court of Santa Clara County" in shown
    assert "CR-401" not in shown


def test_what_does_not_fit_goes_whole_onto_an_attachment(blanks: Path, tmp_path: Path) -> None:
    document = of("dismissed")
    street = "Building with a very long name, " * 4 + "Room 9"
    document["contact"]["street"] = street
    reader = packet(document, blanks)
    attached = ["Your papers for Alameda County", "Letter to the clerk", "CR-400", "MC-025", ONE_CASE[-1]]
    assert bookmarks(reader) == attached
    (page,) = [text for text in (p.extract_text() for p in reader.pages) if "This Attachment may be used" in text]
    assert street in " ".join(page.split())
    shutil.copy(blanks / "CR-400.pdf", tmp_path)
    shutil.copy(blanks / "CR-400.json", tmp_path)
    reader = packet(document, tmp_path)
    assert bookmarks(reader) == attached
    assert "Answers to copy onto form MC-025" in text_of(reader)
    assert street in " ".join(text_of(reader).split())


def test_the_longest_details_that_a_form_takes_still_make_papers(blanks: Path) -> None:
    document = of("dismissed")
    document["contact"] = {key: "W" * LONGEST[key] for key in document["contact"]}
    entry = {
        key: "W" * LONGEST[key]
        for key in ("defendant", "case_number", "court_street", "court_mailing", "court_city_zip")
    }
    document["papers"]["c1"] |= entry
    shown = "".join(text_of(packet(document, blanks)).split())
    for key in ("name", "street", "email"):
        assert "W" * LONGEST[key] in shown


def test_papers_of_the_pseudo_locale_are_english(blanks: Path) -> None:
    assert packet(of("dismissed"), blanks, PSEUDO).trailer["/Root"]["/Lang"] == "en"


def test_a_letter_that_cannot_be_printed_is_named(blanks: Path) -> None:
    document = of("dismissed")
    document["contact"]["name"] = "Ana 😀"
    with pytest.raises(forms.UnprintableText) as caught:
        build_packet(judged(document), document, lang="en", blanks=blanks)
    assert caught.value.details["character"] == "😀"


def test_the_file_name_is_clear_and_plain() -> None:
    assert packet_filename("en", TODAY) == "limpio-court-papers-2026-11-22.pdf"
    for lang in LOCALES:
        name = packet_filename(lang, TODAY)
        assert name.isascii()
        assert name.startswith("limpio-")
        assert name.endswith("-2026-11-22.pdf")


# --------------------------------------------------------------------------------------------------------------- cover


def told(blocks: list[forms.Block]) -> str:
    return "\n".join(text for block in blocks for text in texts(block))


def texts(block: forms.Block) -> list[str]:
    match block:
        case forms.Heading(text, _) | forms.Paragraph(text) | forms.Note(text):
            return [text]
        case forms.Steps(items):
            return list(items)
        case forms.Rows(rows):
            return [f"{label}: {value}" for label, value in rows]
        case forms.Boxes(items):
            return [text for _, text in items]


def test_the_cover_says_where_whom_how_many_and_what_it_costs() -> None:
    (paper,) = papers_of("serving")
    cover = told(cover_page.cover_blocks(paper, beside(paper), lang="en", as_of=TODAY))
    for words in (
        "Superior Court of California, County of Kern",
        "it is for small claims. Ask if it is right",
        "District Attorney of Kern County",
        "The complaint in your case names the office",
        "18 or older, and is not you",
        "15 days",
        "CR-401",
        "Until you know, bring the original and 2 copies",
        "an envelope with a stamp and my address",
        "Nothing. There is no fee",
        "FW-001",
        "CR-402",
        "CR-403",
        "Sign and date the form by hand, in ink",
        "Items 3 and 4 are empty: you keep both rights",
        "immigration lawyer before you file",
        relief_words(paper.asked[0].best),
        dict(flag_words(paper.asked[0].best))["public_safety_exception"],
        "November 22, 2026",
    ):
        assert words in cover


def test_the_cover_states_the_revision_of_every_form() -> None:
    """Rule 1.42 forbids a clerk to refuse an older revision; a person has to see which one they hold."""
    (paper,) = papers_of("probation")
    cover = told(cover_page.cover_blocks(paper, beside(paper), lang="en", as_of=TODAY))
    for words in ("CR-180 [Rev. January 1, 2024]", "CR-181 [Rev. January 1, 2024]", "CR-106 [New January 1, 2020]"):
        assert words in cover


def test_the_cover_says_which_rights_were_given_up() -> None:
    assert "Item 3 is checked because you chose that" in told_of("lowered")
    assert "Items 3 and 4 are checked because you chose that" in told_of("several", 1)


def told_of(person: str, which: int = 0) -> str:
    return told(cover_page.cover_blocks(paper := papers_of(person)[which], beside(paper), lang="en", as_of=TODAY))


def test_an_unknown_sentence_is_left_to_the_person_and_explained() -> None:
    cover = told_of("over-or-not")
    assert "four boxes are still empty" in cover
    assert "item 2b" in cover
    assert "item 2a" in cover
    assert "Money that you still owe does not count" in cover
    assert "four boxes" not in told_of("dismissed")


def unsure_of_probation() -> Document:
    document = deepcopy(of("probation"))
    del document["cases"][0]["probation_outcome"]
    return document


def test_who_does_not_know_how_probation_went_asks_the_judge_and_is_told_what_else_to_check() -> None:
    document = unsure_of_probation()
    (paper,) = papers(judged(document), document)
    assert paper.values["item_2c"] is True
    assert not {"item_2a", "item_2b"} & set(paper.values)
    cover = told(cover_page.cover_blocks(paper, beside(paper), lang="en", as_of=TODAY))
    assert "So item 2c is checked" in cover
    assert "check item 2a too" in cover
    assert "There was a violation" not in cover
    document["cases"][0]["probation_outcome"] = "violation"
    (paper,) = papers(judged(document), document)
    assert paper.values["item_2c"] is True
    assert "So item 2c is checked" not in told(cover_page.cover_blocks(paper, beside(paper), lang="en", as_of=TODAY))


@pytest.mark.parametrize(
    ("person", "without", "words"),
    [
        ("no-probation", ("item_3a", "item_3b"), "Item 3 still needs a check mark"),
        ("prison", ("item_5a", "item_5b", "item_5c"), "Item 5 still needs one check mark"),
        ("arrest", ("matter_of_right", "interests_of_justice"), "as a matter of right"),
    ],
)
def test_a_choice_that_the_answers_do_not_make_is_left_to_the_person_and_explained(
    person: str, without: tuple[str, ...], words: str
) -> None:
    paper = papers_of(person)[0]

    def cover(of_paper: Paper) -> str:
        return told(cover_page.cover_blocks(of_paper, beside(of_paper), lang="en", as_of=TODAY))

    assert words not in cover(paper)
    open_paper = replace(paper, values={k: v for k, v in paper.values.items() if k not in without})
    assert words in cover(open_paper)


def test_a_confirmed_court_is_not_asked_about_again() -> None:
    assert "small claims" not in told_of("dismissed")
    assert "small claims" in told_of("lowered")


@pytest.mark.parametrize("person", OPEN)
def test_no_sentence_of_a_cover_escapes_translation(person: str) -> None:
    for paper in papers_of(person):
        blocks = cover_page.cover_blocks(paper, beside(paper, here=False), lang=PSEUDO, as_of=TODAY)
        for block in blocks:
            if isinstance(block, forms.Rows):
                continue
            for text in texts(block):
                if isinstance(block, forms.Boxes):  # below a question stands its English, for the call to the clerk
                    text = text.split("\n")[0]
                html = f"<html lang='en'><body><p>{text}</p></body></html>"
                assert untranslated(html) == [], text


# -------------------------------------------------------------------------------------------------------------- courts


def test_there_is_a_court_for_each_county_and_it_says_where_it_was_read() -> None:
    assert tuple(courts()) == COUNTIES
    for court in courts().values():
        assert court.source.startswith("https://")
        assert len(court.zip) == 5
        assert court.zip.isdigit()
        assert court.phone.startswith("(")
        assert court.note == "" or court.note.endswith(".")


@pytest.mark.parametrize(("written", "county"), [("Los Angeles", "Los Angeles"), ("los angeles county", "Los Angeles")])
def test_a_county_is_found_however_it_is_written(written: str, county: str) -> None:
    court = court_of(written)
    assert court is not None
    assert court.county == county


@pytest.mark.parametrize("written", [None, "", "Clark", "county"])
def test_what_is_no_county_has_no_court(written: str | None) -> None:
    assert court_of(written) is None


# --------------------------------------------------------------------------------------------------------------- typed


@pytest.mark.parametrize(
    ("tidied", "typed", "kept"),
    [
        (tidy_phone, "916.555.0100", "(916) 555-0100"),
        (tidy_phone, "+1 916 555 0100", "(916) 555-0100"),
        (tidy_phone, "916 555 0100 ext. 3", "916 555 0100 ext. 3"),
        (tidy_phone, "+52 55 1234 5678", "+52 55 1234 5678"),
        (tidy_zip, "946121234", "94612-1234"),
        (tidy_zip, " 94612 ", "94612"),
        (tidy_zip, "V6B 1A1", "V6B 1A1"),
        (tidy_state, "california", "CA"),
        (tidy_state, "nv", "NV"),
        (tidy_state, "Jalisco", "Jalisco"),
        (tidy_state, None, ""),
    ],
)
def test_common_shapes_are_tidied_and_others_kept(tidied: Any, typed: str | None, kept: str) -> None:
    assert tidied(typed) == kept


@pytest.mark.parametrize(
    ("text", "bad"), [("Nguyễn Thị Ñandú", None), ("Ana 😀", "😀"), ("a\u200bb", "\u200b"), ("李 علي", None)]
)
def test_unprintable_letters_are_found(text: str, bad: str | None) -> None:
    assert unprintable(text) == bad


# --------------------------------------------------------------------------------------------------------------- pages


@pytest.fixture
def site(settings: Settings, blanks: Path) -> Iterator[Flask]:
    made = create_app(replace(settings, forms_dir=blanks, demo=True))
    yield made
    cast(Store, made.extensions["limpio_store"]).close()


@pytest.fixture
def browser(site: Flask) -> AuditedClient:
    return audited(site)


def begin(browser: AuditedClient, person: str, lang: str = "en", **changes: Any) -> str:
    """This browser has a visit with a demo person's answers. Returns its id."""
    response = browser.submit(f"/{lang}/demo", action=f"/demo/{person}", follow=False)
    assert response.status_code == 303
    with browser.session_transaction() as cookie:
        visit_id = str(cookie["visit"])
    if changes:
        store(browser).update(visit_id, lambda now: {**now, **changes})
    return visit_id


def store(browser: AuditedClient) -> Store:
    return cast(Store, browser.application.extensions["limpio_store"])


def saved(browser: AuditedClient, visit_id: str) -> Document:
    found = store(browser).visit(visit_id)
    assert found is not None
    return found.document


CONTACT = {
    "name": "  Ana  María Ejemplo ", "street": "1 Invented St", "city": "Fresno", "state": "calif", "zip": "937210001",
    "phone": "559-555-0100", "email": "ana@example.org",
}  # fmt: skip


SERVICE = {
    "office": "District Attorney of Los Angeles County", "office_street": "415 Invented Ave", "office_city": "Norwalk",
    "office_zip": "90650", "serve_by": "mail",
}  # fmt: skip


def test_the_whole_way_to_the_papers(browser: AuditedClient) -> None:
    known = begin(browser, "several", contact={}, papers={})
    page = browser.submit("/en/papers", CONTACT, follow=False)
    assert page.headers["Location"] == "/en/papers/c1"
    assert saved(browser, known)["contact"] == {
        "name": "Ana María Ejemplo", "street": "1 Invented St", "city": "Fresno", "state": "CA", "zip": "93721-0001",
        "phone": "(559) 555-0100", "email": "ana@example.org",
    }  # fmt: skip
    page = browser.get("/en/papers/c1")
    assert "Your papers, part 1 of 2: Los Angeles County" in page.get_data(as_text=True)
    assert 'value="Ana María Ejemplo"' in page.get_data(as_text=True)
    page = browser.submit(page, {"case_number": "BA 1", "court": "use"}, follow=False)
    assert page.headers["Location"] == "/en/papers/c1/service"
    page = browser.submit("/en/papers/c1/service", SERVICE, follow=False)
    assert page.headers["Location"] == "/en/papers/c1/rights"
    entry = saved(browser, known)["papers"]["c1"]
    assert entry["court_confirmed"] is True
    assert entry["court_street"] == courts()["Los Angeles"].street
    page = browser.get("/en/papers/c1/rights")
    assert " checked" not in page.get_data(as_text=True)
    page = browser.submit(page, {"waive_appearance": "y"}, follow=False)
    assert page.headers["Location"] == "/en/papers/c2"
    page = browser.submit("/en/papers/c2", {"court": "blank"}, follow=False)
    assert page.headers["Location"] == "/en/papers/c2/service"
    page = browser.submit("/en/papers/c2/service", {"office": "blank", "serve_by": "unknown"}, follow=False)
    page = browser.submit("/en/papers/c2/rights", follow=False)
    assert page.headers["Location"] == "/en/papers/ready"
    entries = saved(browser, known)["papers"]
    assert (entries["c1"]["waive_judge"], entries["c1"]["waive_appearance"]) == (False, True)
    assert (entries["c2"]["waive_judge"], entries["c2"]["waive_appearance"]) == (False, False)
    assert entries["c2"]["court_confirmed"] is False
    ready = browser.get("/en/papers/ready").get_data(as_text=True)
    assert "CR-400 [Rev. January 1, 2024]</strong>: the petition, filled in with your answers." in ready
    assert "We do not have this form here" in ready, "no blank of CR-401 is held"
    assert "immigration lawyer before you file" in ready
    assert "Write the case number." in ready
    answer = browser.get("/en/papers/download")
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="limpio-court-papers-')
    shown = text_of(PdfReader(BytesIO(answer.data)))
    assert "Ana María Ejemplo" in shown
    assert "BA 1" in shown
    assert "Item 4 is checked because you chose that" in " ".join(shown.split())
    assert "District Attorney of Los Angeles County, 415 Invented Ave, Norwalk, CA 90650" in " ".join(shown.split())


def test_what_was_chosen_is_shown_again(browser: AuditedClient) -> None:
    begin(browser, "lowered")
    page = browser.get("/en/papers/c1/rights").get_data(as_text=True)
    assert page.count(" checked") == 1
    page = browser.get("/en/papers/c1").get_data(as_text=True)
    assert 'value="blank" checked' in page.replace("  ", " ")
    page = browser.submit("/en/papers/c1", {"court": "other", "court_street": "5 Other St"}, follow=False)
    page = browser.get("/en/papers/c1")
    assert 'value="5 Other St"' in page.get_data(as_text=True)
    assert 'value="other" checked' in page.get_data(as_text=True)


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("name", "", "Write your name. The form needs it at the top and under the line for your signature."),
        ("name", "A" * 10_000, None),
        ("name", "Ana 😀", None),
        ("street", "1 St \u200b", None),
        ("phone", "call me", "Write the phone number with all its digits, such as (916) 555-0100, or leave it empty."),
        (
            "email",
            "ana at example",
            "Write the email address with @ and a dot, such as name@example.com, or leave it empty.",
        ),
        ("zip", "none", "Write the ZIP code with its digits, such as 95814, or leave it empty."),
    ],
)
def test_a_wrong_detail_gets_a_sentence_and_stays_typed(
    browser: AuditedClient, lang: str, field: str, typed: str, says: str | None
) -> None:
    known = begin(browser, "several", lang)
    page = browser.submit(f"/{lang}/papers", {**CONTACT, field: typed})
    assert page.status_code == 422
    shown = page.get_data(as_text=True)
    if says:
        assert translate(lang, says) in shown.replace("&#39;", "'")
    assert f'id="{field}-error"' in shown
    assert typed.strip() in shown
    assert 'value="1 Invented St' in shown or field == "street"
    assert saved(browser, known)["contact"]["name"] == "Íñigo Núñez Muestra"


def test_the_address_of_the_court_must_be_chosen(browser: AuditedClient) -> None:
    begin(browser, "several", papers={})
    page = browser.submit("/en/papers/c1", {"case_number": "BA 1"})
    assert page.status_code == 422
    assert "Choose what to print for the address of the court." in page.get_data(as_text=True)
    assert 'value="BA 1"' in page.get_data(as_text=True)
    page = browser.submit("/en/papers/c1", {"court": "moon"}, tampered=True)
    assert page.status_code == 422
    page = browser.submit("/en/papers/c1", {"court": "other"})
    assert "Write the address of the court here" in page.get_data(as_text=True)


def test_a_county_that_is_not_known_has_no_address_to_print(browser: AuditedClient) -> None:
    document = of("dismissed")
    del document["cases"][0]["county"]
    begin(browser, "dismissed", cases=document["cases"], papers={})
    page = browser.get("/en/papers/c1")
    assert 'value="use"' not in page.get_data(as_text=True)
    assert browser.submit(page, {"court": "use"}, tampered=True).status_code == 422
    assert browser.submit(page, {"court": "blank"}, follow=False).status_code == 303


def test_a_juvenile_case_skips_the_rights_and_says_where_its_form_is(browser: AuditedClient) -> None:
    begin(browser, "juvenile")
    page = browser.submit("/en/papers/c1", {"court": "blank"}, follow=False)
    assert page.headers["Location"] == "/en/papers/ready"
    assert "We do not have this form here" in browser.get("/en/papers/ready").get_data(as_text=True)
    assert browser.get("/en/papers/c1/rights").headers["Location"] == "/en/papers"


@pytest.mark.parametrize("path", ["", "/c1", "/c1/rights", "/ready", "/download"])
def test_without_a_visit_there_are_no_papers(browser: AuditedClient, path: str) -> None:
    assert browser.get(f"/en/papers{path}").status_code == 410


@pytest.mark.parametrize("path", ["/c1", "/c1/rights", "/ready", "/download"])
def test_where_nothing_is_open_every_page_leads_to_the_one_that_says_so(browser: AuditedClient, path: str) -> None:
    begin(browser, "waiting")
    assert browser.get(f"/en/papers{path}").headers["Location"] == "/en/papers"
    assert "There is no court form to fill in yet" in browser.get("/en/papers").get_data(as_text=True)


def test_a_case_that_is_gone_leads_back(browser: AuditedClient) -> None:
    begin(browser, "several")
    assert browser.get("/en/papers/c9").headers["Location"] == "/en/papers"


@pytest.mark.parametrize("path", ["/ready", "/download"])
def test_papers_wait_for_a_name(browser: AuditedClient, path: str) -> None:
    begin(browser, "several", contact={})
    assert browser.get(f"/en/papers{path}").headers["Location"] == "/en/papers"


def test_a_stored_text_that_cannot_be_printed_gets_a_sentence(browser: AuditedClient) -> None:
    begin(browser, "dismissed", contact={"name": "Ana 😀"})
    page = browser.get("/en/papers/download")
    assert page.status_code == 422
    assert "U+1F600 GRINNING FACE" in page.get_data(as_text=True)


def test_downloads_are_counted(browser: AuditedClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(guard.LIMITS, "download", guard.Limit(tries=1, per=3600))
    begin(browser, "dismissed")
    assert browser.get("/en/papers/download").status_code == 200
    assert browser.get("/en/papers/download").status_code == 429


@pytest.mark.parametrize("path", ["", "/c1", "/c1/rights", "/ready"])
def test_no_word_of_the_pages_escapes_translation(browser: AuditedClient, path: str) -> None:
    begin(browser, "over-or-not", PSEUDO)
    page = browser.get(f"/{PSEUDO}/papers{path}")
    assert page.status_code == 200
    assert untranslated(page.get_data(as_text=True), allowed=("HS 11360(b)",)) == []


# ----------------------------------------------------------------------------------------------------------- demo page


def test_a_demo_person_opens_as_a_visit_of_its_own(browser: AuditedClient) -> None:
    first = begin(browser, "several")
    second = begin(browser, "unknown")
    assert first != second
    assert saved(browser, first)["cases"][0]["county"] == "Los Angeles"
    assert saved(browser, second) == of("unknown")
    assert browser.post("/en/demo/nobody", data={}).status_code in (400, 404)


def test_there_are_no_demo_people_where_demo_is_off(app: Flask) -> None:
    browser = audited(app)
    assert browser.get("/en/demo").status_code == 404
    app.config["WTF_CSRF_ENABLED"] = False
    assert browser.post("/en/demo/several").status_code == 404
    with browser.session_transaction() as cookie:
        assert "visit" not in cookie
