"""What must be true of any PostgreSQL before Bulou writes to it, the embedded one or an external one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

LEAST_VERSION = 180000
DURABLE = {
    "fsync": {"on"},
    "full_page_writes": {"on"},
    "synchronous_commit": {"on", "remote_apply", "remote_write"},
}


class Cursor(Protocol):
    """What the checks need of a database cursor."""

    def execute(self, query: str, params: Sequence[Any] | None = None, /) -> object:
        """Run a statement."""

    def fetchone(self) -> Any:
        """Return the next row."""

    def fetchall(self) -> list[Any]:
        """Return all rows."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why the server may not be used: an English message id with its parameters."""

    code: str
    message: str
    params: dict[str, str]


def refusals(cursor: Cursor) -> tuple[Refusal, ...]:
    """Return every reason not to work on this server as this role; none is the only good answer."""
    return (*_server(cursor), *_role(cursor))


def _server(cursor: Cursor) -> list[Refusal]:
    cursor.execute("SELECT current_setting('server_version_num')::int, current_setting('server_encoding')")
    version, encoding = cursor.fetchone()
    found = []
    if version < LEAST_VERSION:
        found.append(
            Refusal(
                "version",
                "PostgreSQL 18 or newer is needed; this is %(version)s.",
                {"version": str(version // 10000)},
            )
        )
    if encoding != "UTF8":
        found.append(
            Refusal("encoding", "The database must use UTF8, not %(encoding)s.", {"encoding": encoding})
        )
    for name, good in DURABLE.items():
        cursor.execute("SELECT current_setting(%s)", [name])
        (value,) = cursor.fetchone()
        if value not in good:
            found.append(
                Refusal(
                    "durability",
                    "%(name)s is %(value)s: an acknowledged record could be lost in a power cut."
                    " Set it to on.",
                    {"name": name, "value": value},
                )
            )
    return found


def _role(cursor: Cursor) -> list[Refusal]:
    cursor.execute("SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
    role, is_superuser, bypasses = cursor.fetchone()
    found = []
    if is_superuser:
        found.append(
            Refusal(
                "superuser",
                "The role %(role)s is a superuser; row-level security would not bind it.",
                {"role": role},
            )
        )
    if bypasses:
        found.append(
            Refusal(
                "bypass",
                "The role %(role)s has BYPASSRLS; row-level security would not bind it.",
                {"role": role},
            )
        )
    cursor.execute(
        "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND c.relpersistence <> 't'"
        " AND c.relkind IN ('r', 'p') AND pg_has_role(c.relowner, 'USAGE')"
    )
    (owned,) = cursor.fetchone()
    cursor.execute("SELECT pg_has_role(datdba, 'USAGE') FROM pg_database WHERE datname = current_database()")
    (owns_database,) = cursor.fetchone()
    if owned or owns_database:
        found.append(
            Refusal(
                "owner",
                "The role %(role)s owns tables or the database; it could switch the policies off.",
                {"role": role},
            )
        )
    return found
