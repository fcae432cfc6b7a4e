"""A county's policy: its file, its nine tests and their boundaries, and what is not known."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from rules.bulk import decide as d
from rules.bulk.decide import Circumstances, Policy, decide_by_policy
from rules.judge import judge
from rules.remedies.hs_11361_8 import REMEDY

AS_OF = date(2026, 7, 1)
# A felony of 11359 that no test of an empty policy reaches.
PLAIN = Circumstances(
    felony=True,
    section="11359",
    birth=date(1980, 1, 1),
    convicted=date(2020, 1, 1),
    latest=date(2024, 1, 1),
    all_dated=True,
    only_prop64=False,
    deceased=False,
)


def answer(policy: Policy, as_of: date = AS_OF, **changes: Any) -> tuple[str, str]:
    found = decide_by_policy(policy, replace(PLAIN, **changes), as_of)
    return found.what, found.reason


def test_each_of_the_nine_tests_has_its_reason() -> None:
    cases = [
        (answer(Policy(), felony=False), (d.DISMISSAL, "Misdemeanor or Infraction")),
        (answer(Policy(dismiss=("11359",))), (d.DISMISSAL, "Dismiss all HS 11359 convictions")),
        (answer(Policy(under_21=True), birth=date(2000, 1, 1)), (d.DISMISSAL, "21 years or younger")),
        (answer(Policy(age=46)), (d.DISMISSAL, "46 years or older")),
        (answer(Policy(years_since=6)), (d.DISMISSAL, "Conviction occurred 6 or more years ago")),
        (answer(Policy(crime_free=2)), (d.DISMISSAL, "No convictions in the past 2 years")),
        (answer(Policy(only_prop64=True), only_prop64=True), (d.DISMISSAL, "Only has 11357-60 charges")),
        (answer(Policy(deceased=True), deceased=True), (d.DISMISSAL, "Individual is deceased")),
        (answer(Policy(reduce=("11359",))), (d.REDUCTION, "Reduce all HS 11359 convictions")),
        (answer(Policy()), (d.NOT_ELIGIBLE, "Not covered by the county's policy")),
    ]
    for found, expected in cases:
        assert found == expected


def test_the_first_test_that_holds_decides() -> None:
    everything = Policy(("11359",), (), True, 40, 1, 1, True, True)
    holds = {"birth": date(1950, 1, 1), "convicted": date(1960, 1, 1), "latest": date(1960, 1, 1)}
    order: list[tuple[dict[str, Any], str]] = [
        ({"felony": False}, "Misdemeanor or Infraction"),
        ({}, "Dismiss all HS 11359 convictions"),
        ({"section": "11360"}, "21 years or younger"),
    ]
    for changes, reason in order:
        assert answer(everything, **{**holds, **changes})[1] == reason
    without = replace(everything, dismiss=(), under_21=False)
    assert answer(without, **holds)[1] == "40 years or older"
    assert answer(replace(without, age=0), **holds)[1] == "Conviction occurred 1 or more years ago"
    assert answer(replace(without, age=0, years_since=0), **holds)[1] == "No convictions in the past 1 years"
    assert answer(Policy(only_prop64=True, deceased=True), only_prop64=True, deceased=True)[1].startswith("Only")
    assert answer(Policy(deceased=True, reduce=("11359",)), deceased=True)[0] == d.DISMISSAL


@pytest.mark.parametrize("switch", ["under_21", "only_prop64", "deceased"])
def test_what_is_off_is_not_asked(switch: str) -> None:
    facts: dict[str, Any] = {"birth": None, "only_prop64": True, "deceased": True}
    off = Policy(reduce=("11359",))
    assert answer(off, **facts)[0] == d.REDUCTION
    assert answer(replace(off, **{switch: True}), **facts)[0] != d.REDUCTION


@pytest.mark.parametrize(
    ("birth", "convicted", "under"),
    [
        (date(1980, 5, 5), date(2001, 5, 4), True),
        (date(1980, 5, 5), date(2001, 5, 5), False),  # the birthday itself is not under 21
        (date(1980, 2, 29), date(2001, 2, 28), True),
        (date(1980, 2, 29), date(2001, 3, 1), False),  # 29 February turns 21 on 1 March
        (date(1987, 2, 28), date(2008, 2, 28), False),
        (None, date(2001, 1, 1), None),
        (date(1980, 1, 1), None, None),
    ],
)
def test_under_21_at_conviction(birth: date | None, convicted: date | None, under: bool | None) -> None:
    assert d.under_21(birth, convicted) is under


@pytest.mark.parametrize(
    ("birth", "as_of", "reached"),
    [
        (date(1986, 7, 1), AS_OF, True),
        (date(1986, 7, 2), AS_OF, False),
        (date(1984, 2, 29), date(2024, 2, 28), False),
        (date(1984, 2, 29), date(2024, 2, 29), True),
        (date(1980, 2, 29), date(2021, 2, 28), True),
        (date(1981, 3, 1), date(2021, 3, 1), True),
    ],
)
def test_reached_an_age(birth: date, as_of: date, reached: bool) -> None:
    assert (answer(Policy(age=40), as_of, birth=birth, latest=None, convicted=None)[0] == d.DISMISSAL) is reached


def test_an_age_is_reached_on_1_march_by_who_was_born_on_29_february() -> None:
    born = date(1980, 2, 29)
    assert answer(Policy(age=45), date(2025, 2, 28), birth=born)[0] == d.NOT_ELIGIBLE
    assert answer(Policy(age=45), date(2025, 3, 1), birth=born)[0] == d.DISMISSAL


@pytest.mark.parametrize(
    ("convicted", "as_of", "past"),
    [
        (date(2016, 7, 1), AS_OF, True),  # on the day ten years before
        (date(2016, 7, 2), AS_OF, False),
        (date(2018, 3, 1), date(2028, 2, 29), True),  # ten years before 29 February 2028 is 1 March 2018
        (date(2018, 3, 2), date(2028, 2, 29), False),
    ],
)
def test_years_since_the_conviction(convicted: date, as_of: date, past: bool) -> None:
    assert (answer(Policy(years_since=10), as_of, convicted=convicted)[0] == d.DISMISSAL) is past


@pytest.mark.parametrize(
    ("latest", "free"), [(date(2021, 6, 30), True), (date(2021, 7, 1), False), (date(2021, 7, 2), False)]
)
def test_years_without_a_conviction_end_before_the_day(latest: date, free: bool) -> None:
    assert (answer(Policy(crime_free=5), latest=latest)[0] == d.DISMISSAL) is free


# ---- what is not known

_BLAMED = {
    "level_of": "CONV_STAT_DESCR of record 1 is 'X'",
    "section_of": "OFFENSE_DESCR of record 1",
    "birth_of": "PRI_DOB of record 1",
    "convicted_of": "DISP_DATE of record 1",
    "latest_of": "DISP_DATE of record 2",
    "only_of": "OFFENSE_DESCR of record 3",
}


@pytest.mark.parametrize(
    ("policy", "changes", "blamed"),
    [
        (Policy(), {"felony": None}, "level_of"),
        (Policy(dismiss=("11359",)), {"section": None}, "section_of"),
        (Policy(reduce=("11359",)), {"section": None}, "section_of"),
        (Policy(under_21=True), {"birth": None}, "birth_of"),
        (Policy(under_21=True), {"convicted": None}, "convicted_of"),
        (Policy(age=40), {"birth": None}, "birth_of"),
        (Policy(years_since=5), {"convicted": None}, "convicted_of"),
        (Policy(crime_free=5), {"latest": date(1999, 1, 1), "all_dated": False}, "latest_of"),
        (Policy(only_prop64=True), {"only_prop64": None}, "only_of"),
    ],
)
def test_an_unknown_fact_that_could_change_the_answer_goes_to_hand_review_and_is_named(
    policy: Policy, changes: dict[str, Any], blamed: str
) -> None:
    assert answer(policy, **changes, **_BLAMED) == (d.HAND_REVIEW, _BLAMED[blamed])


@pytest.mark.parametrize(
    ("policy", "changes", "expected"),
    [
        # Felony or not, the section is dismissed.
        (Policy(dismiss=("11359",)), {"felony": None}, (d.DISMISSAL, "Dismiss all HS 11359 convictions")),
        # The age is unknown, and the conviction is old enough anyway.
        (Policy(age=40, years_since=5), {"birth": None}, (d.DISMISSAL, "Conviction occurred 5 or more years ago")),
        # One date is unknown, and a known one is too recent already.
        (Policy(crime_free=5), {"all_dated": False}, (d.NOT_ELIGIBLE, d.NOT_COVERED)),
        # A test that is off asks nothing.
        (Policy(), {"birth": None, "convicted": None}, (d.NOT_ELIGIBLE, d.NOT_COVERED)),
        # Nobody asks for the section where the policy names none.
        (Policy(), {"section": None}, (d.NOT_ELIGIBLE, d.NOT_COVERED)),
    ],
)
def test_an_unknown_fact_that_could_not_change_the_answer_does_not_matter(
    policy: Policy, changes: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert answer(policy, **changes, **_BLAMED) == expected


def test_all_cells_that_could_change_it_are_named_once() -> None:
    what, reason = answer(Policy(age=40, years_since=5, reduce=("11359",)), birth=None, convicted=None, **_BLAMED)
    assert (what, reason) == (d.HAND_REVIEW, "PRI_DOB of record 1; DISP_DATE of record 1")
    assert answer(Policy(under_21=True), birth=None, convicted=None, **_BLAMED) == (what, reason)  # one test, two cells
    found = decide_by_policy(Policy(age=40), replace(PLAIN, birth=None, **_BLAMED), AS_OF)
    assert found.kind == "PRI_DOB unknown"


def test_what_is_dismissed_already_is_not_dismissed_again() -> None:
    assert answer(Policy(dismiss=("11359",)), relieved="DISM PER 1203.4 PC") == (
        d.NOT_ELIGIBLE,
        "Already relieved: DISM PER 1203.4 PC",
    )


# ---- the file


def written(**changes: Any) -> str:
    data: dict[str, Any] = {
        "baselineEligibility": {"dismiss": ["11357", "11358"], "reduce": ["11359", "11360"]},
        "additionalRelief": {
            "subjectUnder21AtConviction": True,
            "subjectAgeThreshold": 57,
            "yearsSinceConvictionThreshold": 10,
            "yearsCrimeFreeThreshold": 5,
            "subjectHasOnlyProp64Charges": True,
            "subjectIsDeceased": True,
        },
    }
    for path, value in changes.items():
        part, _, name = path.partition("__")
        if name:
            data[part][name] = value
        else:
            data[part] = value
    return json.dumps(data)


def test_a_policy_is_read() -> None:
    assert d.read_policy(written()) == Policy(
        ("11357", "11358"), ("11359", "11360"), True, 57, 10, 5, only_prop64=True, deceased=True
    )
    assert d.read_policy('{"baselineEligibility": {}}') == Policy()


@pytest.mark.parametrize(("name", "allowed", "refused"), [
    ("subjectAgeThreshold", (0, 40, 65), (-1, 1, 39, 66, 40.5, True, "50", None)),
    ("yearsSinceConvictionThreshold", (0, 1, 15), (-1, 16, 1.0, False, "5")),
    ("yearsCrimeFreeThreshold", (0, 1, 15), (-1, 16, [])),
])  # fmt: skip
def test_thresholds_have_their_limits(name: str, allowed: tuple[Any, ...], refused: tuple[Any, ...]) -> None:
    for value in allowed:
        d.read_policy(written(**{f"additionalRelief__{name}": value}))
    for value in refused:
        with pytest.raises(d.BadPolicy, match=name):
            d.read_policy(written(**{f"additionalRelief__{name}": value}))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ('{"a": 1, "a": 2}', "twice"),
        ("[" * 100_000, "not JSON"),
        ("[]", "JSON object"),
        ("{}", "baselineEligibility is missing"),
        (written(more=1), "means nothing here"),
        (written(additionalRelief__more=1), "means nothing here"),
        (written(baselineEligibility__dismiss="11357"), "list of sections"),
        (written(baselineEligibility__dismiss=["11361"]), "Only 11357"),
        (written(baselineEligibility__dismiss=[11357]), "as texts"),
        (written(baselineEligibility__dismiss=["11357", "11357"]), "twice"),
        (written(baselineEligibility__dismiss=["11359"]), "in both"),
        (written(additionalRelief__subjectIsDeceased="yes"), "true or false"),
        (written(additionalRelief=[]), "JSON object"),
    ],
)
def test_a_policy_that_cannot_be_used_says_why(text: str, words: str) -> None:
    with pytest.raises(d.BadPolicy) as refused:
        d.read_policy(text)
    assert any(words in problem for problem in refused.value.problems)


ALLOWED = "11357, 11358, 11359, 11360"
SWITCHES = (
    "subjectAgeThreshold, subjectHasOnlyProp64Charges, subjectIsDeceased, subjectUnder21AtConviction, "
    "yearsCrimeFreeThreshold, yearsSinceConvictionThreshold"
)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[]", ["The policy is []. It is a JSON object."]),
        (
            '{"baselineEligibility": [], "additionalRelief": 7, "x": 1}',
            [
                'The policy has a name that means nothing here: "x". Known: additionalRelief, baselineEligibility.',
                "baselineEligibility is []. It is a JSON object.",
                "additionalRelief is 7. It is a JSON object.",
            ],
        ),
        (
            '{"additionalRelief": {}}',
            ["baselineEligibility is missing. Say which sections are dismissed and which are reduced."],
        ),
        (
            '{"baselineEligibility": {"dismiss": "11357", "reduce": ["11357", 7, "11357"], "y": []}, '
            '"additionalRelief": {"subjectIsDeceased": "yes", "subjectAgeThreshold": 39, '
            '"yearsCrimeFreeThreshold": true, "z": 0}}',
            [
                'baselineEligibility has a name that means nothing here: "y". Known: dismiss, reduce.',
                f'additionalRelief has a name that means nothing here: "z". Known: {SWITCHES}.',
                'dismiss is "11357". It is a list of sections.',
                f"reduce names 7. Only {ALLOWED} can be named, as texts.",
                "reduce names 11357 twice.",
                'subjectIsDeceased is "yes". It is true or false.',
                "subjectAgeThreshold is 39. It is 0 (off), or a whole number from 40 to 65.",
                "yearsCrimeFreeThreshold is true. It is 0 (off), or a whole number from 1 to 15.",
            ],
        ),
        (
            '{"baselineEligibility": {"dismiss": ["11357"], "reduce": ["11357"]}}',
            ["11357 is in both dismiss and reduce. Leave it in one of them."],
        ),
    ],
)
def test_a_mistake_is_told_as_a_sentence_with_what_was_found_and_what_is_allowed(text: str, told: list[str]) -> None:
    with pytest.raises(d.BadPolicy) as refused:
        d.read_policy(text)
    assert [str(problem) for problem in refused.value.problems] == told
    assert str(refused.value) == "\n".join(told)


def test_determinations_are_counted_by_their_reason_without_what_is_of_one_record_alone() -> None:
    policy = Policy(dismiss=("11357",), reduce=("11359",), age=50, years_since=10)
    known = replace(PLAIN, birth=date(2000, 1, 1), convicted=date(2025, 1, 1))
    cases = [
        (replace(known, relieved="SEALED"), "Already relieved"),
        (replace(known, section="11360"), "Not covered by the county's policy"),
        (known, "Reduce all HS 11359 convictions"),
        (replace(known, birth=None, birth_of="PRI_DOB of record 7 is blank"), "PRI_DOB unknown"),
        (
            replace(
                known, birth=None, birth_of="PRI_DOB of record 7 is blank",
                convicted=None, convicted_of="DISP_DATE of record 9 is blank",
            ),
            "PRI_DOB, DISP_DATE unknown",
        ),
    ]  # fmt: skip
    for of, kind in cases:
        assert decide_by_policy(policy, of, AS_OF).kind == kind


def test_every_mistake_is_told_at_once() -> None:
    with pytest.raises(d.BadPolicy) as refused:
        d.read_policy(written(baselineEligibility__dismiss=["1"], additionalRelief__subjectAgeThreshold=7, more=1))
    assert len(refused.value.problems) == 3


# ---- the statute, in the same words


@pytest.mark.parametrize(
    ("facts", "what", "words"),
    [
        (
            {"offense": "HS 11357", "subdivision": "b", "level": "misdemeanor", "age_at_offense": 30},
            d.DISMISSAL,
            "legal now",
        ),
        ({"offense": "HS 11359", "level": "felony"}, d.REDUCTION, "HSC 11361.8(f)"),
        ({"offense": "HS 11359", "level": "misdemeanor", "age_at_offense": 30}, d.NOT_ELIGIBLE, "nothing lower"),
        ({"offense": "HS 11359", "level": "felony", "attempt": True}, d.HAND_REVIEW, "attempts"),
        ({"offense": "HS 11359", "already_relieved": True}, d.NOT_ELIGIBLE, "already"),
        ({"offense": "HS 11359", "level": "felony", "conviction_date": None}, d.HAND_REVIEW, "Would be settled by"),
    ],
)
def test_the_statute_speaks_the_same_four_words(facts: dict[str, Any], what: str, words: str) -> None:
    stated = {"conviction_date": date(2005, 6, 1), **facts}
    known = {name: value for name, value in stated.items() if value is not None}
    found = d.decide_by_statute(judge(REMEDY, known, AS_OF))
    assert found.what == what
    assert words in found.reason
    assert found.kind == found.reason.split(" Would be settled by: ")[0]
    assert ("Would be settled by" in found.reason) == (what == d.HAND_REVIEW)
