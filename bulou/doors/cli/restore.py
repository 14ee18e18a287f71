"""`bulou restore DIR`: a copy is proved beside the live data before it takes its place."""

import fcntl
import os
import shutil
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext

from bulou.doors.cli import standing
from bulou.doors.cli.backup import BESIDE, copy_beside, require_embedded
from bulou.doors.cli.terminal import OK, Command, CommandError, note, say
from bulou.kernel import clock
from bulou.postgres import backup, server
from bulou.postgres.layout import Layout

_PARTS = ("pg", *BESIDE)


def command() -> Command:
    """Describe the command."""
    return Command(gettext("Put a copy back, after proving that it is good."), _arguments, _run)


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="DIR", help=gettext("a folder that `bulou backup` made"))


def _run(options: Namespace) -> int:
    require_embedded()
    standing.make_data_folder()
    data: Path = settings.BULOU_DATA
    trial = data / "restore.new"
    note(gettext("Checking every file of the copy …"))
    copy = backup.look(standing.layout(), options.folder.absolute())
    if trial.exists():
        server.stop(Layout(trial / "pg"))
        shutil.rmtree(trial)
    trial.mkdir(mode=0o711)
    trial.chmod(0o711)
    backup.unpack(copy, Layout(trial / "pg"))
    copy_beside(copy.folder, trial)
    note(gettext("Starting the copy beside the live data and verifying its accounts …"))
    _prove(trial)
    with _nobody_works():
        kept = _swap(trial, data)
    say(
        gettext("Restored as of %(time)s. The data from before lies in %(kept)s.")
        % {"time": copy.made_at, "kept": kept}
    )
    return OK


def _prove(trial: Path) -> None:
    """Return only when the copy starts, fits this version and verifies; the live data is not touched."""
    try:
        for name in ("init", "verify"):
            done = subprocess.run(  # noqa: S603 - our own interpreter, fixed words
                [sys.executable, "-m", "bulou.doors.cli.main", name],
                env={**os.environ, "BULOU_DATA": str(trial)},
                check=False,
                capture_output=True,
                text=True,
            )
            if done.returncode != 0:
                words = {"reason": (done.stderr or done.stdout).strip()}
                raise CommandError(gettext("The copy is not good, nothing was changed: %(reason)s") % words)
    finally:
        server.stop(Layout(trial / "pg"))


@contextmanager
def _nobody_works() -> Iterator[None]:
    """Hold everybody else off while folders change places.

    Raises:
        CommandError: `bulou serve` or another command uses the live data now.
    """
    base = standing.layout().base
    if not base.exists():
        yield
        return
    with (base / "users.lock").open("a") as users:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CommandError(gettext("Bulou is running. Stop it first; nothing was changed.")) from None
        server.stop(standing.layout())
        yield


def _swap(trial: Path, data: Path) -> Path:
    kept = data / f"before-restore-{clock.now():%Y%m%dT%H%M%S}"
    kept.mkdir(mode=0o700)
    for name in _PARTS:
        if (data / name).exists():
            (data / name).rename(kept / name)
        if (trial / name).exists():
            (trial / name).rename(data / name)
    shutil.rmtree(trial)
    return kept
