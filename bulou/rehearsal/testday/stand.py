"""One site by the quarter of an hour: called, came, waiting, sampled; a site stops, a phone dies."""

from collections import Counter, deque
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import Any
from uuid import UUID

from bulou.lines.testing.queries.calls import Board
from bulou.lines.testing.rules.batches import Advice, Batch, site_id
from bulou.lines.testing.rules.calling import SUBJECT, Kind
from bulou.lines.testing.rules.planning import Site
from bulou.rehearsal.phone import Deed
from bulou.rehearsal.staff import Member
from bulou.rehearsal.testday.station import TWICE, Somebody, Station

TICK = timedelta(minutes=15)
COMING = timedelta(minutes=30)
"""Over which the people of a batch come."""
LATE = 0.1
"""Share of people who come half an hour late: the plan assumes the same."""
OFFLINE = 0.15
"""Share of quarters of an hour in which a table has no network; assumed."""
SHUT = timedelta(hours=1)
"""How long a site that stopped stays shut until its people are sampled elsewhere."""
NOBODY_CAME = ("absent", "unreachable")


class Stand:
    """One site: its officer calls, its tables sample whoever came. One thread at a time."""

    def __init__(  # noqa: PLR0913 - everything that a site begins with
        self, site: Site, plan: UUID, officer: Member, tables: Sequence[Station], *,
        people: Mapping[int, Sequence[Somebody]], batches: Sequence[Batch], absent: set[UUID],
        random: Random,
    ) -> None:  # fmt: skip
        self.site, self.plan, self.officer, self.tables = site, plan, officer, list(tables)
        self.retired: list[Station] = []
        """Tables that work no more; their tubes are sealed all the same."""
        self.people, self.batches, self.absent, self.random = people, batches, absent, random
        self.n = sum(map(len, people.values()))
        self.n_sampled = 0
        self.waiting: deque[tuple[datetime, Somebody]] = deque()
        self.longest = 0
        """Of all counts of the queue."""
        self.shut_at: datetime | None = None
        self.calls = 0
        self.moved_later = 0
        """Batches to which the product gave a later time than the plan had."""
        self._coming: list[tuple[datetime, int, Somebody, int]] = []
        self._order = count()

    @property
    def over(self) -> bool:
        """Everybody was called, and whoever came is sampled."""
        return self.calls == len(self.batches) and not self.waiting and not self._coming

    def look(self, board: Board, at: datetime) -> None:
        """Calls the batch that the product advises to call now."""
        planned = {batch.number: batch.starts_at for batch in self.batches}
        moved = sum(one.starts_at > planned[one.number] for one in board.still_to_come)
        self.moved_later = max(self.moved_later, moved if self.shut_at else 0)
        if board.next.advice is Advice.CALL:
            self._say(self.officer, Kind.CALLED, {"batch": board.next.number}, at)
            self.calls += 1
            for one in self.people.get(board.next.number, ()):
                self._expect(one, board.next.number, at)

    def tick(self, since: datetime) -> int:
        """A quarter of an hour: they come, they are sampled, the queue is counted, what is told goes out."""
        self.officer.phone.upload()
        until, before = since + TICK, self.n_sampled
        came = self._sample(since, until)
        teller = self._teller()
        for batch, n in sorted(came.items()):
            if batch:
                self._say(teller, Kind.CAME, {"batch": batch, "n": n}, until)
        self.count_queue(until)
        for table in self.tables:
            if self.random.random() >= OFFLINE:
                table.upload()
        self.officer.phone.upload()
        return self.n_sampled - before

    def count_queue(self, at: datetime) -> None:
        """How many wait, and how many samplers are at work."""
        self.longest = max(self.longest, len(self.waiting))
        share = sum(not table.stopped for table in self.tables) / max(len(self.tables), 1)
        samplers = round(self.site.samplers * share)
        self._say(self._teller(), Kind.COUNTED, {"waiting": len(self.waiting), "samplers": samplers}, at)

    def shut(self, at: datetime) -> int:
        """The site stops: nobody is sampled or called; answers how many have to go elsewhere."""
        self.shut_at = at
        for table in self.tables:
            table.stopped = True
            table.close()
        self.count_queue(at)
        self.officer.phone.upload()
        return (
            sum(one.id not in self.absent for some in self.people.values() for one in some) - self.n_sampled
        )

    def go_on(self, tables: Sequence[Station]) -> None:
        """Tables of another place take over; those that stopped hand in what they hold."""
        self.retired += self.tables
        self.tables = list(tables)

    def replace(self, dead: Station, instead: Station, at: datetime) -> int:
        """A phone dies with what it holds: whoever was sampled there comes again, to somebody else."""
        again = list(dead.people().values())
        for one in again:
            self.n_sampled -= 1
            heappush(self._coming, (at + self.random.random() * SHUT, next(self._order), one, 0))
        self.tables[self.tables.index(dead)] = instead
        return len(again)

    def finish(self, at: datetime) -> int:
        """Who did not come is noted, and everything leaves the phones."""
        n = 0
        teller = next(table for table in self.tables if not table.silent)
        for some in self.people.values():
            for one in some:
                if one.id in self.absent:
                    tried = {"channel": self.random.choice(("phone", "door"))}
                    outcome = self.random.choice(NOBODY_CAME)
                    teller.member.phone.note(_outcome(teller, one, outcome, tried, at))
                    n += 1
        for table in (*self.tables, *self.retired):
            table.close()
            table.upload()
        return n

    def hand_over(self, gone: Sequence[Somebody], to: str, at: datetime) -> None:
        """Who is in hospital is said to be there; it counts when the other side says the same."""
        for one in gone:
            said = {"moved_to": to}
            self.officer.phone.note(_outcome(self.tables[0], one, "moved_pending", said, at))
        self.officer.phone.upload()

    def _sample(self, since: datetime, until: datetime) -> Counter[int]:
        """Whoever comes stands in the line; a free table takes the first of it. Who came, by batch."""
        came: Counter[int] = Counter()
        while self._coming and self._coming[0][0] < until:
            at, _, one, batch = heappop(self._coming)
            came[batch] += 1
            self.waiting.append((max(at, since), one))
        working = [table for table in self.tables if not table.stopped]
        while self.waiting and working:
            table = min(working, key=lambda one: one.free_at)
            arrived, one = self.waiting[0]
            at = max(table.free_at, arrived, since)
            if at >= until:
                break
            self.waiting.popleft()
            table.free_at = at + self._each()
            self._at_table(table, one, at, working)
        return came

    def _at_table(self, table: Station, one: Somebody, at: datetime, working: Sequence[Station]) -> None:
        table.take(one, at)
        self.n_sampled += 1
        if self.random.random() < TWICE and not table.silent:
            others = [other for other in working if other is not table and not other.silent]
            (others or [table])[0].take(one, at + timedelta(minutes=3))

    def _each(self) -> timedelta:
        """How long one person takes at one table, by the plan's own pace."""
        return COMING * max(len(self.tables), 1) / self.site.per_slot

    def _expect(self, one: Somebody, batch: int, at: datetime) -> None:
        if one.id in self.absent:
            return
        late = COMING if self.random.random() < LATE else timedelta(0)
        heappush(self._coming, (at + self.random.random() * COMING + late, next(self._order), one, batch))

    def _teller(self) -> Member:
        """Who counts the queue: a helper with a phone that works."""
        return next((table.member for table in self.tables if not table.silent), self.officer)

    def _say(self, who: Member, kind: Kind, said: Mapping[str, Any], at: datetime) -> None:
        who.phone.note(
            Deed(
                kind=kind.value, path=self.site.community, outcome="", at=at, subject_type=SUBJECT,
                subject=site_id(self.plan, self.site.number),
                payload={**said, "plan": str(self.plan), "site": self.site.number},
            )
        )  # fmt: skip


def _outcome(table: Station, one: Somebody, outcome: str, said: Mapping[str, Any], at: datetime) -> Deed:
    """Of somebody who is not sampled."""
    return Deed(
        kind="testing.sample", path=one.path, outcome=outcome, payload=dict(said), at=at,
        subject_type="person", subject=one.id, operation=table.of.operation, protocol=table.of.protocol,
    )  # fmt: skip
