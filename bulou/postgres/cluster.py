"""Makes the cluster and writes its settings."""

import os
import secrets
import shutil
from pathlib import Path

from bulou.postgres import socket
from bulou.postgres.account import Account
from bulou.postgres.errors import ServerError
from bulou.postgres.layout import PORT, SUPERUSER, Layout
from bulou.postgres.view import View

# An acknowledged record must survive a power cut: these stand on the command line, above every file.
PINNED = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}

_INITDB = (
    f"--username={SUPERUSER}",
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
    "--data-checksums",
    "--no-instructions",
)

_SMALL_SHARED_MEMORY = 256 * 2**20

_HBA = "local all all scram-sha-256\nlocal replication all scram-sha-256\n"

# The whole of `bulou serve` stays under 1 GB after a million-row import.
_SETTINGS = """\
# Written by Bulou at every start; changes here are lost.
listen_addresses = ''
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
port = {port}
max_connections = 80
password_encryption = 'scram-sha-256'
shared_buffers = '128MB'
work_mem = '8MB'
maintenance_work_mem = '64MB'
effective_cache_size = '{cache_mb}MB'
huge_pages = off
jit = off
random_page_cost = 1.1
max_parallel_workers_per_gather = {parallel}
max_parallel_maintenance_workers = {parallel}
wal_level = replica
max_wal_size = '1GB'
checkpoint_timeout = '5min'
checkpoint_completion_target = 0.9
wal_buffers = '16MB'
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %q%u '
log_min_messages = warning
log_checkpoints = off
log_statement = none
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
track_io_timing = on
autovacuum_naptime = '15s'
autovacuum_analyze_scale_factor = 0.02
autovacuum_vacuum_scale_factor = 0.05
{durability}
"""


def exists(layout: Layout) -> bool:
    """Say whether the cluster was made."""
    return (layout.cluster / "PG_VERSION").exists()


def make(layout: Layout, account: Account, programs: Path, view: View) -> None:
    """Make the cluster: SCRAM passwords, checksums, C.UTF-8 sorting; whole or not at all.

    Raises:
        ServerError: initdb refused; its words are in the message.
    """
    half = layout.base / "cluster.new"
    if half.exists():
        shutil.rmtree(half)
    half.mkdir(mode=0o700)
    account.own(half)
    password = secrets.token_urlsafe(32)
    secret = layout.base / "initdb.secret"
    secret.unlink(missing_ok=True)
    secret.touch(mode=0o600)
    try:
        secret.write_text(password, encoding="ascii")
        account.own(secret)
        done = account.run(
            [programs / "initdb", "--pgdata", view.path(half), "--pwfile", view.path(secret), *_INITDB],
            pass_fds=view.descriptors,
        )
    finally:
        secret.unlink()
    if done.returncode != 0:
        raise ServerError("PostgreSQL could not make its files: %(reason)s", reason=done.stderr.strip())
    write_passfile(layout, SUPERUSER, password)
    half.rename(layout.cluster)


def configure(layout: Layout, account: Account, view: View, durability: dict[str, str]) -> None:
    """Write the settings and who may connect; run before every start."""
    parallel = 1 if _shared_memory() >= _SMALL_SHARED_MEMORY else 0
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2**20
    text = _SETTINGS.format(
        socket=str(view.path(socket.folder(layout))).replace("'", "''"),
        port=PORT,
        cache_mb=max(256, pages // 2),
        parallel=parallel,
        durability="\n".join(f"{name} = {value}" for name, value in durability.items()),
    )
    for name, content in (("postgresql.conf", text), ("pg_hba.conf", _HBA)):
        fresh = layout.cluster / f"{name}.new"
        fresh.write_text(content, encoding="utf-8")
        fresh.chmod(0o600)
        account.own(fresh)
        fresh.rename(layout.cluster / name)


def write_passfile(layout: Layout, role: str, password: str) -> None:
    """Keep the password of a login role, readable for us only."""
    path = layout.passfile(role)
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    fresh.write_text(f"*:*:*:{role}:{password}\n", encoding="ascii")
    fresh.rename(path)


def _shared_memory() -> int:
    """Return the bytes of /dev/shm: containers often have 64 MB, too few for parallel queries."""
    try:
        return shutil.disk_usage("/dev/shm").total  # noqa: S108 - asked for its size only
    except OSError:
        return 0
