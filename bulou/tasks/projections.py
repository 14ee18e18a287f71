"""Units to revisits: what is owed because somebody was not met."""

from collections.abc import Sequence
from dataclasses import asdict

import msgspec
from django.db import connection

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
    rows = [
        asdict(m) | {"due_at": rules.revisit_due(m.last_attempt_at) if m.last_attempt_at else None}
        for m in sorted(moved, key=lambda m: (m.operation, m.subject))
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            sqlfiles.load(ROOM, "project"),
            {"moved": msgspec.json.encode(rows).decode(), "district": district},
        )
