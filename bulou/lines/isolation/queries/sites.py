"""Reads of sites: the board, the rooms of one site as they stand, its checks and who is on duty."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from bulou.kernel import clock, ids, sqlfiles
from bulou.lines.isolation import models
from bulou.lines.isolation.terms import (
    Board,
    Check,
    Duty,
    Group,
    Room,
    RoomRow,
    RoomState,
    Tidiness,
    Zone,
)

ROOM = "bulou.lines.isolation"


def board(district: str, sites: Sequence[UUID], at: datetime) -> dict[UUID, Board]:
    """Each of these sites in one line; a site of which nothing was said has zeros. 1 query."""
    if not sites:
        return {}
    today, tomorrow = clock.day_bounds(clock.local_date(at))
    parameters: dict[str, Any] = {
        "district": district, "sites": ids.array(sites), "at": at, "today": today, "tomorrow": tomorrow,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(sqlfiles.load(ROOM, "board"), parameters)
        return {row[0]: Board(*row) for row in cursor.fetchall()}


def rooms(district: str, site: UUID) -> tuple[RoomRow, ...]:
    """The rooms of a site as they stand now, by floor and number, with who is in them. 1 query."""
    with connection.cursor() as cursor:
        cursor.execute(sqlfiles.load(ROOM, "rooms"), {"district": district, "site": site})
        return tuple(
            RoomRow(
                Room(row[0], row[1], row[2], row[3], Zone(row[4]), Tidiness(row[5]), row[6], row[7]),
                RoomState(row[8]), row[9], row[10], tuple(row[11]),
            )
            for row in cursor.fetchall()
        )  # fmt: skip


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
