"""What a review found, as counts: of the extract, of the convictions under review, of the people.

Three questions are asked of everybody: how many people are left with no felony, with no conviction, and with none in
the seven years before the day of the review, under the county's policy, under the statute, and if everything were
dismissed. Who had none before is not counted, and a felony that may be one (its level is unknown) still stands in the
way.

**Who is helped** is told by race, gender, age band and decade of conviction. A cell of fewer than eleven people would
point at somebody, so it is withheld; and where one cell alone is withheld, the next smallest is too, because the total
would give it away.

    >>> withheld({"WHITE": 120, "BLACK": 90, "SAMOAN": 3})
    {'WHITE': 120, 'BLACK': None, 'SAMOAN': None}
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rules.bulk.decide import DETERMINATIONS, DISMISSAL, HAND_REVIEW, NOT_ELIGIBLE, REDUCTION, Determination
from rules.bulk.normalise import Tally
from rules.bulk.review import Decided, PersonFacts, Reviewed, recent_since
from rules.sources.doj_extract import SECTIONS, years_later

FEWEST = 11
"""A cell of fewer people is withheld (`doj/format.md` section 4)."""
SCENARIOS = ("policy", "statute", "everything")
GROUPS = ("race", "gender", "age", "decade")
_BANDS = ((0, "under 21"), (21, "21 to 29"), (30, "30 to 39"), (40, "40 to 49"), (50, "50 to 59"), (60, "60 or older"))
UNKNOWN = "unknown"


@dataclass(slots=True)
class _Person:
    facts: PersonFacts
    # of each scenario: felonies, convictions of no known level, convictions, recent convictions that go
    gone: dict[str, list[int]] = field(default_factory=lambda: {s: [0, 0, 0, 0] for s in SCENARIOS})
    helped: bool = False
    decades: set[str] = field(default_factory=set)
    helped_decades: set[str] = field(default_factory=set)


class Summary:
    """Counts that grow with each conviction."""

    def __init__(self, as_of: date, has_policy: bool) -> None:
        self.as_of, self.scenarios = as_of, SCENARIOS if has_policy else SCENARIOS[1:]
        self.by_section: Counter[str] = Counter()
        self.by_level: Counter[str] = Counter()
        self.determinations: dict[str, Counter[str]] = {w: Counter() for w in DETERMINATIONS}  # by section
        self.reasons: dict[str, Counter[str]] = {w: Counter() for w in DETERMINATIONS}
        self.statute: dict[str, Counter[str]] = {w: Counter() for w in DETERMINATIONS}
        self._people: dict[int, _Person] = {}
        self._recent = recent_since(as_of)

    def add(self, one: Decided) -> None:
        r = one.reviewed
        section = r.charge.section or UNKNOWN
        self.by_section[section] += 1
        self.by_level[r.level or UNKNOWN] += 1
        self.determinations[one.answer.what][section] += 1
        self.reasons[one.answer.what][one.answer.kind] += 1
        self.statute[one.statute.what][one.statute.kind] += 1
        person = self._people.get(r.person.key)
        if person is None:
            person = self._people[r.person.key] = _Person(r.person)
        decade = f"{r.convicted.year // 10 * 10}s" if r.convicted else UNKNOWN
        person.decades.add(decade)
        if one.answer.what in (DISMISSAL, REDUCTION):
            person.helped = True
            person.helped_decades.add(decade)
        if not r.dismissed:
            for scenario, answer in zip(SCENARIOS, (one.answer.what, one.statute.what, DISMISSAL), strict=True):
                self._take_away(person.gone[scenario], r, answer)

    def _take_away(self, gone: list[int], r: Reviewed, what: str) -> None:
        if what in (DISMISSAL, REDUCTION):
            gone[0] += r.level == "felony"
            gone[1] += not r.level
        if what == DISMISSAL:
            gone[2] += 1
            gone[3] += r.convicted is None or r.convicted >= self._recent

    def people_left(self) -> dict[str, dict[str, int]]:
        """Of each scenario: people left with no felony, no conviction, no conviction in seven years."""
        left = {}
        for scenario in self.scenarios:
            counts = {"no_felony": 0, "no_conviction": 0, "no_conviction_in_seven_years": 0}
            for p in self._people.values():
                felonies, unclear, live, recent = p.gone[scenario]
                f = p.facts
                counts["no_felony"] += bool(f.felonies) and f.felonies == felonies and f.unclear == unclear
                counts["no_conviction"] += bool(f.live) and f.live == live
                counts["no_conviction_in_seven_years"] += bool(f.recent) and f.recent == recent
            left[scenario] = counts
        return left

    def who(self) -> dict[str, dict[str, dict[str, int | None]]]:
        """People under review and people helped, by group; small cells withheld."""
        found: dict[str, dict[str, dict[str, int | None]]] = {}
        for group in GROUPS:
            reviewed: Counter[str] = Counter()
            helped: Counter[str] = Counter()
            for p in self._people.values():
                reviewed.update(p.decades if group == "decade" else {self._group(group, p.facts)})
                if p.helped:
                    helped.update(p.helped_decades if group == "decade" else {self._group(group, p.facts)})
            order = [name for _, name in _BANDS] if group == "age" else []
            names = [n for n in order if n in reviewed] + sorted(n for n in reviewed if n not in order)
            shown = withheld({n: helped[n] for n in names})
            among = withheld({n: reviewed[n] for n in names})
            found[group] = {n: {"people": among[n], "helped": shown[n]} for n in names}
        return found

    def _group(self, group: str, person: PersonFacts) -> str:
        if group == "age":
            return age_band(person.birth, self.as_of)
        return (person.race if group == "race" else person.gender) or UNKNOWN

    def data(self, tally: Tally, rejected: Mapping[str, int], about: Mapping[str, Any]) -> dict[str, Any]:
        """Everything as JSON data: what `summary.json` holds, and the report is made of."""

        def counted(counts: Mapping[str, int]) -> dict[str, int]:
            return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

        return {
            **about,
            "as_of": self.as_of.isoformat(),
            "read": {
                "records": tally.records,
                "people": tally.people,
                "convictions": tally.convictions,
                "earliest_conviction": tally.earliest.isoformat() if tally.earliest else None,
                "rejected": dict(rejected),
                "suspicious": counted(+tally.suspicious),
            },
            "prop64_in_county": {
                "convictions": sum(self.by_section.values()),
                "people": len(self._people),
                "by_section": {
                    s: self.by_section[s] for s in (*SECTIONS, UNKNOWN) if self.by_section[s] or s in SECTIONS
                },
                "by_level": {
                    w: self.by_level[w] for w in ("felony", "misdemeanor", "infraction", UNKNOWN) if self.by_level[w]
                },
            },
            "determinations": {
                what: {
                    "convictions": sum(self.determinations[what].values()),
                    "by_section": dict(sorted(self.determinations[what].items())),
                    "by_reason": counted(self.reasons[what]),
                }
                for what in DETERMINATIONS
            },
            "statute": {
                what: {"convictions": sum(c.values()), "by_reason": counted(c)} for what, c in self.statute.items()
            },
            "people_with_relief": sum(p.helped for p in self._people.values()),
            "people_left": self.people_left(),
            "who_is_helped": self.who(),
            "fewest_shown": FEWEST,
        }


def age_band(birth: date | None, as_of: date) -> str:
    """The band of an age on that day."""
    if birth is None:
        return UNKNOWN
    return next(name for low, name in reversed(_BANDS) if years_later(birth, low) <= as_of)


def withheld(counts: Mapping[str, int]) -> dict[str, int | None]:
    """The counts without those under :data:`FEWEST`; where that leaves one alone withheld, the next smallest too."""
    small = {name for name, count in counts.items() if count < FEWEST}
    if len(small) == 1 and len(counts) > 1:
        small.add(min((n for n in counts if n not in small), key=lambda n: (counts[n], n)))
    return {name: None if name in small else count for name, count in counts.items()}


__all__ = ["DISMISSAL", "HAND_REVIEW", "NOT_ELIGIBLE", "Determination", "Summary", "age_band", "withheld"]
