"""Who lives where on a testing day: doors in buildings, needs behind some of them, three people at each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bulou.access.actions import gate
from bulou.grid.terms import SiteType
from bulou.people.actions.imports import Options, import_people
from bulou.people.terms import ImportKind
from bulou.rehearsal import cast, registry
from bulou.rehearsal.acts.residents import AT_A_DOOR, FIRST_NUMBER, NOBODY
from bulou.rehearsal.district import DOORS_PER_BUILDING, FLOORS
from bulou.rehearsal.scenario import ScenarioError
from bulou.rehearsal.stage import Stage

DOORS_PER_UNIT = FLOORS * 2
NEEDS = {"infant": "infant", "elderly": "elderly_alone", "disabled": "disabled"}
"""What the report calls those who are sampled at home, and what the register of doors calls it."""
WITH_A_NEED = 40
"""Behind every so-manieth door somebody is sampled at home; assumed."""
LON, LAT = 112.56, 37.75
APART = 0.004
"""Degrees between two compounds on the made-up map."""


@dataclass(frozen=True, slots=True)
class Door:
    """One door: the people behind it are numbered on from `first`."""

    path: str
    building: str
    floor: int
    name: str
    need: str
    first: int
    n: int


def import_town(stage: Stage, n: int, places: Sequence[str]) -> str:
    """Doors, places on the map and people come in by the files of an office; answers what was stored."""
    doors = list(_doors(stage, n, places))
    since, code = stage.calendar.first_on, stage.district.code
    stored = [registry.import_doors(code, doors, since=since)]
    if any(door.need for door in doors):
        registry.import_points(code, list(_points(stage, places)), since=since)
    return ", ".join([*stored, f"{_people(stage, doors)} residents"])


def _doors(stage: Stage, n: int, places: Sequence[str]) -> Iterator[Door]:
    wanted = [NEEDS[one] for one in stage.scenario.figures.get("testing", {}).get("home_sampling", ())]
    for number, first in enumerate(range(0, n, AT_A_DOOR)):
        index, place = divmod(number, len(places))
        building, rest = divmod(index, DOORS_PER_BUILDING)
        unit, rest = divmod(rest, DOORS_PER_UNIT)
        floor, door = divmod(rest, 2)
        need = wanted[number // WITH_A_NEED % len(wanted)] if wanted and not number % WITH_A_NEED else ""
        yield Door(
            places[place], stage.words["building"].format(n=building + 1), floor + 1,
            f"{building + 1}-{unit + 1}-{floor + 1}0{door + 1}", need, first, min(AT_A_DOOR, n - first),
        )  # fmt: skip


def _points(stage: Stage, places: Sequence[str]) -> Iterator[tuple[str, str, str, float, float]]:
    word = stage.words["sites"]["test_site"]
    for number, path in enumerate(places):
        row, column = divmod(number, 8)
        lon, lat = round(LON + APART * column, 3), round(LAT + APART * row, 3)
        yield path, SiteType.TEST_SITE.value, f"{word}{number + 1}", lon, lat


def _people(stage: Stage, doors: Sequence[Door]) -> int:
    lines = ["path,building,door,name,id_number"]
    for door in doors:
        for number in range(door.first, door.first + door.n):
            one = cast.person(FIRST_NUMBER + number, door.path, NOBODY, stage.words)
            lines.append(f"{one.path},{door.building},{door.name},{one.name},{one.number}")
    n, district = len(lines) - 1, stage.district.code
    receipt = import_people(
        gate.system_actor(district), kind=ImportKind.RESIDENTS, path=district,
        content="\n".join(lines).encode(), file_name="residents.csv",
        options=Options(basis=stage.words["law"]),
    )  # fmt: skip
    if receipt.stored != n:
        raise ScenarioError(f"{n} residents were handed in, {receipt.stored} were taken: {receipt}")
    return receipt.stored
