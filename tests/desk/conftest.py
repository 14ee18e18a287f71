"""The desk's small district: every module has a copy of its own; what a test does in it is rolled back."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from bulou.access import queries as access
from bulou.postgres.layout import Layout
from tests.make import desk
from tests.stages import on_stage


@pytest.fixture(scope="module")
def built(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, postgres: Layout
) -> Iterator[desk.World]:
    """A district of forty communities with about four hundred doors, two days into a round."""
    with (
        django_db_blocker.unblock(),
        on_stage(postgres, "desk 0.006", lambda: desk.world(scale=0.006)) as world,
    ):
        yield world


@pytest.fixture
def world(built: desk.World, django_db_blocker: DjangoDbBlocker) -> Iterator[desk.World]:
    """The same district, as if nobody had touched it before."""
    with django_db_blocker.unblock():
        outer = transaction.atomic()
        outer._from_testcase = True  # type: ignore[attr-defined]  # as Django's own test case does
        with outer:
            yield built
            transaction.set_rollback(True)
        access.forget()
