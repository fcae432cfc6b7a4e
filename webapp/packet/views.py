"""From results to papers: contact details, then for each case its details and two rights, then the download.

Every page can be left empty but for the name, and written in by hand later. Each POST saves and goes to the next
page, so the Back button and a second tab lose nothing. Pages of a case that is not in the answers any more lead back
to the list.

| page                    | what it asks or shows                                        |
|-------------------------|--------------------------------------------------------------|
| /papers                 | who you are                                                  |
| /papers/<case>          | name on the case, case number, address of the court          |
| /papers/<case>/rights   | items 3 and 4 of CR-400, explained; both empty by default    |
| /papers/<case>/petition | for CR-180: a lower level too, and the person's own words    |
| /papers/ready           | what is in the packet, what is left to write by hand         |
| /papers/download        | the PDF                                                      |
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

import forms
from rules import CountFindings, Findings, decide
from webapp import clock, guard, visit
from webapp.interview import document as answers
from webapp.language import current_lang
from webapp.packet import cover_page
from webapp.packet.build import ORDERS, blank_here, build_packet, packet_filename
from webapp.packet.courts import Court, court_of
from webapp.packet.details import BLANK, OTHER, USE, CaseForm, ContactForm, PetitionForm, RightsForm
from webapp.packet.papers import Paper, case_number_of, entry_of, judge_decides, papers, reductions
from webapp.reminders.views import note_papers

bp = Blueprint("packet", __name__, url_prefix="/<lang:lang>")

RIGHTS_ON = frozenset({"CR-400"})
"""Forms with waivers that we print. JV-744 has its own, but the person fills that form in by hand."""


def _document() -> dict[str, Any]:
    return answers.whole(visit.document())


def _findings(document: Mapping[str, Any]) -> Findings:
    return decide(answers.record(document), clock.today())


def _open_papers(document: Mapping[str, Any]) -> tuple[Paper, ...]:
    return papers(_findings(document), document)


def _next(found: tuple[Paper, ...], after: Paper | None, page: str) -> str:
    """The address after `page` ("details", "case", "rights") of a paper."""
    here = () if after is None else tuple(p for p in found if p.case.id == after.case.id)
    if after is not None and page == "case" and any(p.form in RIGHTS_ON for p in here):
        return url_for("packet.rights", case_id=after.case.id)
    if after is not None and page in ("case", "rights") and any(_has_choices(p) for p in here):
        return url_for("packet.petition", case_id=after.case.id)
    rest = found if after is None else found[found.index(after) + 1 :]
    rest = tuple(paper for paper in rest if after is None or paper.case.id != after.case.id)
    return url_for("packet.case", case_id=rest[0].case.id) if rest else url_for("packet.ready")


def _previous(found: tuple[Paper, ...], paper: Paper) -> str:
    position = found.index(paper)
    return _last_page(found[position - 1]) if position else url_for("packet.details")


def _last_page(paper: Paper) -> str:
    page = "packet.rights" if paper.form in RIGHTS_ON else "packet.petition" if _has_choices(paper) else "packet.case"
    return url_for(page, case_id=paper.case.id)


def _has_choices(paper: Paper) -> bool:
    """Whether only the person can say something of this petition: a lower level too, or why the judge should agree."""
    return paper.form == "CR-180" and (judge_decides(paper) or bool(_reducible(paper)))


def _reducible(paper: Paper) -> list[CountFindings]:
    """The counts for which a lower level can be asked as well; where it is all that is asked, there is no choice."""
    return [c for c in paper.asked if any(f is not c.best for f in reductions(c))]


def _paper_of(found: tuple[Paper, ...], case_id: str) -> Paper | None:
    return next((paper for paper in found if paper.case.id == case_id), None)


def _page(template: str, form: Any, **values: Any) -> Response:
    return make_response(render_template(template, form=form, **values), 422 if form.errors else 200)


@bp.route("/papers", methods=["GET", "POST"])
@visit.require
def details() -> ResponseReturnValue:
    document = _document()
    found = _open_papers(document)
    if not found:
        return render_template("packet/none.html", back_url=url_for("results.show"))
    form = ContactForm(data={"state": "CA", **document["contact"]})
    if form.validate_on_submit():
        contact = form.contact()
        visit.update(lambda now: {**answers.whole(now), "contact": contact})
        return redirect(_next(found, None, "details"), 303)
    return _page("packet/details.html", form, papers=found, back_url=url_for("results.show"))


@bp.route("/papers/<case_id>", methods=["GET", "POST"])
@visit.require
def case(case_id: str) -> ResponseReturnValue:
    document = _document()
    found = _open_papers(document)
    paper = _paper_of(found, case_id)
    if paper is None:
        return redirect(url_for("packet.details"), 303)
    court = court_of(paper.county)
    form = CaseForm(data=_case_data(document, paper, court))
    form.court.choices = _court_choices(court)
    if form.validate_on_submit():
        entry = _case_entry(form, court)
        visit.update(lambda now: _with_entry(now, case_id, entry))
        return redirect(_next(found, paper, "case"), 303)
    return _page(
        "packet/case.html", form, paper=paper, title=cover_page.case_title(paper, current_lang()), court=court,
        back_url=_previous(found, paper),
    )  # fmt: skip


def _court_choices(court: Court | None) -> list[tuple[str, str]]:
    choices = [
        (OTHER, _("Print another address, which I type below")),
        (BLANK, _("Leave it empty. I will ask the clerk and write it in by hand")),
    ]
    if court is None:
        return choices
    known = _(
        "Print this address: %(street)s, %(city)s. I asked, or my court papers say so",
        street=court.street,
        city=court.city_zip,
    )
    return [(USE, known), *choices]


def _case_data(document: Mapping[str, Any], paper: Paper, court: Court | None) -> dict[str, Any]:
    entry = entry_of(document, paper.case.id)
    contact = document.get("contact") or {}
    data = {
        "defendant": entry.get("defendant") or contact.get("name", ""),
        "case_number": case_number_of(document, paper.case),
    }
    if not entry.get("court_confirmed"):
        return data | {"court": BLANK if "court_confirmed" in entry else None}
    if court and entry.get("court_street") == court.street and entry.get("court_city_zip") == court.city_zip:
        return data | {"court": USE}
    typed = {line: entry.get(line, "") for line in ("court_street", "court_mailing", "court_city_zip")}
    return data | typed | {"court": OTHER}


def _case_entry(form: CaseForm, court: Court | None) -> dict[str, Any]:
    chosen = form.court.data
    lines = {"court_street": "", "court_mailing": "", "court_city_zip": ""}
    if chosen == USE and court is not None:
        lines |= {"court_street": court.street, "court_city_zip": court.city_zip}
    elif chosen == OTHER:
        lines = {line: getattr(form, line).data for line in lines}
    return {
        "defendant": form.defendant.data,
        "case_number": form.case_number.data,
        "court_confirmed": chosen in (USE, OTHER),
        **lines,
    }


def _with_entry(now: dict[str, Any], case_id: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    """The answers with these details of one case, its other details kept."""
    document = answers.whole(now)
    return {**document, "papers": {**document["papers"], case_id: {**entry_of(document, case_id), **entry}}}


@bp.route("/papers/<case_id>/rights", methods=["GET", "POST"])
@visit.require
def rights(case_id: str) -> ResponseReturnValue:
    document = _document()
    found = _open_papers(document)
    paper = next((p for p in found if p.case.id == case_id and p.form in RIGHTS_ON), None)
    if paper is None:
        return redirect(url_for("packet.details"), 303)
    entry = entry_of(document, case_id)
    form = RightsForm(data={name: entry.get(name) is True for name in ("waive_judge", "waive_appearance")})
    if form.validate_on_submit():
        chosen = {"waive_judge": form.waive_judge.data is True, "waive_appearance": form.waive_appearance.data is True}
        visit.update(lambda now: _with_entry(now, case_id, chosen))
        return redirect(_next(found, paper, "rights"), 303)
    return _page(
        "packet/rights.html", form, paper=paper, title=cover_page.case_title(paper, current_lang()),
        back_url=url_for("packet.case", case_id=case_id),
    )  # fmt: skip


@bp.route("/papers/<case_id>/petition", methods=["GET", "POST"])
@visit.require
def petition(case_id: str) -> ResponseReturnValue:
    document = _document()
    found = _open_papers(document)
    here = [p for p in found if p.case.id == case_id and _has_choices(p)]
    if not here:
        return redirect(url_for("packet.details"), 303)
    entry = entry_of(document, case_id)
    form = PetitionForm(data={"reduce": list(entry.get("reduce") or ()), "own_words": entry.get("own_words", "")})
    reducible = [c for p in here for c in _reducible(p)]
    form.reduce.choices = [(c.count.id, cover_page.offense_label(c, current_lang())) for c in reducible]
    if form.validate_on_submit():
        chosen = {"reduce": form.chosen(), "own_words": form.own_words.data or ""}
        visit.update(lambda now: _with_entry(now, case_id, chosen))
        return redirect(_next(found, here[0], "petition"), 303)
    return _page(
        "packet/petition.html", form, reducible=bool(reducible), decides=any(judge_decides(p) for p in here),
        title=cover_page.case_title(here[0], current_lang()), back_url=url_for("packet.case", case_id=case_id),
    )  # fmt: skip


@bp.get("/papers/ready")
@visit.require
def ready() -> ResponseReturnValue:
    document = _document()
    found = _open_papers(document)
    if not found or not document["contact"].get("name"):
        return redirect(url_for("packet.details"), 303)
    return _ready(found)


def _ready(found: tuple[Paper, ...], problem: str | None = None) -> Response:
    blanks = current_app.extensions["limpio_settings"].forms_dir
    lang = current_lang()
    shown = [
        {
            "paper": paper,
            "title": cover_page.case_title(paper, lang),
            "form": cover_page.revision(paper.form),
            "official": blank_here(paper, blanks),
            "counts": [(cover_page.offense_label(c, lang), cover_page.asked_words(c, lang)) for c in paper.asked],
            "by_hand": cover_page.by_hand(paper, lang),
            "rights": paper.form in RIGHTS_ON,
            "choices": _has_choices(paper),
            "order": ORDERS.get(paper.form) if ORDERS.get(paper.form) in forms.specs() else None,
        }
        for paper in found
    ]
    page = render_template(
        "packet/ready.html",
        shown=shown,
        problem=problem,
        immigration=cover_page.immigration(lang),
        back_url=_last_page(found[-1]),
    )
    return make_response(page, 422 if problem else 200)


@bp.get("/papers/download")
@visit.require
@guard.limit("download")
def download() -> ResponseReturnValue:
    document = _document()
    findings = _findings(document)
    found = papers(findings, document)
    if not found or not document["contact"].get("name"):
        return redirect(url_for("packet.details"), 303)
    lang = current_lang()
    blanks = current_app.extensions["limpio_settings"].forms_dir
    try:
        pdf = build_packet(findings, document, lang=lang, blanks=blanks)
    except forms.UnprintableText as bad:
        # Typed details are checked when they are saved; this can only be a text that came some other way.
        return _ready(found, problem=_(forms.REASONS[bad.reason]) % bad.details)
    note_papers(found)
    response = make_response(pdf)
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{packet_filename(lang, findings.as_of)}"'
    response.headers["Cache-Control"] = "no-store"
    return response
