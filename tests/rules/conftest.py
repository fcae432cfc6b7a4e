from __future__ import annotations

import pytest

from rules import facts, judge, law
from rules.sources import worked_cases


@pytest.fixture(autouse=True, scope="session")
def _nothing_is_kept() -> None:
    """The tests start with nothing kept from before: what they see is made by the code as it is now. (A mutation run changes
    the code after it was first used.)"""
    judge.forget()
    for kept in (facts.dictionary, facts.derivations, facts.to_ask, facts.read_by, law.series, law.turning_points):
        kept.cache_clear()
    worked_cases._words.cache_clear()
