"""Every text we send, in every language.

A text may be read by anyone who sees the phone: it says that something is due, never what. It names the program, says
how to stop, and leads to a page that asks for a PIN or the five words. `forbidden.yaml` lists what no text may say;
the tests hold every message in every language against it.

**Length.** A text is billed and split in segments: 160 letters of the GSM-7 alphabet, 153 each when there are more;
70 and 67 as soon as one letter is outside it. Spanish é, ñ, ¿ and ¡ are inside, á, í, ó and ú are not: one of them
would cut the room in half, so the Spanish texts are written without them. None is longer than two segments, with the
longest address and date, which a test counts.

    >>> segments("Limpio: ¿ya lo hiciste? Responde HECHO.")
    1
    >>> encoding("á"), encoding("é")
    ('UCS-2', 'GSM-7')
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files

from rules import plain_yaml
from webapp.language import LOCALES, N_, SOURCE, format_date_long, translate
from webapp.reminders.written_date import plain

__all__ = ["MOST_SEGMENTS", "TEXTS", "day_words", "encoding", "names_the_subject", "segments", "text", "text_lang"]

MOST_SEGMENTS = 2

TEXTS: Mapping[str, str] = {
    # asked for on the page
    "confirm": N_(
        "Limpio: to get the reminders you asked for, reply YES. If you did not ask, do nothing. About %(month)s texts "
        "a month. Msg & data rates may apply. Reply HELP for help, STOP to stop."
    ),
    # planned
    "file": N_(
        "Limpio: have you done the step you planned? If so, reply DONE. To see it: %(link)s Reply STOP to stop."
    ),
    "proof": N_("Limpio: you have one short step to finish this week. To see it: %(link)s Reply STOP to stop."),
    "answer": N_("Limpio: it is time to check your mail. To see why: %(link)s Reply STOP to stop."),
    "hearing": N_("Limpio: you saved %(date)s as a date to keep. To see it: %(link)s Reply STOP to stop."),
    "clerk": N_("Limpio: it is time for a phone call. To see whom to call: %(link)s Reply STOP to stop."),
    "copy": N_("Limpio: you can pick up a paper now. To see which: %(link)s Reply STOP to stop."),
    "recheck": N_("Limpio: it is time to look at something again. To see what: %(link)s Reply STOP to stop."),
    "open -14": N_("Limpio: in two weeks you can do something new. To see what: %(link)s Reply STOP to stop."),
    "open +0": N_("Limpio: from today you can do something new. To see what: %(link)s Reply STOP to stop."),
    "open +14": N_("Limpio: there is still something new you can do. To see what: %(link)s Reply STOP to stop."),
    # answers to what they text
    "welcome": N_(
        "Limpio: you are signed up for reminders, about %(month)s a month. Msg & data rates may apply. Reply HELP for "
        "help, STOP to stop."
    ),
    "already": N_("Limpio: you are signed up. If you have done your step, reply DONE. Reply STOP to stop."),
    "help": N_(
        "Limpio sends the reminders you asked for. Help: %(site)s About %(month)s texts a month. Msg & data rates may "
        "apply. Reply STATUS to see what is next, STOP to stop."
    ),
    "stopped": N_("Limpio: we stopped. You will get no more texts from us. To start again, reply START."),
    "nothing here": N_("Limpio: this phone is not signed up for texts. To sign up: %(site)s"),
    "noted": N_("Limpio: noted for %(date)s. Not right? Reply UNDO. What comes next: %(link)s Reply STOP to stop."),
    "noted all": N_(
        "Limpio: noted for %(date)s, for all %(count)s. Only for one? Reply UNDO, then say it here: %(link)s Reply "
        "STOP to stop."
    ),
    "date noted": N_("Limpio: we saved %(date)s for you. Not right? Reply UNDO. See it: %(link)s Reply STOP to stop."),
    "good news": N_(
        "Limpio: great! Noted for %(date)s. Not right? Reply UNDO. What comes next: %(link)s Reply STOP to stop."
    ),
    "bad news": N_(
        "Limpio: we are sorry. Noted for %(date)s. There may be another way: %(link)s Not right? Reply UNDO. Reply "
        "STOP to stop."
    ),
    "undone": N_("Limpio: we took your last text back. See how things stand: %(link)s Reply STOP to stop."),
    "nothing to undo": N_("Limpio: there is nothing to take back. See how things stand: %(link)s Reply STOP to stop."),
    "next": N_("Limpio: your next reminder comes on %(date)s. See it all: %(link)s Reply STOP to stop."),
    "no next": N_("Limpio: no reminder is planned now. See how things stand: %(link)s Reply STOP to stop."),
    "which": N_("Limpio: you have %(count)s of them. Put 1 to %(count)s after the word, or say it here: %(link)s"),
    "what date": N_("Limpio: we could not read the date. Write the word, then the date, like 3/14/2027."),
    "past": N_("Limpio: %(date)s is over. Please check the day, and text it again with the year, like 3/14/2027."),
    "to come": N_("Limpio: %(date)s is still to come. Please check the day, and text it again, like 3/14/2026."),
    "closed": N_("Limpio: they are closed on %(date)s. Please check the day on your paper, and text it again."),
    "say it there": N_("Limpio: we cannot tell what this is about. Please say it here: %(link)s Reply STOP to stop."),
    "okay": N_("Limpio: okay. We will ask again later. Reply STOP to stop."),
    "not understood": N_(
        "Limpio: sorry, a computer reads this and did not get it. Nothing was changed. See it here: %(link)s Reply "
        "HELP for help, STOP to stop."
    ),
}

# The alphabet of GSM 03.38, and the signs that take two places in it.
_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWICE = frozenset("\f^{}\\[~]|€")


def encoding(body: str) -> str:
    """ "GSM-7" or "UCS-2": how the carriers will send it."""
    return "GSM-7" if set(body) <= _GSM | _GSM_TWICE else "UCS-2"


def segments(body: str) -> int:
    """How many segments a text is cut into. A sign outside the Basic Multilingual Plane counts twice in UCS-2."""
    if encoding(body) == "GSM-7":
        size, one, more = sum(1 + (letter in _GSM_TWICE) for letter in body), 160, 153
    else:
        size, one, more = len(body.encode("utf-16-be")) // 2, 70, 67
    return 1 if size <= one else math.ceil(size / more)


def text_lang(lang: str) -> str:
    """The language to text in: the person's; English for one that no public page has, and for the pseudo-locale."""
    return lang if lang in LOCALES and LOCALES[lang].public else SOURCE


def text(name: str, lang: str, **values: object) -> str:
    """One text, by its name in TEXTS."""
    return translate(text_lang(lang), TEXTS[name], **values)


@cache
def _forbidden(lang: str) -> re.Pattern[str]:
    lists = plain_yaml.load(files("webapp.reminders").joinpath("forbidden.yaml").read_text(encoding="utf-8"))
    starts = (re.escape(plain(word.rstrip("$"))) + (r"\b" if word.endswith("$") else "") for word in lists[lang])
    return re.compile(rf"\b(?:{'|'.join(starts)})")


def names_the_subject(body: str, lang: str) -> list[str]:
    """The forbidden words in a text; empty when a stranger may read it. Raises KeyError for a language without list."""
    return _forbidden(lang).findall(plain(re.sub(r"https?://\S+", " ", body)))


def day_words(day: date, lang: str) -> str:
    """ "March 14, 2027": the month in words, because 3/4 is two days."""
    return format_date_long(day, text_lang(lang))
