"""Two phones at one door, a withdrawal that meets its visit, a find and a visit to it: all count once."""

import random
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection

from bulou.access.terms import Actor, Role
from bulou.coverage.queries import accounts, units
from bulou.coverage.terms import Account, Operation, State
from bulou.intake.actions.office import review
from bulou.intake.actions.proving import replay_check, seal_all, verify
from bulou.kernel import clock, ids
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import transaction, whole
from bulou.ledger import queries as ledger
from tests.make import rounds as make
from tests.make.threads import at_once

pytestmark = pytest.mark.slow
ALL = whole(make.DISTRICT)
TURNS = 12


def phone(path: str = make.COMMUNITY) -> Actor:
    return make.someone(Role.WORKER, path, device=True)


def prepared(*, compounds: int = 1, doors: int = 1) -> tuple[Operation, list[UUID]]:
    with transaction(ALL):
        made = make.street(compounds=compounds, doors=doors).all_doors
        return make.screening(), made


def board(operation: Operation) -> Account:
    with transaction(ALL):
        return accounts.account(ALL, operation)


def state(operation: Operation, door: UUID) -> State:
    with transaction(ALL):
        return units.unit(ALL, operation.id, door).state


def deciding(record: UUID, *, accept: bool) -> Callable[[], str]:
    officer = make.someone(Role.COMMUNITY_OFFICER, make.COMMUNITY)

    def decide() -> str:
        try:
            review(officer, record_id=record, path=make.COMMUNITY, accept=accept, reason="looked at it")
        except ProblemError as error:
            return error.problem.code
        return "through"

    return decide


def everything_agrees() -> None:
    assert verify().faults == ()
    assert replay_check().faults == ()
    seal_all()
    assert verify().faults == ()


def sending(actor: Actor, *records: dict[str, Any]) -> Callable[[], list[str]]:
    return lambda: make.standings(make.send(actor, *records))


def test_two_phones_at_one_door_at_the_same_moment_are_both_kept_and_count_once() -> None:
    operation, doors = prepared(doors=TURNS)
    for door in doors:
        noon = clock.now()
        early = make.visit(operation, door, "absent_notice_left", at=noon - timedelta(minutes=5))
        late = make.visit(operation, door, "done", at=noon)
        assert at_once(sending(phone(), early), sending(phone(), late)) == [["kept"], ["kept"]]
        with transaction(ALL):
            unit = units.unit(ALL, operation.id, door)
        assert (unit.state, unit.attempts, str(unit.record)) == (State.DONE, 1, late["id"])
    now = board(operation)
    assert (now.expected, now.done, now.open) == (TURNS, TURNS, 0)
    everything_agrees()


def test_the_same_batch_by_two_ways_at_once_counts_once() -> None:
    operation, doors = prepared(doors=20)
    wang = phone()
    records = [make.visit(operation, d, "absent_notice_left", device_seq=n) for n, d in enumerate(doors, 1)]
    answers = at_once(*[sending(wang, *records)] * 4)
    assert sorted(one for answer in answers for one in answer) == ["duplicate"] * 60 + ["kept"] * 20  # type: ignore[attr-defined]
    assert board(operation).open_by.absent == 20
    with transaction(ALL):
        assert {u.attempts for d in doors for u in units.units_of_subject(ALL, d)} == {1}
    everything_agrees()


@pytest.mark.parametrize("head_start", ["visit", "withdrawal"])
def test_a_withdrawal_that_races_its_visit_opens_the_door_either_way(head_start: str) -> None:
    operation, doors = prepared(doors=TURNS)
    for door in doors:
        wang = phone()
        done = make.visit(operation, door)
        back = make.visit(operation, door, "", payload={}) | {"withdraws": done["id"]}
        acts = [sending(wang, done), sending(wang, back)]
        at_once(*(acts if head_start == "visit" else acts[::-1]))
        assert state(operation, door) is State.UNTRIED
    assert board(operation).open == TURNS
    everything_agrees()


