"""What is due and what was missed: computed when it is asked, from the rule of each watch."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from bulou.access.terms import Actor, Role
from bulou.kernel import clock
from bulou.kernel.scope import transaction, whole
from bulou.watches import models
from bulou.watches.queries import due
from bulou.watches.queries.due import Whose
from bulou.watches.rules import schedule
from bulou.watches.terms import DueRow, Kind, Timing
from tests.make import care
from tests.make.care import HOME, at, seen, send_at, start
from tests.make.rounds import COMMUNITY, DISTRICT, someone, street

pytestmark = pytest.mark.django_db
HERE = Whose(paths=(COMMUNITY,))


@pytest.fixture(autouse=True)
def _district() -> Iterator[None]:
    with transaction(whole(DISTRICT)):
        street()
        yield


@pytest.fixture
def lin() -> Actor:
    return someone(Role.COMMUNITY_OFFICER, COMMUNITY, team="community 5")


@pytest.fixture
def doctor() -> Actor:
    return someone(Role.WORKER, COMMUNITY, team="clinic", device=True)


def rows(day: int, hour: int, minute: int = 0, whose: Whose = HERE) -> list[tuple[str, int, Timing]]:
    found = due.due(DISTRICT, at(day, hour, minute), whose)
    return [(one.track, one.due_at.astimezone(clock.DISTRICT_ZONE).hour, one.timing) for one in found]


def test_a_slot_comes_is_late_is_missed_by_the_clock_alone(lin: Actor) -> None:
    start(lin)
    assert rows(1, 6, 30) == [("visit", 8, Timing.UPCOMING)]
    assert rows(1, 9, 59) == [("visit", 8, Timing.DUE)]
    assert rows(1, 10, 0) == [("visit", 8, Timing.LATE)]
    assert rows(1, 10, 59) == [("visit", 8, Timing.LATE)]
    assert rows(1, 11, 0) == [("visit", 8, Timing.MISSED)]
    assert models.Slot.objects.count() == 0


def test_a_closed_slot_leaves_the_list_and_an_attempt_does_not(lin: Actor, doctor: Actor) -> None:
    watch = start(lin)
    send_at(doctor, at(1, 8, 31), seen(watch, "not_seen", when=at(1, 8, 30)))
    assert len(rows(1, 9)) == 1
    send_at(doctor, at(1, 9, 1), seen(watch, when=at(1, 9)))
    assert rows(1, 9, 30) == []


def test_a_report_stays_on_the_list_until_it_is_confirmed(lin: Actor, doctor: Actor) -> None:
    watch = start(lin)
    send_at(doctor, at(1, 8, 31), seen(watch, when=at(1, 8, 30), channel="self_report"))
    found = due.due(DISTRICT, at(1, 9), HERE)
    assert [one.state for one in found] == [3]
    assert rows(1, 9, whose=Whose(paths=(COMMUNITY,), reported=False)) == []


def test_a_list_is_of_the_place_or_of_the_name(lin: Actor, doctor: Actor) -> None:
    watch = start(lin)
    start(lin, worker=str(doctor.account_id))
    mine, place = Whose(account=doctor.account_id), Whose(paths=(f"{COMMUNITY}.c1", COMMUNITY))
    assert len(rows(1, 9, whose=mine)) == 1
    assert len(rows(1, 9, whose=place)) == 1
    assert len(rows(1, 9, whose=Whose(paths=(COMMUNITY,), anyone=True))) == 2
    care.say(lin, Kind.ASSIGNED, watch, "given", when=at(1, 7), payload={"worker": str(doctor.account_id)})
    assert (len(rows(1, 9, whose=mine)), len(rows(1, 9, whose=place))) == (2, 0)
    assert rows(1, 9, whose=Whose(paths=(f"{DISTRICT}.002",))) == []


def test_what_was_missed_is_counted_until_somebody_is_seen(lin: Actor, doctor: Actor) -> None:
    watch = start(lin)
    send_at(doctor, at(0, 14, 31), seen(watch, when=at(0, 14, 30)))
    assert due.missed(DISTRICT, at(0, 22, 59), COMMUNITY).items == ()
    assert [one.missed for one in due.missed(DISTRICT, at(0, 23), COMMUNITY).items] == [1]
    assert [one.missed for one in due.missed(DISTRICT, at(2, 12), DISTRICT).items] == [5]
    send_at(doctor, at(2, 12, 1), seen(watch, when=at(2, 12)))
    assert due.missed(DISTRICT, at(2, 12, 30), COMMUNITY).items == ()
    assert due.missed(DISTRICT, at(2, 12), f"{DISTRICT}.002").items == ()


def test_lost_is_who_was_not_seen_for_three_days(lin: Actor) -> None:
    watch = start(lin)
    assert due.lost(DISTRICT, at(3, 8, 59), COMMUNITY).items == ()
    assert [one.id for one in due.lost(DISTRICT, at(3, 9), COMMUNITY).items] == [watch]


def test_who_is_through_waits_for_release_and_owes_no_slot(lin: Actor) -> None:
    watch = start(lin, regime="cn-10")
    assert [one.id for one in due.over(DISTRICT, at(6, 0), COMMUNITY).items] == [watch]
    assert rows(6, 9) == []


def test_a_page_goes_on_where_the_last_one_ended(lin: Actor) -> None:
    made = {start(lin, when=at(0, 9, n)) for n in range(5)}
    met: list[UUID] = []
    cursor = None
    while True:
        page = due.missed(DISTRICT, at(2), DISTRICT, cursor=cursor, limit=2)
        met += [one.id for one in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert sorted(met) == sorted(made)


def test_the_list_says_what_the_plan_says(lin: Actor, doctor: Actor) -> None:
    """The same slots twice, by SQL and by the pure rule: tests, random look-ins and all."""
    watch = start(lin, protocol=HOME, regime="cn-v9-secondary")
    send_at(doctor, at(1, 8, 31), seen(watch, when=at(1, 8, 30), protocol=HOME))
    made = care.timeline(watch).watch.plan
    found = due.due(DISTRICT, at(9), HERE, since=at(0, 0), until=at(9), limit=1000)
    assert {(one.track, one.due_at) for one in found} | {("temperature", at(1, 8))} == {
        (one.track, one.due_at) for one in schedule.slots(made, at(0, 0), at(9))
    }
    assert all(isinstance(one, DueRow) and one.timing is Timing.MISSED for one in found)
    assert {one.track for one in found} == {"temperature", "test", "spot_check", "waste", "needs"}
