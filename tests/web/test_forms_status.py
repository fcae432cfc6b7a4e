"""The list of court forms and the page of each: what is printed on them, what is here, what the last check found."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

import forms
from forms.last_check import DRIFT_FILE
from tests.web.audited_client import AuditedClient, read_page, text_of, untranslated
from tests.web.steps import body, main_of
from webapp.language import LOCALES, PSEUDO, translate
from webapp.pages import forms_status
from webapp.pages.forms_status import BOX_WORDS, CHECK, CHECK_ONE, CHOICE, COPIES, STATES, STAYS_EMPTY, TEXT, box_words
from webapp.settings import Settings

LANGUAGES = [code for code, locale in LOCALES.items() if locale.public]
PLACES = [("en", "forms"), ("es", "forms"), ("es", "formularios")]


def drifted(settings: Settings, **more: object) -> None:
    """A last check that found another CR-400."""
    entry = {
        "checked_on": "2026-11-28",
        "reason": "served_new",
        "revision": "Rev. January 1, 2027",
        "differences": [
            {
                "reason": "box_moved",
                "name": "x",
                "details": {"what": '"NAME:" (filer_name)', "page": "1", "before": "1, 2, 3, 4", "now": "5, 6, 7, 8"},
            }
        ],
        **more,
    }
    settings.forms_dir.mkdir(parents=True)
    (settings.forms_dir / DRIFT_FILE).write_text(json.dumps({"CR-400": entry}))


@pytest.mark.parametrize(("lang", "place"), PLACES)
def test_every_form_is_listed_with_its_exact_print(client: AuditedClient, lang: str, place: str) -> None:
    page = client.get(f"/{lang}/{place}")
    read = main_of(page)
    links = [a.get("href") for a in read_page(body(page), "/").all("a")]
    for form, spec in forms.specs().items():
        assert f"{form}: {spec.title}" in read
        assert spec.revision_printed in read
        assert f"/{lang}/forms/{form}" in links
        assert (
            translate(lang, STATES[{"file": "missing", "census": "prepared", "wording": "answers"}[spec.basis]]) in read
        )
    assert not untranslated(body(client.get(f"/{PSEUDO}/forms")))


def test_the_rule_book_leads_there(client: AuditedClient) -> None:
    assert 'href="/es/forms"' in body(client.get("/es/rules"))


def test_a_blank_that_is_here_says_since_when(client: AuditedClient, settings: Settings, blanks: Path) -> None:
    settings.forms_dir.mkdir(parents=True)
    for name in ("CR-400", "CR-180"):
        inventory = json.loads((blanks / f"{name}.json").read_text())
        (settings.forms_dir / f"{name}.json").write_text(json.dumps({**inventory, "adopted_on": "2026-11-20"}))
        (settings.forms_dir / f"{name}.pdf").write_bytes((blanks / f"{name}.pdf").read_bytes())
    (settings.forms_dir / "CR-180.pdf").write_bytes(b"%PDF changed")
    rows = rows_of(client, "en")
    assert "We have the court's own form here and can fill it in." in rows["CR-400"]
    assert "Its blank is here since November 20, 2026." in rows["CR-400"]
    assert "has been changed, so we do not use it" in rows["CR-180"]
    assert "Its blank" not in rows["CR-180"]
    assert "We have not compared it" in rows["CR-400"]


def rows_of(client: AuditedClient, lang: str) -> dict[str, str]:
    page = read_page(body(client.get(f"/{lang}/forms")), "/")
    return {div.get("id", ""): text_of(div) for div in page.all("div") if div.get("id") in forms.specs()}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_the_last_check_found_is_shown(client: AuditedClient, settings: Settings, lang: str) -> None:
    drifted(settings)
    row = rows_of(client, lang)["CR-400"]
    assert "Rev. January 1, 2027" in row
    assert "(filer_name)" in row
    assert "5, 6, 7, 8" in row
    assert ("it was not the same" if lang == "en" else "no era igual") in row
    assert "1.42" in row
    assert "1.42" not in rows_of(client, lang)["CR-180"]


def test_the_same_form_is_shown_as_the_same(client: AuditedClient, settings: Settings) -> None:
    drifted(settings, reason="served_same", differences=[])
    row = rows_of(client, "en")["CR-400"]
    assert "Compared with the court's form on November 28, 2026: it was the same." in row
    assert "1.42" not in row


def test_a_damaged_record_of_the_last_check_breaks_nothing(client: AuditedClient, settings: Settings) -> None:
    drifted(settings, differences=[{"reason": "box_moved", "name": "x", "details": {}}])
    assert "We have not compared it" in rows_of(client, "en")["CR-400"]


def test_the_page_tells_nothing_of_the_machine(client: AuditedClient, settings: Settings) -> None:
    drifted(settings)
    for place in ("forms", "forms/CR-400"):
        assert str(settings.instance) not in body(client.get(f"/en/{place}"))


@pytest.mark.parametrize("form", list(forms.specs()))
@pytest.mark.parametrize(("lang", "place"), PLACES)
def test_each_form_has_a_page_with_every_box(client: AuditedClient, form: str, lang: str, place: str) -> None:
    spec = forms.specs()[form]
    page = client.get(f"/{lang}/{place}/{form}")
    assert page.status_code == 200
    read = read_page(body(page), "/")
    shown = [
        (text_of(div.findall("dt")[0]), text_of(div.findall("dd")[0]))
        for div in read.all("div")
        if div.find("dt") is not None
    ]
    places = [each for each in spec.places if each.kind in ("text", "check")]
    told = [(" ".join(each.label.split()), translate(lang, box_words(spec, each))) for each in places]
    assert shown == [(label, " ".join(words.split())) for label, words in told]
    headings = [text_of(each) for each in read.all("h2")]
    for item in {" ".join(each.item.split()) for each in places if each.item}:
        assert item in headings
    assert f"https://selfhelp.courts.ca.gov/jcc-form/{form}" in body(page)
    assert ("older print" in main_of(page)) == (bool(spec.wording_of) and lang == "en")


def test_an_unknown_form_is_not_found(client: AuditedClient) -> None:
    for form in ("CR-999", "cr-180", "..", "CR-180.pdf"):
        assert client.get(f"/en/forms/{form}").status_code in (404, 308)


def test_no_box_is_said_to_be_ours_that_is_not() -> None:
    """The court's, the server's and the hand's boxes have fixed words, whatever their key is called."""
    for spec in forms.specs().values():
        for place in spec.places:
            if place.kind in ("text", "check") and place.empty:
                assert box_words(spec, place) == STAYS_EMPTY[place.empty]


