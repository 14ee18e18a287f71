"""Area paths: labels joined by dots, the district first."""

import re
from typing import Final

LABEL: Final = re.compile(r"[A-Za-z0-9_-]{1,32}")
PATH: Final = re.compile(r"[A-Za-z0-9_-]{1,32}(\.[A-Za-z0-9_-]{1,32}){0,15}")


def is_path(text: str) -> bool:
    """Tell whether a text has the form of an area path."""
    return PATH.fullmatch(text) is not None


def district(path: str) -> str:
    """Return the first label; it never changes."""
    return path.partition(".")[0]


def parent(path: str) -> str | None:
    """Return the path of the area above; None for a district."""
    return path.rpartition(".")[0] or None


def covers(above: str, path: str) -> bool:
    """Tell whether a path is `above` or lies below it; labels are compared whole."""
    return path == above or path.startswith(f"{above}.")


def bounds(path: str) -> tuple[str, str]:
    """Return the half-open range of everything strictly below a path, in byte order."""
    return f"{path}.", f"{path}/"


def moved(path: str, old: str, new: str) -> str:
    """Return the path with its beginning `old` replaced by `new`."""
    return new + path[len(old) :]
