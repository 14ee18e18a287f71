"""One testing round: planned, called, sampled at sites and homes, the missed found, every tube resulted."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from bulou.access import queries as access
from bulou.access.terms import Role
from bulou.intake.actions.office import submit_office
from bulou.intake.terms import OfficeRecord
from bulou.ledger.terms import Kind
from bulou.rehearsal import evening
from bulou.rehearsal.scenario import ScenarioError
from bulou.rehearsal.sealed import SealedPhone
from bulou.rehearsal.staff import Member
from bulou.rehearsal.stage import Stage, local, worklist
from bulou.rehearsal.testday import homes
from bulou.rehearsal.testday.laboratory import FollowUp, Laboratory, Pool
from bulou.rehearsal.testday.lists import of_batches, people_of
from bulou.rehearsal.testday.order import Order
from bulou.rehearsal.testday.stand import SHUT, TICK, Stand
from bulou.rehearsal.testday.station import Filled, Round, Samples, Somebody, Station, nobody
from bulou.rehearsal.testday.town import import_town
from bulou.rehearsal.transport import Client

PROTOCOL = "testing-round"
BREAKDOWN = time(9)
"""When one site closes: an hour later its people are sampled at the next one."""
CHASE = {False: time(17), True: time(9)}
"""When the missed are looked for: the same afternoon, or on the morning after a night."""
CHASERS = 8
MOST_TICKS = 120
DIES_AT = 0.4
"""Of the people of its site: then one phone dies that had no network all day; assumed."""


@dataclass(slots=True)
class Told:
    """What happened on the day, for the figures of the rehearsal."""

    shut: datetime | None = None
    dead: Station | None = None
    late: list[Filled] = field(default_factory=list)
    """Tubes of the dead phone: nobody knew of them until it was handed in."""


class Testing:
    """One round: the sites and the homes, the missed at their doors, couriers and the laboratory."""

    def __init__(self, stage: Stage, *, day: int, words: Mapping[str, Any], n: int) -> None:
        self.stage, self.day, self.n = stage, day, n
        self.name, self.after = str(words["name"]), str(words.get("after", ""))
        self.starts = time.fromisoformat(str(words.get("start", "07:00")))
        self.n_missed = int(words.get("missed", n // 20))
        self.ends_on = day + int(bool(words.get("night")))
        self.pools = [Pool(str(p["result"]), int(p.get("ill", 0))) for p in words.get("pools", ())]
        self.left_open = bool(words.get("left_open"))
        """For a round that is left under way: nobody is chased, some tubes have no result."""
        self.area, self.places = self._where()
        self.stands: list[Stand] = []
        self.home_teams: list[homes.Team] = []
        self.samples: Samples = nobody()
        self.told = Told()
        self._prefixes = self._prefixed()

    def morning(self, day: int) -> None:
        """The lists come in once; the plan is kept and published, and the round is opened from it."""
        if day != self.day:
            return
        stage = self.stage
        if not self.after and "town" not in stage.noted:
            stage.echo(f"  imported {import_town(stage, self.n, self.places)}")
            stage.noted["town"] = self.n
        after = stage.rounds[self.after] if self.after else None
        self.order = Order(stage, self.area, starts_at=self.at(self.starts), after=after)
        expected = stage.open_round(
            self.name, PROTOCOL, day=day, due_days=1 + self.ends_on - day, area=self.area,
            after=self.after, hour=min(8, self.starts.hour),
        )  # fmt: skip
        self.order.serves(stage.rounds[self.name])
        self.of = self._round()
        self._take_along()
        tables = sum(len(stand.tables) for stand in self.stands)
        stage.echo(
            f"  {self.name} opened: {expected} people, {len(self.stands)} sites with {tables} tables,"
            f" {len(self.home_teams)} teams for homes"
        )

    def work(self, day: int) -> None:
        """The session, then the missed; a day later a dead phone is found and hands in what it held."""
        if day == self.day:
            self._session()
            if self.left_open:
                self._leave()
        if day == self.ends_on and not self.left_open:
            self._after()
        if day == self.ends_on + 1 and not self.left_open:
            self.hand_in_late()

    def _where(self) -> tuple[str, list[str]]:
        """What is tested: a street with its compounds, or one compound alone."""
        named = self.stage.scenario.play.get("tested_street")
        compounds = [place.path for place in self.stage.district.compounds]
        street = next((one.path for one in self.stage.district.streets if one.name == named), "")
        if not street:
            return compounds[0], compounds[:1]
        return street, [path for path in compounds if path.startswith(f"{street}.")]

    def at(self, hour: time, day: int = 0) -> datetime:
        """A moment of the day on which the round begins, or of another one."""
        return local(self.stage.calendar.day(day or self.day), hour)

    def _round(self) -> Round:
        operation = self.stage.rounds[self.name]
        found = self.stage.office.phone.client.get("/operations", protocol=PROTOCOL)["items"]
        return Round(operation, next(str(o["protocol"]) for o in found if o["id"] == str(operation)))

    def _take_along(self) -> None:
        """Phones take the people of their compounds along; homes are visited, everybody else is called."""
        plans, sites = self.order.batches(), self.order.sites
        per_site = max(1, self.stage.devices // max(len(sites), 1))
        officers = {
            community: self.stage.staff.hire(Role.COMMUNITY_OFFICER, [community], self.team("community"))
            for community in sorted({site.community for site in sites})
        }
        stations = {
            site.number: [
                self._station(site.community, f"{site.number}", f"{n}")
                for n in range(1, min(site.tables, per_site) + 1)
            ]
            for site in sites
        }
        known = people_of(
            self.of.operation, self.places,
            {site.community: stations[site.number][0].member for site in sites},
        )  # fmt: skip
        self.gone = self._in_hospital(known)
        self.home_teams = homes.teams(self, known)
        batches = of_batches(plans, known)
        absent = self._absent([one.id for some in known.values() for one in some])
        for site in sites:
            self.stands.append(
                Stand(
                    site, self.order.kept.id, officers[site.community], stations[site.number],
                    people=batches[site.number], batches=plans[site.number], absent=absent,
                    random=self.stage.random("stand", self.name, site.number),
                )
            )  # fmt: skip
        self._let_go()
        self._left_alone()

    def _let_go(self) -> None:
        """Nobody looks for them at home: the community says where they are, the hospital says so, too."""
        if not self.gone:
            return
        at, hospital = self.at(self.starts), self.stage.district.communities[-1].path
        self.stands[0].hand_over(self.gone, self.team("hospital"), at)
        account, _, _ = self.stage.staff.account(Role.COMMUNITY_OFFICER, [hospital], self.team("hospital"))
        actor = access.actor_by_id(account)
        if actor is None:
            raise ScenarioError("The desk of the hospital has lost its account.")
        accepted = [
            OfficeRecord(
                kind=Kind.UNIT_MOVED, path=hospital, operation=self.of.operation, subject_type="person",
                subject=one.id, payload={"reason": self.team("hospital")},
                observed_at=at + timedelta(minutes=5),
            )
            for one in self.gone
        ]  # fmt: skip
        submit_office(actor, accepted)

    def _in_hospital(self, known: Mapping[tuple[str, str], list[Somebody]]) -> list[Somebody]:
        gone = [one for some in known.values() for one in some if one.id in self.stage.gone]
        for some in known.values():
            some[:] = [one for one in some if one.id not in self.stage.gone]
        return gone

    def _left_alone(self) -> None:
        """One phone of the last site has no network; by noon it is dead."""
        dead = self.stands[-1].tables[-1]
        dead.silent = True
        self.told.dead = dead
        self.sealed = SealedPhone(dead.member.phone, self.stage.random("sealed", self.name))

    def _absent(self, subjects: Sequence[UUID]) -> set[UUID]:
        """Exactly so many do not come when they are called."""
        order = sorted(subjects, key=lambda one: self.stage.random("absent", self.name, one).random())
        return set(order[: self.n_missed])

    def _prefixed(self) -> Iterator[str]:
        """Barcodes are the laboratory's: no two tables of a response have one in common."""
        number = 0
        while True:
            number += 1
            yield f"T{self.day:02d}{number:04d}"

    def team(self, unit: str) -> str:
        """The name of a unit."""
        return str(self.stage.words["units"][unit])

    def _station(self, path: str, site: str, table: str) -> Station:
        teams = self.stage.teams("testing")
        member = self.stage.staff.hire(Role.WORKER, [path], teams[member_number(site) % len(teams)])
        return self.station_of(member, site, table)

    def station_of(self, member: Member, site: str, table: str) -> Station:
        """A table with a phone; without a site it goes from door to door."""
        words = self.stage.words
        named = words["sampling_site"].format(n=site) if site else self.team("home_team")
        return Station(
            member, self.of, prefix=next(self._prefixes), place={"site": named, "table": table},
            samples=self.samples, random=self.stage.random("station", self.name, member.number),
        )  # fmt: skip

    def _session(self) -> None:
        """Called, sampled, counted, every quarter of an hour at every site at the same time."""
        at = self.at(self.starts)
        for _ in range(MOST_TICKS):
            boards = self.order.boards(self.of.operation, at)
            self._go_wrong(at)
            for stand in self.stands:
                stand.look(boards[stand.site.number], at)
            with_hands = self.stage.each(self.stands, partial(Stand.tick, since=at))
            at += TICK
            if not with_hands and all(stand.over for stand in self.stands) and not self._lives():
                break
        else:
            raise ScenarioError(f"{self.name}: the sites do not come to an end.")
        self.stage.each(self.stands, lambda stand: stand.finish(at))
        visited = self.stage.each(self.home_teams, lambda team: team.drive())
        waited = max(stand.longest for stand in self.stands)
        if self.told.shut is not None:
            later = self.stands[0].moved_later
            self.stage.echo(f"  site 1 went on elsewhere, {later} batches at later times than planned")
        self.stage.echo(
            f"  {self.name}: over at {at:%H:%M}, at most {waited} in a line, {visited} sampled at home"
        )

    def _go_wrong(self, at: datetime) -> None:
        """One site closes at nine and goes on elsewhere; one phone dies."""
        first, last = self.stands[0], self.stands[-1]
        nine = self.at(BREAKDOWN)
        if self.told.shut is None and at >= nine > self.at(self.starts) and not first.over:
            if first is last:
                self._die(at)
            self.told.shut = at
            moved = first.shut(at)
            self.stage.echo(f"  site 1 closes at {at:%H:%M}: {moved} people go elsewhere")
        elif self.told.shut is not None and at == self.told.shut + SHUT:
            there = self.stands[1 % len(self.stands)].site.number
            lent = [
                self._station(first.site.community, f"{there}", f"{len(first.tables) + n}")
                for n in range(1, len(first.tables) + 1)
            ]
            first.go_on(lent)
        if self._is_late(last):
            self._die(at)

    def _die(self, at: datetime) -> None:
        """The phone without a network stops: whoever it holds is asked to come again."""
        dead, last = self.told.dead, self.stands[-1]
        if dead is None or dead not in last.tables:
            return
        instead = self._station(last.site.community, f"{last.site.number}", dead.place["table"])
        n = last.replace(dead, instead, at)
        self.stage.echo(f"  a phone dies at {at:%H:%M}: {n} people are sampled again")

    def _is_late(self, last: Stand) -> bool:
        open_ = not any(table.stopped for table in last.tables)
        return open_ and (last.n_sampled >= DIES_AT * last.n or last.over)

    def _lives(self) -> bool:
        """Whether the phone that is to die is still at its table."""
        return self.told.dead in self.stands[-1].tables

    def _after(self) -> None:
        stage, on = self.stage, self.ends_on
        left = stage.noted[f"{self.name}.missed_at_first"] = stage.account(self.name)["open"]
        chasers = self._chase()
        found = stage.each(chasers, self._find)
        tables = [*self._tables(), *chasers]
        sealed = self.at(time(22), on)
        stage.each(tables, lambda table: table.seal(sealed))
        filled = [tube for table in tables for tube in table.filled]
        self.laboratory = Laboratory(stage, self.of, self.area, stage.random("laboratory", self.name))
        self.laboratory.drive(filled, self.at(time(22, 30), on))
        stage.noted[f"{self.name}.tubes"] = len(filled)
        self._results(filled, chasers[0])
        stage.echo(f"  {self.name}: {left} missed at first, {found} found and tested, {len(filled)} tubes")

    def _leave(self) -> None:
        """The evening of a day that goes on: couriers were there, the laboratory has told what it knows."""
        tables, sealed = self._tables(), self.at(time(18))
        self.stage.each(tables, lambda table: table.seal(sealed))
        filled = [tube for table in tables for tube in table.filled]
        self.laboratory = Laboratory(
            self.stage, self.of, self.area, self.stage.random("laboratory", self.name)
        )
        self.laboratory.drive(filled[:-1], self.at(time(18, 30)))
        known = [tube for tube in filled[:-3] if tube.n > 1]
        results = dict(zip((tube.barcode for tube in known), (p.result for p in self.pools), strict=False))
        self.laboratory.tell(filled[:-3], self.at(time(22)), results=results)

    def _tables(self) -> list[Station]:
        at_sites = [table for stand in self.stands for table in (*stand.tables, *stand.retired)]
        return [*at_sites, *(team.station for team in self.home_teams)]

    def _chase(self) -> list[Station]:
        teams = self.stage.teams("testing")
        n = min(CHASERS, len(self.places))
        hired = self.stage.hire(Role.WORKER, n, self.places, teams)
        return [self.station_of(member, "", "1") for member in hired]

    def _find(self, table: Station) -> int:
        """The missed of an area, door by door: found on the spot is sampled on the spot."""
        operation, table.found = str(self.of.operation), True
        tasks = [task for task in worklist(table.member) if task["operation"] == operation]
        start = self.at(CHASE[self.ends_on > self.day], self.ends_on)
        for number, task in enumerate(tasks):
            one = Somebody(UUID(task["subject"]), task["path"], task["area"], task["label"], "")
            table.take(one, start + timedelta(hours=4) * number / max(len(tasks), 1))
        table.close()
        table.upload()
        return len(tasks)

    def _results(self, filled: Sequence[Filled], station: Station) -> None:
        """What the laboratory says the same night; a pool that is not negative is followed up at once."""
        at = self.at(time(23, 30), self.ends_on)
        random = self.stage.random("pools", self.name)
        chosen = random.sample([tube for tube in filled if 2 <= tube.n <= 10], len(self.pools))
        results = {tube.barcode: pool.result for tube, pool in zip(chosen, self.pools, strict=True)}
        told = self.laboratory.tell(filled, at, results=results)
        for tube, pool in zip(chosen, self.pools, strict=True):
            follow = FollowUp(self.laboratory, tube, pool, told[tube.barcode])
            again = self.station_of(
                self.stage.staff.hire(Role.WORKER, [follow.officer.paths[0]], station.member.team), "", "1"
            )
            n, ill = follow.play(again, at)
            self.stage.noted[f"{self.name}.tubes"] += len(again.filled)
            self.stage.echo(f"  {self.name}: a tube is {pool.result}, {n} people found, {ill} ill")

    def hand_in_late(self) -> None:
        """The dead phone is found: its sealed outbox comes in, its tubes are too old by now."""
        dead = self.told.dead
        if dead is None:
            return
        on = self.ends_on + 1
        at = self.at(time(10), on)
        for tube in dead.filled:
            tube.lost = str(self.stage.words["tube_reasons"]["late"])
        dead.seal(at)  # it is written down, and waits in the envelope
        door = Client(self.stage.staff.base_url)
        try:
            n = self.sealed.hand_in(door)
        finally:
            door.close()
        self.laboratory.drive(dead.filled, at + timedelta(hours=1))
        self.laboratory.tell(dead.filled, at + timedelta(hours=3))
        self.told.dead = None
        lost = len(dead.filled)
        self.stage.noted[f"{self.name}.tubes"] += lost
        self.stage.echo(f"  {self.name}: a dead phone hands in {n} records, {lost} tubes are lost")
        evening.close_round(self.stage, self.name)


def member_number(site: str) -> int:
    """The number of a site, for who works there."""
    return int(site) if site.isdigit() else 0
