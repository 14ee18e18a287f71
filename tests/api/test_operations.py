"""Rounds over HTTP: opened, counted, missed, worked to zero, closed; and nothing of it for strangers."""

from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest

from bulou.access import queries as access_queries
from bulou.access.actions.codes import issue_code
from bulou.access.actions.gate import system_actor
from bulou.access.terms import Purpose
from bulou.kernel import clock
from bulou.kernel.scope import transaction, whole
from bulou.tasks.actions import set_duty
from bulou.tasks.terms import DutyRole
from tests.make import access
from tests.make.api import Served, opening, visit


def test_a_round_that_is_opened_tells_how_many_it_expects(town: Served) -> None:
    answer = town.he.post("/operations", opening())
    assert answer.status_code == 201
    assert answer.json()["expected"] == 6


def test_rounds_are_listed_with_their_protocol_and_state(town: Served) -> None:
    operation = town.opened()
    items = town.he.get("/operations", protocol="household-screening-round", state="open").json()["items"]
    assert [(item["id"], item["state"], item["area"]) for item in items] == [
        (str(operation), "open", "220303")
    ]
    assert town.he.get("/operations", state="closed").json() == {"items": [], "next": None}


def test_the_account_balances_at_every_level(town: Served) -> None:
    operation = town.opened()
    town.qian.records(
        [visit(operation, town.doors[0]), visit(operation, town.doors[1], "absent_notice_left")]
    )
    whole_account = town.he.get(f"/operations/{operation}/account", depth=3).json()

    def balances(account: dict[str, object]) -> bool:
        parts = ("done", "excused", "moved", "open")
        children = account["children"]
        assert isinstance(children, list)
        total = sum(int(str(account[part])) for part in parts)
        return account["expected"] == total and all(balances(child) for child in children)

    assert balances(whole_account)
    assert whole_account["open_by"]["absent"] == 1


def test_an_account_of_the_past_shows_what_the_board_showed(town: Served) -> None:
    operation = town.opened()
    before = clock.now()
    town.qian.records([visit(operation, town.doors[0])])
    past = town.he.get(f"/operations/{operation}/account", as_of=before.isoformat()).json()
    assert (past["done"], past["open"]) == (0, 6)


def test_the_missed_list_says_who_why_and_whose(town: Served) -> None:
    operation = town.opened()
    town.qian.records([visit(operation, town.doors[0], "absent_notice_left")])
    qian = access_queries.actor_by_token(town.qian.token)
    he = access_queries.actor_by_token(town.he.token)
    assert qian
    assert he
    with transaction(whole(access.DISTRICT)):
        set_duty(he, path=access.COMMUNITY, role=DutyRole.WORKER, account=qian.account_id)
    page = town.lin.get(f"/operations/{operation}/missed", why="absent").json()
    assert page["total"] == 1
    item = page["items"][0]
    assert (item["subject"], item["why"], item["attempts"]) == (str(town.doors[0]), "absent", 1)
    assert item["owner"]["account"] == str(qian.account_id)


def test_the_missed_list_is_read_page_by_page(town: Served) -> None:
    operation = town.opened()
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = town.lin.get(
            f"/operations/{operation}/missed", limit=4, **({"cursor": cursor} if cursor else {})
        ).json()
        seen += [item["subject"] for item in page["items"]]
        cursor = page["next"]
    assert sorted(seen) == sorted(str(door) for door in town.doors)


def test_the_missed_list_is_worked_to_zero_and_the_round_closed(town: Served) -> None:
    operation = town.opened()
    refused = town.he.post(f"/operations/{operation}/close", {})
    assert (refused.status_code, refused.json()["code"], refused.json()["open"]) == (
        409,
        "coverage.still_open",
        6,
    )
    missed = town.lin.get(f"/operations/{operation}/missed").json()["items"]
    town.qian.records([visit(operation, UUID(item["subject"])) for item in missed])
    assert town.lin.get(f"/operations/{operation}/missed").json()["total"] == 0
    closed = town.he.post(f"/operations/{operation}/close", {})
    assert (closed.status_code, closed.json()["state"]) == (200, "closed")


