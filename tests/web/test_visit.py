"""Starting, coming back, deleting, leaving, as people do it."""

from __future__ import annotations

import re
import sqlite3
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from tests.web.audited_client import AuditedClient, audited
from webapp import clock, guard
from webapp.store import Store
from webapp.visit.views import WEATHER


def visit_id(client: AuditedClient) -> str | None:
    with client.session_transaction() as session:
        found = session.get("visit")
    return found if isinstance(found, str) else None


def begin(client: AuditedClient, site_store: Store, lang: str = "en", **answers: object) -> str:
    """A visit with answers, as after some questions."""
    response = client.submit(f"/{lang}/", {}, follow=False)
    assert response.status_code == 303
    assert response.headers["Location"] == f"/{lang}/q"
    known = visit_id(client)
    assert known is not None
    site_store.save(known, dict(answers))
    return known


def make_code(client: AuditedClient, lang: str = "en") -> str:
    page = client.submit(f"/{lang}/code")
    assert page.status_code == 200
    words = re.search(r'<ol class="code"[^>]*>(.*?)</ol>', page.get_data(as_text=True), re.S)
    assert words
    return " ".join(re.findall(r"<li>([^<]+)</li>", words[1]))


def test_starting_makes_a_visit_in_the_language(client: AuditedClient, site_store: Store) -> None:
    known = begin(client, site_store, "es", county="Kern")
    found = site_store.visit(known)
    assert found is not None
    assert found.lang == "es"


def test_starting_twice_without_an_answer_leaves_no_empty_visit(client: AuditedClient, site_store: Store) -> None:
    first = begin(client, site_store)
    second = begin(client, site_store)
    assert first != second
    assert site_store._db().execute("SELECT count(*) FROM visit").fetchone() == (1,)


def test_starting_over_answers_asks_first_and_never_mixes(client: AuditedClient, site_store: Store) -> None:
    first = begin(client, site_store, name="Ana")
    code = make_code(client)
    asked = client.submit("/en/", {})
    assert asked.status_code == 200
    assert "There are answers here already" in asked.get_data(as_text=True)
    assert visit_id(client) == first
    started = client.submit(asked, {"fresh": "yes"}, follow=False)
    assert started.status_code == 303
    second = visit_id(client)
    assert second not in (None, first)
    found = site_store.visit(str(second))
    assert found is not None
    assert found.document == {}
    kept = site_store.visit_by_code(code)
    assert kept is not None
    assert kept.document == {"name": "Ana"}


def test_a_code_is_shown_once_and_opens_the_answers_elsewhere(
    app: Flask, client: AuditedClient, site_store: Store
) -> None:
    known = begin(client, site_store, "es", name="Ana")
    code = make_code(client, "es")
    assert len(code.split()) == 5
    shown = client.get("/es/code").get_data(as_text=True)
    assert not any(f"<li>{word}</li>" in shown for word in code.split())
    library = audited(app)
    opened = library.submit("/en/resume", {"code": "  " + code.upper().replace(" ", "-") + " "}, follow=False)
    assert opened.status_code == 303
    assert opened.headers["Location"] == "/en/q"
    other = visit_id(library)
    assert other not in (None, known)
    found = site_store.visit(str(other))
    assert found is not None
    assert found.document == {"name": "Ana"}
    site_store.update(str(other), lambda document: {**document, "county": "Kern"})
    here = site_store.visit(known)
    assert here is not None
    assert here.document == {"name": "Ana", "county": "Kern"}


def test_resuming_on_the_same_device_changes_the_id_in_the_cookie(client: AuditedClient, site_store: Store) -> None:
    known = begin(client, site_store, name="Ana")
    code = make_code(client)
    assert client.submit("/en/resume", {"code": code}, follow=False).status_code == 303
    assert visit_id(client) != known
    assert site_store.visit(known) is None


