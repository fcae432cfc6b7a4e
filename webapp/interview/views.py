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
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice

from rules import offense
from rules.facts import dictionary
from rules.record import contradictions, read_value
from rules.span import Span
from webapp import clock, visit
from webapp.counties import COUNTIES
from webapp.language import PSEUDO, current_lang, current_locale, format_date_long, pseudo

from . import document as doc
from . import flow, forms, offense_names
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
        document = changed(doc.with_case)
    return redirect(_next_url(document), 303)


def _next_url(document: Document) -> str:
    if not document["cases"]:
        return url_for("interview.next_page")
    questions, as_of = flow.load(), clock.today()
    entry = flow.entry_open(questions, document, as_of)
    for case in document["cases"]:
        here = [a for a in entry if a.place.case == case["id"]]
        if here and (case["counts"] or here[0].place.count is None):
            return url_for("interview.question", where=here[0].place.path)
        if not case["counts"]:
            return url_for("interview.offenses", case=case["id"])
    if not document["done"]:
        return url_for("interview.another")
    open_ = flow.open_questions(questions, document, as_of)
    if open_:
        return url_for("interview.question", where=open_[0].place.path)
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
    q, place = asked.question, asked.place
    said = (doc.holder(document, place) or {}).get("said", "") if q.kind == "offense" else ""
    found = offense_names.found(said, current_lang(), _, as_of) if said else []
    form = forms.form_for(q, document, place, as_of, found)
    editing = request.values.get("edit") == "1"
    if request.method == "POST" and form.validate_on_submit():
        typed = (form.other.data or "").strip() if q.kind == "offense" and form.answer.data == forms.OTHER else ""
        if typed and not offense_names.settled(typed, as_of) and not (typed == said and offenses_read(typed)):
            changed(lambda d: doc.with_said(d, place.case or "", place.count or "", typed))
            here = url_for("interview.question", where=where, edit=1) if editing else request.path
            return redirect(here, 303)
        given = forms.answer_of(q, form, found)

        def apply(current: Document) -> Document:
            result = flow.answer(questions, current, asked, given.value, as_of, unsure=given.unsure, also=given.also)
            return doc.with_said(result, place.case or "", place.count or "", "") if said else result

        if q.kind == "date" and contradictions(doc.record(apply(document))):
            form.year.errors = [
                _(
                    "This date does not fit together with another date you gave: of the birth, of the day it "
                    "happened, or of the conviction. Check them."
                )
            ]
        else:
            next_url = _next_url(changed(apply))
            if editing and "/q/" not in next_url:
                next_url = url_for("interview.summary")
            return redirect(next_url, 303)
    before = flow.answered_in_order(questions, document, as_of)
    position = next((i for i, a in enumerate(before) if a.place == place), len(before))
    back = before[position - 1] if position and before else None
    # Counted within one case: "question 40 of 64" would frighten whoever has five.
    here_ = place.case
    earlier = [a for a in before if a.place != place and a.place.case == here_]
    open_ = flow.open_questions(questions, document, as_of)
    later = [a for a in open_ if a.place != place and a.place.case == here_]
    first = len(q.answers)
    help_words = {str(i): _(a.help) for i, a in enumerate(q.answers) if a.help}
    help_words |= {str(first + i): _("Number %(number)s", number=a.help) for i, a in enumerate(found)}
    page = render_template(
        "interview/question.html",
        form=form,
        q=q,
        help_words=help_words,
        of=_about(document, asked),
        known_roughly=_rough_words(q, doc.value(document, place)) if flow.roughly(document, asked) else None,
        said=said,
        found=found,
        number=len(earlier) + 1,
        total=len(earlier) + 1 + len(later),
        editing=editing,
        back_url=url_for("interview.summary") if editing else _back_url(asked, back),
    )
    return (page, 422) if form.errors else page


def _back_url(asked: flow.Asked, before: flow.Asked | None) -> str:
    """Where a question's way back leads: to the question answered before it, but never into the entry of a case, whose
    pages are its own."""
    place = asked.place
    if asked.question.kind == "offense":
        return url_for("interview.offenses", case=place.case)
    if before is None:
        return url_for("pages.home")
    here, there = asked.question.part == "entry", before.question.part == "entry"
    if here != there or (here and before.place.case != place.case):
        return url_for("interview.another")
    return url_for("interview.question", where=before.place.path)


def offenses_read(typed: str) -> bool:
    """Whether a number can be made out: a person who insists on a number with several rows is taken at their word."""
    return offense.read(typed) is not None


def _about(document: Document, asked: flow.Asked) -> str | None:
    """Which conviction or case a question is about, where there is more than one."""
    place = asked.place
    case = doc.case_of(document, place.case)
    if case is None or len(document["cases"]) + len(case["counts"]) < 3:
        return None
    number = 1 + document["cases"].index(case)
    names = [offense_names.name_of(k, clock.today(), _) for k in case["counts"] if place.count in (None, k["id"])]
    return _("Case %(n)s: %(offense)s", n=number, offense="; ".join(names)) if any(names) else _("Case %(n)s", n=number)


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


