"""What a person agrees to before we text them, and the proof of it.

Reminders that somebody asked for need prior express consent (47 U.S.C. 227; 47 C.F.R. 64.1200). We ask for more: a box
that is not ticked beforehand, full wording beside it, and a yes by text from the phone itself, because a wrong digit
would tell a stranger that somebody uses this site. The yes may be taken back by any words at any time.

Kept as proof, five years, apart from the answers and without the number (a keyed hash finds it again if somebody who
has the number asks): when, in UTC; which wording, by a digest of its every word; language; how (web form, text, stop).

    >>> version("en") == version("en"), version("en") == version("es")
    (True, False)
"""

from __future__ import annotations

import hashlib

from webapp.language import N_, translate

__all__ = ["A_MONTH", "CONSENT", "TOPIC_WORDS", "version", "wording"]

A_MONTH = 4
"""Texts a person gets in a usual month, as told to them. The simulated year of the tests holds it as a mean."""

CONSENT = N_(
    "I want Limpio to text me the reminders I chose, at the number above. This number is mine. I get about %(month)s "
    "texts a month, sometimes more. Message and data rates may apply. I can reply STOP at any time to end the texts, "
    "and HELP for help. I do not have to agree to this to use the site."
)

TOPIC_WORDS = {
    "steps": N_("The next step with my papers"),
    "hearing": N_("Court dates that I write down here"),
    "open": N_("The day when something new opens for me"),
    "recheck": N_("When to check my state record again"),
}


def wording(lang: str) -> str:
    """The words beside the box, in full."""
    return translate(lang, CONSENT, month=A_MONTH)


def version(lang: str) -> str:
    """Names these exact words: another word, another version."""
    return f"{lang}-{hashlib.blake2b(wording(lang).encode(), digest_size=8, person=b'limpio consent').hexdigest()}"
