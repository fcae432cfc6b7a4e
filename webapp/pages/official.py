"""The few outside addresses we name, and the people who help free of charge.

A page about convictions must not send a frightened person to a trap. So outside links are plain anchors to a short list
of official sites, kept here; the data file cannot name another, and the tests' client refuses a page that links
elsewhere. Nothing of an outside site is ever loaded into ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from rules import plain_yaml

# courts.ca.gov stands for the superior courts too, whose sites are <county>.courts.ca.gov. occourts.org is the site of
# the superior court of Orange County: forms/county-local-forms.json and courts/ca-superior-courts.json both name it.
# sandiegocounty.gov is the county's own (law/courts.md section 6). Offices under a .com are not here: whoever buys a
# name that was not renewed would stand in their place. lacourt, saccourt and sdcourt are the superior courts of Los
# Angeles, Sacramento and San Diego, under the state's own ca.gov.
SITES = frozenset(
    {
        *("lawhelpca.org", "selfhelp.courts.ca.gov", "oag.ca.gov", "courts.ca.gov", "occourts.org"),
        *("sandiegocounty.gov", "lacourt.ca.gov", "saccourt.ca.gov", "sdcourt.ca.gov"),
    }
)


def is_official(address: str) -> bool:
    """Whether an absolute address is https and on one of the sites, or a host below one."""
    parts = urlsplit(address)
    host = (parts.hostname or "").lower()
    return parts.scheme == "https" and any(host == site or host.endswith("." + site) for site in SITES)


@dataclass(frozen=True, slots=True)
class Link:
    """An outside address and the name it is shown by (a message id)."""

    address: str
    label: str

    def __post_init__(self) -> None:
        if not is_official(self.address):
            raise ValueError(f"{self.address!r} is not on one of the official sites: {', '.join(sorted(SITES))}")


@dataclass(frozen=True, slots=True)
class Helper:
    """Somebody who helps free of charge. Texts are message ids; `source` and `seen` say where and when we read it."""

    title: str
    text: tuple[str, ...]
    links: tuple[Link, ...]
    source: str
    seen: date


def read_helper(entry: Mapping[str, Any]) -> Helper:
    """One entry of help.yaml or county_help.yaml. Raises ValueError when it lacks its source or the day it was read."""
    if not entry.get("source") or not isinstance(entry.get("seen"), date):
        raise ValueError(f"Who can help: {entry.get('title')!r} needs a source and the day it was seen")
    return Helper(
        title=" ".join(entry["title"].split()),
        text=tuple(" ".join(sentence.split()) for sentence in entry["text"]),
        links=tuple(Link(link["address"], " ".join(link["label"].split())) for link in entry.get("links", ())),
        source=entry["source"],
        seen=entry["seen"],
    )


@cache
def helpers() -> tuple[Helper, ...]:
    """Who helps free of charge, in the order to try them."""
    entries = plain_yaml.load((Path(__file__).parent / "help.yaml").read_text(encoding="utf-8"))
    return tuple(read_helper(entry) for entry in entries)
