"""What will be texted when. Pure: petitions, opening days, topics and the schedule in, reminders out.

The plan is made anew from the person's state each time it is needed: when the queue is brought up to date, on the page
that shows it, and once more in the moment of sending. A reminder is sent only if the plan of that moment still has it,
so "did you file?" ends for whoever filed, whatever was queued before.

Somebody whose papers were made on Tuesday 1 December 2026, and who has done nothing since:

    >>> [(r.kind, r.days, r.due.astimezone(CALIFORNIA).strftime("%a %d %b %H:%M")) for r in plan(...)]
    [('file', 2, 'Thu 03 Dec 10:00'), ('file', 7, 'Tue 08 Dec 10:00'), ('file', 21, 'Tue 22 Dec 10:00')]

**Closed days.** No text on Sundays and judicial holidays, none before 9:00 and after 20:00 in California, in summer
time and in winter time. Before a date (a hearing on Monday, its last reminder due on Sunday) a text moves to an earlier
day, otherwise to a later one. Two of one row that meet on a day become the nearer one.

**One text for several petitions.** Three petitions printed on one day make one text, not three: a reminder is named by
what it asks, the date it counts from and the days, and `of` lists whose it is.

**Too late.** `last` is the moment from which the text would say something untrue or useless: the next one of its row
is due, the hearing day has begun, or two weeks have gone by.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from rules import plain_yaml
from rules.court_days import holidays
from webapp.reminders.petitions import Petition

__all__ = ["TOPICS", "Reminder", "Row", "Schedule", "closed_day", "next_open", "plan", "read", "schedule"]

TOPICS = ("steps", "hearing", "open", "recheck")
SUNDAY = 6
DAY = timedelta(days=1)
_ANCHORS = ("made", "filed", "served", "hearing", "granted", "eligible")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the schedule."""

    name: str
    topic: str
    anchor: str
    days: tuple[int, ...]
    felony: tuple[int, ...]
    unless: tuple[str, ...]
    at: time
    counties: Mapping[str, tuple[tuple[int, ...], tuple[int, ...]]]

    def days_for(self, petition: Petition) -> tuple[int, ...]:
        """The days that hold for this petition's county and level."""
        usual, felony = self.counties.get(petition.county, (self.days, self.felony))
        return felony if petition.felony and felony else usual


@dataclass(frozen=True, slots=True)
class Schedule:
    """`ahead`: nothing further in the future is planned. `kept_after`: so long answers stay after the last text."""

    rows: tuple[Row, ...]
    zone: ZoneInfo
    opens: time
    closes: time
    ahead: timedelta
    kept_after: timedelta
    stale: timedelta

    def is_open(self, now: datetime, *, any_day: bool = False) -> bool:
        """Whether a text may go out at this moment. `any_day`: Sundays and holidays too, for the one text that
        somebody has just asked for."""
        there = now.astimezone(self.zone)
        return self.opens <= there.time() < self.closes and (any_day or not closed_day(there.date()))


@dataclass(frozen=True, slots=True, order=True)
class Reminder:
    """One text to come. `due` and `last` are moments in UTC, both inside the hours in which we text."""

    due: datetime
    kind: str
    anchor: date
    days: int
    last: datetime
    of: tuple[tuple[str, str], ...] = ()

    @property
    def ref(self) -> str:
        """What makes it this reminder and no other of its person's: the same ref is never sent twice."""
        return f"{self.kind} {self.anchor.isoformat()} {self.days:+d}"


def read(text: str) -> Schedule:
    """The schedule written in `text`. Raises ValueError for a row that cannot be used."""
    data = plain_yaml.load(text)
    for part in ("hours", "limits"):
        if not (data[part].get("source") and isinstance(data[part].get("checked"), date)):
            raise ValueError(f"schedule.yaml: {part} needs its source and the day it was checked")
    hours, limits = data["hours"], data["limits"]
    rows = tuple(_row(entry) for entry in data["reminders"])
    if len({row.name for row in rows}) != len(rows):
        raise ValueError("schedule.yaml: two rows have one name")
    opens, closes = time.fromisoformat(hours["opens"]), time.fromisoformat(hours["closes"])
    if late := [row.name for row in rows if not opens <= row.at < closes]:
        raise ValueError(f"schedule.yaml: {', '.join(late)}: not between {opens} and {closes}")
    return Schedule(
        rows,
        ZoneInfo(hours["zone"]),
        opens,
        closes,
        timedelta(days=limits["ahead_days"]),
        timedelta(days=limits["kept_after_days"]),
        timedelta(days=limits["stale_days"]),
    )


