"""Reads a packet back: the printed text, and every mapped box of a flat form, by its place on the page.

A flat form has no fields any more. So a text box is what stands inside its rectangle, and a tick is ink that the
empty blank does not have. Beyond the boxes nothing may differ from the blank at all.
"""

from __future__ import annotations

import shutil
import subprocess
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image, ImageChops, ImageDraw

from tests.browser.site import REPOSITORY

SCALE = 3  # pixels a point
ROOM = 2.0  # points around a box that its ink may reach
INK = 90  # of 255: a difference a person would see


@dataclass(frozen=True, slots=True)
class Box:
    key: str
    kind: str
    rect: tuple[float, float, float, float]


def boxes(form: str, page: int = 1) -> dict[str, Box]:
    """The boxes of one page of a form that hold text or a tick, by key; a caption that repeats has its key."""
    raw = tomllib.loads((REPOSITORY / "forms" / form / "fields.toml").read_text(encoding="utf-8"))
    found = [field for field in raw["field"] if field["kind"] in {"text", "check"} and field["page"] == page]
    keyed = [(field.get("key") or field["copies"], field) for field in found]
    return {key: Box(key, field["kind"], tuple(field["rect"])) for key, field in keyed}


def printed(pdf: Path) -> str:
    """All text of a PDF, as poppler reads it."""
    program = shutil.which("pdftotext")
    assert program, "pdftotext is missing: install poppler-utils"
    return subprocess.run([program, "-layout", str(pdf), "-"], check=True, capture_output=True, text=True).stdout


def bookmarks(document: pdfium.PdfDocument) -> list[tuple[str, int]]:
    """Title and page number (from 0) of each bookmark."""
    return [(mark.get_title(), mark.get_dest().get_index()) for mark in document.get_toc()]


def read_form(page: pdfium.PdfPage, blank: pdfium.PdfPage, form: str, number: int = 1) -> dict[str, str | bool]:
    """What page `number` of a flat form says, by key: every box with something in it, and no other. Fails on ink
    outside the boxes."""
    assert page.get_size() == blank.get_size()
    text = page.get_textpage()
    empty = blank.get_textpage()
    changed = difference(page, blank)
    height = page.get_height()
    said: dict[str, str | bool] = {}
    for key, box in boxes(form, number).items():
        area = pixels(box, height)
        if box.kind == "text":
            words = " ".join(text.get_text_bounded(*box.rect).split())
            before = " ".join(empty.get_text_bounded(*box.rect).split())
            if words != before:
                said[key] = words
            assert bool(said.get(key)) == has_ink(changed, area), f"{key}: text {said.get(key)!r}, but its ink differs"
        elif has_ink(changed, area):
            said[key] = True
    rest = changed.copy()
    drawing = ImageDraw.Draw(rest)
    for key in said:
        drawing.rectangle(pixels(boxes(form, number)[key], height, ROOM), fill=0)
    assert rest.getbbox() is None, f"{form} has ink outside its boxes, at pixels {rest.getbbox()}"
    return said


def difference(page: pdfium.PdfPage, blank: pdfium.PdfPage) -> Image.Image:
    """White where two pages differ visibly, black elsewhere."""
    one, two = (each.render(scale=SCALE).to_pil().convert("L") for each in (page, blank))
    return ImageChops.difference(one, two).point(lambda value: 255 if value > INK else 0)


def pixels(box: Box, height: float, room: float = 0) -> tuple[int, int, int, int]:
    left, bottom, right, top = box.rect
    return (
        int((left - room) * SCALE),
        int((height - top - room) * SCALE),
        int((right + room) * SCALE) + 1,
        int((height - bottom + room) * SCALE) + 1,
    )


def has_ink(changed: Image.Image, area: tuple[int, int, int, int]) -> bool:
    return changed.crop(area).getbbox() is not None
