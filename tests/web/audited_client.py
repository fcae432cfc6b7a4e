"""A Flask test client that reads every HTML page it is given the way a careful person would.

A test that walks the site checks what it came for; this client checks everything else on every page it passes: valid
HTML, one heading, labels, nothing inline, nothing from elsewhere, tokens in forms, no half-translated or half-filled
text. A page that is wrong fails the test that met it, with the page and every problem named, whichever test that was.

    client = audited(app)
    page = client.get("/es/record")
    page = client.submit("/en/", {})                                     # the start form
    page = client.submit(page, {"county": "kern"})                       # answers the question just shown

`submit` behaves like a browser: it sends what the form already holds, the token with it, and refuses a field or choice
the form does not offer. `tampered=True` sends them all the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from flask.testing import FlaskClient
from html5lib.constants import E as HTML_ERRORS
from werkzeug.test import TestResponse

from webapp.language import LOCALES, SOURCE, public_locales
from webapp.pages.official import is_official

# First parts of addresses (after the language) that hold nothing of a person's.
PUBLIC_PAGES = frozenset(
    {"", "privacy", "record", "help", "rules", "reglas", "forms", "formularios", "counties", "condados"}
)
OWN_HOSTS = frozenset({"", "localhost", "127.0.0.1"})

_SILENT = frozenset({"script", "style", "template"})
_LEFT_OVER = re.compile(r"\bUndefined\b|\bNone\b(?! of\b)|%\(|%s\b|\{\{|\{%|<built-in|object at 0x")
_REFERENCES = ("for", "aria-describedby", "aria-labelledby", "aria-controls", "aria-owns", "headers")
_LOADING = {
    "script": "src", "img": "src", "iframe": "src", "source": "src", "audio": "src", "video": "src", "embed": "src",
    "object": "data", "link": "href", "input": "src",
}  # fmt: skip


@dataclass(slots=True)
class Page:
    """One parsed HTML document and where it came from."""

    path: str
    root: Element
    syntax: list[str]
    parents: dict[Element, Element] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.parents = {child: parent for parent in self.root.iter() for child in parent}

    def all(self, *tags: str) -> list[Element]:
        return [element for element in self.root.iter() if element.tag in tags]

    def above(self, element: Element, tag: str) -> Element | None:
        """The nearest ancestor of that kind."""
        seen = self.parents.get(element)
        while seen is not None and seen.tag != tag:
            seen = self.parents.get(seen)
        return seen

    @property
    def lang(self) -> str | None:
        """The language the address names, if it names one."""
        first = self.path.split("/")[1] if self.path.count("/") else ""
        return first if first in LOCALES else None


def read_page(html: str, path: str) -> Page:
    """Parses as browsers do; what a validator would complain of is kept in `syntax`."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    root = parser.parse(html)
    syntax = [f"line {line}: {HTML_ERRORS.get(code, code) % data}" for (line, _), code, data in parser.errors]
    return Page(path, root, syntax)


def text_of(element: Element) -> str:
    """What can be read of an element, spaces folded."""
    return " ".join("".join(_texts(element)).split())


def _texts(element: Element) -> Iterator[str]:
    if not isinstance(element.tag, str) or element.tag in _SILENT:
        return
    yield element.text or ""
    for child in element:
        yield from _texts(child)
        yield child.tail or ""


# ------------------------------------------------------------------------------------------------------------ the rules


def _document(page: Page) -> Iterator[str]:
    yield from (f"not valid HTML, {said}" for said in page.syntax)
    html = page.root if page.root.tag == "html" else page.root.find("html")
    lang = html.get("lang") if html is not None else None
    if page.lang and lang != page.lang:
        yield f"the page is in {page.lang!r} by its address, but says lang={lang!r}"
    elif lang not in LOCALES:
        yield f"lang={lang!r} is not a language of locales.toml"
    elif html is not None and html.get("dir") != LOCALES[lang].direction:
        yield f"dir={html.get('dir')!r}, but {lang} is written {LOCALES[lang].direction}"
    title = " ".join(text_of(element) for element in page.all("title"))
    if not title.replace("Limpio", "").strip(" –-|"):
        yield f"the title says nothing: {title!r}"
    if len(page.all("main")) != 1:
        yield f"there are {len(page.all('main'))} main elements, not one"
    for meta in page.all("meta"):
        if meta.get("name") == "viewport" and re.search(r"user-scalable|maximum-scale", meta.get("content", "")):
            yield "the viewport forbids zooming"


