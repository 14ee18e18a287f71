"""Three visits a day: doctors see whom the register made key persons, at every hour that is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from bulou.access.terms import Role
from bulou.rehearsal.cast import Person
from bulou.rehearsal.outbox import uuid7
from bulou.rehearsal.phone import Deed
from bulou.rehearsal.staff import Member
from bulou.rehearsal.stage import Stage, local

PROTOCOL = "key-person-watch@1"
REGIME = "cn-2020"
HOURS = (8, 14, 20)
MOST = 20
"""Of people for one doctor."""
NOT_MET = 0.03
"""Share of visits at which nobody opens; the doctor comes again within the slot. Assumed."""
LATE = 0.10
"""Share of evenings on which a phone has no network and hands in the next day."""


@dataclass(frozen=True, slots=True)
class Followed:
    """Somebody who is followed up, by which watch, since when."""

    person: Person
    watch: UUID
    since: datetime


class FollowUp:
    """Watches that begin on paper of the register, and every visit that they owe."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.doctors: list[Member] = []
        self.of: dict[int, list[Followed]] = {}

    def hire(self, paths: Sequence[str], n: int) -> None:
        """Doctors enough for so many people, the places dealt out among them."""
        n_doctors = min(len(paths), -(-n // MOST))
        self.doctors = self.stage.hire(Role.WORKER, n_doctors, paths, [self.stage.words["units"]["doctor"]])

    def begin(self, officer: Member, person: Person, at: datetime) -> None:
        """The officer of the place starts the watch; the doctor of the place is named for it."""
        doctor = next(one for one in self.doctors if person.path in one.paths)
        watch = uuid7(at, self.stage.random("watch", person.number))
        payload = {
            "person": str(person.id), "regime": REGIME, "from": self.stage.calendar.first_on.isoformat(),
            "worker": str(doctor.account), "reason": "register",
        }  # fmt: skip
        officer.phone.note(_deed("watch.started", person.path, "started", payload, at, watch))
        self.of.setdefault(doctor.number, []).append(Followed(person, watch, at))

    def work(self, day: int) -> int:
        """Every doctor's day; nobody's visit is left out."""
        last = day == self.stage.calendar.n_days
        return self.stage.together(self.doctors, lambda doctor: self._day(doctor, day, last=last))

    def _day(self, doctor: Member, day: int, *, last: bool) -> int:
        on, n = self.stage.calendar.day(day), 0
        random = self.stage.random("doctor", doctor.number, day)
        for one in self.of.get(doctor.number, ()):
            n += sum(self._visit(doctor, one, on, hour, random) for hour in HOURS)
        if last or random.random() >= LATE:
            doctor.phone.upload()
        return n

    def _visit(self, doctor: Member, one: Followed, on: date, hour: int, random: Random) -> int:
        due = local(on, time(hour))
        if due < one.since:
            return 0
        at = due + timedelta(minutes=random.randint(1, 60))
        slot = f"visit@{due:%Y-%m-%dT%H:%M}"
        place, watch = one.person.path, one.watch
        if random.random() < NOT_MET:
            doctor.phone.note(_deed("watch.seen", place, "not_seen", {"channel": "door"}, at, watch, slot))
            at += timedelta(minutes=40)
        warm = round(random.uniform(36.0, 36.9), 1)
        answers = {"temperature_c": warm, "symptoms": ["none"], "at_home": True, "channel": "door"}
        doctor.phone.note(_deed("watch.seen", place, "seen_ok", answers, at, watch, slot))
        return 1


def _deed(  # noqa: PLR0913 - one record in one line
    kind: str, path: str, outcome: str, payload: dict[str, Any], at: datetime, watch: UUID, slot: str = ""
) -> Deed:
    return Deed(
        kind=kind, path=path, outcome=outcome, payload=payload, at=at, subject_type="watch", subject=watch,
        protocol=PROTOCOL, slot=slot,
    )  # fmt: skip
