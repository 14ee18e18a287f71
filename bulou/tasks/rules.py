"""Pure rules of tasks: when a revisit is due, how far an overdue item has climbed."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from uuid import UUID

from bulou.kernel import clock
from bulou.tasks.terms import Owner, Rung

# Source: protocol_library 3, escalation ladder; defaults when a protocol names no clocks.
LADDER: Sequence[tuple[timedelta, Rung]] = (
    (timedelta(hours=2), Rung.TEAM_LEAD),
    (timedelta(hours=6), Rung.COMMUNITY_LEAD),
    (timedelta(hours=24), Rung.STREET_OFFICE),
    (timedelta(hours=48), Rung.DISTRICT_OFFICE),
)
VISITING_ENDS = time(21, 0)  # household-screening-round, window 08:00-21:00


def revisit_due(last_attempt_at: datetime) -> datetime:
    """The end of visiting hours on the day after the attempt, in the district's time (S#27: try next day)."""
    day = clock.local_date(last_attempt_at) + timedelta(days=1)
    return datetime.combine(day, VISITING_ENDS, tzinfo=clock.DISTRICT_ZONE)


def rung(due_at: datetime, at: datetime) -> Rung:
    """Where an item stands on the ladder: with the worker until it is late, then one step up per clock.

    The item is shown further up without being taken from the worker.
    """
    reached = Rung.WORKER
    for after, step in LADDER:
        if at >= due_at + after:
            reached = step
    return reached


def concerns(owner: Owner, account: UUID, team: str) -> bool:
    """Whether a unit is for this person to do: given to him or his team by name, or to nobody by name."""
    if not owner.by_assignment:
        return True
    return owner.account == account or (owner.team != "" and owner.team == team)
