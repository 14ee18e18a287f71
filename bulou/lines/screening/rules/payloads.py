"""What records of the register say, read strictly: what is not asked for never reaches the ledger."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from uuid import UUID

import msgspec

from bulou.lines.screening.terms import Channel, Contact, Risk
from bulou.people.terms import Trigger

Words = Annotated[str, msgspec.Meta(max_length=60)]
Code = Annotated[str, msgspec.Meta(pattern=r"^\d{0,12}$")]
Path = Annotated[str, msgspec.Meta(max_length=255)]


class StayTold(msgspec.Struct, frozen=True, omit_defaults=True):
    """One stay."""

    place: Words = ""
    code: Code = ""
    left_on: date | None = None


class PersonTold(msgspec.Struct, frozen=True, omit_defaults=True, rename={"companions": "with"}):
    """What was said about somebody who came: no name, no number, no phone."""

    trigger: Trigger | None = None
    channel: Channel = Channel.DOOR
    stays: Annotated[list[StayTold], msgspec.Meta(max_length=20)] = []
    arrived_on: date | None = None
    contact: Contact = Contact.UNKNOWN
    transport: Words = ""
    trip: Words = ""
    home: Path = ""
    door: UUID | None = None
    companions: Annotated[list[UUID], msgspec.Meta(max_length=50)] = []


class ClauseTold(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of a risk rule."""

    risk: Risk
    places: Annotated[list[Words], msgspec.Meta(max_length=200)] = []
    codes: Annotated[list[Code], msgspec.Meta(max_length=200)] = []
    from_on: date | None = None
    contact: bool = False


class RuleTold(msgspec.Struct, frozen=True, omit_defaults=True):
    """A risk rule."""

    clauses: Annotated[list[ClauseTold], msgspec.Meta(max_length=50)] = []
    reason: Annotated[str, msgspec.Meta(max_length=500)] = ""


class SaidTold(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the short records say: a reason; of a merge also who stays, of a decision which proposal."""

    reason: Annotated[str, msgspec.Meta(max_length=500)] = ""
    keep: UUID | None = None
    proposal: UUID | None = None


def person(payload: bytes | Mapping[str, Any]) -> PersonTold | str:
    """Return what was said, or in words what cannot be read."""
    told: PersonTold | str = _read(payload, PersonTold)
    return told


def rule(payload: bytes | Mapping[str, Any]) -> RuleTold | str:
    """Return the rule, or in words what cannot be read."""
    told: RuleTold | str = _read(payload, RuleTold)
    return told


def said(payload: bytes | Mapping[str, Any]) -> SaidTold | str:
    """Return what a short record says, or in words what cannot be read."""
    told: SaidTold | str = _read(payload, SaidTold)
    return told


def reduce(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what of a person's payload may stand in the ledger: known fields only."""
    known = {f.encode_name for f in msgspec.structs.fields(PersonTold)}
    return {key: value for key, value in payload.items() if key in known}


def _read(payload: bytes | Mapping[str, Any], shape: Any) -> Any:
    try:
        if isinstance(payload, bytes):
            return msgspec.json.decode(payload, type=shape)
        return msgspec.convert(payload, shape, strict=False)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        return str(error)[:120]
