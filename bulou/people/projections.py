"""Records to rows: people who were found in the field enter the register by the record that found them."""

from collections.abc import Sequence

from bulou.people import models
from bulou.people.terms import FoundPerson


def register_found(rows: Sequence[FoundPerson]) -> None:
    """Register people; one who is there already stays as first registered. 1 query.

    Assumes: the transaction that appends, and a scope that holds the rows.
    """
    models.Person.objects.bulk_create(
        [
            models.Person(
                id=row.person_id, district=row.district, path=row.path, area=row.area,
                place_kind=row.place_kind, origin=row.origin, found_at=row.found_at,
            )
            for row in sorted(rows, key=lambda row: row.person_id)
        ],
        ignore_conflicts=True,
    )  # fmt: skip
