"""What comes in from Twilio: only with its signature; stop before everything; states, answers, undo; no loops."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import cast
from xml.etree import ElementTree

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from twilio.request_validator import RequestValidator

from tests.web.texting import MORNING, NUMBER, OTHER_NUMBER, SITE, answers, asks, seconds, signed_up
from tests.web.twilio_stub import SERVICE, SID, TOKEN, Stub
from webapp import create_app
from webapp.interview import document as doc
from webapp.reminders import messages, words
from webapp.reminders.conversation import MOST_ANSWERS, MOST_PUZZLED, answer, understood
from webapp.reminders.petitions import petitions, with_made, with_step
from webapp.reminders.send import Outbox
from webapp.reminders.worker import Worker
from webapp.settings import Settings
from webapp.store import Store

TODAY = date(2026, 12, 1)


@pytest.fixture(autouse=True)
def morning() -> Iterator[time_machine.Coordinates]:
    """It is Tuesday, 1 December 2026, ten in the morning in California."""
    with time_machine.travel(MORNING, tick=False) as clock:
        yield clock


@pytest.fixture
def app(settings: Settings) -> Flask:
    told = Settings(
        instance=settings.instance,
        env="test",
        public_url=SITE,
        twilio_sid=SID,
        twilio_token=TOKEN,
        twilio_service=SERVICE,
    )
    return create_app(told)


@pytest.fixture
def held(app: Flask) -> Store:
    return cast(Store, app.extensions["limpio_store"])


@pytest.fixture
def phone(app: Flask) -> FlaskClient:
    return app.test_client()


def posted(client: FlaskClient, path: str, form: Mapping[str, str], *, signature: str | None = None) -> tuple[int, str]:
    """A request as Twilio makes it, signed by the SDK's own validator for the public address."""
    if signature is None:
        signature = RequestValidator(TOKEN).compute_signature(f"{SITE}{path}", dict(form))
    # Behind a proxy the server sees another address than people and Twilio do.
    answered = client.post(
        path, data=form, headers={"X-Twilio-Signature": signature}, base_url="http://10.0.0.7:8000"
    )  # fmt: skip
    return answered.status_code, answered.get_data(as_text=True)


def texts(client: FlaskClient, said: str, *, number: str = NUMBER, sid: str = "", **more: str) -> str | None:
    """A text from a phone. Returns the answer."""
    form = {"From": number, "To": "+19165550100", "Body": said, "MessageSid": sid or f"SM{said}", **more}
    status, body = posted(client, "/sms/inbound", form)
    assert status == 200
    root = ElementTree.fromstring(body)  # noqa: S314 - our own answer
    assert root.tag == "Response"
    said_back = [element.text for element in root.iter("Message")]
    assert len(said_back) <= 1
    return said_back[0] if said_back else None


def state(store: Store, visit: str) -> doc.Document:
    found = store.visit(visit)
    assert found is not None
    return found.document


# ---------------------------------------------------------------------------------------------------------- who may ask


@pytest.mark.parametrize("path", ["/sms/inbound", "/sms/status?r=" + "0" * 32])
def test_without_the_right_signature_nothing_is_believed(phone: FlaskClient, held: Store, path: str) -> None:
    signed_up(held, answers("CR-180"))
    form = {"From": NUMBER, "Body": "STOP", "MessageSid": "SM1", "MessageStatus": "sent", "ErrorCode": "21610"}
    right = RequestValidator(TOKEN).compute_signature(f"{SITE}{path}", form)
    other_secret = RequestValidator("another").compute_signature(f"{SITE}{path}", form)
    other_place = RequestValidator(TOKEN).compute_signature(f"http://10.0.0.7:8000{path}", form)
    for signature in ("", "x", other_secret, other_place):
        assert posted(phone, path, form, signature=signature)[0] == 403
    assert posted(phone, path, {**form, "Body": "YES"}, signature=right)[0] == 403
    assert not held.texts.is_suppressed(NUMBER)
    assert posted(phone, path, form, signature=right)[0] in (200, 204)
    assert phone.get(path).status_code in (404, 405)


