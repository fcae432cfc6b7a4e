"""The forms that go with a petition: the order for the judge, the proof of service, the declaration, the fee waiver.

A clerk turns a bare petition away. What belongs beside it follows from the petition alone and from what the person
chose:

    order        CR-181, CR-403, CR-410     its caption filled; every finding is the judge's, so it stays empty
    proof        CR-106, CR-401             caption, title of the paper, whom to serve where; the server writes the rest
    declaration  MC-031                     the person's own words, when the petition has no room for them: sworn
    fees         FW-001, FW-003             only when asked for, once a case, last: to hand in if a clerk wants money

    >>> [sheet.form for sheet in beside(paper, document)]
    ['CR-181', 'CR-106']

Nothing here says what happened: who served, when and how is for the person who does it, and they sign for it under
penalty of perjury.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import forms
from webapp.packet.fees import fees_of, request_values, waiver_caption
from webapp.packet.papers import (
    Document,
    Paper,
    Values,
    case_name,
    court_block,
    entry_of,
    given,
    marijuana_section,
    text_of,
)

Role = Literal["petition", "declaration", "order", "proof", "fee_request", "fee_order"]
Manner = Literal["mail", "hand", "unknown"]

ORDERS: Mapping[str, str] = MappingProxyType({"CR-180": "CR-181", "CR-400": "CR-403", "CR-409": "CR-410"})
"""The order that a petition is filed with."""

PROOFS: Mapping[str, str] = MappingProxyType({"CR-180": "CR-106", "CR-400": "CR-401", "CR-409": "CR-106"})
"""The form on which the server says that a copy was served. JV-744 has none: that court sends the copies itself."""

DECLARATION = "MC-031"
SEE_DECLARATION = "See attached declaration, form MC-031."
"""What the box of the petition says when the person's words are on MC-031. Court forms are filled in in English."""

CAPTION = frozenset(
    [
        *("filer_name", "filer_street", "filer_city", "filer_state", "filer_zip", "filer_phone", "filer_email"),
        *("attorney_for", "court_county", "court_street", "court_mailing", "court_city_zip"),
        *("defendant", "case_number"),
    ]
)
"""What an order or a proof carries over from the petition."""

JV_744A_ROWS = 6
"""Offenses on one page of JV-744A."""

PEOPLE = "People of the State of California"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One form and what goes into its boxes; `role` says what it is there for."""

    form: str
    values: Values
    role: Role


@dataclass(frozen=True, slots=True)
class Served:
    """One office that gets a copy: the prosecutor's, or the agency that arrested; its address as far as it is known."""

    name: str
    who: Literal["office", "agency"] = "office"
    street: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""

    @property
    def address(self) -> str:
        """'1 Main St, Fresno, CA 93721', as far as it is known."""
        return ", ".join(part for part in (self.street, self.city, f"{self.state} {self.zip}".strip()) if part)


def beside(paper: Paper, document: Document) -> tuple[Sheet, ...]:
    """The forms that go with one petition, in filing order, but for the declaration (`declaration`)."""
    made = [*(_more_offenses(paper) if paper.form == "JV-744" else ()), *_order(paper), *_proof(paper, document)]
    if paper.last_of_case and fees_of(document).get("wanted"):
        made += _fees(paper, document)
    return tuple(made)


def declaration(paper: Paper, text: str) -> Sheet:
    """One page of MC-031 with the person's own words: sworn when they sign it, which they do by hand."""
    values: dict[str, str | bool] = {
        "plaintiff": PEOPLE,
        "defendant": paper.name,
        "case_number": paper.case_number,
        "body": text,
        "sign_name": str(paper.caption.get("filer_name", "")),
        "signer_petitioner" if paper.form == "CR-409" else "signer_defendant": True,
    }
    return Sheet(DECLARATION, _given(values), "declaration")


def offices(paper: Paper, document: Document) -> tuple[Served, ...]:
    """Who gets a copy: the prosecutor, and for an arrest the agency that made it; those that the person named."""
    entry = entry_of(document, paper.case.id)
    named: tuple[Literal["office", "agency"], ...] = ("office", "agency") if paper.form == "CR-409" else ("office",)
    found = []
    for who in named:
        told = entry.get(f"served_{who}") or {}
        name = text_of(told.get("name")) or (
            text_of((entry.get("arrest") or {}).get("agency")) if who == "agency" else ""
        )
        if name:
            found.append(Served(name, who, *(text_of(told.get(part)) for part in ("street", "city", "state", "zip"))))
    return tuple(found)


