"""Reads the payloads of custody without ever raising: what a phone sent may be anything."""

from typing import TypeVar
from uuid import UUID, uuid5

import msgspec

from bulou.custody.terms import HANDED_ON
from bulou.ledger.terms import Entry

MOST_PERSONS = 200


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


class Sent(msgspec.Struct, frozen=True):
    """Whom a checkpoint sent on, and to which community."""

    to: str
    n_persons: int = 1


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
    if (entry.kind, entry.outcome) == HANDED_ON:
        return _sent_on(entry)
    told = read(entry, Opened)
    if told is None or not told.items or not told.legs:
        return None
    return told if len({item.id for item in told.items}) == len(told.items) else None


def _sent_on(entry: Entry) -> Opened | None:
    """One leg from the checkpoint to the community; each person gets a number of the passage's own."""
    told = read(entry, Sent)
    if told is None or not told.to or entry.subject is None:
        return None
    persons = range(1, min(max(told.n_persons, 1), MOST_PERSONS) + 1)
    items = [Carried(uuid5(entry.subject, f"person.{n}")) for n in persons]
    return Opened(items, [Way(Place(entry.path), Place(told.to))])
