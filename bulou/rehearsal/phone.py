"""A simulated phone: a real client of the HTTP API with a bad network, a wrong clock and an outbox."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from bulou.kernel import clock
from bulou.rehearsal.outbox import BATCH, Outbox, uuid7
from bulou.rehearsal.transport import Client

OFFERED_AGAIN = 20


@dataclass(frozen=True, slots=True)
class Weather:
    """How often things go wrong between the phone and the server, as shares of the uploads."""

    reply_lost: float = 0.05
    sent_twice: float = 0.05
    offered_again: float = 0.10
    packed: float = 0.80


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing done at a door or a place, as the phone will tell it."""

    kind: str
    path: str
    outcome: str
    payload: dict[str, Any]
    at: datetime
    subject_type: str
    subject: UUID
    operation: UUID | None = None
    protocol: str = ""
    new: dict[str, Any] | None = None
    slot: str = ""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What a phone was given for its one-time code."""

    device: UUID
    token: str
    secret: str


class Phone:
    """One enrolled device in one pair of hands. Not thread-safe: one phone, one thread."""

    def __init__(self, base_url: str, *, enrolled: Enrolled, random: Random, clock_error: timedelta) -> None:
        self.device = enrolled.device
        self.enrolled = enrolled
        self.client = Client(base_url, enrolled.token)
        self.outbox = Outbox()
        self.clock_error = clock_error
        self.weather = Weather()
        self.uploads = 0
        self._random = random

    def note(self, deed: Deed) -> UUID:
        """Keeps what has happened; it does not need the network. The phone's clock may be wrong by days."""
        shown = deed.at + self.clock_error
        record_id = uuid7(shown, self._random)
        subject: dict[str, Any] = {"type": deed.subject_type, "id": str(deed.subject)}
        if deed.new is not None:
            subject["new"] = deed.new
        record: dict[str, Any] = {"slot": deed.slot} if deed.slot else {}
        self.outbox.put(
            record
            | {
                "id": str(record_id),
                "kind": deed.kind,
                "operation": str(deed.operation) if deed.operation else None,
                "subject": subject,
                "outcome": deed.outcome,
                "payload": deed.payload,
                "observed_at": shown.isoformat(),
                "protocol": deed.protocol,
                "area": deed.path,
            }
        )
        return record_id

    def take_back(self, record: UUID, at: datetime) -> None:
        """A slip of the finger, undone by who made it, whether it has gone out already or not."""
        told = (*self.outbox.waiting, *self.outbox.arrived)
        slip = next(one for one in told if one["id"] == str(record))
        shown = at + self.clock_error
        self.outbox.put(
            slip
            | {
                "id": str(uuid7(shown, self._random)),
                "withdraws": slip["id"],
                "payload": {},
                "observed_at": shown.isoformat(),
            }
        )

    def upload(self) -> None:
        """Sends all that waits. Replies get lost and batches are sent twice; nothing is dropped for that."""
        for batch in self.outbox.batches(self._random):
            again = self.outbox.arrived[-OFFERED_AGAIN:] if self._happens(self.weather.offered_again) else []
            offered = (batch + again)[:BATCH]
            if self._happens(self.weather.reply_lost) or self._happens(self.weather.sent_twice):
                self._send(offered)  # the reply is lost on the way, or the radio stutters
            self.outbox.settle(self._send(offered)["results"])

    def _send(self, batch: list[dict[str, Any]]) -> Any:
        self.uploads += 1
        body = {
            "device": str(self.device),
            "sent_at": (clock.now() + self.clock_error).isoformat(),
            "records": batch,
        }
        return self.client.post("/records", body, packed=self._happens(self.weather.packed))

    def _happens(self, share: float) -> bool:
        return self._random.random() < share
