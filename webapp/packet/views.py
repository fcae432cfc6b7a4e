"""From results to papers: contact details, the words for a judge, then each case, then the download.

Every page can be left empty but for the name, and written in by hand later. Each POST saves and goes to the next
page, so the Back button and a second tab lose nothing. Pages of a case that is not in the answers any more lead back
to the list.

| page                    | what it asks or shows                                                    |
|-------------------------|--------------------------------------------------------------------------|
| /papers                 | who you are                                                              |
| /papers/statement       | the person's own words, where a judge decides (`statement_views`)        |
| /papers/<case>          | name on the case, case number, address of the court                      |
| /papers/<case>/arrest   | for CR-409: what the form asks about the arrest                          |
| /papers/<case>/service  | who gets a copy, and how                                                 |
| /papers/<case>/rights   | items 3 and 4 of CR-400, explained; both empty by default                |
| /papers/<case>/petition | a lower level too, and whether to use the words here                     |
| /papers/ready           | what is in the packet, what is left to write by hand, the day of filing  |
| /papers/fees            | the fee form, if a clerk asks for money (`fee_views`)                    |
| /papers/download        | the PDF; /papers/file/<number> is one paper of it, /papers/dates the days |
| /papers/sheet/<n>/<form> | the answers of one form, to copy by hand                                |
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

import forms
from rules import CountFindings, Findings, decide
from webapp import clock, guard, visit
from webapp.calendar_file import Event, calendar
from webapp.interview import document as answers
from webapp.language import current_lang
from webapp.packet import cover_page
from webapp.packet.build import (
    blank_here,
    build_packet,
    documents,
    file_words,
    packet_filename,
    printed_lang,
    sheets_of,
    titles,
)
from webapp.packet.companions import PROOFS
from webapp.packet.courts import Court, court_of
from webapp.packet.details import (
    BLANK,
    OTHER,
    USE,
    ArrestForm,
    CaseForm,
    ContactForm,
    FilingDayForm,
    PetitionForm,
    RightsForm,
    ServiceForm,
)
from webapp.packet.fees import fees_of
from webapp.packet.filing import (
    ROUTE_OF_FORM,
    County,
    cities,
    county_of,
    office_words,
    offices_to_serve,
    service_words,
)
from webapp.packet.filing_dates import filing_dates, filing_day_of
from webapp.packet.form_page import form_page
from webapp.packet.papers import Document, Paper, case_number_of, entry_of, judge_decides, papers, reductions
from webapp.packet.statement import needs_english, texts_of
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


def _pages(found: tuple[Paper, ...], case_id: str) -> list[str]:
    """The pages of one case, in their order."""
    here = [paper for paper in found if paper.case.id == case_id]
    served = any(paper.form in PROOFS for paper in here)
    wanted = {
        "packet.case": True,
        "packet.arrest": any(paper.form == "CR-409" for paper in here),
        "packet.service": served,
        "packet.rights": any(paper.form in RIGHTS_ON for paper in here),
        "packet.petition": any(_has_choices(paper) for paper in here),
    }
    return [page for page, is_wanted in wanted.items() if is_wanted]


def _path(found: tuple[Paper, ...]) -> list[tuple[str, str]]:
    """Every page of every case, in the order in which they are gone through: the page, and the case."""
    cases = dict.fromkeys(paper.case.id for paper in found)
    return [(page, case_id) for case_id in cases for page in _pages(found, case_id)]


def _next(found: tuple[Paper, ...], page: str, case_id: str) -> str:
    """The address after one page of a case."""
    path = _path(found)
    after = path[path.index((page, case_id)) + 1 :]
    return url_for(after[0][0], case_id=after[0][1]) if after else url_for("packet.ready")


def _back(found: tuple[Paper, ...], page: str, case_id: str) -> str:
    """The address before one page of a case."""
    path = _path(found)
    position = path.index((page, case_id))
    if position:
        return url_for(path[position - 1][0], case_id=path[position - 1][1])
    return url_for("statement.write" if _words_matter(found) else "packet.details")


def _words_matter(found: tuple[Paper, ...]) -> bool:
    return any(judge_decides(paper) for paper in found)


def _has_choices(paper: Paper) -> bool:
    """Whether only the person can say something of this petition: a lower level too, or why the judge should agree."""
    return judge_decides(paper) or (paper.form == "CR-180" and bool(_reducible(paper)))


def _reducible(paper: Paper) -> list[CountFindings]:
    """The counts for which a lower level can be asked as well; where it is all that is asked, there is no choice."""
    return [c for c in paper.asked if any(f is not c.best for f in reductions(c))]


def _paper_of(found: tuple[Paper, ...], case_id: str) -> Paper | None:
    return next((paper for paper in found if paper.case.id == case_id), None)


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
        first, case_id = _path(found)[0]
        after = url_for(first, case_id=case_id)
        return redirect(url_for("statement.write") if _words_matter(found) else after, 303)
    return form_page("packet/details.html", form, papers=found, back_url=url_for("results.show"))


@bp.get("/papers/cases")
@visit.require
def cases() -> ResponseReturnValue:
    """To the first page of the first case: where the pages that come before the cases lead."""
    found = _open_papers(_document())
    path = _path(found)
    return redirect(url_for(path[0][0], case_id=path[0][1]) if path else url_for("packet.details"), 303)


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
        return redirect(_next(found, "packet.case", case_id), 303)
    return form_page(
        "packet/case.html", form, paper=paper, title=cover_page.case_title(paper, current_lang()), court=court,
        back_url=_back(found, "packet.case", case_id),
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


@bp.route("/papers/<case_id>/arrest", methods=["GET", "POST"])
@visit.require
def arrest(case_id: str) -> ResponseReturnValue:
    document = _document()
    found = _open_papers(document)
    paper = next((p for p in found if p.case.id == case_id and p.form == "CR-409"), None)
    if paper is None:
        return redirect(url_for("packet.details"), 303)
    told = entry_of(document, case_id).get("arrest") or {}
    born = (told.get("birth_date") or _birth_date(document)).split("/")
    month, day, year = born if len(born) == 3 else ("", "", "")
    form = ArrestForm(data={**told, "month": month, "day": day, "year": year})
    if form.validate_on_submit():
        entry = {"arrest": form.arrest()}
        visit.update(lambda now: _with_entry(now, case_id, entry))
        return redirect(_next(found, "packet.arrest", case_id), 303)
    return form_page(
        "packet/arrest.html", form, filed=bool(paper.case_number), title=cover_page.case_title(paper, current_lang()),
        back_url=_back(found, "packet.arrest", case_id),
    )  # fmt: skip


def _birth_date(document: Mapping[str, Any]) -> str:
    """The day of birth as CR-409 writes it, when the interview learned all of it."""
    born = answers.record(document).person.birth_date
    return f"{born:%m/%d/%Y}" if isinstance(born, date) else ""


@bp.route("/papers/<case_id>/service", methods=["GET", "POST"])
@visit.require
def service(case_id: str) -> ResponseReturnValue:
    document = _document()
    found = _open_papers(document)
    here = [p for p in found if p.case.id == case_id and p.form in PROOFS]
    if not here:
        return redirect(url_for("packet.details"), 303)
    entry = entry_of(document, case_id)
    county = county_of(here[0].county)
    offices = _offices(county, here)
    form = ServiceForm(data=_service_data(entry, offices))
    form.office.choices = [
        *((name, name) for name in offices),
        (OTHER, _("Another office, which I name below")),
        (BLANK, _("I do not know. I will look at the complaint or ask")),
    ]
    if form.validate_on_submit():
        chosen = form.office.data
        name = form.office_name.data if chosen == OTHER else "" if chosen == BLANK else chosen
        changed: dict[str, Any] = {
            "served_office": form.served("office", name or ""),
            "office_known": chosen != BLANK,
            "serve_by": form.serve_by.data,
        }
        if any(p.form == "CR-409" for p in here):
            changed["served_agency"] = form.served("agency", form.agency_name.data or "")
        visit.update(lambda now: _with_entry(now, case_id, changed))
        return redirect(_next(found, "packet.service", case_id), 303)
    lang = current_lang()
    route = ROUTE_OF_FORM[here[0].form]
    return form_page(
        "packet/service.html", form, title=cover_page.case_title(here[0], lang),
        arrest=any(p.form == "CR-409" for p in here), offices=offices, proof=PROOFS[here[0].form],
        mode=service_words(county, lang, route) if county else None,
        office_hint=" ".join(office_words(county, offices_to_serve(county, None, _levels(here)), lang)[:-1])
        if county else _("The complaint in your case names the office."),
        back_url=_back(found, "packet.service", case_id),
    )  # fmt: skip


def _levels(here: list[Paper]) -> list[str | None]:
    return [level for paper in here for level in paper.levels]


def _offices(county: County | None, here: list[Paper]) -> list[str]:
    """The names to choose from: the county's prosecutor, and its cities' where the case may have been theirs."""
    if county is None:
        return []
    named = [office.name for office in offices_to_serve(county, None, _levels(here))]
    if len(named) > 1:
        named += [city.office for city in cities(county)]
    return list(dict.fromkeys(name for name in named if name))


def _service_data(entry: Mapping[str, Any], offices: list[str]) -> dict[str, Any]:
    told = entry.get("served_office") or {}
    agency = entry.get("served_agency") or {}
    name = told.get("name") or ""
    if "office_known" not in entry:
        chosen = offices[0] if len(offices) == 1 else None
    else:
        chosen = BLANK if not entry["office_known"] else name if name in offices else OTHER
    data = {"office": chosen, "office_name": name if chosen == OTHER else "", "serve_by": entry.get("serve_by")}
    data |= {f"office_{part}": told.get(part, "") for part in ("street", "city", "zip")}
    data |= {f"agency_{part}": agency.get(part, "") for part in ("street", "city", "zip")}
    return data | {"agency_name": agency.get("name") or (entry.get("arrest") or {}).get("agency", "")}


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
        return redirect(_next(found, "packet.rights", case_id), 303)
    return form_page(
        "packet/rights.html", form, paper=paper, title=cover_page.case_title(paper, current_lang()),
        back_url=_back(found, "packet.rights", case_id),
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
    said = bool(texts_of(document))
    form = PetitionForm(
        data={
            "reduce": list(entry.get("reduce") or ()),
            "own_words": entry.get("own_words", ""),
            "use_statement": entry.get("use_statement", True),
        }
    )
    reducible = [c for p in here for c in _reducible(p)]
    form.reduce.choices = [(c.count.id, cover_page.offense_label(c, current_lang())) for c in reducible]
    if form.validate_on_submit():
        chosen = {"reduce": form.chosen(), "own_words": form.own_words.data or ""}
        if said:
            chosen["use_statement"] = form.use_statement.data is True
        visit.update(lambda now: _with_entry(now, case_id, chosen))
        return redirect(_next(found, "packet.petition", case_id), 303)
    return form_page(
        "packet/petition.html", form, reducible=bool(reducible), decides=any(judge_decides(p) for p in here),
        said=said, waiting=needs_english(document), title=cover_page.case_title(here[0], current_lang()),
        back_url=_back(found, "packet.petition", case_id),
    )  # fmt: skip


@bp.route("/papers/ready", methods=["GET", "POST"])
@visit.require
def ready() -> ResponseReturnValue:
    document = _document()
    found = _open_papers(document)
    if not found or not document["contact"].get("name"):
        return redirect(url_for("packet.details"), 303)
    form = _filing_day_form(document)
    if form.validate_on_submit():
        day = form.chosen()
        visit.update(lambda now: {**answers.whole(now), "filing_day": day.isoformat() if day else None})
        return redirect(url_for("packet.ready", _anchor="dates"), 303)
    return _ready(document, form)


def _filing_day_form(document: Mapping[str, Any]) -> FilingDayForm:
    day = filing_day_of(document)
    parts = {"month": str(day.month), "day": str(day.day), "year": str(day.year)} if day else {}
    return FilingDayForm(clock.today(), data=parts)


def _ready(document: Mapping[str, Any], form: FilingDayForm, problem: str | None = None) -> Response:
    blanks = current_app.extensions["limpio_settings"].forms_dir
    lang = current_lang()
    findings = _findings(document)
    found = papers(findings, document)
    day = filing_day_of(document)
    shown = [_shown(paper, document, blanks, lang) for paper in found]
    bad = problem or form.errors
    page = render_template(
        "packet/ready.html",
        shown=shown,
        form=form,
        problem=problem,
        dates=filing_dates(day) if day else None,
        files=titles(findings, document, lang=lang, blanks=blanks),
        codes=frozenset(forms.specs()),
        statement=_words_matter(found),
        waiting=needs_english(document),
        fees=fees_of(document),
        immigration=cover_page.immigration(lang),
        back_url=_last_page(found),
    )
    return make_response(page, 422 if bad else 200)


def _last_page(found: tuple[Paper, ...]) -> str:
    page, case_id = _path(found)[-1]
    return url_for(page, case_id=case_id)


def _shown(paper: Paper, document: Mapping[str, Any], blanks: Path, lang: str) -> dict[str, Any]:
    sheets = sheets_of(paper, document, blanks=blanks)
    return {
        "paper": paper,
        "title": cover_page.case_title(paper, lang),
        "forms": [
            (form, cover_page.revision(form), cover_page.form_words(form, lang), blank_here(form, blanks))
            for form in dict.fromkeys(sheet.form for sheet in sheets)
        ],
        "counts": [(cover_page.offense_label(c, lang), cover_page.asked_words(c, lang)) for c in paper.asked],
        "by_hand": cover_page.by_hand(paper, lang),
        "pages": [(page, _page_words(page)) for page in _pages((paper,), paper.case.id)],
    }


def _page_words(page: str) -> str:
    return {
        "packet.case": _("Change the details of this case"),
        "packet.arrest": _("Change what the form says about the arrest"),
        "packet.service": _("Change who gets a copy"),
        "packet.rights": _("Change the two rights"),
        "packet.petition": _("Change my choices for this petition"),
    }[page]


@bp.get("/papers/dates")
@visit.require
def dates() -> ResponseReturnValue:
    """The days of filing as a calendar file. Nothing in it says what the papers are about: phones show it to others."""
    day = filing_day_of(_document())
    if day is None:
        return redirect(url_for("packet.ready", _anchor="dates"), 303)
    days = filing_dates(day)
    events = [
        Event("papers filed", days.filed, _("Limpio: take your papers to the clerk"), warn=(1,)),
        Event("papers noticed", days.by_mail, _("Limpio: the waiting time is over. Was there an answer?")),
        Event("papers asked", days.ask, _("Limpio: no answer yet? Call the clerk")),
    ]
    response = make_response(calendar(events, made=clock.now(), lang=current_lang()))
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    response.headers["Content-Disposition"] = 'attachment; filename="limpio.ics"'
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/papers/file/<int:number>")
@visit.require
@guard.limit("download")
def file(number: int) -> ResponseReturnValue:
    """One paper of the packet as a file of its own."""

    def one(findings: Findings, document: Document, lang: str, blanks: Path) -> tuple[bytes, str] | None:
        made = documents(findings, document, lang=lang, blanks=blanks)
        found = next(islice(made, number - 1, None), None) if number else None
        return (found.pdf, found.filename) if found else None

    return _handed_out(one)


@bp.get("/papers/sheet/<int:number>/<form>")
@visit.require
@guard.limit("download")
def sheet(number: int, form: str) -> ResponseReturnValue:
    """One form's answers as a sheet to copy from, for whoever fills in by hand."""
    document = _document()
    blanks = current_app.extensions["limpio_settings"].forms_dir
    lang = current_lang()
    wanted = next(
        (
            each
            for paper in _open_papers(document)
            if paper.number == number
            for each in sheets_of(paper, document, blanks=blanks)
            if each.form == form
        ),
        None,
    )
    if wanted is None or not document["contact"].get("name"):
        return redirect(url_for("packet.details"), 303)
    said = printed_lang(lang)
    words = cover_page.answer_sheet_words(form, said)
    pdf = forms.answer_sheet(form, wanted.values, words=words)
    return _pdf(pdf, f"{file_words(words.title)}.pdf")


