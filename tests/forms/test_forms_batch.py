"""Many copies in one file: each reads like a single one, and the paper is there once."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pypdf
import pytest

import forms
from forms.batch import Copy, batch
from forms.fill import fill
from forms.reasons import BlankMissing, UnknownForm


def copy(number: int, name: str = "JOSÉ P O'NEIL") -> Copy:
    values: dict[str, str | bool] = {
        "defendant": name,
        "filer_name": name,
        "case_number": f"BA{number:06d}",
        "court_county": "Los Angeles",
        "section_11357": True,
        "section_11359": number % 2 == 0,
        "item_2b": True,
        "title_application": True,
    }
    return Copy(values, f"BA{number:06d} {name}")


def text(pdf: bytes, page: int = 0) -> str:
    return pypdf.PdfReader(io.BytesIO(pdf)).pages[page].extract_text()


def test_each_copy_reads_like_one_filled_alone(blanks: Path) -> None:
    copies = [copy(n, name) for n, name in enumerate(("ANA RUIZ", "JOSÉ PEÑA", "THANH NGUYỄN"))]
    made = batch("CR-400", copies, blanks=blanks, title="Many")
    assert made.pages == (1, 2, 3)
    for page, one in enumerate(copies):
        alone = fill("CR-400", one.values, blanks=blanks).pdf
        assert text(made.pdf, page).split() == text(alone).split()


def test_the_paper_is_there_once(blanks: Path) -> None:
    one = batch("CR-400", [copy(1)], blanks=blanks, title="One")
    many = batch("CR-400", [copy(n) for n in range(100)], blanks=blanks, title="Many")
    alone = fill("CR-400", copy(1).values, blanks=blanks).pdf
    assert len(many.pdf) < len(one.pdf) + 100 * 1500 < 100 * len(alone) / 5
    reader = pypdf.PdfReader(io.BytesIO(many.pdf))
    shared = {tuple(c.idnum for c in page.raw_get("/Contents")[:-1]) for page in reader.pages}
    assert len(reader.pages) == 100
    assert len(shared) == 1
    assert len(re.findall(rb"/FontFile2", many.pdf)) == len(re.findall(rb"/FontFile2", one.pdf))


def test_bookmarks_lead_to_the_copies(blanks: Path) -> None:
    made = batch("CR-400", [copy(1), copy(2)], blanks=blanks, title="Two")
    reader = pypdf.PdfReader(io.BytesIO(made.pdf))
    marks = [(m.title, reader.get_destination_page_number(m)) for m in reader.outline]  # type: ignore[union-attr, arg-type]
    assert marks == [("BA000001 JOSÉ P O'NEIL", 0), ("BA000002 JOSÉ P O'NEIL", 1)]
    assert reader.metadata is not None
    assert reader.metadata.title == "Two"


def test_what_does_not_fit_is_told_and_what_cannot_be_printed_is_left_out(blanks: Path) -> None:
    long, odd = copy(1, "M" * 300), copy(2, "ANA \U00012000")
    made = batch("CR-400", [long, odd, copy(3)], blanks=blanks, title="Three")
    assert {place for place, _ in made.overflow} == {0}
    assert "MC-025" in text(made.pdf, 0)
    assert [(place, problem.reason) for place, problem in made.left_out] == [(1, "unprintable")]
    assert made.pages == (1, 0, 2)
    assert "BA000003" in text(made.pdf, 1)


def test_nothing_to_fill_makes_no_file(blanks: Path) -> None:
    assert batch("CR-400", [], blanks=blanks, title="None").pdf == b""


def test_a_form_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BlankMissing):
        batch("CR-400", [copy(1)], blanks=tmp_path, title="x")
    with pytest.raises(UnknownForm):
        batch("CR-999", [copy(1)], blanks=tmp_path, title="x")


def test_every_page_of_a_batch_is_sound(blanks: Path, tmp_path: Path) -> None:
    import pikepdf

    path = tmp_path / "batch.pdf"
    path.write_bytes(batch("CR-400", [copy(n) for n in range(5)], blanks=blanks, title="x").pdf)
    with pikepdf.open(path) as pdf:
        assert pdf.check_pdf_syntax() == []
    assert forms.available("CR-400", blanks)
