"""The lane of a district: who goes together, who goes beside, and that everybody goes once."""

import threading
from collections.abc import Callable, Sequence
from typing import Any, cast

import pytest

from bulou.intake.actions.lanes import FULL, Job, Lane
from bulou.intake.terms import BATCH_LIMIT

PATIENCE = 20.0


def job(records: int) -> Job:
    return Job(cast(Any, None), cast(Any, [None] * records), {})


class SpoiledError(Exception):
    """What goes wrong in a group."""


class Stage:
    """Work that is held until the test lets it go, and tells who was in it together."""

    def __init__(self) -> None:
        self.groups: list[list[Job]] = []
        self.entered = threading.Semaphore(0)
        self.go = threading.Semaphore(0)
        self._lock = threading.Lock()

    def work(self, group: Sequence[Job]) -> None:
        with self._lock:
            self.groups.append(list(group))
        self.entered.release()
        assert self.go.acquire(timeout=PATIENCE)


def start(lane: Lane, one: Job, work: Callable[[Sequence[Job]], None]) -> threading.Thread:
    thread = threading.Thread(target=lane.run, args=(one, work))
    thread.start()
    return thread


def queued(lane: Lane, jobs: Sequence[Job], work: Callable[[Sequence[Job]], None]) -> list[threading.Thread]:
    """Threads whose jobs wait behind the one that is under way, in this order."""
    threads = []
    for one in jobs:
        threads.append(start(lane, one, work))
        while one not in lane._waiting and not one.group:
            assert threads[-1].is_alive()
    return threads


def finish(stage: Stage, threads: Sequence[threading.Thread]) -> None:
    for _ in range(100):
        stage.go.release()
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive()


def test_what_waits_goes_together_once_the_lane_is_free() -> None:
    lane, stage = Lane(), Stage()
    first, *others = [job(1) for _ in range(FULL - 1)]
    threads = [start(lane, first, stage.work)]
    assert stage.entered.acquire(timeout=PATIENCE)
    threads += queued(lane, others, stage.work)
    assert stage.groups == [[first]]
    finish(stage, threads)
    assert stage.groups == [[first], others]


def test_while_much_waits_a_second_transaction_runs_beside_the_first_and_no_third() -> None:
    lane, stage = Lane(), Stage()
    jobs = [job(BATCH_LIMIT) for _ in range(4)]
    threads = [start(lane, jobs[0], stage.work)]
    assert stage.entered.acquire(timeout=PATIENCE)
    threads += queued(lane, jobs[1:], stage.work)
    assert stage.entered.acquire(timeout=PATIENCE)
    assert stage.groups == [[jobs[0]], [jobs[1]]]
    assert lane._waiting == jobs[2:]
    finish(stage, threads)
    assert sorted(stage.groups, key=lambda group: jobs.index(group[0])) == [[one] for one in jobs]


def test_a_group_that_fails_tells_each_of_its_jobs_and_lets_the_next_in() -> None:
    lane, stage, told = Lane(), Stage(), []

    def work(group: Sequence[Job]) -> None:
        stage.work(group)
        if len(group) > 1:
            raise SpoiledError

    def run(one: Job) -> None:
        with pytest.raises(SpoiledError):
            lane.run(one, work)
        told.append(one)

    first, *others = [job(1) for _ in range(4)]
    threads = [start(lane, first, work)]
    assert stage.entered.acquire(timeout=PATIENCE)
    for one in others:
        threads.append(threading.Thread(target=run, args=(one,)))
        threads[-1].start()
        while one not in lane._waiting:
            assert threads[-1].is_alive()
    finish(stage, threads)
    assert set(map(id, told)) == set(map(id, others))
    last = job(1)
    finish(stage, [start(lane, last, work)])
    assert stage.groups[-1] == [last]
