"""Records to zones and orders: every touched area and order is folded anew from the ledger."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

import msgspec
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from bulou.command import models
from bulou.command.rules import orders, zones
from bulou.command.terms import Kind, OrderKind, Receipt, Zone
from bulou.ledger import queries as ledger
from bulou.ledger.terms import Entry, Standing
from bulou.ledger.terms import Kind as Shared

LOCKS = 64
REVIEWS = (Shared.RECORD_ACCEPTED.value, Shared.RECORD_REJECTED.value)
ZONES = (*(kind.value for kind in Kind), *REVIEWS)
ORDERS = (*(kind.value for kind in OrderKind), *REVIEWS)


def apply_zones(district: str, entries: Sequence[Entry]) -> None:
    """Guarantees the areas of these records stand as the whole ledger says; repeatable, any order.

    Assumes: inside the transaction that appended them. 4 queries, whatever the number of records.
    """
    subjects = sorted({entry.subject for entry in entries if entry.subject})
    if not subjects:
        return
    _hold(district, subjects)
    told = ledger.records_of(district, subjects=subjects)
    # a decision counts only under the path that its subject is made from, so these are all there can be
    paths = {entry.path for entry in told if zones.zone_id(entry.path) == entry.subject}
    models.Zone.objects.filter(district=district, path__in=sorted(paths)).delete()
    _write(_folded(told))


def apply_orders(district: str, entries: Sequence[Entry]) -> None:
    """Guarantees the orders of these records stand as the whole ledger says; repeatable, any order.

    Assumes: inside the transaction that appended them. 5 queries, whatever the number of records. A receipt
    alone is added to what its author has said before; the order is not read for it.
    """
    subjects = sorted({entry.subject for entry in entries if entry.subject})
    if not subjects:
        return
    _hold(district, subjects)
    if _receipts_alone(district, entries, subjects):
        _add_receipts(district, entries)
        return
    told = ledger.records_of(district, subjects=subjects)
    amended = {entry.target for entry in entries if entry.target}
    people = {e.author for e in entries} | {e.author for e in told if e.id in amended}
    if any(entry.kind == OrderKind.ISSUED or entry.target for entry in entries):
        people = {entry.author for entry in told}
    models.Order.objects.filter(district=district, id__in=subjects).delete()
    models.Receipt.objects.filter(district=district, order__in=subjects, account__in=people).delete()
    _write_orders(district, told, people)


def _receipts_alone(district: str, entries: Sequence[Entry], subjects: Sequence[UUID]) -> bool:
    """Whether these are receipts of orders that stand, and nobody speaks about them. 0 or 2 queries."""
    if any(e.kind not in orders.RECEIPTS or e.target or e.standing is not Standing.KEPT for e in entries):
        return False
    if ledger.spoken_about(district, [entry.id for entry in entries]):
        return False
    return models.Order.objects.filter(district=district, id__in=subjects).count() == len(subjects)


def _add_receipts(district: str, entries: Sequence[Entry]) -> None:
    pairs = {(entry.subject, entry.author) for entry in entries if entry.subject}
    rows = models.Receipt.objects.filter(
        district=district, order__in={order for order, _ in pairs}, account__in={who for _, who in pairs}
    )
    said = {
        (row.order, row.account): Receipt(row.account, row.read_at, row.taken_at)
        for row in rows
        if (row.order, row.account) in pairs
    }
    for entry in entries:
        if entry.subject:
            key = (entry.subject, entry.author)
            said[key] = orders.received(said.get(key), entry)
    for order, account in pairs:
        models.Receipt.objects.filter(district=district, order=order, account=account).delete()
    _write_receipts(district, said)


def rebuild(district: str) -> None:
    """Guarantees the district's zones, orders and receipts are exactly what the ledger says."""
    models.Zone.objects.filter(district=district).delete()
    models.Order.objects.filter(district=district).delete()
    models.Receipt.objects.filter(district=district).delete()
    _write(_folded(ledger.records_of(district, kinds=ZONES)))
    told = ledger.records_of(district, kinds=ORDERS)
    _write_orders(district, told, {entry.author for entry in told})


def _write_orders(district: str, entries: Iterable[Entry], people: Collection[UUID]) -> None:
    folded = {subject: orders.fold(told) for subject, told in _by_subject(entries).items()}
    models.Order.objects.bulk_create(
        models.Order(
            id=one.id, district=district, path=one.path, number=one.number, issued_at=one.issued_at,
            superseded_at=one.superseded_at, body=msgspec.json.encode(one).decode(),
        )
        for _subject, (one, _receipts) in sorted(folded.items())
        if one is not None
    )  # fmt: skip
    said = {
        (subject, account): one
        for subject, (_order, receipts) in folded.items()
        for account, one in receipts.items()
        if account in people
    }
    _write_receipts(district, said)


def _write_receipts(district: str, said: Mapping[tuple[UUID, UUID], Receipt]) -> None:
    models.Receipt.objects.bulk_create(
        [
            models.Receipt(
                district=district, order=order, account=account, read_at=one.read_at, taken_at=one.taken_at
            )
            for (order, account), one in sorted(said.items(), key=lambda pair: pair[0])
        ],
        batch_size=1_000,
    )  # fmt: skip


def _folded(entries: Iterable[Entry]) -> list[Zone]:
    return [zone for told in _by_subject(entries).values() for zone in zones.fold(told)]


def _by_subject(entries: Iterable[Entry]) -> dict[UUID, list[Entry]]:
    found: dict[UUID, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.subject:
            found[entry.subject].append(entry)
    return found


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
                id=one.id, district=one.district, path=one.path,
                level=one.level.value, decided_at=one.decided_at, decided_by=one.decided_by,
                two_units=one.two_units, second_at=one.second_at, from_at=one.from_at, until=one.until,
                held=DateTimeTZRange(one.begins, one.ends) if one.begins else None,
                body=msgspec.json.encode(one).decode(),
            )
            for one in sorted(made, key=lambda one: one.id)
        ],
        batch_size=1_000,
    )  # fmt: skip
