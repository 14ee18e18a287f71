"""The only source of the present moment, so that tests and replays can hold it still."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DISTRICT_ZONE = ZoneInfo("Asia/Shanghai")

_frozen_at: ContextVar[datetime | None] = ContextVar("bulou_frozen_at", default=None)


def now() -> datetime:
    """Return the present moment, aware and in UTC."""
    held = _frozen_at.get()
    return datetime.now(UTC) if held is None else held  # noqa: TID251 - the one place that may read it


@contextmanager
def frozen(at: datetime) -> Iterator[datetime]:
    """Hold `now()` at one aware moment inside the block; blocks nest; other threads are not held."""
    if at.tzinfo is None:
        raise ValueError("a frozen moment needs a time zone")
    token = _frozen_at.set(at.astimezone(UTC))
    try:
        yield at
    finally:
        _frozen_at.reset(token)


def local_date(at: datetime) -> date:
    """Return the calendar day in the district at an aware moment."""
    return at.astimezone(DISTRICT_ZONE).date()


def day_bounds(on: date) -> tuple[datetime, datetime]:
    """Return the half-open UTC interval [start, end) of one calendar day in the district."""
    start = datetime.combine(on, time.min, tzinfo=DISTRICT_ZONE)
    end = datetime.combine(on + timedelta(days=1), time.min, tzinfo=DISTRICT_ZONE)
    return start.astimezone(UTC), end.astimezone(UTC)
