"""How long the embedded server takes to come up: first, again, and after everything was killed."""

import os
import signal
import subprocess
import time

from bulou.bench.place import Place
from bulou.bench.terms import Figure
from bulou.postgres import server


def measure(where: Place, scale: float) -> list[Figure]:
    """(g) Start again after a clean stop, and after kill -9 with a stretch of log to redo."""
    server.stop(where.layout)
    again = _timed(where)
    megabytes = max(20, int(1_400 * scale))
    with where.superuser() as connection:
        connection.execute("CREATE TABLE bench_wal (t text)")
        connection.execute("CHECKPOINT")
        connection.execute(
            "INSERT INTO bench_wal SELECT repeat('x', 1000) FROM generate_series(1, %s)", [megabytes * 900]
        )
    _kill(where)
    after = _timed(where)
    log = where.layout.log.read_text(encoding="utf-8", errors="replace")
    redo = _redo_seconds(log)
    return [
        Figure("start.again", again, "s", limit=1),
        Figure("start.after_kill", after, "s"),
        Figure("start.redo", redo, "s"),
        Figure("start.after_kill_beyond_redo", after - redo, "s", limit=3),
    ]


def _timed(where: Place) -> float:
    began = time.perf_counter()
    server.ensure(where.layout)
    return time.perf_counter() - began


def _kill(where: Place) -> None:
    """Kills the postmaster and every backend; they are in sessions of their own, so each by its parent."""
    pid = int((where.layout.cluster / "postmaster.pid").read_text().split()[0])
    children = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False).stdout  # noqa: S603, S607
    for one in [pid, *map(int, children.split())]:
        try:
            os.kill(one, signal.SIGKILL)
        except ProcessLookupError:
            continue


def _redo_seconds(log: str) -> float:
    """What PostgreSQL itself says that its redo took."""
    done = [line for line in log.splitlines() if "elapsed:" in line and "redo done" in line]
    return float(done[-1].rsplit("elapsed:", 1)[1].split("s")[0]) if done else 0.0
