"""Reads of disinfection: what waits for a sign-off, one job, and all jobs as they stood at a moment."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from bulou.kernel import clock, paging
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope
from bulou.ledger import queries as ledger
from bulou.ledger.terms import Entry
from bulou.lines.disinfection import models, rules
from bulou.lines.disinfection.terms import Caution, Job, JobPage, Verdict
from bulou.protocols import queries as protocols


@dataclass(frozen=True, slots=True)
class JobFilter:
    """Which jobs a list shows; every part that is set must hold."""

    path: str | None = None
    verdict: Verdict | None = None
    waiting: bool = False
    cautioned: bool = False


ALL = JobFilter()
WAITING = JobFilter(waiting=True)


def jobs(
    scope: Scope, operation: UUID, *, only: JobFilter = ALL, cursor: str | None = None, limit: int = 50
) -> JobPage:
    """A page of the jobs of a round, the longest done first. Grain: one row per object. 2 queries."""
    rows = _filtered(scope, operation, only)
    page = rows.order_by("done_at", "id")
    if cursor:
        at, last = _position(cursor)
        page = page.filter(Q(done_at__gt=at) | Q(done_at=at, id__gt=last))
    items = list(page[: limit + 1])
    more, shown = len(items) > limit, items[:limit]
    after = paging.encode(shown[-1].done_at.isoformat(), str(shown[-1].id)) if more else None
    return JobPage(tuple(_job(row) for row in shown), after, rows.count())


def to_sign_off(scope: Scope, operation: UUID, *, path: str | None = None, limit: int = 50) -> JobPage:
    """The sign-off list: objects that are done and that nobody else has passed or failed yet. 2 queries."""
    return jobs(scope, operation, only=JobFilter(path=path, waiting=True), limit=limit)


def to_look_at(scope: Scope, operations: Sequence[UUID], *, limit: int = 500) -> list[Job]:
    """Jobs of these rounds that nobody else has passed: not seen yet, or sent back; oldest first. 1 query.

    Grain: one row per object and round.
    """
    rows = models.Job.objects.filter(
        _below(scope.paths), district__in=scope.districts, operation__in=list(operations)
    )
    rows = rows.filter(Q(verdict=None) | Q(verdict=Verdict.FAILED)).order_by("done_at", "id")
    return [_job(row) for row in rows[:limit]]


def job(scope: Scope, operation: UUID, subject: UUID) -> Job | None:
    """The latest job on one object of a round, or None where there is none or it is not yours. 1 query."""
    row = _filtered(scope, operation, ALL).filter(subject=subject).first()
    return _job(row) if row else None


def jobs_at(
    scope: Scope, district: str, operation: UUID, *, at: datetime, path: str | None = None
) -> list[Job]:
    """The jobs of a round as they stood at a moment, by everything known today: one per object. 1 query."""
    if at >= clock.now():
        return [_job(row) for row in _filtered(scope, operation, JobFilter(path=path))]
    by_subject: dict[UUID, list[Entry]] = defaultdict(list)
    for entry in ledger.records_of(district, operation=operation):
        if entry.subject and scope.covers(entry.path) and _lies(entry.path, path):
            by_subject[entry.subject].append(entry)
    folded = (rules.fold(told, until=at, warn=cautions_of) for _, told in sorted(by_subject.items()))
    return [one for one in folded if one]


def cautions_of(entry: Entry) -> tuple[Caution, ...]:
    """What the guidance advises against in this job, by the warnings of its protocol version.

    1 query the first time in a process.
    """
    try:
        form = protocols.compiled(entry.protocol).form
    except ProblemError:
        return ()
    return rules.cautions(form.warnings(rules.body(entry), entry.outcome))


def _filtered(scope: Scope, operation: UUID, only: JobFilter) -> "QuerySet[models.Job]":
    rows = models.Job.objects.filter(_below(scope.paths), district__in=scope.districts, operation=operation)
    if only.path:
        rows = rows.filter(_below((only.path,)))
    if only.verdict:
        rows = rows.filter(verdict=only.verdict)
    if only.waiting:
        rows = rows.filter(verdict=None)
    return rows.exclude(cautions=[]) if only.cautioned else rows


def _below(paths: Sequence[str]) -> Q:
    condition = Q(pk__in=())
    for path in paths:
        condition |= Q(path=path) | Q(path__gte=f"{path}.", path__lt=f"{path}/")
    return condition


def _lies(path: str, above: str | None) -> bool:
    return above is None or path == above or path.startswith(f"{above}.")


def _position(cursor: str) -> tuple[datetime, UUID]:
    try:
        at, last = paging.decode(cursor)
        return datetime.fromisoformat(at), UUID(last)
    except ValueError:
        raise ProblemError("paging.bad_cursor", status=400) from None


def _job(row: models.Job) -> Job:
    return Job(
        operation=row.operation, subject=row.subject, subject_type=row.subject_type, district=row.district,
        path=row.path, worker=row.worker, team=row.team, crew=tuple(row.crew), agent=row.agent,
        concentration_mg_l=row.concentration_mg_l, method=row.method, area_m2=row.area_m2, litres=row.litres,
        cautions=tuple(Caution(word) for word in row.cautions), done_at=row.done_at, record=row.record,
        verdict=Verdict(row.verdict) if row.verdict else None, signed_by=row.signed_by,
        signed_team=row.signed_team, signed_at=row.signed_at, signoff=row.signoff,
    )  # fmt: skip
