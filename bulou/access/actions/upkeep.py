"""What is over is removed: it would only be something to lose."""

from datetime import timedelta

from axes.models import AccessAttempt
from django.contrib.sessions.backends.db import SessionStore

from bulou.access import models, queries
from bulou.access.rules import MISS_WINDOW
from bulou.kernel import clock

CODES_KEPT = timedelta(days=30)
REFUSALS_KEPT = timedelta(days=30)


def sweep() -> None:
    """Remove ended sessions, old codes, and failed sign-ins (with addresses) that lock nobody any more."""
    now = clock.now()
    SessionStore.clear_expired()
    models.Code.objects.filter(expires_at__lt=now - CODES_KEPT).delete()
    models.Miss.objects.filter(begins_at__lt=now - MISS_WINDOW).delete()
    models.Refusal.objects.filter(begins_at__lt=now - REFUSALS_KEPT).delete()
    AccessAttempt.objects.filter(attempt_time__lt=now - timedelta(seconds=queries.lock_seconds())).delete()
