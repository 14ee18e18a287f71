"""Reads of tubes: one, lists, who lies in one, what happened to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from bulou.kernel import paging
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope
from bulou.lines.testing import models
from bulou.lines.testing.terms import POSITIVE, Event, Kind, Stage, Tube


@dataclass(frozen=True, slots=True)
class TubeFilter:
    """Which tubes a list shows; every part that is set must hold."""

    path: str | None = None
    stages: tuple[Stage, ...] = ()
    site: str | None = None
    not_negative: bool = False


ALL = TubeFilter()


@dataclass(frozen=True, slots=True)
class TubePage:
    """A page of tubes, the longest begun first; `total` counts the whole filtered list."""

    items: tuple[Tube, ...]
    next: str | None
    total: int


@dataclass(frozen=True, slots=True)
class Member:
    """One person in a tube (管内人员): counted or not, and what became of a second sample."""

    person: UUID
    path: str
    position: int | None
    at: datetime
    counts: bool
    again_in: str
    """Barcode of the tube of the second sample; empty where there is none yet."""
    again_result: str


def paths(district: str, subjects: Sequence[UUID]) -> dict[UUID, str]:
    """Where these tubes stand; unknown ones are left out. 1 query."""
    rows = models.Tube.objects.filter(district=district, id__in=list(subjects))
    return dict(rows.values_list("id", "path"))


def tube(scope: Scope, tube_id: UUID) -> Tube:
    """One tube. 1 query.

    Raises:
        ProblemError: testing.no_such_tube (404), the same for absent and not yours.
    """
    row = models.Tube.objects.filter(id=tube_id, district__in=scope.districts).first()
    if row is None or not scope.covers(row.path):
        raise ProblemError("testing.no_such_tube", status=404)
    return _tube(row)


def tubes(
    scope: Scope, operation: UUID, *, only: TubeFilter = ALL, cursor: str | None = None, limit: int = 50
) -> TubePage:
    """A page of the tubes of a round, the longest begun first. Grain: one per tube. 2 queries."""
    rows = _filtered(scope, operation, only)
    page = rows.order_by("first_at", "id")
    if cursor:
        at, last = _position(cursor)
        page = page.filter(Q(first_at__gt=at) | Q(first_at=at, id__gt=last))
    items = list(page[: limit + 1])
    shown = items[:limit]
    more = len(items) > limit
    after = paging.encode(shown[-1].first_at.isoformat(), str(shown[-1].id)) if more else None
    return TubePage(tuple(_tube(row) for row in shown), after, rows.count())


def by_barcode(district: str, codes: Sequence[str]) -> dict[str, list[Tube]]:
    """The tubes with these barcodes, of all rounds, the newest first. 1 query."""
    found: dict[str, list[Tube]] = {}
    rows = models.Tube.objects.filter(district=district, barcode__in=list(codes))
    for row in rows.order_by("-first_at", "-id"):
        found.setdefault(row.barcode, []).append(_tube(row))
    return found


def members(scope: Scope, one: Tube) -> tuple[Member, ...]:
    """Everybody whose swab lies in the tube, in its order, with their second samples. 3 queries.

    A doubtful sample is here too: the swab lies there. Only people of the scope's areas.
    """
    district = one.path.partition(".")[0]
    lying = models.Sample.objects.filter(district=district, tube=one.id).order_by("position", "at", "id")
    mine = [row for row in lying if scope.covers(row.path)]
    again = {
        row.person: row
        for row in models.Sample.objects.filter(
            district=district, operation=one.operation, of_tube=one.id, person__in=[r.person for r in mine]
        ).order_by("at", "id")
    }
    results = dict(
        models.Tube.objects.filter(
            district=district, id__in={row.tube for row in again.values()}
        ).values_list("id", "result")
    )
    seen: dict[UUID, Member] = {}
    for row in mine:
        second = again.get(row.person)
        seen.setdefault(
            row.person,
            Member(
                row.person, row.path, row.position, row.at, row.counts, second.barcode if second else "",
                results.get(second.tube, "") if second else "",
            ),
        )  # fmt: skip
    return tuple(seen.values())


def timeline(one: Tube) -> tuple[Event, ...]:
    """What happened to the tube, in order. 1 query."""
    rows = models.Event.objects.filter(district=one.path.partition(".")[0], tube=one.id)
    return tuple(
        Event(
            record=row.record, operation=row.operation, tube=row.tube, barcode=row.barcode, path=row.path,
            kind=Kind(row.kind), outcome=row.outcome, n=row.n, bag=row.subject, who=row.who,
            reason=row.reason, at=row.at, author=row.author,
        )
        for row in rows.order_by("at", "record")
    )  # fmt: skip


def of_person(scope: Scope, person: UUID) -> tuple[tuple[datetime, Tube], ...]:
    """In which tubes somebody lies, newest first, for the page of the person. 2 queries."""
    rows = models.Sample.objects.filter(district__in=scope.districts, person=person).order_by("-at")[:50]
    lying = [row for row in rows if scope.covers(row.path)]
    found = {row.id: row for row in models.Tube.objects.filter(id__in=[row.tube for row in lying])}
    return tuple((row.at, _tube(found[row.tube])) for row in lying if row.tube in found)


def _filtered(scope: Scope, operation: UUID, only: TubeFilter) -> "QuerySet[models.Tube]":
    rows = models.Tube.objects.filter(below(scope.paths), district__in=scope.districts, operation=operation)
    if only.path:
        rows = rows.filter(below((only.path,)))
    if only.stages:
        rows = rows.filter(stage__in=only.stages)
    if only.site is not None:
        rows = rows.filter(site=only.site)
    return rows.filter(result__in=sorted(POSITIVE)) if only.not_negative else rows


def below(paths: Sequence[str]) -> Q:
    """The rows at or below these areas."""
    condition = Q(pk__in=())
    for path in paths:
        condition |= Q(path=path) | Q(path__gte=f"{path}.", path__lt=f"{path}/")
    return condition


def _position(cursor: str) -> tuple[datetime, UUID]:
    try:
        at, last = paging.decode(cursor)
        return datetime.fromisoformat(at), UUID(last)
    except ValueError:
        raise ProblemError("paging.bad_cursor", status=400) from None


def _tube(row: models.Tube) -> Tube:
    return Tube(
        id=row.id, operation=row.operation, barcode=row.barcode, path=row.path, site=row.site,
        table=row.place, size=row.size, rule=row.rule, n=row.n, first_at=row.first_at,
        sealed_at=row.sealed_at, n_sealed=row.n_sealed, taken_at=row.taken_at, received_at=row.received_at,
        resulted_at=row.resulted_at, result=row.result, reason=row.reason, stage=Stage(row.stage),
    )  # fmt: skip
