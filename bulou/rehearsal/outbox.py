"""A phone's outbox: what has happened and is not yet known to have arrived."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID

DOUBTFUL = "doubtful"
SETTLED = frozenset({"kept", "doubtful", "duplicate", "conflict"})
BATCH = 500


def uuid7(at: datetime, random: Random) -> UUID:
    """A UUIDv7 of the phone's own clock; the random part comes from the seed, so a rehearsal repeats."""
    milliseconds = int(at.timestamp() * 1000) & (1 << 48) - 1
    value = (
        milliseconds << 80 | 0x7 << 76 | random.getrandbits(12) << 64 | 0b10 << 62 | random.getrandbits(62)
    )
    return UUID(int=value)


@dataclass(slots=True)
class Outbox:
    """Numbers records as they happen and keeps each until the server has answered for it."""

    waiting: list[dict[str, Any]] = field(default_factory=list)
    needs_help: list[dict[str, Any]] = field(default_factory=list)
    arrived: list[dict[str, Any]] = field(default_factory=list)
    doubted: list[dict[str, Any]] = field(default_factory=list)
    """What the server took and doubts: whoever sent it looks at it again."""
    standings: dict[str, int] = field(default_factory=dict)
    next_seq: int = 1

    def put(self, record: dict[str, Any]) -> None:
        """Takes a record and gives it the device's next number."""
        record["device_seq"] = self.next_seq
        self.next_seq += 1
        self.waiting.append(record)

    def batches(self, random: Random) -> Iterable[list[dict[str, Any]]]:
        """What to send now, in a disorder that a real network makes, at most 500 at a time."""
        shuffled = list(self.waiting)
        random.shuffle(shuffled)
        for start in range(0, len(shuffled), BATCH):
            yield shuffled[start : start + BATCH]

    def settle(self, results: Iterable[dict[str, Any]]) -> None:
        """Lets go of what the server has; keeps what it could not read in sight of a person."""
        answered = {str(result["id"]): _standing(result) for result in results}
        still: list[dict[str, Any]] = []
        for record in self.waiting:
            standing = answered.get(record["id"])
            if standing is None:
                still.append(record)
                continue
            self.standings[standing] = self.standings.get(standing, 0) + 1
            (self.arrived if standing in SETTLED else self.needs_help).append(record)
            if standing == DOUBTFUL:
                self.doubted.append(record)
        self.waiting = still


def _standing(result: Mapping[str, Any]) -> str:
    """How a record stands; a duplicate tells by its problems that the first one is doubtful."""
    standing = str(result["standing"])
    return DOUBTFUL if standing == "duplicate" and result["problems"] else standing
