"""The printable report of a review: the same sections as a page for the browser and as a PDF.

The work that is left for people, the hand reviews, comes first. Charts are bars with their numbers beside them and a
pattern in them, so that they read without colour and on a photocopy; every chart is also a table. Nobody is named:
records to look up stand there by their number.

The sections are made once, from the data of `summary.json` (:func:`sections`), and drawn twice.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from reportlab.graphics.shapes import Drawing, Line, Rect, String
from reportlab.lib.colors import HexColor, black, white
from reportlab.lib.pagesizes import letter
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.platypus import CondPageBreak, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from rules.bulk.decide import DISMISSAL, HAND_REVIEW, NOT_ELIGIBLE, REDUCTION
from rules.bulk.summary import UNKNOWN
from rules.explanation import Say
from rules.remedy import N_

_WHO, _REJECTED = N_("Who is helped"), N_("Rejected lines")
_WIDTH = 420.0  # points, of a chart
_HEADED = 170.0  # points that must be free below for a heading to stand on a page
_SUSPICIOUS = {
    "date_unreadable": N_("Convictions whose date (DISP_DATE) is blank or is no day up to the review"),
    "offense_unreadable": N_("Convictions whose offense cannot be read as one code section"),
    "level_unknown": N_("Convictions that are neither felony, misdemeanor nor infraction by their words"),
    "county_blank": N_("Convictions without a county"),
    "count_unreadable": N_("Convictions whose count number (CNT_ORDER) is not twelve digits"),
    "case_number_missing": N_("Convictions under review without a case number"),
    "birth_unreadable": N_("People whose date of birth is blank, impossible, or after a conviction"),
    "births_differ": N_("People whose records give several dates of birth"),
}
_DETERMINATIONS = {
    HAND_REVIEW: N_("Hand review"),
    DISMISSAL: N_("Eligible for dismissal"),
    REDUCTION: N_("Eligible for reduction"),
    NOT_ELIGIBLE: N_("Not eligible"),
}
_SCENARIOS = {
    "policy": N_("Under the county's policy"),
    "statute": N_("Under the statute"),
    "everything": N_("If everything were dismissed"),
}
_LEFT = {
    "no_felony": N_("no felony"),
    "no_conviction": N_("no conviction"),
    "no_conviction_in_seven_years": N_("no conviction in the last seven years"),
}
_GROUPS = {
    "race": N_("Race"),
    "gender": N_("Gender"),
    "age": N_("Age on the day of the review"),
    "decade": N_("Decade of conviction"),
}
_VALUES = {
    "felony": N_("Felony"),
    "misdemeanor": N_("Misdemeanor"),
    "infraction": N_("Infraction"),
    UNKNOWN: N_("Unknown"),
    "under 21": N_("under 21"),
    "21 to 29": N_("21 to 29"),
    "30 to 39": N_("30 to 39"),
    "40 to 49": N_("40 to 49"),
    "50 to 59": N_("50 to 59"),
    "60 or older": N_("60 or older"),
}


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, sentences, a table, and, where there is one, a chart of some of its numbers."""

    title: str
    text: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    bars: tuple[tuple[str, int], ...] = ()


def sections(data: Mapping[str, Any], hand: Sequence[Sequence[str]], hands: int, say: Say) -> list[Section]:
    """What the report says, in order. ``hand``: the first lines of the hand-review list, ``hands``: how many it has."""
    answers = data["determinations"]
    return [
        _first(data, say),
        _by_hand(answers[HAND_REVIEW], hand, hands, say),
        _all_answers(answers, say),
        *_answers(data, say),
        _left(data, say),
        *_who(data, say),
        *_statute(data, say),
        _read(data, say),
    ]


def _n(count: int | None) -> str:
    return f"{count:,}" if count is not None else ""


def _first(data: Mapping[str, Any], say: Say) -> Section:
    found = data["prop64_in_county"]
    basis = (
        N_("The county's policy decides. What the statute says stands further down.")
        if data["policy"]
        else N_("The statute decides (Health and Safety Code 11361.8), because no policy was given.")
    )
    intro = N_(
        "County: %(county)s. Day of the review: %(day)s. There are %(convictions)s convictions of Proposition 64 in "
        "the county, of %(people)s people. %(helped)s people get some relief."
    )
    return Section(
        say(N_("Marijuana convictions: the county's review")),
        (
            say(intro)
            % {
                "county": data["county"],
                "day": data["as_of"],
                "convictions": _n(found["convictions"]),
                "people": _n(found["people"]),
                "helped": _n(data["people_with_relief"]),
            },
            say(basis),
            say(
                N_(
                    "This is made from the extract of the Department of Justice by a program. It is legal information "
                    "for the people who decide; a court decides each case. It is private: keep it like the extract."
                )
            ),
        ),
    )


