"""Sealed hand-in: a phone that nobody can unlock any more still delivers what it holds."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema

from bulou.access import queries as access
from bulou.access.actions import devices
from bulou.doors.api import facts
from bulou.doors.api.records import PLACES
from bulou.intake.actions import handing_in
from bulou.intake.rules import from_base64
from bulou.intake.terms import Sealed
from bulou.kernel.problems import ProblemError

router = Router(tags=["records"])
MOST = 200
LONGEST = 7_500_000
"""A photo of four megabytes in base64, with room to spare; the whole request has at most eight."""


class EnvelopeIn(Schema):
    """One sealed record or photo."""

    id: UUID
    sealed: str = Field(min_length=100, max_length=LONGEST, description="The envelope, base64url.")


class SealedIn(Schema):
    """What a phone hands in without opening it."""

    device: UUID
    secret: str = Field(min_length=1, max_length=200, description="The phone's own, from its enrolment.")
    sent_at: datetime = Field(description="By the phone's own clock: tells its error.")
    envelopes: list[EnvelopeIn] = Field(min_length=1, max_length=MOST)


class ResultOut(Schema):
    """What became of one record."""

    id: str
    standing: Literal["kept", "doubtful", "duplicate", "conflict", "unreadable"]
    problems: list[str]


class GapOut(Schema):
    """Numbers of the phone that have not arrived."""

    device: UUID
    from_seq: int
    to_seq: int


class SealedOut(Schema):
    """One answer per record."""

    results: list[ResultOut]
    gaps: list[GapOut]
    server_time: datetime


@router.post("", response=SealedOut, auth=None, operation_id="sealed", summary="Hand in sealed records")
def sealed(request: HttpRequest, body: SealedIn) -> SealedOut:
    """For a revoked phone, a forgotten PIN, a colleague's shift: only the server can open the envelopes.

    What happened after the phone was revoked is kept as doubtful. Repeatable, like `POST /records`.
    """
    if body.sent_at.tzinfo is None:
        raise ProblemError("api.invalid", status=400, why="sent_at needs an offset")
    found = access.device_standing(body.device, body.secret)
    if not PLACES.acquire(blocking=False):
        raise ProblemError("api.busy", status=503)
    try:
        envelopes = [Sealed(found.device_id, one.id, from_base64(one.sealed)) for one in body.envelopes]
        answer = handing_in.hand_in(envelopes, sent_at=body.sent_at)
    finally:
        PLACES.release()
    devices.note(found.device_id, app_version=facts.app_version(request), unsent=facts.unsent(request))
    return SealedOut(
        results=[ResultOut(id=r.id, standing=str(r.standing), problems=r.problems) for r in answer.results],  # type: ignore[arg-type]
        gaps=[GapOut(device=g.device, from_seq=g.from_seq, to_seq=g.to_seq) for g in answer.gaps],
        server_time=answer.server_time,
    )
