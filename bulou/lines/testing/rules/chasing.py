"""Chasing the missed: half of them within four hours, all within eight (P-62), before the round is due."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bulou.lines.testing.terms import ALL_BY, HALF_BY


class Pace(StrEnum):
    """Whether the missed are found as fast as they should be (追查进度)."""

    NOT_BEGUN = "not_begun"
    ON_TIME = "on_time"
    BEHIND = "behind"
    OVER = "over"
    ALL_FOUND = "all_found"


@dataclass(frozen=True, slots=True)
class Chase:
    """How far the missed have been found since the chase began."""

    begins_at: datetime
    half_by: datetime
    all_by: datetime
    at_begin: int
    found: int
    missing: int
    pace: Pace

    @property
    def wanted(self) -> int:
        """How many are to be found by the half-way mark."""
        return -(-self.at_begin // 2)


def chase(*, opens_at: datetime, due_at: datetime, now: datetime, missing: int, found: int) -> Chase:
    """How the chase stands: it takes the last eight hours before the round is due.

    `found`: who was settled since then. A round shorter than eight hours is chased from its opening.
    """
    begins = max(opens_at, due_at - ALL_BY)
    half, end = begins + HALF_BY, max(begins + ALL_BY, due_at)
    at_begin = missing + found
    return Chase(begins, half, end, at_begin, found, missing, _pace(now, (begins, half, end), missing, found))


def _pace(now: datetime, times: tuple[datetime, datetime, datetime], missing: int, found: int) -> Pace:
    begins, half, end = times
    if now < begins:
        return Pace.NOT_BEGUN
    if missing == 0:
        return Pace.ALL_FOUND
    if now >= end:
        return Pace.OVER
    at_begin = missing + found
    # between the marks the half grows to all, so that nobody learns at the end that it was too slow
    share = min((now - begins) / (half - begins) * 0.5, 1.0) if now < half else 0.5
    if now >= half:
        share += (now - half) / (end - half) * 0.5
    return Pace.ON_TIME if found >= share * at_begin else Pace.BEHIND
