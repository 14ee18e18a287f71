"""Turns a bearer token into the actor behind it, and an actor into what one request may see."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from django.http import HttpRequest
from ninja.security import HttpBearer

from bulou.access import queries as access_queries
from bulou.access.actions import refusals
from bulou.access.rules import scope as scope_for
from bulou.access.terms import Actor, Verb
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope, transaction

LONGEST_TOKEN = 200
SCHEME = "bearer"


def actor_of(request: HttpRequest) -> Actor | None:
    """The actor behind the bearer token; None when there is none or it does not count (any more)."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return _behind(token) if scheme.lower() == SCHEME else None


def _behind(token: str) -> Actor | None:
    token = token.strip()
    if not token:
        return None
    sound = len(token) <= LONGEST_TOKEN and token.isascii()
    found = access_queries.actor_by_token(token) if sound else None
    if found is None:
        refusals.note_refusal(access_queries.token_hash(token) if sound else "")
    else:
        refusals.tell_refusals()
    return found


class Bearer(HttpBearer):
    """The one way in: `Authorization: Bearer TOKEN` of a device or a service account."""

    openapi_name = "bearer"

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """Ninja puts what this returns into `request.auth`; None is answered with 401."""
        return _behind(token)


def actor(request: HttpRequest) -> Actor:
    """The actor of a request that has passed the bearer check."""
    return cast("Actor", getattr(request, "auth"))  # noqa: B009 - ninja sets it, Django's type does not know it


@contextmanager
def scoped(request: HttpRequest, verb: Verb) -> Iterator[Scope]:
    """One transaction that sees what the actor may see with the verb, and nothing else.

    Raises:
        ProblemError: `access.not_found` when the actor holds the verb nowhere.
    """
    scope = scope_for(actor(request).grants, verb, clock.now())
    if not scope.paths:
        raise ProblemError("access.not_found", status=404)
    with transaction(scope):
        yield scope