def test_the_page_says_when_a_code_was_made_and_a_new_one_replaces_it(
    app: Flask, client: AuditedClient, site_store: Store
) -> None:
    begin(client, site_store, name="Ana")
    assert "the old one stops working" not in client.get("/en/code").get_data(as_text=True)
    old = make_code(client)
    assert "the old one stops working" in client.get("/en/code").get_data(as_text=True)
    new = make_code(client)
    library = audited(app)
    assert library.submit("/en/resume", {"code": old}).status_code == 422
    assert library.submit("/en/resume", {"code": new}, follow=False).status_code == 303


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Type the five words"),
        ("abandon ability", "We found 2 words"),
        ("abandon ability able about above", "These words did not open any answers"),
        ("<b>one</b> two three four five", "These words did not open any answers"),
        ("😀 " * 30, "These words did not open any answers"),
        ("x" * 10_000, "We found 1 word."),
    ],
)
def test_a_wrong_code_gets_a_sentence_and_stays_typed(client: AuditedClient, text: str, sentence: str) -> None:
    page = client.submit("/en/resume", {"code": text})
    assert page.status_code == 422
    shown = page.get_data(as_text=True)
    assert sentence in shown
    assert "<title>Error:" in shown
    if text and len(text) < 400:
        assert text.replace("<", "&lt;").replace(">", "&gt;").strip() in shown
    assert "<b>one" not in shown


def test_too_many_wrong_codes_stop_this_client_for_a_while(
    app: Flask, client: AuditedClient, site_store: Store
) -> None:
    owner = audited(app)
    begin(owner, site_store, name="Ana")
    code = make_code(owner)
    with time_machine.travel(clock.now() + timedelta(hours=1), tick=False) as moment:
        page = client.get("/en/resume")
        for _ in range(guard.LIMITS["resume"].tries):
            page = client.submit(page, {"code": "abandon ability able about absent"})
            assert page.status_code == 422
        refused = client.submit(page, {"code": code})  # even the right one: no answer tells right from wrong now
        assert refused.status_code == 429
        shown = refused.get_data(as_text=True)
        assert code in shown
        assert "There were too many wrong codes" in shown
        wait = int(refused.headers["Retry-After"])
        assert 0 < wait <= guard.LIMITS["resume"].per
        moment.shift(timedelta(seconds=wait))
        assert client.submit(refused, {"code": code}, follow=False).status_code == 303


def test_right_codes_do_not_use_up_the_limit(app: Flask, client: AuditedClient, site_store: Store) -> None:
    begin(client, site_store, name="Ana")
    code = make_code(client)
    for _ in range(guard.LIMITS["resume"].tries + 5):
        assert audited(app).submit("/en/resume", {"code": code}, follow=False).status_code == 303


