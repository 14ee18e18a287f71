"""The words of isolation: sites, rooms, stays, households that stay at home (隔离)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid5

from bulou.kernel.problems import Entry as ProblemText


class Kind(StrEnum):
    """Record kinds of the line (隔离记录)."""

    SITE = "isolation.site"
    READINESS = "isolation.readiness"
    DUTY = "isolation.duty"
    TURNOVER = "isolation.turnover"
    HOME_CHECK = "isolation.home_check"
    EXPECTED = "isolation.expected"
    ARRIVED = "isolation.arrived"
    CHANGED_ROOM = "isolation.changed_room"
    RELEASED = "isolation.released"
    LEFT = "isolation.left"


ABOUT_SITE = (Kind.SITE, Kind.READINESS, Kind.DUTY)
ABOUT_STAY = (Kind.EXPECTED, Kind.ARRIVED, Kind.CHANGED_ROOM, Kind.RELEASED, Kind.LEFT)
READY = "site-readiness"
SUITABLE = "home-entry-check"
STAY_PROTOCOL = "hotel-isolation"
AGAINST_SIGNS = "decided_against_signs"
"""The question of the protocol in which an officer says why somebody is released against the records."""
HOME_PROTOCOL = "home-isolation"
REQUEST = "supply-request"
BREACH = "isolation-breach"
ESCORT = "escort-handover"
SITE_SUBJECT, ROOM_SUBJECT, STAY_SUBJECT, HOME_SUBJECT = (
    "isolation_site",
    "isolation_room",
    "stay",
    "dwelling",
)


class Group(StrEnum):
    """What somebody does at a site (隔离点分工): one head, and the groups beside."""

    HEAD = "head"
    INFECTION_CONTROL = "infection_control"
    HEALTH_OBSERVATION = "health_observation"
    INFORMATION = "information"
    SECURITY = "security"
    LOGISTICS = "logistics"
    TRANSFER = "transfer"
    HUMANE_CARE = "humane_care"
    RELIEF = "relief"


class DutyStep(StrEnum):
    """A duty is given, or it ends before its day (任免)."""

    GIVEN = "given"
    ENDED = "ended"


class Zone(StrEnum):
    """What a part of a site is for (三区); guests stay in the medical zone only."""

    LIVING = "living"
    SUPPLY = "supply"
    MEDICAL = "medical"


class Tidiness(StrEnum):
    """Whether one walks there with protection (清洁区、污染区)."""

    CLEAN = "clean"
    CONTAMINATED = "contaminated"


class RoomState(StrEnum):
    """Where a room stands (房间状态); from who is in it and what was done since the last one left."""

    FREE = "free"
    OCCUPIED = "occupied"
    TO_CLEAN = "to_clean"
    OUT_OF_USE = "out_of_use"


class Turnover(StrEnum):
    """What is done with a room (房间周转)."""

    DISINFECTED = "disinfected"
    INSPECTED = "inspected"
    OUT_OF_USE = "out_of_use"
    IN_USE = "in_use"


class Need(StrEnum):
    """What a guest needs of the room (住宿需求)."""

    BARRIER_FREE = "barrier_free"
    CARER = "carer"
    INFANT = "infant"


class Ground(StrEnum):
    """Why somebody stays (隔离依据): an act of law that is in force, or the own wish."""

    ACT = "act"
    CONSENT = "consent"


class StayState(StrEnum):
    """Where a stay stands (隔离状态)."""

    EXPECTED = "expected"
    STAYING = "staying"
    RELEASED = "released"
    GONE = "gone"
    NOT_COME = "not_come"


class Release(StrEnum):
    """How a stay comes to its end (解除方式): every condition holds, or nothing holds the person any more."""

    RELEASED = "released"
    FREED = "freed"


class Going(StrEnum):
    """How somebody leaves (离开方式)."""

    ESCORTED = "escorted"
    ALONE = "alone"
    HOSPITAL = "hospital"
    OTHER_SITE = "other_site"
    NOT_COME = "not_come"


OUT = frozenset({Going.HOSPITAL, Going.OTHER_SITE})
"""Ways out that need no release: somebody else looks after the person from then on."""


class SignKind(StrEnum):
    """What may mean that it went from guest to guest (交叉感染迹象), the nearest first."""

    SAME_ROOM = "same_room"
    SAME_FLOOR = "same_floor"
    OWN_BREACH = "own_breach"
    SITE_BREACH = "site_breach"
    SAME_SITE = "same_site"


@dataclass(frozen=True, slots=True)
class Check:
    """One readiness check of a site (启用前检查)."""

    id: UUID
    at: datetime
    passed: bool
    lacking: tuple[str, ...]
    valid_until: datetime | None
    author: UUID

    def holds(self, at: datetime) -> bool:
        """Whether people may be taken in at a moment, by this check."""
        return self.passed and self.at <= at and (self.valid_until is None or at < self.valid_until)


@dataclass(frozen=True, slots=True)
class Duty:
    """Who does what at a site, from a moment to a moment (在岗)."""

    id: UUID
    site: UUID
    account: UUID
    group: Group
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Room:
    """A room as the site's list has it (房间)."""

    id: UUID
    site: UUID
    number: str
    floor: int
    zone: Zone
    area: Tidiness
    beds: int
    barrier_free: bool


