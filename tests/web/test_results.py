"""The results page: a plain sentence first, every reason cited, every link alive, and nothing promised that is not
known. What has to come first stands first, and what opens later has its day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from rules import CountFindings, Findings
from rules.explanation import OUTCOME_WORDS
from rules.remedies import REMEDIES
from rules.remedy import ELIGIBLE, TIERS
from tests.web.audited_client import AuditedClient, read_page, text_of
from tests.web.steps import body, errors_of, holding, main_of, value_of
from tests.web.teller import every_question, one_case, told
from webapp import clock
from webapp.demo import people
from webapp.interview import document as doc
from webapp.interview import flow
from webapp.language import format_date_long, translate
from webapp.results import cards
from webapp.results.views import YEARS_AHEAD
from webapp.store import Store

AS_OF = date(2026, 11, 22)
LINK = re.compile(r'<a [^>]*href="(/[^"#]*)')
PLACED = re.compile(r'<a [^>]*href="/\w+(/rules/[^"#]+)#([^"]+)"')
LANGUAGES = ["en", "es"]
TEMPLATE = Path(__file__).parents[2] / "webapp" / "templates" / "results" / "show.html"


@pytest.fixture(autouse=True)
def a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: AS_OF)


def opened(
    client: AuditedClient, store: Store, document: doc.Document, lang: str = "en", query: str = ""
) -> TestResponse:
    """The results of these answers."""
    holding(client, store, lang, document)
    page = client.get(f"/{lang}/results{query}")
    assert page.status_code == 200
    return page


def another_browser(client: AuditedClient) -> AuditedClient:
    return AuditedClient(client.application, client.response_wrapper)


def shown(document: doc.Document, as_of: date = AS_OF) -> tuple[cards.Card, ...]:
    findings = flow.findings(document, as_of)
    return cards.cards(findings, document, as_of, str, lambda _, at: at.place.path, lambda path: f"/q/{path}")


def lists_of(page: TestResponse, css: str) -> list[list[str]]:
    """What stands in the items of every list of a class."""
    return [
        [text_of(item) for item in each]
        for each in read_page(body(page), page.request.path).root.iter()
        if each.get("class") == css
    ]


# ---- every demo person


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("person", people())
def test_every_link_of_every_demo_persons_results_leads_to_a_sound_page(
    client: AuditedClient, site_store: Store, person: str, lang: str
) -> None:
    page = opened(client, site_store, people()[person].document, lang)
    links = sorted(set(LINK.findall(page.text)) - {f"/{lang}/leave"})
    assert any("/q/" in link for link in links), "an answer can be changed from here"
    for link in links:
        answer = client.get(link.replace("&amp;", "&"))
        # A question linked here is asked there: it does not lead on to another page.
        assert answer.status_code == 200, link


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("person", people())
def test_every_reason_links_to_its_place_in_the_rule_book(
    client: AuditedClient, site_store: Store, person: str, lang: str
) -> None:
    wanted = set(PLACED.findall(opened(client, site_store, people()[person].document, lang).text))
    assert wanted
    for chapter in {chapter for chapter, _ in wanted}:
        places = set(re.findall(r'id="([^"]+)"', client.get(f"/{lang}{chapter}").text))
        assert {place for of, place in wanted if of == chapter} <= places, chapter


@pytest.mark.parametrize("person", people())
def test_cards_of_demo_people_say_what_the_rules_found(person: str) -> None:
    document = people()[person].document
    findings = flow.findings(document, AS_OF)
    found = [c.best for c in findings.counts]
    assert tuple(" ".join(filter(None, (b.outcome, b.relief, b.form))) for b in found) == people()[person].expects
    for card, counted in zip(shown(document), findings.counts, strict=True):
        assert_card(card, counted)


def test_cards_of_every_kind_of_case_say_what_the_rules_found() -> None:
    document = every_question()
    findings = flow.findings(document, AS_OF)
    found = list(zip(shown(document), findings.counts, strict=True))
    assert len({card.kind for card, _ in found}) >= 3
    for card, counted in found:
        assert_card(card, counted)


def assert_card(card: cards.Card, counted: CountFindings) -> None:
    best = counted.best
    assert card.kind == cards.KINDS[best.outcome]
    assert card.status == OUTCOME_WORDS[best.outcome]
    assert bool(card.relief) == best.outcome.startswith("eligible")
    assert card.lines, "no answer without a reason"
    assert all(line.words and line.cite for line in card.lines)
    assert card.anchor == best.remedy.name.replace("_", "-")
    if best.outcome in ("not_eligible", "needs_lawyer"):
        assert card.says, "a no says why"
    if best.outcome == "not_eligible":
        assert card.doors or card.others or card.depends or card.beside or card.closed, "a no says what else there is"
    if best.outcome == "not_yet":
        assert card.opens_on or card.says, "a wait says until when, or for what"
    if best.outcome == "need_info":
        assert card.missing or best.decision.row, "what would settle it is asked for, or said"
    # Every remedy that is about this entry is somewhere, and in one place.
    about = [f.remedy.short for f in counted.findings if not f.elsewhere]
    on_card = [card.remedy, *card.depends, *(door.name for door in (*card.others, *card.closed, *card.beside))]
    assert len(on_card) == len(set(on_card))
    quiet = {
        f.remedy.short
        for f in counted.beside
        if f.outcome in ("not_eligible", "need_info") or (card.dates and f.remedy.tier == "records")
    }
    assert sorted(on_card) == sorted(set(about) - quiet)
    for door in card.closed:
        assert door.kind == "closed"
        assert door.says, f"{door.name} is closed and does not say why"
        assert door.cite
        assert door.on is None
    for door in (*card.others, *card.beside):
        assert door.kind not in ("closed", "unknown")
        assert door.says
        assert door.kind == "wait" or door.on is None


def test_closed_doors_say_why_on_the_page(client: AuditedClient, site_store: Store) -> None:
    found = {
        person: [door for card in shown(each.document) for door in card.closed] for person, each in people().items()
    }
    assert sum(map(bool, found.values())) >= 5
    for person in ("small-theft", "many", max(found, key=lambda person: len(found[person]))):
        document = people()[person].document
        read = main_of(opened(another_browser(client), site_store, document))
        for door in found[person]:
            assert f"{door.name}. {door.status} {door.says}" in read


def test_everybody_is_told_about_immigration(client: AuditedClient, site_store: Store) -> None:
    (warning,) = re.findall(r'notice\("warn", _\("([^"]+)"\)\)', TEMPLATE.read_text(encoding="utf-8"))
    for lang in LANGUAGES:
        for person in people().values():
            page = opened(another_browser(client), site_store, person.document, lang)
            assert translate(lang, warning) in main_of(page)


def test_the_answer_about_citizenship_is_nowhere(client: AuditedClient, site_store: Store) -> None:
    kept = []
    for said in ("yes", "no", "unsure", "skip"):
        browser = another_browser(client)
        holding(browser, site_store, "en", {**people()["dismissed"].document, "seen": []})
        browser.submit("/en/citizenship", {"answer": said}, follow=False)
        with browser.session_transaction() as session:
            visit = site_store.visit(session["visit"])
        assert visit is not None
        kept.append(visit.document)
    assert all(k == kept[0] for k in kept)


def test_without_a_case_there_are_no_results_yet(client: AuditedClient, site_store: Store) -> None:
    holding(client, site_store, "en", doc.with_case(doc.empty()))
    for where in ("results", "answers", "results/when"):
        assert client.get(f"/en/{where}", follow_redirects=True).request.path == "/en/q/c1/disposition"


# ---- what is not known


def test_an_unknown_case_is_told_what_each_answer_would_mean(client: AuditedClient, site_store: Store) -> None:
    document = people()["unknown"].document
    page = opened(client, site_store, document)
    (card,) = shown(document)
    question = next(q for q in flow.load() if q.kind == "offense")
    assert card.if_question == question.question
    assert [answer for answer, *_ in card.if_answers] == [a.label for a in question.answers]
    read = main_of(page)
    assert all(answer in read for answer, *_ in card.if_answers)
    assert '"/en/record"' in page.text
    assert '"/en/papers"' not in page.text, "no papers on a guess"


def presumed() -> doc.Document:
    case = one_case(
        offense="HS 11359",
        already_relieved=False,
        level="felony",
        offense_date="2006-03-04",
        age_at_offense={"at_least": 21},
        sentence_status="completed",
        county="Kern",
    )
    return told(case)


def test_presumptions_are_shown_as_presumptions(client: AuditedClient, site_store: Store) -> None:
    document = presumed()
    (found,) = flow.findings(document, AS_OF).counts
    words = {p.fact: p.says for p in found.best.remedy.presumptions}
    assert "presumption_only" in found.best.flags
    assert found.best.decision.presumed
    read = main_of(opened(client, site_store, document))
    for fact in found.best.decision.presumed:
        assert words[fact] in read
    (card,) = shown(document)
    assert {line.truth for line in card.lines} >= {"yes", "presumed"}
    assert card.missing, "and the questions that would make it certain are linked"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_missing_answer_leads_to_its_question_and_back(client: AuditedClient, site_store: Store, lang: str) -> None:
    document = {**presumed(), "done": True, "seen": ["citizenship"]}
    opened(client, site_store, document, lang)
    (card,) = shown(document)
    _, address = card.missing[0]
    page = client.get(f"/{lang}{address}?edit=1")
    assert page.status_code == 200
    assert value_of(page, "edit") == "1"


# ---- the order of the steps


def sequences(findings: Findings) -> Iterator[tuple[Any, ...]]:
    yield from (c.sequence for c in findings.counts)


def test_the_steps_are_in_the_order_of_the_law() -> None:
    found = [
        sequence
        for document in (*(person.document for person in people().values()), every_question())
        for sequence in sequences(flow.findings(document, AS_OF))
    ]
    several = [s for s in found if len(s) > 1]
    assert len(several) > 3
    for steps in several:
        places = [TIERS.index(f.remedy.tier) for f in steps]
        assert all(one < two for one, two in pairwise(places)), "one of a kind, the first thing first"
        assert all(f.outcome in ELIGIBLE for f in steps)
        assert not any(f.relief in ("dismiss_and_seal", "seal_arrest", "withdraw_plea") for f in steps)


def test_a_small_theft_is_lowered_first_and_dismissed_then(client: AuditedClient, site_store: Store) -> None:
    document = people()["small-theft"].document
    (card,) = shown(document)
    (found,) = flow.findings(document, AS_OF).counts
    assert [f.remedy.name for f in found.sequence] == ["pc_1170_18", "pc_1203_4"]
    page = opened(client, site_store, document)
    steps = [
        [text_of(item) for item in each] for each in read_page(body(page), "/").all("ol") if each.get("class") is None
    ]
    (ordered,) = [items for items in steps if len(items) == 2]
    for item, step in zip(ordered, card.steps, strict=True):
        assert item.startswith(f"{step.name}:")
        assert step.relief in item
        assert step.cite in item


def test_one_step_is_no_order(client: AuditedClient, site_store: Store) -> None:
    page = opened(client, site_store, people()["probation"].document)
    (card,) = shown(people()["probation"].document)
    assert card.steps == ()
    assert not [each for each in read_page(body(page), "/").all("ol") if each.get("class") is None]


# ---- when doors open


def test_the_timeline_has_every_day_the_earliest_first(client: AuditedClient, site_store: Store) -> None:
    document = people()["many"].document
    findings = flow.findings(document, AS_OF)
    line = cards.timeline(findings, document, AS_OF, str)
    days = [(f.eligible_on, n) for n, c in enumerate(findings.counts, 1) for f in c.findings if f.outcome == "not_yet"]
    assert sorted((o.on, o.card) for o in line) == sorted((d, f"conviction-{n}") for d, n in days if d)
    assert [o.on for o in line] == sorted(o.on for o in line)
    assert all(o.on > AS_OF for o in line)
    page = opened(client, site_store, document)
    (items,) = lists_of(page, "timeline")
    assert len(items) == len(line) > 1
    for item, opening in zip(items, line, strict=True):
        assert item.startswith(format_date_long(opening.on, "en"))
        assert opening.name in item
        assert opening.heading in item
        assert f'id="{opening.card}"' in page.text


def test_a_wait_says_the_day_it_ends(client: AuditedClient, site_store: Store) -> None:
    document = people()["waiting"].document
    (card,) = shown(document)
    assert card.opens_on is not None
    for lang in LANGUAGES:
        read = main_of(opened(another_browser(client), site_store, document, lang))
        assert format_date_long(card.opens_on, lang) in read


def test_without_a_wait_there_is_no_timeline(client: AuditedClient, site_store: Store) -> None:
    assert lists_of(opened(client, site_store, people()["ticket"].document), "timeline") == []


# ---- what if


def ask(client: AuditedClient, lang: str, day: tuple[str, str, str]) -> TestResponse:
    month, number, year = day
    return client.submit(f"/{lang}/results", {"month": month, "day": number, "year": year}, action="results/when")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_another_day_shows_what_will_be_open_then(client: AuditedClient, site_store: Store, lang: str) -> None:
    document = people()["waiting"].document
    (card,) = shown(document)
    assert card.opens_on is not None
    opened(client, site_store, document, lang)
    for day, kind in ((card.opens_on - timedelta(days=1), "wait"), (card.opens_on, "open")):
        page = ask(client, lang, (str(day.month), str(day.day), str(day.year)))
        assert page.status_code == 200
        assert page.request.full_path == f"/{lang}/results?on={day.isoformat()}"
        assert f'class="verdict verdict-{kind}"' in page.text or kind == "open", page.text
        assert ('class="verdict verdict-wait"' in page.text) is (kind == "wait")
        read = main_of(page)
        assert format_date_long(day, lang) in read
        assert f'href="/{lang}/results"' in page.text, "the way back to today"
        assert "/papers" not in page.text, "no papers for a day that has not come"
        # The link to the other language keeps the day.
        other = next(code for code in LANGUAGES if code != lang)
        assert f'href="/{other}/results?on={day.isoformat()}"' in page.text
    assert f'class="verdict verdict-{shown(document, card.opens_on)[0].kind}"' in page.text


def test_today_can_be_asked_about_too(client: AuditedClient, site_store: Store) -> None:
    holding(client, site_store, "en", people()["dismissed"].document)
    page = ask(client, "en", ("11", "22", "2026"))
    assert page.status_code == 200
    assert "/en/papers" in page.text


NO_DAYS = [
    ("11", "21", "2026"),
    ("1", "1", "1998"),
    ("2", "29", "2027"),
    ("13", "1", "2027"),
    ("", "", ""),
    ("5", "", "2027"),
    ("", "", "2027"),
    ("may", "first", "next year"),
    ("1", "1", "9999"),
    ("1", "1", "99999"),
    ("1", "1", str(AS_OF.year + YEARS_AHEAD + 1)),
    ("🌿", "²", "<b>"),
    ("1" * 5000, "1", "2027"),
]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("day", NO_DAYS)
def test_a_day_that_cannot_be_asked_about_stays_in_its_boxes(
    client: AuditedClient, site_store: Store, lang: str, day: tuple[str, str, str]
) -> None:
    holding(client, site_store, lang, people()["waiting"].document)
    page = ask(client, lang, day)
    assert page.status_code == 422
    assert len(errors_of(page)) == 1
    assert [value_of(page, name) for name in ("month", "day", "year")] == list(day)
    assert 'class="verdict verdict-wait"' in page.text, "today's results are there still"
    other = next(code for code in LANGUAGES if code != lang)
    assert client.get(f"/{other}/results/when", follow_redirects=True).request.path == f"/{other}/results"


@pytest.mark.parametrize(
    "on", ["", "2026-11-21", "1998-01-01", "9999-12-31", "tomorrow", "2027-02-29", "2027-1-1", "<script>", "%00", "0"]
)
def test_an_address_with_a_day_that_cannot_be_is_today(client: AuditedClient, site_store: Store, on: str) -> None:
    page = opened(client, site_store, people()["dismissed"].document, query=f"?on={on}")
    assert format_date_long(AS_OF, "en") in main_of(page)
    assert "/en/papers" in page.text


def test_the_last_day_that_can_be_asked_about(client: AuditedClient, site_store: Store) -> None:
    last = AS_OF.replace(year=AS_OF.year + YEARS_AHEAD, day=1)
    page = opened(client, site_store, people()["many"].document, query=f"?on={last.isoformat()}")
    assert format_date_long(last, "en") in main_of(page)
    assert lists_of(page, "timeline") == []


# ---- help and papers


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("person", ["many", "several", "unknown"])
def test_free_help_is_linked_for_every_county_once(
    client: AuditedClient, site_store: Store, person: str, lang: str
) -> None:
    document = people()[person].document
    page = opened(client, site_store, document, lang)
    counties = list(dict.fromkeys(case["county"] for case in document["cases"]))
    links = [
        (link.get("href"), text_of(link))
        for link in read_page(body(page), "/").all("a")
        if "help?county=" in link.get("href", "")
    ]
    assert len(links) == len(counties)
    for (address, words), county in zip(links, counties, strict=True):
        assert county in words
        answer = client.get(str(address))
        assert answer.status_code == 200
        assert county in text_of(read_page(body(answer), "/").all("main")[0])


def test_a_case_without_a_county_has_no_help_of_its_own(client: AuditedClient, site_store: Store) -> None:
    page = opened(client, site_store, told(one_case(offense="PC 484")))
    assert "help?county=" not in page.text
    assert '"/en/help"' in page.text


@pytest.mark.parametrize("person", people())
def test_forms_that_we_cannot_fill_are_linked_where_the_courts_have_them(
    client: AuditedClient, site_store: Store, person: str
) -> None:
    from webapp.packet.papers import COMPOSERS

    document = people()[person].document
    best = [c.best for c in flow.findings(document, AS_OF).counts]
    wanted = {
        b.form for b in best if b.outcome in ELIGIBLE and b.form and b.form not in COMPOSERS and b.form[0].isupper()
    }
    page = opened(client, site_store, document)
    assert set(re.findall(r'href="https://selfhelp\.courts\.ca\.gov/jcc-form/([^"]+)"', page.text)) == wanted
    can_file = any(b.outcome in ELIGIBLE and b.form in COMPOSERS for b in best)
    assert ('href="/en/papers"' in page.text) is can_file


# ---- the tally


@pytest.mark.parametrize("person", people())
def test_more_than_one_card_is_counted(client: AuditedClient, site_store: Store, person: str) -> None:
    document = people()[person].document
    page = opened(client, site_store, document)
    kinds = [card.kind for card in shown(document)]
    numbers = [int(item.rsplit(" ", 1)[1]) for items in lists_of(page, "tally") for item in items]
    assert sum(numbers) == (len(kinds) if len(kinds) > 1 else 0)
    assert len(numbers) == (len(set(kinds)) if len(kinds) > 1 else 0)


def test_every_remedy_has_a_place_on_some_card() -> None:
    """No remedy is judged in vain: for some of these people each is shown."""
    ends = next(q for q in flow.load() if q.fact == "disposition")
    ended = told(*(one_case(offense="PC 484", disposition=answer.value) for answer in ends.answers))
    documents = [*(person.document for person in people().values()), every_question(), ended]
    seen = {
        f.remedy.name for d in documents for c in flow.findings(d, AS_OF).counts for f in c.findings if not f.elsewhere
    }
    assert seen >= {r.name for r in REMEDIES if r.until is None or r.until >= AS_OF}
