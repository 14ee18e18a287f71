"""The end-of-round report: every figure adds up, names its list and no person; signed it stays as it was."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError
from django.db import transaction as django_transaction

from bulou.access.terms import Actor, Role
from bulou.coverage.actions import close_round
from bulou.coverage.terms import Operation
from bulou.kernel import clock, ids
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import transaction, whole
from bulou.lines.testing.models import Sample
from bulou.lines.testing.rules.stopping import Advice
from bulou.lines.testing.rules.unknown import Doubt
from bulou.reports import rules
from bulou.reports.actions import draft_round, sign_round
from bulou.reports.documents import labels, rendering, round_words
from bulou.reports.documents.rounds import lay_out
from bulou.reports.models import OfRound
from bulou.reports.queries import archive
from bulou.reports.queries.rounds import shown_round
from bulou.reports.queries.testing import end_of_round
from bulou.reports.terms import Figure, Format, RoundReport, State
from tests.make import testing as make
from tests.make.rounds import COMMUNITY, DISTRICT, send, someone, street

pytestmark = pytest.mark.django_db
SCOPE = whole(DISTRICT)
AGO = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _district() -> Any:
    with transaction(SCOPE):
        street()
        yield


@pytest.fixture
def officer() -> Actor:
    return someone(Role.STREET_OFFICER, DISTRICT)


@pytest.fixture
def operation() -> Operation:
    """24 people: a pool that was positive, one that was lost, one at the site; one away, one missing."""
    one, other = make.residents(20), make.residents(4, compound=f"{COMMUNITY}.c2")
    made = make.round_of_tests(path=COMMUNITY, opens_at=clock.now() - timedelta(hours=20))
    station = someone(Role.WORKER, DISTRICT, device=True)
    at = clock.now() - AGO
    send(station, *make.all_in(made, one[:10], "T1", at=at), make.sealed(made, "T1", 10))
    send(station, *make.all_in(made, one[10:18], "T2", at=at, payload={"site": "school"}))
    send(
        station,
        *make.all_in(made, other[:2], "T3", at=at),
        make.tried(made, other[2], "away", reason="works"),
    )
    send(station, make.bag(made, ids.uuid7(), ["T1", "T2"]))
    laboratory = someone(Role.SERVICE, DISTRICT, device=True)
    send(laboratory, make.bag(made, ids.uuid7(), ["T1", "T2"], kind="received"))
    send(laboratory, make.result(made, "T1", "positive"), make.result(made, "T2", "lost", reason="leaked"))
    again = {"of_tube": "T1", "rule": "single", "size": 1}
    send(station, make.swab(made, one[0], "S1", outcome="resampled", payload=again))
    send(laboratory, make.result(made, "S1", "positive"))
    return made


def value(figures: tuple[Figure, ...]) -> dict[str, int | None]:
    return {figure.key.partition(".")[2]: figure.value for figure in figures}


def close_short(operation: Operation) -> None:
    close_round(someone(Role.COMMAND, DISTRICT), operation_id=operation.id, reason="the night is over")


def test_people_and_tubes_add_up_in_every_part(operation: Operation) -> None:
    report = end_of_round(SCOPE, operation, COMMUNITY)
    account = value(report.account)
    assert [account[key] for key in ("expected", "done", "excused", "moved", "open")] == [24, 20, 1, 0, 3]
    for figures in (report.account, *(part.figures for part in report.parts)):
        assert rules.balances(figures)
    assert sum(value(part.figures)["expected"] or 0 for part in report.parts) == 24
    assert [part.key for part in report.parts] == [f"{COMMUNITY}.c1", f"{COMMUNITY}.c2"]
    assert sum(value(line.figures)["sampled"] or 0 for line in report.hours) == 20
    tubes = value(report.tubes)
    assert report.tubes_balance
    assert tubes["tubes_filled"] == 4
    assert [tubes[f"tubes_{key}"] for key in ("couriered", "received", "resulted", "lost")] == [2, 2, 2, 1]
    assert tubes["tubes_at_site"] == 1
    assert tubes["tubes_never_couriered"] == 1  # the single tube went straight to the laboratory
    assert [(line.key, value(line.figures)["tubes_in_tubes"]) for line in report.lost] == [("leaked", 8)]
    assert value(report.frame)["frame_opening"] == 24


def test_pools_steps_sites_and_the_missed_are_told(operation: Operation) -> None:
    report = end_of_round(SCOPE, operation, COMMUNITY)
    pools = value(report.pools)
    assert pools == {"pools": 1, "pools_in_pools": 10, "pools_in_pools_again": 1, "pools_again": 1,
                     "pools_positive": 1}  # fmt: skip
    steps = {line.key: value(line.figures) for line in report.steps}
    assert steps["filled"]["step_n"] == 1
    assert steps["filled"]["step_median"] == 60
    assert steps["whole"]["step_n"] == 3
    assert steps["pool_again"]["step_n"] == steps["pool_again_results"]["step_n"] == 1
    assert {line.key for line in report.sites} == {"hall", "school"}
    assert report.sites[0].key == "school"
    chase = value(report.chase)
    assert report.half_by - report.chase_begins_at == timedelta(hours=4)
    assert chase["chase_at_begin"] == 23
    assert chase["chase_by_half"] == 20
    assert chase["chase_open"] == 3
    assert report.advice == Advice.NOT_KNOWN


def test_the_unknown_are_estimated_and_the_assumptions_are_said(operation: Operation) -> None:
    before = end_of_round(SCOPE, operation, COMMUNITY)
    assert [one.of for one in before.unknown] == ["register"]
    later = make.round_of_tests(path=COMMUNITY)
    again = Sample.objects.filter(operation=operation.id, barcode="T1").values_list("person", flat=True)
    station = someone(Role.WORKER, DISTRICT, device=True)
    send(station, *make.all_in(later, list(again)[:5], "N1"))
    report = end_of_round(SCOPE, later, COMMUNITY)
    (between,) = (one for one in report.unknown if one.of == "round")
    told = value(between.figures)
    assert [told[f"unknown_{key}"] for key in ("first", "second", "both", "seen")] == [20, 5, 5, 20]
    words = "\n".join(
        str(part) for section in lay_out(report, language="en").sections for part in section.parts
    )
    assert "Chapman" in words
    assert "more people than it says" in words
    assert {doubt for one in report.unknown for doubt in one.doubts} <= set(Doubt)


def test_every_figure_names_its_list_and_has_its_words(operation: Operation) -> None:
    report = end_of_round(SCOPE, operation, COMMUNITY)
    for _of, figure in rules.figures(report):
        assert figure.link.name in labels.QUERIES
        assert figure.key in labels.FIGURES
        assert figure.key in labels.DEFINITIONS
        assert dict(figure.link.params)["operation"] == str(operation.id)
    assert {line.key for line in report.steps} <= round_words.STEPS.keys()
    assert set(round_words.ADVICE) == set(Advice)
    assert set(round_words.DOUBTS) == set(Doubt)
    assert rules.unpack_round(rules.pack(report)) == report


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_every_format_is_made(operation: Operation, language: str) -> None:
    shown = shown_round(SCOPE, operation.id, COMMUNITY)
    for wanted in Format:
        assert len(rendering.render_round(shown, format=wanted.value, language=language).content) > 1000
    told = json.loads(rendering.render_round(shown, format="json", language=language).content)
    assert told["expected"] == told["done"] + told["excused"] + told["moved"] + told["open"]
    assert all("query" in figure for figure in told["tubes"])


def test_a_signed_report_stays_as_it_was_when_results_come_later(
    officer: Actor, operation: Operation
) -> None:
    draft = draft_round(officer, operation.id, path=COMMUNITY)
    assert code(officer, draft.id, draft.sha256) == "reports.round_open"
    close_short(operation)
    draft = draft_round(officer, operation.id, path=COMMUNITY)
    assert code(officer, draft.id, "0" * 64) == "reports.changed"
    signed = sign_round(officer, draft.id, seen=draft.sha256)
    assert (signed.state, signed.number) == (State.SIGNED, 1)
    assert archive.holds(signed)
    assert code(officer, draft.id, draft.sha256) == "reports.already_signed"
    laboratory = someone(Role.SERVICE, DISTRICT, device=True)
    send(laboratory, make.result(operation, "T3", "negative"))
    shown = shown_round(SCOPE, operation.id, COMMUNITY)
    assert shown.report == signed.report
    differs = {(one.key, one.then, one.now) for one in shown.differences}
    assert ("testing.tubes_resulted", 2, 3) in differs
    assert value(shown.report.account)["open"] == 3
    assert shown.report.close_reason == "the night is over"
    with pytest.raises(DatabaseError), django_transaction.atomic():
        OfRound.objects.update(place="elsewhere")


def code(officer: Actor, report: UUID, seen: str) -> str:
    with pytest.raises(ProblemError) as refused:
        sign_round(officer, report, seen=seen)
    return refused.value.problem.code


def test_a_report_of_another_area_or_of_no_testing_round_is_not_there(operation: Operation) -> None:
    for scope, round_ in ((whole("999999"), operation), (SCOPE, replace(operation, protocol="x@1"))):
        with pytest.raises(ProblemError) as refused:
            end_of_round(scope, round_, COMMUNITY)
        assert refused.value.status == 404


def test_a_large_area_is_told_by_the_level_that_fits_on_paper(operation: Operation) -> None:
    report: RoundReport = end_of_round(SCOPE, operation, f"{COMMUNITY}.c1")
    assert report.parts == ()
    assert value(report.account)["expected"] == 20
