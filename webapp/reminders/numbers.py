"""Phone numbers: read as people write them, kept as E.164, shown as their last four digits.

    >>> read("(916) 445-2841")
    '+19164452841'
    >>> ending("+19164452841")
    '2841'

The table of the package phonenumbers says which numbers can exist. In the United States it cannot tell mobile from
landline; a landline is found out when the first text is refused. Numbers outside the United States and its territories
are refused: our consent, hours and carriers are for here.
"""

from __future__ import annotations

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType

from webapp.language import N_

__all__ = ["NUMBER_PROBLEMS", "NotANumber", "ending", "read"]

NUMBER_PROBLEMS = {
    "unreadable": N_("Write a phone number with its area code, such as (916) 445-2841."),
    "impossible": N_("There is no such number. Check each digit, and write the area code first."),
    "elsewhere": N_("We can text only numbers in the United States."),
    "no texts": N_("That number cannot get texts. Write the number of a cell phone."),
}
_US_CODES = frozenset({"US", "PR", "VI", "GU", "AS", "MP"})
_NO_TEXTS = frozenset(
    {PhoneNumberType.TOLL_FREE, PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST, PhoneNumberType.UAN}
)


class NotANumber(ValueError):
    """`reason` is a key of NUMBER_PROBLEMS."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def read(text: str) -> str:
    """The number as E.164. Raises NotANumber."""
    try:
        number = phonenumbers.parse(text[:60], "US")
    except NumberParseException:
        raise NotANumber("unreadable") from None
    if number.country_code != 1:
        raise NotANumber("elsewhere")
    if number.extension:
        raise NotANumber("no texts")
    if not phonenumbers.is_valid_number(number):
        raise NotANumber("impossible")
    if phonenumbers.region_code_for_number(number) not in _US_CODES and not _toll_free(number):
        raise NotANumber("elsewhere")
    if phonenumbers.number_type(number) in _NO_TEXTS:
        raise NotANumber("no texts")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _toll_free(number: phonenumbers.PhoneNumber) -> bool:
    return phonenumbers.number_type(number) == PhoneNumberType.TOLL_FREE


def ending(number: str) -> str:
    """The last four digits: enough for the person to know which phone, too little for a stranger."""
    return number[-4:]
