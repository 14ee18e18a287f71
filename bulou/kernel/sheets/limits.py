"""How large and how odd a table file may be, and the refusal when it is more."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

MIB: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may ask of the machine (threat X8: archive bombs, giant rows, hidden programs)."""

    file_bytes: int = 512 * MIB
    csv_rows: int = 2_000_000
    xlsx_rows: int = 200_000
    columns: int = 200
    cell_characters: int = 4_000
    members: int = 200
    unpacked_bytes: int = 100 * MIB
    ratio: int = 100
    memory_bytes: int = 512 * MIB
    cpu_seconds: int = 20
    wall_seconds: int = 60


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a file is not read: a stable code and the figures of its message."""

    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)


class SheetError(Exception):
    """The whole file is refused; nothing of it may be used."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.refusal = Refusal(code, params)


MESSAGES: Final[Mapping[str, str]] = {
    "sheet.empty": "The file is empty.",
    "sheet.too_large": "The file has %(n)s bytes; the limit is %(limit)s.",
    "sheet.not_a_table": "This is not a CSV or XLSX file.",
    "sheet.wrong_extension": "The name ends in %(extension)s, but the content is %(content)s.",
    "sheet.old_excel": "Old Excel files (.xls) are not read. Save it as .xlsx or as CSV.",
    "sheet.encrypted": "The file is protected by a password. Save a copy without the password.",
    "sheet.macros": "The workbook contains programs (macros). Save it as .xlsx without macros.",
    "sheet.nul_bytes": "The file contains NUL bytes near byte %(byte)s; it is not a text file.",
    "sheet.encoding": "The text is neither UTF-8 nor GB18030 (near byte %(byte)s).",
    "sheet.quotes": "A quotation mark is out of place near row %(row)s: %(error)s.",
    "sheet.too_many_rows": "The file has more than %(limit)s rows. Split it.",
    "sheet.too_many_columns": "Row %(row)s has %(n)s columns; the limit is %(limit)s.",
    "sheet.cell_too_long": "Row %(row)s has a cell of more than %(limit)s characters.",
    "sheet.zip_members": "The workbook has %(n)s parts; the limit is %(limit)s.",
    "sheet.zip_unpacked": "The workbook unpacks to more than %(limit)s bytes.",
    "sheet.zip_ratio": "The workbook unpacks to more than %(limit)s times its size.",
    "sheet.zip_names": "The workbook contains a part with an unsafe name.",
    "sheet.doctype": "The workbook declares a document type or entities, which no office program writes.",
    "sheet.damaged": "The workbook is damaged and cannot be read.",
    "sheet.no_rows": "The workbook has no sheet with rows.",
    "sheet.too_complex": "Reading the workbook took more memory or time than allowed. Save it as CSV.",
}
"""English message of every refusal; the doors translate them."""
