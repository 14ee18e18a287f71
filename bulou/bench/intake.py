"""Intake over real HTTP with everything on, against the bare statement on the same PostgreSQL, in one run.

They take turns, part by part of the rows: neighbours come and go within a minute.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, LiteralString
from uuid import UUID

import msgspec

from bulou.bench import load, town
from bulou.bench.place import Place
from bulou.bench.terms import Figure
from bulou.coverage.terms import Operation
from bulou.kernel import clock, ids, sqlfiles

BATCH = 200
PARTS = 4
WARM = 3
"""Requests of each connection before anything is measured."""
P99_ROWS = 930
"""80 ms on the machine of the goals, where the bare statement did 11,641 rows a second, in bare rows.

A machine with busy neighbours is slower in everything; the ratio says the same on both.
"""


def record(operation: Operation, subject: UUID, path: str, n: int) -> dict[str, Any]:
    """A visit as a phone writes it."""
    return {
        "id": str(ids.uuid7()),
        "kind": "screening.visit",
        "operation": str(operation.id),
        "subject": {"type": "dwelling", "id": str(subject)},
        "outcome": "done",
        "payload": {"met": "adult", "n_persons": n % 6 + 1, "returned": "no", "contact_with_case": "no",
                    "symptoms": [], "temperature_c": 36 + n % 13 / 10, "leaflet_given": True},
        "observed_at": clock.now().isoformat(),
        "device_seq": n + 1,
        "protocol": operation.protocol,
        "area": path,
    }  # fmt: skip


def batches(where: Place, here: town.Town, operation: Operation, *, rows: int) -> list[Figure]:
    """(a) Batches of 200 from 16 connections, against the bare set-based statement for the same rows."""
    made = [record(operation, s, p, n) for n, (s, p) in enumerate(town.subjects(operation, rows))]
    groups = [made[n : n + BATCH] for n in range(0, len(made), BATCH)]
    run, bare = _in_turn(where, here, groups, connections=16, clients=2)
    ours = run.a_second * BATCH
    return [
        Figure("intake.batches.records_per_second", ours, "records/s"),
        Figure("intake.batches.bare_records_per_second", bare, "records/s"),
        Figure("intake.batches.p95", run.percentile(0.95), "ms"),
        Figure("intake.batches.not_ok", run.not_ok, "answers", limit=0),
        Figure("intake.batches.ratio", ours / bare, "of bare", limit=0.25, at_least=True),
    ]


def singles(where: Place, here: town.Town, operation: Operation, *, rows: int) -> list[Figure]:
    """(b) One record per request from 64 connections, against the bare one-statement transaction from 32."""
    chosen = town.subjects(operation, rows, by="sort, path")
    groups = [[record(operation, s, p, n)] for n, (s, p) in enumerate(chosen)]
    run, bare = _in_turn(where, here, groups, connections=64, clients=32)
    return [
        Figure("intake.singles.records_per_second", run.a_second, "records/s"),
        Figure("intake.singles.bare_records_per_second", bare, "records/s"),
        Figure("intake.singles.not_ok", run.not_ok, "answers", limit=0),
        Figure("intake.singles.p99", run.percentile(0.99), "ms"),
        Figure("intake.singles.p99_rows", run.percentile(0.99) * bare / 1000, "bare rows", limit=P99_ROWS),
        Figure("intake.singles.ratio", run.a_second / bare, "of bare", limit=0.12, at_least=True),
    ]


def _in_turn(
    where: Place,
    here: town.Town,
    groups: Sequence[Sequence[dict[str, Any]]],
    *,
    connections: int,
    clients: int,
) -> tuple[load.Run, float]:
    """What the product did, and rows per second of the bare statement, a part of the rows after the other."""
    numbers: Counter[str] = Counter()
    first, rest = groups[: connections * WARM], groups[connections * WARM :]
    load.drive(where.port, queues(where, here, first, connections=connections, numbers=numbers))
    with where.superuser() as connection:
        connection.execute(_sql("bare_tables"))
    _bare(where, first, clients=clients)
    runs, seconds = [], 0.0
    for n in range(PARTS):
        part = rest[len(rest) * n // PARTS : len(rest) * (n + 1) // PARTS]
        seconds += _bare(where, part, clients=clients)
        sent = queues(where, here, part, connections=connections, numbers=numbers)
        runs.append(load.drive(where.port, sent))
    return load.together(runs), sum(len(group) for group in rest) / seconds


def queues(
    where: Place,
    here: town.Town,
    groups: Sequence[Sequence[dict[str, Any]]],
    *,
    connections: int,
    numbers: Counter[str] | None = None,
) -> list[list[bytes]]:
    """The requests that each connection will send, made ready before the clock starts.

    Each phone numbers its records without holes, as phones do; `numbers` keeps the count from call to call.
    """
    numbers = Counter() if numbers is None else numbers
    lines: list[list[bytes]] = [[] for _ in range(connections)]
    for n, group in enumerate(groups):
        token = here.tokens[n % connections % len(here.tokens)]
        sent = []
        for one in group:
            numbers[token] += 1
            sent.append({**one, "device_seq": numbers[token]})
        body = msgspec.json.encode({"sent_at": clock.now().isoformat(), "records": sent})
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        lines[n % connections].append(load.request(where.port, "POST", "/api/v1/records", headers, body))
    return lines


def _bare(where: Place, groups: Sequence[Sequence[dict[str, Any]]], *, clients: int) -> float:
    """Seconds that the bare statement takes, the rows made ready before."""
    texts = [
        msgspec.json.encode([{**r, "subject": r["subject"]["id"], "path": r["area"]} for r in group]).decode()
        for group in groups
    ]
    return _together(clients, lambda n: _send_bare(where, texts[n::clients]))


def _send_bare(where: Place, texts: Sequence[str]) -> None:
    bare = _sql("bare")
    with where.superuser() as connection:
        for text in texts:
            connection.execute(bare, [text], prepare=True)


def _together(clients: int, work: Callable[[int], None]) -> float:
    threads = [threading.Thread(target=work, args=[n]) for n in range(clients)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - began


def _sql(name: str) -> LiteralString:
    return sqlfiles.load("bulou.bench", name)
