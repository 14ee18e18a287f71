"""Compares the figures that a scenario expects with what the product reports, and has all of it proved."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from bulou.intake.actions import proving
from bulou.rehearsal import gate_figures
from bulou.rehearsal.scenario import Calendar, Expected, Scenario
from bulou.rehearsal.stage import Stage
from bulou.rehearsal.testday import figures as testing_figures

NOT_COVERED = "not covered yet"
NOT_PLAYED = "not played"
ABOUT = 0.01
"""How far a figure that the report gives as "about" may lie off."""
COMPOUND_DEPTH = 3
REPORT, ONE_ROUND = "report_", "testing_round_"


@dataclass(frozen=True, slots=True)
class Row:
    """One expected figure beside the reported one. Not covered: later work has to bring it."""

    figure: str
    expected: object
    reported: object
    covered: bool

    @property
    def equal(self) -> bool:
        """Whether the product says the same."""
        if isinstance(self.reported, bool) or not isinstance(self.reported, int | float):
            return self.expected == self.reported
        if not isinstance(self.expected, int | float):
            return False
        if self.figure.endswith("_about"):
            return abs(self.reported - self.expected) <= ABOUT * self.expected
        return self.expected == self.reported

    @property
    def verdict(self) -> str:
        """The last column of the table."""
        if not self.covered:
            return str(self.reported)
        return "equal" if self.equal else "DIFFERENT"


# Figure of the scenario -> figure of the daily report.
AREA = {
    "villages": "grid.villages",
    "compounds": "grid.compounds",
    "registered": "population.registered",
    "living": "population.living",
    "roads_closed": "closures.village_road",
    "markets_closed": "closures.market",
    "fairs_closed": "closures.rural_fair",
    "stall_groups_closed": "closures.stall_group",
    "venues_closed": "closures.venue",
    "incomers": "register.people",
    "key_persons": "register.key_persons",
    "key_persons_without_team": "register.key_persons_without_team",
    "followed_up": "watches.watched",
    "visits_missed": "watches.missed",
    "communities_inspected": "supervision.communities_inspected",
    "compounds_inspected": "supervision.compounds_inspected",
    "findings": "supervision.findings",
    "findings_without_owner_or_reason": "supervision.findings_without_owner_or_reason",
}
# Group of figures -> protocol of the round over people that they speak of.
FRAMES_OF_PEOPLE = {"screening_shangzhai": "resident-screening-round"}
DISINFECTION = {
    "disinfection.expected": "disinfection.expected",
    "disinfection.open": "disinfection.open",
    "disinfection.signed_off_by_other": "disinfection.signed_off_by_other",
    "disinfection.area_m2_about": "disinfection.area_m2",
}


def compare(stage: Stage) -> Iterator[Row]:
    """One row per expected figure, in the order of the scenario. Reads HTTP only."""
    reports = Reports(stage)
    for figure in stage.scenario.expected:
        reported = _reported(stage, reports, figure)
        covered = reported not in (NOT_COVERED, NOT_PLAYED)
        yield Row(figure.name, figure.value, reported, covered)


class Reports:
    """The daily reports of the played days, each read once."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._read: dict[date, dict[str, Any]] = {}

    def figure(self, on: date, key: str) -> object:
        """One figure of the report of a day; None where the report does not have it."""
        found = (figure["value"] for figure in self.on(on)["figures"] if figure["key"] == key)
        return next(found, None)

    def round(self, on: date, protocol: str, key: str) -> object:
        """One figure of the first round of a protocol in the report of a day."""
        found = (line[key] for line in self.on(on)["rounds"] if line["protocol"].startswith(f"{protocol}@"))
        return next(found, None)

    def of(self, on: date, operation: UUID, key: str) -> object:
        """One figure of one round in the report of a day."""
        found = (line[key] for line in self.on(on)["rounds"] if line["operation"] == str(operation))
        return next(found, None)

    def on(self, on: date) -> dict[str, Any]:
        """The report of a day as the API hands it out: the signed one where there is one."""
        if on not in self._read:
            area, query = self._stage.area, {"date": on.isoformat(), "format": "json"}
            self._read[on] = self._stage.office.phone.client.get("/reports/daily", area=area, **query)
        return self._read[on]