def test_closing_needs_no_body(town: Served) -> None:
    operation = town.opened()
    town.qian.records([visit(operation, door) for door in town.doors])
    assert town.he.send(f"/operations/{operation}/close", b"").status_code == 200


def test_a_round_is_closed_short_only_with_a_reason(town: Served) -> None:
    operation = town.opened()
    closed = town.he.post(f"/operations/{operation}/close", {"reason": "order of the day"})
    assert (closed.status_code, closed.json()["state"]) == (200, "closed_short")


def test_a_phone_s_worklist_is_what_it_owes(town: Served) -> None:
    operation = town.opened()
    first = town.qian.get("/worklist").json()
    assert {task["subject"] for task in first["tasks"]} == {str(door) for door in town.doors}
    assert first["protocols"][0]["protocol"] == "household-screening-round@1"
    assert any(area["path"] == access.COMMUNITY for area in first["areas"])
    town.qian.records([visit(operation, town.doors[0])])
    assert first["more"] is False
    later = town.qian.get("/worklist", since=first["cursor"]).json()
    assert str(town.doors[0]) not in {task["subject"] for task in later["tasks"]}


def test_the_history_of_a_door_shows_both_clocks(town: Served) -> None:
    operation = town.opened()
    town.qian.records(
        [visit(operation, town.doors[0], "absent_notice_left"), visit(operation, town.doors[0])]
    )
    items = town.lin.get(f"/subjects/dwelling/{town.doors[0]}/history").json()["items"]
    assert [item["outcome"] for item in items] == ["absent_notice_left", "done"]
    assert all(item["observed_at"] and item["received_at"] and item["device"] for item in items)


def test_the_daily_report_names_the_query_behind_each_figure(town: Served) -> None:
    operation = town.opened()
    town.qian.records([visit(operation, town.doors[0])])
    on = clock.local_date(clock.now()).isoformat()
    report = town.he.get("/reports/daily", date=on, area=access.DISTRICT).json()
    assert all(figure["query"] for figure in report["figures"])
    line = next(line for line in report["rounds"] if line["operation"] == str(operation))
    assert (line["expected"], line["done"], line["open"]) == (6, 1, 5)


@pytest.mark.parametrize(
    ("wanted", "starts"), [("html", b"<!"), ("pdf", b"%PDF"), ("docx", b"PK"), ("xlsx", b"PK")]
)
def test_the_daily_report_comes_in_every_form(town: Served, wanted: str, starts: bytes) -> None:
    town.opened()
    on = clock.local_date(clock.now()).isoformat()
    answer = town.he.get("/reports/daily", date=on, area=access.DISTRICT, format=wanted)
    assert answer.status_code == 200
    assert answer.content.lstrip()[: len(starts)].lower() == starts.lower()


def test_not_allowed_and_not_there_are_the_same_answer(town: Served) -> None:
    operation = town.opened(area=access.COMMUNITY)
    foreign = town.zhao.get(f"/operations/{operation}/account")
    absent = town.zhao.get(f"/operations/{uuid4()}/account")
    nowhere = town.zhao.get("/nowhere")
    assert foreign.status_code == absent.status_code == nowhere.status_code == 404
    assert foreign.json() == absent.json() == nowhere.json()
    assert town.zhao.get(f"/operations/{operation}/missed").json() == absent.json()
    assert town.zhao.get(f"/subjects/dwelling/{town.doors[0]}/history").json() == absent.json()
    assert town.zhao.post(f"/operations/{operation}/close", {}).json() == absent.json()
    on = clock.local_date(clock.now()).isoformat()
    assert town.zhao.get("/reports/daily", date=on, area=access.COMMUNITY).json() == absent.json()


def test_who_may_see_and_not_open_a_round_is_told_nothing_more(town: Served) -> None:
    answer = town.lin.post("/operations", opening(area=access.COMMUNITY))
    assert (answer.status_code, answer.json()["code"]) == (404, "api.not_there")


