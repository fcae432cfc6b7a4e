"""One question as a WTForms form, and its answer back as a stored value.

Every form has "I'm not sure". Errors are sentences tied to their field, and what was typed stays in the boxes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import Field, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from rules import offense as offenses
from rules.facts import dictionary
from rules.record import read_value
from rules.span import Span
from webapp.counties import COUNTIES

from . import document as doc
from . import flow
from .document import Place

UNSURE = "unsure"
OTHER = "other"
NONE = "none"
FIRST_YEAR = 1930
YEARS_AHEAD = 60
LONGEST_OFFENSE = 80


@dataclass(frozen=True, slots=True)
class Given:
    """What a valid form says: the value to store, further facts it states, and whether it is "I'm not sure"."""

    value: Any
    also: Mapping[str, Any]
    unsure: bool


def form_for(
    question: flow.Question, document: Mapping[str, Any], place: Place, as_of: date, found: Sequence[flow.Answer] = ()
) -> FlaskForm:
    """The form of this question, the stored answer filled in on the first showing. ``found``: of an offense, what a
    search found."""
    stored, unsure = doc.value(document, place), doc.is_unsure(document, place)
    fields: dict[str, Any]
    match question.kind:
        case "date":
            fields = _date(question, stored, unsure, as_of)
        case "offense":
            fields = _offense(question, document, place, unsure, found)
        case "county":
            fields = _county(question, stored, unsure)
        case "checks":
            fields = _checks(question, document, place, unsure)
        case _:
            fields = _choices(question, document, place, unsure)
    form: FlaskForm = type("QuestionForm", (FlaskForm,), fields)()
    return form


def answer_of(question: flow.Question, form: FlaskForm, found: Sequence[flow.Answer] = ()) -> Given:
    """What a valid form says."""
    if question.kind == "date":
        typed = _typed_date(form)
        instead = form.instead.data if form.instead.data != UNSURE else None
        if typed is not None and instead:
            return Given(_both(typed, question.answers[int(instead)].value), {}, False)
        if instead:
            return Given(question.answers[int(instead)].value, {}, False)
        return Given(typed, {}, typed is None or form.instead.data == UNSURE)
    if question.kind == "checks":
        if UNSURE in form.answer.data:
            return Given(None, dict.fromkeys(question.states), True)
        said = {a.value: a.value in form.answer.data for a in question.answers}
        return Given(said.pop(question.fact), said, False)
    if form.answer.data == UNSURE:
        return Given(None, {}, True)
    if question.kind == "county":
        return Given(form.answer.data, {}, False)
    if question.kind == "offense" and form.answer.data == OTHER:
        read = offenses.read(form.other.data or "")
        if read is None:
            raise ValueError("a validated form holds an offense that can be read")
        return Given(read.offense, parts_of(read), False)
    answer = (*question.answers, *found)[int(form.answer.data)]
    return Given(answer.value, dict(answer.sets), False)


def parts_of(read: offenses.Offense) -> dict[str, Any]:
    """What an offense states besides its section."""
    parts = {"subdivision": read.subdivision, "paragraph": read.paragraph, "attempt": read.attempt}
    return {name: value for name, value in parts.items() if value is not None}


def _index(question: flow.Question, document: Mapping[str, Any], place: Place) -> str | None:
    held = flow.answer_of(question, document, place)
    return None if held is None else str(question.answers.index(held))


def chosen(_form: FlaskForm, field: Field) -> None:
    """One of the offered answers has to be chosen. Stands in for WTForms' own check, whose words are not ours."""
    if not offered(field):
        raise ValidationError(_("Choose one of the answers. If you do not know, choose “I'm not sure”."))


def offered(field: Field) -> bool:
    return bool(field.data) and any(choice.value == field.data for choice in field.choices)


def _unsure(question: flow.Question) -> list[SelectChoice]:
    return [] if question.certain else [SelectChoice(UNSURE, _("I'm not sure"))]


def _choices(question: flow.Question, document: Mapping[str, Any], place: Place, unsure: bool) -> dict[str, Any]:
    choices = [SelectChoice(str(i), _(a.label)) for i, a in enumerate(question.answers)]
    return {
        "answer": RadioField(
            _(question.question),
            choices=[*choices, *_unsure(question)],
            default=UNSURE if unsure else _index(question, document, place),
            validators=[chosen],
            validate_choice=False,
        )
    }


