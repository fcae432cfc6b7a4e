"""The public pages, the pieces all pages are built from, and the weight and colors of the look."""

from __future__ import annotations

import gzip
import re
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask, render_template, render_template_string
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired

from tests.web.audited_client import AuditedClient, audit, audited, read_page, text_of, untranslated
from webapp import create_app
from webapp.counties import COUNTIES
from webapp.pages.official import Link, helpers, is_official, read_helper
from webapp.settings import Settings

PATHS = [
    "/",
    "/privacy",
    "/record",
    "/help",
    "/rules",
    "/rules/pc-1203-4",
    "/rules/offenses",
    "/forms",
    "/forms/CR-180",
]
STATIC = Path(__file__).resolve().parents[2] / "webapp" / "static"


@pytest.mark.parametrize("lang", ["en", "es", "en-XA"])
@pytest.mark.parametrize("path", PATHS)
def test_every_public_page_opens_in_every_language(client: AuditedClient, lang: str, path: str) -> None:
    page = client.get(f"/{lang}{path}")
    assert page.status_code == 200


@pytest.mark.parametrize("path", PATHS)
def test_no_text_escapes_translation(client: AuditedClient, path: str) -> None:
    # The county list of /help: a county has the same name in every language.
    names = COUNTIES if path == "/help" else ()
    assert untranslated(client.get(f"/en-XA{path}").text, names) == []


def test_every_link_leads_somewhere_or_to_an_official_site(client: AuditedClient) -> None:
    links = set()
    for path in PATHS:
        page = client.get(f"/en{path}")
        links |= {anchor.get("href", "") for anchor in read_page(page.text, path).all("a")}
    inside = {link for link in links if link.startswith("/")}
    assert {"/en/privacy", "/en/record", "/en/help", "/en/rules", "/es/"} <= inside
    client.titles.clear()
    for link in sorted(inside):
        # Pages that need answers say so (410); leaving redirects.
        assert client.get(link).status_code in {200, 303, 410}, link
    assert all(is_official(link) for link in links - inside if not link.startswith("#"))


def test_the_first_page_says_what_it_costs_how_long_and_what_happens_to_answers(client: AuditedClient) -> None:
    page = read_page(client.get("/en/").text, "/en/")
    text = text_of(page.root)
    (promises,) = [each for each in page.all("dl") if each.get("class") == "promises"]
    cost, time, answers = (text_of(each) for each in promises.iter("dd"))
    assert "free" in cost
    assert re.search(r"\d+ minutes", time)
    assert re.search(r"\b30 days\b", answers)
    assert any(link.get("href") == "/en/privacy" for link in promises.iter("a"))
    for said in ("legal information, not legal advice", "immigration lawyer"):
        assert said in text


@pytest.mark.parametrize(("days", "said"), [(1, "1 day without"), (14, "14 days without")])
def test_the_promise_follows_the_setting(tmp_path: Path, days: int, said: str) -> None:
    made = create_app(Settings(instance=tmp_path / "instance", env="test", keep_days=days))
    try:
        for path in ("/en/", "/en/privacy"):
            page = text_of(read_page(audited(made).get(path).text, path).root)
            assert said.lower() in page.lower()
    finally:
        made.extensions["limpio_store"].close()


def test_the_start_button_starts(client: AuditedClient) -> None:
    answer = client.submit("/en/", follow=False)
    assert answer.status_code == 303
    assert answer.location.startswith("/en/")


def test_the_switch_keeps_the_page(client: AuditedClient) -> None:
    page = read_page(client.get("/en/record").text, "/en/record")
    [switch] = [anchor for anchor in page.all("a") if anchor.get("hreflang") == "es"]
    assert (switch.get("href"), text_of(switch)) == ("/es/record", "Español")


def test_the_first_page_is_light_enough_for_prepaid_data(client: AuditedClient) -> None:
    """Everything the first page loads, as it travels: at most 14,000 bytes."""
    packed = {"Accept-Encoding": "gzip"}
    client.auditing = False  # the audit reads text, this reads bytes
    page = client.get("/es/", headers=packed)
    html = gzip.decompress(page.data) if page.headers.get("Content-Encoding") == "gzip" else page.data
    weights = {"page": len(page.data)}
    loaded = re.findall(rb'(?:src|<link[^>]*href)="([^"]+)"', html)
    assert len(loaded) == 3
    for address in (found.decode() for found in loaded):
        with client.get(address, headers=packed) as answer:
            assert answer.status_code == 200
            weights[urlsplit(address).path.rsplit("/", 1)[-1]] = len(answer.data)
    assert sum(weights.values()) <= 14_000, weights


# ------------------------------------------------------------------------------------------------------------ helpers


