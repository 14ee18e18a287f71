"""People of a community, a testing round over them, and what stations, couriers and laboratories send."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from bulou.access.terms import Actor, Role
from bulou.coverage.actions import open_round
from bulou.coverage.terms import Basis, Operation, Targets
from bulou.kernel import clock, ids
from bulou.lines.testing.rules.payloads import tube_id
from bulou.people import models as people
from bulou.people.terms import ORIGIN_OFFICE
from tests.make.rounds import COMMUNITY, DISTRICT, someone

ROUND = "testing-round@1"
TUBES = "testing-tube@1"


def residents(n: int, *, compound: str = f"{COMMUNITY}.c1", door: str = "1 {n:03d}") -> list[UUID]:
    """`n` people of a compound, two behind each door, as an import leaves them. Assumes a scope."""
    made = [
        people.Person(
            id=ids.uuid7(), district=DISTRICT, path=compound, area=compound, held_path=compound,
            place_kind="dwelling", origin=ORIGIN_OFFICE, found_at=clock.now(), building="1",
            label=door.format(n=k // 2 + 1), sort=f"{k // 2 + 1:05d}",
        )
        for k in range(n)
    ]  # fmt: skip
    people.Person.objects.bulk_create(made)
    return [one.id for one in made]


def round_of_tests(
    *,
    path: str = DISTRICT,
    by: Actor | None = None,
    opens_at: datetime | None = None,
    targets: Targets | None = None,
) -> Operation:
    """A testing round, opened two hours ago."""
    return open_round(
        by or someone(Role.COMMAND, DISTRICT), protocol=ROUND, path=path,
        opens_at=opens_at or clock.now() - timedelta(hours=2), basis=Basis("传染病防治法", "order 7"),
        targets=targets or Targets(),
    )  # fmt: skip


def swab(
    operation: Operation,
    person: UUID,
    tube: str,
    *,
    outcome: str = "sampled",
    at: datetime | None = None,
    payload: dict[str, Any] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """One sample as a station sends it."""
    said = {"tube": tube, "size": 10, "rule": "ten", "site": "hall", "table": "1", **(payload or {})}
    return {
        "id": str(ids.uuid7()), "kind": "testing.sample", "operation": str(operation.id),
        "subject": {"type": "person", "id": str(person)}, "outcome": outcome, "payload": said,
        "observed_at": (at or clock.now()).isoformat(), "protocol": operation.protocol,
    } | more  # fmt: skip


def tried(operation: Operation, person: UUID, outcome: str = "absent", **payload: Any) -> dict[str, Any]:
    """One attempt that met nobody, or an excuse."""
    made = swab(operation, person, "", outcome=outcome)
    return made | {"payload": payload}


def withdrawal(of: dict[str, Any]) -> dict[str, Any]:
    """The wrong scan undone by who scanned."""
    return of | {
        "id": str(ids.uuid7()), "withdraws": of["id"], "payload": {}, "observed_at": clock.now().isoformat(),
    }  # fmt: skip


def all_in(operation: Operation, persons: Sequence[UUID], tube: str, **more: Any) -> list[dict[str, Any]]:
    """One after another into the same tube."""
    return [swab(operation, one, tube, **more) for one in persons]


def of_tube(operation: Operation, subject: UUID, kind: str, outcome: str, **payload: Any) -> dict[str, Any]:
    """What happens to a tube or a bag: no unit of the round, so the payload names the round."""
    what = "bag" if kind in {"testing.taken", "testing.received"} else "tube"
    return {
        "id": str(ids.uuid7()), "kind": kind, "subject": {"type": what, "id": str(subject)},
        "outcome": outcome, "payload": {"round": str(operation.id), **payload},
        "observed_at": clock.now().isoformat(), "protocol": TUBES, "area": COMMUNITY,
    }  # fmt: skip


def sealed(operation: Operation, code: str, n: int) -> dict[str, Any]:
    """The tube is closed with so many people in it."""
    return of_tube(operation, tube_id(operation.id, code), "testing.sealed", "sealed", tube=code, n=n)


def bag(operation: Operation, bag_id: UUID, codes: Sequence[str], *, kind: str = "taken") -> dict[str, Any]:
    """A courier or a laboratory has counted these tubes."""
    return of_tube(operation, bag_id, f"testing.{kind}", kind, tubes=list(codes), n=len(codes), who="car 3")


def result(operation: Operation, code: str, outcome: str, **payload: Any) -> dict[str, Any]:
    """What the laboratory says about a tube."""
    return of_tube(operation, tube_id(operation.id, code), "testing.result", outcome, tube=code, **payload)
