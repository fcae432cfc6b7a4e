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
from datetime import date
from pathlib import Path

from forms.answer_sheet import AnswerSheetWords, answer_sheet
from forms.blanks import Adoption, adopted_on, available, check
from forms.compare import Difference
from forms.cover import Block, Boxes, Heading, Note, Paragraph, Rows, Steps, cover
from forms.fill import Filled, Overflow, attachments, fill, fits, pages_of
from forms.income_limits import IncomeLimits, income_limits, monthly_limit
from forms.last_check import Remembered, remembered
from forms.packet import Part, merge
from forms.reasons import (
    DIFFERENCES,
    EDITS,
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
from forms.spec import FormSpec, Place, spec_of, specs

__all__ = [
    "DIFFERENCES",
    "EDITS",
    "REASONS",
    "Adoption",
    "AnswerSheetWords",
    "BlankMissing",
    "Block",
    "Boxes",
    "BoxesConflict",
    "Difference",
    "FieldStaysEmpty",
    "Filled",
    "FormProblem",
    "FormSpec",
    "Heading",
    "IncomeLimits",
    "Note",
    "Overflow",
    "Paragraph",
    "Part",
    "PartUnfit",
    "Place",
    "Remembered",
    "Rows",
    "Steps",
    "UnknownField",
    "UnknownForm",
    "UnprintableText",
    "WrongKind",
    "adopt_revision",
    "adopted_on",
    "answer_sheet",
    "attachments",
    "available",
    "check",
    "cover",
    "fill",
    "fits",
    "income_limits",
    "install",
    "merge",
    "monthly_limit",
    "pages_of",
    "remembered",
    "specs",
    "warm",
]


def install(sources: Sequence[Path], dest: Path, *, on: date | None = None) -> tuple[Adoption, ...]:
    """Adopt every form found in `sources` into `dest`; see `forms.adopt.install`."""
    from forms import adopt  # pikepdf is needed here only, not by the running site

    return adopt.install(sources, dest, on=on)


def adopt_revision(form: str, file: Path, dest: Path, *, on: date | None = None) -> Adoption:
    """Adopt this very file for a form; see `forms.adopt.adopt_revision`. Raises UnknownForm."""
    from forms import adopt

    return adopt.adopt_revision(spec_of(form), file, dest, on=on)


def warm() -> None:
    """Open the typefaces now, so that the first person does not wait for them."""
    from forms import fonts

    fonts.regular()
    fonts.bold()
