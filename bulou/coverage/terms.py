"""The words of coverage: rounds, units, accounts, missed lists (全覆盖、轮次、漏项)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from uuid import UUID

import msgspec

from bulou.kernel.problems import Entry as ProblemText


class State(IntEnum):
    """Where a unit stands (状态). Stored in rows and counters; the numbers never change."""

    UNTRIED = 0
    ABSENT = 1
    REFUSED = 2
    UNREACHABLE = 3
    HANDED_OVER = 4
    EXCUSED = 5
    MOVED = 6
    DONE = 7
    REMOVED = 8


STATES = tuple(State)
"""The states by their numbers: a look-up costs a tenth of the call `State(n)`, on a path that sees lists."""


class Rank(IntEnum):
    """Families of outcomes in the order in which they prevail (结果等级)."""

    OPEN = 0
    NOT_SEEN = 1
    HANDED_OVER = 2
    EXCUSED = 3
    MOVED = 4
    DONE = 5
    REMOVED = 6


ALERT = 20  # counter of units with an alert, beside the states
OPEN_STATES = (State.UNTRIED, State.ABSENT, State.REFUSED, State.UNREACHABLE, State.HANDED_OVER)


class Origin(StrEnum):
    """How a unit came into the frame (来源)."""

    OPENING = "opening"
    FOUND = "found"
    OFFICE = "office"


class RoundState(StrEnum):
    """Whether a round still expects something (轮次状态)."""

    OPEN = "open"
    CLOSED = "closed"
    CLOSED_SHORT = "closed_short"


@dataclass(frozen=True, slots=True)
class Basis:
    """The legal basis of a round (法律依据): which law or order, in words."""

    law: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Targets:
    """What the frame is made of: classes of sites, a level of areas, or people (对象范围).

    People: everybody who lives there, or only those on a register; or, with `after`, those of an earlier
    round as its frame stands after all corrections.
    """

    site_types: tuple[str, ...] = ()
    level: str = ""
    registered: bool = False
    after: UUID | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """One round over one area (轮次)."""

    id: UUID
    district: str
    path: str
    protocol: str
    kind: str
    title: str
    subject_type: str
    opens_at: datetime
    due_at: datetime
    opened_by: UUID
    opened_at: datetime
    basis: Basis
    targets: Targets
    frame_n: int
    closed_at: datetime | None
    closed_by: UUID | None
    closed_short: bool
    close_reason: str

    @property
    def state(self) -> RoundState:
        """Open until a person closes it; closing short is told apart for ever."""
        if self.closed_at is None:
            return RoundState.OPEN
        return RoundState.CLOSED_SHORT if self.closed_short else RoundState.CLOSED


@dataclass(frozen=True, slots=True)
class OpenBy:
    """Open units, split by why (未完成原因)."""

    untried: int = 0
    absent: int = 0
    refused: int = 0
    unreachable: int = 0
    handed_over: int = 0

    @property
    def total(self) -> int:
        """All open units."""
        return self.untried + self.absent + self.refused + self.unreachable + self.handed_over


@dataclass(frozen=True, slots=True)
class Account:
    """Expected = done + excused + moved + open, at one area and one moment (台账平衡)."""

    path: str
    expected: int
    done: int
    excused: int
    moved: int
    open_by: OpenBy
    alerts: int
    as_of: datetime
    children: tuple["Account", ...] = ()

    @property
    def open(self) -> int:
        """Units that somebody still owes."""
        return self.open_by.total


@dataclass(frozen=True, slots=True)
class Tile:
    """One compound of a round, for the tile map."""

    area: str
    expected: int
    open: int
    alerts: int


@dataclass(frozen=True, slots=True)
class MissedUnit:
    """One unit on the missed list (漏项): what, where, why, how often tried."""

    subject: UUID
    subject_type: str
    label: str
    path: str
    area: str
    building: str
    sort: str
    why: State
    attempts: int
    last_attempt_at: datetime | None
    last_outcome: str
    due_at: datetime
    alert: bool
    excuse_ended: bool


@dataclass(frozen=True, slots=True)
class MissedPage:
    """A page of the missed list; `total` counts the whole filtered list."""

    items: tuple[MissedUnit, ...]
    next: str | None
    total: int


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of a round as it stands."""

    operation: UUID
    subject: UUID
    subject_type: str
    path: str
    area: str
    building: str
    label: str
    origin: Origin
    state: State
    outcome: str
    alert: bool
    effective_at: datetime | None
    record: UUID | None
    excused_until: datetime | None
    attempts: int
    last_attempt_at: datetime | None
    sort: str = ""


