"""A board that stands ready is shown without the database, and to those only who may still see it."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from bulou.doors.desk import board, known
from tests.make.access import signed_in
from tests.make.desk import World


@pytest.fixture(autouse=True)
def kept_for_five_seconds(settings: Settings) -> Iterator[None]:
    settings.BULOU_SHARED_MS = 2500
    for shared in (known._KNOWN, board._ROUNDS, board._SHOWN):
        shared.clear()
    yield
    for shared in (known._KNOWN, board._ROUNDS, board._SHOWN):
        shared.clear()


def screening(world: World) -> str:
    assert world.screening is not None
    return str(world.screening.id)


def queries(browser: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(address).status_code in {200, 204}
    return len(asked)


def test_a_board_that_stands_ready_asks_the_database_nothing(world: World) -> None:
    browser = signed_in(world.people["lin"])
    address = f"/rounds/{screening(world)}"
    browser.get(address)
    browser.cookies.pop("bulou_acted", None)
    assert queries(browser, address) > 0
    assert queries(browser, address) == 0
    assert queries(browser, f"{address}/live?v=other") == 0


def test_it_is_the_same_page_as_the_one_that_was_made(world: World) -> None:
    browser = signed_in(world.people["lin"])
    pages = []
    for _time in range(3):
        browser.cookies.pop("bulou_acted", None)
        page = browser.get(f"/rounds/{screening(world)}").content.decode()
        pages.append(page[page.index("<main") : page.index("</main>")])
    assert pages[0] == pages[1] == pages[2]


def test_another_officer_with_other_areas_does_not_get_it(world: World) -> None:
    address = f"/rounds/{screening(world)}"
    he, lin = signed_in(world.people["he"]), signed_in(world.people["lin"])
    for browser in (he, he, lin, lin):
        browser.get(address)
        browser.cookies.pop("bulou_acted", None)
    district, community = (browser.get(address).content.decode() for browser in (he, lin))
    assert district != community
    assert lin.get(f"{address}?area=220303").status_code == 404


def test_who_signs_out_is_a_stranger_at_once(world: World) -> None:
    browser = signed_in(world.people["lin"])
    address = f"/rounds/{screening(world)}"
    for _time in range(3):
        browser.cookies.pop("bulou_acted", None)
        assert browser.get(address).status_code == 200
    browser.post("/sign-out")
    assert browser.get(address).status_code == 302


def test_the_area_that_one_chose_is_the_area_of_the_next_page(world: World) -> None:
    browser = signed_in(world.people["he"])
    for _time in range(2):
        browser.cookies.pop("bulou_acted", None)
        browser.get(f"/rounds/{screening(world)}")
    browser.get(f"/area?next=/rounds&pick={world.community}")
    page = browser.get(f"/rounds/{screening(world)}").content.decode()
    assert f"?area={world.community}" in page
