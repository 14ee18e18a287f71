"""Appending: once each, conflicts beside the first, any id, any month, only one's own district."""

import random
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from msgspec import structs

from bulou.kernel import ids
from bulou.kernel.reach import Scope
from bulou.kernel.scope import apply, whole
from bulou.kernel.scope import transaction as scoped
from bulou.ledger import actions, queries, rules
from bulou.ledger.terms import Gap, Standing
from tests.make import ledger as make

ALL = whole(make.DISTRICT)


@pytest.fixture
def _district(db: None) -> None:
    apply(ALL)


open_district = pytest.mark.usefixtures("_district")


def _partition(record: UUID) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM ledger_record WHERE id = %s", [record])
        return str(cursor.fetchone()[0])


@open_district
def test_ids_of_other_months_and_shapes_are_kept_and_stay_unique() -> None:
    odd = {
        "this month": ids.uuid7(),
        "a clock years off": ids.uuid7(datetime(2009, 5, 1, tzinfo=UTC)),
        "a clock far ahead": ids.uuid7(datetime(2090, 5, 1, tzinfo=UTC)),
        "random": uuid4(),
        "smallest": UUID(int=0),
        "greatest": UUID(int=2**128 - 1),
    }
    for name, record in odd.items():
        entry = make.entry(id=record)
        assert [a.fate for a in actions.append([entry])] == ["stored"], name
        assert [a.fate for a in actions.append([entry])] == ["duplicate"], name
    assert _partition(odd["this month"]) != "ledger_record_other"
    assert {_partition(record) for name, record in odd.items() if name.startswith("a clock")} == {
        "ledger_record_other"
    }
    assert queries.count(make.DISTRICT) == len(odd)


@open_district
def test_an_entry_comes_back_exactly_as_it_was_given() -> None:
    entry = make.entry(
        operation=ids.uuid7(), slot="morning", payload='{"a":[1,2.50,"不漏"],"b":{"c":null}}'.encode(),
        clock_offset_ms=-2_592_000_000, device_seq=2**53, based_on=ids.uuid7(), corrects=ids.uuid7(),
        standing=Standing.DOUBTFUL, problems=("intake.outside_area", "form.required:met"), team="甲组",
    )  # fmt: skip
    actions.append([entry])
    assert queries.by_ids(make.DISTRICT, [entry.id]) == {entry.id: entry}


@open_district
def test_a_conflict_is_kept_once_beside_the_first() -> None:
    first = make.entry()
    other = make.entry(id=first.id, outcome="refused")
    third = make.entry(id=first.id, outcome="absent_notice_left")
    fates = [str(a.fate) for e in (first, other, other, third, first) for a in actions.append([e])]
    assert fates == ["stored", "conflict", "conflict", "conflict", "duplicate"]
    assert len(queries.conflicts(ALL)) == 2
    assert queries.by_ids(make.DISTRICT, [first.id])[first.id].outcome == "done"


@open_district
def test_two_contents_under_one_id_in_one_batch_leave_the_first_with_its_own_digest() -> None:
    first = make.entry()
    other = make.entry(id=first.id, outcome="refused")
    assert [str(a.fate) for a in actions.append([first, other, first])] == ["stored", "conflict", "duplicate"]
    assert queries.by_ids(make.DISTRICT, [first.id]) == {first.id: first}
    assert queries.digests([first.id]) == {first.id: (rules.digest(first), ())}
    assert queries.check_seals(make.DISTRICT) == []


@open_district
def test_what_came_twice_in_one_batch_is_kept_as_it_came_first() -> None:
    """The second time another clock was measured: what is projected must be what is kept."""
    late = timedelta(seconds=1)
    firsts = [make.entry() for _ in range(60)]
    seconds = [
        structs.replace(
            e, effective_at=e.effective_at + late, clock_offset_ms=1000, received_at=e.received_at
        )
        for e in firsts
    ]
    fates = [str(a.fate) for a in actions.append([*firsts, *seconds])]
    assert fates == ["stored"] * 60 + ["duplicate"] * 60
    assert queries.by_ids(make.DISTRICT, [e.id for e in firsts]) == {e.id: e for e in firsts}


