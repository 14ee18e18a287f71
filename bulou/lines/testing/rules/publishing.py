"""What of a round the public may read: counts of enough people, and none that a difference tells."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

FEWEST: Final = 20
"""People of whom a public figure tells at least."""
FEW_POSITIVE: Final = 5
"""Below that a number of positive people is told as a range."""


@dataclass(frozen=True, slots=True)
class Told:
    """One place: how many people were sampled there; nothing where that is not told."""

    place: str
    sampled: int | None


def shown(counts: Mapping[str, int], *, fewest: int = FEWEST) -> tuple[Told, ...]:
    """Return each place with its count, or with nothing. Assumes: the sum over all places is told, too.

    A place of fewer people is left out. What is left out stands for at least two places, and together for at
    least that many people, because the sum less what is told gives it: so the next smallest places are left
    out as well. Places without anybody are not named.
    """
    there = sorted((n, place) for place, n in counts.items() if n)
    hidden = [one for one in there if one[0] < fewest]
    for one in there[len(hidden) :]:
        if not hidden or (len(hidden) > 1 and sum(n for n, _ in hidden) >= fewest):
            break
        hidden.append(one)
    silent = {place for _, place in hidden}
    return tuple(
        Told(place, None if place in silent else n) for n, place in sorted(there, key=lambda t: t[1])
    )


def may_be_told(sampled: int, *, fewest: int = FEWEST) -> bool:
    """Tell whether so many people may be told of at all."""
    return sampled >= fewest


def positive(n: int) -> str:
    """Return how many positive people the public is told of: none, "1-4", or the number."""
    return f"1-{FEW_POSITIVE - 1}" if 0 < n < FEW_POSITIVE else str(n)
