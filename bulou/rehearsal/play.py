"""Plays a scenario through the product and compares what the product reports with what it must report."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from time import monotonic
from typing import Any, Protocol

from bulou.access.terms import Role
from bulou.grid import queries as grid
from bulou.kernel import clock
from bulou.kernel.scope import transaction, whole
from bulou.rehearsal import check, district, evening, illness, registry, scenario
from bulou.rehearsal.acts.correction import RegistryCorrection
from bulou.rehearsal.acts.gates import Gates, Patrols
from bulou.rehearsal.acts.inspection import Inspection
from bulou.rehearsal.acts.isolation import Sites
from bulou.rehearsal.acts.passengers import Passengers
from bulou.rehearsal.acts.places import Closures, Disinfection
from bulou.rehearsal.acts.register import Register
from bulou.rehearsal.acts.residents import Residents
from bulou.rehearsal.acts.screening import Screening
from bulou.rehearsal.check import Row
from bulou.rehearsal.staff import Staff
from bulou.rehearsal.stage import Stage
from bulou.rehearsal.testday.day import Testing

Echo = Callable[[str], None]
Told = Mapping[str, Any]
"""What the file says about an act."""
REGISTER_IS_OLDER_BY = timedelta(days=30)
DEVICES = 40
SCALE = 0.05
SEED = 2020


class Act(Protocol):
    """One strand of a response: what opens in the morning, what is done in the day."""

    def morning(self, day: int) -> None:
        """Before the first knock."""

    def work(self, day: int) -> None:
        """The day itself."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a rehearsal ended."""

    rows: tuple[Row, ...]
    faults: tuple[str, ...]
    seconds: float

    @property
    def ok(self) -> bool:
        """Every covered figure is equal, at least one is covered, and the proofs hold."""
        covered = [row for row in self.rows if row.covered]
        return bool(covered) and all(row.equal for row in covered) and not self.faults


@dataclass(frozen=True, slots=True)
class Options:
    """What the caller of a rehearsal may choose; what is left out follows the scenario."""

    days: int | None = None
    scale: float = SCALE
    devices: int = DEVICES
    seed: int = SEED
    start: date | None = None
    report: Path | None = None
    ill: float = illness.SHARE


def run(key_or_file: str, options: Options, *, base_url: str, echo: Echo = print) -> Outcome:
    """Builds the district, plays the days, compares, proves. Phones use HTTP only; everything is seeded.

    Raises:
        ScenarioError: No such scenario, days that have not passed, or a district that is there already.
    """
    began = monotonic()
    played, today = scenario.load(key_or_file), clock.local_date(clock.now())
    calendar = scenario.calendar(played, today, start=options.start, days=options.days)
    if not any(int(act["day"]) <= calendar.n_days for act in played.play.get("acts", ())):
        echo(f"{played.key}: nothing in these {calendar.n_days} days can be played yet")
        return _unplayed(played, calendar, options, echo)
    stage = prepare(played, options, calendar=calendar, base_url=base_url, echo=echo)
    try:
        strands = acts(stage)
        for day in range(1, stage.calendar.n_days + 1):
            play_day(stage, strands, day)
        evening.close_rounds(stage)
        rows = tuple(check.compare(stage))
    finally:
        stage.staff.go_home()
    faults = tuple(check.prove(echo))
    outcome = Outcome(rows, faults, monotonic() - began)
    check.tell(echo, check.Result(played, calendar, rows, faults), report=options.report)
    echo(f"{'All covered figures are equal.' if outcome.ok else 'NOT EQUAL.'} {outcome.seconds:.0f} s")
    return outcome


def _unplayed(
    played: scenario.Scenario, calendar: scenario.Calendar, options: Options, echo: Echo
) -> Outcome:
    """Every figure is told as not covered; an outcome with nothing covered is not ok."""
    rows = tuple(
        Row(figure.name, figure.value, check.NOT_COVERED, covered=False) for figure in played.expected
    )
    check.tell(echo, check.Result(played, calendar, rows, ()), report=options.report)
    return Outcome(rows, (), 0.0)


def prepare(
    played: scenario.Scenario, options: Options, *, calendar: scenario.Calendar, base_url: str, echo: Echo
) -> Stage:
    """Everything before the first morning: the registers and the command office."""
    echo(f"{played.key}: {played.name}, {calendar.n_days} days")
    echo(f"  reported from {played.first_on} on, played {calendar.first_on} to {calendar.last_on}")
    refuse_if_there(played.district)
    built = district.build(
        played, district.divisions(played.district), scale=options.scale, seed=options.seed
    )
    heads = {built.streets[0].path if played.play.get("only_street") else built.code: _heads(played)}
    told = registry.import_district(built, since=calendar.first_on - REGISTER_IS_OLDER_BY, heads=heads)
    echo(f"  imported {told}")
    staff = Staff(base_url, built.code, seed=options.seed, run=f"{clock.now():%m%d%H%M%S}.")
    office = staff.hire(Role.COMMAND, [built.code], "command", clock_error=timedelta(0))
    return Stage(
        scenario=played,
        calendar=calendar,
        district=built,
        staff=staff,
        office=office,
        seed=options.seed,
        devices=options.devices,
        echo=echo,
        ill=options.ill,
    )


