"""The public rule book, printed from the declarations (`rules.book`). Spanish readers also find it under /es/reglas."""

from __future__ import annotations

from flask import render_template

from rules import book
from webapp.language import N_
from webapp.pages.views import bp

__all__ = ["bp", "rules"]

CONFIRMED = {"V": N_("checked against a source"), "M": N_("from memory, not confirmed")}


@bp.get("/rules")
@bp.get("/reglas", endpoint="reglas")
def rules() -> str:
    return render_template("pages/rules.html", chapters=book.chapters(), confirmed=CONFIRMED)
