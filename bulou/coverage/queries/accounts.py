"""Accounts: expected = done + excused + moved + open, at any area, level and moment."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from bulou.coverage import rules
from bulou.coverage.queries.folding import fold_parameters, outcome_map, whole_round, with_fold
from bulou.coverage.queries.rounds import part
from bulou.coverage.terms import ALERT, Account, Operation, State, Tile, TypeAccount
from bulou.kernel import clock, sqlfiles
from bulou.kernel.scope import Scope

ROOM = "bulou.coverage"
Counts = Mapping[str, Mapping[int, int]]
OPEN_NUMBERS = (0, 1, 2, 3, 4)


def account(scope: Scope, operation: Operation, *, path: str | None = None, depth: int = 0) -> Account:
    """The account now. `depth` levels of children below `path`; only the part inside the scope counts.

    Cost: 2 queries over counters and ended excuses; nothing is read per unit.
    """
    at = clock.now()
    top = path or operation.path
    areas = part(scope, top)
    counts = _summed(operation, areas, top, depth)
    ended = _ended(operation, areas, at)
    return tree(top, counts, ended, depth=depth, as_of=at)


def past_account(
    scope: Scope,
    operation: Operation,
    *,
    at: datetime,
    known_at: datetime | None = None,
    path: str | None = None,
    depth: int = 0,
) -> Account:
    """The account at a past moment, folded from the ledger.

    With `known_at`: what the board showed then (records received by then). Without: what was true at `at` by
    everything known today (records that took effect by then). 1 query; it reads the round's records.
    """
    parameters = fold_parameters(
        operation.district, operation.id, outcome_map(operation.protocol),
        received_until=known_at or "infinity", effective_until="infinity" if known_at else at,
    )  # fmt: skip
    areas = part(scope, path or operation.path)
    with whole_round() as cursor:
        cursor.execute(with_fold("account_past"), {**parameters, "at": at})
        rows = [row for row in cursor.fetchall() if _within(row[0], areas)]
    return tree(path or operation.path, _grouped(rows), {}, depth=depth, as_of=at)


def by_type(
    scope: Scope, operation: Operation, *, at: datetime, path: str | None = None
) -> list[TypeAccount]:
    """The account at a moment per class of object, sorted by class, by everything known today. 1 query.

    It reads the round's records, so it is for reports, not for boards.
    """
    parameters = fold_parameters(
        operation.district, operation.id, outcome_map(operation.protocol), effective_until=at
    )
    areas = [a + "." for a in part(scope, path or operation.path)]
    with whole_round() as cursor:
        cursor.execute(with_fold("by_type"), {**parameters, "at": at, "scope": areas})
        counts = _grouped(cursor.fetchall())
    made = [(kind, rules.account(operation.path, counts[kind], {}, at)) for kind in sorted(counts)]
    return [TypeAccount(kind, a.expected, a.done, a.excused, a.moved, a.open) for kind, a in made]


def tiles(scope: Scope, operation: Operation, *, path: str | None = None) -> list[Tile]:
    """One tile per compound, by path. 2 queries."""
    at = clock.now()
    areas = part(scope, path or operation.path)
    counts, ended = _counters(operation, areas), _ended(operation, areas, at)
    made = [rules.account(area, counts[area], ended.get(area, {}), at) for area in sorted(counts)]
    return [Tile(a.path, a.expected, a.open, a.alerts) for a in made if a.expected]


def more_compounds_than(most: int, scope: Scope, operation: Operation, *, path: str | None = None) -> bool:
    """Whether a round has more compounds there than one can draw. 1 query that stops counting there."""
    left = most
    for area in part(scope, path or operation.path):
        left -= _read("compounds", operation, area, limit=left + 1)[0][0]
        if left < 0:
            return True
    return False


def versions(scope: Scope, operation: Operation, *, path: str | None = None) -> str:
    """A short word that changes whenever the account does: for pages that ask "anything new?". 2 queries."""
    one = account(scope, operation, path=path)
    return f"{one.expected}-{one.done}-{one.excused}-{one.moved}-{one.open_by}-{one.alerts}"


def tree(path: str, counts: Counts, ended: Counts, *, depth: int, as_of: datetime) -> Account:
    """The account of `path` with `depth` levels of children, rolled up from compounds."""
    own = rules.account(path, _sum(counts.values()), _sum(ended.values()), as_of)
    if depth <= 0:
        return own
    level = path.count(".") + 2
    groups: dict[str, dict[str, Mapping[int, int]]] = defaultdict(dict)
    for area, by_state in counts.items():
        child = ".".join(area.split(".")[:level])
        if child != path:
            groups[child][area] = by_state
    children = tuple(
        tree(
            child,
            groups[child],
            {a: n for a, n in ended.items() if a == child or a.startswith(child + ".")},
            depth=depth - 1,
            as_of=as_of,
        )
        for child in sorted(groups)
    )
    return Account(
        own.path, own.expected, own.done, own.excused, own.moved, own.open_by, own.alerts, own.as_of, children
    )


def _counters(operation: Operation, areas: Sequence[str]) -> dict[str, dict[int, int]]:
    """Counters by compound and state. 1 query per area."""
    rows: list[tuple[str, int, int]] = []
    for area in areas:
        rows += _read("counters_below", operation, area)
    return _grouped(rows)


def _summed(operation: Operation, areas: Sequence[str], top: str, depth: int) -> dict[str, dict[int, int]]:
    """Counters by area and state, as few rows as the depth needs. 1 query per area.

    The board of a district reads 15,000 counters for twenty streets: summed by PostgreSQL they cost a third
    of what they cost as Python's objects (2026-11).
    """
    if depth == 0:
        rows = [(area, *row) for area in areas for row in _read("counters_of", operation, area)]
    elif depth == 1 and areas == (top,):
        rows = _read("counters_below_each", operation, top)
    else:
        return _counters(operation, areas)
    return _grouped(rows)


def _read(name: str, operation: Operation, area: str, **more: int) -> list[tuple[Any, ...]]:
    values: dict[str, Any] = {
        "district": operation.district, "operation": operation.id, "area": area, "low": area + ".",
        "high": area + "/", "behind": len(area) + 2,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(sqlfiles.load(ROOM, name), values | more)
        return list(cursor.fetchall())


def _ended(operation: Operation, areas: Sequence[str], at: datetime) -> dict[str, dict[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT area, last_state, count(*) FROM coverage_unit WHERE district = %s AND operation = %s"
            " AND state = %s AND excused_until <= %s GROUP BY area, last_state",
            [operation.district, operation.id, int(State.EXCUSED), at],
        )
        return _grouped([row for row in cursor.fetchall() if _within(row[0], areas)])


def _grouped(rows: Iterable[tuple[str, int, int]]) -> dict[str, dict[int, int]]:
    grouped: dict[str, dict[int, int]] = defaultdict(dict)
    for area, state, n in rows:
        grouped[area][state] = grouped[area].get(state, 0) + n
    return grouped


def _within(area: str, areas: Sequence[str]) -> bool:
    return any(area == a or area.startswith(a + ".") for a in areas)


def _sum(parts: Iterable[Mapping[int, int]]) -> dict[int, int]:
    total: dict[int, int] = defaultdict(int)
    for by_state in parts:
        for state, n in by_state.items():
            total[state] += n
    return total


def missed_total(operation: Operation, areas: Sequence[str], whys: Sequence[State], at: datetime) -> int:
    """How many units are open for these reasons. 2 queries over counters."""
    counts = _sum(_summed(operation, areas, operation.path, 0).values())
    ended = _sum(_ended(operation, areas, at).values())
    return sum(counts.get(w, 0) + ended.get(w, 0) for w in whys if w != ALERT)


def operation_ids(district: str) -> list[UUID]:
    """Every round of the district, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM coverage_operation WHERE district = %s ORDER BY id", [district])
        return [row[0] for row in cursor.fetchall()]
