"""Adoption: what is taken away, what is left alone, and every way a file or a disk can fail."""

from __future__ import annotations

import errno
import json
import os
import shutil
import stat
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from drawn import qpdf_says, words
from pikepdf import Array, Dictionary, Name, Pdf
from readback import READ_FROM_FILE

import forms
from forms.adopt import _active, adopt, adopt_revision, full_name, install_one, widgets
from forms.blanks import Adoption, fingerprint

AS_OF = date(2026, 11, 28)
ACTIVE = (
    *(b"/XFA", b"/JS", b"/JavaScript", b"/OpenAction", b"/URI", b"/Perms"),
    *(b"/AA", b"/SigFlags", b"/NeedAppearances"),
)

WITHOUT_FILE = {"file": "missing", "census": "prepared", "wording": "answers"}
"""What is told of a form whose official file is nowhere, by how its fields are known."""


@pytest.fixture
def original(official: Path) -> bytes:
    """The bytes of the official CR-400."""
    spec = forms.specs()["CR-400"]
    return next(data for path in official.glob("*.pdf") if fingerprint(data := path.read_bytes()) == spec.sha256)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """An empty folder to put candidates in."""
    folder = tmp_path / "source"
    folder.mkdir()
    return folder


def only_cr400(source: Path, dest: Path, *, accept_new: bool = False) -> Adoption:
    """CR-400 adopted from a folder with one file; with `accept_new`, as `limpio forms adopt` does with that file."""
    spec = forms.specs()["CR-400"]
    if accept_new:
        (file,) = source.iterdir()
        result = adopt_revision(spec, file, dest, on=AS_OF)
    else:
        result = install_one(spec, [source], dest, on=AS_OF)
    assert result.sentence()
    return result


def edited(data: bytes, change: Callable[[Pdf], None], **how: object) -> bytes:
    """The file with a change, saved without its encryption."""
    out = BytesIO()
    with Pdf.open(BytesIO(data)) as pdf:
        change(pdf)
        pdf.save(out, encryption=how.get("encryption", False))  # type: ignore[arg-type]
    return out.getvalue()


def _unchanged(_pdf: Pdf) -> None:
    """Saving alone gives other bytes."""


def widget_named(pdf: Pdf, ending: str) -> pikepdf.Object:
    return next(box for page in pdf.pages for box in page.obj.Annots if full_name(box).endswith(ending))


# What a blank is -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["CR-400", "MC-025"])
def test_nothing_active_is_left(form: str, blanks: Path) -> None:
    data = (blanks / f"{form}.pdf").read_bytes()
    qpdf_says(data)
    with Pdf.open(BytesIO(data)) as pdf:
        assert not pdf.is_encrypted
        assert _active(pdf) == set()
        assert {widget.kind for widget in widgets(pdf)} <= {"text", "check"}
        qdf = BytesIO()
        pdf.save(qdf, qdf=True)
    for word in ACTIVE:
        assert word not in qdf.getvalue(), word


@pytest.mark.parametrize("form", ["CR-400", "MC-025"])
def test_the_boxes_left_are_the_ones_described(form: str, blanks: Path) -> None:
    spec = forms.specs()[form]
    with Pdf.open(blanks / f"{form}.pdf") as pdf:
        left = {(widget.name, widget.on) for widget in widgets(pdf)}
        fields = pdf.Root.AcroForm.Fields
        assert len(fields) >= 1
    assert left == {(place.name, place.on) for place in spec.places if place.kind in ("text", "check")}


@pytest.mark.parametrize("form", ["CR-400", "MC-025"])
def test_the_printed_page_is_unchanged(form: str, official: Path, blanks: Path) -> None:
    spec = forms.specs()[form]
    path = next(path for path in official.glob("*.pdf") if fingerprint(path.read_bytes()) == spec.sha256)
    with Pdf.open(path) as before, Pdf.open(blanks / f"{form}.pdf") as after:
        for one, other in zip(before.pages, after.pages, strict=True):
            streams = [_stream_bytes(page.obj.Contents) for page in (one, other)]
            assert streams[0] in (streams[1], streams[1][1:-1])
            assert one.mediabox == other.mediabox
    # The words: what the original shows without its screen buttons and notices, and the blank, are the same.
    screen = [place.label for place in spec.places if place.empty == "removed"]
    paper = words(edited(path.read_bytes(), _without_annotations))
    expected = paper.split()
    expected += [place.label for place in spec.places if place.empty == "printed"]
    found = words((blanks / f"{form}.pdf").read_bytes())
    assert sorted(found.split()) == sorted(expected)
    assert not any(label in found for label in screen)


