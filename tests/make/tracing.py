"""Cases, meetings and visits, as a desk tells them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from bulou.access.terms import Actor, Role
from bulou.intake.actions.office import submit_office
from bulou.intake.terms import OfficeRecord, Result
from bulou.kernel import clock, ids
from bulou.lines.tracing.terms import Kind
from tests.make.rounds import COMMUNITY, DISTRICT, someone

DAY0 = date(2026, 10, 20)
"""The day of the first symptoms in these stories."""


def at(day: int, hour: int = 8, minute: int = 0) -> datetime:
    """A moment of the n-th day after the first symptoms, on the district's clock."""
    local = datetime(2026, 10, 20, hour, minute, tzinfo=clock.DISTRICT_ZONE) + timedelta(days=day)
    return local.astimezone(UTC)


def record(
    kind: Kind, subject: UUID, *, outcome: str = "", path: str = COMMUNITY,
    when: datetime | None = None, **payload: Any,
) -> OfficeRecord:  # fmt: skip
    """One record of a desk."""
    told = {key: value.isoformat() if isinstance(value, date) else value for key, value in payload.items()}
    told = {key: str(value) if isinstance(value, UUID) else value for key, value in told.items()}
    about = "rule" if kind is Kind.REGIME else "person"
    return OfficeRecord(
        kind=kind, path=path, subject_type=about, subject=subject, outcome=outcome,
        payload=told, observed_at=when, id=ids.uuid7(),
    )  # fmt: skip


def say(by: Actor | None, *records: OfficeRecord) -> list[Result]:
    """Tell them at a desk of the community."""
    return submit_office(by or someone(Role.COMMUNITY_OFFICER, COMMUNITY), records)


def case(person: UUID | None = None, *, outcome: str = "confirmed", **more: Any) -> OfficeRecord:
    """Somebody whom the health authority reported, ill since the first day of the story."""
    return record(Kind.CASE, person or ids.uuid7(), outcome=outcome, **{"onset_on": DAY0, **more})


def met(
    contact: UUID, source: UUID | None, began: datetime, minutes: int = 30, *, path: str = COMMUNITY,
    **more: Any,
) -> OfficeRecord:  # fmt: skip
    """Two people met."""
    told = {"source": source, "began_at": began, "ended_at": began + timedelta(minutes=minutes), **more}
    return record(Kind.EXPOSURE, contact, path=path, **{k: v for k, v in told.items() if v is not None})


def visited(person: UUID, place: UUID, began: datetime, minutes: int = 30, **more: Any) -> OfficeRecord:
    """Somebody was at a place."""
    ended = began + timedelta(minutes=minutes)
    return record(Kind.VISIT, person, place=place, began_at=began, ended_at=ended, **more)


def rule(key: str, **changes: Any) -> OfficeRecord:
    """The command says which rule holds."""
    return record(
        Kind.REGIME, ids.uuid7(), path=DISTRICT, key=key, reason="order 5 of the district", **changes
    )
