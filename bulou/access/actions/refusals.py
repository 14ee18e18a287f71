"""Tokens that were refused: counted by the hour, so that somebody sees it. No token is kept."""

from collections import Counter
from datetime import datetime, timedelta
from threading import Lock

from django.db import connection

from bulou.access import models
from bulou.access.rules import REVOKED, UNKNOWN
from bulou.kernel import clock

EVERY = timedelta(seconds=5)
HOUR = timedelta(hours=1)


class _Waiting:
    """What this process has counted and not yet told the database."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.counts: Counter[tuple[datetime, str]] = Counter()
        self.told_at = datetime.min.replace(tzinfo=clock.DISTRICT_ZONE)

    def take(self, now: datetime) -> dict[tuple[datetime, str], int]:
        """Return the counts when it is time to tell them, and forget them here."""
        with self.lock:
            if not self.counts or abs(now - self.told_at) < EVERY:
                return {}
            self.told_at, taken = now, dict(self.counts)
            self.counts.clear()
            return taken


_waiting = _Waiting()


def note_refusal(digest: str) -> None:
    """Guarantees the refusal of a token is counted; its hash tells a revoked phone from a stranger.

    Told to the database at most once in five seconds by each process, so that a flood of forged tokens costs
    no more than its look-ups.
    """
    now = clock.now()
    revoked = bool(digest) and models.Device.objects.filter(token_hash=digest).exists()
    with _waiting.lock:
        _waiting.counts[_hour(now), REVOKED if revoked else UNKNOWN] += 1
    tell_refusals()


def tell_refusals() -> None:
    """Guarantees what was counted more than five seconds ago is in the database. No query if nothing was."""
    if not _waiting.counts:
        return
    for (begins_at, why), n in sorted(_waiting.take(clock.now()).items()):
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO access_refusal AS r (begins_at, why, n) VALUES (%s, %s, %s)"
                " ON CONFLICT (begins_at, why) DO UPDATE SET n = r.n + excluded.n",
                [begins_at, why, n],
            )


def _hour(at: datetime) -> datetime:
    return at - timedelta(microseconds=int(at.timestamp() * 1e6) % int(HOUR.total_seconds() * 1e6))
