"""Take a file of areas, doors or sites into the register, try it first, or take it out again."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from bulou.access.actions.gate import require
from bulou.access.terms import Actor, Verb
from bulou.grid import models, queries
from bulou.grid.actions import quarantine as aside
from bulou.grid.actions.area_file import AreaFile
from bulou.grid.actions.area_rows import AreaRows
from bulou.grid.actions.forest import Forest, Season
from bulou.grid.actions.particulars import Doors, Sites
from bulou.grid.actions.quarantine import Quarantine
from bulou.grid.actions.register_rows import Outcome, RegisterRows
from bulou.grid.actions.undo import undo_import as undo_import
from bulou.grid.rules import naming, paths
from bulou.grid.rules.columns import SEARCHED_ROWS, Columns, header_row, match, missing
from bulou.grid.rules.places import Places
from bulou.grid.rules.tree import Node
from bulou.grid.terms import DISTRICT_DIGITS, NATION, ImportKind, ImportState, Level, Receipt
from bulou.kernel import clock, ids
from bulou.kernel.problems import ProblemError
from bulou.kernel.reach import whole
from bulou.kernel.scope import apply
from bulou.kernel.scope import transaction as scoped
from bulou.kernel.sheets.book import Sheet
from bulou.kernel.sheets.received import received
from bulou.ledger.actions import audit

FILE_PROBLEM: Final = 422


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How a file is to be read."""

    mapping: Mapping[str, str] = field(default_factory=dict)
    """Header to field, before the words that are known; an empty field leaves the column out."""
    valid_from: date | None = None
    """First day on which the rows hold; today when it is not given."""
    scheme: str = "nbs"
    """Whose numbering the codes of the file are (nbs: statistics, mca: civil affairs, or an own name)."""
    create_missing: bool = False
    """Make areas that a row names without a code where others are known already.

    Without it such a row is set aside with the nearest names. Buildings, units, and the first areas of
    their level in an area are made in any case.
    """
    quarantine_to: Path | None = None
    """Where the file of the rows that were set aside goes; it is written only when there are any."""
    progress: Callable[[int], None] | None = None
    """Called now and then with the number of rows read."""


@dataclass(frozen=True, slots=True)
class _Task:
    """One import under way."""

    actor: Actor
    kind: ImportKind
    path: str
    file_name: str
    options: ImportOptions
    season: Season

    @property
    def district(self) -> str:
        """District in whose name the import stands."""
        return paths.district(self.path)


def import_file(
    actor: Actor, *, kind: ImportKind, path: str, content: Path | bytes, file_name: str,
    options: ImportOptions | None = None,
) -> Receipt:  # fmt: skip
    """Take a file in, in one transaction; every row is stored, unchanged or set aside with a reason.

    `path`: the area below which every row lies; a division file of many districts goes to terms.NATION.
    The same file again changes nothing. Memory does not grow with the rows.

    Raises:
        ProblemError: a refused file (`sheet.*`, `grid.columns_missing`, `grid.no_header`) 422, an unknown
            area 404; nothing was stored then.
    """
    require(actor, Verb.GRID_IMPORT, path)
    task = _task(actor, kind, path, file_name, options)
    with received(content, file_name) as sheet, scoped(whole(task.district)):
        receipt = _take(task, sheet)
        audit(
            actor, kind="grid.imported", path=path, subject_type="import", subject=receipt.import_id,
            payload={
                "kind": str(kind), "file_name": file_name, "sha256": receipt.sha256, "rows": receipt.rows,
                "stored": receipt.stored, "unchanged": receipt.unchanged, "quarantined": receipt.quarantined,
            },
        )  # fmt: skip
    return receipt


def check_file(
    actor: Actor, *, kind: ImportKind, path: str, content: Path | bytes, file_name: str,
    options: ImportOptions | None = None,
) -> Receipt:  # fmt: skip
    """Say what `import_file` would answer, and leave everything as it is. The receipt's id names nothing.

    Raises: as `import_file`.
    """
    require(actor, Verb.GRID_IMPORT, path)
    task = _task(actor, kind, path, file_name, options)
    with received(content, file_name) as sheet, scoped(whole(task.district)), transaction.atomic():
        receipt = _take(task, sheet)
        transaction.set_rollback(True)
    return receipt


def match_columns(
    kind: ImportKind, content: Path | bytes, file_name: str, mapping: Mapping[str, str]
) -> Columns:
    """Say which column would be which field, before anything is read; for the page where a person chooses."""
    with received(content, file_name) as sheet:
        return _header(kind, mapping, sheet)[1]


def _task(actor: Actor, kind: ImportKind, path: str, file_name: str, options: ImportOptions | None) -> _Task:
    options = options or ImportOptions()
    on = options.valid_from or clock.local_date(clock.now())
    season = Season(ids.uuid7(), options.scheme, on, f"import {file_name}")
    if path == NATION and kind is not ImportKind.AREAS:
        raise ProblemError("grid.one_district_only", status=FILE_PROBLEM)
    return _Task(actor, kind, path, file_name, options, season)


