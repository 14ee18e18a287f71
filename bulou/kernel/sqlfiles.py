"""Reads the SQL files of a room, and runs what is on the hot path as prepared statements."""

import time
from functools import cache
from importlib.resources import files
from typing import Any

import psycopg
from django.db import connection


@cache
def load(package: str, name: str) -> str:
    """Return the text of `<package>/sql/<name>.sql`, read once per process.

    Raises:
        FileNotFoundError: there is no such file; a programming error, found by the first call.
    """
    return (files(package) / "sql" / f"{name}.sql").read_text(encoding="utf-8")


def prepared(text: str, params: Any = None) -> list[tuple[Any, ...]]:
    """Run one statement on Django's connection as a prepared one and return its rows.

    Django binds parameters into the text, so PostgreSQL plans each call anew; over partitioned tables
    planning costs more than the work. Errors and transactions are Django's, and the statement counts among
    its queries.
    """
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    began = time.perf_counter()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(text, params, prepare=True)
        rows = cursor.fetchall() if cursor.description else []
    if connection.queries_logged:
        connection.queries_log.append({"sql": text, "time": f"{time.perf_counter() - began:.3f}"})
    return rows
