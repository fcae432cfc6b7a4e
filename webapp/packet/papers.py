"""Which form for which case, and what goes into each of its boxes. Pure: findings and answers in, values out.

One form a case: everything in a case that the law opens on the same form is asked for on one sheet, and what it does
not open is listed on the cover page as not asked for. The boxes that carry law come from the finding (rules names
them "title (f)", "1a", "2b"); the boxes that carry the person come from what they typed. Three kinds of boxes never
get a value here: the clerk's, the date and the signature. The two waivers get one only when the person ticked them
on the page that explains them.

    >>> [paper.form for paper in papers(findings, document)]
    ['CR-400']
    >>> papers(findings, document)[0].values["item_2b"]
    True

Whether the sentence is over decides between the boxes "(b)" with 2a and "(f)" with 2b. Where nobody knows, all four
stay empty and the cover page says how to choose by hand: a wrong tick would be worse than none.

A later form is one more entry of `COMPOSERS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Literal

from rules import CountFindings, Findings
from rules.record import Case
from rules.remedy import ELIGIBLE
from webapp.packet.courts import court_of

Values = Mapping[str, str | bool]
Document = Mapping[str, Any]
Sentence = Literal["over", "serving", "unknown"]

SELF_REPRESENTED = "Self-represented"
"""What stands at "ATTORNEY FOR (name)". Court forms are filled in in English."""

CR_400_BOXES: Mapping[str, str] = MappingProxyType(
    {
        "title (b)": "title_petition",
        "title (f)": "title_application",
        "1a": "section_11357",
        "1b": "section_11358",
        "1c": "section_11359",
        "1d": "section_11360",
        "1e": "section_11362_1",
        "2a": "item_2a",
        "2b": "item_2b",
    }
)
"""How the rules name a box of CR-400, and how the form map names it."""

COURT_LINES = ("court_street", "court_mailing", "court_city_zip")


@dataclass(frozen=True, slots=True)
class Paper:
    """One form for one case.

    `asked` are the counts it is for, `left_out` the case's others, `values` go into its boxes; `number` and `total` say
    which of this person's papers it is.
    """

    case: Case
    form: str
    values: Values
    asked: tuple[CountFindings, ...]
    left_out: tuple[CountFindings, ...]
    number: int = 1
    total: int = 1

    @property
    def sentence(self) -> Sentence:
        status = self.case.sentence_status
        return "unknown" if status is None else "over" if status == "completed" else "serving"

    @property
    def county(self) -> str:
        return str(self.values.get("court_county", ""))

    @property
    def case_number(self) -> str:
        return str(self.values.get("case_number", ""))

    @property
    def name(self) -> str:
        """The person's name as on the case, else their name now; empty when neither was given."""
        return str(self.values.get("defendant") or self.values.get("filer_name") or "")

    @property
    def court_given(self) -> bool:
        return any(self.values.get(line) for line in COURT_LINES)


def papers(findings: Findings, document: Document) -> tuple[Paper, ...]:
    """Every form that these findings open, case by case, in the order of the record."""
    made = []
    for case in findings.record.cases:
        counts = [c for c in findings.counts if c.case is case]
        forms = dict.fromkeys(c.best.form for c in counts if _open(c))
        for form in forms:
            asked = tuple(c for c in counts if _open(c) and c.best.form == form)
            left_out = tuple(c for c in counts if not (_open(c) and c.best.form == form))
            values = COMPOSERS[form](case, asked, document)
            made.append(Paper(case, form, MappingProxyType(values), asked, left_out))
    return tuple(replace(paper, number=number, total=len(made)) for number, paper in enumerate(made, start=1))


def _open(count: CountFindings) -> bool:
    return count.best.outcome in ELIGIBLE and count.best.form in COMPOSERS


def entry_of(document: Document, case_id: str) -> Mapping[str, Any]:
    """What the person said for the papers of one case; empty when they have not been asked."""
    return (document.get("papers") or {}).get(case_id) or {}


def case_number_of(document: Document, case: Case) -> str:
    """The case number for the form: as typed for the papers (an emptied box stays empty), else as in the answers."""
    typed = entry_of(document, case.id).get("case_number")
    return _text(case.case_number if typed is None else typed)


def _cr_400(case: Case, asked: tuple[CountFindings, ...], document: Document) -> dict[str, str | bool]:
    entry = entry_of(document, case.id)
    values = _caption(case, document)
    if entry.get("court_confirmed") is True:
        values |= {line: _text(entry.get(line)) for line in COURT_LINES}
    values["attorney_for"] = SELF_REPRESENTED
    values["sign_name"] = values["filer_name"]
    values |= dict.fromkeys((CR_400_BOXES[box] for count in asked for box in count.best.boxes), True)
    values |= {waiver: True for waiver in ("waive_judge", "waive_appearance") if entry.get(waiver) is True}
    return _given(values.items())


def _jv_744(case: Case, asked: tuple[CountFindings, ...], document: Document) -> dict[str, str | bool]:
    # The blank is not held, so there is no form map yet: these values go on a page to copy from.
    sections = {f"section_{(c.count.offense or '').removeprefix('HS ')}": True for c in asked if c.count.offense}
    return _given({**_caption(case, document), **sections}.items())


def _caption(case: Case, document: Document) -> dict[str, str | bool]:
    contact = document.get("contact") or {}
    name = _text(contact.get("name"))
    court = court_of(case.county)
    return {
        "filer_name": name,
        "filer_street": _text(contact.get("street")),
        "filer_city": _text(contact.get("city")),
        "filer_state": _text(contact.get("state"))
        if _text(contact.get("street")) or _text(contact.get("city"))
        else "",
        "filer_zip": _text(contact.get("zip")),
        "filer_phone": _text(contact.get("phone")),
        "filer_email": _text(contact.get("email")),
        "court_county": court.county if court else _text(case.county),
        "defendant": _text(entry_of(document, case.id).get("defendant")) or name,
        "case_number": case_number_of(document, case),
    }


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _given(values: Iterable[tuple[str, str | bool]]) -> dict[str, str | bool]:
    return {key: value for key, value in values if value}


Composer = Callable[[Case, tuple[CountFindings, ...], Document], dict[str, str | bool]]

COMPOSERS: Mapping[str, Composer] = MappingProxyType({"CR-400": _cr_400, "JV-744": _jv_744})
"""The forms we can make papers for."""
