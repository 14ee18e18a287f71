"""Steps of one finding, told with the least words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from bulou.ledger.terms import Entry
from bulou.lines.supervision.rules import folding
from bulou.lines.supervision.terms import Finding
from tests.make.lines import LIN, SUN, after, entry

FINDING = uuid4()
UNIT_TEAM = "community-3"


@dataclass(frozen=True, slots=True)
class Known:
    """What intake knows: the records of each subject."""

    history: Mapping[UUID, Sequence[Entry]] = field(default_factory=dict)


def found(severity: str = "serious", **more: Any) -> Entry:
    """The finding itself."""
    payload = {"severity": severity, "text": "Grid workers are not at their post", **more}
    return entry("supervision.finding", subject=FINDING, payload=payload)


def told(**at: float) -> Entry:
    """The unit is told."""
    return entry("supervision.told", subject=FINDING, at=after(**at), payload={"unit": "Community 3"})


def plan(owner: UUID = LIN, **at: float) -> Entry:
    """A plan with its owner."""
    payload = {"owner": str(owner), "owner_team": UNIT_TEAM, "unit": "Community 3"}
    return entry(
        "supervision.plan", subject=FINDING, at=after(**at), author=LIN, team=UNIT_TEAM, payload=payload
    )


def fixed(author: UUID = LIN, team: str = UNIT_TEAM, **at: float) -> Entry:
    """Fixed, with a photo."""
    payload = {"evidence": ["photo-1"]}
    return entry(
        "supervision.fixed", subject=FINDING, at=after(**at), author=author, team=team, payload=payload
    )


def recheck(outcome: str = "passed", author: UUID = SUN, team: str = "supervision-5", **at: float) -> Entry:
    """A re-check by supervision."""
    return entry(
        "supervision.recheck", subject=FINDING, at=after(**at), author=author, team=team, outcome=outcome
    )


def state(*entries: Entry) -> Finding:
    """The finding after these records."""
    timeline = folding.fold(entries)
    assert timeline is not None
    return timeline.finding


def whole_way() -> list[Entry]:
    """From the finding to its closing."""
    return [found(), told(minutes=30), plan(hours=1), fixed(hours=2), recheck(hours=3)]
