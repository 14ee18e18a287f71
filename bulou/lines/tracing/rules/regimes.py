"""The rules by which people are contacts, as they are packaged, and the one that a record names."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
import yaml

from bulou.lines.tracing.terms import DEFAULT_REGIME, ContactClass, Regime, Way


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    key: str
    titles: dict[str, str]
    lookback_days: int
    close_minutes: int
    close_ways: list[Way]
    secondary: bool
    days: dict[ContactClass, int]
    source: str


@cache
def packaged() -> Mapping[str, Regime]:
    """Return the packaged regimes by their key, in the order of the file."""
    text = (files("bulou.lines.tracing") / "library" / "regimes.yaml").read_text(encoding="utf-8")
    parts = msgspec.convert(yaml.safe_load(text), list[_Part])
    return {part.key: _regime(part) for part in parts}


def _regime(part: _Part) -> Regime:
    return Regime(
        part.key, part.titles, part.lookback_days, part.close_minutes, frozenset(part.close_ways),
        part.secondary, part.days, part.source,
    )  # fmt: skip


def default() -> Regime:
    """Return what holds until somebody says which rule does."""
    return packaged()[DEFAULT_REGIME]


def named(key: str, changes: Mapping[str, Any]) -> Regime | None:
    """Return a packaged regime with an event's own numbers, or None where there is no such regime."""
    found = packaged().get(key)
    if found is None:
        return None
    numbers = {k: changes[k] for k in ("lookback_days", "close_minutes") if changes.get(k) is not None}
    return replace(found, **numbers)
