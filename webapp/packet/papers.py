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
from webapp.packet.statement import for_court

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
    {
        "2c": "item_2c_text",
        "3b": "item_3b_text",
        "5": "item_5_text",
        "6": "item_6_text",
        "interests of justice": "interests_of_justice_text",
    }
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

    `caption` is who files, in which court, on which case; `values` go into its boxes. `asked` are the counts it is for,
    `left_out` the case's others; `number` and `total` say which of this person's papers it is.
    """

    case: Case
    form: str
    caption: Values
    values: Values
    asked: tuple[CountFindings, ...]
    left_out: tuple[CountFindings, ...]
    sentence: Sentence = "unknown"
    more: tuple[str, ...] = ()  # lines of item 1 for which the form has no row
    levels: tuple[str | None, ...] = ()  # of what is asked, as it stands now; None where nobody knows
    words: str = ""  # what the person tells the judge, where a judge decides
    last_of_case: bool = True
    number: int = 1
    total: int = 1

    @property
    def county(self) -> str:
        return str(self.caption.get("court_county", ""))

    @property
    def case_number(self) -> str:
        return str(self.caption.get("case_number", ""))

    @property
    def name(self) -> str:
        """The person's name as on the case, else their name now; empty when neither was given."""
        return str(self.caption.get("defendant") or self.caption.get("filer_name") or "")

    @property
    def court_given(self) -> bool:
        return any(self.caption.get(line) for line in COURT_LINES)


def papers(findings: Findings, document: Document) -> tuple[Paper, ...]:
    """Every form that these findings open, case by case, in the order of the record."""
    made = []
    for case in findings.record.cases:
        counts = [c for c in findings.counts if c.case is case]
        for form, route in dict.fromkeys(_petition(c) for c in counts if _open(c)):
            asked = tuple(c for c in counts if _open(c) and _petition(c) == (form, route))
            left_out = tuple(c for c in counts if c not in asked)
            caption = given(_caption(case, document).items())
            values = COMPOSERS[form](case, asked, document, findings.as_of)
            over = derive(asked[0].best.facts, findings.as_of).get("sentence_over")
            sentence: Sentence = "unknown" if over is None else "over" if over else "serving"
            more = (
                tuple(_line(n, c, findings.as_of) for n, c in enumerate(asked[ROWS:], ROWS + 1))
                if form == "CR-180"
                else ()
            )
            words = words_for(case, document) if any(_discretionary(c) for c in asked) else ""
            made.append(
                Paper(
                    case,
                    form,
                    MappingProxyType(caption),
                    MappingProxyType(values),
                    asked,
                    left_out,
                    sentence,
                    more,
                    tuple(_level(count, findings.as_of) for count in asked),
                    words,
                )
            )
    last = {paper.case.id: number for number, paper in enumerate(made, start=1)}
    return tuple(
        replace(paper, number=number, total=len(made), last_of_case=last[paper.case.id] == number)
        for number, paper in enumerate(made, start=1)
    )


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
    return text_of(case.case_number if typed is None else typed)


def _cr_400(case: Case, asked: tuple[CountFindings, ...], document: Document, _as_of: date) -> dict[str, str | bool]:
    entry = entry_of(document, case.id)
    values = _caption(case, document)
    values["sign_name"] = values["filer_name"]
    values |= dict.fromkeys((CR_400_BOXES[box] for count in asked for box in count.best.boxes), True)
    values |= {waiver: True for waiver in ("waive_judge", "waive_appearance") if entry.get(waiver) is True}
    return given(values.items())


def _cr_180(case: Case, asked: tuple[CountFindings, ...], document: Document, as_of: date) -> dict[str, str | bool]:
    entry = entry_of(document, case.id)
    values = _caption(case, document)
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
    words = words_for(case, document)
    for box, text in OWN_WORDS.items():
        if words and box in boxes:
            values[text] = words
    return given(values.items())


def words_for(case: Case, document: Document) -> str:
    """What the person tells the judge in this case: the statement, unless they left it out here, and their own words
    about this case alone. Empty when they wrote nothing."""
    entry = entry_of(document, case.id)
    statement = for_court(document) if entry.get("use_statement", True) else ""
    return "\n\n".join(text for text in (statement, text_of(entry.get("own_words"))) if text)


def reductions(count: CountFindings) -> tuple[Finding, ...]:
    """The reductions a judge may grant with this petition: asked for only where the person says so."""
    return tuple(f for f in count.findings if f.remedy.name in REDUCTIONS and f.outcome in ELIGIBLE)


def judge_decides(paper: Paper) -> bool:
    """Whether a judge may say no, so that the person's own words can matter."""
    return any(_discretionary(count) for count in paper.asked)


def words_box(paper: Paper) -> str | None:
    """The box of the form that holds the person's own words; None where the form has none, or they wrote none."""
    return next((key for key in OWN_WORDS.values() if key in paper.values), None)


def _discretionary(count: CountFindings) -> bool:
    return count.best.outcome == "eligible_discretionary" or any(box in OWN_WORDS for box in count.best.boxes)


