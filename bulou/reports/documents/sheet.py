"""The report as a workbook: the document's tables, and every figure with its definition and its query."""

from io import BytesIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from bulou.reports.documents.layout import Bar, Document, Table, meaning, name
from bulou.reports.rules import Report, figures

# Nothing that somebody wrote may become a formula or a link when the file is opened.
_NEUTRAL = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
}
_RISKY = ("=", "+", "-", "@", "\t", "\r")
_WIDEST = 60


def render(document: Document, report: Report) -> bytes:
    """The report as an .xlsx file of two sheets: the document, and its figures one a row."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, _NEUTRAL) as book:
        book.set_properties(
            {
                "title": f"{document.title} {document.footer}",
                "author": document.issuer,
                "created": document.made_at,
            }
        )
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        number = book.add_format({"num_format": "#,##0", "valign": "top"})
        words = book.add_format({"text_wrap": True, "valign": "top"})
        _pages(book.add_worksheet(_sheet_name(document.title)), document, (head, number, words))
        _figures(book.add_worksheet("figures"), report, (head, number, words))
    return out.getvalue()


def harmless(text: str) -> str:
    """The text, with an apostrophe before what a spreadsheet would calculate when it is copied on."""
    return f"'{text}" if text.startswith(_RISKY) else text


def _sheet_name(title: str) -> str:
    return "".join(c for c in title if c not in "[]:*?/\\'")[:31] or "report"


def _pages(sheet: Worksheet, document: Document, styles: tuple[Format, Format, Format]) -> None:
    head, number, words = styles
    row = 0
    lines = [(document.issuer, ""), (document.title, ""), (document.day, document.number), *document.facts]
    for label, value in [*lines, *([(document.draft_note, "")] if document.is_draft else [])]:
        sheet.write_string(row, 0, harmless(label))
        sheet.write_string(row, 1, harmless(value))
        row += 1
    for section in document.sections:
        row += 1
        sheet.write_string(row, 0, section.number + section.title, head)
        row += 1
        for part in section.parts:
            if isinstance(part, Table):
                row = _table(sheet, part, row, (head, number, words))
            else:
                sheet.write_string(row, 0, harmless(part.caption if isinstance(part, Bar) else part))
                row += 1
    for label, value in document.signature:
        row += 1
        sheet.write_string(row, 0, label)
        sheet.write_string(row, 1, harmless(value))
    sheet.set_column(0, 0, 36)
    sheet.set_column(1, 9, 16)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _table(sheet: Worksheet, table: Table, row: int, styles: tuple[Format, Format, Format]) -> int:
    head, number, words = styles
    if table.caption:
        sheet.write_string(row, 0, harmless(table.caption))
        row += 1
    for column, text in enumerate(table.head):
        sheet.write_string(row, column, harmless(text), head)
    for cells in table.rows:
        row += 1
        for column, cell in enumerate(cells):
            digits = cell.text.replace(",", "")
            if cell.is_number and digits.isdigit():
                sheet.write_number(row, column, int(digits), number)
            else:
                sheet.write_string(row, column, harmless(cell.text), words)
    return row + 2


def _figures(sheet: Worksheet, report: Report, styles: tuple[Format, Format, Format]) -> None:
    head, number, words = styles
    for column, text in enumerate(("key", "of", "figure", "value", "unit", "definition", "query")):
        sheet.write_string(0, column, text, head)
    for row, (of, figure) in enumerate(figures(report), start=1):
        told = (figure.key, of, name(figure), "", figure.unit.value, meaning(figure), figure.link.text)
        for column, text in enumerate(told):
            sheet.write_string(row, column, harmless(text), words)
        if figure.value is not None:
            sheet.write_number(row, 3, figure.value, number)
    sheet.freeze_panes(1, 0)
    for column, width in enumerate((36, 40, 36, 12, 8, 48, _WIDEST)):
        sheet.set_column(column, column, width)
