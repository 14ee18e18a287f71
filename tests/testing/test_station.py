"""What a sampling station takes along: people of an area, findable without a network, masked and logged."""

import hashlib
from typing import Any

import pytest

from bulou.access.terms import Role
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import transaction, whole
from bulou.people.actions import reading
from bulou.people.queries import reads
from bulou.people.rules import names
from bulou.people.terms import Asked, Keep, Purpose, Trigger, Why
from tests.make import people as vault
from tests.make.rounds import COMMUNITY, DISTRICT, someone, street

pytestmark = pytest.mark.django_db
WHY = Why(Trigger.ORDER, Purpose.TEST_ROUND, "传染病防治法", "order 7", Keep.ROSTER)


@pytest.fixture(autouse=True)
def _district() -> Any:
    with transaction(whole(DISTRICT)):
        street()
        yield


@pytest.mark.parametrize(
    ("name", "letters"), [("张小三", "zxs"), ("欧阳明", "om"), ("Ada Lovelace", "al"), ("", "")]
)
def test_the_initials_of_a_name(name: str, letters: str) -> None:
    assert names.initials(name) == letters


def test_a_station_can_find_people_and_show_nobodys_name() -> None:
    held = vault.hold("张小三", why=WHY, number=vault.number(3), phones=("13800138000",))
    station = someone(Role.WORKER, COMMUNITY, device=True)
    found = reading.to_find(station, [held.person_id], Asked(Purpose.TEST_ROUND), salt="round")
    one = found[held.person_id]
    assert (one.name, one.initials, one.tails) == ("张*三", "zxs", ("8000",))
    assert one.digest == hashlib.sha256(f"round:{vault.number(3)}".encode()).hexdigest()[:32]
    assert [look.purpose for look in reads.of_person(DISTRICT, held.person_id)] == [Purpose.TEST_ROUND]


def test_a_station_of_another_area_finds_nobody() -> None:
    held = vault.hold("张小三", why=WHY)
    other = someone(Role.WORKER, f"{DISTRICT}.001.006", device=True)
    with pytest.raises(ProblemError):
        reading.to_find(other, [held.person_id], Asked(Purpose.TEST_ROUND), salt="round")
