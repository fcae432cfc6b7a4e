"""Starting, coming back, deleting, leaving.

| page     | what it does                                                                                            |
|----------|---------------------------------------------------------------------------------------------------------|
| /start   | POST: a new visit. Somebody who already has answers here is asked first, so that two people never mix.  |
| /code    | GET: what a code is. POST: makes one and shows it, this once.                                           |
| /resume  | five words open the answers on this device too                                                          |
| /delete  | GET: asks. POST: erases everything at once, for all devices                                             |
| /deleted | says that it is done                                                                                    |
| /leave   | quick exit: the browser forgets, a weather page opens. The answers stay for the code. Without a code    |
|          | and without another device nobody could open them again, so then they are erased.                       |
"""

from __future__ import annotations

import sqlite3
from datetime import date, datetime

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import StringField

from webapp import clock, guard, visit
from webapp.language import current_lang
from webapp.store import Visit, resume_code

__all__ = ["WEATHER", "bp"]

bp = Blueprint("visit", __name__)

WEATHER = "https://www.weather.gov/"
FORGET = '"cookies", "storage", "cache"'


class CodeForm(FlaskForm):
    code = StringField(_l("Your five words"))


@bp.post("/start")
@guard.limit("start")
def start() -> ResponseReturnValue:
    here = visit.current()
    if here is not None and here.document and "fresh" not in request.form:
        return render_template("visit/already.html", visit=here)
    if here is not None and not here.document:
        guard.store().forget_device(here.id)  # nothing was answered yet: no empty visit stays behind
    visit.enter(guard.store().new_visit(current_lang()))
    return redirect(url_for("interview.next_page"), 303)


@bp.route("/code", methods=["GET", "POST"])
@visit.require
@guard.limit("code", methods=("POST",))
def code() -> ResponseReturnValue:
    here = _here()
    words = guard.store().make_resume_code(here.id, current_lang()) if request.method == "POST" else None
    return render_template(
        "visit/code.html",
        words=words.split() if words else None,
        made=_day(here.code_made) if here.code_made else None,
        kept_until=_day(here.expires),
    )


@bp.route("/resume", methods=["GET", "POST"])
def resume() -> ResponseReturnValue:
    form = CodeForm()
    if request.method == "GET":
        return render_template("visit/resume.html", form=form, here=visit.current())
    text = (form.code.data or "")[: resume_code.LONGEST]
    # Counted first and taken back when right, so that many tries at the same moment cannot slip through.
    wait = max(guard.spend("resume"), guard.spend("resume-all"))
    if wait:
        words = _("There were too many wrong codes.") + " " + guard.wait_words(wait)
        return _resume_problem(form, words, 429, {"Retry-After": str(wait)})
    opened = guard.store().visit_by_code(text, replaces=visit.cookie_id())
    if opened is None:
        return _resume_problem(form, _wrong(text), 422, {})
    guard.clear_of_limit("resume")
    guard.clear_of_limit("resume-all")
    visit.enter(opened)
    return redirect(url_for("interview.next_page"), 303)


@bp.route("/delete", methods=["GET", "POST"])
@visit.require
def delete() -> ResponseReturnValue:
    if request.method == "GET":
        return render_template("visit/delete.html")
    guard.store().delete_visit(_here().id)
    visit.forget()
    return redirect(url_for("visit.deleted"), 303)


@bp.get("/deleted")
def deleted() -> ResponseReturnValue:
    return render_template("visit/deleted.html")


@bp.get("/leave")
def leave() -> ResponseReturnValue:
    answer = redirect(WEATHER, 303)
    if guard.from_elsewhere() or "prefetch" in request.headers.get("Sec-Purpose", ""):
        return answer  # another site, or a browser looking ahead, must not close a person's answers
    known = visit.cookie_id()
    if known:
        try:
            guard.store().forget_device(known)
        except sqlite3.Error as error:  # leaving works whatever else does not
            current_app.logger.error("Leaving could not close the device: %s", type(error).__name__)
    visit.forget()
    answer.headers["Clear-Site-Data"] = FORGET
    return answer


def _here() -> Visit:
    found = visit.current()
    if found is None:
        raise RuntimeError("this view stands behind visit.require")
    return found


def _day(moment: datetime) -> date:
    return moment.astimezone(clock.CALIFORNIA).date()


def _wrong(text: str) -> str:
    typed = len(text.split())
    if not typed:
        return str(_("Type the five words of your code."))
    if typed < resume_code.WORDS:
        return str(
            ngettext(
                "A code has five words. We found %(num)d word. Type all five, with spaces between them.",
                "A code has five words. We found %(num)d words. Type all five, with spaces between them.",
                typed,
            )
        )
    return str(
        _(
            "These words did not open any answers. Check each word. "
            "If you made a newer code, only the newest works. Answers that were deleted, or not used for a long time, "
            "cannot be opened."
        )
    )


def _resume_problem(form: CodeForm, sentence: str, status: int, headers: dict[str, str]) -> Response:
    form.code.errors = [sentence]
    return make_response(render_template("visit/resume.html", form=form, here=visit.current()), status, headers)
