"""Fetching a form from the court's own site, when the person who runs Limpio asks for it, and never otherwise.

Only `limpio forms check --online` comes here. Nothing about any person is sent: it is a plain request for a public
file. Only https, only the court's own hosts (`pages/official.py`), also after a redirect; not more than a form can be
long.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from webapp.pages.official import is_official

LARGEST = 20_000_000
"""Bytes; official forms are under 200 kB."""
PATIENCE = 20.0
"""Seconds without a byte until a site counts as out of reach."""
AGENT = "Limpio (form revision check)"

Allowed = Callable[[str], bool]


class Unreachable(Exception):
    """The court's site gave no form: `address` that was asked last, and `cause` in a few words."""

    def __init__(self, address: str, cause: str) -> None:
        super().__init__(address, cause)
        self.address = address
        self.cause = cause


def fetch_form(addresses: Sequence[str], allowed: Allowed = is_official) -> tuple[str, bytes]:
    """The first of these addresses that gives a PDF, and its bytes. Raises Unreachable with the last cause."""
    last = Unreachable("-", "no address of a PDF is known")
    for address in addresses:
        if not address.lower().endswith(".pdf"):
            continue  # the page about the form, for people
        try:
            data = fetch(address, allowed)
        except Unreachable as problem:
            last = problem
            continue
        if b"%PDF-" in data[:1024]:
            return address, data
        last = Unreachable(address, "a page came in place of the form")
    raise last


def fetch(address: str, allowed: Allowed = is_official) -> bytes:
    """The bytes at an address. Raises Unreachable for anything but an answer of the court's own site."""
    if not allowed(address):
        raise Unreachable(address, "not an address of the courts")
    try:
        asked = Request(address, headers={"User-Agent": AGENT})  # noqa: S310 - `allowed` has looked at the address
        with _opener(allowed).open(asked, timeout=PATIENCE) as answer:
            data: bytes = answer.read(LARGEST + 1)
            announced = answer.headers.get("Content-Length") or ""
    except HTTPError as problem:
        problem.close()
        raise Unreachable(address, f"answer {problem.code}") from None
    except URLError as problem:
        cause = problem.reason
        raise Unreachable(address, getattr(cause, "strerror", None) or str(cause) or "no answer") from None
    except (OSError, HTTPException, ValueError) as problem:
        raise Unreachable(address, str(problem) or type(problem).__name__) from None
    if len(data) > LARGEST:
        raise Unreachable(address, "the file is too large for a form")
    if announced.isdigit() and int(announced) != len(data):
        raise Unreachable(address, "only a part of the file came")
    return data


def _opener(allowed: Allowed) -> OpenerDirector:
    class OnlyAllowed(HTTPRedirectHandler):
        def redirect_request(self, *given: Any) -> Request | None:
            _asked, answer, *_about, target = given
            if not allowed(target):
                answer.close()
                raise URLError("it leads away from the courts' site")
            return super().redirect_request(*given)

    return build_opener(OnlyAllowed)
