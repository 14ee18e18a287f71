"""Roles over areas: given and taken back."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from bulou.access import models, rules
from bulou.access.actions.gate import book, require, require_reason, tell, the_account
from bulou.access.queries import grants
from bulou.access.terms import SYSTEM_ID, Actor, Grant, Kind, Role, Verb
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError


def grant_role(
    actor: Actor,
    *,
    account_id: UUID,
    role: Role,
    path: str,
    valid_until: datetime | None = None,
    reason: str = "",
) -> UUID:
    """Give a role over an area from now until a moment (or until revoked); returns the grant's id.

    Only for the system (first start, command line, demo) and where nobody could approve. Everybody else
    proposes the role (`proposals.propose_role`). The ledger says why no second person was asked.

    Codes of the account that somebody else issued die with it: whoever made one while the account held
    little must not open it when it holds more.

    Raises:
        ProblemError: access.not_to_yourself, access.role_not_yours_to_give, access.four_eyes (403),
            access.period_empty (422).
    """
    require(actor, Verb.ACCOUNT_GRANT, path)
    found = the_account(account_id)
    require(actor, Verb.ACCOUNT_VIEW, found.path)
    require_giveable(actor, found, Grant(role, path, clock.now(), valid_until))
    alone = "the system" if actor.account_id == SYSTEM_ID else "nobody could approve"
    if actor.account_id != SYSTEM_ID and grants.somebody_approves(actor, account_id, path):
        raise ProblemError("access.four_eyes", status=403)
    return give(actor, found, Grant(role, path, clock.now(), valid_until), reason, four_eyes=alone)


def require_giveable(actor: Actor, found: models.Account, grant: Grant) -> None:
    """Return only for a role that the actor could give to this account, from now until after now.

    Raises:
        ProblemError: access.not_to_yourself, access.role_not_yours_to_give (403), access.period_empty (422).
    """
    if found.id == actor.account_id:
        raise ProblemError("access.not_to_yourself", status=403)
    if not rules.may_give(actor.grants, grant.role, grant.path, grant.valid_from):
        raise ProblemError("access.role_not_yours_to_give", status=403, role=grant.role.value)
    if grant.valid_until is not None and grant.valid_until <= grant.valid_from:
        raise ProblemError("access.period_empty", status=422)


def give(actor: Actor, found: models.Account, grant: Grant, reason: str, *, four_eyes: str) -> UUID:
    """Store a grant and tell it; `four_eyes`: who else looked, or why nobody. Assumes: permission asked."""
    with book(grant.path):
        row = new_grant(actor.account_id, found, grant, reason)
        models.Code.objects.filter(account=found, used_at=None).exclude(created_by=actor.account_id).update(
            used_at=grant.valid_from
        )
        until = grant.valid_until.isoformat() if grant.valid_until else ""
        told = {"role": grant.role.value, "until": until, "reason": reason, "four_eyes": four_eyes}
        tell(actor, Kind.ROLE_GRANTED, found, at=grant.path, **told)
    return row.id


def revoke_grant(actor: Actor, *, grant_id: UUID, reason: str) -> None:
    """End a grant now; it holds nowhere later than 30 s from now. Ending an ended one changes nothing."""
    grant = models.Grant.objects.filter(pk=grant_id).select_related("account").first()
    if grant is None:
        raise ProblemError("access.not_found", status=404)
    require(actor, Verb.ACCOUNT_GRANT, grant.path)
    now = clock.now()
    if not rules.may_give(actor.grants, Role(grant.role), grant.path, now):
        raise ProblemError("access.role_not_yours_to_give", status=403, role=grant.role)
    require_reason(reason)
    with book(grant.path):
        open_ones = models.Grant.objects.filter(Q(valid_until=None) | Q(valid_until__gt=now), pk=grant_id)
        if open_ones.update(valid_until=max(now, grant.valid_from)):
            tell(actor, Kind.ROLE_REVOKED, grant.account, at=grant.path, role=grant.role, reason=reason)


def new_grant(by: UUID, account: models.Account, grant: Grant, reason: str) -> models.Grant:
    """Store a grant. Assumes: permission was asked."""
    return models.Grant.objects.create(
        account=account,
        role=grant.role.value,
        path=grant.path,
        valid_from=grant.valid_from,
        valid_until=grant.valid_until,
        granted_by=by,
        reason=reason,
        by_glass=grant.by_glass,
    )
