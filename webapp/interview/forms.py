"""One question as a WTForms form, and its answer back as a stored value.

Every form has "I'm not sure". Errors are sentences tied to their field, and what was typed stays in the boxes.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import Field, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from rules import offense as offenses
from rules.facts import dictionary
from rules.record import read_value
from rules.span import Span
from webapp.counties import COUNTIES

from . import flow

UNSURE = "unsure"
OTHER = "other"
FIRST_YEAR = 1930


def form_for(question: flow.Question, stored: Any, *, unsure: bool, as_of: date) -> FlaskForm:
    """The form of this question, the stored answer filled in on the first showing."""
    fields: dict[str, Any]
    match question.kind:
        case "date":
            fields = _date(question, stored, unsure, as_of)
        case "offense":
            fields = _offense(question, stored, unsure)
        case "county":
            fields = _county(question, stored, unsure)
        case _:
            fields = _choices(question, stored, unsure)
    form: FlaskForm = type("QuestionForm", (FlaskForm,), fields)()
    return form


def answer_of(question: flow.Question, form: FlaskForm) -> tuple[Any, dict[str, Any], bool]:
    """From a valid form: the value to store, further facts it states, and whether the answer is "I'm not sure"."""
    if question.kind == "date":
        typed = _typed_date(form)
        instead = form.instead.data if form.instead.data != UNSURE else None
        if typed is not None and instead:
            return _both(typed, question.answers[int(instead)].value), {}, False
        if instead:
            return question.answers[int(instead)].value, {}, False
        return typed, {}, typed is None or form.instead.data == UNSURE
    if question.kind == "county":
        return (None, {}, True) if form.answer.data == UNSURE else (form.answer.data, {}, False)
    if form.answer.data == UNSURE:
        return None, {}, True
    if question.kind == "offense":
        if form.answer.data == OTHER:
            read = offenses.read(form.other.data or "")
            if read is None:
                raise ValueError("a validated form holds an offense that can be read")
            more = {"attempt": read.attempt}
            return read.offense, more | ({"subdivision": read.subdivision} if read.subdivision else {}), False
        return question.answers[int(form.answer.data)].value, {"attempt": False}, False
    return question.answers[int(form.answer.data)].value, {}, False


def _index(question: flow.Question, stored: Any) -> str | None:
    return next((str(i) for i, a in enumerate(question.answers) if a.value == stored), None)


def chosen(_form: FlaskForm, field: Field) -> None:
    """One of the offered answers has to be chosen. Stands in for WTForms' own check, whose words are not ours."""
    if not offered(field):
        raise ValidationError(_("Choose one of the answers. If you do not know, choose “I'm not sure”."))


def offered(field: Field) -> bool:
    return bool(field.data) and any(choice.value == field.data for choice in field.choices)


def _choices(question: flow.Question, stored: Any, unsure: bool) -> dict[str, Any]:
    choices = [SelectChoice(str(i), _(a.label)) for i, a in enumerate(question.answers)]
    return {
        "answer": RadioField(
            _(question.question),
            choices=[*choices, SelectChoice(UNSURE, _("I'm not sure"))],
            default=UNSURE if unsure else _index(question, stored),
            validators=[chosen],
            validate_choice=False,
        )
    }


def _county(question: flow.Question, stored: Any, unsure: bool) -> dict[str, Any]:
    return {
        "answer": SelectField(
            _(question.question),
            choices=[
                SelectChoice("", _("Choose a county")),
                *(SelectChoice(c, c) for c in COUNTIES),
                SelectChoice(UNSURE, _("I'm not sure")),
            ],
            default=UNSURE if unsure else stored or "",
            validators=[chosen],
            validate_choice=False,
        )
    }


