"""The results page: what the law opens, why, in which order, what is missing, what opens when, what relief does and
does not do. The same page answers for another day ("what will be open on ...")."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import StringField

import forms
from rules.remedy import ELIGIBLE
from webapp import clock, visit
from webapp.interview import flow
from webapp.interview.views import answer_words, answers
from webapp.packet.papers import COMPOSERS

from . import cards

bp = Blueprint("results", __name__)
YEARS_AHEAD = 40


class WhenForm(FlaskForm):
    """Another day to ask about."""

    month = StringField()
    day = StringField()
    year = StringField()

    @property
    def asked(self) -> date | None:
        try:
            return date(*(int((field.data or "").strip()) for field in (self.year, self.month, self.day)))
        except ValueError:
            return None


def _day(today: date) -> date:
    """The day this page is about: today, or the later one named in the address."""
    try:
        asked = date.fromisoformat(request.args.get("on", ""))
    except ValueError:
        return today
    return asked if today <= asked <= today.replace(year=today.year + YEARS_AHEAD, day=1) else today


@bp.route("/results/when", methods=["GET", "POST"])
@visit.require
def when() -> ResponseReturnValue:
    """Sends the person to the results of the day they wrote; what cannot be read stays in its boxes. Whoever comes here
    without a day, by the link to another language, is sent to today's."""
    if request.method == "GET" or not any(case["counts"] for case in answers()["cases"]):
        return redirect(url_for("results.show"), 303)
    form = WhenForm()
    today = clock.today()
    if form.validate_on_submit():
        asked = form.asked
        if asked is not None and today <= asked <= today.replace(year=today.year + YEARS_AHEAD, day=1):
            return redirect(url_for("results.show", on=asked.isoformat()), 303)
        form.year.errors = [
            _("Write a day from today on, with month, day and year, like 5/1/%(year)s.", year=today.year + 1)
        ]
    return _page(form, today), 422


@bp.get("/results")
@visit.require
def show() -> ResponseReturnValue:
    if not any(case["counts"] for case in answers()["cases"]):
        return redirect(url_for("interview.next_page"), 303)
    return _page(WhenForm(), _day(clock.today()))


def _page(form: WhenForm, as_of: date) -> str:
    document = answers()
    today = clock.today()
    findings = flow.findings(document, as_of)
    shown = cards.cards(
        findings,
        document,
        as_of,
        _,
        answer_words,
        lambda path: url_for("interview.question", where=path, edit=1),
    )
    form.month.label.text, form.day.label.text, form.year.label.text = _("Month"), _("Day"), _("Year")
    best = [c.best for c in findings.counts]
    blanks = current_app.extensions["limpio_settings"].forms_dir
    forms_open = [f.form for f in best if f.outcome in ELIGIBLE and f.form]
    counties = dict.fromkeys(c["county"] for c in document["cases"] if c.get("county"))
    return render_template(
        "results/show.html",
        form=form,
        cards=shown,
        as_of=as_of,
        later=as_of != today,
        tally=_tally(shown),
        timeline=cards.timeline(findings, document, as_of, _),
        effects=[(cards.EFFECT_HEADINGS[k], cards.EFFECTS[k]) for k in cards.effects(findings)],
        can_file=as_of == today and any(f in COMPOSERS for f in forms_open),
        blank_held=any(forms.available(f, blanks) for f in forms_open if f in COMPOSERS),
        sheets=sorted({f for f in forms_open if f in COMPOSERS and not forms.available(f, blanks)}),
        forms_to_get=sorted({f for f in forms_open if f not in COMPOSERS and f[0].isupper()}),
        check_first=any(card.automatic for card in shown),
        ask_a_lawyer=any(c.kind == "lawyer" or any(n == "lawyer" for n, _words in c.flags) for c in shown),
        counties=list(counties),
        back_url=url_for("interview.summary"),
    )


def _tally(shown: tuple[cards.Card, ...]) -> list[tuple[str, int]]:
    """How many can be asked for now, later, and so on, in the order of the kinds."""
    words = {
        "open": _("You can ask, and if you meet the rules, the judge has to say yes:"),
        "judge": _("You can ask, and the judge decides:"),
        "done": _("Already cleared:"),
        "wait": _("Not yet:"),
        "unknown": _("It depends on facts we do not have:"),
        "lawyer": _("A lawyer needs to look at it:"),
        "closed": _("Not by the ways we know:"),
    }
    counts = {kind: sum(card.kind == kind for card in shown) for kind in words}
    return [(words[kind], number) for kind, number in counts.items() if number]
