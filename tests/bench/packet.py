"""How long the papers take: cover page, CR-400 filled and flattened, joined into one PDF, on one core, fonts loaded.

The aim is 40 ms for one case. The first packet of a process also reads the fonts and parses the blank: shown apart.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median

import forms
from rules import decide
from webapp.demo import people
from webapp.interview.document import record
from webapp.packet import build_packet

OFFICIAL = Path(os.environ.get("LIMPIO_FORMS") or Path(__file__).parents[3] / "shared" / "forms" / "official")
TIMES = 40


def run() -> list[tuple[str, str]]:
    """What was measured, a line each; an answer sheet is measured instead where the official forms are not here."""
    with tempfile.TemporaryDirectory() as folder:
        blanks = Path(folder)
        forms.install([OFFICIAL], blanks)
        made = "CR-400 packet" if forms.available("CR-400", blanks) else "answer sheet packet (no official forms here)"
        one, two = _packet("dismissed", blanks), _packet("several", blanks)
        first = _milliseconds(one)
        return [
            (f"{made}, cover page included", f"{_typical(one):.1f} ms (aim: under 40)"),
            (f"{made}, the first of a process", f"{first:.0f} ms"),
            (f"{made}, two cases", f"{_typical(two):.1f} ms"),
            (f"{made}, size", f"{len(one()):,} bytes"),
        ]


def _packet(person: str, blanks: Path) -> Callable[[], bytes]:
    document = people()[person].document
    findings = decide(record(document), date(2026, 11, 22))
    return lambda: build_packet(findings, document, lang="en", blanks=blanks)


def _milliseconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def _typical(work: Callable[[], object]) -> float:
    return median(_milliseconds(work) for _ in range(TIMES))


if __name__ == "__main__":
    for what, measured in run():
        print(f"{what}: {measured}")
