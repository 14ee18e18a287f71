"""A phone shows its one-time code and gets its token."""

from django.http import HttpRequest
from ninja import Router

from bulou.access.actions import devices
from bulou.doors.api.schemas import EnrolIn, EnrolOut
from bulou.kernel import clock

router = Router(tags=["devices"])


@router.post(
    "/enrol",
    response=EnrolOut,
    auth=None,
    operation_id="enrol",
    summary="Enrol a device by its one-time code",
)
def enrol(request: HttpRequest, body: EnrolIn) -> EnrolOut:
    """The only call without a token. A wrong, used or expired code is answered like one that never was."""
    enrolled = devices.enrol_device(body.code, name=body.name)
    return EnrolOut(
        device=enrolled.device_id, token=enrolled.token, secret=enrolled.secret, server_time=clock.now()
    )
