"""Guests of isolation sites: rooms as the rule proposes, visits, requests, release, the way home."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from bulou.access import queries as access
from bulou.access.terms import Actor, Role
from bulou.intake.actions import following
from bulou.intake.actions.office import submit_office
from bulou.intake.terms import OfficeRecord
from bulou.kernel.scope import transaction, whole
from bulou.lines.isolation.queries import sites as rooms
from bulou.lines.isolation.queries import stays
from bulou.lines.isolation.rules import proposing
from bulou.lines.isolation.terms import Going, Kind, Need, Room, RoomState, chain_of, watch_of
from bulou.rehearsal.outbox import uuid7
from bulou.rehearsal.phone import Deed
from bulou.rehearsal.scenario import ScenarioError
from bulou.rehearsal.staff import Member
from bulou.rehearsal.stage import Stage, local

STAY, REQUEST, ESCORT = "hotel-isolation@1", "supply-request@1", "escort-handover@1"
REGIME, DAYS, TESTS = "cn-v9", 7, (1, 2, 3, 5, 7)
BEFORE = timedelta(days=2)
"""How long ago the guests were last near somebody ill when they come; assumed."""
COMING, RELEASING = time(15), time(20)
HOURS = (time(8), time(18))
NEEDS = ("goods", "medicine", "worry", "medical")
EVERY = 3
"""Every so-manieth guest asks for something on the second day; assumed."""


@dataclass(frozen=True, slots=True)
class Guest:
    """One guest: the stay, whom it is of, where, with whom."""

    stay: UUID
    person: UUID
    site: UUID
    path: str
    bus: str
    party: str
    needs: tuple[Need, ...]


class Guests:
    """So many guests at each site, from the bus to the door at home."""

    def __init__(self, stage: Stage, *, day: int, each: int) -> None:
        self.stage, self.day, self.each = stage, day, each
        self.coming: list[Guest] = []
        self.medics: dict[str, Member] = {}
        self.officers: dict[str, Member] = {}
        self.last_on = stage.calendar.day(day) - BEFORE + timedelta(days=DAYS + 1)

    def arrive(self, sites: Sequence[tuple[UUID, str]]) -> None:
        """A bus at each site: who comes is said in the morning, rooms are given when they are there."""
        if not self.each:
            return
        units, day = self.stage.words["units"], self.stage.calendar.day(self.day)
        for path in sorted({path for _, path in sites}):
            self.medics[path] = self.stage.staff.hire(Role.WORKER, [path], units["isolation"])
            self.officers[path] = self.stage.staff.hire(
                Role.COMMUNITY_OFFICER, [path], units["community_officer"]
            )
        at = local(day, COMING)
        self.coming = [self._guest(n, k, *site, at) for n, site in enumerate(sites) for k in range(self.each)]
        for one in self.coming:
            self.officers[one.path].phone.note(self._expected(one, at))
        self._all_upload(self.officers)
        given = self._rooms()
        for n, one in enumerate(self.coming):
            payload = {"room": str(given[one.stay].id)}
            at_door = at + timedelta(minutes=n % 45)
            self.medics[one.path].phone.note(_of_stay(Kind.ARRIVED, one, "arrived", payload, at_door))
        self._all_upload(self.medics)
        watched = following.follow_isolated()
        self.stage.echo(f"  {len(self.coming)} guests moved in, {watched} of them are followed up")

    def work(self, day: int) -> None:
        """Measured twice a day, sampled on the days of the regime, asked; let go when all of it is over."""
        on = self.stage.calendar.day(day)
        if not self.coming or on > self.last_on:
            return
        for n, one in enumerate(self.coming):
            self._visits(one, day)
            if day == self.day + 1 and n % EVERY == 0:
                self.ask(one, n // EVERY, local(on, time(10)))
        self.upload()
        if on == self.last_on:
            self._release(local(on, RELEASING))

    def _guest(self, n: int, k: int, site: UUID, path: str, at: datetime) -> Guest:
        """The first two of a bus belong together, the third needs a room without steps."""
        chance = self.stage.random("guest", n, k)
        needs = (Need.BARRIER_FREE,) if k == 2 else ()
        return Guest(
            stay=uuid7(at, chance), person=uuid7(at, chance), site=site, path=path, bus=f"{n + 1}",
            party=f"{n + 1}" if k < 2 else "", needs=needs,
        )  # fmt: skip

    def _expected(self, one: Guest, at: datetime) -> Deed:
        since = self.stage.calendar.day(self.day) - BEFORE
        payload = {
            "person": str(one.person), "regime": REGIME, "phase": "central", "from": since.isoformat(),
            "site": str(one.site), "bus": one.bus, "party": one.party, "ground": "consent",
            "needs": [need.value for need in one.needs], "back_to": one.path, "due_at": at.isoformat(),
        }  # fmt: skip
        return _of_stay(Kind.EXPECTED, one, "expected", payload, at - timedelta(hours=3))

    def _rooms(self) -> Mapping[UUID, Room]:
        """What the product proposes for each bus: families together, nobody else's room."""
        code, found = self.stage.district.code, dict[UUID, Room]()
        with transaction(whole(code)):
            for site in dict.fromkeys(one.site for one in self.coming):
                bus = [
                    proposing.Guest(one.stay, one.party, one.needs) for one in self.coming if one.site == site
                ]
                free = [row.room for row in rooms.rooms(code, site) if row.state is RoomState.FREE]
                found |= {stay: room for stay, room in proposing.propose(bus, free).items() if room}
        if len(found) != len(self.coming):
            raise ScenarioError("The rooms of a site are too few for its bus.")
        return found

    def _visits(self, one: Guest, day: int) -> None:
        on = self.stage.calendar.day(day)
        medic, random = self.medics[one.path], self.stage.random("medic", one.stay, day)
        arrived = local(self.stage.calendar.day(self.day), COMING) + timedelta(hours=1)
        for hour in HOURS:
            due = local(on, hour)
            if due >= arrived:
                warm = round(random.uniform(36.0, 36.9), 1)
                said = {"temperature_c": warm, "symptoms": ["none"], "in_room": True, "channel": "door"}
                slot = f"temperature@{due:%Y-%m-%dT%H:%M}"
                at = due + timedelta(minutes=random.randint(2, 50))
                medic.phone.note(_of_watch("seen", one, "seen_ok", said, at, slot))
        number = (on - (self.stage.calendar.day(self.day) - BEFORE)).days
        due = local(on, time(9))
        if number in TESTS and due >= arrived:
            slot = f"test@{due:%Y-%m-%dT%H:%M}"
            for outcome, hours in (("sampled", 1), ("negative", 9)):
                at = due + timedelta(hours=hours)
                medic.phone.note(_of_watch("tested", one, outcome, {}, at, slot))

    def ask(self, one: Guest, n: int, at: datetime, *, steps: int = 3) -> None:
        """Something is needed: it stands in the queue of the site, one brings it, another one asks."""
        case = uuid7(at, self.stage.random("request", one.stay))
        need, medic, officer = NEEDS[n % len(NEEDS)], self.medics[one.path], self.officers[one.path]
        about = {"need": need, "about": str(one.stay), "about_type": "stay"}
        told: tuple[tuple[Member, str, str, int, dict[str, str]], ...] = (
            (medic, "opened", "opened", 0, about),
            (medic, "step", "taken", 6, {}),
            (medic, "step", "delivered", 25, {"paid_by": "district"}),
            (officer, "step", "confirmed", 90, {}),
        )
        for who, kind, outcome, minutes, said in told[: steps + 1]:
            who.phone.note(
                Deed(
                    kind=f"case.{kind}", path=one.path, outcome=outcome, payload=dict(said),
                    at=at + timedelta(minutes=minutes), subject_type="case", subject=case, protocol=REQUEST,
                )
            )  # fmt: skip

    def upload(self) -> None:
        """What the medics and the officers hold goes out."""
        self._all_upload(self.medics)
        self._all_upload(self.officers)

    def _release(self, at: datetime) -> None:
        """Every condition holds: the watch ends by another hand, the paper is given, the way home begins."""
        for path, officer in self.officers.items():
            actor = _actor(officer.account)
            mine = [one for one in self.coming if one.path == path]
            ended = [_ended(one, f"J-{n:04d}", at) for n, one in enumerate(mine)]
            submit_office(actor, ended)
            later = at + timedelta(minutes=10)
            submit_office(actor, [_released(one, f"J-{n:04d}", later) for n, one in enumerate(mine)])
            for one in mine:
                self._home(one, at + timedelta(minutes=20))
        self.upload()
        n = self.stage.noted["guests_brought_home"] = self._gone()
        self.stage.echo(f"  {n} guests are released and were brought home")

    def _gone(self) -> int:
        """How many the product shows as released and gone."""
        scope = whole(self.stage.district.code)
        with transaction(scope):
            found = stays.by_ids(scope, [one.stay for one in self.coming])
        return sum(bool(one.released_at) and one.going is Going.ESCORTED for one in found.values())

    def _home(self, one: Guest, at: datetime) -> None:
        """Handed from the site to the community: two sides, one leg, under the chain that the stay names."""
        medic, officer = self.medics[one.path], self.officers[one.path]
        way = {"from": {"path": one.path, "unit": medic.team}, "to": {"path": one.path, "unit": officer.team}}
        opened = {"items": [{"id": str(one.person), "type": "person"}], "legs": [way], "registered": 1}
        chain = chain_of(one.stay)
        for who, kind, outcome, minutes, said in (
            (medic, "opened", "requested", 0, opened),
            (medic, "gave", "departed", 5, {"leg": 1, "count": 1}),
            (officer, "received", "accepted", 40, {"leg": 1, "count": 1}),
        ):
            who.phone.note(
                Deed(
                    kind=f"custody.{kind}", path=one.path, outcome=outcome, payload=dict(said),
                    at=at + timedelta(minutes=minutes), subject_type="custody", subject=chain,
                    protocol=ESCORT,
                )
            )  # fmt: skip
        left = {"to": one.path, "chain": str(chain)}
        when = at + timedelta(minutes=6)
        medic.phone.note(_of_stay(Kind.LEFT, one, Going.ESCORTED.value, left, when))

    def _all_upload(self, members: Mapping[str, Member]) -> None:
        self.stage.together(list(members.values()), _upload)


