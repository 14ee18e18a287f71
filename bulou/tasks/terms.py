"""The words of tasks: revisits, assignments, who answers for a place (任务、包保)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from bulou.kernel.problems import Entry as ProblemText


class Rung(StrEnum):
    """Steps of the escalation ladder, lowest first (逐级上报)."""

    WORKER = "worker"
    TEAM_LEAD = "team_lead"
    COMMUNITY_LEAD = "community_lead"
    STREET_OFFICE = "street_office"
    DISTRICT_OFFICE = "district_office"


class DutyRole(StrEnum):
    """In what capacity somebody answers for a place (包保职责)."""

    LEAD = "lead"
    WORKER = "worker"
    DOCTOR = "doctor"
    POLICE = "police"
    MANAGER = "manager"


@dataclass(frozen=True, slots=True)
class Moved:
    """A unit after a batch, as far as tasks care."""

    operation: UUID
    subject: UUID
    path: str
    area: str
    owed: bool
    why: int
    last_attempt_at: datetime | None
    last_attempt: UUID | None


@dataclass(frozen=True, slots=True)
class Revisit:
    """A door that must be tried again (复访): nobody was met, or they refused, or could not be reached."""

    operation: UUID
    subject: UUID
    path: str
    area: str
    why: int
    due_at: datetime
    rung: Rung


@dataclass(frozen=True, slots=True)
class Duty:
    """Somebody answers for a place, from a day to a day (包保责任)."""

    id: UUID
    path: str
    role: DutyRole
    account: UUID
    valid_from: datetime
    valid_until: datetime | None


@dataclass(frozen=True, slots=True)
class Assigned:
    """What a bulk assignment did or would do; `ids` undo it."""

    ids: tuple[UUID, ...]
    assigned: int
    skipped: tuple[tuple[UUID, str], ...]


@dataclass(frozen=True, slots=True)
class Owner:
    """Who owes a unit: an account (by assignment or by duty over the place) or a team."""

    account: UUID | None
    team: str
    by_assignment: bool


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit to assign: its key and its place."""

    subject: UUID
    path: str


PROBLEMS = {
    "tasks.nobody_named": ProblemText(400, "Name a person or a team."),
    "tasks.reason_missing": ProblemText(400, "A reason in words is needed."),
    "tasks.no_such_person": ProblemText(404, "There is no such person in this area."),
    "tasks.nothing_to_assign": ProblemText(409, "None of these is in your area."),
    "tasks.bad_period": ProblemText(400, "The end must come after the beginning."),
    "tasks.overlap": ProblemText(409, "Somebody answers for this place in this role at that time already."),
    "tasks.not_found": ProblemText(404, "There is no such entry."),
}
