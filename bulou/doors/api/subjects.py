"""Everything that was recorded about one door, place, person or finding."""

from typing import Annotated
from uuid import UUID

import msgspec
from django.http import HttpRequest
from ninja import Path, Router

from bulou.access.rules import scope as scope_for
from bulou.access.terms import Verb
from bulou.doors.api.auth import actor, scoped
from bulou.doors.api.schemas import HistoryItem, HistoryOut
from bulou.intake import queries as intake
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError
from bulou.ledger.terms import Entry

router = Router(tags=["records"])


@router.get(
    "/{type}/{id}/history",
    response=HistoryOut,
    operation_id="history",
    summary="Records of one subject, in order",
)
def history(
    request: HttpRequest,
    type: Annotated[str, Path(max_length=40, pattern=r"^[a-z_]+$")],
    id: UUID,
) -> HistoryOut:
    """Oldest first, by the time at which it happened; both clocks are told."""
    with scoped(request, Verb.RECORD_VIEW) as scope:
        covert = scope_for(actor(request).grants, Verb.FINDING_VIEW_COVERT, clock.now())
        entries = [e for e in intake.history(scope, id, covert=covert) if e.subject_type == type]
    if not entries:
        raise ProblemError("api.not_there", status=404)
    return HistoryOut(items=[_item(entry) for entry in entries])


def _item(entry: Entry) -> HistoryItem:
    return HistoryItem(
        id=entry.id,
        kind=entry.kind,
        operation=entry.operation,
        outcome=entry.outcome,
        payload=msgspec.json.decode(entry.payload) if entry.payload else None,
        observed_at=entry.observed_at,
        effective_at=entry.effective_at,
        received_at=entry.received_at,
        standing=entry.standing.value,
        problems=list(entry.problems),
        author=entry.author,
        team=entry.team,
        device=entry.device,
        protocol=entry.protocol,
        corrects=entry.corrects,
        withdraws=entry.withdraws,
        accepts=entry.accepts,
    )
