"""The whole way through the site without a browser: in the pseudo-locale, where every untranslated word shows; and
with everything people type wrong, in each language.

Every page on the way is audited by the client (`audited_client`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, cast

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from forms.fonts import character_name
from tests.web.audited_client import AuditedClient, audited, read_page, text_of, untranslated
from webapp import clock, create_app
from webapp.counties import COUNTIES
from webapp.demo import people
from webapp.interview import document as doc
from webapp.interview import flow
from webapp.language import LOCALES, PSEUDO, public_locales, translate
from webapp.settings import Settings
from webapp.store import Store

LANGUAGES = [locale.code for locale in public_locales()]
UNSURE = "unsure"
ANSWERS: dict[str, Any] = {
    "already_relieved": False,
    "offense": "HS 11359",
    "county": "Kern",
    "offense_date": {"month": "3", "day": "14", "year": "1998"},
    "age_at_offense": {"at_least": 21},
    "level": "felony",
    "sentence_status": "completed",
}


# ---------------------------------------------------------------------------------------------------------- walking


def body(page: TestResponse) -> str:
    return page.get_data(as_text=True)


def words_of(page: TestResponse) -> str:
    return text_of(read_page(body(page), page.request.path).root)


def value_of(page: TestResponse, name: str) -> str:
    """What stands in a box, a chosen radio or an area of this page."""
    root = read_page(body(page), page.request.path).root
    for each in root.iter("input"):
        if each.get("name") == name and (each.get("type") != "radio" or each.get("checked") is not None):
            return each.get("value", "")
    return ""


def begin(client: AuditedClient, lang: str) -> TestResponse:
    """The first question."""
    page = client.submit(f"/{lang}/", {})
    assert page.status_code == 200
    assert page.request.path.startswith(f"/{lang}/q/")
    return page


def holding(client: AuditedClient, store: Store, lang: str, document: doc.Document) -> None:
    """This browser has these answers open."""
    visit = store.new_visit(lang)
    store.save(visit.id, document)
    with client.session_transaction() as session:
        session["visit"] = visit.id


def answer_to(path: str, lang: str) -> dict[str, str]:
    """What this person sends for a question: as planned in ANSWERS, else "I'm not sure"."""
    fact = path.rsplit("/", 1)[-1]
    said = ANSWERS.get(fact)
    asked = next(q for q in flow.load() if q.fact == fact)
    if asked.kind == "date":
        return said or {"instead": UNSURE}
    if asked.kind == "county" or said is None:
        return {"answer": said or UNSURE}
    return {"answer": str(next(i for i, a in enumerate(asked.answers) if a.value == said))}


def whole_way(client: AuditedClient, lang: str) -> Iterator[TestResponse]:
    """Every page from the first to the papers, as they come."""
    yield client.get(f"/{lang}/")
    page = begin(client, lang)
    while "/q/" in page.request.path:
        yield page
        empty = client.submit(page, {})
        assert empty.status_code == 422, f"{page.request.path} takes an empty form"
        yield empty
        page = client.submit(page, answer_to(page.request.path, lang))
    yield page
    assert page.request.path == f"/{lang}/another"
    page = client.submit(page, {"answer": "new"})
    while "/q/" in page.request.path:
        yield page
        page = client.submit(page, answer_to(page.request.path, lang))
    page = client.submit(page, {"answer": "no"})
    yield page
    page = client.submit(page, {"answer": "no"})
    assert page.request.path == f"/{lang}/immigration"
    yield page
    for rest in ("answers", "results", "papers"):
        page = client.get(f"/{lang}/{rest}")
        yield page
    page = client.submit(page, {"name": "Ana Ruiz"})
    yield page
    page = client.submit(page, {"court": "blank"})
    yield page
    page = client.submit(page, {})
    while page.request.path != f"/{lang}/papers/ready":
        yield page
        page = client.submit(page, {"court": "blank"} if 'name="court"' in body(page) else {})
    yield page


# A law section stands in every language as on the papers: "PC 182", "11357(b)".
SECTIONS = re.compile(r"[:,\s]*(?:(?:(?:HS|PC|VC|BP)\s)?\d{3,5}(?:\([a-z]\))?[:,\s]*)+")


def assert_translated(page: TestResponse, *allowed: str) -> None:
    found = [text for text in untranslated(body(page), (*allowed, *COUNTIES)) if not SECTIONS.fullmatch(text)]
    assert not found, f"{page.request.method} {page.request.path} ({page.status_code}): never translated: {found}"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_whole_way(client: AuditedClient, lang: str) -> None:
    pages = list(whole_way(client, lang))
    assert len({page.request.path for page in pages}) > 20
    assert all(f'lang="{lang}"' in body(page) for page in pages)


def test_no_word_of_the_way_escapes_translation(client: AuditedClient) -> None:
    for page in whole_way(client, PSEUDO):
        assert_translated(page, "Ana Ruiz")


def test_no_word_of_any_question_escapes_translation(client: AuditedClient, site_store: Store) -> None:
    over = {"sentence_status": "completed"}
    adult = {"offense_date": "2016", "age_at_offense": {"at_least": 21}, "attempt": False, "already_relieved": False}
    young = {"age_at_offense": {"under": 18}, "substance": "both"}
    document = {
        **doc.empty(),
        "person": {"superstrike_or_290c": True},
        "cases": [
            {"id": "c1", "counts": [{"id": "k1", "offense": "HS 11357", **young}]},
            {"id": "c2", **over, "counts": [{"id": "k1", "offense": "HS 11358", **adult}]},
            {"id": "c3", **over, "counts": [{"id": "k1", "offense": "HS 11359", **adult}]},
            {"id": "c4", **over, "counts": [{"id": "k1", "offense": "HS 11360", "conduct": "gave", **adult}]},
        ],
    }
    holding(client, site_store, PSEUDO, document)
    asked = flow.asked_in_order(flow.load(), document, clock.today())
    assert all(any(a.question is question for a in asked) for question in flow.load())
    for each in asked:
        page = client.get(f"/{PSEUDO}/q/{each.place.path}")
        assert page.status_code == 200
        assert_translated(page)


@pytest.mark.parametrize("person", people())
def test_no_word_of_any_result_escapes_translation(client: AuditedClient, site_store: Store, person: str) -> None:
    known = people()[person]
    typed = [t for part in (known.document["contact"], *known.document["papers"].values()) for t in part.values()]
    holding(client, site_store, PSEUDO, known.document)
    for page in ("results", "answers", "papers", "papers/c1", "papers/c1/rights", "papers/ready"):
        answer = client.get(f"/{PSEUDO}/{page}", follow_redirects=True)
        assert answer.status_code == 200
        assert_translated(answer, *(text for text in typed if isinstance(text, str) and text))


def test_no_word_of_an_error_escapes_translation(
    client: AuditedClient, site_store: Store, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = {}

    def look(page: TestResponse, *allowed: str) -> None:
        seen[page.status_code] = page
        assert_translated(page, *allowed)

    look(client.get(f"/{PSEUDO}/no-such-page"))
    look(client.get(f"/{PSEUDO}/answers"))
    look(client.get(f"/{PSEUDO}/start"))
    look(client.submit(f"/{PSEUDO}/resume", {"code": "wrong words"}), "wrong words")
    page = begin(client, PSEUDO)
    where = page.request.path
    look(client.post(where, data={"answer": "0"}))
    look(client.post(where, data={"answer": "0"}, headers={"Sec-Fetch-Site": "cross-site"}))
    look(client.submit(page, {"answer": "x" * 70_000}, tampered=True))
    for _ in range(21):
        page = client.submit(f"/{PSEUDO}/resume", {"code": "one two three four five"})
    look(page, "one two three four five")

    def fault(*_given: object) -> None:
        raise RuntimeError

    client.get(f"/{PSEUDO}/")
    monkeypatch.setattr(flow, "asked_in_order", fault)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    look(client.get(where))
    assert set(seen) == {400, 403, 404, 405, 410, 413, 422, 429, 500}


# -------------------------------------------------------------------------------------------------------- bad input


def dated(client: AuditedClient, store: Store, lang: str) -> str:
    """The address of the question when it happened."""
    document = doc.with_conviction(doc.empty())
    document["cases"][0]["counts"][0] |= {"already_relieved": False, "offense": "HS 11358", "attempt": False}
    holding(client, store, lang, document)
    return f"/{lang}/q/c1/k1/offense_date"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("month", "day", "year", "sentence"),
    [
        ("2", "30", "1998", "That day does not exist. Check the month and the day."),
        ("13", "1", "1998", "Write the month as a number from 1 to 12, or leave it empty."),
        ("", "5", "1998", "You wrote a day but no month. Write the month too, or leave both empty."),
        ("3", "14", "98", "Write the year with four digits, like 1998."),
        ("12", "31", "2026", "That day is in the future. Check the date."),
        ("12", "", "2026", "That month is in the future. Check the date."),
        ("3", "x", "1998", "That day does not exist. Check the month and the day."),
        ("Ⅲ", "²", "1998", "Write the month as a number from 1 to 12, or leave it empty."),
        ("", "", "", "Write the year, or choose one of the answers below."),
        ("🌿", "🌿", "1998", "Write the month as a number from 1 to 12, or leave it empty."),
    ],
)
def test_a_date_that_cannot_be(
    client: AuditedClient,
    site_store: Store,
    monkeypatch: pytest.MonkeyPatch,
    lang: str,
    month: str,
    day: str,
    year: str,
    sentence: str,
) -> None:
    monkeypatch.setattr(clock, "today", lambda: date(2026, 11, 22))
    page = client.submit(dated(client, site_store, lang), {"month": month, "day": day, "year": year})
    assert page.status_code == 422
    assert translate(lang, sentence) in words_of(page)
    assert [value_of(page, name) for name in ("month", "day", "year")] == [month, day, year]
    # Nothing was stored, and what was there before is there still.
    assert value_of(client.get(page.request.path), "year") == ""
    assert client.get(f"/{lang}/q/c1/k1/offense").status_code == 200


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("year", ["1066", "9999"])
def test_a_year_out_of_reach_names_the_years(client: AuditedClient, site_store: Store, lang: str, year: str) -> None:
    page = client.submit(dated(client, site_store, lang), {"year": year})
    assert page.status_code == 422
    told = translate(
        lang, "The year must be from %(first)s to %(last)s. Check the year.", first=1930, last=clock.today().year
    )
    assert told in words_of(page)
    assert value_of(page, "year") == year


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_date_and_a_choice_that_disagree(client: AuditedClient, site_store: Store, lang: str) -> None:
    page = client.submit(dated(client, site_store, lang), {"year": "1998", "instead": "1"})
    assert page.status_code == 422
    assert translate(lang, "The date and the answer below do not fit together. Change one of them.") in words_of(page)
    assert (value_of(page, "year"), value_of(page, "instead")) == ("1998", "1")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("text", ["marijuana", "🌿", "HS", "x" * 61, "<b>11357</b>", "11357 / 11358 HS; \x27"])
def test_a_section_that_cannot_be_read(client: AuditedClient, site_store: Store, lang: str, text: str) -> None:
    document = doc.with_conviction(doc.empty())
    document["cases"][0]["counts"][0] |= {"already_relieved": False}
    holding(client, site_store, lang, document)
    page = client.submit(f"/{lang}/q/c1/k1/offense", {"answer": "other", "other": text})
    assert page.status_code == 422
    told = translate(
        lang,
        "We cannot read this as a section of the law. Write the number and the letters, like HS 11364 or 664/11358 HS. "
        "If you cannot find it, choose “I'm not sure”.",
    )
    assert told in words_of(page)
    assert value_of(page, "other") == text
    assert value_of(page, "answer") == "other"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("value", ["", "99", "-1", "true", "Atlantis", "🌿", "x" * 10_000])
@pytest.mark.parametrize("fact", ["county", "level", "offense"])
def test_an_answer_that_is_not_offered(
    client: AuditedClient, site_store: Store, lang: str, fact: str, value: str
) -> None:
    dated(client, site_store, lang)
    where = f"/{lang}/q/c1/{fact}" if fact == "county" else f"/{lang}/q/c1/k1/{fact}"
    before = body(client.get(where))
    page = client.submit(where, {"answer": value}, tampered=True)
    assert page.status_code == 422
    assert page.request.path == where
    errors = [text_of(each) for each in read_page(body(page), where).all("p") if each.get("class") == "error"]
    assert errors
    if lang != "en":
        assert "Not a valid" not in errors[0]
    after = body(client.get(where))
    token = re.compile(r'value="[^"]{30,}"')
    assert token.sub("", before) == token.sub("", after), "the stored answer has changed"


@pytest.fixture
def with_papers(client: AuditedClient, site_store: Store) -> AuditedClient:
    """Somebody whose case opens papers."""
    holding(client, site_store, "en", people()["dismissed"].document)
    return client


@pytest.mark.parametrize("lang", LANGUAGES)
def test_ten_thousand_letters_in_a_name(with_papers: AuditedClient, lang: str) -> None:
    name = "ñ" * 10_000
    page = with_papers.submit(f"/{lang}/papers", {"name": name})
    assert page.status_code == 422
    told = translate(
        lang,
        "This is too long for a court form: %(length)s letters. The most is %(most)s. Make it shorter. What you wrote "
        "is still here.",
        length=10_000,
        most=150,
    )
    assert told in words_of(page)
    assert value_of(page, "name") == name


SIGN = (
    'The sign "%(character)s" (%(name)s) cannot be printed on the form. Take it out, or write it another way, '
    "for example with Latin letters."
)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_picture_in_a_name(with_papers: AuditedClient, lang: str) -> None:
    page = with_papers.submit(f"/{lang}/papers", {"name": "Ana 🌿 Ruiz", "city": "Fresno"})
    assert page.status_code == 422
    assert "🌿" in words_of(page)
    told = translate(lang, SIGN, character="🌿", name=character_name("🌿"))
    assert told in words_of(page)
    assert (value_of(page, "name"), value_of(page, "city")) == ("Ana 🌿 Ruiz", "Fresno")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("code", ["", "one", "one two three four five", "🌿 🌿 🌿 🌿 🌿", "x" * 10_000])
def test_a_wrong_code(client: AuditedClient, lang: str, code: str) -> None:
    page = client.submit(f"/{lang}/resume", {"code": code})
    assert page.status_code == 422
    assert value_of(page, "code") == code
    assert [each for each in read_page(body(page), "").all("p") if each.get("class") == "error"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_tampered_cookie_is_a_friendly_page(client: AuditedClient, app: Flask, lang: str) -> None:
    begin(client, lang)
    held = client.get_cookie("limpio")
    assert held is not None
    stranger = audited(app)
    stranger.set_cookie("limpio", held.value[:-3] + "AAA")
    page = stranger.get(f"/{lang}/answers")
    assert page.status_code == 410
    assert translate(lang, "Your answers are not open here") in words_of(page)
    assert client.get(f"/{lang}/q", follow_redirects=True).status_code == 200


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_form_sent_twice_changes_nothing_twice(client: AuditedClient, site_store: Store, lang: str) -> None:
    page = begin(client, lang)
    one = client.submit(page, {"answer": "1"})
    two = client.submit(page, {"answer": "1"})
    assert one.request.path == two.request.path == f"/{lang}/q/c1/k1/offense"
    document = people()["dismissed"].document
    holding(client, site_store, lang, document)
    ask = client.get(f"/{lang}/another")
    led_to = [client.submit(ask, {"answer": "no"}).request.path for _ in range(2)]
    assert led_to[0] == led_to[1]
    with client.session_transaction() as session:
        kept = site_store.visit(session["visit"])
    assert kept is not None
    assert kept.document == document


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_conviction_removed_twice_is_gone_once(client: AuditedClient, site_store: Store, lang: str) -> None:
    document = doc.with_conviction(people()["dismissed"].document)
    holding(client, site_store, lang, document)
    summary = client.get(f"/{lang}/answers")
    assert client.submit(summary, {}, action="/c2/k1/remove").status_code == 200
    again = client.submit(summary, {}, action="/c2/k1/remove")
    assert again.status_code == 404
    assert translate(lang, "There is no such page") in words_of(again)
    assert "1998" in words_of(client.get(f"/{lang}/answers"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_body_that_is_too_large(client: AuditedClient, lang: str) -> None:
    page = begin(client, lang)
    answer = client.submit(page, {"answer": "x" * 70_000}, tampered=True)
    assert answer.status_code == 413
    assert translate(lang, "That was too much text") in words_of(answer)
    assert client.get(page.request.path).status_code == 200


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "where", ["c1/k1/shoe_size", "c9/k1/offense", "person/offense", "c1", "../answers", "c1/k1/plants"]
)
def test_a_question_that_is_not_asked_leads_on(client: AuditedClient, lang: str, where: str) -> None:
    begin(client, lang)
    page = client.get(f"/{lang}/q/{where}", follow_redirects=True)
    assert page.status_code == 200
    assert page.request.path in {f"/{lang}/q/c1/k1/already_relieved", f"/{lang}/answers"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_posted_to_a_question_that_is_void_is_not_stored(
    client: AuditedClient, site_store: Store, lang: str
) -> None:
    page = begin(client, lang)
    token = value_of(page, "csrf_token")
    sent = client.post(f"/{lang}/q/c1/k1/plants", data={"csrf_token": token, "answer": "0"})
    assert sent.status_code == 303
    with client.session_transaction() as session:
        visit = site_store.visit(session["visit"])
    assert visit is not None
    assert "plants" not in str(visit.document)


def test_every_public_language_takes_part() -> None:
    assert [code for code in LOCALES if LOCALES[code].public] == LANGUAGES
    assert set(LANGUAGES) >= {"en", "es"}


def test_the_pseudo_locale_is_not_served_in_production(tmp_path: Any) -> None:
    settings = Settings(
        instance=tmp_path / "instance", env="production", public_url="https://limpio.example.org", trusted_proxies=1
    )
    app = create_app(settings)
    with app.test_client() as browser:
        assert browser.get(f"/{PSEUDO}/").status_code == 404
    cast(Store, app.extensions["limpio_store"]).close()
