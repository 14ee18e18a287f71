"""Objects of disinfection and places under an order: sites, rounds over them, jobs and sign-offs."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from bulou.access.terms import Actor, Role
from bulou.coverage.actions import open_round
from bulou.coverage.terms import Basis, Operation, Targets
from bulou.grid import models as grid
from bulou.intake.actions.office import submit_office
from bulou.intake.terms import BatchAnswer, OfficeRecord
from bulou.kernel import clock, ids
from bulou.protocols.queries import compiled
from tests.make.rounds import COMMUNITY, DISTRICT, SINCE, send, someone

DISINFECTION = "disinfection-round@1"
CLOSURE = "closure-check-round@1"


def sites(kind: str, n: int, *, path: str = f"{COMMUNITY}.c1") -> list[UUID]:
    """So many sites of a type, valid since the beginning of the year. Assumes a scope over the district."""
    rows = [
        grid.Site(
            id=ids.uuid7(), district=DISTRICT, path=path, area=path, type=kind, name=f"{kind} {number}",
            attributes={}, origin="import", valid_from=SINCE,
        )
        for number in range(1, n + 1)
    ]  # fmt: skip
    grid.Site.objects.bulk_create(rows)
    return [row.id for row in rows]


def object_round(
    types: Sequence[str], *, protocol: str = DISINFECTION, opens_at: datetime | None = None
) -> Operation:
    """A round over all sites of these types in the district, opened two hours ago."""
    return open_round(
        someone(Role.COMMAND, DISTRICT),
        protocol=protocol,
        path=DISTRICT,
        opens_at=opens_at or clock.now() - timedelta(hours=2),
        basis=Basis("传染病防治法", "district order 5"),
        targets=Targets(site_types=tuple(types)),
    )


def told(
    operation: Operation, subject: UUID, outcome: str, *, at: datetime | None = None, **answers: Any
) -> dict[str, Any]:
    """One record about an object as a phone writes it: the protocol's example with these answers."""
    protocol = compiled(operation.protocol)
    return {
        "id": str(ids.uuid7()),
        "kind": protocol.record,
        "operation": str(operation.id),
        "subject": {"type": "site", "id": str(subject)},
        "outcome": outcome,
        "payload": {**protocol.examples[outcome], **answers},
        "observed_at": (at or clock.now()).isoformat(),
        "protocol": operation.protocol,
    }


def work(actor: Actor, operation: Operation, subjects: Sequence[UUID], **answers: Any) -> BatchAnswer:
    """Jobs that are done, in one batch."""
    return send(actor, *(told(operation, subject, "done", **answers) for subject in subjects))


def sign_off(
    actor: Actor, operation: Operation, subjects: Sequence[UUID], *, outcome: str = "passed"
) -> None:
    """Sign-offs at a desk, all or none."""
    records = [
        OfficeRecord(
            kind="disinfection.signoff", path=f"{COMMUNITY}.c1", operation=operation.id, subject_type="site",
            subject=subject, outcome=outcome,
        )
        for subject in subjects
    ]  # fmt: skip
    submit_office(actor, records)
