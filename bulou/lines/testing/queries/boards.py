"""The boards of a testing day: per area and hour, tubes out and back, slowest sites. Counters only."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
from django.db import connection

from bulou.coverage.queries.rounds import part
from bulou.coverage.terms import Operation
from bulou.kernel import sqlfiles
from bulou.kernel.scope import Scope
from bulou.lines.testing.rules import chasing
from bulou.lines.testing.rules.chasing import Chase
from bulou.lines.testing.terms import Outcome, Stage

ROOM = "bulou.lines.testing"
SITES = 20
"""Sites of which a board tells: the slowest."""


@dataclass(slots=True)
class Counts:
    """What counters say of one place, site or hour."""

    sampled: int = 0
    resampled: int = 0
    people: int = 0
    tubes: dict[Stage, int] = field(default_factory=dict)

    def add(self, what: str, n: int) -> None:
        """Take one counter in."""
        if what == Outcome.SAMPLED:
            self.sampled += n
        elif what == Outcome.RESAMPLED:
            self.resampled += n
        elif what == "in_tubes":
            self.people += n
        elif what.startswith("tube."):
            stage = Stage(what.removeprefix("tube."))
            self.tubes[stage] = self.tubes.get(stage, 0) + n

    @property
    def filled(self) -> int:
        """Every tube that was begun."""
        return sum(self.tubes.values())

    @property
    def out(self) -> int:
        """Tubes that have left the site and have no result."""
        return self.tubes.get(Stage.TAKEN, 0) + self.tubes.get(Stage.RECEIVED, 0)

    @property
    def at_site(self) -> int:
        """Tubes that no courier has taken."""
        return self.tubes.get(Stage.FILLING, 0) + self.tubes.get(Stage.SEALED, 0)

    @property
    def back(self) -> int:
        """Tubes with a result, or lost with a reason."""
        return self.tubes.get(Stage.RESULTED, 0) + self.tubes.get(Stage.LOST, 0)

    def n(self, stage: Stage) -> int:
        """Tubes at one stage."""
        return self.tubes.get(stage, 0)


@dataclass(frozen=True, slots=True)
class Board:
    """One area of a round: altogether, by the areas below, by its slowest sites, and who was sampled when."""

    total: Counts
    below: Mapping[str, Counts]
    sites: Mapping[str, Counts]
    by_hour: Mapping[datetime, Mapping[str, int]] = field(default_factory=dict)
    """Hour to area below to people sampled there."""

    @property
    def hours(self) -> dict[datetime, int]:
        """People sampled in each hour."""
        return {hour: sum(places.values()) for hour, places in self.by_hour.items()}

    @property
    def slowest(self) -> list[str]:
        """Sites, those first whose tubes wait most for a courier."""
        return sorted(self.sites, key=lambda site: (-self.sites[site].at_site, -self.sites[site].out, site))


def board(scope: Scope, operation: Operation, *, path: str | None = None, sites: int = SITES) -> Board:
    """What was sampled and where the tubes are, at and below an area. 2 queries over counters.

    `sites`: of how many sites it tells, the slowest first.
    """
    top = path or operation.path
    values: dict[str, Any] = {
        "district": operation.district, "operation": operation.id, "level": top.count(".") + 2,
        "scope": [area + "." for area in part(scope, top)], "most": sites,
    }  # fmt: skip
    total = Counts()
    below: dict[str, Counts] = defaultdict(Counts)
    by_hour: dict[datetime, dict[str, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(sqlfiles.load(ROOM, "places"), values)
        for place, hour, what, n in cursor.fetchall():
            if hour is not None:
                by_hour[hour][place] = int(n)
                continue
            total.add(what, int(n))
            below[place].add(what, int(n))
        cursor.execute(sqlfiles.load(ROOM, "sites"), values)
        slowest = {site: _counts(told) for site, told in cursor.fetchall()}
    return Board(total, dict(below), slowest, dict(sorted(by_hour.items())))


def _counts(told: str) -> Counts:
    made = Counts()
    for what, n in msgspec.json.decode(told, type=dict[str, int]).items():
        made.add(what, n)
    return made


def chase(operation: Operation, made: Board, *, missing: int, now: datetime) -> Chase:
    """How far the missed of an area have been found, by the hours of its board. No query."""
    begins = chasing.chase(
        opens_at=operation.opens_at, due_at=operation.due_at, now=now, missing=missing, found=0
    ).begins_at
    found = sum(n for hour, n in made.hours.items() if hour >= begins)
    return chasing.chase(
        opens_at=operation.opens_at, due_at=operation.due_at, now=now, missing=missing, found=found
    )
