"""The page that reads one paper of the packet to the person who signs it: the form's own English beside plain words.

`/papers/read/<number>` is for paper `number` as `papers.Paper` counts them. It reads the petition, then every form that
goes with it in the packet (build.sheets_of), each with the MC-025 pages for what did not fit. Spanish readers also find
it under `/es/papeles/leer/<number>`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from flask import current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

import forms
from forms import Overflow
from forms.fill import ATTACHMENT
from webapp import visit
from webapp.language import current_lang
from webapp.packet import cover_page
from webapp.packet.build import blank_here, fits_nowhere, sheets_of, short_title
from webapp.packet.companions import Sheet
from webapp.packet.papers import Document, Paper
from webapp.packet.reading import STATES, Reading, reading
from webapp.packet.views import _document, _open_papers, bp

__all__ = ["bp", "read", "readings"]


@bp.get("/papers/read/<int:number>")
@bp.get("/papeles/leer/<int:number>", endpoint="leer")
@visit.require
def read(number: int) -> ResponseReturnValue:
    document = _document()
    found = _open_papers(document)
    if not found or not document["contact"].get("name"):
        return redirect(url_for("packet.details"), 303)
    paper = next((each for each in found if each.number == number), None)
    if paper is None:
        return redirect(url_for("packet.ready"), 303)
    lang = current_lang()
    blanks = current_app.extensions["limpio_settings"].forms_dir
    told = readings(paper, document, blanks=blanks)
    return render_template(
        "packet/reading.html",
        readings=told,
        states=STATES,
        not_here={each.form: cover_page.revision(each.form) for each in told if not blank_here(each.form, blanks)},
        title=cover_page.case_title(paper, lang),
        immigration=cover_page.immigration(lang),
        number=number,
        total=paper.total,
        back_url=url_for("packet.ready"),
    )


def readings(paper: Paper, document: Document, *, blanks: Path) -> tuple[Reading, ...]:
    """Every form of one paper, in the order of the packet."""
    return tuple(
        each for sheet in sheets_of(paper, document, blanks=blanks) for each in _with_attachments(paper, sheet, blanks)
    )


def _with_attachments(paper: Paper, sheet: Sheet, blanks: Path) -> list[Reading]:
    """One form and its MC-025 pages, as build.sheet_parts puts them together: tests hold the two to each other. Only
    the blank knows how big its boxes are; a sheet to copy from has room for all."""
    try:
        overflow = forms.fill(sheet.form, sheet.values, blanks=blanks).overflow
    except (forms.BlankMissing, forms.UnprintableText):
        return [reading(sheet.form, sheet.values)]
    more: tuple[Overflow, ...] = ()
    if sheet.role == "petition" and paper.more:
        more = (Overflow("conviction_date", "1", "\n".join(("Item 1, continued:", *paper.more))),)
    attached = _attached(paper, sheet.form, (*more, *overflow), blanks)
    first = reading(sheet.form, sheet.values, overflow={item.key for item in overflow})
    return [first, *(reading(ATTACHMENT, values) for values in attached)]


def _attached(paper: Paper, form: str, overflow: tuple[Overflow, ...], blanks: Path) -> list[Mapping[str, str | bool]]:
    """The values of each MC-025 page, as forms.attachments prints them."""
    if not overflow:
        return []
    label = forms.specs()[form].label
    told = "\n\n".join(f"{form}, {label(item.key)}\n{item.text}" for item in overflow)
    top = {"short_title": short_title(paper), "case_number": fits_nowhere(paper, overflow), "attachment_number": form}
    try:
        pieces = forms.pages_of(ATTACHMENT, "body", told, blanks=blanks)
    except forms.BlankMissing:
        return [{**top, "body": told}]
    return [
        {**top, "body": piece, "page": str(number), "of": str(len(pieces))} for number, piece in enumerate(pieces, 1)
    ]