def test_a_find_that_races_a_visit_to_it_leaves_the_door_settled() -> None:
    operation, _ = prepared()
    for n in range(TURNS):
        door = ids.uuid7()
        new = {"id": str(door), "area": f"{make.COMMUNITY}.c1", "label": f"9{n:02d}"}
        found = make.visit(operation, door, "absent_notice_left")
        found |= {"subject": {"type": "dwelling", "new": new}}
        at_once(sending(phone(), found), sending(phone(), make.visit(operation, door)))
        assert state(operation, door) is State.DONE
    assert (board(operation).expected, board(operation).done) == (1 + TURNS, TURNS)
    everything_agrees()


def test_two_officers_who_review_one_record_at_once_do_not_both_get_through() -> None:
    operation, doors = prepared(doors=4)
    for door in doors:
        make.send(phone(f"{make.COMMUNITY}.c9"), make.visit(operation, door))
        with transaction(ALL):
            (waiting,) = ledger.doubtful(ALL)
        got = at_once(deciding(waiting.id, accept=True), deciding(waiting.id, accept=False))
        assert sorted(map(str, got)) == ["intake.already_reviewed", "through"]
    everything_agrees()


def test_eight_hands_at_the_same_fifty_doors_lose_and_double_nothing() -> None:
    operation, doors = prepared(compounds=5, doors=10)
    outcomes = ("done", "absent_notice_left", "refused", "done_with_alert")
    payloads: dict[str, dict[str, Any]] = {"refused": {"met": "adult"}, "done_with_alert": make.DONE}
    handed: list[dict[str, Any]] = []
    acts = []
    for hand in range(8):
        chance = random.Random(hand)
        wang, batches = phone(), []
        for _ in range(6):
            some = chance.sample(doors, 25)
            told = [(door, chance.choice(outcomes)) for door in some]
            records = [make.visit(operation, d, o, payload=payloads.get(o)) for d, o in told]
            handed += records
            batches.append(records)

        def work(who: Actor = wang, mine: list[list[dict[str, Any]]] = batches) -> int:
            answers = [make.standings(make.send(who, *records)) for records in mine]
            return sum(answer.count("kept") for answer in answers)

        acts.append(work)
    assert sum(int(str(n)) for n in at_once(*acts)) == len(handed) == 8 * 6 * 25
    settled = {r["subject"]["id"] for r in handed if r["outcome"].startswith("done")}
    now = board(operation)
    assert (now.expected, now.done) == (50, len(settled))
    with transaction(ALL):
        attempts = sum(u.attempts for d in doors for u in units.units_of_subject(ALL, d))
        assert ledger.count(make.DISTRICT) == len(handed) + 1  # and the opening
    assert attempts == sum(not r["outcome"].startswith("done") for r in handed)
    everything_agrees()


def test_a_deadlock_is_tried_again_and_ends_well(superuser: psycopg.Connection) -> None:
    """Somebody else holds two doors in the other order: PostgreSQL ends one of the two transactions."""
    operation, doors = prepared(doors=2)
    low, high = sorted(doors)
    superuser.execute(
        "SET deadlock_timeout = '10s'"
    )  # so that the phone's transaction is the one that is ended
    before = _deadlocks(superuser)
    lock = "SELECT 1 FROM coverage_unit WHERE subject = %s FOR UPDATE"
    superuser.autocommit = False
    superuser.execute(lock, [high])
    answers: list[list[str]] = []

    def hand_in() -> None:
        try:
            both = [make.visit(operation, low), make.visit(operation, high)]
            answers.append(make.standings(make.send(phone(), *both)))
        finally:
            connection.close()

    hand = threading.Thread(target=hand_in)
    hand.start()
    _until_somebody_waits(superuser)
    superuser.execute(lock, [low])  # closes the circle; returns when the other side has given way
    superuser.commit()
    hand.join(30)
    superuser.autocommit = True
    assert answers == [["kept", "kept"]]
    assert _deadlocks(superuser) > before
    assert board(operation).done == 2
    everything_agrees()


def _deadlocks(superuser: psycopg.Connection) -> int:
    superuser.execute("SELECT pg_stat_force_next_flush()")
    row = superuser.execute(
        "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    ).fetchone()
    return int(row[0]) if row else 0


def _until_somebody_waits(superuser: psycopg.Connection) -> None:
    for _ in range(2000):
        row = superuser.execute(
            "SELECT count(*) FROM pg_locks"
            " WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
        ).fetchone()
        if row and row[0]:
            return
        threading.Event().wait(0.005)
    raise AssertionError("nobody waits")
