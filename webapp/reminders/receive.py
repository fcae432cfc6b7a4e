"""What Twilio sends us: texts that come in, and reports on those that went out.

Both addresses are for Twilio alone. Twilio has no form token, so they are exempt from that lock, and from that only:
each request must carry the signature that the package's own validator computes with our secret over the address people
use (the public one, not the one behind a proxy) and every value. Without credentials there is nobody to believe, and
the addresses do not exist.

A message that is delivered twice gets the same answer twice and is acted on once.
"""

from __future__ import annotations

import re

from flask import Blueprint, Flask, Response, abort, current_app, request
from twilio.request_validator import RequestValidator
from twilio.twiml.messaging_response import MessagingResponse

from webapp import clock, guard
from webapp.reminders import consent, messages
from webapp.reminders.conversation import answer
from webapp.reminders.send import OPTED_OUT
from webapp.settings import Settings

__all__ = ["bp", "exempt_from_tokens"]

bp = Blueprint("sms", __name__)
_LONGEST = 1600  # characters Twilio joins a text to
_REF = 32
# Not `numbers.read`: a stop counts from a number that is too new for its table.
_E164 = re.compile(r"\+\d{7,15}")


def exempt_from_tokens(app: Flask) -> None:
    """Form tokens are not asked for at these two addresses, and nowhere else. Call it once they are registered."""
    for name in ("inbound", "status"):
        app.extensions["csrf"].exempt(app.view_functions[f"sms.{name}"])


def _settings() -> Settings:
    found: Settings = current_app.extensions["limpio_settings"]
    return found


@bp.before_request
def only_twilio() -> None:
    settings = _settings()
    if not settings.twilio_sid:
        abort(404)
    query = request.query_string.decode("ascii", "replace")
    address = f"{settings.public_url}{request.path}" + (f"?{query}" if query else "")
    signature = request.headers.get("X-Twilio-Signature", "")
    if not RequestValidator(settings.twilio_token).validate(address, request.form, signature):
        abort(403)


@bp.post("/sms/inbound")
def inbound() -> Response:
    """A text from somebody. The answer goes back in the response."""
    number = request.form.get("From", "")
    if not _E164.fullmatch(number):
        return _reply(None)  # a short code: another machine
    message = request.form.get("MessageSid", "")
    store, now = guard.store(), clock.now()
    before = store.texts.heard(message) if message else None
    if before is not None:
        return _reply(before or None)
    handled = request.form.get("OptOutType", "")
    if handled:
        # Twilio knew the word and has answered; our own list must know it too.
        said = None
        _by_twilio(number, handled, int(now.timestamp()))
    else:
        said = answer(
            store, number, request.form.get("Body", "")[:_LONGEST], now=now, site=_settings().public_url or ""
        )
    if message:
        store.texts.answered(message, said or "", int(now.timestamp()))
    return _reply(said)


def _by_twilio(number: str, handled: str, now: int) -> None:
    texts = guard.store().texts
    if handled == "STOP":
        texts.stop(number, "carrier", now)
    elif handled == "START":
        known = texts.of_number(number)
        texts.confirm(number, consent.version(messages.text_lang(known[0].lang if known else "en")), now)


def _reply(said: str | None) -> Response:
    twiml = MessagingResponse()
    if said:
        twiml.message(said)
    return Response(str(twiml), mimetype="text/xml")


@bp.post("/sms/status")
def status() -> Response:
    """What became of a text. It may come before the answer to the call that sent it, twice, and late."""
    ref = request.args.get("r", "")
    message = request.form.get("MessageSid", "")
    if len(ref) != _REF or not message:
        abort(400)
    try:
        key = bytes.fromhex(ref)
    except ValueError:
        abort(400)
    code = request.form.get("ErrorCode", "")
    error = int(code) if code.isascii() and code.isdigit() and len(code) < 7 else None
    texts, now = guard.store().texts, int(clock.now().timestamp())
    number = texts.reported(key, message, request.form.get("MessageStatus", ""), error, now)
    if number is not None and error == OPTED_OUT:
        texts.stop(number, "carrier", now)
    return Response(status=204)
