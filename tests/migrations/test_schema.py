"""The migrated schema is what the models say, and the rights in it are what they must be."""

import re
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

from bulou.postgres.layout import APP_LOGIN, OWNER_ROLE
from tests.house import source

OURS = sorted(path for path in source.PACKAGE.rglob("migrations/[0-9]*.py"))


@pytest.mark.django_db
def test_no_model_changed_without_a_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("path", OURS, ids=source.name)
def test_a_migration_is_named_after_its_purpose(path: Path) -> None:
    assert re.fullmatch(r"\d{4}_[a-z][a-z0-9_]+", path.stem)
    assert "_auto_" not in path.stem


def test_no_room_has_two_ends() -> None:
    assert MigrationLoader(None).detect_conflicts() == {}


def test_every_table_belongs_to_the_owner_and_the_application_cannot_empty_any(
    superuser: psycopg.Connection,
) -> None:
    tables = superuser.execute(
        "SELECT relname, pg_get_userbyid(relowner), has_table_privilege(%s, oid, 'TRUNCATE') FROM pg_class"
        " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')",
        [APP_LOGIN],
    ).fetchall()
    assert len(tables) > 20
    assert [name for name, owner, _ in tables if owner != OWNER_ROLE] == []
    assert [name for name, _, may_empty in tables if may_empty] == []


@pytest.mark.parametrize("right", ["UPDATE", "DELETE", "TRUNCATE"])
def test_nobody_but_the_owner_can_change_the_ledger(superuser: psycopg.Connection, right: str) -> None:
    books = superuser.execute(
        "SELECT c.relname FROM pg_class c WHERE c.relname LIKE 'ledger_record%%' AND c.relkind IN ('r', 'p')"
        " AND has_table_privilege(%s, c.oid, %s)",
        [APP_LOGIN, right],
    ).fetchall()
    assert books == []


def test_the_application_role_is_bound_by_every_policy(superuser: psycopg.Connection) -> None:
    found = superuser.execute(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = %s",
        [APP_LOGIN],
    ).fetchone()
    assert found == (False, False, False, False)
