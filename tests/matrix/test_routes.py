"""Every address: opened by every role at home, from a foreign area, after the end, and by a stranger."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from bulou.access import rules
from bulou.access.rules import ROLE_VERBS
from bulou.access.terms import Actor, Role
from bulou.doors.api.app import api
from tests.make import access as make
from tests.make.rounds import COMMUNITY, DISTRICT
from tests.matrix.desk_routes import DESK_LINES
from tests.matrix.gate_routes import GATE_API_LINES, GATE_LINES
from tests.matrix.routes import API_LINES, OPEN_CALLS, OPEN_ROUTES, Line
from tests.matrix.world import NEXT_COMMUNITY, World, somebody, yesterday

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CALLS = (*API_LINES, *GATE_API_LINES)
PAGES = (*DESK_LINES, *GATE_LINES)
LINES = (*CALLS, *PAGES)
REFUSED = (403, 404)

Wrong = list[str]
# A gate names the community that receives people, wherever it is: codes and names of areas are public.
PUBLIC_NAMES = re.compile(r'"receivers": ?\[(\[[^\]]*\],? ?)*\]')


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    text: str
    location: str


@contextmanager
def undone() -> Iterator[None]:
    """Take back what happens inside, so that the next address finds the same world."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def call(client: Client, line: Line, world: World) -> Answer:
    address, body = line.address(world), line.body(world)
    with undone():
        if line.method == "GET":
            answer = client.get(address)
        elif line in CALLS:
            answer = client.post(address, json.dumps(body), content_type="application/json")
        else:
            answer = client.post(address, body)
        text = answer.getvalue().decode(errors="replace")
    return Answer(answer.status_code, text, answer.headers.get("Location", ""))


def as_somebody(actor: Actor) -> Callable[[Line, World], Answer]:
    """Return how one person opens any address: with a device's token, or as a browser that has signed in."""
    device = Client(raise_request_exception=False, headers=make.bearer(make.phone(actor).token))
    browser = make.signed_in(actor)
    browser.raise_request_exception = False
    cookies = browser.cookies.output(header="", sep=";")

    def open_it(line: Line, world: World) -> Answer:
        if line in CALLS:
            return call(device, line, world)
        browser.cookies = SimpleCookie(cookies)
        return call(browser, line, world)

    return open_it


def holds(role: Role, line: Line) -> bool:
    return line.verb is None or {line.verb, *line.also} <= ROLE_VERBS[role]


def leaks(answer: Answer) -> bool:
    """Tell whether a page that opened names the community; a refusal may repeat the address it was asked."""
    return answer.status < 400 and COMMUNITY in PUBLIC_NAMES.sub("", answer.text)


def name(line: Line, world: World) -> str:
    return f"{line.method} {line.address(world)} ({line.route}, {line.verb})"


@pytest.mark.parametrize("role", list(Role))
def test_at_home_an_address_opens_for_who_holds_its_verb_and_for_nobody_else(
    world: World, role: Role
) -> None:
    ask = as_somebody(somebody(role))
    wrong: Wrong = []
    for line in LINES:
        answer = ask(line, world)
        if answer.status not in (line.own if holds(role, line) else line.refused):
            wrong.append(f"{name(line, world)}: {answer.status}")
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("role", list(Role))
def test_from_a_foreign_area_a_thing_is_not_there_and_a_page_shows_only_ones_own(
    world: World, role: Role
) -> None:
    ask = as_somebody(somebody(role, NEXT_COMMUNITY))
    wrong: Wrong = []
    for line in (line for line in LINES if holds(role, line)):
        answer = ask(line, world)
        if answer.status != line.foreign or leaks(answer):
            wrong.append(f"{name(line, world)}: {answer.status}")
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("role", [Role.COMMAND, Role.STREET_OFFICER, Role.SUPERVISION])
def test_after_the_end_of_a_role_nothing_opens(world: World, role: Role) -> None:
    ask = as_somebody(somebody(role, until=yesterday()))
    wrong: Wrong = []
    for line in LINES:
        answer = ask(line, world)
        if (line.verb is not None and answer.status not in REFUSED) or leaks(answer):
            wrong.append(f"{name(line, world)}: {answer.status}")
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("headers", [{}, make.bearer("x" * 43), {"Authorization": "Basic eDp4"}])
def test_a_stranger_is_asked_who_he_is(world: World, headers: dict[str, str]) -> None:
    stranger = Client(raise_request_exception=False, headers=headers)
    wrong: Wrong = []
    for line in LINES:
        answer = call(stranger, line, world)
        to_sign_in = answer.status == 302 and answer.location.startswith("/sign-in")
        asked = answer.status == 401 if line in CALLS else to_sign_in
        if not asked or leaks(answer):
            wrong.append(f"{name(line, world)}: {answer.status}")
    assert wrong == [], "\n".join(wrong)


def test_these_tests_would_notice_if_the_decision_were_always_yes(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: without the guard, a viewer of the next community opens nearly everything."""
    ask = as_somebody(somebody(Role.VIEWER, NEXT_COMMUNITY))
    things = [line for line in LINES if line.foreign == 404 and line.method == "GET" and 200 in line.own]
    assert {ask(line, world).status for line in things} <= set(REFUSED)
    monkeypatch.setattr(rules, "held_paths", lambda _grants, _verb, _at: (DISTRICT,))
    assert {ask(line, world).status for line in things} == {200}


def test_no_form_of_the_desk_is_taken_from_a_foreign_page(world: World) -> None:
    """Without the token of the form, a post with the session of an officer is refused."""
    browser = make.signed_in(somebody(Role.STREET_OFFICER))
    browser.handler.enforce_csrf_checks = True
    posts = [line for line in PAGES if line.method == "POST"]
    assert {call(browser, line, world).status for line in posts} == {403}


def test_no_page_of_the_desk_may_be_kept_by_a_browser_or_a_proxy(world: World) -> None:
    browser = make.signed_in(somebody(Role.STREET_OFFICER))
    kept = [
        line.route
        for line in PAGES
        if line.method == "GET"
        and "no-store" not in browser.get(line.address(world)).headers.get("Cache-Control", "")
    ]
    assert kept == []


def test_every_call_of_the_api_has_a_line() -> None:
    paths = api.get_openapi_schema()["paths"]
    there = {
        f"{method.upper()} {path.removeprefix('/api/v1')}" for path, ways in paths.items() for method in ways
    }
    assert there == {line.route for line in CALLS} | OPEN_CALLS.keys()


def test_every_address_has_a_line() -> None:
    there = {route for route in _routes(get_resolver().url_patterns) if not route.startswith("api/v1/")}
    listed = {line.route for line in PAGES} | OPEN_ROUTES.keys()
    assert there - listed == set(), "an address without a line in tests/matrix/desk_routes.py"
    assert listed - there == set(), "a line without an address"


def _routes(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        where = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, where)
        else:
            yield where