def test_without_credentials_the_addresses_do_not_exist(settings: Settings) -> None:
    client = create_app(settings).test_client()
    for path in ("/sms/inbound", "/sms/status"):
        assert client.post(path, data={"From": NUMBER, "Body": "STOP"}).status_code == 404


def test_form_tokens_are_asked_for_everywhere_else(app: Flask, phone: FlaskClient) -> None:
    exempt = app.extensions["csrf"]._exempt_views
    assert {name.rsplit(".", 1)[1] for name in exempt} == {"inbound", "status"}
    assert phone.post("/en/my-case/stop").status_code == 400


def test_a_message_that_is_no_text_of_a_person_is_ignored(phone: FlaskClient) -> None:
    assert texts(phone, "STOP", number="72975") is None
    assert texts(phone, "hello", number="whatsapp:+19164452841") is None


# ------------------------------------------------------------------------------------------------------- stop and start


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize(
    "word", ["STOP", "alto.", "No Más!", "END", "revoke", "please quit texting me", "déjenme en paz"]
)
def test_stop_ends_everything_at_once_with_one_last_answer(
    phone: FlaskClient, held: Store, lang: str, word: str
) -> None:
    _visit, key = signed_up(held, answers("CR-180"), lang=lang)
    Worker(held, Outbox(held), site=SITE).replan(lambda: MORNING)
    assert held.texts.counts() == {"planned": 3}
    assert texts(phone, word) == messages.text("stopped", lang)
    assert held.texts.counts() == {}
    assert held.texts.is_suppressed(NUMBER)
    assert [each.state for each in held.texts.of_number(NUMBER)] == ["stopped"]
    assert [event for event, *_ in held.texts.proofs(NUMBER)] == ["asked", "confirmed", "stopped"]
    # Silence from here on, but for HELP and START.
    for said in (word + " ", "FILED", "hello", "STATUS"):
        assert texts(phone, said, sid=f"later {said}") is None
    assert texts(phone, "HELP") is not None
    assert texts(phone, "START") == messages.text("welcome", lang, month=4)
    assert [each.key for each in held.texts.of_number(NUMBER) if each.state == "on"] == [key]


def test_a_stop_counts_from_somebody_we_do_not_know(phone: FlaskClient, held: Store) -> None:
    assert texts(phone, "ALTO", number=OTHER_NUMBER) == messages.text("stopped", "es")
    assert held.texts.is_suppressed(OTHER_NUMBER)
    # It survives a sign-up on the page: the question is not sent.
    visit = held.new_visit("en")
    asks(held, visit.id, number=OTHER_NUMBER)
    with Stub() as stub:
        Worker(held, stub.line(), site=SITE).run(lambda: MORNING)
        assert stub.asked == []


def test_a_wrong_number_is_forgotten(phone: FlaskClient, held: Store) -> None:
    visit, _key = signed_up(held, answers("CR-180"))
    assert texts(phone, "Wrong number") == messages.text("stopped", "en")
    assert held.texts.of_number(NUMBER) == ()
    assert held.texts.is_suppressed(NUMBER)
    # The answers are somebody else's, and stay.
    assert petitions(state(held, visit))


def test_no_to_the_question_is_a_stop_and_later_it_is_an_answer(phone: FlaskClient, held: Store) -> None:
    visit = held.new_visit("en")
    held.save(visit.id, answers("CR-180"))
    asks(held, visit.id)
    assert texts(phone, "No") == messages.text("stopped", "en")
    assert held.texts.is_suppressed(NUMBER)
    signed_up(held, answers("CR-180"), number=OTHER_NUMBER)
    assert texts(phone, "No", number=OTHER_NUMBER, sid="SM2") == messages.text("okay", "en")
    assert not held.texts.is_suppressed(OTHER_NUMBER)


