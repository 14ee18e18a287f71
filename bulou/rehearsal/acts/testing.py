"""Testing rounds: everybody into a tube, the missed found by the evening, every tube with a result."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from bulou.access.terms import Role
from bulou.lines.testing.rules.payloads import tube_id
from bulou.rehearsal.acts.residents import import_residents
from bulou.rehearsal.outbox import uuid7
from bulou.rehearsal.phone import Deed
from bulou.rehearsal.staff import Member
from bulou.rehearsal.stage import Stage, deed_for, local, worklist

PROTOCOL, KIND = "testing-round", "testing.sample"
TUBES = "testing-tube@1"
IN_A_TUBE = 10
WRONG = 0.01
"""Share of people who are scanned into the wrong tube and taken out again; assumed."""
NOBODY_CAME = ("absent", "unreachable")
TABLES = 6
"""Tables where one compound is tested alone; assumed."""
BREAKDOWN = time(9)
"""When one site closes: its people go to the next one, two hours later."""
OPEN_FOR = timedelta(hours=7)
CHASE = {False: time(17), True: time(9)}
"""When the missed are looked for: the same afternoon, or on the morning after a night."""


class Testing:
    """One round: stations first, then the missed at their doors, then couriers and the laboratory."""

    def __init__(self, stage: Stage, *, day: int, words: Mapping[str, Any], n: int) -> None:
        self.stage = stage
        self.day = day
        self.n = n
        self.name = str(words["name"])
        self.after = str(words.get("after", ""))
        self.starts = time.fromisoformat(str(words.get("start", "07:00")))
        self.missed = int(words.get("missed", n // 20))
        self.ends_on = day + int(bool(words.get("night")))
        self.area, self.places = self._where()
        self.members: list[Member] = []
        self.dead: Member | None = None
        """The phone that dies in the middle of the session; what it holds arrives a day later."""
        self.filled: dict[int, list[tuple[str, str, int]]] = {}
        """By the number of a member: barcode, place and people of the tubes that came back."""

    def morning(self, day: int) -> None:
        """The list of residents comes in once; the round is opened over it, or over the round before."""
        if day != self.day:
            return
        stage, teams = self.stage, self.stage.teams("testing")
        if not self.after:
            stage.echo(f"  imported {import_residents(stage, self.n, self.places)} residents")
        if len(self.places) == 1:
            self.members = [stage.staff.hire(Role.WORKER, self.places, teams[0]) for _ in range(TABLES)]
        else:
            n = min(stage.devices, len(self.places))
            self.members = stage.hire(Role.WORKER, n, self.places, teams)
        expected = stage.open_round(
            self.name, PROTOCOL, day=day, due_days=1 + self.ends_on - day, area=self.area, after=self.after
        )
        stage.echo(f"  {self.name} opened: {expected} people, {len(self.members)} stations")

    def work(self, day: int) -> None:
        """The session, then the missed; a day later a dead phone is charged and hands in what it held."""
        if day == self.day:
            self._session()
        if day == self.ends_on:
            self._after()
        if day == self.ends_on + 1 and self.dead is not None:
            self.dead.phone.upload()

    def _session(self) -> None:
        lists = {member.number: self._share(n, member) for n, member in enumerate(self.members)}
        absent = self._absent(sorted(task["subject"] for tasks in lists.values() for task in tasks))
        self.dead = self.members[-1]
        self.stage.together(self.members, lambda m: self._station(m, lists[m.number], absent))
        instead = self.stage.staff.hire(Role.WORKER, self.dead.paths, self.dead.team)
        self._station(instead, lists[self.dead.number], absent, since=0.6)
        self.members = [*self.members[:-1], instead]

    def _after(self) -> None:
        left = self.stage.noted[f"{self.name}.missed_at_first"] = self.stage.account(self.name)["open"]
        self.stage.together(self.members, self._seal)
        teams = self.stage.teams("testing")
        chasers = self.stage.hire(Role.WORKER, min(8, len(self.places)), self.places, teams)
        found = self.stage.together(chasers, self._chase)
        self.stage.together(chasers, self._seal)
        tubes = self._laboratory([*self.members, *chasers])
        self.stage.echo(f"  {self.name}: {left} missed at first, {found} found and tested, {tubes} tubes")

    def _where(self) -> tuple[str, list[str]]:
        """What is tested: a street with its compounds, or one compound alone."""
        named = self.stage.scenario.play.get("tested_street")
        compounds = [place.path for place in self.stage.district.compounds]
        street = next((one.path for one in self.stage.district.streets if one.name == named), "")
        if not street:
            return compounds[0], compounds[:1]
        return street, [path for path in compounds if path.startswith(f"{street}.")]

    def _mine(self, member: Member) -> list[dict[str, Any]]:
        operation = str(self.stage.rounds[self.name])
        return [task for task in worklist(member) if task["operation"] == operation]

    def _share(self, n: int, member: Member) -> list[dict[str, Any]]:
        """The people of a station; where several tables stand in one compound, each has its part of them."""
        mine = self._mine(member)
        return mine[n :: len(self.members)] if len(self.places) == 1 else mine

    def _absent(self, subjects: Sequence[str]) -> set[str]:
        """Exactly so many do not come when they are called."""
        order = sorted(subjects, key=lambda one: self.stage.random("absent", self.name, one).random())
        return set(order[: self.missed])

    def _station(
        self, member: Member, tasks: list[dict[str, Any]], absent: set[str], *, since: float = 0.0
    ) -> int:
        """Ten to a tube; who does not come is noted; one site closes at nine and goes on elsewhere."""
        random = self.stage.random("station", self.name, member.number)
        here = [task for task in tasks if task["subject"] not in absent]
        here = here[: len(here) // 2] if member is self.dead else here
        tube = Tube(self, member, random)
        for number, task in enumerate(here):
            share = since + (1 - since) * number / max(len(here), 1)
            tube.take(task, self._at(share, closes=member is self.members[0]))
        if member is self.dead:
            return len(here)  # nothing was sent: whoever was here is sampled again by somebody else
        for task in (task for task in tasks if task["subject"] in absent):
            tried = {"channel": random.choice(("phone", "door"))}
            member.phone.note(deed_for(task, KIND, random.choice(NOBODY_CAME), tried, self._at(1)))
        tube.close()
        member.phone.upload()
        return len(here)

    def _chase(self, member: Member) -> int:
        random = self.stage.random("chase", self.name, member.number)
        tasks, tube = self._mine(member), Tube(self, member, random, found=True)
        start = local(self.stage.calendar.day(self.ends_on), CHASE[self.ends_on > self.day])
        for number, task in enumerate(tasks):
            tube.take(task, start + timedelta(hours=4) * number / max(len(tasks), 1))
        tube.close()
        member.phone.upload()
        return len(tasks)

    def _at(self, share: float, *, closes: bool = False) -> datetime:
        """When the station works; one stops at nine, its people are sampled an hour later elsewhere."""
        on = self.stage.calendar.day(self.day)
        at = local(on, self.starts) + OPEN_FOR * share
        return at + timedelta(hours=1) if closes and at >= local(on, BREAKDOWN) else at

    def _seal(self, member: Member) -> int:
        """Tubes are sealed when all their samples are told: a sealed one takes nobody any more."""
        at = local(self.stage.calendar.day(self.ends_on), time(22))
        for barcode, path, n in self.filled.get(member.number, ()):
            self._tell(member, "sealed", path, barcode, {"tube": barcode, "n": n}, at)
        member.phone.upload()
        return len(self.filled.get(member.number, ()))

    def _laboratory(self, members: Sequence[Member]) -> int:
        """A courier takes each bag, the laboratory counts it and says what it found: nothing, this time."""
        at = local(self.stage.calendar.day(self.ends_on), time(22, 30))
        area, random = self.area, self.stage.random("laboratory", self.name)
        courier = self.stage.staff.hire(Role.WORKER, [area], self.stage.words["units"]["courier"])
        desk = self.stage.staff.hire(Role.SERVICE, [area], self.stage.words["units"]["laboratory"])
        told = 0
        for member in members:
            tubes = self.filled.get(member.number, [])
            if not tubes:
                continue
            bag, codes = uuid7(at, random), [barcode for barcode, _, _ in tubes]
            counted = {"tubes": codes, "n": len(codes), "who": courier.team}
            for who, kind, minutes in ((courier, "taken", 0), (desk, "received", 20)):
                when = at + timedelta(minutes=minutes)
                self._note(who, kind, kind, area, counted, when, ("bag", bag))
            for barcode, path, _ in tubes:
                self._tell(desk, "result", path, barcode, {"tube": barcode}, at + timedelta(minutes=60))
            told += len(tubes)
        courier.phone.upload()
        desk.phone.upload()
        return told

    def _tell(
        self, who: Member, kind: str, path: str, barcode: str, payload: dict[str, Any], at: datetime
    ) -> None:
        outcome = "negative" if kind == "result" else kind
        tube = tube_id(self.stage.rounds[self.name], barcode)
        self._note(who, kind, outcome, path, payload, at, ("tube", tube))

    def _note(  # noqa: PLR0913 - one record in one line
        self, who: Member, kind: str, outcome: str, path: str, payload: dict[str, Any], at: datetime,
        about: tuple[str, UUID],
    ) -> None:  # fmt: skip
        who.phone.note(
            Deed(
                kind=f"testing.{kind}", path=path, outcome=outcome, at=at, subject_type=about[0],
                subject=about[1], protocol=TUBES,
                payload={"round": str(self.stage.rounds[self.name]), **payload},
            )
        )  # fmt: skip


class Tube:
    """The tube that stands open at one table."""

    def __init__(self, act: Testing, member: Member, random: Random, *, found: bool = False) -> None:
        self.act, self.member, self.random, self.found = act, member, random, found
        self.n_tubes, self.n, self.barcode, self.path = 0, 0, "", ""

    def take(self, task: dict[str, Any], at: datetime) -> None:
        """One person more; a wrong scan is taken back on the spot."""
        if self.random.random() < WRONG:
            wrong = deed_for(
                task,
                KIND,
                "sampled",
                self._said(f"X{self.member.number}-{task['subject'][-6:]}"),
                at - timedelta(seconds=9),
            )
            record = self.member.phone.note(wrong)
            self.member.phone.take_back(record, at - timedelta(seconds=4))
        if self.n >= IN_A_TUBE or not self.barcode or task["path"] != self.path:
            self.close()
            self.n_tubes, self.path = self.n_tubes + 1, task["path"]
            self.barcode = f"T{self.act.day:02d}{self.member.number:05d}{self.n_tubes:04d}"
        self.n += 1
        said = self._said(self.barcode) | {"position": self.n}
        self.member.phone.note(deed_for(task, KIND, "sampled", said, at))

    def close(self) -> None:
        """Nobody more goes into it."""
        if self.n:
            self.act.filled.setdefault(self.member.number, []).append((self.barcode, self.path, self.n))
        self.n, self.barcode = 0, ""

    def _said(self, barcode: str) -> dict[str, Any]:
        said = {
            "tube": barcode, "size": IN_A_TUBE, "rule": "ten", "site": self.member.team, "table": "1",
            "swab": "throat",
        }  # fmt: skip
        return said | ({"found_on_spot": True} if self.found else {})
