"""The one way out: a text to Twilio, or to the outbox where there are no credentials.

    line.send("+19164452841", "Limpio: ...", ref)      # -> Taken, Refused or Unknown
    line.find("+19164452841", "Limpio: ...", since)    # -> the provider's id of that very text, or None

Three answers matter, not two. **Taken**: Twilio has it and gave its id. **Refused**: Twilio certainly does not have it
(an error it names, or "too many requests"). **Unknown**: the connection broke or timed out after the request was under
way, or Twilio stumbled (5xx): it may have it. What is unknown is never simply sent again; `find` looks for it among
the messages of that number, by its words, and every reminder's words hold a link of its own.

The client never repeats a request by itself (`max_retries=0`), and never logs: its log would hold numbers.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from webapp.settings import Settings
from webapp.store import Store

__all__ = [
    "OPTED_OUT", "UNREACHABLE", "Line", "LineDown", "Outbox", "Refused", "Taken", "TwilioLine", "Unknown", "line_of",
    "texting_works",
]  # fmt: skip

OPTED_OUT = 21610
"""The person said STOP to the carrier's or Twilio's own list."""
UNREACHABLE = frozenset({21211, 21214, 21217, 21407, 21408, 21612, 21614, 30004, 30005, 30006})
"""No text can reach this number: not a number, not a cell phone, blocked, unknown."""
_API = "https://api.twilio.com"
_CONNECT, _READ = 5.0, 10.0  # seconds
_LOOKED_AT = 60  # messages of one number that `find` looks through, the newest first
_SLACK = 120  # seconds two clocks may differ

# What this library says at its lowest level holds the number asked for.
logging.getLogger("urllib3").setLevel(logging.WARNING)
_silent = logging.Logger("webapp.reminders.twilio", logging.CRITICAL + 1)  # no handlers, never asked


class LineDown(Exception):
    """The provider cannot be asked now, or does not accept our credentials."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The provider has the text, under this id."""

    message: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The provider does not have the text and says why. `again`: the same text may be taken later. `down`: nothing at
    all is taken now."""

    code: int | None
    again: bool = False
    down: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody knows whether the provider has the text."""


Outcome = Taken | Refused | Unknown


class Line(Protocol):
    """Something that takes texts."""

    def send(self, number: str, body: str, ref: bytes, now: datetime) -> Outcome:
        """Gives one text to the provider. `ref` comes back in its reports."""
        ...

    def find(self, number: str, body: str, ref: bytes, since: datetime) -> str | None:
        """The provider's id of this text, if it took it after `since`. Raises LineDown when it cannot be asked."""
        ...


@dataclass(slots=True)
class TwilioLine:
    """Twilio's Messages API. `service` (a messaging service) goes before `number`. `callback` is where Twilio reports
    to; None: it reports nothing."""

    sid: str
    token: str = field(repr=False)
    service: str | None = None
    number: str | None = None
    callback: str | None = None
    api: str = _API
    timeout: tuple[float, float] = (_CONNECT, _READ)
    _held: threading.local = field(init=False, repr=False, default_factory=threading.local)

    @property
    def _client(self) -> Any:
        """A client for each thread: Twilio's own hands the last answer on through the object, so that two calls at once
        could get each other's."""
        found = getattr(self._held, "client", None)
        if found is None:
            # A non-empty environment keeps the client from reading the real one.
            found = self._held.client = Client(
                self.sid, self.token, http_client=_Http(self.api, self.timeout), environment={"TWILIO_REGION": ""}
            )
        return found

    def send(self, number: str, body: str, ref: bytes, now: datetime) -> Outcome:  # noqa: ARG002 - the provider has a clock
        sender = {"messaging_service_sid": self.service} if self.service else {"from_": self.number}
        if self.callback:
            sender["status_callback"] = f"{self.callback}?r={ref.hex()}"
        try:
            message = self._client.messages.create(to=number, body=body, **sender)
        except TwilioRestException as error:
            return _refusal(error.status, error.code)
        except requests.ConnectionError as error:
            return Refused(None, again=True, down=True) if _never_left(error) else Unknown()
        except (requests.RequestException, TwilioException, ValueError):
            return Unknown()  # broken off, or an answer that cannot be read: it may have been taken
        return Taken(str(message.sid))

    def find(self, number: str, body: str, ref: bytes, since: datetime) -> str | None:  # noqa: ARG002
        try:
            # Without a date in the question: a message that waits in Twilio's queue has no date of sending yet.
            found = self._client.messages.list(to=number, limit=_LOOKED_AT)
        except (TwilioException, requests.RequestException, ValueError) as error:
            raise LineDown(type(error).__name__) from None
        for message in found:
            made = message.date_created
            if body in (message.body or "") and (made is None or made.timestamp() >= since.timestamp() - _SLACK):
                return str(message.sid)
        return None


def _never_left(error: requests.ConnectionError) -> bool:
    """Whether no connection was made at all, so that nothing can have been taken."""
    if isinstance(error, requests.ConnectTimeout):
        return True
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return any(kind.__name__ == "NewConnectionError" for kind in type(reason).__mro__)


def _refusal(status: int, code: int | None) -> Outcome:
    if status == 429:
        return Refused(code, again=True, down=True)
    if status >= 500:
        return Unknown()
    if status in (401, 403):
        return Refused(code, again=True, down=True)
    return Refused(code)


class _Http(TwilioHttpClient):
    """Twilio's own client without repeats and without a log; `api` stands in for Twilio's address in tests."""

    def __init__(self, api: str, timeout: tuple[float, float]) -> None:
        super().__init__(logger=_silent, max_retries=0)
        self._api, self._patience = api, timeout

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        kwargs["timeout"] = None
        self.timeout = self._patience
        return super().request(method, url.replace(_API, self._api, 1), *args, **kwargs)


@dataclass(frozen=True, slots=True)
class Outbox:
    """Where texts go without credentials: into the database, to be read at /dev/outbox in development."""

    store: Store

    def send(self, number: str, body: str, ref: bytes, now: datetime) -> Outcome:
        self.store.texts.put_out(ref, number, body, int(now.timestamp()))
        return Taken(f"outbox-{ref.hex()}")

    def find(self, number: str, body: str, ref: bytes, since: datetime) -> str | None:  # noqa: ARG002
        return f"outbox-{ref.hex()}" if self.store.texts.is_out(ref) else None


def texting_works(settings: Settings) -> bool:
    """Whether this site sends texts: with credentials, or in development into the outbox."""
    return bool(settings.twilio_sid) or not settings.production


def line_of(settings: Settings, store: Store) -> Line:
    """The way out that the settings name."""
    if not settings.twilio_sid:
        return Outbox(store)
    site = settings.public_url
    return TwilioLine(
        settings.twilio_sid,
        settings.twilio_token,
        settings.twilio_service,
        settings.twilio_number,
        f"{site}/sms/status" if site else None,
        settings.twilio_api,
    )


def utc(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