def _upload(member: Member) -> int:
    member.phone.upload()
    return 1


def _of_stay(kind: Kind, one: Guest, outcome: str, payload: Mapping[str, Any], at: datetime) -> Deed:
    return Deed(
        kind=kind.value, path=one.path, outcome=outcome, payload=dict(payload), at=at, subject_type="stay",
        subject=one.stay,
    )  # fmt: skip


def _of_watch(
    kind: str, one: Guest, outcome: str, payload: Mapping[str, Any], at: datetime, slot: str
) -> Deed:
    return Deed(
        kind=f"watch.{kind}", path=one.path, outcome=outcome, payload=dict(payload), at=at,
        subject_type="watch", subject=watch_of(one.stay), protocol=STAY, slot=slot,
    )  # fmt: skip


def _ended(one: Guest, serial: str, at: datetime) -> OfficeRecord:
    said = {"release_note_serial": serial, "cross_infection_excluded": True}
    return OfficeRecord(
        kind="watch.ended", path=one.path, subject_type="watch", subject=watch_of(one.stay),
        outcome="released", payload=said, protocol=STAY, observed_at=at,
    )  # fmt: skip


def _released(one: Guest, serial: str, at: datetime) -> OfficeRecord:
    return OfficeRecord(
        kind=Kind.RELEASED.value, path=one.path, subject_type="stay", subject=one.stay, outcome="released",
        payload={"serial": serial, "reason": ""}, observed_at=at,
    )  # fmt: skip


def _actor(account: UUID) -> Actor:
    found = access.actor_by_id(account)
    if found is None:
        raise ScenarioError("The officer of a site has lost the account.")
    return found
