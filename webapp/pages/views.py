"""The pages anyone may read. The rule book, `pages.rules`, is in rulebook.py.

`/help?county=Kern` begins with the free help in one county. The county stands in the address, so that other pages can
link to it and a helper can pass the link on; it is one of 58 names and says nothing else of anybody. Choosing it is a
POST that answers with that address, like every form of the site: what a person does in a form never makes an address by
itself, so only one of the 58 names can get into it.
"""

from __future__ import annotations

from datetime import date

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from webapp.counties import COUNTIES, slug_of
from webapp.pages.county_help import county_helpers
from webapp.pages.official import helpers

bp = Blueprint("pages", __name__)

# The day the privacy page last changed in what it promises.
PRIVACY_SINCE = date(2026, 11, 28)


def keep_days() -> int:
    """After how many days without use answers are erased."""
    days: int = current_app.extensions["limpio_settings"].keep_days
    return days


@bp.get("/")
def home() -> str:
    return render_template("pages/home.html", keep_days=keep_days())


@bp.get("/privacy")
def privacy() -> str:
    return render_template("pages/privacy.html", keep_days=keep_days(), since=PRIVACY_SINCE)


@bp.get("/record")
def record() -> str:
    return render_template("pages/record.html")


class CountyForm(FlaskForm):
    county = SelectField(
        _l("County of your case"),
        choices=[SelectChoice("", _l("Choose a county")), *(SelectChoice(county, county) for county in COUNTIES)],
    )


@bp.get("/help")
def help() -> ResponseReturnValue:
    asked = request.args.get("county")
    county = asked if asked in COUNTIES else None
    form = CountyForm(formdata=None, county=county or "")
    if asked is not None and county is None:
        form.county.errors = [_("California has 58 counties. Choose one of them from the list.")]
    local = county_helpers(county) if county else ()
    page = render_template(
        "pages/help.html",
        form=form,
        county=county,
        slug=slug_of(county) if county else None,
        local=local,
        helpers=helpers(),
        seen=min(entry.seen for entry in (*local, *helpers())),
    )
    return page, 404 if form.errors else 200


@bp.post("/help")
def choose_county() -> ResponseReturnValue:
    chosen = request.form.get("county", "")
    return redirect(url_for("pages.help", county=chosen if chosen in COUNTIES else ""), 303)
