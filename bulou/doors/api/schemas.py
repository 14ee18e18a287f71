"""The shapes that the API answers with. Every time has an offset, every id is a UUID, areas are paths."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import AwareDatetime

PATH = r"^[A-Za-z0-9_-]{1,32}(\.[A-Za-z0-9_-]{1,32}){0,15}$"
Why = Literal["untried", "absent", "refused", "unreachable", "handed_over"]


class EnrolIn(Schema):
    """What a phone shows to be let in."""

    code: str = Field(
        min_length=1, max_length=64, description="The one-time code that an officer has read out."
    )
    name: str = Field(min_length=1, max_length=80, description="What people call the phone.")


class EnrolOut(Schema):
    """The device's id and its secret."""

    device: UUID
    token: str = Field(description="Told once; the server keeps only its hash.")
    secret: str = Field(description="Told once: proves the phone where nobody is signed in on it.")
    server_time: datetime


class Basis(Schema):
    """The legal basis of a round."""

    law: str = Field(max_length=300, description="Which law or order, with its article.")
    text: str = Field("", max_length=4000)


class Targets(Schema):
    """What the frame is made of, beyond what the protocol says."""

    site_types: list[str] = Field([], max_length=60, description="Classes of places, for rounds over places.")
    level: str = Field("", max_length=32, description="A level of areas, e.g. compound.")
    registered: bool = Field(default=False, description="Of people: only those on a register.")
    after: UUID | None = Field(None, description="Of people: those of this round, as it was corrected since.")


class Decision(Schema):
    """Who decided that an area is tested again on the same day."""

    by: str = Field(max_length=80, description="Name and office.")
    reason: str = Field(max_length=400)


class OpenIn(Schema):
    """A round to be opened."""

    protocol: str = Field(max_length=80, description="A protocol's name, e.g. household-screening-round.")
    area: str = Field(pattern=PATH)
    opens_at: AwareDatetime
    due_at: AwareDatetime
    basis: Basis
    targets: Targets | None = None
    decision: Decision | None = Field(None, description="Only for a second testing round of one day.")


class OpenOut(Schema):
    """The new round and how many it expects."""

    id: UUID
    expected: int


class OperationOut(Schema):
    """One round."""

    id: UUID
    protocol: str
    kind: str
    title: str
    area: str
    subject_type: str
    opens_at: datetime
    due_at: datetime
    opened_at: datetime
    basis: Basis
    expected_at_opening: int
    state: Literal["open", "closed", "closed_short"]
    closed_at: datetime | None


class OperationsOut(Schema):
    """A page of rounds."""

    items: list[OperationOut]
    next: str | None


class OpenBy(Schema):
    """Open units by reason."""

    untried: int
    absent: int
    refused: int
    unreachable: int
    handed_over: int


class AccountOut(Schema):
    """expected = done + excused + moved + open, here and in every child."""

    area: str
    expected: int
    done: int
    excused: int
    moved: int
    open: int
    open_by: OpenBy
    alerts: int
    as_of: datetime
    children: list["AccountOut"]


class OwnerOut(Schema):
    """Who owes it: by name, else whoever answers for the place; a team where nobody is named."""

    account: UUID | None
    team: str


class MissedOut(Schema):
    """One unit that somebody still owes."""

    subject: UUID
    subject_type: str
    label: str
    area: str
    path: str
    why: Why
    attempts: int
    last_attempt_at: datetime | None
    due_at: datetime
    alert: bool
    owner: OwnerOut


class MissedListOut(Schema):
    """A page of the missed list; `total` counts the whole of it."""

    items: list[MissedOut]
    next: str | None
    total: int


class CloseIn(Schema):
    """Why a round is closed although units are open."""

    reason: str | None = Field(None, max_length=4000, description="Closes the round short.")


class ClosedOut(Schema):
    """How the round ended."""

    id: UUID
    state: Literal["closed", "closed_short"]
    closed_at: datetime | None


class HistoryItem(Schema):
    """One record as it stands in the ledger."""

    id: UUID
    kind: str
    operation: UUID | None
    outcome: str
    payload: Any
    observed_at: datetime
    effective_at: datetime
    received_at: datetime
    standing: Literal["kept", "doubtful"]
    problems: list[str]
    author: UUID
    team: str
    device: UUID | None
    protocol: str
    corrects: UUID | None
    withdraws: UUID | None
    accepts: UUID | None


class HistoryOut(Schema):
    """Everything recorded about one subject, oldest first."""

    items: list[HistoryItem]


class Task(Schema):
    """One thing to do."""

    operation: UUID
    protocol: str
    subject: UUID
    subject_type: str
    label: str
    area: str
    path: str
    building: str
    floor: int | None = None
    door: str = ""
    sort: str = Field("", description="Order of walking inside its path.")
    keys: str = Field("", description="Pinyin and initials of building or place, for searching.")
    why: Why
    attempts: int
    due_at: datetime
    alert: bool


class ProtocolOut(Schema):
    """A protocol in the version to be used."""

    protocol: str = Field(description="Name and version, as a record names it.")
    titles: dict[str, str]
    body: dict[str, Any]


class AreaOut(Schema):
    """The name of an area."""

    path: str
    name: str
    keys: str = Field("", description="Pinyin and initials, for searching.")


class AttachmentOut(Schema):
    """A photo has arrived: the phone may forget it."""

    id: UUID
    record: UUID
    standing: Literal["kept", "duplicate"]
    server_time: datetime


class Removed(Schema):
    """A task that is no longer owed."""

    operation: UUID
    subject: UUID
    family: Literal["done", "excused", "moved", "removed"]
    outcome: str
    at: datetime | None
    mine: bool = Field(description="Settled by the phone's own holder.")


class WorklistOut(Schema):
    """What a phone takes along."""

    tasks: list[Task]
    more: bool = Field(description="More is open than one answer holds: do these, then ask again.")
    protocols: list[ProtocolOut]
    areas: list[AreaOut]
    whole: bool = Field(description="The whole list: put it in the place of the one before. Else: changes.")
    removed: list[Removed] = Field(description="What is no longer owed since the cursor that was sent.")
    passes: dict[str, Any] | None = Field(None, description="For gates: keys and revoked entry passes.")
    findings: list[Any] = Field([], description="For inspectors: findings that wait for a re-check.")
    jobs: list[Any] = Field([], description="For inspectors: disinfection jobs that wait for a sign-off.")
    places: list[Any] = Field([], description="For inspectors: areas down to the compounds.")
    others: list[Any] = Field([], description="What the ledger holds beside one's own conflicts.")
    to_fix: list[Any] = Field([], description="Findings that wait to be put right by units here.")
    sites: list[Any] = Field([], description="Isolation sites: who is to come, who stays, and the rooms.")
    homes: list[Any] = Field([], description="Doors of isolation at home, with their entry check.")
    slots: list[Any] = Field([], description="Slots of watches due from midnight to the shift's end.")
    handovers: list[Any] = Field([], description="Chains of which this person gives or receives a leg.")
    cases: list[Any] = Field([], description="Open cases with the steps that somebody owes.")
    cursor: str
    server_time: datetime


class ProblemOut(Schema):
    """An RFC 9457 problem document."""

    type: str
    title: str
    status: int
    code: str = Field(description="Stable for ever.")
    detail: str = Field(description="In the language of Accept-Language.")
    where: dict[str, Any] | None = Field(None, description="Row, column or field, where that makes sense.")


class DailyQuery(Schema):
    """Which daily report, and as what."""

    date: date
    area: str = Field(pattern=PATH)
    format: Literal["json", "html", "docx", "pdf", "xlsx"] = "json"
