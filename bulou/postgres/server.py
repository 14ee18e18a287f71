"""Starts and stops the embedded server, whatever state the last end left it in.

One lock file decides who runs: the server inherits its locked descriptor, and so does each of its
processes. The kernel lets go when the last of them is gone, zombies included. So a free lock means that
no process can touch the cluster any more, whatever postmaster.pid says and whichever number it names.
"""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from bulou.postgres import account as accounts
from bulou.postgres import cluster, programs, roles, socket
from bulou.postgres import view as views
from bulou.postgres.account import Account
from bulou.postgres.errors import ServerError
from bulou.postgres.layout import PORT, Layout
from bulou.postgres.view import View

Tell = Callable[[str, int], None]

_LONGEST_LOG = 16 * 2**20
_POLL_SECONDS = 0.05
_TELL_EVERY_SECONDS = 5
_STOP_SECONDS = 60
_PATIENCE = ("-t", str(_STOP_SECONDS))


class State(StrEnum):
    """What the server does."""

    ABSENT = "absent"  # no cluster was made yet
    STOPPED = "stopped"
    STARTING = "starting"  # or recovering, or just ending: alive, but not open
    RUNNING = "running"


def _quiet(_what: str, _seconds: int) -> None:
    """Say nothing."""


def status(layout: Layout) -> State:
    """Return the state of the server; asks it, trusts no file."""
    if not cluster.exists(layout):
        return State.ABSENT
    if _answers(layout, accounts.find()) == 0:
        return State.RUNNING
    return State.STARTING if _held(layout) else State.STOPPED


def ensure(layout: Layout, *, tell: Tell = _quiet, durability: dict[str, str] | None = None) -> bool:
    """Make sure that the server runs with its roles and database; return whether it was started now.

    Waits as long as a recovery takes while the server is alive, and calls `tell(what, seconds)` meanwhile.

    Raises:
        ServerError: it cannot start; the end of its log is in the message.
    """
    account = accounts.find()
    _make_folders(layout, account)
    with _control(layout):
        tools = programs.folder(layout, account)
        if _answers(layout, account) == 0:
            return False
        lock = _claim(layout, account, tell)
        if lock is None:
            return False
        try:
            with views.opened(layout, account) as view:
                if not cluster.exists(layout):
                    cluster.make(layout, account, tools, view)
                cluster.configure(layout, account, view, durability or cluster.PINNED)
                _forget_the_dead(layout)
                _turn_the_page(layout)
                _launch(layout, account, view, lock)
        finally:
            os.close(lock)
        _await_answer(layout, account, tell)
        if not roles.complete(layout):
            roles.make(layout)
        return True


def alive(layout: Layout) -> bool:
    """Say whether any process of the server lives; a few system calls, so one may ask every second."""
    return _held(layout)


def stop(layout: Layout) -> None:
    """Stop the server: open transactions are rolled back; returns when its last process is gone.

    Raises:
        ServerError: it did not end in time, even when told to end at once.
    """
    account = accounts.find()
    if not cluster.exists(layout) or not _held(layout):
        return
    with _control(layout), views.opened(layout, account) as view:
        tools = programs.folder(layout, account)
        for mode in ("fast", "immediate"):
            account.run(
                [tools / "pg_ctl", "stop", "-D", view.path(layout.cluster), "-m", mode, "-w", *_PATIENCE],
                pass_fds=view.descriptors,
            )
            if _wait_until(lambda: not _held(layout), _STOP_SECONDS / 6):
                return
    raise ServerError("PostgreSQL does not stop. Its log: %(log)s", log=str(layout.log))


def _make_folders(layout: Layout, account: Account) -> None:
    """Make the folders that are missing; those that exist keep their modes and owners."""
    for folder in (layout.base.parent, layout.base):
        if not folder.exists():
            folder.mkdir(parents=True)
            folder.chmod(0o711)  # the account passes through, and lists nothing
    place = socket.folder(layout)
    if not place.exists():
        place.mkdir(mode=0o700)
        account.own(place)
    if place.lstat().st_uid != account.uid or place.is_symlink():
        raise ServerError("%(path)s belongs to somebody else. Remove it.", path=str(place))


