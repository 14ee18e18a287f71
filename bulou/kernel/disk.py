"""How full a disk is: above a limit Bulou only answers questions, so that what it holds stays whole."""

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bulou.kernel import clock
from bulou.kernel.problems import Entry

PROBLEMS = {
    "disk.full": Entry(
        503,
        "The disk is %(percent)s %% full. Until there is room, Bulou shows and takes nothing in;"
        " phones keep their records.",
    ),
}
GIGABYTE = 2**30
LOOKED_FOR = timedelta(seconds=5)

_looked: dict[Path, tuple[datetime, "Usage"]] = {}


@dataclass(frozen=True, slots=True)
class Usage:
    """How much of a disk is used, in percent rounded up, and how many bytes are free."""

    percent: int
    free: int

    def is_full(self, *, percent: int, free_gb: int) -> bool:
        """Tell whether it is too full to write: by its share, unless much is free all the same."""
        return self.free <= 0 or (self.percent >= percent and self.free < free_gb * GIGABYTE)


def usage(place: Path) -> Usage:
    """Return how full the disk is that holds a place (or will hold it), as of at most five seconds ago."""
    known, now = _looked.get(place), clock.now()
    if known is not None and abs(now - known[0]) < LOOKED_FOR:
        return known[1]
    there = place
    while not there.exists():
        there = there.parent
    disk = shutil.disk_usage(there)
    found = Usage(-(-100 * (disk.total - disk.free) // disk.total), disk.free)
    _looked[place] = now, found
    return found
