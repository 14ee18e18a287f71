"""A whole import is taken out again, unless something stands on it."""

from datetime import date
from uuid import UUID

import pytest
from django.db.models import Model

from bulou.access.actions.gate import system_actor
from bulou.grid import models, queries
from bulou.grid.actions.area_steps import Change
from bulou.grid.actions.areas import rename_area
from bulou.grid.actions.imports import ImportOptions
from bulou.grid.actions.undo import undo_import
from bulou.grid.projections import hold
from bulou.grid.terms import ImportKind, ImportState
from bulou.kernel import ids
from bulou.kernel.problems import ProblemError
from bulou.kernel.reach import whole
from bulou.kernel.scope import transaction
from tests.make import access, grid

pytestmark = pytest.mark.django_db
HERE = whole(grid.DISTRICT)
SYSTEM = system_actor(grid.DISTRICT)
DAY = date(2020, 1, 27)
TABLES: tuple[type[Model], ...] = (models.Area, models.Code, models.Population, models.Dwelling, models.Site)


def register() -> dict[str, list[str]]:
    """Return everything that an import can touch, row for row."""
    with transaction(HERE):
        return {
            table._meta.label: sorted(map(repr, table._default_manager.values_list())) for table in TABLES
        }


def undo(import_id: UUID) -> None:
    undo_import(SYSTEM, import_id=import_id, reason="wrong file")


def refused(import_id: UUID) -> str:
    before = register()
    with pytest.raises(ProblemError) as caught:
        undo(import_id)
    assert register() == before
    return caught.value.problem.code


def test_an_import_of_doors_leaves_nothing_behind() -> None:
    grid.district()
    before = register()
    receipt = grid.block("东晟", "幸福小区")
    assert register() != before
    undo(receipt.import_id)
    assert register() == before
    with transaction(HERE):
        one = queries.one_import(HERE, receipt.import_id)
    assert one.state is ImportState.UNDONE
    assert one.undone_at is not None


def test_what_an_import_changed_is_as_it_was() -> None:
    grid.district()
    grid.doors([("东晟", "幸福", "1", "1", 1, "101", "")])
    grid.taken(ImportKind.AREAS, grid.sheet(("path", "living"), [("220303.001", 100)]))
    sites = grid.sheet(("类型", "名称", "面积"), [("公厕", "a", 10)])
    grid.taken(ImportKind.SITES, sites)
    before = register()
    later = ImportOptions(valid_from=date(2020, 3, 1))
    receipts = [
        grid.doors([("东晟", "幸福", "1", "1", 7, "101", "透析"), ("东晟", "幸福", "1", "1", 1, "102", "")]),
        grid.taken(ImportKind.AREAS, grid.sheet(("path", "living"), [("220303.001", 120)]), options=later),
        grid.taken(ImportKind.SITES, grid.sheet(("类型", "名称", "面积"), [("公厕", "a", 11)])),
        grid.taken(
            ImportKind.AREAS,
            grid.sheet(("社区", "小区", "类型"), [("东晟", "幸福", "老旧小区")]),
            options=later,
        ),
    ]
    assert all(receipt.stored for receipt in receipts)
    for receipt in reversed(receipts):
        undo(receipt.import_id)
    assert register() == before


def test_a_division_file_can_be_taken_out_and_taken_in_again() -> None:
    receipt = grid.district()
    undo(receipt.import_id)
    with transaction(HERE):
        assert not models.Area.objects.exists()
    assert grid.district().stored == 99


def test_rows_that_a_round_stands_on_stay() -> None:
    grid.district()
    receipt = grid.block("东晟", "幸福小区")
    with transaction(HERE):
        hold(district=grid.DISTRICT, path="220303.001", held_by=ids.uuid7())
    assert refused(receipt.import_id) == "grid.import_is_held"


def test_a_round_elsewhere_is_no_hindrance() -> None:
    grid.district()
    receipt = grid.block("东晟", "幸福小区")
    with transaction(HERE):
        hold(district=grid.DISTRICT, path="220303.002", held_by=ids.uuid7())
    undo(receipt.import_id)


def test_rows_that_were_changed_later_stay() -> None:
    grid.district()
    first = grid.doors([("东晟", "幸福", "1", "1", 1, "101", "")])
    grid.doors([("东晟", "幸福", "1", "1", 2, "101", "")])
    assert refused(first.import_id) == "grid.import_has_later_changes"


def test_areas_that_were_renamed_later_stay() -> None:
    receipt = grid.district()
    rename_area(SYSTEM, path="220303.001", name="平安街道", change=Change(date(2020, 5, 1), "merged offices"))
    assert refused(receipt.import_id) == "grid.import_has_later_changes"


def test_areas_in_which_others_stand_stay() -> None:
    receipt = grid.district()
    grid.doors([("头道村", "", "", "", "", "17", "")])
    assert refused(receipt.import_id) == "grid.import_has_followers"


def test_an_import_is_undone_once_and_with_a_reason() -> None:
    receipt = grid.district()
    with pytest.raises(ProblemError, match=r"grid.reason_missing"):
        undo_import(SYSTEM, import_id=receipt.import_id, reason=" ")
    undo(receipt.import_id)
    assert refused(receipt.import_id) == "grid.import_not_done"


def test_who_may_not_undo_does_not_even_find_it() -> None:
    receipt = grid.district()
    for actor in (access.lin(), access.he()):
        with pytest.raises(ProblemError) as caught:
            undo_import(actor, import_id=receipt.import_id, reason="x")
        assert caught.value.status == 404
