"""Filing in each county, as pages: `/counties` lists the 58, `/counties/kern` says what is known of one and what to ask
its clerk. Spanish readers also find them under /es/condados.

The county is all that the address holds, as in a list of places; so the pages can be shared and kept. What they say is
`webapp.packet.filing`, for a petition to dismiss a conviction: nearly all that courts say in public is about that one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import abort, render_template

from webapp.counties import COUNTIES, slug_of
from webapp.language import SOURCE, current_lang
from webapp.packet import filing
from webapp.packet.courts import courts
from webapp.pages.county_help import county_helpers
from webapp.pages.official import is_official
from webapp.pages.views import bp

__all__ = ["bp", "counties", "county"]

SLUGS: Mapping[str, str] = {slug_of(name): name for name in COUNTIES}


@dataclass(frozen=True, slots=True)
class FormGroup:
    """The court's own forms for one kind of petition; `about` is a message id."""

    about: str
    forms: tuple[filing.LocalForm, ...]


def form_groups(county: filing.County) -> tuple[FormGroup, ...]:
    """The county's forms by kind of petition; one that is about two kinds stands under both."""
    found = (FormGroup(words, filing.local_forms(county, route)) for route, words in filing.ROUTES.items())
    return tuple(group for group in found if group.forms)


def form_pages(county: filing.County) -> tuple[str, ...]:
    """The court's pages of forms, once each, those on an official site."""
    return tuple(dict.fromkeys(form.page for form in county.forms if form.page and is_official(form.page)))


@bp.get("/counties")
@bp.get("/condados", endpoint="condados")
def counties() -> str:
    return render_template("pages/counties.html", slugs=SLUGS)


@bp.get("/counties/<name>")
@bp.get("/condados/<name>", endpoint="condado")
def county(name: str) -> str:
    """One county; `name` is its slug."""
    if name not in SLUGS:
        abort(404)
    found = filing.facts().counties[SLUGS[name]]
    lang = current_lang()
    own = found.own_forms.on("dismissal")
    return render_template(
        "pages/county.html",
        county=found,
        court=courts()[found.name],
        lines=filing.lines(found, lang),
        offices=filing.office_words(found, filing.offices_to_serve(found, None, [None]), lang),
        own=own.value.sentences if own.value else (),
        own_source=own.source,
        groups=form_groups(found),
        pages=form_pages(found),
        form_list=found.forms[0].source if found.forms else None,
        questions=tuple(zip(filing.questions(found, lang), filing.questions(found, SOURCE), strict=True)),
        helpers=county_helpers(found.name),
        kinds=filing.KINDS,
        confirmed=filing.CONFIRMED,
        is_official=is_official,
    )
