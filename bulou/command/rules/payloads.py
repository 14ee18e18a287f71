"""Reads the payloads of command without ever raising: what stands in a ledger may be anything."""

from datetime import datetime
from typing import Annotated, TypeVar
from uuid import UUID

import msgspec

from bulou.command.terms import Level, ZoneMeasure

Instant = Annotated[datetime, msgspec.Meta(tz=True)]
Short = Annotated[str, msgspec.Meta(max_length=200)]
Text = Annotated[str, msgspec.Meta(max_length=2_000)]
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
