"""Free help in one county: what a source says of it, or plainly nothing.

`county_help.yaml` lists entries for the counties of which a source named somebody or something that helps free of
charge. Most counties have none yet. That is not an error: an office we made up would send a person to a door that is
closed, so the page then says that we have no checked entry, and whom to call.

    >>> [helper.title for helper in county_helpers("San Diego")]
    ['The public defender of San Diego County']
    >>> county_helpers("Alpine")
    ()
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from rules import plain_yaml
from webapp.counties import COUNTIES
from webapp.pages.official import Helper, read_helper


def read_county_helpers(text: str) -> Mapping[str, tuple[Helper, ...]]:
    """The entries written in `text`, by county. Raises ValueError for a name that is none of the 58 counties', and for
    an entry without source or day."""
    entries = plain_yaml.load(text)
    if unknown := [str(county) for county in entries if county not in COUNTIES]:
        raise ValueError(f"county_help.yaml: not a county of webapp/counties.py: {', '.join(unknown)}")
    return MappingProxyType({county: tuple(read_helper(entry) for entry in each) for county, each in entries.items()})


@cache
def _by_county() -> Mapping[str, tuple[Helper, ...]]:
    return read_county_helpers((Path(__file__).parent / "county_help.yaml").read_text(encoding="utf-8"))


def county_helpers(county: str) -> tuple[Helper, ...]:
    """Who helps free of charge in that county, in the order to try them; empty where no source told us."""
    return _by_county().get(county, ())
