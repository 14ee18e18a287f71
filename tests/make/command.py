"""Zones and orders as a desk tells them, with the least words."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from bulou.access.terms import Actor, Role
from bulou.command.queries import zones as queries
from bulou.command.rules.zones import zone_id
from bulou.command.terms import Kind, Level, OrderKind, Zone
from bulou.intake.actions.office import submit_office
from bulou.intake.terms import OfficeRecord
from bulou.kernel import clock, ids
from bulou.kernel.scope import whole
from tests.make.rounds import COMMUNITY, DISTRICT, someone

COMPOUND = f"{COMMUNITY}.c1"


def office(role: Role = Role.COMMAND, path: str = DISTRICT, *, team: str = "command office") -> Actor:
    """Somebody who may set zones."""
    return someone(role, path, team=team)


def decision(
    level: Level = Level.SEALED, *, path: str = COMPOUND, when: datetime | None = None,
    from_at: datetime | None = None, days: float = 7, **more: Any,
) -> OfficeRecord:  # fmt: skip
    """The record that sets a level."""
    begins = from_at or when or clock.now()
    payload = {
        "level": str(level), "from_at": begins.isoformat(),
        "until": (begins + timedelta(days=days)).isoformat(), "law": "Law on infectious diseases, art. 39",
        "number": "order 12", "issuer": "district command", "reason": "a tube was positive",
        "evidence": "report 7", "measures": ["stay_home"],
    } | more  # fmt: skip
    return told(Kind.SET, path, payload, when=when)


def told(kind: Kind, path: str, payload: dict[str, Any], *, when: datetime | None = None) -> OfficeRecord:
    """One record about an area."""
    return OfficeRecord(
        kind=kind, path=path, subject_type="zone", subject=zone_id(path), payload=payload,
        observed_at=when, id=ids.uuid7(when),
    )  # fmt: skip


def set_zone(by: Actor, level: Level = Level.SEALED, **more: Any) -> UUID:
    """Set a level at a desk."""
    record = decision(level, **more)
    submit_office(by, [record])
    assert record.id is not None
    return record.id


def second(by: Actor, zone: UUID, *, path: str, when: datetime | None = None) -> None:
    """Say the second word."""
    submit_office(by, [told(Kind.SECONDED, path, {"decision": str(zone)}, when=when)])


def end(by: Actor, *, path: str = COMPOUND, when: datetime | None = None) -> None:
    """End what holds."""
    submit_office(by, [told(Kind.ENDED, path, {"reason": "nobody new is ill"}, when=when)])


def of(path: str = COMPOUND) -> tuple[Zone, ...]:
    """All decisions about an area, oldest first."""
    return queries.of_area(DISTRICT, path)[::-1]


def level_at(path: str, at: datetime) -> Level:
    """The level of an area at a moment."""
    zone = queries.zone_at(whole(DISTRICT).districts[0], path, at)
    return zone.level if zone else Level.NORMAL


def issue(by: Actor, *, path: str = DISTRICT, when: datetime | None = None, **more: Any) -> UUID:
    """Issue an order at a desk."""
    now = when or clock.now()
    payload = {
        "number": "2026-12", "title": "Knock again", "text": "Every door that was closed, before nine.",
        "unit": "district command", "areas": [COMMUNITY], "answer_by": (now + timedelta(hours=4)).isoformat(),
    } | more  # fmt: skip
    subject = ids.uuid7(now)
    about_order(by, OrderKind.ISSUED, subject, payload, path=path, when=when)
    return subject


def about_order(
    by: Actor, kind: OrderKind, order: UUID, payload: dict[str, Any] | None = None, *,
    path: str = COMMUNITY, when: datetime | None = None,
) -> None:  # fmt: skip
    """Say something about an order."""
    record = OfficeRecord(
        kind=kind, path=path, subject_type="order", subject=order, payload=payload or {}, observed_at=when,
    )  # fmt: skip
    submit_office(by, [record])