def _all_answers(answers: Mapping[str, Any], say: Say) -> Section:
    bars = tuple((say(words), answers[what]["convictions"]) for what, words in _DETERMINATIONS.items())
    return Section(
        say(N_("All determinations")),
        (),
        (say(N_("Determination")), say(N_("Convictions"))),
        tuple((label, _n(count)) for label, count in bars),
        bars,
    )


def _by_hand(answer: Mapping[str, Any], hand: Sequence[Sequence[str]], hands: int, say: Say) -> Section:
    text = [
        say(
            N_(
                "For these the extract does not say enough. Each names what to look up. The whole list is in "
                "Hand_Review.csv."
            )
        ),
        *(f"{_n(count)}: {reason}" for reason, count in answer["by_reason"].items()),
    ]
    if hands > len(hand):
        text.append(say(N_("The first %(shown)s of %(all)s:")) % {"shown": _n(len(hand)), "all": _n(hands)})
    if not hands:
        text = [say(N_("Nothing has to be looked up by hand."))]
    head = (N_("Record"), N_("Person"), N_("Case number"), N_("Offense"), N_("What to look up"))
    return Section(
        say(N_("To be reviewed by hand")), tuple(text), tuple(map(say, head)) if hands else (), tuple(map(tuple, hand))
    )


def _answers(data: Mapping[str, Any], say: Say) -> list[Section]:
    found, answers = data["prop64_in_county"], data["determinations"]
    by_section = Section(
        say(N_("By section")),
        (),
        (say(N_("Section")), say(N_("Convictions")), *(say(w) for w in _DETERMINATIONS.values())),
        tuple(
            (
                f"HS {section}" if section != UNKNOWN else say(_VALUES[UNKNOWN]),
                _n(count),
                *(_n(answers[what]["by_section"].get(section, 0)) for what in _DETERMINATIONS),
            )
            for section, count in found["by_section"].items()
        ),
        tuple((f"HS {s}" if s != UNKNOWN else say(_VALUES[UNKNOWN]), n) for s, n in found["by_section"].items()),
    )
    levels = tuple((say(_VALUES[level]), n) for level, n in found["by_level"].items())
    by_level = Section(
        say(N_("By level")),
        (),
        (say(N_("Level now")), say(N_("Convictions"))),
        tuple((label, _n(n)) for label, n in levels),
        levels,
    )
    made = [by_section, by_level]
    for what in (DISMISSAL, REDUCTION, NOT_ELIGIBLE):
        made.append(
            Section(
                say(_DETERMINATIONS[what]) + ": " + say(N_("by reason")),
                (),
                (say(N_("Reason")), say(N_("Convictions"))),
                tuple((reason, _n(n)) for reason, n in answers[what]["by_reason"].items()),
            )
        )
    return made


def _left(data: Mapping[str, Any], say: Say) -> Section:
    left = data["people_left"]
    bars = [
        (f"{say(_SCENARIOS[scenario])}: {say(words)}", left[scenario][kind])
        for kind, words in _LEFT.items()
        for scenario in left
    ]
    return Section(
        say(N_("People left with no felony, no conviction, no recent conviction")),
        (
            say(
                N_(
                    "Counted are people who have one now and would have none. A conviction of unknown level or date "
                    "still counts against them. The seven years end on the day of the review."
                )
            ),
        ),
        (say(N_("Scenario")), *(say(words) for words in _LEFT.values())),
        tuple((say(_SCENARIOS[s]), *(_n(left[s][kind]) for kind in _LEFT)) for s in left),
        tuple(bars),
    )


