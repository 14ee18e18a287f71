"""What people do to tasks: give units to a person or a team, name who answers for a place."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from bulou.access.actions.gate import require
from bulou.access.queries import may
from bulou.access.terms import Actor, Verb
from bulou.kernel import clock, ids, sqlfiles
from bulou.kernel.problems import ProblemError
from bulou.ledger import actions as ledger
from bulou.tasks.terms import Assigned, Duty, DutyRole, Unit


def plan_assignment(actor: Actor, *, units: Sequence[Unit]) -> Assigned:
    """What `assign` would do with these units: how many, and which it would skip as they lie elsewhere."""
    mine = [u for u in units if may(actor, Verb.TASK_ASSIGN, u.path)]
    taken = {u.subject for u in mine}
    return Assigned(
        (), len(mine), tuple((u.subject, "outside_area") for u in units if u.subject not in taken)
    )


def assign(
    actor: Actor,
    *,
    operation: UUID,
    units: Sequence[Unit],
    account: UUID | None = None,
    team: str = "",
    reason: str = "",
) -> Assigned:
    """Guarantees the person or team owes these units of the round from now on; the past stays.

    Units outside the actor's area are skipped and told. 2 queries and one audit record per district.

    Raises:
        ProblemError: tasks.nobody_named (400), tasks.nothing_to_assign (409).
    """
    if account is None and not team.strip():
        raise ProblemError("tasks.nobody_named", status=400)
    plan = plan_assignment(actor, units=units)
    skipped = {s for s, _ in plan.skipped}
    mine = [u for u in units if u.subject not in skipped]
    if not mine:
        raise ProblemError("tasks.nothing_to_assign", status=409)
    require(actor, Verb.TASK_ASSIGN, mine[0].path)
    now = clock.now()
    district = mine[0].path.split(".", 1)[0]
    made = [ids.uuid7() for _ in mine]
    with transaction.atomic(), connection.cursor() as cursor:
        _end(district, operation, [u.subject for u in mine], now)
        cursor.execute(
            sqlfiles.load("bulou.tasks", "assign"),
            {
                "district": district, "operation": operation, "account": account, "team": team.strip(),
                "since": now, "by": actor.account_id, "reason": reason.strip(), "ids": made,
                "subjects": [u.subject for u in mine], "paths": [u.path for u in mine],
            },
        )  # fmt: skip
        told = {"n": len(mine), "account": account, "team": team.strip(), "reason": reason.strip()}
        ledger.audit(
            actor,
            kind="task.assigned",
            path=_common(mine),
            subject_type="round",
            subject=operation,
            payload=told,
        )
    return Assigned(tuple(made), len(mine), plan.skipped)


def unassign(actor: Actor, *, path: str, assignments: Sequence[UUID]) -> int:
    """Guarantees these assignments below `path` have ended; returns how many did: the undo of `assign`.

    Each unit goes back to whoever had it before by name, if anybody had.
    """
    require(actor, Verb.TASK_ASSIGN, path)
    parameters: dict[str, Any] = {
        "at": clock.now(), "district": path.split(".", 1)[0], "ids": list(assignments), "below": path + ".",
        "by": actor.account_id,
    }  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sqlfiles.load("bulou.tasks", "unassign"), parameters)
        n = len(cursor.fetchall())
        ledger.audit(actor, kind="task.unassigned", path=path, payload={"n": n})
    return n


def set_duty(
    actor: Actor,
    *,
    path: str,
    role: DutyRole,
    account: UUID,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Duty:
    """Guarantees the person answers for the place in this role from `since` on; who did so before ends there.

    With `until` it is for a time: who did so before does so again afterwards.

    Raises:
        ProblemError: access.*, tasks.bad_period (400), tasks.overlap (409) with a later entry.
    """
    require(actor, Verb.DUTY_ASSIGN, path)
    begins = since or clock.now()
    if until is not None and until <= begins:
        raise ProblemError("tasks.bad_period", status=400)
    district = path.split(".", 1)[0]
    duty = Duty(ids.uuid7(), path, role, account, begins, until)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE tasks_duty SET valid = tstzrange(lower(valid), %s) WHERE district = %s AND path = %s"
                " AND role = %s AND valid @> %s AND lower(valid) < %s RETURNING account, upper(old.valid)",
                [begins, district, path, role.value, begins, begins],
            )
            before = cursor.fetchone()
            held = [(duty.id, account, begins, until)]
            if before is not None and until is not None and (before[1] is None or before[1] > until):
                held.append((ids.uuid7(), before[0], until, before[1]))
            cursor.executemany(
                "INSERT INTO tasks_duty (id, district, path, role, account, valid, by)"
                " VALUES (%s, %s, %s, %s, %s, tstzrange(%s, %s), %s)",
                [(h[0], district, path, role.value, h[1], h[2], h[3], actor.account_id) for h in held],
            )
            ledger.audit(
                actor,
                kind="duty.set",
                path=path,
                subject_type="account",
                subject=account,
                payload={"role": role.value, "since": begins, "until": until},
            )
    except IntegrityError:
        raise ProblemError("tasks.overlap", status=409) from None
    return duty


def end_duty(actor: Actor, *, path: str, role: DutyRole, at: datetime | None = None) -> None:
    """Guarantees nobody answers for the place in this role from then on.

    Raises:
        ProblemError: access.*, tasks.not_found (404).
    """
    require(actor, Verb.DUTY_ASSIGN, path)
    ends = at or clock.now()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tasks_duty SET valid = tstzrange(lower(valid), %s) WHERE district = %s AND path = %s"
            " AND role = %s AND valid @> %s AND lower(valid) < %s",
            [ends, path.split(".", 1)[0], path, role.value, ends, ends],
        )
        if cursor.rowcount == 0:
            raise ProblemError("tasks.not_found", status=404)
        ledger.audit(actor, kind="duty.ended", path=path, payload={"role": role.value, "at": ends})


def _end(district: str, operation: UUID, subjects: Sequence[UUID], now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tasks_assignment SET valid = tstzrange(lower(valid), %s) WHERE district = %s"
            " AND operation = %s AND subject = ANY(%s) AND upper_inf(valid) AND lower(valid) < %s",
            [now, district, operation, list(subjects), now],
        )
        cursor.execute(
            "DELETE FROM tasks_assignment WHERE district = %s AND operation = %s AND subject = ANY(%s)"
            " AND upper_inf(valid)",
            [district, operation, list(subjects)],
        )


def _common(units: Sequence[Unit]) -> str:
    """The deepest area that holds all of them."""
    split = [u.path.split(".") for u in units]
    shared: list[str] = []
    for labels in zip(*split, strict=False):
        if len(set(labels)) > 1:
            break
        shared.append(labels[0])
    return ".".join(shared) or units[0].path.split(".", 1)[0]
