"""What a phone takes along: its open doors, their protocols, the names of their places."""

import json
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router

from bulou.access.terms import Verb
from bulou.coverage.queries import rounds, units
from bulou.coverage.terms import MissedUnit, Operation
from bulou.doors.api.auth import scoped
from bulou.doors.api.schemas import AreaOut, ProtocolOut, Task, WorklistOut
from bulou.grid import queries as grid
from bulou.kernel import clock, paging
from bulou.kernel.scope import Scope
from bulou.protocols import queries as protocols

router = Router(tags=["worklist"])
OVERLAP = timedelta(minutes=2)
"""A record that was received just before the last answer may have been committed just after it."""
LIMIT = 5_000
ROUNDS = 200


@router.get("", response=WorklistOut, operation_id="worklist", summary="What this phone's holder still owes")
def worklist(request: HttpRequest, since: Annotated[str | None, Query(max_length=400)] = None) -> WorklistOut:
    """What is open in the holder's area, 5,000 at most: put it in the place of the list before."""
    now = clock.now()
    with scoped(request, Verb.WORKLIST_VIEW) as scope:
        open_rounds, _ = rounds.operations(scope, state="open", limit=ROUNDS)
        owed = (task for operation in open_rounds for task in _tasks(scope, operation))
        tasks = list(islice(owed, LIMIT + 1))
        names = grid.tree_names(scope, sorted({task.area for task in tasks}), clock.local_date(now))
        used = sorted({operation.protocol for operation in open_rounds})
    return WorklistOut(
        tasks=tasks[:LIMIT],
        more=len(tasks) > LIMIT,
        protocols=[_protocol(reference) for reference in used],
        areas=[AreaOut(path=path, name=name) for path, name in sorted(names.items())],
        removed=[],
        cursor=paging.encode((now - OVERLAP).isoformat()),
        server_time=now,
    )


def _tasks(scope: Scope, operation: Operation) -> Iterator[Task]:
    for unit in units.all_missed(scope, operation):
        yield _task(operation, unit)


def _task(operation: Operation, unit: MissedUnit) -> Task:
    return Task(
        operation=operation.id,
        protocol=operation.protocol,
        subject=unit.subject,
        subject_type=unit.subject_type,
        label=unit.label,
        area=unit.area,
        path=unit.path,
        building=unit.building,
        why=unit.why.name.lower(),  # type: ignore[arg-type]
        attempts=unit.attempts,
        due_at=unit.due_at,
        alert=unit.alert,
    )


def _protocol(reference: str) -> ProtocolOut:
    compiled = protocols.compiled(reference)
    body = json.loads(protocols.for_phone(reference))
    return ProtocolOut(protocol=reference, titles=dict(compiled.titles), body=body)
