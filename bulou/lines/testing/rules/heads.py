"""How many people live where, when only a street or a district was counted: by homes, to the person."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bulou.kernel import reach
from bulou.lines.testing.rules.planning import Place, Zone

COMMUNITY_LABELS: Final = 3  # district, street, community


@dataclass(frozen=True, slots=True)
class Counted:
    """Persons of one building of a compound, and how many of them are sampled at home."""

    area: str
    building: str
    n: int
    n_home: int = 0


def community(area: str) -> str:
    """Return the community in which a compound lies, or the area itself where it is one or lies above."""
    return ".".join(area.split(".")[:COMMUNITY_LABELS])


def places(
    counted: tuple[Counted, ...], names: Mapping[str, str], zones: Mapping[str, Zone], rest: Zone
) -> tuple[Place, ...]:
    """Return the compounds with their people; a zone that is given for an area holds for all below it."""
    n: dict[str, int] = {}
    home: dict[str, int] = {}
    for one in counted:
        n[one.area] = n.get(one.area, 0) + one.n
        home[one.area] = home.get(one.area, 0) + min(one.n, one.n_home)
    return tuple(
        Place(area, names.get(area, area), community(area), n[area], home[area], zone_of(area, zones, rest))
        for area in sorted(n)
    )


def zone_of(area: str, zones: Mapping[str, Zone], rest: Zone) -> Zone:
    """Return the zone of an area: what is said nearest above it holds."""
    return next((zones[up] for up in reversed(reach.lineage(area)) if up in zones), rest)


def spread(heads: Mapping[str, int], homes: Mapping[tuple[str, str], int]) -> dict[tuple[str, str], int]:
    """Share head counts out over buildings by their homes; the nearest count above a compound holds for it.

    Each count is used up to the person (largest remainder), less what was counted apart below it. Buildings
    for which nothing was counted get nobody.
    """
    below: dict[str, list[tuple[str, str]]] = {}
    for key in sorted(homes):
        nearest = _nearest(key[0], heads)
        if nearest is not None:
            below.setdefault(nearest, []).append(key)
    shared: dict[tuple[str, str], int] = {}
    for path, keys in below.items():
        apart = sum(heads[p] for p in heads if _nearest(p.rpartition(".")[0], heads) == path)
        n = max(0, heads[path] - apart)
        shared |= dict(zip(keys, _apportioned(n, [homes[k] for k in keys]), strict=True))
    return shared


def _nearest(area: str, heads: Mapping[str, int]) -> str | None:
    while area:
        if area in heads:
            return area
        area = area.rpartition(".")[0]
    return None


def _apportioned(n: int, weights: list[int]) -> list[int]:
    total = sum(weights)
    if not total:
        return [0] * len(weights)
    given = [n * w // total for w in weights]
    rest = sorted(range(len(weights)), key=lambda i: (-(n * weights[i] % total), i))
    for i in rest[: n - sum(given)]:
        given[i] += 1
    return given
