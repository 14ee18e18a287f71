"""People in the daily report: how many are on the register, who answers for them, what visits came to."""

from bulou.lines.screening.queries import register, teams
from bulou.reports.queries.evening import Evening
from bulou.reports.terms import Figure
from bulou.watches.queries import days


def people(evening: Evening) -> tuple[Figure, ...]:
    """Counts of the register and the day's watches; nobody by name. 2 queries, 2 more with key persons."""
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
    )
