"""Free help by county: what the data says, and the page that shows it first."""

from __future__ import annotations

import doctest
from collections.abc import Iterator
from datetime import date
from urllib.parse import quote
from xml.etree.ElementTree import Element

import pytest
from flask import Flask, url_for

from tests.web.audited_client import AuditedClient, read_page, text_of, untranslated
from webapp.counties import COUNTIES
from webapp.pages import county_help
from webapp.pages.county_help import county_helpers, read_county_helpers
from webapp.pages.official import Helper, Link, helpers, is_official

LISTED = [county for county in COUNTIES if county_helpers(county)]

ENTRY = """
Kern:
  - title: The  public
      defender
    text: ["They help.", "It is
      free."]
    links: [{address: "https://www.kern.courts.ca.gov/x", label: A page}]
    source: a page
    seen: 2026-11-22
"""


def main_of(client: AuditedClient, address: str) -> Element:
    page = read_page(client.get(address).text, address)
    return page.all("main")[0]


def help_in(client: AuditedClient, county: str, lang: str = "en") -> Element:
    return main_of(client, f"/{lang}/help?county={quote(county)}")


def headings(main: Element) -> list[str]:
    return [text_of(each) for each in main.iter() if each.tag in {"h1", "h2", "h3"}]


def outside(main: Element) -> Iterator[str]:
    return (each.get("href", "") for each in main.iter("a") if each.get("href", "").startswith("http"))


# --------------------------------------------------------------------------------------------------------------- data


