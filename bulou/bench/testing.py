"""A testing day: the frame of everybody, samples over HTTP with boards open, the missed list of a building.

The frame is held against the bare INSERT … SELECT of the same rows into a plain table with its key. What one
machine answers a second depends on its neighbours, so the times stand beside empty pages of the same run.
"""

import time
from collections import Counter
from datetime import timedelta
from typing import Any, Final

from bulou.bench import board, intake, load, town
from bulou.bench.place import Place, serving
from bulou.bench.terms import Figure
from bulou.coverage.actions import open_round
from bulou.coverage.terms import Basis, Operation, Targets
from bulou.kernel import clock, ids, sqlfiles
from bulou.kernel.scope import transaction, whole

PEOPLE: Final = 10_000_000
SAMPLES: Final = 30_000
PHONES: Final = 50
BATCH: Final = 10
"""Samples of one request: a station that is online sends a tube when it is full."""
A_SECOND: Final = 1_000
VIEWERS: Final = 8


def measure(where: Place, scale: float) -> list[Figure]:
    """The figures of issue 5."""
    here = town.build(phones=PHONES)
    compounds = town.STREETS * town.COMMUNITIES * town.COMPOUNDS
    per = max(10, int(PEOPLE * scale) // compounds)
    with where.superuser() as bare:
        bare.execute(sqlfiles.load(town.ROOM, "people"), {"d": town.DISTRICT, "per": per})
        bare.execute("VACUUM ANALYZE people_person")
    figures, operation = _frames(where, here, per * compounds)
    small = _opened(here, registered=True)
    with serving(where) as pid:
        cookie = board.signed_in(here.officer)
        scene = board.Scene(where, here, small, operation, cookie, board.empty_pages(where, cookie), pid)
        return [*figures, *_samples(scene, max(3_000, int(SAMPLES * scale))), *_boards(scene)]


def _frames(where: Place, here: town.Town, people: int) -> tuple[list[Figure], Operation]:
    """The frame by the action, against the bare statement before and after it: a drift weighs on both."""
    bare = [_bare(where)]
    began = time.perf_counter()
    operation = _opened(here)
    ours = time.perf_counter() - began
    bare.append(_bare(where))
    return [
        Figure("testing.people", float(operation.frame_n), "people"),
        Figure("testing.frame_complete", float(operation.frame_n == people), "of 1", limit=1, at_least=True),
        Figure("testing.bare_rows_per_second", 2 * people / sum(bare), "rows/s"),
        Figure("testing.frame_rows_per_second", people / ours, "rows/s"),
        Figure("testing.frame_ratio", sum(bare) / 2 / ours, "of bare", limit=0.3, at_least=True),
    ], operation


def _bare(where: Place) -> float:
    with where.superuser() as bare:
        bare.execute("DROP TABLE IF EXISTS bench_frame")
        bare.execute("CREATE TABLE bench_frame (LIKE coverage_unit INCLUDING DEFAULTS)")
        bare.execute("ALTER TABLE bench_frame ADD PRIMARY KEY (district, operation, subject)")
        began = time.perf_counter()
        bare.execute(sqlfiles.load(town.ROOM, "people_bare"), {"d": town.DISTRICT})
        seconds = time.perf_counter() - began
        bare.execute("DROP TABLE bench_frame")
    return seconds


def _opened(here: town.Town, *, registered: bool = False) -> Operation:
    with transaction(whole(town.DISTRICT)):
        return open_round(
            here.officer, protocol="testing-round", path=town.DISTRICT,
            opens_at=clock.now() - timedelta(hours=1), basis=Basis("benchmark order"),
            targets=Targets(registered=registered),
        )  # fmt: skip


def _samples(scene: board.Scene, rows: int) -> list[Figure]:
    """Stations send a thousand samples a second while officers look at the board."""
    numbers: Counter[str] = Counter()
    lines = _lines(scene, scene.large, rows, numbers)
    warm = [line[:2] for line in lines]
    load.drive(scene.where.port, warm)
    look = board.get(scene.where, f"/testing?round={scene.large.id}", scene.cookie)
    every = PHONES * BATCH / A_SECOND
    with load.driven(scene.where.port, [[look] * 2_000 for _ in range(VIEWERS)], every=5.0):
        run = load.drive(scene.where.port, [line[2:] for line in lines], every=every)
    # the other board gets as many, so that only the people differ
    load.drive(scene.where.port, _lines(scene, scene.small, rows, numbers))
    sent = sum(len(line) - 2 for line in lines) * BATCH
    return [
        Figure("testing.samples_not_ok", float(run.not_ok), "answers", limit=0),
        Figure("testing.samples_per_second", sent / run.seconds, "samples/s", limit=950, at_least=True),
        *scene.limits("testing.samples_p95", run.percentile(0.95), 300),
    ]


def _lines(scene: board.Scene, operation: Operation, rows: int, numbers: Counter[str]) -> list[list[bytes]]:
    """The samples of so many people, a tube a request, for each phone."""
    told = [
        _sample(operation, s, p, f"T{n // BATCH}", n % BATCH + 1)
        for n, (s, p) in enumerate(town.subjects(operation, rows))
    ]
    made = [told[at : at + BATCH] for at in range(0, len(told), BATCH)]
    return intake.queues(scene.where, scene.here, made, connections=PHONES, numbers=numbers)


def _sample(operation: Operation, subject: Any, path: str, tube: str, position: int) -> dict[str, Any]:
    """One sample as a station writes it."""
    return {
        "id": str(ids.uuid7()), "kind": "testing.sample", "operation": str(operation.id),
        "subject": {"type": "person", "id": str(subject)}, "outcome": "sampled",
        "payload": {"tube": tube, "size": BATCH, "rule": "ten", "position": position, "site": path[-7:],
                    "table": "1"},
        "observed_at": clock.now().isoformat(), "protocol": operation.protocol, "area": path,
    }  # fmt: skip


def _boards(scene: board.Scene) -> list[Figure]:
    """The missed list of a building, and the board at a tenth of the people and at all of them."""
    area = f"{town.DISTRICT}.001.001.x1"
    page = f"/rounds/{scene.large.id}/missed?area={area}&building=1"
    scene.view(page, viewers=2, pages=5)
    missed = scene.view(page, viewers=1, pages=100)
    pair = scene.watch("/testing?round=", viewers=2, pages=180)
    bad, times = pair[1].not_ok + missed.not_ok, [run.percentile(0.5) for run in pair]
    return [
        Figure("testing.pages_not_ok", float(bad), "answers", limit=0),
        *scene.limits("testing.missed_of_a_building_p99", missed.percentile(0.99), 50),
        Figure("testing.board", times[1], "ms"),
        Figure("testing.board_large_to_small", times[1] / times[0], "of the time at a tenth", limit=1.3),
    ]
