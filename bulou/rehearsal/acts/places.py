"""Rounds over places: disinfection with sign-off by other eyes, and checks that what is shut stays shut."""

from typing import Any
from uuid import UUID

from bulou.access.terms import Role
from bulou.rehearsal import payloads
from bulou.rehearsal.district import CLASSES
from bulou.rehearsal.phone import Deed
from bulou.rehearsal.staff import Member
from bulou.rehearsal.stage import Stage, deed_for, worklist

DISINFECTION = "disinfection-round"
JOB = "disinfection.job"
SIGN_OFF = "disinfection.signoff"
CLOSURE = "closure-check-round"
CHECK = "supervision.closure_check"
LOCKED = 0.04
"""Share of places that a crew finds locked the first time; assumed."""


class Disinfection:
    """Disinfects every registered object once; another team signs each of them off."""

    def __init__(self, stage: Stage, *, day: int, due_days: int, sign_off: bool = True) -> None:
        self.stage = stage
        self.day = day
        self.last = day + due_days - 1
        self.sign_off = sign_off
        self.crews: list[Member] = []
        self.supervisors: list[Member] = []
        self._metres = {(spot.path, spot.name): spot.area_m2 for spot in stage.district.spots}
        self._done: list[tuple[dict[str, Any], int]] = []

    def morning(self, day: int) -> None:
        """Opens the round on its day, with crews by street and supervision groups over the district."""
        if day != self.day:
            return
        stage = self.stage
        streets = [place.path for place in stage.district.streets]
        self.crews = stage.hire(
            Role.CREW, min(stage.devices, len(streets)), streets, stage.teams("disinfection")
        )
        for team in stage.teams("supervision"):
            self.supervisors.append(stage.staff.hire(Role.SUPERVISION, [stage.area], team))
        groups = len(self.supervisors)
        wanted = {kind.value for what in self._classes() for kind in CLASSES[what]}
        expected = stage.open_round(
            "disinfection",
            DISINFECTION,
            day=day,
            due_days=self.last - day + 1,
            site_types=wanted,
        )
        crews = len(self.crews)
        stage.echo(f"  disinfection opened: {expected} objects, {crews} crews, {groups} groups sign off")

    def work(self, day: int) -> None:
        """Crews work off their lists; in the afternoon supervision signs off what was done before."""
        if not self.day <= day or "disinfection" not in self.stage.rounds:
            return
        self.stage.together(self.crews, lambda member: self._round_trip(member, day))
        if self.sign_off:
            done, self._done = self._done, []
            groups = len(self.supervisors)
            shares = {member.account: done[n::groups] for n, member in enumerate(self.supervisors)}
            self.stage.together(
                self.supervisors, lambda member: self._sign(member, shares[member.account], day)
            )

    def _classes(self) -> list[str]:
        play = next(act for act in self.stage.scenario.play["acts"] if act["act"] == "disinfection")
        return list(play.get("classes") or self.stage.scenario.figures["disinfection"]["classes"])

    def _round_trip(self, member: Member, day: int) -> int:
        random = self.stage.random("disinfection", member.number, day)
        tasks = [task for task in worklist(member) if task["protocol"].startswith(DISINFECTION + "@")]
        left = self.last - day
        share = 1.5 / (left + 1) if left > 0 else 1
        todo = [task for task in tasks if task["attempts"] or random.random() < share]
        for number, task in enumerate(todo):
            at = self.stage.at(day, 0.8 * (number + random.random()) / len(todo))
            if left > 0 and not task["attempts"] and random.random() < LOCKED:
                member.phone.note(deed_for(task, JOB, "keeper_absent", {}, at))
                continue
            metres = self._metres.get((task["path"], task["label"]), 0)
            member.phone.note(deed_for(task, JOB, "done", payloads.disinfection(metres, random), at))
            self._done.append((task, day))
        member.phone.upload()
        return len(todo)

    def _sign(self, member: Member, done: list[tuple[dict[str, Any], int]], day: int) -> int:
        for number, (task, _) in enumerate(done):
            at = self.stage.at(day, 0.85 + 0.1 * number / len(done))
            member.phone.note(
                Deed(
                    kind=SIGN_OFF,
                    path=task["path"],
                    outcome="passed",
                    payload={},
                    at=at,
                    subject_type=task["subject_type"],
                    subject=UUID(task["subject"]),
                    operation=UUID(task["operation"]),
                    protocol=task["protocol"],
                )
            )
        member.phone.upload()
        return len(done)


class Closures:
    """Looks at every place under an order, and again where it was found open."""

    def __init__(self, stage: Stage, *, day: int = 1) -> None:
        self.stage = stage
        self.day = day
        self.members: list[Member] = []

    def morning(self, day: int) -> None:
        """Opens the round on its day."""
        if day != self.day:
            return
        stage = self.stage
        places = [place.path for place in stage.district.communities]
        n = min(stage.devices, len(places))
        self.members = stage.hire(Role.CREW, n, places, stage.teams("closures"))
        kinds = {spot.type.value for spot in stage.district.spots if not spot.area_m2}
        expected = stage.open_round("closures", CLOSURE, day=day, due_days=1, site_types=kinds)
        stage.echo(f"  closure checks opened: {expected} places, {len(self.members)} phones")

    def work(self, day: int) -> None:
        """One morning tour; places found open are shut and looked at again in the afternoon."""
        if day >= self.day and "closures" in self.stage.rounds:
            self.stage.together(self.members, lambda member: self._tour(member, day))

    def _tour(self, member: Member, day: int) -> int:
        random = self.stage.random("closures", member.number, day)
        tasks = [task for task in worklist(member) if task["protocol"].startswith(CLOSURE + "@")]
        for number, task in enumerate(tasks):
            share = 0.4 * (number + random.random()) / len(tasks)
            if random.random() < LOCKED:
                found_open = payloads.closure("found_open")
                member.phone.note(deed_for(task, CHECK, "found_open", found_open, self.stage.at(day, share)))
                share += 0.5
            at = self.stage.at(day, share)
            member.phone.note(deed_for(task, CHECK, "closed", payloads.closure("closed"), at))
        member.phone.upload()
        return len(tasks)
