"""Which records are in force: the same for any order of arrival."""

import random
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from bulou.kernel import ids
from bulou.ledger import rules
from bulou.ledger.terms import Entry, Kind, Standing
from tests.make import ledger as make

DOOR, LI = ids.uuid7(), UUID(int=18)


def visit(**changes: object) -> Entry:
    return make.entry(**({"subject": DOOR} | changes))


def said(*entries: Entry) -> list[UUID]:
    return [e.id for e in rules.live(entries)]


def verdict(kind: Kind, about: Entry) -> Entry:
    return visit(kind=kind, accepts=about.id, device=None, author=LI)


def test_a_plain_visit_is_in_force() -> None:
    one = visit()
    assert said(one) == [one.id]


def test_a_withdrawn_visit_is_not() -> None:
    one = visit()
    assert said(one, visit(withdraws=one.id)) == []


def test_a_correction_takes_the_place_of_what_it_corrects_and_its_time() -> None:
    one = visit()
    later = one.effective_at + timedelta(hours=3)
    correction = visit(corrects=one.id, outcome="refused", effective_at=later)
    (left,) = rules.live([one, correction])
    assert (left.id, left.outcome, left.effective_at) == (correction.id, "refused", one.effective_at)


def test_a_correction_of_a_correction_stands_where_the_first_record_stood() -> None:
    one = visit()
    second = visit(corrects=one.id, effective_at=one.effective_at + timedelta(hours=1))
    third = visit(corrects=second.id, effective_at=one.effective_at + timedelta(hours=2))
    (left,) = rules.live([third, second, one])
    assert (left.id, left.effective_at) == (third.id, one.effective_at)


def test_withdrawing_a_correction_withdraws_the_whole_fact() -> None:
    one = visit()
    correction = visit(corrects=one.id)
    assert said(one, correction, visit(withdraws=correction.id)) == []


def test_a_correction_of_something_that_has_not_arrived_speaks_for_itself() -> None:
    alone = visit(corrects=ids.uuid7())
    assert said(alone) == [alone.id]


@pytest.mark.parametrize("way", ["corrects", "withdraws"])
def test_a_stranger_moves_nothing_unless_a_desk_says_so(way: str) -> None:
    one = visit()
    stranger = visit(author=LI, **{way: one.id})
    assert said(one, stranger) == [one.id]
    accepted = said(one, stranger, verdict(Kind.RECORD_ACCEPTED, stranger))
    assert accepted == ([stranger.id] if way == "corrects" else [])
    desk = visit(author=LI, device=None, **{way: one.id})
    assert said(one, desk) == ([desk.id] if way == "corrects" else [])


@pytest.mark.parametrize("way", ["corrects", "withdraws"])
def test_a_record_speaks_only_about_its_own_subject_and_round(way: str) -> None:
    one = visit()
    for elsewhere in ({"subject": ids.uuid7()}, {"operation": ids.uuid7()}):
        assert one.id in said(one, visit(**{way: one.id}, **elsewhere))


def test_a_doubtful_record_speaks_when_it_is_accepted_and_never_after_it_was_rejected() -> None:
    doubtful = visit(standing=Standing.DOUBTFUL, problems=("intake.outside_area",))
    yes, no = verdict(Kind.RECORD_ACCEPTED, doubtful), verdict(Kind.RECORD_REJECTED, doubtful)
    assert said(doubtful) == []
    assert said(doubtful, yes) == [doubtful.id]
    assert said(doubtful, no) == []
    assert said(doubtful, yes, no) == []
    assert said(visit(), no) != []


@pytest.mark.parametrize("doubt", sorted(rules.CONTEXTUAL))
def test_a_doubt_that_hangs_on_the_order_of_arrival_silences_nobody(doubt: str) -> None:
    waiting = visit(standing=Standing.DOUBTFUL, problems=(doubt,))
    assert said(waiting) == [waiting.id]
    assert said(waiting, verdict(Kind.RECORD_REJECTED, waiting)) == []
    both = visit(standing=Standing.DOUBTFUL, problems=(doubt, "intake.outside_area"))
    assert said(both) == []


def test_two_records_that_correct_each_other_are_both_gone() -> None:
    first, second = ids.uuid7(), ids.uuid7()
    assert said(visit(id=first, corrects=second), visit(id=second, corrects=first)) == []


def test_a_record_that_withdraws_itself_moves_nothing() -> None:
    own = ids.uuid7()
    assert said(visit(id=own, corrects=own)) == [own]


@given(seed=st.integers(0, 2**32))
def test_any_order_leaves_the_same_records_in_force(seed: int) -> None:
    chance = random.Random(seed)
    entries: list[Entry] = []
    for _ in range(chance.randrange(1, 9)):
        earlier = chance.choice(entries) if entries and chance.random() < 0.6 else None
        way = chance.choice(["corrects", "withdraws", "accepts"])
        changes: dict[str, object] = {} if earlier is None else {way: earlier.id}
        if way == "accepts" and earlier:
            changes |= {"kind": chance.choice([Kind.RECORD_ACCEPTED, Kind.RECORD_REJECTED]), "device": None}
        if chance.random() < 0.3:
            changes |= {"standing": Standing.DOUBTFUL, "problems": ("intake.future_time",)}
        entries.append(visit(author=chance.choice([make.WANG, LI]), **changes))
    expected = rules.live(entries)
    chance.shuffle(entries)
    assert rules.live(entries) == expected


def test_the_digest_is_of_what_the_sender_said_and_the_leaf_of_the_whole_row() -> None:
    one = visit()
    said_otherwise = {
        "kind": "a.b", "operation": ids.uuid7(), "subject": ids.uuid7(), "subject_type": "site", "slot": "x",
        "outcome": "x", "payload": b"{}", "observed_at": one.observed_at + timedelta(seconds=1), "device": LI,
        "device_seq": 4, "author": LI, "protocol": "x@1", "based_on": LI, "corrects": LI, "withdraws": LI,
        "accepts": LI, "id": LI,
    }  # fmt: skip
    stored_otherwise = {
        "path": make.DISTRICT, "team": "x", "clock_offset_ms": 1, "problems": ("a.b",),
        "effective_at": one.effective_at + timedelta(seconds=1), "standing": Standing.DOUBTFUL,
        "received_at": one.received_at + timedelta(seconds=1),
    }  # fmt: skip
    for name, value in said_otherwise.items():
        assert rules.digest(make.entry(**(_fields(one) | {name: value}))) != rules.digest(one), name
    for name, value in stored_otherwise.items():
        other = make.entry(**(_fields(one) | {name: value}))
        assert rules.digest(other) == rules.digest(one), name
        assert rules.leaf(other) != rules.leaf(one), name


def _fields(entry: Entry) -> dict[str, object]:
    return structs.asdict(entry)
