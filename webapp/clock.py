"""The one place where time enters.

Decisions take `as_of` as an argument, so only views and the store ask what time it is, and they ask here.
The store counts in UTC. People and courts count in California days: at 11 at night in Fresno on 30 June it is
already 1 July in UTC, and a waiting period must not end a day early because of that.

>>> now().tzinfo
datetime.timezone.utc
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from babel.dates import get_timezone

__all__ = ["CALIFORNIA", "now", "today"]

CALIFORNIA = get_timezone("America/Los_Angeles")


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The calendar date in California."""
    return now().astimezone(CALIFORNIA).date()
