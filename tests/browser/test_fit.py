"""Every page on small screens, enlarged, with wide letters, and in the dark, in each language.

The answers come from the store instead of being typed: cases that between them apply every question of flow.yaml, the
first two of which lead to papers.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.conftest import Visitors
from tests.browser.visitor import Visitor
from tests.web.teller import every_question
from webapp import clock
from webapp.demo import people
from webapp.interview import document as doc
from webapp.interview import flow
from webapp.language import public_locales
from webapp.store import Store

LANGUAGES = [locale.code for locale in public_locales()]

PAGES = (
    "", "privacy", "record", "help", "rules", "rules/pc-1203-4", "rules/offenses", "resume", "deleted", "counties",
    "counties/los-angeles", "forms", "forms/CR-180",
)  # fmt: skip
OF_A_VISIT = (
    "q/c1/offenses", "another", "citizenship", "immigration", "answers", "results", "results?on=2031-05-01", "code",
    "delete",
)  # fmt: skip
# Of somebody with eight counts: cards of every kind, a timeline, petitions that ask for more.
OF_MANY = (
    "answers", "results", "papers", "papers/statement", "papers/c1/service", "papers/c1/petition",
    "papers/c2/petition", "papers/ready", "papers/read/2",
)  # fmt: skip
PAPERS = (
    "papers", "papers/c1", "papers/c1/service", "papers/c1/rights", "papers/c2", "papers/fees", "papers/ready",
    "papers/read/1",
)  # fmt: skip

# Read in the page: what has the focus must not be covered by the exit that stays in view (WCAG 2.4.11), nor by
# anything else, on a screen as small as a desktop's at 400 %.
COVERED = """() => {
  const wrong = [];
  for (const e of document.querySelectorAll("main :is(a[href], button, input:not([type=hidden]), select, summary)")) {
    if (!e.checkVisibility()) continue;
    e.focus();
    const box = e.getClientRects()[0];
    const x = Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 2);
    const y = Math.min(Math.max(box.top + box.height / 2, 1), innerHeight - 2);
    const top = document.elementFromPoint(x, y);
    const row = e.closest(".choice");
    if (!top || !(e.contains(top) || top.contains(e) || (row && row.contains(top))))
      wrong.push(`${e.tagName} ${e.name || ""} ${(e.textContent || e.value || "").trim().slice(0, 40)} is covered by ` +
        (top ? top.outerHTML.slice(0, 120) : "the edge of the screen"));
  }
  return wrong;
}"""


def many() -> doc.Document:
    return {**people()["many"].document, "contact": {"name": "María José Núñez-Peña"}}


def with_answers(person: Visitor, store: Store, lang: str, document: doc.Document) -> None:
    """Opens a visit with these answers in this browser, by its code."""
    visit = store.new_visit(lang)
    store.save(visit.id, document)
    person.go(f"/{lang}/resume")
    person.page.locator("main input[name=code]").fill(store.make_resume_code(visit.id, lang))
    person.send()


def questions(document: doc.Document) -> list[str]:
    """The address of every question that applies, each fact once."""
    once: dict[str, str] = {}
    for asked in flow.asked_in_order(flow.load(), document, clock.today()):
        # The letter after 11357 and after 11360 are two questions of one fact.
        once.setdefault(asked.question.question, asked.place.path)
    missing = {q.question for q in flow.load()} - once.keys()
    assert not missing, f"no conviction here applies {missing}"
    return [f"q/{path}" for path in once.values()]


def everywhere(person: Visitor, store: Store, lang: str) -> list[str]:
    document = every_question()
    with_answers(person, store, lang, document)
    return [f"/{lang}/{page}" for page in (*PAGES, *OF_A_VISIT, *questions(document), *PAPERS)]


def at_every_size(person: Visitor) -> None:
    """The page as it is now, on two phones, enlarged four times, and with wide letters; then as before."""
    person.size(320, 740)
    person.fits()
    person.size(320, 256)
    person.fits()
    covered = person.page.evaluate(COVERED)
    assert not covered, "\n".join([f"{person.path} at 400 %:", *covered])
    person.size(320, 740)
    person.fits_spaced()
    person.size(360, 740)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_fits_every_small_screen(visitors: Visitors, site_store: Store, lang: str) -> None:
    person = visitors(js=False, width=360)
    for address in everywhere(person, site_store, lang):
        person.go(address)  # looks at 360 px
        assert person.path == address, "the page led elsewhere"
        at_every_size(person)
    person.answers_with(404, lambda: person.go(f"/{lang}/no-such-page"))
    at_every_size(person)
    person.go(f"/{lang}/q/c4/k1/offense_date")
    for box in ("month", "day", "year"):
        person.page.locator(f"main input[name={box}]").fill("31")
    person.answers_with(422, person.send)
    at_every_size(person)
    person.go(f"/{lang}/results")
    person.answers_with(422, lambda: person.send("main form[action$='/results/when'] button"))
    at_every_size(person)
    for words in ("robo en tienda", "z" * 80):
        person.go(f"/{lang}/q/c16/offenses")
        person.page.locator("main input[name=line1]").fill(words)
        person.answers_with(422, person.send)  # an arrest is judged by one charge
        at_every_size(person)
        person.go(f"/{lang}/q/c14/offenses")
        person.page.locator("main input[name=line1]").fill(words)
        person.send()
        assert person.path.endswith("/offense"), "which one it was is asked"
        at_every_size(person)
        person.page.locator(".choice.apart").click()
        person.send()
    with_answers(person, site_store, lang, many())
    for page in OF_MANY:
        person.go(f"/{lang}/{page}")
        assert person.path == f"/{lang}/{page}", "the page led elsewhere"
        at_every_size(person)
    person.go(f"/{lang}/code")
    person.send()
    at_every_size(person)
    person.go(f"/{lang}/")
    person.send("main form[action$='/start'] button")
    assert person.path == f"/{lang}/start"
    at_every_size(person)
    person.context.clear_cookies()
    person.answers_with(410, lambda: person.go(f"/{lang}/answers"))
    at_every_size(person)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_axe_finds_nothing_in_the_dark(visitors: Visitors, site_store: Store, lang: str) -> None:
    person = visitors(js=True, dark=True)
    pages = everywhere(person, site_store, lang)
    facts = ("offense", "county", "fire_crew", "offense_date")
    kinds = [next(page for page in pages if page.endswith(f"/{fact}")) for fact in facts]
    plain = [f"/{lang}/{page}" for page in (*PAGES, *OF_A_VISIT, *PAPERS)]
    for address in (*plain, *kinds):
        person.go(address)  # axe looks at every new page
    person.page.locator("main input[name=year]").fill("1066")
    person.answers_with(422, person.send)
    person.accessible()
    with_answers(person, site_store, lang, many())
    for page in OF_MANY:
        person.go(f"/{lang}/{page}")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_axe_finds_nothing_on_any_question(visitors: Visitors, site_store: Store, lang: str) -> None:
    person = visitors(js=True)
    with_answers(person, site_store, lang, every_question())
    for question in questions(every_question()):
        person.go(f"/{lang}/{question}")


def test_these_checks_can_fail(visitors: Visitors) -> None:
    person = visitors(js=True)
    person.go("/en/")

    def spoiled(selector: str, style: str, check: Callable[[], None], words: str) -> None:
        person.page.locator(selector).first.evaluate("(e, style) => { e.style.cssText = style; }", style)
        with pytest.raises(AssertionError, match=words):
            check()
        person.page.reload()

    spoiled("h1", "color: #999; background: #fff", person.accessible, "color-contrast")
    spoiled("h1", "width: 500px", person.fits, "px wide on a screen of 360")
    spoiled("main .button", "min-height: 0; height: 20px; padding: 0", person.fits, "is cut")
    spoiled(".brand", "min-height: 0; height: 20px", person.fits, "is a target of")
