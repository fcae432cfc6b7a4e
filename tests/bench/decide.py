"""Counts decided a second on one core, over generated records such as a county has: most facts known, some not.

Two mixes, all remedies judged for every count of both. Of all cases: convictions of the offenses that courts see most,
with their level, sentence and how it ended, arrests that led to no conviction, juvenile cases, sections that are not in
the list. Of marijuana alone: the four sections of Proposition 64 and a few others, judged by Proposition 64 alone too,
as every review of a county's old marijuana cases does.

Figures: deciding with the explanation attached (warm: the same tuples of atoms were met before), the same with every
tuple new, and the explanation written out as data with words. A loop that only adds numbers runs beside them, so that
figures of two machines, or of one machine on two days, can be compared.

    $ .venv/bin/python -m tests.bench.decide
"""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from rules import decide, explanation, offense
from rules.history import stated_by_count
from rules.judge import judged, ready
from rules.record import Case, Count, Person, Record
from rules.remedies import REMEDIES
from rules.remedy import Remedy
from rules.span import Span, at_most, over, year

AS_OF = date(2026, 11, 22)
PROP_64 = tuple(r for r in REMEDIES if r.name == "hs_11361_8")

# What a court sees, and how often; the level that is convicted of, where the section leaves it open.
OFFENSES = {
    "VC 23152(a)": 10, "VC 23152(b)": 5, "VC 14601.1(a)": 8, "VC 12500(a)": 4, "VC 10851(a)": 3, "PC 242": 5,
    "PC 243(e)(1)": 4, "PC 273.5(a)": 5, "PC 245(a)(1)": 3, "PC 245(a)(4)": 2, "PC 422": 2, "PC 484": 7, "PC 459.5": 2,
    "PC 459 second": 5, "PC 459 first": 2, "PC 487(a)": 3, "PC 496(a)": 3, "PC 470(d)": 1, "PC 476A": 1, "PC 211": 2,
    "PC 594(a)": 3, "PC 602": 2, "PC 148(a)(1)": 4, "PC 647(f)": 4, "PC 415": 2, "PC 29800(a)(1)": 2, "PC 503": 1,
    "PC 288(a)": 0.4, "PC 187": 0.2, "HS 11350(a)": 5, "HS 11377(a)": 9, "HS 11364": 4, "HS 11351": 2, "HS 11378": 3,
    "HS 11352": 1, "HS 11357": 5, "HS 11358": 2, "HS 11359": 3, "HS 11360": 2, "PC 99999": 2,
}  # fmt: skip
ENDS = {
    "convicted": 72, "never_charged": 12, "dismissed": 7, "dismissed_for_good": 1, "acquitted": 1, "diverted": 2,
    "dej_completed": 2, "prosecutor_diversion": 1, "convicted_of_other": 1, "not_known": 1,
}  # fmt: skip


