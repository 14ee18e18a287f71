"""Where the embedded server keeps its things below the data folder."""

import os
from dataclasses import dataclass
from pathlib import Path

SUPERUSER = "postgres"
OWNER_ROLE = "bulou_owner"
APP_GROUP = "bulou_app"
APP_LOGIN = "bulou_app_login"
DATABASE = "bulou"
PORT = 5432


@dataclass(frozen=True, slots=True)
class Layout:
    """The folders and files of one embedded server; `base` is `<data folder>/pg`."""

    base: Path

    @property
    def cluster(self) -> Path:
        """The PostgreSQL data directory, owned by the account that runs the server."""
        return self.base / "cluster"

    @property
    def runtime(self) -> Path:
        """A copy of the server's programs, when the account cannot reach the installed ones."""
        return self.base / "runtime"

    @property
    def log(self) -> Path:
        """The log of the server."""
        return self.cluster / "server.log"

    def passfile(self, role: str) -> Path:
        """The password file of one login role: mode 0600, of the user who runs Bulou."""
        return self.base / f"{role}.pgpass"


def data_folder() -> Path:
    """Return the data folder: BULOU_DATA, else the usual place of this user."""
    chosen = os.environ.get("BULOU_DATA", "").strip()
    if chosen:
        return Path(chosen).expanduser().absolute()
    if os.geteuid() == 0:
        return Path("/var/lib/bulou")
    return Path("~/.local/share/bulou").expanduser()
