"""What an import says: its row in the list, its receipt, the rows that were set aside."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bulou.doors.desk import errors, labels
from bulou.doors.desk.figures import Figure, figure
from bulou.doors.desk.sheets import harmless
from bulou.grid.rules.columns import Columns
from bulou.grid.terms import Import, ImportState, RowProblem
from bulou.kernel.problems import Problem

FIELD_WORDS = {
    "province": gettext_lazy("Province"), "province_code": gettext_lazy("Province code"),
    "city": gettext_lazy("City"), "city_code": gettext_lazy("City code"),
    "district": gettext_lazy("District"), "district_code": gettext_lazy("District code"),
    "street": gettext_lazy("Street"), "street_code": gettext_lazy("Street code"),
    "community": gettext_lazy("Community or village"), "community_code": gettext_lazy("Community code"),
    "compound": gettext_lazy("Compound"), "compound_code": gettext_lazy("Compound code"),
    "building": gettext_lazy("Building"), "unit": gettext_lazy("Unit of the building"),
    "path": gettext_lazy("Path"), "code": gettext_lazy("Code"), "parent": gettext_lazy("Area above"),
    "name": gettext_lazy("Name"), "level": gettext_lazy("Level"), "kind": gettext_lazy("Kind"),
    "valid_from": gettext_lazy("Holds from"), "registered": gettext_lazy("Registered people"),
    "living": gettext_lazy("People living here"),
    "floor": gettext_lazy("Floor"), "door": gettext_lazy("Door"),
    "needs_help": gettext_lazy("Needs help"), "address": gettext_lazy("Address"),
    "area_m2": gettext_lazy("Area in m²"), "capacity": gettext_lazy("Capacity"),
    "length_m": gettext_lazy("Length in m"), "hours": gettext_lazy("Hours"),
    "unit_in_charge": gettext_lazy("Unit in charge"), "lon": gettext_lazy("Longitude"),
    "lat": gettext_lazy("Latitude"), "note": gettext_lazy("Note"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One import in the list."""

    id: UUID
    href: str
    file_name: str
    kind: str
    area: str
    state: str
    mark: str
    who: str
    made_at: datetime
    undone_at: datetime | None
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class SetAside:
    """One row that was set aside, with the reason in words."""

    row: int
    column: str
    why: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """One column of the file and the field it is taken for."""

    header: str
    field: str
    choices: tuple[tuple[str, str, bool], ...]


def row(one: Import, people: dict[UUID, str], names: dict[str, str]) -> ImportRow:
    """Return one import for the list."""
    marks = {ImportState.DONE: "good", ImportState.UNDONE: "", ImportState.FAILED: "bad"}
    return ImportRow(
        id=one.import_id,
        href=reverse("desk:import_page", args=(one.import_id,)),
        file_name=one.file_name,
        kind=str(labels.IMPORT_KINDS[one.kind]),
        area=names.get(one.path, one.path),
        state=str(labels.IMPORT_STATES[one.state]),
        mark=marks.get(one.state, "part"),
        who=people.get(one.made_by, ""),
        made_at=one.made_at,
        undone_at=one.undone_at,
        figures=figures(
            one.rows,
            one.stored,
            one.unchanged,
            one.quarantined,
            reverse("desk:import_page", args=(one.import_id,)),
        ),
    )


def figures(
    rows: int, stored: int, unchanged: int, quarantined: int, href: str = "#aside"
) -> tuple[Figure, ...]:
    """Return the receipt: rows = stored + unchanged + set aside."""
    return (
        figure(
            rows, key="rows", label=_("Rows"), href=href, definition=_("Rows of the file below the header.")
        ),
        figure(
            stored,
            key="stored",
            label=_("Stored"),
            href=href,
            definition=_("New, or different from what was there."),
        ),
        figure(
            unchanged,
            key="unchanged",
            label=_("Unchanged"),
            href=href,
            definition=_("Already there exactly like this."),
        ),
        figure(
            quarantined,
            key="late",
            label=_("Set aside"),
            href=href,
            definition=_("Not taken in, each with its reason."),
        ),
    )


def row_problem(problem: RowProblem) -> SetAside:
    """Return the reason of one row in words."""
    params = {"row": problem.row, "column": problem.column, **problem.params}
    return SetAside(problem.row, problem.column, errors.words(Problem(problem.code, params)), problem.cells)


def columns(found: Columns, fields: list[str]) -> tuple[ColumnChoice, ...]:
    """Return every column with the fields it could be; the one it is taken for is marked."""
    by_index = {index: field for field, index in found.at.items()}
    return tuple(
        ColumnChoice(
            header,
            by_index.get(index, ""),
            (
                ("-", _("leave out"), index not in by_index),
                *((f, str(FIELD_WORDS.get(f, f)), by_index.get(index) == f) for f in fields),
            ),
        )
        for index, header in enumerate(found.labels)
        if header
    )


def quarantine_csv(header: tuple[str, ...], problems: Iterable[RowProblem]) -> bytes:
    """Return the rows that were set aside as they were, with the reason in the last column."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*(harmless(h) for h in header), _("Row"), _("Reason")])
    for problem in problems:
        said = row_problem(problem)
        writer.writerow([*(harmless(c) for c in problem.cells), str(problem.row), harmless(said.why)])
    return out.getvalue().encode("utf-8-sig")
