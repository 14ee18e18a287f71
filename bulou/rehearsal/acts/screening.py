"""A screening round: every door, the absent again the next day, found doors, the vacant confirmed again."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from bulou.access.terms import Role
from bulou.rehearsal import households, payloads
from bulou.rehearsal.illness import NOON, Reserve
from bulou.rehearsal.outbox import uuid7
from bulou.rehearsal.phone import Deed
from bulou.rehearsal.staff import Member
from bulou.rehearsal.stage import Stage, deed_for, worklist

PROTOCOL = "household-screening-round"
KIND = "screening.visit"
VACANT_HOLDS = timedelta(days=13)
"""The excuse runs for fourteen days; the phone goes back a day before it ends."""
OFFLINE = 0.10
FOUND = 0.002
FIRST_DAYS = 3
"""Over how many days the first knocks are spread when the round has that many."""


class Screening:
    """Screens every dwelling of the district."""

    name = "screening"
    protocol = PROTOCOL
    what = "doors"

    def __init__(
        self, stage: Stage, *, day: int = 1, due_days: int = 3, first_days: int = FIRST_DAYS
    ) -> None:
        self.stage = stage
        self.day = day
        self.due_days = due_days
        self.first_days = min(first_days, stage.calendar.n_days - day + 1)
        self.last_day = stage.calendar.n_days
        self.unfinished: tuple[float, ...] = ()
        """For a round that is left under way: the share of untried doors to try, day by day."""
        self.habits = households.Habits()
        self.members: list[Member] = []
        self.reserve = Reserve(stage)
        self._vacant: dict[str, date] = {}

    def morning(self, day: int) -> None:
        """Opens the round on its day."""
        if day != self.day:
            return
        places = self.places()
        n = min(self.stage.devices, len(places))
        self.members = self.stage.hire(Role.WORKER, n, places, self.stage.teams("screening"))
        expected = self.stage.open_round(self.name, self.protocol, day=day, due_days=self.due_days)
        self.stage.echo(f"  {self.name} opened: {expected} {self.what}, {len(self.members)} phones")

    def work(self, day: int) -> None:
        """One day of knocking; who was absent is on the worklist again the next day."""
        if self.day <= day <= self.last_day and self.name in self.stage.rounds:
            last = day == self.last_day and not self.unfinished
            ill = {} if last else self.reserve.called(self.members, day)
            well = [member for member in self.members if member.number not in ill]
            self.stage.together(
                [member for member in self.members if member.number in ill],
                lambda member: self._walk(member, day, last=False, until=NOON),
            )
            self.stage.together([*well, *ill.values()], lambda member: self._walk(member, day, last=last))
            if last:
                self.reserve.hand_in()

    def places(self) -> list[str]:
        """Where people are sent: each place has one phone."""
        return [place.path for place in self.stage.district.communities]

    def _walk(self, member: Member, day: int, *, last: bool, until: float = 1.0) -> int:
        random = self.stage.random("walk", member.number, day)
        tasks = [task for task in worklist(member) if task["protocol"].startswith(self.protocol + "@")]
        todo = [task for task in tasks if self._is_due(task, day, random, last=last)]
        for number, task in enumerate(todo):
            share = (number + random.random()) / len(todo)
            if share > until:
                return number  # gone home, nothing sent
            self._knock(member, task, day, share, random, last=last)
        if until < 1:
            return len(todo)
        if day == self.day and tasks:
            self._find(member, tasks, day, random)
        if last or random.random() >= OFFLINE:
            member.phone.upload()
        return len(todo)

    def _is_due(self, task: dict[str, Any], day: int, random: Random, *, last: bool) -> bool:
        if last:
            return True
        until = self._vacant.get(task["subject"])
        if until is not None:
            return self.stage.calendar.day(day) >= until
        days_left = self.day + self.first_days - day
        if task["attempts"] > 0:
            return True
        share = self.unfinished[day - self.day] if self.unfinished else 1 / max(days_left, 1)
        return random.random() < share

    def _knock(
        self, member: Member, task: dict[str, Any], day: int, share: float, random: Random, *, last: bool
    ) -> None:
        knock = self.habits.patience if last else task["attempts"] + 1
        outcome = households.opens(self.stage.seed, f"{task['path']} {task['label']}", knock, self.habits)
        at = self.stage.at(day, share)
        if outcome == households.VACANT:
            self._vacant[task["subject"]] = self.stage.calendar.day(day) + VACANT_HOLDS
        serial = f"{day:02d}-{member.phone.outbox.next_seq:05d}"
        member.phone.note(self._deed(task, outcome, random, serial, at))

    def _deed(self, task: dict[str, Any], outcome: str, random: Random, serial: str, at: datetime) -> Deed:
        return deed_for(task, KIND, outcome, payloads.visit(outcome, random, serial), at)

    def _find(self, member: Member, tasks: list[dict[str, Any]], day: int, random: Random) -> None:
        """A door that no register has: it joins the register and the round by the record that found it."""
        if member is not self.members[0] and random.random() >= FOUND * len(tasks):
            return
        task = random.choice(tasks)
        at = self.stage.at(day, 0.99)
        found = uuid7(at, random)
        new = {"id": str(found), "area": task["area"], "label": self._label(member)}
        deed = deed_for(task, KIND, households.DONE, payloads.visit(households.DONE, random, ""), at)
        member.phone.note(replace(deed, subject=found, path=task["area"], new=new))

    def _label(self, member: Member) -> str:
        return str(self.stage.words["found_door"].format(n=member.phone.outbox.next_seq))
