"""Pure rules of evidence: where a photo is filed, how long it is kept, which photos a record names."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from bulou.access.rules import covers, path_problem

MOST_NAMED = 50


def filed_under(area: str, held: Sequence[str]) -> str | None:
    """The area where a photo is filed: the one it names if the sender works there, else the sender's own.

    The record decides who sees it; the area only bounds what the database shows. None: nowhere.
    """
    if path_problem(area) is None and any(covers(above, area) for above in held):
        return area
    district = area.partition(".")[0]
    return next((path for path in held if path.partition(".")[0] == district), held[0] if held else None)


def keep_until(received_at: datetime, days: int) -> datetime:
    """When a photo is destroyed. Source: finding-closure and disinfection-round, privacy.retention P90D."""
    return received_at + timedelta(days=days)


def named(values: Iterable[Any]) -> tuple[UUID, ...]:
    """The photos that answers name: every id in them, each once, in order; anything else is no photo."""
    words = [word for value in values for word in (value if isinstance(value, list) else (value,))]
    found = dict.fromkeys(one for word in words if (one := _id(word)))
    return tuple(found)[:MOST_NAMED]


def _id(word: Any) -> UUID | None:
    try:
        return UUID(word) if isinstance(word, str) and len(word) == 36 else None
    except ValueError:
        return None
