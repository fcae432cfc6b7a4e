"""The languages of the site: which there are, which one a page speaks, and whether each says everything.

The English sentence is the message id. It stands where it is used, in a template, a rule or the interview file, so
the person who changes a sentence sees it in its place. The language of a page is the first part of its address,
`/es/record`, and nothing else: a shared link, a bookmark and the Back button keep it, and nothing needs to be stored
about the person. `/` alone asks the browser (Accept-Language).

Catalogs are the reviewed .po files and only those. They are compiled in memory when first needed, so that no stale
compiled file can shadow a correction. A sentence a catalog lacks is shown in English, and `problems()` reports it: the
gate is for us, the fallback for the resident.

    >>> format_date_long(date(2027, 3, 3), "es")
    '3 de marzo de 2027'
    >>> translate("en", "Hello %(name)s", name="Ana")
    'Hello Ana'

`python -m webapp.language` (= `make translations`) reads every source and rewrites messages.pot and the .po files.
`python -m webapp.language --check` prints what `problems()` found and fails when there is anything.
"""

from __future__ import annotations

import csv
import gettext as gnu
import io
import re
import sys
import threading
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from babel import Locale as BabelLocale
from babel.dates import format_date
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po, write_po
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations
from flask import Flask, Response, abort, current_app, g, has_request_context, redirect, request, url_for
from flask_babel import Babel, Domain
from werkzeug.routing import BaseConverter

from rules import plain_yaml

ROOT = Path(__file__).resolve().parent.parent
SOURCE = "en"
PSEUDO = "en-XA"

# ---------------------------------------------------------------------------------------------- the languages there are


@dataclass(frozen=True, slots=True)
class Locale:
    """One language of the site. `code` is its part of the address and its BCP 47 tag; `babel` its CLDR locale."""

    code: str
    name: str
    babel: str
    direction: str
    public: bool


def read_locales(path: Path) -> dict[str, Locale]:
    """The languages of a locales.toml by code, in the order of the file. Raises ValueError on an unusable entry."""
    found = {}
    for code, entry in tomllib.loads(path.read_text(encoding="utf-8")).items():
        if entry["direction"] not in {"ltr", "rtl"}:
            raise ValueError(f"{path.name}: the direction of {code} is ltr or rtl, not {entry['direction']!r}")
        BabelLocale.parse(entry["babel"])
        found[code] = Locale(code, entry["name"], entry["babel"], entry["direction"], entry["public"])
    if SOURCE not in found:
        raise ValueError(f"{path.name} must list {SOURCE!r}, the language the message ids are written in")
    return found


LOCALES: Mapping[str, Locale] = read_locales(ROOT / "translations" / "locales.toml")


def public_locales() -> tuple[Locale, ...]:
    """The languages residents are offered, in the order of the switch."""
    return tuple(locale for locale in LOCALES.values() if locale.public)


def _pseudo_allowed() -> bool:
    return bool(current_app.config.get("LIMPIO_PSEUDO_LOCALE", current_app.testing or current_app.debug))


def served(code: str) -> bool:
    """Whether this application answers under `/<code>/`: every public language, the pseudo-locale only in test and
    development."""
    locale = LOCALES.get(code)
    return locale is not None and (locale.public or _pseudo_allowed())


# ------------------------------------------------------------------------------------------------------------- catalogs

_PLACEHOLDER = re.compile(r"%\((\w+)\)[#0\- +]*[\d.]*[a-zA-Z]|%%")
_BRACE = re.compile(r"\{(\w*)\}")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_KEPT = re.compile(rf"({_PLACEHOLDER.pattern}|{_TAG.pattern}|&\w+;)")
_ACCENTS = str.maketrans("aceginorsuyzACEGINORSUYZ", "áçéĝíñóŕšúýžÁÇÉĜÍÑÓŔŠÚÝŽ")
_FILLER = "one two three four five six seven eight nine ten eleven twelve"


