"""The words of checkpoints: passages, shifts, patrols, household passes (卡点、通行、出入证)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from bulou.grid.terms import SiteType
from bulou.kernel.problems import Entry as ProblemText


class Kind(StrEnum):
    """Record kinds of the line (卡点记录)."""

    SHIFT = "checkpoint.shift"
    PASSAGE = "checkpoint.passage"
    HOUSEHOLD_ENTRY = "checkpoint.household_entry"
    VISITOR = "checkpoint.visitor"
    RECHECK = "checkpoint.recheck"
    RECEIVED = "checkpoint.received"
    PATROL = "checkpoint.patrol"


PASSING = (Kind.PASSAGE, Kind.HOUSEHOLD_ENTRY, Kind.VISITOR)
"""Kinds that are one passage each; the others speak about a passage, a shift or a patrol."""


class Direction(StrEnum):
    """Into the guarded area or out of it (进出方向)."""

    IN = "in"
    OUT = "out"


class Outcome(StrEnum):
    """How a passage stands (通行结果); a visitor's own words are entered and left (来访)."""

    ADMITTED = "admitted"
    TURNED_BACK = "turned_back"
    HANDED_OVER = "handed_over"
    HELD = "held"
    REFERRED = "referred"
    EMERGENCY = "emergency"
    ENTERED = "entered"
    LEFT = "left"


class Acceptance(StrEnum):
    """What the receiving side says to a hand-over (接收结果)."""

    ACCEPTED = "accepted"
    REFUSED = "refused"


class ShiftStep(StrEnum):
    """The two ends of a shift (交接班)."""

    OPENED = "opened"
    CLOSED = "closed"


class Patrol(StrEnum):
    """How a patrol ended (巡查结果)."""

    CLEAR = "clear"
    FOUND = "found"


class PassState(StrEnum):
    """What holds for a household pass today (出入证状态)."""

    VALID = "valid"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    REVOKED = "revoked"


OUTCOMES = {
    Kind.PASSAGE: frozenset(
        {
            Outcome.ADMITTED, Outcome.TURNED_BACK, Outcome.HANDED_OVER, Outcome.HELD, Outcome.REFERRED,
            Outcome.EMERGENCY,
        }
    ),
    Kind.HOUSEHOLD_ENTRY: frozenset({Outcome.ADMITTED, Outcome.TURNED_BACK, Outcome.HELD}),
    Kind.VISITOR: frozenset({Outcome.ENTERED, Outcome.LEFT, Outcome.TURNED_BACK, Outcome.HELD}),
    Kind.RECHECK: frozenset({Outcome.ADMITTED, Outcome.TURNED_BACK, Outcome.REFERRED}),
    Kind.RECEIVED: frozenset(Acceptance),
    Kind.SHIFT: frozenset(ShiftStep),
    Kind.PATROL: frozenset(Patrol),
}  # fmt: skip

FEVER_C = 37.3
"""At or above it a person is not let through before a second measurement; source P-80, P-82."""

RETENTION = timedelta(days=14)
"""How long a passage can be tied to a vehicle or a person; source: retention clocks, checkpoint passage."""
KEY_DAYS_AHEAD = 1
"""A phone takes tomorrow's key along too: a night shift crosses midnight, perhaps without a network."""
HOLD_LATE = timedelta(minutes=15)
HANDOVER_LATE = timedelta(hours=1)
"""When a hold and a hand-over nobody accepted are late; source: protocol checkpoint-passage, escalate."""

POST_TYPES = (
    SiteType.CHECKPOINT, SiteType.HIGHWAY_GATE, SiteType.TOLL_STATION, SiteType.BRIDGE, SiteType.CROSSROADS,
    SiteType.HIGH_SPEED_STATION, SiteType.RAILWAY_STATION, SiteType.BUS_STATION, SiteType.AIRPORT,
    SiteType.VILLAGE_ENTRANCE, SiteType.DISSUASION_STATION, SiteType.COMPOUND_GATE,
)  # fmt: skip
"""Sites at which people stand and ask; source S#53."""

MOST_PASSES_AT_ONCE = 2_000
MOST_PER_HOUSEHOLD = 9
LONGEST_VALIDITY = timedelta(days=62)
SERIAL_LENGTH = 10


