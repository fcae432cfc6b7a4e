"""Files that are broken, or made to break the program; a full disk; and several processes at once.

Each ends in one clear sentence, in bounded time and memory, and leaves no half-written file behind.
"""

from __future__ import annotations

import errno
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
import warnings
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from drawn import drawn_file
from pikepdf import Array, Dictionary, Name, Pdf, String
from test_forms_not_held import as_published, put

import forms
from forms import drift
from forms.adopt import adopt_revision, bounded, full_name, install_one, opened
from forms.blanks import check_one, fingerprint, write_whole
from forms.fill import fill_spec
from forms.spec import FormSpec

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def spec() -> FormSpec:
    return as_published(forms.specs()["CR-106"])


@pytest.fixture
def source(spec: FormSpec, tmp_path: Path) -> Path:
    return put(tmp_path / "in", spec)


@pytest.fixture
def blanks(spec: FormSpec, source: Path, tmp_path: Path) -> Path:
    assert install_one(spec, [source], tmp_path / "blanks").state == "adopted"
    return tmp_path / "blanks"


def plain(spec: FormSpec, change: Callable[[Pdf], None]) -> bytes:
    """The drawn file with a change, without encryption."""
    out = BytesIO()
    with Pdf.open(BytesIO(drawn_file(spec))) as pdf, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pikepdf warns of some of these changes, rightly
        change(pdf)
        pdf.save(out, encryption=False)
    return out.getvalue()


# Hostile files -------------------------------------------------------------------------------------------------------


def pages_in_a_circle(pdf: Pdf) -> None:
    pdf.Root.Pages.Kids.append(pdf.Root.Pages)


def parents_in_a_circle(pdf: Pdf) -> None:
    box = pdf.pages[0].obj.Annots[0]
    box.Parent.Parent = box.Parent


def kids_in_a_circle(pdf: Pdf) -> None:
    top = pdf.Root.AcroForm.Fields[0]
    top.Kids.append(top)


def boxes_in_a_list_in_itself(pdf: Pdf) -> None:
    lists = pdf.make_indirect(Array([]))
    lists.append(lists)
    pdf.pages[0].obj.Annots = lists


def a_box_without_place(pdf: Pdf) -> None:
    del pdf.pages[0].obj.Annots[0]["/Rect"]


def a_box_with_a_word_for_a_place(pdf: Pdf) -> None:
    pdf.pages[0].obj.Annots[0].Rect = Array([String("here"), 0, 1, 1])


def a_box_with_three_edges(pdf: Pdf) -> None:
    pdf.pages[0].obj.Annots[0].Rect = Array([1, 2, 3])


def a_form_without_fields(pdf: Pdf) -> None:
    del pdf.Root.AcroForm["/Fields"]


def annotations_that_are_a_number(pdf: Pdf) -> None:
    pdf.pages[0].obj.Annots = 7


def flags_that_are_a_word(pdf: Pdf) -> None:
    pdf.pages[0].obj.Annots[0].Ff = String("all")


def a_name_in_half_a_letter(pdf: Pdf) -> None:
    pdf.pages[0].obj.Annots[0].T = String(b"\xfe\xff\xd8\x00")


def boxes_nested_without_end(pdf: Pdf) -> None:
    node = pdf.pages[0].obj.Annots[0]
    for _level in range(3000):
        node.Parent = pdf.make_indirect(Dictionary(T=String("x"), Kids=Array([]), Parent=node.get("/Parent")))
        node = node.Parent


HOSTILE = [
    pages_in_a_circle,
    parents_in_a_circle,
    kids_in_a_circle,
    boxes_in_a_list_in_itself,
    a_box_without_place,
    a_box_with_a_word_for_a_place,
    a_box_with_three_edges,
    a_form_without_fields,
    annotations_that_are_a_number,
    flags_that_are_a_word,
    a_name_in_half_a_letter,
    boxes_nested_without_end,
]


