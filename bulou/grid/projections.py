"""Records to registers: doors and places found in the field, and what rounds stand on."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from bulou.grid import models, queries
from bulou.grid.rules import cells
from bulou.grid.terms import DwellingKind, Found, Level, Origin, Placed, SiteType
from bulou.kernel import clock, ids

DOORS = frozenset({"dwelling", "household"})
ABOVE_COMPOUND = frozenset({Level.DISTRICT, Level.STREET, Level.COMMUNITY, Level.COMPOUND})


def hold(*, district: str, path: str, held_by: UUID) -> None:
    """Guarantees an import below `path` can no longer be undone: something stands on it. 1 query."""
    models.Hold.objects.get_or_create(
        district=district, path=path, held_by=held_by, defaults={"id": ids.uuid7(), "held_at": clock.now()}
    )


def register_found(district: str, rows: Sequence[Found], on: date) -> dict[UUID, Placed]:
    """Register doors and places that were found in the field; answer where each stands. 4 queries.

    A door that is known under its area and name already keeps its own id: the found one is left out of the
    answer. Left out as well: rows whose area is not known on that day.
    """
    areas = queries.areas(district, sorted({r.path for r in rows}), on)
    doors, sites = [], []
    for row in rows:
        place = areas.get(row.path)
        if place is None:
            continue
        area = row.path if place.level in ABOVE_COMPOUND else _compound(row.path, place.level)
        if row.subject_type in DOORS:
            doors.append(_door(district, row, area, on))
        elif row.kind in set(SiteType):
            sites.append(_site(district, row, area, on))
    models.Dwelling.objects.bulk_create(doors, ignore_conflicts=True)
    models.Site.objects.bulk_create(sites, ignore_conflicts=True)
    return placed(district, [r.id for r in rows])


def placed(district: str, subjects: Sequence[UUID]) -> dict[UUID, Placed]:
    """Where these doors and places stand; unknown ids are left out. 2 queries."""
    found: dict[UUID, Placed] = {}
    for door in models.Dwelling.objects.filter(district=district, id__in=subjects):
        label = f"{door.building} {door.door}".strip()
        found[door.id] = Placed(door.id, door.path, door.area, door.building, label, door.sort)
    for site in models.Site.objects.filter(district=district, id__in=subjects):
        found[site.id] = Placed(site.id, site.path, site.area, "", site.name, f"{site.type} {site.name}")
    return found


def _door(district: str, row: Found, area: str, on: date) -> models.Dwelling:
    cleaned = cells.door(row.name)
    door, sort = cleaned if cleaned else (row.name, row.name)
    kind = row.kind if row.kind in set(DwellingKind) else DwellingKind.HOME
    return models.Dwelling(
        id=row.id, district=district, path=row.path, area=area, building=row.building, door=door, sort=sort,
        kind=kind, origin=Origin.FIELD, valid_from=on,
    )  # fmt: skip


def _site(district: str, row: Found, area: str, on: date) -> models.Site:
    return models.Site(
        id=row.id, district=district, path=row.path, area=area, type=row.kind, name=row.name,
        origin=Origin.FIELD, valid_from=on,
    )  # fmt: skip


def _compound(path: str, level: Level) -> str:
    above = {Level.BUILDING: 1, Level.UNIT: 2}[level]
    return path.rsplit(".", above)[0]
