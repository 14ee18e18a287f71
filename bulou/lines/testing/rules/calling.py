"""What may be recorded about calling, and which buildings belong to which site of a plan."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

import msgspec

from bulou.ledger.rules import live
from bulou.ledger.terms import Entry
from bulou.lines.testing.rules.batches import Batch, Building, Told
from bulou.lines.testing.rules.heads import Counted
from bulou.lines.testing.rules.planning import Site

SUBJECT = "testing_site"


class Kind(StrEnum):
    """Records and acts about a testing day's plan (检测计划记录)."""

    CALLED = "testing.batch_called"
    CAME = "testing.batch_arrived"
    COUNTED = "testing.queue_counted"
    KEPT = "testing.plan_kept"
    PUBLISHED = "testing.plan_published"
    CHOSEN = "testing.plan_chosen"
    RESULTS_PUBLISHED = "testing.results_published"
    RESULTS_WITHDRAWN = "testing.results_withdrawn"
    SECOND_TODAY = "testing.second_today"


class _Said(msgspec.Struct, frozen=True):
    """What such a record says; everything else in it is left alone."""

    batch: int = 0
    n: int = 0
    waiting: int | None = None
    samplers: int | None = None


class Known(Protocol):
    """What intake knows when it checks: the payload, and what was recorded about the site before."""

    @property
    def payload(self) -> Mapping[str, Any]:
        """As it was sent."""

    @property
    def history(self) -> Mapping[UUID, Sequence[Entry]]:
        """Entries by subject."""


def check(entry: Entry, context: Known) -> tuple[str, ...]:
    """Problem codes that make the record doubtful; empty when it may stand. Never raises."""
    try:
        said = msgspec.convert(context.payload, _Said)
    except msgspec.ValidationError:
        return ("testing.bad_call",)
    if entry.kind == Kind.COUNTED:
        wrong = said.waiting is None or said.waiting < 0 or (said.samplers or 0) < 0
        return ("testing.bad_call",) if wrong else ()
    if said.batch < 1 or (entry.kind == Kind.CAME and said.n < 1):
        return ("testing.bad_call",)
    before = context.history.get(entry.subject, ()) if entry.subject else ()
    earlier = told([e for e in before if e.id != entry.id and e.kind == Kind.CALLED])
    again = entry.kind == Kind.CALLED and any(t.batch == said.batch for t in earlier)
    return ("testing.called_before",) if again else ()


def told(entries: Sequence[Entry]) -> list[Told]:
    """What the records in force say about a site, in the words of batches."""
    found = []
    for entry in live(list(entries)):
        said = msgspec.json.decode(entry.payload, type=_Said)
        if entry.kind == Kind.COUNTED:
            found.append(Told(entry.effective_at, entry.id, waiting=said.waiting, samplers=said.samplers))
        elif entry.kind == Kind.CAME:
            found.append(Told(entry.effective_at, entry.id, batch=said.batch, n_came=said.n))
        elif entry.kind == Kind.CALLED:
            found.append(Told(entry.effective_at, entry.id, batch=said.batch))
    return found


def by_site(sites: Sequence[Site], counted: Iterable[Counted]) -> dict[int, tuple[Building, ...]]:
    """Return the buildings of each site, in the order of their names.

    Where a compound sends its people to several sites, its buildings are shared out in that order; one that
    lies on the border is divided.
    """
    waiting: dict[str, list[Building]] = {}
    for one in sorted(counted, key=lambda c: (c.area, _natural(c.building))):
        if one.n > one.n_home:
            building = Building(one.area, one.building, "", one.n - one.n_home)
            waiting.setdefault(one.area, []).append(building)
    return {s.number: tuple(_taken(s, waiting)) for s in sites}


def _taken(site: Site, waiting: dict[str, list[Building]]) -> Iterator[Building]:
    for part in site.parts:
        room = part.n_persons
        there = waiting.get(part.path, [])
        while room and there:
            first = there.pop(0)
            n = min(room, first.n_persons)
            room -= n
            yield Building(first.area, first.name, part.name, n)
            if n < first.n_persons:
                there.insert(0, Building(first.area, first.name, "", first.n_persons - n))


def done_by_batch(made: Sequence[Batch], done: Mapping[tuple[str, str], int]) -> dict[int, int]:
    """Return how many persons of each batch are sampled; of a building in parts the first part comes first.

    Those sampled at home are among them, so a batch is never counted beyond its own people.
    """
    left = dict(done)
    counts: dict[int, int] = {}
    for batch in made:
        for building in batch.buildings:
            key = (building.area, building.name)
            n = min(left.get(key, 0), building.n_persons)
            left[key] = left.get(key, 0) - n
            counts[batch.number] = counts.get(batch.number, 0) + n
    return counts


def _natural(name: str) -> tuple[tuple[int, str], ...]:
    return tuple((int(digits or 0), word) for digits, word in re.findall(r"(\d+)|(\D+)", name))
