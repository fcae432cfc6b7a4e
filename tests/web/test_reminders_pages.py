"""Signing up, "My case", links and the outbox, as a browser meets them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

import icalendar
import pytest
import time_machine
from flask import Flask, render_template_string
from werkzeug.test import TestResponse

from tests.web.audited_client import AuditedClient, audited, read_page, text_of
from tests.web.steps import body, errors_of, holding, kept, main_of
from tests.web.texting import MORNING, NUMBER, OTHER_NUMBER, answers, says, seconds
from webapp import create_app
from webapp.demo import people
from webapp.interview import document as doc
from webapp.language import public_locales
from webapp.reminders import consent, messages
from webapp.reminders.petitions import petitions, with_decision, with_made, with_step
from webapp.reminders.send import Outbox
from webapp.reminders.views import ASKED_A_DAY, PIN_TRIES
from webapp.reminders.worker import Worker
from webapp.settings import Settings
from webapp.store import Store

LANGUAGES = [locale.code for locale in public_locales()]
GOOD = {"number": "(916) 445-2841", "topics": ["steps", "hearing"], "pin": "4071", "consent": "y"}


@pytest.fixture(autouse=True)
def morning() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(MORNING, tick=False) as clock:
        yield clock


def here(client: AuditedClient) -> str:
    with client.session_transaction() as session:
        found: str = session["visit"]
    return found


def sent(store: Store) -> list[str]:
    """What is in the outbox once all that is due is sent, the newest first."""
    worker = Worker(store, Outbox(store), site="http://localhost")
    worker.run(lambda: datetime.now(UTC))
    worker.rest()
    return [words for _number, words, _at in store.texts.outbox()]


def signs_up(client: AuditedClient, store: Store, lang: str, document: doc.Document) -> TestResponse:
    holding(client, store, lang, document)
    return client.submit(f"/{lang}/texts", GOOD)


def checked(page: TestResponse) -> list[str]:
    boxes = read_page(body(page), "/").all("input")
    return [each.get("name", "") for each in boxes if each.get("checked") is not None]


# ----------------------------------------------------------------------------------------------------------- signing up


@pytest.mark.parametrize("lang", LANGUAGES)
def test_signing_up_asks_the_phone_first(client: AuditedClient, site_store: Store, lang: str) -> None:
    page = signs_up(client, site_store, lang, answers("CR-180"))
    assert page.request.path == f"/{lang}/texts/sent"
    assert "2841" in main_of(page)
    assert "445" not in main_of(page)
    found = site_store.texts.of_visit(here(client))
    assert found is not None
    assert (found.state, found.number, found.lang, found.topics) == ("asked", NUMBER, lang, ("steps", "hearing"))
    assert sent(site_store) == [messages.text("confirm", lang, month=consent.A_MONTH)]
    (event, method, wording, spoken, at) = site_store.texts.proofs(NUMBER)[0]
    assert (event, method, spoken, at) == ("asked", "/texts", lang, seconds(MORNING))
    assert wording == consent.wording(lang)
    waiting = client.get(f"/{lang}/my-case")
    assert says(lang, "Change the number") in main_of(waiting)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_is_ticked_and_the_whole_consent_is_beside_its_box(
    client: AuditedClient, site_store: Store, lang: str
) -> None:
    holding(client, site_store, lang, answers("CR-180"))
    page = client.get(f"/{lang}/texts")
    assert checked(page) == []
    labels = [text_of(each) for each in read_page(body(page), "/").all("label") if each.get("for") == "consent"]
    assert labels == [consent.wording(lang)]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"consent": []}, "Check this box if you want the texts. Without it we send none."),
        ({"topics": []}, "Choose at least one thing."),
        ({"number": "445-2841"}, "There is no such number. Check each digit, and write the area code first."),
        ({"number": "+52 55 5555 5555"}, "We can text only numbers in the United States."),
        ({"number": ""}, "Write a phone number with its area code, such as (916) 445-2841."),
        ({"pin": ""}, "Choose a PIN. Links in our texts ask for it, so that nobody else can look."),
        ({"pin": "12"}, "Write 4 to 8 digits, nothing else."),
        ({"pin": "secret"}, "Write 4 to 8 digits, nothing else."),
        ({"pin": "1234"}, "That PIN is too easy to guess. Choose another."),
        ({"pin": "7777"}, "That PIN is too easy to guess. Choose another."),
    ],
)
def test_what_has_to_be_put_right(
    client: AuditedClient, site_store: Store, wrong: dict[str, str | list[str]], told: str
) -> None:
    holding(client, site_store, "en", answers("CR-180"))
    page = client.submit("/en/texts", {**GOOD, **wrong})
    assert page.status_code == 422
    assert [told in error for error in errors_of(page)] == [True]
    assert site_store.texts.of_visit(here(client)) is None
    assert site_store.texts.proofs(NUMBER) == []


def test_with_a_code_a_pin_is_not_needed(client: AuditedClient, site_store: Store) -> None:
    holding(client, site_store, "en", answers("CR-180"))
    site_store.make_resume_code(here(client), "en")
    assert client.submit("/en/texts", {**GOOD, "pin": ""}).request.path == "/en/texts/sent"


def test_without_answers_there_is_nobody_to_text(client: AuditedClient) -> None:
    for path in ("/en/texts", "/en/texts/sent", "/en/my-case", "/en/my-case/c1/CR-180", "/en/my-case/dates.ics"):
        assert client.get(path).status_code == 410


def test_the_page_says_the_same_whatever_the_number_did_before(client: AuditedClient, site_store: Store) -> None:
    site_store.texts.stop(NUMBER, "text", seconds(MORNING))
    stopped = signs_up(client, site_store, "en", answers("CR-180"))
    other = signs_up(client, site_store, "en", answers("CR-180"))
    client.submit("/en/texts", {**GOOD, "number": "(415) 555-2671"})
    assert sent(site_store) == [messages.text("confirm", "en", month=consent.A_MONTH)]
    assert [number for number, _words, _at in site_store.texts.outbox()] == [OTHER_NUMBER]
    assert main_of(stopped) == main_of(other)


def test_at_night_the_question_waits_and_the_page_says_so(
    client: AuditedClient, site_store: Store, morning: time_machine.Coordinates
) -> None:
    morning.move_to(datetime(2026, 12, 6, 6, tzinfo=UTC))  # Saturday, 22:00 in California
    page = signs_up(client, site_store, "en", answers("CR-180"))
    assert "after 9 in the morning" in main_of(page)
    assert sent(site_store) == []
    morning.move_to(datetime(2026, 12, 6, 17, tzinfo=UTC))  # Sunday at nine: they asked for it
    assert len(sent(site_store)) == 1


def test_nobody_can_make_us_text_a_stranger_again_and_again(app: Flask, site_store: Store) -> None:
    pages = []
    for _ in range(ASKED_A_DAY + 2):
        browser = audited(app)
        pages.append(signs_up(browser, site_store, "en", answers("CR-180")).status_code)
    assert pages == [200] * ASKED_A_DAY + [429] * 2


def test_another_number_needs_another_yes_and_the_old_one_gets_nothing(
    client: AuditedClient, site_store: Store, morning: time_machine.Coordinates
) -> None:
    signs_up(client, site_store, "en", answers("CR-180"))
    site_store.texts.confirm(NUMBER, "", seconds(MORNING))
    sent(site_store)
    client.submit("/en/texts", {**GOOD, "number": "(415) 555-2671", "pin": ""})
    morning.move_to(datetime(2026, 12, 10, 18, tzinfo=UTC))
    sent(site_store)
    found = site_store.texts.of_visit(here(client))
    assert found is not None
    assert (found.state, found.number) == ("asked", OTHER_NUMBER)
    assert {number for number, _words, _at in site_store.texts.outbox()} == {OTHER_NUMBER}


def test_other_topics_for_the_same_number_need_no_new_yes(client: AuditedClient, site_store: Store) -> None:
    signs_up(client, site_store, "en", answers("CR-180"))
    site_store.texts.confirm(NUMBER, "", seconds(MORNING))
    assert set(checked(client.get("/en/texts"))) == {"topics"}
    page = client.submit("/en/texts", {**GOOD, "topics": ["recheck"], "pin": ""})
    assert page.request.path == "/en/my-case"
    found = site_store.texts.of_visit(here(client))
    assert found is not None
    assert (found.state, found.topics) == ("on", ("recheck",))
    assert found.pin


def test_a_site_without_texts_offers_none(settings: Settings) -> None:
    app = create_app(
        Settings(
            instance=settings.instance, env="production", public_url="https://limpio.example.org", trusted_proxies=1
        )
    )
    client = audited(app)
    with client.session_transaction(base_url="https://localhost") as session:
        visit = app.extensions["limpio_store"].new_visit("en")
        app.extensions["limpio_store"].save(visit.id, answers("CR-180"))
        session["visit"] = visit.id
    assert client.get("/en/texts", base_url="https://localhost").status_code == 404
    page = client.get("/en/my-case", base_url="https://localhost")
    assert page.status_code == 200
    assert "/texts" not in body(page)
    assert client.get("/dev/outbox", base_url="https://localhost").status_code == 404
    assert client.get("/en/dev/outbox", base_url="https://localhost").status_code == 404
    app.extensions["limpio_store"].close()


# -------------------------------------------------------------------------------------------------------------- my case


@pytest.mark.parametrize("lang", LANGUAGES)
def test_my_case_shows_every_step_and_what_is_next(client: AuditedClient, site_store: Store, lang: str) -> None:
    document = with_step(answers("CR-180"), "c1", "CR-180", "filed", date(2026, 12, 1), MORNING)
    holding(client, site_store, lang, document)
    page = main_of(client.get(f"/{lang}/my-case"))
    assert "BF123456A" in page
    assert messages.day_words(date(2026, 12, 1), lang) in page
    assert says(lang, "Have another adult serve a copy. Some courts do it for you: ask the clerk.") in page
    assert says(lang, "You get no texts from us.") in page


@pytest.mark.parametrize("lang", LANGUAGES)
def test_states_can_be_set_and_taken_back_by_hand(client: AuditedClient, site_store: Store, lang: str) -> None:
    holding(client, site_store, lang, answers("CR-180"))
    where = f"/{lang}/my-case/c1/CR-180"
    told = {
        "filed_month": "11", "filed_day": "30", "filed_year": "2026",
        "hearing_month": "3", "hearing_day": "15", "hearing_year": "2027",
    }  # fmt: skip
    page = client.submit(where, told)
    assert page.request.path == f"/{lang}/my-case"
    (held,) = petitions(kept(client, site_store))
    assert (held["filed"], held["hearing"], held["made"]) == (date(2026, 11, 30), date(2027, 3, 15), date(2026, 12, 1))
    client.submit(where, {"outcome": "granted"})
    (held,) = petitions(kept(client, site_store))
    assert (held.outcome, held["decided"]) == ("granted", date(2026, 12, 1))
    emptied = dict.fromkeys([*told, "decided_month", "decided_day", "decided_year"], "")
    client.submit(where, {**emptied, "outcome": ""})
    (held,) = petitions(kept(client, site_store))
    assert (dict(held.dates), held.outcome) == ({"made": date(2026, 12, 1)}, None)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"filed_month": "13", "filed_day": "1", "filed_year": "2026"}, "Write month, day and year"),
        ({"filed_month": "11"}, "Write month, day and year"),
        ({"filed_month": "12", "filed_day": "24", "filed_year": "2026"}, "That day is still to come."),
        ({"filed_month": "1", "filed_day": "2", "filed_year": "1999"}, "Check the year."),
        ({"hearing_month": "1", "hearing_day": "2", "hearing_year": "2999"}, "Check the year."),
        ({"served_month": "x", "served_day": "1", "served_year": "2026"}, "Write month, day and year"),
    ],
)
def test_days_that_cannot_be_stay_in_their_boxes(
    client: AuditedClient, site_store: Store, typed: dict[str, str], told: str
) -> None:
    holding(client, site_store, "en", answers("CR-180"))
    page = client.submit("/en/my-case/c1/CR-180", typed)
    assert page.status_code == 422
    assert any(told in error for error in errors_of(page))
    assert all(f'value="{value}"' in body(page) for value in typed.values())
    assert petitions(kept(client, site_store)) == petitions(answers("CR-180"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_state_has_a_next_step(client: AuditedClient, site_store: Store, lang: str) -> None:
    known = answers("CR-180")
    filed = with_step(known, "c1", "CR-180", "filed", date(2026, 12, 1), MORNING)
    served = with_step(filed, "c1", "CR-180", "served", date(2026, 12, 1), MORNING)
    states = [
        (known, "Take the papers and the copies to the court and file them."),
        (served, "Wait for the court. If you hear nothing by this day, call the clerk."),
        (with_step(served, "c1", "CR-180", "hearing", date(2027, 3, 15), MORNING),
         "Go to your hearing, or do what the court told you instead."),
        (with_step(served, "c1", "CR-180", "hearing", date(2026, 11, 30), MORNING),
         "Your hearing day is over. Write down here what the judge said."),
        (with_decision(served, "c1", "CR-180", "granted", date(2026, 12, 1), MORNING),
         "Ask the clerk for a certified copy of the order. Keep it."),
        (with_decision(served, "c1", "CR-180", "granted", date(2026, 10, 1), MORNING),
         "Check your state record again, to see that it was changed."),
        (with_decision(served, "c1", "CR-180", "denied", date(2026, 12, 1), MORNING),
         "There may be another way, or another time. Ask for free help before you try again."),
    ]  # fmt: skip
    for document, following in states:
        holding(client, site_store, lang, document)
        assert says(lang, following) in main_of(client.get(f"/{lang}/my-case")), following


def test_papers_that_can_be_made_are_there_before_they_are(client: AuditedClient, site_store: Store) -> None:
    holding(client, site_store, "en", people()["dismissed"].document)
    page = main_of(client.get("/en/my-case"))
    assert "Print your papers and sign them." in page
    # And with nothing to ask for, the page says so.
    holding(client, site_store, "en", people()["ticket"].document)
    assert "There are no papers yet that can be filed." in main_of(client.get("/en/my-case"))
    assert client.get("/en/my-case/c9/CR-180").status_code == 303


def test_what_was_texted_and_what_comes_is_on_the_page(
    client: AuditedClient, site_store: Store, morning: time_machine.Coordinates
) -> None:
    signs_up(client, site_store, "en", answers("CR-180"))
    sent(site_store)
    site_store.texts.confirm(NUMBER, "", seconds(MORNING))
    page = main_of(client.get("/en/my-case"))
    assert "December 3, 2026: Limpio: have you done the step you planned?" in page
    morning.move_to(datetime(2026, 12, 3, 18, tzinfo=UTC))
    (newest, *_rest) = sent(site_store)
    code = newest.split("/t/")[1].split()[0]
    page = client.get("/en/my-case")
    told = main_of(page).split("What we texted")[1]
    assert "December 3, 2026: Limpio: have you done the step you planned?" in told
    # A page is not a place for a key.
    assert code not in body(page)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_stop_and_delete_are_one_press_away(client: AuditedClient, site_store: Store, lang: str) -> None:
    signs_up(client, site_store, lang, answers("CR-180"))
    site_store.texts.confirm(NUMBER, "", seconds(MORNING))
    page = client.submit(f"/{lang}/my-case", {}, action="/my-case/stop")
    assert says(lang, "Use another number") in main_of(page)
    assert site_store.texts.is_suppressed(NUMBER)
    assert site_store.texts.counts().get("planned", 0) == 0
    client.submit(f"/{lang}/delete", {})
    assert site_store.texts.of_number(NUMBER) == ()
    assert site_store.texts.is_suppressed(NUMBER)


def test_dates_for_a_calendar_name_nothing(client: AuditedClient, site_store: Store) -> None:
    document = with_step(answers("CR-180"), "c1", "CR-180", "hearing", date(2027, 3, 15), MORNING)
    holding(client, site_store, "en", document)
    assert "dates.ics" in body(client.get("/en/my-case"))
    response = client.get("/en/my-case/dates.ics")
    assert response.content_type == "text/calendar; charset=utf-8"
    (event,) = icalendar.Calendar.from_ical(response.data).walk("VEVENT")
    assert event.decoded("dtstart") == date(2027, 3, 15)
    assert messages.names_the_subject(str(event["summary"]), "en") == []
    assert not re.search(rb"Kern|BF123456A|CR-180|hearing", response.data)
    holding(client, site_store, "en", answers("CR-180"))
    assert "dates.ics" not in body(client.get("/en/my-case"))


def test_waiting_days_are_on_the_page_and_in_the_calendar(client: AuditedClient, site_store: Store) -> None:
    holding(client, site_store, "es", people()["waiting"].document)
    assert "6 de mayo de 2027" in main_of(client.get("/es/my-case"))
    (event,) = icalendar.Calendar.from_ical(client.get("/es/my-case/dates.ics").data).walk("VEVENT")
    assert event.decoded("dtstart") == date(2027, 5, 6)


# ------------------------------------------------------------------------------------------------------- links in texts


def linked(client: AuditedClient, store: Store, lang: str = "en") -> str:
    """Somebody signed up; returns the path of the link in their first reminder."""
    signs_up(client, store, lang, answers("CR-180"))
    store.texts.confirm(NUMBER, "", seconds(MORNING))
    store.texts.add_link(store.texts.of_number(NUMBER)[0].key, "abcdefghjk", seconds(MORNING) + 72 * 3600)
    return f"/{lang}/t/abcdefghjk"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_link_opens_once_with_the_pin(app: Flask, client: AuditedClient, site_store: Store, lang: str) -> None:
    path = linked(client, site_store, lang)
    phone = audited(app)
    # Looking is free: phones and carriers look ahead.
    for _ in range(3):
        assert phone.get(path).status_code == 200
    page = phone.submit(path, {"pin": "4071"})
    assert page.request.path == f"/{lang}/my-case"
    assert "BF123456A" in main_of(page)
    other = audited(app)
    assert other.get(path).status_code == 410
    assert "BF123456A" not in body(other.get(path))


def test_a_link_says_nothing_to_who_has_no_pin(app: Flask, client: AuditedClient, site_store: Store) -> None:
    path = linked(client, site_store)
    page = audited(app).get(path)
    assert not re.search("BF123456A|Kern|2841|CR-180", main_of(page))


def test_wrong_pins_end_a_link(app: Flask, client: AuditedClient, site_store: Store) -> None:
    path = linked(client, site_store)
    phone = audited(app)
    codes = [phone.submit(phone.get(path), {"pin": f"90{n}1"}).status_code for n in range(PIN_TRIES)]
    assert codes == [422] * (PIN_TRIES - 1) + [410]
    assert phone.get(path).status_code == 410


def test_a_link_is_over_after_three_days(
    app: Flask, client: AuditedClient, site_store: Store, morning: time_machine.Coordinates
) -> None:
    path = linked(client, site_store)
    morning.move_to(datetime(2026, 12, 4, 17, 59, tzinfo=UTC))
    assert audited(app).get(path).status_code == 200
    morning.move_to(datetime(2026, 12, 4, 18, 1, tzinfo=UTC))
    assert audited(app).get(path).status_code == 410
    assert audited(app).get("/en/t/nothing").status_code == 410


def test_a_link_is_over_at_a_stop(app: Flask, client: AuditedClient, site_store: Store) -> None:
    path = linked(client, site_store)
    site_store.texts.stop(NUMBER, "text", seconds(MORNING))
    assert audited(app).get(path).status_code == 410


def test_without_a_pin_a_link_asks_for_the_five_words(app: Flask, client: AuditedClient, site_store: Store) -> None:
    holding(client, site_store, "en", answers("CR-180"))
    words = site_store.make_resume_code(here(client), "en")
    client.submit("/en/texts", {**GOOD, "pin": ""})
    site_store.texts.add_link(site_store.texts.of_number(NUMBER)[0].key, "abcdefghjk", seconds(MORNING) + 99)
    phone = audited(app)
    page = phone.get("/en/t/abcdefghjk")
    assert "/en/resume" in body(page)
    assert not read_page(body(page), "/").all("input")
    assert phone.post("/en/t/abcdefghjk", data={"pin": ""}).status_code in (200, 400)
    phone.submit("/en/resume", {"code": words})
    assert "BF123456A" in main_of(phone.get("/en/my-case"))


# ---------------------------------------------------------------------------------------------------------- the outbox


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_outbox_shows_sends_and_answers(client: AuditedClient, site_store: Store, lang: str) -> None:
    signs_up(client, site_store, lang, answers("CR-180"))
    assert client.get("/dev/outbox").status_code == 302
    # Pressed while the server's own worker has the turn.
    assert site_store.texts.take_turn(b"another", seconds(MORNING) + 90, seconds(MORNING))
    page = client.submit(f"/{lang}/dev/outbox", {"at": "2026-12-01 10:00"}, action="/send")
    assert messages.text("confirm", lang, month=4) in main_of(page)
    page = client.submit(page, {"said": {"en": "yes", "es": "sí"}[lang]}, action="/answer")
    assert messages.text("welcome", lang, month=4) in main_of(page)
    page = client.submit(page, {"at": "2026-12-03 10:00"}, action="/send")
    assert len(site_store.texts.outbox()) == 3
    page = client.submit(page, {"at": "tomorrow"}, action="/send")
    assert page.status_code == 422
    page = client.submit(page, {"number": "12", "said": "x"}, action="/answer")
    assert page.status_code == 422


@pytest.mark.parametrize("seconds_past", [0, 1, 59])
def test_what_was_asked_for_a_moment_ago_is_sent_by_the_outbox_as_it_stands(
    client: AuditedClient, site_store: Store, morning: time_machine.Coordinates, seconds_past: int
) -> None:
    morning.move_to(MORNING.replace(second=seconds_past))  # in the hours in which texts go out
    signs_up(client, site_store, "en", answers("CR-180"))
    page = client.submit("/en/dev/outbox", {}, action="/send")
    assert messages.text("confirm", "en", month=4) in main_of(page)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_other_pages_lead_here(app: Flask, lang: str) -> None:
    page = '{% from "reminders/link_to.html" import texts_links with context %}{{ texts_links() }}'
    with app.test_request_context(f"/{lang}/results"):
        shown = render_template_string(page)
    assert f'href="/{lang}/texts"' in shown
    assert f'href="/{lang}/my-case"' in shown
    assert says(lang, "My case: how far I am, and what is next") in shown


@pytest.mark.parametrize("lang", LANGUAGES)
def test_papers_handed_out_are_noted_once(client: AuditedClient, site_store: Store, lang: str) -> None:
    document = people()["dismissed"].document
    document["contact"] = {"name": "Ana Ruiz"}
    holding(client, site_store, lang, document)
    assert client.get(f"/{lang}/papers/download").status_code == 200
    held = petitions(kept(client, site_store))
    assert [each["made"] for each in held] == [date(2026, 12, 1)] * len(held)
    assert held
    again = with_made(kept(client, site_store), [(each.case, each.form) for each in held], date(2026, 12, 9), MORNING)
    assert again == kept(client, site_store)
