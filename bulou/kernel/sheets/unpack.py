"""The program that reads a workbook in a process of its own, with no files, no network and little memory.

Started as `python -I -m bulou.kernel.sheets.unpack LIMITS`: the workbook on standard input, its first
sheet as UTF-8 CSV on standard output. A refusal is one JSON line on standard error and exit code 3.
"""

import csv
import io
import json
import resource
import sys
import zipfile
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from pathlib import PurePosixPath
from typing import Final

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from bulou.kernel.sheets.limits import Limits, SheetError

REFUSED: Final = 3
CHUNK: Final = 256 * 1024
MARKUP: Final = (".xml", ".rels", ".vml")
FORBIDDEN: Final = (b"<!DOCTYPE", b"<!ENTITY", b"<!doctype", b"<!entity")

CellValue = int | float | str | bool | time | date | datetime | timedelta


def main(arguments: list[str]) -> int:
    """Read, check, write; return the exit code."""
    limits = Limits(**json.loads(arguments[1]))
    content = sys.stdin.buffer.read(limits.file_bytes + 1)
    "".encode("cp437")  # zip names; loads the codec's module while files can still be opened
    _confine(limits)
    try:
        check_archive(content, limits)
        _write_rows(content, limits)
    except SheetError as error:
        refusal = error.refusal
    except MemoryError:
        refusal = SheetError("sheet.too_complex").refusal
    else:
        return 0
    sys.stderr.write(json.dumps({"code": refusal.code, "params": dict(refusal.params)}))
    return REFUSED


def _confine(limits: Limits) -> None:
    """Give up memory, time, new processes and every new file or socket, before the first byte is parsed."""
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.unpacked_bytes * 2, limits.unpacked_bytes * 2))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def check_archive(content: bytes, limits: Limits) -> None:
    """Raise SheetError unless the zip archive is a plain workbook within the limits."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_members(archive, limits)
            _check_contents(archive, len(content), limits)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, ValueError) as error:
        raise SheetError("sheet.damaged") from error


def _check_members(archive: zipfile.ZipFile, limits: Limits) -> None:
    members = archive.infolist()
    if len(members) > limits.members:
        raise SheetError("sheet.zip_members", n=len(members), limit=limits.members)
    names = [member.filename for member in members]
    if len({name.lower() for name in names}) != len(names) or any(_unsafe(name) for name in names):
        raise SheetError("sheet.zip_names")
    if any(member.flag_bits & 1 for member in members):
        raise SheetError("sheet.encrypted")
    if any("vbaproject" in name.lower() or "macrosheets" in name.lower() for name in names):
        raise SheetError("sheet.macros")
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise SheetError("sheet.not_a_table")
    if sum(member.file_size for member in members) > limits.unpacked_bytes:
        raise SheetError("sheet.zip_unpacked", limit=limits.unpacked_bytes)


def _unsafe(name: str) -> bool:
    return name.startswith(("/", "\\")) or ":" in name or ".." in PurePosixPath(name.replace("\\", "/")).parts


def _check_contents(archive: zipfile.ZipFile, packed: int, limits: Limits) -> None:
    """Unpack every part once, counting real bytes: the sizes in the directory are only claims."""
    most = min(limits.unpacked_bytes, max(packed, 4096) * limits.ratio)
    done = 0
    for member in archive.infolist():
        is_markup = member.filename.lower().endswith(MARKUP)
        tail = b""
        with archive.open(member) as stream:
            while chunk := stream.read(CHUNK):
                done += len(chunk)
                if done > most:
                    _refuse_size(done, limits)
                if is_markup:
                    _check_markup(tail + chunk)
                    tail = chunk[-64:]


def _refuse_size(done: int, limits: Limits) -> None:
    if done > limits.unpacked_bytes:
        raise SheetError("sheet.zip_unpacked", limit=limits.unpacked_bytes)
    raise SheetError("sheet.zip_ratio", limit=limits.ratio)


def _check_markup(text: bytes) -> None:
    if b"\0" in text or any(word in text for word in FORBIDDEN):
        raise SheetError("sheet.doctype")
    if b"macroEnabled" in text:
        raise SheetError("sheet.macros")


def _write_rows(content: bytes, limits: Limits) -> None:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.typ is SheetTypeEnum.WorkSheet and sheet.visible is SheetVisibleEnum.Visible
        ]
        for name in names:
            sheet = book.get_sheet_by_name(name)
            if sheet.height:
                _write_sheet(sheet.iter_rows(), limits)
                return
    except PasswordError as error:
        raise SheetError("sheet.encrypted") from error
    except CalamineError as error:
        raise SheetError("sheet.damaged") from error
    raise SheetError("sheet.no_rows")


def _write_sheet(table: Iterable[list[CellValue]], limits: Limits) -> None:
    """Write every row, blank ones above the table too, so that row numbers are those of the spreadsheet."""
    out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="")
    writer = csv.writer(out)
    for number, row in enumerate(table, start=1):
        if number > limits.xlsx_rows + 1:
            raise SheetError("sheet.too_many_rows", limit=limits.xlsx_rows)
        cells = [cell_text(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        writer.writerow(cells)
    out.flush()


def cell_text(value: CellValue) -> str:
    """The text a person would have typed: 501 and not 501.0, dates as 2020-01-27."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value).replace("\0", "")


if __name__ == "__main__":
    sys.exit(main(sys.argv))
