"""A file as a person handed it in: by a form as bytes, by a command as a path; what is wrong is a problem."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from bulou.kernel.problems import ProblemError
from bulou.kernel.sheets.book import Sheet, opened
from bulou.kernel.sheets.limits import SheetError

UNFIT: Final = 422


@contextmanager
def received(content: Path | bytes, file_name: str) -> Iterator[Sheet]:
    """Open a file that may be hostile; bytes lie in a folder of their own while it is read.

    Raises:
        ProblemError: the refusal's own code (422), also for what is found only while the rows are read.
    """
    with tempfile.TemporaryDirectory(prefix="bulou-import-") as folder:
        file = content if isinstance(content, Path) else Path(folder) / "upload"
        if isinstance(content, bytes):
            file.write_bytes(content)
        try:
            with opened(file, name=file_name) as sheet:
                yield sheet
        except SheetError as error:
            params = dict(error.refusal.params)
            raise ProblemError(error.refusal.code, status=UNFIT, where=None, **params) from error
