"""Keeps the processes of `bulou serve` alive, and ends them together."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

_PR_SET_PDEATHSIG = 1
_STOP_SECONDS = 20
_LONGEST_PAUSE_SECONDS = 30.0
_STEADY_SECONDS = 60  # who lived that long did not die of its start


@dataclass(slots=True)
class Child:
    """One process that must always run; after it died it is started again, later each time."""

    name: str
    words: Sequence[str]
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    born: float = 0.0
    again_at: float = 0.0
    pause: float = 0.5

    def start(self) -> None:
        """Start it in a process group of its own: Ctrl-C reaches us only, and its children end with it."""
        self.born = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 - our own interpreter, fixed words
            list(self.words),
            env={**os.environ, **self.environment},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_end_with_parent,  # noqa: PLW1509 - no other thread of ours runs yet
        )

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the process and to every process it started."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)

    def look_after(self, moment: float) -> int | None:
        """Return the exit code of a death that was noticed now; start again what has waited long enough."""
        if self.process is None:
            if moment >= self.again_at:
                self.start()
            return None
        code = self.process.poll()
        if code is None:
            return None
        self.signal(signal.SIGKILL)  # what it left behind would keep the port or the jobs
        self.process = None
        self.pause = (
            0.5 if moment - self.born > _STEADY_SECONDS else min(self.pause * 2, _LONGEST_PAUSE_SECONDS)
        )
        self.again_at = moment + self.pause
        return code


@dataclass(slots=True)
class Children:
    """All processes of one `bulou serve`."""

    members: list[Child]
    stopping: threading.Event = field(default_factory=threading.Event)

    def heed_signals(self) -> None:
        """Let SIGTERM, SIGINT and SIGHUP ask for the end, from now on."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._asked)

    def _asked(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping.set()

    def start(self) -> None:
        """Start all."""
        for child in self.members:
            child.start()

    def add(self, child: Child) -> None:
        """Start one more."""
        self.members.append(child)
        child.start()

    def look_after(self) -> list[tuple[str, int]]:
        """Start again what died; return the names and exit codes of those that died since the last look."""
        moment = time.monotonic()
        codes = ((child.name, child.look_after(moment)) for child in self.members)
        return [(name, code) for name, code in codes if code is not None]

    def stop(self, *, gently: bool = True) -> None:
        """Ask all to end, wait, and kill whoever does not; who has not opened yet is not asked gently."""
        for child in self.members:
            if child.process is not None and not gently:
                child.signal(signal.SIGKILL)
            elif child.process is not None:
                with contextlib.suppress(ProcessLookupError):
                    child.process.terminate()
        end = time.monotonic() + _STOP_SECONDS
        for child in self.members:
            if child.process is not None:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.process.wait(max(0.0, end - time.monotonic()))
                child.signal(signal.SIGKILL)
                child.process.wait()


def _end_with_parent() -> None:
    """Ask Linux for SIGTERM when `bulou serve` itself is killed; elsewhere the port check tells."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
