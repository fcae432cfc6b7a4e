"""All papers of a person in one PDF, in the order they are used: cover page, form, attachment; then the next case.

A form whose blank is installed is filled and flattened; one whose blank is missing, or was changed, becomes an
answer sheet with the same answers. Nobody is turned away because a file is missing on our side. What does not fit
its box goes whole onto MC-025. Bookmarks lead to each part.

    build_packet(findings, document, lang="es", blanks=settings.forms_dir)    # -> bytes

Nothing is stored: the packet is made from the answers each time it is asked for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import forms
from forms import BlankMissing, Overflow, Part
from rules import Findings
from webapp.language import LOCALES, SOURCE, translate
from webapp.packet import cover_page
from webapp.packet.papers import Document, Paper, papers

ORDERS = {"CR-180": "CR-181"}
"""The order that a petition is filed with."""

CAPTION = frozenset(
    [
        *("filer_name", "filer_street", "filer_city", "filer_state", "filer_zip", "filer_phone", "filer_email"),
        *("attorney_for", "court_county", "court_street", "court_mailing", "court_city_zip"),
        *("defendant", "case_number"),
    ]
)
"""What an order carries over from the petition."""

SHORT_TITLE = 60
"""Characters of the short title on MC-025. The whole name stands on the form itself."""


class NoPapers(Exception):
    """These findings open no form that we can make papers for."""


def build_packet(findings: Findings, document: Document, *, lang: str, blanks: Path) -> bytes:
    """One print-ready PDF. `document` is the answers document; `blanks` the folder of adopted forms.

    Raises NoPapers when no form is open, and forms.UnprintableText (naming the box and the character) when something
    the person typed cannot be printed.
    """
    made = papers(findings, document)
    if not made:
        raise NoPapers
    said = printed_lang(lang)
    parts = [part for paper in made for part in parts_of(paper, lang=said, as_of=findings.as_of, blanks=blanks)]
    return forms.merge(parts, title=translate(said, "Your court papers"), lang=said)


def printed_lang(lang: str) -> str:
    """The language of papers: the person's; English for the pseudo-locale, whose brackets no typeface of ours has."""
    return lang if LOCALES[lang].public else SOURCE


def packet_filename(lang: str, as_of: date) -> str:
    """'limpio-court-papers-2026-11-22.pdf', in the person's language, in letters that every file system takes."""
    words = unicodedata.normalize("NFKD", translate(lang, "court papers")).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")
    return f"limpio-{slug}-{as_of.isoformat()}.pdf"


def blank_here(paper: Paper, blanks: Path) -> bool:
    """Whether the official form of this paper can be printed from the adopted blanks."""
    return forms.available(paper.form, blanks)


def parts_of(paper: Paper, *, lang: str, as_of: date, blanks: Path) -> Iterator[Part]:
    """One case: its cover page, then its form and attachments, or the sheets that stand in for them."""
    made = form_parts(paper, lang=lang, blanks=blanks)
    official = made is not None
    blocks = cover_page.cover_blocks(paper, lang=lang, as_of=as_of, blank_here=official)
    title = cover_page.case_title(paper, lang)
    yield Part(_page(blocks, title, lang), title)
    yield from made if made is not None else [sheet_part(paper, lang)]


def form_parts(paper: Paper, *, lang: str, blanks: Path) -> list[Part] | None:
    """The official form filled, with its MC-025 pages; None when its blank is not here."""
    try:
        filled = forms.fill(paper.form, paper.values, blanks=blanks)
    except BlankMissing:
        return None
    parts = [Part(filled.pdf, paper.form)]
    more = (Overflow("conviction_date", "1", "\n".join(("Item 1, continued:", *paper.more))),) if paper.more else ()
    parts += attachment_parts(paper, (*more, *filled.overflow), lang=lang, blanks=blanks)
    parts += order_parts(paper, blanks=blanks)
    return parts


def order_parts(paper: Paper, *, blanks: Path) -> list[Part]:
    """The order that goes to the judge with the petition: its caption filled, every finding left to the judge. None
    where the form has no such order, or its blank is not here."""
    order = ORDERS.get(paper.form)
    if order is None or order not in forms.specs():
        return []
    named = forms.specs()[order].fields
    caption = {name: value for name, value in paper.values.items() if name in named and name in CAPTION}
    try:
        return [Part(forms.fill(order, caption, blanks=blanks).pdf, order)]
    except BlankMissing:
        return []


def attachment_parts(paper: Paper, overflow: tuple[Overflow, ...], *, lang: str, blanks: Path) -> list[Part]:
    """Everything that did not fit: on MC-025, or on a sheet to copy from when that blank is not here."""
    if not overflow:
        return []
    title = short_title(paper)
    try:
        pages = forms.attachments(
            paper.form, overflow, short_title=title, case_number=fits_nowhere(paper, overflow), blanks=blanks
        )
    except BlankMissing:
        label = forms.specs()[paper.form].label
        values: dict[str, str | bool] = {
            "short_title": title,
            "case_number": paper.case_number,
            "attachment_number": paper.form,
            "body": "\n\n".join(f"{paper.form}, {label(item.key)}\n{item.text}" for item in overflow),
        }
        pages = (forms.answer_sheet("MC-025", values, words=cover_page.answer_sheet_words("MC-025", lang)),)
    return [Part(page, "MC-025" if number == 0 else "") for number, page in enumerate(pages)]


def fits_nowhere(paper: Paper, overflow: tuple[Overflow, ...]) -> str:
    """The case number for the top of MC-025; empty when it is itself too long for a box, and so stands in the text."""
    return "" if any(item.key == "case_number" for item in overflow) else paper.case_number


def short_title(paper: Paper) -> str:
    """'People v. Ana Ruiz'. A short title is a name for the case, so a very long one is shortened, and says so."""
    title = f"People v. {paper.name}".strip()
    return title if len(title) <= SHORT_TITLE else f"{title[: SHORT_TITLE - 1].rstrip()}…"


def sheet_part(paper: Paper, lang: str) -> Part:
    """What stands in for a form whose blank is not here."""
    words = cover_page.answer_sheet_words(paper.form, lang)
    return Part(forms.answer_sheet(paper.form, paper.values, words=words), words.title)


def _page(blocks: list[forms.Block], title: str, lang: str) -> bytes:
    footer, page_of = cover_page.disclaimer(lang), cover_page.page_of(lang)
    return forms.cover(blocks, title=title, lang=lang, footer=footer, page_of=page_of)
