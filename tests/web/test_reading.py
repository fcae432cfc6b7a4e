"""Every form read in plain words: every box has some, what is shown is what is printed, and it suits any reader."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pypdf import PdfReader

import forms
from forms import FormSpec
from rules import decide
from tests.web.audited_client import AuditedClient, audited, read_page, text_of, untranslated
from tests.web.steps import body, holding, main_of
from webapp import create_app
from webapp.demo import people
from webapp.interview.document import Document, record
from webapp.language import PSEUDO, translate
from webapp.packet import build_packet, papers
from webapp.packet import reading as module
from webapp.packet.build import sheets_of
from webapp.packet.companions import SEE_DECLARATION
from webapp.packet.papers import OWN_WORDS, Paper
from webapp.packet.reading import LEFT_EMPTY, ON_ATTACHMENT, Line, Reading, Row, form_words, reading
from webapp.packet.reading_views import readings
from webapp.settings import Settings
from webapp.store import Store

TODAY = date(2026, 11, 28)
FORMS = sorted(forms.specs())
SWORN = {"CR-106", "CR-401", "CR-409", "FW-001", "MC-030", "MC-031"}
"""Forms with "I declare under penalty of perjury" above the signature."""
CONTACT = {"name": "Ana Ñandú", "street": "1 Invented St", "city": "Fresno", "state": "CA", "zip": "93701"}


def rows_of(read: Reading) -> list[Row]:
    return [row for section in read.sections for row in section.rows]


def lines_of(read: Reading, state: str | None = None) -> list[Line]:
    return [line for row in rows_of(read) if state in (None, row.state) for line in row.lines]


def said_of(read: Reading) -> str:
    return " ".join((*read.intro, *(words for row in rows_of(read) for words in row.words)))


def fillable(spec: FormSpec) -> list[str]:
    return [key for key, place in spec.fields.items() if place.empty is None]


def value(spec: FormSpec, key: str) -> str | bool:
    return True if spec.fields[key].kind == "check" else f"value of {key}"


def with_partners(spec: FormSpec, keys: list[str]) -> dict[str, str | bool]:
    """Values for these keys, for the boxes that go with them, and for only one of those that exclude one another."""
    wanted = list(keys)
    wanted += [other for rule in spec.agree for key in keys if key in rule.keys for other in rule.keys]
    apart = [rule.keys for rule in spec.check_one]
    named = {place.name: [p.key for p in spec.places if p.name == place.name and p.key] for place in spec.places}
    apart += [tuple(same) for same in named.values() if len(same) > 1]
    for group in apart:
        chosen = [key for key in wanted if key in group]
        wanted = [key for key in wanted if key not in chosen[1:]]
    return {key: value(spec, key) for key in wanted}


# ------------------------------------------------------------------------------------------------------- every box


@pytest.mark.parametrize("form", FORMS)
def test_every_key_of_every_form_has_words_once_and_no_words_are_about_another(form: str) -> None:
    told = form_words()[form]
    keys = [key for part in told.parts for key in part.keys]
    assert sorted(keys) == sorted(forms.specs()[form].fields)
    assert told.intro


def test_there_are_words_for_no_form_that_we_do_not_have() -> None:
    assert set(form_words()) == set(FORMS)


@pytest.mark.parametrize("form", FORMS)
def test_every_box_that_can_be_filled_says_something_when_it_is(form: str) -> None:
    spec = forms.specs()[form]
    for key in fillable(spec):
        read = reading(form, with_partners(spec, [key]))
        shown = value(spec, key)
        said = [
            row.words
            for row in rows_of(read)
            for line in row.lines
            if row.state == "filled" and line.label == spec.fields[key].label and (line.ticked or line.value == shown)
        ]
        assert said, key
        assert all(words and all(words) for words in said), key


@pytest.mark.parametrize("form", FORMS)
def test_every_box_that_is_empty_says_why(form: str) -> None:
    spec = forms.specs()[form]
    for values in ({}, with_partners(spec, fillable(spec)[:1]), with_partners(spec, fillable(spec))):
        accounted(spec, values)


def accounted(spec: FormSpec, values: Mapping[str, str | bool]) -> None:
    """Every box stands in a row: filled ones with their value, empty ones with a reason, alone or with their item."""
    read = reading(spec.form, values)
    assert all(row.words and all(row.words) for row in rows_of(read))
    told = {line.label for row in rows_of(read) if row.state != "filled" for line in row.lines}
    for key, place in spec.fields.items():
        if key in values:
            assert any(
                line.label == place.label and (line.ticked or line.value == values[key])
                for line in lines_of(read, "filled")
            ), key
        else:
            assert place.label in told or place.item in told, key
    assert sum(bool(line.ticked) for line in lines_of(read)) == sum(each is True for each in values.values())


@given(st.data())
@hypothesis_settings(max_examples=60)
def test_however_a_form_is_filled_no_box_is_forgotten(data: st.DataObject) -> None:
    spec = forms.specs()[data.draw(st.sampled_from(FORMS))]
    keys = data.draw(st.lists(st.sampled_from(fillable(spec)), unique=True, max_size=12))
    accounted(spec, with_partners(spec, keys))


@pytest.mark.parametrize("form", FORMS)
def test_whose_an_empty_box_is_comes_from_the_form_itself(form: str) -> None:
    spec = forms.specs()[form]
    values: dict[str, str | bool] = {"item_3a_yes": True} if form == "FW-001" else {}  # whose lawyer signs, too
    read = reading(form, values)
    for place in (place for key, place in spec.fields.items() if key not in values):
        states = {row.state for row in rows_of(read) for line in row.lines if line.label in (place.label, place.item)}
        whose = {"clerk": "court", "server": "server", "hand": "hand"}.get(place.empty or "", "empty")
        assert whose in states, place.label


# ------------------------------------------------------------------------------------------------------- grouped well


def test_an_order_that_the_judge_fills_in_is_not_eighty_rows() -> None:
    read = reading("CR-181", {"defendant": "Ana"})
    judged = [row for row in rows_of(read) if row.state == "court"]
    assert [len(row.lines) for row in judged] == [5, 1]
    assert judged[0].words == ("The judge fills this in. You write nothing here.",)
    assert len(rows_of(reading("FW-003", {}))) < 10
    assert len(rows_of(reading("FW-001", {}))) < 25


def test_items_that_are_empty_for_one_reason_are_told_together() -> None:
    read = reading("CR-180", {"item_2": True, "item_2b": True})
    together = [section.rows[0].lines for section in read.sections if section.title == LEFT_EMPTY]
    assert [[line.label.split(" ")[0] for line in lines] for lines in together] == [
        ["1.", "1.", "1.", "1.", "1."],
        ["3.", "4.", "5.", "6.", "7."],
    ]
    beside = next(
        row for row in rows_of(read) if row.words == ("Not used. Only the boxes that fit your answers are checked.",)
    )
    assert [line.label[:2] for line in beside.lines] == ["a.", "c.", "c."]


def test_room_for_own_words_is_offered_only_where_the_judge_decides() -> None:
    offered = "You may write here why a dismissal would be just. You do not have to."
    assert offered in said_of(reading("CR-180", {"item_2": True, "item_2c": True}))
    assert offered not in said_of(reading("CR-180", {"item_2": True, "item_2a": True}))
    assert offered not in said_of(reading("CR-180", {"item_2": True, "item_2c": True, "item_2c_text": "I changed."}))


def test_while_nobody_knows_if_the_sentence_is_over_no_box_is_called_the_other_one() -> None:
    said = said_of(reading("CR-400", {"section_11357": True}))
    assert said.count("We do not know if your sentence in this case is over.") == 2
    assert "The other box." not in said


# ------------------------------------------------------------------------------------------------------- what is said


@pytest.mark.parametrize("form", FORMS)
def test_what_is_quoted_is_printed_on_the_form(form: str, blanks: Path) -> None:
    if not forms.available(form, blanks):
        assert forms.specs()[form].basis != "file"
        pytest.skip("the official file is not held")
    pages = PdfReader(blanks / f"{form}.pdf").pages
    printed = _letters(" ".join(page.extract_text() for page in pages))
    quoted = [box.printed for part in form_words()[form].parts for box in part.boxes if box.printed]
    for quote in quoted:
        at = 0
        for piece in quote.split("…"):
            at = printed.find(_letters(piece), at)
            assert at >= 0, piece
            at += 1
    assert quoted, "every form prints something that has no box"


def _letters(text: str) -> str:
    """Without spaces and line breaks, which each reader of PDFs puts elsewhere."""
    return re.sub(r"[\s\W]+", "", text).casefold()


@pytest.mark.parametrize("form", FORMS)
def test_a_form_that_is_sworn_says_so_in_front_and_at_the_signature(form: str) -> None:
    read = reading(form, {})
    lie = "To lie here is a crime"
    if form in SWORN:
        assert "under penalty of perjury" in " ".join(read.intro)
        assert lie in said_of(read)
    else:
        assert "under penalty of perjury" not in " ".join(read.intro)
        assert lie not in said_of(read)


def test_item_7b_of_the_petition_is_sworn_and_the_rest_is_not() -> None:
    assert "Item 7b is under penalty of perjury." in said_of(reading("CR-180", {"item_7": True, "item_7b": True}))
    assert "The form as a whole is not under penalty of perjury." in said_of(reading("CR-180", {}))
    assert "This form is not signed under penalty of perjury." in said_of(reading("CR-400", {}))


def test_the_two_waivers_are_rights_kept_or_given_up() -> None:
    kept, given_up = reading("CR-400", {}), reading("CR-400", {"waive_judge": True, "waive_appearance": True})
    assert said_of(kept).count("You keep this right") == 2
    assert said_of(given_up).count("gives up a right, because you chose that") == 2
    assert "You keep this right" not in said_of(given_up)


def test_a_yes_in_item_1_asks_for_a_lower_level() -> None:
    row = {"count_1_code": "Penal", "count_1_section": "459", "count_1_level": "felony"}
    read = reading("CR-180", {**row, "count_1_reduce_17b": "yes"})
    (said,) = [r.words for r in rows_of(read) if any(line.value == "yes" for line in r.lines)]
    assert "lower this felony to a misdemeanor" in said[0]
    assert "Item 8" in said[0]
    assert "This crime is a felony." in said_of(read)
    assert "Item 9 asks the judge to let you take back your guilty plea" in said_of(read)
    assert "asks for that lower level" not in said_of(reading("CR-180", {**row}))


def test_nothing_is_advice_in_either_language() -> None:
    for told in form_words().values():
        said = [*told.intro, *(part.why for part in told.parts), *(part.note for part in told.parts)]
        said += [
            words for part in told.parts for box in part.boxes for words in (box.text, box.why, *box.values.values())
        ]
        for words in filter(None, said):
            assert not re.search(r"\b(should|advise|recommend|best to|better to)\b", words, re.IGNORECASE), words
            spanish = translate("es", words)
            assert spanish != words
            assert not re.search(
                r"\b(debes(?! todavía)|deberías|conviene|recomendamos|aconsejamos|usted)\b", spanish, re.IGNORECASE
            )


@pytest.mark.parametrize(
    ("form", "values", "problem"),
    [
        ("CR-400", {"sign_date": "01/02/2027"}, forms.FieldStaysEmpty),
        ("CR-400", {"item_9": True}, forms.UnknownField),
        ("CR-180", {"item_5a": True, "item_5b": True}, forms.BoxesConflict),
        ("CR-999", {}, forms.UnknownForm),
    ],
)
def test_what_cannot_be_on_the_paper_is_not_read(form: str, values: Any, problem: type[Exception]) -> None:
    with pytest.raises(problem):
        reading(form, values)


def test_a_date_is_told_in_full_and_an_impossible_one_is_left() -> None:
    (row,) = [row for row in rows_of(reading("CR-180", {"conviction_date": "03/04/2007"})) if row.days]
    assert row.days == (date(2007, 3, 4),)
    assert not [row for row in rows_of(reading("CR-180", {"conviction_date": "13/40/2007"})) if row.days]


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("CR-999: {intro: [], parts: []}", "CR-999"),
        ("CR-400: {intro: [], parts: [{boxes: [{keys: item_9, text: x}]}]}", "item_9"),
        ("CR-400: {intro: [], parts: [{boxes: [{keys: [item_2a, item_2a]}]}]}", "twice of CR-400 item_2a"),
        ("CR-400: {intro: [], parts: [{boxes: [{keys: [item_2a, waive_judge]}]}]}", "needs a title"),
        ("CR-400: {intro: [], parts: [{boxes: [{printed: x, text: y}]}]}", "needs a title"),
    ],
)
def test_words_about_what_is_not_there_stop_the_program(
    words: str, problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "reading.yaml"
    file.write_text(f"forms:\n  {words}\n", encoding="utf-8")
    monkeypatch.setattr(module, "WORDS", file)
    with pytest.raises(ValueError, match=problem):
        form_words.__wrapped__()


# ------------------------------------------------------------------------------------------- what is shown is printed


def of(person: str, **entry: Any) -> Document:
    document = deepcopy(people()[person].document)
    if not (document.get("contact") or {}).get("name"):
        document["contact"] = dict(CONTACT)
    document["papers"] = {
        case["id"]: {**(document["papers"].get(case["id"]) or {}), **entry} for case in document["cases"]
    }
    return document


def papers_of(document: Document) -> tuple[Paper, ...]:
    return papers(decide(record(document), TODAY), document)


OPEN = [person for person in people() if papers_of(of(person))]


def sheets_with_blank(document: Document, blanks: Path) -> list[Reading]:
    return [each for paper in papers_of(document) for each in readings(paper, document, blanks=blanks)]


@pytest.mark.parametrize("person", OPEN)
def test_the_reading_goes_through_the_packet_and_says_what_stands_there(person: str, blanks: Path) -> None:
    document = of(person, own_words="I changed my life.", serve_by="mail")
    document["fees"] = {"wanted": True}
    findings = decide(record(document), TODAY)
    packet = PdfReader(BytesIO(build_packet(findings, document, lang="en", blanks=blanks)))
    shown = _letters(" ".join(page.extract_text() for page in packet.pages))
    marks = [str(mark.title) for mark in packet.outline if not isinstance(mark, list)]
    marks = [mark.removeprefix("Answers to copy onto form ") for mark in marks]
    read = sheets_with_blank(document, blanks)
    assert [each.form for each in read] == [mark for mark in marks if mark in forms.specs()]
    for each in read:
        assert all(_letters(line.value) in shown for line in lines_of(each) if line.value), each.form
    for paper in papers_of(document):
        sheets = sheets_of(paper, document, blanks=blanks)
        for sheet, each in zip(sheets, readings(paper, document, blanks=blanks), strict=True):
            values = {line.value for line in lines_of(each) if line.value}
            assert values == {said for said in sheet.values.values() if isinstance(said, str) and said}
            assert sum(bool(line.ticked) for line in lines_of(each)) == sum(v is True for v in sheet.values.values())


def test_what_does_not_fit_is_read_on_its_attachment(blanks: Path) -> None:
    document = of("dismissed")
    document["contact"]["street"] = street = "Building with a very long name, " * 4 + "Room 9"
    first, attached, *_others = sheets_with_blank(document, blanks)
    assert [row.words[-1] for row in rows_of(first) if any(line.value == street for line in row.lines)] == [
        ON_ATTACHMENT
    ]
    assert said_of(first).count(ON_ATTACHMENT) == 1
    values = {line.label: line.value for line in lines_of(attached)}
    assert values["ATTACHMENT (Number):"] == "CR-400"
    assert values["Page"] == values["of"] == "1"
    assert any(street in each for each in values.values())


def test_more_than_five_crimes_are_read_on_the_attachment(blanks: Path, tmp_path: Path) -> None:
    document = of("probation")
    count = document["cases"][0]["counts"][0]
    document["cases"][0]["counts"] = [{**count, "id": f"k{n}"} for n in range(1, 8)]
    read = sheets_with_blank(document, blanks)
    assert [each.form for each in read] == ["CR-180", "MC-025", "CR-181", "CR-106"]
    assert any("7. Penal Code, section 484" in line.value for line in lines_of(read[1]))
    assert ON_ATTACHMENT not in said_of(read[0])
    assert [each.form for each in sheets_with_blank(document, tmp_path)] == ["CR-180", "CR-106"], "sheets to copy from"


def test_words_that_do_not_fit_are_read_on_the_declaration_and_called_sworn(blanks: Path) -> None:
    read = sheets_with_blank(of("driving", own_words="I changed my life. " * 150), blanks)
    assert [each.form for each in read][:2] == ["CR-180", "MC-031"]
    sworn = "Your own words for the judge are on form MC-031, which you sign under penalty of perjury."
    assert [row.words for row in rows_of(read[0]) if row.lines[0].value == SEE_DECLARATION] == [(sworn,)]
    assert "To lie here is a crime" in said_of(read[1])
    told = {
        key: box.values
        for form in ("CR-180", "CR-409")
        for part in form_words()[form].parts
        for box in part.boxes
        for key in box.keys
    }
    assert all(told[key] == {SEE_DECLARATION: sworn} for key in OWN_WORDS.values())


def test_a_letter_that_cannot_be_printed_does_not_keep_the_paper_from_being_read(blanks: Path) -> None:
    document = of("dismissed")
    document["contact"]["name"] = "Ana 😀"
    assert "Ana 😀" in {line.value for line in lines_of(sheets_with_blank(document, blanks)[0])}


# ------------------------------------------------------------------------------------------------------------ the page


@pytest.fixture
def site(settings: Settings, blanks: Path) -> Iterator[Flask]:
    made = create_app(replace(settings, forms_dir=blanks))
    yield made
    cast(Store, made.extensions["limpio_store"]).close()


@pytest.fixture
def browser(site: Flask) -> AuditedClient:
    return audited(site)


def store_of(browser: AuditedClient) -> Store:
    return cast(Store, browser.application.extensions["limpio_store"])


@pytest.mark.parametrize(
    ("lang", "says"),
    [
        ("en", ("Item 2 says: the judge gave you probation", "Item 9 asks the judge", "The judge fills this in.")),
        ("es", ("El punto 2 dice: en este caso te dieron libertad a prueba (probation)", "El punto 9 le pide al juez")),
    ],
)
def test_the_page_reads_the_petition_and_its_order(browser: AuditedClient, lang: str, says: tuple[str, ...]) -> None:
    holding(browser, store_of(browser), lang, of("probation"))
    page = browser.get(f"/{lang}/papers/read/1")
    assert page.status_code == 200
    assert all(words in main_of(page) for words in says)
    parsed = read_page(body(page), page.request.path)
    assert [text_of(each).split(":")[0][-6:] for each in parsed.all("h2")] == ["CR-180", "CR-181", "CR-106"]
    for row in (row for each in parsed.all("tbody") for row in each):
        english, plain = row
        assert english.get("lang") == "en"
        assert plain.get("lang") is None
        assert text_of(english)
        assert text_of(plain)
    for table in parsed.all("table"):
        assert len([cell for cell in table.iter("th") if cell.get("scope") == "col"]) == 2
    assert not [each for each in parsed.all("h3") if each.get("lang") == "en" and each.get("translate") != "no"]


def test_a_date_on_the_form_is_written_out_in_the_readers_language(browser: AuditedClient) -> None:
    document = of("probation")
    document["cases"][0]["conviction_date"] = "2007-03-04"
    holding(browser, store_of(browser), "es", document)
    shown = main_of(browser.get("/es/papers/read/1"))
    assert "03/04/2007" in shown
    assert "El día es 4 de marzo de 2007." in shown


def test_spanish_readers_find_it_under_a_spanish_address_too(browser: AuditedClient) -> None:
    holding(browser, store_of(browser), "es", of("lowered"))
    page = browser.get("/es/papeles/leer/1")
    assert "El punto 3 renuncia a un derecho (waiver), porque tú lo pediste." in main_of(page)
    assert 'href="/en/papeles/leer/1"' in body(page)


def test_one_paper_leads_to_the_next(browser: AuditedClient) -> None:
    holding(browser, store_of(browser), "en", of("several"))
    first, second = browser.get("/en/papers/read/1"), browser.get("/en/papers/read/2")
    assert 'href="/en/papers/read/2"' in body(first)
    assert 'href="/en/papers/read/3"' not in body(second)
    assert "/en/papers/ready" in body(second)
    assert "Fresno" in main_of(second)


def test_nothing_on_the_page_escapes_translation(browser: AuditedClient) -> None:
    for person in ("driving", "over-or-not", "many", "juvenile"):
        document = of(person, own_words="I changed.")
        holding(browser, store_of(browser), PSEUDO, document)
        page = browser.get(f"/{PSEUDO}/papers/read/1")
        allowed = [case["county"] for case in document["cases"] if case.get("county")]
        assert (
            untranslated(
                body(page), [*allowed, *FORMS, "Rev. July 1, 2017", "New January 1, 2020", "Rev. January 1, 2024"]
            )
            == []
        )


def test_what_a_person_typed_is_shown_as_text(browser: AuditedClient) -> None:
    document = of("driving", own_words="<b>I changed</b>\nI work & study.")
    holding(browser, store_of(browser), "en", document)
    page = browser.get("/en/papers/read/1")
    assert "&lt;b&gt;I changed&lt;/b&gt;\nI work &amp; study." in body(page)


def test_without_the_blank_the_sheet_is_named_and_the_form_is_read_all_the_same(app: Flask, site_store: Store) -> None:
    browser = audited(app)
    holding(browser, site_store, "en", of("dismissed"))
    shown = main_of(browser.get("/en/papers/read/1"))
    assert "We do not have form CR-400 [Rev. January 1, 2024] here." in shown
    assert "Item 2b says" in shown


def test_the_page_is_private_and_leads_back_where_there_is_nothing_to_read(browser: AuditedClient) -> None:
    lost = browser.get("/en/papers/read/1")
    assert "What your papers say" not in main_of(lost)
    holding(browser, store_of(browser), "en", of("dismissed"))
    assert browser.get("/en/papers/read/2").headers["Location"] == "/en/papers/ready"
    nameless = of("dismissed")
    nameless["contact"]["name"] = ""
    holding(browser, store_of(browser), "en", nameless)
    assert browser.get("/en/papers/read/1").headers["Location"] == "/en/papers"
    holding(browser, store_of(browser), "en", of("waiting"))
    assert browser.get("/en/papers/read/1").headers["Location"] == "/en/papers"
