"""Fills the registers the way an office does: files, read by the same import as everybody's."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from io import StringIO

from bulou.access.actions import gate
from bulou.grid.actions import imports
from bulou.grid.terms import ImportKind
from bulou.rehearsal.district import District, Place
from bulou.rehearsal.scenario import ScenarioError

AREA_COLUMNS = ("path", "name", "kind", "valid_from", "registered", "living")
HOME_COLUMNS = ("path", "building", "floor", "door", "valid_from")
SPOT_COLUMNS = ("path", "type", "name", "area_m2", "valid_from")


def import_district(district: District, *, since: date, heads: Mapping[str, tuple[int, int]]) -> str:
    """Imports areas, doors and places; `heads` are registered and living people by path. One line."""
    stored = [import_areas(district.code, district.areas, since=since, heads=heads)]
    homes = ((home.path, home.building, home.floor, home.door, since) for home in district.homes)
    spots = ((spot.path, spot.type.value, spot.name, spot.area_m2 or "", since) for spot in district.spots)
    if district.homes:
        stored.append(_import(district.code, ImportKind.DWELLINGS, HOME_COLUMNS, homes))
    if district.spots:
        stored.append(_import(district.code, ImportKind.SITES, SPOT_COLUMNS, spots))
    return ", ".join(stored)


def import_areas(
    district: str,
    places: Sequence[Place],
    *,
    since: date,
    heads: Mapping[str, tuple[int, int]] | None = None,
) -> str:
    """Imports areas that hold from a day on."""
    known = heads or {}
    rows = (
        (place.path, place.name, place.kind.value, since, *known.get(place.path, ("", "")))
        for place in places
    )
    return _import(district, ImportKind.AREAS, AREA_COLUMNS, rows)


def _import(district: str, kind: ImportKind, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    sheet = StringIO()
    writer = csv.writer(sheet)
    writer.writerow(columns)
    writer.writerows(rows)
    receipt = imports.import_file(
        gate.system_actor(district),
        kind=kind,
        path=district,
        file_name=f"{kind.value}.csv",
        content=sheet.getvalue().encode(),
    )
    if receipt.quarantined:
        first = receipt.first_problems[0]
        raise ScenarioError(f"{receipt.quarantined} rows of {kind.value} were set aside: {first}")
    return f"{receipt.stored} {kind.value}"
