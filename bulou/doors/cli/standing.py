"""What a command stands on: a data folder, a running database, a schema that fits, a role that is bound."""

import fcntl
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext

from bulou.doors.cli.terminal import CommandError, note
from bulou.postgres import checks, server
from bulou.postgres.layout import Layout


def layout() -> Layout:
    """Return the places of the embedded server."""
    return Layout(settings.BULOU_DATA / "pg")


@contextmanager
def database(*, leave_running: bool = False) -> Iterator[None]:
    """Hold the database open for a command: started when it is ours and asleep, schema and role checked.

    The last command that leaves stops the embedded server, unless it was told to leave it running.

    Raises:
        CommandError: the schema is older than the program, or the server may not be used.
        ServerError: the embedded server does not start.
    """
    with running(leave_running=leave_running):
        require_schema()
        require_safe()
        yield


@contextmanager
def running(*, leave_running: bool = False) -> Iterator[None]:
    """Hold the server open, whatever its schema; for init, and for serve, which check for themselves."""
    make_data_folder()
    if not settings.BULOU_EMBEDDED:
        yield
        return
    place = layout()
    place.base.mkdir(mode=0o711, exist_ok=True)
    with (place.base / "users.lock").open("a") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        wake()
        try:
            yield
        finally:
            connections.close_all()
            if not leave_running and _is_last(users.fileno()):
                server.stop(place)


def wake() -> None:
    """Start the embedded server unless it runs."""
    server.ensure(layout(), tell=_tell)


def make_data_folder() -> None:
    """Make the data folder and the key that signs sessions; what exists stays as it is."""
    data: Path = settings.BULOU_DATA
    if not data.exists():
        data.mkdir(parents=True)
        data.chmod(0o711)
    if not settings.BULOU_KEY_IS_MISSING:
        return
    key = data / "secret_key"
    try:
        descriptor = os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        settings.SECRET_KEY = key.read_text(encoding="ascii").strip()
        return
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        settings.SECRET_KEY = secrets.token_urlsafe(48)
        file.write(settings.SECRET_KEY)


def schema_is_current() -> bool:
    """Say whether every migration has run."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def require_schema() -> None:
    """Return only if every migration has run."""
    if not schema_is_current():
        raise CommandError(gettext("The database is not prepared for this version. Run: bulou init"))


def require_safe() -> None:
    """Return only if the server keeps what it acknowledges and binds the role we work as."""
    with connection.cursor() as cursor:
        found = checks.refusals(cursor)
    if found:
        raise CommandError("\n".join(gettext(refusal.message) % refusal.params for refusal in found))


def django_command(*words: str, **environment: str) -> subprocess.Popen[str]:
    """Start one of Django's own commands in a process of its own, with other surroundings than ours."""
    return subprocess.Popen(  # noqa: S603 - our own interpreter, fixed words
        [sys.executable, "-m", "django", *words],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "bulou.config.settings", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def finish(process: subprocess.Popen[str], what: str) -> None:
    """Wait for a process and pass its words on when it failed."""
    output, _nothing = process.communicate()
    if process.returncode != 0:
        raise CommandError(f"{what}: {output.strip()}")


def _tell(what: str, seconds: int) -> None:
    if what == "waiting":
        note(gettext("An earlier PostgreSQL process is still ending (%(seconds)s s).") % {"seconds": seconds})
    else:
        note(
            gettext("PostgreSQL is starting; after a crash it repairs itself first (%(seconds)s s).")
            % {"seconds": seconds}
        )


def _is_last(users: int) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
