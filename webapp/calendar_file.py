"""Dates as a file that a phone's calendar takes (iCalendar, RFC 5545).

The file goes onto phones that other people look at, and calendars copy it to other machines. So an event holds what
its caller gives it and nothing else: no name, no case number, and a UID that is a digest. The digest of the same `ref`
is always the same, so that opening a newer file moves a date that is in the calendar already, and does not add a
second one.

    >>> party = Event("visit 7, filing", date(2027, 3, 14), "Limpio: a date you saved")
    >>> b"DTSTART;VALUE=DATE:20270314" in calendar([party], made=datetime(2026, 12, 1, tzinfo=UTC), lang="en")
    True

Lines end in CRLF, long ones are folded at 75 octets, commas, semicolons and line breaks in texts are escaped: the
package icalendar does that. An event with an hour stands in UTC, which every calendar shows in its own time, so that
no table of time zones has to be sent along.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import icalendar

from webapp import clock

__all__ = ["Event", "calendar"]


@dataclass(frozen=True, slots=True)
class Event:
    """One date. `ref` names it among its person's dates and never leaves this machine but as a digest; `at` is an hour
    in California, None for the whole day; `warn` are the days before on which a calendar shows an alarm."""

    ref: str
    on: date
    title: str
    text: str = ""
    at: time | None = None
    minutes: int = 60
    warn: tuple[int, ...] = ()


def calendar(events: Iterable[Event], *, made: datetime, lang: str) -> bytes:
    """The file, to be served as text/calendar. `made` is the moment it was made (DTSTAMP), aware.

    Raises ValueError for a moment without a time zone, and for two events of one `ref`: the second would replace the
    first in the calendar.
    """
    if made.tzinfo is None:
        raise ValueError("The moment a calendar was made needs its time zone.")
    held = icalendar.Calendar()
    held.add("prodid", f"-//Limpio//Limpio//{lang.upper()}")
    held.add("version", "2.0")
    held.add("calscale", "GREGORIAN")
    held.add("method", "PUBLISH")
    known = set()
    for event in events:
        if event.ref in known:
            raise ValueError(f"Two dates have the ref {event.ref!r}.")
        known.add(event.ref)
        held.add_component(_entry(event, made.astimezone(UTC), lang))
    return held.to_ical()


def _entry(event: Event, made: datetime, lang: str) -> icalendar.Event:
    entry = icalendar.Event()
    digest = hashlib.blake2b(event.ref.encode(), digest_size=16, person=b"limpio ics").hexdigest()
    entry.add("uid", f"{digest}@limpio")
    entry.add("dtstamp", made)
    if event.at is None:
        entry.add("dtstart", event.on)
        entry.add("dtend", event.on + timedelta(days=1))  # the end is the first day after
        entry.add("transp", "TRANSPARENT")
    else:
        start = clock.moment(event.on, event.at)
        entry.add("dtstart", start)
        entry.add("dtend", start + timedelta(minutes=event.minutes))
    entry.add("summary", event.title, parameters={"LANGUAGE": lang})
    if event.text:
        entry.add("description", event.text, parameters={"LANGUAGE": lang})
    entry.add("class", "PRIVATE")
    for days in event.warn:
        alarm = icalendar.Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", event.title)
        alarm.add("trigger", timedelta(days=-days))
        entry.add_component(alarm)
    return entry
