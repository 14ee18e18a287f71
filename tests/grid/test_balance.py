"""Whatever a file holds: rows = stored + unchanged + quarantined, and the second time nothing changes."""

from random import Random

import pytest
from django.db import transaction as plain
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulou.access.actions.gate import system_actor
from bulou.grid import models, queries
from bulou.grid.actions.undo import undo_import
from bulou.grid.terms import ImportKind, Receipt
from bulou.kernel.reach import whole
from bulou.kernel.scope import transaction
from tests.make import grid

pytestmark = pytest.mark.django_db
HERE = whole(grid.DISTRICT)
SLOW = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

cell = st.one_of(
    st.sampled_from(["", "东晟", "头道村", "幸福", "1号楼", "1", "101", "5", "x", "=1", "\\N", "a\tb"]),
    st.text(st.characters(exclude_characters="\0\r\n", exclude_categories=["Cs"]), max_size=8),
)
door_row = st.one_of(
    st.lists(cell, min_size=1, max_size=9),
    st.tuples(
        st.sampled_from(["东晟", "头道", "nowhere"]),
        st.sampled_from(["", "幸福", "阳光"]),
        st.sampled_from(["", "1", "1号楼", "2"]),
        st.just(""),
        st.sampled_from(["", "1", "2", "x"]),
        st.sampled_from(["101", "102", ""]),
        st.sampled_from(["", "透析"]),
    ).map(list),
)
area_row = st.tuples(
    st.sampled_from(["220303", "421303", "", "22"]),
    st.sampled_from(["铁东区", ""]),
    st.sampled_from(["220303001", "220303002", "", "x"]),
    st.sampled_from(["平东街道", "北市场街道", ""]),
    st.sampled_from(["220303001001", "220303001002", ""]),
    st.one_of(st.sampled_from(["东晟社区居委会", "东晟村委会", ""]), cell),
)


def balanced(receipt: Receipt, rows: int) -> None:
    assert receipt.rows == receipt.stored + receipt.unchanged + receipt.quarantined
    assert receipt.rows == rows
    with transaction(HERE):
        assert models.ImportRow.objects.filter(import_id=receipt.import_id).count() == receipt.quarantined


def full(rows: list[list[str]]) -> int:
    return sum(1 for row in rows if any(text.strip() for text in row))


@SLOW
@given(st.lists(door_row, max_size=12), st.randoms(use_true_random=False))
def test_doors_balance_in_any_order_and_any_state(rows: list[list[str]], random: Random) -> None:
    with plain.atomic():
        grid.district()
        columns = grid.DOOR_COLUMNS
        first = grid.taken(ImportKind.DWELLINGS, grid.sheet(columns, rows))
        balanced(first, full(rows))
        before = doors()
        again = grid.taken(ImportKind.DWELLINGS, grid.sheet(columns, rows))
        balanced(again, full(rows))
        assert (again.stored, again.quarantined) == (0, first.quarantined)
        assert doors() == before
        shuffled = list(rows)
        random.shuffle(shuffled)
        balanced(grid.taken(ImportKind.DWELLINGS, grid.sheet(columns, shuffled)), full(rows))
        assert {door[:2] for door in doors()} == {door[:2] for door in before}
        plain.set_rollback(True)


@SLOW
@given(st.lists(area_row, max_size=12))
def test_areas_balance_and_come_out_again(rows: list[tuple[str, ...]]) -> None:
    columns = ("district_code", "district", "street_code", "street", "village_code", "village")
    with plain.atomic():
        lists = [list(row) for row in rows]
        first = grid.taken(ImportKind.AREAS, grid.sheet(columns, rows))
        balanced(first, full(lists))
        tree = areas()
        again = grid.taken(ImportKind.AREAS, grid.sheet(columns, rows))
        balanced(again, full(lists))
        assert (again.stored, again.quarantined) == (0, first.quarantined)
        assert areas() == tree
        undo_import(system_actor(grid.DISTRICT), import_id=first.import_id, reason="test")
        assert areas() == set()
        plain.set_rollback(True)


def doors() -> set[tuple[str, str, int | None]]:
    with transaction(HERE):
        page = queries.dwellings(HERE, grid.DISTRICT, limit=1000)
    return {(door.path, door.door, door.floor) for door in page.items}


def areas() -> set[tuple[str, str]]:
    with transaction(HERE):
        return set(models.Area.objects.values_list("path", "name"))
