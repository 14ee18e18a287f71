"""What is due: slots computed from the rules of the watches, less what is settled."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from bulou.kernel import clock, paging, sqlfiles
from bulou.kernel.problems import ProblemError
from bulou.watches.terms import CLOSED, DueRow, Page, SlotState, Timing, WatchRow

ROOM = "bulou.watches"
MOST = 5_000  # watches below one place whose slots are listed one by one
LOST_AFTER = timedelta(days=3)
SHORTEST = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose slots: those given to an account by name, and those of the places one answers for.

    What is given to others by name counts there only with `anyone`. Reports of the person itself are open
    until somebody confirms them (`reported`).
    """

    account: UUID | None = None
    paths: tuple[str, ...] = ()
    anyone: bool = False
    reported: bool = True


def due(
    district: str,
    at: datetime,
    whose: Whose,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 500,
) -> list[DueRow]:
    """Open slots, earliest first; as a rule from midnight until two hours from now. 1 query.

    The same cost for a million watches as for a hundred: what is read are the rows of these watches.
    """
    begin = since or clock.day_bounds(clock.local_date(at))[0]
    end = until or at + timedelta(hours=2)
    places = disjoint(whose.paths)
    parameters = {
        "district": district, "account": whose.account, "paths": places,
        "lows": [f"{place}." for place in places], "highs": [f"{place}/" for place in places],
        "anyone": whose.anyone, "since": begin, "until": end, "first": clock.local_date(begin),
        "last": clock.local_date(end), "zone": clock.DISTRICT_ZONE.key,
        "closed": int(CLOSED) + int(whose.reported), "limit": limit,
    }  # fmt: skip
    rows = sqlfiles.prepared(sqlfiles.load(ROOM, "due"), parameters)
    return [_due(row, at) for row in rows]


def missed(district: str, at: datetime, path: str, *, cursor: str | None = None, limit: int = 50) -> Page:
    """Watches below a place whose latest slots were missed, longest without a closed slot first. 1 query."""
    after, last = _position(cursor)
    parameters: dict[str, Any] = {
        "district": district, "path": path, "low": path + ".", "high": path + "/", "at": at,
        "zone": clock.DISTRICT_ZONE.key, "before": at - SHORTEST, "after": after, "last": last,
        "limit": limit + 1,
    }  # fmt: skip
    with connection.cursor() as executed:
        executed.execute(sqlfiles.load(ROOM, "missed"), parameters)
        rows = executed.fetchall()
    return _page([(WatchRow(*row[:10]), row[10]) for row in rows], limit)


def lost(district: str, at: datetime, path: str, *, cursor: str | None = None, limit: int = 50) -> Page:
    """Open watches whose subject nobody has seen for three days (P-91), longest unseen first. 1 query."""
    return _listed("seen_at", at - LOST_AFTER, district, path, cursor, limit)


def over(district: str, at: datetime, path: str, *, cursor: str | None = None, limit: int = 50) -> Page:
    """Open watches whose days are over: to be released, or somebody says why not. 1 query."""
    return _listed("ends_at", at, district, path, cursor, limit)


def count_below(district: str, path: str, *, most: int = MOST) -> int:
    """How many open watches lie below a place, counted to one more than `most`. 1 query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT FROM watches_watch WHERE district = %s AND is_open"
            " AND (path = %s OR (path >= %s AND path < %s)) LIMIT %s) s",
            [district, path, path + ".", path + "/", most + 1],
        )
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def disjoint(paths: Iterable[str]) -> list[str]:
    """Paths without those that lie below another one."""
    kept: list[str] = []
    for path in sorted(paths, key=lambda one: f"{one}."):
        if not any(path == above or path.startswith(above + ".") for above in kept):
            kept.append(path)
    return kept


def _listed(column: str, before: datetime, district: str, path: str, cursor: str | None, limit: int) -> Page:
    after, last = _position(cursor)
    with connection.cursor() as executed:
        executed.execute(
            "SELECT id, person, path, protocol, regime, started_at, ends_at, worker, seen_at, 0,"  # noqa: S608 - our own column
            f" {column} FROM watches_watch WHERE district = %s AND is_open AND {column} <= %s"
            " AND (path = %s OR (path >= %s AND path < %s))"
            f" AND (%s::timestamptz IS NULL OR ({column}, id) > (%s::timestamptz, %s::uuid))"
            f" ORDER BY {column}, id LIMIT %s",
            [district, before, path, path + ".", path + "/", after, after, last, limit + 1],
        )
        rows = executed.fetchall()
    return _page([(WatchRow(*row[:10]), row[10]) for row in rows], limit)


def _page(found: Sequence[tuple[WatchRow, datetime]], limit: int) -> Page:
    shown = found[:limit]
    following = None
    if len(found) > limit:
        row, at = shown[-1]
        following = paging.encode(at.isoformat(), str(row.id))
    return Page(tuple(row for row, _ in shown), following)


def _position(cursor: str | None) -> tuple[datetime | None, UUID | None]:
    if not cursor:
        return None, None
    try:
        at, last = paging.decode(cursor)
        return datetime.fromisoformat(at), UUID(last)
    except ValueError:
        raise ProblemError("paging.bad_cursor", status=400) from None


def _due(row: Sequence[Any], at: datetime) -> DueRow:
    due_at, missed_at = row[5], row[5] + timedelta(minutes=row[6])
    late_at = max(due_at, missed_at - timedelta(hours=1))
    if at < due_at:
        timing = Timing.UPCOMING
    elif at < late_at:
        timing = Timing.DUE
    else:
        timing = Timing.LATE if at < missed_at else Timing.MISSED
    state = SlotState(row[7]) if row[7] is not None else None
    return DueRow(row[0], row[1], row[2], row[3], row[4], due_at, timing, state, row[8])
