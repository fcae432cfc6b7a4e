"""The pages of the interview: one question a page, POST then redirect, answers kept on the server."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from babel.dates import format_skeleton
from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice

from rules.facts import dictionary
from rules.record import contradictions, read_value
from rules.span import Span
from webapp import clock, visit
from webapp.language import PSEUDO, current_lang, current_locale, format_date_long, pseudo

from . import document as doc
from . import flow, forms
from .document import Document

bp = Blueprint("interview", __name__)
CITIZENSHIP = "citizenship"


def answers() -> Document:
    """The current visit's answers, every part there. For views behind `visit.require`."""
    return doc.whole(visit.document())


def changed(change: Callable[[Document], Document]) -> Document:
    """Applies a change to the answers in one transaction; gives them back as they are on disk."""
    return doc.whole(visit.update(lambda d: change(doc.whole(d))).document)


@bp.get("/q")
@visit.require
def next_page() -> Response:
    """Sends the person to the first thing still to do."""
    document = answers()
    if not document["cases"]:
        document = changed(doc.with_conviction)
    return redirect(_next_url(document), 303)


def _next_url(document: Document) -> str:
    open_ = flow.open_questions(flow.load(), document, clock.today())
    if open_:
        return url_for("interview.question", where=open_[0].place.path)
    if not document["done"]:
        return url_for("interview.another")
    if CITIZENSHIP not in document["seen"]:
        return url_for("interview.citizenship")
    return url_for("interview.summary")


@bp.route("/q/<path:where>", methods=["GET", "POST"])
@visit.require
def question(where: str) -> ResponseReturnValue:
    document = answers()
    as_of = clock.today()
    questions = flow.load()
    asked = flow.at(questions, document, where, as_of)
    if asked is None:
        # An old bookmark, or an answer since changed made this question void: go on where the person is.
        return redirect(url_for("interview.next_page"), 303)
    q = asked.question
    stored = doc.value(document, asked.place)
    form = forms.form_for(q, stored, unsure=doc.is_unsure(document, asked.place), as_of=as_of)
    editing = request.values.get("edit") == "1"
    if request.method == "POST" and form.validate_on_submit():
        new, more, unsure = forms.answer_of(q, form)

        def apply(current: Document) -> Document:
            result = flow.answer(questions, current, asked, new, as_of, unsure=unsure)
            for fact, value in more.items():
                result = doc.with_answer(result, doc.Place(asked.place.case, asked.place.count, fact), value)
            return result

        if q.kind == "date" and contradictions(doc.record(apply(document))):
            form.year.errors = [
                _(
                    "A conviction comes after the day it happened. The two dates do not fit together. Check both of "
                    "them."
                )
            ]
        else:
            next_url = _next_url(changed(apply))
            if editing and "/q/" not in next_url:
                next_url = url_for("interview.summary")
            return redirect(next_url, 303)
    before = flow.answered_in_order(questions, document, as_of)
    position = next((i for i, a in enumerate(before) if a.place == asked.place), len(before))
    back = before[position - 1] if position and before else None
    # Counted within one conviction: "question 40 of 64" would frighten whoever has five.
    here = _group(document, asked)
    earlier = [a for a in before if a.place != asked.place and _group(document, a) == here]
    open_ = flow.open_questions(questions, document, as_of)
    later = [a for a in open_ if a.place != asked.place and _group(document, a) == here]
    page = render_template(
        "interview/question.html",
        form=form,
        q=q,
        help_words={str(i): _(a.help) for i, a in enumerate(q.answers) if a.help},
        of=_conviction_words(document, asked),
        known_roughly=_rough_words(q, stored) if flow.roughly(document, asked) else None,
        number=len(earlier) + 1,
        total=len(earlier) + 1 + len(later),
        editing=editing,
        back_url=url_for("interview.summary")
        if editing
        else url_for("interview.question", where=back.place.path)
        if back
        else url_for("pages.home"),
    )
    return (page, 422) if form.errors else page


def _group(document: Document, asked: flow.Asked) -> tuple[str, str] | None:
    """The conviction a question belongs to (a case's own questions: to its first); None for questions on the person."""
    case = doc.case_of(document, asked.place.case)
    return (case["id"], asked.place.count or case["counts"][0]["id"]) if case else None


def _conviction_words(document: Document, asked: flow.Asked) -> str | None:
    """Which conviction a question is about, where there is more than one."""
    counts = [(c["id"], k["id"]) for c in document["cases"] for k in c["counts"]]
    if len(counts) < 2 or asked.place.case is None:
        return None
    if asked.place.count is None:
        return _(
            "About the case of conviction %(n)s",
            n=1 + next(i for i, c in enumerate(counts) if c[0] == asked.place.case),
        )
    return _("About conviction %(n)s", n=1 + counts.index((asked.place.case, asked.place.count)))


def _rough_words(q: flow.Question, raw: Any) -> str | None:
    if not isinstance(raw, str):
        return None
    known = read_value(dictionary()[q.fact], raw)
    if not isinstance(known, Span):
        return None
    return _(
        "You wrote %(date)s. That alone does not settle it. If you can, add the month and day. If not, choose “I'm not "
        "sure”.",
        date=raw_date_words(raw),
    )