def _printed_offense(count: CountFindings, as_of: date) -> tuple[str, str, str]:
    c = count.count
    code, _space, section = (c.offense or "").partition(" ")
    parts = "".join(f"({part})" for part in (c.subdivision, c.paragraph) if part and part not in ("first", "second"))
    attempt = "664/" if c.attempt else ""
    return CODES.get(code, code), f"{attempt}{section.lower()}{parts}", _level(count, as_of) or ""


def _level(count: CountFindings, as_of: date) -> str | None:
    level = derive(count.best.facts, as_of).get("current_level")
    return str(level) if level else None


def _line(number: int, count: CountFindings, as_of: date) -> str:
    return f"{number}. {_charge(count, as_of)}"


def _cr_409(case: Case, asked: tuple[CountFindings, ...], document: Document, as_of: date) -> dict[str, str | bool]:
    entry = entry_of(document, case.id)
    arrest = entry.get("arrest") or {}
    caption = _caption(case, document)
    filed = bool(caption["case_number"])
    values: dict[str, str | bool] = {name: text for name, text in caption.items() if name.startswith("filer_")}
    values |= {
        "court": court_block(caption),
        "case_number": caption["case_number"],
        "defendant": caption["defendant"] if filed else "",
        "birth_date": text_of(arrest.get("birth_date")),
        "arrest_date": f"{case.arrest_date:%m/%d/%Y}" if isinstance(case.arrest_date, date) else "",
        "arrest_place": text_of(arrest.get("place")),
        "arrest_agency": text_of(arrest.get("agency")),
        "arrest_report_number": text_of(arrest.get("report_number")),
        "arrest_offenses": "\n".join(_charge(count, as_of) for count in asked),
        "case_filed": filed,
        "charges_filed": text_of(arrest.get("charges")) if filed else "",
        "sign_name": caption["filer_name"],
    }
    boxes = [box for count in asked for box in count.best.boxes]
    # One arrest is asked for one way: where the judge decides about one charge, it is asked in the interests of
    # justice.
    justice = "interests of justice" in boxes
    values |= {"interests_of_justice": justice, "matter_of_right": not justice and "matter of right" in boxes}
    if justice:
        values["interests_of_justice_text"] = words_for(case, document)
    return given(values.items())


def court_block(caption: Values) -> str:
    """The county, and below it the court's address as far as the person gave it, for forms with one box for both."""
    lines = [caption.get("court_county"), *(caption.get(line) for line in COURT_LINES)]
    return "\n".join(str(line) for line in lines if line)


def _charge(count: CountFindings, as_of: date) -> str:
    code, section, level = _printed_offense(count, as_of)
    return ", ".join(part for part in (f"{code} Code, section {section}" if code else "", level) if part)


def _jv_744(case: Case, asked: tuple[CountFindings, ...], document: Document, as_of: date) -> dict[str, str | bool]:
    """Item 2 is about one offense; the others go on JV-744A (`companions`)."""
    values = _caption(case, document)
    values |= marijuana_section(asked[0])
    values["more_offenses"] = len(asked) > 1
    over = derive(asked[0].best.facts, as_of).get("sentence_over")
    values |= {"item_3": over is False, "item_4": over is True}
    return given(values.items())


def marijuana_section(count: CountFindings) -> dict[str, str | bool]:
    """The box of JV-744 and JV-744A for the section of one offense; none for another section."""
    section = (count.count.offense or "").removeprefix("HS ")
    return {f"section_{section}": True} if section in JV_744_SECTIONS else {}


def _caption(case: Case, document: Document) -> dict[str, str | bool]:
    contact = document.get("contact") or {}
    entry = entry_of(document, case.id)
    name = text_of(contact.get("name"))
    court = court_of(case.county)
    lines = {line: text_of(entry.get(line)) for line in COURT_LINES} if entry.get("court_confirmed") is True else {}
    return {
        "filer_name": name,
        "filer_street": text_of(contact.get("street")),
        "filer_city": text_of(contact.get("city")),
        "filer_state": text_of(contact.get("state"))
        if text_of(contact.get("street")) or text_of(contact.get("city"))
        else "",
        "filer_zip": text_of(contact.get("zip")),
        "filer_phone": text_of(contact.get("phone")),
        "filer_email": text_of(contact.get("email")),
        "attorney_for": SELF_REPRESENTED,
        "court_county": court.county if court else text_of(case.county),
        **lines,
        "defendant": text_of(entry.get("defendant")) or name,
        "case_number": case_number_of(document, case),
    }


def text_of(value: object) -> str:
    """What was typed, without outer spaces; empty for what is no text."""
    return value.strip() if isinstance(value, str) else ""


def given(values: Iterable[tuple[str, str | bool]]) -> dict[str, str | bool]:
    """The values that say something."""
    return {key: value for key, value in values if value}


def case_name(caption: Values) -> str:
    """'People v. Ana Ruiz': how a criminal case is named; empty when nobody's name is known."""
    name = caption.get("defendant") or caption.get("filer_name")
    return f"People v. {name}" if name else ""


Composer = Callable[[Case, tuple[CountFindings, ...], Document, date], dict[str, str | bool]]

COMPOSERS: Mapping[str, Composer] = MappingProxyType(
    {"CR-400": _cr_400, "CR-180": _cr_180, "CR-409": _cr_409, "JV-744": _jv_744}
)
"""The forms we can make papers for."""
