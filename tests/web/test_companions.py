"""What goes with a petition: order, proof of service, the words for the judge, fee form, letter, the days.

Each test says for whom it would go wrong if it broke.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

import forms
from forms.blanks import blank_path
from rules import Findings, decide
from rules.court_days import is_court_day
from webapp.demo import people
from webapp.interview.document import Document, record
from webapp.packet import fees, statement
from webapp.packet.build import build_packet, documents, placed, sheets_of, titles
from webapp.packet.companions import ORDERS, PROOFS, SEE_DECLARATION, Served, beside, manner, offices, split_name
from webapp.packet.cover_page import Beside
from webapp.packet.filing_dates import filing_dates, filing_day_of, periods
from webapp.packet.letter import letter_blocks
from webapp.packet.papers import Paper, papers

TODAY = date(2026, 11, 28)
CONTACT = {"name": "Ana Ñandú Ruiz", "street": "1 Invented St", "city": "Fresno", "state": "CA", "zip": "93701"}
OFFICE = {"name": "District Attorney of Fresno County", "street": "2 Invented Ave", "city": "Fresno", "state": "CA",
          "zip": "93721"}  # fmt: skip


def judged(document: Document) -> Findings:
    return decide(record(document), TODAY)


def of(person: str, **entry: Any) -> Document:
    document = deepcopy(people()[person].document)
    document["contact"] = dict(CONTACT)
    document["papers"] = {case["id"]: deepcopy(entry) for case in document["cases"]}
    return document


def only(document: Document) -> Paper:
    (paper,) = papers(judged(document), document)
    return paper


def values(document: Document, form: str) -> dict[str, str | bool]:
    (sheet,) = [sheet for sheet in beside(only(document), document) if sheet.form == form]
    return dict(sheet.values)


# ---------------------------------------------------------------------------------------------------- which papers


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        ("probation", ["CR-180", "CR-181", "CR-106"]),
        ("dismissed", ["CR-400", "CR-401"]),
        ("arrest", ["CR-409", "CR-410", "CR-106"]),
        ("juvenile", ["JV-744"]),
    ],
)
def test_each_petition_has_its_order_and_its_proof_in_filing_order(
    person: str, expected: list[str], blanks: Path
) -> None:
    document = of(person)
    assert [sheet.form for sheet in sheets_of(only(document), document, blanks=blanks)] == expected


def test_an_order_whose_blank_is_missing_is_not_printed_as_a_sheet_of_empty_boxes(tmp_path: Path) -> None:
    document = of("probation")
    assert [s.form for s in sheets_of(only(document), document, blanks=tmp_path)] == ["CR-180", "CR-106"]


def test_no_finding_of_a_judge_and_no_statement_of_a_server_is_ever_filled_in() -> None:
    """A clerk returns an order with a box ticked, and a proof that its server did not make is false."""
    for person in people():
        document = of(person, served_office=OFFICE, serve_by="mail", case_number="DEMO-1")
        for paper in papers(judged(document), document):
            for sheet in beside(paper, document):
                fields = forms.specs()[sheet.form].fields
                assert not [key for key in sheet.values if fields[key].empty], (person, sheet.form)
                if sheet.role in ("order", "proof"):
                    assert True not in sheet.values.values(), (person, sheet.form)


@pytest.mark.parametrize(("how", "printed"), [("mail", True), ("hand", False), ("unknown", False)])
def test_the_address_stands_on_the_proof_only_when_it_goes_by_mail(how: str, printed: bool) -> None:
    """Item 4 says that envelopes were mailed to these addresses; for another way it would be untrue."""
    proof = values(of("probation", served_office=OFFICE, serve_by=how, case_number="DEMO-1"), "CR-106")
    assert ("served_1_name" in proof) is printed
    assert proof["papers_served"] == "CR-180 Petition for Dismissal; CR-181 Order for Dismissal"
    assert proof["case_number"] == "DEMO-1"
    assert str(proof["court"]).startswith("Alameda")


def test_an_arrest_is_served_on_the_prosecutor_and_the_agency() -> None:
    document = of(
        "arrest",
        served_office=OFFICE,
        served_agency={"name": "", "street": "9 Invented Rd", "city": "Clovis", "state": "CA", "zip": "93612"},
        arrest={"agency": "Clovis Police Department"},
        serve_by="mail",
    )
    assert [office.name for office in offices(only(document), document)] == [OFFICE["name"], "Clovis Police Department"]
    proof = values(document, "CR-106")
    assert (proof["served_2_name"], proof["served_2_city"]) == ("Clovis Police Department", "Clovis")


def test_an_office_nobody_named_is_not_invented() -> None:
    document = of("arrest")
    assert offices(only(document), document) == ()
    assert manner(only(document), document) == "unknown"


def test_the_proof_of_a_marijuana_petition_names_office_and_address() -> None:
    proof = values(of("dismissed", served_office=OFFICE), "CR-401")
    assert proof["served_name"] == OFFICE["name"]
    assert proof["served_address"] == "2 Invented Ave, Fresno, CA 93721"
    assert Served("X", city="Napa").address == "Napa"


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Ana Ruiz", ("Ruiz", "Ana", "")),
        ("Ana María Ruiz", ("Ruiz", "Ana", "María")),
        ("María de la Cruz Ñandú", ("María de la Cruz Ñandú", "", "")),
        ("Ruiz, Ana", ("Ruiz, Ana", "", "")),
        ("Cher", ("Cher", "", "")),
    ],
)
def test_a_name_is_split_only_where_it_is_plain(name: str, parts: tuple[str, str, str]) -> None:
    assert split_name(name) == parts


def test_the_order_on_an_arrest_says_which_arrest_and_leaves_the_clerks_boxes() -> None:
    document = of("arrest", arrest={"agency": "Clovis Police Department", "report_number": "22-1"})
    document["cases"][0]["arrest_date"] = "2022-03-04"
    order = values(document, "CR-410")
    assert order["agency_report_number"] == "22-1"
    assert "Clovis Police Department" in str(order["arrest_other"])
    assert "Arrest on 03/04/2022" in str(order["arrest_other"])
    assert not {"court", "case_number", "defendant"} & set(order)


def test_the_other_offenses_of_a_juvenile_case_go_on_their_own_form() -> None:
    document = of("juvenile")
    counts = document["cases"][0]["counts"]
    counts.append({**counts[0], "id": "k2", "offense": "HS 11357", "subdivision": "b"})
    paper = only(document)
    assert paper.values["more_offenses"] is True
    assert [key for key in paper.values if key.startswith("section_")] == ["section_11360"]
    (more,) = [sheet for sheet in beside(paper, document) if sheet.form == "JV-744A"]
    assert more.values["offense_1_section_11357"] is True
    assert more.values["short_title"] == "People v. Ana Ñandú Ruiz"


# ------------------------------------------------------------------------------------------------------- an arrest


def test_an_arrest_that_must_be_sealed_says_so_and_asks_for_nothing_else() -> None:
    paper = only(of("arrest", arrest={"birth_date": "03/14/1990", "place": "Clovis, Fresno County"}))
    assert paper.values["matter_of_right"] is True
    assert "interests_of_justice" not in paper.values
    assert paper.values["birth_date"] == "03/14/1990"
    assert "arrest_date" not in paper.values, "only its year is known: the day is written in by hand"
    assert paper.values["arrest_offenses"]
    assert "case_filed" not in paper.values, "no case number: no charge was filed"
    assert "defendant" not in paper.values


def test_an_arrest_with_a_case_says_that_it_was_filed() -> None:
    paper = only(of("arrest", case_number="F22-1", arrest={"charges": "Penal Code, section 242"}))
    assert paper.values["case_filed"] is True
    assert paper.values["charges_filed"] == "Penal Code, section 242"
    assert paper.values["defendant"] == CONTACT["name"]


# ------------------------------------------------------------------------------------------------- the person's words


def with_words(document: Document, **said: Any) -> Document:
    return {**document, "statement": said}


def test_words_that_fit_stand_in_the_petition_and_not_on_a_declaration(blanks: Path) -> None:
    paper = only(with_words(of("driving"), in_english=True, texts={"work": "I work.", "family": "I have a son."}))
    kept, pages = placed(paper, blanks=blanks)
    assert kept["item_2c_text"] == "I work.\n\nI have a son."
    assert pages == ()


@pytest.mark.parametrize(("letters", "pages"), [(4_000, 1), (11_000, 4)])
def test_words_that_do_not_fit_are_sworn_on_their_own_form_and_the_box_says_where(
    letters: int, pages: int, blanks: Path
) -> None:
    """Never both: a judge who reads the first half twice and the second half never is not helped."""
    long = " ".join(f"Sentence {n} of what has changed." for n in range(400))[:letters].strip()
    document = with_words(of("driving"), in_english=True, texts={"change": long})
    kept, told = placed(only(document), blanks=blanks)
    assert kept["item_2c_text"] == SEE_DECLARATION
    assert len(told) == pages
    assert " ".join(" ".join(told).split()) == long
    made = [sheet for sheet in sheets_of(only(document), document, blanks=blanks) if sheet.form == "MC-031"]
    assert len(made) == pages
    assert made[0].values["signer_defendant"] is True
    assert "sign_date" not in made[0].values
    reader = PdfReader(BytesIO(build_packet(judged(document), document, lang="en", blanks=blanks)))
    sworn = [
        text for text in (page.extract_text() for page in reader.pages) if "MC-031 [" in text and "of what has" in text
    ]
    assert len(sworn) == pages
    assert "".join(long.split())[:200] in "".join(sworn[0].split())
    assert "".join(long.split())[-100:] in "".join(sworn[-1].split())


def test_words_in_another_language_stay_off_paper_until_there_is_english() -> None:
    written = {"in_english": False, "texts": {"work": "Trabajo.", "family": "Tengo un hijo."}}
    document = with_words(of("driving"), **written)
    assert only(document).words == ""
    assert statement.needs_english(document)
    document = with_words(of("driving"), **written, english={"work": "I work."})
    assert only(document).words == "I work."
    assert statement.needs_english(document), "one answer of two"
    document = with_words(of("driving"), **written, english={"work": "I work.", "family": "I have a son."})
    assert not statement.needs_english(document)
    assert statement.texts_of(document)["work"] == "Trabajo.", "the person's own text is kept"


def test_words_can_be_left_out_of_a_case() -> None:
    document = with_words(
        of("driving", use_statement=False, own_words="Only this."), in_english=True, texts={"work": "I work."}
    )
    assert only(document).words == "Only this."


def test_where_the_judge_must_agree_nobody_has_to_explain() -> None:
    document = with_words(of("probation"), in_english=True, texts={"work": "I work."})
    assert only(document).words == ""
    assert "I work." not in only(document).values.values()


@given(st.dictionaries(st.sampled_from([*statement.PROMPTS, "other"]), st.text(max_size=20)))
def test_the_statement_is_the_persons_words_in_the_order_of_the_questions(texts: dict[str, str]) -> None:
    told = statement.for_court({"statement": {"in_english": True, "texts": texts}})
    kept = [texts[name].strip() for name in statement.PROMPTS if texts.get(name, "").strip()]
    assert told == "\n\n".join(kept)


# ------------------------------------------------------------------------------------------------------------- fees


def test_the_limits_are_those_printed_on_the_adopted_form(blanks: Path) -> None:
    printed = PdfReader(blank_path("FW-001", blanks)).pages[0].extract_text()
    limits = forms.income_limits()
    for amount in (*limits.monthly, limits.each_more):
        assert f"${amount:,.2f}" in printed
    assert len(limits.monthly) == 6
    assert limits.revision == forms.specs()["FW-001"].revision


def test_the_limit_grows_with_the_home() -> None:
    limits = forms.income_limits()
    assert forms.monthly_limit(6) == limits.monthly[-1]
    assert forms.monthly_limit(9) == limits.monthly[-1] + 3 * limits.each_more
    with pytest.raises(ValueError, match="at least one person"):
        forms.monthly_limit(0)


def test_a_cent_decides_between_the_two_ways() -> None:
    """The form says "less than the amount": the limit itself is not less."""
    limit = forms.monthly_limit(2)
    said = {"wanted": True, "home": 2, "ask": "all"}
    assert fees.way({**said, "income_1_amount": str(limit - Decimal("0.01"))}) == "5b"
    assert fees.way({**said, "income_1_amount": str(limit)}) == "5c"
    assert fees.way({**said, "income_1_amount": str(limit), "ask": None}) is None
    assert fees.way({**said, "income_1_amount": "10.00", "person_1_amount": str(limit)}) == "5c"


@pytest.mark.parametrize(
    ("typed", "value"),
    [("1200", "1200.00"), ("$1,200.5", "1200.50"), ("0", "0.00"), ("-5", None), ("a lot", None), ("2000000", None)],
)
def test_amounts_are_read_as_people_write_them(typed: str, value: str | None) -> None:
    assert fees.amount(typed) == (None if value is None else Decimal(value))


def test_the_fee_forms_come_last_once_a_case_and_only_when_wanted(blanks: Path) -> None:
    document = of("many")
    found = papers(judged(document), document)
    assert not any(s.form.startswith("FW") for paper in found for s in sheets_of(paper, document, blanks=blanks))
    document["fees"] = {"wanted": True, "benefits": ["medi_cal"]}
    per_paper = [[s.form for s in sheets_of(paper, document, blanks=blanks)] for paper in found]
    assert [order[-2:] == ["FW-001", "FW-003"] for order in per_paper] == [False, True, True]


def test_what_the_fee_form_says_is_what_the_person_said(blanks: Path) -> None:
    document = of("probation", case_number="DEMO-1")
    document["fees"] = {
        "wanted": True, "benefits": [], "home": 2, "job": "Cook", "income_1_source": "Cook",
        "income_1_amount": "900.00", "person_1_name": "Luis", "person_1_age": "9", "person_1_relationship": "son",
        "person_1_amount": "100.00", "changes": True,
    }  # fmt: skip
    request = values(document, "FW-001")
    assert {key for key, value in request.items() if value is True} == {"item_4_superior", "item_5b", "item_7"}
    assert (request["item_8b"], request["item_9b"], request["item_9_total"]) == ("900.00", "100.00", "1,000.00")
    assert request["case_name"] == "People v. Ana Ñandú Ruiz"
    assert str(request["court"]).splitlines()[0] == "County of Alameda"
    assert "sign_date" not in request
    forms.fill("FW-001", request, blanks=blanks)
    document["fees"] = {"wanted": True, "benefits": ["wic", "ssi"], "income_1_amount": "900.00"}
    request = values(document, "FW-001")
    assert {key for key, value in request.items() if value is True} == {
        "item_4_superior", "item_5a", "item_5a_wic", "item_5a_ssi",
    }  # fmt: skip
    assert not [key for key in request if key.startswith(("item_8", "item_9"))], "who checks 5a leaves page 2 empty"
    assert set(fees.BENEFITS) == {
        key.removeprefix("item_5a_") for key in forms.specs()["FW-001"].fields if key.startswith("item_5a_")
    }


# ------------------------------------------------------------------------------------------------- days, letter, files


@given(st.dates(date(2026, 1, 1), date(2031, 12, 31)))
def test_the_days_are_never_shorter_than_the_law_and_courts_are_open_on_them(filed: date) -> None:
    days = filing_dates(filed)
    assert (days.by_hand - filed).days >= 15
    assert (days.by_mail - filed).days >= 20
    assert (days.by_hand - filed).days <= 15 + 5, "a weekend with holidays at both ends"
    assert days.by_hand <= days.by_mail <= days.ask
    assert all(is_court_day(day) for day in (days.by_hand, days.by_mail, days.ask))


def test_a_period_that_ends_at_christmas_ends_after_it() -> None:
    assert filing_dates(date(2026, 12, 10)).by_hand == date(2026, 12, 28)
    assert periods()["notice"].cite == "PC 1203.4(d)(1)"
    assert all(period.source for period in periods().values())
    assert filing_day_of({"filing_day": None}) is None


def test_the_letter_lists_what_is_handed_in_and_not_the_fee_form() -> None:
    paper = only(of("probation", case_number="DEMO-1"))
    blocks = letter_blocks(paper, Beside(("CR-180", "CR-181", "CR-106", "FW-001", "FW-003"), frozenset()))
    (listed,) = [block for block in blocks if isinstance(block, forms.Steps)]
    assert listed.items[:3] == (
        "CR-180, Petition for Dismissal",
        "CR-181, Order for Dismissal",
        "CR-106, Proof of Service—Criminal Record Clearing",
    )
    assert not any("FW-001" in item for item in listed.items)
    empty = letter_blocks(replace(paper, caption={}), Beside(("CR-180",), frozenset()))
    assert any("____" in str(block) for block in empty), "a line to write on"


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_files_are_the_packet_cut_into_papers(lang: str, blanks: Path) -> None:
    document = of("many", case_number="DEMO-1")
    document["fees"] = {"wanted": True, "benefits": ["wic"]}
    whole = PdfReader(BytesIO(build_packet(judged(document), document, lang=lang, blanks=blanks)))
    made = list(documents(judged(document), document, lang=lang, blanks=blanks))
    assert [file.title for file in made] == list(titles(judged(document), document, lang=lang, blanks=blanks))
    assert sum(len(PdfReader(BytesIO(file.pdf)).pages) for file in made) == len(whole.pages)
    assert len({file.filename for file in made}) == len(made)
    assert all(file.filename.isascii() and " " not in file.filename for file in made)


@pytest.mark.parametrize("form", [*ORDERS.values(), *PROOFS.values()])
def test_every_form_that_goes_along_is_known(form: str) -> None:
    assert form in forms.specs()
