"""What a day of watches came to: counts for reports, nobody by name."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from bulou.kernel import clock, sqlfiles
from bulou.watches.terms import CLOSED


@dataclass(frozen=True, slots=True)
class DayCount:
    """Watches that ran on a day below a place, and their slots: due, settled, missed, alarming."""

    watched: int
    due: int
    settled: int
    missed: int
    alarming: int


def day(district: str, path: str, on: date, *, at: datetime) -> DayCount:
    """The day as it is known at a moment; slots that are still to come are not due. 1 query."""
    start, finish = clock.day_bounds(on)
    values: dict[str, Any] = {
        "district": district, "path": path, "low": f"{path}.", "high": f"{path}/", "start": start,
        "finish": finish, "at": at, "first": on, "zone": clock.DISTRICT_ZONE.key, "closed": int(CLOSED),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(sqlfiles.load("bulou.watches", "day"), values)
        (row,) = cursor.fetchall()
    return DayCount(*(int(n) for n in row))
