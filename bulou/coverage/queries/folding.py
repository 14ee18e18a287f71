"""The fold in SQL: the state of units from the ledger alone, and how a protocol's outcomes steer it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.backends.utils import CursorWrapper

from bulou.coverage.rules import INSTANT
from bulou.coverage.terms import Outcome, OutcomeMap, Rank, State
from bulou.kernel import sqlfiles
from bulou.ledger.rules import CONTEXTUAL, UNSAID_ALERT
from bulou.ledger.terms import Kind
from bulou.protocols import queries as protocols
from bulou.protocols.terms import Family

ROOM = "bulou.coverage"
OFFICE = (
    (Kind.UNIT_EXCUSED.value, Rank.EXCUSED, State.EXCUSED),
    (Kind.UNIT_REMOVED.value, Rank.REMOVED, State.REMOVED),
    (Kind.UNIT_MOVED.value, Rank.MOVED, State.MOVED),
)
STATE_OF_WHY = {
    "absent": State.ABSENT,
    "refused": State.REFUSED,
    "unreachable": State.UNREACHABLE,
}
STATE_OF_FAMILY = {
    Family.OPEN: State.UNTRIED,
    Family.NOT_SEEN: State.UNREACHABLE,
    Family.HANDED_OVER: State.HANDED_OVER,
    Family.EXCUSED: State.EXCUSED,
    Family.MOVED: State.MOVED,
    Family.DONE: State.DONE,
}


@cache
def outcome_map(protocol: str) -> OutcomeMap:
    """How the outcomes of a protocol version ("slug@1") move a unit. Those of family open move nothing."""
    outcomes = {}
    compiled = protocols.compiled(protocol)
    for key, o in compiled.outcomes.items():
        if o.family is Family.OPEN:
            continue
        state = STATE_OF_FAMILY[o.family]
        if o.family is Family.NOT_SEEN:
            state = STATE_OF_WHY.get(str(o.why), state)
        expires = int(o.expires.total_seconds()) if o.expires else None
        outcomes[key] = Outcome(key, Rank(int(o.family)), state, bool(o.alert), expires)
    kinds = frozenset({compiled.record, *compiled.records})
    return OutcomeMap(outcomes, kinds)


def fold_parameters(
    district: str,
    operation: UUID,
    outcomes: OutcomeMap,
    *,
    subjects: Sequence[UUID] | None = None,
    received_until: object = "infinity",
    effective_until: object = "infinity",
) -> dict[str, Any]:
    """Parameters of sql/fold.sql: the round, the bounds in time, and the protocol's outcomes as arrays."""
    rows = [(o.key, o.rank, o.state, o.alert, o.expires_s or 0) for o in outcomes.outcomes.values()]
    rows += [(key, rank, state, False, 0) for key, rank, state in OFFICE]
    return {
        "district": district,
        "operation": operation,
        "subjects": None if subjects is None else list(subjects),
        "received_until": received_until,
        "effective_until": effective_until,
        "keys": [r[0] for r in rows],
        "ranks": [int(r[1]) for r in rows],
        "states": [int(r[2]) for r in rows],
        "alerts": [r[3] for r in rows],
        "expires": [r[4] for r in rows],
        "kinds": sorted(outcomes.kinds),
        "contextual": sorted(CONTEXTUAL),
        "unsaid": UNSAID_ALERT,
        "instant": f"^{INSTANT}$",
    }


def with_fold(name: str) -> str:
    """A statement of this room with the fold, and the frame of a moment, put at their marks."""
    text = sqlfiles.load(ROOM, name)
    for mark in ("fold", "joined"):
        text = text.replace(f"/*{mark}*/", sqlfiles.load(ROOM, mark))
    return text


@contextmanager
def whole_round() -> Iterator[CursorWrapper]:
    """A cursor for statements that read a whole round: joins by hash, whatever the statistics say.

    After a bulk load there are none, and a plan for one row each took 83 s for 900 records (2026-11-22).
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('enable_nestloop', 'off', true)")
        yield cursor
        cursor.execute("SELECT set_config('enable_nestloop', 'on', true)")