def test_rights_that_are_given_up_are_always_a_choice() -> None:
    for form in ("CR-400", "JV-744"):
        spec = forms.specs()[form]
        for key in ("waive_judge", "waive_appearance"):
            assert box_words(spec, spec.fields[key]) == CHOICE


def test_every_word_for_a_box_is_said_of_some_box() -> None:
    """A pattern that no key has any more is a mistake."""
    keys = {key for spec in forms.specs().values() for key, place in spec.fields.items() if not place.empty}
    for pattern, words in BOX_WORDS:
        assert any(re.fullmatch(pattern, key) for key in keys), words
    said = {
        box_words(spec, place)
        for spec in forms.specs().values()
        for place in spec.places
        if place.kind in ("text", "check")
    }
    assert {CHECK, CHECK_ONE, COPIES, TEXT} <= said


def test_radio_buttons_are_one_group() -> None:
    spec = forms.specs()["MC-030"]
    assert box_words(spec, spec.fields["signer_defendant"]) == CHECK_ONE


def test_a_newer_print_adopted_by_hand_is_told(
    client: AuditedClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = next(each for each in forms.check(settings.forms_dir) if each.form == "CR-400")
    accepted = replace(known, state="already", reason="ready_new")
    monkeypatch.setattr(forms_status.forms, "check", lambda _blanks: (accepted,))
    assert "This is a newer print." in rows_of(client, "en")["CR-400"]
