"""Reads of people without identity. Each runs in a transaction that `kernel.scope` has opened."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q

from bulou.grid.terms import Placed
from bulou.kernel.problems import ProblemError
from bulou.kernel.reach import Scope
from bulou.people import models
from bulou.people.terms import FoundPerson, PlaceKind


def person(scope: Scope, person_id: UUID) -> FoundPerson:
    """Return one person. 1 query.

    Raises:
        ProblemError: `people.not_found` 404, also for people outside the scope.
    """
    row = models.Person.objects.filter(district__in=scope.districts, id=person_id).first()
    if row is None or not scope.covers(row.path):
        raise ProblemError("people.not_found", status=404)
    return _person(row)


def found(scope: Scope, path: str, *, after: UUID | None = None, limit: int = 100) -> Sequence[FoundPerson]:
    """Return the people who were found at or below a path, in the order of their ids. 1 query."""
    if not scope.covers(path):
        return ()
    district = path.partition(".")[0]
    inside = Q(path=path) | Q(path__gte=f"{path}.", path__lt=f"{path}/")
    rows = models.Person.objects.filter(inside, district=district).order_by("id")
    if after is not None:
        rows = rows.filter(id__gt=after)
    return tuple(_person(row) for row in rows[:limit])


def homes(district: str, people: Sequence[UUID]) -> dict[UUID, Placed]:
    """Where these people live, as lists call it; unknown ids are left out. 1 query."""
    rows = models.Person.objects.filter(district=district, id__in=people)
    return {row.id: Placed(row.id, row.path, row.area, row.building, row.label, row.sort) for row in rows}


def _person(row: models.Person) -> FoundPerson:
    return FoundPerson(
        row.id, row.district, row.path, row.area, PlaceKind(row.place_kind), row.found_at, row.origin
    )
