"""Values that hold for a time: versions of areas, their codes, their head counts."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from bulou.grid.terms import Area, PopulationKind


@dataclass(frozen=True, slots=True)
class AreaVersion:
    """One period of one area's history, with the reason why it began."""

    area: Area
    reason: str
    import_id: UUID | None


@dataclass(frozen=True, slots=True)
class Code:
    """One name of an area in somebody's numbering, for a time."""

    scheme: str
    code: str
    valid_from: date
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class Population:
    """Head count of one area by one way of counting."""

    path: str
    kind: PopulationKind
    n: int
    valid_from: date
