"""What a sampling station takes along: open testing rounds, and who can be found in an area."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from django.views.decorators.gzip import gzip_page
from ninja import Field, Query, Router, Schema
from ninja.decorators import decorate_view

from bulou.access import rules as access
from bulou.access.terms import Verb
from bulou.coverage.queries import accounts, rounds, units
from bulou.coverage.terms import Operation, State, Tile, Unit
from bulou.doors.api.auth import actor, scoped
from bulou.doors.api.schemas import PATH
from bulou.grid import queries as grid
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope
from bulou.lines.testing.queries import plans, tubes
from bulou.lines.testing.queries.plans import Kept
from bulou.lines.testing.rules.heads import zone_of
from bulou.lines.testing.rules.planning import POOLS, Zone
from bulou.lines.testing.terms import SLUG, TUBE_SLUG, Pooling, Result
from bulou.people.actions import reading
from bulou.people.terms import Asked, Findable, Purpose
from bulou.protocols import queries as protocols

router = Router(tags=["sampling"])
WHY = Asked(Purpose.TEST_ROUND)
ROUNDS = 20
AREAS = 300
LIMIT = 2_000
POSITIVE = 50
IN_FRAME = tuple(state for state in State if state is not State.REMOVED)
RULES = {1: Pooling.SINGLE, 5: Pooling.TEN, 10: Pooling.TEN, 20: Pooling.TWENTY}


class PlaceOut(Schema):
    """A compound of a round, with how many people it has and how they are pooled."""

    path: str
    name: str
    expected: int
    open: int
    zone: str = Field(description="By the published plan; empty where no plan says it.")
    rule: str = Field(description="How people are pooled there; empty where no plan says it.")
    size: int = Field(description="Most people in a tube there; 0 where no plan says it.")


class RouteAreaOut(Schema):
    """An area in which mobile teams drive."""

    path: str
    name: str


class RoundOut(Schema):
    """An open testing round with the compounds that this person works in."""

    operation: UUID
    protocol: str
    tube_protocol: str
    title: str
    areas: list[PlaceOut]
    routes: list[RouteAreaOut]


class RoundsOut(Schema):
    """Open testing rounds."""

    rounds: list[RoundOut]


class PersonOut(Schema):
    """Somebody of the round: a door, a masked name, and what a card or a telephone is matched with."""

    id: UUID
    path: str
    label: str
    building: str
    settled: bool = Field(description="Sampled, excused or moved already.")
    name: str = Field(description="Masked; empty where no name is held.")
    initials: str
    tails: list[str] = Field(description="The last four digits of telephones.")
    digest: str = Field(description="SHA-256 of round, colon, ID number: the first 32 hex digits.")
    again: str = Field(description="The positive or grey tube because of which to sample again, or nothing.")


class PeopleOut(Schema):
    """A page of the people of an area; `next` goes on where it ends."""

    people: list[PersonOut]
    next: str | None


@router.get("", response=RoundsOut, operation_id="sampling_rounds", summary="Open rounds of a station")
def sampling_rounds(request: HttpRequest) -> RoundsOut:
    """Open rounds over people within the sender's areas, newest first, with their compounds."""
    with scoped(request, Verb.RECORD_SUBMIT) as scope:
        found, _ = rounds.operations(scope, protocol=SLUG, state="open", limit=ROUNDS)
        planned = plans.of_rounds(scope, found)
        return RoundsOut(rounds=[_round(scope, one, planned.get(one.id)) for one in found])


def _round(scope: Scope, operation: Operation, plan: Kept | None) -> RoundOut:
    tiles = accounts.tiles(scope, operation)[:AREAS]
    pooling = partial(_pooling, plan)
    drives = within(scope, operation.path)
    paths = {tile.area for tile in tiles} | set(drives)
    names = grid.tree_names(scope, paths, clock.local_date(operation.opens_at))
    return RoundOut(
        operation=operation.id, protocol=operation.protocol, title=operation.title,
        areas=[_place(one, names.get(one.area, one.area), pooling(one.area)) for one in tiles],
        tube_protocol=protocols.latest(TUBE_SLUG).reference,
        routes=[RouteAreaOut(path=path, name=names.get(path, path)) for path in drives],
    )  # fmt: skip


