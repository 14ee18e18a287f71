"""One person under two entries is expected once: who is there twice is taken off the round, by an officer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from bulou.access.actions.gate import require
from bulou.access.terms import Actor, Verb
from bulou.coverage.terms import Operation, State
from bulou.intake.actions import office
from bulou.intake.terms import OfficeRecord
from bulou.kernel import sqlfiles
from bulou.kernel.scope import Scope
from bulou.ledger.terms import Kind

REASON = "one person under two entries"


@dataclass(frozen=True, slots=True)
class Twice:
    """A unit too many: of two entries of one person the one that is settled stays."""

    subject: UUID
    path: str


def twice(scope: Scope, operation: Operation) -> tuple[Twice, ...]:
    """Who stands in the round twice since entries were merged, at most 500, within the scope. 1 query."""
    with connection.cursor() as cursor:
        cursor.execute(
            sqlfiles.load("bulou.intake", "merged"),
            {"district": operation.district, "operation": operation.id},
        )
        found = [_too_many(row) for row in cursor.fetchall()]
    return tuple(one for one in found if scope.covers(one.path))


def _too_many(row: Sequence[Any]) -> Twice:
    double, double_path, state, root, root_path, root_state = row
    done_there = state == State.DONE and root_state != State.DONE
    return Twice(root, root_path) if done_there else Twice(double, double_path)


def take_off(actor: Actor, scope: Scope, operation: Operation) -> int:
    """Guarantees nobody of the scope is expected twice because of two entries; returns how many went.

    Each is a record with its reason; the settled one of the two stays, so that nobody becomes open by it.

    Raises:
        ProblemError: access.*
    """
    found = twice(scope, operation)
    for one in found:
        require(actor, Verb.UNIT_CHANGE, one.path)
    office.submit_office(
        actor,
        [
            OfficeRecord(
                kind=Kind.UNIT_REMOVED, path=one.path, operation=operation.id, subject_type="person",
                subject=one.subject, payload={"reason": REASON},
            )
            for one in found
        ],
    )  # fmt: skip
    return len(found)
