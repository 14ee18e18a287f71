"""Who is found by keyed hashes, as the person an entry stands for now."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any, Final
from uuid import UUID

from django.db import connection

from bulou.kernel import ids, sqlfiles
from bulou.people import models

ROOM: Final = "bulou.people"
NAME: Final = "full"
"""The hash of a whole name, which many share."""
Token = tuple[str, bytes]


def matches(
    district: str, tokens: Iterable[Token], *, near: Collection[str] | None = None
) -> dict[Token, list[tuple[UUID, str]]]:
    """Return for each hash that is there the people it leads to, each with the place where they are now.

    With `near`, a whole name leads only to people in these places and to those whom another hash leads to.
    2 queries and one for each kind of hash, in the open scope.
    """
    wanted: dict[str, set[bytes]] = defaultdict(set)
    for what, token in tokens:
        wanted[what].add(token)
    if not wanted:
        return {}
    hits: list[tuple[Token, UUID]] = []
    for what in sorted(wanted, key=lambda kind: (kind == NAME, kind)):
        values: dict[str, Any] = {"district": district, "what": what, "tokens": sorted(wanted[what])}
        statement = "matches"
        if what == NAME and near is not None:
            statement = "matches_near"
            values |= {"near": sorted(near), "people": ids.array({person for _, person in hits})}
        with connection.cursor() as cursor:
            cursor.execute(sqlfiles.load(ROOM, statement), values)
            hits += [((what, bytes(token)), person) for token, person in cursor.fetchall()]
    roots = _roots(district, {person for _, person in hits})
    found: dict[Token, dict[UUID, str]] = defaultdict(dict)
    for hit, person in hits:
        if person in roots:
            root, path = roots[person]
            found[hit][root] = path
    return {hit: list(people.items()) for hit, people in found.items()}


def _roots(district: str, people: set[UUID]) -> dict[UUID, tuple[UUID, str]]:
    """Each of these people as the one they stand for, with the place; those out of scope are left out."""
    rows = models.Person.objects.filter(district=district)
    own = {row[0]: row for row in rows.filter(id__in=people).values_list("id", "merged_into", "path")}
    wanted = {into for _, into, _ in own.values() if into is not None}
    whole = dict(rows.filter(id__in=wanted).values_list("id", "path")) if wanted else {}
    found: dict[UUID, tuple[UUID, str]] = {}
    for person, into, path in own.values():
        if into is None:
            found[person] = (person, path)
        elif into in whole:
            found[person] = (into, whole[into])
    return found
