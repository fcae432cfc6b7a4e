"""The input files, read as blocks of whole records.

A file may be larger than the machine, so it is read a few dozen megabytes at a time and never held. A block ends at the
end of a record. What is in a block is decided later, by whoever reads it: by columns if every record in it is well
formed, record by record if not (:func:`records`), so that one bad record costs its block a second look and nothing
more.

Bytes are never changed on their way through. Where text is needed, every byte is taken for the character of the same
number (Latin-1), which loses nothing and can be turned back; only a name that is printed on paper is read properly
(:func:`readable`).

Worked example: a file of three lines whose second has an unbalanced quote gives one block; read by columns it is
refused, read record by record it gives record 0, a rejected line 2 ("a quotation mark without its partner"), and record
1."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypeVar, cast

from rules.remedy import N_
from rules.sentence import Sentence
from rules.sources.doj_extract import BLANKS, COLUMNS, PLACES

BLOCK = 24 << 20
"""Bytes read at a time."""
LONGEST = 1_000_000
"""Bytes of one record. The longest field of the extract, a comment, has a few thousand."""
_OPEN_LINES = 50  # a quoted field may hold line ends, but not a whole file
SUBJECT = PLACES["SUBJECT_ID"]
UNBALANCED = N_("a quotation mark without its partner")
TOO_LONG = N_("longer than a million bytes")
NUL = N_("a NUL byte in it")
RETURN = N_("a carriage return in it, outside quotation marks")
NO_SUBJECT = N_("no SUBJECT_ID, so nobody knows whose it is")
WRONG_QUOTES = N_("a quotation mark where the CSV format allows none")
WRONG_WIDTH = N_("%(num)s columns instead of 95")


Made = TypeVar("Made")


class Unreadable(Exception):
    """A file that cannot be used at all. ``sentence`` says what is wrong with it and what to do."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Block:
    """Whole records of one file. Line ends are LF, and the last record has one. ``first`` is the number of the first
    line of the file that is no header, the same for all its blocks: lines are counted by whoever reads them
    (:class:`LineNumbers`)."""

    number: int
    file: int
    first: int
    data: bytes | bytearray


class LineNumbers:
    """The number in its file of the first line of each block; blocks come in order.

    >>> lines = LineNumbers()
    >>> [lines.before(Block(n, 0, 2, b"a\\nb\\n"), 2) for n in range(3)]
    [2, 4, 6]
    """

    def __init__(self) -> None:
        self._next: dict[int, int] = {}

    def before(self, block: Block, lines: int) -> int:
        """The number of the first line of the block, which has so many lines."""
        line = self._next.get(block.file, block.first)
        self._next[block.file] = line + lines
        return line


class Kept(NamedTuple):
    """A well-formed record: its bytes without the line end, and its cells."""

    line: int
    raw: bytes
    cells: list[str]


class Rejected(NamedTuple):
    """A malformed line, and what is wrong with it."""

    line: int
    raw: bytes
    reason: Sentence


def readable(text: str) -> str:
    """A cell as it was meant: UTF-8 if its bytes are that, else Windows-1252 (a byte that has no meaning there becomes
    a question mark)."""
    raw = text.encode("latin-1", "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace").replace("\N{REPLACEMENT CHARACTER}", "?")


def blocks(paths: Sequence[Path], size: int = BLOCK) -> Iterator[Block]:
    """All files as blocks, in order. Raises :class:`Unreadable` for one that cannot be read or holds no record."""
    number = 0
    for place, path in enumerate(paths):
        some = False
        for block in _blocks_of(path, place, number, size):
            some = True
            number = block.number + 1
            yield block
        if not some:
            raise Unreadable(Sentence(N_("%(file)s holds no record. Was it exported whole?"), file=path))


