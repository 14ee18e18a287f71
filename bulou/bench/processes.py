"""What the processes of one installation cost: web, worker and PostgreSQL, with all their children."""

import os
from contextlib import suppress
from pathlib import Path

from bulou.bench.place import Place

TICKS = os.sysconf("SC_CLK_TCK")


def family(pid: int, where: Place) -> set[int]:
    """Return the process that serves, the postmaster, and everyone below them."""
    postmaster = int((where.layout.cluster / "postmaster.pid").read_text().split()[0])
    parents: dict[int, int] = {}
    for status in Path("/proc").glob("[0-9]*/status"):
        with suppress(OSError):
            lines = dict(line.split(":\t", 1) for line in status.read_text().splitlines() if ":\t" in line)
            parents[int(lines["Pid"])] = int(lines["PPid"])
    found = {pid, postmaster}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def memory(members: set[int]) -> tuple[int, int]:
    """Return their memory in bytes: proportional (a shared page counts once in all), and resident."""
    total = {"Pss": 0, "Rss": 0}
    for one in members:
        with suppress(OSError):
            for line in Path(f"/proc/{one}/smaps_rollup").read_text().splitlines():
                name, _colon, value = line.partition(":")
                if name in total:
                    total[name] += int(value.split()[0]) * 1024
    return total["Pss"], total["Rss"]


def seconds(members: set[int]) -> float:
    """Return the processor time that they have used, in seconds, to a hundredth each."""
    total = 0
    for one in members:
        with suppress(OSError):
            fields = Path(f"/proc/{one}/stat").read_text().rsplit(")", 1)[1].split()
            total += int(fields[11]) + int(fields[12])
    return total / TICKS
