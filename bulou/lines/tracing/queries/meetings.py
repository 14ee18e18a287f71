"""Who else was there at the same time, and where did they go next: over visits, within the reader's areas."""

from collections.abc import Sequence
from typing import Any, Final

from django.db import connection

from bulou.kernel import ids, sqlfiles
from bulou.lines.tracing.terms import MOST_SHOWN, Found, Met, Seed

ROOM: Final = "bulou.lines.tracing"
# Each step looks up a few rows of millions by an index. The planner cannot know how few, and a plan that
# reads the table whole takes seconds: the ways that do so are closed for this statement.
BY_KEY: Final = (
    "SELECT set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),"
    " set_config('enable_mergejoin', 'off', true), set_config('jit', 'off', true),"
    " set_config('plan_cache_mode', 'force_custom_plan', true)"
)
AS_BEFORE: Final = (
    "SELECT set_config('enable_seqscan', 'on', true), set_config('enable_hashjoin', 'on', true),"
    " set_config('enable_mergejoin', 'on', true)"
)


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
