"""The register changes, and yesterday's answers stay."""

from datetime import date

import pytest

from bulou.access.actions.gate import system_actor
from bulou.grid import queries
from bulou.grid.actions.area_steps import Change, NewArea
from bulou.grid.actions.areas import (
    Part,
    add_area,
    add_district,
    end_area,
    merge_areas,
    move_area,
    rename_area,
    split_area,
)
from bulou.grid.actions.registers import (
    NewDoor,
    NewSite,
    add_dwelling,
    add_site,
    close_dwelling,
    close_site,
    set_code,
    set_population,
)
from bulou.grid.terms import AreaKind, GridCounts, ImportKind, Level, PopulationKind, SiteType
from bulou.kernel.problems import ProblemError
from bulou.kernel.reach import whole
from bulou.kernel.scope import transaction
from bulou.ledger.queries import history
from tests.make import access, grid

pytestmark = pytest.mark.django_db
HERE = whole(grid.DISTRICT)
CLERK = system_actor(grid.DISTRICT)
BEFORE, DAY, AFTER = date(2020, 1, 26), date(2020, 1, 27), date(2020, 2, 10)
CHANGE = Change(DAY, "told by the street office")
COMMUNITY, COMPOUND = "220303.001.003", "220303.001.003.c001"


def counts(path: str, on: date) -> GridCounts:
    with transaction(HERE):
        return queries.counts(HERE, path, on)


def problem(code: str, status: int) -> "pytest.RaisesExc[ProblemError]":
    return pytest.RaisesExc(ProblemError, check=lambda e: (e.problem.code, e.status) == (code, status))


@pytest.fixture(autouse=True)
def district() -> None:
    grid.district()
    grid.block("东晟", "幸福小区")


def test_a_compound_found_later_moves_the_denominator_from_its_day_on() -> None:
    """235 compounds on the first day, 256 after the correction: both are right."""
    new = NewArea("阳光里", Level.COMPOUND, AreaKind.COMPOUND_UNMANAGED)
    area = add_area(CLERK, parent=COMMUNITY, new=new, change=CHANGE)
    assert (area.path, area.kind) == ("220303.001.003.c002", AreaKind.COMPOUND_UNMANAGED)
    assert [counts(grid.DISTRICT, on).compounds for on in (BEFORE, DAY, AFTER)] == [1, 2, 2]


def test_an_area_is_not_added_twice_nor_above_its_level() -> None:
    add_area(CLERK, parent=COMMUNITY, new=NewArea("阳光里", Level.COMPOUND), change=CHANGE)
    with problem("grid.name_taken", 409):
        add_area(CLERK, parent=COMMUNITY, new=NewArea("阳光里", Level.COMPOUND), change=CHANGE)
    with problem("grid.path_taken", 409):
        add_area(CLERK, parent=COMMUNITY, new=NewArea("x", Level.COMPOUND, label="c001"), change=CHANGE)
    with problem("grid.level_not_below", 422):
        add_area(CLERK, parent=COMPOUND, new=NewArea("x", Level.STREET), change=CHANGE)
    with problem("grid.path_not_allowed", 422):
        add_area(CLERK, parent=COMMUNITY, new=NewArea("x", Level.COMPOUND, label="a b"), change=CHANGE)
    with problem("grid.reason_missing", 422):
        add_area(CLERK, parent=COMMUNITY, new=NewArea("x", Level.COMPOUND), change=Change(DAY, " "))
    with problem("grid.no_such_area", 404):
        add_area(CLERK, parent="220303.001.999", new=NewArea("x", Level.COMPOUND), change=CHANGE)


def test_a_new_name_leaves_the_old_one_to_the_days_before() -> None:
    rename_area(CLERK, path="220303.001", name="平安镇", change=CHANGE)
    with transaction(HERE):
        names = [queries.area_at(grid.DISTRICT, "220303.001", on) for on in (BEFORE, DAY)]
        versions = queries.timeline(HERE, "220303.001")
    assert [(a.short_name, a.kind) for a in names if a] == [
        ("平东街道", AreaKind.STREET),
        ("平安镇", AreaKind.TOWN),
    ]
    assert [v.reason for v in versions][-1] == CHANGE.reason
    assert versions[0].area.area_id == versions[1].area.area_id


def test_two_names_on_one_day_leave_the_last() -> None:
    rename_area(CLERK, path="220303.001", name="a", change=CHANGE)
    rename_area(CLERK, path="220303.001", name="b", change=CHANGE)
    with transaction(HERE):
        assert [v.area.name for v in queries.timeline(HERE, "220303.001")] == ["平东街道", "b"]


