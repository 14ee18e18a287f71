"""How records fold into a unit, when an account balances, when a round may close: every cell."""

import itertools
import random
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulou.coverage import rules
from bulou.coverage.terms import (
    ALERT,
    OPEN_STATES,
    Basis,
    Operation,
    Outcome,
    OutcomeMap,
    Rank,
    RoundState,
    State,
    Targets,
)
from bulou.kernel import ids
from bulou.ledger.terms import Entry, Kind
from tests.make import ledger as make

ROUND, DOOR = ids.uuid7(), ids.uuid7()
NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
VISIT = "screening.visit"
OUTCOMES = OutcomeMap(
    {
        "absent": Outcome("absent", Rank.NOT_SEEN, State.ABSENT),
        "refused": Outcome("refused", Rank.NOT_SEEN, State.REFUSED),
        "unreachable": Outcome("unreachable", Rank.NOT_SEEN, State.UNREACHABLE),
        "handed": Outcome("handed", Rank.HANDED_OVER, State.HANDED_OVER),
        "vacant": Outcome("vacant", Rank.EXCUSED, State.EXCUSED, expires_s=86_400),
        "moved": Outcome("moved", Rank.MOVED, State.MOVED),
        "done": Outcome("done", Rank.DONE, State.DONE),
        "alarm": Outcome("alarm", Rank.DONE, State.DONE, alert=True),
    },
    frozenset({VISIT}),
)
CELLS = {
    **{key: (VISIT, key) for key in OUTCOMES.outcomes},
    "excused": (Kind.UNIT_EXCUSED.value, ""),
    "removed": (Kind.UNIT_REMOVED.value, ""),
    "received": (Kind.UNIT_MOVED.value, ""),
}


def told(cell: str, minutes: int = 0, **changes: object) -> Entry:
    kind, outcome = CELLS[cell]
    at = NOON + timedelta(minutes=minutes)
    given: dict[str, object] = {
        "kind": kind, "outcome": outcome, "operation": ROUND, "subject": DOOR, "effective_at": at,
        "id": ids.uuid7(at),
    }  # fmt: skip
    return make.entry(**(given | changes))


def rank(cell: str) -> Rank:
    found = rules.outcome_of(told(cell), OUTCOMES)
    assert found is not None
    return found.rank


@pytest.mark.parametrize(("first", "second"), list(itertools.product(CELLS, repeat=2)))
def test_the_higher_rank_prevails_and_within_a_rank_the_later_one(first: str, second: str) -> None:
    entries = [told(first, 0), told(second, 5)]
    made = rules.fold(entries, OUTCOMES, {})
    assert made is not None
    assert made == rules.fold(entries[::-1], OUTCOMES, {})
    winner = entries[0] if rank(first) > rank(second) else entries[1]
    assert made.record == winner.id
    assert (made.rank, made.effective_at) == (max(rank(first), rank(second)), winner.effective_at)
    assert made.alert == ("alarm" in {first, second})
    tries = [e for e, cell in zip(entries, (first, second), strict=True) if rank(cell) is Rank.NOT_SEEN]
    assert made.attempts == len(tries)
    assert made.last_attempt == (tries[-1].id if tries else None)
    assert made.last_attempt_at == (tries[-1].effective_at if tries else None)
    assert (made.excused_until is not None) == (made.rank is Rank.EXCUSED)


@pytest.mark.parametrize(
    ("cell", "state"),
    [
        ("absent", State.ABSENT),
        ("refused", State.REFUSED),
        ("unreachable", State.UNREACHABLE),
        ("handed", State.HANDED_OVER),
        ("vacant", State.EXCUSED),
        ("excused", State.EXCUSED),
        ("moved", State.MOVED),
        ("received", State.MOVED),
        ("done", State.DONE),
        ("alarm", State.DONE),
        ("removed", State.REMOVED),
    ],
)
def test_each_outcome_leads_to_its_state(cell: str, state: State) -> None:
    made = rules.fold([told(cell)], OUTCOMES, {})
    assert made is not None
    assert made.state is state


def test_the_same_moment_is_decided_by_the_id() -> None:
    low, high = told("absent", id=UUID(int=1)), told("refused", id=UUID(int=2))
    for order in ([low, high], [high, low]):
        made = rules.fold(order, OUTCOMES, {})
        assert made is not None
        assert made.record == high.id