@bp.get("/papers/download")
@visit.require
@guard.limit("download")
def download() -> ResponseReturnValue:
    """The packet."""

    def all_of_it(findings: Findings, document: Document, lang: str, blanks: Path) -> tuple[bytes, str]:
        pdf = build_packet(findings, document, lang=lang, blanks=blanks)
        return pdf, packet_filename(lang, findings.as_of)

    return _handed_out(all_of_it)


def _handed_out(make: Callable[[Findings, Document, str, Path], tuple[bytes, str] | None]) -> ResponseReturnValue:
    """The PDF that `make` makes, with its name; it is remembered that papers were made. Where there is none, and where
    something cannot be printed, the page of the papers."""
    document = _document()
    findings = _findings(document)
    found = papers(findings, document)
    if not found or not document["contact"].get("name"):
        return redirect(url_for("packet.details"), 303)
    try:
        made = make(findings, document, current_lang(), current_app.extensions["limpio_settings"].forms_dir)
    except forms.UnprintableText as bad:
        # Typed details are checked when they are saved; this can only be a text that came some other way.
        return _ready(document, _filing_day_form(document), problem=_(forms.REASONS[bad.reason]) % bad.details)
    if made is None:
        return redirect(url_for("packet.ready"), 303)
    note_papers(found)
    return _pdf(*made)


def _pdf(pdf: bytes, filename: str) -> Response:
    response = make_response(pdf)
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    response.headers["Cache-Control"] = "no-store"
    return response
