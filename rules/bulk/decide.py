"""The two answers for a conviction under review: the county's policy, and the statute.

A county may review convictions of Proposition 64 by a policy of its own (HSC 11361.9): a small JSON file says which
sections are dismissed or reduced and which people are relieved besides. Its tests are read in order and the first that
holds decides. A test whose fact is unknown does not hold; but if that fact could have changed the answer, the answer is
`Hand Review` and says which cell of which record to look at.

Worked example: HS 11359, section in ``reduce``, policy with an age of 50, date of birth unreadable. Test 4 (50 or
older) is unknown and would dismiss; test 9 holds and would reduce. Two answers are possible, so: `Hand Review`,
"PRI_DOB of record 4711 (19600230) is not a date". Had the section been in ``dismiss``, every way leads to a dismissal,
and the unknown date is of no matter.

The statute's answer is the judge's (`rules/remedies/hs_11361_8.py`), in the same four words; its reason is the sentence
and the citation of the row that decided.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from rules import strict_json
from rules.explanation import said
from rules.facts import dictionary
from rules.judge import Finding
from rules.remedy import ELIGIBLE, N_
from rules.sentence import Sentence
from rules.sources.doj_extract import SECTIONS, years_later
from rules.truth import Truth

DISMISSAL = "Eligible for Dismissal"
REDUCTION = "Eligible for Reduction"
NOT_ELIGIBLE = "Not eligible"
HAND_REVIEW = "Hand Review"
DETERMINATIONS = (HAND_REVIEW, DISMISSAL, REDUCTION, NOT_ELIGIBLE)
NOT_COVERED = "Not covered by the county's policy"
UNDER = 21
AGES = range(40, 66)
YEARS = range(1, 16)


class BadPolicy(ValueError):  # read as sentences where it is raised
    """A policy that cannot be used; ``problems`` has one sentence for every mistake."""

    def __init__(self, problems: list[Sentence]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Policy:
    """A county's policy. An age or a number of years of 0 is off."""

    dismiss: tuple[str, ...] = ()
    reduce: tuple[str, ...] = ()
    under_21: bool = False
    age: int = 0
    years_since: int = 0
    crime_free: int = 0
    only_prop64: bool = False
    deceased: bool = False


_SWITCHES = {
    "subjectUnder21AtConviction": "under_21",
    "subjectHasOnlyProp64Charges": "only_prop64",
    "subjectIsDeceased": "deceased",
}
_THRESHOLDS = {
    "subjectAgeThreshold": ("age", AGES),
    "yearsSinceConvictionThreshold": ("years_since", YEARS),
    "yearsCrimeFreeThreshold": ("crime_free", YEARS),
}


def read_policy(text: str) -> Policy:
    """The policy in a JSON text. Raises :class:`BadPolicy` with a sentence for every mistake found."""
    try:
        data = strict_json.loads(text)
    except (ValueError, RecursionError) as bad:
        raise BadPolicy([Sentence(N_("The policy is not JSON: %(what)s."), what=bad)]) from None
    problems: list[Sentence] = []
    whole = _object(data, Sentence(N_("The policy")), {"baselineEligibility", "additionalRelief"}, problems)
    baseline = _object(whole.get("baselineEligibility", {}), "baselineEligibility", {"dismiss", "reduce"}, problems)
    relief = _object(whole.get("additionalRelief", {}), "additionalRelief", {*_SWITCHES, *_THRESHOLDS}, problems)
    if isinstance(data, dict) and "baselineEligibility" not in data:
        problems.append(
            Sentence(N_("baselineEligibility is missing. Say which sections are dismissed and which are reduced."))
        )
    lists = {name: _sections(baseline.get(name, []), name, problems) for name in ("dismiss", "reduce")}
    for section in lists["dismiss"]:
        if section in lists["reduce"]:
            problems.append(
                Sentence(N_("%(section)s is in both dismiss and reduce. Leave it in one of them."), section=section)
            )
    values: dict[str, Any] = {}
    for name, own in _SWITCHES.items():
        values[own] = relief.get(name, False)
        if not isinstance(values[own], bool):
            problems.append(
                Sentence(N_("%(name)s is %(found)s. It is true or false."), name=name, found=_short(values[own]))
            )
    for name, (own, allowed) in _THRESHOLDS.items():
        values[own] = value = relief.get(name, 0)
        if isinstance(value, bool) or not isinstance(value, int) or (value and value not in allowed):
            words = N_("%(name)s is %(found)s. It is 0 (off), or a whole number from %(low)s to %(high)s.")
            problems.append(Sentence(words, name=name, found=_short(value), low=allowed[0], high=allowed[-1]))
    if problems:
        raise BadPolicy(problems)
    return Policy(lists["dismiss"], lists["reduce"], **values)


def _object(data: Any, where: str, names: set[str], problems: list[Sentence]) -> Mapping[str, Any]:
    if not isinstance(data, dict):
        problems.append(Sentence(N_("%(name)s is %(found)s. It is a JSON object."), name=where, found=_short(data)))
        return {}
    for name in data:
        if name not in names:
            words = N_("%(where)s has a name that means nothing here: %(name)s. Known: %(known)s.")
            problems.append(Sentence(words, where=where, name=_short(name), known=", ".join(sorted(names))))
    return data


def _short(value: Any) -> str:
    return json.dumps(value)[:60]


