"""Pages read what they show: none walks through units or ledger; a batch costs the same at any size."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bulou.access.terms import Role
from bulou.coverage.queries import accounts, units
from bulou.coverage.terms import Operation, State
from bulou.kernel import ids
from bulou.kernel.scope import apply, transaction, whole
from bulou.ledger import queries as ledger
from tests.make import rounds as make

ALL = whole(make.DISTRICT)
ROWS = 20_000
FEW = 300  # rows that a page of 50 may meet


def town(superuser: psycopg.Connection) -> tuple[Operation, list[UUID]]:
    """20,000 doors in 100 compounds, 2,000 of them visited, and the planner knows."""
    payloads: dict[str, dict[str, Any]] = {
        "vacant_confirmed": {"met": "nobody", "vacant_source": "owner"},
        "done_with_alert": make.DONE,
    }
    outcomes = ("done", "absent_notice_left", "vacant_confirmed", "done_with_alert")
    with transaction(ALL):
        doors = make.street(compounds=100, doors=ROWS // 100).all_doors
        operation = make.screening()
        wang = make.someone(Role.WORKER, make.COMMUNITY, device=True)
        for start in range(0, 2000, 500):
            some = enumerate(doors[start : start + 500])
            told = ((d, outcomes[n % 4]) for n, d in some)
            make.send(wang, *[make.visit(operation, d, o, payload=payloads.get(o)) for d, o in told])
    superuser.execute("ANALYZE")
    return operation, doors


def walked(page: Callable[[], object], few: int = FEW) -> dict[str, int]:
    """Rows that were really met, by index or from end to end, per table, where there were more than a few."""
    with transaction(ALL):
        before = _met()
        page()
        after = _met()
    found = {table: n - before.get(table, 0) for table, n in after.items()}
    return {table: n for table, n in found.items() if n > few}


def _met() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables"
        )
        return dict(cursor.fetchall())


@pytest.mark.slow
def test_pages_find_their_rows_by_index(transactional: None, superuser: psycopg.Connection) -> None:
    operation, doors = town(superuser)
    compound = f"{make.COMMUNITY}.c7"
    keys = [(operation.id, d) for d in doors[:200]]
    with transaction(ALL):
        following = units.missed(ALL, operation, limit=50).next
    pages: dict[str, Callable[[], object]] = {
        "board": lambda: accounts.account(ALL, operation, depth=4),
        "tiles": lambda: accounts.tiles(ALL, operation),
        "missed page": lambda: units.missed(ALL, operation, path=compound, limit=50),
        "missed page of the district": lambda: units.missed(ALL, operation, limit=50),
        "a later page": lambda: units.missed(ALL, operation, limit=50, cursor=following),
        "one door": lambda: units.units_of_subject(ALL, doors[5]),
        "standings": lambda: units.standings(make.DISTRICT, keys),
        "history": lambda: ledger.history(ALL, doors[5]),
        "digests": lambda: ledger.digests([ids.uuid7()]),
        "spoken about": lambda: ledger.spoken_about(make.DISTRICT, [ids.uuid7()]),
        "doubtful": lambda: ledger.doubtful(ALL),
    }
    assert {name: found for name, page in pages.items() if (found := walked(page))} == {}
    assert walked(_everything) != {}  # the control: a page that walks through the units is seen
    phone = make.someone(Role.WORKER, make.COMMUNITY, device=True)
    some = [make.visit(operation, d) for d in doors[3000:3200]]
    assert walked(lambda: make.send(phone, *some), few=6 * len(some)) == {}


def _everything() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM coverage_unit WHERE label LIKE '%7%'")


@pytest.fixture
def _district(db: None) -> None:
    apply(ALL)


district = pytest.mark.usefixtures("_district")


def _queries(phone: Any, records: list[dict[str, Any]]) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert set(make.standings(make.send(phone, *records))) <= {"kept", "doubtful"}
    return len(captured)


@district
@pytest.mark.parametrize("outcome", ["done", "absent_notice_left"])
def test_a_batch_of_200_costs_as_many_queries_as_a_batch_of_one(outcome: str) -> None:
    doors = make.street(compounds=2, doors=200).all_doors
    operation = make.screening()
    phone = make.someone(Role.WORKER, make.COMMUNITY, device=True)
    _queries(phone, [make.visit(operation, doors[0], outcome)])
    one = _queries(phone, [make.visit(operation, doors[1], outcome, device_seq=1)])
    many = _queries(
        phone, [make.visit(operation, d, outcome, device_seq=n) for n, d in enumerate(doors[2:202], 2)]
    )
    assert one == many <= 15


@district
def test_200_withdrawals_cost_as_many_queries_as_one() -> None:
    doors = make.street(compounds=2, doors=201).all_doors
    operation = make.screening()
    phone = make.someone(Role.WORKER, make.COMMUNITY, device=True)
    visits = [make.visit(operation, d) for d in doors[:201]]
    make.send(phone, *visits)
    back = [
        make.visit(operation, UUID(v["subject"]["id"]), "", payload={}) | {"withdraws": v["id"]}
        for v in visits
    ]
    assert _queries(phone, back[:1]) == _queries(phone, back[1:])
    assert accounts.account(ALL, operation).done == len(doors) - len(doors)


@district
def test_200_finds_cost_as_many_queries_as_one() -> None:
    make.street(compounds=1, doors=1)
    operation = make.screening()
    phone = make.someone(Role.WORKER, make.COMMUNITY, device=True)

    def find(n: int) -> dict[str, Any]:
        door = ids.uuid7()
        new = {"id": str(door), "area": f"{make.COMMUNITY}.c1", "label": f"9{n:03d}"}
        return make.visit(operation, door) | {"subject": {"type": "dwelling", "new": new}}

    assert _queries(phone, [find(0)]) == _queries(phone, [find(n) for n in range(1, 201)])
    assert accounts.account(ALL, operation).done == 201
    assert units.listed(ALL, operation, states=[State.DONE]).total == 201
