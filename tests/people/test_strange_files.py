"""Lists of people from elsewhere: a file is refused whole, or every row of it is accounted for."""

import csv
from pathlib import Path

import pytest

from bulou.access.terms import Actor, Role
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import transaction, whole
from bulou.people import models
from bulou.people.actions.imports import Options, import_people
from bulou.people.terms import ImportKind, Receipt
from tests.make.rounds import COMMUNITY, DISTRICT, someone, street

pytestmark = pytest.mark.django_db
FILES = sorted((Path(__file__).parent / "files").glob("*.csv"))


@pytest.fixture
def clerk() -> Actor:
    with transaction(whole(DISTRICT)):
        street()
        return someone(Role.DATA_CLERK, DISTRICT)


def take(clerk: Actor, file: Path, **how: dict[str, str]) -> Receipt | str:
    """The receipt, or the code of the refusal."""
    try:
        return import_people(
            clerk, kind=ImportKind.RESIDENTS, path=COMMUNITY, content=file, file_name=file.name,
            options=Options(mapping=how.get("mapping", {})),
        )  # fmt: skip
    except ProblemError as error:
        return error.problem.code


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_row_is_accounted_for_and_the_same_file_again_changes_nothing(clerk: Actor, file: Path) -> None:
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    there = sum(any(cell.strip() for cell in row) for row in csv.reader(lines))
    elsewhere = {"street": "address", "city": "", "state": ""}  # their streets are no areas of ours
    first = take(clerk, file, mapping=elsewhere)
    with transaction(whole(DISTRICT)):
        held = models.Identity.objects.count()
    if isinstance(first, str):
        assert first in {"people.columns_missing", "people.no_header"}
        assert held == 0
        return
    assert first.rows == there - 1
    assert first.rows == first.stored + first.unchanged + first.quarantined
    assert held <= first.stored
    again = take(clerk, file, mapping=elsewhere)
    assert isinstance(again, Receipt)
    assert (again.rows, again.stored, again.quarantined) == (first.rows, 0, first.quarantined)
    with transaction(whole(DISTRICT)):
        assert models.Identity.objects.count() == held
