"""The request to waive fees, FW-001, for the day a clerk asks for money that nobody owes.

Petitions to dismiss, reduce or seal cost nothing (`forms/filing-facts.md` section 3). The form is made only for a
person who wants it in their papers, and goes last, to be handed in only if a clerk asks. Its item 5 knows three ways,
and one is enough:

    5a  somebody in a public benefit program: the program is checked, page 2 stays empty
    5b  a home whose income is below the limit for its size: items 7 to 9 on page 2 too
    5c  not enough for the basics: items 7 to 9 here; items 10 and 11 (property, costs) by hand

Which of 5b and 5c it is follows from the amounts alone, against the limits of the form's own revision
(`forms/FW-001/limits.toml`). Nothing is checked that the person did not say.

    >>> way({"wanted": True, "benefits": ["medi_cal"]})
    '5a'
    >>> way({"wanted": True, "home": 2, "income_1_amount": "900.00"})
    '5b'
    >>> way({"wanted": True, "home": 1, "income_1_amount": "9000.00", "ask": "payments"})
    '5c'
    >>> way({"wanted": True, "home": 1}) is None
    True

It is signed under penalty of perjury, by hand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Literal

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, RadioField, SelectMultipleField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice

from forms import monthly_limit
from webapp.packet.details import printable, tidy
from webapp.packet.papers import case_name

Way = Literal["5a", "5b", "5c"]
Fees = Mapping[str, Any]

ROWS = range(1, 5)
"""Lines of items 8a and 9a of the form."""

MOST_AT_HOME = 30
LARGEST = Decimal(1_000_000)
"""Dollars a month: more is a slip of the finger."""

# Programs as the form prints them; a name in English stands in brackets in the Spanish words, since letters say it so.
BENEFITS: Mapping[str, Any] = MappingProxyType(
    {
        "food_stamps": _l("CalFresh (food stamps)"),
        "ssi": _l("SSI (Supplemental Security Income)"),
        "ssp": _l("SSP (the state part of SSI)"),
        "medi_cal": _l("Medi-Cal"),
        "county_relief": _l("County Relief or General Assistance"),
        "ihss": _l("IHSS (home care)"),
        "calworks": _l("CalWORKs or Tribal TANF"),
        "capi": _l("CAPI (cash aid for immigrants)"),
        "wic": _l("WIC (food for women and small children)"),
        "unemployment": _l("Unemployment benefits"),
    }
)
ASKS: Mapping[str, Any] = MappingProxyType(
    {
        "all": _l("Not to pay at all"),
        "some": _l("To pay only a part"),
        "payments": _l("To pay little by little"),
    }
)


def fees_of(document: Mapping[str, Any]) -> Fees:
    """What the person said about fees; empty when they have not been asked."""
    return document.get("fees") or {}


def amount(text: str) -> Decimal | None:
    """'$1,200.5' -> Decimal('1200.50'); None for what is no amount of money from 0 to a million."""
    plain = text.replace("$", "").replace(",", "").replace(" ", "")
    if not re.fullmatch(r"\d+(\.\d{1,2})?", plain):
        return None
    value = Decimal(plain).quantize(Decimal("0.01"))
    return value if value <= LARGEST else None


def income(fees: Fees, row: str) -> Decimal | None:
    """The sum of one kind of lines, dollars a month ("income" is item 8, "person" item 9); None when none is there."""
    found = [amount(str(fees.get(f"{row}_{n}_amount") or "")) for n in ROWS]
    told = [value for value in found if value is not None]
    return sum(told, Decimal(0)) if told else None


def way(fees: Fees) -> Way | None:
    """Which way of item 5 fits what was said; None when it takes something the person has not said."""
    if not fees.get("wanted"):
        return None
    if fees.get("benefits"):
        return "5a"
    own = income(fees, "income")
    if own is None or not fees.get("home"):
        return "5c" if fees.get("ask") in ASKS else None
    if own + (income(fees, "person") or 0) < monthly_limit(int(fees["home"])):
        return "5b"
    return "5c" if fees.get("ask") in ASKS else None


def request_values(caption: Mapping[str, str | bool], fees: Fees) -> dict[str, str | bool]:
    """The boxes of FW-001 for one case. `caption` is the petition's; the date and signature stay empty."""
    values: dict[str, str | bool] = {
        **waiver_caption(caption),
        "filer_phone": str(caption.get("filer_phone", "")),
        "sign_name": str(caption.get("filer_name", "")),
        "item_4_superior": True,
        "item_6": fees.get("asked_before") is True,
        "job_title": str(fees.get("job") or ""),
        "employer_name": str(fees.get("employer") or ""),
        "employer_address": str(fees.get("employer_address") or ""),
    }
    chosen = way(fees)
    if chosen is not None:
        values[f"item_{chosen}"] = True
    if chosen == "5a":
        values |= {f"item_5a_{name}": True for name in fees["benefits"] if name in BENEFITS}
    elif chosen is not None:
        values |= _page_two(fees)
    if chosen == "5c":
        values[f"item_5c_{fees['ask']}"] = True
    return {key: value for key, value in values.items() if value}


