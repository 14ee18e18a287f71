"""Saved views: kept, removed, put back."""

from uuid import UUID

from django.db import IntegrityError, transaction

from bulou.access import models
from bulou.access.actions.gate import require
from bulou.access.rules import MOST_VIEWS
from bulou.access.terms import Actor, Verb, ViewRow
from bulou.kernel.problems import ProblemError

_LONGEST = 1_500


def save_view(actor: Actor, *, name: str, address: str, path: str, shared: bool) -> UUID:
    """Keep a page of the desk under a name; a shared one is offered to everybody who sees the area.

    An address opens only what its reader may see, so sharing one gives nobody anything.

    Raises:
        ProblemError: access.view_not_allowed (422); access.view_name_taken, access.too_many_views (409).
    """
    require(actor, Verb.GRID_VIEW, path)
    inside = address.startswith("/") and not address.startswith(("//", "/\\"))
    if not name.strip() or not inside or len(address) > _LONGEST or any(c < " " for c in address):
        raise ProblemError("access.view_not_allowed", status=422)
    if models.View.objects.filter(account=actor.account_id).count() >= MOST_VIEWS:
        raise ProblemError("access.too_many_views", status=409, most=MOST_VIEWS)
    try:
        with transaction.atomic():
            row = models.View.objects.create(
                account_id=actor.account_id, name=name.strip()[:80], address=address, path=path, shared=shared
            )
    except IntegrityError:
        raise ProblemError("access.view_name_taken", status=409) from None
    return row.id


def remove_view(actor: Actor, *, view_id: UUID) -> ViewRow:
    """Remove one's own view; returns it, so that it can be put back.

    Raises:
        ProblemError: access.not_found (404) for somebody else's.
    """
    row = models.View.objects.filter(account=actor.account_id, pk=view_id).select_related("account").first()
    if row is None:
        raise ProblemError("access.not_found", status=404)
    kept = ViewRow(
        row.id, row.account_id, row.account.display_name, row.name, row.address, row.path, row.shared
    )
    row.delete()
    return kept
