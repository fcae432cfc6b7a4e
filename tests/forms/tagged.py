"""Tags as reading software meets them: who owns each stretch of ink, and what is told in which order."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf

TEXT = frozenset(("Tj", "TJ", "'", '"', "Do"))
"""Operators that put words on a page; lines and shades say nothing."""
OPENED = frozenset(("BDC", "BMC"))


@dataclass(frozen=True)
class Element:
    """One element of the tree, in the order of reading."""

    kind: str
    depth: int
    title: str
    alt: str
    actual: str
    lang: str
    marks: tuple[tuple[int, int], ...]
    node: pikepdf.Object


def elements(pdf: Pdf) -> Iterator[Element]:
    """Every element of the tree, parents before their kids. Fails when a kid does not name its parent."""
    pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}

    def walk(node: pikepdf.Object, parent: pikepdf.Object, depth: int) -> Iterator[Element]:
        assert node.P.objgen == parent.objgen
        kids = node.get("/K", Array([]))
        kids = list(kids) if isinstance(kids, Array) else [kids]
        marks, below = [], []
        for kid in kids:
            if isinstance(kid, int):
                marks.append((pages[node.Pg.objgen], kid))
            elif kid.get("/Type") == Name.MCR:
                marks.append((pages[kid.Pg.objgen], int(kid.MCID)))
            else:
                below.append(kid)
        said = [str(node.get(key, "")) for key in ("/T", "/Alt", "/ActualText", "/Lang")]
        yield Element(str(node.S)[1:], depth, *said, tuple(marks), node)
        for kid in below:
            yield from walk(kid, node, depth + 1)

    tree = pdf.Root.StructTreeRoot
    for top in tree.K:
        yield from walk(top, tree, 0)


def untagged(pdf: bytes) -> list[str]:
    """What is wrong with the tags of a file; nothing when all its words are told once, and in one place."""
    wrong: list[str] = []
    with Pdf.open(BytesIO(pdf)) as document:
        if not document.Root.get("/MarkInfo", Dictionary()).get("/Marked", False):
            return ["not marked as tagged"]
        owners: dict[tuple[int, int], list[pikepdf.Object]] = {}
        for element in elements(document):
            for mark in element.marks:
                owners.setdefault(mark, []).append(element.node)
        found: set[tuple[int, int]] = set()
        numbers = list(document.Root.StructTreeRoot.ParentTree.Nums)
        parents = {int(key): value for key, value in zip(numbers[::2], numbers[1::2], strict=True)}
        for number, page in enumerate(document.pages):
            listed = parents[int(page.obj.StructParents)]
            for mcid, words in _ink(page, number, wrong):
                mark = (number, mcid)
                found.add(mark)
                if not words and mark not in owners:
                    continue  # the court's own empty stretches
                if len(owners.get(mark, [])) != 1:
                    wrong.append(
                        f"page {number + 1}: {mcid} ({words} operators) has {len(owners.get(mark, []))} owners"
                    )
                elif listed[mcid].objgen != owners[mark][0].objgen:
                    wrong.append(f"page {number + 1}: {mcid} has another parent")
        wrong += [f"page {page + 1}: {mcid} is nowhere" for page, mcid in set(owners) - found]
    return wrong


def _ink(page: pikepdf.Page, number: int, wrong: list[str]) -> Iterator[tuple[int, int]]:
    """The numbered stretches of a page that are no decoration, with their count of text operators."""
    open_ones: list[tuple[str, int | None]] = []
    counts: dict[int, int] = {}
    for instruction in pikepdf.parse_content_stream(page):
        operator = str(instruction.operator)
        if operator in OPENED:
            about = instruction.operands[1] if operator == "BDC" else None
            mcid = about.get("/MCID") if isinstance(about, Dictionary) else None
            kind = str(instruction.operands[0])
            if mcid is not None and kind != "/Artifact":
                if any(each[1] is not None for each in open_ones):
                    wrong.append(f"page {number + 1}: {mcid} stands inside another")
                if int(mcid) in counts:
                    wrong.append(f"page {number + 1}: {mcid} twice")
                counts.setdefault(int(mcid), 0)
            open_ones.append((kind, int(mcid) if mcid is not None else None))
        elif operator == "EMC":
            open_ones.pop()
        elif operator in TEXT:
            within = [each for each in open_ones if each[0] == "/Artifact" or each[1] is not None]
            if not within:
                wrong.append(f"page {number + 1}: words outside every tag: {instruction.operands!r:.60}")
            elif within[-1][0] != "/Artifact":
                counts[within[-1][1] or 0] += 1
    if open_ones:
        wrong.append(f"page {number + 1}: a stretch is not closed")
    return iter(counts.items())


def told(pdf: bytes) -> str:
    """What reading software meets, in order, as Poppler walks the tree; one line for an element's own words."""
    command = ["pdfinfo", "-struct-text", "-enc", "UTF-8", "-"]
    done = subprocess.run(command, input=pdf, capture_output=True, check=True)
    return "\n".join(re.findall(r'^\s*"(.*)"$', done.stdout.decode("utf-8", "replace"), flags=re.MULTILINE))
