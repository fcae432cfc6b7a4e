"""The results page: a plain sentence first, every reason cited, every link alive, and nothing promised that is not
known."""

import re
from datetime import date

import pytest

from tests.web.audited_client import AuditedClient
from webapp.demo import people
from webapp.interview import document as doc
from webapp.interview import flow
from webapp.results import cards
from webapp.store import Store

AS_OF = date(2026, 11, 22)
LINK = re.compile(r'<a [^>]*href="(/[^"#]*)')


def opened(client: AuditedClient, site_store: Store, document: doc.Document, lang: str = "en") -> None:
    """This browser has a visit with these answers."""
    client.submit(f"/{lang}/", {})
    with client.session_transaction() as session:
        visit_id = session["visit"]
    site_store.save(visit_id, document)


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.split("<main")[1].split("</main>")[0]))


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("person", people())
def test_every_link_of_every_demo_persons_results_leads_to_a_sound_page(
    client: AuditedClient, site_store: Store, person: str, lang: str
) -> None:
    opened(client, site_store, people()[person].document, lang)
    page = client.get(f"/{lang}/results")
    assert page.status_code == 200
    links = sorted(set(LINK.findall(page.text)) - {f"/{lang}/leave"})
    assert any("/q/" in link for link in links), "an answer can be changed from here"
    for link in links:
        answer = client.get(link.replace("&amp;", "&"))
        assert answer.status_code in (200, 302, 303), link


@pytest.mark.parametrize("person", people())
def test_cards_of_demo_people_say_what_the_rules_found(person: str) -> None:
    document = people()[person].document
    findings = flow.findings(document, AS_OF)
    shown = cards.cards(findings, document, AS_OF, str, lambda _, at: at.place.path, lambda path: f"/q/{path}")
    found = [c.best for c in findings.counts]
    assert tuple(" ".join(filter(None, (b.outcome, b.relief, b.form))) for b in found) == people()[person].expects
    for card, counted in zip(shown, findings.counts, strict=True):
        best = counted.best
        assert card.kind == cards.KINDS[best.outcome]
        assert card.status
        assert bool(card.relief) == best.outcome.startswith("eligible")
        assert card.lines, "no answer without a reason"
        assert all(line.words and line.cite for line in card.lines)
        if best.outcome in ("not_eligible", "needs_lawyer"):
            assert card.says, "a no says why"
        if best.outcome == "not_eligible":
            assert card.doors, "a no says what else is open"
        if best.outcome == "need_info":
            assert card.missing, "what would settle it is asked for"


def test_an_unknown_case_is_told_what_each_answer_would_mean(client: AuditedClient, site_store: Store) -> None:
    opened(client, site_store, people()["unknown"].document)
    text = words(client.get("/en/results").text)
    assert "What each answer would mean" in text
    assert "Growing marijuana" in text
    assert "How to get your record" in text
    assert "Get my papers ready" not in text


def test_presumptions_are_shown_as_presumptions(client: AuditedClient, site_store: Store) -> None:
    document = doc.with_conviction(doc.empty())
    for fact, value in {
        "already_relieved": False,
        "offense": "HS 11359",
        "attempt": False,
        "level": "felony",
        "offense_date": "2006",
        "age_at_offense": {"at_least": 21},
    }.items():
        document = doc.with_answer(document, doc.Place("c1", "k1", fact), value)
    document = doc.with_answer(document, doc.Place("c1", None, "sentence_status"), "completed")
    opened(client, site_store, document)
    text = words(client.get("/en/results").text)
    assert "You did not say, and the law presumes:" in text
    assert "no earlier conviction from the list of most serious crimes" in text


def test_everybody_is_told_about_immigration(client: AuditedClient, site_store: Store) -> None:
    for person in people().values():
        opened_page = AuditedClient(client.application, client.response_wrapper)
        opened(opened_page, site_store, person.document)
        assert "Talk to an immigration lawyer before you file anything." in words(opened_page.get("/en/results").text)


def test_the_answer_about_citizenship_is_nowhere(client: AuditedClient, site_store: Store) -> None:
    kept = []
    for said in ("yes", "no", "unsure", "skip"):
        browser = AuditedClient(client.application, client.response_wrapper)
        document = {**people()["dismissed"].document, "seen": []}
        opened(browser, site_store, document)
        browser.submit("/en/citizenship", {"answer": said}, follow=False)
        with browser.session_transaction() as session:
            visit = site_store.visit(session["visit"])
        assert visit is not None
        kept.append(visit.document)
    assert all(k == kept[0] for k in kept)


@pytest.mark.parametrize("lang", ["en", "es"])
def test_every_reason_links_to_its_place_in_the_rule_book(client: AuditedClient, site_store: Store, lang: str) -> None:
    book = client.get(f"/{lang}/rules").text
    places = set(re.findall(r'id="([^"]+)"', book))
    assert "from memory, not confirmed" in book or lang != "en", "doubt stays visible"
    for person in people().values():
        browser = AuditedClient(client.application, client.response_wrapper)
        opened(browser, site_store, person.document, lang)
        wanted = set(re.findall(r'href="/\w+/rules#([^"]+)"', browser.get(f"/{lang}/results").text))
        assert wanted
        assert wanted <= places


def test_the_rule_book_has_a_spanish_address(client: AuditedClient) -> None:
    assert client.get("/es/reglas").status_code == 200
