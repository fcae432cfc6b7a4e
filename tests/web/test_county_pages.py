"""Filing in each county, as pages: the index and the 58, in both languages and in Spanish addresses."""

from __future__ import annotations

import re

import pytest
from flask import Flask, url_for

from tests.web.audited_client import AuditedClient, audited, read_page, text_of, untranslated
from tests.web.steps import body, main_of
from webapp.counties import COUNTIES, slug_of
from webapp.language import PSEUDO, format_date_long, translate
from webapp.packet import filing
from webapp.packet.courts import courts
from webapp.pages.counties import SLUGS, form_groups, form_pages
from webapp.pages.county_help import county_helpers
from webapp.pages.official import is_official

PLACES = [("en", "counties"), ("es", "counties"), ("es", "condados")]
EVERYBODY = list(filing.facts().counties.values())


def of(name: str) -> filing.County:
    return filing.facts().counties[name]


def headings(client: AuditedClient, address: str) -> list[str]:
    main = read_page(body(client.get(address)), address).all("main")[0]
    return [text_of(each) for each in main.iter() if each.tag in {"h1", "h2", "h3"}]


def test_addresses_are_plain_and_stay() -> None:
    assert len(SLUGS) == len(COUNTIES) == 58
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", slug) for slug in SLUGS)
    assert SLUGS["san-luis-obispo"] == "San Luis Obispo"
    assert slug_of("Kern") == "kern"


@pytest.mark.parametrize(("lang", "place"), PLACES)
def test_the_index_leads_to_all_58(client: AuditedClient, lang: str, place: str) -> None:
    page = client.get(f"/{lang}/{place}")
    assert page.status_code == 200
    main = read_page(body(page), "/").all("main")[0]
    links = [anchor.get("href", "") for anchor in main.iter("a")]
    assert links == [f"/{lang}/counties/{slug}" for slug in SLUGS]
    assert [text_of(anchor) for anchor in main.iter("a")] == list(COUNTIES)


@pytest.mark.parametrize(("lang", "place"), PLACES)
@pytest.mark.parametrize("county", EVERYBODY, ids=lambda county: county.name)
def test_a_county_says_what_is_known_and_asks_the_rest(
    client: AuditedClient, county: filing.County, lang: str, place: str
) -> None:
    page = client.get(f"/{lang}/{place}/{slug_of(county.name)}")
    assert page.status_code == 200
    read = main_of(page)
    court = courts()[county.name]
    assert county.prosecutor in read
    assert court.phone in read
    assert format_date_long(court.checked_on, lang) in read
    for line in filing.lines(county, lang):
        for sentence in line.sentences:
            assert sentence in read
        if line.source:
            assert line.source.name in read
            assert format_date_long(line.source.seen, lang) in read
    for question in filing.questions(county, lang):
        assert question in read, "the call script lacks a question"
    for form in county.forms:
        assert form.quoted in read
        assert form.number in read
    for city in county.cities:
        assert city.office in read
        assert translate(lang, filing.CONFIRMED[city.source.confirmed]) in read
    for helper in county_helpers(county.name):
        assert translate(lang, helper.title) in read
    outside = [a.get("href", "") for a in read_page(body(page), "/").all("a") if a.get("href", "").startswith("http")]
    assert all(is_official(address) for address in outside)


def test_a_county_of_which_nobody_spoke_says_so_each_time(client: AuditedClient) -> None:
    alpine = main_of(client.get("/en/counties/alpine"))
    assert alpine.count("We do not know this. No source told us.") == 6  # the fee is the same everywhere, and known
    assert "We know of none. The court may still have some." in alpine
    assert "Until you know, bring the original and 2 copies." in alpine


def test_a_source_shows_how_sure_it_is_and_how_old(client: AuditedClient) -> None:
    los_angeles = main_of(client.get("/en/counties/los-angeles"))
    assert los_angeles.count("from memory, not confirmed") == 1  # Torrance
    assert los_angeles.count("named by others, not confirmed") == 2  # Burbank, Hermosa Beach
    assert "The page is from 2019." in main_of(client.get("/en/counties/placer"))


