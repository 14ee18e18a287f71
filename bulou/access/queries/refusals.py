"""How many tokens were refused, by the hour: what a forged token looks like from the office."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, Sum

from bulou.access import models
from bulou.access.rules import REVOKED, UNKNOWN


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour in which tokens were refused: those nobody has, and those of revoked phones."""

    begins_at: datetime
    unknown: int
    revoked: int


def by_hour(since: datetime, *, limit: int = 48) -> tuple[Hour, ...]:
    """The hours with refusals, newest first; an hour without any is left out. 1 query."""
    rows = (
        models.Refusal.objects.filter(begins_at__gt=since)
        .values("begins_at")
        .annotate(unknown=Sum("n", filter=Q(why=UNKNOWN)), revoked=Sum("n", filter=Q(why=REVOKED)))
        .order_by("-begins_at")
    )
    return tuple(Hour(r["begins_at"], r["unknown"] or 0, r["revoked"] or 0) for r in rows[:limit])
