"""What reading software is told: the structure tree of a paper, beside the ink.

A person who cannot see the page hears it through tags: headings, paragraphs, lists, and for every stretch of ink the
element it belongs to. Half a set of tags is worse than none, because what has no tag is not read at all. So every
paper made here tags all of its text, and `packet` keeps the trees of its parts in one.

A `Tag` is one element; its kids are further tags and `Mark`s, which are numbered stretches of a page's ink. A page
of a filled form has the court's own tree, read by `read`. In it a `Slot` stands where a box was, and the answer
takes its place:

    Tag("P", [Mark(0, 18), Slot(0, 1)])      "NAME:" and its box, on the official form
    Tag("P", [Mark(0, 18), Tag("Form", [Mark(0, 98)])])      "NAME:" and "Ana Ruiz"

Wrappers that tell a listener nothing (Div, a Sect around one thing, a box that is empty) are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pdfrw import PdfArray, PdfDict, PdfName, PdfObject
from pdfrw.objects.pdfdict import IndirectPdfDict

# pdfrw makes a name from a string at every use, and a tree has thousands.
_S, _P, _K, _PG = PdfName.S, PdfName.P, PdfName.K, PdfName.Pg
_KEPT = {key: PdfName(key) for key in ("T", "Alt", "ActualText", "E", "Lang", "A")}
_SAID_BY_A = frozenset(("/Table", "/List", "/PrintField"))


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of ink: its page from 0, and its number in the page's content (MCID)."""

    page: int
    mcid: int


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a box was: its page from 0, and its index among the page's annotations."""

    page: int
    index: int


@dataclass(slots=True, eq=False)
class Tag:
    """One element of the tree. `entries` are further entries as pdfrw objects: T (title), Alt, ActualText, Lang, A."""

    kind: str
    kids: list[Tag | Mark | Slot] = field(default_factory=list)
    entries: dict[str, Any] = field(default_factory=dict)


@cache
def _kind(kind: str) -> Any:
    return PdfName(kind)


def read(tree: Any, pages: Sequence[Any]) -> list[Tag | Mark | Slot]:
    """The tags of a file: what stands under its StructTreeRoot, roles resolved. `pages` are its pages, in order."""
    numbers = {id(page): number for number, page in enumerate(pages)}
    boxes = {
        id(box): Slot(number, index) for number, page in enumerate(pages) for index, box in enumerate(page.Annots or [])
    }
    roles = tree.RoleMap or PdfDict()

    def kids_of(node: Any, page: int) -> Iterator[Tag | Mark | Slot]:
        kids = node[_K]
        for kid in kids if isinstance(kids, PdfArray) else [] if kids is None else [kids]:
            if not isinstance(kid, PdfDict):
                yield Mark(page, int(kid))
                continue
            here = numbers.get(id(kid[_PG]), page)
            kind = kid[_S]
            if kind is not None:
                yield from _plain(kid, str(roles[kind] or kind)[1:], list(kids_of(kid, here)))
            elif kid.MCID is not None:
                yield Mark(here, int(kid.MCID))
            elif id(kid.Obj) in boxes:
                yield boxes[id(kid.Obj)]

    return list(kids_of(tree, 0))


