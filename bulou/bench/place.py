"""A throw-away installation to measure in: its own data, PostgreSQL with full durability, and web server."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError

import psycopg

from bulou.postgres import roles, server
from bulou.postgres.layout import APP_LOGIN, SUPERUSER, Layout

PATIENCE = 240
"""Seconds until a server must answer: with busy neighbours a start takes ten times as long."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a benchmark runs."""

    data: Path
    layout: Layout
    port: int

    def app(self) -> psycopg.Connection:
        """A connection of the application role, autocommitting."""
        connection = roles.connect(self.layout, APP_LOGIN)
        connection.autocommit = True
        return connection

    def superuser(self) -> psycopg.Connection:
        """A connection that may do everything: for the bare statements that ours are held against."""
        connection = roles.connect(self.layout, SUPERUSER)
        connection.autocommit = True
        return connection


@contextmanager
def place() -> Iterator[Place]:
    """An initialised installation, gone afterwards."""
    with empty_folder() as data:
        os.environ["BULOU_DATA"] = str(data)
        made = Place(data, Layout(data / "pg"), free_port())
        try:
            subprocess.run([*_bulou(), "init"], check=True, stdout=subprocess.DEVNULL)  # noqa: S603
            yield made
        finally:
            server.stop(made.layout)


@contextmanager
def empty_folder() -> Iterator[Path]:
    """A new data folder, gone afterwards."""
    data = Path(tempfile.mkdtemp(prefix="bulou-b"))
    data.chmod(0o755)
    try:
        yield data
    finally:
        shutil.rmtree(data, ignore_errors=True)


@contextmanager
def serving(where: Place, **environment: str) -> Iterator[int]:
    """`bulou serve` on the place; gives the process id of its supervisor."""
    process = subprocess.Popen(  # noqa: S603
        [*_bulou(), "serve", "--port", str(where.port)],
        stdout=subprocess.DEVNULL,
        start_new_session=True,
        env={name: value for name, value in os.environ.items() if name != "BULOU_DB_POOL"} | environment,
    )
    try:
        _await_answer(where.port, process)
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def _bulou() -> list[str]:
    return [sys.executable, "-m", "bulou.doors.cli.main"]


def _await_answer(port: int, process: "subprocess.Popen[bytes]") -> None:
    limit = time.monotonic() + PATIENCE
    while time.monotonic() < limit:
        if process.poll() is not None:
            raise RuntimeError("the server did not start")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"the server did not answer within {PATIENCE} s")


def free_port() -> int:
    """Return a port of this machine that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
