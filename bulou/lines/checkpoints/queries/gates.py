"""Reads of the gates: posts, hours, holds, hand-overs, shifts beside their records, patrols."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, F, Q, Sum

from bulou.grid import queries as grid
from bulou.grid.terms import Site
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope
from bulou.lines.checkpoints import models
from bulou.lines.checkpoints.terms import (
    POST_TYPES,
    Direction,
    Handover,
    HourCount,
    Kind,
    Outcome,
    Passage,
    Patrol,
    PostDay,
    Reconciled,
    Shift,
    Walk,
)

MOST = 500


def posts(scope: Scope, path: str) -> tuple[Site, ...]:
    """Places at which people may stand, at or below a path, by path; 500 at most. 1 query."""
    return grid.sites(scope, path, types=POST_TYPES, limit=MOST).items


def hours(
    scope: Scope, start: datetime, end: datetime, *, path: str | None = None, post: UUID | None = None
) -> list[HourCount]:
    """Counts by post and hour, by time. Grain: one per post and hour with passages. 1 query."""
    rows = models.Hour.objects.filter(within(scope, path), hour__gte=start, hour__lt=end)
    if post:
        rows = rows.filter(post=post)
    return [
        HourCount(
            post=r.post, hour=r.hour, n=r.n, n_in=r.n_in, n_out=r.n_out, n_persons=r.n_persons,
            n_held=r.n_held, n_turned_back=r.n_turned_back, n_handed_over=r.n_handed_over,
            n_referred=r.n_referred, n_emergency=r.n_emergency,
        )
        for r in rows.order_by("hour", "post")
    ]  # fmt: skip


def passed(scope: Scope, start: datetime, end: datetime, *, path: str | None = None) -> tuple[int, int]:
    """How many passages and persons were counted at posts in a time. 1 query."""
    rows = models.Hour.objects.filter(within(scope, path), hour__gte=start, hour__lt=end)
    told = rows.aggregate(n=Sum("n"), persons=Sum("n_persons"))
    return told["n"] or 0, told["persons"] or 0


def holds(scope: Scope, *, path: str | None = None) -> list[Passage]:
    """People who are being held: a fever without a second measurement yet. Oldest first. 1 query."""
    rows = models.Passage.objects.filter(within(scope, path), outcome=Outcome.HELD)
    return [_passage(row) for row in rows.order_by("at", "id")[:MOST]]


def sent_on(scope: Scope, *, path: str | None = None) -> list[Passage]:
    """Passages handed over at posts of the scope that no receiver has accepted. Oldest first. 1 query."""
    rows = models.Passage.objects.filter(within(scope, path), outcome=Outcome.HANDED_OVER, accepted_at=None)
    return [_passage(row) for row in rows.order_by("at", "id")[:MOST]]


def to_receive(scope: Scope, *, path: str | None = None) -> list[Handover]:
    """Hand-overs to receivers in the scope that none has accepted. Oldest first. 1 query."""
    rows = models.Handover.objects.filter(within(scope, path), accepted_at=None)
    return [_handover(row) for row in rows.order_by("at", "id")[:MOST]]


def handover(scope: Scope, passage_id: UUID) -> Handover:
    """One hand-over as its receiver sees it. 1 query.

    Raises:
        ProblemError: checkpoints.not_found (404).
    """
    row = models.Handover.objects.filter(within(scope, None), id=passage_id).first()
    if row is None:
        raise ProblemError("checkpoints.not_found", status=404)
    return _handover(row)


def passage(scope: Scope, passage_id: UUID) -> Passage:
    """One passage. 1 query.

    Raises:
        ProblemError: checkpoints.not_found (404).
    """
    row = models.Passage.objects.filter(within(scope, None), id=passage_id).first()
    if row is None:
        raise ProblemError("checkpoints.not_found", status=404)
    return _passage(row)


def latest(scope: Scope, post: UUID, *, since: datetime, limit: int = 50) -> list[Passage]:
    """The last passages of a post, newest first. 1 query."""
    rows = models.Passage.objects.filter(within(scope, None), post=post, at__gte=since)
    return [_passage(row) for row in rows.order_by("-at", "-id")[:limit]]


def shifts(
    scope: Scope, start: datetime, end: datetime, *, path: str | None = None, open_only: bool = False
) -> list[Reconciled]:
    """Shifts that overlap a time, each beside what its records count. By opening. 2 queries."""
    reach = Q(opened_at__lt=end) & (Q(closed_at__isnull=True) | Q(closed_at__gte=start))
    rows = models.Shift.objects.filter(within(scope, path), reach)
    if open_only:
        rows = rows.filter(closed_at=None)
    found = [_shift(row) for row in rows.order_by("opened_at", "id")[:MOST]]
    counted = _counts(scope, [one.id for one in found])
    return [Reconciled(one, *counted.get(one.id, (0, 0))) for one in found]


def post_days(scope: Scope, on: date, *, path: str | None = None) -> list[PostDay]:
    """What each post did on a day: minutes with a shift, passages, persons. By post. 2 queries."""
    start, end = clock.day_bounds(on)
    reach = Q(opened_at__lt=end) & (Q(closed_at__isnull=True) | Q(closed_at__gt=start))
    spans: dict[UUID, list[tuple[datetime, datetime]]] = {}
    now = clock.now()
    for row in models.Shift.objects.filter(within(scope, path), reach):
        until = min(row.closed_at or now, end)
        spans.setdefault(row.post, []).append((max(row.opened_at or until, start), until))
    counted: dict[UUID, tuple[int, int]] = {}
    for one in hours(scope, start, end, path=path):
        n, persons = counted.get(one.post, (0, 0))
        counted[one.post] = (n + one.n, persons + one.n_persons)
    return [
        PostDay(post, _minutes(spans.get(post, ())), *counted.get(post, (0, 0)))
        for post in sorted({*spans, *counted})
    ]


def patrols(scope: Scope, on: date, *, path: str | None = None) -> list[Walk]:
    """Patrols that began on a day, by time. Grain: one per patrol. 1 query."""
    start, end = clock.day_bounds(on)
    rows = models.Walk.objects.filter(within(scope, path), at__gte=start, at__lt=end)
    return [
        Walk(
            id=r.id, district=r.district, path=r.path, at=r.at, minutes=r.minutes, outcome=Patrol(r.outcome),
            n_told=r.n_told, author=r.author, team=r.team, record=r.record,
        )
        for r in rows.order_by("at", "id")
    ]  # fmt: skip


def within(scope: Scope, path: str | None) -> Q:
    """Rows of the scope, and of a path inside it."""
    condition = Q(district__in=scope.districts) & _below(scope.paths)
    return condition & _below((path,)) if path else condition


def _below(paths: Sequence[str]) -> Q:
    condition = Q(pk__in=())
    for path in paths:
        condition |= Q(path=path) | Q(path__gte=f"{path}.", path__lt=f"{path}/")
    return condition


def _counts(scope: Scope, shift_ids: Sequence[UUID]) -> Mapping[UUID, tuple[int, int]]:
    if not shift_ids:
        return {}
    rows = models.Passage.objects.filter(district__in=scope.districts, shift__in=shift_ids)
    grouped = rows.values("shift").annotate(n=Count("id"), persons=Sum("n_persons")).order_by(F("shift"))
    return {row["shift"]: (row["n"], row["persons"]) for row in grouped if row["shift"]}


def _minutes(spans: Sequence[tuple[datetime, datetime]]) -> int:
    """Minutes covered by at least one span."""
    total, reached = 0.0, None
    for start, end in sorted(spans):
        begin = start if reached is None or start > reached else reached
        if end > begin:
            total += (end - begin).total_seconds()
            reached = end
    return round(total / 60)


def _passage(row: models.Passage) -> Passage:
    return Passage(
        id=row.id, district=row.district, path=row.path, kind=Kind(row.kind), post=row.post, shift=row.shift,
        at=row.at, direction=Direction(row.direction), vehicle=row.vehicle, n_persons=row.n_persons,
        origin=row.origin, purpose=row.purpose, outcome=Outcome(row.outcome), was_held=row.was_held,
        temperature_c=row.temperature_c, recheck_c=row.recheck_c, seconds=row.seconds,
        plate_tag=row.plate_tag, pass_tag=row.pass_tag, key_on=row.key_on, to_path=row.to_path,
        author=row.author, record=row.record, left_at=row.left_at,
        accepted_at=row.accepted_at,
    )  # fmt: skip


def _handover(row: models.Handover) -> Handover:
    return Handover(
        id=row.id, path=row.path, from_path=row.from_path, post=row.post, at=row.at, n_persons=row.n_persons,
        accepted_at=row.accepted_at,
    )  # fmt: skip


def _shift(row: models.Shift) -> Shift:
    return Shift(
        id=row.id, district=row.district, path=row.path, post=row.post, opened_at=row.opened_at,
        closed_at=row.closed_at, opened_by=row.opened_by, team=row.team, n_staff=row.n_staff,
        told_passages=row.told_passages, told_persons=row.told_persons, record=row.record,
    )  # fmt: skip
