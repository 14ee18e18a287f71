"""Devices: enrolled with a code, revoked by an officer."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from bulou.access import models, queries, rules
from bulou.access.actions.codes import few_tries, use_code
from bulou.access.actions.gate import book, require, require_act_for, require_reason, tell, the_actor
from bulou.access.terms import Actor, Enrolled, Kind, Purpose, Verb
from bulou.kernel import clock, ids
from bulou.kernel.problems import ProblemError

NOTED_EVERY = timedelta(seconds=30)


def enrol_device(code: str, *, name: str) -> Enrolled:
    """Make a device of the account that the code belongs to; the token is told this once.

    Raises:
        ProblemError: access.code_not_valid (404), the same for wrong, used and expired.
    """
    with few_tries(), transaction.atomic():
        found = use_code(code, Purpose.ENROL)
        token, secret = ids.token(), ids.token()
        device = models.Device.objects.create(
            district=rules.district_of(found.path),
            account=found,
            name=name.strip()[:80] or found.name,
            token_hash=queries.token_hash(token),
            secret_hash=queries.token_hash(secret),
            share=ids.token(),
            enrolled_at=clock.now(),
        )
        with book(found.path):
            tell(the_actor(found), Kind.DEVICE_ENROLLED, found, device=str(device.id))
    return Enrolled(device.id, token, secret)


def revoke_device(actor: Actor, *, device_id: UUID, reason: str) -> None:
    """Take a device's token away, at the latest 30 s from now; what it sent stays. Repeatable."""
    device = models.Device.objects.filter(pk=device_id).select_related("account").first()
    if device is None:
        raise ProblemError("access.not_found", status=404)
    require(actor, Verb.DEVICE_REVOKE, device.account.path)
    require_act_for(actor, device.account)
    require_reason(reason)
    with book(device.account.path):
        if models.Device.objects.filter(pk=device_id, revoked_at=None).update(revoked_at=clock.now()):
            tell(actor, Kind.DEVICE_REVOKED, device.account, device=str(device_id), reason=reason)


def note_device(actor: Actor, *, app_version: str, unsent: int | None = None) -> None:
    """Remember that the actor's device was here. Not an act of a person, so not told in the ledger."""
    if actor.device_id is not None:
        note(actor.device_id, app_version=app_version, unsent=unsent)


def note(device_id: UUID, *, app_version: str, unsent: int | None) -> None:
    """Keep what a phone tells of itself. At most one write in half a minute unless something has changed."""
    now, told = clock.now(), app_version[:40]
    news = Q(last_seen_at=None) | Q(last_seen_at__lt=now - NOTED_EVERY) | ~Q(app_version=told)
    if unsent is not None:
        news |= Q(unsent=None) | ~Q(unsent=unsent)
    facts: dict[str, object] = {"last_seen_at": now, "app_version": told}
    if unsent is not None:
        facts["unsent"] = unsent
    models.Device.objects.filter(news, pk=device_id).update(**facts)
