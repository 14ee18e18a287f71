"""What a sampling station takes along: open testing rounds, and who can be found in an area."""

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from django.views.decorators.gzip import gzip_page
from ninja import Field, Query, Router, Schema
from ninja.decorators import decorate_view

from bulou.access.terms import Verb
from bulou.coverage.queries import accounts, rounds, units
from bulou.coverage.terms import State, Unit
from bulou.doors.api.auth import actor, scoped
from bulou.doors.api.schemas import PATH
from bulou.grid import queries as grid
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError
from bulou.lines.testing.terms import SLUG, TUBE_SLUG
from bulou.people.actions import reading
from bulou.people.terms import Asked, Findable, Purpose
from bulou.protocols import queries as protocols

router = Router(tags=["sampling"])
WHY = Asked(Purpose.TEST_ROUND)
ROUNDS = 20
AREAS = 300
LIMIT = 2_000
IN_FRAME = tuple(state for state in State if state is not State.REMOVED)


class PlaceOut(Schema):
    """A compound of a round, with how many people it has."""

    path: str
    name: str
    expected: int
    open: int


class RoundOut(Schema):
    """An open testing round with the compounds that this person works in."""

    operation: UUID
    protocol: str
    tube_protocol: str
    title: str
    areas: list[PlaceOut]


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


class PeopleOut(Schema):
    """A page of the people of an area; `next` goes on where it ends."""

    people: list[PersonOut]
    next: str | None


@router.get("", response=RoundsOut, operation_id="sampling_rounds", summary="Open rounds of a station")
def sampling_rounds(request: HttpRequest) -> RoundsOut:
    """Open rounds over people within the sender's areas, newest first, with their compounds."""
    with scoped(request, Verb.RECORD_SUBMIT) as scope:
        found, _ = rounds.operations(scope, protocol=SLUG, state="open", limit=ROUNDS)
        made = []
        for operation in found:
            tiles = accounts.tiles(scope, operation)[:AREAS]
            on = clock.local_date(operation.opens_at)
            names = grid.tree_names(scope, {tile.area for tile in tiles}, on)
            places = [
                PlaceOut(
                    path=one.area, name=names.get(one.area, one.area), expected=one.expected, open=one.open
                )
                for one in tiles
            ]
            made.append(
                RoundOut(
                    operation=operation.id, protocol=operation.protocol, title=operation.title, areas=places,
                    tube_protocol=protocols.latest(TUBE_SLUG).reference,
                )
            )  # fmt: skip
    return RoundsOut(rounds=made)


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
        found = rounds.operation(scope, operation)
        if not found.protocol.startswith(f"{SLUG}@") or found.closed_at is not None or not scope.covers(area):
            raise ProblemError("coverage.not_found", status=404)
        page = units.listed(scope, found, states=IN_FRAME, path=area, limit=LIMIT, cursor=cursor)
        known = reading.to_find(
            actor(request), [unit.subject for unit in page.items], WHY, salt=str(operation)
        )
        people = [_person(unit, known.get(unit.subject)) for unit in page.items]
    return PeopleOut(people=people, next=page.next)


def _person(unit: Unit, known: Findable | None) -> PersonOut:
    return PersonOut(
        id=unit.subject, path=unit.path, label=unit.label, building=unit.building,
        settled=unit.state in {State.DONE, State.EXCUSED, State.MOVED},
        name=known.name if known else "", initials=known.initials if known else "",
        tails=list(known.tails) if known else [], digest=known.digest if known else "",
    )  # fmt: skip
