"""Who may pass, and how every act of this room reaches the ledger."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import UUID

from django.db import transaction

from bulou.access import models, queries, rules
from bulou.access.terms import SYSTEM_ID, Actor, Grant, Kind, Role, Verb
from bulou.kernel import clock, scope
from bulou.kernel.problems import ProblemError
from bulou.ledger.actions import audit


def require(actor: Actor, verb: Verb, path: str) -> None:
    """Return only if the actor may do this here and now; the first line of every action.

    Raises:
        ProblemError: access.not_found (404) where the actor may not even see the place, so that the answer
            does not tell what exists; access.not_allowed (403) where only the verb is missing.
    """
    now = clock.now()
    if rules.path_problem(path):
        raise ProblemError("access.not_found", status=404)
    if rules.may(actor.grants, verb, path, now):
        return
    if rules.may(actor.grants, Verb.GRID_VIEW, path, now):
        raise ProblemError("access.not_allowed", status=403, verb=verb.value)
    raise ProblemError("access.not_found", status=404)


def system_actor(district: str) -> Actor:
    """Return the author of what the system does by itself in one district: jobs and the command line."""
    began = datetime(1970, 1, 1, tzinfo=UTC)
    # files what residents say of themselves, and gives watches to those who answer: as an officer would
    roles = (Role.SYSTEM_ADMIN, Role.DATA_CLERK, Role.SERVICE, Role.COMMUNITY_OFFICER)
    grants = tuple(Grant(role, district, began) for role in roles)
    return Actor(SYSTEM_ID, "system", "Bulou", "system", grants)


def require_act_for(actor: Actor, account: models.Account) -> None:
    """Return only for one's own account or one that holds nothing the actor could not give."""
    if account.id == actor.account_id:
        return
    theirs = [Grant(g.role, g.path, g.valid_from, g.valid_until) for g in queries.grants_of([account.id])]
    if not rules.may_act_for(actor.grants, theirs, clock.now()):
        raise ProblemError("access.not_yours_to_change", status=403)


def require_reason(reason: str) -> None:
    """Return only if a reason was given in words."""
    if not reason.strip():
        raise ProblemError("access.reason_missing", status=422)


@contextmanager
def book(path: str) -> Iterator[None]:
    """One transaction that may write the ledger of the path, after which kept actors are dropped."""
    with scope.transaction(scope.Scope((rules.district_of(path),), (path,))):
        transaction.on_commit(queries.forget)
        queries.forget()
        yield


def tell(actor: Actor, kind: Kind, account: models.Account, *, at: str = "", **payload: str) -> None:
    """Append what was done to the ledger. Assumes: inside `book` of the same path."""
    audit(
        actor,
        kind=kind.value,
        path=at or account.path,
        subject_type="account",
        subject=account.id,
        payload=payload,
    )


def the_account(account_id: UUID) -> models.Account:
    """Return the row of an account, or the same 404 as for one that is not yours."""
    found = models.Account.objects.filter(pk=account_id).first()
    if found is None:
        raise ProblemError("access.not_found", status=404)
    return found


def the_actor(account: models.Account) -> Actor:
    """Return the owner of an active account as the one who acts."""
    actor = queries.actor_by_id(account.id)
    if actor is None:
        raise ProblemError("access.not_found", status=404)
    return actor
