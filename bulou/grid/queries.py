"""Reads of the territory: areas on a day, doors, sites, head counts, imports.

Each read takes the scope of the person who asks (or a district) and runs in a transaction that
`kernel.scope` has opened: row-level security refuses everything else.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Q

from bulou.grid import models
from bulou.grid.rules import divisions, paths
from bulou.grid.rules.dated import AreaVersion, Code, Population
from bulou.grid.rules.divisions import Division
from bulou.grid.terms import (
    Area,
    AreaKind,
    Dwelling,
    DwellingKind,
    GridCounts,
    Hit,
    Import,
    ImportKind,
    ImportState,
    Level,
    Origin,
    PopulationKind,
    RowProblem,
    Site,
    SiteType,
)
from bulou.kernel import clock, paging, reach, sqlfiles
from bulou.kernel.problems import ProblemError
from bulou.kernel.reach import Scope

ROOM = "bulou.grid"
MOST_DIGITS = 9  # of the number of a row in a file
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Some items in order, and the cursor of the next ones: none on the last page."""

    items: tuple[Item, ...]
    next: str | None


# --- Areas


def area_at(district: str, path: str, on: date) -> Area | None:
    """Return the area that had this path on a day. 1 query."""
    row = models.Area.objects.filter(district=district, path=path, valid__contains=on).first()
    return None if row is None else area_of(row)


def areas(district: str, area_paths: Sequence[str], on: date) -> Mapping[str, Area]:
    """Return the areas that had these paths on a day, by path; unknown paths are left out. 1 query."""
    rows = models.Area.objects.filter(district=district, path__in=area_paths, valid__contains=on)
    return {row.path: area_of(row) for row in rows}


def districts(scope: Scope, on: date) -> tuple[Area, ...]:
    """Return the districts of a scope, sorted by path. 1 query."""
    rows = models.Area.objects.filter(district__in=scope.districts, path__in=scope.districts)
    return tuple(area_of(row) for row in rows.filter(valid__contains=on).order_by("path"))


def children(scope: Scope, path: str, on: date) -> tuple[Area, ...]:
    """Return the areas right below a path that lie in the scope or lead to it, sorted by path. 1 query.

    Statistical areas without people are among them, flagged `pseudo`.
    """
    below, past = paths.bounds(path)
    rows = models.Area.objects.filter(
        district=paths.district(path), path__gte=below, path__lt=past, valid__contains=on
    ).exclude(path__regex=rf"^{path}\.[^.]+\.")
    return tuple(area_of(row) for row in rows.order_by("path") if _leads_to(scope, row.path))


def areas_below(scope: Scope, path: str, level: Level, on: date) -> tuple[Area, ...]:
    """Return the areas of one level at or below a path, inside the scope, sorted by path. 1 query."""
    rows = models.Area.objects.filter(_under(path), level=level, valid__contains=on)
    return tuple(area_of(row) for row in rows.order_by("path") if scope.covers(row.path))


def tree_names(scope: Scope, area_paths: Iterable[str], on: date) -> Mapping[str, str]:
    """Return the short names of paths and of everything above them, by path. 1 query per district.

    Names are public; the scope says in which districts to look.
    """
    wanted = {step for path in area_paths for step in reach.lineage(path)}
    rows = models.Area.objects.filter(district__in=scope.districts, path__in=wanted, valid__contains=on)
    return dict(rows.values_list("path", "short_name"))


def breadcrumbs(path: str, on: date) -> tuple[Area, ...]:
    """Return the areas from the district down to the path itself, as they were on a day. 1 query."""
    found = areas(paths.district(path), reach.lineage(path), on)
    return tuple(found[step] for step in reach.lineage(path) if step in found)


