"""Phones: the server's half of their key for a shift, given to whoever knows the PIN and not been revoked."""

import hmac
from uuid import UUID

from django.db.models import F

from bulou.access import models, queries, rules
from bulou.access.actions.gate import book, system_actor, tell
from bulou.access.rules import PIN_FIRST_SET, SHIFT_LENGTH
from bulou.access.terms import MOST_WRONG_PINS, Actor, Kind, Share
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError


def open_shift(device_id: UUID, *, secret: str, proof: str, new_proof: str = "") -> Share:
    """Return the share of a phone for one shift, to whoever holds the phone and knows its PIN.

    The first proof after the enrolment is kept as the PIN's. A wrong one is counted before it is compared,
    so that many tries at once are no more than five. Assumes: not inside a transaction, which would take the
    count back together with the failed act.

    Raises:
        ProblemError: access.not_found (404), access.device_revoked (410), access.pin_wrong (403) with `left`,
            access.pin_locked (410).
    """
    device = queries.device_by_secret(device_id, secret)
    holder = queries.holder_of(device_id)
    if device.revoked_at is not None or holder is None:
        raise ProblemError("access.device_revoked", status=410)
    _require_pin(device, proof)
    if new_proof:
        models.Device.objects.filter(pk=device_id).update(proof_hash=queries.token_hash(new_proof))
    now = clock.now()
    roles = tuple(sorted({g.role for g in holder.grants if rules.live(g, now)}))
    return Share(device.share, now + SHIFT_LENGTH, holder, roles)


def _require_pin(device: models.Device, proof: str) -> None:
    mine = models.Device.objects.filter(pk=device.pk)
    given = queries.token_hash(proof)
    if not device.proof_hash and clock.now() - device.enrolled_at < PIN_FIRST_SET:
        if mine.filter(proof_hash="").update(proof_hash=given):
            return
        device.refresh_from_db(fields=["proof_hash"])
    if not mine.filter(wrong_pins__lt=MOST_WRONG_PINS).update(wrong_pins=F("wrong_pins") + 1):
        raise ProblemError("access.pin_locked", status=410)
    if hmac.compare_digest(device.proof_hash, given):
        mine.update(wrong_pins=0)
        return
    wrong = mine.values_list("wrong_pins", flat=True).get()
    if wrong < MOST_WRONG_PINS:
        raise ProblemError("access.pin_wrong", status=403, left=MOST_WRONG_PINS - wrong)
    _tell_locked(device)
    raise ProblemError("access.pin_locked", status=410)


def _tell_locked(device: models.Device) -> None:
    path = device.account.path
    with book(path):
        tell(_system(path), Kind.DEVICE_LOCKED, device.account, device=str(device.pk))


def _system(path: str) -> Actor:
    return system_actor(rules.district_of(path))
