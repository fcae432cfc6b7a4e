"""What follows from a reviewed conviction: its answers, and the cells that its record gets."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rules.bulk import review
from rules.bulk.decide import HAND_REVIEW
from rules.bulk.normalise import reviewed_of
from rules.bulk.review import ADDED, decided
from rules.sources.doj_extract import subject_of
from tests.rules.bulk.made_up import AS_OF, cells, convicted, lines


def test_one_persons_answer_is_not_anothers() -> None:
    people = [
        convicted(),
        convicted(CONV_STAT_DESCR="INFRACTION"),
        convicted(DISP_DATE="20011399"),
        convicted(OFFENSE_DESCR="11357(C) HS-X"),
        convicted(CONV_STAT_DESCR="MISDEMEANOR"),  # the same facts would settle it
    ]
    found = [r for p in people for r in reviewed_of(subject_of(lines(p), AS_OF), "LOS ANGELES", AS_OF)]
    assert found[3].finding.would_settle == found[4].finding.would_settle
    made = list(decided(found, None, AS_OF))
    reduced = "Eligible for Reduction"
    assert [one.answer.what for one in made[:3]] == [reduced, "Not eligible", HAND_REVIEW]
    assert made[3].answer.what != made[4].answer.what == HAND_REVIEW
    assert [one.answer for one in made] == [one.statute for one in made]


@pytest.mark.parametrize(
    ("arrested", "on", "told"),
    [
        ("20161108", "20170601", "-"),  # the day before the Act
        ("20161109", "20170601", "Yes"),
        ("", "20170601", ""),  # a conviction of later may be about something from before
        ("", "20161108", "-"),  # a conviction from before the Act cannot be about something after it
        ("", "20161109", ""),
        ("20170701", "20170601", ""),  # an arrest after the conviction is about something else
        ("20161108", "", "-"),
        ("20170601", "20170601", "Yes"),  # convicted on the day of the arrest
        ("20260701", "", "Yes"),  # the day of the review
        ("20260702", "", ""),
    ],
)
def test_whether_it_happened_after_the_act_is_told_only_where_a_day_tells(arrested: str, on: str, told: str) -> None:
    arrest = cells(STP_TYPE_DESCR="ARREST", STP_EVENT_DATE=arrested, CNT_ORDER="001001001000")
    (found,) = decided(
        reviewed_of(subject_of(lines(arrest, convicted(DISP_DATE=on)), AS_OF), "LOS ANGELES", AS_OF), None, AS_OF
    )
    assert dict(zip(ADDED, review.cells(found, AS_OF), strict=True))["Occurred after 11/9/2016"] == told


@pytest.mark.parametrize(
    ("days", "years"),
    [
        (0, "0.0"),
        (18, "0.0"),
        (19, "0.1"),
        (365, "1.0"),
        (366, "1.0"),
        (1114, "3.0"),
        (3652, "10.0"),
        (3670, "10.0"),
        (3671, "10.1"),
    ],
)
def test_years_since_have_one_decimal_of_days_by_365_and_a_quarter(days: int, years: str) -> None:
    assert review.years_since(AS_OF - timedelta(days=days), AS_OF) == years
    assert years == f"{days / 365.25:.1f}"


def test_added_cells_are_csv_and_a_line() -> None:
    assert review.tail(["a", 'b "c", d', ""]) == b',a,"b ""c"", d",'
    assert review.tail(["\N{EM DASH}"]) == b",?"  # cannot come out of an extract, and would not end a review
    assert review.one_line(" X a X ") == "X a X"
    assert review.one_line("  a \r\n b\t c\xa0 ") == "a b c\xa0"
