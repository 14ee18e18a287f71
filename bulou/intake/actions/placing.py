"""Where a subject first met in the field stands: doors and sites in the grid, people among people."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final
from uuid import UUID

from bulou.grid import projections as grid
from bulou.grid import queries as areas
from bulou.grid.terms import Found, Placed
from bulou.kernel import clock
from bulou.people import projections as people
from bulou.people.queries import found as people_queries
from bulou.people.terms import FoundPerson, PlaceKind

PERSON: Final = "person"


def register(district: str, rows: Sequence[Found], on: date) -> dict[UUID, Placed]:
    """Register what was found; answer where each stands. 6 queries at most. See `grid.register_found`.

    Of a person the area and the door are known from now on. What the finder called them is not kept.
    """
    met = [row for row in rows if row.subject_type == PERSON]
    things = [row for row in rows if row.subject_type != PERSON]
    placed = grid.register_found(district, things, on) if things else {}
    if not met:
        return placed
    there = areas.areas(district, sorted({row.path for row in met}), on)
    made = [_person(district, row) for row in met if row.path in there]
    people.register_found(made)
    return placed | _homes(district, [row.id for row in met], {row.id: row for row in met})


def placed(district: str, subjects: Sequence[UUID]) -> dict[UUID, Placed]:
    """Where these doors, sites and people stand; unknown ids are left out. 3 queries."""
    found = grid.placed(district, subjects)
    left = [one for one in subjects if one not in found]
    return found | _homes(district, left, {}) if left else found


def _person(district: str, row: Found) -> FoundPerson:
    kind = PlaceKind(row.kind) if row.kind in set(PlaceKind) else PlaceKind.DWELLING
    return FoundPerson(row.id, district, row.path, row.path, kind, clock.now())


def _homes(district: str, subjects: Sequence[UUID], met: Mapping[UUID, Found]) -> dict[UUID, Placed]:
    homes = people_queries.homes(district, subjects)
    return {one.id: replace(one, label=one.label or _said(met.get(one.id))) for one in homes.values()}


def _said(row: Found | None) -> str:
    return row.building if row else ""
