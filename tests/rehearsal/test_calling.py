"""Who is called with which batch, and what a station does about a sample that the server doubts."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from bulou.lines.testing.rules.batches import Batch, Building
from bulou.rehearsal.scenario import ScenarioError
from bulou.rehearsal.testday.lists import Known, of_batches
from bulou.rehearsal.testday.station import Somebody

AT = datetime(2026, 11, 20, 7, tzinfo=UTC)
COMPOUND = "1.2.3.c1"


def some(n: int, building: str, first: int) -> list[Somebody]:
    """People of one building."""
    return [
        Somebody(UUID(int=first + k), f"{COMPOUND}.{building}", COMPOUND, f"{k}", building) for k in range(n)
    ]


def batch(number: int, *buildings: tuple[str, int]) -> Batch:
    """Buildings that are called together."""
    named = tuple(Building(COMPOUND, name, "c1", n) for name, n in buildings)
    return Batch(number, named, sum(n for _, n in buildings), AT, AT)


def test_everybody_is_called_once_building_by_building() -> None:
    known: Known = {(COMPOUND, "b1"): some(5, "b1", 0), (COMPOUND, "b2"): some(3, "b2", 10)}
    planned = {1: (batch(1, ("b1", 3)), batch(2, ("b1", 2), ("b2", 1))), 2: (batch(1, ("b2", 2)),)}
    made = of_batches(planned, known)
    numbers = {
        site: {n: [one.id.int for one in some_] for n, some_ in found.items()} for site, found in made.items()
    }
    assert numbers == {1: {1: [0, 1, 2], 2: [3, 4, 10]}, 2: {1: [11, 12]}}


def test_somebody_whom_no_batch_calls_is_not_passed_over_in_silence() -> None:
    known: Known = {(COMPOUND, "b1"): some(2, "b1", 0)}
    with pytest.raises(ScenarioError, match="1 people are in no batch"):
        of_batches({1: (batch(1, ("b1", 1)),)}, known)
