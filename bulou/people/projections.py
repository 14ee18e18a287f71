"""Records to rows: people who were found, where they are now, who is whom, when their duties end."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from bulou.kernel import sqlfiles
from bulou.people import models
from bulou.people.rules import retention
from bulou.people.terms import ORIGIN_FIELD, FoundPerson, Keep

ROOM = "bulou.people"
PLACED = ("people_person", "people_identity", "people_token", "people_dispute")


def register_found(rows: Sequence[FoundPerson]) -> None:
    """Register people; one who is there already stays as first registered. 1 query.

    Assumes: the transaction that appends, and a scope that holds the rows.
    """
    models.Person.objects.bulk_create(
        [
            models.Person(
                id=row.person_id, district=row.district, path=row.path, area=row.area, held_path=row.path,
                place_kind=row.place_kind, origin=row.origin, found_at=row.found_at,
            )
            for row in sorted(rows, key=lambda row: row.person_id)
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def place(district: str, places: Mapping[UUID, str]) -> None:
    """Guarantees what is held about these people lies where they are now: its readers go with the place.

    4 queries. Assumes: a scope over the whole district.
    """
    if not places:
        return
    people = sorted(places)
    values: dict[str, Any] = {
        "district": district,
        "people": people,
        "paths": [places[one] for one in people],
    }
    for table in PLACED:
        name = "place_person" if table == "people_person" else "place"
        statement = sqlfiles.load(ROOM, name).replace("/*table*/", table)
        with connection.cursor() as cursor:
            cursor.execute(statement, values)


def unplace(district: str, people: Sequence[UUID]) -> None:
    """Guarantees nothing is left of what a register told about these people, who stand in none. 6 queries.

    Who is held goes back to where that was entered; who was only found by a record is not there any more.
    """
    if not people:
        return
    rows = models.Person.objects.filter(district=district, id__in=list(people))
    held = models.Identity.objects.filter(district=district, person__in=list(people)).values("person")
    rows.filter(origin=ORIGIN_FIELD).exclude(id__in=held).delete()
    place(district, dict(rows.values_list("id", "held_path")))


def alias(district: str, roots: Mapping[UUID, UUID | None]) -> None:
    """Guarantees each of these ids leads to the person it was merged into, or (None) to itself. 1 query."""
    if not roots:
        return
    people = sorted(roots)
    with connection.cursor() as cursor:
        cursor.execute(
            sqlfiles.load(ROOM, "alias"),
            {"district": district, "people": people, "roots": [roots[one] for one in people]},
        )


def duties(district: str, until: Mapping[UUID, date | None], *, source: str = "watch") -> None:
    """Guarantees the clocks of these people start after the last day that a line tells; None takes it back.

    5 queries. `source` names the line, so that several can speak about one person.
    """
    if not until:
        return
    gone = [one for one, day in until.items() if day is None]
    models.DutyEnd.objects.filter(district=district, source=source, person__in=gone).delete()
    models.DutyEnd.objects.bulk_create(
        [
            models.DutyEnd(district=district, person=one, source=source, until=day)
            for one, day in sorted(until.items())
            if day is not None
        ],
        update_conflicts=True,
        unique_fields=["district", "person", "source"],
        update_fields=["until"],
    )  # fmt: skip
    _wind(district, sorted(until))


def duties_anew(district: str, until: Mapping[UUID, date], *, source: str) -> None:
    """Guarantees a line's duties are exactly these: for its rebuild. 6 queries."""
    told = models.DutyEnd.objects.filter(district=district, source=source)
    gone = set(told.values_list("person", flat=True)) - until.keys()
    duties(district, {**dict.fromkeys(gone), **until}, source=source)


def reset(district: str) -> None:
    """Put everybody back to where they were held, as nobody's double and without a duty of the register.

    The line of screening then tells it again: see its `rebuild`.
    """
    rows = models.Person.objects.filter(district=district)
    place(district, dict(rows.values_list("id", "held_path")))
    alias(district, dict.fromkeys(rows.values_list("id", flat=True)))
    ended = models.DutyEnd.objects.filter(district=district, source="register")
    people = list(ended.values_list("person", flat=True))
    ended.delete()
    _wind(district, people)


def _wind(district: str, people: Sequence[UUID]) -> None:
    """Set the clocks anew: so many days after the later of holding and the last duty."""
    last: dict[UUID, date] = {}
    for person, day in models.DutyEnd.objects.filter(district=district, person__in=people).values_list(
        "person", "until"
    ):
        last[person] = max(day, last.get(person, day))
    held = models.Identity.objects.filter(district=district, person__in=people).order_by("id")
    ends = {
        one: retention.expires_at(Keep(keep), held_at, last.get(person))
        for one, person, keep, held_at in held.values_list("id", "person", "keep", "held_at")
    }
    if ends:
        values: dict[str, Any] = {"district": district, "ids": list(ends), "ends": list(ends.values())}
        with connection.cursor() as cursor:
            cursor.execute(sqlfiles.load(ROOM, "wind"), values)
