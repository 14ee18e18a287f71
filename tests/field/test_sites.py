"""What a site medic finds on the phone: who is to come and into which room, and rooms that were left."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from bulou.access.terms import Actor, Role
from bulou.doors.api import modes
from bulou.grid.models import Dwelling
from bulou.intake.actions.office import submit_office
from bulou.kernel import clock, ids
from bulou.kernel.scope import Scope, transaction, whole
from bulou.lines.isolation.terms import Kind, room_of
from tests.make import isolation as make
from tests.make.rounds import DISTRICT, send, someone, standings, street

pytestmark = pytest.mark.django_db
ALL = whole(DISTRICT)


@pytest.fixture
def site() -> Iterator[UUID]:
    with transaction(ALL):
        street(compounds=1, doors=1)
        made = make.hotel(name="Hotel Blue Lake")
        submit_office(make.officer(), [make.furnished(made, make.rooms(["101", "102"]))])
        submit_office(make.officer(), [make.inspected(made)])
        yield made


def sites(actor: Actor, scope: Scope) -> list[Any]:
    return modes.isolation(actor, scope).sites


def medic() -> Actor:
    return someone(Role.WORKER, make.HOTEL, team="medics", device=True)


def word(kind: Kind, about: str, subject: UUID, outcome: str, **payload: str) -> dict[str, object]:
    return {
        "id": str(ids.uuid7()), "kind": kind.value, "subject": {"type": about, "id": str(subject)},
        "outcome": outcome, "payload": payload, "observed_at": clock.now().isoformat(), "area": make.HOTEL,
    }  # fmt: skip


def test_a_medic_takes_in_a_guest_and_turns_a_room_over(site: UUID) -> None:
    me, coming = medic(), make.expected(site)
    submit_office(make.officer(), [coming])
    assert coming.subject is not None
    [taken] = sites(me, ALL)
    assert (taken["name"], [one["stay"] for one in taken["guests"]]) == (
        "Hotel Blue Lake",
        [str(coming.subject)],
    )
    assert [(one["number"], one["state"]) for one in taken["rooms"]] == [("101", "free"), ("102", "free")]
    room = room_of(site, "101")
    answer = send(me, word(Kind.ARRIVED, "stay", coming.subject, "arrived", room=str(room)))
    assert standings(answer) == ["kept"]
    [taken] = sites(me, ALL)
    assert (taken["guests"], taken["rooms"][0]["state"]) == ([], "occupied")
    assert [(one["stay"], one["room"]) for one in taken["staying"]] == [(str(coming.subject), "101")]
    send(me, word(Kind.LEFT, "stay", coming.subject, "hospital"))
    assert sites(me, ALL)[0]["rooms"][0]["state"] == "to_clean"
    send(me, word(Kind.TURNOVER, "isolation_room", room, "disinfected"))
    assert sites(me, ALL)[0]["rooms"][0]["disinfected"]
    send(medic(), word(Kind.TURNOVER, "isolation_room", room, "inspected"))
    assert sites(me, ALL)[0]["rooms"][0]["state"] == "free"


def test_who_works_elsewhere_takes_no_site_along(site: UUID) -> None:
    assert sites(someone(Role.WORKER, f"{DISTRICT}.001.006", device=True), ALL) == []
    assert sites(someone(Role.CREW, make.HOTEL, device=True), ALL) == []


def test_a_home_is_on_the_list_until_it_has_passed_its_check(site: UUID) -> None:
    [door] = Dwelling.objects.values_list("id", flat=True)
    submit_office(make.officer(), [make.expected(None, dwelling=str(door))])
    me = medic()
    found = modes.isolation(me, ALL)
    assert [(one["dwelling"], one["door"], one["suitable"]) for one in found.homes] == [
        (str(door), "001", None)
    ]
    assert {one.partition("@")[0] for one in found.forms} == {
        "goods-handover", "home-entry-check", "isolation-breach", "supply-request",
    }  # fmt: skip
    lacking = {point: point != "carer_is_well" for point in make.AT_HOME}
    for answers, outcome in ((lacking, "unsuitable"), (dict.fromkeys(make.AT_HOME, True), "suitable")):
        told = word(Kind.HOME_CHECK, "dwelling", door, outcome) | {"payload": answers, "protocol": make.ENTRY}
        assert standings(send(me, told)) == ["kept"]
        assert [one["suitable"] for one in modes.isolation(me, ALL).homes] == [outcome == "suitable"]
