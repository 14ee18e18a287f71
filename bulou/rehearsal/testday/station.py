"""One table of a sampling station: a phone, the tube that stands open, and what goes wrong with both."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from typing import Any
from uuid import UUID

from bulou.lines.testing.rules.payloads import tube_id
from bulou.rehearsal.phone import Deed
from bulou.rehearsal.scenario import ScenarioError
from bulou.rehearsal.staff import Member

KIND, TUBES = "testing.sample", "testing-tube@1"
IN_A_TUBE = 10
WRONG = 0.01
"""Share of people who are scanned into the wrong tube and taken out again; assumed."""
OVERFULL = 0.03
"""Share of full tubes into which one more is scanned: the server doubts it; assumed."""
TWICE = 0.004
"""Share of people who come to a second table; assumed."""
SECOND = timedelta(seconds=4)
MOST_REVIEWS = 5


@dataclass(frozen=True, slots=True)
class Somebody:
    """One person of the round, as the station's list names them."""

    id: UUID
    path: str
    area: str
    """The compound: its people share tubes."""
    label: str
    building: str


@dataclass(frozen=True, slots=True)
class Round:
    """What every record of the day names."""

    operation: UUID
    protocol: str


@dataclass(slots=True)
class Filled:
    """One tube as its station knows it: which record put whom into it."""

    barcode: str
    path: str
    lying: dict[UUID, UUID] = field(default_factory=dict)
    lost: str = ""
    alone: bool = False
    again_of: str = ""
    """The tube because of which somebody is sampled again, alone."""

    @property
    def n(self) -> int:
        """People in it."""
        return len(self.lying)


Samples = dict[UUID, set[UUID]]
"""Of each person the records that stand, over all tables of a round."""


