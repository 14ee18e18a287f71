"""Somebody is found who stands in no register."""

from datetime import UTC, datetime

import pytest

from bulou.kernel import ids
from bulou.kernel.problems import ProblemError
from bulou.kernel.reach import Scope, whole
from bulou.kernel.scope import transaction
from bulou.people import models
from bulou.people.projections import register_found
from bulou.people.queries import found as queries
from bulou.people.terms import FoundPerson, PlaceKind

pytestmark = pytest.mark.django_db
PARK = "220303.001.003"
HERE = whole("220303")


def traveller() -> FoundPerson:
    at = datetime(2020, 1, 27, 9, tzinfo=UTC)
    return FoundPerson(ids.uuid7(), "220303", PARK, PARK, PlaceKind.VEHICLE, at)


def test_a_traveller_is_registered_once_however_often_the_record_arrives() -> None:
    found = traveller()
    with transaction(HERE):
        register_found([found, found])
        register_found([found])
        assert queries.found(HERE, "220303") == (found,)
        assert queries.person(HERE, found.person_id) == found


def test_the_next_street_does_not_see_the_traveller() -> None:
    found = traveller()
    next_street = Scope(("220303",), ("220303.002",))
    with transaction(HERE):
        register_found([found])
    with transaction(next_street):
        assert queries.found(next_street, "220303.002") == ()
        assert queries.found(next_street, PARK) == ()
        assert not models.Person.objects.exists()
        with pytest.raises(ProblemError, match=r"people.not_found"):
            queries.person(next_street, found.person_id)


def test_there_is_no_column_for_a_name() -> None:
    columns = {field.name for field in models.Person._meta.get_fields()}
    assert columns == {
        "id", "district", "path", "area", "place_kind", "origin", "found_at", "held_path", "merged_into",
        "door", "building", "label", "sort", "needs",
    }  # fmt: skip