def _blocks_of(path: Path, place: int, number: int, size: int) -> Iterator[Block]:
    line, rest, first = 1, bytearray(), True
    with ExitStack() as stack:
        file = _opened(path, stack)
        while True:
            try:
                data, last = _read_on(file, rest, size)
            except (OSError, EOFError, zlib.error, zipfile.BadZipFile) as bad:
                raise Unreadable(
                    Sentence(
                        N_("%(file)s cannot be read to its end (%(cause)s). Copy it again."),
                        file=path,
                        cause=_cause(bad),
                    )
                ) from None
            rest = bytearray()
            if first and (last or b"\n" in data or len(data) > LONGEST):
                line = _without_header(path, data)
                first = False
            if not last:
                cut = _end_of_record(data)
                if not cut:
                    # One enormous line: what is needed of it is only that it is too long.
                    del data[2 * LONGEST :]
                    rest = data
                    continue
                rest += data[cut:]
                del data[cut:]
            if b"\r" in data:
                data = data.replace(b"\r\n", b"\n")
            if last and data and not data.endswith(b"\n"):
                data += b"\n"
            if data:
                yield Block(number, place, line, data)
                number += 1
            if last:
                return


def _read_on(file: io.BufferedIOBase, rest: bytearray, size: int) -> tuple[bytearray, bool]:
    """What was left over, and so many bytes more; and whether the file has ended. Read into its place: a block is
    large, and a copy of it costs as much as reading it."""
    at = len(rest)
    data = bytearray(at + size)
    data[:at] = rest
    with memoryview(data) as view:
        while at < len(data):
            got = file.readinto(view[at:])
            if not got:
                break
            at += got
    last = at < len(data)
    del data[at:]
    return data, last


def _end_of_record(data: bytearray) -> int:
    """Where the last record that is surely whole ends: at a line end with every quotation mark closed before it, if
    there is one near; else at the last line end."""
    end = data.rfind(b"\n") + 1
    last = bytes(data[data.rfind(b"\n", 0, end - 1) + 1 : end]).rstrip(b"\r\n")
    if len(last) <= LONGEST and isinstance(_read(0, last), Kept):
        return end  # a whole record by itself is no part of another
    cut = end
    odd = data.count(b'"', 0, cut) % 2
    for _ in range(_OPEN_LINES):
        if not odd or not cut:
            return cut or end
        before = data.rfind(b"\n", 0, cut - 1) + 1
        odd ^= data.count(b'"', before, cut) % 2
        cut = before
    return end


def _opened(path: Path, stack: ExitStack) -> io.BufferedIOBase:
    try:
        if path.is_dir():
            raise Unreadable(Sentence(N_("%(file)s is a folder. Name the files in it."), file=path))
        file = stack.enter_context(path.open("rb"))
        start = file.read(4)
        file.seek(0)
        if start[:2] == b"\x1f\x8b":
            return stack.enter_context(gzip.GzipFile(fileobj=file))
        if start[:4] == b"PK\x03\x04":
            packed = stack.enter_context(zipfile.ZipFile(file))
            names = [i for i in packed.infolist() if not i.is_dir()]
            if len(names) != 1:
                raise Unreadable(
                    Sentence(N_("%(file)s holds %(num)s files. Unpack it and name them."), file=path, num=len(names))
                )
            if names[0].flag_bits & 1:
                raise Unreadable(Sentence(N_("%(file)s is locked with a password. Unpack it first."), file=path))
            return cast(io.BufferedIOBase, stack.enter_context(packed.open(names[0])))
        if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise Unreadable(Sentence(N_("%(file)s is UTF-16 text. Save it as UTF-8 and try again."), file=path))
        if not start:
            raise Unreadable(Sentence(N_("%(file)s is empty. Was it exported whole?"), file=path))
        return file
    # zipfile says RuntimeError of a file it cannot unlock, and NotImplementedError of a packing it does not know.
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as bad:
        raise Unreadable(_refused(path, bad)) from None


def _refused(path: Path, bad: Exception) -> Sentence:
    if isinstance(bad, FileNotFoundError):
        return Sentence(N_("There is no file %(file)s. Check the name and try again."), file=path)
    if isinstance(bad, PermissionError):
        words = N_("You do not have permission to read %(file)s. Ask its owner, or copy it to a place of your own.")
        return Sentence(words, file=path)
    return Sentence(N_("%(file)s cannot be read (%(cause)s)."), file=path, cause=_cause(bad))


def _cause(bad: Exception) -> str:
    return (isinstance(bad, OSError) and bad.strerror) or str(bad) or type(bad).__name__


