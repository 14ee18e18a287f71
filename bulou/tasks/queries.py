"""Who owes what by when: revisits due, owners of units, who answers for a place on any day."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from bulou.kernel import reach
from bulou.kernel.reach import Scope
from bulou.kernel.reach import sql as scope_sql
from bulou.tasks import rules
from bulou.tasks.terms import Duty, DutyRole, Owner, Revisit, Unit

REVISITS = "SELECT operation, subject, path, area, why, due_at FROM tasks_revisit"
NOBODY = Owner(None, "", by_assignment=False)
DUTIES = "SELECT id, path, role, account, lower(valid), upper(valid) FROM tasks_duty"


def revisits(
    scope: Scope,
    at: datetime,
    *,
    path: str | None = None,
    operation: UUID | None = None,
    due_before: datetime | None = None,
    limit: int = 200,
) -> list[Revisit]:
    """Doors to try again, the longest due first; the rung of the ladder is computed for `at`. 1 query."""
    condition, params = scope_sql("path", scope)
    where, values = ["district = ANY(%s)", condition], [list(scope.districts), *params]
    tests: Sequence[tuple[str, Any]] = (
        ("operation = %s", operation),
        ("due_at < %s", due_before),
        ("starts_with(path || '.', %s)", path + "." if path else None),
    )
    for test, value in tests:
        if value is not None:
            where.append(test)
            values.append(value)
    with connection.cursor() as cursor:
        cursor.execute(
            f"{REVISITS} WHERE {' AND '.join(where)} ORDER BY due_at, path, subject LIMIT %s",
            [*values, limit],
        )
        return [
            Revisit(
                operation=r[0], subject=r[1], path=r[2], area=r[3], why=r[4], due_at=r[5],
                rung=rules.rung(r[5], at),
            )
            for r in cursor.fetchall()
        ]  # fmt: skip


def count_revisits(scope: Scope, *, path: str | None = None, due_before: datetime | None = None) -> int:
    """How many revisits are owed, or due before a moment. 1 query."""
    condition, params = scope_sql("path", scope)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM tasks_revisit WHERE district = ANY(%s) AND {condition}"  # noqa: S608 - kernel's words
            " AND (%s::text IS NULL OR starts_with(path || '.', %s))"
            " AND (%s::timestamptz IS NULL OR due_at < %s)",
            [list(scope.districts), *params, path, (path or "") + ".", due_before, due_before],
        )
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def due_of(district: str, operation: UUID, subjects: Sequence[UUID]) -> dict[UUID, datetime]:
    """When the revisits of these units are due; units without one are left out. 1 query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT subject, due_at FROM tasks_revisit WHERE district = %s AND operation = %s"
            " AND subject = ANY(%s)",
            [district, operation, list(subjects)],
        )
        return dict(cursor.fetchall())


def overdue_subjects(
    scope: Scope, operation: UUID, at: datetime, *, path: str | None = None
) -> tuple[UUID, ...]:
    """Units of the round whose revisit is late at a moment, at most 5,000. 1 query."""
    late = revisits(scope, at, path=path, operation=operation, due_before=at, limit=5_000)
    return tuple(r.subject for r in late)


def assigned_subjects(
    district: str, operation: UUID, *, account: UUID | None = None, team: str | None = None, at: datetime
) -> tuple[UUID, ...]:
    """Units of the round that were given by name to a person or a team. 1 query."""
    return tuple(sorted(assigned_to(district, account=account, team=team, at=at).get(operation, ())))


def owners(district: str, operation: UUID, units: Sequence[Unit], at: datetime) -> dict[UUID, Owner]:
    """Who owes each unit at a moment: by name, else who answers for the nearest place above it. 2 queries."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT subject, account, team FROM tasks_assignment WHERE district = %s AND operation = %s"
            " AND subject = ANY(%s) AND valid @> %s",
            [district, operation, [u.subject for u in units], at],
        )
        named = {row[0]: Owner(row[1], row[2], by_assignment=True) for row in cursor.fetchall()}
    duties = _by_path(duties_over(district, {u.path for u in units}, at))
    return {u.subject: named.get(u.subject) or _nearest(u.path, duties) for u in units}


def duties_over(district: str, paths: Iterable[str], at: datetime) -> list[Duty]:
    """Who answered at a moment for these places or any place above them, nearest place first. 1 query."""
    above = sorted({a for p in paths for a in reach.lineage(p)})
    with connection.cursor() as cursor:
        cursor.execute(
            f"{DUTIES} WHERE district = %s AND path = ANY(%s) AND valid @> %s ORDER BY path DESC, role",
            [district, above, at],
        )
        return [_duty(row) for row in cursor.fetchall()]


def duty_history(district: str, path: str) -> list[Duty]:
    """Everyone who has ever answered for exactly this place, newest first. 1 query."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"{DUTIES} WHERE district = %s AND path = %s ORDER BY lower(valid) DESC, role",
            [district, path],
        )
        return [_duty(row) for row in cursor.fetchall()]


def duty_paths(district: str, account: UUID, at: datetime) -> tuple[str, ...]:
    """The places that somebody answers for now. 1 query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT path FROM tasks_duty WHERE district = %s AND account = %s AND valid @> %s"
            " ORDER BY path",
            [district, account, at],
        )
        return tuple(row[0] for row in cursor.fetchall())


def assigned_to(
    district: str, *, account: UUID | None = None, team: str | None = None, at: datetime
) -> dict[UUID, set[UUID]]:
    """Subjects per round that were given by name to a person or a team, and still are. 1 query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT operation, subject FROM tasks_assignment WHERE district = %s AND valid @> %s"
            " AND (account = %s OR (team <> '' AND team = %s))",
            [district, at, account, team],
        )
        found: dict[UUID, set[UUID]] = {}
        for operation, subject in cursor.fetchall():
            found.setdefault(operation, set()).add(subject)
    return found


def last_assignment(district: str, at: datetime) -> str:
    """A stamp that changes whenever something is given to somebody or taken back. 1 query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), max(lower(valid)), max(upper(valid)) FILTER (WHERE upper(valid) <= %s)"
            " FROM tasks_assignment WHERE district = %s",
            [at, district],
        )
        return " ".join(str(part) for part in cursor.fetchone() or ())


def unanswered(district: str, paths: Sequence[str], at: datetime) -> list[str]:
    """Places of the list that nobody answers for, neither themselves nor from above. 1 query."""
    held = {d.path for d in duties_over(district, paths, at)}
    return [p for p in paths if held.isdisjoint(reach.lineage(p))]


def _by_path(duties: Sequence[Duty]) -> dict[str, Duty]:
    order = list(DutyRole)
    ranked = sorted(duties, key=lambda d: order.index(d.role), reverse=True)
    return {d.path: d for d in ranked}


def _nearest(path: str, duties: dict[str, Duty]) -> Owner:
    for place in reversed(reach.lineage(path)):
        if place in duties:
            return Owner(duties[place].account, "", by_assignment=False)
    return NOBODY


def _duty(row: Sequence[Any]) -> Duty:
    return Duty(row[0], row[1], DutyRole(row[2]), row[3], row[4], row[5])
