"""What has changed in a round since a moment: so that a phone asks for little, and often."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from bulou.coverage.queries.rounds import part
from bulou.coverage.terms import OPEN_STATES, Operation, State
from bulou.kernel import clock, ids, sqlfiles
from bulou.kernel.scope import Scope

ROOM = "bulou.coverage"


@dataclass(frozen=True, slots=True)
class Changed:
    """A unit that records spoke about, or whose excuse ran out, as it stands now."""

    subject: UUID
    subject_type: str
    path: str
    area: str
    building: str
    label: str
    sort: str
    state: State
    outcome: str
    attempts: int
    alert: bool
    effective_at: datetime | None
    author: UUID | None

    @property
    def is_open(self) -> bool:
        """Whether somebody still owes it."""
        return self.state in OPEN_STATES


def changed_since(
    scope: Scope, operation: Operation, *, spoken_about: Sequence[UUID], since: datetime
) -> list[Changed]:
    """The units of the round that may differ from what was known at a moment, in walking order. 1 query.

    `spoken_about`: subjects of the records that have arrived since then (`ledger.queries.spoken_since`).
    """
    areas = part(scope, operation.path)
    values: dict[str, Any] = {
        "district": operation.district,
        "operation": operation.id,
        "scope": [a + "." for a in areas],
        "subjects": ids.array(spoken_about),
        "since": since,
        "at": clock.now(),
    }
    with connection.cursor() as cursor:
        cursor.execute(sqlfiles.load(ROOM, "changed"), values)
        rows = cursor.fetchall()
    return [_changed(row) for row in rows]


def _changed(row: Sequence[Any]) -> Changed:
    values: tuple[Any, ...] = (*row[:7], State(row[7]), *row[8:])
    return Changed(*values)
