"""Two pages for the person's own words: six questions, and, where they were not answered in English, the English text.

Both can be left empty, both keep what was typed whatever is wrong with it. The English page shows each answer as it was
written above the box for the English one.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice

from webapp import visit
from webapp.interview import document as answers
from webapp.language import SOURCE, current_lang
from webapp.packet.details import lines_fit, tidy_lines
from webapp.packet.form_page import form_page
from webapp.packet.statement import LONGEST_ANSWER, PROMPTS, needs_english, statement_of, texts_of

bp = Blueprint("statement", __name__, url_prefix="/<lang:lang>")

ENGLISH, OTHER = "english", "other"


def _box(label: Any) -> TextAreaField:
    return TextAreaField(label, filters=[tidy_lines], validators=[lines_fit(LONGEST_ANSWER)])


class StatementForm(FlaskForm):
    """The six answers, in whatever language."""

    written_in = RadioField(
        _l("In which language did you write?"),
        choices=[SelectChoice(ENGLISH, _l("In English")), SelectChoice(OTHER, _l("In another language"))],
        validate_choice=False,
    )

    def validate_written_in(self, field: RadioField) -> None:
        if field.data not in (ENGLISH, OTHER):
            field.data = None
            raise ValidationError(_("Choose the language you wrote in. The court needs English."))


class EnglishForm(FlaskForm):
    """The same answers in English."""


def _with_boxes(cls: type[FlaskForm], names: list[str]) -> type[FlaskForm]:
    return type(cls.__name__, (cls,), {name: _box(_l(PROMPTS[name])) for name in names})


@bp.route("/papers/statement", methods=["GET", "POST"])
@visit.require
def write() -> ResponseReturnValue:
    document = answers.whole(visit.document())
    said = statement_of(document)
    here = OTHER if current_lang() != SOURCE else ENGLISH
    chosen = here if "in_english" not in said else ENGLISH if said["in_english"] else OTHER
    form = _with_boxes(StatementForm, list(PROMPTS))(data={**texts_of(document), "written_in": chosen})
    if form.validate_on_submit():
        written = {
            "in_english": form["written_in"].data == ENGLISH,
            "texts": {name: form[name].data for name in PROMPTS if form[name].data},
        }
        visit.update(lambda now: _with_statement(now, written))
        in_other = not written["in_english"] and written["texts"]
        return redirect(url_for("statement.english" if in_other else "packet.cases"), 303)
    return form_page("packet/statement.html", form, back_url=url_for("packet.details"))


@bp.route("/papers/statement/english", methods=["GET", "POST"])
@visit.require
def english() -> ResponseReturnValue:
    document = answers.whole(visit.document())
    texts = texts_of(document)
    said = statement_of(document)
    if not texts or said.get("in_english", True):
        return redirect(url_for("statement.write"), 303)
    form = _with_boxes(EnglishForm, list(texts))(data=dict(said.get("english") or {}))
    if form.validate_on_submit():
        written = {"english": {name: form[name].data for name in texts if form[name].data}}
        visit.update(lambda now: _with_statement(now, written))
        return redirect(url_for("packet.cases"), 303)
    return form_page("packet/statement_english.html", form, texts=texts, missing=needs_english(document),
        back_url=url_for("statement.write"),
    )  # fmt: skip


def _with_statement(now: dict[str, Any], written: dict[str, Any]) -> dict[str, Any]:
    """The answers with these parts of the statement, its other parts kept: English written before is not lost."""
    document = answers.whole(now)
    return {**document, "statement": {**statement_of(document), **written}}
