"""A district for a rehearsal: real streets and communities, made-up compounds, doors and places."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import cycle, groupby, islice
from random import Random
from typing import Any

import yaml

from bulou.grid import queries as grid
from bulou.grid.rules import naming
from bulou.grid.terms import AreaKind, Level, SiteType
from bulou.rehearsal.scenario import SCENARIOS, Scenario, ScenarioError

DOORS_PER_LANDING = 2
FLOORS = 6
UNITS = 2
DOORS_PER_BUILDING = DOORS_PER_LANDING * FLOORS * UNITS
SQUARE_METRES = {"compound": 6000, "road": 30000, "park": 20000, "public_toilet": 100, "bin": 10}
"""Assumed sizes; the report gives only the sum, and the compounds carry what is left of it."""
ROAD_TYPES = (SiteType.MAIN_ROAD, SiteType.SECONDARY_ROAD, SiteType.SECONDARY_ROAD)
VENUE_TYPES = (SiteType.ENTERTAINMENT_VENUE, SiteType.LODGING_VENUE)
CLASSES: dict[str, tuple[SiteType, ...]] = {
    "compound": (SiteType.COMPOUND_GROUNDS,),
    "road": ROAD_TYPES,
    "park": (SiteType.PARK,),
    "public_toilet": (SiteType.PUBLIC_TOILET,),
    "bin": (SiteType.BIN,),
    "village_roads": (SiteType.VILLAGE_ENTRANCE,),
    "markets": (SiteType.MARKET,),
    "rural_fairs": (SiteType.RURAL_FAIR,),
    "stall_groups": (SiteType.STALL_GROUP,),
    "venues": VENUE_TYPES,
}


@dataclass(frozen=True, slots=True)
class Division:
    """One street or community of the division list."""

    label: str
    name: str
    kind: AreaKind
    children: tuple["Division", ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """One area of the built district."""

    path: str
    name: str
    kind: AreaKind


@dataclass(frozen=True, slots=True)
class Home:
    """One door."""

    path: str
    building: str
    floor: int
    door: str


@dataclass(frozen=True, slots=True)
class Spot:
    """One place that is no home."""

    path: str
    type: SiteType
    name: str
    area_m2: int = 0


@dataclass(frozen=True, slots=True)
class District:
    """What is imported before the first day."""

    code: str
    name: str
    streets: tuple[Place, ...]
    communities: tuple[Place, ...]
    compounds: tuple[Place, ...]
    homes: tuple[Home, ...]
    spots: tuple[Spot, ...]

    @property
    def areas(self) -> tuple[Place, ...]:
        """Every area, parents before children."""
        whole = Place(self.code, self.name, AreaKind.DISTRICT)
        return (whole, *self.streets, *self.communities, *self.compounds)


def divisions(code: str) -> tuple[Division, ...]:
    """The streets of a packaged district with their communities, in the order of the division list.

    Raises:
        ScenarioError: The district is not in the package.
    """
    rows = grid.packaged_divisions(code)
    if not rows:
        raise ScenarioError(f"The package has no divisions of district {code}.")
    streets = []
    for (street_code, written), inside in groupby(rows, key=lambda row: (row.street_code, row.street)):
        above = (rows[0].city, rows[0].district)
        street = naming.clean(written, Level.STREET, above)
        children = []
        for row in inside:
            made = naming.clean(row.village, Level.COMMUNITY, (*above, street.official))
            children.append(Division(row.village_code[len(street_code) :], made.official, made.kind))
        streets.append(Division(street_code[len(code) :], street.official, street.kind, tuple(children)))
    return tuple(streets)


def words() -> dict[str, Any]:
    """The names of made-up places and people."""
    text = (SCENARIOS / "_words.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


def build(scenario: Scenario, divisions: Sequence[Division], *, scale: float, seed: int) -> District:
    """The district of a scenario. The figures of the report hold at every scale; only doors follow it.

    Raises:
        ScenarioError: The division list has not what the report counts.
    """
    random, names = Random(f"{seed}:{scenario.key}"), words()
    streets = _streets(scenario, divisions)
    named = [(street, community) for street in streets for community in _communities(scenario, street, names)]
    communities = [_below(scenario.district, street, community) for street, community in named]
    compounds = _compounds(communities, _count(scenario, "compounds", len(communities)), random, names)
    doors = round(scale * scenario.play.get("dwellings_at_scale_1", 0))
    return District(
        code=scenario.district,
        name=scenario.name,
        streets=tuple(Place(f"{scenario.district}.{s.label}", s.name, s.kind) for s in streets),
        communities=tuple(communities),
        compounds=compounds,
        homes=tuple(_homes(compounds, doors, random, names)) if doors else (),
        spots=tuple(_spots(scenario, communities, compounds, names)),
    )


def more_compounds(district: District, n: int, *, seed: int) -> tuple[Place, ...]:
    """Compounds that a later count of the registry finds, beside those that stand in it already."""
    places = islice(cycle(district.communities), n)
    names, random = words(), Random(f"{seed}:more")
    return tuple(
        Place(f"{place.path}.n{number:03d}", _named(names, random, number), AreaKind.COMPOUND_UNMANAGED)
        for number, place in enumerate(places, 1)
    )


def _streets(scenario: Scenario, divisions: Sequence[Division]) -> list[Division]:
    only, suffix = scenario.play.get("only_street"), scenario.play.get("street_suffix", "")
    found = [
        street for street in divisions if (street.name == only if only else street.name.endswith(suffix))
    ]
    expected = scenario.figures.get("grid", {}).get("streets", len(found))
    if not found or len(found) != expected:
        raise ScenarioError(f"The report counts {expected} streets, the division list has {len(found)}.")
    return found


def _communities(scenario: Scenario, street: Division, names: dict[str, Any]) -> list[Division]:
    children = [child for child in street.children if child.kind is not AreaKind.PSEUDO]
    given = scenario.play.get("villages", scenario.figures.get("grid", {}).get("villages"))
    villages = given if scenario.play.get("only_street") else None
    if villages is None:
        return children
    # What the report counts as villages are villages, whatever the division list of a later year calls them.
    children = [replace(child, kind=AreaKind.VILLAGE) for child in children[:villages]]
    extra = range(len(children) + 1, villages + 1)
    made = [Division(f"x{n:03d}", names["extra_village"].format(n=n), AreaKind.VILLAGE) for n in extra]
    return children + made


def _count(scenario: Scenario, what: str, otherwise: int) -> int:
    return int(scenario.play.get(what, scenario.figures.get("grid", {}).get(what, otherwise)))


def _below(district: str, street: Division, community: Division) -> Place:
    return Place(f"{district}.{street.label}.{community.label}", community.name, community.kind)


def _compounds(
    communities: Sequence[Place], n: int, random: Random, names: dict[str, Any]
) -> tuple[Place, ...]:
    per: dict[str, int] = {}
    made = []
    for place in islice(cycle(communities), n):
        number = per[place.path] = per.get(place.path, 0) + 1
        if place.kind is AreaKind.VILLAGE:
            kind, name = AreaKind.NATURAL_VILLAGE, names["hamlets"][(number - 1) % len(names["hamlets"])]
        else:
            kind = random.choices(MANAGED, weights=(5, 3, 2))[0]
            name = _named(names, random, number)
        made.append(Place(f"{place.path}.c{number:03d}", name, kind))
    return tuple(sorted(made, key=lambda compound: compound.path))


MANAGED = (AreaKind.COMPOUND_MANAGED, AreaKind.COMPOUND_UNMANAGED, AreaKind.COMPOUND_OLD)


def _named(names: dict[str, Any], random: Random, number: int) -> str:
    word = random.choice(names["compounds"])
    return f"{word}{number}"


def _homes(compounds: Sequence[Place], n: int, random: Random, names: dict[str, Any]) -> Iterable[Home]:
    weights = [random.uniform(0.4, 1.6) for _ in compounds]
    share = n / sum(weights)
    for compound, weight in zip(compounds, weights, strict=True):
        for index in range(max(1, round(weight * share))):
            yield _home(compound, index, names)


def _home(compound: Place, index: int, names: dict[str, Any]) -> Home:
    if compound.kind is AreaKind.NATURAL_VILLAGE:
        return Home(compound.path, "", 1, names["village_house"].format(n=index + 1))
    building, rest = divmod(index, DOORS_PER_BUILDING)
    unit, rest = divmod(rest, FLOORS * DOORS_PER_LANDING)
    floor, door = divmod(rest, DOORS_PER_LANDING)
    return Home(
        compound.path,
        names["building"].format(n=building + 1),
        floor + 1,
        f"{names['unit'].format(n=unit + 1)}{floor + 1}0{door + 1}",
    )


def _spots(
    scenario: Scenario, communities: Sequence[Place], compounds: Sequence[Place], names: dict[str, Any]
) -> Iterable[Spot]:
    for act in scenario.play.get("acts", ()):
        if act["act"] == "disinfection":
            yield from _disinfected(scenario, act, communities, compounds, names)
        if act["act"] == "closures":
            for what, n in scenario.figures["closures"].items():
                yield from _some(what, int(n), communities, names)


def _disinfected(
    scenario: Scenario,
    act: dict[str, Any],
    communities: Sequence[Place],
    compounds: Sequence[Place],
    names: dict[str, Any],
) -> Iterable[Spot]:
    given = scenario.figures.get("disinfection", {})
    classes = {what: int(n) for what, n in (act.get("classes") or given["classes"]).items()}
    total = int(act.get("area_m2") or given["area_m2"])
    others = sum(SQUARE_METRES[what] * n for what, n in classes.items() if what != "compound")
    base, larger = divmod(total - others, classes["compound"])
    for number, place in enumerate(compounds[: classes["compound"]]):
        word = names["sites"][SiteType.COMPOUND_GROUNDS.value]
        metres = base + (1 if number < larger else 0)
        yield Spot(place.path, SiteType.COMPOUND_GROUNDS, f"{place.name}{word}", metres)
    for what, n in classes.items():
        if what != "compound":
            yield from _some(what, n, communities, names, metres=SQUARE_METRES[what])


def _some(
    what: str, n: int, places: Sequence[Place], names: dict[str, Any], metres: int = 0
) -> Iterable[Spot]:
    types = cycle(CLASSES[what])
    for number, (place, kind) in enumerate(islice(zip(cycle(places), types, strict=False), n), 1):
        yield Spot(place.path, kind, f"{names['sites'][kind.value]}{number}", metres)
