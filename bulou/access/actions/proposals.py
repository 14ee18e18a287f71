"""Four eyes: a role is proposed by one officer and approved by another of another unit."""

from datetime import datetime
from uuid import UUID

from bulou.access import models, queries, rules
from bulou.access.actions.gate import book, require, require_reason, tell, the_account
from bulou.access.actions.roles import give, require_giveable
from bulou.access.queries import grants
from bulou.access.terms import PROPOSAL_LIFE, SYSTEM_ID, Actor, Grant, Kind, Role, Verb
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError


def propose_role(
    actor: Actor,
    *,
    account_id: UUID,
    role: Role,
    path: str,
    valid_until: datetime | None = None,
    reason: str,
) -> UUID | None:
    """Propose a role; returns its id, or None where nobody could approve and it was given directly.

    Raises:
        ProblemError: access.not_to_yourself, access.role_not_yours_to_give (403); access.period_empty,
            access.reason_missing (422).
    """
    require(actor, Verb.ACCOUNT_GRANT, path)
    found = the_account(account_id)
    require(actor, Verb.ACCOUNT_VIEW, found.path)
    require_reason(reason)
    now = clock.now()
    wanted = Grant(role, path, now, valid_until)
    require_giveable(actor, found, wanted)
    if actor.account_id == SYSTEM_ID:
        give(actor, found, wanted, reason, four_eyes="the system")
        return None
    if not grants.somebody_approves(actor, account_id, path):
        give(actor, found, wanted, reason, four_eyes="nobody could approve")
        return None
    with book(path):
        row = models.Proposal.objects.create(
            account=found,
            role=role.value,
            path=path,
            valid_until=valid_until,
            reason=reason,
            proposed_by_id=actor.account_id,
            proposed_at=now,
        )
        tell(actor, Kind.ROLE_PROPOSED, found, at=path, role=role.value, reason=reason, proposal=str(row.id))
    return row.id


def decide_role(actor: Actor, *, proposal_id: UUID, approve: bool, reason: str = "") -> UUID | None:
    """Approve a proposed role, which then holds from now, or refuse it with a reason; returns the grant's id.

    The proposer's own power is asked again: whoever lost it meanwhile has proposed in vain.

    Raises:
        ProblemError: access.own_proposal, access.same_unit (403), access.proposal_over (409),
            access.reason_missing (422).
    """
    row = _locked(proposal_id)
    require(actor, Verb.ACCOUNT_APPROVE, row.path)
    _require_another(actor, row)
    if row.decided_at is not None or clock.now() - row.proposed_at > PROPOSAL_LIFE:
        raise ProblemError("access.proposal_over", status=409)
    if not approve:
        require_reason(reason)
        _settle(row, actor, None)
        with book(row.path):
            payload = {"role": row.role, "reason": reason, "proposal": str(row.id)}
            tell(actor, Kind.ROLE_REFUSED, row.account, at=row.path, **payload)
        return None
    proposer = queries.actor_by_id(row.proposed_by_id)
    now = clock.now()
    role = Role(row.role)
    if proposer is None or not rules.may_give(proposer.grants, role, row.path, now):
        raise ProblemError("access.proposal_over", status=409)
    if row.valid_until is not None and row.valid_until <= now:
        raise ProblemError("access.period_empty", status=422)
    wanted = Grant(role, row.path, now, row.valid_until)
    made = give(proposer, row.account, wanted, row.reason, four_eyes=str(actor.account_id))
    _settle(row, actor, made)
    return made


def withdraw_proposal(actor: Actor, *, proposal_id: UUID) -> None:
    """Take one's own proposal back. A settled one stays as it is.

    Raises:
        ProblemError: access.not_found (404) for somebody else's.
    """
    row = _locked(proposal_id)
    require(actor, Verb.ACCOUNT_GRANT, row.path)
    if row.proposed_by_id != actor.account_id:
        raise ProblemError("access.not_found", status=404)
    if row.decided_at is None:
        _settle(row, actor, None)
        with book(row.path):
            payload = {"role": row.role, "reason": "withdrawn", "proposal": str(row.id)}
            tell(actor, Kind.ROLE_REFUSED, row.account, at=row.path, **payload)


def _locked(proposal_id: UUID) -> models.Proposal:
    rows = models.Proposal.objects.select_for_update(of=("self",)).select_related("account")
    row = rows.filter(pk=proposal_id).first()
    if row is None:
        raise ProblemError("access.not_found", status=404)
    return row


def _require_another(actor: Actor, row: models.Proposal) -> None:
    """Return only for a second person of another unit than the proposer's."""
    if actor.account_id in {row.proposed_by_id, row.account_id}:
        raise ProblemError("access.own_proposal", status=403)
    units = grants.units_of({actor.account_id, row.proposed_by_id})
    if units.get(actor.account_id) == units.get(row.proposed_by_id):
        raise ProblemError("access.same_unit", status=403)


def _settle(row: models.Proposal, actor: Actor, grant: UUID | None) -> None:
    row.decided_by, row.decided_at, row.grant_id = actor.account_id, clock.now(), grant
    row.save(update_fields=["decided_by", "decided_at", "grant"])
