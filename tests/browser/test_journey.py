"""The whole way, from the home page to a packet that reads back box by box, in each language.

Once on a small phone without JavaScript, once on a wide screen with it: there the first pages are done with the
keyboard alone, and axe looks at every page.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from playwright.sync_api import Page

from forms.blanks import blank_path
from rules.remedies import REMEDIES
from tests.browser.conftest import Visitors
from tests.browser.journey import Journey, somebody
from tests.browser.paper import bookmarks, boxes, printed, read_form
from tests.web.teller import Sent, one_case
from webapp.language import format_date_long, public_locales

RELIEFS = {name: words for remedy in REMEDIES for name, words in remedy.reliefs}
LANGUAGES = [locale.code for locale in public_locales()]
# One row each; the walk is the same.
COURT = {"court_street": "210 W. Temple St.", "court_city_zip": "Los Angeles, CA 90012"}
CAPTION: dict[str, str | bool] = {
    "filer_name": "María José Núñez-Peña",
    "filer_street": "1450 Calle Ocho, Apto. 2",
    "filer_city": "Bakersfield",
    "filer_state": "CA",
    "filer_zip": "93301-1234",
    "filer_phone": "(661) 555-0100",
    "filer_email": "maria@example.org",
    "attorney_for": "Self-represented",
    "sign_name": "María José Núñez-Peña",
    "title_application": True,
    "item_2b": True,
}
FIRST_PAPER: dict[str, str | bool] = {
    **CAPTION,
    **COURT,
    "court_county": "Los Angeles",
    "defendant": "MARÍA NÚÑEZ",
    "case_number": "BA-123456",
    "section_11357": True,
}
SECOND_PAPER: dict[str, str | bool] = {
    **CAPTION,
    "court_county": "Napa",
    "defendant": "María José Núñez-Peña",
    "section_11359": True,
}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_phone_without_javascript_gets_papers(visitors: Visitors, lang: str, blanks: Path, tmp_path: Path) -> None:
    person = visitors(js=False, width=360, height=740)
    walk = Journey(person, lang, citizenship="unsure")
    walk.start()
    asked = walk.to_summary()
    assert not any(page.endswith("/plants") for page in asked)
    assert asked[:3] == ["q/c1/disposition", "q/c1/offenses", "another"]

    shown = walk.shown_answers()
    assert shown["c1/conviction_date"] == format_date_long(date(1999, 2, 3), lang)
    assert shown["c2/county"] == "Kern"
    walk.change("c2/county", {"answer": "Napa"})
    assert walk.at("answers")
    assert walk.shown_answers()["c2/county"] == "Napa"

    walk.to_results()
    assert [kind for kind, _ in walk.verdicts()] == ["open", "open"]
    for (_, words), relief in zip(walk.verdicts(), ("dismiss_and_seal", "redesignate_misdemeanor"), strict=True):
        assert walk.say(RELIEFS[relief]) in words

    to_papers(walk)
    walk.give_details()
    walk.give_case("c1", "other", defendant="MARÍA NÚÑEZ", case_number="BA-123456", **COURT)
    walk.give_service("c1")
    walk.give_rights("c1")
    walk.give_case("c2", "blank")
    walk.give_service("c2")
    walk.give_rights("c2")
    assert walk.at("papers/ready")
    assert_packet(walk, blanks, tmp_path / "packet.pdf", FIRST_PAPER, SECOND_PAPER)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_wide_screen_with_javascript_and_the_keyboard(
    visitors: Visitors, lang: str, blanks: Path, tmp_path: Path
) -> None:
    person = visitors(js=True, width=1280, height=800)
    walk = Journey(person, lang, citizenship="no")
    start_with_keys(walk)
    assert walk.at("q/c1/disposition")
    answer_with_keys(walk)
    assert walk.at("q/c1/offenses")
    check_with_keys(walk, walk.teller.says(walk.name))
    assert walk.at("another")

    # Sent empty: the page says so, its summary has the focus and leads to the field.
    person.answers_with(422, person.send)
    assert person.page.locator("#errors").evaluate("box => box === document.activeElement")
    assert person.page.title().startswith(walk.say("Error:"))
    person.accessible()
    person.page.locator("#errors a").first.click()
    assert focused(person.page)["name"] == "answer"

    walk.to_summary()
    walk.to_results()
    walk.open_details()
    person.accessible()
    person.fits()
    to_papers(walk)
    walk.give_details()
    # The first case's rights are kept, one of the second's is given up.
    walk.give_case("c1", "other", defendant="MARÍA NÚÑEZ", case_number="BA-123456", **COURT)
    walk.give_service("c1", by="mail")
    walk.give_rights("c1")
    walk.give_case("c2", "blank")
    walk.give_service("c2", "District Attorney of Kern County", "hand")
    walk.give_rights("c2", "waive_appearance")
    walk.open_details()
    person.accessible()
    second = {**SECOND_PAPER, "court_county": "Kern", "waive_appearance": True}
    assert_packet(walk, blanks, tmp_path / "packet.pdf", FIRST_PAPER, second)

    for page in ("code", "resume", "delete", "privacy", "record", "help", "rules", "another", "citizenship"):
        person.go(f"/{lang}/{page}")
    person.answers_with(404, lambda: person.go(f"/{lang}/no-such-page"))


WHY = "Trabajo como enfermera desde 2021 y cuido a mi mamá. I have not had a drink since."


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_petition_for_dismissal_says_what_the_person_wrote(
    visitors: Visitors, lang: str, blanks: Path, tmp_path: Path
) -> None:
    """Driving drunk, probation over: the judge decides, so the person's own words go on the court's petition."""
    driving = one_case(
        offense="VC 23152(a)",
        subdivision="a",
        level="misdemeanor",
        county="Riverside",
        conviction_date="2019-05-06",
        sentence="probation",
        probation_outcome="completed",
    )
    walk = Journey(visitors(js=False, width=360), lang, somebody(driving))
    walk.start()
    walk.to_summary()
    walk.to_results()
    assert [kind for kind, _ in walk.verdicts()] == ["judge"]
    to_papers(walk)
    walk.give_details()
    walk.give_statement(work="I am a nurse.", family="My mother needs me.")
    walk.give_case("c1", "blank", case_number="RIF-123")
    walk.give_service("c1")
    assert walk.at("papers/c1/petition")
    walk.page.locator("main textarea[name=own_words]").fill(WHY)
    walk.person.send()
    assert walk.at("papers/ready")
    download = walk.person.download("main a.button[href$='/papers/download']")
    download.save_as(file := tmp_path / "packet.pdf")
    packet = pdfium.PdfDocument(file)
    assert packet.get_formtype() == 0, "the packet for filing is flat"
    assert "CR-180" in [title for title, _ in bookmarks(packet)]
    text = " ".join(printed(file).split())
    for words in ("María José Núñez-Peña", "RIF-123", "23152(a)", "PETITION FOR DISMISSAL"):
        assert words in text, words
    assert "I am a nurse. My mother needs me. Trabajo" in text
    assert "".join(WHY.split()) in "".join(text.split()), "lines may break anywhere"


def to_papers(walk: Journey) -> None:
    walk.person.follow(f"main a.button[href='/{walk.lang}/papers']")


def assert_packet(walk: Journey, blanks: Path, file: Path, *papers: dict[str, str | bool]) -> None:
    """Downloads the packet and compares every box of every paper; all others are blank."""
    download = walk.person.download("main a.button[href$='/papers/download']")
    assert download.suggested_filename.startswith("limpio-")
    assert download.suggested_filename.endswith(".pdf")
    download.save_as(file)
    packet = pdfium.PdfDocument(file)
    blank = pdfium.PdfDocument(blank_path("CR-400", blanks))
    assert packet.get_formtype() == 0, "the packet for filing is flat"
    at = [number for title, number in bookmarks(packet) if title == "CR-400"]
    assert len(at) == len(papers)
    for number, expected in zip(at, papers, strict=True):
        read = read_form(packet[number], blank[0], "CR-400")
        assert read == expected
        if "waive_appearance" not in expected:
            assert not {"waive_judge", "waive_appearance"} & read.keys()
        assert not {"sign_date", "hearing_date", "hearing_time", "hearing_department"} & read.keys()
        assert read.keys() < boxes("CR-400").keys()
    text = " ".join(printed(file).split())
    for words in ("María José Núñez-Peña", "PETITION/APPLICATION", walk.say("Your court papers")):
        assert words in text or words in (packet.get_metadata_value("Title") or ""), words
    assert walk.say("This is legal information, not legal advice. We are not your lawyers. The judge decides.") in text


# ---- the keyboard alone


def focused(page: Page) -> dict[str, str | None]:
    """The element that has the focus."""
    found: dict[str, str | None] = page.evaluate(
        """() => { const e = document.activeElement;
        return {tag: e.tagName, name: e.getAttribute("name"), value: e.value ?? null, type: e.getAttribute("type"),
                class: e.className, id: e.id}; }"""
    )
    return found


def tab_to(page: Page, **wanted: str) -> None:
    """Tab until the focus is there, and can be seen there."""
    for _ in range(30):
        page.keyboard.press("Tab")
        here = focused(page)
        if all(here[name] == value for name, value in wanted.items()):
            ring = page.evaluate(
                """() => [document.activeElement, document.activeElement.closest(".choice")].filter(Boolean)
                .map((e) => getComputedStyle(e))
                .some((s) => s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 1)"""
            )
            assert ring, f"{here} has the focus, but nothing shows it"
            assert page.evaluate(
                """() => { const box = document.activeElement.getBoundingClientRect();
                return box.top >= 0 && box.bottom <= innerHeight; }"""
            ), f"{here} has the focus outside the screen"
            return
    raise AssertionError(f"Tab does not reach {wanted}; it ended at {focused(page)}")


def start_with_keys(walk: Journey) -> None:
    page = walk.page
    walk.person.go(f"/{walk.lang}/")
    page.keyboard.press("Tab")
    assert focused(page)["class"] == "skip", "the first stop is the link past the header"
    page.keyboard.press("Enter")
    tab_to(page, tag="BUTTON", type="submit")
    walk.person.press("Enter")


def answer_with_keys(walk: Journey) -> None:
    """Chooses what the person says among radios, and sends it."""
    page = walk.page
    wanted = walk.teller.says(walk.name)["answer"]
    tab_to(page, tag="INPUT", type="radio")
    page.keyboard.press("Space")
    for _ in range(20):
        if focused(page)["value"] == wanted:
            break
        page.keyboard.press("ArrowDown")
    assert focused(page)["value"] == wanted
    tab_to(page, tag="BUTTON", type="submit")
    walk.person.press("Enter")


def check_with_keys(walk: Journey, sent: Sent) -> None:
    """Ticks boxes and chooses the county, and sends it."""
    page = walk.page
    for value in sent["common"]:
        tab_to(page, tag="INPUT", type="checkbox", name="common", value=value)
        page.keyboard.press("Space")
        assert page.locator(f"main input[name=common][value='{value}']").is_checked()
    tab_to(page, tag="SELECT", name="county")
    page.keyboard.type(str(sent["county"]), delay=5)
    assert focused(page)["value"] == sent["county"]
    tab_to(page, tag="BUTTON", type="submit")
    walk.person.press("Enter")
