"""Has the court changed a form since Limpio was made for it?

Forms are revised without notice, often on January 1, and the address stays the same. So a file that the court serves
now (downloaded into a folder, or fetched by the command) is compared with what the form's folder says:

    served = compare(spec, data, where="cr400.pdf", blanks=folder)
    served.reason          # "served_same", "served_new", ...
    served.revision        # "Rev. January 1, 2027", as printed in its footer, or "" when it could not be read
    served.differences     # box by box: added, gone, moved, renamed, of another kind, checked with another value

Nothing here changes what is filled in. A new revision is used when its map is confirmed (`adopt.adopt_revision`) and
not before. `forms/last_check.py` keeps what was found, for the page that anyone may read.
"""

from __future__ import annotations

import re
import warnings
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pikepdf
from pikepdf import Array, Pdf

from forms.adopt import Refused, bounded, find, opened, widgets
from forms.blanks import fingerprint, official_in_use
from forms.compare import differences
from forms.last_check import Served
from forms.spec import FormSpec, specs

LONGEST = 1_000_000
"""Bytes of a page's operators that are read for a date; official forms have under 100 kB a page."""

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_REVISION = re.compile(rf"\b(?:New|Rev\.|Revised|Effective)\s+(?:{_MONTHS})\s+\d{{1,2}},\s+\d{{4}}")


def look(sources: Sequence[Path], blanks: Path) -> tuple[Served, ...]:
    """Every form for which `sources` (folders or files) hold the known file, or one that is called like the form."""
    told = []
    for spec in specs().values():
        try:
            file, data, _known = find(spec, sources)
        except Refused as refusal:
            told.append(unread(spec, refusal.details.get("file", ""), refusal))
            continue
        if file is not None:
            told.append(compare(spec, data, where=str(file), blanks=blanks))
    return tuple(told)


def compare(spec: FormSpec, data: bytes, *, where: str, blanks: Path) -> Served:
    """One file that the court serves, against the form's folder. `where` names it in sentences: a file or address."""
    found = fingerprint(data)
    facts = {"form": spec.form, "where": where, "revision": spec.revision_printed}
    if found == spec.sha256:
        return Served(spec.form, "served_same", spec.revision_printed, found, MappingProxyType(facts))
    try:
        with bounded(), opened(data) as pdf:
            printed = printed_revision(pdf)
            told = differences(spec, widgets(pdf), len(pdf.pages)) if spec.basis != "wording" else ()
    except Refused as refusal:
        return unread(spec, where, refusal)
    facts["found"] = printed or "?"
    reason = "served_unmapped" if spec.basis == "wording" else "served_new"
    if spec.basis != "wording" and official_in_use(spec.form, blanks) == found:
        reason = "served_adopted"
    return Served(spec.form, reason, printed, found, MappingProxyType(facts), told)


def unread(spec: FormSpec, where: str, refusal: Refused) -> Served:
    """A file of which nothing can be said, with the reason."""
    facts = {"form": spec.form, "address": spec.addresses[0], "file": where, **refusal.details}
    return Served(spec.form, refusal.reason, "", "", MappingProxyType(facts))


def unreachable(spec: FormSpec, address: str, cause: str) -> Served:
    """A form that the court's site did not give, with the address that was asked and why."""
    facts = {"form": spec.form, "address": address, "cause": cause}
    return Served(spec.form, "unreachable", "", "", MappingProxyType(facts))


def printed_revision(pdf: Pdf) -> str:
    """ "Rev. January 1, 2024", as the footer of a form says it; empty when its text cannot be read that simply."""
    for page in pdf.pages:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # pikepdf warns of a stream that ends too early; we only want a date
                text = " ".join("".join(_shown(pdf, page)).split())
        except (pikepdf.PdfError, ValueError, TypeError, AttributeError, LookupError, zlib.error):
            continue
        if found := _REVISION.search(text):
            return " ".join(found.group().split())
    return ""


def _shown(pdf: Pdf, page: pikepdf.Page) -> Iterator[str]:
    # Good enough for a date in a plain font: what the text operators show, byte by byte, a gap or a move as a space.
    contents = page.obj.get("/Contents")
    streams = list(contents) if isinstance(contents, Array) else [contents]
    drawn = b"\n".join(_unpacked(stream) for stream in streams)
    for operands, operator in pikepdf.parse_content_stream(pdf.make_stream(drawn)):
        name = str(operator)
        if name in ("Tj", "'", '"'):
            yield bytes(operands[-1]).decode("latin-1")
        elif name == "TJ":
            for piece in operands[0]:
                if isinstance(piece, pikepdf.String):
                    yield bytes(piece).decode("latin-1")
                elif float(piece) < -200:
                    yield " "
        elif name in ("Td", "TD", "T*", "Tm", "ET"):
            yield " "


def _unpacked(stream: Any) -> bytes:
    """The operators of a content stream, the first `LONGEST` bytes of them."""
    packed: bytes = stream.read_raw_bytes()
    if stream.get("/Filter") is None:
        return packed[:LONGEST]
    return zlib.decompressobj().decompress(packed, LONGEST)
