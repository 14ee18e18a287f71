"""Partitions of months to come: made by the application without the right to change the schema."""

import psycopg
import pytest
from django.db import connection

from bulou.intake.actions.proving import make_months

pytestmark = pytest.mark.django_db


def test_the_coming_months_are_made_once_and_closed_to_the_application() -> None:
    assert make_months(12) > 0
    assert make_months(12) == 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE has_table_privilege(c.oid, 'SELECT, INSERT, DELETE'))"
            " FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
            " WHERE inhparent IN ('ledger_record'::regclass, 'coverage_unit'::regclass)"
        )
        n, open_to_us = cursor.fetchone()
    assert n >= 26
    assert open_to_us == 0


def test_the_application_cannot_make_tables_by_itself(superuser: psycopg.Connection) -> None:
    row = superuser.execute("SELECT has_schema_privilege('bulou_app', 'public', 'CREATE')").fetchone()
    assert row == (False,)
