"""The gate: every public language is complete, and says it well."""

from __future__ import annotations

import re

import pytest
from babel.messages.catalog import Catalog

from webapp import language
from webapp.language import ROOT

PUBLIC = [locale.code for locale in language.public_locales() if locale.code != language.SOURCE]


@pytest.fixture(scope="module")
def template() -> Catalog:
    return language.extract_template()


def test_every_public_language_is_complete_and_the_template_is_up_to_date() -> None:
    found = language.problems()
    assert found == [], "\n".join(["", *found[:40], f"({len(found)} in all)"])


def test_every_area_has_messages(template: Catalog) -> None:
    """An extractor that silently reads nothing would make the gate pass."""
    places = {path for message in template for path, _line in message.locations}
    for area in (
        "webapp/templates/",
        "webapp/pages/help.yaml",
        "webapp/visit/",
        "webapp/interview/flow.yaml",
        "rules/",
    ):
        assert any(place.startswith(area) for place in places), f"no message from {area}"
    assert len(template) > 200


def test_message_ids_are_plain_sentences(template: Catalog) -> None:
    """What would make a message hard to translate, or different in each place it is used."""
    for message in template:
        for text in language._forms(message.id):
            assert text == text.strip(), f"{text!r} has a space at an end"
            assert "  " not in text, f"{text!r} has two spaces in a row"
            assert "{{" not in text, f"{text!r} has a template expression in it"
            assert "%s" not in text, f"{text!r} has a placeholder without a name"


@pytest.mark.parametrize("code", PUBLIC)
def test_the_catalog_of_every_public_language_compiles(code: str) -> None:
    catalog = language.compile_catalog(language.po_path(code), language.LOCALES[code].babel)
    assert catalog.info()["content-type"] == "text/plain; charset=utf-8"


def test_no_sentence_hides_in_an_f_string_where_the_extractor_cannot_see_it() -> None:
    hidden = re.compile(r"""\{\s*(?:_|N_|say|translate|gettext|ngettext)\(\s*["']""")
    found = [
        f"{path}: {line.strip()}"
        for folder in ("webapp", "rules", "forms")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if hidden.search(line)
    ]
    assert found == []
