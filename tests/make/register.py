"""Records about people who came, as a phone or a desk tells them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from bulou.access.terms import Actor, Role
from bulou.intake.actions.office import submit_office
from bulou.intake.terms import OfficeRecord, Result
from bulou.kernel import clock, ids
from bulou.lines.screening.terms import Kind
from tests.make.rounds import COMMUNITY, DISTRICT, someone

WUHAN: dict[str, Any] = {"place": "湖北武汉", "code": "420100"}
RULE = {"risk": "key_person", "places": ["武汉"], "codes": ["4201"], "from_on": "2020-01-14"}


def came(person: UUID | None = None, *, at: datetime | None = None, **told: Any) -> dict[str, Any]:
    """One record of somebody who came, as a phone sends it."""
    return {
        "id": str(ids.uuid7()),
        "kind": Kind.PERSON.value,
        "subject": {"type": "person", "id": str(person or ids.uuid7())},
        "outcome": "registered",
        "payload": {"trigger": "returnee", "channel": "at_door", **told},
        "observed_at": (at or clock.now()).isoformat(),
        "area": COMMUNITY,
    }


def say(
    by: Actor, kind: Kind, subject: UUID, *, outcome: str = "", path: str = COMMUNITY, **payload: Any
) -> Result:
    """One record at a desk."""
    return submit_office(
        by,
        [
            OfficeRecord(
                kind=kind, path=path, subject_type="person", subject=subject, outcome=outcome, payload=payload
            )
        ],
    )[0]


def set_rule(*clauses: Mapping[str, Any], by: Actor | None = None) -> UUID:
    """A new version of the risk rule of the district."""
    rule = ids.uuid7()
    command = by or someone(Role.COMMAND, DISTRICT)
    made: Sequence[Mapping[str, Any]] = clauses or (RULE,)
    say(command, Kind.RULE, rule, path=DISTRICT, clauses=list(made), reason="order 3 of the district")
    return rule


def merge(drop: UUID, keep: UUID, by: Actor, other: Actor) -> None:
    """Two officers merge two entries."""
    proposal = say(by, Kind.MERGE_PROPOSED, drop, keep=str(keep), reason="the same number")
    say(other, Kind.MERGED, drop, proposal=proposal.id)
