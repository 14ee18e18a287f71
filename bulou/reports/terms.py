"""The words of reports: figures, the lists behind them, the daily report (日报、存档、签发)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from bulou.kernel.problems import Entry as ProblemText


class Unit(StrEnum):
    """What a figure counts (计量单位)."""

    COUNT = "count"
    PEOPLE = "people"
    SQUARE_METRES = "m2"
    LITRES = "l"
    MINUTES = "min"


class State(StrEnum):
    """Whether a report is still being looked over or stands in the archive (草稿、已签发)."""

    DRAFT = "draft"
    SIGNED = "signed"


class Format(StrEnum):
    """Forms in which a report is handed out (格式)."""

    JSON = "json"
    HTML = "html"
    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"


@dataclass(frozen=True, slots=True)
class ListLink:
    """The list behind a figure: the query that counts it, with its parameters. Doors make it an address."""

    name: str
    params: tuple[tuple[str, str], ...] = ()

    @property
    def text(self) -> str:
        """The query in one line, as data formats carry it."""
        return self.name + (
            "?" + "&".join(f"{key}={value}" for key, value in self.params) if self.params else ""
        )


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with its name and the list behind it; the key also names its definition. None: not known."""

    key: str
    value: int | None
    link: ListLink
    unit: Unit = Unit.COUNT


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table of figures: a part of the area, or a class of objects."""

    key: str
    name: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class RoundLine:
    """One round of the day with its account, and the account of each part of the area."""

    operation: UUID
    protocol: str
    titles: tuple[tuple[str, str], ...]
    """Language and title."""
    state: str
    opens_at: datetime
    due_at: datetime
    close_reason: str
    figures: tuple[Figure, ...]
    parts: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One finding of the day. Owners appear as their unit, never as a person."""

    finding: UUID
    place: str
    path: str
    severity: str
    text: str
    stage: str
    found_at: datetime
    due_at: datetime | None
    is_overdue: bool
    owner_unit: str
    reason: str


@dataclass(frozen=True, slots=True)
class DailyReport:
    """The report of one area and one day: what had happened by its end, from records only (日报)."""

    district: str
    path: str
    place: str
    on: date
    as_of: datetime
    made_at: datetime
    area: tuple[Figure, ...]
    rounds: tuple[RoundLine, ...]
    disinfection: tuple[Figure, ...]
    disinfection_classes: tuple[Line, ...]
    closures: tuple[Figure, ...]
    closure_classes: tuple[Line, ...]
    supervision: tuple[Figure, ...]
    findings: tuple[FindingLine, ...]
    quality: tuple[Figure, ...]
    people: tuple[Figure, ...] = ()
    """The register and the watches of the day; empty in reports that were archived before there were any."""


@dataclass(frozen=True, slots=True)
class Estimated:
    """How many people stand in no register, by one pair of lists, with what makes the number doubtful."""

    of: str
    doubts: tuple[str, ...]
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class RoundReport:
    """The end of one round of testing in one area: people, tubes, times, who was missed, what comes next."""

    district: str
    path: str
    place: str
    operation: UUID
    protocol: str
    titles: tuple[tuple[str, str], ...]
    state: str
    opens_at: datetime
    due_at: datetime
    closed_at: datetime | None
    close_reason: str
    as_of: datetime
    """The account stands as at the closing, or now while the round is open."""
    made_at: datetime
    """Tubes and results stand as at this moment."""
    account: tuple[Figure, ...]
    frame: tuple[Figure, ...]
    parts: tuple[Line, ...]
    hours: tuple[Line, ...]
    tubes: tuple[Figure, ...]
    tubes_balance: bool
    lost: tuple[Line, ...]
    pools: tuple[Figure, ...]
    steps: tuple[Line, ...]
    sites: tuple[Line, ...]
    chase: tuple[Figure, ...]
    chase_begins_at: datetime
    half_by: datetime
    all_by: datetime
    unknown: tuple[Estimated, ...]
    advice: str
    clean_rounds: int
    not_before: date | None
    crowded: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """A report as it was drafted or signed: its exact bytes, their hash, and who put a name to it."""

    id: UUID
    path: str
    on: date
    state: State
    number: int | None
    content: bytes
    sha256: str
    signature: str
    key: str
    """Public key of the signature, in hex."""
    made_at: datetime
    signed_by: UUID | None
    signed_role: str
    signed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Archived(Paper):
    """A daily report of the archive."""

    report: DailyReport


@dataclass(frozen=True, slots=True)
class ArchivedRound(Paper):
    """A report of a round in the archive; its day is the one on which the round opened."""

    report: RoundReport


@dataclass(frozen=True, slots=True)
class Listed:
    """A report as the list of the archive shows it."""

    id: UUID
    path: str
    place: str
    on: date
    state: State
    number: int | None
    made_at: datetime
    signed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that would be another one if the report were made now; None where it is missing."""

    key: str
    of: str
    """The round, part of the area or class it belongs to; empty for the whole area."""
    then: int | None
    now: int | None


PROBLEMS = {
    "reports.not_found": ProblemText(404, "There is no such report."),
    "reports.in_future": ProblemText(409, "This day has not begun yet."),
    "reports.day_not_over": ProblemText(409, "The day is not over. The report can be signed when it is."),
    "reports.round_open": ProblemText(409, "The round is not closed. The report can be signed when it is."),
    "reports.already_signed": ProblemText(
        409, "The report of this day is signed already: number %(number)s."
    ),
    "reports.changed": ProblemText(409, "The draft has changed since you read it. Read it again, then sign."),
    "reports.bad_format": ProblemText(400, "There is no such format: %(format)s."),
}