def _plain(node: Any, kind: str, kids: list[Tag | Mark | Slot]) -> list[Tag | Mark | Slot]:
    """The element, or what it holds when it says nothing itself."""
    if kind == "Div" and any(isinstance(kid, Mark) for kid in kids):
        kind = "P"
    if not kids or kind == "Div" or (kind == "Sect" and len(kids) == 1 and isinstance(kids[0], Tag)):
        return kids
    entries = {key: value for key, name in _KEPT.items() if (value := node[name]) is not None}
    about = entries.get("A")
    # Layout says nothing aloud, and headers named by an identifier would name nothing in another file.
    if about is not None and (isinstance(about, PdfArray) or about.O not in _SAID_BY_A or about.Headers is not None):
        del entries["A"]
    return [Tag(kind, kids, entries)]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A numbered stretch of a page, as its content has it: decoration or not, with words or without."""

    mark: Mark
    decoration: bool
    words: bool


def mended(tags: Sequence[Tag | Mark | Slot], stretches: Sequence[Stretch]) -> list[Tag | Mark | Slot]:
    """The court's tree without its slips. `stretches` are those of all pages, in the order of their content.

    CR-180 forgets its "1.", FW-001 its "Total monthly expenses": words that the tree forgot are told before the words
    that follow them on the page. Outlines of boxes that are both decoration and in the tree are decoration.
    """
    owned = set(_marks(tags))
    before: dict[Mark, list[Mark]] = {}
    waiting: list[Mark] = []
    for stretch in stretches:
        if stretch.decoration:
            continue
        if stretch.mark in owned:
            before[stretch.mark] = waiting
            waiting = []
        elif stretch.words:
            waiting.append(stretch.mark)
    decorations = {stretch.mark for stretch in stretches if stretch.decoration}

    def mend(kids: Sequence[Tag | Mark | Slot]) -> list[Tag | Mark | Slot]:
        told: list[Tag | Mark | Slot] = []
        for kid in kids:
            if isinstance(kid, Tag):
                told.append(Tag(kid.kind, mend(kid.kids), kid.entries))
            elif isinstance(kid, Slot):
                told.append(kid)
            elif kid not in decorations:
                told += [*before.get(kid, ()), kid]
        return told

    return mend(tags) + ([Tag("P", list(waiting))] if waiting else [])


def _marks(tags: Sequence[Tag | Mark | Slot]) -> Iterator[Mark]:
    for tag in tags:
        if isinstance(tag, Mark):
            yield tag
        elif isinstance(tag, Tag):
            yield from _marks(tag.kids)


def answered(tags: Sequence[Tag | Mark | Slot], answers: Mapping[Slot, Tag]) -> list[Tag | Mark | Slot]:
    """The tags with an answer in the place of each box that has one, and without the boxes that have none."""
    told: list[Tag | Mark | Slot] = []
    for tag in tags:
        if isinstance(tag, Slot):
            told += [answers[tag]] if tag in answers else []
        elif isinstance(tag, Mark):
            told.append(tag)
        else:
            kids = answered(tag.kids, answers)
            if tag.kind == "Form" and all(isinstance(kid, Tag) for kid in kids):
                told += kids
            elif kids:
                told.append(Tag("Span" if tag.kind == "Form" else tag.kind, kids, tag.entries))
    return told


def slots(tags: Sequence[Tag | Mark | Slot]) -> Iterator[Slot]:
    """The boxes in the tree, in the order they are read."""
    for tag in tags:
        if isinstance(tag, Slot):
            yield tag
        elif isinstance(tag, Tag):
            yield from slots(tag.kids)


def moved(tags: Sequence[Tag | Mark | Slot], by: int) -> list[Tag | Mark | Slot]:
    """The tags of a paper whose first page is page `by` of the file it now belongs to."""
    told: list[Tag | Mark | Slot] = []
    for tag in tags:
        if isinstance(tag, Tag):
            told.append(Tag(tag.kind, moved(tag.kids, by), tag.entries))
        elif isinstance(tag, Mark):
            told.append(Mark(tag.page + by, tag.mcid))
    return told


def tag_file(root: Any, tags: Sequence[Tag | Mark | Slot], pages: Sequence[Any]) -> None:
    """Make the tree part of a file: `root` is its catalog, `pages` its pages, as the writer has them."""
    tree = IndirectPdfDict(Type=PdfName.StructTreeRoot)
    marked: list[dict[int, Any]] = [{} for _ in pages]
    names: list[Any] = []

    def element(tag: Tag, parent: Any) -> Any:
        made = IndirectPdfDict()
        made[_S], made[_P] = _kind(tag.kind), parent
        for key, value in tag.entries.items():
            made[_KEPT[key]] = value
        if tag.kind == "Note":  # which must have a name of its own
            made.ID = PdfObject(f"(note-{len(names) // 2 + 1:04d})")
            names.extend((made.ID, made))
        here = next((kid.page for kid in tag.kids if isinstance(kid, Mark)), None)
        if here is not None:
            made[_PG] = pages[here]
        kids = PdfArray()
        for kid in tag.kids:
            if isinstance(kid, Tag):
                kids.append(element(kid, made))
            elif isinstance(kid, Mark):
                marked[kid.page][kid.mcid] = made
                number = PdfObject(str(kid.mcid))
                elsewhere = PdfDict(Type=PdfName.MCR, Pg=pages[kid.page], MCID=number)
                kids.append(number if kid.page == here else elsewhere)
        if kids:
            made[_K] = kids
        return made

    tree.K = PdfArray([element(tag, tree) for tag in tags if isinstance(tag, Tag)])
    numbers = PdfArray()
    for index, (page, owners) in enumerate(zip(pages, marked, strict=True)):
        page.StructParents = PdfObject(str(index))
        nothing = PdfObject("null")
        listed = PdfArray([owners.get(mcid, nothing) for mcid in range(max(owners, default=-1) + 1)])
        numbers += [PdfObject(str(index)), listed]
    tree.ParentTree = IndirectPdfDict(Nums=numbers)
    tree.ParentTreeNextKey = PdfObject(str(len(pages)))
    if names:
        tree.IDTree = IndirectPdfDict(Names=PdfArray(names))
    root.StructTreeRoot = tree
    root.MarkInfo = PdfDict(Marked=PdfObject("true"))
