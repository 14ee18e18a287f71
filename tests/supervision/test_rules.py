import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulou.ledger.terms import Entry, Standing
from bulou.lines.supervision.rules import checks, folding
from bulou.lines.supervision.terms import Clocks, Finding, Rung, Severity, Stage
from bulou.protocols.queries import documents
from bulou.protocols.rules.compiling import compile_document
from bulou.protocols.terms import Step as StepRule
from tests.make.lines import LIN, MORNING, QIAN, SUN, WU, after, entry

FINDING = uuid4()
UNIT_TEAM = "community-3"


@dataclass(frozen=True, slots=True)
class Known:
    history: Mapping[UUID, Sequence[Entry]] = field(default_factory=dict)


def found(severity: str = "serious", **more: Any) -> Entry:
    payload = {"severity": severity, "text": "Grid workers are not at their post", **more}
    return entry("supervision.finding", subject=FINDING, payload=payload)


def told(**at: float) -> Entry:
    return entry("supervision.told", subject=FINDING, at=after(**at), payload={"unit": "Community 3"})


def plan(owner: UUID = LIN, **at: float) -> Entry:
    payload = {"owner": str(owner), "owner_team": UNIT_TEAM, "unit": "Community 3"}
    return entry(
        "supervision.plan", subject=FINDING, at=after(**at), author=LIN, team=UNIT_TEAM, payload=payload
    )


def fixed(author: UUID = LIN, team: str = UNIT_TEAM, **at: float) -> Entry:
    payload = {"evidence": ["photo-1"]}
    return entry(
        "supervision.fixed", subject=FINDING, at=after(**at), author=author, team=team, payload=payload
    )


def recheck(outcome: str = "passed", author: UUID = SUN, team: str = "supervision-5", **at: float) -> Entry:
    return entry(
        "supervision.recheck", subject=FINDING, at=after(**at), author=author, team=team, outcome=outcome
    )


def state(*entries: Entry) -> Finding:
    timeline = folding.fold(entries)
    assert timeline is not None
    return timeline.finding


def whole_way() -> list[Entry]:
    return [found(), told(minutes=30), plan(hours=1), fixed(hours=2), recheck(hours=3)]


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


def test_a_protocol_may_set_other_times_and_the_rest_stays() -> None:
    steps = [
        StepRule("told", "told", timedelta(minutes=20), {}, None, ()),
        StepRule("fixed", "fixed", timedelta(days=5), {"critical": timedelta(hours=1)}, None, ()),
    ]
    clocks = checks.clocks(steps)
    assert (clocks.told, clocks.plan, clocks.recheck) == (
        timedelta(minutes=20), timedelta(days=1), timedelta(days=1),
    )  # fmt: skip
    assert [clocks.fixed[s] for s in Severity] == [timedelta(hours=1), timedelta(days=5), timedelta(days=5)]
    timeline = folding.fold([found("critical")], clocks)
    assert timeline is not None
    assert (timeline.finding.due_at, timeline.finding.fix_due_at) == (after(minutes=20), after(hours=1))


def test_the_library_has_the_usual_times() -> None:
    (document,) = (document for _, document in documents() if document.slug == "finding-closure")
    assert checks.clocks(compile_document(document, line="supervision").steps) == Clocks()


def test_overdue_is_a_question_to_the_clock() -> None:
    finding = state(found())
    assert not checks.overdue(finding, after(hours=1))
    assert checks.overdue(finding, after(hours=1, seconds=1))
    assert not checks.overdue(state(*whole_way()), after(days=30))


@pytest.mark.parametrize(
    ("days", "rung"),
    [(0.9, Rung.UNIT), (1, Rung.STREET_OFFICE), (3, Rung.DISTRICT_OFFICE), (7, Rung.LEADING_GROUP)],
)
def test_an_open_finding_climbs_the_ladder(days: float, rung: Rung) -> None:
    assert checks.rung(state(found()), after(days=days)) is rung


def test_a_closed_finding_climbs_no_ladder() -> None:
    assert checks.rung(state(*whole_way()), after(days=30)) is Rung.UNIT


@pytest.mark.parametrize(
    ("author", "team"),
    [(LIN, "supervision-5"), (QIAN, UNIT_TEAM), (LIN, UNIT_TEAM)],
    ids=["the fixer", "the fixer's team", "both"],
)
def test_the_fixer_and_his_team_cannot_close(author: UUID, team: str) -> None:
    own = recheck(author=author, team=team, hours=3)
    steps = [*whole_way()[:4], own]
    assert state(*steps).stage is Stage.FIXED
    assert checks.check(own, Known({FINDING: steps[:4]})) == ("supervision.own_work",)