def _reported(stage: Stage, reports: Reports, figure: Expected) -> object:
    group, _, name = figure.name.partition(".")
    if group.startswith(REPORT):
        on = date.fromisoformat(group.removeprefix(REPORT))
        return _area_figure(stage, reports, stage.calendar.number(on), name)
    if group in gate_figures.GROUPS:
        told = "gates" in {act["act"] for act in stage.scenario.play.get("acts", ())}
        return gate_figures.reported(stage, figure.name) if told else NOT_COVERED
    if group.startswith(ONE_ROUND):
        return _one_round(stage, reports, group, name)
    if group in testing_figures.FIGURES:
        names = [act["name"] for act in _of_testing(stage)]
        return testing_figures.reported(stage, figure.name, names) if names else NOT_PLAYED
    if group in FRAMES_OF_PEOPLE:
        return _of_people(stage, reports, group, name)
    return _GROUPS[group](stage, reports, name) if group in _GROUPS else NOT_COVERED


def _denominator(stage: Stage, reports: Reports, name: str) -> object:
    later = name == "after_registry_correction"
    day = stage.calendar.n_days if later else stage.calendar.number(date.fromisoformat(name))
    return _area_figure(stage, reports, day, "compounds")


def _disinfection(stage: Stage, reports: Reports, name: str) -> object:
    key = DISINFECTION.get(f"disinfection.{name}")
    if key is None:
        return NOT_COVERED
    return reports.figure(stage.calendar.last_on, key) if "disinfection" in stage.rounds else NOT_PLAYED


def _of_people(stage: Stage, reports: Reports, group: str, name: str) -> object:
    if group not in stage.rounds:
        return NOT_PLAYED
    return reports.round(stage.calendar.last_on, FRAMES_OF_PEOPLE[group], name)


def _area_figure(stage: Stage, reports: Reports, day: int, name: str) -> object:
    if name not in AREA:
        return NOT_COVERED
    if day > stage.calendar.n_days:
        return NOT_PLAYED
    return reports.figure(stage.calendar.day(day), AREA[name])


