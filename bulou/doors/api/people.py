"""Identity of somebody whom a phone or another program has found: sealed, and shown with a purpose."""

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema

from bulou.access.terms import Verb
from bulou.doors.api.auth import actor, scoped
from bulou.doors.api.schemas import PATH
from bulou.people.actions import reading, vault
from bulou.people.terms import (
    Alike,
    Asked,
    Fate,
    Identity,
    Keep,
    NewPerson,
    Purpose,
    Trigger,
    Why,
)
from bulou.people.terms import Field as Part

router = Router(tags=["people"])
Phone = Annotated[str, Field(max_length=24)]


class PersonIn(Schema):
    """Somebody who is to be held. The id is made by the sender; the same call again changes nothing."""

    id: UUID
    area: str = Field(pattern=PATH)
    name: str = Field(min_length=1, max_length=60)
    number: str = Field("", max_length=24, description="ID number or passport.")
    phones: list[Phone] = Field([], max_length=5)
    address: str = Field("", max_length=200)
    trigger: Trigger
    purpose: Purpose = Purpose.FOLLOW_UP
    keep: Keep = Keep.RETURNEE_CARD
    basis: str = Field(min_length=1, max_length=300, description="Law or order on which this rests.")
    reason: str = Field(min_length=1, max_length=500)


class AlikeOut(Schema):
    """Somebody else who may be the same person: a warning, nothing is joined."""

    id: UUID
    why: Alike


class PersonOut(Schema):
    """What became of it."""

    id: UUID
    fate: Fate
    alike: list[AlikeOut]


class RevealIn(Schema):
    """What for."""

    purpose: Purpose
    reason: str = Field(min_length=1, max_length=500)
    fields: list[Part] | None = Field(None, description="Without it: all that the purpose needs.")


class RevealOut(Schema):
    """Identity in plain words; show it until `until` and do not keep it."""

    id: UUID
    name: str
    number: str
    phones: list[str]
    address: str
    until: str


@router.post(
    "", response=PersonOut, operation_id="hold_person", summary="Hold somebody's identity under seal"
)
def hold(request: HttpRequest, body: PersonIn) -> PersonOut:
    """Seals name, number and phones beside a record that names only the id; in any order with that record."""
    identity = Identity(body.name, body.number, tuple(body.phones), body.address)
    why = Why(body.trigger, body.purpose, body.basis, body.reason, body.keep)
    new = NewPerson(body.area, identity, person_id=body.id)
    with scoped(request, Verb.PERSON_REGISTER):
        held = vault.hold(actor(request), [new], why=why)[0]
    alike = [AlikeOut(id=one.person_id, why=one.alike) for one in held.duplicates]
    return PersonOut(id=held.person_id, fate=held.fate, alike=alike)


@router.post(
    "/{id}/reveal", response=RevealOut, operation_id="reveal_person", summary="Show identity, for ten seconds"
)
def reveal(request: HttpRequest, id: UUID, body: RevealIn) -> RevealOut:
    """Every call is a line in the log that the person can read."""
    with scoped(request, Verb.PERSON_REVEAL):
        shown = reading.reveal(
            actor(request), [id], why=Asked(body.purpose, body.reason), fields=body.fields
        )[id]
    one = shown.identity
    return RevealOut(
        id=id,
        name=one.name,
        number=one.number,
        phones=list(one.phones),
        address=one.address,
        until=shown.until.isoformat(),
    )
