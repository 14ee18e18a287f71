"""The discipline of large tables, and a privacy class for every field."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import CompositePrimaryKey, Index, Model, UniqueConstraint
from django.db.models.constraints import BaseConstraint

OURS = [model for model in apps.get_models() if model.__module__.startswith("bulou.")]
# A few hundred rows, looked up by account on every request: the district is a note, not a key.
SMALL = {"access_device"}
LARGE = [
    model
    for model in OURS
    if model._meta.db_table not in SMALL and any(field.name == "district" for field in model._meta.fields)
]
CLASSES = ("open", "operational", "personal", "sensitive")
MOST_FIELDS = 25
# More fields than a model may have, each with the reason.
ALLOWED_GODS = {
    "ledger_record": "one book for all kinds of record: the envelope is what they have in common",
    "coverage_unit": "one statement writes the state of a unit; in two tables every visit would write twice",
}


def _fields(model: type[Model]) -> list[str]:
    """Return the names of the columns; a composite primary key is none of its own."""
    return [field.name for field in model._meta.fields if not isinstance(field, CompositePrimaryKey)]


def _label(model: type[Model]) -> str:
    return str(model._meta.db_table)


def _columns(constraint: BaseConstraint | Index) -> list[str]:
    fields = [name.removeprefix("-") for name in getattr(constraint, "fields", ())]
    if fields:
        return fields
    found = getattr(constraint, "expressions", ())
    return [
        _name(expression[0] if isinstance(expression, tuple | list) else expression) for expression in found
    ]


def _name(expression: object) -> str:
    return str(getattr(expression, "name", expression)).removeprefix("-")


def _ordered(model: type[Model]) -> Iterator[tuple[str, list[str]]]:
    """Return name and columns of each unique constraint, exclusion and index of a model."""
    for index in model._meta.indexes:
        yield index.name, _columns(index)
    for constraint in model._meta.constraints:
        if isinstance(constraint, UniqueConstraint) or hasattr(constraint, "index_type"):
            yield constraint.name, _columns(constraint)


@pytest.mark.parametrize("model", LARGE, ids=_label)
def test_a_large_table_is_kept_apart_by_district(model: type[Model]) -> None:
    district = model._meta.get_field("district")
    assert not district.null
    for name, columns in _ordered(model):
        assert columns, f"{name}: its columns cannot be read"
        assert columns[0] == "district", f"{name} must begin with district, not {columns[0]}"
    for field in model._meta.fields:
        if field.unique and not field.primary_key:
            pytest.fail(f"{field.name} is unique across districts")
        if getattr(field, "db_index", False) and not field.primary_key and field.name != "district":
            pytest.fail(f"{field.name} has an index that does not begin with district")


@pytest.mark.parametrize("model", OURS, ids=_label)
def test_every_field_has_one_privacy_class(model: type[Model]) -> None:
    declared = getattr(model, "Privacy", None)
    assert declared is not None, f"{model.__name__} needs `class Privacy` with {', '.join(CLASSES)}"
    listed = [name for kind in CLASSES for name in getattr(declared, kind, ())]
    assert sorted(listed) == sorted(_fields(model))


@pytest.mark.parametrize("model", OURS, ids=_label)
def test_no_model_is_a_god(model: type[Model]) -> None:
    if _label(model) not in ALLOWED_GODS:
        assert len(_fields(model)) <= MOST_FIELDS
    own = [
        name
        for name in vars(model)
        if callable(vars(model)[name]) and not name.startswith(("_", "get_", "Privacy"))
    ]
    assert len([name for name in own if not name[0].isupper()]) <= 8


@pytest.mark.parametrize("model", OURS, ids=_label)
def test_tables_are_named_after_their_room(model: type[Model]) -> None:
    assert _label(model).startswith(f"{model._meta.app_label}_")


@pytest.mark.django_db
def test_every_large_table_with_a_path_is_under_forced_row_level_security() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND relrowsecurity AND relforcerowsecurity"
        )
        secured = {name for (name,) in cursor.fetchall()}
    wanted = {_label(model) for model in LARGE if any(f.name == "path" for f in model._meta.fields)}
    assert wanted - secured == set()


@pytest.mark.django_db
def test_indexes_made_by_hand_begin_with_the_district_too() -> None:
    large = [_label(model) for model in LARGE]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.relname, i.relname, pg_get_indexdef(x.indexrelid, 1, true) FROM pg_index x"
            " JOIN pg_class t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid"
            " WHERE t.relname = ANY(%s) AND NOT x.indisprimary",
            [large],
        )
        wrong = [(table, index) for table, index, first in cursor.fetchall() if first != "district"]
    assert wrong == []
