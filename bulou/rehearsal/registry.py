"""Fills the registers the way an office does: files, read by the same import as everybody's."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from io import StringIO
from typing import Protocol

from bulou.access.actions import gate
from bulou.grid.actions import imports
from bulou.grid.actions.imports import ImportOptions
from bulou.grid.terms import ImportKind
from bulou.rehearsal.district import District, Place
from bulou.rehearsal.scenario import ScenarioError

AREA_COLUMNS = ("path", "name", "kind", "registered", "living")
HOME_COLUMNS = ("path", "building", "floor", "door")
SPOT_COLUMNS = ("path", "type", "name", "area_m2")


class Behind(Protocol):
    """A door with what is needed behind it."""

    @property
    def path(self) -> str:
        """The compound."""

    @property
    def building(self) -> str:
        """The building."""

    @property
    def floor(self) -> int:
        """The floor."""

    @property
    def name(self) -> str:
        """As it stands on sheets."""

    @property
    def need(self) -> str:
        """One word, or nothing."""


Heads = Mapping[str, tuple[int, int]]
"""Registered and living people by path."""


def import_district(district: District, *, since: date, heads: Heads) -> str:
    """Imports areas, doors and places that hold from a day on; answers in one line what was stored."""
    stored = [import_areas(district.code, district.areas, since=since, heads=heads)]
    homes = ((home.path, home.building, home.floor, home.door) for home in district.homes)
    spots = ((spot.path, spot.type.value, spot.name, spot.area_m2 or "") for spot in district.spots)
    if district.homes:
        stored.append(_import(district.code, ImportKind.DWELLINGS, since, _sheet(HOME_COLUMNS, homes)))
    if district.spots:
        stored.append(_import(district.code, ImportKind.SITES, since, _sheet(SPOT_COLUMNS, spots)))
    return ", ".join(stored)


def import_doors(district: str, doors: Iterable[Behind], *, since: date) -> str:
    """Imports doors with what is needed behind them; answers in one line what was stored."""
    rows = ((door.path, door.building, door.floor, door.name, door.need) for door in doors)
    return _import(district, ImportKind.DWELLINGS, since, _sheet((*HOME_COLUMNS, "needs_help"), rows))


def import_points(district: str, rows: Iterable[Sequence[object]], *, since: date) -> str:
    """Imports places with their degrees: path, type, name, longitude, latitude."""
    return _import(district, ImportKind.SITES, since, _sheet(("path", "type", "name", "lon", "lat"), rows))


def import_areas(district: str, places: Sequence[Place], *, since: date, heads: Heads | None = None) -> str:
    """Imports areas that hold from a day on; answers in one line what was stored."""
    known = heads or {}
    rows = ((place.path, place.name, place.kind.value, *known.get(place.path, ("", ""))) for place in places)
    return _import(district, ImportKind.AREAS, since, _sheet(AREA_COLUMNS, rows))


def _sheet(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    sheet = StringIO()
    writer = csv.writer(sheet)
    writer.writerow(columns)
    writer.writerows(rows)
    return sheet.getvalue().encode()


def _import(district: str, kind: ImportKind, since: date, content: bytes) -> str:
    receipt = imports.import_file(
        gate.system_actor(district),
        kind=kind,
        path=district,
        content=content,
        file_name=f"{kind.value}.csv",
        options=ImportOptions(valid_from=since, create_missing=True),
    )
    if receipt.quarantined:
        first = receipt.first_problems[0]
        raise ScenarioError(f"{receipt.quarantined} rows of {kind.value} were set aside: {first}")
    return f"{receipt.stored} {kind.value}"
