"""Signing up for texts, and "My case": how far each petition has come, what is next, what was texted.

| page                     | what it does                                                                           |
|--------------------------|----------------------------------------------------------------------------------------|
| /texts                   | number, what about, PIN, consent: then we text a question that must be answered YES    |
| /texts/sent              | says so; the same page whatever the number's past, so that it tells a stranger nothing |
| /my-case                 | each petition step by step, dates, texts sent and to come, stop, change, delete        |
| /my-case/<case>/<form>   | the steps of one petition, set by hand                                                 |
| /my-case/stop            | ends the texts                                                                         |
| /my-case/dates.ics       | the dates for a phone's calendar                                                       |
| /t/<code>                | the link in a text: asks for the PIN (or the five words), opens once, for 72 hours     |
| /dev/outbox              | development only: the texts that would have gone out, and answering them               |

Looking at a link does not use it up: phones and carriers look ahead. Only a right PIN does; five wrong ones end it.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

from flask import Blueprint, Response, abort, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectMultipleField, StringField

from rules import decide
from webapp import clock, guard, visit
from webapp.calendar_file import Event, calendar
from webapp.interview import document as answers
from webapp.language import current_lang
from webapp.packet.papers import entry_of, papers
from webapp.reminders import consent, messages, numbers
from webapp.reminders.consent import TOPIC_WORDS
from webapp.reminders.conversation import answer
from webapp.reminders.opening import opening_days
from webapp.reminders.petitions import STEPS, Outcome, Petition, Step, petitions, with_decision, with_made, with_step
from webapp.reminders.plan import TOPICS, next_open, schedule
from webapp.reminders.send import line_of, texting_works, utc
from webapp.reminders.worker import Worker, body_of, confirmation, planned_for
from webapp.settings import Settings
from webapp.store import Visit
from webapp.store.texts import Texting

__all__ = ["bp", "dev", "note_papers"]

bp = Blueprint("reminders", __name__)
dev = Blueprint("dev", __name__)

PIN = re.compile(r"\d{4,8}")
PIN_TRIES = 5
ASKED_A_DAY = 3  # questions to one number
NEXT_TEXTS = 5
_A_DAY = 86400


def _settings() -> Settings:
    found: Settings = current_app.extensions["limpio_settings"]
    return found


@bp.app_context_processor
def _templates() -> dict[str, Any]:
    return {"texts_offered": texting_works(_settings())}


def _here() -> Visit:
    found = visit.current()
    if found is None:
        raise RuntimeError("this view stands behind visit.require")
    return found


def note_papers(made: tuple[Any, ...]) -> None:
    """Remembers that these papers (`webapp.packet.papers.Paper`) were made today. The page that hands them out calls
    it."""
    pairs = [(paper.case.id, paper.form) for paper in made]
    known = {(each.case, each.form) for each in petitions(visit.document()) if each["made"]}
    if not set(pairs) <= known:
        visit.update(lambda now: with_made(answers.whole(now), pairs, clock.today(), clock.now()))


# ----------------------------------------------------------------------------------------------------------- signing up


class SignUpForm(FlaskForm):
    """Number, topics, PIN and consent. Nothing is ticked beforehand."""

    number = StringField(_l("Your cell phone number"))
    topics = SelectMultipleField(_l("What should we text you about?"), validate_choice=False)
    pin = StringField(_l("A PIN of 4 to 8 digits"))
    consent = BooleanField()

    def wrong(self, here: Visit, known: Texting | None) -> bool:
        """Whether something has to be put right; says so beside its field."""
        chosen = self.chosen()
        if not chosen:
            self.topics.errors = [_("Choose at least one thing.")]
        if self.e164() is None:
            self.number.errors = [_(numbers.NUMBER_PROBLEMS[self._reason])]
        pin = (self.pin.data or "").strip()
        if pin and not PIN.fullmatch(pin):
            self.pin.errors = [_("Write 4 to 8 digits, nothing else.")]
        elif pin and (len(set(pin)) == 1 or pin in "0123456789" or pin in "9876543210"):
            self.pin.errors = [_("That PIN is too easy to guess. Choose another.")]
        elif not pin and here.code_made is None and (known is None or known.pin is None):
            self.pin.errors = [_("Choose a PIN. Links in our texts ask for it, so that nobody else can look.")]
        if not self.consent.data:
            self.consent.errors = [_("Check this box if you want the texts. Without it we send none.")]
        return bool(self.errors)

    def chosen(self) -> list[str]:
        return [topic for topic in TOPICS if topic in (self.topics.data or [])]

    def e164(self) -> str | None:
        try:
            return numbers.read(self.number.data or "")
        except numbers.NotANumber as bad:
            self._reason = bad.reason
            return None


@bp.route("/texts", methods=["GET", "POST"])
@visit.require
def sign_up() -> ResponseReturnValue:
    if not texting_works(_settings()):
        abort(404)
    here, store, lang = _here(), guard.store(), current_lang()
    known = store.texts.of_visit(here.id)
    form = SignUpForm(data={"topics": list(known.topics) if known else []} if request.method == "GET" else None)
    form.topics.choices = [(topic, _(words)) for topic, words in TOPIC_WORDS.items()]
    form.consent.label.text = consent.wording(lang)
    if request.method == "GET" or not form.validate_on_submit() or form.wrong(here, known):
        return _sign_up_page(form, known, 422 if form.errors else 200)
    number = cast(str, form.e164())
    pin = _pin_hash((form.pin.data or "").strip(), here) if form.pin.data else None
    now = clock.now()
    seconds = int(now.timestamp())
    if known is not None and known.state == "on" and known.number == number:
        store.texts.choose(here.id, form.chosen(), pin=pin, now=seconds)
        return redirect(url_for("reminders.my_case"), 303)
    wait = guard.spend("texts")
    often = store.tally("texts asked", number, per=_A_DAY)[0] > ASKED_A_DAY
    if wait or often:
        words = _("There were too many tries with this number.") if often else _("There were too many tries.")
        form.number.errors = [f"{words} {guard.wait_words(wait or 3600)}"]
        return _sign_up_page(form, known, 429)
    wording = (consent.version(lang), consent.wording(lang))
    store.texts.ask(
        here.id, number, lang=messages.text_lang(lang), topics=form.chosen(), pin=pin, wording=wording,
        page="/texts", confirm=confirmation(now), now=seconds,
    )  # fmt: skip
    return redirect(url_for("reminders.sent"), 303)


def _sign_up_page(form: SignUpForm, known: Texting | None, status: int) -> Response:
    page = render_template(
        "reminders/sign_up.html", form=form, known=known, month=consent.A_MONTH,
        keep_most=schedule().ahead.days // 365, back_url=url_for("reminders.my_case"),
        has_code=_here().code_made is not None,
    )  # fmt: skip
    return make_response(page, status)


@bp.get("/texts/sent")
@visit.require
def sent() -> ResponseReturnValue:
    known = guard.store().texts.of_visit(_here().id)
    if known is None:
        return redirect(url_for("reminders.sign_up"), 303)
    due = next_open(utc(known.asked), schedule(), any_day=True)
    later = due > clock.now() + timedelta(minutes=10)
    return render_template(
        "reminders/sent.html", ending=numbers.ending(known.number), later=_local(due) if later else None,
        ours=_settings().twilio_number, outbox=not _settings().twilio_sid, back_url=url_for("reminders.sign_up"),
    )  # fmt: skip


def _pin_hash(pin: str, here: Visit) -> str:
    """A PIN as it is kept: a keyed hash that fits one visit only."""
    made = str(int(here.created.timestamp()))
    return guard.store().vault.lookup("pin", f"{made} {pin}".encode()).hex()


# -------------------------------------------------------------------------------------------------------------- my case


@dataclass(frozen=True, slots=True)
class Shown:
    """One petition on the page."""

    case: str
    form: str
    title: str
    number: int | None
    steps: tuple[tuple[str, date | None, str], ...]  # words, day, what the day is of: done, ahead, open
    following: str
    when: date | None


_STEP_WORDS: Mapping[Step, Any] = {
    "made": _l("Papers printed"),
    "filed": _l("Filed with the court"),
    "served": _l("Copy served on the other side"),
    "hearing": _l("Hearing"),
    "decided": _l("Decision"),
}


def _known(document: Mapping[str, Any]) -> tuple[Petition, ...]:
    """The petitions with a state, and after them those that could be made now."""
    known = petitions(document)
    found = papers(decide(answers.record(document), clock.today()), document)
    open_ones = dict.fromkeys((paper.case.id, paper.form) for paper in found)
    pairs = {(each.case, each.form) for each in known}
    more = [
        Petition(case, form, 0, str((answers.case_of(document, case) or {}).get("county") or ""), False, {}, {}, None)
        for case, form in open_ones
        if (case, form) not in pairs
    ]
    return (*known, *more)


def _title(document: Mapping[str, Any], petition: Petition) -> str:
    case = answers.case_of(document, petition.case) or {}
    number = entry_of(document, petition.case).get("case_number") or case.get("case_number")
    county = _("%(county)s County", county=petition.county) if petition.county else _("County not known")
    words = _("%(county)s, case %(number)s", county=county, number=number) if number else county
    title = _("%(case)s: form %(form)s", case=words, form=petition.form)
    return title[:1].upper() + title[1:]  # "condado de Kern" begins a heading


def _shown(document: Mapping[str, Any], petition: Petition, today: date) -> Shown:
    steps = []
    for step in STEPS:
        day = petition[step]
        words = str(_STEP_WORDS[step])
        if step == "decided" and petition.outcome:
            words = _("The judge said yes") if petition.outcome == "granted" else _("The judge said no")
        steps.append((words, day, "open" if day is None else "ahead" if day > today else "done"))
    following, when = _following(petition, today)
    return Shown(
        petition.case, petition.form, _title(document, petition), petition.number or None, tuple(steps), following, when
    )


def _following(petition: Petition, today: date) -> tuple[str, date | None]:
    """What is next, and on which day if it has one."""
    hearing, filed = petition["hearing"], petition["filed"]
    if petition.outcome == "granted":
        day = cast(date, petition["decided"])
        if today < day + timedelta(days=30):
            return _("Ask the clerk for a certified copy of the order. Keep it."), day + timedelta(days=7)
        return _("Check your state record again, to see that it was changed."), day + timedelta(days=60)
    if petition.outcome == "denied":
        return _("There may be another way, or another time. Ask for free help before you try again."), None
    if petition["made"] is None and filed is None:
        return _("Print your papers and sign them."), None
    if filed is None:
        return _("Take the papers and the copies to the court and file them."), None
    if hearing is not None and hearing >= today:
        return _("Go to your hearing, or do what the court told you instead."), hearing
    if petition["served"] is None:
        return _("Have another adult serve a copy. Some courts do it for you: ask the clerk."), None
    if hearing is not None:
        return _("Your hearing day is over. Write down here what the judge said."), None
    return _("Wait for the court. If you hear nothing by this day, call the clerk."), filed + timedelta(days=30)


@bp.get("/my-case")
@visit.require
def my_case() -> ResponseReturnValue:
    document, here = answers.whole(visit.document()), _here()
    today, now, store = clock.today(), clock.now(), guard.store()
    texting = store.texts.of_visit(here.id)
    lang = current_lang()
    known = _known(document)
    opening = opening_days(document, known, today)
    history, coming = [], []
    if texting is not None:
        for each in store.texts.history(texting.key):
            if each.state in ("sent", "failed") and "body" in each.content:
                words = body_of(each.content, lang, _("(a link)"))
                history.append((_local(utc(each.changed)), words, each.state == "failed"))
    if texting is not None and texting.state == "on":
        coming = [
            (
                _local(each.due),
                body_of({"kind": each.kind, "days": each.days, "anchor": each.anchor.isoformat()}, lang, _("(a link)")),
            )
            for each in planned_for(document, texting, now, schedule())
            if each.due > now
        ][:NEXT_TEXTS]
    return render_template(
        "reminders/my_case.html",
        shown=[_shown(document, each, today) for each in known],
        opening=opening,
        today=today,
        texting=texting,
        ending=numbers.ending(texting.number) if texting else "",
        silent=texting is not None and store.texts.is_suppressed(texting.number),
        topics=[TOPIC_WORDS[topic] for topic in texting.topics] if texting else [],
        history=history,
        coming=coming,
        has_dates=bool(_events(known, opening)),
        has_code=here.code_made is not None,
        words=_words_to_text(),
        back_url=url_for("interview.next_page"),
    )


def _words_to_text() -> list[tuple[str, str]]:
    """The words a person can text, in the language of the page, and what each does."""
    return [
        (_("FILED"), _("you filed your papers today")),
        (_("SERVED"), _("a copy was served today")),
        (_("HEARING 3/14"), _("your hearing is on March 14")),
        (_("GRANTED or DENIED"), _("what the judge said")),
        (_("STATUS"), _("we tell you when the next text comes")),
        (_("UNDO"), _("takes your last text back")),
        (_("STOP"), _("no more texts")),
    ]


def _local(moment: datetime) -> datetime:
    return moment.astimezone(clock.CALIFORNIA)


class _DateForm(FlaskForm):
    """The steps of one petition: a day each, empty for not yet."""

    outcome = RadioField(_l("What did the judge say?"), validate_choice=False)

    def part(self, step: str, name: str) -> StringField:
        found: StringField = getattr(self, f"{step}_{name}")
        return found

    def day(self, step: Step, today: date) -> date | None:
        """The day in the boxes of a step; None for empty ones. What cannot be is said beside them."""
        texts = [(self.part(step, name).data or "").strip() for name in ("year", "month", "day")]
        if not any(texts):
            return None
        first = self.part(step, "month")
        try:
            day = date(*(int(text) for text in texts))
        except ValueError:
            first.errors = [_("Write month, day and year, like 3/14/%(year)s.", year=today.year)]
            return None
        ahead = step == "hearing"
        if day > today and not ahead:
            first.errors = [_("That day is still to come.")]
        elif day.year < today.year - 5 or day > today + timedelta(days=3 * 365):
            first.errors = [_("Check the year.")]
        return day


for _step in STEPS:
    for _name in ("month", "day", "year"):
        setattr(_DateForm, f"{_step}_{_name}", StringField())


@bp.route("/my-case/<case_id>/<form_name>", methods=["GET", "POST"])
@visit.require
def petition(case_id: str, form_name: str) -> ResponseReturnValue:
    document = answers.whole(visit.document())
    found = next((each for each in _known(document) if (each.case, each.form) == (case_id, form_name)), None)
    if found is None:
        return redirect(url_for("reminders.my_case"), 303)
    form = _DateForm(data=_dates(found) if request.method == "GET" else None)
    form.outcome.choices = [("", _("No decision yet")), ("granted", _("Yes")), ("denied", _("No"))]
    today = clock.today()
    if form.validate_on_submit():
        days = {step: form.day(step, today) for step in STEPS}
        outcome = form.outcome.data if form.outcome.data in ("granted", "denied") else None
        if outcome is None:
            days["decided"] = None
        elif days["decided"] is None and not form.errors:
            days["decided"] = today
        if not form.errors:
            visit.update(lambda now: _with_all(answers.whole(now), found, days, cast("Outcome | None", outcome)))
            return redirect(url_for("reminders.my_case"), 303)
    page = render_template(
        "reminders/petition.html", form=form, title=_title(document, found), steps=STEPS, step_words=_STEP_WORDS,
        case_id=case_id, form_name=form_name, back_url=url_for("reminders.my_case"),
    )  # fmt: skip
    return make_response(page, 422 if form.errors else 200)


def _dates(petition: Petition) -> dict[str, str]:
    boxes: dict[str, str] = {"outcome": petition.outcome or ""}
    for step in STEPS:
        day = petition[step]
        for name in ("month", "day", "year"):
            boxes[f"{step}_{name}"] = str(getattr(day, name)) if day else ""
    return boxes


def _with_all(
    document: answers.Document, petition: Petition, days: Mapping[Step, date | None], outcome: Outcome | None
) -> answers.Document:
    changed, now = document, clock.now()
    for step in STEPS:
        if step != "decided" or outcome is None:
            changed = with_step(changed, petition.case, petition.form, step, days[step], now)
    decided = days["decided"]
    if outcome is not None and decided is not None:
        changed = with_decision(changed, petition.case, petition.form, outcome, decided, now)
    return changed


@bp.post("/my-case/stop")
@visit.require
def stop() -> ResponseReturnValue:
    texts = guard.store().texts
    known = texts.of_visit(_here().id)
    if known is not None:
        texts.stop(known.number, "/my-case", int(clock.now().timestamp()))
    return redirect(url_for("reminders.my_case"), 303)


def _events(known: tuple[Petition, ...], opening: tuple[date, ...]) -> list[Event]:
    """The dates of this person for a calendar; their words name nothing."""
    ref = _here().created.isoformat()
    found = []
    for each in known:
        if (hearing := each["hearing"]) and each["decided"] is None:
            words = _("Limpio: a date you saved")
            found.append(Event(f"{ref} {each.case} {each.form} hearing", hearing, words, warn=(1,)))
        if granted := each["granted"]:
            words = _("Limpio: look at something again")
            later = granted + timedelta(days=60)
            found.append(Event(f"{ref} {each.case} {each.form} recheck", later, words))
    for day in opening:
        found.append(Event(f"{ref} open {day.isoformat()}", day, _("Limpio: from today you can do something new")))
    return found


@bp.get("/my-case/dates.ics")
@visit.require
@guard.limit("download")
def dates() -> ResponseReturnValue:
    document = answers.whole(visit.document())
    known = petitions(document)
    events = _events(known, opening_days(document, known, clock.today()))
    response = make_response(calendar(events, made=clock.now(), lang=messages.text_lang(current_lang())))
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    response.headers["Content-Disposition"] = 'attachment; filename="limpio.ics"'
    return response


# -------------------------------------------------------------------------------------------------- the link in a text


class PinForm(FlaskForm):
    pin = StringField(_l("Your PIN"))


@bp.route("/t/<code>", methods=["GET", "POST"])
def link(code: str) -> ResponseReturnValue:
    texts, now = guard.store().texts, int(clock.now().timestamp())
    known = texts.link(code[:40], now)
    form = PinForm()
    if known is None:
        return make_response(render_template("reminders/link_over.html"), 410)
    if request.method == "GET" or known.pin is None or not form.validate_on_submit():
        return render_template("reminders/link.html", form=form, has_pin=known.pin is not None)
    wait = guard.spend("pin")
    if wait:
        form.pin.errors = [_("There were too many wrong PINs.") + " " + guard.wait_words(wait)]
        return make_response(render_template("reminders/link.html", form=form, has_pin=True), 429)
    device = secrets.token_urlsafe(32)
    if not _pin_fits(known, (form.pin.data or "").strip()):
        left = texts.wrong_pin(code[:40], PIN_TRIES)
        if not left:
            return make_response(render_template("reminders/link_over.html"), 410)
        form.pin.errors = [
            ngettext(
                "That is not your PIN. You can try %(num)d more time.",
                "That is not your PIN. You can try %(num)d more times.",
                left,
            )
        ]
        return make_response(render_template("reminders/link.html", form=form, has_pin=True), 422)
    guard.clear_of_limit("pin")
    if not texts.use_link(code[:40], device, now):
        return make_response(render_template("reminders/link_over.html"), 410)
    opened = guard.store().visit(device)
    if opened is None:
        return visit.lost()
    visit.enter(opened)
    return redirect(url_for("reminders.my_case"), 303)


def _pin_fits(known: Texting, pin: str) -> bool:
    made = guard.store().texts.made(known.key)
    hashed = guard.store().vault.lookup("pin", f"{made} {pin}".encode()).hex()
    return hmac.compare_digest(hashed, known.pin or "")


# ---------------------------------------------------------------------------------------------------------- development


class OutboxForm(FlaskForm):
    at = StringField(_l("As if it were (day and hour in California)"))


class AnswerForm(FlaskForm):
    number = StringField(_l("From the phone"))
    said = StringField(_l("What it says"))


@dev.before_request
def only_in_development() -> None:
    if _settings().production or _settings().twilio_sid:
        abort(404)


@dev.get("/dev/outbox", endpoint="root")
def outbox_root() -> ResponseReturnValue:
    return redirect(url_for("reminders.outbox"))


@bp.get("/dev/outbox")
def outbox() -> ResponseReturnValue:
    return _outbox_page(OutboxForm(formdata=None), AnswerForm(formdata=None))


def _outbox_page(form: OutboxForm, reply: AnswerForm, told: str | None = None, status: int = 200) -> Response:
    only_in_development()
    sent_out = [(number, body, _local(utc(at))) for number, body, at in guard.store().texts.outbox()]
    if not form.at.data:
        # A whole minute, and not one that is past: what was asked for a moment ago is due by then.
        form.at.data = _local(next_open(clock.now() + timedelta(minutes=1), schedule())).strftime("%Y-%m-%d %H:%M")
    if not reply.number.data and sent_out:
        reply.number.data = sent_out[0][0]
    page = render_template("reminders/outbox.html", form=form, reply=reply, sent_out=sent_out, told=told)
    return make_response(page, status)


@bp.post("/dev/outbox/send")
def outbox_send() -> ResponseReturnValue:
    only_in_development()
    form = OutboxForm()
    try:
        at = datetime.fromisoformat((form.at.data or "").strip()).replace(tzinfo=clock.CALIFORNIA).astimezone(UTC)
    except ValueError:
        form.at.errors = [_("Write it like 2026-12-24 10:00.")]
        return _outbox_page(form, AnswerForm(formdata=None), status=422)
    store = guard.store()
    # The server's own workers hold the turn, and are asleep.
    Worker(store, line_of(_settings(), store), site=request.host_url.rstrip("/"), turns=False).run(lambda: at)
    return redirect(url_for("reminders.outbox"), 303)


@bp.post("/dev/outbox/answer")
def outbox_answer() -> ResponseReturnValue:
    only_in_development()
    reply = AnswerForm()
    try:
        number = numbers.read(reply.number.data or "")
    except numbers.NotANumber as bad:
        reply.number.errors = [_(numbers.NUMBER_PROBLEMS[bad.reason])]
        return _outbox_page(OutboxForm(formdata=None), reply, status=422)
    site = request.host_url.rstrip("/")
    told = answer(guard.store(), number, reply.said.data or "", now=clock.now(), site=site)
    if told:
        guard.store().texts.put_out(secrets.token_bytes(16), number, told, int(clock.now().timestamp()))
    return redirect(url_for("reminders.outbox"), 303)
