from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from bulou.access.terms import Actor, Role
from bulou.coverage.queries import accounts
from bulou.coverage.terms import Operation
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope, transaction, whole
from bulou.lines.disinfection import projections, queries, rules
from bulou.lines.disinfection.models import Job
from bulou.lines.disinfection.queries import JobFilter
from bulou.lines.disinfection.terms import Verdict
from tests.make.objects import object_round, sign_off, sites, work
from tests.make.rounds import COMMUNITY, DISTRICT, someone, standings, street

pytestmark = pytest.mark.django_db
SCOPE = whole(DISTRICT)


@pytest.fixture(autouse=True)
def _district() -> Any:
    with transaction(SCOPE):
        street()
        yield


@pytest.fixture
def toilets() -> list[UUID]:
    return sites("public_toilet", 4)


@pytest.fixture
def operation(toilets: list[UUID]) -> Operation:
    return object_round(["public_toilet"])


@pytest.fixture
def gao() -> Actor:
    return someone(Role.CREW, DISTRICT, device=True, team="crew 1")


@pytest.fixture
def sun() -> Actor:
    return someone(Role.SUPERVISION, DISTRICT, team="supervision 5")


def test_a_job_settles_its_unit_and_waits_for_a_signoff(
    gao: Actor, operation: Operation, toilets: list[UUID]
) -> None:
    assert set(standings(work(gao, operation, toilets[:3], area_m2=50))) == {"kept"}
    assert accounts.account(SCOPE, operation).done == 3
    assert queries.to_sign_off(SCOPE, operation.id).total == 3


def test_a_batch_that_is_sent_twice_is_one_job(gao: Actor, operation: Operation, toilets: list[UUID]) -> None:
    work(gao, operation, toilets[:1], area_m2=50)
    work(gao, operation, toilets[:1], area_m2=60)
    jobs = queries.jobs(SCOPE, operation.id)
    assert (jobs.total, jobs.items[0].area_m2) == (1, Decimal(60))


def test_someone_else_signs_off(gao: Actor, sun: Actor, operation: Operation, toilets: list[UUID]) -> None:
    work(gao, operation, toilets, area_m2=50)
    sign_off(sun, operation, toilets[:2])
    assert queries.to_sign_off(SCOPE, operation.id).total == 2
    signed = queries.job(SCOPE, operation.id, toilets[0])
    assert signed is not None
    assert (signed.signed_by, signed.signed_team) == (sun.account_id, sun.team)


@pytest.mark.parametrize(
    ("team", "n_done", "code"),
    [("crew 1", 1, "disinfection.own_team"), ("supervision 5", 0, "disinfection.nothing_to_sign")],
)
def test_the_office_is_refused_a_signoff_that_cannot_count(
    gao: Actor, operation: Operation, toilets: list[UUID], team: str, n_done: int, code: str
) -> None:
    work(gao, operation, toilets[:n_done])
    with pytest.raises(ProblemError) as refused:
        sign_off(someone(Role.SUPERVISION, DISTRICT, team=team), operation, toilets[:1])
    assert refused.value.problem.code == code
    assert not Job.objects.filter(verdict="passed").exists()


def test_many_signoffs_are_one_act_all_or_none(
    gao: Actor, sun: Actor, operation: Operation, toilets: list[UUID]
) -> None:
    work(gao, operation, toilets[:3])
    with pytest.raises(ProblemError):
        sign_off(sun, operation, toilets)
    assert queries.jobs(SCOPE, operation.id, only=JobFilter(verdict=Verdict.PASSED)).total == 0


def test_a_rebuild_gives_the_same_rows(
    gao: Actor, sun: Actor, operation: Operation, toilets: list[UUID]
) -> None:
    work(gao, operation, toilets, method="drone")
    sign_off(sun, operation, toilets[:2])
    sign_off(sun, operation, toilets[2:3], outcome="failed")
    before = list(Job.objects.order_by("id").values())
    projections.rebuild(DISTRICT)
    assert list(Job.objects.order_by("id").values()) == before
    assert len(before) == 4


def test_jobs_of_a_past_moment_come_from_the_ledger_and_agree(
    gao: Actor, sun: Actor, operation: Operation, toilets: list[UUID]
) -> None:
    work(gao, operation, toilets[:2], area_m2=50)
    between = clock.now()
    sign_off(sun, operation, toilets[:1])
    work(gao, operation, toilets[2:], area_m2=50)
    then = queries.jobs_at(SCOPE, DISTRICT, operation.id, at=between)
    now = queries.jobs_at(SCOPE, DISTRICT, operation.id, at=clock.now())
    assert [len(then), len(now)] == [2, 4]
    assert rules.total(rules.totals(then, {})).signed_off_by_other == 0
    assert rules.total(rules.totals(now, {})).signed_off_by_other == 1
    live = queries.jobs(SCOPE, operation.id).items
    assert {job.subject: job for job in now} == {job.subject: job for job in live}


def test_a_list_shows_what_was_asked_for(
    gao: Actor, sun: Actor, operation: Operation, toilets: list[UUID]
) -> None:
    work(gao, operation, toilets[:1], method="fog")
    work(gao, operation, toilets[1:])
    sign_off(sun, operation, toilets[:1])
    totals = [
        queries.jobs(SCOPE, operation.id, only=only).total
        for only in (
            JobFilter(cautioned=True),
            JobFilter(waiting=True),
            JobFilter(verdict=Verdict.PASSED),
            JobFilter(path=f"{COMMUNITY}.c2"),
        )
    ]
    assert totals == [1, 3, 1, 0]


def test_pages_hold_every_job_exactly_once(gao: Actor, operation: Operation, toilets: list[UUID]) -> None:
    work(gao, operation, toilets)
    first = queries.jobs(SCOPE, operation.id, limit=3)
    second = queries.jobs(SCOPE, operation.id, cursor=first.next, limit=3)
    assert {job.subject for job in (*first.items, *second.items)} == set(toilets)
    assert second.next is None


def test_jobs_of_the_next_street_are_not_there(gao: Actor, operation: Operation, toilets: list[UUID]) -> None:
    work(gao, operation, toilets)
    elsewhere = Scope((DISTRICT,), (f"{DISTRICT}.002",))
    assert queries.jobs(elsewhere, operation.id).total == 0
    assert queries.jobs_at(elsewhere, DISTRICT, operation.id, at=clock.now()) == []
    assert queries.job(elsewhere, operation.id, toilets[0]) is None
