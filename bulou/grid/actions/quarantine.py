"""The rows of a file that were set aside: on disk while the file is read, then in their table."""

import json
import tempfile
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import IO, Final
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext

from bulou.grid import models
from bulou.grid.rules.chains import RowError
from bulou.grid.rules.columns import Columns
from bulou.grid.terms import PROBLEMS, RowProblem
from bulou.kernel import sqlfiles
from bulou.kernel.sheets.plain import write_csv

ROOM: Final = "bulou.grid"
BATCH: Final = 1_000
SHOWN: Final = 20
"""Problems that a receipt carries itself."""
COLUMN_WORDS: Final = ("problem_row", "problem_column", "problem")


class Quarantine:
    """Collects problems in constant memory."""

    def __init__(self, columns: Columns) -> None:
        """Open the file behind it; it vanishes when the collector does."""
        self.columns = columns
        self.n = 0
        self._first: list[RowProblem] = []
        self._file: IO[str] = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115  closed by close()

    @property
    def first(self) -> tuple[RowProblem, ...]:
        """The first problems, in the order in which they were found."""
        return tuple(self._first)

    def put(self, number: int, cells: Sequence[str], error: RowError) -> None:
        """Set one row aside."""
        column = self.columns.label(error.field) if error.field else ""
        self.put_problem(RowProblem(number, column, error.code, error.params, tuple(cells)))

    def put_problem(self, problem: RowProblem) -> None:
        """Set one row aside whose problem is already in words."""
        self.n += 1
        if len(self._first) < SHOWN:
            self._first.append(problem)
        entry = {
            "row": problem.row, "column": problem.column, "code": problem.code,
            "params": dict(problem.params),
            "cells": [cell.replace("\0", "") for cell in problem.cells],
        }  # fmt: skip
        self._file.write(json.dumps(entry, ensure_ascii=False) + "\n")

    def keep(self, district: str, import_id: UUID) -> None:
        """Write all of them to their table. 1 statement for each 1,000."""
        self._file.seek(0)
        lines = iter(self._file)
        statement = sqlfiles.load(ROOM, "quarantine_write")
        while batch := list(islice(lines, BATCH)):
            with connection.cursor() as cursor:
                rows = "[" + ",".join(batch) + "]"
                cursor.execute(statement, {"district": district, "import": import_id, "rows": rows})

    def close(self) -> None:
        """Give the file back."""
        self._file.close()


def explained(problem: RowProblem) -> str:
    """Return the reason in the language that is active, which is the reader's at every door."""
    return gettext(PROBLEMS[problem.code].message) % problem.params


def write_file(to: Path, header: Sequence[str], problems: Iterator[RowProblem]) -> None:
    """Write the rows with their original cells and the reason, so that they can be mended and sent again.

    The three columns of the problem stand last and are ignored by a later import.
    """
    width = len(header)

    def rows() -> Iterator[list[str]]:
        for problem in problems:
            cells = [*problem.cells, *[""] * (width - len(problem.cells))]
            yield [*cells, str(problem.row), problem.column, explained(problem)]

    write_csv(to, [*header, *COLUMN_WORDS], rows())


def kept(district: str, import_id: UUID) -> Iterator[RowProblem]:
    """Yield the rows of an import that were set aside, in the order of the file. 1 query for each 1,000."""
    after = 0
    while True:
        found = list(
            models.ImportRow.objects.filter(district=district, import_id=import_id, row__gt=after).order_by(
                "district", "import_id", "row"
            )[:BATCH]
        )
        for row in found:
            yield RowProblem(row.row, row.column, row.code, row.params, tuple(row.cells))
        if len(found) < BATCH:
            return
        after = found[-1].row
