"""Sites, tables, samplers, half hours and swabs of a round: arithmetic, each figure with its rule."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby
from math import ceil
from types import MappingProxyType
from typing import Final

from bulou.lines.testing.rules.home import Crews, teams_needed, visits_a_day

SLOT_MINUTES: Final = 30
MOST_PER_SITE: Final = 3000  # P-51
FEWEST_PER_SITE: Final = 2000  # P-51
DUE: Final = timedelta(hours=24)  # P-50, third guide
READY: Final = timedelta(hours=2)  # P-52, one county
RESERVE: Final = 0.05  # our assumption: broken tubes, spoilt swabs
Amount = int | float | datetime


class Zone(StrEnum):
    """How strictly a part of the area is closed (分区); it decides how many swabs share a tube."""

    ISOLATION_SITE = "isolation_site"
    SEALED = "sealed"
    CONTROLLED = "controlled"
    PRECAUTION = "precaution"
    OTHER = "other"


# P-57. Tubes of a laboratory are never mixed again (P-58).
POOLS: Final[Mapping[Zone, int]] = MappingProxyType(
    {Zone.ISOLATION_SITE: 1, Zone.SEALED: 1, Zone.CONTROLLED: 10, Zone.PRECAUTION: 20, Zone.OTHER: 10}
)
POOL_SIZES: Final = (1, 5, 10, 20)  # P-58


class Rule(StrEnum):
    """Where a figure comes from (依据)."""

    COUNTED = "counted"
    P_50 = "P-50"
    P_51 = "P-51"
    P_52 = "P-52"
    P_53 = "P-53"
    P_57 = "P-57"
    S_83 = "S#83"
    S_84 = "S#84"
    S_88 = "S#88"
    OURS = "assumption"


@dataclass(frozen=True, slots=True)
class Place:
    """One compound (or another area in which persons are counted) on the evening before."""

    path: str
    name: str
    community: str
    n_persons: int
    n_home: int = 0
    zone: Zone = Zone.OTHER


@dataclass(frozen=True, slots=True)
class Wishes:
    """What may be turned on the page; the defaults are the rules."""

    starts_at: datetime
    persons_per_site: int = 2500
    persons_per_table: int = 700
    persons_per_sampler: int = 360
    swabs_per_hour: int = 60
    samplers_on_hand: int | None = None
    pool_other: int = 10
    suit_minutes: int = 180
    home_minutes: int = 10
    home_teams: int | None = None
    share_late: float = 0.1
    waiting_limit_minutes: int = 15


@dataclass(frozen=True, slots=True)
class Part:
    """What one compound sends to a site; a large one sends its people to several."""

    path: str
    name: str
    n_persons: int


@dataclass(frozen=True, slots=True)
class Site:
    """One site: who goes there, who works there, until when."""

    number: int
    community: str
    zone: Zone
    parts: tuple[Part, ...]
    n_persons: int
    samplers: int
    tables: int
    slots: int
    per_slot: int
    tubes: int
    finishes_at: datetime


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with the rule behind it; `numbers` fill the words of the rule."""

    key: str
    amount: Amount
    rule: Rule
    numbers: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Warned:
    """What somebody has to see before the plan is published."""

    code: str
    numbers: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole of it: figures, sites, warnings."""

    figures: tuple[Figure, ...]
    sites: tuple[Site, ...]
    warnings: tuple[Warned, ...]
    n_persons: int
    n_home: int
    finishes_at: datetime


def plan(places: Iterable[Place], wishes: Wishes, *, ordered_at: datetime) -> Plan:
    """Return the plan of one round. The same input gives the same plan.

    Source: P-50 to P-58 (guides of 2021-2022), S#80 to S#89; what is our own assumption says so.
    Cost: linear in compounds; 156,000 persons in 400 compounds take five milliseconds.
    """
    there = sorted((p for p in places if p.n_persons > 0), key=lambda p: (p.community, p.zone, p.path))
    sites = _manned(list(_laid_out(there, wishes)), wishes)
    at_sites = sum(s.n_persons for s in sites)
    n_home = sum(min(p.n_home, p.n_persons) for p in there)
    ends = max((s.finishes_at for s in sites), default=wishes.starts_at)
    figures = (
        *_sizing(at_sites, n_home, wishes),
        *_layout(sites, ends, wishes),
        *_staff(sites, wishes),
        *_consumables(sites, n_home, wishes),
        *_home(n_home, wishes),
    )
    warnings = tuple(_warnings(sites, wishes, ends, ordered_at))
    return Plan(figures, tuple(sites), warnings, at_sites + n_home, n_home, ends)


def pool_of(zone: Zone, wishes: Wishes) -> int:
    """Return how many swabs share a tube in a zone (P-57); only the open zone may be chosen (P-58)."""
    return wishes.pool_other if zone is Zone.OTHER else POOLS[zone]


def slot_starts(site: Site, wishes: Wishes) -> tuple[datetime, ...]:
    """Return when each half hour of a site begins."""
    return tuple(wishes.starts_at + timedelta(minutes=SLOT_MINUTES * n) for n in range(site.slots))


def arrivals(site: Site) -> tuple[int, ...]:
    """Return how many persons are called to each half hour: as many as the tables take, the rest last."""
    full, rest = divmod(site.n_persons, site.per_slot) if site.per_slot else (0, 0)
    return (site.per_slot,) * full + ((rest,) if rest else ())


def crowd_by_slot(sites: Sequence[Site]) -> tuple[int, ...]:
    """Return how many persons all sites together call to each half hour."""
    called = [arrivals(s) for s in sites]
    longest = max((len(c) for c in called), default=0)
    return tuple(sum(c[n] for c in called if n < len(c)) for n in range(longest))


@dataclass(frozen=True, slots=True)
class _Group:
    community: str
    zone: Zone
    parts: tuple[Part, ...]

    @property
    def n(self) -> int:
        return sum(p.n_persons for p in self.parts)


def _laid_out(places: Sequence[Place], wishes: Wishes) -> Iterator[_Group]:
    """Compounds of one community and zone share sites, in their order; a large compound has its own."""
    for (community, zone), found in groupby(places, key=lambda p: (p.community, p.zone)):
        small: list[Part] = []
        for place in found:
            n = place.n_persons - min(place.n_home, place.n_persons)
            if n > max(MOST_PER_SITE, wishes.persons_per_site):
                for share in _shares(n, ceil(n / wishes.persons_per_site)):
                    yield _Group(community, zone, (Part(place.path, place.name, share),))
            elif n:
                small.append(Part(place.path, place.name, n))
        yield from (_Group(community, zone, parts) for parts in _bundled(small, wishes.persons_per_site))


def _bundled(parts: Sequence[Part], target: int) -> Iterator[tuple[Part, ...]]:
    """Neighbours go together: each part to the site in whose share of the whole its middle lies."""
    total = sum(p.n_persons for p in parts)
    if not total:
        return
    share = total / ceil(total / target)
    before = 0
    sites: dict[int, list[Part]] = {}
    for part in parts:
        sites.setdefault(int((before + part.n_persons / 2) // share), []).append(part)
        before += part.n_persons
    for _, found in sorted(sites.items()):
        yield from _small_enough(tuple(found), max(MOST_PER_SITE, target))


def _small_enough(parts: tuple[Part, ...], most: int) -> Iterator[tuple[Part, ...]]:
    """Neighbours that are too many together go to two sites, divided where the halves are most alike."""
    total = sum(p.n_persons for p in parts)
    if total <= most or len(parts) < 2:
        yield parts
        return
    apart = [abs(total - 2 * sum(p.n_persons for p in parts[:n])) for n in range(1, len(parts))]
    middle = apart.index(min(apart)) + 1
    yield from _small_enough(parts[:middle], most)
    yield from _small_enough(parts[middle:], most)


def _shares(n: int, among: int) -> list[int]:
    low, more = divmod(n, among)
    return [low + 1] * more + [low] * (among - more)


def _manned(groups: Sequence[_Group], wishes: Wishes) -> list[Site]:
    wanted = [ceil(g.n / wishes.persons_per_sampler) for g in groups]
    given = _given(wanted, wishes.samplers_on_hand)
    return [_site(n, g, s, wishes) for n, (g, s) in enumerate(zip(groups, given, strict=True), 1)]


def _given(wanted: Sequence[int], on_hand: int | None) -> list[int]:
    """Share out the samplers there are in proportion to the need, at least one for each site."""
    total = sum(wanted)
    if on_hand is None or not total:
        return list(wanted)
    exact = [w * on_hand / total for w in wanted]
    given = [max(1, int(e)) for e in exact]
    for n in sorted(range(len(exact)), key=lambda n: int(exact[n]) - exact[n]):
        if sum(given) >= on_hand:
            break
        given[n] += 1
    return given


def _site(number: int, group: _Group, samplers: int, wishes: Wishes) -> Site:
    per_slot = max(1, samplers * wishes.swabs_per_hour * SLOT_MINUTES // 60)
    slots = ceil(group.n / per_slot)
    by_rule = ceil(group.n / wishes.persons_per_table)
    tables = by_rule if wishes.samplers_on_hand is None else max(1, min(by_rule, samplers))
    return Site(
        number, group.community, group.zone, group.parts, group.n, samplers, tables, slots, per_slot,
        ceil(group.n / pool_of(group.zone, wishes)),
        wishes.starts_at + timedelta(minutes=SLOT_MINUTES * slots),
    )  # fmt: skip


def _sizing(at_sites: int, n_home: int, wishes: Wishes) -> Iterator[Figure]:
    yield Figure("persons", at_sites + n_home, Rule.COUNTED)
    yield Figure("at_home", n_home, Rule.S_84)
    yield Figure("at_sites", at_sites, Rule.COUNTED)
    for key, per in (
        ("samplers", wishes.persons_per_sampler),
        ("sites", wishes.persons_per_site),
        ("tables", wishes.persons_per_table),
    ):
        yield Figure(key, ceil(at_sites / per), Rule.P_51, {"persons": at_sites, "per": per})


def _layout(sites: Sequence[Site], ends: datetime, wishes: Wishes) -> Iterator[Figure]:
    slots = max((s.slots for s in sites), default=0)
    per_slot = wishes.swabs_per_hour * SLOT_MINUTES / 60
    yield Figure("sites_laid_out", len(sites), Rule.P_51)
    yield Figure("tables_laid_out", sum(s.tables for s in sites), Rule.P_51)
    yield Figure("samplers_laid_out", sum(s.samplers for s in sites), Rule.P_51)
    yield Figure("slots", slots, Rule.P_51, {"per_slot": per_slot, "per_hour": wishes.swabs_per_hour})
    yield Figure("hours", slots * SLOT_MINUTES / 60, Rule.P_51)
    yield Figure("finishes_at", ends, Rule.P_51)
    yield Figure("due_at", wishes.starts_at + DUE, Rule.P_50)
    yield Figure("ready_before", wishes.starts_at - READY, Rule.P_52)


def _staff(sites: Sequence[Site], wishes: Wishes) -> Iterator[Figure]:
    tables = sum(s.tables for s in sites)
    yield Figure("leads", len(sites), Rule.S_83)
    yield Figure("guides", len(sites), Rule.P_53)
    yield Figure("registrars", tables, Rule.P_53)
    yield Figure("order_keepers", sum(max(2, s.tables) for s in sites), Rule.S_83)
    yield Figure("helpers", len(sites), Rule.S_83)
    yield Figure("couriers", ceil(len(sites) / 4), Rule.OURS, {"per": 4})
    crews = _crews(sites, wishes)
    relief = sum(s.samplers for s in sites if _shifts(s, wishes) > 1)
    yield Figure("relief_samplers", relief, Rule.S_88, {"minutes": wishes.suit_minutes, "shifts": crews})


def _shifts(site: Site, wishes: Wishes) -> int:
    return max(1, ceil(site.slots * SLOT_MINUTES / wishes.suit_minutes))


def _crews(sites: Sequence[Site], wishes: Wishes) -> int:
    return max((_shifts(s, wishes) for s in sites), default=1)


def _consumables(sites: Sequence[Site], n_home: int, wishes: Wishes) -> Iterator[Figure]:
    at_sites = sum(s.n_persons for s in sites)
    for zone in Zone:
        tubes = sum(s.tubes for s in sites if s.zone is zone)
        if tubes:
            yield Figure(f"tubes_{zone.value}", tubes, Rule.P_57, {"pool": pool_of(zone, wishes)})
    yield Figure("tubes_home", n_home, Rule.OURS)
    tubes = sum(s.tubes for s in sites) + n_home
    yield Figure("tubes", _with_reserve(tubes), Rule.OURS, {"reserve": RESERVE * 100, "bare": tubes})
    swabs = at_sites + n_home
    yield Figure("swabs", _with_reserve(swabs), Rule.OURS, {"reserve": RESERVE * 100, "bare": swabs})
    suits = sum((s.samplers + s.tables) * _shifts(s, wishes) for s in sites)
    yield Figure("suits", suits, Rule.S_88, {"minutes": wishes.suit_minutes})


def _with_reserve(n: int) -> int:
    return ceil(round(n * (1 + RESERVE), 6))


def _home(n_home: int, wishes: Wishes) -> Iterator[Figure]:
    crews = Crews(1, per_visit=wishes.home_minutes)
    a_day = visits_a_day(crews)
    teams = wishes.home_teams if wishes.home_teams is not None else teams_needed(n_home, crews)
    yield Figure("home_teams", teams, Rule.OURS, {"minutes": wishes.home_minutes, "a_day": a_day})


def _warnings(
    sites: Sequence[Site], wishes: Wishes, ends: datetime, ordered_at: datetime
) -> Iterator[Warned]:
    if not sites:
        yield Warned("nobody")
    if ends > wishes.starts_at + DUE:
        yield Warned("over_due", {"hours": round((ends - wishes.starts_at) / timedelta(hours=1), 1)})
    if wishes.starts_at - ordered_at < READY:
        yield Warned("no_time_to_set_up", {"hours": READY / timedelta(hours=1)})
    if wishes.swabs_per_hour > 60:
        yield Warned("fast_hands", {"per_hour": wishes.swabs_per_hour})
    yield from _strained(sites, wishes)


def _strained(sites: Sequence[Site], wishes: Wishes) -> Iterator[Warned]:
    short = len(sites) - wishes.samplers_on_hand if wishes.samplers_on_hand is not None else 0
    if short > 0:
        yield Warned("fewer_samplers_than_sites", {"short": short})
    large = sum(s.n_persons > MOST_PER_SITE for s in sites)
    if large:
        yield Warned("large_sites", {"sites": large, "most": MOST_PER_SITE})
    long = sum(s.slots * SLOT_MINUTES > 8 * 60 for s in sites)
    if long:
        yield Warned("long_sites", {"sites": long, "hours": 8})
