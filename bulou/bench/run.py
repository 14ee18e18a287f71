"""Runs benchmarks in a throw-away installation and prints each figure beside its limit."""

import json
import os
from collections.abc import Callable, Sequence

import django

from bulou.bench import place as places
from bulou.bench.terms import Figure, NotHereError

Say = Callable[[str], None]
Group = Callable[[places.Place, float], list[Figure]]
NAMES = ("intake", "board", "imports", "memory", "start", "field", "tracing", "testing")


def run(names: Sequence[str], *, scale: float, say: Say) -> list[Figure]:
    """Measures the named groups (all when empty); `scale` 1 is the full size, smaller is quicker."""
    figures: list[Figure] = []
    with places.place() as where:
        os.environ["DJANGO_SETTINGS_MODULE"] = "bulou.config.settings"
        os.environ["BULOU_DB_POOL"] = "no"
        django.setup()
        from bulou.bench import groups  # noqa: PLC0415 - settings name the database of the place, made just now

        for name in names or NAMES:
            say(f"{name} …")
            for figure in _measured(name, groups.GROUPS[name], where, scale, say):
                say(line(figure))
                figures.append(figure)
    return figures


def _measured(
    name: str,
    group: Callable[[places.Place, float], list[Figure]],
    where: places.Place,
    scale: float,
    say: Say,
) -> list[Figure]:
    """The figures of a group; where it lacks something, one figure that says so and is missed."""
    try:
        return group(where, scale)
    except NotHereError as error:
        say(f"  {error}")
        return [Figure(f"{name}.measured", 0.0, "of 1", limit=1, at_least=True)]


def line(figure: Figure) -> str:
    """One figure as people read it."""
    limit = "" if figure.limit is None else f"  {'≥' if figure.at_least else '≤'} {figure.limit:g}"
    verdict = "" if figure.limit is None else ("  ok" if figure.ok else "  MISSED")
    return f"  {figure.name:48} {figure.value:12,.3f} {figure.unit}{limit}{verdict}"


def as_json(figures: Sequence[Figure]) -> str:
    """All figures as one JSON text."""
    rows = [
        {
            "name": f.name,
            "value": f.value,
            "unit": f.unit,
            "limit": f.limit,
            "at_least": f.at_least,
            "ok": f.ok,
        }
        for f in figures
    ]
    return json.dumps(rows, indent=2)
