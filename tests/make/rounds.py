"""A small district with doors, a round over it, and phones' batches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from psycopg.types.range import Range

from bulou.access.terms import Actor, Grant, Role
from bulou.coverage.actions import open_round
from bulou.coverage.terms import Basis, Operation, Targets
from bulou.grid import models as grid
from bulou.intake.actions.submitting import submit
from bulou.intake.terms import BatchAnswer
from bulou.kernel import clock, ids
from bulou.kernel.scope import transaction, whole
from tests.make import protocols

DISTRICT = "220303"
COMMUNITY = f"{DISTRICT}.001.005"
SCREENING = "household-screening-round@1"
SINCE = date(2026, 1, 1)
AGES_AGO = datetime(2020, 1, 1, tzinfo=UTC)
DONE = {"met": "adult", "n_persons": 3, "returned": "no", "contact_with_case": "no"}
ABSENT = {"met": "nobody", "notice_serial": "N-0001"}


def someone(
    role: Role, path: str, *, device: bool = False, team: str = "team one", account: UUID | None = None
) -> Actor:
    """An actor with one role, without the detour over accounts."""
    device_id = ids.uuid7() if device else None
    return Actor(
        account or ids.uuid7(), "someone", "Someone", team, (Grant(role, path, AGES_AGO),), device_id
    )


@dataclass
class Street:
    """A community with compounds c1, c2 … and their doors, in walking order."""

    doors: dict[str, list[UUID]] = field(default_factory=dict)

    @property
    def all_doors(self) -> list[UUID]:
        """Every door."""
        return [door for doors in self.doors.values() for door in doors]


def street(*, compounds: int = 2, doors: int = 5) -> Street:
    """Areas and doors, valid since the beginning of the year. Assumes a scope over the district."""
    protocols.library()
    made = Street()
    valid = Range(SINCE, None)
    places = [(DISTRICT, "district"), (f"{DISTRICT}.001", "street"), (COMMUNITY, "community")]
    places += [(f"{COMMUNITY}.c{n}", "compound") for n in range(1, compounds + 1)]
    for path, level in places:
        grid.Area.objects.create(
            district=DISTRICT, area=ids.uuid7(), level=level, path=path, name=path, short_name=path,
            kind={"compound": "compound_managed"}.get(level, level), valid=valid,
        )  # fmt: skip
    for n in range(1, compounds + 1):
        path = f"{COMMUNITY}.c{n}"
        rows = [
            grid.Dwelling(
                id=ids.uuid7(), district=DISTRICT, path=path, area=path, building="1", door=f"{d:03d}",
                sort=f"{d:05d}", kind="home", origin="import", valid_from=SINCE,
            )
            for d in range(1, doors + 1)
        ]  # fmt: skip
        grid.Dwelling.objects.bulk_create(rows)
        made.doors[path] = [row.id for row in rows]
    return made


def screening(
    *, path: str = DISTRICT, opens_at: datetime | None = None, by: Actor | None = None
) -> Operation:
    """A household screening round over the district, opened two hours ago."""
    return open_round(
        by or someone(Role.COMMAND, DISTRICT),
        protocol=SCREENING,
        path=path,
        opens_at=opens_at or clock.now() - timedelta(hours=2),
        basis=Basis("传染病防治法", "district order 1"),
        targets=Targets(),
    )


def visit(
    operation: Operation,
    subject: UUID,
    outcome: str = "done",
    *,
    at: datetime | None = None,
    payload: Mapping[str, Any] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """One record as a phone writes it."""
    known: Mapping[str, Mapping[str, Any]] = {"done": DONE, "absent_notice_left": ABSENT}
    answers = known.get(outcome, {"met": "nobody"})
    return {
        "id": str(ids.uuid7()),
        "kind": "screening.visit",
        "operation": str(operation.id),
        "subject": {"type": "dwelling", "id": str(subject)},
        "outcome": outcome,
        "payload": dict(answers if payload is None else payload),
        "observed_at": (at or clock.now()).isoformat(),
        "protocol": operation.protocol,
    } | more


def batch(records: Sequence[Mapping[str, Any]], *, sent_at: datetime | None = None) -> bytes:
    """A batch as a phone sends it."""
    return msgspec.json.encode({"sent_at": (sent_at or clock.now()).isoformat(), "records": list(records)})


def send(actor: Actor, *records: Mapping[str, Any], sent_at: datetime | None = None) -> BatchAnswer:
    """Hands the records in as one batch."""
    return submit(actor, batch(records, sent_at=sent_at))


def standings(answer: BatchAnswer) -> list[str]:
    """The standing of each record, in order."""
    return [str(result.standing) for result in answer.results]


__all__ = ["transaction", "whole"]
