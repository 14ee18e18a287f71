"""Does everything still agree? Recount, replay: differences are reported, never repaired in silence."""

from uuid import UUID

from django.db import connection

from bulou.coverage.queries.folding import fold_parameters, outcome_map, whole_round, with_fold
from bulou.coverage.queries.rounds import known
from bulou.coverage.terms import ALERT, Difference
from bulou.kernel import sqlfiles

ROOM = "bulou.coverage"


def recount(district: str, operation: UUID) -> list[Difference]:
    """Counters that differ from a full count of the units, frames that differ from their seal. 3 queries."""
    with connection.cursor() as cursor:
        cursor.execute(sqlfiles.load(ROOM, "recount"), {"district": district, "operation": operation})
        found = [
            Difference(
                operation,
                "alerts" if state == ALERT else "counter",
                f"{area}/{state}",
                str(live),
                str(counted),
            )
            for area, state, live, counted in cursor.fetchall()
        ]
        cursor.execute(sqlfiles.load(ROOM, "frame_seal"), {"district": district, "operation": operation})
        n, sha = cursor.fetchone() or (0, "")
        cursor.execute(
            "SELECT frame_n, frame_sha FROM coverage_operation WHERE district = %s AND id = %s",
            [district, operation],
        )
        frozen_n, frozen_sha = cursor.fetchone() or (0, "")
    if (n, sha) != (frozen_n, frozen_sha):
        found.append(Difference(operation, "frame", "sha", f"{n} {sha}", f"{frozen_n} {frozen_sha}"))
    return found


def replay(district: str, operation: UUID) -> list[Difference]:
    """Units whose live row differs from the fold of the ledger, at most 1,000. Reads the round's records."""
    rounds = known(district, [operation])
    parameters = fold_parameters(district, operation, outcome_map(rounds[operation].protocol))
    with whole_round() as cursor:
        cursor.execute(with_fold("replay"), parameters)
        return [
            Difference(operation, "unit", str(s), live, told or "") for s, live, told in cursor.fetchall()
        ]