@pytest.mark.parametrize(
    ("address", "official"),
    [
        ("https://www.lawhelpca.org/", True),
        ("https://oag.ca.gov/fingerprints", True),
        ("https://kern.courts.ca.gov/x", True),
        ("https://www.occourts.org/self-help", True),
        ("https://www.sandiegocounty.gov/public_defender", True),
        ("https://sandiegocounty.gov.example/", False),
        ("https://myoccourts.org/", False),
        ("http://oag.ca.gov/", False),
        ("https://oag.ca.gov.example/", False),
        ("https://notoag.ca.gov/", False),
        ("https://user@evil.example/oag.ca.gov", False),
        ("//oag.ca.gov/", False),
        ("javascript:alert(1)", False),
    ],
)
def test_only_official_sites_are_linked(address: str, official: bool) -> None:
    assert is_official(address) is official
    if not official:
        with pytest.raises(ValueError, match="not on one of the official sites"):
            Link(address, "Label")


def test_everybody_who_helps_has_a_source_and_a_day() -> None:
    entries = helpers()
    assert len(entries) >= 4
    assert all(entry.source and entry.text and entry.seen <= date(2026, 12, 31) for entry in entries)
    assert any("public defender" in entry.title for entry in entries)
    with pytest.raises(ValueError, match="needs a source and the day"):
        read_helper({"title": "X", "text": ["Y"], "seen": date(2026, 1, 1)})
    with pytest.raises(ValueError, match="needs a source and the day"):
        read_helper({"title": "X", "text": ["Y"], "source": "somewhere"})


# ------------------------------------------------------------------------------------------------------------- pieces


class Kit(FlaskForm):  # type: ignore[misc] # Flask-WTF has no types
    county = RadioField(
        _l("Where was it?"),
        choices=[SelectChoice("kern", "Kern"), SelectChoice("unsure", "I'm not sure")],
        validators=[DataRequired("Choose one.")],
    )
    name = StringField("Name <b>", validators=[DataRequired("Write your name, A & B.")])
    month = StringField()
    day = StringField(validators=[DataRequired("Add the day.")])
    year = StringField()
    place = SelectField("Place", choices=[SelectChoice("a", "Alameda"), SelectChoice("b", "Butte & Co")])
    many = SelectMultipleField("What?", choices=[SelectChoice("grew", "Grew it"), SelectChoice("sold", "Sold it")])
    note = TextAreaField("Note")
    agree = BooleanField("I read this")


KIT = """{% extends "layout.html" %}
{% from "macros.html" import post_form, error_summary, text, radios, checkboxes, checkbox, date_parts, textarea, select,
  button, link_button, details, notice, steps, progress, answers, verdict %}
{% set back_url = "/en/privacy" %}
{% block title %}Kit{% endblock %}
{% block main %}
{{ error_summary(form) }}{{ progress(3, 9) }}
{% call post_form(id="kit") %}
  {{ radios(form.county, h1=true, hint="The court's county.", help={"unsure": "We can go on."}, apart=("unsure",)) }}
  {{ text(form.name, hint="As on <papers>", autocomplete="name", inputmode="text", maxlength=80, spellcheck=false) }}
  {{ date_parts(form.month, form.day, form.year, "Born", autocomplete="bday") }}
  {{ select(form.place) }}{{ checkboxes(form.many) }}{{ textarea(form.note, optional=true) }}
  {{ checkbox(form.agree, hint="Please do.") }}
  {{ button("Continue") }}{{ button("Stop", kind="secondary", name="go", value="stop") }}
{% endcall %}
{% call details("Why we ask") %}<p>Because.</p>{% endcall %}{{ details("Where", "On page 1.") }}
{% call verdict("open", "The judge has to grant this", "Case 1", id="case-1") %}<p>x</p>{% endcall %}
{% call notice("warn", "Careful") %}<p>x</p>{% endcall %}
{{ steps(["One.", "Two."]) }}{{ link_button("Go", "/en/") }}
{{ answers([{"question": "County", "answer": "Kern", "change": "/en/"}, {"question": "Year", "answer": "1998"}]) }}
{% endblock %}"""


def kit(app: Flask, **data: str | list[str]) -> str:
    """The kit page after `data` was sent; with nothing sent, before."""
    method = "POST" if data else "GET"
    with app.test_request_context("/en/visit/resume", method=method, data=data or None):
        form = Kit(meta={"csrf": False})
        if data:
            form.validate()
        return render_template_string(KIT, form=form)


def found_by_audit(html: str) -> list[str]:
    headers = {"Cache-Control": "no-store"}
    said = audit(html, path="/en/visit/kit", status=200, headers=headers)
    return [problem for problem in said if "Content-Security-Policy" not in problem]


def test_the_pieces_make_an_accessible_page(app: Flask) -> None:
    assert found_by_audit(kit(app)) == []
    assert found_by_audit(kit(app, name="", county="mars", place="b")) == []


