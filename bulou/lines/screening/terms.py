"""The words of door-to-door screening (入户排查) and of the register of those who came (台账)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from bulou.kernel.problems import Entry as ProblemText
from bulou.people.terms import Trigger


class Kind(StrEnum):
    """Record kinds of the line (记录类型)."""

    VISIT = "screening.visit"
    PERSON = "screening.person"
    LEFT = "screening.person_left"
    CLASSED = "screening.person_classed"
    RULE = "screening.risk_rule"
    MERGE_PROPOSED = "screening.merge_proposed"
    MERGED = "screening.merged"
    MERGE_REFUSED = "screening.merge_refused"
    UNMERGED = "screening.unmerged"


class Audit(StrEnum):
    """What is told to the ledger about teams (包保小组记录)."""

    PLAN = "team.planned"
    NAMED = "team.named"
    ENDED = "team.ended"


class Risk(StrEnum):
    """Class of somebody on the register (风险类别): key persons (重点人员) are followed up every day."""

    KEY = "key_person"
    ATTENTION = "attention"
    GENERAL = "general"


class Channel(StrEnum):
    """By which way somebody came onto the register (登记渠道)."""

    DOOR = "at_door"
    GATE = "at_gate"
    CALL = "by_telephone"
    FILE = "by_file"
    DESK = "at_desk"


class Contact(StrEnum):
    """Contact with people from listed places or with a case (接触史)."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Standing(StrEnum):
    """Whether somebody is on the register now (在册状态)."""

    ON = "on_register"
    OFF = "off_register"


class Left(StrEnum):
    """Why somebody is off the register (出册原因)."""

    DUTY_OVER = "duty_over"
    GONE = "gone_away"
    MISTAKEN = "mistaken"
    DIED = "died"


class MergeState(StrEnum):
    """Where a merge of two entries stands (合并状态)."""

    PROPOSED = "proposed"
    MERGED = "merged"
    REFUSED = "merge_refused"
    UNDONE = "undone"


class TeamRole(StrEnum):
    """Who belongs to the team around one person (包保角色)."""

    TOWNSHIP_CADRE = "township_cadre"
    VILLAGE_CADRE = "village_cadre"
    COMMUNITY_CADRE = "community_cadre"
    GRID_WORKER = "grid_worker"
    POLICE = "police"
    DOCTOR = "village_doctor"
    VOLUNTEER = "volunteer"


RANK: Final[Mapping[Risk, int]] = MappingProxyType({Risk.GENERAL: 0, Risk.ATTENTION: 1, Risk.KEY: 2})
BY_RULE: Final = "by_rule"
"""Outcome of screening.person_classed that gives the class back to the rule."""
DUTY: Final = timedelta(days=14)
THREE: Final = (TeamRole.TOWNSHIP_CADRE, TeamRole.POLICE, TeamRole.VILLAGE_CADRE)
FOUR: Final = (TeamRole.COMMUNITY_CADRE, TeamRole.GRID_WORKER, TeamRole.DOCTOR, TeamRole.POLICE)
FIVE: Final = (*FOUR, TeamRole.VOLUNTEER)
EMPTY_FOR: Final = timedelta(hours=12)
MOST_FOR_ONE: Final = 20


@dataclass(frozen=True, slots=True)
class Stay:
    """Where somebody was: a place in words, its division code where it is known, and until when."""

    place: str
    code: str = ""
    left_on: date | None = None


@dataclass(frozen=True, slots=True)
class Clause:
    """One line of the risk rule: who was in these places since a day, or had contact, is of this class."""

    risk: Risk
    places: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    from_on: date | None = None
    contact: bool = False


@dataclass(frozen=True, slots=True)
class RiskRule:
    """The rule in one version; the newest one that was set holds for the whole district."""

    rule_id: UUID
    clauses: tuple[Clause, ...]
    set_at: datetime
    set_by: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class Folded:
    """What all records about one person come to; the class by rule is not part of it."""

    path: str
    standing: Standing
    triggers: tuple[Trigger, ...]
    channel: Channel
    found_at: datetime
    author: UUID
    arrived_on: date | None
    contact: Contact
    stays: tuple[Stay, ...]
    transport: str
    trip: str
    door: UUID | None
    companions: tuple[UUID, ...]
    named: Risk | None
    left_at: datetime | None
    left_why: Left | None
    record: UUID
    n_records: int


@dataclass(frozen=True, slots=True)
class Registered:
    """One person of the register as lists show it; the name comes from the vault."""

    person_id: UUID
    district: str
    risk: Risk
    by_rule: bool
    facts: Folded


@dataclass(frozen=True, slots=True)
class Wanted:
    """Filters of the register; empty means: all."""

    path: str = ""
    risks: tuple[Risk, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    channels: tuple[Channel, ...] = ()
    standing: Standing | None = Standing.ON
    since: date | None = None


@dataclass(frozen=True, slots=True)
class ToWatch:
    """A key person whom somebody has to follow up."""

    person: UUID
    path: str
    area: str
    risk: Risk
    since: datetime
    until_day: date
    record: UUID


@dataclass(frozen=True, slots=True)
class Merge:
    """Two entries of which somebody says that they are one person."""

    drop: UUID
    keep: UUID
    path: str
    state: MergeState
    proposal: UUID
    proposed_by: UUID
    reason: str
    proposed_at: datetime
    decided_by: UUID | None = None
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answering:
    """Who answers in one role, and by what: named for the person, or for an area above."""

    role: TeamRole
    account: UUID
    target: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Team:
    """Everybody around one person at a moment, and the roles that nobody holds, each with since when."""

    person_id: UUID
    path: str
    answering: tuple[Answering, ...]
    empty: Mapping[TeamRole, datetime] = field(default_factory=dict)


PROBLEMS: Final = {
    "screening.many_persons": ProblemText(
        409, "More than 30 people at one door: please look at the number again."
    ),
    "screening.not_understood": ProblemText(409, "What was said about the person cannot be read: %(field)s."),
    "screening.no_trigger": ProblemText(409, "Nobody is registered without a trigger."),
    "screening.home_elsewhere": ProblemText(409, "The home does not lie in this district."),
    "screening.day_in_future": ProblemText(409, "A day that has not come yet."),
    "screening.reason_missing": ProblemText(409, "A reason in words is needed."),
    "screening.not_on_register": ProblemText(409, "This person is not on the register."),
    "screening.no_clauses": ProblemText(409, "A risk rule names places or contact."),
    "screening.merge_itself": ProblemText(409, "Nobody is merged with themselves."),
    "screening.no_proposal": ProblemText(409, "Nobody has proposed this merge."),
    "screening.same_officer": ProblemText(409, "Somebody else than the one who proposed it has to decide."),
    "screening.not_merged": ProblemText(409, "This entry is not merged."),
    "screening.not_found": ProblemText(404, "There is no such person on the register."),
    "screening.role_not_planned": ProblemText(422, "This role is not planned here."),
    "screening.no_roles": ProblemText(422, "A team has at least one role."),
    "screening.too_many_for_one": ProblemText(
        409, "This worker would answer for %(n)s key persons; at most %(limit)s are allowed without a reason."
    ),
    "screening.period_empty": ProblemText(422, "The end must lie after the beginning."),
    "screening.overlap": ProblemText(409, "Somebody is named for this role from a later moment on already."),
}
