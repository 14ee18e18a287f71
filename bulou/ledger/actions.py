"""The only way into the ledger: append entries, audit an act, seal what has settled."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import msgspec
from django.db import connection, transaction
from msgspec import structs

from bulou.kernel import clock, ids, sqlfiles
from bulou.ledger import queries, rules
from bulou.ledger.terms import Appended, Entry, Fate, Gap, Standing

ROOM = "bulou.ledger"
_encoder = msgspec.json.Encoder(order="sorted")


class Author(Protocol):
    """Who acts: any object with an account id and a team (access.terms.Actor has both)."""

    @property
    def account_id(self) -> UUID:
        """Who."""

    @property
    def team(self) -> str:
        """With whom."""


class _Head(msgspec.Struct, frozen=True, gc=False):
    """What many records of a batch have in common: written once, PostgreSQL reads JSON half as long."""

    head: int
    district: str
    kind: str
    operation: UUID | None
    subject_type: str
    clock_offset_ms: int
    device: UUID | None
    author: UUID
    team: str
    protocol: str
    received_at: datetime


class _Row(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A record on its way to append.sql; what is as in nearly every record is not written."""

    id: UUID
    head: int
    path: str
    payload: msgspec.Raw
    observed_at: datetime
    effective_at: datetime
    digest: str
    subject: UUID | None = None
    device_seq: int | None = None
    slot: str = ""
    outcome: str = ""
    based_on: UUID | None = None
    corrects: UUID | None = None
    withdraws: UUID | None = None
    accepts: UUID | None = None
    standing: str = Standing.KEPT.value
    problems: tuple[str, ...] = ()


def canonical(payload: Any) -> bytes:
    """The one JSON text of a payload: keys sorted, no spaces."""
    return _encoder.encode(payload)


def append(entries: Sequence[Entry]) -> list[Appended]:
    """Guarantees each entry is in the ledger once; one result per entry, in the order given.

    All entries are of one district. The same id with the same content is a duplicate; with other content it
    is kept as a conflict beside the first. Assumes: inside the transaction that projects. Cost: 1 query, 2-3
    more when an id is already there.
    """
    if not entries:
        return []
    _open_book(entries[0].district)
    heads, rows = _rows(entries)
    ((n, stored),) = sqlfiles.prepared(
        sqlfiles.load(ROOM, "append"),
        {
            "heads": msgspec.json.encode(heads).decode(),
            "rows": msgspec.json.encode(rows).decode(),
            "n": len(rows),
        },
    )
    if n == len(entries):
        return [Appended(e.id, Fate.STORED) for e in entries]
    return _with_repeats(entries, set(stored))


_books: set[str] = set()


def _open_book(district: str) -> None:
    """Names the district in the list of day-books, which the sealer and the nightly recount go through."""
    if district in _books:
        return
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO ledger_book (district) VALUES (%s) ON CONFLICT DO NOTHING", [district])
    transaction.on_commit(lambda: _books.add(district))


def _with_repeats(entries: Sequence[Entry], stored: set[UUID]) -> list[Appended]:
    there = queries.digests([e.id for e in entries])
    answers: list[Appended] = []
    conflicts: list[Entry] = []
    first = set(stored)
    for entry in entries:
        digest, doubts = there.get(entry.id, (b"", ()))
        same = digest == rules.digest(entry)
        if same and entry.id in first:
            first.discard(entry.id)
            answers.append(Appended(entry.id, Fate.STORED))
        elif same:
            answers.append(Appended(entry.id, Fate.DUPLICATE, doubts))
        else:
            conflicts.append(entry)
            answers.append(Appended(entry.id, Fate.CONFLICT))
    if conflicts:
        _keep_conflicts(conflicts)
    return answers


def _keep_conflicts(entries: Sequence[Entry]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO ledger_conflict"
            " (id, district, path, record, body, digest, device, author, received_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [
                (
                    ids.uuid7(), e.district, e.path, e.id,
                    msgspec.json.encode(_whole(e)).decode(),
                    rules.digest(e), e.device, e.author, e.received_at,
                )
                for e in entries
            ],
        )  # fmt: skip


def note_sequences(district: str, numbers: Mapping[UUID, Sequence[int]]) -> list[Gap]:
    """Guarantees the device numbers count as arrived; returns the first 200 holes of each device. 1 query."""
    if not numbers:
        return []
    devices = sorted(numbers)
    ranges = [rules.ranges(numbers[device]) for device in devices]
    rows = sqlfiles.prepared(sqlfiles.load(ROOM, "sequences"), [district, devices, ranges])
    return [Gap(device, low, high) for device, gaps in rows for low, high in gaps or ()]


