"""What records of tracing say, read strictly: no name, no number and no free text reaches the ledger."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

import msgspec

from bulou.lines.tracing.terms import ContactClass, Job, Kind, Mode, Way

Words = Annotated[str, msgspec.Meta(max_length=60)]
Number = Annotated[str, msgspec.Meta(max_length=40, pattern=r"^[\w./-]*$")]
Instant = Annotated[datetime, msgspec.Meta(tz=True)]


class CaseTold(msgspec.Struct, frozen=True, omit_defaults=True):
    """A case: its days and the number under which the health authority knows it."""

    onset_on: date | None = None
    sampled_on: date | None = None
    isolated_at: Instant | None = None
    number: Number = ""


class ExposureTold(msgspec.Struct, frozen=True, omit_defaults=True):
    """A meeting: with whom, where, from when until when, how."""

    began_at: Instant
    ended_at: Instant
    source: UUID | None = None
    place: UUID | None = None
    way: Way = Way.OTHER
    protected: bool = False
    told_class: ContactClass | None = None
    listed_in: UUID | None = None


class PlacedTold(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who looks after a contact, and where."""

    mode: Mode
    site: UUID | None = None
    checked_in_on: date | None = None
    home_reason: Words = ""
    passed_to: Words = ""
    until_on: date | None = None
    job: Job = Job.NONE
    employer_known: bool = False


class VisitTold(msgspec.Struct, frozen=True, omit_defaults=True):
    """A visit: where, from when until when."""

    place: UUID
    began_at: Instant
    ended_at: Instant
    listed_in: UUID | None = None


class RegimeTold(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which rule holds from now on, and where this event differs from it."""

    key: Words
    reason: Annotated[str, msgspec.Meta(max_length=500)]
    lookback_days: Annotated[int, msgspec.Meta(ge=0, le=28)] | None = None
    close_minutes: Annotated[int, msgspec.Meta(ge=1, le=1440)] | None = None


SHAPES: Mapping[str, type[msgspec.Struct]] = {
    Kind.CASE: CaseTold,
    Kind.EXPOSURE: ExposureTold,
    Kind.PLACED: PlacedTold,
    Kind.VISIT: VisitTold,
    Kind.REGIME: RegimeTold,
}
KNOWN = frozenset(f.encode_name for shape in SHAPES.values() for f in msgspec.structs.fields(shape))
Told = TypeVar("Told", bound=msgspec.Struct)


def read(payload: bytes | Mapping[str, Any], shape: type[Told]) -> Told | None:
    """Return what was said, or None where it cannot be read."""
    try:
        if isinstance(payload, bytes):
            return msgspec.json.decode(payload, type=shape)
        return msgspec.convert(payload, shape, strict=False)
    except (msgspec.ValidationError, msgspec.DecodeError):
        return None


def reduce(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what of a payload may stand in the ledger: known fields only."""
    return {key: value for key, value in payload.items() if key in KNOWN}
