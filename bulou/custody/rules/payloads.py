"""Reads the payloads of custody without ever raising: what a phone sent may be anything."""

from typing import TypeVar
from uuid import UUID

import msgspec

from bulou.ledger.terms import Entry


class Place(msgspec.Struct, frozen=True):
    """A keeper: an area path, and there a unit."""

    path: str
    unit: str = ""


class Way(msgspec.Struct, frozen=True, rename={"giver": "from", "receiver": "to"}):
    """One leg as it is planned."""

    giver: Place
    receiver: Place


class Carried(msgspec.Struct, frozen=True):
    """One person or lot."""

    id: UUID
    type: str = "person"
    n: int = 1


class Opened(msgspec.Struct, frozen=True):
    """The manifest and the way."""

    items: list[Carried]
    legs: list[Way]
    registered: int | None = None
    reason: str = ""


class Said(msgspec.Struct, frozen=True):
    """What one side says of a leg."""

    leg: int = 1
    missing: list[UUID] = []
    count: int | None = None
    slip: str = ""
    vehicle: str = ""
    reason: str = ""


Told = TypeVar("Told", bound=msgspec.Struct)


def read(entry: Entry, shape: type[Told]) -> Told | None:
    """The payload in this shape, or None where it is something else."""
    try:
        return msgspec.json.decode(entry.payload, type=shape)
    except (msgspec.DecodeError, msgspec.ValidationError):
        return None


def opened(entry: Entry) -> Opened | None:
    """The manifest, if it names something and a way; each thing once."""
    told = read(entry, Opened)
    if told is None or not told.items or not told.legs:
        return None
    return told if len({item.id for item in told.items}) == len(told.items) else None