@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize("change", HOSTILE)
def test_a_hostile_file_is_refused_in_one_sentence(
    change: Callable[[Pdf], None], known: bool, spec: FormSpec, tmp_path: Path
) -> None:
    """Also when its fingerprint is the known one, so that a wrong line in form.toml does no harm."""
    data = plain(spec, change)
    if known:
        spec = replace(spec, sha256=fingerprint(data), bytes=len(data))
    file = tmp_path / "cr106.pdf"
    file.write_bytes(data)
    started = time.monotonic()
    for result in (install_one(spec, [file], tmp_path / "blanks"), adopt_revision(spec, file, tmp_path / "blanks")):
        assert result.state == "refused"
        assert str(file) in result.sentence()
    served = drift.compare(spec, data, where="x.pdf", blanks=tmp_path / "blanks")
    assert known or served.unread or served.drifted
    assert time.monotonic() - started < 20
    assert not (tmp_path / "blanks").exists()


@pytest.mark.parametrize("seed", range(40))
def test_random_damage_never_raises(seed: int, spec: FormSpec, tmp_path: Path) -> None:
    """Bytes turned over, cut out, doubled or cut off; whatever comes of it is a result with a sentence."""
    chance = random.Random(seed)
    data = bytearray(drawn_file(spec) if seed % 2 else plain(spec, lambda _: None))
    for _ in range(chance.randrange(1, 60)):
        at = chance.randrange(9, len(data))
        match seed % 4:
            case 0:
                data[at] = chance.randrange(256)
            case 1:
                del data[at : at + chance.randrange(1, 400)]
            case 2:
                data[at:at] = data[at // 2 : at // 2 + chance.randrange(1, 400)]
            case _:
                data = data[: max(at, len(data) // 3)]
        if len(data) < 20:
            break
    file = tmp_path / "cr106.pdf"
    file.write_bytes(data)
    known = replace(spec, sha256=fingerprint(bytes(data)), bytes=len(data))
    for each in (spec, known):
        result = install_one(each, [file], tmp_path / f"blanks {each.bytes}")
        assert result.sentence()
        assert drift.compare(each, bytes(data), where="x.pdf", blanks=tmp_path).sentence()
        if result.state == "adopted":
            assert fill_spec(each, {"case_number": "1"}, blanks=tmp_path / f"blanks {each.bytes}").pdf


@pytest.mark.parametrize("seed", range(5))
def test_random_bytes_are_no_form(seed: int, spec: FormSpec, tmp_path: Path) -> None:
    file = tmp_path / "cr106.pdf"
    file.write_bytes(b"%PDF-1.7\n" + random.Random(seed).randbytes(20_000))
    assert install_one(spec, [file], tmp_path / "blanks").reason == "file_damaged"


def bomb(megabytes: int) -> bytes:
    """A PDF of one page, whose objects lie packed in a stream that unpacks to so many megabytes."""
    page = b"<< /Type /Page /Parent 2 0 R /Resources << >> /MediaBox [0 0 612 792] >>"
    objects = (b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page)
    starts = [sum(len(each) + 1 for each in objects[:n]) for n in range(3)]
    head = b" ".join(b"%d %d" % (n + 1, start) for n, start in enumerate(starts)) + b" "
    packer = zlib.compressobj(9)
    packed = packer.compress(head + b" ".join(objects))
    packed += b"".join(packer.compress(b" " * 2**20) for _ in range(megabytes)) + packer.flush()
    first = b"%PDF-1.7\n"
    about = (len(head), len(packed))
    stream = b"4 0 obj\n<< /Type /ObjStm /N 3 /First %d /Filter /FlateDecode /Length %d >>\nstream\n" % about
    body = first + stream + packed + b"\nendstream\nendobj\n"
    rows = [b"\0" * 6, *(b"\2\0\0\0\4" + bytes([n]) for n in range(3))]
    rows += [b"\1" + at.to_bytes(4, "big") + b"\0" for at in (len(first), len(body))]
    table = b"".join(rows)
    last = b"5 0 obj\n<< /Type /XRef /Size 6 /W [1 4 1] /Root 1 0 R /Length %d >>\nstream\n" % len(table)
    return body + last + table + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(body)


def test_a_file_that_unpacks_to_gigabytes_is_stopped(spec: FormSpec, tmp_path: Path) -> None:
    file = tmp_path / "cr106.pdf"
    file.write_bytes(bomb(1))
    assert adopt_revision(spec, file, tmp_path / "blanks").reason == "boxes_moved", "the same file, small, can be read"
    file.write_bytes(bomb(300))
    assert file.stat().st_size < 500_000
    before = resource.getrlimit(resource.RLIMIT_AS)
    result = adopt_revision(spec, file, tmp_path / "blanks")
    assert (result.state, result.reason) == ("refused", "file_damaged")
    assert resource.getrlimit(resource.RLIMIT_AS) == before


def test_a_page_that_unpacks_to_gigabytes_is_not_unpacked(spec: FormSpec, tmp_path: Path) -> None:
    """The printed page is compared packed, and its date is looked for in the first megabyte."""
    line = b"BT (Rev. January 1, 2027) Tj ET\n"
    packer = zlib.compressobj(9)
    huge = packer.compress(line) + b"".join(packer.compress(b" " * 2**20) for _ in range(300)) + packer.flush()

    def draw(pdf: Pdf) -> None:
        pdf.pages[0].obj.Contents = Pdf.make_stream(pdf, huge, Filter=Name.FlateDecode)

    data = plain(spec, draw)
    started = time.monotonic()
    with bounded(), opened(data) as pdf:
        assert drift.printed_revision(pdf) == "Rev. January 1, 2027"
    known = replace(spec, sha256=fingerprint(data), bytes=len(data))
    file = tmp_path / "x.pdf"
    file.write_bytes(data)
    assert install_one(known, [file], tmp_path / "blanks").state == "adopted"
    assert time.monotonic() - started < 10


def test_a_pipe_and_a_link_to_nowhere_are_no_files(spec: FormSpec, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "cr106.pdf")
    assert install_one(spec, [tmp_path], tmp_path / "blanks").reason == "file_not_pdf"
    (tmp_path / "cr106.pdf").unlink()
    (tmp_path / "cr106.pdf").symlink_to(tmp_path / "nowhere.pdf")
    assert install_one(spec, [tmp_path], tmp_path / "blanks").reason == "file_unreadable"


# A blank changed after adoption --------------------------------------------------------------------------------------


def script(pdf: Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def xfa(pdf: Pdf) -> None:
    pdf.Root.AcroForm.XFA = pdf.make_stream(b"<xdp/>")


def launch(pdf: Pdf) -> None:
    pdf.pages[0].obj.Annots[0].A = Dictionary(S=Name.Launch, F=String("x.exe"))


def attachment(pdf: Pdf) -> None:
    pdf.attachments["x.txt"] = b"hello"


def link(pdf: Pdf) -> None:
    act = Dictionary(S=Name.URI, URI=String("https://example.org"))
    annotation = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=act)
    pdf.pages[0].obj.Annots.append(pdf.make_indirect(annotation))


SMUGGLED = [script, xfa, launch, attachment, link]


def smuggle(path: Path, change: Callable[[Pdf], None], *, inventory_too: bool, escaped: bool = False) -> None:
    out = BytesIO()
    with pikepdf.open(path) as pdf:
        change(pdf)
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    data = out.getvalue()
    if escaped:  # the same names, written so that a plain search does not find them; pdfrw needs no exact offsets
        for word in (b"OpenAction", b"JavaScript", b"JS"):
            data = data.replace(b"/" + word, b"/#%02X" % word[0] + word[1:])
    path.write_bytes(data)
    if inventory_too:
        beside = path.with_suffix(".json")
        inventory = json.loads(beside.read_text())
        inventory["blank_sha256"] = fingerprint(data)
        beside.write_text(json.dumps(inventory))


@pytest.mark.parametrize("inventory_too", [False, True])
@pytest.mark.parametrize("change", SMUGGLED)
def test_what_was_smuggled_into_a_blank_is_never_handed_out(
    change: Callable[[Pdf], None], inventory_too: bool, spec: FormSpec, blanks: Path
) -> None:
    smuggle(blanks / "CR-106.pdf", change, inventory_too=inventory_too)
    for flatten in (True, False):
        with pytest.raises(forms.BlankMissing, match="someone or something changed it"):
            fill_spec(spec, {"case_number": "1"}, blanks=blanks, flatten=flatten)


def test_names_written_another_way_are_names(spec: FormSpec, blanks: Path) -> None:
    smuggle(blanks / "CR-106.pdf", script, inventory_too=True, escaped=True)
    with pytest.raises(forms.BlankMissing, match="changed"):
        fill_spec(spec, {"case_number": "1"}, blanks=blanks, flatten=False)


@pytest.mark.parametrize("change", SMUGGLED)
def test_a_pinned_blank_is_known_byte_for_byte(change: Callable[[Pdf], None], official: Path, tmp_path: Path) -> None:
    spec = forms.specs()["CR-400"]
    assert install_one(spec, [official], tmp_path).state == "adopted"
    smuggle(tmp_path / "CR-400.pdf", change, inventory_too=True)
    assert check_one(spec, tmp_path).reason == "blank_changed"
    with pytest.raises(forms.BlankMissing, match="changed"):
        forms.fill("CR-400", {}, blanks=tmp_path)


@pytest.mark.parametrize("what", [b"", b"%PDF-1.7\n%%EOF", b"\0" * 3000, b"<html>"])
@pytest.mark.parametrize("inventory_too", [False, True])
def test_rubbish_in_place_of_a_blank(what: bytes, inventory_too: bool, spec: FormSpec, blanks: Path) -> None:
    (blanks / "CR-106.pdf").write_bytes(what)
    if inventory_too:
        inventory = json.loads((blanks / "CR-106.json").read_text())
        (blanks / "CR-106.json").write_text(json.dumps({**inventory, "blank_sha256": fingerprint(what)}))
    with pytest.raises(forms.BlankMissing, match="changed"):
        fill_spec(spec, {}, blanks=blanks)


def test_the_official_file_itself_is_no_blank(spec: FormSpec, source: Path, tmp_path: Path) -> None:
    """Somebody copies the download into the folder of blanks, and saves the trouble of the command."""
    (tmp_path / "CR-106.pdf").write_bytes((source / "download.pdf").read_bytes())
    assert check_one(spec, tmp_path).reason == "blank_changed"
    with pytest.raises(forms.BlankMissing):
        fill_spec(spec, {}, blanks=tmp_path)
    (tmp_path / "CR-106.pdf").unlink()
    (tmp_path / "CR-106.pdf").mkdir()
    assert check_one(spec, tmp_path).reason == "file_unreadable"
    with pytest.raises(forms.BlankMissing):
        fill_spec(spec, {}, blanks=tmp_path)


# A full disk ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 256 kB, where this machine lets us mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount, umount = shutil.which("mount"), shutil.which("umount")
    command = [mount or "mount", "-t", "tmpfs", "-o", "size=256k,mode=700", "tmpfs", str(disk)]
    if not mount or not umount or subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("no tiny disk can be mounted here; the same is tested with a write that fails")
    yield disk
    subprocess.run([umount, str(disk)], check=True)


def fill_up(disk: Path) -> None:
    handle = os.open(disk / "filler", os.O_CREAT | os.O_WRONLY)
    while shutil.disk_usage(disk).free:
        os.write(handle, b"x" * 4096)
    os.close(handle)


def test_a_really_full_disk(spec: FormSpec, source: Path, tiny_disk: Path) -> None:
    fill_up(tiny_disk)
    result = install_one(spec, [source], tiny_disk)
    assert (result.state, result.reason) == ("refused", "folder_unwritable")
    assert os.strerror(errno.ENOSPC) in result.sentence()
    assert [path.name for path in tiny_disk.iterdir()] == ["filler"]
    (tiny_disk / "filler").unlink()
    assert install_one(spec, [source], tiny_disk).state == "adopted"
    # Full again: a newer revision does not take the old one's place, and the old one still works.
    fill_up(tiny_disk)
    newer = source.parent / "newer.pdf"
    newer.write_bytes(drawn_file(spec))
    assert adopt_revision(spec, newer, tiny_disk).reason == "folder_unwritable"
    assert fill_spec(spec, {"case_number": "1"}, blanks=tiny_disk).pdf
    assert check_one(spec, tiny_disk).reason == "ready_compared"
    assert sorted(path.name for path in tiny_disk.iterdir()) == ["CR-106.json", "CR-106.pdf", "filler"]


@pytest.mark.parametrize("nth", [1, 2])
def test_both_files_or_none(nth: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is full at the first file, or at the second: neither has changed."""
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(b"old")
    calls = iter(range(1, 9))
    really = os.fsync

    def full(handle: int) -> None:
        if next(calls) == nth:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        really(handle)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="space"):
        write_whole({tmp_path / "a": b"new", tmp_path / "b": b"new"})
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": b"old", "b": b"old"}


# Several at once -----------------------------------------------------------------------------------------------------

ADOPTING = """
import sys, pickle
from pathlib import Path
from forms.adopt import install_one, adopt_revision
spec = pickle.loads(Path(sys.argv[1]).read_bytes())
print("ready", flush=True)
sys.stdin.readline()
for _ in range(int(sys.argv[4])):
    for file in sys.argv[3].split(";"):
        result = adopt_revision(spec, Path(file), Path(sys.argv[2]))
        assert result.state == "adopted", result.sentence()
"""
FILLING = """
import sys, pickle
from pathlib import Path
from forms import BlankMissing
from forms.fill import fill_spec
spec = pickle.loads(Path(sys.argv[1]).read_bytes())
print("ready", flush=True)
sys.stdin.readline()
for _ in range(int(sys.argv[4])):
    assert fill_spec(spec, {"case_number": "BA-123456"}, blanks=Path(sys.argv[2])).pdf.startswith(b"%PDF")
"""


def started(program: str, *arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", program, *arguments]
    made = subprocess.Popen(
        command, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert made.stdout is not None
    assert made.stdout.readline() == b"ready\n", made.communicate()[1].decode()
    return made


@pytest.fixture
def pickled(spec: FormSpec, tmp_path: Path) -> str:
    import pickle

    path = tmp_path / "spec"
    path.write_bytes(pickle.dumps(spec))
    return str(path)


def test_adopting_and_filling_at_once(spec: FormSpec, source: Path, blanks: Path, pickled: str, tmp_path: Path) -> None:
    """Two processes put two files in place again and again, two fill all the while: each file is whole at any time."""
    newer = tmp_path / "newer.pdf"
    newer.write_bytes(drawn_file(spec))
    files = f"{source / 'download.pdf'};{newer}"
    running = [started(ADOPTING, pickled, str(blanks), files, "15") for _ in range(2)]
    running += [started(FILLING, pickled, str(blanks), "", "60") for _ in range(2)]
    for process in running:
        assert process.stdin is not None
        process.stdin.write(b"\n")
        process.stdin.flush()
    for process in running:
        _out, wrong = process.communicate(timeout=120)
        assert process.returncode == 0, wrong.decode()
    assert check_one(spec, blanks).reason in ("ready_compared", "ready_new")
    assert sorted(path.name for path in blanks.iterdir()) == ["CR-106.json", "CR-106.pdf"]


def test_a_killed_adoption_leaves_the_old_blank_and_is_swept_up(
    spec: FormSpec, source: Path, blanks: Path, pickled: str
) -> None:
    good = (blanks / "CR-106.pdf").read_bytes()
    (blanks / ".CR-106.pdf.left").write_bytes(good[:1000])  # as a process leaves it that was killed while writing
    process = started(ADOPTING, pickled, str(blanks), str(source / "download.pdf"), "1000")
    assert process.stdin is not None
    process.stdin.write(b"\n")
    process.stdin.flush()
    time.sleep(0.5)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert check_one(spec, blanks).reason == "ready_compared"
    assert (blanks / "CR-106.pdf").read_bytes() == good
    assert adopt_revision(spec, source / "download.pdf", blanks).state == "adopted"
    assert sorted(path.name for path in blanks.iterdir()) == ["CR-106.json", "CR-106.pdf"]


def test_no_box_is_called_by_more_than_its_own_names(spec: FormSpec) -> None:
    """The guard against circles does not cut off the names of official files."""
    with Pdf.open(BytesIO(drawn_file(spec))) as pdf:
        names = {full_name(box) for page in pdf.pages for box in page.obj.Annots}
    assert names == {place.name for place in spec.places}
