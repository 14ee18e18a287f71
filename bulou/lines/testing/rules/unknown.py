"""How many people are in no register at all: an estimate from two lists, with its interval and its doubts."""

from dataclasses import dataclass
from enum import StrEnum
from math import exp, sqrt
from typing import Final

Z_95: Final = 1.959964
FEW: Final = 7  # Robson and Regier 1964: below seven seen twice the estimate may be far too low


class Doubt(StrEnum):
    """Why an estimate may be wrong (存疑); each is said in words beside the number."""

    NOBODY_TWICE = "nobody_twice"
    FEW_TWICE = "few_twice"
    WHOLE_LIST = "whole_list"


@dataclass(frozen=True, slots=True)
class Lists:
    """Persons on the first list, on the second, and on both; of one community."""

    path: str
    first: int
    second: int
    both: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """How many there may be, how many were seen on either list, and how many on neither."""

    path: str
    first: int
    second: int
    both: int
    seen: int
    total: float
    low: float
    high: float
    doubts: tuple[Doubt, ...]

    @property
    def unseen(self) -> int:
        """Persons on neither list, by the estimate."""
        return max(0, round(self.total) - self.seen)

    @property
    def unseen_low(self) -> int:
        """The lower end of the interval, less those who were seen."""
        return max(0, round(self.low) - self.seen)

    @property
    def unseen_high(self) -> int:
        """The upper end of the interval, less those who were seen."""
        return max(0, round(self.high) - self.seen)


def estimate(lists: Lists) -> Estimate | None:
    """Return Chapman's estimate with its 95 % interval; nothing where a list is empty or counts are wrong.

    Source: Chapman 1951, (n1 + 1)(n2 + 1) / (m + 1) - 1, nearly unbiased for small numbers; the interval is
    the transformed logit of Sadinle 2009, which holds its coverage where few are seen twice.
    Assumes: nobody came, left or died between the lists; everybody has the same chance to be on each list;
    being on the first does not change the chance of the second; the same person is recognised on both.
    """
    first, second, both = lists.first, lists.second, lists.both
    if not 0 <= both <= min(first, second) or not first or not second:
        return None
    total = (first + 1) * (second + 1) / (both + 1) - 1
    seen = first + second - both
    low, high = _interval(first, second, both)
    low, high = max(float(seen), min(low, total)), max(total, high)
    return Estimate(lists.path, first, second, both, seen, total, low, high, _doubts(lists))


def variance(first: int, second: int, both: int) -> float:
    """Return the variance of Chapman's estimate.

    Source: Seber 1970, (n1 + 1)(n2 + 1)(n1 - m)(n2 - m) / ((m + 1)^2 (m + 2)).
    """
    above = (first + 1) * (second + 1) * (first - both) * (second - both)
    return above / ((both + 1) ** 2 * (both + 2))


def _interval(first: int, second: int, both: int) -> tuple[float, float]:
    only_first, only_second, twice = first - both + 0.5, second - both + 0.5, both + 0.5
    spread = sqrt(1 / twice + 1 / only_first + 1 / only_second + twice / (only_first * only_second))
    base, middle = first + second - both - 0.5, only_first * only_second / twice
    return base + middle * exp(-Z_95 * spread), base + middle * exp(Z_95 * spread)


def _doubts(lists: Lists) -> tuple[Doubt, ...]:
    found = []
    if not lists.both:
        found.append(Doubt.NOBODY_TWICE)
    elif lists.both < FEW:
        found.append(Doubt.FEW_TWICE)
    if lists.both == lists.first or lists.both == lists.second:
        found.append(Doubt.WHOLE_LIST)
    return tuple(found)
