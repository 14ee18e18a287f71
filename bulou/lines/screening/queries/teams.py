"""Reads of teams: who answers for a person on any day, which roles nobody holds, who has too many."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from bulou.kernel import reach
from bulou.kernel.scope import Scope
from bulou.lines.screening import models
from bulou.lines.screening.queries import register
from bulou.lines.screening.terms import EMPTY_FOR, THREE, Answering, Risk, Team, TeamRole, Wanted

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
MOST = 5_000


@dataclass(frozen=True, slots=True)
class Gap:
    """A role that nobody holds for a key person: from twelve hours on it is an item for the community."""

    person_id: UUID
    path: str
    role: TeamRole
    since: datetime
    is_due: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """The roles of an area at a moment, and from which area they come."""

    path: str
    roles: tuple[TeamRole, ...]
    since: datetime


def answering(district: str, persons: Collection[UUID], at: datetime) -> Mapping[UUID, tuple[Answering, ...]]:
    """Who answers for each of these people at a moment, past or present; one for each role. 4 queries.

    Who is named for the person goes before who is named for an area, a nearer area before a wider one.
    """
    rows = models.Person.objects.filter(district=district, id__in=set(persons)).values_list("id", "path")
    return {team.person_id: team.answering for team in teams(district, dict(rows), {}, at)}


def teams(
    district: str, people: Mapping[UUID, str], since: Mapping[UUID, datetime], at: datetime
) -> tuple[Team, ...]:
    """The team of each person at a place, at a moment, with the empty roles and since when. 3 queries."""
    targets = {str(person) for person in people} | {
        up for path in people.values() for up in reach.lineage(path)
    }
    held, ended = _members(district, targets, at)
    planned = plans(district, {up for path in people.values() for up in reach.lineage(path)}, at)
    made = []
    for person, path in people.items():
        plan = next((planned[up] for up in reversed(reach.lineage(path)) if up in planned), None)
        chain = (str(person), *reversed(reach.lineage(path)))
        found: dict[TeamRole, Answering] = {}
        for target in chain:
            for role, one in held.get(target, {}).items():
                found.setdefault(role, one)
        wanted = plan.roles if plan else THREE
        start = max(since.get(person, LONG_AGO), plan.since if plan else LONG_AGO)
        empty = {
            role: max(start, *(ended.get((target, role), LONG_AGO) for target in chain))
            for role in wanted
            if role not in found
        }
        made.append(Team(person, path, tuple(found[role] for role in TeamRole if role in found), empty))
    return tuple(made)


def of_person(scope: Scope, person_id: UUID, at: datetime) -> Team:
    """The team of one person of the register. 5 queries.

    Raises:
        ProblemError: screening.not_found (404).
    """
    one = register.person(scope, person_id)
    path = one.facts.path
    return teams(one.district, {one.person_id: path}, {one.person_id: one.facts.found_at}, at)[0]


def gaps(scope: Scope, path: str, at: datetime) -> tuple[Gap, ...]:
    """Empty roles around the key persons at or below a path, the longest empty first. 5 queries."""
    found, _next, _total = register.registered(scope, Wanted(path=path, risks=(Risk.KEY,)), limit=MOST)
    people = {one.person_id: one.facts.path for one in found}
    since = {one.person_id: one.facts.found_at for one in found}
    made = [
        Gap(team.person_id, team.path, role, begun, at - begun >= EMPTY_FOR)
        for team in teams(path.partition(".")[0], people, since, at)
        for role, begun in team.empty.items()
    ]
    return tuple(sorted(made, key=lambda gap: (gap.since, gap.path, gap.person_id, gap.role)))


def loads(district: str, at: datetime) -> Counter[UUID]:
    """For how many key persons of a district each account answers. 4 queries, in the open scope."""
    rows = models.Person.objects.filter(district=district, risk=Risk.KEY, standing="on_register")
    return load_of(teams(district, dict(rows.values_list("id", "path")), {}, at))


def load_of(found: Iterable[Team]) -> Counter[UUID]:
    """For how many of these people each account answers, in whatever role."""
    return Counter(account for team in found for account in {one.account for one in team.answering})


def plans(district: str, paths: Collection[str], at: datetime) -> dict[str, Plan]:
    """The plans of roles of these areas at a moment; areas without one are left out. 1 query."""
    rows = models.TeamPlan.objects.filter(district=district, path__in=set(paths), valid__contains=at)
    return {
        row.path: Plan(row.path, tuple(TeamRole(role) for role in row.roles), row.valid.lower) for row in rows
    }


def plan_for(district: str, path: str, at: datetime) -> Plan | None:
    """The plan of an area, its own or that of the nearest area above. 1 query."""
    found = plans(district, reach.lineage(path), at)
    return next((found[up] for up in reversed(reach.lineage(path)) if up in found), None)


def members(district: str, target: str) -> tuple[Answering, ...]:
    """Everybody who was ever named for a person or an area, oldest first. 1 query."""
    rows = models.TeamMember.objects.filter(district=district, target=target).order_by("valid", "role")
    return tuple(_answering(row) for row in rows)


def _members(
    district: str, targets: set[str], at: datetime
) -> tuple[dict[str, dict[TeamRole, Answering]], dict[tuple[str, TeamRole], datetime]]:
    rows = models.TeamMember.objects.filter(district=district, target__in=targets)
    held: dict[str, dict[TeamRole, Answering]] = defaultdict(dict)
    ended: dict[tuple[str, TeamRole], datetime] = {}
    for row in rows.filter(valid__startswith__lte=at):
        one = _answering(row)
        if one.until is None or one.until > at:
            held[row.target][one.role] = one
        else:
            ended[row.target, one.role] = max(one.until, ended.get((row.target, one.role), LONG_AGO))
    return held, ended


def _answering(row: models.TeamMember) -> Answering:
    return Answering(TeamRole(row.role), row.account, row.target, row.valid.lower, row.valid.upper)
