"""The one place where time enters.

Decisions take `as_of` as an argument, so only views and the store ask what time it is, and they ask here.
The store counts in UTC. People and courts count in California days: at 11 at night in Fresno on 30 June it is
already 1 July in UTC, and a waiting period must not end a day early because of that.

>>> now().tzinfo
datetime.timezone.utc
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

__all__ = ["CALIFORNIA", "moment", "now", "today"]

CALIFORNIA = ZoneInfo("America/Los_Angeles")


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The calendar date in California."""
    return now().astimezone(CALIFORNIA).date()


def moment(day: date, at: time) -> datetime:
    """The moment at which clocks in California show `at` on `day`, aware, in UTC.

    >>> moment(date(2027, 3, 14), time(9))  # the morning after the night that lost an hour
    datetime.datetime(2027, 3, 14, 16, 0, tzinfo=datetime.timezone.utc)
    """
    return datetime.combine(day, at, CALIFORNIA).astimezone(UTC)
