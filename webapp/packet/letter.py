"""The letter to the clerk: what is in the envelope, and what should come back.

A clerk reads English, so the letter is in English whatever the person reads; the cover page before it says in their
language what it is. It asks for nothing but filing: one petition, with the papers that belong to it, and the stamped
copy back in the envelope that is enclosed.
"""

from __future__ import annotations

from forms import Block, Heading, Paragraph, Rows, Steps
from webapp.packet.cover_page import Beside, title_of
from webapp.packet.papers import Paper

BLANK = "____________________"


def letter_blocks(paper: Paper, beside: Beside) -> list[Block]:
    """The letter, with lines to write on where the person has not said."""
    caption = paper.caption
    sender = [str(caption.get(line, "")) for line in ("filer_name", "filer_street")]
    sender.append(
        " ".join(
            part
            for part in (
                ", ".join(str(caption[key]) for key in ("filer_city", "filer_state") if caption.get(key)),
                str(caption.get("filer_zip", "")),
            )
            if part
        )
    )
    court = [f"Superior Court of California, County of {paper.county or BLANK}"]
    court += [str(caption[line]) for line in ("court_street", "court_mailing", "court_city_zip") if caption.get(line)]
    enclosed = [f"{form}, {title_of(form)}" for form in dict.fromkeys(beside.forms) if form not in FEES]
    return [
        Heading("Letter to the clerk"),
        Paragraph("\n".join(line for line in (*sender, f"Date: {BLANK}") if line)),
        Paragraph("\n".join(("To the Clerk of the Court", *court))),
        Rows(
            (
                ("Case", f"People v. {paper.name or BLANK}"),
                ("Case number", paper.case_number or BLANK),
            )
        ),
        Paragraph("Please file the papers that are enclosed, the original and one copy:"),
        Steps((*enclosed, "An envelope with a stamp and my address")),
        Paragraph(
            "Please stamp the copy as filed and send it back to me in the envelope. If the court sets a hearing, "
            "please send me the date, the time and the department."
        ),
        Paragraph("If something is missing, please tell me what it is, so that I can send it."),
        Paragraph(f"Thank you.\n\nSignature: {BLANK}{BLANK}"),
    ]


FEES = frozenset({"FW-001", "FW-003"})
"""Handed in only when a clerk asks for money, so not part of what the letter lists."""
