"""A county overnight: a million made-up records reviewed, beside a plain Polars read-and-write of the same columns.

The reference does nothing but read all 95 columns as text and write them to the same number of files: all of them, the
condensed twenty, and the few records under review. A review also waits until its results are on the disk, as a power
cut demands; so the reference is told both without and with that. Both are measured in processes of their own, so that
the peak memory is theirs. `LIMPIO_BENCH_PEOPLE` changes the size (12,200 people have a million records); `python -m
tests.bench.bulk 1000 12200 122000` measures several sizes, to see that time is linear.

The extract and the results are about 2 GB for a million records, in the folder for temporary files; they are removed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import forms
from forms.batch import Copy, batch
from rules.bulk import sample

PEOPLE = int(os.environ.get("LIMPIO_BENCH_PEOPLE", "12200"))
OFFICIAL = Path(os.environ.get("LIMPIO_FORMS") or Path(__file__).parents[3] / "shared" / "forms" / "official")
PAPERS = 2000

# Each ends with a line of: seconds, peak memory in kilobytes, and what else it has to tell.
_TIMED = """
import resource, sys, time
from pathlib import Path
began = time.perf_counter()
{work}
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(time.perf_counter() - began, peak, told)
"""
_REVIEW = """
from datetime import date
from rules.bulk.run import Options, run
options = Options((Path(sys.argv[1]),), "LOS ANGELES", date(2026, 7, 1), Path(sys.argv[2]), without_columns={row})
found = run(options, lambda *_: None).summary
told = f"{{found['read']['records']}} {{found['read']['people']}} {{found['prop64_in_county']['convictions']}}"
"""
_PLAIN = """
import polars as pl
frame = pl.read_csv(sys.argv[1], infer_schema=False, encoding="utf8-lossy")
out = Path(sys.argv[2])
out.mkdir()
frame.write_csv(out / "all.csv")
frame.select(frame.columns[11:31]).write_csv(out / "condensed.csv")
frame.filter(pl.col("OFFENSE_DESCR").str.contains("^11357|^11358|^11359|^11360")).write_csv(out / "few.csv")
written = time.perf_counter() - began
import os
for file in out.iterdir():
    descriptor = os.open(file, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
told = f"{frame.height} {written}"
"""


def run() -> list[tuple[str, str]]:
    """What was measured, a line each."""
    return [*review(PEOPLE), *papers()]


def written(path: Path, people: int) -> float:
    """Makes the extract; gives back the seconds it took."""
    began = time.perf_counter()
    with path.open("wb") as file:
        file.write(sample.header())
        for piece in sample.people(people, 64):
            file.write(piece)
    return time.perf_counter() - began


def measured(work: str, *args: Path) -> tuple[float, float, list[str]]:
    """Seconds, peak memory in GB, and what the work tells."""
    done = subprocess.run(
        [sys.executable, "-c", _TIMED.format(work=work), *map(str, args)], check=True, capture_output=True, text=True
    )
    seconds, peak, *told = done.stdout.split()
    return float(seconds), int(peak) / 1e6, told


def review(people: int) -> list[tuple[str, str]]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        extract = folder / "bench-sample.csv"
        made = written(extract, people)
        # Three times each, in turns: the best time of each is least the neighbours' doing.
        ours, plain = [], []
        for turn in range(3):
            plain.append(measured(_PLAIN, extract, folder / f"plain-{turn}"))
            _removed(folder / f"plain-{turn}")
            ours.append(measured(_REVIEW.format(row=False), extract, folder / f"ours-{turn}"))
            _removed(folder / f"ours-{turn}")
        seconds, peak, told = min(ours)
        synced, plain_peak, (_, plain_seconds) = min(plain)
        reference = float(plain_seconds)
        records, persons, convictions = map(int, told)
        size = f"{records / 1e6:.2g} million records"
        return [
            (f"bulk: review of {size}", f"{seconds:.1f} s"),
            (f"bulk: plain Polars read and write, {size}", f"{reference:.1f} s"),
            (f"bulk: the same, and on the disk, {size}", f"{synced:.1f} s"),
            (f"bulk: review against plain, {size}", f"{seconds / reference:.2f} times"),
            (f"bulk: review against plain on the disk, {size}", f"{seconds / synced:.2f} times"),
            (f"bulk: records a second, {size}", f"{records / seconds:,.0f}"),
            (f"bulk: people a minute, {size}", f"{persons / seconds * 60:,.0f}"),
            (f"bulk: peak memory, {size}", f"{peak:.2f} GB"),
            (f"bulk: peak memory of the plain read and write, {size}", f"{plain_peak:.2f} GB"),
            (f"bulk: convictions under review, {size}", f"{convictions:,}"),
            (f"bulk: making up {size}", f"{made:.0f} s"),
        ]


def _removed(folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()


def papers() -> list[tuple[str, str]]:
    """Filled CR-400s a second once started, two hundred a file."""
    with tempfile.TemporaryDirectory() as name:
        blanks = Path(name)
        forms.install([OFFICIAL], blanks)
        if not forms.available("CR-400", blanks):
            return [("bulk: CR-400s a second", "not measured: no official forms here")]
        copies = [_copy(number) for number in range(PAPERS)]
        batch("CR-400", copies[:1], blanks=blanks, title="started")
        began = time.perf_counter()
        size = sum(
            len(batch("CR-400", copies[start : start + 200], blanks=blanks, title="Papers").pdf)
            for start in range(0, PAPERS, 200)
        )
        seconds = time.perf_counter() - began
    return [
        ("bulk: CR-400s a second", f"{PAPERS / seconds:,.0f}"),
        ("bulk: bytes of a CR-400 in a file of 200", f"{size / PAPERS:,.0f}"),
    ]


def _copy(number: int) -> Copy:
    name = f"PERSON {chr(65 + number % 26)} NUMBER {number}"
    values = {"filer_name": name, "defendant": name, "sign_name": name, "attorney_for": "Self-represented"}
    ticks = {"section_11357": True, "section_11359": number % 3 == 0, "item_2b": True, "title_application": True}
    return Copy({**values, **ticks, "court_county": "Los Angeles", "case_number": f"BA{number:06d}"}, name)


if __name__ == "__main__":
    for people in map(int, sys.argv[1:]) if sys.argv[1:] else [PEOPLE]:
        for what, value in review(people):
            print(f"{what}: {value}", flush=True)
    for what, value in papers():
        print(f"{what}: {value}")
