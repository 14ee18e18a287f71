"""Runs `bulou` as a person does: another process, a data folder of its own."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bulou.doors.cli import web
from bulou.postgres import server
from bulou.postgres.layout import Layout
from tests import cluster


@dataclass(frozen=True, slots=True)
class Place:
    """One installation."""

    data: Path

    @property
    def layout(self) -> Layout:
        """Where its embedded server lies."""
        return Layout(self.data / "pg")

    def environment(self, **more: str) -> dict[str, str]:
        """Return the surroundings of its commands."""
        return {**os.environ, "BULOU_DATA": str(self.data), "BULOU_LANGUAGE": "en", **more}

    def run(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run one command to its end."""
        return subprocess.run(
            [sys.executable, "-m", "bulou.doors.cli.main", *words],
            env=self.environment(**environment),
            check=False,
            capture_output=True,
            text=True,
            timeout=120,
        )

    def json(self, *words: str) -> Any:
        """Run a command that must succeed, and return its JSON."""
        done = self.run(*words, "--json")
        assert done.returncode == 0, done.stderr + done.stdout[:6000]
        return json.loads(done.stdout)


def from_kept() -> Place:
    """Make an installation from the migrated cluster that the tests keep."""
    place = empty()
    fill(place)
    return place


def fill(place: Place) -> None:
    """Put a copy of the migrated cluster that the tests keep into an empty data folder."""
    subprocess.run(["cp", "-a", cluster.kept(), place.layout.base], check=True)


def empty() -> Place:
    """Make an empty data folder that the server's account can reach."""
    data = Path(tempfile.mkdtemp(prefix="bulou-c"))
    data.chmod(0o711)
    return Place(data)


def remove(place: Place) -> None:
    """Stop the server and remove everything."""
    server.stop(place.layout)
    shutil.rmtree(place.data, ignore_errors=True)


class Serving:
    """A running `bulou serve`."""

    def __init__(self, place: Place, *words: str) -> None:
        self.port = web.free_port()
        self.log = place.data / f"serve-{self.port}.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bulou.doors.cli.main", "serve", "--port", str(self.port), *words],
                env=place.environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def said(self) -> str:
        """Return everything it has said so far."""
        return self.log.read_text(encoding="utf-8")

    def wait_until_open(self) -> None:
        """Return when it answers."""
        wait(lambda: self.process.poll() is not None or web.answers("127.0.0.1", self.port), self.said)
        assert self.process.poll() is None, self.said()

    def children(self) -> list[int]:
        """Return the processes that it started, the server's not among them."""
        asked = ["ps", "-o", "pid=", "--ppid", str(self.process.pid)]
        return [int(word) for word in subprocess.run(asked, capture_output=True, check=False).stdout.split()]

    def stop(self) -> int:
        """Ask it to end; return its exit code."""
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


def wait(until: Callable[[], bool], said: Callable[[], str], seconds: float = 60) -> None:
    """Return when something is so."""
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end, said()
        time.sleep(0.05)


def alive(process: int) -> bool:
    """Say whether a process runs (a zombie does not)."""
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