class Standing(msgspec.Struct, frozen=True, gc=False):
    """What intake must know of a unit before it folds a record into it."""

    operation: UUID
    subject: UUID
    path: str
    area: str
    state: State
    record: UUID | None
    author: UUID | None
    amended: bool


@dataclass(frozen=True, slots=True)
class ListedPage:
    """A page of the units behind a figure; `total` counts the whole list."""

    items: tuple[Unit, ...]
    next: str | None
    total: int


@dataclass(frozen=True, slots=True)
class TypeAccount:
    """The account of one class of objects in a round (分类台账)."""

    type: str
    expected: int
    done: int
    excused: int
    moved: int
    open: int


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit that joins a frame by a record."""

    operation: UUID
    subject: UUID
    subject_type: str
    path: str
    area: str
    building: str
    label: str
    sort: str
    origin: Origin
    record: UUID


class Fold(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """What a batch of records says about one unit, already folded; apply.sql knows the defaults too."""

    operation: UUID
    subject: UUID
    rank: Rank
    state: State
    outcome: str
    effective_at: datetime
    record: UUID
    author: UUID
    team: str
    alert: bool = False
    excused_until: datetime | None = None
    attempts: int = 0
    last_attempt_at: datetime | None = None
    last_attempt: UUID | None = None
    last_state: State = State.UNTRIED


@dataclass(frozen=True, slots=True)
class Changed:
    """A unit after projection: what `tasks` needs to know."""

    operation: UUID
    subject: UUID
    path: str
    area: str
    state: State
    last_state: State
    last_attempt_at: datetime | None
    last_attempt: UUID | None
    excused_until: datetime | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one outcome of a protocol moves a unit."""

    key: str
    rank: Rank
    state: State
    alert: bool = False
    expires_s: int | None = None


@dataclass(frozen=True, slots=True)
class OutcomeMap:
    """All outcomes of one protocol version, and the record kinds that carry them."""

    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    kinds: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Difference:
    """A place where the live numbers differ from what the records say."""

    operation: UUID
    what: str
    key: str
    live: str
    records: str


PROBLEMS = {
    "coverage.not_found": ProblemText(404, "There is no such round."),
    "coverage.empty_frame": ProblemText(
        409, "There is nothing of this kind in the area, so the round would be empty."
    ),
    "coverage.not_a_round": ProblemText(400, "This protocol is not a round."),
    "coverage.basis_missing": ProblemText(400, "A round needs its legal basis: which law or order."),
    "coverage.due_before_opening": ProblemText(400, "The round would be due before it opens."),
    "coverage.closed": ProblemText(409, "The round is closed."),
    "coverage.still_open": ProblemText(
        409,
        "%(open)s units are still open. The round can be closed only when none is, or short with a reason.",
    ),
    "coverage.not_in_frame": ProblemText(409, "This unit is not in the round."),
    "coverage.unsaid_alert": ProblemText(
        409, "The answers ask for attention, and the outcome does not say so. The alert is set all the same."
    ),
    "coverage.unknown_outcome": ProblemText(400, "The protocol has no such outcome."),
    "coverage.bad_depth": ProblemText(400, "The depth must be between 0 and 6."),
    "coverage.bad_filter": ProblemText(400, "There is no such reason to filter by: %(why)s."),
    "coverage.reason_missing": ProblemText(400, "A reason in words is needed."),
    "coverage.not_in_register": ProblemText(404, "There is no such door or site in the register."),
    "coverage.outside_round": ProblemText(409, "This place lies outside the area of the round."),
    "coverage.already_in_frame": ProblemText(409, "This unit is in the round already."),
}