@pytest.mark.parametrize(("lang", "word"), [("en", "Yes"), ("es", "Sí"), ("es", "si gracias"), ("en", "START")])
def test_yes_from_the_phone_turns_texts_on(phone: FlaskClient, held: Store, lang: str, word: str) -> None:
    visit = held.new_visit(lang)
    held.save(visit.id, answers("CR-180"))
    asks(held, visit.id, lang=lang)
    assert texts(phone, word) == messages.text("welcome", lang, month=4)
    found = held.texts.of_visit(visit.id)
    assert found is not None
    assert found.state == "on"
    assert texts(phone, word, sid="SM2") == messages.text("already", lang)
    (_, method, wording, spoken, _), (event, how, *_) = held.texts.proofs(NUMBER)
    assert (method, spoken, event, how) == ("/texts", lang, "confirmed", "text")
    assert "Limpio" in wording


def test_what_twilio_has_answered_is_not_answered_again(phone: FlaskClient, held: Store) -> None:
    signed_up(held, answers("CR-180"))
    assert texts(phone, "STOP", OptOutType="STOP") is None
    assert [why for _hash, why, _since in held.texts.suppressed()] == ["carrier"]
    assert texts(phone, "HELP", OptOutType="HELP") is None
    assert texts(phone, "START", OptOutType="START") is None
    assert not held.texts.is_suppressed(NUMBER)
    assert [each.state for each in held.texts.of_number(NUMBER)] == ["on"]


def test_help_says_who_what_and_how_to_stop(phone: FlaskClient, held: Store) -> None:
    signed_up(held, answers("CR-180"), lang="es")
    said = texts(phone, "AYUDA")
    assert said == messages.text("help", "es", site=SITE, month=4)


# --------------------------------------------------------------------------------------------------------------- states


def day(store: Store, visit: str, step: str, form: str = "CR-180") -> date | None:
    return next(each[step] for each in petitions(state(store, visit)) if each.form == form)


@pytest.mark.parametrize(
    ("lang", "said", "step", "on"),
    [
        ("en", "FILED", "filed", TODAY),
        ("es", "presentado", "filed", TODAY),
        ("en", "filed 11/20", "filed", date(2026, 11, 20)),
        ("es", "Presentado el 20 de noviembre", "filed", date(2026, 11, 20)),
        ("en", "SERVED yesterday", "served", date(2026, 11, 30)),
        ("es", "entregado ayer", "served", date(2026, 11, 30)),
        ("en", "HEARING 3/15", "hearing", date(2027, 3, 15)),
        ("es", "AUDIENCIA 15 de marzo", "hearing", date(2027, 3, 15)),
        ("en", "granted!", "decided", TODAY),
        ("es", "negado", "decided", TODAY),
    ],
)
def test_a_text_sets_the_state_and_undo_takes_it_back(
    phone: FlaskClient, held: Store, lang: str, said: str, step: str, on: date
) -> None:
    visit, key = signed_up(held, answers("CR-180"), lang=lang)
    said_back = texts(phone, said)
    assert said_back is not None
    assert day(held, visit, step) == on
    # The answer holds the month in words, the way back, and a link that opens this person's page.
    assert messages.day_words(on, lang) in said_back
    assert {"en": "UNDO", "es": "DESHACER"}[lang] in said_back
    code = re.search(rf"{SITE}/{lang}/t/(\w+)", said_back)
    assert code is not None
    found = held.texts.link(code[1], seconds(MORNING))
    assert found is not None
    assert found.key == key
    undone = texts(phone, {"en": "undo", "es": "Deshacer"}[lang])
    assert undone is not None
    assert day(held, visit, step) is None
    again = texts(phone, "undo", sid="SM again")
    assert again is not None
    assert again.startswith(messages.text("nothing to undo", lang, link="")[:30])


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("HEARING", "what date"),
        ("hearing soon", "what date"),
        ("hearing 3/15/2035", "what date"),
        ("hearing 11/2/2026", "past"),
        ("hearing 3/14/2027", "closed"),  # a Sunday
        ("hearing 12/25", "closed"),
        ("filed 12/24/2026", "to come"),
        ("granted 12/24/2026", "to come"),
        ("filed soon", "what date"),
        ("FILED 7", "which"),
        ("hello", "not understood"),
        ("not filed", "not understood"),
        ("no", "okay"),
        ("status", "no next"),
    ],
)
def test_what_cannot_be_changes_nothing(said: str, name: str) -> None:
    document = answers("CR-180")
    texting = type("T", (), {"topics": (), "confirmed": 0})()
    found = understood(document, texting, words.read(said, TODAY), MORNING, None)
    assert (found.name, found.change) == (name, None)


