"""Counts decided a second on one core, over generated records such as a county has: most facts known, some not.

Three figures: deciding with the explanation attached (warm: the same tuples of atoms were met before), the same with
every tuple new, and the explanation written out as data with words. A loop that only adds numbers runs beside them, so
that figures of two machines, or of one machine on two days, can be compared.

    $ .venv/bin/python -m tests.bench.decide
"""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from rules import decide, explanation
from rules.history import stated_by_count
from rules.judge import judged, ready
from rules.record import Case, Count, Person, Record
from rules.remedies import REMEDIES
from rules.span import Span, at_most, over, year

AS_OF = date(2026, 11, 22)


def records(number: int, seed: int = 1) -> list[Record]:
    """Records of one to three counts each, the same for the same seed."""
    chance = random.Random(seed)

    def sometimes(share: float, value: Any) -> Any:
        return value if chance.random() < share else None

    def count() -> Count:
        sections = ("HS 11357", "HS 11358", "HS 11359", "HS 11360", "PC 484", "VC 23152")
        section = chance.choices(sections, (40, 12, 20, 15, 8, 5))[0]
        happened = date(1985, 1, 1) + timedelta(days=chance.randrange(13_000))
        letters = {"HS 11357": "abcd", "HS 11360": "ab"}.get(section)
        felony = section in ("HS 11358", "HS 11359") or chance.random() < 0.3
        return Count(
            id="1",
            offense=section,
            subdivision=sometimes(0.8, chance.choice(letters)) if letters else None,
            attempt=False,
            level=sometimes(0.95, "felony" if felony else "misdemeanor"),
            offense_date=happened if chance.random() < 0.85 else year(happened.year),
            already_relieved=sometimes(0.8, False),
            flower_g=sometimes(0.5, chance.choice((3, 20, 28.5, 40, 900, at_most(28.5), over(28.5)))),
            plants=sometimes(0.6, chance.choice((3, 6, 7, 40, at_most(6)))),
            conduct=sometimes(0.7, chance.choice(("carried", "gave", "sold"))),
            crossed_state_line=sometimes(0.9, "not_crossed"),
            same_section_priors=sometimes(0.8, chance.choice((0, 0, 0, 1, 2))),
            knowingly_to_minor=sometimes(0.8, False),
            hired_under_21=sometimes(0.8, False),
        )

    def case() -> Case:
        return Case(
            id="1",
            county="Los Angeles",
            juvenile=sometimes(0.95, False),
            sentence_status=sometimes(0.9, chance.choice(("completed", "completed", "probation"))),
            counts=tuple(count() for _ in range(chance.choice((1, 1, 2, 3)))),
        )

    def person() -> Person:
        barred = chance.random() < 0.1
        born = date(1955, 1, 1) + timedelta(days=chance.randrange(12_000))
        return Person(
            birth_date=born if chance.random() < 0.95 else Span(born, born + timedelta(days=365)),
            superstrike_or_290c=True if barred else sometimes(0.85, False),
            superstrike_or_290c_date=date(2004, 5, 6) if barred else None,
        )

    return [Record(person(), (case(),)) for _ in range(number)]


def _rate(work: Callable[[], int]) -> float:
    """Things done in a second of one core (other programs do not count), the best of three runs."""
    best = 0.0
    for _ in range(3):
        start = time.process_time()
        done = work()
        best = max(best, done / (time.process_time() - start))
    return best


def run() -> list[tuple[str, str]]:
    """(name of the figure, value with its unit)."""
    some = records(6_000)

    def decided() -> int:
        return sum(len(decide(r, AS_OF).counts) for r in some)

    law = ready(REMEDIES[0], AS_OF)
    first_of_its_kind = {}
    for _, _, facts in itertools.chain.from_iterable(stated_by_count(r, AS_OF) for r in some):
        first_of_its_kind.setdefault(id(judged(law, facts, AS_OF).decision), facts)

    def forgotten() -> int:
        law.sections.clear()
        law.ways.clear()
        for facts in first_of_its_kind.values():
            judged(law, facts, AS_OF)
        return len(first_of_its_kind)

    found = [decide(r, AS_OF) for r in some]

    def explained() -> int:
        return sum(len(explanation.as_data(f)["counts"]) for f in found)

    def whole() -> int:
        return sum(len(explanation.as_data(decide(r, AS_OF))["counts"]) for r in some)

    def reference() -> int:
        total = 0
        for i in range(1_000_000):
            total += i & 7
        return total and 1_000_000

    return [
        ("counts decided a second, explanation attached (one core, warm)", f"{_rate(decided):,.0f}"),
        ("new tuples of atoms decided a second (cold)", f"{_rate(forgotten):,.0f}"),
        ("counts explained as data a second", f"{_rate(explained):,.0f}"),
        ("counts decided and explained as data a second", f"{_rate(whole):,.0f}"),
        ("reference: additions a second in this same run", f"{_rate(reference):,.0f}"),
    ]


if __name__ == "__main__":
    for name, value in run():
        print(f"{value:>14}  {name}")
