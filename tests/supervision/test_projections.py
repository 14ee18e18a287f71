from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from bulou.access.terms import Actor, Role
from bulou.intake.actions.office import submit_office
from bulou.intake.terms import OfficeRecord
from bulou.kernel import clock, ids
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope, transaction, whole
from bulou.lines.supervision import projections, queries
from bulou.lines.supervision.models import Finding, Inspection
from bulou.lines.supervision.terms import Stage, Wanted
from tests.make.lines import MORNING, after
from tests.make.rounds import COMMUNITY, DISTRICT, send, someone, street

pytestmark = pytest.mark.django_db
PLACE = f"{COMMUNITY}.c1"
DAY = date(2020, 1, 28)


@pytest.fixture(autouse=True)
def _district() -> Any:
    with transaction(whole(DISTRICT)):
        street()
        yield


@pytest.fixture
def sun() -> Actor:
    return someone(Role.SUPERVISION, DISTRICT, team="supervision 5")


@pytest.fixture
def lin() -> Actor:
    return someone(Role.COMMUNITY_OFFICER, COMMUNITY, team="community 5")


def act(
    actor: Actor, kind: str, finding: UUID, *, hours: float = 0, outcome: str = "", **payload: Any
) -> None:
    record = OfficeRecord(
        kind=f"supervision.{kind}", path=PLACE, subject_type="finding", subject=finding, outcome=outcome,
        payload=payload, observed_at=after(hours=hours),
    )  # fmt: skip
    submit_office(actor, [record])


def find(actor: Actor, *, hours: float = 0, severity: str = "serious", **payload: Any) -> UUID:
    finding = uuid4()
    act(actor, "finding", finding, hours=hours, severity=severity, text="The gate is open", **payload)
    return finding


def closed(sun: Actor, lin: Actor) -> UUID:
    finding = find(sun)
    act(sun, "told", finding, hours=0.5, unit="Community 5")
    act(lin, "plan", finding, hours=1, owner=str(lin.account_id), owner_team=lin.team, unit="Community 5")
    act(lin, "fixed", finding, hours=2, evidence=["photo-1"])
    act(sun, "recheck", finding, hours=3, outcome="passed")
    return finding


def rows() -> list[Any]:
    found = [*Finding.objects.order_by("id").values(), *Inspection.objects.order_by("id").values()]
    return list(found)


def test_a_finding_goes_all_the_way_and_its_story_is_kept(sun: Actor, lin: Actor) -> None:
    story = queries.finding(whole(DISTRICT), closed(sun, lin))
    assert story.finding.stage is Stage.CLOSED
    assert [step.kind.value for step in story.steps] == [
        "supervision.finding", "supervision.told", "supervision.plan", "supervision.fixed",
        "supervision.recheck",
    ]  # fmt: skip
    assert all(step.counted for step in story.steps)


def test_the_office_is_refused_a_recheck_of_its_own_work(sun: Actor, lin: Actor) -> None:
    finding = find(sun)
    inside = someone(Role.SUPERVISION, DISTRICT, team=lin.team)
    act(lin, "fixed", finding, hours=2, evidence=["photo-1"])
    with pytest.raises(ProblemError) as refused:
        act(inside, "recheck", finding, hours=3, outcome="passed")
    assert refused.value.problem.code == "supervision.own_work"
    assert queries.finding(whole(DISTRICT), finding).finding.is_open


def test_the_office_is_refused_a_fix_without_evidence(sun: Actor, lin: Actor) -> None:
    with pytest.raises(ProblemError) as refused:
        act(lin, "fixed", find(sun), hours=2, evidence=[])
    assert refused.value.problem.code == "supervision.no_evidence"


def test_a_withdrawn_finding_leaves_the_list() -> None:
    sun = someone(Role.SUPERVISION, DISTRICT, team="supervision 5", device=True)
    finding, record = ids.uuid7(), ids.uuid7()

    def noted(record_id: UUID, **more: Any) -> dict[str, Any]:
        payload = {"severity": "serious", "text": "The gate is open"}
        return {
            "id": str(record_id), "kind": "supervision.finding", "area": PLACE, "outcome": "found",
            "subject": {"type": "finding", "id": str(finding)}, "payload": payload,
            "observed_at": clock.now().isoformat(),
        } | more  # fmt: skip

    send(sun, noted(record))
    assert queries.findings(whole(DISTRICT)).total == 1
    send(sun, noted(ids.uuid7(), withdraws=str(record)))
    assert queries.findings(whole(DISTRICT)).total == 0


def test_a_rebuild_gives_the_same_rows(sun: Actor, lin: Actor) -> None:
    closed(sun, lin)
    act(sun, "finding", uuid4(), severity="critical", text="Nobody at the gate")
    visit(sun, PLACE)
    before = rows()
    projections.rebuild(DISTRICT)
    assert rows() == before
    assert len(before) == 3


def visit(actor: Actor, path: str, *, outcome: str = "done", hours: float = 1, **payload: Any) -> UUID:
    inspection = uuid4()
    record = OfficeRecord(
        kind="supervision.inspection", path=path, subject_type="inspection", subject=inspection,
        outcome=outcome, payload=payload, observed_at=after(hours=hours),
    )  # fmt: skip
    submit_office(actor, [record])
    return inspection