def test_several_petitions_are_told_apart_by_number() -> None:
    document = answers("CR-180", "CR-400")
    texting = type("T", (), {"topics": (), "confirmed": 0})()

    def said(text: str, held: doc.Document) -> tuple[str, doc.Document]:
        found = understood(held, texting, words.read(text, TODAY), MORNING, None)
        return found.name, found.change or held

    name, both = said("FILED", document)
    assert (name, [each["filed"] for each in petitions(both)]) == ("noted all", [TODAY, TODAY])
    name, one = said("FILED 2", document)
    assert (name, [each["filed"] for each in petitions(one)]) == ("noted", [None, TODAY])
    # Hearings differ: which one must be said. With one still open it is clear.
    assert said("HEARING 3/15", document)[0] == "which"
    name, second = said("HEARING 2 3/15", document)
    assert [each["hearing"] for each in petitions(second)] == [None, date(2027, 3, 15)]
    assert said("GRANTED", document)[0] == "which"
    decided = said("DENIED 1", document)[1]
    assert [each.outcome for each in petitions(said("GRANTED", decided)[1])] == ["denied", "granted"]


def test_done_is_an_answer_to_the_last_question_only() -> None:
    document = answers("CR-180")
    texting = type("T", (), {"topics": (), "confirmed": 0})()
    heard = words.read("DONE", TODAY)
    filed = understood(document, texting, heard, MORNING, "file")
    assert filed.change is not None
    assert petitions(filed.change)[0]["filed"] == TODAY
    for asked in ("proof", "hearing", "clerk", None):
        assert understood(document, texting, heard, MORNING, asked).change is None


def test_done_after_the_question_by_text(phone: FlaskClient, held: Store, morning: time_machine.Coordinates) -> None:
    first = datetime(2026, 12, 3, 18, tzinfo=UTC)
    with Stub() as stub:
        visit, _key = signed_up(held, answers("CR-180"))
        morning.move_to(first)
        Worker(held, stub.line(), site=SITE).run(lambda: first)
        assert "reply DONE" in stub.taken[0].body
        texts(phone, "Done!")
        assert day(held, visit, "filed") == date(2026, 12, 3)


def test_status_tells_the_day_of_the_next_text(phone: FlaskClient, held: Store) -> None:
    signed_up(held, answers("CR-180"))
    said = texts(phone, "STATUS")
    assert said is not None
    assert "December 3, 2026" in said
    assert messages.names_the_subject(said, "en") == []


def test_without_papers_a_state_has_no_place(phone: FlaskClient, held: Store) -> None:
    signed_up(held, doc.whole({}))
    for said in ("FILED", "HEARING 3/15/2027", "GRANTED"):
        found = texts(phone, said)
        assert found is not None
        assert found.startswith(messages.text("say it there", "en", link="")[:40])


def test_a_shared_phone_stops_for_all_and_changes_nothing_for_one(phone: FlaskClient, held: Store) -> None:
    one, _ = signed_up(held, answers("CR-180"))
    two, _ = signed_up(held, answers("CR-180"))
    said = texts(phone, "FILED")
    assert said == messages.text("say it there", "en", link=f"{SITE}/en/resume")
    assert day(held, one, "filed") is day(held, two, "filed") is None
    texts(phone, "STOP")
    assert [each.state for each in held.texts.of_number(NUMBER)] == ["stopped", "stopped"]