@dataclass(frozen=True, slots=True)
class Passage:
    """One passage as it stands (通行). Nothing in it names a person or a vehicle."""

    id: UUID
    district: str
    path: str
    kind: Kind
    post: UUID
    shift: UUID | None
    at: datetime
    direction: Direction
    vehicle: str
    n_persons: int
    origin: str
    purpose: str
    outcome: Outcome
    was_held: bool
    temperature_c: float | None
    recheck_c: float | None
    seconds: int
    plate_tag: str
    pass_tag: str
    key_on: date | None
    to_path: str
    author: UUID
    record: UUID
    left_at: datetime | None = None
    accepted_at: datetime | None = None
    accepted_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class Shift:
    """One shift at a post; the counts are what its people say on leaving (班次)."""

    id: UUID
    district: str
    path: str
    post: UUID
    opened_at: datetime | None
    closed_at: datetime | None
    opened_by: UUID
    team: str
    n_staff: int
    told_passages: int | None
    told_persons: int | None
    record: UUID


@dataclass(frozen=True, slots=True)
class Walk:
    """One patrol through streets (巡查)."""

    id: UUID
    district: str
    path: str
    at: datetime
    minutes: int
    outcome: Patrol
    n_told: int
    author: UUID
    team: str
    record: UUID


@dataclass(frozen=True, slots=True)
class HourCount:
    """What passed one post in one hour (小时流量)."""

    post: UUID
    hour: datetime
    n: int
    n_in: int
    n_out: int
    n_persons: int
    n_held: int
    n_turned_back: int
    n_handed_over: int
    n_referred: int
    n_emergency: int


@dataclass(frozen=True, slots=True)
class Reconciled:
    """A shift beside what the records of it say; it agrees when both counts are equal (对账)."""

    shift: Shift
    n_passages: int
    n_persons: int

    @property
    def agrees(self) -> bool:
        """Whether the people of the shift and the records tell the same; open shifts do not agree yet."""
        told = (self.shift.told_passages, self.shift.told_persons)
        return self.shift.closed_at is not None and told == (self.n_passages, self.n_persons)


@dataclass(frozen=True, slots=True)
class Handover:
    """People sent on from a post whose receiver has not accepted them yet, or has (移交)."""

    id: UUID
    path: str
    from_path: str
    post: UUID
    at: datetime
    n_persons: int
    accepted_at: datetime | None


@dataclass(frozen=True, slots=True)
class PostDay:
    """One post on one day: hours with a shift, passages, persons."""

    post: UUID
    minutes_staffed: int
    n: int
    n_persons: int


@dataclass(frozen=True, slots=True)
class Pass:
    """One household pass (出入证)."""

    id: UUID
    serial: str
    path: str
    area: str
    dwelling: UUID
    number: int
    of: int
    valid_from: date
    valid_until: date
    exits: int
    days: int
    check: str
    code: str
    issued_at: datetime
    issued_by: UUID
    revoked_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Claims:
    """What a pass says about itself under its signature: nothing about a person (证面内容)."""

    serial: str
    area_tag: bytes
    valid_from: date
    valid_until: date
    number: int
    exits: int
    days: int
    check: str


@dataclass(frozen=True, slots=True)
class Details:
    """What identifies a passage, readable for 14 days (通行明细)."""

    plate: str = ""
    names: str = ""
    phone: str = ""
    origin: str = ""
    note: str = ""


PROBLEMS = {
    "checkpoints.no_post": ProblemText(409, "The record does not name its checkpoint."),
    "checkpoints.bad_outcome": ProblemText(409, "This is no result of such a record."),
    "checkpoints.bad_direction": ProblemText(409, "A passage goes in or out."),
    "checkpoints.bad_count": ProblemText(409, "The number of persons or passages is missing or impossible."),
    "checkpoints.fever_admitted": ProblemText(
        409, "A temperature of 37.3 °C or more was let through without a second measurement."
    ),
    "checkpoints.reason_missing": ProblemText(
        409, "Whoever is turned back is told why and where to go; one of them is missing."
    ),
    "checkpoints.receiver_missing": ProblemText(409, "A hand-over needs its receiver."),
    "checkpoints.plain_details": ProblemText(
        409, "Plates and names must come sealed; what came in plain text was not kept."
    ),
    "checkpoints.not_found": ProblemText(404, "There is no such passage, pass or post."),
    "checkpoints.details_gone": ProblemText(410, "The details of this passage no longer exist."),
    "checkpoints.already_revoked": ProblemText(409, "This pass has been revoked already."),
    "checkpoints.bad_validity": ProblemText(
        422, "A pass is valid for %(most)s days at most, from today or later."
    ),
    "checkpoints.bad_number": ProblemText(422, "Between 1 and %(most)s passes fit a household."),
    "checkpoints.bad_rule": ProblemText(
        422, "The rule of a pass: 0 to 9 exits in 1 to 9 days; 0 is no limit."
    ),
    "checkpoints.too_many": ProblemText(422, "At most %(most)s passes at a time. Choose a smaller area."),
    "checkpoints.no_doors": ProblemText(422, "There are no doors in this area."),
}
