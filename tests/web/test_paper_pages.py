"""The pages between results and papers: words for the judge, the arrest, who gets a copy, fees, the day of filing.

What was typed stays whatever is wrong with it, nothing is chosen beforehand, and a page for a case that has no use for
it leads back.
"""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from flask import Flask

from tests.web.audited_client import AuditedClient, audited
from webapp import clock
from webapp.demo import people
from webapp.interview.document import Document
from webapp.language import translate
from webapp.packet.filing_dates import filing_dates
from webapp.store import Store

CONTACT = {"name": "Ana Ejemplo", "street": "1 Invented St", "city": "Fresno", "state": "CA", "zip": "93701"}
LANGUAGES = ["en", "es"]


@pytest.fixture
def browser(app: Flask) -> AuditedClient:
    return audited(app)


def of(person: str, **more: Any) -> Document:
    return {**deepcopy(people()[person].document), "contact": dict(CONTACT), "papers": {}, **more}


def begin(browser: AuditedClient, site_store: Store, document: Document, lang: str = "en") -> str:
    visit = site_store.new_visit(lang)
    site_store.save(visit.id, document)
    with browser.session_transaction() as session:
        session["visit"] = visit.id
    return visit.id


def saved(site_store: Store, visit_id: str) -> Document:
    visit = site_store.visit(visit_id)
    assert visit is not None
    return visit.document


# ------------------------------------------------------------------------------------------------------- own words


@pytest.mark.parametrize("lang", LANGUAGES)
def test_words_in_another_language_lead_to_a_page_for_the_english_and_both_are_kept(
    browser: AuditedClient, site_store: Store, lang: str
) -> None:
    known = begin(browser, site_store, of("driving"), lang)
    page = browser.submit(f"/{lang}/papers/statement", {"work": "Trabajo.", "written_in": "other"}, follow=False)
    assert page.headers["Location"] == f"/{lang}/papers/statement/english"
    page = browser.get(f"/{lang}/papers/statement/english")
    assert "Trabajo." in page.text
    assert 'name="family"' not in page.text, "only what was answered has an English box"
    page = browser.submit(page, {"work": "I work."}, follow=False)
    assert page.headers["Location"] == f"/{lang}/papers/cases"
    assert browser.get(f"/{lang}/papers/cases").headers["Location"] == f"/{lang}/papers/c1"
    kept = saved(site_store, known)["statement"]
    assert kept == {"in_english": False, "texts": {"work": "Trabajo."}, "english": {"work": "I work."}}


def test_the_language_of_the_words_is_taken_from_the_page_and_may_be_changed(
    browser: AuditedClient, site_store: Store
) -> None:
    begin(browser, site_store, of("driving"), "es")
    assert 'value="other" checked' in " ".join(browser.get("/es/papers/statement").text.split())
    assert 'value="english" checked' in " ".join(browser.get("/en/papers/statement").text.split())


def test_a_sign_that_no_form_prints_is_named_and_the_words_stay(browser: AuditedClient, site_store: Store) -> None:
    begin(browser, site_store, of("driving"))
    page = browser.submit("/en/papers/statement", {"work": "I work 😀", "family": "Two sons.", "written_in": "english"})
    assert page.status_code == 422
    assert "GRINNING FACE" in page.text
    assert "I work 😀" in page.text
    assert "Two sons." in page.text


def test_a_petition_page_says_what_waits_for_english(browser: AuditedClient, site_store: Store) -> None:
    said = {"in_english": False, "texts": {"work": "Trabajo."}}
    known = begin(browser, site_store, of("driving", statement=said))
    page = browser.get("/en/papers/c1/petition")
    assert "not in English yet" in page.text
    assert "not in English yet" in browser.get("/en/papers/ready").text
    browser.submit(page, {"use_statement": []}, follow=False)
    assert saved(site_store, known)["papers"]["c1"]["use_statement"] is False


# --------------------------------------------------------------------------------------------------- who gets a copy


