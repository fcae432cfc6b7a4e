"""The server: gunicorn inside our own process, two workers with four threads each.

Why gunicorn and not Flask's own server: it restarts a worker that dies, finishes open requests on SIGTERM, and is the
same thing in `limpio run` on a laptop and in production. It speaks plain http to a proxy of the operator's, which
speaks https to the world; how many proxies there are is said in LIMPIO_PROXIES and nowhere else.

The application is made once, before the workers are forked: a wrong setting or a lost key ends the start with its
sentence, and the workers share its memory. SQLite connections do not cross a fork, so they are closed first.

Each worker process also has one thread that sends texts (`webapp.reminders.worker`); LIMPIO_TEXTS=no leaves that to
cron.

gunicorn keeps no access log (`guard` writes one line a request without addresses), and its error log loses the lines
that quote a client's address or a path.

    serve(Settings.from_environ(os.environ, instance=Path("instance")), ready=print)
"""

from __future__ import annotations

import gc
import logging
import sys
import threading
from collections.abc import Callable
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from webapp import create_app
from webapp.guard import store
from webapp.reminders.send import line_of, texting_works
from webapp.reminders.worker import Worker, run_for_ever
from webapp.settings import Settings

__all__ = ["address", "serve"]

GRACE = 20  # seconds an open request may still take when the server stops
SLOWEST = 60  # seconds after which a worker that does not answer is replaced
_QUOTING = ("Invalid request from ip", "Error handling request")


def address(settings: Settings) -> str:
    """Where the server listens, as a link."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{settings.port}"


def serve(settings: Settings, *, ready: Callable[[str], None] | None = None) -> None:
    """Serves until SIGTERM or Ctrl-C. `ready` is called with the address once connections are taken.

    Raises what `create_app` raises, before a port is opened.
    """
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(message)s")
    app = create_app(settings)
    store(app).close()
    # What is loaded by now stays: the collector need not look at it again and again, which held every page up for a
    # tenth of a second now and then; and the workers go on sharing its memory.
    gc.collect()
    gc.freeze()
    _Server(app, settings, ready).run()


class _Server(BaseApplication):
    def __init__(self, app: Flask, settings: Settings, ready: Callable[[str], None] | None) -> None:
        self._app = app
        self._settings = settings
        self._ready = ready
        self._ended = threading.Event()
        super().__init__()

    def load_config(self) -> None:
        settings = self._settings
        told = {
            "bind": [address(settings).removeprefix("http://")],
            "workers": settings.workers,
            "threads": settings.threads,
            "worker_class": "gthread",
            "preload_app": True,
            "timeout": SLOWEST,
            "graceful_timeout": GRACE,
            "keepalive": 5,
            "accesslog": None,
            "errorlog": "-",
            "loglevel": "warning",
            "logger_class": _QuietLogger,
            "proc_name": "limpio",
            "forwarded_allow_ips": "",  # only ProxyFix, with the stated number of proxies, believes a proxy's headers
            "control_socket_disable": True,
            "when_ready": self._tell,
            "post_worker_init": self._send_texts,
            "worker_exit": self._end_texts,
        }
        for name, value in told.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._app

    def _send_texts(self, _worker: Any) -> None:
        """In each worker process, after the fork: a thread that sends what is due. One of them has the turn."""
        if not (self._settings.texts_worker and texting_works(self._settings)):
            return
        held = store(self._app)
        site = self._settings.public_url or address(self._settings)
        worker = Worker(held, line_of(self._settings, held), site=site)
        threading.Thread(target=run_for_ever, args=(worker, self._ended), name="texts", daemon=True).start()

    def _end_texts(self, _server: Any, _worker: Any) -> None:
        self._ended.set()

    def _tell(self, _arbiter: Any) -> None:
        if self._ready is not None:
            self._ready(address(self._settings))


class _QuietLogger(Logger):
    """gunicorn's log without what it would quote from a request."""

    def warning(self, msg: str, *args: Any, **kwargs: Any) -> None:
        if msg.startswith(_QUOTING):
            super().warning("A request could not be read.")
        else:
            super().warning(msg, *args, **kwargs)

    def exception(self, msg: str, *args: Any, **kwargs: Any) -> None:
        if msg.startswith(_QUOTING):
            self.error("A request could not be handled: %s", getattr(sys.exc_info()[0], "__name__", "unknown"))
        else:
            super().exception(msg, *args, **kwargs)
