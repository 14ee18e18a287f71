"""What a laboratory sends, a file or rows: each result is stored, unchanged or set aside with a reason."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Final

from django.db import transaction
from django.utils.translation import gettext

from bulou.access.actions.gate import require
from bulou.access.rules import covers
from bulou.access.terms import Actor, Verb
from bulou.intake.actions import office
from bulou.intake.terms import OfficeRecord
from bulou.kernel.problems import ProblemError
from bulou.kernel.reach import whole
from bulou.kernel.scope import transaction as scoped
from bulou.kernel.sheets.plain import write_csv
from bulou.kernel.sheets.received import received
from bulou.lines.testing.queries import tubes
from bulou.lines.testing.rules import lab
from bulou.lines.testing.terms import PROBLEMS, TUBE_SLUG, Kind, Result, Tube
from bulou.protocols import queries as protocols

UNFIT: Final = 422
BATCH: Final = 500
Rows = Callable[[], Iterator[Sequence[str]]]
"""Reads the rows from the first one on, each time it is called."""
COLUMN_WORDS: Final = ("problem_row", "problem")


@dataclass(frozen=True, slots=True)
class Options:
    """How a file is to be read."""

    mapping: Mapping[str, str] = field(default_factory=dict)
    dry: bool = False
    quarantine_to: Path | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of every row of a file: rows = stored + unchanged + quarantined, always."""

    rows: int
    stored: int
    unchanged: int
    quarantined: int
    not_negative: int
    sha256: str
    quarantine_file: str | None
    ignored_columns: tuple[str, ...]
    problems: tuple[tuple[int, str], ...]

    def __post_init__(self) -> None:
        """Refuse a receipt that does not balance."""
        if self.rows != self.stored + self.unchanged + self.quarantined:
            raise ValueError(f"{self.rows} != {self.stored} + {self.unchanged} + {self.quarantined}")


@dataclass(slots=True)
class _Taking:
    """One file under way."""

    actor: Actor
    path: str
    columns: lab.Columns
    rows: int = 0
    stored: int = 0
    unchanged: int = 0
    not_negative: int = 0
    aside: list[tuple[int, str, tuple[str, ...]]] = field(default_factory=list)
    said: dict[str, Result] = field(default_factory=dict)


def take_results(
    actor: Actor, *, path: str, content: Path | bytes, file_name: str, options: Options | None = None
) -> Receipt:
    """Take a file of results in, in one transaction. The same file again changes nothing.

    A later result of the same tube stands beside the earlier one and counts instead of it. A row whose tube
    is not known at or below `path` is set aside, as is one that says what nobody understands.

    Raises:
        ProblemError: access.*; a refused file (`sheet.*`, testing.columns_missing) 422; nothing is stored.
    """
    require(actor, Verb.RESULT_RECORD, path)
    options = options or Options()
    with received(content, file_name) as sheet:
        taking = _taken(actor, path, sheet.rows, options)
    return _receipt(taking, sheet.sha256, options)


def take_rows(actor: Actor, *, path: str, rows: Sequence[Sequence[str]], dry: bool = False) -> Receipt:
    """Take results of a laboratory's own system in, as `take_results` does; the first row is the header.

    Raises:
        ProblemError: access.*; testing.columns_missing 422; nothing is stored.
    """
    require(actor, Verb.RESULT_RECORD, path)
    options = Options(dry=dry)
    return _receipt(_taken(actor, path, lambda: iter(rows), options), "", options)


def _taken(actor: Actor, path: str, rows: Rows, options: Options) -> _Taking:
    with scoped(whole(path.partition(".")[0])), transaction.atomic():
        first = list(islice(rows(), lab.SEARCHED_ROWS))
        start = lab.header_row(first, options.mapping) if first else 0
        columns = lab.match(first[start] if first else (), options.mapping)
        if columns.missing:
            missing = ", ".join(columns.missing)
            raise ProblemError("testing.columns_missing", status=UNFIT, missing=missing)
        taking = _Taking(actor, path, columns)
        _take(taking, rows(), start)
        if options.dry:
            transaction.set_rollback(True)
    return taking


def _take(taking: _Taking, rows: Iterator[Sequence[str]], start: int) -> None:
    batch: list[tuple[int, lab.Row, tuple[str, ...]]] = []
    for number, cells in islice(enumerate(rows, start=1), start + 1, None):
        if not any(cell.strip() for cell in cells):
            continue
        taking.rows += 1
        row = lab.row(cells, taking.columns)
        if row.problem:
            taking.aside.append((number, row.problem, tuple(cells)))
        else:
            batch.append((number, row, tuple(cells)))
        if len(batch) >= BATCH:
            _store(taking, batch)
            batch = []
    _store(taking, batch)


def _store(taking: _Taking, batch: Sequence[tuple[int, lab.Row, tuple[str, ...]]]) -> None:
    if not batch:
        return
    known = tubes.by_barcode(taking.path.partition(".")[0], [row.barcode for _, row, _ in batch])
    records: list[OfficeRecord] = []
    for number, row, cells in batch:
        tube = _tube(taking, known.get(row.barcode, ()))
        result = lab.outcome(row.result, rule=tube.rule, n=tube.n) if tube and row.result else None
        if tube is None or result is None:
            taking.aside.append((number, "testing.unknown_tube", cells))
        elif taking.said.setdefault(row.barcode, result) is not result:
            taking.aside.append((number, "testing.two_results", cells))
        elif tube.result == result:
            taking.unchanged += 1
        else:
            taking.stored += 1
            taking.not_negative += result is not Result.NEGATIVE
            records.append(_record(tube, result, row))
            known[row.barcode] = [replace(tube, result=result.value)]
    office.submit_office(taking.actor, records)


def _tube(taking: _Taking, found: Sequence[Tube]) -> Tube | None:
    """The newest tube with this barcode in the area."""
    return next((one for one in found if covers(taking.path, one.path)), None)


def _record(tube: Tube, result: Result, row: lab.Row) -> OfficeRecord:
    told = {"round": str(tube.operation), "tube": tube.barcode, "who": row.laboratory, "reason": row.reason}
    return OfficeRecord(
        kind=Kind.RESULT, path=tube.path, subject_type="tube", subject=tube.id, outcome=result,
        payload={key: text for key, text in told.items() if text},
        protocol=protocols.latest(TUBE_SLUG).reference,
    )  # fmt: skip


def _receipt(taking: _Taking, sha256: str, options: Options) -> Receipt:
    written = options.quarantine_to if taking.aside else None
    if written is not None:
        written.touch(mode=0o600)
        width = len(taking.columns.labels)
        lines = (
            [*cells, *[""] * (width - len(cells)), str(number), gettext(PROBLEMS[code].message)]
            for number, code, cells in taking.aside
        )
        write_csv(written, [*taking.columns.labels, *COLUMN_WORDS], lines)
    return Receipt(
        rows=taking.rows, stored=taking.stored, unchanged=taking.unchanged, quarantined=len(taking.aside),
        not_negative=taking.not_negative, sha256=sha256,
        quarantine_file=str(written) if written else None, ignored_columns=taking.columns.ignored,
        problems=tuple((number, code) for number, code, _ in taking.aside),
    )  # fmt: skip
