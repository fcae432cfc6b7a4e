"""The petition for dismissal, CR-180: its boxes come from the findings, one route a petition; a lower level and the
person's own words only where the person chose them; the order beside it with its caption and nothing else."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from pypdf import PdfReader

import forms
from rules import Findings, decide
from rules.remedies import REMEDIES
from tests.web.audited_client import AuditedClient, audited
from webapp.demo import people
from webapp.interview.document import Document, record
from webapp.packet.build import build_packet
from webapp.packet.companions import CAPTION, ORDERS
from webapp.packet.papers import CR_180_BOXES, OWN_WORDS, Paper, papers
from webapp.store import Store

TODAY = date(2026, 11, 28)
CONTACT = {"name": "Ana Ñandú", "street": "1 Invented St", "city": "Fresno", "state": "CA", "zip": "93701"}


def judged(document: Document) -> Findings:
    return decide(record(document), TODAY)


def of(person: str, **entry: Any) -> Document:
    document = deepcopy(people()[person].document)
    document["contact"] = dict(CONTACT)
    document["papers"] = {case["id"]: dict(entry) for case in document["cases"]}
    return document


def petitions(document: Document) -> list[Paper]:
    return [paper for paper in papers(judged(document), document) if paper.form == "CR-180"]


def ticked(paper: Paper) -> set[str]:
    return {key for key, value in paper.values.items() if value is True}


@pytest.mark.parametrize(
    ("person", "boxes", "first"),
    [
        ("probation", {"item_2", "item_2a"}, ("Penal", "484", "misdemeanor")),
        ("driving", {"item_2", "item_2c"}, ("Vehicle", "23152(a)", "misdemeanor")),
        ("prison", {"item_5", "item_5c"}, ("Penal", "211", "felony")),
        ("drug-program", {"item_7", "item_7a"}, ("Health & Saf.", "11350(a)", "felony")),
    ],
)
def test_each_route_has_its_item_and_its_box(person: str, boxes: set[str], first: tuple[str, str, str]) -> None:
    (paper,) = petitions(of(person))
    assert ticked(paper) == boxes
    assert tuple(paper.values[f"count_1_{part}"] for part in ("code", "section", "level")) == first
    assert not any(key.endswith(("reduce_17b", "reduce_17d2")) for key in paper.values)
    assert "item_2c_text" not in paper.values


def test_a_case_with_two_routes_has_two_petitions_and_marijuana_its_own_form() -> None:
    found = papers(judged(of("many")), of("many"))
    assert [(p.case.id, p.form) for p in found] == [("c1", "CR-400"), ("c1", "CR-180"), ("c2", "CR-180")]
    assert [c.count.offense for c in found[1].asked] == ["PC 459", "PC 148"]
    assert "item_3b" in ticked(found[2])
    assert "item_3a" not in ticked(found[2])


def test_a_lower_level_is_asked_for_only_where_the_person_says_so() -> None:
    (first, _) = petitions(of("many", reduce=["k2"]))
    assert first.values["count_1_reduce_17b"] == "yes"
    assert "count_2_reduce_17b" not in first.values, "148(a)(1) is no felony"
    (first, _) = petitions(of("many", reduce=["k9"]))
    assert "count_1_reduce_17b" not in first.values


def test_own_words_go_where_the_judge_decides_and_nowhere_else() -> None:
    (paper,) = petitions(of("driving", own_words="I changed."))
    assert paper.values["item_2c_text"] == "I changed."
    (paper,) = petitions(of("probation", own_words="I changed."))
    assert "I changed." not in paper.values.values()


def test_a_date_known_by_its_year_alone_is_left_to_be_written_by_hand() -> None:
    document = of("probation")
    document["cases"][0]["conviction_date"] = "2020"
    (paper,) = petitions(document)
    assert "conviction_date" not in paper.values


def test_more_than_five_counts_go_on_an_attachment(blanks: Path) -> None:
    document = of("probation")
    count = document["cases"][0]["counts"][0]
    document["cases"][0]["counts"] = [{**count, "id": f"k{n}"} for n in range(1, 8)]
    (paper,) = petitions(document)
    assert paper.values["count_5_section"] == "484"
    assert paper.more == ("6. Penal Code, section 484, misdemeanor", "7. Penal Code, section 484, misdemeanor")
    reader = PdfReader(BytesIO(build_packet(judged(document), document, lang="en", blanks=blanks)))
    told = "\n".join(page.extract_text() for page in reader.pages)
    assert "7. Penal Code, section 484, misdemeanor" in told
    assert "MC-025" in [str(mark.title) for mark in reader.outline if not isinstance(mark, list)]


def test_the_order_has_its_caption_and_nothing_else(blanks: Path) -> None:
    assert ORDERS["CR-180"] in forms.specs()
    document = of("probation", case_number="DEMO-20-1")
    reader = PdfReader(BytesIO(build_packet(judged(document), document, lang="en", blanks=blanks)))
    marks = [str(mark.title) for mark in reader.outline if not isinstance(mark, list)]
    assert marks.index("CR-181") == marks.index("CR-180") + 1
    order = [page.extract_text() for page in reader.pages if "ORDER FOR DISMISSAL" in page.extract_text()]
    assert order
    assert "Ana Ñandú" in order[0]
    assert "DEMO-20-1" in order[0]
    assert {key for key in CAPTION if key.startswith("item")} == set()


def test_every_box_the_rules_name_has_its_place() -> None:
    named = {b.label for r in REMEDIES for p in r.papers if p.form == "CR-180" for b in p.boxes} - {"1 (yes)", "8"}
    assert named == set(CR_180_BOXES)
    fields = forms.specs()["CR-180"].fields
    assert set(CR_180_BOXES.values()) <= set(fields)
    assert set(OWN_WORDS.values()) <= set(fields) | set(forms.specs()["CR-409"].fields)
    arrest = {b.label for r in REMEDIES for p in r.papers if p.form == "CR-409" for b in p.boxes}
    assert arrest == {"matter of right", "interests of justice"}


# ---------------------------------------------------------------------------------------------------------- the page


@pytest.fixture
def browser(app: Flask) -> AuditedClient:
    return audited(app)


def begin(browser: AuditedClient, site_store: Store, document: Document, lang: str = "en") -> str:
    visit = site_store.new_visit(lang)
    site_store.save(visit.id, document)
    with browser.session_transaction() as session:
        session["visit"] = visit.id
    return visit.id


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_choices_are_asked_once_and_kept(browser: AuditedClient, site_store: Store, lang: str) -> None:
    known = begin(browser, site_store, of("many"), lang)
    page = browser.submit(f"/{lang}/papers/c1", {"court": "blank"}, follow=False)
    assert page.headers["Location"] == f"/{lang}/papers/c1/service"
    page = browser.submit(f"/{lang}/papers/c1/service", {"office": "blank", "serve_by": "unknown"}, follow=False)
    assert page.headers["Location"] == f"/{lang}/papers/c1/rights"
    page = browser.submit(f"/{lang}/papers/c1/rights", follow=False)
    assert page.headers["Location"] == f"/{lang}/papers/c1/petition"
    shown = browser.get(f"/{lang}/papers/c1/petition").text
    assert " checked" not in shown, "no choice is made beforehand"
    page = browser.submit(f"/{lang}/papers/c1/petition", {"reduce": ["k2"]}, follow=False)
    assert page.headers["Location"] == f"/{lang}/papers/c2"
    page = browser.submit(f"/{lang}/papers/c2", {"court": "blank"}, follow=False)
    assert page.headers["Location"] == f"/{lang}/papers/c2/service"
    page = browser.submit(f"/{lang}/papers/c2/service", {"office": "blank", "serve_by": "hand"}, follow=False)
    assert page.headers["Location"] == f"/{lang}/papers/c2/petition"
    page = browser.submit(f"/{lang}/papers/c2/petition", {"own_words": " I work.\r\nI study. "}, follow=False)
    assert page.headers["Location"] == f"/{lang}/papers/ready"
    visit = site_store.visit(known)
    assert visit is not None
    kept = visit.document["papers"]
    assert kept["c1"]["reduce"] == ["k2"]
    assert kept["c2"]["own_words"] == "I work.\nI study."
    main = browser.get(f"/{lang}/papers/ready").text.split("<main")[1]
    assert main.count("/petition") == 2


def test_a_letter_that_no_form_can_print_is_named_and_what_was_typed_stays(
    browser: AuditedClient, site_store: Store
) -> None:
    begin(browser, site_store, of("driving"))
    page = browser.submit("/en/papers/c1/petition", {"own_words": "I changed 😀"})
    assert page.status_code == 422
    assert "GRINNING FACE" in page.text
    assert "I changed 😀" in page.text
    page = browser.submit("/en/papers/c1/petition", {"own_words": "a" * 4001})
    assert page.status_code == 422


def test_where_there_is_nothing_to_choose_the_page_leads_back(browser: AuditedClient, site_store: Store) -> None:
    begin(browser, site_store, of("probation"))
    assert browser.get("/en/papers/c1/petition").headers["Location"] == "/en/papers"
