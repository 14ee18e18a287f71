"""Records to zones: every touched area is folded anew from the ledger."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

import msgspec
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from bulou.command import models
from bulou.command.rules import zones
from bulou.command.terms import Kind, Zone
from bulou.ledger import queries as ledger
from bulou.ledger.terms import Entry
from bulou.ledger.terms import Kind as Shared

LOCKS = 64
KINDS = (*(kind.value for kind in Kind), Shared.RECORD_ACCEPTED.value, Shared.RECORD_REJECTED.value)


def apply_zones(district: str, entries: Sequence[Entry]) -> None:
    """Guarantees the areas of these records stand as the whole ledger says; repeatable, any order.

    Assumes: inside the transaction that appended them. 4 queries, whatever the number of records.
    """
    subjects = sorted({entry.subject for entry in entries if entry.subject})
    if not subjects:
        return
    _hold(district, subjects)
    told = ledger.records_of(district, subjects=subjects)
    models.Zone.objects.filter(district=district, area__in=subjects).delete()
    _write(_folded(told))


def rebuild(district: str) -> None:
    """Guarantees the district's zones are exactly what the ledger says."""
    models.Zone.objects.filter(district=district).delete()
    _write(_folded(ledger.records_of(district, kinds=KINDS)))


def _folded(entries: Iterable[Entry]) -> list[Zone]:
    by_area: dict[UUID, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.subject:
            by_area[entry.subject].append(entry)
    return [zone for told in by_area.values() for zone in zones.fold(told)]


def _hold(district: str, subjects: Sequence[UUID]) -> None:
    # Whoever comes second reads the ledger after the first has committed: neither overlooks the other.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('command.' || %s), bucket)"
            " FROM unnest(%s::int[]) AS bucket ORDER BY bucket",
            [district, sorted({subject.int % LOCKS for subject in subjects})],
        )


def _write(made: Sequence[Zone]) -> None:
    models.Zone.objects.bulk_create(
        [
            models.Zone(
                id=one.id, district=one.district, area=zones.zone_id(one.path), path=one.path,
                level=one.level.value, decided_at=one.decided_at, decided_by=one.decided_by,
                two_units=one.two_units, second_at=one.second_at, from_at=one.from_at, until=one.until,
                held=DateTimeTZRange(one.begins, one.ends) if one.begins else None,
                body=msgspec.json.encode(one).decode(),
            )
            for one in sorted(made, key=lambda one: one.id)
        ],
        batch_size=1_000,
    )  # fmt: skip
