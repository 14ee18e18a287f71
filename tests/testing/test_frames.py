"""The frame of a testing round: everybody who lives there, or the corrected frame of the round before."""

from typing import Any

import pytest

from bulou.access.terms import Role
from bulou.coverage.queries import accounts, rounds
from bulou.coverage.terms import Targets
from bulou.kernel.scope import transaction, whole
from bulou.people import models as people
from bulou.people.actions.imports import Options, import_people
from bulou.people.terms import ImportKind
from tests.make import people as make
from tests.make.rounds import COMMUNITY, DISTRICT, someone, street
from tests.make.testing import residents, round_of_tests

pytestmark = pytest.mark.django_db
SCOPE = whole(DISTRICT)
C1 = f"{COMMUNITY}.c1"


@pytest.fixture(autouse=True)
def _district() -> Any:
    with transaction(SCOPE):
        street()
        yield


def test_everybody_of_the_register_is_expected_once() -> None:
    one, other, *_rest = residents(6)
    people.Person.objects.filter(id=other).update(merged_into=one)
    operation = round_of_tests()
    assert operation.frame_n == 5
    assert accounts.account(SCOPE, operation, path=C1).open_by.untried == 5


def test_only_the_registered_are_expected_where_the_order_says_so() -> None:
    found, *_rest = residents(4)
    people.Person.objects.filter(id=found).update(origin="field")
    assert round_of_tests(targets=Targets(registered=True)).frame_n == 3
    living = rounds.frame_preview(SCOPE, subject_type="person", path=DISTRICT, targets=Targets())
    assert living == 4


def test_a_file_of_residents_says_at_which_door_they_live() -> None:
    text = "姓名,身份证号码,路径,房号\n" + "".join(
        f"张三{n},{make.number(n)},{C1},{door}\n" for n, door in enumerate(("001", "002", "9-9"), 1)
    )
    import_people(
        someone(Role.DATA_CLERK, DISTRICT), kind=ImportKind.RESIDENTS, path=COMMUNITY,
        content=text.encode(), file_name="residents.csv", options=Options(),
    )  # fmt: skip
    rows = people.Person.objects.order_by("sort").values_list("label", "building", "path")
    assert list(rows) == [("1 001", "1", C1), ("1 002", "1", C1), ("9-9", "", C1)]
    assert round_of_tests().frame_n == 3