def timeline(scope: Scope, path: str) -> tuple[AreaVersion, ...]:
    """Return every version of every area that ever had this path, oldest first. 2 queries.

    Raises:
        ProblemError: `grid.no_such_area` 404, also for paths outside the scope.
    """
    if not scope.covers(path):
        raise no_such_area(path)
    district = paths.district(path)
    identities = models.Area.objects.filter(district=district, path=path).values_list("area", flat=True)
    rows = models.Area.objects.filter(district=district, area__in=list(identities)).order_by("valid", "id")
    if not rows:
        raise no_such_area(path)
    return tuple(AreaVersion(area_of(row), row.reason, row.source) for row in rows)


def codes(district: str, area_id: UUID) -> tuple[Code, ...]:
    """Return every code of an area in every numbering, past ones too, sorted. 1 query."""
    rows = models.Code.objects.filter(district=district, area=area_id).order_by("scheme", "valid")
    return tuple(Code(row.scheme, row.code, row.valid.lower, row.valid.upper) for row in rows)


def by_code(district: str, scheme: str, code: str, on: date) -> Area | None:
    """Return the area that one numbering meant by a code on a day. 2 queries."""
    found = models.Code.objects.filter(
        district=district, scheme=scheme, code=code, valid__contains=on
    ).first()
    if found is None:
        return None
    row = models.Area.objects.filter(district=district, area=found.area, valid__contains=on).first()
    return None if row is None else area_of(row)


# --- Figures


def counts(scope: Scope, path: str, on: date) -> GridCounts:
    """Return what lies at or below a path on a day, inside the scope. 3 queries; see sql/*_counts.sql."""
    below, past = paths.bounds(path)
    values: dict[str, Any] = {
        "district": paths.district(path), "path": path, "below": below, "past": past, "on": on,
        "scope": _dotted(scope),
    }  # fmt: skip
    level: dict[str, int] = {}
    kind: dict[str, int] = {}
    for name, what, n in _fetch("area_counts", values):
        level[name] = level.get(name, 0) + (n if what != AreaKind.PSEUDO else 0)
        kind[what] = kind.get(what, 0) + n
    doors, homes = _fetch("dwelling_counts", values)[0]
    return GridCounts(
        streets=level.get(Level.STREET, 0), communities=kind.get(AreaKind.COMMUNITY, 0),
        villages=kind.get(AreaKind.VILLAGE, 0), compounds=level.get(Level.COMPOUND, 0),
        buildings=level.get(Level.BUILDING, 0), units=level.get(Level.UNIT, 0), dwellings=doors, homes=homes,
        sites={SiteType(name): n for name, n in _fetch("site_counts", values)},
    )  # fmt: skip


def populations(scope: Scope, path: str, on: date) -> tuple[Population, ...]:
    """Return the head counts given for a path itself on a day (registered, living). 1 query.

    They are figures as reported for that area, not sums of the areas below.
    """
    if not scope.covers(path):
        return ()
    rows = models.Population.objects.filter(district=paths.district(path), path=path, valid__contains=on)
    return tuple(
        Population(row.path, PopulationKind(row.kind), row.n, row.valid.lower)
        for row in rows.order_by("kind")
    )


# --- Doors and sites


def dwelling(scope: Scope, dwelling_id: UUID) -> Dwelling:
    """Return one door. 1 query.

    Raises:
        ProblemError: `grid.no_such_dwelling` 404, also for doors outside the scope.
    """
    rows = models.Dwelling.objects.filter(district__in=scope.districts, id=dwelling_id)
    row = rows.first()
    if row is None or not scope.covers(row.path):
        raise ProblemError("grid.no_such_dwelling", status=404)
    return _dwelling(row)


def dwellings(scope: Scope, path: str, *, cursor: str | None = None, limit: int = 100) -> Page[Dwelling]:
    """Return the doors at or below a path that hold today, sorted by path and door. 1 query.

    Grain: one item per door. Index: grid_dwelling_door.
    """
    rows = models.Dwelling.objects.filter(_under(path), _within(scope), valid_until=None)
    if cursor:
        after_path, after_door = paging.decode(cursor, 2)
        rows = rows.filter(Q(path__gt=after_path) | Q(path=after_path, door__gt=after_door))
    found = list(rows.order_by("district", "path", "door")[: limit + 1])
    following = paging.encode(found[limit - 1].path, found[limit - 1].door) if len(found) > limit else None
    return Page(tuple(_dwelling(row) for row in found[:limit]), following)


