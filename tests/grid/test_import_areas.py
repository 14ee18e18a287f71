"""Division files as they come, and other lists of areas."""

from collections.abc import Sequence
from datetime import date

import pytest

from bulou.access.actions.gate import system_actor
from bulou.grid import models, queries
from bulou.grid.actions.imports import ImportOptions, check_file, import_file
from bulou.grid.terms import NATION, AreaFlag, AreaKind, ImportKind, Level, PopulationKind, Receipt
from bulou.kernel.problems import ProblemError
from bulou.kernel.reach import Scope, whole
from bulou.kernel.scope import transaction
from tests.make import grid

pytestmark = pytest.mark.django_db
HERE = whole(grid.DISTRICT)
DAY = date(2020, 1, 27)


def areas(
    rows: Sequence[Sequence[object]], *columns: str, path: str = grid.DISTRICT, **options: object
) -> Receipt:
    chosen = ImportOptions(**{"valid_from": grid.SINCE, **options})  # type: ignore[arg-type]
    return grid.taken(ImportKind.AREAS, grid.sheet(columns, rows), path=path, options=chosen)


def test_the_packaged_district_is_taken_as_it_is() -> None:
    receipt = grid.district()
    assert (receipt.rows, receipt.stored, receipt.unchanged, receipt.quarantined) == (99, 99, 0, 0)
    with transaction(HERE):
        counts = queries.counts(HERE, grid.DISTRICT, DAY)
        assert (counts.streets, counts.communities + counts.villages) == (12, 99)
        area = queries.area_at(grid.DISTRICT, "220303.001.003", DAY)
        assert area is not None
        assert (area.name, area.short_name) == ("东晟社区居民委员会", "东晟社区")
        assert [step.short_name for step in queries.breadcrumbs(area.path, DAY)] == [
            "铁东区",
            "平东街道",
            "东晟社区",
        ]
        assert [code.code for code in queries.codes(grid.DISTRICT, area.area_id)] == ["220303001003"]


def test_the_same_file_again_changes_nothing() -> None:
    grid.district()
    with transaction(HERE):
        before = set(models.Area.objects.values_list("id", flat=True))
    receipt = grid.district()
    assert (receipt.stored, receipt.unchanged, receipt.quarantined) == (0, 99, 0)
    with transaction(HERE):
        assert set(models.Area.objects.values_list("id", flat=True)) == before


def test_rows_of_other_districts_are_set_aside() -> None:
    rows = [
        ("220303", "铁东区", "220303001", "平东街道", "220303001003", "东晟社区居委会"),
        ("421303", "曾都区", "421303001", "西城街道", "421303001001", "乌龙巷居委会"),
    ]
    receipt = areas(rows, "district_code", "district", "street_code", "street", "village_code", "village")
    assert (receipt.stored, receipt.quarantined) == (1, 1)
    assert receipt.first_problems[0].code == "grid.outside_area"
    assert receipt.first_problems[0].row == 3


def test_a_national_file_plants_every_district_with_city_and_province() -> None:
    rows = [
        ("110101001", "东华门街道", "110101", "11", "1101"),
        ("220303001", "四平市铁东区平东街道", "220303", "22", "2203"),
        ("220303002", "四平市铁东区北市场街道", "220303", "22", "2203"),
        ("2203", "nothing", "", "", ""),
        ("", "", "", "", ""),
    ]
    header = ("code", "name", "areaCode", "provinceCode", "cityCode")
    receipt = areas(rows, *header, path=NATION)
    assert (receipt.rows, receipt.stored, receipt.quarantined) == (4, 3, 1)
    known = ("11", "1101", "110101", "22", "2203", "220303")
    with transaction(Scope(known, known)):
        tree = {row.path: row for row in models.Area.objects.all()}
    assert {path for path, row in tree.items() if row.level == Level.DISTRICT} == {"110101", "220303"}
    assert tree["220303"].parent == tree["2203"].area
    assert tree["2203"].parent == tree["22"].area
    assert AreaFlag.UNNAMED in tree["220303"].flags
    assert areas(rows, *header, path=NATION).unchanged == 3


def test_names_come_later_to_districts_that_were_known_by_code() -> None:
    areas([("220303001", "平东街道", "220303")], "code", "name", "areaCode", path=NATION)
    grid.district()
    with transaction(HERE):
        root = queries.area_at(grid.DISTRICT, grid.DISTRICT, DAY)
    assert root is not None
    assert (root.name, root.flags) == ("铁东区", ())


def test_a_code_that_means_another_street_is_for_a_person_to_decide() -> None:
    """Statistics and civil affairs give 220303003 to two different streets."""
    grid.district()
    receipt = areas([("220303003", "黄土坑街道")], "code", "name")
    assert receipt.quarantined == 1
    assert receipt.first_problems[0].code in {"grid.code_differs", "grid.code_has_other_name"}