def _headings(page: Page) -> Iterator[str]:
    headings = page.all("h1", "h2", "h3", "h4", "h5", "h6")
    count = sum(heading.tag == "h1" for heading in headings)
    if count != 1:
        yield f"there are {count} h1 headings, not one"
    before = 1
    for heading in headings:
        level = int(str(heading.tag)[1])
        if level > before + 1:
            yield f"the headings skip from h{before} to h{level}: {text_of(heading)!r}"
        if not text_of(heading):
            yield f"an h{level} is empty"
        before = level


def _ids(page: Page) -> Iterator[str]:
    ids = Counter(element.get("id") for element in page.root.iter() if element.get("id") is not None)
    yield from (f"id {name!r} is used {times} times" for name, times in ids.items() if times > 1)
    for element in page.root.iter():
        for name in _REFERENCES:
            for target in (element.get(name) or "").split():
                if target not in ids:
                    yield f"{name}={target!r} points to nothing"
        href = element.get("href", "")
        if href.startswith("#") and href[1:] not in ids:
            yield f"the link {href!r} points to nothing"


def _controls(page: Page) -> list[Element]:
    silent = {"hidden", "submit", "button", "reset", "image"}
    return [each for each in page.all("input", "select", "textarea") if each.get("type", "text") not in silent]


def _labels(page: Page) -> Iterator[str]:
    labelled = {label.get("for") for label in page.all("label") if text_of(label)}
    controls = _controls(page)
    groups = Counter(each.get("name") for each in controls if each.get("type") in {"radio", "checkbox"})
    for each in controls:
        name = each.get("name") or each.get("id") or each.tag
        wrapped = page.above(each, "label")
        named = each.get("aria-label") or each.get("aria-labelledby")
        if not (each.get("id") in labelled and each.get("id")) and wrapped is None and not named:
            yield f"the field {name!r} has no label"
        if groups.get(each.get("name"), 0) > 1:
            around = page.above(each, "fieldset")
            legend = around.find("legend") if around is not None else None
            if legend is None or not text_of(legend):
                yield f"the choices {name!r} are not in a fieldset with a legend"


def _names(page: Page) -> Iterator[str]:
    yield from ("an image has no alt" for image in page.all("img") if image.get("alt") is None)
    for each in page.all("a", "button", "summary", "option", "legend", "label", "th"):
        if each.tag == "option" and each.get("value") == "":
            continue
        inside = "".join(image.get("alt") or "" for image in each.iter("img"))
        if not (text_of(each) or inside or each.get("aria-label")):
            yield f"a {each.tag} has no text ({each.get('href') or each.get('name') or each.get('for') or ''})"
    for each in page.root.iter():
        if each.get("tabindex", "0").lstrip("-").isdigit() and int(each.get("tabindex", "0")) > 0:
            yield f"tabindex={each.get('tabindex')} breaks the order of the keyboard"


def _inline(page: Page) -> Iterator[str]:
    yield from ("a style element is inline" for _ in page.all("style"))
    yield from ("a script is inline" for script in page.all("script") if not script.get("src"))
    for element in page.root.iter():
        for name, value in element.attrib.items():
            attribute = str(name).lower()
            if attribute == "style":
                yield f"a {element.tag} has a style attribute"
            elif attribute.startswith("on"):
                yield f"a {element.tag} has {attribute}="
            elif attribute in {"href", "src", "action"} and value.strip().lower().startswith(("javascript:", "data:")):
                yield f"a {element.tag} has {attribute}={value[:30]!r}"


