"""Who looked at somebody's identity: for the person, and for supervision."""

from datetime import datetime
from uuid import UUID

from bulou.people import models
from bulou.people.queries import identity
from bulou.people.terms import Field, Look, Purpose, ReadRow


def of_person(
    district: str, person: UUID, *, since: datetime | None = None, limit: int = 200
) -> tuple[ReadRow, ...]:
    """Every look at one person, under whatever id, newest first. 3 queries, within the open scope.

    Grain: one row for each person and act. The person may see all of it.
    """
    rows = models.Read.objects.filter(district=district, person__in=identity.ids_of(district, person))
    if since is not None:
        rows = rows.filter(at__gte=since)
    return tuple(_row(row) for row in rows.order_by("-at", "-id")[:limit])


def by_account(
    district: str, account: UUID, *, since: datetime, limit: int = 500
) -> tuple[tuple[UUID, ReadRow], ...]:
    """Whom one account looked at since a moment, newest first: person and look. 1 query in the open scope."""
    rows = models.Read.objects.filter(district=district, account=account, at__gte=since)
    return tuple((row.person, _row(row)) for row in rows.order_by("-at", "-id")[:limit])


def _row(row: models.Read) -> ReadRow:
    known = {field.value for field in Field}
    return ReadRow(
        row.at, row.account, row.role, row.unit, Look(row.look), Purpose(row.purpose), row.reason,
        tuple(Field(field) for field in row.fields if field in known),
    )  # fmt: skip
