"""The texts themselves: length as the carriers count it, nothing that names the subject, numbers, and the consent."""

from __future__ import annotations

import re
from datetime import date
from importlib.resources import files

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from webapp.language import public_locales
from webapp.reminders import consent, messages, numbers
from webapp.reminders.messages import MOST_SEGMENTS, TEXTS, encoding, names_the_subject, segments, text
from webapp.reminders.plan import schedule
from webapp.reminders.worker import body_of, link_to, new_code

LANGUAGES = [locale.code for locale in public_locales()]
# As long as a site's address reasonably is: 44 letters before the path.
SITE = "https://limpio.neighborhood-legal-center.org"


def longest(name: str, lang: str) -> str:
    days = (messages.day_words(date(2027, month, 30 if month != 2 else 28), lang) for month in range(1, 13))
    values = {
        "link": link_to(SITE, lang, new_code()), "site": SITE, "date": max(days, key=len), "month": consent.A_MONTH,
        "count": 40,
    }  # fmt: skip
    return text(name, lang, **values)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", TEXTS)
def test_no_text_is_longer_than_two_segments(name: str, lang: str) -> None:
    body = longest(name, lang)
    assert segments(body) <= MOST_SEGMENTS, (len(body), encoding(body), body)
    # Outside GSM-7 the room is less than half: we have no text that needs it.
    assert encoding(body) == "GSM-7", [letter for letter in body if encoding(letter) != "GSM-7"]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", TEXTS)
def test_no_text_names_the_subject(name: str, lang: str) -> None:
    assert names_the_subject(longest(name, lang), lang) == []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", TEXTS)
def test_every_text_says_who_sends_it(name: str, lang: str) -> None:
    body = longest(name, lang)
    assert body.startswith("Limpio")
    assert "%" not in body
    links = re.findall(r"https?://\S+", body)
    assert all(link == SITE or link.startswith(f"{SITE}/{lang}/t/") for link in links)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_whatever_goes_out_by_plan_says_how_to_stop(lang: str) -> None:
    stop = {"en": "STOP", "es": "ALTO"}[lang]
    for row in schedule().rows:
        for days in row.days:
            content = {"kind": row.name, "days": days, "anchor": "2027-09-30"}
            assert stop in body_of(content, lang, link_to(SITE, lang, new_code())), row.name
    for name in ("confirm", "welcome", "help"):
        assert stop in longest(name, lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_first_text_says_all_that_carriers_ask_for(lang: str) -> None:
    words = {"en": ("YES", "HELP", "STOP", "rates"), "es": ("SI", "AYUDA", "ALTO", "tarifas")}[lang]
    assert all(word in longest("confirm", lang) for word in (*words, str(consent.A_MONTH)))
    assert all(word in longest("help", lang) for word in (*words[2:], SITE))


def test_the_list_of_forbidden_words_finds_them() -> None:
    lists = yaml.safe_load(files("webapp.reminders").joinpath("forbidden.yaml").read_text(encoding="utf-8"))
    assert set(LANGUAGES) <= set(lists)
    for lang, listed in lists.items():
        for word in listed:
            bare = word.rstrip("$")
            assert names_the_subject(f"Limpio: {bare.upper()}!", lang), word
            # The start of a word is enough, but where the list says that only the whole word counts.
            assert bool(names_the_subject(f"about {bare}ation", lang)) is not word.endswith("$"), word
    assert names_the_subject("Tu CONDENA", "es") == ["condena"]
    assert names_the_subject("tu petición", "es") == ["peticion"]
    assert names_the_subject("please see https://court.example.org/criminal/case", "en") == []
    with pytest.raises(KeyError):
        names_the_subject("x", "xx")


@pytest.mark.parametrize(
    ("body", "coded", "count"),
    [
        ("", "GSM-7", 1),
        ("a" * 160, "GSM-7", 1),
        ("a" * 161, "GSM-7", 2),
        ("a" * 306, "GSM-7", 2),
        ("a" * 307, "GSM-7", 3),
        ("é" * 160, "GSM-7", 1),
        ("ñ¿¡Ñü", "GSM-7", 1),
        ("á" * 70, "UCS-2", 1),
        ("á" * 71, "UCS-2", 2),
        ("í" + "a" * 133, "UCS-2", 2),
        ("í" + "a" * 134, "UCS-2", 3),
        ("€" * 80, "GSM-7", 1),
        ("€" * 81, "GSM-7", 2),
        ("👍" * 35, "UCS-2", 1),
        ("👍" * 36, "UCS-2", 2),
    ],
)
def test_segments_are_counted_as_carriers_count(body: str, coded: str, count: int) -> None:
    assert (encoding(body), segments(body)) == (coded, count)


@given(st.text(max_size=400))
def test_a_longer_text_is_never_fewer_segments(body: str) -> None:
    assert 1 <= segments(body) <= segments(body + "a") <= segments(body) + 1 or encoding(body) != encoding(body + "a")


def test_a_language_that_is_not_shown_is_texted_in_english() -> None:
    assert text("okay", "en-XA") == text("okay", "en")
    assert text("okay", "es") != text("okay", "en")
    assert link_to(SITE, "en-XA", "abc") == f"{SITE}/en/t/abc"


def test_codes_are_hard_to_guess_and_easy_to_read() -> None:
    codes = {new_code() for _ in range(2000)}
    assert len(codes) == 2000
    assert all(re.fullmatch(r"[2-9a-hjkmnp-z]{10}", code) for code in codes)
    assert len(set("".join(codes))) == 31


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("(916) 445-2841", "+19164452841"),
        ("916.445.2841", "+19164452841"),
        ("1 916 445 2841", "+19164452841"),
        ("+1 (916) 445-2841", "+19164452841"),
        ("  9164452841 ", "+19164452841"),
        ("787-765-2929", "+17877652929"),  # Puerto Rico
    ],
)
def test_numbers_are_read_as_people_write_them(typed: str, number: str) -> None:
    assert numbers.read(typed) == number
    assert numbers.ending(number) == number[-4:]


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "unreadable"),
        ("maria", "unreadable"),
        ("445-2841", "impossible"),
        ("123-456-7890", "impossible"),
        ("916-445-28411", "impossible"),
        ("+52 55 5555 5555", "elsewhere"),
        ("416-555-0199", "elsewhere"),  # Toronto
        ("800-555-0199", "no texts"),
        ("916-445-2841 ext. 5", "no texts"),
    ],
)
def test_what_is_no_number_for_texts(typed: str, reason: str) -> None:
    with pytest.raises(numbers.NotANumber) as bad:
        numbers.read(typed)
    assert bad.value.reason == reason
    assert reason in numbers.NUMBER_PROBLEMS


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_consent_holds_what_the_law_asks_for(lang: str) -> None:
    words = consent.wording(lang)
    wanted = {
        "en": ("Limpio", "STOP", "HELP", "Message and data rates may apply", "do not have to agree", "a month"),
        "es": ("Limpio", "ALTO", "AYUDA", "cobrar por los mensajes y los datos", "No tengo que aceptar", "al mes"),
    }[lang]
    assert all(part in words for part in wanted)
    assert consent.version(lang).startswith(f"{lang}-")


def test_another_word_is_another_version(monkeypatch: pytest.MonkeyPatch) -> None:
    before = consent.version("en")
    monkeypatch.setattr(consent, "CONSENT", consent.CONSENT + " Really.")
    assert consent.version("en") != before
    assert set(consent.TOPIC_WORDS) == {row.topic for row in schedule().rows}
