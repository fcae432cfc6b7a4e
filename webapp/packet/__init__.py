"""The packet: one PDF with everything a person takes to the court, for every case of theirs that a form is open for.

| papers.py     | findings + answers -> which form for which case, and what goes into each box; prints nothing      |
| companions.py | what goes with a petition: order, proof of service, declaration, fee waiver                       |
| cover_page.py | the page on top of each form, in the person's language: where, to whom, how many, what then       |
| letter.py     | the letter to the clerk, in English                                                               |
| build.py      | papers -> one PDF in filing order, or the same as separate files                                  |
| statement*    | the person's own words for a judge: six questions, written once, the English beside them          |
| fee*          | FW-001 from a few questions: which way of item 5, the amounts, the pages that ask                 |
| filing_dates.py | the days that follow from the day of filing                                                     |
| courts.py     | the 58 superior courts, as addresses to ask about                                                 |
| filing.py     | filing county by county: whom to serve, copies, hearings, local forms; unknown is "ask the clerk" |
| details.py    | the questions that only the papers need: name, address, case number, court, the two rights        |
| reading*      | a filled form read in plain words, box by box: words, rows, page                                  |
| form_page.py  | a page with one form, 422 when something has to be put right                                      |
| views.py      | those questions as pages, and the download                                                        |
"""

from __future__ import annotations

from webapp.packet.build import NoPapers, build_packet, packet_filename
from webapp.packet.papers import Paper, papers

__all__ = ["NoPapers", "Paper", "build_packet", "packet_filename", "papers"]
