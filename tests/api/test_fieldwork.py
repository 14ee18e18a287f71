"""What inspectors and crews take along: findings and jobs that wait for other eyes, places, forms."""

from typing import Any

import pytest

from bulou.access.terms import Role
from bulou.coverage.terms import Operation
from bulou.doors.api import fieldwork
from bulou.intake.actions.office import submit_office
from bulou.intake.terms import OfficeRecord
from bulou.kernel import ids
from bulou.kernel.reach import whole
from bulou.kernel.scope import transaction
from tests.make import access, objects, rounds
from tests.make.rounds import COMMUNITY, DISTRICT

pytestmark = pytest.mark.django_db
ALL = whole(DISTRICT)
PLACE = f"{COMMUNITY}.c1"


@pytest.fixture(autouse=True)
def _district() -> Any:
    with transaction(ALL):
        rounds.street()
        yield


def step(actor: Any, kind: str, finding: Any, outcome: str, **payload: Any) -> None:
    submit_office(
        actor,
        [
            OfficeRecord(
                kind=f"supervision.{kind}", path=PLACE, subject_type="finding", subject=finding,
                outcome=outcome, payload=payload,
            )
        ],
    )  # fmt: skip


def test_an_inspector_takes_along_what_waits_and_what_the_fix_shows() -> None:
    sun = rounds.someone(Role.SUPERVISION, DISTRICT, team="supervision 5")
    lin = rounds.someone(Role.COMMUNITY_OFFICER, COMMUNITY, team="community 5")
    finding, photo = ids.uuid7(), ids.uuid7()
    step(sun, "finding", finding, "found", severity="serious", text="The gate is open.", responsible="Unit 5")
    (waiting,) = fieldwork.findings(sun, ALL)
    assert (waiting.stage, waiting.unit, waiting.own_work) == ("found", "Unit 5", False)
    step(sun, "told", finding, "told", unit="Unit 5")
    assert fieldwork.findings(sun, ALL) == []
    step(lin, "plan", finding, "planned", owner=str(lin.account_id), owner_team=lin.team, unit="Unit 5")
    step(lin, "fixed", finding, "fixed", evidence=["the gate is closed"], photos=[str(photo)])
    (waiting,) = fieldwork.findings(sun, ALL)
    assert (waiting.stage, waiting.evidence, waiting.photos) == ("fixed", ["the gate is closed"], [photo])
    assert not waiting.own_work
    helper = rounds.someone(Role.SUPERVISION, DISTRICT, team="community 5")
    assert fieldwork.findings(helper, ALL)[0].own_work
    assert fieldwork.findings(lin, ALL) == []
    assert fieldwork.findings(rounds.someone(Role.WORKER, COMMUNITY), ALL) == []


def test_places_and_forms_are_for_who_may_note_a_finding() -> None:
    sun = rounds.someone(Role.SUPERVISION, COMMUNITY)
    assert [one.path for one in fieldwork.places(sun, ALL)] == [
        COMMUNITY,
        f"{COMMUNITY}.c1",
        f"{COMMUNITY}.c2",
    ]
    assert fieldwork.forms(sun) == {"finding-closure@1", "inspection-visit@1"}
    worker = rounds.someone(Role.WORKER, COMMUNITY)
    assert (fieldwork.places(worker, ALL), fieldwork.forms(worker)) == ([], set())


def _job(**more: Any) -> tuple[Operation, Any, Any]:
    (place,) = objects.sites("park", 1, path=PLACE)
    operation = objects.object_round(["park"])
    gao = access.phone(access.crew(path=COMMUNITY)).actor
    objects.work(gao, operation, [place], **more)
    return operation, place, gao


def test_a_job_waits_for_other_eyes_and_comes_back_to_its_crew_when_it_did_not_pass() -> None:
    operation, place, gao = _job(mixed_with="acid")
    lin = rounds.someone(Role.COMMUNITY_OFFICER, COMMUNITY, team="community 5")
    (job,) = fieldwork.jobs(lin, ALL)
    assert (job.subject, job.cautions, job.own_work, job.sent_back) == (
        place,
        ["chlorine_mixed"],
        False,
        False,
    )
    assert fieldwork.jobs(gao, ALL) == []
    verdict = OfficeRecord(
        kind="disinfection.signoff", path=job.path, operation=operation.id, subject_type="site",
        subject=place, outcome="failed",
    )  # fmt: skip
    submit_office(lin, [verdict])
    (again,) = fieldwork.jobs(gao, ALL)
    assert (again.sent_back, again.own_work) == (True, True)
