"""Databases with a world in them: each is made once a process, and every module works on a copy of it."""

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

import psycopg
from django.db import connection, connections
from psycopg import sql

from bulou.access import queries as access
from bulou.kernel import clock
from bulou.ledger import actions as ledger
from bulou.postgres import roles
from bulou.postgres.layout import DATABASE, SUPERUSER, Layout

EMPTY = "empty"  # a migrated database that nobody ever connects to, because only such a one can be copied
IN_USE = "stage"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Made:
    """A world that lies ready to be copied."""

    world: Any
    day: date


_made: dict[str, Made] = {}


def in_use() -> str:
    """Return the name of the database that tests work on now."""
    return str(connection.settings_dict["NAME"])


def prepare(layout: Layout) -> None:
    """Keep a copy of the migrated database. Assumes that nobody has connected yet."""
    with _anywhere(layout) as superuser:
        _copy(superuser, DATABASE, EMPTY)


@contextmanager
def on_stage(layout: Layout, name: str, make: Callable[[], T]) -> Iterator[T]:
    """Work on a copy of the database in which `make` was called, and on a copy of what it returned.

    A world is about some hours: one that was made before midnight is made anew.
    """
    today = clock.local_date(clock.now())
    with _anywhere(layout) as superuser:
        if name not in _made or _made[name].day != today:
            _made.pop(name, None)
            _copy(superuser, EMPTY, name)
            with _connected_to(name):
                world = make()
            _made[name] = Made(world, today)
        _copy(superuser, name, IN_USE)
    with _connected_to(IN_USE):
        yield copy.deepcopy(_made[name].world)
    with _anywhere(layout) as superuser:
        _drop(superuser, IN_USE)


@contextmanager
def _connected_to(name: str) -> Iterator[None]:
    """Let Django speak to another database, in every thread that connects from now on."""
    before = in_use()
    _switch(name)
    try:
        yield
    finally:
        _switch(before)


def _switch(name: str) -> None:
    connections.close_all()
    connection.settings_dict["NAME"] = name
    ledger._books.clear()  # what this process remembers of the database
    access.forget()


def _anywhere(layout: Layout) -> psycopg.Connection:
    return roles.connect(layout, SUPERUSER, "postgres")


def _copy(superuser: psycopg.Connection, template: str, name: str) -> None:
    _drop(superuser, name)
    superuser.execute(
        sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
            sql.Identifier(name), sql.Identifier(template)
        )
    )


def _drop(superuser: psycopg.Connection, name: str) -> None:
    superuser.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
