"""Who is sampled at home, and in which order mobile teams drive there.

Routes are made by PyVRP, a fixed number of steps from a fixed seed, so that the same list gives the same
routes. It is imported when routes are asked for; without coordinates nothing is imported at all.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from importlib import import_module
from math import ceil, cos, hypot, radians
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

STEPS: Final = 300
MOST_SECONDS: Final = 5.0
SEED: Final = 84
METRES_PER_DEGREE: Final = 111_320
METRES_PER_MINUTE: Final = 250  # 15 km/h from gate to gate in closed streets: our assumption
DETOUR: Final = 1.3  # streets against the straight line: our assumption
LEAVING_OUT: Final = 1_000_000
MOST_TEAMS: Final = 60
MOST_TRIES: Final = 5


class Reason(StrEnum):
    """Why somebody is sampled at home (上门采样原因, S#84)."""

    INFANT = "infant"
    OVER_75 = "over_75"
    DISABLED = "disabled"
    BEDRIDDEN = "bedridden"
    NEAR_TERM = "pregnant_near_term"
    PREGNANT = "pregnant"
    DIALYSIS = "dialysis"
    ISOLATED = "isolated"


# What the registers of doors and of people call it. Where one does not say how near a birth is, somebody
# comes too: rather a visit too many than one too few.
OF_NEED: Final[Mapping[str, Reason]] = MappingProxyType(
    {
        "infant": Reason.INFANT,
        "elderly_alone": Reason.OVER_75,
        "over_75": Reason.OVER_75,
        "bedridden": Reason.BEDRIDDEN,
        "disabled": Reason.DISABLED,
        "near_term": Reason.NEAR_TERM,
        "pregnant": Reason.PREGNANT,
        "dialysis": Reason.DIALYSIS,
    }
)


class By(StrEnum):
    """How the order was made (排序方式)."""

    ROUTE = "route"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Visit:
    """One door with persons to be sampled there; degrees of its compound, where somebody entered them."""

    door: UUID
    area: str
    place: str
    label: str
    sort: str
    reasons: tuple[Reason, ...]
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True, slots=True)
class Crews:
    """How many teams, for how long, and how long a visit takes, in minutes."""

    n: int
    minutes: int = 480
    per_visit: int = 10


@dataclass(frozen=True, slots=True)
class Stop:
    """One visit of a route, minutes after the start of the day."""

    visit: Visit
    after_minutes: int


@dataclass(frozen=True, slots=True)
class Route:
    """What one team does, in order."""

    team: int
    stops: tuple[Stop, ...]
    metres: int


@dataclass(frozen=True, slots=True)
class Routes:
    """All routes, how they were ordered, and who is left over because the day is too short."""

    by: By
    routes: tuple[Route, ...]
    left_over: tuple[Visit, ...]
    without_place: int


Made = tuple[list[Route], list[Visit]]
Ordered = Callable[[Sequence[Visit], Crews], Made]


def reasons_of(needs: Iterable[str], *, isolated: bool = False) -> tuple[Reason, ...]:
    """Return why somebody behind a door is sampled at home; nothing where the door has no such need."""
    found = {OF_NEED[n] for n in needs if n in OF_NEED} | ({Reason.ISOLATED} if isolated else set())
    return tuple(r for r in Reason if r in found)


