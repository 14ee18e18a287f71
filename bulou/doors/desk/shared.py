"""What many officers look at is made once for all of them, and shown for a moment.

In a command office a board hangs on the wall and on twenty desks, all asking every five seconds while
records arrive without a pause. Made anew for each of them, it costs the time in which records are taken.
What is kept here is shown for BULOU_SHARED_MS (twice that by those who ask while it is made anew), only to
those who may see exactly the same (the key says so), and never to whoever has just done something: one sees
at once what one did oneself. When nothing is kept, the first who asks makes it and the others wait for that
one: eight who opened a board in the same moment made it eight times, each waiting for all eight (2026-11).
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Event, Lock
from typing import Generic, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse

ACTED_COOKIE = "bulou_acted"
ACTED_SECONDS = 5
"""Twice what anything is kept for: who has acted sees nothing that was made before."""
LONGEST = ACTED_SECONDS / 2
MOST = 256
DEAR = 10
"""What took long to make is kept so many times as long: making it takes at most a tenth of the time."""
PATIENCE_SECONDS = 10
"""How long one waits for what another makes, before making it too."""

Made = TypeVar("Made")


@dataclass(slots=True)
class _Kept(Generic[Made]):
    made: Made
    since: float
    seconds: float


class Shared(Generic[Made]):
    """Keeps what was made for a moment, in this process, the 256 keys used last; threads may share it.

    What is `dear` is kept longer than BULOU_SHARED_MS if it took long to make, at most LONGEST seconds: those
    who send records wait for the same processor.
    """

    def __init__(self, *, dear: bool = False) -> None:
        self._dear = dear
        self._kept: OrderedDict[Hashable, _Kept[Made]] = OrderedDict()
        self._making: dict[Hashable, Event] = {}
        self._lock = Lock()

    def get(self, request: HttpRequest, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what is kept under the key, made anew if it is too old or the asker has just acted.

        One request makes it; the others of that moment get the old one, or wait if there is none that may
        still be shown. Who waits may hold a connection to the database, so `make` must not be the first to
        ask for one where others already hold theirs.

        Raises:
            Whatever `make` raises, in the request that makes it; who waited for it then makes it too.
        """
        if settings.BULOU_SHARED_MS <= 0 or has_acted(request):
            return self._made(key, make)
        with self._lock:
            found = self._shown(key)
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
            with self._lock:
                self._making.pop(key).set()

    def standing(self, request: HttpRequest, key: Hashable) -> Made | None:
        """Return what is kept under the key and new enough for the asker; None where it is to be made."""
        if settings.BULOU_SHARED_MS <= 0 or has_acted(request):
            return None
        with self._lock:
            found = self._shown(key)
            return found.made if found is not None else None

    def drop(self, key: Hashable) -> None:
        """Forget what is kept under the key."""
        with self._lock:
            self._kept.pop(key, None)

    def clear(self) -> None:
        """Forget everything that is kept."""
        with self._lock:
            self._kept.clear()

    def _shown(self, key: Hashable) -> _Kept[Made] | None:
        """Return what is new enough, or as old again while another makes it anew."""
        found = self._kept.get(key)
        if found is None:
            return None
        seconds = found.seconds * (2 if key in self._making else 1)
        if time.monotonic() >= found.since + seconds:
            return None
        self._kept.move_to_end(key)
        return found

    def _made(self, key: Hashable, make: Callable[[], Made]) -> Made:
        began = time.monotonic()
        made = make()
        now = time.monotonic()
        least = settings.BULOU_SHARED_MS / 1000
        seconds = max(least, min(LONGEST, DEAR * (now - began))) if self._dear else least
        with self._lock:
            self._kept[key] = _Kept(made, now, seconds)
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
