"""The zones in force as a plan of a testing day takes them: the form proposes them, the officer decides."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from bulou.command.queries import zones as queries
from bulou.command.terms import Level
from bulou.doors.desk.zones import names_of, place
from bulou.kernel.scope import Scope
from bulou.lines.testing.rules.planning import Zone

OF = MappingProxyType(
    {Level.SEALED: Zone.SEALED, Level.CONTROLLED: Zone.CONTROLLED, Level.PRECAUTION: Zone.PRECAUTION}
)
Choices = list[tuple[str, str]]


def proposed(
    scope: Scope, path: str, areas: Choices, at: datetime
) -> tuple[Choices, Mapping[str, str | list[str]]]:
    """Return the areas to choose from, those with a zone of their own among them, and what holds at a moment.

    An area keeps the strictest level on the way down to it. 1 query, 1 more where zones lie deeper.
    """
    held = [zone for zone in queries.zones(scope, at, path=path) if zone.holds(at)]
    known = {area for area, _name in areas}
    deeper = {zone.path for zone in held if zone.path.startswith(f"{path}.")} - known
    names = names_of(scope, deeper)
    choices = [*areas, *((area, place(area, names)) for area in sorted(deeper))]
    preset: dict[str, str | list[str]] = {}
    # strictest first: whoever comes first keeps the area
    for zone in held:
        inside = [area for area, _name in choices if area == zone.path or area.startswith(f"{zone.path}.")]
        free = [a for a in inside if not any(a in named for named in preset.values())]
        if path == zone.path or path.startswith(f"{zone.path}."):
            preset.setdefault("rest", OF[zone.level].value)
        elif free:
            preset[f"in_{OF[zone.level].value}"] = [*preset.get(f"in_{OF[zone.level].value}", []), *free]
    return choices, preset
