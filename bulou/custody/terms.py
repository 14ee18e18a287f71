"""The words of custody: a person or a lot is handed from keeper to keeper, never without one (移交)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from bulou.kernel.problems import Entry as ProblemText


class Kind(StrEnum):
    """Record kinds of a chain of custody (移交记录)."""

    OPENED = "custody.opened"
    GAVE = "custody.gave"
    RECEIVED = "custody.received"
    CLOSED = "custody.closed"


class LegState(StrEnum):
    """Where one leg of a chain stands (交接状态)."""

    REQUESTED = "requested"
    ON_THE_WAY = "on_the_way"
    ARRIVED = "arrived"
    ONE_SIDED = "one_sided"
    REFUSED = "refused"
    DIFFERENCE = "difference"
    ACCEPTED = "accepted"
    CANCELLED = "cancelled"


HANDED_ON = ("checkpoint.passage", "handed_over")
"""Kind and outcome of a record that opens a chain by itself: somebody is handed on at a checkpoint."""
TAKEN_OVER = "checkpoint.received"
"""A record of checkpoints by which the receiver accepts as well as by one of custody."""
BY_WAY_OF = "escort-handover"
"""The protocol of a chain that a checkpoint opened."""
OVER = frozenset({LegState.ACCEPTED, LegState.CANCELLED})
ACCEPTED = "accepted"
REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Keeper:
    """Who answers: an area, and there a unit such as a gate, a crew or a store (保管方)."""

    path: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A person (by id only), a lot of goods: what is handed over (移交对象)."""

    id: UUID
    type: str
    n: int = 1


@dataclass(frozen=True, slots=True)
class Leg:
    """One handover of a chain: from keeper to keeper, by both sides' word (一程交接)."""

    n: int
    giver: Keeper
    receiver: Keeper
    state: LegState
    since: datetime
    """Since when it stands like this."""
    expected: tuple[UUID, ...]
    accepted: tuple[tuple[UUID, datetime], ...]
    due_at: datetime | None
    gave_at: datetime | None = None
    gave_by: UUID | None = None
    received_by: UUID | None = None
    slip: str = ""
    vehicle: str = ""
    reason: str = ""

    @property
    def is_open(self) -> bool:
        """Whether one of the two sides still owes something."""
        return self.state not in OVER

    @property
    def difference(self) -> int:
        """How many were handed over and not accepted; 0 as long as nobody has counted."""
        counted = self.state in (LegState.DIFFERENCE, LegState.REFUSED)
        return len(self.expected) - len(self.accepted) if counted else 0

    def late(self, at: datetime) -> bool:
        """Whether the next word is overdue; computed, never stored."""
        return self.is_open and self.due_at is not None and self.due_at < at


@dataclass(frozen=True, slots=True)
class Happened:
    """One record of a chain; not `counted` where it changed nothing, `problem` says why."""

    record: UUID
    kind: str
    leg: int
    at: datetime
    author: UUID
    team: str
    outcome: str
    text: str
    problem: str = ""

    @property
    def counted(self) -> bool:
        """Whether it moved the chain."""
        return not self.problem


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain of custody as its records make it (移交链)."""

    id: UUID
    district: str
    protocol: str
    subject: str
    record: UUID
    opened_at: datetime
    opened_by: UUID
    items: tuple[Item, ...]
    registered: int | None
    legs: tuple[Leg, ...]
    due_at: datetime
    cancelled_at: datetime | None
    happened: tuple[Happened, ...]

    @property
    def manifest(self) -> int:
        """How many stand on the list."""
        return len(self.items)

    @property
    def received(self) -> int:
        """How many the last receiver has accepted."""
        return len(self.legs[-1].accepted)

    @property
    def balances(self) -> bool:
        """Whether manifest, registered and received are one number."""
        registered = self.manifest if self.registered is None else self.registered
        return self.received == self.manifest == registered

    @property
    def done_at(self) -> datetime | None:
        """When everything had arrived with the last receiver, or it was called off."""
        if self.cancelled_at is not None:
            return self.cancelled_at
        return max(at for _, at in self.legs[-1].accepted) if self.balances and self.items else None

    @property
    def is_open(self) -> bool:
        """Whether anybody still owes something."""
        return self.done_at is None

    @property
    def current(self) -> Leg:
        """The first leg that is not over, else the last one."""
        return next((leg for leg in self.legs if leg.is_open), self.legs[-1])


@dataclass(frozen=True, slots=True)
class Keeping:
    """Who kept an item from a moment to a moment; the next one begins where this one ends."""

    item: UUID
    keeper: Keeper
    since: datetime
    until: datetime | None
    chain: UUID
    leg: int


@dataclass(frozen=True, slots=True)
class Page:
    """A page of chains, most urgent first; `next` goes on where it ends."""

    items: tuple[Chain, ...]
    next: str | None


PROBLEMS = {
    "custody.not_found": ProblemText(404, "There is no such chain."),
    "custody.bad_payload": ProblemText(400, "The record does not say what it must: %(field)s."),
    "custody.other_kind": ProblemText(409, "This outcome belongs to another kind of record."),
    "custody.other_side": ProblemText(409, "This leg is given and received by others."),
    "custody.count_differs": ProblemText(
        409, "The count does not fit. Name who or what is missing; until then the giver answers for all."
    ),
    "custody.same_hand": ProblemText(
        409, "Giver and receiver each say it on their own device, or name the number of the signed slip."
    ),
    "custody.no_such_leg": ProblemText(409, "The chain has no such leg."),
}
