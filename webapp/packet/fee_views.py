"""Two pages for FW-001, from the page of finished papers: whether it is wanted; the income, where it decides."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from forms import income_limits
from webapp import visit
from webapp.interview import document as answers
from webapp.packet.cover_page import revision
from webapp.packet.fees import ROWS, FeesForm, IncomeForm, fees_of
from webapp.packet.form_page import form_page

bp = Blueprint("fees", __name__, url_prefix="/<lang:lang>")


@bp.route("/papers/fees", methods=["GET", "POST"])
@visit.require
def wanted() -> ResponseReturnValue:
    said = fees_of(answers.whole(visit.document()))
    asked = {"wanted": None if "wanted" not in said else "yes" if said["wanted"] else "no"}
    form = FeesForm(data={**said, **asked})
    if form.validate_on_submit():
        told = form.said()
        visit.update(lambda now: _with_fees(now, told))
        more = told["wanted"] and not told["benefits"]
        return redirect(url_for("fees.income" if more else "packet.ready"), 303)
    return form_page("packet/fees.html", form, fee_form=revision("FW-001"), back_url=url_for("packet.ready"))


@bp.route("/papers/fees/income", methods=["GET", "POST"])
@visit.require
def income() -> ResponseReturnValue:
    said = fees_of(answers.whole(visit.document()))
    if not said.get("wanted"):
        return redirect(url_for("fees.wanted"), 303)
    form = IncomeForm(data={**said, "home": str(said.get("home") or "")})
    if form.validate_on_submit():
        told = form.said()
        visit.update(lambda now: _with_fees(now, told))
        return redirect(url_for("packet.ready"), 303)
    return form_page("packet/fee_income.html", form, rows=ROWS, limits=income_limits(), fee_form=revision("FW-001"),
        back_url=url_for("fees.wanted"),
    )  # fmt: skip


def _with_fees(now: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    document = answers.whole(now)
    return {**document, "fees": {**fees_of(document), **told}}
