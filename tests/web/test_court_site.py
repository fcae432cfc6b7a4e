"""Fetching forms from the court's site: only there, only when asked, and never a traceback. The site is a small server
on this machine."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from webapp import court_site
from webapp.court_site import Unreachable, fetch, fetch_form

PDF = b"%PDF-1.7\nnot much of one"


class Court(BaseHTTPRequestHandler):
    """/form.pdf is a form; the other addresses are what can go wrong."""

    asked: list[tuple[str, str]]

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers.get("User-Agent", "")))  # type: ignore[attr-defined]
        if self.path == "/moved.pdf":
            self._answer(302, b"", Location="/form.pdf")
        elif self.path == "/away.pdf":
            self._answer(302, b"", Location="http://localhost:1/form.pdf")
        elif self.path == "/round.pdf":
            self._answer(302, b"", Location="/round.pdf")
        elif self.path == "/page.pdf":
            self._answer(200, b"<!doctype html><title>Sorry</title>")
        elif self.path == "/cut.pdf":
            self._answer(200, PDF, **{"Content-Length": "5000"})
        elif self.path == "/long.pdf":
            self._answer(200, b"%PDF-" + b"x" * 2000)
        elif self.path == "/silent.pdf":
            self.wfile.write(b"no such protocol\r\n\r\n")
        elif self.path == "/form.pdf":
            self._answer(200, PDF)
        else:
            self._answer(404, b"")

    def _answer(self, code: int, data: bytes, **headers: str) -> None:
        self.send_response(code)
        for name, value in {"Content-Length": str(len(data)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[ThreadingHTTPServer]:
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Court)
    server.asked = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def at(site: ThreadingHTTPServer, path: str) -> str:
    return f"http://127.0.0.1:{site.server_port}{path}"


def here(address: str) -> bool:
    return address.startswith("http://127.0.0.1:")


def test_a_form_is_fetched_with_nothing_of_anybody(site: ThreadingHTTPServer) -> None:
    for path in ("/form.pdf", "/moved.pdf"):
        assert fetch(at(site, path), here) == PDF
    assert {agent for _path, agent in site.asked} == {court_site.AGENT}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("path", "cause"),
    [
        ("/nothing.pdf", "answer 404"),
        ("/away.pdf", "it leads away from the courts' site"),
        ("/round.pdf", "answer 302"),
        ("/cut.pdf", "only a part of the file came"),
        ("/silent.pdf", "no such protocol"),
        ("/long.pdf", "the file is too large for a form"),
    ],
)
def test_what_goes_wrong_is_said(
    path: str, cause: str, site: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(court_site, "LARGEST", 1000)
    with pytest.raises(Unreachable) as caught:
        fetch(at(site, path), here)
    assert cause in caught.value.cause
    assert caught.value.address == at(site, path)


def test_nobody_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(Unreachable, match="refused"):
        fetch(f"http://127.0.0.1:{port}/form.pdf", here)


def test_the_first_address_that_gives_a_form_counts(site: ThreadingHTTPServer) -> None:
    addresses = [at(site, path) for path in ("/about", "/nothing.pdf", "/page.pdf", "/form.pdf", "/moved.pdf")]
    assert fetch_form(addresses, here) == (at(site, "/form.pdf"), PDF)
    asked = [path for path, _agent in site.asked]  # type: ignore[attr-defined]
    assert asked == ["/nothing.pdf", "/page.pdf", "/form.pdf"], "a page for people is not a form"
    with pytest.raises(Unreachable, match="a page came in place of the form"):
        fetch_form(addresses[:3], here)
    with pytest.raises(Unreachable, match="no address"):
        fetch_form(addresses[:1], here)


@pytest.mark.parametrize(
    "address",
    [
        "http://courts.ca.gov/x.pdf",
        "https://courts.ca.gov.example.org/x.pdf",
        "https://example.org/x.pdf",
        "file:///etc/passwd",
        "ftp://courts.ca.gov/x.pdf",
        "nonsense",
    ],
)
def test_nothing_but_the_courts_is_asked(address: str) -> None:
    with pytest.raises(Unreachable, match="not an address of the courts"):
        fetch(address)
