"""A township's villagers, one by one: the list of an order comes in, everybody on it is accounted for."""

from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID

from bulou.access.actions import gate
from bulou.people.actions.imports import Options, import_people
from bulou.people.terms import ImportKind
from bulou.rehearsal import cast, households
from bulou.rehearsal.acts.screening import KIND, Screening
from bulou.rehearsal.phone import Deed
from bulou.rehearsal.scenario import ScenarioError
from bulou.rehearsal.staff import Member
from bulou.rehearsal.stage import Stage, deed_for

AT_A_DOOR = 3
FIRST_NUMBER = 100_000
"""Numbers of residents begin behind those of incomers."""
NOBODY = UUID(int=0)


class Residents(Screening):
    """So many villagers, three at a door; who is away is called, nobody is left out."""

    protocol = "resident-screening-round"
    what = "people"

    def __init__(self, stage: Stage, *, day: int, due_days: int, n: int, name: str) -> None:
        super().__init__(stage, day=day, due_days=due_days, first_days=due_days - 1)
        self.name = name
        self.n = n
        self.last_day = min(day + due_days - 1, stage.calendar.n_days)

    def morning(self, day: int) -> None:
        """The list comes in before the round is opened: who is on it is expected."""
        if day == self.day:
            told = import_residents(self.stage, self.n, self.places())
            self.stage.echo(f"  imported {told} residents")
        super().morning(day)

    def places(self) -> list[str]:
        """One phone for each part of a village."""
        return [place.path for place in self.stage.district.compounds]

    def _find(self, member: Member, tasks: list[dict[str, Any]], day: int, random: Random) -> None:
        """Nobody is found who is not on the list: the report counts the list."""

    def _deed(self, task: dict[str, Any], outcome: str, random: Random, serial: str, at: datetime) -> Deed:
        if outcome == households.VACANT and at < self.stage.at(self.day + 1, 0):
            outcome = households.ABSENT  # a notice today; tomorrow somebody knows where they work
        if outcome == households.VACANT:
            away = {"met": "family", "reason": self.stage.words["away"]}
            return deed_for(task, KIND, "away_confirmed", away, at)
        return deed_for(task, KIND, outcome, _answers(outcome, random, serial), at)


def import_residents(stage: Stage, n: int, places: list[str]) -> int:
    """The list of an order, as an office takes it in; answers how many are on it now."""
    lines = ["path,door,name,id_number"]
    for number in range(n):
        door, _ = divmod(number, AT_A_DOOR)
        round_, place = divmod(door, len(places))
        one = cast.person(FIRST_NUMBER + number, places[place], NOBODY, stage.words)
        written = stage.words["village_house"].format(n=round_ + 1)
        lines.append(f"{one.path},{written},{one.name},{one.number}")
    district, content = stage.district.code, "\n".join(lines).encode()
    receipt = import_people(
        gate.system_actor(district), kind=ImportKind.RESIDENTS, path=district, content=content,
        file_name="residents.csv", options=Options(basis=stage.words["law"]),
    )  # fmt: skip
    if receipt.stored != n:
        raise ScenarioError(f"{n} residents were handed in, {receipt.stored} were taken: {receipt}")
    return receipt.stored


def _answers(outcome: str, random: Random, serial: str) -> dict[str, Any]:
    if outcome == households.ABSENT:
        return {"met": "nobody", "notice_serial": serial}
    if outcome == households.REFUSED:
        return {"met": "person"}
    warm = 37.6 if outcome == households.ALERT else round(random.uniform(36.0, 36.9), 1)
    return {
        "met": "person", "temperature_c": warm, "returned": "no", "contact_with_case": "no",
        "leaflet_given": True,
    }  # fmt: skip