def _without_annotations(pdf: Pdf) -> None:
    for page in pdf.pages:
        del page.obj["/Annots"]


def _stream_bytes(contents: pikepdf.Object) -> list[bytes]:
    return [stream.read_bytes() for stream in (contents if isinstance(contents, Array) else [contents])]


def test_the_same_file_gives_the_same_bytes(original: bytes) -> None:
    spec = forms.specs()["CR-400"]
    assert adopt(spec, original)[0] == adopt(spec, original)[0]


def test_pdfrw_reads_the_blank_plainly(blanks: Path) -> None:
    for form in READ_FROM_FILE:
        data = (blanks / f"{form}.pdf").read_bytes()
        assert b"/ObjStm" not in data
        assert b"\nxref\n" in data


def test_blank_and_inventory_are_the_owners_only(blanks: Path) -> None:
    for form in READ_FROM_FILE:
        for ending in ("pdf", "json"):
            assert stat.S_IMODE((blanks / f"{form}.{ending}").stat().st_mode) == 0o600
        inventory = json.loads((blanks / f"{form}.json").read_text())
        assert inventory["blank_sha256"] == forms.specs()[form].blank_sha256
        assert inventory["official_sha256"] == forms.specs()[form].sha256
        assert inventory["boxes"]


def test_hostile_extras_fall_away(original: bytes) -> None:
    def spoil(pdf: Pdf) -> None:
        page = pdf.pages[0].obj
        web = Dictionary(S=Name.URI, URI=pikepdf.String("https://example.org"))
        link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=web)
        page.Annots.append(pdf.make_indirect(link))
        page.AA = Dictionary(O=Dictionary(S=Name.JavaScript, JS=pikepdf.String("app.alert(1)")))
        pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
        pdf.attachments["x.txt"] = b"hello"
        widget_named(pdf, "SigName[0]").A = Dictionary(S=Name.Launch, F=pikepdf.String("x"))

    blank, _ = adopt(forms.specs()["CR-400"], edited(original, spoil))
    for word in (*ACTIVE, b"example.org", b"hello", b"/Launch", b"/EmbeddedFile"):
        assert word not in blank


@pytest.mark.parametrize("name", ["cr180", "fw001", "mc030", "pos040"])
def test_other_official_forms_come_clean_too(name: str, official: Path) -> None:
    """The same machinery, without a word about these forms anywhere: several pages, links, many widgets a field."""
    path = next((p for p in official.glob("*.pdf") if p.stem.replace("-", "").replace("_", "").startswith(name)), None)
    if path is None:
        pytest.skip(f"no {name} in {official}")
    blank, inventory = adopt(forms.specs()["MC-025"], path.read_bytes())
    qpdf_says(blank)
    assert len(inventory["boxes"]) > 20
    assert "button" not in {box["kind"] for box in inventory["boxes"]}


# Finding and keeping -------------------------------------------------------------------------------------------------


def test_any_name_will_do_for_the_right_file(original: bytes, source: Path, tmp_path: Path) -> None:
    (source / "download (3).PDF").write_bytes(original)
    result = only_cr400(source, tmp_path / "blanks")
    assert (result.state, result.reason) == ("adopted", "adopted")
    assert forms.available("CR-400", tmp_path / "blanks")
    again = only_cr400(source, tmp_path / "blanks")
    assert (again.state, again.reason) == ("already", "ready")


def test_a_file_may_be_given_in_place_of_a_folder(original: bytes, source: Path, tmp_path: Path) -> None:
    path = source / "x.pdf"
    path.write_bytes(original)
    assert only_cr400(path, tmp_path / "blanks").state == "adopted"


def test_nothing_found_says_where_and_how(source: Path, tmp_path: Path) -> None:
    result = only_cr400(source, tmp_path / "blanks")
    assert (result.state, result.reason) == ("missing", "missing")
    assert str(source) in result.sentence()
    assert "courts.ca.gov" in result.sentence()
    assert only_cr400(tmp_path / "not there", tmp_path / "blanks").state == "missing"
    assert not forms.available("CR-400", tmp_path / "blanks")
    states = {found.form: found.state for found in forms.check(tmp_path / "blanks")}
    assert states == {form: WITHOUT_FILE[spec.basis] for form, spec in forms.specs().items()}