def _offense(question: flow.Question, stored: Any, unsure: bool) -> dict[str, Any]:
    another = _(question.another)

    def readable(form: FlaskForm, field: Field) -> None:
        if form.answer.data != OTHER:
            return
        typed = (field.data or "").strip()
        if not typed:
            raise ValidationError(_("Write the section from your papers, or choose “I'm not sure”."))
        if len(typed) > 60 or offenses.read(typed) is None:
            raise ValidationError(
                _(
                    "We cannot read this as a section of the law. Write the number and the letters, like HS 11364 or "
                    "664/11358 HS. If "
                    "you cannot find it, choose “I'm not sure”."
                )
            )

    known = _index(question, stored)
    return {
        "answer": RadioField(
            _(question.question),
            choices=[
                *(SelectChoice(str(i), _(a.label)) for i, a in enumerate(question.answers)),
                SelectChoice(OTHER, another),
                SelectChoice(UNSURE, _("I'm not sure")),
            ],
            default=UNSURE if unsure else known or (OTHER if stored else None),
            validators=[chosen],
            validate_choice=False,
        ),
        "other": StringField(another, default=stored if stored and known is None else "", validators=[readable]),
    }


def _date(question: flow.Question, stored: Any, unsure: bool, as_of: date) -> dict[str, Any]:
    parts = re.fullmatch(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", stored) if isinstance(stored, str) else None
    year, month, day = parts.groups() if parts else ("", "", "")

    def a_day_that_exists(form: FlaskForm, _field: Field) -> None:
        y, m, d = ((form[n].data or "").strip() for n in ("year", "month", "day"))
        if form.instead.data and not offered(form.instead):
            form.instead.data = None
        if not (y or m or d):
            if not form.instead.data:
                raise ValidationError(_("Write the year, or choose one of the answers below."))
            return
        if not re.fullmatch(r"\d{4}", y):
            raise ValidationError(_("Write the year with four digits, like 1998."))
        if not FIRST_YEAR <= int(y) <= as_of.year:
            raise ValidationError(
                _("The year must be from %(first)s to %(last)s. Check the year.", first=FIRST_YEAR, last=as_of.year)
            )
        if d and not m:
            raise ValidationError(_("You wrote a day but no month. Write the month too, or leave both empty."))
        if m and not (m.isdecimal() and 1 <= int(m) <= 12):
            raise ValidationError(_("Write the month as a number from 1 to 12, or leave it empty."))
        if d:
            try:
                written = date(int(y), int(m), int(d))
            except ValueError:
                raise ValidationError(_("That day does not exist. Check the month and the day.")) from None
            if written > as_of:
                raise ValidationError(_("That day is in the future. Check the date."))
        elif m and (int(y), int(m)) > (as_of.year, as_of.month):
            raise ValidationError(_("That month is in the future. Check the date."))
        typed, below = _typed_date(form), form.instead.data
        if typed and below and below != UNSURE and _both(typed, question.answers[int(below)].value) is None:
            raise ValidationError(_("The date and the answer below do not fit together. Change one of them."))

    return {
        "month": StringField(_("Month"), default=str(int(month)) if month else "", render_kw={}),
        "day": StringField(_("Day"), default=str(int(day)) if day else ""),
        "year": StringField(_("Year"), default=year or "", validators=[a_day_that_exists]),
        "instead": RadioField(
            _("If you do not know the exact date"),
            choices=[
                *(SelectChoice(str(i), _(a.label)) for i, a in enumerate(question.answers)),
                SelectChoice(UNSURE, _("I'm not sure")),
            ],
            default=UNSURE if unsure and not parts else _index(question, stored),
            validate_choice=False,
        ),
    }


def _both(typed: str, answer: dict[str, str]) -> str | dict[str, str] | None:
    """What a typed date and a chosen answer ("before November 9, 2016") say together; None if they cannot both be
    true."""
    known = read_value(dictionary()["offense_date"], typed)
    first, last = (known.low, known.high) if isinstance(known, Span) else (known, known)
    first = max(str(first), answer.get("at_least", ""))
    last = min(str(last), answer.get("at_most", "9999"))
    if first > last:
        return None
    return {"at_least": first, "at_most": last} if isinstance(known, Span) else typed


def _typed_date(form: FlaskForm) -> str | None:
    y, m, d = ((form[n].data or "").strip() for n in ("year", "month", "day"))
    if not y:
        return None
    return y + (f"-{int(m):02d}" if m else "") + (f"-{int(d):02d}" if d else "")
