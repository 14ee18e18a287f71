"""Records to chains and keepers: every touched chain is folded anew, and so is every item that it carries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

import msgspec
from django.db import connection
from psycopg.types.range import TimestamptzRange

from bulou.custody import models
from bulou.custody.rules import folding, keeping
from bulou.custody.terms import BY_WAY_OF, HANDED_ON, TAKEN_OVER, Chain, Keeping, Kind
from bulou.ledger import queries as ledger
from bulou.ledger.terms import Entry
from bulou.protocols import queries as protocols

BATCH = 2_000
_FIELDS = (
    "district", "path", "receiver_path", "sides", "protocol", "state", "opened_at", "due_at", "done_at",
    "manifest", "registered", "received", "record", "body",
)  # fmt: skip


def apply(district: str, entries: Sequence[Entry]) -> None:
    """Guarantees chains and keepers stand as the whole ledger says; repeatable, any order.

    Assumes: inside the transaction that appended them. One district at a time: an item may be in two chains.
    """
    subjects = sorted({entry.subject for entry in entries if entry.subject})
    if not subjects:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('custody.' || %s))", [district])
    chains = _folded(district, subjects)
    before = models.Carried.objects.filter(district=district, chain__in=subjects)
    touched = set(before.values_list("item", flat=True)) | {i.id for c in chains for i in c.items}
    _write_chains(district, subjects, chains)
    _write_keepers(district, touched, chains)


def apply_gates(district: str, entries: Sequence[Entry]) -> None:
    """The same for what was told at checkpoints: hand-overs, and later words about them.

    1 query at most where there are none.
    """
    sent = {e.subject for e in entries if (e.kind, e.outcome) == HANDED_ON}
    later = {e.subject for e in entries if e.target or e.kind == TAKEN_OVER} - sent
    known = models.Chain.objects.filter(district=district, id__in=[one for one in later if one])
    touched = sent | (set(known.values_list("id", flat=True)) if later else set())
    apply(district, [entry for entry in entries if entry.subject in touched])


def rebuild(district: str) -> None:
    """Guarantees the district's chains and keepers are exactly what the ledger says."""
    for model in (models.Span, models.Keeping, models.Carried, models.Chain):
        model.objects.filter(district=district).delete()
    found = {
        *ledger.subjects_of(district, kinds=[Kind.OPENED.value]),
        *ledger.subjects_of(district, kinds=HANDED_ON[:1], outcome=HANDED_ON[1]),
    }
    subjects = sorted(found)
    chains = [c for n in range(0, len(subjects), BATCH) for c in _folded(district, subjects[n : n + BATCH])]
    _write_chains(district, subjects, chains)
    _write_keepers(district, {item.id for chain in chains for item in chain.items}, chains)


def _folded(district: str, subjects: Sequence[UUID]) -> list[Chain]:
    told: dict[UUID, list[Entry]] = defaultdict(list)
    for entry in ledger.records_alone(district, subjects):
        if entry.subject:
            told[entry.subject].append(entry)
    book = protocols.known(sorted({e.protocol for group in told.values() for e in group if e.protocol}))
    sent_on = [e for group in told.values() for e in group if (e.kind, e.outcome) == HANDED_ON]
    if sent_on and not any(one.slug == BY_WAY_OF for one in book.values()):
        by_way = protocols.in_force(BY_WAY_OF, min(entry.received_at for entry in sent_on))
        book |= {by_way.reference: by_way} if by_way else {}
    return [chain for subject in sorted(told) if (chain := folding.fold(told[subject], book))]


def _write_chains(district: str, subjects: Sequence[UUID], chains: Sequence[Chain]) -> None:
    there = {chain.id for chain in chains}
    gone = [subject for subject in subjects if subject not in there]
    models.Chain.objects.filter(district=district, id__in=gone).delete()
    models.Chain.objects.bulk_create(
        [_row(chain) for chain in chains], batch_size=BATCH, update_conflicts=True, unique_fields=["id"],
        update_fields=_FIELDS,
    )  # fmt: skip
    models.Carried.objects.filter(district=district, chain__in=subjects).delete()
    models.Carried.objects.bulk_create(
        [models.Carried(district=district, item=i.id, chain=c.id) for c in chains for i in c.items],
        batch_size=BATCH,
    )


def _write_keepers(district: str, items: Iterable[UUID], known: Sequence[Chain]) -> None:
    """The row of keepers of each item, over all its chains; the demand for one comes last."""
    touched = sorted(items)
    carried = models.Carried.objects.filter(district=district, item__in=touched)
    wanted = set(carried.values_list("chain", flat=True)) - {chain.id for chain in known}
    chains = [*known, *(_folded(district, sorted(wanted)) if wanted else ())]
    by_item: dict[UUID, list[Chain]] = defaultdict(list)
    for chain in chains:
        for item in chain.items:
            by_item[item.id].append(chain)
    rows = [row for item in touched for row in keeping.keepings(item, by_item.get(item, ()))]
    models.Span.objects.filter(district=district, item__in=touched).delete()
    models.Keeping.objects.filter(district=district, item__in=touched).delete()
    models.Keeping.objects.bulk_create([_kept(district, row) for row in rows], batch_size=BATCH)
    begun: dict[UUID, Keeping] = {}
    for row in rows:
        begun.setdefault(row.item, row)
    models.Span.objects.bulk_create(
        [
            models.Span(district=district, item=item, valid=TimestamptzRange(row.since, None))
            for item, row in begun.items()
        ],
        batch_size=BATCH,
    )


def _kept(district: str, row: Keeping) -> models.Keeping:
    return models.Keeping(
        district=district, item=row.item, since=row.since, valid=TimestamptzRange(row.since, row.until),
        keeper=row.keeper.path, unit=row.keeper.unit, chain=row.chain, leg=row.leg,
    )  # fmt: skip


def _row(chain: Chain) -> models.Chain:
    leg = chain.current
    due = min((one.due_at for one in chain.legs if one.due_at), default=chain.due_at)
    return models.Chain(
        id=chain.id, district=chain.district, path=leg.giver.path, receiver_path=leg.receiver.path,
        sides=_sides(chain),
        protocol=chain.protocol, state=leg.state.value, opened_at=chain.opened_at,
        due_at=due if chain.is_open else None,
        done_at=chain.done_at, manifest=chain.manifest, registered=chain.registered, received=chain.received,
        record=chain.record, body=msgspec.json.encode(chain).decode(),
    )  # fmt: skip


def _sides(chain: Chain) -> list[str]:
    """Every area that gives or receives, and those above it, as the scope of a reader is written."""
    labels = [k.path.split(".") for leg in chain.legs for k in (leg.giver, leg.receiver)]
    return sorted({".".join(way[: n + 1]) + "." for way in labels for n in range(len(way))})
