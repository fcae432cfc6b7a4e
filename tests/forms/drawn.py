"""Two independent eyes on a page: Poppler and PDFium. Pages come back as grey pictures, at the same scale."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable, Iterable

import pikepdf
import pypdfium2
from pikepdf import Array, Dictionary, Name, Pdf
from PIL import Image, ImageChops

from forms.spec import FormSpec, Place, Spot

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


# A file as the court would publish it, drawn from a form's own description ------------------------------------------


def drawn_file(spec: FormSpec, change: Callable[[list[Place]], list[Place]] = list) -> bytes:
    """A PDF with the fields of `spec` at their places, as a tree of names, encrypted, with XFA, scripts and buttons.

    `change` may move, rename, drop or add places first: then it is another revision of the form.
    """
    pdf = pikepdf.new()
    for number in range(1, spec.pages + 1):
        page = pdf.add_blank_page(page_size=(612, 792)).obj
        page.Contents = pdf.make_stream(f"BT /F0 9 Tf 40 30 Td ({spec.form} page {number}) Tj ET".encode())
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        page.Resources = Dictionary(Font=Dictionary(F0=pdf.make_indirect(font)))
        page.Annots = Array([])
    script = Dictionary(S=Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
    form = Dictionary(Fields=Array([]), DA=pikepdf.String("/Helv 9 Tf 0 g"), XFA=pikepdf.String("<xdp/>"), SigFlags=2)
    pdf.Root.AcroForm = pdf.make_indirect(form)
    pdf.Root.OpenAction = script
    branches: dict[str, Dictionary] = {}
    for place in change(list(spec.places)):
        for spot in place.spots:
            box = pdf.make_indirect(_drawn_box(pdf, place, spot, script))
            _hang(pdf, branches, box, place.name)
            pdf.pages[spot.page - 1].obj.Annots.append(box)
    out = io.BytesIO()
    pdf.save(out, encryption=pikepdf.Encryption(owner="drawn", user="", R=6))
    return out.getvalue()


def _drawn_box(pdf: Pdf, place: Place, spot: Spot, script: Dictionary) -> Dictionary:
    left, bottom, right, top = spot.rect
    box = Dictionary(Type=Name.Annot, Subtype=Name.Widget, F=4, Rect=Array([left, bottom, right, top]))
    box.TU = pikepdf.String(place.label)
    if place.kind in ("text", "notice"):
        box.FT = Name.Tx
        box.Ff = 1 << 12 if top - bottom > 25 else 0
        return box
    face = pdf.make_stream(b"", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, right - left, top - bottom]))
    box.FT = Name.Btn
    if place.kind == "button":
        face.write(f"BT /F0 8 Tf 1 2 Td ({place.label}) Tj ET".encode("latin-1"))
        face.Resources = pdf.pages[spot.page - 1].obj.Resources
        box.Ff = 1 << 16
        box.AP = Dictionary(N=face)
        box.A = script
    else:
        box.AP = Dictionary(N=Dictionary({"/" + str(place.on): face, "/Off": face}))
        box.AS = Name.Off
    return box


def _hang(pdf: Pdf, branches: dict[str, Dictionary], box: pikepdf.Object, name: str) -> None:
    """Put a widget under its name in the field tree: each part of the name before a dot is a branch."""
    *above, last = name.split(".")
    box.T = pikepdf.String(last)
    parent, path = None, ""
    for part in above:
        path = f"{path}.{part}"
        if path not in branches:
            branch = pdf.make_indirect(Dictionary(T=pikepdf.String(part), Kids=Array([])))
            if parent is None:
                pdf.Root.AcroForm.Fields.append(branch)
            else:
                branch.Parent = parent
                parent.Kids.append(branch)
            branches[path] = branch
        parent = branches[path]
    if parent is None:
        pdf.Root.AcroForm.Fields.append(box)
    else:
        box.Parent = parent
        parent.Kids.append(box)
