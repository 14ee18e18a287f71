"""A list reads the watches that it shows, however many others there are."""

from collections.abc import Callable
from hashlib import md5
from uuid import UUID

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bulou.kernel.scope import transaction, whole
from bulou.watches.queries import due
from bulou.watches.queries.due import Whose
from tests.make.care import at
from tests.make.rounds import DISTRICT
from tests.watches.many import fill, given, more

pytestmark = pytest.mark.slow
ROWS = 20_000
NOW = at(2, 12)
DOCTOR = UUID(md5(b"7").hexdigest())  # noqa: S324 - a name in a test


@pytest.fixture
def city(transactional: None, superuser: psycopg.Connection) -> None:
    fill(superuser, ROWS, days=1)


def _met() -> dict[str, tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, seq_tup_read, seq_tup_read + coalesce(idx_tup_fetch, 0)"
            " FROM pg_stat_xact_user_tables WHERE relname LIKE 'watches%'"
        )
        return {name: (read, met) for name, read, met in cursor.fetchall()}


def walked(page: Callable[[], object]) -> dict[str, tuple[int, int]]:
    """Rows read from end to end, and rows met at all, per table."""
    with transaction(whole(DISTRICT)):
        before = _met()
        page()
        after = _met()
    return {name: (n[0] - before[name][0], n[1] - before[name][1]) for name, n in after.items()}


def test_a_list_meets_its_own_watches_and_no_others(city: None) -> None:
    compound = f"{DISTRICT}.000.003.c1"
    pages: dict[str, Callable[[], object]] = {
        "doctor": lambda: due.due(DISTRICT, NOW, Whose(account=DOCTOR)),
        "place": lambda: due.due(DISTRICT, NOW, Whose(paths=(compound,))),
        "both": lambda: due.due(DISTRICT, NOW, Whose(account=DOCTOR, paths=(f"{DISTRICT}.000.003",))),
        "missed": lambda: due.missed(DISTRICT, NOW, DISTRICT),
        "lost": lambda: due.lost(DISTRICT, at(5), DISTRICT),
        "over": lambda: due.over(DISTRICT, at(20), DISTRICT),
    }
    for name, page in pages.items():
        for table, (read, met) in walked(page).items():
            assert read == 0, f"{name} reads {table} from end to end"
            assert met <= 500, f"{name} meets {met} rows of {table}"


def test_the_lists_are_not_empty(city: None) -> None:
    with transaction(whole(DISTRICT)):
        assert len(due.due(DISTRICT, NOW, Whose(account=DOCTOR))) == 50
        assert len(due.missed(DISTRICT, NOW, DISTRICT).items) == 50
        assert len(due.lost(DISTRICT, at(5), DISTRICT).items) == 50


MORNINGS = {UUID(md5(b"eighty-six").hexdigest()): 86, UUID(md5(b"morning").hexdigest()): 860}  # noqa: S324


def morning(worker: UUID) -> tuple[int, int, int]:
    """Slots of a doctor's morning, the statements that list them, and the rows met for each slot."""
    with CaptureQueriesContext(connection) as asked, transaction(whole(DISTRICT)):
        before = _met()
        slots = len(due.due(DISTRICT, NOW, Whose(account=worker), limit=1_000))
        after = _met()
    read = sum(n[0] - before[name][0] for name, n in after.items())
    met = sum(n[1] - before[name][1] for name, n in after.items())
    assert read == 0
    return slots, sum("FROM slots" in one["sql"] for one in asked), round(met / slots)


def test_a_morning_of_860_slots_costs_for_each_slot_what_86_cost_and_no_more_in_a_larger_city(
    city: None, superuser: psycopg.Connection
) -> None:
    for worker, n in MORNINGS.items():
        given(superuser, worker, n)
    small, large = (morning(worker) for worker in MORNINGS)
    assert (small[:2], large[:2]) == ((86, 1), (860, 1))
    assert large[2] <= small[2] + 1
    more(superuser, ROWS)  # twice the city; nothing has to be written for a new day either
    assert [morning(worker) for worker in MORNINGS] == [small, large]
