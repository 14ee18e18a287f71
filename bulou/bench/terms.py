"""The words of benchmarks: a figure, and the limit that it is held against."""

from dataclasses import dataclass


class NotHereError(Exception):
    """Something that a benchmark needs is not installed; the message says what."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure; with a limit it must stay at or below it, or at least reach it."""

    name: str
    value: float
    unit: str
    limit: float | None = None
    at_least: bool = False

    @property
    def ok(self) -> bool:
        """Whether the limit is kept; a figure without one is only told."""
        if self.limit is None:
            return True
        return self.value >= self.limit if self.at_least else self.value <= self.limit
