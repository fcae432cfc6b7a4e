"""The results page: what the law opens, why, what is missing, what relief does and does not do."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from rules.remedy import ELIGIBLE
from webapp import clock, visit
from webapp.interview import flow
from webapp.interview.views import answer_words, answers

from . import cards

bp = Blueprint("results", __name__)


@bp.get("/results")
@visit.require
def show() -> ResponseReturnValue:
    document = answers()
    if not document["cases"]:
        return redirect(url_for("interview.next_page"), 303)
    as_of = clock.today()
    findings = flow.findings(document, as_of)
    shown = cards.cards(
        findings,
        document,
        as_of,
        _,
        answer_words,
        lambda path: url_for("interview.question", where=path, edit=1),
    )
    return render_template(
        "results/show.html",
        cards=shown,
        as_of=as_of,
        effects=[cards.EFFECTS[k] for k in cards.effects(findings)],
        effect_names=cards.effects(findings),
        can_file=any(c.best.outcome in ELIGIBLE and c.best.form for c in findings.counts),
        blank_held=any(c.best.form == "CR-400" for c in findings.counts),
        check_first=any("auto_relief_likely" in c.best.flags for c in findings.counts),
        ask_a_lawyer=any(c.best.outcome == "needs_lawyer" or "lawyer" in c.best.flags for c in findings.counts),
        back_url=url_for("interview.summary"),
    )
