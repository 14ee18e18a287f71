"""The scope of a transaction: loud when missing, gone at the end, nested without leaks."""

import pytest
from django.db import DatabaseError, connection, transaction

from bulou.kernel import reach, scope
from bulou.kernel.scope import Scope

HERE = Scope(("220303",), ("220303.001",))


def _said() -> tuple[str | None, str | None]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('bulou.districts', true), current_setting('bulou.scope', true)"
        )
        districts, paths = cursor.fetchone()
    return districts, paths


def test_a_scope_covers_its_paths_and_what_lies_below_them() -> None:
    assert HERE.covers("220303.001")
    assert HERE.covers("220303.001.005")
    assert not HERE.covers("220303.0010")
    assert not HERE.covers("220303")


@pytest.mark.parametrize("path", ["", "a..b", "a.b.", '22"}', "甲", "a b", "x" * 33])
def test_a_scope_refuses_what_is_no_path(path: str) -> None:
    with pytest.raises(ValueError, match="not an area path"):
        Scope((), (path,))


@pytest.mark.django_db
def test_the_database_is_used_as_the_application_and_not_as_its_owner() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == ("bulou_app_login", False, False)
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            cursor.execute("CREATE TABLE side_door (id int)")


@pytest.mark.django_db
def test_a_scope_ends_with_its_transaction_and_the_outer_one_comes_back() -> None:
    with scope.transaction(HERE):
        assert _said() == ('{"220303"}', '{"220303.001."}')
        with scope.transaction(scope.whole("421303")):
            assert _said() == ('{"421303"}', '{"421303."}')
        assert _said() == ('{"220303"}', '{"220303.001."}')
    assert _said() in {("", ""), (None, None)}


@pytest.mark.usefixtures("transactional")
def test_a_scope_outside_a_transaction_is_an_error() -> None:
    with pytest.raises(RuntimeError, match="none is open"):
        scope.apply(HERE)
    with scope.transaction(HERE):
        assert _said() == ('{"220303"}', '{"220303.001."}')
    assert _said() in {("", ""), (None, None)}


@pytest.mark.django_db
def test_the_query_condition_keeps_neighbours_with_a_longer_code_out() -> None:
    condition, parameters = scope.sql("path", HERE)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT path FROM unnest(ARRAY['220303.001', '220303.001.5', '220303.0010', '220303']) path"
            f" WHERE {condition} ORDER BY path",
            parameters,
        )
        assert cursor.fetchall() == [("220303.001",), ("220303.001.5",)]


def test_a_place_is_called_by_what_is_known_of_the_way_down_to_it() -> None:
    names = {"220303": "铁东区", "220303.001": "解放街道", "220303.001.005": "四马路社区"}
    assert reach.spelled("220303.001.005", names) == "解放街道 四马路社区"
    assert reach.spelled("220303.001.005", names, above=0) == "铁东区 解放街道 四马路社区"
    assert reach.spelled("220303.001.005.9", names) == "解放街道 四马路社区"
    assert reach.spelled("220303", names) == "铁东区", "the district is not left out where it is all there is"
    assert reach.spelled("450502.003", names) == "450502.003"
