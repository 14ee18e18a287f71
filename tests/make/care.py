"""Watches, handovers and cases: records as phones and desks write them, told with the least words."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from bulou.access.terms import Actor
from bulou.intake.actions.office import submit_office
from bulou.intake.terms import BatchAnswer, OfficeRecord
from bulou.kernel import clock, ids
from bulou.kernel.scope import whole
from bulou.watches.queries import watches
from bulou.watches.terms import Kind, Timeline
from tests.make.rounds import COMMUNITY, DISTRICT, send

KEY = "key-person-watch@1"
HOME = "home-isolation@1"
FEVER = "fever-referral@1"
ESCORT = "escort-handover@1"
PLACE = f"{COMMUNITY}.c1"
DAY0 = date(2026, 10, 20)


def at(day: int, hour: int = 8, minute: int = 0) -> datetime:
    """A moment of the n-th day of a watch that counts from 20 October 2026, on the district's clock."""
    local = datetime(2026, 10, 20, hour, minute, tzinfo=clock.DISTRICT_ZONE) + timedelta(days=day)
    return local.astimezone(UTC)


def started(
    person: UUID | None = None, *, regime: str = "cn-2020", protocol: str = KEY, when: datetime | None = None,
    path: str = PLACE, **more: Any,
) -> OfficeRecord:  # fmt: skip
    """The record that starts a watch."""
    payload = {"person": str(person or ids.uuid7()), "regime": regime, "from": DAY0.isoformat()} | more
    return OfficeRecord(
        kind=Kind.STARTED, path=path, subject_type="watch", subject=ids.uuid7(), outcome="started",
        payload=payload, protocol=protocol, observed_at=when or at(0, 9),
    )  # fmt: skip


def start(actor: Actor, **more: Any) -> UUID:
    """Start a watch at a desk."""
    record = started(**more)
    submit_office(actor, [record])
    assert record.subject is not None
    return record.subject


def say(
    actor: Actor, kind: str, watch: UUID, outcome: str = "", *, when: datetime, protocol: str = KEY,
    path: str = PLACE, payload: Mapping[str, Any] | None = None, subject_type: str = "watch",
) -> None:  # fmt: skip
    """Say something about a watch at a desk."""
    record = OfficeRecord(
        kind=kind, path=path, subject_type=subject_type, subject=watch, outcome=outcome,
        payload=payload or {}, protocol=protocol, observed_at=when,
    )  # fmt: skip
    submit_office(actor, [record])


def seen(
    watch: UUID, outcome: str = "seen_ok", *, when: datetime, kind: str = Kind.SEEN, protocol: str = KEY,
    slot: str = "", area: str = PLACE, **payload: Any,
) -> dict[str, Any]:  # fmt: skip
    """A record of a slot as a phone writes it."""
    answers = {"temperature_c": 36.5} if outcome == "seen_ok" and kind == Kind.SEEN else {}
    return {
        "id": str(ids.uuid7()), "kind": str(kind), "subject": {"type": "watch", "id": str(watch)},
        "slot": slot, "outcome": outcome, "payload": answers | payload, "observed_at": when.isoformat(),
        "protocol": protocol, "area": area,
    }  # fmt: skip


def timeline(watch: UUID) -> Timeline:
    """The watch as its records make it."""
    return watches.watch(whole(DISTRICT), watch)


def send_at(actor: Actor, when: datetime, *records: Mapping[str, Any]) -> BatchAnswer:
    """Hand records in at a moment."""
    with clock.frozen(when):
        return send(actor, *records, sent_at=when)
