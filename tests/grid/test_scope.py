"""What one may not see is not there, in the query and in the database."""

from datetime import date

import pytest
from django.db import DataError, InternalError, ProgrammingError, connection
from django.db import transaction as plain

from bulou.grid import models, queries
from bulou.grid.terms import ImportKind, Level
from bulou.kernel.problems import ProblemError
from bulou.kernel.reach import Scope, whole
from bulou.kernel.scope import transaction
from tests.make import grid

pytestmark = pytest.mark.django_db
DAY = date(2020, 1, 27)
HERE = whole(grid.DISTRICT)
COMMUNITY = Scope((grid.DISTRICT,), ("220303.001.003",))
TABLES = (
    models.Area, models.Code, models.Population, models.Dwelling, models.Site, models.Import,
    models.ImportRow, models.ImportChange, models.Hold,
)  # fmt: skip


@pytest.fixture(autouse=True)
def two_districts() -> None:
    grid.district()
    grid.district("421303")
    grid.block("东晟", "幸福小区")
    grid.doors([("头道", "", "", "", "", "17", ""), ("nowhere", "", "", "", "", "17", "")])
    grid.taken(
        ImportKind.SITES, grid.sheet(("类型", "名称", "社区"), [("公厕", "a", "东晟"), ("公厕", "b", "头道")])
    )


@pytest.mark.parametrize("table", TABLES, ids=lambda table: str(table._meta.db_table))
def test_another_districts_rows_are_invisible_to_a_query_that_forgot_its_scope(
    table: type[models.Area],
) -> None:
    with transaction(whole("421303")):
        assert not table.objects.filter(district=grid.DISTRICT).exists()


@pytest.mark.parametrize("table", TABLES, ids=lambda table: str(table._meta.db_table))
def test_without_a_scope_the_database_refuses_to_answer(table: type[models.Area]) -> None:
    with plain.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('bulou.districts', '', true), set_config('bulou.scope', '', true)")
        with pytest.raises((DataError, ProgrammingError, InternalError)), plain.atomic():
            list(table.objects.all())


def test_doors_and_sites_of_the_next_community_are_invisible() -> None:
    with transaction(COMMUNITY):
        assert {row.path.startswith("220303.001.003") for row in models.Dwelling.objects.all()} == {True}
        assert {row.name for row in models.Site.objects.all()} == {"a"}
        assert queries.counts(COMMUNITY, grid.DISTRICT, DAY).dwellings == 8
        assert len(queries.dwellings(COMMUNITY, grid.DISTRICT).items) == 8
        assert [hit.path for hit in queries.search(COMMUNITY, "17")] == []
        assert len(queries.search(COMMUNITY, "101")) == 2


def test_nothing_is_written_outside_the_scope() -> None:
    with transaction(COMMUNITY), pytest.raises(ProgrammingError), plain.atomic():
        models.Hold.objects.create(
            district=grid.DISTRICT, path="220303.002", held_by="0" * 32, held_at="2020-01-01T00:00Z"
        )


def test_an_officer_can_name_what_stands_above_the_own_community() -> None:
    with transaction(COMMUNITY):
        assert [a.short_name for a in queries.breadcrumbs("220303.001.003", DAY)] == [
            "铁东区",
            "平东街道",
            "东晟社区",
        ]
        assert [a.path for a in queries.children(COMMUNITY, grid.DISTRICT, DAY)] == ["220303.001"]
        assert [a.path for a in queries.areas_below(COMMUNITY, grid.DISTRICT, Level.COMMUNITY, DAY)] == [
            "220303.001.003"
        ]
        names = queries.tree_names(COMMUNITY, ["220303.001.003.c001"], DAY)
        assert names["220303.001.003.c001"] == "幸福小区"


def test_one_thing_outside_the_scope_is_not_found() -> None:
    with transaction(HERE):
        door = queries.dwellings(HERE, "220303.100").items[0]
        site = queries.sites(HERE, "220303.100").items[0]
        one = queries.imports(HERE).items[0]
    with transaction(COMMUNITY):
        for ask in (
            lambda: queries.dwelling(COMMUNITY, door.dwelling_id),
            lambda: queries.site(COMMUNITY, site.site_id),
            lambda: queries.one_import(COMMUNITY, one.import_id),
            lambda: queries.timeline(COMMUNITY, "220303.100"),
        ):
            with pytest.raises(ProblemError) as caught:
                ask()
            assert caught.value.status == 404


def test_pages_follow_each_other_without_gap_or_repeat() -> None:
    with transaction(HERE):
        seen, cursor = [], None
        while True:
            page = queries.dwellings(HERE, grid.DISTRICT, cursor=cursor, limit=2)
            seen += [door.dwelling_id for door in page.items]
            cursor = page.next
            if cursor is None:
                break
        assert len(seen) == len(set(seen)) == 9
        first = queries.imports(HERE, limit=1)
        second = queries.imports(HERE, limit=10, cursor=first.next)
        assert len({i.import_id for i in (*first.items, *second.items)}) == 4
        with pytest.raises(ProblemError, match=r"paging.bad_cursor"):
            queries.dwellings(HERE, grid.DISTRICT, cursor="x")


def test_the_search_knows_names_pinyin_initials_doors_paths_and_sites() -> None:
    with transaction(HERE):
        found = {
            text: {(hit.what, hit.path) for hit in queries.search(HERE, text)}
            for text in ("平东", "pingdong", "pdjd", "220303.001", "17", "a", "%", "100%")
        }
    assert ("area", "220303.001") in found["平东"] & found["pingdong"] & found["pdjd"] & found["220303.001"]
    assert found["17"] == {("dwelling", "220303.100.201")}
    assert ("site", "220303.001.003") in found["a"]
    assert found["%"] == found["100%"] == set()