def test_what_settles_nothing_folds_to_nothing() -> None:
    added = told("done", kind=Kind.UNIT_ADDED.value)
    other_kind = told("done", kind="disinfection.signoff")
    unknown = told("done", outcome="no such outcome")
    assert rules.fold([added, other_kind, unknown], OUTCOMES, {}) is None
    assert rules.fold([], OUTCOMES, {}) is None


@given(seed=st.integers(0, 2**32))
def test_any_order_folds_to_the_same_unit(seed: int) -> None:
    chance = random.Random(seed)
    entries = [told(chance.choice(list(CELLS)), chance.randrange(5)) for _ in range(chance.randrange(1, 12))]
    expected = rules.fold(entries, OUTCOMES, {})
    chance.shuffle(entries)
    assert rules.fold(entries, OUTCOMES, {}) == expected


def test_every_excuse_ends_by_its_own_date_or_by_the_protocol() -> None:
    own = NOON + timedelta(days=3)
    named, plain = told("excused"), told("vacant")
    assert rules.excuse_end(named, rules.OFFICE_OUTCOMES[Kind.UNIT_EXCUSED], {named.id: own}) == own
    assert rules.excuse_end(plain, OUTCOMES.outcomes["vacant"], {}) == plain.effective_at + timedelta(days=1)
    assert rules.excuse_end(told("done"), OUTCOMES.outcomes["done"], {}) is None
    # an excuse that names no end, accepted by mistake, ends at once
    assert rules.excuse_end(named, rules.OFFICE_OUTCOMES[Kind.UNIT_EXCUSED], {}) == named.effective_at


@pytest.mark.parametrize(
    ("named", "valid"),
    [
        ("2026-11-25T08:00:00+08:00", True),
        ("2026-11-25T00:00Z", True),
        ("2026-11-25 08:00:00.123456+08:00", True),
        ("2026-11-25", False),
        ("2026-11-25T08:00:00", False),
        ("2026-13-25T08:00:00Z", False),
        ("infinity", False),
        ("tomorrow", False),
        ("9999-12-31T23:59:59Z", False),
        ("", False),
        (None, False),
        (20261125, False),
    ],
)
def test_the_end_of_an_excuse_is_a_plain_time_with_an_offset(named: object, valid: bool) -> None:
    assert (rules.excuse_until(named) is not None) == valid


def test_an_account_balances_for_every_combination_of_counters() -> None:
    for n in itertools.product((0, 3), repeat=len(State)):
        counts = dict(zip(map(int, State), n, strict=True)) | {ALERT: 2}
        for ended in range(counts[State.EXCUSED] + 1):
            one = rules.account("220303", counts, {State.ABSENT: ended}, NOON)
            assert one.expected == one.done + one.excused + one.moved + one.open
            assert one.expected == sum(n) - counts[State.REMOVED]
            assert one.excused == counts[State.EXCUSED] - ended
            assert one.open_by.absent == counts[State.ABSENT] + ended
            assert one.alerts == 2


def test_open_is_split_by_why() -> None:
    one = rules.account("220303", {int(s): n for n, s in enumerate(OPEN_STATES, 1)}, {}, NOON)
    by = one.open_by
    assert (by.untried, by.absent, by.refused, by.unreachable, by.handed_over) == (1, 2, 3, 4, 5)
    assert one.open == 15


def a_round(*, closed: bool = False, short: bool = False) -> Operation:
    return Operation(
        id=ROUND, district="220303", path="220303", protocol="x@1", kind="round", title="",
        subject_type="dwelling", opens_at=NOON, due_at=NOON, opened_by=make.WANG, opened_at=NOON,
        basis=Basis("law"), targets=Targets(), frame_n=1, closed_at=NOON if closed else None,
        closed_by=None, closed_short=short, close_reason="",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("operation", "open_units", "reason", "problem"),
    [
        (a_round(), 0, "", None),
        (a_round(), 0, "all met", None),
        (a_round(), 1, "", "coverage.still_open"),
        (a_round(), 1, "  ", "coverage.still_open"),
        (a_round(), 1, "storm", None),
        (a_round(closed=True), 0, "", "coverage.closed"),
        (a_round(closed=True, short=True), 1, "storm", "coverage.closed"),
    ],
)
def test_a_round_closes_at_open_zero_or_short_with_a_reason(
    operation: Operation, open_units: int, reason: str, problem: str | None
) -> None:
    assert rules.may_close(operation, open_units, reason) == problem


def test_a_round_that_was_closed_short_says_so_for_ever() -> None:
    assert a_round().state is RoundState.OPEN
    assert a_round(closed=True).state is RoundState.CLOSED
    assert a_round(closed=True, short=True).state is RoundState.CLOSED_SHORT