class OffensesForm(FlaskForm):
    """What a case was for: the most common offenses as boxes, and lines for a number or words."""

    known = StringField()  # how many there were when the page was shown
    county = SelectField(validate_choice=False)
    common = SelectMultipleField(validate_choice=False)
    line1 = StringField()
    line2 = StringField()
    line3 = StringField()
    line4 = StringField()
    unsure = BooleanField()

    @property
    def lines(self) -> list[StringField]:
        return [self.line1, self.line2, self.line3, self.line4]

    @property
    def typed(self) -> list[str]:
        return offense_names.lines([line.data or "" for line in self.lines])

    def picked(self, number: int) -> list[int]:
        return [int(v) for v in self.common.data or [] if v.isdecimal() and int(v) < number]


@bp.route("/q/<case>/offenses", methods=["GET", "POST"])
@visit.require
def offenses(case: str) -> ResponseReturnValue:
    """All offenses of one case on one page. A number of the catalogue is taken as it is; for words, or a number with
    several parts, the next pages ask which one it is."""
    document = answers()
    held = doc.case_of(document, case)
    if held is None:
        return redirect(url_for("interview.next_page"), 303)
    as_of = clock.today()
    q = q_offense = next(q for q in flow.load() if q.kind == "offense")
    where = next(q for q in flow.load() if q.beside == q_offense.fact)
    form = OffensesForm(county=held.get("county") or "")
    convicted = held.get("disposition", "convicted") == "convicted"
    form.common.label.text = (
        _("What were you convicted of in this case?") if convicted else _("What was the most serious charge?")
    )
    form.county.label.text = _(where.question)
    form.county.choices = forms.county_choices()
    form.common.choices = [SelectChoice(str(i), _(a.label)) for i, a in enumerate(q.answers)]
    form.unsure.label.text = _("I don't know what it was")
    for n, line in enumerate(form.lines, 1):
        line.label.text = _("Another one, number %(n)s", n=n)
    if form.validate_on_submit():
        picked, typed = form.picked(len(q.answers)), form.typed
        fresh = form.known.data == str(len(held["counts"]))
        wrong = _wrong_offenses(form, len(picked) + len(typed), len(held["counts"]), fresh=fresh, convicted=convicted)
        if wrong:
            form.common.errors = [wrong]
        elif long := [line for line in form.lines if len(line.data or "") > forms.LONGEST_OFFENSE]:
            for line in long:
                line.errors = [_("That is too long. Write one number, or a few words, on each line.")]
        else:
            try:
                document = changed(
                    lambda d: _with_county(
                        _with_offenses(
                            d, case, q, picked, typed, as_of, unsure=form.unsure.data, known=form.known.data
                        ),
                        doc.Place(case, None, where.fact),
                        form.county.data or "",
                    )
                )
                return redirect(_next_url(document), 303)
            except doc.TooMany:
                form.common.errors = [_too_many()]
    page = render_template(
        "interview/offenses.html",
        form=form,
        q=q,
        where=where,
        convicted=convicted,
        help_words={str(i): _(a.help) for i, a in enumerate(q.answers) if a.help},
        listed=[offense_names.name_of(k, as_of, _) for k in held["counts"]],
        number=1 + document["cases"].index(held),
        back_url=url_for("interview.summary")
        if held["counts"]
        else url_for("interview.question", where=f"{case}/disposition"),
    )
    return (page, 422) if form.errors else page


def _wrong_offenses(form: OffensesForm, number: int, there: int, *, fresh: bool, convicted: bool) -> str | None:
    """What is wrong, if anything. ``there``: how many the case has; ``fresh``: the page showed them."""
    if form.unsure.data and number:
        return _("You chose “I don't know” and named an offense too. Keep one of them.")
    if not (form.unsure.data or number or there):
        return _("Choose or write at least one. If you do not know, choose “I don't know what it was”.")
    if not convicted and number and number + (there if fresh else 0) > 1:
        return _("Name only the most serious one here. The papers can list the others.")
    return None


def _too_many() -> str:
    return _(
        "One visit holds %(most)s convictions. Make a code for this visit, then start a new one for the others.",
        most=doc.MOST_CONVICTIONS,
    )


