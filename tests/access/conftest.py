"""Fixtures of the tests of access."""

import pytest
from pytest_django import Settings


@pytest.fixture
def quick_hashes(settings: Settings) -> None:
    """Hash passwords as in production, with next to no work: these tests sign in dozens of times."""
    settings.PASSWORD_HASHERS = ["tests.access.hashing.QuickArgon2"]
