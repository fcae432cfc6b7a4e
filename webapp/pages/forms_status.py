"""The court forms we know, for everyone to see: which revision, whether its blank is here, and what the last check of
the court's site found. And for each form what goes in each of its boxes, for people who fill it in by hand.

`/forms` and `/forms/CR-180`; Spanish readers also find them under `/es/formularios`. Nothing here is about a person.

A form's own words stay in English, as printed. What goes into a box is said in the reader's language, by the logical
key of the box where we have words for it (`BOX_WORDS`), otherwise by what kind of box it is. The `goes_in` and `why`
of `fields.toml` are notes between developers and are not shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from types import MappingProxyType

from flask import abort, current_app, render_template

import forms
from forms import Adoption, FormSpec, Place, Remembered
from webapp.language import N_
from webapp.pages.views import bp

__all__ = ["BOX_WORDS", "box_words", "bp", "form_sheet", "forms_status"]

STATES: Mapping[str, str] = MappingProxyType(
    {
        "already": N_("We have the court's own form here and can fill it in."),
        "prepared": N_(
            "We know the boxes of this form from a list that others made. We fill it in once we have the court's own "
            "file. Until then you get a sheet with your answers to copy."
        ),
        "answers": N_(
            "We know the words of this form, but not where its boxes are. You fill it in by hand, from a sheet to copy."
        ),
        "missing": N_("The blank form is not here right now. You get a sheet with your answers to copy."),
        "refused": N_(
            "The blank form here has been changed, so we do not use it. You get a sheet with your answers to copy."
        ),
    }
)
"""What the state of a blank means for a reader."""

CHOICE = N_("your choice, read it first")
LAWYER = N_("only if you have a lawyer")
ON_PAPERS = N_("as it is on your court papers")
BOX_WORDS: tuple[tuple[str, str], ...] = (
    (r"filer_name|sign_name|filer_line_1", N_("your name")),
    (r"filer_last", N_("your last name")),
    (r"filer_first", N_("your first name")),
    (r"filer_middle", N_("your middle name, if you have one")),
    (r"filer_street", N_("your street or P.O. box")),
    (r"filer_city", N_("your city")),
    (r"filer_state", N_("your state, two letters")),
    (r"filer_zip", N_("your ZIP code")),
    (r"filer_line_[2-4]", N_("your address")),
    (r"filer_phone", N_("your phone number")),
    (r"filer_(fax|email)", N_("if you have one")),
    (r"filer_(bar_number|firm)|attorney_name|signer_attorney|lawyer.*", LAWYER),
    (r"attorney_for", N_('"Self-represented" if you have no lawyer')),
    (r"court_county", N_("the county of the court")),
    (r"court_(street|city_zip)", N_("the address of the court")),
    (r"court_mailing", N_("the mailing address of the court, if it has another one")),
    (r"court_branch", N_("the branch of the court, if it has one")),
    (r"court", N_("the county, then the address of the court")),
    (r"defendant", N_("your name, as it is on your court papers")),
    (r"case_number|case_name|conviction_date|court_case_number", ON_PAPERS),
    (r"arrest_.*|charges_filed|.*_report_number", ON_PAPERS),
    (r"decision_date|offense_\d_decision_date", N_("the day the court decided, as it is on your court papers")),
    (r"count_\d_(code|section)", N_("the law of each conviction, as it is on your court papers")),
    (r"count_\d_level", N_("felony, misdemeanor or infraction")),
    (r"count_\d_reduce_.*", N_('"yes" if you ask for this, or leave it empty')),
    (r"birth_date", N_("your birth date")),
    (r"short_title", N_("the name of the case, as it is on your court papers")),
    (r"attachment_number", N_("the form that this page belongs to")),
    (r"plaintiff", N_('"People of the State of California"')),
    (r"papers_served", N_("the names of the papers that are handed over or mailed")),
    (r"served_(1_)?name", N_("the office that gets the copy, most of the time the District Attorney")),
    (r"served_2_name", N_("a second office that gets the copy, if there is one")),
    (r"served_.*", N_("the address of that office")),
    (r"page|of", N_("the number of the page")),
    (r"waive_.*", CHOICE),
    (r"body|item_(2c|3b|5|6)_text|interests_of_justice_text", N_("your own words")),
)
"""What goes into a box, by its logical key (a whole-word pattern); the first that fits is said."""

STAYS_EMPTY: Mapping[str, str] = MappingProxyType(
    {
        "clerk": N_("leave empty, this is for the court"),
        "server": N_("leave empty, this is for the person who hands over or mails the copy"),
        "hand": N_("by hand, when you sign"),
        "unused": N_("leave empty"),
    }
)
COPIES = N_("the same as on the first page")
CHECK = N_("check this box if it is true for you")
CHECK_ONE = N_("check only one box of this group, if it is true for you")
TEXT = N_("what the printed words ask for")


@dataclass(frozen=True, slots=True)
class FormStatus:
    """One form on the list: its description, its blank, the day it was adopted, and what the court served last."""

    spec: FormSpec
    blank: Adoption
    adopted_on: date | None
    served: Remembered | None

    @property
    def words(self) -> str:
        return STATES[self.blank.state]


def statuses() -> tuple[FormStatus, ...]:
    """Every form we know, in the order of their names."""
    blanks = current_app.extensions["limpio_settings"].forms_dir
    served = forms.remembered(blanks)
    return tuple(
        FormStatus(
            forms.specs()[blank.form],
            blank,
            forms.adopted_on(blank.form, blanks) if blank.state == "already" else None,
            served.get(blank.form),
        )
        for blank in forms.check(blanks)
    )


@bp.get("/forms", endpoint="forms")
@bp.get("/formularios", endpoint="formularios")
def forms_status() -> str:
    return render_template("pages/forms.html", statuses=statuses(), differences=forms.DIFFERENCES)


@bp.get("/forms/<form>", endpoint="form_sheet")
@bp.get("/formularios/<form>", endpoint="formulario")
def form_sheet(form: str) -> str:
    """The answer sheet of a form without any answers. `form` is its name, like CR-180."""
    spec = forms.specs().get(form)
    if spec is None:
        abort(404)
    return render_template("pages/form_sheet.html", spec=spec, groups=list(groups(spec)))


def groups(spec: FormSpec) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The boxes of a form, item by item: the printed item, then each printed label and what to do there (a message)."""
    places = [place for place in spec.places if place.kind in ("text", "check")]
    for item, group in groupby(places, key=lambda place: place.item):
        yield item, [(place.label, box_words(spec, place)) for place in group]


def box_words(spec: FormSpec, place: Place) -> str:
    """What to do with one box, as a message."""
    if place.empty:
        return STAYS_EMPTY[place.empty]
    if place.copies:
        return COPIES
    key = place.key or ""
    if place.unanswered == "choice":
        return CHOICE
    for pattern, words in BOX_WORDS:
        if re.fullmatch(pattern, key):
            return words
    if place.kind == "text":
        return TEXT
    one_field = sum(other.name == place.name for other in spec.places) > 1
    return CHECK_ONE if one_field or any(key in rule.keys for rule in spec.check_one) else CHECK
