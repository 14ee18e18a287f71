"""A real server on a real database for every test of the API."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from pytest_django.live_server_helper import LiveServer

from bulou.postgres.layout import Layout
from tests.make.api import Served, served


@pytest.fixture(scope="session", autouse=True)
def static_files(postgres: Layout) -> Iterator[None]:
    """The server looks for collected static files; the API has none, but the folder must be there."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    yield


@pytest.fixture
def town(transactional_db: None, live_server: LiveServer) -> Served:
    """The served community with its people."""
    return served(live_server.url)
