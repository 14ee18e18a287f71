"""Reads of the ledger: history, records to refold, doubtful ones, seals."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import connection

from bulou.kernel import clock, ids, sqlfiles
from bulou.kernel.scope import Scope
from bulou.kernel.scope import sql as scope_sql
from bulou.ledger import rules
from bulou.ledger.terms import Conflict, Entry, Gap, SealFault, Standing

ROOM = "bulou.ledger"
END = 2**63 - 1
COLUMNS = (
    "id, district, path, kind, operation, subject_type, subject, slot, outcome, payload::text,"
    " observed_at, clock_offset_ms, effective_at, device, device_seq, author, team, protocol, based_on,"
    " corrects, withdraws, accepts, received_at, standing, problems"
)
RECORDS = f"SELECT {COLUMNS} FROM ledger_record AS r"  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class SealHead:
    """The newest seal of a district; number 0 where there is none yet."""

    number: int
    to_arrival: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Arrived:
    """A stored record with what the ledger itself added: when it arrived, and its content hash."""

    arrival: int
    digest: bytes
    entry: Entry


@dataclass(frozen=True, slots=True)
class _Seal:
    number: int
    from_arrival: int
    to_arrival: int
    n: int
    hash: bytes


def entry_from(row: Sequence[Any]) -> Entry:
    """An entry from a row of RECORDS."""
    head, payload, middle = row[:9], row[9], row[10:23]
    values: tuple[Any, ...] = (*head, payload.encode(), *middle, Standing(row[23]), tuple(row[24]))
    return Entry(*values)


def digests(record_ids: Sequence[UUID]) -> dict[UUID, tuple[bytes, tuple[str, ...]]]:
    """Content hash of the records that are there, and why each is doubtful. 1 query by primary key."""
    with connection.cursor() as cursor:
        cursor.execute(sqlfiles.load(ROOM, "known"), [list(record_ids)])
        return {row[0]: (bytes(row[1]), tuple(row[2])) for row in cursor.fetchall()}


def record(scope: Scope, record_id: UUID) -> Entry | None:
    """The record, or None where it is not there or outside the scope."""
    condition, params = scope_sql("path", scope)
    with connection.cursor() as cursor:
        cursor.execute(f"{RECORDS} WHERE id = %s AND {condition}", [record_id, *params])
        row = cursor.fetchone()
    return entry_from(row) if row else None


def by_ids(district: str, record_ids: Sequence[UUID]) -> dict[UUID, Entry]:
    """Records of the district by id; absent ids are left out. 1 query."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"{RECORDS} WHERE district = %s AND id = ANY(%s)",
            [district, ids.array(record_ids)],
        )
        return {row[0]: entry_from(row) for row in cursor.fetchall()}


def records_alone(district: str, subjects: Sequence[UUID]) -> list[Entry]:
    """Records about these subjects that belong to no round, sorted by (effective time, id). 1 query.

    Relies on an index of their own.
    """
    return _told("district = %s AND subject = ANY(%s) AND operation IS NULL", [district, ids.array(subjects)])


