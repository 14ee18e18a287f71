"""The small district of the matrix: made once for each module; what a test does in it is rolled back."""

from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker

from bulou.postgres.layout import Layout
from tests.matrix.world import World, build
from tests.stages import on_stage


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: DjangoDbBlocker, postgres: Layout) -> Iterator[World]:
    """The district on a stage of its own."""
    with django_db_blocker.unblock(), on_stage(postgres, "matrix", build) as world:
        yield world


@pytest.fixture
def world(built: World, db: None) -> World:
    """The same district, as if nobody had touched it before."""
    return built
