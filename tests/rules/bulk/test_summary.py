"""The figures of the report, counted by hand for four kinds of people.

Under review are, in Los Angeles: 12 women with a felony of 11359 of 2005; 13 men with a misdemeanor of 11357(b) of
2020, after the Act; 11 women with two felonies, 11358 of 1999 and 11359 of 2003; 14 people of whom little is known,
with a felony of 11360 whose day cannot be read. The county's policy dismisses 11357 and reduces 11359.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from rules.bulk.decide import Policy
from rules.bulk.normalise import Tally, reviewed_of
from rules.bulk.review import decided
from rules.bulk.summary import Summary
from rules.sources.doj_extract import subject_of
from tests.rules.bulk.made_up import AS_OF, convicted, lines

POLICY = Policy(dismiss=("11357",), reduce=("11359",))
SALE = convicted()
POSSESSION = convicted(
    OFFENSE_DESCR="11357(B) HS-X", CONV_STAT_DESCR="MISDEMEANOR", DISP_DATE="20200101", GENDER="M", RACE_DESCR="WHITE",
    PRI_DOB="19900101",
)  # fmt: skip
ELDER = {"RACE_DESCR": "BLACK", "PRI_DOB": "19500101"}
TWO = [
    convicted(**ELDER, OFFENSE_DESCR="11358 HS-X", DISP_DATE="19990505"),
    convicted(**ELDER, DISP_DATE="20030505", CNT_ORDER="002002001000"),
]
UNKNOWN = convicted(OFFENSE_DESCR="11360(A) HS-X", GENDER="", RACE_DESCR="", PRI_DOB="", DISP_DATE="20011399")
PEOPLE = [[SALE]] * 12 + [[POSSESSION]] * 13 + [TWO] * 11 + [[UNKNOWN]] * 14


def counted(people: Sequence[Sequence[list[str]]], policy: Policy | None) -> dict[str, Any]:
    summary = Summary(AS_OF, policy is not None)
    tally = Tally()
    tally.suspicious.update({"date_unreadable": 14, "birth_unreadable": 14, "level_unknown": 0, "births_differ": 20})
    tally.earliest = date(1972, 3, 4)
    place = 0
    for person in people:
        subject = subject_of(lines(*person), AS_OF)
        subject.first, place = place, place + 1
        for one in decided(reviewed_of(subject, "LOS ANGELES", AS_OF), policy, AS_OF):
            summary.add(one)
    return summary.data(tally, {}, {})


def test_convictions_are_counted_by_section_and_level_and_people_once() -> None:
    assert counted(PEOPLE, POLICY)["prop64_in_county"] == {
        "convictions": 61,
        "people": 50,
        "by_section": {"11357": 13, "11358": 11, "11359": 23, "11360": 14},
        "by_level": {"felony": 48, "misdemeanor": 13},
    }
    infraction = [convicted(CONV_STAT_DESCR="INFRACTION")]
    unclear = [convicted(CONV_STAT_DESCR="ODD")]
    assert counted([infraction, unclear], None)["prop64_in_county"]["by_level"] == {"infraction": 1, "unknown": 1}


def test_determinations_are_counted_by_reason_the_most_frequent_first() -> None:
    made = counted(PEOPLE, POLICY)["determinations"]
    assert made["Eligible for Dismissal"] == {
        "convictions": 13,
        "by_section": {"11357": 13},
        "by_reason": {"Misdemeanor or Infraction": 13},
    }
    assert made["Eligible for Reduction"] == {
        "convictions": 23,
        "by_section": {"11359": 23},
        "by_reason": {"Reduce all HS 11359 convictions": 23},
    }
    assert made["Not eligible"] == {
        "convictions": 25,
        "by_section": {"11358": 11, "11360": 14},
        "by_reason": {"Not covered by the county's policy": 25},
    }
    assert made["Hand Review"]["convictions"] == 0


def test_reasons_and_suspicions_stand_by_their_number_and_then_by_their_name() -> None:
    data = counted(PEOPLE, None)
    assert list(data["read"]["suspicious"].items()) == [
        ("births_differ", 20),
        ("birth_unreadable", 14),
        ("date_unreadable", 14),
    ]
    assert data["read"]["earliest_conviction"] == "1972-03-04"
    for answers in data["statute"].values():
        numbers = list(answers["by_reason"].values())
        assert numbers == sorted(numbers, reverse=True)
        assert answers["convictions"] == sum(numbers)
    assert {what: answers["convictions"] for what, answers in data["statute"].items()} == {
        "Eligible for Dismissal": 0,
        "Eligible for Reduction": 34,  # 11359 twice over, and growing of a number of plants that nobody told
        "Hand Review": 27,  # a day that cannot be read; and of 2020, when it happened nobody told
        "Not eligible": 0,
    }


def test_people_left_with_nothing_are_told_of_each_way_to_decide() -> None:
    assert counted(PEOPLE, POLICY)["people_left"] == {
        # The policy lowers 11359: 12 women have no felony left, the 11 with 11358 still have one. It dismisses 11357:
        # 13 men have no conviction left, and theirs was the only one of the last seven years.
        "policy": {"no_felony": 12, "no_conviction": 13, "no_conviction_in_seven_years": 13},
        # The statute lowers 11358 as well, and does not settle what may have come after the Act.
        "statute": {"no_felony": 23, "no_conviction": 0, "no_conviction_in_seven_years": 0},
        # A conviction whose day cannot be read may be recent: with it gone there is none.
        "everything": {"no_felony": 37, "no_conviction": 50, "no_conviction_in_seven_years": 27},
    }
    without = counted(PEOPLE, None)
    assert list(without["people_left"]) == ["statute", "everything"]
    assert without["people_with_relief"] == 23


@pytest.mark.parametrize(
    ("day", "recent"),
    [("20190701", 1), ("20190630", 0)],  # seven years to the day before 1 July 2026
)
def test_seven_years_are_counted_to_the_day(day: str, recent: int) -> None:
    left = counted([[convicted(DISP_DATE=day)]], POLICY)["people_left"]
    assert left["everything"]["no_conviction_in_seven_years"] == recent


def test_somebody_with_several_recent_convictions_is_left_with_none_only_if_all_go() -> None:
    two = [
        convicted(
            DISP_DATE="20200505",
            OFFENSE_DESCR="11357(B) HS-X",
            CONV_STAT_DESCR="MISDEMEANOR",
            CNT_ORDER=f"00{n}002001000",
        )
        for n in (1, 2)
    ]
    theft = convicted(DISP_DATE="20210505", OFFENSE_DESCR="484 PC-X", CNT_ORDER="003002001000")
    nothing = {"no_felony": 0, "no_conviction": 0, "no_conviction_in_seven_years": 0}
    assert counted([[*two]], POLICY)["people_left"]["policy"] == nothing | {
        "no_conviction": 1,
        "no_conviction_in_seven_years": 1,
    }
    assert counted([[*two, theft]], POLICY)["people_left"]["policy"] == nothing
    unclear = [convicted(CONV_STAT_DESCR="ODD", CNT_ORDER=f"00{n}002001000") for n in (1, 2)]
    felony = convicted(CNT_ORDER="003002001000")
    left = counted([[*unclear, felony]], None)["people_left"]["everything"]
    assert left == {"no_felony": 1, "no_conviction": 1, "no_conviction_in_seven_years": 0}


def test_who_is_helped_is_told_by_race_gender_age_and_decade() -> None:
    who = counted(PEOPLE, POLICY)["who_is_helped"]
    assert who["race"] == {
        "BLACK": {"people": 11, "helped": 11},
        "HISPANIC": {"people": 12, "helped": 12},
        "WHITE": {"people": 13, "helped": 13},
        "unknown": {"people": 14, "helped": None},
    } | {"BLACK": {"people": 11, "helped": None}}  # none of the unknown is helped; the next smallest hides it
    assert who["gender"] == {
        "F": {"people": 23, "helped": 23},
        "M": {"people": 13, "helped": None},
        "unknown": {"people": 14, "helped": None},
    }
    assert list(who["age"].items()) == [
        ("30 to 39", {"people": 13, "helped": 13}),
        ("50 to 59", {"people": 12, "helped": 12}),
        ("60 or older", {"people": 11, "helped": None}),
        ("unknown", {"people": 14, "helped": None}),
    ]
    young = [[convicted(PRI_DOB="20060101", DISP_DATE="20250101")]] * 11
    assert list(counted([*PEOPLE, *young], POLICY)["who_is_helped"]["age"])[:2] == ["under 21", "30 to 39"]
    # Of the two convictions of a person one may help, the other not: they are counted in the decade of each.
    assert who["decade"] == {
        "1990s": {"people": 11, "helped": None},
        "2000s": {"people": 23, "helped": 23},
        "2020s": {"people": 13, "helped": 13},
        "unknown": {"people": 14, "helped": None},
    }