def test_doubtful_titles_are_marked_as_somebody_elses(client: AuditedClient) -> None:
    napa = client.get("/en/counties/napa")
    read = main_of(napa)
    assert "We know only the titles, as another project copied them from the court's list." in read
    assert "CR-131 Petition for Dismissal: Transmittal and Agency Review" in read
    assert "The court's list marks it as one you must use." in read
    titles = [each for each in read_page(body(napa), "/").all("strong") if each.get("lang")]
    assert titles
    assert all(each.get("translate") == "no" for each in titles)


def test_titles_a_court_gives_in_spanish_are_said_to_be(client: AuditedClient) -> None:
    page = read_page(body(client.get("/en/counties/mendocino")), "/")
    assert [each.get("lang") for each in page.all("strong") if each.get("translate")] == ["es"]


def test_the_call_can_be_made_in_english_from_the_spanish_page(app: Flask) -> None:
    spanish, english = (main_of(audited(app).get(f"/{lang}/counties/kern")) for lang in ("es", "en"))
    asked = filing.questions(of("Kern"), "en")
    assert all(question in spanish for question in asked)
    assert all(english.count(question) >= 1 for question in asked)
    assert english.count(asked[0]) == 1


def test_the_parts_of_a_page_come_in_the_order_of_doing(client: AuditedClient) -> None:
    assert headings(client, "/en/counties/tulare") == [
        "How to file in Tulare County",
        "The court",
        "Who gets a copy",
        "How papers are filed here",
        "Forms of the court's own",
        "For this: to dismiss a conviction",
        "What to say when you call the clerk",
        "Free help",
    ]


def test_forms_stand_under_every_kind_they_are_about() -> None:
    butte = {group.about: [form.name for form in group.forms] for group in form_groups(of("Butte"))}
    assert butte["Proposition 64, marijuana"] == ["CR.020"]
    assert butte["a case from before you were 18"] == ["CR.020"]
    assert form_groups(of("Alpine")) == ()
    assert form_pages(of("San Joaquin")) == ()  # sjcourts.org is none of the official sites
    assert form_pages(of("Napa")) == ("https://www.napa.courts.ca.gov/forms-filing/local-forms",)


@pytest.mark.parametrize("name", ["", "alpine", "los-angeles", "madera", "orange", "placer", "san-diego", "tulare"])
def test_no_word_escapes_translation(client: AuditedClient, name: str) -> None:
    page = client.get(f"/{PSEUDO}/counties/{name}".rstrip("/"))
    assert untranslated(body(page), COUNTIES) == []


@pytest.mark.parametrize("place", ["counties", "condados"])
@pytest.mark.parametrize("name", ["Kern", "kern-county", "atlantis", "%00", "<script>", "x" * 500])
def test_no_other_place_has_a_page(client: AuditedClient, place: str, name: str) -> None:
    page = client.get(f"/en/{place}/{name}")
    assert page.status_code == 404
    assert "<script>" not in body(page)


def test_the_switch_of_languages_keeps_the_county(client: AuditedClient) -> None:
    page = read_page(body(client.get("/en/counties/kern")), "/")
    [switch] = [anchor for anchor in page.all("a") if anchor.get("hreflang") == "es" and anchor.get("lang") == "es"]
    assert switch.get("href") == "/es/counties/kern"
    page = read_page(body(audited(client.application).get("/es/condados/kern")), "/")
    [switch] = [anchor for anchor in page.all("a") if anchor.get("hreflang") == "en" and anchor.get("lang") == "en"]
    assert switch.get("href") == "/en/condados/kern"


def test_the_help_page_leads_here_and_back(client: AuditedClient) -> None:
    everywhere = body(client.get("/en/help"))
    assert 'href="/en/counties"' in everywhere
    assert 'href="/en/counties/san-diego"' in body(client.get("/en/help?county=San+Diego"))
    assert 'href="/en/help?county=San+Diego"' in body(client.get("/en/counties/san-diego"))


def test_other_pages_can_link_to_a_county(app: Flask) -> None:
    with app.test_request_context("/es/"):
        assert url_for("pages.county", name=slug_of("Los Angeles")) == "/es/counties/los-angeles"
        assert url_for("pages.condado", name="kern") == "/es/condados/kern"
