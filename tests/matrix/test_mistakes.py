"""Whatever stands in an address, a form or a call: no mistake of its author is answered with a 5xx."""

import copy
import json
import re
from collections.abc import Iterator, Mapping
from http.cookies import SimpleCookie
from itertools import cycle
from typing import Any
from urllib.parse import quote

import pytest
from django import http
from django.core.handlers import wsgi
from django.http import QueryDict
from django.test import Client

from bulou.access.actions.gate import system_actor
from bulou.access.actions.roles import grant_role
from bulou.access.terms import Actor, Role
from bulou.doors.api.app import api
from tests.make import access as make
from tests.make.rounds import DISTRICT
from tests.matrix.routes import Line
from tests.matrix.test_routes import CALLS, PAGES, undone
from tests.matrix.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
# A sign no text can hold, a digit that is no number, a number longer than any, cursors that say nothing, the
# ends of time.
WORDS = ("\x00", "²", "9" * 5000, "-1", "W10", "WyJ4IiwieSJd", "0001-01-01", "9999-12-31T23:59")
VALUES: tuple[Any, ...] = (*WORDS, None, [], {}, True, -1, 10**400)
API = "/api/v1"
BROKEN = 500


class Noting(QueryDict):
    """An address or a form that notes what is read of it."""

    names: set[str] = set()

    def __getitem__(self, key: str) -> Any:
        self.names.add(key)
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        self.names.add(key)
        return super().get(key, default)

    def getlist(self, key: str, default: Any = None) -> Any:
        self.names.add(key)
        return super().getlist(key, default)


@pytest.fixture
def noting(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The names that pages read of their addresses and forms."""
    monkeypatch.setattr(wsgi, "QueryDict", Noting)
    monkeypatch.setattr(http, "QueryDict", Noting)  # where forms take it from
    Noting.names.clear()
    return Noting.names


def everything() -> Actor:
    """Somebody with every role, so that nothing is refused before it is read."""
    actor = make.person("everything", Role.COMMAND, DISTRICT)
    for role in (one for one in Role if one is not Role.COMMAND):
        grant_role(
            system_actor(DISTRICT), account_id=actor.account_id, role=role, path=DISTRICT, valid_until=None,
            reason="test",
        )  # fmt: skip
    return make.again(actor.account_id)


class Browser:
    """Somebody who is signed in at every page, also after the one where one signs out."""

    def __init__(self, actor: Actor) -> None:
        self.client = make.signed_in(actor)
        self.client.raise_request_exception = False
        self.cookies = self.client.cookies.output(header="", sep=";")

    def get(self, address: str) -> int:
        self.client.cookies = SimpleCookie(self.cookies)
        with undone():
            return self.client.get(address).status_code

    def post(self, address: str, body: Mapping[str, Any]) -> int:
        self.client.cookies = SimpleCookie(self.cookies)
        with undone():
            return self.client.post(address, body).status_code


class Device:
    """The same person's phone."""

    def __init__(self, actor: Actor) -> None:
        headers = make.bearer(make.phone(actor).token)
        self.client = Client(raise_request_exception=False, headers=headers)

    def get(self, address: str) -> int:
        with undone():
            return self.client.get(address).status_code

    def post(self, address: str, body: Any) -> int:
        with undone():
            return self.client.post(address, json.dumps(body), content_type="application/json").status_code


def with_word(address: str, name: str, word: str) -> str:
    path, _, query = address.partition("?")
    kept = [part for part in query.split("&") if part and part.partition("=")[0] != name]
    return f"{path}?{'&'.join([*kept, f'{name}={quote(word)}'])}"


def in_turn() -> Iterator[tuple[str, ...]]:
    """For each name the sign that no text can hold, and one of the others; all of each take four minutes."""
    return cycle([(WORDS[0], word) for word in WORDS[1:]])


def names_of(line: Line) -> set[str]:
    """What a call may be asked with, as its reference says."""
    method, _, route = line.route.partition(" ")
    paths = api.get_openapi_schema()["paths"]
    found = (spec for path, spec in paths.items() if bare(path.removeprefix(API)) == bare(route))
    asked = [one for spec in found for one in spec.get(method.lower(), {}).get("parameters", ())]
    return {one["name"] for one in asked if one["in"] == "query"}


def bare(route: str) -> str:
    return re.sub(r"{[^}]*}", "{}", route)


def mistaken(body: Any, values: tuple[Any, ...]) -> Iterator[tuple[str, Any]]:
    """The same body with one thing in it wrong, for each thing and each way to be wrong."""
    steps = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for key, inside in steps:
        for value in values:
            wrong = copy.copy(body)
            wrong[key] = value
            yield f"{key}={value!r:.30}", wrong
        for what, wrong_inside in mistaken(inside, values):
            wrong = copy.copy(body)
            wrong[key] = wrong_inside
            yield f"{key}.{what}", wrong


def test_no_word_in_an_address_breaks_a_page_or_a_call(world: World, noting: set[str]) -> None:
    actor = everything()
    browser, device = Browser(actor), Device(actor)
    broken: list[str] = []
    words = in_turn()
    for line in (one for one in (*PAGES, *CALLS) if one.method == "GET"):
        who, address = (device if line in CALLS else browser), line.address(world)
        noting.clear()
        who.get(address)
        for name in sorted({*noting, *names_of(line)}):
            for word in next(words):
                status = who.get(with_word(address, name, word))
                if status >= BROKEN:
                    broken.append(f"{address}: {name}={word!r:.30}: {status}")
    assert broken == [], "\n".join(broken)


def test_no_field_of_a_form_breaks_a_page(world: World, noting: set[str]) -> None:
    browser = Browser(everything())
    broken: list[str] = []
    words = in_turn()
    for line in (one for one in PAGES if one.method == "POST"):
        address, body = line.address(world), dict(line.body(world))
        noting.clear()
        browser.post(address, body)
        for name in sorted(noting | body.keys()):
            for word in next(words):
                status = browser.post(address, {**body, name: word})
                if status >= BROKEN:
                    broken.append(f"{address}: {name}={word!r:.30}: {status}")
    assert broken == [], "\n".join(broken)


def test_nothing_in_a_call_breaks_it(world: World) -> None:
    device = Device(everything())
    broken: list[str] = []
    for line in (one for one in CALLS if one.method == "POST"):
        address, body = line.address(world), json.loads(json.dumps(line.body(world)))
        for what, wrong in (*mistaken(body, VALUES), ("no object", []), ("nothing", None)):
            status = device.post(address, wrong)
            if status >= BROKEN:
                broken.append(f"{address}: {what}: {status}")
    assert broken == [], "\n".join(broken)


@pytest.mark.parametrize("address", ["/sign-in", "/code", "/z/", "/r/", "/r/today", "/r/help"])
def test_no_stranger_breaks_a_door(world: World, noting: set[str], address: str) -> None:
    stranger = Client(raise_request_exception=False)
    stranger.get(address)
    stranger.post(address, {"code": "x", "name": "x"})
    for name in sorted(noting):
        for word in WORDS:
            with undone():
                assert stranger.get(with_word(address, name, word)).status_code < BROKEN, (name, word[:10])
                assert stranger.post(address, {name: word}).status_code < BROKEN, (name, word[:10])
