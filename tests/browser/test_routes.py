"""From the answers to the right packet, for each way to a judge, in each language: probation, no probation, prison, an
arrest, marijuana, and a case with all kinds of counts.

The answers are those of demo people (how they are given is walked elsewhere). Every page between the results and the
papers is met in its order, the packet is downloaded, and each paper in it is read: which forms there are, in filing
order, and what the petition's own boxes say.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from forms.blanks import blank_path
from tests.browser.conftest import Visitors
from tests.browser.journey import CONTACT, Journey
from tests.browser.paper import bookmarks, printed, read_form
from tests.browser.test_fit import with_answers
from webapp.demo import people
from webapp.language import public_locales, translate
from webapp.store import Store

LANGUAGES = [locale.code for locale in public_locales()]
WORDS = "I have worked as a cook since 2021, and two children count on me."


@dataclass(frozen=True)
class Route:
    """One person; the pages they meet after their details; the official forms and sheets of the packet, in order; boxes
    that are ticked on the first page of the first petition, and words that stand in the packet."""

    person: str
    pages: tuple[str, ...]
    papers: tuple[str, ...]  # official forms; "?CR-106" is a sheet to copy from
    ticked: frozenset[str] = frozenset()
    page: int = 1  # of the petition, on which these boxes are
    words: tuple[str, ...] = ()
    typed: dict[str, str] = field(default_factory=dict)


DISMISSAL = ("CR-180", "CR-181", "?CR-106")
ROUTES = {
    "probation": Route("probation", ("c1", "c1/service"), DISMISSAL, frozenset({"item_2", "item_2a"})),
    "no probation": Route("no-probation", ("c1", "c1/service"), DISMISSAL, frozenset({"item_3", "item_3a"}), page=2),
    "prison": Route(
        "prison",
        ("statement", "c1", "c1/service", "c1/petition"),
        DISMISSAL,
        frozenset({"item_5", "item_5c"}),
        page=2,
        words=(WORDS,),
        typed={"work": WORDS},
    ),
    "arrest": Route(
        "arrest",
        ("c1", "c1/arrest", "c1/service"),
        ("?CR-409", "CR-410", "?CR-106"),
        words=("Fresno Police Department", "3/14/1990", "I am entitled to have this arrest"),
        typed={"agency": "Fresno Police Department", "month": "3", "day": "14", "year": "1990"},
    ),
    "marijuana": Route(
        "dismissed",
        ("c1", "c1/service", "c1/rights"),
        ("CR-400", "?CR-401"),
        frozenset({"title_application", "section_11357", "item_2b"}),
    ),
    "mixed": Route(
        "many",
        ("statement", "c1", "c1/service", "c1/rights", "c1/petition", "c2", "c2/service", "c2/petition"),
        ("CR-400", "?CR-401", *DISMISSAL, *DISMISSAL),
        words=(WORDS,),
        typed={"family": WORDS},
    ),
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("route", ROUTES.values(), ids=ROUTES)
def test_each_route_ends_with_its_packet(
    visitors: Visitors, site_store: Store, blanks: Path, lang: str, route: Route, tmp_path: Path
) -> None:
    person = visitors(js=lang == "en", width=360 if lang == "es" else 1280)
    document = {**people()[route.person].document, "contact": {}, "papers": {}}
    with_answers(person, site_store, lang, document)
    walk = Journey(person, lang)
    person.go(f"/{lang}/papers")
    walk.give_details()
    for page in route.pages:
        assert walk.at(f"papers/{page}"), person.path
        fill(walk, page, route.typed)
    assert walk.at("papers/ready"), person.path
    person.download("main a.button[href$='/papers/download']").save_as(file := tmp_path / "packet.pdf")

    packet = pdfium.PdfDocument(file)
    sheet = translate(lang, "Answers to copy onto form %(form)s", form="")
    titles = [title.replace(sheet, "?") for title, _page in bookmarks(packet)]
    papers = [title for title in titles if title.lstrip("?")[:3] in ("CR-", "FW-", "MC-")]
    assert papers == list(route.papers)
    text = " ".join(printed(file).split())
    for words in (CONTACT["name"], *route.words):
        assert words.replace("3/14/1990", "03/14/1990") in text, words
    if route.ticked:
        form = route.papers[0]
        at = next(number for title, number in bookmarks(packet) if title == form)
        blank = pdfium.PdfDocument(blank_path(form, blanks))
        read = read_form(packet[at + route.page - 1], blank[route.page - 1], form, route.page)
        assert {key for key, value in read.items() if value is True} == route.ticked

    # Each paper is also a file of its own, and is read in plain words on screen.
    walk.open_details()
    own = person.page.locator("main a[href*='/papers/file/']")
    assert own.count() == len([title for title in titles if title != "MC-025"])
    person.follow("main a[href$='/papers/read/1']")
    assert CONTACT["name"] in person.page.locator("main").inner_text()


def fill(walk: Journey, page: str, typed: dict[str, str]) -> None:
    """What this page has to be told before it goes on; everything else stays as it is."""
    for name, text in typed.items():
        box = walk.page.locator(f"main :is(input, textarea)[name={name}]")
        if box.count():
            box.fill(text)
    choices = {"court": "blank", "office": "blank", "serve_by": "unknown", "written_in": "english"}
    for name, value in choices.items():
        if walk.page.locator(f"main input[name={name}]").count():
            walk.tap(f"main input[name={name}][value={value}]")
    walk.person.send()
