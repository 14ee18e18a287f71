"""Breaking the glass: a role for two hours without asking, all of it noted and reviewed within a day."""

from uuid import UUID

from bulou.access import models, rules
from bulou.access.actions.gate import book, require, require_reason, tell, the_account
from bulou.access.actions.roles import new_grant
from bulou.access.queries import grants
from bulou.access.rules import GLASS_ROLES
from bulou.access.terms import GLASS_LIFE, Actor, Grant, Kind, Role, Verb
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError


def break_glass(actor: Actor, *, role: Role, path: str, reason: str) -> UUID:
    """Take a role over an area of one's own district for two hours; returns the id of its review.

    Raises:
        ProblemError: access.role_not_by_glass, access.other_district, access.reason_missing (422),
            access.glass_open (409).
    """
    found = the_account(actor.account_id)
    require(actor, Verb.GLASS_BREAK, found.path)
    require_reason(reason)
    if role not in GLASS_ROLES:
        raise ProblemError("access.role_not_by_glass", status=422, role=role.value)
    if rules.path_problem(path) or rules.district_of(path) != rules.district_of(found.path):
        raise ProblemError("access.other_district", status=422)
    now = clock.now()
    if rules.glass_until(actor.grants, now) is not None:
        raise ProblemError("access.glass_open", status=409)
    with book(path):
        grant = new_grant(
            actor.account_id, found, Grant(role, path, now, now + GLASS_LIFE, by_glass=True), reason
        )
        row = models.Glass.objects.create(grant=grant, begun_at=now)
        tell(actor, Kind.GLASS_BROKEN, found, at=path, role=role.value, reason=reason, glass=str(row.id))
    return row.id


def end_glass(actor: Actor) -> None:
    """Give the role back before its two hours are over. Repeatable."""
    now = clock.now()
    for grant in models.Grant.objects.filter(account=actor.account_id, by_glass=True, valid_until__gt=now):
        with book(grant.path):
            grant.valid_until = now
            grant.save(update_fields=["valid_until"])
            tell(actor, Kind.GLASS_ENDED, the_account(actor.account_id), at=grant.path)


def note_use(actor: Actor, *, method: str, address: str, status: int) -> None:
    """Note one page that was opened, or one act that was tried, while the glass is broken."""
    held = next((g for g in actor.grants if g.by_glass and rules.live(g, clock.now())), None)
    if held is None:
        return
    with book(held.path):
        told = {"method": method, "address": address[:500], "status": str(status)}
        tell(actor, Kind.GLASS_USED, the_account(actor.account_id), at=held.path, **told)


def review_glass(actor: Actor, *, glass_id: UUID, in_order: bool, note: str) -> None:
    """Say whether it was in order, as somebody of another unit.

    Raises:
        ProblemError: access.own_proposal, access.same_unit (403), access.glass_over (409),
            access.reason_missing (422).
    """
    rows = models.Glass.objects.select_for_update(of=("self",)).select_related("grant__account")
    row = rows.filter(pk=glass_id).first()
    if row is None:
        raise ProblemError("access.not_found", status=404)
    require(actor, Verb.GLASS_REVIEW, row.grant.path)
    require_reason(note)
    owner = row.grant.account
    if owner.id == actor.account_id:
        raise ProblemError("access.own_proposal", status=403)
    units = grants.units_of({actor.account_id, owner.id})
    if units.get(actor.account_id) == units.get(owner.id):
        raise ProblemError("access.same_unit", status=403)
    if row.reviewed_at is not None:
        raise ProblemError("access.glass_over", status=409)
    with book(row.grant.path):
        row.reviewed_by, row.reviewed_at = actor.account_id, clock.now()
        row.in_order, row.note = in_order, note
        row.save(update_fields=["reviewed_by", "reviewed_at", "in_order", "note"])
        told = {"glass": str(row.id), "in_order": "yes" if in_order else "no", "reason": note}
        tell(actor, Kind.GLASS_REVIEWED, owner, at=row.grant.path, **told)
