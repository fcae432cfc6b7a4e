"""The page that reads one paper of the packet to the person who signs it: the form's own English beside plain words.

`/papers/read/<number>` is for paper `number` as `papers.Paper` counts them. It reads the form itself, then what goes
with it in the packet: the MC-025 pages for what did not fit, and the order. Spanish readers also find it under
`/es/papeles/leer/<number>`.
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
from webapp.packet.build import CAPTION, ORDERS, blank_here, fits_nowhere, short_title
from webapp.packet.papers import Paper
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
    return render_template(
        "packet/reading.html",
        readings=readings(paper, blanks=blanks),
        states=STATES,
        official=blank_here(paper, blanks),
        form_name=cover_page.revision(paper.form),
        title=cover_page.case_title(paper, lang),
        immigration=cover_page.immigration(lang),
        number=number,
        total=paper.total,
        back_url=url_for("packet.ready"),
    )


def readings(paper: Paper, *, blanks: Path) -> tuple[Reading, ...]:
    """The forms of one paper in the order of the packet: the form, its MC-025 pages, its order."""
    overflow = _overflow(paper, blanks)
    read = [reading(paper.form, paper.values, overflow={item.key for item in overflow})]
    # As build.form_parts puts them together: tests hold the two to each other.
    more = (Overflow("conviction_date", "1", "\n".join(("Item 1, continued:", *paper.more))),) if paper.more else ()
    read += [reading(ATTACHMENT, values) for values in _attached(paper, (*more, *overflow), blanks)]
    order = ORDERS.get(paper.form)
    if order is not None:
        named = forms.specs()[order].fields
        read.append(reading(order, {k: v for k, v in paper.values.items() if k in named and k in CAPTION}))
    return tuple(read)


def _overflow(paper: Paper, blanks: Path) -> tuple[Overflow, ...]:
    """What does not fit its box. Only the blank knows how big the boxes are; an answer sheet has room for all."""
    try:
        return forms.fill(paper.form, paper.values, blanks=blanks).overflow
    except (forms.BlankMissing, forms.UnprintableText):
        return ()


def _attached(paper: Paper, overflow: tuple[Overflow, ...], blanks: Path) -> list[Mapping[str, str | bool]]:
    """The values of each MC-025 page, as forms.attachments prints them."""
    if not overflow:
        return []
    label = forms.specs()[paper.form].label
    told = "\n\n".join(f"{paper.form}, {label(item.key)}\n{item.text}" for item in overflow)
    top = {
        "short_title": short_title(paper),
        "case_number": fits_nowhere(paper, overflow),
        "attachment_number": paper.form,
    }
    try:
        pieces = forms.pages_of(ATTACHMENT, "body", told, blanks=blanks)
    except forms.BlankMissing:
        return [{**top, "body": told}]
    return [
        {**top, "body": piece, "page": str(number), "of": str(len(pieces))} for number, piece in enumerate(pieces, 1)
    ]
