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
from tests.web.audited_client import AuditedClient, audited, untranslated
from tests.web.steps import (
    begin,
    body,
    errors_of,
    holding,
    kept,
    name_of,
    pages_of,
    value_of,
    words_of,
)
from tests.web.teller import Teller, every_question, one_case, told
from webapp import clock, create_app
from webapp.counties import COUNTIES
from webapp.demo import people
from webapp.interview import document as doc
from webapp.interview import flow
from webapp.language import LOCALES, PSEUDO, public_locales, translate
from webapp.settings import Settings
from webapp.store import Store

LANGUAGES = [locale.code for locale in public_locales()]
WORDS = "shoplifting"
# Papers for the first case, a theft named in words, an arrest, and a case of which nothing is known.
SOMEBODY = told(
    one_case(
        offense="HS 11359",
        already_relieved=False,
        county="Kern",
        offense_date="1998-03-14",
        conviction_date="1998-10-01",
        age_at_offense={"at_least": 21},
        level="felony",
        sentence="probation",
        probation_outcome="completed",
    ),
    one_case(offense="PC 484", county="Napa", conviction_date="2020-02-03", sentence="probation"),
    one_case(offense="PC 487", subdivision="a", disposition="never_charged", offense_date="2015", level="felony"),
    one_case(),
    serving_now="nothing",
    pending_charge=False,
    superstrike_or_290c=False,
    fire_crew=False,
)


# ---------------------------------------------------------------------------------------------------------- walking


CHOICES = {"court": "blank", "office": "blank", "serve_by": "unknown", "written_in": "english"}
"""What the pages of the papers make a person choose."""


def whole_way(client: AuditedClient, lang: str) -> Iterator[TestResponse]:
    """Every page from the first to the papers, as they come, and each question sent empty before it is answered."""
    yield client.get(f"/{lang}/")
    person = Teller(SOMEBODY, lang, words={"PC 484": WORDS, "PC 487": "PC 487"}, citizenship="no")
    for page in pages_of(client, person, begin(client, lang)):
        yield page
        if name_of(page) != "immigration":
            empty = client.submit(page, {})
            assert empty.status_code == 422, f"{page.request.path} takes an empty form"
            yield empty
    for rest in ("answers", "results", "papers"):
        page = client.get(f"/{lang}/{rest}")
        yield page
    page = client.submit(page, {"name": "Ana Ruiz"})
    yield page
    while page.request.path != f"/{lang}/papers/ready":
        yield page
        page = client.submit(page, {name: said for name, said in CHOICES.items() if f'name="{name}"' in body(page)})
    yield page
    for rest in ("papers/fees", "papers/fees/income", "papers/statement/english", "papers/read/1"):
        yield client.get(f"/{lang}/{rest}", follow_redirects=True)


# A law section stands in every language as on the papers: "PC 182", "11357(b)", "PC 459 second", "664/187".
SECTIONS = re.compile(
    r"[:,;\s]*(?:(?:(?:HS|PC|VC|BP)\s)?(?:664/)?\d{3,5}[A-Z]?(?:\.\d+)?(?:\([a-z0-9]+\))*(?: first| second)?[:,;\s]*)+"
)


def assert_translated(page: TestResponse, *allowed: str) -> None:
    found = [text for text in untranslated(body(page), (*allowed, *COUNTIES)) if not SECTIONS.fullmatch(text)]
    assert not found, f"{page.request.method} {page.request.path} ({page.status_code}): never translated: {found}"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_whole_way(client: AuditedClient, lang: str) -> None:
    pages = list(whole_way(client, lang))
    assert len({page.request.path for page in pages}) > 40
    assert all(f'lang="{lang}"' in body(page) for page in pages)


def test_no_word_of_the_way_escapes_translation(client: AuditedClient) -> None:
    for page in whole_way(client, PSEUDO):
        assert_translated(page, "Ana Ruiz", WORDS)


