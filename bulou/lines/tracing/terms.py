"""The words of tracing: cases, their contacts and the contacts of those (流调溯源)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from bulou.kernel.problems import Entry as ProblemText


class Kind(StrEnum):
    """Record kinds of the line (记录类型)."""

    CASE = "tracing.case"
    EXPOSURE = "tracing.exposure"
    PLACED = "tracing.placed"
    VISIT = "tracing.visit"
    REGIME = "tracing.regime"


class Audit(StrEnum):
    """What the line tells the ledger about itself (流调记录)."""

    FORGOTTEN = "tracing.forgotten"
    TAKEN_BACK = "tracing.taken_back"


class CaseClass(StrEnum):
    """What the health authority says that somebody is (病例分类); the program decides it never."""

    CONFIRMED = "confirmed"
    PROBABLE = "probable"
    SUSPECTED = "suspected"
    ASYMPTOMATIC = "asymptomatic"
    NO_CASE = "no_case"


class ContactClass(StrEnum):
    """What somebody is by the rule in force (接触者分类)."""

    CASE = "is_a_case"
    CLOSE = "close_contact"
    SECONDARY = "contact_of_contact"
    GENERAL = "general_contact"
    OUTSIDE = "outside_the_rule"
    UNLINKED = "source_unknown"


class Way(StrEnum):
    """How two people met (接触方式); source F-01, P-05."""

    SAME_HOME = "same_home"
    SAME_ROOM = "same_room"
    SAME_BED = "same_bed"
    SAME_MEAL = "same_meal"
    SAME_WORKROOM = "same_workroom"
    SAME_VEHICLE = "same_vehicle"
    TREATMENT = "treatment"
    NURSING = "nursing"
    SAME_WARD = "same_ward"
    LEISURE = "leisure"
    PRESENT = "same_place_same_time"
    OTHER = "other_way"


class Mode(StrEnum):
    """Where a contact stands in the hands of those who look after them (管理状态); source F-02."""

    TRACED = "being_traced"
    AWAITING = "awaiting_transfer"
    CENTRAL = "at_a_site"
    HOME = "at_home"
    HOSPITAL = "in_hospital"
    ELSEWHERE = "passed_on"
    RELEASED = "let_go"


class Job(StrEnum):
    """Work for which the employer must be known too (重点职业); source F-02."""

    STUDENT = "student"
    TEACHER = "teacher"
    HEALTH = "health_worker"
    NONE = "no_such_work"


class Check(StrEnum):
    """What does not fit about a contact (质控问题); source F-02."""

    NOT_LANDED = "not_landed"
    STREET_MISSING = "street_missing"
    PASSED_ON_WHERE = "passed_on_where"
    SITE_MISSING = "site_missing"
    HOME_REASON_MISSING = "home_reason_missing"
    CHECKED_IN_ELSEWHERE = "checked_in_all_the_same"
    END_MISSING = "end_missing"
    END_OFF = "end_off"
    PRIMARY_MISSING = "primary_missing"
    CLASS_DIFFERS = "class_differs"
    EMPLOYER_MISSING = "employer_missing"


COUNTED: Final = (ContactClass.CLOSE, ContactClass.SECONDARY, ContactClass.GENERAL)
"""Classes that the rule in force looks after."""
FUNNEL: Final = tuple(Mode)
ILL: Final = frozenset(CaseClass) - {CaseClass.NO_CASE}
MOST_STAY: Final = timedelta(hours=8)
"""A visit never lasts longer: a longer stay is told in pieces. It bounds how far back the search looks."""
MOST_PIECES: Final = 42
"""A fortnight in pieces of eight hours; a longer stay at one place is no visit."""
KEEP_DAYS: Final = 28
"""Days that a visit and an exposure are kept after they ended; source: retention, close-contact chain."""
DAYS_BACK: Final = 14
"""How far back visits are asked about, unless the rule's window is shorter."""
STAY_WITHIN_DAYS: Final = 5
"""A check-in so few days after the last contact means that somebody is at the site; source F-02."""
MOST_SHOWN: Final = 500
"""So many people of each degree are named at once, the longest meeting first; all are counted."""
DEFAULT_REGIME: Final = "cn-v9"


