"""One review from beginning to end: read, decide, write, report.

The input is read twice. The first time what decides is kept (a few bytes of each record); then every conviction under
review is decided; the second time the lines go through to the results, each with its added cells. The first reading
takes a third of the time or less, so a run that goes on after an interruption repeats it and goes on with the second
where it had come.

Everything is written into a folder of work first; the names in the folder of results appear together at the end.
"""

from __future__ import annotations

import csv
import errno
import hashlib
import io
import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

from rules.bulk.decide import HAND_REVIEW, Policy
from rules.bulk.normalise import ByRow, Tally
from rules.bulk.outputs import HEADERS, WORK, Condense, Results, Tails, settle, write_whole, written
from rules.bulk.review import Decided, Reviewed, cells, comment_tail, decided, tail
from rules.bulk.scan import BLOCK, Block, Rejected, Unreadable, blocks, in_order
from rules.bulk.summary import Summary
from rules.explanation import Say
from rules.remedy import N_
from rules.sentence import Sentence

DETERMINATIONS, HAND, REJECTED = "Determinations.csv", "Hand_Review.csv", "rejected.csv"
SUMMARY, HTML, PDF, PAPERS = "summary.json", "report.html", "report.pdf", "papers"
WORKERS = (os.cpu_count() or 2) + 1
"""Blocks worked on at a time, if nobody says otherwise: one more than there are cores, for each waits now and then."""
LISTED = 300
"""Lines of the hand-review list that the report shows; the file has all."""
_OF_EACH = (
    "RECORD_ID",
    "SUBJECT_ID",
    "County",
    "Case Number",
    "Offense",
    "Level",
    "Date of Conviction",
    "Sentence End",
    "Determination",
    "Reason",
    "Statute: Determination",
    "Statute: Outcome",
    "Statute: Relief",
    "Statute: Reason",
    "Statute: Citation",
    "Statute: Confirmed",
    "Statute: Settled",
    "Statute: Rests On",
    "Statute: Would Settle",
    "Statute: Flags",
)


class Stopped(Exception):
    """A review that cannot be made. ``sentences`` say why, and what to do."""

    def __init__(self, *sentences: Sentence) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


@dataclass(frozen=True, slots=True)
class Options:
    """What to review. ``without_columns``: record by record even where Polars is there."""

    files: tuple[Path, ...]
    county: str
    as_of: date
    out: Path
    policy: Policy | None = None
    workers: int = WORKERS
    resume: bool = False
    without_columns: bool = False
    block: int = BLOCK


@dataclass(frozen=True, slots=True)
class Review:
    """What came out. ``papers``: how many were filled, if any were asked for."""

    summary: Mapping[str, Any]
    rejected: int
    resumed: bool
    engine: str
    papers: int | None


Papers = Callable[[Sequence[Decided], Path], int]
Progress = Callable[[str, int, int, int], None]
"""Called with the phase (read, write), the bytes done and to do, and the people met so far."""


class Engine(Protocol):
    """A way to read and review an extract."""

    name: str
    tally: Tally
    comments: dict[int, str]
    rejected: list[tuple[int, Rejected]]
    sizes: list[tuple[int, bool]]

    def scan(self, blocks: Iterable[Block], done: Callable[[int], None]) -> None: ...

    def met(self) -> int: ...

    def reviewed(self) -> list[Reviewed]: ...

    def close(self) -> None: ...


def has_columns() -> bool:
    """Whether the extra `[bulk]` is installed."""
    return find_spec("polars") is not None


def run(options: Options, progress: Progress, say: Say = str, lang: str = "en", papers: Papers | None = None) -> Review:
    """The whole review. ``papers`` fills the court papers into a folder that it is given, and gives back how many.
    Raises Stopped for what cannot be used, OSError for what cannot be written (`unwritten` has the words), and
    KeyboardInterrupt where a person stopped it: then it can go on with ``resume``."""
    work = _folders(options)
    engine, condense = _engine(options, work)
    try:
        return _review(options, work, engine, condense, progress, (say, lang), papers)
    except (Unreadable, Stopped) as bad:
        if not options.resume:  # nothing to go on with
            shutil.rmtree(work, ignore_errors=True)
            with suppress(OSError):
                options.out.rmdir()
        if isinstance(bad, Unreadable):
            raise Stopped(bad.sentence) from None
        raise
    finally:
        engine.close()