def records_of(
    district: str,
    *,
    subjects: Sequence[UUID] | None = None,
    operation: UUID | None = None,
    kinds: Sequence[str] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[Entry]:
    """Records of the district that match, sorted by (effective time, id); the caller bounds them. 1 query.

    `since`/`until` bound the effective time, half open.
    """
    where, params = ["district = %s"], [district]
    values: list[Any] = [*params]
    for column, wanted in (("subject", subjects), ("kind", kinds)):
        if wanted is not None:
            where.append(f"{column} = ANY(%s)")
            values.append(list(wanted))
    if operation is not None:
        where.append("operation = %s")
        values.append(operation)
    for test, at in ((">=", since), ("<", until)):
        if at is not None:
            where.append(f"effective_at {test} %s")
            values.append(at)
    return _told(" AND ".join(where), values)


def _told(condition: str, values: list[Any]) -> list[Entry]:
    with connection.cursor() as cursor:
        cursor.execute(f"{RECORDS} WHERE {condition} ORDER BY effective_at, id", values)
        return [entry_from(row) for row in cursor.fetchall()]


def subjects_of(district: str, *, kinds: Sequence[str], outcome: str | None = None) -> list[UUID]:
    """Subjects that records of these kinds are about, sorted; for rebuilds, page by page. 1 query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT subject FROM ledger_record WHERE district = %s AND kind = ANY(%s) AND subject"
            " IS NOT NULL AND operation IS NULL AND outcome = coalesce(%s, outcome) ORDER BY subject",
            [district, list(kinds), outcome],
        )
        return [row[0] for row in cursor.fetchall()]


def history(scope: Scope, subject: UUID, *, limit: int = 500) -> list[Entry]:
    """Everything told about a subject within the scope, oldest first. 1 query."""
    condition, params = scope_sql("path", scope)
    with connection.cursor() as cursor:
        cursor.execute(
            f"{RECORDS} WHERE district = ANY(%s) AND subject = %s AND {condition}"
            " ORDER BY effective_at, id LIMIT %s",
            [list(scope.districts), subject, *params, limit],
        )
        return [entry_from(row) for row in cursor.fetchall()]


def spoken_about(district: str, record_ids: Sequence[UUID]) -> set[UUID]:
    """Which of these records some other record corrects, withdraws, accepts or rejects. 1 query."""
    rows = sqlfiles.prepared(sqlfiles.load(ROOM, "spoken_about"), [district, ids.array(record_ids)])
    return {row[0] for row in rows}


def doubtful(
    scope: Scope, *, path: str | None = None, before: tuple[datetime, UUID] | None = None, limit: int = 50
) -> list[Entry]:
    """Doubtful records that nobody has accepted or rejected, newest first, at most `limit`. 1 query."""
    condition, params = scope_sql("r.path", scope)
    values: list[Any] = [list(scope.districts), *params]
    extra = ""
    if path:
        extra += " AND (r.path = %s OR starts_with(r.path, %s))"
        values += [path, path + "."]
    if before:
        extra += " AND (r.received_at, r.id) < (%s, %s)"
        values += list(before)
    with connection.cursor() as cursor:
        cursor.execute(
            f"{RECORDS} WHERE r.district = ANY(%s) AND r.standing = 'doubtful' AND {condition}{extra}"
            " AND NOT EXISTS (SELECT FROM ledger_record a WHERE a.district = r.district"
            " AND a.target IS NOT NULL"
            " AND a.target = r.id)"
            " ORDER BY r.received_at DESC, r.id DESC LIMIT %s",
            [*values, limit],
        )
        return [entry_from(row) for row in cursor.fetchall()]


def conflicts(scope: Scope, *, limit: int = 100) -> list[Conflict]:
    """Ids that came with two contents, newest first. 1 query."""
    condition, params = scope_sql("path", scope)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, record, path, body, device, author, received_at FROM ledger_conflict"  # noqa: S608 - kernel's own condition
            f" WHERE district = ANY(%s) AND {condition} ORDER BY received_at DESC, id DESC LIMIT %s",
            [list(scope.districts), *params, limit],
        )
        return [
            Conflict(
                id=r[0],
                record=r[1],
                path=r[2],
                body=r[3].encode(),
                device=r[4],
                author=r[5],
                received_at=r[6],
            )
            for r in cursor.fetchall()
        ]


def gaps(district: str, devices: Sequence[UUID] | None = None) -> list[Gap]:
    """Holes in the numbering of the district's devices (or of these), by device and number. 1 query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT device, lower(g), upper(g) - 1 FROM ledger_sequence,"
            " unnest(int8multirange(int8range(1, upper(ranges))) - ranges) AS g"
            " WHERE district = %s AND (%s::uuid[] IS NULL OR device = ANY(%s::uuid[])) ORDER BY device, g",
            [district, None if devices is None else list(devices), list(devices or ())],
        )
        return [Gap(*row) for row in cursor.fetchall()]


def horizon() -> int:
    """The arrival number below which everything can be seen: what comes later stands above. 1 query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint + bulou_arrival_base()")
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def spoken_since(
    district: str, operations: Sequence[UUID], since: int, *, most: int
) -> dict[UUID, list[UUID]]:
    """Units per round that records have spoken about since an arrival number, at most so many. 1 query."""
    values: dict[str, Any] = {
        "district": district,
        "operations": ids.array(operations),
        "since": since,
        "most": most,
    }
    found: dict[UUID, list[UUID]] = {}
    with connection.cursor() as cursor:
        cursor.execute(sqlfiles.load(ROOM, "spoken_since"), values)
        for operation, subject in cursor.fetchall():
            found.setdefault(operation, []).append(subject)
    return found


def last_number(district: str, device: UUID) -> int:
    """The greatest number that has arrived from a device; 0 where none has. 1 query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT upper(ranges) - 1 FROM ledger_sequence WHERE district = %s AND device = %s",
            [district, device],
        )
        row = cursor.fetchone()
    return int(row[0] or 0) if row else 0