def records(number: int, seed: int = 1) -> list[Record]:
    """Records of one to three cases with one to three counts each, the same for the same seed."""
    chance = random.Random(seed)

    def sometimes(share: float, value: Any) -> Any:
        return value if chance.random() < share else None

    def one_of(shares: dict[str, float]) -> str:
        return chance.choices(tuple(shares), tuple(shares.values()))[0]

    def roughly(day: date, exact: float = 0.9) -> date | Span:
        return day if chance.random() < exact else year(day.year)

    def count(happened: date, convicted: bool) -> Count:
        read = offense.read(one_of(OFFENSES))
        assert read is not None
        marijuana = read.offense in ("HS 11357", "HS 11358", "HS 11359", "HS 11360")
        level = chance.choices(("misdemeanor", "felony", "infraction"), (60, 35, 5))[0]
        return Count(
            id="1",
            offense=sometimes(0.98, read.offense),
            subdivision=read.subdivision,
            paragraph=read.paragraph,
            attempt=False,
            level=sometimes(0.85, level),
            offense_date=sometimes(0.8 if convicted else 0.95, roughly(happened)),
            already_relieved=sometimes(0.7, chance.random() < 0.1) if marijuana else None,
            value_usd=sometimes(0.2, chance.choice((120, 950, 951, 4_000, at_most(950)))),
            same_section_priors=sometimes(0.5, chance.choice((0, 0, 1, 2))) if marijuana else None,
        )

    def case() -> Case:
        happened = date(1985, 1, 1) + timedelta(days=chance.randrange(15_000))
        ended = one_of(ENDS)
        decided = min(happened + timedelta(days=chance.randrange(20, 500)), AS_OF)
        over_on = decided + timedelta(days=chance.choice((365, 1095, 1095, 1825)))
        convicted = ended == "convicted"
        sentence = one_of({"probation": 62, "no_probation": 23, "felony_term": 15}) if convicted else None
        term = one_of({"prison": 60, "county_jail": 25, "county_jail_split": 15}) if sentence == "felony_term" else None
        outcome = one_of({"completed": 50, "early": 10, "violation": 25, "revoked_jail": 10, "revoked_felony_term": 5})
        done = over_on <= AS_OF
        return Case(
            id="1",
            county=chance.choice(("Los Angeles", "Fresno", "Kern")),
            juvenile=sometimes(0.97, chance.random() < 0.03),
            disposition=sometimes(0.97, ended),
            dismissed_before=sometimes(0.9, chance.random() < 0.08) if convicted else None,
            conviction_date=roughly(decided) if convicted or ended == "dej_completed" else None,
            arrest_date=None if convicted else sometimes(0.5, happened),
            sentence=sometimes(0.85, sentence),
            felony_term=sometimes(0.8, term),
            probation_outcome=sometimes(0.6, outcome) if sentence == "probation" and done else None,
            probation_end=sometimes(0.7, over_on) if sentence == "probation" else None,
            sentence_completed=sometimes(0.7, roughly(over_on)) if sentence == "felony_term" else None,
            release_date=sometimes(0.5, decided + timedelta(days=300)) if term == "prison" and done else None,
            sentence_performed=sometimes(0.6, chance.choice(("all", "all", "fine_owed", "not_all")))
            if sentence == "no_probation"
            else None,
            new_conviction_since=sometimes(0.7, chance.random() < 0.4),
            evaded=None if convicted else sometimes(0.5, False),
            counts=tuple(count(happened, convicted) for _ in range(chance.choice((1, 1, 1, 2, 3)) if convicted else 1)),
        )

    def person() -> Person:
        born = date(1950, 1, 1) + timedelta(days=chance.randrange(18_000))
        return Person(
            birth_date=sometimes(0.97, born),
            superstrike_or_290c=sometimes(0.8, chance.random() < 0.06),
            serving_now=sometimes(0.7, one_of({"nothing": 80, "probation": 14, "parole": 4, "custody": 2})),
            pending_charge=sometimes(0.6, chance.random() < 0.08),
            must_register=sometimes(0.6, chance.random() < 0.03),
            fire_crew=sometimes(0.2, False),
        )

    return [Record(person(), tuple(case() for _ in range(chance.choice((1, 1, 2, 3))))) for _ in range(number)]


def marijuana(number: int, seed: int = 1) -> list[Record]:
    """Records of one to three counts each, most of them marijuana, the same for the same seed."""
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


def decided(some: Sequence[Record], remedies: tuple[Remedy, ...] = REMEDIES) -> Callable[[], int]:
    return lambda: sum(len(decide(r, AS_OF, remedies).counts) for r in some)


def cold(some: Sequence[Record]) -> Callable[[], int]:
    """Every tuple of atoms that these records give any remedy, as if it had never been met."""
    laws = [ready(remedy, AS_OF) for remedy in REMEDIES]
    firsts = []
    for law in laws:
        first_of_its_kind: dict[int, Any] = {}
        for _, _, facts in itertools.chain.from_iterable(stated_by_count(r, AS_OF) for r in some):
            first_of_its_kind.setdefault(id(judged(law, facts, AS_OF).decision), facts)
        firsts.append(tuple(first_of_its_kind.values()))

    def forgotten() -> int:
        for law, found in zip(laws, firsts, strict=True):
            law.sections.clear()
            law.ways.clear()
            for facts in found:
                judged(law, facts, AS_OF)
        return sum(map(len, firsts))

    return forgotten


def reference() -> int:
    total = 0
    for i in range(1_000_000):
        total += i & 7
    return total and 1_000_000


def run() -> list[tuple[str, str]]:
    """(name of the figure, value with its unit)."""
    some, weed = records(2_500), marijuana(4_000)
    found = [decide(r, AS_OF) for r in some]
    outcomes = {f.outcome for each in found for c in each.counts for f in c.findings}
    assert len(outcomes) == 7, f"these records are not a county's: {outcomes}"

    def explained() -> int:
        return sum(len(explanation.as_data(f)["counts"]) for f in found)

    def whole() -> int:
        return sum(len(explanation.as_data(decide(r, AS_OF))["counts"]) for r in some)

    figures = {
        "counts decided a second, all remedies, explanation attached (one core, warm)": decided(some),
        "new tuples of atoms decided a second, all remedies (cold)": cold(some),
        "counts explained as data a second, all remedies": explained,
        "counts decided and explained as data a second, all remedies": whole,
        "marijuana counts decided a second, all remedies (warm)": decided(weed),
        "marijuana counts decided a second, Proposition 64 alone (warm)": decided(weed, PROP_64),
        "reference: additions a second in this same run": reference,
    }
    return [(name, f"{_rate(work):,.0f}") for name, work in figures.items()]


if __name__ == "__main__":
    for name, value in run():
        print(f"{value:>14}  {name}")