# ------------------------------------------------------------------------------------------------------------- no loops


def test_the_same_message_twice_is_acted_on_once_and_answered_alike(phone: FlaskClient, held: Store) -> None:
    visit, _key = signed_up(held, answers("CR-180"))
    first = texts(phone, "FILED", sid="SM1")
    held.update(visit, lambda now: with_step(now, "c1", "CR-180", "filed", None, MORNING))
    assert texts(phone, "FILED", sid="SM1") == first
    assert day(held, visit, "filed") is None


def test_two_machines_that_answer_each_other_come_to_an_end(phone: FlaskClient, held: Store) -> None:
    signed_up(held, answers("CR-180"))
    said = [texts(phone, "Thank you for your message. We are closed.", sid=f"SM{n}") for n in range(20)]
    assert [each is not None for each in said] == [True] * MOST_PUZZLED + [False] * (20 - MOST_PUZZLED)
    # A stop counts all the same.
    assert texts(phone, "STOP") is not None


def test_answers_of_any_kind_come_to_an_end(store: Store) -> None:
    signed_up(store, answers("CR-180"))
    said = [answer(store, NUMBER, "STATUS", now=MORNING, site=SITE) for _ in range(MOST_ANSWERS + 5)]
    assert [each is None for each in said] == [False] * MOST_ANSWERS + [True] * 5


def test_a_stranger_is_told_how_to_sign_up_a_few_times(phone: FlaskClient) -> None:
    said = [texts(phone, f"hola {n}", number=OTHER_NUMBER) for n in range(5)]
    assert said == [messages.text("nothing here", "es", site=SITE)] * MOST_PUZZLED + [None] * 2


def test_answers_that_are_over_cannot_be_changed_by_text(phone: FlaskClient, held: Store) -> None:
    visit, _key = signed_up(held, answers("CR-180"))
    held.delete_visit(visit)
    assert texts(phone, "FILED") == messages.text("nothing here", "en", site=SITE)


# -------------------------------------------------------------------------------------------------------------- reports


def test_reports_by_request(phone: FlaskClient, held: Store) -> None:
    _visit, key = signed_up(held, answers("CR-180"))
    with Stub() as stub:
        Worker(held, stub.line(), site=SITE).run(lambda: datetime(2026, 12, 3, 18, tzinfo=UTC))
    row = held.texts.history(key)[0]
    path = f"/sms/status?r={row.key.hex()}"
    for status, error in (("sent", ""), ("delivered", ""), ("sent", "")):
        form = {"MessageSid": "SM1", "MessageStatus": status, "ErrorCode": error}
        assert posted(phone, path, form)[0] == 204
    assert held.texts.history(key)[0].status == "delivered"
    form = {"MessageSid": "SM1", "MessageStatus": "undelivered", "ErrorCode": "21610"}
    assert posted(phone, path, form)[0] == 204
    assert held.texts.is_suppressed(NUMBER)
    for path in ("/sms/status", "/sms/status?r=zz", "/sms/status?r=" + "z" * 32):
        assert posted(phone, path, form)[0] == 400


def test_nothing_of_a_person_reaches_the_log(phone: FlaskClient, held: Store, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    signed_up(held, answers("CR-180"))
    texts(phone, "FILED my secret")
    texts(phone, "STOP")
    assert NUMBER not in caplog.text
    assert "9164452841" not in caplog.text
    assert "secret" not in caplog.text
    assert NUMBER not in repr(held.texts.of_number(NUMBER))


def test_made_again_after_a_year_is_not_confused(store: Store) -> None:
    # A second packet for the same case and form keeps its first day: the questions are not asked anew.
    later = MORNING + timedelta(days=20)
    document = with_made(answers("CR-180"), [("c1", "CR-180")], date(2026, 12, 21), later)
    assert petitions(document)[0]["made"] == TODAY