def last_seal(district: str) -> SealHead:
    """The newest seal of the district. 1 query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number, to_arrival, hash FROM ledger_seal WHERE district = %s"
            " ORDER BY number DESC LIMIT 1",
            [district],
        )
        row = cursor.fetchone()
    return SealHead(row[0], row[1], bytes(row[2])) if row else SealHead(0, 0, b"")


def arrived(district: str, low: int, high: int) -> Iterator[Arrived]:
    """Records whose arrival lies in [low, high), in order of (arrival, id).

    Read through a cursor of the server, 2,000 at a time: memory stays flat. Assumes: inside a transaction.
    """
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            f"SELECT {COLUMNS}, arrival, digest FROM ledger_record"  # noqa: S608 - constants
            " WHERE district = %s AND arrival >= %s AND arrival < %s ORDER BY arrival, id",
            [district, low, high],
        )
        while rows := cursor.fetchmany(2000):
            for row in rows:
                yield Arrived(row[25], bytes(row[26]), entry_from(row))


@dataclass(frozen=True, slots=True)
class Delivered:
    """A record that a phone delivered: where, when it was received, whether it waits for a person."""

    id: UUID
    path: str
    doubtful: bool
    received_at: datetime


def delivered(
    scope: Scope, path: str, *, since: datetime, most: int = 2_000, without: Sequence[str] = ()
) -> list[Delivered]:
    """What phones delivered at or below `path` since a moment, newest first. 1 query.

    It looks at the newest `most` records of each district and no further, so that asking every five seconds
    costs the same in a large ledger.
    """
    values: dict[str, Any] = {
        "districts": list(scope.districts), "most": most, "scope": [p + "." for p in scope.paths],
        "path": path, "below": path + ".", "since": since, "without": list(without),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(sqlfiles.load(ROOM, "latest"), values)
        return [Delivered(row[0], row[1], row[2] == "doubtful", row[3]) for row in cursor.fetchall()]


def check_seals(district: str) -> list[SealFault]:
    """Every place where a seal does not hold: changed, deleted or slipped-in records; empty when all hold.

    Reads the district's whole ledger once. What is younger than the newest seal is held to its own digest
    only; that the newest seal itself was taken away shows only where its hash was noted outside.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number, from_arrival, to_arrival, n, hash FROM ledger_seal WHERE district = %s"
            " ORDER BY number",
            [district],
        )
        seals = [_Seal(r[0], r[1], r[2], r[3], bytes(r[4])) for r in cursor.fetchall()]
    faults = list(_missing_seals(district, seals))
    told: dict[int, tuple[int, bytes]] = {}
    highs = [seal.to_arrival for seal in seals]
    rows = arrived(district, 0, END)
    for place, group in groupby(rows, key=lambda row: bisect_right(highs, row.arrival)):
        low, number = (seals[place].from_arrival, seals[place].number) if place < len(seals) else (0, 0)
        leaves = []
        for row in group:
            if row.digest != rules.digest(row.entry):
                faults.append(SealFault(district, number, f"record {row.entry.id} differs from its digest"))
            leaves += [rules.leaf(row.entry)] if number and row.arrival >= low else []
        told[place] = len(leaves), rules.seal(seals[place - 1].hash if place else b"", leaves)
    return faults + list(_broken(district, seals, told))


def _broken(
    district: str, seals: Sequence[_Seal], told: Mapping[int, tuple[int, bytes]]
) -> Iterator[SealFault]:
    for place, seal in enumerate(seals):
        n, chained = told.get(place, (0, b""))
        if n != seal.n:
            yield SealFault(district, seal.number, f"{seal.n} records were sealed, {n} are there")
        elif chained != seal.hash:
            yield SealFault(district, seal.number, "a record under this seal was changed")


def _missing_seals(district: str, seals: Sequence[_Seal]) -> Iterator[SealFault]:
    number, high = 0, 0
    for seal in seals:
        if (seal.number, seal.from_arrival) != (number + 1, high):
            yield SealFault(district, seal.number, "a seal is missing before this one")
        number, high = seal.number, seal.to_arrival


def districts() -> list[str]:
    """Every district with a day-book here, sorted; needs no scope: the table has names of districts only."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT district FROM ledger_book ORDER BY district")
        return [row[0] for row in cursor.fetchall()]


def count(district: str) -> int:
    """How many records the district's ledger holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_record WHERE district = %s", [district])
        row = cursor.fetchone()
    return int(row[0]) if row else 0


@dataclass(frozen=True, slots=True)
class Quality:
    """How sure the numbers of a place are: what waits, clashes, was turned away, or has not arrived."""

    doubtful: int
    conflicts: int
    turned_away: int
    missing: int


def quality(scope: Scope, path: str, *, before: datetime) -> Quality:
    """Doubtful and conflicting records at or below `path` as known at `before`, and the district's holes.

    2 queries. Holes are those of now: when a number should have arrived is not known.
    """
    district = path.split(".", 1)[0]
    last = before - timedelta(microseconds=1)
    parameters: dict[str, Any] = {
        "district": district, "path": path, "below": path + ".", "scope": [p + "." for p in scope.paths],
        "before": before, "day": clock.local_date(last),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(sqlfiles.load(ROOM, "quality"), parameters)
        row = cursor.fetchone() or (0, 0, 0)
    missing = sum(g.to_seq - g.from_seq + 1 for g in gaps(district))
    return Quality(row[0], row[1], int(row[2]), missing)
