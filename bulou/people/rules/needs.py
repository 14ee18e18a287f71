"""Why somebody is visited at home rather than called: by age, or as a file says it."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from bulou.grid.terms import Need

OVER: Final = 75
INFANT: Final = 3


def needs(number: str, said: Iterable[Need], on: date) -> tuple[str, ...]:
    """Return the needs of a person, sorted: those a file names, and those that the year of birth tells.

    Ages are those of the year: who becomes 75 in it counts as over 75, who became 3 as an infant. Rather
    a visit too many than one too few, and no day of birth is kept. Source: S#84, P-57 priority lists.
    """
    found = {need.value for need in said}
    years = _years(number, on)
    if years is not None and years >= OVER:
        found.add(Need.OVER_75.value)
    if years is not None and years <= INFANT:
        found.add(Need.INFANT.value)
    return tuple(sorted(found))


def _years(number: str, on: date) -> int | None:
    """The age that a resident's ID number tells for the end of the year; papers of elsewhere tell none."""
    if len(number) != 18 or not number[6:10].isdecimal():
        return None
    years = on.year - int(number[6:10])
    return years if 0 <= years < 130 else None
