import random
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from bulou.ledger.terms import Entry, Standing
from bulou.lines.supervision.rules import folding
from bulou.lines.supervision.terms import Severity, Stage
from tests.make.findings import FINDING, UNIT_TEAM, fixed, found, plan, recheck, state, told, whole_way
from tests.make.lines import LIN, MORNING, QIAN, SUN, WU, after, entry


@pytest.mark.parametrize(
    ("n", "stage"),
    [(1, Stage.FOUND), (2, Stage.TOLD), (3, Stage.PLANNED), (4, Stage.FIXED), (5, Stage.CLOSED)],
)
def test_each_step_moves_the_finding_one_stage(n: int, stage: Stage) -> None:
    assert state(*whole_way()[:n]).stage is stage


@pytest.mark.parametrize(
    ("severity", "time"), [("critical", {"hours": 2}), ("serious", {"days": 1}), ("ordinary", {"days": 3})]
)
def test_the_severity_sets_the_time_for_the_fix(severity: str, time: dict[str, int]) -> None:
    assert state(found(severity)).fix_due_at == MORNING + timedelta(**time)


def test_each_stage_has_its_own_clock() -> None:
    way = whole_way()
    dues = [state(*way[:n]).due_at for n in range(1, 6)]
    assert dues == [after(hours=1), after(days=1), after(days=1), after(hours=2) + timedelta(days=1), None]


def test_a_critical_finding_must_be_planned_and_fixed_in_two_hours() -> None:
    assert state(found("critical"), told(minutes=10)).due_at == after(hours=2)


def test_a_plan_may_promise_less_time_and_never_takes_more() -> None:
    def promised(due: str) -> Entry:
        payload = {"owner": str(LIN), "owner_team": UNIT_TEAM, "due_at": due}
        return entry("supervision.plan", subject=FINDING, at=after(hours=1), author=LIN, payload=payload)

    assert state(found(), promised("2020-01-28T14:00:00+08:00")).due_at == after(hours=5)
    assert state(found(), promised("2020-02-09T14:00:00+08:00")).due_at == after(days=1)


def test_an_accepted_own_recheck_still_closes_nothing() -> None:
    own = structs.replace(
        recheck(author=LIN, team=UNIT_TEAM, hours=3),
        standing=Standing.DOUBTFUL,
        problems=("supervision.own_work",),
    )
    accepted = entry("record.accepted", subject=FINDING, at=after(hours=4), accepts=own.id)
    assert state(*whole_way()[:4], own, accepted).stage is Stage.FIXED


def test_another_person_of_another_team_closes() -> None:
    finding = state(*whole_way())
    assert (finding.closed_by, finding.closed_team, finding.closed_at) == (
        SUN,
        "supervision-5",
        after(hours=3),
    )


def test_a_failed_recheck_reopens_and_the_severitys_time_starts_again() -> None:
    finding = state(*whole_way()[:4], recheck("failed", hours=3))
    assert finding.stage is Stage.REOPENED
    assert (finding.n_reopened, finding.due_at) == (1, after(hours=27))
    assert (
        state(*whole_way()[:4], recheck("failed", hours=3), fixed(hours=5), recheck(hours=6)).stage
        is Stage.CLOSED
    )


def test_a_sample_that_fails_later_opens_a_closed_finding() -> None:
    assert state(*whole_way(), recheck("failed", days=8)).stage is Stage.REOPENED
    assert state(*whole_way(), recheck("passed", days=8)).sampled_at == after(days=8)


def test_a_fix_without_told_and_plan_counts_as_the_fact_it_is() -> None:
    assert state(found(), fixed(hours=2)).stage is Stage.FIXED


def test_steps_after_the_closing_are_kept_and_move_nothing() -> None:
    timeline = folding.fold([*whole_way(), plan(hours=5), fixed(hours=6)])
    assert timeline is not None
    assert timeline.finding.stage is Stage.CLOSED
    assert [step.problem for step in timeline.steps][-2:] == ["closed", "closed"]


def test_a_finding_that_is_told_again_under_its_id_stays_the_first_one() -> None:
    again = entry(
        "supervision.finding",
        subject=FINDING,
        at=after(hours=1),
        payload={"severity": "ordinary", "text": "y"},
    )
    timeline = folding.fold([again, found()])
    assert timeline is not None
    assert timeline.finding.severity is Severity.SERIOUS
    assert [step.problem for step in timeline.steps] == ["", "repeated"]


def test_the_unit_is_told_once() -> None:
    timeline = folding.fold([found(), told(minutes=20), told(minutes=50)])
    assert timeline is not None
    assert timeline.finding.told_at == after(minutes=20)
    assert [step.problem for step in timeline.steps] == ["", "", "repeated"]


def test_a_plan_after_the_fix_names_the_owner_and_undoes_nothing() -> None:
    finding = state(found(), fixed(hours=1), plan(owner=QIAN, hours=2))
    assert (finding.stage, finding.owner) == (Stage.FIXED, QIAN)


