"""Reads of who is sampled at home: doors with a need, and where they lie."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.db import connection

from bulou.kernel import sqlfiles
from bulou.lines.testing.rules import home
from bulou.lines.testing.rules.home import OF_NEED, Visit

ROOM: Final = "bulou.lines.testing"
MOST: Final = 400


def visits(path: str, on: date, names: Mapping[str, str]) -> tuple[Visit, ...]:
    """Doors at or below a path with somebody to be sampled at home, by address. 1 query.

    At most MOST: a longer list is routed street by street.
    """
    values: dict[str, Any] = {
        "district": path.partition(".")[0], "path": path, "low": path + ".", "high": path + "/", "on": on,
        "needs": list(OF_NEED), "most": MOST,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(sqlfiles.load(ROOM, "plan_home"), values)
        rows = cursor.fetchall()
    return tuple(
        Visit(
            row[0], row[1], names.get(row[1], row[1]), f"{row[2]} {row[3]}".strip(), row[4],
            home.reasons_of(row[5]), row[6], row[7],
        )
        for row in rows
    )  # fmt: skip
