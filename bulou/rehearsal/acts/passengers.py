"""From the airport to the hotel: one keeper at every moment, and three counts that are one number."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from bulou.access.terms import Role
from bulou.rehearsal import cast
from bulou.rehearsal.cast import Person
from bulou.rehearsal.outbox import uuid7
from bulou.rehearsal.phone import Deed
from bulou.rehearsal.staff import Member
from bulou.rehearsal.stage import Stage, local

PROTOCOL = "escort-handover@1"
A_BUS = 30
LANDING = time(15)
FIRST_NUMBER = 90_000
REGIME = "cn-v9"
Way = list[tuple[str, str]]


class Passengers:
    """A flight: registered at the airport, by bus to the hotel, accepted on both sides of each leg."""

    def __init__(self, stage: Stage, *, day: int, n: int) -> None:
        self.stage = stage
        self.day = day
        self.n = n

    def morning(self, day: int) -> None:
        """Nobody knows of the flight before noon."""

    def work(self, day: int) -> None:
        """Every bus goes on its own; on one of them somebody is missing at first, and comes with the next."""
        if day != self.day:
            return
        stage, places = self.stage, self.stage.district.communities
        airport, street = places[-1].path, places[-1].path.rsplit(".", 1)[0]
        words = stage.words["units"]
        gate = stage.staff.hire(Role.CHECKPOINT, [airport], words["airport"])
        at = local(stage.calendar.day(day), LANDING)
        people = [self._person(n, airport, at) for n in range(self.n)]
        for one in people:
            gate.phone.client.post("/people", self._identity(one))
        for number, first in enumerate(range(0, self.n, A_BUS)):
            bus = stage.staff.hire(Role.WORKER, [street], f"{words['bus']} {number + 1}")
            hotel = places[number].path
            desk = stage.staff.hire(Role.COMMUNITY_OFFICER, [hotel], words["isolation"])
            way = [(airport, gate.team), (street, bus.team), (hotel, desk.team)]
            hands = (gate, bus, desk)
            self._ride(hands, way, people[first : first + A_BUS], at + timedelta(minutes=20 * number))
        stage.echo(f"  {self.n} passengers handed over from the airport to the door of a hotel")

    def on_the_way(self) -> None:
        """One more bus that has left, and whose hotel has not said yet that it is there."""
        places, words = self.stage.district.communities, self.stage.words["units"]
        airport, street = places[-1].path, places[0].path.rsplit(".", 1)[0]
        gate = self.stage.staff.hire(Role.CHECKPOINT, [airport], words["airport"])
        bus = self.stage.staff.hire(Role.WORKER, [street], f"{words['bus']} 9")
        desk = self.stage.staff.hire(Role.COMMUNITY_OFFICER, [places[0].path], words["isolation"])
        at = local(self.stage.calendar.day(self.day), LANDING) + timedelta(hours=6)
        aboard = [self._person(self.n + n, airport, at) for n in range(2)]
        for one in aboard:
            gate.phone.client.post("/people", self._identity(one))
        way = [(airport, gate.team), (street, bus.team), (places[0].path, desk.team)]
        self._ride((gate, bus, desk), way, aboard, at, arrives=False)

    def _person(self, n: int, path: str, at: datetime) -> Person:
        return cast.person(
            FIRST_NUMBER + n, path, uuid7(at, self.stage.random("passenger", n)), self.stage.words
        )

    def _identity(self, one: Person) -> dict[str, Any]:
        words = self.stage.words
        return {
            "id": str(one.id), "area": one.path, "name": one.name, "number": one.number,
            "phones": [one.telephone], "trigger": "incomer", "purpose": "handover", "basis": words["law"],
            "reason": words["came"],
        }  # fmt: skip

    def _ride(
        self, hands: tuple[Member, Member, Member], way: Way, aboard: list[Person], at: datetime,
        *, arrives: bool = True,
    ) -> None:  # fmt: skip
        """Two legs; phones hand in when the day is over, in whatever order they have a network."""
        chain = uuid7(at, self.stage.random("bus", way[1][1]))
        gate, bus, desk = hands
        places = [{"path": path, "unit": unit} for path, unit in way]
        items = [{"id": str(one.id), "type": "person"} for one in aboard]
        legs = [{"from": places[n], "to": places[n + 1]} for n in range(2)]
        n, late = len(aboard), str(aboard[-1].id)

        def say(who: Member, kind: str, outcome: str, minutes: int, **payload: Any) -> None:
            when = at + timedelta(minutes=minutes)
            who.phone.note(_deed(kind, who.paths[0], outcome, payload, when, chain))

        say(gate, "opened", "requested", 0, items=items, legs=legs, registered=n)
        say(gate, "gave", "departed", 30, leg=1, count=n, vehicle=bus.team)
        say(bus, "received", "accepted", 35, leg=1, count=n - 1, missing=[late])  # still at the luggage belt
        say(bus, "received", "accepted", 50, leg=1, count=1)
        say(bus, "gave", "departed", 80, leg=2, count=n, vehicle=bus.team)
        if arrives:
            say(desk, "received", "arrived", 85, leg=2)
            say(desk, "received", "accepted", 95, leg=2, count=n)
        for who in (desk, gate, bus):
            who.phone.upload()


def _deed(kind: str, path: str, outcome: str, payload: dict[str, Any], at: datetime, chain: UUID) -> Deed:
    return Deed(
        kind=f"custody.{kind}", path=path, outcome=outcome, payload=payload, at=at, subject_type="custody",
        subject=chain, protocol=PROTOCOL,
    )  # fmt: skip
