"""From a phone's batch to hours, holds, hand-overs and shifts; in any order, and the same after a rebuild."""

import random
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction as db

from bulou.access.terms import Actor, Role
from bulou.intake.actions.proving import replay_check, verify
from bulou.intake.terms import Answered
from bulou.kernel import clock, ids
from bulou.kernel.scope import transaction, whole
from bulou.lines.checkpoints import models
from bulou.lines.checkpoints.queries import gates
from bulou.lines.checkpoints.terms import HourCount, Outcome
from tests.make import gates as make
from tests.make.rounds import COMMUNITY, DISTRICT, send, someone, street

pytestmark = pytest.mark.django_db
ALL = whole(DISTRICT)
NOON = clock.now().replace(minute=0, second=0, microsecond=0) - timedelta(hours=3)


@pytest.fixture
def post() -> UUID:
    with transaction(ALL):
        street(compounds=1, doors=1)
        return make.post()


@pytest.fixture
def guard() -> Actor:
    return someone(Role.CHECKPOINT, COMMUNITY, device=True)


def hours() -> list[HourCount]:
    with transaction(ALL):
        return gates.hours(ALL, NOON, NOON + timedelta(hours=3))


def story(post: UUID) -> list[dict[str, Any]]:
    """Three hours at a gate: every result, a hold settled, a correction, a withdrawal, a visitor."""
    shift, ill, guest, sent = (ids.uuid7() for _ in range(4))
    mistaken = make.passage(post, at=NOON + timedelta(minutes=50), n_persons=5)
    twice = make.passage(post, at=NOON + timedelta(minutes=55))
    late = NOON + timedelta(minutes=65)
    about = {"corrects": mistaken["id"], "subject": mistaken["subject"]}
    came = {"post": str(post), "n_persons": 1, "purpose": "visit"}
    return [
        make.record("shift", "opened", {"post": str(post), "n_staff": 3}, subject=shift, at=NOON),
        make.passage(post, at=NOON + timedelta(minutes=1), shift=str(shift)),
        make.passage(post, at=NOON + timedelta(minutes=9), shift=str(shift), direction="out", n_persons=1),
        make.passage(
            post, "held", at=NOON + timedelta(minutes=20), subject=ill, temperature_c=37.6, shift=str(shift)
        ),
        make.record("recheck", "referred", {"recheck_c": 37.9}, subject=ill, at=late),
        make.passage(
            post, "turned_back", at=late, reason="no_pass", told="back", shift=str(shift), n_persons=3
        ),
        make.passage(post, "handed_over", at=late, subject=sent, to=COMMUNITY, shift=str(shift), n_persons=4),
        make.passage(post, "emergency", at=late, direction="out", vehicle="ambulance", shift=str(shift)),
        mistaken,
        make.passage(post, at=late, n_persons=6) | about,
        twice,
        make.passage(post, at=late) | {"withdraws": twice["id"], "subject": twice["subject"]},
        make.record("visitor", "entered", came, subject=guest, at=late),
        make.record("visitor", "left", {}, subject=guest, at=late + timedelta(minutes=30)),
        make.record(
            "shift", "closed", {"post": str(post), "passages": 6, "persons": 14}, subject=shift,
            at=NOON + timedelta(hours=2),
        ),
    ]  # fmt: skip


def state() -> list[Any]:
    with transaction(ALL):
        rows = [
            list(
                model.objects.order_by("id").values_list(
                    *sorted({f.name for f in model._meta.fields} - {"record"})
                )
            )
            for model in (models.Passage, models.Hour, models.Shift)
        ]
        return [*rows, list(models.Handover.objects.order_by("id").values_list())]


def test_the_hours_count_what_the_records_say(post: UUID, guard: Actor) -> None:
    answer = send(guard, *story(post))
    assert {r.standing for r in answer.results} == {Answered.KEPT}
    first, second = hours()
    assert (first.n, first.n_in, first.n_out, first.n_persons, first.n_held) == (4, 3, 1, 11, 1)
    assert (first.n_referred, first.n_turned_back) == (1, 0)
    assert (second.n, second.n_persons, second.n_turned_back) == (4, 10, 1)
    assert (second.n_handed_over, second.n_emergency) == (1, 1)


