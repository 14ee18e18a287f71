"""Reads of the archive: the list, one report as it was, and what a report made now would say otherwise."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from bulou.kernel import paging
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope
from bulou.reports import models, rules
from bulou.reports.queries.daily import daily
from bulou.reports.terms import Archived, DailyReport, Difference, Listed, Paper, State


@dataclass(frozen=True, slots=True)
class Shown:
    """What a reader gets for an area and a day: the stored report where there is one, else one made now."""

    report: DailyReport
    archived: Archived | None
    differences: tuple[Difference, ...]


def shown(scope: Scope, path: str, on: date) -> Shown:
    """The report of an area and a day: as it was signed or lies ready to be signed, else one made now.

    Beside a stored one stands what would differ today. A draft from before the day's end is not shown: it
    cannot be signed. So whoever signs has read exactly what is signed.

    Raises:
        ProblemError: as `daily`.
    """
    fresh = daily(scope, path, on)
    stored = of_day(scope, path, on)
    if stored is None or not rules.is_over(on, stored.made_at):
        return Shown(fresh, stored, ())
    return Shown(stored.report, stored, rules.differences(stored.report, fresh))


def of_day(scope: Scope, path: str, on: date) -> Archived | None:
    """The report of an area and a day in the archive, draft or signed. 1 query."""
    row = models.Daily.objects.filter(within(scope), path=path, on=on).first()
    return from_row(row) if row else None


def archived(scope: Scope, report_id: UUID) -> Archived:
    """One report of the archive. 1 query.

    Raises:
        ProblemError: reports.not_found (404), the same for absent and for not yours.
    """
    row = models.Daily.objects.filter(within(scope), id=report_id).first()
    if row is None:
        raise ProblemError("reports.not_found", status=404)
    return from_row(row)


def archive(
    scope: Scope, *, path: str | None = None, cursor: str | None = None, limit: int = 50
) -> tuple[tuple[Listed, ...], str | None]:
    """Reports of the scope, the newest day first, and the cursor of the next page. 1 query."""
    rows = models.Daily.objects.filter(within(scope)).order_by("-on", "id").defer("content")
    if path:
        rows = rows.filter(below(path))
    if cursor:
        on, last = _position(cursor)
        rows = rows.filter(Q(on__lt=on) | Q(on=on, id__gt=last))
    found = list(rows[: limit + 1])
    page = found[:limit]
    after = paging.encode(page[-1].on.isoformat(), str(page[-1].id)) if len(found) > limit else None
    return tuple(
        Listed(row.id, row.path, row.place, row.on, State(row.state), row.number, row.made_at, row.signed_at)
        for row in page
    ), after


def holds(report: Paper) -> bool:
    """Whether the archived bytes are those that were signed: hash and signature agree."""
    message = rules.signed_words(
        report.sha256, path=report.path, on=report.on, number=report.number or 0, signed_at=report.signed_at
    )
    return rules.digest(report.content) == report.sha256 and rules.signature_holds(
        message, signature=report.signature, key=report.key
    )


def from_row(row: models.Daily) -> Archived:
    """A report from its row."""
    content = row.content.encode()
    return Archived(
        id=row.id, path=row.path, on=row.on, state=State(row.state), number=row.number, content=content,
        sha256=row.sha256, signature=row.signature, key=row.key, made_at=row.made_at, signed_by=row.signed_by,
        signed_role=row.signed_role, signed_at=row.signed_at, report=rules.unpack(content),
    )  # fmt: skip


def _position(cursor: str) -> tuple[date, UUID]:
    try:
        on, last = paging.decode(cursor)
        return date.fromisoformat(on), UUID(last)
    except ValueError:
        raise ProblemError("paging.bad_cursor", status=400) from None


def within(scope: Scope) -> Q:
    """The reports of a scope."""
    condition = Q(pk__in=())
    for path in scope.paths:
        condition |= below(path)
    return condition & Q(district__in=scope.districts)


def below(path: str) -> Q:
    """The reports at or below an area."""
    return Q(path=path) | Q(path__gte=f"{path}.", path__lt=f"{path}/")
