"""What a field app tells of itself with each call, and what this server wants of one."""

import re

from django.http import HttpRequest

from bulou.access.actions import devices
from bulou.access.terms import Actor

LEAST_LEVEL = 1  # an app below it is told to update; what it sends is taken all the same
_VERSION = re.compile(r"[0-9A-Za-z.+_-]{1,40}")


def app_version(request: HttpRequest) -> str:
    """Return which app is speaking, or nothing for other programs."""
    told = request.headers.get("X-Bulou-App", "")
    return told if _VERSION.fullmatch(told) else ""


def unsent(request: HttpRequest) -> int | None:
    """Return how many records wait on the phone, as it tells."""
    told = request.headers.get("X-Bulou-Unsent", "")
    return int(told) if told.isdecimal() and len(told) < 8 else None


def note(request: HttpRequest, actor: Actor) -> None:
    """Keep for the desk that the phone was here. Programs that tell nothing are not noted."""
    version = app_version(request)
    if version and actor.device_id is not None:
        devices.note_device(actor, app_version=version, unsent=unsent(request))
