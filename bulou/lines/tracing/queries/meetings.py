"""Who else was there at the same time, and where did they go next: over visits, within the reader's areas."""

from collections.abc import Sequence
from typing import Any, Final

from django.db import connection

from bulou.kernel import ids, sqlfiles
from bulou.lines.tracing.terms import MOST_SHOWN, Found, Met, Seed

ROOM: Final = "bulou.lines.tracing"


def _set(values: dict[str, str]) -> str:
    """One statement that sets these for the rest of the transaction."""
    return "SELECT " + ", ".join(f"set_config('{name}', '{value}', true)" for name, value in values.items())


# Each step looks up a few rows of millions by an index, and the planner cannot know how few. The ways that
# read the table whole, or one set once for each row of another, are closed for this statement: what must be a
# lookup (LATERAL) stays one. The plan is the same for all values, so it is made once for a connection.
_CLOSED: Final = ("enable_seqscan", "enable_bitmapscan", "enable_nestloop", "enable_mergejoin", "jit")
BY_KEY: Final = _set(dict.fromkeys(_CLOSED, "off") | {"plan_cache_mode": "force_generic_plan"})
AS_BEFORE: Final = _set(dict.fromkeys(_CLOSED[:-1], "on") | {"plan_cache_mode": "auto"})


def met(district: str, seeds: Sequence[Seed], *, degrees: int = 2, most: int = MOST_SHOWN) -> Found:
    """People who were where the seeds were at the same time, and, with two degrees, whom those met later.

    How many they are, and the first `most` of each degree, the longest meeting first, with that meeting as
    the reason. Time is respected: nobody hands on before having met. Assumes: a transaction with the
    reader's scope. 3 queries.
    """
    if not seeds:
        return Found((), {})
    values: dict[str, Any] = {
        "district": district,
        "persons": ids.array(seed.person for seed in seeds),
        "since": [seed.since for seed in seeds],
        "until": [seed.until for seed in seeds],
        "degrees": degrees,
        "most": most,
    }
    with connection.cursor() as cursor:
        cursor.execute(BY_KEY)
    rows = sqlfiles.prepared(sqlfiles.load(ROOM, "met"), values)
    with connection.cursor() as cursor:
        cursor.execute(AS_BEFORE)
    people = tuple(Met(row[1], row[2], row[0], row[3], row[4], row[5], row[6]) for row in rows)
    return Found(people, {row[0]: row[7] for row in rows})