def pseudo(message: str) -> str:
    """`message` accented, bracketed and about 35 % longer, its placeholders, tags and entities untouched.

    A string on a pseudo-locale page without brackets never went through a catalog; a string with a bracket missing was
    cut or glued together from parts.

    >>> pseudo("Start")
    '⟦Štáŕt óñ⟧'
    """
    parts = _KEPT.split(message)
    # re.split gives, over and over: text, the match to keep, the match's inner groups (left out).
    step = _KEPT.groups + 1
    told = "".join(part.translate(_ACCENTS) if i % step == 0 else part for i, part in enumerate(parts) if i % step < 2)
    plain = sum(len(part) for i, part in enumerate(parts) if i % step == 0)
    wanted = round(plain * 0.35)
    filler = (_FILLER * (1 + wanted // len(_FILLER)))[:wanted].strip()
    return f"⟦{told} {filler.translate(_ACCENTS)}⟧" if filler else f"⟦{told}⟧"


class PseudoTranslations(NullTranslations):
    """English through `pseudo`: a catalog that is always complete and never right."""

    def gettext(self, message: str) -> str:
        return pseudo(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return pseudo(msgid1 if n == 1 else msgid2)

    def upgettext(self, context: str, message: str) -> str:  # noqa: ARG002 (gettext's own signature)
        return pseudo(message)

    def unpgettext(self, context: str, singular: str, plural: str, num: int) -> str:  # noqa: ARG002
        return self.ngettext(singular, plural, num)

    ugettext = gettext
    ungettext = ngettext


def po_path(code: str, root: Path = ROOT) -> Path:
    return root / "translations" / code / "LC_MESSAGES" / "messages.po"


def compile_catalog(path: Path, locale: str) -> gnu.NullTranslations:
    """The translations of one .po file, compiled in memory. Fuzzy entries are left out: a guess is never shown."""
    with path.open("rb") as file:
        catalog = read_po(file, locale=locale, abort_invalid=True)
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Translations(compiled)


_catalogs: dict[str, gnu.NullTranslations] = {}
_catalogs_lock = threading.Lock()


def catalog(code: str) -> gnu.NullTranslations:
    """The translations of a language, compiled once a process. A language without a catalog file speaks English."""
    found = _catalogs.get(code)
    if found is not None:
        return found
    with _catalogs_lock:
        if code not in _catalogs:
            if code == PSEUDO:
                _catalogs[code] = PseudoTranslations()
            elif code != SOURCE and (path := po_path(code)).is_file():
                _catalogs[code] = compile_catalog(path, LOCALES[code].babel)
            else:
                _catalogs[code] = NullTranslations()
        return _catalogs[code]


class CatalogDomain(Domain):
    """Flask-Babel's domain with our catalogs: chosen by our language code, since two of ours share one CLDR locale."""

    def get_translations(self) -> Any:
        return catalog(current_lang())


# ------------------------------------------------------------------------------------------------- speaking, on a page

_spoken: ContextVar[str | None] = ContextVar("limpio_spoken_language", default=None)


def N_(message: str) -> str:  # noqa: N802 (the name gettext tools know)
    """Marks a message id in data, to be translated where it is shown. Returns it unchanged."""
    return message


def message_id(text: str) -> str:
    """A sentence of a YAML file as its message id: line breaks and indentation folded to single spaces."""
    return " ".join(text.split())


@contextmanager
def speaking(lang: str) -> Iterator[None]:
    """Everything inside speaks `lang`, whatever the request says: for papers, and for commands in an app context."""
    if lang not in LOCALES:
        raise ValueError(f"There is no language {lang!r}. There are: {', '.join(LOCALES)}.")
    token = _spoken.set(lang)
    try:
        yield
    finally:
        _spoken.reset(token)


def negotiated() -> str:
    """The public language the browser likes best; English when it names none of ours."""
    codes = {locale.code.lower(): locale.code for locale in public_locales()}
    # In the browser's order, whole tag or its first part. (Werkzeug's best_match would look for whole tags first, and
    # give English to a telephone that says "es-MX, en;q=0.5".)
    for tag, quality in request.accept_languages:
        code = codes.get(tag.lower()) or codes.get(tag.lower().replace("_", "-").split("-")[0])
        if code and quality > 0:
            return code
    return SOURCE


def current_lang() -> str:
    """The code of the language being spoken: `speaking()`, else the address, else (an unknown address) what the browser
    asks for, else English. Safe outside a request."""
    spoken = _spoken.get()
    if spoken is not None:
        return spoken
    if not has_request_context():
        return SOURCE
    if "limpio_lang" not in g:
        first = request.path.split("/", 2)[1] if "/" in request.path else ""
        g.limpio_lang = first if served(first) else negotiated()
    return str(g.limpio_lang)


def current_locale() -> Locale:
    return LOCALES[current_lang()]


def translate(lang: str, message: str, /, **params: object) -> str:
    """`message` in `lang`, its `%(name)s` placeholders filled. Needs no request: for commands and printed pages."""
    said = catalog(lang).gettext(str(message))
    return said % params if params else said


def translate_plural(lang: str, singular: str, plural: str, num: int, /, **params: object) -> str:
    """The form for `num` things; `%(num)d` is filled by itself. Needs no request."""
    return catalog(lang).ngettext(singular, plural, num) % {"num": num, **params}


def format_date_long(day: date, lang: str | None = None) -> str:
    """'March 3, 2027', '3 de marzo de 2027'. The one way the site prints a date: short dates are read two ways here."""
    code = lang or current_lang()
    text = format_date(day, format="long", locale=LOCALES[code].babel)
    return pseudo(text) if code == PSEUDO else text


def format_number(number: int | float, lang: str | None = None) -> str:
    """'1,200' and '28.5', as written in the United States in either language."""
    return format_decimal(number, locale=LOCALES[lang or current_lang()].babel)


def _has_page(endpoint: str) -> bool:
    return any("GET" in (rule.methods or ()) for rule in current_app.url_map.iter_rules(endpoint))


def same_page(lang: str) -> str:
    """The address of the page being shown, in another language. Answers are on the server, so nothing is lost; a page
    that exists only as the answer to a POST, or does not exist, becomes the home page."""
    endpoint = request.endpoint
    if endpoint and current_app.url_map.is_endpoint_expecting(endpoint, "lang") and _has_page(endpoint):
        query = request.args.to_dict(flat=False)
        values: dict[str, Any] = {**query, **(request.view_args or {}), "lang": lang}
        return url_for(endpoint, **values)
    return url_for("pages.home", lang=lang)


def _take_lang(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    # Views never see the language as an argument: it is a property of the request.
    if values is None or "lang" not in values:
        return
    lang = values.pop("lang")
    if not served(lang):
        abort(404)
    g.limpio_lang = lang


def _give_lang(endpoint: str, values: dict[str, Any]) -> None:
    if "lang" not in values and current_app.url_map.is_endpoint_expecting(endpoint, "lang"):
        values["lang"] = current_lang()


class LanguageConverter(BaseConverter):
    """`/<lang:lang>/`: matches only codes of locales.toml, so that `/favicon.ico` is not taken for a language."""

    regex = "|".join(re.escape(code) for code in sorted(LOCALES, key=len, reverse=True))


def _root() -> Response:
    response = redirect(url_for("pages.home", lang=negotiated()))
    response.headers["Vary"] = "Accept-Language"
    return response  # type: ignore[return-value]


def _said(message: object, **params: object) -> str:
    # A message id that comes from data (rules, interview). Unlike `_()` in a template it is escaped like any text, and
    # a per cent sign needs no doubling where there are no placeholders.
    return translate(current_lang(), str(message), **params)


def init_app(app: Flask) -> None:
    """Gives `app` its languages: the `/` redirect, the language part of every address, catalogs, and in templates the
    globals `lang`, `locales`, `same_page` and the filters `t`, `date_long`, `number`. Call it before the
    blueprints are registered. The pseudo-locale is served when the app is in testing or debug mode, or when its config
    says `LIMPIO_PSEUDO_LOCALE`."""
    babel = Babel(app, default_locale=LOCALES[SOURCE].babel, locale_selector=lambda: current_locale().babel)
    babel.domain_instance = CatalogDomain()
    app.url_map.converters["lang"] = LanguageConverter
    app.url_value_preprocessor(_take_lang)
    app.url_defaults(_give_lang)
    app.add_url_rule("/", endpoint="language_root", view_func=_root)
    # Multi-line {% trans %} blocks become one-line message ids; the extractor below does the same.
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.jinja_env.filters.update(t=_said, date_long=format_date_long, number=format_number)
    app.jinja_env.globals.update(lang=current_locale, locales=public_locales, same_page=same_page)


# ---------------------------------------------------------------------------------------------------------- extraction

PACKAGES = ("forms", "rules", "webapp")
YAML_SOURCES = (
    "rules/facts.yaml",
    "rules/law/holidays.yaml",
    "rules/law/numbers.yaml",
    "webapp/interview/flow.yaml",
    "webapp/packet/*.yaml",
    "webapp/pages/*.yaml",
)
# The titles of offenses: a column of a table.
CSV_SOURCES = ("rules/law/offenses.csv",)
# A string under one of these keys, or in a list under one, is shown to people.
TRANSLATABLE_KEYS = frozenset(
    [
        *("error", "heading", "help", "hint", "intro", "label", "meaning", "note"),
        *("question", "short", "text", "title", "unit", "where", "why"),
    ]
)
KEYWORDS: dict[str, Any] = {
    "_": None,
    "_l": None,
    "N_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "translate": (2,),
    "translate_plural": (2, 3),
}
_JINJA_OPTIONS = {"extensions": "jinja2.ext.i18n", "newstyle_gettext": "true", "trimmed": "true", "silent": "false"}


def yaml_messages(tree: object, *, shown: bool = False) -> Iterator[str]:
    """The message ids of a YAML tree, in its own order. `shown` says that the tree stands under a translatable key."""
    if isinstance(tree, str):
        if shown and (message := message_id(tree)):
            yield message
    elif isinstance(tree, Mapping):
        for key, value in tree.items():
            yield from yaml_messages(value, shown=key in TRANSLATABLE_KEYS)
    elif isinstance(tree, list):
        for value in tree:
            yield from yaml_messages(value, shown=shown)


def _file_messages(path: Path) -> Iterator[tuple[Any, list[str]]]:
    # A message is a string, or a tuple (singular, plural).
    if path.suffix == ".yaml":
        yield from ((message, []) for message in yaml_messages(plain_yaml.load(path.read_text(encoding="utf-8"))))
        return
    if path.suffix == ".csv":
        yield from ((row["title"], []) for row in _rows(path))
        return
    method, options = ("python", {}) if path.suffix == ".py" else ("jinja2", _JINJA_OPTIONS)
    with path.open("rb") as file:
        found = sorted(extract(method, file, KEYWORDS, ["TRANSLATORS:"], options), key=lambda hit: hit[0])
    for _line, message, comments, _context in found:
        if message:
            yield message, comments


def sources(root: Path = ROOT) -> list[Path]:
    """Every file that may hold a message, in a fixed order."""
    found = [path for package in PACKAGES for path in (root / package).rglob("*.py")]
    found += (root / "webapp").rglob("*.html")
    found += [path for pattern in (*YAML_SOURCES, *CSV_SOURCES) for path in root.glob(pattern)]
    return sorted(set(found), key=lambda path: path.relative_to(root).as_posix())


def extract_template(root: Path = ROOT) -> Catalog:
    """Every message of the sources, by file and then place in the file; locations name files only, so that moving a
    sentence within its file changes nothing here."""
    template = Catalog(project="limpio", charset="utf-8", fuzzy=False)
    for path in sources(root):
        name = path.relative_to(root).as_posix()
        for message, comments in _file_messages(path):
            template.add(message, locations=[(name, 1)], auto_comments=comments)
    return template


# Lines of a .po header that change without any message changing.
_RESTLESS = (
    '"Project-Id-Version',
    '"POT-Creation-Date',
    '"PO-Revision-Date',
    '"Last-Translator',
    '"Language-Team',
    '"Report',
    '"Generated',
)


def po_text(content: Catalog) -> str:
    """A catalog as the text of its file, without dates and tool versions: the same messages give the same bytes."""
    content.header_comment = "# Written by `make translations`. Translate the msgstr lines; leave the rest."
    out = io.BytesIO()
    write_po(out, content, width=120, include_lineno=False)
    kept = (line for line in out.getvalue().decode("utf-8").splitlines() if not line.startswith(_RESTLESS))
    return "\n".join(kept).rstrip("\n") + "\n"


def read_catalog(path: Path, locale: str) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=locale, abort_invalid=True)


def update(root: Path = ROOT, *, drop_obsolete: bool = False) -> list[Path]:
    """Rewrites messages.pot and the .po file of every public language. Never guesses a translation from a similar
    sentence. Sentences that are gone stay at the end of the file as `#~` until somebody, or `drop_obsolete`, removes
    them. Returns the files written."""
    locales = read_locales(root / "translations" / "locales.toml")
    template = extract_template(root)
    texts = {root / "translations" / "messages.pot": po_text(template)}
    for locale in locales.values():
        if locale.public and locale.code != SOURCE:
            path = po_path(locale.code, root)
            held = read_catalog(path, locale.babel) if path.is_file() else Catalog(locale=locale.babel, fuzzy=False)
            held.update(template, no_fuzzy_matching=True)
            held.fuzzy = False
            if drop_obsolete:
                held.obsolete.clear()
            texts[path] = po_text(held)
    written = []
    for path, text in texts.items():
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            written.append(path)
    return written


# ------------------------------------------------------------------------------------------------------------- the gate

_END_MARKS = ".?!:;,…"
_CLOSERS = "\"')”’"
# Spanish pages mark English form titles for the screen reader; English pages need not.
_ENGLISH_IN_SPANISH = re.compile(r'<(\w+) lang="en">(.*?)</\1>', re.DOTALL)


def _placeholders(text: str) -> tuple[frozenset[str], frozenset[str]]:
    formats = frozenset(hit.group(0) for hit in _PLACEHOLDER.finditer(text) if hit.group(0) != "%%")
    return formats, frozenset(_BRACE.findall(text))


def _tags(text: str) -> list[str]:
    return sorted(_TAG.findall(text))


def _end_mark(text: str) -> str:
    bare = _TAG.sub("", text).rstrip().rstrip(_CLOSERS)
    return bare[-1] if bare and bare[-1] in _END_MARKS else ""


def wording_problems(message: str, translation: str) -> Iterator[str]:
    """What is wrong between one sentence and its translation, whatever the language."""
    if _placeholders(message) != _placeholders(translation):
        yield "the placeholders differ"
    if _tags(message) != _tags(_ENGLISH_IN_SPANISH.sub(r"\2", translation)):
        yield "the HTML tags differ"
    if translation != translation.strip() and message == message.strip():
        yield "there is a space or line break at an end"
    if "  " in translation and "  " not in message:
        yield "there are two spaces in a row"
    if _end_mark(message) != _end_mark(translation):
        theirs, ours = (_end_mark(text) or "no mark" for text in (translation, message))
        yield f"it ends with {theirs!r}, the English with {ours!r}"


_MONTHS = "Enero|Febrero|Marzo|Abril|Mayo|Junio|Julio|Agosto|Septiembre|Octubre|Noviembre|Diciembre"
_DAYS = "Lunes|Martes|Miércoles|Jueves|Viernes|Sábado|Domingo"
_SPANISH_STYLE: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("says usted: residents are tú", re.compile(r"\bustede?s?\b", re.IGNORECASE)),
    ("says vos: residents are tú", re.compile(r"\bvos\b", re.IGNORECASE)),
    ('has « » or curly quotation marks: use "…"', re.compile("[«»“”]")),
    ("has three dots: leave them out, or use … where the English does", re.compile(r"\.\.\.")),
    ("has a dash in running text: use a comma or a new sentence", re.compile(r"—|\s–\s")),
    (
        "marks gender with /a, (a) or @",
        re.compile(r"\w[oe]s?/as?\b|[^\W\d]\(as?\)|(?<![\w.])\w{3,}@s?(?![\w.])"),
    ),
    ("writes a month or a day with a capital", re.compile(rf"(?<=[a-z\d,] )(?:{_MONTHS}|{_DAYS})\b")),
)


@dataclass(frozen=True, slots=True)
class Forbidden:
    """A word the glossary tells us to avoid, and the word it gives instead."""

    word: str
    instead: str
    pattern: re.Pattern[str]


def forbidden_words(folder: Path) -> tuple[Forbidden, ...]:
    """The words of the glossary's avoid_es column that are wrong wherever they stand. A word with a note in parentheses
    ("cárcel (for prison)") is right elsewhere and is left to the reader; so is a word of glossary-exceptions.csv, which
    gives a reason each."""
    excepted = {row["word"].casefold() for row in _rows(folder / "glossary-exceptions.csv")}
    found = []
    for row in _rows(folder / "glossary.csv"):
        for term in (part.strip() for part in row["avoid_es"].split(";")):
            if term and "(" not in term and term.casefold() not in excepted:
                pattern = re.compile(rf"(?<!\w){re.escape(term)}(?!\w)", re.IGNORECASE)
                found.append(Forbidden(term, row["term_es"], pattern))
    return tuple(found)


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def spanish_problems(message: str, translation: str, forbidden: Iterable[Forbidden]) -> Iterator[str]:
    """What is wrong with one Spanish sentence by the style guide (CONTRIBUTING.md, how to translate)."""
    bare = _TAG.sub("", translation)
    for opening, closing in (("¿", "?"), ("¡", "!")):
        if bare.count(opening) != bare.count(closing):
            yield f"{opening} and {closing} do not pair"
    if "…" in bare and "…" not in message:
        yield "has an ellipsis the English has not"
    for said, pattern in _SPANISH_STYLE:
        if pattern.search(bare):
            yield said
    # The English word a person will hear at the window stands in parentheses: "juicio (trial)".
    spanish = re.sub(r"\([^()]*\)", "", bare)
    for entry in forbidden:
        if entry.pattern.search(spanish):
            yield f"says {entry.word!r}: the glossary says {entry.instead!r}"


Style = Callable[[str, str, Iterable[Forbidden]], Iterator[str]]
STYLES: Mapping[str, Style] = {"es": spanish_problems}


def _forms(text: Any) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def _entry_problems(entry: Message, style: Callable[[str, str], Iterable[str]]) -> Iterator[str]:
    singular, *others = _forms(entry.id)
    forms = _forms(entry.string)
    if entry.fuzzy:
        yield "is marked fuzzy: read it, then remove the mark"
    if not any(forms):
        yield "is not translated"
        return
    for place, form in enumerate(forms):
        if not form:
            yield "has an empty plural form"
            continue
        against = others[0] if others and (place or len(forms) == 1) else singular
        if others and place == 0 and len(forms) > 1 and "%(num)" not in form:
            # The form for one thing may say "una condena" and leave the number out.
            against = re.sub(r"%\(num\)\w\s?", "", against)
        yield from wording_problems(against, form)
        yield from style(against, form)


def catalog_problems(locale: Locale, template: Catalog, root: Path) -> Iterator[str]:
    """Everything that keeps one language from being shown, a line each."""
    path = po_path(locale.code, root)
    name = path.relative_to(root).as_posix()
    if not path.is_file():
        yield f"{name} is missing: run make translations"
        return
    try:
        held = read_catalog(path, locale.babel)
    except (PoFileError, ValueError) as error:
        yield f"{name} cannot be read: {error}"
        return
    forbidden = forbidden_words(root / "translations") if locale.code == "es" else ()
    language_style = STYLES.get(locale.code)

    def style(message: str, translation: str) -> Iterable[str]:
        return language_style(message, translation, forbidden) if language_style else ()

    for message in template:
        if not message.id:
            continue
        told = held.get(message.id)
        first = message.id[0] if isinstance(message.id, tuple) else message.id
        if told is None:
            yield f"{name}: missing: {first!r}"
        else:
            yield from (f"{name}: {said}: {first!r}" for said in _entry_problems(told, style))
    for told in held:
        if told.id and template.get(told.id) is None:
            yield f"{name}: stale, in no source any more: {told.id!r}"
    for gone in held.obsolete.values():
        yield f"{name}: obsolete, delete it: {gone.id!r}"


def problems(root: Path = ROOT) -> list[str]:
    """Everything that keeps a public language from being complete and well said, a line each; empty: all is well."""
    locales = read_locales(root / "translations" / "locales.toml")
    template = extract_template(root)
    pot = root / "translations" / "messages.pot"
    found = []
    if not pot.is_file() or pot.read_text(encoding="utf-8") != po_text(template):
        found.append("translations/messages.pot is out of date: run make translations")
    for locale in locales.values():
        if locale.public and locale.code != SOURCE:
            found += catalog_problems(locale, template, root)
    return found


def main(arguments: list[str]) -> int:
    """`python -m webapp.language [--check | --drop-obsolete]`. Returns the exit code."""
    if arguments == ["--check"]:
        found = problems()
        for line in found:
            print(line)
        print(f"{len(found)} problems" if found else "Every public language is complete.")
        return 1 if found else 0
    if arguments not in ([], ["--drop-obsolete"]):
        print("Usage: python -m webapp.language [--check | --drop-obsolete]", file=sys.stderr)
        return 2
    for path in update(drop_obsolete=bool(arguments)):
        print(f"wrote {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
