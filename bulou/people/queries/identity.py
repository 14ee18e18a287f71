"""Reads about what is held: reasons, ends, objections, doubles. Never a name: see actions.reading."""

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import Q

from bulou.kernel import sqlfiles
from bulou.kernel.scope import Scope
from bulou.people import models
from bulou.people.terms import (
    Alike,
    Certificate,
    Disputed,
    DisputeRow,
    Field,
    HeldAbout,
    Keep,
    Pair,
    Purpose,
    Trigger,
)

ROOM: Final = "bulou.people"
ALIKE: Final = {"number": Alike.NUMBER, "phone": Alike.PHONE, "full": Alike.NAME}


def held_about(district: str, person: UUID) -> tuple[HeldAbout, ...]:
    """What is held about somebody, under whatever id, why and until when. 2 queries in the open scope."""
    rows = models.Identity.objects.filter(district=district, person__in=ids_of(district, person))
    return tuple(
        HeldAbout(
            row.id, row.person, row.path, Keep(row.keep), Trigger(row.trigger), Purpose(row.purpose),
            row.basis, row.reason, tuple(field for field in Field if field in row.sealed), row.held_at,
            row.expires_at,
        )
        for row in rows.order_by("held_at", "id")
    )  # fmt: skip


def ids_of(district: str, person: UUID) -> list[UUID]:
    """The ids under which one person is known: the one asked for, its root and their doubles. 2 queries."""
    root = models.Person.objects.filter(district=district, id=person).values_list("merged_into", flat=True)
    own = next(iter(root), None) or person
    doubles = models.Person.objects.filter(district=district, merged_into=own).values_list("id", flat=True)
    return [own, *doubles]


def held(district: str, people: Collection[UUID]) -> frozenset[UUID]:
    """Which of these people anything is held about. 1 query."""
    rows = models.Identity.objects.filter(district=district, person__in=set(people))
    return frozenset(rows.values_list("person", flat=True))


def disputes(scope: Scope, *, person: UUID | None = None, open_only: bool = False) -> tuple[DisputeRow, ...]:
    """Objections within the scope, oldest first, at most 200. 1 query."""
    rows = models.Dispute.objects.filter(district__in=scope.districts)
    if person is not None:
        rows = rows.filter(person=person)
    if open_only:
        rows = rows.filter(state=Disputed.OPEN)
    return tuple(
        DisputeRow(
            row.id, row.person, Field(row.field), Disputed(row.state), row.reason, row.made_at,
            row.settled_at, row.answer,
        )
        for row in rows.order_by("made_at", "id")[:200]
        if scope.covers(row.path)
    )  # fmt: skip


def pairs(scope: Scope, path: str, *, limit: int = 200) -> tuple[Pair, ...]:
    """People below a path who may be one, each pair once with its strongest reason. 1 query."""
    if not scope.covers(path):
        return ()
    with connection.cursor() as cursor:
        cursor.execute(
            sqlfiles.load(ROOM, "pairs"),
            {"district": path.partition(".")[0], "path": path, "limit": limit * 3},
        )
        found = cursor.fetchall()
    first: dict[tuple[UUID, UUID], Alike] = {}
    for what in ("number", "phone", "full"):
        for one, other, why in found:
            if why == what:
                first.setdefault((one, other), ALIKE[what])
    return tuple(Pair(one, other, alike) for (one, other), alike in first.items())[:limit]


def certificates(scope: Scope, *, limit: int = 100) -> tuple[Certificate, ...]:
    """What was destroyed, newest first. 1 query."""
    rows = models.Certificate.objects.filter(district__in=scope.districts).order_by("-made_at", "-id")[:limit]
    return tuple(
        Certificate(row.id, row.made_at, row.n, row.by_keep, row.ids_hash, tuple(row.keys_destroyed))
        for row in rows
    )


def held_counts(district: str, path: str, at: datetime) -> dict[Keep, int]:
    """How many identities are held at or below a path, by class, and not over at that moment. 1 query."""
    inside = Q(path=path) | Q(path__gte=f"{path}.", path__lt=f"{path}/")
    rows = models.Identity.objects.filter(inside, district=district, expires_at__gt=at)
    counts: dict[Keep, int] = {}
    for keep in rows.values_list("keep", flat=True).iterator():
        counts[Keep(keep)] = counts.get(Keep(keep), 0) + 1
    return counts
