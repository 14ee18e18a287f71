"""Reads of sites: the rooms of one site as they stand, its checks and who is on duty."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from bulou.lines.isolation import models
from bulou.lines.isolation.rules.sites import room_state
from bulou.lines.isolation.terms import (
    Check,
    Duty,
    Group,
    Night,
    Room,
    RoomRow,
    Tidiness,
    Turned,
    Zone,
)


def rooms(district: str, site: UUID) -> tuple[RoomRow, ...]:
    """The rooms of a site as they stand now, by floor and number, with who is in them. 3 queries."""
    listed = [_room(row) for row in models.Room.objects.filter(district=district, site=site)]
    wanted = [room.id for room in listed]
    turned = {row.room: row for row in models.Turned.objects.filter(district=district, room__in=wanted)}
    nights: dict[UUID, list[Night]] = {}
    told = models.Night.objects.filter(district=district, room__in=wanted).order_by("since", "stay")
    guests: dict[UUID, list[UUID]] = {}
    for row in told:
        nights.setdefault(row.room, []).append(Night(row.room, row.since, row.until))
        if row.until is None:
            guests.setdefault(row.room, []).append(row.stay)
    return tuple(
        RoomRow(
            room, *room_state(nights.get(room.id, ()), _turned(turned.get(room.id))),
            tuple(guests.get(room.id, ())),
        )
        for room in sorted(listed, key=lambda room: (room.floor, len(room.number), room.number))
    )  # fmt: skip


def _room(row: models.Room) -> Room:
    zone, area = Zone(row.zone), Tidiness(row.area)
    return Room(row.id, row.site, row.number, row.floor, zone, area, row.beds, row.barrier_free)


def _turned(row: models.Turned | None) -> Turned | None:
    if row is None:
        return None
    return Turned(
        row.room, row.district, row.path, row.disinfected_at, row.clean_at, row.out_of_use, row.reason
    )


def below(district: str, path: str) -> tuple[UUID, ...]:
    """The sites of which something was said at or below a place. 1 query."""
    here = Q(path=path) | Q(path__gte=f"{path}.", path__lt=f"{path}/")
    return tuple(
        models.Site.objects.filter(here, district=district).order_by("id").values_list("id", flat=True)
    )


def phone(district: str, site: UUID) -> str:
    """The telephone of the site's desk, day and night; empty where none was told. 1 query."""
    found = models.Site.objects.filter(district=district, id=site).values_list("phone", flat=True)
    return next(iter(found), "")


def checks(district: str, site: UUID) -> tuple[Check, ...]:
    """The readiness checks of a site, newest first. 1 query."""
    rows = models.Check.objects.filter(district=district, site=site).order_by("-at", "-id")
    return tuple(
        Check(row.id, row.at, row.passed, tuple(row.lacking), row.valid_until, row.author) for row in rows
    )


def duties(district: str, site: UUID, *, since: datetime | None = None) -> tuple[Duty, ...]:
    """Who did what at a site, the head first; with a moment only what reaches beyond it. 1 query."""
    rows = models.Duty.objects.filter(district=district, site=site)
    if since is not None:
        rows = rows.filter(valid__endswith__gt=since) | rows.filter(valid__upper_inf=True)
    found = [
        Duty(row.id, row.site, row.account, Group(row.group), row.valid.lower, row.valid.upper)
        for row in rows
    ]
    groups = list(Group)
    return tuple(sorted(found, key=lambda one: (groups.index(one.group), one.since, one.id)))


def head(district: str, site: UUID, at: datetime) -> UUID | None:
    """Who answered for a site at a moment; None is an item for the office. 1 query."""
    rows = models.Duty.objects.filter(
        district=district, site=site, group=Group.HEAD.value, valid__contains=at
    )
    return next(iter(rows.values_list("account", flat=True)), None)


def ready(district: str, site: UUID, at: datetime) -> bool:
    """Whether people may be taken in at a moment: the latest check until then holds. 1 query."""
    row = models.Check.objects.filter(district=district, site=site, at__lte=at).order_by("-at", "-id").first()
    return row is not None and row.passed and (row.valid_until is None or at < row.valid_until)


def room_paths(district: str, wanted: Sequence[UUID]) -> dict[UUID, str]:
    """Where these rooms stand; unknown ones are left out. 1 query."""
    return dict(models.Room.objects.filter(district=district, id__in=wanted).values_list("id", "path"))


def known(district: str, sites: Sequence[UUID]) -> set[UUID]:
    """Those of these sites that have rooms for guests. 1 query."""
    rows = models.Room.objects.filter(district=district, site__in=sites, beds__gt=0)
    return set(rows.values_list("site", flat=True))
