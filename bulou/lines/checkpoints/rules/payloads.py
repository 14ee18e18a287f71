"""Reads and reduces the payloads of the line: what must not stand in the ledger is left out, in any case."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from bulou.ledger.terms import Entry

_WORD = re.compile(r"[a-z][a-z_]{0,31}")
_PATH = re.compile(r"[A-Za-z0-9_-]{1,32}(\.[A-Za-z0-9_-]{1,32}){0,15}")
_TAG = re.compile(r"[0-9a-f]{32}")
_SEALED = re.compile(r"[A-Za-z0-9_-]{1,6000}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_EMPTY: Mapping[str, Any] = {}
MOST = 100_000


def _matches(pattern: re.Pattern[str]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def _uuid(value: Any) -> bool:
    try:
        return isinstance(value, str) and str(UUID(value)) == value
    except ValueError:
        return False


def _count(value: Any) -> bool:
    return type(value) is int and 0 <= value <= MOST


def _celsius(value: Any) -> bool:
    return type(value) in (int, float) and 30 <= value <= 45


_word, _path, _tag, _day = _matches(_WORD), _matches(_PATH), _matches(_TAG), _matches(_DAY)

PLAIN: Mapping[str, Callable[[Any], bool]] = {
    "post": _uuid,
    "shift": _uuid,
    "direction": _word,
    "vehicle": _word,
    "n_persons": _count,
    "origin": _word,
    "purpose": _word,
    "temperature_c": _celsius,
    "recheck_c": _celsius,
    "to": _path,
    "reason": _word,
    "told": _word,
    "seconds": _count,
    "plate_tag": _tag,
    "pass_tag": _tag,
    "pass_result": _word,
    "key": _day,
    "sealed": _matches(_SEALED),
    "n_staff": _count,
    "passages": _count,
    "persons": _count,
    "minutes": _count,
    "n_told": _count,
    "how": _word,
    "trouble": _word,
}
"""Everything that may stand in the ledger in plain text, with its form. No free text is among it."""


def reduce(payload: Mapping[str, Any]) -> dict[str, Any]:
    """The payload without everything that could name a person or a vehicle. The same for the same payload."""
    return {key: payload[key] for key in sorted(PLAIN) if key in payload and PLAIN[key](payload[key])}


def left_out(payload: Mapping[str, Any]) -> bool:
    """Whether `reduce` would leave anything out."""
    return len(reduce(payload)) != len(payload)


def body(entry: Entry) -> Mapping[str, Any]:
    """The payload as a mapping; empty where it is something else."""
    try:
        value = msgspec.json.decode(entry.payload)
    except msgspec.DecodeError:
        return _EMPTY
    return reduce(value) if isinstance(value, dict) else _EMPTY


def missing(entry: Entry) -> bool:
    """Whether a receiver says that somebody did not arrive."""
    try:
        return bool(msgspec.json.decode(entry.payload, type=dict[str, Any]).get("missing"))
    except (msgspec.DecodeError, msgspec.ValidationError):
        return False


def identity(payload: Mapping[str, Any], key: str) -> UUID | None:
    """An id, or None where there is none or it is not one."""
    value = payload.get(key)
    return UUID(value) if _uuid(value) else None


def word(payload: Mapping[str, Any], key: str) -> str:
    """A word of a list of choices, a path or a tag; empty where there is none."""
    value = payload.get(key)
    return value if isinstance(value, str) else ""


def count(payload: Mapping[str, Any], key: str) -> int | None:
    """A number that was told, or None."""
    value = payload.get(key)
    return value if _count(value) else None


def celsius(payload: Mapping[str, Any], key: str) -> float | None:
    """A temperature, or None."""
    value = payload.get(key)
    return float(value) if _celsius(value) else None  # type: ignore[arg-type]


def day(payload: Mapping[str, Any], key: str) -> date | None:
    """A calendar day, or None."""
    try:
        return date.fromisoformat(word(payload, key))
    except ValueError:
        return None
