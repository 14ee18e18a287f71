"""Write tables that a spreadsheet opens without running anything in them."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""First characters that a spreadsheet, or its Chinese input form, takes for a formula."""


def neutralised(cell: str) -> str:
    """Return the cell as text: an apostrophe before a leading formula sign; a plain number keeps its sign."""
    if not cell.lstrip(" ").startswith(DANGEROUS):
        return cell
    if cell[0] in "+-" and cell[1:].replace(".", "", 1).isascii() and cell[1:].replace(".", "", 1).isdigit():
        return cell
    return f"'{cell}"


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write UTF-8 with a byte order mark, as every Excel needs for Chinese; cells are neutralised."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([neutralised(cell) for cell in header])
        writer.writerows([neutralised(cell) for cell in row] for row in rows)
