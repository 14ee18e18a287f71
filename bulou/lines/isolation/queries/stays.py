"""Reads of stays: one stay, who is at a site or to come, the households that stay at home."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import Q, QuerySet

from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope
from bulou.ledger import queries as ledger
from bulou.lines.isolation import models
from bulou.lines.isolation.rules import stays
from bulou.lines.isolation.terms import Going, Ground, Home, Need, Night, Release, Stay
from bulou.watches.queries import watches

MOST = 2_000


def stay(scope: Scope, stay_id: UUID) -> Stay:
    """One stay with its rooms. 2 queries.

    Raises:
        ProblemError: isolation.not_found (404), the same for absent and not yours.
    """
    rows = models.Stay.objects.filter(id=stay_id, district__in=scope.districts).only("district", "path")
    row = rows.first()
    made = stays.stay(ledger.records_alone(row.district, [stay_id])) if row else None
    if row is None or made is None or not scope.covers(row.path):
        raise ProblemError("isolation.not_found", status=404)
    return made


def at_site(scope: Scope, site: UUID) -> tuple[Stay, ...]:
    """Everybody who is at a site or to come there, in the order in which they are due. 2 queries."""
    rows = _within(scope).filter(site=site, left_at__isnull=True).order_by("due_at", "bus", "id")
    return _stays(rows)


def at_home(scope: Scope, *, path: str | None = None) -> tuple[Stay, ...]:
    """Everybody who stays at home or is to, by place. 2 queries."""
    rows = _within(scope, path).filter(home__isnull=False, left_at__isnull=True)
    return _stays(rows.order_by("path", "home", "id"))


def of_home(scope: Scope, dwelling: UUID) -> tuple[Stay, ...]:
    """The people of one household, also those who have left isolation. 2 queries."""
    return _stays(_within(scope).filter(home=dwelling).order_by("due_at", "id"))


def of_person(district: str, persons: Iterable[UUID]) -> tuple[Stay, ...]:
    """The stays of a person (all ids), newest first. 2 queries in the open scope."""
    rows = models.Stay.objects.filter(district=district, person__in=list(persons))
    return _stays(rows.order_by("-due_at", "-id"))


def by_ids(scope: Scope, wanted: Sequence[UUID]) -> dict[UUID, Stay]:
    """These stays; those out of scope are left out. 2 queries."""
    return {one.id: one for one in _stays(_within(scope).filter(id__in=list(wanted)))}


def held_by_act(scope: Scope, *, path: str | None = None) -> tuple[Stay, ...]:
    """Those whom an act of law keeps in isolation, not released: it must be in force. 2 queries."""
    rows = _within(scope, path).filter(
        ground=Ground.ACT.value, arrived_at__isnull=False, released_at=None, left_at=None
    )
    return _stays(rows.order_by("path", "id"))


def homes(scope: Scope, *, path: str | None = None) -> tuple[Home, ...]:
    """The files of households, by place. 1 query."""
    rows = models.Home.objects.filter(_inside(scope, path), district__in=scope.districts)
    return tuple(_home(row) for row in rows.order_by("path", "dwelling"))


def home(district: str, dwelling: UUID) -> Home | None:
    """The file of one household. 1 query."""
    row = models.Home.objects.filter(district=district, dwelling=dwelling).first()
    return _home(row) if row else None


def unwatched(district: str, *, limit: int = MOST) -> tuple[Stay, ...]:
    """Those who have arrived and of whom no watch is known yet: the system owes them one. 3 queries."""
    rows = models.Stay.objects.filter(district=district, arrived_at__isnull=False, left_at=None)
    owed = dict(rows.values_list("watch", "id"))
    missing = [owed[one] for one in sorted(owed.keys() - watches.paths(district, list(owed)).keys())]
    return _stays(models.Stay.objects.filter(id__in=missing[:limit]).order_by("arrived_at", "id"))


def paths(district: str, wanted: Sequence[UUID]) -> dict[UUID, str]:
    """Where these stays stand; unknown ones are left out. 1 query."""
    return dict(models.Stay.objects.filter(district=district, id__in=wanted).values_list("id", "path"))


def _within(scope: Scope, path: str | None = None) -> "QuerySet[models.Stay]":
    return models.Stay.objects.filter(_inside(scope, path), district__in=scope.districts)


def _inside(scope: Scope, path: str | None) -> Q:
    inside = Q(path="")
    for one in scope.paths if path is None else (path,):
        inside |= Q(path=one) | Q(path__gte=f"{one}.", path__lt=f"{one}/")
    return inside


def _stays(rows: "QuerySet[models.Stay]") -> tuple[Stay, ...]:
    found = list(rows[:MOST])
    nights: dict[UUID, list[Night]] = {}
    if found:
        said = models.Night.objects.filter(
            district__in={r.district for r in found}, stay__in=[r.id for r in found]
        )
        for night in said.order_by("since"):
            nights.setdefault(night.stay, []).append(Night(night.room, night.since, night.until))
    return tuple(_stay(row, tuple(nights.get(row.id, ()))) for row in found)


def _stay(row: models.Stay, nights: tuple[Night, ...]) -> Stay:
    return Stay(
        id=row.id, district=row.district, path=row.path, person=row.person, site=row.site, home=row.home,
        bus=row.bus, party=row.party, needs=tuple(Need(need) for need in row.needs), back_to=row.back_to,
        regime=row.regime, phase=row.phase, counted_from=row.counted_from, ground=Ground(row.ground),
        due_at=row.due_at, arrived_at=row.arrived_at, released_at=row.released_at,
        release=Release(row.release) if row.release else None, serial=row.serial, left_at=row.left_at,
        going=Going(row.going) if row.going else None, record=row.record, nights=nights,
    )  # fmt: skip


def _home(row: models.Home) -> Home:
    return Home(
        row.dwelling, row.district, row.path, row.checked_at, row.suitable, tuple(row.lacking), row.residents,
        row.author,
    )  # fmt: skip
