"""Who decided on another round of the same day: the rule allows one a day (P-55)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bulou.access.actions.gate import require
from bulou.access.rules import covers, district_of
from bulou.access.terms import Actor, Verb
from bulou.coverage.queries import rounds
from bulou.coverage.terms import Operation
from bulou.kernel import clock, ids
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope
from bulou.ledger.actions import audit
from bulou.lines.testing.rules.calling import Kind
from bulou.lines.testing.terms import SLUG


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decided that an area is tested again on the same day, and why (同日再检决定)."""

    by: str = ""
    reason: str = ""


def decided(
    actor: Actor, *, protocol: str, path: str, opens_at: datetime | None, decision: Decision | None = None
) -> UUID:
    """Return the id for a round that is to be opened; a second one of the day only with a named decision.

    The decision stands in the ledger under that id. Rounds of other protocols get their id and no question.
    Assumes: inside the transaction that opens the round. 1 query for a testing round.

    Raises:
        ProblemError: access.*, testing.second_today (409).
    """
    require(actor, Verb.ROUND_OPEN, path)
    operation = ids.uuid7()
    if protocol.partition("@")[0] != SLUG:
        return operation
    before = _same_day(path, opens_at or clock.now())
    if before is None:
        return operation
    named = decision or Decision()
    if not named.by.strip() or not named.reason.strip():
        raise ProblemError("testing.second_today", status=409)
    told = {"after": str(before.id), "by": named.by.strip()[:80], "reason": named.reason.strip()[:400]}
    audit(actor, kind=Kind.SECOND_TODAY, path=path, subject_type="round", subject=operation, payload=told)
    return operation


def _same_day(path: str, opens_at: datetime) -> Operation | None:
    """A testing round that begins on the same day of the district and touches the area."""
    start, end = clock.day_bounds(clock.local_date(opens_at))
    district = Scope((district_of(path),), (path,))
    found, _ = rounds.operations(district, protocol=SLUG, limit=100)
    return next(
        (
            one
            for one in found
            if start <= one.opens_at < end and (covers(one.path, path) or covers(path, one.path))
        ),
        None,
    )