def _row(entry: Mapping[str, Any]) -> Row:
    name = entry["name"]
    if entry["topic"] not in TOPICS or entry["from"] not in _ANCHORS:
        raise ValueError(f"schedule.yaml: {name}: no such topic, or no such date to count from")
    if entry["days"] != sorted(set(entry["days"])):
        raise ValueError(f"schedule.yaml: {name}: the days are not in order")
    return Row(
        name,
        entry["topic"],
        entry["from"],
        tuple(entry["days"]),
        tuple(entry.get("felony", ())),
        tuple(entry["unless"]),
        time.fromisoformat(entry["at"]),
        MappingProxyType(
            {
                county: (tuple(own["days"]), tuple(own.get("felony", ())))
                for county, own in (entry.get("counties") or {}).items()
            }
        ),
    )


@cache
def schedule() -> Schedule:
    """The schedule of `schedule.yaml`."""
    return read(files("webapp.reminders").joinpath("schedule.yaml").read_text(encoding="utf-8"))


def closed_day(day: date) -> bool:
    """Sundays and judicial holidays. Saturdays are open: a text is no court."""
    return day.weekday() == SUNDAY or day in holidays(day.year)


def next_open(now: datetime, held: Schedule, *, any_day: bool = False) -> datetime:
    """This moment if a text may go out now, else the next at which it may. In UTC."""
    if held.is_open(now, any_day=any_day):
        return now.astimezone(UTC)
    there = now.astimezone(held.zone)
    day = there.date() if there.time() < held.opens else there.date() + DAY
    while closed_day(day) and not any_day:
        day += DAY
    return _moment(day, held.opens, held)


def plan(
    known: Iterable[Petition],
    opening: Iterable[date],
    topics: Iterable[str],
    since: datetime,
    held: Schedule,
) -> tuple[Reminder, ...]:
    """Every reminder of one person, in order, those already due included.

    `opening` are the days on which something opens for them, `topics` what they asked for, `since` the moment at which
    they said yes to texts: what was due before it, or before they told us of the date it counts from, is not theirs.
    """
    wanted = frozenset(topics)
    found: dict[str, Reminder] = {}
    for row in held.rows:
        if row.topic not in wanted:
            continue
        if row.anchor == "eligible":
            for day in sorted(set(opening)):
                _collect(found, _series(row, row.days, day, held, since, ()))
            continue
        for petition in known:
            day_of = petition[row.anchor]
            if day_of is None or any(petition[step] is not None for step in row.unless):
                continue
            told = max(since, petition.told(row.anchor) or since)
            of = ((petition.case, petition.form),)
            _collect(found, _series(row, row.days_for(petition), day_of, held, told, of))
    return tuple(sorted(found.values()))


def _collect(found: dict[str, Reminder], more: Iterable[Reminder]) -> None:
    for reminder in more:
        same = found.get(reminder.ref)
        found[reminder.ref] = reminder if same is None else replace(same, of=same.of + reminder.of)


def _series(
    row: Row, days: tuple[int, ...], anchor: date, held: Schedule, told: datetime, of: tuple[tuple[str, str], ...]
) -> list[Reminder]:
    """The reminders of one row for one date. Of two on one day the nearer to the date stays."""
    dues = {n: _moment(_open_day(anchor + timedelta(days=n), back=n < 0), row.at, held) for n in days}
    made = []
    for place, n in enumerate(days):
        later = [dues[m] for m in days[place + 1 :]]
        end = dues[n] + held.stale
        if row.anchor == "hearing":
            end = min(end, _moment(anchor, time(0), held) - timedelta(seconds=1))
        last = min([end, *(due - timedelta(seconds=1) for due in later)])
        if told < dues[n] <= last:
            made.append(Reminder(dues[n], row.name, anchor, n, last, of))
    return made


def _open_day(day: date, *, back: bool) -> date:
    while closed_day(day):
        day += -DAY if back else DAY
    return day


def _moment(day: date, at: time, held: Schedule) -> datetime:
    return datetime.combine(day, at, held.zone).astimezone(UTC)
