"""What was answered stays: over Back, refresh, another language, another device, a restart, a kill. And what is to go
is gone: quick exit, delete."""

from __future__ import annotations

import re
from datetime import date

import pytest

from tests.browser.conftest import Visitors
from tests.browser.journey import FOR_SALE, POSSESSION, UNSURE, Journey, somebody
from tests.browser.site import Site
from tests.browser.visitor import Visitor
from tests.web.teller import Sent
from webapp.interview import document as doc
from webapp.interview import flow
from webapp.language import format_date_long, public_locales
from webapp.store import Store

LANGUAGES = [locale.code for locale in public_locales()]
OTHER = {"en": "es", "es": "en"}
SWITCH = "nav.languages a[data-language][hreflang='{}']"


def is_answered(walk: Journey, where: str, sent: Sent) -> bool:
    """Whether the question at this address shows this answer as chosen."""
    walk.person.go(f"/{walk.lang}/q/{where}")
    assert walk.at(f"q/{where}"), f"{where} leads to {walk.person.path}"
    return walk.shows(sent)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_back_and_refresh_keep_answers(visitors: Visitors, lang: str) -> None:
    person = visitors(js=False)
    walk = Journey(person, lang, somebody(POSSESSION))
    walk.start()
    asked = walk.answer_until("q/c1/k1/age_at_offense")
    here = person.path
    person.page.reload()
    assert person.path == here

    # The browser's Back, then the page's own link back, each to the answer given there.
    person.page.go_back(wait_until="load")
    assert walk.name == asked[-1] == "q/c1/conviction_date"
    assert walk.shows({"month": "2", "day": "3", "year": "1999"})
    person.follow("nav.back a")
    assert walk.name == asked[-2] == "q/c1/k1/subdivision"
    assert walk.shows(walk.teller.says(asked[-2]))
    # Sent once more, as it is: on to the first question that is open.
    person.send()
    assert person.path == here
    walk.to_summary()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_back_to_the_offenses_of_a_case_keeps_them(visitors: Visitors, site_store: Store, lang: str) -> None:
    """Whoever goes back sees what was named, and goes on without naming it twice."""
    person = visitors(js=False)
    walk = Journey(person, lang, somebody(POSSESSION))
    walk.start()
    walk.answer_until("another")
    boxes = {a.value: a.label for a in next(q for q in flow.load() if q.kind == "offense").answers}
    person.page.go_back(wait_until="load")
    assert walk.at("q/c1/offenses")
    person.page.reload()
    assert person.page.locator("main ul li").all_inner_texts() == [walk.say(boxes["HS 11357"]) + ", HS 11357"]
    assert walk.shows({"county": "Los Angeles"})
    person.send()
    assert walk.at("another")
    walk.to_summary()
    assert person.page.locator("main form[action$='/remove']").count() == 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_language_can_change_in_the_middle(visitors: Visitors, lang: str) -> None:
    person = visitors(js=False)
    held = somebody({**POSSESSION, "county": "San Benito"}, FOR_SALE)
    walk = Journey(person, lang, held)
    walk.start()
    walk.answer_until("q/c2/offenses")

    person.follow(SWITCH.format(OTHER[lang]))
    turned = Journey(person, OTHER[lang], held)
    turned.teller.begun |= walk.teller.begun
    assert turned.at("q/c2/offenses")
    turned.to_summary()
    shown = turned.shown_answers()
    assert shown["c1/county"] == "San Benito"
    letter = next(q for q in flow.load() if q.fact == "subdivision").answers[1]
    assert letter.value == "b"
    assert shown["c1/k1/subdivision"] == turned.say(letter.label)

    # The address of the edited question keeps its query.
    person.follow("main .change a[href*='/q/c2/county?']")
    person.follow(SWITCH.format(lang))
    assert person.path == f"/{lang}/q/c2/county?edit=1"
    walk.answer({"answer": "Napa"})
    assert walk.at("answers")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_code_goes_on_elsewhere(visitors: Visitors, lang: str) -> None:
    person = visitors(js=False)
    unsure = {**POSSESSION, "counts": [{k: v for k, v in POSSESSION["counts"][0].items() if k != "age_at_offense"}]}
    walk = Journey(person, lang, somebody(unsure))
    walk.start()
    walk.answer_until()
    person.go(f"/{lang}/code")
    person.send()
    words = person.page.locator("ol.code li").all_inner_texts()
    assert len(words) == 5

    lost = visitors(js=True, width=1280, height=800)
    lost.answers_with(410, lambda: lost.go(f"/{lang}/answers"))
    lost.accessible()
    lost.go(f"/{lang}/resume")
    lost.page.locator("main input[name=code]").fill("not the right words here")
    lost.answers_with(422, lost.send)
    assert lost.page.locator("main input[name=code]").input_value() == "not the right words here"
    lost.accessible()
    # The first four letters, in capitals, are enough.
    lost.page.locator("main input[name=code]").fill("  ".join(word[:4].upper() for word in words))
    lost.send()
    found = Journey(lost, lang)
    assert is_answered(found, "c1/conviction_date", {"month": "2", "day": "3", "year": "1999"})
    assert is_answered(found, "c1/k1/age_at_offense", {"answer": UNSURE})
    # And on the first device too.
    assert is_answered(walk, "c1/county", {"answer": "Los Angeles"})