def test_a_change_before_a_known_later_one_is_refused() -> None:
    rename_area(CLERK, path="220303.001", name="b", change=Change(AFTER, "x"))
    with problem("grid.later_change_exists", 409):
        rename_area(CLERK, path="220303.001", name="a", change=CHANGE)
    with problem("grid.not_yet_valid", 409):
        rename_area(CLERK, path="220303.002", name="a", change=Change(date(2019, 1, 1), "x"))


def test_a_compound_that_moves_takes_its_doors_and_leaves_the_past() -> None:
    site = add_site(
        CLERK, path=COMPOUND, new=NewSite(SiteType.COMPOUND_GATE, "east gate"), on=grid.SINCE, reason="x"
    )
    set_population(CLERK, path=COMPOUND, kind=PopulationKind.LIVING, n=80, on=grid.SINCE, reason="x")
    new_path = move_area(CLERK, path=COMPOUND, to="220303.001.004", change=CHANGE)
    assert new_path == "220303.001.004.c001"
    assert [counts(COMMUNITY, on).dwellings for on in (BEFORE, DAY)] == [8, 0]
    assert [counts("220303.001.004", on).dwellings for on in (BEFORE, DAY)] == [0, 8]
    assert [counts("220303.001.004", on).buildings for on in (BEFORE, DAY)] == [0, 2]
    with transaction(HERE):
        door = queries.dwellings(HERE, new_path).items[0]
        assert (door.area, door.path) == (new_path, f"{new_path}.b01.u1")
        assert queries.sites(HERE, new_path).items[0].site_id != site
        assert [p.n for p in queries.populations(HERE, new_path, DAY)] == [80]
        assert queries.populations(HERE, COMPOUND, DAY) == ()
        assert [p.n for p in queries.populations(HERE, COMPOUND, BEFORE)] == [80]
        (old,) = [v for v in queries.timeline(HERE, new_path) if v.area.path == COMPOUND]
        assert old.area.valid_until == DAY


def test_moves_that_make_no_sense_are_refused() -> None:
    with problem("grid.into_itself", 422):
        move_area(CLERK, path=COMPOUND, to=f"{COMPOUND}.b01", change=CHANGE)
    with problem("grid.level_not_below", 422):
        move_area(CLERK, path="220303.002", to=COMMUNITY, change=CHANGE)
    with problem("grid.no_such_area", 404):
        move_area(CLERK, path=COMPOUND, to="220303.999", change=CHANGE)


def test_a_compound_is_split_by_its_buildings() -> None:
    part = Part("幸福小区二期", (f"{COMPOUND}.b02",))
    (made,) = split_area(CLERK, path=COMPOUND, parts=(part,), change=CHANGE)
    assert [counts(COMPOUND, on).dwellings for on in (BEFORE, DAY)] == [8, 4]
    assert [counts(made, on).dwellings for on in (BEFORE, DAY)] == [0, 4]
    assert [counts(COMMUNITY, on).compounds for on in (BEFORE, DAY)] == [1, 2]
    with transaction(HERE):
        assert {door.area for door in queries.dwellings(HERE, made).items} == {made}


def test_two_compounds_become_one() -> None:
    grid.taken(ImportKind.AREAS, grid.sheet(("社区", "小区"), [("东晟", "阳光里")]))
    grid.doors([("东晟", "阳光里", "9", "", 1, "101", ""), ("东晟", "阳光里", "", "", "", "7", "")])
    merge_areas(CLERK, into=COMPOUND, others=("220303.001.003.c002",), change=CHANGE)
    assert [counts(COMPOUND, on).dwellings for on in (BEFORE, DAY)] == [8, 10]
    assert [counts(COMMUNITY, on).compounds for on in (BEFORE, DAY)] == [2, 1]


def test_two_doors_do_not_become_one_in_silence() -> None:
    grid.taken(ImportKind.AREAS, grid.sheet(("社区", "小区"), [("东晟", "阳光里")]))
    grid.doors([("东晟", name, "", "", "", "7", "") for name in ("阳光里", "幸福小区")])
    with problem("grid.doors_collide", 409):
        merge_areas(CLERK, into=COMPOUND, others=("220303.001.003.c002",), change=CHANGE)


