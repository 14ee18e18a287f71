"""The board: every site in one line, with as many queries for sixty sites as for one."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from bulou.kernel import clock, ids, sqlfiles
from bulou.lines.isolation import models
from bulou.lines.isolation.rules.sites import ready
from bulou.lines.isolation.terms import Board, Check, Group
from bulou.watches.queries import watches

ROOM = "bulou.lines.isolation"
NO_ROOMS = (0, 0, 0, 0, 0)


def board(district: str, sites: Sequence[UUID], at: datetime) -> dict[UUID, Board]:
    """Each of these sites in one line; a site of which nothing was said has zeros. 5 queries."""
    if not sites:
        return {}
    checks, rooms = _checks(district, sites), _rooms(district, sites)
    people, duties = _people(district, sites, checks, at), _duties(district, sites, at)
    return {
        site: Board(
            site, ready(checks.get(site, ()), at), _lacking(checks.get(site, ()), at),
            *duties.get(site, (None, 0)), *rooms.get(site, NO_ROOMS),
            *people.get(site, (0, 0, 0, 0, 0, 0)),
        )
        for site in sites
    }  # fmt: skip


def _rooms(district: str, sites: Sequence[UUID]) -> Mapping[UUID, tuple[int, int, int, int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(sqlfiles.load(ROOM, "board"), {"district": district, "sites": ids.array(sites)})
        return {row[0]: (row[1], row[2], row[3], row[4], row[5]) for row in cursor.fetchall()}


def _checks(district: str, sites: Sequence[UUID]) -> Mapping[UUID, list[Check]]:
    found: dict[UUID, list[Check]] = {}
    for row in models.Check.objects.filter(district=district, site__in=list(sites)):
        check = Check(row.id, row.at, row.passed, tuple(row.lacking), row.valid_until, row.author)
        found.setdefault(row.site, []).append(check)
    return found


def _lacking(checks: Sequence[Check], at: datetime) -> int:
    before = [check for check in checks if check.at <= at]
    return len(max(before, key=lambda check: (check.at, check.id)).lacking) if before else 0


def _duties(district: str, sites: Sequence[UUID], at: datetime) -> Mapping[UUID, tuple[UUID | None, int]]:
    """The head of each site and how many people are on duty there."""
    heads: dict[UUID, UUID] = {}
    staff: dict[UUID, set[UUID]] = {}
    for row in models.Duty.objects.filter(district=district, site__in=list(sites), valid__contains=at):
        staff.setdefault(row.site, set()).add(row.account)
        if row.group == Group.HEAD:
            heads[row.site] = row.account
    return {site: (heads.get(site), len(accounts)) for site, accounts in staff.items()}


def _people(
    district: str, sites: Sequence[UUID], checks: Mapping[UUID, Sequence[Check]], at: datetime
) -> Mapping[UUID, tuple[int, int, int, int, int, int]]:
    """Staying, expected, arriving today, leaving today, days over since yesterday, moved in too early."""
    today, tomorrow = clock.day_bounds(clock.local_date(at))
    rows = models.Stay.objects.filter(district=district, site__in=list(sites), left_at=None)
    told = list(rows.values_list("site", "watch", "due_at", "arrived_at", "released_at"))
    ends = watches.ends(district, [watch for _site, watch, _due, arrived, _out in told if arrived])
    counts: dict[UUID, list[int]] = {}
    for site, watch, due_at, arrived_at, released_at in told:
        if site is None:
            continue
        line, over = counts.setdefault(site, [0] * 6), ends.get(watch)
        if arrived_at is None:
            line[1] += 1
            line[2] += due_at < tomorrow
            continue
        line[0] += 1
        line[3] += released_at is not None or (over is not None and over < tomorrow)
        line[4] += over is not None and over < today
        line[5] += not ready(checks.get(site, ()), arrived_at)
    return {site: (n[0], n[1], n[2], n[3], n[4], n[5]) for site, n in counts.items()}