def _with_offenses(
    document: Document,
    case: str,
    q: flow.Question,
    picked: list[int],
    typed: list[str],
    as_of: date,
    *,
    unsure: bool,
    known: str | None,
) -> Document:
    """The document with a line of the case for every offense named. A form sent twice, or from an older page than
    ``known`` lines ago, adds only what is not there yet."""
    there = (doc.case_of(document, case) or {}).get("counts", [])
    if there and known != str(len(there)):
        picked = [i for i in picked if not _holds(there, q.answers[i].value, dict(q.answers[i].sets))]
        typed = [words for words in typed if not _holds_words(there, words)]
        unsure = unsure and not any(count.get("offense") is None for count in there)

    def line(document: Document) -> tuple[Document, flow.Asked]:
        added = doc.with_conviction(document, case)
        held = doc.case_of(added, case)
        count = held["counts"][-1]["id"] if held else ""
        return added, flow.Asked(q, doc.Place(case, count, q.fact))

    questions = flow.load()
    for i in picked:
        document, asked = line(document)
        answer = q.answers[i]
        document = flow.answer(questions, document, asked, answer.value, as_of, also=dict(answer.sets))
    for words in typed:
        document, asked = line(document)
        read = offense.read(words)
        if read is not None and offense_names.settled(words, as_of):
            document = flow.answer(questions, document, asked, read.offense, as_of, also=forms.parts_of(read))
        else:
            document = doc.with_said(document, case, asked.place.count or "", words)
    if unsure:
        document, asked = line(document)
        document = flow.answer(questions, document, asked, None, as_of, unsure=True)
    return document


def _holds(counts: list[dict[str, Any]], named: str, parts: dict[str, Any]) -> bool:
    return any(k.get("offense") == named and all(k.get(n) == v for n, v in parts.items()) for k in counts)


def _holds_words(counts: list[dict[str, Any]], words: str) -> bool:
    read = offense.read(words)
    return any(k.get("said") == words for k in counts) or (
        read is not None and _holds(counts, read.offense, forms.parts_of(read))
    )


def _with_county(document: Document, place: doc.Place, chosen: str) -> Document:
    """The document with the county of a case; one not chosen is not known, and is asked for with the papers."""
    known = chosen if chosen in COUNTIES else None
    return doc.with_answer(document, place, known, unsure=known is None)


class AnotherForm(FlaskForm):
    answer = RadioField(validate_choice=False)


@bp.route("/another", methods=["GET", "POST"])
@visit.require
def another() -> ResponseReturnValue:
    document = answers()
    form = AnotherForm()
    form.answer.label.text = _("Do you have another case?")
    form.answer.choices = [
        SelectChoice("no", _("No, that is all")),
        SelectChoice("new", _("Yes, another case")),
    ]
    form.answer.validators = (forms.chosen,)
    if form.validate_on_submit():
        if form.answer.data == "no":
            return redirect(_next_url(changed(doc.with_done)), 303)
        try:
            return redirect(_next_url(changed(doc.with_case)), 303)
        except doc.TooMany:
            form.answer.errors = [_too_many()]
    as_of = clock.today()
    last = document["cases"][-1]["id"] if document["cases"] else None
    page = render_template(
        "interview/another.html",
        form=form,
        listed=[
            "; ".join(offense_names.name_of(k, as_of, _) or _("Offense not known") for k in c["counts"])
            for c in document["cases"]
            if c["counts"]
        ],
        back_url=url_for("interview.question", where=f"{last}/disposition") if last else url_for("pages.home"),
    )
    return (page, 422) if form.errors else page


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
    if not any(case["counts"] for case in document["cases"]):
        return redirect(url_for("interview.next_page"), 303)
    as_of = clock.today()
    questions = flow.load()
    asked = flow.answered_in_order(questions, document, as_of)
    cases = []
    for case in document["cases"]:
        counts = [
            {
                "count": count["id"],
                "name": offense_names.name_of(count, as_of, _) or _("Offense not known"),
                "rows": [
                    _row(document, a) for a in asked if (a.place.case, a.place.count) == (case["id"], count["id"])
                ],
            }
            for count in case["counts"]
        ]
        rows = [_row(document, a) for a in asked if (a.place.case, a.place.count) == (case["id"], None)]
        cases.append({"case": case["id"], "rows": rows, "counts": counts})
    return render_template(
        "interview/summary.html",
        cases=cases,
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
    q = asked.question
    if q.kind == "checks":
        if doc.is_unsure(document, asked.place):
            return _("I'm not sure")
        held = [a for a in q.answers if doc.value(document, flow.place_of(a.value, None, None)) is True]
        return "; ".join(_(a.label) for a in held) or _("None of these")
    if raw is None:
        return _("I'm not sure")
    if q.kind == "offense":
        return offense_names.name_of(doc.holder(document, asked.place) or {}, clock.today(), _)
    answer = flow.answer_of(q, document, asked.place)
    if answer is not None:
        return _(answer.label)
    if q.kind == "date" and isinstance(raw, str):
        return raw_date_words(raw)
    return str(raw)


@bp.post("/answers/<case>/<count>/remove")
@visit.require
def remove(case: str, count: str) -> Response:
    if doc.count_of(answers(), case, count) is None:
        abort(404)
    document = changed(lambda d: doc.without_conviction(d, case, count))
    return redirect(url_for("interview.summary" if document["cases"] else "interview.next_page"), 303)