@dataclass(frozen=True, slots=True)
class Regime:
    """Who is a contact, since when, and for how long, by one set of rules (判定方案)."""

    key: str
    titles: Mapping[str, str]
    lookback_days: int
    close_minutes: int
    close_ways: frozenset[Way]
    secondary: bool
    days: Mapping[ContactClass, int]
    source: str


@dataclass(frozen=True, slots=True)
class Case:
    """A case as the health authority reported it (病例)."""

    standing: CaseClass
    onset_on: date | None
    sampled_on: date | None
    reported_on: date
    isolated_at: datetime | None
    number: str


@dataclass(frozen=True, slots=True)
class Exposure:
    """One person met another at a place for a time (暴露); without a source nobody knows whom."""

    id: UUID
    contact: UUID
    source: UUID | None
    place: UUID | None
    began_at: datetime
    ended_at: datetime
    way: Way
    protected: bool
    told_class: str
    path: str
    record: UUID


@dataclass(frozen=True, slots=True)
class Placed:
    """Who looks after a contact now, and where (落地管控)."""

    mode: Mode
    since: datetime
    site: UUID | None
    checked_in_on: date | None
    home_reason: str
    passed_to: str
    until_on: date | None
    job: Job
    employer_known: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """What all records about one person come to, without anybody else."""

    path: str
    case: Case | None
    exposures: tuple[Exposure, ...]
    placed: Placed | None


@dataclass(frozen=True, slots=True)
class Judged:
    """What somebody is by the rule, and why: through which meeting, from when until when."""

    klass: ContactClass
    via: UUID | None = None
    root: UUID | None = None
    exposure: UUID | None = None
    minutes: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    end_on: date | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """One person of a chain as pages show them; the name comes from the vault (接触者)."""

    person: UUID
    path: str
    judged: Judged
    n_exposures: int
    placed: Placed | None
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case with how many contacts it has."""

    person: UUID
    path: str
    case: Case
    n_by_class: Mapping[ContactClass, int]


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody was at a place for a time (到访)."""

    person: UUID
    place: UUID
    began_at: datetime
    ended_at: datetime
    path: str


@dataclass(frozen=True, slots=True)
class Met:
    """Two people were at one place at the same time: the reason why somebody stands on a list (同时空)."""

    person: UUID
    source: UUID
    degree: int
    place: UUID
    began_at: datetime
    ended_at: datetime
    n_times: int

    @property
    def minutes(self) -> int:
        """How long, in whole minutes."""
        return int((self.ended_at - self.began_at) / timedelta(minutes=1))


@dataclass(frozen=True, slots=True)
class Found:
    """Who met: the first of each degree with the reason, and how many they are."""

    people: tuple[Met, ...]
    n_by_degree: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class List:
    """A list of contacts or visits that came in as a file (名单): counts, who and when, never a name."""

    list_id: UUID
    of_visits: bool
    path: str
    made_at: datetime
    made_by: UUID
    rows: int
    stored: int
    unchanged: int
    quarantined: int
    taken_back_at: datetime | None


@dataclass(frozen=True, slots=True)
class Seed:
    """From whom a search starts, and in which time that person could pass it on."""

    person: UUID
    since: datetime
    until: datetime


NO_FACTS: Final = Facts("", None, (), None)
EMPTY: Final[Mapping[ContactClass, int]] = MappingProxyType({})

PROBLEMS: Final[Mapping[str, ProblemText]] = {
    "tracing.not_understood": ProblemText(409, "The record of tracing is not understood: %(field)s."),
    "tracing.itself": ProblemText(409, "Nobody is their own contact."),
    "tracing.times_wrong": ProblemText(409, "The end must lie after the beginning."),
    "tracing.in_future": ProblemText(409, "This lies in the future."),
    "tracing.too_long": ProblemText(409, "A visit lasts a fortnight at most. Tell where the person lives."),
    "tracing.no_onset": ProblemText(
        409, "A case needs the day of the first symptoms or of the first sample."
    ),
    "tracing.reason_missing": ProblemText(409, "Give the reason."),
    "tracing.no_such_regime": ProblemText(409, "There is no such rule."),
    "tracing.not_found": ProblemText(404, "There is no such case or contact."),
    "tracing.no_such_list": ProblemText(404, "There is no such list."),
    "tracing.taken_back_already": ProblemText(409, "This list was taken back already."),
}
