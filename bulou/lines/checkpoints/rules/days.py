"""The hours of a day in which somebody walked the streets."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from bulou.lines.checkpoints.terms import Walk

HOURS = 24
HOUR = timedelta(hours=1)


def hours_walked(walks: Iterable[Walk], start: datetime) -> tuple[int, ...]:
    """The hours of the day that began at `start` in which somebody was on patrol."""
    found: set[int] = set()
    for walk in walks:
        first = int((walk.at - start) // HOUR)
        last = int((walk.at + timedelta(minutes=max(walk.minutes, 1)) - start - timedelta(seconds=1)) // HOUR)
        found |= {hour for hour in range(first, last + 1) if 0 <= hour < HOURS}
    return tuple(sorted(found))


def reach(hours: Sequence[int]) -> tuple[str, str, int]:
    """From when until when somebody walked, and how many hours between had nobody."""
    if not hours:
        return "", "", 0
    missing = hours[-1] - hours[0] + 1 - len(hours)
    return f"{hours[0]:02d}:00", f"{hours[-1] + 1:02d}:00", missing
