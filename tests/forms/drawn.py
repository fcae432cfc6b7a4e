"""Two independent eyes on a page: Poppler and PDFium. Pages come back as grey pictures, at the same scale."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Iterable

import pypdfium2
from PIL import Image, ImageChops

DPI = 120
SCALE = DPI / 72
HEIGHT = 792


def poppler(pdf: bytes, page: int = 1) -> Image.Image:
    command = ["pdftoppm", "-r", str(DPI), "-gray", "-f", str(page), "-l", str(page), "-"]
    done = subprocess.run(command, input=pdf, capture_output=True, check=True)
    return Image.open(io.BytesIO(done.stdout)).convert("L")


def pdfium(pdf: bytes, page: int = 1) -> Image.Image:
    document = pypdfium2.PdfDocument(pdf)
    sheet = document[page - 1]
    bitmap = sheet.render(scale=SCALE, grayscale=True)
    picture = bitmap.to_pil().convert("L").copy()
    bitmap.close()
    sheet.close()
    document.close()
    return picture


ENGINES = {"poppler": poppler, "pdfium": pdfium}


def changed(before: Image.Image, after: Image.Image) -> Image.Image:
    """Black where nothing changed, white where it did."""
    return ImageChops.difference(before, after).point(lambda value: 255 if value > 40 else 0)


def ink(difference: Image.Image, rect: Iterable[float], margin: float = 0.0) -> int:
    """How many pixels changed in a rectangle given in points from the bottom left."""
    return sum(difference.crop(_pixels(rect, margin)).histogram()[1:])


def blotted(difference: Image.Image, rect: Iterable[float], margin: float) -> None:
    """Forget what changed in a rectangle."""
    difference.paste(0, _pixels(rect, margin))


def _pixels(rect: Iterable[float], margin: float) -> tuple[int, int, int, int]:
    left, bottom, right, top = rect
    return (
        round((left - margin) * SCALE),
        round((HEIGHT - top - margin) * SCALE),
        round((right + margin) * SCALE),
        round((HEIGHT - bottom + margin) * SCALE),
    )


def words(pdf: bytes, *, layout: bool = False) -> str:
    """The text of all pages as Poppler reads it."""
    command = ["pdftotext", *(["-layout"] if layout else []), "-enc", "UTF-8", "-", "-"]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode("utf-8")


def qpdf_says(pdf: bytes) -> str:
    """What `qpdf --check` reports; raises when it finds anything wrong, warnings included."""
    done = subprocess.run(["qpdf", "--check", "-"], input=pdf, capture_output=True, check=False)
    if done.returncode != 0:
        # Older qpdf reads no standard input.
        import tempfile

        with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
            file.write(pdf)
            file.flush()
            done = subprocess.run(["qpdf", "--check", file.name], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode() + done.stdout.decode()
    return done.stdout.decode()