@dataclass(frozen=True, slots=True)
class Site:
    """What a site is told to be: its telephone, its rooms, its checks and who is on duty (隔离点)."""

    id: UUID
    district: str
    path: str
    phone: str
    rooms: tuple[Room, ...]
    checks: tuple[Check, ...]
    duties: tuple[Duty, ...]


@dataclass(frozen=True, slots=True)
class Turned:
    """What was done with a room: when it was last clean in the eyes of two people (周转记录)."""

    room: UUID
    district: str
    path: str
    disinfected_at: datetime | None
    clean_at: datetime | None
    out_of_use: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Night:
    """In which room a stay was, from a moment to a moment."""

    room: UUID
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Stay:
    """One person's isolation as its records make it (隔离)."""

    id: UUID
    district: str
    path: str
    person: UUID
    site: UUID | None
    home: UUID | None
    bus: str
    party: str
    needs: tuple[Need, ...]
    back_to: str
    regime: str
    phase: str
    counted_from: date
    ground: Ground
    due_at: datetime
    arrived_at: datetime | None
    released_at: datetime | None
    release: Release | None
    serial: str
    left_at: datetime | None
    going: Going | None
    record: UUID
    nights: tuple[Night, ...] = ()

    @property
    def state(self) -> StayState:
        """Where it stands."""
        if self.left_at is not None:
            return StayState.NOT_COME if self.going is Going.NOT_COME else StayState.GONE
        if self.released_at is not None:
            return StayState.RELEASED
        return StayState.EXPECTED if self.arrived_at is None else StayState.STAYING

    @property
    def watch(self) -> UUID:
        """The id of the watch of this stay; the same for whoever asks."""
        return watch_of(self.id)

    @property
    def room(self) -> UUID | None:
        """The room it is in now."""
        last = self.nights[-1] if self.nights else None
        return last.room if last is not None and last.until is None else None


@dataclass(frozen=True, slots=True)
class Home:
    """The file of a household that stays at home (一户一档): one door has one file, whoever opens it."""

    dwelling: UUID
    district: str
    path: str
    checked_at: datetime
    suitable: bool
    lacking: tuple[str, ...]
    residents: int
    author: UUID


@dataclass(frozen=True, slots=True)
class RoomRow:
    """A room as it stands now, with who is in it."""

    room: Room
    state: RoomState
    disinfected: bool
    reason: str
    guests: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """A site in one line: rooms by state, people, who answers, what is missing (床位看板)."""

    site: UUID
    ready: bool
    lacking: int
    head: UUID | None
    staff: int
    rooms: int
    free: int
    occupied: int
    to_clean: int
    out_of_use: int
    staying: int
    expected: int
    arriving: int
    leaving: int
    overdue: int
    early: int


def room_of(site: UUID, number: str) -> UUID:
    """The id of a room: made of site and number, so that two lists name the same room."""
    return uuid5(site, f"room:{number}")


def watch_of(stay: UUID) -> UUID:
    """The id of the watch of a stay."""
    return uuid5(stay, "watch")


def chain_of(stay: UUID) -> UUID:
    """The id of the way home of a stay."""
    return uuid5(stay, "way-home")


PROBLEMS = {
    "isolation.not_found": ProblemText(404, "There is no such site, room or stay."),
    "isolation.bad_payload": ProblemText(400, "The record does not say what it must: %(field)s."),
    "isolation.bad_outcome": ProblemText(409, "This is no result of such a record."),
    "isolation.no_site": ProblemText(409, "This place is no isolation site in the register."),
    "isolation.site_not_ready": ProblemText(
        409, "The site has not passed its readiness check, or the check is no longer valid. Nobody moves in."
    ),
    "isolation.not_expected": ProblemText(409, "Nobody has said that this person is to come."),
    "isolation.no_room": ProblemText(409, "The site has no such room."),
    "isolation.not_a_guest_room": ProblemText(409, "Guests stay in rooms of the medical zone only."),
    "isolation.room_not_free": ProblemText(
        409, "The room is not free: somebody is in it, it is not clean yet, or it is out of use."
    ),
    "isolation.no_act": ProblemText(
        409, "No act of law holds this person now. Order the measure first, or note the person's consent."
    ),
    "isolation.home_not_suitable": ProblemText(
        409, "The home has not passed the entry check. It is done first, at the door."
    ),
    "isolation.not_staying": ProblemText(409, "The person is not staying here now."),
    "isolation.cannot_release": ProblemText(
        409, "Not every condition of release holds yet. The page of the stay says which."
    ),
    "isolation.not_released": ProblemText(409, "Nobody has released the person yet."),
    "isolation.act_in_force": ProblemText(
        409, "An act of law still holds this person. Release needs every condition."
    ),
    "isolation.reason_missing": ProblemText(400, "Say why in words."),
    "isolation.too_many": ProblemText(422, "At most %(most)s rooms or persons fit in one list."),
}
