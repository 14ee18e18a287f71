"""An order at the desk, from the meeting to the report, and what waits on Today."""

from datetime import timedelta

import pytest
from django.test import Client

from bulou.access.terms import Role
from bulou.kernel import clock
from bulou.kernel.scope import transaction, whole
from tests.make import access
from tests.make.rounds import COMMUNITY, DISTRICT, street

pytestmark = pytest.mark.django_db


def text(browser: Client, address: str) -> str:
    return browser.get(address, HTTP_ACCEPT_LANGUAGE="en").content.decode()


def test_a_meetings_decision_is_issued_taken_on_reported_and_replaced() -> None:
    with transaction(whole(DISTRICT)):
        street(compounds=2, doors=1)
    he = access.signed_in(access.person("he", Role.COMMAND, DISTRICT, team="command office"))
    actor = access.person("lin", Role.COMMUNITY_OFFICER, COMMUNITY, team="community 5")
    lin = access.signed_in(actor)
    soon = clock.now().astimezone(clock.DISTRICT_ZONE) + timedelta(hours=3)
    told = {
        "number": "2026-12", "title": "Close the side gates", "text": "All of them, before nine.",
        "unit": "district command", "meeting": "meeting of today", "areas": [DISTRICT],
        "roles": ["community_officer"], "answer_by": f"{soon:%Y-%m-%dT%H:%M}",
        "task_1": "count the gates", "owner_1": str(actor.account_id), "due_1": "",
    }  # fmt: skip
    refused = he.post("/command/orders/new", told, HTTP_ACCEPT_LANGUAGE="en")
    assert refused.status_code == 422
    assert "A task needs its words" in refused.content.decode()
    issued = he.post("/command/orders/new", told | {"due_1": told["answer_by"]})
    one = issued.headers["Location"]
    assert "1 person has not." in text(he, one)
    today = text(lin, "/")
    assert "Orders to take on" in today
    assert "Tasks from orders to report" in today
    assert "meeting of today" in text(lin, one)
    for do in ({"do": "read"}, {"do": "take"}, {"do": "report 1", "text": "four gates"}):
        assert lin.post(one, do).status_code == 302, do
    assert he.post(one, {"do": "report 1", "text": "five"}).status_code == 422
    assert "0 persons have not." in text(he, one)
    assert "four gates" in text(he, one)
    assert "Orders to take on" not in text(lin, "/")
    again = he.post(
        f"/command/orders/new?supersedes={one.rpartition('/')[2]}",
        told | {"number": "2026-13", "due_1": told["answer_by"]},
    )
    assert again.status_code == 302
    assert "Replaced by a new order" in text(lin, one)
    assert "It replaces an earlier order." in text(lin, again.headers["Location"])
    listed = text(lin, "/command/orders")
    assert again.headers["Location"] in listed
    assert one not in listed
    assert one in text(lin, "/command/orders?show=old")


def test_who_is_missing_is_on_the_issuers_today_when_the_hour_is_over() -> None:
    with transaction(whole(DISTRICT)):
        street(compounds=1, doors=1)
    he = access.signed_in(access.person("he", Role.COMMAND, DISTRICT, team="command office"))
    access.person("lin", Role.COMMUNITY_OFFICER, COMMUNITY)
    soon = clock.now() + timedelta(minutes=2)
    told = {
        "number": "1", "title": "t", "text": "do it", "unit": "u", "areas": [DISTRICT],
        "answer_by": f"{soon.astimezone(clock.DISTRICT_ZONE):%Y-%m-%dT%H:%M:%S}",
    }  # fmt: skip
    assert he.post("/command/orders/new", told).status_code == 302
    assert "Orders that not everybody took on in time" not in text(he, "/")
    with clock.frozen(soon + timedelta(minutes=1)):
        assert "Orders that not everybody took on in time" in text(he, "/")
