"""A shift in the field: kept, sent, once; whatever the network does."""

import json
import os
import signal
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Route

from bulou.kernel import clock
from tests.browser.phone import Phone, body_of, lost_replies, phone
from tests.browser.serving import Server
from tests.cli.running import wait
from tests.make.field import Field
from tests.make.rounds import DONE


@pytest.fixture
def mine(field_chromium: Browser, served: str, field: Field) -> Iterator[Phone]:
    """Qian's phone, enrolled, with the list."""
    with phone(field_chromium, served) as found:
        found.enrol(field.code(field.qian))
        yield found


def test_a_whole_shift_without_a_network_and_back(mine: Phone, field: Field) -> None:
    mine.worker_ready()
    mine.context.set_offline(True)
    mine.open()  # a cold start
    mine.unlock()
    assert len(mine.call("sync.tasks")) == len(field.doors)
    for door in field.doors:
        mine.visit(field, door)
    assert mine.states() == ["waiting"] * len(field.doors)
    assert mine.summary()["online"] is False
    assert field.records() == []
    mine.context.set_offline(False)
    mine.wait("All sent")
    assert mine.states() == ["kept"] * len(field.doors)
    records = field.records()
    assert [one.device_seq for one in records] == list(range(1, len(field.doors) + 1))
    assert {one.subject for one in records} == set(field.doors)


def test_a_reply_that_is_lost_after_the_commit_doubles_nothing(mine: Phone, field: Field) -> None:
    mine.context.set_offline(True)
    for door in field.doors[:3]:
        mine.visit(field, door)
    lost = lost_replies(mine, 2)
    mine.context.set_offline(False)
    mine.send()
    mine.wait("waiting")
    assert lost[0] == 200
    mine.send()
    mine.send()
    assert mine.states() == ["kept"] * 3
    assert lost == [200, 200]
    assert len(field.records()) == 3


def test_a_server_that_is_killed_in_mid_upload_loses_and_doubles_nothing(
    field_chromium: Browser, field: Field
) -> None:
    server = Server()
    with server.running(), phone(field_chromium, server.url) as mine:
        mine.enrol(field.code(field.qian))
        mine.context.set_offline(True)
        for door in field.doors:
            mine.visit(field, door)

        def kill(route: Route) -> None:
            os.kill(server.pid, signal.SIGKILL)
            route.continue_()

        mine.context.route("**/api/v1/records", kill, times=1)
        mine.context.set_offline(False)
        mine.send()
        assert set(mine.states()) == {"waiting"}
        server.start()
        mine.send()
        assert mine.states() == ["kept"] * len(field.doors)
        assert len(field.records()) == len(field.doors)


def test_two_tabs_number_and_send_as_one(mine: Phone, field: Field) -> None:
    other = mine.tab()
    other.unlock()
    mine.context.set_offline(True)
    for n, door in enumerate(field.doors):
        (mine, other)[n % 2].visit(field, door)
    mine.context.set_offline(False)
    both = "async () => { await Promise.all([1, 2, 3].map(() => window.__send())); }"
    for tab in (mine, other):
        tab.page.evaluate(
            """async () => {
              const base = document.querySelector("script[type=module]").src.replace(/[^/]*$/, "");
              window.__send = (await import(base + "sync.js")).sendNow;
            }"""
        )
    mine.page.evaluate(both)
    other.page.evaluate(both)
    assert mine.states() == other.states() == ["kept"] * len(field.doors)
    records = field.records()
    assert sorted(one.device_seq or 0 for one in records) == list(range(1, len(field.doors) + 1))


def test_a_clock_that_is_wrong_by_a_month_is_put_right(mine: Phone, field: Field) -> None:
    mine.page.clock.install(time=clock.now() - timedelta(days=30))
    mine.open()
    mine.page.clock.resume()
    mine.call("sync.sendNow")
    mine.unlock()
    mine.visit(field, field.doors[0])
    mine.send()
    assert mine.states() == ["kept"]
    record = field.records()[0]
    assert abs(record.effective_at - clock.now()) < timedelta(minutes=2)
    assert clock.now() - record.observed_at > timedelta(days=29)


def test_what_the_server_cannot_read_stays_and_asks_for_help_and_harms_no_other(
    mine: Phone, field: Field
) -> None:
    mine.context.set_offline(True)
    mine.visit(field, field.doors[0])
    mine.visit(field, field.doors[1], kind="k" * 99)
    mine.visit(field, field.doors[2], outcome="done", payload=DONE | {"met": "a dog"})
    mine.context.set_offline(False)
    mine.send()
    assert mine.states() == ["kept", "needs_help", "doubtful"]
    mine.wait("1 need help")
    own = mine.call("outbox.own")
    assert own[1]["record"]["kind"] == "k" * 99
    assert own[1]["problems"][0].startswith("intake.unreadable")