def floors(district: str, dwelling_ids: Sequence[UUID]) -> Mapping[UUID, tuple[int | None, str]]:
    """Return floor and door number of each dwelling that exists. 1 query by primary key."""
    rows = models.Dwelling.objects.filter(district=district, id__in=dwelling_ids)
    return {row[0]: (row[1], row[2]) for row in rows.values_list("id", "floor", "door")}


def site(scope: Scope, site_id: UUID) -> Site:
    """Return one site. 1 query.

    Raises:
        ProblemError: `grid.no_such_site` 404, also for sites outside the scope.
    """
    found = sites_by_id(scope, (site_id,))
    if site_id not in found:
        raise ProblemError("grid.no_such_site", status=404)
    return found[site_id]


def sites_by_id(scope: Scope, site_ids: Sequence[UUID]) -> Mapping[UUID, Site]:
    """Return those of these sites that the scope covers. 1 query by primary key."""
    rows = models.Site.objects.filter(district__in=scope.districts, id__in=site_ids)
    return {row.id: _site(row) for row in rows if scope.covers(row.path)}


def sites(
    scope: Scope, path: str, *, types: Sequence[SiteType] = (), cursor: str | None = None, limit: int = 100
) -> Page[Site]:
    """Return the sites at or below a path that hold today, sorted by path and id. 1 query."""
    rows = models.Site.objects.filter(_under(path), _within(scope), valid_until=None)
    if types:
        rows = rows.filter(type__in=types)
    if cursor:
        after_path, after_id = paging.decode(cursor, 2)
        rows = rows.filter(Q(path__gt=after_path) | Q(path=after_path, id__gt=_id(after_id)))
    found = list(rows.order_by("path", "id")[: limit + 1])
    following = paging.encode(found[limit - 1].path, str(found[limit - 1].id)) if len(found) > limit else None
    return Page(tuple(_site(row) for row in found[:limit]), following)


def site_types(district: str, ids: Sequence[UUID]) -> Mapping[UUID, SiteType]:
    """Return the type of each site; ids that are no site are left out. 1 query."""
    rows = models.Site.objects.filter(district=district, id__in=ids).values_list("id", "type")
    return {site_id: SiteType(kind) for site_id, kind in rows}


def search(scope: Scope, text: str, limit: int = 20) -> tuple[Hit, ...]:
    """Return areas, doors and sites that a written text can mean: name, pinyin, initials, path, door.

    At most `limit` of each sort, areas first. 1 query.
    """
    wanted = text.strip()
    if not wanted or not scope.paths:
        return ()
    plain = wanted.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    values: dict[str, Any] = {
        "districts": list(scope.districts), "scope": _dotted(scope), "text": wanted,
        "after": wanted[:-1] + chr(min(ord(wanted[-1]) + 1, 0x10FFFF)), "prefix": f"{plain}%",
        "inside": f"%{plain}%", "initials": f"% {plain.casefold()}%", "on": clock.local_date(clock.now()),
        "n": limit,
    }  # fmt: skip
    return tuple(Hit(*row[:5]) for row in _fetch("search", values))


# --- Imports


def imports(scope: Scope, *, cursor: str | None = None, limit: int = 50) -> Page[Import]:
    """Return the imports into the scope, newest first. 1 query."""
    rows = models.Import.objects.filter(_within(scope))
    if cursor:
        rows = rows.filter(id__lt=_id(paging.decode(cursor, 1)[0]))
    found = list(rows.order_by("-id")[: limit + 1])
    following = paging.encode(str(found[limit - 1].id)) if len(found) > limit else None
    return Page(tuple(_import(row) for row in found[:limit]), following)


