"""The ledger only grows: by grants, by triggers, and in every partition."""

from uuid import UUID

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from psycopg.errors import InsufficientPrivilege

from bulou.kernel.scope import apply, whole
from bulou.ledger import actions, queries
from tests.make import ledger as make

TABLES = ("ledger_record", "ledger_conflict", "ledger_seal")
CHANGES = ("UPDATE {} SET district = district", "DELETE FROM {}", "TRUNCATE {}")
SET_SCOPE = (
    "SELECT set_config('bulou.districts', '{220303}', false), set_config('bulou.scope', '{220303.}', false)"
)


def _partitions(superuser: psycopg.Connection) -> list[str]:
    return [
        row[0]
        for row in superuser.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'ledger_record'::regclass"
        )
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("change", CHANGES)
def test_the_program_has_no_right_to_change_what_was_written(table: str, change: str) -> None:
    apply(whole(make.DISTRICT))
    actions.append([make.entry()])
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(change.format(table))


@pytest.mark.django_db
def test_the_program_may_append_and_read() -> None:
    """The control of the test above: the same connection, the same scope."""
    apply(whole(make.DISTRICT))
    one = make.entry()
    actions.append([one])
    assert queries.record(whole(make.DISTRICT), one.id) == one


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("change", CHANGES)
def test_the_trigger_refuses_even_the_owner(
    transactional: None, owner: psycopg.Connection, superuser: psycopg.Connection, table: str, change: str
) -> None:
    one = make.entry()
    make.keep(one)
    make.keep(make.entry(id=one.id, outcome="refused"))
    superuser.execute(
        "INSERT INTO ledger_seal (district, number, from_arrival, to_arrival, n, hash, made_at)"
        " VALUES ('220303', 1, 0, 1, 0, '', now())"
    )
    owner.execute(SET_SCOPE)
    with pytest.raises(InsufficientPrivilege, match="append-only"):
        owner.execute(change.format(table))


@pytest.mark.parametrize("change", CHANGES)
def test_the_trigger_refuses_in_each_partition_directly(
    transactional: None, superuser: psycopg.Connection, change: str
) -> None:
    now, odd = make.entry(), make.entry(id=UUID(int=5))
    make.keep(now, odd)
    found = superuser.execute("SELECT DISTINCT tableoid::regclass::text FROM ledger_record").fetchall()
    held = [name for (name,) in found]
    assert len(held) == 2
    for partition in _partitions(superuser) if change.startswith("TRUNCATE") else held:
        with pytest.raises(InsufficientPrivilege, match="append-only"):
            superuser.execute(change.format(partition))


def test_with_the_triggers_off_the_same_statement_goes_through(
    transactional: None, superuser: psycopg.Connection
) -> None:
    """The control: it is the trigger that refuses, not something else."""
    make.keep(make.entry())
    with make.tampering(superuser):
        assert superuser.execute("DELETE FROM ledger_record").rowcount == 1


@pytest.mark.django_db
def test_no_partition_is_open_to_the_program() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent IN ('ledger_record'::regclass,"
            " 'coverage_unit'::regclass) AND has_table_privilege(inhrelid, 'SELECT, INSERT, UPDATE, DELETE')"
        )
        assert cursor.fetchall() == []
        cursor.execute("SELECT count(*) FROM pg_inherits WHERE inhparent = 'ledger_record'::regclass")
        assert cursor.fetchone()[0] > 5