def test_a_restart_of_the_server_keeps_answers(visitors: Visitors, site: Site) -> None:
    person = visitors(js=False)
    walk = Journey(person, "en", somebody(POSSESSION))
    walk.start()
    walk.to_summary()
    before = walk.shown_answers()
    site.stop()
    site.start()
    person.page.reload()
    assert walk.shown_answers() == before
    walk.change("c1/conviction_date", {"month": "4", "day": "1", "year": "1999"})
    assert format_date_long(date(1999, 4, 1), "en") in walk.shown_answers().values()


@pytest.mark.parametrize(
    ("lang", "page"), [("en", "q/c1/k1/already_relieved"), ("es", "q/c1/offenses"), ("es", "q/c1/conviction_date")]
)
def test_a_kill_after_an_answered_page_loses_nothing(visitors: Visitors, site: Site, lang: str, page: str) -> None:
    person = visitors(js=False)
    walk = Journey(person, lang, somebody(POSSESSION))
    walk.start()
    walk.answer_until(page)
    sent = walk.fill()
    # The next page is asked for only after the answer was acknowledged: the redirect is it.
    with person.page.expect_response(lambda response: response.request.method == "POST") as acknowledged:
        person.page.locator("main form button[type=submit]").first.click()
    assert acknowledged.value.status == 303
    site.kill()
    person.in_a_new_tab()
    forgive(person)
    site.start()
    if page == "q/c1/offenses":
        assert is_answered(walk, "c1/county", {"answer": sent["county"]})
    else:
        assert is_answered(walk, page.removeprefix("q/"), sent)
    walk.person.go(f"/{lang}/q")
    asked = walk.to_summary()
    assert page not in asked, "it is not asked again"


def forgive(person: Visitor) -> None:
    """The kill may have met the request after the redirect; that one request failed on purpose."""
    on_purpose = ("a request failed: GET", "in the console: Failed to load")
    assert all(problem.startswith(on_purpose) for problem in person.problems), person.problems
    person.problems.clear()


@pytest.mark.parametrize("js", [False, True], ids=["no-js", "js"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_quick_exit_leaves_nothing(visitors: Visitors, lang: str, js: bool) -> None:
    person = visitors(js=js)
    walk = Journey(person, lang)
    walk.start()
    walk.answer_until("q/c1/offenses")
    question = person.path
    if js:
        for _ in range(2):
            person.page.keyboard.press("Escape")
        assert person.path == question
        person.leave(lambda: person.page.keyboard.press("Escape"))
    else:
        person.leave(lambda: person.page.locator("[data-leave]").click(no_wait_after=True))
        person.in_a_new_tab()
    assert person.stored("limpio") is None
    if js:
        # Leaving replaced the page: Back leads to the one before it, which has no answers to show any more.
        person.answers_with(410, lambda: person.page.go_back(wait_until="load"))
        assert person.path == f"/{lang}/q/c1/disposition"
    person.answers_with(410, lambda: person.go(question))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_delete_everything(visitors: Visitors, lang: str, site_store: Store) -> None:
    person = visitors(js=True)
    walk = Journey(person, lang, somebody(POSSESSION))
    walk.start()
    walk.answer_until("another")
    person.go(f"/{lang}/code")
    person.send()
    words = " ".join(person.page.locator("ol.code li").all_inner_texts())
    assert site_store.visit_by_code(words) is not None
    person.go(f"/{lang}/delete")
    person.send()
    assert walk.at("deleted")
    assert site_store.visit_by_code(words) is None
    person.answers_with(410, lambda: person.go(f"/{lang}/results"))


def test_two_people_at_one_computer_do_not_mix(visitors: Visitors) -> None:
    person = visitors(js=True)
    walk = Journey(person, "es", somebody(POSSESSION))
    walk.start()
    walk.answer_until("another")
    person.go("/es/")
    person.send("main form[action$='/start'] button")
    assert walk.at("start"), "the second person is asked first"
    person.send("main form button[name=fresh]")
    assert walk.at("q/c1/disposition")
    assert person.page.locator("main input[name=answer]:checked").count() == 0


def test_a_double_tap_saves_once(visitors: Visitors, site_store: Store) -> None:
    person = visitors(js=True)
    walk = Journey(person, "en", somebody(POSSESSION))
    walk.start()
    walk.answer_until("q/c1/offenses")
    posts: list[str] = []
    person.page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)

    def tap_twice(leads_to: str) -> None:
        with person.page.expect_navigation(url=re.compile(leads_to)):
            person.page.locator("main form button[type=submit]").dblclick(no_wait_after=True)
        person.page.wait_for_load_state()

    walk.fill()
    tap_twice("/another")
    walk.tap("main input[name=answer][value=new]")
    tap_twice("/q/c2/")
    assert len(posts) == 2
    cases = kept(person, site_store)["cases"]
    assert [len(case["counts"]) for case in cases] == [1, 0]


def kept(person: Visitor, store: Store) -> doc.Document:
    """The answers on the server, opened by a code that the person makes for it."""
    lang = person.lang
    person.go(f"/{lang}/code")
    person.send()
    opened = store.visit_by_code(" ".join(person.page.locator("ol.code li").all_inner_texts()))
    assert opened is not None
    return doc.whole(opened.document)
