"""Boards of a testing day: counters only, the chase of the missed, what the public may see."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bulou.access.terms import Role
from bulou.kernel.scope import transaction, whole
from bulou.lines.testing.queries import boards
from bulou.lines.testing.rules import chasing
from bulou.lines.testing.rules.chasing import Pace
from bulou.lines.testing.terms import Stage
from tests.make import testing as make
from tests.make.rounds import COMMUNITY, DISTRICT, send, someone, street

OPENS = datetime(2022, 1, 17, 12, 0, tzinfo=UTC)
DUE = OPENS + timedelta(days=1)
BEGINS = DUE - timedelta(hours=8)


@pytest.mark.parametrize(
    ("hours", "missing", "found", "pace"),
    [
        (-1, 60, 0, Pace.NOT_BEGUN),
        (1, 60, 0, Pace.BEHIND),
        (2, 45, 15, Pace.ON_TIME),
        (4, 30, 30, Pace.ON_TIME),
        (4, 31, 29, Pace.BEHIND),
        (6, 15, 45, Pace.ON_TIME),
        (6, 16, 44, Pace.BEHIND),
        (8, 1, 59, Pace.OVER),
        (8, 0, 60, Pace.ALL_FOUND),
    ],
)
def test_half_of_the_missed_are_found_by_four_hours_and_all_by_eight(
    hours: int, missing: int, found: int, pace: Pace
) -> None:
    made = chasing.chase(
        opens_at=OPENS, due_at=DUE, now=BEGINS + timedelta(hours=hours), missing=missing, found=found
    )
    assert made.pace is pace
    assert (made.begins_at, made.half_by, made.all_by) == (BEGINS, BEGINS + timedelta(hours=4), DUE)
    assert made.wanted == 30


def test_a_short_round_is_chased_from_its_opening() -> None:
    made = chasing.chase(opens_at=OPENS, due_at=OPENS + timedelta(hours=3), now=OPENS, missing=5, found=0)
    assert (made.begins_at, made.all_by) == (OPENS, OPENS + timedelta(hours=8))


@pytest.mark.django_db
def test_a_board_reads_two_statements_whatever_the_number_of_people() -> None:
    with transaction(whole(DISTRICT)):
        street()
        people = [*make.residents(12), *make.residents(4, compound=f"{COMMUNITY}.c2")]
        operation = make.round_of_tests()
        station = someone(Role.WORKER, DISTRICT, device=True)
        elsewhere: dict[str, Any] = {"site": "school"}
        send(station, *make.all_in(operation, people[:10], "T1"), make.sealed(operation, "T1", 10))
        send(station, *make.all_in(operation, people[12:], "T2", payload=elsewhere))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            made = boards.board(whole(DISTRICT), operation, path=COMMUNITY)
        assert len(asked) == 2
        assert {place: c.sampled for place, c in made.below.items()} == {
            f"{COMMUNITY}.c1": 10, f"{COMMUNITY}.c2": 4,
        }  # fmt: skip
        assert made.slowest == ["hall", "school"]
        assert sum(made.hours.values()) == 14
        assert {place for places in made.by_hour.values() for place in places} == set(made.below)
        assert made.total.tubes == {Stage.SEALED: 1, Stage.FILLING: 1}
        assert made.total.people == 14
        chase = boards.chase(operation, made, missing=2, now=operation.due_at - timedelta(hours=9))
        assert chase.pace is Pace.NOT_BEGUN
