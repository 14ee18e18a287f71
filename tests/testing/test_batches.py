"""Calling in batches: whole buildings, a pace that follows the queue, any order of records."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from bulou.lines.testing.rules import batches
from bulou.lines.testing.rules.batches import Advice, Batch, Building, Measured, State, Told

START = datetime(2022, 4, 5, 20, tzinfo=UTC)
PLAN = UUID(int=1)


def _made(sizes: Sequence[int] = (50, 60, 40, 300, 30)) -> tuple[Batch, ...]:
    buildings = [Building("1.1.1.1", f"{n}", "Park", size) for n, size in enumerate(sizes, 1)]
    return batches.batches(buildings, per_slot=120, per_hour=240, starts_at=START)


def _called(number: int, minutes: int, record: int) -> Told:
    return Told(START + timedelta(minutes=minutes), UUID(int=record), batch=number)


def test_whole_buildings_are_called_together_and_a_large_one_in_parts() -> None:
    made = _made()
    assert [[(b.name, b.part, b.parts, b.n_persons) for b in m.buildings] for m in made] == [
        [("1", 1, 1, 50), ("2", 1, 1, 60)],
        [("3", 1, 1, 40)],
        [("4", 1, 3, 100)],
        [("4", 2, 3, 100)],
        [("4", 3, 3, 100)],
        [("5", 1, 1, 30)],
    ]
    assert sum(m.n_persons for m in made) == 480


def test_the_next_batch_begins_when_the_tables_have_done_the_last() -> None:
    begins = [(m.starts_at - START) / timedelta(minutes=1) for m in _made()]
    assert begins == [0, 30, 40, 65, 90, 115]


def test_where_a_batch_stands_comes_from_records_only() -> None:
    told = [_called(1, 0, 1), Told(START + timedelta(minutes=9), UUID(int=2), batch=1, n_came=40)]
    first, second, *_ = batches.fold(_made(), told, {1: 25})
    assert (first.called_at, first.n_came, first.n_done) == (START, 40, 25)
    assert (second.called_at, second.n_came, second.n_done) == (None, 0, 0)


@given(
    st.lists(st.tuples(st.integers(1, 3), st.integers(0, 90), st.integers(0, 9)), max_size=12), st.randoms()
)
def test_any_order_and_repetition_of_records_gives_the_same(
    raw: list[tuple[int, int, int]],
    chance: "st.random.Random",  # type: ignore[name-defined]
) -> None:
    told = [
        Told(START + timedelta(minutes=minutes), UUID(int=n), batch=number, n_came=came)
        for n, (number, minutes, came) in enumerate(raw, 1)
    ]
    mixed = [*told, *told[:4]]
    chance.shuffle(mixed)
    assert batches.fold(_made(), mixed, {}) == batches.fold(_made(), told, {})


def _states(*called: int, came: int = 0, done: int = 0) -> tuple[State, ...]:
    told = [_called(number, 0, number) for number in called]
    return tuple(
        replace(s, n_came=came, n_done=done) if s.called_at else s for s in batches.fold(_made(), told, {})
    )


def test_the_first_batch_is_called_at_once() -> None:
    queue = Measured(0, 4, 240, None)
    advice = batches.following(_states(), queue, limit_minutes=15, now=START)
    assert (advice.advice, advice.number) == (Advice.CALL, 1)


def test_a_growing_queue_slows_the_calling_down() -> None:
    short = batches.following(_states(1, came=110), Measured(40, 4, 240, START), limit_minutes=15, now=START)
    long = batches.following(_states(1, came=110), Measured(200, 4, 240, START), limit_minutes=15, now=START)
    assert short.advice is Advice.CALL
    assert long.advice is Advice.WAIT
    assert long.at is not None
    assert long.at > START
    assert long.wait_minutes > 15


def test_who_is_on_the_way_counts_like_who_waits() -> None:
    queue = Measured(40, 4, 240, START)
    on_the_way = batches.following(_states(1, 2), queue, limit_minutes=5, now=START)
    assert on_the_way.advice is Advice.WAIT
    later = batches.following(_states(1, 2), queue, limit_minutes=5, now=START + timedelta(hours=2))
    assert later.advice is Advice.CALL


def test_a_table_that_stops_moves_all_that_is_still_to_come() -> None:
    states = _states(1)
    told = [Told(START, UUID(int=9), waiting=30, samplers=2)]
    queue = batches.measured(told, states, samplers=4, per_hour=60)
    assert (queue.samplers, queue.per_hour) == (2, 120)
    moved = batches.replanned(states, queue, START + timedelta(minutes=30))
    assert [(b.starts_at - START) / timedelta(minutes=1) for b in moved] == [30, 50, 100, 150, 200]


def test_without_any_table_nobody_is_called() -> None:
    queue = Measured(30, 0, 0, START)
    assert batches.following(_states(1), queue, limit_minutes=15, now=START).advice is Advice.STOPPED
    assert batches.replanned(_states(1), queue, START) == ()


def test_when_all_are_called_there_is_nothing_to_advise() -> None:
    states = _states(1, 2, 3, 4, 5, 6)
    assert (
        batches.following(states, Measured(0, 4, 240, None), limit_minutes=15, now=START).advice
        is Advice.OVER
    )


def test_the_last_count_of_the_queue_holds_and_without_one_those_who_came() -> None:
    told = [
        Told(START + timedelta(minutes=20), UUID(int=8), waiting=70),
        Told(START, UUID(int=9), waiting=30, samplers=2),
    ]
    assert batches.measured(told, (), samplers=4, per_hour=60).waiting == 70
    counted = batches.measured([], _states(1, came=90, done=50), samplers=4, per_hour=60)
    assert (counted.waiting, counted.counted_at) == (40, None)


def test_a_site_of_a_plan_is_the_same_subject_everywhere() -> None:
    assert batches.site_id(PLAN, 3) == batches.site_id(PLAN, 3) != batches.site_id(PLAN, 4)
