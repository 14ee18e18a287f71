"""The words of watches: somebody or something is followed for days, at due slots (随访)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum, StrEnum
from uuid import UUID

from bulou.kernel.problems import Entry as ProblemText


class Kind(StrEnum):
    """Record kinds of a watch (随访记录)."""

    STARTED = "watch.started"
    SEEN = "watch.seen"
    TESTED = "watch.tested"
    CONFIRMED = "watch.confirmed"
    ASSIGNED = "watch.assigned"
    REGIME_CHANGED = "watch.regime_changed"
    MOVED = "watch.moved"
    ENDED = "watch.ended"


class Paper(StrEnum):
    """What the watches tell the ledger about papers; ids, never a code (随访卡)."""

    CARD = "watch.card"


class SlotState(IntEnum):
    """How a slot was settled (时点结果); the number is its rank: from REPORTED on it is closed."""

    NOT_ATTEMPTED = 1
    NOT_SEEN = 2
    REPORTED = 3
    SEEN_WELL = 4
    SEEN_ILL = 5


CLOSED = SlotState.REPORTED


class Timing(StrEnum):
    """Where an open slot stands at a moment (时点状态); computed when read, never stored."""

    UPCOMING = "upcoming"
    DUE = "due"
    LATE = "late"
    MISSED = "missed"


SELF_REPORT = "self_report"
SAMPLED = "sampled"
NEGATIVE = "negative"
POSITIVE = "positive"
RELEASED = "released"


@dataclass(frozen=True, slots=True)
class Beat:
    """A slot that comes back every day: minutes after midnight, and how long until it counts as missed."""

    track: str
    minute: int
    window: int
    wait: int


@dataclass(frozen=True, slots=True)
class Moment:
    """A slot of one day: a test, a look-in at random."""

    track: str
    due_at: datetime
    window: int
    wait: int
    test: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What a watch owes from its start to its end: a rule of a few numbers, not a row for each slot."""

    main: str
    starts_at: datetime
    ends_at: datetime
    beats: tuple[Beat, ...]
    moments: tuple[Moment, ...]


@dataclass(frozen=True, slots=True)
class Due:
    """One slot as the plan makes it (应随访时点)."""

    track: str
    due_at: datetime
    late_at: datetime
    missed_at: datetime


@dataclass(frozen=True, slots=True)
class Settled:
    """A slot about which somebody said something: the best of what was said."""

    track: str
    due_at: datetime
    state: SlotState
    outcome: str
    alert: bool
    at: datetime
    record: UUID
    author: UUID
    on_time: bool
    temperature: float | None = None
    channel: str = ""


@dataclass(frozen=True, slots=True)
class End:
    """What the end was from a moment on: the first line is the start, later ones are changes (解除日期)."""

    since: datetime
    regime: str
    counted_from: date
    ends_at: datetime
    reason: str
    author: UUID
    record: UUID


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to a watch; not `counted` where it changed nothing, `problem` says why."""

    record: UUID
    kind: Kind
    at: datetime
    author: UUID
    team: str
    outcome: str
    text: str
    counted: bool
    problem: str = ""
    against: str = ""
    """Why somebody was released although the records of the site spoke against it."""


@dataclass(frozen=True, slots=True)
class Watch:
    """One watch as the records make it (随访)."""

    id: UUID
    district: str
    path: str
    person: UUID
    protocol: str
    regime: str
    phase: str
    plan: Plan
    started_at: datetime
    counted_from: date
    record: UUID
    worker: UUID | None
    team: str
    is_open: bool
    outcome: str
    ended_at: datetime | None
    seen_at: datetime
    """When somebody last saw the subject with own eyes, or the start."""
    last_due: datetime
    """The latest slot of the first track that is closed, or the start."""
    alert_at: datetime | None

    @property
    def until(self) -> datetime:
        """From when on nothing is owed."""
        return min(self.plan.ends_at, self.ended_at) if self.ended_at else self.plan.ends_at


@dataclass(frozen=True, slots=True)
class Timeline:
    """A watch with its settled slots, its ends and everything that happened, oldest first."""

    watch: Watch
    slots: tuple[Settled, ...]
    ends: tuple[End, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class DueRow:
    """A slot that somebody owes, as the worker's list shows it."""

    watch: UUID
    person: UUID
    path: str
    protocol: str
    track: str
    due_at: datetime
    timing: Timing
    state: SlotState | None
    worker: UUID | None


@dataclass(frozen=True, slots=True)
class WatchRow:
    """A watch in a list: how many slots in a row were missed, when the subject was last seen."""

    id: UUID
    person: UUID
    path: str
    protocol: str
    regime: str
    started_at: datetime
    ends_at: datetime
    worker: UUID | None
    seen_at: datetime
    missed: int


@dataclass(frozen=True, slots=True)
class Report:
    """What a person said of himself, while nobody has looked at it yet (待核实的自报)."""

    record: UUID
    watch: UUID
    person: UUID
    path: str
    protocol: str
    track: str
    due_at: datetime
    at: datetime
    outcome: str
    alert: bool
    temperature: float | None
    symptoms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReportPage:
    """A page of reports, alarming ones first; `next` goes on where it ends."""

    items: tuple[Report, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """A page of watches; `next` goes on where it ends."""

    items: tuple[WatchRow, ...]
    next: str | None


PROBLEMS = {
    "watches.not_found": ProblemText(404, "There is no such watch."),
    "watches.bad_payload": ProblemText(400, "The record does not say what it must: %(field)s."),
    "watches.unknown_regime": ProblemText(409, "The protocol has no regime of this name."),
    "watches.other_kind": ProblemText(409, "This outcome belongs to another kind of record."),
    "watches.reason_missing": ProblemText(400, "Say why in words."),
    "watches.cannot_release": ProblemText(409, "It cannot be released yet. The page of the watch says why."),
    "watches.own_report": ProblemText(409, "A report is confirmed by somebody else."),
    "watches.ended": ProblemText(409, "This watch has ended. Nothing more is to be reported."),
    "watches.card_unknown": ProblemText(404, "There is no such paper."),
    "watches.too_many_reports": ProblemText(
        429, "That was reported often enough for one day. Ask for help if something is wrong."
    ),
    "watches.area_too_large": ProblemText(409, "Choose a smaller area: too many are watched here."),
}
