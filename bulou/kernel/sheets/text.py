"""Delimited text: which encoding, which delimiter, and its rows one by one."""

import codecs
import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bulou.kernel.sheets.limits import Limits, SheetError

CHUNK: Final = 1024 * 1024
DELIMITERS: Final = (",", "\t", ";")


@dataclass(frozen=True, slots=True)
class TextForm:
    """How the bytes of a delimited file are to be read."""

    encoding: str
    delimiter: str


@dataclass(frozen=True, slots=True)
class Digest:
    """What one pass over the bytes shows."""

    sha256: str
    size: int
    encoding: str


def digest(path: Path) -> Digest:
    """Hash a text file and tell UTF-8 from GB18030 by decoding all of it.

    Cost: one pass, a megabyte at a time. Raises SheetError for NUL bytes and for text in neither encoding.
    """
    sha = hashlib.sha256()
    utf8 = codecs.getincrementaldecoder("utf-8")()
    is_utf8 = True
    size = 0
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            sha.update(chunk)
            if (at := chunk.find(b"\0")) >= 0:
                raise SheetError("sheet.nul_bytes", byte=size + at)
            if is_utf8:
                is_utf8 = _decodes(utf8, chunk)
            size += len(chunk)
    if is_utf8 and _decodes(utf8, b"", final=True):
        return Digest(sha.hexdigest(), size, "utf-8-sig")
    _require_gb18030(path)
    return Digest(sha.hexdigest(), size, "gb18030")


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _require_gb18030(path: Path) -> None:
    decoder = codecs.getincrementaldecoder("gb18030")()
    done = 0
    with path.open("rb") as stream:
        while True:
            chunk = stream.read(CHUNK)
            if not _decodes(decoder, chunk, final=not chunk):
                raise SheetError("sheet.encoding", byte=done)
            if not chunk:
                return
            done += len(chunk)


def sniff_delimiter(path: Path, encoding: str) -> str:
    """The delimiter that splits the first lines into most columns; a comma when none does."""
    with path.open(encoding=encoding, newline="") as stream:
        lines = [stream.readline(CHUNK) for _ in range(10)]
    sample = [line for line in lines if line.strip()]

    def columns(delimiter: str) -> int:
        return max((_count_outside_quotes(line, delimiter) for line in sample), default=0)

    return max(DELIMITERS, key=columns)


def _count_outside_quotes(line: str, delimiter: str) -> int:
    return sum(part.count(delimiter) for part in line.split('"')[::2])


def rows(path: Path, form: TextForm, limits: Limits, max_rows: int) -> Iterator[list[str]]:
    """Yield every record, blank ones too (as empty lists), so that counting them gives spreadsheet rows.

    Memory: one row. Raises SheetError for stray quotation marks and for anything over the limits.
    """
    # The C reader holds the limit on cells: a check in Python costs a microsecond a row.
    csv.field_size_limit(limits.cell_characters)
    columns = limits.columns
    number = 0
    with path.open(encoding=form.encoding, newline="") as stream:
        reader = csv.reader(stream, delimiter=form.delimiter, strict=True)
        try:
            for row in reader:
                number += 1
                if len(row) > columns:
                    raise SheetError("sheet.too_many_columns", row=number, n=len(row), limit=columns)
                if number > max_rows:
                    raise SheetError("sheet.too_many_rows", limit=max_rows - 1)
                yield row
        except csv.Error as error:
            if "field limit" in str(error):
                raise SheetError(
                    "sheet.cell_too_long", row=number + 1, limit=limits.cell_characters
                ) from error
            raise SheetError("sheet.quotes", row=number + 1, error=str(error)) from error
