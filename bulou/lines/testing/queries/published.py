"""What the public may read of testing: the frozen counts of rounds that an officer published."""

from uuid import UUID

import msgspec

from bulou.kernel.scope import Scope
from bulou.lines.testing import models
from bulou.lines.testing.terms import Published

MOST = 20


def published(scope: Scope, *, limit: int = MOST) -> tuple[Published, ...]:
    """The published rounds, the newest first. 1 query; nothing is counted."""
    rows = models.Publication.objects.filter(district__in=scope.districts, withdrawn_at=None)
    told = rows.order_by("-published_at", "operation").values_list("content", flat=True)[:limit]
    return tuple(msgspec.convert(content, Published) for content in told)


def is_published(district: str, operation_id: UUID) -> bool:
    """Whether the public reads this round's counts now. 1 query."""
    rows = models.Publication.objects.filter(district=district, operation=operation_id, withdrawn_at=None)
    return rows.exists()
