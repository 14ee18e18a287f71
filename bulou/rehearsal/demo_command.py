"""What the demo shows of command: areas with a level, one that waits for a second unit, an order."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from bulou.access.terms import Actor
from bulou.command.rules.zones import zone_id
from bulou.command.terms import USUAL, Kind, Level, OrderKind
from bulou.intake.actions.office import submit_office
from bulou.intake.terms import OfficeRecord
from bulou.kernel import clock, ids
from bulou.rehearsal.stage import Stage

DAYS = 7
ANSWER = timedelta(hours=4)


def play(stage: Stage, command: Actor, community: Actor, place: str) -> None:
    """A compound is sealed, its community is on guard, the next one is proposed; an order is read by one."""
    mine = [one for one in stage.district.compounds if one.path.startswith(f"{place}.")]
    other = next(one for one in stage.district.communities if one.path != place)
    now = clock.now()
    _set(stage, command, mine[0].path, Level.SEALED, now)
    _set(stage, command, place, Level.PRECAUTION, now)
    _set(stage, command, other.path, Level.CONTROLLED, now)
    order = ids.uuid7()
    told = {**stage.words["order"], "areas": [place, other.path],
            "answer_by": (now + ANSWER).isoformat()}  # fmt: skip
    _about(command, OrderKind.ISSUED, order, stage.district.code, told)
    _about(community, OrderKind.READ, order, place, {})


def _set(stage: Stage, command: Actor, path: str, level: Level, at: datetime) -> None:
    """Set a level; over a whole community a strict one then waits for a second unit."""
    payload = {
        **stage.words["zone"], "level": str(level), "from_at": at.isoformat(),
        "until": (at + timedelta(days=DAYS)).isoformat(), "measures": [str(one) for one in USUAL[level]],
    }  # fmt: skip
    record = OfficeRecord(
        kind=Kind.SET, path=path, subject_type="zone", subject=zone_id(path), payload=payload
    )  # fmt: skip
    submit_office(command, [record])


def _about(by: Actor, kind: OrderKind, order: UUID, path: str, payload: dict[str, Any]) -> None:
    record = OfficeRecord(kind=kind, path=path, subject_type="order", subject=order, payload=payload)
    submit_office(by, [record])