def test_a_changed_blank_is_noticed_and_replaced(original: bytes, source: Path, tmp_path: Path) -> None:
    dest = tmp_path / "blanks"
    (source / "cr400.pdf").write_bytes(original)
    only_cr400(source, dest)
    path = dest / "CR-400.pdf"
    good = path.read_bytes()
    path.write_bytes(good.replace(b"%%EOF", b"%%EOE"))
    # Changing the inventory with it does not help.
    inventory = json.loads((dest / "CR-400.json").read_text())
    inventory["blank_sha256"] = fingerprint(path.read_bytes())
    (dest / "CR-400.json").write_text(json.dumps(inventory))
    told = next(found for found in forms.check(dest) if found.form == "CR-400")
    assert (told.state, told.reason) == ("refused", "blank_changed")
    assert told.sentence()
    with pytest.raises(forms.BlankMissing, match="changed"):
        forms.fill("CR-400", {}, blanks=dest)
    nowhere = tmp_path / "empty"
    nowhere.mkdir()
    assert only_cr400(nowhere, dest).reason == "blank_changed"
    assert only_cr400(source, dest).reason == "adopted_again"
    assert path.read_bytes() == good


# Unknown files -------------------------------------------------------------------------------------------------------


def test_an_unknown_fingerprint_is_refused(original: bytes, source: Path, tmp_path: Path) -> None:
    (source / "cr-400.pdf").write_bytes(edited(original, _unchanged))
    result = only_cr400(source, tmp_path / "blanks")
    assert (result.state, result.reason) == ("refused", "unknown_file")
    assert not (tmp_path / "blanks").exists()


def test_a_new_file_with_every_box_in_place_is_accepted(original: bytes, source: Path, tmp_path: Path) -> None:
    def nudge(pdf: Pdf) -> None:
        box = widget_named(pdf, "SigName[0]")
        box.Rect = Array([float(edge) + 0.9 for edge in box.Rect])

    dest = tmp_path / "blanks"
    (source / "cr-400.pdf").write_bytes(edited(original, nudge))
    result = only_cr400(source, dest, accept_new=True)
    assert (result.state, result.reason) == ("adopted", "adopted_new")
    told = next(found for found in forms.check(dest) if found.form == "CR-400")
    assert (told.state, told.reason) == ("already", "ready_new")
    assert forms.fill("CR-400", {"sign_name": "Ana Ruiz"}, blanks=dest).pdf
    path = dest / "CR-400.pdf"
    path.write_bytes(path.read_bytes() + b"\n")
    assert not forms.available("CR-400", dest)


def _moved(pdf: Pdf) -> None:
    box = widget_named(pdf, "SigName[0]")
    box.Rect = Array([float(edge) + 5 for edge in box.Rect])


def _renamed(pdf: Pdf) -> None:
    widget_named(pdf, "CrtCounty[0]").T = pikepdf.String("County[0]")


def _other_on(pdf: Pdf) -> None:
    box = widget_named(pdf, "li2a[0].Checkbox[0]")
    box.AP.N = Dictionary({"/On": box.AP.N.Yes})


def _now_a_button(pdf: Pdf) -> None:
    widget_named(pdf, "li3[0].Checkbox[0]").Ff = 1 << 16


def _removed(pdf: Pdf) -> None:
    page = pdf.pages[0].obj
    page.Annots = Array([box for box in page.Annots if str(box.T) != "Party2[0]"])


def _longer(pdf: Pdf) -> None:
    pdf.add_blank_page()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_moved, '"(TYPE OR PRINT NAME)" (sign_name) moved on page 1'),
        (_renamed, "(court_county) is now called CR-400[0].Page1[0].P1Caption[0].CourtInfo[0].County[0]"),
        (_other_on, "(item_2a) is now checked with On"),
        (_now_a_button, "(waive_judge) is now of kind button"),
        (_removed, '"DEFENDANT:" (defendant) is gone'),
        (_longer, "2 pages in place of 1"),
    ],
)
def test_a_new_file_with_a_moved_box_is_refused(
    change: Callable[[Pdf], None], told: str, original: bytes, source: Path, tmp_path: Path
) -> None:
    (source / "cr-400.pdf").write_bytes(edited(original, change))
    result = only_cr400(source, tmp_path / "blanks", accept_new=True)
    assert (result.state, result.reason) == ("refused", "boxes_moved")
    assert told in result.details["differences"]
    assert not (tmp_path / "blanks").exists()


def test_a_new_box_is_told(original: bytes, source: Path, tmp_path: Path) -> None:
    def more(pdf: Pdf) -> None:
        box = Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, Rect=Array([300, 300, 400, 312]))
        box.T = pikepdf.String("New[0]")
        added = pdf.make_indirect(box)
        pdf.Root.AcroForm.Fields.append(added)
        pdf.pages[0].obj.Annots.append(added)

    (source / "cr-400.pdf").write_bytes(edited(original, more))
    result = only_cr400(source, tmp_path / "blanks", accept_new=True)
    assert (result.state, result.details["new_fields"]) == ("adopted", "New[0]")


