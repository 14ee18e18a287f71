"""Reads of who was near whom at a site in the days before a release."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from bulou.cases import queries as cases
from bulou.kernel.scope import whole
from bulou.lines.isolation import models
from bulou.lines.isolation.rules import crossing
from bulou.lines.isolation.rules.crossing import Breach, Evidence, Presence
from bulou.lines.isolation.terms import BREACH, Stay
from bulou.watches.queries import watches


def stay_of_watch(district: str, watch: UUID) -> UUID | None:
    """The stay at a site whose watch this is; None for every other watch. 2 queries."""
    persons = watches.persons_of(district, [watch])
    rows = models.Stay.objects.filter(district=district, person__in=persons, watch=watch, site__isnull=False)
    return next(iter(rows.values_list("id", flat=True)), None)


def company(district: str, stay: Stay, at: datetime) -> dict[UUID, UUID]:
    """Everybody else who slept at the site in the window or does now: stay to person. 2 queries."""
    nights = _nights(district, stay, at)
    rows = models.Stay.objects.filter(district=district, id__in={one.stay for one in nights})
    return dict(rows.exclude(person=stay.person).values_list("id", "person"))


def evidence(district: str, stay: Stay, at: datetime, *, ill: Mapping[UUID, datetime]) -> Evidence:
    """What the records of the site say about a guest before release. At most 6 queries.

    `ill`: since when persons of the site are known as cases elsewhere; another line knows.
    """
    if stay.site is None:
        return crossing.evidence((), (), {}, (), at)
    floors = dict(models.Room.objects.filter(district=district, site=stay.site).values_list("id", "floor"))
    nights = [one for one in _nights(district, stay, at) if one.room in floors]
    rows = models.Stay.objects.filter(district=district, id__in={one.stay for one in nights})
    others = {row.id: row for row in rows.exclude(person=stay.person)}
    tested = watches.positives(district, [row.watch for row in others.values()], until=at)
    positives: dict[UUID, Sequence[datetime]] = {}
    for row in others.values():
        when = (*tested.get(row.watch, ()), *([ill[row.person]] if row.person in ill else []))
        if when:
            positives[row.id] = when
    mine = [
        Presence(stay.id, one.room, floors[one.room], one.since, one.until)
        for one in stay.nights
        if one.room in floors
    ]
    theirs = [
        Presence(one.stay, one.room, floors[one.room], one.since, one.until)
        for one in nights
        if one.stay in others
    ]
    return crossing.evidence(mine, theirs, positives, _breaches(district, stay), at)


def _nights(district: str, stay: Stay, at: datetime) -> list[models.Night]:
    """The nights of others at the site that reach into the window."""
    rooms = models.Room.objects.filter(district=district, site__in=[stay.site]).values("id")
    late = Q(until=None) | Q(until__gt=at - crossing.CLEAN)
    rows = models.Night.objects.filter(late, district=district, room__in=rooms, since__lte=at)
    return list(rows.exclude(stay=stay.id))


def _breaches(district: str, stay: Stay) -> list[Breach]:
    about = [stay.id, stay.watch, *([stay.site] if stay.site else [])]
    found = cases.all_about(whole(district), about, slugs=[BREACH])
    return [Breach(one.id, one.wish, one.opened_at, one.about != stay.site) for one in found]
