from __future__ import annotations

import os
import sys

import pytest

from rules import catalogue, court_days, judge, offense
from rules.bulk import review
from rules.sources import doj_extract

# Not what the search is made of, which takes a quarter of a second.
_QUICKLY_MADE = (
    *(catalogue.entries, catalogue.turning_points, catalogue._stretch),
    *(court_days.known, court_days.holidays),
    *(offense.renumbered, offense.listed_under, offense._spellings),
    *(doj_extract.day, doj_extract.charge, doj_extract.relief, doj_extract.sentence_part, review._in_force),
)


def _forget_all_of(*modules: str) -> None:
    """Empties what the functions of these modules, and of those below them, keep."""
    for name, module in list(sys.modules.items()):
        if name.startswith(modules):
            for value in list(vars(module).values()):
                if hasattr(value, "cache_clear"):
                    value.cache_clear()


@pytest.fixture(autouse=True, scope="session")
def _nothing_is_kept() -> None:
    """The tests start with nothing kept from before: what they see is made by the code as it is now. (A mutation run
    changes the code after it was first used.)"""
    judge.forget()
    _forget_all_of("rules", "tests.rules")


@pytest.fixture(autouse=True)
def _each_test_makes_its_own() -> None:
    """For a mutation run, which takes to a change only those tests that ran the changed lines themselves."""
    if os.environ.get("LIMPIO_FORGET"):
        judge.forget()
        for kept in _QUICKLY_MADE:
            kept.cache_clear()
