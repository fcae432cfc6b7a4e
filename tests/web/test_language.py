"""Which language a page speaks, what its catalogs say, and what the gate refuses."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from flask import Flask, abort, render_template_string, url_for
from flask_babel import gettext, lazy_gettext, ngettext

from webapp import language
from webapp.language import LOCALES, PSEUDO, format_date_long, format_number, pseudo, translate, translate_plural

PAGE = """<html lang="{{ lang().code }}" dir="{{ lang().direction }}">{{ _("Start") }}|{{ same_page("es") }}"""


def small_app(**config: object) -> Flask:
    app = Flask(__name__)
    app.config.update(config)
    language.init_app(app)
    app.add_url_rule("/<lang:lang>/", "pages.home", lambda: render_template_string(PAGE))
    app.add_url_rule("/<lang:lang>/q/<path:where>", "question", lambda where: render_template_string(PAGE))  # noqa: ARG005
    app.add_url_rule("/<lang:lang>/start", "start", lambda: render_template_string(PAGE), methods=["POST"])
    app.add_url_rule("/<lang:lang>/gone", "gone", lambda: abort(404))
    # An address rule without our converter: the language is still checked.
    app.add_url_rule("/<lang>/old", "old", lambda: url_for("pages.home"))
    app.register_error_handler(404, lambda _error: (render_template_string(PAGE), 404))
    return app


@pytest.fixture
def app() -> Flask:
    return small_app()


# ------------------------------------------------------------------------------------------------------------- locales


def test_the_locales_are_english_and_spanish_and_one_for_testing() -> None:
    assert [(locale.code, locale.public) for locale in LOCALES.values()] == [
        ("en", True), ("es", True), ("en-XA", False),
    ]  # fmt: skip
    assert LOCALES["es"].babel == "es_US"
    assert [locale.code for locale in language.public_locales()] == ["en", "es"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[en]\nname="E"\nbabel="en_US"\ndirection="up"\npublic=true', "ltr or rtl"),
        ('[es]\nname="E"\nbabel="es_US"\ndirection="ltr"\npublic=true', "must list 'en'"),
        ('[en]\nname="E"\nbabel="not a locale"\ndirection="ltr"\npublic=true', "not a locale"),
    ],
)
def test_an_unusable_list_of_locales_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "locales.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=said):
        language.read_locales(path)


@pytest.mark.parametrize(
    ("accepted", "code"),
    [
        ("es", "es"),
        ("es-MX, en;q=0.5", "es"),
        ("es-419,es;q=0.9,en-US;q=0.8", "es"),
        ("en-US,en;q=0.9,es;q=0.8", "en"),
        ("fr, es;q=0.3", "es"),
        ("es;q=0, en", "en"),
        ("vi", "en"),
        ("en-XA", "en"),
        ("", "en"),
        ("%%%;;q=x,,", "en"),
    ],
)
def test_the_bare_address_asks_the_browser(app: Flask, accepted: str, code: str) -> None:
    response = app.test_client().get("/", headers={"Accept-Language": accepted})
    assert response.status_code == 302
    assert response.location == f"/{code}/"
    assert response.headers["Vary"] == "Accept-Language"


def test_the_address_decides_and_the_browser_does_not(app: Flask) -> None:
    page = app.test_client().get("/en/", headers={"Accept-Language": "es"}).text
    assert page.startswith('<html lang="en" dir="ltr">')


@pytest.mark.parametrize("path", ["/xx/", "/en-XA/", "/favicon.ico", "/xx/old", "/en-XA/old", "/english/"])
def test_an_unknown_language_is_not_found_and_the_page_says_so_in_the_browsers(app: Flask, path: str) -> None:
    response = app.test_client().get(path, headers={"Accept-Language": "es"})
    assert response.status_code == 404
    assert 'lang="es"' in response.text


@pytest.mark.parametrize("path", ["/es/nowhere", "/es/gone"])
def test_a_page_not_found_keeps_the_language_of_its_address(app: Flask, path: str) -> None:
    response = app.test_client().get(path, headers={"Accept-Language": "en"})
    assert response.status_code == 404
    assert 'lang="es"' in response.text


def test_links_stay_in_the_language(app: Flask) -> None:
    assert app.test_client().get("/es/old").text == "/es/"


@pytest.mark.parametrize(
    ("method", "path", "there"),
    [
        ("GET", "/en/q/case/2/county", "/es/q/case/2/county"),
        ("GET", "/en/q/x?change=1&a=%C3%B1", "/es/q/x?change=1&amp;a=%C3%B1"),
        ("POST", "/en/start", "/es/"),
        ("GET", "/en/nowhere", "/es/"),
    ],
)
def test_the_switch_keeps_the_page(app: Flask, method: str, path: str, there: str) -> None:
    assert app.test_client().open(path, method=method).text.endswith("|" + there)


def test_the_pseudo_locale_is_served_only_where_nobody_lives() -> None:
    assert small_app().test_client().get("/en-XA/").status_code == 404
    assert "⟦Štáŕt" in small_app(TESTING=True).test_client().get("/en-XA/").text
    assert small_app(TESTING=True, LIMPIO_PSEUDO_LOCALE=False).test_client().get("/en-XA/").status_code == 404


# ------------------------------------------------------------------------------------------------------------ speaking


def test_dates_and_numbers_are_written_as_in_the_united_states() -> None:
    day = date(2027, 3, 3)
    assert format_date_long(day, "en") == "March 3, 2027"
    assert format_date_long(day, "es") == "3 de marzo de 2027"
    assert format_date_long(day, PSEUDO).startswith("⟦")
    for code in ("en", "es"):
        assert format_number(1200, code) == "1,200"
        assert format_number(28.5, code) == "28.5"


def test_the_pseudo_locale_keeps_what_is_not_text() -> None:
    told = pseudo('See <a href="/en/help">%(name)s</a> &amp; 100%% of %(num)d cases')
    assert told.startswith("⟦")
    assert told.endswith("⟧")
    for kept in ('<a href="/en/help">', "%(name)s", "</a>", "&amp;", "100%%", "%(num)d"):
        assert kept in told
    assert told % {"name": "Ana", "num": 3}
    assert 1.25 < len(pseudo("a" * 100)) / 100 < 1.45


@pytest.fixture
def spanish(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A Spanish catalog of four entries in place of the real one."""
    path = tmp_path / "messages.po"
    path.write_text(
        HEADER + 'msgid "Start"\nmsgstr "Empezar"\n\n'
        'msgid "Hello %(name)s"\nmsgstr "Hola %(name)s"\n\n'
        '#, fuzzy\nmsgid "Back"\nmsgstr "Adelante"\n\n'
        'msgid "%(num)d case"\nmsgid_plural "%(num)d cases"\nmsgstr[0] "%(num)d caso"\nmsgstr[1] "%(num)d casos"\n',
        encoding="utf-8",
    )
    monkeypatch.setitem(language._catalogs, "es", language.compile_catalog(path, "es_US"))


