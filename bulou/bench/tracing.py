"""Who was there at the same time, and whom did those meet later: over ten million visits, against DuckDB.

The visits are made up from a seed: people go to places of very different size (log-normal) and stay five
minutes to eight hours. The same file feeds PostgreSQL and DuckDB; both must name the same people. Ours is
asked as a page asks: permission, row-level security, the rule, the reason for every person.
"""

import math
import random
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import md5
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.db import connection

from bulou.access.terms import Actor, Role
from bulou.bench import town
from bulou.bench.place import Place
from bulou.bench.processes import seconds
from bulou.bench.terms import Figure, NotHereError
from bulou.intake.actions.office import submit_office
from bulou.intake.terms import OfficeRecord
from bulou.kernel import clock, sqlfiles
from bulou.lines.tracing.actions.asking import who_met
from bulou.lines.tracing.terms import MOST_SHOWN, CaseClass, Found, Kind

ROOM: Final = "bulou.bench"
VISITS: Final = 10_000_000
VISITS_OF_ONE: Final = 10
PEOPLE_A_PLACE: Final = 10
CASES: Final = 100
DAYS: Final = 14
SPREAD: Final = 1.17
"""Of the size of places: 23 meetings a case and 18 a contact, as in the measurements of the goals."""
CHUNK: Final = 200_000
TURNS: Final = 5
EVERYBODY: Final = 10_000_000


def measure(where: Place, scale: float) -> list[Figure]:
    """(g) The search for contacts in two degrees, of all cases and of one."""
    if find_spec("duckdb") is None:
        raise NotHereError("DuckDB is not installed: pip install -e .[dev]")
    town.build(phones=0)
    officer = town.person("tracer", Role.STREET_OFFICER, town.DISTRICT)
    base = clock.now().replace(second=0, microsecond=0) - timedelta(days=DAYS)
    file, n = where.data / "visits.tsv", max(100_000, int(VISITS * scale))
    _write(file, n)
    loaded, visits = _load(where, file, base)
    cases = _cases(officer, n)
    duck = _duck(file, base)
    with clock.frozen(clock.now()):  # both are asked about the same fortnight, to the microsecond
        figures = _figures(officer, cases, partial(_ask, duck, cases))
    return [
        Figure("tracing.visits", float(visits), "visits"),
        Figure("tracing.load", loaded, "s with its indexes"),
        *figures,
    ]


def _figures(officer: Actor, cases: Sequence[UUID], theirs: Callable[[int], list[Any]]) -> list[Figure]:
    def ours(degrees: int = 2, some: Sequence[UUID] = cases, most: int = MOST_SHOWN) -> Found:
        return who_met(officer, town.DISTRICT, some, degrees=degrees, days_back=DAYS, most=most)

    found, other = ours(most=EVERYBODY), theirs(EVERYBODY)
    same = {(one.degree, one.person, one.began_at, one.n_times) for one in found.people} == {
        (row[0], row[1], row[4].replace(tzinfo=UTC), row[6]) for row in other
    }
    one = [_ms(partial(ours, 2, [case])) for case in cases]
    asked: list[Callable[[], object]] = [
        ours, partial(theirs, MOST_SHOWN), partial(ours, 1), partial(ours, most=EVERYBODY),
        partial(theirs, EVERYBODY),
    ]  # fmt: skip
    turns = [[_ms(ask) for ask in asked] for _ in range(TURNS)]
    two, duck, first, whole, duck_whole = (statistics.median(times) for times in zip(*turns, strict=True))
    cost, duck_cost = _cost(ours), _cost(partial(theirs, MOST_SHOWN))
    return [
        Figure("tracing.first_degree", float(found.n_by_degree[1]), "people"),
        Figure("tracing.second_degree", float(found.n_by_degree[2]), "people"),
        Figure("tracing.same_as_duckdb", float(same), "of 1", limit=1, at_least=True),
        Figure("tracing.one_case_p95", statistics.quantiles(one, n=20)[-1], "ms", limit=50),
        Figure("tracing.one_degree", first, "ms"),
        Figure("tracing.two_degrees", two, "ms", limit=300),
        Figure("tracing.duckdb", duck, "ms"),
        Figure("tracing.two_degrees_to_duckdb", two / duck, "of DuckDB's time", limit=1),
        Figure("tracing.cost", cost, "ms of processor"),
        Figure("tracing.cost_to_duckdb", cost / duck_cost, "of DuckDB's processor time", limit=1),
        Figure("tracing.everybody_named", whole, "ms"),
        Figure("tracing.everybody_named_to_duckdb", whole / duck_whole, "of DuckDB's time"),
    ]