def test_an_area_ends_when_nothing_is_left_in_it() -> None:
    with problem("grid.still_in_use", 409):
        end_area(CLERK, path=COMPOUND, change=CHANGE)
    add_area(CLERK, parent=COMMUNITY, new=NewArea("阳光里", Level.COMPOUND), change=CHANGE)
    end_area(CLERK, path="220303.001.003.c002", change=Change(AFTER, "torn down"))
    assert [counts(COMMUNITY, on).compounds for on in (DAY, AFTER)] == [2, 1]
    again = add_area(CLERK, parent=COMMUNITY, new=NewArea("c", Level.COMPOUND), change=Change(AFTER, "x"))
    assert again.path == "220303.001.003.c003"


def test_doors_come_and_go_by_the_day() -> None:
    new = NewDoor("301室", floor=3)
    door = add_dwelling(CLERK, path=f"{COMPOUND}.b01.u1", new=new, on=DAY, reason="found")
    with problem("grid.door_taken", 409):
        add_dwelling(CLERK, path=f"{COMPOUND}.b01.u1", new=new, on=DAY, reason="found")
    with problem("grid.place_too_wide", 422):
        add_dwelling(CLERK, path="220303.001", new=new, on=DAY, reason="found")
    close_dwelling(CLERK, dwelling_id=door, path=COMPOUND, on=AFTER, reason="joined with 302")
    assert [counts(COMPOUND, on).dwellings for on in (BEFORE, DAY, AFTER)] == [8, 9, 8]
    with problem("grid.no_such_dwelling", 404):
        close_dwelling(CLERK, dwelling_id=door, path=COMPOUND, on=AFTER, reason="again")


def test_sites_come_and_go_by_the_day() -> None:
    market = add_site(CLERK, path="220303.001", new=NewSite(SiteType.MARKET, "market"), on=DAY, reason="x")
    with problem("grid.name_taken", 409):
        add_site(CLERK, path="220303.001", new=NewSite(SiteType.MARKET, "market"), on=DAY, reason="x")
    close_site(CLERK, site_id=market, path="220303.001", on=AFTER, reason="torn down")
    assert [len(counts(grid.DISTRICT, on).sites) for on in (BEFORE, DAY, AFTER)] == [0, 1, 0]


def test_both_denominators_are_kept_by_the_day() -> None:
    for kind, n in ((PopulationKind.REGISTERED, 112_000), (PopulationKind.LIVING, 156_000)):
        set_population(CLERK, path="220303.001", kind=kind, n=n, on=DAY, reason="report")
    set_population(CLERK, path="220303.001", kind=PopulationKind.LIVING, n=156_100, on=AFTER, reason="report")
    with transaction(HERE):
        found = [{p.n for p in queries.populations(HERE, "220303.001", on)} for on in (BEFORE, DAY, AFTER)]
    assert found == [set(), {112_000, 156_000}, {112_000, 156_100}]


def test_a_code_may_mean_another_street_next_year() -> None:
    set_code(CLERK, path="220303.001", scheme="mca", code="220303001", on=DAY, reason="x")
    with problem("grid.code_has_other_name", 409):
        set_code(CLERK, path="220303.002", scheme="mca", code="220303001", on=DAY, reason="x")
    set_code(CLERK, path="220303.001", scheme="mca", code="220303011", on=AFTER, reason="renumbered")
    set_code(CLERK, path="220303.002", scheme="mca", code="220303001", on=AFTER, reason="renumbered")
    with transaction(HERE):
        meant = [queries.by_code(grid.DISTRICT, "mca", "220303001", on) for on in (BEFORE, DAY, AFTER)]
    assert [area.path if area else None for area in meant] == [None, "220303.001", "220303.002"]


def test_every_change_is_told_in_the_ledger_with_its_reason() -> None:
    area = rename_area(CLERK, path="220303.001", name="平安街道", change=CHANGE)
    with transaction(HERE):
        (entry,) = history(HERE, area.area_id)
    assert entry.kind == "grid.area_renamed"
    assert CHANGE.reason.encode() in entry.payload


def test_a_new_district_starts_with_its_root() -> None:
    add_district(system_actor("421303"), code="421303", name="曾都区", on=DAY, reason="new")
    with transaction(whole("421303")):
        assert [a.short_name for a in queries.districts(whole("421303"), DAY)] == ["曾都区"]


def test_officers_change_their_own_street_and_no_other() -> None:
    zhao = access.zhao()
    rename_area(zhao, path="220303.002.002", name="马车房社区", change=CHANGE)
    with problem("access.not_found", 404):
        rename_area(zhao, path="220303.001", name="x", change=CHANGE)
    with problem("access.not_allowed", 403):
        rename_area(access.lin(COMMUNITY), path=COMMUNITY, name="x", change=CHANGE)
