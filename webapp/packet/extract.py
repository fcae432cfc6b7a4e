"""Court papers for a whole county: one CR-400 for each case that a review gives relief, in files that a clerk can
handle.

    filler = fill_all(relief, folder, county="LOS ANGELES", as_of=..., blanks=..., a_file=200)

The papers are sorted by courthouse, as the extract names it, then by case number. Of the person they have the name, as
the extract writes it ("RUIZ,ANA M" is Ana's file as "ANA M RUIZ"), and nothing else: the extract knows no address. The
sections are those with relief in the case. Whether the sentence is over says which request it is (2a or 2b); where the
extract does not tell, all four boxes stay empty, because a wrong tick would be worse than none. Waivers, the date and
the signature are never filled in.

`index.csv` lists every paper with its file and page, and every case that could not be filled, with the reason; its
columns are the data of a caption, for offices with an order form (CR-403) of their own: there is no blank of it here.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from forms.batch import Batch, Copy, batch
from rules.bulk.decide import NOT_ELIGIBLE
from rules.bulk.outputs import write_whole
from rules.bulk.review import Decided
from rules.bulk.scan import readable
from rules.sources.doj_extract import SECTIONS

FORM = "CR-400"
A_FILE = 200
INDEX = "index.csv"
_HEAD = ("File", "Page", "Courthouse", "County", "Case Number", "Defendant", "Person", "Sections", "Request", "To do")


@dataclass(frozen=True, slots=True)
class CasePaper:
    """What one case asks for. ``request``: "2a", "2b", or nothing where the end of the sentence is not known."""

    court: str
    county: str
    case_number: str
    name: str
    person: str
    sections: tuple[str, ...]
    request: str
    doubted: bool  # the county's policy gives relief, and the statute alone would not

    def values(self) -> dict[str, str | bool]:
        """The boxes of CR-400."""
        made: dict[str, str | bool] = {
            "filer_name": self.name,
            "attorney_for": "Self-represented",
            "court_county": self.county,
            "defendant": self.name,
            "case_number": self.case_number,
            "sign_name": self.name,
        }
        made |= {f"section_{section}": True for section in self.sections}
        if self.request:
            made |= {f"item_{self.request}": True}
            made |= {"title_petition" if self.request == "2a" else "title_application": True}
        return made


def cases(relief: Iterable[Decided], county: str, as_of: date) -> list[CasePaper]:
    """The cases with relief, sorted by courthouse and number. A case without a number is one by itself, without a
    number."""
    found: dict[tuple[int, str, str], list[Decided]] = {}
    for one in relief:
        r = one.reviewed
        found.setdefault((r.person.key, r.court, r.case_number or f"-{r.number}"), []).append(one)
    papers = []
    for (_, court, number), some in found.items():
        person = some[0].reviewed.person
        papers.append(
            CasePaper(
                court=readable(court) or county,
                county=county.title(),
                case_number="" if number.startswith("-") else readable(number),
                name=as_convicted(readable(person.name)),
                person=person.subject_id,
                sections=tuple(s for s in SECTIONS if any(o.reviewed.charge.section == s for o in some)),
                request=_request([o.reviewed.sentence_end for o in some], as_of),
                doubted=any(o.statute.what == NOT_ELIGIBLE for o in some),
            )
        )
    return sorted(papers, key=lambda p: (p.court, p.case_number, p.name))


def _request(ends: Sequence[date | None], as_of: date) -> str:
    """2a while any of the sentences goes on, 2b when all are over, nothing where that is not known."""
    if any(end is not None and end >= as_of for end in ends):
        return "2a"
    return "" if None in ends else "2b"


def as_convicted(name: str) -> str:
    """The extract's "RUIZ,ANA M" as "ANA M RUIZ"; a name without a comma as it is."""
    last, comma, first = name.partition(",")
    return f"{first.strip()} {last.strip()}".strip() if comma else name.strip()


def fill_all(
    relief: Iterable[Decided], folder: Path, *, county: str, as_of: date, blanks: Path, a_file: int = A_FILE
) -> int:
    """Fills the papers into the folder, and gives back how many. Raises BlankMissing and OSError."""
    rows: list[list[str]] = []
    filled = 0
    for name, some in _files(cases(relief, county, as_of), a_file):
        numbered = [paper for paper in some if paper.case_number]
        copies = [Copy(paper.values(), f"{paper.case_number} {paper.name}") for paper in numbered]
        made = batch(FORM, copies, blanks=blanks, title=f"{FORM} {name}")
        if made.pdf:
            write_whole(folder / name, made.pdf)
        for paper, page, to_do in _told(numbered, made):
            rows.append(_row(paper, name if page else "", page, to_do))
            filled += bool(page)
        rows += [_row(paper, "", 0, "no case number in the extract") for paper in some if not paper.case_number]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_HEAD)
    writer.writerows(rows)
    write_whole(folder / INDEX, out.getvalue().encode())
    return filled


def _files(papers: Sequence[CasePaper], a_file: int) -> Iterator[tuple[str, list[CasePaper]]]:
    by_court: dict[str, list[CasePaper]] = {}
    for paper in papers:
        by_court.setdefault(_slug(paper.court), []).append(paper)
    for court, its in by_court.items():
        for number, start in enumerate(range(0, len(its), a_file), 1):
            yield f"{court}-{number:03d}.pdf", its[start : start + a_file]


def _slug(court: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", court.lower()).strip("-")[:80] or "court"


def _told(papers: Sequence[CasePaper], made: Batch) -> Iterator[tuple[CasePaper, int, str]]:
    """Each paper with its page, and what is left to do by hand."""
    too_long: dict[int, list[str]] = {}
    for place, text in made.overflow:
        too_long.setdefault(place, []).append(text.label)
    left_out = {place: problem.sentence() for place, problem in made.left_out}
    for place, (paper, page) in enumerate(zip(papers, made.pages, strict=True)):
        to_do = [left_out[place]] if place in left_out else []
        if place in too_long:
            to_do.append(f"too long for its box, attach it: {', '.join(too_long[place])}")
        if not paper.request:
            to_do.append("choose 2a or 2b: the extract does not say if the sentence is over")
        if paper.doubted:
            to_do.append("relief by the policy only, see Determinations.csv for what the statute says")
        yield paper, page, "; ".join(to_do)


def _row(paper: CasePaper, file: str, page: int, to_do: str) -> list[str]:
    return [
        file,
        str(page) if page else "",
        paper.court,
        paper.county,
        paper.case_number,
        paper.name,
        paper.person,
        "; ".join(f"HS {s}" for s in paper.sections),
        paper.request,
        to_do,
    ]