def _is_own(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme in {"", "http", "https"} and (parts.hostname or "") in OWN_HOSTS


def _outside(page: Page) -> Iterator[str]:
    for element in page.root.iter():
        attribute = _LOADING.get(str(element.tag))
        address = element.get(attribute, "") if attribute else ""
        if address and not _is_own(address):
            yield f"a {element.tag} is loaded from outside: {address!r}"
        if element.get("srcset") or element.get("ping") is not None:
            yield f"a {element.tag} has srcset or ping"
    for anchor in page.all("a", "area"):
        address = anchor.get("href", "")
        if urlsplit(address).scheme in {"mailto", "tel"} or _is_own(address):
            continue
        if not is_official(address):
            yield f"a link leaves to {address!r}, which is not an official site"
        elif "noreferrer" not in (anchor.get("rel") or "").split():
            yield f"the link to {address!r} lacks rel=noreferrer"


def _forms(page: Page) -> Iterator[str]:
    for form in page.all("form"):
        action = form.get("action", "")
        if form.get("method", "get").lower() != "post":
            yield f"the form {action!r} does not POST: what is typed would stand in the address"
        elif not any(each.get("name") == "csrf_token" and each.get("value") for each in form.iter("input")):
            yield f"the form {action!r} has no csrf_token"
        if not _is_own(action):
            yield f"the form posts outside: {action!r}"


def _text(page: Page) -> Iterator[str]:
    seen = [text_of(page.root)]
    shown = ("value", "title", "alt", "placeholder", "aria-label", "href", "action", "content")
    seen += [each.get(name) or "" for each in page.root.iter() for name in shown if each.get("name") != "csrf_token"]
    for text in seen:
        for found in _LEFT_OVER.finditer(text):
            around = text[max(0, found.start() - 30) : found.end() + 30]
            yield f"a left-over {found.group()!r} in {around!r}"


def _languages(page: Page) -> Iterator[str]:
    html = page.root if page.root.tag == "html" else page.root.find("html")
    current = html.get("lang") if html is not None else None
    for locale in public_locales():
        if locale.code != current and not any(
            link.get("hreflang") == locale.code == link.get("lang")
            and urlsplit(link.get("href", "")).path.startswith(f"/{locale.code}/")
            for link in page.all("a")
        ):
            yield f"there is no link to this page in {locale.code}"


_STRICT = {
    "default-src": {"'none'", "'self'"},
    "base-uri": {"'none'", "'self'"},
    "form-action": {"'self'"},
    "frame-ancestors": {"'none'"},
}


def _headers(page: Page, status: int, headers: Mapping[str, str]) -> Iterator[str]:
    policy = headers.get("Content-Security-Policy", "")
    parts = {words[0]: set(words[1:]) for part in policy.split(";") if (words := part.split())}
    for name, allowed in _STRICT.items():
        if not parts.get(name) or not parts[name] <= allowed:
            yield f"the Content-Security-Policy has no strict {name}: {policy!r}"
    for name, values in parts.items():
        # Anything but 'none', 'self' and a nonce lets in code or contents we did not write.
        loose = {value for value in values if value not in {"'none'", "'self'"} and not value.startswith("'nonce-")}
        if name == "img-src":
            loose.discard("data:")  # a picture inside the page itself
        if name.endswith("-src") and loose:
            yield f"the Content-Security-Policy allows {' '.join(sorted(loose))} in {name}"
    rest = page.path.split("/")[2] if page.lang and page.path.count("/") > 1 else ""
    if status < 400 and rest not in PUBLIC_PAGES and "no-store" not in headers.get("Cache-Control", ""):
        yield f"a personal page may be cached: Cache-Control {headers.get('Cache-Control')!r}"


def audit(html: str, *, path: str, status: int, headers: Mapping[str, str]) -> list[str]:
    """Everything wrong with one page, a sentence each; empty when nothing is."""
    page = read_page(html, path)
    rules = (_document, _headings, _ids, _labels, _names, _inline, _outside, _forms, _text, _languages)
    return [said for rule in rules for said in rule(page)] + list(_headers(page, status, headers))


def untranslated(html: str, allowed: Iterable[str] = ()) -> list[str]:
    """On a page of the pseudo-locale: the pieces of text that never went through a catalog. Language names, the brand,
    bare numbers, anything marked translate="no" and the `allowed` texts (what a test typed itself) are not counted."""
    page = read_page(html, "/")
    pieces: list[str] = []
    depth = 0
    for text in _translatable(page.root):
        loose = ""
        for letter in text:
            depth += letter == "⟦"
            loose += letter if depth == 0 else ""
            depth -= letter == "⟧"
        for word in ("Limpio", *allowed):
            loose = loose.replace(word, "")
        if re.search(r"[^\W\d_]", loose):
            pieces.append(" ".join(loose.split()))
    return pieces


def _translatable(element: Element) -> Iterator[str]:
    if not isinstance(element.tag, str) or element.tag in _SILENT or element.get("translate") == "no":
        return
    if element.tag == "a" and element.get("hreflang") and element.get("lang"):
        return
    for name in ("alt", "title", "aria-label", "placeholder"):
        if element.get(name):
            yield str(element.get(name))
    yield element.text or ""
    for child in element:
        yield from _translatable(child)
        yield child.tail or ""


# ----------------------------------------------------------------------------------------------------------- the client


def _field_values(form: Element) -> dict[str, list[str]]:
    """What a browser would send for a form nobody touched; an unchecked group is there with an empty list."""
    sent: dict[str, list[str]] = {}
    for each in form.iter():
        name = each.get("name")
        if not name or each.get("disabled") is not None:
            continue
        kind = each.get("type", "text").lower()
        if each.tag == "input" and kind not in {"submit", "button", "reset", "image", "file"}:
            values = sent.setdefault(name, [])
            if kind not in {"radio", "checkbox"} or each.get("checked") is not None:
                values.append(each.get("value", "on" if kind == "checkbox" else ""))
        elif each.tag == "textarea":
            # The parser has already dropped the line break after the tag.
            sent.setdefault(name, []).append("".join(each.itertext()))
        elif each.tag == "select":
            options = list(each.iter("option"))
            chosen = [option for option in options if option.get("selected") is not None]
            if not chosen and each.get("multiple") is None:
                chosen = options[:1]
            sent.setdefault(name, []).extend(option.get("value", text_of(option)) for option in chosen)
    return sent


def _offered(form: Element) -> dict[str, set[str]]:
    """The values a person can choose, for the fields that offer a choice."""
    choices: dict[str, set[str]] = {}
    for each in form.iter():
        name = each.get("name")
        if name and each.tag == "input" and each.get("type") in {"radio", "checkbox"}:
            choices.setdefault(name, set()).add(each.get("value", "on"))
        elif name and each.tag == "select":
            choices[name] = {option.get("value", text_of(option)) for option in each.iter("option")}
        elif name and each.tag == "button":
            choices.setdefault(name, set()).add(each.get("value", ""))
    return choices


class AuditedClient(FlaskClient):
    """Audits every HTML response. Set `auditing` to False around a page that is wrong on purpose."""

    auditing = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Titles met so far, and the view each belongs to: two views must not share one.
        self.titles: dict[str, str] = {}

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        response = super().open(*args, **kwargs)
        if self.auditing and response.mimetype == "text/html" and not 300 <= response.status_code < 400:
            self._audit(response)
        return response

    def _audit(self, response: TestResponse) -> None:
        html, path = response.get_data(as_text=True), response.request.path
        found = audit(html, path=path, status=response.status_code, headers=response.headers)
        found += self._same_title(html, response)
        if found:
            lines = "\n".join(f"  - {said}" for said in dict.fromkeys(found))
            raise AssertionError(f"{response.request.method} {path} ({response.status_code}):\n{lines}")

    def _same_title(self, html: str, response: TestResponse) -> Iterator[str]:
        if response.status_code != 200:
            return
        adapter = self.application.url_map.bind("localhost")
        endpoint = str(adapter.match(response.request.path, method=response.request.method)[0])
        title = " ".join(text_of(each) for each in read_page(html, response.request.path).all("title"))
        owner = self.titles.setdefault(title, endpoint)
        if owner != endpoint:
            yield f"{endpoint} has the title of {owner}: {title!r}"

    def submit(
        self,
        source: TestResponse | str,
        data: Mapping[str, str | list[str]] | None = None,
        *,
        action: str | None = None,
        follow: bool = True,
        tampered: bool = False,
        drop_token: bool = False,
    ) -> TestResponse:
        """Sends a form of a page, as a browser would, and follows the redirect. `source` is a page already fetched or
        an address. The form is the only one in the page's main part, or the one whose action contains `action`."""
        response = self.get(source, follow_redirects=True) if isinstance(source, str) else source
        page = read_page(response.get_data(as_text=True), response.request.path)
        form = self._form(page, action)
        sent = _field_values(form)
        offered = _offered(form)
        for name, value in (data or {}).items():
            values = [value] if isinstance(value, str) else list(value)
            if not tampered:
                known = set(sent) | set(offered)
                assert name in known, f"{page.path}: the form has no field {name!r}; it has {sorted(known)}"
                wrong = set(values) - offered[name] if name in offered else set()
                assert not wrong, f"{page.path}: {name!r} does not offer {sorted(wrong)}, only {sorted(offered[name])}"
            sent[name] = values
        if drop_token:
            sent.pop("csrf_token", None)
        target = urljoin(response.request.path, form.get("action") or response.request.full_path.rstrip("?"))
        origin = response.request.host_url.rstrip("/")
        return self.post(
            target,
            data=sent,
            headers={"Sec-Fetch-Site": "same-origin", "Origin": origin, "Referer": origin + "/"},
            follow_redirects=follow,
        )

    @staticmethod
    def _form(page: Page, action: str | None) -> Element:
        forms = [form for form in page.all("form") if form.get("method", "get").lower() == "post"]
        if action is not None:
            forms = [form for form in forms if action in form.get("action", "")]
        else:
            forms = [form for form in forms if page.above(form, "main") is not None] or forms
        assert len(forms) == 1, f"{page.path}: {len(forms)} forms fit {action!r}; name one by its action"
        return forms[0]


def audited(app: Flask) -> AuditedClient:
    """A client of `app` that audits. It remembers cookies, as one browser does."""
    return AuditedClient(app, app.response_class, use_cookies=True)


__all__ = ["SOURCE", "AuditedClient", "audit", "audited", "read_page", "text_of", "untranslated"]
