"""Reads the payloads of isolation without ever raising: what a phone sent may be anything."""

from datetime import date, datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

import msgspec

from bulou.ledger.terms import Entry
from bulou.lines.isolation.terms import Going, Ground, Group, Kind, Need, Tidiness, Zone

Word = Annotated[str, msgspec.Meta(max_length=40)]
Short = Annotated[str, msgspec.Meta(max_length=200)]
Path = Annotated[str, msgspec.Meta(max_length=255)]
Instant = Annotated[datetime, msgspec.Meta(tz=True)]
MOST = 2_000


class RoomSpec(msgspec.Struct, frozen=True):
    """One room of the list."""

    number: Annotated[str, msgspec.Meta(min_length=1, max_length=20)]
    floor: int = 1
    zone: Zone = Zone.MEDICAL
    area: Tidiness = Tidiness.CONTAMINATED
    beds: Annotated[int, msgspec.Meta(ge=0, le=50)] = 1
    barrier_free: bool = False
    gone: bool = False


class SiteTold(msgspec.Struct, frozen=True):
    """The telephone of the site, rooms that are new, changed or gone."""

    phone: Word | None = None
    rooms: Annotated[list[RoomSpec], msgspec.Meta(max_length=MOST)] = []


class DutyTold(msgspec.Struct, frozen=True, rename={"since": "from"}):
    """Who does what, from when."""

    account: UUID
    group: Group
    since: Instant | None = None
    until: Instant | None = None


class TurnoverTold(msgspec.Struct, frozen=True):
    """What was done with a room."""

    reason: Short = ""


class HomeTold(msgspec.Struct, frozen=True):
    """Of the answers of the entry check only what the file shows."""

    residents: int = 0


class ExpectedTold(msgspec.Struct, frozen=True, rename={"counted_from": "from"}):
    """Who is to come, where to, by which rules, and where to afterwards."""

    person: UUID
    regime: Word
    counted_from: date
    site: UUID | None = None
    dwelling: UUID | None = None
    bus: Word = ""
    party: Word = ""
    needs: list[Need] = []
    back_to: Path = ""
    phase: Word = ""
    ground: Ground = Ground.ACT
    due_at: Instant | None = None


class ArrivedTold(msgspec.Struct, frozen=True):
    """Into which room, and what came with the person."""

    room: UUID | None = None
    belongings: Short = ""
    medicine: Short = ""
    diet: Short = ""


class ChangedTold(msgspec.Struct, frozen=True):
    """Into which other room, and why."""

    room: UUID
    reason: Short = ""


class ReleasedTold(msgspec.Struct, frozen=True):
    """The number of the paper."""

    serial: Word
    reason: Short = ""


class LeftTold(msgspec.Struct, frozen=True):
    """How somebody went, where to, by which handover."""

    to: Path = ""
    chain: UUID | None = None
    reason: Short = ""


SHAPES: dict[Kind, type[msgspec.Struct]] = {
    Kind.SITE: SiteTold,
    Kind.DUTY: DutyTold,
    Kind.TURNOVER: TurnoverTold,
    Kind.EXPECTED: ExpectedTold,
    Kind.ARRIVED: ArrivedTold,
    Kind.CHANGED_ROOM: ChangedTold,
    Kind.RELEASED: ReleasedTold,
    Kind.LEFT: LeftTold,
}
"""Kinds whose payload has a shape of its own; the others answer the form of their protocol."""
GOINGS = frozenset(one.value for one in Going)
Told = TypeVar("Told", bound=msgspec.Struct)


def read(entry: Entry, shape: type[Told]) -> Told | None:
    """The payload in this shape, or None where it is something else."""
    try:
        return msgspec.json.decode(entry.payload, type=shape)
    except (msgspec.DecodeError, msgspec.ValidationError):
        return None


def body(entry: Entry) -> dict[str, Any]:
    """The payload as a mapping; empty where it is something else."""
    try:
        return msgspec.json.decode(entry.payload, type=dict[str, Any])
    except (msgspec.DecodeError, msgspec.ValidationError):
        return {}


def expected(entry: Entry) -> ExpectedTold | None:
    """Who is to come, if it says where to: a site or a home, never both."""
    told = read(entry, ExpectedTold)
    return told if told is not None and (told.site is None) != (told.dwelling is None) else None