HEADER = (
    'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
)


@pytest.mark.usefixtures("spanish")
def test_a_page_a_lazy_string_and_a_plural_speak_the_language_of_the_request(app: Flask) -> None:
    assert ">Empezar|" in app.test_client().get("/es/").text
    lazy = lazy_gettext("Start")
    with app.test_request_context("/es/q/x"):
        assert (str(lazy), gettext("Hello %(name)s", name="Ana")) == ("Empezar", "Hola Ana")
        assert ngettext("%(num)d case", "%(num)d cases", 2) == "2 casos"
        assert gettext("Back") == "Back", "a guess is never shown"
        assert gettext("Not in the catalog") == "Not in the catalog"
    with app.test_request_context("/en/q/x"):
        assert str(lazy) == "Start"


@pytest.mark.usefixtures("spanish")
def test_papers_and_commands_can_speak_without_a_request(app: Flask) -> None:
    assert translate("es", "Hello %(name)s", name="Ana") == "Hola Ana"
    assert translate("es", "100% sure") == "100% sure"
    assert translate_plural("es", "%(num)d case", "%(num)d cases", 1) == "1 caso"
    assert translate_plural("en", "%(num)d case", "%(num)d cases", 5) == "5 cases"
    with app.test_request_context("/en/"), language.speaking("es"):
        assert gettext("Start") == "Empezar"
        assert url_for("pages.home") == "/es/"
    assert language.current_lang() == "en"
    with pytest.raises(ValueError, match="There is no language 'fr'"), language.speaking("fr"):
        pass


