"""What a doctor, an escort and a receiver find on their phones: slots, hand-overs, cases."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from bulou.access.terms import Actor, Role
from bulou.doors.api import modes
from bulou.kernel import clock, ids
from bulou.kernel.scope import transaction, whole
from bulou.people.models import Person
from bulou.people.queries import reads
from tests.make import care
from tests.make import people as vault
from tests.make.rounds import COMMUNITY, DISTRICT, someone, street

pytestmark = pytest.mark.django_db
NINE = care.at(4, 9)  # slots depend on the hour: here it is nine in the morning


@pytest.fixture(autouse=True)
def _nine() -> Iterator[None]:
    with clock.frozen(NINE), transaction(whole(DISTRICT)):
        street()
        yield


@pytest.fixture
def mei() -> Actor:
    return someone(Role.COMMUNITY_OFFICER, COMMUNITY, team="community 5", device=True)


@pytest.fixture
def qian() -> Actor:
    return someone(Role.WORKER, COMMUNITY, team="doctors", device=True)


def follow(actor: Actor, **more: Any) -> UUID:
    """A watch of the third day, by three visits a day."""
    return care.start(actor, when=care.at(2, 9), **more)


def taken_along(actor: Actor) -> modes.Care:
    return modes.care(actor, whole(DISTRICT))


def hours(actor: Actor) -> list[str]:
    return [one["slot"] for one in taken_along(actor).slots]


def test_a_doctor_takes_along_every_slot_until_the_shift_is_over(mei: Actor, qian: Actor) -> None:
    watch = follow(mei)
    found = taken_along(qian)
    assert hours(qian) == ["visit@2026-10-24T08:00", "visit@2026-10-24T14:00", "visit@2026-10-24T20:00"]
    assert {one["watch"] for one in found.slots} == {str(watch)}
    assert {one["name"] for one in found.slots} == {""}, "of whom nothing is held one sees the number"
    assert found.forms == {care.KEY, care.FEVER}


def test_a_worker_sees_door_and_initial_an_officer_the_masked_name_and_both_are_logged(
    mei: Actor, qian: Actor
) -> None:
    held = vault.hold("张小三", path=COMMUNITY)
    Person.objects.filter(id=held.person_id).update(label="3 502")
    follow(mei, person=str(held.person_id))
    before = len(reads.of_person(DISTRICT, held.person_id))
    shown = {(one["name"], one["door"]) for who in (qian, mei) for one in taken_along(who).slots}
    assert shown == {("张…", "3 502"), ("张*三", "3 502")}
    assert len(reads.of_person(DISTRICT, held.person_id)) == before + 2


def test_what_is_given_by_name_is_nobody_elses(mei: Actor, qian: Actor) -> None:
    follow(mei, worker=str(qian.account_id))
    assert [one["mine"] for one in taken_along(qian).slots] == [True, True, True]
    assert hours(someone(Role.WORKER, COMMUNITY, team="doctors", device=True)) == []


def test_a_slot_that_was_told_of_is_off_the_list(mei: Actor, qian: Actor) -> None:
    watch = follow(mei)
    care.send_at(qian, NINE, care.seen(watch, when=NINE, slot=hours(qian)[0]))
    assert hours(qian) == ["visit@2026-10-24T14:00", "visit@2026-10-24T20:00"]


def test_a_fever_opens_a_case_with_its_steps(mei: Actor, qian: Actor) -> None:
    watch = follow(mei)
    record = care.seen(watch, "seen_not_ok", when=NINE, temperature_c=37.8, symptoms=["fever"])
    care.send_at(qian, NINE, record)
    [case] = taken_along(qian).cases
    assert (case["id"], case["about"], case["may_close"]) == (record["id"], str(watch), False)
    assert [one["key"] for one in case["steps"]][:2] == ["recheck", "isolate_here"]


def test_a_receiver_sees_what_is_on_its_way(qian: Actor) -> None:
    chain, person = ids.uuid7(), ids.uuid7()
    payload = {
        "items": [{"type": "person", "id": str(person)}],
        "legs": [{"from": {"path": DISTRICT, "unit": "gate 3"}, "to": {"path": COMMUNITY}}],
    }
    record = {
        "id": str(ids.uuid7()), "kind": "custody.opened", "subject": {"type": "custody", "id": str(chain)},
        "outcome": "requested", "payload": payload, "observed_at": NINE.isoformat(),
        "protocol": care.ESCORT, "area": DISTRICT,
    }  # fmt: skip
    care.send_at(someone(Role.CHECKPOINT, DISTRICT, team="gate 3", device=True), NINE, record)
    [found] = taken_along(qian).handovers
    assert found["id"] == str(chain)
    assert [one["label"] for one in found["items"]] == [person.hex[-6:]]
    [leg] = found["legs"]
    assert (leg["give"], leg["receive"], leg["state"]) == (False, True, "requested")
    assert leg["giver"].endswith("gate 3")


def test_others_take_nothing_of_it_along(mei: Actor) -> None:
    follow(mei)
    crew = someone(Role.CREW, COMMUNITY, team="crew 1", device=True)
    found = taken_along(crew)
    assert (found.slots, found.handovers, found.cases, found.forms) == ([], [], [], set())
    stranger = someone(Role.WORKER, f"{DISTRICT}.001.006", team="doctors", device=True)
    assert taken_along(stranger).slots == []
