"""Reads the payloads of the line without ever raising: what a phone sent may be anything."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from bulou.ledger.terms import Entry
from bulou.lines.supervision.terms import Method, Severity

_EMPTY: Mapping[str, Any] = {}
_SEVERITIES = {severity.value: severity for severity in Severity}
_METHODS = {method.value: method for method in Method}


def body(entry: Entry) -> Mapping[str, Any]:
    """The payload as a mapping; empty where it is something else."""
    try:
        value = msgspec.json.decode(entry.payload)
    except msgspec.DecodeError:
        return _EMPTY
    return value if isinstance(value, dict) else _EMPTY


def text(payload: Mapping[str, Any], key: str) -> str:
    """A text without blanks around it; empty where there is none."""
    value = payload.get(key)
    return value.strip() if isinstance(value, str) else ""


def identity(payload: Mapping[str, Any], key: str) -> UUID | None:
    """An id, or None where there is none or it is not one."""
    try:
        return UUID(text(payload, key))
    except ValueError:
        return None


def day(payload: Mapping[str, Any], key: str) -> date | None:
    """A calendar day written as 2020-01-28, or None."""
    try:
        return date.fromisoformat(text(payload, key))
    except ValueError:
        return None


def moment(payload: Mapping[str, Any], key: str) -> datetime | None:
    """An aware moment, or None; a time without an offset is no moment."""
    try:
        value = datetime.fromisoformat(text(payload, key))
    except ValueError:
        return None
    return value if value.tzinfo else None


def severity(payload: Mapping[str, Any]) -> Severity | None:
    """The severity, or None where it is missing or unknown."""
    return _SEVERITIES.get(text(payload, "severity"))


def methods(payload: Mapping[str, Any]) -> tuple[Method, ...]:
    """The known methods of a visit, sorted; `method` with one word is read like a list of one."""
    value = payload.get("methods") or payload.get("method") or []
    words = value if isinstance(value, list) else [value]
    return tuple(sorted({_METHODS[word] for word in words if isinstance(word, str) and word in _METHODS}))


def covert(payload: Mapping[str, Any]) -> bool:
    """Whether the inspected must not know before they are told (暗访)."""
    flagged = payload.get("covert") is True or payload.get("secret") is True
    return flagged or Method.SECRET in methods(payload)


def evidence(payload: Mapping[str, Any]) -> bool:
    """Whether a fix shows anything: a photo, a document number, words of what was seen."""
    return bool(texts(payload, "evidence") or texts(payload, "photo") or photos(payload))


def texts(payload: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """The texts of a list, without blanks and empty ones; one text is read like a list of one."""
    value = payload.get(key)
    items = value if isinstance(value, list) else [value]
    return tuple(item.strip() for item in items if isinstance(item, str) and item.strip())


def photos(payload: Mapping[str, Any]) -> tuple[UUID, ...]:
    """The photos that a payload names, each once."""
    found: dict[UUID, None] = {}
    for word in texts(payload, "photos"):
        with suppress(ValueError):
            found[UUID(word)] = None
    return tuple(found)
