"""The pages of isolation, as the officers of a street and a community use them."""

import re
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bulou.access.terms import Role
from bulou.custody import queries as custody
from bulou.custody.terms import LegState
from bulou.grid.models import Dwelling
from bulou.intake.actions.office import submit_office
from bulou.kernel import clock, ids
from bulou.kernel.scope import transaction, whole
from bulou.lines.isolation.queries import board as boards
from bulou.lines.isolation.queries import sites, stays
from bulou.lines.isolation.terms import RoomState, Stay, StayState, chain_of, room_of
from tests.make import access as people
from tests.make import isolation as make
from tests.make.care import say
from tests.make.rounds import COMMUNITY, DISTRICT, street

pytestmark = pytest.mark.django_db
ALL = whole(DISTRICT)
NEXT = f"{DISTRICT}.001.005.c2"


def english(client: Client) -> Client:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture(autouse=True)
def _district() -> None:
    with transaction(ALL):
        street()


@pytest.fixture
def zhou() -> Client:
    with transaction(ALL):
        return english(
            people.signed_in(people.person("zhou", Role.STREET_OFFICER, f"{DISTRICT}.001", team="street"))
        )


@pytest.fixture
def lin() -> Client:
    with transaction(ALL):
        return english(people.signed_in(people.lin()))


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.content.decode()[:2000])
    return answer.content.decode()


def posted(client: Client, address: str, step: str, **form: object) -> None:
    answer = client.post(address, {"step": step, **form})
    assert answer.status_code == 302, re.findall(
        r'class="error"[^>]*>([^<]+)|<li>([^<]+)</li>', answer.content.decode()
    )


def waiting(site: UUID) -> tuple[Stay, ...]:
    with transaction(ALL):
        return stays.at_site(ALL, site)


def local(at: datetime) -> str:
    return f"{at.astimezone(clock.DISTRICT_ZONE):%Y-%m-%dT%H:%M}"


def test_a_site_is_opened_a_busload_moves_in_and_everything_is_on_the_board(
    zhou: Client, lin: Client
) -> None:
    with transaction(ALL):
        site = make.hotel(name="hotel one")
    page = f"/isolation/sites/{site}"
    assert "nobody may move in" in text(zhou, f"/isolation?area={COMMUNITY}")
    posted(zhou, page, "rooms", numbers="301-304, 310", floor=3, beds=1, zone="medical", area="contaminated")
    posted(
        zhou,
        page,
        "rooms",
        numbers="320",
        floor=3,
        beds=3,
        zone="medical",
        area="contaminated",
        phone="0434-1",
    )
    answers = dict.fromkeys(make.POINTS, "on")
    posted(zhou, page, "readiness", **{k: v for k, v in answers.items() if k != "waste_company"})
    assert "A company collects the medical waste" in text(zhou, page)
    persons = [str(ids.uuid7()) for _ in range(4)]
    listed = "\n".join([persons[0], f"{persons[1]}, family 1", f"{persons[2]}，family 1", persons[3]])
    posted(
        zhou, f"{page}/intake", "expect", persons=listed, bus="bus 1", regime="cn-v9", ground="consent",
        counted_from=str(clock.local_date(clock.now())), back_to=COMMUNITY,
    )  # fmt: skip
    coming = waiting(site)
    assert len(coming) == 4
    rooms = {f"room_{one.id}": str(room_of(site, "320" if one.party else "301")) for one in coming}
    assert (
        lin.post(f"{page}/intake", {"step": "take", **rooms}).status_code == 422
    )  # two strangers in one room
    alone = [one for one in coming if not one.party]
    rooms[f"room_{alone[1].id}"] = str(room_of(site, "302"))
    early = lin.post(f"{page}/intake", {"step": "take", **rooms})
    assert "has not passed its readiness check" in early.content.decode()
    posted(zhou, page, "readiness", **answers)
    page_of_bus = text(lin, f"{page}/intake")
    assert "4 people are to come" in page_of_bus
    assert re.search(r'value="[0-9a-f-]+" selected>320', page_of_bus)
    posted(lin, f"{page}/intake", "take", **rooms)
    assert {one.state for one in waiting(site)} == {StayState.STAYING}
    with transaction(ALL):
        line = boards.board(DISTRICT, [site], clock.now())[site]
    assert (line.ready, line.rooms, line.free, line.occupied, line.staying) == (True, 6, 3, 3, 4)
    board = text(lin, f"/isolation?area={COMMUNITY}")
    assert "nobody is the head" in board
    assert "hotel one" in board


def test_the_board_asks_as_often_for_many_sites_as_for_one(zhou: Client) -> None:
    board = f"/isolation?area={COMMUNITY}"
    with transaction(ALL):
        make.guest(make.officer(), make.opened(make.officer()), "101")
    text(zhou, board)
    with CaptureQueriesContext(connection) as few:
        text(zhou, board)
    with transaction(ALL):
        for path in (NEXT, make.HOTEL, NEXT):
            make.guest(make.officer(), make.opened(make.officer(), path=path), "101", path=path)
    with CaptureQueriesContext(connection) as many:
        text(zhou, board)
    assert len(many) <= len(few) + 2  # three sites more would ask three times more, were it by site


