"""People in the daily report: the register, its teams, visits, hand-overs, isolation sites."""

from collections.abc import Iterable
from datetime import timedelta

from bulou.custody import queries as custody
from bulou.lines.isolation.queries import board as boards
from bulou.lines.isolation.queries import sites
from bulou.lines.screening.queries import register, teams
from bulou.reports.queries.evening import Evening
from bulou.reports.terms import Figure
from bulou.watches.queries import days

INSTANT = timedelta(microseconds=1)


def people(evening: Evening) -> tuple[Figure, ...]:
    """Counts of the register, the day's watches and hand-overs, and the sites; nobody by name.

    4 queries, 2 more with key persons, 6 with isolation sites.
    """
    on_register, keys = register.there_on(evening.district, evening.path, evening.as_of)
    places = {person: path for person, path, _since in keys}
    since = {person: found for person, _path, found in keys}
    around = teams.teams(evening.district, places, since, evening.as_of) if keys else ()
    told = days.day(evening.district, evening.path, evening.on, at=evening.as_of)
    register_of = (
        ("register.people", on_register, "screening.register"),
        ("register.key_persons", len(keys), "screening.register"),
        ("register.key_persons_without_team", sum(1 for team in around if team.empty), "screening.teams"),
    )
    watches = (
        ("watches.watched", told.watched),
        ("watches.due", told.due),
        ("watches.settled", told.settled),
        ("watches.missed", told.missed),
        ("watches.alarming", told.alarming),
    )
    return (
        *(evening.figure(key, n, query) for key, n, query in register_of),
        *(evening.figure(key, n, "watches.day") for key, n in watches),
        *(evening.figure(f"custody.{key}", n, "custody.chains") for key, n in _handed_over(evening)),
        *(evening.figure(f"isolation.{key}", n, "isolation.sites") for key, n in _sites(evening)),
    )


def _handed_over(evening: Evening) -> Iterable[tuple[str, int]]:
    told = custody.handed_over(evening.district, evening.path, evening.start, evening.end)
    return zip(("manifest", "registered", "received"), told, strict=True)


def _sites(evening: Evening) -> Iterable[tuple[str, int]]:
    found = sites.below(evening.district, evening.path)
    board = boards.board(evening.district, found, evening.as_of - INSTANT).values()
    yield "sites", len(found)
    yield "sites_ready", sum(1 for one in board if one.ready)
    yield "sites_without_head", len(found) - sum(1 for one in board if one.head is not None)
    yield "staff", sum(one.staff for one in board)
