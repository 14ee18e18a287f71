"""Saved views: pages with their filters, under a name."""

from uuid import UUID

from django.db.models import Q

from bulou.access import models
from bulou.access.queries import below, scope_of
from bulou.access.terms import Actor, Verb, ViewRow
from bulou.kernel.problems import ProblemError


def views(actor: Actor) -> tuple[ViewRow, ...]:
    """Return one's own views and those that others share over areas that one sees, by name. 1 query."""
    rows = models.View.objects.filter(_seen(actor)).select_related("account").order_by("name", "id")
    return tuple(_row(row) for row in rows[:200])


def view(actor: Actor, view_id: UUID) -> ViewRow:
    """Return one view.

    Raises:
        ProblemError: access.not_found (404), also for one that is neither one's own nor shared with one.
    """
    found = models.View.objects.filter(_seen(actor), pk=view_id).select_related("account").first()
    if found is None:
        raise ProblemError("access.not_found", status=404)
    return _row(found)


def _seen(actor: Actor) -> Q:
    mine = Q(account=actor.account_id)
    return mine | (Q(shared=True) & below("path", scope_of(actor, Verb.GRID_VIEW)))


def _row(row: models.View) -> ViewRow:
    return ViewRow(
        id=row.id,
        account_id=row.account_id,
        account_name=row.account.display_name,
        name=row.name,
        address=row.address,
        path=row.path,
        shared=row.shared,
    )