def test_everybody_together_has_a_budget_of_wrong_codes(
    app: Flask, client: AuditedClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(guard.LIMITS, "resume-all", guard.Limit(tries=3, per=3600))
    statuses = []
    for number in range(4):
        client = audited(app)
        client.environ_base = {**client.environ_base, "REMOTE_ADDR": f"10.0.0.{number}"}
        statuses.append(client.submit("/en/resume", {"code": "abandon ability able about absent"}).status_code)
    assert statuses == [422, 422, 422, 429]


def test_deleting_asks_and_then_erases_for_every_device(app: Flask, client: AuditedClient, site_store: Store) -> None:
    known = begin(client, site_store, name="Ana")
    code = make_code(client)
    library = audited(app)
    library.submit("/en/resume", {"code": code}, follow=False)
    asked = client.get("/en/delete")
    assert "Delete everything now?" in asked.get_data(as_text=True)
    assert site_store.visit(known) is not None
    done = client.submit(asked)
    assert done.status_code == 200
    assert done.request.path == "/en/deleted"
    assert "Everything is deleted" in done.get_data(as_text=True)
    assert visit_id(client) is None
    assert site_store._db().execute("SELECT count(*) FROM visit").fetchone() == (0,)
    assert library.get("/en/code").status_code == 410
    assert audited(app).submit("/en/resume", {"code": code}).status_code == 422


def test_leaving_forgets_at_once_and_the_code_still_works(app: Flask, client: AuditedClient, site_store: Store) -> None:
    known = begin(client, site_store, name="Ana")
    code = make_code(client)
    left = client.get("/es/leave")
    assert left.status_code == 303
    assert left.headers["Location"] == WEATHER == "https://www.weather.gov/"
    assert left.headers["Clear-Site-Data"] == '"cookies", "storage", "cache"'
    assert "Max-Age=0" in left.headers["Set-Cookie"]
    assert visit_id(client) is None
    assert site_store.visit(known) is None
    assert client.get("/en/code").status_code == 410
    assert audited(app).submit("/en/resume", {"code": code}, follow=False).status_code == 303


def test_leaving_without_a_code_erases_what_nobody_could_open(client: AuditedClient, site_store: Store) -> None:
    begin(client, site_store, name="Ana")
    client.get("/en/leave")
    assert site_store._db().execute("SELECT count(*) FROM visit").fetchone() == (0,)


def test_leaving_works_without_a_visit_and_with_a_broken_store(
    client: AuditedClient, site_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get("/en/leave").status_code == 303
    begin(client, site_store, name="Ana")

    def locked(_known: str) -> bool:
        raise sqlite3.OperationalError("database is locked")

    monkeypatch.setattr(site_store, "forget_device", locked)
    left = client.get("/en/leave")
    assert (left.status_code, left.headers["Location"]) == (303, WEATHER)
    assert visit_id(client) is None


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, {"Sec-Purpose": "prefetch;prerender"}],
)
def test_another_site_or_a_prefetch_cannot_close_the_answers(
    client: AuditedClient, site_store: Store, headers: dict[str, str]
) -> None:
    known = begin(client, site_store, name="Ana")
    left = client.get("/en/leave", headers=headers)
    assert left.status_code == 303
    assert "Clear-Site-Data" not in left.headers
    assert site_store.visit(known) is not None
    assert visit_id(client) == known


@pytest.mark.parametrize("path", ["/en/code", "/en/delete", "/es/code"])
def test_without_a_visit_there_is_a_way_on(client: AuditedClient, path: str) -> None:
    page = client.get(path)
    assert page.status_code == 410
    lang = path[1:3]
    assert f'href="/{lang}/resume"' in page.get_data(as_text=True)
    again = client.submit(page, action="/start", follow=False)
    assert (again.status_code, again.headers["Location"]) == (303, f"/{lang}/q")


def test_a_form_sent_after_the_visit_was_lost_shows_what_was_typed(client: AuditedClient, site_store: Store) -> None:
    known = begin(client, site_store, name="Ana")
    page = client.get("/en/delete")
    site_store.delete_visit(known)
    lost = client.submit(page, {"remark": "my long answer"}, tampered=True)
    assert lost.status_code == 410
    assert "my long answer" in lost.get_data(as_text=True)


def test_an_expired_visit_is_lost_and_its_cookie_cleaned(client: AuditedClient, site_store: Store) -> None:
    begin(client, site_store, name="Ana")
    with time_machine.travel(clock.now() + timedelta(days=30, minutes=1), tick=False):
        assert client.get("/en/code").status_code == 410
        assert visit_id(client) is None
        assert site_store._db().execute("SELECT count(*) FROM visit").fetchone() == (0,)


def test_a_restart_of_the_site_keeps_the_visit(app: Flask, client: AuditedClient, site_store: Store) -> None:
    from webapp import create_app

    begin(client, site_store, name="Ana")
    cookie = client.get_cookie("limpio")
    assert cookie is not None
    site_store.close()
    restarted = audited(create_app(app.extensions["limpio_settings"]))
    restarted.set_cookie("limpio", cookie.value)
    assert restarted.get("/en/code").status_code == 200
    guard.store(restarted.application).close()


def test_the_pages_speak_spanish_addresses_too(client: AuditedClient, site_store: Store) -> None:
    begin(client, site_store, "es", name="Ana")
    for path in ("/es/code", "/es/resume", "/es/delete", "/es/deleted"):
        page = client.get(path).get_data(as_text=True)
        assert '<html lang="es"' in page
        assert f'href="/en/{path[4:]}"' in page
