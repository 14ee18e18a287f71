"""Units: the missed list, one unit, the units a batch speaks about."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from bulou.coverage.queries.accounts import missed_total
from bulou.coverage.queries.rounds import part
from bulou.coverage.terms import (
    OPEN_STATES,
    STATES,
    Account,
    ListedPage,
    MissedPage,
    MissedUnit,
    Operation,
    Origin,
    Standing,
    State,
    Unit,
)
from bulou.kernel import clock, ids, paging, sqlfiles
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope

ROOM = "bulou.coverage"
UNITS = (
    "SELECT operation, subject, subject_type, path, area, building, label, origin, state, outcome, alert,"
    " effective_at, record, excused_until, attempts, last_attempt_at, sort FROM coverage_unit"
)


@dataclass(frozen=True, slots=True)
class MissedFilter:
    """What part of the missed list: reasons (none named: all), alerts, one building, only these subjects."""

    why: tuple[State, ...] = ()
    alert: bool | None = None
    building: str | None = None
    subjects: tuple[UUID, ...] | None = None


ALL = MissedFilter()


def missed(  # noqa: PLR0913 - filters of a list, each optional
    scope: Scope,
    operation: Operation,
    *,
    path: str | None = None,
    only: MissedFilter = ALL,
    limit: int = 100,
    cursor: str | None = None,
    known: Account | None = None,
) -> MissedPage:
    """A page of the missed list in walking order (path, door). Grain: one row per open unit.

    Excuses whose time is over are on it, with the reason they fall back to. 1 query for the page, 2 for the
    total (1 where the filter goes beyond reasons; none where the account of the area is `known` already).
    """
    at = clock.now()
    areas = part(scope, path or operation.path)
    whys = only.why or OPEN_STATES
    if not areas:
        return MissedPage((), None, 0)
    # both bounds of the walk begin at the same place: PostgreSQL starts at one of them, not at the better
    after = paging.decode(cursor, 3) if cursor else (min(areas), "", str(UUID(int=0)))
    parameters = _parameters(operation, areas, only, at) | {
        "low": max(after[0], min(areas)),
        "after_path": after[0],
        "after_sort": after[1],
        "after_subject": after[2],
        "limit": limit + 1,
    }
    with connection.cursor() as db:
        db.execute(sqlfiles.load(ROOM, "missed"), parameters)
        items = [_missed(row, operation.due_at) for row in db.fetchall()]
    more, page = len(items) > limit, items[:limit]
    last = page[-1] if page else None
    following = paging.encode(last.path, last.sort, str(last.subject)) if more and last else None
    plain = only.alert is None and only.building is None and only.subjects is None
    if not plain:
        total = _count(parameters)
    elif known is not None:
        total = sum(int(getattr(known.open_by, why.name.lower())) for why in whys)
    else:
        total = missed_total(operation, areas, whys, at)
    return MissedPage(tuple(page), following, total)


def all_missed(
    scope: Scope, operation: Operation, *, path: str | None = None, only: MissedFilter = ALL
) -> Iterator[MissedUnit]:
    """The whole missed list, page by page, for exports and print sheets."""
    cursor: str | None = None
    while True:
        page = missed(scope, operation, path=path, only=only, limit=5_000, cursor=cursor)
        yield from page.items
        if page.next is None:
            return
        cursor = page.next


def listed(  # noqa: PLR0913 - filters of a list, each optional
    scope: Scope,
    operation: Operation,
    *,
    states: Sequence[State],
    path: str | None = None,
    alert: bool | None = None,
    limit: int = 100,
    cursor: str | None = None,
) -> ListedPage:
    """A page of the units in these states, in walking order; ended excuses stand where they fall back to.

    So the rows behind a figure of the account are exactly as many as the figure says. 1 query for the page,
    1 for the total.
    """
    areas = part(scope, path or operation.path)
    after = paging.decode(cursor, 3) if cursor else ("", "", str(UUID(int=0)))
    parameters: dict[str, Any] = {
        "district": operation.district, "operation": operation.id, "scope": [a + "." for a in areas],
        "states": [int(s) for s in states], "alert": alert, "at": clock.now(), "limit": limit + 1,
        "after_path": after[0], "after_sort": after[1], "after_subject": after[2],
    }  # fmt: skip
    everything = {
        **parameters,
        "after_path": "",
        "after_sort": "",
        "after_subject": UUID(int=0),
        "limit": None,
    }
    with connection.cursor() as db:
        db.execute(sqlfiles.load(ROOM, "listed"), parameters)
        items = [_unit(row) for row in db.fetchall()]
        db.execute(_counted("listed"), everything)
        row = db.fetchone()
    last = items[limit - 1] if len(items) > limit else None
    following = paging.encode(last.path, last.sort, str(last.subject)) if last else None
    return ListedPage(tuple(items[:limit]), following, int(row[0]) if row else 0)


def whys(words: Sequence[str]) -> tuple[State, ...]:
    """Reasons from their public words. Raises ProblemError coverage.bad_filter (400)."""
    by_word = {s.name.lower(): s for s in OPEN_STATES}
    for word in words:
        if word not in by_word:
            raise ProblemError("coverage.bad_filter", status=400, why=word[:40])
    return tuple(by_word[word] for word in words)


def unit(scope: Scope, operation_id: UUID, subject: UUID) -> Unit:
    """One unit. Raises ProblemError coverage.not_in_frame (404)."""
    found = _units("operation = %s AND subject = %s", scope, [operation_id, subject])
    if not found:
        raise ProblemError("coverage.not_in_frame", status=404)
    return found[0]


def units_of_subject(scope: Scope, subject: UUID) -> list[Unit]:
    """The unit in every round that a dwelling, site or person is part of, newest round first. 1 query."""
    # through the rounds, by the key of the units: an index of subjects would cost every visit a write
    rounds = "operation = ANY(ARRAY(SELECT id FROM coverage_operation WHERE district = ANY(%s)))"
    return _units(f"{rounds} AND subject = %s", scope, [list(scope.districts), subject])


def standings(district: str, keys: Sequence[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], Standing]:
    """The units that a batch speaks about; those not in their frame are left out. 1 query per round."""
    by_round: dict[UUID, list[UUID]] = defaultdict(list)
    for operation, subject in keys:
        by_round[operation].append(subject)
    text = sqlfiles.load(ROOM, "standings")
    found: dict[tuple[UUID, UUID], Standing] = {}
    for operation, subjects in by_round.items():
        for r in sqlfiles.prepared(
            text, {"district": district, "operation": operation, "subjects": ids.array(subjects)}
        ):
            found[operation, r[0]] = Standing(operation, r[0], r[1], r[2], STATES[r[3]], *r[4:])
    return found


def labels_of(district: str, operation: UUID, subjects: Sequence[UUID]) -> dict[UUID, str]:
    """How the units of a round are called, for lists of their records. 1 query by primary key."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT subject, label FROM coverage_unit WHERE district = %s AND operation = %s"
            " AND subject = ANY(%s)",
            [district, operation, list(subjects)],
        )
        return dict(cursor.fetchall())