def manner(paper: Paper, document: Document) -> Manner:
    """How the person said the copy will go."""
    said = entry_of(document, paper.case.id).get("serve_by")
    return said if said in ("mail", "hand") else "unknown"


def _order(paper: Paper) -> list[Sheet]:
    form = ORDERS.get(paper.form)
    if form is None:
        return []
    if form == "CR-410":
        return [Sheet(form, _given(_arrest_order(paper)), "order")]
    return [Sheet(form, _caption(paper, form), "order")]


def _arrest_order(paper: Paper) -> dict[str, str | bool]:
    """CR-410 says which arrest is meant; its court and case boxes are the clerk's, by the words printed beside them."""
    v = paper.values
    last, first, middle = split_name(str(paper.caption.get("filer_name", "")))
    kept = {key: paper.caption.get(key, "") for key in ("filer_street", "filer_city", "filer_state", "filer_zip")}
    arrested = f"Arrest on {v['arrest_date']}" if v.get("arrest_date") else ""
    return {
        **kept,
        "filer_last": last,
        "filer_first": first,
        "filer_middle": middle,
        "agency_report_number": v.get("arrest_report_number", ""),
        "court_case_number": paper.case_number,
        "arrest_other": ", ".join(part for part in (arrested, str(v.get("arrest_agency", ""))) if part),
    }


def split_name(name: str) -> tuple[str, str, str]:
    """Last, first and middle name for the one form that asks so; a name that is not in two or three words, or has a
    comma, goes whole into the box for the last name, which is better than a wrong guess.

    >>> split_name("Ana María Ruiz"), split_name("Ana Ruiz"), split_name("María de la Cruz Ñandú")
    (('Ruiz', 'Ana', 'María'), ('Ruiz', 'Ana', ''), ('María de la Cruz Ñandú', '', ''))
    """
    words = name.split()
    if "," in name or not 2 <= len(words) <= 3:
        return name, "", ""
    return words[-1], words[0], words[1] if len(words) == 3 else ""


def _more_offenses(paper: Paper) -> list[Sheet]:
    """JV-744A: the marijuana offenses of a juvenile case after the first, six to a page."""
    pages = []
    for start in range(1, len(paper.asked), JV_744A_ROWS):
        values: dict[str, str | bool] = {"short_title": case_name(paper.caption), "case_number": paper.case_number}
        for row, count in enumerate(paper.asked[start : start + JV_744A_ROWS], start=1):
            values |= {f"offense_{row}_{key}": ticked for key, ticked in marijuana_section(count).items()}
        pages.append(Sheet("JV-744A", _given(values), "petition"))
    return pages


def _proof(paper: Paper, document: Document) -> list[Sheet]:
    form = PROOFS.get(paper.form)
    if form is None:
        return []
    served, how = offices(paper, document), manner(paper, document)
    values: dict[str, str | bool] = dict(_caption(paper, form))
    if form == "CR-106":
        values |= {"court": court_block(paper.caption), "papers_served": _papers_served(paper)}
        # Item 4 is the envelope. Whom a copy was handed to (item 5) only the person who did it can say.
        for number, office in enumerate(served[:2] if how == "mail" else (), start=1):
            values |= {f"served_{number}_name": office.name, f"served_{number}_street": office.street}
            values |= {f"served_{number}_city": office.city, f"served_{number}_state": office.state}
            values[f"served_{number}_zip"] = office.zip
    elif served:
        values |= {"served_name": served[0].name, "served_address": served[0].address}
    return [Sheet(form, _given(values), "proof")]


def _papers_served(paper: Paper) -> str:
    """'CR-180 Petition for Dismissal; CR-181 Order for Dismissal', as printed in their titles."""
    named = [form for form in (paper.form, ORDERS.get(paper.form)) if form]
    return "; ".join(f"{form} {forms.specs()[form].title}" for form in named)


def _fees(paper: Paper, document: Document) -> list[Sheet]:
    return [
        Sheet("FW-001", _given(request_values(paper.caption, fees_of(document))), "fee_request"),
        Sheet("FW-003", _given(waiver_caption(paper.caption)), "fee_order"),
    ]


def _caption(paper: Paper, form: str) -> Values:
    named = forms.specs()[form].fields
    return _given({key: text for key, text in paper.caption.items() if key in CAPTION and key in named})


def _given(values: Mapping[str, str | bool]) -> Values:
    return MappingProxyType(given(values.items()))
