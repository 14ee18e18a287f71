"""What the medic of an isolation site takes along: who is to come, and the rooms as they stand."""

from datetime import datetime
from uuid import UUID

from ninja import Field, Schema

from bulou.access import queries as access
from bulou.access.terms import Actor, Verb
from bulou.doors.api.fieldwork import within
from bulou.grid import queries as grid
from bulou.grid.terms import SiteType
from bulou.kernel import clock
from bulou.kernel.scope import Scope
from bulou.lines.isolation.queries import sites as isolation
from bulou.lines.isolation.queries import stays
from bulou.lines.isolation.terms import Zone
from bulou.tasks import queries as tasks

MOST = 5  # a medic works at one site; who answers for many looks at the desk


class GuestOut(Schema):
    """Somebody who is to come to a site."""

    stay: UUID
    who: str = Field(description="The end of the person's number.")
    bus: str
    party: str = Field(description="The same for people who belong together.")
    needs: list[str]
    due_at: datetime


class RoomOut(Schema):
    """A room of the medical zone."""

    id: UUID
    number: str
    floor: int
    state: str
    disinfected: bool
    barrier_free: bool


class SiteOut(Schema):
    """An isolation site where this person works."""

    id: UUID
    name: str
    path: str
    guests: list[GuestOut]
    rooms: list[RoomOut]


def sites(actor: Actor, scope: Scope) -> list[SiteOut]:
    """The sites in the places where this person answers, or works. 2 queries; 3 more for each site."""
    held = within(scope, access.scope_of(actor, Verb.WATCH_RECORD))
    now = clock.now()
    found: list[SiteOut] = []
    for district in held.districts:
        duties = [p for p in tasks.duty_paths(district, actor.account_id, now) if held.covers(p)]
        for path in duties or [p for p in held.paths if p.split(".")[0] == district]:
            page = grid.sites(held, path, types=(SiteType.ISOLATION_SITE,), limit=MOST)
            found += [_site(held, district, one.site_id, one.name, one.path) for one in page.items]
    return found[:MOST]


def _site(scope: Scope, district: str, site: UUID, name: str, path: str) -> SiteOut:
    guests = [
        GuestOut(
            stay=one.id,
            who=one.person.hex[-6:],
            bus=one.bus,
            party=one.party,
            needs=[need.value for need in one.needs],
            due_at=one.due_at,
        )
        for one in stays.at_site(scope, site)
        if one.arrived_at is None
    ]
    rooms = [
        RoomOut(
            id=row.room.id,
            number=row.room.number,
            floor=row.room.floor,
            state=row.state.value,
            disinfected=row.disinfected,
            barrier_free=row.room.barrier_free,
        )
        for row in isolation.rooms(district, site)
        if row.room.zone is Zone.MEDICAL
    ]
    return SiteOut(id=site, name=name, path=path, guests=guests, rooms=rooms)
