from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from psycopg.types.range import Range

from bulou.access.terms import Actor, Role
from bulou.grid import models as grid
from bulou.intake.actions.office import submit_office
from bulou.intake.terms import OfficeRecord
from bulou.kernel import clock, ids
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope, transaction, whole
from bulou.reports import rules
from bulou.reports.queries.daily import daily
from bulou.reports.terms import DailyReport
from tests.make.objects import CLOSURE, object_round, sign_off, sites, told, work
from tests.make.rounds import COMMUNITY, DISTRICT, screening, send, someone, street, visit

pytestmark = pytest.mark.django_db
SCOPE = whole(DISTRICT)


@pytest.fixture(autouse=True)
def _district() -> Any:
    with transaction(SCOPE):
        yield


def today() -> date:
    return clock.local_date(clock.now())


def values(report: DailyReport) -> dict[str, int | None]:
    return {figure.key: figure.value for of, figure in rules.figures(report) if not of}


def record(actor: Actor, kind: str, subject: Any, path: str, outcome: str = "", **payload: Any) -> None:
    made = OfficeRecord(
        kind=f"supervision.{kind}", path=path, subject_type="finding", subject=subject, outcome=outcome,
        payload=payload,
    )  # fmt: skip
    submit_office(actor, [made])


def compounds(first: int, last: int, since: date) -> None:
    for n in range(first, last + 1):
        path = f"{COMMUNITY}.d{n}"
        grid.Area.objects.create(
            district=DISTRICT, area=ids.uuid7(), level="compound", path=path, name=path, short_name=path,
            kind="compound_managed", valid=Range(since, None),
        )  # fmt: skip


def test_an_empty_day_is_a_report_of_noughts() -> None:
    street(compounds=2, doors=3)
    report = daily(SCOPE, DISTRICT, today())
    found = values(report)
    assert (found["grid.communities"], found["grid.compounds"], found["grid.dwellings"]) == (1, 2, 6)
    assert found["population.living"] is None
    assert report.rounds == ()
    assert found["supervision.findings"] == 0


def test_each_round_balances_at_every_part() -> None:
    doors = street(compounds=2, doors=3).all_doors
    operation = screening()
    worker = someone(Role.WORKER, DISTRICT, device=True)
    send(worker, visit(operation, doors[0]), visit(operation, doors[1], "absent_notice_left"))
    (line,) = daily(SCOPE, DISTRICT, today()).rounds
    figures = {figure.key: figure.value for figure in line.figures}
    assert (figures["round.expected"], figures["round.done"], figures["round.open"]) == (6, 1, 5)
    assert (figures["round.open_untried"], figures["round.open_absent"]) == (4, 1)
    assert rules.balances(line.figures)
    assert all(rules.balances(part.figures) for part in line.parts)
    assert dict(line.titles).keys() == {"zh-Hans", "zh-Hant", "en"}


def test_disinfection_is_summed_by_class_and_says_who_signed_off() -> None:
    street()
    toilets, bins = sites("public_toilet", 3), sites("bin", 2)
    operation = object_round(["public_toilet", "bin"])
    gao = someone(Role.CREW, DISTRICT, device=True, team="crew 1")
    work(gao, operation, toilets, area_m2=100)
    work(gao, operation, bins[:1], area_m2=10, method="fog")
    sign_off(someone(Role.SUPERVISION, DISTRICT, team="supervision 5"), operation, toilets[:2])
    report = daily(SCOPE, DISTRICT, today())
    found = values(report)
    assert {key.partition(".")[2]: n for key, n in found.items() if key.startswith("disinfection.")} == {
        "expected": 5, "done": 4, "open": 1, "signed_off_by_other": 2, "waiting": 2, "failed": 0,
        "with_cautions": 1, "area_m2": 310, "litres": found["disinfection.litres"],
    }  # fmt: skip
    assert [(line.key, line.figures[0].value) for line in report.disinfection_classes] == [
        ("bin", 2), ("public_toilet", 3),
    ]  # fmt: skip


def test_closures_are_counted_by_the_words_of_the_orders() -> None:
    street()
    roads, venues = sites("village_entrance", 3), sites("entertainment_venue", 1)
    venues += sites("lodging_venue", 1)
    operation = object_round(["village_entrance", "entertainment_venue", "lodging_venue"], protocol=CLOSURE)
    sun = someone(Role.SUPERVISION, DISTRICT, device=True)
    send(sun, *(told(operation, subject, "closed") for subject in roads[:2] + venues))
    report = daily(SCOPE, DISTRICT, today())
    assert {k: n for k, n in values(report).items() if k.startswith("closures.")} == {
        "closures.village_road": 2, "closures.venue": 2,
    }  # fmt: skip
    assert [(line.key, [f.value for f in line.figures]) for line in report.closure_classes] == [
        ("village_road", [3, 2, 1]), ("venue", [2, 2, 0]),
    ]  # fmt: skip


