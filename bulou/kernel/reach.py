"""How far a person or a transaction may see: areas, as a value without a database."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_PATH = re.compile(r"[A-Za-z0-9_-]{1,32}(\.[A-Za-z0-9_-]{1,32})*")
_NAME = re.compile(r"[a-z_][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Scope:
    """Districts and, inside them, the area paths with everything below them. Empty means: nothing."""

    districts: tuple[str, ...]
    paths: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse anything that is not an area path: these words become array literals."""
        for word in (*self.districts, *self.paths):
            if not _PATH.fullmatch(word):
                raise ValueError(f"not an area path: {word!r}")

    def covers(self, path: str) -> bool:
        """Say whether the area `path` lies in the scope, itself or below one of its paths."""
        return any(path == p or path.startswith(f"{p}.") for p in self.paths)


def lineage(path: str) -> tuple[str, ...]:
    """Return the paths from the district down to the path itself."""
    labels = path.split(".")
    return tuple(".".join(labels[: n + 1]) for n in range(len(labels)))


def spelled(path: str, names: Mapping[str, str], *, above: int = 1) -> str:
    """Return what an area is called: the names down to it; the path where none of them is known.

    So many of those above are left out: one, the district's, unless told, since whoever reads it is in it.
    """
    return " ".join(names[p] for p in lineage(path)[above:] if p in names) or names.get(path, path)


def whole(district: str) -> Scope:
    """Return the scope of everything in one district."""
    return Scope((district,), (district,))


def sql(column: str, scope: Scope) -> tuple[str, list[list[str]]]:
    """Return a condition on a path column and its parameters: the same scope, inside a query."""
    return f"(({column} || '.') ^@ ANY(%s))", [[f"{path}." for path in scope.paths]]


def rls_sql(table: str, path_column: str | None = "path") -> str:
    """Return the statements that put a table under row-level security, for its first migration.

    An unset scope is an error, never an empty answer: "nobody was missed" must not be an accident.
    The owner is under the policy too (FORCE): a data migration sets the scope like everyone else.
    """
    if not _NAME.fullmatch(table) or not (path_column is None or _NAME.fullmatch(path_column)):
        raise ValueError(f"not a plain SQL name: {table!r}, {path_column!r}")
    condition = "district = ANY (current_setting('bulou.districts')::text[])"
    if path_column is not None:
        condition += f" AND (({path_column} || '.') ^@ ANY (current_setting('bulou.scope')::text[]))"
    return (
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;\n"
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;\n"
        f"CREATE POLICY {table}_scope ON {table} FOR ALL USING ({condition});\n"
    )
