from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bulou.access.terms import Role
from bulou.intake.actions.office import submit_office
from bulou.intake.terms import OfficeRecord
from bulou.kernel import clock
from bulou.kernel.scope import transaction, whole
from bulou.lines.disinfection import queries as disinfection
from bulou.lines.supervision import queries as supervision
from bulou.reports.queries.daily import daily
from tests.make.objects import object_round, sites, work
from tests.make.rounds import COMMUNITY, DISTRICT, screening, someone, street

pytestmark = pytest.mark.django_db
SCOPE = whole(DISTRICT)


@pytest.fixture(autouse=True)
def _district() -> Any:
    with transaction(SCOPE):
        street(compounds=2, doors=2)
        yield


def findings(n: int) -> None:
    sun = someone(Role.SUPERVISION, DISTRICT, team="supervision 5")
    records = [
        OfficeRecord(
            kind="supervision.finding", path=f"{COMMUNITY}.c1", subject_type="finding", subject=uuid4(),
            payload={"severity": "serious", "text": "The gate is open"},
        )
        for _ in range(n)
    ]  # fmt: skip
    submit_office(sun, records)


def jobs(n: int, place: str = "c1") -> Any:
    toilets = sites("public_toilet", n, path=f"{COMMUNITY}.{place}")
    operation = object_round(["public_toilet"])
    work(someone(Role.CREW, DISTRICT, device=True, team="crew 1"), operation, toilets)
    return operation


def count(call: Any) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        call()
    return len(captured)


def test_a_report_costs_a_few_queries_a_round_and_none_for_what_is_in_it() -> None:
    screening()
    jobs(1)
    findings(1)
    today = clock.local_date(clock.now())
    few = count(lambda: daily(SCOPE, DISTRICT, today))
    findings(20)
    assert count(lambda: daily(SCOPE, DISTRICT, today)) == few <= 32
    jobs(20, "c2")
    assert count(lambda: daily(SCOPE, DISTRICT, today)) <= few + 6


def test_a_page_of_findings_or_jobs_is_two_queries() -> None:
    operation = jobs(10)
    findings(10)
    assert count(lambda: supervision.findings(SCOPE)) == 2
    assert count(lambda: disinfection.jobs(SCOPE, operation.id)) == 2


def test_the_end_of_the_day_is_two_queries_however_many_findings_are_open() -> None:
    findings(20)
    today = clock.local_date(clock.now())
    assert count(lambda: supervision.open_without_reason(SCOPE, today)) == 2
