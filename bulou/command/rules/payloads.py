"""Reads the payloads of command without ever raising: what stands in a ledger may be anything."""

from datetime import datetime
from typing import Annotated, TypeVar
from uuid import UUID

import msgspec

from bulou.access.terms import Role
from bulou.command.terms import Level, ZoneMeasure

Instant = Annotated[datetime, msgspec.Meta(tz=True)]
Short = Annotated[str, msgspec.Meta(max_length=200)]
Text = Annotated[str, msgspec.Meta(max_length=2_000)]
Long = Annotated[str, msgspec.Meta(max_length=10_000)]
Path = Annotated[str, msgspec.Meta(max_length=255)]
Told = TypeVar("Told", bound=msgspec.Struct)


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What is decided about an area."""

    level: Level
    from_at: Instant
    until: Instant
    law: Short
    number: Short
    issuer: Short
    reason: Text
    evidence: Text
    measures: tuple[ZoneMeasure, ...] = ()
    note: Text = ""
    two_units: bool = False


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """What one person has to do by an hour."""

    text: Text
    owner: UUID
    due_at: Instant


class Issue(msgspec.Struct, frozen=True, kw_only=True):
    """What an order says, and to whom."""

    number: Short
    title: Short
    text: Long
    unit: Short
    meeting: Short = ""
    areas: Annotated[tuple[Path, ...], msgspec.Meta(min_length=1, max_length=200)]
    roles: tuple[Role, ...] = ()
    round: UUID | None = None
    answer_by: Instant
    tasks: Annotated[tuple[Task, ...], msgspec.Meta(max_length=20)] = ()
    supersedes: UUID | None = None


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Which task was done, and what came of it."""

    task: int
    text: Text


class By(msgspec.Struct, frozen=True, kw_only=True):
    """Which order takes the place of this one."""

    order: UUID


class About(msgspec.Struct, frozen=True, kw_only=True):
    """Which decision a second unit speaks about, and why."""

    decision: UUID
    reason: Text = ""


class Why(msgspec.Struct, frozen=True, kw_only=True):
    """Why a zone ends before its time."""

    reason: Text = ""


def told(payload: bytes, of: type[Told]) -> Told | None:
    """The payload as what it should be, or None where it is something else."""
    try:
        return msgspec.json.decode(payload, type=of)
    except (msgspec.DecodeError, msgspec.ValidationError):
        return None
