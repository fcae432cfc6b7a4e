"""The public rule book: an index, a page for each remedy, and the list of offenses, in both languages; and its
addresses, which other people link to and which stay the same for good."""

from __future__ import annotations

import re
from datetime import date

import pytest

from rules import book, catalogue
from rules.remedies import REMEDIES
from tests.web.audited_client import AuditedClient, read_page, text_of, untranslated
from tests.web.steps import body, main_of
from webapp import clock
from webapp.language import PSEUDO, public_locales, translate

AS_OF = date(2026, 11, 22)
LANGUAGES = [locale.code for locale in public_locales()]
PLACES = {"en": ["rules"], "es": ["rules", "reglas"]}
CHAPTERS = {chapter.anchor: chapter for chapter in book.chapters()}
# The addresses that were published. A chapter may be added; none of these may ever be missing.
PUBLISHED = [
    "hs-11361-5",
    "hs-11361-8",
    "pc-1016-5",
    "pc-1170-18",
    "pc-1203-3",
    "pc-1203-4",
    "pc-1203-41",
    "pc-1203-42",
    "pc-1203-425",
    "pc-1203-43",
    "pc-1203-45",
    "pc-1203-49",
    "pc-1203-4a",
    "pc-1203-4b",
    "pc-1473-7",
    "pc-17b",
    "pc-17d2",
    "pc-236-14",
    "pc-236-15",
    "pc-4852-01",
    "pc-849-5",
    "pc-851-8",
    "pc-851-87",
    "pc-851-91",
    "pc-851-93",
    "wic-781",
    "wic-786",
]


@pytest.fixture(autouse=True)
def a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: AS_OF)


def test_every_remedy_has_a_chapter_and_every_address_stays() -> None:
    assert len(CHAPTERS) == len(REMEDIES) == 27
    assert set(CHAPTERS) == {remedy.name.replace("_", "-") for remedy in REMEDIES}
    assert set(CHAPTERS) >= set(PUBLISHED)


@pytest.mark.parametrize(("lang", "place"), [(lang, place) for lang in LANGUAGES for place in PLACES[lang]])
def test_the_index_lists_every_chapter(client: AuditedClient, lang: str, place: str) -> None:
    page = client.get(f"/{lang}/{place}")
    assert page.status_code == 200
    read = main_of(page)
    for chapter in CHAPTERS.values():
        assert translate(lang, chapter.title) in read
        assert translate(lang, chapter.summary) in read
        assert chapter.statute.short in read
    links = [a.get("href", "") for a in read_page(body(page), "/").all("a")]
    listed = [link.removeprefix(f"/{lang}/rules/") for link in links if link.startswith(f"/{lang}/rules/")]
    assert [each for each in listed if each != "offenses"] == list(CHAPTERS)
    assert all(f'id="{anchor}"' in body(page) for anchor in CHAPTERS), "old links into the one long page still fit"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_prints_the_whole_declaration(client: AuditedClient, lang: str, name: str) -> None:
    chapter = CHAPTERS[name]
    page = client.get(f"/{lang}/rules/{name}")
    assert page.status_code == 200
    read = " ".join(main_of(page).split())
    ids = {each.get("id") for each in read_page(body(page), "/").root.iter() if each.get("id")}
    assert chapter.anchor in ids
    for place in (*chapter.table, *chapter.fallbacks, *chapter.requirements, *chapter.derived, *chapter.numbers):
        assert place.anchor in ids, f"{place.anchor} is no place of the page"
    for row in (*chapter.table, *chapter.fallbacks):
        assert " ".join(translate(lang, row.says).split()) in read
        assert row.cite.short in read
    for q in chapter.requirements:
        for words in (q.met, q.unmet, q.unknown):
            assert translate(lang, words) in read
        assert q.cite.short in read
    for words in (*chapter.doubts, *(p.says for p in chapter.presumptions), *(f.says for f in chapter.flags)):
        assert translate(lang, words) in read


@pytest.mark.parametrize("lang", LANGUAGES)
def test_doubt_stays_visible(client: AuditedClient, lang: str) -> None:
    """What is only from memory says so, beside every citation, with the number of both."""
    memory = translate(lang, "from memory, not confirmed")
    for name, chapter in CHAPTERS.items():
        read = main_of(client.get(f"/{lang}/rules/{name}"))
        marks = [q.cite.confirmed for q in (*chapter.requirements, *chapter.table, *chapter.fallbacks)]
        marks += [n.confirmed for n in chapter.numbers]
        assert read.count(memory) >= marks.count("M"), name
        assert (memory in read) or not marks.count("M"), name


@pytest.mark.parametrize("name", ["", "/offenses", *(f"/{name}" for name in CHAPTERS)])
def test_no_word_of_the_book_escapes_translation(client: AuditedClient, name: str) -> None:
    assert untranslated(body(client.get(f"/{PSEUDO}/rules{name}"))) == []


def test_spanish_readers_have_spanish_addresses(client: AuditedClient) -> None:
    spanish = AuditedClient(client.application, client.response_wrapper)
    for name in CHAPTERS:
        page = spanish.get(f"/es/reglas/{name}")
        assert page.status_code == 200
        assert f'href="/en/rules/{name}"' in body(page) or f'href="/en/reglas/{name}"' in body(page)
        assert re.search(r'<html lang="es"', body(page))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["no-such-chapter", "HS-11361-8", "hs_11361_8", "1", "%00", "<script>", "x" * 500])
def test_an_unknown_chapter_is_not_found(client: AuditedClient, lang: str, name: str) -> None:
    for place in PLACES[lang]:
        page = client.get(f"/{lang}/{place}/{name}")
        assert page.status_code == 404
        assert "<script>" not in body(page)


def test_the_old_anchors_of_the_one_long_page_still_lead_to_their_remedy(client: AuditedClient) -> None:
    index = body(client.get("/en/rules"))
    assert 'id="hs-11361-8"' in index


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_offense_is_listed_with_how_sure_we_are(client: AuditedClient, lang: str) -> None:
    page = client.get(f"/{lang}/rules/offenses")
    assert page.status_code == 200
    rows = [
        [text_of(cell) for cell in row if cell.tag in ("th", "td")] for row in read_page(body(page), "/").all("tr")
    ][1:]
    entries = catalogue.on(AS_OF).entries
    assert [(row[0], row[1]) for row in rows] == [(e.id, translate(lang, e.title)) for e in entries]
    assert all(row[-1].startswith(f"{e.confidence}, {e.confirmed}") for row, e in zip(rows, entries, strict=True))


def test_the_book_may_be_kept_by_who_has_no_answers_here(client: AuditedClient) -> None:
    """A page for everybody: kept by the browser and compressed, unlike those of a person."""
    for path in ("/en/rules", "/en/rules/pc-1203-4", "/es/reglas/pc-1203-4"):
        answer = AuditedClient(client.application, client.response_wrapper).get(path)
        assert "no-store" not in answer.headers["Cache-Control"]
        packed = AuditedClient(client.application, client.response_wrapper)
        packed.auditing = False
        assert packed.get(path, headers={"Accept-Encoding": "gzip"}).headers.get("Content-Encoding") == "gzip"
