"""Files as they come: packed, oddly encoded, with bad lines. One bad record never costs the others."""

from __future__ import annotations

import csv
import gzip
import itertools
import os
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rules.bulk import scan
from rules.bulk.by_columns import parsed
from rules.bulk.scan import Block, Kept, LineNumbers, Rejected, Unreadable, blocks, readable, records
from rules.sources.doj_extract import COLUMNS, PLACES, READ
from tests.rules.bulk.made_up import convicted, extract

HEADER = ",".join(COLUMNS)


def good(**its: str) -> bytes:
    return extract([convicted(**its)], header=False).rstrip(b"\n")


def file(folder: Path, *lines: bytes, end: bytes = b"\n", name: str = "extract.csv") -> Path:
    path = folder / name
    path.write_bytes(end.join(lines) + end)
    return path


def read(path: Path, size: int = 1 << 20) -> Iterator[Kept | Rejected]:
    lines = LineNumbers()
    for block in blocks([path], size):
        yield from records(block, lines.before(block, block.data.count(b"\n")))


def reasons(path: Path, size: int = 1 << 20) -> list[tuple[int, str]]:
    """Line and reason of what was rejected; an empty reason for what was kept."""
    return [(r.line, r.reason if isinstance(r, Rejected) else "") for r in read(path, size)]


@pytest.mark.parametrize(
    "header",
    [
        HEADER,
        HEADER.lower(),
        HEADER + ",",
        "\ufeff" + HEADER,
        "\ufeff" + ",".join(f'"{name}"' for name in COLUMNS),
        ",".join(f" {name} " for name in COLUMNS),
    ],
)
def test_a_header_is_known_however_it_is_written(tmp_path: Path, header: str) -> None:
    assert reasons(file(tmp_path, header.encode(), good())) == [(2, "")]


def test_a_file_without_a_header_starts_with_its_first_record(tmp_path: Path) -> None:
    assert reasons(file(tmp_path, good(), good(), name="extract.dat")) == [(1, ""), (2, "")]


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (HEADER.replace("SUBJECT_ID", "PERSON"), "its column 3 is 'PERSON' and not SUBJECT_ID."),
        (HEADER.removesuffix(",END_OF_REC"), "its header has 94 columns."),
        (f"{HEADER},MORE", "its header has 96 columns."),
        (HEADER.removesuffix("END_OF_REC"), "its column 95 is '' and not END_OF_REC."),
    ],
)
def test_a_header_of_another_layout_is_refused(tmp_path: Path, header: str, words: str) -> None:
    path = file(tmp_path, header.encode(), good())
    with pytest.raises(Unreadable) as refused:
        list(blocks([path]))
    assert refused.value.sentence == f"{path} is not the 95-column extract: {words}"


@pytest.mark.parametrize("size", [300, 1500, 4000])
def test_a_header_is_known_and_blocks_are_numbered_however_much_is_read_at_once(tmp_path: Path, size: int) -> None:
    paths = [file(tmp_path, HEADER.encode(), *[good()] * 20, name=f"{n}.csv") for n in range(2)]
    paths.append(file(tmp_path, *[good()] * 20, name="without.csv"))
    found = list(blocks(paths, size))
    assert [b.number for b in found] == list(range(len(found)))
    assert [file for file, _ in itertools.groupby(b.file for b in found)] == [0, 1, 2]
    assert {(b.file, b.first) for b in found} == {(0, 2), (1, 2), (2, 1)}
    assert b"".join(b.data for b in found) == (good() + b"\n") * 60
    assert max(len(b.data) for b in found) <= size + len(HEADER)  # no more is held at once


CUT = good(COMMENT_TEXT="first\nsecond").partition(b"\n")
OPEN = good(PRI_NAME="RUIZ").replace(b"RUIZ", b'"RUIZ')


