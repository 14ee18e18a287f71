"""A post and its records, as a phone at a gate sends them."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from bulou.grid import models as grid
from bulou.kernel import clock, ids
from bulou.ledger.terms import Entry
from tests.make.rounds import COMMUNITY, DISTRICT, SINCE

GATE = f"{COMMUNITY}.c1"


def post(path: str = GATE, *, name: str = "south gate", kind: str = "compound_gate") -> UUID:
    """Return a place at which people stand. Assumes a scope over the district."""
    made = ids.uuid7()
    grid.Site.objects.create(
        id=made, district=DISTRICT, path=path, area=path, type=kind, name=name, origin="import",
        valid_from=SINCE,
    )  # fmt: skip
    return made


def record(
    kind: str,
    outcome: str,
    payload: dict[str, Any],
    *,
    subject: UUID | None = None,
    at: datetime | None = None,
    area: str = GATE,
) -> dict[str, Any]:
    """Return one record of the line."""
    return {
        "id": str(ids.uuid7()),
        "kind": f"checkpoint.{kind}",
        "subject": {"type": kind, "id": str(subject or ids.uuid7())},
        "outcome": outcome,
        "payload": payload,
        "observed_at": (at or clock.now()).isoformat(),
        "area": area,
    }


def passage(post_id: UUID, outcome: str = "admitted", **more: Any) -> dict[str, Any]:
    """Return a passage inwards of two; `at`, `subject` and `area` go to the record, the rest are answers."""
    about = {key: more.pop(key) for key in ("at", "subject", "area") if key in more}
    answers = {"post": str(post_id), "direction": "in", "n_persons": 2, **more}
    return record("passage", outcome, answers, **about)


def payload_of(entry: Entry) -> dict[str, Any]:
    """Return the payload of a kept record."""
    read: dict[str, Any] = json.loads(entry.payload)
    return read
