"""The words of command: which level an area has, and orders that are read and answered (指挥)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from bulou.access.terms import Role
from bulou.kernel.problems import Entry


class Level(StrEnum):
    """How strictly an area is closed, mildest first (常态、防范区、管控区、封控区)."""

    NORMAL = "normal_area"
    PRECAUTION = "precaution_area"
    CONTROLLED = "controlled_area"
    SEALED = "sealed_area"


class ZoneMeasure(StrEnum):
    """What follows for who is in a zone, in plain words (区域措施)."""

    STAY_HOME = "stay_home"
    SERVICE_AT_DOOR = "service_at_door"
    STAY_INSIDE = "stay_inside"
    ONE_SHOPS = "one_shops"
    NO_GATHERING = "no_gathering"
    WEAR_MASK = "wear_mask"
    TESTS = "zone_tests"
    GATES_GUARDED = "gates_guarded"


class ZoneStanding(StrEnum):
    """Where a decision about an area stands at a moment, computed from the clock (状态)."""

    PROPOSED = "proposed"
    REFUSED = "refused"
    LAPSED = "lapsed"
    COMING = "coming"
    IN_FORCE = "in_force"
    ENDED = "ended"
    LIFTED = "lifted"
    REPLACED = "replaced"


class Kind(StrEnum):
    """What command tells the ledger about areas (分区记录); no person is named in it."""

    SET = "zone.set"
    SECONDED = "zone.seconded"
    REFUSED = "zone.refused"
    ENDED = "zone.ended"


class OrderKind(StrEnum):
    """What command tells the ledger about orders (指令记录)."""

    ISSUED = "order.issued"
    READ = "order.read"
    ACKNOWLEDGED = "order.acknowledged"
    REPORTED = "order.reported"
    SUPERSEDED = "order.superseded"


LONGEST: Final = timedelta(days=14)
"""No zone longer than this in one decision. Source: rights.md, R-2: a restriction has an end."""
LAPSE: Final = timedelta(hours=24)
"""A large zone that no second unit confirms within this time does not come: silence is no."""
CHAIN: Final = timedelta(days=7)
"""A zone that begins so soon after the last one renews it: it needs a new reason and new evidence."""
ALONE: Final = 5
"""So many areas one officer may seal or control within a day without a second unit. Source: R-11."""
STRICT: Final = frozenset({Level.CONTROLLED, Level.SEALED})
"""Levels that keep people in: over a whole community or more they need two units. Source: R-11."""
LARGE: Final = 3
"""Labels of the path of a community; a compound has one more."""
FEWEST_HOMES: Final = 5
"""A strict level over fewer homes is about the persons in them: that takes a restriction. Ours; ADR 60."""
RANKS: Final[Mapping[Level, int]] = MappingProxyType({level: n for n, level in enumerate(Level)})
# Sources: P-40 (sealed), P-41 (controlled), P-42 (precaution).
USUAL: Final[Mapping[Level, tuple[ZoneMeasure, ...]]] = MappingProxyType(
    {
        Level.NORMAL: (),
        Level.PRECAUTION: (ZoneMeasure.NO_GATHERING, ZoneMeasure.WEAR_MASK, ZoneMeasure.TESTS),
        Level.CONTROLLED: (
            ZoneMeasure.STAY_INSIDE,
            ZoneMeasure.ONE_SHOPS,
            ZoneMeasure.NO_GATHERING,
            ZoneMeasure.TESTS,
            ZoneMeasure.GATES_GUARDED,
        ),
        Level.SEALED: (
            ZoneMeasure.STAY_HOME,
            ZoneMeasure.SERVICE_AT_DOOR,
            ZoneMeasure.TESTS,
            ZoneMeasure.GATES_GUARDED,
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Zone:
    """One decision about an area as its records make it (分区): what was said, and from when to when it held.

    `from_at` and `until` are what was decided; `begins` and `ends` what came of it: nothing holds before it
    was decided (and confirmed, where it must be), and a later decision or an end cuts it short.
    """

    id: UUID
    district: str
    path: str
    level: Level
    from_at: datetime
    until: datetime
    law: str
    number: str
    issuer: str
    reason: str
    evidence: str
    measures: tuple[ZoneMeasure, ...]
    note: str
    decided_at: datetime
    decided_by: UUID
    decided_team: str
    two_units: bool
    second_at: datetime | None = None
    second_by: UUID | None = None
    second_team: str = ""
    refused_at: datetime | None = None
    refused_why: str = ""
    begins: datetime | None = None
    ends: datetime | None = None
    replaced_by: UUID | None = None
    lifted_at: datetime | None = None
    lifted_by: UUID | None = None
    lifted_why: str = ""

    def holds(self, at: datetime) -> bool:
        """Whether it is in force at a moment."""
        return self.begins is not None and self.ends is not None and self.begins <= at < self.ends


@dataclass(frozen=True, slots=True)
class OrderTask:
    """What one person has to do by an hour, and what that person reported (交办事项)."""

    number: int
    text: str
    owner: UUID
    due_at: datetime
    reported_at: datetime | None = None
    report: str = ""

    def late(self, at: datetime) -> bool:
        """Whether it is owed and its time is over; computed, never stored."""
        return self.reported_at is None and self.due_at < at


@dataclass(frozen=True, slots=True)
class Order:
    """One order as its records make it (指令): to whom, by when it is to be answered, what became of it."""

    id: UUID
    district: str
    path: str
    number: str
    title: str
    text: str
    unit: str
    meeting: str
    """The meeting whose decision it is, where it is one (会议)."""
    areas: tuple[str, ...]
    roles: tuple[Role, ...]
    """Who in these areas has to read it; nothing means everybody who works there."""
    round: UUID | None
    """The round whose form goes with the order, where one does."""
    answer_by: datetime
    tasks: tuple[OrderTask, ...]
    issued_at: datetime
    issued_by: UUID
    issued_team: str
    supersedes: UUID | None
    superseded_at: datetime | None = None
    superseded_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """When one person read an order, and when the person took it on (签收)."""

    account: UUID
    read_at: datetime
    taken_at: datetime | None


@dataclass(frozen=True, slots=True)
class Addressee:
    """One person to whom an order goes, by the role and area for which (收文人)."""

    account: UUID
    name: str
    team: str
    role: Role
    path: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """An order with its receipts, and who of those addressed has not taken it on."""

    order: Order
    receipts: Mapping[UUID, Receipt]
    addressed: tuple[Addressee, ...]

    @property
    def missing(self) -> tuple[Addressee, ...]:
        """Those addressed who have not taken it on."""
        return tuple(one for one in self.addressed if not self._taken(one.account))

    def _taken(self, account: UUID) -> bool:
        found = self.receipts.get(account)
        return found is not None and found.taken_at is not None


PROBLEMS = {
    "command.not_found": Entry(404, "There is nothing here, or it is not yours to see."),
    "command.no_area": Entry(409, "No area has this path."),
    "command.unreadable": Entry(422, "This cannot be read as a decision."),
    "command.no_level": Entry(422, "Choose a level. To go back to normal, end the zone."),
    "command.times": Entry(422, "The end must lie after the beginning, and in the future."),
    "command.too_long": Entry(422, "A zone holds for at most 14 days. Decide again when they are over."),
    "command.law_missing": Entry(422, "Name the law, the number of the order and the unit that decides."),
    "command.reason_missing": Entry(422, "Say why in words, and what it rests on."),
    "command.not_new": Entry(
        422, "This goes on or gets stricter, so it needs a reason and evidence that were not given before."
    ),
    "command.too_small": Entry(
        422, "So few homes are persons, not a place: order a measure for each of them instead."
    ),
    "command.two_units": Entry(
        409, "You decided about many areas today. This one needs a second unit: propose it."
    ),
    "command.nothing_waits": Entry(409, "Nothing waits for a second unit here."),
    "command.same_unit": Entry(403, "Somebody of another unit has to decide this."),
    "command.nothing_holds": Entry(409, "No zone holds or is to come here."),
    "command.order_incomplete": Entry(422, "An order needs a number, a title, its words and the unit."),
    "command.outside": Entry(422, "An order goes to areas at or below the one that issues it."),
    "command.answer_late": Entry(422, "Answers and tasks must be due in the future."),
    "command.task_incomplete": Entry(422, "A task needs its words, somebody who does it, and an hour."),
    "command.number_taken": Entry(409, "There is an order with this number already."),
    "command.no_order": Entry(409, "There is no such order."),
    "command.superseded": Entry(409, "A new order has taken the place of this one."),
    "command.no_task": Entry(409, "This order gives you no such task."),
}