@pytest.mark.parametrize(
    ("whole", "rest", "why"),
    [
        ([], [], "nothing"),
        ([], [good()], "a line without its end"),
        ([good(), good()], [], "whole records"),
        ([good() + b"\r", good() + b"\r"], [], "whole records of Windows"),
        ([good(), good()], [good()[:50]], "and a part of another"),
        ([good(), CUT[0] + CUT[1] + CUT[2]], [], "a record over two lines"),
        ([good()], [CUT[0], CUT[2][:5]], "its first line is no end"),
        ([good()], [CUT[0], b""], "and a line end inside its cell is none"),
        ([good(), OPEN, good(), good()], [], "a mark without its partner: what ends with a whole record is whole"),
        ([good()], [OPEN, b"x"], "the mark may be closed in the line to come"),
        ([CUT[0]], [b""], "nothing but an open record"),
        ([OPEN, *[b"bad"] * 60], [b""], "but not fifty lines later"),
    ],
)
def test_a_block_ends_where_a_record_surely_ends(whole: list[bytes], rest: list[bytes], why: str) -> None:
    surely = b"".join(line + b"\n" for line in whole)
    assert scan._end_of_record(bytearray(surely + b"\n".join(rest))) == len(surely), why


MALFORMED = pytest.mark.parametrize(
    ("bad", "why"),
    [
        (good() + b",", scan.WRONG_WIDTH % {"num": 96}),
        (good().rsplit(b",", 1)[0], scan.WRONG_WIDTH % {"num": 94}),
        (b"x", scan.WRONG_WIDTH % {"num": 1}),
        (good(PRI_NAME="A\0B"), scan.NUL),
        (good(SUBJECT_ID=" "), scan.NO_SUBJECT),
        (good(PRI_NAME="RUIZ").replace(b"RUIZ", b'"RUIZ'), scan.UNBALANCED),
        (good(PRI_NAME="RUIZ").replace(b"RUIZ", b'"RU"IZ'), scan.WRONG_QUOTES),
        (good(COMMENT_TEXT="x" * scan.LONGEST), scan.TOO_LONG),
        (good(PRI_NAME="RUIZ").replace(b"RUIZ", b"RU\rIZ"), scan.RETURN),
    ],
)


@MALFORMED
def test_a_malformed_record_is_rejected_alone_with_its_line_and_reason(tmp_path: Path, bad: bytes, why: str) -> None:
    path = file(tmp_path, HEADER.encode(), good(), bad, good())
    assert reasons(path) == [(2, ""), (3, why), (4, "")]
    assert [r.raw for r in read(path)] == [good(), bad, good()]
    (block,) = blocks([path], 4 << 20)
    assert parsed(block, READ) is None  # columns leave it to the reading record by record


@MALFORMED
def test_a_file_without_a_header_may_begin_with_a_malformed_record(tmp_path: Path, bad: bytes, why: str) -> None:
    csv.field_size_limit(131_072)  # as Python has it before anything was read
    assert reasons(file(tmp_path, bad, good())) == [(1, why), (2, "")]


def test_line_ends_of_an_old_macintosh_make_one_bad_line(tmp_path: Path) -> None:
    path = file(tmp_path, HEADER.encode(), good(), good(), end=b"\r")
    assert reasons(path) == [(1, scan.RETURN)]


def test_a_line_of_ten_megabytes_is_rejected_and_the_rest_is_read(tmp_path: Path) -> None:
    path = file(tmp_path, good(), good(COMMENT_TEXT="x" * 10_000_000), good())
    assert [line for line, why in reasons(path) if why == scan.TOO_LONG] == [2]
    assert all(good()[:40] == r.raw[:40] for r in read(path) if isinstance(r, Rejected))
    assert [why for _, why in reasons(path)].count("") == 2


def test_a_carriage_return_may_stand_inside_quotation_marks(tmp_path: Path) -> None:
    path = file(tmp_path, good(), good(COMMENT_TEXT="first,\rsecond"), good())
    assert reasons(path) == [(1, ""), (2, ""), (3, "")]
    assert [r.cells[PLACES["COMMENT_TEXT"]] for r in read(path) if isinstance(r, Kept)] == ["", "first,\rsecond", ""]


def test_a_byte_that_only_looks_blank_is_a_subject(tmp_path: Path) -> None:
    path = file(tmp_path, good(SUBJECT_ID="\xa0"))
    assert reasons(path) == [(1, "")]
    (block,) = blocks([path])
    assert parsed(block, READ) is not None  # and for columns it is one too