def test_no_word_of_any_question_escapes_translation(client: AuditedClient, site_store: Store) -> None:
    document = every_question()
    holding(client, site_store, PSEUDO, document)
    asked = {a.question.question: a for a in flow.asked_in_order(flow.load(), document, clock.today())}
    assert asked.keys() == {question.question for question in flow.load()}
    for each in asked.values():
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


def somebody(client: AuditedClient, store: Store, lang: str, **facts: Any) -> doc.Document:
    """This browser has the answers of a person with one conviction, asked about just now."""
    document = told(one_case(**{"offense": "HS 11358", "already_relieved": False, "county": "Kern", **facts}))
    document["done"] = True
    holding(client, store, lang, document)
    return document


DATES = [
    ("no such day", "2", "30", "1998"),
    ("no such day", "3", "x", "1998"),
    ("no such month", "13", "1", "1998"),
    ("no such month", "Ⅲ", "²", "1998"),
    ("no such month", "🌿", "🌿", "1998"),
    ("a day without a month", "", "5", "1998"),
    ("no year", "3", "14", "98"),
    ("a day to come", "12", "31", "2026"),
    ("a month to come", "12", "", "2026"),
    ("nothing", "", "", ""),
    ("a year out of reach", "", "", "1066"),
    ("a year out of reach", "", "", "9999"),
]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_date_that_cannot_be(
    client: AuditedClient, site_store: Store, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    """Each mistake has a sentence of its own, what was typed stays, and nothing is stored."""
    monkeypatch.setattr(clock, "today", lambda: date(2026, 11, 22))
    before = somebody(client, site_store, lang)
    where = f"/{lang}/q/c1/k1/offense_date"
    said: dict[str, set[str]] = {}
    for kind, month, day, year in DATES:
        page = client.submit(where, {"month": month, "day": day, "year": year})
        assert page.status_code == 422, (kind, month, day, year)
        assert page.request.path == where
        assert [value_of(page, name) for name in ("month", "day", "year")] == [month, day, year]
        (error,) = errors_of(page)
        said.setdefault(kind, set()).add(error)
    assert all(len(sentences) == 1 for sentences in said.values()), said
    assert len(set.union(*said.values())) == len(said), "two different mistakes, one sentence"
    assert "1930" in next(iter(said["a year out of reach"]))
    assert "2026" in next(iter(said["a year out of reach"]))
    assert kept(client, site_store) == before


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_date_and_a_choice_that_disagree(client: AuditedClient, site_store: Store, lang: str) -> None:
    before = somebody(client, site_store, lang)
    page = client.submit(f"/{lang}/q/c1/k1/offense_date", {"year": "1998", "instead": "1"})
    assert page.status_code == 422
    assert len(errors_of(page)) == 1
    assert (value_of(page, "year"), value_of(page, "instead")) == ("1998", "1")
    assert kept(client, site_store) == before


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_date_that_another_date_rules_out(client: AuditedClient, site_store: Store, lang: str) -> None:
    before = somebody(client, site_store, lang, conviction_date="1998-02-03")
    page = client.submit(f"/{lang}/q/c1/k1/offense_date", {"year": "1999"})
    assert page.status_code == 422
    assert len(errors_of(page)) == 1
    assert value_of(page, "year") == "1999"
    assert kept(client, site_store) == before


# Of the questions that ask for a day: may it lie ahead?
DAYS = {q.fact: q.future for q in flow.load() if q.kind == "date"}


@pytest.mark.parametrize("fact", DAYS)
def test_a_day_to_come_is_taken_only_where_it_may_lie_ahead(
    client: AuditedClient, site_store: Store, fact: str
) -> None:
    assert any(DAYS.values())
    assert not all(DAYS.values())
    document = every_question()
    for part in (document["person"], *document["cases"], *(k for case in document["cases"] for k in case["counts"])):
        part.pop(fact, None)
    if fact == "conviction_date":
        for case in document["cases"]:
            case["counts"][0].pop("offense_date", None)
    holding(client, site_store, "en", document)
    at = next(a for a in flow.asked_in_order(flow.load(), document, clock.today()) if a.place.fact == fact)
    page = client.submit(f"/en/q/{at.place.path}", {"month": "1", "day": "2", "year": str(clock.today().year + 2)})
    assert page.status_code == (200 if DAYS[fact] else 422), errors_of(page)
    assert (page.request.path == f"/en/q/{at.place.path}") is not DAYS[fact]
    too_far = client.submit(f"/en/q/{at.place.path}", {"month": "1", "day": "2", "year": str(clock.today().year + 90)})
    assert too_far.status_code == 422


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("value", ["", "99", "-1", "true", "Atlantis", "🌿", "x" * 10_000])
@pytest.mark.parametrize(
    "where",
    [
        "c1/county",
        "c1/k1/level",
        "c1/k1/offense",
        "c1/disposition",
        "c1/sentence",
        "person/fire_crew",
        "person/serving_now",
    ],
)
def test_an_answer_that_is_not_offered(
    client: AuditedClient, site_store: Store, lang: str, where: str, value: str
) -> None:
    before = somebody(client, site_store, lang)
    page = client.submit(f"/{lang}/q/{where}", {"answer": value}, tampered=True)
    assert page.status_code == 422
    assert page.request.path == f"/{lang}/q/{where}"
    assert errors_of(page)
    assert "Not a valid" not in errors_of(page)[0], "the words are ours"
    assert kept(client, site_store) == before


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
    assert errors_of(page)


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
    person = Teller(people()["many"].document, lang)
    for page in pages_of(client, person, begin(client, lang)):
        if name_of(page) == "person/serving_now" or page.request.path.endswith("/answers"):
            break
        said = person.says(name_of(page))
        one = client.submit(page, said, follow=False)
        once = kept(client, site_store)
        two = client.submit(page, said, follow=False)
        assert kept(client, site_store) == once, name_of(page)
        assert one.location == two.location
        # The walk sends it a third time.
    assert [len(case["counts"]) for case in once["cases"]] == [3, 3, 2]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_conviction_removed_twice_is_gone_once(client: AuditedClient, site_store: Store, lang: str) -> None:
    document = doc.with_conviction(people()["dismissed"].document)
    holding(client, site_store, lang, document)
    summary = client.get(f"/{lang}/answers")
    assert client.submit(summary, {}, action="/c2/k1/remove").status_code == 200
    again = client.submit(summary, {}, action="/c2/k1/remove")
    assert again.status_code == 404
    assert kept(client, site_store) == {**people()["dismissed"].document, "done": False}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_body_that_is_too_large(client: AuditedClient, lang: str) -> None:
    page = begin(client, lang)
    answer = client.submit(page, {"answer": "x" * 70_000}, tampered=True)
    assert answer.status_code == 413
    assert translate(lang, "That was too much text") in words_of(answer)
    assert client.get(page.request.path).status_code == 200


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "where", ["c1/k1/shoe_size", "c9/k1/offense", "person/offense", "c1", "../answers", "c1/k1/plants", "c9/offenses"]
)
def test_a_question_that_is_not_asked_leads_on(client: AuditedClient, lang: str, where: str) -> None:
    begin(client, lang)
    page = client.get(f"/{lang}/q/{where}", follow_redirects=True)
    assert page.status_code == 200
    # "../answers" has nothing to show yet either.
    assert page.request.path == f"/{lang}/q/c1/disposition"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_posted_to_a_question_that_is_void_is_not_stored(
    client: AuditedClient, site_store: Store, lang: str
) -> None:
    page = begin(client, lang)
    token = value_of(page, "csrf_token")
    sent = client.post(f"/{lang}/q/c1/k1/plants", data={"csrf_token": token, "answer": "0"})
    assert sent.status_code == 303
    assert "plants" not in str(kept(client, site_store))


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
