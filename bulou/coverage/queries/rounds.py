"""Rounds: one, many, and which are open over an area."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from bulou.coverage.terms import Basis, Operation, Targets
from bulou.kernel import clock, paging, sqlfiles
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope

ROOM = "bulou.coverage"
FRAMES = {
    "household": "frame_household",
    "dwelling": "frame_household",
    "area": "frame_area",
    "person": "frame_person",
}
OPERATIONS = (
    "SELECT id, district, path, protocol, kind, title, subject_type, opens_at, due_at, opened_by, opened_at,"
    " basis_law, basis_text, targets, frame_n, closed_at, closed_by, closed_short, close_reason"
    " FROM coverage_operation"
)


def operation(scope: Scope, operation_id: UUID) -> Operation:
    """The round, where its area and the scope meet; of a round above the scope, the scope's own part.

    Raises:
        ProblemError: coverage.not_found (404), the same for absent and for not yours.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"{OPERATIONS} WHERE district = ANY(%s) AND id = %s",
            [list(scope.districts), operation_id],
        )
        row = cursor.fetchone()
    if row is None or not meets(scope, row[2]):
        raise ProblemError("coverage.not_found", status=404)
    return from_row(row)


def operations(
    scope: Scope,
    *,
    protocol: str | None = None,
    state: str | None = None,
    path: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> tuple[list[Operation], str | None]:
    """Rounds that touch the scope, newest first, and the next page's cursor. 1 query."""
    where, values = _filters(scope, protocol=protocol, state=state, path=path)
    if cursor:
        opens_at, operation_id = paging.decode(cursor, 2)
        where.append("(opens_at, id) < (%s::timestamptz, %s::uuid)")
        values += [opens_at, operation_id]
    with connection.cursor() as db:
        db.execute(
            f"{OPERATIONS} WHERE {' AND '.join(where)} ORDER BY opens_at DESC, id DESC LIMIT %s",
            [*values, limit + 1],
        )
        rows = [from_row(row) for row in db.fetchall()]
    more = len(rows) > limit
    page = rows[:limit]
    return page, paging.encode(page[-1].opens_at.isoformat(), str(page[-1].id)) if more else None


def open_on(scope: Scope, start: datetime, end: datetime) -> list[Operation]:
    """Rounds that touch the scope and were open at some moment of [start, end), oldest first. 1 query."""
    where, values = _filters(scope, protocol=None, state=None, path=None)
    with connection.cursor() as db:
        db.execute(
            f"{OPERATIONS} WHERE {' AND '.join(where)}"
            " AND opens_at < %s AND (closed_at IS NULL OR closed_at >= %s) ORDER BY opens_at, id",
            [*values, end, start],
        )
        return [from_row(row) for row in db.fetchall()]


def known(district: str, operation_ids: Sequence[UUID]) -> dict[UUID, Operation]:
    """Rounds of the district by id; absent ids are left out. 1 query."""
    if not operation_ids:
        return {}
    rows = sqlfiles.prepared(
        f"{OPERATIONS} WHERE district = %s AND id = ANY(%s)",
        [district, list(operation_ids)],
    )
    return {row[0]: from_row(row) for row in rows}


def meets(scope: Scope, path: str) -> bool:
    """Whether an area and a scope have anything in common: one lies in the other."""
    return scope.covers(path) or any(p.startswith(path + ".") for p in scope.paths)


def part(scope: Scope, path: str) -> tuple[str, ...]:
    """The areas that lie both in the scope and at or below `path`; empty where there are none."""
    if scope.covers(path):
        return (path,)
    inside = [p for p in scope.paths if p.startswith(path + ".")]
    # an area named beside the one above it would count twice
    return tuple(p for p in inside if not any(p.startswith(other + ".") for other in inside))


def from_row(row: Sequence[Any]) -> Operation:
    """A round from a row of OPERATIONS."""
    targets = row[13] if isinstance(row[13], dict) else {}
    after = targets.get("after")
    wanted = Targets(
        tuple(targets.get("site_types", ())),
        targets.get("level", ""),
        bool(targets.get("registered")),
        UUID(after) if after else None,
    )
    values: tuple[Any, ...] = (*row[:11], Basis(row[11], row[12]), wanted, *row[14:])
    return Operation(*values)


def _filters(
    scope: Scope, *, protocol: str | None, state: str | None, path: str | None
) -> tuple[list[str], list[Any]]:
    # the policy of the table lets through rounds at or below the scope, and those above it
    where = [
        "district = ANY(%s)",
        "(((path || '.') ^@ ANY(%s)) OR EXISTS (SELECT FROM unnest(%s::text[]) p WHERE p ^@ (path || '.')))",
    ]
    dotted = [p + "." for p in scope.paths]
    values: list[Any] = [list(scope.districts), dotted, dotted]
    if protocol:
        where.append("(protocol = %s OR starts_with(protocol, %s))")
        values += [protocol, protocol + "@"]
    if state in {"open", "closed"}:
        where.append("closed_at IS NULL" if state == "open" else "closed_at IS NOT NULL")
    if path:
        where.append("(path = %s OR starts_with(path, %s))")
        values += [path, path + "."]
    return where, values


def frame_preview(
    scope: Scope, *, subject_type: str, path: str, targets: Targets, on: date | None = None
) -> int:
    """How many units a round would have if it were opened on that day (default: today). 1 query."""
    parameters = {
        "district": path.split(".", 1)[0],
        "operation": None,
        "subject_type": subject_type,
        "path": path,
        "on": on or clock.local_date(clock.now()),
        "site_types": list(targets.site_types),
        "level": targets.level,
        "registered": targets.registered,
        "after": targets.after,
    }
    if not scope.covers(path):
        return 0
    _, _, select = sqlfiles.load(ROOM, frame_of(subject_type, targets)).partition("\nSELECT ")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM (SELECT {select}) f", parameters)  # noqa: S608 - a file of this room
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def frame_of(subject_type: str, targets: Targets) -> str:
    """The statement that freezes a frame of this kind of subject."""
    if subject_type == "person" and targets.after is not None:
        return "frame_person_again"
    return FRAMES.get(subject_type, "frame_site")
