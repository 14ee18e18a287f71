"""A board that many look at is made once; who has just acted gets it made anew, and so do those after."""

import time
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import count
from threading import Barrier, Event

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from bulou.doors.desk.shared import ACTED_COOKIE, BEHIND, MOST, Shared, note_act


@pytest.fixture(autouse=True)
def kept_for_a_while(settings: Settings) -> None:
    settings.BULOU_SHARED_MS = 2500


def looking(*, has_acted: bool = False) -> HttpRequest:
    request = RequestFactory().get("/rounds/1")
    if has_acted:
        request.COOKIES[ACTED_COOKIE] = "1"
    return request


def test_those_who_may_see_the_same_see_what_was_made_for_the_first() -> None:
    shared, made = Shared[int](), count()
    seen = {shared.get(looking(), ("round", "220303"), lambda: next(made)) for _ in range(20)}
    assert seen == {0}


def test_who_may_see_something_else_gets_a_board_of_ones_own() -> None:
    shared, made = Shared[int](), count()
    assert shared.get(looking(), ("round", "220303"), lambda: next(made)) == 0
    assert shared.get(looking(), ("round", "220303.001"), lambda: next(made)) == 1


def test_one_sees_at_once_what_one_did_and_the_others_see_it_too() -> None:
    shared, made = Shared[int](), count()
    shared.get(looking(), "round", lambda: next(made))
    assert shared.get(looking(has_acted=True), "round", lambda: next(made)) == 1
    assert shared.get(looking(), "round", lambda: next(made)) == 1


def test_without_the_setting_every_board_is_made_anew(settings: Settings) -> None:
    settings.BULOU_SHARED_MS = 0
    shared, made = Shared[int](), count()
    assert [shared.get(looking(), "round", lambda: next(made)) for _ in range(3)] == [0, 1, 2]


def test_who_asks_while_the_first_is_made_waits_for_it_instead_of_making_it_too() -> None:
    shared, made, all_here = Shared[int](), count(), Barrier(9)

    def ask() -> int:
        all_here.wait()
        return shared.get(looking(), "round", lambda: next(made))

    with ThreadPoolExecutor(8) as officers:
        asked: list[Future[int]] = []

        def slowly() -> int:
            asked.extend(officers.submit(ask) for _ in range(8))
            all_here.wait()
            return next(made)

        assert shared.get(looking(), "round", slowly) == 0
        assert {one.result() for one in asked} == {0}


def aged(settings: Settings) -> None:
    """What was made before is old now, and may still be shown while it is made anew."""
    settings.BULOU_SHARED_MS = 1
    until = time.monotonic() + 0.002
    while time.monotonic() < until:
        pass


def behind() -> None:
    """Return when what was to be made anew is made: one thread makes it, one after the other."""
    BEHIND.submit(int).result()


def test_what_is_old_is_shown_at_once_and_made_anew_behind_the_asker(settings: Settings) -> None:
    shared, made, go = Shared[int](), count(), Event()
    shared.get(looking(), "round", lambda: next(made))

    def slowly() -> int:
        assert go.wait(10)
        return next(made)

    aged(settings)
    asked = [shared.standing(looking(), "round", anew=slowly) for _ in range(3)]
    assert asked == [0, 0, 0]
    go.set()
    behind()
    settings.BULOU_SHARED_MS = 2500
    assert shared.standing(looking(), "round") == 1


def test_what_cannot_be_made_anew_behind_is_made_by_the_next_who_asks(settings: Settings) -> None:
    shared, made = Shared[int](), count()
    shared.get(looking(), "round", lambda: next(made))
    aged(settings)
    assert shared.standing(looking(), "round", anew=lambda: 1 // 0) == 0
    behind()
    assert shared.standing(looking(), "round") is None
    assert shared.get(looking(), "round", lambda: next(made)) == 1


def test_what_was_begun_before_an_act_does_not_hide_what_the_act_changed(settings: Settings) -> None:
    shared, begun, go = Shared[str](), Event(), Event()
    shared.get(looking(), "round", lambda: "before")

    def slowly() -> str:
        begun.set()
        assert go.wait(10)
        return "before"

    aged(settings)
    shared.standing(looking(), "round", anew=slowly)
    assert begun.wait(10)
    assert shared.get(looking(has_acted=True), "round", lambda: "after") == "after"
    go.set()
    behind()
    settings.BULOU_SHARED_MS = 2500
    assert shared.standing(looking(), "round") == "after"


def test_when_making_fails_whoever_waited_makes_it() -> None:
    shared, made, here = Shared[int](), count(), Barrier(2)

    def ask() -> int:
        here.wait()
        return shared.get(looking(), "round", lambda: next(made))

    with ThreadPoolExecutor(1) as officer:
        asked: list[Future[int]] = []

        def fails() -> int:
            asked.append(officer.submit(ask))
            here.wait()
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            shared.get(looking(), "round", fails)
        assert asked[0].result() == 0


def test_it_keeps_so_many_and_no_more() -> None:
    shared, made = Shared[int](), count()
    for key in range(MOST + 1):
        shared.get(looking(), key, lambda: next(made))
    assert shared.get(looking(), MOST, lambda: next(made)) == MOST
    assert shared.get(looking(), 0, lambda: next(made)) == MOST + 1


@pytest.mark.parametrize(
    ("method", "status", "noted"), [("post", 302, True), ("post", 422, False), ("get", 200, False)]
)
def test_only_what_changed_something_is_remembered(method: str, status: int, *, noted: bool) -> None:
    response = HttpResponse(status=status)
    note_act(getattr(RequestFactory(), method)("/"), response)
    assert (ACTED_COOKIE in response.cookies) is noted
