"""Registers for tests, made through the real imports and actions."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from io import StringIO

from bulou.access.actions.gate import system_actor
from bulou.grid.actions.imports import ImportOptions, import_file
from bulou.grid.queries import packaged_divisions
from bulou.grid.terms import ImportKind, Receipt

DISTRICT = "220303"
SINCE = date(2020, 1, 1)
DIVISION_COLUMNS = ("district_code", "city", "district", "street_code", "street", "village_code", "village")
DOOR_COLUMNS = ("community", "compound", "building", "unit", "floor", "door", "needs")


def sheet(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a CSV file."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue().encode()


def taken(
    kind: ImportKind,
    content: bytes,
    *,
    path: str = DISTRICT,
    options: ImportOptions | None = None,
    name: str = "register.csv",
) -> Receipt:
    """Import a file as the system and return its receipt."""
    options = options or ImportOptions(valid_from=SINCE)
    actor = system_actor(path.split(".", 1)[0])
    return import_file(actor, kind=kind, path=path, content=content, file_name=name, options=options)


def district(code: str = DISTRICT, *, since: date = SINCE) -> Receipt:
    """Import the real streets, villages and communities of a packaged district."""
    rows = [
        (d.district_code, d.city, d.district, d.street_code, d.street, d.village_code, d.village)
        for d in packaged_divisions(code)
    ]
    return taken(
        ImportKind.AREAS, sheet(DIVISION_COLUMNS, rows), path=code, options=ImportOptions(valid_from=since)
    )


def doors(rows: Iterable[Sequence[object]], *, options: ImportOptions | None = None) -> Receipt:
    """Import doors by community, compound, building, unit, floor, door and needs."""
    return taken(ImportKind.DWELLINGS, sheet(DOOR_COLUMNS, rows), options=options)


def block(community: str, compound: str, *, buildings: int = 2, floors: int = 2, flats: int = 2) -> Receipt:
    """Import a compound full of doors."""
    return doors(
        (community, compound, f"{b}号楼", "1单元", f, f"{f}{n:02d}", "")
        for b in range(1, buildings + 1)
        for f in range(1, floors + 1)
        for n in range(1, flats + 1)
    )