def _review(
    options: Options,
    work: Path,
    engine: Engine,
    condense: Condense | None,
    progress: Progress,
    language: tuple[Say, str],
    papers: Papers | None,
) -> Review:
    total = sum(_size(path) for path in options.files)
    rejects = _scan(options, work, engine, total, progress)
    if not engine.tally.records:
        first = next(iter(rejects), "")
        words = N_("No record of the files could be read. The first reason: %(why)s. See %(file)s.")
        settle(work, options.out, [REJECTED])
        raise Stopped(Sentence(words, why=first, file=options.out / REJECTED))
    if options.county not in engine.tally.counties:
        words = N_("No record is from the county %(county)s. The counties in the files: %(known)s.")
        raise Stopped(Sentence(words, county=options.county, known=", ".join(sorted(engine.tally.counties))))
    summary = Summary(options.as_of, options.policy is not None)
    tails, relief, hand = _decide(options, work, engine, summary)
    about = {
        "county": options.county,
        "files": [path.name for path in options.files],
        "policy": asdict(options.policy) if options.policy else None,
    }
    data = summary.data(engine.tally, rejects, about)
    with ThreadPoolExecutor(1) as beside:  # all that the report tells is known; the results mostly wait for the disk
        told = beside.submit(_report, work, data, hand, language)
        resumed = _write(options, work, engine, condense, tails, total, progress)
        told.result()
    names = [*HEADERS, DETERMINATIONS, HAND, REJECTED, HTML, PDF]
    filled = None
    if papers is not None:
        shutil.rmtree(work / PAPERS, ignore_errors=True)
        (work / PAPERS).mkdir(mode=0o700)
        filled = papers(relief, work / PAPERS)
        names.append(PAPERS)
    settle(work, options.out, [*names, SUMMARY])  # the summary last: with it the review is finished
    shutil.rmtree(work, ignore_errors=True)
    return Review(data, sum(rejects.values()), resumed, engine.name, filled)


def _report(work: Path, data: Mapping[str, Any], hand: Sequence[Sequence[str]], language: tuple[Say, str]) -> None:
    """The summary as data, as a page and as PDF, in the folder of work."""
    from rules.bulk.report import html, pdf  # loads reportlab: not while the run has nothing else to do

    write_whole(work / SUMMARY, json.dumps(data, ensure_ascii=False, indent=1).encode() + b"\n")
    write_whole(work / HTML, html(data, hand[:LISTED], len(hand), *language).encode())
    write_whole(work / PDF, pdf(data, hand[:LISTED], len(hand), *language))


def _folders(options: Options) -> Path:
    """The folder of work inside the folder of results, both for their owner only."""
    out = options.out
    if out.exists() and not out.is_dir():
        raise Stopped(Sentence(N_("%(file)s is a file. Name a folder for the results."), file=out))
    if (out / SUMMARY).exists():
        words = N_("%(folder)s has the results of a finished review. Name another folder, or delete that one.")
        raise Stopped(Sentence(words, folder=out))
    work = out / WORK
    if work.exists() and not options.resume:
        words = N_("%(folder)s has a review that was not finished. Go on with --resume, or delete the folder.")
        raise Stopped(Sentence(words, folder=out))
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    out.chmod(0o700)
    work.mkdir(mode=0o700, exist_ok=True)
    return work


def _engine(options: Options, work: Path) -> tuple[Engine, Condense | None]:
    if options.without_columns or not has_columns():
        return ByRow(work, options.county, options.as_of), None
    from rules.bulk import by_columns

    columns = by_columns.ByColumns(work, options.county, options.as_of, options.workers)
    return columns, columns.condensed


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0  # reading it will say what is wrong


# ---- the first reading


def _scan(options: Options, work: Path, engine: Engine, total: int, progress: Progress) -> Counter[str]:
    """Reads everything once. Gives back how many lines were rejected, by reason; they are copied as they come."""
    counts: Counter[str] = Counter()
    done = 0
    with _private(work / REJECTED) as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["File", "Line", "Reason", "Record"])

        def read(size: int) -> None:
            nonlocal done
            done += size
            for place, reject in engine.rejected:
                counts[str(reject.reason)] += 1
                out.writerow([options.files[place].name, reject.line, reject.reason, reject.raw.decode("latin-1")])
            engine.rejected.clear()
            progress("read", done, max(total, done), engine.met())

        engine.scan(blocks(options.files, options.block), read)
        file.flush()
        os.fsync(file.fileno())
    return counts


def _private(path: Path) -> io.TextIOWrapper:
    """A text file to write, readable by its owner only. Latin-1, so that bytes come out as they came in."""
    file = os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    return open(file, "w", encoding="latin-1", errors="replace", newline="")  # noqa: PTH123  # a descriptor


# ---- deciding


