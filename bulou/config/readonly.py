"""Read-only mode: while the disk is nearly full every page is shown and nothing is taken in."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from bulou.doors.api import problems
from bulou.doors.desk import errors
from bulou.kernel import disk
from bulou.kernel.problems import Problem, ProblemError

READS = frozenset({"GET", "HEAD", "OPTIONS"})
# Signing in and out writes a few bytes and lets an officer look; the language is a cookie.
STILL = frozenset({"sign_in", "sign_out", "language", "text_size"})
RETRY_AFTER = 60


class ReadOnlyMiddleware:
    """Answers 503 to whatever would write while the disk is nearly full; phones keep their records.

    A database that runs out of room stops in the middle of its work. Stopping before that keeps the room
    that it needs to finish, and to be copied.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on; the decision needs the address that was matched."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Refuse what would write."""
        match = request.resolver_match
        if request.method in READS or (match is not None and match.url_name in STILL):
            return None
        found = disk.usage(settings.BULOU_DATA)
        if not found.is_full(
            percent=settings.BULOU_READ_ONLY_PERCENT, free_gb=settings.BULOU_READ_ONLY_FREE_GB
        ):
            return None
        problem = Problem("disk.full", {"percent": found.percent})
        if request.path.startswith("/api/"):
            answer = problems.answer(request, problem, 503)
        else:
            answer = errors.problem_page(
                request, ProblemError(problem.code, status=503, percent=found.percent)
            )
        answer["Retry-After"] = str(RETRY_AFTER)
        return answer
