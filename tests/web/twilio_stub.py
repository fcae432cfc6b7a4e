"""Twilio's Messages API as far as we use it, on this machine: takes texts, lists them, and fails in every way it can.

    with Stub() as stub:
        stub.next("429")                       # the next call is answered with "too many requests"
        line = stub.line()
        line.send("+19164452841", "Limpio: ...", b"0" * 16, NOW)
        stub.taken                             # what it has

What a step does:
    ok            takes the text and answers 201
    21610, 21211  answers 400 with that error, and does not have the text
    429, 500, 401 answers so, and does not have it
    500 taken     answers 500, and has it
    slow          has it, and answers after the caller has hung up
    reset         has it, and breaks the connection
    lost          breaks the connection and does not have it
    garbled       has it, and answers what is no JSON
"""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from base64 import b64decode
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from webapp.reminders.send import TwilioLine

SID = "AC" + "0123456789abcdef" * 2
TOKEN = "a secret that only Twilio and we know"
SERVICE = "MG" + "0123456789abcdef" * 2
IMPATIENT = (5.0, 0.3)  # seconds to connect and to wait for an answer: less than the step "slow" takes
PATIENT = (10.0, 10.0)


@dataclass(frozen=True, slots=True)
class Message:
    sid: str
    to: str
    body: str
    sender: str
    callback: str | None
    made: datetime


class Stub:
    def __init__(self) -> None:
        self.taken: list[Message] = []
        self.asked: list[dict[str, str]] = []  # every call to send, taken or not
        self.steps: deque[str] = deque()
        self.listing = True
        self.clock: Callable[[], datetime] = lambda: datetime.now(UTC)
        self.before_answer: Callable[[Message], None] = lambda _message: None
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Stub:
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def next(self, *steps: str) -> None:
        self.steps.extend(steps)

    def line(self, **more: Any) -> TwilioLine:
        told: dict[str, Any] = {"service": SERVICE, "api": self.address, "timeout": PATIENT, **more}
        return TwilioLine(SID, TOKEN, **told)

    def take(self, form: dict[str, str]) -> Message:
        with self._lock:
            message = Message(
                f"SM{len(self.taken):032x}", form["To"], form["Body"],
                form.get("MessagingServiceSid") or form.get("From", ""), form.get("StatusCallback"), self.clock(),
            )  # fmt: skip
            self.taken.append(message)
        self.before_answer(message)
        return message


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that hangs up is part of the tests."""


def _handler(stub: Stub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def log_message(self, *_args: object) -> None:
            pass

        def _trusted(self) -> bool:
            kind, _space, secret = self.headers.get("Authorization", "").partition(" ")
            return kind == "Basic" and b64decode(secret).decode() == f"{SID}:{TOKEN}"

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(raw, strict_parsing=True).items()}
            stub.asked.append(form)
            step = stub.steps.popleft() if stub.steps else "ok"
            if not self._trusted() or urlsplit(self.path).path != f"/2010-04-01/Accounts/{SID}/Messages.json":
                self._say(401, {"code": 20003, "message": "Authenticate", "status": 401})
            elif step in ("ok", "slow", "reset", "garbled", "500 taken"):
                message = stub.take(form)
                if step == "slow":
                    time.sleep(IMPATIENT[1] * 2)
                if step == "reset":
                    self._break()
                elif step == "garbled":
                    self._raw(201, b"<html>")
                elif step == "500 taken":
                    self._say(500, {"code": 20500, "message": "Internal", "status": 500})
                else:
                    self._say(201, _shown(message))
            elif step == "lost":
                self._break()
            elif step in ("429", "500", "401"):
                self._say(int(step), {"code": 20000 + int(step), "message": "No", "status": int(step)})
            else:
                self._say(400, {"code": int(step), "message": "No", "status": 400})

        def do_GET(self) -> None:
            query = parse_qs(urlsplit(self.path).query)
            if not self._trusted() or not stub.listing:
                self._say(503, {"code": 20503, "message": "No", "status": 503})
                return
            found = [_shown(each) for each in reversed(stub.taken) if each.to == query["To"][0]]
            self._say(200, {"messages": found, "next_page_uri": None, "page": 0, "page_size": 50})

        def _say(self, status: int, body: dict[str, Any]) -> None:
            self._raw(status, json.dumps(body).encode())

        def _raw(self, status: int, data: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def _break(self) -> None:
            # A reset, not an orderly end.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            self.connection.close()

    return Handler


def _shown(message: Message) -> dict[str, Any]:
    return {
        "sid": message.sid, "to": message.to, "body": message.body, "status": "queued", "account_sid": SID,
        "date_created": format_datetime(message.made), "date_sent": None, "direction": "outbound-api",
        "num_segments": "1", "error_code": None,
    }  # fmt: skip