def _page_two(fees: Fees) -> dict[str, str | bool]:
    values: dict[str, str | bool] = {"item_7": fees.get("changes") is True}
    for n in ROWS:
        values |= {f"item_8a_{n}_{part}": str(fees.get(f"income_{n}_{part}") or "") for part in ("source", "amount")}
        values |= {f"item_9a_{n}_{part}": str(fees.get(f"person_{n}_{part}") or "") for part in ("name", "age")}
        values[f"item_9a_{n}_relationship"] = str(fees.get(f"person_{n}_relationship") or "")
        values[f"item_9a_{n}_income"] = str(fees.get(f"person_{n}_amount") or "")
    own, others = income(fees, "income"), income(fees, "person")
    if own is not None:
        values |= {"item_8b": _money(own), "item_9_total": _money(own + (others or 0))}
    if others is not None:
        values["item_9b"] = _money(others)
    return values


def waiver_caption(caption: Mapping[str, str | bool]) -> dict[str, str | bool]:
    """The tops of FW-001 and FW-003: who asks, which court, which case."""
    court = [f"County of {caption['court_county']}"] if caption.get("court_county") else []
    court += [str(caption[line]) for line in ("court_street", "court_city_zip") if caption.get(line)]
    parts = ("filer_name", "filer_street", "filer_city", "filer_state", "filer_zip", "case_number")
    told: dict[str, str | bool] = {part: caption.get(part, "") for part in parts}
    told |= {"court": "\n".join(court), "case_name": case_name(caption)}
    return {key: value for key, value in told.items() if value}


def _money(value: Decimal) -> str:
    return f"{value:,.2f}"


# ---- forms


def _said(_form: FlaskForm, field: Field) -> None:
    if field.data not in ("yes", "no"):
        raise ValidationError(_("Choose yes or no."))


def _dollars(_form: FlaskForm, field: Field) -> None:
    if not field.data:
        return
    value = amount(field.data)
    if value is None:
        raise ValidationError(
            _("Write the amount in dollars, such as 1200 or 1,200.50. What you wrote: %(text)s", text=field.data)
        )
    field.data = _money(value)


def _line(label: Any, *more: Any, longest: int = 80) -> StringField:
    return StringField(label, filters=[tidy], validators=[printable(longest), *more])


class FeesForm(FlaskForm):
    """Whether the person wants FW-001 at all, and which benefits they get."""

    wanted = RadioField(
        _l("Do you want the form in your papers?"),
        choices=[SelectChoice("yes", _l("Yes, add it")), SelectChoice("no", _l("No"))],
        validators=[_said],
        validate_choice=False,
    )
    benefits = SelectMultipleField(
        _l("Do you get any of these?"),
        choices=[SelectChoice(*each) for each in BENEFITS.items()],
        validate_choice=False,
    )
    asked_before = BooleanField(_l("I asked for this in the same case in the last 6 months."))

    def said(self) -> dict[str, Any]:
        return {
            "wanted": self.wanted.data == "yes",
            "benefits": [name for name in BENEFITS if name in (self.benefits.data or [])],
            "asked_before": self.asked_before.data is True,
        }


class IncomeForm(FlaskForm):
    """Items 2 and 7 to 9 of FW-001, for a person who gets none of the benefits."""

    home = _line(_l("How many people live in your home and share money? Count yourself."))
    job = _line(_l("Your job"))
    employer = _line(_l("Who you work for"))
    employer_address = _line(_l("Address of your work"), longest=150)
    changes = BooleanField(_l("My income changes a lot from month to month. I give the average of the last 12 months."))
    ask = RadioField(
        _l("If your income is above the limit, you can still ask. What do you want to ask for?"),
        choices=[SelectChoice(*each) for each in ASKS.items()],
        validate_choice=False,
    )

    def validate_home(self, field: Field) -> None:
        if field.data and not (re.fullmatch(r"\d{1,2}", field.data) and 1 <= int(field.data) <= MOST_AT_HOME):
            raise ValidationError(
                _("Write the number of people as a number from 1 to %(most)s. Count yourself.", most=MOST_AT_HOME)
            )

    def validate_ask(self, field: Field) -> None:
        if field.data not in ASKS:
            field.data = None

    def said(self) -> dict[str, Any]:
        told = {name: field.data for name, field in self._fields.items() if name != "csrf_token"}
        told["home"] = int(self.home.data) if self.home.data else None
        return told


# Items 8a and 9a of the form: the same boxes for each line.
for _n in ROWS:
    setattr(IncomeForm, f"income_{_n}_source", _line(_l("Where it comes from")))
    setattr(IncomeForm, f"income_{_n}_amount", _line(_l("Dollars a month, before taxes"), _dollars))
    setattr(IncomeForm, f"person_{_n}_name", _line(_l("Name")))
    setattr(IncomeForm, f"person_{_n}_age", _line(_l("Age"), longest=3))
    setattr(IncomeForm, f"person_{_n}_relationship", _line(_l("Who this is to you"), longest=40))
    setattr(IncomeForm, f"person_{_n}_amount", _line(_l("Dollars a month, before taxes"), _dollars))
