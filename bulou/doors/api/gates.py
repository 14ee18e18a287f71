"""What the gates of an area did on a day: counts, no names, no plates."""

from collections.abc import Sequence
from datetime import date as day
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema

from bulou.access.terms import Verb
from bulou.doors.api.auth import scoped
from bulou.doors.api.schemas import PATH
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError
from bulou.lines.checkpoints.queries import gates
from bulou.lines.checkpoints.rules import days
from bulou.lines.checkpoints.terms import HourCount, Walk

router = Router(tags=["gates"])
STREET = 2


class PostOut(Schema):
    """One post on the day."""

    id: UUID
    name: str
    type: str
    path: str
    minutes_staffed: int
    passages: int
    persons: int


class PatrolOut(Schema):
    """The patrols of one street."""

    path: str
    n: int
    first: str
    last: str
    hours_without: int
    n_told: int


class DayOut(Schema):
    """The gates of an area on a day."""

    date: day
    area: str
    posts: list[PostOut]
    passages: int
    persons: int
    held: int
    turned_back: int
    handed_over: int
    referred: int
    emergency: int
    held_now: int
    not_accepted_now: int
    shifts_that_disagree: int
    patrols: list[PatrolOut]


@router.get("/day", response=DayOut, operation_id="gates_day", summary="What the gates did on a day")
def gates_day(
    request: HttpRequest, date: day, area: Annotated[str, Query(pattern=PATH, max_length=255)]
) -> DayOut:
    """Counts from records only. `held_now` and `not_accepted_now` speak of this moment, not of the day."""
    with scoped(request, Verb.GATE_VIEW) as scope:
        if not scope.covers(area):
            raise ProblemError("access.not_found", status=404)
        start, end = clock.day_bounds(date)
        posts = gates.posts(scope, area)
        done = {one.post: one for one in gates.post_days(scope, date, path=area)}
        hours = gates.hours(scope, start, end, path=area)
        shifts = gates.shifts(scope, start, end, path=area)
        walks = gates.patrols(scope, date, path=area)
        held, sent = len(gates.holds(scope, path=area)), len(gates.sent_on(scope, path=area))
    return DayOut(
        date=date, area=area,
        posts=[
            PostOut(
                id=p.site_id, name=p.name, type=p.type.value, path=p.path,
                minutes_staffed=done[p.site_id].minutes_staffed if p.site_id in done else 0,
                passages=done[p.site_id].n if p.site_id in done else 0,
                persons=done[p.site_id].n_persons if p.site_id in done else 0,
            )
            for p in posts
        ],
        passages=_sum(hours, "n"), persons=_sum(hours, "n_persons"), held=_sum(hours, "n_held"),
        turned_back=_sum(hours, "n_turned_back"), handed_over=_sum(hours, "n_handed_over"),
        referred=_sum(hours, "n_referred"), emergency=_sum(hours, "n_emergency"), held_now=held,
        not_accepted_now=sent,
        shifts_that_disagree=sum(1 for s in shifts if s.shift.closed_at and not s.agrees),
        patrols=_patrols(walks, date),
    )  # fmt: skip


def _sum(hours: Sequence[HourCount], key: str) -> int:
    return sum(getattr(hour, key) for hour in hours)


def _patrols(walks: Sequence[Walk], date: day) -> list[PatrolOut]:
    start, _ = clock.day_bounds(date)
    by_street: dict[str, list[Walk]] = {}
    for walk in walks:
        by_street.setdefault(".".join(walk.path.split(".")[:STREET]), []).append(walk)
    told = []
    for street, mine in sorted(by_street.items()):
        first, last, missing = days.reach(days.hours_walked(mine, start))
        told.append(
            PatrolOut(
                path=street, n=len(mine), first=first, last=last, hours_without=missing,
                n_told=sum(walk.n_told for walk in mine),
            )
        )  # fmt: skip
    return told
