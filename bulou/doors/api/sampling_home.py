"""The route of a mobile team on its phone: doors in order, each with its time, its need and its people."""

from collections import defaultdict
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from django.views.decorators.gzip import gzip_page
from ninja import Field, Query, Router, Schema
from ninja.decorators import decorate_view

from bulou.access.terms import Verb
from bulou.coverage.queries import units
from bulou.coverage.terms import Operation, Unit
from bulou.doors.api import sampling
from bulou.doors.api.auth import scoped
from bulou.doors.api.schemas import PATH
from bulou.grid import queries as grid
from bulou.grid.terms import Level
from bulou.kernel import clock
from bulou.kernel.scope import Scope
from bulou.lines.testing.queries import home as queries
from bulou.lines.testing.queries import plans
from bulou.lines.testing.queries.plans import Kept
from bulou.lines.testing.rules import home
from bulou.lines.testing.rules.home import Crews, Route, Routes, Stop, Visit

router = Router(tags=["sampling"])


class TeamOut(Schema):
    """One team, and how many doors it has."""

    team: int
    stops: int


class StopOut(Schema):
    """One door of a route."""

    door: UUID
    path: str
    place: str
    label: str
    reasons: list[str] = Field(description="Why somebody there is sampled at home.")
    at: datetime = Field(description="When the team is expected there.")
    until: datetime = Field(description="When the visit begins at the latest.")
    people: list[sampling.PersonOut] = Field(description="Who of the round lives behind the door.")


class HomeOut(Schema):
    """The teams of an area, and the stops of the team that was asked for."""

    teams: list[TeamOut]
    left_over: int = Field(description="Doors for which the day is too short.")
    without_door: int = Field(description="Isolated people of whom no door is known.")
    stops: list[StopOut]


@router.get("", response=HomeOut, operation_id="sampling_home", summary="The route of a mobile team")
@decorate_view(gzip_page)
def sampling_home(
    request: HttpRequest,
    operation: UUID,
    area: Annotated[str, Query(pattern=PATH)],
    team: Annotated[int, Query(ge=0, le=home.MOST_TEAMS)] = 0,
) -> HomeOut:
    """Who is sampled at home in an area, by team; with `team` its stops in order. The same as at the desk.

    Only the stops of one team are handed out, with the people behind them; each look is logged.
    """
    with scoped(request, Verb.RECORD_SUBMIT) as scope:
        found = sampling.testing_round(scope, operation, area)
        plan = plans.of_rounds(scope, [found]).get(found.id)
        behind = queries.isolated(area)
        made, crews = _routes(scope, area, plan, behind)
        route = next((one for one in made.routes if one.team == team), None)
        return HomeOut(
            teams=[TeamOut(team=one.team, stops=len(one.stops)) for one in made.routes],
            left_over=len(made.left_over),
            without_door=behind.without_door,
            stops=_stops(request, scope, found, route, crews, _starts(found, plan)) if route else [],
        )


def _routes(scope: Scope, area: str, plan: Kept | None, behind: queries.Isolated) -> tuple[Routes, Crews]:
    today = clock.local_date(clock.now())
    compounds = {one.path for one in grid.areas_below(scope, area, Level.COMPOUND, today)}
    names = grid.tree_names(scope, compounds, today)
    visits = queries.visits(area, today, names, behind)
    minutes = plan.wishes.home_minutes if plan else Crews(1).per_visit
    crews, made = _made(visits, minutes, plan.wishes.home_teams if plan else None)
    return made, crews


@lru_cache(maxsize=64)
def _made(visits: tuple[Visit, ...], minutes: int, teams: int | None) -> tuple[Crews, Routes]:
    """The same list gives the same routes: forty teams of one area ask for them at once."""
    return home.planned(visits, per_visit=minutes, teams=teams)


def _starts(operation: Operation, plan: Kept | None) -> datetime:
    return plan.wishes.starts_at if plan else operation.opens_at


def _stops(
    request: HttpRequest, scope: Scope, operation: Operation, route: Route, crews: Crews, starts: datetime
) -> list[StopOut]:
    doors = {(stop.visit.area, stop.visit.label) for stop in route.stops}
    living: dict[tuple[str, str], list[Unit]] = defaultdict(list)
    for path in sorted({area for area, _ in doors}):
        for unit in _everybody(scope, operation, path):
            if (unit.area, unit.label) in doors:
                living[unit.area, unit.label].append(unit)
    listed = [unit for found in living.values() for unit in found]
    people = {one.id: one for one in sampling.findable(request, scope, operation, listed)}
    return [
        _stop(stop, starts, crews, [people[u.subject] for u in living[stop.visit.area, stop.visit.label]])
        for stop in route.stops
    ]


def _everybody(scope: Scope, operation: Operation, path: str) -> list[Unit]:
    found: list[Unit] = []
    cursor: str | None = None
    while True:
        page = units.listed(
            scope, operation, states=sampling.IN_FRAME, path=path, limit=sampling.LIMIT, cursor=cursor
        )
        found += page.items
        cursor = page.next
        if cursor is None:
            return found


def _stop(stop: Stop, starts: datetime, crews: Crews, people: list[sampling.PersonOut]) -> StopOut:
    visit = stop.visit
    return StopOut(
        door=visit.door, path=visit.area, place=visit.place, label=visit.label,
        reasons=[reason.value for reason in visit.reasons],
        at=starts + timedelta(minutes=stop.after_minutes),
        until=starts + timedelta(minutes=home.latest(visit, crews)), people=people,
    )  # fmt: skip