@contextmanager
def _control(layout: Layout) -> Iterator[None]:
    """Let one process at a time start or stop the server."""
    with (layout.base / "control.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _try_lock(layout: Layout) -> int | None:
    """Return the locked descriptor, or nothing while a process of the server holds it."""
    lock = os.open(layout.base / "server.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    return lock


def _held(layout: Layout) -> bool:
    lock = _try_lock(layout)
    if lock is None:
        return True
    os.close(lock)
    return False


def _claim(layout: Layout, account: Account, tell: Tell) -> int | None:
    """Return the lock when nothing runs; or nothing when a server that was alive has opened meanwhile."""
    began = told = time.monotonic()
    while True:
        lock = _try_lock(layout)
        if lock is not None:
            return lock
        if _answers(layout, account) == 0:
            return None
        told = _tell_now_and_then(tell, "waiting", began, told)
        time.sleep(_POLL_SECONDS)


def _forget_the_dead(layout: Layout) -> None:
    """Remove what a killed server left behind; called with the lock, so nothing of it is alive.

    PostgreSQL itself would take a zombie, or a stranger with the old number, for the old server.
    """
    (layout.cluster / "postmaster.pid").unlink(missing_ok=True)
    for name in (f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock"):
        (socket.folder(layout) / name).unlink(missing_ok=True)


def _turn_the_page(layout: Layout) -> None:
    """Put a long log aside, one generation; nothing writes to it while we hold the lock."""
    if layout.log.exists() and layout.log.stat().st_size > _LONGEST_LOG:
        layout.log.rename(layout.log.with_suffix(".log.old"))


def _launch(layout: Layout, account: Account, view: View, lock: int) -> None:
    pinned = " ".join(f"-c {name}={value}" for name, value in cluster.PINNED.items())
    options = pinned if _pins(layout) else ""
    tools = programs.folder(layout, account)
    place, log = view.path(layout.cluster), view.path(layout.log)
    done = account.run(
        [tools / "pg_ctl", "start", "-D", place, "-W", "-l", log, "-o", options],
        pass_fds=(lock, *view.descriptors),
    )
    if done.returncode != 0:
        raise ServerError(
            "PostgreSQL does not start: %(reason)s", reason=done.stderr.strip() or _log_end(layout)
        )


def _pins(layout: Layout) -> bool:
    """Say whether the settings file asks for durable writes; only throw-away clusters of tests do not."""
    return "fsync = on" in (layout.cluster / "postgresql.conf").read_text(encoding="utf-8")


def _await_answer(layout: Layout, account: Account, tell: Tell) -> None:
    began = told = time.monotonic()
    while _answers(layout, account) != 0:
        if not _held(layout):
            raise ServerError("PostgreSQL does not start: %(reason)s", reason=_log_end(layout))
        told = _tell_now_and_then(tell, "starting", began, told)
        time.sleep(_POLL_SECONDS)


def _answers(layout: Layout, account: Account) -> int:
    """Return pg_isready's answer: 0 open, 1 alive but not open, 2 nobody there."""
    if not (socket.folder(layout) / f".s.PGSQL.{PORT}").exists():
        return 2
    tools = programs.folder(layout, account)
    command: list[str | Path] = [tools / "pg_isready", "-q", "-h", socket.folder(layout), "-p", str(PORT)]
    return accounts.ourselves().run(command).returncode


def _tell_now_and_then(tell: Tell, what: str, began: float, told: float) -> float:
    moment = time.monotonic()
    if moment - told < _TELL_EVERY_SECONDS:
        return told
    tell(what, int(moment - began))
    return moment


def _wait_until(done: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            return False
        time.sleep(_POLL_SECONDS)
    return True


def _log_end(layout: Layout) -> str:
    try:
        lines = layout.log.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return str(layout.log)
    return "\n".join(lines[-5:])
