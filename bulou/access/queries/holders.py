"""Who works in an area: those to whom an order goes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from bulou.access import models
from bulou.access.terms import Role


@dataclass(frozen=True, slots=True)
class Holder:
    """One person with a role in an area (在岗人员)."""

    account_id: UUID
    display_name: str
    team: str
    role: Role
    path: str


def holders(areas: Collection[str], at: datetime, *, roles: Sequence[Role] = ()) -> tuple[Holder, ...]:
    """Return who holds a role at or below these areas at a moment, each grant once, by path. 1 query.

    With roles only those. Emergency roles and closed accounts are left out.
    """
    within = Q(pk__in=())
    for area in areas:
        within |= Q(path=area) | Q(path__gte=f"{area}.", path__lt=f"{area}/")
    rows = models.Grant.objects.filter(
        within, Q(valid_until=None) | Q(valid_until__gt=at), valid_from__lte=at, account__is_active=True,
        by_glass=False,
    )  # fmt: skip
    if roles:
        rows = rows.filter(role__in=[role.value for role in roles])
    found = rows.select_related("account").order_by("path", "account__name", "id")
    return tuple(
        Holder(row.account_id, row.account.display_name, row.account.team, Role(row.role), row.path)
        for row in found
    )
