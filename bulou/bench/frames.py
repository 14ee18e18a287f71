"""Rounds of any size, filled set-based, as they stand in the middle of their days."""

from uuid import UUID

from psycopg import sql

from bulou.access.terms import Actor
from bulou.bench.place import Place
from bulou.bench.town import COMPOUNDS, DISTRICT, ROOM, round_over
from bulou.coverage.terms import Operation
from bulou.kernel import sqlfiles

MISSED = 20_000
COMMUNITY = f"{DISTRICT}.007.011"
"""The community whose doors are all open: 20,000 of them in every round, whatever its size."""


def fill(where: Place, officer: Actor, *, month: int, per_compound: int) -> Operation:
    """Return a round with `per_compound` units in each compound, in a partition of its own (a month of 2028).

    It is opened by the action, over the one door of the town; then that unit makes room for the others. The
    counters are counted from the units. The rows lie as a bulk load leaves them, and are vacuumed.
    """
    first = UUID(int=_floor(where, month).int | 1)
    operation = round_over(officer, operation_id=first)
    with where.superuser() as bare:
        for table in ("coverage_unit", "coverage_counter"):
            bare.execute(
                sql.SQL("DELETE FROM {} WHERE operation = %s").format(sql.Identifier(table)), [operation.id]
            )
        bare.execute("CREATE TABLE bench_unit (LIKE coverage_unit INCLUDING DEFAULTS)")
        bare.execute("SET maintenance_work_mem = '256MB'")
        values = {"d": DISTRICT, "o": operation.id, "per": per_compound, "special": COMMUNITY}
        most = max(per_compound, MISSED // COMPOUNDS)
        done = bare.execute(sqlfiles.load(ROOM, "units"), {**values, "most": most})
        bare.execute("ALTER TABLE bench_unit ADD PRIMARY KEY (district, operation, subject)")
        bare.execute(
            sql.SQL(
                "ALTER TABLE coverage_unit ATTACH PARTITION bench_unit FOR VALUES FROM ({}) TO ({})"
            ).format(sql.Literal(str(_floor(where, month))), sql.Literal(str(_floor(where, month + 1))))
        )
        bare.execute(
            sql.SQL("ALTER TABLE bench_unit RENAME TO {}").format(sql.Identifier(f"bench_unit_{month}"))
        )
        bare.execute(sqlfiles.load(ROOM, "counters"), {"d": DISTRICT, "o": operation.id})
        bare.execute(
            "UPDATE coverage_operation SET frame_n = %s WHERE id = %s", [done.rowcount, operation.id]
        )
        bare.execute(
            sql.SQL("VACUUM ANALYZE {}, coverage_counter").format(sql.Identifier(f"bench_unit_{month}"))
        )
    return operation


def open_doors(where: Place, operation: Operation, n: int) -> list[tuple[UUID, str]]:
    """Return some untried units of the round with their paths, spread over the compounds."""
    with where.superuser() as bare:
        return bare.execute(
            "SELECT subject, path FROM coverage_unit WHERE district = %s AND operation = %s AND state = 0"
            " AND NOT path ^@ %s AND sort <= %s ORDER BY sort, path LIMIT %s",
            [DISTRICT, operation.id, COMMUNITY, "000200", n],
        ).fetchall()


def _floor(where: Place, month: int) -> UUID:
    with where.superuser() as bare:
        row = bare.execute(
            "SELECT bulou_uuid_floor(make_timestamptz(2028, %s, 1, 0, 0, 0))", [month]
        ).fetchone()
    if row is None:
        raise RuntimeError("PostgreSQL gives no row")
    return UUID(str(row[0]))
