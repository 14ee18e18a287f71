"""Copies of the whole cluster: taken while it works, verified file by file, put back beside the live one."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bulou.postgres import account as accounts
from bulou.postgres import programs, socket
from bulou.postgres.account import Account
from bulou.postgres.errors import ServerError
from bulou.postgres.layout import APP_LOGIN, OWNER_ROLE, PORT, SUPERUSER, Layout

_NOTE = "bulou-backup.json"
_CLUSTER = "cluster"
_KEYS = "keys"
_BASEBACKUP = ("--wal-method=stream", "--checkpoint=fast", "--manifest-checksums=SHA256")


@dataclass(frozen=True, slots=True)
class Copy:
    """A verified copy: where it lies, when it was taken, how large it is."""

    folder: Path
    made_at: datetime
    n_bytes: int


def take(layout: Layout, folder: Path, made_at: datetime) -> Copy:
    """Copy the running server into a new folder and verify the copy; the folder appears only when it is good.

    Raises:
        ServerError: the folder is there already, the copy failed, or a checksum in it is wrong.
    """
    if folder.exists() and any(folder.iterdir()):
        raise ServerError("%(path)s is not empty. Name a new folder.", path=str(folder))
    half = folder.with_name(f"{folder.name}.part")
    if half.exists():
        shutil.rmtree(half)
    half.mkdir(mode=0o700, parents=True)
    tools = programs.folder(layout, accounts.find())
    place = (
        f"host='{socket.folder(layout)}' port={PORT} user={SUPERUSER} passfile='{layout.passfile(SUPERUSER)}'"
    )
    _run(
        [tools / "pg_basebackup", "--pgdata", half / _CLUSTER, *_BASEBACKUP, "--dbname", place],
        "The copy failed: %(reason)s",
    )
    (half / _KEYS).mkdir(mode=0o700)
    for role in (SUPERUSER, OWNER_ROLE, APP_LOGIN):
        shutil.copy2(layout.passfile(role), half / _KEYS / layout.passfile(role).name)
    _verify(tools, half)
    size = sum(path.stat().st_size for path in half.rglob("*") if path.is_file())
    (half / _NOTE).write_text(json.dumps({"made_at": made_at.isoformat(), "bytes": size}), encoding="ascii")
    if folder.exists():
        folder.rmdir()
    half.rename(folder)
    return Copy(folder, made_at, size)


def look(layout: Layout, folder: Path) -> Copy:
    """Return a copy after checking every file of it against its manifest.

    Raises:
        ServerError: this is no copy, or it is damaged.
    """
    try:
        told = json.loads((folder / _NOTE).read_text(encoding="ascii"))
        made_at = datetime.fromisoformat(told["made_at"]).astimezone(UTC)
        found = Copy(folder, made_at, int(told["bytes"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ServerError("%(path)s is not a backup of Bulou.", path=str(folder)) from error
    _verify(programs.folder(layout, accounts.find()), folder)
    return found


def unpack(copy: Copy, layout: Layout) -> None:
    """Lay a copy out as a stopped server of its own; the copy itself stays as it is."""
    account = accounts.find()
    layout.base.mkdir(parents=True)
    layout.base.chmod(0o711)
    shutil.copytree(copy.folder / _CLUSTER, layout.cluster, symlinks=True)
    (layout.cluster / "backup_manifest").unlink(missing_ok=True)
    _hand_over(layout.cluster, account)
    for key in (copy.folder / _KEYS).iterdir():
        shutil.copy2(key, layout.base / key.name)
        (layout.base / key.name).chmod(0o600)
    (layout.base / "roles.made").touch(mode=0o600)


def _hand_over(cluster: Path, account: Account) -> None:
    for path in (cluster, *cluster.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o700 if path.is_dir() else 0o600)
            account.own(path)


def _verify(tools: Path, folder: Path) -> None:
    _run([tools / "pg_verifybackup", "--exit-on-error", folder / _CLUSTER], "The copy is damaged: %(reason)s")


def _run(command: list[str | Path], message: str) -> None:
    """Run a program as ourselves: it reads and writes what is ours, and asks the server like any client."""
    done = subprocess.run(
        [os.fspath(word) for word in command],
        check=False,
        capture_output=True,
        text=True,
        errors="replace",
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
    )
    if done.returncode != 0:
        raise ServerError(message, reason=done.stderr.strip())