# Bad files and bad disks ---------------------------------------------------------------------------------------------


def _locked(data: bytes) -> bytes:
    return edited(data, _unchanged, encryption=pikepdf.Encryption(user="secret", owner="secret"))


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda _: b"", "file_empty"),
        (lambda _: b"<!doctype html><title>Not found</title>", "file_not_pdf"),
        (lambda data: data[: len(data) // 2], "file_damaged"),
        (lambda data: data[:300], "file_damaged"),
        (lambda data: data[:9] + b"\0" * 5000, "file_damaged"),
        (_locked, "file_locked"),
    ],
)
@pytest.mark.parametrize("accept_new", [False, True])
def test_a_bad_file_is_explained(
    spoil: Callable[[bytes], bytes], reason: str, accept_new: bool, original: bytes, source: Path, tmp_path: Path
) -> None:
    (source / "CR-400.pdf").write_bytes(spoil(original))
    result = only_cr400(source, tmp_path / "blanks", accept_new=accept_new)
    assert (result.state, result.reason) == ("refused", reason)
    assert str(source / "CR-400.pdf") in result.sentence()
    assert not (tmp_path / "blanks").exists()


def test_a_folder_in_place_of_the_file(source: Path, tmp_path: Path) -> None:
    (source / "cr400.pdf").mkdir()
    assert only_cr400(source, tmp_path / "blanks").reason == "file_is_folder"


def test_a_file_that_may_not_be_read(
    original: bytes, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (source / "cr400.pdf").write_bytes(original)
    really = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.parent == source:
            raise PermissionError(errno.EACCES, "Permission denied")
        return really(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    result = only_cr400(source, tmp_path / "blanks")
    assert (result.state, result.reason) == ("refused", "file_unreadable")
    assert "Permission denied" in result.sentence()


@pytest.mark.parametrize(
    ("call", "error"),
    [("fsync", errno.ENOSPC), ("fdopen", errno.EIO)],
)
def test_a_full_or_failing_disk_leaves_nothing_half_written(
    call: str, error: int, original: bytes, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dest = tmp_path / "blanks"
    (source / "cr400.pdf").write_bytes(original)
    opened: list[int] = []

    def fail(handle: int, *_: object) -> None:
        opened.append(handle)
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr(os, call, fail)
    result = only_cr400(source, dest)
    monkeypatch.undo()
    assert (result.state, result.reason) == ("refused", "folder_unwritable")
    assert os.strerror(error) in result.sentence()
    assert list(dest.iterdir()) == []
    if call == "fdopen":
        os.close(opened[0])


def test_a_file_where_the_folder_should_be(original: bytes, source: Path, tmp_path: Path) -> None:
    (source / "cr400.pdf").write_bytes(original)
    (tmp_path / "blanks").write_text("in the way")
    result = only_cr400(source, tmp_path / "blanks")
    assert (result.state, result.reason) == ("refused", "folder_unwritable")


def test_the_old_blank_survives_a_failed_replacement(
    original: bytes, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dest = tmp_path / "blanks"
    dest.mkdir()
    (dest / "CR-400.pdf").write_bytes(b"something old")
    (source / "cr400.pdf").write_bytes(original)

    def fail(path: Path, target: Path) -> Path:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "replace", fail)
    assert only_cr400(source, dest).reason == "folder_unwritable"
    assert (dest / "CR-400.pdf").read_bytes() == b"something old"
    assert [path.name for path in dest.iterdir()] == ["CR-400.pdf"]


def test_another_maker_of_blanks_is_told_apart(
    original: bytes, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pikepdf that writes other bytes must not put an untested blank in place."""
    (source / "cr400.pdf").write_bytes(original)
    monkeypatch.setattr("forms.adopt._INFO", ("/Title",))
    result = only_cr400(source, tmp_path / "blanks")
    assert (result.state, result.reason) == ("refused", "blank_differs")


def test_all_forms_have_a_result(official: Path, tmp_path: Path) -> None:
    folder = tmp_path / "half"
    folder.mkdir()
    spec = forms.specs()["MC-025"]
    path = next(path for path in official.glob("*.pdf") if fingerprint(path.read_bytes()) == spec.sha256)
    shutil.copy(path, folder / "b.pdf")
    results = {result.form: result.state for result in forms.install([folder], tmp_path / "blanks")}
    without = {form: WITHOUT_FILE[each.basis] for form, each in forms.specs().items()}
    assert results == {**without, "MC-025": "adopted"}
