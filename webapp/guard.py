"""What every request and every answer passes: headers, origin, token, limits, errors, log. One place.

**Headers.** The content policy allows our own files and nothing else, no inline script or style. Personal pages are
never cached; static files for ever (their address changes with their content); public pages are asked for again.

**Two locks on every POST.** The form's token must fit the cookie (Flask-WTF), and the browser must not say that the
form came from another site (Sec-Fetch-Site, else Origin). Our Referrer-Policy makes older browsers send `Origin: null`
on our own forms; then nothing is said, and the token alone decides. A form whose token is too old is shown again with
everything typed in it, to be sent with one press.

**Limits** count in fixed windows per client. The address of a client is a keyed hash with a salt of the day; an IPv6
client is its /64 network. A clinic with forty people behind one address stays below every limit; for resume codes only
wrong ones count.

**Log.** One line a request: method, route template, status, milliseconds. Never a path, a query, an address, a value;
of an exception its type and places in the code, not its message, which may quote what somebody typed.

    POST /<lang:lang>/q/<path:where> 303 4 ms

Pages are compressed only where they are public and reflect nothing of the request: a compressed page that holds a
secret beside text of a stranger's choosing tells the secret by its length (BREACH).
"""

from __future__ import annotations

import gzip
import ipaddress
import logging
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from types import TracebackType
from typing import Any, ParamSpec, TypeVar, cast

from flask import Flask, Response, current_app, g, make_response, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import Forbidden, HTTPException, TooManyRequests
from werkzeug.routing import RequestRedirect

from webapp.settings import Settings
from webapp.store import DocumentTooLarge, Store

__all__ = [
    "BODY_LIMIT",
    "Limit",
    "QuietFlask",
    "clear_of_limit",
    "from_elsewhere",
    "init_app",
    "limit",
    "problem_page",
    "security_headers",
    "spend",
    "store",
    "typed",
    "wait_words",
]

BODY_LIMIT = 64 * 1024  # bytes of one form
FIELDS_LIMIT = 500