def test_an_entry_is_read_with_its_lines_folded() -> None:
    assert read_county_helpers(ENTRY) == {
        "Kern": (
            Helper(
                title="The public defender",
                text=("They help.", "It is free."),
                links=(Link("https://www.kern.courts.ca.gov/x", "A page"),),
                source="a page",
                seen=date(2026, 11, 22),
            ),
        )
    }


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Kern:", "Kerne:", "not a county of webapp/counties.py: Kerne"),
        ("Kern:", "kern:", "not a county"),
        ("source: a page", "source:", "needs a source and the day"),
        ("seen: 2026-11-22", "seen: last fall", "needs a source and the day"),
        ("kern.courts.ca.gov", "kern-courts.com", "not on one of the official sites"),
    ],
)
def test_an_entry_that_cannot_be_trusted_is_refused(old: str, new: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_county_helpers(ENTRY.replace(old, new))


def test_every_entry_says_something_and_was_read_on_a_day_that_has_been() -> None:
    assert len(LISTED) >= 10
    for county in LISTED:
        for helper in county_helpers(county):
            assert helper.title, county
            assert helper.text, county
            assert helper.seen <= date(2026, 12, 31), county
            assert all(is_official(link.address) for link in helper.links), county


def test_a_county_of_which_no_source_spoke_has_no_entry() -> None:
    assert county_helpers("Alpine") == ()
    assert county_helpers("Atlantis") == ()


def test_the_examples_in_the_essay_are_true() -> None:
    found = doctest.testmod(county_help)
    assert (found.failed, found.attempted) == (0, 2)


# --------------------------------------------------------------------------------------------------------------- page


@pytest.mark.parametrize("lang", ["en", "es", "en-XA"])
@pytest.mark.parametrize("county", COUNTIES)
def test_the_page_opens_for_every_county_in_every_language(client: AuditedClient, county: str, lang: str) -> None:
    page = client.get(f"/{lang}/help?county={quote(county)}")
    assert page.status_code == 200
    assert all(is_official(address) for address in outside(read_page(page.text, "/").root))


@pytest.mark.parametrize("county", LISTED)
def test_the_entries_of_the_county_come_first(client: AuditedClient, county: str) -> None:
    own = [helper.title for helper in county_helpers(county)]
    everywhere = [helper.title for helper in helpers()]
    assert headings(help_in(client, county)) == [
        "Who can help you for free",
        f"Help in {county} County",
        *own,
        "In every county",
        *everywhere,
        "What to bring",
    ]


def test_a_county_without_entries_says_so_and_whom_to_call(client: AuditedClient) -> None:
    main = help_in(client, "Alpine")
    assert headings(main)[:3] == ["Who can help you for free", "Help in Alpine County", "In every county"]
    for said in (
        "We have not checked anybody in this county yet.",
        "Call the public defender of Alpine County.",
        "Ask the Self-Help Center of the superior court in Alpine County.",
    ):
        assert said in text_of(main)
    assert "We have not checked" not in text_of(help_in(client, "San Diego"))


def test_without_a_county_the_page_shows_what_helps_everywhere(client: AuditedClient) -> None:
    main = main_of(client, "/en/help")
    assert headings(main)[:2] == ["Who can help you for free", "In every county"]
    assert "We have not checked" not in text_of(main)
    assert "58 counties" not in text_of(main)


def test_long_beach_cases_are_told_of_the_city_prosecutors_program(client: AuditedClient) -> None:
    text = text_of(help_in(client, "Los Angeles"))
    assert "The city prosecutor of Long Beach started RISE" in text
    assert "The prosecutor's office is not your lawyer" in text


def test_the_state_waives_its_fee_for_a_record(client: AuditedClient) -> None:
    main = main_of(client, "/en/help")
    assert "form BCIA 8690" in text_of(main)
    assert "https://oag.ca.gov/fingerprints/record-review/fee-waiver" in set(outside(main))


@pytest.mark.parametrize("county", ["", "Atlantis", "los angeles", "Kern County", "<script>x</script>"])
def test_a_name_that_is_no_county_gets_a_clear_sentence(client: AuditedClient, county: str) -> None:
    page = client.get(f"/en/help?county={quote(county)}")
    assert page.status_code == 404
    read = read_page(page.text, "/en/help")
    [summary] = [each for each in read.root.iter() if each.get("role") == "alert"]
    assert "California has 58 counties. Choose one of them from the list." in text_of(summary)
    assert [anchor.get("href") for anchor in summary.iter("a")] == ["#county"]
    assert "In every county" in headings(read.all("main")[0])
    assert county == "" or county not in text_of(read.root)


def test_choosing_a_county_leads_to_its_address_and_stays_chosen(client: AuditedClient) -> None:
    answer = client.submit("/en/help", {"county": "San Diego"}, follow=False)
    assert (answer.status_code, answer.location) == (303, "/en/help?county=San+Diego")
    page = read_page(client.get(answer.location).text, "/en/help")
    assert [each.get("value") for each in page.all("option") if each.get("selected") is not None] == ["San Diego"]
    again = client.submit(answer.location, {"county": "Kern"}, follow=False)
    assert again.location == "/en/help?county=Kern"


def test_nothing_but_a_county_gets_into_the_address(client: AuditedClient) -> None:
    answer = client.submit("/en/help", {"county": "my name"}, tampered=True, follow=False)
    assert (answer.status_code, answer.location) == (303, "/en/help?county=")
    assert client.submit("/en/help").status_code == 404  # "Choose a county" was left as it was


def test_the_switch_of_languages_keeps_the_county(client: AuditedClient) -> None:
    page = read_page(client.get("/en/help?county=San%20Diego").text, "/en/help")
    [switch] = [anchor for anchor in page.all("a") if anchor.get("hreflang") == "es"]
    assert switch.get("href") == "/es/help?county=San+Diego"


def test_the_oldest_day_is_shown(client: AuditedClient) -> None:
    assert "We last checked this page on June 13, 2026." in text_of(help_in(client, "Napa"))
    assert "We last checked this page on November 22, 2026." in text_of(help_in(client, "Alpine"))


@pytest.mark.parametrize("county", ["Alpine", "Los Angeles", "Orange", "Tulare"])
def test_no_text_of_a_county_escapes_translation(client: AuditedClient, county: str) -> None:
    # The names in the list are the names of counties in every language.
    assert untranslated(client.get(f"/en-XA/help?county={quote(county)}").text, COUNTIES) == []


def test_other_pages_can_link_to_a_county(app: Flask) -> None:
    with app.test_request_context("/en/"):
        assert url_for("pages.help", county="Los Angeles") == "/en/help?county=Los+Angeles"
        assert url_for("pages.help", county=None) == "/en/help"
