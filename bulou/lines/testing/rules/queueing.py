"""The queue of one site, played through before anybody stands in it: waiting and crowd per half hour.

Service is played with Ciw (a discrete-event simulation). It is imported when the first plan is drawn: with
what it needs it takes half a second, which no start and no other page should pay.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from itertools import pairwise
from random import Random
from typing import Any, Final

from bulou.lines.testing.rules.planning import SLOT_MINUTES, Site, Warned, Wishes, arrivals

QUEUE_SPACE: Final = 200  # P-51: persons that the waiting space of a site holds
MOST_SITES: Final = 6
MOST_PERSONS: Final = 18_000  # about two seconds of one core
SPREAD: Final = 9.0  # shape of the gamma distribution of one swab: a third of the mean up and down (ours)
SEED: Final = 82


@dataclass(frozen=True, slots=True)
class Load:
    """What one site has before it: persons called per half hour, hands, habits."""

    called: tuple[int, ...]
    samplers: int
    minutes_per_swab: float
    share_late: float = 0.1
    stops_after: int | None = None  # minutes after the start at which a table stops
    samplers_stopped: int = 2
    seed: int = SEED


@dataclass(frozen=True, slots=True)
class HalfHour:
    """One half hour of a site: who came, how many stood there at most, how long they waited in minutes."""

    called: int
    came: int
    most_there: int
    mean_wait: float
    longest_wait: float


@dataclass(frozen=True, slots=True)
class Queue:
    """The whole day of one site."""

    half_hours: tuple[HalfHour, ...]
    mean_wait: float
    wait_95: float
    longest_wait: float
    most_there: int
    ends_after: float


@dataclass(frozen=True, slots=True)
class Played:
    """The fullest sites, played through, and whether all sites were."""

    queues: tuple[tuple[int, Queue], ...]
    all_sites: bool
    warnings: tuple[Warned, ...]


def play(sites: Sequence[Site], wishes: Wishes, *, stops_after: int | None = None) -> Played:
    """Play the sites with most persons for each sampler, as many as fit into about two seconds.

    Sites that are alike are played once. The same plan gives the same waiting times.
    """
    hardest = sorted(sites, key=lambda s: (-s.n_persons / s.samplers, s.number))
    queues: list[tuple[int, Queue]] = []
    seen: set[Load] = set()
    persons = 0
    for site in hardest:
        load = load_of(site, wishes, stops_after=stops_after)
        if load not in seen:
            if len(seen) == MOST_SITES or (seen and persons + site.n_persons > MOST_PERSONS):
                break
            seen.add(load)
            persons += site.n_persons
        queues.append((site.number, simulate(load)))
    warnings = tuple(_warnings(queues, wishes))
    return Played(tuple(queues), len(queues) == len(sites), warnings)


def load_of(site: Site, wishes: Wishes, *, stops_after: int | None = None) -> Load:
    """Return what a site of a plan has before it."""
    return Load(
        arrivals(site), site.samplers, 60 / wishes.swabs_per_hour, round(wishes.share_late, 3), stops_after
    )


@lru_cache(maxsize=64)
def simulate(load: Load) -> Queue:
    """Play one site through. Chance has a seed of its own: the same load gives the same queue.

    Assumes: people come evenly over their half hour, the late ones over the next; nobody leaves the queue.
    Cost: about 80 microseconds for each person.
    """
    if not sum(load.called) or load.samplers < 1:
        return Queue((), 0.0, 0.0, 0.0, 0, 0.0)
    chance = Random(load.seed)  # noqa: S311 - a simulation keeps no secret
    times = _come(load, chance)
    records = _played(load, times, chance)
    return _seen(load, records)


def _come(load: Load, chance: Random) -> list[float]:
    times = []
    for slot, n in enumerate(load.called):
        late = round(n * load.share_late)
        for one in range(n):
            at = slot + (1 if one < late else 0)
            times.append((at + chance.random()) * SLOT_MINUTES)
    return sorted(times)


def _played(load: Load, times: Sequence[float], chance: Random) -> list[tuple[float, float, float]]:
    """When each person came, was called to a table, and left; in the order of leaving."""
    ciw: Any = import_module("ciw")

    class Coming(ciw.dists.Distribution):  # type: ignore[misc]
        """The times that are given, one after the other."""

        def __init__(self) -> None:
            self.gaps = iter([b - a for a, b in pairwise([0.0, *times])])

        def sample(self, t: float | None = None, ind: object = None) -> float:
            return next(self.gaps, float("inf"))

    class Swab(ciw.dists.Distribution):  # type: ignore[misc]
        """The time that one swab takes."""

        def sample(self, t: float | None = None, ind: object = None) -> float:
            return chance.gammavariate(SPREAD, load.minutes_per_swab / SPREAD)

    network = ciw.create_network(
        arrival_distributions=[Coming()], service_distributions=[Swab()],
        number_of_servers=[_hands(ciw, load)],
    )  # fmt: skip
    made = ciw.Simulation(network)
    made.simulate_until_max_customers(len(times), method="Finish")
    return [(r.arrival_date, r.service_start_date, r.exit_date) for r in made.get_all_records()]


def _hands(ciw: Any, load: Load) -> Any:
    left = max(1, load.samplers - load.samplers_stopped)
    if load.stops_after is None or left == load.samplers:
        return load.samplers
    return ciw.Schedule(
        numbers_of_servers=[load.samplers, left],
        shift_end_dates=[float(max(1, load.stops_after)), float(10**9)],
    )


def _seen(load: Load, records: Sequence[tuple[float, float, float]]) -> Queue:
    ends = max(left for _, _, left in records)
    slots = int(ends // SLOT_MINUTES) + 1
    there = _most_there(records, slots)
    waits: list[list[float]] = [[] for _ in range(slots)]
    for came, served, _ in records:
        waits[int(came // SLOT_MINUTES)].append(served - came)
    every = sorted(w for slot in waits for w in slot)
    halves = (
        HalfHour(
            load.called[n] if n < len(load.called) else 0, len(found), there[n],
            round(sum(found) / len(found), 1) if found else 0.0, round(max(found, default=0.0), 1),
        )
        for n, found in enumerate(waits)
    )  # fmt: skip
    return Queue(
        tuple(halves), round(sum(every) / len(every), 1), round(every[int(len(every) * 0.95)], 1),
        round(every[-1], 1), max(there), round(ends, 1),
    )  # fmt: skip


def _most_there(records: Sequence[tuple[float, float, float]], slots: int) -> list[int]:
    steps = sorted([(came, 1) for came, _, _ in records] + [(left, -1) for _, _, left in records])
    most, now, slot = [0] * slots, 0, 0
    for at, step in steps:
        while slot < min(slots - 1, int(at // SLOT_MINUTES)):
            slot += 1
            most[slot] = now
        now += step
        most[slot] = max(most[slot], now)
    return most


def _warnings(queues: Sequence[tuple[int, Queue]], wishes: Wishes) -> Iterator[Warned]:
    for number, queue in queues:
        if queue.wait_95 > wishes.waiting_limit_minutes:
            limit = wishes.waiting_limit_minutes
            yield Warned("long_wait", {"site": number, "minutes": queue.wait_95, "limit": limit})
        if queue.most_there > QUEUE_SPACE:
            yield Warned("crowd", {"site": number, "persons": queue.most_there, "space": QUEUE_SPACE})
