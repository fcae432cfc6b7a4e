"""The site: composes rules and forms for people. Only this package knows HTTP.

`create_app(settings)` returns the Flask application; `webapp.server` runs it; `webapp.cli` is the command.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, cast

from flask import Response, jsonify
from werkzeug.middleware.proxy_fix import ProxyFix

from webapp import guard, language, visit
from webapp.demo.views import bp as demo
from webapp.interview.views import bp as interview
from webapp.packet import reading_views  # noqa: F401 - adds the page that reads the papers
from webapp.packet.fee_views import bp as fees
from webapp.packet.statement_views import bp as statement
from webapp.packet.views import bp as packet
from webapp.pages import counties, forms_status, rulebook  # noqa: F401 - add their pages to the pages
from webapp.pages.views import bp as pages
from webapp.reminders import receive
from webapp.reminders.views import bp as reminders
from webapp.reminders.views import dev
from webapp.results.views import bp as results
from webapp.settings import Settings, UnsafeSettings
from webapp.static_files import StaticFiles
from webapp.store import VisitGone, open_store
from webapp.visit.views import bp as visits

__all__ = ["create_app"]

INSTANCE = Path(__file__).resolve().parent.parent / "instance"


def create_app(settings: Settings | None = None) -> guard.QuietFlask:
    """The application; without `settings`, those of the environment.

    Raises UnsafeSettings, KeyRingError or StoreError when the site must not start; each says what to do.
    """
    settings = settings or Settings.from_environ(os.environ, instance=INSTANCE)
    if unsafe := settings.unsafe():
        raise UnsafeSettings(unsafe)
    app = guard.QuietFlask(__name__)
    app.testing = settings.env == "test"
    app.debug = settings.debug
    app.extensions["limpio_settings"] = settings
    app.extensions["limpio_store"] = open_store(settings)
    language.init_app(app)
    guard.init_app(app, settings)
    app.register_error_handler(VisitGone, cast(Any, lambda _error: visit.lost()))
    app.add_url_rule("/healthz", endpoint="healthz", view_func=healthz)
    for blueprint in (pages, visits, interview, results, packet, statement, fees, reminders, demo):
        app.register_blueprint(blueprint, url_prefix="/<lang:lang>")
    for blueprint in (receive.bp, dev):
        app.register_blueprint(blueprint)
    receive.exempt_from_tokens(app)
    files = StaticFiles(app, settings)
    app.url_defaults(files.versioned)
    served = files.around(app.wsgi_app)
    if count := settings.trusted_proxies:
        served = ProxyFix(served, x_for=count, x_proto=count, x_host=count)
    app.wsgi_app = served  # type: ignore[method-assign] # as Flask's documentation does
    return app


def healthz() -> tuple[Response, int]:
    """For the machine that watches the site: 200 and ok, or 503 and the reasons. Nothing of a person's."""
    health = guard.store().health()
    body = {"ok": health.ok, "reasons": list(health.reasons), "seconds_since_purge": health.since_purge}
    return jsonify(body), 200 if health.ok else 503
