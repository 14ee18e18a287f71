"""Whatever a caller sends, the answer is an answer: never a server fault, always a problem in words."""

from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulou.doors.api import records
from bulou.doors.cli import web
from tests.make.api import Served, opening, visit

TEXTS = st.text(max_size=40) | st.sampled_from(
    ["220303", "220303.001", "0", "-1", "99999999999", "a" * 5000, "\x00"]
)
QUERIES = ("area", "depth", "as_of", "why", "limit", "cursor", "protocol", "state", "since", "date", "format")
RELAXED = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
JSON = st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.lists(st.integers(), max_size=2)


def in_words(answer: httpx.Response) -> None:
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["code"]


@RELAXED
@given(query=st.dictionaries(st.sampled_from(QUERIES), TEXTS, max_size=4), place=st.integers(0, 5))
def test_no_query_whatever_ends_in_a_server_fault(town: Served, query: dict[str, str], place: int) -> None:
    operation = "01a20116-5b80-7d74-9ad3-6c897abbe010"
    paths = (
        "/operations",
        f"/operations/{operation}/account",
        f"/operations/{operation}/missed",
        "/worklist",
        "/reports/daily",
        f"/subjects/dwelling/{town.doors[0]}/history",
    )
    in_words(town.lin.get(paths[place], **query))


@RELAXED
@given(change=st.dictionaries(st.sampled_from(sorted(opening())), JSON, max_size=3))
def test_no_opening_whatever_ends_in_a_server_fault(town: Served, change: dict[str, Any]) -> None:
    in_words(town.he.post("/operations", opening(**change)))


@RELAXED
@given(code=TEXTS, name=TEXTS)
def test_no_code_whatever_lets_a_phone_in(town: Served, code: str, name: str) -> None:
    answer = town.nobody.post("/devices/enrol", {"code": code, "name": name})
    in_words(answer)
    assert answer.status_code in {400, 404}


@pytest.mark.parametrize(
    "path", ["/operations/x/account", "/operations/%00/missed", "/subjects/../x/history", "/"]
)
def test_an_address_that_is_none_is_not_there(town: Served, path: str) -> None:
    answer = town.lin.get(path)
    assert answer.status_code in {400, 404}
    in_words(answer)


def test_when_too_much_arrives_the_phone_is_told_to_come_back(town: Served) -> None:
    operation = town.opened()
    held = 0
    while records.PLACES.acquire(blocking=False):
        held += 1
    try:
        busy = town.qian.records([visit(operation, town.doors[0])])
    finally:
        for _ in range(held):
            records.PLACES.release()
    assert 0 < held <= web.THREADS - 16, "the web server keeps threads for pages, whatever phones send"
    assert (busy.status_code, busy.json()["code"]) == (503, "api.busy")
    assert int(busy.headers["Retry-After"]) >= 1
    assert town.qian.records([visit(operation, town.doors[0])]).status_code == 200
