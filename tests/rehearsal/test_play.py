"""A small response, played over HTTP from the first import to the last proof."""

from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from bulou.protocols.actions import load_library
from bulou.rehearsal import play, scenario
from bulou.rehearsal.check import NOT_COVERED, Row
from bulou.rehearsal.play import Options
from tests.rehearsal.scenes import smaller

SMALL = Options(scale=0.001, devices=5, ill=0.3)


@pytest.mark.slow
def test_a_response_is_played_and_every_covered_figure_is_equal(
    transactional_db: None, live_server: LiveServer, tmp_path: Path
) -> None:
    load_library(None)
    said: list[str] = []
    few = {"incomers": 30, "key_persons": 8}
    changes = {
        "registers": few,
        "expect.report_2020-01-27": few | {"leaflets": 1},
        "expect.report_2020-01-28": {"followed_up": 8},
    }
    changle = smaller(tmp_path, "changle-2020", changes)
    outcome = play.run(changle, SMALL, base_url=live_server.url, echo=said.append)
    different = [row for row in outcome.rows if row.covered and not row.equal]
    assert (different, outcome.faults) == ([], ()), "\n".join(said)
    assert outcome.ok
    covered = {row.figure for row in outcome.rows if row.covered}
    assert {"denominators.after_registry_correction", "report_2020-01-28.findings"} <= covered
    assert {"report_2020-01-27.incomers", "report_2020-01-28.visits_missed"} <= covered
    assert [row.figure for row in outcome.rows if not row.covered] == ["report_2020-01-27.leaflets"]
    assert any("2020-01-27" in line for line in said), "both dates are told"
    assert any("fell ill" in line for line in said), "and somebody else walked their lists"

    with pytest.raises(scenario.ScenarioError, match="already"):
        play.run(changle, SMALL, base_url=live_server.url, echo=said.append)


def test_a_figure_that_nobody_reports_is_not_equal() -> None:
    assert not Row("screening.open", 0, None, covered=True).equal


def test_about_means_within_one_percent() -> None:
    assert Row("disinfection.area_m2_about", 8_000_000, 7_990_000, covered=True).equal
    assert not Row("disinfection.area_m2_about", 8_000_000, 7_000_000, covered=True).equal


def test_a_figure_of_later_work_is_told_and_never_counted_as_equal() -> None:
    row = Row("vans_per_street", 1, NOT_COVERED, covered=False)
    assert row.verdict == NOT_COVERED


def test_a_response_of_later_work_is_told_figure_by_figure_and_is_not_ok(tmp_path: Path) -> None:
    said: list[str] = []
    key = smaller(tmp_path, "xiaodian-2022", {"play": {"acts": []}})
    outcome = play.run(key, SMALL, base_url="http://127.0.0.1:9", echo=said.append)
    assert not outcome.ok
    expected = scenario.load(key).expected
    assert [row.figure for row in outcome.rows] == [figure.name for figure in expected]
    assert all(any(figure.name in line and NOT_COVERED in line for line in said) for figure in expected)
