"""Reads of supervision: the list of findings, one finding's story, the end of the day, visits."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from uuid import UUID

import msgspec
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Coalesce

from bulou.kernel import clock, paging
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope
from bulou.ledger import queries as ledger
from bulou.ledger.terms import Entry
from bulou.lines.supervision import models
from bulou.lines.supervision.rules import checks, folding
from bulou.lines.supervision.terms import (
    OPEN_STAGES,
    SAMPLE_AFTER,
    Clocks,
    Finding,
    FindingPage,
    Inspection,
    Kind,
    Method,
    Stage,
    Step,
    Timeline,
    Visit,
    Waiting,
    Wanted,
)
from bulou.protocols import queries as protocols

FAR = datetime(9999, 1, 1, tzinfo=UTC)
EVERYTHING = Wanted()
NOTHING = Scope((), ())
_decoder = msgspec.json.Decoder(Finding)


def findings(
    scope: Scope,
    *,
    covert: Scope = NOTHING,
    wanted: Wanted = EVERYTHING,
    cursor: str | None = None,
    limit: int = 50,
) -> FindingPage:
    """A page of findings, the most urgent first, closed ones last. Grain: one row per finding. 2 queries.

    `covert` is where the reader may see what the inspected do not know yet (verb finding.view_covert);
    elsewhere a covert finding appears when its unit is told.
    """
    rows = _wanted(_visible(scope, covert), wanted)
    page = rows.annotate(urgency=Coalesce("due_at", Value(FAR))).order_by("urgency", "id")
    if cursor:
        at, last = _position(cursor)
        page = page.filter(Q(urgency__gt=at) | Q(urgency=at, id__gt=last))
    items = list(page[: limit + 1])
    more, shown = len(items) > limit, items[:limit]
    after = paging.encode((shown[-1].due_at or FAR).isoformat(), str(shown[-1].id)) if more else None
    return FindingPage(tuple(_finding(row) for row in shown), after, rows.count())


def finding(scope: Scope, finding_id: UUID, *, covert: Scope = NOTHING) -> Timeline:
    """One finding with all its steps, oldest first. 2 queries.

    Raises:
        ProblemError: supervision.not_found (404), the same for absent, not yours and not told yet.
    """
    row = _visible(scope, covert).filter(id=finding_id).first()
    told = ledger.records_of(row.district, subjects=[finding_id]) if row else []
    timeline = folding.fold(told, clocks_of(told))
    if timeline is None:
        raise ProblemError("supervision.not_found", status=404)
    return timeline


def to_recheck(
    scope: Scope, *, covert: Scope = NOTHING, person: UUID, team: str, limit: int = 200
) -> list[Waiting]:
    """Findings that wait for supervision, the most urgent first: to be told, or to be looked at again.

    For each, what its latest fix shows, and whether this person may be who looks. 2 queries per district.
    """
    wanted = Wanted(stages=(Stage.FOUND, Stage.FIXED))
    rows = _wanted(_visible(scope, covert), wanted).order_by("due_at", "id")[:limit]
    found = [_finding(row) for row in rows]
    fixes: dict[UUID, Step] = {}
    for district in sorted({one.district for one in found}):
        fixed = [one.id for one in found if one.district == district and one.stage is Stage.FIXED]
        fixes |= _fixes(ledger.records_of(district, subjects=fixed)) if fixed else {}
    return [
        Waiting(
            finding=one,
            own_work=one.stage is Stage.FIXED and folding.own_work(one, person, team),
            evidence=fixes[one.id].evidence if one.id in fixes else (),
            photos=fixes[one.id].photos if one.id in fixes else (),
        )
        for one in found
    ]


def _fixes(entries: Sequence[Entry]) -> dict[UUID, Step]:
    """The latest fix of each finding that counts."""
    by_subject: dict[UUID, list[Entry]] = {}
    for entry in entries:
        if entry.subject:
            by_subject.setdefault(entry.subject, []).append(entry)
    found: dict[UUID, Step] = {}
    for subject, told in by_subject.items():
        timeline = folding.fold(told)
        for step in timeline.steps if timeline else ():
            if step.kind is Kind.FIXED and step.counted:
                found[subject] = step
    return found


def shown(scope: Scope, subjects: Iterable[UUID], *, covert: Scope = NOTHING) -> set[UUID]:
    """Which of these subjects the reader may know of. 1 query.

    A finding that is covert and not told yet, or the plan of a covert visit, is shown only where `covert`
    reaches; what is neither is shown.
    """
    wanted = sorted(set(subjects))
    if not wanted:
        return set()
    secret = models.Finding.objects.filter(
        district__in=scope.districts, id__in=wanted, covert=True, told_at=None
    ).exclude(_within(covert))
    plans = models.Inspection.objects.filter(
        district__in=scope.districts, id__in=wanted, covert=True, visit=Visit.PLANNED
    ).exclude(_within(covert))
    return set(wanted) - {row.id for row in secret.only("id")} - {row.id for row in plans.only("id")}


def on_day(scope: Scope, on: date, *, path: str | None = None) -> list[Finding]:
    """Findings that were open at some moment of that day, as they stood at its end. Grain: one per finding.

    By everything known today: a late record of that day counts. Covert ones are in it: for counting, not for
    showing to the inspected. 2 queries.
    """
    start, end = clock.day_bounds(on)
    rows = _wanted(models.Finding.objects.filter(_within(scope)), Wanted(path=path, found_until=end))
    rows = rows.filter(Q(stage__in=OPEN_STAGES) | Q(closed_at__gte=start) | Q(found_at__gte=start))
    subjects = {row.id: row.district for row in rows.only("id", "district")}
    stood: list[Finding] = []
    for district in sorted(set(subjects.values())):
        wanted = [subject for subject, where in subjects.items() if where == district]
        stood += _as_of(ledger.records_of(district, subjects=wanted), end)
    kept = [one for one in stood if one.is_open or (one.closed_at or FAR) >= start or one.found_at >= start]
    return sorted(kept, key=lambda one: (one.found_at, one.id))


def open_without_reason(scope: Scope, on: date, *, path: str | None = None) -> list[Finding]:
    """Findings open at the end of that day without a reason written for it (日事日毕). 2 queries."""
    return [one for one in on_day(scope, on, path=path) if one.is_open and not one.reason_on(on)]


def to_sample(scope: Scope, at: datetime, *, percent: int, path: str | None = None) -> list[Finding]:
    """Findings closed seven days ago or more that the sample picks, not looked at again since. 1 query."""
    rows = _wanted(models.Finding.objects.filter(_within(scope)), Wanted(path=path, stages=(Stage.CLOSED,)))
    rows = rows.filter(closed_at__lte=at - SAMPLE_AFTER, sampled_at=None).order_by("closed_at", "id")
    return [_finding(row) for row in rows if checks.in_sample(row.id, percent)]


def inspections(
    scope: Scope, on: date, *, covert: Scope = NOTHING, path: str | None = None
) -> list[Inspection]:
    """Visits made on that day, and visits planned for it, by time. Grain: one per visit. 1 query.

    A secret visit is shown only where `covert` reaches: its plan always, the visit itself until a unit was
    told of something that it found, or until its day is over. 1 query more while that may be so.
    """
    start, end = clock.day_bounds(on)
    made = Q(visit=Visit.DONE, at__gte=start, at__lt=end)
    planned = Q(visit=Visit.PLANNED, planned_on=on) & (Q(covert=False) | _within(covert))
    rows = models.Inspection.objects.filter(_within(scope), made | planned)
    if path:
        rows = rows.filter(_below((path,)))
    found = [_inspection(row) for row in rows.order_by("at", "id")]
    secret = {
        one.id for one in found if one.covert and one.visit is Visit.DONE and not covert.covers(one.path)
    }
    if secret and clock.now() < end:
        secret -= _told_of(scope, since=start)
        found = [one for one in found if one.id not in secret]
    return found


def _told_of(scope: Scope, *, since: datetime) -> set[UUID]:
    """The visits of which some finding has been told."""
    rows = models.Finding.objects.filter(_within(scope), told_at__gte=since)
    return {visit for row in rows if (visit := _finding(row).inspection)}


def places(scope: Scope, on: date, *, path: str | None = None) -> list[str]:
    """The places visited on that day, each once, sorted. 1 query."""
    made = inspections(scope, on, path=path)
    return sorted({one.path for one in made if one.visit is Visit.DONE})


def clocks_of(entries: Iterable[Entry]) -> Clocks:
    """The clocks of the protocol version of the finding; the usual ones where it names none we know.

    1 query the first time in a process.
    """
    reference = next((e.protocol for e in entries if e.kind == Kind.FINDING and e.protocol), "")
    if not reference:
        return Clocks()
    try:
        return checks.clocks(protocols.compiled(reference).steps)
    except ProblemError:
        return Clocks()


def _as_of(entries: Sequence[Entry], end: datetime) -> list[Finding]:
    by_subject: dict[UUID, list[Entry]] = {}
    for entry in entries:
        if entry.subject:
            by_subject.setdefault(entry.subject, []).append(entry)
    folded = (folding.fold(told, clocks_of(told), until=end) for told in by_subject.values())
    return [timeline.finding for timeline in folded if timeline]


def _visible(scope: Scope, covert: Scope) -> "QuerySet[models.Finding]":
    shown = Q(covert=False) | Q(told_at__isnull=False) | _within(covert)
    return models.Finding.objects.filter(_within(scope), shown)


def _wanted(rows: "QuerySet[models.Finding]", wanted: Wanted) -> "QuerySet[models.Finding]":
    conditions = Q(_below((wanted.path,)) if wanted.path else Q())
    if wanted.stages:
        conditions &= Q(stage__in=wanted.stages)
    if wanted.severities:
        conditions &= Q(severity__in=wanted.severities)
    if wanted.overdue_at:
        conditions &= Q(due_at__lt=wanted.overdue_at)
    if wanted.owner:
        conditions &= Q(owner=wanted.owner)
    if wanted.found_from:
        conditions &= Q(found_at__gte=wanted.found_from)
    if wanted.found_until:
        conditions &= Q(found_at__lt=wanted.found_until)
    return rows.filter(conditions)


def _within(scope: Scope) -> Q:
    return Q(district__in=scope.districts) & _below(scope.paths)


def _below(paths: Sequence[str]) -> Q:
    condition = Q(pk__in=())
    for path in paths:
        condition |= Q(path=path) | Q(path__gte=f"{path}.", path__lt=f"{path}/")
    return condition


def _position(cursor: str) -> tuple[datetime, UUID]:
    try:
        at, last = paging.decode(cursor)
        return datetime.fromisoformat(at), UUID(last)
    except ValueError:
        raise ProblemError("paging.bad_cursor", status=400) from None


def _finding(row: models.Finding) -> Finding:
    return _decoder.decode(row.body)


def _inspection(row: models.Inspection) -> Inspection:
    return Inspection(
        id=row.id, district=row.district, path=row.path, visit=Visit(row.visit),
        methods=tuple(Method(method) for method in row.methods), covert=row.covert, group=row.group,
        planned_on=row.planned_on, at=row.at, author=row.author, team=row.team, record=row.record,
    )  # fmt: skip
