"""Records to samples, tubes and counters: what a batch touches is folded anew from the ledger."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid5

import msgspec
from django.db import connection

from bulou.coverage.queries import accounts as coverage
from bulou.kernel import clock, ids, sqlfiles
from bulou.ledger import queries as ledger
from bulou.ledger.terms import Entry
from bulou.lines.testing import models
from bulou.lines.testing.queries.books import households
from bulou.lines.testing.rules import folding
from bulou.lines.testing.terms import Event, Kind, Pooling, Result, Swab
from bulou.people import projections as people

ROOM = "bulou.lines.testing"
SOURCE = "testing"
BATCH = 2_000
LOCKS = (
    256  # buckets of people and tubes: few enough for the lock table, enough that two stations rarely wait
)
Changes = Counter[tuple[UUID, str, str, datetime, str]]
_EVENT = ("district", "path", "operation", "tube", "barcode", "kind", "outcome", "n", "who", "reason", "at")


def apply(district: str, entries: Sequence[Entry]) -> None:
    """Guarantees samples, tubes and counters stand as the whole ledger says; repeatable, any order.

    Assumes: inside the transaction that appended them. 6 queries for a plain batch of one round.
    """
    persons: dict[UUID, set[UUID]] = defaultdict(set)
    others: set[UUID] = set()
    for entry in entries:
        if entry.subject is None:
            continue
        if entry.kind == Kind.SAMPLE and entry.operation:
            persons[entry.operation].add(entry.subject)
        elif entry.kind in folding.OF_TUBES:
            others.add(entry.subject)
    _hold(district, "person", (one.int for found in persons.values() for one in found))
    changes: Changes = Counter()
    tubes: set[UUID] = set()
    for operation in sorted(persons):
        subjects = sorted(persons[operation])
        told = ledger.records_of(district, operation=operation, subjects=subjects)
        tubes |= _write_samples(district, operation, subjects, told, changes)
    if others:
        tubes |= _write_events(district, sorted(others), ledger.records_alone(district, sorted(others)))
    _hold(district, "tube", (one.int for one in tubes))
    _tally(district, sorted(tubes), changes)
    _count(district, changes)


def rebuild(district: str) -> None:
    """Guarantees the district's samples, tubes and counters are exactly what the ledger says."""
    for table in (models.Sample, models.Event, models.Tube, models.Counter):
        table.objects.filter(district=district).delete()
    changes: Changes = Counter()
    tubes: set[UUID] = set()
    for operation in coverage.operation_ids(district):
        told = ledger.records_of(district, operation=operation, kinds=(Kind.SAMPLE, *REVIEWS))
        by_person: dict[UUID, list[Entry]] = defaultdict(list)
        for entry in told:
            if entry.subject:
                by_person[entry.subject].append(entry)
        subjects = sorted(by_person)
        for start in range(0, len(subjects), BATCH):
            some = subjects[start : start + BATCH]
            records = [entry for one in some for entry in by_person[one]]
            tubes |= _write_samples(district, operation, some, records, changes)
    subjects = sorted(ledger.subjects_of(district, kinds=tuple(folding.OF_TUBES)))
    for start in range(0, len(subjects), BATCH):
        some = subjects[start : start + BATCH]
        tubes |= _write_events(district, some, ledger.records_alone(district, some))
    ordered = sorted(tubes)
    for start in range(0, len(ordered), BATCH):
        _tally(district, ordered[start : start + BATCH], changes)
    _count(district, changes)


REVIEWS = ("record.accepted", "record.rejected")


def _hold(district: str, what: str, numbers: Iterable[int]) -> None:
    # Whoever comes second reads after the first has committed: neither overlooks the other.
    buckets = sorted({number % LOCKS for number in numbers})
    if buckets:
        sqlfiles.prepared(
            "SELECT pg_advisory_xact_lock(hashtext('testing.' || %s::text), bucket)"
            " FROM unnest(%s::int[]) AS bucket ORDER BY bucket",
            [f"{what}.{district}", buckets],
        )


def _write_samples(
    district: str, operation: UUID, subjects: Sequence[UUID], told: Iterable[Entry], changes: Changes
) -> set[UUID]:
    by_person: dict[UUID, list[Entry]] = defaultdict(list)
    for entry in told:
        if entry.subject:
            by_person[entry.subject].append(entry)
    made = [swab for person in subjects for swab in folding.swabs(by_person[person])]
    behind = {swab.person for swab in made if swab.rule == Pooling.HOUSEHOLD}
    if behind:
        homes = households(district, operation, sorted(behind))
        made = [replace(swab, household=homes.get(swab.person, "")) for swab in made]
    gone = _take_away(district, {entry.id for told in by_person.values() for entry in told}, made, changes)
    return gone | _add_samples(district, made, changes)


