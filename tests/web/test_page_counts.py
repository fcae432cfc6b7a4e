"""How many pages people answer, counted on the real pages: how each case ended, what it was for, another case, every
question, citizenship. `tests/bench/pages.py` prints the numbers of all demo people.
"""

from __future__ import annotations

from datetime import date

import pytest

from tests.web.audited_client import AuditedClient
from tests.web.steps import answered, kept
from tests.web.teller import Teller
from webapp import clock
from webapp.demo import people
from webapp.interview import flow
from webapp.store import Store

AS_OF = date(2026, 11, 22)
SIMPLE = ("dismissed", "other-door", "cleared", "probation", "driving", "waiting", "prison", "arrest", "drug-program")
SIMPLE_MOST, MANY_MOST, MANY_UNSURE_MOST = 13, 40, 30


@pytest.fixture(autouse=True)
def a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: AS_OF)


def results(client: AuditedClient, store: Store) -> tuple[str, ...]:
    """What is found, count by count, once nothing is left to ask."""
    document = kept(client, store)
    assert flow.open_questions(flow.load(), document, AS_OF) == []
    best = [c.best for c in flow.findings(document, AS_OF).counts]
    return tuple(" ".join(filter(None, (b.outcome, b.relief, b.form))) for b in best)


@pytest.mark.parametrize("person", people())
def test_every_demo_person_gets_from_nothing_to_their_result(
    client: AuditedClient, site_store: Store, person: str
) -> None:
    pages = answered(client, Teller(people()[person].document))
    assert results(client, site_store) == people()[person].expects
    assert len(pages) <= (SIMPLE_MOST if person in SIMPLE else MANY_MOST), pages
    assert len(set(pages) - {"another"}) == len([page for page in pages if page != "another"]), "asked twice"


@pytest.mark.parametrize("lang", ["en", "es"])
def test_eight_counts_in_three_cases(client: AuditedClient, site_store: Store, lang: str) -> None:
    many = people()["many"]
    assert [len(case["counts"]) for case in many.document["cases"]] == [3, 3, 2]
    assert len({case["county"] for case in many.document["cases"]}) == 2
    pages = answered(client, Teller(many.document, lang))
    assert results(client, site_store) == many.expects
    assert pages.count("another") == 3
    assert sum(page.endswith(("/disposition", "/offenses")) for page in pages) == 6
    assert pages[-1] == "citizenship"
    assert len(pages) <= MANY_MOST, pages


def test_eight_counts_and_sure_of_nothing(client: AuditedClient, site_store: Store) -> None:
    pages = answered(client, Teller(people()["many"].document, lost=True))
    assert set(results(client, site_store)) == {"need_info"}
    assert len(pages) <= MANY_UNSURE_MOST, pages


def test_eight_counts_and_sure_only_of_what_they_were_for(client: AuditedClient, site_store: Store) -> None:
    pages = answered(client, Teller(people()["many"].document, unsure=True))
    assert len(results(client, site_store)) == 8
    # One more than whoever knows nothing at all: each section asks its own.
    assert len(pages) <= MANY_UNSURE_MOST + 1, pages


@pytest.mark.parametrize("person", people())
@pytest.mark.parametrize("lost", [False, True])
def test_being_sure_of_nothing_never_takes_longer_than_the_longest_way(
    client: AuditedClient, site_store: Store, person: str, lost: bool
) -> None:
    client.auditing = False  # the same pages as above
    pages = answered(client, Teller(people()[person].document, unsure=True, lost=lost))
    results(client, site_store)
    assert len(pages) <= MANY_MOST, pages