def test_an_accepted_recheck_without_a_verdict_says_nothing() -> None:
    vague = structs.replace(
        recheck("perhaps", hours=3), standing=Standing.DOUBTFUL, problems=("supervision.bad_verdict",)
    )
    accepted = entry("record.accepted", subject=FINDING, at=after(hours=4), accepts=vague.id)
    assert state(*whole_way()[:4], vague, accepted).stage is Stage.FIXED


def test_an_accepted_finding_without_a_severity_is_an_ordinary_one() -> None:
    vague = structs.replace(
        found("very bad"), standing=Standing.DOUBTFUL, problems=("supervision.bad_severity",)
    )
    accepted = entry("record.accepted", subject=FINDING, at=after(hours=4), accepts=vague.id)
    assert state(vague, accepted).severity is Severity.ORDINARY
    assert folding.fold([vague]) is None


@pytest.mark.parametrize("due", ["2020-01-28T12:00:00", "soon", 7, None])
def test_a_promise_that_is_no_moment_leaves_the_severitys_time(due: object) -> None:
    payload = {"owner": str(LIN), "due_at": due}
    promise = entry("supervision.plan", subject=FINDING, at=after(hours=1), payload=payload)
    assert state(found(), promise).due_at == after(days=1)


@pytest.mark.parametrize(
    ("payload", "covert"),
    [
        ({"methods": ["night"]}, False),
        ({"methods": "secret"}, True),
        ({"covert": True}, True),
        ({"covert": 1}, False),
    ],
)
def test_what_is_covert_is_said_or_follows_from_the_method(payload: dict[str, Any], covert: bool) -> None:
    assert state(found(**payload)).covert is covert


def test_the_reason_of_a_day_is_dated_and_the_last_word_holds() -> None:
    def reason(text: str, **at: float) -> Entry:
        payload = {"on": "2020-01-28", "text": text}
        return entry("supervision.reason", subject=FINDING, at=after(**at), payload=payload)

    finding = state(found(), reason("no barrier", hours=9), reason("no barrier, comes tomorrow", hours=10))
    assert finding.reason_on(date(2020, 1, 28)) == "no barrier, comes tomorrow"
    assert finding.reason_on(date(2020, 1, 29)) == ""


def test_a_withdrawn_finding_is_gone_and_its_steps_with_it() -> None:
    first = found()
    withdrawal = entry("supervision.finding", subject=FINDING, at=after(hours=1), withdraws=first.id)
    assert folding.fold([first, told(minutes=5), withdrawal]) is None


@pytest.mark.parametrize("how", ["withdraws", "corrects"])
def test_the_inspected_cannot_take_back_what_was_found(how: str) -> None:
    first = found()
    payload = {"severity": "ordinary", "text": "nothing"}
    theirs = entry(
        "supervision.finding", subject=FINDING, at=after(hours=1), author=LIN, team=UNIT_TEAM, payload=payload
    )
    amends = structs.replace(theirs, **{how: first.id})
    assert state(first, amends).severity is Severity.SERIOUS


def test_a_failed_recheck_cannot_be_withdrawn_by_the_fixer() -> None:
    failed = recheck("failed", hours=3)
    theirs = structs.replace(fixed(hours=4), kind="supervision.recheck", withdraws=failed.id)
    assert state(*whole_way()[:4], failed, theirs).stage is Stage.REOPENED


def test_a_correction_does_not_restart_the_clock() -> None:
    first = found("ordinary")
    payload = {"severity": "critical", "text": "worse"}
    better = entry(
        "supervision.finding", subject=FINDING, at=after(hours=1), corrects=first.id, payload=payload
    )
    finding = state(first, better)
    assert (finding.severity, finding.found_at, finding.fix_due_at) == (
        Severity.CRITICAL,
        MORNING,
        after(hours=2),
    )


@given(st.randoms(use_true_random=False), st.integers(0, 9))
def test_any_order_of_arrival_gives_the_same_finding(shuffler: random.Random, n: int) -> None:
    records = [
        *whole_way(),
        recheck("failed", days=8),
        plan(days=9),
        fixed(author=WU, team="property-9", days=9.5),
        recheck(author=LIN, team="other", days=9.6),
        recheck(author=QIAN, team="supervision-2", days=9.7),
    ]
    records[n] = structs.replace(records[n], standing=Standing.KEPT)
    arrived = [*records, *records[:n]]
    shuffler.shuffle(arrived)
    unique = {record.id: record for record in arrived}
    assert folding.fold(list(unique.values())) == folding.fold(records)


def test_a_secret_visit_is_a_plan_until_it_is_made() -> None:
    visit = uuid4()
    payload = {"methods": ["secret", "night"], "planned_for": "2020-01-29", "group": "5"}
    planned = entry("supervision.inspection", subject=visit, outcome="planned", payload=payload)
    done = entry("supervision.inspection", subject=visit, outcome="done", at=after(hours=20), payload=payload)
    before, later = folding.fold_inspection([planned]), folding.fold_inspection([done, planned])
    assert before is not None
    assert later is not None
    assert (before.visit, before.covert, before.planned_on) == ("planned", True, date(2020, 1, 29))
    assert (later.visit, later.at) == ("done", after(hours=20))


def test_an_inspection_of_which_nothing_is_in_force_is_none() -> None:
    assert folding.fold_inspection([]) is None
