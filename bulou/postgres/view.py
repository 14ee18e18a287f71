"""How the server's account sees our folders, even below one that only we may enter.

Root's `mktemp -d` makes a private folder, and its mode is not ours to change. The account is handed an open
descriptor instead: /proc/self/fd/N leads straight into our folder, whatever lies above it. The server and all
its processes inherit the descriptor, and so nobody else gets a way in.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bulou.postgres.account import Account
from bulou.postgres.errors import ServerError
from bulou.postgres.layout import Layout


@dataclass(frozen=True, slots=True)
class View:
    """Our folder as the account sees it, and the descriptors that its processes must inherit."""

    base: Path
    seen: Path
    descriptors: tuple[int, ...]

    def path(self, path: Path) -> Path:
        """Return the account's path of one of our files."""
        return self.seen / path.relative_to(self.base) if path.is_relative_to(self.base) else path


def reaches(account: Account, folder: Path) -> bool:
    """Say whether the account gets into a folder by its ordinary path."""
    return not account.switch or _enters(account, folder, ())


@contextmanager
def opened(layout: Layout, account: Account) -> Iterator[View]:
    """Give the account a view of our folder for the commands inside the block.

    Raises:
        ServerError: it gets in by no way (no /proc).
    """
    if reaches(account, layout.base):
        yield View(layout.base, layout.base, ())
        return
    descriptor = os.open(layout.base, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        seen = Path(f"/proc/self/fd/{descriptor}")
        if not _enters(account, seen, (descriptor,)):
            raise ServerError(
                "The account that runs PostgreSQL cannot reach %(path)s."
                " Set BULOU_DATA to a folder that is not inside a private one.",
                path=str(layout.base),
            )
        yield View(layout.base, seen, (descriptor,))
    finally:
        os.close(descriptor)


def _enters(account: Account, folder: Path, descriptors: tuple[int, ...]) -> bool:
    return account.run(["/bin/ls", "-d", folder / "."], pass_fds=descriptors).returncode == 0