def latest(visit: Visit, crews: Crews) -> int:
    """Return by which minute of the day a visit begins: dialysis patients are fetched at noon (ours)."""
    last = crews.minutes - crews.per_visit
    return min(last, crews.minutes // 2) if Reason.DIALYSIS in visit.reasons else last


def visits_a_day(crews: Crews) -> int:
    """Return how many visits one team makes in a day, a quarter of it on the way (our assumption)."""
    return max(1, int(crews.minutes * 0.75 // crews.per_visit))


def teams_needed(n_visits: int, crews: Crews) -> int:
    """Return how many teams do so many visits in a day, where they do not lie far apart."""
    return ceil(n_visits / visits_a_day(crews))


def planned(visits: Sequence[Visit], *, per_visit: int, teams: int | None = None) -> tuple[Crews, Routes]:
    """Return the routes of so many teams; without a number, of as many as leave nobody over.

    It begins with what a list of that length needs. Where compounds lie far apart that is too few: then teams
    are added for who is left over, at most MOST_TEAMS in all and MOST_TRIES times.
    """
    n = teams if teams is not None else teams_needed(len(visits), Crews(1, per_visit=per_visit))
    for tries in range(1, MOST_TRIES + 1):
        crews = Crews(min(n, MOST_TEAMS), per_visit=per_visit)
        made = routes(visits, crews)
        if teams is not None or not made.left_over or n >= MOST_TEAMS or tries == MOST_TRIES:
            break
        n += teams_needed(len(made.left_over), crews)
    return crews, made


def routes(visits: Sequence[Visit], crews: Crews) -> Routes:
    """Return a route for each team. With a place missing anywhere, all go by address, and the page says so.

    Isolated people have teams of their own; a single team goes to them last, so that nobody carries anything
    from them to the old and the newborn (our assumption).
    Cost: 60 visits and 5 teams about a third of a second, 300 visits less than one second.
    """
    there = sorted(visits, key=_address)
    missing = sum(v.lon is None or v.lat is None for v in there)
    if not there or crews.n < 1:
        return Routes(By.ADDRESS, (), tuple(there), missing)
    ordered = _by_address if missing else _by_route
    apart = [v for v in there if Reason.ISOLATED in v.reasons]
    others = [v for v in there if Reason.ISOLATED not in v.reasons]
    theirs = _teams_apart(len(apart), len(there), crews.n)
    made, left = ordered(others, replace(crews, n=crews.n - theirs)) if others else ([], [])
    if apart and theirs:
        more, later = ordered(apart, replace(crews, n=theirs))
        made += [replace(r, team=r.team + crews.n - theirs) for r in more]
        left += later
    elif apart:
        made, later = _after(made, apart, crews, ordered)
        left += later
    by = By.ADDRESS if missing else By.ROUTE
    return Routes(by, tuple(made), tuple(sorted(left, key=_address)), missing)


def _teams_apart(n_apart: int, n_all: int, teams: int) -> int:
    """How many teams are for isolated people only: their share, at least one, and never all of several."""
    if not n_apart:
        return 0
    if n_apart == n_all:
        return teams
    return min(teams - 1, max(1, round(teams * n_apart / n_all)))


def _after(first: list[Route], apart: Sequence[Visit], crews: Crews, ordered: Ordered) -> Made:
    """One team does both: first all others, then the isolated."""
    begins = first[0].stops[-1].after_minutes + crews.per_visit if first else 0
    rest = max(0, crews.minutes - begins)
    if rest < crews.per_visit:
        return first, list(apart)
    then, left = ordered(apart, replace(crews, minutes=rest))
    later = tuple(replace(s, after_minutes=s.after_minutes + begins) for r in then for s in r.stops)
    stops = (first[0].stops if first else ()) + later
    metres = sum(r.metres for r in [*first, *then])
    return ([Route(1, stops, metres)] if stops else []), left


def _address(visit: Visit) -> tuple[str, str, str, str]:
    return (visit.area, visit.sort, visit.label, str(visit.door))


def _by_address(visits: Sequence[Visit], crews: Crews) -> Made:
    """Each team takes neighbours; within a team dialysis patients come first."""
    most = max(1, crews.minutes // crews.per_visit)
    low, more = divmod(len(visits), crews.n)
    made: list[Route] = []
    left: list[Visit] = []
    at = 0
    for team in range(crews.n):
        n = low + (1 if team < more else 0)
        own = sorted(visits[at : at + n], key=lambda v: latest(v, crews))
        at += n
        left += own[most:]
        stops = tuple(Stop(v, i * crews.per_visit) for i, v in enumerate(own[:most]))
        if stops:
            made.append(Route(team + 1, stops, 0))
    return made, left


def _by_route(visits: Sequence[Visit], crews: Crews) -> Made:
    vrp: Any = import_module("pyvrp")
    model = vrp.Model()
    middle = _middle([_metres(v) for v in visits])
    depot_at = model.add_location(*middle)
    there = {point: model.add_location(*point) for point in sorted({_metres(v) for v in visits})}
    depot = model.add_depot(depot_at)
    for visit in visits:
        model.add_client(
            there[_metres(visit)], delivery=1, service_duration=crews.per_visit,
            tw_late=latest(visit, crews), required=False, prize=LEAVING_OUT,
        )  # fmt: skip
    most = ceil(len(visits) / crews.n) + 1  # the teams are to be home at about the same time
    model.add_vehicle_type(crews.n, capacity=most, start_depot=depot, end_depot=depot)
    places = [(depot_at, middle), *((at, point) for point, at in there.items())]
    for one, a in places:
        for other, b in places:
            if one is not other:
                far = _street(a, b)
                model.add_edge(one, other, distance=far, duration=ceil(far / METRES_PER_MINUTE))
    enough = vrp.stop.MultipleCriteria([vrp.stop.MaxIterations(STEPS), vrp.stop.MaxRuntime(MOST_SECONDS)])
    return _read(model.solve(enough, seed=SEED, display=False).best, visits)


def _read(best: Any, visits: Sequence[Visit]) -> Made:
    made: list[Route] = []
    done: set[int] = set()
    for team, route in enumerate(best.routes(), 1):
        steps = [step for step in route.schedule() if step.is_client()]
        done |= {step.idx for step in steps}
        stops = tuple(Stop(visits[step.idx], int(step.start_time)) for step in steps)
        made.append(Route(team, stops, int(route.distance())))
    return made, [v for n, v in enumerate(visits) if n not in done]


def _metres(visit: Visit) -> tuple[int, int]:
    lon, lat = visit.lon or 0.0, visit.lat or 0.0
    return (round(lon * METRES_PER_DEGREE * cos(radians(lat))), round(lat * METRES_PER_DEGREE))


def _middle(points: Sequence[tuple[int, int]]) -> tuple[int, int]:
    return (sum(x for x, _ in points) // len(points), sum(y for _, y in points) // len(points))


def _street(a: tuple[int, int], b: tuple[int, int]) -> int:
    return round(hypot(a[0] - b[0], a[1] - b[1]) * DETOUR)