class Station:
    """One phone at one table. Not thread-safe, like its phone."""

    def __init__(
        self, member: Member, of: Round, *, prefix: str, place: Mapping[str, str], samples: Samples,
        random: Random,
    ) -> None:  # fmt: skip
        self.member, self.of, self.prefix = member, of, prefix
        self.place = dict(place)
        """The words of the site and the table that a sample names."""
        self.samples = samples
        self.random = random
        self.found = False
        """Whether people are found at their doors and sampled on the spot."""
        self.alone = False
        """One person a tube."""
        self.filled: list[Filled] = []
        self.free_at = datetime.min.replace(tzinfo=UTC)
        self.stopped = False
        self.silent = False
        """No network: nothing leaves the phone."""
        self._numbers = count(1)
        self._open: Filled | None = None
        self._of_record: dict[UUID, tuple[Filled, Somebody]] = {}
        self._reviewed = 0

    def take(self, one: Somebody, at: datetime) -> None:
        """One person more. Slips are taken back on the spot; what only the server sees, when it has told."""
        if self.random.random() < WRONG:
            self._slip(one, at - 3 * SECOND)
        tube = self._tube(one)
        if not self.alone and tube.n == IN_A_TUBE - 1 and self.random.random() < OVERFULL:
            self._scan(one, tube, at)  # the tenth; the next one goes into the same tube by mistake
            self._open = tube
            return
        self._scan(one, tube, at)
        if tube.n >= IN_A_TUBE or self.alone:
            self._open = None

    def again(self, one: Somebody, at: datetime, *, of_tube: str) -> Filled:
        """A second sample, alone, because of what the laboratory found in the first tube."""
        tube = self._new(one.area)
        tube.again_of, tube.alone = of_tube, True
        self._scan(one, tube, at)
        self._open = None
        return tube

    def upload(self) -> None:
        """Sends what waits; what the server doubts is taken back, and who lies nowhere is sampled again."""
        if self.silent:
            return
        for _ in range(MOST_REVIEWS):
            self.member.phone.upload()
            if not self._review():
                return
        raise ScenarioError(f"The server goes on doubting what {self.member.name} samples.")

    def close(self) -> None:
        """Nobody more goes into the open tube."""
        self._open = None

    def seal(self, at: datetime) -> int:
        """Tubes are sealed when all their samples are told: a sealed one takes nobody any more."""
        self.seal_these(self.filled, at)
        return len(self.filled)

    def seal_these(self, filled: Iterable[Filled], at: datetime) -> None:
        """Some of the tubes of this table, with the number of people in each."""
        for tube in filled:
            note_tube(self.member, self.of, "sealed", "sealed", tube, {"n": tube.n}, at)
        self.upload()

    def people(self) -> dict[UUID, Somebody]:
        """Everybody whose swab lies in a tube of this table."""
        return {who.id: who for tube, who in self._of_record.values() if who.id in tube.lying.values()}

    def _tube(self, one: Somebody) -> Filled:
        if self._open is None or self.alone or self._open.path != one.area:
            self._open = self._new(one.area)
        return self._open

    def _new(self, path: str) -> Filled:
        tube = Filled(f"{self.prefix}{next(self._numbers):04d}", path, alone=self.alone)
        self.filled.append(tube)
        return tube

    def _scan(self, one: Somebody, tube: Filled, at: datetime) -> UUID:
        outcome = "resampled" if tube.again_of else "sampled"
        more = {"of_tube": tube.again_of} if tube.again_of else {}
        said = self._said(tube.barcode, alone=tube.alone) | {"position": tube.n + 1} | more
        if self.found and outcome == "sampled":
            said["found_on_spot"] = True
        record = self.member.phone.note(self._deed(one, outcome, said, at))
        tube.lying[record] = one.id
        self._of_record[record] = (tube, one)
        self.samples[one.id].add(record)
        return record

    def _slip(self, one: Somebody, at: datetime) -> None:
        said = self._said(f"X{self.prefix}{one.id.hex[-6:]}".upper(), alone=self.alone)
        record = self.member.phone.note(self._deed(one, "sampled", said, at))
        self.member.phone.take_back(record, at + SECOND)

    def _review(self) -> bool:
        """Look at what the server doubts since the last time; whether there is more to send."""
        doubted = self.member.phone.outbox.doubted
        fresh, self._reviewed = doubted[self._reviewed :], len(doubted)
        return sum(self._redo(record) for record in fresh if not record.get("withdraws")) > 0

    def _redo(self, record: Mapping[str, Any]) -> bool:
        told = UUID(str(record["id"]))
        if told not in self._of_record:
            return False
        tube, who = self._of_record.pop(told)
        del tube.lying[told]
        self.samples[who.id].discard(told)
        later = datetime.fromisoformat(record["observed_at"]) - self.member.phone.clock_error + SECOND
        self.member.phone.take_back(told, later)
        if not tube.n:
            self.filled.remove(tube)  # nobody lies in it: it was never filled
            self._open = None if self._open is tube else self._open
        if not self.samples[who.id]:
            self._scan(who, self._new(who.area), later + SECOND)
        return True

    def _deed(self, one: Somebody, outcome: str, said: Mapping[str, Any], at: datetime) -> Deed:
        return Deed(
            kind=KIND, path=one.path, outcome=outcome, payload=dict(said), at=at, subject_type="person",
            subject=one.id, operation=self.of.operation, protocol=self.of.protocol,
        )  # fmt: skip

    def _said(self, barcode: str, *, alone: bool) -> dict[str, Any]:
        size, rule = (1, "single") if alone else (IN_A_TUBE, "ten")
        return {"tube": barcode, "size": size, "rule": rule, "swab": "throat", **self.place}


def note_tube(  # noqa: PLR0913 - one record in one line
    who: Member, of: Round, kind: str, outcome: str, tube: Filled, more: Mapping[str, Any], at: datetime
) -> UUID:
    """Something that happened to one tube: sealed, or what the laboratory found."""
    return who.phone.note(
        Deed(
            kind=f"testing.{kind}", path=tube.path, outcome=outcome, at=at, subject_type="tube",
            subject=tube_id(of.operation, tube.barcode), protocol=TUBES,
            payload={"round": str(of.operation), "tube": tube.barcode, **more},
        )
    )  # fmt: skip


def nobody() -> Samples:
    """Nothing is sampled yet."""
    return defaultdict(set)