def _checks(question: flow.Question, document: Mapping[str, Any], place: Place, unsure: bool) -> dict[str, Any]:
    """Boxes, each a yes or no of its own; an empty page is no answer, "None of these" is."""

    def some(_form: FlaskForm, field: Field) -> None:
        known = {choice.value for choice in field.choices}
        picked = [value for value in field.data or [] if value in known]
        if not picked:
            raise ValidationError(_("Choose what is true, or “None of these”."))
        if len(picked) > 1 and {NONE, UNSURE} & set(picked):
            raise ValidationError(_("“None of these” and “I'm not sure” cannot go with another answer. Choose again."))
        field.data = picked

    facts = [a.value for a in question.answers]
    held = [f for f in facts if doc.value(document, flow.place_of(f, place.case, place.count)) is True]
    none = doc.value(document, place) is False and not held
    return {
        "answer": SelectMultipleField(
            _(question.question),
            choices=[
                *(SelectChoice(a.value, _(a.label)) for a in question.answers),
                SelectChoice(NONE, _("None of these")),
                SelectChoice(UNSURE, _("I'm not sure, or I would rather not say")),
            ],
            default=[UNSURE] if unsure else [NONE] if none else held,
            validators=[some],
            validate_choice=False,
        )
    }


def county_choices() -> list[SelectChoice]:
    return [
        SelectChoice("", _("Choose a county")),
        *(SelectChoice(c, c) for c in COUNTIES),
        SelectChoice(UNSURE, _("I'm not sure")),
    ]


def _county(question: flow.Question, stored: Any, unsure: bool) -> dict[str, Any]:
    return {
        "answer": SelectField(
            _(question.question),
            choices=county_choices(),
            default=UNSURE if unsure else stored or "",
            validators=[chosen],
            validate_choice=False,
        )
    }


def _offense(
    question: flow.Question, document: Mapping[str, Any], place: Place, unsure: bool, found: Sequence[flow.Answer]
) -> dict[str, Any]:
    """The choices are what a search found, else the most common offenses; a box takes a number or words."""
    another = _(question.another)
    count = doc.holder(document, place) or {}
    said = count.get("said", "")

    def said_something(form: FlaskForm, field: Field) -> None:
        if form.answer.data == OTHER and not (field.data or "").strip():
            raise ValidationError(_("Write the section from your papers, or choose “I'm not sure”."))
        if form.answer.data == OTHER and len(field.data) > LONGEST_OFFENSE:
            raise ValidationError(_("That is too long. Write one number, or a few words."))

    known = _index(question, document, place)
    first = len(question.answers)
    offered_ = [(str(first + i), a) for i, a in enumerate(found)] or [
        (str(i), a) for i, a in enumerate(question.answers)
    ]
    stored = count.get("offense")
    written = said or ("" if stored is None or known is not None else written_offense(count))
    return {
        "answer": RadioField(
            _(question.question),
            choices=[
                *(SelectChoice(value, _(a.label)) for value, a in offered_),
                SelectChoice(OTHER, another),
                *_unsure(question),
            ],
            default=UNSURE if unsure else (known if not found else None) or (OTHER if stored else None),
            validators=[chosen],
            validate_choice=False,
        ),
        "other": StringField(another, default=written, validators=[said_something]),
    }


def written_offense(count: Mapping[str, Any]) -> str:
    """An offense as papers write it: "PC 243(e)(1)", "PC 459 second", "PC 664/187"."""
    parts = (count.get("subdivision"), bool(count.get("attempt")), count.get("paragraph"))
    return offenses.written(offenses.Offense(count["offense"], *parts))


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
        last = as_of.year + (YEARS_AHEAD if question.future else 0)
        if not FIRST_YEAR <= int(y) <= last:
            raise ValidationError(
                _("The year must be from %(first)s to %(last)s. Check the year.", first=FIRST_YEAR, last=last)
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
            if written > as_of and not question.future:
                raise ValidationError(_("That day is in the future. Check the date."))
        elif m and (int(y), int(m)) > (as_of.year, as_of.month) and not question.future:
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
            default=UNSURE if unsure and not parts else _stored_index(question, stored),
            validate_choice=False,
        ),
    }


def _stored_index(question: flow.Question, stored: Any) -> str | None:
    return next((str(i) for i, a in enumerate(question.answers) if a.value == stored), None)


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
