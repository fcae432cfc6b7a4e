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
from datetime import date
from types import MappingProxyType
from typing import Any, Literal

from rules import CountFindings, Finding, Findings
from rules.judge import derive
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

CR_180_BOXES: Mapping[str, str] = MappingProxyType(
    {
        "2": "item_2",
        "2a": "item_2a",
        "2b": "item_2b",
        "2c": "item_2c",
        "3": "item_3",
        "3a": "item_3a",
        "3b": "item_3b",
        "5": "item_5",
        "5a": "item_5a",
        "5b": "item_5b",
        "5c": "item_5c",
        "5c (alternative 6)": "item_5c",
        "6": "item_6",
        "7": "item_7",
        "7a": "item_7a",
    }
)
"""How the rules name a box of CR-180, and how the form map names it. A reduction has no box but a "yes" in item 1."""

OWN_WORDS: Mapping[str, str] = MappingProxyType(
    {"2c": "item_2c_text", "3b": "item_3b_text", "5": "item_5_text", "6": "item_6_text"}
)
"""Where the person's own words go, by the box for which the judge decides."""

REDUCTIONS: Mapping[str, str] = MappingProxyType({"pc_17b": "reduce_17b", "pc_17d2": "reduce_17d2"})
"""The remedies that are a "yes" in a column of item 1, and the column."""

ROWS = 5
"""Rows of item 1; what is more goes on MC-025, as the form says."""

CODES: Mapping[str, str] = MappingProxyType(
    {
        "PC": "Penal",
        "VC": "Vehicle",
        "HS": "Health & Saf.",
        "BP": "Bus. & Prof.",
        "WI": "Welf. & Inst.",
        "UI": "Unemp. Ins.",
        "GC": "Gov.",
        "FG": "Fish & Game",
    }
)
"""Codes as item 1 of CR-180 has room for them."""

JV_744_SECTIONS = ("11357", "11358", "11359", "11360")
"""The sections that have a box in item 2 of JV-744."""

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
    sentence: Sentence = "unknown"
    more: tuple[str, ...] = ()  # lines of item 1 for which the form has no row
    number: int = 1
    total: int = 1

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
        for form, route in dict.fromkeys(_petition(c) for c in counts if _open(c)):
            asked = tuple(c for c in counts if _open(c) and _petition(c) == (form, route))
            left_out = tuple(c for c in counts if c not in asked)
            values = COMPOSERS[form](case, asked, document, findings.as_of)
            over = derive(asked[0].best.facts, findings.as_of).get("sentence_over")
            sentence: Sentence = "unknown" if over is None else "over" if over else "serving"
            more = (
                tuple(_line(n, c, findings.as_of) for n, c in enumerate(asked[ROWS:], ROWS + 1))
                if form == "CR-180"
                else ()
            )
            made.append(Paper(case, form, MappingProxyType(values), asked, left_out, sentence, more))
    return tuple(replace(paper, number=number, total=len(made)) for number, paper in enumerate(made, start=1))


def _petition(count: CountFindings) -> tuple[str, str]:
    """The form, and the numbered item of CR-180: one petition has one route, so that no clerk has to guess."""
    best = count.best
    return best.form, best.boxes[0] if best.form == "CR-180" else ""


def _open(count: CountFindings) -> bool:
    return count.best.outcome in ELIGIBLE and count.best.form in COMPOSERS


def entry_of(document: Document, case_id: str) -> Mapping[str, Any]:
    """What the person said for the papers of one case; empty when they have not been asked."""
    return (document.get("papers") or {}).get(case_id) or {}


def case_number_of(document: Document, case: Case) -> str:
    """The case number for the form: as typed for the papers (an emptied box stays empty), else as in the answers."""
    typed = entry_of(document, case.id).get("case_number")
    return _text(case.case_number if typed is None else typed)


