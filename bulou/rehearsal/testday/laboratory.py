"""From the station to the result: couriers, the laboratory, and whoever lies in a tube that is positive."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from bulou.access.terms import Role
from bulou.kernel.scope import transaction, whole
from bulou.lines.testing.queries import tubes
from bulou.lines.testing.rules.payloads import tube_id
from bulou.rehearsal.outbox import uuid7
from bulou.rehearsal.phone import Deed
from bulou.rehearsal.scenario import ScenarioError
from bulou.rehearsal.staff import Member
from bulou.rehearsal.stage import Stage
from bulou.rehearsal.testday.station import TUBES, Filled, Round, Somebody, Station, note_tube

POOL, FEVER, ESCORT = "pool-follow-up@1", "fever-referral@1", "escort-handover@1"
IN_A_BAG = 500


@dataclass(frozen=True, slots=True)
class Pool:
    """What the file says of a tube: what the laboratory finds in it, and how many of its people are ill."""

    result: str
    ill: int


class Laboratory:
    """Couriers and the laboratory of one round."""

    def __init__(self, stage: Stage, of: Round, area: str, random: Random) -> None:
        units = stage.words["units"]
        self.stage, self.of, self.area, self.random = stage, of, area, random
        self.courier = stage.staff.hire(Role.WORKER, [area], units["courier"])
        self.desk = stage.staff.hire(Role.SERVICE, [area], units["laboratory"])

    def drive(self, filled: Sequence[Filled], at: datetime) -> None:
        """A courier takes each bag, the laboratory counts it."""
        for first in range(0, len(filled), IN_A_BAG):
            codes = [tube.barcode for tube in filled[first : first + IN_A_BAG]]
            bag = uuid7(at, self.random)
            counted = {"tubes": codes, "n": len(codes), "who": self.courier.team}
            for who, kind, minutes in ((self.courier, "taken", 0), (self.desk, "received", 20)):
                when = at + timedelta(minutes=minutes)
                who.phone.note(
                    Deed(
                        kind=f"testing.{kind}", path=self.area, outcome=kind, at=when, subject_type="bag",
                        subject=bag, protocol=TUBES, payload={"round": str(self.of.operation), **counted},
                    )
                )  # fmt: skip
        self.courier.phone.upload()
        self.desk.phone.upload()

    def tell(
        self, filled: Sequence[Filled], at: datetime, *, results: Mapping[str, str] | None = None
    ) -> dict[str, UUID]:
        """What was found in each tube; answers the records by barcode. A lost tube has its reason."""
        told, found = {}, results or {}
        for tube in filled:
            outcome = "lost" if tube.lost else found.get(tube.barcode, "negative")
            more = {"reason": tube.lost} if tube.lost else {}
            told[tube.barcode] = note_tube(self.desk, self.of, "result", outcome, tube, more, at)
        self.desk.phone.upload()
        return told


class FollowUp:
    """One tube that is not negative: found, told to stay, sampled again alone, let go or driven away."""

    def __init__(self, laboratory: Laboratory, tube: Filled, pool: Pool, case: UUID) -> None:
        self.laboratory, self.tube, self.pool, self.case = laboratory, tube, pool, case
        self.stage = laboratory.stage
        words, community = self.stage.words["units"], ".".join(tube.path.split(".")[:3])
        hire = self.stage.staff.hire
        self.officer = hire(Role.COMMUNITY_OFFICER, [community], words["community"])
        self.street = community.rsplit(".", 1)[0]
        self.closer = hire(Role.STREET_OFFICER, [self.street], words["street_officer"])

    def members(self) -> list[Somebody]:
        """Everybody in the tube as the product names them.

        Raises:
            ScenarioError: The product names other people than those who were sampled into it.
        """
        scope = whole(self.stage.district.code)
        with transaction(scope):
            one = tubes.tube(scope, tube_id(self.laboratory.of.operation, self.tube.barcode))
            found = [
                Somebody(m.person, m.path, self.tube.path, "", "")
                for m in tubes.members(scope, one)
                if m.counts
            ]
        if {one.id for one in found} != set(self.tube.lying.values()):
            raise ScenarioError(f"Tube {self.tube.barcode} has other people than were sampled into it.")
        return found

    def play(self, station: Station, at: datetime) -> tuple[int, int]:
        """The whole of it; answers how many were found, and how many are ill."""
        people, lab = self.members(), self.laboratory
        self._step("found", 8, at, n=len(people))
        self._step("notified", 9, at)
        self._step("told", 25, at)
        self.officer.phone.upload()
        made = [
            station.again(one, at + timedelta(minutes=40 + 4 * n), of_tube=self.tube.barcode)
            for n, one in enumerate(people)
        ]
        station.upload()
        self._step("resampled", 100, at, n=len(people))
        station.seal_these(made, at + timedelta(minutes=105))
        lab.drive(made, at + timedelta(minutes=110))
        ill = made[: self.pool.ill]
        results = {tube.barcode: "positive_single" for tube in ill}
        told = lab.tell(made, at + timedelta(hours=5), results=results)
        self._step("resulted", 305, at)
        self.officer.phone.upload()
        for tube in ill:
            self._refer(told[tube.barcode], tube, at + timedelta(minutes=310))
        self._close("transferred" if ill else "all_negative", self.case, POOL, at + timedelta(hours=8))
        return len(people), len(ill)

    def _refer(self, case: UUID, tube: Filled, at: datetime) -> None:
        """Somebody is positive: kept apart, driven to hospital hand by hand, the place disinfected."""
        words = self.stage.words["units"]
        hospital = self.stage.district.communities[-1].path
        bus = self.stage.staff.hire(Role.WORKER, [self.street], words["ambulance"])
        desk = self.stage.staff.hire(Role.COMMUNITY_OFFICER, [hospital], words["hospital"])
        (person,) = tube.lying.values()
        self.stage.gone.add(person)
        drive((self.officer, bus, desk), person, at, uuid7(at, self.laboratory.random))
        driven = {"vehicle": bus.team, "hospital": desk.team}
        for outcome, minutes, said in (
            ("isolated", 2, {}), ("reported", 10, {}), ("transported", 50, driven), ("disinfected", 120, {}),
        ):  # fmt: skip
            when = at + timedelta(minutes=minutes)
            self.officer.phone.note(self._deed("step", outcome, case, FEVER, when, said))
        self.officer.phone.upload()
        self._close("confirmed", case, FEVER, at + timedelta(minutes=170), hospital=desk.team)

    def _step(self, outcome: str, minutes: int, at: datetime, **said: Any) -> None:
        when = at + timedelta(minutes=minutes)
        self.officer.phone.note(self._deed("step", outcome, self.case, POOL, when, said))

    def _close(self, outcome: str, case: UUID, protocol: str, at: datetime, **said: Any) -> None:
        self.closer.phone.note(self._deed("closed", outcome, case, protocol, at, said))
        self.closer.phone.upload()

    def _deed(
        self, kind: str, outcome: str, case: UUID, protocol: str, at: datetime, said: Mapping[str, Any]
    ) -> Deed:
        return Deed(
            kind=f"case.{kind}", path=self.tube.path, outcome=outcome, at=at, subject_type="case",
            subject=case, protocol=protocol, payload=dict(said),
        )  # fmt: skip


def drive(hands: tuple[Member, Member, Member], person: UUID, at: datetime, chain: UUID) -> None:
    """One person by two legs, accepted on both sides of each."""
    gate, bus, desk = hands
    places = [{"path": who.paths[0], "unit": who.team} for who in hands]
    legs = [{"from": places[n], "to": places[n + 1]} for n in range(2)]
    opened = {"items": [{"id": str(person), "type": "person"}], "legs": legs, "registered": 1}
    told: tuple[tuple[Member, str, str, int, dict[str, Any]], ...] = (
        (gate, "opened", "requested", 0, opened),
        (gate, "gave", "departed", 15, {"leg": 1, "count": 1, "vehicle": bus.team}),
        (bus, "received", "accepted", 18, {"leg": 1, "count": 1}),
        (bus, "gave", "departed", 20, {"leg": 2, "count": 1, "vehicle": bus.team}),
        (desk, "received", "arrived", 45, {"leg": 2}),
        (desk, "received", "accepted", 48, {"leg": 2, "count": 1}),
    )
    for who, kind, outcome, minutes, said in told:
        who.phone.note(
            Deed(
                kind=f"custody.{kind}", path=who.paths[0], outcome=outcome, payload=said,
                at=at + timedelta(minutes=minutes), subject_type="custody", subject=chain, protocol=ESCORT,
            )
        )  # fmt: skip
    for who in hands:
        who.phone.upload()
