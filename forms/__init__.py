"""Official court forms: found by fingerprint, made fillable once, filled, flattened, joined. No web, no law.

    install([folder], blanks)                  once: official files -> usable blanks (forms/adopt.py)
    fill("CR-400", values, blanks=blanks)      values -> ink in the form's own boxes (forms/fill.py)
    answer_sheet("CR-400", values, words=...)  the same answers to copy by hand, when the blank is missing
    cover(blocks, ...), merge(parts, ...)      plain-word pages, and everything in one print-ready file

What is known about a form is in its folder (forms/spec.py). What can go wrong is in forms/reasons.py, as a code, facts
and one English sentence to translate.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from forms.answer_sheet import AnswerSheetWords, answer_sheet
from forms.blanks import Adoption, available, check
from forms.cover import Block, Boxes, Heading, Note, Paragraph, Rows, Steps, cover
from forms.fill import Filled, Overflow, attachments, fill, pages_of
from forms.packet import Part, merge
from forms.reasons import (
    REASONS,
    BlankMissing,
    BoxesConflict,
    FieldStaysEmpty,
    FormProblem,
    PartUnfit,
    UnknownField,
    UnknownForm,
    UnprintableText,
    WrongKind,
)
from forms.spec import FormSpec, Place, specs

__all__ = [
    "REASONS",
    "Adoption",
    "AnswerSheetWords",
    "BlankMissing",
    "Block",
    "Boxes",
    "BoxesConflict",
    "FieldStaysEmpty",
    "Filled",
    "FormProblem",
    "FormSpec",
    "Heading",
    "Note",
    "Overflow",
    "Paragraph",
    "Part",
    "PartUnfit",
    "Place",
    "Rows",
    "Steps",
    "UnknownField",
    "UnknownForm",
    "UnprintableText",
    "WrongKind",
    "answer_sheet",
    "attachments",
    "available",
    "check",
    "cover",
    "fill",
    "install",
    "merge",
    "pages_of",
    "specs",
    "warm",
]


def install(sources: Sequence[Path], dest: Path, *, accept_new: bool = False) -> tuple[Adoption, ...]:
    """Adopt every form found in `sources` into `dest`; see `forms.adopt.install`."""
    from forms import adopt  # pikepdf is needed here only, not by the running site

    return adopt.install(sources, dest, accept_new=accept_new)


def warm() -> None:
    """Open the typefaces now, so that the first person does not wait for them."""
    from forms import fonts

    fonts.regular()
    fonts.bold()
