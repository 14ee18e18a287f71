"""Order does not matter: any order, duplication and batching of the same records gives the same state."""

import random
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db import transaction as db
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulou.access.terms import Actor, Role
from bulou.coverage.queries import accounts, checks, units
from bulou.coverage.terms import Operation
from bulou.intake.actions.proving import replay_check, verify
from bulou.intake.queries import revisits_out_of_step
from bulou.kernel import clock, ids
from bulou.kernel.scope import transaction, whole
from tests.make import rounds as make

pytestmark = pytest.mark.django_db
ALL = whole(make.DISTRICT)
OUTCOMES = ("done", "absent_notice_left", "refused", "vacant_confirmed", "done_with_alert", "moved_pending")

FEVER = {**make.DONE, "symptoms": ["fever"], "temperature_c": 38.6}  # and the outcome says that all is well


def story(operation: Operation, doors: list[UUID], seed: int) -> list[dict[str, Any]]:
    """Visits with corrections, withdrawals and finds, as one or two phones might write them."""
    chance = random.Random(seed)
    began = clock.now() - timedelta(hours=1)
    found = ids.uuid7()
    new = {"type": "dwelling", "new": {"id": str(found), "area": f"{make.COMMUNITY}.c1", "label": "099"}}
    records: list[dict[str, Any]] = []
    for n in range(14):
        at = began + timedelta(minutes=chance.randrange(50))
        door = chance.choice([*doors, found])
        made = make.visit(operation, door, chance.choice(OUTCOMES), at=at)
        if made["outcome"] == "done" and chance.random() < 0.4:
            made |= {"payload": FEVER}
        earlier = [r for r in records if r["subject"].get("id") == str(door)]
        if earlier and chance.random() < 0.3:
            made |= {chance.choice(["corrects", "withdraws"]): chance.choice(earlier)["id"]}
        records.append(made)
        if n == 5:
            alarming = {"payload": FEVER} if chance.random() < 0.4 else {}
            records.append(make.visit(operation, found, "done", at=at) | {"subject": new} | alarming)
    return records


def play(actor: Actor, records: list[dict[str, Any]], order: random.Random) -> None:
    """Hands the records in: shuffled, some twice, in batches of any size, all by the same clock."""
    sent_at = clock.now()
    handed = records + [r for r in records if order.random() < 0.3]
    order.shuffle(handed)
    while handed:
        size = order.randrange(1, 6)
        with clock.frozen(sent_at):
            make.send(actor, *handed[:size], sent_at=sent_at)
        handed = handed[size:]


def state(operation: Operation, subjects: list[UUID]) -> list[Any]:
    """What the round shows: units without their row order, and the account."""
    rows = [
        (u.subject, u.state, u.outcome, u.alert, u.record, u.attempts, u.last_attempt_at)
        for s in subjects
        for u in units.units_of_subject(ALL, s)
    ]
    a = accounts.account(ALL, operation)
    return [sorted(rows), (a.expected, a.done, a.excused, a.moved, a.open_by, a.alerts)]


@pytest.mark.slow
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**6))
def test_any_order_and_duplication_gives_the_same_state_and_the_same_account(seed: int) -> None:
    with db.atomic():
        with transaction(ALL):
            street = make.street(compounds=2, doors=2)
            operation = make.screening()
            phone = make.someone(Role.WORKER, make.DISTRICT, device=True)
            records = story(operation, street.all_doors, seed)
            subjects = sorted({UUID(r["subject"].get("id") or r["subject"]["new"]["id"]) for r in records})
            seen = []
            for shuffle in range(3):
                with db.atomic():
                    play(phone, records, random.Random(seed + shuffle))
                    seen.append(state(operation, subjects))
                    assert checks.recount(make.DISTRICT, operation.id) == []
                    assert checks.replay(make.DISTRICT, operation.id) == []
                    assert revisits_out_of_step(make.DISTRICT) == []
                    a = accounts.account(ALL, operation)
                    assert a.expected == a.done + a.excused + a.moved + a.open
                    db.set_rollback(True)
            assert seen[0] == seen[1] == seen[2]
        db.set_rollback(True)


def test_verify_and_replay_hold_after_a_story_and_notice_a_changed_counter() -> None:
    with transaction(ALL):
        street = make.street(compounds=2, doors=4)
        operation = make.screening()
        phone = make.someone(Role.WORKER, make.DISTRICT, device=True)
        play(phone, story(operation, street.all_doors, 7), random.Random(7))
        assert verify().faults == ()
        assert replay_check().faults == ()
        with connection.cursor() as cursor:
            cursor.execute("UPDATE coverage_counter SET n = n + 1 WHERE area = %s", [f"{make.COMMUNITY}.c1"])
        assert not verify().holds
