"""The unprivileged account of the server: PostgreSQL refuses to run as root, and rightly."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bulou.postgres.errors import ServerError

NAME = "bulou"


@dataclass(frozen=True, slots=True)
class Account:
    """Who runs the server: another account when we are root, else ourselves (`switch` is false)."""

    uid: int
    gid: int
    switch: bool

    def run(
        self, command: Sequence[str | Path], *, pass_fds: Sequence[int] = (), timeout: float | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's programs under the account, in `/`, with a plain environment."""
        return subprocess.run(
            [os.fspath(word) for word in command],
            check=False,
            capture_output=True,
            text=True,
            errors="replace",
            cwd="/",
            env=_environment(),
            pass_fds=pass_fds,
            timeout=timeout,
            stdin=subprocess.DEVNULL,
            user=self.uid if self.switch else None,
            group=self.gid if self.switch else None,
            extra_groups=[] if self.switch else None,
        )

    def own(self, path: Path) -> None:
        """Give one file or folder, which the caller has just made, to the account."""
        if self.switch:
            os.chown(path, self.uid, self.gid)


def ourselves() -> Account:
    """Return who runs this process, for programs that need no account of their own."""
    return Account(os.geteuid(), os.getegid(), switch=False)


def find() -> Account:
    """Return the account of the server; as root the system account `bulou` is made when missing.

    Raises:
        ServerError: the account is missing and cannot be made here.
    """
    if os.geteuid() != 0:
        return ourselves()
    try:
        entry = pwd.getpwnam(NAME)
    except KeyError:
        entry = _make()
    if entry.pw_uid == 0:
        raise ServerError("The system account %(name)s is root itself. Give it its own number.", name=NAME)
    return Account(entry.pw_uid, entry.pw_gid, switch=True)


def _make() -> pwd.struct_passwd:
    program = shutil.which("useradd") or shutil.which("useradd", path="/usr/sbin:/sbin")
    if program is None:
        raise ServerError(
            "PostgreSQL cannot run as root and useradd is missing."
            " Make a system account named %(name)s, or start Bulou as another user.",
            name=NAME,
        )
    shell = ("--shell", shutil.which("nologin") or "/usr/sbin/nologin")
    made = subprocess.run(
        [program, "--system", "--no-create-home", "--home-dir", "/nonexistent", "--user-group", *shell, NAME],
        check=False,
        capture_output=True,
        text=True,
        errors="replace",
    )
    try:
        return pwd.getpwnam(NAME)  # also when another process was a moment quicker
    except KeyError:
        raise ServerError(
            "The system account %(name)s could not be made: %(reason)s", name=NAME, reason=made.stderr.strip()
        ) from None


def _environment() -> dict[str, str]:
    """Return an environment in which nothing (PGHOST, PGDATA, locale) changes what the programs do."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
