"""Reads of who is sampled at home: doors and people with a need, and where they lie."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db import connection

from bulou.kernel import sqlfiles
from bulou.lines.testing.rules import home
from bulou.lines.testing.rules.home import OF_NEED, Visit

ROOM: Final = "bulou.lines.testing"
MOST: Final = 400
ISOLATION: Final = "home-isolation"


@dataclass(frozen=True, slots=True)
class Isolated:
    """Doors behind which somebody is isolated, and how many isolated people have no known door."""

    doors: frozenset[UUID]
    without_door: int


def isolated(path: str) -> Isolated:
    """Who is isolated at home now, at or below a path. 1 query in the open scope."""
    values = {**_below(path), "protocol": f"{ISOLATION}@"}
    with connection.cursor() as cursor:
        cursor.execute(sqlfiles.load(ROOM, "plan_isolated"), values)
        rows = cursor.fetchall()
    return Isolated(frozenset(door for door, _ in rows if door), sum(n for door, n in rows if door is None))


def visits(path: str, on: date, names: Mapping[str, str], behind: Isolated) -> tuple[Visit, ...]:
    """Doors at or below a path with somebody to be sampled at home, by address. 1 query.

    At most MOST: a longer list is routed street by street.
    """
    values: dict[str, Any] = {
        **_below(path), "on": on, "needs": list(OF_NEED), "isolated": list(behind.doors), "most": MOST,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(sqlfiles.load(ROOM, "plan_home"), values)
        rows = cursor.fetchall()
    return tuple(
        Visit(
            row[0], row[1], names.get(row[1], row[1]), f"{row[2]} {row[3]}".strip(), row[4],
            home.reasons_of(row[5], isolated=row[0] in behind.doors), row[6], row[7],
        )
        for row in rows
    )  # fmt: skip


def without_door(path: str) -> int:
    """How many people with such a need stand on the register without a door. 1 query in the open scope."""
    with connection.cursor() as cursor:
        cursor.execute(sqlfiles.load(ROOM, "plan_no_door"), {**_below(path), "needs": list(OF_NEED)})
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def _below(path: str) -> dict[str, Any]:
    return {"district": path.partition(".")[0], "path": path, "low": path + ".", "high": path + "/"}
