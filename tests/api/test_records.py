"""`POST /records` over HTTP: every record once, one answer each, nothing breaks the door."""

import gzip
import json
import random
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulou.access import queries as access_queries
from bulou.access.actions.devices import revoke_device
from bulou.access.actions.gate import system_actor
from bulou.kernel import clock, ids
from tests.make import access
from tests.make.api import Served, visit


def standings(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [result["standing"] for result in answer.json()["results"]]


def account(town: Served, operation: UUID) -> dict[str, Any]:
    found: dict[str, Any] = town.he.get(f"/operations/{operation}/account").json()
    return found


def test_a_visit_that_is_handed_in_closes_its_door(town: Served) -> None:
    operation = town.opened()
    assert standings(town.qian.records([visit(operation, town.doors[0])])) == ["kept"]
    found = account(town, operation)
    assert (found["expected"], found["done"], found["open"]) == (6, 1, 5)


def test_a_packed_batch_is_read_like_a_plain_one(town: Served) -> None:
    operation = town.opened()
    assert standings(town.qian.records([visit(operation, town.doors[0])], packed=True)) == ["kept"]


def test_a_batch_that_is_sent_twice_counts_once(town: Served) -> None:
    operation = town.opened()
    batch = [visit(operation, door) for door in town.doors]
    assert standings(town.qian.records(batch)) == ["kept"] * 6
    assert standings(town.qian.records(batch)) == ["duplicate"] * 6
    assert account(town, operation)["done"] == 6


def test_a_lost_reply_costs_nothing(town: Served) -> None:
    operation = town.opened()
    first, second = visit(operation, town.doors[0]), visit(operation, town.doors[1])
    town.qian.records([first])  # the phone never reads this answer
    assert standings(town.qian.records([second, first])) == ["kept", "duplicate"]


def test_the_order_of_arrival_changes_nothing(town: Served) -> None:
    now = clock.now()
    operation = town.opened()
    batch = [
        visit(operation, door, outcome, observed_at=(now - timedelta(minutes=minutes)).isoformat())
        for door in town.doors
        for outcome, minutes in (("absent_notice_left", 30), ("done", 10))
    ]
    random.Random(7).shuffle(batch)
    for start in range(0, len(batch), 5):
        town.qian.records(batch[start : start + 5])
    found = account(town, operation)
    assert (found["done"], found["open_by"]["absent"]) == (6, 0)


def test_the_same_id_with_other_content_is_a_conflict(town: Served) -> None:
    operation = town.opened()
    record = visit(operation, town.doors[0])
    town.qian.records([record])
    assert standings(town.qian.records([record | {"outcome": "absent_notice_left"}])) == ["conflict"]
    assert account(town, operation)["done"] == 1


def test_a_poisoned_record_takes_nobody_down_with_it(town: Served) -> None:
    operation = town.opened()
    poison = visit(operation, town.doors[1]) | {"observed_at": "yesterday, I think"}
    batch = [visit(operation, town.doors[0]), poison, visit(operation, town.doors[2])]
    assert standings(town.qian.records(batch)) == ["kept", "unreadable", "kept"]


def test_what_the_form_does_not_allow_is_kept_as_doubtful(town: Served) -> None:
    operation = town.opened()
    answer = town.qian.records([visit(operation, town.doors[0], payload={})])
    assert standings(answer) == ["doubtful"]
    assert "form.required:met" in answer.json()["results"][0]["problems"]


def test_missing_numbers_of_a_phone_are_told(town: Served) -> None:
    operation = town.opened()
    batch = [
        visit(operation, town.doors[0], device_seq=1),
        visit(operation, town.doors[1], device_seq=4),
    ]
    gaps = town.qian.records(batch).json()["gaps"]
    assert gaps == [{"device": str(town.qian.device), "from_seq": 2, "to_seq": 3}]


def test_a_clock_that_is_a_month_off_is_measured(town: Served) -> None:
    operation = town.opened()
    wrong = timedelta(days=30)
    record = visit(operation, town.doors[0], observed_at=(clock.now() + wrong).isoformat())
    body = {"sent_at": (clock.now() + wrong).isoformat(), "records": [record]}
    assert standings(town.qian.post("/records", body)) == ["kept"]


def test_five_hundred_records_fit_and_one_more_does_not(town: Served) -> None:
    operation = town.opened()
    batch = [visit(operation, town.doors[n % 6], device_seq=n + 1) for n in range(500)]
    assert standings(town.qian.records(batch)).count("kept") == 500
    too_many = town.qian.records([*batch, visit(operation, town.doors[0])])
    assert too_many.status_code == 413
    assert too_many.json()["code"] == "intake.too_many"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"records": []}', b"\xff\xfe", b"[" * 100_000])
def test_an_envelope_that_cannot_be_read_is_refused_in_words(town: Served, body: bytes) -> None:
    answer = town.qian.send("/records", body)
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"]


def test_a_bomb_is_refused(town: Served) -> None:
    bomb = gzip.compress(bytes(50 * 1024 * 1024), compresslevel=9)
    assert town.qian.send("/records", bomb, Content_Encoding="gzip").status_code == 413


def test_another_device_s_batch_is_refused(town: Served) -> None:
    body = {"device": str(town.lin.device), "sent_at": clock.now().isoformat(), "records": []}
    assert town.qian.post("/records", body).status_code == 400


FORGED = ("", "Bearer", "Bearer x", "bearer " + "A" * 43, "Basic abc", "Bearer " + "A" * 5000)


@pytest.mark.parametrize("header", FORGED)
def test_a_token_that_nobody_gave_opens_nothing(town: Served, header: str) -> None:
    answer = town.nobody.send("/records", b"{}", Authorization=header)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json()["code"] == "api.unauthorised"


def test_a_revoked_phone_is_turned_away(town: Served) -> None:
    operation = town.opened()
    town.qian.records([])
    revoke_device(system_actor(access.DISTRICT), device_id=town.qian.device, reason="lost")
    access_queries.forget()
    assert town.qian.records([visit(operation, town.doors[0])]).status_code == 401


def test_reading_the_records_address_is_refused_by_method(town: Served) -> None:
    assert town.qian.get("/records").status_code == 405


NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | NUMBERS | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
FIELDS = "id kind operation subject outcome payload observed_at device_seq protocol area corrects withdraws"
NAMES = st.sampled_from(FIELDS.split())


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(changes=st.lists(st.dictionaries(NAMES, JSON, max_size=3), max_size=4), envelope=JSON)
def test_no_json_whatever_ends_in_a_server_fault(
    town: Served, changes: list[dict[str, Any]], envelope: Any
) -> None:
    whole = town.qian.send("/records", json.dumps(envelope).encode())
    assert whole.status_code < 500, whole.text
    good = visit(ids.uuid7(), town.doors[0])
    body = {"sent_at": clock.now().isoformat(), "records": [good | change for change in changes]}
    answer = town.qian.send("/records", json.dumps(body).encode())
    assert answer.status_code == 200, answer.text
    assert len(answer.json()["results"]) == len(changes)
