"""A page with one form on it, answered 422 when what was sent has to be put right."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, render_template
from flask_wtf import FlaskForm


def form_page(template: str, form: FlaskForm, **values: Any) -> Response:
    """The page. What was typed stays in the form, whatever is wrong with it."""
    return make_response(render_template(template, form=form, **values), 422 if form.errors else 200)
