"""Who is called when: building by building, as fast as the measured queue lets, again when a table stops."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil
from typing import Final
from uuid import UUID, uuid5

COMING: Final = 30  # minutes over which the people of a batch come
STEP: Final = 5  # minutes: notices name times that people can remember


class Advice(StrEnum):
    """What to do about the next batch (叫号建议)."""

    CALL = "call"
    WAIT = "wait"
    STOPPED = "stopped"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Building:
    """One building of a site, with the persons who are to come from it."""

    area: str
    name: str
    place: str
    n_persons: int
    part: int = 1
    parts: int = 1


@dataclass(frozen=True, slots=True)
class Batch:
    """Buildings that are called together, and when by the plan."""

    number: int
    buildings: tuple[Building, ...]
    n_persons: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that was recorded about a site: a batch called, people come, the queue counted."""

    at: datetime
    record: UUID
    batch: int = 0
    n_came: int = 0
    waiting: int | None = None
    samplers: int | None = None


@dataclass(frozen=True, slots=True)
class State:
    """One batch as it stands: everything in it comes from records."""

    batch: Batch
    called_at: datetime | None
    n_came: int
    n_done: int
    call: UUID | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """What is known about the queue of a site now."""

    waiting: int
    samplers: int
    per_hour: float
    counted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Next:
    """The advice: which batch, when, and how long its last person would wait in minutes."""

    advice: Advice
    number: int = 0
    at: datetime | None = None
    wait_minutes: int = 0


def site_id(plan: UUID, number: int) -> UUID:
    """Return the subject of records about one site of a plan: the same on every machine."""
    return uuid5(plan, f"site {number}")


def batches(
    buildings: Iterable[Building], *, per_slot: int, per_hour: float, starts_at: datetime
) -> tuple[Batch, ...]:
    """Return the batches of a site in calling order: whole buildings, as many persons as a half hour takes.

    A building with more people than that is called in parts, by its doors. Source: S#82.
    """
    made: list[Batch] = []
    before = 0
    for number, group in enumerate(_grouped(_parted(buildings, per_slot), per_slot), 1):
        n = sum(b.n_persons for b in group)
        begins = starts_at + _minutes(before, per_hour)
        before += n
        made.append(Batch(number, tuple(group), n, begins, begins + timedelta(minutes=COMING)))
    return tuple(made)


def fold(made: Sequence[Batch], told: Iterable[Told], done: Mapping[int, int]) -> tuple[State, ...]:
    """Return where each batch stands. Any order and any repetition of the same records gives the same.

    The first call counts; those who came are summed; `done` are persons sampled, counted by coverage.
    """
    called: dict[int, tuple[datetime, UUID]] = {}
    came: dict[int, int] = {}
    for one in {t.record: t for t in told}.values():
        if one.waiting is not None or not one.batch:
            continue
        if one.n_came:
            came[one.batch] = came.get(one.batch, 0) + one.n_came
        else:
            call = (one.at, one.record)
            called[one.batch] = min(call, called.get(one.batch, call))
    return tuple(_state(b, called.get(b.number), came.get(b.number, 0), done.get(b.number, 0)) for b in made)


def _state(batch: Batch, call: tuple[datetime, UUID] | None, n_came: int, n_done: int) -> State:
    """Who is sampled has come, whether somebody counted or not."""
    at, record = call or (None, None)
    return State(batch, at, max(n_came, n_done), n_done, record)


def measured(told: Iterable[Told], states: Sequence[State], *, samplers: int, per_hour: float) -> Measured:
    """Return the queue as last counted; where nobody counted, those who came and are not sampled yet."""
    counts = sorted((t for t in told if t.waiting is not None), key=lambda t: (t.at, t.record))
    if not counts:
        waiting = sum(s.n_came - s.n_done for s in states)
        return Measured(waiting, samplers, samplers * per_hour, None)
    last = counts[-1]
    hands = samplers if last.samplers is None else last.samplers
    return Measured(last.waiting or 0, hands, hands * per_hour, last.at)


def following(states: Sequence[State], queue: Measured, *, limit_minutes: int, now: datetime) -> Next:
    """Say whether the next batch may be called now, or when, so that nobody waits longer than the limit.

    People of a batch come over half an hour. The last of them waits for everybody before him who is not
    through by then: those who wait, those on the way, the batch itself, less what the tables do meanwhile.
    """
    waiting = next((s for s in states if s.called_at is None), None)
    if waiting is None:
        return Next(Advice.OVER)
    if queue.per_hour <= 0:
        return Next(Advice.STOPPED, waiting.batch.number)
    on_the_way = sum(max(0, s.batch.n_persons - s.n_came) for s in states if _coming(s, now))
    ahead = queue.waiting + on_the_way + waiting.batch.n_persons
    minutes = ahead / queue.per_hour * 60 - COMING
    spare = ceil(minutes - limit_minutes)
    if spare <= 0:
        return Next(Advice.CALL, waiting.batch.number, now, max(0, ceil(minutes)))
    return Next(Advice.WAIT, waiting.batch.number, now + timedelta(minutes=spare), max(0, ceil(minutes)))


def replanned(states: Sequence[State], queue: Measured, first: datetime) -> tuple[Batch, ...]:
    """Return the batches that are not called yet with new times, at the pace of the tables that work now."""
    if queue.per_hour <= 0:
        return ()
    made, before = [], 0
    for state in states:
        if state.called_at is None:
            begins = first + _minutes(before, queue.per_hour)
            before += state.batch.n_persons
            made.append(replace(state.batch, starts_at=begins, ends_at=begins + timedelta(minutes=COMING)))
    return tuple(made)


def _coming(state: State, now: datetime) -> bool:
    """People who were called an hour ago and are not here will not come by themselves: they are missed."""
    return state.called_at is not None and now - state.called_at < timedelta(minutes=2 * COMING)


def _parted(buildings: Iterable[Building], most: int) -> Iterator[Building]:
    for building in buildings:
        parts = ceil(building.n_persons / most)
        low, more = divmod(building.n_persons, max(1, parts))
        for part in range(parts):
            n = low + (1 if part < more else 0)
            yield replace(building, n_persons=n, part=part + 1, parts=parts)


def _grouped(buildings: Iterable[Building], most: int) -> Iterator[list[Building]]:
    group: list[Building] = []
    for building in buildings:
        if group and sum(b.n_persons for b in group) + building.n_persons > most:
            yield group
            group = []
        group.append(building)
    if group:
        yield group


def _minutes(persons: int, per_hour: float) -> timedelta:
    exact = persons / per_hour * 60
    return timedelta(minutes=STEP * ceil(round(exact / STEP, 6)))
