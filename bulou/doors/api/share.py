"""A phone without anybody signed in: its half of the key for a shift, and whether it still counts."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema

from bulou.access import queries as access
from bulou.access.actions import devices, shares
from bulou.doors.api import facts
from bulou.intake import queries as intake
from bulou.intake.actions import handing_in
from bulou.kernel import clock

router = Router(tags=["devices"])


class PersonOut(Schema):
    """Whose phone it is."""

    id: UUID
    name: str
    team: str
    language: str
    roles: list[str]


class ShareIn(Schema):
    """What opens a shift."""

    device: UUID
    secret: str = Field(min_length=1, max_length=200, description="The phone's own, from its enrolment.")
    proof: str = Field(min_length=16, max_length=200, description="Stretched from the PIN on the phone.")
    new_proof: str = Field("", max_length=200, description="Changes the PIN.")


class ShareOut(Schema):
    """The server's half of the key."""

    share: str
    until: datetime = Field(description="When the shift ends and the phone must forget the share.")
    person: PersonOut
    sealing_key: str = Field(description="The public key that envelopes are sealed to: P-256, base64url.")
    server_time: datetime


class StandingIn(Schema):
    """What a phone tells of itself."""

    device: UUID
    secret: str = Field(min_length=1, max_length=200)
    unsent: int | None = Field(None, ge=0, le=10_000_000, description="How many records wait on it.")


class StandingOut(Schema):
    """What a phone learns about itself."""

    state: Literal["active", "locked", "revoked"] = Field(
        description="active, locked (too many wrong PINs) or revoked."
    )
    last_seq: int = Field(description="The greatest device_seq that has arrived from it.")
    least_level: int = Field(description="An app below this level is told to update; it may still send.")
    server_time: datetime


@router.post(
    "/share", response=ShareOut, auth=None, operation_id="share", summary="Begin a shift on an enrolled phone"
)
def share(request: HttpRequest, body: ShareIn) -> ShareOut:
    """The PIN never leaves the phone. Five wrong proofs end the enrolment; a revoked phone gets nothing."""
    opened = shares.open_shift(body.device, secret=body.secret, proof=body.proof, new_proof=body.new_proof)
    devices.note(body.device, app_version=facts.app_version(request), unsent=facts.unsent(request))
    holder = opened.holder
    return ShareOut(
        share=opened.share,
        until=opened.until,
        person=PersonOut(
            id=holder.account_id,
            name=holder.display_name,
            team=holder.team,
            language=holder.language,
            roles=[role.value for role in opened.roles],
        ),
        sealing_key=handing_in.public_key(),
        server_time=clock.now(),
    )


@router.post(
    "/standing",
    response=StandingOut,
    auth=None,
    operation_id="standing",
    summary="Ask whether a phone still counts",
)
def standing(request: HttpRequest, body: StandingIn) -> StandingOut:
    """A phone with a network asks every 45 seconds, locked or not: a revocation takes effect in a minute."""
    found = access.device_standing(body.device, body.secret)
    devices.note(found.device_id, app_version=facts.app_version(request), unsent=body.unsent)
    return StandingOut(
        state="revoked" if found.revoked_at else "locked" if found.locked else "active",
        last_seq=intake.last_number(found.district, found.device_id),
        least_level=facts.LEAST_LEVEL,
        server_time=clock.now(),
    )
