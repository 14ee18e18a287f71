"""Scenarios are read whole, and their days are moved to days that have passed."""

from datetime import date

import pytest

from bulou.rehearsal import scenario

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize("key", scenario.keys())
def test_every_scenario_of_the_package_can_be_read(key: str) -> None:
    found = scenario.load(key)
    assert found.key == key
    assert found.expected
    assert len(found.district) == 6


def test_the_five_responses_and_one_exercise_are_in_the_package() -> None:
    responses = ("changle-2020", "luquan-2020", "suizhou-2022", "tiedong-2020", "xiaodian-2022")
    assert scenario.keys() == ("baodu-exercise", *responses)


def test_expected_figures_keep_their_dotted_names() -> None:
    names = {figure.name: figure.value for figure in scenario.load("changle-2020").expected}
    assert names["report_2020-01-27.compounds"] == 235
    assert names["denominators.2020-01-27"] == 235
    assert names["denominators.after_registry_correction"] == 256


def test_the_last_day_is_yesterday() -> None:
    calendar = scenario.calendar(scenario.load("tiedong-2020"), TODAY, start=None, days=None)
    assert calendar.first_on == date(2026, 11, 2)
    assert calendar.last_on == date(2026, 11, 21)


def test_a_date_of_the_report_has_its_played_date() -> None:
    calendar = scenario.calendar(scenario.load("changle-2020"), TODAY, start=None, days=None)
    assert calendar.played(date(2020, 1, 28)) == date(2026, 11, 21)


def test_days_that_have_not_passed_cannot_be_played() -> None:
    with pytest.raises(scenario.ScenarioError):
        scenario.calendar(scenario.load("changle-2020"), TODAY, start=TODAY, days=None)


def test_an_unknown_scenario_is_named_with_those_that_exist() -> None:
    with pytest.raises(scenario.ScenarioError, match="tiedong-2020"):
        scenario.load("nowhere")
