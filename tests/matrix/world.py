"""One small district in which every address has something to show, and people who may and may not see it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from bulou.access import models
from bulou.access.terms import Actor, Role
from bulou.coverage.terms import Operation
from bulou.grid import models as grid
from bulou.kernel import clock, ids
from bulou.kernel.reach import whole
from bulou.kernel.scope import transaction
from tests.make import access as make
from tests.make import rounds
from tests.make.rounds import COMMUNITY, DISTRICT

NEXT_COMMUNITY = f"{DISTRICT}.001.006"
COMPOUND = f"{COMMUNITY}.c1"


@dataclass(frozen=True, slots=True)
class World:
    """What an address may name; all of it lies in COMMUNITY."""

    operation: Operation
    visit: UUID
    visited: UUID
    door: UUID
    device: UUID
    account: UUID
    today: date


def build() -> World:
    """Make the district: two communities, a round over the first, one visit and one phone."""
    with transaction(whole(DISTRICT)):
        doors = rounds.street().all_doors
        _next_community()
        operation = rounds.screening(path=COMMUNITY)
        worker = make.person("feng", Role.WORKER, COMMUNITY)
        phone = make.phone(worker)
        visit = rounds.visit(operation, doors[0])
        rounds.send(phone.actor, visit)
    return World(
        operation=operation,
        visit=UUID(visit["id"]),
        visited=doors[0],
        door=doors[1],
        device=phone.device_id,
        account=worker.account_id,
        today=clock.local_date(clock.now()),
    )


def somebody(role: Role, path: str = COMMUNITY, *, until: datetime | None = None) -> Actor:
    """Return a new person with a role; `until` may lie in the past."""
    name = f"{role.value}-{ids.short_code().lower()}"
    actor = make.person(name, role, path)
    if until is not None:
        models.Grant.objects.filter(account=actor.account_id).update(
            valid_from=until - timedelta(days=1), valid_until=until
        )
    return actor


def yesterday() -> datetime:
    """Return a moment that is over."""
    return clock.now() - timedelta(days=1)


def _next_community() -> None:
    grid.Area.objects.create(
        district=DISTRICT,
        area=ids.uuid7(),
        level="community",
        path=NEXT_COMMUNITY,
        name=NEXT_COMMUNITY,
        short_name=NEXT_COMMUNITY,
        kind="community",
        valid=grid.Area.objects.get(path=COMMUNITY).valid,
    )
