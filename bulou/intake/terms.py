"""The words of the one door for records (入库): what a phone sends, what it is told."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

import msgspec

from bulou.access.terms import Verb
from bulou.coverage.terms import Standing as UnitStanding
from bulou.kernel.problems import Entry as ProblemText
from bulou.ledger.terms import Entry

BATCH_LIMIT = 500
Word = Annotated[str, msgspec.Meta(max_length=64)]
Path = Annotated[str, msgspec.Meta(max_length=255)]
Instant = Annotated[datetime, msgspec.Meta(tz=True)]


class Answered(StrEnum):
    """What the sender is told about one record (回执)."""

    KEPT = "kept"
    DOUBTFUL = "doubtful"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    UNREADABLE = "unreadable"


class NewSubject(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A door, place or person first met in the field; the id is made by the device."""

    id: UUID
    area: Path
    label: Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
    building: Word = ""
    kind: Word = ""


class Subject(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What the record is about."""

    type: Word
    id: UUID | None = None
    new: NewSubject | None = None


class Wire(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One record as it comes over the wire (contract: RECORD)."""

    id: UUID
    kind: Word
    observed_at: Instant
    operation: UUID | None = None
    subject: Subject | None = None
    slot: Word = ""
    outcome: Word = ""
    payload: dict[str, Any] = {}
    device_seq: Annotated[int, msgspec.Meta(ge=0, le=2**53)] | None = None
    protocol: Annotated[str, msgspec.Meta(max_length=120)] = ""
    based_on: UUID | None = None
    corrects: UUID | None = None
    withdraws: UUID | None = None
    area: Path | None = None


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """One batch: the records stay raw until each is decoded alone, so that one bad record harms no other."""

    sent_at: Instant
    records: list[msgspec.Raw]
    device: UUID | None = None


class Sealed(msgspec.Struct, frozen=True):
    """One envelope (密封记录): which phone says to have made it, under which id; only the server opens it."""

    device: UUID
    id: UUID
    sealed: bytes


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """What is in an envelope of records: the token proves the phone; records stay raw as in a batch."""

    token: str
    records: list[msgspec.Raw]
    offset_ms: Annotated[int, msgspec.Meta(ge=-(2**53), le=2**53)] = 0


class PhotoAbout(msgspec.Struct, frozen=True):
    """Which record a photo belongs to."""

    record: UUID
    area: Path = ""


class PhotoHead(msgspec.Struct, frozen=True):
    """What stands before the bytes of a photo in its envelope."""

    token: str
    photo: PhotoAbout


class Result(msgspec.Struct, frozen=True, gc=False):
    """The answer for one record; `problems` may name something worth knowing about a record that was kept."""

    id: str
    standing: str
    problems: list[str]


class MissingNumbers(msgspec.Struct, frozen=True):
    """Numbers of a device that have not arrived."""

    device: UUID
    from_seq: int
    to_seq: int


class BatchAnswer(msgspec.Struct, frozen=True):
    """The answer to a batch, results in the order of the records."""

    results: list[Result]
    gaps: list[MissingNumbers]
    server_time: datetime


@dataclass(frozen=True, slots=True)
class OfficeRecord:
    """A record made at a desk by a signed-in person."""

    kind: str
    path: str
    operation: UUID | None = None
    subject_type: str = ""
    subject: UUID | None = None
    outcome: str = ""
    payload: Mapping[str, Any] = field(default_factory=dict)
    corrects: UUID | None = None
    withdraws: UUID | None = None
    accepts: UUID | None = None
    protocol: str = ""
    id: UUID | None = None
    observed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class About:
    """What a record of a batch speaks about, before it is checked."""

    id: UUID
    kind: str
    operation: UUID | None
    subject: UUID | None
    payload: Mapping[str, Any]
    takes_back: UUID | None


class CheckContext(msgspec.Struct, frozen=True, gc=False):
    """What a line may look at when it checks: the unit, and the subject's own records where it asked."""

    unit: UnitStanding | None
    payload: Mapping[str, Any]
    history: Mapping[UUID, Sequence[Entry]]
    book: object = None


Check = Callable[[Entry, CheckContext], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Handler:
    """Everything intake knows about one kind of record: who may send it, what checks it, what it moves."""

    kind: str
    verb: Verb
    field: bool = True
    form: bool = False
    check: Check | None = None
    apply: Callable[[str, Sequence[Entry]], None] | None = None
    needs_history: bool = False
    place: Callable[[str, Sequence[UUID]], Mapping[UUID, str]] | None = None
    """Where subjects of this kind stand: what is said about them is filed there, whatever the phone names."""
    reduce: Callable[[Mapping[str, Any]], Mapping[str, Any]] | None = None
    """What of the payload may stand in the ledger; the rest is not kept. Pure."""
    book: Callable[[str, Sequence[About]], object] | None = None
    """What the line must know of a whole batch before its records are checked one after another."""


PROBLEMS = {
    "intake.not_sealed": ProblemText(
        422, "This is neither a file of sealed records nor scanned pages of one."
    ),
    "intake.pages_missing": ProblemText(422, "Pages are missing: %(pages)s."),
    "intake.after_revocation": ProblemText(409, "This happened after the phone had been revoked."),
    "intake.unreadable_batch": ProblemText(400, "The batch cannot be read: %(why)s."),
    "intake.too_many": ProblemText(413, "At most %(limit)s records fit in one batch."),
    "intake.other_device": ProblemText(400, "The batch names another device than the one that is signed in."),
    "intake.unreadable": ProblemText(400, "The record cannot be read: %(why)s."),
    "intake.not_allowed": ProblemText(404, "There is nothing here, or it is not yours to see."),
    "intake.unknown_kind": ProblemText(409, "This kind of record is not known here."),
    "intake.office_only": ProblemText(409, "This kind of record is made in the office, not in the field."),
    "intake.unknown_round": ProblemText(409, "The round of this record is not known here."),
    "intake.other_protocol": ProblemText(409, "The record was made with another protocol than its round."),
    "intake.unknown_protocol": ProblemText(409, "The protocol of this record is not known here."),
    "intake.future_time": ProblemText(409, "By the phone's clock this happened in the future."),
    "intake.before_opening": ProblemText(409, "This happened before the round opened."),
    "intake.after_closing": ProblemText(409, "This happened after the round was closed."),
    "intake.outside_area": ProblemText(409, "This place is outside the sender's area."),
    "intake.unknown_area": ProblemText(409, "The area that the record names is not known here."),
    "intake.no_subject": ProblemText(409, "The record does not say what it is about."),
    "intake.not_yours": ProblemText(409, "Only the author or an officer may correct or withdraw a record."),
    "intake.other_subject": ProblemText(
        409, "This speaks about a record of another place; withdraw that one by itself."
    ),
    "intake.not_placed": ProblemText(
        409, "The place cannot be entered: its area is not known, or it is known already under another id."
    ),
    "intake.receiver_accepts": ProblemText(409, "A move counts only when the receiving side accepts it."),
    "intake.until_missing": ProblemText(409, "An excuse needs an end date."),
    "intake.reason_missing": ProblemText(409, "A reason in words is needed."),
    "intake.settled_by_other": ProblemText(409, "Someone else had already settled this; both are kept."),
    "intake.already_reviewed": ProblemText(409, "This record has been reviewed already."),
    "intake.not_doubtful": ProblemText(409, "This record is not doubtful."),
}
