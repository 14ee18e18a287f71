"""What a round of testing came to: its tubes, how long each step took, who was found when. For reports."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection

from bulou.coverage.queries import rounds
from bulou.coverage.terms import Operation, State
from bulou.kernel import clock, ids, sqlfiles
from bulou.kernel.scope import Scope
from bulou.lines.testing.rules import stopping
from bulou.lines.testing.rules.chasing import Chase
from bulou.lines.testing.rules.stopping import Past, Stop
from bulou.lines.testing.terms import SLUG

ROOM: Final = "bulou.lines.testing"
MOST: Final = 20
POOLS: Final = 500
ROUNDS: Final = 30


@dataclass(frozen=True, slots=True)
class Tubes:
    """The tubes of a round: filled = at the site + under way + with a result + lost (采样管台账)."""

    filled: int
    people: int
    sealed: int
    taken: int
    received: int
    resulted: int
    lost: int
    at_site: int
    with_courier: int
    at_laboratory: int
    never_taken: int
    other_count: int
    pools: int
    people_in_pools: int
    positive: int
    waiting: int

    @property
    def balanced(self) -> bool:
        """Whether every tube is somewhere."""
        under_way = self.at_site + self.with_courier + self.at_laboratory
        return self.filled == under_way + self.resulted + self.lost


@dataclass(frozen=True, slots=True)
class Lost:
    """Tubes that were lost or spoiled for one reason."""

    reason: str
    tubes: int
    people: int


@dataclass(frozen=True, slots=True)
class Took:
    """How long one step took, in seconds: the median, and what nine in ten did not exceed."""

    step: str
    n: int
    median: float
    ninth: float


@dataclass(frozen=True, slots=True)
class Waited:
    """How long the tubes of one site waited for a courier, in seconds; nothing where none was taken."""

    site: str
    tubes: int
    people: int
    median: float | None
    ninth: float | None
    not_taken: int


@dataclass(frozen=True, slots=True)
class Found:
    """When the missed were sampled, and who was sampled again."""

    by_half: int
    by_all: int
    later: int
    sampled_again: int
    in_pools: int
    in_pools_again: int


@dataclass(frozen=True, slots=True)
class Pool:
    """One positive or grey pool with the times of what followed."""

    tube: UUID
    resulted_at: datetime
    first_again_at: datetime | None
    all_results_at: datetime | None


@dataclass(frozen=True, slots=True)
class Frame:
    """How the frame came about."""

    opening: int
    found: int
    office: int
    removed: int


def tubes(operation: Operation, path: str) -> Tubes:
    """The account of the tubes of an area. 1 query in the open scope; it reads the round's tubes."""
    (row,) = _rows("report_tubes", operation, path)
    return Tubes(*row)


def lost(operation: Operation, path: str) -> tuple[Lost, ...]:
    """Why tubes were lost, at most 20 reasons. 1 query."""
    return tuple(Lost(*row) for row in _rows("report_lost", operation, path, most=MOST))


def steps(operation: Operation, path: str) -> tuple[Took, ...]:
    """How long each step of a tube took: filled, waited, carried, tested, whole. 1 query."""
    return tuple(Took(*row) for row in _rows("report_steps", operation, path))


def sites(operation: Operation, path: str) -> tuple[Waited, ...]:
    """The slowest sites, at most 20. 1 query."""
    return tuple(Waited(*row) for row in _rows("report_sites", operation, path, most=MOST))


def found(operation: Operation, path: str, chase: Chase) -> Found:
    """Who was sampled since the chase began, and who again. 1 query; it reads the round's samples."""
    marks = {"begins": chase.begins_at, "half": chase.half_by, "done": chase.all_by}
    (row,) = _rows("report_found", operation, path, **marks)
    return Found(*row)


def pools(operation: Operation, path: str) -> tuple[Pool, ...]:
    """The positive and grey pools, at most 500, the latest first. 1 query."""
    return tuple(Pool(*row) for row in _rows("report_pools", operation, path, most=POOLS))


def frame(operation: Operation, path: str) -> Frame:
    """Where the frame of the area comes from. 1 query; it reads the round's units."""
    (row,) = _rows("report_frame", operation, path, removed=int(State.REMOVED))
    return Frame(*row)


def stop(scope: Scope, operation: Operation) -> Stop:
    """What the stop rule advises after the rounds of the same area up to this one. 2 queries."""
    now = clock.now()
    told, _ = rounds.operations(scope, protocol=SLUG, path=operation.path, limit=ROUNDS)
    mine = [one for one in told if one.path == operation.path and one.opens_at <= operation.opens_at]
    return stopping.advice(_past(operation.district, mine), clock.local_date(now))


def _past(district: str, operations: Sequence[Operation]) -> list[Past]:
    values = {"district": district, "operations": ids.array([one.id for one in operations])}
    with connection.cursor() as cursor:
        cursor.execute(sqlfiles.load(ROOM, "report_past"), values)
        told = {row[0]: (row[1], row[2]) for row in cursor.fetchall()}
    return [
        Past(
            clock.local_date(one.opens_at), clock.local_date(one.closed_at) if one.closed_at else None,
            *told.get(one.id, (0, 0)),
        )
        for one in operations
    ]  # fmt: skip


def _rows(name: str, operation: Operation, path: str, **more: Any) -> list[tuple[Any, ...]]:
    values = {
        "district": operation.district, "operation": operation.id, "path": path, "low": path + ".",
        "high": path + "/", **more,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(sqlfiles.load(ROOM, name), values)
        return list(cursor.fetchall())