def test_release_waits_for_every_condition_and_the_way_home_is_closed_by_the_community(
    zhou: Client, lin: Client
) -> None:
    past = clock.now() - timedelta(days=9)
    with transaction(ALL):
        officer = make.officer()
        site = make.opened(officer, numbers=("101",), at=past - timedelta(hours=1))
        from_day = (clock.local_date(past)).isoformat()
        stay = make.guest(officer, site, "101", at=past, **{"from": from_day, "back_to": NEXT})
        submit_office(officer, [make.requested(stay, "medicine")])
    page = f"/isolation/stays/{stay}"
    shown = text(zhou, page)
    assert "The test of the last test day is not negative." in shown
    assert "A request for a doctor or for medicine is still open." in shown
    form = {"outcome": "released", "serial": "J-0001", "excluded": "on"}
    assert "be released" in zhou.post(page, {"step": "release", **form}).content.decode()
    with transaction(ALL):
        watch = make.stay_of(stay).watch
        medic = make.officer(team="medics")
        for day in (7, 8):
            at = past + timedelta(days=day, hours=1)
            say(medic, "watch.tested", watch, "negative", when=at, path=make.HOTEL, protocol=make.STAY)
            say(
                medic,
                "watch.seen",
                watch,
                "seen_ok",
                when=at,
                path=make.HOTEL,
                protocol=make.STAY,
                payload={"temperature_c": 36.5},
            )
    refused = zhou.post(page, {"step": "release", **form}).content.decode()
    assert "Not every condition of release holds yet" in refused
    request = re.search(r'href="(/cases/[^"]+)"', text(zhou, page))
    assert request is not None
    assert zhou.post(request[1], {"step": "case.step", "outcome": "delivered"}).status_code == 302
    posted(zhou, page, "release", **form)
    assert "J-0001" in text(lin, f"{page}/note")
    pdf = lin.get(f"{page}/note?format=pdf")
    assert pdf.content.startswith(b"%PDF")
    posted(lin, page, "leave", outcome="escorted", to=NEXT)
    with transaction(ALL):
        chain = custody.chain(ALL, chain_of(stay))
        assert chain.current.state is LegState.ON_THE_WAY
        assert sites.rooms(DISTRICT, site)[0].state is RoomState.TO_CLEAN
    received = zhou.post(f"/handovers/{chain.id}", {"step": "receive", "outcome": "accepted", "count": 1})
    assert received.status_code == 302
    with transaction(ALL):
        assert not custody.chain(ALL, chain_of(stay)).is_open
        assert make.stay_of(stay).state is StayState.GONE


def test_requests_stand_in_one_queue_with_their_clocks(lin: Client) -> None:
    with transaction(ALL):
        officer = make.officer()
        site = make.opened(officer)
        stay = make.guest(officer, site, "101")
        late = clock.now() - timedelta(hours=3)
        submit_office(officer, [make.requested(stay, "medicine", at=late)])
    page = f"/isolation/stays/{stay}"
    posted(lin, page, "request", need="goods", items="rice", note="for two days")
    queue = text(lin, f"/isolation/requests?area={COMMUNITY}")
    assert queue.index("Medicine") < queue.index("Goods")
    assert "1 is overdue on this page" in queue
    posted(lin, f"/isolation/sites/{site}", "breach", breach="zone_crossed", note="the door stood open")
    assert "Clean and contaminated areas crossed" in text(lin, "/isolation/requests?show=breaches")
    assert "Medicine" in text(lin, f"/isolation/sites/{site}")


def test_a_household_has_one_file(lin: Client) -> None:
    with transaction(ALL):
        door = Dwelling.objects.filter(path=make.HOTEL).first()
    assert door is not None
    page = f"/isolation/homes/{door.id}"
    assert f'href="{page}"' in text(lin, f"/subjects/dwelling/{door.id}")
    posted(lin, page, "check", residents=3, **{k: "on" for k in make.AT_HOME if k != "goods_and_medicine"})
    assert "Goods and medicine are there" in text(lin, page)
    posted(lin, page, "check", residents=3, **dict.fromkeys(make.AT_HOME, "on"))
    posted(
        lin, page, "expect", persons=str(ids.uuid7()), regime="cn-10", ground="consent",
        counted_from=str(clock.local_date(clock.now())),
    )  # fmt: skip
    with transaction(ALL):
        (stay,) = stays.of_home(ALL, door.id)
    posted(lin, f"/isolation/stays/{stay.id}", "arrive")
    listed = text(lin, f"/isolation/homes?area={COMMUNITY}")
    assert "fit" in listed
    assert page in listed


def test_a_worker_of_another_area_sees_nothing(lin: Client) -> None:
    with transaction(ALL):
        site = make.opened(make.officer())
        stay = make.guest(make.officer(), site, "101")
        stranger = english(people.signed_in(people.zhao()))
    for address in (f"/isolation/sites/{site}", f"/isolation/stays/{stay}", f"/isolation/stays/{stay}/note"):
        assert stranger.get(address).status_code == 404
