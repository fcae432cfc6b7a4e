"""The pages anyone may read. The rule book, `pages.rules`, is in rulebook.py."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, current_app, render_template

from webapp.pages.official import helpers

bp = Blueprint("pages", __name__)

# The day the privacy page last changed in what it promises.
PRIVACY_SINCE = date(2026, 11, 22)


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


@bp.get("/help")
def help() -> str:
    entries = helpers()
    return render_template("pages/help.html", helpers=entries, seen=min(entry.seen for entry in entries))
