"""Who asks, for those who asked a moment ago.

Reading the session and the account costs a quarter of a page that stands ready (2026-11), and a command
office asks many times a second. What both said is kept like a board (see shared.py): for a moment, in this
process, not for whoever has just done something, and for looking only.
"""

from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest

from bulou.access import queries as access
from bulou.access.terms import Actor
from bulou.doors.desk.sessions import SessionStore
from bulou.doors.desk.shared import Shared

LOOKS = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class _Known:
    account: UUID
    session: dict[str, Any]


_KNOWN: Shared[_Known | None] = Shared()


def actor_of(request: HttpRequest) -> Actor | None:
    """Return who is signed in, as it was at most 2.5 seconds ago for who only looks; None for a stranger."""
    session = cast("SessionStore", request.session)
    if session.session_key is None or request.method not in LOOKS:
        return access.actor_of(request)
    key = session.session_key
    known = _KNOWN.get(request, key, lambda: _asked(request), anew=lambda: _asked_again(key))
    if known is None:
        return None
    session.standing = known.session
    return access.actor_by_id(known.account)


def forget(request: HttpRequest) -> None:
    """Let the next look ask again: this one has changed what the session holds."""
    if request.session.modified and request.session.session_key is not None:
        _KNOWN.drop(request.session.session_key)


def _asked_again(key: str) -> _Known | None:
    """Read the session once more, by a request of nobody: that of the asker may be over by then."""
    request = HttpRequest()
    request.session = SessionStore(key)
    return _asked(request)


def _asked(request: HttpRequest) -> _Known | None:
    actor = access.actor_of(request)
    return _Known(actor.account_id, dict(request.session.items())) if actor else None