def within(scope: Scope, path: str) -> list[str]:
    """The parts of an area in which this person works."""
    if scope.covers(path):
        return [path]
    return [one for one in scope.paths if access.covers(path, one)]


def _place(tile: Tile, name: str, pooling: tuple[str, str, int]) -> PlaceOut:
    zone, rule, size = pooling
    return PlaceOut(
        path=tile.area, name=name, expected=tile.expected, open=tile.open, zone=zone, rule=rule, size=size
    )


def _pooling(plan: Kept | None, area: str) -> tuple[str, str, int]:
    """Zone, rule and size there, by the plan."""
    if plan is None:
        return "", "", 0
    zone = zone_of(area, plan.zones, plan.zones.get("", Zone.OTHER))
    size = plan.wishes.pool_other if zone is Zone.OTHER else POOLS[zone]
    return zone.value, RULES.get(size, Pooling.TEN).value, size


@router.get("/people", response=PeopleOut, operation_id="sampling_people", summary="Who can be found there")
@decorate_view(gzip_page)
def sampling_people(
    request: HttpRequest,
    operation: UUID,
    area: Annotated[str, Query(pattern=PATH)],
    cursor: Annotated[str | None, Query(max_length=400)] = None,
) -> PeopleOut:
    """The people of a round in an area, in walking order, 2,000 a page; each look is logged."""
    with scoped(request, Verb.RECORD_SUBMIT) as scope:
        found = testing_round(scope, operation, area)
        page = units.listed(scope, found, states=IN_FRAME, path=area, limit=LIMIT, cursor=cursor)
        return PeopleOut(people=findable(request, scope, found, list(page.items)), next=page.next)


def testing_round(scope: Scope, operation: UUID, area: str) -> Operation:
    """An open testing round in an area of the sender's.

    Raises:
        ProblemError: coverage.not_found (404), the same for absent, closed and not yours.
    """
    found = rounds.operation(scope, operation)
    if not found.protocol.startswith(f"{SLUG}@") or found.closed_at is not None or not scope.covers(area):
        raise ProblemError("coverage.not_found", status=404)
    return found


def findable(request: HttpRequest, scope: Scope, operation: Operation, listed: list[Unit]) -> list[PersonOut]:
    """How these people can be found without a network; each look is logged. 4 queries and a few a tube."""
    subjects = [unit.subject for unit in listed]
    known = reading.to_find(actor(request), subjects, WHY, salt=str(operation.id))
    again = _to_repeat(scope, operation.id)
    return [_person(unit, known.get(unit.subject), again.get(unit.subject, "")) for unit in listed]


def _to_repeat(scope: Scope, operation: UUID) -> Mapping[UUID, str]:
    """Who lies in a pool that is not negative and has not been sampled again, by the barcode of the pool."""
    only = tubes.TubeFilter(not_negative=True)
    pools = tubes.tubes(scope, operation, only=only, limit=POSITIVE).items
    return {
        member.person: pool.barcode
        for pool in pools
        if pool.n > 1 or pool.result != Result.POSITIVE  # one person alone goes by the fever referral
        for member in tubes.members(scope, pool)
        if not member.again_in
    }


def _person(unit: Unit, known: Findable | None, again: str) -> PersonOut:
    return PersonOut(
        id=unit.subject, path=unit.path, label=unit.label, building=unit.building,
        settled=unit.state in {State.DONE, State.EXCUSED, State.MOVED},
        name=known.name if known else "", initials=known.initials if known else "",
        tails=list(known.tails) if known else [], digest=known.digest if known else "", again=again,
    )  # fmt: skip
