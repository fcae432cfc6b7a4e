"""How long the papers take, on one core with the typefaces open: one form, one case, a record of three cases.

Measured is processor time, which is the same on a busy machine: nothing here waits for anything.

The aims are 45 ms for CR-180 alone, 40 ms for one marijuana case and 300 ms for a record of three cases (29 pages in
November 2026). The first packet of a process also opens the typefaces and parses the blanks: shown apart. Beside them
stand plain references from the same run: pikepdf and pypdf reading the same blanks and writing them into one file,
with nothing filled in, drawn or tagged. pdfrw's share is the time spent in its own functions, by the profiler.

Memory is that of the whole process before and after a thousand packets: what grows there would fill a server.
"""

from __future__ import annotations

import cProfile
import gc
import io
import os
import pstats
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from statistics import median

import pikepdf
import pypdf

import forms
from rules import decide
from webapp.demo import people
from webapp.interview.document import record
from webapp.packet import build_packet

OFFICIAL = Path(os.environ.get("LIMPIO_FORMS") or Path(__file__).parents[3] / "shared" / "forms" / "official")
TIMES = 40
MANY = 1000

NAME = "María-José Nguyễn Żółkiewska"
PETITION: dict[str, str | bool] = {
    "filer_name": NAME,
    "filer_street": "1234½ Avenida de los Ángeles",
    "filer_city": "Peñasco",
    "filer_state": "CA",
    "filer_zip": "90012",
    "filer_phone": "(213) 555-0123",
    "filer_email": "maria@example.org",
    "defendant": NAME,
    "attorney_for": "Self-represented",
    "court_county": "LOS ANGELES",
    "court_street": "210 West Temple Street",
    "court_city_zip": "Los Angeles 90012",
    "case_number": "BA-123456",
    "conviction_date": "September 14, 2011",
    "count_1_code": "Penal",
    "count_1_section": "459/460(b)",
    "count_1_level": "felony",
    "count_1_reduce_17b": "yes",
    "item_2": True,
    "item_2c": True,
    "sign_name": NAME,
    "item_2c_text": "I have worked since the conviction, finished every class and paid what I owed. " * 8,
}
THREE_CASES = ("CR-400", "CR-180", "CR-181", "CR-180", "CR-181")


def run() -> list[tuple[str, str]]:
    """What was measured, a line each; an answer sheet is measured instead where the official forms are not here."""
    with tempfile.TemporaryDirectory() as folder:
        blanks = Path(folder)
        forms.install([OFFICIAL], blanks)
        official = all(forms.available(form, blanks) for form in THREE_CASES)
        made = "" if official else " (answer sheets: no official forms here)"
        one, single, three = (_packet(person, blanks) for person in ("dismissed", "prison", "many"))
        first = _milliseconds(three)
        rows = [
            (f"CR-400 packet, cover page included{made}", f"{_typical(one):.1f} ms (aim: under 40)"),
            (f"CR-180 packet, cover page and order included{made}", f"{_typical(single):.1f} ms"),
            (f"full packet, three cases, {_pages(three())} pages{made}", f"{_typical(three):.1f} ms (aim: under 300)"),
            (f"full packet, the first of a process{made}", f"{first:.0f} ms"),
            (f"full packet, size{made}", f"{len(three()):,} bytes"),
        ]
        if official:
            alone = _fill(PETITION, blanks)
            chinese = _fill({**PETITION, "filer_name": "王小明", "defendant": "محمد علي"}, blanks)
            both = (
                f"{_typical(_with_pikepdf(['CR-180'], blanks)):.1f} and {_typical(_with_pypdf(['CR-180'], blanks)):.1f}"
            )
            all_five = (_with_pikepdf(THREE_CASES, blanks), _with_pypdf(THREE_CASES, blanks))
            rows += [
                ("CR-180 alone, filled, flattened and tagged", f"{_typical(alone):.1f} ms (aim: under 45)"),
                ("CR-180 alone, names in Chinese and Arabic", f"{_typical(chinese):.1f} ms"),
                ("reference: blank CR-180 read and written, pikepdf and pypdf", f"{both} ms"),
                (
                    "reference: the five blanks of three cases joined, pikepdf and pypdf",
                    f"{_typical(all_five[0]):.1f} and {_typical(all_five[1], times=5):.1f} ms",
                ),
            ]
        share = f"{_share_of_pdfrw(three):.0%}"
        rows.append((f"pdfrw's share of a full packet{made}", share))
        before, after = _memory(one)
        told = f"{before:.1f} MB before, {after:.1f} MB after (aim: flat)"
        rows.append((f"memory over {MANY:,} packets{made}", told))
        return rows


def _packet(person: str, blanks: Path) -> Callable[[], bytes]:
    document = people()[person].document
    findings = decide(record(document), date(2026, 11, 22))
    return lambda: build_packet(findings, document, lang="en", blanks=blanks)


def _fill(values: dict[str, str | bool], blanks: Path) -> Callable[[], bytes]:
    return lambda: forms.fill("CR-180", values, blanks=blanks).pdf


def _with_pikepdf(names: Sequence[str], blanks: Path) -> Callable[[], object]:
    def work() -> bytes:
        out = io.BytesIO()
        with pikepdf.Pdf.new() as joined:
            for name in names:
                with pikepdf.Pdf.open(blanks / f"{name}.pdf") as blank:
                    joined.add_pages_from(blank)
            joined.save(out)
        return out.getvalue()

    return work


def _with_pypdf(names: Sequence[str], blanks: Path) -> Callable[[], object]:
    def work() -> bytes:
        out = io.BytesIO()
        writer = pypdf.PdfWriter()
        for name in names:
            writer.append(blanks / f"{name}.pdf")
        writer.write(out)
        return out.getvalue()

    return work


def _pages(pdf: bytes) -> int:
    return len(pypdf.PdfReader(io.BytesIO(pdf)).pages)


def _milliseconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1000


def _typical(work: Callable[[], object], times: int = TIMES) -> float:
    work()
    return median(_milliseconds(work) for _ in range(times))


def _share_of_pdfrw(work: Callable[[], object]) -> float:
    """The part of the time that is spent in pdfrw's own functions and in what they call of the language's."""
    profile = cProfile.Profile()
    profile.enable()
    for _ in range(3):
        work()
    profile.disable()
    whole = own = 0.0
    for (file, _, _), (_, _, spent, _, callers) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        whole += spent
        if f"{os.sep}pdfrw{os.sep}" in file:
            own += spent
        elif file == "~":  # a function in C: shared out among those who call it
            own += sum(each[2] for (caller, _, _), each in callers.items() if f"{os.sep}pdfrw{os.sep}" in caller)
    return own / whole


def _memory(work: Callable[[], object]) -> tuple[float, float]:
    """Megabytes resident before and after many packets, once everything that is kept has been made."""
    for _ in range(50):
        work()
    gc.collect()
    before = _resident()
    for _ in range(MANY):
        work()
    gc.collect()
    return before, _resident()


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    for what, measured in run():
        print(f"{what}: {measured}")
