"""The words of protocols (规程): shapes, fields, outcomes, and what a compiled protocol offers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from enum import IntEnum, StrEnum
from typing import Any, NewType
from typing import Protocol as Interface

from bulou.kernel.problems import Entry

Reference = NewType("Reference", str)
"""A protocol in one version: `household-screening-round@1`."""

LANGUAGES = ("zh-Hans", "zh-Hant", "en")
OUTCOME = "outcome"
"""Reserved word of the rule language: the outcome of the record itself; no field may be called so."""


class Shape(StrEnum):
    """Shape of a protocol (轮次、随访、移交、个案)."""

    ROUND = "round"
    WATCH = "watch"
    CUSTODY = "custody"
    CASE = "case"


class Family(IntEnum):
    """Family of an outcome (结果类别); the number is its rank in the fold of a round."""

    OPEN = 0
    NOT_SEEN = 1
    HANDED_OVER = 2
    EXCUSED = 3
    MOVED = 4
    DONE = 5


CLOSING = frozenset({Family.EXCUSED, Family.MOVED, Family.DONE})


class Why(StrEnum):
    """Why a unit is still open (未完成原因)."""

    UNTRIED = "untried"
    ABSENT = "absent"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    HANDED_OVER = "handed_over"


class FieldType(StrEnum):
    """Type of an answer (题型)."""

    ENUM = "enum"
    MULTI = "multi"
    TEXT = "text"
    TEXTS = "texts"
    INT = "int"
    DECIMAL = "decimal"
    BOOL = "bool"
    YESNO_UNKNOWN = "yesno_unknown"
    DATE = "date"
    DATETIME = "datetime"
    LIST = "list"
    PHOTOS = "photos"


YESNO_CHOICES = ("yes", "no", "unknown")


class Rung(StrEnum):
    """Who is called when something is late, lowest first (逐级上报)."""

    WORKER = "worker"
    TEAM_LEAD = "team_lead"
    COMMUNITY_LEAD = "community_lead"
    STREET_OFFICE = "street_office"
    DISTRICT_OFFICE = "district_office"
    LEADING_GROUP = "leading_group"
    SUPERVISION = "supervision"


class Predicate(StrEnum):
    """What must hold before an operation counts as complete (完成条件)."""

    OPEN_ZERO = "open_zero"
    SAMPLE_SIGNED_OFF = "sample_signed_off"
    FIXED_WITH_EVIDENCE = "fixed_with_evidence"
    RECHECKED_BY_OTHER = "rechecked_by_other"
    DAYS_OVER = "days_over"
    TESTS_NEGATIVE = "tests_negative"
    NOTHING_OPEN_TODAY = "nothing_open_today"
    NO_OPEN_CASE = "no_open_case"
    NO_CROSS_INFECTION = "no_cross_infection"
    VERIFIED_BY_OTHER = "verified_by_other"
    ACCEPTED_BY_RECEIVER = "accepted_by_receiver"
    NO_DIFFERENCE = "no_difference"
    STEPS_SETTLED = "steps_settled"
    CLOSED_BY_OTHER = "closed_by_other"


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form (问题), without its sources. `relevant` is the rule language as JSON."""

    key: str
    type: FieldType
    required: bool = False
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    max_length: int | None = None
    max_items: int | None = None
    relevant: Mapping[str, Any] | None = None
    alert_at: float | None = None
    alert_on: tuple[str, ...] = ()
    fields: tuple["Field", ...] = ()


@dataclass(frozen=True, slots=True)
class Warn:
    """A warning (提示) that is shown and never refuses anything."""

    key: str
    when: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt ended (结果). An excuse (豁免) has the family EXCUSED and always expires."""

    key: str
    family: Family
    why: Why | None = None
    closes: bool = False
    needs: tuple[str, ...] = ()
    expires: timedelta | None = None
    next: str | None = None
    alert: bool = False
    when: Mapping[str, Any] | None = None
    record: str = ""
    titles: Mapping[str, str] | None = None


class Problems(Interface):
    """The check of a payload; see `bulou.protocols.rules.forms`."""

    def __call__(self, payload: object, outcome: str | None = None) -> tuple[str, ...]:
        """Problem strings such as `form.required:met`, in the order of the form; empty when all is well."""


class Warnings(Interface):
    """The keys of the warnings that hold for a payload."""

    def __call__(self, payload: object, outcome: str | None = None) -> tuple[str, ...]:
        """Keys in the order of the protocol."""


class Alerts(Interface):
    """The fields of a payload that reach their alert."""

    def __call__(self, payload: object) -> tuple[str, ...]:
        """Field paths in the order of the form."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form (表单) compiled to closures. None of the three functions ever raises, whatever JSON they get."""

    fields: tuple[Field, ...]
    problems: Problems
    alerts: Alerts
    warnings: Warnings


