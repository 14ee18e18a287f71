"""What waits for amends on a phone: the other side of a conflict, findings that its unit has to fix."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from ninja import Field, Schema

from bulou.access import queries as access
from bulou.access.terms import Actor, Verb
from bulou.doors.api.fieldwork import within
from bulou.grid import queries as grid
from bulou.kernel import clock, reach
from bulou.kernel.scope import Scope
from bulou.ledger import queries as ledger
from bulou.lines.supervision import queries as supervision
from bulou.lines.supervision.terms import Stage, Wanted

OPEN = (Stage.TOLD, Stage.PLANNED, Stage.REOPENED)
MOST = 200


class OtherOut(Schema):
    """What the ledger holds under a number that this person's phone used for something else."""

    record: UUID
    outcome: str
    observed_at: datetime
    payload: dict[str, Any] = Field(description="Empty where the reader may not see it.")
    mine: bool


class ToFixOut(Schema):
    """A finding that waits to be put right by a unit of this person's area."""

    id: UUID
    path: str
    place: str
    severity: str
    text: str
    topic: str
    due_at: datetime | None
    mine: bool = Field(description="This person was named as its owner.")


def others(actor: Actor, scope: Scope) -> list[OtherOut]:
    """The records of the ledger beside which this person's conflicts are kept. 2 queries; 1 without any."""
    mine = [one for one in ledger.conflicts(scope, limit=MOST) if one.author == actor.account_id]
    if not mine:
        return []
    seen = within(scope, access.scope_of(actor, Verb.RECORD_VIEW))
    kept = [
        entry
        for district in scope.districts
        for entry in ledger.by_ids(district, sorted({one.record for one in mine})).values()
        if scope.covers(entry.path)
    ]
    return [
        OtherOut(
            record=entry.id,
            outcome=entry.outcome,
            observed_at=entry.observed_at,
            payload=_body(entry.payload) if own or seen.covers(entry.path) else {},
            mine=own,
        )
        for entry in kept
        for own in (entry.author == actor.account_id,)
    ]


def to_fix(actor: Actor, scope: Scope) -> list[ToFixOut]:
    """Findings that were told to units here and are not put right; one's own first. 3 queries."""
    held = within(scope, access.scope_of(actor, Verb.FINDING_FIX))
    if not held.paths:
        return []
    found = supervision.findings(held, wanted=Wanted(stages=OPEN), limit=MOST).items
    names = grid.tree_names(held, {one.path for one in found}, clock.local_date(clock.now()))
    listed = [
        ToFixOut(
            id=one.id,
            path=one.path,
            place=reach.spelled(one.path, names),
            severity=one.severity.value,
            text=one.text,
            topic=one.topic,
            due_at=one.due_at,
            mine=one.owner == actor.account_id,
        )
        for one in found
    ]
    return sorted(listed, key=lambda one: not one.mine)


def _body(payload: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(payload, type=dict[str, Any])
    except (msgspec.DecodeError, msgspec.ValidationError):
        return {}
