"""The area and the evening that a report speaks about."""

from dataclasses import dataclass
from datetime import date, datetime

from bulou.kernel.scope import Scope
from bulou.reports.terms import Figure, ListLink


@dataclass(frozen=True, slots=True)
class Evening:
    """Where and until when the report looks."""

    scope: Scope
    district: str
    path: str
    on: date
    start: datetime
    end: datetime
    as_of: datetime
    """The end of the day, or now while it lasts."""

    @property
    def is_past(self) -> bool:
        """Whether the day is over."""
        return self.as_of == self.end

    def figure(self, key: str, value: int | None, query: str, **params: str) -> Figure:
        """A figure of this area and day with the list behind it."""
        where = (("path", self.path), ("on", self.on.isoformat()))
        return Figure(key, value, ListLink(query, (*where, *sorted(params.items()))))
