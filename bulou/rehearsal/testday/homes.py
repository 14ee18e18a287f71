"""Sampling at home: the product's list and routes, one person behind each door, a tube for each alone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from bulou.access.terms import Role
from bulou.rehearsal.testday.station import Somebody, Station

if TYPE_CHECKING:
    from bulou.rehearsal.testday.day import Testing

NIGHT = time(18)
"""Rounds that begin later than this visit homes in the afternoon before."""
AFTERNOON = time(14)


@dataclass(slots=True)
class Team:
    """One mobile team with its route."""

    station: Station
    stops: Sequence[tuple[datetime, Somebody]]

    def drive(self) -> int:
        """Every door of the route, in its order."""
        for at, one in self.stops:
            self.station.take(one, at)
        self.station.upload()
        return len(self.stops)


def teams(day: "Testing", known: Mapping[tuple[str, str], list[Somebody]]) -> list[Team]:
    """The teams of the plan's routes; whom they visit is taken off the lists of the sites."""
    routes, left_over = day.order.home_routes()
    begins = day.at(AFTERNOON if day.starts > NIGHT else day.starts)
    made = []
    for number, route in enumerate(routes):
        # each goes on when it is through with its route, so that no team is left alone with all of them
        own = left_over[number :: len(routes)]
        stops = [
            (begins + timedelta(minutes=s.after_minutes), s.visit.area, s.visit.label) for s in route.stops
        ]
        after = max((at for at, _, _ in stops), default=begins)
        stops += [(after + timedelta(minutes=10 * n), v.area, v.label) for n, v in enumerate(own, 1)]
        found = [(at, one) for at, area, label in stops for one in _first(known, area, label)]
        member = day.stage.staff.hire(Role.WORKER, [day.area], day.team("home_team"))
        station = day.station_of(member, "", "1")
        station.alone = True
        made.append(Team(station, found))
    return made


def _first(known: Mapping[tuple[str, str], list[Somebody]], area: str, label: str) -> Iterator[Somebody]:
    """Whoever is behind the door first: one person is expected at home behind each."""
    for (compound, _), some in known.items():
        if compound == area:
            found = next((one for one in some if one.label == label), None)
            if found is not None:
                some.remove(found)
                yield found
                return
