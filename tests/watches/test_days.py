"""A watch from its start to its end: slots, changes of the regime, release."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from bulou.access.terms import Actor, Role
from bulou.kernel import clock, ids
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import transaction, whole
from bulou.protocols.terms import Predicate
from bulou.watches import models
from bulou.watches.queries import watches
from bulou.watches.terms import Kind, SlotState, Timeline
from tests.make import care
from tests.make.care import HOME, at, seen, send_at, start
from tests.make.rounds import COMMUNITY, DISTRICT, someone, standings, street

pytestmark = pytest.mark.django_db
ALL = whole(DISTRICT)


@pytest.fixture(autouse=True)
def _district() -> Iterator[None]:
    with transaction(ALL):
        street()
        yield


@pytest.fixture
def lin() -> Actor:
    return someone(Role.COMMUNITY_OFFICER, COMMUNITY, team="community 5")


@pytest.fixture
def doctor() -> Actor:
    return someone(Role.WORKER, COMMUNITY, team="clinic", device=True)


def of(watch: UUID) -> Timeline:
    return watches.watch(ALL, watch)


def test_a_key_person_is_watched_for_fourteen_days_three_times_a_day(lin: Actor, doctor: Actor) -> None:
    watch = start(lin)
    answer = send_at(doctor, at(0, 14, 5), seen(watch, when=at(0, 14)))
    assert standings(answer) == ["kept"]
    made = of(watch)
    assert made.watch.plan.ends_at == at(15, 0)
    assert [(one.due_at, one.state) for one in made.slots] == [(at(0, 14), SlotState.SEEN_WELL)]
    assert [beat.minute // 60 for beat in made.watch.plan.beats] == [8, 14, 20]


def test_the_four_answers_of_a_visit_are_told_apart(lin: Actor, doctor: Actor) -> None:
    watch = start(lin)
    for day, outcome in enumerate(("seen_ok", "seen_not_ok", "not_seen", "not_attempted"), 1):
        send_at(doctor, at(day, 8, 30), seen(watch, outcome, when=at(day, 8, 20)))
    assert [one.state for one in of(watch).slots] == [
        SlotState.SEEN_WELL, SlotState.SEEN_ILL, SlotState.NOT_SEEN, SlotState.NOT_ATTEMPTED,
    ]  # fmt: skip


def test_in_the_evening_nobody_fills_in_the_morning(lin: Actor, doctor: Actor) -> None:
    watch = start(lin)
    send_at(doctor, at(1, 20, 30), seen(watch, when=at(1, 20, 10), slot="visit@2026-10-21T08:00"))
    assert [one.due_at for one in of(watch).slots] == [at(1, 20)]


def test_a_report_of_oneself_waits_until_somebody_else_confirms_it(lin: Actor, doctor: Actor) -> None:
    watch = start(lin)
    report = seen(watch, when=at(1, 8, 10), channel="self_report")
    resident = someone(Role.WORKER, COMMUNITY, device=True)
    send_at(resident, at(1, 8, 11), report)
    assert of(watch).slots[0].state is SlotState.REPORTED
    own = seen(watch, "confirmed", when=at(1, 8, 20), kind=Kind.CONFIRMED, record=report["id"])
    send_at(resident, at(1, 8, 21), own)
    assert of(watch).slots[0].state is SlotState.REPORTED
    send_at(doctor, at(1, 9), own | {"id": str(ids.uuid7())})
    assert of(watch).slots[0].state is SlotState.SEEN_WELL


def test_another_regime_on_day_four_moves_the_end_and_keeps_the_old_one(lin: Actor, doctor: Actor) -> None:
    """Acceptance check 6 of the protocol library."""
    watch = start(lin, protocol=HOME, regime="cn-v9")
    send_at(doctor, at(1, 10), seen(watch, "negative", kind=Kind.TESTED, protocol=HOME, when=at(1, 9, 30)))
    assert of(watch).watch.plan.ends_at == at(11, 0)
    care.say(
        lin, Kind.REGIME_CHANGED, watch, "changed", when=at(4, 10), protocol=HOME,
        payload={"regime": "cn-20", "reason": "The twenty measures of 11 November"},
    )  # fmt: skip
    made = of(watch)
    assert made.watch.plan.ends_at == at(9, 0)
    assert [(end.regime, end.ends_at) for end in made.ends] == [("cn-v9", at(11, 0)), ("cn-20", at(9, 0))]
    assert made.ends[1].reason == "The twenty measures of 11 November"
    tests = [m.due_at for m in made.watch.plan.moments if m.test]
    assert [t.astimezone(clock.DISTRICT_ZONE).date() for t in tests] == [
        date(2026, 10, day) for day in (20, 21, 22, 24, 26, 28)
    ]
    assert [one.outcome for one in made.slots] == ["negative"]


@pytest.mark.parametrize(
    ("regime", "days"),
    [("cn-v8", 21), ("cn-v9", 10), ("cn-20", 8), ("cn-10", 5), ("who-14", 14), ("ebola-21", 21)],
)
def test_how_long_is_data(lin: Actor, regime: str, days: int) -> None:
    watch = start(lin, protocol=HOME, regime=regime)
    assert of(watch).watch.plan.ends_at == at(days + 1, 0)


def test_a_change_without_a_reason_or_to_an_unknown_regime_is_refused(lin: Actor) -> None:
    watch = start(lin)
    for payload, code in (
        ({"regime": "cn-10", "reason": " "}, "watches.reason_missing"),
        ({"regime": "cn-99", "reason": "so"}, "watches.unknown_regime"),
        ({"reason": "so"}, "watches.bad_payload"),
    ):
        with pytest.raises(ProblemError) as refused:
            care.say(lin, Kind.REGIME_CHANGED, watch, "changed", when=at(4), payload=payload)
        assert refused.value.problem.code == code


def finished(lin: Actor, doctor: Actor) -> UUID:
    watch = start(lin, protocol=HOME, regime="cn-v9-secondary")
    for day in range(1, 8):
        send_at(doctor, at(day, 9), seen(watch, when=at(day, 8, 30), protocol=HOME))
    last = max(m.due_at for m in of(watch).watch.plan.moments if m.test)
    negative = seen(watch, "negative", kind=Kind.TESTED, protocol=HOME, when=last + timedelta(hours=1))
    send_at(doctor, last + timedelta(hours=1, minutes=1), negative)
    return watch


def release(actor: Actor, watch: UUID, when: Any) -> None:
    payload = {"release_note_serial": "J-0001"}
    care.say(actor, Kind.ENDED, watch, "released", when=when, protocol=HOME, payload=payload)


def test_it_is_released_only_when_every_condition_holds(lin: Actor, doctor: Actor) -> None:
    watch = finished(lin, doctor)
    unmet = watches.unmet(of(watch), at=at(7, 12), author=doctor.account_id, cases=1)
    assert set(unmet) == {Predicate.DAYS_OVER, Predicate.NO_OPEN_CASE, Predicate.VERIFIED_BY_OTHER}
    with pytest.raises(ProblemError) as refused:
        release(lin, watch, at(7, 12))
    assert refused.value.problem.code == "watches.cannot_release"
    assert refused.value.problem.params["field"] == "days_over"
    release(lin, watch, at(8, 9))
    made = of(watch).watch
    assert (made.is_open, made.outcome, made.ended_at) == (False, "released", at(8, 9))


def test_a_fever_keeps_the_watch_open_until_its_case_is_closed(lin: Actor, doctor: Actor) -> None:
    watch = finished(lin, doctor)
    send_at(doctor, at(7, 19), seen(watch, when=at(7, 18, 30), protocol=HOME, temperature_c=37.3))
    with pytest.raises(ProblemError) as refused:
        release(lin, watch, at(8, 9))
    assert refused.value.problem.params["field"] == "no_open_case"


def test_the_one_who_made_the_last_visit_does_not_release(lin: Actor, doctor: Actor) -> None:
    watch = finished(lin, doctor)
    seen_by_lin = seen(watch, when=at(7, 18, 30), protocol=HOME)
    here = someone(Role.COMMUNITY_OFFICER, COMMUNITY, device=True, account=lin.account_id)
    send_at(here, at(7, 19), seen_by_lin)
    with pytest.raises(ProblemError) as refused:
        release(lin, watch, at(8, 9))
    assert refused.value.problem.params["field"] == "verified_by_other"


def test_a_watch_follows_somebody_to_another_area(lin: Actor, doctor: Actor) -> None:
    watch = start(lin)
    other = someone(Role.COMMUNITY_OFFICER, DISTRICT)
    care.say(other, Kind.MOVED, watch, "accepted", when=at(3), path=f"{COMMUNITY}.c2")
    assert of(watch).watch.path == f"{COMMUNITY}.c2"
    assert models.Watch.objects.get().path == f"{COMMUNITY}.c2"


def test_a_phone_of_another_area_says_nothing_about_a_watch_here(lin: Actor) -> None:
    watch = start(lin)
    foreign = someone(Role.WORKER, f"{DISTRICT}.002", device=True)
    answer = send_at(foreign, at(1, 9), seen(watch, when=at(1, 8, 30), area=f"{DISTRICT}.002"))
    assert standings(answer) == ["doubtful"]
    assert of(watch).slots == ()
