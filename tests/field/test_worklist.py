"""The list of the day: one's own, in walking order, and afterwards only what has changed."""

from typing import Any
from uuid import UUID

import pytest

from bulou.access.models import Account
from bulou.kernel.scope import transaction, whole
from bulou.tasks.actions import assign
from bulou.tasks.terms import Unit
from tests.api.conftest import town
from tests.make import access, rounds
from tests.make.api import Served, visit

__all__ = ["town"]


def listed(answer: dict[str, Any]) -> set[UUID]:
    return {UUID(task["subject"]) for task in answer["tasks"]}


def give(town: Served, operation: UUID, doors: list[UUID], to: str) -> None:
    units = [Unit(door, f"{rounds.COMMUNITY}.c1") for door in doors]
    with transaction(whole(rounds.DISTRICT)):
        account = Account.objects.get(name=to).id
        officer = access.again(Account.objects.get(name="lin").id)
        assign(officer, operation=operation, units=units, account=account)


def test_it_comes_in_walking_order_with_what_one_searches_by(town: Served) -> None:
    town.opened()
    answer = town.qian.get("/worklist").json()
    assert answer["whole"] is True
    places = [(task["path"], task["sort"]) for task in answer["tasks"]]
    assert places == sorted(places)
    assert {"floor", "door", "sort", "keys"} <= answer["tasks"][0].keys()
    assert answer["tasks"][0]["door"] == "001"


def test_afterwards_only_what_has_changed_comes_with_the_reason(town: Served) -> None:
    operation = town.opened()
    first = town.qian.get("/worklist").json()
    same = town.qian.get("/worklist", since=first["cursor"]).json()
    assert (same["whole"], same["tasks"], same["removed"]) == (False, [], [])
    town.qian.records([visit(operation, town.doors[0])])
    town.lin.records([visit(operation, town.doors[1]), visit(operation, town.doors[2], "absent_notice_left")])
    later = town.qian.get("/worklist", since=same["cursor"]).json()
    assert later["whole"] is False
    assert listed(later) == {town.doors[2]}
    assert later["tasks"][0]["why"] == "absent"
    told = {UUID(one["subject"]): (one["family"], one["mine"]) for one in later["removed"]}
    assert told == {town.doors[0]: ("done", True), town.doors[1]: ("done", False)}
    again = town.qian.get("/worklist", since=later["cursor"]).json()
    assert (again["tasks"], again["removed"]) == ([], [])


def test_a_withdrawn_visit_brings_the_door_back(town: Served) -> None:
    operation = town.opened()
    record = visit(operation, town.doors[0])
    town.qian.records([record])
    first = town.qian.get("/worklist").json()
    assert town.doors[0] not in listed(first)
    town.qian.records([visit(operation, town.doors[0], payload={}, withdraws=record["id"])])
    assert listed(town.qian.get("/worklist", since=first["cursor"]).json()) == {town.doors[0]}


def test_what_is_given_by_name_is_the_whole_list_and_on_nobody_elses(town: Served) -> None:
    operation = town.opened()
    first = town.lin.get("/worklist").json()
    give(town, operation, [town.doors[0]], "qian")
    assert listed(town.qian.get("/worklist").json()) == {town.doors[0]}
    others = town.lin.get("/worklist", since=first["cursor"]).json()
    assert others["whole"] is True, "something was given away: the list is told anew"
    assert listed(others) == set(town.doors[1:])


def test_a_new_round_brings_the_whole_list_again(town: Served) -> None:
    town.opened()
    first = town.qian.get("/worklist").json()
    town.opened()
    again = town.qian.get("/worklist", since=first["cursor"]).json()
    assert again["whole"] is True
    assert len(again["tasks"]) == 2 * len(town.doors)


@pytest.mark.parametrize("cursor", ["x", "WyJ4Il0", "WyJhIiwiYiIsImMiXQ"])
def test_a_damaged_cursor_is_refused(town: Served, cursor: str) -> None:
    assert town.qian.get("/worklist", since=cursor).status_code == 400


def test_it_says_how_much_comes_before_it_is_packed(town: Served) -> None:
    town.opened()
    answer = town.qian.get("/worklist")
    assert int(answer.headers["X-Bulou-Bytes"]) == len(answer.content)
    assert answer.headers["Content-Encoding"] == "gzip"
