"""Visits are forgotten in time; a record says until when, so that no replay brings them back."""

from datetime import timedelta

from bulou.access.actions.gate import require, system_actor
from bulou.access.terms import Verb
from bulou.kernel import clock
from bulou.kernel.scope import transaction, whole
from bulou.ledger import queries as ledger
from bulou.ledger.actions import audit
from bulou.lines.tracing import models
from bulou.lines.tracing.rules import folding
from bulou.lines.tracing.terms import KEEP_DAYS, Audit


def forget_all() -> int:
    """Guarantees no visit is there that ended more than 28 days ago; how many went."""
    return sum(forget(district) for district in ledger.districts())


def forget(district: str) -> int:
    """Guarantees no visit is there that ended more than 28 days ago; how many went. Repeatable."""
    actor = system_actor(district)
    require(actor, Verb.PERSON_RETAIN, district)
    before = clock.day_bounds(clock.local_date(clock.now()) - timedelta(days=KEEP_DAYS))[0]
    with transaction(whole(district)):
        n = models.Visit.objects.filter(district=district, ended_at__lt=before).count()
        if n:
            models.Visit.objects.filter(district=district, ended_at__lt=before).delete()
            models.Forgotten.objects.update_or_create(
                district=district, defaults={"before": before},
                create_defaults={"id": folding.row_id("forgotten", district), "before": before},
            )  # fmt: skip
            audit(
                actor, kind=Audit.FORGOTTEN, path=district,
                payload={"before": before.isoformat(), "visits": n},
            )  # fmt: skip
    return n
