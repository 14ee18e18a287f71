"""What the medic of an isolation site takes along: people to come and there, rooms; and homes to check."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Final
from uuid import UUID

from ninja import Field, Schema

from bulou.access import queries as access
from bulou.access.terms import Actor, Verb
from bulou.doors.api.fieldwork import within
from bulou.grid import queries as grid
from bulou.grid.terms import SiteType
from bulou.kernel import clock, reach
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope
from bulou.lines.isolation.queries import sites as isolation
from bulou.lines.isolation.queries import stays
from bulou.lines.isolation.terms import RoomRow, Stay, Zone, watch_of
from bulou.people.queries import found as people
from bulou.protocols import queries as protocols
from bulou.tasks import queries as tasks

MOST = 5  # a medic works at one site; who answers for many looks at the desk
MOST_HOMES = 200
CHECK: Final = "home-entry-check"
GOODS: Final = "goods-handover"
NEEDS: Final = ("supply-request", "isolation-breach")


class GuestOut(Schema):
    """Somebody who is to come to a site."""

    stay: UUID
    who: str = Field(description="The end of the person's number.")
    bus: str
    party: str = Field(description="The same for people who belong together.")
    needs: list[str]
    due_at: datetime


class StayOut(Schema):
    """Somebody who lives at a site, by the room."""

    stay: UUID
    watch: UUID
    who: str = Field(description="The end of the person's number.")
    room: str
    needs: list[str]
    released: bool


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
    staying: list[StayOut]
    rooms: list[RoomOut]


class HomeOut(Schema):
    """A door behind which somebody is isolated, or is to be."""

    dwelling: UUID
    path: str
    place: str
    door: str
    persons: int
    due_at: datetime
    checked_at: datetime | None
    suitable: bool | None = Field(description="By the last entry check; null before the first.")


def sites(actor: Actor, scope: Scope) -> list[SiteOut]:
    """The sites in the places where this person answers, or works. 2 queries; 3 more for each site."""
    held = within(scope, access.scope_of(actor, Verb.WATCH_RECORD))
    found: list[SiteOut] = []
    for path in _places(actor, held):
        page = grid.sites(held, path, types=(SiteType.ISOLATION_SITE,), limit=MOST)
        found += [_site(held, path.partition(".")[0], one.site_id, one.name, one.path) for one in page.items]
    return found[:MOST]


def homes(actor: Actor, scope: Scope) -> list[HomeOut]:
    """Doors of isolation at home where this person answers, or works. 4 queries a place; 1 where is none."""
    held = within(scope, access.scope_of(actor, Verb.WATCH_RECORD))
    found: list[HomeOut] = []
    for path in _places(actor, held):
        here = [one for one in stays.at_home(held, path=path) if one.home is not None]
        found += _homes(held, path, here[:MOST_HOMES]) if here else []
    return found[:MOST_HOMES]


def forms(actor: Actor, listed: Iterable[SiteOut | HomeOut], *, slots: bool) -> set[str]:
    """The protocols by which something is asked for, a breach told, a home checked."""
    around = list(listed)
    asked: list[str] = []
    if (around or slots) and access.scope_of(actor, Verb.CASE_OPEN).paths:
        asked += NEEDS
    if any(isinstance(one, HomeOut) for one in around):
        asked.append(CHECK)
    if any(isinstance(one, SiteOut) for one in around) and access.scope_of(actor, Verb.CUSTODY_OPEN).paths:
        asked.append(GOODS)
    used: set[str] = set()
    for slug in asked:
        with suppress(ProblemError):  # a district without it has no such forms
            used.add(str(protocols.latest(slug).reference))
    return used


def _places(actor: Actor, held: Scope) -> list[str]:
    """Where somebody answers by name; without that, where the role works."""
    now = clock.now()
    found: list[str] = []
    for district in held.districts:
        duties = [p for p in tasks.duty_paths(district, actor.account_id, now) if held.covers(p)]
        found += duties or [p for p in held.paths if p.split(".")[0] == district]
    return found


def _homes(scope: Scope, path: str, here: list[Stay]) -> list[HomeOut]:
    district = path.partition(".")[0]
    by_door: dict[UUID, list[Stay]] = defaultdict(list)
    for one in here:
        assert one.home is not None  # noqa: S101 - the caller has looked
        by_door[one.home].append(one)
    files = {one.dwelling: one for one in stays.homes(scope, path=path)}
    doors = grid.floors(district, list(by_door))
    labels = {who: placed.label for who, placed in people.homes(district, [s.person for s in here]).items()}
    names = grid.tree_names(scope, {one.path for one in here}, clock.local_date(clock.now()))
    made = []
    for dwelling, living in by_door.items():
        file = files.get(dwelling)
        door = next(filter(None, (labels.get(one.person) for one in living)), "")
        made.append(
            HomeOut(
                dwelling=dwelling, path=living[0].path, place=reach.spelled(living[0].path, names),
                door=door or doors.get(dwelling, (None, ""))[1], persons=len(living),
                due_at=min(one.due_at for one in living), checked_at=file.checked_at if file else None,
                suitable=file.suitable if file else None,
            )
        )  # fmt: skip
    return made


def _site(scope: Scope, district: str, site: UUID, name: str, path: str) -> SiteOut:
    listed = isolation.rooms(district, site)
    numbers = {row.room.id: row.room.number for row in listed}
    there = stays.at_site(scope, site)
    rooms = [_room(row) for row in listed if row.room.zone is Zone.MEDICAL]
    guests = [_guest(one) for one in there if one.arrived_at is None]
    staying = [_staying(one, numbers) for one in there if one.arrived_at is not None]
    return SiteOut(id=site, name=name, path=path, guests=guests, staying=staying, rooms=rooms)


def _guest(one: Stay) -> GuestOut:
    return GuestOut(
        stay=one.id, who=one.person.hex[-6:], bus=one.bus, party=one.party,
        needs=[need.value for need in one.needs], due_at=one.due_at,
    )  # fmt: skip


def _staying(one: Stay, numbers: Mapping[UUID, str]) -> StayOut:
    return StayOut(
        stay=one.id, watch=watch_of(one.id), who=one.person.hex[-6:],
        room=numbers.get(one.room, "") if one.room else "", needs=[need.value for need in one.needs],
        released=one.released_at is not None,
    )  # fmt: skip


def _room(row: RoomRow) -> RoomOut:
    return RoomOut(
        id=row.room.id, number=row.room.number, floor=row.room.floor, state=row.state.value,
        disinfected=row.disinfected, barrier_free=row.room.barrier_free,
    )  # fmt: skip
