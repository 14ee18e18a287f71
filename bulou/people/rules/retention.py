"""When identity goes."""

from datetime import date, datetime, timedelta

from bulou.kernel import clock
from bulou.people.terms import KEEP_DAYS, Keep


def expires_at(keep: Keep, held_at: datetime, duty_until: date | None = None) -> datetime:
    """Return the end of the last day on which it is kept: some days after holding or duty."""
    held_on = clock.local_date(held_at)
    last = max(held_on, duty_until) if duty_until else held_on
    return clock.day_bounds(last + timedelta(days=KEEP_DAYS[keep]))[1]