def _ms(ask: Callable[[], object]) -> float:
    began = time.perf_counter()
    ask()
    return (time.perf_counter() - began) * 1000


def _cost(ask: Callable[[], object]) -> float:
    """Processor time of one answer in milliseconds, of this process and of its PostgreSQL: the mean of some.

    A neighbour who takes the processor lengthens the answer, and this far less.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    before = time.process_time() + seconds({backend})
    for _turn in range(4 * TURNS):
        ask()
    return (time.process_time() + seconds({backend}) - before) * 1000 / (4 * TURNS)


def _write(file: Path, n: int) -> None:
    """Write visits as numbers, always the same ones for the same n."""
    chance = random.Random(20200125)
    people = n // VISITS_OF_ONE
    sizes = [math.exp(SPREAD * chance.gauss(0, 1)) for _ in range(people // PEOPLE_A_PLACE)]
    upto = [0.0]
    for size in sizes:
        upto.append(upto[-1] + size)
    with file.open("w", encoding="ascii") as out:
        for start in range(0, n, CHUNK):
            k = min(CHUNK, n - start)
            places = chance.choices(range(len(sizes)), cum_weights=upto[1:], k=k)
            who = [int(chance.random() * people) for _ in range(k)]
            began = [int(chance.random() * DAYS * 1440) for _ in range(k)]
            stay = [min(480, max(5, int(math.exp(3.6 + 0.8 * chance.gauss(0, 1))))) for _ in range(k)]
            out.writelines(
                f"{p}\t{s}\t{b}\t{m}\n" for p, s, b, m in zip(who, places, began, stay, strict=True)
            )


def _load(where: Place, file: Path, base: datetime) -> tuple[float, int]:
    """Fill the table of visits as a first import does: its indexes are built afterwards, once."""
    began = time.perf_counter()
    with where.superuser() as bare:
        bare.execute(sqlfiles.load(ROOM, "visits_stage"))
        with (
            bare.cursor() as cursor,
            cursor.copy("COPY bench_visit FROM STDIN") as copy,
            file.open("rb") as stream,
        ):
            while chunk := stream.read(2**20):
                copy.write(chunk)
        row = bare.execute(
            "SELECT pg_get_indexdef('tracing_visit_place'::regclass), pg_get_constraintdef(oid)"
            " FROM pg_constraint WHERE conname = 'tracing_visit_pkey'"
        ).fetchone()
        by_place, by_person = (str(word).encode() for word in row or ("", ""))
        bare.execute("DROP INDEX tracing_visit_place")
        bare.execute("ALTER TABLE tracing_visit DROP CONSTRAINT tracing_visit_pkey")
        bare.execute(sqlfiles.load(ROOM, "visits_insert"), {"d": town.DISTRICT, "base": base})
        bare.execute(b"ALTER TABLE tracing_visit ADD CONSTRAINT tracing_visit_pkey " + by_person)
        bare.execute(by_place)
        bare.execute("DROP TABLE bench_visit")
        bare.execute("VACUUM ANALYZE tracing_visit")
        count = bare.execute("SELECT count(*) FROM tracing_visit").fetchone()
    return time.perf_counter() - began, int(count[0]) if count else 0


def _cases(officer: Actor, n: int) -> list[UUID]:
    """A hundred people are reported as cases, by records as every other."""
    chosen = random.Random(7).sample(range(n // VISITS_OF_ONE), CASES)
    people = [UUID(md5(f"p{one}".encode(), usedforsecurity=False).hexdigest()) for one in chosen]
    today = clock.local_date(clock.now()).isoformat()
    submit_office(
        officer,
        [
            OfficeRecord(
                kind=Kind.CASE, path=town.DISTRICT, subject_type="person", subject=person,
                outcome=CaseClass.CONFIRMED, payload={"onset_on": today},
            )
            for person in people
        ],
    )  # fmt: skip
    return people


def _duck(file: Path, base: datetime) -> Any:
    duck = import_module("duckdb").connect()  # a tool of developers: the program runs without it
    since = base.astimezone(UTC).replace(tzinfo=None)  # with time zones DuckDB would ask for another library
    duck.execute(sqlfiles.load(ROOM, "visits_duckdb").format(file=file, base=since.isoformat(" ")))
    return duck


def _ask(duck: Any, cases: Sequence[UUID], most: int) -> list[Any]:
    now = clock.now().replace(tzinfo=None)
    values = {"persons": list(cases), "since": now - timedelta(days=DAYS), "until": now, "most": most}
    return list(duck.execute(sqlfiles.load(ROOM, "met_duckdb"), values).fetchall())
