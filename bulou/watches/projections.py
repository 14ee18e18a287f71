"""Records to watches and their slots: every touched watch is folded anew from the ledger."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from bulou.kernel import sqlfiles
from bulou.ledger import queries as ledger
from bulou.ledger.terms import Entry
from bulou.protocols import queries as protocols
from bulou.watches import models
from bulou.watches.rules import folding
from bulou.watches.terms import Kind, Timeline, Watch

ROOM = "bulou.watches"
BATCH = 2_000
LOCKS = 64  # buckets of watches: few enough for the lock table, enough that two phones rarely wait
_COLUMNS = sorted(
    {field.name for field in models.Watch._meta.fields} - {"id"}  # noqa: SLF001 - Django's public way
)


class _Row(msgspec.Struct, frozen=True):
    watch: UUID
    track: str
    due_at: datetime
    state: int
    outcome: str
    alert: bool
    at: datetime
    on_time: bool
    record: UUID
    author: UUID


def apply(district: str, entries: Sequence[Entry]) -> None:
    """Guarantees the watches of these records stand as the whole ledger says; repeatable, any order.

    Assumes: inside the transaction that appended them. 6 queries, whatever the number of records.
    """
    subjects = sorted({entry.subject for entry in entries if entry.subject})
    if not subjects:
        return
    _hold(district, subjects)
    _write(district, subjects, ledger.records_alone(district, subjects))


def rebuild(district: str) -> None:
    """Guarantees the district's watches and slots are exactly what the ledger says; by thousands."""
    models.Slot.objects.filter(district=district).delete()
    models.Watch.objects.filter(district=district).delete()
    for subjects in _pages(ledger.subjects_of(district, kinds=[Kind.STARTED.value])):
        _write(district, subjects, ledger.records_alone(district, subjects))


def _pages(subjects: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    for start in range(0, len(subjects), BATCH):
        yield subjects[start : start + BATCH]


def _hold(district: str, subjects: Sequence[UUID]) -> None:
    # Whoever comes second reads the ledger after the first has committed: neither overlooks the other.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('watches.' || %s), bucket)"
            " FROM unnest(%s::int[]) AS bucket ORDER BY bucket",
            [district, sorted({subject.int % LOCKS for subject in subjects})],
        )


def _write(district: str, subjects: Sequence[UUID], entries: Iterable[Entry]) -> None:
    by_subject: dict[UUID, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.subject:
            by_subject[entry.subject].append(entry)
    book = protocols.known(sorted({e.protocol for told in by_subject.values() for e in told if e.protocol}))
    folded = [made for subject in subjects if (made := folding.fold(by_subject.get(subject, ()), book))]
    there = {made.watch.id for made in folded}
    models.Watch.objects.filter(district=district, id__in=[s for s in subjects if s not in there]).delete()
    models.Watch.objects.bulk_create(
        [_watch_row(made.watch) for made in sorted(folded, key=lambda made: made.watch.id)],
        batch_size=BATCH, update_conflicts=True, unique_fields=["id"], update_fields=_COLUMNS,
    )  # fmt: skip
    _write_slots(district, subjects, folded)


def _write_slots(district: str, subjects: Sequence[UUID], folded: Sequence[Timeline]) -> None:
    rows = [
        _Row(
            made.watch.id, one.track, one.due_at, int(one.state), one.outcome, one.alert, one.at, one.on_time,
            one.record, one.author,
        )
        for made in folded
        for one in made.slots
    ]  # fmt: skip
    rows.sort(key=lambda row: (row.watch, row.track, row.due_at))
    parameters: dict[str, Any] = {
        "district": district,
        "watches": list(subjects),
        "rows": msgspec.json.encode(rows).decode(),
    }
    with connection.cursor() as cursor:
        cursor.execute(sqlfiles.load(ROOM, "slots_gone"), parameters)
        cursor.execute(sqlfiles.load(ROOM, "slots_write"), parameters)


def _watch_row(watch: Watch) -> models.Watch:
    made = watch.plan
    return models.Watch(
        id=watch.id, district=watch.district, path=watch.path, person=watch.person, protocol=watch.protocol,
        regime=watch.regime, phase=watch.phase, started_at=watch.started_at, ends_at=made.ends_at,
        until=watch.until, main=made.main,
        beats=[beat.minute for beat in made.beats],
        beat_tracks=[beat.track for beat in made.beats],
        beat_waits=[beat.wait for beat in made.beats],
        moments=[moment.due_at for moment in made.moments],
        moment_tracks=[moment.track for moment in made.moments],
        moment_waits=[moment.wait for moment in made.moments],
        worker=watch.worker, team=watch.team, is_open=watch.is_open, outcome=watch.outcome,
        seen_at=watch.seen_at, last_due=watch.last_due, record=watch.record,
    )  # fmt: skip
