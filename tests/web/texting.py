"""People who get texts, for tests: a visit with answers and petitions, a number, a yes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from webapp.interview import document as doc
from webapp.language import translate
from webapp.reminders import consent
from webapp.reminders.petitions import with_made
from webapp.reminders.plan import TOPICS
from webapp.reminders.worker import confirmation
from webapp.store import Store

NUMBER = "+19164452841"
OTHER_NUMBER = "+14155552671"
SITE = "https://limpio.example.org"
# A Tuesday at ten in the morning in California, in winter time.
MORNING = datetime(2026, 12, 1, 18, 0, tzinfo=UTC)

CASE: Mapping[str, Any] = {
    "id": "c1",
    "county": "Kern",
    "case_number": "BF123456A",
    "counts": [{"id": "k1", "offense": "HS 11357", "level": "misdemeanor"}],
}


def seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def answers(*forms: str, made: date = date(2026, 12, 1), now: datetime = MORNING, **case: Any) -> doc.Document:
    """Answers with one case and papers made for these forms."""
    document = doc.whole({"cases": [{**CASE, **case}], "done": True, "seen": ["citizenship"]})
    return with_made(document, [("c1", form) for form in forms], made, now)


def asks(
    store: Store, visit_id: str, *, number: str = NUMBER, lang: str = "en", topics: Iterable[str] = TOPICS,
    pin: str | None = None, now: datetime = MORNING,
) -> bytes:  # fmt: skip
    """Signs a visit up, as the page does. Returns the key of its texting."""
    wording = (consent.version(lang), consent.wording(lang))
    made = store.texts.ask(
        visit_id, number, lang=lang, topics=topics, pin=pin, wording=wording, page="/texts",
        confirm=confirmation(now), now=seconds(now),
    )  # fmt: skip
    return made.key


def signed_up(
    store: Store, document: doc.Document, *, number: str = NUMBER, lang: str = "en", topics: Iterable[str] = TOPICS,
    now: datetime = MORNING,
) -> tuple[str, bytes]:  # fmt: skip
    """A person with these answers who said yes: (id of their visit, key of their texting)."""
    visit = store.new_visit(lang)
    store.save(visit.id, document)
    key = asks(store, visit.id, number=number, lang=lang, topics=topics, now=now)
    store.texts.confirm(number, consent.version(lang), seconds(now))
    return visit.id, key


def says(lang: str, message: str, **params: object) -> str:
    return translate(lang, message, **params)
