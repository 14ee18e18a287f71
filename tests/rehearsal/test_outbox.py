"""A simulated phone loses nothing and repeats itself exactly."""

from datetime import UTC, datetime
from random import Random
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from bulou.rehearsal.households import VACANT, Habits, opens
from bulou.rehearsal.outbox import Outbox, uuid7

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def filled(n: int) -> Outbox:
    outbox = Outbox()
    for number in range(n):
        outbox.put({"id": str(UUID(int=number))})
    return outbox


def test_records_are_numbered_without_holes() -> None:
    assert [record["device_seq"] for record in filled(7).waiting] == [1, 2, 3, 4, 5, 6, 7]


@given(n=st.integers(0, 1300), seed=st.integers())
def test_every_record_is_in_exactly_one_batch_of_at_most_500(n: int, seed: int) -> None:
    batches = list(filled(n).batches(Random(seed)))
    assert all(0 < len(batch) <= 500 for batch in batches)
    assert sorted(record["device_seq"] for batch in batches for record in batch) == list(range(1, n + 1))


def test_a_record_without_an_answer_stays() -> None:
    outbox = filled(3)
    outbox.settle([{"id": str(UUID(int=1)), "standing": "kept"}])
    assert [record["device_seq"] for record in outbox.waiting] == [1, 3]


def test_what_the_server_cannot_read_is_kept_in_sight() -> None:
    outbox = filled(1)
    outbox.settle([{"id": str(UUID(int=0)), "standing": "unreadable"}])
    assert (len(outbox.waiting), len(outbox.needs_help), len(outbox.arrived)) == (0, 1, 0)


def test_ids_are_version_7_and_come_from_the_seed() -> None:
    first, again = uuid7(AT, Random(1)), uuid7(AT, Random(1))
    assert first == again
    assert first.version == 7
    assert uuid7(AT, Random(2)) != first


@given(seed=st.integers(), door=st.text(), knock=st.integers(1, 9))
def test_a_door_answers_the_same_way_every_time(seed: int, door: str, knock: int) -> None:
    assert opens(seed, door, knock, Habits()) == opens(seed, door, knock, Habits())


@given(seed=st.integers(), door=st.text())
def test_from_the_fourth_knock_on_every_door_is_settled(seed: int, door: str) -> None:
    assert opens(seed, door, 4, Habits()) in {"done", "done_with_alert", VACANT}
