"""Has the court changed a form? And the one way to use a newer revision."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from drawn import drawn_file
from test_forms_not_held import (
    added,
    as_published,
    button_gone,
    gone,
    moved,
    other_kind,
    other_on,
    other_page,
    put,
    renamed,
)

import forms
from forms import drift, last_check
from forms.adopt import adopt_revision, find, install_one
from forms.blanks import adopted_on, check_one, fingerprint
from forms.fill import fill_spec
from forms.spec import FormSpec, Place, read_spec

AS_OF = date(2026, 11, 28)
HOUSE = Path(forms.__file__).parent


@pytest.fixture
def spec() -> FormSpec:
    """CR-409, as if it had been published as it is drawn here."""
    return as_published(forms.specs()["CR-409"])


@pytest.fixture
def blanks(spec: FormSpec, tmp_path: Path) -> Path:
    """A folder with its adopted blank."""
    assert install_one(spec, [put(tmp_path / "in", spec)], tmp_path / "blanks", on=AS_OF).state == "adopted"
    return tmp_path / "blanks"


def revised(spec: FormSpec, tmp_path: Path, change: Callable[[list[Place]], list[Place]] = list) -> Path:
    file = tmp_path / "cr409-2027.pdf"
    file.write_bytes(drawn_file(spec, change))
    return file


# Reading -------------------------------------------------------------------------------------------------------------


def test_the_printed_revision_is_read_from_every_official_file(official: Path) -> None:
    """Footers say "Rev.", "Revised" or "New"; the date is what counts."""
    for each in forms.specs().values():
        if each.basis == "file":
            file, _data, known = find(each, [official])
            assert known
            with pikepdf.open(str(file)) as pdf:
                printed = drift.printed_revision(pdf)
            assert printed.split(" ", 1)[1] == each.revision_printed.split(" ", 1)[1], each.form


def test_a_page_without_a_date_has_no_revision(spec: FormSpec, tmp_path: Path) -> None:
    with pikepdf.open(revised(spec, tmp_path)) as pdf:
        assert drift.printed_revision(pdf) == ""
        pdf.pages[1].Contents = pdf.make_stream(b"BT [(Rev. Jan) 20 (uary 1,) -300 (2027)] TJ ET")
        assert drift.printed_revision(pdf) == "Rev. January 1, 2027"
        pdf.pages[0].Contents = pdf.make_stream(b"BT (unclosed ET")
        assert drift.printed_revision(pdf) == "Rev. January 1, 2027"


def test_the_known_file_is_the_same(spec: FormSpec, blanks: Path, tmp_path: Path) -> None:
    data = (tmp_path / "in" / "download.pdf").read_bytes()
    served = drift.compare(spec, data, where="x.pdf", blanks=blanks)
    assert (served.reason, served.drifted, served.unread, served.differences) == ("served_same", False, False, ())
    assert served.sentence() == "x.pdf is the CR-409 that Limpio knows (Rev. January 1, 2024)."


@pytest.mark.parametrize(
    ("change", "reasons"),
    [
        (list, []),
        (moved, ["box_moved"]),
        (renamed, ["box_renamed"]),
        (gone, ["box_gone"]),
        (added, ["box_added"]),
        (other_page, ["box_page"]),
        (other_on, ["box_on"]),
        (other_kind, ["box_kind"]),
        (button_gone, []),
        (lambda places: added(gone(places)), ["box_gone", "box_added"]),
    ],
)
def test_another_file_is_told_box_by_box(
    change: Callable[[list[Place]], list[Place]], reasons: list[str], spec: FormSpec, blanks: Path, tmp_path: Path
) -> None:
    data = revised(spec, tmp_path, change).read_bytes()
    served = drift.compare(spec, data, where="x.pdf", blanks=blanks)
    assert (served.reason, served.drifted, served.unread) == ("served_new", True, False)
    assert [each.reason for each in served.differences] == reasons
    assert "limpio forms adopt CR-409 FILE" in served.sentence()
    assert check_one(spec, blanks).state == "already", "the blank in use stays as it is"


def test_more_pages_are_told(spec: FormSpec, blanks: Path, tmp_path: Path) -> None:
    longer = replace(spec, pages=3)
    served = drift.compare(spec, revised(longer, tmp_path).read_bytes(), where="x.pdf", blanks=blanks)
    assert [each.sentence() for each in served.differences] == ["3 pages in place of 2"]


@pytest.mark.parametrize(
    ("data", "reason"), [(b"", "file_empty"), (b"<html>", "file_not_pdf"), (b"%PDF-1.7\nrubbish", "file_damaged")]
)
def test_what_cannot_be_read_is_no_drift(data: bytes, reason: str, spec: FormSpec, blanks: Path) -> None:
    served = drift.compare(spec, data, where="x.pdf", blanks=blanks)
    assert (served.reason, served.drifted, served.unread) == (reason, False, True)
    assert "x.pdf" in served.sentence()
    assert drift.unreachable(spec, "https://courts.ca.gov/x.pdf", "no answer").unread


def test_a_form_known_by_its_words_alone(tmp_path: Path) -> None:
    data = drawn_file(forms.specs()["CR-106"])
    served = drift.compare(forms.specs()["CR-401"], data, where="x.pdf", blanks=tmp_path)
    assert (served.reason, served.drifted, served.differences) == ("served_unmapped", True, ())


def test_a_folder_is_looked_through_for_every_form(official: Path, tmp_path: Path) -> None:
    (tmp_path / "cr-410.pdf").write_bytes(b"")
    (tmp_path / "jv744.pdf").mkdir()
    told = {served.form: served.reason for served in drift.look([official, tmp_path], tmp_path / "blanks")}
    same = {form: "served_same" for form, each in forms.specs().items() if each.basis == "file"}
    assert told == {**same, "JV-744": "file_is_folder"}
    told = {served.form: served.reason for served in drift.look([tmp_path], tmp_path / "blanks")}
    assert told == {"CR-410": "file_empty", "JV-744": "file_is_folder"}


# Remembering ---------------------------------------------------------------------------------------------------------


def test_the_last_findings_are_kept_without_places_of_files(spec: FormSpec, blanks: Path, tmp_path: Path) -> None:
    file = revised(spec, tmp_path, moved)
    served = drift.compare(spec, file.read_bytes(), where=str(file), blanks=blanks)
    last_check.remember([served, drift.unreachable(forms.specs()["CR-400"], "-", "x")], blanks, AS_OF)
    kept = last_check.remembered(blanks)
    assert set(kept) == {"CR-409"}, "what was out of reach says nothing new"
    assert (kept["CR-409"].checked_on, kept["CR-409"].drifted) == (AS_OF, True)
    assert kept["CR-409"].differences == served.differences
    assert str(tmp_path) not in (blanks / last_check.DRIFT_FILE).read_text()
    same = drift.compare(spec, (tmp_path / "in" / "download.pdf").read_bytes(), where="x", blanks=blanks)
    last_check.remember([replace(same, form="CR-400")], blanks, AS_OF)
    kept = last_check.remembered(blanks)
    assert {form: each.drifted for form, each in kept.items()} == {"CR-400": False, "CR-409": True}


@pytest.mark.parametrize(
    "spoilt",
    [
        b"",
        b"[]",
        b"\xff\xfe",
        b'{"CR-400": 1}',
        b'{"CR-400": {"checked_on": "soon", "reason": "served_same", "revision": "", "differences": []}}',
        b'{"CR-400": {"checked_on": "2026-11-28", "reason": "oh", "revision": "", "differences": []}}',
        b'{"CR-400": {"checked_on": "2026-11-28", "reason": "served_new", "revision": "", "differences":'
        b' [{"reason": "box_moved", "name": "x", "details": {}}]}}',
        b'{"CR-400": {"checked_on": "2026-11-28", "reason": "served_new", "revision": "", "differences": [3]}}',
    ],
)
def test_a_damaged_record_of_the_last_check_counts_as_none(spoilt: bytes, tmp_path: Path) -> None:
    (tmp_path / last_check.DRIFT_FILE).write_bytes(spoilt)
    assert last_check.remembered(tmp_path) == {}
    last_check.remember([], tmp_path, AS_OF)
    assert last_check.remembered(tmp_path) == {}


# Using a newer revision ----------------------------------------------------------------------------------------------


def test_a_revision_with_every_box_in_place_is_adopted_by_name(spec: FormSpec, blanks: Path, tmp_path: Path) -> None:
    file = revised(spec, tmp_path, added)
    result = adopt_revision(spec, file, blanks, on=AS_OF)
    assert (result.state, result.reason) == ("adopted", "adopted_new")
    assert result.details["new_fields"] == "New[0]"
    assert check_one(spec, blanks).reason == "ready_new"
    assert adopted_on("CR-409", blanks) == AS_OF
    assert fill_spec(spec, {"case_number": "1"}, blanks=blanks).pdf
    served = drift.compare(spec, file.read_bytes(), where="x", blanks=blanks)
    assert (served.reason, served.drifted) == ("served_adopted", True)
    # Back to the tested one, the same way.
    assert adopt_revision(spec, tmp_path / "in" / "download.pdf", blanks).reason == "adopted"
    assert check_one(spec, blanks).reason == "ready_compared"
    assert adopted_on("CR-409", blanks) is None


def test_a_revision_is_refused_until_its_map_is_in_line(spec: FormSpec, blanks: Path, tmp_path: Path) -> None:
    """The whole way of CONTRIBUTING.md: refused, told what to edit, edited, adopted."""

    def changed(places: list[Place]) -> list[Place]:
        return renamed(other_on(places))

    file = revised(spec, tmp_path, changed)
    before = (blanks / "CR-409.pdf").read_bytes()
    result = adopt_revision(spec, file, blanks, on=AS_OF)
    assert (result.state, result.reason) == ("refused", "boxes_moved")
    name = spec.fields["case_filed"].name
    assert [each.edit() for each in result.differences] == [
        f'In fields.toml, at name = "{spec.fields["court"].name}": name = "Other[0]"',
        f'In fields.toml, at name = "{name}": on = "Yes"',
    ]
    assert (blanks / "CR-409.pdf").read_bytes() == before
    folder = tmp_path / "CR-409"
    folder.mkdir()
    text = (HOUSE / "CR-409" / "fields.toml").read_text(encoding="utf-8")
    text = text.replace(f'name = "{spec.fields["court"].name}"', 'name = "Other[0]"')
    head, mark, tail = text.partition(f'name = "{name}"')
    (folder / "fields.toml").write_text(head + mark + tail.replace('on = "1"', 'on = "Yes"', 1), encoding="utf-8")
    (folder / "form.toml").write_bytes((HOUSE / "CR-409" / "form.toml").read_bytes())
    edited = replace(read_spec(folder), sha256=spec.sha256)
    assert adopt_revision(edited, file, blanks, on=AS_OF).reason == "adopted_new"
    assert fill_spec(edited, {"court": "Los Angeles", "case_filed": True}, blanks=blanks).pdf
    assert check_one(spec, blanks).reason == "blank_changed", "the map that was replaced does not fit it any more"


@pytest.mark.parametrize(
    ("change", "edit"),
    [
        (moved, 'In fields.toml, at name = "%(name)s": rect = ['),
        (gone, "In fields.toml: remove the entry of %(name)s"),
        (other_page, 'In fields.toml, at name = "%(name)s": page = 2'),
        (other_kind, ': kind = "text"'),
    ],
)
def test_each_difference_says_what_to_edit(
    change: Callable[[list[Place]], list[Place]], edit: str, spec: FormSpec, blanks: Path, tmp_path: Path
) -> None:
    result = adopt_revision(spec, revised(spec, tmp_path, change), blanks)
    assert result.state == "refused"
    assert edit % {"name": spec.fields["court"].name} in result.differences[0].edit()


def test_a_form_without_a_map_lists_its_boxes(tmp_path: Path) -> None:
    file = tmp_path / "x.pdf"
    file.write_bytes(drawn_file(forms.specs()["CR-106"]))
    result = adopt_revision(forms.specs()["CR-401"], file, tmp_path / "blanks")
    assert (result.state, result.reason) == ("refused", "no_map")
    edits = [each.edit() for each in result.differences]
    assert len(edits) == sum(place.kind != "button" for place in forms.specs()["CR-106"].places)
    assert all(edit.startswith("In fields.toml: add an entry with name = ") for edit in edits)


def test_a_file_that_is_not_there(spec: FormSpec, blanks: Path, tmp_path: Path) -> None:
    assert adopt_revision(spec, tmp_path / "no.pdf", blanks).reason == "file_absent"
    assert adopt_revision(spec, tmp_path, blanks).reason == "file_is_folder"
    with pytest.raises(forms.UnknownForm):
        forms.adopt_revision("ZZ-1", tmp_path / "no.pdf", blanks)


def test_a_blank_accepted_before_the_last_update_is_not_used(spec: FormSpec, blanks: Path, tmp_path: Path) -> None:
    """An update of Limpio that knows another official file asks for a fresh adoption."""
    file = revised(spec, tmp_path)
    assert adopt_revision(spec, file, blanks).reason == "adopted_new"
    updated = replace(spec, sha256=fingerprint(b"a later file"))
    assert check_one(updated, blanks).reason == "blank_changed"
    inventory = json.loads((blanks / "CR-409.json").read_text())
    assert inventory["accepted_new"] is True
