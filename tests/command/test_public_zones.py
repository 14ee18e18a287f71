"""Anybody looks up a place and reads what holds there, until when, why, and how to object."""

from datetime import timedelta

import pytest
from django.test import Client

from bulou.command.terms import Level
from bulou.kernel import clock
from bulou.kernel.scope import transaction, whole
from tests.make import command as make
from tests.make.command import COMPOUND
from tests.make.rounds import COMMUNITY, DISTRICT, street

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _district() -> None:
    with transaction(whole(DISTRICT)):
        street(compounds=2, doors=5)
        make.set_zone(
            make.office(), Level.SEALED, reason="two tubes were positive", note="Hotline at the gate"
        )


def page(address: str, status: int = 200) -> str:
    answer = Client().get(address)
    assert answer.status_code == status
    return answer.content.decode()


def test_a_place_says_what_holds_until_when_why_and_who_decided() -> None:
    door = page(f"/z/?place={COMPOUND}&lang=en")
    until = clock.now() + timedelta(days=7)
    for words in (
        "<h1>Sealed area: please stay at home.</h1>", "two tubes were positive", "report 7", "order 12",
        "district command", "Hotline at the gate", "Everybody stays at home.",
        f"{until.astimezone(clock.DISTRICT_ZONE):%Y-%m-%d %H:%M}", "How to object",
    ):  # fmt: skip
        assert words in door
    assert "Nothing special holds here." in page(f"/z/?place={COMMUNITY}.c2&lang=en")


def test_what_is_decided_above_and_what_comes_is_told_too() -> None:
    with transaction(whole(DISTRICT)):
        make.set_zone(make.office(), Level.PRECAUTION, path=COMMUNITY)
        soon = clock.now() + timedelta(days=1)
        make.set_zone(make.office(), Level.CONTROLLED, path=f"{COMMUNITY}.c2", from_at=soon)
        make.set_zone(make.office(), Level.SEALED, path=COMMUNITY, reason="r", evidence="e")  # waits
    other = page(f"/z/?place={COMMUNITY}.c2&lang=en")
    assert "<h1>Precaution area: you may go out. Please avoid crowds.</h1>" in other
    assert "Controlled area: please stay inside the area." in other
    assert "Sealed area" not in other


def test_a_place_is_found_by_its_name_or_code() -> None:
    found = page(f"/z/?q={COMPOUND}&lang=en")
    assert f"place={COMPOUND}" in found
    assert "No place of this name is known here." in page("/z/?q=nowhere&lang=en")
    for nowhere in (f"{COMMUNITY}.c99", "999999.1", "..", "'; drop"):
        assert "No place of this name" in page(f"/z/?place={nowhere}&lang=en", 404)
    assert "What holds at a place" in page("/z/?lang=en")


def test_nobody_who_decided_or_asks_is_named_and_no_cookie_is_set() -> None:
    answer = Client().get(f"/z/?place={COMPOUND}")
    assert not answer.cookies
    with transaction(whole(DISTRICT)):
        (zone,) = make.of()
    assert str(zone.decided_by) not in answer.content.decode()
    assert zone.decided_team not in answer.content.decode()
