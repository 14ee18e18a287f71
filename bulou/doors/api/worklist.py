"""What a phone takes along: its open doors, their protocols, the names of their places, what modes need."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from itertools import chain, islice
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.gzip import gzip_page
from ninja import Query, Router
from ninja.decorators import decorate_view

from bulou.access import rules as access
from bulou.access.terms import Actor, Verb
from bulou.coverage.queries import changes, rounds, units
from bulou.coverage.queries.changes import Changed
from bulou.coverage.terms import MissedUnit, Operation, State
from bulou.doors.api import facts, modes
from bulou.doors.api.auth import actor, scoped
from bulou.doors.api.schemas import AreaOut, ProtocolOut, Removed, Task, WorklistOut
from bulou.grid import queries as grid
from bulou.grid.rules import naming
from bulou.kernel import clock, paging
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope
from bulou.ledger import queries as ledger
from bulou.protocols import queries as protocols
from bulou.tasks import queries as tasks
from bulou.tasks import rules as tasks_rules
from bulou.tasks.terms import Unit as Placed

router = Router(tags=["worklist"])
LIMIT = 5_000
HOMES = frozenset({"dwelling", "household", "person"})
ROUNDS = 200
CHANGES = 10_000
PAGE = 500
EARLY = timedelta(days=1)  # lists are handed out the evening before
FAMILIES = {State.DONE: "done", State.EXCUSED: "excused", State.MOVED: "moved", State.REMOVED: "removed"}
View = Callable[..., HttpResponse]
Open = MissedUnit | Changed


@dataclass(frozen=True, slots=True)
class Mine:
    """Whose list: what is given to this person by name, if anything is; else what nobody else was given."""

    scope: Scope
    actor: Actor
    at: datetime
    named: dict[UUID, set[UUID]]
    places: tuple[str, ...]

    def of(self, operation: Operation, found: Iterable[Open]) -> Iterator[Open]:
        """What of these units is this person's to do. 2 queries for 500 units."""
        only = self.named.get(operation.id, set())
        waiting = iter(found)
        while page := list(islice(waiting, PAGE)):
            placed = [Placed(unit.subject, unit.path) for unit in page]
            owners = tasks.owners(operation.district, operation.id, placed, self.at)
            for unit in page:
                if unit.subject not in only and not self._is_work(unit, everything=not only):
                    continue
                if tasks_rules.concerns(owners[unit.subject], self.actor.account_id, self.actor.team):
                    yield unit

    def _is_work(self, unit: Open, *, everything: bool) -> bool:
        """Whether it lies where the person answers or, with nothing given by name, where the role works."""
        if self.places or not everything:
            return any(access.covers(place, unit.path) for place in self.places)
        home = unit.subject_type in HOMES
        return access.visits(self.actor.grants, unit.path, self.at, home=home)


@dataclass(frozen=True, slots=True)
class Since:
    """What a phone has seen: everything that arrived below a number, under the same conditions."""

    horizon: int
    at: datetime
    conditions: str


def sized(view: View) -> View:
    """Tell how much comes before it is packed, for the progress that the phone shows."""

    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["X-Bulou-Bytes"] = str(len(response.content))
        return response

    return gzip_page(answer)


@router.get("", response=WorklistOut, operation_id="worklist", summary="What this phone's holder still owes")
@decorate_view(sized)
def worklist(request: HttpRequest, since: Annotated[str | None, Query(max_length=400)] = None) -> WorklistOut:
    """What is open for the holder today, in walking order, 5,000 at most.

    With the cursor of an earlier answer: only what has changed (`whole` is false), unless too much has.
    """
    now, me = clock.now(), actor(request)
    facts.note(request, me)
    with scoped(request, Verb.WORKLIST_VIEW) as scope:
        horizon = ledger.horizon()
        going, _ = rounds.operations(scope, state="open", limit=ROUNDS)
        going = [operation for operation in going if operation.opens_at <= now + EARLY]
        mine = _mine(scope, me, now)
        conditions = _conditions(mine, going)
        before = _since(since)
        changed = _changed(scope, going, before) if before else None
        whole = before is None or changed is None or before.conditions != conditions
        owed: Iterator[tuple[Operation, Open]]
        if whole or changed is None:
            owed = chain.from_iterable(_all(mine, operation) for operation in going)
        else:
            owed = chain.from_iterable(_some(mine, operation, found) for operation, found in changed)
        open_ones = sorted(islice(owed, LIMIT + 1), key=lambda pair: (pair[1].path, pair[1].sort))
        listed = _tasks(open_ones[:LIMIT])
        names = grid.tree_names(scope, sorted({task.area for task in listed}), clock.local_date(now))
        care = modes.care(me, scope)
        isolated = modes.isolation(me, scope, slots=bool(care.slots))
        used = {one.protocol for one in going} | modes.forms(me) | care.forms | isolated.forms
        return WorklistOut(
            tasks=listed,
            more=len(open_ones) > LIMIT,
            whole=whole,
            protocols=[_protocol(reference) for reference in sorted(used)],
            areas=[AreaOut(path=path, name=name, keys=_key(name)) for path, name in sorted(names.items())],
            removed=[one for operation, found in changed or () for one in _removed(me, operation, found)],
            passes=modes.passes(me, scope),
            findings=modes.findings(me, scope),
            jobs=modes.jobs(me, scope),
            places=modes.places(me, scope),
            others=modes.others(me, scope),
            to_fix=modes.to_fix(me, scope),
            sites=isolated.sites,
            homes=isolated.homes,
            slots=care.slots,
            handovers=care.handovers,
            cases=care.cases,
            cursor=paging.encode(str(horizon), now.isoformat(), conditions),
            server_time=now,
        )


