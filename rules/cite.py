"""Citations: what a rule rests on, how sure we are of it, and where to read it.

``confirmed`` is what `law/README.md` marks: "V" checked against a stored public source, "M" from memory, no source
confirmed it. The doubt stays visible: in the rule book, in the coverage data, and in the answer of whoever relies on
it.

    >>> hs("11361.8", "(e)").short
    'HSC 11361.8(e)'
"""

from __future__ import annotations

from dataclasses import dataclass

CODES = {
    "HSC": "Health and Safety Code",
    "PC": "Penal Code",
    "VC": "Vehicle Code",
    "WIC": "Welfare and Institutions Code",
    "BPC": "Business and Professions Code",
}


@dataclass(frozen=True, slots=True)
class Cite:
    code: str  # a key of CODES, or "" for a decision of a court
    section: str
    detail: str = ""
    confirmed: str = "M"
    source: str = ""

    @property
    def short(self) -> str:
        return f"{self.code} {self.section}{self.detail}".strip()

    @property
    def anchor(self) -> str:
        """A stable id for links into the rule book."""
        return "".join(c if c.isalnum() else "-" for c in self.short.lower()).strip("-")


def hs(section: str, detail: str = "", *, confirmed: str = "M", source: str = "") -> Cite:
    return Cite("HSC", section, detail, confirmed, source)


def pc(section: str, detail: str = "", *, confirmed: str = "M", source: str = "") -> Cite:
    return Cite("PC", section, detail, confirmed, source)


def wi(section: str, detail: str = "", *, confirmed: str = "M", source: str = "") -> Cite:
    return Cite("WIC", section, detail, confirmed, source)


def vc(section: str, detail: str = "", *, confirmed: str = "M", source: str = "") -> Cite:
    return Cite("VC", section, detail, confirmed, source)


def decision(name: str, *, confirmed: str = "M", source: str = "") -> Cite:
    """A published decision, cited as in the California style: "People v. Smit (2018) 24 Cal.App.5th 596"."""
    return Cite("", name, "", confirmed, source)
