"""Scenarios: what a response was like in figures, and which days a rehearsal gives them."""

from dataclasses import dataclass
from datetime import date, timedelta
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

SCENARIOS = resources.files("bulou.rehearsal") / "scenarios"


class ScenarioError(Exception):
    """A scenario cannot be read or says too little to be played."""


@dataclass(frozen=True, slots=True)
class Expected:
    """One figure that the product's own reports must show, under its dotted name in the scenario."""

    name: str
    value: object


@dataclass(frozen=True, slots=True)
class Scenario:
    """One response. `figures` is the file as it stands; what a figure means is decided by the acts."""

    key: str
    district: str
    name: str
    parents: tuple[str, ...]
    first_on: date
    n_days: int
    figures: dict[str, Any]
    play: dict[str, Any]
    expected: tuple[Expected, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """Moves the days of the scenario to days that have just passed; the last one is yesterday unless told."""

    scenario_first_on: date
    first_on: date
    n_days: int

    @property
    def last_on(self) -> date:
        """The last played day."""
        return self.day(self.n_days)

    def day(self, number: int) -> date:
        """The played date of day 1, 2 and so on."""
        return self.first_on + timedelta(days=number - 1)

    def number(self, on: date) -> int:
        """Which day of the response a date of the scenario is."""
        return (on - self.scenario_first_on).days + 1

    def played(self, on: date) -> date:
        """The played date of a date of the scenario."""
        return self.day(self.number(on))


def keys() -> tuple[str, ...]:
    """Every scenario of the package, in alphabetical order."""
    return tuple(
        sorted(entry.name.removesuffix(".yaml") for entry in SCENARIOS.iterdir() if _is_one(entry.name))
    )


def load(key_or_file: str) -> Scenario:
    """Reads a scenario of the package by its key, or any file of the same shape.

    Raises:
        ScenarioError: There is no such scenario, or the file is not one.
    """
    if key_or_file in keys():
        text = (SCENARIOS / f"{key_or_file}.yaml").read_text(encoding="utf-8")
    elif Path(key_or_file).is_file():
        text = Path(key_or_file).read_text(encoding="utf-8")
    else:
        raise ScenarioError(
            f"There is no scenario {key_or_file!r}. Known: {', '.join(keys())}; or give a file."
        )
    try:
        return parse(yaml.safe_load(text))
    except (yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise ScenarioError(f"{key_or_file} cannot be read as a scenario: {error!r}") from error


def parse(body: Any) -> Scenario:
    """Turns a scenario's body into its typed form; whatever is not typed stays in `figures`."""
    district = body["district"]
    return Scenario(
        key=str(body["key"]),
        district=str(district["gb2260"]),
        name=str(district["name"]),
        parents=tuple(str(name) for name in district["parent"]),
        first_on=body["days"]["from"],
        n_days=int(body["days"]["count"]),
        figures=body,
        play=body.get("play", {}),
        expected=(*_flatten("", body["expect"]), *_flatten("", body.get("promise", {}))),
    )


def calendar(scenario: Scenario, today: date, *, start: date | None, days: int | None) -> Calendar:
    """Places the scenario's days so that the last played one is yesterday, or from a given date on.

    Raises:
        ScenarioError: The days asked for are fewer than one or would reach past yesterday.
    """
    n_days = scenario.n_days if days is None else days
    if not 1 <= n_days <= scenario.n_days:
        raise ScenarioError(f"The response has {scenario.n_days} days.")
    first_on = today - timedelta(days=n_days) if start is None else start
    if first_on + timedelta(days=n_days) > today:
        raise ScenarioError("A rehearsal plays days that have passed: start earlier, or play fewer days.")
    return Calendar(scenario.first_on, first_on, n_days)


def _is_one(name: str) -> bool:
    return name.endswith(".yaml") and not name.startswith("_")


def _flatten(prefix: str, value: object) -> list[Expected]:
    if not isinstance(value, dict):
        return [Expected(prefix, value)]
    return [
        figure
        for key, inner in value.items()
        for figure in _flatten(f"{prefix}.{key}" if prefix else str(key), inner)
    ]
