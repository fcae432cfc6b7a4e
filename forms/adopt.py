"""Official file -> usable blank. Done once, by the person who installs Limpio, never while somebody waits.

The Judicial Council publishes encrypted files with a second form inside (XFA), scripts, buttons, screen notices and
Adobe usage rights. None of that can be filled by plain software, and some of it would hide what was filled in.
Adoption takes the official file apart and keeps only what is printed and what is filled in:

* the file is found by its SHA-256, whatever its name; a file that only *looks* like the form is refused;
* what is kept is named (allow-lists for the catalog, the page, the field), everything else falls away: encryption,
  XFA, scripts, actions, usage rights, links, attached files, outlines, buttons, screen notices;
* a button whose face is printed wording (the court's web address in the footer) leaves its face on the page;
* layers meant for the screen only are switched off, layers meant for paper stay on;
* the printed page is not touched: the content streams are compared byte by byte with the original's, the blank is
  searched for anything active, and its own SHA-256 is pinned in `form.toml`, since the same input gives the same bytes;
* the blank appears whole or not at all (temporary file, fsync, rename; readable by its owner only).

A newer revision has an unknown fingerprint, and `install` refuses it. `adopt_revision` is the one way to use it: it is
compared box by box with `fields.toml` and adopted only if every box Limpio fills has kept its name, kind, page, place
(within a point) and on-state. Otherwise it is told which line of which file to edit. `forms/drift.py` finds newer
revisions in the first place.
"""

from __future__ import annotations

import json
import re
import resource
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from forms.blanks import ACTIVE, Adoption, State, blank_path, check_one, fingerprint, inventory_path, write_whole
from forms.compare import Difference, Found, differences
from forms.spec import FormSpec, Rect, rect_of, specs

LARGEST = 20_000_000
"""Bytes. Official forms are under 200 kB; anything larger is not looked at."""
ROOM = 256 * 2**20
"""Bytes of memory that reading one file may take: a small file can be made to unpack to gigabytes."""

_PUSH_BUTTON = 1 << 16
_CATALOG = ("/Type", "/Pages", "/AcroForm", "/Lang", "/MarkInfo", "/StructTreeRoot", "/OCProperties")
_PAGE = ("/Type", "/Parent", "/Contents", "/Resources", "/MediaBox", "/CropBox", "/Rotate", "/Annots", "/Tabs")
_PAGE_TAGS = ("/StructParents",)
_FORM = ("/Fields", "/DR", "/DA", "/Q")
_FIELD = ("/T", "/TU", "/FT", "/Ff", "/Kids", "/Parent", "/MaxLen", "/DA", "/Q", "/Opt")
_WIDGET = (*_FIELD, "/Type", "/Subtype", "/Rect", "/F", "/P", "/AP", "/AS", "/MK", "/StructParent")
_FACE = ("/Type", "/Subtype", "/FormType", "/BBox", "/Matrix", "/Resources", "/Filter", "/DecodeParms", "/Length")
_INFO = ("/Title", "/Author", "/Subject", "/CreationDate", "/ModDate")
_MALFORMED = (
    *(pikepdf.PdfError, ValueError, LookupError, AttributeError, TypeError, ArithmeticError),
    *(RuntimeError, MemoryError, Warning),  # RecursionError is a RuntimeError
)
"""What pikepdf and we raise over a file that is not put together as a PDF must be."""
_DEEPEST = 100
"""Steps from a widget to the root of the field tree; official forms have about six."""