def test_another_numbering_is_kept_beside_the_first() -> None:
    grid.district()
    receipt = areas([("220303003", "黄土坑街道")], "code", "name", scheme="mca")
    assert (receipt.stored, receipt.quarantined) == (1, 0)
    with transaction(HERE):
        area = queries.by_code(grid.DISTRICT, "mca", "220303003", DAY)
        assert area is not None
        assert area.path == "220303.007"
        assert {(c.scheme, c.code) for c in queries.codes(grid.DISTRICT, area.area_id)} == {
            ("mca", "220303003"),
            ("nbs", "220303007"),
        }


def test_compounds_and_their_heads_by_names() -> None:
    grid.district()
    rows = [("东晟", "幸福小区", "无物业小区", 1200, 1500), ("东晟", "阳光里", "", "", "")]
    receipt = areas(rows, "社区", "小区", "类型", "户籍人口", "实际居住人数")
    assert receipt.stored == 2
    with transaction(HERE):
        found = queries.children(HERE, "220303.001.003", DAY)
        assert [(a.short_name, a.kind) for a in found] == [
            ("幸福小区", AreaKind.COMPOUND_UNMANAGED),
            ("阳光里", AreaKind.COMPOUND_MANAGED),
        ]
        heads = {p.kind: p.n for p in queries.populations(HERE, found[0].path, DAY)}
    assert heads == {PopulationKind.REGISTERED: 1200, PopulationKind.LIVING: 1500}


def test_heads_that_change_are_new_from_their_day_on() -> None:
    grid.district()
    areas([("220303.001", 100)], "path", "living")
    receipt = areas([("220303.001", 120, "2020-02-01")], "path", "living", "valid_from")
    assert receipt.stored == 1
    with transaction(HERE):
        before = queries.populations(HERE, "220303.001", DAY)
        after = queries.populations(HERE, "220303.001", date(2020, 2, 1))
    assert ([p.n for p in before], [p.n for p in after]) == ([100], [120])


def test_areas_by_path_with_a_kind() -> None:
    grid.district()
    rows = [
        ("220303.001.003.x1", "幸福小区", "compound_old"),
        ("220303.001.003.x1.b07", "7号楼", "building"),
        ("220303.001.999.x1", "nowhere", "compound_old"),
        ("220303.001.003.x1", "幸福小区", "compound_old"),
    ]
    receipt = areas(rows, "path", "name", "kind")
    assert (receipt.stored, receipt.unchanged, receipt.quarantined) == (2, 1, 1)
    assert receipt.first_problems[0].code == "grid.unknown_path"


def test_below_a_chosen_community_the_rows_need_not_repeat_it() -> None:
    grid.district()
    receipt = areas([("幸福小区",), ("阳光里",)], "小区", path="220303.001.003")
    assert receipt.stored == 2
    with transaction(HERE):
        assert len(queries.children(HERE, "220303.001.003", DAY)) == 2


def test_a_chosen_area_that_is_not_there_is_not_found() -> None:
    grid.district()
    with pytest.raises(ProblemError) as caught:
        areas([("幸福小区",)], "小区", path="220303.001.999")
    assert (caught.value.problem.code, caught.value.status) == ("grid.no_such_area", 404)


def test_two_committees_with_one_short_name_are_two_areas() -> None:
    rows = [
        ("220303", "铁东区", "220303001", "平东街道", "220303001001", "东山社区居委会"),
        ("220303", "铁东区", "220303001", "平东街道", "220303001002", "东山居民委员会"),
        ("220303", "铁东区", "220303001", "平东街道", "220303001003", "东山村委会"),
    ]
    columns = ("district_code", "district", "street_code", "street", "village_code", "village")
    assert areas(rows, *columns).stored == 3
    assert areas(rows, *columns).unchanged == 3


def test_a_trial_says_the_same_and_keeps_nothing() -> None:
    rows = [("220303", "铁东区", "220303001", "平东街道"), ("421303", "曾都区", "421303001", "西城街道")]
    content = grid.sheet(("district_code", "district", "street_code", "street"), rows)
    arguments = {"kind": ImportKind.AREAS, "path": grid.DISTRICT, "content": content, "file_name": "a.csv"}
    actor = system_actor(grid.DISTRICT)
    tried = check_file(actor, **arguments)  # type: ignore[arg-type]
    with transaction(HERE):
        assert not models.Area.objects.exists()
        assert not models.Import.objects.exists()
    done = import_file(actor, **arguments)  # type: ignore[arg-type]
    assert (
        (tried.rows, tried.stored, tried.quarantined)
        == (done.rows, done.stored, done.quarantined)
        == (2, 1, 1)
    )
    assert tried.first_problems == done.first_problems


def test_a_file_without_the_columns_is_refused_with_their_names() -> None:
    grid.district()
    with pytest.raises(ProblemError) as caught:
        areas([("x",)], "备注")
    assert caught.value.problem.code == "grid.columns_missing"
    assert caught.value.problem.params == {"missing": "name"}