@pytest.mark.parametrize(
    "path",
    [
        "/operations",
        "/worklist",
        "/operations/01a20116-5b80-7d74-9ad3-6c897abbe010/account",
        "/reports/daily",
    ],
)
def test_without_a_token_nothing_is_answered(town: Served, path: str) -> None:
    answer = town.nobody.get(path)
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"area": "not a path"}, "area"),
        ({"opens_at": "soon"}, "opens_at"),
        ({"basis": {}}, "basis"),
        ({"protocol": None}, "protocol"),
    ],
)
def test_a_wrong_field_is_named(town: Served, change: dict[str, object], field: str) -> None:
    answer = town.he.post("/operations", opening(**change))
    assert answer.status_code == 400
    assert field in answer.json()["where"]["field"]


def test_a_body_that_is_no_json_is_refused_in_words(town: Served) -> None:
    answer = town.he.send("/operations", b"{nonsense")
    assert (answer.status_code, answer.json()["code"]) == (400, "api.unreadable")


def test_a_problem_is_told_in_the_caller_s_language(town: Served) -> None:
    operation = town.opened()
    url = f"{town.base_url}/api/v1/operations/{operation}/close"
    texts = {
        language: httpx.post(
            url,
            json={},
            headers=town.he.headers() | {"Accept-Language": language},
            trust_env=False,
            timeout=60,
        )
        for language in ("en", "zh-Hans", "zh-Hant")
    }
    assert {answer.json()["code"] for answer in texts.values()} == {"coverage.still_open"}
    assert texts["zh-Hant"].headers["Content-Language"] == "zh-hant"
    assert "6" in texts["en"].json()["detail"]


def test_a_code_lets_one_phone_in_once(town: Served) -> None:
    lin = access_queries.actor_by_token(town.lin.token)
    assert lin
    code = issue_code(system_actor(access.DISTRICT), account_id=lin.account_id, purpose=Purpose.ENROL)
    first = town.nobody.post("/devices/enrol", {"code": code, "name": "phone-18"})
    assert first.status_code == 200
    assert set(first.json()) == {"device", "token", "secret", "server_time"}
    again = town.nobody.post("/devices/enrol", {"code": code, "name": "phone-19"})
    assert (again.status_code, again.json()["code"]) == (404, "access.code_not_valid")


def test_the_openapi_document_needs_no_token_and_names_every_call(town: Served) -> None:
    document = httpx.get(f"{town.base_url}/api/v1/openapi.json", trust_env=False, timeout=60).json()
    assert {path.removeprefix("/api/v1") for path in document["paths"]} == {
        "/attachments/{id}",
        "/devices/enrol",
        "/devices/share",
        "/devices/standing",
        "/sealed",
        "/worklist",
        "/records",
        "/operations",
        "/operations/{id}/account",
        "/operations/{id}/missed",
        "/operations/{id}/close",
        "/subjects/{type}/{id}/history",
        "/reports/daily",
        "/reports/round",
        "/results",
        "/gates/day",
        "/people",
        "/people/{id}/reveal",
        "/sample",
        "/sample/people",
        "/sample/home",
    }
    for calls in document["paths"].values():
        for call in calls.values():
            assert "application/problem+json" in call["responses"]["400"]["content"]


def test_the_server_says_that_it_is_alive_and_ready(town: Served) -> None:
    assert httpx.get(f"{town.base_url}/healthz", trust_env=False, timeout=60).json() == {"status": "ok"}
    assert httpx.get(f"{town.base_url}/readyz", trust_env=False, timeout=60).json() == {"status": "ok"}


def test_what_happened_before_the_round_opened_is_doubtful(town: Served) -> None:
    operation = town.opened()
    long_ago = (clock.now() - timedelta(days=9)).isoformat()
    results = town.qian.records([visit(operation, town.doors[0], observed_at=long_ago)]).json()["results"]
    assert results[0]["standing"] == "doubtful"
