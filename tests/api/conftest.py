"""A real server on a real database for every test of the API."""

import pytest
from pytest_django.live_server_helper import LiveServer

from tests.make.api import Served, served


@pytest.fixture
def town(transactional_db: None, live_server: LiveServer) -> Served:
    """The served community with its people."""
    return served(live_server.url)
