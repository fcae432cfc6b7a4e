"""Texts, walked in a browser against the real server: sign up, confirm by reply, mark filed by text, see it on the
page, open the link in a text, stop, delete. The phone is the outbox page of a development site."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.browser.conftest import Visitors
from tests.browser.journey import Journey
from tests.browser.visitor import Visitor
from tests.web.texting import answers
from webapp import clock
from webapp.language import public_locales, translate
from webapp.reminders import messages
from webapp.reminders.petitions import petitions
from webapp.reminders.written_date import plain
from webapp.store import Store

LANGUAGES = [locale.code for locale in public_locales()]
# A phone for each walk: what one leaves behind is nothing to another.
NUMBERS = {
    ("en", True): "(916) 445-2841", ("en", False): "(916) 445-2842",
    ("es", True): "(415) 555-2671", ("es", False): "(415) 555-2672",
}  # fmt: skip
WORDS = {
    "en": {"yes": "Yes", "filed": "I filed it today", "stop": "Stop!"},
    "es": {"yes": "Sí", "filed": "Ya lo presenté hoy", "stop": "¡ALTO!"},
}
OUTBOX = "main form[action$='/dev/outbox/{}'] button"


def texted(person: Visitor, lang: str, number: str, said: str) -> str:
    """Answers as the phone; returns what came back."""
    person.go(f"/{lang}/dev/outbox")
    person.page.locator("input[name=number]").fill(number)
    person.page.locator("input[name=said]").fill(said)
    person.send(OUTBOX.format("answer"))
    return person.page.locator("p.said").first.inner_text()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("js", [True, False])
def test_texts_from_sign_up_to_the_end(visitors: Visitors, site_store: Store, lang: str, js: bool) -> None:
    today, number = clock.today(), NUMBERS[lang, js]
    visit = site_store.new_visit(lang)
    site_store.save(visit.id, answers("CR-180", made=today, now=clock.now() - timedelta(minutes=1)))
    code = site_store.make_resume_code(visit.id, lang)
    person = visitors(js=js)
    walk = Journey(person, lang)
    person.go(f"/{lang}/resume")
    person.page.locator("input[name=code]").fill(code)
    person.send()

    # Signing up: nothing is ticked; without the box it is refused, and what was typed stays.
    person.go(f"/{lang}/texts")
    assert person.page.locator("main input:checked").count() == 0
    person.page.locator("input[name=number]").fill(number)
    for topic in ("steps", "hearing"):
        walk.tap(f"main input[name=topics][value={topic}]")
    person.page.locator("input[name=pin]").fill("4071")
    person.answers_with(422, person.send)
    assert person.page.locator("input[name=number]").input_value() == number
    walk.tap("main input[name=consent]")
    person.send()
    assert person.path == f"/{lang}/texts/sent"

    # The question goes out, the phone says yes.
    person.go(f"/{lang}/dev/outbox")
    person.send(OUTBOX.format("send"))
    assert person.page.locator("p.said").first.inner_text() == messages.text("confirm", lang, month=4)
    assert texted(person, lang, number, WORDS[lang]["yes"]) == messages.text("welcome", lang, month=4)
    person.go(f"/{lang}/my-case")
    assert number[-4:] in person.page.locator("main").inner_text()

    # Filed, by text; the page shows it.
    back = texted(person, lang, number, WORDS[lang]["filed"])
    assert messages.day_words(today, lang) in back
    person.go(f"/{lang}/my-case")
    assert messages.day_words(today, lang) in person.page.locator("main ol").inner_text()
    kept = site_store.visit(visit.id)
    assert kept is not None
    assert petitions(kept.document)[0]["filed"] == today

    # The link in that text, on another phone: it asks for the PIN, and opens the same page.
    link = re.search(r"https?://\S+", back)
    assert link is not None
    other = visitors(js=js)
    other.go(link[0].replace(other.address, ""))
    other.page.locator("input[name=pin]").fill("9999")
    other.answers_with(422, other.send)
    other.page.locator("input[name=pin]").fill("4071")
    other.send()
    assert other.path == f"/{lang}/my-case"
    assert "BF123456A" in other.page.locator("main").inner_text()

    # By hand: a hearing; and its day for the calendar.
    other.follow(f"a[href='/{lang}/my-case/c1/CR-180']")
    hearing = today + timedelta(days=40)
    for name in ("month", "day", "year"):
        other.page.locator(f"input[name=hearing_{name}]").fill(str(getattr(hearing, name)))
    other.send()
    assert messages.day_words(hearing, lang) in other.page.locator("main ol").inner_text()

    # Stop, then delete.
    assert plain(texted(person, lang, number, WORDS[lang]["stop"])) == plain(messages.text("stopped", lang))
    person.go(f"/{lang}/my-case")
    assert translate(lang, "Use another number") in person.page.locator("main").inner_text()
    person.follow("main a[href$='/delete']")
    person.send()
    assert person.path == f"/{lang}/deleted"
    assert site_store.visit(visit.id) is None
    # The stop outlives the answers; the next sign-up of this number (in another test) begins with START.
    assert texted(person, lang, number, "START") == messages.text("nothing here", "en", site=person.address)