def test_any_order_and_any_repetition_gives_the_same(post: UUID, guard: Actor) -> None:
    records, sent_at = story(post), clock.now()
    states = []
    for seed in range(4):
        order = random.Random(seed)
        handed = records + order.sample(records, 5)
        order.shuffle(handed)
        with db.atomic(), clock.frozen(sent_at):
            while handed:
                size = order.randrange(1, 5)
                batch, handed = handed[:size], handed[size:]
                send(guard, *batch, sent_at=sent_at)
            states.append(state())
            db.set_rollback(True)
    assert states[0][1]
    assert states == [states[0]] * 4


def test_a_rebuild_gives_the_same_rows(post: UUID, guard: Actor) -> None:
    records = story(post)
    random.Random(5).shuffle(records)
    for one in records:
        send(guard, one)
    assert replay_check().faults == ()
    assert verify().faults == ()


def test_holds_and_hand_overs_are_open_until_somebody_settles_them(post: UUID, guard: Actor) -> None:
    ill, sent = ids.uuid7(), ids.uuid7()
    send(guard, make.passage(post, "held", subject=ill, temperature_c=37.4))
    send(guard, make.passage(post, "handed_over", subject=sent, to=f"{DISTRICT}.001.006"))
    with transaction(ALL):
        assert [one.id for one in gates.holds(ALL)] == [ill]
        assert [one.id for one in gates.sent_on(ALL)] == [sent]
        assert [one.id for one in gates.to_receive(ALL)] == [sent]
    send(guard, make.record("recheck", "admitted", {"recheck_c": 36.8}, subject=ill))
    stranger = someone(Role.COMMUNITY_OFFICER, f"{DISTRICT}.001.007", device=True)
    send(stranger, make.record("received", "accepted", {}, subject=sent, area=f"{DISTRICT}.001.007"))
    with transaction(ALL):
        assert gates.holds(ALL) == []
        assert len(gates.to_receive(ALL)) == 1, "only the named receiver can accept"
    receiver = someone(Role.COMMUNITY_OFFICER, f"{DISTRICT}.001.006", device=True)
    send(receiver, make.record("received", "accepted", {}, subject=sent, area=f"{DISTRICT}.001.006"))
    with transaction(ALL):
        assert gates.to_receive(ALL) == []
        assert gates.sent_on(ALL) == []
        assert gates.passage(ALL, ill).outcome is Outcome.ADMITTED


def test_the_sending_side_cannot_accept_for_the_receiver(post: UUID, guard: Actor) -> None:
    sent, there = ids.uuid7(), f"{DISTRICT}.001.006"
    send(guard, make.passage(post, "handed_over", subject=sent, to=there))
    answer = send(guard, make.record("received", "accepted", {}, subject=sent, area=there))
    assert answer.results[0].standing == Answered.DOUBTFUL
    with transaction(ALL):
        assert len(gates.to_receive(ALL)) == 1


def test_a_shift_agrees_when_its_people_and_its_records_count_the_same(post: UUID, guard: Actor) -> None:
    send(guard, *story(post))
    with transaction(ALL):
        (told,) = gates.shifts(ALL, NOON, NOON + timedelta(hours=1))
    assert told.agrees
    assert (told.n_passages, told.n_persons) == (6, 14)
    send(guard, make.passage(post, at=NOON + timedelta(minutes=90), shift=str(told.shift.id)))
    with transaction(ALL):
        (told,) = gates.shifts(ALL, NOON, NOON + timedelta(hours=1))
    assert not told.agrees


def test_hours_with_a_shift_are_counted_once(post: UUID, guard: Actor) -> None:
    start, _ = clock.day_bounds(clock.local_date(clock.now()) - timedelta(days=1))
    for first, last in ((0, 9), (8, 16), (16, 26)):
        one = ids.uuid7()
        about = {"post": str(post), "passages": 0, "persons": 0}
        send(guard, make.record("shift", "opened", about, subject=one, at=start + timedelta(hours=first)))
        send(guard, make.record("shift", "closed", about, subject=one, at=start + timedelta(hours=last)))
    with transaction(ALL):
        (day,) = gates.post_days(ALL, clock.local_date(start))
    assert day.minutes_staffed == 24 * 60


def test_somebody_without_a_gate_records_no_passage(post: UUID) -> None:
    answer = send(someone(Role.WORKER, COMMUNITY, device=True), make.passage(post))
    assert answer.results[0].standing == Answered.DOUBTFUL
    assert answer.results[0].problems == ["intake.outside_area"]
    assert hours() == []