def test_a_request_that_is_too_large_is_cut_down_to_the_record_that_spoils_it(
    mine: Phone, field: Field
) -> None:
    mine.context.set_offline(True)
    for door in field.doors[:4]:
        mine.visit(field, door)
    spoils = str(field.doors[2])

    def refuse(route: Route) -> None:
        body = body_of(route.request)
        problem = '{"code": "api.too_large", "status": 413}'
        if spoils.encode() in body:
            route.fulfill(status=413, content_type="application/problem+json", body=problem)
        else:
            route.continue_()

    mine.context.route("**/api/v1/records", refuse)
    mine.context.set_offline(False)
    mine.send()
    assert sorted(mine.states()) == ["kept", "kept", "kept", "needs_help"]
    assert mine.call("outbox.states")[2]["problems"] == ["api.too_large"]
    mine.context.unroute("**/api/v1/records")
    mine.call("outbox.retry", mine.call("outbox.states")[2]["id"])
    mine.send()
    assert mine.states() == ["kept"] * 4


def test_it_waits_as_long_as_the_server_asks(mine: Phone, field: Field) -> None:
    calls: list[str] = []

    def busy(route: Route) -> None:
        calls.append(route.request.url)
        route.fulfill(
            status=503,
            content_type="application/problem+json",
            headers={"Retry-After": "120"},
            body='{"code": "api.busy"}',
        )

    mine.context.route("**/api/v1/records", busy)
    mine.visit(field, field.doors[0])
    mine.wait("1 waiting")
    mine.call("send.send")
    wait(lambda: bool(mine.summary()["error"]), lambda: str(mine.summary()))
    mine.call("send.send")
    assert len(calls) == 1
    summary = mine.summary()
    assert summary["error"] == "api.busy"
    assert summary["next_try"] / 1000 > clock.now().timestamp() + 100


def test_an_answer_of_a_stranger_is_no_acknowledgement(mine: Phone, field: Field) -> None:
    """A captive portal says 200 and a page."""
    mine.context.route(
        "**/api/v1/**", lambda route: route.fulfill(status=200, content_type="text/html", body="sign in")
    )
    mine.visit(field, field.doors[0])
    mine.send()
    assert mine.states() == ["waiting"]
    assert mine.summary()["online"] is False


def test_undo_and_correction_of_own_records_reach_the_account(mine: Phone, field: Field) -> None:
    first = mine.visit(field, field.doors[0])
    mine.call("outbox.undo", first["id"])
    second = mine.visit(field, field.doors[1], outcome="absent_notice_left", payload={"met": "nobody"})
    mine.call("outbox.correct", second["id"], {"outcome": "done", "payload": DONE})
    mine.send()
    assert set(mine.states()) <= {"kept", "doubtful"}
    mine.call("sync.download")
    tasks = {task["subject"]: task for task in mine.call("sync.tasks")}
    assert "settled" not in tasks[str(field.doors[0])]
    assert tasks[str(field.doors[1])]["settled"] | {"at": ""} == {
        "operation": str(field.operation.id),
        "subject": str(field.doors[1]),
        "family": "done",
        "outcome": "done",
        "at": "",
        "mine": True,
    }


def test_numbers_that_the_server_lost_are_offered_again(mine: Phone, field: Field) -> None:
    """The server was set back to a copy of before: what it had acknowledged is not there any more."""
    for door in field.doors[:2]:
        mine.visit(field, door)
    mine.send()
    answer = '{{"results": [{{"id": "{}", "standing": "kept", "problems": []}}], "gaps": [{{"device": "{}", '
    offered: list[int] = []

    def forgetful(route: Route) -> None:
        records = json.loads(body_of(route.request))["records"]
        offered.extend(record["device_seq"] for record in records)
        body = answer.format(records[0]["id"], mine.device)
        body += '"from_seq": 1, "to_seq": 2}], "server_time": "' + clock.now().isoformat() + '"}'
        route.fulfill(status=200, content_type="application/json", body=body)

    mine.context.route("**/api/v1/records", forgetful, times=1)
    mine.visit(field, field.doors[2])
    mine.send()
    mine.send()
    assert offered == [3]
    assert mine.states() == ["kept"] * 3