def acts(stage: Stage) -> list[Act]:
    """The strands of the scenario, in the order of its file; an act whose day is not played is left out."""
    made = []
    for act in stage.scenario.play.get("acts", ()):
        day = int(act["day"])
        if day > stage.calendar.n_days:
            stage.echo(f"  {act['act']} is left out: it begins on day {day}")
            continue
        made.append(_act(stage, act, day))
    return made


def play_day(stage: Stage, strands: Sequence[Act], day: int) -> None:
    """One day from the first call to the signed report."""
    stage.echo(f"day {day:2} of {stage.calendar.n_days}, {stage.calendar.day(day)}")
    for strand in strands:
        strand.morning(day)
    for strand in strands:
        strand.work(day)
    evening.sign(stage, day)


def refuse_if_there(code: str) -> None:
    """A rehearsal needs a district of its own: on top of other records, no figure would hold."""
    with transaction(whole(code)):
        found = grid.area_at(code, code, clock.local_date(clock.now()))
    if found is not None:
        raise scenario.ScenarioError(
            f"District {code} is in this database already. Rehearse in an empty one: set BULOU_DATA."
        )


def _heads(played: scenario.Scenario) -> tuple[int, int]:
    given = played.play.get("population", played.figures.get("population", {}))
    living = int(given.get("living", given.get("residents", 0)))
    return int(given.get("registered", living)), living


def _act(stage: Stage, act: Told, day: int) -> Act:
    if act["act"] not in _ACTS:
        raise scenario.ScenarioError(f"There is no act {act['act']!r}.")
    return _ACTS[act["act"]](stage, act, day)


def _due(act: Told) -> int:
    return int(act.get("due_days", 1))


def _patrols(stage: Stage, _act: Told, day: int) -> Act:
    hours = stage.scenario.figures["patrols"]
    return Patrols(stage, day=day, start=hours["from"], end=hours["to"])


def _gates(stage: Stage, act: Told, day: int) -> Act:
    return Gates(stage, day=day, posts=stage.scenario.figures["checkpoints"]["posts"], words=act)


def _inspection(stage: Stage, _act: Told, day: int) -> Act:
    given = stage.scenario.figures["supervision"]["day_2"]
    n = {what: given[what] for what in ("findings", "compounds", "communities")}
    return Inspection(stage, day=day, **n)


def _correction(stage: Stage, _act: Told, day: int) -> Act:
    later = stage.scenario.figures["grid"]["compounds_later"]
    return RegistryCorrection(stage, day=day, compounds_later=later)


def _register(stage: Stage, act: Told, day: int) -> Act:
    told = {**stage.scenario.figures.get("registers", {}), **act}
    n, keys = int(told["incomers"]), int(told["key_persons"])
    return Register(stage, day=day, incomers=n, key_persons=keys, words=act)


def _residents(stage: Stage, act: Told, day: int) -> Act:
    n = int(stage.scenario.figures["township"]["villagers"])
    return Residents(stage, day=day, due_days=_due(act), n=n, name=str(act["name"]))


def _sites(stage: Stage, act: Told, day: int) -> Act:
    told = stage.scenario.figures["isolation"]
    n = int(told.get("sites", told.get("hotels", 0)))
    staff = int(told.get("staff", n * int(told.get("heads_per_hotel", 1))))
    return Sites(stage, day=day, n=n, staff=staff, guests=int(act.get("guests", 0)))


def _testing(stage: Stage, act: Told, day: int) -> Act:
    return Testing(stage, day=day, words=act, n=int(act["people"]))


def _passengers(stage: Stage, _act: Told, day: int) -> Act:
    return Passengers(stage, day=day, n=int(stage.scenario.figures["airport"]["passengers"]))


_ACTS: Mapping[str, Callable[[Stage, Told, int], Act]] = {
    "screening": lambda stage, act, day: Screening(stage, day=day, due_days=_due(act)),
    "disinfection": lambda stage, act, day: Disinfection(stage, day=day, due_days=_due(act)),
    "closures": lambda stage, _act, day: Closures(stage, day=day),
    "gates": _gates,
    "patrols": _patrols,
    "inspection": _inspection,
    "registry_correction": _correction,
    "register": _register,
    "residents": _residents,
    "sites": _sites,
    "passengers": _passengers,
    "testing": _testing,
}
