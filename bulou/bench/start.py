"""How long the embedded server takes to come up: first, again, and after everything was killed."""

import os
import signal
import subprocess
import sys
import time

from bulou.bench.place import Place, empty_folder, free_port, serving
from bulou.bench.terms import Figure
from bulou.postgres import server
from bulou.postgres.layout import Layout


def measure(where: Place, scale: float) -> list[Figure]:
    """(g) The database: first start, again, and after kill -9 with a stretch of log to redo.

    Beside it what a person waits for: `bulou serve` until the first answer, in an empty folder and again,
    and what loading the program alone takes on this machine now.
    """
    first = _first()
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
    loading = _loading()
    serve_first, serve_again = _serve_twice()
    return [
        Figure("start.first", first, "s", limit=3),
        Figure("start.again", again, "s", limit=1),
        Figure("start.after_kill", after, "s"),
        Figure("start.redo", redo, "s"),
        Figure("start.after_kill_beyond_redo", after - redo, "s", limit=3),
        Figure("start.loading", loading, "s to load the program, nothing else"),
        Figure("start.serve_first", serve_first, "s to the first answer, empty folder"),
        Figure("start.serve_again", serve_again, "s to the first answer"),
        Figure("start.serve_again_ratio", serve_again / loading, "x loading"),
    ]


def _first() -> float:
    """Make a cluster in an empty folder, with its roles, and open it."""
    with empty_folder() as data:
        layout = Layout(data / "pg")
        began = time.perf_counter()
        try:
            server.ensure(layout)
            return time.perf_counter() - began
        finally:
            server.stop(layout)


def _serve_twice() -> tuple[float, float]:
    with empty_folder() as data:
        where = Place(data, Layout(data / "pg"), free_port())
        times = []
        try:
            for _ in range(2):
                began = time.perf_counter()
                with serving(where, BULOU_DATA=str(data)):
                    times.append(time.perf_counter() - began)
        finally:
            server.stop(where.layout)
        return times[0], times[1]


def _loading() -> float:
    """The least of three: a process that reads the settings and loads every room."""
    words = [sys.executable, "-c", "import django; django.setup()"]
    times = []
    for _ in range(3):
        began = time.perf_counter()
        subprocess.run(words, check=True)  # noqa: S603 - our own interpreter, fixed words
        times.append(time.perf_counter() - began)
    return min(times)


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