def _cr_400(case: Case, asked: tuple[CountFindings, ...], document: Document, _as_of: date) -> dict[str, str | bool]:
    entry = entry_of(document, case.id)
    values = _caption(case, document)
    if entry.get("court_confirmed") is True:
        values |= {line: _text(entry.get(line)) for line in COURT_LINES}
    values["attorney_for"] = SELF_REPRESENTED
    values["sign_name"] = values["filer_name"]
    values |= dict.fromkeys((CR_400_BOXES[box] for count in asked for box in count.best.boxes), True)
    values |= {waiver: True for waiver in ("waive_judge", "waive_appearance") if entry.get(waiver) is True}
    return _given(values.items())


def _cr_180(case: Case, asked: tuple[CountFindings, ...], document: Document, as_of: date) -> dict[str, str | bool]:
    entry = entry_of(document, case.id)
    values = _caption(case, document)
    if entry.get("court_confirmed") is True:
        values |= {line: _text(entry.get(line)) for line in COURT_LINES}
    values["attorney_for"] = SELF_REPRESENTED
    values["sign_name"] = values["filer_name"]
    if isinstance(case.conviction_date, date):
        values["conviction_date"] = f"{case.conviction_date:%m/%d/%Y}"
    boxes = [box for count in asked for box in count.best.boxes if box in CR_180_BOXES]
    values |= dict.fromkeys((CR_180_BOXES[box] for box in boxes), True)
    wanted = entry.get("reduce") or ()
    for number, count in enumerate(asked[:ROWS], 1):
        code, section, level = _printed_offense(count, as_of)
        values |= {f"count_{number}_code": code, f"count_{number}_section": section, f"count_{number}_level": level}
        for finding in reductions(count):
            if count.count.id in wanted or finding is count.best:
                values[f"count_{number}_{REDUCTIONS[finding.remedy.name]}"] = "yes"
    words = _text(entry.get("own_words"))
    for box, text in OWN_WORDS.items():
        if words and box in boxes:
            values[text] = words
    return _given(values.items())


def reductions(count: CountFindings) -> tuple[Finding, ...]:
    """The reductions a judge may grant with this petition: asked for only where the person says so."""
    return tuple(f for f in count.findings if f.remedy.name in REDUCTIONS and f.outcome in ELIGIBLE)


def judge_decides(paper: Paper) -> bool:
    """Whether the person's own words have a place on this form."""
    return paper.form == "CR-180" and any(box in OWN_WORDS for count in paper.asked for box in count.best.boxes)


def _printed_offense(count: CountFindings, as_of: date) -> tuple[str, str, str]:
    c = count.count
    code, _space, section = (c.offense or "").partition(" ")
    parts = "".join(f"({part})" for part in (c.subdivision, c.paragraph) if part and part not in ("first", "second"))
    level = derive(count.best.facts, as_of).get("current_level")
    attempt = "664/" if c.attempt else ""
    return CODES.get(code, code), f"{attempt}{section.lower()}{parts}", str(level or "")


def _line(number: int, count: CountFindings, as_of: date) -> str:
    code, section, level = _printed_offense(count, as_of)
    return f"{number}. {code} Code, section {section}" + (f", {level}" if level else "")


def _jv_744(case: Case, asked: tuple[CountFindings, ...], document: Document, as_of: date) -> dict[str, str | bool]:
    values = _caption(case, document)
    values["attorney_for"] = SELF_REPRESENTED
    sections = {(c.count.offense or "").removeprefix("HS ") for c in asked}
    values |= {f"section_{section}": section in sections for section in JV_744_SECTIONS}
    values["more_offenses"] = len(asked) > 1
    over = derive(asked[0].best.facts, as_of).get("sentence_over")
    values |= {"item_3": over is False, "item_4": over is True}
    return _given(values.items())


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


Composer = Callable[[Case, tuple[CountFindings, ...], Document, date], dict[str, str | bool]]

COMPOSERS: Mapping[str, Composer] = MappingProxyType({"CR-400": _cr_400, "CR-180": _cr_180, "JV-744": _jv_744})
"""The forms we can make papers for."""
