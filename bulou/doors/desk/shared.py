"""What many officers look at is made once for all of them, and shown for a moment.

In a command office a board hangs on the wall and on twenty desks, all asking every five seconds while
records arrive without a pause. Made anew for each of them, it costs the time in which records are taken.
What is kept here is shown for BULOU_SHARED_MS, only to those who may see exactly the same (the key says so),
and never to whoever has just done something: one sees at once what one did oneself. After that moment it is
made anew behind the asker, who gets the old one, at most LONGEST seconds old. When nothing may be shown, the
first who asks makes it and the others wait for that one: eight who opened a board in the same moment made it
eight times, each waiting for all eight (2026-11).
"""

import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event, Lock
from typing import Generic, TypeVar

from django.conf import settings
from django.db import connections
from django.http import HttpRequest, HttpResponse

log = logging.getLogger(__name__)

ACTED_COOKIE = "bulou_acted"
ACTED_SECONDS = 5
"""Twice what anything is kept for: who has acted sees nothing that was made before."""
LONGEST = ACTED_SECONDS / 2
MOST = 256
BEHIND = ThreadPoolExecutor(1, thread_name_prefix="boards")
"""Makes anew what is still looked at, one after the other; it has a connection of its own to the database."""
MOST_BEHIND = 8
PATIENCE_SECONDS = 10
"""How long one waits for what another makes, before making it too."""

Made = TypeVar("Made")


@dataclass(slots=True)
class _Kept(Generic[Made]):
    made: Made
    began: float
    at: float


class Shared(Generic[Made]):
    """Keeps what was made for a moment, in this process, the 256 keys used last; threads may share it."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, _Kept[Made]] = OrderedDict()
        self._making: dict[Hashable, Event] = {}
        self._lock = Lock()

    def get(
        self,
        request: HttpRequest,
        key: Hashable,
        make: Callable[[], Made],
        *,
        anew: Callable[[], Made] | None = None,
    ) -> Made:
        """Return what is kept under the key, made if there is nothing to show or the asker has just acted.

        One request makes it; the others of that moment wait for it. Who waits may hold a connection to the
        database, so `make` must not be the first to ask for one where others already hold theirs. `anew`
        makes the same in a thread of its own, outside of this request's transaction.

        Raises:
            Whatever `make` raises, in the request that makes it; who waited for it then makes it too.
        """
        if settings.BULOU_SHARED_MS <= 0 or has_acted(request):
            return self._made(key, make)
        with self._lock:
            found = self._shown(key, anew)
            if found is not None:
                return found.made
            other = self._making.get(key)
            if other is None:
                self._making[key] = Event()
        if other is not None:
            other.wait(PATIENCE_SECONDS)
            with self._lock:
                found = self._shown(key)
            return found.made if found is not None else self._made(key, make)
        try:
            return self._made(key, make)
        finally:
            self._over(key)

    def standing(
        self, request: HttpRequest, key: Hashable, *, anew: Callable[[], Made] | None = None
    ) -> Made | None:
        """Return what is kept under the key and may be shown to the asker; None where it is to be made."""
        if settings.BULOU_SHARED_MS <= 0 or has_acted(request):
            return None
        with self._lock:
            found = self._shown(key, anew)
            return found.made if found is not None else None

    def drop(self, key: Hashable) -> None:
        """Forget what is kept under the key."""
        with self._lock:
            self._kept.pop(key, None)

    def clear(self) -> None:
        """Forget everything that is kept."""
        with self._lock:
            self._kept.clear()

    def _shown(self, key: Hashable, anew: Callable[[], Made] | None = None) -> _Kept[Made] | None:
        """Return what is new enough; what is older only while it is made anew."""
        found = self._kept.get(key)
        if found is None:
            return None
        age = time.monotonic() - found.at
        is_new = age < settings.BULOU_SHARED_MS / 1000
        if not is_new and (age >= LONGEST or not (key in self._making or self._behind(key, anew))):
            return None
        self._kept.move_to_end(key)
        return found

    def _behind(self, key: Hashable, anew: Callable[[], Made] | None) -> bool:
        """Have it made anew by the thread for that, unless it has much to do; return whether it will be."""
        if anew is None or len(self._making) >= MOST_BEHIND:
            return False
        self._making[key] = Event()
        BEHIND.submit(self._renew, key, anew)
        return True

    def _renew(self, key: Hashable, anew: Callable[[], Made]) -> None:
        try:
            self._made(key, anew)
        except Exception:
            log.exception("what many look at could not be made anew; the next who asks makes it")
        finally:
            connections.close_all()
            self._over(key)

    def _over(self, key: Hashable) -> None:
        with self._lock:
            self._making.pop(key).set()

    def _made(self, key: Hashable, make: Callable[[], Made]) -> Made:
        began = time.monotonic()
        made = make()
        with self._lock:
            there = self._kept.get(key)
            # what began later knows more: somebody has acted meanwhile
            if there is None or there.began <= began:
                self._kept[key] = _Kept(made, began, time.monotonic())
                self._kept.move_to_end(key)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return made


def has_acted(request: HttpRequest) -> bool:
    """Tell whether this browser has changed something a moment ago."""
    return ACTED_COOKIE in request.COOKIES


def note_act(request: HttpRequest, response: HttpResponse) -> None:
    """Remember in the browser, for five seconds, that it has just changed something."""
    has_posted = request.method == "POST" and response.status_code < 400
    if has_posted or (hasattr(request, "session") and request.session.modified):
        response.set_cookie(
            ACTED_COOKIE,
            "1",
            max_age=ACTED_SECONDS,
            httponly=True,
            samesite="Lax",
            secure=bool(settings.SESSION_COOKIE_SECURE),
        )
