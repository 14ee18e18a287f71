"""What inspectors and crews take along: findings to look at again, jobs to sign off, places, forms."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import Field, Schema

from bulou.access import queries as access
from bulou.access.terms import Actor, Role, Verb
from bulou.coverage.queries import rounds, units
from bulou.grid import queries as grid
from bulou.grid.terms import Level
from bulou.kernel import clock, reach
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope
from bulou.lines.disinfection import queries as disinfection
from bulou.lines.disinfection.rules import own_work
from bulou.lines.disinfection.terms import Job, Verdict
from bulou.lines.supervision import queries as supervision
from bulou.lines.supervision.terms import Waiting
from bulou.protocols import queries as protocols

SLUG = "disinfection-round"
FORMS: Mapping[Verb, tuple[str, ...]] = {
    Verb.FINDING_CREATE: ("finding-closure", "inspection-visit"),
    Verb.FINDING_FIX: ("finding-closure",),
}
LEVELS = (Level.DISTRICT, Level.STREET, Level.COMMUNITY, Level.COMPOUND)
ROUNDS = 50


class FindingOut(Schema):
    """A finding that waits for supervision: to be told, or to be looked at again."""

    id: UUID
    path: str
    place: str
    stage: Literal["found", "fixed"]
    severity: Literal["critical", "serious", "ordinary"]
    text: str
    topic: str
    covert: bool
    found_at: datetime
    due_at: datetime | None
    unit: str = Field(description="Who should put it right, or did: in words.")
    fixed_at: datetime | None
    evidence: list[str] = Field(description="What the fix shows, in words.")
    photos: list[UUID] = Field(description="And in photos: GET /attachments/{id}.")
    own_work: bool = Field(description="This person's re-check would not count.")


class JobOut(Schema):
    """A disinfection job that waits for other eyes, or that they have sent back."""

    operation: UUID
    protocol: str
    subject: UUID
    subject_type: str
    label: str
    path: str
    place: str
    agent: str
    method: str
    concentration_mg_l: int | None
    area_m2: float
    litres: float
    cautions: list[str]
    team: str
    done_at: datetime
    sent_back: bool = Field(description="Looked at and not passed: to be done again.")
    own_work: bool = Field(description="This person's sign-off would not count.")


class PlaceOut(Schema):
    """A place that an inspector may visit."""

    path: str
    name: str
    level: str


def findings(actor: Actor, scope: Scope) -> list[FindingOut]:
    """Findings that wait for this person, none for who may not look again. About 4 queries."""
    mine = within(scope, access.scope_of(actor, Verb.FINDING_RECHECK))
    if not mine.paths:
        return []
    covert = access.scope_of(actor, Verb.FINDING_VIEW_COVERT)
    found = supervision.to_recheck(mine, covert=covert, person=actor.account_id, team=actor.team)
    names = grid.tree_names(scope, {one.finding.path for one in found}, clock.local_date(clock.now()))
    return [_finding(one, names) for one in found]


def jobs(actor: Actor, scope: Scope) -> list[JobOut]:
    """Jobs that wait for this person's sign-off, and for crews their own that were sent back. 4 queries."""
    signing = access.scope_of(actor, Verb.SIGNOFF_GIVE)
    if not signing.paths and all(grant.role is not Role.CREW for grant in actor.grants):
        return []
    open_rounds, _ = rounds.operations(scope, protocol=SLUG, state="open", limit=ROUNDS)
    by_id = {operation.id: operation for operation in open_rounds}
    shown = [
        job
        for job in (disinfection.to_look_at(scope, list(by_id)) if by_id else ())
        if signing.covers(job.path) or (job.verdict is Verdict.FAILED and _own(job, actor))
    ]
    names = grid.tree_names(scope, {job.path for job in shown}, clock.local_date(clock.now()))
    labels: dict[UUID, str] = {}
    for operation in {job.operation for job in shown}:
        subjects = [job.subject for job in shown if job.operation == operation]
        labels |= units.labels_of(by_id[operation].district, operation, subjects)
    return [_job(job, by_id[job.operation].protocol, actor, names, labels) for job in shown]


def places(actor: Actor, scope: Scope) -> list[PlaceOut]:
    """Where this person may note a finding, from the district down to the compounds. 4 queries."""
    mine = within(scope, access.scope_of(actor, Verb.FINDING_CREATE))
    on = clock.local_date(clock.now())
    found = [
        area for path in mine.paths for level in LEVELS for area in grid.areas_below(mine, path, level, on)
    ]
    return [PlaceOut(path=one.path, name=one.name, level=one.level.value) for one in found]


def forms(actor: Actor) -> set[str]:
    """The protocols that this person works by without a round."""
    found = set()
    for verb, slugs in FORMS.items():
        for slug in slugs if access.scope_of(actor, verb).paths else ():
            try:
                found.add(str(protocols.latest(slug).reference))
            except ProblemError:
                continue  # a district without this protocol works without it
    return found


def within(scope: Scope, held: Scope) -> Scope:
    """Return what both cover."""
    paths = {path for path in held.paths if scope.covers(path)} | {
        path for path in scope.paths if held.covers(path)
    }
    return Scope(tuple(sorted({path.split(".", 1)[0] for path in paths})), tuple(sorted(paths)))


def _own(job: Job, actor: Actor) -> bool:
    return own_work(job, actor.account_id, actor.team)


def _finding(one: Waiting, names: Mapping[str, str]) -> FindingOut:
    found = one.finding
    return FindingOut(
        id=found.id,
        path=found.path,
        place=reach.spelled(found.path, names),
        stage=found.stage.value,  # type: ignore[arg-type]
        severity=found.severity.value,
        text=found.text,
        topic=found.topic,
        covert=found.covert,
        found_at=found.found_at,
        due_at=found.due_at,
        unit=found.owner_unit or found.told_unit or found.responsible,
        fixed_at=found.fixed_at,
        evidence=list(one.evidence),
        photos=list(one.photos),
        own_work=one.own_work,
    )


def _job(
    job: Job, protocol: str, actor: Actor, names: Mapping[str, str], labels: Mapping[UUID, str]
) -> JobOut:
    return JobOut(
        operation=job.operation,
        protocol=protocol,
        subject=job.subject,
        subject_type=job.subject_type,
        label=labels.get(job.subject, names.get(job.path, job.path)),
        path=job.path,
        place=reach.spelled(job.path, names),
        agent=job.agent,
        method=job.method,
        concentration_mg_l=job.concentration_mg_l,
        area_m2=float(job.area_m2),
        litres=float(job.litres),
        cautions=[caution.value for caution in job.cautions],
        team=job.team,
        done_at=job.done_at,
        sent_back=job.verdict is Verdict.FAILED,
        own_work=_own(job, actor),
    )
