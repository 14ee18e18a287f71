"""ISO 8601 durations as far as protocols need them: weeks to seconds, in whole numbers."""

import re
from datetime import timedelta

_PATTERN = re.compile(
    r"P(?:(?P<weeks>[0-9]{1,4})W"
    r"|(?:(?P<days>[0-9]{1,5})D)?"
    r"(?:T(?=[0-9])(?:(?P<hours>[0-9]{1,5})H)?(?:(?P<minutes>[0-9]{1,6})M)?(?:(?P<seconds>[0-9]{1,8})S)?)?)"
)
_UNITS = (("H", 3600), ("M", 60), ("S", 1))


def parse(text: str) -> timedelta:
    """The duration that `text` names; years and months are refused because their length varies.

    Raises:
        ValueError: not a duration such as `P3D`, `PT12H`, `P1DT30M` or `P2W`.
    """
    found = _PATTERN.fullmatch(text)
    parts = {} if found is None else {unit: int(n) for unit, n in found.groupdict().items() if n is not None}
    if not parts:
        raise ValueError(f"{text!r} is not a duration like P3D or PT12H")
    return timedelta(**parts)


def text(duration: timedelta) -> str:
    """The shortest text that `parse` reads back as `duration`; assumes whole seconds and not negative."""
    days, seconds = duration.days, duration.seconds
    clock = ""
    for letter, size in _UNITS:
        n, seconds = divmod(seconds, size)
        clock += f"{n}{letter}" if n else ""
    return f"P{days}D" + (f"T{clock}" if clock else "") if days else f"PT{clock or '0S'}"
