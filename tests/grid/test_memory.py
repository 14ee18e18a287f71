"""Large files: memory does not grow with the rows."""

import os
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bulou.grid.actions.imports import ImportOptions
from bulou.grid.terms import NATION, ImportKind
from tests.make import grid

pytestmark = pytest.mark.django_db
MEGABYTE = 1024 * 1024
NATIONAL_ROWS = 41_352
COUNTIES = 2_978


class Gauge:
    """Reads the memory of this process while a file is taken in."""

    def __init__(self) -> None:
        self.start = self.peak = self.now()

    @staticmethod
    def now() -> int:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def __call__(self, rows: int) -> None:
        self.peak = max(self.peak, self.now())

    @property
    def grown(self) -> float:
        self(0)
        return (self.peak - self.start) / MEGABYTE


def national(rows: int) -> bytes:
    """Return a file of the shape of the national list of streets: code, name and three codes above."""
    lines = ["code,name,areaCode,provinceCode,cityCode"]
    for n in range(rows):
        county, street = divmod(n, rows // COUNTIES + 1)
        code = f"{11 + county // 100:02d}{county // 10 % 10 + 51:02d}{county % 10 + 1:02d}"
        lines.append(f'{code}{street + 1:03d},"第{n}街道",{code},{code[:2]},{code[:4]}')
    return "\n".join(lines).encode()


@pytest.mark.slow
def test_a_national_file_comes_back_whole_with_flat_memory() -> None:
    grid.district()  # loads what is loaded once
    gauge = Gauge()
    content = national(NATIONAL_ROWS)
    options = ImportOptions(progress=gauge, valid_from=grid.SINCE)
    receipt = grid.taken(ImportKind.AREAS, content, path=NATION, options=options)
    assert (receipt.rows, receipt.stored, receipt.quarantined) == (NATIONAL_ROWS, NATIONAL_ROWS, 0)
    assert gauge.grown < 80


def test_a_hundred_thousand_doors_take_no_more_memory_than_ten_thousand() -> None:
    grid.district()
    grown = []
    for number, rows in enumerate((10_000, 100_000)):
        content = "社区,小区,楼号,门牌\n" + "".join(
            f"东晟,幸福,{number}{n // 1000},{n % 1000}\n" for n in range(rows)
        )
        gauge = Gauge()
        options = ImportOptions(progress=gauge, valid_from=grid.SINCE)
        assert grid.taken(ImportKind.DWELLINGS, content.encode(), options=options).stored == rows
        grown.append(gauge.grown)
    assert grown[1] < grown[0] + 20


def test_a_wrong_file_of_many_rows_is_set_aside_with_flat_memory() -> None:
    grid.district()
    gauge = Gauge()
    content = grid.sheet(("社区", "门牌"), ((f"nowhere {n % 5000}", n) for n in range(20_000)))
    receipt = grid.taken(ImportKind.DWELLINGS, content, options=ImportOptions(progress=gauge))
    assert receipt.quarantined == 20_000
    assert len(receipt.first_problems) == 20
    assert gauge.grown < 60


def test_an_import_of_doors_sends_the_same_statements_whatever_its_size() -> None:
    grid.district()
    grid.doors([("头道", "", "", "", "", "1", "")])
    counts = []
    for n in (100, 5_000):
        content = grid.sheet(("社区", "门牌"), [("头道", f"{n}-{k}") for k in range(n)])
        with CaptureQueriesContext(connection) as captured:
            grid.taken(ImportKind.DWELLINGS, content)
        counts.append(len(captured))
    assert counts[0] == counts[1] < 60