def _slots_a_day(stage: Stage, reports: Reports, _name: str) -> object:
    """How many visits were due for each person followed up, where every played day says the same."""
    told: set[int] = set()
    for number in range(1, stage.calendar.n_days + 1):
        on = stage.calendar.day(number)
        due, watched = (reports.figure(on, key) for key in ("watches.due", "watches.watched"))
        if not isinstance(due, int) or not isinstance(watched, int) or not watched or due % watched:
            return None
        told.add(due // watched)
    return told.pop() if len(told) == 1 else None


def _screening(stage: Stage, reports: Reports, name: str) -> object:
    if "screening" not in stage.rounds:
        return NOT_PLAYED
    if name == "open":
        return reports.round(stage.calendar.last_on, "household-screening-round", "open")
    if name == "compounds":
        path = f"/operations/{stage.rounds['screening']}/account"
        return sum(1 for _ in _leaves(stage.office.phone.client.get(path, depth=COMPOUND_DEPTH)))
    return NOT_COVERED


def _passengers(stage: Stage, reports: Reports, name: str) -> object:
    """What the report of the day says on which the flight landed: on others people are handed over, too."""
    days = [int(act["day"]) for act in stage.scenario.play.get("acts", ()) if act["act"] == "passengers"]
    if not days or days[0] > stage.calendar.n_days:
        return NOT_PLAYED
    return reports.figure(stage.calendar.day(days[0]), f"custody.{name}")


def _isolation(stage: Stage, reports: Reports, name: str) -> object:
    if not _played(stage, "sites"):
        return NOT_PLAYED
    return reports.figure(stage.calendar.last_on, f"isolation.{name}")


def _played(stage: Stage, name: str) -> bool:
    acts = stage.scenario.play.get("acts", ())
    return any(act["act"] == name and int(act["day"]) <= stage.calendar.n_days for act in acts)


def _tested(stage: Stage, reports: Reports, key: str) -> list[object]:
    """A figure of each testing round in the report of the day on which it ended."""
    return [
        reports.of(
            stage.calendar.day(int(act["day"]) + int(bool(act.get("night")))), stage.rounds[act["name"]], key
        )
        for act in _of_testing(stage)
    ]


def _of_testing(stage: Stage) -> list[dict[str, Any]]:
    acts = stage.scenario.play.get("acts", ())
    return [act for act in acts if act["act"] == "testing" and act["name"] in stage.rounds]


def _open_after(stage: Stage, reports: Reports, _name: str) -> object:
    told = _tested(stage, reports, "open")
    return sum(n for n in told if isinstance(n, int)) if told and None not in told else NOT_PLAYED


def _one_round(stage: Stage, reports: Reports, group: str, name: str) -> object:
    """One round: how many the account missed before they were looked for, how it stood in the evening."""
    if group not in stage.rounds:
        return NOT_PLAYED
    noted = stage.noted.get(f"{group}.{name}")
    if noted is not None:
        return noted
    played = [act["name"] for act in _of_testing(stage)]
    return _tested(stage, reports, name)[played.index(group)]


def _signed(reports: Reports, on: date) -> bool:
    """Whether the report of a day stands in the archive under somebody's name."""
    return (reports.on(on)["archive"] or {}).get("state") == "signed"


def _closing(stage: Stage, reports: Reports, name: str) -> object:
    if name == "days":
        return sum(_signed(reports, stage.calendar.day(n)) for n in range(1, stage.calendar.n_days + 1))
    if name == "passengers_transferred":
        return _passengers(stage, reports, "received")
    if name == "testing_rounds":
        told = _tested(stage, reports, "open")
        return sum(1 for open_ in told if open_ == 0) if told else NOT_PLAYED
    if name == "residents_covered":
        return min((n for n in _tested(stage, reports, "done") if isinstance(n, int)), default=NOT_PLAYED)
    return NOT_COVERED


def _brought_home(stage: Stage, _reports: Reports, _name: str) -> object:
    return stage.noted.get("guests_brought_home", NOT_PLAYED)


_GROUPS: Mapping[str, Callable[[Stage, Reports, str], object]] = {
    "denominators": _denominator,
    "disinfection": _disinfection,
    "key_person_slots_per_day": _slots_a_day,
    "passengers": _passengers,
    "isolation": _isolation,
    "hotels_without_head": lambda stage, reports, _name: _isolation(stage, reports, "sites_without_head"),
    "closing_figures": _closing,
    "testing_open_after_each_round": _open_after,
    "screening": _screening,
    "guests_brought_home": _brought_home,
}


def _leaves(account: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if not account["children"]:
        yield account
    for child in account["children"]:
        yield from _leaves(child)


def prove(echo: Callable[[str], None]) -> list[str]:
    """What `bulou verify` and `bulou replay --check` find wrong; empty when everything holds."""
    proving.seal_all()
    faults: list[str] = []
    for name, proof in (("verify", proving.verify), ("replay", proving.replay_check)):
        found = proof()
        echo(f"{name}: {found.records} records, {found.rounds} rounds, {len(found.faults)} faults")
        faults += [f"{name} {fault.room}: {fault.what}" for fault in found.faults]
    return faults


@dataclass(frozen=True, slots=True)
class Result:
    """What a rehearsal has to tell at its end."""

    scenario: Scenario
    calendar: Calendar
    rows: tuple[Row, ...]
    faults: tuple[str, ...]


def tell(echo: Callable[[str], None], result: Result, *, report: Path | None) -> None:
    """Prints the table, and writes it as JSON if a file was asked for."""
    width = max((len(row.figure) for row in result.rows), default=6)
    echo(f"{'figure':{width}} | {'expected':>10} | {'reported':>10} |")
    for row in result.rows:
        reported = row.reported if row.covered else "-"
        echo(f"{row.figure:{width}} | {row.expected!s:>10} | {reported!s:>10} | {row.verdict}")
    for fault in result.faults:
        echo(f"FAULT {fault}")
    if report is not None:
        told = {
            "scenario": result.scenario.key,
            "first_on": result.calendar.first_on.isoformat(),
            "last_on": result.calendar.last_on.isoformat(),
            "figures": [asdict(row) | {"verdict": row.verdict} for row in result.rows],
            "faults": list(result.faults),
        }
        report.write_text(json.dumps(told, ensure_ascii=False, indent=1, default=str), encoding="utf-8")
