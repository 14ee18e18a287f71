"""Checkpoints around the clock and patrols from morning to midnight; phones seal what they know."""

import base64
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from bulou.access.actions import gate
from bulou.access.terms import Role
from bulou.grid.actions import imports
from bulou.grid.actions.imports import ImportOptions
from bulou.grid.terms import ImportKind
from bulou.lines.checkpoints.rules import sealing
from bulou.lines.checkpoints.terms import Details
from bulou.rehearsal.outbox import uuid7
from bulou.rehearsal.phone import Deed
from bulou.rehearsal.scenario import ScenarioError
from bulou.rehearsal.staff import Member
from bulou.rehearsal.stage import Stage, local

TYPES = {
    "highway-gate": "highway_gate", "bridge": "bridge", "high-speed-station": "high_speed_station",
    "road": "crossroads",
}  # fmt: skip
SHIFTS = 3
SHIFT = timedelta(hours=8)
PASSAGES = 5
"""Passages of one shift at one post; assumed, the report counts none."""
PROTOCOL = "checkpoint-passage@1"


class Gates:
    """Every post has a shift at every hour; whoever is handed over is received by a community."""

    def __init__(
        self, stage: Stage, *, day: int, posts: Sequence[dict[str, Any]], words: Mapping[str, Any]
    ) -> None:
        self.stage = stage
        self.day = day
        self.given = posts
        self.words = words
        self.posts: list[dict[str, Any]] = []
        self.guards: list[list[Member]] = []
        self.receivers: list[Member] = []
        self.sent: list[tuple[datetime, UUID, Member]] = []
        self.keys: dict[str, Any] = {}

    def morning(self, day: int) -> None:
        """On the first day the posts enter the register and people are hired for them."""
        if day != self.day:
            return
        stage = self.stage
        places = stage.district.communities
        chosen = [places[n * len(places) // len(self.given)] for n in range(len(self.given))]
        rows = [
            f"{place.path},{TYPES[post['kind']]},{name}"
            for place, post, name in zip(chosen, self.given, self.words["names"], strict=True)
        ]
        self._import("\n".join(["path,type,name", *rows]), stage.calendar.day(day))
        for place in chosen:
            team = f"{self.words['team']} {place.name}"
            self.guards.append([stage.staff.hire(Role.CHECKPOINT, [place.path], team) for _ in range(SHIFTS)])
        taken = [mine[0].phone.client.get("/worklist")["passes"] for mine in self.guards]
        self.posts = [one["posts"][0] for one in taken]
        self.keys = taken[0]["details"][0]
        others = [place for place in places if place not in chosen][: len(chosen)]
        self.receivers = [
            stage.staff.hire(Role.COMMUNITY_OFFICER, [place.path], place.name) for place in others
        ]

    def work(self, day: int) -> None:
        """Three shifts at each post, one after the other without a gap."""
        if day < self.day:
            return
        on = self.stage.calendar.day(day)
        jobs = [
            (guard, post, number, shift)
            for number, (post, guards) in enumerate(zip(self.posts, self.guards, strict=True))
            for shift, guard in enumerate(guards)
        ]
        by_member = {guard.number: (guard, post, number, shift) for guard, post, number, shift in jobs}

        def shift_of(member: Member) -> int:
            _guard, post, number, shift = by_member[member.number]
            return self._shift(member, post, number, on, shift)

        n = self.stage.together([guard for guard, *_ in jobs], shift_of)
        for at, passage, receiver in sorted(self.sent, key=lambda one: one[:2]):
            self._note(receiver, "received", "accepted", {}, at=at + timedelta(minutes=40), subject=passage)
        self.sent.clear()
        for receiver in self.receivers:
            receiver.phone.upload()
        self.stage.echo(f"  {len(self.posts)} posts around the clock, {n} passages")

    def _shift(self, member: Member, post: dict[str, Any], number: int, on: date, shift: int) -> int:
        random = self.stage.random("gate", post["name"], on, shift)
        start = local(on, time()) + shift * SHIFT
        identity = uuid7(start, random)
        about = {"post": post["id"], "n_staff": 3}
        self._note(member, "shift", "opened", about, at=start, subject=identity)
        persons = 0
        for n in range(PASSAGES):
            at = start + SHIFT * (n + 1) / (PASSAGES + 2)
            passage, many = uuid7(at, random), random.randint(1, 4)
            persons += many
            payload = {
                "post": post["id"], "shift": str(identity), "n_persons": many,
                "direction": random.choice(("in", "out")), "vehicle": "car", "origin": "local",
                "temperature_c": round(random.uniform(36.1, 36.9), 1), "seconds": random.randint(3, 9),
                **self._sealed(post, passage, f"{self.words['plate']}{random.randint(10000, 99999)}"),
            }  # fmt: skip
            self._pass(member, payload, at=at, passage=passage, kind=(n + number + shift) % 9)
        told = {"post": post["id"], "passages": PASSAGES, "persons": persons}
        self._note(member, "shift", "closed", told, at=start + SHIFT, subject=identity)
        member.phone.upload()
        return PASSAGES

    def _pass(
        self, member: Member, payload: dict[str, Any], *, at: datetime, passage: UUID, kind: int
    ) -> None:
        """Most are let through; some are held and measured again, turned back, or handed over."""
        if kind == 1:
            held = payload | {"temperature_c": 37.6}
            self._note(member, "passage", "held", held, at=at, subject=passage)
            again = {"recheck_c": 36.8}
            self._note(member, "recheck", "admitted", again, at=at + timedelta(minutes=6), subject=passage)
        elif kind == 4:
            back = payload | {"direction": "in", "reason": "outside_vehicle", "told": "back"}
            self._note(member, "passage", "turned_back", back, at=at, subject=passage)
        elif kind == 7:
            receiver = self.receivers[passage.int % len(self.receivers)]
            sent = payload | {"direction": "in", "origin": "listed", "to": receiver.paths[0]}
            self._note(member, "passage", "handed_over", sent, at=at, subject=passage)
            self.sent.append((at, passage, receiver))  # several guards at once: received when all are done
        else:
            self._note(member, "passage", "admitted", payload, at=at, subject=passage)

    def _sealed(self, post: dict[str, Any], passage: UUID, plate: str) -> dict[str, str]:
        on = date.fromisoformat(self.keys["on"])
        public, tags = (_bytes(self.keys[name]) for name in ("public", "tags"))
        return {
            "key": self.keys["on"],
            "sealed": sealing.seal(Details(plate=plate), public=public, on=on, passage=passage),
            "plate_tag": sealing.plate_tag(tags, UUID(post["id"]), plate),
        }

    @staticmethod
    def _note(
        member: Member, kind: str, outcome: str, payload: dict[str, Any], *, at: datetime, subject: UUID
    ) -> None:
        type_ = "shift" if kind == "shift" else "passage"
        member.phone.note(
            Deed(
                kind=f"checkpoint.{kind}", path=member.paths[0], outcome=outcome, payload=payload, at=at,
                subject_type=type_, subject=subject, protocol=PROTOCOL,
            )
        )  # fmt: skip

    def _import(self, sheet: str, since: date) -> None:
        receipt = imports.import_file(
            gate.system_actor(self.stage.district.code),
            kind=ImportKind.SITES,
            path=self.stage.district.code,
            content=sheet.encode(),
            file_name="posts.csv",
            options=ImportOptions(valid_from=since),
        )
        if receipt.quarantined:
            raise ScenarioError(f"Posts were set aside: {receipt.first_problems[0]}")


class Patrols:
    """Somebody walks each street at every hour from the first to the last one of the report."""

    def __init__(self, stage: Stage, *, day: int, start: str, end: str) -> None:
        self.stage = stage
        self.day = day
        self.hours = range(int(start.partition(":")[0]), int(end.partition(":")[0]))
        self.members: list[Member] = []

    def morning(self, day: int) -> None:
        """One team for each street, from the first day on."""
        if day == self.day:
            streets = self.stage.district.streets
            self.members = [
                self.stage.staff.hire(Role.CHECKPOINT, [street.path], street.name) for street in streets
            ]

    def work(self, day: int) -> None:
        """An hour's walk in every hour."""
        if day < self.day:
            return
        on = self.stage.calendar.day(day)
        self.stage.together(self.members, lambda member: self._walk(member, on))
        self.stage.echo(f"  {len(self.members)} streets walked through {len(self.hours)} hours")

    def _walk(self, member: Member, on: date) -> int:
        random = self.stage.random("patrol", member.number, on)
        for hour in self.hours:
            at = local(on, time(hour))
            found = random.random() < 0.05
            payload = {"minutes": 60, "n_told": random.randint(0, 6), "how": "by_car"}
            member.phone.note(
                Deed(
                    kind="checkpoint.patrol", path=member.paths[0], outcome="found" if found else "clear",
                    payload=payload, at=at, subject_type="patrol", subject=uuid7(at, random),
                    protocol="street-patrol@1",
                )
            )  # fmt: skip
        member.phone.upload()
        return len(self.hours)


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