def test_blank_lines_are_nothing(tmp_path: Path) -> None:
    assert reasons(file(tmp_path, good(), b"", b"   ", good())) == [(1, ""), (4, "")]


def test_a_last_column_that_is_blank_everywhere_still_tells_short_records(tmp_path: Path) -> None:
    whole = good(END_OF_REC="")
    (block,) = blocks([file(tmp_path, whole, whole)])
    found = parsed(block, READ)
    assert found is not None
    assert found.height == 2
    (block,) = blocks([file(tmp_path, whole, whole.removesuffix(b","))])
    assert parsed(block, READ) is None


@pytest.mark.parametrize("size", [700, 1000, 1500, 100_000])
def test_line_ends_inside_a_cell_do_not_end_the_record_wherever_a_block_ends(tmp_path: Path, size: int) -> None:
    two = good(COMMENT_TEXT="first\nsecond")
    path = file(tmp_path, good(), two, good(), two, two, good())
    found = list(read(path, size))
    assert [type(r) for r in found] == [Kept] * 6
    assert [r.raw for r in found] == [good(), two, good(), two, two, good()]
    assert [r.line for r in found] == [1, 2, 4, 5, 7, 9]


def test_a_block_ends_with_a_record_wherever_the_bytes_that_are_read_end(tmp_path: Path) -> None:
    three = good(COMMENT_TEXT='a "quoted"\nw"or"d\nand another', PRI_NAME="RUIZ,ANA")
    lines = [good(), three, three, good(PRI_NAME='"'), three, good()]
    path = file(tmp_path, *lines)
    for size in range(700, len(path.read_bytes()) + 100, 17):  # more than the longest record
        found = list(blocks([path], size))
        assert b"".join(bytes(b.data) for b in found) == path.read_bytes()
        assert [r.raw for b in found for r in records(b)] == lines, size


@pytest.mark.parametrize("size", [500, 900, 100_000])
def test_an_unbalanced_quotation_mark_costs_one_line(tmp_path: Path, size: int) -> None:
    bad = good(PRI_NAME="RUIZ").replace(b"RUIZ", b'"RUIZ')
    lines = [good()] * 3 + [bad] + [good()] * 70
    found = reasons(file(tmp_path, *lines), size)
    assert [line for line, why in found if why] == [4]
    assert len(found) == 74
    lines[6] = bad  # closes the mark of line 4, but what is between them is no record
    assert [line for line, why in reasons(file(tmp_path, *lines), size) if why] == [4, 7]


def test_windows_line_ends(tmp_path: Path) -> None:
    path = file(tmp_path, HEADER.encode(), good(), good(), end=b"\r\n")
    assert [r.raw for r in read(path) if isinstance(r, Kept)] == [good(), good()]


def test_a_file_that_does_not_end_with_a_line_end(tmp_path: Path) -> None:
    path = tmp_path / "extract.csv"
    path.write_bytes(good() + b"\n" + good())
    assert reasons(path) == [(1, ""), (2, "")]
    assert [r.raw for r in read(path)] == [good(), good()]
    path.write_text(HEADER)
    with pytest.raises(Unreadable, match="holds no record"):
        list(read(path))


def test_bytes_of_windows_1252_pass_through_and_are_read_as_they_were_meant(tmp_path: Path) -> None:
    path = file(tmp_path, good(PRI_NAME="PE\xd1A,JOS\xc9 \x93X\x94"))
    (record,) = read(path)
    assert isinstance(record, Kept)
    assert b"PE\xd1A,JOS\xc9 \x93X\x94" in record.raw
    assert readable(record.cells[12]) == "PEÑA,JOSÉ “X”"
    utf8 = file(tmp_path, good(PRI_NAME="Nguyễn".encode().decode("latin-1")))
    (record,) = read(utf8)
    assert isinstance(record, Kept)
    assert readable(record.cells[12]) == "Nguyễn"
    assert readable("\x81") == "?"  # a byte that means nothing in Windows-1252


