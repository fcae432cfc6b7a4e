"""The public rule book, printed from the declarations (`rules.book`): a list of all remedies, a page for each, and the
list of offenses. Spanish readers also find it under /es/reglas."""

from __future__ import annotations

from flask import abort, render_template

from rules import book, catalogue
from webapp import clock
from webapp.language import N_
from webapp.pages.views import bp

__all__ = ["bp", "chapter", "offenses", "rules"]

CONFIRMED = {"V": N_("checked against a source"), "M": N_("from memory, not confirmed")}


@bp.get("/rules")
@bp.get("/reglas", endpoint="reglas")
def rules() -> str:
    return render_template("pages/rules.html", chapters=book.chapters(), today=clock.today())


# The columns of the offense list, by the law each is about. The values stand as in the file: Y, N, cond (it depends).
COLUMNS = {
    "level": "F/M/I/W",
    "prop64": "HSC 11361.8",
    "prop47": "PC 1170.18",
    "pc1203_4": "PC 1203.4",
    "pc1203_4a": "PC 1203.4a",
    "pc1203_4b": "PC 1203.4b",
    "red_17b": "PC 17(b)",
    "red_17d2": "PC 17(d)(2)",
    "realigned_1170h": "PC 1170(h)",
    "reg_290c": "PC 290(c)",
    "superstrike": "PC 667(e)(2)(C)(iv)",
    "serious": "PC 1192.7(c)",
    "violent": "PC 667.5(c)",
    "limit_felony": "PC 800-803 F",
    "limit_misdemeanor": "PC 802 M",
}


@bp.get("/rules/offenses")
def offenses() -> str:
    """Every offense we know, and what we take each law to say of it, with how sure we are."""
    entries = catalogue.on(clock.today()).entries
    return render_template("pages/offenses.html", entries=entries, columns=COLUMNS)


@bp.get("/rules/<name>")
@bp.get("/reglas/<name>", endpoint="regla")
def chapter(name: str) -> str:
    """One remedy. `name` is the anchor of its chapter, and stays the same for good."""
    found = next((c for c in book.chapters() if c.anchor == name), None)
    if found is None:
        abort(404)
    return render_template("pages/rule.html", c=found, confirmed=CONFIRMED)