@pytest.mark.parametrize("lang", LANGUAGES)
def test_somebody_must_say_which_office_and_how(browser: AuditedClient, site_store: Store, lang: str) -> None:
    document = of("many")
    known = begin(browser, site_store, document, lang)
    page = browser.submit(f"/{lang}/papers/c1/service", {"office_street": "9 Invented Ave"})
    assert page.status_code == 422
    assert "9 Invented Ave" in page.text
    page = browser.submit(page, {"office": "other", "serve_by": "mail"})
    assert translate(lang, "Write the name of the office. It is on the complaint in your case.") in page.text
    page = browser.submit(page, {"office_name": "Anaheim City Attorney", "office_city": "Anaheim"}, follow=False)
    assert page.status_code == 303
    entry = saved(site_store, known)["papers"]["c1"]
    assert entry["served_office"] == {
        "name": "Anaheim City Attorney", "street": "9 Invented Ave", "city": "Anaheim", "zip": "", "state": "CA",
    }  # fmt: skip
    assert 'value="Anaheim City Attorney"' in browser.get(f"/{lang}/papers/c1/service").text


def test_a_misdemeanor_in_los_angeles_offers_the_city_prosecutors(browser: AuditedClient, site_store: Store) -> None:
    """In ten cities the district attorney did not prosecute it, and a copy sent there is no notice."""
    document = of("driving")
    document["cases"][0]["county"] = "Los Angeles"
    begin(browser, site_store, document)
    text = browser.get("/en/papers/c1/service").text
    for office in ("District Attorney of Los Angeles County", "Long Beach City Prosecutor"):
        assert f'value="{office}"' in text
    assert " checked" not in text.split('name="office"')[1].split("</fieldset>")[0], "nothing is chosen beforehand"
    document = of("prison")
    document["cases"][0]["county"] = "Los Angeles"
    begin(browser, site_store, document)
    text = browser.get("/en/papers/c1/service").text
    assert "Long Beach City Prosecutor" not in text, "felonies are the district attorney's"


def test_an_arrest_asks_for_the_police_too(browser: AuditedClient, site_store: Store) -> None:
    known = begin(browser, site_store, of("arrest"))
    page = browser.submit(
        "/en/papers/c1/arrest", {"agency": "Clovis Police Department", "month": "2", "day": "30", "year": "1990"}
    )
    assert page.status_code == 422
    assert "Clovis Police Department" in page.text
    page = browser.submit(page, {"month": "2", "day": "3"}, follow=False)
    assert page.headers["Location"] == "/en/papers/c1/service"
    assert saved(site_store, known)["papers"]["c1"]["arrest"]["birth_date"] == "02/03/1990"
    page = browser.get("/en/papers/c1/service")
    assert 'value="Clovis Police Department"' in page.text
    page = browser.submit(page, {"office": "blank", "serve_by": "hand", "agency_city": "Clovis"}, follow=False)
    assert page.headers["Location"] == "/en/papers/ready"
    assert saved(site_store, known)["papers"]["c1"]["served_agency"]["city"] == "Clovis"


@pytest.mark.parametrize("page", ["arrest", "rights", "petition"])
def test_a_page_that_a_case_has_no_use_for_leads_back(browser: AuditedClient, site_store: Store, page: str) -> None:
    begin(browser, site_store, of("probation"))
    assert browser.get(f"/en/papers/c1/{page}").headers["Location"] == "/en/papers"
    assert browser.get("/en/papers/c9/service").headers["Location"] == "/en/papers"


# --------------------------------------------------------------------------------------------------------------- fees


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_fee_form_is_added_only_on_request(browser: AuditedClient, site_store: Store, lang: str) -> None:
    known = begin(browser, site_store, of("probation"), lang)
    assert "FW-001 [" not in browser.get(f"/{lang}/papers/ready").text
    assert browser.submit(f"/{lang}/papers/fees", {}).status_code == 422
    page = browser.submit(f"/{lang}/papers/fees", {"wanted": "yes"}, follow=False)
    assert page.headers["Location"] == f"/{lang}/papers/fees/income"
    page = browser.submit(f"/{lang}/papers/fees/income", {"home": "none", "income_1_amount": "a lot"})
    assert page.status_code == 422
    assert "a lot" in page.text
    typed = {"home": "2", "income_1_source": "Cook", "income_1_amount": "$1,200"}
    page = browser.submit(page, typed, follow=False)
    assert page.headers["Location"] == f"/{lang}/papers/ready"
    assert saved(site_store, known)["fees"]["income_1_amount"] == "1,200.00"
    assert "FW-001 [" in browser.get(f"/{lang}/papers/ready").text
    page = browser.submit(f"/{lang}/papers/fees", {"wanted": "yes", "benefits": ["wic"]}, follow=False)
    assert page.headers["Location"] == f"/{lang}/papers/ready", "a benefit is enough"
    browser.submit(f"/{lang}/papers/fees", {"wanted": "no"}, follow=False)
    assert browser.get(f"/{lang}/papers/fees/income").headers["Location"] == f"/{lang}/papers/fees"