@dataclass(frozen=True, slots=True)
class Window:
    """Hours of the day in district time within which a door may be knocked at (时段)."""

    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Escalation:
    """One step of the ladder (督办): who hears of it, how long after the start. It takes nothing away."""

    after: timedelta
    to: Rung
    how: str
    condition: str | None = None


@dataclass(frozen=True, slots=True)
class SignOff:
    """Sign-off by other eyes (销号): who, never the same as whom, and the least share in percent."""

    by: Rung
    not_same: tuple[str, ...]
    sample: int


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a case (环节): the outcome that settles it and its time, perhaps per choice."""

    key: str
    outcome: str
    within: timedelta
    within_by: Mapping[str, timedelta]
    by: Rung | None
    not_same: tuple[str, ...]
    also: tuple[str, ...] = ()
    """Other outcomes that settle it too."""
    must: bool = False
    """Whether the case cannot be closed without it."""

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The outcomes that settle it."""
        return (self.outcome, *self.also)


@dataclass(frozen=True, slots=True)
class Track:
    """One series of slots of a watch (随访时点): hours of the day, each so many days or on the test days."""

    key: str
    times: tuple[time, ...]
    window: timedelta
    grace: timedelta
    every: int = 1
    on_tests: bool = False
    random: bool = False


@dataclass(frozen=True, slots=True)
class Phase:
    """One part of a regime (阶段); its test days are counted from its first day, which is 1."""

    key: str
    days: int
    test_days: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Regime:
    """How long, by one set of rules (管控方案): 14+7, 7+3, 5+3 and the like, as data."""

    key: str
    phases: tuple[Phase, ...]
    titles: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Compiled:
    """A protocol version ready for use (规程版本). Immutable; shared by all threads of a process."""

    slug: str
    version: int
    line: str
    kind: Shape
    subject: str
    record: str
    records: Mapping[str, tuple[str, ...]]
    """The record kinds whose payload the form checks, each with the outcomes that belong to it."""
    titles: Mapping[str, str]
    form: Form
    outcomes: Mapping[str, Outcome]
    due: timedelta
    due_field: str | None
    due_by: Mapping[str, timedelta]
    revisit_after: timedelta | None
    attempts_per_day: int | None
    cadence: Mapping[str, timedelta]
    window: Window | None
    steps: tuple[Step, ...]
    escalate: tuple[Escalation, ...]
    sign_off: SignOff | None
    complete_when: tuple[Predicate, ...]
    metrics: tuple[str, ...]
    retention: timedelta
    examples: Mapping[str, Mapping[str, Any]]
    labels: Mapping[str, Mapping[str, str]]
    tracks: tuple[Track, ...] = ()
    variants: Mapping[str, tuple[time, ...]] = field(default_factory=dict)
    regimes: Mapping[str, Regime] = field(default_factory=dict)
    lost_after: timedelta | None = None

    @property
    def excuses(self) -> tuple[Outcome, ...]:
        """The outcomes that excuse a unit until they expire."""
        return tuple(outcome for outcome in self.outcomes.values() if outcome.family is Family.EXCUSED)

    @property
    def reference(self) -> Reference:
        """`slug@version`, as records carry it."""
        return Reference(f"{self.slug}@{self.version}")


PROBLEMS = {
    "protocols.unknown": Entry(404, "There is no protocol %(reference)s."),
    "protocols.bad_reference": Entry(400, "A protocol is named like household-screening-round@1."),
    "protocols.invalid": Entry(422, "The protocol file %(file)s cannot be used. Reason: %(reason)s."),
    "protocols.changed": Entry(
        409, "%(reference)s is already in use with other content. Give the file a new version number."
    ),
    "form.required": Entry(422, "%(field)s must be answered."),
    "form.range": Entry(422, "%(field)s is outside the possible range."),
    "form.unknown_choice": Entry(422, "%(field)s has a choice that the form does not offer."),
    "form.type": Entry(422, "%(field)s is not the kind of answer that was asked for."),
    "form.too_long": Entry(422, "%(field)s is too long."),
    "form.unknown_field": Entry(422, "%(field)s is not a question of this form."),
    "form.not_relevant": Entry(422, "%(field)s was answered although other answers rule it out."),
    "form.needs": Entry(422, "This outcome needs an answer to %(field)s."),
    "form.unknown_outcome": Entry(422, "%(field)s is not an outcome of this protocol."),
    "form.contradicts": Entry(422, "The outcome %(field)s does not fit the answers."),
}
