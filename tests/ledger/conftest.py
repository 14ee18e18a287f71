"""The process remembers which day-books are open; between tests the tables are emptied."""

from collections.abc import Iterator

import pytest

from bulou.ledger import actions


@pytest.fixture(autouse=True)
def _closed_books() -> Iterator[None]:
    actions._books.clear()
    yield
    actions._books.clear()