def test_the_owner_cannot_close_what_another_team_fixed() -> None:
    steps = [found(), plan(owner=QIAN, hours=1), fixed(author=WU, team="property-9", hours=2)]
    for own in (recheck(author=QIAN, team="x", hours=3), recheck(author=SUN, team=UNIT_TEAM, hours=3)):
        assert state(*steps, own).stage is Stage.FIXED
        assert checks.check(own, Known({FINDING: steps})) == ("supervision.own_work",)


def test_two_people_without_a_team_count_as_one_team() -> None:
    steps = [found(), fixed(author=WU, team="", hours=2)]
    assert checks.check(recheck(team="", hours=3), Known({FINDING: steps})) == ("supervision.own_work",)


def test_an_accepted_own_recheck_still_closes_nothing() -> None:
    own = replace(
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


def test_a_recheck_before_any_fix_closes_nothing() -> None:
    early = recheck(minutes=5)
    assert state(found(), early).stage is Stage.FOUND
    assert checks.check(early, Known({FINDING: [found()]})) == ("supervision.nothing_fixed",)


def test_a_recheck_from_a_phone_may_arrive_before_the_fix_it_saw() -> None:
    early = replace(recheck(hours=3), device=uuid4(), device_seq=1)
    assert checks.check(early, Known({FINDING: [found()]})) == ()
    assert state(found(), early).stage is Stage.FOUND
    assert state(found(), early, fixed(hours=2)).stage is Stage.CLOSED


def test_a_fix_without_told_and_plan_counts_as_the_fact_it_is() -> None:
    assert state(found(), fixed(hours=2)).stage is Stage.FIXED


def test_steps_after_the_closing_are_kept_and_move_nothing() -> None:
    timeline = folding.fold([*whole_way(), plan(hours=5), fixed(hours=6)])
    assert timeline is not None
    assert timeline.finding.stage is Stage.CLOSED
    assert [step.problem for step in timeline.steps][-2:] == ["closed", "closed"]


def test_a_fix_without_evidence_is_doubtful() -> None:
    bare = entry("supervision.fixed", subject=FINDING, payload={"evidence": [" "]})
    assert checks.check(bare, Known()) == ("supervision.no_evidence",)
    assert checks.check(fixed(), Known()) == ()


@pytest.mark.parametrize(
    ("kind", "outcome", "payload", "problem"),
    [
        ("finding", "", {"text": "x"}, "supervision.bad_severity"),
        ("finding", "", {"severity": "serious"}, "supervision.text_missing"),
        ("finding", "", ["not", "a", "mapping"], "supervision.bad_severity"),
        ("told", "", {}, "supervision.unit_missing"),
        ("plan", "", {"owner": "Lin"}, "supervision.owner_missing"),
        ("recheck", "perhaps", {}, "supervision.bad_verdict"),
        ("reason", "", {"on": "yesterday", "text": "x"}, "supervision.bad_reason"),
        ("inspection", "somehow", {}, "supervision.bad_visit"),
    ],
)
def test_a_record_that_says_too_little_is_doubtful(
    kind: str, outcome: str, payload: Any, problem: str
) -> None:
    record = entry(f"supervision.{kind}", subject=FINDING, outcome=outcome, payload=payload)
    assert checks.check(record, Known()) == (problem,)


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
    vague = replace(
        recheck("perhaps", hours=3), standing=Standing.DOUBTFUL, problems=("supervision.bad_verdict",)
    )
    accepted = entry("record.accepted", subject=FINDING, at=after(hours=4), accepts=vague.id)
    assert state(*whole_way()[:4], vague, accepted).stage is Stage.FIXED


def test_an_accepted_finding_without_a_severity_is_an_ordinary_one() -> None:
    vague = replace(found("very bad"), standing=Standing.DOUBTFUL, problems=("supervision.bad_severity",))
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


@pytest.mark.parametrize(
    ("payload", "shown"),
    [
        ({"evidence": ["a"]}, True),
        ({"evidence": "a"}, True),
        ({"photo": "p"}, True),
        ({}, False),
        ({"evidence": [1]}, False),
    ],
)
def test_evidence_is_anything_that_shows(payload: dict[str, Any], shown: bool) -> None:
    record = entry("supervision.fixed", subject=FINDING, payload=payload)
    assert (checks.check(record, Known()) == ()) is shown


def test_a_payload_that_cannot_be_read_says_nothing() -> None:
    broken = replace(found(), payload=b"{")
    assert checks.check(broken, Known()) == ("supervision.bad_severity",)


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
    amends = replace(theirs, withdraws=first.id) if how == "withdraws" else replace(theirs, corrects=first.id)
    assert state(first, amends).severity is Severity.SERIOUS


def test_a_failed_recheck_cannot_be_withdrawn_by_the_fixer() -> None:
    failed = recheck("failed", hours=3)
    theirs = replace(fixed(hours=4), kind="supervision.recheck", withdraws=failed.id)
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
    records[n] = replace(records[n], standing=Standing.KEPT)
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
