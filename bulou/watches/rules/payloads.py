"""Reads the payloads of a watch without ever raising: what a phone sent may be anything."""

from datetime import date
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from bulou.ledger.terms import Entry


class Started(msgspec.Struct, frozen=True, rename={"counted_from": "from"}):
    """Who is watched, by which regime, counted from which day."""

    person: UUID
    regime: str
    counted_from: date
    phase: str = ""
    variant: str = ""
    worker: UUID | None = None
    team: str = ""
    reason: str = ""


class Changed(msgspec.Struct, frozen=True, rename={"counted_from": "from"}):
    """Another regime, or another first day, and why."""

    regime: str
    reason: str
    counted_from: date | None = None


class Assigned(msgspec.Struct, frozen=True):
    """Who goes there from now on; nobody by name: whoever answers for the place."""

    worker: UUID | None = None
    team: str = ""


class Confirmed(msgspec.Struct, frozen=True):
    """Which report was looked at."""

    record: UUID


class Reading(msgspec.Struct, frozen=True):
    """What was seen or measured."""

    temperature_c: float | None = None
    channel: str = ""


class Words(msgspec.Struct, frozen=True):
    """Free words."""

    reason: str = ""
    needs: str = ""
    note: str = ""
    decided_against_signs: str = ""


Told = TypeVar("Told", bound=msgspec.Struct)


def body(entry: Entry) -> dict[str, Any]:
    """The payload as a mapping; empty where it is something else."""
    try:
        return msgspec.json.decode(entry.payload, type=dict[str, Any])
    except (msgspec.DecodeError, msgspec.ValidationError):
        return {}


def read(entry: Entry, shape: type[Told]) -> Told | None:
    """The payload in this shape, or None where it is something else."""
    try:
        return msgspec.json.decode(entry.payload, type=shape)
    except (msgspec.DecodeError, msgspec.ValidationError):
        return None
