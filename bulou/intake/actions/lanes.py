"""Batches that arrive together share a transaction: one flush to disk, one set of statements for all of them.

Measured with single records from 64 connections: most of the cost of a record is the transaction around it.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection

from bulou.intake.actions.checking import Batch
from bulou.intake.terms import BATCH_LIMIT, Result, Wire
from bulou.ledger.terms import Gap

FULL = 100
"""Records that fill a transaction well by themselves: while so many wait, a second one may run beside."""
Answers = dict[int, Result]


@dataclass(slots=True, eq=False)
class Job:
    """One phone's batch for one district on its way through, and what became of it."""

    batch: Batch
    wires: Sequence[tuple[int, Wire]]
    turned_away: dict[tuple[UUID | None, str], int]
    answers: Answers = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)
    error: BaseException | None = None
    group: "Sequence[Job]" = ()
    """The jobs that this one's thread does for all of them; empty where another thread did it."""
    turn: threading.Event = field(default_factory=threading.Event)


class Lane:
    """The queue of one district in one process: whoever finds room in it takes all that wait along.

    There is room for one transaction, and for a second while much waits: one computes while the other waits
    for the disk. Single records gain more from going together. Each job has an event of its own, so that only
    the threads whose turn it is wake up.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Job] = []
        self._under_way = 0

    def run(self, job: Job, work: Callable[[Sequence[Job]], None]) -> None:
        """Returns when the job is done, by this thread or another. An error of a group is raised in each."""
        with self._lock:
            self._waiting.append(job)
            self._call()
        job.turn.wait()
        if job.group:
            self._lead(job.group, work)
        if job.error is not None:
            raise job.error

    def _call(self) -> None:
        """Gives those that waited longest to the thread of the first of them, as long as there is room."""
        while self._waiting and self._under_way < self._room():
            group = self._take()
            group[0].group = group
            self._under_way += 1
            group[0].turn.set()

    def _room(self) -> int:
        return 2 if sum(len(job.wires) for job in self._waiting) >= FULL else 1

    def _lead(self, group: Sequence[Job], work: Callable[[Sequence[Job]], None]) -> None:
        """Does the jobs, then lets the next ones in."""
        try:
            work(group)
        except BaseException as error:  # noqa: BLE001 - raised again in every thread that waits for it
            for one in group:
                one.error = error
        finally:
            for one in group:
                one.turn.set()
            with self._lock:
                self._under_way -= 1
                self._call()

    def _take(self) -> list[Job]:
        """The jobs that waited longest, up to one batch's worth of records, at least one."""
        group: list[Job] = []
        records = 0
        while self._waiting and (not group or records + len(self._waiting[0].wires) <= BATCH_LIMIT):
            group.append(self._waiting.pop(0))
            records += len(group[-1].wires)
        return group


_lanes: dict[str, Lane] = {}
_making = threading.Lock()


def run(district: str, job: Job, work: Callable[[Sequence[Job]], None]) -> None:
    """Runs the job in its district's lane; inside a transaction of the caller's it runs at once and alone."""
    if connection.in_atomic_block:
        work([job])
        return
    connection.close()  # back to the pool: who waits for a lane must not keep its leader from a connection
    with _making:
        lane = _lanes.setdefault(district, Lane())
    lane.run(job, work)
