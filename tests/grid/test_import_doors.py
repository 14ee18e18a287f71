"""Registers of doors and sites."""

from datetime import date
from pathlib import Path

import pytest

from bulou.access.actions.gate import system_actor
from bulou.grid import queries
from bulou.grid.actions.imports import ImportOptions, check_file, match_columns
from bulou.grid.terms import NATION, ImportKind, Need, SiteType
from bulou.kernel.problems import ProblemError
from bulou.kernel.reach import whole
from bulou.kernel.scope import transaction
from tests.make import access, grid

pytestmark = pytest.mark.django_db
HERE = whole(grid.DISTRICT)
DAY = date(2020, 1, 27)


@pytest.fixture(autouse=True)
def district() -> None:
    grid.district()


def test_doors_make_the_first_compounds_of_a_community_and_all_buildings() -> None:
    receipt = grid.block("东晟", "幸福小区")
    assert (receipt.rows, receipt.stored) == (8, 8)
    with transaction(HERE):
        counts = queries.counts(HERE, "220303.001.003", DAY)
        page = queries.dwellings(HERE, "220303.001.003")
    assert (counts.compounds, counts.buildings, counts.units, counts.dwellings) == (1, 2, 2, 8)
    first = page.items[0]
    assert (first.area, first.path, first.building, first.door) == (
        "220303.001.003.c001",
        "220303.001.003.c001.b01.u1",
        "1号楼 1单元",
        "101",
    )


def test_a_slip_in_a_compounds_name_is_set_aside_with_the_nearest_names() -> None:
    grid.block("东晟", "幸福小区")
    receipt = grid.doors([("东晟", "幸福里", "1", "1", 1, "101", "")])
    assert receipt.quarantined == 1
    problem = receipt.first_problems[0]
    assert problem.code == "grid.unknown_area"
    assert problem.params == {"name": "幸福里", "nearest": "幸福小区"}


def test_a_compound_is_made_beside_others_when_that_is_asked_for() -> None:
    grid.block("东晟", "幸福小区")
    options = ImportOptions(create_missing=True, valid_from=grid.SINCE)
    assert grid.doors([("东晟", "幸福里", "1", "1", 1, "101", "")], options=options).stored == 1


def test_every_spelling_of_a_place_is_the_same_place() -> None:
    rows = [
        ("东晟", "幸福小区", "1号楼", "1单元", 1, "101", ""),
        ("东晟社区", "幸福小区", "1栋", "1", 1, "102", ""),
        ("东晟社区居民委员会", "幸福", "01#", "1门", 1, "103", ""),
        ("四平市铁东区平东街道东晟社区居民委员会", "幸福小区", "１", "１单元", 1, "104", ""),
    ]
    assert grid.doors(rows).stored == 4
    with transaction(HERE):
        counts = queries.counts(HERE, "220303.001.003", DAY)
    assert (counts.compounds, counts.buildings, counts.units) == (1, 1, 1)


def test_village_doors_stand_in_the_village_itself() -> None:
    assert grid.doors([("头道村", "", "", "", "", "17", "")]).stored == 1
    with transaction(HERE):
        door = queries.dwellings(HERE, "220303.100").items[0]
    assert door.path == door.area == "220303.100.201"


def test_each_row_that_cannot_be_used_says_why() -> None:
    rows = [
        ("东晟", "幸福", "1", "1", "x", "101", ""),
        ("东晟", "幸福", "1", "1", 1, "", ""),
        ("东晟", "幸福", "1", "1", 1, "101", "rich"),
        ("nowhere", "幸福", "1", "1", 1, "101", ""),
        ("", "", "", "", "", "101", ""),
        ("东晟", "幸福", "1", "1", 1, "101", "", "too much"),
        ("东晟", "幸福", "1", "1", 1, "101"),
    ]
    receipt = grid.doors(rows)
    assert [p.code for p in receipt.first_problems] == [
        "grid.floor_malformed",
        "grid.door_missing",
        "grid.need_unknown",
        "grid.unknown_area",
        "grid.place_too_wide",
        "grid.too_many_cells",
    ]
    assert [p.row for p in receipt.first_problems] == [2, 3, 4, 5, 6, 7]
    assert receipt.stored == 1


def test_of_two_rows_for_one_door_the_first_counts_and_the_second_is_shown() -> None:
    rows = [
        ("东晟", "幸福", "1", "1", 1, "101", ""),
        ("东晟", "幸福", "1", "1", 2, "101", ""),
        ("东晟", "幸福", "1", "1", 1, "101", ""),
    ]
    for stored, unchanged in ((1, 1), (0, 2)):
        receipt = grid.doors(rows)
        assert (receipt.stored, receipt.unchanged, receipt.quarantined) == (stored, unchanged, 1)
        assert receipt.first_problems[0].params == {"first": 2}
    with transaction(HERE):
        assert [d.floor for d in queries.dwellings(HERE, grid.DISTRICT).items] == [1]


def test_new_particulars_change_the_door_that_is_known() -> None:
    grid.doors([("东晟", "幸福", "1", "1", 1, "101", "")])
    receipt = grid.doors([("东晟", "幸福", "1", "1", 1, "101", "独居老人")])
    assert (receipt.stored, receipt.changed) == (1, 1)
    with transaction(HERE):
        (door,) = queries.dwellings(HERE, grid.DISTRICT).items
    assert door.needs_help == (Need.ELDERLY_ALONE,)


