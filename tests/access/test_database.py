"""The second wall: PostgreSQL itself refuses what a forgotten scope would show."""

import psycopg
import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction

from bulou.kernel import scope
from bulou.kernel.reach import Scope, whole
from tests.make import access as make

pytestmark = pytest.mark.django_db

# The tables that each hold many rows of many districts. A new one must be added here, and under the policy.
LARGE = (
    "coverage_counter",
    "coverage_operation",
    "coverage_unit",
    "grid_area",
    "grid_dwelling",
    "grid_site",
    "ledger_conflict",
    "ledger_record",
)


def ask(sql: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def test_the_program_is_neither_superuser_nor_owner_nor_past_the_policies() -> None:
    ((superuser, bypass, creates_roles, creates_databases),) = ask(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
    )
    assert not any((superuser, bypass, creates_roles, creates_databases))
    owned = ask(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND pg_has_role(current_user, relowner, 'USAGE')"
    )
    assert owned == []


def test_the_program_cannot_become_somebody_who_is() -> None:
    powerful = ask(
        "SELECT rolname FROM pg_roles WHERE (rolsuper OR rolbypassrls OR rolcreaterole)"
        " AND pg_has_role(current_user, oid, 'MEMBER')"
    )
    assert powerful == []


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE mine (n int)",
        "ALTER TABLE ledger_record DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE ledger_record NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY ledger_record_scope ON ledger_record",
        "SET ROLE bulou_owner",
        "SET session_replication_role = replica",
    ],
)
def test_the_program_cannot_take_the_wall_down(sql: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        ask(sql)


@pytest.mark.parametrize("table", LARGE)
def test_a_large_table_asked_without_a_scope_is_an_error_and_never_empty(table: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        ask(f"SELECT count(*) FROM {table}")


def test_every_table_with_a_district_and_a_path_is_under_the_policy_even_for_its_owner() -> None:
    naked = ask(
        "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
        " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition"
        " AND NOT (c.relrowsecurity AND c.relforcerowsecurity) AND a.attname IN ('district', 'path')"
        " GROUP BY c.relname HAVING count(*) = 2"
    )
    assert naked == []


def test_every_partition_is_under_the_policy_too() -> None:
    """Whoever names a partition goes round the policy of its parent, so it must have one or no grant."""
    naked = ask(
        "SELECT c.relname FROM pg_class c JOIN pg_inherits i ON i.inhrelid = c.oid"
        " JOIN pg_class p ON p.oid = i.inhparent"
        " WHERE p.relrowsecurity AND NOT (c.relrowsecurity AND c.relforcerowsecurity)"
        " AND has_table_privilege(current_user, c.oid, 'SELECT') AND c.relkind IN ('r', 'p')"
    )
    assert naked == []


def test_a_scope_shows_its_own_rows_and_ends_with_its_transaction() -> None:
    make.lin()
    with scope.transaction(whole(make.DISTRICT)):
        assert ask("SELECT count(*) FROM ledger_record") != [(0,)]
    with scope.transaction(whole(make.ANOTHER_DISTRICT)):
        assert ask("SELECT count(*) FROM ledger_record") == [(0,)]
    with scope.transaction(Scope((make.DISTRICT,), (make.NEXT_STREET,))):
        assert ask("SELECT count(*) FROM ledger_record") == [(0,)]
    with pytest.raises(DatabaseError), transaction.atomic():
        ask("SELECT count(*) FROM ledger_record")


def test_nobody_writes_into_the_ledger_of_another_area() -> None:
    make.lin()
    copy = (
        "INSERT INTO ledger_conflict (id, district, path, record, body, digest, author, received_at)"
        " VALUES (gen_random_uuid(), %s, %s, gen_random_uuid(), '', '', gen_random_uuid(), now())"
    )
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        scope.transaction(whole(make.ANOTHER_DISTRICT)),
        connection.cursor() as cursor,
    ):
        cursor.execute(copy, [make.DISTRICT, make.COMMUNITY])


@pytest.mark.parametrize(
    "sql", ["UPDATE ledger_record SET team = ''", "DELETE FROM ledger_record", "TRUNCATE ledger_record"]
)
def test_the_program_cannot_change_the_ledger(sql: str) -> None:
    make.lin()
    with pytest.raises(DatabaseError), scope.transaction(whole(make.DISTRICT)):
        ask(sql)


def test_without_the_wall_the_same_question_is_answered(superuser: psycopg.Connection) -> None:
    """The control: it is the policy that refuses, not the question."""
    for table in LARGE:
        assert superuser.execute(f"SELECT count(*) FROM {table}").fetchone() is not None


def test_the_owner_is_under_the_policy_as_well(owner: psycopg.Connection) -> None:
    with pytest.raises(psycopg.Error):
        owner.execute("SELECT count(*) FROM ledger_record")
    owner.rollback()