def raw_date_words(raw: str) -> str:
    """A stored date in words: "1998", "July 1998" or "July 21, 1998" in the reader's language."""
    if len(raw) == 4:
        return raw
    if len(raw) == 7:
        text = format_skeleton("yMMMM", date(int(raw[:4]), int(raw[5:]), 1), locale=current_locale().babel)
        return pseudo(text) if current_lang() == PSEUDO else text
    return format_date_long(date.fromisoformat(raw))


class AnotherForm(FlaskForm):
    answer = RadioField(validate_choice=False)


@bp.route("/another", methods=["GET", "POST"])
@visit.require
def another() -> ResponseReturnValue:
    document = answers()
    form = AnotherForm()
    cases = [(c["id"], _case_words(document, c)) for c in document["cases"]]
    form.answer.label.text = _("Do you have another marijuana conviction?")
    form.answer.choices = [
        SelectChoice("no", _("No, that is all")),
        *(SelectChoice(c, _("Yes, in the same case: %(case)s", case=words)) for c, words in cases),
        SelectChoice("new", _("Yes, in another case")),
    ]
    form.answer.validators = (forms.chosen,)
    if form.validate_on_submit():
        if form.answer.data == "no":
            return redirect(_next_url(changed(doc.with_done)), 303)
        same = form.answer.data if form.answer.data != "new" else None
        try:
            return redirect(_next_url(changed(lambda d: doc.with_conviction(d, same))), 303)
        except doc.TooMany:
            form.answer.errors = [
                _(
                    "One visit holds %(most)s convictions. Make a code for this visit, then start a new one for the "
                    "others.",
                    most=doc.MOST_CONVICTIONS,
                )
            ]
    before = flow.answered_in_order(flow.load(), document, clock.today())
    page = render_template(
        "interview/another.html",
        form=form,
        back_url=url_for("interview.question", where=before[-1].place.path) if before else url_for("pages.home"),
    )
    return (page, 422) if form.errors else page


def _case_words(document: Document, case: dict[str, Any]) -> str:
    number = 1 + next(i for i, c in enumerate(document["cases"]) if c["id"] == case["id"])
    county = case.get("county")
    return _("case %(n)s, %(county)s County", n=number, county=county) if county else _("case %(n)s", n=number)


class CitizenshipForm(FlaskForm):
    answer = RadioField(validate_choice=False)


@bp.route("/citizenship", methods=["GET", "POST"])
@visit.require
def citizenship() -> ResponseReturnValue:
    """Asks, warns, and forgets: only that the page was shown is kept, the same whatever the answer."""
    form = CitizenshipForm()
    form.answer.label.text = _("Are you a United States citizen?")
    form.answer.choices = [
        SelectChoice("yes", _("Yes")),
        SelectChoice("no", _("No")),
        SelectChoice("unsure", _("I'm not sure")),
        SelectChoice("skip", _("I would rather not say")),
    ]
    form.answer.validators = (forms.chosen,)
    if form.validate_on_submit():
        changed(lambda d: doc.with_seen(d, CITIZENSHIP))
        if form.answer.data in ("no", "unsure"):
            return redirect(url_for("interview.immigration"), 303)
        return redirect(url_for("interview.next_page"), 303)
    page = render_template("interview/citizenship.html", form=form, back_url=url_for("interview.another"))
    return (page, 422) if form.errors else page


@bp.get("/immigration")
@visit.require
def immigration() -> str:
    return render_template("interview/immigration.html", back_url=url_for("interview.citizenship"))


@bp.get("/answers")
@visit.require
def summary() -> ResponseReturnValue:
    document = answers()
    if not document["cases"]:
        return redirect(url_for("interview.next_page"), 303)
    as_of = clock.today()
    questions = flow.load()
    asked = flow.answered_in_order(questions, document, as_of)
    convictions = []
    for case in document["cases"]:
        for count in case["counts"]:
            of_count = [
                a
                for a in asked
                if a.place.case == case["id"]
                and (a.place.count == count["id"] or (a.place.count is None and count is case["counts"][0]))
            ]
            convictions.append(
                {"case": case["id"], "count": count["id"], "rows": [_row(document, a) for a in of_count]}
            )
    return render_template(
        "interview/summary.html",
        convictions=convictions,
        person=[_row(document, a) for a in asked if a.place.case is None],
        still_open=flow.open_questions(questions, document, as_of),
        back_url=url_for("interview.another"),
    )


def _row(document: Document, asked: flow.Asked) -> dict[str, str]:
    return {
        "question": _(asked.question.short),
        "answer": answer_words(document, asked),
        "change": url_for("interview.question", where=asked.place.path, edit=1),
    }


def answer_words(document: Document, asked: flow.Asked) -> str:
    """A stored answer in the reader's language."""
    raw = doc.value(document, asked.place)
    if raw is None:
        return _("I'm not sure")
    label = flow.label_of(asked.question, raw)
    if label is not None:
        return _(label)
    if asked.question.kind == "date" and isinstance(raw, str):
        return raw_date_words(raw)
    return str(raw)


@bp.post("/answers/<case>/<count>/remove")
@visit.require
def remove(case: str, count: str) -> Response:
    if doc.count_of(answers(), case, count) is None:
        abort(404)
    document = changed(lambda d: doc.without_conviction(d, case, count))
    return redirect(url_for("interview.summary" if document["cases"] else "interview.next_page"), 303)