def _decide(
    options: Options, work: Path, engine: Engine, summary: Summary
) -> tuple[Tails, list[Decided], list[list[str]]]:
    """Every conviction under review with its answers: counted, written to `Determinations.csv`, and as tails."""
    added = {number: (comment_tail(text), False) for number, text in engine.comments.items()}
    relief: list[Decided] = []
    hand: list[list[str]] = []
    with _private(work / DETERMINATIONS) as all_of_them, _private(work / HAND) as by_hand:
        out, look = csv.writer(all_of_them, lineterminator="\n"), csv.writer(by_hand, lineterminator="\n")
        out.writerow(_OF_EACH)
        look.writerow(["RECORD_ID", "SUBJECT_ID", "Case Number", "Offense", "What to look up"])
        for one in decided(engine.reviewed(), options.policy, options.as_of):
            summary.add(one)
            r = one.reviewed
            added[r.number] = tail(cells(one, options.as_of)), True
            out.writerow(_row(options.county, one))
            if one.answer.what == HAND_REVIEW:
                hand.append(
                    [r.record_id, r.person.subject_id, r.case_number, r.charge.written or "?", one.answer.reason]
                )
                look.writerow(hand[-1])
            elif one.answer.what != "Not eligible":
                relief.append(one)
        for file in (all_of_them, by_hand):
            file.flush()
            os.fsync(file.fileno())
    numbers = sorted(added)
    return Tails(numbers, [added[n][0] for n in numbers], [added[n][1] for n in numbers]), relief, hand


def _row(county: str, one: Decided) -> list[str]:
    r, f = one.reviewed, one.reviewed.finding
    presumed = [p.says for p in f.remedy.presumptions if p.fact in (*f.decision.presumed, *f.decision.assumed)]
    return [
        r.record_id,
        r.person.subject_id,
        county,
        r.case_number,
        r.charge.written,
        r.level,
        r.convicted.isoformat() if r.convicted else "",
        r.sentence_end.isoformat() if r.sentence_end else "",
        one.answer.what,
        one.answer.reason,
        one.statute.what,
        f.outcome,
        f.relief,
        one.statute.reason,
        f.cite.short,
        f.cite.confirmed,
        "yes" if f.settled else "no",
        "; ".join(presumed),
        "; ".join(f.would_settle),
        "; ".join(f.flags),
    ]


# ---- the second reading


def _write(
    options: Options,
    work: Path,
    engine: Engine,
    condense: Condense | None,
    tails: Tails,
    total: int,
    progress: Progress,
) -> bool:
    """The three result files, in the folder of work. Gives back whether an earlier run was gone on from."""
    starts = [0]
    for count, _ in engine.sizes:
        starts.append(starts[-1] + count)

    with (
        Results(work, _key(options, engine), options.resume) as results,
        ThreadPoolExecutor(options.workers) as pool,
    ):
        first = results.blocks

        def todo() -> Iterator[Block]:
            return (block for block in blocks(options.files, options.block) if block.number >= first)

        def work_on(block: Block) -> tuple[Any, int]:
            count, clean = engine.sizes[block.number]
            return written(block, clean, starts[block.number], count, tails, condense), len(block.data)

        done = 0
        adding: Future[None] | None = None
        with ThreadPoolExecutor(1) as writer:
            for made, size in in_order(pool, work_on, todo(), options.workers):
                if adding is not None:
                    adding.result()
                adding = writer.submit(results.add, made)
                done += size
                progress("write", done, max(total, done), engine.tally.people)
            if adding is not None:
                adding.result()
        results.finish()
        return results.resumed


def _key(options: Options, engine: Engine) -> dict[str, Any]:
    """What has to be the same for a run to be gone on from: the files as they are, and what is asked of them."""
    return {
        "files": [[str(p.resolve()), p.stat().st_size, p.stat().st_mtime_ns] for p in options.files],
        "county": options.county,
        "as_of": options.as_of.isoformat(),
        "policy": asdict(options.policy) if options.policy else None,
        "block": options.block,
        "blocks": hashlib.sha256(repr(engine.sizes).encode()).hexdigest(),
    }


def unwritten(out: Path, bad: OSError) -> Sentence:
    """What kept the results from being written, and what to do."""
    if bad.errno in (errno.ENOSPC, errno.EDQUOT):
        words = N_("%(folder)s could not be filled: the disk is full. Make room, then go on with --resume.")
        return Sentence(words, folder=out)
    if isinstance(bad, PermissionError):
        return Sentence(N_("You may not write in %(folder)s. Choose another folder with --out."), folder=out)
    words = N_("The results could not be written to %(folder)s (%(cause)s).")
    return Sentence(words, folder=out, cause=bad.strerror or type(bad).__name__)
