"""Files that were made for another program: refused or set aside with words, never half taken."""

from pathlib import Path

import pytest

from bulou.grid import models
from bulou.grid.actions.imports import ImportOptions
from bulou.grid.terms import ImportKind
from bulou.kernel.problems import ProblemError
from bulou.kernel.reach import whole
from bulou.kernel.scope import transaction
from tests.make import grid

pytestmark = pytest.mark.django_db
FILES = sorted((Path(__file__).parent / "files").glob("*.csv"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
@pytest.mark.parametrize("kind", list(ImportKind))
def test_a_file_of_another_program_is_refused_or_set_aside(file: Path, kind: ImportKind) -> None:
    grid.district()
    with transaction(whole(grid.DISTRICT)):
        before = models.Area.objects.count()
    try:
        receipt = grid.taken(kind, file.read_bytes(), name=file.name)
    except ProblemError as error:
        code, stored = error.problem.code, 0
    else:
        code, stored = "grid.set_aside", receipt.stored
    assert code in {"grid.columns_missing", "sheet.quotes", "grid.set_aside"}
    assert stored == 0
    with transaction(whole(grid.DISTRICT)):
        assert models.Area.objects.count() == before


def test_its_columns_can_be_given_a_meaning() -> None:
    grid.district()
    mapping = {"street": "door", "city": "community"}
    content = (Path(__file__).parent / "files" / "patients_emptyRow.csv").read_bytes()
    receipt = grid.taken(ImportKind.DWELLINGS, content, options=ImportOptions(mapping=mapping))
    assert receipt.rows == receipt.quarantined > 0
    assert receipt.first_problems[0].code == "grid.unknown_area"