@open_district
def test_a_duplicate_that_came_by_another_way_is_the_same() -> None:
    """Times of receipt, clock offsets and standing are the server's words, not the sender's."""
    first = make.entry()
    again = make.entry(
        id=first.id, subject=first.subject, observed_at=first.observed_at, clock_offset_ms=77,
        received_at=first.received_at + timedelta(hours=2), standing=Standing.DOUBTFUL, problems=("x.y",),
    )  # fmt: skip
    assert [str(a.fate) for a in actions.append([first, again])] == ["stored", "duplicate"]


@open_district
@pytest.mark.parametrize("seed", range(5))
def test_holes_are_the_same_for_any_order_and_repetition_of_numbers(seed: int) -> None:
    chance = random.Random(seed)
    numbers = sorted({chance.randrange(1, 60) for _ in range(25)})
    handed = numbers + chance.choices(numbers, k=10)
    chance.shuffle(handed)
    device, answer = ids.uuid7(), []
    while handed:
        size = chance.randrange(1, 7)
        answer = actions.note_sequences(make.DISTRICT, {device: handed[:size]})
        handed = handed[size:]
    expected = [Gap(device, a, b) for a, b in _holes(numbers)]
    assert answer == expected
    assert queries.gaps(make.DISTRICT, [device]) == expected
    assert actions.note_sequences(make.DISTRICT, {device: range(1, 60)}) == []


@open_district
def test_another_district_is_invisible_and_cannot_be_written() -> None:
    mine = make.entry()
    actions.append([mine])
    elsewhere = whole("110101")
    with scoped(elsewhere):
        assert queries.by_ids(make.DISTRICT, [mine.id]) == {}
        assert queries.count(make.DISTRICT) == 0
        assert queries.record(ALL, mine.id) is None
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            actions.append([make.entry()])
    assert queries.count(make.DISTRICT) == 1


@open_district
def test_a_neighbouring_street_is_invisible_too() -> None:
    mine = make.entry()
    actions.append([mine])
    with scoped(Scope((make.DISTRICT,), (f"{make.DISTRICT}.002",))):
        assert queries.count(make.DISTRICT) == 0
    with scoped(Scope((make.DISTRICT,), (f"{make.DISTRICT}.001",))):
        assert queries.count(make.DISTRICT) == 1


@pytest.mark.django_db
def test_an_unset_scope_is_an_error_and_never_an_empty_ledger() -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        queries.count(make.DISTRICT)


@open_district
def test_what_is_turned_away_is_counted_by_device_code_and_day() -> None:
    for _ in range(2):
        actions.turn_away(
            make.DISTRICT, {(make.PHONE, "intake.unreadable"): 2, (None, "intake.unreadable"): 1}
        )
    with connection.cursor() as cursor:
        cursor.execute("SELECT device, n FROM ledger_turnedaway ORDER BY n")
        assert cursor.fetchall() == [(None, 2), (make.PHONE, 4)]


def test_a_batch_that_is_rolled_back_leaves_nothing(
    transactional: None, superuser: psycopg.Connection
) -> None:
    with scoped(ALL):
        actions.append([make.entry()])
        transaction.set_rollback(True)
    assert superuser.execute("SELECT count(*) FROM ledger_record").fetchone() == (0,)
    make.keep(make.entry())
    assert superuser.execute("SELECT count(*) FROM ledger_record").fetchone() == (1,)
    assert make.DISTRICT in queries.districts()


def _runs(numbers: list[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for n in numbers:
        if runs and runs[-1][1] == n - 1:
            runs[-1] = (runs[-1][0], n)
        else:
            runs.append((n, n))
    return runs


def _holes(numbers: list[int]) -> list[tuple[int, int]]:
    present = set(numbers)
    return _runs([n for n in range(1, max(numbers) + 1) if n not in present])
