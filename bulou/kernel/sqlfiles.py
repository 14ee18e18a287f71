"""Reads the SQL files of a room."""

from functools import cache
from importlib.resources import files


@cache
def load(package: str, name: str) -> str:
    """Return the text of `<package>/sql/<name>.sql`, read once per process.

    Raises:
        FileNotFoundError: there is no such file; a programming error, found by the first call.
    """
    return (files(package) / "sql" / f"{name}.sql").read_text(encoding="utf-8")
