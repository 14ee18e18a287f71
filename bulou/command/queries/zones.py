"""Reads of zones: which level an area has, had, and why; what holds, comes or waits."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

import msgspec
from django.db.models import Q

from bulou.command import models
from bulou.command.rules import zones as rules
from bulou.command.rules.payloads import Decision, told
from bulou.command.terms import (
    ALONE,
    FEWEST_HOMES,
    LAPSE,
    LARGE,
    RANKS,
    STRICT,
    Kind,
    Level,
    Zone,
    ZoneStanding,
)
from bulou.grid import queries as grid
from bulou.grid.rules import paths
from bulou.kernel import clock, reach
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope, whole
from bulou.ledger.terms import Entry

MOST = 500
A_DAY = timedelta(days=1)
_decoder = msgspec.json.Decoder(Zone)
LIVING = frozenset({ZoneStanding.PROPOSED, ZoneStanding.COMING, ZoneStanding.IN_FORCE})


class Known(Protocol):
    """What intake knows when it checks."""

    @property
    def history(self) -> Mapping[UUID, Sequence[Entry]]:
        """The earlier records of the same subject."""


def zone_at(district: str, path: str, at: datetime) -> Zone | None:
    """What holds at a place at a moment: the strictest on the way down to it; None is normal. 1 query."""
    return zones_at(district, [path], at).get(path)


def zones_at(district: str, wanted: Iterable[str], at: datetime) -> dict[str, Zone]:
    """What holds at each of these places at a moment; those at normal are left out. 1 query."""
    asked = sorted(set(wanted))
    ways = sorted({up for path in asked for up in reach.lineage(path)})
    rows = models.Zone.objects.filter(district=district, path__in=ways, held__contains=at)
    held = {row.path: _decoder.decode(row.body) for row in rows}  # an area has one level at a time
    found = {path: rules.strictest(held[up] for up in reach.lineage(path) if up in held) for path in asked}
    return {path: zone for path, zone in found.items() if zone is not None}


def zones(scope: Scope, at: datetime, *, path: str = "", limit: int = MOST) -> tuple[Zone, ...]:
    """What holds, comes or waits at a moment in the scope or above it, the strictest first. 1 query.

    With a path only what meets that area. A zone is public; the scope says in which districts to look.
    """
    rows = models.Zone.objects.filter(_meets(scope, path), district__in=scope.districts)
    rows = rows.filter(Q(held__endswith__gt=at) | Q(held=None, decided_at__gt=at - LAPSE))
    found = (_decoder.decode(row.body) for row in rows.order_by("path", "decided_at", "id")[:limit])
    living = [zone for zone in found if rules.standing(zone, at) in LIVING]
    return tuple(sorted(living, key=lambda zone: (not zone.holds(at), -RANKS[zone.level], zone.path)))


def of_area(district: str, path: str, *, limit: int = MOST) -> tuple[Zone, ...]:
    """Every decision about one area itself, newest first. 1 query."""
    rows = models.Zone.objects.filter(district=district, path=path).order_by("-decided_at", "-id")
    return tuple(_decoder.decode(row.body) for row in rows[:limit])


def on_the_way(district: str, path: str, *, since: datetime) -> tuple[Zone, ...]:
    """Decisions about a place and everything above it that held or were made since, newest first. 1 query."""
    rows = models.Zone.objects.filter(district=district, path__in=reach.lineage(path))
    rows = rows.filter(Q(held__endswith__gt=since) | Q(decided_at__gt=since))
    return tuple(_decoder.decode(row.body) for row in rows.order_by("-decided_at", "-id")[:MOST])


def zone(scope: Scope, zone_id: UUID) -> Zone:
    """One decision about an area of the scope, or about one above it. 1 query.

    Raises:
        ProblemError: command.not_found (404), the same for absent and not yours.
    """
    row = models.Zone.objects.filter(_meets(scope, ""), id=zone_id, district__in=scope.districts).first()
    if row is None:
        raise ProblemError("command.not_found", status=404)
    return _decoder.decode(row.body)


def alone_today(district: str, author: UUID, at: datetime) -> int:
    """How many areas one officer sealed or controlled within a day without a second unit. 1 query."""
    rows = models.Zone.objects.filter(
        district=district, decided_by=author, two_units=False, decided_at__gt=at - A_DAY,
        level__in=[level.value for level in STRICT],
    )  # fmt: skip
    return rows.values("path").distinct().count()


def must_be_two(district: str, author: UUID, path: str, level: Level, at: datetime) -> bool:
    """Whether a decision of this officer now needs a second unit. At most 1 query."""
    if rules.needs_two(level, path):
        return True
    return level in STRICT and alone_today(district, author, at) >= ALONE


def check(entry: Entry, context: Known) -> tuple[str, ...]:
    """Problem codes that refuse a decision at the desk; empty when it may stand. At most 5 queries."""
    earlier = context.history.get(entry.subject, ()) if entry.subject else ()
    found = rules.problem(entry, rules.fold(tuple(earlier)))
    said = told(entry.payload, Decision) if entry.kind == Kind.SET else None
    if found or said is None:
        return (found,) if found else ()
    if grid.area_at(entry.district, entry.path, clock.local_date(entry.effective_at)) is None:
        return ("command.no_area",)
    if said.level in STRICT and _too_small(entry):
        return ("command.too_small",)
    if rules.needs_two(said.level, entry.path, asked=said.two_units):
        return ()
    two = must_be_two(entry.district, entry.author, entry.path, said.level, entry.effective_at)
    return ("command.two_units",) if two else ()


def _too_small(entry: Entry) -> bool:
    """Whether so few homes stand there that a strict level would be about the persons in them.

    A compound whose doors nobody has registered yet is taken for one; a building without any is not.
    3 queries.
    """
    on = clock.local_date(entry.effective_at)
    homes = grid.counts(whole(entry.district), entry.path, on).homes
    unregistered = homes == 0 and entry.path.count(".") <= LARGE
    return homes < FEWEST_HOMES and not unregistered


def _meets(scope: Scope, path: str) -> Q:
    meets = Q(pk__in=())
    for one in (path,) if path else scope.paths:
        below, past = paths.bounds(one)
        meets |= Q(path__in=reach.lineage(one)) | Q(path__gte=below, path__lt=past)
    return meets