def _mine(scope: Scope, me: Actor, now: datetime) -> Mine:
    named: dict[UUID, set[UUID]] = {}
    places: list[str] = []
    for district in scope.districts:
        named |= tasks.assigned_to(district, account=me.account_id, team=me.team or None, at=now)
        places += tasks.duty_paths(district, me.account_id, now)
    return Mine(scope, me, now, named, tuple(places))


def _conditions(mine: Mine, going: Iterable[Operation]) -> str:
    """A stamp of everything but records that decides what is on the list."""
    parts = [*mine.scope.paths, *mine.places, clock.local_date(mine.at).isoformat()]
    parts += sorted(str(operation.id) for operation in going)
    parts += [tasks.last_assignment(district, mine.at) for district in mine.scope.districts]
    return sha256("|".join(parts).encode()).hexdigest()[:16]


def _since(cursor: str | None) -> Since | None:
    """What the cursor says; a cursor of another server or another version asks for the whole list."""
    if not cursor:
        return None
    parts = paging.decode(cursor)
    try:
        horizon, at, conditions = parts
        return Since(int(horizon), datetime.fromisoformat(at), conditions)
    except ValueError as error:
        raise ProblemError("paging.bad_cursor", status=400) from error


def _changed(
    scope: Scope, going: Iterable[Operation], before: Since
) -> list[tuple[Operation, list[Changed]]] | None:
    """Per round what has changed; None where it is too much to tell piece by piece."""
    ids = {operation.id: operation for operation in going}
    spoken: dict[UUID, list[UUID]] = {}
    for district in scope.districts:
        spoken |= ledger.spoken_since(district, list(ids), before.horizon, most=CHANGES)
    if sum(map(len, spoken.values())) >= CHANGES:
        return None
    return [
        (
            operation,
            changes.changed_since(
                scope, operation, spoken_about=spoken.get(operation.id, ()), since=before.at
            ),
        )
        for operation in ids.values()
    ]


def _all(mine: Mine, operation: Operation) -> Iterator[tuple[Operation, Open]]:
    given = mine.named.get(operation.id)
    only = units.MissedFilter(subjects=tuple(given)) if given and not mine.places else units.ALL
    found = units.all_missed(mine.scope, operation, only=only)
    return ((operation, unit) for unit in mine.of(operation, found))


def _some(mine: Mine, operation: Operation, found: Iterable[Changed]) -> Iterator[tuple[Operation, Open]]:
    return ((operation, unit) for unit in mine.of(operation, (one for one in found if one.is_open)))


def _removed(me: Actor, operation: Operation, found: Iterable[Changed]) -> Iterator[Removed]:
    for unit in found:
        if not unit.is_open:
            yield Removed(
                operation=operation.id,
                subject=unit.subject,
                family=FAMILIES[unit.state],  # type: ignore[arg-type]
                outcome=unit.outcome,
                at=unit.effective_at,
                mine=unit.author == me.account_id,
            )


def _tasks(owed: list[tuple[Operation, Open]]) -> list[Task]:
    """The units as tasks, with what the register knows of their doors. 1 query per district."""
    by_district: dict[str, list[UUID]] = {}
    for operation, unit in owed:
        by_district.setdefault(operation.district, []).append(unit.subject)
    doors: dict[UUID, tuple[int | None, str]] = {}
    for district, subjects in by_district.items():
        doors |= grid.floors(district, subjects)
    return [_task(operation, unit, doors.get(unit.subject, (None, ""))) for operation, unit in owed]


def _task(operation: Operation, unit: Open, door: tuple[int | None, str]) -> Task:
    why = unit.why if isinstance(unit, MissedUnit) else unit.state
    return Task(
        operation=operation.id,
        protocol=operation.protocol,
        subject=unit.subject,
        subject_type=unit.subject_type,
        label=unit.label,
        area=unit.area,
        path=unit.path,
        building=unit.building,
        floor=door[0],
        door=door[1],
        sort=unit.sort,
        keys=_key(unit.building if unit.subject_type == "dwelling" else unit.label),
        why=why.name.lower(),  # type: ignore[arg-type]
        attempts=unit.attempts,
        due_at=operation.due_at,
        alert=unit.alert,
    )


@lru_cache(maxsize=20_000)
def _key(name: str) -> str:
    return naming.pinyin(name) if name else ""


def _protocol(reference: str) -> ProtocolOut:
    compiled = protocols.compiled(reference)
    body = json.loads(protocols.for_phone(reference))
    return ProtocolOut(protocol=reference, titles=dict(compiled.titles), body=body)
