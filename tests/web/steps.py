"""What tests of the site do again and again: open a visit, read a page, let a person answer page after page."""

from __future__ import annotations

from collections.abc import Iterator

from werkzeug.test import TestResponse

from tests.web.audited_client import AuditedClient, read_page, text_of
from tests.web.teller import ENDS, Teller
from webapp.interview import document as doc
from webapp.store import Store


def body(page: TestResponse) -> str:
    return page.get_data(as_text=True)


def words_of(page: TestResponse) -> str:
    """What can be read on the page."""
    return text_of(read_page(body(page), page.request.path).root)


def main_of(page: TestResponse) -> str:
    """What can be read in its main part."""
    return " ".join(text_of(main) for main in read_page(body(page), page.request.path).all("main"))


def name_of(page: TestResponse) -> str:
    """Its address without the language: "q/c1/disposition"."""
    return page.request.path.split("/", 2)[2]


def value_of(page: TestResponse, name: str) -> str:
    """What stands in a box, a chosen radio or an area of this page."""
    return next(iter(values_of(page, name)), "")


def values_of(page: TestResponse, name: str) -> list[str]:
    """What stands in all controls of this name: the chosen of those that offer a choice."""
    found = []
    for each in read_page(body(page), page.request.path).all("input", "option"):
        if each.tag == "option" and each.get("selected") is not None and name == "county":
            found.append(each.get("value", ""))
        choice = each.get("type") in {"radio", "checkbox"}
        if each.tag == "input" and each.get("name") == name and (not choice or each.get("checked") is not None):
            found.append(each.get("value", ""))
    return found


def errors_of(page: TestResponse) -> list[str]:
    """The sentences beside the fields that say what is wrong."""
    return [text_of(each) for each in read_page(body(page), page.request.path).all("p") if each.get("class") == "error"]


def begin(client: AuditedClient, lang: str = "en") -> TestResponse:
    """The first page of the first case."""
    page = client.submit(f"/{lang}/", {})
    assert page.status_code == 200
    assert page.request.path == f"/{lang}/q/c1/disposition"
    return page


def holding(client: AuditedClient, store: Store, lang: str, document: doc.Document) -> None:
    """This browser has these answers open."""
    visit = store.new_visit(lang)
    store.save(visit.id, document)
    with client.session_transaction() as session:
        session["visit"] = visit.id


def kept(client: AuditedClient, store: Store) -> doc.Document:
    """The answers that the site keeps of this browser's visit."""
    with client.session_transaction() as session:
        visit = store.visit(session["visit"])
    assert visit is not None
    return doc.whole(visit.document)


def pages_of(client: AuditedClient, person: Teller, page: TestResponse) -> Iterator[TestResponse]:
    """Every page that this person answers, from `page` on, and at the end the one where the interview ends."""
    while name_of(page) not in ENDS:
        yield page
        sent = person.says(name_of(page))
        page = client.submit(page, sent)
        assert page.status_code == 200, f"{person.lang}/{name_of(page)} refuses {sent}: {errors_of(page)}"
    yield page


def answered(client: AuditedClient, person: Teller) -> list[str]:
    """The addresses of all pages that this person answers, from the first page of the site to the summary."""
    pages = [name_of(page) for page in pages_of(client, person, begin(client, person.lang))]
    assert pages.pop() in ENDS
    return pages
