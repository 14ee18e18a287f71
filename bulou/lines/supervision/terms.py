"""The words of supervision: inspections, findings and the steps that close them (督导、问题、整改、销号)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from bulou.kernel.problems import Entry as ProblemText


class Kind(StrEnum):
    """Record kinds of the line (督导记录)."""

    INSPECTION = "supervision.inspection"
    FINDING = "supervision.finding"
    TOLD = "supervision.told"
    PLAN = "supervision.plan"
    FIXED = "supervision.fixed"
    RECHECK = "supervision.recheck"
    REASON = "supervision.reason"


FINDING_KINDS = (Kind.FINDING, Kind.TOLD, Kind.PLAN, Kind.FIXED, Kind.RECHECK, Kind.REASON)


class Severity(StrEnum):
    """How fast a finding must be put right (严重程度)."""

    CRITICAL = "critical"
    SERIOUS = "serious"
    ORDINARY = "ordinary"


class Stage(StrEnum):
    """Where a finding stands (问题状态)."""

    FOUND = "found"
    TOLD = "told"
    PLANNED = "planned"
    FIXED = "fixed"
    REOPENED = "reopened"
    CLOSED = "closed"


OPEN_STAGES = (Stage.FOUND, Stage.TOLD, Stage.PLANNED, Stage.FIXED, Stage.REOPENED)


class Method(StrEnum):
    """How an inspection looks: three pairs, freely combined (明查暗访、白天夜间、看资料听介绍)."""

    OPEN = "open"
    SECRET = "secret"  # noqa: S105 - a secret visit, not a password
    DAY = "day"
    NIGHT = "night"
    PAPERS = "papers"
    INTERVIEW = "interview"


class Visit(StrEnum):
    """Whether an inspection is still a plan or has taken place (检查状态)."""

    PLANNED = "planned"
    DONE = "done"


class Verdict(StrEnum):
    """What a re-check says (复查结论)."""

    PASSED = "passed"
    FAILED = "failed"


class Rung(StrEnum):
    """Who is told when a finding stays open (逐级上报)."""

    UNIT = "unit"
    STREET_OFFICE = "street_office"
    DISTRICT_OFFICE = "district_office"
    LEADING_GROUP = "leading_group"


@dataclass(frozen=True, slots=True)
class Clocks:
    """The time each step may take, counted from the step before; a severity's from the finding."""

    told: timedelta = timedelta(hours=1)
    plan: timedelta = timedelta(days=1)
    recheck: timedelta = timedelta(days=1)
    fixed: Mapping[Severity, timedelta] = field(
        default_factory=lambda: MappingProxyType(
            {
                Severity.CRITICAL: timedelta(hours=2),
                Severity.SERIOUS: timedelta(days=1),
                Severity.ORDINARY: timedelta(days=3),
            }
        )
    )


LADDER = (
    (timedelta(days=7), Rung.LEADING_GROUP),
    (timedelta(days=3), Rung.DISTRICT_OFFICE),
    (timedelta(days=1), Rung.STREET_OFFICE),
)
SAMPLE_AFTER = timedelta(days=7)
"""A closed finding is looked at again after this time (抽查), in a sample."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a finding was still open at the end of one day (日事日毕)."""

    on: date
    text: str


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to a finding; not `counted` where it changed nothing, `problem` says why."""

    record: UUID
    kind: Kind
    at: datetime
    author: UUID
    team: str
    outcome: str
    text: str
    counted: bool
    problem: str = ""
    photos: tuple[UUID, ...] = ()
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding as it stands, or stood at one moment (督导问题)."""

    id: UUID
    district: str
    path: str
    severity: Severity
    topic: str
    text: str
    methods: tuple[Method, ...]
    covert: bool
    inspection: UUID | None
    record: UUID
    found_at: datetime
    found_by: UUID
    found_team: str
    stage: Stage
    stage_at: datetime
    due_at: datetime | None
    """By when the next step is owed; None when it is closed."""
    fix_due_at: datetime
    told_at: datetime | None = None
    told_unit: str = ""
    owner: UUID | None = None
    owner_team: str = ""
    owner_unit: str = ""
    plan_due_at: datetime | None = None
    fixed_at: datetime | None = None
    fixed_by: UUID | None = None
    fixed_team: str = ""
    closed_at: datetime | None = None
    closed_by: UUID | None = None
    closed_team: str = ""
    sampled_at: datetime | None = None
    n_reopened: int = 0
    responsible: str = ""
    """The unit that should put it right, in the inspector's words; the plan names the owner."""
    reasons: tuple[Reason, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether somebody still owes something."""
        return self.stage is not Stage.CLOSED

    def reason_on(self, on: date) -> str:
        """The reason written for that day, or nothing."""
        return next((reason.text for reason in self.reasons if reason.on == on), "")


@dataclass(frozen=True, slots=True)
class Timeline:
    """A finding with everything that happened to it, oldest first."""

    finding: Finding
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Inspection:
    """One visit of a supervision group to one place (督导检查)."""

    id: UUID
    district: str
    path: str
    visit: Visit
    methods: tuple[Method, ...]
    covert: bool
    group: str
    planned_on: date | None
    at: datetime
    author: UUID
    team: str
    record: UUID


@dataclass(frozen=True, slots=True)
class Inspected:
    """What a day's visits reached: distinct places by level (检查覆盖)."""

    visits: int
    communities: int
    compounds: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which findings a list shows; every part that is set must hold."""

    path: str | None = None
    stages: tuple[Stage, ...] = ()
    severities: tuple[Severity, ...] = ()
    overdue_at: datetime | None = None
    owner: UUID | None = None
    found_from: datetime | None = None
    found_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A finding that waits for supervision: to be told, or to be looked at again, with what the fix shows."""

    finding: Finding
    own_work: bool
    """Whether this person's re-check would not count: fixed or owned by them or their team."""
    evidence: tuple[str, ...]
    photos: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class FindingPage:
    """A page of findings, most urgent first; `total` counts the whole filtered list."""

    items: tuple[Finding, ...]
    next: str | None
    total: int


PROBLEMS = {
    "supervision.not_found": ProblemText(404, "There is no such finding."),
    "supervision.own_work": ProblemText(
        409, "The re-check must be done by someone who neither fixed nor owns the finding, from another team."
    ),
    "supervision.nothing_fixed": ProblemText(
        409, "There is nothing to re-check: the finding has not been fixed."
    ),
    "supervision.no_evidence": ProblemText(
        409, "A fix needs evidence: a photo, a document or what was seen."
    ),
    "supervision.bad_severity": ProblemText(400, "The severity must be critical, serious or ordinary."),
    "supervision.text_missing": ProblemText(400, "Say in words what was found."),
    "supervision.unit_missing": ProblemText(400, "Name the unit that was told."),
    "supervision.owner_missing": ProblemText(400, "A plan needs an owner."),
    "supervision.bad_verdict": ProblemText(400, "A re-check ends with passed or failed."),
    "supervision.bad_reason": ProblemText(400, "A reason needs its day and its words."),
    "supervision.bad_visit": ProblemText(400, "An inspection is planned or done."),
}
