"""Signing in and out, and the scope in which every page of the desk runs."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.conf import settings
from django.core.exceptions import BadRequest
from django.db import DataError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import urlencode

from bulou.access import queries as access
from bulou.access.actions.glass import note_use
from bulou.access.terms import Verb
from bulou.doors.desk import errors, known, shared
from bulou.doors.desk.asking import DeskRequest
from bulou.grid import queries as grid
from bulou.kernel import clock
from bulou.kernel import scope as kernel_scope
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope

View = Callable[..., HttpResponse]
Made = TypeVar("Made")
IMPOSSIBLE = (DataError, OverflowError)
"""What was sent cannot be: a sign that no text of the database holds, a day that no calendar has."""


def open_door(view: View) -> View:
    """Mark a page that anybody may see without signing in: sign in, one-time code, language, text size."""
    view.open_door = True  # type: ignore[attr-defined]
    return view


def stands_ready(standing: Callable[..., HttpResponse | None]) -> Callable[[View], View]:
    """Mark a page that may stand ready: `standing` answers it without the database, or with None.

    It is called outside of any transaction, with the officer and the area known.
    """

    def mark(view: View) -> View:
        view.standing = standing  # type: ignore[attr-defined]
        return view

    return mark


def anew(request: DeskRequest, make: Callable[[], Made]) -> Callable[[], Made]:
    """Return `make` for another thread: in the language and scope of this page, in its own transaction."""
    language = translation.get_language()

    def made() -> Made:
        seen = access.scope_of(request.actor, Verb.GRID_VIEW)
        with (
            timezone.override(clock.DISTRICT_ZONE),
            translation.override(language),
            kernel_scope.transaction(seen),
        ):
            return make()

    return made


class ScopeMiddleware:
    """Runs each page of the desk for one officer, in one transaction that sees that officer's areas only.

    A page that is not marked `open_door` sends strangers to the sign-in. A problem rolls everything back.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer in the chosen language, with times as the district's clock shows them."""
        language = translation.get_language_from_request(request)
        with timezone.override(clock.DISTRICT_ZONE), translation.override(language):
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Call the view inside the scope; leave other doors alone."""
        match = request.resolver_match
        if match is None or match.app_name != "desk":
            return None
        try:
            if getattr(view, "open_door", False):
                return view(request, *args, **kwargs)
            response = self._inside(cast("DeskRequest", request), view, args, kwargs)
        except ProblemError as error:
            response = errors.problem_page(request, error)
        except IMPOSSIBLE as error:
            raise BadRequest(str(error)) from error
        _note(request, response)
        shared.note_act(request, response)
        known.forget(request)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Answer 400, at the doors of people, for what no table or calendar can hold; Django logs it.

        Not at the API: records of many phones share a transaction, and a phone lays aside what is refused.
        """
        if isinstance(exception, IMPOSSIBLE) and not request.path.startswith("/api/"):
            raise BadRequest(str(exception)) from exception

    def _inside(
        self, request: DeskRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse:
        actor = known.actor_of(request)
        if actor is None:
            return _to_sign_in(request)
        request.actor = actor
        ready = _ready(request, view, args, kwargs)
        if ready is not None:
            return ready
        with kernel_scope.transaction(access.scope_of(actor, Verb.GRID_VIEW)):
            choose_area(request)
            response = view(request, *args, **kwargs)
            if response.status_code >= 500:
                transaction.set_rollback(True)
            return response


def _ready(
    request: DeskRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> HttpResponse | None:
    standing: Callable[..., HttpResponse | None] | None = getattr(view, "standing", None)
    if standing is None or not _remembers(request):
        return None
    choose_area(request)
    return standing(request, *args, **kwargs)


def _remembers(request: DeskRequest) -> bool:
    """Tell whether the area that is looked at is known without asking for its name."""
    remembered = str(request.session.get("area", ""))
    return bool(remembered) and access.scope_of(request.actor, Verb.GRID_VIEW).covers(remembered)


def _note(request: HttpRequest, response: HttpResponse) -> None:
    """Note what was opened under an emergency role, refusals too; asking whether there is news is not."""
    actor = getattr(request, "actor", None)
    if actor is None or response.status_code == 204 or access.glass_until(actor) is None:
        return
    note_use(actor, method=request.method or "", address=request.get_full_path(), status=response.status_code)


def choose_area(request: DeskRequest) -> None:
    """Set the area that is looked at: the one in the address, else the remembered one, else one's own.

    Looking at an area does not choose it: only `remember` does, from the page where one switches.

    Raises:
        ProblemError: access.not_found (404) for an area that is not one's own to see.
    """
    scope = access.scope_of(request.actor, Verb.GRID_VIEW)
    remembered = str(request.session.get("area", ""))
    if not remembered or not scope.covers(remembered):
        remembered = remember(request, scope, scope.paths[0]) if scope.paths else ""
    request.area = request.GET.get("area", "") or remembered
    if request.area != remembered and not scope.covers(request.area):
        raise ProblemError("access.not_found", status=404)


def remember(request: DeskRequest, scope: Scope, path: str) -> str:
    """Keep an area as the one that pages show from now on, with its name for the bar on top.

    Raises:
        ProblemError: access.not_found (404) for an area that is not there or not one's own to see.
    """
    if not scope.covers(path):
        raise ProblemError("access.not_found", status=404)
    name = grid.tree_names(scope, (path,), clock.local_date(clock.now())).get(path)
    request.session["area"], request.session["area_name"] = path, name or path
    return path


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    address = reverse("desk:sign_in")
    if (
        request.method == "GET"
        and request.path != reverse("desk:today")
        and not request.headers.get("HX-Request")
    ):
        address += "?" + urlencode({"next": request.get_full_path()})
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Redirect": address})
    return redirect(address)


def set_cookie(response: HttpResponse, name: str, value: str) -> None:
    """Keep one's choice of language or text size on this machine for a year."""
    response.set_cookie(
        name,
        value,
        max_age=31_536_000,
        httponly=True,
        samesite="Lax",
        secure=bool(settings.SESSION_COOKIE_SECURE),
    )