# ------------------------------------------------------------------------------------------------------ day of filing


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_days_follow_from_the_day_of_filing(browser: AuditedClient, site_store: Store, lang: str) -> None:
    known = begin(browser, site_store, of("probation"), lang)
    assert browser.get(f"/{lang}/papers/dates").headers["Location"] == f"/{lang}/papers/ready#dates"
    filed = filing_dates(clock.today()).ask  # some day ahead on which courts are open
    parts = {"month": str(filed.month), "day": str(filed.day), "year": str(filed.year)}
    page = browser.submit(f"/{lang}/papers/ready", parts, follow=False)
    assert page.headers["Location"] == f"/{lang}/papers/ready#dates"
    assert saved(site_store, known)["filing_day"] == filed.isoformat()
    answer = browser.get(f"/{lang}/papers/dates")
    assert answer.mimetype == "text/calendar"
    text = answer.get_data(as_text=True).replace("\r\n ", "")
    days = filing_dates(filed)
    for day in (days.filed, days.by_mail, days.ask):
        assert f"{day:%Y%m%d}" in text
    for told in ("Ana", "Alameda", "484", "CR-180", "convict", "dismiss", "petition", "prosecutor"):
        assert told.casefold() not in text.casefold(), "a calendar is seen by others"
    browser.submit(f"/{lang}/papers/ready", {"month": "", "day": "", "year": ""}, follow=False)
    assert saved(site_store, known)["filing_day"] is None


@pytest.mark.parametrize(
    ("day", "says"),
    [
        (("2", "30", "2027"), "That day does not exist."),
        (("1", "2", "2020"), "That day is over."),
        (("12", "24", "2031"), "That day is more than a year away."),
    ],
)
def test_a_day_that_cannot_be_says_why(
    browser: AuditedClient, site_store: Store, day: tuple[str, str, str], says: str
) -> None:
    begin(browser, site_store, of("probation"))
    page = browser.submit("/en/papers/ready", dict(zip(("month", "day", "year"), day, strict=True)))
    assert page.status_code == 422
    assert says in page.text
    assert f'value="{day[2]}"' in page.text


def test_a_day_on_which_courts_are_closed_names_the_next(browser: AuditedClient, site_store: Store) -> None:
    begin(browser, site_store, of("probation"))
    today = clock.today()
    christmas = date(today.year + (today >= date(today.year, 12, 25)), 12, 25)
    parts = {"month": "12", "day": "25", "year": str(christmas.year)}
    page = browser.submit("/en/papers/ready", parts)
    assert page.status_code == 422
    assert "The next day they are open is" in page.text


# -------------------------------------------------------------------------------------------------------------- files


def test_each_paper_is_a_file_of_its_own(browser: AuditedClient, site_store: Store) -> None:
    begin(browser, site_store, of("probation"))
    found = browser.get("/en/papers/file/1")
    assert found.mimetype == "application/pdf"
    assert found.headers["Cache-Control"] == "no-store"
    assert found.headers["Content-Disposition"] == 'attachment; filename="01-your-papers-for-alameda-county.pdf"'
    sheet = browser.get("/es/papers/sheet/1/CR-180")
    assert sheet.mimetype == "application/pdf"
    assert sheet.headers["Cache-Control"] == "no-store"
    assert browser.get("/en/papers/sheet/1/CR-999").headers["Location"] == "/en/papers"
    assert browser.get("/en/papers/sheet/7/CR-180").headers["Location"] == "/en/papers"
    assert browser.get("/en/papers/file/99").headers["Location"] == "/en/papers/ready"
    assert browser.get("/en/papers/file/0").headers["Location"] == "/en/papers/ready"