def _take(task: _Task, sheet: Sheet) -> Receipt:
    _lock(task.district)
    start, columns = _header(task.kind, task.options.mapping, sheet)
    lacking = missing(columns, task.kind)
    if lacking:
        raise ProblemError("grid.columns_missing", status=FILE_PROBLEM, missing=", ".join(lacking))
    quarantine = Quarantine(columns)
    try:
        forest = Forest(task.season, _districts(task, columns, _rows(sheet, start)))
        if task.kind is ImportKind.AREAS:
            if "." in task.path:
                _root(task, forest)
            named = task.options.create_missing
            reader = AreaRows(forest, quarantine.columns, task.path, names_only=named)
            outcome = AreaFile(reader, quarantine, task.options.progress).take(lambda: _rows(sheet, start))
            forest.flush()
        else:
            outcome = _take_register(task, forest, quarantine, lambda: _rows(sheet, start))
        apply(whole(task.district))
        return _close(task, sheet, quarantine, replace(outcome, districts=forest.touched | {task.district}))
    finally:
        quarantine.close()


def _lock(district: str) -> None:
    """One import into a district at a time; the next one waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('grid.import'), hashtext(%s))", [district])


def _header(kind: ImportKind, mapping: Mapping[str, str], sheet: Sheet) -> tuple[int, Columns]:
    first = list(islice(sheet.rows(), SEARCHED_ROWS))
    if not any(any(cell.strip() for cell in row) for row in first):
        raise ProblemError("grid.no_header", status=FILE_PROBLEM)
    index = header_row(first, kind, mapping)
    return index, match(first[index], kind, mapping)


def _rows(sheet: Sheet, header: int) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows below the header that hold anything, with their number in the spreadsheet."""
    numbered = enumerate(sheet.rows(), start=1)
    for number, cells in islice(numbered, header + 1, None):
        # Most rows begin with a word; only the others are looked through.
        if (cells and cells[0].strip()) or any(cell.strip() for cell in cells):
            yield number, cells


def _districts(task: _Task, columns: Columns, rows: Iterator[tuple[int, list[str]]]) -> set[str]:
    """Return the districts, cities and provinces that a national file speaks of; one pass over the file."""
    if task.path != NATION:
        return set()
    at = columns.at.get("district_code", columns.at.get("code", 0))
    codes = {cells[at].strip()[:DISTRICT_DIGITS] for _, cells in rows if len(cells) > at}
    known = {code for code in codes if code.isascii() and code.isdigit() and len(code) == DISTRICT_DIGITS}
    return known | {code[:2] for code in known} | {code[:4] for code in known}


def _take_register(
    task: _Task, forest: Forest, quarantine: Quarantine, rows: Callable[[], Iterator[tuple[int, list[str]]]]
) -> Outcome:
    root = _root(task, forest)
    tree = forest.tree(task.district)

    def make(above: Node, level: Level, name: str) -> Node:
        cleaned = naming.clean(name, level)
        return forest.add(above, tree.label(above, level, "", name), cleaned, level, "", task.season.on)

    particulars = (
        Doors(quarantine.columns) if task.kind is ImportKind.DWELLINGS else Sites(quarantine.columns)
    )
    places = Places(tree, root, quarantine.columns, make, compounds=task.options.create_missing)
    register = RegisterRows(particulars, places, quarantine, task.options.progress)
    n, staged = register.read(rows())
    forest.flush()
    apply(whole(task.district))
    values = {"district": task.district, "import": task.season.import_id, "on": task.season.on}
    outcome = register.store(staged, values, is_empty=_is_empty(task))
    register.set_twice_aside(rows())
    return replace(outcome, rows=n)


def _root(task: _Task, forest: Forest) -> Node:
    root = forest.tree(task.district).by_path.get(task.path)
    if root is None:
        raise queries.no_such_area(task.path)
    return root


def _is_empty(task: _Task) -> bool:
    table = models.Dwelling if task.kind is ImportKind.DWELLINGS else models.Site
    return not table.objects.filter(district=task.district).exists()


def _close(task: _Task, sheet: Sheet, quarantine: Quarantine, outcome: Outcome) -> Receipt:
    """Keep the import's own row and its quarantine; write the file of what was set aside."""
    import_id = task.season.import_id
    columns = quarantine.columns
    unchanged = outcome.rows - outcome.stored - quarantine.n
    quarantine.keep(task.district, import_id)
    models.Import.objects.create(
        id=import_id, district=task.district, path=task.path, kind=task.kind, file_name=task.file_name,
        sha256=sheet.sha256, rows=outcome.rows, stored=outcome.stored, unchanged=unchanged,
        quarantined=quarantine.n, state=ImportState.DONE, districts=sorted(outcome.districts),
        header=list(columns.labels),
        mapping={columns.labels[index]: name for name, index in columns.at.items()},
        made_by=task.actor.account_id, made_at=clock.now(),
    )  # fmt: skip
    written = task.options.quarantine_to if quarantine.n else None
    if written is not None:
        problems = aside.kept(task.district, import_id)
        aside.write_file(written, columns.labels, problems)
    return Receipt(
        import_id, task.kind, outcome.rows, outcome.stored, unchanged, quarantine.n, outcome.changed,
        sheet.sha256, str(written) if written else None, columns.ignored, quarantine.first,
    )  # fmt: skip


def write_quarantine(actor: Actor, *, import_id: UUID, to: Path) -> int:
    """Write the rows of an import that were set aside, with the reasons; return how many.

    Assumes: a transaction whose scope holds the import.

    Raises:
        ProblemError: `grid.no_such_import` 404.
    """
    row = models.Import.objects.filter(id=import_id).first()
    if row is None:
        raise ProblemError("grid.no_such_import", status=404)
    require(actor, Verb.GRID_IMPORT, row.path)
    aside.write_file(to, row.header, aside.kept(row.district, import_id))
    return row.quarantined
