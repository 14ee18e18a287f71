from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from msgspec import structs

from bulou.lines.supervision.rules import checks, folding
from bulou.lines.supervision.terms import Clocks, Rung, Severity, Stage
from bulou.protocols.queries import documents
from bulou.protocols.rules.compiling import compile_document
from bulou.protocols.terms import Step as StepRule
from tests.make.findings import FINDING, UNIT_TEAM, Known, fixed, found, plan, recheck, state, whole_way
from tests.make.lines import LIN, QIAN, SUN, WU, after, entry


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


def test_a_recheck_before_any_fix_closes_nothing() -> None:
    early = recheck(minutes=5)
    assert state(found(), early).stage is Stage.FOUND
    assert checks.check(early, Known({FINDING: [found()]})) == ("supervision.nothing_fixed",)


def test_a_recheck_from_a_phone_may_arrive_before_the_fix_it_saw() -> None:
    early = structs.replace(recheck(hours=3), device=uuid4(), device_seq=1)
    assert checks.check(early, Known({FINDING: [found()]})) == ()
    assert state(found(), early).stage is Stage.FOUND
    assert state(found(), early, fixed(hours=2)).stage is Stage.CLOSED


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
    broken = structs.replace(found(), payload=b"{")
    assert checks.check(broken, Known()) == ("supervision.bad_severity",)
