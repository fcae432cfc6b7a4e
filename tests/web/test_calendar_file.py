"""The calendar file: what RFC 5545 asks of its bytes, and that nothing of a person is in it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.calendar_file import Event, calendar

MADE = datetime(2026, 12, 1, 18, 30, tzinfo=UTC)


def read(data: bytes) -> list[icalendar.Event]:
    return list(icalendar.Calendar.from_ical(data).walk("VEVENT"))


def test_a_day_and_an_hour() -> None:
    day = Event("a", date(2027, 3, 14), "A date you saved")
    hour = Event("b", date(2027, 7, 1), "Another", at=time(8, 30), minutes=30)
    first, second = read(calendar([day, hour], made=MADE, lang="en"))
    assert first.decoded("dtstart") == date(2027, 3, 14)
    assert first.decoded("dtend") == date(2027, 3, 15)
    assert first.decoded("dtstamp") == MADE
    # 8:30 in summer time is 15:30 UTC
    assert second.decoded("dtstart") == datetime(2027, 7, 1, 15, 30, tzinfo=UTC)
    assert second.decoded("dtend") - second.decoded("dtstart") == timedelta(minutes=30)


def test_an_hour_stays_the_same_on_the_clock_over_a_change_of_time() -> None:
    before, after = (
        Event(str(n), day, "x", at=time(9)) for n, day in enumerate((date(2027, 3, 13), date(2027, 3, 15)))
    )
    hours = [event.decoded("dtstart").hour for event in read(calendar([before, after], made=MADE, lang="en"))]
    assert hours == [17, 16]


@given(st.lists(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=200), min_size=1, max_size=4))
def test_lines_are_as_the_standard_wants_them(texts: list[str]) -> None:
    events = [Event(str(n), date(2027, 1, 4), text or "x", text) for n, text in enumerate(texts)]
    data = calendar(events, made=MADE, lang="es")
    lines = data.split(b"\r\n")
    assert lines[-1] == b""
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert all(len(line) <= 75 and b"\n" not in line and b"\r" not in line for line in lines)
    data.decode("utf-8")  # no character is cut in two so that a line alone could not be read
    assert [str(event["summary"]) for event in read(data)] == [text or "x" for text in texts]


def test_signs_that_mean_something_are_escaped() -> None:
    data = calendar([Event("a", date(2027, 1, 4), "one, two; three\\four", "a\nb")], made=MADE, lang="en")
    assert b"one\\, two\\; three\\\\four" in data
    assert b"DESCRIPTION;LANGUAGE=en:a\\nb" in data


def test_a_newer_file_moves_the_same_date_and_says_nothing_of_whose_it_is() -> None:
    ref = "Maria Nunez, case BA123456, hearing"
    one = calendar([Event(ref, date(2027, 1, 4), "A date you saved", warn=(1,))], made=MADE, lang="en")
    two = calendar([Event(ref, date(2027, 2, 4), "A date you saved", warn=(1,))], made=MADE, lang="en")
    (first,), (second,) = read(one), read(two)
    assert first["uid"] == second["uid"]
    assert not any(word in one for word in (b"Maria", b"BA123456", b"hearing"))
    (other,) = read(calendar([Event("somebody else's", date(2027, 1, 4), "x")], made=MADE, lang="en"))
    assert other["uid"] != first["uid"]
    assert [alarm.decoded("trigger") for alarm in first.walk("VALARM")] == [timedelta(days=-1)]


def test_what_cannot_be_a_calendar() -> None:
    with pytest.raises(ValueError, match="time zone"):
        calendar([], made=datetime(2026, 12, 1), lang="en")  # noqa: DTZ001 - that is the mistake
    twice = Event("a", date(2027, 1, 4), "x")
    with pytest.raises(ValueError, match="Two dates"):
        calendar([twice, twice], made=MADE, lang="en")
