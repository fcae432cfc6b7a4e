"""All papers of a person in one PDF, in filing order: cover page, petition, attachments, order, proof; then the next
case.

A form whose blank is installed is filled and flattened; one whose blank is missing, or was changed, becomes an
answer sheet with the same answers. Nobody is turned away because a file is missing on our side. The person's own
words stand in the petition's own box where they fit there, and otherwise on MC-031 and not in the box: never in both.
Anything else that does not fit its box goes whole onto MC-025. Bookmarks lead to each paper.

    build_packet(findings, document, lang="es", blanks=settings.forms_dir)    # -> bytes
    documents(findings, document, lang="es", blanks=settings.forms_dir)       # the same as separate files

Nothing is stored: the packet is made from the answers each time it is asked for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from pathlib import Path
from types import MappingProxyType

import forms
from forms import BlankMissing, Overflow, Part
from rules import Findings
from webapp.language import LOCALES, SOURCE, translate
from webapp.packet import cover_page
from webapp.packet.companions import DECLARATION, SEE_DECLARATION, Sheet, beside, declaration, manner, offices
from webapp.packet.filing_dates import filing_dates, filing_day_of
from webapp.packet.letter import letter_blocks
from webapp.packet.papers import Document, Paper, case_name, papers, words_box

SHORT_TITLE = 60
"""Characters of the short title on MC-025. The whole name stands on the form itself."""


class NoPapers(Exception):
    """These findings open no form that we can make papers for."""


@dataclass(frozen=True, slots=True)
class PaperFile:
    """One paper of the packet as a file of its own: its title in the reader's language, and the file's name."""

    title: str
    filename: str
    pdf: bytes


def build_packet(findings: Findings, document: Document, *, lang: str, blanks: Path) -> bytes:
    """One print-ready PDF. `document` is the answers document; `blanks` the folder of adopted forms.

    Raises NoPapers when no form is open, and forms.UnprintableText (naming the box and the character) when something
    the person typed cannot be printed.
    """
    said = printed_lang(lang)
    parts = [part for _title, group in _files(findings, document, lang=said, blanks=blanks) for part in group]
    return forms.merge(parts, title=translate(said, "Your court papers"), lang=said)


def documents(findings: Findings, document: Document, *, lang: str, blanks: Path) -> Iterator[PaperFile]:
    """The papers of `build_packet`, each as a file of its own, numbered in filing order. Raises as `build_packet`."""
    said = printed_lang(lang)
    for number, (title, group) in enumerate(_files(findings, document, lang=said, blanks=blanks), start=1):
        name = f"{number:02d}-{file_words(title)}.pdf"
        yield PaperFile(title, name, forms.merge(group, title=title, lang=said))


def titles(findings: Findings, document: Document, *, lang: str, blanks: Path) -> tuple[str, ...]:
    """The titles of `documents`, without making the files."""
    found = []
    for paper in papers(findings, document):
        found += [cover_page.case_title(paper, lang), translate(lang, "Letter to the clerk")]
        found += [title for title, _sheets in _grouped(sheets_of(paper, document, blanks=blanks), lang, blanks)]
    return tuple(found)


def _files(findings: Findings, document: Document, *, lang: str, blanks: Path) -> Iterator[tuple[str, list[Part]]]:
    """Each paper with its title: the first part of it carries the bookmark."""
    made = papers(findings, document)
    if not made:
        raise NoPapers
    for paper in made:
        yield from files_of(paper, document, lang=lang, as_of=findings.as_of, blanks=blanks)


def printed_lang(lang: str) -> str:
    """The language of papers: the person's; English for the pseudo-locale, whose brackets no typeface of ours has."""
    return lang if LOCALES[lang].public else SOURCE


def packet_filename(lang: str, as_of: date) -> str:
    """'limpio-court-papers-2026-11-22.pdf', in the person's language, in letters that every file system takes."""
    return f"limpio-{file_words(translate(lang, 'court papers'))}-{as_of.isoformat()}.pdf"