def test_a_covert_finding_is_hidden_from_the_inspected_until_they_are_told(sun: Actor) -> None:
    finding = find(sun, methods=["secret"])
    here, everywhere = Scope((DISTRICT,), (COMMUNITY,)), whole(DISTRICT)
    assert queries.findings(here).total == 0
    with pytest.raises(ProblemError):
        queries.finding(here, finding)
    assert queries.findings(everywhere, covert=everywhere).total == 1
    assert queries.finding(everywhere, finding, covert=everywhere).finding.covert
    act(sun, "told", finding, hours=1, unit="Community 5")
    assert queries.findings(here).total == 1


def test_the_plan_of_a_secret_visit_is_shown_only_where_covert_things_may_be_seen(sun: Actor) -> None:
    visit(sun, PLACE, outcome="planned", methods=["secret"], planned_for="2020-01-28")
    scope = whole(DISTRICT)
    assert queries.inspections(scope, DAY) == []
    assert len(queries.inspections(scope, DAY, covert=scope)) == 1


def test_visited_places_are_counted_once_a_day(sun: Actor) -> None:
    for path, hours in ((PLACE, 1), (PLACE, 2), (f"{COMMUNITY}.c2", 3), (PLACE, 30)):
        visit(sun, path, hours=hours)
    assert queries.places(whole(DISTRICT), DAY) == [PLACE, f"{COMMUNITY}.c2"]


def test_findings_of_the_next_street_are_not_there(sun: Actor) -> None:
    find(sun)
    assert queries.findings(Scope((DISTRICT,), (f"{DISTRICT}.002",))).total == 0


def test_the_most_urgent_finding_comes_first_and_closed_ones_last(sun: Actor, lin: Actor) -> None:
    done = closed(sun, lin)
    late = find(sun, hours=1, severity="ordinary")
    act(sun, "told", late, hours=1.1, unit="x")
    urgent = find(sun, hours=1, severity="critical")
    assert [one.id for one in queries.findings(whole(DISTRICT)).items] == [urgent, late, done]


def test_pages_hold_every_finding_exactly_once(sun: Actor) -> None:
    made = {find(sun, hours=n / 10) for n in range(7)}
    seen: list[UUID] = []
    cursor: str | None = None
    while True:
        page = queries.findings(whole(DISTRICT), cursor=cursor, limit=3)
        seen += [one.id for one in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert sorted(seen) == sorted(made)
    assert len(seen) == page.total == 7


@pytest.mark.parametrize(
    ("wanted", "n"),
    [
        (Wanted(stages=(Stage.CLOSED,)), 1),
        (Wanted(stages=(Stage.FOUND,)), 1),
        (Wanted(overdue_at=MORNING + timedelta(days=2)), 1),
        (Wanted(overdue_at=MORNING), 0),
        (Wanted(path=f"{COMMUNITY}.c2"), 0),
        (Wanted(found_from=MORNING + timedelta(hours=1)), 0),
        (Wanted(owner=uuid4()), 0),
    ],
)
def test_a_list_shows_what_was_asked_for(sun: Actor, lin: Actor, wanted: Wanted, n: int) -> None:
    closed(sun, lin)
    find(sun)
    assert queries.findings(whole(DISTRICT), wanted=wanted).total == n


def test_every_open_finding_needs_a_reason_at_the_end_of_the_day(sun: Actor, lin: Actor) -> None:
    closed(sun, lin)
    finding = find(sun)
    assert [one.id for one in queries.open_without_reason(whole(DISTRICT), DAY)] == [finding]
    act(lin, "reason", finding, hours=9, on="2020-01-28", text="The barrier comes tomorrow")
    assert queries.open_without_reason(whole(DISTRICT), DAY) == []
    tomorrow = queries.open_without_reason(whole(DISTRICT), DAY + timedelta(days=1))
    assert [one.id for one in tomorrow] == [finding]


def test_a_past_day_shows_findings_as_they_stood_that_evening(sun: Actor, lin: Actor) -> None:
    finding = find(sun)
    act(lin, "fixed", finding, hours=20, evidence=["photo-1"])
    act(sun, "recheck", finding, hours=30, outcome="passed")
    states = [queries.on_day(whole(DISTRICT), DAY + timedelta(days=n)) for n in (0, 1, 2)]
    assert [[one.stage for one in day] for day in states] == [[Stage.FOUND], [Stage.CLOSED], []]


def test_closed_findings_are_sampled_again_after_seven_days(sun: Actor, lin: Actor) -> None:
    finding = closed(sun, lin)
    closed_at = after(hours=3)

    def due(at: Any) -> Sequence[UUID]:
        return [one.id for one in queries.to_sample(whole(DISTRICT), at, percent=100)]

    assert due(closed_at + timedelta(days=6, hours=23)) == []
    assert due(closed_at + timedelta(days=7)) == [finding]
    assert queries.to_sample(whole(DISTRICT), clock.now(), percent=0) == []
    act(sun, "recheck", finding, hours=24 * 8, outcome="passed")
    assert due(clock.now()) == []
