"""The arithmetic of a testing day: the seeds' figures, the layout, what is warned of."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulou.lines.testing.rules import planning
from bulou.lines.testing.rules.planning import Place, Plan, Rule, Wishes, Zone

START = datetime(2022, 4, 5, 20, tzinfo=UTC)
WISHES = Wishes(START)


def _places(n: int, compounds: int, *, zone: Zone = Zone.OTHER, a_community: int = 20) -> list[Place]:
    return [
        Place(
            f"1.1.{i // a_community}.{i:04}", f"compound {i}", f"1.1.{i // a_community}",
            n // compounds + (i < n % compounds), zone=zone,
        )
        for i in range(compounds)
    ]  # fmt: skip


def _plan(places: list[Place], wishes: Wishes = WISHES) -> Plan:
    return planning.plan(places, wishes, ordered_at=START - timedelta(hours=4))


def _amounts(plan: Plan) -> dict[str, object]:
    return {f.key: f.amount for f in plan.figures}


@pytest.mark.parametrize(
    ("n", "compounds", "samplers", "sites", "tables"),
    [
        (1_170, 1, 4, (1, 1), (2, 2)),
        (12_000, 20, 34, (4, 6), (15, 20)),
        (30_000, 50, 84, (10, 15), (38, 50)),
        (156_000, 400, 434, (52, 78), (195, 260)),
        (500_000, 900, 1_389, (167, 250), (625, 834)),
    ],
)
def test_the_figures_of_the_reports_come_out(
    n: int, compounds: int, samplers: int, sites: tuple[int, int], tables: tuple[int, int]
) -> None:
    found = _amounts(_plan(_places(n, compounds)))
    assert found["persons"] == n
    assert found["samplers"] == samplers
    assert sites[0] <= int(str(found["sites"])) <= sites[1]
    assert tables[0] <= int(str(found["tables"])) <= tables[1]


def test_one_compound_of_1170_is_done_in_ten_half_hours() -> None:
    plan = _plan(_places(1_170, 1))
    assert [(s.samplers, s.tables, s.slots, s.per_slot) for s in plan.sites] == [(4, 2, 10, 120)]
    assert plan.finishes_at == START + timedelta(hours=5)
    assert planning.arrivals(plan.sites[0]) == (120,) * 9 + (90,)


def test_every_figure_names_its_rule() -> None:
    for figure in _plan(_places(12_000, 20)).figures:
        assert figure.rule in set(Rule), figure


def test_everybody_has_exactly_one_site() -> None:
    places = [*_places(12_000, 20), Place("1.1.90.1", "large", "1.1.90", 7_001)]
    plan = _plan(places)
    sent: dict[str, int] = {}
    for site in plan.sites:
        for part in site.parts:
            sent[part.path] = sent.get(part.path, 0) + part.n_persons
    assert sent == {p.path: p.n_persons for p in places}


def test_a_compound_that_is_too_large_has_sites_of_its_own() -> None:
    plan = _plan([Place("1.1.1.1", "large", "1.1.1", 7_001), Place("1.1.1.2", "small", "1.1.1", 300)])
    assert [[(p.name, p.n_persons) for p in s.parts] for s in plan.sites] == [
        [("large", 2_334)],
        [("large", 2_334)],
        [("large", 2_333)],
        [("small", 300)],
    ]


def test_neighbours_that_are_too_many_together_go_to_two_sites() -> None:
    sizes = (600, 1_900, 1_900, 600)
    places = [Place(f"1.1.1.{n}", f"{n}", "1.1.1", size) for n, size in enumerate(sizes)]
    found = [[p.name for p in s.parts] for s in _plan(places).sites]
    assert found == [["0", "1"], ["2", "3"]]
    assert max(s.n_persons for s in _plan([*places, *_places(9_000, 7)]).sites) <= planning.MOST_PER_SITE


def test_zones_and_communities_never_share_a_site() -> None:
    places = [
        Place("1.1.1.1", "a", "1.1.1", 400),
        Place("1.1.1.2", "b", "1.1.1", 400, zone=Zone.SEALED),
        Place("1.1.2.1", "c", "1.1.2", 400),
    ]
    assert sorted("".join(p.name for p in s.parts) for s in _plan(places).sites) == ["a", "b", "c"]


def test_the_zone_decides_how_many_swabs_share_a_tube() -> None:
    places = [
        Place("1.1.1.1", "a", "1.1.1", 400, zone=Zone.SEALED),
        Place("1.1.1.2", "b", "1.1.1", 401, zone=Zone.CONTROLLED),
        Place("1.1.1.3", "c", "1.1.1", 401, zone=Zone.PRECAUTION),
        Place("1.1.1.4", "d", "1.1.1", 400, zone=Zone.OTHER),
    ]
    found = _amounts(_plan(places, Wishes(START, pool_other=5)))
    tubes = {
        z: found[f"tubes_{z.value}"] for z in (Zone.SEALED, Zone.CONTROLLED, Zone.PRECAUTION, Zone.OTHER)
    }
    assert list(tubes.values()) == [400, 41, 21, 80]


def test_who_is_sampled_at_home_does_not_stand_in_the_queue() -> None:
    plan = _plan([Place("1.1.1.1", "a", "1.1.1", 400, n_home=40)])
    assert (plan.n_persons, plan.n_home, plan.sites[0].n_persons) == (400, 40, 360)
    assert _amounts(plan)["home_teams"] == 2  # 36 homes a day each: a quarter of it is the way


def test_with_fewer_samplers_the_day_is_longer_and_nobody_is_left_out() -> None:
    few = _plan(_places(12_000, 20), Wishes(START, samplers_on_hand=10))
    assert sum(s.samplers for s in few.sites) == 10
    assert few.finishes_at > _plan(_places(12_000, 20)).finishes_at
    assert sum(s.n_persons for s in few.sites) == 12_000
    assert {w.code for w in few.warnings} == {"long_sites"}


def test_what_cannot_be_done_is_said_before_it_is_published() -> None:
    late = planning.plan(
        _places(12_000, 20), Wishes(START, samplers_on_hand=2, swabs_per_hour=90), ordered_at=START
    )
    assert {w.code for w in late.warnings} == {
        "over_due", "no_time_to_set_up", "fewer_samplers_than_sites", "long_sites", "fast_hands",
    }  # fmt: skip
    assert [w.code for w in _plan([]).warnings] == ["nobody"]


@given(st.lists(st.integers(0, 5_000), max_size=40), st.integers(1, 60) | st.none())
def test_the_plan_accounts_for_everybody(sizes: list[int], on_hand: int | None) -> None:
    places = [
        Place(f"1.1.{i // 7}.{i:03}", f"{i}", f"1.1.{i // 7}", n, n_home=n // 9)
        for i, n in enumerate(sizes)
    ]  # fmt: skip
    plan = _plan(places, Wishes(START, samplers_on_hand=on_hand))
    assert plan.n_persons == sum(sizes)
    for site in plan.sites:
        assert sum(planning.arrivals(site)) == site.n_persons == sum(p.n_persons for p in site.parts)
        assert site.samplers >= 1
        assert site.n_persons <= planning.MOST_PER_SITE
        assert len(planning.arrivals(site)) == site.slots
    assert sum(planning.crowd_by_slot(plan.sites)) == sum(s.n_persons for s in plan.sites)
