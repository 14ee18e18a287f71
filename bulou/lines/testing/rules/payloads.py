"""What records of testing say, read with care: barcodes, counts, rounds. Nothing here ever raises."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID, uuid5

import msgspec

from bulou.ledger.terms import Entry
from bulou.lines.testing.terms import SIZES, Pooling

MOST_IN_BAG: Final = 2_000
MOST_IN_TUBE: Final = 30
_BARCODE: Final = re.compile(r"[A-Z0-9][A-Z0-9._/-]{0,39}")
_POOLINGS: Final = frozenset(Pooling)


def barcode(said: object) -> str:
    """The barcode in its one spelling; empty where it cannot be one."""
    if not isinstance(said, str | int) or isinstance(said, bool):
        return ""
    text = unicodedata.normalize("NFKC", str(said)).strip().upper()
    return text if _BARCODE.fullmatch(text) else ""


def tube_id(operation: UUID, code: str) -> UUID:
    """The id of a tube: the same on every phone, in the laboratory and at the desk."""
    return uuid5(operation, code)


def body(entry: Entry) -> Mapping[str, Any]:
    """The payload as a mapping; empty where it is something else."""
    try:
        value = msgspec.json.decode(entry.payload)
    except msgspec.DecodeError:
        return {}
    return value if isinstance(value, dict) else {}


def pooling(payload: Mapping[str, Any]) -> str:
    """How people are pooled in this tube; empty where the station does not say it."""
    said = payload.get("rule")
    return said if isinstance(said, str) and said in _POOLINGS else ""


def size(payload: Mapping[str, Any]) -> int:
    """How many people may be in the tube: as many as the way of pooling allows, or fewer where told so."""
    most = SIZES.get(pooling(payload), SIZES[Pooling.TWENTY])
    told = number(payload, "size")
    return min(most, told) if told else most


def number(payload: Mapping[str, Any], key: str) -> int | None:
    """A whole number that is not negative, or nothing."""
    value = payload.get(key)
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if 0 <= value < 1_000_000 else None


def word(payload: Mapping[str, Any], key: str, most: int = 60) -> str:
    """A short text."""
    value = payload.get(key)
    return value.strip()[:most] if isinstance(value, str) else ""


def round_of(payload: Mapping[str, Any]) -> UUID | None:
    """To which round a tube belongs: tubes are no units, so their records name it themselves."""
    try:
        return UUID(payload["round"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def barcodes(payload: Mapping[str, Any]) -> tuple[str, ...]:
    """The tubes that a courier or a laboratory counted, each once, in order."""
    told = payload.get("tubes")
    codes = (barcode(one) for one in (told if isinstance(told, list) else ())[:MOST_IN_BAG])
    return tuple(dict.fromkeys(code for code in codes if code))


def reduced(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """What of a sample may stand in the ledger: of somebody found without a home the place, never a name."""
    new = payload.get("new_subject")
    if not isinstance(new, dict):
        return payload
    return {**payload, "new_subject": {**new, "label": new.get("building") or new.get("kind") or "-"}}
