"""The administrative divisions that the package carries with it."""

import csv
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Division:
    """One row of the packaged administrative divisions: a village or community with everything above it."""

    district_code: str
    city: str
    district: str
    street_code: str
    street: str
    village_code: str
    village: str


def packaged(district_code: str) -> tuple[Division, ...]:
    """Return the villages and communities of a packaged district, in the order of their codes.

    Empty for a district that is not packaged. Source and licence: library/README.md.
    """
    table = files("bulou.grid") / "library" / "divisions.csv"
    rows = csv.reader(table.read_text(encoding="utf-8").splitlines())
    return tuple(Division(*row) for row in rows if row[0] == district_code)
