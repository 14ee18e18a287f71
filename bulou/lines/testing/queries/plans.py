"""Reads of plans: who lives where by which count, plans that were kept, what they say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection
from django.db.models import Q

from bulou.access.rules import covers
from bulou.coverage.queries import accounts, rounds
from bulou.coverage.terms import Operation, State
from bulou.grid.terms import PopulationKind
from bulou.kernel import reach, sqlfiles
from bulou.kernel.scope import Scope
from bulou.lines.testing import models
from bulou.lines.testing.queries.home import isolated
from bulou.lines.testing.rules import heads
from bulou.lines.testing.rules.heads import Counted
from bulou.lines.testing.rules.home import OF_NEED
from bulou.lines.testing.rules.planning import Plan, Wishes, Zone
from bulou.lines.testing.rules.queueing import Played
from bulou.lines.testing.terms import SLUG

ROOM = "bulou.lines.testing"
LISTED = 100


class Source(StrEnum):
    """Which count a plan rests on (人数来源)."""

    FRAME = "frame"
    REGISTER = "register"
    LIVING = "living"
    REGISTERED = "registered"


@dataclass(frozen=True, slots=True)
class Offer:
    """A count that can be planned from: where from, how many persons; a frame names its round."""

    source: Source
    persons: int
    operation: UUID | None = None
    opened_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """One version of a plan as it was kept; a published one never changes."""

    id: UUID
    district: str
    path: str
    series: UUID
    version: int
    title: str
    source: Source
    operation: UUID | None
    wishes: Wishes
    zones: Mapping[str, Zone]
    plan: Plan
    played: Played
    buildings: tuple[Counted, ...]
    made_by: UUID
    made_at: datetime
    published_by: UUID | None
    published_at: datetime | None


def offers(scope: Scope, path: str, on: date) -> tuple[Offer, ...]:
    """The counts that there are for an area, the best first: a frame that was corrected, then registers.

    Cost: 6 queries, one row per building each, and 2 over counters for each of at most five rounds.
    """
    found = [
        Offer(Source.FRAME, n, o.id, o.opens_at)
        for o in last_rounds(scope, path)
        if (n := accounts.account(scope, o, path=path).expected)
    ]
    register = sum(c.n for c in _register(path))
    if register:
        found.append(Offer(Source.REGISTER, register))
    homes = {key: n for key, (n, _) in _doors(path, on).items()}
    for source in (Source.LIVING, Source.REGISTERED):
        n = sum(heads.spread(_heads(path, on, source), homes).values())
        if n:
            found.append(Offer(source, n))
    return tuple(found)


def last_rounds(scope: Scope, path: str, *, most: int = 5) -> list[Operation]:
    """The last rounds of testing that touch an area, newest first. 1 query."""
    found, _ = rounds.operations(scope, protocol=SLUG, limit=50)
    return [o for o in found if _meet(o.path, path)][:most]


def counted(path: str, on: date, source: Source, operation: UUID | None = None) -> tuple[Counted, ...]:
    """Persons by compound and building, by one count, with those who are sampled at home. 3 queries.

    One person is expected at home behind each door with such a need, never more than live in the building.
    """
    doors = _doors(path, on)
    if source is Source.FRAME and operation is not None:
        people = _frame(path.partition(".")[0], path, operation)
    elif source is Source.REGISTER:
        people = _register(path)
    else:
        shared = heads.spread(_heads(path, on, source), {key: n for key, (n, _) in doors.items()})
        people = [Counted(area, building, n) for (area, building), n in shared.items() if n]
    return tuple(
        Counted(c.area, c.building, c.n, min(c.n, doors.get((c.area, c.building), (0, 0))[1]))
        for c in sorted(people, key=lambda c: (c.area, c.building))
    )


def listed(scope: Scope) -> tuple[Kept, ...]:
    """The newest version of each plan that touches the scope, newest first. 1 query."""
    rows = models.Plan.objects.filter(district__in=scope.districts).order_by("series", "-version")
    newest = [r for r in rows.distinct("series") if any(_meet(r.path, p) for p in scope.paths)]
    return tuple(_kept(r) for r in sorted(newest, key=lambda r: r.made_at, reverse=True)[:LISTED])


def kept(scope: Scope, plan_id: UUID) -> Kept | None:
    """One version of a plan, if it touches the scope. 1 query."""
    row = models.Plan.objects.filter(district__in=scope.districts, id=plan_id).first()
    return _kept(row) if row and any(_meet(row.path, p) for p in scope.paths) else None


def of_rounds(scope: Scope, operations: Sequence[Operation]) -> dict[UUID, Kept]:
    """The plan of each round that has one, as `ids_of_rounds` finds it. At most 3 queries."""
    found = ids_of_rounds(scope, operations)
    rows = models.Plan.objects.filter(district__in=scope.districts, id__in=set(found.values()))
    there = {row.id: _kept(row) for row in rows} if found else {}
    return {operation: there[plan] for operation, plan in found.items()}


def ids_of_rounds(scope: Scope, operations: Sequence[Operation]) -> dict[UUID, UUID]:
    """The plan by which each round is sampled; no entry where there is none. At most 2 queries.

    It is the newest published version of the plan that was chosen for the round, else of the newest plan for
    its area or one above.
    """
    if not operations:
        return {}
    of = models.PlanOfRound.objects.filter(district__in=scope.districts)
    chosen = dict(of.filter(operation__in=[one.id for one in operations]).values_list("operation", "series"))
    around = {above for one in operations for above in reach.lineage(one.path)}
    published = models.Plan.objects.filter(
        Q(path__in=around) | Q(series__in=set(chosen.values())),
        district__in=scope.districts, published_at__isnull=False,
    ).order_by("series", "-version")  # fmt: skip
    rows = published.distinct("series").values_list("id", "series", "path", "made_at")
    newest = sorted(rows, key=lambda row: row[3], reverse=True)
    found: dict[UUID, UUID] = {}
    for one in operations:
        own = [plan for plan, series, _, _ in newest if series == chosen.get(one.id)]
        there = [plan for plan, _, path, _ in newest if covers(path, one.path)]
        if own or there:
            found[one.id] = (own or there)[0]
    return found


def rounds_of(kept: Kept) -> tuple[UUID, ...]:
    """The rounds that are sampled by this plan, the newest first. 1 query."""
    rows = models.PlanOfRound.objects.filter(district=kept.district, series=kept.series)
    return tuple(rows.order_by("-chosen_at").values_list("operation", flat=True)[:LISTED])


def versions(district: str, series: UUID) -> tuple[tuple[UUID, int, datetime, datetime | None], ...]:
    """All versions of a plan, newest first: id, number, when kept, when published. 1 query."""
    rows = models.Plan.objects.filter(district=district, series=series).order_by("-version")
    return tuple(rows.values_list("id", "version", "made_at", "published_at"))


def done(district: str, path: str, operation: UUID) -> Mapping[tuple[str, str], int]:
    """Persons who are done in a round by compound and building, inside the open scope. 1 query."""
    values = {**_below(path), "operation": operation}
    return {
        (row[0], row[1]): row[3] for row in _fetch("plan_frame", {**values, "district": district, **_STATES})
    }


_STATES = {"removed": int(State.REMOVED), "done": int(State.DONE)}


def _frame(district: str, path: str, operation: UUID) -> list[Counted]:
    values = {**_below(path), "district": district, "operation": operation, **_STATES}
    return [Counted(row[0], row[1], row[2]) for row in _fetch("plan_frame", values)]


def _register(path: str) -> list[Counted]:
    return [Counted(*row) for row in _fetch("plan_register", _below(path))]


def _doors(path: str, on: date) -> dict[tuple[str, str], tuple[int, int]]:
    values = {**_below(path), "on": on, "needs": list(OF_NEED), "isolated": list(isolated(path).doors)}
    return {(row[0], row[1]): (row[2], row[3]) for row in _fetch("plan_doors", values)}


def _heads(path: str, on: date, source: Source) -> dict[str, int]:
    """Counts of the area and below it; one from above would belong to others too."""
    kind = PopulationKind.LIVING if source is Source.LIVING else PopulationKind.REGISTERED
    values = {**_below(path), "on": on, "kind": kind.value}
    return dict(_fetch("plan_heads", values))


def _below(path: str) -> dict[str, Any]:
    return {"district": path.partition(".")[0], "path": path, "low": path + ".", "high": path + "/"}


def _meet(one: str, other: str) -> bool:
    return f"{one}.".startswith(f"{other}.") or f"{other}.".startswith(f"{one}.")


def _fetch(name: str, values: Mapping[str, Any]) -> Sequence[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sqlfiles.load(ROOM, name), values)
        return list(cursor.fetchall())


def _kept(row: models.Plan) -> Kept:
    return Kept(
        row.id, row.district, row.path, row.series, row.version, row.title, Source(row.source), row.operation,
        msgspec.convert(row.wishes, Wishes), msgspec.convert(row.zones, dict[str, Zone]),
        msgspec.convert(row.plan, Plan), msgspec.convert(row.plan["played"], Played),
        msgspec.convert(row.buildings, tuple[Counted, ...]),
        row.made_by, row.made_at, row.published_by, row.published_at,
    )  # fmt: skip
