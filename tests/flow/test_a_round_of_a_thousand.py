"""A screening round over 1,000 homes, as the protocol library wants it: nobody is missed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from bulou.access.terms import Actor, Role
from bulou.coverage.actions import close_round
from bulou.coverage.queries import accounts, units
from bulou.coverage.terms import Account, Operation, RoundState, State
from bulou.intake import queries as intake
from bulou.intake.actions.office import review, submit_office
from bulou.intake.actions.proving import replay_check, verify
from bulou.intake.terms import OfficeRecord
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import apply, whole
from tests.make import rounds as make

ALL = whole(make.DISTRICT)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _district(db: None) -> None:
    apply(ALL)


def hand_in(phone: Actor, operation: Operation, doors: Sequence[UUID], outcome: str = "done") -> None:
    """Visits with one outcome, in batches as phones send them."""
    payload = {
        "moved_pending": {"met": "nobody", "moved_to": "the next street"},
        "vacant_confirmed": {"met": "nobody", "vacant_source": "neighbour"},
        "refused": {"met": "adult"},
    }.get(outcome)
    for start in range(0, len(doors), 200):
        records = [make.visit(operation, d, outcome, payload=payload) for d in doors[start : start + 200]]
        assert set(make.standings(make.send(phone, *records))) == {"kept"}


def figures(account: Account) -> dict[str, int]:
    """The five numbers of the board, and that they balance."""
    assert account.expected == account.done + account.excused + account.moved + account.open
    return {
        "expected": account.expected,
        "done": account.done,
        "excused": account.excused,
        "moved": account.moved,
        "open": account.open,
    }


def a_thousand() -> tuple[Operation, list[UUID]]:
    """900 done, 40 absent, 30 refused, 20 moved of which 10 are accepted, 10 excused for a while."""
    doors = make.street(compounds=5, doors=200).all_doors
    operation = make.screening()
    wang = make.someone(Role.WORKER, make.COMMUNITY, device=True)
    hand_in(wang, operation, doors[:900])
    hand_in(wang, operation, doors[900:940], "absent_notice_left")
    hand_in(wang, operation, doors[940:970], "refused")
    hand_in(wang, operation, doors[970:990], "moved_pending")
    hand_in(wang, operation, doors[990:], "vacant_confirmed")
    receiver = make.someone(Role.COMMUNITY_OFFICER, f"{make.DISTRICT}.002")
    accepted = [
        OfficeRecord(
            kind="unit.moved", path=f"{make.DISTRICT}.002", operation=operation.id, subject_type="dwelling",
            subject=door, payload={"reason": "registered here"},
        )
        for door in doors[970:980]
    ]  # fmt: skip
    submit_office(receiver, accepted)
    return operation, doors


def test_a_thousand_homes_balance_and_the_round_refuses_to_close() -> None:
    operation, doors = a_thousand()
    board = accounts.account(ALL, operation, depth=4)
    assert figures(board) == {"expected": 1000, "done": 900, "excused": 10, "moved": 10, "open": 80}
    by = board.open_by
    assert (by.untried, by.absent, by.refused, by.unreachable, by.handed_over) == (0, 40, 30, 0, 10)
    level = board
    while level.children:
        assert sum(c.expected for c in level.children) == 1000
        assert sum(c.open for c in level.children) == 80
        (level,) = level.children if len(level.children) == 1 else (level.children[0],)
    chief = make.someone(Role.COMMAND, make.DISTRICT)
    with pytest.raises(ProblemError) as refused:
        close_round(chief, operation_id=operation.id)
    assert (refused.value.problem.code, refused.value.status) == ("coverage.still_open", 409)
    assert refused.value.problem.params == {"open": 80}
    missed = list(units.all_missed(ALL, operation))
    assert {m.subject for m in missed} == {*doors[900:970], *doors[980:990]}
    assert verify().faults == ()
    assert replay_check().faults == ()


def test_an_excuse_that_runs_out_is_open_again_at_once_and_no_job_has_to_run() -> None:
    operation, doors = a_thousand()
    (unit,) = units.units_of_subject(ALL, doors[990])
    assert unit.excused_until is not None
    end: datetime = units.unit(ALL, operation.id, doors[999]).excused_until or unit.excused_until
    with clock.frozen(end - timedelta(milliseconds=1)):
        assert accounts.account(ALL, operation).excused >= 1
        assert doors[999] not in {m.subject for m in units.all_missed(ALL, operation)}
    with clock.frozen(end):
        board = accounts.account(ALL, operation)
        assert figures(board) == {"expected": 1000, "done": 900, "excused": 0, "moved": 10, "open": 90}
        again = [m for m in units.all_missed(ALL, operation) if m.excuse_ended]
        assert {m.subject for m in again} == set(doors[990:])
        assert {m.why for m in again} == {State.UNTRIED}
        assert units.missed(ALL, operation).total == 90
        assert units.listed(ALL, operation, states=[State.EXCUSED]).total == 0
        # nothing was written: at the earlier moment the excuse still holds
    assert accounts.account(ALL, operation).excused == 10


def test_two_phones_offline_at_one_home_are_both_kept_the_later_shows_and_the_worker_is_told() -> None:
    door = make.street(compounds=1, doors=1).all_doors[0]
    operation = make.screening()
    wang = make.someone(Role.WORKER, make.COMMUNITY, device=True)
    li = make.someone(Role.WORKER, make.COMMUNITY, device=True)
    noon = clock.now() - timedelta(hours=1)
    early = make.visit(operation, door, "done", at=noon)
    late = make.visit(operation, door, "done_with_alert", at=noon + timedelta(minutes=20), payload=make.DONE)
    first = make.send(li, late)
    second = make.send(wang, early)
    assert make.standings(first) == make.standings(second) == ["kept"]
    assert first.results[0].problems == []
    assert second.results[0].problems == ["intake.settled_by_other"]
    shown = units.unit(ALL, operation.id, door)
    assert (str(shown.record), shown.outcome, shown.alert) == (late["id"], "done_with_alert", True)
    assert [str(e.id) for e in intake.history(ALL, door)] == [early["id"], late["id"]]
    assert figures(accounts.account(ALL, operation))["done"] == 1


def test_a_named_officer_may_close_short_and_what_comes_after_waits_for_a_person() -> None:
    doors = make.street(compounds=1, doors=3).all_doors
    operation = make.screening()
    wang = make.someone(Role.WORKER, make.COMMUNITY, device=True)
    chief = make.someone(Role.COMMAND, make.DISTRICT)
    street = make.someone(Role.STREET_OFFICER, f"{make.DISTRICT}.001")
    hand_in(wang, operation, doors[:1])
    before = clock.now()
    with pytest.raises(ProblemError):
        close_round(street, operation_id=operation.id, reason="storm")
    closed = close_round(chief, operation_id=operation.id, reason="storm")
    assert (closed.state, closed.closed_by, closed.close_reason) == (
        RoundState.CLOSED_SHORT,
        chief.account_id,
        "storm",
    )
    with pytest.raises(ProblemError, match=r"coverage\.closed"):
        close_round(chief, operation_id=operation.id, reason="again")
    after = make.send(wang, make.visit(operation, doors[1]))
    assert after.results[0].problems == ["intake.after_closing"]
    # seen before the closing and sent after it: it happened in time
    assert make.standings(make.send(wang, make.visit(operation, doors[2], at=before))) == ["kept"]
    assert figures(accounts.account(ALL, operation)) == {
        "expected": 3, "done": 2, "excused": 0, "moved": 0, "open": 1,
    }  # fmt: skip
    officer = make.someone(Role.COMMUNITY_OFFICER, make.COMMUNITY)
    (waiting,) = intake.doubtful(ALL)
    review(officer, record_id=waiting.id, path=waiting.path, accept=True, reason="seen by the porter")
    assert accounts.account(ALL, operation).open == 0
    assert intake.doubtful(ALL) == []
    assert verify().faults == replay_check().faults == ()


def test_a_round_with_nothing_open_closes_without_a_reason() -> None:
    doors = make.street(compounds=1, doors=2).all_doors
    operation = make.screening()
    hand_in(make.someone(Role.WORKER, make.COMMUNITY, device=True), operation, doors)
    closed = close_round(make.someone(Role.COMMAND, make.DISTRICT), operation_id=operation.id)
    assert closed.state is RoundState.CLOSED