CONTENT_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self' data:",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
PERMISSIONS = ", ".join(
    f"{name}=()"
    for name in (
        "accelerometer",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
)
YEAR = 365 * 86400

_log = logging.getLogger("webapp.requests")
P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Limit:
    tries: int
    per: int  # seconds


LIMITS = {
    "start": Limit(tries=200, per=3600),
    "code": Limit(tries=60, per=3600),
    "download": Limit(tries=200, per=3600),
    "resume": Limit(tries=20, per=900),  # wrong codes only
    "resume-all": Limit(tries=2000, per=3600),  # wrong codes of everybody together
    "texts": Limit(tries=20, per=3600),  # a clinic signs up people from one address
    "pin": Limit(tries=20, per=900),  # wrong PINs only
}
SHARED = frozenset({"resume-all"})


class QuietFlask(Flask):
    """Flask, but an exception is logged without its message and without the path."""

    def log_exception(
        self, exc_info: tuple[type, BaseException, TracebackType] | tuple[None, None, None] | None
    ) -> None:
        if not exc_info or exc_info[0] is None:
            return
        frames = traceback.extract_tb(exc_info[2])
        places = " < ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in reversed(frames))
        self.logger.error("%s in %s %s: %s", exc_info[0].__name__, request.method, _route(), places)


def init_app(app: Flask, settings: Settings) -> None:
    """Puts the guard around `app`. Call it before blueprints are registered, after the store is in place."""
    vault = store(app).vault
    signing, *older = vault.cookie_secrets
    app.config.update(
        SECRET_KEY=signing,
        SECRET_KEY_FALLBACKS=older,
        SESSION_COOKIE_NAME="__Host-limpio" if settings.https else "limpio",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        PREFERRED_URL_SCHEME="https" if settings.https else "http",
        MAX_CONTENT_LENGTH=BODY_LIMIT,
        MAX_FORM_MEMORY_SIZE=BODY_LIMIT,
        MAX_FORM_PARTS=FIELDS_LIMIT,
        # tokens live as long as the cookie they belong to, and survive a rotation of the cookie secret
        WTF_CSRF_SECRET_KEY=vault.lookup("csrf", b"form token"),
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,  # it wants a Referer, which our policy never sends; `_refuse_foreign` stands in
    )
    app.extensions["limpio_own_origin"] = settings.public_url
    app.extensions["limpio_rate_limits"] = settings.rate_limits
    app.before_request(_begin)
    app.before_request(_refuse_foreign)
    CSRFProtect().init_app(app)
    fixed = security_headers(https=settings.https)

    @app.after_request
    def guarded(response: Response) -> Response:
        response.headers.update(fixed)
        response.headers["Cache-Control"] = _cache_rule(response)
        if not _public():
            response.headers["X-Robots-Tag"] = "noindex"
        _compress(response)
        _log.info("%s %s %d %d ms", request.method, _route(), response.status_code, _milliseconds())
        return response

    app.register_error_handler(HTTPException, cast(Any, _http_problem))
    app.register_error_handler(CSRFError, cast(Any, _old_page))
    app.register_error_handler(DocumentTooLarge, cast(Any, _too_large))


def store(app: Flask | None = None) -> Store:
    """The store of the application (of the current one by default)."""
    return cast(Store, (app or current_app).extensions["limpio_store"])


def security_headers(*, https: bool) -> dict[str, str]:
    """The headers that every answer carries, static files included."""
    headers = {
        "Content-Security-Policy": CONTENT_POLICY,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": PERMISSIONS,
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
    if https:
        headers["Strict-Transport-Security"] = f"max-age={YEAR}"
    return headers


# ------------------------------------------------------------------------------------------------- before and after


def _begin() -> None:
    g.began = time.perf_counter()
    store().purge_if_due()


def _milliseconds() -> int:
    return round((time.perf_counter() - g.began) * 1000) if "began" in g else 0


def _route() -> str:
    return request.url_rule.rule if request.url_rule else "-"


def _public() -> bool:
    return request.blueprint == "pages"


def _cache_rule(response: Response) -> str:
    if request.endpoint == "static" and response.status_code == 200:
        return "public, max-age=60"
    if _public() and response.status_code == 200 and "visit" not in session:
        return "private, no-cache"
    return "no-store"


def _compress(response: Response) -> None:
    eligible = (
        _public()
        and request.method == "GET"
        and response.status_code == 200
        and not request.query_string
        and not response.direct_passthrough
        and response.mimetype == "text/html"
    )
    if not eligible:
        return
    response.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"] > 0:
        response.data = gzip.compress(response.get_data(), compresslevel=6, mtime=0)
        response.headers["Content-Encoding"] = "gzip"


def from_elsewhere() -> bool:
    """True when the browser says that another site caused this request; False when it does not say."""
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site not in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    if not origin or origin == "null":
        return False
    return origin not in _own_origins()


def _own_origins() -> set[str]:
    stated = current_app.extensions["limpio_own_origin"]
    return {request.host_url.rstrip("/"), *([stated] if stated else [])}


def _refuse_foreign() -> None:
    if request.method not in {"GET", "HEAD", "OPTIONS"}:
        if from_elsewhere():
            raise Forbidden
        return
    # Another site may link to us. It may not embed us, fetch us or use us as a picture.
    linked = request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
    framed = request.headers.get("Sec-Fetch-Dest", "document") in {"iframe", "frame", "embed", "object"}
    if request.headers.get("Sec-Fetch-Site") == "cross-site" and (framed or not linked):
        raise Forbidden


# ----------------------------------------------------------------------------------------------------------- limits


def spend(kind: str, tries: int = 1) -> int:
    """Counts `tries` of this client at `kind`. Returns 0, or the seconds to wait when the limit is passed."""
    if not current_app.extensions["limpio_rate_limits"]:
        return 0
    rule = LIMITS[kind]
    count, left = store().tally(kind, "" if kind in SHARED else _client(), per=rule.per, add=tries)
    return left if count > rule.tries else 0


def clear_of_limit(kind: str) -> None:
    """Takes back one try: it turned out to be a right one."""
    spend(kind, -1)


def limit(kind: str, methods: tuple[str, ...] = ("GET", "POST")) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A view that this client may ask for only LIMITS[kind] times; then a page says when to come back (429)."""

    def around(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def limited(*args: P.args, **kwargs: P.kwargs) -> R:
            if request.method in methods and (wait := spend(kind)):
                raise TooManyRequests(retry_after=wait)
            return view(*args, **kwargs)

        return limited

    return around


def _client() -> str:
    text = request.remote_addr or ""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text or "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def wait_words(seconds: int) -> str:
    """'Wait 4 minutes, then try again.'"""
    return str(
        ngettext(
            "Wait %(num)d minute, then try again.",
            "Wait %(num)d minutes, then try again.",
            max(1, -(-seconds // 60)),
        )
    )


# ----------------------------------------------------------------------------------------------------------- errors


def typed() -> list[tuple[str, str]]:
    """What the person typed into the form that came with this request: (field name, value), without our own fields."""
    if request.method != "POST":
        return []
    return [
        (name, value)
        for name, values in request.form.lists()
        for value in values
        if value and not name.endswith("csrf_token")
    ]


def problem_page(
    code: int, heading: str, *paragraphs: str, actions: tuple[tuple[str, str], ...] | None = None
) -> Response:
    """The page that says what happened, why, and what to do now, with status `code`."""
    steps = _ways_on() if actions is None else actions
    page = render_template("error.html", code=code, heading=heading, paragraphs=paragraphs, actions=steps)
    return make_response(page, code)


def _ways_on() -> tuple[tuple[str, str], ...]:
    if session.get("visit"):
        return ((_("Go on with your answers"), url_for("interview.next_page")),)
    return (
        (_("Go to the first page"), url_for("pages.home")),
        (_("Open my answers with a code"), url_for("visit.resume")),
    )


def _http_problem(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if error.response is not None or isinstance(error, RequestRedirect) or code < 400:
        return error
    if code >= 500:
        return _our_fault(code)
    heading, *paragraphs = _words(code, error)
    answer = problem_page(code, heading, *paragraphs)
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after"}:
            answer.headers[name] = value
    return answer


def _words(code: int, error: HTTPException) -> tuple[str, ...]:
    safe = _("What you saved before is still here.")
    if code == 403:
        return (
            _("We did not accept that"),
            _("Your browser says that it came from another site. To protect your answers, nothing was changed."),
            _("Open the page on this site and do it there."),
        )
    if code == 404:
        return (_("There is no such page"), _("The address may be old or have a mistake in it."), safe)
    if code == 405:
        return (_("This page does not work that way"), _("Open it with a link on this site."), safe)
    if code == 410:
        return (_("This is not here any more"), _("It was deleted, or its time is over."))
    if code == 413:
        return (
            _("That was too much text"),
            _("We could not take it in, so nothing from this page was saved."),
            _("Go back, make it shorter, and send it again."),
            safe,
        )
    if code == 429:
        seconds = error.retry_after if isinstance(error, TooManyRequests) else None
        return (
            _("That was too many times in a row"),
            _("We count how often something is done. That way nobody can guess how to get to other people's answers."),
            wait_words(seconds if isinstance(seconds, int) else 60),
            safe,
        )
    return (
        _("We could not read that"),
        _("What your browser sent was not complete, or not what this page expects."),
        _("Go back, load the page again, and send it once more."),
        safe,
    )


_PLAIN_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Limpio</title></head><body>
<h1>Something went wrong on our side</h1>
<p>What you saved before is still here. Wait a minute and load this page again.</p>
<h1 lang="es">Algo falló de nuestro lado</h1>
<p lang="es">Lo que guardó antes sigue aquí. Espere un minuto y vuelva a cargar esta página.</p>
</body></html>
"""


def _our_fault(code: int) -> Response:
    try:
        return problem_page(
            code,
            _("Something went wrong on our side"),
            _("It is not your mistake. What you saved before is still here."),
            _("Wait a minute, then go back and try again."),
        )
    except Exception as error:  # noqa: BLE001 - the page about a fault must not fault: then a page without any machinery
        current_app.logger.error("The error page failed too: %s", type(error).__name__)
        return make_response(_PLAIN_PAGE, code)


def _old_page(_error: CSRFError) -> Response:
    """The token did not fit. Everything typed is shown; it can be sent again at one press where we know that the form
    was ours: the browser says so, or it sent our cookie, which SameSite keeps from forms of other sites."""
    site = request.headers.get("Sec-Fetch-Site")
    ours = site in {"same-origin", "none"} or request.headers.get("Origin") in _own_origins() or bool(session)
    page = render_template("visit/old_page.html", typed=typed(), again=request.path if ours else None)
    return make_response(page, 400)


def _too_large(_error: DocumentTooLarge) -> Response:
    page = render_template("visit/too_large.html", typed=typed())
    return make_response(page, 413)