def turn_away(district: str, counts: Mapping[tuple[UUID | None, str], int]) -> None:
    """Guarantees records that could not be taken are counted by device, code and day."""
    if not counts:
        return
    today = clock.local_date(clock.now())
    with connection.cursor() as cursor:
        cursor.executemany(
            'INSERT INTO ledger_turnedaway AS t (district, "on", device, code, n) VALUES (%s, %s, %s, %s, %s)'
            ' ON CONFLICT (district, "on", device, code) DO UPDATE SET n = t.n + excluded.n',
            [(district, today, device, code, n) for (device, code), n in sorted(counts.items(), key=str)],
        )


def audit(
    actor: Author,
    *,
    kind: str,
    path: str,
    subject_type: str = "",
    subject: UUID | None = None,
    payload: Mapping[str, Any] | None = None,
) -> UUID:
    """Guarantees an office act is told in the ledger, in the act's transaction; returns the record's id."""
    entry = office_entry(
        actor, kind=kind, path=path, subject_type=subject_type, subject=subject, payload=payload
    )
    append([entry])
    return entry.id


def office_entry(
    actor: Author,
    *,
    kind: str,
    path: str,
    subject_type: str = "",
    subject: UUID | None = None,
    payload: Mapping[str, Any] | None = None,
) -> Entry:
    """An entry made at a desk: no device, the server's clock."""
    now = clock.now()
    return Entry(
        id=ids.uuid7(), district=path.split(".", 1)[0], path=path, kind=kind, operation=None,
        subject_type=subject_type, subject=subject, slot="", outcome="", payload=canonical(payload or {}),
        observed_at=now, clock_offset_ms=0, effective_at=now, device=None, device_seq=None,
        author=actor.account_id, team=actor.team, protocol="", based_on=None, corrects=None, withdraws=None,
        accepts=None, received_at=now, standing=Standing.KEPT, problems=(),
    )  # fmt: skip


def seal(district: str) -> int:
    """Guarantees every settled record of the district is under a seal; returns how many were newly sealed.

    Settled: written by a transaction older than every running one, so nothing can slip in below the seal.
    Assumes: a scope over the whole district. One sealer at a time (advisory lock); a second one returns 0.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('ledger.seal'), hashtext(%s))", [district])
        (mine,) = cursor.fetchone() or (False,)
        if not mine:
            return 0
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint + bulou_arrival_base()")
        (horizon,) = cursor.fetchone() or (0,)
    last = queries.last_seal(district)
    leaves = [rules.leaf(row.entry) for row in queries.arrived(district, last.to_arrival, horizon)]
    if not leaves:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_seal (district, number, from_arrival, to_arrival, n, hash, made_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s)",
            [
                district, last.number + 1, last.to_arrival, horizon, len(leaves),
                rules.seal(last.hash, leaves), clock.now(),
            ],
        )  # fmt: skip
    return len(leaves)


def by_district(entries: Sequence[Entry]) -> dict[str, list[Entry]]:
    """The entries split by district: one district per transaction."""
    split: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        split[entry.district].append(entry)
    return dict(split)


def _rows(entries: Sequence[Entry]) -> tuple[list[_Head], list[_Row]]:
    heads: dict[tuple[object, ...], _Head] = {}
    rows: list[_Row] = []
    common: tuple[object, ...] = ()
    head = 0
    for e in entries:
        own = (
            e.district, e.kind, e.operation, e.subject_type, e.clock_offset_ms, e.device, e.author, e.team,
            e.protocol, e.received_at,
        )  # fmt: skip
        if own != common:  # comparing with the record before is cheaper than hashing three ids
            common = own
            head = heads.setdefault(own, _Head(len(heads), *own)).head
        rows.append(
            _Row(
                e.id, head, e.path, msgspec.Raw(e.payload), e.observed_at, e.effective_at,
                "\\x" + rules.digest(e).hex(), e.subject, e.device_seq, e.slot, e.outcome, e.based_on,
                e.corrects, e.withdraws, e.accepts, e.standing.value, e.problems,
            )
        )  # fmt: skip
    return list(heads.values()), rows


def _whole(entry: Entry) -> dict[str, object]:
    """All of an entry as JSON can hold it."""
    return structs.asdict(entry) | {
        "payload": msgspec.Raw(entry.payload),
        "digest": "\\x" + rules.digest(entry).hex(),
    }
