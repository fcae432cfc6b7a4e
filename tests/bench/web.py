"""What a page costs: bytes on the way to a phone, and time on the server while twenty people use the site at once.

The bytes are bodies as served to a browser that takes gzip. "First page" is the home page with its style sheet, script
and icon; "question page" is the largest question in any language when those are in the browser's cache already.

The time is the server's own, from its log: from the request being read to the answer being ready, waiting for the
interpreter and for the disk included. Two worker processes with four threads each answer, as `limpio serve` starts
them, and the clients run on the same machine. It is measured twice: twenty clients that never pause, which is more than
twenty people ever do, and twenty that look at each page for a second. Beside it, the same clients ask the same kind of
server for a page of one line, so that figures of two machines can be compared; and the time of a write that waits for
the disk, because every saved answer is one. What the clients themselves saw is given too.

    $ .venv/bin/python -m tests.bench.web
"""

from __future__ import annotations

import http.client
import logging
import os
import re
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from flask import Flask, Response, g, request

from tests.browser.journey import FOR_SALE, POSSESSION, somebody
from tests.browser.site import Site
from tests.web.teller import ENDS, Teller
from webapp.demo import people
from webapp.interview import document as doc
from webapp.language import public_locales
from webapp.server import _Server
from webapp.settings import Settings

# Two with one marijuana case each, and somebody with eight counts.
PEOPLE = (somebody(POSSESSION), somebody(FOR_SALE), people()["many"].document)
CLIENTS = 20
SECONDS = 8
LOGGED = re.compile(r"(?:GET|POST) (\S+) (\d{3}) (\d+) ms$", re.MULTILINE)
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
LOADED = re.compile(r'<(?:link rel="(?:icon|stylesheet)"[^>]* href|script src)="([^"]+)"')
QUESTION = re.compile(r"/\w+/q/(.+)")


@dataclass
class Client:
    """A browser without a screen: keeps its cookie and its connection, follows redirects."""

    address: str
    cookie: str = ""
    path: str = ""
    body: bytes = b""
    took: list[float] = field(default_factory=list)  # milliseconds of each page that came

    def __post_init__(self) -> None:
        self._line = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=30)

    def get(self, path: str, **headers: str) -> None:
        self._ask("GET", path, None, headers)

    def post(self, path: str, **values: str | list[str]) -> None:
        token = TOKEN.search(self.body.decode())
        assert token, f"{self.path} has no form"
        sent = urlencode({"csrf_token": token[1], **values}, doseq=True)
        self._ask("POST", path, sent, {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.address})

    def _ask(self, method: str, path: str, sent: str | None, headers: dict[str, str]) -> None:
        began = time.perf_counter()
        self._line.request(method, path, sent, {**headers, **({"Cookie": self.cookie} if self.cookie else {})})
        answer = self._line.getresponse()
        self.body = answer.read()
        self.took.append((time.perf_counter() - began) * 1000)
        if given := answer.getheader("Set-Cookie"):
            self.cookie = given.split(";", 1)[0]
        self.path = path
        if answer.status in {302, 303}:
            self.get(urlsplit(answer.getheader("Location") or "").path)
            return
        assert answer.status == 200, f"{method} {path}: {answer.status}"

    def close(self) -> None:
        self._line.close()


def walk(client: Client, lang: str, held: doc.Document) -> Iterator[None]:
    """One person from the first page to the results, a step at a time."""
    person = Teller(held, lang)
    client.get(f"/{lang}/")
    yield
    client.post(f"/{lang}/start", fresh="yes")
    yield
    while (page := client.path.removeprefix(f"/{lang}/")) not in ENDS:
        client.post(client.path, **person.says(page))
        yield
    client.get(f"/{lang}/results")
    yield


def reading(client: Client, number: int, until: float) -> None:
    walking(client, number, until, pause=1.0)


