"""An order goes to areas and roles: who has taken it on, who is missing, and what came of its tasks."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction as db
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulou.access.terms import Actor, Role
from bulou.command import models, projections
from bulou.command.queries import orders as queries
from bulou.command.rules import orders as rules
from bulou.command.terms import Order, OrderKind
from bulou.intake.actions.proving import replay_check
from bulou.kernel import clock, ids
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope, transaction, whole
from bulou.ledger import queries as ledger
from tests.make import access
from tests.make import command as make
from tests.make.rounds import COMMUNITY, DISTRICT, street

pytestmark = pytest.mark.django_db
ALL = whole(DISTRICT)
NOON = datetime(2026, 11, 2, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)
READ, TAKEN, REPORTED = OrderKind.READ, OrderKind.ACKNOWLEDGED, OrderKind.REPORTED


@pytest.fixture(autouse=True)
def _district() -> Iterator[None]:
    with clock.frozen(NOON), transaction(ALL):
        street(compounds=2, doors=1)
        yield


@pytest.fixture
def he() -> Actor:
    return make.office()


@pytest.fixture
def lin() -> Actor:
    return access.person("lin", Role.COMMUNITY_OFFICER, COMMUNITY, team="community 5")


@pytest.fixture
def worker() -> Actor:
    return access.person("wu", Role.WORKER, f"{COMMUNITY}.c1", team="team one")


def the(order: UUID) -> Order:
    return queries.order(ALL, order)


def missing(order: UUID, at: datetime = NOON) -> list[UUID]:
    return sorted(one.account for one in queries.delivery(the(order), at).missing)


def test_who_has_not_taken_it_on_is_known_by_name(he: Actor, lin: Actor, worker: Actor) -> None:
    order = make.issue(he)
    assert missing(order) == sorted((lin.account_id, worker.account_id))
    make.about_order(lin, READ, order)
    assert missing(order) == sorted((lin.account_id, worker.account_id)), "reading is not taking it on"
    make.about_order(lin, TAKEN, order, when=NOON + HOUR / 60)
    assert missing(order) == [worker.account_id]
    said = queries.receipt(the(order), lin.account_id)
    assert said is not None
    assert (said.read_at, said.taken_at) == (NOON, NOON + HOUR / 60)


def test_an_order_goes_to_roles_and_areas(he: Actor, lin: Actor, worker: Actor) -> None:
    workers = make.issue(he, roles=["worker"])
    next_door = make.issue(he, number="2", areas=[f"{COMMUNITY}.c2"])
    assert missing(workers) == [worker.account_id]
    assert missing(next_door) == []
    assert [one.id for one in queries.mine(lin, ALL, NOON).orders] == []
    assert [one.id for one in queries.mine(worker, ALL, NOON).orders] == [workers]


def test_it_is_overdue_when_its_hour_is_over_and_somebody_is_missing(he: Actor, lin: Actor) -> None:
    order = make.issue(he)
    assert queries.overdue(ALL, NOON + 3 * HOUR) == ()
    (late,) = queries.overdue(ALL, NOON + 5 * HOUR)
    assert [one.name for one in late.missing] == [lin.display_name]
    assert queries.overdue(Scope((DISTRICT,), (COMMUNITY,)), NOON + 5 * HOUR) == (), "the issuer's business"
    make.about_order(lin, TAKEN, order)
    assert queries.overdue(ALL, NOON + 5 * HOUR) == ()


def test_a_new_order_takes_the_place_of_the_old_one(he: Actor, lin: Actor) -> None:
    old = make.issue(he)
    new = make.issue(he, number="2026-13", supersedes=str(old))
    make.about_order(he, OrderKind.SUPERSEDED, old, {"order": str(new)}, path=DISTRICT)
    assert (the(old).superseded_by, the(new).supersedes) == (new, old)
    assert [one.id for one in queries.mine(lin, ALL, NOON).orders] == [new]
    assert [one.id for one in queries.orders(ALL, superseded=True)] == [old]
    with pytest.raises(ProblemError, match=r"command\.superseded"):
        make.about_order(he, OrderKind.SUPERSEDED, old, {"order": str(new)}, path=DISTRICT)


def test_a_decision_of_a_meeting_has_owners_and_hours_and_is_reported(he: Actor, lin: Actor) -> None:
    task = {"text": "close the gate", "owner": str(lin.account_id), "due_at": (NOON + HOUR).isoformat()}
    order = make.issue(he, meeting="meeting of 2 November", tasks=[task])
    assert queries.mine(lin, ALL, NOON).tasks[0].id == order
    assert queries.mine(lin, ALL, NOON + 2 * HOUR).late
    with pytest.raises(ProblemError, match=r"command\.no_task"):
        make.about_order(he, REPORTED, order, {"task": 1, "text": "closed"}, path=DISTRICT)
    make.about_order(lin, REPORTED, order, {"task": 1, "text": "closed at noon"})
    (done,) = the(order).tasks
    assert (done.reported_at, done.report) == (NOON, "closed at noon")
    assert queries.mine(lin, ALL, NOON).tasks == ()


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"title": " "}, "command.order_incomplete"),
        ({"areas": []}, "command.unreadable"),
        ({"areas": ["110101"]}, "command.outside"),
        ({"areas": [f"{COMMUNITY}.c99"]}, "command.no_area"),
        ({"answer_by": NOON.isoformat()}, "command.answer_late"),
        ({"roles": ["emperor"]}, "command.unreadable"),
        (
            {"tasks": [{"text": "x", "owner": str(UUID(int=1)), "due_at": NOON.isoformat()}]},
            "command.answer_late",
        ),
    ],
)
def test_an_incomplete_order_is_refused(he: Actor, said: dict[str, Any], code: str) -> None:
    with pytest.raises(ProblemError, match=code):
        make.issue(he, **said)


def test_a_number_is_given_once_and_nobody_answers_an_order_that_is_not_there(he: Actor, lin: Actor) -> None:
    make.issue(he)
    with pytest.raises(ProblemError, match=r"command\.number_taken"):
        make.issue(he)
    with pytest.raises(ProblemError, match=r"command\.no_order"):
        make.about_order(lin, TAKEN, ids.uuid7())


def test_an_order_of_a_community_is_not_seen_next_door(he: Actor) -> None:
    order = make.issue(he, path=COMMUNITY)
    with pytest.raises(ProblemError, match=r"command\.not_found"):
        queries.order(Scope((DISTRICT,), (f"{DISTRICT}.002",)), order)
    with transaction(Scope(("110101",), ("110101",))):
        assert models.Order.objects.count() == models.Receipt.objects.count() == 0


def test_the_list_of_orders_asks_as_often_for_many_as_for_one(  # type: ignore[no-untyped-def]
    he: Actor, lin: Actor, django_assert_num_queries
) -> None:
    for n in range(5):
        make.issue(he, number=str(n))
    with django_assert_num_queries(3):
        assert len(queries.overdue(ALL, NOON + 5 * HOUR)) == 5


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**6))
def test_any_order_and_repetition_gives_the_same_order(he: Actor, lin: Actor, seed: int) -> None:
    with db.atomic():
        chance = random.Random(seed)
        task = {"text": "close", "owner": str(lin.account_id), "due_at": (NOON + HOUR).isoformat()}
        order = make.issue(he, tasks=[task])
        for n in range(10):
            by, at = chance.choice((he, lin)), NOON + timedelta(seconds=chance.randrange(200))
            kind = chance.choice((READ, TAKEN, REPORTED, OrderKind.SUPERSEDED))
            payload = {"task": 1, "text": f"done {n}", "order": str(UUID(int=n))}
            try:
                make.about_order(by, kind, order, payload, path=COMMUNITY, when=at)
            except ProblemError:
                continue
        told = ledger.records_of(DISTRICT, subjects=[order])
        shuffled = chance.sample(told, len(told))
        assert rules.fold(shuffled) == rules.fold(told)
        rows = list(models.Receipt.objects.order_by("account").values())
        for part in (shuffled[::2], shuffled[1::2], told):
            projections.apply_orders(DISTRICT, part)
        assert rules.fold(told)[0] == the(order)
        assert list(models.Receipt.objects.order_by("account").values()) == rows
        projections.rebuild(DISTRICT)
        assert list(models.Receipt.objects.order_by("account").values()) == rows
        db.set_rollback(True)


def test_replay_makes_the_same_orders_again(he: Actor, lin: Actor) -> None:
    make.about_order(lin, TAKEN, make.issue(he))
    assert replay_check().faults == ()