def _who(data: Mapping[str, Any], say: Say) -> list[Section]:
    hidden = say(N_("withheld"))
    made = []
    for group, title in _GROUPS.items():
        cells = data["who_is_helped"][group]
        rows = tuple(
            (
                say(_VALUES.get(name, name)) if name in _VALUES else name.title() if group != "decade" else name,
                *(hidden if cell[key] is None else _n(cell[key]) for key in ("people", "helped")),
            )
            for name, cell in cells.items()
        )
        bars = tuple(
            (row[0], cell["helped"])
            for row, cell in zip(rows, cells.values(), strict=True)
            if cell["helped"] is not None
        )
        made.append(
            Section(
                f"{say(_WHO)}: {say(title)}",
                (say(N_("Cells of fewer than %(few)s people are withheld.")) % {"few": data["fewest_shown"]},),
                (say(title), say(N_("People under review")), say(N_("People with some relief"))),
                rows,
                bars,
            )
        )
    return made


def _statute(data: Mapping[str, Any], say: Say) -> list[Section]:
    if not data["policy"]:
        return []
    rows = [
        (say(words), reason, _n(n))
        for what, words in _DETERMINATIONS.items()
        for reason, n in data["statute"][what]["by_reason"].items()
    ]
    return [
        Section(
            say(N_("What the statute says of the same convictions")),
            (say(N_("Health and Safety Code 11361.8, as on the website, from what the extract can tell.")),),
            (say(N_("Determination")), say(N_("Reason")), say(N_("Convictions"))),
            tuple(rows),
        )
    ]


def _read(data: Mapping[str, Any], say: Say) -> Section:
    read = data["read"]
    rows = [
        (say(N_("Records")), _n(read["records"])),
        (say(N_("People")), _n(read["people"])),
        (say(N_("Convictions")), _n(read["convictions"])),
        (say(N_("Earliest conviction")), read["earliest_conviction"] or "-"),
        *((f"{say(_REJECTED)}: {reason}", _n(n)) for reason, n in read["rejected"].items()),
        *((say(_SUSPICIOUS[kind]), _n(n)) for kind, n in read["suspicious"].items()),
    ]
    return Section(
        say(N_("What was read")),
        (
            say(N_("Files: %(files)s.")) % {"files": ", ".join(data["files"])},
            say(N_("Records that look wrong are counted here; nothing was guessed for them.")),
        ),
        (say(N_("What")), say(N_("How many"))),
        tuple(rows),
    )


# ---- the page