def _take_away(district: str, told: set[UUID], made: Sequence[Swab], changes: Changes) -> set[UUID]:
    """Remove what records made that are no longer in force; return their tubes. No query where all are."""
    dead = told - {swab.record for swab in made}
    if not dead:
        return set()
    gone = list(models.Sample.objects.filter(district=district, id__in=dead))
    for row in gone:
        if row.counts:
            changes[row.operation, row.area, row.site, _hour(row.at), row.outcome] -= 1
    models.Sample.objects.filter(district=district, id__in=[row.id for row in gone]).delete()
    return {row.tube for row in gone}


def _add_samples(district: str, made: Sequence[Swab], changes: Changes) -> set[UUID]:
    if not made:
        return set()
    values = {"district": district, "samples": msgspec.json.encode(made).decode()}
    tubes = set()
    for row in sqlfiles.prepared(sqlfiles.load(ROOM, "add_samples"), values):
        operation, area, site, at, outcome, before, now, tube, area_was, at_was = row
        if before:
            changes[operation, area_was, site, _hour(at_was), outcome] -= 1
        if now:
            changes[operation, area, site, _hour(at), outcome] += 1
        tubes.add(tube)
    return tubes


def _write_events(district: str, subjects: Sequence[UUID], told: Iterable[Entry]) -> set[UUID]:
    by_subject: dict[UUID, list[Entry]] = defaultdict(list)
    for entry in told:
        if entry.subject:
            by_subject[entry.subject].append(entry)
    rows = [
        _event(district, subject, one) for subject in subjects for one in folding.events(by_subject[subject])
    ]
    there = models.Event.objects.filter(district=district, subject__in=subjects)
    before = dict(there.values_list("id", "tube"))
    gone = before.keys() - {row.id for row in rows}
    if gone:
        models.Event.objects.filter(district=district, id__in=gone).delete()
    models.Event.objects.bulk_create(
        rows, batch_size=BATCH, update_conflicts=True, unique_fields=["id"], update_fields=_EVENT
    )
    return {row.tube for row in rows} | {before[one] for one in gone}


def _event(district: str, subject: UUID, one: Event) -> models.Event:
    return models.Event(
        id=uuid5(one.record, one.barcode), district=district, path=one.path, operation=one.operation,
        tube=one.tube, barcode=one.barcode, record=one.record, subject=subject, kind=one.kind,
        outcome=one.outcome, n=one.n, who=one.who, reason=one.reason, at=one.at, author=one.author,
    )  # fmt: skip


def _tally(district: str, tubes: Sequence[UUID], changes: Changes) -> None:
    if not tubes:
        return
    values = {"district": district, "tubes": ids.array(tubes)}
    rows = sqlfiles.prepared(sqlfiles.load(ROOM, "tally"), values)
    negative: dict[UUID, date | None] = {}
    for row in rows:
        tube, operation, was, now = row[0], row[1], row[2:7], row[7:12]
        _moved(changes, operation, was, -1)
        _moved(changes, operation, now, 1)
        if row[12] != row[13] and Result.NEGATIVE in (row[12], row[13]):
            negative[tube] = clock.local_date(row[14]) if row[13] == Result.NEGATIVE else None
    gone = set(tubes) - {row[0] for row in rows}
    if gone:
        _drop(district, gone, changes)
    _wind(district, negative)


def _drop(district: str, gone: set[UUID], changes: Changes) -> None:
    """Tubes of which nothing is known any more."""
    for one in models.Tube.objects.filter(district=district, id__in=gone):
        _moved(changes, one.operation, (one.path, one.site, one.first_at, one.stage, one.n), -1)
    models.Tube.objects.filter(district=district, id__in=gone).delete()


def _moved(changes: Changes, operation: UUID, where: Sequence[Any], sign: int) -> None:
    path, site, first_at, stage, n = where
    if path is None:
        return
    changes[operation, path, site, _hour(first_at), f"tube.{stage}"] += sign
    changes[operation, path, site, _hour(first_at), "in_tubes"] += sign * n


def _wind(district: str, tubes: dict[UUID, date | None]) -> None:
    """The clock of whoever was negative starts on the day of the result: fourteen days later it is over."""
    if not tubes:
        return
    lying = models.Sample.objects.filter(district=district, tube__in=list(tubes))
    people.duties(
        district, {person: tubes[tube] for person, tube in lying.values_list("person", "tube")}, source=SOURCE
    )


def _count(district: str, changes: Changes) -> None:
    rows: list[dict[str, Any]] = [
        {"operation": operation, "path": path, "site": site, "hour": hour, "what": what, "n": n}
        for (operation, path, site, hour, what), n in changes.items()
        if n
    ]
    if not rows:
        return
    less = [row for row in rows if row["n"] < 0]
    with connection.cursor() as cursor:
        for statement, told in (("count", rows), ("count_gone", less)):
            if told:
                values = {"district": district, "changes": msgspec.json.encode(told).decode()}
                cursor.execute(sqlfiles.load(ROOM, statement), values)


def _hour(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
