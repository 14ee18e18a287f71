"""What many officers look at is made once for all of them, and shown for a moment.

In a command office a board hangs on the wall and on twenty desks, all asking every five seconds while
records arrive without a pause. Made anew for each of them, it costs the time in which records are taken.
What is kept here is shown for BULOU_SHARED_MS (twice that by those who ask while it is made anew), only to
those who may see exactly the same (the key says so), and never to whoever has just done something: one sees
at once what one did oneself.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse

ACTED_COOKIE = "bulou_acted"
ACTED_SECONDS = 3
MOST = 256

Made = TypeVar("Made")


@dataclass(slots=True)
class _Kept(Generic[Made]):
    made: Made
    until: float


class Shared(Generic[Made]):
    """Keeps what was made for a moment, in this process, the 256 keys used last; threads may share it."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, _Kept[Made]] = OrderedDict()
        self._lock = Lock()

    def get(self, request: HttpRequest, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what is kept under the key, made anew if it is too old or the asker has just acted.

        While one request makes it anew, the others of that moment get the old one instead of making it too.
        """
        seconds = settings.BULOU_SHARED_MS / 1000
        now = time.monotonic()
        if seconds <= 0 or has_acted(request):
            return self._put(key, make(), now + seconds)
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                if now < found.until:
                    return found.made
                if now < found.until + seconds:
                    # The others of this moment get the old one: it lasts until this one is made.
                    found.until = now + seconds
                    found = None
        return self._put(key, make(), time.monotonic() + seconds)

    def standing(self, request: HttpRequest, key: Hashable) -> Made | None:
        """Return what is kept under the key and new enough for the asker; None where it is to be made."""
        if settings.BULOU_SHARED_MS <= 0 or has_acted(request):
            return None
        with self._lock:
            found = self._kept.get(key)
            return found.made if found is not None and time.monotonic() < found.until else None

    def drop(self, key: Hashable) -> None:
        """Forget what is kept under the key."""
        with self._lock:
            self._kept.pop(key, None)

    def clear(self) -> None:
        """Forget everything that is kept."""
        with self._lock:
            self._kept.clear()

    def _put(self, key: Hashable, made: Made, until: float) -> Made:
        with self._lock:
            self._kept[key] = _Kept(made, until)
            self._kept.move_to_end(key)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return made


def has_acted(request: HttpRequest) -> bool:
    """Tell whether this browser has changed something a moment ago."""
    return ACTED_COOKIE in request.COOKIES


def note_act(request: HttpRequest, response: HttpResponse) -> None:
    """Remember in the browser, for three seconds, that it has just changed something."""
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
