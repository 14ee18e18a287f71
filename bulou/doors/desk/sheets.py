"""The missed list on paper and as a file: a sheet per building, CSV and XLSX of what is shown."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

import xlsxwriter
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bulou.access.actions.gate import require
from bulou.access.terms import Verb
from bulou.coverage.queries import accounts, units
from bulou.doors.desk import frame, protocol_words
from bulou.doors.desk.asking import DeskRequest
from bulou.doors.desk.missed import Asked, area_names, ask, missed_rows
from bulou.doors.desk.missed_markup import MissedRow
from bulou.kernel import clock

MOST_SHEETS = 2_000
MOST_ROWS = 200_000
STEP = 2_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The doors of one building that are still owed."""

    area: str
    building: str
    rows: tuple[MissedRow, ...]


@require_GET
def sheets(request: DeskRequest, operation_id: UUID) -> HttpResponse:
    """Show sheets to print, one for each building, in walking order."""
    asked = ask(request, operation_id)
    rows = list(_rows(asked, MOST_SHEETS + 1))
    context = {
        "round": asked.operation,
        "title": protocol_words.title(asked.operation),
        "sheets": _sheets(rows[:MOST_SHEETS]),
        "cut": len(rows) > MOST_SHEETS,
        "most": MOST_SHEETS,
        "at": clock.now(),
    }
    return frame.page(request, "desk/missed/sheets.html", context, title=_("Sheets to print"))


@require_GET
def export(request: DeskRequest, operation_id: UUID, kind: str) -> HttpResponse:
    """Answer with the filtered list as a file: doors, no names of residents."""
    asked = ask(request, operation_id)
    require(request.actor, Verb.LIST_EXPORT, asked.path)
    table = _table(_rows(asked, MOST_ROWS))
    body, content_type = (_xlsx(table), XLSX) if kind == "xlsx" else (_csv(table), "text/csv; charset=utf-8")
    response = HttpResponse(body, content_type=content_type)
    at = clock.now().astimezone(clock.DISTRICT_ZONE)
    response.headers["Content-Disposition"] = (
        f'attachment; filename="missed-{asked.path}-{at:%Y%m%d-%H%M}.{kind}"'
    )
    return response


def _rows(asked: Asked, most: int) -> Iterator[MissedRow]:
    """Every row of the filtered list up to a limit, read in steps."""
    cursor: str | None = None
    left = most
    known = accounts.account(asked.scope, asked.operation, path=asked.path)
    while left > 0:
        page = units.missed(
            asked.scope,
            asked.operation,
            path=asked.path,
            only=asked.only,
            limit=min(STEP, left),
            cursor=cursor,
            known=known,
        )
        yield from missed_rows(asked, page.items, area_names(asked, page.items))
        left -= len(page.items)
        cursor = page.next
        if cursor is None:
            return


def _sheets(rows: Iterable[MissedRow]) -> tuple[Sheet, ...]:
    grouped = groupby(rows, key=lambda row: (row.area, row.building))
    return tuple(Sheet(area, building, tuple(members)) for (area, building), members in grouped)


def _table(rows: Iterable[MissedRow]) -> Iterator[tuple[str, ...]]:
    yield (
        _("Area"), _("Building"), _("Door or site"), _("Why"), _("Attempts"), _("Last attempt"), _("Due"),
        _("Owed by"), _("Alert"), "id",
    )  # fmt: skip
    for row in rows:
        last = row.last_attempt_at.astimezone(clock.DISTRICT_ZONE) if row.last_attempt_at else None
        yield (
            row.area, row.building, row.label, row.why, str(row.attempts),
            f"{last:%Y-%m-%d %H:%M}" if last else "",
            f"{row.due_at.astimezone(clock.DISTRICT_ZONE):%Y-%m-%d %H:%M}",
            row.owner, _("yes") if row.alert else "", str(row.subject),
        )  # fmt: skip


def _csv(table: Iterable[tuple[str, ...]]) -> bytes:
    """CSV with a byte-order mark, without which a spreadsheet shows Chinese as noise."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([harmless(cell) for cell in row] for row in table)
    return out.getvalue().encode("utf-8-sig")


def _xlsx(table: Iterable[tuple[str, ...]]) -> bytes:
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "constant_memory": False,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    book = xlsxwriter.Workbook(out, options)
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True})
    sheet.freeze_panes(1, 0)
    for n, row in enumerate(table):
        for m, cell in enumerate(row):
            sheet.write_string(n, m, harmless(cell), bold if n == 0 else None)
    sheet.set_column(0, 2, 16)
    sheet.set_column(3, 8, 12)
    sheet.set_column(9, 9, 38)
    book.close()
    return out.getvalue()


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(DANGEROUS) else cell
