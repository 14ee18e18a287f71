"""Units to revisits: what is owed because somebody was not met."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from bulou.kernel import sqlfiles
from bulou.tasks import rules
from bulou.tasks.terms import Moved

ROOM = "bulou.tasks"


def apply(district: str, moved: Sequence[Moved]) -> None:
    """Guarantees a revisit exists for exactly those of these units that were tried and not met. 1 query.

    Assumes: `moved` holds each unit once, as it stands after the batch.
    """
    if not moved:
        return
    rows = [_Row(*_values(m)) for m in sorted(moved, key=lambda m: (m.operation, m.subject))]
    parameters = {
        "moved": msgspec.json.encode(rows).decode(),
        "district": district,
        "operations": sorted({m.operation for m in moved}),
        "subjects": [m.subject for m in moved],
    }
    sqlfiles.prepared(sqlfiles.load(ROOM, "project"), parameters)


class _Row(msgspec.Struct, frozen=True):
    operation: UUID
    subject: UUID
    path: str
    area: str
    owed: bool
    why: int
    due_at: datetime | None
    last_attempt: UUID | None


def _values(m: Moved) -> tuple[Any, ...]:
    due_at = rules.revisit_due(m.last_attempt_at) if m.last_attempt_at else None
    return (m.operation, m.subject, m.path, m.area, m.owed, m.why, due_at, m.last_attempt)
