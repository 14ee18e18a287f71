"""Real commits and threads; after each test the tables are empty and no day-book is remembered as open."""

from collections.abc import Callable, Iterator, Sequence

import pytest

from bulou.intake.actions import lanes
from bulou.ledger import actions


@pytest.fixture(autouse=True, params=["one process", "many processes"])
def _committed(
    transactional: None, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """In one process batches queue up in a lane; here each hand may also play a process of its own."""
    if request.param == "many processes":
        monkeypatch.setattr(lanes, "run", _alone)
    actions._books.clear()
    yield
    actions._books.clear()


def _alone(_district: str, job: lanes.Job, work: Callable[[Sequence[lanes.Job]], None]) -> None:
    work([job])