class Refused(Exception):
    """A file that is not adopted: a reason of `REASONS`, its facts, and the boxes that differ."""

    def __init__(self, reason: str, *, differences: Sequence[Difference] = (), **details: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.differences = tuple(differences)
        self.details = details
        if differences:
            self.details["differences"] = "; ".join(difference.sentence() for difference in differences)


def install(sources: Sequence[Path], dest: Path, *, on: date | None = None) -> tuple[Adoption, ...]:
    """Adopt every form that can be found in `sources` (folders or files) into the folder `dest`.

    One result for each form; nothing is raised for a bad file or a full disk: the result says what happened.
    Files already in place and unchanged are left alone. `on` is the day that is written beside the blanks.
    """
    with bounded():
        return tuple(install_one(spec, sources, dest, on=on) for spec in specs().values())


def install_one(spec: FormSpec, sources: Sequence[Path], dest: Path, *, on: date | None = None) -> Adoption:
    """Adopt one form. See `install`."""
    before = check_one(spec, dest)
    if before.state == "already":
        return before
    return _adopted(spec, sources, dest, before, on, accept_new=False)


def adopt_revision(spec: FormSpec, file: Path, dest: Path, *, on: date | None = None) -> Adoption:
    """Adopt this very file for the form, also a revision that Limpio does not know, in place of any blank there is.

    Refused while a box that Limpio fills differs: `differences` then says what, and `EDITS` which line to edit.
    """
    with bounded():
        return _adopted(spec, (file,), dest, check_one(spec, dest), on, accept_new=True)


def _adopted(
    spec: FormSpec, sources: Sequence[Path], dest: Path, before: Adoption, on: date | None, *, accept_new: bool
) -> Adoption:
    facts = {
        "form": spec.form,
        "folder": str(dest),
        "folders": ", ".join(str(source) for source in sources) or "-",
        "address": spec.addresses[0],
        "revision": spec.revision_printed,
    }

    def result(state: State, reason: str, told: Sequence[Difference] = (), **more: str) -> Adoption:
        return Adoption(spec.form, state, reason, MappingProxyType({**facts, **more}), tuple(told))

    try:
        file, data, known = _given(spec, sources[0]) if accept_new else find(spec, sources)
        if file is None:
            if before.reason == "blank_changed" or spec.basis == "wording":
                return before
            return result("prepared", "prepared") if spec.basis == "census" else result("missing", "missing")
        facts["file"] = str(file)
        if spec.basis == "wording" and accept_new:
            with opened(data) as pdf:
                told = differences(spec, widgets(pdf), len(pdf.pages))
            raise Refused("no_map", differences=[each for each in told if each.reason == "box_added"])
        if spec.basis == "wording" and (known or spec.sha256 is None):
            return result("answers", "recognised" if known else "unmapped_file")
        if known:
            blank, inventory = adopt(spec, data)
            if spec.basis == "census":
                _compare_with_census(spec, data)
            elif fingerprint(blank) != spec.blank_sha256:
                raise Refused("blank_differs")
            done, new_fields = "adopted_again" if before.state == "refused" else "adopted", ""
        else:
            blank, inventory, new_fields = _adopt_unknown(spec, data, accept_new)
            done = "adopted_new"
        _save(spec, dest, blank, {**inventory, "adopted_on": on.isoformat() if on else None})
    except Refused as refusal:
        return result("refused", refusal.reason, refusal.differences, **refusal.details)
    except _MALFORMED:
        return result("refused", "file_damaged")
    facts["sha256"], facts["bytes"] = str(inventory["official_sha256"]), str(inventory["official_bytes"])
    facts["blank_sha256"], facts["blank_bytes"] = str(inventory["blank_sha256"]), str(inventory["blank_bytes"])
    return result("adopted", done, new_fields=new_fields)


def _compare_with_census(spec: FormSpec, data: bytes) -> None:
    """Nothing of a second-hand list is believed before the official file itself agrees with all of it."""
    with opened(data) as pdf:
        told = differences(spec, widgets(pdf), len(pdf.pages), buttons=True)
    if told:
        raise Refused("census_differs", differences=told)


def adopt(spec: FormSpec, data: bytes) -> tuple[bytes, Mapping[str, Any]]:
    """The blank made from an official file, and its inventory. The same bytes in give the same bytes out."""
    with opened(data) as pdf:
        printed = [_streams(page.obj) for page in pdf.pages]
        faces = _take_buttons(pdf, spec)
        _clean_layers(pdf)
        _clean_catalog(pdf)
        _print_faces(pdf, faces)
        written = BytesIO()
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # such as boxes on a page that the form does not know
            pdf.save(
                written,
                deterministic_id=True,
                object_stream_mode=pikepdf.ObjectStreamMode.disable,
                compress_streams=False,
                stream_decode_level=pikepdf.StreamDecodeLevel.none,
                encryption=False,
                force_version="1.7",
            )
    blank = written.getvalue()
    with Pdf.open(BytesIO(blank)) as again:
        active = sorted(_active(again))
        if active:
            raise Refused("blank_not_clean", found=", ".join(active))
        for page, before in zip(again.pages, printed, strict=True):
            after = _streams(page.obj)
            # A printed button face adds one stream before (save the state) and one after (restore, draw).
            if before not in (after, after[1:-1]):
                raise Refused("print_changed")
        boxes = [_as_json(found) for found in widgets(again)]
        pages = len(again.pages)
    return blank, {
        "form": spec.form,
        "revision_known": spec.sha256,
        "official_sha256": fingerprint(data),
        "official_bytes": len(data),
        "blank_sha256": fingerprint(blank),
        "blank_bytes": len(blank),
        "accepted_new": False,
        "pages": pages,
        "boxes": boxes,
    }


# Finding a candidate -------------------------------------------------------------------------------------------------


def find(spec: FormSpec, sources: Sequence[Path]) -> tuple[Path | None, bytes, bool]:
    """The official file by fingerprint, or else a file that is called like the form: path, bytes, known."""
    alike: Path | None = None
    unreadable: tuple[Path, OSError] | None = None
    for path in _pdfs(sources):
        named = _named_like(spec.form, path.stem)
        try:
            if spec.sha256 is not None and path.is_file() and _may_be(spec, path.stat().st_size):
                data = path.read_bytes()
                if fingerprint(data) == spec.sha256:
                    return path, data, True
        except OSError as cause:
            unreadable = (path, cause) if named else unreadable
            continue
        if named and alike is None:
            alike = path
    if alike is not None:
        return alike, _read(alike), False
    if unreadable is not None:
        path, trouble = unreadable
        raise Refused("file_unreadable", file=str(path), cause=trouble.strerror or type(trouble).__name__)
    return None, b"", False


def _named_like(form: str, stem: str) -> bool:
    """Whether a file is called like the form: "cr400", "CR-400_2024-01", "CR 400 (1)"; not "cr400info", "jv744a"."""
    letters, _dash, digits = form.lower().partition("-")
    return re.match(rf"{letters}[-_ ]?{digits}(?![0-9a-z])(?![-_ ]?info)", stem.lower()) is not None


def _may_be(spec: FormSpec, size: int) -> bool:
    return size == spec.bytes if spec.bytes is not None else size <= LARGEST


def _pdfs(sources: Sequence[Path]) -> Iterator[Path]:
    for source in sources:
        if source.is_dir() and source.suffix.lower() != ".pdf":
            with suppress(OSError):
                yield from sorted(path for path in source.iterdir() if path.suffix.lower() == ".pdf")
        elif source.exists():
            yield source


def _read(path: Path) -> bytes:
    if path.is_dir():
        raise Refused("file_is_folder", file=str(path))
    try:
        # A pipe or a device never ends, and is no form either.
        if not path.is_file() or path.stat().st_size > LARGEST:
            path.stat()
            raise Refused("file_not_pdf", file=str(path))
        return path.read_bytes()
    except OSError as cause:
        raise Refused("file_unreadable", file=str(path), cause=cause.strerror or type(cause).__name__) from cause


def _given(spec: FormSpec, file: Path) -> tuple[Path, bytes, bool]:
    if not file.exists():
        raise Refused("file_absent", file=str(file))
    data = _read(file)
    return file, data, spec.sha256 is not None and fingerprint(data) == spec.sha256


def _adopt_unknown(spec: FormSpec, data: bytes, accept_new: bool) -> tuple[bytes, Mapping[str, Any], str]:
    with opened(data) as pdf:
        if not accept_new or spec.basis == "wording":
            raise Refused("unknown_file")
        told = differences(spec, widgets(pdf), len(pdf.pages))
    if any(difference.blocks for difference in told):
        raise Refused("boxes_moved", differences=told)
    new = sorted(difference.name for difference in told)
    blank, inventory = adopt(spec, data)
    return blank, {**inventory, "accepted_new": True}, ", ".join(new) or "-"


@contextmanager
def bounded() -> Iterator[None]:
    """While it lasts, this process may take `ROOM` more memory and not more; then reading raises MemoryError.

    Where the system does not say how much it has (no /proc), there is no bound.
    """
    before = resource.getrlimit(resource.RLIMIT_AS)
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (OSError, ValueError, IndexError):
        yield
        return
    most = pages * resource.getpagesize() + ROOM
    if before[0] != resource.RLIM_INFINITY:
        most = min(most, before[0])
    resource.setrlimit(resource.RLIMIT_AS, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def opened(data: bytes) -> Pdf:
    """The PDF, if it is one and whole. Raises Refused with the reason."""
    if not data:
        raise Refused("file_empty")
    if b"%PDF-" not in data[:1024]:
        raise Refused("file_not_pdf")
    try:
        pdf = Pdf.open(BytesIO(data))
        damaged = bool(pdf.get_warnings()) or len(pdf.pages) == 0
        list(widgets(pdf))
    except pikepdf.PasswordError:
        raise Refused("file_locked") from None
    except _MALFORMED:
        raise Refused("file_damaged") from None
    if damaged:
        pdf.close()
        raise Refused("file_damaged")
    return pdf


# Reading boxes -------------------------------------------------------------------------------------------------------


def widgets(pdf: Pdf) -> Iterator[Found]:
    """Every widget on the pages of a PDF, in page order."""
    for number, page in enumerate(pdf.pages, start=1):
        for annotation in page.obj.get("/Annots", []):
            if annotation.get("/Subtype") == Name.Widget:
                left, bottom, right, top = (round(float(edge), 2) for edge in annotation.Rect)
                states = _on_states(annotation)
                yield Found(
                    full_name(annotation),
                    _kind(annotation),
                    number,
                    (min(left, right), min(bottom, top), max(left, right), max(bottom, top)),
                    states[0] if states else None,
                )


def full_name(node: Any) -> str:
    """The full AcroForm name: the partial names from the root, joined with dots."""
    return ".".join(reversed([str(each.T) for each in _upwards(node) if "/T" in each]))


def _upwards(node: Any) -> Iterator[Any]:
    """A widget and the nodes of the field tree above it. Raises ValueError where they lead in a circle."""
    for _step in range(_DEEPEST):
        if node is None:
            return
        yield node
        node = node.get("/Parent")
    raise ValueError("the field tree has no root")


def _inherited(node: Any, key: str) -> Any:
    return next((each[key] for each in _upwards(node) if key in each), None)


def _kind(annotation: Any) -> str:
    kind, flags = _inherited(annotation, "/FT"), int(_inherited(annotation, "/Ff") or 0)
    if kind == Name.Btn:  # a radio button is a check box like those: several widgets of one field, one of them on
        return "button" if flags & _PUSH_BUTTON else "check"
    return {"/Tx": "text", "/Ch": "choice", "/Sig": "signature"}.get(str(kind), "other")


def _on_states(annotation: Any) -> list[str]:
    if _kind(annotation) != "check":
        return []
    normal = annotation.get("/AP", Dictionary()).get("/N", Dictionary())
    return [] if isinstance(normal, Stream) else [key[1:] for key in normal.keys() if key != "/Off"]  # noqa: SIM118 - a pikepdf dictionary is not iterable by itself


def _as_json(found: Found) -> dict[str, Any]:
    return {"name": found.name, "kind": found.kind, "page": found.page, "rect": list(found.rect), "on": found.on}


# Taking things away --------------------------------------------------------------------------------------------------


def _take_buttons(pdf: Pdf, spec: FormSpec) -> list[tuple[int, Rect, Stream]]:
    """Remove buttons, screen notices and links; clean the remaining fields. Returns the faces to print."""
    notices = {place.name for place in spec.places if place.kind == "notice"}
    printed = {place.name for place in spec.places if place.empty == "printed"}
    faces: list[tuple[int, Rect, Stream]] = []
    gone: set[tuple[int, int]] = set()
    for number, page in enumerate(pdf.pages):
        kept = []
        for annotation in page.obj.get("/Annots", []):
            name, kind = "", ""
            if annotation.get("/Subtype") == Name.Widget:
                name, kind = full_name(annotation), _kind(annotation)
            if not name or kind == "button" or name in notices:
                face = annotation.get("/AP", Dictionary()).get("/N")
                if name in printed and isinstance(face, Stream):
                    faces.append((number, rect_of(annotation.Rect), face))
                gone.add(annotation.objgen)
            else:
                _keep(annotation, _WIDGET)
                annotation.F = 4  # printed, neither hidden nor locked
                if kind == "text" and "/AP" in annotation:
                    del annotation["/AP"]
                elif "/AS" in annotation:
                    annotation.AS = Name.Off
                kept.append(annotation)
        page.obj.Annots = Array(kept)
    form = pdf.Root.get("/AcroForm")
    if form is not None:
        _keep(form, _FORM)
        form.Fields = Array([field for field in form.Fields if _clean_field(field, gone)])
    _forget_tags(pdf, gone)
    return faces


def _clean_field(field: Any, gone: set[tuple[int, int]]) -> bool:
    """Clean a node of the field tree and those below it; False when nothing of it remains."""
    if field.objgen in gone:
        return False
    if field.get("/Subtype") == Name.Widget and "/Kids" not in field:
        return True
    _keep(field, _WIDGET if field.get("/Subtype") == Name.Widget else _FIELD)
    kids = [kid for kid in field.get("/Kids", []) if _clean_field(kid, gone)]
    field.Kids = Array(kids)
    return bool(kids)


def _forget_tags(pdf: Pdf, gone: set[tuple[int, int]]) -> None:
    """Take removed annotations out of the structure tree, so that nothing of them stays in the file."""
    root = pdf.Root.get("/StructTreeRoot")
    if root is None:
        return
    nodes, seen = [root], set()
    while nodes:
        node = nodes.pop()
        if node.is_indirect:
            if node.objgen in seen:
                continue
            seen.add(node.objgen)
        kids = node.get("/K")
        if kids is None:
            continue
        listed = list(kids) if isinstance(kids, Array) else [kids]
        kept = [kid for kid in listed if not (isinstance(kid, Dictionary) and _points_at(kid, gone))]
        if len(kept) != len(listed):
            if kept:
                node.K = Array(kept)
            else:
                del node["/K"]
        nodes += [kid for kid in kept if isinstance(kid, Dictionary) and kid.get("/Type") not in (Name.MCR, Name.OBJR)]


def _points_at(kid: Any, gone: set[tuple[int, int]]) -> bool:
    target = kid.get("/Obj")
    return target is not None and target.objgen in gone


def _clean_layers(pdf: Pdf) -> None:
    """Layers for the screen off, all others on, without events that could switch them."""
    properties = pdf.Root.get("/OCProperties")
    if properties is None:
        return
    layers = list(properties.get("/OCGs", []))
    screen_only = []
    for layer in layers:
        usage = layer.get("/Usage", Dictionary())
        if usage.get("/Print", Dictionary()).get("/PrintState") == Name.OFF:
            screen_only.append(layer)
        _keep(layer, ("/Type", "/Name"))
    setting = Dictionary(BaseState=Name.ON, OFF=Array(screen_only), Order=Array([]))
    pdf.Root.OCProperties = Dictionary(OCGs=Array(layers), D=setting)


def _clean_catalog(pdf: Pdf) -> None:
    _keep(pdf.Root, _CATALOG)
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    tagged = "/StructTreeRoot" in pdf.Root
    for page in pdf.pages:
        _keep(page.obj, (*_PAGE, *_PAGE_TAGS) if tagged else _PAGE)
    _keep(pdf.docinfo, _INFO)


def _keep(node: Any, keys: Sequence[str]) -> None:
    for key in list(node.keys()):
        if key not in keys:
            del node[key]


def _print_faces(pdf: Pdf, faces: Sequence[tuple[int, Rect, Stream]]) -> None:
    """Draw the faces of removed buttons on their pages, after the untouched streams of the form itself."""
    by_page: dict[int, list[tuple[Rect, Stream]]] = {}
    for number, rect, face in faces:
        by_page.setdefault(number, []).append((rect, face))
    for number, drawn in by_page.items():
        page = pdf.pages[number].obj
        drawing = ["Q"]
        for index, (rect, face) in enumerate(drawn):
            name = Name(f"/LimpioFace{index}")
            _keep(face, _FACE)
            if "/XObject" not in page.Resources:
                page.Resources.XObject = Dictionary()
            page.Resources.XObject[name] = face
            drawing.append(f"q 1 0 0 1 {rect[0]:g} {rect[1]:g} cm {name} Do Q")
        contents = list(page.Contents) if isinstance(page.Contents, Array) else [page.Contents]
        after = pdf.make_stream("\n".join([*drawing, ""]).encode("ascii"))
        page.Contents = Array([pdf.make_stream(b"q\n"), *contents, after])


# Proving it ----------------------------------------------------------------------------------------------------------


def _streams(page: Any) -> list[bytes]:
    """The page's content streams as they lie in the file (decrypted, not unpacked), one by one."""
    contents = page.get("/Contents")
    if contents is None:
        return []
    return [stream.read_raw_bytes() for stream in (contents if isinstance(contents, Array) else [contents])]


def _active(pdf: Pdf) -> set[str]:
    """Names of anything active left anywhere in the file."""
    found: set[str] = set()
    if pdf.is_encrypted:
        found.add("/Encrypt")
    pending: list[Any] = [*pdf.objects, pdf.trailer]
    while pending:
        node = pending.pop()
        if isinstance(node, Stream):
            node = node.stream_dict
        if isinstance(node, Array):
            pending += [item for item in node if _direct_container(item)]
        elif isinstance(node, Dictionary):
            for key, value in node.items():
                found |= {name for name in (key, str(value) if isinstance(value, Name) else "") if name in ACTIVE}
                if _direct_container(value):
                    pending.append(value)
    return found


def _direct_container(value: Any) -> bool:
    return isinstance(value, (Array, Dictionary, Stream)) and not value.is_indirect


# Saving --------------------------------------------------------------------------------------------------------------


def _save(spec: FormSpec, dest: Path, blank: bytes, inventory: Mapping[str, Any]) -> None:
    text = json.dumps(inventory, ensure_ascii=False, indent=1, sort_keys=True)
    try:
        dest.mkdir(parents=True, exist_ok=True, mode=0o700)
        # The inventory first: a blank without one would be refused, an inventory without a blank is merely unused.
        write_whole({inventory_path(spec.form, dest): text.encode("utf-8"), blank_path(spec.form, dest): blank})
    except OSError as cause:
        raise Refused("folder_unwritable", cause=cause.strerror or type(cause).__name__) from cause
