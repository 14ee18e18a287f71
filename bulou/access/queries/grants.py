"""What waits for a second pair of eyes: proposed roles, and times when somebody broke the glass."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from bulou.access import models, rules
from bulou.access.queries import accounts_that_may, below
from bulou.access.terms import (
    GLASS_REVIEW_WITHIN,
    PROPOSAL_LIFE,
    Actor,
    GlassRow,
    ProposalRow,
    Role,
    Verb,
)
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError
from bulou.kernel.reach import Scope


def proposals(scope: Scope, *, limit: int = 200) -> tuple[ProposalRow, ...]:
    """Return the undecided proposals of the scope, oldest first, without lapsed ones. 1 query."""
    rows = _open().filter(below("path", scope)).select_related("account").order_by("proposed_at", "id")
    return tuple(_proposal(row) for row in rows[:limit])


def proposals_for(account_id: UUID) -> tuple[ProposalRow, ...]:
    """Return the open proposals for one account, oldest first. 1 query."""
    rows = _open().filter(account=account_id).select_related("account").order_by("proposed_at", "id")
    return tuple(_proposal(row) for row in rows)


def may_decide(actor: Actor, proposal: ProposalRow, units: dict[UUID, tuple[str, str]]) -> bool:
    """Tell a page whether to offer the decision; the action itself asks again. `units` as of `units_of`."""
    if actor.account_id in {proposal.proposed_by, proposal.account_id}:
        return False
    if not rules.may(actor.grants, Verb.ACCOUNT_APPROVE, proposal.path, clock.now()):
        return False
    return units.get(actor.account_id) != units.get(proposal.proposed_by)


def units_of(account_ids: set[UUID]) -> dict[UUID, tuple[str, str]]:
    """Return the unit of each account: the area that answers for it, and its team there. 1 query."""
    rows = models.Account.objects.filter(pk__in=account_ids).values_list("id", "path", "team")
    return {account_id: (path, team) for account_id, path, team in rows}


def somebody_approves(actor: Actor, account_id: UUID, path: str) -> bool:
    """Tell whether there is anybody of another unit who could approve what the actor proposes. 4 queries.

    There is not right after the first start: then a role is given directly, and the ledger says so.
    """
    found = accounts_that_may(Verb.ACCOUNT_APPROVE, path)
    units = units_of({actor.account_id})
    mine = units.get(actor.account_id)
    return any((a.path, a.team) != mine for a in found if a.id not in {actor.account_id, account_id})


def glasses(scope: Scope, *, limit: int = 100) -> tuple[GlassRow, ...]:
    """Return when the glass was broken in the scope: those to review first, then newest first. 1 query."""
    rows = models.Glass.objects.filter(below("grant__path", scope)).select_related("grant__account")
    found = [_glass(row) for row in rows.order_by("-begun_at", "-id")[:limit]]
    return tuple(sorted(found, key=lambda row: row.reviewed_at is not None))


def glass(scope: Scope, glass_id: UUID) -> GlassRow:
    """Return one time when the glass was broken.

    Raises:
        ProblemError: access.not_found (404), also when it lies outside the scope.
    """
    rows = models.Glass.objects.filter(below("grant__path", scope), pk=glass_id).select_related(
        "grant__account"
    )
    found = rows.first()
    if found is None:
        raise ProblemError("access.not_found", status=404)
    return _glass(found)


def is_late(row: GlassRow, at: datetime) -> bool:
    """Tell whether a review is overdue: a day after the glass was broken."""
    return row.reviewed_at is None and at - row.begun_at > GLASS_REVIEW_WITHIN


def _open() -> QuerySet[models.Proposal]:
    return models.Proposal.objects.filter(Q(proposed_at__gt=clock.now() - PROPOSAL_LIFE), decided_at=None)


def _proposal(row: models.Proposal) -> ProposalRow:
    return ProposalRow(
        id=row.id,
        account_id=row.account_id,
        account_name=row.account.display_name,
        role=Role(row.role),
        path=row.path,
        valid_until=row.valid_until,
        reason=row.reason,
        proposed_by=row.proposed_by_id,
        proposed_at=row.proposed_at,
        lapses_at=row.proposed_at + PROPOSAL_LIFE,
    )


def _glass(row: models.Glass) -> GlassRow:
    grant = row.grant
    return GlassRow(
        id=row.id,
        account_id=grant.account_id,
        account_name=grant.account.display_name,
        role=Role(grant.role),
        path=grant.path,
        reason=grant.reason,
        begun_at=row.begun_at,
        ends_at=grant.valid_until or row.begun_at,
        reviewed_by=row.reviewed_by,
        reviewed_at=row.reviewed_at,
        in_order=row.in_order,
        note=row.note,
    )
