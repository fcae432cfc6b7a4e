"""Forms whose official file nobody here has seen: prepared from a list, or known by their words alone.

The files in these tests are drawn from `fields.toml` itself, as the court would publish them: encrypted, with XFA,
scripts and buttons. Whether `fields.toml` repeats the list it was made from is a test of its own.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from drawn import drawn_file, qpdf_says, words
from pikepdf import Array
from readback import Answers, boxes, expected
from test_forms_packet import sheet_words

import forms
from forms.adopt import _active, full_name, install_one
from forms.blanks import check_one, fingerprint
from forms.fill import fill_spec
from forms.spec import FormSpec, Place, SpecError, Spot, read_spec

HOUSE = Path(forms.__file__).parent
SHARED = Path(os.environ.get("LIMPIO_FORMS") or HOUSE.parents[1] / "shared" / "forms" / "official").parent
PREPARED = ("CR-106", "CR-409")
CENSUS = {"CR-106": "cr-106_2020-01.json", "CR-409": "cr-409_2024-01.json"}
WORDING = ("CR-401", "CR-403", "JV-744", "JV-744A")
COURT = "Los Angeles\n210 West Temple Street\nLos Angeles 90012"
FILLED: dict[str, Answers] = {
    "CR-106": {
        "court": COURT,
        "case_number": "BA-123456",
        "defendant": "ÑUÑO NGUYỄN",
        "papers_served": "CR-180, Petition for Dismissal; CR-181, Order for Dismissal",
        "served_1_name": "District Attorney of Los Angeles County",
        "served_1_street": "211 West Temple Street",
        "served_1_city": "Los Angeles",
        "served_1_state": "CA",
        "served_1_zip": "90012",
        "served_2_name": "Peñasco Police Department",
        "served_2_street": "1 Calle Mayor",
        "served_2_city": "Peñasco",
        "served_2_state": "CA",
        "served_2_zip": "90013",
    },
    "CR-409": {
        "court": COURT,
        "case_number": "BA-123456",
        "defendant": "ÑUÑO NGUYỄN",
        "filer_name": "María-José Nguyễn",
        "birth_date": "01/02/1980",
        "attorney_name": "Ana Peña",
        "filer_bar_number": "123456",
        "filer_firm": "Peña & Ñuñez",
        "filer_street": "1234½ Avenida de los Ángeles",
        "filer_city": "Peñasco",
        "filer_state": "CA",
        "filer_zip": "90012",
        "filer_phone": "(213) 555-0123",
        "filer_email": "maria@example.org",
        "interpreter_language": "Español",
        "arrest_date": "03/04/2019",
        "arrest_place": "Peñasco, Los Angeles County",
        "arrest_agency": "Peñasco City Police Department",
        "arrest_report_number": "19-000123",
        "arrest_offenses": "Penal Code section 242, battery",
        "case_filed": True,
        "charges_filed": "Penal Code section 242, battery",
        "explanation": "The case was dismissed on 06/07/2019.",
        "matter_of_right": True,
        "interests_of_justice_text": "I have worked every day since.",
        "sign_name": "María-José Nguyễn",
    },
}


@pytest.fixture(params=PREPARED)
def prepared(request: pytest.FixtureRequest) -> FormSpec:
    """A prepared form, as if its official file were the one drawn here."""
    return as_published(forms.specs()[str(request.param)])


def as_published(spec: FormSpec, **more: Any) -> FormSpec:
    data = drawn_file(spec)
    published = replace(spec, sha256=fingerprint(data), bytes=None if spec.bytes is None else len(data), **more)
    _files[published.sha256 or ""] = data
    return published


# Encryption is not the same twice, so the bytes are kept: SHA-256 -> file.
_files: dict[str, bytes] = {}


def put(folder: Path, spec: FormSpec, name: str = "download.pdf") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(_files[spec.sha256 or ""])
    return folder


# What is written down ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", PREPARED)
def test_the_map_repeats_the_census_field_by_field(form: str) -> None:
    path = SHARED / "fields" / "not-held" / CENSUS[form]
    if not path.is_file():
        told = f"NO CENSUS of {form} in {path.parent}"
        if os.environ.get("CI") == "true":
            pytest.fail(told)
        pytest.skip(told)
    census = json.loads(path.read_text(encoding="utf-8"))
    spec = forms.specs()[form]
    assert (spec.sha256, spec.bytes, spec.pages) == (census["sha256"], census["bytes"], census["pages"])
    kinds = {"text": "text", "checkbox": "check", "pushbutton": "button"}
    told = {
        (field["name"], kinds[field["type"]], widget["page"], tuple(widget["rect"]), *widget["on_states"])
        for field in census["fields"]
        for widget in field["widgets"]
    }
    written = {
        (place.name, place.kind, spot.page, spot.rect, *([place.on] if place.on else []))
        for place in spec.places
        for spot in place.spots
    }
    assert written == told
    assert len(spec.places) == census["field_count"] == len(told)


def test_what_is_not_ours_to_fill_in() -> None:
    """The clerk's boxes, the hand's, and everything that the person who serves declares under penalty of perjury."""
    by = {
        form: {kind: {key for key, place in spec.fields.items() if place.empty == kind} for kind in ("clerk", "server")}
        for form, spec in forms.specs().items()
    }
    hearing = {f"hearing_{part}" for part in ("date", "time", "department")}
    assert by["CR-409"] == {"clerk": hearing | {"hearing_room", "hearing_court"}, "server": set()}
    assert by["CR-106"]["clerk"] == set()
    assert set(forms.specs()["CR-106"].fields) - by["CR-106"]["server"] == set(FILLED["CR-106"])
    caption = {key for key in forms.specs()["CR-401"].fields if key.startswith(("filer_", "attorney_"))}
    ours = set(forms.specs()["CR-401"].fields) - by["CR-401"]["server"] - by["CR-401"]["clerk"]
    assert ours == caption | {"defendant", "case_number", "served_name", "served_address"}
    ours = set(forms.specs()["CR-403"].fields) - by["CR-403"]["clerk"]
    assert ours == caption | {"defendant", "case_number", "title_petition", "title_application"}
    assert forms.specs()["CR-409"].fields["sign_date"].empty == "hand"
    for key in by["CR-106"]["server"]:
        value: str | bool = forms.specs()["CR-106"].fields[key].kind == "check" or "x"
        with pytest.raises(forms.FieldStaysEmpty):
            forms.answer_sheet("CR-106", {key: value}, words=sheet_words())


def test_the_two_requests_of_cr_409_exclude_one_another() -> None:
    with pytest.raises(forms.BoxesConflict, match="Only one of these boxes"):
        forms.answer_sheet("CR-409", {"matter_of_right": True, "interests_of_justice": True}, words=sheet_words())


@pytest.mark.parametrize(
    ("form", "before", "after", "complaint"),
    [
        ("CR-106", 'basis = "census"', 'basis = "guess"', "'guess' is none of"),
        ("CR-106", 'basis = "census"', 'basis = "wording"', "only its wording is known, so name, page, rect cannot be"),
        ("CR-106", 'basis = "census"', 'basis = "file"', "'blank' is missing"),
        ("CR-106", "[official]", '[blank]\nsha256 = "x"\nbytes = 1\n[official]', "a blank is pinned only where"),
        ("CR-106", "sha256 =", "hash =", "'sha256' is missing"),
        ("JV-744", 'basis = "wording"', "", "'blank' is missing"),
        ("JV-744", 'basis = "wording"', 'basis = "census"', "'sha256' is missing"),
    ],
)
def test_a_contradictory_form_is_named(form: str, before: str, after: str, complaint: str, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(HOUSE / form, tmp_path / form))
    text = (folder / "form.toml").read_text(encoding="utf-8")
    assert before in text
    (folder / "form.toml").write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(SpecError, match=complaint):
        read_spec(folder)


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ('unanswered = "choice"', 'unanswered = "whatever"', "'whatever' is none of"),
        ('label = "NAME:"', 'label = "NAME:"\non = "1"', "only its wording is known, so on cannot be"),
        ('kind = "check"', 'kind = "button"', "it is a text or a check box"),
        ('key = "filer_name"', 'key = "filer_firm"', "filer_firm is used twice"),
        ('key = "filer_name"', "", "'copies' is missing"),
    ],
)
def test_a_contradictory_wording_is_named(before: str, after: str, complaint: str, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(HOUSE / "JV-744", tmp_path / "JV-744"))
    text = (folder / "fields.toml").read_text(encoding="utf-8")
    assert before in text
    (folder / "fields.toml").write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(SpecError, match=complaint):
        read_spec(folder)


# Prepared forms ------------------------------------------------------------------------------------------------------


def test_without_its_file_a_prepared_form_is_no_failure(prepared: FormSpec, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    result = install_one(prepared, [tmp_path / "empty"], tmp_path / "blanks")
    assert (result.state, result.reason) == ("prepared", "prepared")
    assert "courts.ca.gov" in result.sentence()
    assert check_one(prepared, tmp_path / "blanks").state == "prepared"
    with pytest.raises(forms.BlankMissing):
        fill_spec(prepared, {}, blanks=tmp_path / "blanks")


def test_a_prepared_form_is_adopted_filled_and_read_back(prepared: FormSpec, tmp_path: Path) -> None:
    dest = tmp_path / "blanks"
    result = install_one(prepared, [put(tmp_path / "in", prepared)], dest)
    assert (result.state, result.reason) == ("adopted", "adopted")
    again = install_one(prepared, [tmp_path / "in"], dest)
    assert (again.state, again.reason) == ("already", "ready_compared")
    blank = (dest / f"{prepared.form}.pdf").read_bytes()
    with pikepdf.open(BytesIO(blank)) as pdf:
        assert _active(pdf) == set()
    values = FILLED[prepared.form]
    assert set(values) | {"interests_of_justice"} >= {k for k, place in prepared.fields.items() if not place.empty}
    filled = fill_spec(prepared, values, blanks=dest, flatten=False)
    qpdf_says(filled.pdf)
    assert filled.overflow == ()
    assert boxes(filled.pdf) == expected(prepared, values)
    flat = " ".join(words(fill_spec(prepared, values, blanks=dest).pdf).split())
    for value in values.values():
        assert value is True or " ".join(str(value).split()) in flat
    assert boxes(fill_spec(prepared, {}, blanks=dest, flatten=False).pdf) == expected(prepared, {})


def test_the_name_of_a_form_inside_a_sentence_stays_printed(tmp_path: Path) -> None:
    """On CR-409 "MC-031" is the face of a link. The link goes, the word stays; screen buttons go altogether."""
    spec = as_published(forms.specs()["CR-409"])
    install_one(spec, [put(tmp_path / "in", spec)], tmp_path / "blanks")
    shown = words(fill_spec(spec, {}, blanks=tmp_path / "blanks").pdf)
    assert "MC-031" in shown
    assert "Save this form" not in shown


def moved(places: list[Place]) -> list[Place]:
    spot = places[0].spots[0]
    left, bottom, right, top = spot.rect
    return [replace(places[0], spots=(Spot(spot.page, (left, bottom + 3, right, top + 3)),)), *places[1:]]


def renamed(places: list[Place]) -> list[Place]:
    return [replace(places[0], name="Other[0]"), *places[1:]]


def gone(places: list[Place]) -> list[Place]:
    return places[1:]


def other_page(places: list[Place]) -> list[Place]:
    return [replace(places[0], spots=(Spot(2, places[0].spots[0].rect),)), *places[1:]]


def other_on(places: list[Place]) -> list[Place]:
    at = next(n for n, place in enumerate(places) if place.kind == "check")
    return [*places[:at], replace(places[at], on="Yes"), *places[at + 1 :]]


def other_kind(places: list[Place]) -> list[Place]:
    at = next(n for n, place in enumerate(places) if place.kind == "check")
    return [*places[:at], replace(places[at], kind="text", on=None), *places[at + 1 :]]


def added(places: list[Place]) -> list[Place]:
    return [*places, replace(places[0], name="New[0]", spots=(Spot(1, (10, 10, 50, 20)),))]


def button_gone(places: list[Place]) -> list[Place]:
    return [place for place in places if "Save" not in place.name]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (moved, "(court) moved on page 1, from "),
        (renamed, "(court) is now called Other[0]"),
        (gone, "(court) is gone"),
        (other_page, "(court) left page 1 for page 2"),
        (other_on, "is now checked with Yes (before: 1)"),
        (other_kind, "is now of kind text (before: check)"),
        (added, "there is a new box New[0] (text, page 1, at 10, 10, 50, 20)"),
        (button_gone, '"Save this form" is gone'),
    ],
)
def test_a_file_that_is_not_as_described_is_never_used(
    change: Callable[[list[Place]], list[Place]], told: str, prepared: FormSpec, tmp_path: Path
) -> None:
    """The hash is right, so it is the official file: then the second-hand list is wrong. Nothing is filled by it."""
    data = drawn_file(prepared, change)
    spec = replace(prepared, sha256=fingerprint(data), bytes=len(data))
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "x.pdf").write_bytes(data)
    result = install_one(spec, [folder], tmp_path / "blanks")
    assert (result.state, result.reason) == ("refused", "census_differs")
    assert told in result.sentence()
    assert "answer sheet" in result.sentence()
    assert [difference.sentence() for difference in result.differences] == result.details["differences"].split("; ")
    assert not (tmp_path / "blanks").exists()


def test_an_unknown_file_is_refused(prepared: FormSpec, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / f"{prepared.form.lower()}.pdf").write_bytes(drawn_file(prepared))  # another encryption: other bytes
    result = install_one(prepared, [folder], tmp_path / "blanks")
    assert (result.state, result.reason) == ("refused", "unknown_file")


def test_a_later_change_of_the_blank_is_noticed(prepared: FormSpec, tmp_path: Path) -> None:
    dest = tmp_path / "blanks"
    install_one(prepared, [put(tmp_path / "in", prepared)], dest)
    path = dest / f"{prepared.form}.pdf"
    good = path.read_bytes()
    path.write_bytes(good + b"\n")
    assert check_one(prepared, dest).reason == "blank_changed"
    with pytest.raises(forms.BlankMissing, match="changed"):
        fill_spec(prepared, {}, blanks=dest)
    assert install_one(prepared, [tmp_path / "in"], dest).reason == "adopted_again"
    assert path.read_bytes() == good


def test_a_blank_with_moved_boxes_is_not_filled_whatever_its_inventory_says(prepared: FormSpec, tmp_path: Path) -> None:
    dest = tmp_path / "blanks"
    install_one(prepared, [put(tmp_path / "in", prepared)], dest)
    path = dest / f"{prepared.form}.pdf"
    out = BytesIO()
    with pikepdf.open(path) as pdf:
        box = next(box for box in pdf.pages[0].obj.Annots if full_name(box) == prepared.fields["court"].name)
        box.Rect = Array([float(edge) + 30 for edge in box.Rect])
        pdf.save(out)
    path.write_bytes(out.getvalue())
    inventory = json.loads((dest / f"{prepared.form}.json").read_text())
    inventory["blank_sha256"] = fingerprint(out.getvalue())
    (dest / f"{prepared.form}.json").write_text(json.dumps(inventory))
    with pytest.raises(forms.BlankMissing, match="changed"):
        fill_spec(prepared, {"case_number": "1"}, blanks=dest)


def test_a_map_that_changed_after_adoption_is_noticed(prepared: FormSpec, tmp_path: Path) -> None:
    dest = tmp_path / "blanks"
    install_one(prepared, [put(tmp_path / "in", prepared)], dest)
    corrected = replace(prepared, places=tuple(moved(list(prepared.places))))
    assert check_one(corrected, dest).reason == "blank_changed"


@pytest.mark.parametrize("spoil", [b"", b"[]", b"{}", b'{"boxes": 3}', b"\xff"])
def test_a_spoilt_inventory_is_no_inventory(spoil: bytes, prepared: FormSpec, tmp_path: Path) -> None:
    dest = tmp_path / "blanks"
    install_one(prepared, [put(tmp_path / "in", prepared)], dest)
    (dest / f"{prepared.form}.json").write_bytes(spoil)
    assert check_one(prepared, dest).reason == "blank_changed"


# Only the words ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", WORDING)
def test_a_form_without_places_is_never_filled(form: str, tmp_path: Path) -> None:
    assert check_one(forms.specs()[form], tmp_path).state == "answers"
    (tmp_path / f"{form}.pdf").write_bytes(drawn_file(forms.specs()["CR-106"]))
    with pytest.raises(forms.BlankMissing) as caught:
        forms.fill(form, {}, blanks=tmp_path)
    assert caught.value.reason == "answers_only"
    assert not forms.available(form, tmp_path)


@pytest.mark.parametrize("form", [*WORDING, *PREPARED])
def test_the_sheet_has_every_item_of_the_form(form: str) -> None:
    spec = forms.specs()[form]
    shown = " ".join(words(forms.answer_sheet(form, {}, words=sheet_words())).split())
    assert f"{form} [{spec.revision_printed}]" in shown
    for place in spec.places:
        if place.kind in ("text", "check"):
            # Boxes in a row that are the clerk's or the server's are one line, from the first to the last.
            theirs = place.empty in ("server", "clerk")
            for word in (*place.item.split(), *(() if theirs else place.label.split())):
                assert word in shown, (place.key, word)
    assert ("Las palabras son de una versión anterior." in shown) == bool(spec.wording_of)


def test_the_sheet_says_whose_box_it_is_and_what_is_theirs_to_choose() -> None:
    shown = " ".join(words(forms.answer_sheet("CR-401", {"served_name": "Ana Ñ"}, words=sheet_words())).split())
    assert "a. Name of person served: Ana Ñ" in shown
    assert "c. Date Served: … PM (quien entrega la copia lo llena)" in shown
    values: Answers = {"item_4": True, "section_11360": True, "defendant": "Łuz"}
    shown = " ".join(words(forms.answer_sheet("JV-744", values, words=sheet_words())).split())
    assert "My name is: Łuz" in shown
    assert "4. REQUEST FOR REDESIGNATION — marque" in shown
    assert "3. REQUEST FOR A NEW DISPOSITIONAL ORDER (RESENTENCING) — deje vacía" in shown
    assert "7. WAIVER OF HEARING BY ORIGINAL SENTENCING JUDGE — (usted elige)" in shown
    assert "I was born on (date): (a mano, su nacimiento)" in shown
    with pytest.raises(forms.BoxesConflict):
        forms.answer_sheet("JV-744", {"item_3": True, "item_4": True}, words=sheet_words())


@pytest.mark.parametrize("form", ["CR-401", "CR-403"])
def test_a_known_file_is_recognised_but_not_mapped(form: str, tmp_path: Path) -> None:
    data = drawn_file(forms.specs()["CR-106"])
    spec = replace(forms.specs()[form], sha256=fingerprint(data), bytes=len(data))
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "something.pdf").write_bytes(data)
    result = install_one(spec, [folder], tmp_path / "blanks")
    assert (result.state, result.reason) == ("answers", "recognised")
    assert "not mapped yet" in result.sentence()
    assert "answer sheet" in result.sentence()
    assert not (tmp_path / "blanks").exists()
    (folder / f"{form}.pdf").write_bytes(b"%PDF-1.7 another")
    (folder / "something.pdf").unlink()
    assert install_one(spec, [folder], tmp_path / "blanks").state == "refused"


def test_a_file_of_a_form_without_fingerprint(tmp_path: Path) -> None:
    spec = forms.specs()["JV-744"]
    (tmp_path / "jv744a.pdf").write_bytes(b"%PDF-1.7")
    assert install_one(spec, [tmp_path], tmp_path / "blanks").reason == "answers_only"
    (tmp_path / "jv744.pdf").write_bytes(b"%PDF-1.7")
    assert install_one(spec, [tmp_path], tmp_path / "blanks").reason == "unmapped_file"


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("cr400", "CR-400"),
        ("CR-400_2024-01", "CR-400"),
        ("CR 400 (1)", "CR-400"),
        ("jv744", "JV-744"),
        ("jv-744a", "JV-744A"),
        ("cr-409-info_2019", ""),
        ("cr409info", ""),
        ("cr4001", ""),
    ],
)
def test_a_candidate_is_known_by_the_forms_whole_number(name: str, form: str, tmp_path: Path) -> None:
    (tmp_path / f"{name}.pdf").write_bytes(b"")
    touched = {each.form for each in forms.install([tmp_path], tmp_path / "blanks") if "file" in each.details}
    assert touched == ({form} if form else set())
