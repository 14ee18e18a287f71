"""The words of the ledger: one entry per thing that happened (台账)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

import msgspec

from bulou.kernel.problems import Entry as ProblemText

NO_PARAMS: Mapping[str, str | int] = MappingProxyType({})


class Standing(StrEnum):
    """Whether a stored record speaks for itself (有效) or waits for a person (存疑)."""

    KEPT = "kept"
    DOUBTFUL = "doubtful"


class Fate(StrEnum):
    """What became of a record that was handed in (处理结果)."""

    STORED = "stored"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"


class Kind(StrEnum):
    """Record kinds that every line shares (通用记录类型)."""

    RECORD_ACCEPTED = "record.accepted"
    RECORD_REJECTED = "record.rejected"
    UNIT_ADDED = "unit.added"
    UNIT_REMOVED = "unit.removed"
    UNIT_EXCUSED = "unit.excused"
    UNIT_MOVED = "unit.moved"
    ROUND_OPENED = "round.opened"
    ROUND_CLOSED = "round.closed"


class Entry(msgspec.Struct, frozen=True, gc=False):
    """One row of the ledger; `payload` is canonical JSON (keys sorted, no spaces), kept byte for byte.

    A struct, not a dataclass: there is one for every record (ADR 72).
    """

    id: UUID
    district: str
    path: str
    kind: str
    operation: UUID | None
    subject_type: str
    subject: UUID | None
    slot: str
    outcome: str
    payload: bytes
    observed_at: datetime
    clock_offset_ms: int
    effective_at: datetime
    device: UUID | None
    device_seq: int | None
    author: UUID
    team: str
    protocol: str
    based_on: UUID | None
    corrects: UUID | None
    withdraws: UUID | None
    accepts: UUID | None
    received_at: datetime
    standing: Standing
    problems: tuple[str, ...]

    @property
    def target(self) -> UUID | None:
        """The record this one speaks about, if it corrects, withdraws, accepts or rejects one."""
        return self.corrects or self.withdraws or self.accepts


class Appended(msgspec.Struct, frozen=True, gc=False):
    """What became of one entry: where it is new, `fate` is stored. `doubts`: of a duplicate's first."""

    id: UUID
    fate: Fate
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Conflict:
    """The same id sent with other content: both are kept, this is the later one (冲突)."""

    id: UUID
    record: UUID
    path: str
    body: bytes
    device: UUID | None
    author: UUID
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Gap:
    """A hole in a device's numbering: these records exist and have not arrived (缺号)."""

    device: UUID
    from_seq: int
    to_seq: int


@dataclass(frozen=True, slots=True)
class SealFault:
    """A place where the ledger differs from its seal (封存)."""

    district: str
    number: int
    what: str


PROBLEMS = {
    "ledger.not_found": ProblemText(404, "There is no such record."),
    "ledger.read_only": ProblemText(503, "The ledger cannot be written just now. Try again."),
}