def walking(client: Client, number: int, until: float, pause: float = 0.0) -> None:
    time.sleep(pause * number / CLIENTS)  # people do not begin at one moment
    lang = public_locales()[number % len(public_locales())].code
    while time.monotonic() < until:
        for _ in walk(client, lang, PEOPLE[number // 2 % len(PEOPLE)]):
            if time.monotonic() > until:
                return
            time.sleep(pause)


def asking(client: Client, _number: int, until: float) -> None:
    while time.monotonic() < until:
        client.get("/")


def under_load(address: str, doing: Callable[[Client, int, float], None], seconds: float) -> list[float]:
    """Twenty clients at once. Returns what each page took, as they saw it, in milliseconds."""
    clients = [Client(address) for _ in range(CLIENTS)]
    failed: list[BaseException] = []
    until = time.monotonic() + seconds

    def run(client: Client, number: int) -> None:
        try:
            doing(client, number, until)
        except (AssertionError, OSError, http.client.HTTPException) as error:
            failed.append(error)
        finally:
            client.close()

    threads = [threading.Thread(target=run, args=(client, number)) for number, client in enumerate(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return [took for client in clients for took in client.took]


def logged(log: Path) -> list[int]:
    """Milliseconds of every page in a server's log; fails if one of them was an error."""
    lines = LOGGED.findall(log.read_text(encoding="utf-8"))
    wrong = [line for line in lines if int(line[1]) >= 400]
    assert not wrong, wrong[:3]
    return [int(milliseconds) for route, _status, milliseconds in lines if route != "/healthz"]


def share(values: list[int] | list[float], part: float) -> float:
    """The value that `part` of all values do not pass."""
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


# ---------------------------------------------------------------------------------------------------------- the figures


def first_page(address: str) -> tuple[int, str]:
    """Bytes of the home page in its heaviest language, and what they are made of."""
    heaviest = (0, "")
    for locale in public_locales():
        client = Client(address)
        client.get(f"/{locale.code}/", **{"Accept-Encoding": "gzip"})
        sizes = {"html": len(client.body)}
        page = Client(address)
        page.get(f"/{locale.code}/")
        for path in LOADED.findall(page.body.decode()):
            client.get(path, **{"Accept-Encoding": "gzip"})
            sizes[path.rsplit(".", 1)[-1]] = len(client.body)
        assert set(sizes) == {"html", "css", "js", "svg"}, sizes
        parts = ", ".join(f"{name} {size:,}" for name, size in sizes.items())
        heaviest = max(heaviest, (sum(sizes.values()), f"{locale.code}: {parts}"))
        client.close()
        page.close()
    return heaviest


def question_page(address: str) -> tuple[int, str]:
    """Bytes of the heaviest question page that these clients meet, and where it is."""
    heaviest = (0, "")
    for locale in public_locales():
        for held in PEOPLE:
            client = Client(address)
            for _ in walk(client, locale.code, held):
                if QUESTION.fullmatch(client.path):
                    client.get(client.path, **{"Accept-Encoding": "gzip"})
                    heaviest = max(heaviest, (len(client.body), client.path))
            client.close()
    return heaviest


def run() -> list[tuple[str, str]]:
    """(name of the figure, value with its unit)."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        site = Site(folder, folder / "blanks", LIMPIO_RATE_LIMITS="no")
        site.start()
        try:
            first, made_of = first_page(site.address)
            question, where = question_page(site.address)
            site.log.write_text("", encoding="utf-8")
            seen = under_load(site.address, walking, SECONDS)
            own = logged(site.log)
            site.log.write_text("", encoding="utf-8")
            under_load(site.address, reading, SECONDS)
            calm = logged(site.log)
        finally:
            site.stop()
        disk = [to_disk(folder / "disk") for _ in range(100)]
        plain = Reference(folder)
        plain.start()
        try:
            plain_seen = under_load(plain.address, asking, SECONDS / 2)
        finally:
            plain.stop()
        plain_own = logged(plain.log)
    return [
        (f"bytes of the first page, everything included ({made_of})", f"{first:,}"),
        (f"bytes of a question page, warm cache ({where})", f"{question:,}"),
        (f"server time a page, {CLIENTS} clients a second a page, p50", f"{share(calm, 0.5)} ms"),
        (f"server time a page, {CLIENTS} clients a second a page, p95", f"{share(calm, 0.95)} ms"),
        (f"server time a page, {CLIENTS} clients without a pause, p50", f"{share(own, 0.5)} ms"),
        (f"server time a page, {CLIENTS} clients without a pause, p95", f"{share(own, 0.95)} ms"),
        ("pages a second in that time", f"{len(own) / SECONDS:,.0f}"),
        ("as the clients saw it, waiting in line included, p50 / p95", both(seen)),
        ("reference: a page of one line in the same server, p95", f"{share(plain_own, 0.95)} ms"),
        ("reference: its pages a second", f"{len(plain_own) / (SECONDS / 2):,.0f}"),
        ("reference: as the clients saw it, p50 / p95", both(plain_seen)),
        ("reference: 8 KB written and on the disk, p50 / p95", both(disk)),
    ]


def to_disk(file: Path) -> float:
    """Milliseconds until 8 KB more are safe on the disk."""
    with file.open("ab") as out:
        out.write(bytes(8192))
        out.flush()
        began = time.perf_counter()
        os.fsync(out.fileno())
        return (time.perf_counter() - began) * 1000


def both(values: list[float]) -> str:
    return f"{share(values, 0.5):.0f} / {share(values, 0.95):.0f} ms"


# -------------------------------------------------------------------------------------------------------- the reference


class Reference(Site):
    """A page of one line, behind the same server with the same number of processes and threads, with the same log."""

    command = ("-m", "tests.bench.web", "--reference")

    def __init__(self, folder: Path) -> None:
        plain = folder / "reference"
        plain.mkdir()
        super().__init__(plain, plain)


def trivial() -> Flask:
    app = Flask(__name__)
    log = logging.getLogger("reference")

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def note(response: Response) -> Response:
        took = round((time.perf_counter() - g.began) * 1000)
        log.info("%s %s %d %d ms", request.method, request.url_rule, response.status_code, took)
        return response

    app.add_url_rule("/", "home", lambda: "<!doctype html><title>One line</title><p>One line")
    app.add_url_rule("/healthz", "healthz", lambda: "ok")
    return app


def serve_reference() -> None:
    # One line of text has no store, and so nothing from which texts could be sent.
    settings = replace(Settings.from_environ(os.environ, instance=Path("unused")), texts_worker=False)
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(message)s")
    _Server(trivial(), settings, None).run()


if __name__ == "__main__":
    if "--reference" in sys.argv:
        serve_reference()
    else:
        for figure, value in run():
            print(f"{value:>14}  {figure}")