_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;background:#fff}
h1{font-size:1.8rem;line-height:1.2}h2{font-size:1.25rem;margin-top:2.2rem;border-bottom:2px solid #1b1b1b}
table{border-collapse:collapse;width:100%;margin:1rem 0}th,td{padding:.3rem .6rem;text-align:left;vertical-align:top}
thead th{border-bottom:2px solid #1b1b1b}tbody th,td{border-bottom:1px solid #767676}tbody th{font-weight:400}
td{overflow-wrap:anywhere}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.wide{overflow-x:auto}svg{max-width:100%;height:auto}
@media print{body{margin:0;font-size:11pt}h2{break-after:avoid}tr{break-inside:avoid}}
"""


def html(data: Mapping[str, Any], hand: Sequence[Sequence[str]], hands: int, say: Say, lang: str = "en") -> str:
    """The report as one page without anything from elsewhere: it opens from the disk."""
    first, *others = sections(data, hand, hands, say)
    body = [f"<h1>{escape(first.title)}</h1>", _content(first)]
    body += [f"<h2>{escape(s.title)}</h2>{_content(s)}" for s in others]
    return (
        f'<!DOCTYPE html>\n<html lang="{lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(first.title)}</title><style>{_STYLE}</style></head><body><main>\n"
        + "\n".join(body)
        + "\n</main></body></html>\n"
    )


def _content(section: Section) -> str:
    made = [f"<p>{escape(text)}</p>" for text in section.text]
    if any(n for _, n in section.bars):
        made.append(_svg(section))
    if section.rows:
        head = "".join(f'<th scope="col"{_number(h, i)}>{escape(h)}</th>' for i, h in enumerate(section.head))
        rows = "".join(
            "<tr>"
            + "".join(
                f'<th scope="row">{escape(c)}</th>' if i == 0 else f"<td{_number(c, i)}>{escape(c)}</td>"
                for i, c in enumerate(row)
            )
            + "</tr>"
            for row in section.rows
        )
        made.append(
            f'<div class="wide" role="region" aria-label="{escape(section.title)}" tabindex="0"><table>'
            f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
        )
    return "\n".join(made)


def _number(cell: str, place: int) -> str:
    return ' class="n"' if place and cell.replace(",", "").isdigit() else ""


def _svg(section: Section) -> str:
    """Bars with a pattern and their numbers. The table beside it says the same, so it is hidden from screen readers."""
    most = max(n for _, n in section.bars)
    row, label = 34, 14
    lines = [
        f'<svg viewBox="0 0 640 {row * len(section.bars) + 6}" width="640" aria-hidden="true" focusable="false">'
        '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect width="6" height="6" fill="#fff"/><rect width="3" height="6" fill="#1f4e79"/></pattern></defs>'
    ]
    for place, (name, count) in enumerate(section.bars):
        y = place * row
        long = 480 * count / most
        lines.append(
            f'<text x="0" y="{y + label - 2}" font-size="13">{escape(name)}</text>'
            f'<rect x="0" y="{y + label + 2}" width="{long:.1f}" height="13" fill="url(#hatch)" stroke="#1f4e79"/>'
            f'<text x="{long + 6:.1f}" y="{y + label + 13}" font-size="13">{count:,}</text>'
        )
    return "".join(lines) + "</svg>"


# ---- the PDF


def pdf(data: Mapping[str, Any], hand: Sequence[Sequence[str]], hands: int, say: Say, lang: str = "en") -> bytes:
    """The same report to print, US letter."""
    first, *others = sections(data, hand, hands, say)
    sheet = getSampleStyleSheet()
    body, small = (
        sheet["BodyText"],
        ParagraphStyle("cell", parent=sheet["BodyText"], fontSize=8, leading=10),
    )
    story: list[Any] = [Paragraph(escape(first.title), sheet["Title"]), *_flow(first, body, small)]
    for section in others:
        # A heading never stands alone at the foot of a page.
        heading = Paragraph(escape(section.title), sheet["Heading2"])
        story += [CondPageBreak(_HEADED), heading, *_flow(section, body, small)]
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=letter,
        title=first.title,
        author="Limpio",
        invariant=1,
        lang=lang,
        leftMargin=54,
        rightMargin=54,
        topMargin=54,
        bottomMargin=54,
    )
    document.build(story, onFirstPage=_page_number, onLaterPages=_page_number)
    return out.getvalue()


def _page_number(canvas: Any, document: Any) -> None:
    canvas.setFont("Helvetica", 8)
    canvas.drawRightString(letter[0] - 54, 30, str(document.page))


def _flow(section: Section, body: Any, small: Any) -> list[Any]:
    made: list[Any] = [Paragraph(escape(text), body) for text in section.text]
    if any(n for _, n in section.bars):
        made += [Spacer(1, 6), _drawing(section)]
    if section.rows:
        head = ParagraphStyle("head", parent=small, fontName="Helvetica-Bold")
        cells = [[Paragraph(escape(h), head) for h in section.head]]
        cells += [[Paragraph(escape(c), small) for c in row] for row in section.rows]
        table = Table(cells, repeatRows=1, colWidths=_widths(section))
        table.setStyle(
            TableStyle(
                [
                    ("LINEBELOW", (0, 0), (-1, 0), 1, black),
                    ("LINEBELOW", (0, 1), (-1, -1), 0.25, HexColor("#767676")),
                    ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ]
            )
        )
        made += [Spacer(1, 6), table]
    return [*made, Spacer(1, 10)]


def _widths(section: Section) -> list[float]:
    """Column widths by what is in them, 504 points in all."""
    longest = [
        min(60, max(12, *(len(row[i]) for row in (section.head, *section.rows)))) for i in range(len(section.head))
    ]
    return [504 * n / sum(longest) for n in longest]


def _drawing(section: Section) -> Drawing:
    most, row = max(n for _, n in section.bars), 26
    drawing = Drawing(_WIDTH + 60, row * len(section.bars))
    for place, (name, count) in enumerate(section.bars):
        y = row * (len(section.bars) - place) - 9
        long = _WIDTH * 0.85 * count / most
        drawing.add(String(0, y, name, fontName="Helvetica", fontSize=8))
        drawing.add(Rect(0, y - 13, long, 9, fillColor=white, strokeColor=HexColor("#1f4e79")))
        for x in range(3, int(long), 5):
            drawing.add(Line(x, y - 13, min(x + 4, long), y - 4, strokeColor=HexColor("#1f4e79"), strokeWidth=1))
        drawing.add(String(long + 4, y - 12, f"{count:,}", fontName="Helvetica", fontSize=8))
    return drawing
