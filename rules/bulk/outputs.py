"""The three result files, written as the input is read a second time.

A wide line is passed through as it came: only the added cells are made, and of almost all records they are the same
eighteen empty ones. So a block of results is the block's own lines with a tail put between them, which is little more
than copying; nothing is parsed and written again but the twenty columns of the condensed file.

Nothing half-written ever has its final name. Results grow in a folder of work beside them; whatever has safely reached
the disk is noted in a small file (:class:`Checkpoint`), from which a run that was stopped goes on; and only when all is
there do the files get their names."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

from rules.bulk.review import ADDED, PLAIN_TAIL
from rules.bulk.scan import Block, Kept, records
from rules.sources.doj_extract import COLUMNS

ALL, CONDENSED, PROP64 = "All_Results.csv", "All_Results_Condensed.csv", "Prop64_Results.csv"
CONDENSED_PLACES = (11, 12, 13, 14, 22, 37, 40, 46, 48, 51, 52, 54, 80, 82, 86, 87, 88, 90, 93, 94)
CONDENSED_NAMES = tuple(COLUMNS[place] for place in CONDENSED_PLACES)
WORK = ".limpio-bulk"
"""The folder of work inside the folder of results."""
NOTED_EVERY = 64 << 20
"""Bytes of results between two checkpoints."""
_LINE_ENDS = re.compile("\r\n|\r|\n")
_AT_ONCE = 1 << 21
"""Bytes in one call: fewer than a few millions are taken over much faster (0.4 s for 1.1 GB, against 0.7 s)."""
_MOST = 512  # pieces in one call; the system takes 1,024
_PLAIN = PLAIN_TAIL + b"\n"


class Tails(NamedTuple):
    """What is added to records that do not get the plain tail: their numbers in order, the cells, and whether the
    record has a determination."""

    numbers: list[int]
    cells: list[bytes]
    determined: list[bool]

    def between(self, first: int, last: int) -> range:
        """The places of the numbers from ``first`` up to, not including, ``last``."""
        return range(bisect_left(self.numbers, first), bisect_left(self.numbers, last))


Pieces = list[bytes | bytearray]


class Written(NamedTuple):
    """One block of each result file, in pieces."""

    all: Pieces
    condensed: Pieces
    prop64: Pieces


Condense = Callable[[Block], bytes | None]


def header(names: Sequence[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow([*names, *ADDED])
    return out.getvalue().encode()


HEADERS: Mapping[str, bytes] = {ALL: header(COLUMNS), CONDENSED: header(CONDENSED_NAMES), PROP64: header(COLUMNS)}


def written(block: Block, clean: bool, start: int, count: int, tails: Tails, condense: Condense | None) -> Written:
    """The results of a block whose first record is number ``start``. ``clean``: every line of it is a record.
    ``condense`` gives the condensed columns of a clean block, a line each; without it, or where it declines, they are
    read here."""
    data: bytes | bytearray = block.data
    short = condense(block) if clean and condense else None
    if not clean or short is None:
        kept = [r for r in records(block) if isinstance(r, Kept)]
        if any(b"\n" in r.raw for r in kept):  # a line end inside a cell: no line is a record
            return _line_by_line(kept, start, tails)
        short = b"".join([condensed(r.cells) + b"\n" for r in kept])
        if not clean:
            data = b"".join([r.raw + b"\n" for r in kept])
    at = tails.between(start, start + count)
    ends = [(tails.numbers[place] - start, tails.cells[place] + b"\n") for place in at]
    whole, condensed_lines = _woven(data, ends), _woven(short, ends)
    if (whole.lines, condensed_lines.lines) != (count, count):
        raise ValueError(f"block {block.number} does not have the {count} records that it had when it was read first")
    determined = [2 * i for i, place in enumerate(at) if tails.determined[place]]
    return Written(whole.pieces, condensed_lines.pieces, [p for i in determined for p in whole.told[i : i + 2]])


class _Woven(NamedTuple):
    pieces: Pieces
    told: Pieces  # the lines with a tail of their own, each followed by it
    lines: int


def _woven(data: bytes | bytearray, ends: Sequence[tuple[int, bytes]]) -> _Woven:
    """Lines with the plain tail after each, but for those that have their own: (place of the line, tail)."""
    pieces: Pieces = []
    told: Pieces = []
    line = begin = at = grown = 0
    find, whole = data.find, memoryview(data)
    for place, own in ends:
        while line < place:
            at = find(b"\n", at) + 1
            line += 1
        if at > begin:
            pieces.append(bytes(whole[begin:at]).replace(b"\n", _PLAIN))
            grown += len(pieces[-1]) - (at - begin)
        end = find(b"\n", at)
        if end < 0:
            return _Woven(pieces, told, 0)  # no such line
        told += (data[at:end], own)
        pieces += told[-2:]
        begin = at = end + 1
        line += 1
    pieces.append(bytes(whole[begin:]).replace(b"\n", _PLAIN))
    grown += len(pieces[-1]) - (len(data) - begin)
    # Counting line ends takes as long as writing them; how much the text has grown tells as well.
    return _Woven(pieces, told, len(ends) + grown // len(PLAIN_TAIL))


def _line_by_line(kept: Sequence[Kept], start: int, tails: Tails) -> Written:
    made = Written([], [], [])
    own = {tails.numbers[p]: p for p in tails.between(start, start + len(kept))}
    for number, record in enumerate(kept, start):
        place = own.get(number)
        end = _PLAIN if place is None else tails.cells[place] + b"\n"
        made.all.extend((record.raw, end))
        made.condensed.extend((condensed(record.cells), end))
        if place is not None and tails.determined[place]:
            made.prop64.extend((record.raw, end))
    return made


def condensed(cells: Sequence[str]) -> bytes:
    """The condensed columns of one record as CSV, without a line end; line ends inside a cell become spaces."""
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow([_LINE_ENDS.sub(" ", cells[p]) for p in CONDENSED_PLACES])
    return out.getvalue().encode("latin-1", "replace")


class Results:
    """The result files while they grow. ``key`` says for what run; a checkpoint of another run is not gone on from."""

    def __init__(self, work: Path, key: Mapping[str, Any], resume: bool) -> None:
        self.work, self.key = work, dict(key)
        self._pool = ThreadPoolExecutor(1)
        self._noting: Future[None] | None = None
        self._since_noted = 0
        kept = self._noted() if resume else None
        self._files = {}
        for name, head in HEADERS.items():
            size = kept["sizes"][name] if kept else 0
            file = os.open(work / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            os.ftruncate(file, size)
            os.lseek(file, size, os.SEEK_SET)
            self._files[name] = file
            if not kept:
                _write(file, [head])
        self.blocks = kept["blocks"] if kept else 0
        self.resumed = bool(kept)

    def _noted(self) -> dict[str, Any] | None:
        """The last checkpoint, if it is of this run and all it speaks of is there."""
        try:
            noted = json.loads((self.work / "checkpoint.json").read_text(encoding="utf-8"))
            if noted["key"] != json.loads(json.dumps(self.key)):
                return None
            there = all((self.work / name).stat().st_size >= noted["sizes"][name] for name in HEADERS)
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return noted if there else None

    def add(self, block: Written) -> None:
        """Appends the results of the next block."""
        for name, data in zip(HEADERS, block, strict=True):
            self._since_noted += _write(self._files[name], data)
        self.blocks += 1
        if self._since_noted >= NOTED_EVERY and (self._noting is None or self._noting.done()):
            self._note()

    def _note(self) -> Future[None]:
        """Brings what is written so far to the disk, in the background, and then notes it."""
        if self._noting is not None:
            self._noting.result()
        sizes = {name: os.lseek(file, 0, os.SEEK_CUR) for name, file in self._files.items()}
        self._since_noted = 0
        self._noting = self._pool.submit(self._sync, {"key": self.key, "blocks": self.blocks, "sizes": sizes})
        return self._noting

    def _sync(self, noted: dict[str, Any]) -> None:
        for name, file in self._files.items():
            let_go(file, noted["sizes"][name])
        write_whole(self.work / "checkpoint.json", json.dumps(noted).encode())

    def finish(self) -> None:
        """All on the disk, and noted. Raises OSError where that cannot be."""
        self._note().result()

    def __enter__(self) -> Results:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._pool.shutdown(wait=True)
        for file in self._files.values():
            os.close(file)


def _write(file: int, pieces: Iterable[bytes | bytearray]) -> int:
    """Writes all pieces, a few of them in one call; gives back how many bytes."""
    size = held = 0
    some: list[bytes | bytearray | memoryview] = []
    for piece in pieces:
        for start in range(0, len(piece), _AT_ONCE):
            some.append(piece if len(piece) <= _AT_ONCE else memoryview(piece)[start : start + _AT_ONCE])
            held += len(some[-1])
            if held >= _AT_ONCE or len(some) == _MOST:
                size += _handed_over(file, some, held)
                some, held = [], 0
    return size + _handed_over(file, some, held)


def _handed_over(file: int, some: list[bytes | bytearray | memoryview], size: int) -> int:
    done = os.writev(file, some) if some else 0
    if done < size:  # a full disk says so at the next try
        rest = memoryview(b"".join(some))[done:]
        while rest:
            rest = rest[os.write(file, rest) :]
    return size


def let_go(file: int, size: int) -> None:
    """Brings a file to the disk, and tells the system that it need not keep its first ``size`` bytes in memory as well.
    The results of a large extract would fill the memory of the machine and drive everything else out. And memory that
    was not used before is what a virtual machine gives most slowly: writing 1.1 GB took 2.6 s here, and so 0.6 s."""
    os.fsync(file)
    if hasattr(os, "posix_fadvise"):  # Linux has it
        os.posix_fadvise(file, 0, size, os.POSIX_FADV_DONTNEED)


def write_whole(path: Path, data: bytes) -> None:
    """Writes a file, readable by its owner only, whole or not at all, and for good. Raises OSError."""
    partial = path.with_name(f".{path.name}.part")
    file = os.open(partial, os.O_CREAT | os.O_TRUNC | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    try:
        _write(file, [data])
        os.fsync(file)
    finally:
        os.close(file)
    partial.replace(path)


def settle(work: Path, out: Path, names: Sequence[str]) -> None:
    """Gives files of the folder of work their final names, all on the disk."""
    for name in names:
        (work / name).replace(out / name)
    sync_folder(out)


def sync_folder(folder: Path) -> None:
    """Brings the names in a folder to the disk, where the system can."""
    with suppress(OSError):
        file = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(file)
        finally:
            os.close(file)
