"""Open a table file that may be hostile: CSV is read here, a workbook in a process of its own."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import file_digest
from pathlib import Path
from typing import IO, Final

from bulou.kernel.sheets import text
from bulou.kernel.sheets.limits import Limits, SheetError

ZIP: Final = b"PK\x03\x04"
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
TEXT_NAMES: Final = (".csv", ".txt", ".tsv")
STRANGERS: Final = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"\x7fELF",
    b"MZ",
)
HEAD: Final = 4096


@dataclass(frozen=True, slots=True)
class Sheet:
    """A checked table file. `rows()` may be called again and starts anew each time."""

    sha256: str
    """Of the file as it was handed in."""
    size: int
    is_workbook: bool
    form: text.TextForm
    limits: Limits
    table: Path

    def rows(self) -> Iterator[list[str]]:
        """Yield every record in order, blank ones as empty lists; one row in memory at a time."""
        most = self.limits.xlsx_rows if self.is_workbook else self.limits.csv_rows
        return text.rows(self.table, self.form, self.limits, most + 1)


@contextmanager
def opened(path: Path, *, name: str | None = None, limits: Limits | None = None) -> Iterator[Sheet]:
    """Check a file and give its rows; `name` is what the user called it.

    Raises SheetError with a code of `limits.MESSAGES`; nothing of the file has been used then.
    """
    limits = limits or Limits()
    size = path.stat().st_size
    if size == 0:
        raise SheetError("sheet.empty")
    if size > limits.file_bytes:
        raise SheetError("sheet.too_large", n=size, limit=limits.file_bytes)
    if _is_workbook(path, Path(name or path.name).suffix.lower()):
        with tempfile.NamedTemporaryFile(prefix="bulou-sheet-", suffix=".csv") as table:
            sha256 = _unpack(path, table, limits)
            form = text.TextForm("utf-8", ",")
            yield Sheet(sha256, size, True, form, limits, Path(table.name))  # noqa: FBT003  a field, not a switch
        return
    found = text.digest(path)
    form = text.TextForm(found.encoding, text.sniff_delimiter(path, found.encoding))
    yield Sheet(found.sha256, size, False, form, limits, path)  # noqa: FBT003  a field, not a switch


def _is_workbook(path: Path, extension: str) -> bool:
    """Tell by content, then hold the name against it."""
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    if extension in (".xlsm", ".xlsb", ".xltm"):
        raise SheetError("sheet.macros")
    if head.startswith(OLE):
        raise SheetError("sheet.encrypted" if _mentions(path, ENCRYPTED) else "sheet.old_excel")
    if head.startswith(ZIP):
        if extension in TEXT_NAMES:
            raise SheetError("sheet.wrong_extension", extension=extension, content="XLSX")
        return True
    if head.startswith(STRANGERS) or extension == ".xls":
        raise SheetError("sheet.old_excel" if extension == ".xls" else "sheet.not_a_table")
    if extension == ".xlsx":
        raise SheetError("sheet.wrong_extension", extension=extension, content="text")
    return False


def _mentions(path: Path, needle: bytes) -> bool:
    tail = b""
    with path.open("rb") as stream:
        while chunk := stream.read(text.CHUNK):
            if needle in tail + chunk:
                return True
            tail = chunk[-len(needle) :]
    return False


def _unpack(path: Path, table: "tempfile._TemporaryFileWrapper[bytes]", limits: Limits) -> str:
    """Run the unpacking program over the workbook; return the workbook's own digest."""
    command = [sys.executable, "-I", "-m", "bulou.kernel.sheets.unpack", json.dumps(asdict(limits))]
    with path.open("rb") as stream:
        sha256 = file_digest(stream, "sha256").hexdigest()
        stream.seek(0)
        _run(command, stream, table.file, limits)
    return sha256


def _run(command: list[str], source: IO[bytes], table: IO[bytes], limits: Limits) -> None:
    try:
        done = subprocess.run(  # noqa: S603  our own program, no shell
            command,
            stdin=source,
            stdout=table,
            stderr=subprocess.PIPE,
            env={"PYTHONUTF8": "1", "MALLOC_ARENA_MAX": "1"},
            cwd="/",
            timeout=limits.wall_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise SheetError("sheet.too_complex") from error
    if done.returncode == 0:
        return
    try:
        refusal = json.loads(done.stderr)
        code, params = str(refusal["code"]), dict(refusal["params"])
    except (ValueError, KeyError, TypeError) as error:
        # Killed by a limit, or ended by the allocator: no last words.
        raise SheetError("sheet.too_complex") from error
    raise SheetError(code, **params)