def used_subjects(district: str, subjects: Sequence[UUID]) -> set[UUID]:
    """Which of these subjects are units of some round: they may not vanish from the register. 1 query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT subject FROM coverage_unit WHERE district = %s AND subject = ANY(%s)"
            " AND operation = ANY(ARRAY(SELECT id FROM coverage_operation WHERE district = %s))",
            [district, list(subjects), district],
        )
        return {row[0] for row in cursor.fetchall()}


def _units(condition: str, scope: Scope, values: list[Any]) -> list[Unit]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"{UNITS} WHERE district = ANY(%s) AND {condition}"
            " AND ((path || '.') ^@ ANY(%s)) ORDER BY operation DESC",
            [list(scope.districts), *values, [p + "." for p in scope.paths]],
        )
        return [_unit(row) for row in cursor.fetchall()]


def _unit(row: Sequence[Any]) -> Unit:
    values: tuple[Any, ...] = (*row[:7], Origin(row[7]), State(row[8]), *row[9:])
    return Unit(*values)


def _parameters(
    operation: Operation, areas: Sequence[str], only: MissedFilter, at: datetime
) -> dict[str, Any]:
    return {
        "district": operation.district,
        "operation": operation.id,
        "low": min(areas),
        "high": max(area + "/" for area in areas),  # a slash follows the dot, but also the hyphen
        "scope": [a + "." for a in areas],
        "whys": [int(w) for w in only.why or OPEN_STATES],
        "alert": only.alert,
        "building": only.building,
        "subjects": None if only.subjects is None else list(only.subjects),
        "at": at,
    }


def _count(parameters: dict[str, Any]) -> int:
    everything = {
        **parameters,
        "after_path": parameters["low"],
        "after_sort": "",
        "after_subject": UUID(int=0),
        "limit": None,
    }
    with connection.cursor() as cursor:
        cursor.execute(_counted("missed"), everything)
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def _counted(name: str) -> str:
    return f"SELECT count(*) FROM ({sqlfiles.load(ROOM, name)}) m"  # noqa: S608 - a file of this room


def _missed(row: Sequence[Any], due_at: datetime) -> MissedUnit:
    return MissedUnit(
        subject=row[0], subject_type=row[1], label=row[2], path=row[3], area=row[4], building=row[5],
        sort=row[6], why=State(row[7]), attempts=row[8], last_attempt_at=row[9], last_outcome=row[10],
        due_at=due_at, alert=row[11], excuse_ended=row[12],
    )  # fmt: skip
