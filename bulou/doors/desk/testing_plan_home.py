"""Sampling at home: the list from the needs of doors, the routes of the teams, to print."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bulou.access.terms import Verb
from bulou.doors.desk import frame, lists
from bulou.doors.desk.asking import DeskRequest, scope_for, whole
from bulou.doors.desk.figures import number
from bulou.doors.desk.testing_plan_words import REASONS
from bulou.doors.desk.testing_plans import the_plan
from bulou.grid import queries as grid
from bulou.grid.terms import Area, Level
from bulou.kernel import clock
from bulou.kernel.scope import Scope
from bulou.lines.testing.queries import home as queries
from bulou.lines.testing.queries.plans import Kept
from bulou.lines.testing.rules import home
from bulou.lines.testing.rules.home import By, Route, Visit


@dataclass(frozen=True, slots=True)
class StopRow:
    """One visit of a route."""

    at: datetime | None
    place: str
    label: str
    why: str


@dataclass(frozen=True, slots=True)
class RouteRow:
    """What one team does."""

    team: int
    stops: tuple[StopRow, ...]
    kilometres: str


@require_GET
def routes(request: DeskRequest, plan_id: UUID) -> HttpResponse:
    """Show and print who is sampled at home, team by team."""
    scope = scope_for(request, Verb.UNIT_VIEW)
    kept = the_plan(scope, plan_id)
    now = clock.now()
    today = clock.local_date(now)
    visits: list[Visit] = []
    without_door, nowhere = 0, 0
    for path in _paths(request, scope, kept):
        behind = queries.isolated(path)
        without_door += behind.without_door
        nowhere += queries.without_door(path)
        names = grid.tree_names(scope, {a.path for a in _compounds(scope, path)}, today)
        visits += queries.visits(path, today, names, behind)
    cut = len(visits) >= queries.MOST
    asked = whole(request.GET.get("teams", ""))
    teams = kept.wishes.home_teams if asked is None else asked
    crews, found = home.planned(visits[: queries.MOST], per_visit=kept.wishes.home_minutes, teams=teams)
    context = {
        "kept": kept,
        "teams": crews.n,
        "n": number(len(visits)),
        "routes": tuple(_route(r, kept) for r in found.routes),
        "left_over": tuple(_stop(v, None) for v in found.left_over),
        "by_address": found.by is By.ADDRESS and bool(visits),
        "without_place": found.without_place,
        "without_door": without_door,
        "nowhere": nowhere,
        "cut": cut,
        "most": queries.MOST,
    }
    return frame.page(request, "desk/testing_plans/home.html", context, title=_("Sampling at home"))


def _paths(request: DeskRequest, scope: Scope, kept: Kept) -> tuple[str, ...]:
    """The part of the plan's area that is looked at, inside what the officer may see."""
    asked = request.GET.get("area", "")
    inside = asked and (asked == kept.path or asked.startswith(f"{kept.path}."))
    top = asked if inside else kept.path
    if scope.covers(top):
        return (top,)
    return tuple(p for p in scope.paths if p.startswith(f"{top}."))


def _compounds(scope: Scope, path: str) -> tuple[Area, ...]:
    day = clock.local_date(clock.now())
    return grid.areas_below(scope, path, Level.COMPOUND, day)


def _route(route: Route, kept: Kept) -> RouteRow:
    start = kept.wishes.starts_at
    stops = tuple(_stop(s.visit, start + timedelta(minutes=s.after_minutes)) for s in route.stops)
    return RouteRow(route.team, stops, f"{route.metres / 1000:.1f}" if route.metres else "")


def _stop(visit: Visit, at: datetime | None) -> StopRow:
    return StopRow(at, visit.place, visit.label, lists.join(REASONS[r] for r in visit.reasons))