def test_findings_are_counted_with_owner_and_reason_and_name_nobody() -> None:
    street()
    sun = someone(Role.SUPERVISION, DISTRICT, team="supervision 5")
    lin = someone(Role.COMMUNITY_OFFICER, COMMUNITY, team="community 5")
    finding, place = uuid4(), f"{COMMUNITY}.c1"
    record(sun, "inspection", uuid4(), place, "done", methods=["open", "day"])
    record(sun, "finding", finding, place, severity="serious", text="The gate is open")
    assert values(daily(SCOPE, DISTRICT, today()))["supervision.findings_without_owner_or_reason"] == 1
    record(lin, "plan", finding, place, owner=str(lin.account_id), owner_team=lin.team, unit="Community 5")
    record(lin, "reason", finding, place, on=today().isoformat(), text="The barrier comes tomorrow")
    report = daily(SCOPE, DISTRICT, today())
    found = {k.partition(".")[2]: n for k, n in values(report).items() if k.startswith("supervision.")}
    assert found == {
        "inspections": 1, "communities_inspected": 1, "compounds_inspected": 1, "findings": 1,
        "findings_closed": 0, "findings_open": 1, "findings_overdue": 0,
        "findings_without_owner_or_reason": 0,
    }  # fmt: skip
    (line,) = report.findings
    assert (line.owner_unit, line.reason) == ("Community 5", "The barrier comes tomorrow")
    assert str(lin.account_id) not in rules.pack(report).decode()


def test_a_covert_finding_is_counted_and_not_shown_until_told() -> None:
    street()
    sun = someone(Role.SUPERVISION, DISTRICT, team="supervision 5")
    finding = uuid4()
    record(sun, "finding", finding, f"{COMMUNITY}.c1", severity="serious", text="x", methods=["secret"])
    report = daily(SCOPE, DISTRICT, today())
    assert (values(report)["supervision.findings"], report.findings) == (1, ())
    record(sun, "told", finding, f"{COMMUNITY}.c1", unit="Community 5")
    assert len(daily(SCOPE, DISTRICT, today()).findings) == 1


def test_yesterdays_denominator_does_not_change_when_the_registry_grows() -> None:
    street(compounds=0)
    yesterday = today() - timedelta(days=1)
    compounds(1, 235, yesterday - timedelta(days=9))
    assert values(daily(SCOPE, DISTRICT, yesterday))["grid.compounds"] == 235
    compounds(236, 256, today())
    assert values(daily(SCOPE, DISTRICT, yesterday))["grid.compounds"] == 235
    assert values(daily(SCOPE, DISTRICT, today()))["grid.compounds"] == 256


def test_a_late_record_of_yesterday_counts_in_yesterdays_report() -> None:
    door, *_ = street(compounds=1, doors=2).all_doors
    yesterday = today() - timedelta(days=1)
    noon = clock.day_bounds(yesterday)[0] + timedelta(hours=12)
    operation = screening(opens_at=noon - timedelta(hours=4))
    worker = someone(Role.WORKER, DISTRICT, device=True)
    send(worker, visit(operation, door, at=noon))
    for day in (yesterday, today()):
        (line,) = daily(SCOPE, DISTRICT, day).rounds
        assert {f.key: f.value for f in line.figures}["round.done"] == 1
    assert daily(SCOPE, DISTRICT, yesterday - timedelta(days=1)).rounds == ()


def test_a_visit_of_today_does_not_count_in_yesterdays_report() -> None:
    door, *_ = street(compounds=1, doors=2).all_doors
    yesterday = today() - timedelta(days=1)
    operation = screening(opens_at=clock.day_bounds(yesterday)[0])
    send(someone(Role.WORKER, DISTRICT, device=True), visit(operation, door))
    done = [
        {f.key: f.value for f in daily(SCOPE, DISTRICT, day).rounds[0].figures}["round.done"]
        for day in (yesterday, today())
    ]
    assert done == [0, 1]


def test_the_report_of_a_community_holds_its_own_part() -> None:
    doors = street(compounds=2, doors=3)
    operation = screening()
    first = doors.doors[f"{COMMUNITY}.c1"]
    send(someone(Role.WORKER, DISTRICT, device=True), visit(operation, first[0]))
    part = Scope((DISTRICT,), (f"{COMMUNITY}.c1",))
    (line,) = daily(part, f"{COMMUNITY}.c1", today()).rounds
    assert [figure.value for figure in line.figures[:2]] == [3, 1]


def test_a_report_of_somebody_elses_area_is_not_there() -> None:
    street()
    with pytest.raises(ProblemError) as refused:
        daily(Scope((DISTRICT,), (COMMUNITY,)), DISTRICT, today())
    assert refused.value.status == 404


def test_tomorrow_has_no_report() -> None:
    street()
    with pytest.raises(ProblemError) as refused:
        daily(SCOPE, DISTRICT, today() + timedelta(days=1))
    assert refused.value.problem.code == "reports.in_future"


def test_every_figure_names_the_list_behind_it() -> None:
    street()
    sites("bin", 1)
    object_round(["bin"])
    report = daily(SCOPE, DISTRICT, today())
    assert all(figure.link.name and "path=" in figure.link.text for _, figure in rules.figures(report))


def test_a_packed_report_is_the_same_report_again() -> None:
    street()
    screening()
    report = daily(SCOPE, DISTRICT, today())
    assert rules.unpack(rules.pack(report)) == report
