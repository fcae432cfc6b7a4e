"""The result files byte for byte: what is put behind each line, and what a stopped run may go on from."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from rules.bulk import outputs
from rules.bulk.outputs import ALL, CONDENSED, CONDENSED_NAMES, PROP64, Results, Tails, Written, written
from rules.bulk.review import ADDED, PLAIN_TAIL
from rules.bulk.scan import Block
from rules.sources.doj_extract import COLUMNS
from tests.rules.bulk.made_up import cells, convicted, extract

FILES = (ALL, CONDENSED, PROP64)


def lines(*made: list[str]) -> list[bytes]:
    return [extract([record], header=False).removesuffix(b"\n") for record in made]


ONE, TWO, THREE = lines(convicted(), convicted(SUBJECT_ID="2", OFN="A,B"), cells(SUBJECT_ID="3"))
OVER_TWO_LINES = lines(convicted(COMMENT_TEXT="first\nsecond"))[0]


def short(line: bytes) -> bytes:
    """The condensed columns of a line, as another reader of CSV finds them."""
    (row,) = csv.reader(io.StringIO(line.decode("latin-1"), newline=""))
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow([dict(zip(COLUMNS, row, strict=True))[n] for n in CONDENSED_NAMES])
    return out.getvalue().replace("\n", " ").encode("latin-1")


def block(*its: bytes, number: int = 0) -> Block:
    return Block(number, 0, 1, b"".join(line + b"\n" for line in its))


def joined(made: Written) -> tuple[bytes, bytes, bytes]:
    return b"".join(made.all), b"".join(made.condensed), b"".join(made.prop64)


def test_a_header_names_the_columns_and_what_is_added() -> None:
    made = outputs.header(("A", "B, C"))
    assert made.startswith(b'A,"B, C",')
    assert made.endswith(b"\n")
    assert (made.count(b"\n"), made.count(b"\r")) == (1, 0)
    assert next(csv.reader([made.decode()])) == ["A", "B, C", *ADDED]


@pytest.mark.parametrize(
    ("first", "last", "places", "why"),
    [
        (0, 10, range(3), "all"),
        (2, 9, range(2), "the first counts, the last does not"),
        (3, 5, range(1, 1), "none lies between"),
        (10, 20, range(3, 3), "all lie before"),
    ],
)
def test_tails_of_a_block_are_found_by_the_numbers_of_its_records(
    first: int, last: int, places: range, why: str
) -> None:
    assert list(Tails([2, 5, 9], [b""] * 3, [True] * 3).between(first, last)) == list(places), why


@pytest.mark.parametrize("start", [0, 10])
@pytest.mark.parametrize(
    ("its", "clean", "own", "why"),
    [
        ([ONE, TWO, THREE], True, {}, "nothing was determined"),
        ([ONE, TWO, THREE], True, {0: True}, "the first record"),
        ([ONE, TWO, THREE], True, {2: True}, "the last record"),
        ([ONE, TWO, THREE], True, {0: True, 1: False, 2: True}, "all, of which one is only a comment"),
        ([ONE, TWO, THREE], True, {1: False}, "only a comment: not among the determinations"),
        ([ONE, TWO, THREE, ONE, TWO, THREE, ONE], True, {2: True, 5: True}, "plain ones before, between and behind"),
        ([b"too,short", ONE, b"", TWO, b"bad"], False, {1: True}, "what is no record is left out, and not counted"),
        ([ONE, b"bad", OVER_TWO_LINES, TWO], False, {0: False, 1: True}, "a line end inside a cell is no end"),
        ([ONE, OVER_TWO_LINES, TWO], False, {2: True}, "and the tail stands behind the record"),
    ],
)
def test_each_record_gets_its_own_tail_or_the_plain_one(
    its: list[bytes], clean: bool, own: dict[int, bool], why: str, start: int
) -> None:
    """Also where records of other blocks before and after have tails of their own."""
    numbers = [start - 1, *(start + n for n in own), start + len(its)]
    tails = Tails(numbers, [b",before", *(b",tail %d" % n for n in own), b",after"], [True, *own.values(), True])
    kept = [line for line in its if line.count(b",") > 90]
    ends = [b",tail %d" % n if n in own else PLAIN_TAIL for n in range(len(kept))]
    expected = (
        b"".join(line + end + b"\n" for line, end in zip(kept, ends, strict=True)),
        b"".join(short(line) + end + b"\n" for line, end in zip(kept, ends, strict=True)),
        b"".join(kept[n] + ends[n] + b"\n" for n, determined in own.items() if determined),
    )
    assert joined(written(block(*its), clean, start, len(kept), tails, None)) == expected, why


def test_condensed_columns_made_before_are_taken_for_a_clean_block_only() -> None:
    tails = Tails([], [], [])

    def condense(its: Block) -> bytes:
        return b"short %d\nshort 2\n" % its.number

    def declines(_: Block) -> None:
        return None

    _, made, _ = joined(written(block(ONE, TWO, number=1), True, 0, 2, tails, condense))
    assert made == b"short 1" + PLAIN_TAIL + b"\nshort 2" + PLAIN_TAIL + b"\n"
    read = b"".join(short(line) + PLAIN_TAIL + b"\n" for line in (ONE, TWO))
    assert joined(written(block(ONE, TWO), True, 0, 2, tails, declines))[1] == read
    assert joined(written(block(ONE, b"bad", TWO), False, 0, 2, tails, condense))[1] == read


@pytest.mark.parametrize(
    ("its", "clean", "count", "own", "condense"),
    [
        pytest.param([ONE], True, 2, [], None, id="a record is gone"),
        pytest.param([ONE, TWO], True, 1, [], None, id="there is one more"),
        pytest.param([ONE], True, 2, [1], None, id="the record of a tail is gone"),
        pytest.param([], True, 1, [0], None, id="all is gone"),
        pytest.param([ONE, b"bad"], False, 2, [], None, id="a record is bad now"),
        pytest.param([ONE, TWO], True, 2, [], b"short\n", id="the condensed columns are of another block"),
    ],
)
def test_a_block_that_is_not_what_it_was_stops_the_review(
    its: list[bytes], clean: bool, count: int, own: list[int], condense: bytes | None
) -> None:
    tails = Tails(own, [b",tail"] * len(own), [True] * len(own))
    how: Callable[[Block], bytes | None] | None = None if condense is None else lambda _: condense
    with pytest.raises(ValueError, match=f"block 7 does not have the {count} records"):
        written(block(*its, number=7), clean, 0, count, tails, how)


@pytest.mark.parametrize(
    ("written_so", "made"),
    [
        ("plain", b"plain"),
        ("a,b", b'"a,b"'),
        ("first\nsecond\r\nthird\rfourth", b"first second third fourth"),
        ("Jos\xe9", b"Jos\xe9"),
        ("\u0141", b"?"),  # a letter that Latin-1 lacks
    ],
)
def test_a_condensed_cell_is_one_line_of_latin_1(written_so: str, made: bytes) -> None:
    assert outputs.condensed(cells(PRI_NAME=written_so)).split(b",", 1)[1].startswith(made + b",")


# ---- files that grow


def results(work: Path, key: dict[str, Any] | None = None, resume: bool = True) -> Results:
    return Results(work, {"files": ("a",), "day": 1} if key is None else key, resume)


def grown(work: Path) -> None:
    """A run of two blocks that was stopped after the first had been noted; more had been written by then."""
    with results(work, resume=False) as made:
        made.add(Written([b"one\n"], [b"1\n"], []))
        made.finish()
        made.add(Written([b"two\n"], [b"2\n"], [b"II\n"]))


def read(work: Path) -> tuple[bytes, bytes, bytes]:
    all_, condensed, prop64 = (
        (work / name).read_bytes().removeprefix(outputs.HEADERS[name]) for name in (ALL, CONDENSED, PROP64)
    )
    return all_, condensed, prop64


def test_results_begin_with_their_headers_and_grow_by_blocks(tmp_path: Path) -> None:
    with results(tmp_path) as made:
        assert (made.resumed, made.blocks) == (False, 0)
        assert [(tmp_path / name).read_bytes() for name in FILES] == [outputs.HEADERS[name] for name in FILES]
        made.add(Written([b"o", bytearray(b"ne\n")], [b"1\n"], []))
        made.add(Written([b"two\n"], [b"2\n"], [b"II\n"]))
        assert made.blocks == 2
        made.finish()
    assert read(tmp_path) == (b"one\ntwo\n", b"1\n2\n", b"II\n")
    assert {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in FILES} == {0o600}
    assert json.loads((tmp_path / "checkpoint.json").read_text()) == {
        "key": {"files": ["a"], "day": 1},
        "blocks": 2,
        "sizes": {name: (tmp_path / name).stat().st_size for name in FILES},
    }


def test_a_stopped_run_is_gone_on_from_where_it_was_noted(tmp_path: Path) -> None:
    grown(tmp_path)
    assert read(tmp_path) == (b"one\ntwo\n", b"1\n2\n", b"II\n")
    with results(tmp_path) as made:
        assert (made.resumed, made.blocks) == (True, 1)
        assert read(tmp_path) == (b"one\n", b"1\n", b"")  # what was not noted is cut off
        made.add(Written([b"again\n"], [b"2\n"], []))
    assert read(tmp_path) == (b"one\nagain\n", b"1\n2\n", b"")


def test_a_run_of_which_all_was_noted_is_gone_on_from_too(tmp_path: Path) -> None:
    with results(tmp_path) as made:
        made.add(Written([b"one\n"], [b"1\n"], []))
        made.finish()
    with results(tmp_path) as made:
        assert (made.resumed, made.blocks) == (True, 1)


def spoil(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], None]:
    def run(work: Path) -> None:
        noted = json.loads((work / "checkpoint.json").read_text())
        (work / "checkpoint.json").write_text(json.dumps(change(noted)))

    return run


@pytest.mark.parametrize(
    "spoilt",
    [
        pytest.param(lambda work: (work / "checkpoint.json").unlink(), id="nothing was noted"),
        pytest.param(lambda work: (work / "checkpoint.json").write_text("{"), id="the note is torn"),
        pytest.param(lambda work: (work / PROP64).unlink(), id="a file is gone"),
        pytest.param(lambda work: os.truncate(work / CONDENSED, 5), id="a file is shorter than was noted"),
        pytest.param(
            spoil(lambda noted: {"blocks": noted["blocks"], "sizes": noted["sizes"]}),
            id="a note of nobody knows what run",
        ),
        pytest.param(spoil(lambda noted: {"blocks": noted["blocks"], "key": noted["key"]}), id="a note without sizes"),
        pytest.param(spoil(lambda noted: [noted]), id="a note of another form"),
    ],
)
def test_what_cannot_be_gone_on_from_is_begun_anew(tmp_path: Path, spoilt: Callable[[Path], object]) -> None:
    grown(tmp_path)
    spoilt(tmp_path)
    with results(tmp_path) as made:
        assert (made.resumed, made.blocks) == (False, 0)
    assert read(tmp_path) == (b"", b"", b"")


def test_a_run_of_something_else_or_one_that_shall_not_go_on_begins_anew(tmp_path: Path) -> None:
    for key, resume in (({"files": ("a",), "day": 2}, True), (None, False)):
        grown(tmp_path)
        with results(tmp_path, key, resume) as made:
            assert (made.resumed, made.blocks) == (False, 0)
        assert read(tmp_path) == (b"", b"", b"")


def test_it_is_noted_every_so_many_bytes_and_never_twice_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outputs, "NOTED_EVERY", 10)
    noted: list[int] = []
    monkeypatch.setattr(Results, "_sync", lambda _, what: noted.append(what["blocks"]))
    with results(tmp_path) as made:
        after = []
        for size in (6, 3, 1, 9, 1, 30):  # bytes of the three files together
            made.add(Written([b"x" * (size - 1)], [b"x"], []))
            if made._noting is not None:
                made._noting.result()
            after.append(list(noted))
        assert after == [[], [], [3], [3], [3, 5], [3, 5, 6]]

        class Busy:
            def done(self) -> bool:
                return False

        made._noting = Busy()  # type: ignore[assignment]  # all that is asked of it here
        made.add(Written([b"x" * 30], [], []))
        assert noted == [3, 5, 6]
        made._noting = None


def test_a_checkpoint_is_written_only_when_all_it_speaks_of_is_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[Any] = []
    monkeypatch.setattr(outputs, "let_go", lambda _, size: done.append(size))
    monkeypatch.setattr(outputs, "write_whole", lambda path, _: done.append(path.name))
    with results(tmp_path) as made:
        made.add(Written([b"one\n"], [], []))
        made.finish()
    sizes = [len(outputs.HEADERS[name]) for name in FILES]
    assert done == [sizes[0] + 4, sizes[1], sizes[2], "checkpoint.json"]


def test_what_cannot_be_brought_to_the_disk_is_not_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(outputs, "let_go", full)
    with results(tmp_path) as made, pytest.raises(OSError, match="No space"):
        made.finish()


def test_files_are_closed_only_when_they_are_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []

    def slow(file: int, _: int) -> None:
        time.sleep(0.02)
        sizes.append(os.fstat(file).st_size)  # refused for a file that is closed

    monkeypatch.setattr(outputs, "let_go", slow)
    with results(tmp_path) as made:
        made._note()
    assert sizes == [len(outputs.HEADERS[name]) for name in FILES]


# ---- writing


@pytest.mark.parametrize("taken", [None, 3], ids=["whole", "the system takes three bytes at a time"])
@pytest.mark.parametrize(
    ("pieces", "why"),
    [
        ([], "nothing"),
        ([b""], "an empty piece"),
        ([b"ab", bytearray(b"cd"), b"", b"e"], "small pieces"),
        ([b"abcdefghij", b"k"], "a piece of just as much as goes into one call, and more"),
        ([b"abcdefghijklmnopqrstuvwxyz", b"0123"], "a piece of several calls"),
        ([b"a"] * 25, "more pieces than go into one call"),
    ],
)
def test_all_pieces_are_written_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pieces: list[bytes], taken: int | None, why: str
) -> None:
    monkeypatch.setattr(outputs, "_AT_ONCE", 10)
    monkeypatch.setattr(outputs, "_MOST", 4)
    writev, write = os.writev, os.write
    asked: list[int] = []

    def some(file: int, its: Sequence[Any]) -> int:
        asked.append(len(its))
        return writev(file, its) if taken is None else write(file, b"".join(its)[:taken])

    monkeypatch.setattr(os, "writev", some)
    monkeypatch.setattr(os, "write", lambda file, data: write(file, data[:taken]))
    file = os.open(tmp_path / "x", os.O_WRONLY | os.O_CREAT)
    try:
        assert outputs._write(file, pieces) == len(b"".join(pieces)), why
    finally:
        os.close(file)
    assert (tmp_path / "x").read_bytes() == b"".join(pieces), why
    assert max(asked, default=1) <= 4


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.json"
    left = tmp_path / ".x.json.part"
    left.write_bytes(b"left by a run that was stopped, and longer than what comes")
    left.chmod(0o600)
    old = os.umask(0)
    try:
        outputs.write_whole(path, b"old")
        outputs.write_whole(tmp_path / "y.json", b"of a run that nothing was left by")
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "y.json").stat().st_mode) == 0o600
    (tmp_path / "y.json").unlink()
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("x.json", b"old")]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    closed: list[int] = []
    close = os.close

    def closing(file: int) -> None:
        closed.append(file)
        close(file)

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        patched.setattr(os, "close", closing)
        with pytest.raises(OSError, match="No space"):
            outputs.write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert len(closed) == 1


def test_files_get_their_final_names_and_the_folder_is_brought_to_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work, out = tmp_path / "work", tmp_path / "out"
    work.mkdir()
    out.mkdir()
    for name in ("a", "b", "c"):
        (work / name).write_text(name)
    opened: dict[int, object] = {}
    synced: list[object] = []
    open_ = os.open

    def opening(path: Path, flags: int) -> int:
        file = open_(path, flags)
        opened[file] = path
        return file

    monkeypatch.setattr(os, "open", opening)
    monkeypatch.setattr(os, "fsync", lambda file: synced.append(opened[file]))
    outputs.settle(work, out, ("a", "b"))
    assert {p.name: p.read_text() for p in out.iterdir()} == {"a": "a", "b": "b"}
    assert [p.name for p in work.iterdir()] == ["c"]
    assert synced == [out]
    outputs.sync_folder(tmp_path / "missing")  # a system that cannot is no reason to stop


def test_memory_is_let_go_only_of_what_is_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[tuple[object, ...]] = []
    monkeypatch.setattr(os, "fsync", lambda file: done.append(("fsync", file)))
    monkeypatch.setattr(os, "posix_fadvise", lambda *what: done.append(what), raising=False)
    monkeypatch.setattr(os, "POSIX_FADV_DONTNEED", 4, raising=False)
    outputs.let_go(7, 100)
    assert done == [("fsync", 7), (7, 0, 100, 4)]