def test_packed_files_are_read(tmp_path: Path) -> None:
    data = extract([convicted(), convicted()])
    packed = tmp_path / "extract.csv.gz"
    packed.write_bytes(gzip.compress(data))
    zipped = tmp_path / "extract.zip"
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("extract.dat", data)
    assert reasons(packed) == reasons(zipped) == [(2, ""), (3, "")]


def test_what_cannot_be_used_says_why(tmp_path: Path) -> None:
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    only_header = file(tmp_path, HEADER.encode(), name="header.csv")
    broken = tmp_path / "broken.gz"
    broken.write_bytes(gzip.compress(extract([convicted()] * 50))[:-40])
    two = tmp_path / "two.zip"
    with zipfile.ZipFile(two, "w") as archive:
        archive.writestr("a", "x")
        archive.writestr("b", "x")
    with_folder = tmp_path / "folder.zip"
    with zipfile.ZipFile(with_folder, "w") as archive:
        archive.writestr("folder/", "")
        archive.writestr("folder/a.dat", "x" * 20)
    assert [r.raw for r in read(with_folder)] == [b"x" * 20]
    locked = tmp_path / "locked.zip"
    packed = bytearray(with_folder.read_bytes())
    for start, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):  # the bit that says "encrypted", in both its places
        packed[packed.rfind(start) + flags] |= 1
    locked.write_bytes(packed)
    not_a_zip = tmp_path / "not.zip"
    not_a_zip.write_bytes(b"PK\x03\x04nothing")
    utf16 = tmp_path / "utf16.csv"
    utf16.write_text(HEADER, encoding="utf-16")
    utf16_big = tmp_path / "utf16-big.csv"
    utf16_big.write_bytes(b"\xfe\xff" + HEADER.encode("utf-16-be"))
    cut = "Compressed file ended before the end-of-stream marker was reached"
    for path, words in (
        (empty, "{} is empty. Was it exported whole?"),
        (only_header, "{} holds no record. Was it exported whole?"),
        (tmp_path, "{} is a folder. Name the files in it."),
        (tmp_path / "missing.csv", "There is no file {}. Check the name and try again."),
        (broken, f"{{}} cannot be read to its end ({cut}). Copy it again."),
        (two, "{} holds 2 files. Unpack it and name them."),
        (locked, "{} is locked with a password. Unpack it first."),
        (not_a_zip, "{} cannot be read (File is not a zip file)."),
        (utf16, "{} is UTF-16 text. Save it as UTF-8 and try again."),
        (utf16_big, "{} is UTF-16 text. Save it as UTF-8 and try again."),
    ):
        with pytest.raises(Unreadable) as refused:
            list(read(path))
        assert refused.value.sentence == words.format(path)


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = file(tmp_path, good())
    path.chmod(0)
    with pytest.raises(Unreadable, match="permission"):
        list(read(path))


def test_a_file_that_the_system_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = file(tmp_path, good())

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "open", refused)
    words = "You do not have permission to read {}. Ask its owner, or copy it to a place of your own."
    with pytest.raises(Unreadable) as stopped:
        list(read(path))
    assert stopped.value.sentence == words.format(path)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (OSError(5, "Input/output error", "x.csv"), "Input/output error"),
        (EOFError("Compressed file ended"), "Compressed file ended"),
        (OSError("no number"), "no number"),
        (EOFError(), "EOFError"),
    ],
)
def test_why_a_file_cannot_be_read_is_always_said(bad: Exception, said: str) -> None:
    assert scan._cause(bad) == said


def test_work_is_given_back_in_order_and_not_far_ahead() -> None:
    taken: list[int] = []

    def items() -> Iterator[Block]:
        for number in range(8):
            taken.append(number)
            yield Block(number, 0, 1, b"")

    ahead = []
    with ThreadPoolExecutor(2) as pool:
        for made in scan.in_order(pool, lambda block: block.number, items(), 3):
            ahead.append((made, len(taken)))
    # Three more are under way while one is waited for, so that a large file is never held.
    assert ahead == [(0, 4), (1, 5), (2, 6), (3, 7), (4, 8), (5, 8), (6, 8), (7, 8)]
