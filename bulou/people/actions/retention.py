"""The clocks run: what is over is destroyed every night, with a certificate; no restore brings it back."""

from collections import Counter
from hashlib import sha256
from typing import Final
from uuid import UUID

from bulou.access.actions.gate import require, system_actor
from bulou.access.terms import Verb
from bulou.kernel import clock, ids
from bulou.kernel.reach import whole
from bulou.kernel.scope import transaction
from bulou.ledger import queries as ledger
from bulou.ledger.actions import audit
from bulou.people import models
from bulou.people.actions import keys
from bulou.people.terms import Kind

BATCH: Final = 5_000


def purge_all() -> int:
    """Destroy in every district what is over, and the keys of months in which nothing is left; how many."""
    districts = ledger.districts()
    n = sum(purge(district) for district in districts)
    _destroy_keys(districts)
    return n


def purge(district: str) -> int:
    """Destroy the identities of one district whose time is over; a certificate says how many. Repeatable.

    The journal beside the database is written first: if the power fails in between, the next run finishes.
    """
    actor = system_actor(district)
    require(actor, Verb.PERSON_RETAIN, district)
    done = 0
    with transaction(whole(district)):
        again = keys.purged()
        while rows := _over(district, again):
            done += len(rows)
            keys.note_purged([identity for identity, _ in rows])
            _destroy(district, [identity for identity, _ in rows])
            certificate = ids.uuid7()
            by_keep = dict(sorted(Counter(keep for _, keep in rows).items()))
            marks = "".join(sorted(keys.purged_mark(identity) for identity, _ in rows))
            hashed = sha256(marks.encode()).hexdigest()
            models.Certificate.objects.create(
                id=certificate, district=district, made_at=clock.now(), n=len(rows), by_keep=by_keep,
                ids_hash=hashed, keys_destroyed=[],
            )  # fmt: skip
            audit(
                actor, kind=Kind.PURGED, path=district, subject_type="certificate", subject=certificate,
                payload={"n": len(rows), "by_keep": by_keep, "sha256": hashed},
            )  # fmt: skip
    return done


def _over(district: str, again: frozenset[str]) -> list[tuple[UUID, str]]:
    """What is over now, and what a restore brought back although it had been destroyed."""
    rows = models.Identity.objects.filter(district=district)
    over = list(rows.filter(expires_at__lte=clock.now()).values_list("id", "keep")[:BATCH])
    if over or not again:
        return over
    known = rows.values_list("id", "keep").iterator()
    return [(identity, keep) for identity, keep in known if keys.purged_mark(identity) in again][:BATCH]


def _destroy(district: str, identities: list[UUID]) -> None:
    models.Token.objects.filter(district=district, identity__in=identities).delete()
    models.Dispute.objects.filter(district=district, identity__in=identities).delete()
    models.Identity.objects.filter(district=district, id__in=identities).delete()


def _destroy_keys(districts: tuple[str, ...] | list[str]) -> None:
    """Destroy the class-month keys of months that are over and wrap nothing any more."""
    used: set[str] = set()
    for district in districts:
        with transaction(whole(district)):
            rows = models.Identity.objects.filter(district=district).values_list("keep", "month").distinct()
            used |= {f"{keep}-{month}" for keep, month in rows}
    now = f"{clock.local_date(clock.now()):%Y-%m}"
    for name in keys.months():
        if name not in used and name[-7:] < now:
            keys.destroy(name)
