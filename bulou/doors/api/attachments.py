"""Photos come in, in any order with their records, and go out to those who may see the record."""

from http import HTTPStatus
from threading import BoundedSemaphore
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from bulou.access.rules import scope as scope_for
from bulou.access.terms import Verb
from bulou.doors.api.auth import actor, scoped
from bulou.doors.api.schemas import PATH, AttachmentOut
from bulou.evidence import actions
from bulou.evidence import queries as evidence
from bulou.evidence.terms import Handed
from bulou.intake import queries as intake
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError

router = Router(tags=["records"])
LIMIT = actions.LIMITS.file_bytes
# Each photo is drawn anew in a process of its own: two at once, so that a crowd of photos starves no record.
PLACES = BoundedSemaphore(2)
WAIT_SECONDS = 10
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            kind: {"schema": {"type": "string", "format": "binary"}}
            for kind in ("image/jpeg", "image/png", "image/webp")
        },
    }
}
PICTURE: dict[str, Any] = {
    "responses": {
        200: {
            "description": "The photo",
            "content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}},
        }
    }
}


@router.post(
    "/{id}",
    response=AttachmentOut,
    operation_id="hand_in_photo",
    summary="Hand in a photo, before or after its record",
    openapi_extra=BODY,
)
def hand_in(
    request: HttpRequest,
    id: UUID,
    record: Annotated[UUID, Query(description="The record that names the photo.")],
    area: Annotated[str, Query(pattern=PATH, description="Where the record was made.")],
) -> AttachmentOut:
    """The id is made by the device: the same photo counts once, however often it is sent.

    Kept is what the pixels show, at most 1,600 of them in a row. Position, camera and everything else that a
    file carries are gone.
    """
    photo = Handed(id=id, record=record, area=area, content=_body(request))
    if not PLACES.acquire(timeout=WAIT_SECONDS):
        raise ProblemError("api.busy", status=HTTPStatus.SERVICE_UNAVAILABLE)
    try:
        standing = actions.keep(actor(request), photo)
    finally:
        PLACES.release()
    return AttachmentOut(id=id, record=record, standing=standing.value, server_time=clock.now())


@router.get(
    "/{id}", operation_id="photo", summary="A photo of a record that one may see", openapi_extra=PICTURE
)
def photo(request: HttpRequest, id: UUID) -> HttpResponse:
    """A photo is seen by who may see its record; one whose record has not arrived, by nobody."""
    with scoped(request, Verb.RECORD_VIEW) as scope:
        covert = scope_for(actor(request).grants, Verb.FINDING_VIEW_COVERT, clock.now())
        found = intake.attachment(scope, id, covert=covert)
    return picture(evidence.content(found))


def picture(content: bytes) -> HttpResponse:
    """The photo as nothing but a photo, kept by no cache."""
    response = HttpResponse(content, content_type="image/jpeg")
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Content-Disposition"] = 'inline; filename="photo.jpg"'
    response["Cache-Control"] = "private, no-store"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _body(request: HttpRequest) -> bytes:
    announced = request.headers.get("Content-Length", "")
    if announced.isdecimal() and int(announced) > LIMIT:
        raise ProblemError("evidence.too_large", status=413, limit=LIMIT)
    try:
        body = request.read(LIMIT + 1)
    except OSError as error:
        raise ProblemError("api.unreadable", status=400, why="it was cut off") from error
    if announced.isdecimal() and len(body) < int(announced):
        raise ProblemError("api.unreadable", status=400, why="it was cut off")
    if len(body) > LIMIT:
        raise ProblemError("evidence.too_large", status=413, limit=LIMIT)
    return body