def one_import(scope: Scope, import_id: UUID) -> Import:
    """Return one import. 1 query.

    Raises:
        ProblemError: `grid.no_such_import` 404, also for imports outside the scope.
    """
    row = models.Import.objects.filter(district__in=scope.districts, id=import_id).first()
    if row is None or not scope.covers(row.path):
        raise ProblemError("grid.no_such_import", status=404)
    return _import(row)


def import_header(scope: Scope, import_id: UUID) -> tuple[str, ...]:
    """Return the header of an imported file, for showing the cells of its quarantined rows. 2 queries."""
    one_import(scope, import_id)
    return tuple(models.Import.objects.values_list("header", flat=True).get(id=import_id))


def import_rows(
    scope: Scope, import_id: UUID, *, cursor: str | None = None, limit: int = 100
) -> Page[RowProblem]:
    """Return the rows of an import that were set aside, in the order of the file. 2 queries."""
    district = one_import(scope, import_id).district
    rows = models.ImportRow.objects.filter(district=district, import_id=import_id)
    if cursor:
        rows = rows.filter(row__gt=_number(paging.decode(cursor, 1)[0]))
    found = list(rows.order_by("row")[: limit + 1])
    following = paging.encode(str(found[limit - 1].row)) if len(found) > limit else None
    return Page(
        tuple(RowProblem(r.row, r.column, r.code, r.params, tuple(r.cells)) for r in found[:limit]), following
    )


# --- Packaged divisions


def packaged_divisions(district_code: str) -> tuple[Division, ...]:
    """Return the villages and communities of a packaged district, in the order of their codes; no database.

    Empty for a district that is not packaged. Source and licence: library/README.md.
    """
    return divisions.packaged(district_code)


def no_such_area(path: str) -> ProblemError:
    """Return the answer for areas that are not there and for those that one may not see."""
    return ProblemError("grid.no_such_area", status=404, path=path)


def _under(path: str) -> Q:
    below, past = paths.bounds(path)
    return Q(district=paths.district(path)) & (Q(path=path) | Q(path__gte=below, path__lt=past))


def _within(scope: Scope) -> Q:
    within = Q(pk__in=[])
    for path in scope.paths:
        within |= _under(path)
    return within


def _leads_to(scope: Scope, path: str) -> bool:
    return scope.covers(path) or any(paths.covers(path, held) for held in scope.paths)


def _dotted(scope: Scope) -> list[str]:
    return [f"{path}." for path in scope.paths]


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise ProblemError("paging.bad_cursor", status=400) from None


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        raise ProblemError("paging.bad_cursor", status=400)
    return int(text)


def _fetch(name: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sqlfiles.load(ROOM, name), values)
        return list(cursor.fetchall())


def area_of(row: models.Area) -> Area:
    """Return a row in words, for the actions of this room."""
    return Area(
        row.area, row.district, row.path, row.parent, Level(row.level), AreaKind(row.kind), row.name,
        row.short_name, tuple(row.flags), row.valid.lower, row.valid.upper,
    )  # fmt: skip


def _dwelling(row: models.Dwelling) -> Dwelling:
    return Dwelling(
        row.id, row.district, row.path, row.area, row.building, row.floor, row.door, row.sort,
        DwellingKind(row.kind), tuple(row.needs_help), Origin(row.origin), row.valid_from, row.valid_until,
    )  # fmt: skip


def _site(row: models.Site) -> Site:
    return Site(
        row.id, row.district, row.path, row.area, SiteType(row.type), row.name, row.attributes,
        Origin(row.origin), row.valid_from, row.valid_until,
    )  # fmt: skip


def _import(row: models.Import) -> Import:
    return Import(
        row.id, row.district, row.path, ImportKind(row.kind), row.file_name, row.sha256, row.rows, row.stored,
        row.unchanged, row.quarantined, ImportState(row.state), row.made_by, row.made_at, row.undone_at,
    )  # fmt: skip
