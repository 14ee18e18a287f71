"""What all tests share: a real PostgreSQL, used as the application role, so that grants and policies hold."""

import shutil
from collections.abc import Iterator

import psycopg
import pytest
from django.db import connections
from hypothesis import settings as hypothesis
from psycopg import sql
from pytest_django.plugin import DjangoDbBlocker

from bulou.postgres import roles
from bulou.postgres.layout import OWNER_ROLE, SUPERUSER, Layout
from tests import cluster, stages
from tests.environment import DATA

# Machines have busy neighbours: how long one example takes says nothing about the code. Every run takes the
# same examples, so that a test breaks by a change, not by chance; --hypothesis-profile=search takes others.
hypothesis.register_profile("bulou", deadline=None, derandomize=True)
hypothesis.register_profile("search", deadline=None, print_blob=True)
hypothesis.load_profile("bulou")

# Rows that migrations made, and the list of open day-books, which a process remembers.
KEPT_TABLES = frozenset({"django_migrations", "django_content_type", "auth_permission", "ledger_book"})


@pytest.fixture(scope="session")
def postgres() -> Iterator[Layout]:
    """The throw-away server of this test process, migrated by the owner."""
    layout = cluster.start(DATA)
    stages.prepare(layout)
    yield layout
    cluster.end(DATA)


@pytest.fixture(scope="session")
def django_db_setup(postgres: Layout, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Take the place of Django's own test database: the owner has migrated, tests are the application."""
    yield
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.fixture
def transactional(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, postgres: Layout
) -> Iterator[None]:
    """For tests with threads, servers or commits: no transaction around them; all tables emptied after."""
    with django_db_blocker.unblock():
        yield
        connections.close_all()
    _empty(postgres)


@pytest.fixture
def transactional_db(transactional: None) -> None:
    """Let pytest-django's live_server use our way of cleaning up: the application may not truncate."""


@pytest.fixture
def owner(postgres: Layout) -> Iterator[psycopg.Connection]:
    """A connection of the owner; it sees what is committed, and is under row-level security too."""
    with roles.connect(postgres, OWNER_ROLE, stages.in_use()) as found:
        yield found


@pytest.fixture
def superuser(postgres: Layout) -> Iterator[psycopg.Connection]:
    """A connection that sees everything that is committed."""
    with roles.connect(postgres, SUPERUSER, stages.in_use()) as found:
        yield found


def _empty(postgres: Layout) -> None:
    with roles.connect(postgres, SUPERUSER, stages.in_use()) as superuser:
        # To empty all of them takes 0.1 s and more; a test fills a few. What was rolled back is swept up too.
        found = superuser.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
            " AND pg_relation_size(oid) > 0"
        )
        names = [sql.Identifier(name) for (name,) in found if name not in KEPT_TABLES]
        superuser.execute("SET session_replication_role = replica")  # the ledger's triggers refuse, rightly
        if names:
            command = sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE")
            superuser.execute(command.format(sql.SQL(", ").join(names)))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse the marker whose clean-up needs rights that the application does not have."""
    for item in items:
        for marker in item.iter_markers("django_db"):
            if marker.kwargs.get("transaction"):
                raise pytest.UsageError(f"{item.nodeid}: use the fixture `transactional` instead")


def pytest_unconfigure() -> None:
    """Leave nothing behind."""
    shutil.rmtree(DATA, ignore_errors=True)
