"""`POST /records`: the field's door. Bytes in, one answer per record; bad input is never a server fault."""

import logging
from http import HTTPStatus
from threading import BoundedSemaphore

import msgspec
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from bulou.doors.api import bodies, facts, problems
from bulou.doors.api.auth import actor_of
from bulou.intake.actions import submitting
from bulou.kernel.problems import Problem, ProblemError

log = logging.getLogger(__name__)

# At most so many batches are in hand in one process; what comes on top is told to come back, because a short
# refusal costs nothing and a long queue makes every phone time out and send again.
IN_HAND: int = getattr(settings, "BULOU_INTAKE_PLACES", 64)
PLACES = BoundedSemaphore(IN_HAND)
_encoder = msgspec.json.Encoder()


@csrf_exempt
def receive(request: HttpRequest) -> HttpResponse:
    """Takes one batch of at most 500 records, plain or gzip, and answers for each of them."""
    if request.method != "POST":
        response = problems.answer(request, Problem("api.method"), HTTPStatus.METHOD_NOT_ALLOWED)
        response["Allow"] = "POST"
        return response
    if not PLACES.acquire(blocking=False):
        return problems.answer(request, Problem("api.busy"), HTTPStatus.SERVICE_UNAVAILABLE)
    try:
        return _take(request)
    except ProblemError as error:
        return problems.refuse(request, error)
    except (OperationalError, InterfaceError):
        log.exception("the database is away")
        return problems.answer(request, Problem("api.away"), HTTPStatus.SERVICE_UNAVAILABLE)
    finally:
        PLACES.release()


def _take(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if actor is None:
        return problems.answer(request, Problem("api.unauthorised"), HTTPStatus.UNAUTHORIZED)
    answer = submitting.submit(actor, bodies.read(request))
    facts.note(request, actor)
    return HttpResponse(_encoder.encode(answer), content_type="application/json")