def file_words(words: str) -> str:
    """'Tus papeles para el condado de Peñón' -> 'tus-papeles-para-el-condado-de-penon'."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def blank_here(form: str, blanks: Path) -> bool:
    """Whether the official form can be printed from the adopted blanks."""
    return forms.available(form, blanks)


def files_of(
    paper: Paper, document: Document, *, lang: str, as_of: date, blanks: Path
) -> Iterator[tuple[str, list[Part]]]:
    """One petition: its cover page and letter, then its forms and attachments, or the sheets that stand in for them."""
    sheets = sheets_of(paper, document, blanks=blanks)
    day = filing_day_of(document)
    beside_it = cover_page.Beside(
        forms=tuple(sheet.form for sheet in sheets),
        here=frozenset(sheet.form for sheet in sheets if blank_here(sheet.form, blanks)),
        offices=offices(paper, document),
        manner=manner(paper, document),
        dates=filing_dates(day) if day else None,
    )
    title = cover_page.case_title(paper, lang)
    yield title, [Part(_page(cover_page.cover_blocks(paper, beside_it, lang=lang, as_of=as_of), title, lang), title)]
    letter = translate(lang, "Letter to the clerk")
    yield letter, [Part(forms.cover(letter_blocks(paper, beside_it), title="Letter to the clerk", lang=SOURCE), letter)]
    for name, alike in _grouped(sheets, lang, blanks):
        parts = [part for sheet in alike for part in sheet_parts(paper, sheet, lang=lang, blanks=blanks)]
        yield (
            name,
            [
                replace(part, bookmark="") if number and part.bookmark == name else part
                for number, part in enumerate(parts)
            ],
        )


def _grouped(sheets: tuple[Sheet, ...], lang: str, blanks: Path) -> Iterator[tuple[str, list[Sheet]]]:
    """The sheets by form, in their order: the pages of one declaration are one paper."""
    for form, alike in groupby(sheets, key=lambda sheet: sheet.form):
        here = blank_here(form, blanks)
        yield form if here else cover_page.answer_sheet_words(form, lang).title, list(alike)


def sheets_of(paper: Paper, document: Document, *, blanks: Path) -> tuple[Sheet, ...]:
    """Every form of one petition with its final values, in filing order: the petition, the declaration where the
    petition has no room for the person's words, the order, the proof of service, the fee waiver.

    An order whose blank is not here is left out: only its caption would be ours, and the cover page says so.
    """
    values, pages = placed(paper, blanks=blanks)
    made = [Sheet(paper.form, values, "petition"), *(declaration(paper, page) for page in pages)]
    made += [sheet for sheet in beside(paper, document) if sheet.role != "order" or blank_here(sheet.form, blanks)]
    return tuple(made)


def placed(paper: Paper, *, blanks: Path) -> tuple[MappingProxyType[str, str | bool], tuple[str, ...]]:
    """Where the person's own words stand: the petition's values, and the pages of MC-031 (none when the box has room).

    On an answer sheet there is always room: a person who writes by hand decides on the extra page themselves.
    """
    values = dict(paper.values)
    box = words_box(paper)
    if not paper.words:
        return MappingProxyType(values), ()
    if box is not None:
        if not blank_here(paper.form, blanks) or forms.fits(paper.form, box, paper.words, blanks=blanks):
            return MappingProxyType(values), ()
        values[box] = SEE_DECLARATION
    if not blank_here(DECLARATION, blanks):
        return MappingProxyType(values), (paper.words,)
    return MappingProxyType(values), forms.pages_of(DECLARATION, "body", paper.words, blanks=blanks)


def sheet_parts(paper: Paper, sheet: Sheet, *, lang: str, blanks: Path) -> list[Part]:
    """One form, filled, with its MC-025 pages; or the sheet to copy from, when its blank is not here."""
    more: tuple[Overflow, ...] = ()
    if sheet.role == "petition" and paper.more:
        more = (Overflow("conviction_date", "1", "\n".join(("Item 1, continued:", *paper.more))),)
    try:
        filled = forms.fill(sheet.form, sheet.values, blanks=blanks)
    except BlankMissing:
        return [_answers(sheet, lang), *attachment_parts(paper, sheet.form, more, lang=lang, blanks=blanks)]
    parts = [Part(filled.pdf, sheet.form)]
    return parts + attachment_parts(paper, sheet.form, (*more, *filled.overflow), lang=lang, blanks=blanks)


def attachment_parts(paper: Paper, form: str, overflow: tuple[Overflow, ...], *, lang: str, blanks: Path) -> list[Part]:
    """Everything that did not fit: on MC-025, or on a sheet to copy from when that blank is not here."""
    if not overflow:
        return []
    title = short_title(paper)
    try:
        pages = forms.attachments(
            form, overflow, short_title=title, case_number=fits_nowhere(paper, overflow), blanks=blanks
        )
    except BlankMissing:
        label = forms.specs()[form].label
        values: dict[str, str | bool] = {
            "short_title": title,
            "case_number": paper.case_number,
            "attachment_number": form,
            "body": "\n\n".join(f"{form}, {label(item.key)}\n{item.text}" for item in overflow),
        }
        pages = (forms.answer_sheet("MC-025", values, words=cover_page.answer_sheet_words("MC-025", lang)),)
    return [Part(page, "MC-025" if number == 0 else "") for number, page in enumerate(pages)]


def fits_nowhere(paper: Paper, overflow: tuple[Overflow, ...]) -> str:
    """The case number for the top of MC-025; empty when it is itself too long for a box, and so stands in the text."""
    return "" if any(item.key == "case_number" for item in overflow) else paper.case_number


def short_title(paper: Paper) -> str:
    """'People v. Ana Ruiz'. A short title is a name for the case, so a very long one is shortened, and says so."""
    title = case_name(paper.caption) or "People v."
    return title if len(title) <= SHORT_TITLE else f"{title[: SHORT_TITLE - 1].rstrip()}…"


def _answers(sheet: Sheet, lang: str) -> Part:
    """What stands in for a form whose blank is not here."""
    words = cover_page.answer_sheet_words(sheet.form, lang)
    return Part(forms.answer_sheet(sheet.form, sheet.values, words=words), words.title)


def _page(blocks: list[forms.Block], title: str, lang: str) -> bytes:
    footer, page_of = cover_page.disclaimer(lang), cover_page.page_of(lang)
    return forms.cover(blocks, title=title, lang=lang, footer=footer, page_of=page_of)
