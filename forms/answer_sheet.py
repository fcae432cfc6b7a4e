"""What to write where, for people whose form is not installed: the same answers, item by item.

A missing blank stops nobody. The sheet follows the paper form from top to bottom, with the form's own English words
beside each answer, so that it can be copied by hand onto a form from the court or the library. Everything around the
form's words is passed in, already in the reader's language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from forms.cover import Block, Boxes, Heading, Note, Paragraph, Rows, cover
from forms.fill import checked
from forms.spec import Place, spec_of


@dataclass(frozen=True, slots=True)
class AnswerSheetWords:
    """The sheet's own wording, translated by the caller.

    `server` is said of boxes that belong to the person who hands over or mails the papers, `unanswered` (by the codes
    of `forms.spec`) of boxes without an answer, `older` where the words were read from an older revision.
    """

    title: str
    intro: tuple[str, ...]
    get_form: str
    tick: str
    no_tick: str
    empty: str
    clerk: str
    server: str
    by_hand: str
    unanswered: Mapping[str, str]
    older: str
    footer: str
    page_of: str
    lang: str


def answer_sheet(form: str, values: Mapping[str, str | bool], *, words: AnswerSheetWords) -> bytes:
    """A PDF that lists every box of the form with its answer. Refuses the same values as `fill` does."""
    spec = spec_of(form)
    wanted = checked(spec, values)
    blocks: list[Block] = [Heading(words.title)]
    blocks.append(Paragraph(f"{spec.form} [{spec.revision_printed}]\n{spec.title}"))
    blocks += [Paragraph(text) for text in words.intro]
    if words.get_form:
        blocks.append(Note(words.get_form))
    if spec.wording_of:
        blocks.append(Paragraph(words.older))
    places = [place for place in spec.places if place.kind in ("text", "check")]
    for item, grouped in groupby(places, key=lambda place: place.item):
        group = list(grouped)
        if item and item != group[0].label:
            blocks.append(Heading(item, 3))
        blocks += _blocks(group, wanted, words)
    return cover(blocks, title=words.title, lang=words.lang, footer=words.footer, page_of=words.page_of)


def _blocks(group: list[Place], wanted: Mapping[str, str | bool], words: AnswerSheetWords) -> list[Block]:
    """The boxes of one item. Several in a row that belong to somebody else are one line: a page of "leave empty" hides
    the two answers that matter."""
    blocks: list[Block] = []
    for owner, owned in groupby(group, key=lambda place: place.empty if place.empty in ("server", "clerk") else None):
        told = list(owned)
        if owner is not None and len(told) > 2:
            blocks.append(Paragraph(f"{told[0].label} … {told[-1].label}\n{_answer(told[0], wanted, words)}"))
            continue
        for check, alike in groupby(told, key=lambda place: place.kind == "check"):
            some = list(alike)
            blocks.append(_boxes(some, wanted, words) if check else _rows(some, wanted, words))
    return blocks


def _boxes(places: list[Place], wanted: Mapping[str, str | bool], words: AnswerSheetWords) -> Boxes:
    told = []
    for place in places:
        ticked = bool(wanted.get(place.key or ""))
        told.append((ticked, f"{place.label} — {words.tick if ticked else _not_ticked(place, words)}"))
    return Boxes(tuple(told))


def _not_ticked(place: Place, words: AnswerSheetWords) -> str:
    if place.empty == "server":
        return words.server
    return words.unanswered[place.unanswered] if place.unanswered else words.no_tick


def _rows(places: list[Place], wanted: Mapping[str, str | bool], words: AnswerSheetWords) -> Rows:
    return Rows(tuple((place.label, _answer(place, wanted, words)) for place in places))


def _answer(place: Place, wanted: Mapping[str, str | bool], words: AnswerSheetWords) -> str:
    if place.empty == "clerk":
        return words.clerk
    if place.empty == "server":
        return words.server
    if place.empty == "hand":
        return words.by_hand
    without = words.unanswered[place.unanswered] if place.unanswered else words.empty
    return str(wanted.get(place.copies or place.key or "") or without)
