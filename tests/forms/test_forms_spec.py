"""The TOML folders: complete, coherent, and loud when they are not."""

from __future__ import annotations

import re
import shutil
import string
from pathlib import Path

import pikepdf
import pytest
from readback import READ_FROM_FILE

import forms
from forms.adopt import widgets
from forms.reasons import REASONS
from forms.spec import SpecError, read_spec

HOUSE = Path(forms.__file__).parent


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of CR-400's folder that a test may break."""
    return Path(shutil.copytree(HOUSE / "CR-400", tmp_path / "CR-400"))


def test_the_contract_keys_are_there() -> None:
    cr = forms.specs()["CR-400"]
    filer = "name bar_number firm street city state zip phone fax email"
    wanted = {f"filer_{part}" for part in filer.split()}
    wanted |= {f"court_{part}" for part in ("county", "street", "mailing", "city_zip")}
    wanted |= {f"hearing_{part}" for part in ("date", "time", "department")}
    wanted |= {f"section_{part}" for part in ("11357", "11358", "11359", "11360", "11362_1")}
    wanted |= {"attorney_for", "defendant", "case_number", "title_petition", "title_application", "item_2a", "item_2b"}
    wanted |= {"waive_judge", "waive_appearance", "sign_date", "sign_name"}
    assert set(cr.fields) == wanted
    mc = forms.specs()["MC-025"]
    assert set(mc.fields) == {"short_title", "case_number", "attachment_number", "body", "page", "of"}
    assert {key for key, place in cr.fields.items() if place.empty} == {
        "hearing_date",
        "hearing_time",
        "hearing_department",
        "sign_date",
    }


@pytest.mark.parametrize("form", READ_FROM_FILE)
def test_every_field_of_the_official_file_is_accounted_for(form: str, official: Path) -> None:
    spec = forms.specs()[form]
    path = next(path for path in official.glob("*.pdf") if path.stat().st_size == spec.bytes)
    with pikepdf.open(path) as pdf:
        found = list(widgets(pdf))
        pages = len(pdf.pages)
    assert {widget.name for widget in found} == {place.name for place in spec.places}
    assert len(found) == sum(len(place.spots) for place in spec.places)
    assert pages == spec.pages
    told = {(place.name, place.on): place for place in spec.places}
    for widget in found:
        place = told[widget.name, widget.on]
        if place.kind != "notice":
            assert place.kind == widget.kind
        assert place.spots[0].rect == pytest.approx(widget.rect, abs=0.02)


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ('key = "filer_firm"', 'key = "filer_name"', "used twice"),
        ('kind = "text"', 'kind = "txt"', "is none of"),
        ('empty = "hand"', 'empty = "someone"', "is none of"),
        ('goes_in = "number of the case; one form for each case"', "", "either what goes_in or why"),
        ('on = "Yes"', "", "has an on-state"),
        ("page = 1", "page = 2", "does not have"),
        ('label = "NAME:"', 'label = "NAME:"\ncolour = "red"', "unknown entry colour"),
        ('label = "NAME:"', "", "'label' is missing"),
        ('keys = ["title_petition", "item_2a"]', 'keys = ["title_petition", "item_9"]', "item_9"),
        ("rect = [57.55, 722.05, 393.99, 731.05]", "rect = [57.55, 722.05, 3.99, 731.05]", "left, bottom, right, top"),
        ('key = "defendant"', 'key = "defendant', "fields.toml"),
    ],
)
def test_a_contradiction_is_named(folder: Path, before: str, after: str, complaint: str) -> None:
    path = folder / "fields.toml"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(SpecError, match=re.escape(complaint)):
        read_spec(folder)


def test_a_form_without_fingerprint_is_refused(folder: Path) -> None:
    path = folder / "form.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("[official]", "[elsewhere]"), encoding="utf-8")
    with pytest.raises(SpecError, match="elsewhere"):
        read_spec(folder)


def test_sentences_have_named_placeholders_only() -> None:
    for reason, sentence in REASONS.items():
        named = set(re.findall(r"%\((\w+)\)s", sentence))
        assert sentence % dict.fromkeys(named, "x"), reason
        assert sentence.count("%") == len(re.findall(r"%\(\w+\)s", sentence)), reason
        assert sentence[0] in string.ascii_uppercase + "%", reason


def test_an_unknown_form_is_named() -> None:
    with pytest.raises(forms.UnknownForm, match="ZZ-999"):
        forms.fill("ZZ-999", {}, blanks=Path("nowhere"))
