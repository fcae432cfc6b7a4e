"""Whole packets: for every demo person, and for people made up on the spot, each box says what the answers say.

`test_packet_ink` proves one form for any values; here the values are those that the site composes from answers. Every
form of the packet is read back: each expected box, and every other one blank. Ink is looked at in both engines, in
every box of every official form, for each demo person. The packet as a whole is opened by three readers.
"""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pytest
from drawn import ENGINES, qpdf_says
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from readback import boxes, expected, ink_is_where_it_belongs

import forms
from forms.fill import SEE_ATTACHMENT
from rules import Findings, decide
from webapp.demo import people
from webapp.interview.document import Document, record
from webapp.packet.build import blank_here, build_packet, sheets_of
from webapp.packet.companions import Sheet
from webapp.packet.papers import papers

TODAY = date(2026, 11, 28)
PEOPLE = sorted(
    person.id for person in people().values() if any("CR-" in each or "JV-" in each for each in person.expects)
)
NAMES = ("Ana Ñandú", "Łucja Żółkiewska", "Nguyễn Thị Ơn", "王小明", "محمد علي", "Maximiliana " * 5 + "Ruiz")
OFFICE = {"name": "District Attorney of Napa County", "street": "9 Invented Ave", "city": "Napa", "state": "CA",
          "zip": "94559"}  # fmt: skip


def judged(document: Document) -> Findings:
    return decide(record(document), TODAY)


def full(person: str, name: str, words: str = "", counts: int = 1) -> Document:
    """A person with everything that may be printed: contact, court, office, own words, the fee form."""
    document = deepcopy(people()[person].document)
    document["contact"] = {
        "name": name, "street": "1 Invented St", "city": "Peñasco", "state": "CA", "zip": "93701",
        "phone": "(559) 555-0100", "email": "ana@example.org",
    }  # fmt: skip
    document["statement"] = {"in_english": True, "texts": {"change": words}}
    document["fees"] = {"wanted": True, "benefits": ["medi_cal", "wic"]}
    entry: dict[str, Any] = {
        "case_number": "DEMO-20-1", "court_confirmed": True, "court_street": "2 Invented St",
        "court_city_zip": "Napa, CA 94559", "served_office": OFFICE, "serve_by": "mail",
        "arrest": {"agency": "Napa Police Department", "place": "Napa, Napa County", "birth_date": "03/04/1990"},
    }  # fmt: skip
    document["papers"] = {case["id"]: deepcopy(entry) for case in document["cases"]}
    first = document["cases"][0]
    first["counts"] = [{**first["counts"][0], "id": f"k{n}"} for n in range(1, counts + 1)] + first["counts"][1:]
    return document


def sheets(document: Document, blanks: Path) -> list[Sheet]:
    return [
        sheet
        for paper in papers(judged(document), document)
        for sheet in sheets_of(paper, document, blanks=blanks)
        if blank_here(sheet.form, blanks)
    ]


def reads_back(sheet: Sheet, blanks: Path) -> None:
    """Each expected field, every other blank; a text too long for its box says where it is instead."""
    filled = forms.fill(sheet.form, sheet.values, blanks=blanks, flat=False)
    elsewhere = {item.key for item in filled.overflow}
    here = {key: text for key, text in sheet.values.items() if key not in elsewhere}
    spec = forms.specs()[sheet.form]
    wanted, found = expected(spec, here), boxes(filled.pdf)
    moved = {place.name for place in spec.places if (place.copies or place.key) in elsewhere}
    assert {name: text for name, text in found.items() if name not in moved} == {
        name: text for name, text in wanted.items() if name not in moved
    }
    assert {found[name] for name in moved} <= set(SEE_ATTACHMENT)


@pytest.mark.parametrize("person", PEOPLE)
def test_every_demo_packet_reads_back_and_shows_in_both_engines(person: str, blanks: Path) -> None:
    made = sheets(full(person, NAMES[0], "I have worked since 2021."), blanks)
    assert made or person == "juvenile", "no form that is held here has any answer"
    for sheet in made:
        reads_back(sheet, blanks)
        for engine in ENGINES:
            ink_is_where_it_belongs(sheet.form, sheet.values, engine, blanks)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    person=st.sampled_from(["probation", "driving", "prison", "many", "dismissed", "arrest"]),
    name=st.sampled_from(NAMES),
    length=st.sampled_from([0, 200, 4000]),
    counts=st.sampled_from([1, 5, 6, 30]),
)
def test_any_packet_reads_back(person: str, name: str, length: int, counts: int, blanks: Path) -> None:
    words = " ".join(f"Since {year} I have done better." for year in range(1900, 2100))[:length].strip()
    document = full(person, name, words, counts)
    made = sheets(document, blanks)
    for sheet in made:
        reads_back(sheet, blanks)
    pdf = build_packet(judged(document), document, lang="es", blanks=blanks)
    shown = "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages)
    plain = "".join(shown.split())
    for paper in papers(judged(document), document):
        for line in paper.more:
            assert "".join(line.split()) in plain, "a crime that has no row is on the attachment"
        if paper.words:
            assert "".join(words[-60:].split()) in plain, "nothing of what was written is cut"


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("person", ["many", "arrest", "juvenile"])
def test_the_whole_packet_opens_everywhere_and_nothing_in_it_acts(person: str, lang: str, blanks: Path) -> None:
    document = full(person, "Nguyễn 王小明", "I have worked since 2021.", 6)
    pdf = build_packet(judged(document), document, lang=lang, blanks=blanks)
    qpdf_says(pdf)
    assert len(pypdf.PdfReader(BytesIO(pdf), strict=True).pages) > 3
    with pikepdf.open(BytesIO(pdf)) as opened:
        assert not opened.check_pdf_syntax()
        root = opened.Root
        assert not {"/AcroForm", "/OpenAction", "/AA", "/Names", "/Perms"} & set(root.keys())
        assert all("/Annots" not in page and "/AA" not in page for page in opened.pages)
        assert "/StructTreeRoot" in root
        assert "/PageLabels" in root
        assert {tuple(float(x) for x in page.mediabox) for page in opened.pages} == {(0.0, 0.0, 612.0, 792.0)}
    assert b"/JavaScript" not in pdf
    assert b"/XFA" not in pdf
    assert b"/URI" not in pdf
