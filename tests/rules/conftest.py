from __future__ import annotations

import os

import pytest

from rules import facts, judge, law
from rules.sources import worked_cases


@pytest.fixture(autouse=True, scope="session")
def _nothing_is_kept() -> None:
    """The tests start with nothing kept from before: what they see is made by the code as it is now. (A mutation run
    changes the code after it was first used.)"""
    judge.forget()
    for kept in (facts.dictionary, facts.derivations, facts.to_ask, facts.read_by, law.series, law.turning_points):
        kept.cache_clear()
    worked_cases._words.cache_clear()


@pytest.fixture(autouse=True)
def _each_test_makes_its_own() -> None:
    """For a mutation run, which takes to a change only those tests that ran the changed lines themselves."""
    if os.environ.get("LIMPIO_FORGET"):
        judge.forget()
