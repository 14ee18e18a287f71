"""Who asks and for which area: the request as every page of the desk sees it."""

from django.http import HttpRequest

from bulou.access import queries as access
from bulou.access.terms import Actor, Verb
from bulou.kernel import reach
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope

MOST_DIGITS = 6


class DeskRequest(HttpRequest):
    """A request of a signed-in officer; the middleware of `session` has put both values there."""

    actor: Actor
    area: str
    """The area that is looked at: chosen by the address, else remembered, else one's own."""


def scope_for(request: DeskRequest, verb: Verb) -> Scope:
    """Return what the officer may see with the verb; nothing at all is the same answer as not there.

    Raises:
        ProblemError: access.not_found (404).
    """
    scope = access.scope_of(request.actor, verb)
    if not scope.paths:
        raise ProblemError("access.not_found", status=404)
    return scope


def covert(request: DeskRequest) -> Scope:
    """Return where the officer may see what the inspected do not know yet."""
    return access.scope_of(request.actor, Verb.FINDING_VIEW_COVERT)


def may(request: DeskRequest, verb: Verb, path: str | None = None) -> bool:
    """Tell whether a button is worth showing; the action behind it asks again."""
    return access.may(request.actor, verb, path or request.area)


def may_anywhere(request: DeskRequest, verb: Verb) -> bool:
    """Tell whether the officer holds the verb over any area."""
    return bool(access.scope_of(request.actor, verb).paths)


def whole(text: str) -> int | None:
    """Return the whole number that somebody wrote; None for anything else, also for digits like "²"."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None


def top_of(scope: Scope, path: str) -> str:
    """Return the highest area above `path` that the scope covers, or the path itself."""
    return next((up for up in reach.lineage(path) if scope.covers(up)), path)
