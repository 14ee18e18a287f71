"""First import of a register of doors, and the same file again, against the bare idempotent import.

The bare import copies finished rows into a temporary table and inserts them, ON CONFLICT DO NOTHING,
into a table with the columns and indexes of the register. Ours reads an office's file: it finds the area
of each row by the names in it, checks every cell, sets bad rows aside, and compares with what is known.
"""

import csv
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bulou.access.actions.gate import system_actor
from bulou.bench.place import Place
from bulou.bench.terms import Figure
from bulou.grid.actions.imports import import_file
from bulou.grid.terms import ImportKind, Receipt
from bulou.kernel import sqlfiles

DISTRICT: Final = "990102"
STREETS, COMMUNITIES = 10, 12
FLATS: Final = 3 * 11 * 4 * 8  # staircases, floors, flats of a floor, buildings of a compound
BAD_EVERY: Final = 500
ROWS: Final = 1_000_000
CHUNK: Final = 1024 * 1024
COLUMNS: Final = ("street", "community", "compound", "building", "unit", "floor", "door", "needs")


@dataclass(frozen=True, slots=True)
class Door:
    """One door of the made-up register."""

    street: int
    community: int
    compound: int
    building: int
    unit: int
    floor: int
    door: str


def measure(where: Place, scale: float) -> list[Figure]:
    """(c) and the import's part of (f)."""
    rows = max(20_000, int(ROWS * scale))
    file, bare_file = where.data / "doors.csv", where.data / "doors.copy"
    _write(file, bare_file, rows)
    areas = _areas(rows)
    with where.superuser() as connection:
        connection.execute(sqlfiles.load("bulou.bench", "imports_table"))
    bare_first, bare_again = _bare(where, bare_file), _bare(where, bare_file)
    first, ours_first = _ours(file)
    again, ours_again = _ours(file)
    peak, child = by_command(file)
    right = (first.stored, again.unchanged, child["unchanged"]) == (first.rows - first.quarantined,) * 2 + (
        again.unchanged,
    )
    return [
        Figure("imports.areas_per_second", areas, "areas/s"),
        Figure("imports.rows", float(first.rows), "rows"),
        Figure("imports.set_aside", float(first.quarantined), "rows"),
        Figure("imports.balanced", float(right), "of 1", limit=1, at_least=True),
        Figure("imports.bare_rows_per_second", rows / bare_first, "rows/s"),
        Figure("imports.rows_per_second", rows / ours_first, "rows/s"),
        Figure("imports.first_ratio", bare_first / ours_first, "of bare", limit=0.6, at_least=True),
        Figure("imports.bare_again", bare_again, "s"),
        Figure("imports.again", ours_again, "s"),
        Figure("imports.again_ratio", ours_again / bare_again, "x bare", limit=2.5),
        Figure("imports.process_memory", peak, "MB", limit=300),
    ]


def _doors(rows: int) -> Iterator[Door]:
    for n in range(rows):
        compound, flat = divmod(n, FLATS)
        building, inside = divmod(flat, FLATS // 8)
        unit, inside = divmod(inside, 44)
        floor, flat = divmod(inside, 4)
        community = compound % (STREETS * COMMUNITIES)
        yield Door(
            community // COMMUNITIES + 1, community + 1, compound + 1, building + 1, unit + 1, floor + 1,
            f"{floor + 1}{flat + 1:02d}",
        )  # fmt: skip


def _write(file: Path, bare: Path, rows: int) -> None:
    """Write the office's file and, for the bare import, the rows as they will stand in the table."""
    with file.open("w", encoding="utf-8", newline="") as out, bare.open("w", encoding="utf-8") as lines:
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        for n, door in enumerate(_doors(rows)):
            floor = "?" if n % BAD_EVERY == 0 else str(door.floor)
            names = (f"street {door.street}", f"community {door.community}", f"compound {door.compound}")
            needs = "elderly_alone" if n % 97 == 0 else ""
            writer.writerow((*names, f"{door.building}", f"{door.unit}", floor, door.door, needs))
            area = f"{DISTRICT}.{door.street:03d}.{door.community:03d}.c{door.compound:03d}"
            lines.write(
                f"{area}.b{door.building:02d}.u{door.unit}\t{area}\t{door.building} {door.unit}\t"
                f"{door.floor}\t{door.door}\t{door.door:0>5}\thome\t{{{needs}}}\n"
            )


def _areas(rows: int) -> float:
    """Import the areas in which the doors stand, down to the staircases; return areas per second."""
    lines = ["district_code,district,street_code,street,community_code,community,compound,building,unit"]
    for n, door in enumerate(_doors(rows)):
        if n % 44 == 0:
            street, community = f"{DISTRICT}{door.street:03d}", f"{door.community:03d}"
            lines.append(
                f"{DISTRICT},bench,{street},street {door.street},{street}{community},"
                f"community {door.community},"
                f"compound {door.compound},{door.building},{door.unit}"
            )
    content = "\n".join(lines).encode()
    actor = system_actor(DISTRICT)
    began = time.perf_counter()
    receipt = import_file(actor, kind=ImportKind.AREAS, path=DISTRICT, content=content, file_name="areas.csv")
    return receipt.stored / (time.perf_counter() - began)


def _bare(where: Place, file: Path) -> float:
    with where.superuser() as connection:
        began = time.perf_counter()
        with connection.transaction(), connection.cursor() as cursor:
            cursor.execute(sqlfiles.load("bulou.bench", "imports_stage"))
            with cursor.copy("COPY bench_stage FROM STDIN") as copy, file.open("rb") as stream:
                while chunk := stream.read(CHUNK):
                    copy.write(chunk)
            cursor.execute(sqlfiles.load("bulou.bench", "imports_insert"))
        return time.perf_counter() - began


def _ours(file: Path) -> tuple[Receipt, float]:
    actor = system_actor(DISTRICT)
    began = time.perf_counter()
    receipt = import_file(
        actor, kind=ImportKind.DWELLINGS, path=DISTRICT, content=file, file_name="doors.csv"
    )
    return receipt, time.perf_counter() - began


def prepared(where: Place, rows: int) -> Path:
    """Return an office's file, whose areas are known already."""
    file = where.data / "doors.csv"
    _write(file, where.data / "doors.copy", rows)
    _areas(rows)
    return file


def by_command(file: Path) -> tuple[float, dict[str, Any]]:
    """Import a file by the command line; return the peak memory in MB and the receipt."""
    command = [sys.executable, "-m", "bulou.doors.cli.main", "import", "dwellings", str(file)]
    process = subprocess.Popen(  # noqa: S603  our own program
        [*command, "--area", DISTRICT, "--json"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    text = process.stdout.read() if process.stdout else b""
    _, _, used = os.wait4(process.pid, 0)
    return used.ru_maxrss / 1024, json.loads(text)