def test_gb18030_semicolons_and_a_title_are_read(tmp_path: Path) -> None:
    text = "东晟社区住户登记表\r\n\r\n社区;小区;楼号;门牌号\r\n东晟;幸福小区;1号楼;101\r\n"
    file = tmp_path / "doors.csv"
    file.write_bytes(text.encode("gb18030"))
    receipt = grid.taken(ImportKind.DWELLINGS, file.read_bytes())
    assert (receipt.rows, receipt.stored) == (1, 1)


def test_doors_by_path_and_day() -> None:
    content = grid.sheet(("path", "door", "valid_from"), [("220303.001.003", "1", "2020-02-01")])
    assert grid.taken(ImportKind.DWELLINGS, content).stored == 1
    with transaction(HERE):
        assert queries.counts(HERE, grid.DISTRICT, date(2020, 1, 31)).dwellings == 0
        assert queries.counts(HERE, grid.DISTRICT, date(2020, 2, 1)).dwellings == 1


def test_sites_with_their_attributes() -> None:
    rows = [("公厕", "一号公厕", "东晟", "45.5"), ("主干道", "平东大街", "", ""), ("garage", "x", "东晟", ""),
            ("垃圾箱", "a", "东晟", "big")]  # fmt: skip
    content = grid.sheet(("类型", "名称", "社区", "面积"), rows)
    receipt = grid.taken(ImportKind.SITES, content)
    assert (receipt.stored, receipt.quarantined) == (2, 2)
    assert [p.code for p in receipt.first_problems] == ["grid.kind_unknown", "grid.number_malformed"]
    with transaction(HERE):
        page = queries.sites(HERE, grid.DISTRICT, types=(SiteType.PUBLIC_TOILET,))
        assert dict(page.items[0].attributes) == {"area_m2": 45.5}
        assert queries.counts(HERE, grid.DISTRICT, DAY).sites == {
            SiteType.MAIN_ROAD: 1,
            SiteType.PUBLIC_TOILET: 1,
        }
        assert set(queries.site_types(grid.DISTRICT, [page.items[0].site_id]).values()) == {
            SiteType.PUBLIC_TOILET
        }
    assert grid.taken(ImportKind.SITES, content).unchanged == 2


def test_the_rows_set_aside_come_as_a_file_that_can_be_mended_and_sent_again(tmp_path: Path) -> None:
    to = tmp_path / "set-aside.csv"
    options = ImportOptions(quarantine_to=to, valid_from=grid.SINCE)
    content = grid.sheet(
        ("社区", "小区", "门牌", "备注"), [("东晟", "幸福", "=1+1", "x"), ("东晟", "幸福", "", "@x")]
    )
    receipt = grid.taken(ImportKind.DWELLINGS, content, options=options)
    assert receipt.quarantine_file == str(to)
    text = to.read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    assert "'@x" in text.decode("utf-8-sig")
    mended = text.decode("utf-8-sig").replace("幸福,,", "幸福,101,").encode()
    again = grid.taken(ImportKind.DWELLINGS, mended, options=options)
    assert (again.rows, again.stored) == (1, 1)


def test_no_file_is_written_when_nothing_is_set_aside(tmp_path: Path) -> None:
    to = tmp_path / "set-aside.csv"
    options = ImportOptions(quarantine_to=to)
    content = grid.sheet(("社区", "门牌"), [("头道", "1")])
    assert grid.taken(ImportKind.DWELLINGS, content, options=options).quarantine_file is None
    assert not to.exists()


def test_doors_of_many_districts_at_once_are_refused() -> None:
    with pytest.raises(ProblemError) as caught:
        grid.taken(ImportKind.DWELLINGS, grid.sheet(("path", "door"), []), path=NATION)
    assert caught.value.problem.code == "grid.one_district_only"


def test_only_who_may_import_there_imports() -> None:
    arguments = {"kind": ImportKind.DWELLINGS, "content": b"path,door\n", "file_name": "a.csv"}
    for actor in (access.lin(), access.zhao()):
        with pytest.raises(ProblemError) as caught:
            check_file(actor, path=access.COMMUNITY, **arguments)  # type: ignore[arg-type]
        assert caught.value.problem.code in {"access.not_allowed", "access.not_found"}
    assert check_file(access.clerk(), path=grid.DISTRICT, **arguments).rows == 0  # type: ignore[arg-type]


def test_progress_is_told() -> None:
    told: list[int] = []
    rows = [("头道", f"{n}") for n in range(20_001)]
    options = ImportOptions(progress=told.append, valid_from=grid.SINCE)
    content = grid.sheet(("社区", "门牌"), rows)
    assert grid.taken(ImportKind.DWELLINGS, content, options=options).stored == 20_001
    assert told == [20_000]


def test_a_person_can_see_the_matching_of_columns_first() -> None:
    columns = match_columns(ImportKind.DWELLINGS, "社区,门牌,备注\n".encode(), "a.csv", {})
    assert dict(columns.at) == {"community": 0, "door": 1}
    assert columns.ignored == ("备注",)


def test_the_import_is_told_in_the_ledger_and_listed() -> None:
    receipt = grid.block("东晟", "幸福小区")
    with transaction(HERE):
        listed = queries.imports(HERE).items[0]
        assert (listed.import_id, listed.rows, listed.stored) == (receipt.import_id, 8, 8)
        assert listed.made_by == system_actor(grid.DISTRICT).account_id
