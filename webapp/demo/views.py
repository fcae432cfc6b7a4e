"""The page of demo people: one press opens a visit with that person's answers. It exists only where settings say
`demo`."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from webapp import guard, visit
from webapp.demo import people
from webapp.language import current_lang

bp = Blueprint("demo", __name__, url_prefix="/<lang:lang>")


@bp.before_request
def only_for_demo() -> None:
    if not current_app.extensions["limpio_settings"].demo:
        abort(404)


@bp.get("/demo")
def show() -> str:
    return render_template("demo/show.html", people=people().values())


@bp.post("/demo/<person>")
def open_person(person: str) -> ResponseReturnValue:
    """A new visit with this person's answers; an earlier visit of this browser stays for its code."""
    chosen = people().get(person)
    if chosen is None:
        abort(404)
    made = guard.store().new_visit(current_lang())
    guard.store().save(made.id, chosen.document)
    visit.enter(made)
    return redirect(url_for("results.show"), 303)
