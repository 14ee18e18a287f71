"""Keys of a day are made, opened for a reason that is recorded, and destroyed when the clock has run out."""

import os
from datetime import date, timedelta
from pathlib import Path
from uuid import NAMESPACE_OID, UUID, uuid5

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from bulou.access.actions.gate import require, require_reason, system_actor
from bulou.access.terms import Actor, Verb
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope, transaction, whole
from bulou.ledger import actions as ledger
from bulou.ledger import queries as ledger_queries
from bulou.lines.checkpoints import models
from bulou.lines.checkpoints.queries import gates
from bulou.lines.checkpoints.rules import payloads, sealing
from bulou.lines.checkpoints.terms import KEY_DAYS_AHEAD, RETENTION, Details

WRAP_FILE = "passage_key"
NONCE = 12


def day_keys(district: str, today: date) -> dict[date, tuple[bytes, bytes]]:
    """Guarantees keys for today and tomorrow; per day the private key and the key of its tags.

    Assumes: a transaction with a scope in the district. 2 queries, 3 on the first call of a day.
    """
    wanted = [today + timedelta(days=n) for n in range(KEY_DAYS_AHEAD + 1)]
    there = set(models.DayKey.objects.filter(district=district, on__in=wanted).values_list("on", flat=True))
    new = [on for on in wanted if on not in there]
    if new:
        models.DayKey.objects.bulk_create([_new(district, on) for on in new], ignore_conflicts=True)
    return known_keys(district)


def known_keys(district: str) -> dict[date, tuple[bytes, bytes]]:
    """The keys of all days that have not been destroyed. 1 query."""
    wrap = _wrap()
    rows = models.DayKey.objects.filter(district=district)
    return {row.on: (_open(wrap, row, bytes(row.private)), _open(wrap, row, bytes(row.tags))) for row in rows}


def reveal(actor: Actor, passage_id: UUID, path: str, *, why: str) -> Details:
    """Guarantees that each look at a plate or a name is told in the ledger with its reason.

    Raises:
        ProblemError: access.*, access.reason_missing (422), checkpoints.not_found (404),
            checkpoints.details_gone (410) after 14 days, or where there never were any.
    """
    require(actor, Verb.PASSAGE_REVEAL, path)
    require_reason(why)
    scope = Scope((path.partition(".")[0],), (path,))
    with transaction(scope):
        passage = gates.passage(scope, passage_id)
        record = ledger_queries.record(scope, passage.record)
        ledger.audit(
            actor, kind="passage.revealed", path=passage.path, subject_type="passage", subject=passage.id,
            payload={"why": why.strip()[:200]},
        )  # fmt: skip
        sealed = payloads.word(payloads.body(record), "sealed") if record else ""
        key = known_keys(passage.district).get(passage.key_on) if passage.key_on else None
        on = passage.key_on
        told = sealing.unseal(sealed, private=key[0], on=on, passage=passage.id) if key and on else None
    if told is None:
        raise ProblemError("checkpoints.details_gone", status=410)
    return told


def purge() -> int:
    """Guarantees no key older than 14 days is there, and no pass that ended as long ago; how many keys went.

    Without its key nobody can read what was sealed on that day, nor tell whose a tag was. Repeatable; also
    after a restore of an old copy, because it goes by the day and not by a list.
    """
    n = 0
    last = clock.local_date(clock.now()) - RETENTION
    for district in ledger_queries.districts():
        with transaction(whole(district)):
            days = sorted(
                models.DayKey.objects.filter(district=district, on__lt=last).values_list("on", flat=True)
            )
            models.DayKey.objects.filter(district=district, on__in=days).delete()
            passes, _ = models.Pass.objects.filter(district=district, valid_until__lt=last).delete()
            if days or passes:
                ledger.audit(
                    system_actor(district), kind="passage.keys_destroyed", path=district,
                    payload={"days": [on.isoformat() for on in days], "passes": passes},
                )  # fmt: skip
        n += len(days)
    return n


def _new(district: str, on: date) -> models.DayKey:
    identity, wrap = _identity(district, on), _wrap()
    private, tags = sealing.new_private(), os.urandom(32)
    return models.DayKey(
        id=identity,
        district=district,
        on=on,
        private=_close(wrap, identity, private),
        tags=_close(wrap, identity, tags),
    )


def _identity(district: str, on: date) -> UUID:
    return uuid5(NAMESPACE_OID, f"bulou.checkpoints.{district}.{on.isoformat()}")


def _wrap() -> AESGCM:
    """The key around the keys lies in the data folder: the database alone opens nothing."""
    place = Path(settings.BULOU_DATA) / WRAP_FILE
    try:
        with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(os.urandom(32))
    except FileExistsError:
        pass
    return AESGCM(place.read_bytes())


def _close(wrap: AESGCM, identity: UUID, secret: bytes) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + wrap.encrypt(nonce, secret, identity.bytes)


def _open(wrap: AESGCM, row: models.DayKey, kept: bytes) -> bytes:
    return wrap.decrypt(kept[:NONCE], kept[NONCE:], row.id.bytes)
