"""The questions that only the papers need, as forms: who you are, the case as the court knows it, and two rights.

Lenient on purpose. Old papers and foreign addresses look odd, and a clerk takes what a program refuses. Refused are
only texts that no form could hold (too long), letters that cannot be printed, and what is plainly something else (a
phone number without digits). What was typed stays in its box, whatever is wrong with it. Common shapes are tidied:
"916.555.0100" becomes "(916) 555-0100", "california" becomes "CA".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Field,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice

from forms.fonts import NoGlyph, character_name, normal, regular
from rules.court_days import is_court_day, next_court_day
from webapp.language import current_lang, format_date_long, translate

LONGEST: Mapping[str, int] = MappingProxyType(
    {
        "name": 150,
        "street": 150,
        "city": 80,
        "state": 30,
        "zip": 12,
        "phone": 40,
        "email": 120,
        "defendant": 150,
        "case_number": 60,
        "court_street": 150,
        "court_mailing": 150,
        "court_city_zip": 120,
        "own_words": 4000,
        "place": 120,
        "agency": 120,
        "report_number": 60,
        "charges": 400,
    }
)
"""Characters. A box of the form holds less; what is longer than its box, up to this, goes on an attachment page."""

USE, OTHER, BLANK = "use", "other", "blank"


def unprintable(text: str) -> str | None:
    """The first character of one line of text that cannot be printed on a form; None when all can."""
    try:
        regular().shape(normal(text))
    except NoGlyph as bad:
        return bad.character
    return None


def long_words(most: int, length: int, lang: str | None = None) -> str:
    return translate(
        lang or current_lang(),
        "This is too long for a court form: %(length)s letters. The most is %(most)s. Make it shorter. What you wrote "
        "is still here.",
        length=length,
        most=most,
    )


def unprintable_words(character: str, lang: str | None = None) -> str:
    """Names the character, and shows it when it can be seen."""
    name = character_name(character)
    said = lang or current_lang()
    if character.isprintable():
        return translate(
            said,
            'The sign "%(character)s" (%(name)s) cannot be printed on the form. Take it out, or write it another way, '
            "for example "
            "with Latin letters.",
            character=character,
            name=name,
        )
    return translate(said, "A hidden sign (%(name)s) cannot be printed on the form. Type this line again.", name=name)


def printable(most: int) -> Callable[[FlaskForm, Field], None]:
    """A validator: short enough for a form, and only letters that can be printed on it."""

    def check(_form: FlaskForm, field: Field) -> None:
        text = field.data or ""
        if len(text) > most:
            raise ValidationError(long_words(most, len(text)))
        if bad := unprintable(text):
            raise ValidationError(unprintable_words(bad))

    return check


def tidy(text: str | None) -> str:
    """One line: outer spaces away, inner ones single."""
    return " ".join((text or "").split())


def tidy_state(text: str | None) -> str:
    plain = tidy(text)
    if plain.casefold().rstrip(".") in {"california", "calif", "cal", "ca", "c.a"}:
        return "CA"
    return plain.upper() if len(plain) == 2 else plain


def tidy_zip(text: str | None) -> str:
    """'946121234' -> '94612-1234'; other shapes as typed, for addresses elsewhere."""
    plain = tidy(text)
    whole = re.fullmatch(r"(\d{5})[ -]?(\d{4})", plain)
    return f"{whole[1]}-{whole[2]}" if whole else plain


def tidy_phone(text: str | None) -> str:
    """'916.555.0100' -> '(916) 555-0100'; other shapes as typed."""
    plain = tidy(text)
    digits = re.sub(r"\D", "", plain)
    if len(digits) == 11:
        digits = digits.removeprefix("1")
    if len(digits) == 10 and re.fullmatch(r"[\d\s().+-]+", plain):
        return f"({digits[:3]}) {digits[3:6]}-{digits[6:]}"
    return plain


def _line(name: str, label: Any, *more: Any, tidied: Callable[[str | None], str] = tidy) -> StringField:
    return StringField(label, filters=[tidied], validators=[*more, printable(LONGEST[name])])


def _has_name(_form: FlaskForm, field: Field) -> None:
    if not field.data:
        raise ValidationError(_("Write your name. The form needs it at the top and under the line for your signature."))


def _is_phone(_form: FlaskForm, field: Field) -> None:
    if field.data and sum(character.isdigit() for character in field.data) < 7:
        raise ValidationError(
            _("Write the phone number with all its digits, such as (916) 555-0100, or leave it empty.")
        )


def _is_email(_form: FlaskForm, field: Field) -> None:
    if field.data and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", field.data):
        raise ValidationError(
            _("Write the email address with @ and a dot, such as name@example.com, or leave it empty.")
        )


def _is_zip(_form: FlaskForm, field: Field) -> None:
    if field.data and not any(character.isdigit() for character in field.data):
        raise ValidationError(_("Write the ZIP code with its digits, such as 95814, or leave it empty."))


class ContactForm(FlaskForm):
    """Who files. Only the name is needed; the rest can be written in by hand."""

    name = _line("name", _l("Your full name now"), _has_name)
    street = _line("street", _l("Street address or P.O. box"))
    city = _line("city", _l("City"))
    state = _line("state", _l("State"), tidied=tidy_state)
    zip = _line("zip", _l("ZIP code"), _is_zip, tidied=tidy_zip)
    phone = _line("phone", _l("Phone number"), _is_phone, tidied=tidy_phone)
    email = _line("email", _l("Email address"), _is_email)

    def contact(self) -> dict[str, str]:
        """What goes into `document["contact"]`."""
        return {name: getattr(self, name).data for name in ("name", "street", "city", "state", "zip", "phone", "email")}


def _court_chosen(_form: FlaskForm, field: Field) -> None:
    if not field.data:
        raise ValidationError(_("Choose what to print for the address of the court. You can leave it empty."))


class CaseForm(FlaskForm):
    """One case as the court knows it."""

    defendant = _line("defendant", _l("Your name as it is on this case"))
    case_number = _line("case_number", _l("Case number"))
    court = RadioField(_l("Address of the court"), validators=[_court_chosen], validate_choice=False)
    court_street = _line("court_street", _l("Street address of the court"))
    court_mailing = _line("court_mailing", _l("Mailing address, if it is another one"))
    court_city_zip = _line("court_city_zip", _l("City and ZIP code of the court"))

    def validate_court(self, field: RadioField) -> None:
        offered = {choice[0] for choice in field.iter_choices()}
        if field.data and field.data not in offered:
            field.data = None
            _court_chosen(self, field)

    def validate_court_street(self, field: Field) -> None:
        if self.court.data == OTHER and not (field.data or self.court_mailing.data or self.court_city_zip.data):
            raise ValidationError(_("Write the address of the court here, or choose to leave it empty."))


def lines_fit(most: int) -> Callable[[FlaskForm, Field], None]:
    """A validator for several lines: short enough, and only letters that can be printed."""

    def check(_form: FlaskForm, field: Field) -> None:
        text = field.data or ""
        if len(text) > most:
            raise ValidationError(long_words(most, len(text)))
        for line in text.splitlines():
            if bad := unprintable(line):
                raise ValidationError(unprintable_words(bad))

    return check


def tidy_lines(text: str | None) -> str:
    return "\n".join(line.rstrip() for line in (text or "").strip().splitlines())


class PetitionForm(FlaskForm):
    """What only the person can say on CR-180: which felonies to reduce as well, and why a judge should say yes."""

    reduce = SelectMultipleField(_l("Ask the judge for a lower level too"), validate_choice=False)
    use_statement = BooleanField(_l("Use the words I wrote for the judge in this case too"))
    own_words = TextAreaField(
        _l("More, only about this case (in English)"),
        filters=[tidy_lines],
        validators=[lines_fit(LONGEST["own_words"])],
    )

    def chosen(self) -> list[str]:
        offered = {str(choice[0]) for choice in self.reduce.choices or ()}
        return [value for value in self.reduce.data or [] if value in offered]


BY_MAIL, BY_HAND, UNDECIDED = "mail", "hand", "unknown"


class ServiceForm(FlaskForm):
    """Who gets a copy, and how: what stands on the proof of service beside what its server writes."""

    office = RadioField(_l("Which office handled your case?"), validate_choice=False)
    office_name = _line("name", _l("Name of the other office"))
    office_street = _line("street", _l("Street address of the office"))
    office_city = _line("city", _l("City"))
    office_zip = _line("zip", _l("ZIP code"), _is_zip, tidied=tidy_zip)
    agency_name = _line("name", _l("The police or sheriff that arrested you"))
    agency_street = _line("street", _l("Street address of the police or sheriff"))
    agency_city = _line("city", _l("City"))
    agency_zip = _line("zip", _l("ZIP code"), _is_zip, tidied=tidy_zip)
    serve_by = RadioField(
        _l("How will the copy get there?"),
        choices=[
            SelectChoice(BY_MAIL, _l("By mail")),
            SelectChoice(BY_HAND, _l("Somebody brings it there")),
            SelectChoice(UNDECIDED, _l("I do not know yet")),
        ],
        validate_choice=False,
    )

    def validate_office(self, field: RadioField) -> None:
        if field.data not in {choice[0] for choice in field.iter_choices()}:
            field.data = None
            raise ValidationError(_("Choose the office, or say that you do not know."))

    def validate_office_name(self, field: Field) -> None:
        if self.office.data == OTHER and not field.data:
            raise ValidationError(_("Write the name of the office. It is on the complaint in your case."))

    def validate_serve_by(self, field: RadioField) -> None:
        if field.data not in (BY_MAIL, BY_HAND, UNDECIDED):
            field.data = None
            raise ValidationError(_("Choose how the copy will get there, or say that you do not know yet."))

    def served(self, who: str, name: str) -> dict[str, str]:
        """What goes into the answers for one office ("office" or "agency")."""
        parts = {part: getattr(self, f"{who}_{part}").data or "" for part in ("street", "city", "zip")}
        return {"name": name, **parts, "state": "CA" if parts["street"] or parts["city"] else ""}


def _day_of_birth(form: FlaskForm, _field: Field) -> None:
    typed = [(form[part].data or "").strip() for part in ("month", "day", "year")]
    if any(typed) and _real_day(*typed) is None:
        raise ValidationError(_("Write the day as month, day and year, such as 3 14 1985, or leave it empty."))


def _real_day(month: str, day: str, year: str) -> date | None:
    if not (month.isdecimal() and day.isdecimal() and re.fullmatch(r"\d{4}", year)):
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


class ArrestForm(FlaskForm):
    """What CR-409 asks about an arrest and the rules do not need. All of it can be written in by hand."""

    month = StringField(_l("Month"))
    day = StringField(_l("Day"))
    year = StringField(_l("Year"), validators=[_day_of_birth])
    place = _line("place", _l("Where was the arrest? City and county"))
    agency = _line("agency", _l("Who arrested you?"))
    report_number = _line("report_number", _l("Number of the arrest report or police report"))
    charges = _line("charges", _l("What did the prosecutor charge?"))

    def arrest(self) -> dict[str, str]:
        """What goes into the answers."""
        born = _real_day(*((self[part].data or "").strip() for part in ("month", "day", "year")))
        told = {name: self[name].data or "" for name in ("place", "agency", "report_number", "charges")}
        return {"birth_date": f"{born:%m/%d/%Y}" if born else "", **told}


class FilingDayForm(FlaskForm):
    """The day the person means to take the papers to the court."""

    month = StringField(_l("Month"))
    day = StringField(_l("Day"))
    year = StringField(_l("Year"))

    def validate_year(self, _field: Field) -> None:
        typed = [(self[part].data or "").strip() for part in ("month", "day", "year")]
        if not any(typed):
            return
        chosen = _real_day(*typed)
        if chosen is None:
            raise ValidationError(_("That day does not exist. Write month, day and year, or leave all three empty."))
        if chosen < self.today:
            raise ValidationError(_("That day is over. Write the day on which you will file."))
        if chosen > self.today.replace(year=self.today.year + 1, day=min(self.today.day, 28)):
            raise ValidationError(_("That day is more than a year away. Check the year."))
        if not is_court_day(chosen):
            raise ValidationError(
                _(
                    "The courts are closed on %(day)s. The next day they are open is %(next)s.",
                    day=format_date_long(chosen),
                    next=format_date_long(next_court_day(chosen)),
                )
            )

    def __init__(self, today: date, **given: Any) -> None:
        super().__init__(**given)
        self.today = today

    def chosen(self) -> date | None:
        return _real_day(*((self[part].data or "").strip() for part in ("month", "day", "year")))


class RightsForm(FlaskForm):
    """Items 3 and 4 of CR-400. Empty unless the person ticks them."""

    waive_judge = BooleanField(_l("I give up the right in item 3: the judge who sentenced me need not decide this."))
    waive_appearance = BooleanField(_l("I give up the right in item 4: the hearing may be held without me."))