@pytest.mark.usefixtures("spanish")
def test_data_texts_are_translated_and_escaped_in_templates(app: Flask) -> None:
    with app.test_request_context("/es/"):
        assert render_template_string("{{ 'Start'|t }}") == "Empezar"
        assert render_template_string("{{ 'a < b'|t }}{{ 'Hello %(name)s'|t(name='<b>') }}") == "a &lt; bHola &lt;b&gt;"
        assert render_template_string("{{ d|date_long }} {{ 1200|number }}", d=date(2027, 3, 3)) == (
            "3 de marzo de 2027 1,200"
        )


# ---------------------------------------------------------------------------------------------------------- extraction


LOCALES_TOML = (
    '[en]\nname="English"\nbabel="en_US"\ndirection="ltr"\npublic=true\n'
    '[es]\nname="Español"\nbabel="es_US"\ndirection="ltr"\npublic=true\n'
)


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A small checkout with one message in every kind of source."""
    for name in ("forms", "rules", "webapp/interview", "webapp/pages", "webapp/templates", "translations"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "translations/locales.toml").write_text(LOCALES_TOML, encoding="utf-8")
    (tmp_path / "rules/remedy.py").write_text('WHY = N_("The law says %(what)s.")\n', encoding="utf-8")
    (tmp_path / "webapp/views.py").write_text(
        'a = _("Start")\nb = _l("Back")\nc = ngettext("%(num)d case", "%(num)d cases", 2)\n'
        'd = translate(lang, "Cover page")\ne = lookup("not a message")\n',
        encoding="utf-8",
    )
    (tmp_path / "webapp/templates/page.html").write_text(
        '{{ _("Start") }}\n{% trans %}\n  Two\n  lines\n{% endtrans %}\n<p>not a message</p>', encoding="utf-8"
    )
    (tmp_path / "webapp/interview/flow.yaml").write_text(
        "- fact: county\n  question: Where was\n    the case?\n  where: [On page 1., On page 2.]\n"
        "  choices:\n    - {value: la, label: Los Angeles}\n  when: not a message\n",
        encoding="utf-8",
    )
    (tmp_path / "rules/facts.yaml").write_text(
        "age: {type: number, meaning: How old., unit: years}\n", encoding="utf-8"
    )
    return tmp_path


MESSAGES = [
    "How old.", "years", "The law says %(what)s.",
    "Where was the case?", "On page 1.", "On page 2.", "Los Angeles",
    "Start", "Two lines", "Back", ("%(num)d case", "%(num)d cases"), "Cover page",
]  # fmt: skip


def test_every_kind_of_source_is_read_in_a_fixed_order(house: Path) -> None:
    template = language.extract_template(house)
    assert [message.id for message in template if message.id] == MESSAGES
    assert {path for path, _ in template["Start"].locations} == {"webapp/templates/page.html", "webapp/views.py"}


def test_the_files_change_only_when_a_message_does(house: Path) -> None:
    written = language.update(house)
    assert [path.name for path in written] == ["messages.pot", "messages.po"]
    text = (house / "translations/messages.pot").read_text(encoding="utf-8")
    assert "Date" not in text
    assert "views.py:" not in text
    assert language.update(house) == []
    views = house / "webapp/views.py"
    views.write_text("# a new first line\n\n" + views.read_text(encoding="utf-8"), encoding="utf-8")
    assert language.update(house) == []
    views.write_text(views.read_text(encoding="utf-8") + 'f = _("New")\n', encoding="utf-8")
    assert len(language.update(house)) == 2


def test_updating_keeps_translations_never_guesses_and_sets_aside_what_is_gone(house: Path) -> None:
    translate_all(house)
    views = house / "webapp/views.py"
    views.write_text(views.read_text(encoding="utf-8").replace('"Cover page"', '"Cover pages"'), encoding="utf-8")
    language.update(house)
    text = po(house).read_text(encoding="utf-8")
    assert 'msgid "Cover pages"\nmsgstr ""' in text
    assert '#~ msgid "Cover page"' in text
    assert 'msgid "Start"\nmsgstr "Empezar"' in text
    assert "fuzzy" not in text
    assert any("obsolete" in said for said in language.problems(house))
    language.update(house, drop_obsolete=True)
    assert "#~" not in po(house).read_text(encoding="utf-8")


def test_yaml_folds_lines_and_reads_only_what_is_shown() -> None:
    tree = {"label": {"value": "no", "text": " a\n  b "}, "choices": ["no"], "hint": ["x", {"label": "y"}, ""], "n": 3}
    assert list(language.yaml_messages(tree)) == ["a b", "x", "y"]


# ------------------------------------------------------------------------------------------------------------ the gate

SPANISH = {
    "How old.": "La edad.", "years": "años", "The law says %(what)s.": "La ley dice %(what)s.",
    "Where was the case?": "¿Dónde fue el caso?", "On page 1.": "En la página 1.", "On page 2.": "En la página 2.",
    "Los Angeles": "Los Ángeles", "Start": "Empezar", "Two lines": "Dos líneas", "Back": "Atrás",
    "Cover page": "Portada",
}  # fmt: skip


def po(house: Path) -> Path:
    return language.po_path("es", house)


def translate_all(house: Path, **changed: str) -> None:
    language.update(house)
    text = po(house).read_text(encoding="utf-8")
    for message, translation in (SPANISH | changed).items():
        assert f'msgid "{message}"\nmsgstr ""' in text
        text = text.replace(f'msgid "{message}"\nmsgstr ""', f'msgid "{message}"\nmsgstr "{translation}"')
    text = text.replace('msgstr[0] ""\nmsgstr[1] ""', 'msgstr[0] "un caso"\nmsgstr[1] "%(num)d casos"')
    po(house).write_text(text, encoding="utf-8")


def test_a_complete_catalog_has_no_problem(house: Path) -> None:
    translate_all(house)
    assert language.problems(house) == []


def test_missing_untranslated_and_out_of_date_are_reported(house: Path) -> None:
    assert sorted(language.problems(house)) == [
        "translations/es/LC_MESSAGES/messages.po is missing: run make translations",
        "translations/messages.pot is out of date: run make translations",
    ]
    language.update(house)
    found = language.problems(house)
    assert len(found) == len(MESSAGES)
    assert all("is not translated" in said for said in found)
    with (house / "webapp/views.py").open("a", encoding="utf-8") as file:
        file.write('g = _("Newest")\n')
    found = language.problems(house)
    assert "translations/messages.pot is out of date: run make translations" in found
    assert any("missing: 'Newest'" in said for said in found)


def edit(house: Path, old: str, new: str) -> list[str]:
    translate_all(house)
    text = po(house).read_text(encoding="utf-8")
    assert old in text
    po(house).write_text(text.replace(old, new), encoding="utf-8")
    return language.problems(house)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('msgid "Back"', '#, fuzzy\nmsgid "Back"', "is marked fuzzy"),
        ('msgstr[0] "un caso"', 'msgstr[0] ""', "has an empty plural form"),
        ('msgstr[1] "%(num)d casos"', 'msgstr[1] "casos"', "the placeholders differ"),
        ('msgid "Back"\n', 'msgid "Elsewhere"\nmsgstr "En otra parte"\n\nmsgid "Back"\n', "stale"),
        ('msgstr "Portada"', "Portada", "cannot be read"),
    ],
)
def test_a_broken_catalog_is_reported(house: Path, old: str, new: str, said: str) -> None:
    assert any(said in problem for problem in edit(house, old, new))


@pytest.mark.parametrize(
    ("message", "translation", "said"),
    [
        ("The law says %(what)s.", "La ley dice %(que)s.", "the placeholders differ"),
        ("The law says %(what)s.", "La ley dice %(what)d.", "the placeholders differ"),
        ("Use {name}.", "Usa {nombre}.", "the placeholders differ"),
        ("See <b>this</b>.", "Ve <i>esto</i>.", "the HTML tags differ"),
        ("See <b>this</b>.", "Ve esto.", "the HTML tags differ"),
        ("Start", "Empezar ", "space or line break at an end"),
        ("Start", "\nEmpezar", "space or line break at an end"),
        ("Start now", "Empezar  ahora", "two spaces in a row"),
        ("Start.", "Empezar", "it ends with 'no mark', the English with '.'"),
        ("Start", "Empezar.", "it ends with '.', the English with 'no mark'"),
        ("Why?", "Por qué.", "it ends with '.', the English with '?'"),
    ],
)
def test_what_may_not_differ_in_any_language(message: str, translation: str, said: str) -> None:
    assert any(said in problem for problem in language.wording_problems(message, translation))


@pytest.mark.parametrize(
    ("message", "translation"),
    [
        ("The law says %(what)s.", "%(what)s, dice la ley."),
        ('Choose "No".', 'Elige "No".'),
        ('He said "no."', 'Dijo "no".'),
        ("See <b>this</b>.", "Ve <b>esto</b>."),
        ("Form CR-400, Petition.", 'Formulario CR-400, <i lang="en">Petition</i>.'),
        ("100%% of %(num)d cases", "el 100%% de %(num)d casos"),
    ],
)
def test_what_may_differ(message: str, translation: str) -> None:
    assert list(language.wording_problems(message, translation)) == []


@pytest.mark.parametrize(
    ("message", "translation", "said"),
    [
        ("x", "Revise sus respuestas, usted puede", "says usted"),
        ("x", "Vos podés", "says vos"),
        ("x", "La «corte»", "quotation marks"),
        ("x", "La “corte”", "quotation marks"),
        ("x", "Espera...", "three dots"),
        ("x", "Espera…", "ellipsis the English has not"),
        ("x?", "Es tu caso?", "¿ and ? do not pair"),
        ("x!", "Listo!", "¡ and ! do not pair"),
        ("x", "La corte — el juez", "a dash"),
        ("x", "No estoy seguro/a", "marks gender"),
        ("x", "Condenado(a)", "marks gender"),
        ("x", "Bienvenid@s", "marks gender"),
        ("x", "el 3 de Marzo de 2027", "month or a day with a capital"),
        ("x", "Tu convicción", "says 'convicción'"),
    ],
)
def test_spanish_that_breaks_the_style_is_reported(message: str, translation: str, said: str) -> None:
    forbidden = language.forbidden_words(language.ROOT / "translations")
    assert any(said in problem for problem in language.spanish_problems(message, translation, forbidden))


@pytest.mark.parametrize(
    ("message", "translation"),
    [
        ("Is it yours?", "¿Es tuyo?"),
        ("Wait…", "Espera…"),
        ("On Monday, March 3, 2027", "El lunes 3 de marzo de 2027"),
        ("Write to ana@example.org", "Escribe a ana@example.org"),
        ("A judge decides.", "El juez o la jueza decide."),
        ("After the trial", "Después del juicio (trial)"),
        ("Never pay a notario.", "Nunca le pagues a un notario."),
    ],
)
def test_good_spanish_passes(message: str, translation: str) -> None:
    forbidden = language.forbidden_words(language.ROOT / "translations")
    assert list(language.spanish_problems(message, translation, forbidden)) == []


def test_the_command_prints_and_fails(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "problems", lambda: ["one thing"])
    assert language.main(["--check"]) == 1
    assert capsys.readouterr().out == "one thing\n1 problems\n"
    monkeypatch.setattr(language, "problems", list)
    assert language.main(["--check"]) == 0
    assert language.main(["--what"]) == 2


def test_the_glossary_forbids_no_word_it_recommends() -> None:
    folder = language.ROOT / "translations"
    recommended = [row["term_es"] + ". " + row["plain_es"] for row in language._rows(folder / "glossary.csv")]
    listed = {row["word"].casefold() for row in language._rows(folder / "glossary-exceptions.csv")}
    terms = [term for row in language._rows(folder / "glossary.csv") for term in row["avoid_es"].split(";")]
    avoided = {term.strip().casefold() for term in terms}
    assert listed <= avoided, "an exception to nothing"
    forbidden = language.forbidden_words(folder)
    for text in recommended:
        told = [said for said in language.spanish_problems("?!…", text, forbidden) if "glossary" in said]
        assert told == [], text
