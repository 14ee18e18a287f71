"""Pure rules of coverage: how records fold into a unit, when an account balances, when a round may close."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from bulou.coverage.terms import (
    ALERT,
    OPEN_STATES,
    Account,
    Fold,
    OpenBy,
    Operation,
    Outcome,
    OutcomeMap,
    Rank,
    RoundState,
    State,
)
from bulou.ledger.rules import UNSAID_ALERT
from bulou.ledger.terms import Entry, Kind

INSTANT = r"20\d{2}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})"
OFFICE_OUTCOMES: Mapping[str, Outcome] = {
    Kind.UNIT_EXCUSED: Outcome(Kind.UNIT_EXCUSED, Rank.EXCUSED, State.EXCUSED),
    Kind.UNIT_REMOVED: Outcome(Kind.UNIT_REMOVED, Rank.REMOVED, State.REMOVED),
    Kind.UNIT_MOVED: Outcome(Kind.UNIT_MOVED, Rank.MOVED, State.MOVED),
}


def outcome_of(entry: Entry, outcomes: OutcomeMap) -> Outcome | None:
    """What the record does to its unit; None for an unknown outcome or a kind that settles nothing."""
    if entry.kind in OFFICE_OUTCOMES:
        return OFFICE_OUTCOMES[entry.kind]
    return outcomes.outcomes.get(entry.outcome) if entry.kind in outcomes.kinds else None


def excuse_until(named: object) -> datetime | None:
    """The end of an excuse that a record names; None where it is no plain ISO 8601 time with an offset.

    Words like "infinity", which PostgreSQL would take for a time, are none: every excuse ends.
    """
    if not isinstance(named, str) or not re.fullmatch(INSTANT, named):
        return None
    try:
        return datetime.fromisoformat(named)
    except ValueError:
        return None


def fold(entries: Sequence[Entry], outcomes: OutcomeMap, untils: Mapping[UUID, datetime]) -> Fold | None:
    """What records in force say about one unit: the maximum of (rank, effective time, id), in any order.

    `untils` gives the end of an excuse where the record itself names one. None where nothing counts.
    """
    counted = [(e, o) for e in entries if (o := outcome_of(e, outcomes)) is not None]
    if not counted:
        return None
    best, how = counted[0]
    if len(counted) > 1:
        best, how = max(counted, key=lambda pair: (pair[1].rank, pair[0].effective_at, pair[0].id))
    tries = [(e, o) for e, o in counted if o.rank is Rank.NOT_SEEN]
    last = max(tries, key=lambda pair: (pair[0].effective_at, pair[0].id)) if tries else None
    assert best.operation is not None  # noqa: S101 - the caller groups by round and subject
    assert best.subject is not None  # noqa: S101 - the same
    return Fold(
        operation=best.operation,
        subject=best.subject,
        rank=how.rank,
        state=how.state,
        outcome=how.key,
        alert=any(o.alert or UNSAID_ALERT in e.problems for e, o in counted),
        effective_at=best.effective_at,
        record=best.id,
        excused_until=excuse_end(best, how, untils),
        author=best.author,
        team=best.team,
        attempts=len(tries),
        last_attempt_at=last[0].effective_at if last else None,
        last_attempt=last[0].id if last else None,
        last_state=last[1].state if last else State.UNTRIED,
    )


def excuse_end(entry: Entry, outcome: Outcome, untils: Mapping[UUID, datetime]) -> datetime | None:
    """When an excuse ends: every excuse does. The record's own date, else the protocol's period."""
    if outcome.rank is not Rank.EXCUSED:
        return None
    if entry.id in untils:
        return untils[entry.id]
    return entry.effective_at + timedelta(seconds=outcome.expires_s or 0)


def account(path: str, counts: Mapping[int, int], ended: Mapping[int, int], as_of: datetime) -> Account:
    """The account of an area from its counters.

    `ended` are excuses that have run out, by the state they fall back to; `counts` still has them as excused.
    Expected is the sum of the parts, so the account balances by construction; verify recounts the parts.
    """
    n = {state: counts.get(state, 0) + ended.get(state, 0) for state in OPEN_STATES}
    open_by = OpenBy(
        untried=n[State.UNTRIED],
        absent=n[State.ABSENT],
        refused=n[State.REFUSED],
        unreachable=n[State.UNREACHABLE],
        handed_over=n[State.HANDED_OVER],
    )
    done, moved = counts.get(State.DONE, 0), counts.get(State.MOVED, 0)
    excused = counts.get(State.EXCUSED, 0) - sum(ended.values())
    return Account(
        path=path,
        expected=done + excused + moved + open_by.total,
        done=done,
        excused=excused,
        moved=moved,
        open_by=open_by,
        alerts=counts.get(ALERT, 0),
        as_of=as_of,
    )


def may_close(operation: Operation, open_units: int, reason: str) -> str | None:
    """The problem against closing, or None: a round closes at open = 0, or short with a reason."""
    if operation.state is not RoundState.OPEN:
        return "coverage.closed"
    if open_units > 0 and not reason.strip():
        return "coverage.still_open"
    return None