def test_what_was_typed_is_kept_and_escaped(app: Flask) -> None:
    html = kit(
        app,
        name='"><script>x</script>',
        county="unsure",
        day="31",
        note="</textarea>\n<i>",
        many=["sold"],
        agree="y",
        place="b",
    )
    assert found_by_audit(html) == []
    page = read_page(html, "/en/")
    fields = {each.get("id"): each for each in page.all("input", "textarea")}
    assert fields["name"].get("value") == '"><script>x</script>'
    assert fields["note"].text == "</textarea>\n<i>"
    assert [each.get("value") for each in fields.values() if each.get("checked") is not None] == ["unsure", "sold", "y"]
    assert [each.get("value") for each in page.all("option") if each.get("selected") is not None] == ["b"]
    assert "Name &lt;b&gt;" in html
    assert "As on &lt;papers&gt;" in html


def test_errors_are_summed_up_said_beside_the_field_and_tied_to_it(app: Flask) -> None:
    html = kit(app, name="", note="kept")
    page = read_page(html, "/en/")
    [summary] = [each for each in page.root.iter() if each.get("role") == "alert"]
    links = {text_of(anchor): anchor.get("href") for anchor in summary.iter("a")}
    assert links == {
        "Choose one.": "#county", "Write your name, A & B.": "#name", "Add the day.": "#day",
        "Not a valid choice.": "#place",
    }  # fmt: skip
    ids = {each.get("id"): each for each in page.root.iter() if each.get("id")}
    assert ids["name"].get("aria-invalid") == "true"
    assert ids["name"].get("aria-describedby") == "name-hint name-error"
    assert text_of(ids["name-error"]) == "Error: Write your name, A & B."
    assert ids["day"].get("aria-describedby") == "month-error"
    assert text_of(ids["month-error"]) == "Error: Add the day."
    assert text_of(page.all("title")[0]).startswith("Error: ")
    around = page.above(ids["county"], "fieldset")
    assert around is not None
    assert around.get("aria-describedby") == "county-hint county-error"
    assert "Error" not in text_of(read_page(kit(app), "/en/").all("title")[0])


def test_lazy_labels_are_escaped_too(app: Flask) -> None:
    with app.test_request_context("/en/"):
        template = '{% from "macros.html" import button %}{{ button(label) }}'
        html = render_template_string(template, label=_l("%(name)s", name="<script>"))
    assert "&lt;script&gt;" in html
    assert "<script>" not in html


def test_the_error_page_says_what_happened_and_what_to_do(app: Flask) -> None:
    with app.test_request_context("/es/nowhere"):
        html = render_template(
            "error.html", code=404, heading="No such page", paragraphs=["Why <so>."], actions=[("First page", "/es/")]
        )
    page = read_page(html, "/es/nowhere")
    assert text_of(page.all("h1")[0]) == "No such page"
    assert "Why &lt;so&gt;." in html
    assert 'href="/es/">First page' in html


# --------------------------------------------------------------------------------------------------------------- look


def luminance(color: str) -> float:
    if len(color) == 4:
        color = "#" + "".join(digit * 2 for digit in color[1:])
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The WCAG contrast ratio of two #rrggbb colors."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def palettes() -> dict[str, dict[str, str]]:
    css = (STATIC / "limpio.css").read_text(encoding="utf-8")
    light, dark = re.findall(r":root\s*\{([^}]*--paper[^}]*--focus[^}]*)\}", css)
    return {
        name: dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,6})", block))
        for name, block in {"light": light, "dark": dark}.items()
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colors_can_be_read_in_light_and_dark(scheme: str) -> None:
    colors = palettes()[scheme]
    for ground in ("paper", "sheet"):
        for ink in ("ink", "soft", "link", "go", "stop", "wait", "calm", "care"):
            assert contrast(colors[ink], colors[ground]) >= 4.5, (scheme, ink, ground)
        for edge in ("edge", "focus"):
            assert contrast(colors[edge], colors[ground]) >= 3, (scheme, edge, ground)
    assert contrast(colors["on-go"], colors["go"]) >= 4.5
    assert contrast(colors["on-go"], colors["go-hover"]) >= 4.5


def test_the_style_sheet_and_the_script_stay_small_and_our_own() -> None:
    css = (STATIC / "limpio.css").read_bytes()
    script = (STATIC / "limpio.js").read_bytes()
    assert len(css) <= 11_000
    assert len(gzip.compress(css)) <= 3_500
    assert len(script) <= 1_500
    for text in (css.decode(), script.decode()):
        assert "http" not in text
        assert "@import" not in text
    assert "url(" not in css.decode()


def test_the_style_sheet_turns_around_for_right_to_left_languages() -> None:
    css = (STATIC / "limpio.css").read_text(encoding="utf-8")
    side = r"(?:left|right)"
    physical = rf"(?:margin|padding|border)-{side}|(?<![\w-]){side}\s*:|(?:float|text-align|clear):\s*{side}"
    assert re.findall(physical, css) == []