def _sections(data: Any, where: str, problems: list[Sentence]) -> tuple[str, ...]:
    if not isinstance(data, list):
        problems.append(
            Sentence(N_("%(name)s is %(found)s. It is a list of sections."), name=where, found=_short(data))
        )
        return ()
    found: list[str] = []
    for item in data:
        if item not in SECTIONS:
            words = N_("%(where)s names %(found)s. Only %(sections)s can be named, as texts.")
            problems.append(Sentence(words, where=where, found=_short(item), sections=", ".join(SECTIONS)))
        elif item in found:
            problems.append(Sentence(N_("%(where)s names %(section)s twice."), where=where, section=item))
        else:
            found.append(item)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a policy asks of one conviction; ``None`` is unknown. The ``_of`` texts name the cell that is to blame for
    an unknown, for the person who looks it up."""

    felony: Truth
    section: str | None
    birth: date | None
    convicted: date | None
    latest: date | None  # of the days that are known, the latest conviction of any kind
    all_dated: bool  # every conviction has a day that is known
    only_prop64: Truth
    deceased: bool
    relieved: str = ""  # the words of the record that dismissed it
    level_of: str = ""
    section_of: str = ""
    birth_of: str = ""
    convicted_of: str = ""
    latest_of: str = ""
    only_of: str = ""


@dataclass(frozen=True, slots=True)
class Determination:
    """One of :data:`DETERMINATIONS`, and its reason in words; ``kind`` is the reason without what is of this record
    alone, for counting."""

    what: str
    reason: str
    kind: str


def decide_by_policy(policy: Policy, of: Circumstances, as_of: date) -> Determination:
    """What a county's policy gives one conviction of Proposition 64 (`doj/format.md` section 3)."""
    if of.relieved:
        return Determination(NOT_ELIGIBLE, f"Already relieved: {of.relieved}", "Already relieved")
    possible: dict[str, None] = {}
    unknown: list[tuple[str, str]] = []
    decided = Determination(NOT_ELIGIBLE, NOT_COVERED, NOT_COVERED)
    for holds, what, reason, blame in _tests(policy, of, as_of):
        if holds is None:
            possible[what] = None
            unknown.append((what, blame))
        elif holds:
            decided = Determination(what, reason, reason)
            break
    possible[decided.what] = None
    if len(possible) == 1:
        return decided
    to_blame = dict.fromkeys(blame for what, blame in unknown if what != decided.what)
    reason = "; ".join(to_blame)
    cells = dict.fromkeys(re.findall(r"([A-Z_]+) of record", reason))
    return Determination(HAND_REVIEW, reason, f"{', '.join(cells)} unknown")


def _tests(policy: Policy, of: Circumstances, as_of: date) -> Iterable[tuple[Truth, str, str, str]]:
    """The tests of the policy in order: whether it holds, what it gives, why, and what to look up if it is unknown."""
    yield None if of.felony is None else not of.felony, DISMISSAL, "Misdemeanor or Infraction", of.level_of
    yield _among(of.section, policy.dismiss), DISMISSAL, f"Dismiss all HS {of.section} convictions", of.section_of
    if policy.under_21:
        yield under_21(of.birth, of.convicted), DISMISSAL, "21 years or younger", _both(of, of.birth, of.convicted)
    if policy.age:
        old = None if of.birth is None else years_later(of.birth, policy.age) <= as_of
        yield old, DISMISSAL, f"{policy.age} years or older", of.birth_of
    if policy.years_since:
        past = None if of.convicted is None else of.convicted <= years_later(as_of, -policy.years_since)
        yield past, DISMISSAL, f"Conviction occurred {policy.years_since} or more years ago", of.convicted_of
    if policy.crime_free:
        since = years_later(as_of, -policy.crime_free)
        free: Truth = False if of.latest and of.latest >= since else True if of.all_dated else None
        yield free, DISMISSAL, f"No convictions in the past {policy.crime_free} years", of.latest_of
    if policy.only_prop64:
        yield of.only_prop64, DISMISSAL, "Only has 11357-60 charges", of.only_of
    if policy.deceased:
        yield of.deceased, DISMISSAL, "Individual is deceased", ""
    yield _among(of.section, policy.reduce), REDUCTION, f"Reduce all HS {of.section} convictions", of.section_of


def under_21(birth: date | None, convicted: date | None) -> Truth:
    """Whether a conviction came before the 21st birthday; the birthday itself is not under 21."""
    return None if birth is None or convicted is None else convicted < years_later(birth, UNDER)


def _both(of: Circumstances, birth: date | None, convicted: date | None) -> str:
    blamed = [of.birth_of if birth is None else "", of.convicted_of if convicted is None else ""]
    return "; ".join(b for b in blamed if b)


def _among(section: str | None, sections: tuple[str, ...]) -> Truth:
    if section is None:
        return None if sections else False
    return section in sections


# ---- the statute, in the same words


def decide_by_statute(finding: Finding) -> Determination:
    """The judge's finding as a determination; the reason has its citation, and what would settle it if it is open."""
    kind = cited = f"{said(finding, str)} ({finding.cite.short})"
    what = {
        "not_eligible": NOT_ELIGIBLE,
        "already_relieved": NOT_ELIGIBLE,
    }.get(finding.outcome, HAND_REVIEW)
    if finding.outcome in ELIGIBLE:
        what = DISMISSAL if finding.relief == "dismiss_and_seal" else REDUCTION
    if what == HAND_REVIEW and finding.would_settle:
        cited += f" Would be settled by: {'; '.join(settles(finding))}."
    return Determination(what, cited, kind)


def settles(finding: Finding) -> list[str]:
    """The labels of the facts that could still change the answer."""
    return [dictionary()[name].label for name in finding.would_settle]