def _without_header(path: Path, data: bytearray) -> int:
    """Takes a byte order mark and a header off the data; gives back the number of the line with which it then starts.
    Raises Unreadable for a header whose columns are not ours."""
    if data.startswith(b"\xef\xbb\xbf"):
        del data[:3]
    end = data.find(b"\n") + 1 or len(data)
    try:
        cells = next(csv.reader([data[:end].decode("latin-1").rstrip("\r\n")]))
    except csv.Error:  # a bad first record (too long, a carriage return in it): it is rejected as such later
        return 1
    if not cells or cells[0].strip().upper() != COLUMNS[0]:
        return 1
    names = [c.strip().upper() for c in cells]
    if names and not names[-1] and len(names) == len(COLUMNS) + 1:
        names.pop()  # an extra trailing comma
    wrong = [(i, a, b) for i, (a, b) in enumerate(zip(names, COLUMNS, strict=False), 1) if a != b]
    if len(names) != len(COLUMNS) or wrong:
        if not wrong:
            words = N_("%(file)s is not the 95-column extract: its header has %(num)s columns.")
            raise Unreadable(Sentence(words, file=path, num=len(names)))
        place, found, wanted = wrong[0]
        words = N_("%(file)s is not the 95-column extract: its column %(place)s is %(found)s and not %(wanted)s.")
        raise Unreadable(Sentence(words, file=path, place=place, found=repr(found), wanted=wanted))
    del data[:end]
    return 2


def in_order(
    pool: ThreadPoolExecutor, work: Callable[[Block], Made], items: Iterable[Block], ahead: int
) -> Iterator[Made]:
    """The results of the work in the order of the items, with no more than ``ahead`` of them waiting."""
    waiting: list[Future[Made]] = []
    try:
        for item in items:
            waiting.append(pool.submit(work, item))
            if len(waiting) > ahead:
                yield waiting.pop(0).result()
        while waiting:
            yield waiting.pop(0).result()
    finally:
        for future in waiting:
            future.cancel()


def records(block: Block, line: int = 0) -> Iterator[Kept | Rejected]:
    """The records of a block, one by one, good and bad, in order; ``line`` is the number of its first line. A blank
    line is neither."""
    lines = bytes(block.data).split(b"\n")
    lines.pop()
    at = 0
    while at < len(lines):
        raw, number = lines[at], line + at
        at += 1
        if not raw.strip():
            continue
        if raw.count(b'"') % 2:
            joined, taken = _closed(lines, at, raw)
            if joined is None:
                yield Rejected(number, raw, Sentence(UNBALANCED))
                continue
            raw, at = joined, taken
        yield _read(number, raw)


def _closed(lines: Sequence[bytes], at: int, raw: bytes) -> tuple[bytes | None, int]:
    """The record with the lines that close its open quotation mark, if that makes it one of the right width."""
    parts = [raw]
    for more in range(at, min(at + _OPEN_LINES, len(lines))):
        parts.append(lines[more])
        if lines[more].count(b'"') % 2:
            whole = b"\n".join(parts)
            return (whole, more + 1) if isinstance(_read(0, whole), Kept) else (None, at)
    return None, at


def _read(line: int, raw: bytes) -> Kept | Rejected:
    if len(raw) > LONGEST:
        return Rejected(line, raw, Sentence(TOO_LONG))
    if b"\0" in raw:
        return Rejected(line, raw, Sentence(NUL))
    csv.field_size_limit(LONGEST)
    try:
        rows = list(csv.reader(io.StringIO(raw.decode("latin-1"), newline=""), strict=True))
    except csv.Error:
        return Rejected(line, raw, Sentence(WRONG_QUOTES))
    if len(rows) != 1:
        return Rejected(line, raw, Sentence(RETURN))  # a line feed is never outside quotation marks here
    cells = rows[0]
    if len(cells) != len(COLUMNS):
        return Rejected(line, raw, Sentence(WRONG_WIDTH, num=len(cells)))
    if not cells[SUBJECT].strip(BLANKS):
        return Rejected(line, raw, Sentence(NO_SUBJECT))
    return Kept(line, raw, cells)
